"""Points in the area of their day: the fast way and the query against counting edges by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from truceline.cells import E5, Integers, e5
from truceline.domain.detection import Columns, Files
from truceline.domain.heat_table import day_number
from truceline.errors import BadInput
from truceline.fuse import control
from truceline.fuse.control import DailyArea, control_tables, held, query
from truceline.fuse.control_cells import UNKNOWN
from truceline.ledger.embedded import Engine

DAY = day_number(date(2031, 4, 1))
Spots = list[tuple[int, int, int]]
"""Points: latitude, longitude (1e-5 degrees) and day."""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(memory="400MB", threads=2) as engine:
        yield engine


def columns(spots: Spots) -> tuple[Integers, Integers, Integers]:
    lat, lon, day = np.array(spots, dtype=np.int64).reshape(-1, 3).T
    return lat, lon, day


def by_query(engine: Engine, spots: Spots, areas: list[DailyArea]) -> list[int]:
    """Answers of the query, by the order of points; ids are given from the last to the first."""
    lat, lon, day = columns(spots)
    spot: Columns = {"id": np.arange(len(lat))[::-1], "lat_e5": lat, "lon_e5": lon, "day": day}
    rows = engine.ask(query(), {"spot": spot, **control_tables(areas)})
    assert sorted(rows["id"].tolist()) == list(range(len(spots)))
    return rows["held"][np.argsort(rows["id"])].tolist()[::-1]


def by_hand(spots: Spots, areas: list[DailyArea]) -> list[int]:
    """The same with neither cells nor bands nor GEOS: whole numbers, one edge after another."""
    edges = {area.day: edges_of(area.outline) for area in areas}
    return [by_edges(lat, lon, edges[day]) if day in edges else UNKNOWN for lat, lon, day in spots]


def edges_of(outline: BaseGeometry) -> list[tuple[int, int, int, int]]:
    found = []
    for ring in shapely.get_rings(shapely.get_parts(outline)):
        points = e5(shapely.get_coordinates(ring)).tolist()
        found += [(*a, *b) for a, b in pairwise(points)]
    return found


def by_edges(lat: int, lon: int, edges: list[tuple[int, int, int, int]]) -> int:
    inside = False
    for lon1, lat1, lon2, lat2 in edges:
        side = (lon2 - lon1) * (lat - lat1) - (lat2 - lat1) * (lon - lon1)
        within = min(lat1, lat2) <= lat <= max(lat1, lat2)
        if side == 0 and within and min(lon1, lon2) <= lon <= max(lon1, lon2):
            return 1
        if (lat1 <= lat) != (lat2 <= lat) and (side > 0) == (lat2 > lat1):
            inside = not inside
    return int(inside)


def by_shapely(spots: Spots, areas: list[DailyArea]) -> list[int]:
    """The same by shapely, unprepared, with vertices moved to whole 1e-5 degrees."""
    moved = {area.day: shapely.transform(area.outline, lambda p: np.rint(p * E5)) for area in areas}
    return [
        int(shapely.intersects_xy(moved[day], lon, lat)) if day in moved else UNKNOWN
        for lat, lon, day in spots
    ]


@st.composite
def outlines(draw: st.DrawFn) -> BaseGeometry:
    """Unions of boxes and triangles less others: holes, several parts, shared latitudes."""
    lat0, lon0 = draw(st.sampled_from([(0, 0), (4_700_000, 3_700_000), (-8_999_900, -17_999_900)]))
    step = draw(st.sampled_from([1, 7, 100, 3_000]))
    place = st.tuples(st.integers(0, 12), st.integers(0, 12))

    def shape() -> BaseGeometry:
        corners = draw(st.lists(place, min_size=2, max_size=3, unique=True))
        degrees = [((lon0 + x * step) / E5, (lat0 + y * step) / E5) for x, y in corners]
        return box(*degrees[0], *degrees[1]) if len(degrees) == 2 else Polygon(degrees)

    whole = shapely.union_all([shape() for _ in range(draw(st.integers(1, 4)))])
    for _ in range(draw(st.integers(0, 3))):
        whole = whole.difference(shape())
    parts = [part for part in shapely.get_parts(whole) if isinstance(part, Polygon)]
    parts = [part for part in parts if part.is_valid and part.area > 0]
    if not parts:
        return box(lon0 / E5, lat0 / E5, (lon0 + 9) / E5, (lat0 + 9) / E5)
    whole = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    return whole if whole.is_valid else parts[0]


def telling(outline: BaseGeometry, day: int) -> Spots:
    """Vertices, middles of edges, points beside both, and points level with vertices."""
    edges = edges_of(outline)
    lons, lats = {lon for lon, *_ in edges}, {lat for _, lat, *_ in edges}
    spots = {(lat, lon) for lat in lats for lon in lons}
    spots |= {((a[1] + a[3]) // 2, (a[0] + a[2]) // 2) for a in edges}
    spots |= {(lat + y, lon + x) for lat, lon in list(spots)[:60] for x in (-1, 1) for y in (0, 1)}
    return [(lat, lon, day) for lat, lon in sorted(spots)][:400]


@settings(max_examples=150, deadline=None)
@given(
    given_outlines=st.lists(outlines(), min_size=1, max_size=3),
    gap=st.integers(1, 2),
    n_high=st.sampled_from([1, 5, 64]),
)
def test_all_ways_agree_even_on_the_border(
    engine: Engine, given_outlines: list[BaseGeometry], gap: int, n_high: int
) -> None:
    areas = [DailyArea(DAY + n * gap, outline) for n, outline in enumerate(given_outlines)]
    spots = [spot for area in areas for spot in telling(area.outline, area.day)]
    spots += [(lat, lon, day + 1) for lat, lon, day in spots[:20]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(control, "CELLS_PER_POINT", 100_000)
        patch.setattr(control, "CELLS_HIGH", n_high)
        patch.setattr(control, "CELLS_HIGH_SQL", n_high)
        patch.setattr(control, "CHUNK", 100)
        fast = held(*columns(spots), areas).tolist()
        asked = by_query(engine, spots, areas)
    expected = by_hand(spots, areas)
    assert fast == expected
    assert asked == expected
    assert by_shapely(spots, areas) == expected


def ragged(seed: int, n: int = 400) -> Polygon:
    """A star-shaped outline with a hole, vertices not on whole 1e-5 degrees."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0.0, 2 * np.pi, n, endpoint=False)
    ray = np.column_stack([np.cos(angle), np.sin(angle)]) * rng.uniform(0.6, 1.0, n)[:, None]
    centre = np.array([37.0, 47.0])
    return Polygon(centre + ray, [centre + ray * 0.3])


def test_many_points_over_a_fine_grid_and_any_number_of_threads(engine: Engine) -> None:
    rng = np.random.default_rng(5)
    areas = [DailyArea(DAY + n, ragged(n)) for n in range(20) if n % 7]
    n = 150_000
    lat, lon = rng.integers(4_580_000, 4_820_000, n), rng.integers(3_580_000, 3_820_000, n)
    day = rng.integers(DAY - 1, DAY + 21, n)
    fast = held(lat, lon, day, areas)
    expected = np.full(n, -1)
    for area in areas:
        own = day == area.day
        moved = shapely.transform(area.outline, lambda p: np.rint(p * E5))
        expected[own] = shapely.intersects_xy(moved, lon[own], lat[own])
    assert np.array_equal(fast, expected)
    for threads in (1, 3):
        assert np.array_equal(held(lat, lon, day, areas, threads=threads), fast)
    spot = {"id": np.arange(n), "lat_e5": lat, "lon_e5": lon, "day": day}
    asked = engine.ask(query(), {"spot": spot, **control_tables(areas)})
    assert np.array_equal(asked["held"][np.argsort(asked["id"])], fast)


def test_off_the_border_it_is_shapely_in_degrees() -> None:
    outline = shapely.transform(ragged(1), lambda p: np.rint(p * E5) / E5)
    rng = np.random.default_rng(6)
    lat, lon = rng.integers(4_580_000, 4_820_000, 9_000), rng.integers(3_580_000, 3_820_000, 9_000)
    off = ~shapely.dwithin(outline.boundary, shapely.points(lon / E5, lat / E5), 1e-9)
    fast = held(lat, lon, np.full(9_000, DAY), [DailyArea(DAY, outline)])
    assert np.array_equal(fast[off], shapely.contains_xy(outline, lon / E5, lat / E5)[off])


def test_a_day_without_an_area_is_unknown_and_never_outside(engine: Engine) -> None:
    areas = [DailyArea(DAY, box(37, 47, 38, 48)), DailyArea(DAY + 2, box(37, 47, 38, 48))]
    spots = [(4_750_000, 3_750_000, DAY + n) for n in (-1, 0, 1, 2, 3, 10**9, -(10**9))]
    expected = [-1, 1, -1, 1, -1, -1, -1]
    assert held(*columns(spots), areas).tolist() == expected
    assert by_query(engine, spots, areas) == expected


def test_points_far_from_every_edge_are_answered(engine: Engine) -> None:
    spots = [
        (lat, lon, DAY) for lat in (-9_000_000, 4_750_000, 9_000_000) for lon in (0, 18 * 10**6)
    ]
    areas = [DailyArea(DAY, box(37, 47, 38, 48))]
    assert held(*columns(spots), areas).tolist() == [0] * 6
    assert by_query(engine, spots, areas) == [0] * 6


def test_an_area_cut_at_the_antimeridian(engine: Engine) -> None:
    cut = MultiPolygon([box(179, 0, 180, 1), box(-180, 0, -179, 1)])
    spots = [(50_000, lon, DAY) for lon in (17_999_999, -17_999_999, 0, 17_899_999, -17_900_000)]
    areas = [DailyArea(DAY, cut)]
    assert held(*columns(spots), areas).tolist() == [1, 1, 0, 0, 1]
    assert by_query(engine, spots, areas) == [1, 1, 0, 0, 1]


def test_nothing_asked_and_nothing_held(engine: Engine) -> None:
    areas = [DailyArea(DAY, box(37, 47, 38, 48))]
    assert held([], [], [], areas).tolist() == []
    assert held([], [], [], []).tolist() == []
    assert held([4_750_000], [3_750_000], [DAY], []).tolist() == [-1]
    assert by_query(engine, [], areas) == []
    assert by_query(engine, [(4_750_000, 3_750_000, DAY)], []) == [-1]
    kinds = {"id": "BIGINT", "lat_e5": "INTEGER", "lon_e5": "INTEGER", "day": "INTEGER"}
    rows = engine.ask(query(), {"spot": Files((), kinds), **control_tables(areas)})
    assert rows["id"].tolist() == []


def test_neither_points_nor_areas_are_changed_and_order_does_not_matter() -> None:
    areas = [DailyArea(DAY + n, ragged(n)) for n in (3, 1, 2)]
    spots = [(4_700_000 + n, 3_630_000 + n, DAY + n % 5) for n in range(100)]
    before = [area.outline.wkb for area in areas]
    lat, lon, day = columns(spots)
    lat.flags.writeable = lon.flags.writeable = day.flags.writeable = False
    assert np.array_equal(held(lat, lon, day, areas), held(lat, lon, day, areas[::-1]))
    assert [area.outline.wkb for area in areas] == before
    small = (lat.astype(np.int32), lon.astype(np.int32), day.astype(np.int32))
    assert np.array_equal(held(*small, areas), held(lat, lon, day, areas))


def test_equal_areas_of_following_days_are_kept_once() -> None:
    areas = [DailyArea(DAY + n, ragged(n // 5)) for n in range(10)]
    tables = control_tables(areas)
    assert tables["control_day"]["layer"].tolist() == [0] * 5 + [1] * 5
    assert len(tables["control_edge"]["band"]) <= 4 * 2 * 2 * 400


@pytest.mark.parametrize(
    ("outline", "told"),
    [
        (box(179, 0, 181, 1), "longitudes from -180 to 180"),
        (box(0, 89, 1, 91), "latitudes from -90 to 90"),
        (Polygon([(179, 0), (-179, 0), (-179, 1), (179, 1)]), "does not cross the antimeridian"),
        (
            MultiPolygon([Polygon([(179, 0), (-179, 0), (0, 1)]), box(0, 2, 1, 3)]),
            "does not cross the antimeridian",
        ),
        (Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "neither cross nor overlap"),
        (Polygon(), "an empty Polygon"),
        (shapely.Point(1, 1), "a Point"),
        (None, "a NoneType"),
    ],
)
def test_an_outline_that_cannot_be_answered_for_is_refused(outline: object, told: str) -> None:
    with pytest.raises(BadInput, match="the area of 2031-04-01") as refused:
        DailyArea(DAY, outline)  # type: ignore[arg-type]
    assert told in str(refused.value)
    assert refused.value.remedy


def test_two_areas_of_one_day_are_refused() -> None:
    areas = [DailyArea(DAY, box(0, 0, 1, 1)), DailyArea(DAY, box(2, 0, 3, 1))]
    for ask in (lambda: held([0], [0], [DAY], areas), lambda: control_tables(areas)):
        with pytest.raises(BadInput, match="two areas are given for 2031-04-01"):
            ask()


def test_columns_that_are_no_points_are_refused() -> None:
    with pytest.raises(BadInput, match="shapes"):
        held([1, 2], [1], [1], [])
    with pytest.raises(BadInput, match="float64"):
        held([47.5], [37.5], [DAY], [])  # type: ignore[list-item]
    with pytest.raises(BadInput, match="day 99999999"):
        DailyArea(99_999_999, box(0, 0, 1, 1))
