"""Passes of the past over places on the ground.

The ephemeris of a satellite is made once for each day and shared by all places.  A pass is the
instant at which the satellite is nearest, if the swath then holds the place.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from truceline.clock import midnight, stamp, utc
from truceline.domain.passes import SENSOR_OF, Elements, Pass
from truceline.errors import BadInput, NoForecast
from truceline.geo import Point
from truceline.orbit.fleet import Fleet
from truceline.orbit.nominal import nominal_passes
from truceline.orbit.propagate import (
    DAY_S,
    Floats,
    distances_km,
    ground_km,
    scan_angles_deg,
    track_km,
)
from truceline.thresholds import PASS_EMBARGO_H

SWATH_DEG = {"MODIS": 55.0, "VIIRS": 56.28}
"""Scan angle to either side (degrees), as the instruments are built."""

STEP_S = 60
"""Steps of the ephemeris.  Near its minimum the squared distance is a parabola: the instant
between two steps is found to about a second."""

FARTHEST_KM = 3500.0
"""A place that is farther from the satellite is below its horizon."""


def passes(
    points: Sequence[Point],
    first_day: date,
    last_day: date,
    fleet: Fleet,
    as_of: datetime,
    satellites: Collection[str] = SENSOR_OF,
) -> list[list[Pass]]:
    """Passes of satellites over each point on UTC days, both ends included, in order of time.

    Refuses days that end later than ``pass_embargo_h`` hours before ``as_of``: `NoForecast`.
    """
    check_embargo(last_day, as_of)
    found: list[list[Pass]] = [[] for _ in points]
    ground = ground_km(points)
    n_days = (last_day - first_day).days + 1
    for day in (first_day + timedelta(days=n) for n in range(n_days)):
        for satellite in (name for name in SENSOR_OF if name in satellites):
            elements = fleet.of(satellite, day)
            if elements is None:
                for mine, point in zip(found, points, strict=True):
                    mine += nominal_passes(satellite, point, day)
            else:
                for number, unix_s, scan_deg in crossings(elements, ground, day):
                    found[number].append(_pass(elements, unix_s, scan_deg))
    return [sorted(mine, key=lambda one: (one.at, one.satellite)) for mine in found]


def last_told(as_of: datetime) -> date:
    """The last UTC day of which passes may be told at an as-of."""
    return (utc(as_of) - timedelta(hours=PASS_EMBARGO_H) - timedelta(days=1)).date()


def check_embargo(last_day: date, as_of: datetime) -> None:
    """Refuse a day that is not over for ``pass_embargo_h`` hours (h) at an as-of."""
    if last_day > (last := last_told(as_of)):
        raise NoForecast(
            f"passes of {last_day} were asked for, as of {stamp(as_of)}",
            expected=f"days that ended at least {PASS_EMBARGO_H:g} hours before the as-of: up to "
            f"{last}",
            remedy="ask for earlier days, or wait; when satellites will look is not told here",
        )


def crossings(elements: Elements, ground: Floats, day: date) -> list[tuple[int, float, float]]:
    """Passes of one satellite on one UTC day: number of the point, instant, scan angle.

    Instants are in seconds since 1970, scan angles in degrees from straight below.
    """
    start = midnight(day).timestamp()
    times = start + STEP_S * np.arange(-1.0, DAY_S / STEP_S + 2)
    track = track_km(elements, times)
    if not np.isfinite(track).all():
        raise BadInput(
            f"SGP4 gives no position of {elements.satellite} on {day} ({elements.row})",
            expected="elements of a satellite in orbit",
            remedy="remove the element set, or take it from its source again",
        )
    far = distances_km(track, ground)
    step, number = np.nonzero(_nearest(far))
    step = step + 1
    before, here, after = (far[step + shift, number] ** 2 for shift in (-1, 0, 1))
    bend = before - 2 * here + after
    shift = (before - after) / (2 * bend)
    least = np.sqrt(here - (before - after) * shift / 4)
    height, radius = np.linalg.norm(track, axis=1), np.linalg.norm(ground, axis=1)
    scan = scan_angles_deg(height[step], radius[number], least)
    unix_s = times[step] + shift * STEP_S
    held = (scan <= SWATH_DEG[SENSOR_OF[elements.satellite]]) & (unix_s >= start)
    held &= unix_s < start + DAY_S
    rows = zip(number[held], unix_s[held], scan[held], strict=True)
    return [(int(n), float(t), float(angle)) for n, t, angle in rows]


def _nearest(far: Floats) -> npt.NDArray[np.bool_]:
    """Steps at which a satellite is nearer than at the steps before and after."""
    inner = far[1:-1]
    return (inner <= far[:-2]) & (inner < far[2:]) & (inner < FARTHEST_KM)


def _pass(elements: Elements, unix_s: float, scan_deg: float) -> Pass:
    return Pass(
        satellite=elements.satellite,
        sensor=SENSOR_OF[elements.satellite],
        at=datetime.fromtimestamp(round(unix_s), UTC),
        scan_angle_deg=round(scan_deg, 2) if elements.scan_known else None,
        basis=elements.basis,
        slack_min=elements.slack_min,
    )
