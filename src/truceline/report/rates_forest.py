"""Ratios with their intervals, and the real ratio among those of placebo windows.

All axes of ratios are logarithmic, so that half and double lie equally far from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from truceline.report.codes_rates import BASELINES
from truceline.report.plain import Item
from truceline.report.rates_axes import MOST, WIDTH, Ratios, px, short, two_lines
from truceline.report.tongue import Tongue

NAMES, NUMBERS = 300, 190
"""Room for names at the left and numbers at the right of a row of ratios (px)."""

ROW, HEAD, TOP, FOOT = 22, 26, 8, 30
"""Height of a row, of a heading; room above and below (px)."""

MOST_ROWS = 48
"""Rows of ratios in one drawing; all of them are in the tables."""

MULTIPLES, COLUMNS = 6, 3
"""Placebo distributions that are drawn, and how many stand beside each other."""

CELL, CELL_GAP, CELL_HEIGHT, BARS = 284, 32, 182, 84
"""Width of a distribution, space between, its height, and that of its bars (px)."""

EDGE, ABOVE = 18, 66
"""Room at the left of the first distribution, and for the words above its bars (px)."""

BINS = 24
"""Bins of a distribution, of equal width on the logarithmic axis."""


# --- placebo ------------------------------------------------------------------------------------


def placebo_figure(dossier: Item, tongue: Tongue) -> Item:
    """Ratios of placebo windows with the real one among them, for the first baseline of each.

    ``n_left``: distributions that are not drawn; the table has them all.
    """
    found = list(_with_placebo(dossier["rates"]))
    cells = [_cell(i, *pair, tongue) for i, pair in enumerate(found[:MULTIPLES])]
    rows = -(-len(cells) // COLUMNS)
    return {
        "cells": cells,
        "width": WIDTH,
        "height": rows * CELL_HEIGHT + 4,
        "n_left": len(found) - len(cells),
    }


def _with_placebo(findings: Iterable[Item]) -> Iterator[tuple[Item, Item]]:
    """Findings with the first of their effects that has placebo windows; equal ones once."""
    seen = set()
    for finding in findings:
        for effect in (finding["change"] or {}).get("effects", ()):
            if effect["ratio"] and effect["placebo"] and effect["placebo"]["ratios"]:
                key = (*finding["series"], effect["baseline"], *effect["ratio"].values())
                if key not in seen:
                    yield finding, effect
                seen.add(key)
                break


def _cell(index: int, finding: Item, effect: Item, tongue: Tongue) -> Item:
    """One distribution: columns of a histogram, the line at 1, and the real ratio."""
    ratios, real = effect["placebo"]["ratios"], effect["ratio"]["value"]
    row, column = divmod(index, COLUMNS)
    left = EDGE + column * (CELL + CELL_GAP)
    top = row * CELL_HEIGHT
    base = top + ABOVE + BARS
    axis = Ratios.over([*ratios, real], left, left + CELL)
    tally = [0] * BINS
    for value in ratios:
        place = int((axis.x(value) - left) / CELL * BINS)
        tally[min(max(place, 0), BINS - 1)] += 1
    most = max(tally)
    bars = "".join(
        f"M{px(left + i * CELL / BINS)} {px(base)}v-{px(BARS * n / most)}"
        f"h{px(CELL / BINS - 1)}V{px(base)}z"
        for i, n in enumerate(tally)
        if n
    )
    x = axis.x(real)
    name = tongue.plain(finding["series_titles"][0])
    return {
        "x": left,
        "end": left + CELL,
        "titles": [
            {"y": top + 13 + 14 * i, "text": line}
            for i, line in enumerate(two_lines(name, CELL, 6.4))
        ],
        "about": short(f"{finding['reading']} · {_baseline(effect, tongue)}", CELL - 40, 6),
        "y": top,
        "above": top + ABOVE,
        "base": base,
        "bars": bars,
        "one": px(axis.x(1.0)),
        "ticks": axis.ticks(tongue),
        "real": {
            "x": px(x),
            "value": real,
            "arrow": _beyond(real, axis, base - BARS / 2),
            "text": px(min(max(x, left + 10), left + CELL - 10)),
        },
        "n": len(ratios),
        "most": most,
        "finding": finding,
        "effect": effect,
    }


def _beyond(value: float, axis: Ratios, y: float) -> str:
    """An arrow that leaves the axis, where a ratio lies beyond it."""
    if axis.inside(value):
        return ""
    way = -1 if value < axis.low else 1
    x, wing = axis.x(value), 4 * way
    return f"M{px(x)} {px(y)}h{10 * way}l{-wing}-4m{wing} 4l{-wing} 4"


def _baseline(effect: Item, tongue: Tongue) -> str:
    word = BASELINES.get(effect["baseline"])
    return tongue.gettext(word) if word else str(effect["baseline"]).replace("_", " ")


# --- ratios with intervals ----------------------------------------------------------------------


def baselines_figure(dossier: Item, tongue: Tongue) -> Item:
    """Ratio and interval against each baseline; ``absent`` are those that do not exist, and why."""
    groups: list[tuple[str, list[tuple[str, str, Item]]]] = []
    absent: dict[tuple[str, str, str], list[str]] = {}
    for finding in dossier["rates"]:
        effects = (finding["change"] or {}).get("effects", ()) if finding["ask"] == "change" else ()
        told = [(_baseline(e, tongue), "first" if not i else "other", e) for i, e in _told(effects)]
        if told:
            rows = [(name, mark, e["ratio"]) for name, mark, e in told]
            groups.append((_heading(finding, tongue), rows))
        for e in effects:
            if e["why"]:
                key = (_titles(finding, tongue), _baseline(e, tongue), e["why"])
                absent.setdefault(key, []).append(finding["reading"])
    return {
        **_forest(groups, tongue),
        "absent": [
            {"title": title, "baseline": baseline, "why": why, "of": list(dict.fromkeys(of))}
            for (title, baseline, why), of in absent.items()
        ],
    }


def _told(effects: Iterable[Item]) -> Iterator[tuple[int, Item]]:
    """Effects that have numbers, counted; the first is the primary one."""
    return enumerate(e for e in effects if not e["why"] and e["ratio"])


def substitution_figure(dossier: Item, tongue: Tongue) -> Item:
    """The touched series, the untouched one and both together, against the same baseline."""
    groups = []
    for finding in dossier["rates"]:
        for shift in finding["shifts"]:
            names = [tongue.plain(title) for title in finding["series_titles"]]
            rows = [
                (names[0] if names else "", "touched", shift["touched"]),
                (names[1] if len(names) > 1 else "", "untouched", shift["untouched"]),
                (tongue.gettext("both together"), "total", shift["total"]),
            ]
            baseline = _baseline(shift, tongue)
            groups.append((f"{finding['reading']} · {baseline}", rows))
    return _forest(groups, tongue)


def _titles(finding: Item, tongue: Tongue) -> str:
    return ", ".join(tongue.plain(title) for title in finding["series_titles"])


def _heading(finding: Item, tongue: Tongue) -> str:
    return f"{_titles(finding, tongue)} · {finding['reading']}"


def _forest(groups: list[tuple[str, list[tuple[str, str, Item]]]], tongue: Tongue) -> Item:
    """Rows of ratios under headings on one axis; ``rows`` is empty where there are none."""
    values = [v for _, rows in groups for _, _, band in rows for v in band.values()]
    axis = Ratios.over(values, NAMES, WIDTH - NUMBERS)
    y, heads, spans = float(TOP), [], []
    drawn: list[Item] = []
    for heading, rows in groups:
        if len(drawn) + len(rows) > MOST_ROWS:
            break
        y += HEAD
        heads.append({"y": px(y - 7), "text": short(heading, WIDTH - 24, 7.2)})
        for name, mark, band in rows:
            y += ROW
            drawn.append(_row(y - ROW / 2, name, mark, band, axis, tongue))
        spans.append((px(y - ROW * len(rows)), px(y + 4)))
    n_all = sum(len(rows) for _, rows in groups)
    return {
        "heads": heads,
        "rows": drawn,
        "spans": spans,
        "n_left": n_all - len(drawn),
        "width": WIDTH,
        "height": px(y + FOOT),
        "base": px(y + 4),
        "left": NAMES,
        "right": WIDTH - NUMBERS,
        "one": px(axis.x(1.0)),
        "ticks": axis.ticks(tongue),
        "marks": sorted({row["mark"] for row in drawn}),
    }


def _row(y: float, name: str, mark: str, band: Item, axis: Ratios, tongue: Tongue) -> Item:
    """A ratio as a mark on its interval; an end beyond the axis is an arrow."""
    low, high = axis.x(band["low"]), axis.x(band["high"])
    line = f"M{px(low)} {px(y)}H{px(high)}"
    line += _end(low, y, 6 if band["low"] < axis.low else 0)
    line += _end(high, y, -6 if band["high"] > axis.high else 0)
    return {
        "y": px(y),
        "text": px(y + 4),
        "name": short(name, NAMES - 24),
        "mark": mark,
        "shape": _shape(mark, axis.x(band["value"]), y),
        "line": line,
        "numbers": _numbers(band, tongue),
    }


def _numbers(band: Item, tongue: Tongue) -> str:
    """Ratio and interval in words; an upper end beyond all axes is none."""
    if band["high"] > MOST:
        return tongue.gettext("{value:number} ({low:number} or more)", **_ends(band))
    return tongue.gettext(
        "{value:number} ({low:number} to {high:number})", **_ends(band), high=band["high"]
    )


def _ends(band: Item) -> Item:
    return {"value": band["value"], "low": band["low"]}


def _end(x: float, y: float, arrow: int) -> str:
    """The end of an interval: a stop, or an arrow whose wings point into the drawing."""
    if not arrow:
        return f"M{px(x)} {px(y - 4)}v8"
    return f"M{px(x + arrow)} {px(y - 4)}L{px(x)} {px(y)}L{px(x + arrow)} {px(y + 4)}"


def _shape(mark: str, x: float, y: float) -> str:
    """Square, circle or diamond around a point, as a path."""
    if mark == "total":
        return f"M{px(x - 7)} {px(y)}l7-6 7 6-7 6z"
    if mark == "untouched":
        return f"M{px(x - 5)} {px(y)}a5 5 0 1 0 10 0a5 5 0 1 0-10 0z"
    return f"M{px(x - 5)} {px(y - 5)}h10v10h-10z"
