"""Are two accounts one event?  Scores that a person can read, feature by feature."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from truceline import thresholds as t
from truceline.domain.claim import Claim
from truceline.domain.incident import Link
from truceline.domain.trees import MEANS, OBJECTS
from truceline.geo import haversine_km

JOINED, MAYBE, APART = "joined", "maybe", "apart"

TIMED = ("minute", "hours")
"""Precisions that come from an hour that the claimant gave."""


def words(text: str) -> frozenset[str]:
    """Words and numbers of a name, lower case.

    >>> sorted(words("110 kV substation Krasnaya Yaruga"))
    ['110', 'krasnaya', 'kv', 'substation', 'yaruga']
    """
    return frozenset(re.findall(r"\w+", text.lower()))


def word_weights(names: Iterable[str]) -> Mapping[str, float]:
    """Rare words tell more: log of how many names there are for each that has the word.

    Every claim's name counts once, whoever made the claim.
    """
    bags = [words(name) for name in names]
    n_with = Counter(word for bag in bags for word in bag)
    return {word: math.log(len(bags) / n) for word, n in sorted(n_with.items())}


def name_likeness(first: str, second: str, weights: Mapping[str, float]) -> float:
    """Share of the weight of all their words that is in words they have in common (0 to 1).

    >>> weights = word_weights(["Sudzha gas station", "Sudzha gas station", "gas field", "line"])
    >>> name_likeness("Sudzha gas station", "Sudzha gas station", weights)
    1.0
    >>> name_likeness("gas field", "line", weights)
    0.0
    """
    a, b = words(first), words(second)
    whole = math.fsum(weights.get(word, 0.0) for word in sorted(a | b))
    return math.fsum(weights.get(word, 0.0) for word in sorted(a & b)) / whole if whole else 0.0


def comparable(first: Claim, second: Claim) -> bool:
    """Whether they can be one event at all: their times meet and they share a region."""
    return (
        first.place.region == second.place.region
        and first.occurred.interval.overlaps(second.occurred.interval)
        and "unknown" not in (first.occurred.precision, second.occurred.precision)
    )


def link_claims(first: Claim, second: Claim, weights: Mapping[str, float]) -> Link:
    """The scores of one pair; weights of features are numbers of ``thresholds``."""
    scores = [*_place(first, second), *_object(first, second, weights), *_speakers(first, second)]
    total = math.fsum(score for _, score in scores)
    judgement = JOINED if total >= t.LINK_JOIN else MAYBE if total >= t.LINK_MAYBE else APART
    return Link(first.id, second.id, tuple(scores), round(total, 2), judgement)


def _place(first: Claim, second: Claim) -> Iterable[tuple[str, float]]:
    a, b = first.place, second.place
    if a.sharp and b.sharp and a.point and b.point:
        if haversine_km(a.point, b.point) <= max(a.uncertainty_km, b.uncertainty_km):
            yield _feature("same_point")
    else:
        yield _feature("same_region")
    if {first.occurred.precision, second.occurred.precision} <= set(TIMED):
        yield _feature("both_timed")


def _object(
    first: Claim, second: Claim, weights: Mapping[str, float]
) -> Iterable[tuple[str, float]]:
    a, b = first.object_class, second.object_class
    if a and b:
        if a == b:
            yield _feature("same_class")
        elif not (OBJECTS.covers(a, b) or OBJECTS.covers(b, a)):
            yield _feature("other_class")
    likeness = name_likeness(first.object_name, second.object_name, weights)
    if likeness > 0:
        yield "object_name", round(likeness * t.LINK_WEIGHTS["object_name"], 2)


def _speakers(first: Claim, second: Claim) -> Iterable[tuple[str, float]]:
    opposed = first.accused != second.accused
    if opposed and first.claimant_side != second.claimant_side:
        yield _feature("counter_claim")
    if not opposed and set(first.sources) & set(second.sources):
        yield _feature("listed_apart")
    if MEANS.root not in (first.means, second.means):
        if first.means == second.means:
            yield _feature("same_means")
        elif not opposed:
            yield _feature("other_means")


def _feature(name: str) -> tuple[str, float]:
    return name, t.LINK_WEIGHTS[name]


def link_all(claims: Sequence[Claim]) -> list[Link]:
    """Links of all comparable pairs that are joined or may be one event, by claim ids.

    Claims are swept in order of time, so that distant days are never compared.
    """
    weights = word_weights(claim.object_name for claim in claims)
    ordered = sorted(claims, key=lambda c: (c.occurred.interval, c.id))
    links: list[Link] = []
    running: list[Claim] = []
    for claim in ordered:
        start = claim.occurred.interval.start
        running = [other for other in running if other.occurred.interval.until > start]
        for other in running:
            if comparable(other, claim):
                first, second = sorted((other, claim), key=lambda c: c.id)
                link = link_claims(first, second, weights)
                if link.judgement != APART:
                    links.append(link)
        running.append(claim)
    return sorted(links, key=lambda link: (link.first, link.second))
