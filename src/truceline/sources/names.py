"""Names that one file of a case uses and another has to know.

A misspelt name would not fail: it would match nothing, and a verdict would silently change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from truceline.domain.agreement import Agreement
from truceline.domain.claim import Claim, Milestone, PublishedCount, Statement
from truceline.domain.place import Area
from truceline.domain.said import said
from truceline.domain.series import Truce
from truceline.errors import BadFile, Where
from truceline.sources.areas import CONTESTED, Held, Outline
from truceline.sources.casetoml import CrossChecks
from truceline.sources.claims import CHECKS, ClaimOptions
from truceline.sources.contract import KindName, SourceFile
from truceline.sources.coverage import CloudOptions
from truceline.sources.facilities import FacilityOptions
from truceline.sources.files import options_of
from truceline.sources.kinds import KINDS

MAX_NAMES = 10
"""Names that a note prints before it counts the rest."""


class _Used(NamedTuple):
    """A name where it is used, and those that would be known there."""

    file: str
    field: str
    name: str
    what: str
    known: Collection[str]


def check_names(opinions: CrossChecks, agreement: Agreement, sources: Iterable[SourceFile]) -> None:
    """Refuse a name in ``case.toml`` or in the options of a source that nothing else has."""
    used = list(_in_case(opinions, agreement))
    for source in sources:
        used += _in_options(source, tuple(agreement.parties))
        if source.kind == KindName.CLOUD:
            _check_stations(source)
    for name in used:
        if name.name not in name.known:
            raise BadFile(
                f"{name.name!r} is no {name.what}",
                Where(name.file, None, name.field),
                expected=f"one of {', '.join(name.known)}",
                remedy="correct the name",
            )


def _in_case(opinions: CrossChecks, agreement: Agreement) -> Iterator[_Used]:
    readings = [reading.id for reading in agreement.readings]

    def column(field: str, name: str) -> _Used:
        return _Used("case.toml", f"crosschecks.{field}", name, "column that is compared", CHECKS)

    def reading(field: str, name: str) -> _Used:
        what = "reading of the agreement"
        return _Used("case.toml", f"crosschecks.{field}", name, what, readings)

    if opinions.groups:
        yield column("groups", opinions.groups)
    if opinions.objects:
        yield column("objects.column", opinions.objects.column)
        yield reading("objects.reading", opinions.objects.reading)
    if opinions.windows:
        yield column("windows.column", opinions.windows.column)
        for value, states in opinions.windows.values.items():
            for name in states:
                yield reading(f"windows.values.{value}", name)


def _in_options(source: SourceFile, parties: tuple[str, ...]) -> Iterator[_Used]:
    party = "party of the agreement"
    model = KINDS[source.kind].options
    if source.kind == KindName.CLAIMS:
        for value, split in options_of(source, ClaimOptions).control.items():
            field = f"options.control.{value}"
            yield _Used(source.toml, f"{field}.territory", split.territory, party, parties)
            if split.control is not None:
                known = (*parties, CONTESTED)
                yield _Used(source.toml, f"{field}.control", split.control, party, known)
    elif model is not None and issubclass(model, FacilityOptions):
        territory = options_of(source, model).territory
        yield _Used(source.toml, "options.territory", territory, party, parties)


def _check_stations(source: SourceFile) -> None:
    for name, (lat, lon) in options_of(source, CloudOptions).stations.items():
        if source.extent and not source.extent.extent.holds(lat, lon):
            raise BadFile(
                f"the weather point {lat:g}, {lon:g} is outside the declared extent",
                Where(source.toml, None, f"options.stations.{name}"),
                expected="latitude, then longitude, inside `extent`",
                remedy="correct the position: latitude and longitude may be swapped",
            )


# --- beside the records -------------------------------------------------------------------------


def check_counts(
    counts: Iterable[PublishedCount],
    milestones: Iterable[Milestone],
    statements: Iterable[Statement],
) -> None:
    """Refuse a count that takes apart what is no count of the timeline, or has no such speaker."""
    entries = {m.id for m in milestones if m.kind == "count"}
    speakers = {s.id for s in statements} | {""}
    for count in counts:
        for field, name, known in (
            ("entry", count.entry, entries),
            ("statement", count.statement, speakers),
        ):
            if name not in known:
                raise BadFile(
                    f"{name!r} is not in the ledger",
                    Where(count.row.source, count.row.line, field),
                    expected="the id of a count of the timeline, and of a statement or blank",
                    remedy="correct the id",
                )


def unused_control(held: Sequence[Held], claims: Iterable[Claim]) -> str:
    """A note on entries of control that apply to no claim; blank where each one may."""
    named = {(claim.place.name, claim.place.region) for claim in claims}
    unused = {f"{h.place} ({h.region})" for h in held if (h.place, h.region) not in named}
    return (
        said(
            "{n} places that no claim names, so that their entry changes nothing: {names}",
            n=len(unused),
            names=_few(unused),
        )
        if unused
        else ""
    )


def unknown_outlines(outlines: Iterable[Outline], regions: Mapping[str, Area]) -> str:
    """A note on outlines of areas that the file of regions does not have; blank without any."""
    known = {area.code for area in regions.values()}
    unknown = {outline.code for outline in outlines} - known
    return (
        said(
            "{n} outlines of areas that no region has: {names}", n=len(unknown), names=_few(unknown)
        )
        if unknown and regions
        else ""
    )


def _few(names: Collection[str]) -> str:
    """The first names, and how many more there are.

    >>> _few(["b", "a"]), len(_few([f"n{i:02}" for i in range(12)]).split(", "))
    ('a, b', 10)
    """
    more = f" … (+{len(names) - MAX_NAMES})" if len(names) > MAX_NAMES else ""
    return ", ".join(sorted(names)[:MAX_NAMES]) + more


def check_truces(series: Collection[str], file: str, truces: Sequence[Truce]) -> None:
    """Refuse a series that the list of truces names and the case does not declare."""
    for truce in truces:
        for name in truce.series:
            if name not in series:
                raise BadFile(
                    f"{name!r} is no series of the case",
                    Where(file, truce.row.line, "series"),
                    expected=f"blank for all, or some of {', '.join(series) or 'none'}",
                    remedy="correct the name: otherwise these days would be left out nowhere",
                )
