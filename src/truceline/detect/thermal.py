"""Heat near sites, and the mask of heat that was there all along.

The mask is learned only from dates before the site's own, less a guard: a depot that burns
for days after a strike never becomes its own background.  No site is named anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, timedelta
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from truceline import thresholds as t
from truceline.cells import E5, Integers, cells_of, cover, e5
from truceline.domain.detection import ALWAYS, Answer, Ask, Circle, Columns, Detection, Site, Table
from truceline.domain.heat_table import (
    CONFIDENCES,
    MINUTES_A_DAY,
    SATELLITES,
    SENSOR_NAMES,
    SENSORS,
    UNSAID,
    day_number,
    minute_number,
)
from truceline.domain.observation import Heat
from truceline.geo import EARTH_RADIUS_KM, Point, haversine_km

Floats = npt.NDArray[np.float64]

PLANE_LAT_E5, PLANE_LON_E5, PLANE_WIDE_RAD = 89 * E5, 170 * E5, 0.1
"""Where a plane may stand for the sphere: not at poles or the antimeridian, over a few degrees."""

INT32 = (-(2**31), 2**31 - 1)
"""Minutes that a table of heat can hold, from before year 1 to year 6053."""

SLACK = 1e-30
"""More than the haversine of one place on both sides of the antimeridian comes to; it stands for a
hundredth of a micrometre."""

ROUNDING = 1e-9
"""More than what arithmetic may round, as a share."""


def query(name: str) -> str:
    """Text of one of this package's queries."""
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def heat_columns(heat: Sequence[Heat]) -> Columns:
    """Heat as a table; ``line`` is the place in the sequence."""
    minute = _integers(minute_number(h.observed_at.astimezone(UTC)) for h in heat)
    lat, lon = e5([h.point.lat for h in heat]), e5([h.point.lon for h in heat])
    static = {None: UNSAID, False: 0, True: 1}
    return {
        "cell": cells_of(lat, lon),
        "lat_e5": lat,
        "lon_e5": lon,
        "minute": minute,
        "day": minute // MINUTES_A_DAY,
        "satellite": _integers(SATELLITES.index(h.satellite) for h in heat),
        "confidence": _integers(CONFIDENCES.index(h.confidence) for h in heat),
        "static": _integers(static[h.static_source] for h in heat),
        "frp_kw": _integers(frp_kw(h.frp_mw) for h in heat),
        "standard": _integers(h.standard for h in heat),
        "source": np.full(len(heat), ""),
        "line": np.arange(len(heat), dtype=np.int64),
    }


def frp_kw(frp_mw: float | None) -> int:
    """Radiative power in whole kW; -1 where none is given.

    >>> frp_kw(12.3), frp_kw(None)
    (12300, -1)
    """
    return UNSAID if frp_mw is None else round(frp_mw * 1000)


def near_tables(heat: Table, circles: Sequence[Circle]) -> dict[str, Table]:
    """The tables of near.sql for heat and some circles; sites are numbers of circles."""
    return {
        "heat": heat,
        **circle_tables(
            e5([c.point.lat for c in circles]),
            e5([c.point.lon for c in circles]),
            np.array([c.radius_km for c in circles], dtype=np.float64),
            _integers(c.first_minute for c in circles),
            _integers(c.last_minute for c in circles),
        ),
    }


def circle_tables(
    lat: Integers, lon: Integers, radius_km: Floats, first_minute: Integers, last_minute: Integers
) -> dict[str, Columns]:
    """The same without the heat, for circles that may be very many; positions in 1e-5 degrees.

    What the query compares instead of a distance is ``sin2``: no arc sine in the inner loop.
    """
    cell, number = cover(lat, lon, radius_km)
    whole = {"site": np.arange(len(lat)), "first_minute": first_minute, "last_minute": last_minute}
    return {
        "cover": {"cell": cell.astype(np.int32), "site": number.astype(np.int32)},
        "circle": {
            **{name: np.clip(values, *INT32).astype(np.int32) for name, values in whole.items()},
            "lat_e5": lat.astype(np.float64),
            "lon_e5": lon.astype(np.float64),
            **plane_columns(lat, lon, radius_km),
        },
        "rule": {"slack": np.full(1, SLACK)},
    }


def plane_columns(lat: Integers, lon: Integers, radius_km: Floats) -> dict[str, Floats]:
    """What the plane at the centre of each circle tells surely about the distance on the sphere.

    Let ``y`` and ``x`` be differences of latitude and longitude, ``p`` the distance of the centre
    from the equator and ``a`` the radius, all as angles.  Heat with ``y`` above ``a`` is out.
    For the other, as ``sin(u)`` lies between ``u * (1 - u*u/6)`` and ``u``, the haversine is

    * at most  ``cos(p - a) / cos(p)`` times ``(y*y + cos(p)**2 * x*x) / 4``, and
    * at least ``cos(p + a) / cos(p) * (1 - w*w/12)`` times that, for ``x`` up to ``w``.

    Farther east or west than ``w = 2 * a / cos(p)`` heat is out in the plane and on the sphere.
    Where circles are large, or near a pole or the antimeridian, nothing is sure.
    """
    a, p = np.minimum(radius_km / EARTH_RADIUS_KM, np.pi), np.radians(np.abs(lat) / E5)
    sin2, narrow = np.sin(a / 2) ** 2, np.cos(p)
    usable = (np.abs(lat) < PLANE_LAT_E5) & (np.abs(lon) < PLANE_LON_E5)
    usable &= 2 * a < PLANE_WIDE_RAD * narrow
    most = np.cos(np.maximum(p - a, 0.0)) / narrow
    least = np.where(usable, np.cos(p + a) / narrow * (1 - PLANE_WIDE_RAD**2 / 12), 1.0)
    square = 4 * sin2 * np.degrees(1.0) ** 2 * float(E5) ** 2
    return {
        "narrow2": narrow**2,
        "sure_in": np.where(usable, square / most * (1 - ROUNDING), -1.0),
        "sure_out": np.where(usable, square / least * (1 + ROUNDING), np.inf),
        "sin2": sin2,
    }


def calendar(first_day: int, last_day: int) -> Columns:
    """Months of days, as queries ask them: both counted from 1970.

    >>> calendar(30, 31)["month"].tolist()
    [0, 1]
    """
    day = np.arange(first_day, last_day + 1)
    return {"day": day, "month": day.astype("datetime64[D]").astype("datetime64[M]").astype(int)}


def sensor_columns() -> Columns:
    """The sensor of each satellite, as counts.sql asks it."""
    return {
        "satellite": np.arange(len(SATELLITES)),
        "sensor": np.array([SENSOR_NAMES.index(sensor) for sensor in SENSORS]),
    }


def detect_heat(sites: Sequence[Site], heat: Sequence[Heat], ask: Ask) -> list[Detection]:
    """Heat within reach of each site since its date, in order of site, then of heat.

    Distances are on the sphere; earlier heat is counted for each detection and site.
    """
    if not sites or not heat:
        return []
    table = heat_columns(heat)
    circles = [_circle(site.point, site.radius_km, site.since, site.last_day) for site in sites]
    found = ask(query("near"), near_tables(table, circles))
    order = np.lexsort((found["line"], found["site"]))
    near = [(sites[found["site"][i]], heat[found["line"][i]]) for i in order]
    earlier = _earlier(near, table, ask)
    return [
        Detection(
            site.key,
            one,
            haversine_km(site.point, one.point),
            *counts,
            is_persistent(*counts),
        )
        for (site, one), counts in zip(near, earlier, strict=True)
    ]


def heat_near(
    points: Sequence[Point], radius_km: float, heat: Sequence[Heat], ask: Ask
) -> list[Heat]:
    """Heat within a radius of any of some points, each once, in its order."""
    circles = [Circle(point, radius_km, *ALWAYS) for point in points]
    found = ask(query("near"), near_tables(heat_columns(heat), circles))
    return [heat[i] for i in np.unique(found["line"]).tolist()]


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
    """How many dates and months of earlier heat, over how many days, at each candidate."""
    days = (site.first_day - timedelta(days=t.PERSISTENCE_GUARD_D + 1) for site, _ in candidates)
    circles = [
        _circle(heat.point, t.PERSISTENCE_RADIUS_KM, date.min, last)
        for (_, heat), last in zip(candidates, days, strict=True)
    ]
    tables = {
        **near_tables(table, circles),
        "near": Answer(query("near")),
        "calendar": calendar(int(table["day"].min()), int(table["day"].max())),
    }
    found = ask(query("earlier"), tables)
    rows = zip(found["n_dates"], found["n_months"], found["span_d"], strict=True)
    counts = dict(zip(found["spot"].tolist(), rows, strict=True))
    for i in range(len(candidates)):
        n_dates, n_months, span_d = counts.get(i, (0, 0, 0))
        yield int(n_dates), int(n_months), int(span_d)


def _circle(point: Point, radius_km: float, first: date, last: date) -> Circle:
    """A circle over whole UTC days, both ends included."""
    until = (day_number(last) + 1) * MINUTES_A_DAY - 1
    return Circle(point, radius_km, day_number(first) * MINUTES_A_DAY, until)


def _integers(values: Iterable[int]) -> Integers:
    return np.fromiter(values, dtype=np.int64)
