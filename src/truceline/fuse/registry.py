"""Which protected object could it be, and what the registries' gaps allow to say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from truceline import thresholds as t
from truceline.domain.incident import Incident
from truceline.domain.place import (
    Completeness,
    InRegistry,
    Position,
    Precision,
    ProtectedObject,
    RegistryMatch,
)
from truceline.domain.said import said
from truceline.domain.trees import OBJECTS
from truceline.geo import KM_PER_DEGREE, haversine_km


@dataclass(frozen=True)
class Registry:
    """Objects and completeness of all registries of a case, by territory and class."""

    levels: Mapping[tuple[str, str], Completeness]
    objects: Mapping[tuple[str, str], tuple[ProtectedObject, ...]]

    @classmethod
    def of(cls, rows: Sequence[Completeness], objects: Sequence[ProtectedObject]) -> Registry:
        """Objects whose position their own registry doubts are left out."""
        kept: dict[tuple[str, str], list[ProtectedObject]] = defaultdict(list)
        for found in sorted(objects, key=lambda o: (o.id, o.registry)):
            if found.usable:
                kept[found.territory, found.object_class].append(found)
        levels = {(row.territory, row.object_class): row for row in rows}
        return cls(levels, {key: tuple(found) for key, found in kept.items()})

    def near(
        self, place: Position, wanted: str, reach_km: float
    ) -> list[tuple[ProtectedObject, float]]:
        """Objects of a class and those below it within reach (km), the nearest first."""
        names = sorted(OBJECTS.below(wanted))
        found = chain.from_iterable(self.objects.get((place.territory or "", n), ()) for n in names)
        measured = [
            (o, haversine_km(place.point, o.point))
            for o in found
            if place.point and abs(o.point.lat - place.point.lat) <= reach_km / KM_PER_DEGREE
        ]
        close = [(o, distance) for o, distance in measured if distance <= reach_km]
        return sorted(close, key=lambda pair: (pair[1], pair[0].id))


def match_object(incident: Incident, registry: Registry) -> RegistryMatch:
    """The answer of the registries for one incident.

    A class that no registry covers there is ``not_in_registry_scope``: silence of such a
    registry says nothing, and that of one with gaps says little: ``none_in_registry`` is kept
    for those that hold the class in full.  A distance is given between two facility points
    only; a position that its registry doubts is never measured against.
    """
    place, wanted = incident.place, incident.preferred.object_class
    if wanted is None:
        note = said("class of the object unknown")
        return RegistryMatch(InRegistry.CLASS_UNKNOWN, "none", note=note)
    row = registry.levels.get((place.territory or "", wanted))
    if row is None or row.level == "none":
        none_held = said("no registry of this class and territory in the case")
        why = row.reason if row else none_held
        return RegistryMatch(InRegistry.NOT_IN_REGISTRY_SCOPE, "none", note=why)
    if not place.sharp or place.point is None:
        return RegistryMatch(
            InRegistry.PLACE_TOO_COARSE,
            row.level,
            note=said("{precision:point}: nothing is measured from it", precision=place.precision),
        )
    at_facility = place.precision is Precision.FACILITY
    reach_km = t.REGISTRY_RADIUS_KM if at_facility else place.uncertainty_km
    found = registry.near(place, wanted, reach_km)
    if not found:
        whole = row.level == "full"
        none = InRegistry.NONE_IN_REGISTRY if whole else InRegistry.NOT_FOUND_IN_PART
        return RegistryMatch(none, row.level, note=row.reason)
    if not at_facility:
        candidates = tuple((o, None) for o, _ in found)
        return RegistryMatch(InRegistry.IN_SAME_SETTLEMENT, row.level, candidates, row.reason)
    measured = tuple((o, round(distance, 1)) for o, distance in found)
    return RegistryMatch(InRegistry.MATCHED, row.level, measured, row.reason)
