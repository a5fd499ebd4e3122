"""A finding is told only after it was attacked: four attempts to make it fall.

Each is passed, failed, or cannot be made, and its text has the numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from truceline import thresholds as t
from truceline.assess.conclude import heard, refuted
from truceline.assess.placebo import Days, Shape, compare
from truceline.assess.windows import Placed
from truceline.domain.rates import Attack, Conclusion, Effect, Finding
from truceline.domain.said import said
from truceline.domain.series import Series

ATTACKS = ("placebo", "leave_one_out", "baselines", "breaks", "dates")
"""Names of the attempts, in the order in which they are told."""


def attack(finding: Finding, series: Series, placed: Placed, days: Days) -> Iterator[Attack]:
    """Every attempt on a finding that has numbers."""
    if finding.change is None:
        raise ValueError(f"{finding.id}: there are no numbers to attack")
    told = heard(finding.change.effects)
    yield _placebo([effect for effect in finding.change.effects if effect.ratio])
    yield _leave_one_out(told, finding.conclusion, series, placed, days)
    yield _baselines(told, finding.conclusion)
    yield _breaks(told, series, placed, days)
    if series.n_undated:
        yield _dates(series)


def _placebo(told: list[Effect]) -> Attack:
    """Do nominal intervals hold "no change" as often as they say, where no truce is listed?"""
    judged = [e for e in told if e.placebo and e.placebo.judged(t.RATES_JUDGED_WINDOWS)]
    failed = [e for e in told if e.placebo and refuted(e.placebo)]
    if failed:
        text = said(
            "the intervals against {baselines:baseline} do not hold as often as they say",
            baselines=[e.baseline for e in failed],
        )
        return Attack("placebo", False, text)
    if not judged:
        text = said(
            "fewer than {least} windows worth one independent window each: reported, not judged",
            least=t.RATES_JUDGED_WINDOWS,
        )
        return Attack("placebo", None, text)
    text = said(
        "windows without a truce: the intervals against {baselines:baseline} hold as often as "
        "they say",
        baselines=[e.baseline for e in judged],
    )
    return Attack("placebo", True, text)


def _leave_one_out(
    told: list[Effect], conclusion: Conclusion, series: Series, placed: Placed, days: Days
) -> Attack:
    """Does the ratio keep its side when one part of the series is left out?"""
    if len(series.parts) < 2:
        return Attack(
            "leave_one_out", None, said("the series has one part only, which cannot be left out")
        )
    effect = told[0]
    ratios = {name: _ratio_without(name, effect, series, placed, days) for name in series.parts}
    low, high = min(ratios.values()), max(ratios.values())
    if conclusion is Conclusion.FELL:
        passed = high < 1
    elif conclusion is Conclusion.ROSE:
        passed = low > 1
    else:
        band = effect.ratio
        passed = band is None or (band.low <= low and high <= band.high)
    text = said(
        "one of {n} parts left out at a time: the ratio against {baseline:baseline} lies between "
        "{low:number} and {high:number}",
        n=len(ratios),
        baseline=effect.baseline,
        low=low,
        high=high,
    )
    return Attack("leave_one_out", passed, text)


def _ratio_without(name: str, effect: Effect, series: Series, placed: Placed, days: Days) -> float:
    """The ratio of all parts but one, with the same factor between baseline and expectation."""
    part = np.array([0.0 if n is None else float(n) for n in series.parts[name]])
    if effect.first is None or effect.expected is None:
        raise ValueError(f"{effect.baseline}: a baseline without numbers")
    offset = series.index(effect.first) - placed.start
    shape = Shape(placed.length, offset, effect.n_days)
    rest = Days(days.counts - part, days.exposure, days.listed, days.breaks)
    start = np.array([placed.start])
    whole, here = compare(days, shape, start), compare(rest, shape, start)
    factor = effect.expected.value / float(whole.expected[0])
    return float(here.counts[0] / (factor * here.expected[0]))


def _baselines(told: list[Effect], conclusion: Conclusion) -> Attack:
    """Do all baselines say the same?"""
    if len(told) < 2:
        text = said("only the baseline {baseline:baseline} exists", baseline=told[0].baseline)
        return Attack("baselines", None, text)
    values = [effect.ratio.value for effect in told if effect.ratio]
    text = said(
        "against {n} baselines the ratio lies between {low:number} and {high:number}",
        n=len(told),
        low=min(values),
        high=max(values),
    )
    return Attack("baselines", conclusion is not Conclusion.BASELINES_DISAGREE, text)


def _breaks(told: list[Effect], series: Series, placed: Placed, days: Days) -> Attack:
    """Does the source seem to count otherwise between the window and a baseline?"""
    between = {
        place: effect.baseline
        for effect in told
        for place in days.breaks
        if effect.first and _spans(series.index(effect.first), effect.n_days, placed, place)
    }
    if between:
        text = said(
            "{n} suspected changes of the source lie in the window or between it and "
            "{baselines:baseline}",
            n=len(between),
            baselines=list(dict.fromkeys(between.values())),
        )
        return Attack("breaks", False, text)
    return Attack(
        "breaks",
        True,
        said("no change of the source is listed in the window or between it and its baselines"),
    )


def _spans(base: int, n_days: int, placed: Placed, place: int) -> bool:
    low = min(base, placed.start)
    return low < place < max(base + n_days, placed.start + placed.length)


def _dates(series: Series) -> Attack:
    """How much is left out because it lies on no single day?"""
    counted = sum(len(refs) for refs in series.rows.values())
    share = series.n_undated / (series.n_undated + counted)
    text = said(
        "{n} of {all} rows of the series lie on no single day and are left out",
        n=series.n_undated,
        all=series.n_undated + counted,
    )
    return Attack("dates", share <= t.RATES_UNDATED_SHARE, text)
