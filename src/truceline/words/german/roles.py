"""Who else takes part: the agent of a passive, those spoken to, those who pass words on."""

from __future__ import annotations

from truceline.words.german.clauses import Unit
from truceline.words.german.cues import Hit
from truceline.words.german.draft import Draft, Range
from truceline.words.german.speakers import SKIPPED, Phrase, phrase_at, speaker_phrase
from truceline.words.german.subjects import antecedent, find_subject
from truceline.words.german.verbs import Flag, words_of

AGENTS = frozenset(("von", "vom", "seitens"))
TOPICS = frozenset(("sprechen", "reden", "ausgehen", "berichten"))
"""Verbs with which "von" leads to what is spoken of."""
DOCUMENTS = frozenset(("in", "im", "aus", "auf"))
HOSTS = frozenset(("bei", "beim"))
OBJECTS = words_of("verbs", "spoken_to")
"""Verbs with an object that is spoken to."""
PRESS = words_of("speakers", "press")
TALKS = words_of("speakers", "talks")


def filled(unit: Unit, draft: Draft, hit: Hit, segment: Range) -> Draft:
    """The draft with its cue, and with those who take part beside the subject."""
    draft.cue = draft.cue or hit.words
    draft.lemma, draft.groups = hit.lemma, hit.groups
    draft.passive = hit.passive
    if hit.passive and hit.lemma == "zitieren":
        draft.via = agent(unit, hit, segment, True)
        draft.speaker = draft.speaker or find_subject(
            unit, hit, segment, unit.sentence_start(hit.verb)
        )
    elif hit.lemma == "zitieren" and draft.speaker is not None:
        begin = max(hit.verb + 1, draft.speaker[1])
        cited = speaker_phrase(unit, begin, segment[1])
        if cited is not None and cited != draft.speaker:
            draft.via, draft.speaker = draft.speaker, cited
    elif hit.passive:
        draft.speaker = agent(unit, hit, segment, draft.content[0][0] > hit.verb)
    elif hit.lemma == "verlauten" and draft.speaker is None:
        draft.speaker = agent(unit, hit, segment, True)
    draft.addressee = addressee_of(unit, segment, draft, hit)
    return draft


def agent(unit: Unit, hit: Hit, segment: Range, content_follows: bool) -> Phrase | None:
    """Of a passive: the phrase with "von", or a document; of "heißt es" the place of the words."""
    said = hit.lemma in ("heißen", "verlauten")
    if said and unit.words[segment[0]].has(Flag.PREPOSITION) and unit.is_subordinate(segment):
        return antecedent(unit, segment[0] - 1)
    links = AGENTS | DOCUMENTS | (HOSTS if said else frozenset())
    before = range(unit.sentence_start(hit.verb), segment[0]) if content_follows else ()
    behind = range(max(hit.verb, segment[0]), segment[1])
    for n in (*behind, *range(segment[0], behind.start), *before):
        lower = unit.words[n].lower
        if n in before and lower in AGENTS and not said:
            continue
        if lower not in links or (lower in AGENTS and hit.lemma in TOPICS):
            continue
        found = speaker_phrase(unit, n + 1, segment[1])
        if found is None or any(unit.words[m].has(Flag.TIME) for m in range(*found)):
            continue
        if lower in AGENTS or said or any(unit.words[m].has(Flag.NOUN_CUE) for m in range(*found)):
            return found
    return None


def addressee_of(unit: Unit, segment: Range, draft: Draft, hit: Hit) -> Phrase | None:
    """Those spoken to: behind a preposition, or as an object of verbs that take one."""
    for n in range(segment[0], segment[1] - 1):
        if _leads_to(unit, n, hit):
            found = speaker_phrase(unit, n + 1, segment[1])
            if found is not None:
                return found
    if hit.passive and hit.lemma in OBJECTS:
        subject = find_subject(unit, hit, segment, unit.sentence_start(hit.verb))
        return subject or _first_phrase(unit, segment[0], hit.verb)
    return _object(unit, segment, draft, hit)


def _leads_to(unit: Unit, n: int, hit: Hit) -> bool:
    """Whether a preposition leads to those spoken to."""
    lower = unit.words[n].lower
    if lower == "gegenüber":
        return True
    if lower == "mit":
        return n > 0 and unit.words[n - 1].text in TALKS
    if lower in ("an", "ans"):
        return hit.lemma in ("appellieren", "schreiben", "richten") or "Appell" in hit.lemma
    after = [unit.words[m].text for m in range(n + 1, min(n + 4, len(unit.words)))]
    if lower == "vor":
        return any(text in PRESS for text in after)
    said = hit.lemma in ("sagen", "erklären")
    return lower in ("zum", "zur") and said and not unit.words[n + 1].has(Flag.TIME | Flag.NOUN_CUE)


def _object(unit: Unit, segment: Range, draft: Draft, hit: Hit) -> Phrase | None:
    """The object of a verb: behind it, before a verb at the end, or in front of an inverted one."""
    speaker = draft.speaker or (hit.verb, hit.verb)
    if hit.verb >= segment[1] - 2 and speaker[1] <= hit.verb:
        found = _first_phrase(unit, speaker[1], min(hit.words))
    elif speaker[0] > hit.verb:
        found = _first_phrase(unit, speaker[1], segment[1])
        if found is None and hit.lemma in OBJECTS:
            found = _first_phrase(unit, segment[0], hit.verb)
    else:
        found = _first_phrase(unit, hit.verb + 1, segment[1])
    if found is None or hit.lemma in OBJECTS:
        return found if hit.lemma in OBJECTS else None
    opening = unit.words[found[0]]
    dative = opening.lower in ("dem", "den", "einem", "ihm", "ihnen")
    if dative and hit.groups & {"plain"} and draft.style != "reported":
        return found
    return found if opening.text in PRESS else None


def _first_phrase(unit: Unit, first: int, last: int) -> Phrase | None:
    n = first
    while (
        n < last
        and unit.words[n].lower in SKIPPED
        and unit.words[n].lower not in ("ihm", "ihnen", "ihn")
    ):
        n += 1
    if n >= last or unit.words[n].has(Flag.PREPOSITION | Flag.TIME):
        return None
    return speaker_phrase(unit, n, last) if phrase_at(unit, n, last) else None
