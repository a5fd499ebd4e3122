"""Are two accounts one event?  Scores that a person can read, feature by feature."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from truceline import thresholds as t
from truceline.domain.claim import Claim
from truceline.domain.incident import Link
from truceline.domain.place import Precision
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


@dataclass(frozen=True)
class Words:
    """How much each word of the names of objects tells: rare words tell more.

    A word weighs the logarithm of how many names there are for each that has it.  Every
    claim's name counts once, whoever made the claim.
    """

    weights: Mapping[str, float]
    enough: float
    """Weight that names must have in common to count in full: that of two unique words."""

    @classmethod
    def of(cls, names: Iterable[str]) -> Words:
        """From all names of a ledger."""
        bags = [words(name) for name in names]
        n_with = Counter(word for bag in bags for word in bag)
        weights = {word: math.log(len(bags) / n) for word, n in sorted(n_with.items())}
        return cls(weights, 2 * math.log(max(2, len(bags))))

    def likeness(self, first: str, second: str) -> float:
        """Share of weight in common (0 to 1); names of common words stay low.

        >>> ledger = Words.of(["Sudra gas station"] * 2 + ["10 kV line"] * 9 + ["gas field"])
        >>> round(ledger.likeness("Sudra gas station", "Sudra gas station"), 2)
        1.0
        >>> round(ledger.likeness("10 kV line", "10 kV line"), 2)
        0.17
        >>> ledger.likeness("gas field", "10 kV line")
        0.0
        """
        a, b = words(first), words(second)
        whole = math.fsum(self.weights.get(word, 0.0) for word in sorted(a | b))
        common = math.fsum(self.weights.get(word, 0.0) for word in sorted(a & b))
        return common / max(whole, self.enough)


def comparable(first: Claim, second: Claim) -> bool:
    """Whether they can be one event at all: their times meet, and their regions or points do."""
    if "unknown" in (first.occurred.precision, second.occurred.precision):
        return False
    if first.occurred.interval.gap_h(second.occurred.interval) > t.LINK_TIME_SLACK_H:
        return False
    return first.place.region == second.place.region or _apart_km(first, second) <= 0


def _apart_km(first: Claim, second: Claim) -> float:
    """How far two sharp points are apart beyond their uncertainty; infinite for anchors."""
    a, b = first.place, second.place
    if not (a.sharp and b.sharp and a.point and b.point):
        return math.inf
    return haversine_km(a.point, b.point) - max(a.uncertainty_km, b.uncertainty_km)


def link_claims(first: Claim, second: Claim, ledger: Words) -> Link:
    """The scores of one pair; weights of features are numbers of ``thresholds``."""
    scores = [*_place(first, second), *_object(first, second, ledger), *_speakers(first, second)]
    total = math.fsum(score for _, score in scores)
    judgement = JOINED if total >= t.LINK_JOIN else MAYBE if total >= t.LINK_MAYBE else APART
    return Link(first.id, second.id, tuple(scores), round(total, 2), judgement)


def _place(first: Claim, second: Claim) -> Iterable[tuple[str, float]]:
    a, b = first.place, second.place
    apart_km = _apart_km(first, second)
    if apart_km <= 0:
        yield _feature("same_point")
    elif apart_km < math.inf:
        yield _feature("far_apart")
    elif Precision.REGION not in (a.precision, b.precision) and a.name != b.name:
        yield _feature("other_place")
    else:
        yield _feature("same_region")
    if {first.occurred.precision, second.occurred.precision} <= set(TIMED):
        yield _feature("both_timed")


def _object(first: Claim, second: Claim, ledger: Words) -> Iterable[tuple[str, float]]:
    a, b = first.object_class, second.object_class
    if a and b:
        if a == b:
            yield _feature("same_class")
        elif not (OBJECTS.covers(a, b) or OBJECTS.covers(b, a)):
            yield _feature("other_class")
    likeness = ledger.likeness(first.object_name, second.object_name)
    if likeness > 0:
        yield "object_name", round(likeness * t.LINK_WEIGHTS["object_name"], 2)
    if _told(first) == _told(second):
        yield _feature("same_words")


def _told(claim: Claim) -> tuple[object, ...]:
    return (
        claim.object_name,
        claim.place.name,
        claim.effect,
        claim.occurred.interval,
        claim.accused,
    )


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
    ledger = Words.of(claim.object_name for claim in claims)
    slack = timedelta(hours=t.LINK_TIME_SLACK_H)
    ordered = sorted(claims, key=lambda c: (c.occurred.interval, c.id))
    links: list[Link] = []
    running: list[Claim] = []
    for claim in ordered:
        start = claim.occurred.interval.start
        running = [other for other in running if other.occurred.interval.until + slack > start]
        for other in running:
            if comparable(other, claim):
                first, second = sorted((other, claim), key=lambda c: c.id)
                link = link_claims(first, second, ledger)
                if link.judgement != APART:
                    links.append(link)
        running.append(claim)
    return sorted(links, key=lambda link: (link.first, link.second))
