"""The passes over an English text, in order, and what carries over to the next sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace

from truceline.domain.words import Attribution
from truceline.words.english.assemble import assembled
from truceline.words.english.draft import Draft, Range
from truceline.words.english.frames import drafts_of
from truceline.words.english.hits import hits_of
from truceline.words.english.lexicon import words_of
from truceline.words.english.nouns import nouns_of
from truceline.words.english.phrases import phrase_end
from truceline.words.english.sources import sourced
from truceline.words.english.units import Unit, units_of
from truceline.words.found import Found, Stretch
from truceline.words.quotes import MARKS
from truceline.words.tokens import Parsed

EDGE = " \t\r\n,;:.–—-\u00a0"
"""What a content does not begin or end with."""

PARTICLES = frozenset({"out", "clear", "known", "plain", "it", "slip", "up", "back", "down", "in"})
MONEY = frozenset("$€£-")


@dataclass
class Memory:
    """What the next sentence may continue."""

    last: Found | None = None
    paragraph: int = -1
    unclosed: bool = False
    """The quotation of the paragraph before has no end."""
    waiting: int | None = None
    """Index of a quotation without an end whose speaker the next paragraph tells."""
    direct: bool = False
    """The sentence before was, or held, direct speech."""


def find_speech_en(parsed: Parsed) -> list[Found]:
    """Reported speech of an English text, in order of its content.

    >>> from truceline.words.tokens import parse
    >>> text = "The Kremlin said on Tuesday that the truce would last 30 days."
    >>> one = find_speech_en(parse(text, "en"))[0]
    >>> [text[slice(*s)] for s in (*one.speaker, *one.cue, *one.content)]
    ['The Kremlin', 'said', 'the truce would last 30 days']
    """
    found: list[Found] = []
    memory = Memory()
    for unit in units_of(parsed):
        more = _in_unit(unit, memory, len(found))
        _tell_back(found, more, unit, memory)
        found += more
    order = sorted(range(len(found)), key=lambda n: (found[n].content[0], found[n].content[-1]))
    place = {old: new for new, old in enumerate(order)}
    return [
        one if one.inside is None else replace(one, inside=place[one.inside])
        for one in (found[n] for n in order)
    ]


def _in_unit(unit: Unit, memory: Memory, offset: int) -> list[Found]:
    drafts: list[Draft] = []
    for hits in hits_of(unit):
        drafts += drafts_of(unit, hits, drafts)
    taken = frozenset(n for d in drafts for n in d.cue)
    drafts += [d for d in nouns_of(unit, taken) if not _clashes(d, drafts)]
    for draft in sourced(unit, list(drafts)):
        drafts = [d for d in drafts if not set(d.cue) & set(draft.cue)] + [draft]
    kept, inside = assembled(unit, drafts)
    found = []
    for draft, outer in zip(kept, inside, strict=True):
        one = found_of(unit, draft)
        found.append(replace(one, inside=None if outer is None else offset + outer))
    found = found or _continued(unit, memory)
    _remember(unit, found, memory)
    return found


def _tell_back(found: list[Found], more: list[Found], unit: Unit, memory: Memory) -> None:
    """A quotation over two paragraphs may name its speaker in the second."""
    first = more[0] if more else None
    n = memory.waiting
    if n is not None and first is not None and first.style == "direct" and first.speaker:
        found[n] = replace(
            found[n],
            speaker=first.speaker,
            attribution=Attribution.CONTINUED,
            rule="en.direct.told_later",
        )
    alone = first is not None and first.rule == "en.direct.alone" and memory.unclosed
    memory.waiting = len(found) if alone else None


def _clashes(noun: Draft, verbs: list[Draft]) -> bool:
    """Whether a verb of saying already has this content."""
    return any(noun.content[0] == c for d in verbs for c in d.content)


def found_of(unit: Unit, draft: Draft) -> Found:
    """A draft as stretches of the text."""
    content = tuple(s for r in draft.content if (s := content_stretch(unit, r)) is not None)
    speaker = _speaker(unit, draft.speaker)
    attribution = Attribution.EXPLICIT
    if (
        draft.unattributed
        or draft.speaker is None
        or unit.low(draft.speaker[1] - 1) in words_of("vague")
    ):
        attribution = Attribution.UNATTRIBUTED
    elif (draft.speaker[1] - draft.speaker[0] == 1 and unit.forms[draft.speaker[0]].pronoun) or (
        unit.low(draft.speaker[0]) in words_of("possessives") and draft.link == "noun"
    ):
        attribution = Attribution.ANAPHORIC
    return Found(
        content,
        speaker,
        _cue(unit, draft.cue),
        _lemma(draft.lemma),
        tuple(place for a, b in draft.frame if a < b and (place := _place(unit, (a, b)))),
        _speaker(unit, draft.addressee),
        attribution,
        draft.style,
        draft.rule,
        via=tuple((_speaker(unit, s), _cue(unit, c)) for s, c in draft.via),
    )


def _lemma(words: str) -> str:
    """Dictionary form of a cue: a verb without its preposition, with a particle as one word.

    >>> _lemma("call on"), _lemma("rule out"), _lemma("according to")
    ('call', 'rule_out', 'according')
    """
    first, *rest = words.split() or [""]
    return "_".join([first, *rest]) if set(rest) & PARTICLES else first


def _speaker(unit: Unit, words: Range | None) -> tuple[Stretch, ...]:
    """A noun phrase without a possessive ending."""
    if words is None or words[0] >= words[1]:
        return ()
    start, end = unit.stretch(*words)
    for ending in ("'s", "’s", "'", "’"):
        if unit.text[start:end].endswith(ending):
            end -= len(ending)
            break
    start, end = _edges(unit.text, (start, end))
    return ((start, end),) if start < end else ()


def _place(unit: Unit, words: Range) -> Stretch | None:
    """Where some words stand, without marks at the edges; None if nothing else is there."""
    start, end = _edges(unit.text, unit.stretch(*words))
    return (start, end) if start < end else None


def _cue(unit: Unit, words: tuple[int, ...]) -> tuple[Stretch, ...]:
    """Words of a cue, neighbours joined; a colon that serves as one is none."""
    found: list[Stretch] = []
    for n in sorted(set(words)):
        if unit.forms[n].mark:
            continue
        start, end = unit.places[n]
        while end - start > 1 and unit.text[start] in MARKS:
            start += 1
        while end - start > 1 and unit.text[end - 1] in MARKS:
            end -= 1
        if found and unit.text[found[-1][1] : start].isspace():
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


def _edges(text: str, stretch: Stretch) -> Stretch:
    start, end = stretch
    while (
        start < end
        and text[start] in EDGE
        and not (text[start] in MONEY and text[start + 1 : start + 2].isdigit())
    ):
        start += 1
    while end > start and text[end - 1] in EDGE and not _abbreviated(text, start, end):
        end -= 1
    return start, end


def _abbreviated(text: str, start: int, end: int) -> bool:
    """Whether a full stop belongs to "U.S."."""
    if text[max(start, end - 4) : end] in ("a.m.", "p.m."):
        return True
    return (
        text[end - 1] == "."
        and end - start > 2
        and text[end - 3] in ". "
        and text[end - 2].isupper()
    )


def content_stretch(unit: Unit, words: Range) -> Stretch | None:
    """Place of a content, without marks at its edges and quotation marks around all of it."""
    first, last = words
    if first >= last:
        return None
    start, end = _edges(unit.text, unit.stretch(first, last))
    quote = unit.quotes[first]
    if quote is not None and start == quote.outer[0]:
        if last - first == 1:
            start, end = quote.start, quote.end
        elif unit.quotes[last - 1] is not None and all(
            unit.is_quote(n) or unit.forms[n].mark for n in range(first, last)
        ):
            start, end = start + 1, end - 1
    for inner in unit.inner:
        if inner.outer == (start, end):
            start, end = inner.start, inner.end
    start, end = _edges(unit.text, (start, end))
    return (start, end) if any(c.isalnum() for c in unit.text[start:end]) else None


def _continued(unit: Unit, memory: Memory) -> list[Found]:
    """A sentence without a frame that is a quotation: whoever spoke last goes on."""
    quoted = [n for n in range(len(unit.forms)) if unit.is_quote(n)]
    if not quoted:
        return []
    alone = all(unit.is_quote(n) or unit.forms[n].mark for n in range(len(unit.forms)))
    if alone:
        speaker, rule = _goes_on(unit, memory)
    elif unit.low(quoted[-1] - 1) == ":" and quoted[-1] >= unit.stop - 1:
        speaker, rule = _opening_phrase(unit), "en.direct.colon"
    else:
        return []
    attribution = Attribution.CONTINUED if alone else Attribution.EXPLICIT
    pieces = (content_stretch(unit, (n, n + 1)) for n in quoted)
    content = tuple(p for p in pieces if p is not None)
    if not content:
        return []
    if not speaker:
        attribution = Attribution.UNATTRIBUTED
    return [Found(content, speaker, attribution=attribution, style="direct", rule=rule)]


def _goes_on(unit: Unit, memory: Memory) -> tuple[tuple[Stretch, ...], str]:
    """The speaker of a quotation without a frame, and by which rule."""
    if memory.last is None:
        return (), "en.direct.alone"
    same = memory.paragraph == unit.paragraph
    next_one = memory.paragraph == unit.paragraph - 1
    if same or (next_one and (memory.unclosed or memory.direct)):
        return memory.last.speaker, "en.direct.continued"
    return (), "en.direct.alone"


def _opening_phrase(unit: Unit) -> tuple[Stretch, ...]:
    end = phrase_end(unit, 0)
    return (unit.stretch(0, end),) if end else ()


def _remember(unit: Unit, found: list[Found], memory: Memory) -> None:
    quotes = [q for q in unit.quotes if q is not None]
    if found:
        top = [f for f in found if f.inside is None and f.speaker]
        memory.last = next((f for f in top if f.style == "direct"), top[-1] if top else None)
    elif unit.forms and (unit.forms[0].capital or unit.forms[0].pronoun):
        speaker = _opening_phrase(unit)
        memory.last = Found(((0, 0),), speaker) if speaker else None
    memory.paragraph = unit.paragraph
    memory.direct = any(f.style == "direct" for f in found)
    memory.unclosed = bool(quotes) and not quotes[-1].closed
