"""What fires tell: nearest, of long standing, own record, and dates that are unknown."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from truceline.validation.features import NEVER, NOWHERE_KM, Fires, became_persistent, tell
from truceline.validation.labels import Windows
from truceline.validation.models import WINDOW

DAY = date(2022, 8, 10)
OLD = (300, 250, 200, 150, 100)
"""Days before, on which a works was seen: enough for the rule of persistence."""


def heat(*rows: tuple[int, float]) -> Fires:
    """Rows of (days before DAY, km north of the site), and one far away on every date."""
    days = [DAY.toordinal() - before for before, _ in rows]
    lats = [47.0 + km / 111.195 for _, km in rows]
    far = np.arange(DAY.toordinal() - 320, DAY.toordinal() + 5)
    return Fires.of(
        np.append(lats, np.full(len(far), 45.0)),
        np.append(np.full(len(lats), 31.0), np.full(len(far), 40.0)),
        np.append(np.array(days, dtype=np.int64), far),
    )


def window(day: date = DAY) -> Windows:
    one = np.zeros(1, dtype=np.int64)
    return Windows(one, one, one, one, one + day.toordinal(), np.array([[47.0, 31.0]]))


def test_nearest_on_same_or_next_date() -> None:
    fires = heat((0, 3.0), (-1, 1.5), (-2, 0.2), (1, 0.1))
    told = tell(window(), fires, None)
    assert told.nearest((0, 1))[0] == pytest.approx(1.5, abs=0.01)
    assert told.nearest((0,))[0] == pytest.approx(3.0, abs=0.01)
    assert told.nearest((-1, 0, 1, 2))[0] == pytest.approx(0.1, abs=0.01)


def test_heat_of_long_standing_is_told_beside_the_nearest() -> None:
    fires = heat(*((n, 4.0) for n in OLD), (0, 4.0), (0, 1.0))
    told = tell(window(), fires, fires)
    assert told.nearest(WINDOW)[0] == pytest.approx(1.0, abs=0.01)
    assert told.stands_at(WINDOW)[0] == pytest.approx(4.0, abs=0.01)
    every = tell(window(), fires, None)
    assert every.stands_at(WINDOW)[0] == NOWHERE_KM


@pytest.mark.parametrize(
    ("days_before", "stands"),
    [
        (OLD, True),
        ((300, 250, 200, 150), False),  # four dates
        ((150, 120, 90, 60, 30), False),  # too short a span
        ((300, 299, 298, 297, 296), False),  # one fire
        (tuple(range(1, 14)), False),  # its own burning
        ((300, 250, *range(1, 15)), False),  # its own burning on top of two field fires
    ],
)
def test_rule_of_persistence(days_before: tuple[int, ...], stands: bool) -> None:
    fires = heat(*((n, 1.0) for n in days_before), (0, 1.0))
    told = tell(window(), fires, fires)
    assert bool(told.stands_at(WINDOW)[0] < 2) is stands
    assert told.nearest(WINDOW)[0] < 2


def test_nothing_after_a_window_changes_what_is_told() -> None:
    before = heat(*((n, 1.0) for n in OLD[:4]), (0, 1.0))
    after = heat(*((n, 1.0) for n in OLD[:4]), (0, 1.0), *((-n, 1.0) for n in range(3, 5)))
    first, second = (tell(window(), fires, fires) for fires in (before, after))
    for name, value in vars(first).items():
        assert np.array_equal(value, vars(second)[name]), name


def test_own_record_counts_dates_with_a_guard() -> None:
    fires = heat((75, 0.9), (40, 4.9), (40, 0.5), (30, 5.2), (7, 0.1), (76, 0.1))
    told = tell(window(), fires, None)
    assert (told.own_k[0], told.own_n[0]) == (2, 68)
    assert told.burned[0].tolist() == [2, 2, 2, 3]  # within 1, 2, 5 and 8 km


def test_dates_without_a_record_are_unknown() -> None:
    fires = heat((0, 1.0))
    gone = DAY + timedelta(days=1)
    holed = Fires.of(fires.lat, fires.lon, fires.day, [gone])
    assert tell(window(), fires, None).readable((0, 1))[0]
    assert not tell(window(), holed, None).readable((0, 1))[0]
    assert tell(window(), holed, None).readable((0,))[0]


def test_persistence_needs_all_three() -> None:
    start = date(2021, 1, 31).toordinal()
    two_months = np.array([start, start + 1, start + 2, start + 3, start + 4])
    assert became_persistent(two_months) == NEVER
    assert became_persistent(np.append(two_months, [start + 60, start + 180])) == start + 180
