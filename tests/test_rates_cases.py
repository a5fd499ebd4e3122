"""What the cases that come with the project say about change: expected, and held here."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.asking import ask
from truceline.assess.rates import ask_change
from truceline.domain.rates import Conclusion, Finding
from truceline.domain.series import Series
from truceline.pipeline.edition import cut
from truceline.pipeline.rates import Questions, _asked, assess_rates
from truceline.pipeline.series import build_series
from truceline.sources.casefile import Case, read_case
from truceline.sources.records import Records, read_records

CASES = Path(__file__).parents[1] / "cases"
SEEN_MINSK_2 = date(2015, 2, 15)


@cache
def held(name: str) -> tuple[Case, Records]:
    case = read_case(CASES / name)
    return case, read_records(case)


@cache
def asked(name: str) -> tuple[tuple[Finding, ...], dict[str, Series]]:
    case, records = held(name)
    return assess_rates(case, cut(case, records, None), ask)


def findings(name: str, start: str) -> list[Finding]:
    found = [finding for finding in asked(name)[0] if finding.id.startswith(start)]
    assert found
    return found


def codes(finding: Finding) -> list[str]:
    return [refusal.code for refusal in finding.refusals]


# --- the energy moratorium ---


def test_the_tempo_of_news_says_nothing_of_energy_strikes_as_such_and_the_case_says_so() -> None:
    for finding in findings("energy-moratorium-2025", "change-news"):
        first = finding.refusals[0]
        assert first.code == "no_target_class" and not first.whole
        assert "says nothing of acts against" in first.text
        assert "no_exposure" in codes(finding)
    (about_energy,) = findings("energy-moratorium-2025", "change-energy-in-the-news")
    assert about_energy.conclusion is Conclusion.REFUSED
    assert codes(about_energy) == ["no_target_class"] and about_energy.refusals[0].remedy


def test_claims_by_side_have_no_baseline() -> None:
    for finding in findings("energy-moratorium-2025", "change-claims-against"):
        assert finding.conclusion is Conclusion.REFUSED
        assert "no_baseline" in codes(finding)


def test_claims_of_both_sides_are_treated_alike() -> None:
    ru = findings("energy-moratorium-2025", "change-claims-against-ru")
    ua = findings("energy-moratorium-2025", "change-claims-against-ua")
    assert [codes(f) for f in ru] == [codes(f) for f in ua]


def test_fires_are_refused_because_most_days_have_no_whole_record() -> None:
    for finding in findings("energy-moratorium-2025", "change-fires"):
        assert "missing_days" in codes(finding) and finding.conclusion is Conclusion.REFUSED


def test_different_units_opposed_lists_and_untold_classes_are_refused() -> None:
    assert {tuple(codes(f)) for f in findings("energy-moratorium-2025", "change-claims-and")} == {
        ("mixed_units",)
    }
    (total,) = findings("energy-moratorium-2025", "total")
    assert codes(total) == ["opposed_lists"] and "at least three lists" in total.refusals[0].remedy
    for finding in findings("energy-moratorium-2025", "substitution"):
        assert codes(finding) == ["no_target_class"]


def test_whether_claims_answer_claims_cannot_be_told_and_the_power_is_stated() -> None:
    (answers,) = findings("energy-moratorium-2025", "reciprocity")
    assert answers.conclusion is Conclusion.CANNOT_TELL
    assert answers.reciprocity is not None
    assert all(direction.power < 0.8 for direction in answers.reciprocity.directions)


def test_every_reading_and_clause_is_asked_of_every_series() -> None:
    case, _ = held("energy-moratorium-2025")
    n = len(case.agreement.readings)
    for one in case.file.series:
        assert len(findings("energy-moratorium-2025", f"change-{one.id}-")) == n


def test_kinetic_news_are_told_against_several_baselines_with_the_suspected_break() -> None:
    finding = findings("energy-moratorium-2025", "change-news-kinetic-kremlin")[0]
    assert finding.window is not None and finding.change is not None
    assert (finding.window.first, finding.window.last) == (date(2025, 3, 19), date(2025, 4, 16))
    told = [effect.baseline for effect in finding.change.effects if effect.ratio]
    assert told[:2] == ["just_before", "one_period_earlier"]
    assert [a.passed for a in finding.attacks if a.check == "breaks"] == [False]
    assert finding.sentences[1].startswith("This finding does not withstand")


# --- Easter 2025 ---


def test_thirty_hours_give_one_whole_day_with_an_effect_and_its_power() -> None:
    (kinetic,) = findings("easter-2025", "change-news-kinetic-moscow")
    assert kinetic.window is not None and kinetic.change is not None
    assert (kinetic.window.first, kinetic.window.n_days) == (date(2025, 4, 20), 1)
    assert kinetic.change.n == 5
    told = [effect for effect in kinetic.change.effects if effect.ratio]
    assert len(told) >= 2
    for effect in told:
        assert effect.ratio is not None and effect.placebo is not None
        assert effect.detectable is not None and dict(effect.power)[0.0] > 0.8
        assert effect.placebo.n_windows >= 20
    assert kinetic.change.change_point is None  # nothing that short has a change of level
    assert "no_exposure" in codes(kinetic)


def test_easter_is_held_against_sundays() -> None:
    """20 April 2025 is a Sunday and a holiday; news are fewer on such days."""
    (kinetic,) = findings("easter-2025", "change-news-kinetic-moscow")
    assert kinetic.change is not None
    before = kinetic.change.effects[0]
    assert before.expected is not None
    assert before.expected.value < before.rate_per_day - 1  # a Sunday has fewer than a mean day


# --- Minsk ---


def test_minsk_2_changed_within_two_days_before_and_seven_after_its_clock() -> None:
    for name in ("deadly-events", "deaths"):
        finding = findings("minsk-2-2015", f"change-{name}-package")[0]
        assert finding.change is not None and finding.change.change_point is not None
        point = finding.change.change_point
        low, high = SEEN_MINSK_2 - timedelta(days=2), SEEN_MINSK_2 + timedelta(days=7)
        assert sum(p for day, p in point.days if low <= day <= high) >= 0.95
        assert low <= point.low <= point.best <= point.high <= high
        assert point.called and point.after_per_day < point.before_per_day
        assert point.false_alarm is not None and point.false_alarm.value <= 0.05


def test_the_sentence_names_both_dates() -> None:
    finding = findings("minsk-2-2015", "change-deadly-events-package")[0]
    point = finding.change.change_point if finding.change else None
    assert point is not None
    beside = [s for s in finding.sentences if "its clock starts on" in s]
    assert any(str(SEEN_MINSK_2) in sentence and str(point.best) in sentence for sentence in beside)


@pytest.mark.parametrize(
    "name", ["minsk-2-2015", pytest.param("minsk-1-2014", marks=pytest.mark.slow)]
)
def test_a_case_of_minsk_is_asked_of_every_reading(name: str) -> None:
    case, _ = held(name)
    told = {finding.reading for finding in asked(name)[0] if finding.ask == "change"}
    assert told == {reading.id for reading in case.agreement.readings}


def test_events_of_a_span_are_left_out_and_counted() -> None:
    finding = findings("minsk-2-2015", "change-deadly-events-package")[0]
    dates = next(attempt for attempt in finding.attacks if attempt.check == "dates")
    assert dates.passed is False and "lie on no single day" in dates.text


# --- Gaza ---


def test_the_gaza_series_is_refused_for_missing_days() -> None:
    for finding in asked("gaza-pause-2023")[0]:
        assert finding.conclusion is Conclusion.REFUSED
        assert "missing_days" in codes(finding)
        assert finding.window is not None and finding.window.n_known == 0
        assert (finding.window.first, finding.window.last) == (
            date(2023, 11, 25),
            date(2023, 11, 30),
        )


def upstream_filled(column: str) -> dict[date, int]:
    """The column that upstream fills, which no reader of ours takes."""
    import csv

    path = CASES / "gaza-pause-2023/data/gaza/gaza_daily_2023_2024.csv"
    if not path.is_file():
        path = next((CASES / "gaza-pause-2023/data").rglob("gaza_daily_2023_2024.csv"))
    with path.open(encoding="utf-8", newline="") as stream:
        return {
            date.fromisoformat(row["report_date"]): int(row[column] or 0)
            for row in csv.DictReader(stream)
        }


def test_filled_in_zeros_of_the_upstream_would_have_faked_a_fall() -> None:
    case, records = held("gaza-pause-2023")
    edition = cut(case, records, None)
    series = build_series(case, edition, ask)["killed"]
    filled = upstream_filled("ext_killed")
    days = [series.first + timedelta(days=i) for i in range(len(series.counts))]
    pause = [filled[d] for d in days if date(2023, 11, 25) <= d <= date(2023, 11, 30)]
    assert sum(pause) == 0  # nobody published these zeros
    faked = Series(
        **{
            **vars(series),
            "counts": tuple(filled[d] for d in days),
            "exposure": tuple(1.0 for _ in days),
            "parts": {},
        }
    )
    questions = Questions({}, {}, edition.agreement, ())
    reading = edition.agreement.readings[0]
    finding = ask_change(_asked(questions, faked, reading, reading.clauses[0]))
    assert "missing_days" not in codes(finding)
    assert finding.change is not None
    told = [effect.ratio for effect in finding.change.effects if effect.ratio]
    assert told and all(ratio.high < 1 for ratio in told)
    assert finding.conclusion is Conclusion.FELL


# --- languages ---


@pytest.mark.parametrize(
    "name", ["gaza-pause-2023", pytest.param("easter-2025", marks=pytest.mark.slow)]
)
def test_a_finding_is_told_in_every_language_of_its_case(name: str) -> None:
    from truceline.pipeline.rates_report import rates_dossier
    from truceline.report.rates_text import tell_rates

    case, _ = held(name)
    dossier: dict[str, Any] = rates_dossier(case)
    english, german = tell_rates(dossier), tell_rates(dossier, "de")
    assert english.count("\n") == german.count("\n") and english != german
