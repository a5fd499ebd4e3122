"""What ingest costs as archives grow: a made FIRMS file into months of Parquet.

    python tools/bench/ingesting.py ROWS

prints one line of JSON.  The limit is to read the same file once and add up its columns as text.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from truceline.archive.heat_folder import HeatFolder
from truceline.ledger.embedded import Engine, select_csv
from truceline.pipeline.ingest import ingest
from truceline.settings import Settings
from truceline.simulate.heat_archive import ArchivePlan, write_firms
from truceline.simulate.heat_firms import FIRMS_COLUMNS
from truceline.sources.casefile import read_case

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "out" / "bench" / "ingest"
FIRST, LAST, SEED = date(2001, 1, 1), date(2025, 12, 31), 20250318
CASE = """\
schema = "truceline-case/1"
id = "made"
title = "Made"
summary = "Made by the benchmark."
languages = ["en"]
as_of = 2026-01-01T00:00:00Z
on_bad_row = "stop"

[window]
from = 2025-01-01
until = 2025-01-02
"""
CONTRACT = """\
id = "made"
kind = "heat"
title = "Made fires"
path = "data/made.csv"
licence = "CC0"
attribution = "made by the benchmark"
rows = { min = 0, max = 1000000000, reason = "made" }
"""


def make(rows: int) -> Path:
    """A case with one file of fires."""
    case = WORK / f"{rows}"
    shutil.rmtree(case, ignore_errors=True)
    (case / "data").mkdir(parents=True)
    (case / "sources").mkdir()
    (case / "case.toml").write_text(CASE, encoding="utf-8")
    (case / "sources" / "made.toml").write_text(CONTRACT, encoding="utf-8")
    starter = ROOT / "cases" / "proof-small" / "agreement.yaml"
    shutil.copy(starter, case / "agreement.yaml")
    write_firms(ArchivePlan(rows, FIRST, LAST, SEED), case / "data" / "made.csv")
    return case


def timed(work: object) -> tuple[float, float]:
    """Wall and CPU seconds of some work."""
    start, cpu = time.perf_counter(), time.process_time()
    work()  # type: ignore[operator]
    return time.perf_counter() - start, time.process_time() - cpu


def one(case: Path) -> None:
    """Read the file once, then take it in."""
    settings = Settings()
    path, columns = case / "data" / "made.csv", FIRMS_COLUMNS.split(",")
    lines = select_csv(path, columns, ",", "\\n")
    lengths = ", ".join(f"CAST(SUM(LENGTH({name})) AS BIGINT) AS {name}" for name in columns)
    with Engine(settings.engine_memory, settings.engine_threads) as engine:
        scan = timed(lambda: engine.ask(f"SELECT {lengths} FROM ({lines}) AS t", {}))
    folder = HeatFolder(case / "archive")
    spent = timed(lambda: ingest(read_case(case), folder, settings))
    size = sum(file.stat().st_size for file in folder.root.rglob("*.parquet"))
    print(
        json.dumps(
            {
                "rival": "truceline",
                "task": "ingest",
                "rows": int(case.name),
                "seconds": round(spent[0], 3),
                "cpu_s": round(spent[1], 3),
                "scan_s": round(scan[0], 3),
                "scan_cpu_s": round(scan[1], 3),
                "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                "csv_bytes": path.stat().st_size,
                "parquet_bytes": size,
            }
        )
    )


def main() -> None:
    """Make the file in this process and take it in in another, whose memory is measured."""
    if sys.argv[1] == "--one":
        one(Path(sys.argv[2]))
        return
    case = make(int(sys.argv[1]))
    try:
        subprocess.run([sys.executable, __file__, "--one", str(case)], check=True)
    finally:
        shutil.rmtree(case)


if __name__ == "__main__":
    main()
