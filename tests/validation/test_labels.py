"""Labels: merging, what does not count, controls that never overlap, blocks that hold."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.validation.made_fires import events

from truceline.errors import BadInput
from truceline.validation import labels
from truceline.validation.crossval import SCHEMES, splits

STRIKE = "Bombing or Explosion"
DAY = date(2022, 7, 1)


def row(number: int, day: date, lat: float, lon: float, **other: str) -> dict[str, object]:
    plain = {"class": "other", "kind": STRIKE}
    return {"id": f"T{number:03}", "date": day.isoformat(), "lat": lat, "lon": lon} | plain | other


def write(folder: Path, rows: list[dict[str, object]]) -> tuple[Path, Path]:
    sheet, outlines = folder / "labels.csv", folder / "outlines.geojson"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    square = [[30.0, 45.0], [41.0, 45.0], [41.0, 49.0], [30.0, 49.0], [30.0, 45.0]]
    feature = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [square]}}
    outlines.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return sheet, outlines


def test_rows_are_merged_and_only_strikes_inside_count(tmp_path: Path) -> None:
    rows = [
        row(1, DAY, 47.0, 31.0),
        row(2, DAY, 47.001, 31.001, **{"class": "energy_oil_fuel"}),  # same cell and date
        row(3, DAY, 48.5, 48.5),  # latitude equals longitude
        row(4, DAY, 52.0, 33.0),  # far outside
        row(5, DAY, 49.02, 33.0),  # 2.2 km outside: allowed
        row(6, DAY, 47.0, 33.0, kind="Munitions"),  # not a strike
        row(7, date(2022, 9, 5), 47.0, 33.0),  # later: read, never fitted
        row(8, date(2022, 2, 20), 47.0, 33.0),  # before the first day
    ]
    found = labels.read_events(*write(tmp_path, rows))
    early, late = labels.held_back(found)
    assert [(e.lat, e.group) for e in early] == [(47.001, "oil_and_fuel"), (49.02, "any")]
    assert [e.day for e in late] == [date(2022, 9, 5)]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="kind"):
        labels.read_events(*write(tmp_path, [{"id": 1, "date": DAY, "lat": 1, "lon": 2}]))


@pytest.fixture(scope="module")
def windows() -> labels.Windows:
    return labels.draw_windows(events(), labels.FIRST_DAY, labels.LAST_DAY)


def test_controls_never_overlap_their_event_nor_a_label_nearby(windows: labels.Windows) -> None:
    struck, own = windows.struck, windows.event
    day = {int(e): int(d) for e, d in zip(own[struck], windows.day[struck], strict=True)}
    site = {int(e): int(s) for e, s in zip(own[struck], windows.site[struck], strict=True)}
    here = labels.sphere(windows.lat, windows.lon)
    for i in np.flatnonzero(~struck):
        apart = abs(int(windows.day[i]) - day[int(own[i])])
        if windows.sort[i] == 1:
            assert windows.site[i] == site[int(own[i])] and apart >= 6
        else:
            assert windows.site[i] != site[int(own[i])] and apart == 0
        near = np.linalg.norm(here[struck] - here[i], axis=1) <= labels.QUIET_KM
        around = np.abs(windows.day[struck][near] - windows.day[i])
        assert (around > labels.QUIET_DAYS).all()


def test_a_strike_weighs_as_much_as_its_controls(windows: labels.Windows) -> None:
    for sort in (windows.struck, ~windows.struck):
        whole = np.bincount(windows.event[sort], weights=windows.weight[sort])
        assert whole == pytest.approx(np.ones(len(whole)))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_training_shares_no_block_with_test(windows: labels.Windows, scheme: str) -> None:
    tested = np.zeros(len(windows), dtype=int)
    for train, test in splits(windows, scheme):
        tested += test
        if "place" in scheme:
            assert not set(windows.block[train]) & set(windows.block[test])
        if "month" in scheme:
            assert not set(windows.month[train]) & set(windows.month[test])
    assert (tested == 1).all()


def test_folds_and_draws_are_the_same_each_time(windows: labels.Windows) -> None:
    again = labels.draw_windows(events(), labels.FIRST_DAY, labels.LAST_DAY)
    assert (again.day == windows.day).all() and (again.site == windows.site).all()
    block = labels.cells(np.array([50.45, 46.48]), np.array([30.52, 30.73]), labels.BLOCK_DEG)
    assert block.tolist() == [10100061, 9300061]
    assert len(np.unique(windows.fold)) == labels.N_FOLDS


def test_months_are_those_of_the_calendar(windows: labels.Windows) -> None:
    dates = [date.fromordinal(int(day)) for day in windows.day]
    assert windows.month.tolist() == [d.year * 12 + d.month for d in dates]
