"""Where a row comes from, and ids that depend on raw values alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from truceline.clock import midnight
from truceline.thresholds import ASSUMED_KNOWN_AFTER_D


@dataclass(frozen=True, order=True)
class Row:
    """One row of one source: its key, its line in the file (from 1) and the hash of its values.

    >>> str(Row("claims", "C017", 18))
    'claims#C017'
    """

    source: str
    key: str
    line: int = field(compare=False)
    sha256: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.source}#{self.key}"


def raw_hash(values: Mapping[str, str]) -> str:
    """SHA-256 over field names and raw values, independent of the order of columns.

    Blank stays blank: it is a value of its own and never becomes zero.

    >>> raw_hash({"a": "1", "b": ""}) == raw_hash({"b": "", "a": "1"}) != raw_hash({"a": "1"})
    True
    """
    text = json.dumps(dict(values), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Known:
    """From when a record could be known, and whether that was stated or assumed.

    A record is known from the end of the date of its source (UTC); without one, a day
    after the event, assumed; with neither, in the latest edition only (``since`` is None).

    >>> Known.of(date(2025, 3, 28), None).since.isoformat()
    '2025-03-29T00:00:00+00:00'
    >>> Known.of(None, date(2025, 3, 28))
    Known(since=datetime.datetime(2025, 3, 30, 0, 0, tzinfo=datetime.timezone.utc), assumed=True)
    >>> Known.of(None, None).by(midnight(date(2030, 1, 1)))
    False
    """

    since: datetime | None
    assumed: bool = False

    @classmethod
    def of(cls, source_date: date | None, event_date: date | None) -> Known:
        """By the rule above."""
        if source_date is not None:
            return cls(_end_of(source_date))
        if event_date is not None:
            return cls(_end_of(event_date + timedelta(days=ASSUMED_KNOWN_AFTER_D)), assumed=True)
        return cls(None, assumed=True)

    def by(self, as_of: datetime) -> bool:
        """Whether it was known at a moment."""
        return self.since is not None and self.since <= as_of


def _end_of(day: date) -> datetime:
    return midnight(day + timedelta(days=1))
