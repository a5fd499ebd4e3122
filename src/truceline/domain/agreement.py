"""Terms as data: an agreement, held in readings, none of them the main one.

These types are the shape of ``agreement.yaml`` and the source of its published JSON
Schema.  Every line of terms names the statements it rests on (``source``).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from truceline.clock import ALWAYS, EARLIEST, LATEST, Interval, at_local, stamp, utc, zone
from truceline.domain.instrument import Code as Code
from truceline.domain.instrument import Instrument, Sources, Terms
from truceline.domain.scope import Hours, Places, Scope
from truceline.domain.trees import ACTS, MEANS, OBJECTS, Tree

SCHEMA = "truceline-agreement/1"


def _named_in(tree: Tree) -> AfterValidator:
    def check(name: str) -> str:
        tree.below(name)
        return name

    return AfterValidator(check)


def _known_zone(name: str) -> str:
    zone(name)
    return name


def _date_or_time(moment: object) -> object:
    """Text with an hour is a time; left alone, midnight would pass for a date."""
    return datetime.fromisoformat(moment) if isinstance(moment, str) and "T" in moment else moment


def _plain_local(moment: date | datetime) -> date | datetime:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        raise ValueError("a wall-clock time without offset; the zone stands in `zone`")
    return moment


Act = Annotated[str, _named_in(ACTS)]
Means = Annotated[str, _named_in(MEANS)]
ObjectClass = Annotated[str, _named_in(OBJECTS)]
ZoneName = Annotated[str, AfterValidator(_known_zone)]
Local = Annotated[date | datetime, BeforeValidator(_date_or_time), AfterValidator(_plain_local)]


class Party(Terms):
    """Somebody who is bound."""

    name: str
    zone: ZoneName = Field(description="zone of the hours and dates that this party states")


class ThirdParty(Terms):
    """Somebody who is not bound: a mediator, a guarantor."""

    name: str
    role: str
    zone: ZoneName


class ClockState(StrEnum):
    """Whether an obligation runs at an instant; ``disputed`` where the reading leaves it open."""

    NOT_IN_FORCE = "not_in_force"
    DISPUTED = "disputed"
    IN_FORCE = "in_force"


class Open(Terms):
    """A stretch of time that the reading itself leaves open, and why."""

    start: Local | None = Field(None, alias="from")
    until: Local | None = None
    why: str
    source: Sources


class Clock(Terms):
    """From when until when, in a named zone; ends are open, a date means its midnight.

    >>> clock = Clock.model_validate({"zone": "Europe/Moscow", "from": "2025-03-18",
    ...     "until": "2025-04-18", "source": ["S003"], "disputed": [{"from": "2025-03-18",
    ...     "until": "2025-03-19", "why": "instant of the order", "source": ["S021"]}]})
    >>> from truceline.clock import day_of
    >>> sorted(clock.states(day_of(date(2025, 3, 18), "Europe/Moscow")))
    [<ClockState.DISPUTED: 'disputed'>]
    >>> len(clock.states(day_of(date(2025, 3, 18), "Europe/Kyiv")))  # a part is the 19th
    2
    """

    zone: ZoneName
    start: Local | None = Field(None, alias="from", description="none: not stated")
    until: Local | None = Field(None, description="first instant after the end; none: not stated")
    length: str | None = Field(None, alias="for", pattern=r"^P\d+D$", description="as worded")
    extendable: str | None = None
    disputed: tuple[Open, ...] = ()
    source: Sources
    note: str = ""

    def _instant(self, local: date | datetime) -> datetime:
        if isinstance(local, datetime):
            return at_local(local.date(), local.time(), self.zone)
        return at_local(local, time(), self.zone)

    def _span(self, start: date | datetime | None, until: date | datetime | None) -> Interval:
        return Interval(
            EARLIEST if start is None else self._instant(start),
            LATEST if until is None else self._instant(until),
        )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for piece in self.disputed:
            self._span(piece.start, piece.until)
        worded, until = self._end_as_worded(), self.span.until
        if worded is not None and self.until is not None and worded != until:
            low, high = sorted((worded, until))
            if not Hours.of(s for s, _ in self.open_spans) >= Hours.of([Interval(low, high)]):
                raise ValueError(
                    f"`for` {self.length} ends at {stamp(worded)}, `until` at {stamp(until)}; "
                    "put what lies between them under `disputed`, or correct one of them"
                )
        return self

    def _end_as_worded(self) -> datetime | None:
        """Start plus length, as days of the zone; None where either is not stated."""
        if self.start is None or self.length is None:
            return None
        return self._instant(self.start + timedelta(days=int(self.length[1:-1])))

    @property
    def span(self) -> Interval:
        """All of it, open stretches included; without ``until`` it ends as ``for`` says."""
        span = self._span(self.start, self.until)
        worded = self._end_as_worded() if self.until is None else None
        return span if worded is None else Interval(span.start, worded)

    @property
    def open_spans(self) -> tuple[tuple[Interval, Open], ...]:
        """The stretches that are left open, with their reasons."""
        return tuple((self._span(o.start, o.until), o) for o in self.disputed)

    def states(self, when: Interval) -> frozenset[ClockState]:
        """Every state that occurs within an interval."""
        edges = {when.start, when.until}
        for span in (self.span, *(span for span, _ in self.open_spans)):
            edges |= {edge for edge in (span.start, span.until) if when.start < edge < when.until}
        return frozenset(self._state(start) for start in sorted(edges)[:-1])

    def _state(self, moment: datetime) -> ClockState:
        moment = utc(moment)
        if any(span.start <= moment < span.until for span, _ in self.open_spans):
            return ClockState.DISPUTED
        inside = self.span.start <= moment < self.span.until
        return ClockState.IN_FORCE if inside else ClockState.NOT_IN_FORCE


class Prohibition(Terms):
    """Acts by means against classes of objects."""

    acts: tuple[Act, ...] = Field(min_length=1)
    means: tuple[Means, ...] = ("any_means",)
    against: tuple[ObjectClass, ...] = Field(min_length=1)
    source: Sources


class Silence(Terms):
    """What the wording neither names nor excludes: it gives `disputed_terms`."""

    acts: tuple[Act, ...] = ()
    against: tuple[ObjectClass, ...] = ()
    why: str
    source: Sources


class Where(Terms):
    """Territories by party code, or single areas by theirs."""

    territory_of: tuple[Code, ...] = ()
    areas: tuple[Code, ...] = ()
    including_held: bool = Field(description="also what the other side is said to hold")
    source: Sources

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not (self.territory_of or self.areas):
            raise ValueError("name at least one territory or area")
        return self

    @property
    def places(self) -> Places:
        """As a set."""
        return Places.of((*self.territory_of, *self.areas), self.including_held)


class Clause(Terms):
    """One obligation to abstain, of the same content for all whom it obliges."""

    id: Code
    obliges: tuple[Code, ...] = Field(min_length=1)
    must_not: Prohibition
    silent_on: Silence | None = None
    where: Where

    def scope(self, hours: Hours) -> Scope:
        """What it forbids, silence left out."""
        scope = Scope.of(
            self.must_not.acts, self.must_not.means, self.must_not.against, self.where.places, hours
        )
        return Scope(
            scope.acts - self.silent_acts,
            scope.means,
            scope.objects - self.silent_objects,
            scope.places,
            hours,
        )

    @property
    def silent_acts(self) -> frozenset[str]:
        """Acts that it is silent on."""
        return ACTS.expand(self.silent_on.acts) if self.silent_on else frozenset()

    @property
    def silent_objects(self) -> frozenset[str]:
        """Object classes that it is silent on."""
        return OBJECTS.expand(self.silent_on.against) if self.silent_on else frozenset()


class ExitRule(Terms):
    """On which occasion a party may leave, and with which effect."""

    on: Literal["non_observance_by_other_party"]
    effect: Literal["may_consider_itself_released"]
    source: Sources


class Reading(Terms):
    """One stated version of the terms."""

    id: Code
    title: str
    stated_by: Code
    clock: Clock
    clauses: tuple[Clause, ...] = Field(min_length=1)
    exit_rule: ExitRule | None = None
    source: Sources
    note: str = ""

    def scope(self, clause: Clause) -> Scope:
        """What a clause forbids while the clock runs or may run."""
        return clause.scope(Hours.of([self.clock.span]))


class AttachesTo(StrEnum):
    """What a condition is a condition of."""

    THIS_ARRANGEMENT = "this_arrangement"
    FULL_CEASEFIRE = "full_ceasefire"
    SETTLEMENT = "settlement"
    SEA = "sea"
    ANOTHER_TRUCE = "another_truce"
    DISPUTED = "disputed"


class Condition(Terms):
    """A demand, wherever it was stated, with what it attaches to."""

    id: Code
    demanded_by: Code
    debtor: tuple[Code, ...] = Field(min_length=1)
    demands: str
    attaches_to: AttachesTo
    mirrored: bool = Field(description="whether the demander would be bound as well")
    status: Literal["demanded", "accepted", "refused", "met", "withdrawn", "unanswered"]
    source: Sources
    note: str = ""


class Proposal(Terms):
    """A wider or other arrangement that was proposed; nothing is judged against it."""

    id: Code
    title: str
    proposed_by: Code
    must_not: Prohibition
    where: Where
    length: str | None = Field(None, alias="for", pattern=r"^P\d+D$")
    status: str
    source: Sources

    @property
    def scope(self) -> Scope:
        """At any hour: a proposal has no clock."""
        p = self.must_not
        return Scope.of(p.acts, p.means, p.against, self.where.places, Hours.of([ALWAYS]))


class ExitEvent(Terms):
    """What a party said about leaving.  Only an invocation releases; a reservation does not."""

    by: Code
    on: date
    kind: Literal["reservation", "invocation", "call_by_others"]
    readings: tuple[Code, ...] = Field(min_length=1)
    source: Sources
    note: str = ""


class OpenQuestion(Terms):
    """What the terms do not settle."""

    id: Code
    text: str
    raised_by: tuple[Code, ...] = Field(min_length=1)
    answered: bool
    answer: str = ""
    source: Sources


class Drafted(Terms):
    """The mark of terms that a machine has drafted, and the statements that it drafted from."""

    by: str = Field(min_length=1, description="program and rules that drafted the terms")
    statements: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of statements.jsonl")


class Signed(Terms):
    """The person who answers for the terms as they stand in the file, and since when."""

    by: str = Field(min_length=1)
    on: date


class Agreement(Terms):
    """The instrument: its parties, its readings and what surrounds them."""

    schema_version: Literal["truceline-agreement/1"] = Field(alias="schema")
    id: Code
    title: str
    draft: Drafted | None = Field(None, description="drafted by a machine; judged once signed")
    signed: Signed | None = Field(None, description="a person has read the terms and signs")
    parties: dict[Code, Party] = Field(min_length=2)
    third_parties: dict[Code, ThirdParty] = Field({})
    areas: dict[Code, Code] = Field({}, description="areas that terms name, with their territory")
    readings: tuple[Reading, ...] = Field(min_length=1)
    conditions: tuple[Condition, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    exit_events: tuple[ExitEvent, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    instrument: Instrument | None = Field(None, description="codes for other databases")

    @property
    def unsigned(self) -> bool:
        """A machine's draft that nobody has signed: nothing is judged against it."""
        return self.draft is not None and self.signed is None

    @model_validator(mode="after")
    def _areas_are_declared(self) -> Self:
        wheres = [c.where for r in self.readings for c in r.clauses]
        wheres += [p.where for p in self.proposals]
        unknown = sorted({code for w in wheres for code in w.areas} - set(self.areas))
        if unknown:
            raise ValueError(f"name the territory of {', '.join(unknown)} under `areas`")
        return self

    def content(self, part: Clause | Proposal) -> Scope:
        """What a clause or a proposal forbids at any hour, areas nested in their territories."""
        always = Hours.of([ALWAYS])
        scope = part.scope(always) if isinstance(part, Clause) else part.scope
        places = part.where.places.nested(self.areas)
        return dataclasses.replace(scope, places=places.tokens)

    def reading(self, reading_id: str) -> Reading:
        """By id; an unknown one is a ``KeyError`` that lists the known."""
        for reading in self.readings:
            if reading.id == reading_id:
                return reading
        raise KeyError(f"{reading_id!r}; known: {', '.join(r.id for r in self.readings)}")

    def zone_of(self, code: str) -> str | None:
        """Zone of a party or third party; None where it is neither."""
        known = self.parties.get(code) or self.third_parties.get(code)
        return known.zone if known else None


def cited(
    part: object, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every statement id that terms cite, with the path to it."""
    if isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            key = field.alias or name
            value = getattr(part, name)
            if name == "source":
                yield from (((*path, key, i), ref) for i, ref in enumerate(value))
            else:
                yield from cited(value, (*path, key))
    elif isinstance(part, tuple):
        for i, item in enumerate(part):
            yield from cited(item, (*path, i))
    elif isinstance(part, dict):
        for key, item in part.items():
            yield from cited(item, (*path, key))
