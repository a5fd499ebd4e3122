"""Two sides by the day, with and without answers, and everything that can be taken for one.

Acts happen in a past that is made otherwise than the estimator thinks: answers come after a
number of days that is drawn for each, shocks are bursts, waves or autoregressive, and reports
are late act by act.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WARM_UP_D = 60
"""Days before the first that is handed out (d)."""


@dataclass(frozen=True)
class Kind:
    """What a world of two sides is made with.

    ``rates``: acts per day of A and B.  ``answers``: share of the acts of A that answer B, and
    of B that answer A.  ``momentum``: further acts of a side for each of its own.  ``shock``:
    standard deviation by mean of shared day effects; ``memory``: their autocorrelation from day
    to day; ``burst_d``: instead, length of shared bursts (d).  ``own_shock``: the same for each
    side apart.  ``trend``: factor by which both levels change from first to last day, by side.
    ``wave``: share by which a shared wave of ``wave_d`` days moves both.  ``weekend``: factor on
    two days of seven.  ``late``: chances that a report comes 0, 1, 2 ... days late, by side.
    ``dispersion``: variance by mean.  ``unknown``: share of days without figures.  ``answer_d``:
    mean days to an answer.
    """

    name: str
    rates: tuple[float, float] = (4.0, 4.0)
    answers: tuple[float, float] = (0.0, 0.0)
    momentum: tuple[float, float] = (0.0, 0.0)
    shock: float = 0.0
    memory: float = 0.0
    burst_d: int = 0
    own_shock: float = 0.0
    trend: tuple[float, float] = (1.0, 1.0)
    wave: float = 0.0
    wave_d: float = 60.0
    weekend: float = 1.0
    late: tuple[tuple[float, ...], tuple[float, ...]] = ((1.0,), (1.0,))
    dispersion: float = 1.0
    unknown: float = 0.0
    answer_d: float = 2.0
    delay_d: int = 0

    @property
    def quiet(self) -> bool:
        """Whether no side answers the other."""
        return self.answers == (0.0, 0.0)


@dataclass(frozen=True)
class Exchange:
    """Daily counts of two sides as they were reported, (n,) each, and the days that are known."""

    a: Array
    b: Array
    known: NDArray[np.bool_]


BACKGROUNDS: tuple[Kind, ...] = (
    Kind("nothing shared"),
    Kind("few acts", rates=(0.6, 0.8)),
    Kind("shocks of one day", shock=0.6),
    Kind("shocks that last", shock=0.6, memory=0.6),
    Kind("long shocks", shock=0.6, memory=0.85),
    Kind("bursts of three days", shock=0.8, burst_d=3),
    Kind("shocks, one side rare", rates=(8.0, 1.0), shock=0.6, memory=0.6),
    Kind("shocks, unequal momentum", shock=0.6, memory=0.4, momentum=(0.5, 0.0)),
    Kind("shocks, one side late", shock=0.6, memory=0.5, delay_d=2, late=((1.0,), (0.2, 0.4, 0.4))),
    Kind(
        "shocks, one side a day late", shock=0.6, memory=0.5, delay_d=1, late=((1.0,), (0.0, 1.0))
    ),
    Kind("week and trend", weekend=0.5, trend=(3.0, 0.4)),
    Kind("slow wave", wave=0.7, wave_d=60.0, shock=0.3, memory=0.5),
    Kind("wave of a month", wave=0.7, wave_d=30.0, shock=0.3, memory=0.5),
    Kind("prompt momentum", shock=0.6, memory=0.4, momentum=(0.5, 0.2), answer_d=1.0),
    Kind("wide noise", dispersion=4.0, shock=0.5, memory=0.5, own_shock=0.4),
    Kind("unknown days", shock=0.6, memory=0.5, unknown=0.2),
)
"""Worlds without answers."""

ANSWERS: tuple[Kind, ...] = (
    Kind("A answers B", answers=(0.5, 0.0)),
    Kind("A answers B, shocks that last", answers=(0.5, 0.0), shock=0.4, memory=0.5),
    Kind("A answers B, few acts", rates=(1.0, 1.0), answers=(0.5, 0.0)),
    Kind("A answers B, one side late", answers=(0.5, 0.0), delay_d=1, late=((1.0,), (0.5, 0.5))),
    Kind("A answers B, on the next day", answers=(0.5, 0.0), answer_d=1.0),
    Kind("A answers B, after days", answers=(0.5, 0.0), answer_d=4.0),
    Kind("each answers the other", answers=(0.4, 0.4)),
)
"""Worlds with answers."""


def simulate_exchange(kind: Kind, n_days: int, seed: int) -> Exchange:
    """A world of this kind; the same seed gives the same world.

    >>> world = simulate_exchange(BACKGROUNDS[0], 40, 1)
    >>> world.a.shape, bool(world.known.all())
    ((40,), True)
    """
    random = np.random.Generator(np.random.PCG64(seed))
    days = n_days + WARM_UP_D
    rates = _rates(kind, n_days, random)
    happened = np.zeros((2, days + 60))
    fresh = 1 - np.array(kind.answers) - np.array(kind.momentum)
    for day in range(days):
        for side in (0, 1):
            own = rates[side, day] * fresh[side]
            happened[side, day] += _count(own, kind.dispersion, random)
        for side in (0, 1):
            _children(happened, kind, side, day, random)
    reported = np.stack([_late(happened[i, :days], kind.late[i], random) for i in (0, 1)])
    known = random.random(n_days) >= kind.unknown
    a, b = np.where(known, reported[:, WARM_UP_D:], 0.0)
    return Exchange(a, b, known)


def _children(
    happened: Array, kind: Kind, side: int, day: int, random: np.random.Generator
) -> None:
    """Acts that those of this day lead to, each after a day or more."""
    acts, other = happened[side, day], 1 - side
    ratio = kind.rates[other] / kind.rates[side]
    for target, mean in ((other, kind.answers[other] * ratio), (side, kind.momentum[side])):
        n = int(random.poisson(acts * mean)) if mean else 0
        for after in random.geometric(1 / kind.answer_d, n):
            happened[target, min(day + int(after), happened.shape[1] - 1)] += 1


def _rates(kind: Kind, n_days: int, random: np.random.Generator) -> Array:
    """Acts per day that the background leads to, (2, days)."""
    days = n_days + WARM_UP_D
    at = np.clip((np.arange(days) - WARM_UP_D) / n_days, 0.0, 1.0)
    trend = np.stack([np.exp(np.log(factor) * (at - 0.5)) for factor in kind.trend])
    phase = random.uniform(0, 2 * np.pi)
    wave = 1 + kind.wave * np.sin(2 * np.pi * np.arange(days) / kind.wave_d + phase)
    week = np.where((np.arange(days) + random.integers(7)) % 7 < 2, kind.weekend, 1.0)
    shared = _shock(kind.shock, kind.memory, kind.burst_d, days, random)
    own = np.stack([_shock(kind.own_shock, kind.memory, 0, days, random) for _ in (0, 1)])
    return np.asarray(np.array(kind.rates)[:, None] * trend * wave * week * shared * own)


def _shock(
    size: float, memory: float, burst_d: int, days: int, random: np.random.Generator
) -> Array:
    """Factors of mean 1 by day."""
    if burst_d:
        starts = random.random(days) < 0.5 / burst_d
        lift = np.convolve(starts, np.ones(burst_d))[:days]
        return np.asarray((1 + 3 * size * lift) / (1 + 1.5 * size))
    spread = np.log1p(size**2)
    z = random.standard_normal(days)
    for day in range(1, days):
        z[day] = memory * z[day - 1] + np.sqrt(1 - memory**2) * z[day]
    return np.asarray(np.exp(np.sqrt(spread) * z - spread / 2))


def _count(rate: float, dispersion: float, random: np.random.Generator) -> float:
    if dispersion > 1:
        rate = random.gamma(max(rate, 1e-9) / (dispersion - 1)) * (dispersion - 1)
    return float(random.poisson(rate))


def _late(acts: Array, chances: tuple[float, ...], random: np.random.Generator) -> Array:
    """The same acts by the day on which they are reported to have happened."""
    if len(chances) == 1:
        return acts
    by = random.multinomial(acts.astype(int), chances)
    late = np.zeros_like(acts)
    for days in range(len(chances)):
        late[days:] += by[: acts.size - days, days]
    return late
