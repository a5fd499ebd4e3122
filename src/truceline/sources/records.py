"""Everything a case holds, read once: the only function that knows which file needs which."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain
from typing import Any

from shapely.geometry.base import BaseGeometry

from truceline.domain.claim import Claim, Milestone, PublishedCount, Statement
from truceline.domain.observation import CloudDay, FieldReport, Heat, HeatCover, RecordDay
from truceline.domain.passes import Elements
from truceline.domain.place import Area, Completeness, ProtectedObject
from truceline.domain.provenance import Row
from truceline.domain.result import Input, Quarantined
from truceline.domain.series import Tally, Truce, Violence
from truceline.geo import Extent, Point
from truceline.sources.areas import Held, outlines_by_code
from truceline.sources.casefile import Case
from truceline.sources.claims import ClaimContext
from truceline.sources.contract import Keys, KindName, Read, SourceFile
from truceline.sources.files import open_source
from truceline.sources.kinds import KINDS
from truceline.sources.names import check_counts, check_truces, unknown_outlines, unused_control
from truceline.sources.table import check_range
from truceline.sources.terms import check_areas, check_citations

REGISTRIES = (
    KindName.FACILITIES_OSM,
    KindName.FACILITIES_GPPD,
    KindName.FACILITIES_WRI,
    KindName.FACILITIES_PLAIN,
)


@dataclass(frozen=True)
class Records:
    """All records of a case.  ``inputs`` has every file that was read, in order of path."""

    inputs: tuple[Input, ...]
    heat: tuple[Heat, ...]
    record_days: tuple[RecordDay, ...]
    clouds: tuple[CloudDay, ...]
    objects: tuple[ProtectedObject, ...]
    completeness: tuple[Completeness, ...]
    claims: tuple[Claim, ...]
    statements: tuple[Statement, ...]
    milestones: tuple[Milestone, ...]
    counts: tuple[PublishedCount, ...]
    reports: tuple[FieldReport, ...]
    elements: tuple[Elements, ...]
    violence: tuple[Violence, ...]
    tallies: tuple[Tally, ...]
    """Of all files of counts; ``row.source`` says of which."""
    truces: tuple[Truce, ...]
    areas: tuple[Area, ...]
    control: tuple[Held, ...]
    regions: Mapping[str, Area]
    """Areas by every spelling of the ledger."""
    outlines: Mapping[str, BaseGeometry]
    gazetteer: tuple[tuple[str, Point], ...]
    quarantine: tuple[Quarantined, ...]
    heat_cover: Mapping[str, tuple[HeatCover, ...]]
    """By sensor: stretches of UTC days, both ends included, whose fires are held whole."""
    first_heat: Mapping[str, datetime] = field(default_factory=dict)
    """By satellite: the first fire that any file holds of it."""
    heat_days: Mapping[str, Mapping[str, tuple[date, date]]] = field(default_factory=dict)
    """By file and sensor: the first and the last UTC day with a fire."""

    @property
    def told(self) -> dict[str, Row]:
        """Statements and milestones by their ids, as terms cite them."""
        statements = {statement.id: statement.row for statement in self.statements}
        return statements | {milestone.id: milestone.row for milestone in self.milestones}


Stage = Callable[[str], None]
"""Is told the name of each stage as it starts; progress and the bench listen."""


def silent(stage: str) -> None:
    """Nobody listens."""


class _Desk:
    """Reads the files of a case kind by kind and keeps what has to be told about each."""

    def __init__(self, case: Case, progress: Stage, without: tuple[KindName, ...]) -> None:
        self.case, self.progress, self.without = case, progress, without
        self.inputs: list[Input] = list(case.inputs)
        self.quarantine: list[Quarantined] = []
        self.files: dict[str, tuple[SourceFile, Read[Any]]] = {}
        self.keys: dict[str, Keys] = {}

    def read(self, *kinds: KindName, beside: tuple[object, ...] = ()) -> tuple[Any, ...]:
        """Records of all files of some kinds, in order of their ids."""
        asked = [kind for kind in kinds if kind not in self.without]
        sources = chain.from_iterable(self.case.of_kind(kind) for kind in asked)
        return tuple(
            chain.from_iterable(
                self._file(source, beside).records
                for source in sorted(sources, key=lambda source: source.id)
            )
        )

    def has(self, kind: KindName) -> bool:
        """Whether the case has a file of a kind."""
        return bool(self.case.of_kind(kind))

    def of(self, kind: KindName) -> Iterator[tuple[SourceFile, Read[Any]]]:
        """The files of a kind that were read, with what they gave."""
        return ((source, read) for source, read in self.files.values() if source.kind == kind)

    def told(self, notes: Mapping[str, str]) -> tuple[Input, ...]:
        """Every file with the rows set aside, and with further notes by source, by path."""
        n_aside = Counter(row.source for row in self.quarantine)
        for source, read in self.files.values():
            check_range(source, read.n_rows, n_aside[source.id])
        inputs = []
        for file in self.inputs:
            note = notes.get(file.id, "")
            notes_of = (*file.notes, note) if note else file.notes
            inputs.append(replace(file, n_quarantined=n_aside[file.id], notes=notes_of))
        return tuple(sorted(inputs, key=lambda file: file.path))

    def _file(self, source: SourceFile, beside: tuple[object, ...]) -> Read[Any]:
        self.progress(f"reading {source.path}")
        kind = KINDS[source.kind]
        taken = self.keys.get(kind.keys, {}) if kind.keys else {}
        opened = open_source(self.case.folder, source, self.case.file.on_bad_row, taken)
        read = kind.read(opened, *beside)
        if kind.keys:
            self.keys[kind.keys] = read.keys
        self.inputs.append(input_of(source, opened.sha256, read))
        self.quarantine += read.quarantine
        self.files[source.id] = (source, read)
        return read


def read_records(
    case: Case, progress: Stage = silent, without: tuple[KindName, ...] = ()
) -> Records:
    """Every record of a case; kinds that the case does not have are empty.

    Files of kinds ``without`` are left to the caller.
    """
    desk = _Desk(case, progress, without)
    agreement, parties = case.agreement, tuple(case.agreement.parties)
    terms = case.folder / "agreement.yaml"
    found = desk.read(KindName.REGIONS, beside=(parties,))
    regions = {region.spelling: region.area for region in found}
    check_areas(agreement, {area.code: area.territory for area in regions.values()}, terms)
    context = _claim_context(desk, regions)
    records = Records(
        heat=desk.read(KindName.HEAT),
        record_days=desk.read(KindName.RECORD_DAYS),
        clouds=desk.read(KindName.CLOUD),
        objects=desk.read(*REGISTRIES),
        completeness=desk.read(KindName.COMPLETENESS, beside=(parties,)),
        claims=desk.read(KindName.CLAIMS, beside=(context,)),
        statements=desk.read(KindName.STATEMENTS, beside=(agreement,)),
        milestones=desk.read(KindName.TIMELINE),
        counts=desk.read(KindName.COUNTS, beside=(parties,)),
        reports=desk.read(KindName.FIELD_REPORTS, beside=(agreement, regions)),
        elements=desk.read(KindName.ORBITAL_ELEMENTS),
        violence=desk.read(KindName.EVENTS_UCDP),
        tallies=desk.read(KindName.DAILY_COUNTS, KindName.DAILY_CASUALTIES),
        truces=desk.read(KindName.LISTED_TRUCES),
        areas=tuple(sorted(set(regions.values()), key=lambda area: area.code)),
        control=context.control,
        regions=regions,
        outlines=outlines_by_code(desk.read(KindName.AREAS)),
        gazetteer=desk.read(KindName.GAZETTEER),
        inputs=(),
        quarantine=tuple(sorted(desk.quarantine, key=lambda row: (row.source, row.line))),
        heat_cover=_heat_cover(desk.of(KindName.HEAT)),
    )
    told = {s.id for s in records.statements} | {m.id for m in records.milestones}
    check_citations(agreement, told, terms)
    check_counts(records.counts, records.milestones, records.statements)
    for source, read in desk.of(KindName.LISTED_TRUCES):
        check_truces([one.id for one in case.file.series], source.path, read.records)
    notes = {s.id: unused_control(r.records, records.claims) for s, r in desk.of(KindName.CONTROL)}
    for source, read in desk.of(KindName.AREAS):
        notes[source.id] = unknown_outlines(read.records, regions)
    first: dict[str, datetime] = {}
    for heat in records.heat:
        first[heat.satellite] = min(heat.observed_at, first.get(heat.satellite, heat.observed_at))
    days = _heat_days(records.heat)
    return replace(records, inputs=desk.told(notes), first_heat=first, heat_days=days)


def _heat_days(heats: Sequence[Heat]) -> dict[str, dict[str, tuple[date, date]]]:
    found: dict[str, dict[str, tuple[date, date]]] = defaultdict(dict)
    for heat in heats:
        day, of = heat.observed_at.date(), found[heat.row.source]
        first, last = of.get(heat.sensor, (day, day))
        of[heat.sensor] = (min(first, day), max(last, day))
    return dict(found)


def _claim_context(desk: _Desk, regions: Mapping[str, Area]) -> ClaimContext:
    """What claims are read beside: coded files, regions, holders."""
    agreement = desk.case.agreement
    acts = _by("claim", desk.read(KindName.ACTS))
    classes = _by("object_type", desk.read(KindName.CLASSES))
    return ClaimContext(
        agreement,
        acts=acts if desk.has(KindName.ACTS) else None,
        classes=classes if desk.has(KindName.CLASSES) else None,
        origins=_by("claim", desk.read(KindName.ORIGINS)),
        regions=regions if desk.has(KindName.REGIONS) else None,
        control=desk.read(KindName.CONTROL, beside=(tuple(agreement.parties),)),
    )


def _heat_cover(
    files: Iterable[tuple[SourceFile, Read[Heat]]],
) -> dict[str, tuple[HeatCover, ...]]:
    """Where a missing fire means that none was recorded, as far as the files promise it.

    A file covers its declared span and extent, or else what its rows span.  A file without
    rows, or with rows set aside, covers nothing: fires of it may be missing.
    """
    found = []
    for source, read in files:
        by_sensor: dict[str, list[Heat]] = defaultdict(list)
        for heat in () if read.quarantine else read.records:
            by_sensor[heat.sensor].append(heat)
        for sensor, heats in by_sensor.items():
            days = [heat.observed_at.date() for heat in heats]
            rows = HeatCover(min(days), max(days), _box([h.point for h in heats]))
            found.append((source, sensor, rows))
    return promised(found)


def promised(
    spanned: Iterable[tuple[SourceFile, str, HeatCover]],
) -> dict[str, tuple[HeatCover, ...]]:
    """By sensor what files promise to hold whole: what they declare, or else what rows span."""
    found: dict[str, list[HeatCover]] = defaultdict(list)
    for source, sensor, rows in spanned:
        first, last = source.span or (rows.first, rows.last)
        box = source.extent.extent if source.extent else rows.extent
        found[sensor].append(HeatCover(first, last, box))
    return {
        sensor: tuple(sorted(covers, key=lambda c: (c.first, c.last)))
        for sensor, covers in sorted(found.items())
    }


def _box(points: Sequence[Point]) -> Extent:
    lats, lons = [p.lat for p in points], [p.lon for p in points]
    return Extent(min(lats), min(lons), max(lats), max(lons))


def _by(name: str, records: tuple[Any, ...]) -> dict[str, Any]:
    return {getattr(record, name): record for record in records}


def input_of(source: SourceFile, sha256: str, read: Read[Any]) -> Input:
    """The file as it was read; rows set aside are counted when all files are read."""
    span = source.span
    return Input(
        id=source.id,
        kind=source.kind,
        title=source.title,
        path=source.path,
        sha256=sha256,
        n_rows=read.n_rows,
        n_quarantined=0,
        licence=source.licence,
        attribution=source.attribution,
        address=source.address,
        span=(span[0].isoformat(), span[1].isoformat()) if span else None,
        separate=source.separate,
        notes=read.notes,
    )
