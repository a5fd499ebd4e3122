"""Did untouched kinds of targets take the acts?  A touched series beside an untouched one.

A series that the terms do not touch is no control if the acts went there instead: then it rises
because the other falls.  Both are held against the same baseline, their sum too, and the ratio of
the two ratios against the same ratio in windows without a truce.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from truceline import thresholds as t
from truceline.assess import refusals
from truceline.assess.placebo import Days, Shape, calibrate, compare, ratio_band
from truceline.assess.windows import as_days, baselines, place_window
from truceline.domain.agreement import Reading
from truceline.domain.rates import Band, Conclusion, Finding, Refusal, Shift
from truceline.domain.said import Said, said
from truceline.domain.series import Series, Truce
from truceline.domain.trees import OBJECTS


def ask_substitution(
    question: str,
    touched: Series,
    untouched: Series,
    reading: Reading,
    clause: str,
    truces: Sequence[Truce],
    object_class: str | None = None,
) -> Finding:
    """Whether the untouched series rose while the touched one fell, under the clock of a reading.

    Both series are sums of what was declared, of one unit, over the same days.
    """
    finding = Finding(
        id=f"substitution-{question}-{reading.id}-{clause}",
        ask="substitution",
        series=(touched.id, untouched.id),
        reading=reading.id,
        clause=clause,
        conclusion=Conclusion.REFUSED,
    )
    refused = tuple(_refused(touched, untouched, object_class))
    placed = None if refused else place_window(reading.clock, touched)
    if not refused and placed is None:
        refused = (refusals.no_whole_day(),)
    if placed is None:
        return _told(replace(finding, refusals=refused), touched, untouched)
    window = placed.window
    if window.n_known < t.RATES_KNOWN_SHARE * window.n_days:
        missing = refusals.missing_days(window.n_known, window.n_days, window.first, window.last)
        return _told(replace(finding, window=window, refusals=(missing,)), touched, untouched)
    days = (as_days(touched, truces), as_days(untouched, truces))
    found = [
        shift
        for baseline in baselines(placed, touched, days[0], truces)
        if baseline.why is None
        and (shift := _shift(baseline.name, baseline.shape, placed.start, *days))
    ]
    if not found:
        refused = (refusals.no_baseline(4),)
    conclusion = conclude(found) if found else Conclusion.REFUSED
    done = replace(
        finding, window=window, shifts=tuple(found), refusals=refused, conclusion=conclusion
    )
    return _told(done, touched, untouched)


def conclude(shifts: Sequence[Shift]) -> Conclusion:
    """Indicated where, against every baseline, the one fell and the other rose."""
    fell = [shift.touched.high < 1 for shift in shifts]
    rose = [shift.untouched.low > 1 for shift in shifts]
    if all(fell) and all(rose):
        return Conclusion.INDICATED
    if any(fell) and any(rose):
        return Conclusion.BASELINES_DISAGREE
    less = [shift.untouched.high < 1 or shift.total.high < 1 for shift in shifts]
    if all(fell) and all(less):
        return Conclusion.NOT_INDICATED
    return Conclusion.CANNOT_TELL


def _refused(touched: Series, untouched: Series, object_class: str | None) -> Iterator[Refusal]:
    if touched.unit != untouched.unit:
        yield refusals.mixed_units({touched.id: touched.unit, untouched.id: untouched.unit})
    if object_class and not (
        touched.object_class and OBJECTS.covers(object_class, touched.object_class)
    ):
        yield replace(refusals.no_target_class((object_class,)), whole=True)


def _shift(name: str, shape: Shape, start: int, touched: Days, untouched: Days) -> Shift | None:
    total = Days(
        touched.counts + untouched.counts,
        np.minimum(touched.exposure, untouched.exposure),
        touched.listed | untouched.listed,
        tuple(sorted({*touched.breaks, *untouched.breaks})),
    )
    bands = [_ratio(days, shape, start) for days in (touched, untouched, total)]
    share = _share(shape, start, touched, untouched, total)
    if share is None or any(band is None for band in bands):
        return None
    one, other, both = (band for band in bands if band)
    return Shift(name, one, other, share, both)


def _ratio(days: Days, shape: Shape, start: int) -> Band | None:
    found = calibrate(days, shape, start)
    if found is None:
        return None
    here = compare(days, shape, np.array([start])).by_weekday(found.week)
    return ratio_band(float(here.counts[0]), float(here.expected[0]), found.law, found.tail)


def _share(shape: Shape, start: int, touched: Days, untouched: Days, total: Days) -> Band | None:
    """Ratio of the two ratios, with an interval from the same ratio in placebo windows."""
    found = calibrate(total, shape, start)
    if found is None:
        return None

    def log_odds(starts: np.ndarray) -> np.ndarray:
        one, other = compare(touched, shape, starts), compare(untouched, shape, starts)
        return np.asarray(
            np.log((one.counts + 0.5) / one.expected)
            - np.log((other.counts + 0.5) / other.expected)
        )

    without = log_odds(found.windows.starts)
    here = float(log_odds(np.array([start]))[0])
    off = (1 - t.INTERVAL_MASS) / 2
    low, middle, high = np.quantile(without, [off, 0.5, 1 - off])
    return Band(float(np.exp(here - middle)), float(np.exp(here - high)), float(np.exp(here - low)))


def _told(finding: Finding, touched: Series, untouched: Series) -> Finding:
    return replace(finding, sentences=tuple(tell_substitution(finding, touched, untouched)))


def tell_substitution(finding: Finding, touched: Series, untouched: Series) -> Iterator[Said]:
    """What is found, with both ratios for every baseline."""
    if finding.conclusion is Conclusion.REFUSED:
        yield said(
            "Whether {untouched:told} took what {touched:told} lost under the clock of the reading "
            "{reading} is not told: {codes:refusal}.",
            untouched=untouched.title,
            touched=touched.title,
            reading=finding.reading,
            codes=[refusal.code for refusal in finding.refusals],
        )
        return
    yield said(
        "Whether {untouched:told} took what {touched:told} lost under the clock of the reading "
        "{reading}: {conclusion:conclusion}.",
        untouched=untouched.title,
        touched=touched.title,
        reading=finding.reading,
        conclusion=finding.conclusion.value,
    )
    for shift in finding.shifts:
        yield said(
            "Against {baseline:baseline}: touched {one:number} ({olow:number} to {ohigh:number}), "
            "untouched {other:number} ({ulow:number} to {uhigh:number}), both together "
            "{both:number} ({blow:number} to {bhigh:number}) times what is to be expected "
            "without a truce ({unit:unit}).",
            baseline=shift.baseline,
            one=shift.touched.value,
            olow=shift.touched.low,
            ohigh=shift.touched.high,
            other=shift.untouched.value,
            ulow=shift.untouched.low,
            uhigh=shift.untouched.high,
            both=shift.total.value,
            blow=shift.total.low,
            bhigh=shift.total.high,
            unit=touched.unit,
        )
