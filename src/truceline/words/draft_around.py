"""What surrounds the readings of a draft: conditions, proposals, open questions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from truceline.domain.words import Item, Kind, Reciprocity
from truceline.words.draft_parts import (
    Desk,
    Line,
    abstains,
    doubts,
    ids_of,
    is_duty,
    known,
    numbered,
    quoted,
    sides_of,
)

ANSWERS = {
    Kind.ACCEPTANCE: "accepted",
    Kind.REFUSAL: "refused",
    Kind.NON_RESPONSE: "unanswered",
}
SHARED_STEMS = 2
"""Beginnings of words that a demand and its answer have to share."""

STEM = re.compile(r"\w{6}")


def draft_conditions(desk: Desk) -> list[Line]:
    """Demands and conditions of a side with a debtor; one without a debtor is a question."""
    lines: list[Line] = []
    for item in desk.items:
        if item.kind not in (Kind.CONDITION, Kind.DEMAND) or item.id in desk.used:
            continue
        debtor = sides_of(item.debtor)
        for side in desk.speakers(item):
            desk.other(side, "states demands")
            for code in debtor:
                desk.other(code, "debtor of a demand")
            if not debtor:
                text = f"Who is meant by this demand: {quoted(item.words)}?"
                desk.ask(f"debtor-{side}", text, [side], [item])
                continue
            taken = [line["id"] for line in lines]
            lines.append(_condition(desk, item, side, debtor, taken))
        if not desk.speakers(item):
            desk.gaps.append(f"{item.id}: no side is named that demands it")
    return lines


def _condition(
    desk: Desk, item: Item, side: str, debtor: tuple[str, ...], taken: Sequence[str]
) -> Line:
    answers = [a for a in desk.items if _answers(desk, a, item, debtor)]
    kinds = {ANSWERS[a.kind] for a in answers}
    attaches = _attaches_to(desk, item)
    line: Line = {
        "#": doubts([item, *answers]),
        "id": numbered(f"{side}-{item.kind}", taken),
        "demanded_by": side,
        "debtor": list(debtor),
        "demands": quoted(item.words),
        "attaches_to": attaches,
        "mirrored": item.reciprocity in (Reciprocity.MUTUAL, Reciprocity.IF_OTHER),
        "status": kinds.pop() if len(kinds) == 1 else "demanded",
        "source": ids_of([item, *answers]),
    }
    if attaches == "disputed":
        line["#attaches_to"] = ["not stated: what it is a condition of"]
    if item.reciprocity is Reciprocity.UNSTATED:
        line["#mirrored"] = ["not stated: whether the demander would be bound as well"]
    if len(kinds) > 1:
        line["#status"] = ["answered in more than one way; a person has to decide"]
    return line


def _attaches_to(desk: Desk, item: Item) -> str:
    """As far as the words of a demand, or of what it conditions, tell."""
    tied = [i for i in desk.items if i.conditionality.condition == item.id]
    text = " ".join(i.words for i in (item, *tied)).lower()
    for name, pattern in known()["attaches"].items():
        if re.search(pattern, text):
            return str(name)
    return "this_arrangement" if any(is_duty(i) for i in tied) else "disputed"


def _answers(desk: Desk, answer: Item, demand: Item, debtor: tuple[str, ...]) -> bool:
    """Whether a debtor accepts, refuses or passes over this very demand, by its own words."""
    if answer.kind not in ANSWERS or answer.id == demand.id:
        return False
    whose = (*desk.speakers(answer), *sides_of(answer.debtor))
    shared = _stems(answer) & _stems(demand)
    return not set(debtor).isdisjoint(whose) and len(shared) >= SHARED_STEMS


def _stems(item: Item) -> set[str]:
    return set(STEM.findall(re.sub(r"\W+", " ", item.words.casefold())))


def draft_proposals(desk: Desk) -> list[Line]:
    """Proposals of a side with acts to abstain from; nothing is judged against them."""
    alike: dict[tuple[object, ...], list[Item]] = {}
    for item in desk.items:
        if item.kind is not Kind.PROPOSAL or item.id in desk.used:
            continue
        sides = desk.speakers(item)
        if not sides or not item.scope.acts:
            desk.gaps.append(f"{item.id}: a proposal without a side or without acts is left out")
            continue
        for side in sides:
            desk.other(side, "makes proposals")
            scope = item.scope
            key = (side, scope.acts, scope.means, item.object_classes, item.time.duration)
            alike.setdefault(key, []).append(item)
    lines: list[Line] = []
    for (side, *_), items in alike.items():
        lines.append(_proposal(desk, items, str(side), [line["id"] for line in lines]))
    return lines


def _proposal(desk: Desk, items: Sequence[Item], side: str, taken: Sequence[str]) -> Line:
    length = items[0].time.duration
    line: Line = {
        "#": doubts(items) + [text for item in items for text in _unclear(item)],
        "id": numbered(f"{side}-proposal", taken),
        "title": f"Proposed by {desk.name(side)}",
        "proposed_by": side,
        "must_not": desk.prohibition(items),
        "where": desk.where(items),
    }
    if length and re.fullmatch(r"P\d+D", length):
        line["for"] = length
    line |= {"#status": ["not stated: what became of it"], "status": "proposed"}
    return line | {"source": ids_of(items)}


def _unclear(item: Item) -> list[str]:
    return [] if abstains(item) else ["not clear: whether it asks for the act or for its end"]


def draft_questions(desk: Desk) -> None:
    """What the documents themselves leave open: questions, omissions, asymmetries."""
    for item in desk.items:
        sides = [s for s in desk.speakers(item) if s in (*desk.parties, *desk.others)]
        words = quoted(item.words)
        if item.kind is Kind.OPEN_QUESTION:
            desk.ask("question", words, sides, [item])
        elif item.kind is Kind.OMISSION:
            text = f"One text leaves something out that another one says: {words}"
            desk.ask("omission", text, [*sides, *sides_of(item.debtor)], [item])
        elif item.kind is Kind.ASYMMETRY:
            text = f"The two sides are not in the same position: {words}"
            desk.ask("asymmetry", text, [*sides, *sides_of(item.debtor)], [item])
