"""What windows are worth: those beside each other, independent ones, and shares of them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from truceline import thresholds as t
from truceline.domain.rates import Band

Flags: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]


def disjoint(starts: Ints, length: int) -> list[int]:
    """Places in ``starts`` of windows that fit beside each other without overlap.

    >>> disjoint(np.array([0, 1, 2, 5, 6, 9]), 3)
    [0, 3, 5]
    """
    found: list[int] = []
    free = -1
    for i, start in enumerate(starts):
        if start >= free:
            found.append(i)
            free = int(start) + length
    return found


def n_disjoint(starts: Ints, length: int) -> int:
    """How many windows fit beside each other without overlap."""
    return len(disjoint(starts, length))


def n_effective(held: Flags, starts: Ints, n_windows: int) -> float:
    """Number of independent windows that tell as much about the coverage as these do.

    Windows overlap, and intervals that miss come in spells: the variance of their share is that
    of ``n / (1 + 2 sum of autocorrelations)`` windows (the initial positive sequence of Geyer,
    Statistical Science 7, 1992), and never more than fit beside each other.
    """
    values = held - held.mean()
    variance = float((values**2).mean())
    if variance == 0:
        return float(n_windows)
    place = {int(start): value for start, value in zip(starts, values, strict=True)}
    row = np.array([place.get(day, np.nan) for day in range(int(starts[0]), int(starts[-1]) + 1)])
    total = 0.0
    for lag in range(1, max(2, len(row) // 3)):
        product = row[lag:] * row[:-lag]
        if np.isnan(product).all():  # windows of one weekday have no neighbours on the others
            continue
        rho = float(np.nanmean(product)) / variance
        if rho <= t.RATES_RHO_END:
            break
        total += rho
    return min(float(n_windows), len(held) / (1 + 2 * total))


def wilson(share: float, n: float) -> Band:
    """Wilson's interval of a share of ``n`` trials, which need not be a whole number.

    >>> band = wilson(0.95, 100)
    >>> round(band.low, 3), round(band.high, 3)
    (0.888, 0.978)
    """
    z2 = t.NORMAL_95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = t.NORMAL_95 / (1 + z2 / n) * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Band(share, max(0.0, float(middle - half)), min(1.0, float(middle + half)))
