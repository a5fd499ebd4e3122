"""Sentences about findings, made from the numbers that stand beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from truceline import thresholds as t
from truceline.assess.changepoint import tell_change_point
from truceline.assess.conclude import heard, way_of
from truceline.assess.interrupted import tell_trend
from truceline.domain.rates import Conclusion, Effect, Finding, Window
from truceline.domain.said import Said, said
from truceline.domain.series import Series


def with_sentences(finding: Finding, series: Series) -> Finding:
    """The finding with its sentences, and with what a table of its numbers shows in words."""
    return replace(
        finding,
        sentences=tuple(tell_change(finding, series)),
        details=tuple(tell_numbers(finding, series)),
    )


def tell_change(finding: Finding, series: Series) -> Iterator[Said]:
    """What a finding says: one sentence that can stand alone, then what has to be known with it."""
    window, change = finding.window, finding.change
    if window is None or change is None or finding.conclusion is Conclusion.REFUSED:
        yield tell_refused(finding, series.title)
        return
    told = heard(change.effects)
    yield _headline(finding, series, window, told)
    failed = [attack.check for attack in finding.attacks if attack.passed is False]
    if failed:
        yield said(
            "This finding does not withstand every attempt to make it fall: {failed:attack}.",
            failed=failed,
        )
    yield _window(finding.reading, window)
    if finding.conclusion is Conclusion.BASELINES_DISAGREE:
        yield _why_they_disagree(told)
    if change.change_point:
        found, *beside = tell_change_point(change.change_point, series.unit, series.title)
        yield found
        yield from beside[: len(change.change_point.clocks)]


def tell_numbers(finding: Finding, series: Series) -> Iterator[Said]:
    """Every baseline, what the day of the change is worth, and level and trend."""
    change = finding.change
    if change is None or finding.conclusion is Conclusion.REFUSED:
        return
    for effect in change.effects:
        yield _effect(effect, series)
        if effect.ratio and effect.n_listed:
            yield _listed(effect)
    if change.change_point:
        told = tell_change_point(change.change_point, series.unit, series.title)
        yield from told[1 + len(change.change_point.clocks) :]
    if change.trend:
        yield from tell_trend(change.trend, series.unit, series.title)


def tell_refused(finding: Finding, title: str) -> Said:
    """What is said of a series that has no answer under one clock."""
    return said(
        "{title:told}: whether it changed under the clock of the reading {reading} is not told: "
        "{codes:refusal}.",
        title=title,
        reading=finding.reading,
        codes=[refusal.code for refusal in finding.refusals if refusal.whole],
    )


def _headline(finding: Finding, series: Series, window: Window, told: list[Effect]) -> Said:
    effect, change = told[0], finding.change
    if effect.ratio is None or effect.expected is None or change is None:
        raise ValueError(f"{finding.id}: a headline needs a baseline with numbers")
    outside = sum(e.ratio is not None and way_of(e.ratio) != 0 for e in told)
    values = {
        "title": series.title,
        "n": change.n,
        "unit": series.unit,
        "days": window.n_known,
        "all": window.n_days,
        "first": window.first,
        "last": window.last,
        "reading": finding.reading,
        "baseline": effect.baseline,
        "expected": effect.expected.value,
        "low": effect.expected.low,
        "high": effect.expected.high,
        "ratio": effect.ratio.value,
        "rlow": effect.ratio.low,
        "rhigh": effect.ratio.high,
        "mass": t.INTERVAL_MASS,
        "conclusion": finding.conclusion.value,
        "outside": outside,
        "baselines": len(told),
    }
    if window.certain:
        return said(
            "{title:told}: {n} ({unit:unit}) on {days} of {all} days from {first:day} to "
            "{last:day}, under the clock of the reading {reading}; the baseline "
            "{baseline:baseline} leads to expect {expected:number} ({low:number} to "
            "{high:number}) without a truce, a ratio of {ratio:number} ({rlow:number} to "
            "{rhigh:number}, {mass:share}): {conclusion:concluded}; {outside} of {baselines} "
            "intervals exclude no change.",
            **values,
        )
    return said(
        "{title:told}: {n} ({unit:unit}) on {days} of {all} days from {first:day} to {last:day}, "
        "for each of which the reading {reading} leaves open whether its clock runs; the baseline "
        "{baseline:baseline} leads to expect {expected:number} ({low:number} to {high:number}) "
        "without a truce, a ratio of {ratio:number} ({rlow:number} to {rhigh:number}, "
        "{mass:share}): {conclusion:concluded}; {outside} of {baselines} intervals exclude no "
        "change.",
        **values,
    )


def _window(reading: str, window: Window) -> Said:
    if window.cut:
        return said(
            "The clock of the reading {reading} runs on after these days, or its end is not "
            "stated; its first {n} whole days are looked at.",
            reading=reading,
            n=window.n_days,
        )
    return said(
        "Whole days only, without a break, that the reading {reading} counts: {n}.",
        reading=reading,
        n=window.n_days,
    )


def _effect(effect: Effect, series: Series) -> Said:
    if effect.ratio is None or effect.placebo is None or effect.expected is None:
        return said(
            "There is no baseline {baseline:baseline}: {why:told}.",
            baseline=effect.baseline,
            why=effect.why,
        )
    return said(
        "Against {baseline:baseline} ({first:day} to {last:day}, {rate:number} {unit:unit} a day): "
        "ratio {ratio:number} ({low:number} to {high:number}); {power:told}",
        baseline=effect.baseline,
        first=effect.first,
        last=effect.last,
        rate=effect.rate_per_day,
        unit=series.unit,
        ratio=effect.ratio.value,
        low=effect.ratio.low,
        high=effect.ratio.high,
        power=_power(effect),
    )


def _listed(effect: Effect) -> Said:
    return said(
        "{n} of the {all} days of the baseline {baseline:baseline} lie in listed truces or events.",
        n=effect.n_listed,
        all=effect.n_days,
        baseline=effect.baseline,
    )


def _power(effect: Effect) -> Said:
    if effect.detectable is None:
        return said(
            "not even a complete halt would be found with a power of {power:share}.",
            power=t.RATES_POWER,
        )
    return said(
        "a fall to {ratio:share} or less would be found with a power of {power:share}.",
        ratio=effect.detectable,
        power=t.RATES_POWER,
    )


def _why_they_disagree(told: list[Effect]) -> Said:
    """The baselines with the highest and the lowest rate: that is why they disagree."""
    rates = sorted(told, key=lambda effect: effect.rate_per_day)
    low, high = rates[0], rates[-1]
    return said(
        "The baselines disagree because the count was not level before and after: "
        "{low:number} per day in {lowest:baseline}, {high:number} per day in {highest:baseline}; "
        "which of them is the right one the data do not say.",
        low=low.rate_per_day,
        lowest=low.baseline,
        high=high.rate_per_day,
        highest=high.baseline,
    )


def tell_total(finding: Finding) -> Iterator[Said]:
    """A question that has no answer under any clock."""
    yield said(
        "{ask:ask} About {series}, this is not told: {codes:refusal}.",
        ask=finding.ask,
        series=list(finding.series),
        codes=[refusal.code for refusal in finding.refusals],
    )
