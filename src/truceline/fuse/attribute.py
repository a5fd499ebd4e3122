"""Who could have acted.  The default is not attributed, and a position settles nothing."""

from __future__ import annotations

from collections.abc import Sequence

from truceline.domain.claim import Origin
from truceline.domain.incident import Attribution, Incident
from truceline.domain.observation import FieldReport
from truceline.domain.trees import OBJECTS
from truceline.geo import haversine_km


def reports_on(incident: Incident, reports: Sequence[FieldReport]) -> list[FieldReport]:
    """Independent reports of the same place, time and class of object, in order of id.

    Both places must be sharp.  A report of quiet counts only if it covers all of the time in
    which the incident may have happened.
    """
    return [report for report in reports if report.independent and _same_event(incident, report)]


def _same_event(incident: Incident, report: FieldReport) -> bool:
    here, there = incident.place, report.place
    if not (here.sharp and there.sharp and here.point and there.point):
        return False
    if haversine_km(here.point, there.point) > here.uncertainty_km + there.uncertainty_km:
        return False
    classes = [account.object_class for account in incident.accounts]
    if not any(_may_be_one(report.object_class, other) for other in classes):
        return False
    if report.finding == "nothing_observed":
        return incident.interval.within(report.interval)
    return report.interval.overlaps(incident.interval)


def _may_be_one(first: str | None, second: str | None) -> bool:
    """Whether two classes may be of one object; an unknown class may be of any."""
    if first is None or second is None:
        return True
    return OBJECTS.covers(first, second) or OBJECTS.covers(second, first)


def attribute(
    incident: Incident, reports: Sequence[FieldReport], parties: Sequence[str]
) -> Attribution:
    """The parties that could have acted, by the first of five rules that applies.

    1. it says so itself; 2. independent observers name one party, and one only; 3. accounts
    accuse more than one; 4. debris, or a place whose holder is contested: any of them;
    5. whoever does not hold the place could reach it.  Only 1 and 2 settle anything.
    """
    everyone = tuple(sorted(parties))
    admitted = [a for a in incident.accounts if a.origin is Origin.ADMISSION]
    if admitted and len({a.accused for a in admitted}) == 1:
        party = admitted[0].accused
        rows = tuple(str(a.row) for a in admitted)
        return Attribution((party,), f"{party} itself says that it acted", True, rows)
    naming = [r for r in reports if r.names and r.finding == "act_observed"]
    named = sorted({r.names for r in naming if r.names})
    rows = tuple(str(r.row) for r in naming)
    if len(named) == 1:
        return Attribution((named[0],), f"independent observers saw {named[0]} act", True, rows)
    if len(named) > 1:
        return Attribution(tuple(named), "independent observers name different parties", rows=rows)
    if len(incident.accused) > 1:
        return Attribution(incident.accused, "each is accused of it by an account")
    return _by_position(incident, everyone)


def _by_position(incident: Incident, everyone: tuple[str, ...]) -> Attribution:
    acts = {act for a in incident.accounts for act in (a.act, a.also_act)}
    if "debris_of_interception" in acts:
        return Attribution(everyone, "debris falls by the acts of both, who sent and who shot down")
    place = incident.place
    if place.control == "contested":
        return Attribution(everyone, f"who held the place is contested: {place.control_basis}")
    holder = place.control or place.territory
    others = tuple(party for party in everyone if party != holder)
    if holder is None or not others:
        return Attribution((), "unknown: nobody states who held the place")
    basis = "claimed to be held by" if place.control else "control not stated; territory of"
    return Attribution(
        others,
        f"{basis} {holder}: {' and '.join(others)} could reach it; a position settles nothing",
    )
