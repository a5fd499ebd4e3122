"""Figures of the validation page: SVG, the same bytes each time, legible without colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from truceline.validation import crossval
from truceline.validation.benchmark import Benchmark, Part, Score
from truceline.validation.scores import CURVE, FALSE_ALARM_RATES, Interval

STYLE: dict[Any, Any] = {
    "svg.hashsalt": "truceline",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
LOOKS = {
    crossval.HEAT: ("#000000", "-", "o"),
    crossval.EVERY: ("#0072b2", "--", "s"),
    crossval.NEAR: ("#d55e00", "-.", "^"),
    crossval.ECONOMIST: ("#777777", ":", "D"),
    crossval.LOGISTIC: ("#009e73", (0, (5, 1, 1, 1, 1, 1)), "v"),
}
"""Colour, line and marker of each model: any one of the three tells them apart."""


MIN_BIN = 20
"""Incidents that a bin needs to be drawn."""


def write_figures(report: Benchmark, folder: Path) -> list[Path]:
    """Write all figures into a folder; their paths, in the order of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    part = report.parts[0]
    with mpl.rc_context(STYLE):
        drawn = {
            "curves": _curves(part),
            "reliability": _reliability(part),
            "slices": _slices(part),
            "rates": _rates(report),
        }
        return [save(figure, folder / f"{name}.svg") for name, figure in drawn.items()]


def write_worlds_figure(worlds: Mapping[str, Any], folder: Path) -> Path:
    """Calibration in simulated worlds and what coverage buys, from a report as a plain dict."""
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9, 3.8), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot([0, 1], [0, 1], color="#bbbbbb", lw=0.8)
        shown = ("well_specified", "all but shared_false_source", "shared_false_source")
        for name, (colour, line, marker) in zip(shown, LOOKS.values(), strict=False):
            found = next((c for c in worlds["calibration"] if c["name"] == name), None)
            bins = [b for b in found["bins"] if b["n"] >= MIN_BIN] if found else []
            x = [b["mean_stated"] for b in bins]
            y = [b["n_true"] / b["n"] for b in bins]
            label = name.replace("_", " ")
            left.plot(x, y, color=colour, linestyle=line, marker=marker, ms=4, label=label)
        left.set(xlabel="stated probability at even odds", ylabel="share true", xlim=(0, 1))
        left.set_ylim(0, 1)
        left.legend(frameon=False, fontsize=7, loc="upper left")
        _power(right, worlds["power"])
        return save(figure, folder / "worlds.svg")


def _power(axes: Axes, plans: Sequence[Mapping[str, Any]]) -> None:
    y = np.arange(len(plans))[::-1]
    for shift, key, label, (colour, _, marker) in (
        (0.15, "indicated", "indicated, of what is covered", LOOKS[crossval.HEAT]),
        (-0.15, "signal", "a fire speaks for it", LOOKS[crossval.NEAR]),
    ):
        low, high = ([plan[key][end] for plan in plans] for end in ("low", "high"))
        axes.hlines(y + shift, low, high, color=colour, lw=1)
        shares = [plan[key]["share"] for plan in plans]
        axes.plot(shares, y + shift, marker, color=colour, ms=4, label=label)
    axes.set_yticks(y, [plan["plan"] for plan in plans])
    axes.set(xlabel="share of true incidents", xlim=(0, None), ylim=(-0.6, len(plans) + 0.4))
    axes.legend(frameon=False, fontsize=7, loc="upper left")


def save(figure: Figure, path: Path) -> Path:
    """Write a figure, the same bytes each time."""
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": "truceline validate"})
    return path


def _primary(part: Part) -> list[Score]:
    return [s for s in part.by_scheme[crossval.SCHEMES[0]] if s.model in LOOKS]


def _curves(part: Part) -> Figure:
    figure = Figure(figsize=(8, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    for score in _primary(part):
        colour, line, _ = LOOKS[score.model]
        for axes, curve in ((left, score.ranking.roc), (right, score.ranking.precision)):
            axes.plot(CURVE, curve[0], color=colour, linestyle=line, label=score.model)
            if score.model == crossval.HEAT:
                axes.fill_between(CURVE, curve[1], curve[2], color=colour, alpha=0.12, lw=0)
    left.plot([0, 1], [0, 1], color="#bbbbbb", lw=0.8)
    for rate in FALSE_ALARM_RATES:
        left.axvline(rate, color="#dddddd", lw=0.8, zorder=0)
    left.set(xlabel="false-alarm rate", ylabel="recall", xlim=(0, 1), ylim=(0, 1))
    right.set(xlabel="recall", ylabel="precision at even odds", xlim=(0, 1), ylim=(0.4, 1))
    left.legend(frameon=False, fontsize=7, loc="lower right")
    return figure


def _reliability(part: Part) -> Figure:
    figure = Figure(figsize=(4.6, 4.2), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="#bbbbbb", lw=0.8)
    for score in _primary(part):
        colour, line, marker = LOOKS[score.model]
        stated = [each[0] for each in score.reliability]
        _whiskers(axes, stated, [each[1] for each in score.reliability], colour, score.model)
        axes.plot(
            stated,
            [each[1][0] for each in score.reliability],
            color=colour,
            linestyle=line,
            marker=marker,
            ms=4,
            label=score.model,
        )
    axes.set(xlabel="stated probability", ylabel="share struck", xlim=(0.2, 1), ylim=(0.2, 1))
    axes.legend(frameon=False, fontsize=7, loc="upper left")
    return figure


def _whiskers(axes: Axes, x: list[float], y: list[Interval], colour: str, model: str) -> None:
    if model == crossval.HEAT:
        low, high = [each[1] for each in y], [each[2] for each in y]
        axes.vlines(x, low, high, color=colour, lw=0.8)


def _slices(part: Part) -> Figure:
    figure = Figure(figsize=(7, 4.6), layout="constrained")
    axes = figure.subplots()
    y = np.arange(len(part.slices))[::-1]
    for shift, name, model in (
        (0.15, "gain_near", crossval.HEAT),
        (-0.15, "gain_every", crossval.EVERY),
    ):
        colour, _, marker = LOOKS[model]
        values: list[Interval] = [getattr(each, name) for each in part.slices]
        axes.hlines(y + shift, [v[1] for v in values], [v[2] for v in values], color=colour, lw=1)
        axes.plot([v[0] for v in values], y + shift, marker, color=colour, ms=4, label=model)
    axes.axvline(0, color="#bbbbbb", lw=0.8)
    labels = [f"{each.what} (n = {each.n_events})" for each in part.slices]
    axes.set_yticks(y, labels)
    axes.set(xlabel="log score less that of the 2 km rule (nats per event)")
    axes.legend(frameon=False, fontsize=7)
    return figure


def _rates(report: Benchmark) -> Figure:
    figure = Figure(figsize=(8, 3.6), layout="constrained")
    for axes, fit in zip(figure.subplots(1, 2, sharey=True), report.fits, strict=True):
        groups = ("any", "oil_and_fuel", "power", "unlabelled")
        for i, group in enumerate(groups):
            cells = [cell for cell in fit.cells if cell.group == group]
            x = np.array([cell.radius_km for cell in cells]) * (1 + 0.06 * (i - 1.5))
            colour, line, marker = list(LOOKS.values())[i]
            axes.vlines(
                x, [c.fire[1] for c in cells], [c.fire[2] for c in cells], color=colour, lw=0.9
            )
            shares = [cell.fire[0] for cell in cells]
            axes.plot(x, shares, color=colour, linestyle=line, marker=marker, ms=4, label=group)
        axes.set_xscale("log")
        axes.set_xticks([1, 2, 5, 8], ["1", "2", "5", "8"])
        axes.minorticks_off()
        axes.set(xlabel="radius (km)", title=fit.name, ylim=(0, 1))
    figure.axes[0].set_ylabel("share of strikes with a fire of their own")
    figure.axes[0].legend(frameon=False, fontsize=7, loc="upper left")
    return figure
