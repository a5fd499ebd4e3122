"""How much heat is seen how far to the side of the track, counted in the fire records."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orbit_fit import offsets_deg
from orbit_sightings import CRAFTS, LATE_S, Floats, Pixel, in_order
from truceline.domain.passes import SENSOR_OF, Elements
from truceline.geo import EARTH_RADIUS_KM, Point
from truceline.orbit.passes import SWATH_DEG
from truceline.orbit.propagate import ground_km

PLACE_DEG = 0.05
BINS_DEG = (0.0, 10.0, 20.0, 30.0, 40.0, 50.0)


@dataclass(frozen=True)
class Seen:
    """Heat in one range of scan angles: places in passes, and the width of ground (km)."""

    sensor: str
    from_deg: float
    until_deg: float
    n_places: int
    width_km: float

    @property
    def density(self) -> float:
        """Places with heat per km of swath."""
        return self.n_places / self.width_km


def _place(point: Point) -> tuple[int, int]:
    """A place of 0.05 degrees of latitude, and about as wide."""
    row = math.floor((point.lat + 90) / PLACE_DEG)
    n = max(3, math.ceil(360 / PLACE_DEG * math.cos(math.radians((row + 0.5) * PLACE_DEG - 90))))
    return row, math.floor((point.lon + 180) / 360 * n) % n


def seen_by_scan(pixels: Sequence[Pixel], kept: Sequence[Elements]) -> list[Seen]:
    """Places with heat by scan angle, in the windows of some elements.

    A place is a cell of 0.05 degrees in one pass: pixels that overlap or grow towards the edge do
    not count twice.
    """
    scans: dict[str, list[Floats]] = {}
    for elements in kept:
        window, satellite = elements.valid, elements.satellite
        mine = {
            (one.minute.timestamp(), _place(one.point)): one.point
            for one in sorted(pixels, key=in_order)
            if one.satellite == satellite and window.start <= one.minute < window.until
        }
        times = np.array([time for time, _ in mine]) + LATE_S
        places = ground_km(list(mine.values()))
        units = places / np.linalg.norm(places, axis=1)[:, None]
        _, across = offsets_deg(elements, times, units)
        scans.setdefault(SENSOR_OF[satellite], []).append(scan_deg(satellite, np.abs(across)))
    return [
        row
        for sensor, parts in sorted(scans.items())
        for row in binned(sensor, np.concatenate(parts))
    ]


def scan_deg(satellite: str, across: Floats) -> Floats:
    """Scan angle (degrees) of places so far from the track (degrees at the centre)."""
    radius, height = EARTH_RADIUS_KM, CRAFTS[satellite].height_km
    side = np.radians(across)
    return np.degrees(np.arctan2(radius * np.sin(side), radius + height - radius * np.cos(side)))


def binned(sensor: str, scan: Floats) -> list[Seen]:
    """Counts by range of scan angles, to both sides together."""
    height = next(c.height_km for name, c in CRAFTS.items() if SENSOR_OF[name] == sensor)
    edges = np.array([*BINS_DEG, SWATH_DEG[sensor]])
    slant = np.arcsin((EARTH_RADIUS_KM + height) / EARTH_RADIUS_KM * np.sin(np.radians(edges)))
    aside_km = (slant - np.radians(edges)) * EARTH_RADIUS_KM
    counts = np.histogram(scan, edges)[0]
    rows = zip(edges, edges[1:], counts, 2 * np.diff(aside_km), strict=False)
    return [Seen(sensor, float(a), float(b), int(n), float(width)) for a, b, n, width in rows]
