"""Proper scores, calibration and ranking, with intervals from a bootstrap of blocks.

A strike weighs 1 and its controls together 1, so that a score per event is half the score of the
strike and half the mean score of its controls.  All logarithms are natural.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from truceline.validation.labels import SEED, Bools, Floats, Ints, Windows
from truceline.validation.logistic import fit_logistic

MASS = 0.95
REPLICATES = 1000
FALSE_ALARM_RATES = (0.01, 0.05, 0.10)
CURVE = np.linspace(0.0, 1.0, 101)

Interval = tuple[float, float, float]


@dataclass(frozen=True)
class Judged:
    """Outcomes and weights of n windows, with bootstrap weights of their blocks (draws, n)."""

    struck: Bools
    weight: Floats
    block: Ints
    draws: Floats

    @classmethod
    def of(cls, windows: Windows, replicates: int = REPLICATES, seed: int = SEED) -> Judged:
        """Blocks of 0.5 degrees are drawn with replacement."""
        block = np.unique(windows.block, return_inverse=True)[1]
        n = int(block.max()) + 1
        rng = np.random.default_rng(seed)
        draws = rng.multinomial(n, np.full(n, 1 / n), size=replicates).astype(np.float64)
        return cls(windows.struck, windows.weight, np.asarray(block), draws)

    def take(self, keep: Bools) -> Judged:
        """Some of the windows, with the same draws of blocks."""
        return Judged(self.struck[keep], self.weight[keep], self.block[keep], self.draws)

    def mean(self, values: Floats) -> Interval:
        """Weighted mean of a value of each window, with its interval."""
        sums, totals = self._sums(self.weight * values), self._sums(self.weight)
        drawn = (self.draws @ sums) / (self.draws @ totals)
        return around(float(sums.sum() / totals.sum()), drawn)

    def error(self, values: Floats) -> float:
        """Standard error of that mean over blocks."""
        sums, totals = self._sums(self.weight * values), self._sums(self.weight)
        return float(np.std((self.draws @ sums) / (self.draws @ totals)))

    def _sums(self, values: Floats) -> Floats:
        sums = np.bincount(self.block, weights=values, minlength=self.draws.shape[1])
        return np.asarray(sums, dtype=np.float64)

    def each(self, statistic: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
        """A statistic of the weights: its value, and its values over the draws."""
        drawn = [statistic(self.weight * draw[self.block]) for draw in self.draws]
        return statistic(self.weight), np.array(drawn)


def around(middle: float, draws: Floats) -> Interval:
    """A value with the percentile interval of its draws."""
    low, high = np.quantile(draws, [(1 - MASS) / 2, (1 + MASS) / 2])
    return middle, float(low), float(high)


def log_scores(p: Floats, struck: Bools) -> Floats:
    """Log score of each window (nats; 0 is perfect, a coin has -0.693)."""
    return np.where(struck, np.log(p), np.log1p(-p))


def brier_scores(p: Floats, struck: Bools) -> Floats:
    """Squared error of each window (a coin has 0.25)."""
    return np.asarray((p - struck) ** 2)


def calibration(p: Floats, judged: Judged) -> tuple[Interval, Interval]:
    """Slope and intercept of a logistic regression of the outcome on the log odds (ideal 1, 0)."""
    x = logit(p)

    def line(weight: Floats) -> Floats:
        return np.array(fit_logistic(x, judged.struck, weight))

    middle, drawn = judged.each(line)
    return around(float(middle[1]), drawn[:, 1]), around(float(middle[0]), drawn[:, 0])


@dataclass(frozen=True)
class Ranking:
    """How well a score ranks: curves on `CURVE` (middle, low, high), areas, recall.

    ``roc``: recall at each false-alarm rate; ``precision``: precision at each recall, at even
    odds of strikes and controls; ``recall``: at each of `FALSE_ALARM_RATES`.
    """

    roc: Floats
    precision: Floats
    auc: Interval
    average_precision: Interval
    recall: tuple[Interval, ...]


def rank(p: Floats, judged: Judged) -> Ranking:
    """Curves with bands.  Windows of equal score enter together, by straight interpolation.

    Draws without a strike or without a control have no curve and are left out.
    """
    order = np.argsort(-p, kind="stable")
    starts = np.flatnonzero(np.diff(p[order], prepend=np.inf))
    struck = judged.struck[order]

    def curves(weight: Floats) -> Floats:
        w = weight[order]
        hits, alarms = (
            np.concatenate(([0.0], np.cumsum(np.add.reduceat(w * side, starts))))
            for side in (struck, ~struck)
        )
        if hits[-1] == 0 or alarms[-1] == 0:
            return np.full(2 * len(CURVE) + 2 + len(FALSE_ALARM_RATES), np.nan)
        return _curves(hits / hits[-1], alarms / alarms[-1])

    middle, drawn = judged.each(curves)
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    low, high = np.quantile(drawn, [(1 - MASS) / 2, (1 + MASS) / 2], axis=0)
    bands = np.vstack((middle, low, high))
    n, tail = len(CURVE), 2 * len(CURVE)
    triples = [(float(a), float(b), float(c)) for a, b, c in bands[:, tail:].T]
    return Ranking(bands[:, :n], bands[:, n:tail], triples[0], triples[1], tuple(triples[2:]))


def _curves(recall: Floats, alarm_rate: Floats) -> Floats:
    """ROC and precision on `CURVE`, both areas, and recall at fixed false-alarm rates."""
    roc = np.interp(CURVE, alarm_rate, recall)
    alarms = np.interp(CURVE, recall, alarm_rate)
    precision = CURVE / np.maximum(CURVE + alarms, 1e-12)
    precision[0] = precision[1]
    areas = [np.trapezoid(recall, alarm_rate), precision.mean()]
    fixed = np.interp(FALSE_ALARM_RATES, alarm_rate, recall)
    return np.concatenate((roc, precision, areas, fixed))


def reliability(p: Floats, judged: Judged, n_bins: int = 8) -> list[tuple[float, Interval, int]]:
    """Mean forecast, share struck with its interval, and windows, in bins of equal weight."""
    order = np.argsort(p, kind="stable")
    share = np.cumsum(judged.weight[order]) / judged.weight.sum()
    edges = np.unique(p[order][np.searchsorted(share, np.arange(1, n_bins) / n_bins)])
    bins = np.searchsorted(edges, p, side="right")
    found = []
    for each in range(len(edges) + 1):
        inside = judged.take(bins == each)
        if len(inside.weight):
            middle = float(np.average(p[bins == each], weights=inside.weight))
            found.append((middle, inside.mean(inside.struck.astype(float)), len(inside.weight)))
    return found


def cluster_error(values: Floats, weight: Floats, block: Ints) -> float:
    """Standard error of a weighted mean of values that go together within blocks (sandwich)."""
    mean = np.average(values, weights=weight)
    sums = np.bincount(block, weights=weight * (values - mean))
    return float(np.sqrt((sums**2).sum()) / weight.sum())
