"""What others would say of the same windows: four common intervals for a change of a rate.

Each takes a window and days before or beside it, and gives an interval of nominal 95 % for the
ratio of the count to what would have been counted without a change.  A placebo window is held by
it where the interval holds 1.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.random import PCG64, Generator
from scipy.stats import beta

from truceline import thresholds as t
from truceline.assess.placebo import Days, Floats, Ints, Shape, Windows, compare

STRUCTURAL_BEFORE_D = 180
"""Days before a window from which the structural model is fitted, of those there are (d)."""

SERIES_BEFORE_D = 90
"""Days before a window from which the interrupted series takes level and trend (d)."""

HAC_LAG_D = 7
DRAWS = 2000
RIVALS = ("poisson", "quasi_poisson", "structural", "interrupted")

COLUMN_EVENTS = 10
"""Counts for each coefficient above which weekdays get coefficients of their own."""


@dataclass(frozen=True)
class Ends:
    """Lower and upper ends of intervals of ratios, one a window; nan where there is no answer."""

    low: Floats
    high: Floats

    @property
    def answered(self) -> np.ndarray:
        """Which windows have an interval."""
        return ~np.isnan(self.low) & ~np.isnan(self.high)

    @property
    def held(self) -> np.ndarray:
        """Which intervals hold "no change"."""
        return (self.low <= 1) & (self.high >= 1)


def poisson(windows: Windows) -> Ends:
    """Exact conditional interval of the ratio of two Poisson rates (Clopper and Pearson, 1934).

    Given the sum of both counts, that of the window is binomial.

    >>> w = Windows(np.zeros(1), np.array([10.0]), np.ones(1), np.array([20.0]), np.array([28.0]),
    ...             np.array([7.0]))
    >>> ends = poisson(w)
    >>> round(float(ends.low[0]), 2), round(float(ends.high[0]), 2)
    (0.84, 4.48)
    """
    y, b = windows.counts, windows.base_counts
    off = (1 - t.INTERVAL_MASS) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        low = np.where(y > 0, beta.ppf(off, y, b + 1), 0.0)
        high = np.where(b > 0, beta.ppf(1 - off, y + 1, b), 1.0)
        scale = windows.base_exposure / windows.exposure
        return Ends(low / (1 - low) * scale, high / (1 - high) * scale)


def quasi_poisson(days: Days, shape: Shape, windows: Windows) -> Ends:
    """Log-normal interval, its variance times the dispersion of the baseline's days.

    Pearson dispersion, at least 1; half an event is added to both counts, so that a window
    without any has an interval.
    """
    phi = np.ones(len(windows.starts))
    for i, start in enumerate(windows.starts + shape.offset):
        part = slice(int(start), int(start) + shape.base_length)
        y, e = days.counts[part], days.exposure[part]
        known = e > 0
        mean = y.sum() / e.sum() * e[known]
        if mean.sum() > 0 and known.sum() > 1:
            pearson = float(((y[known] - mean) ** 2 / mean).sum())
            phi[i] = max(1.0, pearson / (int(known.sum()) - 1))
    y, b = windows.counts + 0.5, windows.base_counts + 0.5
    log_ratio = np.log(y / windows.exposure) - np.log(b / windows.base_exposure)
    half = t.NORMAL_95 * np.sqrt(phi * (1 / y + 1 / b))
    return Ends(np.exp(log_ratio - half), np.exp(log_ratio + half))


# --- structural time series ---------------------------------------------------------------------


@dataclass(frozen=True)
class Level:
    """A local level as it was fitted: level at the end with its variance, and both noises."""

    at_end: float
    variance: float
    irregular: float
    drift: float


def fit_level(values: Floats) -> Level:
    """Local level of log counts (shape ``(n,)``, nan is unknown) by ``statsmodels``.

    Harvey, Forecasting, structural time series models and the Kalman filter, 1989.
    """
    from statsmodels.tsa.statespace.structural import (  # type: ignore[import-untyped]
        UnobservedComponents,
    )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = UnobservedComponents(np.log1p(values), "llevel")
        found = model.fit(disp=0, maxiter=50, cov_type="none")
    state = found.filter_results.predicted_state[0, -1]
    variance = found.filter_results.predicted_state_cov[0, 0, -1]
    irregular, drift = found.params
    return Level(float(state), float(variance), float(irregular), float(drift))


def forecast(level: Level, n: int, random: Generator) -> Floats:
    """Draws of the counts of ``n`` days that follow (shape ``(draws, n)``)."""
    state = level.at_end + np.sqrt(level.variance) * random.standard_normal((DRAWS, 1))
    steps = np.sqrt(level.drift) * random.standard_normal((DRAWS, n))
    steps[:, 0] = 0.0  # the state of the first day is predicted already
    noise = np.sqrt(level.irregular) * random.standard_normal((DRAWS, n))
    drawn = state + np.cumsum(steps, axis=1) + noise
    return np.asarray(np.expm1(np.clip(drawn, 0.0, 50.0)))


def structural(days: Days, starts: Ints, lengths: tuple[int, ...], seed: int) -> dict[int, Ends]:
    """Predictive intervals of window sums by length; one fit a start, on the days before it.

    Only whole days are told apart from unknown ones: exposure in part is not used.
    """
    known = days.known
    counts = np.where(known, days.counts, np.nan)
    ends = {length: np.full((2, len(starts)), np.nan) for length in lengths}
    off = (1 - t.INTERVAL_MASS) / 2
    for i, start in enumerate(map(int, starts)):
        first = max([0, start - STRUCTURAL_BEFORE_D, *(b for b in days.breaks if b <= start)])
        drawn = forecast(
            fit_level(counts[first:start]), max(lengths), Generator(PCG64([seed, start]))
        )
        for length in lengths:
            here = known[start : start + length]
            total = days.counts[start : start + length].sum()
            sums = np.round(drawn[:, : len(here)][:, here].sum(axis=1))
            low, high = np.quantile(sums, [off, 1 - off])
            ends[length][:, i] = _ratios(float(total), float(low), float(high))
    return {length: Ends(low, high) for length, (low, high) in ends.items()}


def _ratios(total: float, low: float, high: float) -> tuple[float, float]:
    """Ratios of a count to the ends of what was predicted; nothing predicted and met is 1."""
    if high == 0:
        return (1.0, 1.0) if total == 0 else (np.inf, np.inf)
    upper = total / low if low else (np.inf if total else 1.0)
    return total / high, upper


# --- interrupted series -------------------------------------------------------------------------


def interrupted(days: Days, starts: Ints, length: int) -> Ends:
    """Step at the start of the window in a Poisson regression, errors of Newey and West.

    Level, trend, step and, where counts can carry them, weekdays: ``statsmodels`` GLM on the
    90 days before the window and its own days.  No answer where the window holds no count (the
    log of nothing), nor where the fit ends in no number.
    """
    import statsmodels.api as sm  # type: ignore[import-untyped]

    low, high = np.full((2, len(starts)), np.nan)
    day = np.arange(-SERIES_BEFORE_D, length)
    step = (day >= 0).astype(float)
    plain = np.column_stack([np.ones(len(day)), day / 30, step])
    weekdays = np.column_stack([plain, *((day % 7 == k).astype(float) for k in range(1, 7))])
    for i, start in enumerate(map(int, starts)):
        part = slice(start - SERIES_BEFORE_D, start + length)
        y, e = days.counts[part], days.exposure[part]
        known = e > 0
        if not y[step > 0].any() or not y[step == 0].any():
            continue
        x = weekdays if y.sum() >= COLUMN_EVENTS * weekdays.shape[1] else plain
        if np.linalg.matrix_rank(x[known]) < x.shape[1]:
            continue
        model = sm.GLM(y[known], x[known], family=sm.families.Poisson(), offset=np.log(e[known]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = model.fit(cov_type="HAC", cov_kwds={"maxlags": HAC_LAG_D})
        value, error = float(found.params[2]), float(found.bse[2])
        if np.isfinite(value) and np.isfinite(error):
            half = t.NORMAL_95 * error
            low[i], high[i] = np.exp([value - half, value + half])
    return Ends(low, high)


def all_windows(days: Days, shape: Shape, starts: Ints) -> Windows:
    """Windows of a comparison at given starts, all of which have to lie inside."""
    found = compare(days, shape, starts)
    if len(found.starts) != len(starts):
        raise ValueError("a window or its baseline lies outside of the series")
    return found
