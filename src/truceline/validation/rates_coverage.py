"""Placebo coverage: how often intervals of 95 % hold "no change" where no truce is listed.

The engine's intervals over every placebo window of every series, and beside them those of the
rivals, on one subset of windows that all of them can be asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from truceline import thresholds as t
from truceline.assess.effective import n_disjoint, n_effective
from truceline.assess.placebo import (
    Calibration,
    Days,
    Ints,
    Shape,
    Windows,
    calibrate,
    placebo_starts,
    ratio_band,
)
from truceline.validation.rates_cases import Held, shapes, share_of, touches_break
from truceline.validation.rates_rivals import (
    SERIES_BEFORE_D,
    Ends,
    all_windows,
    interrupted,
    poisson,
    quasi_poisson,
    structural,
)

OURS = "truceline"
WITH_DAYS_BEFORE = "just_before"
"""Baseline beside which the rivals stand that take the days before, whatever the baseline."""


@dataclass(frozen=True)
class Effort:
    """How much of the coverage study is run: lengths (d), windows of the subset, widths of ours."""

    lengths: tuple[int, ...] = (1, 2, 8, 30, 90)
    n_subset: int = 100
    n_widths: int = 21


def coverage_of(held: Held, effort: Effort, seed: int) -> list[dict[str, Any]]:
    """One row for each length and baseline: ours over all windows, and all on the subset."""
    days = held.days
    grid = _grid(len(days.counts), effort.n_subset)
    subsets = {length: _long(days, grid, length) for length in effort.lengths}
    every = np.unique(np.concatenate(list(subsets.values())))
    predicted = structural(days, every, effort.lengths, seed)
    rows = []
    for length in effort.lengths:
        own = np.searchsorted(every, subsets[length])
        others = {
            "structural": Ends(predicted[length].low[own], predicted[length].high[own]),
            "interrupted": interrupted(days, subsets[length], length),
        }
        for name, shape in shapes(length).items():
            row: dict[str, Any] = {"series": held.key, "length_d": length, "baseline": name}
            found = calibrate(days, shape, None)
            if found is None:
                rows.append(row | _without(days, shape))
                continue
            row |= share_of(found.held, found.n_effective)
            row["n_beside"] = found.n_windows
            before = name == WITH_DAYS_BEFORE
            starts = subsets[length] if before else _eligible(days, shape, grid)
            row["methods"] = list(_methods(days, shape, starts, found, others if before else {}))
            if before:
                _add_our_width(row["methods"][0], found, effort.n_widths)
            rows.append(row)
    return rows


def _grid(n: int, n_subset: int) -> Ints:
    """Evenly spaced days, in steps that meet all weekdays."""
    step = max(1, -(-n // n_subset))
    return np.arange(0, n, step + (step % 7 == 0), dtype=np.int64)


def _eligible(days: Days, shape: Shape, grid: Ints) -> Ints:
    return np.intersect1d(placebo_starts(days, shape), grid)


def _long(days: Days, grid: Ints, length: int) -> Ints:
    """Windows of the grid that have the days before which an interrupted series needs."""
    starts = _eligible(days, shapes(length)[WITH_DAYS_BEFORE], grid)
    starts = starts[starts >= SERIES_BEFORE_D]
    starts = starts[~touches_break(days, starts, SERIES_BEFORE_D, length)]
    known = np.concatenate([[0.0], np.cumsum(days.known)])
    share = (known[starts] - known[starts - SERIES_BEFORE_D]) / SERIES_BEFORE_D
    return np.asarray(starts[share >= t.RATES_KNOWN_SHARE])


def _without(days: Days, shape: Shape) -> dict[str, Any]:
    """Why a row has no numbers."""
    starts = placebo_starts(days, shape)
    n = n_disjoint(starts, shape.length)
    why = "too few windows" if n < t.RATES_MIN_WINDOWS else "too few events"
    return {"n": len(starts), "n_beside": n, "verdict": why, "methods": []}


def _methods(
    days: Days, shape: Shape, starts: Ints, found: Calibration, others: dict[str, Ends]
) -> Iterator[dict[str, Any]]:
    """Every method on the same windows, ours first."""
    if not len(starts):
        return
    place = {int(start): i for i, start in enumerate(found.windows.starts)}
    own = np.array([bool(found.held[place[int(start)]]) for start in starts])
    yield {"method": OURS} | _scored(own, starts, shape.length)
    windows = all_windows(days, shape, starts)
    rivals = {
        "poisson": poisson(windows),
        "quasi_poisson": quasi_poisson(days, shape, windows),
    }
    for name, ends in {**rivals, **others}.items():
        yield {"method": name} | _scored_ends(ends, starts, shape.length)


def _scored(held: np.ndarray, starts: Ints, length: int) -> dict[str, Any]:
    effective = n_effective(held, np.arange(len(held)), n_disjoint(starts, length))
    return share_of(held, effective)


def _scored_ends(ends: Ends, starts: Ints, length: int) -> dict[str, Any]:
    told = ends.answered
    if not told.any():
        return {"n": 0, "n_unanswered": len(told)}
    row = _scored(ends.held[told], starts[told], length)
    return row | {"n_unanswered": int((~told).sum()), "width": _width(ends.low, ends.high, told)}


def _width(low: np.ndarray, high: np.ndarray, told: np.ndarray) -> float | None:
    """Median of high by low; None where most intervals reach down to 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(low[told] > 0, high[told] / low[told], np.inf)
    middle = float(np.median(ratio))
    return round(middle, 3) if np.isfinite(middle) else None


def _add_our_width(row: dict[str, Any], found: Calibration, n: int) -> None:
    """Median width of ours, from windows evenly spread over all of them."""
    windows = found.windows
    chosen = np.unique(np.linspace(0, len(windows.starts) - 1, n).astype(int))
    bands = [_band(windows, int(i), found) for i in chosen]
    low, high = np.array([b[0] for b in bands]), np.array([b[1] for b in bands])
    row["width"] = _width(low, high, np.ones(len(bands), dtype=bool))


def _band(windows: Windows, i: int, found: Calibration) -> tuple[float, float]:
    band = ratio_band(float(windows.counts[i]), float(windows.expected[i]), found.law, found.tail)
    return band.low, band.high


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By method: judged rows that are in order, and rows that fail, over all baselines."""
    found = []
    told = [row for row in rows if "share" in row]
    found.append({"method": "this engine, all windows"} | _count(told))
    names = dict.fromkeys(m["method"] for row in told for m in row["methods"])
    for name in names:
        own = [m for row in told for m in row["methods"] if m["method"] == name and "share" in m]
        found.append({"method": name} | _count(own))
    return found


def _count(rows: list[dict[str, Any]]) -> dict[str, Any]:
    verdicts = [row["verdict"] for row in rows]
    shares = [row["share"] for row in rows]
    return {
        "n": len(rows),
        "n_ok": verdicts.count("ok"),
        "n_fails": verdicts.count("fails"),
        "n_not_judged": len(rows) - verdicts.count("ok") - verdicts.count("fails"),
        "median": round(float(np.median(shares)), 4) if shares else None,
        "least": round(min(shares), 4) if shares else None,
    }
