"""Heat near sites, and the mask of heat that was there all along.

The mask is learned only from dates before the site's own, less a guard: a depot that burns
for days after a strike never becomes its own background.  No site is named anywhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date
from importlib.resources import files
from itertools import chain

import numpy as np

from truceline import thresholds as t
from truceline.domain.detection import Ask, Columns, Detection, Site
from truceline.domain.observation import Heat
from truceline.geo import EARTH_RADIUS_KM, Point, cell_of, cover

EPOCH = date(1970, 1, 1)
FIVE = 100_000
"""Positions are kept as integers of 1e-5 degrees, about a metre."""


def query(name: str) -> str:
    """Text of one of this package's queries."""
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def sin2(radius_km: float) -> float:
    """What a query compares instead of a distance: no arc sine in the inner loop."""
    return math.sin(radius_km / (2 * EARTH_RADIUS_KM)) ** 2


def heat_columns(heat: Sequence[Heat]) -> Columns:
    """Heat as a table; ids are places in the sequence."""
    days = [h.observed_at.astimezone(UTC).date() for h in heat]
    return {
        "id": np.arange(len(heat), dtype=np.int64),
        "cell": _integers(cell_of(h.point.lat, h.point.lon) for h in heat),
        "lat_e5": _integers(round(h.point.lat * FIVE) for h in heat),
        "lon_e5": _integers(round(h.point.lon * FIVE) for h in heat),
        "day": _integers(day_number(day) for day in days),
        "month": _integers((day.year - 1970) * 12 + day.month - 1 for day in days),
    }


def site_columns(sites: Sequence[Site]) -> Columns:
    """Sites as a table; ids are places in the sequence."""
    return {
        **_spots([site.point for site in sites]),
        "sin2": np.array([sin2(site.radius_km) for site in sites], dtype=np.float64),
        "first_day": _integers(day_number(site.since) for site in sites),
        "last_day": _integers(day_number(site.last_day) for site in sites),
    }


def cover_columns(circles: Iterable[tuple[Point, float]], name: str) -> Columns:
    """All cells of some circles, sorted by cell, with the number of the circle."""
    pairs = sorted(
        chain.from_iterable(
            ((cell, number) for cell in cover(point.lat, point.lon, radius_km))
            for number, (point, radius_km) in enumerate(circles)
        )
    )
    return {"cell": _integers(p[0] for p in pairs), name: _integers(p[1] for p in pairs)}


def detect_heat(sites: Sequence[Site], heat: Sequence[Heat], ask: Ask) -> list[Detection]:
    """Heat within reach of each site since its date, in order of site, then of heat.

    Distances are on the sphere; earlier heat is counted for each detection and site.
    """
    if not sites or not heat:
        return []
    table = heat_columns(heat)
    circles = [(site.point, site.radius_km) for site in sites]
    tables = {"heat": table, "site": site_columns(sites), "cover": cover_columns(circles, "site")}
    near = [(int(site), int(row), float(s)) for site, row, s in ask(query("near"), tables)]
    earlier = _earlier([(sites[site], heat[row]) for site, row, _ in near], table, ask)
    return [
        Detection(
            sites[site].key,
            heat[row],
            2 * EARTH_RADIUS_KM * math.asin(math.sqrt(distance)),
            *counts,
            is_persistent(*counts),
        )
        for (site, row, distance), counts in zip(near, earlier, strict=True)
    ]


def is_persistent(n_dates: int, n_months: int, span_d: int) -> bool:
    """Whether earlier heat at a spot makes it a source that is always there.

    >>> is_persistent(n_dates=40, n_months=9, span_d=700)  # a steel works
    True
    >>> is_persistent(n_dates=9, n_months=2, span_d=40)  # a month of burning fields
    False
    """
    return (
        n_dates >= t.PERSISTENCE_MIN_DATES
        and n_months >= t.PERSISTENCE_MIN_MONTHS
        and span_d >= t.PERSISTENCE_MIN_SPAN_D
    )


def _earlier(
    candidates: Sequence[tuple[Site, Heat]], table: Columns, ask: Ask
) -> Iterator[tuple[int, int, int]]:
    points = [heat.point for _, heat in candidates]
    days = (day_number(site.first_day) - t.PERSISTENCE_GUARD_D for site, _ in candidates)
    radius_km = t.PERSISTENCE_RADIUS_KM
    found = {
        int(row[0]): (int(row[1]), int(row[2]), int(row[3]))
        for row in ask(
            query("earlier"),
            {
                "heat": table,
                "spot": {**_spots(points), "before_day": _integers(days)},
                "cover": cover_columns(((point, radius_km) for point in points), "spot"),
                "rule": {"sin2": np.array([sin2(radius_km)])},
            },
        )
    }
    return (found.get(i, (0, 0, 0)) for i in range(len(candidates)))


def _spots(points: Sequence[Point]) -> dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    return {
        "id": np.arange(len(points), dtype=np.int64),
        "lat_e5": _integers(round(point.lat * FIVE) for point in points),
        "lon_e5": _integers(round(point.lon * FIVE) for point in points),
    }


def _integers(values: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.fromiter(values, dtype=np.int64)
