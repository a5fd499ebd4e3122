"""Who held a place on a day: positions against one area a day, at scale.

The border counts as held, as `shapely.intersects_xy` has it.  Areas are in degrees and their
edges are straight in the plane of degrees, not on the sphere.  Vertices are first moved to the
nearest position of 1e-5 degrees, by less than a metre; from there on everything is exact, and
the same in every engine, on the border too.  After moving, a point is inside where a ray from it
crosses edges an odd number of times (even-odd rule), which is what GEOS counts as well.

A grid of square cells makes it fast and never decides alone: a cell that no edge touches is
inside or outside as a whole, and points of the other cells are looked at one by one.

A day without an area is unknown, never "not held".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from truceline.cells import Integers, e5, spread
from truceline.domain.detection import Columns
from truceline.domain.heat_table import day_number, day_of
from truceline.errors import BadInput
from truceline.fuse.control_cells import BORDER, Edges, Grid, Run, edges_of, states_of

FIRST_DAY, LAST_DAY = day_number(date.min), day_number(date.max)

CELLS_HIGH = 128
"""Cells of the grid along its longer side, at most; a table of them stays near the processor."""
CELLS_HIGH_SQL = 64
"""The same for queries, where each cell inside or on the border is a row to join."""
CELLS_IN_ALL = 1 << 25
"""Cells of all areas together, at most: 32 MB.  More areas get a coarser grid."""
CELLS_PER_POINT = 4
"""Cells of all areas for one point, at most: few points do not pay for a fine grid."""
CHUNK = 1 << 16
"""Points that are looked up in one go."""


@dataclass(frozen=True)
class DailyArea:
    """The area held on one UTC day: days since 1970-01-01, and its outline in degrees.

    Points of the outline are (longitude, latitude).  An area across the antimeridian is given
    cut there, as parts that end at 180 and begin at -180; the plane ends there, so a point at 180
    is only on the border of a part that ends at 180.  Raises BadInput for anything but a
    valid, non-empty Polygon or MultiPolygon within -180..180 and -90..90, and for an edge of
    more than 180 degrees of longitude, which an area across the antimeridian has that was not
    cut.

    >>> DailyArea(20_000, shapely.box(179.0, 0.0, 181.0, 1.0))
    Traceback (most recent call last):
        ...
    truceline.errors.BadInput: the area of 2024-10-04 reaches from 179.0, 0.0 to 181.0, 1.0
      expected: longitudes from -180 to 180 and latitudes from -90 to 90
      what to do: cut the area at the antimeridian and give its parts within the range
    """

    day: int
    outline: BaseGeometry

    def __post_init__(self) -> None:
        if not FIRST_DAY <= self.day <= LAST_DAY:
            raise BadInput(
                f"an area is given for day {self.day}",
                expected=f"days since 1970-01-01, from {FIRST_DAY} to {LAST_DAY}",
                remedy="give the day as a whole number of days",
            )
        name = f"the area of {day_of(int(self.day))}"
        if not isinstance(self.outline, (Polygon, MultiPolygon)) or self.outline.is_empty:
            raise BadInput(
                f"{name} is {_kind(self.outline)}",
                expected="a Polygon or MultiPolygon that holds something",
                remedy="leave the day out if its area is unknown",
            )
        _check_range(name, self.outline)
        if not self.outline.is_valid:
            raise BadInput(
                f"{name} is not valid: {shapely.is_valid_reason(self.outline)}",
                expected="rings that neither cross nor overlap",
                remedy="repair it with shapely.make_valid and look at what that changed",
            )


def _kind(outline: object) -> str:
    if not isinstance(outline, BaseGeometry):
        return f"a {type(outline).__name__}"
    return f"an empty {outline.geom_type}" if outline.is_empty else f"a {outline.geom_type}"


def _check_range(name: str, outline: BaseGeometry) -> None:
    points = shapely.get_coordinates(outline)
    west, south = (float(least) for least in points.min(axis=0))
    east, north = (float(most) for most in points.max(axis=0))
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise BadInput(
            f"{name} reaches from {west}, {south} to {east}, {north}",
            expected="longitudes from -180 to 180 and latitudes from -90 to 90",
            remedy="cut the area at the antimeridian and give its parts within the range",
        )
    if east - west > 180:
        rings = shapely.get_rings(shapely.get_parts(outline))
        if any(np.abs(np.diff(shapely.get_coordinates(r)[:, 0])).max() > 180 for r in rings):
            raise BadInput(
                f"{name} has an edge of more than 180 degrees of longitude",
                expected="an area that does not cross the antimeridian",
                remedy="cut the area at the antimeridian; an edge so long needs a vertex midway",
            )


@dataclass(frozen=True)
class _Layers:
    """Outlines in whole 1e-5 degrees, each once, their edges, and which day has which."""

    day: Integers
    layer: Integers
    outlines: npt.NDArray[np.object_]
    edges: Edges


def _layers(areas: Iterable[DailyArea]) -> _Layers:
    ordered = sorted(areas, key=lambda area: area.day)
    for one, other in pairwise(ordered):
        if one.day == other.day:
            raise BadInput(
                f"two areas are given for {day_of(int(one.day))}",
                expected="one area a day",
                remedy="unite them with shapely.union_all, or choose one source",
            )
    day = np.array([area.day for area in ordered], dtype=np.int64)
    given = np.array([area.outline for area in ordered], dtype=object)
    new = np.ones(len(given), dtype=bool)
    new[1:] = ~shapely.equals_exact(given[1:], given[:-1], tolerance=0)
    outlines = shapely.transform(given[new], lambda points: e5(points).astype(np.float64))
    return _Layers(day, np.cumsum(new) - 1, outlines, edges_of(outlines))


def held(
    lat_e5: npt.ArrayLike,
    lon_e5: npt.ArrayLike,
    day: npt.ArrayLike,
    areas: Sequence[DailyArea],
    threads: int = 2,
) -> Integers:
    """Which points lie inside the area of their day: 1 inside, 0 outside, -1 no area that day.

    Latitudes and longitudes are whole 1e-5 degrees, days are days since 1970-01-01; all of one
    length, in any order.  Days may be missing among the areas.  The number of threads never
    changes the answer.  Raises BadInput for two areas of one day, for columns of different
    lengths and for numbers that are not whole, such as degrees.

    >>> area = DailyArea(20_000, shapely.box(37.0, 47.0, 38.0, 48.0))
    >>> held([4700000, 4699999, 4700000], [3750000] * 3, [20_000, 20_000, 20_001], [area]).tolist()
    [1, 0, -1]
    """
    lat, lon, days = (_whole(values) for values in (lat_e5, lon_e5, day))
    if not lat.shape == lon.shape == days.shape or lat.ndim != 1:
        raise BadInput(
            f"columns have the shapes {lat.shape}, {lon.shape} and {days.shape}",
            expected="three columns of one length",
            remedy="give a latitude, a longitude and a day for each point",
        )
    layers = _layers(areas)
    n = max(1, len(layers.outlines))
    cells = min(CELLS_IN_ALL, CELLS_PER_POINT * len(lat)) // n
    grid = Grid.around(layers.edges, min(CELLS_HIGH, int(cells**0.5)))
    with ThreadPoolExecutor(max_workers=threads) as pool:

        def run(task: Callable[[int], Any], numbers: Iterable[int]) -> list[Any]:
            return list(pool.map(task, numbers))

        return _look_up(lat, lon, days, layers, grid, run)


def _whole(values: npt.ArrayLike) -> Integers:
    column = np.asarray(values)
    if column.size and column.dtype.kind not in "iu":
        raise BadInput(
            f"a column of points holds numbers of type {column.dtype}",
            expected="whole numbers: 1e-5 degrees, and days",
            remedy="turn degrees into whole numbers with truceline.cells.e5",
        )
    return column.astype(np.int64, copy=False)


def _look_up(
    lat: Integers, lon: Integers, day: Integers, layers: _Layers, grid: Grid, run: Run
) -> Integers:
    """First the cell of every point, then the outline for points of border cells, by layer."""
    states = states_of(len(layers.outlines), layers.edges, grid, run).reshape(-1)
    layer_of = _LayerOf(layers)
    answers = np.empty(len(lat), dtype=np.int64)

    def by_cell(start: int) -> tuple[Integers, Integers]:
        part = slice(start, start + CHUNK)
        layer = layer_of(day[part])
        row = _clipped((lat[part] - grid.south) >> grid.shift, grid.n_rows)
        column = _clipped((lon[part] - grid.west) >> grid.shift, grid.n_columns)
        layer_row = layer * (grid.n_rows + 1) + row
        state = states[layer_row * (grid.n_columns + 1) + column]
        answers[part] = state
        close = np.flatnonzero(state == BORDER)
        return close + start, layer[close]

    found = run(by_cell, range(0, len(lat), CHUNK))
    if not found:
        return answers
    close, layer = (np.concatenate(columns) for columns in zip(*found, strict=True))
    order = np.argsort(layer.astype(np.int32), kind="stable")
    close = close[order]
    ends = np.searchsorted(layer[order], np.arange(len(layers.outlines) + 1))

    def by_outline(number: int) -> None:
        points = close[ends[number] : ends[number + 1]]
        if len(points):
            outline = layers.outlines[number]
            shapely.prepare(outline)
            answers[points] = shapely.intersects_xy(
                outline, lon[points].astype(np.float64), lat[points].astype(np.float64)
            )

    run(by_outline, range(len(layers.outlines)))
    return answers


class _LayerOf:
    """The layer of days; days without an area have the one after the last."""

    def __init__(self, layers: _Layers) -> None:
        self._first = int(layers.day[0]) if len(layers.day) else 0
        n_days = int(layers.day[-1]) - self._first + 1 if len(layers.day) else 0
        self._layer = np.full(n_days + 1, len(layers.outlines), dtype=np.int64)
        self._layer[layers.day - self._first] = layers.layer

    def __call__(self, day: Integers) -> Integers:
        return self._layer[_clipped(day - self._first, len(self._layer) - 1)]


def _clipped(number: Integers, n: int) -> Integers:
    """Numbers from 0 to ``n`` - 1 as they are, and ``n`` for all others."""
    return np.minimum(number.view(np.uint64), np.uint64(n)).view(np.int64)


def query() -> str:
    """The text of `control.sql`, the same for every engine."""
    return files(__package__).joinpath("control.sql").read_text(encoding="utf-8")


def control_tables(areas: Sequence[DailyArea]) -> dict[str, Columns]:
    """The tables of `control.sql` beside the points themselves, by their names.

    They depend on the areas alone, so they are made once for many questions.  Raises BadInput
    for two areas of one day.

    >>> tables = control_tables([DailyArea(20_000, shapely.box(37.0, 47.0, 38.0, 48.0))])
    >>> {name: len(next(iter(table.values()))) for name, table in tables.items()}
    {'control_day': 1, 'control_grid': 1, 'control_cell': 2401, 'control_edge': 10}
    """
    layers = _layers(areas)
    cells = CELLS_IN_ALL // max(1, len(layers.outlines))
    grid = Grid.around(layers.edges, min(CELLS_HIGH_SQL, int(cells**0.5)))
    shift = _band_shift(layers.edges)
    n_bands = (((grid.n_rows << grid.shift) - 1) >> shift) + 1
    return {
        "control_day": {"day": layers.day, "layer": layers.layer},
        "control_grid": _grid_columns(grid, shift, n_bands),
        "control_cell": _cell_columns(layers, grid),
        "control_edge": _edge_columns(layers.edges, grid.south, shift, n_bands),
    }


def _band_shift(edges: Edges) -> int:
    """Bands of half a mean edge's height to all of it: at most four rows an edge on average."""
    mean = int(np.mean(edges.upper_lat - edges.lat)) if len(edges.lat) else 0
    return max(0, mean.bit_length() - 1)


def _grid_columns(grid: Grid, shift: int, n_bands: int) -> Columns:
    numbers = {
        "south_e5": grid.south,
        "north_e5": grid.south + (grid.n_rows << grid.shift) - 1,
        "west_e5": grid.west,
        "east_e5": grid.west + (grid.n_columns << grid.shift) - 1,
        "cell_e5": 1 << grid.shift,
        "n_rows": grid.n_rows,
        "n_columns": grid.n_columns,
        "band_e5": 1 << shift,
        "n_bands": n_bands,
    }
    return {name: np.array([number], dtype=np.int64) for name, number in numbers.items()}


def _cell_columns(layers: _Layers, grid: Grid) -> Columns:
    """Cells inside and on the border; those that are not there are outside."""
    states = states_of(len(layers.outlines), layers.edges, grid, lambda f, each: list(map(f, each)))
    inner = states[:-1, : grid.n_rows, : grid.n_columns].reshape(-1)
    cell = np.flatnonzero(inner)
    return {"cell": cell, "state": inner[cell].astype(np.int64)}


def _edge_columns(edges: Edges, south: int, shift: int, n_bands: int) -> Columns:
    """Edges by band of latitude, lower end first; an edge is in every band that it reaches."""
    number, band = spread((edges.lat - south) >> shift, (edges.upper_lat - south) >> shift)
    key = edges.layer[number] * n_bands + band
    number, key = number[order := np.argsort(key, kind="stable")], key[order]
    return {
        "band": key,
        "lat_e5": edges.lat[number],
        "lon_e5": edges.lon[number],
        "upper_lat_e5": edges.upper_lat[number],
        "upper_lon_e5": edges.upper_lon[number],
    }
