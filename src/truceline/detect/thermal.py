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
from truceline.domain.detection import Ask, Circle, Columns, Detection, Site, Table
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


def circle_columns(circles: Sequence[Circle], name: str) -> Columns:
    """Cells of some circles for near.sql, sorted by cell; ``name``: the number of the circle.

    What a query compares instead of a distance is ``sin2``: no arc sine in the inner loop.
    """
    return cover_columns(
        e5([c.point.lat for c in circles]),
        e5([c.point.lon for c in circles]),
        np.array([c.radius_km for c in circles], dtype=np.float64),
        _integers(c.first_minute for c in circles),
        _integers(c.last_minute for c in circles),
        name,
    )


def cover_columns(
    lat: Integers,
    lon: Integers,
    radius_km: Floats,
    first_minute: Integers,
    last_minute: Integers,
    name: str = "site",
) -> Columns:
    """The same for columns of circles, which may be very many; positions in 1e-5 degrees."""
    cell, number = cover(lat, lon, radius_km)
    reach = np.ceil(np.degrees(radius_km / EARTH_RADIUS_KM) * 1e5) + 2
    whole = {
        "lat_e5": lat,
        "lon_e5": lon,
        "reach_e5": np.minimum(reach, 180 * E5),
        "first_minute": first_minute,
        "last_minute": last_minute,
    }
    return {
        "cell": cell.astype(np.int32),
        name: number.astype(np.int32),
        **{column: values.astype(np.int32)[number] for column, values in whole.items()},
        "sin2": (np.sin(radius_km / (2 * EARTH_RADIUS_KM)) ** 2)[number],
    }


def near_tables(heat: Table, circles: Sequence[Circle], name: str = "site") -> dict[str, Table]:
    """The tables of near.sql for heat and some circles."""
    return {
        "heat": heat,
        "cover": circle_columns(circles, name),
        "rule": {"slack": np.zeros(1)},
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
        **near_tables(table, circles, "spot"),
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
