"""Fires of NASA FIRMS, both families of columns, MODIS and VIIRS.

What a row means is keyed on ``instrument``: column names and file names mislead (a file
called NOAA holds Suomi NPP, and VIIRS files carry the brightness columns of MODIS).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time

from truceline.domain.observation import Heat
from truceline.domain.said import said
from truceline.sources.cells import Cells
from truceline.sources.contract import Fields, Opened, Read
from truceline.sources.table import read_table

FIELDS = Fields(
    take=(
        "latitude",
        "longitude",
        "acq_date",
        "acq_time",
        "satellite",
        "instrument",
        "confidence",
        "version",
        "frp",
    ),
    optional=("type",),
    ignore=(
        "brightness",
        "bright_t31",
        "bright_ti4",
        "bright_ti5",
        "scan",
        "track",
        "daynight",
    ),
)

MODIS_NOMINAL_FROM = 30
MODIS_HIGH_FROM = 80
"""Percent.  The three classes of confidence as the FIRMS documentation bands them (MODIS
active fire product, user's guide): below 30 low, below 80 nominal, high from 80 on."""

MAX_FRP_MW = 1_000_000
"""More than a hundred times the strongest pixel on record; a table of whole kW holds it."""

WORDS = {
    "l": "low",
    "n": "nominal",
    "h": "high",
    "low": "low",
    "nominal": "nominal",
    "high": "high",
}
SATELLITES = {
    "MODIS": {"T": "Terra", "Terra": "Terra", "A": "Aqua", "Aqua": "Aqua"},
    "VIIRS": {
        "N": "Suomi NPP",
        "1": "NOAA-20",
        "N20": "NOAA-20",
        "2": "NOAA-21",
        "N21": "NOAA-21",
    },
}
STATIC_SOURCE = {"0": False, "1": True, "2": True, "3": True}
"""Vegetation fire; volcano; other static land source; offshore."""

VERSION = re.compile(r"\d+(\.\d+)?(NRT)?", re.ASCII)


def read_heat(opened: Opened) -> Read[Heat]:
    """Fire pixels of a FIRMS table; a row that is repeated word by word is read once."""
    n_of: Counter[str] = Counter()

    def parse(cells: Cells) -> Iterator[Heat]:
        n_of[cells.sha256] += 1
        if n_of[cells.sha256] == 1:
            yield heat_of(cells, opened)

    read = read_table(opened, FIELDS, parse)
    return read.noting(repeated_note(n_of.total() - len(n_of)))


def repeated_note(n: int) -> str:
    """What is told of rows that are repeated word by word."""
    return said("{n} identical rows read once", n=n) if n else ""


def heat_of(cells: Cells, opened: Opened) -> Heat:
    """One fire pixel."""
    sensor = cells.code("instrument", tuple(SATELLITES))
    if not VERSION.fullmatch(cells.text("version")):
        raise cells.bad(
            "version", f"unknown version {cells.text('version')!r}", "a number, or one with NRT"
        )
    return Heat(
        row=cells.row(cells.sha256[:12]),
        observed_at=datetime.combine(cells.dated("acq_date"), acquired(cells), tzinfo=UTC),
        point=cells.point("latitude", "longitude", opened.extent),
        sensor=sensor,
        satellite=cells.choice("satellite", SATELLITES[sensor]),
        confidence=confidence(cells, sensor),
        frp_mw=cells.number_or_none("frp", 0, MAX_FRP_MW),
        static_source=cells.choice("type", STATIC_SOURCE) if cells.has("type") else None,
        standard=is_standard(cells.text("version")),
    )


def is_standard(version: str) -> bool:
    """Whether a version is one of the archive, not of the feed in near real time.

    >>> is_standard("6.03"), is_standard("6.1NRT")
    (True, False)
    """
    return not version.endswith("NRT")


def acquired(cells: Cells) -> time:
    """Time of the pass (UTC), also where leading zeros were lost.

    >>> acquired(Cells("fires", "fires.csv", 2, {"acq_time": "39"})).isoformat()
    '00:39:00'
    """
    text = cells.text("acq_time")
    expected = "hours and minutes in UTC, 0000 to 2359"
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise cells.bad("acq_time", f"{text!r} is no time", expected)
    hour, minute = divmod(int(text), 100)
    if hour > 23 or minute > 59:
        raise cells.bad("acq_time", f"there is no time {text}", expected)
    return time(hour, minute)


def confidence(cells: Cells, sensor: str) -> str:
    """Low, nominal or high, from a letter, a word or (MODIS only) a percentage.

    >>> confidence(Cells("fires", "fires.csv", 2, {"confidence": "79"}), "MODIS")
    'nominal'
    """
    text = cells.text("confidence")
    if sensor == "MODIS" and text not in WORDS:
        percent = cells.number("confidence", 0, 100)
        if percent < MODIS_NOMINAL_FROM:
            return "low"
        return "nominal" if percent < MODIS_HIGH_FROM else "high"
    return cells.choice("confidence", WORDS)
