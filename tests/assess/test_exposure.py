"""Looks: nobody looked, could not see, and could have seen are three different results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from tests.made import DAY, hours

from truceline.assess.exposure import Sky, expose, heat_days, index_clouds, index_records, usable
from truceline.clock import ALWAYS
from truceline.domain.observation import CloudDay, HeatCover, LookState, RecordDay
from truceline.domain.provenance import Row
from truceline.geo import Extent, Point

OWN = (75, 8)
"""The weeks before: first and last day of a record of one's own."""
HERE = Point(50.0, 30.0)
TODAY = DAY.date()
BOX = Extent(45, 25, 55, 35)
WHOLE = (HeatCover(TODAY - timedelta(days=30), TODAY + timedelta(days=30), BOX),)


def record(whole: bool = True, no_pass: bool = False) -> RecordDay:
    return RecordDay(Row("record-days", "1", 2), TODAY, "MODIS", whole, no_pass)


def cloud(share: float, lat: float = 50.0) -> CloudDay:
    return CloudDay(Row("cloud", "1", 2), TODAY, "Station", Point(lat, 30.0), share)


def state(
    records: Sequence[RecordDay],
    clouds: Sequence[CloudDay] = (),
    held: tuple[HeatCover, ...] = WHOLE,
) -> tuple[LookState, float | None]:
    sky = Sky(index_records(records), {"MODIS": held}, index_clouds(clouds), ("MODIS",))
    (look,) = expose(HERE, [TODAY], sky)
    return look.state, look.cloud_share


@pytest.mark.parametrize(
    ("records", "clouds", "expected"),
    [
        ([], [], (LookState.NO_RECORD, None)),
        ([record(whole=False)], [], (LookState.NO_RECORD, None)),
        ([record(no_pass=True)], [], (LookState.NO_PASS, None)),
        ([record()], [], (LookState.OBSERVABLE, None)),
        ([record()], [cloud(0.2)], (LookState.OBSERVABLE, 0.2)),
        ([record()], [cloud(0.8)], (LookState.OBSCURED, 0.8)),
        ([record()], [cloud(0.9, lat=52.0)], (LookState.OBSERVABLE, None)),
    ],
)
def test_what_a_sensor_could_have_seen(
    records: list[RecordDay], clouds: list[CloudDay], expected: tuple[LookState, float | None]
) -> None:
    assert state(records, clouds) == expected


def test_a_whole_record_of_which_no_heat_was_read_is_no_look() -> None:
    """An empty feed is recorded as empty, and is no peace."""
    assert state([record()], held=())[0] is LookState.NO_RECORD
    later = (HeatCover(TODAY + timedelta(days=1), TODAY + timedelta(days=9), BOX),)
    assert state([record()], held=later)[0] is LookState.NO_RECORD
    elsewhere = (HeatCover(WHOLE[0].first, WHOLE[0].last, Extent(0, 0, 9, 9)),)
    assert state([record()], held=elsewhere)[0] is LookState.NO_RECORD


def test_only_observable_looks_are_usable() -> None:
    sky = Sky(index_records([record()]), {"MODIS": WHOLE}, {}, ("MODIS",))
    looks = expose(HERE, [TODAY, TODAY + timedelta(days=1)], sky)
    assert [look.day for look in usable(looks)] == [TODAY]


def test_heat_is_looked_for_on_the_dates_of_the_incident_and_the_next_and_never_ahead() -> None:
    late = datetime(2031, 6, 1, tzinfo=UTC)
    assert heat_days(hours(0), late) == [TODAY, TODAY + timedelta(days=1)]
    assert heat_days(hours(-3), late)[0] == TODAY - timedelta(days=1)
    assert heat_days(hours(0), DAY + timedelta(hours=30)) == [TODAY]
    assert heat_days(ALWAYS, late) == []


def sky_of(*covers: HeatCover, whole: Sequence[int] = ()) -> Sky:
    days = [
        RecordDay(Row("record-days", str(n), 2), TODAY + timedelta(days=n), "MODIS", True)
        for n in whole
    ]
    return Sky(index_records(days), {"MODIS": covers}, {}, ("MODIS",))


def test_the_past_is_what_is_held_at_this_place_and_not_its_first_day() -> None:
    long_ago = HeatCover(TODAY - timedelta(days=900), TODAY - timedelta(days=898), BOX)
    lately = HeatCover(TODAY - timedelta(days=3), TODAY + timedelta(days=3), BOX)
    elsewhere = HeatCover(TODAY - timedelta(days=900), TODAY, Extent(0, 0, 9, 9))
    past = sky_of(long_ago, lately, elsewhere).past("MODIS", TODAY, HERE, 2.0, OWN)
    assert past.n_days == 3 + 3


@pytest.mark.parametrize(("whole", "fresh"), [([-1], True), ([-2], True), ([-3, 0], False)])
def test_fresh_is_a_whole_record_of_the_last_days_before(whole: list[int], fresh: bool) -> None:
    assert sky_of(*WHOLE, whole=whole).past("MODIS", TODAY, HERE, 2.0, OWN).fresh is fresh


def test_a_circle_that_leaves_the_box_is_not_held() -> None:
    edge = Point(54.99, 30.0)
    assert WHOLE[0].holds(TODAY, edge, 1.0) and not WHOLE[0].holds(TODAY, edge, 2.0)


def test_the_record_of_its_own_is_whole_days_of_the_weeks_before_less_a_guard() -> None:
    past = sky_of(*WHOLE, whole=[-1, -7, -8, -20, -75, -76]).past("MODIS", TODAY, HERE, 2.0, OWN)
    assert past.own_days == {TODAY - timedelta(days=n) for n in (8, 20)}  # held since -30
