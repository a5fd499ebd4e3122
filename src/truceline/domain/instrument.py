"""The instrument behind the readings, in the codes that databases of agreements use.

These types are the shape of the block ``instrument`` of ``agreement.yaml``.  They hold codes,
dates as far as they are known, and ids; no sentence of them is told to readers.  Numbers of a
codebook are given at export alone, by the name of its column: the same number means different
things in different columns and versions.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

UNKNOWN = "unknown"
YEARS = (1900, 2100)
"""First and last year of a date of an instrument, as in the other files of a case."""

PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


class Terms(BaseModel):
    """Base of all terms: frozen, and no key that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Parts(NamedTuple):
    """Year, month and day of a date, each None where it is not known."""

    year: int | None
    month: int | None
    day: int | None


def parts_of(text: str) -> Parts:
    """The parts of a date as far as it is stated; what is no date is a ``ValueError``.

    >>> parts_of("2014-09")
    Parts(year=2014, month=9, day=None)
    >>> parts_of("unknown")
    Parts(year=None, month=None, day=None)
    >>> parts_of("2014-02-30")
    Traceback (most recent call last):
        ...
    ValueError: '2014-02-30' is no day of the calendar
    """
    if text == UNKNOWN:
        return Parts(None, None, None)
    found = PARTIAL.fullmatch(text)
    if not found:
        raise ValueError(
            f"{text!r} is no date such as '2014-09-05', '2014-09' or '2014', and not '{UNKNOWN}'"
        )
    year, month, day = (int(part) if part else None for part in found.groups())
    if year is None or not YEARS[0] <= year <= YEARS[1]:
        raise ValueError(f"{text!r} is not in the years {YEARS[0]} to {YEARS[1]}")
    try:
        date(year, month or 1, day or 1)
    except ValueError as error:
        raise ValueError(f"{text!r} is no day of the calendar") from error
    return Parts(year, month, day)


def later(first: str, second: str) -> bool:
    """Whether a date lies after another as far as both are known.

    >>> later("2014-09", "2014-08-31"), later("2014-09", "2014-09-05"), later("unknown", "2014")
    (True, False, False)
    """
    for one, other in zip(parts_of(first), parts_of(second), strict=True):
        if one is None or other is None:
            return False
        if one != other:
            return one > other
    return False


def _partial(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        raise ValueError(f"a year alone stands in quotes: '{value}'")
    return value


def _known_parts(text: str) -> str:
    parts_of(text)
    return text


PartialDate = Annotated[
    str,
    BeforeValidator(_partial),
    AfterValidator(_known_parts),
    WithJsonSchema({"type": "string", "pattern": rf"^({UNKNOWN}|\d{{4}}(-\d{{2}}(-\d{{2}})?)?)$"}),
]
"""A date as far as it is known: ``2014-09-05``, ``2014-09``, ``2014`` or ``unknown``."""

Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
Sources = Annotated[tuple[str, ...], Field(min_length=1, description="ids of statements or terms")]


class Answer(StrEnum):
    """Yes, no, or not to be told from what was found."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class CeasefireClass(StrEnum):
    """How far a ceasefire goes, by name; each codebook has numbers of its own for these."""

    CESSATION = "cessation"
    WITH_COMPLIANCE_MECHANISM = "with_compliance_mechanism"
    DEFINITIVE = "definitive"
    UNCLEAR = "unclear"


class Status(StrEnum):
    """What the parties have done with the text, as PA-X tells it apart."""

    MULTIPARTY = "multiparty"
    UNILATERAL = "unilateral"
    UNCLEAR = "unclear"
    SUBSEQUENT = "subsequent"


class Purpose(StrEnum):
    """What a ceasefire is for; several may hold."""

    HUMANITARIAN = "humanitarian"
    PEACEPROCESS = "peaceprocess"
    HOLIDAY = "holiday"
    ELECTION = "election"
    OTHER = "other"
    UNCLEAR = "unclear"


class Form(Terms):
    """Whether there is a text, whether it is signed, and by one side alone or not."""

    written: Answer
    signed: Answer
    unilateral: Answer
    status: Status | None = Field(None, description="none: follows from the other answers")
    source: Sources


SUBSTAGES_OF_CEASEFIRE = ("Ceas", "Rel", "CeaMix")


class Kind(Terms):
    """Class and stage: names of ETH/PRIO, codes of PA-X."""

    ceasefire_class: CeasefireClass = Field(alias="class")
    stage: Literal["Pre", "SubPar", "SubComp", "Imp", "Cea", "Ren", "Oth"] | None = None
    substage: Code | None = None
    agreement_type: Literal["Inter", "InterIntra", "Intra", "IntraLocal"] | None = None
    ceasefire_detail: Literal[1, 2, 3] | None = Field(
        None, description="grade of PA-X `Ce`, if somebody has graded it by the codebook"
    )
    source: Sources

    @model_validator(mode="after")
    def _substage_of_its_stage(self) -> Self:
        known = SUBSTAGES_OF_CEASEFIRE
        if (self.substage in known) != (self.stage == "Cea" and self.substage is not None):
            raise ValueError(f"stage Cea, and no other, has the substages {', '.join(known)}")
        return self


class Actor(Terms):
    """Somebody who declared it, with dates of its own, each as far as it is known."""

    by: Code
    readings: tuple[Code, ...] = Field((), description="the readings that hold its words")
    declared: PartialDate = UNKNOWN
    effective: PartialDate | None = Field(None, description="none: as its readings' clocks say")
    ended: PartialDate | None = Field(
        None, description="last day, as this actor counts; none: as its readings' clocks say"
    )
    ucdp_actor_id: tuple[Annotated[int, Field(ge=1)], ...] = ()
    source: Sources

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for first, then in (("effective", "ended"), ("declared", "ended")):
            if later(getattr(self, first) or UNKNOWN, getattr(self, then) or UNKNOWN):
                raise ValueError(f"`{first}` lies after `{then}`")
        return self


class Purposes(Terms):
    """What it is for."""

    are: tuple[Purpose, ...] = Field(min_length=1)
    comment: str = Field("", description="what `other` means")
    source: Sources

    @model_validator(mode="after")
    def _told_once(self) -> Self:
        if len(set(self.are)) != len(self.are):
            raise ValueError("a purpose stands twice")
        if Purpose.UNCLEAR in self.are and len(self.are) > 1:
            raise ValueError("`unclear` stands alone")
        if bool(self.comment) != (Purpose.OTHER in self.are):
            raise ValueError("`comment` says what `other` is, and nothing else")
        return self


class Extent(Terms):
    """Reach, where the clauses do not say it already."""

    partial: Answer | None = Field(None, description="none: follows from the clauses")
    geography: Literal["whole", "limited", "unclear"]
    source: Sources


class Mediation(Terms):
    """Third parties at the negotiation, and whether one was sent."""

    negotiated: Answer
    sent: Answer = Answer.UNCLEAR
    by: tuple[Code, ...] = ()
    source: Sources

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.by and Answer.YES not in (self.negotiated, self.sent):
            raise ValueError("`by` names somebody, but neither `negotiated` nor `sent` is yes")
        return self


class Implementation(Terms):
    """Whether a mechanism, a mission or an enforcement was agreed."""

    mechanism: Literal["none", "mechanism", "unclear"]
    enforcement: Literal["none", "external", "international_organisation", "unclear"]
    mission: Answer = Field(description="an international mission")
    source: Sources


class Ending(Terms):
    """How it ended in the words of one speaker; several may say different things."""

    by: Code | None = Field(None, description="party or third party; none: see `speaker`")
    speaker: str = Field("", description="anybody else, such as a database")
    how: Literal[
        "expired", "released", "declared_over", "replaced", "fighting", "still_running", "unclear"
    ]
    date: PartialDate = Field(UNKNOWN, description="last day, as this speaker says")
    source: Sources

    @model_validator(mode="after")
    def _said_by_one(self) -> Self:
        if bool(self.by) == bool(self.speaker):
            raise ValueError("name who says so, under `by` or under `speaker`")
        return self


class Ids(Terms):
    """Ids and country codes in other databases, and the release in which they were looked up."""

    looked_up_in: str
    pax_id: int | None = Field(None, ge=1)
    ucdp_acd_id: int | None = Field(None, ge=1)
    ucdp_dyad: tuple[int, ...] = ()
    ucdp_agreement: int | None = Field(None, ge=1)
    pam_id: int | None = Field(None, ge=1)
    location: tuple[str, ...] = Field((), description="none: the parties whose territory is named")
    cc: int | None = Field(None, ge=1, description="Gleditsch-Ward number of the country")
    iso: tuple[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], ...] = Field((), max_length=2)
    gwno: tuple[int, ...] = Field((), max_length=2)
    source: tuple[str, ...] = Field((), description="ids of statements, if one says it")


class Instrument(Terms):
    """The block ``instrument``: what is left out is not coded, and `unclear` is a value.

    >>> Instrument.model_validate({"actors": [{"by": "A", "declared": "2014-09",
    ...     "source": ["S1"]}]}).actors[0].declared
    '2014-09'
    """

    form: Form | None = None
    kind: Kind | None = None
    actors: tuple[Actor, ...] = ()
    purposes: Purposes | None = None
    extent: Extent | None = None
    mediation: Mediation | None = None
    implementation: Implementation | None = None
    endings: tuple[Ending, ...] = ()
    ids: Ids | None = None

    @model_validator(mode="after")
    def _one_line_each(self) -> Self:
        seen: set[tuple[str, str]] = set()
        for actor in self.actors:
            for reading in actor.readings or ("",):
                if (actor.by, reading) in seen:
                    raise ValueError(f"{actor.by} declares {reading or 'it'} twice")
                seen.add((actor.by, reading))
        return self

    def stated(self, said: AbstractSet[str]) -> Instrument:
        """What of it could be known when only some statements had been made.

        A group stays if all its sources are among them; ids are of no date and stay.
        """

        def known(group: Any) -> bool:
            return set(group.source) <= said

        groups = {name: getattr(self, name) for name in type(self).model_fields}
        lists = {
            n: tuple(g for g in group if known(g))
            for n, group in groups.items()
            if isinstance(group, tuple)
        }
        single = {
            n: g if g is None or known(g) else None for n, g in groups.items() if n not in lists
        }
        return self.model_copy(update=lists | single)
