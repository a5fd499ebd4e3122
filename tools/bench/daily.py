"""What a daily update costs, against a run from scratch, as the archive grows.

    python tools/bench/daily.py [ROWS [YEARS ...]]

A made archive of fires over Ukraine and western Russia, one file a year, stands in for the fires of
the energy moratorium; claims, terms and all other files are those of the case, without its series:
what changed in news does not depend on fires.  Measured is the CPU of levels L1 to L4 in one
process each, after its imports: from scratch; then again with one more day.  The archive and the
dossier of the update have to be those of a run from scratch, byte for byte.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "out" / "bench" / "daily"
CASE = ROOT / "cases" / "energy-moratorium-2025"
LAST = date(2025, 5, 9)
ROWS = 10_000_000
YEARS = (5, 10, 20)
SEED = 20250509
PARTS = ("heat", "aside", "history", "masks", "counts", "candidates", "near", "archive.json")

CONTRACT = """\
id = "{name}"
kind = "heat"
title = "Made fires, {first} to {last}"
path = "data/firms/{name}.csv"
licence = "CC0"
attribution = "made by the benchmark"
separate = false
span = [{first}, {last}]
extent = {{ south = 43, west = 20, north = 61, east = 62 }}
rows = {{ min = 0, max = 100000000, reason = "made" }}
"""


def make_case(folder: Path, rows: int, years: int) -> Path:
    """A copy of the case with made fires: one file a year, the last of them up to the last day."""
    from truceline.simulate.heat_archive import ArchivePlan, write_firms

    case = folder / "case"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(CASE, case)
    text = (case / "case.toml").read_text(encoding="utf-8")
    text = re.sub(r"\n\[\[(series|questions)\]\].*", "", text, flags=re.S)
    text = text.replace('languages = ["en", "de"]', 'languages = ["en"]')
    (case / "case.toml").write_text(text, encoding="utf-8")
    for path in [*case.glob("sources/modis-*.toml"), *case.glob("data/firms/modis_*.csv")]:
        path.unlink()
    for path in (case / "sources" / "viina-types.toml", case / "sources" / "listed-truces.toml"):
        path.unlink(missing_ok=True)
    first = LAST.replace(year=LAST.year - years) + timedelta(days=1)
    plan = ArchivePlan(rows, first, LAST, SEED)
    whole = folder / "whole.csv"
    write_firms(plan, whole)
    split(whole, case, first)
    whole.unlink()
    return case


def split(whole: Path, case: Path, first: date) -> None:
    """Cut a table into files of a year, and the last day into one that is still to come."""
    files = {}
    with whole.open("rb") as stream:
        header = stream.readline()
        column = header.split(b",").index(b"acq_date")
        for line in stream:
            day = line.split(b",", column + 1)[column].decode()
            name = f"new-{day}" if day == LAST.isoformat() else f"fires-{day[:4]}"
            if name not in files:
                files[name] = (case / "data" / "firms" / f"{name}.csv").open("wb")
                files[name].write(header)
            files[name].write(line)
    for name, file in files.items():
        file.close()
        start, end = (LAST, LAST) if name.startswith("new") else spans(name, first)
        told = CONTRACT.format(name=name, first=start, last=end)
        where = case.parent if name.startswith("new") else case / "sources"
        (where / f"{name}.toml").write_text(told, encoding="utf-8")


def spans(name: str, first: date) -> tuple[date, date]:
    """First and last day of the file of a year."""
    year = int(name.split("-")[1])
    return max(first, date(year, 1, 1)), min(LAST - timedelta(days=1), date(year, 12, 31))


def assess(case: Path, archive: Path, out: Path) -> dict[str, float]:
    """One run in a process of its own: wall and CPU seconds of L1 to L4."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", str(case), str(archive), str(out)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def one(case: Path, archive: Path, out: Path) -> None:
    """Levels L1 to L4 timed, then the dossier written."""
    from truceline.pipeline.run import assess_case
    from truceline.pipeline.write import write_dossier
    from truceline.settings import Settings
    from truceline.sources.casefile import read_case

    settings = Settings(archive=archive)
    stages: dict[str, float] = {}
    last = ["start", 0.0]

    def stage(name: str) -> None:
        now = cpu()
        stages[str(last[0])] = stages.get(str(last[0]), 0.0) + now - float(last[1])
        last[:] = [group(name), now]

    start, before = time.perf_counter(), cpu()
    last[1] = before
    result = assess_case(read_case(case), settings, None, stage)
    stage("end")
    seconds, cpu_s = time.perf_counter() - start, cpu() - before
    write_dossier(result, case, out, settings)
    print(json.dumps({"seconds": seconds, "cpu_s": cpu_s, "stages": stages}))


def group(name: str) -> str:
    """A stage without the month or the file that it is at."""
    return re.sub(r" (of )?(\d{4}-\d{2}|data/).*", "", name)


def cpu() -> float:
    """CPU seconds of this process, all threads."""
    told = os.times()
    return told.user + told.system


def same(first: Path, second: Path, names: Sequence[str]) -> bool:
    """Whether two folders hold the same files with the same bytes, below some names."""
    held = [
        {
            str(path.relative_to(folder)): path.read_bytes()
            for name in names
            for path in sorted((folder / name).rglob("*") if name else folder.iterdir())
            if path.is_file() and path.name != "case-folder.local"
        }
        for folder in (first, second)
    ]
    return held[0] == held[1] and bool(held[0])


def measure(rows: int, years: int) -> dict[str, object]:
    """From scratch, one day more, and from scratch with that day."""
    folder = WORK / f"{years}"
    case = make_case(folder, rows, years)
    (new,) = folder.glob("new-*.toml")
    scratch = assess(case, folder / "kept", folder / "out")
    shutil.copy(new, case / "sources" / new.name)
    update = assess(case, folder / "kept", folder / "out")
    whole = assess(case, folder / "whole", folder / "out-whole")
    nothing = assess(case, folder / "kept", folder / "out")
    n_new = sum(1 for _ in (case / f"data/firms/{new.stem}.csv").open("rb")) - 1
    found = {
        "rows": rows,
        "years": years,
        "rows_of_the_day": n_new,
        "scratch": whole,
        "before": scratch,
        "update": update,
        "nothing_new": nothing,
        "share": update["cpu_s"] / whole["cpu_s"],
        "bytes": {
            kind: sum(path.stat().st_size for path in (folder / "kept" / kind).glob("*"))
            for kind in PARTS[:-1]
        },
        "same_archive": same(folder / "kept", folder / "whole", PARTS[:-1]),
        "same_dossier": same(folder / "out", folder / "out-whole", [""]),
    }
    shutil.rmtree(folder)
    return found


def main(arguments: Sequence[str]) -> None:
    """Measure for each number of years; rows in proportion."""
    if arguments[:1] == ["--one"]:
        one(*map(Path, arguments[1:]))
        return
    rows = int(arguments[0]) if arguments else ROWS
    years = [int(text) for text in arguments[1:]] or list(YEARS)
    for n in years:
        print(json.dumps(measure(rows * n // max(years), n)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
