"""Two-line elements as rows: fields cut by column, under the names of orbit mean-elements messages.

A set has two lines of 69 characters, with or without a line with a name before them.  The last
character of each is a checksum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from truceline.errors import BadInput, Where
from truceline.sources.cells import Cells
from truceline.sources.contract import Opened
from truceline.sources.table import text_lines

WIDTH = 69
MAX_NAME = 26
"""A name has at most 24 characters, after `0 ` in some files."""

FIRST_TWO_DIGITS = 57
"""Years from 57 on are of the 20th century: the first satellite flew in 1957."""

FIRST = {
    "NORAD_CAT_ID": (2, 7),
    "epoch_year": (18, 20),
    "epoch_day": (20, 32),
    "BSTAR": (53, 61),
    "EPHEMERIS_TYPE": (62, 63),
}
SECOND = {
    "second_id": (2, 7),
    "INCLINATION": (8, 16),
    "RA_OF_ASC_NODE": (17, 25),
    "ECCENTRICITY": (26, 33),
    "ARG_OF_PERICENTER": (34, 42),
    "MEAN_ANOMALY": (43, 51),
    "MEAN_MOTION": (52, 63),
}
"""Columns, from 0, without the last."""

POWER = re.compile(r"([ +-]?)(\d{5})([+-]\d)", re.ASCII)
DAY = re.compile(r"[ \d]{2}\d\.\d{8}", re.ASCII)


@dataclass(frozen=True)
class LinedCells(Cells):
    """Cells of a row that is spread over several lines of the file."""

    line_of: Mapping[str, int] = field(default_factory=dict)

    def where(self, field: str | None = None) -> Where:
        """The line of one cell, or the first of the row."""
        return Where(self.file, self.line_of.get(field or "", self.line), field)


def tle_cells(opened: Opened) -> Iterator[Cells | BadInput]:
    """The sets of a file in order; what is wrong with one line is an error in its place."""
    first: tuple[int, str] | None = None
    for number, raw in enumerate(text_lines(opened), 1):
        line = raw.rstrip()
        try:
            if first is not None:
                before, first = first, None
                check_line(opened, number, line, "2")
                yield _cells(opened, before, (number, line))
            elif line.startswith("1 "):
                check_line(opened, number, line, "1")
                first = (number, line)
            elif line.startswith("2 ") or len(line) > MAX_NAME:
                raise _bad(opened, number, "a line without its first line", "a name, or line 1")
        except BadInput as error:
            yield error
    if first is not None:
        yield _bad(opened, first[0], "the last set has one line only", "line 2 after it")


def check_line(opened: Opened, number: int, line: str, kind: str) -> None:
    """Refuse a line of another kind or length, or with another checksum than its own."""
    if not line.startswith(f"{kind} "):
        raise _bad(opened, number, f"this is no line {kind}", f"a line that starts with `{kind} `")
    if len(line) != WIDTH or not line.isascii():
        what = f"the line has {len(line)} characters"
        raise _bad(opened, number, what, f"{WIDTH} characters, all of them ASCII")
    if str(checksum(line)) != line[-1]:
        what = f"the checksum is {line[-1]}, the characters before it give {checksum(line)}"
        raise _bad(opened, number, what, "the line as it was published")


def checksum(line: str) -> int:
    """Sum of the digits of a line without its last, a minus counted as 1, modulo 10.

    >>> checksum("1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753")
    3
    """
    return sum(int(c) if c in "0123456789" else c == "-" for c in line[: WIDTH - 1]) % 10


def _cells(opened: Opened, first: tuple[int, str], second: tuple[int, str]) -> LinedCells:
    values = {name: first[1][a:b].strip() for name, (a, b) in FIRST.items()}
    values |= {name: second[1][a:b].strip() for name, (a, b) in SECOND.items()}
    line_of = dict.fromkeys(SECOND, second[0])
    cells = LinedCells(
        opened.source.id, opened.file, first[0], values, span=opened.source.span, line_of=line_of
    )
    number, other = values["NORAD_CAT_ID"], values.pop("second_id")
    if number != other:
        what = f"the first line is of object {number}, the second of {other}"
        raise cells.bad("second_id", what, "two lines of one object")
    if not re.fullmatch(r"\d{7}", values["ECCENTRICITY"], re.ASCII):
        raise cells.bad("ECCENTRICITY", f"{values['ECCENTRICITY']!r} is no fraction", "7 digits")
    values["ECCENTRICITY"] = f"0.{values['ECCENTRICITY']}"
    values["BSTAR"] = _power(cells, first[1][slice(*FIRST["BSTAR"])])
    year, day = values.pop("epoch_year"), values.pop("epoch_day")
    values["EPOCH"] = _epoch(cells, year, day)
    return cells


def _power(cells: Cells, text: str) -> str:
    """A number with an assumed decimal point and a power of ten, such as `` 28098-4``."""
    found = POWER.fullmatch(text)
    if not found:
        raise cells.bad("BSTAR", f"{text!r} is no number with a power", "such as ' 28098-4'")
    sign, digits, power = found.groups()
    return f"{sign.strip()}0.{digits}e{power}"


def _epoch(cells: Cells, year: str, day: str) -> str:
    """Two digits of a year and a day of it with its fraction as ISO time."""
    expected = "two digits of a year, then a day of it such as 096.13386574"
    if not (re.fullmatch(r"\d{2}", year, re.ASCII) and DAY.fullmatch(day.rjust(12))):
        raise cells.bad("EPOCH", f"{year}{day} is no epoch", expected)
    century = 1900 if int(year) >= FIRST_TWO_DIGITS else 2000
    start = datetime(century + int(year), 1, 1, tzinfo=UTC)
    epoch = start + timedelta(days=float(day) - 1)
    if epoch.year != start.year:
        raise cells.bad("EPOCH", f"the year {start.year} has no day {day}", expected)
    return epoch.strftime("%Y-%m-%dT%H:%M:%S.%f")


def _bad(opened: Opened, line: int, what: str, expected: str) -> BadInput:
    remedy = "take the file from its source again, or run with on_bad_row = 'quarantine'"
    return BadInput(what, Where(opened.file, line), expected=expected, remedy=remedy)
