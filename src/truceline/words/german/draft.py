"""Reported speech in the making: stretches as numbers of words of one unit."""

from __future__ import annotations

from dataclasses import dataclass, field

from truceline.words.german.clauses import Unit
from truceline.words.german.speakers import Phrase

Range = tuple[int, int]


@dataclass
class Draft:
    """Reported speech in numbers of words of one unit."""

    content: list[Range]
    rule: str
    style: str = "indirect"
    speaker: Phrase | None = None
    cue: tuple[int, ...] = ()
    lemma: str = ""
    frame: list[Range] = field(default_factory=list)
    addressee: Phrase | None = None
    via: Phrase | None = None
    """Who passes the words on: the speaker is quoted by this one."""
    passive: bool = False
    groups: frozenset[str] = frozenset()


def sentence_end(unit: Unit, n: int) -> int:
    """Index of the mark that ends the sentence of a word, or of the word behind it."""
    stop = unit.sentence_stop(n)
    return stop - 1 if stop - 1 > n and unit.words[stop - 1].text in ".!?…" else stop


def trim(unit: Unit, first: int, last: int) -> Range | None:
    """Without the marks at its ends."""
    while first < last and unit.words[first].text in ",;:–—-.!?…":
        first += 1
    while last > first and unit.words[last - 1].text in ",;:–—-.!?…":
        last -= 1
    return (first, last) if first < last else None
