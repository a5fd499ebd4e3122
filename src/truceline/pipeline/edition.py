"""What was known at a moment: the records of a case, cut at an as-of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from truceline import thresholds as t
from truceline.domain.agreement import Agreement
from truceline.domain.provenance import Known
from truceline.sources.casefile import Case
from truceline.sources.records import Records


@dataclass(frozen=True)
class Edition:
    """What was known at a moment: the records of a case, cut at its as-of."""

    as_of: datetime
    latest: bool
    records: Records
    agreement: Agreement
    n_not_yet_known: int


def cut(case: Case, records: Records, as_of: datetime | None) -> Edition:
    """Records known at as-of.  Without one, the case's own: the latest edition.

    A claim without any date is known in the latest edition only.  What a party said about
    leaving counts from when it was known; terms stay whole, as the case states them.
    """
    moment = as_of or case.file.as_of
    latest = as_of is None

    def known(since: Known) -> bool:
        return since.by(moment) or (latest and since.since is None)

    said = {s.id for s in records.statements if known(s.known)}
    said |= {m.id for m in records.milestones if known(m.known)}
    claims = tuple(claim for claim in records.claims if known(claim.known))
    day_after = timedelta(days=1)
    latency = timedelta(hours=t.HEAT_LATENCY_H)
    kept = replace(
        records,
        claims=claims,
        statements=tuple(s for s in records.statements if known(s.known)),
        milestones=tuple(m for m in records.milestones if known(m.known)),
        reports=tuple(r for r in records.reports if known(r.known)),
        heat=tuple(h for h in records.heat if h.observed_at + latency <= moment),
        record_days=tuple(r for r in records.record_days if _midnight(r.day + day_after) <= moment),
        clouds=tuple(c for c in records.clouds if _midnight(c.day + day_after) <= moment),
    )
    events = tuple(e for e in case.agreement.exit_events if set(e.source) <= said)
    terms = case.agreement.model_copy(update={"exit_events": events})
    return Edition(moment, latest, kept, terms, len(records.claims) - len(claims))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
