"""Values as JSON holds them: no types of ours, no rounding left to chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from pydantic import BaseModel

from truceline.clock import Interval, stamp

Item = dict[str, Any]
"""An object of ``dossier.json``."""

EDITION = "INTERNAL EDITION"
"""Stands on everything that is written; nothing is public unless somebody publishes it."""

DEGREES = 2
"""Decimals of a position; what the ledger states (about 1 km)."""


def plain(value: object) -> Any:
    """A value with enums as text, times as stamps, tuples as lists and keys as text.

    >>> from datetime import UTC
    >>> plain({"at": datetime(2025, 3, 18, tzinfo=UTC), "span": (1, None)})
    {'at': '2025-03-18T00:00:00Z', 'span': [1, None]}
    >>> plain(object())
    Traceback (most recent call last):
        ...
    TypeError: object has no plain form
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime):
        # Terms state wall-clock times of a zone that stands beside them.
        return stamp(value) if value.tzinfo else value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no plain form")


def ratio(value: float) -> float:
    """A likelihood ratio to six significant digits.

    >>> ratio(0.123456789), ratio(30.0)
    (0.123457, 30.0)
    """
    return float(f"{value:.6g}")


def rounded(value: float | None, digits: int) -> float | None:
    """A number to some decimals, or None."""
    return None if value is None else round(float(value), digits)


def ends(interval: Interval) -> Item:
    """Both ends as stamps; an open end is null."""
    return {"from": stamp(interval.start), "until": stamp(interval.until)}


def together(lines: Iterable[Item]) -> Item:
    """All lines of evidence together: product of their ratios and of their bounds.

    The lines are of different origins, so their ratios multiply; without any, all are 1.

    >>> together([{"lr": 10.0, "lr_low": 4.0, "lr_high": 25.0},
    ...           {"lr": 0.5, "lr_low": 0.25, "lr_high": 1.0}])
    {'lr': 5.0, 'lr_low': 1.0, 'lr_high': 25.0}
    """
    lines = list(lines)
    return {
        key: ratio(math.prod((line[key] for line in lines), start=1.0))
        for key in ("lr", "lr_low", "lr_high")
    }
