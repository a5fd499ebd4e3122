"""Who could have acted.  The default is not attributed, and a position settles nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from truceline import thresholds as t
from truceline.domain.claim import Origin
from truceline.domain.incident import Attribution, Incident
from truceline.domain.observation import FieldReport
from truceline.domain.place import Precision
from truceline.domain.said import said
from truceline.domain.trees import OBJECTS
from truceline.geo import haversine_km


def assign_reports(
    incidents: Sequence[Incident], reports: Sequence[FieldReport]
) -> dict[str, list[FieldReport]]:
    """Independent reports by incident, in order of their ids.

    A report of an act supports one incident: one that fits several supports none of them.
    A report of quiet counts for every incident of which it covers all of the time.
    """
    assigned: dict[str, list[FieldReport]] = {incident.id: [] for incident in incidents}
    able = [i for i in incidents if i.place.sharp and i.place.point]
    for report in sorted((r for r in reports if r.independent), key=lambda r: r.id):
        meeting = (i for i in able if i.interval.overlaps(report.interval))
        fits = [incident for incident in meeting if _fits(incident, report)]
        if report.finding == "nothing_observed" or len(fits) == 1:
            for incident in fits:
                assigned[incident.id].append(report)
    return assigned


def _fits(incident: Incident, report: FieldReport) -> bool:
    """Whether a report of the same time may be of the same place and class of object.

    Its place must be sharp as well.  Hearing nothing is not seeing that nothing happens.
    """
    here, there = incident.place, report.place
    if not (there.sharp and here.point and there.point):
        return False
    if not any(_same_class(report, incident, a.object_class) for a in incident.accounts):
        return False
    apart_km = haversine_km(here.point, there.point)
    if report.finding == "nothing_observed":
        near = apart_km <= max(t.QUIET_REACH_KM, here.uncertainty_km, there.uncertainty_km)
        return near and report.sense != "heard" and incident.interval.within(report.interval)
    short = report.interval.until - report.interval.start <= timedelta(hours=t.REPORT_MAX_H)
    near = apart_km <= here.uncertainty_km + there.uncertainty_km
    return short and near


def _same_class(report: FieldReport, incident: Incident, claimed: str | None) -> bool:
    """Whether a report is of that class; a blank or wider one will do only at one facility."""
    told = report.object_class
    if told and claimed and OBJECTS.covers(claimed, told):
        return True
    if told and claimed and not OBJECTS.covers(told, claimed):
        return False
    facility = Precision.FACILITY
    return (incident.place.precision, report.place.precision) == (facility, facility)


def attribute(
    incident: Incident,
    reports: Sequence[FieldReport],
    parties: Sequence[str],
    partly_held: Collection[str] = (),
) -> Attribution:
    """The parties that could have acted, by the first of five rules that applies.

    1. admissions and independent observers, where all of them name one party; 2. where they
    name different ones, each of these; 3. accounts accuse more than one: each of them;
    4. debris, or a place whose holder is contested: any party; 5. whoever does not hold the
    place could reach it.  Only rule 1 settles anything.  ``partly_held`` has the codes of
    areas of which a part is said to be held by another party: control that nobody states
    is contested there.
    """
    everyone = tuple(sorted(parties))
    admitted = [a for a in incident.accounts if a.origin is Origin.ADMISSION]
    naming = [r for r in reports if r.names and r.finding == "act_observed"]
    named = sorted({a.accused for a in admitted} | {r.names for r in naming if r.names})
    rows = (*(str(a.row) for a in admitted), *(str(r.row) for r in naming))
    if len(named) == 1:
        voices = [said("it says so itself")] if admitted else []
        voices += [said("independent observers name it")] if naming else []
        why = said("{party:party}: {voices:told}", party=named[0], voices=voices)
        return Attribution((named[0],), why, True, rows)
    if named:
        why = said("admissions and observers name different parties")
        return Attribution(tuple(named), why, rows=rows)
    if len(incident.accused) > 1:
        return Attribution(incident.accused, said("each is accused of it by an account"))
    return _by_position(incident, everyone, partly_held)


def _by_position(
    incident: Incident, everyone: tuple[str, ...], partly_held: Collection[str]
) -> Attribution:
    acts = {act for a in incident.accounts for act in (a.act, a.also_act)}
    if "debris_of_interception" in acts:
        why = said("debris falls by the acts of both, who sent and who shot down")
        return Attribution(everyone, why)
    place = incident.place
    if place.control == "contested":
        why = said("who held the place is contested: {basis:told}", basis=place.control_basis)
        return Attribution(everyone, why)
    if place.control is None and place.area in partly_held:
        why = said(
            "control of the place is not stated, and a part of its region is said to be held by "
            "another party"
        )
        return Attribution(everyone, why)
    holder = place.control or place.territory
    others = tuple(party for party in everyone if party != holder)
    if holder is None or not others:
        return Attribution((), said("unknown: nobody states who held the place"))
    why = said(
        "control not stated; territory of {holder:party}, by which nobody is excluded and nothing "
        "settled",
        holder=holder,
    )
    if place.control:
        why = said(
            "claimed to be held by {holder:party}, by which nobody is excluded and nothing settled",
            holder=holder,
        )
    return Attribution(others, why)
