"""Sightings of fire satellites: which minute a satellite was abeam of which place.

Every fire pixel says where the instrument looked at a known minute. Its size along the scan (MODIS)
or along the track (VIIRS) says how far to the side of the track it lay.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from truceline.domain.passes import AQUA, NOAA_20, SENSOR_OF, SUOMI_NPP, TERRA
from truceline.geo import EARTH_RADIUS_KM, Point
from truceline.orbit.passes import SWATH_DEG
from truceline.orbit.propagate import ground_km

Floats = npt.NDArray[np.float64]

FILES = (
    "firms/MODIS-2021.csv",
    "firms/MODIS-2022-arch.csv",
    "firms/MODIS-2022.csv",
    "firms/modis_uaru_2021-10_2024-03.csv",
    "firms/modis_uaru_2024-10_2025-06.csv",
    "firms/modis_raw_2025-04-06.json.gz",
    "firms/VIIRS-NOAA-2022.csv",
    "firms/viirs_snpp_ukraine_2023.csv",
    "firms/viirs_snpp_west_asia_2026-03.csv",
)
NAMES = {
    **{"T": TERRA, "Terra": TERRA, "A": AQUA, "Aqua": AQUA, "N": SUOMI_NPP},
    **{"VIIRS_SNPP_NRT": SUOMI_NPP, "VIIRS_NOAA20_NRT": NOAA_20},
}

VIIRS_LEAST_KM = 0.36
"""Size along the track that FIRMS writes for VIIRS pixels below the satellite (375 m bands)."""

LATE_S = 30.0
"""From the recorded minute to the middle of what it stands for. Archive files write the minute of
each pixel. Near-real-time files write one minute for a piece of swath of up to four minutes: by
the passes of 2022 that are in both, its middle is 30 to 39 s after that minute as well."""


@dataclass(frozen=True)
class Craft:
    """What is published about a satellite before any fit."""

    motion: tuple[float, float]
    """Revolutions per day, range of the search."""
    inclination_deg: float
    node_h: float
    """Local solar time of the ascending node (hours) around which the plane is sought."""
    height_km: float
    reach_deg: float
    """Half the width of the swath as an angle at the centre of the Earth."""


CRAFTS = {
    TERRA: Craft((14.55, 14.63), 98.2, 22.5, 705, 10.5),
    AQUA: Craft((14.55, 14.63), 98.2, 13.5, 705, 10.5),
    SUOMI_NPP: Craft((14.18, 14.21), 98.7, 13.4, 833, 13.9),
    NOAA_20: Craft((14.18, 14.21), 98.7, 13.4, 833, 13.9),
}


@dataclass(frozen=True)
class Sightings:
    """Sightings of one satellite in order of time.

    ``unix_s`` is the instant that the fit takes, ``minute_s`` the minute as recorded; ``across``
    is the angle at the centre of the Earth from the track to the pixels, without its sign.
    ``unit`` is the direction of the middle, ``west`` and ``east`` those of the outermost pixels.
    """

    unix_s: Floats
    minute_s: Floats
    unit: Floats
    west: Floats
    east: Floats
    across_deg: Floats
    points: tuple[Point, ...]

    def __len__(self) -> int:
        return len(self.points)

    def where(self, chosen: npt.NDArray[np.bool_]) -> Sightings:
        """Some of them."""
        points = tuple(p for p, keep in zip(self.points, chosen, strict=True) if keep)
        parts = (self.unix_s, self.minute_s, self.unit, self.west, self.east, self.across_deg)
        return Sightings(*(part[chosen] for part in parts), points)

    @property
    def days(self) -> npt.NDArray[np.int64]:
        """Days since 1970 of each sighting."""
        return (self.minute_s // 86_400).astype(np.int64)


# --- reading ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pixel:
    """One fire pixel; ``size`` is its size in units of the size below the satellite."""

    satellite: str
    minute: datetime
    point: Point
    size: float | None


def read_pixels(data: Path) -> Iterator[Pixel]:
    """Fire pixels of all files that carry a time."""
    for name in FILES:
        path = data / name
        if name.endswith(".gz"):
            features = json.loads(gzip.decompress(path.read_bytes()))["features"]
            rows = (feature["properties"] | {"instrument": "MODIS"} for feature in features)
        else:
            with path.open(newline="", encoding="utf-8") as file:
                rows = iter(list(csv.DictReader(file)))
        yield from filter(None, map(pixel, rows))


def pixel(row: dict[str, str]) -> Pixel | None:
    """One row, or None where it carries a date only."""
    text = row.get("timestamp_utc") or f"{row['acq_date']}T{clock(row['acq_time'])}Z"
    if len(text) <= 10:
        return None
    satellite = NAMES[row["satellite"]]
    column, least = ("scan", 1.0) if SENSOR_OF[satellite] == "MODIS" else ("track", VIIRS_LEAST_KM)
    return Pixel(
        satellite,
        datetime.fromisoformat(text),
        Point(float(row["latitude"]), float(row["longitude"])),
        float(row[column]) / least if row.get(column) else None,
    )


def clock(text: str) -> str:
    """Hours and minutes where leading zeros were lost.

    >>> clock("39")
    '00:39'
    """
    return f"{text.zfill(4)[:2]}:{text.zfill(4)[2:]}"


def in_order(one: Pixel) -> tuple[str, datetime, Point, float]:
    """By satellite and time, then by place."""
    return one.satellite, one.minute, one.point, one.size or 0.0


def sight(pixels: Iterable[Pixel]) -> dict[str, Sightings]:
    """Sightings by satellite, whatever the order of the pixels."""
    found: dict[tuple[str, datetime], list[Pixel]] = defaultdict(list)
    for one in sorted(pixels, key=in_order):
        found[one.satellite, one.minute].append(one)
    by_satellite: dict[str, list[list[Pixel]]] = defaultdict(list)
    for (satellite, _), group in sorted(found.items()):
        by_satellite[satellite].append(group)
    return {name: sightings(CRAFTS[name], groups) for name, groups in by_satellite.items()}


def sightings(craft: Craft, groups: Sequence[Sequence[Pixel]]) -> Sightings:
    """One sighting for each group of pixels of one minute."""
    numbers, units, points = [], [], []
    for group in groups:
        vectors = ground_km([one.point for one in group])
        vectors /= np.linalg.norm(vectors, axis=1)[:, None]
        middle = int(np.argmax(vectors @ vectors.mean(axis=0)))
        aside = [(one.point.lon - group[middle].point.lon + 540) % 360 for one in group]
        units.append(vectors[[middle, int(np.argmin(aside)), int(np.argmax(aside))]])
        size = group[middle].size
        across = float("nan") if size is None else across_deg(craft, group[middle], size)
        minute = group[0].minute.timestamp()
        numbers.append((minute + LATE_S, minute, across))
        points.append(group[middle].point)
    times, minutes, across_all = np.array(numbers).T
    middles, wests, easts = np.array(units).transpose(1, 0, 2)
    return Sightings(times, minutes, middles, wests, easts, across_all, tuple(points))


def across_deg(craft: Craft, one: Pixel, size: float) -> float:
    """Angle at the centre of the Earth from the track to a pixel of some size (degrees)."""
    scan = np.radians(np.linspace(0, SWATH_DEG[SENSOR_OF[one.satellite]], 500))
    slant = np.arcsin((EARTH_RADIUS_KM + craft.height_km) / EARTH_RADIUS_KM * np.sin(scan))
    centre = slant - scan
    reach = np.ones_like(scan)
    reach[1:] = EARTH_RADIUS_KM * np.sin(centre[1:]) / np.sin(scan[1:]) / craft.height_km
    sizes = reach / np.cos(slant) if SENSOR_OF[one.satellite] == "MODIS" else reach
    return float(np.degrees(np.interp(size, sizes, centre)))
