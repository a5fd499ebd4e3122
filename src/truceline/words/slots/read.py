"""Everything that can be read off the words of a content themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from truceline.domain.words import (
    Conditionality,
    Modality,
    Mood,
    Number,
    Polarity,
    Reciprocity,
    Scope,
    Span,
    Spans,
    Times,
)
from truceline.words.found import Stretch
from truceline.words.slots.conditions import Condition, neighbours, read_conditions
from truceline.words.slots.lexicon import Hit
from truceline.words.slots.margin import Margin, margins
from truceline.words.slots.numbers import (
    CLOCK,
    ORDINAL_ENDINGS,
    YEARS,
    Numeral,
    Qualifier,
    qualifier_of,
    read_numerals,
    unit_of,
)
from truceline.words.slots.passage import Passage, passage_of
from truceline.words.slots.polarity import read_polarity
from truceline.words.slots.things import read_things, status_of
from truceline.words.slots.times import When, read_times
from truceline.words.slots.tone import evidential, read_hedges, read_modality, read_mood


@dataclass(frozen=True)
class Slots:
    """What the words of a content say, in the shapes of an item's fields.

    ``is_sure`` is False where the polarity has another possible reading.  The spans of
    ``conditionality`` are the conditional clauses with their conjunction; ``conditions`` keeps
    conjunction and clause apart, so that a clause can become an item of its own.
    """

    polarity: Polarity
    is_sure: bool
    negations: Spans
    modality: Modality
    modals: Spans
    mood: Mood
    hedges: Spans
    numbers: tuple[Number, ...]
    conditionality: Conditionality
    conditions: tuple[Condition, ...]
    reciprocity: Reciprocity
    scope: Scope
    object_classes: tuple[str, ...]
    time: Times
    status: str


def read_slots(
    text: str, spans: Sequence[Stretch], language: str, *, dated: str | None = None
) -> Slots:
    """Slots of the content in some spans (code points, in order) of a text.

    Hedges of the clause around count as well, and a condition that stands right before or
    after the content.  ``dated`` is the day of the text (ISO 8601): relative dates start there.

    >>> text = "Moskau werde 30 Tage lang keine Raffinerien angreifen, sofern auch Kiew das tue."
    >>> slots = read_slots(text, [(0, len(text))], "de")
    >>> slots.polarity.value, slots.time.duration, slots.object_classes
    ('negated', 'P30D', ('refinery',))
    >>> slots.conditionality.type, slots.reciprocity.value
    ('provided', 'if_other')
    """
    return _read(text, tuple(spans), language, dated)


@lru_cache(maxsize=512)
def _read(text: str, spans: tuple[Stretch, ...], language: str, dated: str | None) -> Slots:
    """What an item is drafted from is read again by the checker a moment later."""
    row = passage_of(text, spans, language)
    beside = margins(text, spans, language)
    hearsay = [*evidential(row)]
    denied = read_polarity(row)
    numerals = read_numerals(row)
    times = read_times(row, numerals, date.fromisoformat(dated) if dated else None)
    conditions = _conditions(row)
    modality, modals = read_modality(row, hearsay, [c.whole for c in conditions])
    things = read_things(row)
    hedges = [*read_hedges(row, hearsay), *_hedges_beside(text, beside, language)]
    return Slots(
        polarity=denied.polarity,
        is_sure=denied.sure,
        negations=_cut(text, denied.words),
        modality=modality,
        modals=_cut(text, modals),
        mood=read_mood(row),
        hedges=_cut(text, sorted(hedges, key=lambda h: h.start)),
        numbers=_numbers(row, numerals, times),
        conditionality=_conditionality(text, conditions),
        conditions=tuple(conditions),
        reciprocity=_reciprocity(row),
        scope=Scope(
            acts=things["acts"],
            means=things["means"],
            places=things["places"],
            limits=_cut(text, row.hits("limit", "word")),
        ),
        object_classes=things["objects"],
        time=Times(
            duration=times.duration,
            deadline=times.deadline,
            effective=times.effective,
            spans=tuple(Span.cut(text, *s) for s in times.stretches),
        ),
        status=status_of(row),
    )


def _cut(text: str, hits: Iterable[Hit]) -> Spans:
    places = sorted({(hit.start, hit.end) for hit in hits})
    return tuple(Span.cut(text, start, end) for start, end in places)


def _hedges_beside(text: str, beside: Iterable[Margin], language: str) -> list[Hit]:
    """Hedges of the clause that stand outside of the spans."""
    found: list[Hit] = []
    for margin in beside:
        if margin.is_joined:
            continue
        row = passage_of(text, [(margin.start, margin.end)], language)
        found += read_hedges(row, ())
    return found


def _conditions(row: Passage) -> list[Condition]:
    """Conditions of the content, or else those beside it."""
    found = read_conditions(row)
    if found or not row.spans:
        return found
    for start, end in neighbours(row.text, list(row.spans)):
        beside = passage_of(row.text, [(start, end)], row.language)
        is_left = end <= row.spans[0][0]
        words = () if is_left else row.words
        for one in read_conditions(beside, is_clause=is_left, before=words):
            if one.cue[0] - start <= 4:
                found.append(Condition(one.type, one.cue, one.clause, outside=True))
    return found


def _conditionality(text: str, conditions: Sequence[Condition]) -> Conditionality:
    if not conditions:
        return Conditionality()
    clauses = tuple(Span.cut(text, *c.whole) for c in conditions)
    return Conditionality(type=conditions[0].type, spans=clauses)


def _reciprocity(row: Passage) -> Reciprocity:
    hits = row.lexicon.find("reciprocity", row.tokens, row.words)
    values = {hit.value for hit in hits}
    for value in (Reciprocity.IF_OTHER, Reciprocity.ONE_SIDED, Reciprocity.MUTUAL):
        if value.value in values:
            return value
    return Reciprocity.UNSTATED


def _numbers(row: Passage, numerals: Sequence[Numeral], times: When) -> tuple[Number, ...]:
    """Numbers that count something; those of dates, durations and clock times do not."""
    plain = [
        numeral
        for numeral in numerals
        if not numeral.is_article
        and times.taken.isdisjoint(range(numeral.first, numeral.last))
        and not _is_label(row, numeral)
    ]
    ranges = _ranges(row, plain)
    found = []
    for numeral in plain:
        fallback: Qualifier = ranges.get(numeral.first, "exact")
        place = row.tokens[numeral.first].start, row.tokens[numeral.last - 1].end
        found.append(
            Number(
                value=numeral.value,
                unit=unit_of(row, numeral),
                qualifier=qualifier_of(row, numeral, fallback),
                span=Span.cut(row.text, *place),
            )
        )
    return tuple(found)


def _is_label(row: Passage, numeral: Numeral) -> bool:
    """Ordinals, years, clock times, and a lone "one"."""
    first, last = numeral.first, numeral.last
    word = row.tokens[first].text
    after = row.words[last] if last < len(row.words) else ""
    near = row.words[last : last + 3]
    if CLOCK.intersection(near[:1]) or (len(near) > 2 and near[2] == "uhr"):
        return True
    if after in ORDINAL_ENDINGS:
        return True
    if word.endswith(".") or (word.isdigit() and len(word) == 4 and int(word) in YEARS):
        return (
            not after
            or word.endswith(".")
            or row.words[max(first - 1, 0)] in row.lexicon.words("numbers", "year_leads")
        )
    return row.words[first] == "one" and (
        not after or after in row.lexicon.words("numbers", "not_counted")
    )


def _ranges(row: Passage, numerals: Sequence[Numeral]) -> dict[int, Qualifier]:
    """The two ends of "10 bis 12", "10–12", "between 10 and 12"."""
    table = row.lexicon.tables["numbers"]
    marks = {"-", "–", table["range"]}
    found: dict[int, Qualifier] = {}
    for one, other in pairwise(numerals):
        if other.first != one.last + 1:
            continue
        between = row.words[one.last]
        pair = between == table["and"] and row.words[max(one.first - 1, 0)] == table["between"]
        if between in marks or pair:
            found[one.first], found[other.first] = "at_least", "at_most"
    return found
