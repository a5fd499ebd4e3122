"""Fire pixels of one month of a made-up archive: fires and sites, their passes, their pixels.

A fire shows in some passes, a persistent site in many; what one pass sees of it is a burst, some
pixels close together at one minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from truceline.cells import E5, Integers, cells_of, e5
from truceline.domain.heat_table import MINUTES_A_DAY, SATELLITES, SENSORS
from truceline.geo import KM_PER_DEGREE
from truceline.simulate.heat_plan import ArchivePlan, Floats, Tail, shares

Rows = dict[str, npt.NDArray[Any]]

IS_VIIRS = np.array([sensor == "VIIRS" for sensor in SENSORS])
PERIOD_MIN = np.where(IS_VIIRS, 101.44, 98.88)
"""Minutes of an orbit at 824 km (VIIRS) and 705 km (MODIS)."""

RISES_BY_DAY = np.where(np.array(SATELLITES) == "Terra", -1, 1)
"""Terra comes from the north by day, the others from the south."""

PHASE_MIN = 20
"""Between the orbits of one satellite and the next (min).  Not measured: any will do."""

STREAM_SITES, STREAM_DISTRICTS = 1, 3
"""Random streams of what lasts; those of months have the numbers of the months."""

MAX_PIXELS, MAX_PASSES = 600, 400
"""Of a burst, and of a fire: the tails have no end of their own."""

GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
SEED_STEP, SHAKEN = 0.55, 0.3
"""Neighbours in a sunflower of this step lie one unit apart; they are shaken by a part of it."""

MONTH_D = 31


@dataclass(frozen=True)
class _Bursts:
    """What burns in one pass: position (degrees), day, number of pixels, satellite."""

    lat: Floats
    lon: Floats
    day: Integers
    size: Integers
    satellite: Integers
    at_site: bool


def pixels(plan: ArchivePlan, number: int, n: int) -> Rows:
    """Pixels of one month with their cells, by cell, minute, latitude and longitude.

    No two have the same position and minute.
    """
    random = np.random.default_rng((plan.seed, number))
    n_at_sites = round(plan.at_sites(number) * n)
    parts = [
        _of_bursts(plan, number, _at_sites(plan, number, n_at_sites, random), random),
        _of_bursts(plan, number, _of_fires(plan, number, n - n_at_sites, random), random),
    ]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return _sorted(rows, round((plan.extent.west + plan.extent.east) / 2 * E5))


# --- where and when it burns ----------------------------------------------------------------------


def sites_of(plan: ArchivePlan) -> tuple[Floats, Floats]:
    """Positions of persistent sites (rows of degrees), and how much of the heat each has."""
    random = np.random.default_rng((plan.seed, STREAM_SITES))
    positions = anywhere(plan, plan.n_sites, random)
    return positions, shares(random.lognormal(0.0, plan.site_spread, plan.n_sites))


def anywhere(plan: ArchivePlan, n: int, random: np.random.Generator) -> Floats:
    """Positions in the box, uniform on the sphere (n rows of latitude and longitude)."""
    box = plan.extent
    south, north = np.sin(np.radians([box.south, box.north]))
    lat = np.degrees(np.arcsin(random.uniform(south, north, n)))
    return np.stack([lat, random.uniform(box.west, box.east, n)], axis=1)


def moved(lat: Floats, lon: Floats, north_km: Floats, east_km: Floats) -> tuple[Floats, Floats]:
    """Positions moved by small steps, as if the ground were flat over their length."""
    wide = KM_PER_DEGREE * np.cos(np.radians(lat))
    return lat + north_km / KM_PER_DEGREE, lon + east_km / wide


def e5_inside(plan: ArchivePlan, lat: Floats, lon: Floats) -> tuple[Integers, Integers]:
    """Positions in 1e-5 degrees; what lies beyond an edge of the box is mirrored at it."""
    box = plan.extent
    return _mirrored(lat, box.south, box.north), _mirrored(lon, box.west, box.east)


def _mirrored(degrees: Floats, low: float, high: float) -> Integers:
    inside = np.minimum(low + np.abs(degrees - low), high)
    inside = np.where(degrees > high, np.maximum(2 * high - degrees, low), inside)
    return e5(inside)


def _sizes(n: int, tail: Tail, most: int, random: np.random.Generator) -> Integers:
    """Whole numbers with a heavy tail that add up to ``n``; the last is cut to fit."""
    parts = [np.zeros(0, dtype=np.int64)]
    missing = n
    while missing > 0:
        rare = random.random(n // 2 + 100)
        size = np.floor(tail.scale * (rare ** (-1 / tail.tail) - 1)) + 1
        parts.append(np.minimum(size, most).astype(np.int64))
        missing -= int(parts[-1].sum())
    ends = np.minimum(np.cumsum(np.concatenate(parts)), n)
    sizes = np.diff(ends, prepend=0)
    return np.asarray(sizes[sizes > 0])


def _seen_by(
    plan: ArchivePlan,
    number: int,
    n: int,
    tails: tuple[Tail, Tail],
    random: np.random.Generator,
) -> tuple[Integers, Integers]:
    """Sizes of bursts and their satellites, in any order: ``n`` pixels, by rates of satellites."""
    rates = plan.rates(number)
    n_viirs = round(float(shares(rates)[IS_VIIRS].sum()) * n)
    sizes, satellites = [], []
    for n_pixels, tail, of in ((n - n_viirs, tails[0], ~IS_VIIRS), (n_viirs, tails[1], IS_VIIRS)):
        if n_pixels:
            sizes.append(_sizes(n_pixels, tail, MAX_PIXELS, random))
            share = shares(np.where(of, rates, 0.0))
            satellites.append(random.choice(len(rates), len(sizes[-1]), p=share))
    if not sizes:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    order = random.permutation(sum(map(len, sizes)))
    return np.concatenate(sizes)[order], np.concatenate(satellites)[order]


def _at_sites(plan: ArchivePlan, number: int, n: int, random: np.random.Generator) -> _Bursts:
    """Bursts at persistent sites, on any day."""
    size, satellite = _seen_by(plan, number, n, plan.site_bursts, random)
    positions, share = sites_of(plan)
    lat, lon = positions[random.choice(plan.n_sites, len(size), p=share)].T
    north, east = random.standard_normal((2, len(size))) * plan.site_scatter_km
    first, last = plan.span(number)
    day = random.integers(first, last + 1, len(size))
    return _Bursts(*moved(lat, lon, north, east), day, size, satellite, True)


def _of_fires(plan: ArchivePlan, number: int, n: int, random: np.random.Generator) -> _Bursts:
    """Bursts of fires, more on some days than on others; a fire may show again and farther off."""
    size, satellite = _seen_by(plan, number, n, plan.fire_bursts, random)
    passes = _sizes(len(size), plan.passes, MAX_PASSES, random)
    lat, lon = _fires(plan, len(passes), random).T
    first, last = plan.span(number)
    hot = shares(random.gamma(plan.day_variation**-2, size=last - first + 1))
    start = random.choice(np.arange(first, last + 1), len(passes), p=hot)
    fire = np.repeat(np.arange(len(passes)), passes)
    later = random.exponential(plan.fire_delay_d, len(fire)).astype(np.int64)
    day = start[fire] + later
    # What would burn beyond the month burns before: the rows of a month stay in it.
    day = np.maximum(np.where(day > last, 2 * last - day, day), first)
    reach = plan.fire_reach_km * np.sqrt(passes[fire] - 1)
    north, east = random.standard_normal((2, len(fire))) * reach
    return _Bursts(*moved(lat[fire], lon[fire], north, east), day, size, satellite, False)


def _fires(plan: ArchivePlan, n: int, random: np.random.Generator) -> Floats:
    """Positions of fires: some about districts that burn every year, the others anywhere."""
    lasting = np.random.default_rng((plan.seed, STREAM_DISTRICTS))
    districts = anywhere(plan, plan.n_districts, lasting)
    share = shares(lasting.lognormal(0.0, plan.district_spread, plan.n_districts))
    n_anywhere = round(n * plan.uniform_share)
    lat, lon = districts[random.choice(plan.n_districts, n - n_anywhere, p=share)].T
    north, east = random.standard_normal((2, n - n_anywhere)) * plan.district_km
    about = np.stack(moved(lat, lon, north, east), axis=1)
    return np.concatenate([about, anywhere(plan, n_anywhere, random)])


# --- what satellites see of it --------------------------------------------------------------------


def _of_bursts(
    plan: ArchivePlan, number: int, bursts: _Bursts, random: np.random.Generator
) -> Rows:
    """The pixels of bursts: each burst in one pass of one satellite."""
    viirs = IS_VIIRS[bursts.satellite].astype(np.int64)
    minute = _pass_minutes(plan, number, bursts, random)
    burst = np.repeat(np.arange(len(bursts.size)), bursts.size)
    lat, lon = _around(plan, bursts, viirs, burst, random)
    n, of_row, site = len(burst), viirs[burst], int(bursts.at_site)
    mean, sd = (np.array(f, dtype=np.float32) for f in (plan.frp_log_mean, plan.frp_log_sd))
    frp_mw = random.standard_normal(n, dtype=np.float32) * sd[:, site][of_row]
    frp_mw = np.exp(frp_mw + mean[:, site][of_row])
    steps = np.cumsum(plan.confidence_shares, axis=1).astype(np.float32)
    dice = random.random(n, dtype=np.float32)
    confidence = (dice > steps[:, 0][of_row]).astype(np.int16) + (dice > steps[:, 1][of_row])
    return {
        "lat_e5": lat,
        "lon_e5": lon,
        "minute": minute[burst],
        "satellite": bursts.satellite.astype(np.int16)[burst],
        "confidence": confidence,
        "frp_kw": np.rint(np.clip(frp_mw, 0.1, 9_999) * 100).astype(np.int32) * 10,
    }


def _around(
    plan: ArchivePlan,
    bursts: _Bursts,
    viirs: Integers,
    burst: Integers,
    random: np.random.Generator,
) -> tuple[Integers, Integers]:
    """Positions of the pixels of bursts (1e-5 degrees): one sensor's spacing apart, not in rows.

    They lie like the seeds of a sunflower: evenly, whatever their number.
    """
    m, n = len(viirs), len(burst)
    place = np.arange(n) - np.repeat(np.cumsum(bursts.size) - bursts.size, bursts.size)
    out = SEED_STEP * np.sqrt(np.arange(MAX_PIXELS) + 0.5)
    angle = GOLDEN_ANGLE * np.arange(MAX_PIXELS)
    x, y = (out * np.cos(angle))[place], (out * np.sin(angle))[place]
    spacing = np.array(plan.spacing_km)[viirs] / KM_PER_DEGREE
    turn = random.uniform(0, 2 * np.pi, m)
    east, north = (spacing * np.cos(turn))[burst], (spacing * np.sin(turn))[burst]
    shaken = SHAKEN * (random.random((2, n), dtype=np.float32) - 0.5) * spacing[burst]
    narrow = (1 / np.cos(np.radians(bursts.lat)))[burst]
    lat = bursts.lat[burst] + (x * north + y * east + shaken[0])
    lon = bursts.lon[burst] + (x * east - y * north + shaken[1]) * narrow
    return e5_inside(plan, lat, lon)


def _pass_minutes(
    plan: ArchivePlan, number: int, bursts: _Bursts, random: np.random.Generator
) -> Integers:
    """Minutes at which satellites pass: on the orbit that is nearest to the wanted local time.

    All that one orbit sees within 3.6 degrees of latitude has about the same minute.
    """
    satellite = bursts.satellite
    m = len(satellite)
    share = np.array(plan.night_shares)[:, int(bursts.at_site)]
    night = random.random(m) < share[IS_VIIRS[satellite].astype(np.int64)]
    hours = np.where(
        night, np.array(plan.night_hours)[satellite], np.array(plan.day_hours)[satellite]
    )
    hours += plan.hours_spread * random.standard_normal(m)
    wanted = bursts.day * MINUTES_A_DAY + (hours * 60 - 4 * bursts.lon) % MINUTES_A_DAY
    period = PERIOD_MIN[satellite]
    phase = PHASE_MIN * satellite + period / 2 * night
    middle = (plan.extent.south + plan.extent.north) / 2
    rises = RISES_BY_DAY[satellite] * np.where(night, -1, 1)
    along = rises * (bursts.lat - middle) * period / 360
    minute = np.floor(phase + np.rint((wanted - phase) / period) * period + along).astype(np.int64)
    first, last = plan.span(number)
    minute += MINUTES_A_DAY * (minute < first * MINUTES_A_DAY)
    minute -= MINUTES_A_DAY * (minute >= (last + 1) * MINUTES_A_DAY)
    return np.asarray(minute)


# --- order ----------------------------------------------------------------------------------------


def _sorted(rows: Rows, middle_e5: int) -> Rows:
    """Rows with their cells, in order.

    Of two at one position and minute one moves a metre, towards the middle of the box.
    """
    while True:
        cell = cells_of(rows["lat_e5"], rows["lon_e5"])
        order = _order(cell, rows["minute"], rows["lat_e5"], rows["lon_e5"])
        rows = {name: values[order] for name, values in ({**rows, "cell": cell}).items()}
        lat, lon, minute = rows["lat_e5"], rows["lon_e5"], rows["minute"]
        same = (lat[1:] == lat[:-1]) & (lon[1:] == lon[:-1]) & (minute[1:] == minute[:-1])
        if not same.any():
            return rows
        lon[1:] += np.where(lon[1:] < middle_e5, 1, -1) * same


def _order(cell: Integers, minute: Integers, lat: Integers, lon: Integers) -> Integers:
    """The order by four columns; most rows are told apart by the first two."""
    if not len(cell):
        return np.zeros(0, dtype=np.int64)
    key = cell * (MONTH_D * MINUTES_A_DAY) + (minute - minute.min())
    order = np.argsort(key)
    key = key[order]
    tied = np.zeros(len(key) + 1, dtype=bool)
    tied[1:-1] = key[1:] == key[:-1]
    rows = np.flatnonzero(tied[1:] | tied[:-1])
    among = order[rows]
    order[rows] = among[np.lexsort((lon[among], lat[among], key[rows]))]
    return np.asarray(order)
