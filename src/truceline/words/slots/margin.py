"""What stands beside a span in its own clause: where a quotation was cut, and what it lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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

    ``is_joined``: it reaches over "and", so that what stands there may belong elsewhere.
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
    [' nicht an']
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
    """The part of a margin that belongs to the span's own clause."""
    row = passage_of(text, [(margin.start, margin.end)], language)
    if not row.tokens:
        return []
    openers = row.lexicon.words("clauses", "subordinators")
    coordinators = row.lexicon.words("clauses", "coordinators")
    first, last, is_joined = 0, len(row.tokens), False
    for n, word in enumerate(row.words):
        opens = word in openers and (language != "de" or (n == 0 and margin.is_left))
        joins = word in coordinators and word not in ("nor", "noch")
        if opens and margin.is_left:
            first = n + 1
        elif opens:
            last = n
            break
        elif joins and margin.is_left:
            if _has_predicate(text, span, language):
                first = n + 1
            else:
                is_joined = True
        elif joins and _starts_clause(row, n + 1):
            last = n
            break
        elif joins:
            is_joined = True
    if first >= last:
        return []
    start = row.tokens[first].start if first else margin.start
    end = row.tokens[last - 1].end if last < len(row.tokens) else margin.end
    is_framed = margin.is_framed and not (first if margin.is_left else last < len(row.tokens))
    return [Margin(start, end, margin.is_left, is_joined, is_framed)]


def _has_predicate(text: str, span: Stretch, language: str) -> bool:
    row = passage_of(text, [span], language)
    return row.finite(0, len(row.tokens)) is not None


def _starts_clause(row: Passage, first: int) -> bool:
    return first < len(row.tokens) and row.finite(first, len(row.tokens)) is not None
