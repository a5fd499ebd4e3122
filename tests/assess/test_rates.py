"""One series under one clock: windows, baselines, refusals, attacks, conclusions, sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import numpy as np
import pytest

from truceline.assess import refusals
from truceline.assess.attacks import ATTACKS
from truceline.assess.rates import ask_change
from truceline.assess.windows import place_window
from truceline.domain.rates import Conclusion, Finding

from .made_series import N_DAYS, START, agreement, asked, changed, day, drawn, listed, series

LENGTH = 30
END = day(START + LENGTH)


def fallen(seed: int, ratio: float, length: int = LENGTH, mean: float = 12.0) -> np.ndarray:
    counts = drawn(seed, mean)
    rng = np.random.Generator(np.random.PCG64(seed + 1_000))
    window = slice(START, START + length)
    counts[window] = rng.binomial(counts[window], ratio)
    return counts


def ask(counts: np.ndarray | list[int | None], until: date | None = END, **more: object) -> Finding:
    return ask_change(asked(series(counts, **more), agreement(until=until)))


def refused(finding: Finding) -> list[str]:
    return [refusal.code for refusal in finding.refusals]


# --- windows ---


def test_only_whole_days_that_certainly_lie_under_the_clock_are_counted() -> None:
    open_day = {"from": day(START), "until": day(START + 1), "why": "no hour", "source": ["S1"]}
    terms = agreement(until=END, disputed=[open_day])
    placed = place_window(terms.readings[0].clock, series(drawn(1)))
    assert placed is not None
    assert (placed.window.first, placed.window.last) == (day(START + 1), day(START + 29))
    assert (placed.gap_before, placed.window.certain, placed.window.cut) == (1, True, False)


def test_days_of_another_zone_that_lie_under_the_clock_in_part_are_left_out() -> None:
    terms = agreement(until=END)
    placed = place_window(terms.readings[0].clock, series(drawn(1), zone="Asia/Tokyo"))
    assert placed is not None
    assert placed.length == LENGTH - 1
    assert placed.gap_before + placed.gap_after == 2


def test_a_clock_that_is_open_on_all_days_is_looked_at_and_said_to_be_open() -> None:
    open_days = {"from": day(START), "why": "no text", "source": ["S1"]}
    finding = ask_change(asked(series(drawn(1)), agreement(disputed=[open_days])))
    assert finding.window is not None
    assert not finding.window.certain and finding.window.cut
    assert "leaves open whether its clock runs" in finding.sentences[0]


def test_a_clock_without_an_end_is_cut_and_has_no_days_after() -> None:
    finding = ask(drawn(1), until=None)
    assert finding.window is not None and finding.change is not None
    assert finding.window.cut and finding.window.n_days == 30
    after = finding.change.effects[-1]
    assert after.baseline == "after" and after.ratio is None
    assert "states no end" in after.why


def test_a_truce_of_hours_has_no_whole_day() -> None:
    start = datetime.combine(day(START), time(8))
    terms = agreement(start=start, until=start.replace(hour=20))
    finding = ask_change(asked(series(drawn(1)), terms))
    assert refused(finding)[-1:] == ["no_whole_day"]
    assert finding.conclusion is Conclusion.REFUSED


# --- conclusions ---


def test_a_large_fall_is_found_against_every_baseline() -> None:
    finding = ask(fallen(1, 0.1))
    assert finding.conclusion is Conclusion.FELL
    assert finding.change is not None
    assert [e.baseline for e in finding.change.effects if e.ratio] == [
        "just_before",
        "one_period_earlier",
        "year_before",
        "after",
    ]
    assert all(e.ratio.high < 1 for e in finding.change.effects if e.ratio)
    assert "fell" not in finding.sentences[0].split(":")[0]


def test_no_change_is_seldom_called_one() -> None:
    found = [ask(drawn(seed)).conclusion for seed in range(6)]
    assert sum(c in (Conclusion.FELL, Conclusion.ROSE) for c in found) <= 1


def test_a_rise_is_told_as_one() -> None:
    counts = drawn(3)
    counts[START : START + LENGTH] *= 4
    assert ask(counts).conclusion is Conclusion.ROSE


def test_a_spike_just_before_makes_the_baselines_disagree_and_all_are_shown() -> None:
    counts = drawn(4)
    counts[START - 30 : START] *= 6
    finding = ask(counts)
    assert finding.conclusion is Conclusion.BASELINES_DISAGREE
    assert any("because the count was not level" in sentence for sentence in finding.sentences)
    assert [a.passed for a in finding.attacks if a.check == "baselines"] == [False]
    assert "does not withstand" in finding.sentences[1]


def test_the_headline_has_number_unit_window_reading_and_interval() -> None:
    finding = ask(fallen(1, 0.1))
    head = finding.sentences[0]
    values = head.values  # type: ignore[attr-defined]
    assert values["n"] == finding.change.n  # type: ignore[union-attr]
    assert {"unit", "first", "last", "reading", "baseline", "rlow", "rhigh", "mass"} <= set(values)


# --- absent baselines ---


def why(finding: Finding, name: str) -> str:
    assert finding.change is not None
    return next(e.why for e in finding.change.effects if e.baseline == name)


def test_a_baseline_that_does_not_exist_is_said_to_be_absent() -> None:
    counts = drawn(5)
    short = ask_change(asked(series(counts[: START + LENGTH + 10]), agreement(until=END)))
    assert "ends on" in why(short, "after")
    late = series(counts[900:], first=day(900))
    assert "begins on" in why(ask_change(asked(late, agreement(until=END))), "year_before")
    broken = ask(counts, breaks=(changed(START - 10),))
    assert "counts otherwise" in why(broken, "just_before")
    assert not why(broken, "after")
    event = listed("event", START - 40, START - 1)
    odd = ask_change(asked(series(counts), agreement(until=END), event))
    assert "unlike any other" in why(odd, "just_before")


def test_a_baseline_in_another_truce_is_told_with_its_days() -> None:
    truce = listed("truce", START - 25, START - 10)
    finding = ask_change(asked(series(drawn(5)), agreement(until=END), truce))
    assert finding.change is not None
    assert finding.change.effects[0].n_listed == 16
    assert any("lie in listed truces" in sentence for sentence in finding.details)


def test_the_truce_in_question_lies_in_no_baseline() -> None:
    truce = listed("truce", START, START + LENGTH - 1)
    finding = ask_change(asked(series(drawn(5)), agreement(until=END), truce))
    assert finding.change is not None
    assert all(effect.n_listed == 0 for effect in finding.change.effects)


# --- refusals ---


def test_every_refusal_says_what_would_lift_it() -> None:
    made = [
        refusals.mixed_units({"a": "event", "b": "death"}),
        refusals.opposed_lists(["a", "b"]),
        refusals.not_matched(["a", "b"]),
        refusals.no_target_class(["energy"]),
        refusals.no_side(["A", "B"]),
        refusals.rows_set_aside(2),
        refusals.missing_days(1, 7, day(0), day(6)),
        refusals.collection_changed(day(3), "why"),
        refusals.no_exposure(series([1, 2])),
        refusals.too_few_days(2, 14),
        refusals.no_baseline(4),
        refusals.no_whole_day(),
    ]
    assert tuple(refusal.code for refusal in made) == refusals.CODES
    assert all(len(refusal.remedy) > 20 and refusal.remedy != refusal.text for refusal in made)


def test_missing_days_are_refused_and_never_zero() -> None:
    counts: list[int | None] = [int(c) for c in fallen(1, 0.1)]
    counts[START : START + LENGTH] = [None] * LENGTH
    finding = ask(counts)
    assert "missing_days" in refused(finding) and finding.conclusion is Conclusion.REFUSED
    assert finding.change is None
    filled = ask([0 if c is None else c for c in counts])
    assert filled.conclusion is Conclusion.FELL  # what the refusal protects from


def test_a_few_unknown_days_are_left_out_on_both_sides() -> None:
    counts: list[int | None] = [int(c) for c in drawn(6)]
    whole = ask(counts)
    for i in (START + 3, START + 9, START - 5):
        counts[i] = None
    some = ask(counts)
    assert some.window is not None and some.window.n_known == LENGTH - 2
    assert some.change is not None and whole.change is not None
    assert some.change.exposure_d == LENGTH - 2
    assert some.change.rate_per_day == pytest.approx(whole.change.rate_per_day, rel=0.15)


def test_a_break_inside_the_window_is_refused_with_its_reason() -> None:
    finding = ask(drawn(6), breaks=(changed(START + 10),))
    assert "collection_changed" in refused(finding)
    assert finding.conclusion is Conclusion.REFUSED
    by_list = ask_change(
        asked(series(drawn(6)), agreement(until=END), listed("break", START + 10, START + 12))
    )
    assert "collection_changed" in refused(by_list)


def test_a_suspected_break_is_told_with_the_attempt_that_failed() -> None:
    near = listed("suspected_break", START - 12, START - 10)
    finding = ask_change(asked(series(fallen(1, 0.1)), agreement(until=END), near))
    assert finding.conclusion is Conclusion.FELL
    assert [a.passed for a in finding.attacks if a.check == "breaks"] == [False]
    assert "does not withstand" in finding.sentences[1]


def test_a_list_of_breaks_about_another_series_changes_nothing() -> None:
    other = listed("break", START + 10, START + 12, "another")
    assert "collection_changed" not in refused(
        ask_change(asked(series(drawn(6)), agreement(until=END), other))
    )


def test_two_quiet_days_are_too_few_and_the_refusal_says_how_many_it_takes() -> None:
    finding = ask(drawn(7, mean=0.6, shape=1.0), until=day(START + 2))
    assert refused(finding)[-1] == "too_few_days"
    assert "it would take about" in finding.refusals[-1].text


def test_a_short_series_has_no_baseline() -> None:
    one = series(drawn(8)[START - 20 :], first=day(START - 20))
    finding = ask_change(asked(one, agreement(until=END)))
    assert refused(finding)[-1] == "no_baseline"
    assert finding.change is not None and finding.change.trend is None


def test_a_tempo_of_all_acts_says_nothing_of_one_class_or_side() -> None:
    terms = agreement(until=END, against="energy")
    finding = ask_change(asked(series(drawn(9)), terms))
    assert refused(finding)[:2] == ["no_target_class", "no_side"]
    assert "energy" in finding.refusals[0].text
    told = ask_change(asked(series(drawn(9), object_class="energy", side="A"), terms))
    assert not refused(told)


def test_counts_without_exposure_are_told_as_what_was_told() -> None:
    finding = ask(drawn(9), exposure=None)
    assert "no_exposure" in refused(finding) and finding.change is not None
    pixels = ask(drawn(9), exposure=None, unit="fire_pixel")
    assert pixels.conclusion is Conclusion.REFUSED


# --- attacks ---


def test_every_attempt_is_made_and_named() -> None:
    finding = ask(fallen(1, 0.1), n_undated=3)
    assert tuple(attempt.check for attempt in finding.attacks) == ATTACKS


def test_a_fall_that_one_part_carries_does_not_withstand_leaving_it_out() -> None:
    level = drawn(10, mean=6.0)
    loud = fallen(11, 0.0, mean=30.0)
    whole = level + loud
    parts = {"level": level, "loud": loud}
    finding = ask(whole, parts=parts)
    assert finding.conclusion is Conclusion.FELL
    left_out = next(a for a in finding.attacks if a.check == "leave_one_out")
    assert left_out.passed is False
    alike = ask(fallen(1, 0.1) * 2, parts={"a": fallen(1, 0.1), "b": fallen(1, 0.1)})
    assert next(a for a in alike.attacks if a.check == "leave_one_out").passed is True


def test_parties_have_no_part_in_the_numbers() -> None:
    one, other = ask(fallen(1, 0.1), side="A"), ask(fallen(1, 0.1), side="B")
    assert one.change == other.change and one.conclusion == other.conclusion


# --- clouds ---


def clouded(seed: int) -> tuple[np.ndarray, tuple[float, ...]]:
    """Pixels of a level that never changes, under a sky that closes during the truce."""
    rng = np.random.Generator(np.random.PCG64(seed))
    clear = rng.beta(4, 3, N_DAYS)
    clear[START : START + LENGTH] *= 0.25
    shape, mean = 6.0, 30.0 * clear
    return rng.negative_binomial(shape, shape / (shape + mean)), tuple(float(c) for c in clear)


def test_cloud_cannot_fake_a_fall_in_a_detection_series() -> None:
    told = []
    for seed in range(3):
        counts, clear = clouded(seed)
        told.append(ask(counts, exposure=clear, unit="fire_pixel").conclusion)
        naive = ask(counts)
        assert naive.conclusion is Conclusion.FELL  # what exposure protects from
    assert Conclusion.FELL not in told


def test_more_exposure_everywhere_changes_nothing() -> None:
    counts, clear = clouded(1)
    one = ask(counts, exposure=clear)
    other = ask(counts, exposure=tuple(2 * c for c in clear))
    assert one.change is not None and other.change is not None
    for a, b in zip(one.change.effects, other.change.effects, strict=True):
        assert a.ratio is not None and b.ratio is not None
        assert a.ratio.value == pytest.approx(b.ratio.value)


def test_a_finding_is_the_same_each_time() -> None:
    assert ask(fallen(1, 0.1)) == ask(fallen(1, 0.1))
    assert replace(ask(fallen(1, 0.1)), id="") != replace(ask(fallen(2, 0.1)), id="")


# --- what a partisan or a slip would make of it ---


def test_rows_set_aside_make_a_list_unknown() -> None:
    finding = ask(drawn(9), n_set_aside=2)
    assert "rows_set_aside" in refused(finding) and finding.conclusion is Conclusion.REFUSED


def test_a_baseline_without_a_voice_writes_no_headline(monkeypatch: pytest.MonkeyPatch) -> None:
    from truceline.assess import conclude as module

    whole = ask(fallen(1, 0.1))
    assert whole.change is not None
    lost = whole.change.effects[0].placebo
    monkeypatch.setattr(module, "refuted", lambda placebo: placebo == lost)
    finding = ask(fallen(1, 0.1))
    assert finding.sentences[0].values["baseline"] == "one_period_earlier"  # type: ignore[attr-defined]
    assert finding.sentences[0].values["baselines"] == 3  # type: ignore[attr-defined]


def test_a_suspected_break_between_window_and_an_early_baseline_fails_the_attempt() -> None:
    far = listed("suspected_break", START - 45, START - 44)
    finding = ask_change(asked(series(fallen(1, 0.1)), agreement(until=END), far))
    assert [a.passed for a in finding.attacks if a.check == "breaks"] == [False]


def test_a_series_of_one_class_answers_for_no_other() -> None:
    terms = agreement(until=END, against="gas")
    told = refused(ask_change(asked(series(drawn(9), object_class="oil", side="A"), terms)))
    assert "no_target_class" in told
    wide = refused(ask_change(asked(series(drawn(9), object_class="energy", side="A"), terms)))
    assert "no_target_class" not in wide


def test_counts_of_a_million_a_day_take_no_longer() -> None:
    from truceline.assess.placebo import Law, count_band, two_sided_p

    band = count_band(3e7, Law(1.0, 2.0), 0.05)
    assert float(two_sided_p(band.low * 0.98, 3e7, 2.0)) < 0.06
    assert 0 < band.low < 3e7 < band.high
