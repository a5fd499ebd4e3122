"""Words for the strength of evidence and for probabilities, each from one published scale.

Likelihood ratios are told by the scale of the ENFSI Guideline for Evaluative Reporting in
Forensic Science (2015), probabilities by that of Intelligence Community Directive 203.  A
probability needs prior odds: they are stated beside it, and no verdict depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable

from truceline import thresholds as t
from truceline.domain.said import Said, said
from truceline.report.codes import N_
from truceline.report.plain import Item, ratio, together

WORDS = (
    N_("no support either way"),
    N_("weak support"),
    N_("moderate support"),
    N_("moderately strong support"),
    N_("strong support"),
    N_("very strong support"),
    N_("extremely strong support"),
)
"""Bands of the scale, the weakest first."""


def band(ratio: float) -> int:
    """Index of the band of a likelihood ratio of at least 1.

    >>> [WORDS[band(x)] for x in (1.0, 1.99, 2.0, 30.0, 1e7)][:4]
    ['no support either way', 'no support either way', 'weak support', 'moderate support']
    """
    return sum(ratio >= bound for bound in t.STRENGTH_BOUNDS)


def strength(odds: Item) -> Said:
    """Words for a ratio with its interval, by the end that lies nearer to 1.

    >>> str(strength({"lr_low": 4.0, "lr_high": 25.0}))
    'weak support that it occurred'
    >>> str(strength({"lr_low": 0.4, "lr_high": 2.5}))
    'no support either way'
    """
    low, high = odds["lr_low"], odds["lr_high"]
    for_it, against = band(low), band(1 / high) if high > 0 else len(WORDS) - 1
    if for_it:
        return said("{words:told} that it occurred", words=said(WORDS[for_it]))
    if against:
        return said("{words:told} that it did not occur", words=said(WORDS[against]))
    return said(WORDS[0])


LIKELIHOODS = (
    N_("almost no chance"),
    N_("very unlikely"),
    N_("unlikely"),
    N_("roughly even chance"),
    N_("likely"),
    N_("very likely"),
    N_("almost certain"),
)
"""Bands of the scale of probabilities, the least likely first."""

NOTHING_SPEAKS = said("nothing speaks either way: the even odds it started from")


def likelihood(p: float) -> int:
    """Index of the band of a probability.

    >>> [LIKELIHOODS[likelihood(p)] for p in (0.0, 0.3, 0.5, 0.95)]
    ['almost no chance', 'unlikely', 'roughly even chance', 'almost certain']
    """
    return sum(p >= bound for bound in t.PROBABILITY_BOUNDS)


def likelihoods(low: float, high: float) -> Said:
    """Words for a probability with bounds: from the word of the one to that of the other.

    >>> str(likelihoods(0.3, 0.9)), str(likelihoods(0.6, 0.7))
    ('between unlikely and very likely', 'likely')
    """
    first, last = (said(LIKELIHOODS[likelihood(bound)]) for bound in (low, high))
    if first == last:
        return first
    return said("between {low:told} and {high:told}", low=first, high=last)


def occurrence(lines: Iterable[Item]) -> Item:
    """All lines together as a probability that it occurred, at the stated prior odds.

    Without a line that speaks it is the prior itself, and the words say so.

    >>> found = occurrence([{"says": "signal", "lr": 4.0, "lr_low": 1.0, "lr_high": 9.0}])
    >>> found["p"], found["p_low"], found["p_high"], str(found["words"])
    (0.8, 0.5, 0.9, 'between roughly even chance and very likely')
    """
    lines = list(lines)
    odds = together(lines)
    chances = {
        name: ratio(t.PRIOR_ODDS * odds[key] / (1 + t.PRIOR_ODDS * odds[key]))
        for name, key in (("p", "lr"), ("p_low", "lr_low"), ("p_high", "lr_high"))
    }
    words = likelihoods(chances["p_low"], chances["p_high"])
    return {
        **odds,
        "prior_odds": ratio(t.PRIOR_ODDS),
        **chances,
        "words": words if speaks(lines) else NOTHING_SPEAKS,
    }


def speaks(lines: Iterable[Item]) -> bool:
    """Whether any line of evidence can be used."""
    return any(line["says"] != "unusable" for line in lines)
