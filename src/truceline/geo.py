"""Points, boxes and great-circle distances (km).

Distances are on the sphere of mean radius; against the ellipsoid that is at most
0.6 % off, far below any position used here.  Planes are never used for distances.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = EARTH_RADIUS_KM * math.pi / 180


@dataclass(frozen=True, order=True)
class Point:
    """A position in degrees, WGS84.

    >>> Point(95, 30)
    Traceback (most recent call last):
        ...
    ValueError: latitude 95 is not between -90 and 90 degrees
    """

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not -90 <= self.lat <= 90:
            raise ValueError(f"latitude {self.lat} is not between -90 and 90 degrees")
        if not -180 <= self.lon <= 180:
            raise ValueError(f"longitude {self.lon} is not between -180 and 180 degrees")


@dataclass(frozen=True)
class Extent:
    """A box in degrees that a source declares: south, west, north, east.

    >>> Extent(43, 20, 61, 62).holds(50.45, 30.52)
    True
    >>> Extent(43, 20, 61, 62).holds(30.52, 50.45)  # latitude and longitude swapped
    False
    """

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the box holds the position; a box may cross the antimeridian."""
        if self.west <= self.east:
            across = self.west <= lon <= self.east
        else:
            across = lon >= self.west or lon <= self.east
        return self.south <= lat <= self.north and across


def haversine_km(a: Point, b: Point) -> float:
    """Great-circle distance (km).

    >>> round(haversine_km(Point(50.45, 30.52), Point(55.75, 37.62)))
    756
    """
    p, q = math.radians(a.lat), math.radians(b.lat)
    dlon = math.radians(b.lon - a.lon)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(dlon / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))
