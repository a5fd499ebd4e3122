"""Labelled strikes, merged; control windows; and the blocks that keep training from test.

A label is a keyword class on a local date from a title, without an hour.  Rows of one date and
0.01 degree cell are one event.  Controls answer "how often would it show anyway": the same site
on other dates, and other sites on the same date, never within two days of a label within 2 km.
"""

from __future__ import annotations

import csv
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from truceline.errors import BadInput, Where
from truceline.geo import EARTH_RADIUS_KM, KM_PER_DEGREE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FIRST_DAY = date(2022, 2, 24)
LAST_DAY = date(2022, 8, 31)
"""Later labels and later fires are never fitted."""

GROUPS = ("any", "oil_and_fuel", "power")
LABEL_GROUPS = {"energy_oil_fuel": "oil_and_fuel", "energy_power": "power"}
KINDS = ("Bombing", "Civilian Infrastructure", "Casualty")
COLUMNS = {"id", "date", "lat", "lon", "class", "kind"}

MERGE_DEG = 0.01
PLACE_DEG = 0.1
"""Windows in one such cell are one cluster: they share fields, front and weather."""
BLOCK_DEG = 0.5
N_FOLDS = 10
BORDER_KM = 3.0
"""Outlines are simplified: some places fall so far outside."""

SHIFTS = tuple(shift for shift in range(-60, 61, 6) if shift)
SAME_SITE, OTHER_SITE = 3, 3
"""Controls drawn for each event, of either sort; an energy event, of which there are few, has every
quiet window at its own site."""
QUIET_KM = 2.0
QUIET_DAYS = 2
APART_KM = 20.0
"""Circles of a site and of its control elsewhere must not overlap."""
SEED = 20220224


@dataclass(frozen=True)
class Event:
    """One place (degrees) on one local date, after merging; group is one of `GROUPS`."""

    day: date
    lat: float
    lon: float
    group: str


@dataclass(frozen=True)
class Windows:
    """Strikes and their controls as columns of one length.

    ``event``: number of the event a window belongs to; ``sort``: 0 strike, 1 same site, 2 same
    date; ``site``: number of its position in ``sites`` (n, 2); ``group``: index in `GROUPS` of
    the object at its site; ``day``: proleptic ordinal.
    """

    event: Ints
    sort: Ints
    site: Ints
    group: Ints
    day: Ints
    sites: Floats

    def __len__(self) -> int:
        return len(self.event)

    def take(self, keep: Bools | Ints) -> Self:
        """Some of the windows."""
        columns = ("event", "sort", "site", "group", "day")
        return replace(self, **{name: getattr(self, name)[keep] for name in columns})

    @property
    def struck(self) -> Bools:
        """Whether a window begins on the date of a labelled strike."""
        return np.asarray(self.sort == 0)

    @property
    def lat(self) -> Floats:
        """Latitude of each window (degrees)."""
        return np.asarray(self.sites[self.site, 0])

    @property
    def lon(self) -> Floats:
        """Longitude of each window (degrees)."""
        return np.asarray(self.sites[self.site, 1])

    @property
    def month(self) -> Ints:
        """Calendar month of each window, as year times 12 plus month."""
        days = self.day.astype("datetime64[D]") - np.timedelta64(EPOCH, "D")
        return np.asarray(days.astype("datetime64[M]").astype(np.int64) + 1970 * 12 + 1)

    @property
    def place(self) -> Ints:
        """Cluster of each window: number of its cell of 0.1 degrees."""
        return cells(self.lat, self.lon, PLACE_DEG)

    @property
    def block(self) -> Ints:
        """Number of the block of 0.5 degrees of each window."""
        return cells(self.lat, self.lon, BLOCK_DEG)

    @property
    def fold(self) -> Ints:
        """Fold of each window, from a checksum of its block: the same on every machine."""
        names, index = np.unique(self.block, return_inverse=True)
        fold_of = np.array([zlib.crc32(str(name).encode()) % N_FOLDS for name in names])
        return np.asarray(fold_of[index], dtype=np.int64)

    @property
    def weight(self) -> Floats:
        """Weight of each window: a strike 1, its controls together 1."""
        n_controls = np.bincount(self.event[~self.struck], minlength=int(self.event.max()) + 1)
        shares = 1.0 / np.maximum(1, n_controls)
        return np.where(self.struck, 1.0, shares[self.event])

    def matched(self) -> Self:
        """Without events that have lost their strike or all of their controls."""
        size = int(self.event.max()) + 1
        whole = np.bincount(self.event[self.struck], minlength=size) > 0
        whole &= np.bincount(self.event[~self.struck], minlength=size) > 0
        return self.take(whole[self.event])


EPOCH = date(1970, 1, 1).toordinal()


def cells(lat: Floats, lon: Floats, size_deg: float) -> Ints:
    """Number of the cell of so many degrees that holds each position."""
    rows = np.rint(lat / size_deg).astype(np.int64)
    return np.asarray(rows * 100_000 + np.rint(lon / size_deg).astype(np.int64))


def sphere(lat: Floats, lon: Floats) -> Floats:
    """Positions (n, 3) in km from the middle of the earth.

    Chords stand for arcs: at 20 km they are shorter by a centimetre.
    """
    p, q = np.radians(lat), np.radians(lon)
    axes = (np.cos(p) * np.cos(q), np.cos(p) * np.sin(q), np.sin(p))
    return EARTH_RADIUS_KM * np.column_stack(axes)


def inside(lat: Floats, lon: Floats, outlines: Path) -> Bools:
    """Whether positions lie in some outlines (GeoJSON), or outside by at most 3 km."""
    document = json.loads(outlines.read_text(encoding="utf-8"))
    parts = [shapely.geometry.shape(each["geometry"]).buffer(0) for each in document["features"]]
    squeeze = float(np.cos(np.radians(48.5)))
    land = shapely.affinity.scale(shapely.union_all(parts), xfact=squeeze, origin=(0, 0))
    points = shapely.points(lon * squeeze, lat)
    shapely.prepare(land)
    km = np.asarray(shapely.distance(land, points), dtype=np.float64) * KM_PER_DEGREE
    return np.asarray(km <= BORDER_KM)


def read_events(labels: Path, outlines: Path) -> list[Event]:
    """Strikes inside the outlines, one for each date and 0.01 degree cell, in order.

    Kinds with bombing, civilian infrastructure or casualties; rows whose latitude equals their
    longitude are typing errors and left out.  Dates after `LAST_DAY` are kept: see `held_back`.
    """
    with labels.open(newline="", encoding="utf-8") as file:
        table = csv.DictReader(file)
        if missing := COLUMNS - set(table.fieldnames or ()):
            raise BadInput(f"columns are missing: {sorted(missing)}", Where(str(labels)))
        rows = [row for row in table if any(kind in row["kind"] for kind in KINDS)]
    lat, lon = (np.array([float(row[name]) for row in rows]) for name in ("lat", "lon"))
    held = inside(lat, lon, outlines) & (lat != lon)
    merged: dict[tuple[date, int, int], list[dict[str, str]]] = {}
    for row, keep, a, o in zip(rows, held, lat, lon, strict=True):
        day = date.fromisoformat(row["date"])
        if keep and day >= FIRST_DAY:
            key = (day, round(a / MERGE_DEG), round(o / MERGE_DEG))
            merged.setdefault(key, []).append(row)
    return [merge(key[0], each) for key, each in sorted(merged.items())]


def merge(day: date, rows: Sequence[dict[str, str]]) -> Event:
    """One event at the place of the most telling row: an energy class first, then lowest id."""
    order = list(LABEL_GROUPS)
    first = min(rows, key=lambda row: (_rank(row["class"], order), row["id"]))
    group = LABEL_GROUPS.get(first["class"], "any")
    return Event(day, float(first["lat"]), float(first["lon"]), group)


def _rank(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)


def held_back(events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    """Events that may be fitted, and those of the later period."""
    early = [event for event in events if event.day <= LAST_DAY]
    return early, [event for event in events if event.day > LAST_DAY]


def draw_windows(events: Sequence[Event], first: date, last: date, seed: int = SEED) -> Windows:
    """Strikes with their controls of either sort, between two dates, seeded."""
    site_of = {where: i for i, where in enumerate(sorted({(e.lat, e.lon) for e in events}))}
    sites = np.array(list(site_of), dtype=np.float64).reshape(-1, 2)
    at = np.array([site_of[e.lat, e.lon] for e in events])
    day = np.array([e.day.toordinal() for e in events])
    group = np.array([GROUPS.index(e.group) for e in events])
    site_group = np.zeros(len(sites), dtype=np.int64)
    np.maximum.at(site_group, at, group)
    where = sphere(sites[:, 0], sites[:, 1])
    tree = cKDTree(where)
    near = [set(found) for found in tree.query_ball_point(where, QUIET_KM)]
    busy = [frozenset(day[np.isin(at, list(found))].tolist()) for found in near]
    rng = np.random.default_rng(seed)
    rows: list[tuple[int, int, int, int, int]] = []
    for k in range(len(events)):
        here, today = int(at[k]), int(day[k])
        rows.append((k, 0, here, int(group[k]), today))
        shifted = [
            today + shift
            for shift in SHIFTS
            if first.toordinal() <= today + shift <= last.toordinal()
            and _quiet(busy[here], today + shift)
        ]
        n_same = len(SHIFTS) if group[k] else SAME_SITE
        picked = rng.permutation(np.array(shifted, dtype=np.int64))[:n_same]
        rows += [(k, 1, here, int(group[k]), int(each)) for each in sorted(picked)]
        others = _elsewhere(rng, where, at, here, today, busy)
        rows += [(k, 2, each, int(site_group[each]), today) for each in others]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    event_of, sort, site, group_of, day_of = columns
    return Windows(event_of, sort, site, group_of, day_of, sites)


def _quiet(busy: frozenset[int], day: int) -> bool:
    return busy.isdisjoint(range(day - QUIET_DAYS, day + QUIET_DAYS + 1))


def _elsewhere(
    rng: np.random.Generator,
    where: Floats,
    at: Ints,
    here: int,
    today: int,
    busy: Sequence[frozenset[int]],
) -> list[int]:
    """Sites far from an event and without a label of their own around its date.

    Drawn as often as sites were struck, so that controls lie where strikes lie.
    """
    found: list[int] = []
    for site in map(int, at[rng.permutation(len(at))]):
        apart = float(np.linalg.norm(where[site] - where[here])) > APART_KM
        if apart and site not in found and _quiet(busy[site], today):
            found.append(site)
            if len(found) == OTHER_SITE:
                break
    return found
