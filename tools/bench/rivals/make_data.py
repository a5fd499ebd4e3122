"""Make the data that rivals read: a made-up archive by years, and protected objects.

    python tools/bench/rivals/make_data.py 1000000 10000 DIR

runs in the project's own environment and writes DIR/heat/YEAR.parquet and DIR/objects.parquet.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

import numpy as np

from truceline.domain.detection import Columns
from truceline.domain.heat_table import HEAT_COLUMNS, MINUTES_A_DAY, day_number
from truceline.ledger.embedded import Engine
from truceline.simulate.heat_archive import ArchivePlan, months, objects

FIRST, LAST, SEED = date(2001, 1, 1), date(2025, 12, 31), 20250318
WINDOW_D = (365, 20 * 365)
"""Least and longest time for which an object is protected."""


def years(plan: ArchivePlan) -> Iterator[tuple[str, Columns]]:
    """The archive by years."""
    for year, parts in groupby(months(plan), key=lambda month: month[0][:4]):
        columns = [rows for _, rows in parts]
        yield year, {n: np.concatenate([part[n] for part in columns]) for n in HEAT_COLUMNS}


def windowed(n: int, plan: ArchivePlan) -> Columns:
    """Objects with their numbers and the minutes from and to which they are protected."""
    random = np.random.default_rng(plan.seed)
    first, last = day_number(plan.first), day_number(plan.last)
    length = random.integers(*WINDOW_D, n)
    start = random.integers(first - WINDOW_D[0], last, n) * MINUTES_A_DAY
    return {
        "id": np.arange(n),
        **objects(n, plan),
        "first_minute": start,
        "last_minute": start + length * MINUTES_A_DAY - 1,
    }


def main() -> None:
    n, n_objects, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    plan = ArchivePlan(n, FIRST, LAST, SEED)
    (folder / "heat").mkdir(parents=True)
    with Engine(memory="4GB", threads=2) as engine:
        typed = ", ".join(f"CAST({n} AS {kind}) AS {n}" for n, kind in HEAT_COLUMNS.items())
        rows = f"SELECT {typed} FROM heat ORDER BY day, cell, minute, lat_e5, lon_e5"
        for year, columns in years(plan):
            engine.write(rows, {"heat": columns}, folder / "heat" / f"{year}.parquet")
        whole = "id, lat_e5, lon_e5, first_minute, last_minute"
        typed = ", ".join(f"CAST({name} AS INTEGER) AS {name}" for name in whole.split(", "))
        rows = f"SELECT {typed} FROM objects ORDER BY id"
        engine.write(rows, {"objects": windowed(n_objects, plan)}, folder / "objects.parquet")


if __name__ == "__main__":
    main()
