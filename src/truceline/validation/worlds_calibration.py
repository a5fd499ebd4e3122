"""Shares with intervals, and whether stated odds are those that turn out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from truceline.validation.logistic import fit_logistic

Numbers = NDArray[np.float64]

Z95 = 1.959964
BINS = (0.0, 0.05, 0.2, 0.45, 0.55, 0.8, 0.95, 1.0)
"""Edges of the bins of stated probabilities: the bands of the published scale of words."""


@dataclass(frozen=True)
class Share:
    """``k`` of ``n`` with the Wilson interval of 95 %; without any, all of it from 0 to 1.

    >>> Share.of("none of a hundred", 0, 100)
    Share(name='none of a hundred', k=0, n=100, share=0.0, low=0.0, high=0.037)
    """

    name: str
    k: int
    n: int
    share: float | None
    low: float
    high: float

    @classmethod
    def of(cls, name: str, k: int, n: int) -> Share:
        """From counts."""
        if n == 0:
            return cls(name, 0, 0, None, 0.0, 1.0)
        p, z2 = k / n, Z95**2
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = Z95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        low, high = max(0.0, middle - half), min(1.0, middle + half)
        return cls(name, k, n, round(p, 4), round(low, 4), round(high, 4))


@dataclass(frozen=True)
class Bin:
    """Stated probabilities between two edges: how many, their mean, and how many were true."""

    low: float
    high: float
    n: int
    mean_stated: float | None
    n_true: int


@dataclass(frozen=True)
class Calibration:
    """Logistic regression of truth on the stated log odds, with its intercept left free.

    A slope of 1 says that evidence is worth what is stated; below 1 it is overstated.  The
    interval (95 %) is that of a bootstrap over worlds.
    """

    name: str
    n_worlds: int
    n: int
    slope: float
    slope_low: float
    slope_high: float
    intercept: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class LineSlope:
    """What one kind of line is worth against what is stated of it: 1 where it is just that.

    From one regression on the log ratios of all kinds at once; ``n`` incidents have such a line.
    """

    name: str
    n: int
    slope: float
    slope_low: float
    slope_high: float


def _resampled(
    log_odds: Numbers, true: Numbers, worlds: Sequence[int], n_draws: int, seed: int
) -> Numbers:
    """Fits to worlds drawn anew, one row each."""
    names, cluster = np.unique(np.asarray(worlds), return_inverse=True)
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(n_draws):
        times = np.bincount(random.integers(len(names), size=len(names)), minlength=len(names))
        drawn.append(fit_logistic(log_odds, true, times[cluster].astype(np.float64)))
    return np.array(drawn)


def calibrate(
    name: str,
    worlds: Sequence[int],
    log_lr: Sequence[float],
    true: Sequence[bool],
    n_draws: int = 400,
    seed: int = 1,
) -> Calibration:
    """Calibration of ratios as they are stated at even prior odds; ``worlds`` are the clusters."""
    x, y = np.asarray(log_lr, dtype=np.float64), np.asarray(true, dtype=np.float64)
    intercept, slope = fit_logistic(x, y, np.ones(len(x)))
    low, high = np.quantile(_resampled(x, y, worlds, n_draws, seed)[:, 1], [0.025, 0.975])
    return Calibration(
        name,
        len(set(worlds)),
        len(x),
        round(slope, 3),
        round(float(low), 3),
        round(float(high), 3),
        round(intercept, 3),
        _bins(x, y),
    )


def slopes_by_line(
    worlds: Sequence[int],
    parts: Sequence[Mapping[str, float]],
    true: Sequence[bool],
    n_draws: int = 200,
    seed: int = 2,
) -> tuple[LineSlope, ...]:
    """Slopes of all kinds of lines at once; ``parts`` has the log ratio of each by its name."""
    names = sorted({name for part in parts for name in part})
    x = np.array([[part.get(name, 0.0) for name in names] for part in parts], dtype=np.float64)
    y = np.asarray(true, dtype=np.float64)
    slopes = fit_logistic(x, y, np.ones(len(y)))[1:]
    low, high = np.quantile(_resampled(x, y, worlds, n_draws, seed)[:, 1:], [0.025, 0.975], axis=0)
    return tuple(
        LineSlope(
            name,
            sum(name in part for part in parts),
            round(slopes[i], 3),
            round(float(low[i]), 3),
            round(float(high[i]), 3),
        )
        for i, name in enumerate(names)
    )


def _bins(log_odds: Numbers, true: Numbers) -> tuple[Bin, ...]:
    stated = 1 / (1 + np.exp(-log_odds))
    found = []
    for low, high in pairwise(BINS):
        last = high == BINS[-1]
        inside = (stated >= low) & ((stated < high) | (last & (stated <= high)))
        n = int(inside.sum())
        mean = round(float(stated[inside].mean()), 4) if n else None
        found.append(Bin(low, high, n, mean, int(true[inside].sum())))
    return tuple(found)
