"""The declared series of the shipped cases, each once, with the days that are listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from truceline import thresholds as t
from truceline.assess.effective import wilson
from truceline.assess.placebo import Days, Flags, Floats, Ints, Shape
from truceline.assess.windows import YEAR_D, as_days
from truceline.domain.detection import Ask
from truceline.domain.rates import Band
from truceline.domain.series import Series, Truce
from truceline.errors import MissingFile, Where
from truceline.ledger.embedded import Engine
from truceline.pipeline.edition import cut
from truceline.pipeline.series import add_up, build_series
from truceline.sources.casefile import Case, read_case
from truceline.sources.records import Records, read_records

CASES = Path(__file__).parents[3] / "cases"
"""Where the shipped cases lie in a checkout."""

MEMORY = "400MB"
BASELINES = ("just_before", "one_period_earlier", "year_before", "after")


@dataclass(frozen=True)
class Held:
    """A series as arrays, the cases that declare it, and what is listed about it."""

    key: str
    cases: tuple[str, ...]
    series: Series
    truces: tuple[Truce, ...]
    days: Days

    @property
    def counts(self) -> Floats:
        """Counts by day, nan where unknown."""
        return np.where(self.days.known, self.days.counts, np.nan)


def read_cases(folder: Path = CASES) -> Iterator[tuple[Case, Records]]:
    """Every case of a folder that declares a series, in order of names."""
    paths = sorted(path.parent for path in folder.glob("*/case.toml"))
    if not paths:
        raise MissingFile(
            "there are no cases",
            Where(str(folder)),
            expected="folders with a case.toml",
            remedy="run it in a checkout of the project",
        )
    for path in paths:
        case = read_case(path)
        if case.file.series:
            yield case, read_records(case)


def held_series(cases: Sequence[tuple[Case, Records]]) -> tuple[Held, ...]:
    """Every series once: where cases share one, the longest, as cases end on days of their own."""
    found: list[Held] = []
    with Engine(MEMORY, threads=1) as engine:
        every = [
            (case, records, s)
            for case, records in cases
            for s in _of_case(case, records, engine.ask)
        ]
    for case, records, series in every:
        one = Held(
            series.id, (case.file.id,), series, records.truces, as_days(series, records.truces)
        )
        same = next((i for i, other in enumerate(found) if _shared(one, other)), None)
        if same is None:
            taken = any(other.key == one.key for other in found)
            key = f"{one.key} ({case.file.id})" if taken else one.key
            found.append(replace(one, key=key))
        else:
            longest = max(found[same], one, key=lambda held: int(held.days.known.sum()))
            both = (*found[same].cases, case.file.id)
            found[same] = replace(longest, key=found[same].key, cases=both)
    return tuple(found)


def _shared(one: Held, other: Held) -> bool:
    """Whether two series agree in every day that both know, and in what is listed there."""
    if (one.series.id, one.series.first) != (other.series.id, other.series.first):
        return False
    n = min(len(one.days.counts), len(other.days.counts))
    both = one.days.known[:n] & other.days.known[:n]
    rows = ((one.days.counts, other.days.counts), (one.days.listed, other.days.listed))
    return bool(both.any()) and all(bool((a[:n] == b[:n])[both].all()) for a, b in rows)


def _of_case(case: Case, records: Records, ask: Ask) -> Iterator[Series]:
    made = build_series(case, cut(case, records, None), ask)
    yield from made.values()
    for asked in case.file.series:
        members = [made[name] for name in asked.sum]
        if members and {one.unit for one in members} == {asked.unit.value}:
            yield add_up(asked, members)


def shapes(length: int) -> dict[str, Shape]:
    """Geometry of every baseline of a window with sharp ends (`assess.windows.baselines`).

    >>> shapes(2)["year_before"]
    Shape(length=2, offset=-378, base_length=28)
    """
    base = max(length, t.RATES_BASE_D)
    offsets = (-base, -2 * base, -YEAR_D - (base - length) // 2, length)
    return {
        name: Shape(length, offset, base) for name, offset in zip(BASELINES, offsets, strict=True)
    }


def touches_break(days: Days, starts: Ints, before: int, after: int) -> Flags:
    """Whether the source changes between ``before`` days ahead of a start and ``after`` days on."""
    found = np.zeros(len(starts), dtype=bool)
    for place in days.breaks:
        found |= (starts - before < place) & (place < starts + after)
    return found


def verdict(coverage: Band, n_effective: float) -> str:
    """Whether intervals of nominal 95 % are: ``ok``, ``fails``, or too few windows to say."""
    if n_effective < t.RATES_JUDGED_WINDOWS:
        return "reported, not judged"
    return "ok" if coverage.low <= t.INTERVAL_MASS <= coverage.high else "fails"


def share_of(flags: Flags, n_effective: float) -> dict[str, Any]:
    """A share with its Wilson interval on the effective number and its verdict, as plain values."""
    band = wilson(float(flags.mean()), n_effective)
    return {
        "n": len(flags),
        "n_effective": round(n_effective, 1),
        "share": round(band.value, 4),
        "low": round(band.low, 4),
        "high": round(band.high, 4),
        "verdict": verdict(band, n_effective),
    }
