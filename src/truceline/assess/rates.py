"""Did it change?  One series, one clock, every baseline; then attacked, then told.

Read `ask_change` from top to bottom.  A fall is no compliance and a rise is nobody's doing: the
numbers say how a count differs from what its baselines lead to expect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import ceil, isinf

import numpy as np

from truceline import thresholds as t
from truceline.assess import attacks, rates_words, refusals
from truceline.assess.changepoint import estimate_change_point
from truceline.assess.conclude import conclude, heard, way_of
from truceline.assess.effective import wilson
from truceline.assess.interrupted import estimate_trend
from truceline.assess.placebo import (
    Calibration,
    Days,
    calibrate,
    compare,
    count_band,
    detectable_fall,
    power_of_fall,
    ratio_band,
)
from truceline.assess.windows import (
    Baseline,
    Placed,
    about,
    as_days,
    baselines,
    days_of,
    known_breaks,
    n_listed,
    place_window,
)
from truceline.domain.agreement import Agreement, Clause, Reading
from truceline.domain.rates import (
    Band,
    Change,
    ChangePoint,
    Conclusion,
    Effect,
    Finding,
    Placebo,
    Refusal,
    Shown,
    Stretch,
    Trend,
)
from truceline.domain.said import said
from truceline.domain.series import Break, Series, Truce
from truceline.domain.trees import OBJECTS

POWER_AT = (0.75, 0.5, 0.25, 0.0)
"""Falls (as ratios) for which the power is told."""

SHOWN_BEFORE_D, SHOWN_AFTER_D = 90, 60
"""Days around the window that are drawn."""

DRAWN_RATIOS = 200
"""Placebo ratios that a drawing needs at most."""

LONGEST_NEEDED = 64
"""Times the window that is tried when it is asked how long one would have to be."""


@dataclass(frozen=True)
class Asked:
    """A series and what it is held against."""

    series: Series
    reading: Reading
    clause: Clause
    agreement: Agreement
    truces: tuple[Truce, ...]
    measured: dict[tuple[str, Placed], Change] = field(default_factory=dict)
    """Numbers that were worked out already: readings with the same days share them."""


def ask_change(asked: Asked) -> Finding:
    """The change of a series under a clock: numbers, attacks, refusals, sentences."""
    series, reading = asked.series, asked.reading
    finding = Finding(
        id=f"change-{series.id}-{reading.id}-{asked.clause.id}",
        ask="change",
        series=(series.id,),
        reading=reading.id,
        clause=asked.clause.id,
        conclusion=Conclusion.REFUSED,
    )
    placed = place_window(reading.clock, series)
    if placed is None:
        return rates_words.with_sentences(
            replace(finding, refusals=(refusals.no_whole_day(),)), series
        )
    days = as_days(series, asked.truces)
    finding = replace(
        finding,
        window=placed.window,
        shown=_shown(series, placed, None, asked),
        rows=_rows(series, placed),
    )
    refused = _refused_before(asked, placed)
    if any(refusal.whole for refusal in refused):
        return rates_words.with_sentences(replace(finding, refusals=tuple(refused)), series)
    change = _measure(asked, placed, days)
    told = heard(change.effects)
    refused += _refused_after(change.effects, placed, days)
    whole = any(refusal.whole for refusal in refused)
    if whole:
        change = replace(change, trend=None, change_point=None)
    primary = told[0].expected if told else None
    finding = replace(
        finding,
        change=change,
        refusals=tuple(refused),
        shown=_shown(series, placed, primary, asked) if told else None,
        conclusion=Conclusion.REFUSED if whole else conclude(change.effects),
    )
    tried = () if whole else tuple(attacks.attack(finding, series, placed, days))
    return rates_words.with_sentences(replace(finding, attacks=tried), series)


def _measure(asked: Asked, placed: Placed, days: Days) -> Change:
    """Effects, trend and day of the change, once for all readings with these days."""
    key = (asked.series.id, placed)
    if key not in asked.measured:
        every = baselines(placed, asked.series, days, asked.truces)
        counts, exposure = _counts(days, placed), _exposure(days, placed)
        asked.measured[key] = Change(
            n=int(counts.sum()),
            rate_per_day=float(counts.sum() / exposure.sum()),
            exposure_d=float(exposure.sum()),
            effects=tuple(_effect(baseline, placed, asked, days) for baseline in every),
            trend=_trend(placed, days),
            change_point=_change_point(asked, placed, days),
        )
    return asked.measured[key]


# --- refusals -----------------------------------------------------------------------------------


def _refused_before(asked: Asked, placed: Placed) -> list[Refusal]:
    """What speaks against an answer before any number is worked out."""
    series, window = asked.series, placed.window
    found = []
    wanted = frozenset(asked.clause.must_not.against)
    if OBJECTS.root not in wanted and not _tells(series.object_class, wanted):
        found.append(refusals.no_target_class(wanted))
    if len(asked.clause.obliges) > 1 and not series.side:
        found.append(refusals.no_side(sorted(asked.clause.obliges)))
    if series.exposure is None:
        found.append(refusals.no_exposure(series))
    if series.n_set_aside:
        found.append(refusals.rows_set_aside(series.n_set_aside))
    elif window.n_known < t.RATES_KNOWN_SHARE * window.n_days:
        found.append(
            refusals.missing_days(window.n_known, window.n_days, window.first, window.last)
        )
    end = placed.start + placed.length
    for place, why in known_breaks(series, asked.truces).items():
        if placed.start < place < end:
            on = series.first + timedelta(days=place)
            found.append(refusals.collection_changed(on, why))
    return found


def _tells(object_class: str, wanted: frozenset[str]) -> bool:
    """Whether a series about a class of objects is about some of those that are wanted."""
    return bool(object_class) and any(
        OBJECTS.covers(name, object_class) or OBJECTS.covers(object_class, name) for name in wanted
    )


def _refused_after(effects: Sequence[Effect], placed: Placed, days: Days) -> list[Refusal]:
    """What the baselines cannot carry."""
    told = heard(effects)
    if not told:
        return [refusals.no_baseline(len(effects))]
    if all(effect.detectable is None and _way_of(effect) == 0 for effect in told):
        usable = int(days.known[placed.start : placed.start + placed.length].sum())
        return [refusals.too_few_days(usable, _needed_d(told, placed))]
    return []


def _way_of(effect: Effect) -> int:
    return way_of(effect.ratio) if effect.ratio else 0


def _needed_d(told: Sequence[Effect], placed: Placed) -> int | None:
    """How long a window would have to be, if longer windows scattered like this one."""
    needed = [ceil(placed.length * effect.needed_times) for effect in told if effect.needed_times]
    return min(needed, default=None)


# --- effects ------------------------------------------------------------------------------------


def _effect(baseline: Baseline, placed: Placed, asked: Asked, days: Days) -> Effect:
    series = asked.series
    if baseline.why:
        return Effect(baseline.name, why=baseline.why)
    shape = baseline.shape
    first, last = days_of(series, placed.start + shape.offset, shape.base_length)
    here = compare(days, shape, np.array([placed.start]))
    n, base = float(here.counts[0]), float(here.base_counts[0])
    rate = base / float(here.base_exposure[0])
    effect = Effect(
        baseline.name,
        first=first,
        last=last,
        n_days=shape.base_length,
        n=int(base),
        n_listed=n_listed(placed, shape, days),
        rate_per_day=rate,
        plain_ratio=n / float(here.exposure[0]) / rate if rate else 0.0,
    )
    found = calibrate(days, shape, placed.start)
    if found is None:
        why = said(
            "fewer than {n} windows of this kind without a truce lie beside each other in the "
            "series, so that nobody can say how such counts differ without one",
            n=t.RATES_MIN_WINDOWS,
        )
        return replace(effect, why=why)
    return _measured(effect, n, float(here.by_weekday(found.week).expected[0]), found)


def _measured(effect: Effect, n: float, expected: float, found: Calibration) -> Effect:
    law, tail = found.law, found.tail
    ratio = ratio_band(n, expected, law, tail)
    if isinf(ratio.high):
        why = said(
            "counts of windows of this kind without a truce scatter so much that no ratio can be "
            "excluded"
        )
        return replace(effect, why=why)
    band = count_band(expected, law, tail)
    needed = None
    if band.low <= 0:
        times = (2.0**i for i in range(1, LONGEST_NEEDED.bit_length()))
        needed = next((k for k in times if count_band(k * expected, law, tail).low > 0), None)
    return replace(
        effect,
        ratio=ratio,
        expected=band,
        dispersion=law.variance(expected) / float(law.mean(expected)),
        placebo=Placebo(
            ratios=_drawn(found.apart),
            n_windows=found.n_windows,
            n_effective=found.n_effective,
            coverage=wilson(float(found.held.mean()), found.n_effective),
            tail=tail,
        ),
        detectable=detectable_fall(band.value, law.shape, band.low),
        power=tuple((to, power_of_fall(to, band.value, law.shape, band.low)) for to in POWER_AT),
        needed_times=needed,
    )


def _drawn(ratios: np.ndarray) -> tuple[float, ...]:
    """Ratios in order; of very many, evenly spaced ones that show the same distribution."""
    if len(ratios) > DRAWN_RATIOS:
        ratios = np.quantile(ratios, (np.arange(DRAWN_RATIOS) + 0.5) / DRAWN_RATIOS)
    return tuple(sorted(float(f"{ratio:.4g}") for ratio in ratios))


# --- trend and day of the change ----------------------------------------------------------------


def _counts(days: Days, placed: Placed) -> np.ndarray:
    return days.counts[placed.start : placed.start + placed.length]


def _exposure(days: Days, placed: Placed) -> np.ndarray:
    return days.exposure[placed.start : placed.start + placed.length]


def _with_nan(days: Days) -> np.ndarray:
    return np.where(days.known, days.counts, np.nan)


def _trend(placed: Placed, days: Days) -> Trend | None:
    before = max(placed.length, t.RATES_BASE_D)
    return estimate_trend(
        _with_nan(days), days.exposure, placed.start, placed.length, before, ~days.listed
    )


def _change_point(asked: Asked, placed: Placed, days: Days) -> ChangePoint | None:
    """The day of the change around the start of the clock, against the clocks of all readings."""
    if placed.length < t.CHANGE_SEARCH_D:  # two changes, its start and its end, would be one
        return None
    clocks = []
    for reading in asked.agreement.readings:
        other = place_window(reading.clock, asked.series)
        if other:
            first = other.window.first - timedelta(days=other.gap_before)
            clocks.append((reading.id, first))
    around = placed.start - placed.gap_before
    return estimate_change_point(
        _with_nan(days), days.exposure, asked.series.first, around, ~days.listed, clocks
    )


# --- drawing and rows ---------------------------------------------------------------------------


def _shown(series: Series, placed: Placed, expected: Band | None, asked: Asked) -> Shown:
    start = max(0, placed.start - SHOWN_BEFORE_D)
    end = min(len(series.counts), placed.start + placed.length + SHOWN_AFTER_D)
    first, last = days_of(series, start, end - start)
    per_day = None
    if expected:
        n = placed.length
        per_day = Band(expected.value / n, expected.low / n, expected.high / n)
    window = placed.window
    stretches = [Stretch(asked.reading.id, window.first, window.last, window.certain)]
    if placed.gap_before:
        edge = window.first - timedelta(days=1)
        stretches.append(
            Stretch(asked.reading.id, window.first - timedelta(days=placed.gap_before), edge, False)
        )
    if placed.gap_after or window.cut:
        edge = window.last + timedelta(days=1)
        end_of = None if not placed.ends else window.last + timedelta(days=placed.gap_after)
        stretches.append(Stretch(asked.reading.id, edge, end_of, False))
    listed = [x for x in about(series, asked.truces) if x.kind in ("break", "suspected_break")]
    every = [*series.breaks, *(Break(x.last, x.why) for x in listed)]
    known = {b.on: b for b in every if first <= b.on <= last}
    return Shown(
        first=first,
        counts=series.counts[start:end],
        expected=per_day,
        breaks=tuple(known[on] for on in sorted(known)),
        clocks=tuple(sorted(stretches, key=lambda s: s.first)),
    )


def _rows(series: Series, placed: Placed) -> tuple[str, ...]:
    """Rows that the counts of the window rest on, in order of days."""
    days = (placed.window.first + timedelta(days=i) for i in range(placed.length))
    return tuple(ref for day in days for ref in series.rows.get(day, ()))
