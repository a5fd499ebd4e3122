"""The contract of a source file: what it is, where it lies, what it may hold.

A case names every file in ``sources/<id>.toml``.  Each kind of file says which columns it
takes and which it ignores by name; a column that is in neither list is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from truceline.domain.agreement import Code
from truceline.domain.result import Quarantined
from truceline.errors import BadFile, Where
from truceline.geo import Extent

T = TypeVar("T")

OnBadRow = Literal["stop", "quarantine"]


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
    REGIONS = "regions"
    AREAS = "areas"
    CONTROL = "control"
    COMPLETENESS = "completeness"
    GAZETTEER = "gazetteer"
    STATEMENTS = "statements"
    TIMELINE = "timeline"
    FIELD_REPORTS = "field_reports"


# --- what a case says about a file --------------------------------------------------------------


class Contract(BaseModel):
    """Base of all tables of a case: frozen, and no key that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class NoOptions(Contract):
    """Options of a kind that has none."""


class Dialect(Contract):
    """How the bytes of a table are written; what differs is refused, not guessed."""

    encoding: Literal["utf-8", "utf-8-sig", "latin-1", "cp1251", "cp1252"] = "utf-8"
    newline: Literal["lf", "crlf"] = "lf"
    delimiter: str = Field(",", min_length=1, max_length=1)
    final_newline: bool = True


class RowRange(Contract):
    """Floor and ceiling of the number of rows, with the reason for both."""

    min: int = Field(ge=0)
    max: int = Field(ge=0)
    reason: str = Field(min_length=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max < self.min:
            raise ValueError(f"the ceiling {self.max} is below the floor {self.min}")
        return self


class Box(Contract):
    """A box in degrees; west above east where it crosses the antimeridian."""

    south: float = Field(ge=-90, le=90)
    west: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)

    @property
    def extent(self) -> Extent:
        """As the type that positions are checked against."""
        return Extent(self.south, self.west, self.north, self.east)


def inside_the_case(path: str) -> str:
    """A path that stays below the case folder, or a ``ValueError``.

    >>> inside_the_case("data/claims.csv")
    'data/claims.csv'
    >>> inside_the_case("../claims.csv")
    Traceback (most recent call last):
        ...
    ValueError: '../claims.csv' leaves the case folder; name a file inside it
    """
    posix = PurePosixPath(path)
    outside = posix.is_absolute() or PureWindowsPath(path).is_absolute() or ".." in posix.parts
    if outside or "\\" in path or not posix.parts:
        raise ValueError(f"{path!r} leaves the case folder; name a file inside it")
    return path


class SourceFile(Contract):
    """One file of a case with everything that is promised about it."""

    id: Code
    kind: KindName
    title: str = Field(min_length=1)
    path: Annotated[str, AfterValidator(inside_the_case)]
    licence: str = Field(min_length=1)
    attribution: str
    address: str = ""
    separate: bool = False
    sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")
    span: tuple[date, date] | None = None
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
        """Refuse a missing, an unknown or a repeated column."""
        names = list(names)
        known = ", ".join((*self.take, *self.optional, *self.ignore))
        for name in names:
            if names.count(name) > 1:
                raise BadFile(
                    f"column {name!r} occurs {names.count(name)} times",
                    Where(file, line, name),
                    expected="every column once",
                    remedy="remove or rename the repeated column",
                )
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
    """The bytes of one file, read once, with the contract they have to keep."""

    source: SourceFile
    data: bytes
    sha256: str
    on_bad_row: OnBadRow = "stop"

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
    """

    records: tuple[T, ...] = ()
    quarantine: tuple[Quarantined, ...] = ()
    notes: tuple[str, ...] = ()
    n_rows: int = 0

    def noting(self, *notes: str) -> Read[T]:
        """The same with further notes; blank ones are dropped.

        >>> Read(notes=("one",)).noting("two", "").notes
        ('one', 'two')
        """
        return replace(self, notes=(*self.notes, *(note for note in notes if note)))
