"""The day of a change: against brute force, in simulated worlds, and at Minsk II."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from math import lgamma, log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from tests.effort import calls

from truceline import thresholds as t
from truceline.assess.changepoint import (
    N_DAYS,
    SHIFTS,
    called_at,
    estimate_change_point,
    p_placebo,
    scan_changes,
    shortest,
    tell_change_point,
)
from truceline.domain.rates import ChangePoint
from truceline.domain.said import Said

FIRST = date(2014, 5, 1)
HALF, SEARCH = t.CHANGE_HALF_D, t.CHANGE_SEARCH_D
MINSK_2 = date(2015, 2, 15)
LISTED = [
    *("2014-09-05", "2014-12-09", "2015-02-15", "2015-09-01", "2015-12-23", "2016-04-30"),
    *("2016-09-01", "2016-12-24", "2017-02-20", "2017-04-01", "2017-06-24", "2017-08-25"),
    *("2017-12-23", "2018-03-05", "2018-03-30", "2018-07-01", "2018-08-29", "2018-12-29"),
    *("2019-03-08", "2019-04-18", "2019-07-21", "2020-07-27"),
]
"""First days of truces in Donbas; no placebo clock stands within two weeks of one."""


def counts_of(rng: np.random.Generator, mean: np.ndarray, phi: float) -> np.ndarray:
    """Negative binomial days with variance ``phi`` times the mean."""
    return rng.negative_binomial(mean / (phi - 1), 1 / phi).astype(float)


def flat(seed: int, n: int, mean: float, phi: float) -> np.ndarray:
    return counts_of(np.random.Generator(np.random.PCG64(seed)), np.full(n, mean), phi)


def everywhere(n: int) -> np.ndarray:
    return np.ones(n, dtype=bool)


@pytest.fixture(scope="module")
def ucdp() -> dict[str, np.ndarray]:
    path = Path(__file__).with_name("data") / "ucdp_daily_2014_2022.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["date"] for row in rows] == [
        (FIRST + timedelta(days=i)).isoformat() for i in range(len(rows))
    ]
    return {
        "events": np.array([float(row["n_events"]) for row in rows]),
        "deaths": np.array([float(row["n_deaths_best"]) for row in rows]),
    }


def unlisted(n: int) -> np.ndarray:
    flags = everywhere(n)
    for day in LISTED:
        i = (date.fromisoformat(day) - FIRST).days
        flags[i - 14 : i + 15] = False
    return flags


def at_clock(counts: np.ndarray, on: date, *more: tuple[str, date]) -> ChangePoint | None:
    clocks = [("clock", on), *more]
    around = (on - FIRST).days
    return estimate_change_point(counts, None, FIRST, around, unlisted(len(counts)), clocks)


# --- against brute force --------------------------------------------------------------------------


def brute_phi(y: np.ndarray, e: np.ndarray) -> float:
    """Dispersion about the likeliest two levels, day by day."""
    known = e > 0

    def levels(shift: int) -> np.ndarray:
        inside = np.arange(N_DAYS) < HALF + shift
        mean = np.zeros(N_DAYS)
        for side in (inside, ~inside):
            mean[side] = y[side].sum() / e[side].sum() * e[side]
        return mean

    def fit(shift: int) -> float:
        mean = levels(shift)
        return sum(a * log(m) - m for a, m in zip(y, mean, strict=True) if m > 0)

    mean = levels(max(SHIFTS, key=fit))
    residual = np.array([(a - m) / m**0.5 if m > 0 else 0.0 for a, m in zip(y, mean, strict=True)])
    rho = [
        (1 - lag / (t.CHANGE_LAG_D + 1))
        * sum(residual[i] * residual[i - lag] for i in range(lag, N_DAYS))
        / (residual @ residual)
        for lag in range(1, t.CHANGE_LAG_D + 1)
    ]
    pearson = (residual @ residual) / (known.sum() - 2)
    return max(1.0, pearson) * max(1.0, 1 + 2 * sum(rho))


def brute_marginal(y: np.ndarray, e: np.ndarray, phi: float, mean: float) -> float:
    """Log of the tempered likelihood integrated over the level, by quadrature."""
    k, w = y.sum() / phi, e.sum() / phi
    peak = max(k, 0.5) / w
    top = k * log(peak) - w * peak

    def curve(level: float) -> float:
        return np.exp(k * np.log(level) - w * level - top) * np.exp(-level / mean) / mean

    area, _ = quad(curve, 0, 40 * peak + 40 * mean, points=[peak], limit=400, epsabs=0)
    return log(area) + top


@pytest.mark.parametrize("seed", range(3))
def test_bayes_factors_are_those_of_numerical_integration(seed: int) -> None:
    rng = np.random.Generator(np.random.PCG64(seed))
    mean = np.where(np.arange(N_DAYS) < 31, 6.0, 2.0)
    y, e = counts_of(rng, mean, 2.5), rng.uniform(0.4, 1.0, N_DAYS)
    unknown = [3, 29, 40]
    counts, exposure = y.copy(), e.copy()
    counts[unknown[:2]], exposure[unknown[2]] = np.nan, 0.0
    y[unknown] = e[unknown] = 0.0
    found = scan_changes(counts, exposure).log_factor[HALF]
    phi, level = brute_phi(y, e), y.sum() / e.sum()
    none = brute_marginal(y, e, phi, level)
    for shift in (-14, -5, 0, 3, 14):
        split = HALF + shift
        parts = ((y[:split], e[:split]), (y[split:], e[split:]))
        change = sum(brute_marginal(*part, phi, level) for part in parts)
        assert found[shift + SEARCH] == pytest.approx(change - none, abs=1e-6)


def test_equal_poisson_like_days_have_the_closed_form() -> None:
    found = scan_changes(np.full(N_DAYS, 4.0)).log_factor[HALF, SEARCH]  # 28 and 28 days of 4

    def marginal(k: float, n: int) -> float:
        return log(0.25) + lgamma(1 + k) - (1 + k) * log(0.25 + n)

    assert found == pytest.approx(2 * marginal(112, 28) - marginal(224, 56), abs=1e-9)
    assert found < 0


def test_p_placebo_counts_far_clocks_in_units_of_a_search() -> None:
    places = np.arange(0, 600, 3)
    strengths = np.sin(places / 40.0)
    far = [s for place, s in zip(places, strengths, strict=True) if abs(place - 300) >= 56]
    m = len(far) / 29
    share = sum(s >= 0.5 for s in far) / len(far)
    assert p_placebo(0.5, 300, places, strengths) == pytest.approx((1 + m * share) / (1 + m))
    assert p_placebo(9.9, 300, places, strengths) == pytest.approx(1 / (1 + m))
    assert p_placebo(9.9, 300, places[98:103], strengths[98:103]) == 1.0


def test_a_placebo_day_is_judged_as_a_clock_is() -> None:
    y = flat(3, 900, 4.0, 2.0)
    y[440:] = flat(4, 460, 12.0, 2.0)
    eligible = everywhere(900)
    scan = scan_changes(y)
    places = np.flatnonzero(eligible & scan.valid)
    flags = dict(zip(places.tolist(), called_at(scan, places), strict=True))
    assert any(flags.values()) and not all(flags.values())
    for place in range(410, 471, 5):
        one = estimate_change_point(y, None, FIRST, place, eligible, [])
        assert one is not None and one.called == flags[place]


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=30), st.floats(0.05, 1))
def test_shortest_run_holds_the_mass_and_no_shorter_one_does(raw: list[float], mass: float) -> None:
    p = np.array(raw) / sum(raw)
    low, high = shortest(p, mass)
    assert p[low : high + 1].sum() >= mass - 1e-9
    length = high - low
    if length:
        assert all(p[i : i + length].sum() < mass + 1e-9 for i in range(len(p) - length + 1))


# --- properties -----------------------------------------------------------------------------------

seeds = st.integers(0, 2**32)


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(0.01, 100))
def test_the_unit_of_exposure_does_not_matter(seed: int, factor: float) -> None:
    rng = np.random.Generator(np.random.PCG64(seed))
    y, e = counts_of(rng, np.full(90, 5.0), 2.0), rng.uniform(0.2, 1.0, 90)
    one, other = scan_changes(y, e), scan_changes(y, factor * e)
    ok = one.valid
    assert np.allclose(one.log_factor[ok], other.log_factor[ok], atol=1e-6)
    assert np.allclose(one.before[ok], factor * other.before[ok])


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_mirrored_in_time_the_day_is_mirrored_too(seed: int) -> None:
    rng = np.random.Generator(np.random.PCG64(seed))
    y, e = counts_of(rng, np.full(100, 6.0), 2.0), rng.uniform(0.2, 1.0, 100)
    y[rng.integers(0, 100, 5)] = np.nan
    ahead, back = scan_changes(y, e), scan_changes(y[::-1], e[::-1])
    for day in range(35, 66):
        assert np.allclose(back.log_factor[100 - day, ::-1], ahead.log_factor[day], atol=1e-6)
        assert np.allclose(back.after[100 - day, ::-1], ahead.before[day])


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(0, 5000))
def test_an_unknown_day_tells_nothing_whatever_stands_there(seed: int, number: float) -> None:
    y = flat(seed, 80, 5.0, 2.0)
    gap = np.zeros(80, dtype=bool)
    gap[[20, 38, 39, 40, 60]] = True
    filled, exposure = np.where(gap, number, y), np.where(gap, 0.0, 1.0)
    unknown = scan_changes(np.where(gap, np.nan, y))
    for other in (scan_changes(filled, exposure), scan_changes(filled, np.where(gap, np.nan, 1.0))):
        assert np.array_equal(other.log_factor, unknown.log_factor)


def test_filled_in_zeros_would_have_faked_a_fall() -> None:
    y = flat(1, 900, 5.0, 1.5)
    some, month = y.copy(), y.copy()
    some[450:464], month[450:480] = np.nan, np.nan
    honest = estimate_change_point(some, None, FIRST, 450, everywhere(900), [])
    assert honest is not None and not honest.called
    assert estimate_change_point(month, None, FIRST, 450, everywhere(900), []) is None
    faked = estimate_change_point(np.nan_to_num(month), None, FIRST, 450, everywhere(900), [])
    assert faked is not None and faked.called and faked.best == FIRST + timedelta(days=450)


# --- simulated worlds -----------------------------------------------------------------------------


@pytest.mark.parametrize(("mean", "phi"), [(3.0, 1.5), (1.0, 3.0), (20.0, 8.0)])
def test_without_a_change_few_are_called(mean: float, phi: float) -> None:
    called, shares = 0, []
    for seed in range(40):
        y = flat(seed, 900, mean, phi)
        one = estimate_change_point(y, None, FIRST, 450, everywhere(900), [])
        assert one is not None and one.false_alarm is not None
        called += one.called
        shares.append(one.false_alarm.value)
    assert called <= 2
    assert np.mean(shares) <= 0.05


def test_a_fall_to_a_quarter_is_found_on_its_day() -> None:
    called, errors, held = 0, [], 0
    for seed in range(40):
        rng = np.random.Generator(np.random.PCG64(seed))
        mean = np.full(900, 5.0)
        mean[453:520] = 1.25
        y = counts_of(rng, mean, 2.0)
        eligible = everywhere(900)
        eligible[436:535] = False
        one = estimate_change_point(y, None, FIRST, 450, eligible, [])
        assert one is not None
        called += one.called
        errors.append(abs((one.best - FIRST).days - 453))
        held += one.low <= FIRST + timedelta(days=453) <= one.high
    assert called >= 32
    assert np.median(errors) <= 1
    assert held >= 36


def test_what_changed_at_the_edge_of_the_search_is_not_called_at_that_clock() -> None:
    mean = np.full(900, 8.0)
    mean[430:] = 1.0
    y = counts_of(np.random.Generator(np.random.PCG64(8)), mean, 1.5)
    beyond = estimate_change_point(y, None, FIRST, 445, everywhere(900), [])
    inside = estimate_change_point(y, None, FIRST, 435, everywhere(900), [])
    assert beyond is not None and inside is not None
    assert beyond.p_no_change < 0.001 and not beyond.called
    assert inside.called
    assert any("may lie beyond" in text for text in tell_change_point(beyond, "events", "All"))


# --- refusals -------------------------------------------------------------------------------------


def test_too_little_around_a_clock_is_no_answer() -> None:
    y = flat(2, 200, 4.0, 2.0)
    for around in (-1, 10, 195, 200):
        assert estimate_change_point(y, None, FIRST, around, everywhere(200), []) is None
    gone = y.copy()
    gone[60:80] = np.nan
    assert estimate_change_point(gone, None, FIRST, 90, everywhere(200), []) is None
    assert estimate_change_point(np.zeros(200), None, FIRST, 90, everywhere(200), []) is None


def test_without_placebo_days_nothing_is_called() -> None:
    y = np.concatenate([np.full(60, 20.0), np.full(60, 1.0)])
    one = estimate_change_point(y, None, FIRST, 60, np.zeros(120, dtype=bool), [])
    assert one is not None and one.p_no_change < 1e-6
    assert not one.called and one.p_placebo == 1.0
    assert one.false_alarm is None and one.n_placebo == 0
    assert any("No day without a listed truce" in s for s in tell_change_point(one, "events", "A"))


# --- Donbas ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("series", ["events", "deaths"])
def test_minsk_2_has_its_mass_from_two_days_before_to_a_week_after(
    ucdp: dict[str, np.ndarray], series: str
) -> None:
    one = at_clock(ucdp[series], MINSK_2, ("signed", date(2015, 2, 12)))
    assert one is not None and one.called
    assert date(2015, 2, 13) <= one.low <= one.best <= one.high <= date(2015, 2, 22)
    assert one.clocks[0].p_within >= 0.95
    assert sum(p for _, p in one.days) == pytest.approx(1)
    assert one.after_per_day < one.before_per_day / 4
    assert one.clocks[1].distance_d == one.clocks[0].distance_d + 3
    told = tell_change_point(one, "events", "Events with deaths")
    assert all(isinstance(text, Said) for text in told)
    both = [text for text in told if str(MINSK_2) in text]
    assert len(both) == 1 and str(one.best) in both[0] and "days before" in both[0]
    assert "the level changed" in told[0]


@pytest.mark.parametrize("series", ["events", "deaths"])
def test_false_alarms_are_at_most_five_in_a_hundred(
    ucdp: dict[str, np.ndarray], series: str
) -> None:
    one = at_clock(ucdp[series], MINSK_2)
    assert one is not None and one.false_alarm is not None
    assert one.false_alarm.value <= 0.05
    assert 0 <= one.false_alarm.low < one.false_alarm.value < one.false_alarm.high < 0.2
    assert one.n_placebo > 2000


def test_the_bayes_factor_alone_would_alarm_too_often(ucdp: dict[str, np.ndarray]) -> None:
    scan = scan_changes(ucdp["events"])
    places = np.flatnonzero(unlisted(len(ucdp["events"])) & scan.valid)
    assert (scan.p_no_change[places] < 0.05).mean() > 0.05
    assert called_at(scan, places).mean() < 0.05


def test_a_truce_of_a_quiet_year_is_told_as_no_change(ucdp: dict[str, np.ndarray]) -> None:
    one = at_clock(ucdp["events"], date(2019, 7, 21), ("far", date(2019, 9, 1)))
    assert one is not None and not one.called
    assert [clock.reading for clock in one.clocks] == ["clock"]
    told = tell_change_point(one, "events", "Events with deaths")
    assert "no change of level is told" in told[0]
    assert not any("the level changed" in text for text in told)


def test_work_grows_with_the_number_of_placebo_days(ucdp: dict[str, np.ndarray]) -> None:
    events = ucdp["events"] + 1.0  # answers to the counts themselves are remembered
    ends = [len(events) * k // 8 for k in (2, 4, 8)]  # the first only warms up
    _, half, whole = (calls(lambda n=n: at_clock(events[:n], MINSK_2)) for n in ends)
    assert half < whole < 3 * half
