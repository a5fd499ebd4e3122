"""What instruments and independent observers recorded, and where they could have."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import product

from truceline.clock import Interval
from truceline.domain.passes import Pass
from truceline.domain.place import Position
from truceline.domain.provenance import Known, Row
from truceline.geo import KM_PER_DEGREE, Extent, Point


@dataclass(frozen=True)
class Heat:
    """One fire pixel: position of its centre (degrees), instant, radiative power (MW).

    ``confidence`` is low, nominal or high, whatever the sensor writes.
    """

    row: Row
    observed_at: datetime
    point: Point
    sensor: str
    satellite: str
    confidence: str
    frp_mw: float | None
    static_source: bool | None
    """Static land source as the archive says it; None where the feed does not say."""
    standard: bool = False
    """Of the archive's standard processing, which supersedes what came in near real time."""


@dataclass(frozen=True)
class HeatCover:
    """UTC dates, both ends included, and the box for which heat of one sensor is held."""

    first: date
    last: date
    extent: Extent

    def reaches(self, point: Point, radius_km: float) -> bool:
        """Whether a whole circle lies in the box."""
        lat_deg = radius_km / KM_PER_DEGREE
        lon_deg = lat_deg / max(0.01, math.cos(math.radians(point.lat)))
        corners = product((-lat_deg, lat_deg), (-lon_deg, lon_deg))
        return all(self.extent.holds(point.lat + a, point.lon + b) for a, b in corners)

    def holds(self, day: date, point: Point, radius_km: float) -> bool:
        """Whether every fire of that day and circle would be among what was read."""
        return self.first <= day <= self.last and self.reaches(point, radius_km)


class LookState(StrEnum):
    """What a sensor could have seen at a place on a day.

    ``no_pass`` follows from orbits alone.  A day without a record is ``no_record``: it is
    unknown, whether or not there was a pass.
    """

    OBSERVABLE = "observable"
    OBSCURED = "obscured"
    NO_PASS = "no_pass"
    NO_RECORD = "no_record"


@dataclass(frozen=True)
class RecordDay:
    """Whether the record of a sensor over an extent is complete for a UTC day."""

    row: Row
    day: date
    sensor: str
    whole: bool
    no_pass: bool = False
    why_not: str = ""


@dataclass(frozen=True)
class CloudDay:
    """Mean cloud cover (0 to 1) at a weather point on a local day."""

    row: Row
    day: date
    station: str
    point: Point
    cloud_share: float


@dataclass(frozen=True)
class Chance:
    """A probability with its lower and upper bound."""

    p: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.p <= self.high <= 1:
            raise ValueError(f"no probability with bounds: {self.low}, {self.p}, {self.high}")


@dataclass(frozen=True)
class Look:
    """One sensor over one place on one UTC day.

    ``passes``: the overpasses of that day whose swath held the place, where they may be told.
    ``cloud_km``: how far off the cloud was measured.
    """

    day: date
    sensor: str
    state: LookState
    cloud_share: float | None
    rows: tuple[str, ...]
    passes: tuple[Pass, ...] = ()
    cloud_km: float | None = None

    @property
    def held(self) -> bool:
        """Whether the record of that day is held, whatever the sky was like."""
        return self.state in (LookState.OBSERVABLE, LookState.OBSCURED)


@dataclass(frozen=True)
class Watch:
    """Could it have been seen?  What the looks at an incident were worth, for its class.

    ``look``: chance of a clear look whose record is held, once it had happened; ``show``:
    chance that such a strike shows in a clear look; ``seen``: both together.  None: not known.
    """

    look: Chance | None
    show: Chance | None
    seen: Chance | None
    n_passes: int
    n_held: int
    because: str


@dataclass(frozen=True)
class FieldReport:
    """What an observer who is bound to no party recorded, or found quiet.

    ``finding``: ``act_observed`` or ``nothing_observed``.  ``names`` is the party that the
    observer itself saw acting, if any.
    """

    id: str
    row: Row
    known: Known
    observer: str
    independent: bool
    means: str
    sense: str
    finding: str
    interval: Interval
    place: Position
    object_class: str | None
    names: str | None
    origin_id: str
    text: str
