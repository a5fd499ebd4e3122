"""Mean elements of one satellite from its sightings in one window of time.

1. Plane: the local time of the node at which the sideways distances agree best with the sizes of
   the pixels, or, where these are not known, at which all pixels lie in the swath.
2. Motion: the mean motion at which the phases of all sightings agree best, then the phase itself.
3. Refinement of motion, phase, node and inclination by least squares, outliers trimmed once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np

from orbit_sightings import Craft, Floats, Sightings
from truceline.clock import Interval
from truceline.domain.passes import Elements
from truceline.orbit.propagate import DAY_S, J2000_JD, UNIX_JD, satrec_of, sidereal_rad
from truceline.thresholds import PASS_WITHIN_MIN

ALONG_DEG, ACROSS_DEG, OUTSIDE_DEG = 2.5, 1.0, 0.25  # what a sighting weighs
INCLINATION_DEG = 0.2  # what the published inclination weighs: it drifts where nothing holds it
TRIM = 4.0
ROUNDS = 12


def offsets_deg(elements: Elements, unix_s: Floats, unit: Floats) -> tuple[Floats, Floats]:
    """How far ahead of the satellite and to its side directions lie (degrees at the centre)."""
    days = np.floor(unix_s / DAY_S)
    _, position, velocity = satrec_of(elements).sgp4_array(days + UNIX_JD, unix_s / DAY_S - days)
    turn = sidereal_rad(unix_s)
    x, y, z = unit.T
    fixed = np.column_stack(
        (x * np.cos(turn) - y * np.sin(turn), y * np.cos(turn) + x * np.sin(turn), z)
    )
    pole = np.cross(position, velocity)
    pole /= np.linalg.norm(pole, axis=1)[:, None]
    up = position / np.linalg.norm(position, axis=1)[:, None]
    forward = np.cross(pole, up)
    ahead = np.degrees(np.arctan2((fixed * forward).sum(axis=1), (fixed * up).sum(axis=1)))
    return ahead, np.degrees(np.arcsin((fixed * pole).sum(axis=1)))


def sun_ra_deg(moment: datetime) -> float:
    """Right ascension of the mean sun (degrees): local solar time is counted from it."""
    days = moment.timestamp() / DAY_S + UNIX_JD - J2000_JD
    return (280.460 + 0.9856474 * days) % 360


def start(satellite: str, craft: Craft, window: Interval) -> Elements:
    """A circular orbit as published, at the middle of a window."""
    epoch = window.start + (window.until - window.start) / 2
    raan = sun_ra_deg(epoch) + (craft.node_h - 12) * 15
    motion, slack = sum(craft.motion) / 2, PASS_WITHIN_MIN
    orbit = (motion, 0.0, craft.inclination_deg, raan % 360, 0.0, 0.0, 0.0)
    return Elements(satellite, epoch, *orbit, window, "fitted", slack)


def fit(first: Elements, craft: Craft, seen: Sightings) -> Elements:
    """Mean elements that agree best with the sightings."""
    sized = seen.where(~np.isnan(seen.across_deg))
    planes = [best_plane(first, sized)] if len(sized) else planes_near(first)
    trials = [best_motion(plane, craft, seen) for plane in planes]
    best = min(trials, key=lambda trial: float((residuals(trial, seen, craft) ** 2).sum()))
    chosen = np.ones(len(seen), dtype=bool)
    for number in range(ROUNDS):
        best, ahead = improve(best, seen.where(chosen), craft)
        if number == ROUNDS // 2:
            ahead, _ = offsets_deg(best, seen.unix_s, seen.unit)
            spread = 1.4826 * float(np.median(np.abs(ahead)))
            chosen = np.abs(ahead) <= TRIM * max(spread, 1.0)
    return best


def best_plane(first: Elements, seen: Sightings) -> Elements:
    """The node whose sideways distances agree best with the sizes of the pixels."""
    found = []
    for shift in np.arange(-37.5, 37.51, 0.75):  # two and a half hours of local time
        trial = replace(first, raan_deg=(first.raan_deg + float(shift)) % 360)
        _, across = offsets_deg(trial, seen.unix_s, seen.unit)
        found.append((float(np.mean(np.abs(np.abs(across) - seen.across_deg))), abs(shift), trial))
    return min(found, key=lambda row: row[:2])[2]


def planes_near(first: Elements) -> list[Elements]:
    """Where sizes are not known: nodes within an hour of local time of the published one."""
    return [replace(first, raan_deg=(first.raan_deg + d) % 360) for d in range(-15, 16, 3)]


def best_motion(first: Elements, craft: Craft, seen: Sightings) -> Elements:
    """The mean motion and phase at which the phases of all sightings agree best."""
    span_d = max(1.0, float(np.ptp(seen.unix_s)) / DAY_S)
    low, high = craft.motion
    found = []
    for motion in np.arange(low, high, 1 / (10 * span_d)):
        trial = replace(first, mean_motion_rev_per_day=float(motion), mean_anomaly_deg=0.0)
        ahead, _ = offsets_deg(trial, seen.unix_s, seen.unit)
        phase = np.exp(1j * np.radians(ahead)).mean()
        trial = replace(trial, mean_anomaly_deg=float(np.degrees(np.angle(phase))) % 360)
        found.append((float(abs(phase)), trial))
    return max(found, key=lambda row: row[0])[1]


STEPS = {
    "mean_motion_rev_per_day": 1e-5,
    "mean_anomaly_deg": 0.01,
    "raan_deg": 0.01,
    "inclination_deg": 0.01,
}


def improve(elements: Elements, seen: Sightings, craft: Craft) -> tuple[Elements, Floats]:
    """One step of least squares on motion, phase, node and inclination."""
    values = np.array([getattr(elements, name) for name in STEPS])
    here = residuals(elements, seen, craft)
    columns = []
    for name, step in STEPS.items():
        moved = replace(elements, **{name: getattr(elements, name) + step})
        columns.append((residuals(moved, seen, craft) - here) / step)
    change = np.linalg.lstsq(np.column_stack(columns), -here, rcond=None)[0]
    new = dict(zip(STEPS, (float(v) for v in values + change), strict=True))
    new["mean_anomaly_deg"] %= 360
    new["raan_deg"] %= 360
    return replace(elements, **new), here


def residuals(elements: Elements, seen: Sightings, craft: Craft) -> Floats:
    """What is left along and across the track, and of the inclination, in units of its weight.

    Where the sizes of pixels are not known, all that counts across is that the outermost pixels lie
    in the swath.
    """
    ahead, across = offsets_deg(elements, seen.unix_s, seen.unit)
    unsized = np.isnan(seen.across_deg)
    beside = np.where(unsized, 0.0, np.abs(across) - seen.across_deg)
    outside = []
    for side in (seen.west, seen.east) if unsized.any() else ():
        _, across = offsets_deg(elements, seen.unix_s[unsized], side[unsized])
        outside.append(np.maximum(0.0, np.abs(across) - craft.reach_deg) / OUTSIDE_DEG)
    prior = (elements.inclination_deg - craft.inclination_deg) / INCLINATION_DEG
    return np.concatenate((ahead / ALONG_DEG, beside / ACROSS_DEG, *outside, [prior]))
