"""Which worlds there are: kinds with their habits, plans of coverage, and the suite of all.

A world is ordered by its kind, its seed and its plan.  The same order gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zlib import crc32

import numpy as np

FIRST, SECOND = 0, 1
"""The two roles of a world.  Which code of a party a role has is told by ``Order.mirrored``."""

CODES = ("A", "B")


class Kind(StrEnum):
    """What is true of a world; all but the first differ from what the engine takes for granted."""

    WELL_SPECIFIED = "well_specified"
    DETECTION_UP = "detection_up_50"
    DETECTION_DOWN = "detection_down_50"
    CLOUD_WITH_STRIKES = "cloud_with_strikes"
    GAP_WITH_STRIKES = "coverage_gap_with_strikes"
    SHARED_FALSE_SOURCE = "shared_false_source"
    ONE_SIDED_LYING = "one_sided_lying"
    REGISTRY_ONE_SIDED = "registry_one_sided"
    INDUSTRIAL_HEAT = "industrial_heat"
    FIELD_BURNING = "field_burning"


ASYMMETRIC = (Kind.ONE_SIDED_LYING, Kind.REGISTRY_ONE_SIDED)
"""Kinds in which the roles differ: each of their worlds is made once more with the codes
exchanged."""


class Seeks(StrEnum):
    """What those who strike wait for."""

    NOTHING = "nothing"
    CLOUD = "cloud"
    GAP = "gap"


@dataclass(frozen=True)
class Habits:
    """How people, sensors and industry behave in a kind of world; shares between 0 and 1.

    ``p_true`` has the shares of a role's accusations that are true; without it both roles
    share one that is drawn for each world from ``p_true_range``.
    """

    p_true: tuple[float, float] | None = None
    p_true_range: tuple[float, float] = (0.3, 0.7)
    detection_factor: float = 1.0
    seeks: Seeks = Seeks.NOTHING
    gap_share: float = 0.12
    shared_false: float = 0.0
    registries: tuple[bool, bool] = (True, True)
    industrial_share: float = 0.08
    burning: bool = False
    attention: float = 0.5
    """Share of incidents that an outside source looks into, and that a side speaks about when
    they are its own: without it nobody would have spoken, whatever happened."""
    n_stories: tuple[int, int] = (44, 56)
    unclaimed_share: float = 0.15
    own_fire: float = 0.04
    misplaced: float = 0.03
    wrong_class: float = 0.03
    intercepted: float = 0.05
    exaggerated: float = 0.2
    second_account: float = 0.15
    publication_ban: float = 0.25


HABITS: Mapping[Kind, Habits] = {
    Kind.WELL_SPECIFIED: Habits(),
    Kind.DETECTION_UP: Habits(detection_factor=1.5),
    Kind.DETECTION_DOWN: Habits(detection_factor=0.5),
    Kind.CLOUD_WITH_STRIKES: Habits(seeks=Seeks.CLOUD),
    Kind.GAP_WITH_STRIKES: Habits(seeks=Seeks.GAP, gap_share=0.35),
    Kind.SHARED_FALSE_SOURCE: Habits(shared_false=0.3),
    Kind.ONE_SIDED_LYING: Habits(p_true=(0.15, 0.75)),
    Kind.REGISTRY_ONE_SIDED: Habits(registries=(True, False)),
    Kind.INDUSTRIAL_HEAT: Habits(industrial_share=0.6),
    Kind.FIELD_BURNING: Habits(burning=True),
}


@dataclass(frozen=True)
class Plan:
    """Who watches: share of incidents near which an observer is, satellites, named positions."""

    reporters: float = 0.3
    third_satellite: bool = False
    coordinates: bool = False


@dataclass(frozen=True)
class Order:
    """One world to be made; ``mirrored`` exchanges the codes of the parties and nothing else."""

    kind: Kind
    seed: int
    mirrored: bool = False
    plan: Plan = field(default_factory=Plan)

    @property
    def codes(self) -> tuple[str, str]:
        """Codes of the parties in the first and the second role."""
        return (CODES[1], CODES[0]) if self.mirrored else CODES

    @property
    def habits(self) -> Habits:
        """How this kind of world behaves."""
        return HABITS[self.kind]

    def stream(self, purpose: str) -> np.random.Generator:
        """Random numbers for one purpose: more of one never moves those of another.

        Plans are no part of it, so that worlds that differ by plan alone share all else.

        >>> order = Order(Kind.WELL_SPECIFIED, 1)
        >>> bool(order.stream("cloud").random() == order.stream("cloud").random())
        True
        """
        return np.random.default_rng(np.random.SeedSequence([self.seed, crc32(purpose.encode())]))


def suite(n_worlds: int = 240, first_seed: int = 1) -> tuple[Order, ...]:
    """Worlds of all kinds: two fifths well specified, the rest shared by the other nine kinds.

    Of asymmetric kinds every second world is the mirror of the one before it.

    >>> orders = suite(240)
    >>> len(orders), sum(order.kind is Kind.WELL_SPECIFIED for order in orders)
    (240, 96)
    """
    others = [kind for kind in Kind if kind is not Kind.WELL_SPECIFIED]
    n_each = max(1, round(n_worlds * 0.6 / len(others)))
    n_pairs = max(1, round(n_each / 2))
    n_other = sum(2 * n_pairs if kind in ASYMMETRIC else n_each for kind in others)
    n_well = max(1, n_worlds - n_other)
    orders = [Order(Kind.WELL_SPECIFIED, first_seed + i) for i in range(n_well)]
    for number, kind in enumerate(others, 1):
        start = first_seed + 1000 * number
        if kind in ASYMMETRIC:
            pairs = [(start + i, mirrored) for i in range(n_pairs) for mirrored in (False, True)]
            orders += [Order(kind, seed, mirrored) for seed, mirrored in pairs]
        else:
            orders += [Order(kind, start + i) for i in range(n_each)]
    return tuple(orders)
