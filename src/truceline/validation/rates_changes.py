"""Days of change: false alarms where no truce is listed, and every listed truce asked about.

And the sky: a constant number of fires behind real clouds must not fall with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.random import PCG64, Generator

from truceline.assess.changepoint import N_DAYS, called_at, estimate_change_point, scan_changes
from truceline.assess.effective import n_disjoint, n_effective, wilson
from truceline.assess.placebo import Days, Floats, compare
from truceline.domain.rates import ChangePoint
from truceline.domain.series import Truce
from truceline.sources.records import Records
from truceline.validation.rates_cases import Held, shapes
from truceline.validation.rates_rivals import poisson
from truceline.validation.rates_worlds import conclusion, look
from truceline.validation.worlds_calibration import Share

SKY_FIRST, SKY_LAST = date(2022, 1, 1), date(2025, 12, 31)
OWN_SKY = date(2024, 11, 1)
"""From here on nearly every day has its own sky, and no other is taken."""

PAUSE_FIRST, SKY_D = date(2025, 3, 18), 30
FIRES_PER_CLEAR_DAY = 12.0


# --- change points ------------------------------------------------------------------------------


def false_alarms(held: Held) -> dict[str, Any] | None:
    """Share of days without a listed truce at which a change would be called, by the others."""
    days = held.days
    scan = scan_changes(held.counts, days.exposure)
    places = np.flatnonzero(~days.listed & scan.valid).astype(np.int64)
    if not len(places):
        return None
    called = called_at(scan, places)
    n = n_effective(called, places, n_disjoint(places, N_DAYS))
    band = wilson(float(called.mean()), n)
    return {
        "series": held.key,
        "n": len(places),
        "n_effective": round(n, 1),
        "share": round(band.value, 4),
        "low": round(band.low, 4),
        "high": round(band.high, 4),
    }


def at_truce(held: Held, truce: Truce) -> dict[str, Any] | None:
    """What the change point says about the first day of a listed truce; None where it is mute."""
    found = _change(held, truce.first)
    row = {"series": held.key, "truce": truce.id, "on": truce.first.isoformat()}
    if found is None:
        return row | {"answered": False}
    clock = found.clocks[0]
    fell = found.after_per_day < found.before_per_day
    return row | {
        "answered": True,
        "best": found.best.isoformat(),
        "distance_d": int(clock.distance_d),
        "low_d": (found.low - truce.first).days,
        "high_d": (found.high - truce.first).days,
        "p_within": round(clock.p_within, 4),
        "p_placebo": round(found.p_placebo, 4),
        "p_no_change": round(found.p_no_change, 4),
        "before_per_day": round(found.before_per_day, 3),
        "after_per_day": round(found.after_per_day, 3),
        "called": found.called,
        "fell": fell,
        "found": found.called and fell and clock.p_within >= 0.5,
    }


def _change(held: Held, on: date) -> ChangePoint | None:
    days = held.days
    return estimate_change_point(
        held.counts,
        days.exposure,
        held.series.first,
        held.series.index(on),
        ~days.listed,
        [("listed", on)],
    )


def listed_truces(held: Held) -> list[dict[str, Any]]:
    """Every listed truce within a series, in order of days."""
    truces = sorted((x for x in held.truces if x.kind == "truce"), key=lambda x: x.first)
    inside = [x for x in truces if held.series.first <= x.first <= held.series.last]
    return [row for truce in inside if (row := at_truce(held, truce))]


def generalisation(rows: Sequence[dict[str, Any]], leave_out: Sequence[str]) -> dict[str, Any]:
    """Of listed truces other than the two of Minsk: how many were found."""
    others = [row for row in rows if row["truce"] not in leave_out]
    called = [row for row in others if row.get("called")]
    return {
        "found": asdict(Share.of("found", sum(bool(r.get("found")) for r in others), len(others))),
        "called": len(called),
        "called_rises": sum(not row["fell"] for row in called),
        "mute": sum(not row["answered"] for row in others),
    }


# --- the sky ------------------------------------------------------------------------------------


def clear_sky(records: Records, source: str) -> Floats:
    """Clear share of each day from the first on; nan is unknown.

    From November 2024 on the sky is that of the day itself.  Earlier a day without a row borrows
    that of the same date in the nearest year that has one: windows without a truce are needed in
    number, and these days stand for other days of their season.
    """
    by_day: dict[date, list[float]] = {}
    for sky in records.clouds:
        if sky.row.source == source:
            by_day.setdefault(sky.day, []).append(1 - sky.cloud_share)
    own = {day: sum(values) / len(values) for day, values in by_day.items()}
    n = (SKY_LAST - SKY_FIRST).days + 1
    days = [SKY_FIRST + timedelta(days=i) for i in range(n)]
    return np.array([_sky_of(day, own) for day in days])


def _sky_of(day: date, own: dict[date, float]) -> float:
    if day in own or day >= OWN_SKY:
        return own.get(day, np.nan)
    years = sorted(range(2022, 2027), key=lambda year: (abs(year - day.year), year))
    for year in years:
        if (day.month, day.day) != (2, 29) and (value := own.get(day.replace(year=year))):
            return value
    return np.nan


def darkest(clear: Floats) -> date:
    """First of the 30 days that darkened most against the 30 days before, own skies alone.

    >>> rest = np.full((date(2025, 6, 1) - SKY_FIRST).days, 0.5)
    >>> darkest(np.concatenate([rest, np.full(30, 0.9), np.full(31, 0.2)]))
    datetime.date(2025, 7, 1)
    """
    first = (OWN_SKY - SKY_FIRST).days + SKY_D
    starts = range(first, len(clear) - SKY_D)
    ratio = [_mean(clear, i, SKY_D) / _mean(clear, i - SKY_D, SKY_D) for i in starts]
    return SKY_FIRST + timedelta(days=first + int(np.argmin(ratio)))


def _mean(clear: Floats, start: int, n: int) -> float:
    part = clear[start : start + n]
    known = part[~np.isnan(part)]
    return float(known.mean()) if len(known) else 1.0


def cloud_study(clear: Floats, on: date, seeds: Sequence[int]) -> dict[str, Any]:
    """Constant fires behind a real sky, asked with exposure and without, by the engine and plainly.

    The window is the 30 days from ``on``; a day with an unknown sky is unknown in both.
    """
    known = ~np.isnan(clear)
    share = np.where(known, clear, 0.0)
    start = (on - SKY_FIRST).days
    listed = np.zeros(len(clear), dtype=bool)
    listed[start : start + SKY_D] = True
    shape = shapes(SKY_D)["just_before"]
    said: dict[str, list[str]] = {}
    ratios: dict[str, list[float]] = {}
    for seed in seeds:
        random = Generator(PCG64(seed))
        counts = random.poisson(FIRES_PER_CLEAR_DAY * share).astype(float)
        for name, exposure in (("with", share), ("without", known.astype(float))):
            days = Days(counts, exposure, listed)
            window = compare(days, shape, np.array([start]))
            told = look(days, start, SKY_D, window.counts, lazy=True)[0]
            said.setdefault(f"engine, {name} exposure", []).append(conclusion(told))
            alone = {k: v for k, v in told.items() if k == "just_before"}
            said.setdefault(f"just before alone, {name} exposure", []).append(conclusion(alone))
            ends = poisson(window)
            way = "fell" if ends.high[0] < 1 else "rose" if ends.low[0] > 1 else "no change"
            said.setdefault(f"plain Poisson, {name} exposure", []).append(way)
            ratios.setdefault(name, []).append(float(window.counts[0] / window.expected[0]))
    n = len(seeds)
    return {
        "on": on.isoformat(),
        "n_days": SKY_D,
        "n_seeds": n,
        "clear_window": round(_mean(clear, start, SKY_D), 3),
        "clear_before": round(_mean(clear, start - SKY_D, SKY_D), 3),
        "n_known_window": int(known[start : start + SKY_D].sum()),
        "n_known_before": int(known[start - SKY_D : start].sum()),
        "rows": [
            {"method": name, "no_answer": ends.count("no answer")}
            | {way: asdict(Share.of(way, ends.count(way), n)) for way in ("fell", "rose")}
            for name, ends in sorted(said.items())
        ],
        "ratio": {name: round(float(np.median(values)), 3) for name, values in ratios.items()},
    }
