"""A text cut into paragraphs, sentences and tokens; nothing is changed, all offsets stay."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

import sentencex

from truceline.words.quotes import Quote, find_quotes

TOKEN = re.compile(
    r"\d+(?:[.,:]\d+)*\.?(?=\s+[A-ZÄÖÜ]\w)|\d+(?:[.,:/]\d+)*"
    r"|(?:[A-Za-zÄÖÜäöü]\.){2,}"
    r"|\w+(?:[-’'‑]\w+)*-?|\.{3}|…|\S"
)
DAY_BEFORE = re.compile(
    r"\b(?:[Vv]om|[Aa]m|[Zz]um|[Dd]em|[Dd]en|[Dd]er|[Dd]es|[Aa]b|[Bb]is|[Ss]eit|[Ii]m)\s+\d{1,2}\.\s*$"
)
"""An ordinal: "am 18." does not end a sentence."""

PARAGRAPH = re.compile(r"[^\n\r]+(?:\r?\n(?![\r\n])(?=[a-zäöüß0-9(])[^\n\r]+)*")
"""A line, and lines that go on in lower case (hard-wrapped text)."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark with its place."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its place, its tokens (``first`` up to ``last``, exclusive), its paragraph."""

    start: int
    end: int
    first: int
    last: int
    paragraph: int


@dataclass(frozen=True)
class Parsed:
    """A text with its cuts."""

    text: str
    language: str
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    paragraphs: tuple[tuple[int, int], ...]
    quotes: tuple[Quote, ...]
    starts: tuple[int, ...]
    memo: dict[tuple[int, int], tuple[object, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )
    """Parts of stretches of tokens that were asked for before."""

    def tokens_of(self, sentence: Sentence) -> tuple[Token, ...]:
        """Tokens of a sentence."""
        return self.tokens[sentence.first : sentence.last]

    def tokens_in(self, start: int, end: int) -> tuple[Token, ...]:
        """Tokens that lie wholly within a stretch."""
        first = bisect_left(self.starts, start)
        last = bisect_right(self.starts, end)
        return tuple(t for t in self.tokens[first:last] if t.end <= end)


def parse(text: str, language: str, start: int = 0, end: int | None = None) -> Parsed:
    """Cut a text, or a stretch of whole paragraphs.

    A sentence never crosses a paragraph, and one in quotation marks stands alone.

    >>> cut = parse("Das gilt ab dem 18. März. „Wir warten. Noch“, sagte er.", "de")
    >>> [cut.text[s.start:s.end] for s in cut.sentences]
    ['Das gilt ab dem 18. März.', '„Wir warten.', 'Noch“, sagte er.']
    >>> [t.text for t in cut.tokens_of(cut.sentences[0])]
    ['Das', 'gilt', 'ab', 'dem', '18.', 'März', '.']
    """
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    paragraphs: list[tuple[int, int]] = []
    quotes: list[Quote] = []
    for found in PARAGRAPH.finditer(text, start, len(text) if end is None else end):
        start, end = found.span()
        if not text[start:end].strip():
            continue
        inside = find_quotes(text, start, end)
        quotes += inside
        for begin, stop in _sentences(text, start, end, language, inside):
            first = len(tokens)
            tokens += [Token(m.start(), m.end(), m[0]) for m in TOKEN.finditer(text, begin, stop)]
            if len(tokens) > first:
                sentences.append(Sentence(begin, stop, first, len(tokens), len(paragraphs)))
        paragraphs.append((start, end))
    return Parsed(
        text,
        language,
        tuple(tokens),
        tuple(sentences),
        tuple(paragraphs),
        tuple(quotes),
        tuple(t.start for t in tokens),
    )


BEFORE_NUMBER = re.compile(r"""(?:[a-zäöüß]{3}|[”“"»)])[.!?][”“"»]?(\s+)(?=\d)""")
"""A sentence end before a sentence that opens with a number, which the library does not cut."""
SHORTENED = re.compile(
    r"\b(?:etwa|bzw|vgl|usw|evtl|max|min|mind|Abs|Art|Bd|Jan|Feb|Aug|Sept|Okt|Nov|Dez|Mio|Mrd|Tel|Kap|Ziff"
    r"|Nrn?|zzgl|inkl|approx|Sec|Fig|Vol|Oct|Dec|Apr|Jun|Jul|Mar|pp|vol|nos?|ver|vers|geb|gest|insg|Str|gem)\.$"
)


def _sentences(
    text: str, start: int, end: int, language: str, quotes: list[Quote]
) -> list[tuple[int, int]]:
    """Sentences of a paragraph; the library keeps quotations whole, so these are cut again."""
    stretch = text[start:end]
    cuts = {start, end}
    for found in sentencex.get_sentence_boundaries(language, stretch):
        cuts.add(start + found["start_index"])
    for quote in quotes:
        for found in sentencex.get_sentence_boundaries(language, text[quote.start : quote.end]):
            if found["start_index"] > 0:
                cuts.add(quote.start + found["start_index"])
    for space in BEFORE_NUMBER.finditer(stretch):
        if not SHORTENED.search(stretch, max(0, space.start(1) - 8), space.start(1)):
            cuts.add(start + space.end(1))
    cuts -= {c for c in cuts if start < c < end and DAY_BEFORE.search(text, max(start, c - 24), c)}
    edges = sorted(cuts)
    trimmed = []
    for begin, stop in pairwise(edges):
        piece = text[begin:stop]
        left = begin + len(piece) - len(piece.lstrip())
        right = stop - (len(piece) - len(piece.rstrip()))
        if left < right:
            trimmed.append((left, right))
    return trimmed
