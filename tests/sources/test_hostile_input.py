"""Input that somebody made to break the readers, or to turn a verdict silently."""

from __future__ import annotations

import gzip
import json
import re
import tracemalloc
import zlib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.sources.breaks import FIRE, HEAD, claim, depots, fire, rewrite, terms

from truceline.clock import utc
from truceline.errors import BadFile, BadInput, BadTerms, MissingFile
from truceline.geo import Point
from truceline.sources import files
from truceline.sources.cells import Cells
from truceline.sources.occurred import occurrence

if TYPE_CHECKING:
    from tests.sources.breaks import Break

    from conftest import CaseBuilder


class Bad(NamedTuple):
    """How to break the case, where the error is, and what it says."""

    name: str
    do: Break
    where: str
    what: str


OTHER_FIRE = FIRE.replace("12.5", "13.5")
STATEMENTS = (
    "id,date,speaker,institution,side,act,about,clause_topic,source_url,source_outlet,"
    "source_date,language,notes\n"
)
S1 = "S1,2030-05-01,Anna,Office,A,announces,The pause starts,start,,,2030-05-01,en,\n"
WORDS = '[options]\nacts = ["announces"]\ntopics = ["start"]\n'
TIMELINE = "id,row_type,date,title,description,actors,version,source_url,source_date,notes\n"
DAYS = "date_utc,sensor,whole_day,reason_not_whole\n"
SKY = "date,north_cloudcover_mean\n"
STATION = "[options]\nstations = { north = [55, 20] }\n"
GAPS = "territory,object_class,level,reason\n"
CONTROL = "place,region,control,from,until,basis,source\n"
REPORTS = (
    "report_id,observer,independent,means,sense,finding,time_from_utc,time_until_utc,place,"
    "region,lat,lon,location_precision,object_class,names_party,origin_id,source_date,text\n"
)
REPORT = (
    "R1,Mission,true,patrol,both,nothing_observed,2030-05-03T00:00Z,2030-05-03T06:00Z,Millby,"
    "North Aland,55.1,20.2,settlement,,,patrol-1,2030-05-04,quiet\n"
)


def toml(old: str, new: str) -> Break:
    return rewrite("case.toml", old, new)


def add(text: str) -> Break:
    """More keys at the end of ``case.toml``."""
    return rewrite("case.toml", "until = 2030-05-10\n", f"until = 2030-05-10\n{text}")


def fires(content: str | bytes) -> Break:
    return lambda case: case.file("fires.csv", content)


def packed(content: bytes) -> Break:
    def do(case: CaseBuilder) -> None:
        case.file("data/fires.csv.gz", content).source("fires.csv.gz", "heat")

    return do


def more(
    name: str, kind: str, text: str, options: str = "", extra: str = "", path: str = "data"
) -> Break:
    """One more data file with its contract."""
    return lambda case: case.file(f"{path}/{name}", text).source(name, kind, options, extra)


def twice(kind: str, head: str, row: str, options: str = "") -> Break:
    """The same row in two files of one kind."""

    def do(case: CaseBuilder) -> None:
        more("x1.csv", kind, head + row, options)(case)
        more("x2.csv", kind, head + row, options)(case)

    return do


def contract(file: str, extra: str) -> Break:
    return lambda case: case.extra(file, extra)


SQUARE = [[[20, 55], [21, 55], [21, 56], [20, 56], [20, 55]]]


def feature(**change: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": SQUARE}
    return {
        "type": "Feature",
        "properties": {"code": "A-N"},
        "geometry": geometry,
        **change,
    }


def shape(kind: str, coordinates: object) -> dict[str, Any]:
    return feature(geometry={"type": kind, "coordinates": coordinates})


def outlines(*features: object, **top: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": [*features], **top})


def mapped(text: str | bytes, extra: str = "", options: str = "") -> Break:
    """A file of outlines."""
    options = f'[options]\ncode_property = "code"\n{options}'
    return lambda case: case.file("data/map.geojson", text).source(
        "map.geojson", "areas", options, extra
    )


def outline(second: object) -> Break:
    """The second of two outlines."""
    return mapped(outlines(feature(), second))


MAP = "data/map.geojson"
FEATURE = f"{MAP}, field features[1]"
DEEP = 100_000

# --- rows: they stop the reading, or are set aside on request -------------------------------------

ROWS = [
    Bad("negative power", fire("12.5", "-1"), "data/fires.csv, line 3, field frp", "out of range"),
    Bad(
        "Arabic digits as a number",
        fire("12.5", "١٢"),
        "data/fires.csv, line 3, field frp",
        "is no number",
    ),
    Bad(
        "Arabic digits as an hour",
        fire("0039", "٠٠٣٩"),
        "data/fires.csv, line 3, field acq_time",
        "is no time",
    ),
    Bad(
        "Arabic digits as a date",
        fire("2030-05-03", "٢٠٣٠-05-03"),
        "data/fires.csv, line 3, field acq_date",
        "is no date",
    ),
    Bad(
        "Arabic digits as a version",
        fire("6.1NRT", "٦.1NRT"),
        "data/fires.csv, line 3, field version",
        "unknown version",
    ),
    Bad(
        "Arabic digits as an hour of a claim",
        claim(event_time_local="٠4:00"),
        "data/claims.csv, line 3, field event_time_local",
        "is no time",
    ),
    Bad(
        "an hour that clocks skip",
        claim(event_date="2030-03-31", event_time_local="03:30", source_date=""),
        "data/claims.csv, line 3, field event_time_local",
        "there is no 03:30 on 2030-03-31 in Europe/Helsinki",
    ),
    Bad(
        "an hour that clocks skip, as an end",
        claim(event_date="2030-03-31", event_time_local="02:30-03:10", source_date=""),
        "data/claims.csv, line 3, field event_time_local",
        "there is no 03:10 on 2030-03-31",
    ),
    Bad(
        "an hour that clocks skip, as a start",
        claim(event_date="2030-03-31", event_time_local="03:30-04:10", source_date=""),
        "data/claims.csv, line 3, field event_time_local",
        "there is no 03:30 on 2030-03-31",
    ),
    Bad(
        "an hour that clocks skip in the zone of one party",
        claim(
            claimant_side="other",
            event_date="2030-03-31",
            event_time_local="02:30",
            source_date="",
        ),
        "data/claims.csv, line 3, field event_time_local",
        "in Europe/Paris",
    ),
    Bad(
        "a space after an id",
        claim(claim_id="C2 "),
        "data/claims.csv, line 3, field claim_id",
        "'C2 ' has a space at its end",
    ),
    Bad(
        "an id that is not composed",
        claim(claim_id="Ce\u0301"),
        "data/claims.csv, line 3, field claim_id",
        r"'Ce\\u0301' is not in Unicode's NFC form",
    ),
    Bad(
        "an id with a letter that cannot be seen",
        claim(claim_id="C2\u200b"),
        "data/claims.csv, line 3, field claim_id",
        "cannot be seen",
    ),
    Bad(
        "fire outside the span",
        lambda case: (
            case.extra("fires.csv", "span = [2030-05-03, 2030-05-04]"),
            fire("2030-05-03", "2030-05-05")(case),
        ),
        "data/fires.csv, line 3, field acq_date",
        "2030-05-05 is outside the declared span",
    ),
    Bad(
        "claim outside the span",
        lambda case: (
            case.extra("claims.csv", "span = [2030-05-03, 2030-05-04]"),
            claim(event_date="2030-05-02")(case),
        ),
        "data/claims.csv, line 3, field event_date",
        "2030-05-02 is outside the declared span",
    ),
    Bad(
        "statement outside the span",
        lambda case: (
            case.file(
                "statements.csv", STATEMENTS + S1 + S1.replace("S1,2030-05-01", "S2,2030-04-01")
            ),
            case.extra("statements.csv", "span = [2030-05-01, 2030-05-04]"),
        ),
        "data/statements.csv, line 3, field date",
        "outside the declared span",
    ),
    Bad(
        "milestone outside the span",
        more(
            "x.csv",
            "timeline",
            TIMELINE + "T1,milestone,2030-06-04,Start,,,,,,\n",
            extra="span = [2030-05-01, 2030-05-04]",
        ),
        "data/x.csv, line 2, field date",
        "outside the declared span",
    ),
    Bad(
        "record day outside the span",
        more(
            "x.csv",
            "record_days",
            DAYS + "2030-06-04,MODIS,true,\n",
            extra="span = [2030-05-01, 2030-05-04]",
        ),
        "data/x.csv, line 2, field date_utc",
        "outside the declared span",
    ),
    Bad(
        "cloud outside the span",
        more(
            "x.csv",
            "cloud",
            SKY + "2030-06-04,50\n",
            STATION,
            "span = [2030-05-01, 2030-05-04]",
        ),
        "data/x.csv, line 2, field date",
        "outside the declared span",
    ),
    Bad(
        "report outside the span",
        more("x.csv", "field_reports", REPORTS + REPORT, extra="span = [2030-05-01, 2030-05-02]"),
        "data/x.csv, line 2, field time_from_utc",
        "outside the declared span",
    ),
    Bad(
        "report whose time is none in UTC",
        more(
            "x.csv",
            "field_reports",
            REPORTS + REPORT.replace("2030-05-03T00:00Z", "0001-01-01T00:00+23:00"),
        ),
        "data/x.csv, line 2, field time_from_utc",
        "out of the years 1 to 9999",
    ),
    Bad(
        "unknown sensor",
        more("x.csv", "record_days", DAYS + "2030-05-03,Modis,true,\n"),
        "data/x.csv, line 2, field sensor",
        "unknown value 'Modis'",
    ),
    Bad(
        "unknown class in completeness",
        more("x.csv", "completeness", GAPS + "A,substations,full,all of them\n"),
        "data/x.csv, line 2, field object_class",
        "unknown value 'substations'",
    ),
    # The same key in two files of a kind.
    Bad(
        "statement in two files",
        more("x.csv", "statements", STATEMENTS + S1, WORDS),
        "data/x.csv, line 2, field id",
        "'S1' occurs twice; first in data/statements.csv, line 2",
    ),
    Bad(
        "milestone with the id of a statement",
        more("x.csv", "timeline", TIMELINE + "S1,milestone,2030-05-01,Start,,,,,,\n"),
        "data/x.csv, line 2, field id",
        "'S1' occurs twice; first in data/statements.csv, line 2",
    ),
    Bad(
        "milestone in two files",
        twice("timeline", TIMELINE, "T1,milestone,2030-05-01,Start,,,,,,\n"),
        "data/x2.csv, line 2, field id",
        "first in data/x1.csv, line 2",
    ),
    Bad(
        "report in two files",
        twice("field_reports", REPORTS, REPORT),
        "data/x2.csv, line 2, field report_id",
        "first in data/x1.csv, line 2",
    ),
    Bad(
        "record day in two files",
        twice("record_days", DAYS, "2030-05-03,MODIS,true,\n"),
        "data/x2.csv, line 2, field date_utc",
        "'2030-05-03, MODIS' occurs twice; first in data/x1.csv, line 2",
    ),
    Bad(
        "completeness in two files",
        twice("completeness", GAPS, "A,substation,full,all\n"),
        "data/x2.csv, line 2, field territory",
        "first in data/x1.csv, line 2",
    ),
    Bad(
        "cloud of a station in two files",
        twice("cloud", SKY, "2030-05-03,50\n", STATION),
        "data/x2.csv, line 2, field date",
        "'2030-05-03, north' occurs twice; first in data/x1.csv, line 2",
    ),
    # Geometries.
    Bad("no feature", outline(7), f"{FEATURE}.type", "this is no feature"),
    Bad(
        "properties that are a list",
        outline(feature(properties=[])),
        f"{FEATURE}.properties",
        "no object of properties",
    ),
    Bad(
        "no properties",
        outline(feature(properties=None)),
        f"{FEATURE}.properties",
        "no object of properties",
    ),
    Bad(
        "a code that is an object",
        outline(feature(properties={"code": {"x": 1}})),
        f"{FEATURE}.code",
        "an object or a list",
    ),
    Bad(
        "half a character",
        outline(feature(properties={"code": "A-N", "note": "\ud800"})),
        f"{FEATURE}.note",
        r"half a character \(U\+D800\)",
    ),
    Bad(
        "NUL in a property",
        outline(feature(properties={"code": "A\0"})),
        f"{FEATURE}.code",
        "the character NUL",
    ),
    Bad("no geometry", outline(feature(geometry=None)), f"{FEATURE}.geometry", "no geometry"),
    Bad(
        "geometry that is text",
        outline(feature(geometry="POINT (1 1)")),
        f"{FEATURE}.geometry",
        "no geometry",
    ),
    Bad(
        "an area that is a point",
        outline(shape("Point", [20, 55])),
        f"{FEATURE}.geometry",
        "the geometry is Point",
    ),
    Bad(
        "unknown type of geometry",
        outline(feature(geometry={"type": ["Polygon"]})),
        f"{FEATURE}.geometry",
        "the geometry is without a type",
    ),
    Bad(
        "empty geometry",
        outline(shape("MultiPolygon", [[]])),
        f"{FEATURE}.geometry",
        "is empty",
    ),
    Bad(
        "ring left open",
        outline(shape("Polygon", [[*SQUARE[0][:4], [20, 55.1]]])),
        f"{FEATURE}.geometry",
        "ring 1 is not closed",
    ),
    Bad(
        "ring of three positions",
        outline(shape("Polygon", [[[20, 55], [21, 56], [20, 55]]])),
        f"{FEATURE}.geometry",
        "ring 1 has 3 positions",
    ),
    Bad(
        "ring without an area",
        outline(shape("Polygon", [[[20, 55], [21, 56], [20, 55], [20, 55]]])),
        f"{FEATURE}.geometry",
        "holds no area",
    ),
    Bad(
        "nested too little",
        outline(shape("Polygon", SQUARE[0])),
        f"{FEATURE}.geometry",
        "position is not two or three numbers|not nested as the type says",
    ),
    Bad(
        "positions as text",
        outline(shape("Polygon", [[["20", "55"]] * 4])),
        f"{FEATURE}.geometry",
        "position is not two or three numbers",
    ),
    Bad(
        "off the globe",
        outline(shape("Polygon", [[[200, 55], [21, 55], [21, 56], [200, 55]]])),
        f"{FEATURE}.geometry",
        "the position 200, 55 is nowhere on the globe",
    ),
    Bad(
        "a number of 400 digits",
        outline(shape("Polygon", [[[10**400, 55], [21, 55], [21, 56], [10**400, 55]]])),
        f"{FEATURE}.geometry",
        "the position is nowhere on the globe",
    ),
    Bad(
        "outline outside the extent",
        outline(shape("Polygon", [[[20, 61], [21, 55], [21, 56], [20, 61]]])),
        f"{FEATURE}.geometry",
        "61, 20 is outside the declared extent",
    ),
    Bad(
        "heights of some positions only",
        outline(shape("Polygon", [[[20, 55, 1], [21, 55], [21, 56], [20, 55, 1]]])),
        f"{FEATURE}.geometry",
        "no geometry can be made",
    ),
]


# --- files: nothing of them is kept ---------------------------------------------------------------


def bomb_of_aliases() -> str:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(lines) + "\n"


def source_folder(case: CaseBuilder) -> None:
    (case.folder / "sources/x.toml").mkdir()


def data_folder(case: CaseBuilder) -> None:
    (case.folder / "data/fires.csv").unlink()
    (case.folder / "data/fires.csv").mkdir()


PLAIN = (HEAD + FIRE).encode()
FIRES_TOML = "sources/fires.toml"

FILES = [
    Bad(
        "bytes after the gzip stream",
        packed(gzip.compress(PLAIN) + b"more"),
        "data/fires.csv.gz",
        "what follows gzip member 1 is none itself",
    ),
    Bad(
        "zeros after the gzip stream",
        packed(gzip.compress(PLAIN) + bytes(512)),
        "data/fires.csv.gz",
        "what follows gzip member 1",
    ),
    Bad(
        "second gzip member cut off",
        packed(gzip.compress(PLAIN) + gzip.compress(FIRE.encode())[:-9]),
        "data/fires.csv.gz",
        "ends early",
    ),
    Bad("no gzip at all", packed(PLAIN), "data/fires.csv.gz", "no gzip file"),
    Bad("gzip under a plain name", fires(gzip.compress(PLAIN)), "data/fires.csv", "packed with gz"),
    Bad("a spreadsheet", fires(b"PK\x03\x04" + bytes(90)), "data/fires.csv", "a zip archive"),
    Bad("UTF-16", fires(PLAIN.decode().encode("utf-16")), "data/fires.csv", "the file is UTF-16"),
    Bad(
        "UTF-16 without a mark",
        fires(PLAIN.decode().encode("utf-16-le")),
        "data/fires.csv",
        "the file is UTF-16",
    ),
    Bad("UTF-32", fires(PLAIN.decode().encode("utf-32")), "data/fires.csv", "the file is UTF-32"),
    Bad(
        "CR alone",
        fires(PLAIN.replace(b"\n", b"\r")),
        "data/fires.csv, line 1",
        r"end in a carriage return \(CR\) alone",
    ),
    Bad(
        "CR alone in some lines",
        fires(PLAIN + FIRE.encode().replace(b"\n", b"\r") + FIRE.encode()),
        "data/fires.csv, line 3",
        r"end in a carriage return \(CR\) alone",
    ),
    Bad(
        "a huge cell",
        depots("name,lat,lon,caution\n" + "x" * 200_000 + ",55,20,\n"),
        "data/depots.csv, line 2",
        "a cell of over 131,072 characters",
    ),
    Bad(
        "100,000 columns",
        depots(",".join(f"c{n}" for n in range(100_000)) + "\n"),
        "data/depots.csv, line 1",
        "100,000 columns",
    ),
    Bad(
        "unread file beside the contracts",
        lambda case: case.file("sources/control.TOML", ""),
        "sources/control.TOML",
        "no contract, and would not be read",
    ),
    Bad(
        "unread folder beside the contracts",
        lambda case: case.file("sources/old/claims.toml", ""),
        "sources/old",
        "a folder, and would not be read",
    ),
    Bad("contract that is a folder", source_folder, "sources/x.toml", "this is a folder"),
    Bad("data that are a folder", data_folder, f"{FIRES_TOML}, field path", "is a folder"),
    Bad(
        "the same path in two sources",
        lambda case: case.file(
            "sources/again.toml",
            (case.folder / FIRES_TOML).read_text().replace('"fires"', '"again"'),
        ),
        f"{FIRES_TOML}, field path",
        "is the file that sources/again.toml names already",
    ),
    Bad(
        "the id of references to incidents",
        more("incident.csv", "gazetteer", "name,lat,lon\n"),
        "sources/incident.toml, field id",
        "'incident' is no id of a source",
    ),
    *(
        Bad(
            f"path {path!r}",
            rewrite(FIRES_TOML, '"data/fires.csv"', json.dumps(path)),
            f"{FIRES_TOML}, field path",
            "no plain path inside the case",
        )
        for path in ("./data/fires.csv", "data//fires.csv", "data/fires.csv/", "C:fires.csv", "/x")
    ),
    Bad(
        "span that ends before it starts",
        contract("fires.csv", "span = [2030-05-03, 2030-05-02]"),
        f"{FIRES_TOML}, field span",
        "ends on 2030-05-02, before its first day",
    ),
    Bad(
        "extent upside down",
        rewrite(FIRES_TOML, "south = 50", "south = 61"),
        f"{FIRES_TOML}, field extent",
        "the north 60 is below the south 61",
    ),
    Bad(
        "a floor that is text",
        rewrite(FIRES_TOML, "min = 0", 'min = "0"'),
        f"{FIRES_TOML}, field rows.min",
        "valid integer",
    ),
    Bad(
        "a floor that is true",
        rewrite(FIRES_TOML, "min = 0", "min = true"),
        f"{FIRES_TOML}, field rows.min",
        "valid integer",
    ),
    Bad(
        "a span of numbers",
        contract("fires.csv", "span = [0, 86400]"),
        f"{FIRES_TOML}, field span.0",
        "valid date",
    ),
    # case.toml
    Bad(
        "coarsened without end",
        add("[publication]\ncoarsen_km = inf\n"),
        "case.toml, field publication.coarsen_km",
        "finite number",
    ),
    Bad(
        "delayed by text",
        add('[publication]\ndelay_days = "3"\n'),
        "case.toml, field publication.delay_days",
        "valid integer",
    ),
    Bad(
        "window from the year 1",
        toml("from = 2030-05-01", "from = 0001-01-01"),
        "case.toml, field window.from",
        "greater than or equal to 1900-01-01",
    ),
    Bad(
        "window of a century",
        toml("from = 2030-05-01", "from = 1930-05-01"),
        "case.toml, field window",
        "the window has 36,535 days, and may have 3,660",
    ),
    Bad(
        "as_of that is none in UTC",
        toml("2030-06-01T00:00:00Z", "9999-12-31T23:59:00-23:00"),
        "case.toml, field as_of",
        "out of the years 1 to 9999",
    ),
    Bad(
        "as_of in the year 3000",
        toml("2030-06-01T", "3000-06-01T"),
        "case.toml, field as_of",
        "the year 3000 is not between",
    ),
    Bad(
        "nested TOML",
        add(f"x = {'[' * DEEP}{']' * DEEP}\n"),
        "case.toml",
        "no valid TOML: nested too deeply",
    ),
    Bad(
        "a number of 5,000 digits in TOML",
        add(f"x = {'9' * 5000}\n"),
        "case.toml",
        "a number has too many digits",
    ),
    Bad(
        "case.toml of a megabyte",
        add("#" * 1_000_001),
        "case.toml",
        "larger than 1,000,000 bytes",
    ),
    Bad(
        "case.toml in UTF-16",
        lambda case: case.file("case.toml", "id = 1\n".encode("utf-16")),
        "case.toml",
        "the file is UTF-16",
    ),
    Bad(
        "column of groups that claims do not keep",
        add('[crosschecks]\ngroups = "event_groups"\n'),
        "case.toml, field crosschecks.groups",
        "'event_groups' is no column that is compared",
    ),
    Bad(
        "column of objects that claims do not keep",
        add('[crosschecks.objects]\ncolumn = "place"\nreading = "joint"\n'),
        "case.toml, field crosschecks.objects.column",
        "'place' is no column",
    ),
    Bad(
        "reading of objects that nobody stated",
        add('[crosschecks.objects]\ncolumn = "window"\nreading = "join"\n'),
        "case.toml, field crosschecks.objects.reading",
        "'join' is no reading of the agreement",
    ),
    Bad(
        "reading of windows that nobody stated",
        add('[crosschecks.windows]\ncolumn = "window"\nvalues = { x = { join = "in_force" } }\n'),
        "case.toml, field crosschecks.windows.values.x",
        "'join' is no reading of the agreement",
    ),
    # Names in options.
    Bad(
        "holder that is no party",
        rewrite("sources/claims.toml", 'control = "B"', 'control = "b"'),
        "sources/claims.toml, field options.control.A held.control",
        "'b' is no party of the agreement",
    ),
    Bad(
        "territory of claims that is no party's",
        rewrite("sources/claims.toml", 'territory = "B"', 'territory = "b"'),
        "sources/claims.toml, field options.control.B.territory",
        "'b' is no party of the agreement",
    ),
    Bad(
        "territory of a registry that is no party's",
        rewrite("sources/depots.toml", 'territory = "A"', 'territory = "AA"'),
        "sources/depots.toml, field options.territory",
        "'AA' is no party of the agreement",
    ),
    Bad(
        "weather point off the globe",
        more("x.csv", "cloud", SKY, STATION.replace("55, 20", "95, 20")),
        "sources/x.toml, field options.stations.north.0",
        "less than or equal to 90",
    ),
    Bad(
        "weather point outside the extent",
        more("x.csv", "cloud", SKY, STATION.replace("55, 20", "20, 55")),
        "sources/x.toml, field options.stations.north",
        "20, 55 is outside the declared extent",
    ),
    # GeoJSON as a file.
    Bad("no collection", mapped(json.dumps(feature())), f"{MAP}, field type", "no feature coll"),
    Bad("a list", mapped("[]"), f"{MAP}, field type", "no feature collection"),
    Bad(
        "another system of positions",
        mapped(outlines(feature(), crs={"type": "name", "properties": {"name": "EPSG:3857"}})),
        f"{MAP}, field crs",
        "in the system EPSG:3857",
    ),
    Bad("system of null", mapped(outlines(feature(), crs=None)), f"{MAP}, field crs", "unknown"),
    Bad(
        "the same key twice",
        mapped(outlines(feature()).replace('"code"', '"code": "B-B", "code"')),
        MAP,
        "the key 'code' occurs twice",
    ),
    Bad("not a number", mapped(outlines(feature()).replace("56", "NaN", 1)), MAP, "NaN is no num"),
    Bad("GeoJSON in UTF-16", mapped(outlines().encode("utf-16")), MAP, "the file is UTF-16"),
    Bad(
        "GeoJSON with a mark",
        mapped(b"\xef\xbb\xbf" + outlines().encode()),
        f"{MAP}, line 1",
        "byte order mark",
    ),
    Bad(
        "GeoJSON in latin-1",
        mapped(outlines(), 'dialect = { encoding = "latin-1" }'),
        "sources/map.toml, field dialect.encoding",
        "GeoJSON cannot be latin-1",
    ),
    Bad("GeoJSON that is no UTF-8", mapped(b'{"a": "\xe9"}'), f"{MAP}, line 1", "not UTF-8"),
    Bad("nested JSON", mapped("[" * DEEP), MAP, "nested too deeply"),
    Bad("many digits in JSON", mapped(f"[{'9' * 5000}]"), MAP, "too many digits"),
]

YAML = "agreement.yaml"
TERMS = [
    Bad(
        "bomb of aliases",
        lambda case: rewrite(YAML, "schema:", f"{bomb_of_aliases()}schema:")(case),
        f"{YAML}, line 6",
        "more than 100,000 values once every alias is written out",
    ),
    Bad(
        "an alias of itself",
        terms("schema:", "a: &a [*a]\nschema:"),
        f"{YAML}, line 1",
        "more than 100,000 values",
    ),
    Bad(
        "nested brackets",
        terms("schema:", f"a: {'[' * DEEP}\nschema:"),
        f"{YAML}, line 1",
        "nested deeper than 40 levels",
    ),
    Bad(
        "nested blocks",
        terms("schema:", "a: " + "- " * DEEP + "x\nschema:"),
        f"{YAML}, line 1",
        "",
    ),
    Bad(
        "a key that is a list",
        terms("title: Pause", "title: Pause\n? {a: [x]}\n: y"),
        YAML,
        "a key is a list",
    ),
    Bad(
        "a tag",
        terms("title: Pause", "title: !!set Pause"),
        f"{YAML}, line 3",
        "a value has a tag",
    ),
    Bad(
        "half a character in the terms",
        terms("title: Pause", 'title: "Pause \\ud800"'),
        YAML,
        r"half a character \(U\+D800\)",
    ),
    Bad(
        "a number of 5,000 digits in the terms",
        terms("title: Pause", f"title: {'9' * 5000}"),
        YAML,
        "a number has too many digits",
    ),
    Bad(
        "terms in UTF-16",
        lambda case: case.file(YAML, "id: 1\n".encode("utf-16")),
        YAML,
        "the file is UTF-16",
    ),
    Bad(
        "terms from the year 1",
        terms("from: 2030-05-01", "from: 0001-01-01"),
        f"{YAML}, line 15, field readings[0].clock.from",
        "0001-01-01 is out of range",
    ),
    Bad(
        "terms from before the year 1 in UTC",
        terms("zone: UTC\n      from: 2030-05-01", "zone: Europe/Helsinki\n      from: 0001-01-01"),
        f"{YAML}, line 13, field readings[0].clock",
        "out of the years 1 to 9999",
    ),
    Bad(
        "area that no region has",
        lambda case: (
            terms("territory_of: [A, B]", "areas: [A-N, A-S]")(case),
            terms("readings:", "areas: {A-N: A, A-S: A}\nreadings:")(case),
        ),
        f"{YAML}, line 9, field areas.A-S",
        "'A-S' is the code of no region",
    ),
    Bad(
        "area in another territory",
        terms("readings:", "areas: {A-N: B}\nreadings:"),
        f"{YAML}, line 9, field areas.A-N",
        "'A-N' is territory A in the file of regions",
    ),
    Bad(
        "a length beyond the calendar",
        terms("until: 2030-05-11", "for: P99999999999D"),
        YAML,
        "lead beyond the calendar",
    ),
]


def told(error: BadInput | MissingFile) -> str:
    return str(error.where)


@pytest.mark.parametrize("bad", [*ROWS, *FILES, *TERMS], ids=lambda bad: bad.name)
def test_hostile_input_is_an_error_that_says_where(case: CaseBuilder, bad: Bad) -> None:
    bad.do(case)
    with pytest.raises((BadInput, MissingFile)) as caught:
        case.read()
    error = caught.value
    assert isinstance(error, BadTerms) == (bad in TERMS)
    assert told(error) == bad.where
    assert re.search(bad.what, error.what), error.what
    assert error.expected or error.remedy
    assert not re.search(r"NoneType|object at 0x|\bdict\b|Traceback", str(error))


@pytest.mark.parametrize("bad", ROWS, ids=lambda bad: bad.name)
def test_hostile_rows_are_set_aside_on_request(case: CaseBuilder, bad: Bad) -> None:
    bad.do(case)
    records = case.quarantine().read()
    (aside,) = (row for row in records.quarantine if re.search(bad.what, row.what))
    file = next(file for file in records.inputs if file.id == aside.source)
    assert file.n_quarantined == 1 and bad.where.startswith(file.path)


@pytest.mark.parametrize(
    "bad", [bad for bad in FILES if not bad.where.startswith("case.toml")], ids=lambda bad: bad.name
)
def test_hostile_files_are_refused_even_where_bad_rows_are_set_aside(
    case: CaseBuilder, bad: Bad
) -> None:
    case.quarantine()
    bad.do(case)
    with pytest.raises((BadFile, MissingFile)):
        case.read()


# --- gzip ---------------------------------------------------------------------------------------


def test_all_members_of_a_gzip_file_are_read(case: CaseBuilder) -> None:
    members = [PLAIN[:100], PLAIN[100:], b"", OTHER_FIRE.encode()]
    packed(b"".join(gzip.compress(part) for part in members))(case)
    records = case.read()
    file = next(file for file in records.inputs if file.path == "data/fires.csv.gz")
    assert file.n_rows == 2


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(
    case: CaseBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 8_000_000)
    squeeze = zlib.compressobj(9, wbits=31)
    bomb = b"".join(squeeze.compress(b"\n" * 10_000_000) for _ in range(10)) + squeeze.flush()
    packed(bomb)(case)
    tracemalloc.start()
    with pytest.raises(BadFile, match="larger than 8,000,000 bytes") as caught:
        case.read()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.where is not None and caught.value.where.file == "data/fires.csv.gz"
    assert peak < 40_000_000


# --- rows and cover -----------------------------------------------------------------------------


def test_rows_that_are_set_aside_do_not_reach_the_floor(case: CaseBuilder) -> None:
    fire("12.5", "inf")(case)
    rewrite(FIRES_TOML, "min = 0", "min = 2")(case)
    with pytest.raises(BadFile, match="2 rows, 1 of them set aside, pass the floor"):
        case.quarantine().read()


def test_rows_that_are_set_aside_count_against_the_ceiling(case: CaseBuilder) -> None:
    fire("12.5", "inf")(case)
    rewrite(FIRES_TOML, "max = 1000", "max = 1")(case)
    with pytest.raises(BadFile, match="pass the ceiling"):
        case.quarantine().read()


def test_rows_set_aside_by_another_file_do_not_reach_the_floor(case: CaseBuilder) -> None:
    rewrite("data/acts.csv", "C2,hit", "C9,hit")(case)
    rewrite("sources/acts.toml", "min = 0", "min = 2")(case)
    with pytest.raises(BadFile, match="pass the floor") as caught:
        case.quarantine().read()
    assert told(caught.value) == "data/acts.csv"


DAY = date(2030, 5, 3)


def covered(case: CaseBuilder) -> dict[str, list[tuple[date, date]]]:
    cover = case.read().heat_cover
    return {sensor: [(c.first, c.last) for c in covers] for sensor, covers in cover.items()}


def test_heat_covers_what_it_promises_or_else_what_it_holds(case: CaseBuilder) -> None:
    fires(HEAD + FIRE + FIRE.replace("05-03", "05-07"))(case)
    assert covered(case) == {"MODIS": [(DAY, date(2030, 5, 7))]}
    case.extra("fires.csv", "span = [2030-05-01, 2030-05-09]")
    more("x.csv", "heat", HEAD + FIRE.replace("T,MODIS", "N,VIIRS").replace(",85,", ",n,"))(case)
    more("w.csv", "heat", HEAD + FIRE.replace("05-03", "04-03"))(case)
    spring = date(2030, 4, 3)
    assert covered(case) == {
        "MODIS": [(spring, spring), (date(2030, 5, 1), date(2030, 5, 9))],
        "VIIRS": [(DAY, DAY)],
    }


def test_heat_covers_its_extent_or_else_the_box_of_its_rows(case: CaseBuilder) -> None:
    fires(HEAD + FIRE)(case)
    (cover,) = case.read().heat_cover["MODIS"]
    fire = case.read().heat[0].point
    assert cover.holds(DAY, fire, 0.0)
    assert not cover.holds(DAY, Point(-fire.lat, fire.lon), 0.0)
    assert not cover.holds(date(2031, 5, 3), fire, 0.0)


@pytest.mark.parametrize("rows", ["", FIRE + FIRE.replace("12.5", "inf")], ids=["none", "aside"])
def test_heat_that_may_be_missing_covers_nothing(case: CaseBuilder, rows: str) -> None:
    fires(HEAD + rows)(case)
    case.extra("fires.csv", "span = [2030-05-01, 2030-05-09]")
    assert case.quarantine().read().heat_cover == {}


# --- names that match nothing -------------------------------------------------------------------


def notes(case: CaseBuilder, source: str) -> tuple[str, ...]:
    return next(file for file in case.read().inputs if file.id == source).notes


def test_a_place_that_no_claim_names_is_noted(case: CaseBuilder) -> None:
    rows = "Millby,North Aland,B,,,said so,S1\nMilby,North Aland,A,,,said so,S1\n"
    case.file("control.csv", CONTROL + rows)
    assert notes(case, "control") == (
        "1 places that no claim names, so that their entry changes nothing: Milby (North Aland)",
    )


def test_outlines_that_no_region_has_are_noted(case: CaseBuilder) -> None:
    mapped(outlines(feature(), feature(properties={"code": "A_N"})))(case)
    assert notes(case, "map") == ("1 outlines of areas that no region has: A_N",)


def test_without_regions_no_outline_is_compared(case: CaseBuilder) -> None:
    (case.folder / "sources/regions.toml").unlink()
    mapped(outlines(feature()))(case)
    assert notes(case, "map") == ()


def test_terms_may_hold_in_areas_of_regions(case: CaseBuilder) -> None:
    terms("territory_of: [A, B]", "areas: [A-N, B-B]")(case)
    terms("readings:", "areas: {A-N: A, B-B: B}\nreadings:")(case)
    assert len(case.read().claims) == 2


# --- what is fine -------------------------------------------------------------------------------


def test_crs84_and_a_declared_mark_are_read(case: CaseBuilder) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    text = b"\xef\xbb\xbf" + outlines(feature(), crs=crs).encode()
    mapped(text, 'dialect = { encoding = "utf-8-sig" }')(case)
    assert list(case.read().outlines) == ["A-N"]


def test_an_anchor_that_is_used_a_few_times_is_fine(case: CaseBuilder) -> None:
    terms("source: [S1]}\n        where", "source: &s [S1]}\n        where")(case)
    terms("including_held: true, source: [S1]", "including_held: true, source: *s")(case)
    assert len(case.read().claims) == 2


def test_a_carriage_return_inside_quotes_belongs_to_the_cell(case: CaseBuilder) -> None:
    depots('name,lat,lon,caution\n"East\rNorth",55,20,\n')(case)
    assert [depot.name for depot in case.read().objects] == ["East\rNorth"]


@pytest.mark.parametrize(
    ("day", "hour", "instant"),
    [
        ("2025-03-30", "02:59", "2025-03-30T00:59:00Z"),
        ("2025-03-30", "04:00", "2025-03-30T01:00:00Z"),
        ("2025-10-26", "03:30", "2025-10-26T00:30:00Z"),  # twice: the first of the two
    ],
)
def test_hours_around_a_change_of_clocks(day: str, hour: str, instant: str) -> None:
    row = {"event_date": day, "event_time_local": hour, "date_precision": "exact"}
    found = occurrence(Cells("claims", "claims.csv", 2, row), ["Europe/Kyiv"], None)
    assert str(found.interval).startswith(instant)


def test_a_day_that_a_zone_skips_is_a_bad_row() -> None:
    row = {"event_date": "2011-12-30", "event_time_local": "", "date_precision": "exact"}
    cells = Cells("claims", "claims.csv", 2, row)
    with pytest.raises(BadInput, match="there is no 2011-12-30 in Pacific/Apia"):
        occurrence(cells, ["Pacific/Apia"], None)


def test_a_moment_beyond_the_calendar_is_a_plain_error() -> None:
    for text in ("0001-01-01T00:00+23:00", "9999-12-31T23:59-23:00"):
        with pytest.raises(ValueError, match="out of the years 1 to 9999"):
            utc(datetime.fromisoformat(text))
