"""The passes over a German text, in order, and what carries over from one sentence to the next."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import pairwise

from truceline.domain.words import Attribution
from truceline.words.found import Found, Stretch
from truceline.words.german.clauses import Unit, units_of
from truceline.words.german.continued import (
    claimed,
    doer_of,
    in_konjunktiv,
    is_hearsay,
    is_told_plan,
    speaker_for,
    told_of,
)
from truceline.words.german.cues import Hit, hits_of
from truceline.words.german.direct import marked, quoted
from truceline.words.german.draft import Draft
from truceline.words.german.frames import drafts_of
from truceline.words.german.nouns import noun_cues, taken_up
from truceline.words.german.sources import sourced
from truceline.words.german.speakers import is_anaphoric
from truceline.words.german.verbs import Flag
from truceline.words.tokens import Parsed

SOURCES = frozenset(("de.laut", "de.nach", "de.zufolge", "de.gemäß"))
BEHIND = frozenset(("de.direct.after", "de.direct.verb", "de.so"))
"""Rules of frames behind a quotation: its own, where a sentence before it leads to it too."""
LONG_FRAGMENT = 5
"""Words: shorter ones in quotation marks that open with a capital letter are taken for names."""


@dataclass
class Memory:
    """Whose words the next sentence may go on with."""

    last: Found | None = None
    paragraph: int = -1
    speaks: bool = False
    """The sentence before was reported speech."""
    doer: tuple[Stretch, ...] = ()
    """Subject of the sentence before, where that was no speech."""
    done_in: int = -1

    framed: Found | None = None
    """The last speech with a cue: words in quotation marks that go on under it share its frame."""

    def is_near(self, paragraph: int) -> bool:
        """Whether the last speaker may go on: in the same paragraph, or right before it."""
        beside = self.speaks and self.paragraph == paragraph - 1
        return self.last is not None and (self.paragraph == paragraph or beside)

    def spoken(self, paragraph: int, acting: bool = True) -> tuple[Stretch, ...]:
        """The last speaker, else, with ``acting``, whoever acted in the paragraph."""
        if self.last is not None and self.last.speaker and self.is_near(paragraph):
            return self.last.speaker
        return self.doer if acting and self.done_in == paragraph else ()

    def keep(self, found: Found, paragraph: int, speaks: bool = True) -> None:
        """Remember the speaker of a sentence."""
        if found.cue or not found.speaker:
            self.framed = found
        if found.rule == "de.demnach":
            known = self.spoken(paragraph)
            found = replace(found, speaker=known or found.speaker)
        if found.speaker or self.paragraph != paragraph or found.rule != "de.soll":
            self.last, self.paragraph = found, paragraph
        self.speaks = speaks


def find_speech_de(parsed: Parsed) -> list[Found]:
    """Reported speech of a German text, in order of its content."""
    found: list[Found] = []
    memory = Memory()
    before: Unit | None = None
    for unit in units_of(parsed):
        found += _in_unit(unit, memory, before)
        before = unit
    found.sort(key=lambda f: (f.content[0][0], -f.content[-1][1]))
    return _nested(_joined(parsed.text, found))


def _joined(text: str, found: list[Found]) -> list[Found]:
    """Sentences without a frame that follow one another become one, a stretch for each."""
    joined: list[Found] = []
    at: int | None = None
    for one in found:
        if one.style != "free_indirect":
            joined.append(one)
            continue
        last = joined[at] if at is not None else None
        if last is not None and at is not None and last.speaker == one.speaker:
            between = text[last.content[-1][1] : one.content[0][0]]
            if not between.strip() and "\n" not in between:
                joined[at] = replace(last, content=last.content + one.content)
                continue
        at = len(joined)
        joined.append(one)
    return joined


def _in_unit(unit: Unit, memory: Memory, before: Unit | None) -> list[Found]:
    hits = list(hits_of(unit))
    framed = _framed(unit, hits, before)
    found: list[Found] = []
    bounds = [*unit.starts, len(unit.words)]
    for first, last in pairwise(bounds):
        start, end = unit.stretch(first, last)
        here = [
            n
            for n, f in enumerate(framed)
            if any(s < end and start < e for s, e in (*f.frame, *f.content))
        ]
        for n in here:
            framed[n] = _carried(unit, framed[n], memory)
        if here:
            memory.keep(_outermost([framed[n] for n in here], start, end), unit.paragraph)
        else:
            found += _unframed(unit, (first, last), hits, memory)
    found = framed + found
    return found + _fragments(unit, found, memory.framed)


def _carried(unit: Unit, one: Found, memory: Memory) -> Found:
    """ "Und: „…“" and "Es werde erwartet, dass …": a frame without speaker that is told on."""
    if one.speaker or not memory.speaks:
        return one
    told = one.rule == "de.direct.colon" or any(
        unit.words[bisect_left(unit.places, (start, 0))].has(Flag.KONJUNKTIV_1)
        for start, _ in one.cue[:1]
    )
    speaker = memory.spoken(unit.paragraph) if told else ()
    return replace(one, speaker=speaker, attribution=Attribution.CONTINUED) if speaker else one


def _framed(unit: Unit, hits: list[Hit], before: Unit | None) -> list[Found]:
    drafts: list[Draft] = []
    up: list[Found] = []
    for hit in hits:
        more = drafts_of(unit, hit)
        drafts += more
        draft = None if more else taken_up(unit, hit)
        if draft is not None:
            meant = _sentence_before(unit, draft.content[0][0], before)
            one = _found(unit, draft)
            up += [replace(one, content=(meant, *one.content))] if meant else []
    drafts += sourced(unit)
    taken = {n for d in drafts for piece in d.content for n in range(*piece)}
    drafts += noun_cues(unit, taken)
    drafts += quoted(unit, taken)
    drafts += marked(unit, hits, drafts)
    return _chained([_found(unit, d) for d in _distinct(drafts)]) + up


def _chained(found: list[Found]) -> list[Found]:
    """ "X sagte der Agentur Y zufolge, …": who passes it on stands in the frame."""
    chained = []
    for one in found:
        outer = [
            (other.speaker, other.cue)
            for other in found
            if other.rule in SOURCES and other is not one and _within(other.frame, one.frame)
        ]
        chained.append(replace(one, via=(*outer, *one.via)) if outer else one)
    return chained


def _within(inner: tuple[Stretch, ...], outer: tuple[Stretch, ...]) -> bool:
    return bool(inner) and all(any(s <= a and b <= e for s, e in outer) for a, b in inner)


def _sentence_before(unit: Unit, first: int, before: Unit | None) -> Stretch | None:
    """The sentence before a word that opens one, in the same unit or the one before."""
    if first == 0:
        if before is None:
            return None
        unit, first = before, len(before.words)
    begin, last = unit.sentence_start(first - 1), first
    if last - begin > 1 and unit.words[last - 1].text in (".", "!", "?", ":"):
        last -= 1
    return unit.stretch(begin, last)


def _outermost(found: list[Found], start: int, end: int) -> Found:
    """Of the speech in a sentence the one whose words the next sentence may go on with."""
    framed = [f for f in found if any(s < end and start < e for s, e in f.frame)] or found
    return min(framed, key=lambda f: (f.frame[0][0] if f.frame else 0, f.content[0][0]))


def _unframed(unit: Unit, bounds: tuple[int, int], hits: list[Hit], memory: Memory) -> list[Found]:
    """A sentence without a frame: speech that goes on, hearsay, an act of speaking, or nothing."""
    more = _free(unit, bounds, memory)
    if more is not None:
        memory.keep(more, unit.paragraph)
        return [more]
    claim = claimed(unit, bounds)
    if claim is not None:
        memory.keep(_found(unit, claim), unit.paragraph)
        return [_found(unit, claim)]
    act = told_of(unit, bounds, hits)
    if act is None:
        memory.speaks = False
        doer = doer_of(unit, bounds)
        if doer or memory.done_in != unit.paragraph:
            memory.doer = (unit.stretch(*doer),) if doer else ()
        memory.done_in = unit.paragraph
        return []
    found = _found(unit, act)
    memory.keep(found, unit.paragraph)
    return [replace(found, cue=(), frame=())] if act.style == "reported" else []


def _free(unit: Unit, bounds: tuple[int, int], memory: Memory) -> Found | None:
    first, last = bounds
    before = memory.last
    if unit.words[first].flags & Flag.QUOTE:
        place = unit.places[first]
        if before is None or not memory.is_near(unit.paragraph):
            return None
        return replace(
            before,
            content=(place,),
            style="direct",
            rule="de.direct.continued",
            attribution=Attribution.CONTINUED,
            via=(),
        )
    place = unit.stretch(first, last)
    rule = ""
    loose = memory.speaks and memory.paragraph == unit.paragraph
    if in_konjunktiv(unit, first, last, loose):
        rule = "de.free.konj1"
    elif is_hearsay(unit, first, last) or (memory.speaks and is_told_plan(unit, first, last)):
        rule = "de.soll"
    if not rule:
        return None
    own = speaker_for(unit, first, last)
    speaker: tuple[Stretch, ...] = (unit.stretch(*own),) if own else ()
    speaker = speaker or memory.spoken(unit.paragraph, rule != "de.soll")
    attribution = Attribution.CONTINUED if speaker else Attribution.UNATTRIBUTED
    return Found((place,), speaker, attribution=attribution, style="free_indirect", rule=rule)


def _distinct(drafts: list[Draft]) -> list[Draft]:
    """One draft for each content: of the cue nearest before it, or behind a quotation."""
    seen: dict[tuple[tuple[int, int], ...], Draft] = {}
    for draft in drafts:
        key = tuple(draft.content)
        other = seen.get(key)
        begin = draft.content[0][0]
        nearer = (
            other is not None and draft.cue and other.cue and other.cue[0] < draft.cue[0] < begin
        )
        if other is None or nearer or draft.rule in BEHIND:
            seen[key] = draft
    return list(seen.values())


def _found(unit: Unit, draft: Draft) -> Found:
    speaker = (unit.stretch(*draft.speaker),) if draft.speaker else ()
    cue: list[Stretch] = []
    for n in sorted(set(draft.cue)):
        place = unit.places[n]
        if cue and n - 1 in draft.cue:
            cue[-1] = (cue[-1][0], place[1])
        else:
            cue.append(place)
    attribution = Attribution.EXPLICIT
    if draft.speaker is None or _is_nobody(unit, draft):
        attribution = Attribution.UNATTRIBUTED
    elif is_anaphoric(unit, draft.speaker):
        attribution = Attribution.ANAPHORIC
    return Found(
        tuple(unit.stretch(*piece) for piece in draft.content),
        speaker,
        tuple(cue),
        draft.lemma,
        tuple(unit.stretch(*piece) for piece in draft.frame if piece[0] < piece[1]),
        (unit.stretch(*draft.addressee),) if draft.addressee else (),
        attribution,
        draft.style,
        draft.rule,
        via=(((unit.stretch(*draft.via),), ()),) if draft.via else (),
    )


def _is_nobody(unit: Unit, draft: Draft) -> bool:
    """Whether "man" speaks, or nobody but the noun of saying itself: "die Frage, ob …"."""
    first, last = draft.speaker or (0, 0)
    if draft.rule == "de.noun" and first in draft.cue:
        return not unit.words[first].lower.startswith(("sein", "ihr"))
    return last == first + 1 and unit.words[first].lower == "man"


def _fragments(unit: Unit, found: list[Found], framed: Found | None) -> list[Found]:
    """Words in quotation marks within reported speech; they share its frame, or that of before."""
    more = []
    held = {c for f in found for c in f.content}
    for quote in unit.fragments:
        if quote.outer in held:
            continue
        start, end = quote.outer
        if _is_name(unit, start, end):
            continue
        within = [f for f in found if any(s <= start and end <= e for s, e in f.content)]
        if not within:
            continue
        inner = min(within, key=lambda f: (f.rule == "de.wie", f.content[-1][1] - f.content[0][0]))
        if not inner.cue and framed is not None and inner.speaker == framed.speaker:
            inner = replace(inner, cue=framed.cue, cue_lemma=framed.cue_lemma, frame=framed.frame)
        more.append(replace(inner, content=(quote.outer,), style="direct", rule="de.direct.inside"))
    return more


def _is_name(unit: Unit, start: int, end: int) -> bool:
    """Whether words in quotation marks look like a name or title: few, with a capital first."""
    first = bisect_left(unit.places, (start, start))
    last = bisect_left(unit.places, (end, end))
    inside = [w for w in unit.words[first:last] if not w.flags & Flag.MARK]
    if not inside or len(inside) >= LONG_FRAGMENT:
        return not inside
    return inside[0].text[:1].isupper() or inside[0].has(Flag.NUMBER)


def _nested(found: list[Found]) -> list[Found]:
    """With ``inside``: the index of the smallest speech that holds a whole content."""
    nested: list[Found] = []
    open_ones: list[int] = []
    for n, one in enumerate(found):
        start, end = one.content[0][0], one.content[-1][1]
        while open_ones and found[open_ones[-1]].content[-1][1] < end:
            open_ones.pop()
        holder = next((m for m in reversed(open_ones) if _holds(found[m], start, end)), None)
        nested.append(replace(one, inside=holder))
        open_ones.append(n)
    return nested


def _holds(outer: Found, start: int, end: int) -> bool:
    return any(s <= start and end <= e for s, e in outer.content)
