"""Statements changed in their meaning against an unchanged source, to try a checker with.

Every mutation is a well-formed item that no longer says what its source says.  None of them may
be accepted; the generator knows nothing of how a checker works.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from truceline.domain.words import (
    UNKNOWN,
    Conditionality,
    Document,
    Item,
    Modality,
    Polarity,
    Reciprocity,
    Span,
    Spans,
    Times,
    members_of,
    state_of,
)

WORD = re.compile(r"\w+(?:[-'’]\w+)*")
DURATION = re.compile(r"(PT?)(\d+)([A-Z])")
OTHER_STATE = {"RUS": "UKR", "UKR": "RUS"}
OTHER_CLASS = {"energy": "infrastructure", "infrastructure": "energy"}


@dataclass(frozen=True)
class Mutation:
    """An item that was changed, and what was done to it."""

    item: Item
    what: str


@cache
def _words(language: str) -> dict[str, Any]:
    table = tomllib.loads(files(__package__).joinpath("mutations.toml").read_text("utf-8"))
    words: dict[str, Any] = table.get(language, table["en"])
    return words


def mutations(item: Item, document: Document, seed: int) -> list[Mutation]:
    """Every change of meaning that this item allows, in an order that the seed decides."""
    chance = random.Random(f"{seed} {item.id}")
    made = [m for change in CHANGES for m in change(item, document, chance)]
    fresh = [m for m in made if m.item != item]
    chance.shuffle(fresh)
    return fresh


def _with(item: Item, what: str, **fields: Any) -> Mutation:
    return Mutation(item.model_copy(update=fields), what)


def _polarity(item: Item, document: Document, chance: random.Random) -> Iterator[Mutation]:
    other = Polarity.NEGATED if item.polarity is Polarity.AFFIRMED else Polarity.AFFIRMED
    yield _with(item, "polarity flipped", polarity=other)


def _numbers(item: Item, document: Document, chance: random.Random) -> Iterator[Mutation]:
    for n, number in enumerate(item.numbers):
        value = number.value + chance.choice([1, 2, 9, 10, 100])
        for what, change in (
            ("number changed", {"value": value}),
            ("number times ten", {"value": number.value * 10 or 10.0}),
            ("qualifier changed", {"qualifier": _other_qualifier(number.qualifier)}),
        ):
            numbers = list(item.numbers)
            numbers[n] = number.model_copy(update=change)
            yield _with(item, what, numbers=tuple(numbers))
        left = item.numbers[:n] + item.numbers[n + 1 :]
        yield _with(item, "number left out", numbers=left)


def _other_qualifier(qualifier: str) -> str:
    pairs = {"at_least": "at_most", "at_most": "at_least", "more_than": "less_than"}
    return pairs.get(qualifier, "more_than")


def _times(item: Item, document: Document, chance: random.Random) -> Iterator[Mutation]:
    def time(**change: Any) -> Times:
        return item.time.model_copy(update=change)

    if item.time.duration:
        found = DURATION.fullmatch(item.time.duration)
        if found:
            longer = f"{found[1]}{int(found[2]) + chance.choice([1, 5, 30])}{found[3]}"
            yield _with(item, "duration changed", time=time(duration=longer))
        yield _with(item, "duration left out", time=time(duration=None))
    else:
        yield _with(item, "duration invented", time=time(duration="P45D"))
    for name in ("deadline", "effective"):
        held = getattr(item.time, name)
        yield _with(item, f"{name} changed", time=time(**{name: "2031-01-31"}))
        if held:
            yield _with(item, f"{name} left out", time=time(**{name: None}))


def _actors(item: Item, document: Document, chance: random.Random) -> Iterator[Mutation]:
    what = "actor invented" if item.speaker.actor == UNKNOWN else "actor swapped"
    for other in _others(item.speaker.actor):
        yield _with(item, what, speaker=item.speaker.model_copy(update={"actor": other}))
    if item.debtor:
        for other in _others(item.debtor):
            yield _with(item, "debtor swapped", debtor=other)


def _others(actor: str) -> Iterable[str]:
    """The counterpart, and somebody who has nothing to do with it."""
    states = [state_of(member) for member in members_of(actor)]
    if len(states) > 1:
        return (states[0], "CHN")
    return (OTHER_STATE.get(states[0], "RUS"), "CHN")


def _tone(item: Item, document: Document, chance: random.Random) -> Iterator[Mutation]:
    others = [m for m in Modality if m is not item.modality]
    for modality in chance.sample(others, 2):
        yield _with(item, f"modality changed to {modality.value}", modality=modality)
    if item.hedges:
        yield _with(item, "hedge dropped", hedges=())
    word = _plain_word(item, document, chance)
    if word:
        yield _with(item, "hedge invented", hedges=(*item.hedges, word))
    other = Reciprocity.MUTUAL if item.reciprocity is Reciprocity.UNSTATED else Reciprocity.UNSTATED
    yield _with(item, "reciprocity changed", reciprocity=other)


def _plain_word(item: Item, document: Document, chance: random.Random) -> Span | None:
    """A long word of the content that weakens nothing."""
    weakening = set(_words(document.language)["weakening"].split())
    held = {(span.start, span.end) for span in item.hedges}
    words = [
        (span.start + m.start(), span.start + m.end())
        for span in item.content
        for m in WORD.finditer(span.text)
        if len(m[0]) > 5 and m[0].isalpha() and m[0].lower() not in weakening
    ]
    free = [word for word in words if word not in held and word[0] not in {a for a, _ in held}]
    return Span.cut(document.text, *chance.choice(free)) if free else None


def _conditions(item: Item, document: Document, chance: random.Random) -> Iterator[Mutation]:
    if item.conditionality.type != "none":
        yield _with(item, "condition dropped", conditionality=Conditionality())
        other = "unless" if item.conditionality.type != "unless" else "if"
        turned = item.conditionality.model_copy(update={"type": other})
        yield _with(item, "condition turned", conditionality=turned)


def _objects(item: Item, document: Document, chance: random.Random) -> Iterator[Mutation]:
    if item.object_classes:
        first = item.object_classes[0]
        other = OTHER_CLASS.get(first, "water" if first != "water" else "energy")
        classes = (other, *item.object_classes[1:])
        yield _with(item, "object class changed", object_classes=classes)
        wider = tuple(dict.fromkeys([*item.object_classes, other]))
        yield _with(item, "object class added", object_classes=wider)


def _cuts(item: Item, document: Document, chance: random.Random) -> Iterator[Mutation]:
    """Spans that end just before, or start just after, a word that turns or weakens."""
    words = _words(document.language)
    turning, weakening = set(words["turning"].split()), set(words["weakening"].split())
    for n, span in enumerate(item.content):
        found = list(WORD.finditer(span.text))
        for k, match in enumerate(found):
            word = match[0].lower()
            if word not in turning | weakening:
                continue
            what = "negation" if word in turning else "hedge"
            if k >= 2:
                end = span.start + found[k - 1].end()
                yield _cut(item, document, n, span.start, end, f"cut before its {what}")
            if k + 2 < len(found):
                start = span.start + found[k + 1].start()
                yield _cut(item, document, n, start, span.end, f"cut after its {what}")


def _cut(item: Item, document: Document, n: int, start: int, end: int, what: str) -> Mutation:
    """One content span cut shorter, with the fields that its words no longer hold."""
    kept = Span.cut(document.text, start, end)
    content: Spans = (*item.content[:n], kept, *item.content[n + 1 :])

    def within(span: Span) -> bool:
        return any(c.start <= span.start and span.end <= c.end for c in content)

    hedges = tuple(span for span in item.hedges if within(span))
    numbers = tuple(number for number in item.numbers if within(number.span))
    return _with(
        item, what, content=content, hedges=hedges, numbers=numbers, polarity=Polarity.AFFIRMED
    )


def _altered(item: Item, document: Document, chance: random.Random) -> Iterator[Mutation]:
    """Words of the quotation exchanged, as by somebody who quotes from memory."""
    swaps = _words(document.language)["swaps"]
    for n, span in enumerate(item.content):
        for match in WORD.finditer(span.text):
            new = swaps.get(match[0])
            if new:
                yield _quoted(item, n, span, match, new, "a word exchanged")
        found = [m for m in WORD.finditer(span.text) if len(m[0]) > 3]
        if found:
            match = chance.choice(found)
            yield _quoted(item, n, span, match, match[0][::-1], "a word garbled")
            yield _quoted(item, n, span, match, "", "a word left out")


def _quoted(item: Item, n: int, span: Span, match: re.Match[str], new: str, what: str) -> Mutation:
    text = span.text[: match.start()] + new + span.text[match.end() :]
    text = text if text.strip() else "…"
    altered = Span(start=span.start, end=span.start + len(text), text=text)
    return _with(item, what, content=(*item.content[:n], altered, *item.content[n + 1 :]))


Change = Callable[[Item, Document, random.Random], Iterator[Mutation]]
CHANGES: tuple[Change, ...] = (
    _polarity,
    _numbers,
    _times,
    _actors,
    _tone,
    _conditions,
    _objects,
    _cuts,
    _altered,
)
