"""Poles, antimeridian, high latitudes: no pair missing, none too many, against a tree in space."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from truceline.cells import E5, Integers, cells_of, tiles_of, tiles_of_cells
from truceline.detect.thermal import circle_tables, plane_columns, query
from truceline.domain.detection import Circle, Columns
from truceline.errors import BadInput
from truceline.geo import EARTH_RADIUS_KM, Point
from truceline.ledger.embedded import Engine

N_HEAT, N_OBJECTS = 60_000, 800
SLACK = 1e-9
"""Radians by which the tree asks farther; its answers are then decided by the haversine."""


def places(n: int, seed: int) -> tuple[Integers, Integers]:
    """Positions in whole 1e-5 degrees, most of them where cells are hard."""
    draw = np.random.default_rng(seed)
    lat = np.concatenate(
        [
            90 - draw.exponential(0.05, n // 6),
            -90 + draw.exponential(0.05, n // 6),
            draw.uniform(60, 89.9, n // 6),
            draw.uniform(-1, 1, n // 6),
            np.round(draw.uniform(49, 51, n // 6), 2),
            draw.uniform(-0.5, 0.5, n - 5 * (n // 6)) + 71,
        ]
    ).clip(-90, 90)
    around = [
        draw.uniform(-180, 180, n // 3),
        180 - draw.exponential(0.05, n // 6),
        -180 + draw.exponential(0.05, n // 6),
        np.round(draw.uniform(29, 31, n // 3), 2),
        draw.choice([180.0, -180.0, 0.0], n - 2 * (n // 3) - 2 * (n // 6)),
    ]
    lon = np.concatenate(around)
    draw.shuffle(lon)
    east = ((lon + 180) % 360) - 180
    lon = np.where(lon == 180.0, 180.0, east)
    return np.rint(lat * E5).astype(np.int64), np.rint(lon * E5).astype(np.int64)


def table_of(lat: Integers, lon: Integers, minute: int = 0) -> Columns:
    """Heat at some positions, all of one minute."""
    zero = np.zeros(len(lat), dtype=np.int64)
    names = ("day", "satellite", "confidence", "static", "frp_kw", "standard")
    return {
        "cell": cells_of(lat, lon),
        "lat_e5": lat,
        "lon_e5": lon,
        "minute": zero + minute,
        **dict.fromkeys(names, zero),
        "source": np.full(len(lat), "s"),
        "line": np.arange(len(lat)),
    }


def units(lat: Integers, lon: Integers) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    p, q = np.radians(lat / E5), np.radians(lon / E5)
    return np.column_stack([np.cos(p) * np.cos(q), np.cos(p) * np.sin(q), np.sin(p)])


def by_tree(
    heat: tuple[Integers, Integers], objects: tuple[Integers, Integers], radius_km: float
) -> Integers:
    chord = 2 * np.sin(radius_km / EARTH_RADIUS_KM / 2) + SLACK
    tree = cKDTree(units(*heat))
    found = tree.query_ball_point(units(*objects), chord)
    site = np.repeat(np.arange(len(found)), [len(rows) for rows in found])
    row = np.concatenate([np.array(rows, dtype=np.int64) for rows in found])
    p, q = np.radians(heat[0][row] / E5), np.radians(objects[0][site] / E5)
    dlon = np.radians((heat[1][row] - objects[1][site]) / E5)
    sin2 = np.sin((p - q) / 2) ** 2 + np.cos(p) * np.cos(q) * np.sin(dlon / 2) ** 2
    near = sin2 <= np.sin(radius_km / EARTH_RADIUS_KM / 2) ** 2
    return np.sort(site[near] << 32 | row[near])


@pytest.mark.parametrize("radius_km", [1.0, 5.0, 10.0])
def test_no_pair_is_missing_and_none_too_many(radius_km: float) -> None:
    heat, objects = places(N_HEAT, 1), places(N_OBJECTS, 2)
    n = len(objects[0])
    always = (np.zeros(n, dtype=np.int64), np.full(n, 2**31 - 1))
    table = table_of(*heat)
    tables = circle_tables(*objects, np.full(n, radius_km), *always)
    with Engine("1GB", 2) as engine:
        found = engine.ask(query("near"), {"heat": table, **tables})
    pairs = np.sort(found["site"] << 32 | found["line"])
    assert len(np.unique(pairs)) == len(pairs)
    expected = by_tree(heat, objects, radius_km)
    assert len(expected) > 300
    missing, extra = np.setdiff1d(expected, pairs), np.setdiff1d(pairs, expected)
    assert (len(missing), len(extra)) == (0, 0)
    assert set(tiles_of(*heat)[found["line"]].tolist()) <= set(
        tiles_of_cells(tables["cover"]["cell"])
    )


@pytest.mark.parametrize("radius_km", [0.0, 0.375, 1.0, 20.0, 200.0, 2_000.0])
def test_the_plane_says_only_what_the_sphere_says(radius_km: float) -> None:
    """Points about the edge of circles from pole to pole, and anywhere else."""
    draw, n, a = np.random.default_rng(3), 200_000, radius_km / EARTH_RADIUS_KM
    lat, lon = (draw.integers(-reach, reach + 1, n) * E5 for reach in (90, 180))
    circle = plane_columns(lat, lon, np.full(n, radius_km))
    p, bearing = np.radians(lat / E5), draw.uniform(0, 2 * np.pi, n)
    far = a * (1 + draw.choice([0, -1, 1], n) * 10 ** draw.uniform(-9, 1, n)).clip(0)
    q = np.arcsin(np.sin(p) * np.cos(far) + np.cos(p) * np.sin(far) * np.cos(bearing))
    across = np.cos(far) - np.sin(p) * np.sin(q)
    east = np.arctan2(np.sin(bearing) * np.sin(far) * np.cos(p), across)
    there = [np.rint(np.degrees(angle) * E5) for angle in (q, east)]
    north_e5, east_e5 = there[0] - lat, there[1]
    flat = north_e5**2 + circle["narrow2"] * east_e5**2
    y, x = np.radians(north_e5 / E5), np.radians(east_e5 / E5)
    sin2 = np.sin(y / 2) ** 2 + np.cos(p) * np.cos(p + y) * np.sin(x / 2) ** 2
    assert (sin2 <= circle["sin2"])[flat <= circle["sure_in"]].all()
    assert (sin2 > circle["sin2"])[flat > circle["sure_out"]].all()
    sure = (flat <= circle["sure_in"]) | (flat > circle["sure_out"])
    assert sure.mean() > 0.2 or radius_km >= 200
    assert not sure[(np.abs(lat) == 90 * E5) | (np.abs(lon) == 180 * E5)].any()


def pairs_of(radius_km: float, places: list[tuple[int, int]], minute: int = 0) -> list[int]:
    """Rows near a place at 180 degrees east, at any time."""
    lat, lon = (np.array(column, dtype=np.int64) for column in zip(*places, strict=True))
    table = table_of(lat, lon, minute)
    one = (np.array([50 * E5]), np.array([180 * E5]), np.array([radius_km]))
    far = (np.array([-(2**40)]), np.array([2**40]))
    with Engine("1GB", 2) as engine:
        found = engine.ask(query("near"), {"heat": table, **circle_tables(*one, *far)})
    return sorted(found["line"].tolist())


def test_one_meridian_has_two_longitudes_at_any_radius() -> None:
    places = [(50 * E5, 180 * E5), (50 * E5, -180 * E5), (50 * E5, -180 * E5 + 1)]
    assert pairs_of(0.0, places) == [0, 1]
    assert pairs_of(0.001, places) == [0, 1, 2]


def test_a_circle_may_hold_the_whole_earth_and_all_times() -> None:
    places = [(50 * E5, 180 * E5), (-50 * E5, 0), (-90 * E5, 5), (-50 * E5 + 2_000, 0)]
    assert pairs_of(30_000.0, places, minute=2**31 - 1) == [0, 1, 2, 3]
    assert pairs_of(20_014.0, places) == [0, 2, 3]


@pytest.mark.parametrize("radius_km", [-1.0, float("nan"), float("inf")])
def test_a_radius_that_is_no_length_is_refused(radius_km: float) -> None:
    with pytest.raises(BadInput, match="a circle has a radius"):
        Circle(Point(50.0, 20.0), radius_km, 0, 1)
