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
LINE = re.compile(r"[^\n\r]+")
BLANK = re.compile(r"\n[ \t]*\r?\n")


@dataclass(frozen=True)
class Cut:
    """Stretches of a document: lines before the list, then its entries without their marks."""

    head: tuple[Stretch, ...]
    entries: tuple[Stretch, ...]
    marked: bool
    """Whether marks open the entries; else each paragraph after the first lines is one."""


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
    held = (_trimmed(text, *entry) for entry in entries)
    return Cut(head, tuple(one for one in held if one[0] < one[1]), True)


def _trimmed(text: str, start: int, end: int) -> Stretch:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    return left, max(left, end - (len(piece) - len(piece.rstrip())))
