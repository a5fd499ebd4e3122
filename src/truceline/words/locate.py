"""Where a quotation stands in a text: word for word, up to typography; nothing is guessed.

Folded are quotation marks, dashes, blanks of all widths and line breaks, soft hyphens and other
marks of no width, ligatures, and composed letters (NFC).  A letter more or less is no match.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from truceline.words.found import Stretch

SINGLE = dict.fromkeys("\u201a\u2018\u2019\u201b\u2032`\u00b4\u02bc\u2039\u203a", "'")
DOUBLE = dict.fromkeys("„“”‟«»\u2033", '"')
DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
FOLDED = {**SINGLE, **DOUBLE, **DASHES, **LIGATURES, "…": "..."}
WIDTHLESS = "\u00ad\u200b\u200c\u200d\u2060\ufeff"

SPECIAL = re.compile(
    rf"(?P<blank>[{WIDTHLESS}]*\s[\s{WIDTHLESS}]*)"
    rf"|(?P<none>[{WIDTHLESS}]+)"
    rf"|(?P<mark>[{''.join(map(re.escape, FOLDED))}])"
    r"|(?P<composed>[^\W\d_][\u0300-\u036f]+)"
)


@dataclass(frozen=True)
class Folded:
    """A text with its typography levelled, and the way back to its own offsets.

    ``starts`` are offsets in ``text`` at which a piece begins, ``sources`` where the piece
    begins in the original, ``even`` whether its code points correspond one to one.
    """

    text: str
    starts: tuple[int, ...]
    sources: tuple[int, ...]
    even: tuple[bool, ...]

    def start(self, at: int) -> int:
        """Offset in the original of the code point at an offset of the folded text."""
        n = bisect_right(self.starts, at) - 1
        return self.sources[n] + (at - self.starts[n] if self.even[n] else 0)

    def end(self, at: int) -> int:
        """Offset in the original after the code point before an offset of the folded text."""
        n = bisect_right(self.starts, at - 1) - 1
        if self.even[n]:
            return self.sources[n] + at - self.starts[n]
        return self.sources[n + 1]


@lru_cache(maxsize=4)
def fold(text: str) -> Folded:
    """Level the typography of a text.

    >>> fold("„Ener\u00adgie“\u00a0– jetzt").text
    '"Energie" - jetzt'
    """
    pieces: list[str] = []
    starts: list[int] = []
    sources: list[int] = []
    even: list[bool] = []
    length = at = 0

    def add(piece: str, source: int, is_even: bool) -> None:
        nonlocal length
        starts.append(length)
        sources.append(source)
        even.append(is_even)
        pieces.append(piece)
        length += len(piece)

    for match in SPECIAL.finditer(text):
        if match[0] == " ":
            continue
        if match.start() > at:
            add(text[at : match.start()], at, True)
        at = match.end()
        add(_level(match), match.start(), False)
    if at < len(text):
        add(text[at:], at, True)
    add("", len(text), False)
    return Folded("".join(pieces), tuple(starts), tuple(sources), tuple(even))


def _level(match: re.Match[str]) -> str:
    if match["blank"]:
        return " "
    if match["none"]:
        return ""
    if match["mark"]:
        return FOLDED[match["mark"]]
    return unicodedata.normalize("NFC", match[0])


def locate(quote: str, text: str) -> list[Stretch]:
    """All places of a quotation in a text, as offsets of the text; none where it does not stand.

    A quotation begins and ends with whole words: "eine Anlage" is not found in "keine Anlage".

    >>> locate('die "Pause"', "Er nannte die „Pause“ kurz.")
    [(10, 21)]
    >>> locate("eine Anlage", "keine Anlage"), locate("", "keine Anlage")
    ([], [])
    """
    wanted = re.sub(r" +", " ", fold(unicodedata.normalize("NFC", quote)).text).strip()
    if not wanted:
        return []
    held = fold(text)
    found: list[Stretch] = []
    at = held.text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if _whole_words(held.text, at, end):
            found.append((held.start(at), held.end(end)))
        at = held.text.find(wanted, at + 1)
    return found


def _whole_words(text: str, start: int, end: int) -> bool:
    before = text[start - 1 : start].isalnum() and text[start].isalnum()
    after = text[end : end + 1].isalnum() and text[end - 1].isalnum()
    return not before and not after
