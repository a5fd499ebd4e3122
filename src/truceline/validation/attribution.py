"""Score of quotation attribution against annotated news (who said what, token by token).

*Metric* (as published with the corpus of German news quotations): the predicted and the gold
quotations of a document are paired one to one so that the summed F1 of their quote tokens is
greatest (linear assignment; every row of the shorter side gets a partner, even one without
common tokens); what is left over pairs with nothing.  For each pair and each part (quote, speaker,
cue, frame, addressee) precision is taken where the prediction has tokens and recall where the gold
has.  *Message* averages the quote part over all pairs, *roles* the other four pooled, *joint* all
five pooled; F1 is the harmonic mean of the averaged precision and the averaged recall.

*Wrong speaker*: over pairs whose quote tokens overlap by at least half (Jaccard index, i.e. common
tokens by all tokens of both) and whose gold has a speaker, the share in which the head of the gold
speaker lies outside of the predicted speaker.  The head is the last capitalised token of the first
noun-phrase core: of the tokens up to the first comma, bracket, dash, preposition, relative word or
article of a genitive ("Sprecher einer Partei") that follows a capitalised token; of a phrase
without such a token its last token.  A speaker that the engine leaves open counts as wrong.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from truceline.errors import MissingFile, Where
from truceline.words.found import Found, Stretch
from truceline.words.german import find_speech_de
from truceline.words.tokens import parse

PARTS = ("quote", "speaker", "cue", "frame", "addressee")
LIKENESS = 0.5
"""Least Jaccard index of quote tokens at which two quotations are held to be the same."""

MARKS = frozenset(",(–—-;:")
LINKS = (
    "von vom in im aus bei beim für mit zu zum zur auf an am über unter nach vor gegen "
    "der die das den dem des dessen deren welcher welche welches wo "
    "einer eines seiner seines ihrer ihres unserer unseres dieser dieses sowohl"
)
STOPS = MARKS | frozenset(LINKS.split())
"""Tokens that end the first noun-phrase core, once it holds a capitalised token: marks,
prepositions, relative words, and articles, which open a genitive there.  "Sowohl" is no noun."""

Tokens = frozenset[int]


@dataclass(frozen=True)
class Quotation:
    """One quotation: the indices of the tokens of each part in the document."""

    quote: Tokens
    speaker: Tokens = frozenset()
    cue: Tokens = frozenset()
    frame: Tokens = frozenset()
    addressee: Tokens = frozenset()

    def part(self, name: str) -> Tokens:
        """Tokens of a part by its name."""
        found: Tokens = getattr(self, name)
        return found


@dataclass(frozen=True)
class Annotated:
    """A document with its tokens (place and text) and its gold quotations."""

    name: str
    text: str
    tokens: tuple[tuple[int, int, str], ...]
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True)
class Rate:
    """Precision and recall, 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean.

        >>> round(Rate(0.5, 1.0).f1, 3)
        0.667
        """
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True)
class AttributionScore:
    """The figures of the metric, with numbers of quotations and of judged speakers."""

    message: Rate
    roles: Rate
    joint: Rate
    parts: dict[str, Rate]
    wrong_speaker: float
    n_speakers: int
    n_gold: int
    n_predicted: int

    def lines(self) -> list[str]:
        """The figures in words, in per cent."""
        rows = [("message", self.message), ("roles", self.roles), ("joint", self.joint)]
        rows += list(self.parts.items())
        told = [
            f"{name:<10} P {100 * r.precision:5.1f}  R {100 * r.recall:5.1f}  F1 {100 * r.f1:5.1f}"
            for name, r in rows
        ]
        told.append(
            f"wrong speaker {100 * self.wrong_speaker:.1f} % of {self.n_speakers}; "
            f"quotations: gold {self.n_gold}, predicted {self.n_predicted}"
        )
        return told


def read_quotations(path: Path) -> list[Annotated]:
    """Annotated documents, one JSON object a line; ``.gz`` is unpacked.

    The tokens carry no offsets: each is found in the text by scanning on from the last one.

    Raises:
        MissingFile: there is no such file.
        ValueError: a token does not occur where it should.
    """
    if not path.is_file():
        raise MissingFile(
            "there are no annotated quotations", Where(str(path)), remedy="name the .jsonl(.gz)"
        )
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [_annotated(json.loads(line)) for line in lines if line.strip()]


def _annotated(row: dict[str, Any]) -> Annotated:
    tokens: list[tuple[int, int, str]] = []
    at = 0
    for sentence in row["sentences"]:
        at = max(at, sentence["charBegin"])
        for token in sentence["tokens"]:
            at = row["text"].index(token, at)
            tokens.append((at, at + len(token), token))
            at += len(token)
    gold = tuple(
        Quotation(**{p: frozenset(a[p]["tokenIds"]) for p in PARTS})
        for a in row.get("annotations", ())
    )
    return Annotated(row["name"], row["text"], tuple(tokens), gold)


def predicted(document: Annotated, found: Iterable[Found]) -> list[Quotation]:
    """Reported speech as quotations: the tokens of the document that lie in each stretch."""
    quotations = []
    for one in found:
        parts = (one.content, one.speaker, one.cue, one.frame, one.addressee)
        quotations.append(Quotation(*(_tokens_in(document, stretches) for stretches in parts)))
    return [q for q in quotations if q.quote]


def _tokens_in(document: Annotated, stretches: Iterable[Stretch]) -> Tokens:
    return frozenset(
        n
        for start, end in stretches
        for n, (begin, stop, _) in enumerate(document.tokens)
        if start <= begin and stop <= end
    )


def score(
    predicted: Sequence[Sequence[Quotation]],
    gold: Sequence[Sequence[Quotation]],
    words: Sequence[Sequence[str]] = (),
) -> AttributionScore:
    """Compare per document; ``words`` (the tokens' texts) are needed for the wrong speakers.

    >>> one = Quotation(frozenset({3, 4, 5, 6}), speaker=frozenset({0, 1}))
    >>> other = Quotation(frozenset({4, 5, 6}), speaker=frozenset({1}))
    >>> words = "Der Minister : Wir gehen nicht weg".split()
    >>> result = score([[other]], [[one]], [words])
    >>> result.message, result.wrong_speaker
    (Rate(precision=1.0, recall=0.75), 0.0)
    """
    values: dict[str, tuple[list[float], list[float]]] = {p: ([], []) for p in PARTS}
    right = wrong = 0
    for n, (ours, theirs) in enumerate(zip(predicted, gold, strict=True)):
        for mine, true in pair(ours, theirs):
            for part in PARTS:
                _add(values[part], mine, true, part)
            if mine and true and true.speaker and words and _alike(mine, true):
                hit = head_of(true.speaker, words[n]) in mine.speaker
                right, wrong = right + hit, wrong + (not hit)
    return AttributionScore(
        _pooled(values, PARTS[:1]),
        _pooled(values, PARTS[1:]),
        _pooled(values, PARTS),
        {part: _pooled(values, (part,)) for part in PARTS},
        wrong / (right + wrong) if right + wrong else 0.0,
        right + wrong,
        sum(map(len, gold)),
        sum(map(len, predicted)),
    )


def _add(
    values: tuple[list[float], list[float]],
    mine: Quotation | None,
    true: Quotation | None,
    part: str,
) -> None:
    ours = mine.part(part) if mine else frozenset()
    theirs = true.part(part) if true else frozenset()
    both = len(ours & theirs)
    if ours:
        values[0].append(both / len(ours))
    if theirs:
        values[1].append(both / len(theirs))


def _pooled(values: dict[str, tuple[list[float], list[float]]], parts: Iterable[str]) -> Rate:
    chosen = [values[p] for p in parts]
    return Rate(*(_mean([v for side in chosen for v in side[n]]) for n in (0, 1)))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _alike(one: Quotation, other: Quotation) -> bool:
    return len(one.quote & other.quote) >= LIKENESS * len(one.quote | other.quote)


def pair(
    ours: Sequence[Quotation], theirs: Sequence[Quotation]
) -> list[tuple[Quotation | None, Quotation | None]]:
    """Pairs of greatest summed F1 of quote tokens, then those left over."""
    likeness = np.zeros((len(ours), len(theirs)))
    for n, mine in enumerate(ours):
        for m, true in enumerate(theirs):
            both = len(mine.quote & true.quote)
            likeness[n, m] = 2 * both / (len(mine.quote) + len(true.quote))
    rows, columns = linear_sum_assignment(likeness, maximize=True)
    paired: list[tuple[Quotation | None, Quotation | None]] = [
        (ours[n], theirs[m]) for n, m in zip(rows, columns, strict=True)
    ]
    paired += [(mine, None) for n, mine in enumerate(ours) if n not in rows]
    return paired + [(None, true) for m, true in enumerate(theirs) if m not in columns]


def head_of(speaker: Tokens, words: Sequence[str]) -> int:
    """Index of the head token of a gold speaker.

    >>> words = "Der Sprecher des Ministeriums , ein Arzt , sagte".split()
    >>> head_of(frozenset({0, 1, 2, 3}), words)
    1
    """
    head = None
    for n in sorted(speaker):
        if words[n].lower() in STOPS and head is not None:
            break
        if words[n][:1].isupper() and words[n].lower() not in STOPS:
            head = n
    return max(speaker) if head is None else head


Finder = Callable[[str], list[Found]]


def find_in_german(text: str) -> list[Found]:
    """The German engine on a text."""
    return find_speech_de(parse(text, "de"))


def evaluate(path: Path, find: Finder = find_in_german) -> AttributionScore:
    """Score an engine, by default the German one, on a file of annotated documents."""
    documents = read_quotations(path)
    return score(
        [predicted(d, find(d.text)) for d in documents],
        [d.quotations for d in documents],
        [[text for _, _, text in d.tokens] for d in documents],
    )


def predictions(path: Path, out: Path, find: Finder = find_in_german) -> None:
    """Write the engine's quotations in the form of the annotated file, for a script of others.

    One JSON object a line: ``name``, ``documentName``, ``annotations`` with ``id``, ``type``,
    ``medium``, ``isNested`` and per part ``tokenIds``.
    """
    with out.open("w", encoding="utf-8", newline="\n") as written:
        for document in read_quotations(path):
            found = predicted(document, find(document.text))
            rows = [
                {"id": n, "type": None, "medium": None, "isNested": False}
                | {part: {"tokenIds": sorted(q.part(part))} for part in PARTS}
                for n, q in enumerate(found)
            ]
            row = {"name": document.name, "documentName": document.name, "annotations": rows}
            written.write(json.dumps(row, ensure_ascii=False) + "\n")
