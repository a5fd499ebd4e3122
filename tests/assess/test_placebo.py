"""The law of windows without a truce: fits, intervals, coverage, power, against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from truceline import thresholds as t
from truceline.assess.effective import disjoint, n_effective, wilson
from truceline.assess.placebo import (
    Days,
    Law,
    Shape,
    calibrate,
    compare,
    count_band,
    detectable_fall,
    fit_law,
    placebo_starts,
    power_of_fall,
    ratio_band,
    two_sided_p,
    week_of,
)

BEFORE = Shape(8, -28, 28)


def steady(counts: np.ndarray) -> Days:
    n = len(counts)
    return Days(counts.astype(float), np.ones(n), np.zeros(n, dtype=bool))


def wandering(seed: int, n: int = 1_000, mean: float = 12.0, shape: float = 3.0) -> np.ndarray:
    """Overdispersed counts without any trend."""
    rng = np.random.Generator(np.random.PCG64(seed))
    return rng.negative_binomial(shape, shape / (shape + mean), n)


# --- two-sided probability ---


def brute(y: int, mean: float, shape: float) -> float:
    """Blaker's probability with half of the observed value, by summing."""
    k = np.arange(5_000)
    pmf = nbinom.pmf(k, shape, shape / (shape + mean))
    below = np.cumsum(pmf) - pmf / 2
    above = 1 - below
    tail = min(below[y], above[y])
    other = above if below[y] <= above[y] else below
    return min(1.0, float(tail + other[other <= tail + 1e-15].max(initial=0.0)))


@given(y=st.integers(0, 60), mean=st.floats(0.3, 40.0), shape=st.floats(0.4, 30.0))
@settings(max_examples=60, deadline=None)
def test_two_sided_p_is_what_summing_gives(y: int, mean: float, shape: float) -> None:
    assert float(two_sided_p(y, mean, shape)) == pytest.approx(brute(y, mean, shape), abs=1e-6)


def test_counts_near_zero_are_not_called_usual_because_they_have_no_lower_tail() -> None:
    assert float(two_sided_p(0, 14.0, 4.3)) < 0.01 < float(two_sided_p(0, 2.0, 4.3))


# --- fitting ---


def test_fit_finds_factor_and_shape() -> None:
    rng = np.random.Generator(np.random.PCG64(7))
    expected = rng.uniform(5, 50, 4_000)
    mean = 1.2 * expected
    counts = rng.negative_binomial(2.5, 2.5 / (2.5 + mean)).astype(float)
    law = fit_law(expected, counts)
    assert law.factor == pytest.approx(1.2, rel=0.05)
    assert law.shape == pytest.approx(2.5, rel=0.1)


def test_poisson_counts_give_a_large_shape() -> None:
    rng = np.random.Generator(np.random.PCG64(8))
    expected = np.full(2_000, 20.0)
    assert fit_law(expected, rng.poisson(20.0, 2_000).astype(float)).shape > 100


# --- where placebo windows may stand ---


def test_no_placebo_window_touches_a_listed_truce_a_break_or_too_many_unknown_days() -> None:
    days = steady(wandering(1))
    listed = days.listed.copy()
    listed[300:310] = True
    exposure = days.exposure.copy()
    exposure[500:540] = 0
    days = Days(np.where(exposure > 0, days.counts, 0), exposure, listed, (700,))
    starts = placebo_starts(days, BEFORE)
    assert not np.isin(starts, np.arange(293, 310)).any()
    assert np.isin([292, 310], starts).all()  # a baseline may hold a listed truce
    across = (starts + BEFORE.length > 700) & (starts - 28 < 700)
    assert not across.any() and len(starts) > 500
    for start in starts:
        assert exposure[start : start + 8].mean() >= t.RATES_KNOWN_SHARE
        assert exposure[start - 28 : start].mean() >= t.RATES_KNOWN_SHARE


def test_weekdays_differ_only_for_windows_shorter_than_a_week() -> None:
    counts = np.where(np.arange(1_000) % 7 == 3, 10, 20)
    windows = compare(steady(counts), Shape(1, -28, 28), np.arange(28, 999))
    week = week_of(windows, Shape(1, -28, 28))
    assert week.argmin() == 3 and week[3] == pytest.approx(0.54, abs=0.02)
    assert (week_of(windows, BEFORE) == 1).all()


def test_a_weekly_dip_is_no_fall() -> None:
    counts = wandering(3, mean=20.0, shape=50.0)
    quiet = np.arange(len(counts)) % 7 == 0
    counts = np.where(quiet, counts // 3, counts)
    days = steady(counts)
    start = 7 * 70  # a quiet day like any other of its kind
    shape = Shape(1, -28, 28)
    found = calibrate(days, shape, start)
    assert found is not None
    here = compare(days, shape, np.array([start])).by_weekday(found.week)
    band = ratio_band(here.counts[0], here.expected[0], found.law, found.tail)
    assert band.low <= 1 <= band.high


def test_too_few_windows_give_nothing() -> None:
    assert calibrate(steady(wandering(4, n=150)), BEFORE, 100) is None
    assert calibrate(steady(np.zeros(1_000)), BEFORE, 500) is None


# --- coverage ---


@pytest.mark.parametrize("shape", [BEFORE, Shape(2, -56, 28), Shape(8, 8, 28)])
def test_intervals_hold_as_often_as_they_say(shape: Shape) -> None:
    held = n = 0.0
    for seed in range(8):
        found = calibrate(steady(wandering(seed)), shape, None)
        assert found is not None
        held += float(found.held.mean()) * found.n_effective
        n += found.n_effective
    band = wilson(held / n, n)
    assert band.low <= 0.95 <= band.high


def test_a_plain_poisson_interval_would_not() -> None:
    """The world is one in which a check of coverage can fail."""
    found = calibrate(steady(wandering(5)), BEFORE, None)
    assert found is not None
    mean = found.law.mean(found.windows.expected)
    inside = np.abs(found.windows.counts - mean) <= 1.96 * np.sqrt(mean * (1 + 8 / 28))
    assert inside.mean() < 0.85


def test_spells_of_misses_are_worth_few_windows() -> None:
    rng = np.random.Generator(np.random.PCG64(9))
    starts = np.arange(1_000)
    alone = rng.random(1_000) > 0.05
    assert n_effective(alone, starts, 1_000) > 700
    spells = np.repeat(rng.random(50) > 0.05, 20)
    assert n_effective(spells, starts, 1_000) < 150
    assert n_effective(np.ones(1_000, dtype=bool), starts, 125) == 125


def test_disjoint_windows_do_not_overlap() -> None:
    starts = np.array([3, 4, 9, 10, 11, 40])
    chosen = starts[disjoint(starts, 7)]
    assert (np.diff(chosen) >= 7).all()


# --- intervals and power ---


@given(count=st.integers(0, 200), expected=st.floats(2.0, 150.0), shape=st.floats(0.8, 20.0))
@settings(max_examples=40, deadline=None)
def test_the_interval_of_the_ratio_inverts_the_test(
    count: int, expected: float, shape: float
) -> None:
    law = Law(1.0, shape)
    band = ratio_band(count, expected, law, 0.05)
    assert 0 <= band.low <= band.value <= band.high
    for ratio, inside in ((band.low * 0.9, False), (band.high * 1.12, False)):
        if 0 < ratio < float("inf"):
            assert (float(two_sided_p(count, ratio * expected, shape)) > 0.06) is inside
    for ratio in np.geomspace(max(band.low, 1e-6) * 1.06, band.high * 0.94, 5):
        if band.low * 1.06 < band.high * 0.94:
            assert float(two_sided_p(count, ratio * expected, shape)) > 0.02


def test_counting_twice_as_much_on_twice_the_days_changes_no_ratio() -> None:
    counts = wandering(6)
    days = steady(counts)
    double = Days(days.counts, days.exposure * 2, days.listed)
    for start in (200, 500):
        one = compare(days, BEFORE, np.array([start]))
        two = compare(double, BEFORE, np.array([start]))
        assert one.expected[0] == pytest.approx(two.expected[0])


def test_power_is_the_share_of_falls_that_are_found() -> None:
    law = Law(1.0, 6.0)
    band = count_band(40.0, law, 0.05)
    detectable = detectable_fall(band.value, law.shape, band.low)
    assert detectable is not None
    rng = np.random.Generator(np.random.PCG64(10))
    for ratio in (0.5, detectable, 0.1):
        mean = ratio * 40.0
        seen = rng.negative_binomial(6.0, 6.0 / (6.0 + mean), 20_000) < band.low
        assert power_of_fall(ratio, band.value, law.shape, band.low) == pytest.approx(
            seen.mean(), abs=0.02
        )
    assert power_of_fall(detectable, band.value, law.shape, band.low) == pytest.approx(
        0.8, abs=1e-6
    )


def test_where_zero_is_usual_not_even_a_halt_is_found() -> None:
    law = Law(1.0, 1.5)
    band = count_band(2.0, law, 0.05)
    assert band.low == 0
    assert detectable_fall(band.value, law.shape, band.low) is None
