"""When something is said to have happened: local dates and hours as intervals in UTC.

Dates and hours are those of the claimant.  A claimant without a zone of its own gets the
shortest interval that holds every party's reading of the same words.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from truceline.clock import ALWAYS, EARLIEST, Interval, at_local, day_of
from truceline.clock import zone as zone_called
from truceline.domain.claim import Occurrence
from truceline.sources.cells import Cells
from truceline.thresholds import (
    INFERRED_DATE_SLACK_D,
    NIGHT_FROM_H,
    NIGHT_UNTIL_H,
    REPORT_DATE_SLACK_D,
)

DATE_PRECISIONS = ("exact", "night_span", "report_date", "inferred", "unknown")
SLACK_D = {"report_date": REPORT_DATE_SLACK_D, "inferred": INFERRED_DATE_SLACK_D}
HOURS = re.compile(r"(\d{2}):(\d{2})(?:-(\d{2}):(\d{2}))?", re.ASCII)
MINUTE = timedelta(minutes=1)


def occurrence(cells: Cells, zones: Collection[str], source_date: date | None) -> Occurrence:
    """When the row says it happened.

    Nothing happens after the end of the day on which it was reported.

    >>> row = {"event_date": "2025-04-08", "event_time_local": "23:38-01:26",
    ...        "date_precision": "night_span"}
    >>> found = occurrence(Cells("claims", "claims.csv", 90, row), ["Europe/Moscow"], None)
    >>> str(found.interval), found.precision  # it ends on the following day
    ('2025-04-08T20:38:00Z/2025-04-08T22:26:00Z', 'hours')
    """
    found = [_in_zone(cells, zone, source_date) for zone in sorted(zones)]
    hull = found[0].interval
    for other in found[1:]:
        hull = hull.hull(other.interval)
    return Occurrence(hull, found[0].precision)


def _in_zone(cells: Cells, zone: str, source_date: date | None) -> Occurrence:
    day = cells.dated_or_none("event_date")
    stated = cells.code("date_precision", DATE_PRECISIONS)
    hours = _hours(cells)
    if day is None and stated != "unknown":
        raise cells.bad("event_date", f"blank, although date_precision is {stated}", "a date")
    if hours is not None and (day is None or stated in (*SLACK_D, "unknown")):
        raise cells.bad(
            "event_time_local",
            f"an hour is given although date_precision is {stated}",
            "no hour, or a date that is exact",
        )
    if day is None or stated == "unknown":
        whole = Occurrence(ALWAYS, "unknown")
    elif hours is not None:
        whole = _at_hours(cells, day, hours, zone)
    else:
        whole = Occurrence(_by_date(cells, day, stated, zone, source_date), _word(stated))
    return _clipped(cells, whole, zone, source_date)


def _word(stated: str) -> str:
    return {"exact": "day", "night_span": "night"}.get(stated, stated)


def _hours(cells: Cells) -> tuple[time, time | None] | None:
    text = cells.text("event_time_local")
    if not text:
        return None
    expected = "a local time 00:00 to 23:59, or two such as 23:38-01:26"
    match = HOURS.fullmatch(text)
    if not match:
        raise cells.bad("event_time_local", f"{text!r} is no time", expected)
    from_h, from_m, until_h, until_m = (int(part) if part else None for part in match.groups())
    try:
        start = time(from_h or 0, from_m or 0)
        end = time(until_h, until_m or 0) if until_h is not None else None
    except ValueError as error:
        raise cells.bad("event_time_local", f"{text!r} is no time: {error}", expected) from error
    if start == end:
        raise cells.bad("event_time_local", f"{text!r} has no length", expected)
    return start, end


def _at_hours(cells: Cells, day: date, hours: tuple[time, time | None], zone: str) -> Occurrence:
    start, end = hours
    begins = _instant(cells, day, start, zone)
    if end is None:
        return Occurrence(Interval(begins, begins + MINUTE), "minute")
    last = day if end > start else day + timedelta(days=1)
    return Occurrence(Interval(begins, _instant(cells, last, end, zone)), "hours")


def _instant(cells: Cells, day: date, hour: time, zone_name: str) -> datetime:
    """A stated hour as an instant; one that clocks skip is no time at all."""
    moment = at_local(day, hour, zone_name)
    if moment.astimezone(zone_called(zone_name)).replace(tzinfo=None) != datetime.combine(
        day, hour
    ):
        raise cells.bad(
            "event_time_local",
            f"there is no {hour:%H:%M} on {day} in {zone_name}: clocks skip it",
            "an hour of the claimant's zone; one that occurs twice is taken as the first",
        )
    return moment


def _by_date(cells: Cells, day: date, stated: str, zone: str, source_date: date | None) -> Interval:
    one = timedelta(days=1)
    if stated == "exact":
        return _whole_day(cells, day, zone)
    if stated == "night_span":
        # A night that is reported on its own date is the night that ended on it.
        last = day if source_date == day else day + one
        return Interval(
            at_local(day - one, time(int(NIGHT_FROM_H)), zone),
            at_local(last, time(int(NIGHT_UNTIL_H)), zone),
        )
    slack = timedelta(days=SLACK_D[stated])
    return Interval(at_local(day - slack, time(), zone), at_local(day + slack + one, time(), zone))


def _whole_day(cells: Cells, day: date, zone: str) -> Interval:
    """A day from midnight to midnight; one that a zone skips, changing sides of the date line."""
    try:
        return day_of(day, zone)
    except ValueError as error:
        raise cells.bad("event_date", f"there is no {day} in {zone}", "a date that exists") from (
            error
        )


def _clipped(cells: Cells, whole: Occurrence, zone: str, source_date: date | None) -> Occurrence:
    if source_date is None:
        return whole
    end = at_local(source_date + timedelta(days=1), time(), zone)
    known = whole.interval.meet(Interval(EARLIEST, end))
    if known is None:
        raise cells.bad(
            "event_date",
            f"{cells.text('event_date')} is after its source date {source_date}",
            "an event that is not later than the report of it",
            "correct the date of the event or of its source",
        )
    return Occurrence(known, whole.precision)
