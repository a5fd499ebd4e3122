"""What two documents tell differently of one topic: scope, means, times, conditions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from truceline.domain.compared import Mention, Relation, Side, Slot
from truceline.domain.trees import ACTS, MEANS, OBJECTS, Tree
from truceline.domain.words import (
    Conditionality,
    Document,
    Item,
    Kind,
    Modality,
    Reciprocity,
    Scope,
    Span,
    Times,
)
from truceline.words.slots import Slots, read_slots
from truceline.words.topics import Topic

EVENTS = frozenset(
    {
        Kind.ACCUSATION,
        Kind.DENIAL,
        Kind.FEAR,
        Kind.EVALUATION,
        Kind.EVALUATION_BY_PARTY,
        Kind.NON_RESPONSE,
        Kind.NON_EVENT,
        Kind.ASSESSMENT_FULFILMENT,
    }
)
"""Kinds that tell what happened or how it is seen, not what is to hold."""

TELLS = frozenset({Kind.CLAIM, Kind.FACT_REPORT})
"""Kinds that may tell either: they count where they state a will, a duty, a time or a condition."""
BINDS = frozenset({Modality.WILLED, Modality.OWED, Modality.ALLOWED})

TREE_OF = {Slot.SCOPE: OBJECTS, Slot.ACTS: ACTS, Slot.MEANS: MEANS}


@dataclass(frozen=True)
class Told:
    """A stretch of words with what it says: of a statement, or of a sentence that holds none."""

    spans: tuple[Span, ...]
    objects: tuple[str, ...]
    scope: Scope
    time: Times
    conditionality: Conditionality
    reciprocity: Reciprocity

    @classmethod
    def of(cls, spans: tuple[Span, ...], held: Item | Slots) -> Told:
        """From an item, or from slots of a sentence."""
        return cls(
            spans, held.object_classes, held.scope, held.time, held.conditionality, held.reciprocity
        )

    def values(self, slot: Slot) -> tuple[str, ...]:
        """What it says in a slot."""
        return READ[slot](self)

    def where(self, slot: Slot) -> tuple[Span, ...]:
        """The words of a slot, or the whole."""
        if slot is Slot.CONDITION:
            return self.conditionality.spans
        return self.spans


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


READ: dict[Slot, Callable[[Told], tuple[str, ...]]] = {
    Slot.SCOPE: lambda t: t.objects,
    Slot.ACTS: lambda t: t.scope.acts,
    Slot.MEANS: lambda t: t.scope.means,
    Slot.DURATION: lambda t: _one(t.time.duration),
    Slot.START: lambda t: _one(t.time.effective),
    Slot.DEADLINE: lambda t: _one(t.time.deadline),
    Slot.CONDITION: lambda t: tuple(" ".join(s.text.split()) for s in t.conditionality.spans),
    Slot.RECIPROCITY: lambda t: (
        () if t.reciprocity is Reciprocity.UNSTATED else (t.reciprocity.value,)
    ),
}


@dataclass(frozen=True)
class Facets:
    """What a document tells of a topic; ``mentions`` stand for it where a slot is empty."""

    document: str
    mentions: tuple[Span, ...]
    told: tuple[Told, ...]

    def side(self, slot: Slot, allowed: frozenset[str] | None = None) -> Side:
        """Values of a slot (of those that are allowed) with their words."""
        spans: dict[str, list[Span]] = defaultdict(list)
        for told in self.told:
            for value in told.values(slot):
                if allowed is None or value in allowed:
                    spans[value] += told.where(slot)
        places = {span for held in spans.values() for span in held} or set(self.mentions)
        return Side(
            self.document, tuple(sorted(spans)), tuple(sorted(places, key=lambda s: s.start))
        )


def facets_of(
    document: Document,
    mentions: Sequence[Mention],
    items: Iterable[Item],
    talked_about: Collection[str] = (),
) -> Facets:
    """What a document tells of the topic that is mentioned there.

    Statements that hold a mention are asked, except those of events; a mention that no
    statement holds is read off its sentence.  Of statements in ``talked_about`` the topic is
    what talks are about: their times are those of the talks.
    """
    by_id = {item.id: item for item in items}
    told: dict[object, Told] = {}
    for mention in mentions:
        for name in mention.items:
            if _tells_terms(by_id[name]):
                held = Told.of(by_id[name].content, by_id[name])
                told[name] = replace(held, time=Times()) if name in talked_about else held
        if not mention.items:
            at = mention.sentence
            slots = read_slots(
                document.text, [(at.start, at.end)], document.language, dated=document.dated
            )
            told[at] = Told.of((at,), slots)
    return Facets(document.sha256, tuple(m.span for m in mentions), tuple(told.values()))


def _tells_terms(item: Item) -> bool:
    """Whether a statement tells what is to hold, not what happened."""
    if item.kind in TELLS:
        is_timed = item.time.duration or item.time.deadline or item.time.effective
        return bool(is_timed or item.modality in BINDS or item.conditionality.type != "none")
    return item.kind not in EVENTS


def differences(
    topic: Topic, one: Facets, other: Facets
) -> Iterator[tuple[Slot, Relation, Side, Side]]:
    """Slots in which two documents that both tell something of a topic differ."""
    if not (one.told and other.told):
        return
    for slot in Slot:
        if slot not in topic.slots:
            continue
        allowed = _line(topic.objects) if slot is Slot.SCOPE and topic.objects else None
        left, right = one.side(slot, allowed), other.side(slot, allowed)
        relation = _relation(slot, left.values, right.values)
        if relation is not None:
            yield slot, relation, left, right


def _line(root: str) -> frozenset[str]:
    """Object classes that lie below a name, or that cover it."""
    return frozenset(
        name for name in OBJECTS.names if OBJECTS.covers(root, name) or OBJECTS.covers(name, root)
    )


def _relation(slot: Slot, one: Sequence[str], other: Sequence[str]) -> Relation | None:
    """What the first values are to the others; None where they are the same.

    >>> _relation(Slot.SCOPE, ["energy"], ["infrastructure"]).value
    'narrower'
    >>> _relation(Slot.DURATION, ["P30D"], []).value
    'only_one'
    """
    if not one or not other:
        if not one and not other:
            return None
        return Relation.ONLY_ONE if one else Relation.ONLY_OTHER
    tree = TREE_OF.get(slot)
    return _sets(_expanded(tree, one), _expanded(tree, other))


def _expanded(tree: Tree | None, values: Sequence[str]) -> frozenset[str]:
    return tree.expand(values) if tree else frozenset(values)


def _sets(one: frozenset[str], other: frozenset[str]) -> Relation | None:
    if one == other:
        return None
    if one < other:
        return Relation.NARROWER
    if one > other:
        return Relation.BROADER
    return Relation.OVERLAPPING if one & other else Relation.OTHER
