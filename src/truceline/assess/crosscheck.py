"""Cross-checks: opinions and outlines that are never inputs, and are printed where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from shapely import Point as Dot
from shapely import contains_xy, ops
from shapely.geometry.base import BaseGeometry

from truceline import thresholds as t
from truceline.domain.agreement import Agreement, ClockState, cited
from truceline.domain.claim import Claim
from truceline.domain.incident import Incident
from truceline.domain.result import Check
from truceline.domain.said import said
from truceline.domain.scope import Answer, answer
from truceline.domain.trees import OBJECTS
from truceline.geo import KM_PER_DEGREE, Point, haversine_km

FloatArray = npt.NDArray[np.float64]


def check_groups(incidents: Sequence[Incident], column: str) -> Iterable[Check]:
    """Rows that the compilers put into one group and we did not, and the other way round."""
    grouped: dict[str, list[tuple[str, Claim]]] = defaultdict(list)
    for incident in incidents:
        marks = [dict(account.checks).get(column, "") for account in incident.accounts]
        for mark, account in zip(marks, incident.accounts, strict=True):
            if mark:
                grouped[mark].append((incident.id, account))
        if len(marks) > 1 and (len(set(marks)) > 1 or "" in marks):
            words = said(
                "{incident} joins rows that {column} keeps apart",
                incident=incident.id,
                column=column,
            )
            yield _differ(words, incident.accounts)
    for mark, members in sorted(grouped.items()):
        n_incidents = len({incident for incident, _ in members})
        if n_incidents > 1:
            words = said(
                "{column} {mark}: kept here as {n} incidents",
                column=column,
                mark=mark,
                n=n_incidents,
            )
            yield _differ(words, [account for _, account in members])


def check_objects(
    claims: Sequence[Claim], agreement: Agreement, column: str, reading: str
) -> Iterable[Check]:
    """Where the compilers' view of a reading's list differs from the reading itself.

    Their ``likely`` and ``unclear`` agree with anything but the opposite.
    """
    clauses = agreement.reading(reading).clauses
    inside = OBJECTS.expand(name for clause in clauses for name in clause.must_not.against)
    silent = frozenset().union(*(clause.silent_objects for clause in clauses))
    for claim in claims:
        opinion = dict(claim.checks).get(column, "")
        ours = answer(claim.object_class, OBJECTS, inside - silent, silent)
        opposite = {"yes": (Answer.OUTSIDE, Answer.OPEN), "no": (Answer.INSIDE, Answer.OPEN)}
        if ours in opposite.get(opinion, ()):
            words = said(
                "{column} = {opinion}; {reading} answers {ours:answer} for {kind:object}",
                column=column,
                opinion=opinion,
                reading=reading,
                ours=ours,
                kind=claim.object_class,
            )
            yield _differ(words, [claim])


def check_windows(
    claims: Sequence[Claim],
    agreement: Agreement,
    column: str,
    values: Mapping[str, Mapping[str, str]],
) -> Iterable[Check]:
    """Where the compilers' window differs from the clocks of the readings.

    ``values`` says for each of their values whether a reading runs then (``in_force``) or not.
    """
    for claim in claims:
        opinion = dict(claim.checks).get(column, "")
        for reading, expected in values.get(opinion, {}).items():
            states = agreement.reading(reading).clock.states(claim.occurred.interval)
            runs = states != {ClockState.NOT_IN_FORCE}
            if runs != (expected == ClockState.IN_FORCE):
                words = said(
                    "{column} = {opinion}; clock of {reading}: {states:clock}",
                    column=column,
                    opinion=opinion,
                    reading=reading,
                    states=states,
                )
                yield _differ(words, [claim])


def check_places(
    claims: Sequence[Claim],
    outlines: Mapping[str, BaseGeometry],
    gazetteer: Sequence[tuple[str, Point]],
) -> Iterable[Check]:
    """Sharp points outside the outline of their region, or far from every place of a gazetteer.

    An outline may be off by a few kilometres, so a point may be as far outside as its own
    uncertainty.  A gazetteer is asked only about regions in which it has places at all.
    """
    lats = np.array([point.lat for _, point in gazetteer])
    lons = np.array([point.lon for _, point in gazetteer])
    used = sorted({claim.place.area or "" for claim in claims} & set(outlines))
    listed = {area for area in used if bool(contains_xy(outlines[area], lons, lats).any())}
    for claim in claims:
        place, outline = claim.place, outlines.get(claim.place.area or "")
        if outline is None or place.point is None or not place.sharp:
            continue
        edge = ops.nearest_points(outline, Dot(place.point.lon, place.point.lat))[0]
        outside_km = haversine_km(place.point, Point(edge.y, edge.x))
        if outside_km > place.uncertainty_km:
            words = said(
                "point {km} km outside the outline of {region:told}",
                km=round(outside_km),
                region=place.region,
            )
            yield _differ(words, [claim])
        if place.area in listed and not _near(place.point, lats, lons):
            words = said("no place of the gazetteer within reach of the point")
            yield _differ(words, [claim])


def check_terms(whole: Agreement, then: Agreement, known_ids: Collection[str]) -> Iterable[Check]:
    """Readings that nobody had stated yet, and how much of the terms rests on later statements."""
    stated = {reading.id for reading in then.readings}
    missing = [reading.id for reading in whole.readings if reading.id not in stated]
    if missing:
        words = said(
            "not yet stated at this edition, and not judged: {ids}", ids=", ".join(missing)
        )
        yield Check("not_yet_stated", words, ())
    refs = {ref for _, ref in cited(whole)}
    later = refs.difference(known_ids)
    if later:
        words = said(
            "{n} of {all} statements that the terms cite are later than this edition: lines that "
            "rest on them alone are left out; where others stand beside them, they and our notes "
            "are not told, but the wording was written with hindsight",
            n=len(later),
            all=len(refs),
        )
        yield Check("later_terms", words, ())


def _near(point: Point, lats: FloatArray, lons: FloatArray) -> bool:
    reach_km = t.UNCERTAINTY_KM["settlement"]
    for i in np.flatnonzero(abs(lats - point.lat) < reach_km / KM_PER_DEGREE):
        if haversine_km(point, Point(float(lats[i]), float(lons[i]))) <= reach_km:
            return True
    return False


def _differ(text: str, claims: Iterable[Claim]) -> Check:
    rows = tuple(sorted(str(claim.row) for claim in claims))
    return Check("differs", text, rows)
