"""What was known at a moment: the records of a case, cut at an as-of."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from pydantic import BaseModel

from truceline import thresholds as t
from truceline.clock import midnight
from truceline.domain.agreement import Agreement, Condition, Reading
from truceline.domain.claim import Claim
from truceline.domain.place import Area
from truceline.domain.provenance import Known
from truceline.domain.said import said
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


SET_ASIDE = said("set aside; what it says has no date, so it is not told")
"""What an earlier edition tells of a row that could not be read."""


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
    entries = {m.id for m in records.milestones if known(m.known)}
    day_after = timedelta(days=1)
    latency = timedelta(hours=t.HEAT_LATENCY_H)
    kept = replace(
        records,
        claims=claims if latest else tuple(_without_later_words(claim) for claim in claims),
        statements=tuple(s for s in records.statements if known(s.known)),
        milestones=tuple(m for m in records.milestones if known(m.known)),
        reports=tuple(r for r in records.reports if known(r.known)),
        counts=tuple(c for c in records.counts if c.entry in entries),
        areas=tuple(_as_claimed(area, rows, later) for area in records.areas),
        heat=tuple(h for h in records.heat if h.observed_at + latency <= moment),
        heat_days=_known_days(records.heat_days, moment - latency),
        first_heat={s: f for s, f in records.first_heat.items() if f + latency <= moment},
        record_days=tuple(
            r for r in records.record_days if midnight(r.day + day_after) + latency <= moment
        ),
        elements=tuple(e for e in records.elements if e.epoch <= moment),
        violence=tuple(v for v in records.violence if v.last < moment.date()),
        tallies=tuple(tally for tally in records.tallies if tally.day < moment.date()),
        clouds=tuple(c for c in records.clouds if midnight(c.day + day_after) <= moment),
        quarantine=tuple(
            q if latest else replace(q, what=SET_ASIDE, expected="") for q in records.quarantine
        ),
    )
    said = kept.told.keys()
    terms = stated_terms(case.agreement, said, records.told.keys() - said, moment)
    return Edition(moment, latest, kept, terms, len(records.claims) - len(claims))


def _known_days(
    days: Mapping[str, Mapping[str, tuple[date, date]]], known: datetime
) -> dict[str, dict[str, tuple[date, date]]]:
    """First and last days of fires by file and sensor, up to a moment."""
    until = known.date()
    return {
        source: {
            sensor: (first, min(last, until))
            for sensor, (first, last) in of.items()
            if first <= until
        }
        for source, of in days.items()
    }


def stated_terms(
    agreement: Agreement, said: AbstractSet[str], later: AbstractSet[str], moment: datetime
) -> Agreement:
    """The terms as they had been stated by a moment.

    A reading stands once something of it, its clock and its list had been said; a way out,
    a condition, a proposal, a question likewise; what a party said about leaving once all
    its sources are known.  A stretch that is left open stays, unless it lies ahead and a part
    of what was said about it came later.  Silences stay: nobody has to state what is not said.
    Of all that stands, what was said ``later`` is neither cited nor told (`_told_then`).
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
    stands = agreement.model_copy(
        update={
            "readings": tuple(
                r for r in readings if r.clauses and stated(r.source) and stated(r.clock.source)
            ),
            "conditions": tuple(c for c in agreement.conditions if stated(c.source)),
            "proposals": tuple(p for p in agreement.proposals if stated(p.source)),
            "exit_events": tuple(e for e in agreement.exit_events if set(e.source) <= said),
            "open_questions": tuple(q for q in agreement.open_questions if stated(q.source)),
            "instrument": agreement.instrument and agreement.instrument.stated(said),
        }
    )
    return _told_then(stands, later, ()) if later else stands


Line = TypeVar("Line", bound=BaseModel)
NOT_TOLD: dict[str, object] = {
    "note": "",
    "answer": "",
    "answered": False,
    "why": said("part of what this line rests on had not been stated by then"),
    "status": said("not told: part of what this line rests on had not been stated by then"),
}
"""What stands for the words of a line of terms that rest in part on what was said later."""


def _told_then(part: Line, later: AbstractSet[str], above: tuple[str, ...]) -> Line:
    """A line of terms without what was said later, neither as a source nor in words of ours.

    A line all of whose own sources are of later rests on those of the line ``above`` it.
    """

    def inner(item: object, above: tuple[str, ...]) -> object:
        if isinstance(item, dict):
            return {key: inner(value, above) for key, value in item.items()}
        if isinstance(item, tuple):
            return tuple(inner(value, above) for value in item)
        return _told_then(item, later, above) if isinstance(item, BaseModel) else item

    fields = {name: getattr(part, name) for name in type(part).model_fields}
    source: tuple[str, ...] = fields.pop("source", ())
    kept = tuple(ref for ref in source if ref not in later)
    told = {name: inner(item, kept or above) for name, item in fields.items()}
    words = " ".join(str(told[name]) for name in NOT_TOLD if name in told)
    if kept != source or not later.isdisjoint(re.findall(r"\w+", words)):
        told |= {name: text for name, text in NOT_TOLD.items() if name in told}
    if isinstance(part, Condition) and told["status"] != part.status:
        told["status"] = "demanded"
    if source:
        told["source"] = kept or above or source
    return part.model_copy(update=told)


def _without_later_words(claim: Claim) -> Claim:
    return replace(claim, response="unknown", response_scope="none", corroboration=None)


def _as_claimed(area: Area, known: AbstractSet[str], later: AbstractSet[str]) -> Area:
    """An area as held in part by the claims of then; with our note only if none is of later."""
    cited = [ref.strip() for ref in area.source.split(";")]
    if later.isdisjoint(cited):
        return area
    stands = ";".join(ref for ref in cited if ref in known)
    return replace(area, partly_held=area.partly_held if stands else None, source=stands, note="")
