"""Which days of a series lie under a clock, and which it may be held against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from truceline import thresholds as t
from truceline.assess.placebo import Days, Shape
from truceline.clock import EARLIEST, LATEST, day_of
from truceline.domain.agreement import Clock, ClockState
from truceline.domain.rates import Window
from truceline.domain.said import Said, said
from truceline.domain.series import Series, Truce

YEAR_D = 365

ZONES_D = 2
"""Days by which a local date can lie off a date in UTC, and one more."""


@dataclass(frozen=True)
class Placed:
    """A window in a series: place of its first day, its days, and the days left out around it.

    ``gap_before`` and ``gap_after``: days that lie under the clock in part, or that the reading
    leaves open; they belong to neither side of a comparison.  ``ends``: whether days after it are
    known to lie outside of the clock.
    """

    window: Window
    start: int
    length: int
    gap_before: int
    gap_after: int
    ends: bool


def place_window(clock: Clock, series: Series) -> Placed | None:
    """The whole days of a series on which a clock certainly runs; if there is none, may run.

    Whole days only, in the zone of the series.  None where no whole day of the series lies under
    the clock.  A window without an end, or longer than stated, is cut and says so.
    """
    n = len(series.counts)
    states = _states(clock, series)
    certain = [state == {ClockState.IN_FORCE} for state in states]
    possible = [ClockState.NOT_IN_FORCE not in state for state in states]
    wanted = certain if any(certain) else possible
    if not any(wanted):
        return None
    start = wanted.index(True)
    length = next((i for i in range(start, n) if not wanted[i]), n) - start
    cut = length > t.RATES_LONGEST_D or start + length == n
    if length > t.RATES_LONGEST_D:
        length = t.RATES_OPEN_D
    touched = [state != {ClockState.NOT_IN_FORCE} for state in states]
    before = next((i for i in range(start - 1, -1, -1) if not touched[i]), -1)
    after = next((i for i in range(start + length, n) if not touched[i]), n)
    ends = not cut and after < n
    known = sum(count is not None for count in series.counts[start : start + length])
    first = series.first + timedelta(days=start)
    window = Window(
        first=first,
        last=first + timedelta(days=length - 1),
        n_days=length,
        n_known=known,
        certain=wanted is certain,
        cut=cut,
    )
    return Placed(window, start, length, start - before - 1, after - start - length, ends)


def _states(clock: Clock, series: Series) -> list[frozenset[ClockState]]:
    """States of a clock on every day of a series; only near it they have to be worked out."""
    spans = [clock.span, *(span for span, _ in clock.open_spans)]
    start, until = min(s.start for s in spans), max(s.until for s in spans)
    first = max(0, series.index(start.date()) - ZONES_D) if start > EARLIEST else 0
    last = series.index(until.date()) + ZONES_D if until < LATEST else len(series.counts)
    found = [frozenset({ClockState.NOT_IN_FORCE})] * len(series.counts)
    for i in range(first, min(last + 1, len(series.counts))):
        found[i] = clock.states(day_of(series.first + timedelta(days=i), series.zone))
    return found


def as_days(series: Series, truces: Sequence[Truce]) -> Days:
    """A series as arrays, with the days of listed truces and the places of breaks."""
    n = len(series.counts)
    counts = np.array([0.0 if c is None else float(c) for c in series.counts])
    known = np.array([c is not None for c in series.counts], dtype=float)
    exposure = known if series.exposure is None else known * np.array(series.exposure)
    listed = np.zeros(n, dtype=bool)
    suspected = set()
    for truce in about(series, truces):
        if truce.kind == "suspected_break":
            suspected |= {series.index(truce.first), series.index(truce.last)}
        elif truce.kind != "break":
            first, end = max(0, series.index(truce.first)), series.index(truce.last) + 1
            listed[first : max(first, end)] = True
    inside = {place for place in suspected if 0 < place < n} | known_breaks(series, truces).keys()
    return Days(counts, exposure, listed, tuple(sorted(inside)))


def known_breaks(series: Series, truces: Sequence[Truce]) -> dict[int, str]:
    """Places inside the series from which it counts otherwise, with the reason."""
    found = {series.index(one.on): one.why for one in series.breaks}
    for truce in about(series, truces):
        if truce.kind == "break":
            found |= {series.index(truce.first): truce.why, series.index(truce.last): truce.why}
    return {place: found[place] for place in sorted(found) if 0 < place < len(series.counts)}


def about(series: Series, truces: Sequence[Truce]) -> list[Truce]:
    """Listed days that concern a series."""
    return [truce for truce in truces if not truce.series or series.id in truce.series]


@dataclass(frozen=True)
class Baseline:
    """A baseline that was declared: its geometry, or why it does not exist."""

    name: str
    shape: Shape
    why: Said | None = None


def baselines(
    placed: Placed, series: Series, days: Days, truces: Sequence[Truce]
) -> Iterator[Baseline]:
    """All baselines, in the order in which they are told; none is left out without a reason."""
    length, base = placed.length, max(placed.length, t.RATES_BASE_D)
    before = -(placed.gap_before + base)
    offsets = {
        "just_before": before,
        "one_period_earlier": before - base,
        "year_before": -YEAR_D - (base - length) // 2,
        "after": length + placed.gap_after,
    }
    for name, offset in offsets.items():
        shape = Shape(length, offset, base)
        why = _absent(name, shape, placed, series, days, truces)
        yield Baseline(name, shape, why)


def days_of(series: Series, start: int, length: int) -> tuple[date, date]:
    """First and last day of a stretch."""
    first = series.first + timedelta(days=start)
    return first, first + timedelta(days=length - 1)


def _absent(
    name: str,
    shape: Shape,
    placed: Placed,
    series: Series,
    days: Days,
    truces: Sequence[Truce],
) -> Said | None:
    start, end = placed.start + shape.offset, placed.start + shape.offset + shape.base_length
    if name == "after" and not placed.ends:
        return said("the reading states no end that the window reaches, so that no day is after it")
    if start < 0:
        return said("the series begins on {first:day}", first=series.first)
    if end > len(days.counts):
        return said("the series ends on {last:day}", last=series.last)
    low, high = min(start, placed.start), max(end, placed.start + placed.length)
    for place in known_breaks(series, truces):
        if low < place < high:
            on = series.first + timedelta(days=place)
            return said("the source counts otherwise from {on:day} on", on=on)
    odd = [x for x in about(series, truces) if x.kind == "event"]
    n_odd = int(as_days(series, odd).listed[start:end].sum())
    if n_odd > t.RATES_ODD_SHARE * shape.base_length:
        return said(
            "{n} of its {all} days are listed as unlike any other: {why:told}",
            n=n_odd,
            all=shape.base_length,
            why=_why_odd(odd, series, start, end),
        )
    if not days.counts[start:end].any():
        return said("nothing was counted in it, so that there is nothing to be a multiple of")
    n_known = int(days.known[start:end].sum())
    if n_known < t.RATES_KNOWN_SHARE * shape.base_length:
        return said(
            "only {n} of its {all} days have a published count", n=n_known, all=shape.base_length
        )
    return None


def _why_odd(odd: Sequence[Truce], series: Series, start: int, end: int) -> str:
    """Reason of the listed event that reaches into a stretch."""
    first, last = days_of(series, start, end - start)
    return next(x.why for x in odd if x.first <= last and x.last >= first)


def n_listed(placed: Placed, shape: Shape, days: Days) -> int:
    """Days of a baseline that lie in listed truces or events, the one in question included."""
    start = placed.start + shape.offset
    return int(days.listed[start : start + shape.base_length].sum())
