"""What parties and others assert: claims, statements, milestones.  Never observations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from truceline.clock import Interval
from truceline.domain.place import Position
from truceline.domain.provenance import Known, Row


@dataclass(frozen=True)
class Occurrence:
    """When something is said to have happened, and how well that is known.

    ``precision``: minute, hours, day, night, report_date, inferred, unknown.
    """

    interval: Interval
    precision: str


class Origin(StrEnum):
    """What kind of voice an account is."""

    CLAIM = "claim"
    """A party or outlet that accuses."""
    ADMISSION = "admission"
    """The accused party itself says that it acted."""
    THIRD_PARTY = "third_party"
    """An outside source that supports part of a claim: counts as a line of evidence."""
    SUPPORT_NOT_COUNTED = "support_not_counted"
    """Support from the same side or from an operator: shown, never counted."""
    UNVERIFIED_NOT_COUNTED = "unverified_not_counted"
    """An outside voice that says it could not verify the claim: shown, never counted."""
    AGAINST_NOT_COUNTED = "against_not_counted"
    """A report that speaks against the claim without being a line of its own."""


@dataclass(frozen=True)
class Corroboration:
    """What others said about a claim, with an origin of its own."""

    origin: Origin
    origin_id: str
    kind: str
    text: str
    rests_on: tuple[str, ...] = ()
    row: Row | None = None
    """Row in which the origin was coded."""


@dataclass(frozen=True)
class Claim:
    """One assertion that one side acted against one object.

    ``object_class`` is None where the stated type cannot be placed.  ``act`` is coded by
    hand from the words of the ledger (``act_basis``), never guessed by the program.
    """

    id: str
    row: Row
    known: Known
    occurred: Occurrence
    accused: str
    claimant: str
    claimant_side: str
    origin: Origin
    object_name: str
    object_type: str
    object_class: str | None
    act: str | None
    also_act: str | None
    act_basis: str
    act_certainty: str
    means: str
    weapon: str
    effect: str
    place: Position
    response: str
    response_scope: str
    corroboration: Corroboration | None
    sources: tuple[str, ...]
    source_date: date | None
    note: str
    act_row: Row | None = None
    """Row in which the act was coded."""
    class_row: Row | None = None
    """Row that places the stated type of object."""
    checks: tuple[tuple[str, str], ...] = ()
    """The compilers' opinions, by column: printed where they disagree, never an input."""


@dataclass(frozen=True)
class Statement:
    """Who said what about the terms, when, and where that can be read."""

    id: str
    row: Row
    known: Known
    on: date | None
    speaker: str
    institution: str
    side: str
    act: str
    about: str
    topic: str
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class PublishedCount:
    """A count that somebody published, taken apart: number, unit, window, whom it accuses.

    ``n`` is None where only words are given, and an end of the window where none is stated.
    """

    entry: str
    """Entry of the timeline that tells it."""
    row: Row
    statement: str
    """Statement whose speaker it is; blank if the ledger has none."""
    qualifier: str
    n: int | None
    unit: str
    accused: str
    start: date | None
    until: date | None
    note: str


@dataclass(frozen=True)
class Milestone:
    """A dated entry of the timeline: milestone, term, difference or published count."""

    id: str
    row: Row
    known: Known
    kind: str
    on: date | None
    title: str
    description: str
    actors: str
    version: str
    sources: tuple[str, ...]
    note: str
