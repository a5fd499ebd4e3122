"""What stands beside a span in its own clause: where a quotation was cut, and what it lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from truceline.words.found import Stretch
from truceline.words.slots.passage import Passage, passage_of

REACH = 300
"""Code points to each side in which the clause is looked for."""

BOUNDARY = re.compile(
    r"[;:!?…–—()\n\r„“”\"»«]|,(?!\d)|(?<![\d.])\.(?=\s+[^\sa-zäöü\u0430-\u044f\u0451-\u0457\u0491]|\s*$|[“”\"»«])|\s-\s"
)

CLOSED = frozenset(';:!?…–—()„“”"»«,')
"""Marks that always end a clause, so that nothing before them has to be looked at."""

HANGING = frozenset(',:„“"»«')
"""Marks over which a clause can hang on the one before."""


@dataclass(frozen=True, slots=True)
class Margin:
    """A stretch right before (``is_left``) or after a span, still in its clause.

    ``is_joined``: "and" lies between it and the span, so that it may belong elsewhere.
    ``is_framed``: it begins or ends at a covered stretch, and so is part of the frame.
    """

    start: int
    end: int
    is_left: bool
    is_joined: bool = False
    is_framed: bool = False


def margins(
    text: str, spans: Sequence[Stretch], language: str, covered: Iterable[Stretch] = ()
) -> list[Margin]:
    """Margins of every span that has one; ``covered`` stretches (speaker, cue) end them.

    >>> text = "Russland greift Kraftwerke nicht an, hieß es."
    >>> [text[m.start:m.end] for m in margins(text, [(0, 26)], "de")]
    ['nicht an']
    """
    found = []
    held = sorted(covered)
    for n, (start, end) in enumerate(spans):
        low = spans[n - 1][1] if n else 0
        high = spans[n + 1][0] if n + 1 < len(spans) else len(text)
        left = _left(text, start, low, held)
        if text[left:start].strip():
            is_framed = any(stop == left for _, stop in held)
            found += _split(
                text, Margin(left, start, True, False, is_framed), (start, end), language
            )
        right = _right(text, end, high, held)
        if text[end:right].strip():
            is_framed = any(begin == right for begin, _ in held)
            found += _split(
                text, Margin(end, right, False, False, is_framed), (start, end), language
            )
    return found


def frame_before(text: str, start: int, language: str) -> tuple[Stretch, bool] | None:
    """The clause that a content hangs on, and whether a conjunction ("dass") introduces it.

    >>> text = "Er sagte nicht, dass Kiew zustimme."
    >>> (start, end), is_introduced = frame_before(text, 21, "de")
    >>> text[start:end], is_introduced
    ('Er sagte nicht', True)
    """
    end, is_introduced = start, False
    cuts = list(BOUNDARY.finditer(text, max(0, start - REACH), start))
    while True:
        low = cuts[-1].end() if cuts else max(0, start - REACH)
        row = passage_of(text, [(low, end)], language)
        openers = row.lexicon.words("clauses", "complementizers")
        while row.words and row.words[-1] in openers:
            is_introduced = True
            row = passage_of(text, [(low, row.tokens[-1].start)], language)
        if row.tokens:
            return (row.tokens[0].start, row.tokens[-1].end), is_introduced
        if not cuts or cuts[-1][0] not in HANGING:
            return None
        end = cuts.pop().start()


def clause_start(text: str, start: int) -> int:
    """Where the clause begins in which an offset lies, at the mark before it."""
    return _left(text, start, 0, ())


def _left(text: str, start: int, low: int, covered: Sequence[Stretch]) -> int:
    at = start
    while at > low and text[at - 1].isspace():
        at -= 1
    if at == low or text[at - 1] in CLOSED:
        return start
    at = max(low, start - REACH)
    for boundary in BOUNDARY.finditer(text, at, start):
        at = boundary.end()
    for _, end in covered:
        if at < end <= start:
            at = end
    return at


def _right(text: str, end: int, high: int, covered: Sequence[Stretch]) -> int:
    stop = min(high, end + REACH, len(text))
    boundary = BOUNDARY.search(text, end, min(stop + 2, len(text)))
    if boundary:
        stop = min(stop, boundary.start())
    for start, _ in covered:
        if end <= start < stop:
            stop = start
    return stop


def _split(text: str, margin: Margin, span: Stretch, language: str) -> list[Margin]:
    """The part of a margin that belongs to the span's own clause: what stands next to it, and
    apart from that what "and" joins to it.
    """
    row = passage_of(text, [(margin.start, margin.end)], language)
    first, last = _clause(row, margin.is_left, lambda: _has_predicate(text, span, language))
    if first >= last:
        return []
    coordinators = row.lexicon.words("clauses", "coordinators") - {"nor"}
    joints = [n for n in range(first, last) if row.words[n] in coordinators]
    is_whole = first == 0 if margin.is_left else last == len(row.tokens)
    if not joints:
        whole = _part(row, margin, first, last)
        return [replace(whole, is_framed=margin.is_framed and is_whole)]
    if margin.is_left:
        near, far = (joints[-1] + 1, last), (first, joints[-1] + 1)
    else:
        near, far = (first, joints[0]), (joints[0], last)
    parts = [replace(_part(row, margin, *far), is_joined=True, is_framed=False)]
    if near[0] < near[1]:
        parts.append(replace(_part(row, margin, *near), is_framed=False))
    return parts


def _part(row: Passage, margin: Margin, first: int, last: int) -> Margin:
    return replace(margin, start=row.tokens[first].start, end=row.tokens[last - 1].end)


def _clause(row: Passage, is_left: bool, has_predicate: Callable[[], bool]) -> tuple[int, int]:
    """Tokens of a margin up to the next conjunction, or to an "and" that joins whole clauses."""
    openers = row.lexicon.words("clauses", "subordinators")
    coordinators = row.lexicon.words("clauses", "coordinators") - {"nor"}
    first, last = 0, len(row.tokens)
    for n, word in enumerate(row.words):
        opens = word in openers and (row.language != "de" or (n == 0 and is_left))
        joins = word in coordinators
        if is_left:
            both = joins and has_predicate() and (n == 0 or row.finite(first, n) is not None)
            first = n + 1 if opens or both else first
        elif opens or (joins and _starts_clause(row, n + 1)):
            return first, n
    return first, last


def _has_predicate(text: str, span: Stretch, language: str) -> bool:
    row = passage_of(text, [span], language)
    return row.finite(0, len(row.tokens)) is not None


def _starts_clause(row: Passage, first: int) -> bool:
    return first < len(row.tokens) and row.finite(first, len(row.tokens)) is not None
