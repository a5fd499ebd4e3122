"""Days and their counts: what a change is measured on.

A day without a published figure is unknown.  It is never zero, and no sum takes it for one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from truceline.domain.provenance import Row


@dataclass(frozen=True)
class Tally:
    """A number that somebody published for one day.

    ``labels``: what the number is of, as the source says it, such as ``type: drone``.
    ``n`` is None where no figure was published; ``period_h`` is how long a stretch it covers (h).
    """

    row: Row
    day: date
    measure: str
    labels: Mapping[str, str]
    n: int | None
    period_h: float = 24.0


@dataclass(frozen=True)
class Violence:
    """One event of organised violence with deaths, as an event data set codes it.

    ``first`` and ``last``: local days between which it lies; ``date_prec`` and ``where_prec`` as
    coded, 1 is exact.  Deaths are the best estimates, by side, of civilians and of unknown.
    """

    row: Row
    id: str
    first: date
    last: date
    date_prec: int
    where_prec: int
    labels: Mapping[str, str]
    deaths: Mapping[str, int]
    clear: bool

    @property
    def dated(self) -> bool:
        """Whether it lies on one known day."""
        return self.first == self.last


@dataclass(frozen=True)
class Truce:
    """Days on which a truce or a break of a source is listed: no placebo window may touch them.

    ``kind``: ``truce``, ``break``, ``suspected_break`` or ``event``.  Across a known break nothing
    is compared; across a suspected one a finding is told, and said not to withstand it.
    ``series``: ids it is about; none means all.
    """

    row: Row
    id: str
    kind: str
    first: date
    last: date
    series: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Break:
    """A day from which a source counts otherwise than before, and why that is thought."""

    on: date
    why: str


@dataclass(frozen=True)
class Series:
    """Counts by day, from ``first`` on, without a gap in the days.

    A count is None where nothing was published for the day.  ``exposure`` is how much of each
    day was watched (share of a day), None where nothing says so.  ``parts`` are the counts of
    its components, which add up to ``counts``.  ``n_undated``: events left out because they lie
    on no single day.  ``n_set_aside``: rows of its sources that could not be read.
    """

    id: str
    title: str
    unit: str
    measures: str
    sources: tuple[str, ...]
    zone: str
    first: date
    counts: tuple[int | None, ...]
    exposure: tuple[float, ...] | None = None
    parts: Mapping[str, tuple[int | None, ...]] = field(default_factory=dict)
    side: str = ""
    object_class: str = ""
    breaks: tuple[Break, ...] = ()
    delay_d: int = 0
    n_undated: int = 0
    n_set_aside: int = 0
    rows: Mapping[date, tuple[str, ...]] = field(default_factory=dict)
    """References of the rows that the count of a day rests on."""

    @property
    def last(self) -> date:
        """Last day that it has a place for."""
        return self.first + timedelta(days=len(self.counts) - 1)

    def index(self, day: date) -> int:
        """Place of a day; may lie outside."""
        return (day - self.first).days
