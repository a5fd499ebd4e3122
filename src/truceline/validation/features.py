"""What fires tell about each window: the nearest, the nearest of long standing, the site's own
record of the weeks before, and the same season of earlier years.

A fire pixel is of long standing where earlier heat within 2 km covers several months, dates and
half a year, by the rule of the engine.  The thresholds of that rule were set for pixels of
MODIS, so that heat of MODIS since January 2021 is what it is learned from, for every sensor set:
several times as many pixels, or ten years of field burning, would take in half of the country.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self

import numpy as np
from scipy.spatial import cKDTree

from truceline import thresholds as t
from truceline.ledger.embedded import Engine
from truceline.validation.labels import Bools, Floats, Ints, Windows, sphere

DAILY = "firms/ukraine_fires_daily_2012_2023.parquet"
MODIS = ("firms/MODIS-2021.csv", "firms/MODIS-2022-arch.csv", "firms/MODIS-2022.csv")
AQUA_OUT = (date(2022, 4, 1), date(2022, 4, 16))
"""No Aqua rows in the feed: dates without a whole record of MODIS."""

RECORD_FROM = date(2021, 1, 1)
OFFSETS = (-1, 0, 1, 2)
"""Dates of a window, counted from the date of the label."""
EDGES_KM = (1.0, 2.0, 5.0, 8.0)
OWN_KM, OWN_DAYS, OWN_GUARD = 5.0, 75, 8
SEASON_YEARS = (2018, 2019, 2020, 2021)
"""Peace years in which the same sensors flew as in 2022."""
SEASON_DAYS = 20
NOWHERE_KM = 99.0
NEVER = int(np.iinfo(np.int64).max)


@dataclass(frozen=True)
class Fires:
    """Fire pixels in order of date (ordinals), and the dates of which a whole record is held."""

    lat: Floats
    lon: Floats
    day: Ints
    dates: Ints

    @classmethod
    def of(cls, lat: Floats, lon: Floats, day: Ints, unknown: Iterable[date] = ()) -> Self:
        """Sorted; a date without any pixel in the country, or a named one, is unknown."""
        order = np.lexsort((lon, lat, day))
        dropped = np.array([each.toordinal() for each in unknown], dtype=np.int64)
        return cls(lat[order], lon[order], day[order], np.setdiff1d(np.unique(day), dropped))

    def known(self, day: Ints) -> Bools:
        """Whether a whole record is held of each date."""
        return np.asarray(np.isin(day, self.dates))


def read_daily(path: Path, until: date) -> Fires:
    """Fires of MODIS and VIIRS together (Parquet, without a sensor column), from 2018 on."""
    text = "'" + str(path).replace("'", "''") + "'"
    sql = (
        f"SELECT latitude, longitude, acq_date - DATE '1970-01-01' AS day FROM {text} "
        f"WHERE acq_date BETWEEN DATE '{SEASON_YEARS[0]}-01-01' AND DATE '{until}'"
    )
    with Engine(memory="400MB", threads=2) as engine:
        table = engine.ask(sql, {})
    days = table["day"] + date(1970, 1, 1).toordinal()
    return Fires.of(table["latitude"], table["longitude"], days)


def read_modis(paths: Iterable[Path], until: date) -> Fires:
    """Fires of MODIS alone; the dates without Aqua are unknown."""
    rows = []
    for path in paths:
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                day = date.fromisoformat(row["acq_date"])
                if day <= until:
                    rows.append((float(row["latitude"]), float(row["longitude"]), day.toordinal()))
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    n_out = (AQUA_OUT[1] - AQUA_OUT[0]).days + 1
    out = (AQUA_OUT[0] + timedelta(days=n) for n in range(n_out))
    return Fires.of(table[:, 0], table[:, 1], table[:, 2].astype(np.int64), out)


@dataclass(frozen=True)
class Told:
    """What fires tell about n windows.

    ``fire`` and ``standing`` (n, 4): km to the nearest fire, and to the nearest of long
    standing, on each date of `OFFSETS`; ``known`` (n, 4); ``burned`` (n, 4) of ``own_n``: dates of
    the weeks before with a fire within each of `EDGES_KM` among those with a record, ``own_k``
    those within 5 km; ``season_k`` of ``season_n``: the same for this time of the year in peace
    years.
    """

    fire: Floats
    standing: Floats
    known: Bools
    burned: Floats
    own_k: Floats
    own_n: Floats
    season_k: Floats
    season_n: Floats

    def take(self, keep: Bools | Ints) -> Told:
        """Some of the windows."""
        return Told(**{name: value[keep] for name, value in vars(self).items()})

    def nearest(self, offsets: Iterable[int]) -> Floats:
        """Distance to the nearest fire on some dates of each window (km)."""
        return np.asarray(self.fire[:, columns(offsets)].min(axis=1))

    def stands_at(self, offsets: Iterable[int]) -> Floats:
        """Distance to the nearest fire of long standing (km); `NOWHERE_KM` where there is none."""
        return np.asarray(self.standing[:, columns(offsets)].min(axis=1))

    def readable(self, offsets: Iterable[int]) -> Bools:
        """Whether a record is held of all dates of each window."""
        return np.asarray(self.known[:, columns(offsets)].all(axis=1))


def columns(offsets: Iterable[int]) -> list[int]:
    """Columns of some dates of a window.

    >>> columns((0, 1))
    [1, 2]
    """
    return [OFFSETS.index(offset) for offset in offsets]


def tell(windows: Windows, fires: Fires, record: Fires | None) -> Told:
    """Features of all windows; nothing after the last date of a window is used.

    ``record``: the heat from which it is learned what is of long standing; without one nothing is.
    """
    tree = cKDTree(sphere(fires.lat, fires.lon))
    site_rows = tree.query_ball_point(
        sphere(windows.sites[:, 0], windows.sites[:, 1]), max(EDGES_KM), return_sorted=True
    )
    since = np.full(len(fires.day), NEVER)
    if record is not None:
        near = np.unique(np.concatenate([np.array(rows, dtype=np.int64) for rows in site_rows]))
        near = near[fires.day[near] >= int(windows.day.min()) - OWN_DAYS]
        since[near] = persistent_since(tree.data[near], record)
    n = len(windows)
    fire, standing = (np.full((n, len(OFFSETS)), NOWHERE_KM) for _ in range(2))
    burned, season_k = np.zeros((n, len(EDGES_KM))), np.zeros(n)
    order = np.argsort(windows.site, kind="stable")
    for site, members in _by_site(windows.site, order):
        rows = np.array(site_rows[site], dtype=np.int64)
        here = sphere(windows.sites[site : site + 1, 0], windows.sites[site : site + 1, 1])
        km = np.linalg.norm(tree.data[rows] - here, axis=1)
        day, old = fires.day[rows], since[rows]
        for i in members:
            today = int(windows.day[i])
            for column, offset in enumerate(OFFSETS):
                a, b = np.searchsorted(day, (today + offset, today + offset + 1))
                is_old = old[a:b] < today - t.PERSISTENCE_GUARD_D
                fire[i, column] = _least(km[a:b])
                standing[i, column] = _least(km[a:b][is_old])
            a, b = np.searchsorted(day, (today - OWN_DAYS, today - OWN_GUARD + 1))
            burned[i] = [np.unique(day[a:b][km[a:b] <= edge]).size for edge in EDGES_KM]
            ever = np.unique(day[km <= OWN_KM])
            season_k[i] = sum(np.diff(np.searchsorted(ever, pair))[0] for pair in seasons(today))
    own_n = _between(fires.dates, windows.day - OWN_DAYS, windows.day - OWN_GUARD)
    season_n = np.array(
        [
            sum(np.diff(np.searchsorted(fires.dates, pair))[0] for pair in seasons(int(day)))
            for day in windows.day
        ],
        dtype=np.float64,
    )
    known = np.column_stack([fires.known(windows.day + offset) for offset in OFFSETS])
    own_k = burned[:, EDGES_KM.index(OWN_KM)]
    return Told(fire, standing, known, burned, own_k, own_n, season_k, season_n)


def _by_site(site: Ints, order: Ints) -> Iterable[tuple[int, Ints]]:
    numbers, starts = np.unique(site[order], return_index=True)
    return zip(map(int, numbers), np.split(order, starts[1:]), strict=True)


def _least(km: Floats) -> float:
    return float(km.min()) if km.size else NOWHERE_KM


def _between(dates: Ints, first: Ints, last: Ints) -> Floats:
    """How many of some sorted dates lie between two dates, both included."""
    found = np.searchsorted(dates, last, "right") - np.searchsorted(dates, first, "left")
    return np.asarray(found, dtype=np.float64)


def seasons(day: int) -> list[tuple[int, int]]:
    """Spans (first ordinal, ordinal after the last) of the same season in the peace years."""
    today = date.fromordinal(day)
    middles = (date(year, today.month, min(today.day, 28)).toordinal() for year in SEASON_YEARS)
    return [(middle - SEASON_DAYS, middle + SEASON_DAYS + 1) for middle in middles]


def persistent_since(where: Floats, record: Fires) -> Ints:
    """Date (ordinal) at which heat around each position became persistent; `NEVER` if it did not.

    With more earlier dates the rule can only become true, so that one date for each pixel
    tells for every window whether it is of long standing: when that date is before the guard.
    """
    begun = record.day >= RECORD_FROM.toordinal()
    days = record.day[begun]
    tree = cKDTree(sphere(record.lat[begun], record.lon[begun]))
    around = tree.query_ball_point(where, t.PERSISTENCE_RADIUS_KM)
    return np.array(
        [became_persistent(np.unique(days[np.array(found, dtype=np.int64)])) for found in around],
        np.int64,
    )


def became_persistent(days: Ints) -> int:
    """First of some sorted dates (ordinals) at which they satisfy the rule of persistence.

    >>> became_persistent(np.array([1, 40, 80, 120, 181, 300]))
    181
    >>> became_persistent(np.array([1, 2, 3, 4, 5])) == NEVER  # one fire
    True
    """
    if days.size < t.PERSISTENCE_MIN_DATES:
        return NEVER
    months = (days.astype("datetime64[D]") - np.timedelta64(719163, "D")).astype("datetime64[M]")
    firsts = np.unique(months, return_index=True)[1]
    after = np.searchsorted(days, days[0] + t.PERSISTENCE_MIN_SPAN_D)
    if firsts.size < t.PERSISTENCE_MIN_MONTHS or after == days.size:
        return NEVER
    index = max(t.PERSISTENCE_MIN_DATES - 1, firsts[t.PERSISTENCE_MIN_MONTHS - 1], int(after))
    return int(days[index])
