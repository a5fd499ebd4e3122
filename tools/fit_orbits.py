"""Fit the orbits of fire satellites to their own fire records.

Every fire pixel says where the instrument looked at a known minute. Its size along the scan (MODIS)
or along the track (VIIRS) says how far to the side of the track it lay; the satellite was abeam of
it within about a minute. Many such sightings over some weeks fix the plane of the orbit and where
in it the satellite was: mean elements for SGP4, without any catalogue and without a network.

Steps for each satellite and window of time:

1. Sightings: all pixels of one satellite and minute are one sighting, at the pixel nearest to
   their middle (orbit_sightings.py).
2. Fit: plane, motion and phase of the orbit (orbit_fit.py).
3. Check: the same on dates that were left out, in folds drawn by a seed, and with whole weeks left
   out. What is checked is what the product says: the instant of the nearest predicted pass
   whose swath holds the place of the pixel. A window that fails is not stored.
4. For the record, the same for days beyond the window. Nothing rests on it: elements are used
   inside their window only.
5. With the windows that were kept: how much heat is seen how far to the side (orbit_seen.py).

The numbers of the file come from fits to all dates of a window, the checks from fits without the
dates in question. With --check nothing is written: the file is remade and compared.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from orbit_fit import fit, offsets_deg, start, sun_ra_deg
from orbit_seen import Seen, seen_by_scan
from orbit_sightings import CRAFTS, FILES, Floats, Sightings, read_pixels, sight
from truceline import thresholds
from truceline.clock import Interval, stamp
from truceline.domain.passes import SENSOR_OF, Elements
from truceline.orbit.passes import crossings
from truceline.orbit.propagate import ground_km

COMMAND = "python tools/fit_orbits.py --data DATA --out src/truceline/orbit/fitted.toml"
SOURCE = (
    "We acknowledge the use of data from NASA's Fire Information for Resource Management System "
    "(FIRMS) (https://earthdata.nasa.gov/firms), part of NASA's Earth Observing System Data and "
    "Information System (EOSDIS)."
)
SEED = 25994
N_FOLDS = 5
WINDOW_D = 60  # longest window: what drag changes in a month to either side stays below a minute
BEYOND_D = 18  # how far beyond a window its elements are tried, for the record
GAP_D = 14  # a gap longer than this ends a window: nothing was checked in it
MIN_DATES = 7


# --- windows ------------------------------------------------------------------------------------


def windows(seen: Sightings) -> Iterator[Interval]:
    """Stretches of at most ``WINDOW_D`` days without a long gap: the runs of dates, cut evenly."""
    days = np.unique(seen.days)
    for run in np.split(days, np.nonzero(np.diff(days) > GAP_D)[0] + 1):
        n_days = int(run[-1] - run[0]) + 1
        n_parts = math.ceil(n_days / WINDOW_D)
        edges = [int(run[0]) + round(n_days * part / n_parts) for part in range(n_parts + 1)]
        for first, last in pairwise(edges):
            yield Interval(_midnight(first), _midnight(last))


def _midnight(day: int) -> datetime:
    return datetime.fromtimestamp(day * 86_400, UTC)


def inside(seen: Sightings, window: Interval) -> Sightings:
    """The sightings of a window."""
    start, until = window.start.timestamp(), window.until.timestamp()
    return seen.where((seen.minute_s >= start) & (seen.minute_s < until))


# --- checks on dates that were left out ---------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """Minutes between the record and the nearest predicted pass, for dates left out of the fit.

    Where no predicted pass of that day or its neighbours has the place in its swath, infinite.
    """

    off_min: Floats

    @property
    def share(self) -> float:
        """Share within ``pass_within_min``."""
        return float(np.mean(self.off_min <= thresholds.PASS_WITHIN_MIN))

    def quantile(self, share: float) -> float:
        """Minutes within which so many of them lie."""
        return float(np.quantile(self.off_min, share, method="higher"))


def off_min(elements: Elements, seen: Sightings) -> Floats:
    """Minutes between each recorded minute and the nearest pass whose swath holds the place."""
    found = np.full(len(seen), np.inf)
    for day in np.unique(seen.days):
        chosen = np.nonzero(seen.days == day)[0]
        ground = ground_km([seen.points[n] for n in chosen])
        for shift in (-1, 0, 1):
            on = (_midnight(int(day)) + timedelta(days=shift)).date()
            for number, unix_s, _ in crossings(elements, ground, on):
                n = chosen[number]
                found[n] = min(found[n], abs(unix_s - seen.minute_s[n]) / 60)
    return found


def left_out(
    satellite: str, window: Interval, seen: Sightings, part_of: Callable[[int], int]
) -> Check:
    """The check with all dates of one part left out at a time; ``part_of`` gives that of a day."""
    parts = np.array([part_of(int(day)) for day in seen.days])
    found = np.full(len(seen), np.inf)
    for part in np.unique(parts):
        rest = seen.where(parts != part)
        if len(rest):
            found[parts == part] = off_min(
                fitted(satellite, window, rest), seen.where(parts == part)
            )
    return Check(found)


def folds(seen: Sightings) -> Callable[[int], int]:
    """Dates in ``N_FOLDS`` parts, drawn by the seed."""
    days = [int(day) for day in np.unique(seen.days)]
    random.Random(SEED).shuffle(days)
    part_of = {day: n % N_FOLDS for n, day in enumerate(days)}
    return part_of.__getitem__


def week(day: int) -> int:
    """Number of the week of a day since 1970, from Monday."""
    return (day + 3) // 7


def fitted(satellite: str, window: Interval, seen: Sightings) -> Elements:
    """Elements of one window from some of its sightings."""
    craft = CRAFTS[satellite]
    return fit(start(satellite, craft, window), craft, seen)


@dataclass(frozen=True)
class Result:
    """One window with its fit to all dates and its checks."""

    elements: Elements
    seen: Sightings
    by_date: Check
    by_week: Check
    beyond: Check
    """Sightings up to ``BEYOND_D`` days before and after the window, which no fit has seen."""

    @property
    def kept(self) -> bool:
        """Whether both checks reach ``pass_within_share``."""
        least = min(self.by_date.share, self.by_week.share)
        return least >= thresholds.PASS_WITHIN_SHARE

    @property
    def slack_min(self) -> int:
        """Whole minutes that hold 99 of 100 of the errors of both checks."""
        return math.ceil(max(self.by_date.quantile(0.99), self.by_week.quantile(0.99)))


def measure(satellite: str, seen: Sightings, window: Interval) -> Result | None:
    """Fit and check one window; None where there are too few sightings, dates or weeks."""
    mine = inside(seen, window)
    days = np.unique(mine.days)
    if len(mine) < thresholds.PASS_MIN_SIGHTINGS or len(days) < MIN_DATES:
        return None
    by_date = left_out(satellite, window, mine, folds(mine))
    by_week = left_out(satellite, window, mine, week)
    elements = fitted(satellite, window, mine)
    days_off = timedelta(days=BEYOND_D)
    around = inside(seen, Interval(window.start - days_off, window.until + days_off))
    start_s, until_s = window.start.timestamp(), window.until.timestamp()
    outer = around.where((around.minute_s < start_s) | (around.minute_s >= until_s))
    return Result(elements, mine, by_date, by_week, Check(off_min(elements, outer)))


# --- the file -----------------------------------------------------------------------------------


def header(data: Path, n_left: int) -> list[str]:
    """Everything of the file that is not a number of a window."""
    return [
        'schema = "truceline-fitted-orbits/1"',
        'model = "SGP4 mean elements, WGS72; circular, bstar 0"',
        'sighting = "all fire pixels of one satellite and minute"',
        f"folds = {N_FOLDS}",
        f"seed = {SEED}",
        f"within_min = {thresholds.PASS_WITHIN_MIN}",
        f"within_share = {thresholds.PASS_WITHIN_SHARE}",
        f"min_sightings = {thresholds.PASS_MIN_SIGHTINGS}",
        f"min_dates = {MIN_DATES}",
        f"longest_window_d = {WINDOW_D}",
        f"longest_gap_d = {GAP_D}",
        f"beyond_d = {BEYOND_D}",
        f"n_windows_with_too_few_sightings = {n_left}",
        f'command = "{COMMAND}"',
        f'source = "{SOURCE}"',
        "",
        "[inputs]",
        *(f'"{Path(name).name}" = "{sha256(data / name)}"' for name in FILES),
    ]


def sha256(path: Path) -> str:
    """Checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def window_lines(result: Result) -> list[str]:
    """One window as a TOML table."""
    one = result.elements
    node_h = ((one.raan_deg - sun_ra_deg(one.epoch)) / 15 + 12) % 24
    ahead, across = offsets_deg(one, result.seen.unix_s, result.seen.unit)
    beside = np.abs(across) - result.seen.across_deg
    kept = "window" if result.kept else "refused"
    lines = [
        "",
        f"[[{kept}]]",
        f'satellite = "{one.satellite}"',
        f'epoch = "{stamp(one.epoch)}"',
        f'valid_from = "{stamp(one.valid.start)}"',
        f'valid_until = "{stamp(one.valid.until)}"',
    ]
    if result.kept:
        lines += [
            f"mean_motion_rev_per_day = {one.mean_motion_rev_per_day:.7f}",
            f"eccentricity = {one.eccentricity:.1f}",
            f"inclination_deg = {one.inclination_deg:.3f}",
            f"raan_deg = {one.raan_deg:.3f}",
            f"arg_perigee_deg = {one.arg_perigee_deg:.1f}",
            f"mean_anomaly_deg = {one.mean_anomaly_deg:.3f}",
            f"bstar = {one.bstar:.1f}",
            f"node_local_time_h = {node_h:.3f}",
            f"slack_min = {result.slack_min}",
            f"residual_along_min = {np.std(ahead) * 4 / one.mean_motion_rev_per_day:.2f}",
        ]
        if not np.isnan(beside).all():
            lines.append(f"residual_across_deg = {np.nanmedian(np.abs(beside)):.2f}")
    lines += [f"n_sightings = {len(result.seen)}", f"n_dates = {len(np.unique(result.seen.days))}"]
    for name, check in (("date", result.by_date), ("week", result.by_week)):
        lines += [
            f"left_out_by_{name}_share = {check.share:.4f}",
            f"left_out_by_{name}_median_min = {check.quantile(0.5):.2f}",
            f"left_out_by_{name}_q95_min = {check.quantile(0.95):.2f}",
        ]
    lines.append(f"beyond_n = {len(result.beyond.off_min)}")
    if len(result.beyond.off_min):
        lines.append(f"beyond_share = {result.beyond.share:.4f}")
        lines.append(f"beyond_median_min = {result.beyond.quantile(0.5):.2f}")
    return lines


def seen_lines(row: Seen, nadir: Seen) -> list[str]:
    """One range of scan angles as a TOML table."""
    return [
        "",
        "[[seen]]",
        f'sensor = "{row.sensor}"',
        f"scan_from_deg = {row.from_deg:.2f}",
        f"scan_until_deg = {row.until_deg:.2f}",
        f"n_places = {row.n_places}",
        f"width_km = {row.width_km:.1f}",
        f"relative = {row.density / nadir.density:.3f}",
    ]


def remade(data: Path) -> str:
    """The whole file, from the fire records alone."""
    pixels = list(read_pixels(data))
    results: list[Result] = []
    n_left = 0
    by_satellite = sight(pixels)
    for satellite in (name for name in SENSOR_OF if name in by_satellite):
        seen = by_satellite[satellite]
        for window in windows(seen):
            result = measure(satellite, seen, window)
            n_left += result is None
            results += [result] if result else []
    kept = [result for result in results if result.kept]
    lines = header(data, n_left)
    for result in sorted(results, key=lambda r: not r.kept):
        lines += window_lines(result)
    rows = seen_by_scan(pixels, [result.elements for result in kept])
    nadir = {row.sensor: row for row in rows if row.from_deg == 0}
    for row in rows:
        lines += seen_lines(row, nadir[row.sensor])
    return "\n".join(lines) + "\n"


def differences(old: Any, new: Any, name: str = "") -> list[str]:
    """Where two tables differ by more than the last digit of another processor."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        return [d for key in old for d in differences(old[key], new[key], f"{name}.{key}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [d for n, (a, b) in pairs for d in differences(a, b, f"{name}[{n}]")]
    if isinstance(old, float) and isinstance(new, float):
        return [] if abs(old - new) <= 0.011 else [f"{name}: {old} is now {new}"]
    return [] if old == new else [f"{name}: {old!r} is now {new!r}"]


def main(argv: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Fit orbits to fire records.")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument("--check", action="store_true", help="compare with --out, write nothing")
    args = parser.parse_args(argv)
    text = remade(args.data)
    if args.check:
        found = differences(tomllib.loads(args.out.read_text("utf-8")), tomllib.loads(text))
        print("\n".join(found) or "the file is what the tool makes")
        return int(bool(found))
    args.out.write_text(text, encoding="utf-8", newline="\n")
    print(summary(tomllib.loads(text)))
    return 0


def summary(table: dict[str, Any]) -> str:
    """The windows as a table for reading."""
    lines = []
    for kind in ("window", "refused"):
        for row in table.get(kind, []):
            line = (
                f"{kind:8}{row['satellite']:10}{row['valid_from'][:10]} {row['valid_until'][:10]}"
            )
            line += f" n {row['n_sightings']:4}  node {row.get('node_local_time_h', '-'):6} h "
            for name in ("date", "week"):
                share, median = (
                    row[f"left_out_by_{name}_{key}"] for key in ("share", "median_min")
                )
                line += f" by {name} {share:.4f}, {median:.2f} min"
            lines.append(line)
    for row in table["seen"]:
        lines.append(
            f"{row['sensor']} {row['scan_from_deg']:5} to {row['scan_until_deg']:5} deg: "
            f"{row['relative']:.3f} of nadir, n {row['n_places']}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
