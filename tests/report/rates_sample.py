"""Findings as the dossier holds them, made by hand: numbers are invented, and add up.

Two readings, ``north`` and ``south``, as in `tests.report.builders`: ``north`` runs from
18 March to 17 April 2031, its first days disputed; ``south`` from 25 March.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

Item = dict[str, Any]

FIRST = date(2030, 12, 18)
"""First day of the drawn counts; 90 days before the window of ``north``."""

N_DAYS = 90 + 31 + 60
BREAK = "the ministry counts decoys too"


def counts(before: float = 14.0, inside: float = 6.0, gaps: tuple[int, ...] = ()) -> list[Any]:
    """Daily counts that fall in the window, without chance; days of ``gaps`` are unknown."""
    told: list[Any] = []
    for i in range(N_DAYS):
        rate = inside if 90 <= i < 121 else before
        wave = 1 + 0.35 * math.sin(i * 1.7) + 0.25 * math.sin(i * 0.61) + 0.2 * math.cos(i * 2.9)
        told.append(None if i in gaps else round(rate * wave))
    return told


def band(value: float, low: float, high: float) -> Item:
    return {"value": value, "low": low, "high": high}


def clocks() -> list[Item]:
    return [
        {"reading": "north", "first": "2031-03-18", "last": "2031-03-25", "certain": False},
        {"reading": "north", "first": "2031-03-26", "last": "2031-04-17", "certain": True},
        {"reading": "south", "first": "2031-03-25", "last": None, "certain": True},
    ]


def shown(values: list[Any], expected: Item | None, breaks: list[Item] | None = None) -> Item:
    return {
        "first": FIRST.isoformat(),
        "counts": values,
        "expected": expected,
        "breaks": [{"on": "2031-01-20", "why": BREAK}] if breaks is None else breaks,
        "clocks": clocks(),
    }


def placebo(n: int = 80, middle: float = 1.0) -> Item:
    ratios = sorted(round(middle * math.exp(0.45 * math.sin(i * 12.9898)), 4) for i in range(n))
    return {
        "ratios": ratios,
        "n_windows": n,
        "n_effective": 61.4,
        "coverage": band(0.94, 0.86, 0.97),
        "tail": 0.031,
    }


def effect(baseline: str, ratio: Item | None, why: str = "", **more: Any) -> Item:
    absent: Item = {
        "baseline": baseline,
        "why": why,
        "first": None,
        "last": None,
        "n_days": 0,
        "n": 0,
        "n_listed": 0,
        "rate_per_day": 0.0,
        "plain_ratio": 0.0,
        "ratio": ratio,
        "expected": None,
        "dispersion": 0.0,
        "placebo": None,
        "detectable": None,
        "power": [],
        "needed_times": None,
    }
    if why:
        return absent
    return {
        **absent,
        "first": "2030-12-18",
        "last": "2031-03-17",
        "n_days": 90,
        "n": 1243,
        "rate_per_day": 13.8,
        "plain_ratio": 0.437,
        "expected": band(425.0, 332.0, 540.0),
        "dispersion": 3.4,
        "placebo": placebo(),
        "detectable": 0.71,
        "power": [[0.5, 0.99], [0.75, 0.71]],
        **more,
    }


def change_point(reading: str) -> Item:
    start = date(2031, 3, 14)
    mass = [0.004, 0.01, 0.03, 0.12, 0.41, 0.25, 0.1, 0.05, 0.02, 0.006]
    return {
        "days": [[(start + timedelta(days=i)).isoformat(), p] for i, p in enumerate(mass)],
        "best": "2031-03-18",
        "low": "2031-03-16",
        "high": "2031-03-22",
        "p_no_change": 0.013,
        "p_placebo": 0.02,
        "n_placebo": 143,
        "called": True,
        "before_per_day": 13.9,
        "after_per_day": 6.1,
        "false_alarm": band(0.04, 0.02, 0.08),
        "clocks": [
            {"reading": "north", "on": "2031-03-18", "p_within": 0.93, "distance_d": 0.0},
            {"reading": "south", "on": "2031-03-25", "p_within": 0.02, "distance_d": 7.0},
        ],
    }


def finding(number: int, ask: str, reading: str = "north", **more: Any) -> Item:
    return {
        "id": f"f-{number:04d}",
        "ask": ask,
        "series": ["drones"],
        "series_titles": ["Drones reported by the ministry of Aland"],
        "unit": "event",
        "reading": reading,
        "clause": "energy",
        "conclusion": "refused",
        "window": None,
        "change": None,
        "shifts": [],
        "reciprocity": None,
        "refusals": [],
        "attacks": [],
        "details": [],
        "sentences": [],
        "shown": None,
        "rows": [],
        **more,
    }


def window(first: str = "2031-03-18", last: str = "2031-04-17", n: int = 31) -> Item:
    return {
        "first": first,
        "last": last,
        "n_days": n,
        "n_known": n,
        "certain": False,
        "cut": False,
    }


def attacks() -> list[Item]:
    return [
        {"check": "placebo", "passed": True, "text": "94 % of 80 placebo intervals held."},
        {"check": "leave_one_out", "passed": None, "text": "There is one source alone."},
        {"check": "baselines", "passed": False, "text": "One of two baselines shows no fall."},
    ]


def fell(number: int = 1, reading: str = "north", n: int = 31, first: str = "2031-03-18") -> Item:
    """A fall under one reading, with all its parts."""
    return finding(
        number,
        "change",
        reading,
        conclusion="fell",
        window=window(first, n=n),
        change={
            "n": 186,
            "rate_per_day": 6.0,
            "exposure_d": float(n),
            "effects": [
                effect("just_before", band(0.44, 0.35, 0.56)),
                effect("one_period_earlier", band(0.48, 0.36, 0.63)),
                effect("year_before", None, "the series starts on 1 June 2030"),
                effect("after", band(0.81, 0.55, 1.18), placebo=None, detectable=None),
            ],
            "trend": {
                "n_before": 90,
                "n_window": n,
                "level": band(0.41, 0.29, 0.58),
                "slope": band(1.08, 0.7, 1.66),
                "widen": 1.4,
            },
            "change_point": change_point(reading),
        },
        attacks=attacks(),
        details=[],
        sentences=[
            f"Under “{reading}” 186 drones were reported in {n} days, 0.44 (0.35 to 0.56) of what "
            "the 90 days before lead to expect.",
            "A check failed: one of two baselines shows no fall.",
        ],
        shown=shown(counts(gaps=(30, 31, 32, 33, 100)), band(13.7, 10.7, 17.4)),
    )


def missing(number: int = 3) -> Item:
    """Refused, because no figure was published for most of the window."""
    refusal = {
        "code": "missing_days",
        "text": "24 of 31 days of the window have no published figure.",
        "remedy": "daily figures of another source for 18 March to 10 April 2031",
        "whole": True,
    }
    return finding(
        number,
        "change",
        series=["dead"],
        series_titles=["People reported killed"],
        unit="death",
        refusals=[refusal],
        window={**window(), "n_known": 7},
        shown=shown(counts(160.0, 90.0, tuple(range(90, 114))), None, []),
    )


def substitution(number: int = 4) -> Item:
    return finding(
        number,
        "substitution",
        series=["energy", "other"],
        series_titles=["Strikes on energy", "Strikes on other targets"],
        unit="event",
        conclusion="indicated",
        window=window(),
        shifts=[
            {
                "baseline": "just_before",
                "touched": band(0.31, 0.18, 0.52),
                "untouched": band(1.42, 1.1, 1.83),
                "share": band(0.88, 0.8, 0.93),
                "total": band(1.02, 0.84, 1.23),
            }
        ],
        details=[],
        sentences=["Strikes on other targets rose while strikes on energy fell."],
    )


def reciprocity(number: int = 5) -> Item:
    def direction(of: str, after: str, found: bool) -> Item:
        return {
            "of": of,
            "after": after,
            "excess": band(0.12, -0.04, 0.27),
            "p_value": 0.11,
            "power": 0.62,
            "power_at": 0.3,
            "found": found,
        }

    return finding(
        number,
        "reciprocity",
        series=["by-a", "by-b"],
        series_titles=["Strikes by Aland", "Strikes by Belland"],
        unit="event",
        conclusion="cannot_tell",
        window=window(),
        reciprocity={
            "n_days": 181,
            "n_of": [["A", 410], ["B", 388]],
            "lags_d": [1, 3],
            "delay_d": 1,
            "directions": [direction("A", "B", False), direction("B", "A", False)],
            "n_simulated": 999,
            "seed": 20310318,
        },
        details=[],
        sentences=["Whether acts of one side followed those of the other cannot be told."],
    )


def findings() -> list[Item]:
    """A fall under two readings, one refusal, substitution and reciprocity."""
    return [
        fell(),
        fell(2, "south", 24, "2031-03-25"),
        missing(),
        substitution(),
        reciprocity(),
    ]


def exit_states() -> list[Item]:
    """Two readings and both parties, with every state once."""

    def state(reading: str, party: str, start: str, until: str, code: str, open_: bool) -> Item:
        span = {"from": f"{start}T22:00:00Z", "until": f"{until}T22:00:00Z"}
        return {"reading": reading, "party": party, **span, "state": code, "disputed": open_}

    return [
        state("north", "A", "2031-03-17", "2031-03-21", "untriggered", False),
        state("north", "A", "2031-03-21", "2031-03-29", "possibly", False),
        state("north", "A", "2031-03-29", "2031-04-05", "triggered", False),
        state("north", "A", "2031-04-05", "2031-04-17", "invoked", False),
        state("north", "B", "2031-03-17", "2031-04-01", "untriggered", False),
        state("north", "B", "2031-04-01", "2031-04-17", "invoked", True),
    ]
