"""The page `docs/rates.md`: one template, filled from the results and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from truceline import thresholds
from truceline.archive.texts import pretty_json
from truceline.validation import rates_changes, rates_rivals, rates_worlds
from truceline.validation.page import environment, num
from truceline.validation.rates_cases import BASELINES
from truceline.validation.rates_coverage import OURS
from truceline.validation.rates_figures import NAMES, write_figures

PAGE, QUICK_PAGE = "rates.md", "rates-quick.md"
FOLDER, RESULTS = "rates", "results.json"

BASELINE_NAMES = dict(
    zip(
        BASELINES,
        ("just before", "one period earlier", "same season a year before", "after"),
        strict=True,
    )
)
FALSE_ALARM = 0.05
"""Share of false alarms that is allowed."""


def write_page(results: Mapping[str, Any], out: Path, quick: bool = False) -> Path:
    """Write the page; unless the run was a quick one, its figures and the results beside it."""
    out.mkdir(parents=True, exist_ok=True)
    if not quick:
        write_figures(results, out / FOLDER)
        (out / FOLDER / RESULTS).write_bytes(pretty_json(dict(results)))
    path = out / (QUICK_PAGE if quick else PAGE)
    path.write_text(tell_page(results), encoding="utf-8", newline="\n")
    return path


def rewrite(out: Path) -> Path:
    """Write page and figures again from the stored results, without running anything."""
    return write_page(json.loads((out / FOLDER / RESULTS).read_bytes()), out)


def tell_page(results: Mapping[str, Any]) -> str:
    """The page as Markdown."""
    made = environment()
    made.filters["held"] = held
    made.filters["share"] = share
    made.filters["dec"] = num
    text = made.get_template("rates.md.j2").render(
        r=results,
        t=thresholds,
        names=NAMES,
        ours=OURS,
        baselines=BASELINE_NAMES,
        rivals=rates_rivals,
        worlds=rates_worlds,
        changes=rates_changes,
        allowed=FALSE_ALARM,
        alarms=[row for row in results["looks"] if row["level"] == 1],
        power=[row for row in results["looks"] if row["level"] < 1],
        falls=sorted({row["level"] for row in results["looks"]} - {1.0}, reverse=True),
        failing=[row for row in results["coverage"] if row["verdict"] == "fails"],
        low=[
            row
            for row in results["coverage"]
            if "share" in row
            and row["verdict"] != "fails"
            and row["high"] < thresholds.INTERVAL_MASS
        ],
        mute=mute(results["coverage"]),
        alarm_verdict=alarm_verdict,
        pooled=pooled,
    )
    return re.sub(r"\n{3,}", "\n\n", text)


def mute(coverage: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[int]]]:
    """Series with the lengths at which no baseline has windows enough."""
    found: dict[str, list[int]] = {}
    for key in dict.fromkeys((row["series"], row["length_d"]) for row in coverage):
        own = [row for row in coverage if (row["series"], row["length_d"]) == key]
        if not any("share" in row for row in own):
            found.setdefault(key[0], []).append(key[1])
    return list(found.items())


def alarm_verdict(one: Mapping[str, Any]) -> str:
    """What a share of false alarms with its interval says about the share that is allowed.

    >>> alarm_verdict({"share": 0.02, "low": 0.01, "high": 0.04})
    '**PASS**'
    """
    if one["low"] == 0 and one["high"] == 1:
        return "no answer"
    if one["low"] > FALSE_ALARM:
        return "**FAIL**"
    return "**PASS**" if one["high"] <= FALSE_ALARM else "open: the interval holds 5 %"


def pooled(rows: Sequence[Mapping[str, Any]], key: str) -> dict[str, Any]:
    """Seeds of several rows together, as one share."""
    from truceline.validation.worlds_calibration import Share

    one = Share.of(key, sum(r[key]["k"] for r in rows), sum(r[key]["n"] for r in rows))
    return {"k": one.k, "n": one.n, "share": one.share, "low": one.low, "high": one.high}


def share(one: Mapping[str, Any]) -> str:
    """A share of seeds with its interval, in percent.

    >>> share({"share": 0.034, "low": 0.005, "high": 0.19, "n": 10})
    '3.4 % (0.5 to 19.0)'
    """
    if not one["n"]:
        return "–"
    return f"{100 * one['share']:.1f} % ({100 * one['low']:.1f} to {100 * one['high']:.1f})"


def held(one: Mapping[str, Any]) -> str:
    """Coverage with its interval, the effective number of windows and the verdict."""
    if "share" not in one:
        return "–"
    mark = {"ok": "ok", "fails": "**fails**"}.get(one["verdict"], "not judged")
    return f"{share(one)}, n = {one['n_effective']:.0f}: {mark}"
