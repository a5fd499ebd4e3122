"""How many held-out sentences the words of a topic found, and how many they wrongly found."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from truceline.domain.compared import Measured, Quality
from truceline.thresholds import NORMAL_95
from truceline.words.topics.read import find_topics, patterns_of, topics

FILE = "quality.toml"
DOCUMENTS = "documents"
"""Name in that file of what was measured on whole documents, over all topics."""

DIGITS = 3
"""Decimals of the stored ends of intervals."""


def measured(found: int, of: int) -> Measured:
    """A share with its Wilson interval of 95 %.

    >>> measured(11, 12)
    Measured(found=11, of=12, low=0.646, high=0.985)
    """
    share, z2 = found / of, NORMAL_95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = NORMAL_95 / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Measured(found, of, round(low, DIGITS), round(high, DIGITS))


def measure(topic: str, language: str, mention: Sequence[str], near: Sequence[str]) -> Quality:
    """Quality on sentences that mention a topic and on near misses that do not."""
    held = patterns_of(topic, language)
    return Quality(
        n_patterns=held.size if held else 0,
        recall=measured(sum(finds(topic, language, s) for s in mention), len(mention)),
        false_alarms=measured(sum(finds(topic, language, s) for s in near), len(near)),
    )


def finds(topic: str, language: str, sentence: str) -> bool:
    """Whether a sentence is found to mention a topic."""
    return any(mention.topic == topic for mention in find_topics(sentence, language))


def measure_documents(
    texts: Iterable[tuple[str, frozenset[str]]], language: str
) -> tuple[Measured, Measured]:
    """Recall and false alarms over texts and the topics that they mention, all topics together."""
    named = {topic.name for topic in topics()}
    found = wrong = mentioned = others = 0
    for text, wanted in texts:
        got = {mention.topic for mention in find_topics(text, language)}
        mentioned, others = mentioned + len(wanted), others + len(named - wanted)
        found, wrong = found + len(got & wanted), wrong + len(got - wanted)
    return measured(found, mentioned), measured(wrong, others)


def quality_of(topic: str, language: str) -> Quality:
    """Quality as it was stored; without measured shares where no sentences are kept.

    >>> quality_of("energy", "ru").recall is None
    True
    """
    held = patterns_of(topic, language)
    row = _stored().get(topic, {}).get(language)
    if row is None:
        return Quality(held.size if held else 0, None, None)
    elsewhere = _stored().get(DOCUMENTS, {}).get(language)
    return Quality(
        row["patterns"],
        _share(row["recall"]),
        _share(row["false_alarms"]),
        _share(elsewhere["recall"]) if elsewhere else None,
    )


def _share(row: Mapping[str, float]) -> Measured:
    return Measured(int(row["found"]), int(row["of"]), row["low"], row["high"])


@cache
def _stored() -> dict[str, dict[str, dict[str, Any]]]:
    path = files(__package__).joinpath(FILE)
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
