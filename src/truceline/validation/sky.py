"""How long cloud lasts, how far it reaches, and how likely a clear look was: a prior.

Cloud and passes of the labelled months are not known.  Held are daily means of other years, so
that the share of windows with a clear look is a prior with an interval: at its low end a whole
date shares one sky, at its high end every pass meets a sky of its own.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

from truceline.geo import Point, haversine_km
from truceline.validation.labels import Floats

UKRAINE, RUSSIA = "cloud/weather_by_date.csv", "cloud/russia_weather.csv"
STATIONS = {
    "kyiv": Point(50.45, 30.52),
    "kharkiv": Point(49.99, 36.23),
    "odesa": Point(46.48, 30.73),
    "zaporizhzhia": Point(47.84, 35.14),
    "moscow": Point(55.75, 37.62),
    "tver": Point(56.86, 35.92),
    "saratov": Point(51.53, 46.03),
    "krasnodar": Point(45.04, 38.98),
    "crimea": Point(44.95, 34.10),
}
"""City centres; for Crimea, whose point the file does not name, Simferopol."""
OURS = ("kyiv", "kharkiv", "odesa", "zaporizhzhia")
MONTHS, YEARS = range(2, 9), range(2023, 2026)
NIGHT_HOURS = (*range(7), *range(20, 24))
PASS_HOURS = {
    "MODIS": (1.5, 10.5, 13.5, 22.5),
    "MODIS and VIIRS": (1.5, 2.3, 10.5, 13.5, 14.3, 22.5),
}
"""Mean local hours of Terra and Aqua, and of Suomi NPP, which follows Aqua by up to an hour."""

Daily = dict[str, dict[date, float]]
"""Share of cloud by station and date."""


@dataclass(frozen=True)
class Sky:
    """Memory (h) and reach (km) of cloud, and chances of a clear look in a window of two dates.

    ``shares``: sensor set to (middle, low, high).  ``from_days_h`` and ``from_nights_h`` are the
    two estimates whose geometric mean is ``persistence_h``.
    """

    persistence_h: float
    from_days_h: float
    from_nights_h: float
    reach_km: float
    n_days: int
    n_pairs: int
    shares: dict[str, tuple[float, float, float]]


def measure_sky(data: Path) -> Sky:
    """All of it, from the two weather files; dates without a row stay unknown."""
    ours, nights = read_cloud(data / UKRAINE, OURS), read_cloud(data / UKRAINE, OURS, "_night")
    theirs = read_cloud(data / RUSSIA, tuple(set(STATIONS) - set(OURS)))
    days_h, nights_h = memory_of_days(anomalies(ours)), memory_of_nights(ours, nights)
    memory_h = math.sqrt(days_h * nights_h)
    pairs = [
        (cloud[day], cloud[after])
        for cloud in ours.values()
        for day, after in consecutive(cloud)
        if day.month in MONTHS and day.year in YEARS
    ]
    shares = {name: clear_look_share(pairs, hours, memory_h) for name, hours in PASS_HOURS.items()}
    n_days = len({day for cloud in ours.values() for day in cloud})
    reach_km = reach(anomalies({**ours, **theirs}))
    return Sky(memory_h, days_h, nights_h, reach_km, n_days, len(pairs), shares)


def read_cloud(path: Path, stations: Sequence[str], part: str = "") -> Daily:
    """Share of cloud by station and date; blank cells are left out."""
    column = "{}_night_cloudcover" if part else "{}_cloudcover_mean"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        name: {
            date.fromisoformat(row["date"]): float(row[column.format(name)]) / 100
            for row in rows
            if row[column.format(name)]
        }
        for name in sorted(stations)
    }


def anomalies(cloud: Daily) -> Daily:
    """Cloud less the mean of its station and calendar month, so that season is no memory."""
    found: Daily = {}
    for name, days in cloud.items():
        by_month: dict[int, list[float]] = {}
        for day, value in days.items():
            by_month.setdefault(day.month, []).append(value)
        means = {month: float(np.mean(values)) for month, values in by_month.items()}
        found[name] = {day: value - means[day.month] for day, value in days.items()}
    return found


def consecutive(days: dict[date, float]) -> list[tuple[date, date]]:
    """Dates that follow each other and are both held."""
    return [(a, b) for a, b in pairwise(sorted(days)) if (b - a).days == 1]


def _correlation(pairs: Sequence[tuple[float, float]]) -> float:
    return float(np.corrcoef(np.array(pairs).T)[0, 1])


def _decay(first: Sequence[int], second: Sequence[int], memory_h: float) -> float:
    """Correlation of two means of hours if cloud forgets exponentially."""

    def mean(a: Sequence[int], b: Sequence[int]) -> float:
        return float(np.exp(-np.abs(np.subtract.outer(a, b)) / memory_h).mean())

    return mean(first, second) / math.sqrt(mean(first, first) * mean(second, second))


def _solve(first: Sequence[int], second: Sequence[int], correlation: float) -> float:
    return float(brentq(lambda h: _decay(first, second, h) - correlation, 0.5, 500.0))


def memory_of_days(cloud: Daily) -> float:
    """Memory (h) under which daily means follow each other as they do.

    >>> round(_solve(range(24), range(24, 48), _decay(range(24), range(24, 48), 12.0)), 3)
    12.0
    """
    pairs = [(days[a], days[b]) for days in cloud.values() for a, b in consecutive(days)]
    return _solve(range(24), range(24, 48), _correlation(pairs))


def memory_of_nights(days: Daily, nights: Daily) -> float:
    """Memory (h) under which the night hours of a date go with its other hours as they do."""
    daytime = [hour for hour in range(24) if hour not in NIGHT_HOURS]
    rest: Daily = {
        name: {
            day: (24 * days[name][day] - len(NIGHT_HOURS) * night) / len(daytime)
            for day, night in each.items()
            if day in days[name]
        }
        for name, each in nights.items()
    }
    dark, light = anomalies(nights), anomalies(rest)
    pairs = [(dark[name][day], light[name][day]) for name in light for day in light[name]]
    return _solve(NIGHT_HOURS, daytime, _correlation(pairs))


def reach(cloud: Daily) -> float:
    """Distance (km) at which the correlation of daily cloud falls to 1/e: least squares."""
    km, found = [], []
    for a, b in combinations(sorted(cloud), 2):
        common = sorted(cloud[a].keys() & cloud[b].keys())
        km.append(haversine_km(STATIONS[a], STATIONS[b]))
        found.append(_correlation([(cloud[a][day], cloud[b][day]) for day in common]))
    grid = np.arange(100.0, 2000.0, 1.0)
    misfit = (np.exp(-np.array(km) / grid[:, None]) - np.array(found)) ** 2
    return float(grid[misfit.sum(axis=1).argmin()])


def clear_look_share(
    pairs: Sequence[tuple[float, float]], hours: Sequence[float], memory_h: float
) -> tuple[float, float, float]:
    """Chance of a clear look in two dates: middle (chain), low (one sky a date), high (own skies).

    >>> clear_look_share([(0.5, 0.5)], (12.0,), 1e-9)
    (0.75, 0.75, 0.75)
    """
    clouds = np.array(pairs, dtype=np.float64)
    times = np.array([*hours, *(24 + hour for hour in hours)])
    sky = np.repeat(clouds, len(hours), axis=1)
    memory = np.concatenate(([0.0], np.exp(-np.diff(times) / memory_h)))
    middle = _any_clear(sky + memory * (1 - sky))
    return middle, _any_clear(clouds), _any_clear(sky)


def _any_clear(cloudy: Floats) -> float:
    return float(np.mean(1 - cloudy.prod(axis=1)))
