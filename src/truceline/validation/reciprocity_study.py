"""How often an answer between two sides is found where there is none, and where there is one.

Simulated worlds of `truceline.simulate.reciprocity`, asked with `truceline.assess.reciprocity`;
every world has its seed, so that a row can be worked out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from truceline.assess.reciprocity import conclude, estimate_reciprocity, find_answers
from truceline.domain.rates import Conclusion, Reciprocity
from truceline.simulate.reciprocity import Exchange, Kind, simulate_exchange
from truceline.validation.worlds_calibration import Share

SIDES = ("A", "B")


@dataclass(frozen=True)
class Finds:
    """Shares of worlds of a kind in which an answer was found, with Wilson intervals.

    ``first``: of A to B; ``second``: of B to A; ``either``: in at least one direction.
    """

    kind: str
    n_days: int
    n_seeds: int
    quiet: bool
    first: Share
    second: Share
    either: Share


def count_finds(kinds: Iterable[Kind], n_days: int, seeds: Sequence[int]) -> tuple[Finds, ...]:
    """One row per kind.

    >>> from truceline.simulate.reciprocity import BACKGROUNDS
    >>> row, = count_finds(BACKGROUNDS[:1], 40, [1])
    >>> row.kind, row.quiet, row.either.n
    ('nothing shared', True, 1)
    """
    return tuple(_finds(kind, n_days, seeds) for kind in kinds)


def _finds(kind: Kind, n_days: int, seeds: Sequence[int]) -> Finds:
    found = np.array([_found(kind, n_days, seed) for seed in seeds])
    n = len(seeds)
    return Finds(
        kind.name,
        n_days,
        n,
        kind.quiet,
        Share.of("A answers B", int(found[:, 0].sum()), n),
        Share.of("B answers A", int(found[:, 1].sum()), n),
        Share.of("either", int(found.any(axis=1).sum()), n),
    )


def _found(kind: Kind, n_days: int, seed: int) -> tuple[bool, bool]:
    world = simulate_exchange(kind, n_days, seed)
    return find_answers(world.a, world.b, SIDES, known=world.known, delay_d=kind.delay_d, seed=seed)


@dataclass(frozen=True)
class Outcomes:
    """What was concluded in worlds of a kind, and whether what was stated holds.

    ``covered``: share of intervals, of both directions, that hold the true excess.
    ``stated_power``: mean of the stated power of A answering B, which the share of finds of a
    kind with an answer of the stated size can be held against.
    """

    kind: str
    n_days: int
    indicated: Share
    not_indicated: Share
    cannot_tell: Share
    covered: Share
    stated_power: float


def count_outcomes(
    kinds: Iterable[Kind], n_days: int, seeds: Sequence[int]
) -> tuple[Outcomes, ...]:
    """One row per kind; takes about three times as long as `count_finds`."""
    return tuple(_outcomes(kind, n_days, seeds) for kind in kinds)


def _outcomes(kind: Kind, n_days: int, seeds: Sequence[int]) -> Outcomes:
    worlds = [simulate_exchange(kind, n_days, seed) for seed in seeds]
    told = [_estimate(world, kind, seed) for world, seed in zip(worlds, seeds, strict=True)]
    concluded = [conclude(each) for each in told]
    truth = (
        kind.answers[0] * kind.rates[0] / kind.rates[1],
        kind.answers[1] * kind.rates[1] / kind.rates[0],
    )
    held = [
        each.excess.low <= true <= each.excess.high
        for one in told
        for each, true in zip(one.directions, truth, strict=True)
    ]
    shares = {
        each: Share.of(each.value, concluded.count(each), len(seeds))
        for each in (Conclusion.INDICATED, Conclusion.NOT_INDICATED, Conclusion.CANNOT_TELL)
    }
    return Outcomes(
        kind.name,
        n_days,
        shares[Conclusion.INDICATED],
        shares[Conclusion.NOT_INDICATED],
        shares[Conclusion.CANNOT_TELL],
        Share.of("covered", sum(held), len(held)),
        float(np.mean([one.directions[0].power for one in told])),
    )


def _estimate(world: Exchange, kind: Kind, seed: int) -> Reciprocity:
    return estimate_reciprocity(
        world.a, world.b, SIDES, known=world.known, delay_d=kind.delay_d, seed=seed
    )
