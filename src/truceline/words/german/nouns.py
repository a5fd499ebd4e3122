"""Cues that are nouns ("die Forderung, …"), and what a pronoun takes up ("Dies teilte X mit")."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.words.german.clauses import Unit
from truceline.words.german.content import zu_infinitive
from truceline.words.german.cues import Hit
from truceline.words.german.draft import Draft, sentence_end, trim
from truceline.words.german.roles import filled
from truceline.words.german.speakers import Phrase, speaker_phrase, subject_after, with_apposition
from truceline.words.german.subjects import find_subject
from truceline.words.german.verbs import MOODS, Flag

TAKEN_UP = frozenset(("dies", "das", "dieses"))


def noun_cues(unit: Unit, taken: set[int]) -> Iterator[Draft]:
    """A noun of saying with the clause or infinitive that belongs to it."""
    for first, last in unit.segments:
        if last + 1 >= len(unit.words) or unit.words[last].text not in ",:":
            continue
        copula = unit.words[last - 1].lower in ("lautet", "lautete", "ist", "war", "bleibt")
        noun = _head(unit, first, last - copula)
        if noun is None:
            continue
        heading = unit.words[last].text == ":" and first == unit.sentence_start(noun)
        begin = last + 1
        if begin in taken or unit.words[begin].flags & Flag.QUOTE:
            continue
        segment = unit.segments[unit.segment_of(begin)]
        if segment[0] != begin or not (heading or _clause_of(unit, segment)):
            continue
        end = _end(unit, begin, sentence_end(unit, begin))
        content = trim(unit, begin, end)
        if content is None:
            continue
        phrase = _whole(unit, noun, first, last - copula)
        draft = Draft(
            [content], "de.noun", cue=tuple(range(phrase[0], noun + 1)), lemma=unit.words[noun].text
        )
        draft.speaker = _holder(unit, phrase, noun, last - copula) or _bearer(
            unit, phrase, first, last
        )
        if draft.speaker is None:
            draft.speaker = phrase
        draft.frame = [(unit.sentence_start(noun), begin)]
        yield draft


def _head(unit: Unit, first: int, last: int) -> int | None:
    """The noun of saying that ends a segment, with no more than a genitive behind it."""
    for n in range(last - 1, max(first, last - 7) - 1, -1):
        if unit.words[n].has(Flag.NOUN_CUE):
            if n == last - 1:
                return n
            found = speaker_phrase(unit, n, last)
            return n if found and found[1] == last else None
    return None


def _clause_of(unit: Unit, segment: tuple[int, int]) -> bool:
    first, last = segment
    opening = unit.words[first].lower
    if opening in ("dass", "daß", "ob"):
        return True
    if opening in ("um", "ohne", "statt", "die", "der", "das") and unit.is_subordinate(segment):
        return False
    if unit.words[first].has(Flag.QUESTION) and unit.is_subordinate(segment):
        return opening not in ("welche", "welcher", "welches", "als", "wo", "wobei", "womit")
    if unit.is_subordinate(segment) or opening in ("um", "ohne", "statt"):
        return False
    verb = unit.finite(first, last)
    if verb is None:
        return zu_infinitive(unit, first, last)
    return bool(unit.words[verb].flags & MOODS) and verb > first


def _end(unit: Unit, begin: int, end: int) -> int:
    """Where the main clause goes on: a segment that opens with its verb in the indicative."""
    for first, last in unit.segments:
        if first <= begin or first >= end:
            continue
        one = unit.words[first]
        if one.has(Flag.FINITE) and not one.flags & MOODS and unit.is_finite(first, first, last):
            return first
    return end


def _whole(unit: Unit, noun: int, first: int, last: int) -> Phrase:
    begin = noun
    while begin > first:
        before = unit.words[begin - 1]
        if before.has(Flag.ARTICLE) or (
            before.lower.endswith(("e", "en", "er"))
            and not before.has(Flag.FINITE | Flag.PREPOSITION)
        ):
            begin -= 1
            if before.has(Flag.ARTICLE):
                break
        else:
            break
    return begin, last


def _holder(unit: Unit, phrase: Phrase, noun: int, last: int) -> Phrase | None:
    """The genitive or "von" phrase behind the noun, or the possessive before it."""
    if noun + 1 < last:
        begin = noun + 1 + (unit.words[noun + 1].lower in ("von", "vom", "aus"))
        found = speaker_phrase(unit, begin, last)
        return found
    opening = unit.words[phrase[0]]
    if opening.lower.startswith(("sein", "ihr")):
        return phrase[0], phrase[0] + 1
    owner = unit.words[noun - 1] if noun > 0 else opening
    if owner.flags & Flag.CAPITAL and owner.lower.endswith(("s", "’", "'")):
        return noun - 1, noun
    return None


def _bearer(unit: Unit, phrase: Phrase, first: int, last: int) -> Phrase | None:
    """ "X gab das Versprechen, …", "Von X stammt die Bitte, …": whose the noun is by its clause."""
    verb = unit.finite(first, last)
    if verb is None:
        return None
    if unit.words[first].lower in ("von", "vom", "aus"):
        return speaker_phrase(unit, first + 1, verb)
    start = unit.sentence_start(verb)
    found = find_subject(unit, Hit(verb, (verb,), "", frozenset()), (first, last), start)
    if found is None or (found[0] < phrase[1] and phrase[0] < found[1]):
        return None
    return found


def taken_up(unit: Unit, hit: Hit) -> Draft | None:
    """ "Dies teilte X mit.": the pronoun stands for the sentence before, which is the content.

    The draft holds the pronoun; the caller adds the sentence before.
    """
    start = unit.sentence_start(hit.verb)
    if unit.words[start].lower not in TAKEN_UP or hit.verb != start + 1:
        return None
    if not hit.groups & {"say", "judge", "fact", "plain"} or hit.groups <= {"tone", "thought"}:
        return None
    end = sentence_end(unit, start)
    segment = unit.segments[unit.segment_of(hit.verb)]
    draft = Draft([(start, start + 1)], "de.dies", cue=hit.words, lemma=hit.lemma)
    draft.frame = [(start + 1, max(hit.last + 1, end))]
    if not hit.passive:
        draft.speaker = subject_after(unit, hit.verb, segment[1])
        if draft.speaker is None:
            return None
        draft.speaker = with_apposition(unit, draft.speaker, end)
    return filled(unit, draft, hit, segment)
