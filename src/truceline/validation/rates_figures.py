"""Figures of the page about the rates engine: SVG, told apart by marker and line without colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from truceline import thresholds as t
from truceline.validation.figures import LOOKS, STYLE, save
from truceline.validation.rates_worlds import LENGTHS_D

Rows = Sequence[Mapping[str, Any]]

NAMES = {
    "truceline": "this engine",
    "poisson": "plain Poisson",
    "quasi_poisson": "quasi-Poisson",
    "structural": "structural time series",
    "interrupted": "interrupted series",
}
"""Methods as they are called on page and figures, ours first."""

STYLES = list(LOOKS.values())
BASELINE = "just_before"
LISTED = "deadly-events"


def write_figures(results: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write all figures into a folder; their paths, in the order of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        drawn = {
            "coverage": _coverage(results["coverage"]),
            "power": _power(results["looks"]),
            "listed": _listed([row for row in results["listed"] if row["series"] == LISTED]),
        }
        return [save(figure, folder / f"{name}.svg") for name, figure in drawn.items()]


def _coverage(rows: Rows) -> Figure:
    told = [row for row in rows if row["baseline"] == BASELINE and row["methods"]]
    names = list(dict.fromkeys(row["series"] for row in told))
    lengths = sorted({row["length_d"] for row in told})
    figure = Figure(figsize=(11, 1.2 + 0.52 * len(names)), layout="constrained")
    panels = np.atleast_1d(figure.subplots(1, len(lengths), sharey=True))
    for axes, length in zip(panels, lengths, strict=True):
        axes.axvline(t.INTERVAL_MASS, color="#999999", lw=0.8)
        for i, (method, label) in enumerate(NAMES.items()):
            _dots(axes, told, length, method, label, i, names)
        axes.set(title=f"windows of {length} d", xlim=(0, 1.03))
        axes.set_xlabel("share that holds no change")
    panels[0].set_yticks(range(len(names)), names)
    panels[0].set_ylim(len(names) - 0.4, -0.6)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncol=len(NAMES), frameon=False)
    return figure


def _dots(
    axes: Axes, told: Rows, length: int, method: str, label: str, i: int, names: Sequence[str]
) -> None:
    colour, _, marker = STYLES[i]
    found = [
        (names.index(row["series"]), one)
        for row in told
        if row["length_d"] == length
        for one in row["methods"]
        if one["method"] == method and "share" in one
    ]
    y = np.array([place for place, _ in found]) + 0.15 * (i - 2)
    low, high = ([one[end] for _, one in found] for end in ("low", "high"))
    axes.hlines(y, low, high, color=colour, lw=0.9)
    axes.plot([one["share"] for _, one in found], y, marker, color=colour, ms=4, lw=0, label=label)


def _power(looks: Rows) -> Figure:
    looks = [row for row in looks if row["no_answer"] < row["n_seeds"]]
    told = [row for row in looks if row["level"] < 1]
    names = list(dict.fromkeys(row["series"] for row in told))
    figure = Figure(figsize=(3.4 * max(1, len(names)), 3.5), layout="constrained")
    panels = np.atleast_1d(figure.subplots(1, max(1, len(names)), sharey=True))
    for axes, name in zip(panels, names, strict=False):
        lengths = dict.fromkeys(row["length_d"] for row in told if row["series"] == name)
        for length in lengths:
            colour, _, marker = STYLES[LENGTHS_D.index(length) % len(STYLES)]
            own = [r for r in looks if r["series"] == name and r["length_d"] == length]
            for key, line, of in (("fell", "-", "conclusion"), ("alone", ":", "just before alone")):
                axes.plot(
                    [100 * (1 - row["level"]) for row in own],
                    [row[key]["share"] for row in own],
                    color=colour,
                    linestyle=line,
                    marker=marker,
                    mfc=colour if key == "fell" else "#ffffff",
                    ms=4,
                    label=f"{length} days, {of}",
                )
        axes.axhline(t.RATES_POWER, color="#bbbbbb", lw=0.8, zorder=0)
        axes.set(title=name, xlabel="true fall (%)", ylim=(-0.03, 1.03))
    panels[0].set_ylabel("share of seeds told to have fallen")
    legend: dict[str, Any] = {}
    for axes in panels:
        handles, labels = axes.get_legend_handles_labels()
        legend |= dict(zip(labels, handles, strict=True))
    if legend:
        figure.legend(
            handles=list(legend.values()),
            labels=list(legend),
            loc="outside lower center",
            ncol=4,
            frameon=False,
            fontsize=7,
        )
    return figure


def _listed(rows: Rows) -> Figure:
    rows = [row for row in rows if row["answered"]]
    figure = Figure(figsize=(7.5, 1.1 + 0.24 * len(rows)), layout="constrained")
    axes = figure.subplots()
    axes.axvspan(-t.CHANGE_EARLY_D, t.CHANGE_LATE_D, color="#dddddd", lw=0)
    axes.axvline(0, color="#777777", lw=0.8)
    for y, row in enumerate(rows):
        axes.hlines(y, row["low_d"], row["high_d"], color="#777777", lw=0.9)
        axes.plot(
            row["distance_d"],
            y,
            "v" if row["fell"] else "^",
            color="#000000",
            ms=6,
            mfc="#000000" if row["called"] else "#ffffff",
        )
    axes.set_yticks(range(len(rows)), [f"{row['on']}  {row['truce']}" for row in rows], fontsize=7)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlabel("days from the first day of the truce to the likeliest day of a change")
    return figure
