"""Regions, their outlines, who is said to hold a place, gaps of registries, place names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from truceline.clock import EARLIEST, LATEST, Interval, midnight
from truceline.domain.place import Area, Completeness
from truceline.domain.said import said
from truceline.domain.trees import OBJECTS
from truceline.geo import Point
from truceline.sources.cells import FLAGS, Cells
from truceline.sources.contract import Contract, Fields, Opened, Read
from truceline.sources.features import read_features
from truceline.sources.files import options_of
from truceline.sources.table import read_table

REGIONS = Fields(take=("region", "code", "territory", "name", "partly_held", "held_source", "note"))
CONTROL = Fields(take=("place", "region", "control", "from", "until", "basis", "source"))
COMPLETENESS = Fields(take=("territory", "object_class", "level", "reason"))
GAZETTEER = Fields(take=("name", "lat", "lon"), ignore=("population",))
OUTLINES = Fields(take=("<code_property>",), ignore=("*",))

CONTESTED = "contested"


@dataclass(frozen=True)
class Region:
    """One spelling of a region, as the ledger writes it, and the area it stands for."""

    spelling: str
    area: Area


@dataclass(frozen=True)
class Held:
    """Who is said to hold a place, from when until when; ``control`` may be ``contested``."""

    place: str
    region: str
    control: str
    interval: Interval
    basis: str
    source: str


@dataclass(frozen=True)
class Outline:
    """The outline of an area."""

    code: str
    geometry: BaseGeometry


class OutlineOptions(Contract):
    """Which property holds the code, or the name that ``codes`` turns into one."""

    code_property: str
    codes: dict[str, str] | None = None


def read_regions(opened: Opened, parties: Collection[str]) -> Read[Region]:
    """Areas by the spelling of the ledger; several spellings may share a code."""
    areas: dict[str, Area] = {}

    def parse(cells: Cells) -> Iterator[Region]:
        area = Area(
            code=cells.key("code"),
            name=cells.name("name"),
            territory=cells.code("territory", parties),
            partly_held=cells.choice("partly_held", {**FLAGS, "": None}),
            source=cells.text("held_source"),
            note=cells.text("note"),
        )
        known = areas.setdefault(area.code, area)
        if (known.territory, known.partly_held) != (area.territory, area.partly_held):
            raise cells.bad(
                "code",
                f"{area.code!r} was given another territory or holder before",
                "the same for all spellings of one area",
            )
        yield Region(cells.key("region"), known)

    return read_table(opened, REGIONS, parse, unique=("region",))


def read_control(opened: Opened, parties: Collection[str]) -> Read[Held]:
    """Who is said to hold single places, by UTC dates; a blank date is an open end."""

    def parse(cells: Cells) -> Iterator[Held]:
        first, end = cells.day_or_none("from"), cells.day_or_none("until")
        start = midnight(first) if first else EARLIEST
        until = midnight(end) if end else LATEST
        if start >= until:
            raise cells.bad("until", "it ends before it starts", "a date after `from`, or blank")
        yield Held(
            place=cells.key("place"),
            region=cells.key("region"),
            control=cells.code("control", (*parties, CONTESTED)),
            interval=Interval(start, until),
            basis=cells.name("basis"),
            source=cells.name("source"),
        )

    return read_table(opened, CONTROL, parse)


def read_completeness(opened: Opened, parties: Collection[str]) -> Read[Completeness]:
    """How much of each class the registries hold, by territory."""

    def parse(cells: Cells) -> Iterator[Completeness]:
        yield Completeness(
            territory=cells.code("territory", parties),
            object_class=cells.code("object_class", OBJECTS.names),
            level=cells.code("level", ("full", "partial", "none")),
            reason=cells.name("reason"),
        )

    return read_table(opened, COMPLETENESS, parse, unique=("territory", "object_class"))


def read_gazetteer(opened: Opened) -> Read[tuple[str, Point]]:
    """Names of places with their points; names repeat and are no key."""

    def parse(cells: Cells) -> Iterator[tuple[str, Point]]:
        yield cells.name("name"), cells.point("lat", "lon", opened.extent)

    return read_table(opened, GAZETTEER, parse)


def read_outlines(opened: Opened) -> Read[Outline]:
    """Outlines of areas; self-intersecting rings are repaired, which a note says."""
    options = options_of(opened.source, OutlineOptions)
    fields = Fields(take=(options.code_property,), ignore=("*",))
    unmapped: list[str] = []
    repaired: list[str] = []

    def parse(cells: Cells, geometry: BaseGeometry) -> Iterator[Outline]:
        name = cells.key(options.code_property)
        for lon, lat in shapely.get_coordinates(geometry).tolist():
            cells.placed("geometry", lat, lon, opened.extent)
        code = name if options.codes is None else options.codes.get(name)
        if code is None:
            unmapped.append(name)
            return
        if not geometry.is_valid:
            repaired.append(name)
            geometry = shapely.make_valid(geometry)
        if geometry.area == 0:
            raise cells.bad("geometry", "the outline holds no area", "rings around an area")
        yield Outline(code, geometry)

    read = read_features(opened, fields, parse, types=("Polygon", "MultiPolygon"))
    return read.noting(
        said("{n} features without a code are left out", n=len(unmapped)) if unmapped else "",
        said(
            "{n} self-intersecting outlines repaired: {names}",
            n=len(repaired),
            names=", ".join(sorted(repaired)),
        )
        if repaired
        else "",
        _never_found(read, options),
    )


def _never_found(read: Read[Outline], options: OutlineOptions) -> str:
    missing = set((options.codes or {}).values()) - {outline.code for outline in read.records}
    return said("no outline for {codes}", codes=", ".join(sorted(missing))) if missing else ""


def outlines_by_code(outlines: Collection[Outline]) -> Mapping[str, BaseGeometry]:
    """One geometry per code, in order of codes; several outlines of a code are joined.

    >>> square = shapely.box(0, 0, 1, 1)
    >>> joined = outlines_by_code([Outline("A1", square), Outline("A1", shapely.box(1, 0, 2, 1))])
    >>> joined["A1"].area
    2.0
    """
    by_code: dict[str, list[BaseGeometry]] = {}
    for outline in outlines:
        by_code.setdefault(outline.code, []).append(outline.geometry)
    return {
        code: parts[0] if len(parts) == 1 else shapely.union_all(parts)
        for code, parts in sorted(by_code.items())
    }
