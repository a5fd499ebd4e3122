"""Where a text mentions a topic of truces, and whether it does so under a negation."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from truceline.domain.compared import Mention, Slot
from truceline.domain.words import Item, Kind, Polarity, Span
from truceline.words.slots import read_slots
from truceline.words.slots.lexicon import NONE, Hit, Layer, entries_of, phrases_of
from truceline.words.slots.passage import passage_of
from truceline.words.tokens import Parsed, Sentence, parse

DENIES = frozenset({Kind.DENIAL, Kind.REFUSAL})
"""Kinds that deny their content by a verb of their own, whatever the polarity of its words."""

TERMS = frozenset({Slot.DURATION, Slot.START, Slot.DEADLINE, Slot.CONDITION, Slot.RECIPROCITY})
"""Slots in which documents are compared on any topic that does not name its own."""
FORCE = frozenset({Slot.ACTS, Slot.MEANS})
"""Slots of topics about the use of force."""


@dataclass(frozen=True)
class Patterns:
    """The words of one topic in one language; ``size`` counts phrases and combinations."""

    words: Layer
    together: tuple[tuple[Layer, ...], ...]
    without: Layer
    size: int

    def find(self, parsed: Parsed, sentence: Sentence) -> list[tuple[int, int]]:
        """Stretches of a sentence that mention the topic; empty where it does not."""
        tokens = parsed.tokens_of(sentence)
        words = [token.text.lower() for token in tokens]

        def hits(layer: Layer) -> list[Hit]:
            every = layer.find(tokens, words)
            hidden = {n for hit in every if hit.value == NONE for n in range(hit.first, hit.last)}
            return [hit for hit in every if hidden.isdisjoint(range(hit.first, hit.last))]

        found = [(hit.start, hit.end) for hit in hits(self.words)]
        if found or hits(self.without):
            return found
        for parts in self.together:
            firsts = [hits(part)[:1] for part in parts]
            if all(firsts):
                return [(min(h[0].start for h in firsts), max(h[0].end for h in firsts))]
        return []


@dataclass(frozen=True)
class Topic:
    """A topic: what counts as mentioning it, and in which slots documents are compared on it.

    ``objects`` is the part of the tree of object classes in which its scopes lie.
    """

    name: str
    means: str
    objects: str | None
    slots: frozenset[Slot]


@cache
def topics() -> tuple[Topic, ...]:
    """All topics in the order of their file.

    >>> [topic.name for topic in topics()][:3]
    ['energy', 'infrastructure', 'sea']
    """
    return tuple(_topic(name, row) for name, row in _table().items())


def _topic(name: str, row: dict[str, Any]) -> Topic:
    slots = frozenset(Slot(slot) for slot in row["slots"].split()) if "slots" in row else TERMS
    if row.get("force", False):
        slots |= FORCE
    objects = row.get("objects")
    return Topic(name, row["means"], objects, slots | {Slot.SCOPE} if objects else slots)


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = files(__package__).joinpath("topics.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def patterns_of(topic: str, language: str) -> Patterns | None:
    """The words of a topic in a language; None: it has none there."""
    row = _table()[topic].get(language)
    if not isinstance(row, dict):
        return None
    plain = phrases_of(row["words"])
    together = row.get("together", [])
    return Patterns(
        words=_layer(plain, phrases_of(row.get("none", ""))),
        together=tuple(
            tuple(_layer(phrases_of(part)) for part in line.split("&")) for line in together
        ),
        without=_layer(phrases_of(row.get("without", ""))),
        size=len(plain) + len(together),
    )


def _layer(phrases: Sequence[str], none: Sequence[str] = ()) -> Layer:
    return Layer([*entries_of(phrases, "topic", "said"), *entries_of(none, "topic", NONE)])


class _Holders:
    """Items by the places of their contents."""

    def __init__(self, items: Sequence[Item]) -> None:
        places = ((s.start, s.end, n) for n, item in enumerate(items) for s in item.content)
        self._items, self._places = items, sorted(places)
        self._starts = [start for start, _, _ in self._places]
        self._longest = max((end - start for start, end, _ in self._places), default=0)

    def of(self, start: int, end: int) -> list[Item]:
        """Items whose content has something of a stretch, the smallest first."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        near = {n for _, stop, n in self._places[first:last] if stop > start}
        return sorted((self._items[n] for n in near), key=_length)


SETS_TERMS = frozenset(
    {
        Kind.COMMITMENT,
        Kind.ACCEPTANCE,
        Kind.AGREEMENT,
        Kind.PROPOSAL,
        Kind.DEMAND,
        Kind.ORDER,
    }
)
"""Kinds whose times are terms of a truce, not hours of an event."""


def find_topics(text: str, language: str, items: Sequence[Item] = ()) -> list[Mention]:
    """Mentions of topics in the order of the text; ``items`` are the statements found in it.

    A mention is negated where the smallest statement that holds it is negated, a denial or a
    refusal; where no statement holds it, its clause decides.

    >>> for m in find_topics("Moskau schont Raffinerien. Ein Gipfel ist nicht geplant.", "de"):
    ...     print(m.topic, m.span.text, m.negated)
    energy Raffinerien False
    talks Gipfel ist nicht geplant True
    """
    parsed = parse(text, language)
    holders = _Holders(items)
    named = [(topic.name, p) for topic in topics() if (p := patterns_of(topic.name, language))]
    found = []
    for sentence in parsed.sentences:
        for topic, patterns in named:
            for start, end in patterns.find(parsed, sentence):
                found.append(_mention(parsed, sentence, topic, (start, end), holders))
    found += _told_by_slots(parsed, items, found)
    return sorted(found, key=lambda m: (m.span.start, m.span.end, m.topic))


def _told_by_slots(
    parsed: Parsed, items: Sequence[Item], found: Sequence[Mention]
) -> list[Mention]:
    """Duration, start and end that statements about terms state in figures, without the word."""
    held = {(m.topic, m.sentence.start) for m in found}
    more = []
    for item in (i for i in items if i.kind in SETS_TERMS and i.time.spans):
        place = item.time.spans[0]
        sentence = next(s for s in parsed.sentences if s.start <= place.start < s.end)
        stated = {
            "duration": item.time.duration,
            "start": item.time.effective,
            "end": item.time.deadline,
        }
        for topic, value in stated.items():
            if value is not None and (topic, sentence.start) not in held:
                whole = Span.cut(parsed.text, sentence.start, sentence.end)
                more.append(Mention(topic, place, whole, False, (item.id,)))
    return more


def _mention(
    parsed: Parsed, sentence: Sentence, topic: str, at: tuple[int, int], holders: _Holders
) -> Mention:
    start, end = at
    holding = holders.of(start, end)
    if holding:
        first = holding[0]
        negated = first.polarity is Polarity.NEGATED or first.kind in DENIES
    else:
        negated = _clause_denies(parsed, sentence, start)
    return Mention(
        topic=topic,
        span=Span.cut(parsed.text, start, end),
        sentence=Span.cut(parsed.text, sentence.start, sentence.end),
        negated=negated,
        items=tuple(item.id for item in holding),
    )


def _length(item: Item) -> tuple[int, str]:
    return sum(span.end - span.start for span in item.content), item.id


def _clause_denies(parsed: Parsed, sentence: Sentence, start: int) -> bool:
    """Whether the clause at a place is denied; a piece without a verb goes with its sentence."""
    whole = (sentence.start, sentence.end)
    row = passage_of(parsed.text, [whole], parsed.language)
    at = max((n for n, token in enumerate(row.tokens) if token.start <= start), default=0)
    piece = row.segment_at(at)
    if row.finite(piece.first, piece.last) is not None:
        whole = (row.tokens[piece.first].start, row.tokens[piece.last - 1].end)
    slots = read_slots(parsed.text, [whole], parsed.language)
    return slots.polarity is Polarity.NEGATED
