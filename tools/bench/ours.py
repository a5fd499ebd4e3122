"""One core question, asked of made data in a process of its own: time, CPU, peak memory, a hash.

    python tools/bench/ours.py TASK DATA_DIR

prints one line of JSON, like the rivals.  The clock runs from opening the engine to the answer in
memory; the fastest of some runs counts, as for rivals.  Before, the columns that the question needs
are read, added up and nothing else: the limit that it is held against.  TRUCELINE_ENGINE_MEMORY and
TRUCELINE_ENGINE_THREADS apply.  Needs the core alone, so that the same text can be run with another
version of the engine.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from truceline import thresholds as t
from truceline.detect.thermal import calendar, circle_tables, query, sensor_columns
from truceline.domain.detection import Columns, Files, Table
from truceline.domain.heat_table import HEAT_COLUMNS, SENSOR_NAMES
from truceline.ledger.embedded import Engine

RADIUS_KM = 1.0
REPEATS = 3
MODULUS = 2**61 - 1
KEY = ("lat_e5", "lon_e5", "minute", "satellite", "site")


MEMORY = os.environ.get("TRUCELINE_ENGINE_MEMORY", "400MB")
THREADS = int(os.environ.get("TRUCELINE_ENGINE_THREADS", "2"))
MASTER = os.environ.get("BENCH_MASTER")


class Bench:
    """One folder of made data, and an engine that is opened where it is first asked."""

    def __init__(self, folder: Path, cluster: Any = None) -> None:
        self.cluster, self.folder = cluster, folder
        self.heat = Files(tuple(sorted((folder / "heat").glob("*.parquet"))), HEAT_COLUMNS)

    @cached_property
    def engine(self) -> Engine:
        """The embedded engine."""
        return Engine(MEMORY, THREADS)

    @property
    def n(self) -> int:
        """Number of detections."""
        return int(self.ask("SELECT COUNT(*) AS n FROM heat", {"heat": self.heat})["n"][0])

    def objects(self) -> Columns:
        """Columns of the objects, in order of their numbers."""
        objects = Files((self.folder / "objects.parquet",), {})
        return self.engine.ask("SELECT * FROM objects ORDER BY id", {"objects": objects})

    def ask(self, sql: str, tables: dict[str, Table]) -> Columns:
        """Rows of a query, from the cluster where one is named."""
        return (self.cluster or self.engine).ask(sql, tables)

    def pairs(self, sql: str, tables: dict[str, Table]) -> Columns:
        """The same; whole numbers in the width that the engine gives, as rivals have them."""
        return self.cluster.ask(sql, tables) if self.cluster else self.engine.fetch(sql, tables)

    def scan(self, columns: Sequence[str]) -> None:
        """Read columns and add them up."""
        sums = ", ".join(f"CAST(SUM({name}) AS BIGINT) AS {name}" for name in columns)
        self.ask(f"SELECT {sums} FROM heat", {"heat": self.heat})

    def summed(self, sql: str, columns: Sequence[str], tables: dict[str, Table]) -> dict[str, int]:
        """Number of rows of a query, and sums of its columns: no answer is held in memory."""
        sums = ", ".join(f"CAST(SUM(CAST({c} AS BIGINT)) AS BIGINT) AS {c}" for c in columns)
        body = sql[: sql.rindex("ORDER BY")] if "ORDER BY" in sql.rsplit("FROM", 1)[-1] else sql
        found = self.ask(f"SELECT COUNT(*) AS n_rows, {sums} FROM ({body}) AS answer", tables)
        return {name: int(values[0]) for name, values in found.items()}


def radius(bench: Bench, timed: bool = True) -> dict[str, Any]:
    """Pairs of a detection and an object within 1 km, with the hash that the rivals give."""
    rows = bench.objects()
    n = len(rows["id"])
    first = rows["first_minute"] if timed else np.zeros(n, dtype=np.int64)
    last = rows["last_minute"] if timed else np.full(n, 2**31 - 1)
    circles = circle_tables(rows["lat_e5"], rows["lon_e5"], np.full(n, RADIUS_KM), first, last)
    tables: dict[str, Table] = {"heat": bench.heat, **circles}
    inner = f"SELECT lat_e5, lon_e5, minute, satellite, site FROM ({query('near')}) AS near"
    return {"found": bench.pairs(inner, tables)}


def hash_of(pairs: Columns) -> int:
    """The hash of pairs as the rivals make it (``rivals/answer.py``), whatever their order."""
    total = 0
    for start in range(0, len(pairs["site"]), 2_000_000):
        part = [np.asarray(pairs[name][start : start + 2_000_000], dtype=np.int64) for name in KEY]
        part[0], part[1] = part[0] + 9_000_000, part[1] + 18_000_000
        high, low = (_polynomial(part, base) for base in (1_000_003, 69_621))
        total += (int(high.sum()) << 30) + int((low & (2**30 - 1)).sum())
    return total % MODULUS


def _polynomial(columns: Sequence[npt.NDArray[np.int64]], base: int) -> npt.NDArray[np.int64]:
    value = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        value = (value * base + column) % (2**31 - 1)
    return value


def bigobjects(bench: Bench) -> dict[str, Any]:
    """The same for very many objects, without times."""
    return radius(bench, timed=False)


def counts(bench: Bench) -> dict[str, Any]:
    """Heat by block, day and class; nineteen days of twenty are held."""
    bounds = bench.ask("SELECT MIN(day) AS a, MAX(day) AS b FROM heat", {"heat": bench.heat})
    days = np.arange(int(bounds["a"][0]), int(bounds["b"][0]) + 1)
    sensor = np.repeat(np.arange(len(SENSOR_NAMES)), len(days))
    day = np.tile(days, len(SENSOR_NAMES))
    tables: dict[str, Table] = {
        "heat": bench.heat,
        "mask": {"cell": np.empty(0, dtype=np.int64), "static": np.empty(0, dtype=np.int64)},
        "sensor": sensor_columns(),
        "exposure": {"sensor": sensor, "day": day, "held": (day % 20 > 0).astype(np.int64)},
    }
    columns = ("block", "day", "class", "n", "frp_kw", "held")
    return bench.summed(query("counts"), columns, tables)


def masks(bench: Bench) -> dict[str, Any]:
    """History of every cell and month, then the mask of every month from the months before."""
    bounds = bench.ask("SELECT MIN(day) AS a, MAX(day) AS b FROM heat", {"heat": bench.heat})
    tables: dict[str, Table] = {
        "heat": bench.heat,
        "calendar": calendar(int(bounds["a"][0]), int(bounds["b"][0])),
    }
    path = bench.folder / f".history-{os.getpid()}.parquet"
    try:
        bench.engine.write(query("history"), tables, path)
        rule = {
            "first_month": np.array([0]),
            "last_month": np.array([12_000]),
            "min_dates": np.array([t.PERSISTENCE_MIN_DATES]),
            "min_months": np.array([t.PERSISTENCE_MIN_MONTHS]),
            "min_span_d": np.array([t.PERSISTENCE_MIN_SPAN_D]),
        }
        known: dict[str, Table] = {"history": Files((path,), {}), "rule": rule}
        columns = ("cell", "month", "n_dates", "n_months", "span_d", "static")
        return bench.summed(query("static"), columns, known)
    finally:
        path.unlink(missing_ok=True)


def linkage(bench: Bench) -> dict[str, Any]:
    """Clusters within the published distance and time."""
    from truceline.fuse import linkage as fused

    if os.environ.get("BENCH_PLAIN"):
        fused.compiled = lambda: False  # type: ignore[assignment]
    heat = bench.ask("SELECT lat_e5, lon_e5, minute FROM heat", {"heat": bench.heat})
    place = (heat["lat_e5"], heat["lon_e5"], heat["minute"])
    start, cpu = time.perf_counter(), time.process_time()
    label = fused.link(*place, t.LINKAGE_KM, t.LINKAGE_H)
    told = {"link_s": time.perf_counter() - start, "link_cpu_s": time.process_time() - cpu}
    return {**parted(label), "told": told}


def parted(label: npt.NDArray[np.int64]) -> dict[str, int]:
    """How labels part the rows: clusters, the largest of them, and a hash of all.

    Every row counts with the place of the first row of its cluster, whatever clusters are called.

    >>> parted(np.array([7, 3, 7])) == parted(np.array([0, 1, 0]))
    True
    """
    _, first, of, sizes = np.unique(
        label, return_index=True, return_inverse=True, return_counts=True
    )
    place = np.arange(1, len(label) + 1) % (2**31 - 1)
    total = int((place * (first[of] + 1) % (2**31 - 1)).sum())
    return {"clusters": len(sizes), "largest": int(sizes.max()), "hash": total}


TASKS: dict[str, tuple[Callable[[Bench], dict[str, Any]], tuple[str, ...]]] = {
    "radius": (radius, ("cell", "lat_e5", "lon_e5", "minute", "satellite")),
    "bigobjects": (bigobjects, ("cell", "lat_e5", "lon_e5", "minute", "satellite")),
    "counts": (counts, ("cell", "lat_e5", "lon_e5", "day", "satellite", "frp_kw")),
    "masks": (masks, ("cell", "day")),
    "linkage": (linkage, ("lat_e5", "lon_e5", "minute")),
}


def measured(
    work: Callable[[], Any], repeats: int
) -> tuple[dict[str, Any], dict[str, float], float, float]:
    """What came of it, and what it told and wall and CPU seconds of the fastest of some runs."""
    best = (float("inf"), 0.0)
    answers = []
    told: dict[str, float] = {}
    for _ in range(repeats):
        start, cpu = time.perf_counter(), time.process_time()
        found = work() or {}
        spent = (time.perf_counter() - start, time.process_time() - cpu)
        said = found.pop("told", {})
        if spent < best:
            best, told = spent, said
        if "found" in found:
            pairs = found.pop("found")
            found |= {"pairs": len(pairs["site"]), "hash": hash_of(pairs)}
        answers.append(found)
    if any(answer != answers[0] for answer in answers):
        raise SystemExit(f"runs gave several answers: {answers}")
    return answers[0], told, *best


@contextmanager
def cluster() -> Iterator[Any]:
    """The cluster that BENCH_MASTER names, if it names one."""
    if MASTER:
        from truceline.ledger.cluster import Cluster

        with Cluster(MASTER, "2GB") as held:
            yield held
    else:
        yield None


def main(arguments: Sequence[str]) -> None:
    """Ask one question and print what came of it."""
    name, folder = arguments[0], Path(arguments[1])
    ask, columns = TASKS[name]
    with cluster() as held:
        bench = Bench(folder, held)
        n = bench.n
        repeats = 1 if n >= (5_000_000 if name == "linkage" else 50_000_000) else REPEATS
        repeats = REPEATS if name == "radius" else repeats
        if held:
            ask(bench)  # the first time starts the workers
        _, _, scan_s, scan_cpu_s = measured(lambda: bench.scan(columns), REPEATS)
        answer, told, seconds, cpu_s = measured(lambda: ask(Bench(folder, held)), repeats)
    print(
        json.dumps(
            {
                "rival": "truceline",
                "version": MASTER or f"duckdb {duckdb.__version__}",
                "task": name,
                "rows": n,
                "memory": MEMORY,
                "answer": answer,
                "seconds": round(seconds, 4),
                "cpu_s": round(cpu_s, 4),
                "scan_s": round(scan_s, 4),
                "scan_cpu_s": round(scan_cpu_s, 4),
                "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                **{key: round(value, 4) for key, value in told.items()},
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
