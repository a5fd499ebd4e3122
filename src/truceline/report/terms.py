"""The agreement as part of the dossier: readings side by side, conditions, questions."""

from __future__ import annotations

from truceline.domain.agreement import Agreement, Clause, Reading
from truceline.report.compare import clock_item, compare_readings_data
from truceline.report.plain import Item, ends, plain


def agreement_item(agreement: Agreement) -> Item:
    """All terms as data; every line of them names the statements it rests on."""
    return {
        "id": agreement.id,
        "title": agreement.title,
        "parties": {code: plain(agreement.parties[code]) for code in sorted(agreement.parties)},
        "third_parties": {
            code: plain(agreement.third_parties[code]) for code in sorted(agreement.third_parties)
        },
        "readings": [_reading(reading) for reading in agreement.readings],
        "conditions": [plain(condition) for condition in agreement.conditions],
        "proposals": [plain(proposal) for proposal in agreement.proposals],
        "exit_events": [plain(event) for event in agreement.exit_events],
        "open_questions": [plain(question) for question in agreement.open_questions],
        "instrument": plain(agreement.instrument),
        "comparison": compare_readings_data(agreement),
        **_marks(agreement),
    }


def _marks(agreement: Agreement) -> Item:
    """Who drafted and who signed the terms, where a machine has drafted them."""
    if agreement.draft is None:
        return {}
    signed = plain(agreement.signed)
    return {"draft": agreement.unsigned, "drafted": plain(agreement.draft), "signed": signed}


def _reading(reading: Reading) -> Item:
    return {
        "id": reading.id,
        "title": reading.title,
        "stated_by": reading.stated_by,
        "in_force": ends(reading.clock.span),
        "disputed": [
            {**ends(span), "why": piece.why, "source": list(piece.source)}
            for span, piece in reading.clock.open_spans
        ],
        "clock": clock_item(reading.clock),
        "clauses": [_clause(clause) for clause in reading.clauses],
        "exit_rule": plain(reading.exit_rule),
        "source": list(reading.source),
        "note": reading.note,
    }


def _clause(clause: Clause) -> Item:
    return {
        "id": clause.id,
        "obliges": list(clause.obliges),
        "must_not": plain(clause.must_not),
        "silent_on": plain(clause.silent_on),
        "where": plain(clause.where),
    }
