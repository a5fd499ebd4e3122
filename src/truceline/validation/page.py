"""The page `docs/validation.md`: one template, filled from the report and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from truceline.validation import baselines, benchmark, crossval, features, labels, models
from truceline.validation.benchmark import Benchmark, Part
from truceline.validation.scores import FALSE_ALARM_RATES, Interval

BEGIN, END = "<!-- worlds -->", "<!-- end of worlds -->"
WORLDS_ALONE = f"""# Validation

Parts (a) and (b) need labelled strikes: `truceline validate --labels PATH`.

## (c) Simulated worlds

{BEGIN}

{END}
"""
NO_WORLDS = "*Not run yet: `truceline validate --worlds N` fills this section.*"


def write_page(report: Benchmark, path: Path) -> None:
    """Write the page; a section of simulated worlds that it holds already is kept."""
    kept = _section(path.read_text(encoding="utf-8")) if path.is_file() else NO_WORLDS
    path.write_text(tell_page(report, kept), encoding="utf-8", newline="\n")


def put_worlds(path: Path, worlds: dict[str, Any]) -> None:
    """Replace the section of simulated worlds of a page; a page of its own where there is none."""
    text = path.read_text(encoding="utf-8") if path.is_file() else WORLDS_ALONE
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    told = environment().get_template("worlds.md.j2").render(worlds=worlds).strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text[:begin]}\n\n{told}\n\n{text[end:]}", encoding="utf-8", newline="\n")


def tell_page(report: Benchmark, worlds: str = NO_WORLDS) -> str:
    """The page as Markdown."""
    primary = report.parts[0]
    text = (
        environment()
        .get_template("validation.md.j2")
        .render(
            r=report,
            primary=primary,
            tests=criteria(primary),
            worlds=worlds,
            begin=BEGIN,
            end=END,
            margin=benchmark.MARGIN,
            slope_range=benchmark.SLOPE_RANGE,
            rates=FALSE_ALARM_RATES,
            crossval=crossval,
            features=features,
            labels=labels,
            models=models,
            baselines=baselines,
        )
    )
    return re.sub(r"\n{3,}", "\n\n", text)


def criteria(part: Part) -> list[dict[str, Any]]:
    """Each criterion with its number and whether it is met, for both readings of fires."""
    found = []
    for scheme, scores in part.by_scheme.items():
        by_name = {score.model: score for score in scores}
        for reading in (crossval.HEAT, crossval.EVERY):
            own = by_name[reading]
            for rival in (crossval.NEAR, crossval.ECONOMIST, crossval.LOGISTIC):
                gain = own.gains[rival]
                least = -benchmark.MARGIN if rival == crossval.LOGISTIC else 0.0
                found.append(_test(scheme, reading, f"gain on {rival}", gain, gain[1] > least))
            low, high = benchmark.SLOPE_RANGE
            met = own.slope[1] <= 1 <= own.slope[2] and low <= own.slope[0] <= high
            found.append(_test(scheme, reading, "calibration slope", own.slope, met))
    return found


def _test(scheme: str, reading: str, what: str, value: Interval, met: bool) -> dict[str, Any]:
    return {
        "scheme": scheme,
        "reading": reading,
        "what": what,
        "value": value,
        "digits": 2 if "slope" in what else 4,
        "met": "PASS" if met else "FAIL",
    }


def _section(text: str) -> str:
    if BEGIN not in text or END not in text:
        return NO_WORLDS
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip()


def environment() -> Environment:
    """Templates of this package, with the filters of its pages."""
    made = Environment(
        loader=PackageLoader("truceline.validation", "."),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    made.filters["span"] = span
    made.filters["num"] = num
    return made


def num(value: float, digits: int = 3, sign: bool = False) -> str:
    """A number with a real minus sign.

    >>> num(-0.0123), num(0.5, 2, sign=True)
    ('−0.012', '+0.50')
    """
    return f"{value:{'+' if sign else ''}.{digits}f}".replace("-", "−")


def span(value: Interval | Sequence[float], digits: int = 3, sign: bool = False) -> str:
    """A value with its interval.

    >>> span((0.1, -0.2, 0.3), 2)
    '0.10 (−0.20 to 0.30)'
    """
    middle, low, high = (num(each, digits, sign) for each in value)
    return f"{middle} ({low} to {high})"
