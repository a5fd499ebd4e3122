"""The ground of a world: two parties, four regions, towns and protected objects.

Everything lies in the middle of an ocean, so that no real place is meant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from truceline.geo import KM_PER_DEGREE, Point
from truceline.simulate.orders import FIRST, SECOND, Order

SOUTH, WEST, NORTH, EAST = 40.0, -36.0, 43.0, -30.0
"""The land, in degrees; files are declared for a box that is larger by a degree."""

ZONES = ("America/Noronha", "Atlantic/Cape_Verde")
"""Zones of the two roles: two hours and one hour behind UTC, without summer time."""

NAMES = ("Tarvia", "Meldan")
"""Names of the two roles; a mirrored world exchanges the codes, not the names."""

CLASSES = (
    "refinery",
    "oil_storage",
    "oil_storage",
    "power_plant",
    "substation",
    "substation",
    "transformer",
    "gas_processing",
    "gas_metering",
)
"""What stands in each region, one object of each."""

WORDS = {
    "refinery": "refinery",
    "oil_storage": "depot",
    "power_plant": "power plant",
    "substation": "substation",
    "transformer": "transformer",
    "gas_processing": "gas plant",
    "gas_metering": "gas metering station",
}

_HEADS = ("Bar", "Cor", "Del", "Fen", "Gol", "Hal", "Jor", "Kel", "Lun", "Mur", "Nev", "Pel")
_TAILS = ("aven", "dale", "holt", "mere", "ness", "stow", "wick", "yard")


@dataclass(frozen=True)
class Region:
    """A box of land of one role, with its district centres and its weather point."""

    name: str
    code: str
    side: int
    south: float
    west: float
    north: float
    east: float

    @property
    def centre(self) -> Point:
        """Where an account that names the region alone is placed, and the weather point."""
        return Point((self.south + self.north) / 2, (self.west + self.east) / 2)


@dataclass(frozen=True)
class Site:
    """A protected object with its town, whose centre lies within 2 km, and its district."""

    number: int
    town: str
    district: str
    object_class: str
    region: Region
    point: Point
    town_point: Point
    district_point: Point
    heat_bearing: float
    """Direction of the town as seen from the object (radians); heat beyond 2 km lies there."""

    @property
    def name(self) -> str:
        """As accounts call it."""
        return f"{self.town} {WORDS[self.object_class]}"

    @property
    def side(self) -> int:
        """Role on whose territory it stands."""
        return self.region.side


def moved(point: Point, distance_km: float, bearing: float) -> Point:
    """A point so far away in a direction (radians, from north over east)."""
    lat = point.lat + distance_km * np.cos(bearing) / KM_PER_DEGREE
    width = KM_PER_DEGREE * np.cos(np.radians(point.lat))
    return Point(float(lat), float(point.lon + distance_km * np.sin(bearing) / width))


def make_regions() -> tuple[Region, ...]:
    """Four boxes from west to east, two for each role."""
    names = ("Ostermark", "Sundry Vale", "Harrow Plain", "Far Reach")
    width = (EAST - WEST) / len(names)
    return tuple(
        Region(
            name,
            f"R{i + 1}",
            FIRST if i < 2 else SECOND,
            SOUTH,
            WEST + i * width,
            NORTH,
            WEST + (i + 1) * width,
        )
        for i, name in enumerate(names)
    )


def make_sites(order: Order) -> tuple[Site, ...]:
    """Objects on a loose grid, far enough apart that heat of one is never near another."""
    random = order.stream("sites")
    towns = [head + tail for head in _HEADS for tail in _TAILS]
    random.shuffle(towns)
    sites: list[Site] = []
    for region in make_regions():
        classes = list(CLASSES)
        random.shuffle(classes)
        for i, object_class in enumerate(classes):
            row, column = divmod(i, 3)
            lat = region.south + 0.5 + row + random.uniform(-0.25, 0.25)
            lon = region.west + 0.25 + column * 0.5 + random.uniform(-0.08, 0.08)
            point, bearing = Point(round(lat, 4), round(lon, 4)), random.uniform(0, 2 * np.pi)
            sites.append(
                Site(
                    len(sites),
                    towns[len(sites)],
                    f"{towns[len(sites)]} district",
                    object_class,
                    region,
                    point,
                    moved(point, random.uniform(0.5, 1.8), bearing),
                    moved(point, random.uniform(8, 16), random.uniform(0, 2 * np.pi)),
                    bearing,
                )
            )
    return tuple(sites)
