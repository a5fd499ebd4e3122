"""Where a second reader's quotations stand, and whether its readings are those of the words.

A quotation that does not stand in the text, letter by letter, is refused; so is a reading that
the words contradict.  What the words leave open is marked for a person.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from truceline.domain.words import (
    ACTOR,
    UNKNOWN,
    Attribution,
    Conditionality,
    Cue,
    Document,
    Item,
    Kind,
    Number,
    Review,
    Reviewed,
    Span,
    Spans,
    Speaker,
    item_id,
    members_of,
    state_of,
)
from truceline.words.check import check
from truceline.words.check.actors import SENTENCE_END, Mentions, Resolve
from truceline.words.codes import codes_of
from truceline.words.drafts import trimmed
from truceline.words.found import Stretch
from truceline.words.locate import locate
from truceline.words.reader.answer import SHOWN, Counted, Refused, Told, statements_in
from truceline.words.slots import Slots, read_slots
from truceline.words.tokens import PARAGRAPH

RULE = "reader"

BINDING = frozenset(
    {
        Kind.COMMITMENT,
        Kind.ACCEPTANCE,
        Kind.REFUSAL,
        Kind.INTENTION,
        Kind.THREAT,
        Kind.DEMAND,
        Kind.ORDER,
        Kind.PROPOSAL,
        Kind.ACCUSATION,
    }
)
"""Kinds that say of somebody that they would have to act, or did."""

TO_MACHINES = re.compile(
    r"(?:previous|prior|preceding|above|earlier|system|your|all|vorherig\w*|bisherig\w*|obig\w*|vorig\w*"
    r"|vorangegangen\w*|deine\w*|alle) (?:instructions?|prompts?|anweisung\w*|prompt\w*)"
    r"|system\W?prompt|language model|sprachmodell"
    r"|(?:you are|du bist) (?:\S+ ){1,4}(?:assistant|model|assistent|modell)\b"
    r"|[\"“„](?:statements|polarity|debtor|kind)[\"”“]\s*:"
    r"|(?:предыдущи|попередн|прежни)\w+ (?:инструкц|інструкц|указани|вказівк)\w+",
    re.IGNORECASE,
)
"""Words that speak to the machine that reads; people of a ceasefire do not."""

Actors = tuple[Resolve, Mentions]
"""Both callbacks of ``words.check.actors_in``, made once for a document."""


@dataclass(frozen=True)
class Placed:
    """A statement with the places of its content, and doubts that arose on the way."""

    told: Told
    content: tuple[Stretch, ...]
    doubts: tuple[str, ...] = ()


def grounded(
    answer: str,
    document: Document,
    actors: Actors,
    *,
    model: str,
    chunk: Stretch | None = None,
) -> list[Item | Refused]:
    """Items of an answer about a chunk of a document, in order of the text, then what is refused.

    An item that the check of its own words passes is a draft, one in doubt is marked for
    review.  Quotations are looked for in the chunk alone.
    """
    ground = _Ground(document, actors, chunk or (0, len(document.text)), f"reader:{model}")
    placed: list[Placed] = []
    refused: list[Refused] = []
    for one in statements_in(answer):
        found = ground.place(one) if isinstance(one, Told) else one
        placed.append(found) if isinstance(found, Placed) else refused.append(found)
    items: dict[str, Item] = {}
    for place in sorted(placed, key=lambda p: (p.content[0], p.content[-1])):
        made = ground.item(place)
        if isinstance(made, Refused):
            refused.append(made)
        elif items.setdefault(made.id, made) is not made:
            refused.append(_refused("told twice", place.told))
    return [*ground.linked(items.values()), *refused]


def _refused(reason: str, told: Told) -> Refused:
    return Refused(reason[:300], told.model_dump_json()[:SHOWN])


class _Ground:
    """A chunk of a document in which quotations are looked for."""

    def __init__(self, document: Document, actors: Actors, chunk: Stretch, engine: str) -> None:
        self.document, self.chunk, self.engine = document, chunk, engine
        self.resolve, self.mentions = actors
        self.conditions: dict[str, Stretch] = {}
        """Places of the conditions of items, by their ids."""
        self.text = document.text[slice(*chunk)]
        found = PARAGRAPH.finditer(document.text, *chunk)
        self.starts = [m.start() for m in found]
        spoken_to = [m.start() + chunk[0] for m in TO_MACHINES.finditer(self.text)]
        self.poisoned = {self.paragraph(at) + n for at in spoken_to for n in (0, 1)}

    def paragraph(self, at: int) -> int:
        """Number of the paragraph of an offset, within the chunk."""
        return bisect_right(self.starts, at) - 1

    def places(self, quote: str) -> list[Stretch]:
        """Places of a quotation, as offsets of the document."""
        first = self.chunk[0]
        return [(first + a, first + b) for a, b in locate(quote, self.text)]

    # --- content -------------------------------------------------------------------------------

    def place(self, told: Told) -> Placed | Refused:
        """Where the content stands; refused where it does not."""
        for name, code in (("actor", told.actor), ("debtor", told.debtor)):
            if code is not None and not ACTOR.fullmatch(code):
                return _refused(f"{name} {code!r} is no code", told)
        per_quote = []
        for quote in told.content:
            found = [trimmed(self.document.text, p, "") for p in self.places(quote)]
            per_quote.append([p for p in found if p is not None])
            if not per_quote[-1]:
                return _refused(f"does not stand in the text: {quote[:100]!r}", told)
        ways = self._ways(per_quote)
        if not ways:
            return _refused("its quotations do not stand in one paragraph in this order", told)
        if any(self.paragraph(a) in self.poisoned for way in ways for a, _ in way):
            return _refused("the passage speaks to the machine that reads it", told)
        doubts = []
        if len(ways) > 1:
            ways = self._beside_speaker(ways, told)
        if len(ways) > 1:
            doubts.append(f"its words stand in {len(ways)} places, the first is shown")
        return Placed(told, ways[0], tuple(doubts))

    def _ways(self, per_quote: list[list[Stretch]]) -> list[tuple[Stretch, ...]]:
        """Ways to find the quotations one after another within a paragraph."""
        ways = []
        for first in per_quote[0]:
            way = [first]
            for found in per_quote[1:]:
                later = [p for p in found if p[0] >= way[-1][1]]
                if not later or self.paragraph(later[0][0]) != self.paragraph(first[0]):
                    break
                way.append(later[0])
            else:
                ways.append(tuple(way))
        return ways

    def _beside_speaker(
        self, ways: list[tuple[Stretch, ...]], told: Told
    ) -> list[tuple[Stretch, ...]]:
        """Ways within a paragraph that has the words of the speaker or the cue as well."""
        for quote in (told.speaker, told.cue):
            held = {self.paragraph(a) for a, _ in self.places(quote or "")}
            near = [way for way in ways if self.paragraph(way[0][0]) in held]
            ways = near or ways
        return ways

    def _seams(self, content: tuple[Stretch, ...], parts: Iterable[Stretch]) -> Iterator[str]:
        """Doubts about how a content is put together: only its own frame may lie between."""
        text, frame = self.document.text, list(parts)
        for (_, end), (start, _) in pairwise(content):
            if SENTENCE_END.search(text, end, start + 1):
                yield "its quotations are from several sentences"
            rest = range(end, start)
            left = [n for n in rest if text[n].isalnum() and not any(a <= n < b for a, b in frame)]
            if left:
                words = text[left[0] : left[-1] + 1]
                yield f"left out between its quotations: {words[:60]!r}"
        if any(self.paragraph(a) != self.paragraph(b - 1) for a, b in content):
            yield "it reaches over the end of a paragraph"

    def nearest(self, quote: str, content: tuple[Stretch, ...]) -> Stretch | None:
        """The place of a quotation next to a content: its paragraph first, outside of it first."""
        start, end = content[0][0], content[-1][1]

        def distance(place: Stretch) -> tuple[bool, bool, int]:
            is_inside = any(a <= place[0] and place[1] <= b for a, b in content)
            away = self.paragraph(place[0]) != self.paragraph(start)
            return away, is_inside, max(start - place[1], place[0] - end, 0)

        return min(self.places(quote), key=distance, default=None)

    # --- item ----------------------------------------------------------------------------------

    def item(self, placed: Placed) -> Item | Refused:
        """The item of a statement, with what the check of its own words says."""
        told, content, text = placed.told, placed.content, self.document.text
        slots = read_slots(text, list(content), self.document.language, dated=self.document.dated)
        parts = self._parts(told, content)
        if isinstance(parts, Refused):
            return parts
        numbers = [self._number(one, content, slots) for one in told.numbers]
        for one, number in zip(told.numbers, numbers, strict=True):
            if number is None:
                return _refused(f"no words of its content: {one.quote[:100]!r}", told)
        speaker = self._spans(parts, told.speaker)
        doubts = [*placed.doubts, *self._seams(content, parts.values())]
        doubts += self._speaker_doubts(told, speaker, content, parts)
        condition, more = self._condition(told, parts, slots)
        hedges = sorted({s for h in told.hedges for s in self._spans(parts, h)}, key=_start)
        made = Item(
            id=item_id(self.document.sha256, told.kind, content),
            document=self.document.sha256,
            kind=told.kind,
            content=tuple(Span.cut(text, a, b) for a, b in content),
            speaker=Speaker(actor=told.actor, spans=speaker),
            cue=Cue(spans=self._spans(parts, told.cue)),
            attribution=self._attribution(told, speaker),
            debtor=told.debtor,
            polarity=told.polarity,
            modality=told.modality,
            mood=slots.mood,
            hedges=tuple(hedges),
            numbers=tuple(n for n in numbers if n is not None),
            conditionality=condition,
            reciprocity=slots.reciprocity,
            scope=slots.scope,
            object_classes=slots.object_classes,
            time=slots.time.model_copy(update={"duration": told.duration}),
            status=slots.status,
            codes=codes_of(told.kind),
            language=self.document.language,
            engine=self.engine,
            rule=RULE,
        )
        if told.condition is not None:
            self.conditions[made.id] = parts[told.condition]
        return self._checked(made, [*doubts, *more], told)

    def _parts(self, told: Told, content: tuple[Stretch, ...]) -> dict[str, Stretch] | Refused:
        """Places of the quotations beside the content, each nearest to it."""
        parts: dict[str, Stretch] = {}
        for quote in (told.speaker, told.cue, told.condition, *told.hedges):
            if quote is None:
                continue
            found = self.nearest(quote, content)
            if found is None:
                return _refused(f"does not stand in the text: {quote[:100]!r}", told)
            parts[quote] = found
        return parts

    def _checked(self, item: Item, doubts: list[str], told: Told) -> Item | Refused:
        found = check(item, self.document, resolve=self.resolve, mentions=self.mentions)
        if found.outcome == "refused":
            return _refused("; ".join(found.reasons), told)
        if item.kind in BINDING and item.debtor is None:
            doubts.append(f"a {item.kind.value} of nobody: no debtor")
        reasons = tuple(dict.fromkeys([*doubts, *found.reasons]))
        if not reasons:
            return item
        return item.model_copy(update={"review": Reviewed(state=Review.TO_REVIEW, reasons=reasons)})

    def _spans(self, parts: dict[str, Stretch], quote: str | None) -> Spans:
        place = parts.get(quote or "")
        return (Span.cut(self.document.text, *place),) if place else ()

    def _number(self, one: Counted, content: tuple[Stretch, ...], slots: Slots) -> Number | None:
        """A number at its words within the content; unit and precision are those of the words."""
        inside = [
            p for p in self.places(one.quote) if any(a <= p[0] and p[1] <= b for a, b in content)
        ]
        if not inside:
            return None
        for held in slots.numbers:
            for start, end in inside:
                if held.span.start < end and start < held.span.end:
                    return held.model_copy(update={"value": one.value})
        return Number(value=one.value, span=Span.cut(self.document.text, *inside[0]))

    def _condition(
        self, told: Told, parts: dict[str, Stretch], slots: Slots
    ) -> tuple[Conditionality, list[str]]:
        """Whether there is a condition is the reader's word, which one it is the text's."""
        if told.condition is None:
            return Conditionality(), []
        start, end = parts[told.condition]
        if any(one.clause[0] < end and start < one.clause[1] for one in slots.conditions):
            return slots.conditionality, []
        return Conditionality(), [f"not read as its condition: {told.condition[:80]!r}"]

    def linked(self, items: Iterable[Item]) -> Iterator[Item]:
        """Items with the ids of their conditions, where these are items themselves."""
        held = list(items)
        for item in held:
            start, end = self.conditions.get(item.id, (0, 0))
            known = [
                one.id
                for one in held
                if one.kind is Kind.CONDITION
                and one.content[0].start < end
                and start < one.content[-1].end
            ]
            said = item.conditionality
            if known and said.type != "none":
                said = said.model_copy(update={"condition": known[0]})
            yield item.model_copy(update={"conditionality": said})

    # --- speaker -------------------------------------------------------------------------------

    def _attribution(self, told: Told, spans: Spans) -> Attribution:
        if not spans:
            if told.actor == UNKNOWN:
                return Attribution.UNATTRIBUTED
            is_narrator = told.actor == self.document.medium
            return Attribution.NARRATOR if is_narrator else Attribution.CONTINUED
        named = self.mentions(self.document, spans[0].start, spans[-1].end)
        is_named = any(actor != UNKNOWN for _, _, actor in named)
        return Attribution.EXPLICIT if is_named else Attribution.ANAPHORIC

    def _speaker_doubts(
        self,
        told: Told,
        spans: Spans,
        content: tuple[Stretch, ...],
        parts: dict[str, Stretch],
    ) -> list[str]:
        """Words that name somebody name the speaker only in the sentence of the content."""
        if not spans:
            return ["no words tell who speaks"]
        text, speaker = self.document.text, spans[0]
        start, end = content[0][0], content[-1][1]
        between = (speaker.end, start) if speaker.end <= start else (end, speaker.start)
        if self.paragraph(speaker.start) != self.paragraph(start) or (
            between[0] < between[1] and SENTENCE_END.search(text, between[0], between[1] + 1)
        ):
            return ["the words that name its speaker stand in another sentence"]
        doubts = []
        if any(a <= speaker.start < b for a, b in content):
            doubts.append("the words that name its speaker are part of what is said")
        condition = parts.get(told.condition or "")
        around = self._outside(content if condition is None else sorted({*content, condition}))
        others = {state_of(a) for a in around} - set(members_of(told.actor))
        others -= {state_of(told.actor), UNKNOWN, self.document.medium}
        if others:
            doubts.append(f"its sentence names others too: {', '.join(sorted(others))}")
        return doubts

    def _outside(self, content: Sequence[Stretch]) -> set[str]:
        """Actors that the sentence of a content names around it."""
        text, low, high = self.document.text, *self.chunk
        for found in SENTENCE_END.finditer(text, low, content[0][0] + 1):
            low = found.end()
        after = SENTENCE_END.search(text, content[-1][1], high)
        high = after.start() if after else high
        edges = [low, *(edge for place in content for edge in place), high]
        pairs = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
        return {actor for a, b in pairs for _, _, actor in self.mentions(self.document, a, b)}


def _start(span: Span) -> int:
    return span.start
