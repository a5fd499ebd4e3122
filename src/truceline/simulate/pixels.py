"""Fire pixels of a world: where they lie, and those that no strike has made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from truceline.clock import midnight
from truceline.geo import Point
from truceline.simulate.land import Site, moved
from truceline.simulate.orders import Order
from truceline.simulate.rates import Rates
from truceline.simulate.sky import (
    ALL_PASSES,
    FIRST_DAY,
    N_DAYS,
    PAST_DAYS,
    TWO_SATELLITES,
    Shares,
    Sky,
    day_of_number,
)

NEAR_REACH_KM = 0.9
FAR_FROM_KM, FAR_UNTIL_KM = 3.0, 4.0
"""Heat near an object lies within the first distance.  Other heat lies between the other two, on
the side of the town, so that it is within 5 km of object and town and not within 2 km of the
object, positions rounded to 0.01 degree."""

P_INDUSTRIAL = 0.25
P_BURNING_DAY, P_BURNING_FAR, P_BURNING_NEAR = 0.35, 0.3, 0.1
BURNING_FROM = PAST_DAYS - 20

JITTER_MIN = 15


@dataclass(frozen=True)
class Pixel:
    """A fire pixel: instant (UTC), satellite, position, radiative power (MW)."""

    at: datetime
    satellite: str
    point: Point
    frp_mw: float


def pixel(day: int, which: int, jitter_min: float, point: Point, frp_mw: float) -> Pixel:
    """A pixel of one pass of a day."""
    satellite, minute = ALL_PASSES[which]
    start = midnight(day_of_number(day))
    at = start + timedelta(minutes=int(minute + jitter_min))
    return Pixel(at, satellite, point, round(frp_mw, 1))


def heat_point(site: Site, far: bool, dice: Sequence[float] | Shares) -> Point:
    """A position near a site, or farther off on the side of its town, from two dice (0 to 1)."""
    if far:
        distance = FAR_FROM_KM + dice[0] * (FAR_UNTIL_KM - FAR_FROM_KM)
        return moved(site.point, distance, site.heat_bearing + 0.6 * (dice[1] - 0.5))
    return moved(site.point, dice[0] * NEAR_REACH_KM, dice[1] * 2 * np.pi)


def heat_anyway(order: Order, sky: Sky, sites: Sequence[Site], rates: Rates) -> Iterator[Pixel]:
    """Heat that no strike has made: of each site at its own rate, of industry, of fields.

    Rates of heat anyway are marginal over the cloud of two satellites, as those of strikes are.
    Dice are thrown for every site and day, so that a further satellite sees more of the same.
    """
    for site in sites:
        random = order.stream(f"heat anyway {site.number}")
        rate = rates.heat[site.object_class]
        more = random.gamma(rates.site_steadiness) / rates.site_steadiness
        clear = sky.clear_days(site, TWO_SATELLITES).mean()
        near = min(0.5, rate.p_anyway_near * more)
        ring = min(0.4, (rate.p_anyway_far - rate.p_anyway_near) * more)
        for far, p_window in ((False, near), (True, ring)):
            p_day = (1 - (1 - p_window) ** (1 / rates.window_dates)) / clear
            yield from _on_days(sky, site, far, np.full(N_DAYS, p_day), random)
        if random.random() < order.habits.industrial_share:
            yield from _furnace(sky, site, random)
    if order.habits.burning:
        yield from _fields(order, sky, sites)


def _on_days(
    sky: Sky, site: Site, far: bool, p_by_day: Shares, random: np.random.Generator
) -> Iterator[Pixel]:
    """One pixel for each day on which it burns and some pass sees it."""
    dice = random.random((N_DAYS, 6))
    seen = sky.clear_days(site, sky.passes) & (dice[:, 0] < p_by_day)
    for day in np.flatnonzero(seen):
        yield _of_day(sky, site, int(day), heat_point(site, far, dice[day, 1:3]), dice[day, 3:])


def _of_day(sky: Sky, site: Site, day: int, point: Point, dice: Shares) -> Pixel:
    """A pixel of one of the clear passes of a day."""
    clear = [which for which in sky.passes if sky.clear[site.number, day, which]]
    which = clear[int(dice[0] * len(clear))]
    jitter = (2 * dice[1] - 1) * JITTER_MIN
    return pixel(day, which, jitter, point, 2 + 20 * float(dice[2]))


def _furnace(sky: Sky, site: Site, random: np.random.Generator) -> Iterator[Pixel]:
    """A furnace or flare: heat at one spot the whole year round."""
    spot = moved(site.point, NEAR_REACH_KM / 2, random.uniform(0, 2 * np.pi))
    dice = random.random((N_DAYS, 6))
    seen = sky.clear_days(site, sky.passes) & (dice[:, 0] < P_INDUSTRIAL)
    for day in np.flatnonzero(seen):
        point = moved(spot, 0.3 * dice[day, 1], dice[day, 2] * 2 * np.pi)
        yield _of_day(sky, site, int(day), point, dice[day, 3:])


def _fields(order: Order, sky: Sky, sites: Sequence[Site]) -> Iterator[Pixel]:
    """Fields that burn in whole regions, from shortly before the truce on."""
    random = order.stream("fields")
    burning = random.random((len(sky.regions), N_DAYS)) < P_BURNING_DAY
    burning[:, :BURNING_FROM] = False
    for site in sites:
        own = burning[sky.regions.index(site.region)]
        yield from _on_days(sky, site, False, own * P_BURNING_NEAR, random)
        yield from _on_days(sky, site, True, own * P_BURNING_FAR, random)


def on_record(sky: Sky, pixels: Iterable[Pixel]) -> list[Pixel]:
    """Those of days whose record is whole, in order of time; a gap swallows its day."""
    kept = [p for p in pixels if sky.held[(p.at.date() - FIRST_DAY).days]]
    return sorted(kept, key=lambda p: (p.at, p.satellite, p.point))
