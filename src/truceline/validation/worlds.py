"""Simulated worlds through the whole pipeline, scored: calibration, false results, power.

Numbers follow from seeds alone: the same version gives the same report.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from itertools import repeat
from multiprocessing import get_context
from statistics import median

from truceline.archive.texts import pretty_json
from truceline.domain.incident import Says
from truceline.domain.verdict import Verdict
from truceline.simulate.orders import ASYMMETRIC, Kind, Order, Plan, suite
from truceline.simulate.rates import Rates
from truceline.simulate.terms import NARROW, PLAIN
from truceline.validation.worlds_calibration import (
    Calibration,
    LineSlope,
    Share,
    calibrate,
    slopes_by_line,
)
from truceline.validation.worlds_rates import engine_rates
from truceline.validation.worlds_rows import HEAT, ItemRow, WorldRows, assess_world

N_WORLDS, N_QUICK, N_POWER = 240, 12, 40
POWER_SEED = 501
"""Worlds in which plans are compared, from this seed on: none of them is in the suite."""

STRONG_LINES = 2
HEAT_SIGNAL = f"{HEAT} {Says.SIGNAL}"

Progress = Callable[[int, int], None]
"""Is told how many worlds are done, of how many."""

PLANS: tuple[tuple[str, Plan], ...] = (
    ("as it is", Plan()),
    ("third satellite", Plan(third_satellite=True)),
    ("observers near 0 %", Plan(reporters=0.0)),
    ("observers near 25 %", Plan(reporters=0.25)),
    ("observers near 50 %", Plan(reporters=0.5)),
    ("observers near 75 %", Plan(reporters=0.75)),
    ("all places named to coordinates", Plan(coordinates=True)),
)


@dataclass(frozen=True)
class Count:
    """How many of something, by its name."""

    name: str
    n: int


@dataclass(frozen=True)
class Reason:
    """How often a reason stands first under a reading, of its undetermined items and of all."""

    reading: str
    reason: str
    n: int
    n_undetermined: int
    n_items: int


@dataclass(frozen=True)
class Symmetry:
    """Worlds with their mirrors: how many pairs, and how many of them agree in every item."""

    n_pairs: int
    n_equal: int
    n_items: int


@dataclass(frozen=True)
class Power:
    """What a plan of coverage buys in the same worlds.

    ``indicated``: of all strikes that the plain reading covers and somebody tells of;
    ``signal``: of incidents that happened, those with a fire that speaks for it;
    ``looked``: incidents with a usable look; ``median_abs_log_lr``: of incidents with any line.
    """

    plan: str
    indicated: Share
    signal: Share
    looked: Share
    median_abs_log_lr: float


@dataclass(frozen=True)
class WorldsReport:
    """All scores of a run.  Shares of items concern the plain reading.

    ``lines``: by kind of line, in well-specified worlds.
    ``false_indicated``: of items that did not happen or were not theirs, by kind of world, all
    first; ``false_strong``: of such items with two lines for it at a sharp place;
    ``not_theirs_among_indicated``: such items among what is indicated; ``wrongly_excluded``: of
    items that are theirs, those that lines exclude; ``strong`` and
    ``strong_settled``: of what the reading covers, with two lines for it at a sharp place,
    without and with a settled attribution; ``missed``: first reasons why it was left open.
    """

    n_worlds: int
    n_claims: int
    n_strikes: int
    n_unclaimed: int
    n_incidents: int
    kinds: tuple[Count, ...]
    calibration: tuple[Calibration, ...]
    lines: tuple[LineSlope, ...]
    false_indicated: tuple[Share, ...]
    false_strong: Share
    not_theirs_among_indicated: Share
    wrongly_excluded: Share
    indicated: Share
    strong: Share
    strong_settled: Share
    missed: tuple[Count, ...]
    reasons: tuple[Reason, ...]
    symmetry: Symmetry
    power: tuple[Power, ...]

    def to_json(self) -> bytes:
        """As JSON with a fixed order of keys."""
        return pretty_json(asdict(self))


@dataclass(frozen=True)
class Outcome:
    """A report with the rows that it was made from, for figures and further questions."""

    report: WorldsReport
    worlds: tuple[WorldRows, ...]


# --- runs ---------------------------------------------------------------------------------------


def quick(n_worlds: int = N_QUICK, workers: int = 1) -> Outcome:
    """A few worlds of several kinds, for tests; without plans of coverage."""
    rates = engine_rates()
    worlds = run_worlds(suite(n_worlds), rates, workers)
    return Outcome(score(worlds, n_draws=100), tuple(worlds))


def full(n_worlds: int = N_WORLDS, workers: int = 2, progress: Progress | None = None) -> Outcome:
    """The whole suite, and the plans of coverage in worlds of their own."""
    rates = engine_rates()
    orders, plans = suite(n_worlds), power_orders()
    found = run_worlds((*orders, *plans), rates, workers, progress)
    worlds, planned = found[: len(orders)], found[len(orders) :]
    return Outcome(score(worlds, planned), tuple(worlds))


def power_orders(n_worlds: int = N_POWER) -> tuple[Order, ...]:
    """Well-specified worlds once for each plan, in order of plans."""
    seeds = range(POWER_SEED, POWER_SEED + n_worlds)
    return tuple(Order(Kind.WELL_SPECIFIED, seed, plan=plan) for _, plan in PLANS for seed in seeds)


def run_worlds(
    orders: Sequence[Order],
    rates: Rates,
    workers: int = 2,
    progress: Progress | None = None,
) -> list[WorldRows]:
    """Rows of each world, in the order of the orders, whatever the number of processes."""
    if workers == 1:
        return _told(map(assess_world, orders, repeat(rates)), len(orders), progress)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        found = pool.map(assess_world, orders, repeat(rates), chunksize=4)
        return _told(found, len(orders), progress)


def _told(found: Iterable[WorldRows], n: int, progress: Progress | None) -> list[WorldRows]:
    rows = []
    for world in found:
        rows.append(world)
        if progress is not None:
            progress(len(rows), n)
    return rows


# --- scores -------------------------------------------------------------------------------------


def score(
    worlds: Sequence[WorldRows], planned: Sequence[WorldRows] = (), n_draws: int = 400
) -> WorldsReport:
    """All scores of some worlds; ``planned`` are those of `power_orders`."""
    items = [item for world in worlds for item in world.items if item.reading == PLAIN]
    covered = [item for item in items if item.counts]
    strong = [item for item in covered if _strong(item)]
    settled = [item for item in strong if item.settled]
    said = [item for item in items if item.indicated]
    kinds = Counter(world.order.kind for world in worlds)
    return WorldsReport(
        n_worlds=len(worlds),
        n_claims=sum(world.n_claims for world in worlds),
        n_strikes=sum(world.n_strikes for world in worlds),
        n_unclaimed=sum(world.n_unclaimed for world in worlds),
        n_incidents=sum(len(world.incidents) for world in worlds),
        kinds=tuple(Count(str(kind), kinds[kind]) for kind in Kind if kinds[kind]),
        calibration=tuple(_calibrations(worlds, n_draws)),
        lines=_lines(worlds, n_draws),
        false_indicated=tuple(_false_indicated(worlds)),
        false_strong=_indicated(
            "not theirs, two lines, sharp place",
            [item for item in items if _strong(item) and not item.theirs],
        ),
        not_theirs_among_indicated=Share.of(
            "not theirs among indicated", sum(not item.theirs for item in said), len(said)
        ),
        wrongly_excluded=Share.of(
            "excluded among theirs",
            sum(item.verdict == Verdict.NO_BREACH_INDICATED for item in items if item.theirs),
            sum(item.theirs for item in items),
        ),
        indicated=_indicated("covered", covered),
        strong=_indicated("two lines, sharp place", strong),
        strong_settled=_indicated("two lines, sharp place, settled", settled),
        missed=_counted(item.because for item in covered if not item.indicated),
        reasons=tuple(r for reading in (PLAIN, NARROW) for r in _reasons(worlds, reading)),
        symmetry=_symmetry(worlds),
        power=tuple(_power(planned)),
    )


def _strong(item: ItemRow) -> bool:
    return item.sharp and item.n_for >= STRONG_LINES


def _calibrations(worlds: Sequence[WorldRows], n_draws: int) -> Iterator[Calibration]:
    yield calibration_of("all", worlds, n_draws)
    honest = [world for world in worlds if world.order.kind is not Kind.SHARED_FALSE_SOURCE]
    yield calibration_of(f"all but {Kind.SHARED_FALSE_SOURCE}", honest, n_draws)
    for kind in Kind:
        own = [world for world in worlds if world.order.kind is kind]
        if own:
            yield calibration_of(kind, own, n_draws)


def calibration_of(name: str, worlds: Sequence[WorldRows], n_draws: int = 400) -> Calibration:
    """Calibration of the incidents of some worlds, each world a cluster."""
    rows = [(i, row) for i, world in enumerate(worlds) for row in world.incidents]
    return calibrate(
        str(name),
        [i for i, _ in rows],
        [row.log_lr for _, row in rows],
        [row.happened for _, row in rows],
        n_draws,
    )


def _lines(worlds: Sequence[WorldRows], n_draws: int) -> tuple[LineSlope, ...]:
    own = [world for world in worlds if world.order.kind is Kind.WELL_SPECIFIED]
    rows = [(i, row) for i, world in enumerate(own) for row in world.incidents]
    if not rows:
        return ()
    return slopes_by_line(
        [i for i, _ in rows],
        [dict(row.parts) for _, row in rows],
        [row.happened for _, row in rows],
        n_draws,
    )


def _false_indicated(worlds: Sequence[WorldRows]) -> Iterator[Share]:
    """Of items that were not theirs under the plain reading; what is true but not covered is in
    neither group.
    """
    for kind in (None, *Kind):
        not_theirs = [
            item
            for world in worlds
            if kind is None or world.order.kind is kind
            for item in world.items
            if item.reading == PLAIN and not item.theirs
        ]
        if not_theirs:
            yield _indicated(str(kind or "all"), not_theirs)


def _indicated(name: str, items: Sequence[ItemRow]) -> Share:
    return Share.of(name, sum(item.indicated for item in items), len(items))


def _counted(names: Iterable[str]) -> tuple[Count, ...]:
    """The most frequent first, ties by name."""
    counts = Counter(map(str, names)).items()
    return tuple(Count(*pair) for pair in sorted(counts, key=lambda pair: (-pair[1], pair[0])))


def _reasons(worlds: Sequence[WorldRows], reading: str) -> Iterator[Reason]:
    items = [item for world in worlds for item in world.items if item.reading == reading]
    left = [item for item in items if item.undetermined]
    for count in _counted(item.because for item in left):
        yield Reason(reading, count.name, count.n, len(left), len(items))


def _symmetry(worlds: Sequence[WorldRows]) -> Symmetry:
    """Roles stay what they are in a mirror, so that the rows of a pair have to be the same."""
    straight = {
        (world.order.kind, world.order.seed): world
        for world in worlds
        if world.order.kind in ASYMMETRIC and not world.order.mirrored
    }
    pairs = [
        (straight[key], world)
        for world in worlds
        if world.order.mirrored and (key := (world.order.kind, world.order.seed)) in straight
    ]
    equal = [(a.incidents, a.items) == (b.incidents, b.items) for a, b in pairs]
    return Symmetry(len(pairs), sum(equal), sum(len(world.items) for world, _ in pairs))


def _power(planned: Sequence[WorldRows]) -> Iterator[Power]:
    for name, plan in PLANS:
        worlds = [world for world in planned if world.order.plan == plan]
        if worlds:
            yield _power_of(name, worlds)


def _power_of(name: str, worlds: Sequence[WorldRows]) -> Power:
    items = [item for world in worlds for item in world.items if item.reading == PLAIN]
    rows = [row for world in worlds for row in world.incidents]
    true = [row for row in rows if row.happened]
    strengths = [abs(math.log(row.lr)) for row in rows if row.parts]
    return Power(
        name,
        _indicated(name, [item for item in items if item.counts]),
        Share.of(name, sum(HEAT_SIGNAL in dict(row.parts) for row in true), len(true)),
        Share.of(name, sum(row.looked for row in rows), len(rows)),
        round(median(strengths), 4) if strengths else 0.0,
    )
