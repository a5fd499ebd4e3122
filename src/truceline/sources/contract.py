"""The contract of a source file: what it is, where it lies, what it may hold.

A case names every file in ``sources/<id>.toml``.  Each kind of file says which columns it
takes and which it ignores by name; a column that is in neither list is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from truceline.archive.texts import inside
from truceline.domain.agreement import Code
from truceline.domain.result import Quarantined
from truceline.errors import BadFile, Where
from truceline.geo import Extent

T = TypeVar("T")

OnBadRow = Literal["stop", "quarantine"]

Span = tuple[date, date]
"""First and last day, both included."""

Keys = Mapping[tuple[str, ...], Where]
"""Keys that may occur once, each with the place where it was met."""

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years outside are typing errors, not dates."""

MAX_COLUMNS = 1_000
"""Columns of a table: the widest real one has 39, and every column is looked at by name."""

RESERVED = ("incident", "case", "agreement")
"""Ids that a source may not have: references to incidents and to the two other files use them."""


class KindName(StrEnum):
    """What a file holds; the readers are listed in ``kinds``."""

    HEAT = "heat"
    RECORD_DAYS = "record_days"
    CLOUD = "cloud"
    FACILITIES_OSM = "facilities_osm"
    FACILITIES_GPPD = "facilities_gppd"
    FACILITIES_WRI = "facilities_wri"
    FACILITIES_PLAIN = "facilities_plain"
    CLAIMS = "claims"
    ACTS = "acts"
    CLASSES = "classes"
    ORIGINS = "origins"
    COUNTS = "counts"
    REGIONS = "regions"
    AREAS = "areas"
    CONTROL = "control"
    COMPLETENESS = "completeness"
    GAZETTEER = "gazetteer"
    STATEMENTS = "statements"
    TIMELINE = "timeline"
    FIELD_REPORTS = "field_reports"
    ORBITAL_ELEMENTS = "orbital_elements"
    EVENTS_UCDP = "events_ucdp"
    DAILY_COUNTS = "daily_counts"
    DAILY_CASUALTIES = "daily_casualties"
    LISTED_TRUCES = "listed_truces"


# --- what a case says about a file --------------------------------------------------------------


Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Day = Annotated[date, Field(strict=True, ge=date(FIRST_YEAR, 1, 1), le=date(LAST_YEAR, 12, 31))]
"""Values as TOML writes them: no text that looks like a number, no number that could be a day."""


class Contract(BaseModel):
    """Base of all tables of a case: frozen, no infinite number, no key that nobody knows."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )


class NoOptions(Contract):
    """Options of a kind that has none."""


class Dialect(Contract):
    """How the bytes of a table are written; what differs is refused, not guessed."""

    encoding: Literal["utf-8", "utf-8-sig", "latin-1", "cp1251", "cp1252"] = "utf-8"
    newline: Literal["lf", "crlf"] = "lf"
    delimiter: str = Field(",", min_length=1, max_length=1)
    final_newline: Flag = True


class RowRange(Contract):
    """Floor and ceiling of the number of rows, with the reason for both.

    Rows that are set aside count against the ceiling, and not towards the floor.
    """

    min: Whole = Field(ge=0)
    max: Whole = Field(ge=0)
    reason: str = Field(min_length=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max < self.min:
            raise ValueError(f"the ceiling {self.max} is below the floor {self.min}")
        return self


class Box(Contract):
    """A box in degrees; west above east where it crosses the antimeridian."""

    south: Number = Field(ge=-90, le=90)
    west: Number = Field(ge=-180, le=180)
    north: Number = Field(ge=-90, le=90)
    east: Number = Field(ge=-180, le=180)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.north < self.south:
            raise ValueError(f"the north {self.north:g} is below the south {self.south:g}")
        return self

    @property
    def extent(self) -> Extent:
        """As the type that positions are checked against."""
        return Extent(self.south, self.west, self.north, self.east)


def inside_the_case(path: str) -> str:
    """A plain path below the case folder, spelt in the one way a manifest takes, or an error.

    >>> inside_the_case("data/claims.csv")
    'data/claims.csv'
    >>> inside_the_case("./data/claims.csv")
    Traceback (most recent call last):
        ...
    ValueError: './data/claims.csv' is no plain path inside the case, such as data/claims.csv
    """
    if not inside(path):
        raise ValueError(f"{path!r} is no plain path inside the case, such as data/claims.csv")
    return path


def _not_reserved(source_id: str) -> str:
    if source_id in RESERVED:
        raise ValueError(f"{source_id!r} is no id of a source; kept for {', '.join(RESERVED)}")
    return source_id


def _in_order(span: Span) -> Span:
    if span[1] < span[0]:
        raise ValueError(f"the span ends on {span[1]}, before its first day {span[0]}")
    return span


class SourceFile(Contract):
    """One file of a case with everything that is promised about it."""

    id: Annotated[Code, AfterValidator(_not_reserved)]
    kind: KindName
    title: str = Field(min_length=1)
    path: Annotated[str, AfterValidator(inside_the_case)]
    licence: str = Field(min_length=1)
    attribution: str
    address: str = ""
    separate: Flag = False
    sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")
    span: Annotated[tuple[Day, Day], AfterValidator(_in_order)] | None = None
    extent: Box | None = None
    rows: RowRange
    dialect: Dialect = Dialect()
    options: dict[str, Any] = Field(default_factory=dict)

    @property
    def toml(self) -> str:
        """Path of this contract, relative to the case folder."""
        return f"sources/{self.id}.toml"


# --- columns ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fields:
    """Columns of a kind: taken, taken where present, or ignored by name (``*`` allowed).

    >>> fields = Fields(take=("id", "lat"), optional=("note",), ignore=("avg_*",))
    >>> fields.check(["id", "lat", "avg_cloud"], "points.csv")
    >>> fields.check(["id", "lat", "colour"], "points.csv")
    Traceback (most recent call last):
        ...
    truceline.errors.BadFile: points.csv, line 1, field colour: unknown column 'colour'
    """

    take: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    def check(self, names: Iterable[str], file: str, line: int | None = 1) -> None:
        """Refuse a missing, an unknown or a repeated column, and more than can be meant."""
        n_of = Counter(iter(names))
        if n_of.total() > MAX_COLUMNS:
            raise BadFile(
                f"{n_of.total():,} columns",
                Where(file, line),
                expected=f"at most {MAX_COLUMNS:,}",
                remedy="check that the file is the right one, and its delimiter",
            )
        for name, n in n_of.items():
            if n > 1:
                raise BadFile(
                    f"column {name!r} occurs {n} times",
                    Where(file, line, name),
                    expected="every column once",
                    remedy="remove or rename the repeated column",
                )
        self._check_known(n_of, file, line)

    def _check_known(self, names: Collection[str], file: str, line: int | None) -> None:
        known = ", ".join((*self.take, *self.optional, *self.ignore))
        for name in self.take:
            if name not in names:
                raise BadFile(
                    f"column {name!r} is missing",
                    Where(file, line, name),
                    expected=f"the columns {', '.join(self.take)}",
                    remedy="take the file from its source again, or check its kind and delimiter",
                )
        for name in names:
            if name not in self.take and name not in self.optional and not self._ignores(name):
                raise BadFile(
                    f"unknown column {name!r}",
                    Where(file, line, name),
                    expected=f"one of {known}",
                    remedy="correct its name, or add it to what this kind takes or ignores",
                )

    def _ignores(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self.ignore)


# --- what reading gives -------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """The bytes of one file, read once, with the contract they have to keep.

    ``taken`` has the keys that earlier files of the same kind hold already.
    """

    source: SourceFile
    data: bytes
    sha256: str
    on_bad_row: OnBadRow = "stop"
    taken: Keys = field(default_factory=dict)

    @property
    def file(self) -> str:
        """Name of the file in messages."""
        return self.source.path

    @property
    def extent(self) -> Extent | None:
        """Declared extent, if any."""
        return self.source.extent.extent if self.source.extent else None


@dataclass(frozen=True)
class Read(Generic[T]):
    """Records of one file, the rows set aside, and notes that are published with them.

    ``n_rows`` counts the rows of the file: kept, set aside and left out with a note.
    ``keys`` are those that were taken before, and those of this file.
    """

    records: tuple[T, ...] = ()
    quarantine: tuple[Quarantined, ...] = ()
    notes: tuple[str, ...] = ()
    n_rows: int = 0
    keys: Keys = field(default_factory=dict)

    def noting(self, *notes: str) -> Read[T]:
        """The same with further notes; blank ones are dropped.

        >>> Read(notes=("one",)).noting("two", "").notes
        ('one', 'two')
        """
        return replace(self, notes=(*self.notes, *(note for note in notes if note)))
