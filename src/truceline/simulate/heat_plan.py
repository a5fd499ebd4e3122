"""What a made-up archive of fire pixels holds: its size, and the statistics of real ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from truceline.domain.heat_table import day_number
from truceline.geo import Extent

Floats = npt.NDArray[np.float64]

UKRAINE_AND_WEST = Extent(43, 20, 61, 62)
"""Ukraine and western Russia."""


def month_number(day: date) -> int:
    """The month of a date: 12 times the year, plus the month from 0."""
    return day.year * 12 + day.month - 1


def month_start(number: int) -> date:
    """The first date of a month."""
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True)
class Tail:
    """Whole numbers with ``P(N >= n) = (1 + (n - 1) / scale) ** -tail``."""

    tail: float
    scale: float


@dataclass(frozen=True)
class ArchivePlan:
    """An archive of ``n`` fire pixels from ``first`` to ``last``, both included (UTC).

    The other fields are its statistics.  What they were measured in, all NASA FIRMS: (D) the
    924,610 pixels of MODIS and VIIRS over Ukraine from 2012 to 2023, dates and positions only;
    (M) MODIS over Ukraine, 2021, 10,796 pixels; (V) VIIRS of Suomi NPP over Ukraine, February to
    November 2023, 42,415 pixels.  A spot is 0.02 degrees of latitude by 0.03 of longitude.

    Raises ``ValueError`` where no satellite flies in the span, or the box crosses the
    antimeridian.
    """

    n: int
    first: date
    last: date
    seed: int
    extent: Extent = UKRAINE_AND_WEST

    month_shares: tuple[float, ...] = (
        0.0039, 0.0162, 0.1403, 0.1518, 0.0481, 0.0463, 0.1704, 0.1977, 0.1101, 0.0919, 0.0192,
        0.0041,
    )  # fmt: skip
    """Share of each month of the year in all pixels (D)."""

    site_share: float = 0.20
    """Share of pixels at persistent sites: spots with heat in 20 months or more (D)."""

    site_month_shares: tuple[float, ...] = (
        0.012, 0.024, 0.042, 0.083, 0.120, 0.144, 0.154, 0.158, 0.125, 0.088, 0.038, 0.012,
    )  # fmt: skip
    """Share of each month of the year in the pixels at persistent sites (D)."""

    n_sites: int = 1_200
    site_spread: float = 1.7
    """Persistent sites, and the standard deviation of the natural logarithm of their pixels (D:
    180 spots in Ukraine, of 1.66; a site may reach into two spots, and the box is nine times
    Ukraine)."""

    site_scatter_km: float = 0.35
    """Standard deviation of positions at one site, north and east (D: 0.2 to 0.6)."""

    fire_bursts: tuple[Tail, Tail] = (Tail(20.0, 10.0), Tail(4.0, 3.2))
    """Pixels of a burst of a fire, MODIS and VIIRS.  A fire may have several in one pass: joined
    within 2.5 km they have 1.5 pixels on average (M: 1.4), within 0.9 km 1.9 (V: 1.8)."""

    site_bursts: tuple[Tail, Tail] = (Tail(20.0, 73.0), Tail(6.0, 5.3))
    """The same at persistent sites: one pixel in 78 % of cases (M) and in 65 % (V)."""

    passes: Tail = Tail(1.2, 0.8)
    fire_delay_d: float = 0.5
    fire_reach_km: float = 0.55
    """Bursts of a fire, their mean delay, and how far off they lie for each root of their number.
    Chosen; pixels joined by day and 1 km then have a mean of 2.0 and a largest of 90 where real
    ones have 2.4 and 527 (D): the very largest fires are missing."""

    day_variation: float = 1.3
    """Standard deviation of fires a day over their mean, within a month; for pixels, sites
    included, it is then 0.9, as in (D)."""

    uniform_share: float = 0.25
    district_km: float = 45.0
    district_spread: float = 1.4
    n_districts: int = 400
    """Fires lie anywhere, or about districts of unequal weight (standard deviation of its
    logarithm).  Chosen so that the densest tenth of cells of about 27 km holds two fifths of the
    pixels, and half of the cells four fifths, as in (D)."""

    satellite_rates: tuple[float, ...] = (1.0, 1.1, 9.1, 9.1, 9.1)
    """Pixels relative to Terra: Aqua (M); Suomi NPP (D and M of 2021); the later two as it."""

    satellite_starts: tuple[date, ...] = (
        date(2000, 11, 1), date(2002, 7, 1), date(2012, 1, 1), date(2018, 4, 1), date(2023, 2, 1),
    )  # fmt: skip
    """First month of each satellite's pixels, roughly as archives hold them."""

    day_hours: tuple[float, ...] = (11.16, 12.95, 12.81, 12.81, 12.81)
    night_hours: tuple[float, ...] = (21.74, 2.19, 2.06, 2.06, 2.06)
    """Local solar time of passes (h), medians (M, V); the two NOAA satellites as Suomi NPP."""

    hours_spread: float = 0.25
    """Standard deviation of it beyond the spacing of orbits (h): wide swaths overlap (V)."""

    night_shares: tuple[tuple[float, float], tuple[float, float]] = ((0.07, 0.53), (0.19, 0.88))
    """Share of pixels by night: MODIS (M) and VIIRS (V), each away from and at sites."""

    confidence_shares: tuple[tuple[float, ...], tuple[float, ...]] = (
        (0.063, 0.776, 0.161), (0.064, 0.892, 0.044),
    )  # fmt: skip
    """Low, nominal and high: MODIS (M) and VIIRS (V)."""

    frp_log_mean: tuple[tuple[float, float], tuple[float, float]] = ((2.72, 2.45), (1.53, 0.40))
    frp_log_sd: tuple[tuple[float, float], tuple[float, float]] = ((0.87, 0.62), (1.05, 0.73))
    """Natural logarithm of radiative power in MW: MODIS (M), VIIRS (V), away from and at sites."""

    spacing_km: tuple[float, float] = (1.05, 0.42)
    """From one pixel to the next of a burst; the nearest lies 1.03 km (M) or 0.39 km (V) off."""

    object_site_share: float = 0.03
    """Share of protected objects at a persistent site: of 999 power plants and substations of
    OpenStreetMap in Ukraine 2.5 % lie within 2 km of a spot of (D)."""

    object_site_km: float = 1.0
    n_towns: int = 2_000
    town_km: float = 4.0
    """Scatter of objects about their site, and about their town.  Not measured."""

    def __post_init__(self) -> None:
        if self.extent.west >= self.extent.east:
            raise ValueError("a made-up archive cannot cross the antimeridian")
        if self.n and not sum(self.weight(m) for m in self.numbers()):
            raise ValueError(f"no satellite flies from {self.first} to {self.last}")

    def numbers(self) -> range:
        """Months of the span, each as `month_number` counts them."""
        return range(month_number(self.first), month_number(self.last) + 1)

    def span(self, number: int) -> tuple[int, int]:
        """First and last day of a month within the span, as days since 1970-01-01."""
        start, end = month_start(number), month_start(number + 1) - timedelta(days=1)
        return day_number(max(start, self.first)), day_number(min(end, self.last))

    def rates(self, number: int) -> Floats:
        """Rates of the satellites in a month, 0 before their start."""
        starts = np.array([month_number(start) for start in self.satellite_starts])
        return np.where(starts <= number, np.array(self.satellite_rates), 0.0)

    def weight(self, number: int) -> float:
        """What a month has of the archive, relative to others."""
        first, last = self.span(number)
        whole = (month_start(number + 1) - month_start(number)).days
        part = (last - first + 1) / whole
        return float(self.rates(number).sum()) * self.month_shares[number % 12] * part

    def at_sites(self, number: int) -> float:
        """Share of a month's pixels at persistent sites: most of what burns in winter."""
        month = number % 12
        share = self.site_share * self.site_month_shares[month]
        return min(1.0, share / self.month_shares[month])


@lru_cache(maxsize=16)
def rows_by_month(plan: ArchivePlan) -> tuple[int, ...]:
    """Rows of each month, ``plan.n`` in all: by weight, the largest remainders rounded up.

    >>> rows_by_month(ArchivePlan(1_000, date(2020, 6, 16), date(2020, 8, 31), seed=1))
    (59, 436, 505)
    """
    exact = shares(np.array([plan.weight(number) for number in plan.numbers()])) * plan.n
    rows = np.floor(exact).astype(np.int64)
    most = np.argsort(rows - exact, kind="stable")
    rows[most[: plan.n - rows.sum()]] += 1
    return tuple(rows.tolist())


def shares(weights: Floats) -> Floats:
    """Weights as shares of their sum; all 0 where that is 0."""
    return np.divide(weights, max(float(weights.sum()), np.finfo(np.float64).tiny))
