"""Series by day with the clocks of the readings: what was counted, and what was to be expected.

One drawing for each series, however many readings ask about it.  A day without a published
figure is a gap with crosses, never zero.  Two drawings of ratios are in
`truceline.report.rates_forest`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby

from truceline.report.plain import Item
from truceline.report.rates_axes import (
    LETTER,
    RIGHT,
    WIDTH,
    Days,
    crosses,
    falling,
    px,
    round_ticks,
    short,
    slanted,
    two_lines,
    unit_name,
)
from truceline.report.tongue import Tongue

LEFT, MOST_LEFT, UNIT = 118, 260, 26
"""Least and most room for names at the left, and room for the unit above the axis (px)."""

TOP, LANE, BAR, MARKS = 8, 22, 14, 22
"""Room above, height of a lane and of its bar, and height of a row of breaks (px)."""

PLOT, DATES, POSTERIOR = 170, 22, 62
"""Height of the plot, of the dates below it, and of the posterior (px)."""

MOST_DAYS = 400
"""Days that are drawn one by one; of more, means of several days are drawn."""

ROW_D = 7
"""Days in a row of the table."""

HAIR = 0.005
"""Probability beyond the drawing that is worth a word."""


def series_figure(dossier: Item, tongue: Tongue, until: date | None = None) -> Item:
    """Geometry and table of each series; ``until`` leaves out what was counted after a day.

    Looks at what findings show: days, counts, clocks, expected rate.  With ``until`` there is
    no posterior, because it looks back on all of the window.
    """
    order = {r["id"]: i for i, r in enumerate(dossier["agreement"]["readings"])}
    by_series: dict[str, list[Item]] = {}
    for finding in dossier["rates"]:
        if finding["ask"] == "change" and finding.get("shown"):
            by_series.setdefault(finding["series"][0], []).append(finding)
    panels = [_panel(name, found, order, until, tongue) for name, found in by_series.items()]
    return {"panels": [panel for panel in panels if panel]}


def _panel(
    name: str, found: list[Item], order: Item, until: date | None, tongue: Tongue
) -> Item | None:
    """One drawing from the findings of all readings about a series."""
    first, counts = _counts([finding["shown"] for finding in found], until)
    if not counts:
        return None
    clocks = _clocks(found, order)
    names = {reading: short(reading, MOST_LEFT - 16, 7.5) for reading in clocks}
    left = max(LEFT, min(MOST_LEFT, round(7.5 * max(map(len, names.values()), default=0)) + 16))
    axis = Days(first, len(counts), left)
    primary = _primary(found, order)
    breaks = _breaks(found, axis)
    n_rows = max((b["row"] for b in breaks), default=-1) + 1
    top = TOP + len(clocks) * LANE + (n_rows * MARKS + 10 if n_rows else UNIT)
    base = top + PLOT
    step = math.ceil(len(counts) / MOST_DAYS)
    bins = _bins(counts, step)
    ticks = round_ticks(max([*(v for _, _, v in bins), *_expected(primary), 0.0]))
    scale = PLOT / ticks[-1]
    posterior = None if until else _posterior(primary, axis, base + DATES + 14, tongue)
    gaps = [(axis.at(i), axis.at(j)) for i, j in _unknown(counts)]
    return {
        "id": name,
        "title": tongue.plain(found[0]["series_titles"][0]),
        "unit": (unit := unit_name(found[0]["unit"], tongue)),
        "per_day": [
            {"y": top - 10 - 12 * i, "text": line}
            for i, line in enumerate(
                reversed(two_lines(tongue.gettext("{unit} per day", unit=unit), left - 12, 5.8))
            )
        ],
        "width": WIDTH,
        "height": (posterior["base"] + 8) if posterior else base + DATES + 4,
        "left": left,
        "right": WIDTH - RIGHT,
        "top": top,
        "base": base,
        "bar": BAR,
        "lanes": [
            _lane(TOP + i * LANE, names[reading], pieces, axis)
            for i, (reading, pieces) in enumerate(clocks.items())
        ],
        "guides": "".join(f"M{px(x)} {TOP}V{px(base)}" for x in _edges(clocks, axis)),
        "breaks": [
            {**b, "y": top - 10 - (n_rows - 1 - b["row"]) * MARKS - MARKS / 2} for b in breaks
        ],
        "y_ticks": [{"y": px(base - v * scale), "label": tongue.number(v)} for v in ticks],
        "x_ticks": axis.ticks(tongue),
        "line": _line(bins, axis, base, scale),
        "step_d": step,
        "n_unknown": sum(n is None for n in counts),
        "unknown": {
            "box": "".join(f"M{px(a)} {top}V{base}H{px(b)}V{top}z" for a, b in gaps),
            "lines": "".join(crosses(a, top, b - a, PLOT) for a, b in gaps),
        },
        "band": _band(primary, axis, base, scale),
        "posterior": posterior,
        "table": _table(first, counts),
        "by_month": step > 1,
    }


# --- what is shown ------------------------------------------------------------------------------


def _counts(shown: Iterable[Item], until: date | None) -> tuple[date, list[int | None]]:
    """Counts of all findings over one row of days; a day that none of them shows is unknown."""
    known: dict[date, int | None] = {}
    for item in shown:
        first = date.fromisoformat(item["first"])
        for i, n in enumerate(item["counts"]):
            day = first + timedelta(days=i)
            if known.get(day) is None and (until is None or day <= until):
                known[day] = n
    if not known:
        return date.min, []
    first, last = min(known), max(known)
    every = (first + timedelta(days=i) for i in range((last - first).days + 1))
    return first, [known.get(day) for day in every]


def _clocks(found: Iterable[Item], order: Item) -> dict[str, list[Item]]:
    """Pieces of clocks by reading, in the order of the agreement."""
    pieces = {
        (c["reading"], c["first"], c["last"] or "", c["certain"]): c
        for finding in found
        for c in finding["shown"]["clocks"]
    }
    ranked = sorted(pieces, key=lambda key: (order.get(key[0], len(order)), key))
    return {
        reading: [pieces[key] for key in keys]
        for reading, keys in groupby(ranked, key=lambda key: key[0])
    }


def _primary(found: list[Item], order: Item) -> Item:
    """The finding whose numbers are drawn: the longest window, whatever the order of readings."""

    def rank(finding: Item) -> tuple[bool, int, str, str]:
        window = finding["window"] or {"n_days": 0, "first": ""}
        told = bool(finding["change"] and finding["shown"]["expected"])
        return not told, -window["n_days"], window["first"], finding["reading"]

    return min(found, key=rank)


def _expected(finding: Item) -> tuple[float, ...]:
    """Rates (per day) that the axis has to hold."""
    if not (finding["window"] and finding["shown"]["expected"]):
        return ()
    observed = (finding["change"] or {}).get("rate_per_day", 0.0)
    return finding["shown"]["expected"]["high"], observed


def _breaks(found: Iterable[Item], axis: Days) -> list[Item]:
    """Days from which a source counts otherwise, numbered; in rows where they would meet."""
    days = sorted({(b["on"], b["why"]) for finding in found for b in finding["shown"]["breaks"]})
    free: list[float] = []
    told = []
    for number, (on, why) in enumerate(days, 1):
        x = axis.x(on)
        row = next((i for i, last in enumerate(free) if x - last >= MARKS), len(free))
        if axis.holds(on):
            free[row : row + 1] = [x]
        else:
            row = -1
        told.append({"x": px(x), "row": row, "number": number, "on": on, "why": why})
    return told


# --- geometry -----------------------------------------------------------------------------------


def _lane(y: float, name: str, pieces: list[Item], axis: Days) -> Item:
    """The clock of a reading as bars; ``bars`` is empty where it runs on none of the days."""
    bars = []
    for piece in pieces:
        x = axis.x(piece["first"])
        end = axis.end(piece["last"]) if piece["last"] else axis.right
        if end <= x:
            continue
        bars.append(
            {
                "x": px(x),
                "end": px(end),
                "width": px(end - x),
                "certain": piece["certain"],
                "open_end": piece["last"] is None,
                "lines": "" if piece["certain"] else slanted(x, y, end - x, BAR),
            }
        )
    return {"name": name, "y": y, "bars": bars}


def _edges(clocks: dict[str, list[Item]], axis: Days) -> list[float]:
    """Where the clock of a reading starts or ends as a whole, each place once."""
    places = set()
    for pieces in clocks.values():
        places.add(min(axis.x(p["first"]) for p in pieces))
        places.add(max(axis.end(p["last"]) if p["last"] else axis.right for p in pieces))
    return sorted(x for x in places if axis.left < x < axis.right)


def _bins(counts: list[int | None], step: int) -> list[tuple[int, int, float]]:
    """Stretches of ``step`` days with their mean count; a stretch ends where a day is unknown.

    >>> _bins([1, 2, None, 4], 2)
    [(0, 2, 1.5), (3, 4, 4.0)]
    """
    bins: list[tuple[int, int, float]] = []
    kept: list[int] = []
    for i, n in enumerate([*counts, None]):
        if kept and (n is None or i % step == 0):
            bins.append((i - len(kept), i, sum(kept) / len(kept)))
            kept = []
        if n is not None:
            kept.append(n)
    return bins


def _unknown(counts: list[int | None]) -> list[tuple[int, int]]:
    """Runs of days without a published figure.

    >>> _unknown([None, 1, None, None])
    [(0, 1), (2, 4)]
    """
    runs, at = [], 0
    for blank, days in groupby(counts, key=lambda n: n is None):
        n = len(list(days))
        runs += [(at, at + n)] if blank else []
        at += n
    return runs


def _line(bins: list[tuple[int, int, float]], axis: Days, base: float, scale: float) -> str:
    """Steps from day to day as one path, broken where a day is unknown."""
    parts, last, height = [], None, ""
    for start, end, mean in bins:
        y = px(base - mean * scale)
        if last != start:
            parts.append(f"M{px(axis.at(start))} {y}")
        elif y != height:
            parts.append(f"V{y}")
        parts.append(f"H{px(axis.at(end))}")
        last, height = end, y
    return "".join(parts)


def _band(finding: Item, axis: Days, base: float, scale: float) -> Item | None:
    """Rate expected without a truce, and the mean that was observed, over the window."""
    window, expected = finding["window"], finding["shown"]["expected"]
    if not (window and expected):
        return None
    x, end = axis.x(window["first"]), axis.end(window["last"])
    if end <= x:
        return None
    low, high = base - expected["low"] * scale, base - expected["high"] * scale
    change = finding["change"]
    return {
        "x": px(x),
        "width": px(end - x),
        "y": px(high),
        "height": px(low - high),
        "middle": px(base - expected["value"] * scale),
        "lines": falling(x, high, end - x, low - high),
        "observed": px(base - change["rate_per_day"] * scale) if change else None,
        "reading": finding["reading"],
        "expected": expected,
        "rate_per_day": change["rate_per_day"] if change else None,
        "first": window["first"],
        "last": window["last"],
        "baseline": next((e["baseline"] for e in change["effects"] if not e["why"]), None)
        if change
        else None,
    }


def _posterior(finding: Item, axis: Days, top: float, tongue: Tongue) -> Item | None:
    """The day of the change as bars, with the day of each clock; heights end at the likeliest."""
    found = (finding["change"] or {}).get("change_point")
    if not found or not found["days"]:
        return None
    base, most = top + POSTERIOR, max(p for _, p in found["days"])
    room = POSTERIOR - 16
    drawn = [(day, p) for day, p in found["days"] if axis.holds(day) and p * room >= 0.3 * most]
    bars = "".join(
        f"M{px(axis.x(day))} {px(base)}v-{px(room * p / most)}H{px(axis.end(day))}V{px(base)}z"
        for day, p in drawn
    )
    beyond = sum(p for day, p in found["days"] if not axis.holds(day))
    return {
        "height": room,
        "marks": _clock_days(found["clocks"], axis, tongue),
        "top": top,
        "base": base,
        "bars": bars,
        "most": most,
        "beyond": beyond if beyond > HAIR else 0.0,
        "point": found,
        "reading": finding["reading"],
    }


def _clock_days(clocks: Iterable[Item], axis: Days, tongue: Tongue) -> list[Item]:
    """First days of the clocks; a date is left of its line or right of it, where there is room."""
    marks: list[Item] = []
    taken = axis.left
    days = sorted({clock["on"] for clock in clocks if axis.holds(clock["on"])})
    for i, on in enumerate(days):
        x, text = axis.x(on), tongue.short_day(on)
        room = len(text) * LETTER + 4
        ahead = axis.x(days[i + 1]) if i + 1 < len(days) else axis.right
        before = x - room >= taken
        after = not before and x >= taken and x + room <= ahead
        taken = max(taken, x + room if after else x)
        marks.append({"x": px(x), "on": on, "text": text if before or after else ""})
        marks[-1]["before"] = before
    return marks


# --- table --------------------------------------------------------------------------------------


def _table(first: date, counts: list[int | None]) -> list[Item]:
    """Seven days to a row, or of long series a month: sum of what is known, and what is not."""
    days = [(first + timedelta(days=i), n) for i, n in enumerate(counts)]
    if len(counts) <= MOST_DAYS:
        return [
            {"first": days[i][0].isoformat(), "counts": [n for _, n in days[i : i + ROW_D]]}
            for i in range(0, len(days), ROW_D)
        ]
    rows = []
    for _, group in groupby(days, key=lambda pair: (pair[0].year, pair[0].month)):
        month = list(group)
        known = [n for _, n in month if n is not None]
        rows.append(
            {
                "first": month[0][0].isoformat(),
                "n": sum(known) if known else None,
                "n_known": len(known),
                "n_unknown": len(month) - len(known),
            }
        )
    return rows
