"""The words of some spans as tokens and segments: the pieces between commas and other marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from truceline.words.clauses import finite_in
from truceline.words.found import Stretch
from truceline.words.quotes import MARKS
from truceline.words.slots.lexicon import Hit, Lexicon, lexicon, tokens_of
from truceline.words.tokens import Token

BREAKS = frozenset(",;:–—()!?…/")
INFINITIVE = re.compile(
    r"(?:ab|an|auf|aus|bei|durch|ein|fort|frei|her|hin|los|mit|nach|nieder|um|vor|weg|weiter|zurück|zusammen)zu\w+en"
)
QUOTING = MARKS | {"'"}


@dataclass(frozen=True, slots=True)
class Segment:
    """Tokens ``first`` up to ``last`` (exclusive) between two marks.

    ``hangs``: it depends on another one (a relative or other subordinate clause).
    """

    first: int
    last: int
    hangs: bool


@dataclass(frozen=True)
class Passage:
    """Tokens of some spans, in one row; a gap between two spans breaks like a comma."""

    text: str
    language: str
    lexicon: Lexicon
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    gaps: frozenset[int]
    """Indices of tokens that a new span begins with."""
    spans: tuple[Stretch, ...]

    @cached_property
    def grammar(self) -> list[Hit]:
        """Negations, hedges, modals, conditions, limits, qualifiers, words of time."""
        return self.lexicon.find("grammar", self.tokens, self.words)

    def hits(self, family: str, *values: str) -> list[Hit]:
        """Grammar words of one family, or of some of its values."""
        return [h for h in self.grammar if h.family == family and (not values or h.value in values)]

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Pieces between marks; the first one is never subordinate unless another is main."""
        pieces: list[tuple[int, int]] = []
        first = 0
        for n, token in enumerate(self.tokens):
            if n in self.gaps and n > first:
                pieces.append((first, n))
                first = n
            if self._breaks(n, token.text):
                if n > first:
                    pieces.append((first, n))
                first = n + 1
        if first < len(self.tokens):
            pieces.append((first, len(self.tokens)))
        marked = [Segment(a, b, self._hangs(a, b)) for a, b in pieces]
        if marked and all(s.hangs for s in marked):
            marked[0] = Segment(marked[0].first, marked[0].last, False)
        return tuple(marked)

    def _breaks(self, n: int, mark: str) -> bool:
        if mark in BREAKS:
            return True
        if mark == "-":
            return self._apart(n)
        if mark != ".":
            return False
        return n + 1 >= len(self.tokens) or self.tokens[n + 1].text[:1].isupper()

    def _apart(self, n: int) -> bool:
        """Whether a hyphen stands between blanks, as a dash."""
        start, end = self.tokens[n].start, self.tokens[n].end
        return self.text[start - 1 : start].isspace() and self.text[end : end + 1].isspace()

    def _hangs(self, first: int, last: int) -> bool:
        words, tables = self.words, self.lexicon
        coordinators = tables.words("clauses", "coordinators")
        at = first
        while at < last - 1 and (words[at] in QUOTING or words[at] in coordinators):
            at += 1
        word = words[at]
        if word in tables.words("clauses", "subordinators"):
            return first > 0 or word not in tables.words("clauses", "complementizers")
        if first == 0 or self.tokens[first - 1].text not in ",–—(":
            return False
        relatives = tables.words("clauses", "relatives")
        if word in relatives:
            return True
        after = words[at + 1] if at + 1 < last else ""
        return word in tables.words("clauses", "prepositions") and after in relatives

    def segment_at(self, token: int) -> Segment:
        """The segment that a token lies in; of a mark the one before it."""
        held = self.segments[0]
        for segment in self.segments:
            if segment.first > token:
                break
            held = segment
        return held

    def finite(self, first: int, last: int) -> int | None:
        """Index of the finite verb between two tokens, or None."""
        return finite_in(self.tokens, first, last, self.language)

    @property
    def is_infinitive(self) -> bool:
        """Whether the whole is an infinitive clause ("die Häfen zu öffnen")."""
        has_mark = "zu" in self.words or any(INFINITIVE.fullmatch(word) for word in self.words)
        return has_mark and self.finite(0, len(self.words)) is None

    @property
    def begins_with_verb(self) -> bool:
        """Whether the finite verb stands first, so that its subject may be outside."""
        return bool(self.words) and self.finite(0, len(self.words)) == 0


def passage_of(text: str, spans: Sequence[Stretch], language: str) -> Passage:
    """Tokens of some spans of a text, in order.

    >>> row = passage_of("Man habe, so der Sprecher, nicht gefeuert.", [(0, 8), (27, 41)], "de")
    >>> [(row.words[s.first], s.hangs) for s in row.segments]
    [('man', False), ('nicht', False)]
    """
    return _passage(text, tuple(spans), language)


@lru_cache(maxsize=512)
def _passage(text: str, spans: tuple[Stretch, ...], language: str) -> Passage:
    """The same stretch is read for several slots, and again by the checker."""
    tokens: list[Token] = []
    gaps: set[int] = set()
    for start, end in spans:
        if tokens:
            gaps.add(len(tokens))
        tokens += tokens_of(text, start, end)
    words = tuple(t.text.lower() for t in tokens)
    return Passage(text, language, lexicon(language), tuple(tokens), words, frozenset(gaps), spans)
