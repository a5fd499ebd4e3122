"""Whether a span is a whole: nothing beside it turns, weakens or finishes what it says."""

from __future__ import annotations

import re

from truceline.domain.words import Item, Kind
from truceline.words.check.findings import DENYING, Findings
from truceline.words.clauses import lemma_of, verbs_in
from truceline.words.found import Stretch
from truceline.words.slots import Margin, margins
from truceline.words.slots.conditions import UNTIL, neighbours
from truceline.words.slots.lexicon import Hit
from truceline.words.slots.margin import BOUNDARY, clause_start, frame_before
from truceline.words.slots.numbers import read_numerals
from truceline.words.slots.passage import Passage, passage_of

NEAR = 20
"""Code points after a span in which its next word is looked for."""


def check_cuts(item: Item, text: str, row: Passage, found: Findings) -> None:
    """No span ends just before, or starts just after, a word that turns or weakens it."""
    frame = [*item.speaker.spans, *item.cue.spans]
    frame += [s for link in item.chain for s in (*link.spans, *link.cue)]
    hedged = [(s.start, s.end) for s in item.hedges]
    has_verb = row.finite(0, len(row.tokens)) is not None
    is_part = not has_verb and _shares_clause(item, row)
    _check_conjunction(item, row, found)
    _check_own_verb(item, found)
    for margin in margins(text, row.spans, row.language, [(s.start, s.end) for s in frame]):
        beside = passage_of(text, [(margin.start, margin.end)], row.language)
        has_own = _has_own_predicate(margin, beside, item)
        may_deny = item.kind in DENYING and not has_verb and not has_own
        for hit in _turning(margin, beside):
            if not (may_deny and is_part):
                say = found.doubt if margin.is_joined or may_deny else found.refuse
                say(f"cut off from its negation {text[hit.start : hit.end]!r}")
        for hit in beside.hits("hedge", "word"):
            if not any(a <= hit.start and hit.end <= b for a, b in hedged):
                is_next = hit.last == len(beside.tokens) if margin.is_left else hit.first == 0
                say = found.refuse if is_next else found.doubt
                say(f"cut off from its hedge {text[hit.start : hit.end]!r}")
        rest = [t for t in beside.tokens if not any(a <= t.start < b for a, b in hedged)]
        if not any(t.text[0].isalnum() for t in rest):
            continue
        if not margin.is_joined:
            begins = not margin.is_framed or has_own or row.begins_with_verb
            _check_edge(margin, row, beside, (begins, is_part), found)
        elif len(rest) > 1 and not is_part and not _own_infinitive(row, beside):
            found.doubt(f"joined to {text[margin.start : margin.end][-60:]!r}")


def _check_own_verb(item: Item, found: Findings) -> None:
    """An act told by its own verb holds both halves of it: "wies die Vorwürfe zurück"."""
    inside = [
        cue
        for cue in item.cue.spans
        if any(part.start <= cue.start and cue.end <= part.end for part in item.content)
    ]
    if inside and len(inside) < len(item.cue.spans):
        found.doubt("part of its own verb is left out")


def _own_infinitive(row: Passage, beside: Passage) -> bool:
    """Whether two infinitives are joined: each is a content of its own."""
    return row.is_infinitive and beside.is_infinitive


def _check_conjunction(item: Item, row: Passage, found: Findings) -> None:
    """A content after "unless" or "until" is no statement; one before "sondern" is half of one."""
    text, (start, end) = row.text, (row.spans[0][0], row.spans[-1][1])
    places = [(clause_start(text, start), start)]
    before = frame_before(text, start, row.language)
    if before is not None:
        places.append(before[0])
        if before[1] and row.language == "en" and row.begins_with_verb:
            found.doubt("begins with its verb, the subject stands before")
    for place in places if item.kind is not Kind.CONDITION else ():
        beside = passage_of(text, [place], row.language)
        cues = [
            text[h.start : h.end] for h in beside.hits("condition") if h.last == len(beside.words)
        ]
        cues += [word for word in beside.words[-1:] if word == UNTIL.get(row.language)]
        for cue in cues:
            found.doubt(f"cut off from {cue!r}")
    if row.language == "de":
        after = passage_of(text, [(end, min(len(text), end + NEAR))], row.language)
        last = passage_of(text, places[:1], row.language).words[-1:]
        if "sondern" in (*row.words[:1], *last, *after.words[:2]):
            found.doubt("half of a contrast with 'sondern'")


def _turning(margin: Margin, beside: Passage) -> list[Hit]:
    """Words beside a span that deny it, or nearly; "without" only right before it."""
    hits = beside.hits("negation", "main", "near", "without")
    return [h for h in hits if h.value != "without" or _opens_without(margin, h.last, beside)]


def _has_own_predicate(margin: Margin, beside: Passage, item: Item) -> bool:
    """Whether a margin after the cue holds a finite verb, which then belongs to the content."""
    start = item.content[0].start
    if not margin.is_left or any(cue.start >= start for cue in item.cue.spans):
        return False
    return beside.finite(0, len(beside.tokens)) is not None


LIST_MARK = re.compile(r"\(?(?:\d{1,2}|[a-z])[.)]|[-–•*]")
"""What stands before an entry of a list."""


def _check_edge(
    margin: Margin, row: Passage, beside: Passage, open_ends: tuple[bool, bool], found: Findings
) -> None:
    """A span is a whole clause, or what its frame leaves over.

    ``open_ends``: the clause begins before the span; it may go on after it.
    """
    begins_before, is_part = open_ends
    words = row.text[margin.start : margin.end].strip()
    if margin.is_left and LIST_MARK.fullmatch(words):
        return
    if margin.is_left:
        for word in _narrowing(beside):
            found.doubt(f"left out before it: {word!r}")
        if begins_before:
            found.doubt(f"the clause begins before: {words[-60:]!r}")
    elif is_part and beside.finite(0, len(beside.tokens)) is None:
        return
    elif _is_verb_half(row, beside):
        found.refuse(f"cut off from the other half of its verb {beside.words[-1]!r}")
    else:
        found.doubt(f"the clause goes on: {words[:60]!r}")


def _narrowing(row: Passage) -> list[str]:
    """Words beside a span that would have been slots in it: limits, modals, numbers."""
    hits = [*row.hits("limit", "word"), *row.hits("modal"), *row.hits("qualifier")]
    words = [row.text[hit.start : hit.end] for hit in hits]
    numerals = [n for n in read_numerals(row) if not n.is_article]
    return words + [" ".join(row.words[n.first : n.last]) for n in numerals]


def _shares_clause(item: Item, row: Passage) -> bool:
    """Whether the content is part of the clause of its cue: "bestätigte die Angriffe nicht"."""
    start, end = item.content[0].start, item.content[-1].end
    for cue in item.cue.spans:
        between = (cue.end, start) if cue.end <= start else (end, cue.start)
        words = passage_of(row.text, [between], row.language).words
        openers = row.lexicon.words("clauses", "complementizers")
        if openers.isdisjoint(words) and not BOUNDARY.search(row.text, *between):
            return True
    return False


def _opens_without(margin: Margin, last: int, beside: Passage) -> bool:
    """Whether "without" stands right before the span."""
    return margin.is_left and last == len(beside.tokens)


def _is_verb_half(row: Passage, beside: Passage) -> bool:
    """Whether a clause goes on with a separable prefix at its end: "greift ... an"."""
    prefixes = row.lexicon.words("clauses", "prefixes")
    if row.language != "de" or not beside.words or beside.words[-1] not in prefixes:
        return False
    segment = row.segments[-1]
    finite = row.finite(segment.first, segment.last)
    if finite is None:
        return False
    verb = lemma_of(row.words[finite], "de")
    joined = beside.words[-1] + verb
    return len(beside.words) <= 2 or lemma_of(joined, "de") == joined


def check_frame(item: Item, text: str, row: Passage, found: Findings) -> None:
    """A frame that denies ("dementierte", "did not say") goes with a kind that does."""
    if item.kind in DENYING:
        return
    language, spans = row.language, list(row.spans)
    places = [(a, b) for a, b in neighbours(text, spans) if a >= spans[-1][1]]
    before = frame_before(text, spans[0][0], language)
    if before is not None:
        place, is_introduced = before
        places.append(place)
        if is_introduced or row.is_infinitive:
            _doubt_negation(text, place, language, found)
    for part in (*item.cue.spans, *item.speaker.spans):
        if not any(start <= part.start and part.end <= end for start, end in spans):
            _doubt_negation(text, (part.start, part.end), language, found)
    for cue in item.cue.spans:
        if any(start <= cue.start and cue.end <= end for start, end in spans):
            continue
        covered = [*spans, *((s.start, s.end) for s in item.speaker.spans)]
        places.append((cue.start, cue.end))
        for margin in margins(text, [(cue.start, cue.end)], language, covered):
            _doubt_negation(text, (margin.start, margin.end), language, found)
    for place in places:
        beside = passage_of(text, [place], language)
        denials = beside.lexicon.words("clauses", "denials")
        hits = beside.lexicon.find("denial", beside.tokens, beside.words)
        words = [text[hit.start : hit.end] for hit in hits]
        words += [verb for verb in verbs_in(beside.tokens, language) if verb in denials]
        for word in words[:1]:
            found.doubt(f"its frame denies: {word!r}")


def _doubt_negation(text: str, place: Stretch, language: str, found: Findings) -> None:
    for hit in passage_of(text, [place], language).hits("negation", "main"):
        found.doubt(f"its frame is negated: {text[hit.start : hit.end]!r}")
