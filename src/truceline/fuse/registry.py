"""Which protected object could it be, and what the registries' gaps allow to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from truceline import thresholds as t
from truceline.domain.incident import Incident
from truceline.domain.place import (
    Completeness,
    InRegistry,
    Precision,
    ProtectedObject,
    RegistryMatch,
)
from truceline.domain.trees import OBJECTS
from truceline.geo import KM_PER_DEGREE, haversine_km

Levels = Mapping[tuple[str, str], Completeness]


def levels(rows: Sequence[Completeness]) -> Levels:
    """Completeness by territory and class."""
    return {(row.territory, row.object_class): row for row in rows}


def match_object(
    incident: Incident, objects: Sequence[ProtectedObject], known: Levels
) -> RegistryMatch:
    """The answer of the registries for one incident.

    A class that no registry covers there is ``not_in_registry_scope``: silence of such a
    registry says nothing, and that of one with gaps says little: ``none_in_registry`` is kept
    for those that hold the class in full.  A distance is given between two facility points
    only; a position that its registry doubts is never measured against.
    """
    place, wanted = incident.place, incident.preferred.object_class
    if wanted is None:
        return RegistryMatch(InRegistry.CLASS_UNKNOWN, "none", note="class of the object unknown")
    row = known.get((place.territory or "", wanted))
    if row is None or row.level == "none":
        why = row.reason if row else "no registry of this class and territory in the case"
        return RegistryMatch(InRegistry.NOT_IN_REGISTRY_SCOPE, "none", note=why)
    if not place.sharp or place.point is None:
        return RegistryMatch(
            InRegistry.PLACE_TOO_COARSE,
            row.level,
            note=f"a {place.precision} point is an anchor, not a place to measure from",
        )
    at_facility = place.precision is Precision.FACILITY
    reach_km = t.REGISTRY_RADIUS_KM if at_facility else place.uncertainty_km
    near = sorted(
        (haversine_km(place.point, o.point), o.id, o)
        for o in objects
        if o.usable
        and OBJECTS.covers(wanted, o.object_class)
        and o.territory == place.territory
        and abs(o.point.lat - place.point.lat) <= reach_km / KM_PER_DEGREE
    )
    found = [(distance, o) for distance, _, o in near if distance <= reach_km]
    if not found:
        whole = row.level == "full"
        none = InRegistry.NONE_IN_REGISTRY if whole else InRegistry.NOT_FOUND_IN_PART
        return RegistryMatch(none, row.level, note=row.reason)
    if not at_facility:
        candidates = tuple((o, None) for _, o in found)
        return RegistryMatch(InRegistry.IN_SAME_SETTLEMENT, row.level, candidates, row.reason)
    measured = tuple((o, round(distance, 1)) for distance, o in found)
    return RegistryMatch(InRegistry.MATCHED, row.level, measured, row.reason)
