"""What could be seen: records, clouds and overpasses, at incidents and over regions.

No pass is told that is not over for some days, and none is told finer than the place of a claim
or the rough middle of a region.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from truceline import thresholds as t
from truceline.assess import exposure
from truceline.assess.heat_model import HeatModel
from truceline.assess.watch import clear_look, edges_of, glimpses
from truceline.clock import Interval, midnight
from truceline.domain.incident import Incident
from truceline.domain.observation import Chance, Look
from truceline.domain.passes import SENSOR_OF, Pass
from truceline.domain.result import CoverageDay
from truceline.geo import Point
from truceline.orbit.fleet import Fleet
from truceline.orbit.passes import last_told, passes
from truceline.sources.casefile import Case
from truceline.sources.records import Records


@dataclass(frozen=True)
class Sky:
    """What is known of looks, once for incidents and once for the strip of days."""

    known: exposure.Sky
    over: Mapping[Point, Sequence[Pass]]
    middles: Mapping[str, Point]
    """A rough middle of each region that a claim names."""
    as_of: datetime

    @classmethod
    def of(
        cls, case: Case, incidents: Sequence[Incident], records: Records, as_of: datetime
    ) -> Sky:
        """From the records of a case; passes up to the last day that may be told."""
        satellites: dict[str, set[str]] = {}
        for satellite in records.first_heat:
            satellites.setdefault(SENSOR_OF[satellite], set()).add(satellite)
        known = exposure.Sky(
            exposure.index_records(records.record_days),
            records.heat_cover,
            exposure.index_clouds(records.clouds),
            tuple(sorted({day.sensor for day in records.record_days} | satellites.keys())),
            satellites,
        )
        middles = _middles(incidents)
        days = [day for i in incidents for day in exposure.heat_days(i.interval, as_of)]
        days += _window(case, as_of)
        points = {_look_point(incident, middles) for incident in incidents} - {None}
        places = sorted({*filter(None, points), *middles.values()}, key=lambda p: (p.lat, p.lon))
        looking = frozenset().union(*satellites.values())
        over = _passes(places, days, Fleet.load(records.elements), as_of, looking)
        return cls(known, over, middles, as_of)

    @property
    def told_until(self) -> date:
        """The last UTC day of which passes may be told."""
        return last_told(self.as_of)

    def looks_at(self, incidents: Sequence[Incident]) -> dict[str, list[Look]]:
        """Looks at the place of each incident; at its region's middle where it is too coarse."""
        found = {}
        for incident in incidents:
            point = _look_point(incident, self.middles)
            days = exposure.heat_days(incident.interval, self.as_of)
            found[incident.id] = (
                [] if point is None else self._looks(point, days, reach_km(incident))
            )
        return found

    def past(self, incident: Incident, looks: Sequence[Look], model: HeatModel) -> exposure.Past:
        """What was watched before an incident at its place; nothing where there is no look."""
        point, rates = incident.place.point, model.smallest
        if not looks or point is None:
            return exposure.Past(0, fresh=False)
        first = min(look.day for look in looks)
        own = (rates.own_days, rates.own_guard_days)
        sensor = min(rates.sensors)
        return self.known.past(sensor, first, point, reach_km(incident), own)

    def coverage(self, case: Case, model: HeatModel) -> Iterator[CoverageDay]:
        """Days of the window by sensor and region that a claim names, past days only."""
        days = _window(case, self.as_of)
        for region, point in sorted(self.middles.items()):
            for look in self._looks(point, days, 0.0):
                yield CoverageDay(
                    look.day,
                    look.sensor,
                    region,
                    look.state,
                    look.cloud_share,
                    look.cloud_km,
                    _clear(look, model, self.as_of),
                    len(look.passes),
                )

    def _looks(self, point: Point, days: Sequence[date], radius_km: float) -> list[Look]:
        return exposure.expose(point, days, self.known, radius_km, self.over.get(point, ()))


def reach_km(incident: Incident) -> float:
    """How far around a place heat is looked for (km); nought where it is too coarse."""
    return max(edges_of(incident.place), default=0.0)


def _passes(
    places: Sequence[Point],
    days: Sequence[date],
    fleet: Fleet,
    as_of: datetime,
    satellites: frozenset[str],
) -> dict[Point, Sequence[Pass]]:
    told = [day for day in days if day <= last_told(as_of)]
    if not told or not places:
        return {}
    found = passes(places, min(told), max(told), fleet, as_of, satellites)
    return dict(zip(places, found, strict=True))


def _clear(look: Look, model: HeatModel, as_of: datetime) -> Chance | None:
    """Chance of a clear look with its record held on one day; None where it may not be told."""
    if look.day > last_told(as_of):
        return None
    start = midnight(look.day)
    seen = glimpses([look], model.cloud_reach_km, look.day)
    before = Interval(start - timedelta(seconds=1), start)
    return clear_look(seen, before, model.cloud_persistence_h)


def _window(case: Case, as_of: datetime) -> list[date]:
    window = case.file.window
    last = min(window.until, (as_of - timedelta(days=1)).date())
    return [window.start + timedelta(days=i) for i in range((last - window.start).days + 1)]


def _look_point(incident: Incident, middles: Mapping[str, Point]) -> Point | None:
    return incident.place.point if incident.place.sharp else middles.get(incident.place.region)


def _middles(incidents: Sequence[Incident]) -> dict[str, Point]:
    """A rough middle for each region with a claim: the mean of its points on a coarse grid."""
    points: dict[str, list[Point]] = {}
    for incident in incidents:
        if incident.place.point:
            points.setdefault(incident.place.region, []).append(incident.place.point)

    def middle(values: Sequence[float]) -> float:
        return round(math.fsum(values) / len(values) / t.REGION_GRID_DEG) * t.REGION_GRID_DEG

    return {
        region: Point(middle([p.lat for p in own]), middle([p.lon for p in own]))
        for region, own in points.items()
    }
