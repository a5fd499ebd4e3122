"""Values as JSON holds them: no types of ours, no rounding left to chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from pydantic import BaseModel

from truceline.clock import Interval, midnight, stamp

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


def days(first: date, last: date) -> Item:
    """UTC days from the first to the end of the last, as a span with both ends as stamps.

    >>> days(date(2025, 4, 12), date(2025, 4, 12))
    {'from': '2025-04-12T00:00:00Z', 'until': '2025-04-13T00:00:00Z'}
    """
    return {
        "from": stamp(midnight(first)),
        "until": stamp(midnight(last + timedelta(days=1))),
    }


def overlaps(span: Item, window: Item) -> bool:
    """Whether a span, whose ends may be open, has a moment in a window with two ends.

    >>> day = days(date(2025, 4, 12), date(2025, 4, 12))
    >>> overlaps({"from": None, "until": day["from"]}, day)  # they only touch
    False
    >>> overlaps({"from": None, "until": None}, day)
    True
    """
    start, until = span["from"], span["until"]
    return (start or "") < window["until"] and (until is None or until > window["from"])


def within(span: Item, window: Item) -> bool:
    """Whether a span lies in a window as a whole; one with an open end does not.

    >>> day = days(date(2025, 4, 12), date(2025, 4, 12))
    >>> within(day, day), within({"from": day["from"], "until": None}, day)
    (True, False)
    """
    start, until = span["from"], span["until"]
    if start is None or until is None:
        return False
    return bool(window["from"] <= start and until <= window["until"])


def names_in(dossier: Item) -> dict[str, str]:
    """Names of parties and third parties of a dossier by code."""
    agreement = dossier["agreement"]
    known = {**agreement["parties"], **agreement["third_parties"]}
    return {code: known[code]["name"] for code in known}


def attributions(dossier: Item) -> list[str]:
    """Lines that the licences of the inputs ask for, each once, in the order of the inputs."""
    lines = (source["attribution"] for source in dossier["inputs"])
    return list(dict.fromkeys(line for line in lines if line))


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
