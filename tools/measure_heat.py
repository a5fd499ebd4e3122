"""Measure how often a reported strike shows as satellite heat, by object class.

For every labelled strike the question is whether MODIS reports at least one
heat detection within a radius on the same or the next UTC date ("shown"). The
background asks the same of the same places on earlier dates. Heat that was
there all along (steel works, gas flares) is masked first, with a rule that
looks only at dates before the event.

The result is a file of aggregates: counts, rates and intervals per class and
radius. It holds no event, no date and no position.

What the numbers are not: neither the cloud nor the number of overpasses of an
event is known for 2022, so every rate is marginal over looks and cloud. A
strike that did not show may have been under cloud. The labels are keyword
classes on local dates without an hour. Windows of one place are not independent
of each other: the intervals of single rates ignore that, the interval of the
ratio discounts the counts by the measured design effect.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
from shapely import affinity, ops, prepared
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

LABELS = "events/strikes_ukraine_2022_feb_aug.csv"
OUTLINES = "admin/UA_oblasts.geojson"
HEAT = ("firms/MODIS-2021.csv", "firms/MODIS-2022-arch.csv", "firms/MODIS-2022.csv")

FIRST_DAY = date(2022, 2, 24)
LAST_DAY = date(2022, 8, 31)  # later labels and later heat are held back
AQUA_OUT = (date(2022, 4, 1), date(2022, 4, 16))  # no Aqua rows in the feed
KINDS = ("Bombing", "Civilian Infrastructure", "Casualty")
CLASSES = {"oil_and_fuel": "energy_oil_fuel", "power": "energy_power", "any": ""}
RADII_KM = (1.0, 2.0, 5.0, 8.0)
SHIFTS = tuple(range(6, 61, 6))  # days before the event, for the background
CELL_DEG = 0.01
PLACE_DEG = 0.1  # windows in one such cell count as one place for the design effect
BORDER_KM = 3.0
EARTH_KM = 6371.0088
MASS = 0.95
DRAWS = 40_000
SEED = 20220224
MIN_N = 5

COMMAND = "python tools/measure_heat.py --data DATA --out src/truceline/assess/heat_model.toml"
UNKNOWN = "windows with a date without any row, or in 1 to 16 April 2022 (no Aqua), are left out"
RATIO_NOTE = "both posteriors, counts divided by the design effect of places of 0.1 degree"
SOURCE = (
    "Centre for Information Resilience and Bellingcat, Russia-Ukraine Monitor Map, "
    "February to August 2022, aggregates only; NASA FIRMS (https://earthdata.nasa.gov/firms), "
    "part of NASA EOSDIS; outlines (c) OpenStreetMap contributors, ODbL 1.0"
)


@dataclass(frozen=True)
class Persistence:
    """When earlier heat around a detection makes it persistent, not an event."""

    radius_km: float = 2.0
    min_months: int = 3  # distinct calendar months
    min_dates: int = 5  # distinct dates
    min_span_days: int = 180  # first to last earlier date
    guard_days: int = 14  # dates just before the event that do not count


@dataclass(frozen=True)
class Event:
    """One place on one local date, after merging the rows of a cell."""

    day: date
    lat: float
    lon: float
    classes: frozenset[str]


@dataclass(frozen=True)
class Rate:
    """A share k of n windows, and how far they fall short of being independent."""

    n: int
    k: int
    design_effect: float = 1.0

    def posterior(self) -> tuple[float, float]:
        """Parameters of the beta posterior under the Jeffreys prior."""
        return self.k + 0.5, self.n - self.k + 0.5

    def discounted(self) -> tuple[float, float]:
        """The same with both counts divided by the design effect."""
        weight = 1 / self.design_effect
        return self.k * weight + 0.5, (self.n - self.k) * weight + 0.5


@dataclass(frozen=True)
class Cell:
    """Show rate and background rate of one class at one radius."""

    name: str
    radius_km: float
    show: Rate
    background: Rate


def distance_km(lat: float, lon: float, lats: FloatArray, lons: FloatArray) -> FloatArray:
    """Great-circle distance from one point to many (haversine)."""
    p1, p2 = math.radians(lat), np.radians(lats)
    dlon = np.radians(lons) - math.radians(lon)
    a = np.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * np.cos(p2) * np.sin(dlon / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(a)), dtype=np.float64)


class HeatArchive:
    """Heat detections by date, with the persistence rule on top.

    A date without a single row anywhere in the files is unknown, not free of
    heat: see `observed`.
    """

    def __init__(self, rows: Iterable[tuple[date, float, float]], rule: Persistence):
        ordered = sorted(rows)
        self.rule = rule
        self.days: IntArray = np.array([d.toordinal() for d, _, _ in ordered], dtype=np.int64)
        self.months: IntArray = np.array([d.year * 12 + d.month for d, _, _ in ordered], np.int64)
        self.lats: FloatArray = np.array([a for _, a, _ in ordered], dtype=np.float64)
        self.lons: FloatArray = np.array([o for _, _, o in ordered], dtype=np.float64)
        self._seen = {d for d, _, _ in ordered}
        self._around: dict[int, IntArray] = {}

    def observed(self, day: date) -> bool:
        """Whether the window of this date (same and next date) can be read."""
        return all(self._readable(d) for d in (day, day + timedelta(days=1)))

    def _readable(self, day: date) -> bool:
        return day in self._seen and not AQUA_OUT[0] <= day <= AQUA_OUT[1]

    def nearest_km(self, lat: float, lon: float, day: date) -> float:
        """Distance to the nearest detection of the window that is not persistent."""
        start, stop = np.searchsorted(self.days, [day.toordinal(), day.toordinal() + 2])
        km = distance_km(lat, lon, self.lats[start:stop], self.lons[start:stop])
        for i in np.argsort(km, kind="stable"):
            if km[i] > max(RADII_KM):
                break
            if not self.persistent(int(start + i), day):
                return float(km[i])
        return math.inf

    def persistent(self, row: int, day: date) -> bool:
        """Whether detection `row` is old heat, judged only by dates before `day`."""
        around = self._neighbours(row)
        last = day.toordinal() - self.rule.guard_days
        before = around[self.days[around] < last]
        if before.size == 0:
            return False
        dates = np.unique(self.days[before])
        return bool(
            np.unique(self.months[before]).size >= self.rule.min_months
            and dates.size >= self.rule.min_dates
            and dates[-1] - dates[0] >= self.rule.min_span_days
        )

    def _neighbours(self, row: int) -> IntArray:
        if row not in self._around:
            km = distance_km(self.lats[row], self.lons[row], self.lats, self.lons)
            self._around[row] = np.flatnonzero(km <= self.rule.radius_km).astype(np.int64)
        return self._around[row]


def read_heat(paths: Iterable[Path]) -> Iterator[tuple[date, float, float]]:
    """Date and position of each detection, up to the last day that may be used."""
    for path in paths:
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                day = date.fromisoformat(row["acq_date"])
                if day <= LAST_DAY:
                    yield day, float(row["latitude"]), float(row["longitude"])


class Country:
    """The outlines of a country, with a tolerance in kilometres."""

    def __init__(self, outlines: BaseGeometry, tolerance_km: float = BORDER_KM):
        self._squeeze = math.cos(math.radians(outlines.centroid.y))
        self._flat = affinity.scale(outlines, xfact=self._squeeze, yfact=1.0, origin=(0, 0))
        self._fast = prepared.prep(self._flat)
        self._tolerance_km = tolerance_km

    @classmethod
    def read(cls, path: Path) -> Country:
        """Read the outlines of a GeoJSON feature collection and join them."""
        document = json.loads(path.read_text(encoding="utf-8"))
        parts = [shape(feature["geometry"]).buffer(0) for feature in document["features"]]
        return cls(ops.unary_union(parts))

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the point is inside, or outside by no more than the tolerance."""
        point = Point(lon * self._squeeze, lat)
        if self._fast.contains(point):
            return True
        edge = ops.nearest_points(self._flat, point)[0]
        lats, lons = np.array([edge.y]), np.array([edge.x / self._squeeze])
        return bool(distance_km(lat, lon, lats, lons)[0] <= self._tolerance_km)


def read_events(path: Path, country: Country) -> list[Event]:
    """Strike labels: filtered, then one event per date and 0.01 degree cell."""
    cells: dict[tuple[date, int, int], list[dict[str, str]]] = {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day, lat, lon = date.fromisoformat(row["date"]), float(row["lat"]), float(row["lon"])
            usable = FIRST_DAY <= day <= LAST_DAY and any(kind in row["kind"] for kind in KINDS)
            if usable and lat != lon and country.holds(lat, lon):
                key = (day, round(lat / CELL_DEG), round(lon / CELL_DEG))
                cells.setdefault(key, []).append(row)
    return [merge(key[0], rows) for key, rows in sorted(cells.items())]


def merge(day: date, rows: Sequence[dict[str, str]]) -> Event:
    """One event with all the classes of its rows, at the place of the most telling row.

    Rows with an energy class come first, then the lowest identifier.
    """
    labels = set(CLASSES.values()) - {""}
    first = min(rows, key=lambda row: (row["class"] not in labels, row["id"]))
    classes = frozenset(row["class"] for row in rows)
    return Event(day, float(first["lat"]), float(first["lon"]), classes)


def measure(events: Sequence[Event], heat: HeatArchive) -> list[Cell]:
    """Count shown events and shown background windows per class and radius."""
    shows = [(e, windows(e, (0,), heat)) for e in events]
    background = [(e, windows(e, SHIFTS, heat)) for e in events]
    cells = []
    for name, label in CLASSES.items():
        for radius in RADII_KM:
            cell = Cell(name, radius, *(count(s, label, radius) for s in (shows, background)))
            if min(cell.show.n, cell.background.n) >= MIN_N:
                cells.append(cell)
    return cells


def windows(event: Event, shifts: Iterable[int], heat: HeatArchive) -> list[float]:
    """Nearest heat in each window so many days earlier, without unknown windows."""
    days = [event.day - timedelta(days=shift) for shift in shifts]
    return [heat.nearest_km(event.lat, event.lon, day) for day in days if heat.observed(day)]


def count(nearest: Iterable[tuple[Event, list[float]]], label: str, radius_km: float) -> Rate:
    """Share of a class's windows with heat inside the radius (no label: all classes)."""
    places: dict[tuple[int, int], list[bool]] = {}
    for event, kms in nearest:
        if kms and (not label or label in event.classes):
            place = (round(event.lat / PLACE_DEG), round(event.lon / PLACE_DEG))
            places.setdefault(place, []).extend(km <= radius_km for km in kms)
    hits = list(places.values())
    return Rate(sum(map(len, hits)), sum(map(sum, hits)), design_effect(hits))


def design_effect(places: Sequence[Sequence[bool]]) -> float:
    """Variance of a rate from windows grouped by place, over that of a simple sample."""
    n, k = sum(map(len, places)), sum(map(sum, places))
    if k in (0, n):
        return 1.0
    rate = k / n
    grouped = sum((sum(hits) - rate * len(hits)) ** 2 for hits in places) / n**2
    return max(1.0, grouped / (rate * (1 - rate) / n))


def beta_cdf(x: float, a: float, b: float) -> float:
    """Regularised incomplete beta function, by Lentz's continued fraction."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_cdf(1 - x, b, a)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(log_front + a * math.log(x) + b * math.log1p(-x)) / a
    c, d, fraction = 1.0, 0.0, 1.0
    for i in range(2000):
        m = i // 2
        if i == 0:
            term = 1.0
        elif i % 2 == 0:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / (1 + term * d)
        c = 1 + term / c
        fraction *= c * d
        if i and abs(c * d - 1) < 1e-14:
            break
    return front * (fraction - 1)


def beta_quantile(mass: float, a: float, b: float) -> float:
    """Inverse of `beta_cdf`, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if beta_cdf(middle, a, b) < mass else (low, middle)
    return (low + high) / 2


def jeffreys(rate: Rate) -> tuple[float, float, float]:
    """Posterior mean and equal-tailed interval of a rate under the Jeffreys prior.

    As usual the lower end is 0 where k = 0 and the upper end is 1 where k = n.
    """
    (a, b), tail = rate.posterior(), (1 - MASS) / 2
    low = 0.0 if rate.k == 0 else beta_quantile(tail, a, b)
    high = 1.0 if rate.k == rate.n else beta_quantile(1 - tail, a, b)
    return a / (a + b), low, high


def ratio(cell: Cell) -> tuple[float, float, float] | None:
    """Median and interval of show rate over background rate, from both posteriors.

    None where neither was ever seen: the answer would be the prior's alone. The
    standard library's generator is used because its stream does not change
    between versions; every cell starts from the stored seed.
    """
    if cell.show.k == cell.background.k == 0:
        return None
    rng = random.Random(SEED)
    a, b = cell.show.discounted()
    c, d = cell.background.discounted()
    draws = sorted(rng.betavariate(a, b) / rng.betavariate(c, d) for _ in range(DRAWS))
    tail = (1 - MASS) / 2
    middle, low, high = (draws[int(q * (DRAWS - 1))] for q in (0.5, tail, 1 - tail))
    return middle, low, high


def sha256(path: Path) -> str:
    """Checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def header(data: Path, rule: Persistence) -> list[str]:
    """Everything of the model file that is not a count."""
    names = (LABELS, *HEAT, OUTLINES)
    step = SHIFTS[1] - SHIFTS[0]
    return [
        'schema = "truceline-heat-model/1"',
        'status = "provisional"',
        'sensor = "MODIS"',
        'marginal_over = "looks and cloud"',
        'window = "same or next UTC date"',
        f"interval_mass = {MASS}",
        'estimate = "posterior mean, (k + 0.5) / (n + 1); Jeffreys interval"',
        f'background = "same sites, {SHIFTS[0]} to {SHIFTS[-1]} days earlier, every {step} days"',
        f'unknown = "{UNKNOWN}"',
        f'ratio_interval = "{RATIO_NOTE}"',
        f"seed = {SEED}",
        f"draws = {DRAWS}",
        f'command = "{COMMAND}"',
        f'source = "{SOURCE}"',
        "",
        "[inputs]",
        *(f'"{Path(name).name}" = "{sha256(data / name)}"' for name in names),
        "",
        "[persistence]",
        *(f"{key} = {value}" for key, value in asdict(rule).items()),
    ]


def cell_lines(cell: Cell) -> list[str]:
    """One class at one radius as a TOML table."""
    lines = ["", "[[cell]]", f'class = "{cell.name}"', f"radius_km = {cell.radius_km}"]
    lines += [f"n = {cell.show.n}", f"k = {cell.show.k}"]
    lines += values("p_show", 4, jeffreys(cell.show))
    lines += [f"design_effect = {cell.show.design_effect:.2f}"]
    lines += [f"background_n = {cell.background.n}", f"background_k = {cell.background.k}"]
    lines += values("p_background", 4, jeffreys(cell.background))
    lines += [f"background_design_effect = {cell.background.design_effect:.2f}"]
    interval = ratio(cell)
    return lines + (values("ratio", 2, interval) if interval else [])


def values(name: str, digits: int, numbers: tuple[float, float, float]) -> list[str]:
    """A value and its interval as three TOML lines."""
    keys = (name, f"{name}_low", f"{name}_high")
    return [f"{k} = {v:.{digits}f}" for k, v in zip(keys, numbers, strict=True)]


def table(cells: Iterable[Cell]) -> str:
    """The cells as a table for reading."""
    layout = "{:12} {:>4} {:>5} {:>4}  {:19} {:>6} {:>5}  {:19}  {}"
    titles = ("class", "km", "n", "k", "show", "bg n", "bg k", "background", "ratio")
    lines = [layout.format(*titles)]
    for cell in cells:
        show, background = cell.show, cell.background
        p, q = ("{:.3f} ({:.3f}-{:.3f})".format(*jeffreys(r)) for r in (show, background))
        interval = ratio(cell)
        text = "{:.2f} ({:.2f}-{:.2f})".format(*interval) if interval else "unknown"
        row = (cell.name, cell.radius_km, show.n, show.k, p, background.n, background.k, q, text)
        lines.append(layout.format(*row))
    return "\n".join(lines)


def run(data: Path, out: Path) -> list[Cell]:
    """Measure and write the model file."""
    rule = Persistence()
    heat = HeatArchive(read_heat(data / name for name in HEAT), rule)
    events = read_events(data / LABELS, Country.read(data / OUTLINES))
    cells = measure(events, heat)
    lines = header(data, rule)
    for cell in cells:
        lines += cell_lines(cell)
    out.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return cells


def main(argv: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Measure satellite heat by object class.")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--out", type=Path, required=True, help="the model file to write")
    args = parser.parse_args(argv)
    print(table(run(args.data, args.out)))


if __name__ == "__main__":
    main()
