"""What the checker finds while it reads an item, and what becomes of the item."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from truceline.domain.words import Kind

Outcome = Literal["passed", "to_review", "refused"]

DENYING = frozenset(
    {
        Kind.REFUSAL,
        Kind.DENIAL,
        Kind.RETRACTION,
        Kind.NON_RESPONSE,
        Kind.OMISSION,
        Kind.NON_EVENT,
        Kind.OPEN_QUESTION,
    }
)
"""Kinds whose own meaning is a no or a not: a negation in the frame belongs to them."""


@dataclass(frozen=True)
class Checked:
    """What became of an item, and why: empty where it passed."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()


@dataclass
class Findings:
    """Reasons gathered while an item is read."""

    refusals: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def refuse(self, reason: str) -> None:
        """The words contradict the item."""
        self.refusals.append(reason)

    def doubt(self, reason: str) -> None:
        """A person has to look."""
        self.doubts.append(reason)

    def outcome(self) -> Checked:
        """Refused before to review before passed."""
        reasons = tuple(dict.fromkeys([*self.refusals, *self.doubts]))
        if self.refusals:
            return Checked("refused", reasons)
        return Checked("to_review" if self.doubts else "passed", reasons)
