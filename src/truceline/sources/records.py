"""Everything a case holds, read once: the only function that knows which file needs which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from shapely.geometry.base import BaseGeometry

from truceline.domain.claim import Claim, Milestone, Statement
from truceline.domain.observation import CloudDay, FieldReport, Heat, RecordDay
from truceline.domain.place import Area, Completeness, ProtectedObject
from truceline.domain.result import Input, Quarantined
from truceline.geo import Point
from truceline.sources.areas import outlines_by_code
from truceline.sources.casefile import Case
from truceline.sources.claims import ClaimContext
from truceline.sources.contract import KindName, Read, SourceFile
from truceline.sources.files import open_source
from truceline.sources.kinds import KINDS
from truceline.sources.terms import check_citations

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
    reports: tuple[FieldReport, ...]
    areas: tuple[Area, ...]
    regions: Mapping[str, Area]
    """Areas by every spelling of the ledger."""
    outlines: Mapping[str, BaseGeometry]
    gazetteer: tuple[tuple[str, Point], ...]
    quarantine: tuple[Quarantined, ...]


def _silent(_: str) -> None:
    """Nobody asked to be told."""


class _Desk:
    """Reads the files of a case kind by kind and keeps what has to be told about each."""

    def __init__(self, case: Case, progress: Callable[[str], None]) -> None:
        self.case, self.progress = case, progress
        self.inputs: list[Input] = list(case.inputs)
        self.quarantine: list[Quarantined] = []

    def read(self, *kinds: KindName, beside: tuple[object, ...] = ()) -> tuple[Any, ...]:
        """Records of all files of some kinds, in order of their ids."""
        sources = chain.from_iterable(self.case.of_kind(kind) for kind in kinds)
        return tuple(
            chain.from_iterable(
                self._file(source, beside).records
                for source in sorted(sources, key=lambda source: source.id)
            )
        )

    def has(self, kind: KindName) -> bool:
        """Whether the case has a file of a kind."""
        return bool(self.case.of_kind(kind))

    def _file(self, source: SourceFile, beside: tuple[object, ...]) -> Read[Any]:
        self.progress(f"reading {source.path}")
        opened = open_source(self.case.folder, source, self.case.file.on_bad_row)
        read = KINDS[source.kind].read(opened, *beside)
        self.inputs.append(_input(source, opened.sha256, read))
        self.quarantine += read.quarantine
        return read


def read_records(case: Case, progress: Callable[[str], None] = _silent) -> Records:
    """Every record of a case; kinds that the case does not have are empty."""
    desk = _Desk(case, progress)
    agreement, parties = case.agreement, tuple(case.agreement.parties)
    found = desk.read(KindName.REGIONS, beside=(parties,))
    regions = {region.spelling: region.area for region in found}
    context = ClaimContext(
        agreement,
        acts=_by("claim", desk.read(KindName.ACTS)) if desk.has(KindName.ACTS) else None,
        classes=_by("object_type", desk.read(KindName.CLASSES))
        if desk.has(KindName.CLASSES)
        else None,
        origins=_by("claim", desk.read(KindName.ORIGINS)),
        regions=regions if desk.has(KindName.REGIONS) else None,
        control=desk.read(KindName.CONTROL, beside=(parties,)),
    )
    records = Records(
        heat=desk.read(KindName.HEAT),
        record_days=desk.read(KindName.RECORD_DAYS),
        clouds=desk.read(KindName.CLOUD),
        objects=desk.read(*REGISTRIES),
        completeness=desk.read(KindName.COMPLETENESS, beside=(parties,)),
        claims=desk.read(KindName.CLAIMS, beside=(context,)),
        statements=desk.read(KindName.STATEMENTS, beside=(agreement,)),
        milestones=desk.read(KindName.TIMELINE),
        reports=desk.read(KindName.FIELD_REPORTS, beside=(agreement, regions)),
        areas=tuple(sorted(set(regions.values()), key=lambda area: area.code)),
        regions=regions,
        outlines=outlines_by_code(desk.read(KindName.AREAS)),
        gazetteer=desk.read(KindName.GAZETTEER),
        inputs=(),
        quarantine=(),
    )
    told = {s.id for s in records.statements} | {m.id for m in records.milestones}
    check_citations(agreement, told, case.folder / "agreement.yaml")
    n_aside = Counter(row.source for row in desk.quarantine)
    inputs = [replace(file, n_quarantined=n_aside[file.id]) for file in desk.inputs]
    return replace(
        records,
        inputs=tuple(sorted(inputs, key=lambda file: file.path)),
        quarantine=tuple(sorted(desk.quarantine, key=lambda row: (row.source, row.line))),
    )


def _by(name: str, records: tuple[Any, ...]) -> dict[str, Any]:
    return {getattr(record, name): record for record in records}


def _input(source: SourceFile, sha256: str, read: Read[Any]) -> Input:
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
