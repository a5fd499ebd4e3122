"""The section “Did it change?”: sentences, refusals, checks and numbers of the findings.

Findings that ask the same of the same series stand together, so that what holds for every
reading is said once.  All numbers come from the findings; nothing is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from truceline.report.exit_figure import STATES, exit_figure, texture
from truceline.report.plain import Item
from truceline.report.rates_figure import series_figure
from truceline.report.rates_forest import (
    baselines_figure,
    placebo_figure,
    substitution_figure,
)
from truceline.report.tongue import Tongue


def rates_page(dossier: Item, tongue: Tongue) -> Item:
    """Blocks and drawings of the section; ``blocks`` is empty where nothing was asked."""
    return {
        "blocks": _blocks(dossier["rates"]),
        "series": series_figure(dossier, tongue),
        "placebo": placebo_figure(dossier, tongue),
        "baselines": baselines_figure(dossier, tongue),
        "substitution": substitution_figure(dossier, tongue),
    }


def exit_page(dossier: Item, tongue: Tongue) -> Item:
    """The drawing of the ways out with a small box of each texture for its key."""
    samples = {state: texture(state, 0, 0, 18, 12) for state in STATES}
    return {**exit_figure(dossier, tongue), "samples": samples}


def rates_daily(dossier: Item, tongue: Tongue, day: date) -> Item:
    """The short form of a daily report: one sentence for each finding, series up to the day."""
    return {
        "sentences": rates_brief(dossier),
        "series": series_figure(dossier, tongue, until=day),
    }


def rates_brief(dossier: Item) -> list[Item]:
    """The first sentence of each finding, as JSON holds it; equal ones once.

    A finding without a sentence is told by its first refusal.
    """
    told: dict[str, Item] = {}
    for finding in dossier["rates"]:
        words = [*finding["sentences"], *(r["text"] for r in finding["refusals"])]
        if words:
            item = {"ask": finding["ask"], "conclusion": finding["conclusion"], "text": words[0]}
            told.setdefault(words[0], {**item, "findings": []})["findings"].append(finding["id"])
    return list(told.values())


def _blocks(findings: Iterable[Item]) -> list[Item]:
    groups: dict[tuple[str, ...], list[Item]] = {}
    for finding in findings:
        groups.setdefault((finding["ask"], *finding["series"]), []).append(finding)
    return [_block(number, group) for number, group in enumerate(groups.values(), 1)]


def _block(number: int, group: list[Item]) -> Item:
    """Findings that ask the same of the same series."""
    named = [(_label(finding, group), finding) for finding in group]
    return {
        "id": f"rates-{number}",
        "ask": group[0]["ask"],
        "titles": group[0]["series_titles"],
        "unit": group[0]["unit"],
        "answers": [_answer(label, finding) for label, finding in named],
        "refusals": _shared(named, "refusals"),
        "attacks": _shared(named, "attacks"),
        "rows": [row for label, finding in named for row in _rows(label, finding)],
        "trends": [
            {"label": label, "t": finding["change"]["trend"]}
            for label, finding in named
            if finding["change"] and finding["change"]["trend"]
        ],
        "shifts": [
            {"label": label, "s": shift} for label, finding in named for shift in finding["shifts"]
        ],
        "mutual": [
            {"label": label, "r": finding["reciprocity"]}
            for label, finding in named
            if finding["reciprocity"]
        ],
    }


def _label(finding: Item, group: list[Item]) -> str:
    """The reading, and its clause where the reading is asked about by several."""
    clauses = {f["clause"] for f in group if f["reading"] == finding["reading"]}
    if len(clauses) > 1 or not finding["reading"]:
        return " · ".join(part for part in (finding["reading"], finding["clause"]) if part)
    return str(finding["reading"])


def _answer(label: str, finding: Item) -> Item:
    return {
        "id": finding["id"],
        "label": label,
        "conclusion": finding["conclusion"],
        "sentences": finding["sentences"],
        "window": finding["window"],
    }


def _shared(named: Iterable[tuple[str, Item]], key: str) -> list[Item]:
    """Refusals or attacks of several findings, each once, with the findings they stand in."""
    told: dict[tuple[object, ...], Item] = {}
    for label, finding in named:
        for item in finding[key]:
            row = told.setdefault(tuple(item.values()), {**item, "of": []})
            if label not in row["of"]:
                row["of"].append(label)
    return list(told.values())


def _rows(label: str, finding: Item) -> list[Item]:
    """Numbers by baseline; a baseline that does not exist has its reason instead."""
    change = finding["change"]
    if not change:
        return []
    window = {"label": label, "window": finding["window"], "change": change}
    return [window, *({"label": label, "effect": effect} for effect in change["effects"])]
