"""Level and trend by interrupted series: did the count jump, and did its trend bend?

A log-linear Poisson regression of daily counts on the days before a clock and in its window:
level, trend before, step at the start, change of the trend, weekdays; log exposure as offset
(segmented regression after Bernal, Cummins and Gasparrini, International Journal of Epidemiology
46, 2017).  Counts scatter more than Poisson and hang together from day to day: errors are those
of Newey and West (Econometrica 55, 1987), and nowhere less than the quasi-Poisson ones, as a
short window leaves few residuals to see a dependence in.

Neither knows how often the level of a war jumps by itself.  The same regression is therefore run
at every day where no truce is listed, and intervals are widened until 95 % of those hold "no
change".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from truceline import thresholds as t
from truceline.assess.remember import remembered
from truceline.domain.rates import Band, Trend
from truceline.domain.said import Said, said

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

STEP, SLOPE = 2, 3
"""Columns of the step and of the change of the trend."""

MOST_STEPS = 30
"""Rounds after which a regression that has not settled never will: a level has gone to zero."""

SETTLED, MOST_LOG = 1e-9, 60.0
"""Change of a coefficient that is none; a log beyond which no mean is worked out."""


@dataclass(frozen=True)
class Fits:
    """Regressions with the same columns, one row each.

    ``beta``: coefficients (log of a ratio); ``robust``: their covariance after Newey and West;
    ``plain``: with the Pearson dispersion instead.  ``settled``: whether there is a fit at all.
    """

    beta: Floats
    robust: Floats
    plain: Floats
    settled: Flags

    def strengths(self, column: int) -> Floats:
        """Estimates by their standard errors."""
        return np.asarray(self.beta[:, column] / self.errors(column), dtype=np.float64)

    def errors(self, column: int) -> Floats:
        """Standard errors: the larger of both kinds."""
        both = np.maximum(self.robust[:, column, column], self.plain[:, column, column])
        return np.asarray(np.sqrt(np.maximum(both, 1e-300)), dtype=np.float64)


def design(before: int, length: int, slope: bool, weekdays: bool) -> Floats:
    """Columns of the regression, one row a day: 1, time, step, time since the step, weekdays.

    Time counts in the unit in which a slope is told, and is 0 at the start of the window.

    >>> design(2, 2, slope=True, weekdays=False)[:, 1:].round(2).tolist()
    [[-0.07, 0.0, 0.0], [-0.03, 0.0, 0.0], [0.0, 1.0, 0.0], [0.03, 1.0, 0.03]]
    """
    day = np.arange(-before, length)
    time, inside = day / t.TREND_SLOPE_PER_D, (day >= 0).astype(float)
    columns = [np.ones(len(day)), time, inside]
    columns += [np.maximum(time, 0.0)] if slope else []
    columns += [(day % 7 == k).astype(float) for k in range(1, 7)] if weekdays else []
    return np.column_stack(columns)


def fit_poisson(x: Floats, y: Floats, exposure: Floats, max_lag: int) -> Fits:
    """Poisson regressions with log link of rows of counts on the same columns.

    ``x`` (days, columns); ``y`` and ``exposure`` (fits, days): a day of exposure 0 is unknown and
    weighs nothing.  Iteratively reweighted least squares (McCullagh and Nelder, Generalized
    Linear Models, 1989).  The covariance sums score products up to ``max_lag`` days apart with
    Bartlett weights; an unknown day keeps its place among the lags.
    """
    n_columns = x.shape[1]
    squares = np.einsum("ti,tj->tij", x, x).reshape(len(x), -1)
    level = y.sum(axis=1, keepdims=True) / np.maximum(exposure.sum(axis=1, keepdims=True), 1e-300)
    mean = (y + level * exposure) / 2
    beta, settled = np.zeros((len(y), n_columns)), np.zeros(len(y), dtype=bool)
    going = np.arange(len(y))
    for _ in range(MOST_STEPS):
        eta = np.log(np.maximum(mean[going], 1e-300) / np.where(exposure > 0, exposure, 1.0)[going])
        pull = (mean[going] * (eta - 1) + y[going]) @ x
        new = (_inverse(_matrices(mean[going], squares)) @ pull[:, :, None])[:, :, 0]
        gap = np.abs(new - beta[going]).max(axis=1)
        beta[going], settled[going] = new, gap < SETTLED
        mean[going] = np.exp(np.clip(new @ x.T, -MOST_LOG, MOST_LOG)) * exposure[going]
        going = going[(gap >= SETTLED) & np.isfinite(gap)]
        if not len(going):
            break
    bread = _inverse(_matrices(mean, squares))
    score = y - mean
    meat = _matrices(score**2, squares)
    for lag in range(1, min(max_lag, len(x) - 1) + 1):
        cross = np.einsum("ti,tj->tij", x[lag:], x[:-lag]).reshape(len(x) - lag, -1)
        part = _matrices(score[:, lag:] * score[:, :-lag], cross)
        meat += (1 - lag / (max_lag + 1)) * (part + part.transpose(0, 2, 1))
    pearson = np.divide(score**2, mean, out=np.zeros_like(mean), where=mean > 0).sum(axis=1)
    phi = np.maximum(1.0, pearson / np.maximum((exposure > 0).sum(axis=1) - n_columns, 1))
    settled &= np.isfinite(bread).all(axis=(1, 2))
    return Fits(beta, bread @ meat @ bread, phi[:, None, None] * bread, settled)


def _matrices(weights: Floats, products: Floats) -> Floats:
    """Weighted sums of products of columns over the days, as one matrix a fit."""
    size = round(products.shape[1] ** 0.5)
    return np.asarray((weights @ products).reshape(-1, size, size), dtype=np.float64)


def _inverse(matrices: Floats) -> Floats:
    """Inverses; nan where a column has nothing to be told from."""
    finite = np.flatnonzero(np.isfinite(matrices).all(axis=(1, 2)))
    usable = finite[np.linalg.cond(matrices[finite]) < 1 / (8 * np.finfo(float).eps)]
    result = np.full_like(matrices, np.nan)
    result[usable] = np.linalg.inv(matrices[usable])
    return result


# --- one window ---------------------------------------------------------------------------------


@remembered
def estimate_trend(
    counts: Floats,
    exposure: Floats | None,
    start: int,
    length: int,
    before: int,
    eligible: Flags,
) -> Trend | None:
    """Jump and bend at ``start`` (index): ``length`` days from there against ``before`` days.

    ``counts`` and ``exposure`` by day (shape ``(n,)``); a count that is nan and a day without
    exposure are unknown and left out.  ``eligible``: days at which a placebo window may start.

    None where a regression has no answer: days outside the series, too few known ones, too few
    placebo windows, or no count at all on one side (the log of nothing).  Do NOT take that for
    "no change"; for a window without any count ask for a ratio of rates instead.  Placebo windows
    without an answer are left out for the same reason: they would have told nothing.
    """
    days = before + length
    if length < 1 or before < 1 or start < before or start + length > len(counts):
        return None
    y, e = _clean(counts, exposure)
    rows, watched = sliding_window_view(y, days), sliding_window_view(e, days)
    n_before = int((watched[start - before, :before] > 0).sum())
    n_window = int((watched[start - before, before:] > 0).sum())
    slope = n_window >= t.TREND_SLOPE_D
    starts = np.arange(before, len(counts) - length + 1)
    here = (starts == start) | (eligible[starts] & (np.abs(starts - start) >= days))
    known = (watched[:, :before] > 0).sum(axis=1) >= t.TREND_KNOWN_D
    known &= (watched[:, before:] > 0).sum(axis=1) >= (t.TREND_SLOPE_D if slope else 1)
    known &= (rows[:, :before].sum(axis=1) > 0) & (rows[:, before:].sum(axis=1) > 0)
    if not known[start - before]:
        return None
    chosen = starts[here & known]
    totals = rows[chosen - before].sum(axis=1)
    least = min(float(rows[start - before].sum()), float(np.median(totals)))
    x = design(before, length, slope, weekdays=least >= t.TREND_EVENTS_EACH * (9 + slope))
    fits = fit_poisson(x, rows[chosen - before], watched[chosen - before], t.TREND_LAG_D)
    own = int(np.flatnonzero(chosen == start)[0])
    placebo = fits.settled & (chosen != start)
    if not fits.settled[own] or placebo.sum() < t.TREND_MIN_PLACEBO:
        return None
    columns = (STEP, SLOPE) if slope else (STEP,)
    reach = max(_reach(np.abs(fits.strengths(column)[placebo])) for column in columns)
    bands = [_band(fits, own, column, reach) for column in columns]
    return Trend(n_before, n_window, bands[0], bands[1] if slope else None, reach / t.NORMAL_95)


def _clean(counts: Floats, exposure: Floats | None) -> tuple[Floats, Floats]:
    watched = np.ones(len(counts)) if exposure is None else np.nan_to_num(exposure)
    known = ~np.isnan(counts) & (watched > 0)
    return np.where(known, counts, 0.0), np.where(known, watched, 0.0)


def _reach(strengths: Floats) -> float:
    """How many standard errors hold "no change" in 95 % of placebo windows, never below normal.

    The rank is that of split conformal prediction, which counts the window in question among
    them (Lei and others, Journal of the American Statistical Association 113, 2018).
    """
    rank = int(np.ceil(t.INTERVAL_MASS * (len(strengths) + 1)))
    return max(t.NORMAL_95, float(np.sort(strengths)[min(rank, len(strengths)) - 1]))


def _band(fits: Fits, own: int, column: int, reach: float) -> Band:
    value, half = fits.beta[own, column], reach * fits.errors(column)[own]
    middle, low, high = np.exp(np.clip([value, value - half, value + half], -600, 600))
    return Band(float(middle), float(low), float(high))


# --- sentences ----------------------------------------------------------------------------------


def tell_trend(trend: Trend, unit: str, title: str) -> tuple[Said, ...]:
    """Jump and bend with their intervals, and how far these were widened."""
    shared = {"title": title, "unit": unit, "mass": t.INTERVAL_MASS}
    level = _numbers(trend.level) | shared
    if _holds_none(trend.level):
        jump = said(
            "{title:told}: no jump is told at the start of the window: {unit:unit} a day by what "
            "the trend before leads to expect there, ratio {ratio:number} ({mass:share} interval: "
            "{low:number} to {high:number}).",
            **level,
        )
    else:
        jump = said(
            "{title:told}: a jump at the start of the window: {unit:unit} a day by what the trend "
            "before leads to expect there, ratio {ratio:number} ({mass:share} interval: "
            "{low:number} to {high:number}).",
            **level,
        )
    return (jump, _tell_slope(trend.slope), _tell_widening(trend))


def _tell_slope(slope: Band | None) -> Said:
    if slope is None:
        return said(
            "Fewer than {least} known days in the window: no trend within it is told.",
            least=t.TREND_SLOPE_D,
        )
    values = _numbers(slope) | {"days": t.TREND_SLOPE_PER_D, "mass": t.INTERVAL_MASS}
    if _holds_none(slope):
        return said(
            "No change of the trend is told: against the trend before, the window gains a factor "
            "of {ratio:number} in {days} days ({mass:share} interval: {low:number} to "
            "{high:number}).",
            **values,
        )
    return said(
        "The trend changed: against the trend before, the window gains a factor of "
        "{ratio:number} in {days} days ({mass:share} interval: {low:number} to {high:number}).",
        **values,
    )


def _tell_widening(trend: Trend) -> Said:
    return said(
        "From {before} known days before and {window} in the window. Intervals are {widen:number} "
        "times as wide as theory has them: so {mass:share} of windows without a listed truce hold "
        '"no change".',
        before=trend.n_before,
        window=trend.n_window,
        widen=trend.widen,
        mass=t.INTERVAL_MASS,
    )


def _numbers(band: Band) -> dict[str, object]:
    return {"ratio": band.value, "low": band.low, "high": band.high}


def _holds_none(band: Band) -> bool:
    return band.low <= 1 <= band.high
