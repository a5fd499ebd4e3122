"""Satellites over a turning Earth: a thin, vectorised wrapper of SGP4.

Positions are Earth-fixed (km): the frame of SGP4 turned by Greenwich mean sidereal time.
Polar motion, and UT1 against UTC, are left out: together below 0.5 km on the ground.  Points
lie on the ellipsoid WGS84.  Method: Vallado and others (2006), Revisiting Spacetrack Report #3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
from sgp4.api import WGS72, Satrec

from truceline.domain.passes import Elements
from truceline.geo import Point

Floats = npt.NDArray[np.float64]

AXIS_KM = 6378.137
FLATTENING = 1 / 298.257223563
DAY_S = 86_400
UNIX_JD = 2_440_587.5
"""Julian date of 1970-01-01T00:00Z."""

J2000_JD = 2_451_545.0
SGP4_DAY_ZERO = datetime(1949, 12, 31, tzinfo=UTC)


def satrec_of(elements: Elements) -> Satrec:
    """The elements as SGP4 takes them, with the constants of WGS72, as published ones need them."""
    sat = Satrec()
    sat.sgp4init(
        WGS72,
        "i",
        0,
        (elements.epoch - SGP4_DAY_ZERO).total_seconds() / DAY_S,
        elements.bstar,
        0.0,
        0.0,
        elements.eccentricity,
        math.radians(elements.arg_perigee_deg),
        math.radians(elements.inclination_deg),
        math.radians(elements.mean_anomaly_deg),
        elements.mean_motion_rev_per_day * 2 * math.pi / 1440,
        math.radians(elements.raan_deg),
    )
    return sat


def sidereal_rad(unix_s: Floats) -> Floats:
    """Greenwich mean sidereal time (radians), IAU 1982.

    >>> round(float(np.degrees(sidereal_rad(np.array([946_728_000.0])))[0]), 3)  # J2000
    280.461
    """
    t = ((unix_s / DAY_S) + (UNIX_JD - J2000_JD)) / 36_525
    seconds = 67_310.54841 + t * (876_600 * 3600 + 8_640_184.812866 + t * (0.093104 - t * 6.2e-6))
    return np.radians(seconds / 240) % (2 * np.pi)


def track_km(elements: Elements, unix_s: Floats) -> Floats:
    """Earth-fixed positions (km), one row for each second since 1970; NaN where SGP4 gives up."""
    days = np.floor(unix_s / DAY_S)
    whole, part = days + UNIX_JD, unix_s / DAY_S - days
    errors, inertial, _ = satrec_of(elements).sgp4_array(whole, part)
    turn = sidereal_rad(unix_s)
    x, y, z = inertial[:, 0], inertial[:, 1], inertial[:, 2]
    fixed = np.column_stack(
        (x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn), z)
    )
    fixed[errors != 0] = np.nan
    return fixed


def ground_km(points: Sequence[Point]) -> Floats:
    """Earth-fixed positions of points on the ellipsoid (km), one row each.

    >>> ground_km([Point(90, 0)]).round(3).tolist()
    [[0.0, 0.0, 6356.752]]
    """
    lat = np.radians([point.lat for point in points])
    lon = np.radians([point.lon for point in points])
    square = FLATTENING * (2 - FLATTENING)
    across = AXIS_KM / np.sqrt(1 - square * np.sin(lat) ** 2)
    flat = across * np.cos(lat)
    return np.column_stack(
        (flat * np.cos(lon), flat * np.sin(lon), across * (1 - square) * np.sin(lat))
    )


def below(track: Floats) -> tuple[Floats, Floats]:
    """Latitude and longitude (degrees) of the points below a satellite, on the ellipsoid.

    The direction from the centre is taken for the vertical and its latitude converted: below
    0.004 degrees off, 400 m.
    """
    flat = np.hypot(track[:, 0], track[:, 1])
    lat = np.arctan2(track[:, 2], flat * (1 - FLATTENING) ** 2)
    return np.degrees(lat), np.degrees(np.arctan2(track[:, 1], track[:, 0]))


def distances_km(track: Floats, ground: Floats) -> Floats:
    """Straight distance (km) of each point, one column each, from each position, one row each."""
    squares = (track**2).sum(axis=1)[:, None] + (ground**2).sum(axis=1)[None, :]
    squares -= 2 * (track @ ground.T)
    far: Floats = np.sqrt(np.maximum(squares, 0.0))
    return far


def scan_angles_deg(height_km: Floats, radius_km: Floats, distance_km: Floats) -> Floats:
    """Angle at the satellite between the centre of the Earth and a point (degrees).

    ``height_km`` is the distance of the satellite from the centre, ``radius_km`` that of the
    point.  Points behind the horizon have an angle too: look at the distance first.
    """
    cosine = (height_km**2 + distance_km**2 - radius_km**2) / (2 * height_km * distance_km)
    angles: Floats = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return angles
