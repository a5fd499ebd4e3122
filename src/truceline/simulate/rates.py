"""Rates that a world is made with: plain numbers that the caller hands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

MASS_WIDTH = 3.92
"""Width of a 95 % interval in standard deviations of a normal distribution."""


@dataclass(frozen=True)
class Spread:
    """A probability with its 95 % interval."""

    p: float
    low: float
    high: float

    def draw(self, random: np.random.Generator) -> float:
        """A value from the beta distribution of this mean and about this interval.

        >>> random = np.random.default_rng(1)
        >>> drawn = [Spread(0.5, 0.26, 0.74).draw(random) for _ in range(4000)]
        >>> low, high = np.quantile(drawn, [0.025, 0.975])
        >>> round(float(low), 1), round(float(high), 1)
        (0.3, 0.7)
        """
        sd = max(1e-4, (self.high - self.low) / MASS_WIDTH)
        weight = max(2.0, self.p * (1 - self.p) / sd**2 - 1)
        return float(random.beta(self.p * weight, (1 - self.p) * weight))


@dataclass(frozen=True)
class HeatRate:
    """Heat of one class of objects within 2 km (``near``) and 5 km (``far``), marginal over cloud.

    ``fire``: a strike leaves a fire of its own that shows on the same or the next UTC date;
    ``p_anyway``: heat without a strike in a window of the measurement.  Classes of one ``group``
    share what is drawn for a world.
    """

    group: str
    fire_near: Spread
    fire_far: Spread
    p_anyway_near: float
    p_anyway_far: float


@dataclass(frozen=True)
class Rates:
    """Rates of heat by object class, of the other lines by kind, and the sky that they mean.

    ``lines`` has the probabilities that a line speaks when it happened and when it did not.
    ``clear_look_share`` is the share of measured windows with a clear look: given one, a fire
    shows more often by this factor.  ``site_steadiness`` is the shape of the gamma distribution
    of what single sites have of heat anyway, against their class; ``window_dates`` are the dates
    in a window of the measurement.
    """

    heat: Mapping[str, HeatRate]
    lines: Mapping[str, tuple[float, float]]
    clear_look_share: float = 0.8
    clear_share: float = 0.47
    cloud_persistence_h: float = 18.0
    cloud_reach_km: float = 500.0
    site_steadiness: float = 24.0
    window_dates: int = 2


@dataclass(frozen=True)
class Showing:
    """Probabilities of one world and class, given a clear look: showing near, showing at all."""

    p_near: float
    p_any: float


def draw_showing(
    rates: Rates, detection_factor: float, random: np.random.Generator
) -> dict[str, Showing]:
    """By class: how often strikes show in one world, a draw from what measurement leaves open."""
    drawn: dict[str, Showing] = {}
    for rate in sorted(rates.heat.values(), key=lambda rate: rate.group):
        if rate.group not in drawn:
            any_km = max((rate.fire_far, rate.fire_near), key=lambda spread: spread.p)
            given_look = any_km.draw(random) * detection_factor / rates.clear_look_share
            p_any = min(0.98, given_look)
            drawn[rate.group] = Showing(p_any * rate.fire_near.p / any_km.p, p_any)
    return {name: drawn[rate.group] for name, rate in rates.heat.items()}
