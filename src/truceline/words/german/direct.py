"""Quotation marks that no cue verb of the lexicon announces, and single words in them."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.words.german.clauses import Unit
from truceline.words.german.cues import Hit
from truceline.words.german.draft import Draft, sentence_end
from truceline.words.german.roles import filled
from truceline.words.german.speakers import (
    Phrase,
    can_speak,
    subject_after,
    subject_before,
    with_apposition,
)
from truceline.words.german.subjects import find_subject
from truceline.words.german.verbs import Flag

LINKS = frozenset(("als", "von", "vom", "vor", "zu", "zum", "zur", "mit", "für", "gegen"))
NO_GROUPS: frozenset[str] = frozenset()


def quoted(unit: Unit, taken: set[int]) -> Iterator[Draft]:
    """Quotations behind a colon, or before a verb with its subject, whatever the verb."""
    for n, one in enumerate(unit.words):
        if not one.flags & Flag.QUOTE or n in taken:
            continue
        if n > 1 and unit.words[n - 1].text == ":":
            draft = _after_colon(unit, n)
            if draft is not None:
                yield draft
        elif n + 2 < len(unit.words):
            draft = _before_verb(unit, n)
            if draft is not None:
                yield draft


def _after_colon(unit: Unit, n: int) -> Draft | None:
    start = unit.sentence_start(n - 1)
    last = n + 1
    while last < len(unit.words) and unit.words[last].flags & Flag.QUOTE:
        last += 1
    draft = Draft([(n, last)], "de.direct.colon", "direct", frame=[(start, n)])
    number = unit.segment_of(n - 2)
    segment = (max(unit.segments[number][0], start), n - 1)
    verb = unit.finite(*segment)
    if verb is None:
        verb = unit.finite(start, n - 1)
    if verb is None:
        draft.speaker = _alone(unit, start, n - 1)
        return draft
    if unit.words[verb].has(Flag.KONJUNKTIV_1):
        return None
    number = unit.segment_of(verb)
    segment = (max(unit.segments[number][0], start), unit.segments[number][1])
    draft.speaker = find_subject(unit, Hit(verb, (verb,), "", NO_GROUPS), segment, start)
    return draft


def _alone(unit: Unit, start: int, end: int) -> Phrase | None:
    """ "X, Sprecher des Y:" without a verb."""
    found = subject_before(unit, start, end)
    return with_apposition(unit, found, end) if found else None


def _before_verb(unit: Unit, n: int) -> Draft | None:
    """ "„…“, V X" with a verb that is not in the lexicon."""
    first = n + 1
    if unit.words[first].text in ",–—":
        first += 1
    if first >= len(unit.words):
        return None
    segment = unit.segments[unit.segment_of(first)]
    if segment[0] != first or not unit.is_finite(first, *segment):
        return None
    subject = subject_after(unit, first, segment[1])
    if subject is None or unit.words[subject[0]].has(Flag.OBLIQUE):
        return None
    end = sentence_end(unit, first)
    subject = with_apposition(unit, subject, end)
    cue = [first]
    last = segment[1] - 1
    if last > first and (
        unit.words[last].lower in PARTICLES or unit.words[last].has(Flag.PARTICIPLE)
    ):
        cue.append(last)
    begin = n
    while begin > 0 and unit.words[begin - 1].flags & Flag.QUOTE:
        begin -= 1
    draft = Draft(
        [(begin, n + 1)], "de.direct.verb", "direct", subject, tuple(cue), unit.words[first].lemma
    )
    draft.frame = [(n + 1, max(segment[1], subject[1]))]
    return draft


PARTICLES = frozenset(
    "an auf aus ein mit nach vor zu zurück heraus hinzu fort weiter bei ab um".split()
)


def marked(unit: Unit, hits: list[Hit], drafts: list[Draft]) -> Iterator[Draft]:
    """Words in quotation marks in the clause of a cue without content: "X nannte Y „…“"."""
    covered = [p for d in drafts for p in (*d.frame, *(d.content if d.style == "direct" else ()))]
    told = [piece for d in drafts for piece in d.content]
    for quote in unit.fragments:
        span = _words_of(unit, quote.outer)
        if span is None or any(a < span[1] and span[0] < b for a, b in covered):
            continue
        for hit in hits:
            segment = unit.segments[unit.segment_of(hit.verb)]
            if not segment[0] <= span[0] < segment[1] or not _weighs(unit, hit, span):
                continue
            start = unit.sentence_start(hit.verb)
            cue = set(hit.words)
            if unit.words[span[0] - 1].lower in LINKS:
                cue.add(span[0] - 1)
            draft = Draft(
                [span], "de.direct.words", "direct", cue=tuple(sorted(cue)), lemma=hit.lemma
            )
            draft.frame = [(start, span[0])]
            if hit.last >= span[1]:
                draft.frame.append((span[1], max(segment[1], hit.last + 1)))
            draft.speaker = find_subject(unit, hit, segment, start)
            if (
                draft.speaker is not None
                and draft.speaker[0] < span[1]
                and span[0] < draft.speaker[1]
            ):
                break
            if any(a < span[1] and span[0] < b for a, b in told) and not _is_named(unit, draft):
                break
            yield filled(unit, draft, hit, segment)
            break


def _is_named(unit: Unit, draft: Draft) -> bool:
    """Whether a person or body speaks, not "die": needed within what another one says."""
    if draft.speaker is None:
        return False
    first, last = draft.speaker
    lone = last == first + 1 and unit.words[first].has(Flag.PRONOUN)
    return not lone and can_speak(unit, draft.speaker)


def _words_of(unit: Unit, place: tuple[int, int]) -> tuple[int, int] | None:
    inside = [n for n, (s, e) in enumerate(unit.places) if place[0] <= s and e <= place[1]]
    return (inside[0], inside[-1] + 1) if inside else None


def _weighs(unit: Unit, hit: Hit, span: tuple[int, int]) -> bool:
    """Whether the words are what was said, not the name of a thing."""
    n = span[0] - 1
    while n > 0 and (unit.words[n].has(Flag.ARTICLE) or unit.words[n].lower.endswith(("en", "er"))):
        n -= 1
    if n >= 0 and unit.words[n].lower in LINKS:
        return True
    return hit.lemma in ("nennen", "bezeichnen", "titulieren")
