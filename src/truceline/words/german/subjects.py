"""The subject of a clause: who speaks."""

from __future__ import annotations

from truceline.words.german.clauses import Unit
from truceline.words.german.cues import BEING, CATAPHORS, Hit
from truceline.words.german.draft import Range, sentence_end
from truceline.words.german.speakers import (
    SKIPPED,
    Phrase,
    can_speak,
    phrase_at,
    speaker_phrase,
    subject_after,
    subject_before,
    with_apposition,
)
from truceline.words.german.verbs import Flag, words_of


def find_subject(unit: Unit, hit: Hit, segment: Range, start: int) -> Phrase | None:
    """The subject of the clause of a cue, or of the clause that it continues."""
    return _subject(unit, hit.verb, segment, start, hit)


def _subject(unit: Unit, verb: int, segment: Range, start: int, hit: Hit | None) -> Phrase | None:
    first, last = segment
    after = unit.words[verb + 1].lower if verb + 1 < last else ""
    if (verb > first or first > start) and after in ("er", "wir", "ich", "sie", "man"):
        return verb + 1, verb + 2
    if hit is not None and unit.is_subordinate(segment) and verb >= last - 2:
        return subject_inside(unit, hit, segment)
    joined = verb > first and unit.words[verb - 1].flags & Flag.COORDINATOR
    if joined and verb - 1 > first:
        earlier = unit.finite(first, verb)
        if earlier is not None:
            return _subject(unit, earlier, segment, start, None)
    if verb > first and not joined:
        found = _behind_dummy(unit, first, verb, last) or subject_before(unit, first, verb)
        if found is not None:
            other = _person_after(unit, found, verb, last)
            if other is not None:
                return with_apposition(unit, other, sentence_end(unit, verb))
            head = _head_before(unit, first, start)
            return (head, found[1]) if head is not None else found
    if verb > first and after == "es" and hit is not None and not hit.passive:
        return verb + 1, verb + 2
    if verb == first and first > start:
        begun = _begun(unit, first, start)
        if begun is not None:
            return begun
        if hit is None and not unit.is_subordinate(unit.segments[unit.segment_of(first) - 1]):
            return _earlier_subject(unit, first, start)
    found = subject_after(unit, verb, last)
    if found is not None:
        return with_apposition(unit, found, sentence_end(unit, verb))
    return _earlier_subject(unit, first, start) if first > start else None


def _behind_dummy(unit: Unit, first: int, verb: int, last: int) -> Phrase | None:
    """The subject behind the verb of "Das beschloss die Kammer" and "Es kommen viele Gäste"."""
    opening = unit.words[first].lower
    if verb != first + 1 or opening not in ("das", "dies", "es") or unit.words[verb].lower in BEING:
        return None
    if opening == "es" and not unit.words[verb].lower.endswith("n"):
        return None
    if verb + 1 >= last or unit.words[verb + 1].has(Flag.OBLIQUE | Flag.PREPOSITION):
        return None
    found = phrase_at(unit, verb + 1, last)
    if found is None or not (opening == "es" or can_speak(unit, found)):
        return None
    return speaker_phrase(unit, verb + 1, last)


def _person_after(unit: Unit, before: Phrase, verb: int, last: int) -> Phrase | None:
    """The man behind the verb where its object stands before it: "Die Kritik wies der Chef ab"."""
    if unit.words[before[0]].lower not in ("die", "das", "jegliche", "diese", "dieses"):
        return None
    if verb + 1 >= last:
        return None
    after = unit.words[verb + 1]
    named = bool(after.flags & Flag.CAPITAL) and not can_speak(unit, before)
    if after.lower not in ("der", "ein") and not named:
        return None
    found = speaker_phrase(unit, verb + 1, last)
    if found is None:
        return None
    if named:
        return found if can_speak(unit, found) else None
    nouns = [unit.words[n].text for n in range(*found) if unit.words[n].flags & Flag.CAPITAL]
    ends = tuple(r.lower() for r in words_of("speakers", "men"))
    return found if any(n.lower().endswith(ends) for n in nouns[:2]) else None


def _begun(unit: Unit, first: int, start: int) -> Phrase | None:
    """The noun phrase that opens the sentence, over what stands between it and the verb."""
    if unit.has_main_verb(start, first):
        return None
    segment = unit.segments[unit.segment_of(start)]
    found = subject_before(unit, start, min(segment[1], first))
    return with_apposition(unit, found, first) if found else None


def _head_before(unit: Unit, first: int, start: int) -> int | None:
    """Start of a noun phrase to which the phrase before the verb is an apposition."""
    if first <= start or unit.words[first - 1].text != "," or unit.finite(start, first) is not None:
        return None
    found = subject_before(unit, start, first - 1)
    return start if found is not None and found[1] == first - 1 else None


def _earlier_subject(unit: Unit, first: int, start: int) -> Phrase | None:
    """The noun phrase before appositions and relative clauses, or of the clause before."""
    for begin, stop in reversed(unit.segments):
        if stop > first or begin < start or unit.words[begin].flags & Flag.QUOTE:
            continue
        if unit.is_subordinate((begin, stop)):
            continue
        verb = unit.finite(begin, stop)
        if verb is not None:
            return _subject(unit, verb, (begin, stop), start, None)
        if begin == start:
            found = subject_before(unit, begin, stop)
            return with_apposition(unit, found, first) if found else None
    return None


def subject_inside(unit: Unit, hit: Hit, segment: Range) -> Phrase | None:
    """The subject of a clause with its verb at the end."""
    first, last = segment
    opening = unit.words[first]
    at = first + 1
    if (
        opening.flags & Flag.COORDINATOR
        and first + 1 < last
        and not _nominative_next(unit, at, last)
    ):
        opening = unit.words[at]
        at += 1
    inner = subject_after(unit, at - 1, hit.words[0])
    passed = SKIPPED | CATAPHORS
    barred = unit.words[at].lower in passed or unit.words[at].has(Flag.PREPOSITION | Flag.MARK)
    if inner is None and 1 <= hit.words[0] - at <= 2 and not barred:
        inner = (at, hit.words[0])
    if opening.flags & Flag.RELATIVE and not opening.flags & Flag.QUESTION:
        if opening.lower == "der" or inner is None or unit.words[inner[0]].has(Flag.OBLIQUE):
            return (at - 1, at)
        if unit.words[inner[0]].lower == "der" and opening.lower in ("die", "das"):
            return inner
        if unit.words[inner[0]].has(Flag.ARTICLE) and unit.words[inner[0]].lower == "die":
            return (at - 1, at)
    return inner


def _nominative_next(unit: Unit, n: int, last: int) -> bool:
    """Whether a word that may be relative is the article of a noun right behind it."""
    after = n + 1 < last and unit.words[n + 1].flags & Flag.CAPITAL
    return bool(unit.words[n].has(Flag.ARTICLE) and after)


def antecedent(unit: Unit, comma: int) -> Phrase | None:
    """The noun phrase that ends at a comma."""
    segment = unit.segments[unit.segment_of(comma - 1)]
    for first in range(segment[0], comma):
        found = speaker_phrase(unit, first, comma)
        if found and found[1] == comma and not unit.words[first].has(Flag.PREPOSITION):
            return found
    return None
