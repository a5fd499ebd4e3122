"""Sites with an outline: tables for the question which heat lies in them or near their border.

Plants, refineries and depots of up to some tens of kilometres, with holes and in several parts.
Vertices are first moved to the nearest position of 1e-5 degrees, by less than a metre; edges are
straight in the plane of degrees.  From there on *inside* is exact, in whole numbers and the same
in every engine; the border counts as inside.  The distance to the border is that on the sphere;
how well it is met stands in ``near_outline.sql``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from truceline.cells import AROUND_E5, E5, MARGIN_E5, Integers, cells_between, e5, rows_of
from truceline.domain.detection import Columns, Table
from truceline.errors import BadInput
from truceline.geo import EARTH_RADIUS_KM

Floats = npt.NDArray[np.float64]

LAST_LATITUDE = 85
"""Degrees: beyond, meridians narrow too fast for the way in which distances are found."""
WIDEST = 10
"""Degrees of longitude and of latitude: an outline covers at most about a million cells."""
FARTHEST_KM = 50
"""Reach at most, so that no reach of an outline holds a pole."""


@dataclass(frozen=True)
class Outline:
    """The outline of a site, in degrees, with its reach over a stretch of minutes.

    Points of ``shape`` are (longitude, latitude).  Heat counts inside it and within
    ``radius_km`` of its border (0: inside and on the border alone), from ``first_minute`` to
    ``last_minute`` since 1970-01-01 UTC, both included.  A shape across the antimeridian is
    given cut there, as parts that end at 180 and begin at -180.

    Raises BadInput for anything but a valid, non-empty Polygon or MultiPolygon within
    -180..180 and -85..85 that is at most 10 degrees wide and high, and for a radius that is not
    between 0 and 50 km.  Not for a stretch of time that ends before it begins: it finds nothing.

    >>> Outline(shapely.box(20.0, 84.9, 20.1, 85.1), 1.0, 0, 1)
    Traceback (most recent call last):
        ...
    truceline.errors.BadInput: an outline reaches from 20.0, 84.9 to 20.1, 85.1
      expected: longitudes from -180 to 180 and latitudes from -85 to 85
      what to do: cut the outline at the antimeridian; give a site near a pole as a circle
    """

    shape: BaseGeometry
    radius_km: float
    first_minute: int
    last_minute: int

    def __post_init__(self) -> None:
        if not isinstance(self.shape, (Polygon, MultiPolygon)) or self.shape.is_empty:
            raise BadInput(
                f"an outline is given as {self.shape!r}",
                expected="a Polygon or MultiPolygon that holds something",
                remedy="give a site without an area as a circle around a point",
            )
        _check_extent(self.shape)
        if not self.shape.is_valid:
            raise BadInput(
                f"an outline is not valid: {shapely.is_valid_reason(self.shape)}",
                expected="rings that neither cross nor overlap",
                remedy="repair it with shapely.make_valid and look at what that changed",
            )
        if not 0 <= self.radius_km <= FARTHEST_KM:
            raise BadInput(
                f"an outline has a reach of {self.radius_km} km",
                expected=f"a number from 0 to {FARTHEST_KM}",
                remedy="give the reach in kilometres",
            )


def _check_extent(shape: BaseGeometry) -> None:
    west, south, east, north = (float(bound) for bound in shapely.bounds(shape))
    told = f"an outline reaches from {west}, {south} to {east}, {north}"
    if not (-180 <= west <= east <= 180 and -LAST_LATITUDE <= south <= north <= LAST_LATITUDE):
        raise BadInput(
            told,
            expected="longitudes from -180 to 180 and "
            f"latitudes from -{LAST_LATITUDE} to {LAST_LATITUDE}",
            remedy="cut the outline at the antimeridian; give a site near a pole as a circle",
        )
    lon = _unwrapped(e5(shapely.get_coordinates(shape)[:, 0])) / E5
    bounds = shapely.bounds(shapely.get_parts(shape))
    widest = max(np.ptp(lon), (bounds[:, 2] - bounds[:, 0]).max(), north - south)
    if widest > WIDEST:
        raise BadInput(
            told,
            expected=f"an outline at most {WIDEST} degrees wide and high",
            remedy="cut the outline at the antimeridian; give distant parts as sites of their own",
        )


def _unwrapped(lon: Integers) -> Integers:
    """Longitudes at the copy around the earth that is nearest to the first of them."""
    half = AROUND_E5 // 2
    nearest: Integers = (lon - lon[0] + half) % AROUND_E5 - half + lon[0]
    return nearest


def outline_tables(heat: Table, outlines: Sequence[Outline]) -> dict[str, Table]:
    """The tables of near_outline.sql for heat and some outlines; a site is the place in these.

    >>> plant = Outline(shapely.box(30.0, 50.0, 30.05, 50.02), 1.0, 0, 1440)
    >>> tables = outline_tables({}, [plant])
    >>> len(tables["cover"]["cell"]), len(tables["edge"]["site"])
    (24, 4)
    """
    return {"heat": heat, "cover": _cover(outlines), "edge": _edges(outlines)}


def _edges(outlines: Sequence[Outline]) -> Columns:
    """Edges of all rings, in order of the outlines."""
    shapes = np.array([o.shape for o in outlines], dtype=object)
    rings, site = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(rings, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    whole = e5(points)
    start = np.flatnonzero(ring[1:] == ring[:-1])
    number = site[part[ring[start]]]
    angle = _angles(outlines)
    numbers = {
        "site": number,
        "a_lat_e5": whole[start, 1],
        "a_lon_e5": whole[start, 0],
        "b_lat_e5": whole[start + 1, 1],
        "b_lon_e5": whole[start + 1, 0],
        "reach_e5": _reach_e5(angle)[number],
    }
    return {
        **{name: values.astype(np.int32) for name, values in numbers.items()},
        "sin2": (np.sin(angle / 2) ** 2)[number],
    }


def _cover(outlines: Sequence[Outline]) -> Columns:
    """Cells of every outline's box, grown by its reach: more than needed, never less."""
    reach = _reach_e5(_angles(outlines))
    cells = [_box_cells(o, int(far)) for o, far in zip(outlines, reach, strict=True)]
    site = np.repeat(np.arange(len(cells)), [len(keys) for keys in cells])
    cell = np.concatenate([np.empty(0, dtype=np.int64), *cells])
    order = np.argsort(cell, kind="stable")
    number = site[order]
    first = np.array([o.first_minute for o in outlines], dtype=np.int32)
    last = np.array([o.last_minute for o in outlines], dtype=np.int32)
    return {
        "cell": cell[order].astype(np.int32),
        "site": number.astype(np.int32),
        "first_minute": first[number],
        "last_minute": last[number],
    }


def _box_cells(outline: Outline, reach: int) -> Integers:
    """Keys of the cells of a box, each once; in longitude it grows by what its poleward end needs.

    A circle about a point reaches asin(sin(radius) / cos(latitude)) to the east.
    """
    points = e5(shapely.get_coordinates(outline.shape))
    lat, lon = points[:, 1], _unwrapped(points[:, 0])
    narrow = math.cos(math.radians(int(np.abs(lat).max()) / E5))
    wide = math.degrees(math.asin(math.sin(outline.radius_km / EARTH_RADIUS_KM) / narrow))
    wide_e5 = math.ceil(wide * E5) + MARGIN_E5
    first, last = rows_of(np.array([lat.min() - reach, lat.max() + reach]))
    row = np.arange(first, last + 1)
    west, east = np.full_like(row, lon.min() - wide_e5), np.full_like(row, lon.max() + wide_e5)
    return cells_between(row, west, east)[0]


def _angles(outlines: Sequence[Outline]) -> Floats:
    """Reaches as angles at the centre of the earth (radians)."""
    radius: Floats = np.array([o.radius_km for o in outlines], dtype=np.float64)
    return radius / EARTH_RADIUS_KM


def _reach_e5(angle: Floats) -> Integers:
    reach: Integers = np.ceil(np.degrees(angle) * E5).astype(np.int64) + MARGIN_E5
    return reach
