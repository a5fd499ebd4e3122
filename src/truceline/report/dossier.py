"""The dossier as data, with the published keys.  Keys may be added and never renamed."""

from __future__ import annotations

from typing import Any

from truceline.archive.texts import pretty_json
from truceline.clock import stamp
from truceline.domain.claim import Milestone, PublishedCount, Statement
from truceline.domain.observation import FieldReport
from truceline.domain.result import CoverageDay, Input, Result
from truceline.domain.said import Said, made_of, said
from truceline.report.codes import STYLE_NOTE
from truceline.report.counts import Count, count_assessments, own_claims, sides_of_claims
from truceline.report.headline import headline
from truceline.report.incidents import chance_item, incident_items, link_item, worth
from truceline.report.limits import limits
from truceline.report.plain import EDITION, Item, ends, plain, rounded
from truceline.report.rates_items import rate_items, series_item
from truceline.report.terms import agreement_item
from truceline.report.tongue import Tongue
from truceline.thresholds import ALL

SCHEMA = "truceline-dossier/1"


def build_dossier(result: Result, version: str) -> Item:
    """Everything that the page, the tables and ``explain`` show, in fixed order.

    Reads no clock: equal results give equal dossiers.
    """
    incidents = incident_items(result)
    dossier: Item = {
        "schema": SCHEMA,
        "case": result.case_id,
        "title": result.title,
        "summary": result.summary,
        "languages": list(result.languages),
        "publication": {"coarsen_km": result.coarsen_km},
        "edition": EDITION,
        "as_of": stamp(result.as_of),
        "latest": result.latest,
        "generated_by": {"version": version, "parameters": parameters(result)},
        "headline": [],
        "agreement": agreement_item(result.agreement),
        "inputs": [_input(source) for source in result.inputs],
        "counts": [_count(count) for count in count_assessments(result)],
        "claims_made": claims_made(result),
        "publication_note": publication_note(result),
        "incidents": incidents,
        "worth": worth(incidents),
        "coverage": [_coverage(day) for day in result.coverage],
        "exit_states": [
            {
                "reading": span.reading,
                "party": span.party,
                "from": stamp(span.start),
                "until": stamp(span.until),
                "state": span.state.value,
                "disputed": span.disputed,
                "why": span.why,
            }
            for span in result.exit_states
        ],
        "series": [series_item(one) for one in result.series.values()],
        "rates": rate_items(result.rates, result.series),
        "statements": [_statement(statement) for statement in result.statements],
        "timeline": {
            "milestones": [_milestone(m) for m in result.milestones if m.kind != "count"],
            "counts": [
                {**_milestone(m), "coded": [_coded(c) for c in result.counts if c.entry == m.id]}
                for m in result.milestones
                if m.kind == "count"
            ],
        },
        "reports": [_report(report) for report in result.reports],
        "limits": limits(result),
        "checks": [{"code": c.code, "text": c.text, "rows": list(c.rows)} for c in result.checks],
        "quarantine": [
            {
                "source": q.source,
                "line": q.line,
                "field": q.field,
                "what": q.what,
                "expected": q.expected,
            }
            for q in result.quarantine
        ],
        "n_claims_not_yet_known": result.n_claims_not_yet_known,
        "links": [link_item(link) for link in result.links],
        "areas": [
            {
                "code": area.code,
                "name": area.name,
                "territory": area.territory,
                "partly_held": area.partly_held,
                "source": area.source,
                "note": area.note,
            }
            for area in result.areas
        ],
        "rows": {
            ref: {"input": row.source, "line": row.line, "sha256": row.sha256}
            for ref, row in sorted(result.rows.items())
        },
        "texts": plain(result.texts),
    }
    dossier["headline"] = headline(dossier)
    return spoken(dossier)


def spoken(dossier: Item) -> Item:
    """The dossier with its sentences in English, and what each of them is made of."""
    tongue = Tongue("en", dossier)
    made: Item = {}

    def tell(text: Said) -> str:
        told = tongue.told(text)
        if told not in made:
            made[told] = made_of(text, tell)
        return told

    def inner(value: Any) -> Any:
        if isinstance(value, Said):
            return tell(value)
        if isinstance(value, dict):
            return {key: inner(item) for key, item in value.items()}
        return [inner(item) for item in value] if isinstance(value, list) else value

    said_all: Item = inner(dossier)
    return {**said_all, "said": {text: made[text] for text in sorted(made)}}


def dossier_json(dossier: Item) -> bytes:
    """The bytes of ``dossier.json``."""
    return pretty_json(dossier)


def parameters(result: Result) -> Item:
    """Every number of judgement by name, and what else a run depended on."""
    numbers: Item = {
        name: {
            "value": number.value,
            "unit": number.unit,
            "reason": number.reason,
            "source": number.source,
        }
        for name, number in sorted(ALL.items())
    }
    extra: Item = plain(result.parameters)
    if taken := sorted(set(numbers) & set(extra)):
        raise ValueError(f"{taken[0]} is the name of a threshold already")
    return numbers | {name: extra[name] for name in sorted(extra)}


def publication_note(result: Result) -> str:
    """What stands beside every count: the general note, and that of the case if it has one."""
    if not result.note_on_counts:
        return said(STYLE_NOTE)
    return said("{note:told} {case:told}", note=said(STYLE_NOTE), case=result.note_on_counts)


def _input(source: Input) -> Item:
    return {
        "id": source.id,
        "kind": source.kind,
        "title": source.title,
        "path": source.path,
        "sha256": source.sha256,
        "rows": source.n_rows,
        "quarantined": source.n_quarantined,
        "licence": source.licence,
        "attribution": source.attribution,
        "address": source.address,
        "span": list(source.span) if source.span else None,
        "separate": source.separate,
        "notes": list(source.notes),
    }


def _count(count: Count) -> Item:
    return {
        "reading": count.reading,
        "party": count.party,
        "verdict": count.verdict.value,
        "because": count.because.value,
        "unit": "incident",
        "n": count.n,
        "of": count.of,
    }


def claims_made(result: Result) -> list[Item]:
    """How many claims name a party, by side of the claimant; its own claims to have acted apart."""
    made = []
    for party in sorted(result.agreement.parties):
        rows = [(side, "accusation", n) for side, n in sides_of_claims(result, party)]
        own = own_claims(result, party)
        rows += [(party, "admission", own)] if own else []
        made += [
            {"accused": party, "claimant_side": side, "kind": kind, "unit": "claim", "n": n}
            for side, kind, n in rows
        ]
    return made


def _coverage(day: CoverageDay) -> Item:
    return {
        "day": day.day.isoformat(),
        "sensor": day.sensor,
        "place": day.place,
        "state": day.state.value,
        "cloud_share": rounded(day.cloud_share, 2),
        "cloud_km": rounded(day.cloud_km, 0),
        "clear": chance_item(day.clear),
        "n_passes": day.n_passes,
    }


def _statement(statement: Statement) -> Item:
    return {
        "id": statement.id,
        "row": str(statement.row),
        "on": plain(statement.on),
        "speaker": statement.speaker,
        "institution": statement.institution,
        "side": statement.side,
        "act": statement.act,
        "about": statement.about,
        "topic": statement.topic,
        "sources": list(statement.sources),
        "known_since": stamp(statement.known.since),
        "known_assumed": statement.known.assumed,
        "note": statement.note,
    }


def _milestone(milestone: Milestone) -> Item:
    return {
        "id": milestone.id,
        "row": str(milestone.row),
        "kind": milestone.kind,
        "on": plain(milestone.on),
        "title": milestone.title,
        "description": milestone.description,
        "actors": milestone.actors,
        "version": milestone.version,
        "sources": list(milestone.sources),
        "known_since": stamp(milestone.known.since),
        "known_assumed": milestone.known.assumed,
        "note": milestone.note,
    }


def _coded(count: PublishedCount) -> Item:
    return {
        "row": str(count.row),
        "statement": count.statement,
        "qualifier": count.qualifier,
        "n": count.n,
        "unit": count.unit,
        "accused": count.accused,
        "from": plain(count.start),
        "until": plain(count.until),
        "note": count.note,
    }


def _report(report: FieldReport) -> Item:
    return {
        "id": report.id,
        "row": str(report.row),
        "observer": report.observer,
        "independent": report.independent,
        "means": report.means,
        "sense": report.sense,
        "finding": report.finding,
        "observed": ends(report.interval),
        "place": report.place.name,
        "precision": report.place.precision.value,
        "object_class": report.object_class,
        "names": report.names,
        "origin": report.origin_id,
        "text": report.text,
        "known_since": stamp(report.known.since),
        "known_assumed": report.known.assumed,
    }
