"""Results of the benchmark of scale as a page with tables and a figure.

    python tools/bench/page.py [RESULTS.json]

writes docs/benchmarks.md and docs/benchmarks/growth.svg.  Every figure in them is computed from the
results; nothing is measured here.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from matplotlib import pyplot as plt

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
FIGURE = ROOT / "docs" / "benchmarks" / "growth.svg"
RESULTS = ROOT / "docs" / "benchmarks" / "results.json"
OURS = "truceline"
NAMES = {
    "truceline": "Truceline",
    "sedonadb_join": "SedonaDB",
    "duckdb_spatial": "DuckDB spatial",
    "geopandas_sjoin": "GeoPandas",
    "shapely_strtree": "Shapely STRtree",
    "sklearn_balltree": "scikit-learn BallTree",
    "postgis": "PostGIS",
    "cKDTree and components": "cKDTree and components",
}

Row = dict[str, Any]


def growth(rows: Sequence[Row], field: str = "seconds") -> float | None:
    """Exponent of the growth of a time with rows: slope of the logarithms, least squares."""
    points = [(math.log(row["rows"]), math.log(row[field])) for row in rows if row.get(field)]
    if len(points) < 2:
        return None
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return above / sum((x - mean_x) ** 2 for x, _ in points)


class Results:
    """Rows of results, as the page asks for them."""

    def __init__(self, told: Row) -> None:
        self.machine = told["machine"]
        self.rows: list[Row] = told["results"]

    def of(self, task: str, ours: bool = True) -> list[Row]:
        """Results of a task by rows: ours, or those of the rivals."""
        found = [
            row
            for row in self.rows
            if row.get("task") == task
            and (row.get("rival") == OURS) == ours
            and "variant" not in row
        ]
        return sorted(found, key=lambda row: (row.get("rows", 0), row.get("rival", "")))

    def varied(self, task: str, variant: str) -> list[Row]:
        """Results of ours in another way."""
        every = [r for r in self.rows if (r.get("task"), r.get("variant")) == (task, variant)]
        return sorted(every, key=lambda row: row.get("rows", 0))

    def at(self, task: str, rows: int, rival: str = OURS) -> Row:
        """One result; empty where there is none."""
        every = [*self.of(task), *self.of(task, ours=False)]
        fit = [r for r in every if r.get("rows") == rows and r.get("rival") == rival]
        return fit[0] if fit else {}

    def versus(self, task: str, rows: int, rival: str, field: str = "seconds") -> float | None:
        """How many times as long as we a rival took."""
        mine, theirs = self.at(task, rows), self.at(task, rows, rival)
        if not mine.get(field) or not theirs.get(field):
            return None
        return float(theirs[field] / mine[field])

    @staticmethod
    def levels() -> dict[str, tuple[str, ...]]:
        """Stages of an update that grow with the archive, by what they give."""
        return {
            "ingest": ("taking in", "writing"),
            "masks": ("history", "masks"),
            "counts": ("counts",),
            "candidates": ("candidates",),
            "fires near places": ("fires near places,",),
        }

    @staticmethod
    def spent(stages: Row, names: Sequence[str]) -> float:
        """Seconds of some stages together."""
        return float(sum(stages.get(name, 0.0) for name in names))

    def exponents(self) -> list[tuple[str, float, float | None]]:
        """Growth of our questions with rows: of the wall clock and of CPU."""
        tasks = ("radius", "counts", "masks", "linkage", "ingest")
        found = [(task, growth(self.of(task)), growth(self.of(task), "cpu_s")) for task in tasks]
        return [(task, wall, cpu) for task, wall, cpu in found if wall is not None]


def seconds(value: float | None) -> str:
    """A time in seconds, short."""
    if value is None:
        return "–"
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def millions(value: int) -> str:
    """Rows in millions."""
    return f"{value / 1e6:g} M"


def draw(results: Results) -> None:
    """Times against rows, ours and the rivals', with the scan."""
    matplotlib.rcParams.update({"svg.hashsalt": "truceline", "font.size": 9})
    figure, axes = plt.subplots(1, 2, figsize=(9, 4), sharey=True)
    for axis, title in zip(axes, ("radius join, 10,000 objects", "other questions"), strict=True):
        axis.set(xscale="log", yscale="log", xlabel="detections", title=title)
        axis.grid(visible=True, which="major", alpha=0.3)
    axes[0].set_ylabel("seconds")
    ours = results.of("radius")
    line(axes[0], ours, "seconds", "Truceline", "o-", "black")
    line(axes[0], ours, "scan_s", "scan of its columns", ":", "grey")
    rivals = results.of("radius", ours=False)
    for name in sorted({row["rival"] for row in rivals}):
        rows = [row for row in rivals if row["rival"] == name]
        line(axes[0], rows, "seconds", NAMES.get(name, name), ".--", None)
    for task in ("counts", "masks", "linkage", "ingest"):
        line(axes[1], results.of(task), "seconds", task, "o-", None)
    for axis in axes:
        axis.legend(fontsize=7, frameon=False)
    figure.tight_layout()
    FIGURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(FIGURE, metadata={"Date": None})
    plt.close(figure)


def line(
    axis: Any, rows: Iterable[Row], field: str, label: str, style: str, colour: str | None
) -> None:
    """One line of a figure, where there is something to draw."""
    points = [(row["rows"], row[field]) for row in rows if row.get(field)]
    if points:
        axis.plot(*zip(*points, strict=True), style, color=colour, label=label, markersize=4)


def main() -> None:
    """Write page and figure."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else RESULTS
    results = Results(json.loads(source.read_text(encoding="utf-8")))
    draw(results)
    world = Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    world.filters |= {"s": seconds, "m": millions}
    template = world.get_template("page.md.j2")
    PAGE.write_text(template.render(r=results, names=NAMES), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} and {FIGURE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
