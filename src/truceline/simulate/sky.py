"""The sky of a world: cloud in spells, days whose record is held, passes that see the ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from truceline.clock import midnight
from truceline.geo import haversine_km
from truceline.simulate.land import Region, Site, make_regions
from truceline.simulate.orders import Order
from truceline.simulate.rates import Rates

TRUCE_FROM = date(2019, 4, 1)
TRUCE_DAYS = 30
PAST_DAYS = 230
"""Days of record held before the truce: more than the mask of persistent heat asks for."""

AFTER_DAYS = 8
FIRST_DAY = TRUCE_FROM - timedelta(days=PAST_DAYS)
N_DAYS = PAST_DAYS + TRUCE_DAYS + AFTER_DAYS

ALL_PASSES = (
    ("Terra", 42),
    ("Aqua", 222),
    ("Aqua", 400),
    ("Terra", 762),
    ("Aqua", 942),
    ("Terra", 1120),
)
"""Satellites with the minute of the UTC day at which they pass, as their orbits have it at the
longitude of the land; the minute varies by a quarter of an hour."""

TWO_SATELLITES = (0, 1, 3, 4)
THREE_SATELLITES = (0, 1, 2, 3, 4, 5)
"""Numbers of passes.  Pixels of a further satellite are told as those of the first two."""

GAP_SHARE_OF_THREE = 0.25
"""A further satellite fills three of four gaps."""

Flags = NDArray[np.bool_]
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Sky:
    """Arrays by day number from ``FIRST_DAY`` on.

    ``cloud``: share by region; ``held``: whether the record is whole; ``clear``: by site, day and
    pass, whether it sees the ground; ``passes``: numbers of those that are flown.
    """

    regions: tuple[Region, ...]
    cloud: Shares
    held: Flags
    clear: Flags
    passes: tuple[int, ...]

    def clear_days(self, site: Site, passes: Sequence[int]) -> Flags:
        """Days on which one of some passes sees the ground at a site."""
        return np.asarray(self.clear[site.number][:, list(passes)].any(axis=1))


def day_of_number(number: int) -> date:
    """Date of a day number."""
    return FIRST_DAY + timedelta(days=number)


def make_sky(order: Order, sites: Sequence[Site], rates: Rates) -> Sky:
    """Cloud, gaps of the record and clear passes of one world."""
    regions = make_regions()
    cloud = _cloud(order, len(regions), rates.clear_share)
    share = order.habits.gap_share
    share *= GAP_SHARE_OF_THREE if order.plan.third_satellite else 1
    held = order.stream("gaps").random(N_DAYS) >= share
    clear = _clear(order, sites, regions, cloud, rates)
    passes = THREE_SATELLITES if order.plan.third_satellite else TWO_SATELLITES
    return Sky(regions, cloud, held, clear, passes)


def _cloud(order: Order, n_regions: int, clear_share: float) -> Shares:
    """Daily cloud in whole percent: clear and overcast spells of days, shared between regions."""
    random = order.stream("cloud")
    state = random.normal(size=n_regions)
    common = random.normal(size=N_DAYS)
    own = random.normal(size=(N_DAYS, n_regions))
    usual = np.log((1 - clear_share) / clear_share)
    found = np.empty((n_regions, N_DAYS))
    for day in range(N_DAYS):
        state = 0.7 * state + 0.714 * (0.7 * common[day] + 0.714 * own[day])
        found[:, day] = 1 / (1 + np.exp(-1.3 * usual - 1.7 * state))
    return np.round(found, 2)


def _clear(
    order: Order,
    sites: Sequence[Site],
    regions: Sequence[Region],
    cloud: Shares,
    rates: Rates,
) -> Flags:
    """Whether each pass sees the ground: passes remember the sky of the one before for hours.

    The cloud at a site follows that of its weather point the less, the farther off it is.
    """
    random = order.stream("clear")
    near = np.array(
        [
            np.exp(-haversine_km(site.point, site.region.centre) / rates.cloud_reach_km)
            for site in sites
        ]
    )
    rows = [regions.index(site.region) for site in sites]
    share = near[:, None] * (1 - cloud[rows]) + (1 - near[:, None]) * rates.clear_share
    minutes = np.array([minute for _, minute in ALL_PASSES])
    hours = np.diff(minutes, prepend=minutes[-1] - 24 * 60) / 60
    memory = np.exp(-hours / rates.cloud_persistence_h)
    fresh, again = random.random((2, N_DAYS, len(ALL_PASSES), len(sites)))
    dice, found = fresh[0, 0], np.empty((len(sites), N_DAYS, len(ALL_PASSES)), dtype=np.bool_)
    for day in range(N_DAYS):
        for which in range(len(ALL_PASSES)):
            kept = again[day, which] < memory[which]
            dice = np.where(kept, dice, fresh[day, which])
            found[:, day, which] = dice < share[:, day]
    return found


def instant(day: int, minute: float) -> datetime:
    """Instant (UTC) of a minute of a day number, to the whole minute."""
    return midnight(day_of_number(day)) + timedelta(minutes=int(minute))
