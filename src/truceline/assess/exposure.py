"""Which looks there were, and whether they were usable.

"Nobody looked", "looked and saw nothing" and "could not see" never share a value.  Looks are
those of the past: the caller hands in the days, and none of them may lie ahead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from truceline import thresholds as t
from truceline.clock import Interval
from truceline.domain.observation import CloudDay, HeatCover, Look, LookState, RecordDay
from truceline.domain.passes import Pass
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
    satellites: Mapping[str, Collection[str]] = field(default_factory=dict)
    """By sensor: the satellites of which its heat is held."""

    def holds(self, sensor: str, day: date, point: Point, radius_km: float) -> bool:
        """Whether the heat of a sensor on a day around a place would be among what was read."""
        return any(cover.holds(day, point, radius_km) for cover in self.cover.get(sensor, ()))

    def whole(self, sensor: str, day: date, point: Point, radius_km: float) -> bool:
        """Whether the record of that day is whole and its heat held there."""
        record = self.records.get((sensor, day))
        return bool(record and record.whole) and self.holds(sensor, day, point, radius_km)

    def past(
        self, sensor: str, first: date, point: Point, radius_km: float, own: tuple[int, int]
    ) -> Past:
        """What is held of the time before a day, at a place.

        ``own``: how many days before begins and how many days before ends the site's record
        of its own.
        """
        before = [
            (cover.first, min(cover.last, first - timedelta(days=1)))
            for cover in self.cover.get(sensor, ())
            if cover.first < first and cover.reaches(point, radius_km)
        ]
        spans = (range(start.toordinal(), end.toordinal() + 1) for start, end in before)
        held = set().union(*spans)
        recent = (first - timedelta(days=i + 1) for i in range(t.HEAT_FRESH_D))
        fresh = any(self.whole(sensor, day, point, radius_km) for day in recent)
        weeks = (first - timedelta(days=i) for i in range(own[1], own[0] + 1))
        whole = frozenset(day for day in weeks if self.whole(sensor, day, point, radius_km))
        return Past(len(held), fresh, whole)


@dataclass(frozen=True)
class Past:
    """How much of the time before an incident was watched at its place.

    ``n_days``: days for which heat is held; ``fresh``: whether a whole record of the last days
    before could have shown that it was not burning already; ``own_days``: whole days of the weeks
    before, from which the site's own background is taken.
    """

    n_days: int
    fresh: bool
    own_days: frozenset[date] = frozenset()


def expose(
    point: Point,
    days: Sequence[date],
    sky: Sky,
    radius_km: float = 0.0,
    passes: Sequence[Pass] = (),
) -> list[Look]:
    """One look for each day and sensor around a place, in this order.

    ``passes`` are those over the place that may be told; satellites of which the record of a
    sensor holds nothing at all are left out.

    A day without a record row is unknown.  So is a whole record of which no heat was read: an
    empty feed is no peace.  The sky beyond the reach of a weather point is unknown as well: the
    look then stays usable with its cloud unknown, as the rates are marginal over cloud.
    """
    over: dict[tuple[date, str], list[Pass]] = {}
    for each in passes:
        if each.satellite in sky.satellites.get(each.sensor, ()):
            over.setdefault((each.at.date(), each.sensor), []).append(each)
    return [
        replace(
            _look(point, day, sensor, sky, radius_km), passes=tuple(over.get((day, sensor), ()))
        )
        for day in days
        for sensor in sky.sensors
    ]


def _look(point: Point, day: date, sensor: str, sky: Sky, radius_km: float) -> Look:
    record, clouds = sky.records.get((sensor, day)), sky.clouds.get(day, ())
    if record is None:
        return Look(day, sensor, LookState.NO_RECORD, None, ())
    rows = (str(record.row),)
    if record.no_pass:
        return Look(day, sensor, LookState.NO_PASS, None, rows)
    if not sky.whole(sensor, day, point, radius_km):
        return Look(day, sensor, LookState.NO_RECORD, None, rows)
    far = {c.station: haversine_km(point, c.point) for c in clouds}
    near = [c for c in clouds if far[c.station] <= t.CLOUD_REACH_KM]
    if not near:
        return Look(day, sensor, LookState.OBSERVABLE, None, rows)
    cloud = min(near, key=lambda c: (far[c.station], c.station))
    obscured = cloud.cloud_share >= t.OBSCURED_CLOUD_SHARE
    state = LookState.OBSCURED if obscured else LookState.OBSERVABLE
    cited = (*rows, str(cloud.row))
    return Look(day, sensor, state, cloud.cloud_share, cited, cloud_km=far[cloud.station])


def usable(looks: Sequence[Look]) -> list[Look]:
    """Looks in which something could have been seen."""
    return [look for look in looks if look.state is LookState.OBSERVABLE]
