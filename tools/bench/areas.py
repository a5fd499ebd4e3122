"""Measure on this machine: points inside the area of their day, the exact way and in SQL.

    python tools/bench/areas.py [points] [repeats]

Times are printed for this machine only; what travels are the ratios to a scan of the columns of
the same points in a Parquet file, taken in the same run.  Times are the best of the repeats, as
wall and as CPU time of the process.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely

from truceline.cells import E5, Integers
from truceline.domain.detection import Columns, Files
from truceline.fuse import control
from truceline.fuse.control import DailyArea, held
from truceline.fuse.control_cells import INSIDE, UNKNOWN
from truceline.ledger.embedded import Engine

SEED = 20250318
FIRST_DAY = 20_000
N_DAYS = 365
N_VERTICES = 3_000
CENTRE = (47.0, 37.0)
"""Latitude and longitude that the areas drift around."""
RADIUS_DEG = 2.0
BOX_DEG = 4.0
"""Points lie within this much of the centre, north and south, east and west."""
N_POINTS = 10_000_000
REPEATS = 3
MEMORY = "4GB"
THREADS = 2
SCAN = """
SELECT CAST(SUM(lat_e5) AS BIGINT) AS lat, CAST(SUM(lon_e5) AS BIGINT) AS lon,
    CAST(SUM(day) AS BIGINT) AS days
FROM spot
"""
READ = "SELECT lat_e5, lon_e5, day FROM spot"
COLUMNS = {"id": "BIGINT", "lat_e5": "INTEGER", "lon_e5": "INTEGER", "day": "INTEGER"}


def year_of_areas(n_days: int = N_DAYS, n_vertices: int = N_VERTICES) -> list[DailyArea]:
    """One star-shaped, ragged area a day, with a hole, that changes a little every day."""
    rng = np.random.default_rng(SEED)
    angle = np.linspace(0.0, 2 * np.pi, n_vertices, endpoint=False)
    waves = np.arange(1, 40)
    size, phase = rng.normal(0.0, 0.12 / waves**0.8), rng.uniform(0.0, 2 * np.pi, len(waves))
    noise = rng.normal(0.0, 0.004, n_vertices)
    lat0, lon0 = CENTRE
    areas = []
    for number in range(n_days):
        phase = phase + rng.normal(0.0, 0.02, len(waves))
        noise = 0.95 * noise + rng.normal(0.0, 0.001, n_vertices)
        shape = 1.0 + size @ np.sin(np.outer(waves, angle) + phase[:, None]) + noise
        radius = RADIUS_DEG * np.clip(shape, 0.3, 1.9)
        lon0, lat0 = lon0 + rng.normal(0.0, 0.005), lat0 + rng.normal(0.0, 0.005)
        outer = np.column_stack([lon0 + radius * np.cos(angle), lat0 + radius * np.sin(angle)])
        inner = np.array([lon0, lat0]) + (outer[:: n_vertices // 100] - [lon0, lat0]) * 0.2
        outline = shapely.Polygon(np.rint(outer * E5) / E5, [np.rint(inner * E5) / E5])
        areas.append(DailyArea(FIRST_DAY + number, outline))
    return areas


def random_points(n_points: int) -> Columns:
    """Points in a box around all areas, on days of the year and a few beside it, unordered."""
    rng = np.random.default_rng(SEED + 1)
    low, high = ((np.array(CENTRE) + side * BOX_DEG) * E5 for side in (-1, 1))
    return {
        "id": np.arange(n_points),
        "lat_e5": rng.integers(int(low[0]), int(high[0]), n_points, dtype=np.int64),
        "lon_e5": rng.integers(int(low[1]), int(high[1]), n_points, dtype=np.int64),
        "day": rng.integers(FIRST_DAY - 1, FIRST_DAY + N_DAYS + 1, n_points, dtype=np.int64),
    }


Timing = tuple[float, float]
"""Wall time and CPU time of the process (s)."""


def timed(work: Callable[[], Any], repeats: int) -> tuple[Any, Timing]:
    """What some work gave, and the times of its run that was shortest."""
    best = (float("inf"), 0.0)
    result = None
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        best = min(best, (time.perf_counter() - wall, time.process_time() - cpu))
    return result, best


def write_points(engine: Engine, points: Columns, path: Path) -> Files:
    """Points as a Parquet file, in the order of their ids."""
    columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in COLUMNS.items())
    engine.write(f"SELECT {columns} FROM points ORDER BY points.id", {"points": points}, path)
    return Files((path,), COLUMNS)


def plainly(points: Columns, areas: Sequence[DailyArea]) -> tuple[Integers, Integers]:
    """Points of some days and their answers by shapely alone, in degrees, off the border."""
    rows, answers = [], []
    for area in areas:
        row = np.flatnonzero(points["day"] == area.day)
        place = shapely.points(points["lon_e5"][row] / E5, points["lat_e5"][row] / E5)
        border = area.outline.boundary
        shapely.prepare(border)
        row = row[~shapely.dwithin(border, place, 1e-9)]
        lon, lat = points["lon_e5"][row] / E5, points["lat_e5"][row] / E5
        shapely.prepare(area.outline)
        rows.append(row)
        answers.append(shapely.contains_xy(area.outline, lon, lat).astype(np.int64))
    return np.concatenate(rows), np.concatenate(answers)


def answers_of(rows: Columns) -> Integers:
    """Answers of the query by the number of the point; -9 for a point without one."""
    answers = np.full(len(rows["id"]), -9, dtype=np.int64)
    answers[rows["id"]] = rows["held"]
    return answers


def bench_areas(n_points: int = N_POINTS, repeats: int = REPEATS) -> dict[str, float]:
    """Times (s) and their ratios to the scan and to the exact way; wrong answers raise.

    ``scan``: the sums of the three columns; ``read``: the columns as arrays; ``exact``: `held`
    on them, areas given as geometries; ``tables``: the tables of the query, made once for all
    questions; ``sql``: the query, from the Parquet file to the answers as arrays.
    """
    areas, points = year_of_areas(), random_points(n_points)
    text = control.query()
    with TemporaryDirectory() as folder, Engine(MEMORY, THREADS) as engine:
        spot = write_points(engine, points, Path(folder) / "points.parquet")
        tables, made = timed(lambda: control.control_tables(areas), 1)
        times: dict[str, Timing] = {"tables": made}
        _, times["scan"] = timed(lambda: engine.ask(SCAN, {"spot": spot}), repeats)
        columns, times["read"] = timed(lambda: engine.ask(READ, {"spot": spot}), repeats)
        place = (columns["lat_e5"], columns["lon_e5"], columns["day"])
        exact, times["exact"] = timed(lambda: held(*place, areas, threads=THREADS), repeats)
        asked = {"spot": spot, **tables}
        by_sql, times["sql"] = timed(lambda: answers_of(engine.ask(text, asked)), repeats)
    if not np.array_equal(by_sql, exact):
        raise SystemExit("the query and the exact way differ")
    some, answers = plainly(points, areas[:: N_DAYS // 10])
    if not np.array_equal(exact[some], answers):
        raise SystemExit("the exact way and shapely alone differ")
    found = summary(times)
    found["share_inside"] = float(np.mean(exact == INSIDE))
    found["share_unknown"] = float(np.mean(exact == UNKNOWN))
    return found


def summary(times: Mapping[str, Timing]) -> dict[str, float]:
    """Times by name, and the ratios that travel."""
    found: dict[str, float] = {}
    for number, clock in enumerate(("wall", "cpu")):
        taken = {name: timing[number] for name, timing in times.items()}
        found |= {f"{name}_{clock}_s": seconds for name, seconds in taken.items()}
        both = taken["read"] + taken["exact"]
        found[f"exact_per_scan_{clock}"] = taken["exact"] / taken["scan"]
        found[f"read_and_exact_per_scan_{clock}"] = both / taken["scan"]
        found[f"sql_per_exact_{clock}"] = taken["sql"] / taken["exact"]
        found[f"sql_per_read_and_exact_{clock}"] = taken["sql"] / both
    return found


def main(arguments: Sequence[str]) -> None:
    numbers = [int(text) for text in arguments if text != "--json"]
    found = bench_areas(*(numbers or [N_POINTS, REPEATS]))
    if "--json" in arguments:
        print(json.dumps({name: round(value, 4) for name, value in found.items()}))
        return
    for name, value in found.items():
        print(f"{name:32} {value:8.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
