"""Boxes of space and time in which all pixels are linked: a step of `truceline.fuse.linkage`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from truceline.cells import AROUND_E5, E5, MARGIN_E5, Integers
from truceline.geo import EARTH_RADIUS_KM

Floats = npt.NDArray[np.float64]
Narrow = npt.NDArray[np.int32]

SLACK_KM = 1e-9
"""Added to each radius: a micrometre, so that rounding never decides a link."""

SLACK_MIN = 1e-6
"""Added to each time in minutes, for the same reason."""

POLE_E5 = 90 * E5
HALF_E5 = math.pi / 180 / E5 / 2
"""Half of 1e-5 degrees (rad)."""


def reach_sin2(radius_km: float) -> float:
    """Squared sine of half the angle of a radius; what a link may have at most."""
    return math.sin(min((radius_km + SLACK_KM) / EARTH_RADIUS_KM, math.pi) / 2) ** 2


def reach_minutes(hours: float) -> int:
    """Whole minutes that a link may span at most.

    >>> reach_minutes(4.1)  # 4.1 * 60 is a little below 246 in binary numbers
    246
    """
    return math.floor(hours * 60 + SLACK_MIN)


@dataclass(frozen=True)
class Grid:
    """Rows of cells in which no two pixels are further apart than the radius.

    ``columns``, ``cos_low`` and ``cos_high`` have one value a row, counted from ``first``;
    ``wide_e5`` says how far links reach east and west from a row (first index) to the row that
    lies ``second index - n_rows_away`` to the north; negative where they do not reach at all.
    """

    height_e5: int
    first: int
    n_rows_away: int
    sin2: float
    reach_e5: int
    columns: Integers
    cos_low: Floats
    cos_high: Floats
    wide_e5: Integers

    @property
    def row_shift(self) -> int:
        """A place is ``row * row_shift + column``."""
        return int(self.columns.max())

    @property
    def n_places(self) -> int:
        """Places there are."""
        return self.row_shift * len(self.columns)


def grid_of(south_e5: int, north_e5: int, radius_km: float) -> Grid:
    """Cells between two latitudes.

    With a sine never above its angle, four times the haversine of two pixels of a cell is at most
    height² + (width * cosine)²: half of the squared chord each is small enough, at any latitude.
    """
    angle = min((radius_km + SLACK_KM) / EARTH_RADIUS_KM, math.pi)
    side = math.sqrt(2) * math.sin(min(radius_km / EARTH_RADIUS_KM, math.pi) / 2)
    height = math.floor(math.degrees(side) * E5)
    reach = math.ceil(math.degrees(angle) * E5) + MARGIN_E5
    away = (reach - 1) // height + 1
    first, last = (south_e5 + POLE_E5) // height, (north_e5 + POLE_E5) // height
    south = np.arange(first, last + 1) * height - POLE_E5
    north = np.minimum(south + height - 1, POLE_E5)
    edges = np.maximum(0.0, np.cos(np.radians(np.stack([south, north]) / E5)))
    low = edges.min(axis=0)
    high = np.where((south <= 0) & (north >= 0), 1.0, edges.max(axis=0))
    columns = np.clip(np.ceil(2 * math.pi * high / side), 1, AROUND_E5).astype(np.int64)
    sin2 = reach_sin2(radius_km)
    wide = np.stack([_wide(low, k, height, sin2) for k in range(-away, away + 1)], axis=1)
    return Grid(height, first, away, sin2, reach, columns, low, high, wide)


def _wide(cos_low: Floats, north: int, height_e5: int, sin2: float) -> Integers:
    """How far links reach east and west into the row that lies ``north`` rows to the north."""
    gap = 0 if north == 0 else (abs(north) - 1) * height_e5 + 1
    left = sin2 - math.sin(min(gap * HALF_E5, math.pi / 2)) ** 2
    if left < 0:
        return np.full(len(cos_low), -1, dtype=np.int64)
    other = np.clip(np.arange(len(cos_low)) + north, 0, len(cos_low) - 1)
    cosines = cos_low * cos_low[other]
    share = np.divide(left, cosines, out=np.ones_like(cosines), where=cosines > left)
    wide = np.ceil(np.degrees(2 * np.arcsin(np.sqrt(share))) * E5).astype(np.int64) + MARGIN_E5
    return np.where(cosines > left, wide, AROUND_E5)


@dataclass(frozen=True)
class Boxes:
    """Pixels sorted by box, that is by stretch of time and cell.

    ``key`` has one value a box, in order: ``stretch * grid.n_places + place``.  The pixels of box
    ``i`` are those from ``start[i]`` up to ``start[i + 1]``; ``east_e5`` counts from -180 degrees.
    """

    grid: Grid
    minutes: int
    key: Integers
    start: Integers
    lat_e5: Narrow
    east_e5: Narrow
    minute: Narrow


def boxes_of(
    lat: Integers, lon: Integers, when: Integers, radius_km: float, hours: float
) -> tuple[Boxes, Integers]:
    """Pixels in boxes, and the order that sorts them."""
    grid = grid_of(int(lat.min()), int(lat.max()), radius_km)
    begin, end = int(when.min()), int(when.max())
    if end - begin >= np.iinfo(np.int32).max:
        raise ValueError(f"minutes from {begin} to {end}: more than 4,000 years are too many")
    minutes = min(reach_minutes(hours), end - begin)
    n_stretches = (end - begin) // (minutes + 1) + 2
    if n_stretches * grid.n_places >= np.iinfo(np.int64).max:
        raise ValueError(
            f"{radius_km} km over {end - begin} minutes: too many cells; widen the radius"
        )
    row: Integers = (lat.astype(np.int64) + POLE_E5) // grid.height_e5 - grid.first
    east = lon.astype(np.int64) + AROUND_E5 // 2
    east[east == AROUND_E5] = 0
    key = row * grid.row_shift + east * grid.columns[row] // AROUND_E5
    del row
    key += (when - begin) // (minutes + 1) * np.int64(grid.n_places)
    order = np.argsort(key)
    key = key[order]
    start = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    boxes = Boxes(
        grid,
        minutes,
        key[start],
        np.append(start, len(key)),
        lat.astype(np.int32)[order],
        east.astype(np.int32)[order],
        (when - begin).astype(np.int32)[order],
    )
    return boxes, order
