"""What was known at a moment: the records of a case, cut at an as-of."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from truceline import thresholds as t
from truceline.domain.agreement import Agreement, Reading
from truceline.domain.claim import Claim
from truceline.domain.place import Area
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
    """Records and terms known at as-of.  Without one, the case's own: the latest edition.

    A claim without any date is known in the latest edition only.  Replies and support have
    no date of their own: they stand in the latest edition only, like the part of a region that
    a later claim says is held.  Terms are those that had been stated (`stated_terms`).
    """
    moment = as_of or case.file.as_of
    latest = as_of is None

    def known(since: Known) -> bool:
        return since.by(moment) or (latest and since.since is None)

    claims = tuple(claim for claim in records.claims if known(claim.known))
    rows = {str(claim.row) for claim in claims}
    later = {str(claim.row) for claim in records.claims} - rows
    day_after = timedelta(days=1)
    latency = timedelta(hours=t.HEAT_LATENCY_H)
    kept = replace(
        records,
        claims=claims if latest else tuple(_without_later_words(claim) for claim in claims),
        statements=tuple(s for s in records.statements if known(s.known)),
        milestones=tuple(m for m in records.milestones if known(m.known)),
        reports=tuple(r for r in records.reports if known(r.known)),
        areas=tuple(_as_claimed(area, rows, later) for area in records.areas),
        heat=tuple(h for h in records.heat if h.observed_at + latency <= moment),
        record_days=tuple(
            r for r in records.record_days if _midnight(r.day + day_after) + latency <= moment
        ),
        clouds=tuple(c for c in records.clouds if _midnight(c.day + day_after) <= moment),
    )
    said = {s.id for s in kept.statements} | {m.id for m in kept.milestones}
    terms = stated_terms(case.agreement, said, moment)
    return Edition(moment, latest, kept, terms, len(records.claims) - len(claims))


def stated_terms(agreement: Agreement, said: AbstractSet[str], moment: datetime) -> Agreement:
    """The terms as they had been stated by a moment.

    A reading stands once something of it, its clock and its list had been said; a way out,
    a condition, a proposal, a question likewise; what a party said about leaving once all
    its sources are known.  A stretch that is left open stays, unless it lies ahead and a part
    of what was said about it came later.  Silences stay: nobody has to state what is not said.
    """

    def stated(source: Collection[str]) -> bool:
        return not said.isdisjoint(source)

    def reading_then(reading: Reading) -> Reading:
        clauses = tuple(c for c in reading.clauses if stated(c.must_not.source))
        open_then = tuple(
            piece
            for span, piece in reading.clock.open_spans
            if span.start < moment or set(piece.source) <= said
        )
        clock = reading.clock.model_copy(update={"disputed": open_then})
        rule = reading.exit_rule
        exit_rule = rule if rule and stated(rule.source) else None
        update = {"clauses": clauses, "clock": clock, "exit_rule": exit_rule}
        return reading.model_copy(update=update)

    readings = [reading_then(reading) for reading in agreement.readings]
    return agreement.model_copy(
        update={
            "readings": tuple(
                r for r in readings if r.clauses and stated(r.source) and stated(r.clock.source)
            ),
            "conditions": tuple(c for c in agreement.conditions if stated(c.source)),
            "proposals": tuple(p for p in agreement.proposals if stated(p.source)),
            "exit_events": tuple(e for e in agreement.exit_events if set(e.source) <= said),
            "open_questions": tuple(q for q in agreement.open_questions if stated(q.source)),
        }
    )


def _without_later_words(claim: Claim) -> Claim:
    return replace(claim, response="unknown", response_scope="none", corroboration=None)


def _as_claimed(area: Area, known: AbstractSet[str], later: AbstractSet[str]) -> Area:
    """An area as held in part, unless all claims that say so are of later."""
    cited = {ref.strip() for ref in area.source.split(";")}
    if cited & later and not cited & known:
        return replace(area, partly_held=None, source="", note="")
    return area


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
