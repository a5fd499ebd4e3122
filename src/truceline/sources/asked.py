"""What ``case.toml`` asks about change: series with their units, and questions about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from truceline.domain.agreement import Code, ObjectClass, ZoneName
from truceline.errors import BadFile, Where
from truceline.sources.contract import Contract, Day, KindName, SourceFile, Whole

MAX_DELAY_D = 60
"""Longest delay of reporting (days) that a series may declare."""


class Unit(StrEnum):
    """What one of a series is.  Numbers of two units are never added."""

    EVENT = "event"
    DEATH = "death"
    INJURY = "injury"
    NEWS_ITEM = "news_item"
    CLAIM = "claim"
    FIRE_PIXEL = "fire_pixel"
    PERSON_REPORTED = "person_reported"


COUNTED = (
    KindName.EVENTS_UCDP,
    KindName.DAILY_COUNTS,
    KindName.DAILY_CASUALTIES,
    KindName.CLAIMS,
    KindName.HEAT,
)
"""Kinds of files that a series can be counted from."""


class BreakDay(Contract):
    """A day from which the source counts otherwise, and why that is thought."""

    on: Day
    why: str = Field(min_length=1)


class SeriesAsked(Contract):
    """One daily series: from which files, counting what, of which rows.

    ``where``: labels of the source and the values that are counted.  ``parts``: a label by whose
    values the series is taken apart, one left out at a time.  ``sum``: other series, all of one
    unit, that it adds up.  ``exposure``: ``steady`` (the source claims to look all the time),
    ``looks`` (days with a whole record, and the sky of weather points) or ``unknown``.
    """

    id: Code
    title: str = Field(min_length=1)
    unit: Unit
    source: tuple[str, ...] = ()
    sum: tuple[Code, ...] = ()
    measure: str = ""
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    parts: str = ""
    side: Code | None = None
    object_class: ObjectClass | None = None
    exposure: Literal["steady", "looks", "unknown"] = "unknown"
    zone: ZoneName = "UTC"
    breaks: tuple[BreakDay, ...] = ()
    delay_d: Annotated[Whole, Field(ge=0, le=MAX_DELAY_D)] = 0

    @model_validator(mode="after")
    def _from_somewhere(self) -> Self:
        if bool(self.source) == bool(self.sum):
            raise ValueError("a series has either `source` or `sum`")
        if self.source and not self.measure:
            raise ValueError("say with `measure` which number of the source is counted")
        return self


class Ask(StrEnum):
    """What can be asked beyond the change of every series, which is always asked."""

    CHANGE = "change"
    SUBSTITUTION = "substitution"
    RECIPROCITY = "reciprocity"
    TOTAL = "total"


class Question(Contract):
    """A question about series of the case.

    ``of``: the series; for reciprocity two, for substitution those that the terms touch, with the
    untouched under ``instead``; for a total the lists that would be held against each other.
    ``object_class`` and ``side``: what the question is about, if the series have to tell it.
    """

    id: Code
    ask: Ask
    of: tuple[Code, ...] = Field(min_length=1)
    instead: tuple[Code, ...] = ()
    object_class: ObjectClass | None = None
    side: Code | None = None

    @model_validator(mode="after")
    def _right_number(self) -> Self:
        if self.ask is Ask.RECIPROCITY and len(self.of) != 2:
            raise ValueError("reciprocity is asked of two series, one for each side")
        if self.ask is Ask.TOTAL and len(self.of) < 2:
            raise ValueError("a total is asked of at least two lists")
        if self.ask is Ask.SUBSTITUTION and not self.instead:
            raise ValueError("name under `instead` the series that the terms do not touch")
        return self


def check_asked(
    series: Sequence[SeriesAsked],
    questions: Sequence[Question],
    sources: Sequence[SourceFile],
    parties: Sequence[str],
) -> None:
    """Refuse a name in a series or a question that nothing else has, and a repeated id."""
    kinds = {source.id: source.kind for source in sources}
    ids = [one.id for one in series]
    for field, name, known, what in _names(series, questions, kinds, ids, parties):
        if name not in known:
            raise BadFile(
                f"{name!r} is no {what}",
                Where("case.toml", None, field),
                expected=f"one of {', '.join(known) or 'none: the case has none'}",
                remedy="correct the name, or declare what it names",
            )
    for field, names in (("series", ids), ("questions", [one.id for one in questions])):
        for name in names:
            if names.count(name) > 1:
                raise BadFile(
                    f"the id {name!r} occurs {names.count(name)} times",
                    Where("case.toml", None, f"{field}.id"),
                    expected="every id once",
                    remedy="rename one of them",
                )


def _names(
    series: Sequence[SeriesAsked],
    questions: Sequence[Question],
    kinds: dict[str, KindName],
    ids: Sequence[str],
    parties: Sequence[str],
) -> Iterator[tuple[str, str, Sequence[str], str]]:
    counted = [source for source, kind in kinds.items() if kind in COUNTED]
    plain = [one.id for one in series if one.source]
    for one in series:
        for name in one.source:
            yield f"series.{one.id}.source", name, counted, "source that is counted by day"
        for name in one.sum:
            yield f"series.{one.id}.sum", name, plain, "series with a source of its own"
        if one.side:
            yield f"series.{one.id}.side", one.side, parties, "party of the agreement"
    for question in questions:
        for name in (*question.of, *question.instead):
            yield f"questions.{question.id}", name, ids, "series of the case"
        if question.side:
            yield f"questions.{question.id}.side", question.side, parties, "party of the agreement"
