"""Measure on this machine: the share of each stage of a run, and the heat queries as they grow.

    make bench

Times are printed for this machine only; what travels are the ratios.  The queries stand beside
what a user would pick instead (an STRtree of shapely with the distance on the sphere) and beside
the limit (reading the same columns once).  All three have to give the same pairs.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright
from shapely import STRtree, box
from shapely import points as make_points

from truceline import thresholds as t
from truceline.detect.thermal import (
    cover_columns,
    day_number,
    query,
    sin2,
    site_columns,
)
from truceline.domain.detection import Columns, Site
from truceline.domain.passes import SENSOR_OF
from truceline.geo import CELL_DEG, EARTH_RADIUS_KM, KM_PER_DEGREE, ROW_SHIFT, Point, columns_of
from truceline.ledger.embedded import Engine
from truceline.orbit.fleet import Fleet
from truceline.orbit.passes import passes
from truceline.orbit.propagate import track_km
from truceline.pipeline.run import assess_case
from truceline.pipeline.write import AREAS_FILE, read_dossier, write_dossier
from truceline.report.page import tell_page
from truceline.settings import Settings
from truceline.sources.casefile import read_case

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "cases" / "energy-moratorium-2025"
SIZES = (10_000, 100_000, 1_000_000)
N_SITES = 1_000
N_WORKS = 200
SEED = 20250318
FIRST = date(2025, 1, 1)
DAYS = 730
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


def bench_run(out: Path) -> None:
    """The demo, stage by stage."""
    settings = Settings.from_environment()
    watch = Watch([("case", time.perf_counter())])
    case = read_case(CASE)
    result = assess_case(case, settings, None, watch)
    watch("write")
    write_dossier(result, CASE, out, settings)
    end = time.perf_counter()
    shares = watch.shares(end)
    whole = sum(shares.values())
    print(f"run of {CASE.name}: {whole:.2f} s, {len(result.incidents)} incidents")
    for stage, seconds in shares.items():
        print(f"  {stage:<8} {seconds:6.2f} s  {seconds / whole:5.1%}")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def made_heat(n: int) -> Columns:
    """Fire pixels over 2 years in a box of 40 by 18 degrees, some at places that always burn."""
    rng = np.random.default_rng(SEED)
    lat, lon = rng.uniform(43, 61, n), rng.uniform(20, 60, n)
    steady = rng.random(n) < 0.2
    works = rng.integers(0, N_WORKS, n)
    lat[steady] = (44 + works * 0.08)[steady] + rng.normal(0, 0.005, int(steady.sum()))
    lon[steady] = (22 + works * 0.18)[steady] + rng.normal(0, 0.005, int(steady.sum()))
    lat_e5, lon_e5 = np.round(lat * 1e5).astype(np.int64), np.round(lon * 1e5).astype(np.int64)
    day = day_number(FIRST) + rng.integers(0, DAYS, n)
    rows = np.floor((lat_e5 / 1e5 + 90) / CELL_DEG).astype(np.int64)
    width = np.array([columns_of(row) for row in range(int(rows.max()) + 1)])[rows]
    cell = rows * ROW_SHIFT + np.floor((lon_e5 / 1e5 + 180) / 360 * width).astype(np.int64) % width
    month = day // 30
    names = ("id", "cell", "lat_e5", "lon_e5", "day", "month")
    return dict(zip(names, (np.arange(n), cell, lat_e5, lon_e5, day, month), strict=True))


def made_sites() -> list[Site]:
    """Sites on which incidents are claimed, half of them at works that always burn."""
    rng = np.random.default_rng(SEED + 1)
    sites = []
    for n in range(N_SITES):
        work = n % N_WORKS
        at_work = Point(44 + work * 0.08, 22 + work * 0.18)
        anywhere = Point(float(rng.uniform(43, 61)), float(rng.uniform(20, 60)))
        day = FIRST + timedelta(days=int(rng.integers(200, DAYS - 3)))
        point = at_work if n % 2 else anywhere
        sites.append(Site(f"s{n}", point, 5.0, day, day, day + timedelta(days=2)))
    return sites


def near_by_sql(engine: Engine, heat: Columns, sites: Sequence[Site]) -> set[tuple[int, int]]:
    """Our way."""
    circles = [(site.point, site.radius_km) for site in sites]
    tables = {"heat": heat, "site": site_columns(sites), "cover": cover_columns(circles, "site")}
    return {(int(row[0]), int(row[1])) for row in engine.ask(query("near"), tables)}


def near_by_tree(heat: Columns, sites: Sequence[Site]) -> set[tuple[int, int]]:
    """What a user would pick: a tree of boxes, then the distance on the sphere."""
    lat, lon, day = heat["lat_e5"] / 1e5, heat["lon_e5"] / 1e5, heat["day"]
    tree = STRtree(make_points(lon, lat))
    found = set()
    for n, site in enumerate(sites):
        reach = site.radius_km / KM_PER_DEGREE
        wide = reach / np.cos(np.radians(abs(site.point.lat) + reach))
        here = site.point
        hits = tree.query(box(here.lon - wide, here.lat - reach, here.lon + wide, here.lat + reach))
        first, last = day_number(site.first_day), day_number(site.last_day)
        hits = hits[(day[hits] >= first) & (day[hits] <= last)]
        p, q = np.radians(here.lat), np.radians(lat[hits])
        h = (
            np.sin((q - p) / 2) ** 2
            + np.cos(p) * np.cos(q) * np.sin(np.radians(lon[hits] - here.lon) / 2) ** 2
        )
        close = hits[2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(h)) <= site.radius_km]
        found |= {(n, int(row)) for row in close}
    return found


def earlier_by_sql(engine: Engine, heat: Columns, near: set[tuple[int, int]]) -> int:
    """The mask of persistent heat for all candidates."""
    rows = sorted({row for _, row in near})
    points = [Point(heat["lat_e5"][r] / 1e5, heat["lon_e5"][r] / 1e5) for r in rows]
    spot = {
        "id": np.arange(len(rows)),
        "lat_e5": heat["lat_e5"][rows],
        "lon_e5": heat["lon_e5"][rows],
        "before_day": heat["day"][rows] - t.PERSISTENCE_GUARD_D,
    }
    tables = {
        "heat": heat,
        "spot": spot,
        "cover": cover_columns(((point, t.PERSISTENCE_RADIUS_KM) for point in points), "spot"),
        "rule": {"sin2": np.array([sin2(t.PERSISTENCE_RADIUS_KM)])},
    }
    return len(engine.ask(query("earlier"), tables))


def best(work: Callable[[], object]) -> float:
    """Shortest of a few runs (s)."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def bench_queries() -> None:
    """Growth with the number of fire pixels, against a tree and against the scan."""
    sites = made_sites()
    scan = "SELECT count(*), sum(cell), sum(lat_e5), sum(lon_e5), sum(day) FROM heat"
    print(f"\n{N_SITES} sites, 3 dates each, 5 km")
    print(f"{'pixels':>10} {'near':>8} {'mask':>8} {'tree':>8} {'scan':>8}  near/scan  tree/near")
    for n in SIZES:
        heat = made_heat(n)
        with Engine("400MB", 2) as engine:
            near = near_by_sql(engine, heat, sites)
            if near != near_by_tree(heat, sites):
                raise SystemExit("the two ways do not agree")
            ours = best(lambda e=engine, h=heat: near_by_sql(e, h, sites))  # type: ignore[misc]
            mask = best(lambda e=engine, h=heat, p=near: earlier_by_sql(e, h, p))  # type: ignore[misc]
            tree = best(lambda h=heat: near_by_tree(h, sites))  # type: ignore[misc]
            limit = best(lambda e=engine, h=heat: e.ask(scan, {"heat": h}))  # type: ignore[misc]
        print(
            f"{n:>10,} {ours:>7.3f}s {mask:>7.3f}s {tree:>7.3f}s {limit:>7.3f}s"
            f"  {ours / limit:>9.1f}  {tree / ours:>9.1f}"
        )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


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


if __name__ == "__main__":
    bench_run(ROOT / "out" / "bench")
    bench_page(ROOT / "out" / "bench")
    bench_queries()
    bench_passes()
    sys.stdout.flush()
