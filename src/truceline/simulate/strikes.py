"""What happens in a world, what is made up, and the fires of what happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from truceline.simulate.land import Site
from truceline.simulate.orders import FIRST, SECOND, Habits, Order, Seeks
from truceline.simulate.pixels import JITTER_MIN, Pixel, heat_point, pixel
from truceline.simulate.rates import Showing
from truceline.simulate.sky import (
    ALL_PASSES,
    N_DAYS,
    PAST_DAYS,
    TRUCE_DAYS,
    Shares,
    Sky,
    instant,
)

SPACING_DAYS = 4
"""Two stories at one object lie at least so many days apart: they stay two incidents."""

P_BURNS_ON = 0.35
"""Probability that a fire that shows is still there on the next day, day by day."""

P_EACH_PASS = 0.8
NIGHT_SHARE = 0.6


class Story(StrEnum):
    """What stands behind an accusation."""

    STRIKE = "strike"
    OWN_FIRE = "own_fire"
    INVENTED = "invented"
    EXAGGERATED = "exaggerated"
    """An attack that was shot down, told as a hit."""


@dataclass(frozen=True)
class Happening:
    """One strike, or one story of a strike; roles are numbers of `orders`.

    ``actor`` did it, if anyone did; ``accused`` is who is said to have; ``claimed`` is false
    for what nobody tells.  ``act`` is what accounts say, ``shared`` a false story that reaches
    several outlets.
    """

    number: int
    story: Story
    site: Site
    day: int
    minute: int
    actor: int | None
    accused: int
    act: str
    claimed: bool
    shared: bool

    @property
    def happened(self) -> bool:
        """Whether what accounts tell did happen, whoever did it."""
        return self.story in (Story.STRIKE, Story.OWN_FIRE)

    @property
    def at(self) -> datetime:
        """Instant, or the instant that is made up (UTC)."""
        return instant(self.day, self.minute)


def make_happenings(order: Order, sky: Sky, sites: Sequence[Site]) -> tuple[Happening, ...]:
    """Strikes of both sides and false stories about both, in order of their numbers."""
    random, habits = order.stream("happenings"), order.habits
    p_true = habits.p_true or (float(random.uniform(*habits.p_true_range)),) * 2
    taken: dict[int, list[int]] = {site.number: [] for site in sites}
    found: list[Happening] = []
    for _ in range(int(random.integers(*habits.n_stories, endpoint=True))):
        accuser = int(random.integers(2))
        made = _happening(len(found), accuser, p_true[accuser], habits, sky, sites, taken, random)
        if made is not None:
            found.append(made)
    return tuple(found)


def _happening(
    number: int,
    accuser: int,
    p_true: float,
    habits: Habits,
    sky: Sky,
    sites: Sequence[Site],
    taken: Mapping[int, list[int]],
    random: np.random.Generator,
) -> Happening | None:
    """One more happening on the ground of the accuser; None where all objects are taken.

    What nobody tells comes on top: the share of true accusations stays what it is.
    """
    dice = random.random(6)
    unclaimed = bool(dice[0] < habits.unclaimed_share)
    true = unclaimed or bool(dice[1] < p_true)
    days = _days(habits, sky, accuser) if true else _uniform()
    day = PAST_DAYS - 1 + int(random.choice(len(days), p=days))
    own = [site for site in sites if site.side == accuser]
    free = [s for s in own if all(abs(day - other) >= SPACING_DAYS for other in taken[s.number])]
    site = free[int(random.integers(len(free)))] if free else None
    minute = _minute(random)
    if site is None:
        return None
    taken[site.number].append(day)
    accused = SECOND if accuser == FIRST else FIRST
    story, actor = Story.STRIKE, accused
    if true and dice[2] < habits.own_fire:
        story, actor = Story.OWN_FIRE, accuser
    elif not true:
        story = Story.EXAGGERATED if dice[3] < habits.exaggerated else Story.INVENTED
    act = "attempt_intercepted" if dice[4] < habits.intercepted else "hit"
    shared = not true and bool(dice[5] < habits.shared_false)
    return Happening(
        number,
        story,
        site,
        day,
        minute,
        actor if true else None,
        accused,
        act,
        not unclaimed,
        shared,
    )


def _uniform() -> Shares:
    """Every day alike, from the day before the truce to the day after it."""
    return np.full(TRUCE_DAYS + 2, 1 / (TRUCE_DAYS + 2))


def _days(habits: Habits, sky: Sky, side: int) -> Shares:
    """Probabilities of the days on which those who strike do so."""
    span = slice(PAST_DAYS - 1, PAST_DAYS + TRUCE_DAYS + 1)
    if habits.seeks is Seeks.CLOUD:
        rows = [i for i, region in enumerate(sky.regions) if region.side == side]
        weight = sky.cloud[rows, span].mean(axis=0) ** 3 + 0.01
    elif habits.seeks is Seeks.GAP:
        weight = np.where(sky.held[span], 1.0, 6.0)
    else:
        return _uniform()
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def _minute(random: np.random.Generator) -> int:
    """Minute of the UTC day: three in five in the dark, in steps of ten minutes."""
    night = random.random() < NIGHT_SHARE
    hour = random.uniform(20, 30) if night else random.uniform(6, 20)
    return int(hour % 24 * 6) * 10


# --- fires --------------------------------------------------------------------------------------


def fires(
    order: Order, sky: Sky, happenings: Sequence[Happening], showing: Mapping[str, Showing]
) -> Iterator[Pixel]:
    """Pixels of what was struck: seen only by clear passes after it, on its date or later."""
    for made in happenings:
        random = order.stream(f"fire {made.number}")
        dice = random.random()
        rate = showing[made.site.object_class]
        if made.happened and made.act == "hit" and dice < rate.p_any:
            yield from _fire(sky, made, dice >= rate.p_near, random)


def _fire(sky: Sky, made: Happening, far: bool, random: np.random.Generator) -> Iterator[Pixel]:
    spot = heat_point(made.site, far, random.random(2))
    seen = False
    for day in range(made.day, min(made.day + 7, N_DAYS)):
        if day > made.day + 1 and random.random() >= P_BURNS_ON:
            return
        n = len(ALL_PASSES)
        dice, jitters, powers = (
            random.random(n),
            random.uniform(-JITTER_MIN, JITTER_MIN, n),
            random.gamma(3, 8, n),
        )
        for which in sky.passes:
            after = day > made.day or ALL_PASSES[which][1] + jitters[which] > made.minute
            clear = sky.clear[made.site.number, day, which]
            if after and clear and (not seen or dice[which] < P_EACH_PASS):
                seen = True
                yield pixel(day, which, jitters[which], spot, powers[which])
