"""A document cut into its head and the entries of its list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from truceline.words.found import Stretch

BULLET = re.compile(
    r"(?:^|\n)[ \t]*(?:[-–—•·‣●■►*◦▫▪◾◽🔹🔸➡]\ufe0f?|\(?\d{1,2}[.)]|[a-zа-яіїєґ]\))[ \t]+(?=\S)"
    r"|[▫▪◾◽🔹🔸•]\ufe0f?\s+(?=\S)"
)
"""A mark that opens an entry: at the start of a line, or one of a kind that stands nowhere else."""
HEADING = re.compile(r"[^\n:]{2,60}:")
"""A line that names a region or a day for the entries below it."""
LINE = re.compile(r"[^\n\r]+")
BLANK = re.compile(r"\n[ \t]*\r?\n")


@dataclass(frozen=True)
class Cut:
    """Stretches of a document: lines before the list, then its entries without their marks."""

    head: tuple[Stretch, ...]
    entries: tuple[Stretch, ...]
    marked: bool
    """Whether marks open the entries; else each paragraph after the first lines is one."""
    over: tuple[Stretch | None, ...] = ()
    """For each entry the heading that it stands under: a line of its own that ends in a colon."""


def cut(text: str) -> Cut:
    """Cut a document into head and entries.

    >>> text = "Liste\\n\\n- Eins.\\n- Zwei,\\n  lang.\\n\\nSchluss."
    >>> [text[a:b] for a, b in cut(text).entries]
    ['Eins.', 'Zwei,\\n  lang.', 'Schluss.']
    """
    marks = list(BULLET.finditer(text))
    if not marks:
        lines = [m.span() for m in LINE.finditer(text) if m[0].strip()]
        return Cut(tuple(lines), tuple(_trimmed(text, *line) for line in lines), False)
    head = tuple(m.span() for m in LINE.finditer(text, 0, marks[0].start()) if m[0].strip())
    entries: list[Stretch] = []
    for n, mark in enumerate(marks):
        end = marks[n + 1].start() if n + 1 < len(marks) else len(text)
        start = mark.end()
        for gap in BLANK.finditer(text, start, end):
            entries.append((start, gap.start()))
            start = gap.end()
        entries.append((start, end))
    return _under_headings(text, head, entries)


def _under_headings(text: str, head: tuple[Stretch, ...], entries: list[Stretch]) -> Cut:
    """Entries with the headings between them, which stand at the end of the one before."""
    under = head[-1] if len(head) > 1 and HEADING.fullmatch(text, *head[-1]) else None
    kept: list[Stretch] = []
    over: list[Stretch | None] = []
    for start, end in (_trimmed(text, *entry) for entry in entries):
        last = max(start, text.rfind("\n", start, end) + 1)
        following = (last, end) if HEADING.fullmatch(text, last, end) else None
        stop = _trimmed(text, start, last)[1] if following else end
        if start < stop:
            kept.append((start, stop))
            over.append(under)
        under = following or under
    return Cut(head, tuple(kept), True, tuple(over))


def _trimmed(text: str, start: int, end: int) -> Stretch:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    return left, max(left, end - (len(piece) - len(piece.rstrip())))
