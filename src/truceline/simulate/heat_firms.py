"""Fire pixels as text of NASA FIRMS, near real time, as `sources.firms` reads it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from truceline.cells import E5, Integers
from truceline.domain.detection import Columns
from truceline.domain.heat_table import MINUTES_A_DAY, SENSORS, day_of

FIRMS_COLUMNS = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,confidence,"
    "version,bright_t31,frp,daynight"
)
SATELLITE_CODES = ("T", "A", "N", "N20", "N21")
VERSIONS = {"MODIS": "6.1NRT", "VIIRS": "2.0NRT"}
PIXEL_SIZES = {"MODIS": ("1.21", "1.09"), "VIIRS": ("0.44", "0.44")}
"""Along scan and track (km): medians of the two files named in `heat_plan`."""

CONFIDENCE_CODES = {"MODIS": ("15", "60", "90"), "VIIRS": ("l", "n", "h")}
BRIGHTNESS, BRIGHT_T31 = "320.5", "290.5"
"""Kelvin; the table holds none, so all rows have the same."""

Bytes = npt.NDArray[np.uint8]


def firms_lines(rows: Columns) -> bytes:
    """Rows of a heat table as lines of a FIRMS table, without its head.

    Each column is a block of bytes of one width; what a row does not need is left out at the end.
    """
    satellite, confidence = rows["satellite"], rows["confidence"]
    minute = rows["minute"] % MINUTES_A_DAY
    sun_h = (minute / 60 + rows["lon_e5"] / E5 / 15) % 24
    sized = [f"{BRIGHTNESS},{','.join(PIXEL_SIZES[sensor])}" for sensor in SENSORS]
    named = [f"{code},{sensor}" for code, sensor in zip(SATELLITE_CODES, SENSORS, strict=True)]
    graded = [f"{c},{VERSIONS[s]},{BRIGHT_T31}" for s in SENSORS for c in CONFIDENCE_CODES[s]]
    fields = [
        _fixed(rows["lat_e5"], 5),
        _fixed(rows["lon_e5"], 5),
        _words(sized)[satellite],
        _dates(rows["day"]),
        _digits(minute // 60 * 100 + minute % 60, 4),
        _words(named)[satellite],
        _words(graded)[satellite * 3 + confidence],
        _fixed(rows["frp_kw"] // 10, 2),
        _words(["N", "D"])[((sun_h >= 6) & (sun_h < 18)).astype(np.int64)],
    ]
    comma = np.full((len(minute), 1), ord(","), dtype=np.uint8)
    parts = [part for field in fields for part in (field, comma)]
    parts[-1] = np.full_like(comma, ord("\n"))
    text = np.concatenate(parts, axis=1)
    return bytes(text[text != 0].tobytes())


def _words(words: list[str]) -> Bytes:
    """Words as rows of bytes, filled up with zeros."""
    table: Bytes = np.array([word.encode() for word in words])
    return table.view(np.uint8).reshape(len(words), -1)


def _dates(days: Integers) -> Bytes:
    first, last = int(days.min()), int(days.max())
    return _words([day_of(day).isoformat() for day in range(first, last + 1)])[days - first]


def _digits(values: Integers, n_digits: int) -> Bytes:
    """Whole numbers from 0 as decimal digits, with leading zeros."""
    tens = 10 ** np.arange(n_digits - 1, -1, -1, dtype=np.int64)
    return (values[:, None] // tens % 10 + ord("0")).astype(np.uint8)


def _fixed(values: Integers, n_decimals: int) -> Bytes:
    """Whole numbers of 10 to the power of minus ``n_decimals`` as decimal numbers.

    >>> text = _fixed(np.array([-150, 12345]), 2)
    >>> text[text != 0].tobytes()
    b'-1.50123.45'
    """
    whole, rest = np.divmod(np.abs(values.astype(np.int64)), 10**n_decimals)
    before = _digits(whole, 4)
    leading = np.cumsum(before != ord("0"), axis=1) == 0
    before[:, :-1][leading[:, :-1]] = 0
    sign = np.where(values < 0, ord("-"), 0).astype(np.uint8)[:, None]
    point = np.full_like(sign, ord("."))
    return np.concatenate([sign, before, point, _digits(rest, n_decimals)], axis=1)
