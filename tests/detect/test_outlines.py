"""Outlines against shapely for inside, and against a search along every edge on the sphere."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from truceline.cells import AROUND_E5, E5, Integers, cells_of, e5
from truceline.detect.outlines import Outline, outline_tables
from truceline.detect.thermal import query
from truceline.domain.detection import Columns
from truceline.errors import BadInput
from truceline.geo import EARTH_RADIUS_KM
from truceline.ledger.embedded import Engine

Row = tuple[int, int, int]
FIRST, LAST = 1_000, 2_000
BAND_KM = 1e-5
"""One centimetre around the radius is left open; the query is meant to be far better."""
HALF = AROUND_E5 // 2

CENTRES = {
    "corner of cells": (5_000_000, 3_000_000),
    "north": (7_000_300, 2_500_050),
    "far north": (7_990_000, -11_000_000),
    "far south, at the antimeridian": (-7_800_000, 18_000_000),
    "at the antimeridian": (1_700_000, -17_999_900),
    "greenwich and equator": (0, 0),
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine("400MB", 1) as one:
        yield one


# --- reference --------------------------------------------------------------------------------


def units(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    p, q = np.radians(lat / E5), np.radians(lon / E5)
    return np.stack([np.cos(p) * np.cos(q), np.cos(p) * np.sin(q), np.sin(p)], axis=-1)


def edges_of(shape: BaseGeometry) -> Integers:
    """Edges as rows of lat, lon, lat, lon in whole 1e-5 degrees."""
    found = []
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        points = e5(shapely.get_coordinates(ring))[:, ::-1]
        found.append(np.hstack([points[:-1], points[1:]]))
    return np.concatenate(found)


def distances_km(shape: BaseGeometry, lat: Integers, lon: Integers) -> np.ndarray:
    """From every place to the border: chords to many points of every edge, closer and closer."""
    edges = edges_of(shape).astype(np.float64)
    here = units(lat, lon)[:, None, None, :]
    low = np.zeros((len(lat), len(edges)))
    high = np.ones_like(low)
    steps = np.linspace(0.0, 1.0, 17)
    for _ in range(9):
        share = low[..., None] + (high - low)[..., None] * steps
        on = [
            edges[:, None, i] + share * (edges[:, None, 2 + i] - edges[:, None, i]) for i in (0, 1)
        ]
        chord = np.linalg.norm(here - units(*on), axis=-1)
        best = np.take_along_axis(share, chord.argmin(-1)[..., None], -1)[..., 0]
        step = (high - low) / (len(steps) - 1)
        low, high = np.maximum(best - step, 0.0), np.minimum(best + step, 1.0)
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, chord.min(axis=(1, 2)) / 2))


def inside(shape: BaseGeometry, lat: Integers, lon: Integers) -> np.ndarray:
    """The border counts; at all copies around the earth, so that both sides of 180 degrees meet."""
    whole = shapely.transform(shape, lambda points: e5(points).astype(np.float64))
    copies = [shapely.intersects_xy(whole, lon + n * AROUND_E5, lat) for n in (-1, 0, 1)]
    return np.any(copies, axis=0)


# --- worlds -----------------------------------------------------------------------------------


def ring(lat: int, lon: int, reach: list[int], turn: float) -> Integers:
    """A star around a place: corners in whole 1e-5 degrees, reaches in 1e-5 degrees of latitude."""
    angle = turn + np.arange(len(reach)) * 2 * np.pi / len(reach)
    north, east = np.sin(angle) * reach, np.cos(angle) * reach / np.cos(np.radians(lat / E5))
    return np.rint(np.column_stack([lon + east, lat + north])).astype(np.int64)


def cut(shape: BaseGeometry) -> BaseGeometry:
    """In degrees, parts beyond 180 degrees moved around the earth; corners are whole numbers."""
    parts: list[BaseGeometry] = []
    for number in (-1, 0, 1):
        west = (2 * number - 1) * HALF
        part = shape.intersection(shapely.box(west, -90 * E5, west + AROUND_E5, 90 * E5))
        for one in shapely.get_parts(part):
            if isinstance(one, Polygon) and one.area > 0:
                shift = number * AROUND_E5
                parts.append(shapely.transform(one, lambda p, by=shift: np.rint(p - [by, 0]) / E5))
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


reaches = st.integers(20, 8_000)


@st.composite
def shapes(draw: st.DrawFn, centre: tuple[int, int]) -> BaseGeometry:
    """A star with or without a hole, and with or without an island in it."""
    lat, lon = centre
    turn = draw(st.sampled_from([0.0, 0.3, 1.0]))
    outer = draw(st.lists(reaches, min_size=3, max_size=9))
    shape: BaseGeometry = Polygon(ring(lat, lon, outer, turn))
    if draw(st.booleans()):
        hole = [max(3, min(outer) // 4)] * draw(st.integers(3, 5))
        shape = shape.difference(Polygon(ring(lat, lon, hole, turn)))
    if draw(st.booleans()):
        shape = shape.union(Polygon(ring(lat + 9_000, lon - 300, [400, 700, 300, 500], turn)))
    assume(shape.is_valid and shape.geom_type in ("Polygon", "MultiPolygon"))
    shape = cut(shape)
    assume(shape.is_valid and not shape.is_empty)
    return shape


def places(shape: BaseGeometry, centre: tuple[int, int], radius_km: float, seed: int) -> Integers:
    """Rows of lat and lon: corners, points of edges, others a step off them, far and near."""
    draw = np.random.default_rng(seed)
    edges = edges_of(shape)
    share = draw.integers(0, 5, (len(edges), 1))
    along = (edges[:, :2] * (4 - share) + edges[:, 2:] * share) // 4
    spread = 9_000 + round(radius_km * 1_800)
    wide = spread / np.cos(np.radians(centre[0] / E5))
    around = np.column_stack(
        [
            centre[0] + draw.integers(-spread, spread + 1, 150),
            centre[1] + np.rint(draw.uniform(-wide, wide, 150)).astype(np.int64),
        ]
    )
    rim = draw.uniform(0, 2 * np.pi, 4 * len(edges))
    far = radius_km * draw.uniform(0.98, 1.02, len(rim)) * 360 * E5 / (2 * np.pi * EARTH_RADIUS_KM)
    corner = edges[draw.integers(0, len(edges), len(rim)), :2]
    narrow = np.cos(np.radians(corner[:, 0] / E5))
    circle = corner + np.rint(np.column_stack([np.sin(rim), np.cos(rim) / narrow]) * far[:, None])
    step = draw.integers(-1, 2, along.shape)
    found = np.vstack([edges[:, :2], along, along + step, around, circle.astype(np.int64)])
    found[:, 1] = (found[:, 1] + HALF) % AROUND_E5 - HALF
    at_edge = found[:, 1] == -HALF
    found[at_edge, 1] = np.where(draw.random(at_edge.sum()) < 0.5, -HALF, HALF)
    return found


def heat_of(places: Integers, minute: Integers) -> Columns:
    n = len(places)
    numbers = {
        "cell": cells_of(places[:, 0], places[:, 1]),
        "lat_e5": places[:, 0],
        "lon_e5": places[:, 1],
        "minute": minute,
        "satellite": np.arange(n) % 5,
        "line": np.arange(n) + 1,
    }
    source = np.array(["a.csv", "b.csv"], dtype=object)[np.arange(n) % 2]
    return {**{name: v.astype(np.int32) for name, v in numbers.items()}, "source": source}


def ask(engine: Engine, heat: Columns, outlines: list[Outline]) -> list[Row]:
    """Sites, lines of heat and whether inside, in order; what else comes is the heat's own."""
    found = engine.ask(query("near_outline"), outline_tables(heat, outlines))
    row = found["line"] - 1
    for name in ("lat_e5", "lon_e5", "minute", "satellite", "source"):
        assert found[name].tolist() == np.asarray(heat[name])[row].tolist()
    names = ("site", "line", "inside")
    return sorted(zip(*(found[name].tolist() for name in names), strict=True))


# --- tests ------------------------------------------------------------------------------------


@pytest.mark.parametrize("centre", CENTRES.values(), ids=CENTRES.keys())
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_the_same_heat_as_on_the_sphere(
    engine: Engine, centre: tuple[int, int], data: st.DataObject
) -> None:
    radius = st.floats(0.5, 5.0).map(lambda km: round(km, 3))
    outlines = [
        Outline(data.draw(shapes(centre)), data.draw(radius), FIRST, LAST) for _ in range(2)
    ]
    seed = data.draw(st.integers(0, 2**32 - 1))
    heat_at = np.vstack([places(o.shape, centre, o.radius_km, seed) for o in outlines])
    draw = np.random.default_rng(seed)
    minute = draw.choice(
        [FIRST - 1, FIRST, 1_500, LAST, LAST + 1], len(heat_at), p=[0.1, *[0.3] * 2, 0.2, 0.1]
    )
    in_time = (minute >= FIRST) & (minute <= LAST)
    rows = ask(engine, heat_of(heat_at, minute), outlines)
    assert len(set(rows)) == len(rows)
    for site, outline in enumerate(outlines):
        lat, lon = heat_at.T
        within = inside(outline.shape, lat, lon)
        beyond = distances_km(outline.shape, lat, lon) - outline.radius_km
        sure = in_time & (within | (beyond < -BAND_KM))
        maybe = in_time & (within | (beyond < BAND_KM))
        found = np.array([line - 1 for s, line, _ in rows if s == site], dtype=np.int64)
        flags = np.array([flag for s, _, flag in rows if s == site], dtype=np.int64)
        assert set(np.flatnonzero(sure)) <= set(found) <= set(np.flatnonzero(maybe))
        assert (flags == within[found]).all()


def test_oblique_edges_near_the_limit_of_latitude(engine: Engine) -> None:
    """Places within a metre of the reach, where the plane alone is off by decimetres."""
    shape = Polygon([(20, 83.5), (28, 84.3), (20, 84.3)])
    lon = np.linspace(2_250_000, 2_550_000, 150).astype(np.int64)
    lat = 8_350_000 + (lon - 2_000_000) // 10 - 12_000
    for _ in range(5):  # secants towards 10 km, southwards is farther
        far, farther = (distances_km(shape, lat - south, lon) for south in (0, 100))
        lat = lat - np.rint((10.0 - far) / (farther - far) * 100).astype(np.int64)
    at = np.column_stack([np.concatenate([lat - 1, lat, lat + 1]), np.tile(lon, 3)])
    far = distances_km(shape, *at.T)
    assert np.abs(far - 10.0).max() < 0.003
    at, far = at[np.abs(far - 10.0) > 1e-6], far[np.abs(far - 10.0) > 1e-6]
    assert len(at) > 400
    rows = ask(engine, heat_of(at, np.zeros(len(at))), [Outline(shape, 10.0, 0, 0)])
    assert rows == [(0, i + 1, 0) for i in np.flatnonzero(far <= 10.0)]


def test_rows_that_occur_twice_come_twice_and_count_alike(engine: Engine) -> None:
    shape = shapely.box(30.0, 50.0, 30.1, 50.1)
    at = np.array([(5_005_000, 3_005_000), (5_010_000, 3_010_000), (5_010_500, 3_005_000)])
    heat = heat_of(at, np.zeros(3))
    twice = {name: np.tile(values, 2) for name, values in heat.items()}
    rows = ask(engine, twice, [Outline(shape, 1.0, 0, 0), Outline(shape, 0.0, 0, 0)])
    once = [(0, 1, 1), (0, 2, 1), (0, 3, 0), (1, 1, 1), (1, 2, 1)]
    assert rows == [row for row in once for _ in range(2)]


def test_the_cut_at_the_antimeridian_is_no_border(engine: Engine) -> None:
    west = shapely.box(179.9, 10.0, 180.0, 10.2)
    shape = MultiPolygon([west, shapely.box(-180.0, 10.0, -179.9, 10.2)])
    lon = np.array([18_000_000, -18_000_000, 17_999_999, -17_999_999, 17_989_999, -17_989_999])
    at = np.column_stack([np.full(6, 1_010_000), lon])
    tables = heat_of(at, np.zeros(6)), [Outline(shape, 0.0, 0, 0), Outline(west, 0.0, 0, 0)]
    rows = ask(engine, *tables)
    assert [line for site, line, _ in rows if site == 0] == [1, 2, 3, 4]
    assert [line for site, line, _ in rows if site == 1] == [1, 2, 3]


def test_an_outline_smaller_than_a_position_is_a_point(engine: Engine) -> None:
    shape = shapely.box(30.0, 50.0, 30.000001, 50.000001)
    at = np.array([(5_000_000, 3_000_000), (5_000_800, 3_000_000), (5_000_900, 3_000_000)])
    rows = ask(engine, heat_of(at, np.zeros(3)), [Outline(shape, 1.0, 0, 0)])
    assert rows[:2] == [(0, 1, 1), (0, 2, 0)]
    assert len(rows) == 2 or distances_km(shape, *at[2:].T)[0] <= 1.0


def test_nothing_to_ask_for_is_answered_with_nothing(engine: Engine) -> None:
    assert ask(engine, heat_of(np.zeros((1, 2), dtype=np.int64), np.zeros(1)), []) == []


@pytest.mark.parametrize(
    ("shape", "radius_km", "told"),
    [
        (shapely.Point(30, 50), 1.0, "is given as"),
        (Polygon(), 1.0, "is given as"),
        (shapely.box(20, -85.1, 20.1, -85), 1.0, "latitudes from -85 to 85"),
        (shapely.box(179.9, 0, 180.1, 0.1), 1.0, "longitudes from -180 to 180"),
        (shapely.box(-179.95, 0, 179.95, 0.1), 1.0, "cut the outline at the antimeridian"),
        (MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(12, 0, 13, 1)]), 1.0, "10 degrees"),
        (Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), 1.0, "is not valid"),
        (shapely.box(0, 0, 1, 1), float("nan"), "reach of nan km"),
        (shapely.box(0, 0, 1, 1), 51.0, "reach of 51.0 km"),
        (shapely.box(0, 0, 1, 1), -1.0, "reach of -1.0 km"),
    ],
)
def test_what_is_no_outline_is_refused(shape: BaseGeometry, radius_km: float, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        Outline(shape, radius_km, FIRST, LAST)
    assert told in str(caught.value)
