"""Clocks: local dates become instants of that date's own offset, and open days stay open."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from tests.made import agreement

from truceline.clock import ALWAYS, LATEST, Interval, at_local, day_of
from truceline.domain.agreement import ClockState


def clock(**changes: object) -> object:
    terms = {"zone": "Europe/Kyiv", "from": "2025-03-25", "source": ["S1"], **changes}
    return agreement(clock=terms).readings[0].clock


def test_kyiv_counts_from_its_own_midnight() -> None:
    assert clock().span == Interval(at_local(date(2025, 3, 25), time(), "Europe/Kyiv"), LATEST)
    assert clock().span.start.hour == 22  # two hours ahead of UTC until 30 March
    late = clock(**{"from": "2025-04-25"})
    assert late.span.start.hour == 21


def test_a_moscow_day_may_start_before_the_kyiv_clock() -> None:
    states = clock().states(day_of(date(2025, 3, 25), "Europe/Moscow"))
    assert states == {ClockState.NOT_IN_FORCE, ClockState.IN_FORCE}


def test_an_unknown_time_may_be_anything() -> None:
    open_end = {"disputed": [{"from": "2025-04-18", "why": "end not stated", "source": ["S1"]}]}
    assert clock(**open_end).states(ALWAYS) == set(ClockState)


def test_an_hour_with_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="wall-clock"):
        clock(**{"from": datetime.fromisoformat("2025-03-25T00:00+02:00")})


def test_a_length_ends_a_clock_that_has_no_other_end() -> None:
    week = clock(**{"for": "P7D"})
    assert week.span.until == at_local(date(2025, 4, 1), time(), "Europe/Kyiv")
    assert week.span.until.hour == 21  # clocks changed on 30 March: days, not hours


def test_a_length_and_an_end_that_differ_must_say_so() -> None:
    ends = {"for": "P7D", "until": "2025-04-02"}
    with pytest.raises(ValueError, match="disputed"):
        clock(**ends)
    between = {"from": "2025-04-01", "until": "2025-04-02", "why": "how to count", "source": ["S1"]}
    assert clock(**ends, disputed=[between]).span.until.day == 1


def test_an_empty_clock_is_refused() -> None:
    with pytest.raises(ValueError, match="empty interval"):
        clock(until="2025-03-25")
