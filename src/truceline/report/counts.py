"""Counts of assessments and of claims, each with its unit and its own denominator."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from truceline.domain.claim import Origin
from truceline.domain.result import Result
from truceline.domain.verdict import Reason, Verdict


@dataclass(frozen=True)
class Count:
    """``n`` of the ``of`` incidents in which a party is accused, under one reading."""

    reading: str
    party: str
    verdict: Verdict
    because: Reason
    n: int
    of: int


def count_assessments(result: Result) -> list[Count]:
    """Incidents by reading, accused party, verdict and first reason; zeros are left out.

    Readings in the order of the agreement, parties by code, verdicts and reasons in their
    published order.  For a reading and a party the counts add up to ``of``; where they do
    not, an assessment is missing or doubled, and that is a ``ValueError``.
    """
    tally = Counter((a.reading, a.party, a.verdict, a.because) for a in result.assessments)
    counts = []
    for reading in result.agreement.readings:
        for party in sorted(result.agreement.parties):
            of = sum(party in incident.accused for incident in result.incidents)
            row = [
                Count(reading.id, party, verdict, because, n, of)
                for verdict in Verdict
                for because in Reason
                if (n := tally[reading.id, party, verdict, because])
            ]
            found = sum(count.n for count in row)
            if found != of:
                raise ValueError(f"{reading.id}, {party}: {found} assessments, {of} incidents")
            counts += row
    return counts


def sides_of_claims(result: Result, accused: str) -> list[tuple[str, int]]:
    """How many accounts accuse a party, by side of the claimant: parties first, by code.

    A side that says itself that it acted does not accuse: see `own_claims`.
    """
    sides = Counter(
        account.claimant_side
        for incident in result.incidents
        for account in incident.accusing(accused)
        if account.origin is not Origin.ADMISSION
    )
    parties = result.agreement.parties
    return [(side, sides[side]) for side in sorted(sides, key=lambda s: (s not in parties, s))]


def own_claims(result: Result, party: str) -> int:
    """How many accounts are a party's own claims to have acted."""
    accounts = (a for incident in result.incidents for a in incident.accusing(party))
    return sum(account.origin is Origin.ADMISSION for account in accounts)
