"""Days that a daily file should speak of, and those of which it says nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from truceline.domain.said import said_n
from truceline.sources.contract import Span

ONE_DAY = timedelta(days=1)


def days_of(days: Collection[date], span: Span | None) -> list[date]:
    """Every day of the declared span or, without one, from the first to the last that is held.

    >>> [day.day for day in days_of({date(2025, 3, 1), date(2025, 3, 3)}, None)]
    [1, 2, 3]
    """
    if not days and not span:
        return []
    first, last = span or (min(days), max(days))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def without_row(days: Collection[date], span: Span | None) -> Iterator[str]:
    """A note on days without any row; nothing where there are none."""
    silent = [day for day in days_of(days, span) if day not in days] if days else []
    if silent:
        yield said_n(
            "{n} day has no row, which is unknown and not zero: {first:day}",
            "{n} days have no row, which is unknown and not zero; the first is {first:day}",
            len(silent),
            first=silent[0],
        )


def stretches(days: Collection[date]) -> list[Span]:
    """Days as stretches without a gap, in order, both ends included.

    >>> found = stretches([date(2025, 3, 5), date(2025, 3, 1), date(2025, 3, 2)])
    >>> [(first.day, last.day) for first, last in found]
    [(1, 2), (5, 5)]
    """
    found: list[Span] = []
    for day in sorted(days):
        if found and day == found[-1][1] + ONE_DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
