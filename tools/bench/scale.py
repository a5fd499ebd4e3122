"""The whole benchmark of scale: made data, our questions, the rivals; results as one JSON file.

    python tools/bench/scale.py [--sizes 1 10 100] [--rivals PYTHON] [--out FILE]

Sizes are millions of rows.  Every question runs in a process of its own; the scan that it is held
against runs in the same one.  Rivals run in an environment of their own (`requirements/rivals.in`)
on the same files, right after, each under its limits; one that cannot be run is told as such.
Answers that differ end the benchmark: a wrong answer has no time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DATA = ROOT / "out" / "bench" / "data"
RESULTS = ROOT / "docs" / "benchmarks" / "results.json"
N_OBJECTS = 10_000
N_BIG = 1_000_000
LIMIT_S = "600"
LIMIT_MB = "16000"

RIVALS = ("sedonadb_join", "duckdb_spatial", "geopandas_sjoin", "shapely_strtree", "postgis")
MORE_RIVALS = ("sklearn_balltree",)
MOST_ROWS = {
    "sedonadb_join": 100,
    "duckdb_spatial": 100,
    "geopandas_sjoin": 10,
    "shapely_strtree": 10,
    "postgis": 10,
    "sklearn_balltree": 10,
}
"""Millions of rows up to which each is tried; beyond, it was seen not to fit or not to end."""

PARTS = (
    "radius", "bigobjects", "questions", "reproduced", "spark", "ingest", "runs", "areas", "daily",
)  # fmt: skip

Row = dict[str, Any]


class Book:
    """Results so far, kept after each."""

    def __init__(self, path: Path, keep: bool) -> None:
        self.path = path
        self.rows: list[Row] = []
        if keep and path.is_file():
            self.rows = json.loads(path.read_text(encoding="utf-8"))["results"]

    def add(self, row: Row) -> Row:
        """Keep one result, in place of an earlier one of the same question, and say it."""
        same = [i for i, old in enumerate(self.rows) if key_of(old) == key_of(row)]
        if same:
            self.rows[same[0]] = row
        else:
            self.rows.append(row)
        print(json.dumps(row), flush=True)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        told = {"machine": machine(), "results": self.rows}
        self.path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        return row


def key_of(row: Row) -> tuple[object, ...]:
    """What a result is a result of."""
    return tuple(row.get(k) for k in ("task", "rival", "rows", "variant", "case", "years"))


def machine() -> Row:
    """What it was measured on."""
    model = "unknown"
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gb": round(memory_gb),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def asked(program: Sequence[str], env: dict[str, str] | None = None) -> Row:
    """The line of JSON that a program prints; what went wrong, where it prints none."""
    done = subprocess.run(
        program, capture_output=True, text=True, check=False, env={**os.environ, **(env or {})}
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if lines:
        return dict(json.loads(lines[-1]))
    return {"failed": (done.stderr.strip().splitlines() or ["no answer"])[-1][:300]}


def made(millions: float, n_objects: int = N_OBJECTS) -> Path:
    """Made data of a size, made once."""
    folder = DATA / f"{millions:g}m-{n_objects}"
    if not (folder / "objects.parquet").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        rows = str(round(millions * 1_000_000))
        program = [sys.executable, str(HERE / "rivals" / "make_data.py"), rows, str(n_objects)]
        subprocess.run([*program, str(folder)], check=True)
    return folder


def ours(
    book: Book, task: str, folder: Path, env: dict[str, str] | None = None, **more: Any
) -> Row:
    """One of our questions."""
    row = asked([sys.executable, str(HERE / "ours.py"), task, str(folder)], env)
    return book.add({"task": task, **row, **more})


def rival(book: Book, python: str, name: str, task: str, folder: Path, expected: Row) -> None:
    """One rival on the same data; its answer has to be ours."""
    env = {"RIVAL_LIMIT_S": LIMIT_S, "RIVAL_MEMORY_MB": LIMIT_MB}
    row = asked([python, str(HERE / "rivals" / f"{name}.py"), task, str(folder)], env)
    row = {"rival": name, "task": task, "rows": expected["rows"], **row}
    book.add(row)
    answer = expected["answer"]
    if "hash" in row and (row["pairs"], row["hash"]) != (answer["pairs"], answer["hash"]):
        raise SystemExit(f"{name} gives another answer: {row}, ours {answer}")


def radius_joins(book: Book, python: str | None, sizes: Sequence[float]) -> None:
    """Detections near ten thousand objects in their times, against everybody."""
    for millions in sizes:
        folder = made(millions)
        expected = ours(book, "radius", folder)
        for name in (*RIVALS, *MORE_RIVALS) if python else ():
            if millions <= MOST_ROWS[name]:
                rival(book, str(python), name, "radius", folder, expected)


def big_objects(book: Book, python: str | None, millions: float) -> None:
    """A million objects."""
    folder = made(millions, N_BIG)
    expected = ours(book, "bigobjects", folder, {"TRUCELINE_ENGINE_MEMORY": "4GB"})
    for name in ("sedonadb_join", "duckdb_spatial") if python else ():
        rival(book, str(python), name, "bigobjects", folder, expected)


def questions(book: Book, python: str | None, sizes: Sequence[float]) -> None:
    """Counts, masks and clusters; clusters without the compiled extra as well."""
    memory = {"TRUCELINE_ENGINE_MEMORY": "2GB"}
    for millions in sizes:
        folder = made(millions)
        ours(book, "counts", folder, memory)
        ours(book, "masks", folder, memory)
        if millions <= 10:
            compiled = ours(book, "linkage", folder)
            plain = ours(book, "linkage", folder, {"BENCH_PLAIN": "1"}, variant="without numba")
            if compiled["answer"] != plain["answer"]:
                raise SystemExit(f"two ways to link differ: {compiled}, {plain}")
            if python and millions <= 1:
                tree = str(HERE / "rivals" / "sklearn_balltree.py")
                row = asked([python, tree, "link", str(folder)])
                book.add({**row, "rival": "scikit-learn DBSCAN", "task": "dbscan"})
            row = asked([sys.executable, str(HERE / "rivals" / "ckdtree_link.py"), str(folder)])
            book.add({"rival": "cKDTree and components", "task": "linkage", **row})
            if row.get("answer", compiled["answer"]) != compiled["answer"]:
                raise SystemExit(f"clusters differ: {compiled}, {row}")


def reproduced(book: Book, python: str | None, millions: float) -> None:
    """The same answers with one thread and three, and with the other major version of DuckDB."""
    folder = made(millions)
    for task in ("radius", "counts", "masks"):
        memory = {"TRUCELINE_ENGINE_MEMORY": "2GB"}
        rows = [
            ours(
                book, task, folder, memory | {"TRUCELINE_ENGINE_THREADS": n}, variant=f"threads {n}"
            )
            for n in "123"
        ]
        if python:
            env = memory | {"PYTHONPATH": str(ROOT / "src")}
            row = asked([python, str(HERE / "ours.py"), task, str(folder)], env)
            rows.append(book.add({"task": task, **row, "variant": "other engine version"}))
        if any(row["answer"] != rows[0]["answer"] for row in rows):
            raise SystemExit(f"{task} has several answers: {rows}")


def on_spark(book: Book, millions: float) -> None:
    """The same texts on Spark within this machine, two threads, once it is warm."""
    folder = made(millions)
    for task in ("radius", "counts"):
        embedded = asked([sys.executable, str(HERE / "ours.py"), task, str(folder)])
        row = ours(book, task, folder, {"BENCH_MASTER": "local[2]"}, variant="Spark")
        if row.get("answer") != embedded.get("answer"):
            raise SystemExit(f"two engines, two answers: {row}, {embedded}")


def ingests(book: Book, sizes: Sequence[float]) -> None:
    """Ingest as archives grow."""
    for millions in sizes:
        rows = str(round(millions * 1_000_000))
        book.add(asked([sys.executable, str(HERE / "ingesting.py"), rows]))


def runs(book: Book) -> None:
    """The run of each shipped case, by stage."""
    for case in sorted(path.parent.name for path in ROOT.glob("cases/*/case.toml")):
        book.add(asked([sys.executable, str(HERE / "cases.py"), "--run", case]))


def areas(book: Book, millions: float) -> None:
    """Points against a year of daily areas."""
    points = round(millions * 1_000_000)
    told = asked([sys.executable, str(HERE / "areas.py"), str(points), "3", "--json"])
    book.add({"rival": "truceline", "task": "areas", "rows": points, **told})


def daily(book: Book, millions: float) -> None:
    """A day more, as the archive grows."""
    for years in (5, 10, 20):
        rows = str(round(millions * 1_000_000 * years / 20))
        row = asked([sys.executable, str(HERE / "daily.py"), rows, str(years)])
        book.add({"rival": "truceline", "task": "daily", **row})


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=float, nargs="+", default=[1, 10, 100])
    parser.add_argument("--rivals", help="the Python of the environment of the rivals")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--keep", action="store_true", help="keep other results of the file")
    asked_for = parser.parse_args()
    sizes, python = sorted(asked_for.sizes), asked_for.rivals
    if python and not shutil.which(python):
        raise SystemExit(f"{python} is no Python: see requirements/rivals.in")
    book, most = Book(asked_for.out, asked_for.keep), min(10, max(sizes))
    upto_100 = [size for size in sizes if size <= 100]
    parts = {
        "radius": lambda: radius_joins(book, python, sizes),
        "bigobjects": lambda: big_objects(book, python, most),
        "questions": lambda: questions(book, python, upto_100),
        "reproduced": lambda: reproduced(book, python, most),
        "spark": lambda: on_spark(book, most),
        "ingest": lambda: ingests(book, upto_100),
        "runs": lambda: runs(book),
        "areas": lambda: areas(book, most),
        "daily": lambda: daily(book, most),
    }
    for part in PARTS:
        if part in asked_for.only:
            parts[part]()


if __name__ == "__main__":
    main()
