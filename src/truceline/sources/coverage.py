"""What could have been seen: days with a whole record of fires, and clouds.

A day or a cell that is not there is unknown: never a clear sky, never an empty record.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from truceline.domain.observation import CloudDay, RecordDay
from truceline.geo import Point
from truceline.sources.cells import Cells
from truceline.sources.contract import Contract, Fields, Number, Opened, Read
from truceline.sources.files import options_of
from truceline.sources.firms import SATELLITES
from truceline.sources.table import read_table

RECORD_DAYS = Fields(
    take=("date_utc", "sensor", "whole_day", "reason_not_whole"),
    optional=("no_pass",),
    ignore=(
        "region",
        "first_obs_utc",
        "last_obs_utc",
        "satellites",
        "terra_longest_gap_min",
        "aqua_longest_gap_min",
        "n_detections_region",
        "source_commits",
    ),
)

CLOUD_COLUMN = "_cloudcover_mean"
CLOUD = Fields(
    take=("date", f"<station>{CLOUD_COLUMN}"),
    ignore=("<station>_*", "avg_*", "weather_category"),
)
"""As documented; the stations are named in the options of the source."""


Latitude = Annotated[Number, Field(ge=-90, le=90)]
Longitude = Annotated[Number, Field(ge=-180, le=180)]


class CloudOptions(Contract):
    """Weather points by the name that their columns start with: latitude, longitude."""

    stations: dict[str, tuple[Latitude, Longitude]] = Field(min_length=1)


def read_record_days(opened: Opened) -> Read[RecordDay]:
    """Whether the record of each sensor is whole, by UTC day."""

    def parse(cells: Cells) -> Iterator[RecordDay]:
        day, sensor = cells.dated("date_utc"), cells.code("sensor", tuple(SATELLITES))
        no_pass = cells.has("no_pass") and cells.flag("no_pass")
        whole = cells.flag("whole_day")
        if whole and no_pass:
            raise cells.bad(
                "no_pass", "a whole day without a pass", "whole_day or no_pass, not both"
            )
        why_not = cells.text("reason_not_whole")
        yield RecordDay(cells.row(f"{sensor}-{day}"), day, sensor, whole, no_pass, why_not)

    return read_table(opened, RECORD_DAYS, parse, unique=("date_utc", "sensor"))


def read_cloud(opened: Opened) -> Read[CloudDay]:
    """Mean cloud cover by local day and weather point (share of the sky, 0 to 1)."""
    stations = {
        name: Point(lat, lon)
        for name, (lat, lon) in options_of(opened.source, CloudOptions).stations.items()
    }
    columns = {name: f"{name}{CLOUD_COLUMN}" for name in sorted(stations)}
    fields = Fields(
        take=("date", *columns.values()),
        ignore=(*(f"{name}_*" for name in columns), "avg_*", "weather_category"),
    )

    def parse(cells: Cells) -> Iterator[CloudDay]:
        day = cells.dated("date")
        for name, column in columns.items():
            percent = cells.number_or_none(column, 0, 100)
            if percent is not None:
                row = cells.row(f"{name}-{day}")
                yield CloudDay(row, day, name, stations[name], percent / 100)

    def keys_of(cells: Cells) -> list[tuple[str, ...]]:
        return [(cells.text("date"), name) for name in columns]

    return read_table(opened, fields, parse, unique=("date", "station"), keys_of=keys_of)
