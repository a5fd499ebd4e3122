"""What sensors saw around one incident and before it, and how far around it can be read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from truceline import thresholds as t
from truceline.assess.exposure import Past, usable
from truceline.assess.heat_model import Own, SensorSet
from truceline.assess.watch import edges_of
from truceline.clock import midnight
from truceline.domain.detection import Detection
from truceline.domain.incident import Incident
from truceline.domain.observation import Look


@dataclass(frozen=True)
class Window:
    """What sensors with measured rates saw around one incident, and what they had seen before.

    ``detections`` lie within the last edge and begin with the site's own record; ``others``
    are pixels of sensors without rates since the day of the first look.
    """

    incident: Incident
    looks: Sequence[Look]
    detections: Sequence[Detection]
    others: Sequence[Detection]
    past: Past
    edges_km: tuple[float, ...]
    first_day: date

    @classmethod
    def of(
        cls,
        incident: Incident,
        looks: Sequence[Look],
        detections: Sequence[Detection],
        rates: SensorSet,
        past: Past,
    ) -> Window:
        """With pixels of sensors whose rates are not known kept apart."""
        first = min(look.day for look in looks)
        ours = [d for d in detections if d.heat.sensor in rates.sensors]
        others = [
            d
            for d in detections
            if d.heat.sensor not in rates.sensors and day_of(d) >= first and d.counts
        ]
        seen = [look for look in looks if look.sensor in rates.sensors]
        edges = edges_of(incident.place)
        return cls(incident, seen, ours, others, past, edges, first)

    @property
    def start(self) -> datetime:
        """Heat before this is no effect of the incident."""
        return self.incident.interval.start - timedelta(hours=t.HEAT_EARLY_SLACK_H)

    @property
    def recent(self) -> list[Detection]:
        """Pixels since some days before the first look."""
        since = self.first_day - timedelta(days=t.HEAT_CARRY_OVER_D)
        return [d for d in self.detections if day_of(d) >= since]

    @property
    def blinding(self) -> list[Detection]:
        """Recent pixels that are known static sources, or fires that burned before the event."""
        return [
            d
            for d in self.recent
            if d.heat.static_source is True
            or (not d.persistent and d.heat.observed_at < self.start)
        ]

    @property
    def open_edges(self) -> tuple[float, ...]:
        """Edges (km) within which nothing burns that a fire could hide in."""
        nearest = min((d.distance_km for d in self.blinding), default=math.inf)
        return tuple(edge for edge in self.edges_km if edge < nearest)

    def standing(self, edge_km: float) -> list[Detection]:
        """Recent pixels within an edge at spots where heat is of long standing."""
        return [
            d
            for d in self.recent
            if d.persistent and d.heat.static_source is not True and d.distance_km <= edge_km
        ]

    def signals(self, edge_km: float) -> list[Detection]:
        """Pixels since the start within an edge that are no known static source."""
        return [
            d
            for d in self.detections
            if d.heat.static_source is not True
            and d.heat.observed_at >= self.start
            and d.distance_km <= edge_km
        ]

    @property
    def told_km(self) -> float:
        """The edge of which the line tells: of the ring with the nearest signal; else the last
        within which neither a fire could hide nor heat of long standing has gone out.
        """
        if not self.open_edges:
            return self.edges_km[0]
        signals = self.signals(max(self.open_edges))
        if signals:
            nearest_km = min(d.distance_km for d in signals)
            return min(edge for edge in self.open_edges if nearest_km <= edge)
        return self.readable_km or self.edges_km[0]

    @property
    def readable_km(self) -> float:
        """The last edge within which no fire could hide and no heat of long standing has gone
        out; nought where there is none.
        """
        return max((e for e in self.open_edges if not self.standing(e)), default=0.0)

    def own(self, radius_km: float) -> Own:
        """The site's own record of the weeks before: whole days, and days with heat among them."""
        days = self.past.own_days
        burning = {
            day_of(d)
            for d in self.detections
            if d.heat.static_source is not True and d.distance_km <= radius_km and day_of(d) in days
        }
        return Own(len(days), len(burning))

    @property
    def n_dates(self) -> int:
        """UTC dates of the window."""
        return len({look.day for look in self.looks})

    @property
    def n_full(self) -> int:
        """Dates of the window once it is over: those of the incident and the next."""
        return max(self.n_dates, len(self.incident.interval.utc_dates()) + 1)

    @property
    def n_seen(self) -> int:
        """UTC dates with a usable look."""
        return len({look.day for look in usable(self.looks)})

    @property
    def share_seen(self) -> float:
        """Share of its hours, from the earliest claimed time on, on dates with a usable look."""
        whole = math.fsum(map(self._hours_left, {look.day for look in self.looks}))
        seen = math.fsum(map(self._hours_left, {look.day for look in usable(self.looks)}))
        return seen / whole if whole else 0.0

    def _hours_left(self, day: date) -> float:
        starts = midnight(day)
        begins = max(starts, self.incident.interval.start)
        return max(0.0, (starts + timedelta(days=1) - begins).total_seconds() / 3600)


def day_of(found: Detection) -> date:
    """UTC date of a pixel."""
    return found.heat.observed_at.date()
