"""How well statements are found: against documents that people annotated.

An item found and an annotated one are paired one to one so that the total overlap of their
contents is largest (linear assignment over shared tokens); a pair counts where the tokens they
share are at least half of the tokens of both together.  Kinds, speakers and slots are compared
over pairs.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from truceline.domain.words import UNKNOWN, Item, state_of
from truceline.errors import BadInput, Where

PAIRED = 0.5
"""Least share of common tokens of a pair."""

Stretch = tuple[int, int]
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Gold:
    """An annotated item: its content in the text, and what annotators say of it."""

    content: tuple[Stretch, ...]
    row: Mapping[str, Any]

    def of(self, key: str) -> Any:
        """A value of the annotation, None where it was left out."""
        return self.row.get(key)


@dataclass
class Score:
    """Counts over documents; shares are properties."""

    n_gold: int = 0
    n_found: int = 0
    n_paired: int = 0
    n_kind: int = 0
    n_speaker: int = 0
    n_wrong_speaker: int = 0
    n_wrong_actor: int = 0
    n_unknown_speaker: int = 0
    wrong_slots: Counter[str] = field(default_factory=Counter)
    compared_slots: Counter[str] = field(default_factory=Counter)
    wrong_unflagged: Counter[str] = field(default_factory=Counter)
    """Of items that no check sent to review."""

    @property
    def precision(self) -> float:
        """Share of found items that pair with an annotated one."""
        return self.n_paired / self.n_found if self.n_found else float("nan")

    @property
    def recall(self) -> float:
        """Share of annotated items that pair with a found one."""
        return self.n_paired / self.n_gold if self.n_gold else float("nan")

    @property
    def f1_with_kind(self) -> float:
        """Harmonic mean of precision and recall where a pair has to agree in kind as well."""
        total = self.n_found + self.n_gold
        return 2 * self.n_kind / total if total else float("nan")

    @property
    def wrong_speaker(self) -> float:
        """Share of pairs whose speaker belongs to another state or medium than annotated."""
        return self.n_wrong_speaker / self.n_speaker if self.n_speaker else float("nan")


@dataclass(frozen=True)
class Pair:
    """An item found and an annotated one, either of them missing."""

    found: Item | None
    gold: Gold | None


def read_gold(text: str, path: Path) -> list[Gold]:
    """Annotated items with their places; a ``BadInput`` where one does not stand in the text."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        row = json.loads(line)
        found.append(Gold(_located(text, row, Where(path.name, number, "content")), row))
    return found


def _located(text: str, row: Mapping[str, Any], where: Where) -> tuple[Stretch, ...]:
    at = text.index(row["after"]) + len(row["after"]) if row.get("after") else 0
    stretches = []
    for quote in row["content"]:
        here = text.find(quote, at)
        if here < 0:
            raise BadInput(f"{quote!r} does not stand in the text", where)
        stretches.append((here, here + len(quote)))
        at = here + len(quote)
    return tuple(stretches)


def pairs_of(text: str, found: Sequence[Item], gold: Sequence[Gold]) -> list[Pair]:
    """Pairs of one document; what pairs with nothing stands alone."""
    ours = [[(s.start, s.end) for s in item.content] for item in found]
    paired = _assigned(text, ours, [one.content for one in gold])
    alone = set(range(len(gold))) - set(paired.values())
    return [
        *(Pair(item, gold[paired[i]] if i in paired else None) for i, item in enumerate(found)),
        *(Pair(None, gold[j]) for j in sorted(alone)),
    ]


def gold_pairs(
    text: str, one: Sequence[Gold], two: Sequence[Gold]
) -> list[tuple[Gold | None, Gold | None]]:
    """Pairs of two annotations of one document."""
    paired = _assigned(text, [g.content for g in one], [g.content for g in two])
    alone = set(range(len(two))) - set(paired.values())
    return [
        *((g, two[paired[i]] if i in paired else None) for i, g in enumerate(one)),
        *((None, two[j]) for j in sorted(alone)),
    ]


def _assigned(
    text: str, one: Sequence[Sequence[Stretch]], two: Sequence[Sequence[Stretch]]
) -> dict[int, int]:
    """Which content of the first pairs with which of the second."""
    places = [(m.start(), m.end()) for m in WORD.finditer(text)]
    ours, theirs = ([_tokens(places, stretches) for stretches in side] for side in (one, two))
    shared = np.array([[len(a & b) for b in theirs] for a in ours]).reshape(len(ours), len(theirs))
    rows, columns = linear_sum_assignment(-shared) if shared.size else ((), ())
    return {
        int(i): int(j)
        for i, j in zip(rows, columns, strict=True)
        if shared[i, j] >= PAIRED * len(ours[i] | theirs[j]) and shared[i, j]
    }


def _tokens(places: Sequence[Stretch], stretches: Iterable[Stretch]) -> set[int]:
    spans = list(stretches)
    return {n for n, (a, b) in enumerate(places) for start, end in spans if start <= a and b <= end}


def add(score: Score, pairs: Iterable[Pair]) -> None:
    """Count the pairs of a document into a score."""
    for pair in pairs:
        score.n_found += pair.found is not None
        score.n_gold += pair.gold is not None
        if pair.found is None or pair.gold is None:
            continue
        score.n_paired += 1
        score.n_kind += pair.found.kind.value == pair.gold.of("kind")
        _add_speaker(score, pair.found, pair.gold)
        for name, wrong in slots(pair.found, pair.gold).items():
            score.compared_slots[name] += 1
            score.wrong_slots[name] += wrong
            score.wrong_unflagged[name] += wrong and pair.found.review.state.value == "draft"


def _add_speaker(score: Score, found: Item, gold: Gold) -> None:
    actor, right = found.speaker.actor, str(gold.of("speaker"))
    score.n_speaker += 1
    score.n_unknown_speaker += actor == UNKNOWN != right
    if actor != UNKNOWN:
        score.n_wrong_speaker += state_of(actor) != state_of(right)
        score.n_wrong_actor += actor != right


def slots(found: Item, gold: Gold) -> dict[str, bool]:
    """Whether each slot that the annotation tells is wrong."""
    wrong = {"polarity": found.polarity.value != gold.of("polarity")}
    if gold.of("debtor") is not None and found.debtor is not None:
        wrong["debtor"] = state_of(found.debtor) != state_of(str(gold.of("debtor")))
    if gold.of("duration") is not None and found.time.duration is not None:
        wrong["duration"] = found.time.duration != gold.of("duration")
    if gold.of("numbers") is not None:
        told = {float(n) for n in gold.of("numbers")}
        wrong["numbers"] = not {n.value for n in found.numbers} <= told
    return wrong


def names_of(folder: Path, part: str) -> list[str]:
    """Names of the documents of a part: development or frozen."""
    split = tomllib.loads((folder / "split.toml").read_text("utf-8"))
    return list(split[part])
