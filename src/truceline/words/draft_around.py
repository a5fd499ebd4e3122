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
    answers = [(i, _stems(i)) for i in desk.items if i.kind in ANSWERS]
    tied: dict[str | None, list[Item]] = {}
    for item in desk.items:
        tied.setdefault(item.conditionality.condition, []).append(item)
    for item in desk.items:
        if item.kind not in (Kind.CONDITION, Kind.DEMAND) or item.id in desk.used:
            continue
        debtor, sides = sides_of(item.debtor), desk.speakers(item)
        for side in (*sides, *debtor) if sides else ():
            desk.other(side, "states demands" if side in sides else "debtor of a demand")
        answered = [a for a, stems in answers if _answers(desk, a, stems, item, debtor)]
        line = _demand(item, debtor, answered) | _attached(item, tied.get(item.id, []))
        for side in sides:
            if debtor:
                name = numbered(f"{side}-{item.kind}", [one["id"] for one in lines])
                lines.append({"#": line["#"], "id": name, "demanded_by": side} | line)
            else:
                text = f"Who is meant by this demand: {quoted(item.words)}?"
                desk.ask(f"debtor-{side}", text, [side], [item])
        if not sides:
            desk.gaps.append(f"{item.id}: no side is named that demands it")
    return [{key: one[key] for key in ORDER if key in one} for one in lines]


ORDER = (
    *("#", "id", "demanded_by", "debtor", "demands", "#attaches_to", "attaches_to"),
    *("#mirrored", "mirrored", "#status", "status", "source"),
)
"""Keys of a condition, as the schema has them."""


def _demand(item: Item, debtor: Sequence[str], answers: Sequence[Item]) -> Line:
    kinds = {ANSWERS[answer.kind] for answer in answers}
    line: Line = {
        "#": doubts([item, *answers]),
        "debtor": list(debtor),
        "demands": quoted(item.words),
        "mirrored": item.reciprocity in (Reciprocity.MUTUAL, Reciprocity.IF_OTHER),
        "status": kinds.pop() if len(kinds) == 1 else "demanded",
        "source": ids_of([item, *answers]),
    }
    if item.reciprocity is Reciprocity.UNSTATED:
        line["#mirrored"] = ["not stated: whether the demander would be bound as well"]
    if len(kinds) > 1:
        line["#status"] = ["answered in more than one way; a person has to decide"]
    return line


def _attached(item: Item, tied: Sequence[Item]) -> Line:
    """What a demand attaches to, as far as its words or those of what it conditions tell."""
    text = " ".join(i.words for i in (item, *tied)).lower()
    for name, pattern in known()["attaches"].items():
        if re.search(pattern, text):
            return {"attaches_to": name}
    if any(is_duty(i) for i in tied):
        return {"attaches_to": "this_arrangement"}
    told = "not stated: what it is a condition of"
    return {"#attaches_to": [told], "attaches_to": "disputed"}


def _answers(
    desk: Desk, answer: Item, stems: set[str], demand: Item, debtor: tuple[str, ...]
) -> bool:
    """Whether a debtor accepts, refuses or passes over this very demand, by its own words."""
    whose = (*desk.speakers(answer), *sides_of(answer.debtor))
    shared = stems & _stems(demand)
    return not set(debtor).isdisjoint(whose) and len(shared) >= SHARED_STEMS


def _stems(item: Item) -> set[str]:
    return set(STEM.findall(re.sub(r"\W+", " ", item.words.casefold())))


def draft_proposals(desk: Desk) -> list[Line]:
    """Proposals of a side with acts to abstain from; nothing is judged against them."""
    alike: dict[tuple[tuple[str, ...], ...], list[Item]] = {}
    for item in desk.items:
        if item.kind is not Kind.PROPOSAL or item.id in desk.used:
            continue
        sides = desk.speakers(item)
        if not sides or not item.scope.acts:
            desk.gaps.append(f"{item.id}: a proposal without a side or without acts is left out")
            continue
        for side in sides:
            desk.other(side, "makes proposals")
            scope, length = item.scope, item.time.duration or ""
            key = ((side, length), scope.acts, scope.means, item.object_classes)
            alike.setdefault(key, []).append(item)
    lines: list[Line] = []
    for ((side, _), *_), items in alike.items():
        lines.append(_proposal(desk, items, side, [line["id"] for line in lines]))
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
    """What the documents themselves leave open: questions, silences, asymmetries, retractions."""
    for item in desk.items:
        if item.kind in OPEN:
            stem, text = OPEN[item.kind]
            known_sides = (*desk.parties, *desk.others)
            sides = [s for s in desk.speakers(item) if s in known_sides]
            debtors = sides_of(item.debtor) if item.kind is not Kind.OPEN_QUESTION else ()
            desk.ask(stem, text.format(quoted(item.words)), [*sides, *debtors], [item])


OPEN = {
    Kind.OPEN_QUESTION: ("question", "{}"),
    Kind.OMISSION: ("omission", "One text leaves something out that another one says: {}"),
    Kind.ASYMMETRY: ("asymmetry", "The two sides are not in the same position: {}"),
    Kind.META_CONDITIONS: ("conditions", "There are said to be conditions; which ones? {}"),
    Kind.RETRACTION: ("retraction", "Something is taken back; what still stands? {}"),
}
"""Kinds of statements that leave terms open: the stem of their id, and what is asked."""
