"""Points, great-circle distances (km) and the integer cells that make joins cheap.

Distances are on the sphere of mean radius; against the ellipsoid that is at most
0.6 % off, far below any position used here.  Planes are never used for distances.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = EARTH_RADIUS_KM * math.pi / 180

CELL_DEG = 0.05
"""Height of a cell (degrees of latitude), about 5.6 km."""

LAST_ROW = round(180 / CELL_DEG) - 1
"""Number of the row that ends at the north pole."""

ROW_SHIFT = 100_000
"""A cell key is ``row * ROW_SHIFT + column``: a row has at most 7,200 columns."""


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


def row_of(lat: float) -> int:
    """Number of the cell row (from the south pole, 0 up); the north pole is in the last.

    >>> row_of(90) == row_of(89.99)
    True
    """
    return min(math.floor((lat + 90) / CELL_DEG), LAST_ROW)


def columns_of(row: int) -> int:
    """Cells in a row: fewer towards the poles, so that a cell stays about as wide as high.

    >>> [columns_of(row_of(lat)) for lat in (0.0, 60.0, 89.99)]
    [7200, 3598, 4]
    """
    middle = math.radians((row + 0.5) * CELL_DEG - 90)
    return max(3, math.ceil(360 / CELL_DEG * math.cos(middle)))


def cell_of(lat: float, lon: float) -> int:
    """Key of the cell that holds a position; +180 and -180 are the same meridian.

    >>> cell_of(10, 180) == cell_of(10, -180)
    True
    """
    row = row_of(lat)
    n = columns_of(row)
    return row * ROW_SHIFT + math.floor((lon + 180) / 360 * n) % n


def cover(lat: float, lon: float, radius_km: float) -> Iterator[int]:
    """Keys of all cells that a circle may touch, each once, in order.

    Exact in latitude; in longitude the half-width of the circle at the row's edge that
    is nearer to the pole.  Where the circle holds a pole, whole rows are taken.
    """
    reach = radius_km / KM_PER_DEGREE
    for row in range(max(0, row_of(lat - reach)), row_of(lat + reach) + 1):
        n = columns_of(row)
        edge = max(abs(lat - reach), abs(lat + reach))
        if edge >= 90:
            yield from (row * ROW_SHIFT + column for column in range(n))
            continue
        sine = math.sin(math.radians(reach)) / math.cos(math.radians(lat))
        width = math.degrees(math.asin(min(1.0, sine)))
        first = math.floor((lon - width + 180) / 360 * n)
        last = math.floor((lon + width + 180) / 360 * n)
        columns = sorted({column % n for column in range(first, min(last, first + n - 1) + 1)})
        yield from (row * ROW_SHIFT + column for column in columns)
