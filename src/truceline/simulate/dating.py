"""How an account dates what it tells: an hour, a day, a night, a date of publication, or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from truceline.clock import Interval, at_local, day_of

ONE = timedelta(days=1)

DELAYS, P_DELAYS = (0, 1, 2, 4), (0.5, 0.35, 0.1, 0.05)
"""Days from the event to its account, and how often."""

P_LATE = 0.05
"""Share of accounts with a date of publication alone that come after more than a day: the
event then lies outside of what they are taken to mean."""

P_STYLE = (("hour", 0.3), ("night", 0.2), ("day", 0.3), ("report_date", 0.14), ("inferred", 0.04))
"""Shares of the ways to date; the rest gives no date at all."""

NIGHT_FROM, NIGHT_UNTIL = 18, 9


@dataclass(frozen=True)
class Dating:
    """The cells of an account that say when, and the interval (UTC) that they may mean.

    The interval is not cut at the date of the source.  Without a date there is none.
    """

    event_date: str
    event_time_local: str
    precision: str
    source_date: date
    interval: Interval | None


def date_account(at: datetime, zone: str, random: np.random.Generator) -> Dating:
    """Cells for an event at an instant (UTC), in the zone of whoever speaks."""
    local = at.astimezone(ZoneInfo(zone))
    dice, delay = random.random(3), int(random.choice(DELAYS, p=P_DELAYS))
    style, day = _style(float(dice[0])), local.date()
    if style == "night" and not (local.hour >= NIGHT_FROM or local.hour < NIGHT_UNTIL):
        style = "day"
    if style == "hour":
        whole = Interval(at.astimezone(UTC), at.astimezone(UTC) + timedelta(minutes=1))
        return Dating(str(day), f"{local:%H:%M}", "exact", day + delay * ONE, whole)
    if style == "night":
        ended = (local + timedelta(hours=24 - NIGHT_FROM)).date()
        whole = Interval(
            at_local(ended - ONE, time(NIGHT_FROM), zone),
            at_local(ended + (ONE if delay else 0 * ONE), time(NIGHT_UNTIL), zone),
        )
        return Dating(str(ended), "", "night_span", ended + delay * ONE, whole)
    if style == "day":
        return Dating(str(day), "", "exact", day + delay * ONE, day_of(day, zone))
    if style == "report_date":
        told = day + (3 if dice[1] < P_LATE else int(dice[2] < 0.5)) * ONE
        return Dating(str(told), "", style, told, _around(told, zone))
    if style == "inferred":
        told = day + (int(dice[1] * 3) - 1) * ONE
        return Dating(str(told), "", style, day + 2 * ONE, _around(told, zone))
    return Dating("", "", "unknown", day + delay * ONE, None)


def _style(dice: float) -> str:
    for style, share in P_STYLE:
        dice -= share
        if dice < 0:
            return style
    return "unknown"


def _around(day: date, zone: str) -> Interval:
    return Interval(day_of(day - ONE, zone).start, day_of(day + ONE, zone).until)
