"""Measure on this machine: the stages of a run of each shipped case, the page, the passes.

    make bench

Times are printed for this machine only; what travels are the ratios.  The questions
about many fires are measured by scale.py.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from truceline.domain.passes import SENSOR_OF
from truceline.geo import Point
from truceline.orbit.fleet import Fleet
from truceline.orbit.passes import passes
from truceline.orbit.propagate import track_km
from truceline.pipeline.run import assess_case
from truceline.pipeline.write import AREAS_FILE, read_dossier, write_dossier
from truceline.report.page import tell_page
from truceline.settings import Settings
from truceline.sources.casefile import read_case

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "cases" / "energy-moratorium-2025"
REPEATS = 3
PAGES = (148, 1_000, 5_000)
PLACES = (10, 100, 1_000)


@dataclass
class Watch:
    """Seconds of each stage; a new stage ends the one before."""

    stages: list[tuple[str, float]]

    def __call__(self, stage: str) -> None:
        self.stages.append((stage.split(" ")[0], time.perf_counter()))

    def shares(self, end: float) -> dict[str, float]:
        """Seconds by stage, in order of first appearance."""
        total: dict[str, float] = {}
        ends = [start for _, start in self.stages[1:]] + [end]
        for (stage, start), until in zip(self.stages, ends, strict=True):
            total[stage] = total.get(stage, 0.0) + until - start
        return total


def bench_run(case_folder: Path, out: Path) -> dict[str, Any]:
    """One shipped case, stage by stage; seconds of the wall clock and of CPU."""
    settings = Settings.from_environment()
    cpu = time.process_time()
    watch = Watch([("case", time.perf_counter())])
    case = read_case(case_folder)
    result = assess_case(case, settings, None, watch)
    watch("write")
    write_dossier(result, case_folder, out, settings)
    end = time.perf_counter()
    shares = watch.shares(end)
    return {
        "rival": "truceline",
        "task": "run",
        "case": case_folder.name,
        "incidents": len(result.incidents),
        "seconds": round(sum(shares.values()), 3),
        "cpu_s": round(time.process_time() - cpu, 3),
        "stages": {stage: round(seconds, 3) for stage, seconds in shares.items()},
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def best(work: Callable[[], object]) -> float:
    """Shortest of a few runs (s)."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def bench_passes() -> None:
    """Passes over more and more places, against the limit: the orbits alone, without a place.

    What a user would pick instead is a loop over places, which makes every orbit anew for each.
    """
    first, last = date(2025, 4, 8), date(2025, 5, 7)
    fleet, as_of = Fleet.load(), datetime(2025, 6, 1, tzinfo=UTC)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    minutes = np.arange(1442.0) * 60
    held = [e for name in SENSOR_OF for d in days if (e := fleet.of(name, d)) is not None]
    limit = best(lambda: [track_km(each, each.epoch.timestamp() + minutes) for each in held])
    print(f"\n{len(days)} days, five satellites, {len(held)} orbit-days with elements")
    print(f"{'places':>10} {'passes':>8} {'loop':>8} {'orbits':>8}  passes/orbits  loop/passes")
    for n in PLACES:
        places = [Point(44 + 10 * i / n, 24 + 30 * (i * 7 % n) / n) for i in range(n)]
        ours = best(lambda p=places: passes(p, first, last, fleet, as_of))  # type: ignore[misc]
        few = places[:10]
        loop = best(lambda f=few: [passes([p], first, last, fleet, as_of) for p in f])  # type: ignore[misc]
        each = loop / len(few) * n
        print(
            f"{n:>10,} {ours:>7.3f}s {each:>7.3f}s {limit:>7.3f}s"
            f"  {ours / limit:>13.1f}  {each / ours:>11.1f}"
        )


def bench_page(folder: Path) -> None:
    """The page as the number of incidents grows: bytes, time, and what a reader waits for.

    The limit of writing is to write the same dossier as JSON.  Incidents beyond those of the case
    are the same ones again under other names.
    """
    dossier = read_dossier(folder)
    outlines = json.loads((folder / AREAS_FILE).read_text(encoding="utf-8"))
    own = dossier["incidents"]
    print("\nthe page, English")
    print(f"{'incidents':>10} {'MB':>6} {'written':>8} {'JSON':>7}  page/JSON  first view  filter")
    for n in PAGES:
        many = {**dossier, "incidents": [{**own[i % len(own)], "id": f"i-{i}"} for i in range(n)]}
        start = time.perf_counter()
        page = tell_page(many, outlines)
        middle = time.perf_counter()
        json.dumps(many)
        end = time.perf_counter()
        file = folder.with_name(f"bench-{n}.html")
        file.write_text(page, encoding="utf-8")
        print(
            f"{n:>10,} {file.stat().st_size / 1e6:>6.1f} {middle - start:>7.2f}s "
            f"{end - middle:>6.2f}s  {(middle - start) / (end - middle):>9.0f}  {_waited(file)}"
        )


def _waited(file: Path) -> str:
    """First view and one filter of the page in a browser (ms), or that there is none."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        return "no browser"
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"]).new_page()
        page.goto(file.as_uri())
        view = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        work = page.evaluate(
            "(() => { const start = performance.now(); const field = document.getElementById("
            "'f-words'); field.value = 'kursk transformer'; field.dispatchEvent(new Event('input', "
            "{bubbles: true})); document.body.offsetHeight; return performance.now() - start; })()"
        )
    return f"{view:>7.0f} ms  {work:>4.0f} ms"


def main() -> None:
    """With ``--run CASE`` one case, as a line of JSON; else all cases, the page and the passes."""
    if sys.argv[1:2] == ["--run"]:
        folder = ROOT / "cases" / sys.argv[2]
        print(json.dumps(bench_run(folder, ROOT / "out" / "bench" / folder.name)))
        return
    for folder in sorted(path.parent for path in ROOT.glob("cases/*/case.toml")):
        program = [sys.executable, __file__, "--run", folder.name]
        subprocess.run(program, check=True)  # a process each, so that peaks are its own
    bench_page(ROOT / "out" / "bench" / CASE.name)
    bench_passes()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
