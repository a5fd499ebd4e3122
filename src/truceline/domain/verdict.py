"""Verdicts, their reasons in a published order, and assessments that carry both.

There is no default: an assessment without grounds cannot be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from truceline.errors import NoGrounds


class Verdict(StrEnum):
    """The five outcomes."""

    BREACH_INDICATED = "breach_indicated"
    NO_BREACH_INDICATED = "no_breach_indicated"
    UNDETERMINED = "undetermined"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_IN_FORCE = "not_in_force"


class Reason(StrEnum):
    """Why a verdict is what it is.  The order here is the published one."""

    DISPUTED_TERMS = "disputed_terms"
    CLASS_UNKNOWN = "class_unknown"
    TIME_IMPRECISE = "time_imprecise"
    PLACE_IMPRECISE = "place_imprecise"
    UNOBSERVABLE = "unobservable"
    NOTHING_SEEN = "nothing_seen"
    UNCORROBORATED = "uncorroborated"
    CONTRADICTED = "contradicted"
    UNATTRIBUTED = "unattributed"
    RELEASE_DISPUTED = "release_disputed"

    ESTABLISHED = "established"
    EXCLUDED = "excluded"
    PARTY_OUTSIDE = "party_outside"
    ACT_OUTSIDE = "act_outside"
    CLASS_OUTSIDE = "class_outside"
    PLACE_OUTSIDE = "place_outside"
    OUTSIDE_CLOCK = "outside_clock"
    RELEASED = "released"


REASONS: dict[Verdict, tuple[Reason, ...]] = {
    Verdict.UNDETERMINED: (
        Reason.DISPUTED_TERMS,
        Reason.CLASS_UNKNOWN,
        Reason.TIME_IMPRECISE,
        Reason.PLACE_IMPRECISE,
        Reason.UNOBSERVABLE,
        Reason.NOTHING_SEEN,
        Reason.UNCORROBORATED,
        Reason.CONTRADICTED,
        Reason.UNATTRIBUTED,
        Reason.RELEASE_DISPUTED,
    ),
    Verdict.BREACH_INDICATED: (Reason.ESTABLISHED,),
    Verdict.NO_BREACH_INDICATED: (Reason.EXCLUDED,),
    Verdict.OUT_OF_SCOPE: (
        Reason.PARTY_OUTSIDE,
        Reason.ACT_OUTSIDE,
        Reason.CLASS_OUTSIDE,
        Reason.PLACE_OUTSIDE,
    ),
    Verdict.NOT_IN_FORCE: (Reason.OUTSIDE_CLOCK, Reason.RELEASED),
}
"""Which reasons go with which verdict."""


class ExitState(StrEnum):
    """How far the way out of a reading has come for one party at one time."""

    UNTRIGGERED = "untriggered"
    POSSIBLY = "possibly"
    TRIGGERED = "triggered"
    INVOKED = "invoked"


class GroundCode(StrEnum):
    """Grounds that decide nothing by themselves; all others carry a `Reason`."""

    CLOCK = "clock"
    COVERED = "covered"
    INSIDE = "inside"
    LINE_SIGNAL = "line_signal"
    LINE_NOTHING_SEEN = "line_nothing_seen"
    LINE_UNUSABLE = "line_unusable"
    WEIGHT = "weight"
    ATTRIBUTED = "attributed"
    NO_EXIT_RULE = "no_exit_rule"
    EXIT_UNTRIGGERED = "exit_untriggered"
    EXIT_POSSIBLY = "exit_possibly"
    EXIT_TRIGGERED = "exit_triggered"
    OTHER_CLAUSE = "other_clause"
    TERMS_UNSIGNED = "terms_unsigned"


@dataclass(frozen=True)
class Ground:
    """One coded reason, in words, with the rows it rests on."""

    step: int
    code: GroundCode | Reason
    text: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """A verdict on one incident for one party under one reading, with its grounds.

    >>> from datetime import UTC
    >>> Assessment("i", "r", "A", "c", Verdict.UNDETERMINED, Reason.NOTHING_SEEN, (),
    ...            ExitState.UNTRIGGERED, (), "engine", datetime(2025, 5, 11, tzinfo=UTC))
    Traceback (most recent call last):
        ...
    truceline.errors.NoGrounds: i, r, A: a verdict without grounds
    """

    incident: str
    reading: str
    party: str
    clause: str
    verdict: Verdict
    because: Reason
    also: tuple[Reason, ...]
    exit_state: ExitState
    grounds: tuple[Ground, ...]
    author: str
    at: datetime

    def __post_init__(self) -> None:
        name = f"{self.incident}, {self.reading}, {self.party}"
        if not self.grounds:
            raise NoGrounds(f"{name}: a verdict without grounds")
        allowed = REASONS[self.verdict]
        wrong = [reason for reason in (self.because, *self.also) if reason not in allowed]
        if wrong:
            raise NoGrounds(f"{name}: {wrong[0]} is no reason for {self.verdict}")
        reasons = [allowed.index(reason) for reason in (self.because, *self.also)]
        if sorted(set(reasons)) != reasons:
            raise NoGrounds(f"{name}: reasons out of the published order")
