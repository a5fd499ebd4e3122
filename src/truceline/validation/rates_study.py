"""Everything that the page about the rates engine says, worked out in one run.

Numbers follow from seeds alone: the same version gives the same results, whatever the number of
processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from truceline.simulate.reciprocity import ANSWERS, BACKGROUNDS, Kind
from truceline.validation import rates_changes, rates_worlds
from truceline.validation.rates_cases import CASES, Held, held_series, read_cases
from truceline.validation.rates_coverage import Effort, coverage_of, summary
from truceline.validation.rates_worlds import FALLS, LENGTHS_D, Order
from truceline.validation.reciprocity_study import count_finds
from truceline.validation.worlds_calibration import Share

Say = Callable[[str], None]
Job = tuple[Callable[..., Any], tuple[Any, ...]]

SEED = 20250318
CLOUD_CASE, CLOUD_SOURCE = "energy-moratorium-2025", "cloud-ua"
CHANGE_SERIES = ("deadly-events", "deaths")
"""Series that are asked about every listed truce: they outlast the most of them."""

MINSK = ("minsk-1", "minsk-2")
RECIPROCITY_D = 120
"""Days of the worlds in which two sides may answer each other (d)."""

LEAST_DAYS = 200
"""Known days that a series needs to be the model of a world."""

CHUNK = 20
"""Seeds that one process looks at before it reports."""


@dataclass(frozen=True)
class Plan:
    """How much is run.  ``named``: worlds with power curves; others have false alarms alone."""

    only: tuple[str, ...] = ()
    effort: Effort = field(default_factory=Effort)
    named: tuple[str, ...] = ("news-kinetic", "deadly-events", "killed")
    lengths: tuple[int, ...] = LENGTHS_D
    other_lengths: tuple[int, ...] = (2, 30)
    n_seeds: int = 100
    n_other_seeds: int = 60
    n_cloud_seeds: int = 100
    n_reciprocity: int = 10
    workers: int = 2


FULL = Plan()
QUICK = Plan(
    only=("deadly-events",),
    effort=Effort(lengths=(8,), n_subset=25, n_widths=5),
    named=(),
    other_lengths=(8,),
    n_other_seeds=40,
    n_cloud_seeds=3,
    n_reciprocity=0,
    workers=1,
)


def run_study(plan: Plan = FULL, folder: Path = CASES, say: Say = print) -> dict[str, Any]:
    """All results as plain values, ready for JSON."""
    say("rates: reading cases")
    cases = list(read_cases(folder))
    every = held_series(cases)
    held = tuple(h for h in every if not plan.only or h.series.id in plan.only)
    orders = list(_orders(held, plan))
    jobs: list[Job] = [(coverage_of, (h, plan.effort, SEED)) for h in held]
    jobs += [(rates_worlds.look_at, (part,)) for o in orders for part in _parts(o)]
    jobs += [(rates_changes.false_alarms, (h,)) for h in held]
    jobs += [(rates_changes.listed_truces, (h,)) for h in held if h.series.id in CHANGE_SERIES]
    sky = [r for c, r in cases if c.file.id == CLOUD_CASE]
    seeds = range(SEED, SEED + plan.n_cloud_seeds)
    for records in sky:
        clear = rates_changes.clear_sky(records, CLOUD_SOURCE)
        windows = (rates_changes.PAUSE_FIRST, rates_changes.darkest(clear))
        jobs += [(rates_changes.cloud_study, (clear, on, seeds)) for on in windows]
    kinds = (*BACKGROUNDS, *ANSWERS) if plan.n_reciprocity else ()
    jobs += [(count_answers, (kind, plan.n_reciprocity)) for kind in kinds]
    done = iter(_run(jobs, plan.workers, say))
    coverage = [row for _ in held for row in next(done)]
    looks = [[look for _ in _parts(o) for look in next(done)] for o in orders]
    alarms = [row for _ in held if (row := next(done))]
    asked = [h for h in held if h.series.id in CHANGE_SERIES]
    listed = _once([next(done) for _ in asked])
    cloud = [next(done) for _ in sky for _ in range(2)]
    answers = list(done)
    by_key = {h.key: h for h in held}
    worlds = {o.world.name: o.world for o in orders}
    return {
        "plan": _plan(plan),
        "series": [_series(h) for h in every],
        "coverage": coverage,
        "summary": summary(coverage),
        "worlds": [rates_worlds.tell_world(w, by_key[name]) for name, w in worlds.items()],
        "looks": [
            row
            for order, found in zip(orders, looks, strict=True)
            for row in rates_worlds.tell_looks(order, found)
        ],
        "change_alarms": alarms,
        "listed": listed,
        "expected": {
            name: rates_changes.generalisation([r for r in listed if r["series"] == name], MINSK)
            for name in dict.fromkeys(r["series"] for r in listed)
        },
        "cloud": cloud,
        "reciprocity": {"n_days": RECIPROCITY_D, "rows": answers, "pooled": pooled(answers)},
    }


def _plan(plan: Plan) -> dict[str, Any]:
    told = asdict(plan)
    del told["workers"]
    return told | {"seed": SEED}


def _series(held: Held) -> dict[str, Any]:
    series, days = held.series, held.days
    known = int(days.known.sum())
    return {
        "key": held.key,
        "title": series.title,
        "cases": list(held.cases),
        "unit": series.unit,
        "first": series.first.isoformat(),
        "last": series.last.isoformat(),
        "n_known": known,
        "n_listed": int(days.listed.sum()),
        "per_day": round(float(days.counts.sum()) / max(known, 1), 3),
    }


def _orders(held: Sequence[Held], plan: Plan) -> Iterator[Order]:
    """Worlds of every series that is long enough; of those with the same id the longest."""
    longest: dict[str, Held] = {}
    for one in held:
        best = longest.get(one.series.id)
        if best is None or one.days.known.sum() > best.days.known.sum():
            longest[one.series.id] = one
    for one in longest.values():
        if one.days.known.sum() < LEAST_DAYS:
            continue
        world = rates_worlds.fit_world(one)
        named = one.series.id in plan.named
        n = plan.n_seeds if named else plan.n_other_seeds
        for length in plan.lengths if named else plan.other_lengths:
            falls = FALLS if named else (1.0,)
            yield Order(world, length, falls, tuple(range(1, n + 1)), lazy=not named)


def _parts(order: Order) -> list[Order]:
    return [
        Order(order.world, order.length, order.falls, order.seeds[i : i + CHUNK], order.lazy)
        for i in range(0, len(order.seeds), CHUNK)
    ]


def _once(groups: Sequence[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Rows of truces, those that two cases share told once."""
    seen: dict[str, dict[str, Any]] = {}
    for row in (row for group in groups for row in group):
        seen.setdefault(repr(sorted(row.items())), row)
    return list(seen.values())


def _run(jobs: Sequence[Job], workers: int, say: Say) -> list[Any]:
    """Results in the order of the jobs; one thread each, as small matrices gain nothing by more."""
    if workers == 1:
        with threadpool_limits(1):
            return [function(*given) for function, given in jobs]
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=threadpool_limits, initargs=(1,)
    ) as pool:
        futures = [pool.submit(function, *given) for function, given in jobs]
        found = []
        for future in futures:
            found.append(future.result())
            say(f"rates: {len(found)} of {len(jobs)} parts")
        return found


# --- reciprocity --------------------------------------------------------------------------------


def count_answers(kind: Kind, n_seeds: int) -> dict[str, Any]:
    """How often an answer is found in worlds of one kind, as plain values."""
    row = asdict(count_finds((kind,), RECIPROCITY_D, range(1, n_seeds + 1))[0])
    return row | {"stated": list(kind.answers)}


def pooled(rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """All worlds without answers together: the share in which one was found all the same."""
    quiet = [row["either"] for row in rows if row["quiet"]]
    if not quiet:
        return None
    k, n = sum(share["k"] for share in quiet), sum(share["n"] for share in quiet)
    return asdict(Share.of("all without answers", k, n))
