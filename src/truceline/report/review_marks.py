"""A text cut where spans start and end, so that nested and overlapping ones can all be shown.

Text is untrusted: what steers the order of letters, or cannot be seen, is shown by its number.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from truceline.domain.words import Item, Kind

ROLES = ("content", "speaker", "cue", "condition", "hedge")
"""What a span can be on the page, most frequent first."""

ROLE_OF = (
    (re.compile(r"content\[.*"), "content"),
    (re.compile(r"speaker\.spans.*|chain\[\d+\]\.spans.*"), "speaker"),
    (re.compile(r"cue\.spans.*|chain\[\d+\]\.cue.*"), "cue"),
    (re.compile(r"conditionality\.spans.*"), "condition"),
    (re.compile(r"hedges.*"), "hedge"),
)

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of characters without a sign of their own."""

ODD = re.compile(r"[^\n\r\t -~]")
"""What has to be looked at: neither a plain character nor a blank that a page may hold."""


@dataclass(frozen=True)
class Mark:
    """A span of an item in a role; ``label`` is how the page calls the item."""

    start: int
    end: int
    role: str
    label: str


@dataclass(frozen=True)
class Piece:
    """A stretch of text with all marks that cover it, and the items whose content starts here."""

    start: int
    runs: tuple[tuple[str, bool], ...]
    """Text, and whether it is the number of a character that cannot be seen."""
    roles: tuple[str, ...]
    by_role: Mapping[str, tuple[str, ...]]
    """Labels of items by role; of contents the shortest first."""
    begins: tuple[str, ...]

    @property
    def depth(self) -> int:
        """Contents of items that cover the stretch; 3 stands for more."""
        return min(3, len(self.by_role.get("content", ())))

    @property
    def labels(self) -> str:
        """Labels of all items that the stretch belongs to, innermost content first."""
        return " ".join(dict.fromkeys(n for role in ROLES for n in self.by_role.get(role, ())))


def marks_of(item: Item, label: str) -> Iterator[Mark]:
    """Spans of an item that the page shows."""
    for path, span in item.spans():
        role = next((role for form, role in ROLE_OF if form.fullmatch(path)), None)
        if role:
            yield Mark(span.start, span.end, role, label)
            if role == "content" and item.kind is Kind.CONDITION:
                yield Mark(span.start, span.end, "condition", label)


def pieces(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """The whole text in pieces, each of which no mark starts or ends inside.

    >>> [(p.start, p.runs[0][0], p.roles) for p in
    ...  pieces("abcd", [Mark(0, 3, "content", "1"), Mark(1, 2, "cue", "2")])]
    [(0, 'a', ('content',)), (1, 'b', ('content', 'cue')), (2, 'c', ('content',)), (3, 'd', ())]
    """
    starting: dict[int, list[Mark]] = defaultdict(list)
    ending: dict[int, list[Mark]] = defaultdict(list)
    begun: set[str] = set()
    begins: dict[int, list[str]] = defaultdict(list)
    for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
        starting[mark.start].append(mark)
        ending[mark.end].append(mark)
        if mark.role == "content" and mark.label not in begun:
            begun.add(mark.label)
            begins[mark.start].append(mark.label)
    active: list[Mark] = []
    found = []
    edges = sorted({0, len(text), *starting, *ending})
    for start, end in pairwise(edges):
        active = [mark for mark in active if mark.end != start] + starting[start]
        found.append(_piece(text[start:end], start, active, begins.get(start, [])))
    return found


def _piece(text: str, start: int, active: list[Mark], begins: list[str]) -> Piece:
    by_role: dict[str, list[str]] = {}
    for mark in sorted(active, key=lambda m: m.end - m.start):
        by_role.setdefault(mark.role, []).append(mark.label)
    return Piece(
        start=start,
        runs=tuple(visible(text)),
        roles=tuple(role for role in ROLES if role in by_role),
        by_role={role: tuple(dict.fromkeys(labels)) for role, labels in by_role.items()},
        begins=tuple(begins),
    )


def visible(text: str) -> Iterator[tuple[str, bool]]:
    r"""Runs of a text; a character that cannot be seen is a run of its own, as its number.

    >>> list(visible("a\u202eb\n"))
    [('a', False), ('U+202E', True), ('b\n', False)]
    """
    start = 0
    for found in ODD.finditer(text):
        if unicodedata.category(found[0]) in HIDDEN:
            if start < found.start():
                yield text[start : found.start()], False
            yield f"U+{ord(found[0]):04X}", True
            start = found.end()
    if start < len(text):
        yield text[start:], False
