"""What a window would have held without a truce, learnt from windows without one.

The same comparison (a window of the same length against a baseline at the same distance) is
made at every place of a series where no truce is listed.  Its counts are fitted by a
gamma-Poisson law: ``y ~ NB(mean = m E, shape = a)``, where ``E`` is what the baseline leads to
expect.  The shape holds everything that makes war series wander: overdispersion, drift, season.
(A shape that grows with the level fits better and was tried: its intervals hold no better and
are wider where levels are low.)
As no law fits the tails of every war, the level of an interval is then set by the placebo
windows themselves: ``tail`` is the two-sided probability below which 5 % of them lie, each judged
by a fit without its neighbours (split conformal prediction; Vovk, Gammerman and Shafer,
*Algorithmic Learning in a Random World*, 2005; Barber and others, Annals of Statistics 49, 2021).
Two-sided probabilities are those of Blaker (Canadian Journal of Statistics 28, 2000) with the
observed value counted half, so that counts near zero, which have no lower tail, are not
over-covered.  Everything here is arrays in, numbers out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize
from scipy.special import digamma, gammaln
from scipy.stats import nbinom

from truceline import thresholds as t
from truceline.assess.effective import disjoint, n_disjoint, n_effective
from truceline.assess.remember import remembered
from truceline.domain.rates import Band

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]

LOG_SHAPE = 12.0
"""Log of the shape beyond which a gamma-Poisson law is a Poisson law for any count met here."""

WEEK_D = 7

COUNTS = 4_000
"""Counts that are looked at when a band is searched; of larger ones every so many."""

STEP, STEPS, CHUNK = 1.05, 288, 36
"""Factor between two ratios that are tried, how many at most (a factor of a million), and how many
at a time."""


# --- the law ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Law:
    """``y ~ NB(mean = factor E, shape)``: what counts do around what a baseline leads to expect."""

    factor: float
    shape: float

    def mean(self, expected: Floats | float) -> Floats:
        """Expected count without a truce."""
        return np.asarray(self.factor * np.asarray(expected, dtype=float))

    def variance(self, expected: float) -> float:
        """Variance of the count."""
        mean = float(self.mean(expected))
        return mean + mean**2 / self.shape


def fit_law(expected: Floats, counts: Floats) -> Law:
    """Maximum likelihood over windows (arrays of equal length, expected above 0)."""

    def loss(logs: Floats) -> tuple[float, Floats]:
        """Mean negative log-likelihood and its slope."""
        factor, shape = np.exp(np.clip(logs, -LOG_SHAPE, LOG_SHAPE))
        mean = factor * expected
        both = shape + mean
        terms = (
            gammaln(counts + shape)
            - gammaln(shape)
            + shape * np.log(shape / both)
            + counts * np.log(mean / both)
        )
        by_factor = counts - (counts + shape) * mean / both
        by_shape = digamma(counts + shape) - digamma(shape) + np.log(shape / both) + 1
        by_shape = shape * (by_shape - (shape + counts) / both)
        return float(-terms.mean()), -np.array([by_factor.mean(), by_shape.mean()])

    start = np.array([np.log(max(counts.sum(), 0.5) / expected.sum()), 1.0])
    found = minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-6}).x
    factor, shape = np.exp(np.clip(found, -LOG_SHAPE, LOG_SHAPE))
    return Law(float(factor), float(shape))


def two_sided_p(counts: Floats | float, mean: Floats | float, shape: Floats | float) -> Floats:
    """How unusual counts are, both ways: Blaker's acceptance with the observed value counted half.

    >>> p = two_sided_p(np.array([0.0, 10.0, 40.0]), 10.0, 4.0)
    >>> [round(float(x), 3) for x in p]
    [0.006, 0.859, 0.0]
    """
    y, mu, a = np.broadcast_arrays(*(np.asarray(x, float) for x in (counts, mean, shape)))
    share = a / (a + mu)

    def below(k: Floats) -> Floats:
        mid = nbinom.cdf(k, a, share) - 0.5 * nbinom.pmf(k, a, share)
        return np.where(k < 0, 0.0, mid)

    def above(k: Floats) -> Floats:
        return np.asarray(nbinom.sf(k, a, share) + 0.5 * nbinom.pmf(k, a, share))

    low, high = below(y), above(y)
    tail = np.minimum(low, high)
    up = nbinom.ppf(np.clip(1 - tail, 0.0, 1.0 - 1e-15), a, share)
    up = np.where(above(up) <= tail, up, up + 1)
    up = np.where((up > 0) & (above(up - 1) <= tail), up - 1, up)
    down = nbinom.ppf(tail, a, share)
    down = np.where(below(down) <= tail, down, down - 1)
    down = np.where(below(down + 1) <= tail, down + 1, down)
    other = np.where(low <= high, above(up), below(down))
    return np.asarray(np.minimum(1.0, tail + other))


# --- windows ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shape:
    """Geometry of a comparison: a window of ``length`` days, and a baseline of ``base_length`` days
    that starts ``offset`` days after the window does (negative: before).
    """

    length: int
    offset: int
    base_length: int

    @property
    def near(self) -> int:
        """Windows that begin fewer days apart than this are neighbours."""
        return self.length + self.base_length

    @property
    def reach(self) -> tuple[int, int]:
        """First day of window and baseline together, and the day after their last (days)."""
        ends = (0, self.length, self.offset, self.offset + self.base_length)
        return min(ends), max(ends)


@dataclass(frozen=True)
class Days:
    """A series as arrays: count per day (0 where unknown) and exposure (0 where unknown, day).

    ``listed``: days of listed truces and events; ``breaks``: places from which the source counts
    otherwise.
    """

    counts: Floats
    exposure: Floats
    listed: Flags
    breaks: tuple[int, ...] = ()

    @property
    def known(self) -> Flags:
        """Days that say something."""
        return self.exposure > 0


@dataclass(frozen=True)
class Windows:
    """Every place where a comparison can be made: starts, counts, what was to be expected."""

    starts: Ints
    counts: Floats
    expected: Floats
    base_counts: Floats
    base_exposure: Floats
    exposure: Floats

    def only(self, chosen: Flags) -> Windows:
        """Some of them."""
        return Windows(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def by_weekday(self, week: Floats) -> Windows:
        """The same with what is to be expected on the weekday on which each begins."""
        return replace(self, expected=self.expected * week[self.starts % WEEK_D])


def compare(days: Days, shape: Shape, starts: Ints) -> Windows:
    """Counts in windows and what their baselines lead to expect; places outside are left out.

    The baseline has half an event added, so that a quiet one does not expect exactly nothing.
    """
    n = len(days.counts)
    low, high = shape.reach
    starts = starts[(starts + low >= 0) & (starts + high <= n)]
    base = starts + shape.offset
    counts = _sums(days.counts, starts, shape.length)
    exposure = _sums(days.exposure, starts, shape.length)
    base_counts = _sums(days.counts, base, shape.base_length)
    base_exposure = _sums(days.exposure, base, shape.base_length)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = (base_counts + 0.5) / base_exposure * exposure
    return Windows(starts, counts, expected, base_counts, base_exposure, exposure)


def placebo_starts(days: Days, shape: Shape) -> Ints:
    """Starts of windows that touch no listed truce, with no break between window and baseline.

    Enough days of both are known; a baseline may hold a listed truce: it is whatever went before.
    """
    n = len(days.counts)
    low, high = shape.reach
    starts = np.arange(max(0, -low), n - high + 1, dtype=np.int64)
    if not len(starts):
        return starts
    listed = _sums(days.listed.astype(float), starts, shape.length) > 0
    known = days.known.astype(float)
    here = _sums(known, starts, shape.length) / shape.length
    base = _sums(known, starts + shape.offset, shape.base_length) / shape.base_length
    fits = ~listed & (here >= t.RATES_KNOWN_SHARE) & (base >= t.RATES_KNOWN_SHARE)
    for place in days.breaks:
        fits &= (starts + high <= place) | (starts + low >= place)
    return starts[fits]


def _sums(values: Floats, starts: Ints, length: int) -> Floats:
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(total[starts + length] - total[starts])


# --- calibration --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Calibration:
    """Law and tail of a comparison, with the placebo windows they come from.

    ``week``: factor of each weekday for what is to be expected, all 1 for windows of a week or
    more; ``windows`` have it in them.

    ``held``: for each placebo window of ``length`` days whether its interval, worked out without
    its neighbours, held "no change".
    """

    law: Law
    tail: float
    length: int
    week: Floats
    windows: Windows
    held: Flags
    n_windows: int
    n_effective: float

    @property
    def apart(self) -> Floats:
        """Ratios of windows that do not overlap: how such ratios come out with no truce."""
        chosen = disjoint(self.windows.starts, self.length)
        return np.asarray(
            self.windows.counts[chosen] / self.law.mean(self.windows.expected[chosen])
        )


@remembered
def calibrate(days: Days, shape: Shape, around: int | None) -> Calibration | None:
    """Law and tail from all placebo windows but the neighbours of the window ``around``.

    Left out are windows near it, and those whose baseline reaches into it.  What is to be expected
    in a window shorter than a week depends on its weekday.
    None where fewer than the stated number of windows fit beside each other.
    """
    starts = placebo_starts(days, shape)
    if around is not None:
        starts = starts[_apart(starts, around, shape)]
    n = n_disjoint(starts, shape.length)
    if n < t.RATES_MIN_WINDOWS:
        return None
    windows = compare(days, shape, starts)
    if windows.counts.sum() < t.RATES_MIN_EVENTS:
        return None
    p = _cross_fitted(windows, shape)
    held = p > _cross_tails(p, windows, shape)
    week = week_of(windows, shape)
    windows = windows.by_weekday(week)
    law = fit_law(windows.expected, windows.counts)
    n_worth = n_effective(held, starts, n)
    return Calibration(law, tail_of(p, n), shape.length, week, windows, held, n, n_worth)


def week_of(windows: Windows, shape: Shape) -> Floats:
    """Factor of each weekday, from day 0 of the series on, for windows shorter than a week.

    Counts by expectation of all windows that begin on the weekday, by those of all; half an
    event is added to both, so that a weekday of few windows stays near 1.
    """
    if shape.length >= WEEK_D:
        return np.ones(WEEK_D)
    day = windows.starts % WEEK_D
    counts = np.bincount(day, windows.counts, WEEK_D)
    expected = np.bincount(day, windows.expected, WEEK_D)
    whole = (counts.sum() + 0.5) / (expected.sum() + 0.5)
    return np.asarray((counts + 0.5) / (expected * whole + 0.5))


def _apart(starts: Ints, around: int, shape: Shape) -> Flags:
    """Windows that are no neighbours of one, and whose baseline does not reach into it."""
    base = starts + shape.offset
    into = (base < around + shape.length) & (base + shape.base_length > around)
    return np.asarray((np.abs(starts - around) >= shape.near) & ~into)


def _folds(windows: Windows, shape: Shape) -> list[tuple[Flags, Flags]]:
    """Stretches of windows, each with all windows that are no neighbours of it."""
    starts, span = windows.starts, shape.near
    edges = np.linspace(starts[0], starts[-1] + 1, t.RATES_FOLDS + 1).astype(np.int64)
    folds = []
    for first, end in pairwise(edges):
        test = (starts >= first) & (starts < end)
        train = (starts < first - span) | (starts >= end + span)
        if test.any():
            folds.append((test, train if train.any() else ~test))
    return folds


def _cross_fitted(windows: Windows, shape: Shape) -> Floats:
    p = np.ones(len(windows.starts))
    for test, train in _folds(windows, shape):
        others = windows.only(train if train.any() else np.ones_like(train))
        week = week_of(others, shape)
        others, these = others.by_weekday(week), windows.only(test).by_weekday(week)
        law = fit_law(others.expected, others.counts)
        p[test] = two_sided_p(these.counts, law.mean(these.expected), law.shape)
    return p


def tail_of(p: Floats, n: int) -> float:
    """Probability below which 5 % of the next window lie, from those of windows worth ``n``.

    The quantile of few windows is set so that a further one misses as often as it should: the
    finite-sample level of conformal prediction, for a quantile between two values.

    >>> p = np.linspace(0, 1, 101)
    >>> round(tail_of(p, 20), 3), round(tail_of(p, 10_000), 3)
    (0.003, 0.05)
    """
    miss = 1 - t.INTERVAL_MASS
    return float(np.quantile(p, max(0.0, (miss * (n + 1) - 1) / (n - 1)) if n > 1 else 0.0))


def _cross_tails(p: Floats, windows: Windows, shape: Shape) -> Floats:
    tails = np.full(len(p), 1 - t.INTERVAL_MASS)
    for test, train in _folds(windows, shape):
        if train.any():
            n = n_disjoint(windows.starts[train], shape.length)
            tails[test] = tail_of(p[train], n)
    return tails


# --- intervals, bands, power --------------------------------------------------------------------


def ratio_band(count: float, expected: float, law: Law, tail: float) -> Band:
    """Ratio of the count to what was to be expected, with all ratios that the tail allows.

    The upper end is infinite where counts scatter so much that no ratio can be excluded.

    >>> band = ratio_band(0, 14.0, Law(1.0, 4.3), 0.05)
    >>> band.value, band.low, 0.2 < band.high < 0.4
    (0.0, 0.0, True)
    """
    mean = float(law.mean(expected))
    value = count / mean
    start = max(value, 0.1 / mean)

    def p(ratios: Floats) -> Floats:
        return two_sided_p(count, ratios * mean, law.shape)

    low = 0.0 if count == 0 else _end(p, start, 1 / STEP, tail)
    return Band(value, min(low, value), max(_end(p, start, STEP, tail), value))


def _end(p: Callable[[Floats], Floats], start: float, step: float, tail: float) -> float:
    """Outermost ratio that the tail allows, outwards from ``start`` by factors of ``step``."""
    last, allowed = start, float(p(np.array([start]))[0])
    for first in range(0, STEPS, CHUNK):
        ratios = start * step ** np.arange(first + 1, first + CHUNK + 1, dtype=np.float64)
        values = p(ratios)
        inside = np.flatnonzero(values > tail)
        if len(inside):
            last, allowed = float(ratios[inside[-1]]), float(values[inside[-1]])
        if values[-1] < tail / 2:
            after = float(p(np.array([last * step]))[0])
            weight = np.clip((allowed - tail) / max(allowed - after, 1e-12), 0.0, 1.0)
            return float(last * step**weight)
    return float("inf") if step > 1 else 0.0


def count_band(expected: float, law: Law, tail: float) -> Band:
    """Counts to be expected without a truce: all that the tail allows."""
    mean, shape = float(law.mean(expected)), law.shape
    top = int(nbinom.ppf(1 - tail / 10, shape, shape / (shape + mean))) + 2
    step = max(1, top // COUNTS)  # of very large counts not every one is looked at
    k = np.arange(0, top + step, step, dtype=float)
    inside = np.flatnonzero(two_sided_p(k, mean, shape) > tail)
    return (
        Band(mean, float(k[inside[0]]), float(k[inside[-1]]))
        if len(inside)
        else Band(mean, mean, mean)
    )


def power_of_fall(ratio: float, mean: float, shape: float, low: float) -> float:
    """Chance that a fall to ``ratio`` leaves a count below ``low``, the end of the band."""
    if low <= 0:
        return 0.0
    if ratio * mean <= 0:
        return 1.0
    return float(nbinom.cdf(low - 1, shape, shape / (shape + ratio * mean)))


def detectable_fall(mean: float, shape: float, low: float) -> float | None:
    """The smallest fall that is found with the stated power, as a ratio; None: not even a stop."""
    if low <= 0:
        return None

    def short(ratio: float) -> float:
        return power_of_fall(ratio, mean, shape, low) - t.RATES_POWER

    return float(brentq(short, 1e-9, 1.0)) if short(1.0) < 0 else 1.0
