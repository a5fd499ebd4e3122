"""Words and phrases of a language by what they tell: negation, hedge, condition, object ..."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from truceline.domain.trees import OBJECTS
from truceline.words.tokens import TOKEN, Token

LANGUAGES = ("de", "en", "ru", "uk")

NONE = "none"
"""Value of a phrase that only sounds like one of its family, and hides those inside it."""


TREES = frozenset({"acts", "means", "objects"})
"""Families of which a word names one member, the most specific."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase, word by word; ``weight`` is the number of its letters."""

    words: tuple[str, ...]
    family: str
    value: str
    weight: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase where it stands: offsets in the text, token indices (``last`` exclusive)."""

    family: str
    value: str
    start: int
    end: int
    first: int
    last: int


def phrases_of(cell: str) -> list[str]:
    """Phrases of a cell of a table.

    >>> phrases_of("bis zu | höchstens")
    ['bis zu', 'höchstens']
    """
    return [" ".join(p.split()) for p in cell.split("|") if p.strip()]


def matches(pattern: str, word: str) -> bool:
    """Whether a word fits a pattern with ``*`` at its beginning or end.

    >>> matches("raffinerie*", "raffinerien"), matches("*werk", "werke"), matches("*", "x")
    (True, False, True)
    """
    if pattern[0] == "*":
        return len(word) > len(pattern) - 1 and word.endswith(pattern[1:]) if pattern[1:] else True
    return word.startswith(pattern[:-1]) if pattern[-1] == "*" else word == pattern


class Layer:
    """Phrases of one layer, found by their first word; the longest match hides the others."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._exact: dict[str, list[Entry]] = {}
        self._prefix: dict[str, list[Entry]] = {}
        self._suffix: dict[str, list[Entry]] = {}
        for entry in entries:
            first = entry.words[0]
            if first[0] == "*":
                self._suffix.setdefault(first[1:], []).append(entry)
            elif first[-1] == "*":
                self._prefix.setdefault(first[:-1], []).append(entry)
            else:
                self._exact.setdefault(first, []).append(entry)
        self._prefix_sizes = sorted({len(p) for p in self._prefix})
        self._suffix_sizes = sorted({len(p) for p in self._suffix})
        self._known: dict[str, tuple[Entry, ...]] = {}

    @property
    def entries(self) -> list[Entry]:
        """Every entry of the layer."""
        tables = (self._exact, self._prefix, self._suffix)
        return [entry for table in tables for held in table.values() for entry in held]

    def starting(self, word: str) -> tuple[Entry, ...]:
        """Entries that begin with a word, the most specific first."""
        held = self._known.get(word)
        if held is None:
            fitting = list(self._exact.get(word, ()))
            for n in self._prefix_sizes:
                if n <= len(word):
                    fitting += self._prefix.get(word[:n], ())
            for n in self._suffix_sizes:
                if n < len(word):
                    fitting += self._suffix.get(word[len(word) - n :], ())
            held = tuple(sorted(fitting, key=_weight, reverse=True))
            if len(self._known) < 100_000:
                self._known[word] = held
        return held

    def find(self, tokens: Sequence[Token], words: Sequence[str]) -> list[Hit]:
        """Phrases in tokens (``words``: the tokens in lower case), left to right.

        Where a longer phrase covers a shorter one, only the longer counts; one phrase may
        stand in several families.
        """
        hits: list[Hit] = []
        reach = 0
        for n, word in enumerate(words):
            entries = self._known.get(word)
            if entries is None:
                entries = self.starting(word)
            if not entries:
                continue
            longest = max((len(e.words) for e in entries if _follows(e, words, n)), default=0)
            if not longest or n + longest <= reach:
                continue
            reach = max(reach, n + longest)
            for entry in _best(entries, longest, words, n):
                last = n + longest
                place = tokens[n].start, tokens[last - 1].end
                hits.append(Hit(entry.family, entry.value, *place, n, last))
        return hits


def _weight(entry: Entry) -> tuple[int, int]:
    return len(entry.words), entry.weight


def _follows(entry: Entry, words: Sequence[str], at: int) -> bool:
    size = len(entry.words)
    if size == 1:
        return True
    if at + size > len(words):
        return False
    return all(matches(entry.words[k], words[at + k]) for k in range(1, size))


def _best(entries: Sequence[Entry], size: int, words: Sequence[str], at: int) -> list[Entry]:
    """Entries of the greatest length: of things one for each tree, the most specific."""
    best: dict[str, Entry] = {}
    for entry in entries:
        if len(entry.words) != size or not _follows(entry, words, at):
            continue
        key = entry.family if entry.family in TREES else f"{entry.family} {entry.value}"
        held = best.get(key)
        if held is None or _more_specific(entry, held):
            best[key] = entry
    return list(best.values())


def _more_specific(one: Entry, other: Entry) -> bool:
    """Whether an object lies below another; a word that is no object hides all."""
    if one.family != "objects" or NONE in (one.value, other.value):
        return False
    return one.value != other.value and one.value in OBJECTS.below(other.value)


@dataclass(frozen=True)
class Lexicon:
    """Everything that one language's file holds: layers of phrases, and plain tables."""

    language: str
    layers: dict[str, Layer]
    tables: dict[str, Any]

    def find(self, layer: str, tokens: Sequence[Token], words: Sequence[str]) -> list[Hit]:
        """Phrases of a layer in tokens; those that only sound like one are left out."""
        return [hit for hit in self.layers[layer].find(tokens, words) if hit.value != NONE]

    def words(self, table: str, name: str) -> frozenset[str]:
        """Words of a plain table."""
        return _plain(self.language, table, name)


@cache
def _plain(language: str, table: str, name: str) -> frozenset[str]:
    return frozenset(lexicon(language).tables.get(table, {}).get(name, "").split())


LAYERS = ("grammar", "reciprocity", "check", "denial", "things")


def _entries(rows: dict[str, Any], family: str = "") -> Iterator[Entry]:
    for name, cell in rows.items():
        if isinstance(cell, dict):
            yield from _entries(cell, name)
            continue
        yield from entries_of(phrases_of(cell), family, name)


def entries_of(phrases: Iterable[str], family: str, value: str) -> Iterator[Entry]:
    """One entry a phrase; its weight is the length without the stars.

    >>> [(e.words, e.family, e.value) for e in entries_of(["power plant*"], "class", "plant")]
    [(('power', 'plant*'), 'class', 'plant')]
    """
    for phrase in phrases:
        yield Entry(tuple(phrase.split()), family, value, len(phrase.replace("*", "")))


@cache
def lexicon(language: str) -> Lexicon:
    """The words of a language; of one that is not held those of English."""
    name = language if language in LANGUAGES else "en"
    table = tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
    layers = {layer: Layer(_entries(table.pop(layer, {}), layer)) for layer in LAYERS}
    return Lexicon(name, layers, table)


def tokens_of(text: str, start: int, end: int) -> list[Token]:
    """Tokens of a stretch of text."""
    return [Token(m.start(), m.end(), m[0]) for m in TOKEN.finditer(text, start, end)]
