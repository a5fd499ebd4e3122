"""The checker: every field of an item that its own words decide is read again from the source.

An item passes only where words and fields agree.  What the words contradict is refused; what
they leave open, or what a reasonable reader could fill in differently, goes to a person.  The
checker does not know who drafted an item: rules, a second reader or a person's edit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from truceline.domain.words import (
    Document,
    Item,
    Kind,
    Mood,
    Number,
    Polarity,
    Span,
)
from truceline.words.check_actors import Mentions, Resolve, check_actors
from truceline.words.clauses import lemma_of, verbs_in
from truceline.words.found import Stretch
from truceline.words.slots import Margin, Slots, margins, read_slots
from truceline.words.slots.conditions import neighbours
from truceline.words.slots.margin import BOUNDARY, frame_before
from truceline.words.slots.numbers import read_numerals
from truceline.words.slots.passage import Passage, passage_of
from truceline.words.slots.times import read_durations

Outcome = Literal["passed", "to_review", "refused"]

DENYING = frozenset(
    {
        Kind.REFUSAL,
        Kind.DENIAL,
        Kind.RETRACTION,
        Kind.NON_RESPONSE,
        Kind.OMISSION,
        Kind.NON_EVENT,
        Kind.OPEN_QUESTION,
    }
)
"""Kinds whose own meaning is a no or a not: a negation in the frame belongs to them."""

MARKED_MOODS = frozenset({Mood.INTERROGATIVE, Mood.IMPERATIVE})


@dataclass(frozen=True)
class Checked:
    """What became of an item, and why: empty where it passed."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()


@dataclass
class Findings:
    """Reasons gathered while an item is read."""

    refusals: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def refuse(self, reason: str) -> None:
        """The words contradict the item."""
        self.refusals.append(reason)

    def doubt(self, reason: str) -> None:
        """A person has to look."""
        self.doubts.append(reason)

    def outcome(self) -> Checked:
        """Refused before to review before passed."""
        reasons = tuple(dict.fromkeys([*self.refusals, *self.doubts]))
        if self.refusals:
            return Checked("refused", reasons)
        return Checked("to_review" if self.doubts else "passed", reasons)


def check(
    item: Item,
    document: Document,
    *,
    resolve: Resolve | None = None,
    mentions: Mentions | None = None,
) -> Checked:
    """Whether an item says what its source says.

    ``resolve(document, start, end)`` gives the actor that a speaker stretch names, ``mentions``
    the actors named in a stretch.  Without ``resolve`` no actor can be confirmed, and an item
    that names one goes to review.
    """
    found = Findings()
    _check_ground(item, document, found)
    if found.refusals:
        return found.outcome()
    spans = [(span.start, span.end) for span in item.content]
    language = item.language or document.language
    slots = read_slots(document.text, spans, language, dated=document.dated)
    row = passage_of(document.text, spans, language)
    _check_cuts(item, document.text, row, found)
    _check_frame(item, document.text, row, found)
    _check_polarity(item, slots, found)
    _check_numbers(item, slots, row, found)
    _check_times(item, slots, row, found)
    _check_tone(item, slots, found)
    _check_condition(item, slots, found)
    _check_reach(item, slots, found)
    for reason in check_actors(item, _about(item, slots, row), document, resolve, mentions):
        found.doubt(reason.text) if reason.is_open else found.refuse(reason.text)
    return found.outcome()


def _about(item: Item, slots: Slots, row: Passage) -> Passage:
    """The words that say who has to act: of a condition its own clause."""
    clauses = [c.clause for c in slots.conditions if not c.outside]
    if item.kind is not Kind.CONDITION or not clauses:
        return row
    return passage_of(row.text, clauses, row.language)


def _check_ground(item: Item, document: Document, found: Findings) -> None:
    """Every span holds the words that stand there, whole words, of this very document."""
    if item.document != document.sha256:
        found.refuse(f"drafted from another document ({item.document[:12]}…)")
        return
    text = document.text
    for name, span in item.spans():
        if span.end > len(text) or text[span.start : span.end] != span.text:
            held = text[span.start : span.end]
            found.refuse(f"{name}: the source says {held[:60]!r}, not {span.text[:60]!r}")
        elif name.startswith("content") and _splits_word(text, span):
            found.refuse(f"{name}: the span begins or ends within a word")


def _splits_word(text: str, span: Span) -> bool:
    left = text[span.start - 1 : span.start].isalnum() and span.text[0].isalnum()
    right = text[span.end : span.end + 1].isalnum() and span.text[-1].isalnum()
    return left or right


def _check_cuts(item: Item, text: str, row: Passage, found: Findings) -> None:
    """No span ends just before, or starts just after, a word that turns or weakens it."""
    others = [(s.start, s.end) for name, s in item.spans() if not name.startswith("content")]
    hedged = [(s.start, s.end) for s in item.hedges]
    has_verb = row.finite(0, len(row.tokens)) is not None
    bare = item.kind in DENYING and not has_verb and _shares_clause(item, text)
    for margin in margins(text, row.spans, row.language, others):
        beside = passage_of(text, [(margin.start, margin.end)], row.language)
        say = found.doubt if margin.is_joined else found.refuse
        for hit in beside.hits("negation", "main", "near", "without"):
            if hit.value == "without" and not _opens_without(margin, hit.last, beside):
                continue
            if not bare:
                say(f"cut off from its negation {text[hit.start : hit.end]!r}")
        for hit in beside.hits("hedge", "word"):
            if not any(a <= hit.start and hit.end <= b for a, b in hedged):
                say(f"cut off from its hedge {text[hit.start : hit.end]!r}")
        if not margin.is_joined:
            _check_edge(margin, row, beside, found)


def _check_edge(margin: Margin, row: Passage, beside: Passage, found: Findings) -> None:
    """A span is a whole clause, or what its frame leaves over."""
    words = row.text[margin.start : margin.end].strip()
    if not any(word[0].isalpha() for word in beside.words):
        return
    if margin.is_left:
        for word in _narrowing(beside):
            found.doubt(f"left out before it: {word!r}")
        if not margin.is_framed:
            found.doubt(f"the clause begins before: {words[-60:]!r}")
    elif row.finite(0, len(row.tokens)) is None:
        before = frame_before(row.text, row.spans[0][0], row.language)
        goes_on = before is not None and before[1]
        if goes_on or beside.finite(0, len(beside.tokens)) is not None:
            found.doubt(f"the clause goes on: {words[:60]!r}")
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


def _shares_clause(item: Item, text: str) -> bool:
    """Whether the content is part of the clause of its cue: "bestätigte die Angriffe nicht"."""
    start, end = item.content[0].start, item.content[-1].end
    for cue in item.cue.spans:
        between = (cue.end, start) if cue.end <= start else (end, cue.start)
        if not BOUNDARY.search(text, *between):
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


def _check_frame(item: Item, text: str, row: Passage, found: Findings) -> None:
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
    for cue in item.cue.spans:
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


def _check_polarity(item: Item, slots: Slots, found: Findings) -> None:
    if item.polarity is slots.polarity:
        return
    says = f"polarity {item.polarity.value}, the words say {slots.polarity.value}"
    negations = ", ".join(span.text for span in slots.negations)
    if negations:
        says += f" ({negations})"
    is_open = not slots.is_sure or (item.kind in DENYING and item.polarity is Polarity.NEGATED)
    found.doubt(says) if is_open else found.refuse(says)


def _check_numbers(item: Item, slots: Slots, row: Passage, found: Findings) -> None:
    """Every number stands there as it is said to; none is left out."""
    for number in item.numbers:
        held = _number_at(number, slots.numbers)
        if held is None:
            values = _values_at(row, number.span)
            if number.value not in values:
                found.refuse(f"number {number.value:g}: the words are {number.span.text!r}")
            continue
        if held.value != number.value:
            found.refuse(f"number {number.value:g}, the words say {held.value:g}")
        if _straddles(row, number.span):
            found.doubt(f"the span cuts off how exactly {number.value:g} is meant")
        if held.qualifier != number.qualifier:
            found.doubt(f"number {number.value:g}: {number.qualifier}, read as {held.qualifier}")
        if number.unit and number.unit.casefold() not in _after(row, number.span):
            found.doubt(f"number {number.value:g} does not count {number.unit!r}")
    for held in slots.numbers:
        if _number_at(held, item.numbers) is None:
            found.doubt(f"left out: the number {held.span.text!r}")


def _straddles(row: Passage, span: Span) -> bool:
    """Whether a word before a number ("mehr als") lies half outside of the content."""
    around = passage_of(row.text, [(max(0, span.start - 40), span.end)], row.language)
    starts = {start for start, _ in row.spans}
    return any(
        hit.start < start < hit.end and hit.end <= span.start
        for hit in around.hits("qualifier")
        for start in starts
    )


def _number_at(number: Number, among: Iterable[Number]) -> Number | None:
    for one in among:
        if one.span.start < number.span.end and number.span.start < one.span.end:
            return one
    return None


def _values_at(row: Passage, span: Span) -> set[float]:
    """Values of the numerals in a span of the content, those of dates and durations too."""
    if not any(a <= span.start and span.end <= b for a, b in row.spans):
        return set()
    beside = passage_of(row.text, [(span.start, span.end)], row.language)
    return {numeral.value for numeral in read_numerals(beside)}


def _after(row: Passage, span: Span) -> str:
    """The words around a number, in small letters."""
    return row.text[max(0, span.start - 20) : span.end + 60].casefold()


def _check_times(item: Item, slots: Slots, row: Passage, found: Findings) -> None:
    said, read = item.time, slots.time
    if said.duration != read.duration:
        lengths = {one.iso for one in read_durations(row, read_numerals(row))}
        says = f"duration {said.duration}, the words say {read.duration}"
        is_open = said.duration is None or said.duration in lengths
        found.doubt(says) if is_open else found.refuse(says)
    if said.deadline != read.deadline:
        found.doubt(f"deadline {said.deadline}, read as {read.deadline}")
    if said.effective != read.effective:
        found.doubt(f"effective {said.effective}, read as {read.effective}")


def _check_tone(item: Item, slots: Slots, found: Findings) -> None:
    """Modal, hedges, and the moods that are no statement."""
    if item.modality is not slots.modality:
        found.doubt(f"modality {item.modality.value}, read as {slots.modality.value}")
    if item.mood is not slots.mood and {item.mood, slots.mood} & MARKED_MOODS:
        found.doubt(f"mood {item.mood.value}, read as {slots.mood.value}")
    for one in _missing(slots.hedges, item.hedges):
        found.doubt(f"left out: the hedge {one.text!r}")
    for one in _missing(item.hedges, slots.hedges):
        found.doubt(f"no hedge of this clause: {one.text!r}")


def _missing(spans: Sequence[Span], among: Sequence[Span]) -> Iterator[Span]:
    """Spans that none of the others overlaps."""
    for span in spans:
        if not any(span.start < one.end and one.start < span.end for one in among):
            yield span


def _check_condition(item: Item, slots: Slots, found: Findings) -> None:
    said, read = item.conditionality, slots.conditionality
    start = item.content[0].start
    is_itself = all(c.outside or c.cue[0] - start <= 4 for c in slots.conditions)
    if item.kind is Kind.CONDITION and said.type == "none" and is_itself:
        return
    if said.type != read.type:
        words = ", ".join(span.text for span in (said.spans or read.spans))
        found.doubt(f"condition {said.type}, read as {read.type} ({words})")


def _check_reach(item: Item, slots: Slots, found: Findings) -> None:
    """Reciprocity, object classes, acts, means and limits."""
    if item.reciprocity is not slots.reciprocity:
        found.doubt(f"reciprocity {item.reciprocity.value}, read as {slots.reciprocity.value}")
    pairs: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
        ("object classes", item.object_classes, slots.object_classes),
        ("acts", item.scope.acts, slots.scope.acts),
        ("means", item.scope.means, slots.scope.means),
    ]
    for name, said, read in pairs:
        if set(said) != set(read):
            found.doubt(f"{name} {', '.join(said) or 'none'}, read as {', '.join(read) or 'none'}")
    for one in _missing(slots.scope.limits, item.scope.limits):
        found.doubt(f"left out: the limit {one.text!r}")
    if slots.status not in ("not_checked", item.status):
        found.doubt(f"status {item.status}, read as {slots.status}")
