"""Every query of the program over small hostile tables: what each engine has to answer alike.

Borders of cells, the antimeridian, poles, rows that occur twice, and the first and last minute.
Each entry of ``QUESTIONS`` is one function of a seed that gives the text and the tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import shapely

from truceline.cells import AROUND_E5, COLUMNS, E5, ROW_E5, cells_of, rows_of, tiles_of
from truceline.detect import outlines, thermal
from truceline.domain.detection import Answer, Ask, Circle, Columns, Table
from truceline.domain.heat_table import (
    CONFIDENCES,
    HEAT_COLUMNS,
    MINUTES_A_DAY,
    SATELLITES,
    SENSORS,
    day_number,
)
from truceline.fuse import control, linkage
from truceline.geo import Point

PACKAGE = Path(control.__file__).parents[1]

FIRST_DAY, LAST_DAY = day_number(date(2030, 11, 1)), day_number(date(2031, 6, 30))
FIRST_MINUTE, LAST_MINUTE = FIRST_DAY * MINUTES_A_DAY, (LAST_DAY + 1) * MINUTES_A_DAY - 1
MIDDLE_MINUTE = day_number(date(2031, 4, 1)) * MINUTES_A_DAY

CENTRES_E5 = np.array(
    [
        (5_000_000, 3_000_000),  # both a corner of cells
        (5_000_000, 18_000_000),  # the antimeridian
        (-1_700_000, -17_999_999),
        (9_000_000, 1_000_000),  # the poles
        (-8_999_900, -17_000_000),
        (0, 0),
        (6_499_999, -1),
    ],
    dtype=np.int64,
)
N_ROWS = 4_000
SOURCES = np.array(["firms-a.csv", "Пожежі, ü.csv", "", "it's"], dtype=object)
KINDS = {"SMALLINT": np.int16, "INTEGER": np.int32, "VARCHAR": object}


@dataclass(frozen=True)
class Question:
    """A query and the tables that it is asked over."""

    sql: str
    tables: Mapping[str, Table]

    @property
    def ordered(self) -> bool:
        """Whether the query says in which order its rows come."""
        return re.search(r"ORDER BY [\w., ]+\s*$", self.sql) is not None

    def rows(self, ask: Ask) -> tuple[list[str], list[tuple[object, ...]]]:
        """Names and rows of the answer; sorted where the query leaves their order open."""
        found = ask(self.sql, self.tables)
        rows = list(zip(*(values.tolist() for values in found.values()), strict=True))
        return list(found), rows if self.ordered else sorted(rows)


def heat(seed: int, n: int = N_ROWS) -> Columns:
    """Pixels around the centres; some at borders of cells, some twice, some at edges of time."""
    draw = np.random.default_rng(seed)
    centre = CENTRES_E5[draw.integers(0, len(CENTRES_E5), n)]
    spread = draw.choice([0, 1, 600, 3_000], size=n)
    lat = np.clip(centre[:, 0] + draw.integers(-1, 2, n) * spread, -90 * E5, 90 * E5)
    lon = centre[:, 1] + draw.integers(-spread, spread + 1, n)
    row = rows_of(lat)
    column = (lon + AROUND_E5 // 2) * COLUMNS[row] // AROUND_E5
    border = -(-column * AROUND_E5 // COLUMNS[row]) - AROUND_E5 // 2
    on_border = draw.random(n) < 0.3
    lat = np.where(on_border & (abs(lat) < 89 * E5), lat // ROW_E5 * ROW_E5, lat)
    lon = np.where(on_border, border - draw.integers(0, 2, n), lon)
    lon = (lon + AROUND_E5 // 2) % AROUND_E5 - AROUND_E5 // 2
    lon = np.where((lon == -180 * E5) & (draw.random(n) < 0.5), 180 * E5, lon)
    minute = draw.integers(FIRST_MINUTE, LAST_MINUTE + 1, n)
    edges = [FIRST_MINUTE, MIDDLE_MINUTE - 1, MIDDLE_MINUTE, MIDDLE_MINUTE + 1, LAST_MINUTE]
    minute = np.where(draw.random(n) < 0.3, draw.choice(edges, size=n), minute)
    table: dict[str, np.ndarray] = {
        "tile": tiles_of(lat, lon),
        "cell": cells_of(lat, lon),
        "lat_e5": lat,
        "lon_e5": lon,
        "minute": minute,
        "day": minute // MINUTES_A_DAY,
        "satellite": draw.integers(0, len(SATELLITES), n),
        "confidence": draw.integers(0, len(CONFIDENCES), n),
        "static": draw.integers(-1, 2, n),
        "frp_kw": draw.integers(-1, 2_000_000_000, n),
        "standard": draw.integers(0, 2, n),
        "source": SOURCES[draw.integers(0, len(SOURCES), n)],
        "line": np.arange(n) + 1,
    }
    rows = np.concatenate([np.arange(n), draw.integers(0, n, n // 20)])
    return {name: table[name][rows].astype(KINDS[kind]) for name, kind in HEAT_COLUMNS.items()}


def circles(seed: int) -> list[Circle]:
    """Circles at the centres, in time up to the minute before, at or after the middle."""
    draw = np.random.default_rng(seed + 1)
    return [
        Circle(
            Point(int(lat) / E5, int(lon) / E5),
            float(draw.choice([0.002, 1.0, 2.0, 5.0])),
            int(draw.choice([FIRST_MINUTE, FIRST_MINUTE + 1, MIDDLE_MINUTE - 100_000])),
            int(MIDDLE_MINUTE + draw.integers(-1, 2)),
        )
        for lat, lon in np.repeat(CENTRES_E5, 3, axis=0)
    ]


def areas(seed: int) -> list[outlines.Outline]:
    """Outlines with a hole at the centres that are no poles; across 180 degrees cut there."""
    draw = np.random.default_rng(seed + 3)
    found = []
    for lat, lon in CENTRES_E5[np.abs(CENTRES_E5[:, 0]) < 85 * E5] / E5:
        high = draw.integers(1, 4) * 0.005
        outer = shapely.Polygon([(lon - 0.01, lat - high), (lon + 0.03, lat), (lon, lat + high)])
        shape = shapely.difference(outer, shapely.box(lon, lat - 0.002, lon + 0.01, lat))
        west, east = (shapely.box(w, -90, w + 360, 90) for w in (-180, 180))
        beyond = shapely.transform(shape & east, lambda points: points - [360.0, 0.0])
        halves = shapely.get_parts([shape & west, beyond])
        radius_km = float(draw.choice([0.0, 0.5, 2.0]))
        last = int(MIDDLE_MINUTE + draw.integers(-1, 2))
        whole = shapely.MultiPolygon([h for h in halves if h.geom_type == "Polygon" and h.area > 0])
        found.append(outlines.Outline(whole, radius_km, FIRST_MINUTE, last))
    return found


def calendar() -> Columns:
    return thermal.calendar(FIRST_DAY, LAST_DAY)


def months() -> tuple[int, int]:
    """First and last month of the calendar."""
    month = calendar()["month"]
    return int(month.min()), int(month.max())


def detect_sql(name: str) -> str:
    return (PACKAGE / "detect" / f"{name}.sql").read_text(encoding="utf-8")


# --- entries ----------------------------------------------------------------------------------


def near(seed: int) -> Question:
    return Question(detect_sql("near"), thermal.near_tables(heat(seed), circles(seed)))


def near_outline(seed: int) -> Question:
    return Question(detect_sql("near_outline"), outlines.outline_tables(heat(seed), areas(seed)))


def earlier(seed: int) -> Question:
    tables = thermal.near_tables(heat(seed), circles(seed))
    near = Answer(detect_sql("near"))
    return Question(detect_sql("earlier"), {**tables, "near": near, "calendar": calendar()})


def history(seed: int) -> Question:
    return Question(detect_sql("history"), {"heat": heat(seed), "calendar": calendar()})


def static(seed: int) -> Question:
    """Months of cells with gaps, so that the guard and the window matter."""
    draw = np.random.default_rng(seed)
    cell, month = np.divmod(np.flatnonzero(draw.random(400 * 40) < 0.4), 40)
    first_day = month * 31 + draw.integers(0, 10, len(cell))
    table = {
        "cell": cell.astype(np.int32),
        "month": month.astype(np.int32),
        "n_days": draw.integers(1, 20, len(cell), dtype=np.int32),
        "first_day": first_day.astype(np.int32),
        "last_day": (first_day + draw.integers(0, 20, len(cell))).astype(np.int32),
    }
    numbers = {
        "first_month": 20,
        "last_month": 35,
        "min_dates": 60,
        "min_months": 6,
        "min_span_d": 300,
    }
    rule = {name: np.array([value], dtype=np.int32) for name, value in numbers.items()}
    return Question(detect_sql("static"), {"history": table, "rule": rule})


def masks(seed: int, cells: np.ndarray) -> np.ndarray:
    return np.random.default_rng(seed + 2).integers(0, 2, len(cells), dtype=np.int16)


def counts(seed: int) -> Question:
    table = heat(seed)
    cells = np.unique(table["cell"])[::2]
    names = sorted(set(SENSORS))
    sensor = {
        "satellite": np.arange(len(SATELLITES)),
        "sensor": np.array([names.index(name) for name in SENSORS]),
    }
    number, day = np.divmod(np.arange(len(names) * (LAST_DAY - FIRST_DAY)), LAST_DAY - FIRST_DAY)
    held = np.random.default_rng(seed).integers(0, 2, len(day))
    exposure = {"sensor": number, "day": day + FIRST_DAY, "held": held}
    mask = {"cell": cells, "static": masks(seed, cells)}
    tables = {"heat": table, "mask": mask, "sensor": sensor, "exposure": exposure}
    return Question(detect_sql("counts"), tables)


def fresh(seed: int) -> Question:
    table = heat(seed)
    first, last = months()
    cell, month = np.divmod(np.arange(len(set(table["cell"])) * (last - first)), last - first)
    cell = np.unique(table["cell"])[cell]
    mask = {"cell": cell, "month": month + first, "static": masks(seed, cell)}
    tables = {"heat": table, "mask": mask, "calendar": calendar()}
    return Question(detect_sql("fresh"), tables)


def resolve(seed: int) -> Question:
    """Files of several versions, of which one reaches across the antimeridian."""
    table = heat(seed)
    again = {**table, "source": table["source"][::-1]}
    both = {name: np.concatenate([table[name], again[name]]) for name in table}
    places = np.arange(len(SOURCES))
    extent = {
        "source": SOURCES,
        "south_e5": np.array([-90, 0, -20, 49]) * E5,
        "west_e5": np.array([-180, 179, 20, 30]) * E5,
        "north_e5": np.array([90, 60, 51, 50]) * E5,
        "east_e5": np.array([0, -179, 40, 30]) * E5 + places,
    }
    return Question(detect_sql("resolve"), {"heat": both, "extent": extent})


def linked(seed: int) -> Question:
    table = heat(seed, 1_000)
    names = ("cell", "lat_e5", "lon_e5", "minute")
    spot = {"id": np.arange(len(table["cell"])), **{name: table[name] for name in names}}
    sql = (PACKAGE / "fuse" / "linkage.sql").read_text(encoding="utf-8")
    return Question(sql, {"heat": spot, **linkage.pair_tables(table["cell"], 1.0, 24.0)})


def held(seed: int) -> Question:
    """Points on corners, edges and in holes of areas, on days with an area and without."""
    draw = np.random.default_rng(seed)
    outer = shapely.box(30.0, 49.9, 30.2, 50.1)
    island = shapely.Polygon([(29.9, 49.99), (29.95, 49.99001), (29.93, 50.03)])
    areas = [
        shapely.difference(outer, shapely.box(30.05, 49.95, 30.1, 50.0)),
        shapely.union(outer, island),
        island,
        island,
    ]
    days = [control.DailyArea(FIRST_DAY + i, area) for i, area in enumerate(areas)]
    corners = np.rint(shapely.get_coordinates(areas) * E5).astype(np.int64)
    lon, lat = corners[draw.integers(0, len(corners), N_ROWS)].T
    step = draw.choice([0, 0, 1, 5_000], size=(2, N_ROWS)) * draw.integers(-1, 2, (2, N_ROWS))
    spot = {
        "id": np.arange(N_ROWS),
        "lat_e5": lat + step[0],
        "lon_e5": lon + step[1],
        "day": FIRST_DAY + draw.integers(-1, 5, N_ROWS),
    }
    return Question(control.query(), {"spot": spot, **control.control_tables(days)})


QUESTIONS: Mapping[str, Callable[[int], Question]] = {
    "detect/near.sql": near,
    "detect/near_outline.sql": near_outline,
    "detect/earlier.sql": earlier,
    "detect/history.sql": history,
    "detect/static.sql": static,
    "detect/counts.sql": counts,
    "detect/fresh.sql": fresh,
    "detect/resolve.sql": resolve,
    "fuse/control.sql": held,
    "fuse/linkage.sql": linked,
}
"""By the file of the query, below ``src/truceline``."""
