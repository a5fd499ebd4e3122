"""The orbit fit: an invented satellite with a known orbit, and the file of the package remade."""

from __future__ import annotations

import importlib
import math
import random
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from truceline.clock import Interval, midnight
from truceline.domain.passes import Elements
from truceline.geo import Point
from truceline.orbit.fleet import Fleet
from truceline.orbit.passes import passes
from truceline.orbit.propagate import Floats, below, track_km

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "src" / "truceline" / "orbit" / "fitted.toml"
START = midnight(date(2021, 6, 1))
WINDOW = Interval(START, START + timedelta(days=40))


@pytest.fixture(scope="module")
def tool() -> Iterator[ModuleType]:
    """The tool, with its folder on the path as when it is run."""
    sys.path.insert(0, str(ROOT / "tools"))
    yield importlib.import_module("fit_orbits")
    sys.path.remove(str(ROOT / "tools"))


TRUTH = Elements(
    satellite="Terra",
    epoch=datetime(2021, 6, 21, tzinfo=UTC),
    mean_motion_rev_per_day=14.573,
    eccentricity=0.0001,
    inclination_deg=98.21,
    raan_deg=245.0,
    arg_perigee_deg=90.0,
    mean_anomaly_deg=200.0,
    bstar=2e-5,
    valid=WINDOW,
    basis="supplied",
    slack_min=1,
)


def test_a_known_orbit_is_found_again(tool: ModuleType) -> None:
    sightings = importlib.import_module("orbit_sightings")
    rng = random.Random(7)
    places = [Point(rng.uniform(44, 60), rng.uniform(22, 60)) for _ in range(6)]
    fleet = Fleet((TRUTH,))
    pixels = []
    for n in range(40):
        day = START.date() + timedelta(days=n)
        found = passes(places, day, day, fleet, datetime(2030, 1, 1, tzinfo=UTC))
        for place, mine in zip(places, found, strict=True):
            for one in (p for p in mine if p.satellite == "Terra" and rng.random() < 0.3):
                assert one.scan_angle_deg is not None
                size = pixel_size(one.scan_angle_deg)
                minute = one.at.replace(second=0)
                pixels.append(sightings.Pixel("Terra", minute, place, size))
    seen = sightings.sight(reversed(pixels))["Terra"]
    assert len(seen) > 60
    got = tool.fitted("Terra", WINDOW, seen)
    assert got == tool.fitted("Terra", WINDOW, sightings.sight(pixels)["Terra"])
    instant = [TRUTH.epoch.timestamp() + 86_400 * n for n in (-19, 0, 19)]
    for time in instant:
        near = track_km(got, as_array(time))[0], track_km(TRUTH, as_array(time))[0]
        assert sum((a - b) ** 2 for a, b in zip(*near, strict=True)) ** 0.5 < 150  # km: 20 s
    assert tool.left_out("Terra", WINDOW, seen, tool.week).share == 1.0


def as_array(time: float) -> Floats:
    return np.array([time])


def pixel_size(scan_deg: float) -> float:
    """Size along the scan of a MODIS pixel, in units of the one straight below."""
    scan = math.radians(scan_deg)
    slant = math.asin((6371 + 705) / 6371 * math.sin(scan))
    if scan < 1e-6:
        return 1.0
    reach = 6371 * math.sin(slant - scan) / math.sin(scan) / 705
    return reach / math.cos(slant)


def test_a_wrong_orbit_fails_its_check(tool: ModuleType) -> None:
    sightings = importlib.import_module("orbit_sightings")
    wrong = replace(TRUTH, mean_anomaly_deg=20.0)
    lat, lon = below(track_km(TRUTH, as_array(TRUTH.epoch.timestamp())))
    pixel = sightings.Pixel("Terra", TRUTH.epoch, Point(float(lat[0]), float(lon[0])), 1.0)
    seen = sightings.sight([pixel])["Terra"]
    assert tool.off_min(TRUTH, seen)[0] < 0.1
    assert tool.off_min(wrong, seen)[0] > 15


def test_windows_end_at_gaps(tool: ModuleType) -> None:
    sightings = importlib.import_module("orbit_sightings")
    days = [0, 1, 10, 40, 41, 90, *range(91, 160)]
    pixels = [
        sightings.Pixel("Terra", START + timedelta(days=day, hours=9), Point(50, 30), 1.0)
        for day in days
    ]
    found = [
        ((w.start - START).days, (w.until - START).days)
        for w in tool.windows(sightings.sight(pixels)["Terra"])
    ]
    assert found == [(0, 11), (40, 42), (90, 125), (125, 160)]


def test_differences_are_named(tool: ModuleType) -> None:
    old = {"window": [{"raan_deg": 10.0, "n": 3}]}
    assert tool.differences(old, {"window": [{"raan_deg": 10.001, "n": 3}]}) == []
    assert tool.differences(old, {"window": [{"raan_deg": 11.0, "n": 4}]}) == [
        ".window[0].raan_deg: 10.0 is now 11.0",
        ".window[0].n: 3 is now 4",
    ]


# --- with the shared fire records ---------------------------------------------------------------


@pytest.mark.shared
def test_half_of_the_dates_of_a_window_predict_the_other_half(
    tool: ModuleType, shared_data: Path
) -> None:
    sightings = importlib.import_module("orbit_sightings")
    seen = sightings.sight(sightings.read_pixels(shared_data))["Aqua"]
    window = Interval(midnight(date(2025, 4, 5)), midnight(date(2025, 5, 13)))
    mine = tool.inside(seen, window)
    odd = mine.days % 2 == 1
    off = tool.off_min(tool.fitted("Aqua", window, mine.where(~odd)), mine.where(odd))
    assert (off <= 15).mean() >= 0.95 and len(off) > 100


@pytest.mark.slow
@pytest.mark.shared
def test_the_file_of_the_package_is_what_the_tool_makes(
    tool: ModuleType, shared_data: Path
) -> None:
    old = tomllib.loads(FILE.read_text("utf-8"))
    assert tool.differences(old, tomllib.loads(tool.remade(shared_data))) == []
