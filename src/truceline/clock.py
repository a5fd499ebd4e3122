"""Intervals in UTC, and local dates and hours turned into them.

A time without a zone is refused everywhere.  Ends are open: an interval holds its
first instant and not its last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)


def utc(moment: datetime) -> datetime:
    """The same moment in UTC.

    >>> utc(datetime(2025, 3, 18, tzinfo=zone("Europe/Moscow"))).isoformat()
    '2025-03-17T21:00:00+00:00'
    >>> utc(datetime(2025, 3, 18))
    Traceback (most recent call last):
        ...
    ValueError: a time needs a zone: 2025-03-18T00:00:00
    """
    if moment.tzinfo is None:
        raise ValueError(f"a time needs a zone: {moment.isoformat()}")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"in UTC out of the years 1 to 9999: {moment.isoformat()}") from error


def zone(name: str) -> ZoneInfo:
    """A named time zone; a wrong name is a ``ValueError`` that says so."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
        raise ValueError(f"no time zone is called {name!r}") from error


def stamp(moment: datetime | None) -> str | None:
    """ISO text in UTC with a Z, or None for an open end.

    >>> stamp(datetime(2025, 5, 11, tzinfo=UTC))
    '2025-05-11T00:00:00Z'
    """
    if moment is None or moment in (EARLIEST, LATEST):
        return None
    return utc(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_stamp(text: str) -> datetime:
    """A moment from ISO text that names its zone.

    >>> parse_stamp("2025-05-11T00:00Z").isoformat()
    '2025-05-11T00:00:00+00:00'
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no ISO time such as 2025-05-11T00:00Z") from error
    return utc(moment)


@dataclass(frozen=True, order=True)
class Interval:
    """From the first instant up to, but not including, the last; open ends are the extremes.

    >>> day = day_of(date(2025, 3, 18), "Europe/Moscow")
    >>> str(day)
    '2025-03-17T21:00:00Z/2025-03-18T21:00:00Z'
    >>> day.overlaps(Interval(day.until, LATEST))  # they only touch
    False
    """

    start: datetime
    until: datetime

    def __post_init__(self) -> None:
        if utc(self.start) >= utc(self.until):
            raise ValueError(f"empty interval: {self.start} to {self.until}")

    def __str__(self) -> str:
        return f"{stamp(self.start) or '..'}/{stamp(self.until) or '..'}"

    def overlaps(self, other: Interval) -> bool:
        """Whether they share an instant."""
        return self.start < other.until and other.start < self.until

    def within(self, other: Interval) -> bool:
        """Whether every instant of this is in the other."""
        return other.start <= self.start and self.until <= other.until

    def meet(self, other: Interval) -> Interval | None:
        """What they share, or None."""
        if not self.overlaps(other):
            return None
        return Interval(max(self.start, other.start), min(self.until, other.until))

    def hull(self, other: Interval) -> Interval:
        """The shortest interval that holds both."""
        return Interval(min(self.start, other.start), max(self.until, other.until))

    def gap_h(self, other: Interval) -> float:
        """Hours between them; 0 where they touch or overlap."""
        between = max(self.start, other.start) - min(self.until, other.until)
        return max(0.0, between.total_seconds() / 3600)

    def utc_dates(self) -> list[date]:
        """UTC dates that it touches, in order.  An open end has no list of dates.

        >>> [d.day for d in day_of(date(2025, 3, 18), "Europe/Moscow").utc_dates()]
        [17, 18]
        """
        if self.start == EARLIEST or self.until == LATEST:
            return []
        last = (self.until - timedelta(microseconds=1)).date()
        n_days = (last - self.start.date()).days + 1
        return [self.start.date() + timedelta(days=i) for i in range(n_days)]


ALWAYS = Interval(EARLIEST, LATEST)


def midnight(day: date) -> datetime:
    """The instant at which a UTC day starts.

    >>> stamp(midnight(date(2025, 4, 1)))
    '2025-04-01T00:00:00Z'
    """
    return datetime.combine(day, time(), tzinfo=UTC)


def at_local(day: date, hour: time, zone_name: str) -> datetime:
    """A local wall-clock time as an instant in UTC, with the offset of that date.

    An hour that occurs twice is taken as the first of the two.

    >>> [at_local(date(2025, 3, d), time(6), "Europe/Kyiv").hour for d in (29, 30)]
    [4, 3]
    """
    return utc(datetime.combine(day, hour, tzinfo=zone(zone_name)))


def day_of(day: date, zone_name: str) -> Interval:
    """A local calendar day as an interval in UTC (23 or 25 h where clocks change)."""
    midnight = time()
    following = day + timedelta(days=1)
    return Interval(at_local(day, midnight, zone_name), at_local(following, midnight, zone_name))
