"""What several baselines say together."""

from __future__ import annotations

from collections.abc import Sequence

from truceline import thresholds as t
from truceline.domain.rates import Band, Conclusion, Effect, Placebo


def heard(effects: Sequence[Effect]) -> list[Effect]:
    """Baselines that have a voice: with numbers, and not refuted by their placebo windows.

    In the declared order, but those with more than a fifth of their days in listed truces last:
    such days are a poor picture of days without one, and do not lead.
    """
    voices = [e for e in effects if e.ratio and e.placebo and not refuted(e.placebo)]
    return sorted(voices, key=lambda e: e.n_listed > t.RATES_ODD_SHARE * e.n_days)


def conclude(effects: Sequence[Effect]) -> Conclusion:
    """What the baselines say together; one whose placebo windows refute it has no voice.

    The first that exists, in the declared order, has to tell the change, and no other may
    contradict it: by an interval that excludes the ratio found, or by a ratio on the other side
    of 1.  A baseline that scatters too much to say anything contradicts nothing.  No change is
    called shown only where a fall to a half would have been found.
    """
    voices = heard(effects)
    ratios = [e.ratio for e in voices if e.ratio]
    if not ratios:
        return Conclusion.CANNOT_TELL
    found = together(ratios)
    if (
        found is Conclusion.NO_CHANGE_SHOWN
        and max(e.detectable or 0.0 for e in voices) < t.RATES_HALF
    ):
        return Conclusion.CANNOT_TELL
    return found


def together(ratios: Sequence[Band]) -> Conclusion:
    """What ratios against several baselines say, in the declared order and at least one."""
    ways = [way_of(ratio) for ratio in ratios]
    if not any(ways):
        return Conclusion.NO_CHANGE_SHOWN
    if ways[0] == 0 or any(contradicts(other, ratios[0]) for other in ratios[1:]):
        return Conclusion.BASELINES_DISAGREE
    return Conclusion.FELL if ways[0] < 0 else Conclusion.ROSE


def contradicts(other: Band, first: Band) -> bool:
    """Whether another baseline excludes what the first one found."""
    apart = not other.low <= first.value <= other.high
    return (apart and way_of(other) != way_of(first)) or (other.value - 1) * (first.value - 1) <= 0


def refuted(placebo: Placebo) -> bool:
    """Whether placebo windows refute the intervals of a comparison, however few they are."""
    return not placebo.coverage.low <= t.INTERVAL_MASS <= placebo.coverage.high


def way_of(ratio: Band) -> int:
    """-1 where a ratio is below 1, 1 where it is above, 0 where its interval holds 1."""
    return -1 if ratio.high < 1 else 1 if ratio.low > 1 else 0
