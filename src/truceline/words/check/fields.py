"""Whether the fields of an item are those that its words have when they are read again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from truceline.domain.words import Item, Kind, Mood, Number, Polarity, Span
from truceline.words.check.findings import DENYING, Findings
from truceline.words.slots import Slots
from truceline.words.slots.numbers import read_numerals
from truceline.words.slots.passage import Passage, passage_of
from truceline.words.slots.times import read_durations

HOURS = {"PTH": 1, "PD": 24, "PW": 168}
MARKED_MOODS = frozenset({Mood.INTERROGATIVE, Mood.IMPERATIVE})


def check_fields(item: Item, slots: Slots, row: Passage, found: Findings) -> None:
    """Every field that the words decide."""
    _check_polarity(item, slots, found)
    _check_numbers(item, slots, row, found)
    _check_times(item, slots, row, found)
    _check_tone(item, slots, found)
    _check_condition(item, slots, found)
    _check_reach(item, slots, found)


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
                say = found.refuse if values else found.doubt
                say(f"number {number.value:g}: the words are {number.span.text!r}")
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
        is_open = said.duration is None or not lengths or bool(_same(said.duration, lengths))
        found.doubt(says) if is_open else found.refuse(says)
    if said.deadline != read.deadline:
        found.doubt(f"deadline {said.deadline}, read as {read.deadline}")
    if said.effective != read.effective:
        found.doubt(f"effective {said.effective}, read as {read.effective}")


def _same(duration: str, lengths: Iterable[str]) -> list[str]:
    """Lengths that are as long as a duration: a day is 24 hours, a week seven days.

    >>> _same("P1D", ["PT24H", "P1M"])
    ['PT24H']
    """

    def measure(iso: str) -> tuple[float, str]:
        found = re.fullmatch(r"(PT?)(\d+(?:\.\d+)?)([A-Z])", iso)
        if found is None:
            return 0.0, iso
        unit = found[1] + found[3]
        return float(found[2]) * HOURS.get(unit, 1), "hours" if unit in HOURS else unit

    return [length for length in lengths if measure(length) == measure(duration)]


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
    """The condition is there, and the frame is not a condition itself ("unless Kyiv agrees")."""
    for one in slots.conditions:
        if any(one.clause[0] <= s.start and s.end <= one.clause[1] for s in item.cue.spans):
            found.doubt("its frame is a condition, nothing is said yet")
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
