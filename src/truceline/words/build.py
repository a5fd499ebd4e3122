"""Drafts to items: spans cut, slots read off the words, debtor, conditions, codes, checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from truceline.domain.words import (
    BINDS_SPEAKER,
    NARRATOR,
    UNKNOWN,
    Conditionality,
    Cue,
    Document,
    Item,
    Kind,
    Link,
    Span,
    Spans,
    Speaker,
    group_of,
    item_id,
    members_of,
    state_of,
)
from truceline.words.acts import Decided
from truceline.words.codes import codes_of
from truceline.words.drafts import Draft, outside, trimmed
from truceline.words.found import Stretch
from truceline.words.slots import Slots, read_slots
from truceline.words.voices import Voices

ENGINE = "rules/1"

SAID_BY = re.compile(
    r"(?:[a-zäöüß]+ )?(?:Angaben|Darstellung|Lesart|Worten|Aussagen?|Einschätzung|Ansicht|Meinung"
    r"|Auffassung|Informationen|Berichte?n?|Version|Mitteilung|Erklärung|Medienberichten) "
)
BINDS_OTHER = frozenset({Kind.DEMAND, Kind.CONDITION, Kind.ORDER, Kind.PROPOSAL, Kind.ACCUSATION})
NOT_CONDITIONED = frozenset({Kind.CONDITION, Kind.META_CONDITIONS, Kind.OPEN_QUESTION})
BINDS_SUBJECT = frozenset({Kind.AGREEMENT, Kind.ASSESSMENT_FULFILMENT, Kind.NON_RESPONSE})


@dataclass(frozen=True)
class Built:
    """An item, and the condition that is an item of its own where it has one."""

    item: Item
    condition: Item | None = None


def build(document: Document, drafts: Iterable[Draft], voices: Voices) -> Iterator[Item]:
    """Items of drafts, in the order of the text; the same stretch and kind is built once."""
    seen: set[str] = set()
    items: list[Item] = []
    for draft in drafts:
        built = _build(document, draft, voices)
        for item in (built.condition, built.item):
            if item is not None and item.id not in seen:
                seen.add(item.id)
                items.append(item)
    yield from sorted(items, key=lambda i: (i.content[0].start, i.content[-1].end, i.kind))


def _build(document: Document, draft: Draft, voices: Voices) -> Built:
    text, language = document.text, document.language
    slots = read_slots(text, list(draft.content), language, dated=document.dated)
    condition = None
    content = draft.content
    conditionality = slots.conditionality
    if slots.conditions and draft.decided.kind not in NOT_CONDITIONED:
        one = slots.conditions[0]
        condition = _condition(document, draft, one.clause, voices)
        if condition is not None:
            conditionality = conditionality.model_copy(update={"condition": condition.id})
            content = outside(text, content, one.whole, language) or content
            slots = read_slots(text, list(content), language, dated=document.dated)
    item = _item(document, replace(draft, content=content), slots, conditionality, voices)
    return Built(item, condition)


def _condition(document: Document, draft: Draft, clause: Stretch, voices: Voices) -> Item | None:
    """The clause that conditions, as an item of the same speaker."""
    piece = trimmed(document.text, clause, document.language)
    if piece is None or piece[1] - piece[0] < 8:
        return None
    inner = read_slots(document.text, [piece], document.language, dated=document.dated)
    decided = Decided(Kind.CONDITION, f"{document.language}.condition.clause")
    part = replace(draft, content=(piece,), decided=decided, subject=voices.together(*piece))
    return _item(document, part, inner, Conditionality(), voices)


def _item(
    document: Document, draft: Draft, slots: Slots, conditionality: Conditionality, voices: Voices
) -> Item:
    text, kind = document.text, draft.decided.kind
    actor = document.medium if draft.actor == NARRATOR else draft.actor
    debtor = debtor_of(draft, voices)
    if debtor is not None and debtor.startswith("MEDIA:"):
        debtor = None
    return Item(
        id=item_id(document.sha256, kind, draft.content),
        document=document.sha256,
        kind=kind,
        content=_spans(text, draft.content),
        speaker=Speaker(actor=actor, spans=_spans(text, _who(text, draft.speaker))),
        cue=Cue(lemma=draft.cue_lemma, spans=_spans(text, draft.cue)),
        attribution=draft.attribution,
        chain=() if draft.is_narrators else _chain(document, draft, voices),
        debtor=debtor,
        beneficiary=_beneficiary(draft, debtor, voices),
        polarity=slots.polarity,
        modality=slots.modality,
        mood=slots.mood,
        hedges=slots.hedges,
        numbers=slots.numbers,
        conditionality=conditionality,
        reciprocity=slots.reciprocity,
        scope=slots.scope,
        object_classes=slots.object_classes,
        time=slots.time,
        status=slots.status,
        codes=codes_of(kind),
        language=document.language,
        engine=ENGINE,
        rule=draft.decided.rule,
    )


def _spans(text: str, stretches: Iterable[Stretch]) -> Spans:
    return tuple(Span.cut(text, a, b) for a, b in sorted(stretches) if a < b)


def _who(text: str, stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """The noun phrase of who speaks, without the noun for what is said ("Angaben des …")."""
    for start, end in stretches:
        said = SAID_BY.match(text, start, end)
        yield (said.end(), end) if said and said.end() < end else (start, end)


def _chain(document: Document, draft: Draft, voices: Voices) -> tuple[Link, ...]:
    """Outer voices, outermost first; the text's own narrator begins it."""
    links = [Link(actor=document.medium)]
    for speaker, cue in draft.chain:
        actor = voices.speaker(speaker)[0] if speaker else UNKNOWN
        spans = _spans(document.text, speaker)
        links.append(Link(actor=actor, spans=spans, cue=_spans(document.text, cue)))
    return tuple(links)


def debtor_of(draft: Draft, voices: Voices) -> str | None:
    """Who would have to act or abstain; None where the kind has none or nobody is named."""
    kind = draft.decided.kind
    own = None if draft.actor == UNKNOWN else state_of(draft.actor)
    if kind in BINDS_SPEAKER:
        return state_of(draft.subject) if draft.subject else own
    if kind is Kind.AGREEMENT and own and own.startswith("GRP:"):
        return own
    if kind in BINDS_SUBJECT:
        if draft.subject:
            return draft.subject if draft.subject.startswith("GRP:") else state_of(draft.subject)
        return own
    if kind not in BINDS_OTHER:
        return None
    places = [*draft.addressee, *draft.content, *(draft.frame if not draft.addressee else ())]
    states = [s for start, end in places for s in voices.states(start, end)]
    others = [s for s in dict.fromkeys(states) if s != own and own not in members_of(s)]
    if kind is Kind.CONDITION and draft.subject:
        return state_of(draft.subject)
    if others and (kind is not Kind.PROPOSAL):
        return others[0]
    if kind is Kind.PROPOSAL and own and others:
        return group_of([own, others[0]]) if len(others[0]) == 3 and len(own) == 3 else None
    return own if kind is Kind.ORDER else None


def _beneficiary(draft: Draft, debtor: str | None, voices: Voices) -> str | None:
    """Towards whom: the other state that the content names."""
    if debtor is None:
        return None
    own = None if draft.actor == UNKNOWN else state_of(draft.actor)
    if draft.decided.kind is Kind.ACCUSATION:
        return own if own != debtor and own and len(own) == 3 else None
    states = [s for start, end in draft.content for s in voices.states(start, end)]
    others = [s for s in states if s != debtor and len(s) == 3]
    return others[0] if others and draft.decided.kind in BINDS_SPEAKER else None
