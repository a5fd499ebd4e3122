"""Records of a case as daily series, as ``case.toml`` declares them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from truceline import thresholds as t
from truceline.detect.thermal import heat_near
from truceline.domain.detection import Ask
from truceline.domain.provenance import Row
from truceline.domain.series import Break, Series
from truceline.errors import BadFile, Where
from truceline.pipeline.edition import Edition
from truceline.sources.asked import SeriesAsked
from truceline.sources.casefile import Case
from truceline.sources.contract import KindName, SourceFile
from truceline.sources.records import Records

DAY_H = 24.0

ALL_PIXELS = "fire_pixels"
NEAR_OBJECTS = "fire_pixels_near_objects"
"""Fire pixels near any object of the registries, all of them together."""

MEASURES: dict[KindName, tuple[str, ...]] = {
    KindName.EVENTS_UCDP: (
        "events",
        "deaths",
        "deaths_side_a",
        "deaths_side_b",
        "deaths_civilians",
        "deaths_unknown",
    ),
    KindName.CLAIMS: ("claims",),
    KindName.HEAT: (ALL_PIXELS, NEAR_OBJECTS),
}
"""What can be counted by kind of source; daily figures have the measures of their files."""


UNITS: dict[KindName, dict[str, tuple[str, ...]]] = {
    KindName.EVENTS_UCDP: {"events": ("event",), "deaths": ("death",)},
    KindName.CLAIMS: {"claims": ("claim",)},
    KindName.HEAT: {ALL_PIXELS: ("fire_pixel",)},
    KindName.DAILY_CASUALTIES: {"": ("person_reported",)},
    KindName.DAILY_COUNTS: {"": ("news_item", "event")},
}
"""Units by kind and by how a measure begins: what is counted is not for a case to rename."""

LISTS = (KindName.EVENTS_UCDP, KindName.CLAIMS, KindName.HEAT)
"""Kinds of which a day without a row is a day without such a thing, if no row is missing."""


@dataclass
class _Count:
    """Counts by day while they are put together; a day that is not in ``known`` is unknown."""

    first: date
    last: date
    known: set[date] = field(default_factory=set)
    n: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    parts: dict[str, dict[date, int]] = field(default_factory=dict)
    rows: dict[date, list[str]] = field(default_factory=lambda: defaultdict(list))
    n_undated: int = 0

    def add(self, day: date, n: int, part: str, row: Row) -> None:
        self.n[day] += n
        self.parts.setdefault(part, defaultdict(int))[day] += n
        self.rows[day].append(str(row))

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=i) for i in range((self.last - self.first).days + 1)]


def build_series(case: Case, edition: Edition, ask: Ask) -> dict[str, Series]:
    """Every series that has sources of its own, by id; sums are made where they are asked.

    Days from the as-of on are unknown, and so is every day of a list of events of which rows were
    set aside: what is missing there would pass for zero.
    """
    sources = {source.id: source for source in case.sources}
    return {
        asked.id: _series(asked, [sources[name] for name in asked.source], edition, ask)
        for asked in case.file.series
        if asked.source
    }


def add_up(asked: SeriesAsked, members: Sequence[Series]) -> Series:
    """A series that adds up others of one unit; a day unknown in one of them is unknown.

    Members share a zone and days, and no row is counted in two of them; else a ``BadFile``.
    """
    _check_members(asked, members)
    first = max(one.first for one in members)
    last = min(one.last for one in members)
    n_days = (last - first).days + 1
    parts = {one.id: one.counts[one.index(first) : one.index(first) + n_days] for one in members}
    counts = tuple(
        None if None in day else sum(n for n in day if n is not None)
        for day in zip(*parts.values(), strict=True)
    )
    exposures = [one.exposure for one in members]
    steady = all(exposure is not None for exposure in exposures)
    rows: dict[date, tuple[str, ...]] = defaultdict(tuple)
    for one in members:
        for day, refs in one.rows.items():
            rows[day] += refs
    return Series(
        id=asked.id,
        title=asked.title,
        unit=asked.unit,
        measures="+".join(one.measures for one in members),
        sources=tuple(dict.fromkeys(s for one in members for s in one.sources)),
        zone=members[0].zone,
        first=first,
        counts=counts,
        exposure=tuple(float(n is not None) for n in counts) if steady else None,
        parts=parts,
        side=asked.side or "",
        object_class=asked.object_class or "",
        breaks=_breaks(asked, *(one.breaks for one in members)),
        delay_d=max(asked.delay_d, *(one.delay_d for one in members)),
        n_undated=sum(one.n_undated for one in members),
        n_set_aside=max(one.n_set_aside for one in members),
        rows=rows,
    )


def _check_members(asked: SeriesAsked, members: Sequence[Series]) -> None:
    zones = sorted({one.zone for one in members})
    if len(zones) > 1:
        raise _wrong(asked, "sum", f"days of {len(zones)} zones: {', '.join(zones)}", "one zone")
    if max(one.first for one in members) > min(one.last for one in members):
        raise _wrong(asked, "sum", "series without a day in common", "series of the same time")
    seen: dict[str, str] = {}
    for one in members:
        for refs in one.rows.values():
            for ref in refs:
                if seen.setdefault(ref, one.id) != one.id:
                    what = f"{ref} is counted in {seen[ref]} and in {one.id}"
                    raise _wrong(asked, "sum", what, "series that share no row")


def _breaks(asked: SeriesAsked, *more: tuple[Break, ...]) -> tuple[Break, ...]:
    own = tuple(Break(one.on, one.why) for one in asked.breaks)
    every = {one.on: one for one in (*(b for group in more for b in group), *own)}
    return tuple(every[on] for on in sorted(every))


def _series(
    asked: SeriesAsked, sources: Sequence[SourceFile], edition: Edition, ask: Ask
) -> Series:
    records = edition.records
    kinds = {source.kind for source in sources}
    if len(kinds) > 1:
        raise _wrong(asked, "source", f"sources of {len(kinds)} kinds", "sources of one kind")
    kind = kinds.pop()
    known = MEASURES.get(kind)
    if known and asked.measure not in known:
        raise _wrong(asked, "measure", f"{asked.measure!r} is not counted", ", ".join(known))
    _check_unit(asked, kind)
    try:
        if kind is KindName.HEAT:
            count = _count_heat(asked, sources, records, ask)
        else:
            count = _COUNTERS[kind](asked, sources, records)
    except _Nothing as nothing:
        if edition.latest:
            raise nothing.error from None
        count = _Count(edition.as_of.date(), edition.as_of.date())
    until = edition.as_of.date() - timedelta(days=asked.delay_d)
    count.known = {day for day in count.known if day < until}
    n_aside = sum(row.source in asked.source for row in records.quarantine) if kind in LISTS else 0
    if n_aside:
        count.known = set()
    counts = tuple(count.n.get(day, 0) if day in count.known else None for day in count.days)
    exposure = _exposure(asked, count, records) if asked.exposure != "unknown" else None
    if exposure is not None:  # a day of which nothing could be seen says nothing
        counts = tuple(n if x > 0 else None for n, x in zip(counts, exposure, strict=True))
    return Series(
        id=asked.id,
        title=asked.title,
        unit=asked.unit,
        measures=asked.measure,
        sources=asked.source,
        zone=asked.zone,
        first=count.first,
        counts=counts,
        exposure=exposure,
        parts={
            name: tuple(
                of_day.get(day, 0) if n is not None else None
                for day, n in zip(count.days, counts, strict=True)
            )
            for name, of_day in sorted(count.parts.items())
        }
        if asked.parts
        else {},
        side=asked.side or "",
        object_class=asked.object_class or "",
        breaks=_breaks(asked),
        delay_d=asked.delay_d,
        n_undated=count.n_undated,
        n_set_aside=n_aside,
        rows={day: tuple(refs) for day, refs in count.rows.items()},
    )


def _check_unit(asked: SeriesAsked, kind: KindName) -> None:
    for begins, units in UNITS[kind].items():
        if asked.measure.startswith(begins) and asked.unit not in units:
            raise _wrong(
                asked, "unit", f"{asked.measure} counted as {asked.unit}", " or ".join(units)
            )
    told = kind in (KindName.CLAIMS, KindName.DAILY_COUNTS)
    if told and asked.exposure != "unknown":
        what = f"{asked.unit} with an exposure that is called {asked.exposure}"
        raise _wrong(asked, "exposure", what, "unknown: nobody told how much was read or watched")


def _wrong(asked: SeriesAsked, field: str, what: str, expected: str) -> BadFile:
    return BadFile(
        what,
        Where("case.toml", None, f"series.{asked.id}.{field}"),
        expected=expected,
        remedy="correct the series, or declare another one",
    )


# --- counting -----------------------------------------------------------------------------------


def _matching(asked: SeriesAsked, labels: Mapping[str, str]) -> bool:
    for name in (*asked.where, *([asked.parts] if asked.parts else [])):
        if name not in labels:
            raise _wrong(asked, "where", f"{name!r} is no label", ", ".join(labels) or "none")
    return all(labels[name] in values for name, values in asked.where.items())


class _Nothing(Exception):
    """No row is counted: an error of the case, unless it is an early edition of it."""

    def __init__(self, error: BadFile) -> None:
        super().__init__(str(error))
        self.error = error


def _refuse_empty(asked: SeriesAsked, n: int) -> None:
    if not n:
        wanted = "; ".join(f"{name} {', '.join(v)}" for name, v in asked.where.items())
        raise _Nothing(
            _wrong(
                asked,
                "where",
                f"no row has {wanted or 'a number'}",
                "labels and values of the source",
            )
        )


def _span(sources: Sequence[SourceFile], days: Sequence[date]) -> tuple[date, date]:
    """Days that the files promise; without a promise, those between their first and last row."""
    spans = [source.span for source in sources if source.span]
    if len(spans) == len(sources):
        return min(s[0] for s in spans), max(s[1] for s in spans)
    return min(days), max(days)


def _check_values(asked: SeriesAsked, rows: Iterable[Mapping[str, str]]) -> None:
    """Every value that is asked for stands in some row: a misspelt one would count too little."""
    seen: dict[str, set[str]] = {name: set() for name in asked.where}
    for labels in rows:
        for name in seen:
            seen[name].add(labels.get(name, ""))
    for name, values in asked.where.items():
        for value in values:
            if value not in seen[name]:
                known = ", ".join(sorted(filter(None, seen[name])))
                error = _wrong(asked, "where", f"no row has {name} {value!r}", known or "labels")
                raise _Nothing(error)


def _promised(sources: Sequence[SourceFile], days: Mapping[str, Sequence[date]]) -> set[date]:
    """Days of which all files say that nothing is missing.

    Files that follow each other speak each for its own days; where two overlap in part, only
    the days of both are whole.
    """
    spans = [
        source.span or (min(days[source.id]), max(days[source.id]))
        for source in sources
        if source.span or days[source.id]
    ]
    covered = [
        {first + timedelta(days=i) for i in range((last - first).days + 1)} for first, last in spans
    ]
    apart = sum(map(len, covered)) == len(set().union(*covered))
    return set().union(*covered) if apart else set.intersection(*covered)


def _count_tallies(asked: SeriesAsked, sources: Sequence[SourceFile], records: Records) -> _Count:
    ids = {source.id for source in sources}
    tallies = [one for one in records.tallies if one.row.source in ids]
    measures = sorted({one.measure for one in tallies})
    if measures and asked.measure not in measures:
        expected = ", ".join(measures)
        raise _wrong(asked, "measure", f"{asked.measure!r} is not in the source", expected)
    found = [
        one for one in tallies if one.measure == asked.measure and _matching(asked, one.labels)
    ]
    _refuse_empty(asked, len(found))
    _check_values(asked, (one.labels for one in tallies))
    count = _Count(*_span(sources, [one.day for one in found]))
    wanted = {one.row.source + repr(sorted(one.labels.items())) for one in found}
    by_origin = sources[0].kind is KindName.DAILY_CASUALTIES
    if by_origin:  # labels say where a figure is from, not of what it is
        wanted = ids
    of_day: dict[date, set[str]] = defaultdict(set)
    for one in found:
        if one.n is None or one.period_h != DAY_H:
            continue
        key = one.row.source
        if not by_origin:
            key += repr(sorted(one.labels.items()))
        of_day[one.day].add(key)
        count.add(one.day, one.n, one.labels.get(asked.parts, ""), one.row)
    count.known = {day for day, keys in of_day.items() if keys == wanted}
    return count


def _count_violence(asked: SeriesAsked, sources: Sequence[SourceFile], records: Records) -> _Count:
    ids = {source.id for source in sources}
    events = [one for one in records.violence if one.row.source in ids]
    found = [one for one in events if _matching(asked, one.labels)]
    _refuse_empty(asked, len(found))
    _check_values(asked, (one.labels for one in events))
    days_of = {
        source.id: [x.first for x in events if x.row.source == source.id] for source in sources
    }
    count = _Count(*_span(sources, [one.first for one in events]))
    what = {"events": "", "deaths": "best"}.get(
        asked.measure, asked.measure.removeprefix("deaths_")
    )
    for one in found:
        if one.dated:
            n = one.deaths[what] if what else 1
            count.add(one.first, n, one.labels.get(asked.parts, ""), one.row)
        else:
            count.n_undated += 1
    count.known = _promised(sources, days_of)
    return count


def _count_claims(asked: SeriesAsked, sources: Sequence[SourceFile], records: Records) -> _Count:
    found: list[tuple[date, str, Row]] = []
    n_undated = 0
    for claim in records.claims:
        labels = {
            "claimant_side": claim.claimant_side,
            "accused": claim.accused,
            "object_class": claim.object_class or "",
            "act": claim.act or "",
        }
        if _matching(asked, labels):
            days = claim.occurred.interval.utc_dates()
            if claim.occurred.precision in ("minute", "hours", "day", "night") and days:
                found.append((days[-1], labels.get(asked.parts, ""), claim.row))
            else:
                n_undated += 1
    _refuse_empty(asked, len(found))
    count = _Count(*_span(sources, [day for day, _, _ in found]), n_undated=n_undated)
    for day, part, row in found:
        if count.first <= day <= count.last:
            count.add(day, 1, part, row)
    count.known = set(count.days)
    return count


def _count_heat(
    asked: SeriesAsked, sources: Sequence[SourceFile], records: Records, ask: Ask
) -> _Count:
    ids = {source.id for source in sources}
    every = [one for one in records.heat if one.row.source in ids]
    heats = [one for one in every if _matching(asked, {"sensor": one.sensor})]
    held = [
        (sensor, day)
        for source in sorted(ids)
        for sensor, days in records.heat_days.get(source, {}).items()
        for day in days
        if _matching(asked, {"sensor": sensor})
    ]
    _refuse_empty(asked, len(held))
    count = _Count(*_span(sources, [day for _, day in held]))
    sensors = {sensor for sensor, _ in held}
    whole = defaultdict(set)
    for record in records.record_days:
        if record.whole:
            whole[record.day].add(record.sensor)
    count.known = {day for day, held in whole.items() if sensors <= held}
    if asked.measure == NEAR_OBJECTS:
        points = [one.point for one in records.objects if one.usable]
        heats = heat_near(points, t.HEAT_NEAR_KM, heats, ask)
    for one in heats:
        if one.observed_at.date() in count.known:
            count.add(one.observed_at.date(), 1, "", one.row)
    return count


_COUNTERS = {
    KindName.DAILY_COUNTS: _count_tallies,
    KindName.DAILY_CASUALTIES: _count_tallies,
    KindName.EVENTS_UCDP: _count_violence,
    KindName.CLAIMS: _count_claims,
}


def _exposure(asked: SeriesAsked, count: _Count, records: Records) -> tuple[float, ...]:
    """How much of each day was watched: all of a known day, or the clear share of its sky."""
    if asked.exposure == "steady":
        return tuple(float(day in count.known) for day in count.days)
    cloud: dict[date, list[float]] = defaultdict(list)
    for sky in records.clouds:
        cloud[sky.day].append(sky.cloud_share)
    clear = {day: 1 - _mean(shares) for day, shares in cloud.items()}
    return tuple(clear.get(day, 0.0) if day in count.known else 0.0 for day in count.days)


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return sum(held) / len(held)
