"""Whether speaker, debtor and beneficiary of an item are those whom the text names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from truceline.domain.words import (
    BINDS_SPEAKER,
    UNKNOWN,
    Attribution,
    Document,
    Item,
    Kind,
    Reciprocity,
    group_of,
    members_of,
    state_of,
)
from truceline.words.actors import Registry, Resolver
from truceline.words.slots.passage import Passage

Resolve = Callable[[Document, int, int], str]
"""The actor that a speaker stretch names, or UNKNOWN."""

Mentions = Callable[[Document, int, int], Iterable[tuple[int, int, str]]]
"""Actors named in a stretch: start, end and actor of each mention."""


SENTENCE_END = re.compile(
    r"[.!?…][“”\"»«]?\s+(?=[^\sa-zäöü\u0430-\u044f\u0451-\u0457\u0491])|\n\s*\n"
)
NARRATING = frozenset({Attribution.NARRATOR, Attribution.NARRATOR_INFERENCE})
LOOK = 600
"""Code points in which the sentence of a content is looked for, to each side."""
BACK = 1200
"""Code points before a continued statement in which its speaker has to have been named."""


PRONOUN = re.compile(r"\b(?:er|sie|es|man|wir|ich|he|she|it|they|we|i)\b", re.IGNORECASE)
"""A content with one of these near its beginning mostly speaks of the speaker."""
BEGINNING = 5
"""Words of a content among which its subject is looked for when that is a pronoun."""


def actors_in(registry: Registry, document: Document) -> tuple[Resolve, Mentions]:
    """Both callbacks for one document, from the register of actors."""
    resolver = Resolver(registry, document)

    def resolve(_: Document, start: int, end: int) -> str:
        resolver.see(start, end)
        return resolver.resolve(start, end).actor

    def named(_: Document, start: int, end: int) -> list[tuple[int, int, str]]:
        return [
            (part.start, part.end, part.actor)
            for one in resolver.mentions_in(start, end)
            if one.kind != "pronoun" and not one.as_place and start <= one.start and one.end <= end
            for part in (one.parts or (one,))
        ]

    return resolve, named


@dataclass(frozen=True)
class Reason:
    """Something that speaks against an actor; ``is_open`` where a person has to decide."""

    text: str
    is_open: bool = True


@dataclass(frozen=True)
class Named:
    """States that the words name: as subject of the content, in it, and in its sentence."""

    subject: str | None
    content: tuple[str, ...]
    sentence: tuple[str, ...]
    is_pronoun: bool = False
    """The subject is a pronoun, or there is none (an infinitive, a noun phrase)."""


def check_actors(
    item: Item,
    row: Passage,
    document: Document,
    resolve: Resolve | None,
    mentions: Mentions | None,
) -> Iterator[Reason]:
    """Reasons against speaker, debtor or beneficiary; none where the text names them.

    ``row`` are the words that say who has to act: the content, or the clause of a condition.
    """
    yield from _check_speaker(item, document, resolve, mentions)
    if item.debtor is None and item.beneficiary is None:
        return
    if mentions is None:
        yield Reason("debtor not checked: no register of actors at hand")
        return
    named = _named(item, row, document, mentions)
    if item.debtor is not None:
        yield from _check_debtor(item, item.debtor, named)
    if item.beneficiary is not None:
        everyone = {*named.sentence, *members_of(_side(item.speaker.actor))}
        if not set(members_of(_side(item.beneficiary))) <= _members(everyone):
            yield Reason(f"beneficiary {item.beneficiary} is not named in the sentence")


def _check_speaker(
    item: Item, document: Document, resolve: Resolve | None, mentions: Mentions | None
) -> Iterator[Reason]:
    actor = item.speaker.actor
    if item.attribution in NARRATING:
        if actor not in (document.medium, UNKNOWN):
            is_open = actor.startswith("MEDIA:") and document.medium.startswith("MEDIA:")
            yield Reason(f"the text itself speaks ({document.medium}), not {actor}", is_open)
        return
    if item.speaker.spans:
        if resolve is None:
            yield Reason("speaker not checked: no register of actors at hand")
            return
        first, last = item.speaker.spans[0], item.speaker.spans[-1]
        named = resolve(document, first.start, last.end)
        if named != actor:
            words = " ".join(span.text for span in item.speaker.spans)
            sides = {_side(named), _side(actor)}
            clash = len(sides) == 2 and all(len(side) == 3 for side in sides)
            is_open = not clash or item.attribution is Attribution.ANAPHORIC
            yield Reason(f"speaker {actor}: {words!r} names {named}", is_open)
    elif actor != UNKNOWN:
        yield from _check_unnamed(item, document, mentions)


def _check_unnamed(item: Item, document: Document, mentions: Mentions | None) -> Iterator[Reason]:
    """A speaker without words of its own: the only one named shortly before, or the issuer."""
    actor = item.speaker.actor
    if actor == document.medium and not actor.startswith("MEDIA:"):
        return
    if item.attribution is not Attribution.CONTINUED or mentions is None:
        yield Reason(f"speaker {actor}: the item shows no words that name it")
        return
    start = item.content[0].start
    before = {a for _, _, a in mentions(document, max(0, start - BACK), start) if _is_party(a)}
    if before != {actor}:
        yield Reason(f"speaker {actor} goes on speaking; named before: {', '.join(sorted(before))}")


def _side(actor: str) -> str:
    """The state of an actor; a group stays itself."""
    return actor if actor.startswith("GRP:") else state_of(actor)


def _is_party(actor: str) -> bool:
    return actor != UNKNOWN and not actor.startswith("MEDIA:")


def _members(actors: Iterable[str]) -> set[str]:
    return {member for actor in actors for member in members_of(actor)}


def _named(item: Item, row: Passage, document: Document, mentions: Mentions) -> Named:
    text = document.text
    start, end = item.content[0].start, item.content[-1].end
    low = max(0, start - LOOK)
    for boundary in SENTENCE_END.finditer(text, low, start + 1):
        low = boundary.end()
    after = SENTENCE_END.search(text, end, end + LOOK)
    high = after.start() if after else min(len(text), end + LOOK)
    inside: list[str] = []
    subject: str | None = None
    is_pronoun = _is_pronoun(row) or _follows_speaker(item, text)
    for first, last in row.spans:
        for at, _, actor in mentions(document, first, last):
            if actor == UNKNOWN:
                continue
            inside.append(_side(actor))
            if subject is None and not is_pronoun and not _governed(text, first, at):
                subject = _side(actor)
    sentence = [_side(a) for _, _, a in mentions(document, low, high) if a != UNKNOWN]
    return Named(subject, tuple(dict.fromkeys(inside)), tuple(dict.fromkeys(sentence)), is_pronoun)


def _follows_speaker(item: Item, text: str) -> bool:
    """Whether the content is the predicate of its speaker: "[Der Kreml] lehnte ab"."""
    start, end = item.content[0].start, item.content[-1].end
    if any(s.end <= start and not text[s.end : start].strip() for s in item.speaker.spans):
        return True
    return any(start <= cue.start and cue.end <= end for cue in item.cue.spans) and any(
        start - LOOK <= s.start and s.end <= end for s in item.speaker.spans
    )


def _is_pronoun(row: Passage) -> bool:
    if any(PRONOUN.fullmatch(word) for word in row.words[:BEGINNING]):
        return True
    return row.finite(0, len(row.words)) is None


PREPOSITION = re.compile(
    r"\b(?:an|auf|aus|bei|durch|für|gegen|gegenüber|in|im|mit|nach|über|um|unter|von|vom|vor|zu|zum|zur"
    r"|at|by|for|from|on|of|to|towards|with|against|into|between|zwischen)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


def _governed(text: str, start: int, at: int) -> bool:
    """Whether a preposition stands before a mention: it is then no subject."""
    return bool(PREPOSITION.search(text, max(start, at - 60), at))


def _check_debtor(item: Item, debtor: str, named: Named) -> Iterator[Reason]:
    owner = _side(item.speaker.actor)
    own = None if owner == UNKNOWN or owner.startswith("MEDIA:") else owner
    everyone = _members([*named.sentence, *([own] if own else [])])
    if not set(members_of(_side(debtor))) <= everyone:
        yield Reason(f"debtor {debtor} is not named in the sentence")
        return
    expected = expected_debtors(item.kind, own, named, item.reciprocity)
    if _side(debtor) not in expected:
        yield Reason(f"debtor {debtor}, the words allow {', '.join(sorted(expected)) or 'none'}")


def expected_debtors(
    kind: Kind, own: str | None, named: Named, reciprocity: Reciprocity
) -> frozenset[str]:
    """Whom the words allow as debtor; one, unless they leave it open.

    >>> named = Named("UKR", ("UKR",), ("RUS", "UKR"))
    >>> sorted(expected_debtors(Kind.DEMAND, "RUS", named, Reciprocity.UNSTATED))
    ['UKR']
    >>> named = Named(None, (), ("RUS", "UKR"), is_pronoun=True)
    >>> sorted(expected_debtors(Kind.COMMITMENT, "RUS", named, Reciprocity.UNSTATED))
    ['RUS']
    """
    if kind in BINDS_SPEAKER:
        if named.subject:
            return frozenset({named.subject})
        if own and not named.content:
            return frozenset({own})
        if not named.is_pronoun or not own:
            return frozenset(_both(named, reciprocity))
        return frozenset({own})
    if kind is Kind.AGREEMENT and own and own.startswith("GRP:"):
        return frozenset({own})
    if named.subject and kind is not Kind.PROPOSAL:
        return frozenset({named.subject, *_both(named, reciprocity)})
    others = [s for s in named.content or named.sentence if s != own]
    if kind is Kind.PROPOSAL and own:
        return frozenset(group_of([own, other]) for other in others if len(other) == 3)
    if len(others) == 1:
        return frozenset({others[0], *_both(named, reciprocity)})
    if not others and own:
        return frozenset({own})
    return frozenset(_both(named, reciprocity))


def _both(named: Named, reciprocity: Reciprocity) -> set[str]:
    """The pair, where the words bind both sides."""
    states = [s for s in named.sentence if len(s) == 3]
    is_pair = reciprocity is Reciprocity.MUTUAL and len(states) == 2
    return {group_of(states)} if is_pair else set()
