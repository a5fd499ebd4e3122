"""Joined accounts become one incident, with one account preferred."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from functools import reduce

from truceline.clock import Interval
from truceline.domain.claim import Claim, Occurrence
from truceline.domain.incident import Incident, Link
from truceline.fuse.link import JOINED

TIME_ORDER = ("minute", "hours", "night", "day", "inferred", "report_date", "unknown")
PLACE_ORDER = ("facility", "settlement", "district", "region")


def preference(claim: Claim) -> tuple[int, int, bool, str]:
    """What makes an account the preferred one, smallest first; it can be read aloud:
    the sharper place, then the sharper time, then a dated source, then the lower id.
    """
    return (
        PLACE_ORDER.index(claim.place.precision.value),
        TIME_ORDER.index(claim.occurred.precision),
        claim.source_date is None,
        claim.id,
    )


def incident_id(accounts: Sequence[Claim]) -> str:
    """From the raw values of the accounts alone, whatever their order in the file."""
    text = "\n".join(sorted(account.row.sha256 for account in accounts))
    return "i-" + hashlib.sha256(text.encode()).hexdigest()[:10]


def group_claims(claims: Sequence[Claim], links: Sequence[Link]) -> list[Incident]:
    """Incidents in order of time, then id; every claim is an account of exactly one.

    Joined pairs chain: if A is joined to B and B to C, the three are one incident.
    """
    root = {claim.id: claim.id for claim in claims}

    def find(claim_id: str) -> str:
        while root[claim_id] != claim_id:
            root[claim_id] = root[root[claim_id]]
            claim_id = root[claim_id]
        return claim_id

    for link in links:
        if link.judgement == JOINED:
            a, b = sorted((find(link.first), find(link.second)))
            root[b] = a
    members: dict[str, list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda c: c.id):
        members[find(claim.id)].append(claim)
    inside: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        if find(link.first) == find(link.second):
            inside[find(link.first)].append(link)
    incidents = [_incident(own, inside[name]) for name, own in members.items()]
    return sorted(incidents, key=lambda i: (i.interval, i.id))


def _incident(accounts: Sequence[Claim], links: Sequence[Link]) -> Incident:
    preferred = min(accounts, key=preference)
    whole = reduce(Interval.hull, (account.occurred.interval for account in accounts))
    coarsest = max((account.occurred.precision for account in accounts), key=TIME_ORDER.index)
    return Incident(
        incident_id(accounts),
        tuple(accounts),
        preferred,
        Occurrence(whole, coarsest),
        tuple(links),
    )
