"""Conditions: their type, the words that make them, and the clause that is the condition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal, cast

from truceline.words.found import Stretch
from truceline.words.slots.lexicon import Hit
from truceline.words.slots.passage import QUOTING, Passage

ConditionType = Literal["none", "if", "unless", "only_if", "provided", "until", "as_long_as"]

LOOK = 300
"""Code points around a content in which a condition that hangs on it is looked for."""
INVERTED = {"de": frozenset({"sollte", "sollten"}), "en": frozenset({"should", "were", "had"})}
"""Finite verbs that open a condition without a conjunction, at the beginning of a sentence."""
ONLY_THEN = {("nur", "dann"), ("erst", "dann"), ("only", "then")}
ONLY = frozenset({"nur", "erst", "only"})
UNTIL = {"de": "bis", "en": "until", "ru": "пока", "uk": "поки"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: ``cue`` the words that make it one, ``clause`` what has to be the case."""

    type: ConditionType
    cue: Stretch
    clause: Stretch
    outside: bool = False
    """It stands beside the content, not in it."""

    @property
    def whole(self) -> Stretch:
        """Cue and clause together."""
        return min(self.cue[0], self.clause[0]), max(self.cue[1], self.clause[1])


def read_conditions(
    row: Passage, *, is_clause: bool = False, before: Sequence[str] = ()
) -> list[Condition]:
    """Conditions inside a passage; ``is_clause``: it is one clause, cut off at its comma;
    ``before`` are words that go before it.

    >>> from truceline.words.slots.passage import passage_of
    >>> text = "Man halte still, sofern Kiew zustimme, und warte."
    >>> [(c.type, text[slice(*c.clause)]) for c in read_conditions(
    ...     passage_of(text, [(0, len(text))], "de"))]
    [('provided', 'Kiew zustimme')]
    """
    found = [
        c for hit in row.hits("condition") if (c := _condition(row, _narrowed(row, hit, before)))
    ]
    if not found:
        found = [c for hit in _inverted(row, 1 if is_clause else 2) if (c := _condition(row, hit))]
    found += [c for hit in _untils(row) if (c := _condition(row, hit))]
    return sorted(found, key=lambda c: c.cue)


def _condition(row: Passage, hit: Hit) -> Condition | None:
    """The clause after a cue; of an inverted one the verb belongs to it."""
    first = hit.first if hit.family == "inverted" else hit.last
    while first < len(row.tokens) and row.tokens[first].text in ",:":
        first += 1
    if first >= len(row.tokens):
        return _going_on(row, hit)
    segment = row.segment_at(first)
    last = segment.last
    while last - 1 > first and row.tokens[last - 1].text in QUOTING | {"."}:
        last -= 1
    clause = (row.tokens[first].start, row.tokens[last - 1].end)
    return Condition(cast(ConditionType, hit.value), (hit.start, hit.end), clause)


def _going_on(row: Passage, hit: Hit) -> Condition | None:
    """A condition that begins with the last words of the content: its clause comes after."""
    after = _beside()[0].match(row.text, hit.end, min(len(row.text), hit.end + LOOK))
    if after is None or not after["clause"].strip():
        return None
    clause = after.span("clause")
    return Condition(cast(ConditionType, hit.value), (hit.start, hit.end), clause, outside=True)


def _narrowed(row: Passage, hit: Hit, earlier: Sequence[str] = ()) -> Hit:
    """ "nur dann ..., wenn", "nur bereit, wenn": the first half stands in the clause before."""
    before = (*earlier, *row.words[: hit.first])[-14:]
    pairs = {*pairwise(before)}
    close = before[-4:] if earlier or before[-1:] == (",",) else ()
    if hit.value == "if" and (pairs & ONLY_THEN or ONLY.intersection(close)):
        return replace(hit, value="only_if")
    return hit


def _inverted(row: Passage, least: int) -> list[Hit]:
    """ "Sollte Kiew zustimmen, ...": the finite verb first, and a main clause after it."""
    openers = INVERTED.get(row.language, frozenset())
    if not row.words or row.words[0] not in openers or len(row.segments) < least:
        return []
    token = row.tokens[0]
    return [Hit("inverted", "if", token.start, token.end, 0, 1)]


def _untils(row: Passage) -> list[Hit]:
    """ "bis" and "until" before a clause, not before a date or number."""
    word = UNTIL.get(row.language, "")
    found = []
    for n, held in enumerate(row.words):
        if held != word or n + 2 >= len(row.words):
            continue
        segment = row.segment_at(n)
        opens = n == segment.first or row.language == "en"
        opens = opens and not _is_day(row, row.words[n + 1])
        if opens and row.finite(n + 1, segment.last) is not None:
            token = row.tokens[n]
            found.append(Hit("condition", "until", token.start, token.end, n, n + 1))
    return found


def _is_day(row: Passage, word: str) -> bool:
    calendar = row.lexicon.tables["calendar"]
    worded = calendar["worded"].replace("|", " ")
    named = calendar["weekdays"], calendar["months"], calendar["parts_of_month"], worded
    known = {*calendar["days"], *" ".join(named).split(), *row.lexicon.words("calendar", "fillers")}
    return word[0].isdigit() or word in known | {"zu", "mitternacht", "midnight"}


@cache
def _beside() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A clause that follows, and one that goes before, up to its comma."""
    after = re.compile(
        r"[“”\"»«’]?\s*(?:[,–—]\s*)?(?P<clause>[^,.;:!?\n„“”\"»«()–—]+"
        r"(?:,\s*(?:dass|that|wenn|что|що)\b[^,.;:!?\n]+|(?<=es sei denn),\s*[^,.;:!?\n]+)?)"
    )
    before = re.compile(r"(?:^|(?<=[.;:!?\n„“\"»«–—]))\s*(?P<clause>[^.;:!?\n„“”\"»«–—]+?)\s*,\s*$")
    return after, before


def neighbours(text: str, spans: list[Stretch]) -> list[Stretch]:
    """The clause right after a content, the one before it in its sentence, those in its gaps."""
    after, before = _beside()
    found = [(a, b) for (_, a), (b, _) in pairwise(spans)]
    found = [gap for one in found if (gap := _bare(text, *one))]
    start, end = spans[0][0], spans[-1][1]
    window = text[max(0, start - LOOK) : start]
    left = before.search(window) if window.rstrip().endswith(",") else None
    if left:
        offset = max(0, start - LOOK)
        found.append((left.start("clause") + offset, left.end("clause") + offset))
    right = after.match(text, end, min(len(text), end + LOOK))
    if right and right["clause"].strip():
        found.append((right.start("clause"), right.end("clause")))
    return found


def _bare(text: str, start: int, end: int) -> Stretch | None:
    """A stretch without marks and blanks at its edges; None where nothing is left."""
    words = text[start:end]
    lead = len(words) - len(words.lstrip(" ,–—(\n"))
    tail = len(words) - len(words.rstrip(" ,–—)\n"))
    return (start + lead, end - tail) if lead + tail < len(words) else None
