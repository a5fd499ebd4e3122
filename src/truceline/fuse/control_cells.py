"""Edges of outlines in whole numbers, and a grid of cells that says where edges are.

Everything is in 1e-5 degrees.  A layer is one outline; days with the same outline share it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from truceline.cells import Integers, spread

INSIDE, OUTSIDE, UNKNOWN = 1, 0, -1
"""Answers, and states of cells; unknown: no area is held for the day."""

BORDER = 2
"""State of a cell that an edge touches: its points are looked at one by one."""

LAYERS_AT_ONCE = 8
"""Layers whose cells are filled in one go."""

Run = Callable[[Callable[[int], Any], Iterable[int]], list[Any]]
"""Runs a task for each of some numbers, in any order, and returns the results in theirs."""


@dataclass(frozen=True)
class Edges:
    """Edges in 1e-5 degrees, from their lower to their upper end, ordered by layer.

    A layer is one outline; days with the same outline share it.
    """

    layer: Integers
    lat: Integers
    lon: Integers
    upper_lat: Integers
    upper_lon: Integers

    def of_layers(self, first: int, last: int) -> Edges:
        """Those of the layers from ``first`` to before ``last``, numbered from 0."""
        low, high = np.searchsorted(self.layer, [first, last])
        part = slice(low, high)
        return Edges(
            self.layer[part] - first,
            self.lat[part],
            self.lon[part],
            self.upper_lat[part],
            self.upper_lon[part],
        )


def edges_of(outlines: npt.NDArray[np.object_]) -> Edges:
    """Edges of all rings of outlines whose points are whole numbers; layers are their places."""
    polygons, layer = shapely.get_parts(outlines, return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    lon, lat = points.astype(np.int64).T
    follows = ring[1:] == ring[:-1]
    lat1, lat2 = lat[:-1][follows], lat[1:][follows]
    lon1, lon2 = lon[:-1][follows], lon[1:][follows]
    up = lat1 <= lat2
    return Edges(
        layer[polygon[ring[:-1][follows]]].astype(np.int64),
        np.where(up, lat1, lat2),
        np.where(up, lon1, lon2),
        np.where(up, lat2, lat1),
        np.where(up, lon2, lon1),
    )


@dataclass(frozen=True)
class Grid:
    """Square cells around all areas: lower corner in 1e-5 degrees, and how many there are.

    Sides are powers of two, so that cells are found by shifting.
    """

    south: int
    west: int
    shift: int
    n_rows: int
    n_columns: int

    @classmethod
    def around(cls, edges: Edges, n_high: int) -> Grid:
        """At most ``n_high`` + 1 cells along the longer side."""
        if not len(edges.lat):
            return cls(0, 0, 0, 1, 1)
        south, north = int(edges.lat.min()), int(edges.upper_lat.max())
        west = int(min(edges.lon.min(), edges.upper_lon.min()))
        east = int(max(edges.lon.max(), edges.upper_lon.max()))
        shift = (max(north - south, east - west) // max(1, n_high)).bit_length()
        return cls(south, west, shift, ((north - south) >> shift) + 1, ((east - west) >> shift) + 1)


def _fill(edges: Edges, grid: Grid, states: npt.NDArray[np.int8]) -> None:
    """The states of some layers, from their edges.

    Every cell that an edge touches is a border cell, and so are those within one position of an
    edge, which is more than rounding can take.  Along the lower side of each row the edges that
    cross it are counted from the west: where a cell is free of edges, all points of it have the
    same number of them to the west, and it is inside where that number is odd.
    """
    side = 1 << grid.shift
    edge, row = spread(
        (edges.lat - grid.south) >> grid.shift, (edges.upper_lat - grid.south) >> grid.shift
    )
    start_of_row = (edges.layer[edge] * states.shape[1] + row) * states.shape[2]
    floor = (row << grid.shift) + grid.south
    lat, upper_lat = edges.lat[edge], edges.upper_lat[edge]
    lon, upper_lon = edges.lon[edge] - grid.west, edges.upper_lon[edge] - grid.west
    slope = (upper_lon - lon) / np.maximum(upper_lat - lat, 1)
    enters = lon + slope * (np.maximum(lat, floor) - lat)
    leaves = lon + slope * (np.minimum(upper_lat, floor + side) - lat)
    leaves = np.where(lat == upper_lat, upper_lon, leaves)
    west = _column(np.minimum(enters, leaves) - 1, grid)
    east = _column(np.maximum(enters, leaves) + 1, grid)

    crosses = (lat <= floor) & (floor < upper_lat)
    n_crossed = np.zeros(states.shape, dtype=np.uint8)
    crossed = start_of_row[crosses] + _column(enters[crosses], grid)
    np.add.at(n_crossed.reshape(-1), crossed, np.uint8(1))
    np.cumsum(n_crossed, axis=2, dtype=np.uint8, out=n_crossed)
    states[:] = n_crossed & 1

    touched, column = spread(west, east)
    states.reshape(-1)[start_of_row[touched] + column] = BORDER


def _column(east: npt.NDArray[np.float64], grid: Grid) -> Integers:
    """Columns of distances from the west side; what rounding puts beside the grid is in it."""
    column: Integers = east.astype(np.int64) >> grid.shift
    return np.clip(column, 0, grid.n_columns - 1)


def states_of(n_layers: int, edges: Edges, grid: Grid, run: Run) -> npt.NDArray[np.int8]:
    """States of all cells: (layer, row, column).

    North and east of the grid are a row and a column more, of outside cells; after the last
    layer is one more, of unknown cells, for days without an area.
    """
    shape = (n_layers + 1, grid.n_rows + 1, grid.n_columns + 1)
    states = np.empty(shape, dtype=np.int8)
    states[n_layers] = UNKNOWN

    def fill(first: int) -> None:
        last = min(first + LAYERS_AT_ONCE, n_layers)
        _fill(edges.of_layers(first, last), grid, states[first:last])

    run(fill, range(0, n_layers, LAYERS_AT_ONCE))
    return states
