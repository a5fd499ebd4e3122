"""Reported speech without a frame of its own: Konjunktiv I, "soll", quotations that go on."""

from __future__ import annotations

from truceline.words.german.clauses import Unit
from truceline.words.german.cues import PASSIVE, Hit
from truceline.words.german.draft import Draft, Range, trim
from truceline.words.german.roles import addressee_of, agent
from truceline.words.german.speakers import Phrase, can_speak, speaker_phrase
from truceline.words.german.subjects import find_subject
from truceline.words.german.verbs import Flag, word, words_of

TOLD = frozenset(("say", "demand", "judge", "act", "fact"))
REPORTING = frozenset(("act",))

DOUBTED = frozenset(("soll", "sollen"))


def in_konjunktiv(unit: Unit, first: int, last: int, loose: bool) -> bool:
    """Whether the main clause is in Konjunktiv I (``loose``: II too, where speech goes on)."""
    for segment in unit.segments:
        begin, stop = max(first, segment[0]), min(last, segment[1])
        if begin >= stop or unit.is_subordinate((begin, stop)):
            continue
        verb = unit.finite(begin, stop)
        if verb is None:
            continue
        one = unit.words[verb]
        if one.flags & Flag.KONJUNKTIV_1 and not _speaks(unit, begin, stop):
            return True
        return loose and bool(one.flags & Flag.KONJUNKTIV_2)
    return False


def _speaks(unit: Unit, first: int, last: int) -> bool:
    return any(unit.words[n].lower in ("ich", "man") for n in range(first, last)) and not any(
        unit.words[n].lower in ("sei", "habe", "werde", "könne", "müsse", "dürfe", "solle", "wolle")
        for n in range(first, last)
    )


def is_hearsay(unit: Unit, first: int, last: int) -> bool:
    """Whether "soll" tells of hearsay: with a perfect infinitive, active or passive, or "sein"."""
    for segment in unit.segments:
        begin, stop = max(first, segment[0]), min(last, segment[1])
        for n in range(begin, stop):
            if unit.words[n].lower not in DOUBTED:
                continue
            ends = [stop] + [s for b, s in unit.segments if stop <= b < last]
            if n == stop - 1:
                ends = [n]
            if any(_perfect(unit, begin, end) for end in ends):
                return True
    return False


def _perfect(unit: Unit, begin: int, end: int) -> bool:
    """Whether words up to an end close with "getan haben", "gewesen sein", "getan worden sein"."""
    if end - begin < 2 or unit.words[end - 1].lower not in ("haben", "sein"):
        return False
    before = word(unit.words[end - 2].lower)
    if before.lower in ("worden", "gewesen") or before.has(Flag.PARTICIPLE):
        return True
    return unit.words[end - 1].lower == "sein" and before.lower != "zu"


def claimed(unit: Unit, bounds: tuple[int, int]) -> Draft | None:
    """ "X will Y getan haben": what the subject says of itself, told without assent."""
    first, last = bounds
    for segment in unit.segments:
        begin, stop = max(first, segment[0]), min(last, segment[1])
        if begin >= stop or unit.is_subordinate((begin, stop)):
            continue
        verb = unit.finite(begin, stop)
        if verb is None or unit.words[verb].lower not in ("will", "wollen"):
            continue
        if _perfect(unit, verb + 1, stop):
            hit = Hit(verb, (verb,), "wollen", frozenset())
            speaker = find_subject(unit, hit, (begin, stop), first)
            content = trim(unit, first, last)
            if speaker is not None and content is not None:
                return Draft([content], "de.will", "reported", speaker, (verb,), "wollen")
    return None


def is_told_plan(unit: Unit, first: int, last: int) -> bool:
    """Whether the main verb is "soll": after reported speech what has been told to be planned."""
    for segment in unit.segments:
        begin, stop = max(first, segment[0]), min(last, segment[1])
        if begin >= stop or unit.is_subordinate((begin, stop)):
            continue
        verb = unit.finite(begin, stop)
        if verb is not None:
            return unit.words[verb].lower in DOUBTED
    return False


def speaker_for(unit: Unit, first: int, last: int) -> Phrase | None:
    """ "Für X sei …": the sentence itself says whose view it is."""
    if unit.words[first].lower != "für":
        return None
    verb = unit.finite(first, last)
    if verb is None:
        return None
    found = speaker_phrase(unit, first + 1, verb, whole=True)
    return found if found and found[1] == verb else None


def told_of(unit: Unit, bounds: tuple[int, int], hits: list[Hit]) -> Draft | None:
    """A sentence that tells of an act of speaking without saying the words: "X kritisierte Y."

    Style "reported" where the act has an object of its own; otherwise the draft only tells who
    spoke last.
    """
    first, last = bounds
    for hit in hits:
        if not first <= hit.verb < last or not hit.groups & TOLD:
            continue
        number = unit.segment_of(hit.verb)
        segment = unit.segments[number]
        if unit.is_subordinate(segment) and segment[0] > first:
            continue
        if hit.passive:
            speaker = agent(unit, hit, segment, False)
        else:
            speaker = find_subject(unit, hit, segment, first)
        if speaker is None:
            continue
        draft = Draft([(first, last)], "de.reported", "reported", speaker, hit.words, hit.lemma)
        draft.frame = [(first, max(segment[1], hit.last + 1))]
        draft.addressee = addressee_of(unit, segment, draft, hit)
        if not hit.groups & REPORTING or hit.passive or not _says(unit, hit, segment):
            draft.style = "told"
        return draft
    return None


def _says(unit: Unit, hit: Hit, segment: Range) -> bool:
    """Not "forderte drei Todesopfer", and "sprach" only with "von" or "über"."""
    words = unit.words[slice(*segment)]
    if hit.lemma == "fordern":
        return not any(w.text in words_of("nouns", "toll") for w in words)
    if hit.lemma == "sprechen":
        return any(w.lower in ("von", "vom", "über") for w in words)
    return True


def doer_of(unit: Unit, bounds: tuple[int, int]) -> Phrase | None:
    """Who acts in a sentence without speech, if that is a person or body, or a noun of saying."""
    first, last = bounds
    told = any(unit.words[n].has(Flag.NOUN_CUE) for n in range(first, last))
    for segment in unit.segments:
        begin, stop = max(first, segment[0]), min(last, segment[1])
        if begin >= stop or unit.is_subordinate((begin, stop)):
            continue
        verb = unit.finite(begin, stop)
        if verb is None:
            continue
        passive = unit.words[verb].lower in PASSIVE and any(
            unit.words[n].has(Flag.PARTICIPLE) for n in range(verb + 1, stop)
        )
        hit = Hit(verb, (verb,), "", frozenset(), passive)
        if passive:
            return agent(unit, hit, (begin, stop), False)
        found = find_subject(unit, hit, (begin, stop), first)
        return found if found is not None and (told or can_speak(unit, found)) else None
    return None
