"""Which looks there were, and whether they were usable.

"Nobody looked", "looked and saw nothing" and "could not see" never share a value.  Looks are
those of the past: the caller hands in the days, and none of them may lie ahead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from truceline import thresholds as t
from truceline.clock import Interval
from truceline.domain.observation import CloudDay, HeatCover, Look, LookState, RecordDay
from truceline.geo import Point, haversine_km

Records = Mapping[tuple[str, date], RecordDay]
Clouds = Mapping[date, Sequence[CloudDay]]


Cover = Mapping[str, Sequence[HeatCover]]
"""By sensor: where and when its heat is held at all."""


def index_records(days: Sequence[RecordDay]) -> Records:
    """Record days by sensor and UTC date."""
    return {(day.sensor, day.day): day for day in days}


def index_clouds(days: Sequence[CloudDay]) -> Clouds:
    """Cloud by date; a date is that of the weather point, a few hours off UTC."""
    index: dict[date, list[CloudDay]] = {}
    for day in days:
        index.setdefault(day.day, []).append(day)
    return index


def heat_days(when: Interval, as_of: datetime) -> list[date]:
    """UTC dates on which a fire of an incident may show: its own and the next, up to as-of.

    An incident without a date has none.
    """
    own = when.utc_dates()
    days = [*own, own[-1] + timedelta(days=1)] if own else []
    return [day for day in days if day < as_of.date()]


@dataclass(frozen=True)
class Sky:
    """What is known of looks: which days are whole, which heat is held, and the clouds."""

    records: Records
    cover: Cover
    clouds: Clouds
    sensors: tuple[str, ...]

    def holds(self, sensor: str, day: date, point: Point) -> bool:
        """Whether the heat of a sensor on a day at a place would be among what was read."""
        return any(cover.holds(day, point) for cover in self.cover.get(sensor, ()))

    def history_d(self, sensor: str, day: date) -> int:
        """Days before a day from which heat of a sensor is held, gaps included."""
        earlier = [cover.first for cover in self.cover.get(sensor, ()) if cover.first < day]
        return (day - min(earlier)).days if earlier else 0


def expose(point: Point, days: Sequence[date], sky: Sky) -> list[Look]:
    """One look for each day and sensor, in this order.

    A day without a record row is unknown.  So is a whole record of which no heat was read: an
    empty feed is no peace.  The sky beyond the reach of a weather point is unknown as well: the
    look then stays usable with its cloud unknown, as the rates are marginal over cloud.
    """
    return [_look(point, day, sensor, sky) for day in days for sensor in sky.sensors]


def _look(point: Point, day: date, sensor: str, sky: Sky) -> Look:
    record, clouds = sky.records.get((sensor, day)), sky.clouds.get(day, ())
    if record is None:
        return Look(day, sensor, LookState.NO_RECORD, None, ())
    rows = (str(record.row),)
    if record.no_pass:
        return Look(day, sensor, LookState.NO_PASS, None, rows)
    if not (record.whole and sky.holds(sensor, day, point)):
        return Look(day, sensor, LookState.NO_RECORD, None, rows)
    far = {c.station: haversine_km(point, c.point) for c in clouds}
    near = [c for c in clouds if far[c.station] <= t.CLOUD_REACH_KM]
    if not near:
        return Look(day, sensor, LookState.OBSERVABLE, None, rows)
    cloud = min(near, key=lambda c: (far[c.station], c.station))
    obscured = cloud.cloud_share >= t.OBSCURED_CLOUD_SHARE
    state = LookState.OBSCURED if obscured else LookState.OBSERVABLE
    return Look(day, sensor, state, cloud.cloud_share, (*rows, str(cloud.row)))


def usable(looks: Sequence[Look]) -> list[Look]:
    """Looks in which something could have been seen."""
    return [look for look in looks if look.state is LookState.OBSERVABLE]
