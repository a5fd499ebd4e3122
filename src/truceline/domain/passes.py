"""Where a satellite was: orbital elements, and the passes over a place that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from truceline.clock import Interval
from truceline.domain.provenance import Row

TERRA, AQUA = "Terra", "Aqua"
SUOMI_NPP, NOAA_20, NOAA_21 = "Suomi NPP", "NOAA-20", "NOAA-21"

SENSOR_OF = {TERRA: "MODIS", AQUA: "MODIS", SUOMI_NPP: "VIIRS", NOAA_20: "VIIRS", NOAA_21: "VIIRS"}
"""The satellites whose fires are read, each with its sensor."""

NORAD_ID = {TERRA: 25994, AQUA: 27424, SUOMI_NPP: 37849, NOAA_20: 43013, NOAA_21: 54234}
"""Numbers in the catalogue of space objects."""


@dataclass(frozen=True)
class Elements:
    """Mean elements of one satellite for SGP4: angles in degrees, motion in revolutions per day.

    ``valid`` is the stretch in which they may be used, ``slack_min`` how far an instant that
    follows from them may be off (minutes).  ``supplied`` ones come from a row of a case,
    ``fitted`` ones from the fire records that the package was made with.
    """

    satellite: str
    epoch: datetime
    mean_motion_rev_per_day: float
    eccentricity: float
    inclination_deg: float
    raan_deg: float
    arg_perigee_deg: float
    mean_anomaly_deg: float
    bstar: float
    valid: Interval
    basis: Literal["supplied", "fitted"]
    slack_min: float
    scan_known: bool = True
    """Whether the plane is known well enough to tell a scan angle."""
    row: Row | None = None


@dataclass(frozen=True)
class Pass:
    """One satellite over one place: the instant (UTC) at which it was nearest.

    The true instant lies within ``slack_min`` minutes of ``at``; of fitted passes that were
    checked, 99 of 100 did.  ``unchecked`` follows from the
    published local time of the orbit alone: whether the swath held the place is then not
    known, and there is no scan angle.  A pass says where the satellite was, not that its
    instrument worked.
    """

    satellite: str
    sensor: str
    at: datetime
    scan_angle_deg: float | None
    basis: Literal["supplied", "fitted", "unchecked"]
    slack_min: float
