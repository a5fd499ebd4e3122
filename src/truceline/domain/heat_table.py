"""Fire pixels as a table of whole numbers: what archives hold and queries ask.

Whole numbers are the same on every machine and in every order of adding up; 32 bits are enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from truceline.domain.passes import AQUA, NOAA_20, NOAA_21, SENSOR_OF, SUOMI_NPP, TERRA

SCHEMA = "truceline-heat/1"
"""Version of the columns below; an archive of another one is refused."""

HEAT_COLUMNS: Mapping[str, str] = {
    "tile": "SMALLINT",
    "cell": "INTEGER",
    "lat_e5": "INTEGER",
    "lon_e5": "INTEGER",
    "minute": "INTEGER",
    "day": "INTEGER",
    "satellite": "SMALLINT",
    "confidence": "SMALLINT",
    "static": "SMALLINT",
    "frp_kw": "INTEGER",
    "standard": "SMALLINT",
    "source": "VARCHAR",
    "line": "INTEGER",
}
"""Columns with their SQL types.

- ``tile`` and ``cell``: see `truceline.cells`;
- ``lat_e5`` and ``lon_e5``: centre of the pixel in 1e-5 degrees;
- ``minute`` and ``day``: since 1970-01-01 UTC;
- ``satellite`` and ``confidence``: places in the lists below;
- ``static``: 1 a static land source as the archive says, 0 none, -1 the feed does not say;
- ``frp_kw``: radiative power in kW, -1 where none is given;
- ``standard``: 1 of the archive's standard processing, 0 near real time;
- ``source`` and ``line``: the file and its line, from 1.
"""

SATELLITES = (TERRA, AQUA, SUOMI_NPP, NOAA_20, NOAA_21)
CONFIDENCES = ("low", "nominal", "high")
SENSORS = tuple(SENSOR_OF[satellite] for satellite in SATELLITES)
"""Of the satellites, in the same order."""
SENSOR_NAMES = tuple(dict.fromkeys(SENSORS))
"""Each sensor once; its place is its number in queries."""

UNSAID = -1
MINUTES_A_DAY = 1_440

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_number(day: date) -> int:
    """Days since 1970-01-01.

    >>> day_number(date(1970, 1, 2))
    1
    """
    return (day - _EPOCH.date()).days


def day_of(number: int) -> date:
    """The date of a number of days."""
    return _EPOCH.date() + timedelta(days=number)


def minute_number(moment: datetime) -> int:
    """Minutes since 1970-01-01 UTC, seconds cut off.

    >>> minute_number(datetime(1970, 1, 1, 1, 30, 59, tzinfo=UTC))
    90
    """
    return int((moment - _EPOCH) // timedelta(minutes=1))


def moment_of(minute: int) -> datetime:
    """The moment of a number of minutes."""
    return _EPOCH + timedelta(minutes=minute)


def month_of(day: int) -> str:
    """The month of a number of days, as archives name it.

    >>> month_of(31)
    '1970-02'
    """
    return f"{day_of(day):%Y-%m}"
