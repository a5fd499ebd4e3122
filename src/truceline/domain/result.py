"""What a run hands to the report: all of it, in fixed order, computed before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from truceline.domain.agreement import Agreement
from truceline.domain.claim import Milestone, PublishedCount, Statement
from truceline.domain.exits import ExitSpan
from truceline.domain.incident import Evidence, Incident, Link
from truceline.domain.observation import Chance, FieldReport, LookState
from truceline.domain.place import Area
from truceline.domain.provenance import Row
from truceline.domain.rates import Finding
from truceline.domain.series import Series
from truceline.domain.verdict import Assessment


@dataclass(frozen=True)
class Quarantined:
    """A row that broke the contract of its source and was set aside on request."""

    source: str
    line: int
    field: str
    what: str
    expected: str


@dataclass(frozen=True)
class Input:
    """One file of a case as it was read.  ``path`` is relative to the case folder."""

    id: str
    kind: str
    title: str
    path: str
    sha256: str
    n_rows: int
    n_quarantined: int
    licence: str
    attribution: str
    address: str
    span: tuple[str, str] | None
    separate: bool
    """A file whose licence (ODbL) asks that what derives from it stays a separate file."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CoverageDay:
    """Whether a sensor could see a region on a UTC day; cloud is a share or unknown.

    ``clear``: chance of at least one clear look of that day whose record is held, None where
    passes may not be told yet; ``n_passes``: how many passes there were.
    """

    day: date
    sensor: str
    place: str
    state: LookState
    cloud_share: float | None
    cloud_km: float | None = None
    clear: Chance | None = None
    n_passes: int = 0


@dataclass(frozen=True)
class Check:
    """A cross-check that disagreed: never an input, always printed."""

    code: str
    text: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """A whole run.  ``incidents`` are in order of time, ``assessments`` in order of incidents,
    then readings as the agreement lists them, then parties by code.
    """

    case_id: str
    title: str
    as_of: datetime
    latest: bool
    agreement: Agreement
    inputs: tuple[Input, ...]
    incidents: tuple[Incident, ...]
    evidence: Mapping[str, Evidence]
    assessments: tuple[Assessment, ...]
    coverage: tuple[CoverageDay, ...]
    statements: tuple[Statement, ...]
    milestones: tuple[Milestone, ...]
    reports: tuple[FieldReport, ...]
    areas: tuple[Area, ...]
    rows: Mapping[str, Row]
    links: tuple[Link, ...]
    checks: tuple[Check, ...]
    quarantine: tuple[Quarantined, ...]
    n_claims_not_yet_known: int
    outlines: Mapping[str, str] = field(default_factory=dict)
    """Coarse outlines of the areas that a claim names, as GeoJSON geometries by code."""
    note_on_counts: str = ""
    """How the sides of this case publish; stands beside every count."""
    counts: tuple[PublishedCount, ...] = ()
    """Published counts of others, taken apart by hand."""
    summary: str = ""
    """What the case is about, in words of the case."""
    coarsen_km: float = 0
    """Positions are never drawn finer than this (km): the publication policy of the case."""
    languages: tuple[str, ...] = ("en",)
    """Languages in which the dossier is told."""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Texts of the case by language: what stands in English, and its translation."""
    exit_states: tuple[ExitSpan, ...] = ()
    """How far the way out of each reading had come, party by party, over time."""
    rates: tuple[Finding, ...] = ()
    """What came of asking whether something changed."""
    series: Mapping[str, Series] = field(default_factory=dict)
    """The daily series that were asked about, by id."""
    parameters: Mapping[str, object] = field(default_factory=dict)
    """Extra provenance, such as the heat model with its hash."""

    def assessed(self, incident: str) -> tuple[Assessment, ...]:
        """Assessments of one incident."""
        return tuple(a for a in self.assessments if a.incident == incident)
