"""From statements to the draft of an agreement: every line rests on statements, none on a guess.

Two sides that say different things give two readings; one never corrects the other.  What the
statements do not tell takes the form that the schema has for "not stated", with a comment, or
is left out and listed among the gaps.  The draft is a machine's until a person signs it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from truceline.domain.agreement import SCHEMA
from truceline.domain.words import Document, Item, Kind, Reciprocity
from truceline.errors import BadInput
from truceline.words.actors import Registry
from truceline.words.draft_around import draft_conditions, draft_proposals, draft_questions
from truceline.words.draft_parts import (
    TERMS,
    Desk,
    Line,
    is_duty,
    plain_terms,
    sides_of,
    zone_of,
)
from truceline.words.draft_readings import draft_readings

__all__ = ["Drafted", "draft_agreement", "plain_terms"]


@dataclass(frozen=True)
class Drafted:
    """Terms in the order of the schema, with comments under keys that begin with ``#``.

    ``cited`` are the statements that some line rests on, in the order of the documents.
    """

    terms: Line
    gaps: tuple[str, ...]
    cited: tuple[Item, ...]


def draft_agreement(
    items: Iterable[Item], documents: Iterable[Document], registry: Registry | None = None
) -> Drafted:
    """The draft; statements that a person has rejected are left out.

    ``registry`` names states that CLDR does not know, as those of an invented world.

    Raises ``BadInput`` where two parties or a single clause cannot be found.
    """
    desk = Desk.of(items, documents, registry)
    desk.parties = parties_of(desk)
    readings = draft_readings(desk)
    _refuse_too_little(desk, readings)
    desk.others |= {
        side: _role(desk, reading)
        for reading in readings
        if (side := reading["stated_by"]) in desk.others
    }
    conditions, proposals = draft_conditions(desk), draft_proposals(desk)
    draft_questions(desk)
    terms: Line = {
        "schema": SCHEMA,
        "id": "drafted-agreement",
        "title": "Draft of an agreement, from statements in documents",
        "parties": {code: _party(desk, code) for code in desk.parties},
        "third_parties": {code: _party(desk, code, role) for code, role in desk.others.items()},
        "readings": readings,
        "conditions": conditions,
        "proposals": proposals,
        "open_questions": desk.questions,
    }
    terms = {key: value for key, value in terms.items() if value or key == "parties"}
    ids = set(sources_in(terms))
    cited = tuple(item for item in desk.items if item.id in ids)
    return Drafted(terms, tuple(dict.fromkeys(desk.gaps)), cited)


def _refuse_too_little(desk: Desk, readings: list[Line]) -> None:
    n = sum(item.kind in TERMS for item in desk.items)
    what = (
        "the documents name fewer than two parties"
        if readings
        else (
            f"of {n} statements about terms none says of a named side that it abstains from an act"
        )
    )
    if len(desk.parties) < 2 or not readings:
        raise BadInput(
            f"no agreement can be drafted: {what}",
            expected="who abstains from which acts, said by a side or for it, and towards whom",
            remedy="read more documents, or write agreement.yaml by hand (`truceline new DIR`)",
        )


def parties_of(desk: Desk) -> tuple[str, ...]:
    """Sides that are bound: debtors of obligations, at least the two whose conflict it is.

    Who is named only together with others, as a mediator who agrees a text with one side, or by
    words that bind "both sides", counts where it is said to have struck or to have been struck.
    """
    duties = [i for i in desk.items if is_duty(i) or i.kind is Kind.ORDER]
    debtors = [sides_of(i.debtor) for i in duties]
    single = [i for i in duties if i.reciprocity is not Reciprocity.MUTUAL]
    alone = {sides[0] for i in single if len(sides := sides_of(i.debtor)) == 1}
    accused = [i for i in desk.items if i.kind in (Kind.ACCUSATION, Kind.DENIAL)]
    struck = [s for i in accused for a in (i.debtor, i.beneficiary) for s in sides_of(a)]
    together = [s for sides in debtors for s in sides]
    found = [s for s in dict.fromkeys(together) if s in alone or s in struck]
    conditioned = [s for i in desk.items if i.kind is Kind.CONDITION for s in sides_of(i.debtor)]
    towards = [s for i in duties for s in sides_of(i.beneficiary)]
    named = [s for i in desk.items if i.kind in TERMS for s in desk.tellers(i)]
    for more in (towards, conditioned, struck, together, named):
        for side, _ in Counter(more).most_common():
            if len(found) < 2 and side not in found:
                found.append(side)
    return tuple(found)


def _role(desk: Desk, reading: Line) -> str:
    bound: set[str] = set()
    for clause in reading["clauses"]:
        bound |= set(clause["obliges"])
    return "mediator" if len(bound & set(desk.parties)) > 1 else "speaks of the terms"


def _party(desk: Desk, code: str, role: str = "") -> Line:
    zone = zone_of(code)
    line: Line = {"name": desk.name(code)} | ({"role": role} if role else {})
    if role == "mediator":
        line["#role"] = ["not stated: called so here because it speaks of the duties of both"]
    if zone is None:
        line["#zone"] = ["not stated, and no capital is known: UTC stands here"]
    return line | {"zone": zone or "UTC"}


def sources_in(part: Any) -> Iterator[str]:
    """Ids of all statements that terms cite."""
    if isinstance(part, dict):
        yield from part.get("source", ())
        for value in part.values():
            yield from sources_in(value)
    elif isinstance(part, list):
        for one in part:
            yield from sources_in(one)
