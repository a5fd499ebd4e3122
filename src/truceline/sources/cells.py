"""One row with its place in the file: cells as values, or an error that says which cell.

Blank is a value of its own: it is never a zero and never a false.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from truceline.clock import parse_stamp
from truceline.domain.provenance import Row, raw_hash
from truceline.errors import BadInput, Where
from truceline.geo import Extent, Point
from truceline.sources.contract import FIRST_YEAR, LAST_YEAR, Span

V = TypeVar("V")

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
ISO_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
WHOLE = re.compile(r"\d{1,15}", re.ASCII)
MAX_WHOLE = 10**15
WORLD = Extent(-90, -180, 90, 180)
FLAGS = {"true": True, "false": False}


@dataclass(frozen=True)
class Cells:
    """Cells of one row by column.  ``feature`` says that the rows are those of GeoJSON;
    ``span`` is what the contract promises about the days that rows speak of.

    >>> cells = Cells("depots", "depots.csv", 7, {"lat": "50.4", "n": "1,200", "day": ""})
    >>> cells.number("lat"), cells.day_or_none("day")
    (50.4, None)
    >>> cells.number("n")
    Traceback (most recent call last):
        ...
    truceline.errors.BadInput: depots.csv, line 7, field n: '1,200' is no number
    """

    source: str
    file: str
    line: int
    values: Mapping[str, str]
    feature: bool = False
    span: Span | None = None

    def where(self, field: str | None = None) -> Where:
        """This row, or one cell of it."""
        if self.feature:
            return Where(self.file, None, f"features[{self.line - 1}].{field or ''}".rstrip("."))
        return Where(self.file, self.line, field)

    def bad(self, field: str, what: str, expected: str = "", remedy: str = "") -> BadInput:
        """The error for one cell."""
        remedy = remedy or "correct the cell, or run with on_bad_row = 'quarantine'"
        return BadInput(what, self.where(field), expected=expected, remedy=remedy)

    @cached_property
    def sha256(self) -> str:
        """Hash of the raw values of the row."""
        return raw_hash(self.values)

    def row(self, key: str) -> Row:
        """Where the record comes from, under its key."""
        return Row(self.source, key, self.line, self.sha256)

    # --- text -----------------------------------------------------------------------------------

    def has(self, field: str) -> bool:
        """Whether the column is there at all."""
        return field in self.values

    def text(self, field: str) -> str:
        """As written; blank where an optional column is absent."""
        return self.values.get(field, "")

    def name(self, field: str) -> str:
        """As written, and not blank."""
        text = self.text(field)
        if not text.strip():
            raise self.bad(field, "the cell is blank", "some text")
        return text

    def key(self, field: str) -> str:
        """A name that other rows are compared with: one that only looks the same is refused.

        >>> Cells("s", "f.csv", 2, {"id": "S1 "}).key("id")
        Traceback (most recent call last):
            ...
        truceline.errors.BadInput: f.csv, line 2, field id: 'S1 ' has a space at its end
        """
        text = self.name(field)
        expected = "the id alone: no space around it, nothing invisible, Unicode in its NFC form"
        if text != text.strip():
            side = "start" if text != text.lstrip() else "end"
            raise self.bad(field, f"{text!r} has a space at its {side}", expected)
        if not text.isprintable():
            raise self.bad(field, f"{text!r} holds a character that cannot be seen", expected)
        if not unicodedata.is_normalized("NFC", text):
            raise self.bad(field, f"{text!a} is not in Unicode's NFC form", expected)
        return text

    def parts(self, field: str) -> tuple[str, ...]:
        """The parts of a list that is separated by semicolons.

        >>> Cells("s", "f", 1, {"url": "https://a.example; https://b.example"}).parts("url")
        ('https://a.example', 'https://b.example')
        """
        return tuple(part.strip() for part in self.text(field).split(";") if part.strip())

    def choice(self, field: str, known: Mapping[str, V]) -> V:
        """The meaning of one of the enumerated values."""
        text = self.text(field)
        if text not in known:
            names = ", ".join(name or "blank" for name in known)
            raise self.bad(field, f"unknown value {text!r}", f"one of {names}")
        return known[text]

    def code(self, field: str, known: Collection[str]) -> str:
        """One of the enumerated values, as it is."""
        return self.choice(field, {name: name for name in known})

    def flag(self, field: str) -> bool:
        """The words true or false."""
        return self.choice(field, FLAGS)

    # --- numbers --------------------------------------------------------------------------------

    def number(self, field: str, low: float = -math.inf, high: float = math.inf) -> float:
        """A finite number with a decimal point, within its bounds."""
        text = self.text(field)
        if not NUMBER.fullmatch(text):
            raise self.bad(field, f"{text!r} is no number", "digits with a decimal point")
        value = float(text)
        if not (math.isfinite(value) and low <= value <= high):
            raise self.bad(field, f"{text} is out of range", f"a number from {low:g} to {high:g}")
        return value

    def number_or_none(
        self, field: str, low: float = -math.inf, high: float = math.inf
    ) -> float | None:
        """The same; None where the cell is blank."""
        return self.number(field, low, high) if self.text(field) else None

    def whole(self, field: str, low: int = 0, high: int = MAX_WHOLE) -> int:
        """A whole number in digits alone, within its bounds.

        >>> Cells("s", "f.csv", 2, {"n": "3.0"}).whole("n")
        Traceback (most recent call last):
            ...
        truceline.errors.BadInput: f.csv, line 2, field n: '3.0' is no whole number
        """
        text = self.text(field)
        if not WHOLE.fullmatch(text):
            raise self.bad(field, f"{text!r} is no whole number", "digits alone")
        value = int(text)
        if not low <= value <= high:
            raise self.bad(field, f"{text} is out of range", f"a number from {low} to {high}")
        return value

    def whole_or_none(self, field: str, low: int = 0, high: int = MAX_WHOLE) -> int | None:
        """The same; None where the cell is blank."""
        return self.whole(field, low, high) if self.text(field) else None

    def point(self, lat: str, lon: str, extent: Extent | None) -> Point:
        """A position in degrees inside the declared extent.

        >>> swapped = Cells("s", "sites.csv", 2, {"lat": "30.5", "lon": "50.4"})
        >>> swapped.point("lat", "lon", Extent(43, 20, 61, 62))
        Traceback (most recent call last):
            ...
        truceline.errors.BadInput: sites.csv, line 2, field lat: position 30.5, 50.4 is outside
        """
        return self.placed(lat, self.number(lat), self.number(lon), extent)

    def placed(self, field: str, lat: float, lon: float, extent: Extent | None) -> Point:
        """The same for degrees that were worked out already."""
        box = extent or WORLD
        if not box.holds(lat, lon):
            raise self.bad(
                field,
                f"position {lat:g}, {lon:g} is outside the declared extent",
                f"latitude {box.south:g} to {box.north:g}, longitude {box.west:g} to {box.east:g}",
                f"latitude and longitude look swapped: {lon:g}, {lat:g} would fit"
                if box.holds(lon, lat)
                else "correct the position (swapping latitude and longitude would not fit either)",
            )
        return Point(lat, lon)

    def point_or_none(self, lat: str, lon: str, extent: Extent | None) -> Point | None:
        """The same; None where both cells are blank."""
        return self.point(lat, lon, extent) if self.text(lat) or self.text(lon) else None

    # --- times ----------------------------------------------------------------------------------

    def day(self, field: str) -> date:
        """An ISO date in a plausible year.

        >>> Cells("s", "f.csv", 3, {"on": "18.03.2025"}).day("on")
        Traceback (most recent call last):
            ...
        truceline.errors.BadInput: f.csv, line 3, field on: '18.03.2025' is no date
        """
        text = self.text(field)
        expected = f"an ISO date such as 2025-03-18, from {FIRST_YEAR} to {LAST_YEAR}"
        if not ISO_DATE.fullmatch(text):
            raise self.bad(field, f"{text!r} is no date", expected)
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise self.bad(field, f"{text!r} is no date: {error}", expected) from error
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self.bad(field, f"the date {text} is out of range", expected)
        return day

    def day_or_none(self, field: str) -> date | None:
        """The same; None where the cell is blank."""
        return self.day(field) if self.text(field) else None

    def dated(self, field: str) -> date:
        """A day of which the row says something: it lies in the declared span.

        >>> span = (date(2025, 3, 1), date(2025, 3, 31))
        >>> Cells("s", "f.csv", 3, {"on": "2025-04-01"}, span=span).dated("on")
        Traceback (most recent call last):
            ...
        truceline.errors.BadInput: f.csv, line 3, field on: 2025-04-01 is outside the declared span
        """
        day = self.day(field)
        self.check_span(field, day)
        return day

    def dated_or_none(self, field: str) -> date | None:
        """The same; None where the cell is blank."""
        return self.dated(field) if self.text(field) else None

    def check_span(self, field: str, day: date) -> None:
        """Refuse a day outside the declared span, if there is one."""
        if self.span and not self.span[0] <= day <= self.span[1]:
            raise self.bad(
                field,
                f"{day} is outside the declared span",
                f"a date from {self.span[0]} to {self.span[1]}",
                "correct the date, or, if the file does reach so far, the span of its contract",
            )

    def moment(self, field: str) -> datetime:
        """An instant, with its zone in the text."""
        text = self.text(field)
        expected = "an ISO time with its zone, such as 2025-03-18T00:00Z"
        if not ISO_MOMENT.fullmatch(text):
            raise self.bad(field, f"{text!r} is no time with a zone", expected)
        try:
            moment = parse_stamp(text)
        except ValueError as error:
            raise self.bad(field, str(error), expected) from error
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise self.bad(field, f"the year {moment.year} is out of range", "a plausible year")
        return moment
