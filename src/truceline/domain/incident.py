"""Incidents: accounts of what is held to be one event, evidence, and who could have acted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from truceline.clock import Interval
from truceline.domain.claim import Claim, Occurrence
from truceline.domain.observation import Look, Watch
from truceline.domain.place import Position, RegistryMatch


@dataclass(frozen=True)
class Link:
    """Why two accounts are, may be or are not one event: scores by feature, and their sum."""

    first: str
    second: str
    features: tuple[tuple[str, float], ...]
    score: float
    judgement: str


class Says(StrEnum):
    """What a line of evidence says about occurrence."""

    SIGNAL = "signal"
    NOTHING_SEEN = "nothing_seen"
    UNUSABLE = "unusable"


@dataclass(frozen=True)
class Line:
    """One line of evidence of one origin, with the likelihood ratio of occurrence.

    ``names`` holds the party that the line itself names as acting, if any.
    """

    family: str
    origin_id: str
    says: Says
    lr: float
    lr_low: float
    lr_high: float
    because: str
    rows: tuple[str, ...]
    names: str | None = None


@dataclass(frozen=True)
class Attribution:
    """The parties that could have acted, and why; none means unknown.

    ``settled`` only where an independent observer or an admission names one party.  That an
    object lies on one side is never enough.
    """

    parties: tuple[str, ...]
    because: str
    settled: bool = False
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Incident:
    """What is held to have happened: all accounts, the preferred one first in line of sight.

    ``occurred`` is the shortest interval that holds every account's.
    """

    id: str
    accounts: tuple[Claim, ...]
    preferred: Claim
    occurred: Occurrence
    links: tuple[Link, ...] = ()

    @property
    def accused(self) -> tuple[str, ...]:
        """Parties that an account accuses, in order of their codes."""
        return tuple(sorted({account.accused for account in self.accounts}))

    @property
    def place(self) -> Position:
        """Place of the preferred account."""
        return self.preferred.place

    @property
    def interval(self) -> Interval:
        """When, as an interval."""
        return self.occurred.interval

    def accusing(self, party: str) -> tuple[Claim, ...]:
        """Accounts that accuse a party."""
        return tuple(account for account in self.accounts if account.accused == party)


@dataclass(frozen=True)
class Evidence:
    """What speaks for or against the occurrence of an incident, and who could have acted."""

    lines: tuple[Line, ...]
    looks: tuple[Look, ...]
    match: RegistryMatch
    attribution: Attribution
    watch: Watch
