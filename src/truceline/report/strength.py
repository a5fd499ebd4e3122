"""Words for the strength of evidence, from one published scale.

The scale is that of the ENFSI Guideline for Evaluative Reporting in Forensic Science (2015)
for likelihood ratios.  Words of probability, such as those of ICD 203, are not used: they
need prior odds, and none are assumed.
"""

from __future__ import annotations

from truceline import thresholds as t
from truceline.domain.said import Said, said
from truceline.report.codes import N_
from truceline.report.plain import Item

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
