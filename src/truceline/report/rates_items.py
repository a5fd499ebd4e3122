"""Findings about change as JSON holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from truceline.domain.rates import Finding
from truceline.domain.series import Series
from truceline.report.plain import Item

DIGITS = 6
"""Significant digits of a number that was worked out."""


def rate_items(findings: tuple[Finding, ...], series: Mapping[str, Series]) -> list[Item]:
    """Every finding with the titles and the unit of its series, in order."""
    items = []
    for finding in findings:
        item = bare(finding)
        known = [series[name] for name in finding.series if name in series]
        item["series_titles"] = [
            series[name].title if name in series else name for name in finding.series
        ]
        item["unit"] = known[0].unit if known else ""
        items.append(item)
    return items


def series_item(one: Series) -> Item:
    """A series without its counts: what it is, and what is known of how it was collected."""
    return {
        "id": one.id,
        "title": one.title,
        "unit": one.unit,
        "measure": one.measures,
        "source": list(one.sources),
        "zone": one.zone,
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "n_days": len(one.counts),
        "n_unknown": sum(n is None for n in one.counts),
        "n_undated": one.n_undated,
        "side": one.side,
        "object_class": one.object_class,
        "exposure": "unknown" if one.exposure is None else "known",
        "parts": sorted(one.parts),
        "breaks": [{"on": b.on.isoformat(), "why": b.why} for b in one.breaks],
        "delay_d": one.delay_d,
    }


def bare(value: Any) -> Any:
    """Dataclasses as objects, tuples as lists, dates as text; sentences stay sentences."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: bare(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [bare(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    return value
