"""What ``case.toml`` may say: the window, what may be published, opinions to compare with."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from truceline.clock import utc
from truceline.domain.agreement import ClockState, Code
from truceline.sources.asked import Question, SeriesAsked
from truceline.sources.contract import (
    FIRST_YEAR,
    LAST_YEAR,
    Contract,
    Day,
    Flag,
    Number,
    OnBadRow,
    Whole,
)

MAX_WINDOW_D = 3_660
"""Longest window (days), about ten years: the strip of coverage has a row for each day."""

MAX_DELAY_D = 36_600
"""Longest delay of publication (days), about a century: archives are not closed for longer."""

MAX_COARSEN_KM = 1_000
"""Coarsest published position (km): beyond it a point says nothing any more."""


class Window(Contract):
    """First and last day of the coverage strip, both included."""

    start: Day = Field(alias="from")
    until: Day

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.until < self.start:
            raise ValueError(f"the window ends on {self.until}, before its start {self.start}")
        n_days = (self.until - self.start).days + 1
        if n_days > MAX_WINDOW_D:
            raise ValueError(f"the window has {n_days:,} days, and may have {MAX_WINDOW_D:,}")
        return self


class Publication(Contract):
    """What may leave the house: internal unless the case says otherwise."""

    internal: Flag = True
    delay_days: Whole = Field(0, ge=0, le=MAX_DELAY_D)
    coarsen_km: Number = Field(0, ge=0, le=MAX_COARSEN_KM)


class ObjectOpinions(Contract):
    """A column that says whether an object is on the list of one reading."""

    column: str
    reading: Code


class WindowOpinions(Contract):
    """A column of windows, and for each of its values which readings run then."""

    column: str
    values: dict[str, dict[Code, ClockState]]


class CrossChecks(Contract):
    """Opinions of the compilers that are compared with ours: never an input."""

    groups: str = ""
    objects: ObjectOpinions | None = None
    windows: WindowOpinions | None = None


def _plausible(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"the year {moment.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return moment


class CaseFile(Contract):
    """``case.toml``."""

    schema_version: Literal["truceline-case/1"] = Field(alias="schema")
    id: Code
    title: str = Field(min_length=1)
    summary: str
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2}$")], ...] = Field(
        ("en",), min_length=1
    )
    note_on_counts: str = Field("", description="how the sides publish; stands beside counts")
    as_of: Annotated[AwareDatetime, AfterValidator(utc), AfterValidator(_plausible)]
    on_bad_row: OnBadRow = "stop"
    window: Window
    publication: Publication = Publication()
    crosschecks: CrossChecks = CrossChecks()
    series: tuple[SeriesAsked, ...] = ()
    questions: tuple[Question, ...] = ()
