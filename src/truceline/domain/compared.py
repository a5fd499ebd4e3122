"""Documents side by side: which topics each one mentions or leaves out, and how they differ.

Nothing here says who is right: a document says something, or it does not, or nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from truceline.domain.words import Actor, Span, Spans


class Shown(StrEnum):
    """What is known of a topic in a document."""

    MENTIONED = "mentioned"
    NEGATED = "mentioned_negated"
    """Every mention stands under a negation, or in a denial or refusal."""
    OMITTED = "omitted"
    """Not found in a whole document, by a detector that is good enough to say so."""
    NOT_ATTESTED = "not_attested"
    """Not found; but that does not show that it was left out."""
    NO_DOCUMENT = "no_document"
    """The user says that there is a document, which is not held."""
    NO_STATEMENT = "no_statement"
    """The user says that this actor has said nothing."""


class Why(StrEnum):
    """Why a topic that was not found is not said to be left out."""

    EXCERPT = "excerpt"
    """Only a part of the document is held."""
    NO_HASH = "no_hash"
    NOT_MEASURED = "detector_not_measured"
    """No held-out sentences in this language."""
    WEAK = "detector_weak"
    """The detector may miss too many mentions."""


class Slot(StrEnum):
    """What two documents may tell differently of one topic."""

    SCOPE = "scope"
    ACTS = "acts"
    MEANS = "means"
    DURATION = "duration"
    START = "start"
    DEADLINE = "deadline"
    CONDITION = "condition"
    RECIPROCITY = "reciprocity"


class Relation(StrEnum):
    """What the first document's values are to those of the other."""

    NARROWER = "narrower"
    BROADER = "broader"
    OVERLAPPING = "overlapping"
    OTHER = "other"
    """Both name a value, and no value is the same."""
    ONLY_ONE = "only_one"
    """The first one names a value, the other does not."""
    ONLY_OTHER = "only_other"


@dataclass(frozen=True)
class Measured:
    """``found`` ``of`` so many, with the ends of the Wilson interval of 95 %."""

    found: int
    of: int
    low: float
    high: float


@dataclass(frozen=True)
class Quality:
    """How a topic is searched for in a language: number of words and patterns, and how well.

    ``recall``: held-out sentences that mention it and were found; ``false_alarms``: held-out
    sentences that only come close, and were found all the same.  ``elsewhere``: topics, of all
    that held-out documents of other authors mention, which were found there; it is the same for
    every topic of a language.  None: not measured.
    """

    n_patterns: int
    recall: Measured | None
    false_alarms: Measured | None
    elsewhere: Measured | None = None

    @property
    def low(self) -> float | None:
        """The lowest end of the intervals of what is found; None where either is not measured."""
        if self.recall is None or self.elsewhere is None:
            return None
        return min(self.recall.low, self.elsewhere.low)


@dataclass(frozen=True)
class Mention:
    """A place that mentions a topic; ``items`` are the statements that hold it, smallest first."""

    topic: str
    span: Span
    sentence: Span
    negated: bool
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A document, or one that the user declares to be missing or never to have been.

    ``sha256`` is None where there is no document; ``actor`` is whose it is.
    """

    title: str
    actor: Actor
    sha256: str | None = None
    language: str | None = None
    complete: bool = False
    state: Shown | None = None
    """State of all of its cells where no document is held."""


@dataclass(frozen=True)
class Cell:
    """One topic in one document, with what was searched where it was not found."""

    topic: str
    state: Shown
    why: Why | None = None
    mentions: tuple[Mention, ...] = ()
    quality: Quality | None = None


@dataclass(frozen=True)
class Side:
    """What one document has in a slot: values, and the words that they stand in.

    Without values, the spans are the mentions of the topic.
    """

    document: str
    values: tuple[str, ...]
    spans: Spans


@dataclass(frozen=True)
class Finding:
    """A difference between two documents on one topic, or on several with the same words."""

    topics: tuple[str, ...]
    slot: Slot
    relation: Relation
    one: Side
    other: Side


@dataclass(frozen=True)
class Declared:
    """What the user says of documents that are not held: (actor, title), and silent actors."""

    absent: tuple[tuple[Actor, str], ...] = ()
    silent: tuple[Actor, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """The matrix, one row of ``cells`` for each topic in the order of ``columns``, and findings."""

    columns: tuple[Column, ...]
    topics: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    findings: tuple[Finding, ...] = field(default=())
