"""Integer cells on the sphere: keys that make joins by distance cheap, and never decide one.

A cell is about 1.1 km high and about as wide, at every latitude: rows of 0.01 degrees, each cut
into fewer columns the nearer it lies to a pole.  Positions are integers of 1e-5 degrees, about a
metre, so that the same position has the same cell in every engine.  A query joins by cell and
then decides by distance; a circle is covered by every cell that it may touch, so nothing is lost
at borders of cells, at the antimeridian or at a pole.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from truceline.geo import EARTH_RADIUS_KM

Integers = npt.NDArray[np.int64]

E5 = 100_000
"""Positions are kept as integers of 1e-5 degrees."""

ROW_E5 = 1_000
"""Height of a row of cells: 0.01 degrees."""

N_ROWS = 180 * E5 // ROW_E5
ROW_SHIFT = 100_000
"""A key is ``row * ROW_SHIFT + column``: it fits into 32 bits."""

AROUND_E5 = 360 * E5
NUMBER_BITS = 32
"""A key and a number below 2**32 are sorted as one whole number."""

BLOCK = 1 << 15
"""Circles that are covered in one go: their arrays stay near the processor."""

MARGIN_E5 = 2
"""Covers are wider by this much: more than what arithmetic may round, less than a position."""


def _columns() -> Integers:
    middles = ((row + 0.5) * ROW_E5 / E5 - 90 for row in range(N_ROWS))
    widest = 360 * E5 // ROW_E5
    return np.array([max(3, math.ceil(widest * math.cos(math.radians(m)))) for m in middles])


COLUMNS: Integers = _columns()
"""Cells in each row, from the south pole up.

>>> COLUMNS[[9_000, 15_000, 17_999]].tolist()
[36000, 17998, 4]
"""


def e5(degrees: npt.ArrayLike) -> Integers:
    """Degrees as integers of 1e-5 degrees, to the nearest, halves to even.

    >>> e5([50.123456, -0.1]).tolist()
    [5012346, -10000]
    """
    return np.rint(np.asarray(degrees, dtype=np.float64) * E5).astype(np.int64)


def rows_of(lat_e5: Integers) -> Integers:
    """Rows of cells that hold latitudes; the north pole is in the last."""
    return np.clip((lat_e5 + 90 * E5) // ROW_E5, 0, N_ROWS - 1)


def cells_of(lat_e5: npt.ArrayLike, lon_e5: npt.ArrayLike) -> Integers:
    """Keys of the cells that hold positions; +180 and -180 are the same meridian.

    >>> cells_of([1000000, 1000000], [18000000, -18000000]).tolist()
    [1000000000, 1000000000]
    """
    rows = rows_of(np.asarray(lat_e5, dtype=np.int64))
    n = COLUMNS[rows]
    east = np.asarray(lon_e5, dtype=np.int64) + AROUND_E5 // 2
    return rows * ROW_SHIFT + east * n // AROUND_E5 % n


def tiles_of(lat_e5: npt.ArrayLike, lon_e5: npt.ArrayLike) -> Integers:
    """Numbers of the tiles of 10 by 10 degrees by which archives are sorted.

    >>> tiles_of([5045000, 9000000], [3052000, 18000000]).tolist()
    [525, 612]
    """
    row = np.minimum((np.asarray(lat_e5, dtype=np.int64) + 90 * E5) // (10 * E5), 17)
    column = (np.asarray(lon_e5, dtype=np.int64) + AROUND_E5 // 2) // (10 * E5) % 36
    return row * 36 + column


def tiles_of_cells(cells: Integers) -> Integers:
    """Numbers of all tiles that some cells touch, each once, sorted."""
    row, column = np.divmod(np.unique(cells).astype(np.int64), ROW_SHIFT)
    n = COLUMNS[row]
    north = row // (10 * E5 // ROW_E5) * 36
    _, tiles = spread(north + column * 36 // n, north + ((column + 1) * 36 - 1) // n)
    return np.unique(tiles)


def cover(
    lat_e5: npt.ArrayLike, lon_e5: npt.ArrayLike, radius_km: npt.ArrayLike
) -> tuple[Integers, Integers]:
    """Cells that circles may touch, sorted: keys, and the number of the circle of each.

    Every cell of a circle occurs once.  In longitude a row takes the half-width of the whole
    circle; where a circle holds a pole it takes whole rows.

    >>> keys, numbers = cover([0, 0], [0, 17999999], [0.5, 0.5])
    >>> np.bincount(numbers).tolist()
    [4, 4]
    """
    lat, lon = np.asarray(lat_e5, dtype=np.int64), np.asarray(lon_e5, dtype=np.int64)
    radius = np.broadcast_to(np.asarray(radius_km, dtype=np.float64), lat.shape)
    blocks = [slice(start, start + BLOCK) for start in range(0, max(len(lat), 1), BLOCK)]
    parts = [_cover(lat[block], lon[block], radius[block], block.start) for block in blocks]
    both = np.concatenate(parts)
    both.sort()
    numbers = both & ((1 << NUMBER_BITS) - 1)
    both >>= NUMBER_BITS
    return both, numbers


def _cover(lat: Integers, lon: Integers, radius: npt.NDArray[np.float64], begin: int) -> Integers:
    """Keys of cells and numbers of circles, counted from ``begin``, as one whole number each."""
    angle = np.minimum(radius / EARTH_RADIUS_KM, np.pi)
    reach = np.ceil(np.degrees(angle) * E5).astype(np.int64) + MARGIN_E5
    first, last = rows_of(lat - reach), rows_of(lat + reach)
    number, row = spread(first, last)
    east = lon[number]
    wide = _half_width_e5(lat, angle, reach)[number]
    keys, part = cells_between(row, east - wide, east + wide)
    return keys << NUMBER_BITS | number[part] + begin


def cells_between(row: Integers, west_e5: Integers, east_e5: Integers) -> tuple[Integers, Integers]:
    """Keys of all cells of rows from a west to an east, each once, and the number of the row.

    Longitudes may lie beyond 180 degrees; at most the whole row is taken.

    >>> cells_between(np.array([14000]), np.array([17999500]), np.array([18000500]))
    (array([1400023137, 1400000000]), array([0, 0]))
    """
    n, start = COLUMNS[row], AROUND_E5 // 2
    west, east = (west_e5 + start) * n // AROUND_E5, (east_e5 + start) * n // AROUND_E5
    whole = east - west >= n - 1
    part, column = spread(np.where(whole, 0, west), np.where(whole, n - 1, east))
    return row[part] * ROW_SHIFT + column % n[part], part


def _half_width_e5(lat: Integers, angle: npt.NDArray[np.float64], reach: Integers) -> Integers:
    """How far a circle reaches east and west; all around where it holds a pole."""
    polar = np.abs(lat) + reach >= 90 * E5
    sine = np.sin(angle) / np.cos(np.radians(np.where(polar, 0, lat) / E5))
    wide = np.degrees(np.arcsin(np.clip(sine, 0.0, 1.0)))
    return np.where(polar, AROUND_E5, np.ceil(wide * E5).astype(np.int64) + MARGIN_E5)


def spread(first: Integers, last: Integers) -> tuple[Integers, Integers]:
    """Each whole number from ``first`` to ``last`` of every row, after the number of the row.

    Sums of steps, since repeating takes longer.

    >>> spread(np.array([3, 1, 7]), np.array([4, 0, 7]))
    (array([0, 0, 2]), array([3, 4, 7]))
    """
    some = np.flatnonzero(last >= first)
    first, last = first[some], last[some]
    ends = np.cumsum(last - first + 1)
    if not len(ends):
        return ends, ends
    number, value = np.zeros(ends[-1], dtype=np.int64), np.ones(ends[-1], dtype=np.int64)
    number[0], number[ends[:-1]] = some[0], np.diff(some)
    value[0], value[ends[:-1]] = first[0], first[1:] - last[:-1]
    return np.cumsum(number, out=number), np.cumsum(value, out=value)
