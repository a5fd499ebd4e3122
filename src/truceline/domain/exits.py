"""How far the way out of a reading has come, over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from truceline.domain.verdict import ExitState


@dataclass(frozen=True)
class ExitSpan:
    """A stretch of time in which the way out of a reading stands in one state for a party.

    ``disputed``: the party said that it considers itself released, and it is open whether that
    counts.  ``why`` is a sentence.
    """

    reading: str
    party: str
    start: datetime
    until: datetime
    state: ExitState
    disputed: bool
    why: str
