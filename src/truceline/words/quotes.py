"""Quotation marks of all styles, matched within a paragraph."""

from __future__ import annotations

from dataclasses import dataclass

PAIRS = {
    "„": '“”‟"',
    "‚": "‘’'",
    "»": "«",
    "«": "»",
    "›": "‹",
    "‹": "›",
    "“": "”",
    "‘": "’",
    '"': '"',
}
"""Opening mark to its possible closing marks."""

DOUBLE = frozenset('„»«“"')
MARKS = frozenset('„“”‟"»«‚‘›‹')


@dataclass(frozen=True, slots=True)
class Quote:
    """A pair of quotation marks: ``start`` and ``end`` are the inside, the marks lie around it.

    ``closed`` is False where the paragraph ends first (a quotation that runs on into the next
    paragraph opens there again).
    """

    start: int
    end: int
    closed: bool

    @property
    def outer(self) -> tuple[int, int]:
        """With its marks."""
        return self.start - 1, self.end + self.closed


def find_quotes(text: str, start: int = 0, end: int | None = None) -> list[Quote]:
    """Outermost pairs of double marks within a stretch that is one paragraph.

    >>> [q.start for q in find_quotes('Er nannte es „gut“ und "sicher".')]
    [14, 24]
    >>> find_quotes('Er sagte: „Wir gehen nicht.')
    [Quote(start=11, end=27, closed=False)]
    """
    end = len(text) if end is None else end
    found: list[Quote] = []
    at = start
    while at < end:
        mark = text[at]
        if mark in DOUBLE and _opens(text, at, start):
            close = _closing(text, at, end)
            found.append(Quote(at + 1, end if close is None else close, close is not None))
            at = end if close is None else close
        at += 1
    return found


def _opens(text: str, at: int, start: int) -> bool:
    """Whether a mark can open: not glued to the end of a word, and a word follows."""
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return not before.isalnum() and not after.isspace()


def _closing(text: str, at: int, end: int) -> int | None:
    closing = PAIRS[text[at]]
    nested = 0
    for here in range(at + 1, end):
        mark = text[here]
        if mark in closing:
            if nested == 0:
                return here
            nested -= 1
        elif mark == text[at] and mark not in closing:
            nested += 1
    return None
