"""Could it have been seen?  The chance of a clear look after an event, and what it would show.

Passes of one day share the sky: a pass that follows a clouded one is clouded more often than
the mean of the day says, the more so the sooner it follows (a Markov chain of two states whose
memory fades with the measured persistence of cloud).  Two satellites 50 minutes apart are
therefore hardly more than one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from truceline import thresholds as t
from truceline.assess.heat_model import HeatModel, SensorSet
from truceline.clock import Interval, midnight
from truceline.domain.incident import Incident
from truceline.domain.observation import Chance, Look, Watch
from truceline.domain.place import Position
from truceline.domain.said import Said, said, said_n

NOBODY = Chance(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Glimpse:
    """One pass whose record is held, and the chance that its sky was clear."""

    at: datetime
    clear: Chance
    basis: str = "fitted"


UNTOLD = "untold"
"""Basis of the one look that stands for a whole day whose passes may not be told yet."""


def glimpses(looks: Iterable[Look], reach_km: float, told_until: date | None) -> list[Glimpse]:
    """Passes of looks with a record in order of time, those at the edge of a swath left out.

    A day after ``told_until`` counts as one look at its end: its passes may not be told, and
    that its record is held says that there were some.
    """
    found = []
    for look in looks:
        if not look.held:
            continue
        if told_until is None or look.day > told_until:
            end = midnight(look.day + timedelta(days=1)) - timedelta(seconds=1)
            found.append(Glimpse(end, _clear(look, reach_km, rough=True), UNTOLD))
            continue
        found += [
            Glimpse(each.at, _clear(look, reach_km, rough=each.basis == "unchecked"), each.basis)
            for each in look.passes
            if (each.scan_angle_deg or 0.0) <= t.LOOK_SCAN_MAX_DEG
        ]
    return sorted(found, key=lambda each: each.at)


def _clear(look: Look, reach_km: float, *, rough: bool) -> Chance:
    """Chance of a clear sky at the minute of a pass, from the mean cloud of the day.

    The farther off the cloud was measured, the less of it is believed; the rest is the share
    of clear sky in general.  A ``rough`` pass is known by the local time of its orbit alone, may be
    an hour off and near the edge of its swath: its bounds are those of an unknown sky.
    """
    usual, doubt = t.CLEAR_SHARE_UNKNOWN, t.CLEAR_SPREAD_UNKNOWN
    if look.cloud_share is None or look.cloud_km is None:
        middle = usual
    else:
        near = math.exp(-look.cloud_km / reach_km)
        middle = near * (1 - look.cloud_share) + (1 - near) * usual
        doubt = near * t.CLEAR_SPREAD_NEAR + (1 - near) * doubt
    doubt = t.CLEAR_SPREAD_UNKNOWN if rough else doubt
    return Chance(middle, middle * (1 - doubt), middle + (1 - middle) * doubt)


def clear_look(seen: Sequence[Glimpse], when: Interval, persistence_h: float) -> Chance:
    """Chance of at least one clear look after an event at an unknown instant of an interval.

    The instant is taken as equally likely throughout.  Without a pass it is nought.

    >>> from datetime import UTC, timedelta
    >>> noon = datetime(2025, 4, 1, 12, tzinfo=UTC)
    >>> half = Chance(0.5, 0.5, 0.5)
    >>> hour = Interval(noon - timedelta(hours=1), noon)
    >>> one, soon, later = (Glimpse(noon + timedelta(hours=h), half) for h in (0, 1, 48))
    >>> [round(clear_look(each, hour, 12.0).p, 2) for each in ([one], [one, soon], [one, later])]
    [0.5, 0.52, 0.75]
    """
    ordered = sorted(seen, key=lambda each: each.at)
    low, middle, high = (
        1 - _none_clear(ordered, when, persistence_h, pick)
        for pick in (_low_of, _middle_of, _high_of)
    )
    return Chance(middle, min(low, middle), max(high, middle))


def _low_of(chance: Chance) -> float:
    return chance.low


def _middle_of(chance: Chance) -> float:
    return chance.p


def _high_of(chance: Chance) -> float:
    return chance.high


def _none_clear(
    ordered: Sequence[Glimpse], when: Interval, hours: float, pick: Callable[[Chance], float]
) -> float:
    """Chance that no pass after the event was clear: mean over the stretches between passes."""
    inside = [each.at for each in ordered if when.start < each.at < when.until]
    length = (when.until - when.start).total_seconds()
    return math.fsum(
        (end - start).total_seconds()
        / length
        * _all_clouded([each for each in ordered if each.at >= end], hours, pick)
        for start, end in pairwise([when.start, *inside, when.until])
    )


def _all_clouded(
    ordered: Sequence[Glimpse], hours: float, pick: Callable[[Chance], float]
) -> float:
    """Chance that every pass was clouded, each depending on the one before it.

    Never more than the chance that any one of them was: a sky that is clouded where it seldom
    is was clouded before as well.
    """
    clouded, last, before = 1.0, None, 1.0
    for each in ordered:
        sky = 1 - pick(each.clear)
        memory = 0.0 if last is None else math.exp(-_hours(last, each.at) / hours)
        clouded *= min(sky + memory * (1 - sky), sky / before if last and before > sky else 1.0)
        last, before = each.at, sky
    return clouded


def _hours(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600


def watch(
    incident: Incident,
    looks: Sequence[Look],
    model: HeatModel,
    told_until: date | None = None,
    readable_km: float | None = None,
) -> Watch:
    """What the looks at an incident were worth, with the sentence that says so.

    ``looks`` are those at its place, or at the rough middle of its region where the place is
    too coarse; passes are told up to a day; ``readable_km`` is how far around heat can be read,
    nought where a fire could hide in what was burning there.
    """
    n_passes = sum(len(look.passes) for look in looks)
    n_held = sum(len(look.passes) for look in looks if look.held)
    if not looks:
        return Watch(None, None, None, 0, 0, said("no day is known on which to look"))
    sensors = {look.sensor for look in looks if look.held}
    if sensors and model.measured(sensors) is None:
        words = said("only sensors looked whose rates have not been measured")
        return Watch(None, None, None, n_passes, n_held, words)
    rates = rates_for(incident, looks, model, told_until)
    seen_by = _after(incident, looks, model, rates, told_until)
    look = clear_look(seen_by, incident.interval, model.cloud_persistence_h)
    show = _show_of(incident, rates, readable_km)
    seen = Chance(look.p * show.p, look.low * show.low, look.high * show.high)
    chance = _chance_told(look, n_passes, n_held, seen_by)
    words = _told(incident, chance, show, seen, hidden=readable_km == 0.0)
    return Watch(look, show, seen, n_passes, n_held, words)


def look_of(
    incident: Incident,
    looks: Sequence[Look],
    model: HeatModel,
    rates: SensorSet,
    told_until: date | None,
) -> Chance:
    """Chance of a clear look after the incident, by the sensors whose rates are used."""
    seen_by = _after(incident, looks, model, rates, told_until)
    return clear_look(seen_by, incident.interval, model.cloud_persistence_h)


def rates_for(
    incident: Incident, looks: Sequence[Look], model: HeatModel, told_until: date | None = None
) -> SensorSet:
    """Rates of the sensors that looked after the incident; of the smallest set where none did."""
    start = incident.interval.start
    sensors = {
        look.sensor
        for look in looks
        if any(g.at > start for g in glimpses([look], model.cloud_reach_km, told_until))
    }
    return model.measured(sensors) or model.smallest


def _after(
    incident: Incident,
    looks: Sequence[Look],
    model: HeatModel,
    rates: SensorSet,
    told_until: date | None,
) -> list[Glimpse]:
    """Looks of the sensors in use that may have come after the incident."""
    used = [look for look in looks if look.sensor in rates.sensors]
    found = glimpses(used, model.cloud_reach_km, told_until)
    return [each for each in found if each.at > incident.interval.start]


def _show_of(incident: Incident, rates: SensorSet, readable_km: float | None) -> Chance:
    """Chance that such a strike shows in a clear look; none where there is nothing to look at."""
    edges = edges_of(incident.place)
    if not edges or shot_down(incident) or readable_km == 0.0:
        return NOBODY
    return rates.showing(incident.preferred.object_class, readable_km or edges[-1])


def edges_of(place: Position) -> tuple[float, ...]:
    """Edges (km) of the rings that can be told apart around a place; none where it is too coarse.

    A ring that is no wider than the place is uncertain would be told by chance.
    """
    edges = t.HEAT_EDGES_KM.get(place.precision.value, ())
    return tuple(e for e in edges if e > place.uncertainty_km or e == edges[-1])


def shot_down(incident: Incident) -> bool:
    """Whether every account says that the attack was shot down: no fire is to be expected."""
    return all(account.act == "attempt_intercepted" for account in incident.accounts)


def _chance_told(look: Chance, n_passes: int, n_held: int, seen_by: Sequence[Glimpse]) -> Said:
    """The chance of a clear look, with the passes that it rests on."""
    if n_passes and not n_held and not seen_by:
        return said_n(
            "no record is held of the {n} overpass of these dates",
            "no record is held of the {n} overpasses of these dates",
            n_passes,
        )
    chance = said_n(
        "record held of {n_held} of {n} overpass; {used} count (after it may have happened, not at "
        "the edge of a swath), {rough} by the local time of the orbit alone; chance of a clear "
        "look: {p:number} ({low:number} to {high:number})",
        "record held of {n_held} of {n} overpasses; {used} count (after it may have happened, not "
        "at the edge of a swath), {rough} by the local time of the orbit alone; chance of a clear "
        "look: {p:number} ({low:number} to {high:number})",
        n_passes,
        n_held=n_held,
        used=sum(each.basis != UNTOLD for each in seen_by),
        rough=sum(each.basis == "unchecked" for each in seen_by),
        p=look.p,
        low=look.low,
        high=look.high,
    )
    if not n_passes:
        chance = said(
            "chance of a clear look: {p:number} ({low:number} to {high:number})",
            p=look.p,
            low=look.low,
            high=look.high,
        )
    if not any(each.basis == UNTOLD for each in seen_by):
        return chance
    return said(
        "{chance:told}; overpasses of the last {h:number} hours are not told: a day whose record "
        "is held counts as one look",
        chance=chance,
        h=t.PASS_EMBARGO_H,
    )


def _told(incident: Incident, chance: Said, show: Chance, seen: Chance, *, hidden: bool) -> Said:
    if not incident.place.sharp:
        return said(
            "{chance:told}; the place is too coarse to be looked at, so that nothing could have "
            "been told from it",
            chance=chance,
        )
    if shot_down(incident):
        return said("{chance:told}; an attack that was shot down leaves no fire", chance=chance)
    if hidden:
        return said(
            "{chance:told}; but heat was there anyway, and a fire could hide in it", chance=chance
        )
    return said(
        "{chance:told}; a strike on this class shows in a clear look with {p:number} ({low:number} "
        "to {high:number}); chance that it would have been seen: {q:number} ({q_low:number} to "
        "{q_high:number})",
        chance=chance,
        p=show.p,
        low=show.low,
        high=show.high,
        q=seen.p,
        q_low=seen.low,
        q_high=seen.high,
    )
