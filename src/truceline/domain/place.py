"""Places: positions with their precision, areas with their holders, protected objects."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from truceline.domain.provenance import Row
from truceline.geo import Point


class Precision(StrEnum):
    """What a point stands for.  Only the first two may be used near a sensor's pixel."""

    FACILITY = "facility"
    SETTLEMENT = "settlement"
    DISTRICT = "district"
    REGION = "region"


@dataclass(frozen=True)
class Position:
    """A named place with its point, what the point stands for, and who is said to hold it.

    ``control`` is the party said to hold it: a party code, ``contested``, or None where
    nobody states it.  ``territory`` is the party whose territory it is; None if unknown.
    """

    name: str
    region: str
    area: str | None
    territory: str | None
    control: str | None
    control_basis: str
    point: Point | None
    precision: Precision
    uncertainty_km: float

    @property
    def sharp(self) -> bool:
        """Whether a distance to the point means anything."""
        return self.point is not None and self.precision in (
            Precision.FACILITY,
            Precision.SETTLEMENT,
        )

    @property
    def held(self) -> bool | None:
        """Whether somebody else than its own state is said to hold it; None: not stated."""
        if self.control is None or self.control == "contested" or self.territory is None:
            return None
        return self.control != self.territory


@dataclass(frozen=True)
class Area:
    """A region of a territory, as the case names it.

    ``partly_held`` is what its cited source says; None where no source says anything.
    """

    code: str
    name: str
    territory: str
    partly_held: bool | None
    source: str
    note: str = ""


@dataclass(frozen=True)
class ProtectedObject:
    """A facility of a registry."""

    id: str
    row: Row
    registry: str
    name: str
    object_class: str
    territory: str
    point: Point
    usable: bool = True
    """False where the registry itself warns of the position: never measured against."""
    licence: str = ""


class InRegistry(StrEnum):
    """What the registries say about the object of an incident."""

    MATCHED = "matched"
    IN_SAME_SETTLEMENT = "in_same_settlement"
    NONE_IN_REGISTRY = "none_in_registry"
    NOT_FOUND_IN_PART = "not_found_in_part"
    NOT_IN_REGISTRY_SCOPE = "not_in_registry_scope"
    PLACE_TOO_COARSE = "place_too_coarse"
    CLASS_UNKNOWN = "class_unknown"


@dataclass(frozen=True)
class RegistryMatch:
    """The answer, the candidates with distances where points allow them, and the registry's gaps.

    ``completeness``: ``full``, ``partial`` or ``none`` for this territory and class.
    """

    answer: InRegistry
    completeness: str
    candidates: tuple[tuple[ProtectedObject, float | None], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Completeness:
    """How much of one class a registry holds in one territory, with the reason."""

    territory: str
    object_class: str
    level: str
    reason: str
