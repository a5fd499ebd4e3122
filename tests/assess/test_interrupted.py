"""Level and trend: against an independent fit, naive loops, and simulated worlds."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from truceline import thresholds as t
from truceline.assess.interrupted import (
    SLOPE,
    STEP,
    design,
    estimate_trend,
    fit_poisson,
    tell_trend,
)
from truceline.domain.rates import Band, Trend
from truceline.domain.said import Said

FIRST = date(2014, 5, 1)
seeds = st.integers(0, 2**32)


def world(seed: int, mean: np.ndarray, phi: float = 2.0) -> np.ndarray:
    rng = np.random.Generator(np.random.PCG64(seed))
    return rng.negative_binomial(mean / (phi - 1), 1 / phi).astype(float)


def everywhere(n: int) -> np.ndarray:
    return np.ones(n, dtype=bool)


def thinned(n: int) -> np.ndarray:
    """Every fifth day: windows that share most of their days tell little more than one."""
    return np.arange(n) % 5 == 0


def sample(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns with weekdays, counts with a step and a bend, and uneven exposure."""
    x = design(60, 30, slope=True, weekdays=True)
    rng = np.random.Generator(np.random.PCG64(seed))
    beta = np.array([2.0, 0.2, -0.6, 0.3, 0.1, -0.2, 0.0, 0.3, 0.2, -0.1])
    exposure = rng.uniform(0.5, 1.0, len(x))
    return x, world(seed, np.exp(x @ beta) * exposure, 3.0), exposure


# --- against others -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_statsmodels_has_the_same_coefficients_and_errors(seed: int) -> None:
    api = pytest.importorskip("statsmodels.api")
    x, y, exposure = sample(seed)
    model = api.GLM(y, x, family=api.families.Poisson(), exposure=exposure)
    theirs = model.fit(cov_type="HAC", cov_kwds={"maxlags": 7, "use_correction": False}, tol=1e-12)
    ours = fit_poisson(x, y[None], exposure[None], 7)
    assert np.allclose(ours.beta[0], theirs.params, atol=1e-6)
    assert np.allclose(np.sqrt(np.diag(ours.robust[0])), theirs.bse, atol=1e-4)
    plain = model.fit(scale="X2", tol=1e-12)
    assert np.allclose(np.sqrt(np.diag(ours.plain[0])), plain.bse, atol=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_the_fit_is_the_maximum_and_its_errors_those_of_a_naive_loop(seed: int) -> None:
    x, y, exposure = sample(seed)
    ours = fit_poisson(x, y[None], exposure[None], 7)

    def loss(beta: np.ndarray) -> float:
        eta = x @ beta + np.log(exposure)
        return float(np.exp(eta).sum() - y @ eta)

    best = minimize(loss, np.zeros(x.shape[1]), method="BFGS", options={"gtol": 1e-9})
    assert np.allclose(ours.beta[0], best.x, atol=1e-4)
    mean = np.exp(x @ ours.beta[0]) * exposure
    scores = x * (y - mean)[:, None]
    meat = np.zeros((x.shape[1], x.shape[1]))
    for i in range(len(x)):
        for j in range(len(x)):
            weight = max(0.0, 1 - abs(i - j) / 8)
            meat += weight * np.outer(scores[i], scores[j])
    bread = np.linalg.inv((x.T * mean) @ x)
    assert np.allclose(ours.robust[0], bread @ meat @ bread, rtol=1e-6)
    phi = ((y - mean) ** 2 / mean).sum() / (len(y) - x.shape[1])
    assert np.allclose(ours.plain[0], phi * bread, rtol=1e-6)


def test_many_fits_at_once_are_those_of_one_at_a_time() -> None:
    x, exposure = design(40, 20, slope=True, weekdays=False), np.ones((5, 60))
    y = np.stack([world(seed, np.full(60, 4.0)) for seed in range(5)])
    y[2, 40:] = 0.0  # the log of nothing: no fit, and no harm to the others
    together = fit_poisson(x, y, exposure, 7)
    assert together.settled.tolist() == [True, True, False, True, True]
    for i in (0, 1, 3, 4):
        alone = fit_poisson(x, y[[i]], exposure[[i]], 7)
        assert np.allclose(alone.beta[0], together.beta[i])
        assert np.allclose(alone.robust[0], together.robust[i])


# --- what is known without noise ------------------------------------------------------------------


def test_a_step_and_a_bend_without_noise_are_found_as_they_are() -> None:
    day = np.arange(400)
    inside = (day >= 300) & (day < 330)
    mean = 40 * np.exp(0.2 * (day - 300) / 30) * (1 + 0.3 * (day % 7 == 2))
    y = np.where(inside, 0.4 * np.exp(0.5 * (day - 300) / 30), 1.0) * mean
    trend = estimate_trend(y, None, 300, 30, 60, everywhere(400))
    assert trend is not None and trend.slope is not None
    assert trend.level.value == pytest.approx(0.4, rel=1e-6)
    assert trend.slope.value == pytest.approx(np.exp(0.5), rel=1e-6)
    assert (trend.n_before, trend.n_window) == (60, 30)


def test_a_weekly_cycle_is_no_jump() -> None:
    mean = 30.0 * (1 + 0.8 * (np.arange(300) % 7 >= 5))
    trend = estimate_trend(mean, None, 200, 9, 28, everywhere(300))
    assert trend is not None
    assert trend.level.value == pytest.approx(1, abs=1e-6)


@settings(max_examples=12, deadline=None)
@given(seeds, st.floats(0.01, 100))
def test_the_unit_of_exposure_does_not_matter(seed: int, factor: float) -> None:
    y = world(seed, np.full(300, 6.0))
    e = np.random.Generator(np.random.PCG64(seed)).uniform(0.5, 1, 300)
    one = estimate_trend(y, e, 150, 20, 40, thinned(300))
    other = estimate_trend(y, factor * e, 150, 20, 40, thinned(300))
    assert one is not None and one.slope and other is not None and other.slope
    for a, b in ((one.level, other.level), (one.slope, other.slope)):
        assert np.allclose([a.value, a.low, a.high], [b.value, b.low, b.high], rtol=1e-5)
    assert one.widen == pytest.approx(other.widen, rel=1e-5)


@settings(max_examples=12, deadline=None)
@given(seeds, st.floats(0, 5000))
def test_an_unknown_day_tells_nothing_whatever_stands_there(seed: int, number: float) -> None:
    y = world(seed, np.full(300, 6.0))
    gap = np.zeros(300, dtype=bool)
    gap[[130, 149, 150, 155, 220]] = True
    unknown = estimate_trend(np.where(gap, np.nan, y), None, 150, 20, 40, thinned(300))
    filled, exposure = np.where(gap, number, y), np.where(gap, 0.0, 1.0)
    assert estimate_trend(filled, exposure, 150, 20, 40, thinned(300)) == unknown
    assert unknown is not None
    assert (unknown.n_before, unknown.n_window) == (38, 18)


def test_filled_in_zeros_would_have_faked_a_jump() -> None:
    y = world(4, np.full(600, 6.0), 1.5)
    y[300:318] = np.nan
    honest = estimate_trend(y, None, 300, 30, 60, everywhere(600))
    faked = estimate_trend(np.nan_to_num(y), None, 300, 30, 60, everywhere(600))
    assert honest is not None and honest.level.low <= 1 <= honest.level.high
    assert faked is not None and faked.level.high < 0.5


# --- intervals ------------------------------------------------------------------------------------


def test_placebo_windows_hold_no_change_at_the_stated_share() -> None:
    """Days that drift: theory holds far fewer than 95 %, the widened intervals enough."""
    rng = np.random.Generator(np.random.PCG64(6))
    walk = np.zeros(1500)
    for i in range(1, 1500):
        walk[i] = 0.97 * walk[i - 1] + rng.normal(0, 0.15)
    y = rng.poisson(8 * np.exp(walk)).astype(float)
    length, before, eligible = 30, 30, everywhere(1500)
    trend = estimate_trend(y, None, 700, length, before, eligible)
    assert trend is not None and trend.widen > 1.2
    starts = np.array([s for s in range(before, 1500 - length + 1) if abs(s - 700) >= 60])
    rows = np.stack([y[s - before : s + length] for s in starts])
    x = design(before, length, slope=True, weekdays=True)
    fits = fit_poisson(x, rows, np.ones_like(rows), t.TREND_LAG_D)
    for column in (STEP, SLOPE):
        strengths = np.abs(fits.strengths(column))
        assert (strengths <= t.NORMAL_95).mean() < 0.93
        assert (strengths <= trend.widen * t.NORMAL_95).mean() >= 0.95


def test_without_a_change_few_jumps_are_told() -> None:
    told = 0
    for seed in range(60):
        trend = estimate_trend(world(seed, np.full(600, 3.0)), None, 300, 30, 30, thinned(600))
        assert trend is not None and trend.widen >= 1
        told += not trend.level.low <= 1 <= trend.level.high
    assert told <= 5  # 3 are to be expected; more than 5 have a chance of 8 %


def test_neighbours_of_the_window_are_no_placebo() -> None:
    y = world(5, np.full(400, 5.0))
    y[200:230] = 60.0
    own = np.zeros(400, dtype=bool)
    own[141:260] = True
    assert estimate_trend(y, None, 200, 30, 30, own) is None
    far = ~own
    quiet = estimate_trend(y, None, 200, 30, 30, far)
    assert quiet == estimate_trend(y, None, 200, 30, 30, everywhere(400))
    assert quiet is not None and quiet.level.low > 3


# --- refusals -------------------------------------------------------------------------------------


def test_a_window_below_eight_days_has_no_slope() -> None:
    y = world(7, np.full(300, 6.0))
    short = estimate_trend(y, None, 150, 7, 28, everywhere(300))
    longer = estimate_trend(y, None, 150, 8, 28, everywhere(300))
    assert short is not None and short.slope is None
    assert longer is not None and longer.slope is not None
    y[153] = np.nan
    gap = estimate_trend(y, None, 150, 8, 28, everywhere(300))
    assert gap is not None and gap.slope is None and gap.n_window == 7


def test_where_a_regression_has_no_answer_there_is_none() -> None:
    y = world(8, np.full(300, 6.0))
    eligible = everywhere(300)
    for start, length, before in ((20, 10, 28), (295, 10, 28), (150, 0, 28), (150, 10, 0)):
        assert estimate_trend(y, None, start, length, before, eligible) is None
    assert estimate_trend(y, None, 150, 10, 27, eligible) is None  # less than four weeks known
    assert estimate_trend(y, None, 150, 10, 28, np.zeros(300, dtype=bool)) is None
    nothing = y.copy()
    nothing[150:160] = 0.0
    assert estimate_trend(nothing, None, 150, 10, 28, eligible) is None
    unknown = y.copy()
    unknown[150:160] = np.nan
    assert estimate_trend(unknown, None, 150, 10, 28, eligible) is None


# --- sentences and real days ----------------------------------------------------------------------


def test_sentences_say_the_numbers_and_no_more() -> None:
    fell = Trend(60, 30, Band(0.34, 0.11, 0.81), Band(0.9, 0.5, 1.6), 1.12)
    told = tell_trend(fell, "events", "Events with deaths")
    assert all(isinstance(text, Said) for text in told)
    assert "ratio 0.34 (95% interval: 0.11 to 0.81)" in told[0]
    assert told[0].startswith("Events with deaths: a jump at the start")
    assert told[1].startswith("No change of the trend is told")
    assert "1.12 times" in told[2] and "60 known days" in told[2]
    none = tell_trend(Trend(28, 7, Band(0.8, 0.4, 1.6), None, 1.0), "events", "All")
    assert "no jump is told" in none[0]
    assert none[1] == "Fewer than 8 known days in the window: no trend within it is told."


def test_minsk_2_bends_the_trend_of_events_down() -> None:
    path = Path(__file__).with_name("data") / "ucdp_daily_2014_2022.csv"
    with path.open(encoding="utf-8", newline="") as file:
        y = np.array([float(row["n_events"]) for row in csv.DictReader(file)])
    start = (date(2015, 2, 15) - FIRST).days
    trend = estimate_trend(y, None, start, 30, 60, everywhere(len(y)))
    assert trend is not None and trend.slope is not None
    assert trend.level.value < 1 and trend.slope.high < 1
    assert trend.widen > 1
