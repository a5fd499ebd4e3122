"""Passes from the published local time of an orbit alone: about when, and nothing more.

A sun-synchronous satellite crosses a latitude at the same local solar time on every day.  The
instant at which it passes nearest to a place is spread around that by half the width of its swath,
and by what the local time has drifted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from truceline.clock import midnight
from truceline.domain.passes import AQUA, NOAA_20, NOAA_21, SENSOR_OF, SUOMI_NPP, TERRA, Pass
from truceline.geo import Point
from truceline.thresholds import NOMINAL_DRIFT_MIN, NOMINAL_HELD_MIN

DAY_MIN = 1440
REACH_DEG = {"MODIS": 10.5, "VIIRS": 13.9}
"""Half the width of the swath as an angle at the centre of the Earth."""


@dataclass(frozen=True)
class Nominal:
    """What is published about an orbit.

    ``node_h`` is the local solar time (hours) of the crossing of the equator to the north;
    ``seeing_from`` the date from which fires are recorded; ``held_until`` the date up to which the
    local time was held by manoeuvres.
    """

    node_h: float
    inclination_deg: float
    seeing_from: date
    held_until: date


NOMINAL = {
    TERRA: Nominal(22.5, 98.2, date(2000, 2, 24), date(2020, 2, 27)),
    AQUA: Nominal(13.58, 98.2, date(2002, 7, 4), date(2021, 3, 18)),
    SUOMI_NPP: Nominal(13.42, 98.7, date(2012, 1, 20), date.max),
    NOAA_20: Nominal(13.42, 98.7, date(2018, 1, 5), date.max),
    NOAA_21: Nominal(13.42, 98.7, date(2023, 2, 10), date.max),
}
"""As the missions publish them.  Terra and Aqua have drifted since their last manoeuvres that held
the local time: Terra to earlier hours, Aqua to later ones."""


def nominal_passes(satellite: str, point: Point, day: date) -> list[Pass]:
    """About when a satellite may have passed over a place on a UTC day, going north and south.

    None before the instrument saw its first fires.
    """
    orbit = NOMINAL[satellite]
    if day < orbit.seeing_from:
        return []
    drift = NOMINAL_HELD_MIN if day <= orbit.held_until else NOMINAL_DRIFT_MIN
    slack = min(DAY_MIN / 2, _half_swath_min(REACH_DEG[SENSOR_OF[satellite]], point) + drift)
    found = []
    for local_min in _local_min(orbit, point):
        utc_min = (local_min - point.lon * 4) % DAY_MIN
        at = midnight(day) + timedelta(minutes=round(utc_min) % DAY_MIN)
        found.append(Pass(satellite, SENSOR_OF[satellite], at, None, "unchecked", round(slack, 1)))
    return found


def _local_min(orbit: Nominal, point: Point) -> tuple[float, float]:
    """Local solar time (minutes) at which the track crosses a latitude, northward and southward.

    >>> [round(t / 60, 1) for t in _local_min(NOMINAL[AQUA], Point(50, 30))]
    [12.9, 2.2]
    """
    tilt = math.radians(orbit.inclination_deg)
    sine = max(-1.0, min(1.0, math.sin(math.radians(point.lat)) / math.sin(tilt)))
    found = []
    for along in (math.asin(sine), math.pi - math.asin(sine)):
        turned = math.degrees(math.atan2(math.cos(tilt) * math.sin(along), math.cos(along)))
        found.append((orbit.node_h * 60 + turned * 4) % DAY_MIN)
    return found[0], found[1]


def _half_swath_min(reach_deg: float, point: Point) -> float:
    """Half a swath (degrees at the centre of the Earth) in minutes of local time at a latitude."""
    share = math.sin(math.radians(reach_deg)) / max(1e-9, math.cos(math.radians(point.lat)))
    return 4 * math.degrees(math.asin(share)) if share < 1 else DAY_MIN / 2
