"""What of an agreement no column of another database holds: listed, never dropped.

Values that do have a column are listed as well where the column has no room for the
statements under them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from truceline.archive.texts import csv_bytes
from truceline.domain.agreement import Agreement, Clause, Clock, Reading
from truceline.domain.instrument import Answer, Instrument, Terms
from truceline.report.agreement_actors import declared_by, partial_text
from truceline.report.agreement_rows import (
    MAPPING,
    cited,
    class_number,
    enforcement_code,
    general_code,
    third_parties,
)
from truceline.report.plain import Item, plain

UNMAPPED_COLUMNS = (
    "mapping",
    "format",
    "agreement",
    "reading",
    "kind",
    "id",
    "what",
    "detail",
    "note",
    "source",
)
"""Columns of the companion list."""

KINDS = {
    "reading": "one stated version of the terms; the others compete with it",
    "clock": "its first and last instant as worded, with zone, length and extension",
    "disputed": "a stretch of time that the reading leaves open",
    "clause": "acts, means, objects and places of one obligation",
    "reciprocity": "whom the clause binds, and whom it does not",
    "silence": "what the wording neither names nor excludes",
    "exit_rule": "the way out that the reading states",
    "exit_event": "what was said about leaving",
    "condition": "a demand, with what it attaches to and whether it is mutual",
    "proposal": "another arrangement that was proposed",
    "open_question": "what the terms do not settle",
    "actor": "dates of one declaring actor, with the statements under them",
    "third_party": "a third party that no column names",
    "coded": "one group of the block `instrument`, with the statements under it",
    "ending": "how it ended, in the words of one speaker",
    "ids": "ids in other databases, and where they were looked up",
    "no_code": "a value for which the format has no code that we know",
}
"""Kinds of lines, in their order."""


def unmapped_rows(
    agreement: Agreement, form: str, addresses: Mapping[str, tuple[str, ...]]
) -> list[Item]:
    """Lines of the companion list of one agreement, in the order of its terms."""
    lines = [
        *(line for reading in agreement.readings for line in _of_reading(agreement, reading)),
        *_around(agreement),
        *_of_instrument(agreement, form),
    ]
    return [
        {
            "mapping": MAPPING,
            "format": form,
            "agreement": agreement.id,
            "reading": "",
            "id": "",
            "detail": "",
            "note": "",
            **line,
            "source": cited(line["source"], addresses),
        }
        for line in lines
    ]


def unmapped_csv(rows: Iterable[Item]) -> bytes:
    """The bytes of the companion list."""
    return csv_bytes(UNMAPPED_COLUMNS, list(rows))


def _pairs(**values: object) -> str:
    """Names with values, several joined by a comma; what is blank is left out."""
    told = {name: plain(value) for name, value in values.items()}
    return "; ".join(
        f"{name}={','.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in told.items()
        if value not in (None, "", [])
    )


# --- terms ------------------------------------------------------------------------------------


def _of_reading(agreement: Agreement, reading: Reading) -> Iterator[Item]:
    at = {"reading": reading.id}
    yield {
        **at,
        "kind": "reading",
        "id": reading.id,
        "what": reading.title,
        "detail": _pairs(stated_by=reading.stated_by),
        "note": reading.note,
        "source": reading.source,
    }
    for line in _of_clock(reading.clock):
        yield {**at, **line}
    for clause in reading.clauses:
        for line in _of_clause(agreement, clause):
            yield {**at, "id": clause.id, **line}
    if rule := reading.exit_rule:
        yield {
            **at,
            "kind": "exit_rule",
            "what": rule.effect,
            "detail": _pairs(on=rule.on),
            "source": rule.source,
        }


def _of_clock(clock: Clock) -> Iterator[Item]:
    yield {
        "kind": "clock",
        "what": f"wall-clock time of {clock.zone}; `until` is the first instant after the end",
        "detail": _pairs(
            **{"from": clock.start},
            until=clock.until,
            length=clock.length,
            extendable=clock.extendable,
        ),
        "note": clock.note,
        "source": clock.source,
    }
    for piece in clock.disputed:
        yield {
            "kind": "disputed",
            "what": piece.why,
            "detail": _pairs(**{"from": piece.start}, until=piece.until, zone=clock.zone),
            "source": piece.source,
        }


def _of_clause(agreement: Agreement, clause: Clause) -> Iterator[Item]:
    must_not, where = clause.must_not, clause.where
    yield {
        "kind": "clause",
        "what": "must not",
        "detail": _pairs(
            acts=must_not.acts,
            means=must_not.means,
            against=must_not.against,
            territory_of=where.territory_of,
            areas=where.areas,
            including_held="yes" if where.including_held else "no",
        ),
        "source": (*must_not.source, *where.source),
    }
    unbound = [code for code in agreement.parties if code not in clause.obliges]
    yield {
        "kind": "reciprocity",
        "what": "not all parties are bound" if unbound else "all parties are bound alike",
        "detail": _pairs(binds=clause.obliges, does_not_bind=unbound),
        "source": must_not.source,
    }
    if silent := clause.silent_on:
        yield {
            "kind": "silence",
            "what": silent.why,
            "detail": _pairs(acts=silent.acts, against=silent.against),
            "source": silent.source,
        }


def _around(agreement: Agreement) -> Iterator[Item]:
    """Conditions, proposals, what was said about leaving, questions."""
    for condition in agreement.conditions:
        yield {
            "kind": "condition",
            "id": condition.id,
            "what": condition.demands,
            "detail": _pairs(
                demanded_by=condition.demanded_by,
                debtor=condition.debtor,
                attaches_to=condition.attaches_to,
                mutual="yes" if condition.mirrored else "no",
                status=condition.status,
            ),
            "note": condition.note,
            "source": condition.source,
        }
    for proposal in agreement.proposals:
        must_not, where = proposal.must_not, proposal.where
        yield {
            "kind": "proposal",
            "id": proposal.id,
            "what": proposal.title,
            "detail": _pairs(
                proposed_by=proposal.proposed_by,
                acts=must_not.acts,
                means=must_not.means,
                against=must_not.against,
                territory_of=where.territory_of,
                areas=where.areas,
                length=proposal.length,
            ),
            "note": proposal.status,
            "source": proposal.source,
        }
    for event in agreement.exit_events:
        yield {
            "kind": "exit_event",
            "what": event.kind,
            "detail": _pairs(by=event.by, date=event.on, readings=event.readings),
            "note": event.note,
            "source": event.source,
        }
    for question in agreement.open_questions:
        yield {
            "kind": "open_question",
            "id": question.id,
            "what": question.text,
            "detail": _pairs(raised_by=question.raised_by, answer=question.answer),
            "source": question.source,
        }


# --- instrument -------------------------------------------------------------------------------


def _of_instrument(agreement: Agreement, form: str) -> Iterator[Item]:
    coded = agreement.instrument or Instrument()
    actors = declared_by(agreement)
    for actor in actors:
        yield {
            "kind": "actor",
            "id": actor.by,
            "what": actor.name,
            "detail": _pairs(
                declared=partial_text(actor.declared),
                effective=partial_text(actor.effective),
                ended=partial_text(actor.ended),
                readings=[reading.id for reading in actor.readings],
                ucdp_actor_id=actor.ucdp_actor_id,
            ),
            "source": actor.source,
        }
    shown = {*third_parties(agreement, actors), *(actor.by for actor in actors)}
    for code, third in agreement.third_parties.items():
        if code not in shown:
            yield {
                "kind": "third_party",
                "id": code,
                "what": third.name,
                "detail": _pairs(role=third.role),
                "source": (),
            }
    for name in ("form", "kind", "purposes", "extent", "mediation", "implementation"):
        if group := getattr(coded, name):
            yield _coded("coded", name, group)
    for ending in coded.endings:
        yield {**_coded("ending", ending.by or ending.speaker, ending), "what": ending.how}
    if ids := coded.ids:
        yield {**_coded("ids", "", ids), "what": ids.looked_up_in}
    yield from _eth_prio_gaps(coded) if form == "eth-prio" else _pa_x_gaps(agreement, coded)


def _coded(kind: str, name: str, group: Terms) -> Item:
    values: Item = plain(group)
    source = values.pop("source")
    values.pop("looked_up_in", None)
    return {"kind": kind, "id": name, "what": "", "detail": _pairs(**values), "source": source}


def _no_code(column: str, what: str, source: tuple[str, ...] = ()) -> Item:
    return {"kind": "no_code", "id": column, "what": what, "source": source}


def _eth_prio_gaps(coded: Instrument) -> Iterator[Item]:
    kind, extent = coded.kind, coded.extent
    if kind and kind.agreement_type == "Inter":
        yield _no_code("", "between states: the database holds civil conflicts alone", kind.source)
    if kind and class_number(coded, "ceasefire_type") is None:
        what = f"no number is known for {kind.ceasefire_class.value}"
        yield _no_code("ceasefire_type", what, kind.source)
    if extent and extent.geography != "unclear":
        yield _no_code("geography", f"no number is known for {extent.geography}", extent.source)


def _pa_x_gaps(agreement: Agreement, coded: Instrument) -> Iterator[Item]:
    done, kind = coded.implementation, coded.kind
    source = done.source if done else ()
    if done is None or done.mission is Answer.UNCLEAR:
        yield _no_code("ImPK", "unclear or not coded: blank, not 0", source)
    if enforcement_code(coded) is None:
        yield _no_code("ImE", "unclear or not coded: blank, not 0", source)
    if general_code(agreement) is None:
        yield _no_code("CeGen", "the readings differ: blank, not 0")
    if kind is None or kind.ceasefire_detail is None:
        yield _no_code("Ce", "1 says that a ceasefire is named; its depth is not graded")
    parties = [actor for actor in declared_by(agreement) if actor.is_party]
    dates = {actor.by: partial_text(actor.declared) for actor in parties}
    if len(set(dates.values())) > 1:
        told = ", ".join(f"{by} {day}" for by, day in dates.items())
        yield _no_code("Dat", f"one date for several declarations: {told}")
