"""Contents that each have a predicate of their own, cut out of reported speech."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from truceline.words.clauses import parts_of
from truceline.words.drafts import after_dateline, trimmed
from truceline.words.found import Stretch
from truceline.words.tokens import Parsed

AGAIN = {
    "de": re.compile(r",?\s+(?:und|sowie|aber|oder)\s+(?=dass\s)|;\s"),
    "en": re.compile(r",?\s+(?:and|but|or)\s+(?=that\s)|;\s|,?\s+and\s+(?=(?:not )?to [a-z]+ )"),
}
AND_CLAUSE = re.compile(r"\W*(?:und|and|aber|but) (?:wir|ich|man|es|we|i|it|they|he|she)\b", re.I)
"""What goes on after a frame with a subject of its own is another content."""
CONDITION_WORD = re.compile(
    r"[^,.:;]{0,80}\b\w*(?:[Vv]oraussetzung|[Bb]edingung)\w*\b[^,.:;]{0,80}\b"
    r"(?:sei|ist|wäre|bleibe|bleibt),\s+dass\s+"
)
INFINITIVE = re.compile(
    r"\b(?:zu \w+n|(?:ab|an|auf|aus|ein|vor|zurück|bei|mit|nach|weg|fort|weiter|wieder|frei"
    r"|nieder)zu\w+n)\b"
)


def contents_of(parsed: Parsed, stretches: Sequence[Stretch]) -> list[tuple[Stretch, ...]]:
    """Contents that each have a predicate of their own; one that a frame interrupts stays one."""
    text, language = parsed.text, parsed.language
    found: list[tuple[Stretch, ...]] = []
    open_end: int | None = None
    for start, end in stretches:
        for n, (a, b) in enumerate(_split(parsed, start, end)):
            piece = trimmed(text, after_dateline(text, (a, b)), language)
            piece = _after_condition_word(text, piece) if piece else None
            if piece is None:
                continue
            joins = n == 0 and open_end is not None and not _new_sentence(parsed, open_end, a)
            joins = joins and not AND_CLAUSE.match(text, a, b)
            if joins and found:
                found[-1] = (*found[-1], piece)
            else:
                found.append((piece,))
            open_end = piece[1]
    return found


def _after_condition_word(text: str, piece: Stretch) -> Stretch:
    """What has to hold, without the clause that calls it a condition ("Bedingung sei, dass …")."""
    word = CONDITION_WORD.match(text, *piece)
    return (word.end(), piece[1]) if word else piece


def _new_sentence(parsed: Parsed, one: int, two: int) -> bool:
    """Whether a sentence ends between two places of the text."""
    between = parsed.text[one:two]
    return bool(re.search(r"[.!?…][\"“”«»]?\s|\n", between))


def _split(parsed: Parsed, start: int, end: int) -> Iterator[Stretch]:
    """A stretch at its sentences, coordinated clauses and coordinated infinitives."""
    for a, b in _sentences(parsed, start, end):
        for c, d in _at_conjunctions(parsed, a, b):
            tokens = parsed.tokens_in(c, d)
            if not tokens:
                continue
            first = bisect_left(parsed.starts, tokens[0].start)
            for part in parts_of(parsed, first, first + len(tokens)):
                yield parsed.tokens[part.first].start, parsed.tokens[part.last - 1].end


def _sentences(parsed: Parsed, start: int, end: int) -> Iterator[Stretch]:
    for sentence in parsed.sentences:
        a, b = max(start, sentence.start), min(end, sentence.end)
        if a < b and any(c.isalnum() for c in parsed.text[a:b]):
            yield a, b


def _at_conjunctions(parsed: Parsed, start: int, end: int) -> Iterator[Stretch]:
    pattern = AGAIN.get(parsed.language)
    at = start
    for found in pattern.finditer(parsed.text, start, end) if pattern else ():
        yield from _at_infinitives(parsed, at, found.start())
        at = found.end()
    yield from _at_infinitives(parsed, at, end)


def _at_infinitives(parsed: Parsed, start: int, end: int) -> Iterator[Stretch]:
    """A stretch between coordinated infinitives with "zu": each is a content of its own."""
    at = start
    if parsed.language == "de":
        for found in re.finditer(r",? (?:und|sowie) ", parsed.text[start:end]):
            here = start + found.start()
            left = INFINITIVE.search(parsed.text, at, here)
            ends = left and not re.search(r"\w", parsed.text[left.end() : here])
            if ends and INFINITIVE.search(parsed.text, start + found.end(), end):
                yield at, here
                at = start + found.end()
    yield at, end
