"""The study of the rates engine: rivals against closed forms, worlds that must fail, the page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.random import PCG64, Generator
from scipy.stats import f

from truceline import thresholds as t
from truceline.assess.effective import wilson
from truceline.assess.placebo import Days, Shape, calibrate, compare, placebo_starts, ratio_band
from truceline.assess.rates import ask_change, conclude
from truceline.assess.windows import Placed, as_days, baselines
from truceline.domain.rates import Conclusion, Effect, Placebo, Window
from truceline.domain.series import Series
from truceline.simulate.reciprocity import ANSWERS, BACKGROUNDS
from truceline.validation import command, rates_changes, rates_page, rates_rivals, rates_study
from truceline.validation.rates_cases import BASELINES, shapes, share_of, verdict
from truceline.validation.rates_study import QUICK, count_answers, run_study
from truceline.validation.rates_worlds import Order, World, conclusion, look, look_at, tell_looks
from truceline.validation.worlds_calibration import Share

from ..assess.made_series import agreement as terms
from ..assess.made_series import asked, day
from ..assess.made_series import series as made_series

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

CALM = World("calm", 40.0, slow=0.02, fast=0.02, memory_d=2.0, shape=20.0, n_days=1200)


@cache
def quick_results() -> dict[str, Any]:
    return run_study(QUICK, say=lambda stage: None)


def made_days(world: World, seed: int) -> Days:
    counts = world.draw(Generator(PCG64(seed)))
    return Days(counts, np.ones(len(counts)), np.zeros(len(counts), dtype=bool))


# --- geometry and shares ------------------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 2, 8, 30, 90])
def test_baselines_are_those_of_the_engine(length: int) -> None:
    series = Series("s", "S", "event", "events", (), "UTC", date(2020, 1, 1), (1,) * 1500)
    first = series.first + timedelta(days=700)
    last = first + timedelta(days=length - 1)
    placed = Placed(Window(first, last, length, length, True, False), 700, length, 0, 0, True)
    found = {b.name: b.shape for b in baselines(placed, series, as_days(series, ()), ())}
    assert found == shapes(length)


def test_a_share_is_judged_only_on_enough_windows() -> None:
    flags = np.arange(100) % 10 > 0
    few = share_of(flags, t.RATES_JUDGED_WINDOWS - 1.0)
    many = share_of(flags, 1000.0)
    assert few["verdict"] == "reported, not judged"
    assert many["verdict"] == "fails"
    assert few["low"] < many["low"] < many["share"] == 0.9


# --- rivals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "base"), [(10, 20), (0, 14), (3, 300), (250, 60)])
def test_the_poisson_rival_has_the_other_closed_form(count: int, base: int) -> None:
    days = Days(np.array([base, *[0] * 27, count, 0]), np.ones(30), np.zeros(30, dtype=bool))
    shape = Shape(2, -28, 28)
    ends = rates_rivals.poisson(compare(days, shape, np.array([28])))
    off = (1 - t.INTERVAL_MASS) / 2
    low = 0.0
    if count:
        low = count / ((base + 1) * f.ppf(1 - off, 2 * (base + 1), 2 * count))
    high = (count + 1) * f.ppf(1 - off, 2 * (count + 1), 2 * base) / base
    assert ends.low[0] == pytest.approx(low * 14)
    assert ends.high[0] == pytest.approx(high * 14)


def test_the_quasi_poisson_rival_by_hand() -> None:
    base = np.array([2.0, 6.0] * 14)  # mean 4, sum of squares by mean 28 * 4 / 4
    days = Days(np.array([*base, 9.0, 8.0]), np.ones(30), np.zeros(30, dtype=bool))
    shape = Shape(2, -28, 28)
    ends = rates_rivals.quasi_poisson(days, shape, compare(days, shape, np.array([28])))
    phi = 28 / 27
    middle = np.log(17.5 / 2) - np.log(112.5 / 28)
    half = t.NORMAL_95 * np.sqrt(phi * (1 / 17.5 + 1 / 112.5))
    assert np.log([ends.low[0], ends.high[0]]) == pytest.approx([middle - half, middle + half])


def test_the_structural_rival_forecasts_what_its_law_says() -> None:
    level = rates_rivals.Level(at_end=np.log1p(50.0), variance=0.0, irregular=1e-8, drift=0.01)
    drawn = rates_rivals.forecast(level, 9, Generator(PCG64(3)))
    logs = np.log1p(drawn)
    assert drawn.shape == (rates_rivals.DRAWS, 9)
    assert logs[:, 0] == pytest.approx(np.log(51.0), abs=1e-3)  # the first state is known
    assert logs[:, 8].std() == pytest.approx(np.sqrt(8 * 0.01), rel=0.06)


def test_the_structural_rival_finds_a_steady_level_and_a_break_of_it() -> None:
    random = Generator(PCG64(4))
    counts = random.poisson(50.0, 220).astype(float)
    counts[200:208] = random.poisson(10.0, 8)
    days = Days(counts, np.ones(220), np.zeros(220, dtype=bool))
    ends = rates_rivals.structural(days, np.array([190, 200]), (8,), 1)[8]
    assert ends.held.tolist() == [True, False]
    assert ends.high[1] < 0.4


def test_the_interrupted_rival_is_the_ratio_of_means_without_a_trend() -> None:
    random = Generator(PCG64(5))
    counts = random.poisson(20.0, 120).astype(float)
    counts[90:120] = random.poisson(5.0, 30)
    days = Days(counts, np.ones(120), np.zeros(120, dtype=bool))
    ends = rates_rivals.interrupted(days, np.array([90]), 30)
    assert ends.low[0] < 0.25 < ends.high[0] < 0.5


def test_the_interrupted_rival_is_mute_about_the_log_of_nothing() -> None:
    counts = np.array([3.0] * 90 + [0.0] * 8)
    days = Days(counts, np.ones(98), np.zeros(98, dtype=bool))
    ends = rates_rivals.interrupted(days, np.array([90]), 8)
    assert not ends.answered.any()


# --- worlds -------------------------------------------------------------------------------------


def test_a_world_scatters_as_it_says() -> None:
    world = World("w", 30.0, slow=0.3, fast=0.2, memory_d=5.0, shape=8.0, n_days=60_000)
    days = made_days(world, 1)
    shape = shapes(8)["just_before"]
    w = compare(days, shape, placebo_starts(days, shape))
    window, base = w.counts / w.exposure, w.base_counts / w.base_exposure
    made = ((window - base) ** 2).mean() / (window * base).mean()
    assert made == pytest.approx(world.scatter(8), rel=0.1)


def test_plain_poisson_fails_where_counts_scatter_and_the_engine_does_not() -> None:
    """A check that can fail: the same verdict refutes one method and not the other."""
    world = World("wild", 60.0, slow=0.3, fast=0.3, memory_d=5.0, shape=4.0, n_days=2000)
    days = made_days(world, 2)
    shape = shapes(2)["just_before"]
    found = calibrate(days, shape, None)
    assert found is not None
    ours = share_of(found.held, found.n_effective)
    plain = share_of(rates_rivals.poisson(found.windows).held, found.n_effective)
    assert ours["verdict"] == "ok"
    assert plain["verdict"] == "fails" and plain["share"] < 0.7


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_look_says_what_the_intervals_of_the_engine_say(seed: int) -> None:
    days, start, length = made_days(CALM, seed), 700, 8
    total = float(days.counts[start : start + length].sum())
    counts = np.array([total, round(0.4 * total), 2 * total])
    told = look(days, start, length, counts, lazy=False)
    ends = []
    fits = {name: calibrate(days, shape, start) for name, shape in shapes(length).items()}
    for count, said in zip(counts, told, strict=True):
        effects = []
        for name, shape in shapes(length).items():
            found = fits[name]
            assert found is not None
            here = compare(days, shape, np.array([start])).by_weekday(found.week)
            ratio = ratio_band(float(count), float(here.expected[0]), found.law, found.tail)
            assert said.get(name, ratio) == ratio
            coverage = wilson(float(found.held.mean()), found.n_effective)
            placebo = Placebo((), found.n_windows, found.n_effective, coverage, found.tail)
            effects.append(Effect(name, ratio=ratio, placebo=placebo))
        ends.append((conclude(effects), conclusion(said)))
    same = {
        Conclusion.FELL: "fell",
        Conclusion.ROSE: "rose",
        Conclusion.BASELINES_DISAGREE: "baselines disagree",
        Conclusion.CANNOT_TELL: "no change",
    }
    assert [same[engine] for engine, _ in ends] == [own for _, own in ends]
    assert ends[1][1] == "fell" and ends[2][1] == "rose"


def test_a_look_concludes_as_a_whole_question_does() -> None:
    """From series and terms to the conclusion, through nothing that the study has of its own."""
    length, start = 8, 700
    for seed, kept in ((1, 1.0), (1, 0.3)):
        days = made_days(CALM, seed)
        counts = days.counts.copy()
        counts[start : start + length] = np.round(kept * counts[start : start + length])
        (told,) = look(days, start, length, np.array([counts[start : start + length].sum()]), False)
        finding = ask_change(asked(made_series(counts), terms(day(start), day(start + length))))
        assert finding.change is not None
        heard = {effect.baseline: effect.ratio for effect in finding.change.effects if effect.ratio}
        assert {name: heard[name] for name in told} == told
        assert (conclusion(told) == "fell") == (finding.conclusion is Conclusion.FELL)


def test_too_few_windows_are_no_answer() -> None:
    days = made_days(replace(CALM, n_days=500), 1)
    told = look(days, 300, 90, np.array([0.0]), lazy=False)
    assert conclusion(told[0]) == "no answer"


def test_false_alarms_of_the_engine_stay_within_what_is_allowed() -> None:
    """Not more than a rate of 5 % would give in 40 seeds, but with a chance below 2 %."""
    row = quick_results()["looks"][0]
    share = row["moved"]
    assert row["n_seeds"] == 40 and share["n"] == 40 - row["no_answer"] >= 35
    assert share["k"] <= 5  # P(more than 5 of 40 at 5 %) = 0.014
    alone = row["alone_moved"]
    assert alone["k"] <= 6


def test_a_stop_is_found_where_counts_are_many() -> None:
    order = Order(CALM, 8, (1.0, 0.0), tuple(range(1, 7)), lazy=False)
    none, stop = tell_looks(order, look_at(order))
    assert stop["fell"]["k"] == 6
    assert none["fell"]["k"] <= 1


# --- days of change, sky, answers ---------------------------------------------------------------


def test_minsk_2_is_found_and_most_later_truces_are_not() -> None:
    rows = {row["truce"]: row for row in quick_results()["listed"]}
    minsk = rows["minsk-2"]
    assert minsk["found"] and minsk["p_within"] > 0.9
    assert -t.CHANGE_EARLY_D <= minsk["distance_d"] <= t.CHANGE_LATE_D
    expected = quick_results()["expected"]["deadly-events"]
    assert expected["found"]["n"] == len(rows) - 2
    assert expected["called_rises"] <= expected["called"] <= len(rows)


def test_false_alarms_of_the_change_point_are_not_refuted() -> None:
    for row in quick_results()["change_alarms"]:
        assert row["low"] <= rates_page.FALSE_ALARM


def test_cloud_cannot_fake_a_fall_and_would_without_exposure() -> None:
    pause, dark = quick_results()["cloud"]
    assert pause["on"] == "2025-03-18"
    assert dark["clear_window"] < 0.5 * dark["clear_before"]
    fell = {row["method"]: row["fell"]["k"] for row in dark["rows"]}
    assert fell["engine, with exposure"] == 0
    assert fell["just before alone, with exposure"] == 0
    assert fell["plain Poisson, without exposure"] == dark["n_seeds"]
    assert fell["just before alone, without exposure"] == dark["n_seeds"]
    for row in pause["rows"]:
        if row["method"].startswith("engine, with exposure"):
            assert row["fell"]["k"] == 0


def test_a_day_with_an_unknown_sky_stays_unknown() -> None:
    own = {date(2024, 5, 3): 0.4, date(2025, 5, 4): 0.6}
    assert rates_changes._sky_of(date(2023, 5, 3), own) == 0.4  # borrowed
    assert np.isnan(rates_changes._sky_of(date(2025, 5, 3), own))  # here it has to be its own
    assert np.isnan(rates_changes._sky_of(date(2023, 6, 1), own))


def test_answers_are_counted_by_kind() -> None:
    quiet = count_answers(BACKGROUNDS[0], 2)
    loud = count_answers(ANSWERS[0], 2)
    assert quiet["quiet"] and not loud["quiet"] and loud["stated"] == [0.5, 0.0]
    together = rates_study.pooled([quiet, loud])
    assert together is not None and together["n"] == 2
    assert rates_study.pooled([loud]) is None


# --- results and page ---------------------------------------------------------------------------


def test_the_same_seeds_give_the_same_rows() -> None:
    order = Order(CALM, 8, (1.0, 0.5), (7, 8), lazy=True)
    assert look_at(order) == look_at(order)
    assert look_at(order) == [look_at(replace(order, seeds=(s,)))[0] for s in order.seeds]


def test_results_are_plain_and_the_page_follows_from_them() -> None:
    results = quick_results()
    again = json.loads(json.dumps(results))
    assert rates_page.tell_page(again) == rates_page.tell_page(results)
    text = rates_page.tell_page(results)
    assert "No answer" in text and "minsk-2" in text
    assert not [line for line in text.splitlines() if "None" in line or "nan" in line.split()]


def test_every_table_of_the_page_has_rows_of_one_length() -> None:
    width = 0
    for line in rates_page.tell_page(quick_results()).splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        n = line.rstrip().count("|")
        assert width in (0, n), line
        width = n


def test_an_alarm_is_judged_by_its_interval() -> None:
    def judge(k: int, n: int) -> str:
        one = Share.of("x", k, n)
        return rates_page.alarm_verdict({"low": one.low, "high": one.high})

    assert judge(0, 200) == "**PASS**"
    assert judge(30, 200) == "**FAIL**"
    assert judge(5, 100).startswith("open")


def test_verdicts_of_the_page_are_those_of_the_engine() -> None:
    assert verdict(wilson(0.95, 500), 500) == "ok"
    assert verdict(wilson(0.85, 500), 500) == "fails"
    for row in quick_results()["coverage"]:
        assert row["baseline"] in BASELINES
        if "share" in row:
            assert row["low"] <= row["share"] <= row["high"]


def test_the_quick_command_writes_a_page_beside_the_real_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates_study, "run_study", lambda plan, say: quick_results())
    told: list[str] = []
    command.validate(None, None, tmp_path, quick=True, rates=True, say=told.append)
    assert told == [f"written: {tmp_path / 'rates-quick.md'}"]
    assert [path.name for path in tmp_path.iterdir()] == ["rates-quick.md"]


def test_figures_and_results_can_be_written_again(tmp_path: Path) -> None:
    page = rates_page.write_page(quick_results(), tmp_path)
    before = {path.name: path.read_bytes() for path in (tmp_path / "rates").iterdir()}
    text = page.read_text(encoding="utf-8")
    for path in (tmp_path / "rates").glob("*.svg"):
        path.unlink()
    rates_page.rewrite(tmp_path)
    after = {path.name: path.read_bytes() for path in (tmp_path / "rates").iterdir()}
    assert after == before and {"results.json", "coverage.svg", "listed.svg"} <= set(after)
    assert page.read_text(encoding="utf-8") == text


def test_the_page_that_ships_follows_from_its_results() -> None:
    stored = json.loads((DOCS / "rates" / "results.json").read_bytes())
    assert (DOCS / "rates.md").read_text(encoding="utf-8") == rates_page.tell_page(stored)
