"""Made-up archives: the same rows every time, months on their own, the statistics they state."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from truceline.cells import E5, cells_of, tiles_of
from truceline.domain.detection import Columns
from truceline.domain.heat_table import (
    CONFIDENCES,
    HEAT_COLUMNS,
    MINUTES_A_DAY,
    SATELLITES,
    SENSORS,
    day_number,
    minute_number,
)
from truceline.geo import KM_PER_DEGREE, Extent
from truceline.simulate.heat_archive import (
    ArchivePlan,
    months,
    objects,
    one_month,
    write_firms,
)
from truceline.simulate.heat_pixels import IS_VIIRS, sites_of
from truceline.sources.contract import Opened, SourceFile
from truceline.sources.firms import read_heat

PLAN = ArchivePlan(300_000, date(2012, 1, 1), date(2023, 12, 31), seed=11)
SMALL = ArchivePlan(3_000, date(2022, 11, 20), date(2023, 3, 10), seed=5)


def whole(plan: ArchivePlan) -> Columns:
    parts = [rows for _, rows in months(plan)]
    return {name: np.concatenate([part[name] for part in parts]) for name in HEAT_COLUMNS}


@cache
def rows() -> Columns:
    return whole(PLAN)


def same(first: Columns, second: Columns) -> bool:
    return all(np.array_equal(first[name], second[name]) for name in HEAT_COLUMNS)


def month_of_year(columns: Columns) -> npt.NDArray[np.int64]:
    """The month of each row, from 0."""
    days = columns["day"].astype("datetime64[D]")
    return days.astype("datetime64[M]").astype(np.int64) % 12


def near_site(columns: Columns) -> npt.NDArray[np.bool_]:
    """Rows within 1.5 km of a persistent site."""
    sites, _ = sites_of(PLAN)
    tree = cKDTree(flat_km(sites[:, 0], sites[:, 1]))
    distance, _ = tree.query(flat_km(columns["lat_e5"] / E5, columns["lon_e5"] / E5))
    return np.asarray(distance < 1.5)


def flat_km(lat: Any, lon: Any) -> npt.NDArray[np.float64]:
    return np.column_stack([lat * KM_PER_DEGREE, lon * KM_PER_DEGREE * np.cos(np.radians(lat))])


# --- the same rows --------------------------------------------------------------------------------


def test_the_same_plan_gives_the_same_rows_and_another_seed_others() -> None:
    assert same(whole(SMALL), whole(SMALL))
    assert not same(whole(SMALL), whole(replace(SMALL, seed=6)))


def test_months_do_not_depend_on_one_another() -> None:
    made = dict(months(SMALL))
    for name in reversed(made):
        assert same(one_month(SMALL, name), made[name])


def test_a_month_has_its_own_days_only() -> None:
    for name, columns in months(PLAN):
        named = np.datetime64(name).astype(np.int64)
        of_rows = columns["day"].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        assert (of_rows == named).all()


@settings(max_examples=30, deadline=None)
@given(
    n=st.integers(0, 400),
    first=st.dates(date(2001, 1, 1), date(2024, 1, 1)),
    length=st.integers(0, 500),
    seed=st.integers(0, 2**32),
)
def test_any_plan_has_its_rows_in_its_span_and_order(
    n: int, first: date, length: int, seed: int
) -> None:
    last = date.fromordinal(first.toordinal() + length)
    plan = ArchivePlan(n, first, last, seed, Extent(-1, 59, 1, 61))
    parts = list(months(plan))
    assert sum(len(part["cell"]) for _, part in parts) == n
    for _, part in parts:
        order = np.lexsort([part[k] for k in ("lon_e5", "lat_e5", "minute", "cell")])
        assert (order == np.arange(len(order))).all()
        assert part["day"].min() >= day_number(first) and part["day"].max() <= day_number(last)
        assert np.abs(part["lat_e5"]).max() <= E5
        assert np.abs(part["lon_e5"] - 60 * E5).max() <= E5


def test_columns_are_those_of_a_heat_table() -> None:
    columns = rows()
    assert len(columns["cell"]) == PLAN.n
    for name, columns_type in HEAT_COLUMNS.items():
        expected = {"INTEGER": "int32", "SMALLINT": "int16", "VARCHAR": "object"}[columns_type]
        assert columns[name].dtype == expected, name
    assert (columns["cell"] == cells_of(columns["lat_e5"], columns["lon_e5"])).all()
    assert (columns["tile"] == tiles_of(columns["lat_e5"], columns["lon_e5"])).all()
    assert (columns["day"] == columns["minute"] // MINUTES_A_DAY).all()
    assert (columns["line"] == np.arange(PLAN.n) + 2).all()
    assert set(np.unique(columns["static"])) == {-1}
    assert columns["frp_kw"].min() >= 100


def test_no_two_rows_share_position_and_minute() -> None:
    dense = whole(
        ArchivePlan(20_000, date(2020, 8, 1), date(2020, 8, 2), 3, Extent(0, 0, 0.1, 0.1))
    )
    for columns in (rows(), dense):
        spots = np.stack([columns[name] for name in ("lat_e5", "lon_e5", "minute")])
        assert len(np.unique(spots, axis=1).T) == spots.shape[1]


def test_what_cannot_be_made_is_refused() -> None:
    with pytest.raises(ValueError, match="no satellite"):
        ArchivePlan(10, date(1999, 1, 1), date(1999, 12, 31), seed=1)
    with pytest.raises(ValueError, match="antimeridian"):
        ArchivePlan(10, date(2020, 1, 1), date(2020, 12, 31), 1, Extent(50, 170, 60, -170))
    with pytest.raises(ValueError, match="not in the plan"):
        one_month(SMALL, "2024-01")


# --- statistics -----------------------------------------------------------------------------------


def test_seasons() -> None:
    last = ArchivePlan(200_000, date(2019, 1, 1), date(2021, 12, 31), seed=2)
    counts = np.bincount(month_of_year(whole(last)), minlength=12)
    # Months are unequal by their weight, not by chance; February has a day more in one year.
    assert counts / counts.sum() == pytest.approx(np.array(PLAN.month_shares), abs=0.001)


def test_satellites_start_in_their_months_and_have_their_rates() -> None:
    columns = rows()
    for number, start in enumerate(PLAN.satellite_starts):
        days = columns["day"][columns["satellite"] == number]
        assert days.min() >= day_number(start)
    late = columns["satellite"][columns["day"] >= day_number(date(2023, 2, 1))]
    rates = np.array(PLAN.satellite_rates)
    share = np.bincount(late, minlength=len(SATELLITES)) / len(late)
    assert share == pytest.approx(rates / rates.sum(), abs=0.01)


def test_a_fifth_lies_at_persistent_sites_and_most_of_it_in_winter() -> None:
    at_site = near_site(rows())
    by_month = [at_site[month_of_year(rows()) == month].mean() for month in range(12)]
    assert at_site.mean() == pytest.approx(PLAN.site_share, abs=0.015)
    assert by_month[0] > 0.5 and by_month[11] > 0.5 and by_month[3] < 0.15


def test_heat_comes_back_at_sites_and_rarely_elsewhere() -> None:
    columns = rows()
    spot = columns["lat_e5"] // 2_000 * 100_000 + columns["lon_e5"] // 3_000
    _, place = np.unique(spot, return_inverse=True)
    by_day = np.unique(place.astype(np.int64) * 100_000 + columns["day"])
    n_dates = np.bincount(by_day // 100_000)
    often = n_dates[place] >= 20
    assert often.mean() == pytest.approx(PLAN.site_share, abs=0.06)
    assert near_site(columns)[often].mean() > 0.95


@pytest.mark.parametrize(
    ("viirs", "reach_km", "mean", "alone", "ten"),
    [(True, 0.9, 1.83, 0.60, 0.009), (False, 2.5, 1.43, 0.68, 0.003)],
)
def test_bursts_have_the_measured_sizes(
    viirs: bool, reach_km: float, mean: float, alone: float, ten: float
) -> None:
    columns = {
        name: values[IS_VIIRS[rows()["satellite"]] == viirs] for name, values in rows().items()
    }
    sizes = bursts(columns, reach_km)
    assert sizes.mean() == pytest.approx(mean, abs=0.15)
    assert (sizes == 1).mean() == pytest.approx(alone, abs=0.12)
    assert (sizes >= 10).mean() == pytest.approx(ten, abs=0.006)
    assert sizes.max() > 20


def bursts(columns: Columns, reach_km: float) -> npt.NDArray[np.int64]:
    """Sizes of clusters of pixels of one satellite and minute that lie near each other."""
    at = flat_km(columns["lat_e5"] / E5, columns["lon_e5"] / E5)
    _, moment = np.unique(columns["minute"] * 8 + columns["satellite"], return_inverse=True)
    a, b = (
        cKDTree(np.column_stack([at, moment * 1e4])).query_pairs(reach_km, output_type="ndarray").T
    )
    n = len(at)
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(n, n))
    return np.bincount(connected_components(graph, directed=False)[1])


def test_passes_are_few_minutes_a_day_near_their_local_times() -> None:
    columns = rows()
    for number in range(3):
        minute = columns["minute"][columns["satellite"] == number]
        lon = columns["lon_e5"][columns["satellite"] == number] / E5
        local_h = (minute % MINUTES_A_DAY / 60 + lon / 15) % 24
        by_day = np.abs(local_h - 12) < 5
        assert np.median(local_h[by_day]) == pytest.approx(PLAN.day_hours[number], abs=0.15)
        shifted = (local_h[~by_day] + 12) % 24
        expected = (PLAN.night_hours[number] + 12) % 24
        assert np.median(shifted) == pytest.approx(expected, abs=0.15)
    busiest = np.bincount(columns["day"] - columns["day"].min()).argmax() + columns["day"].min()
    aqua = (columns["day"] == busiest) & (columns["satellite"] == 1)
    assert len(np.unique(columns["minute"][aqua])) < 60


def test_confidence_power_and_nights_by_sensor() -> None:
    columns, at_site = rows(), near_site(rows())
    viirs = IS_VIIRS[columns["satellite"]]
    local_h = (columns["minute"] % MINUTES_A_DAY / 60 + columns["lon_e5"] / E5 / 15) % 24
    night = np.abs(local_h - 12) > 6
    for sensor in (0, 1):
        of = viirs == bool(sensor)
        share = np.bincount(columns["confidence"][of], minlength=len(CONFIDENCES)) / of.sum()
        assert share == pytest.approx(np.array(PLAN.confidence_shares[sensor]), abs=0.01)
        for site in (0, 1):
            part = of & (at_site == bool(site))
            power = np.log(columns["frp_kw"][part] / 1_000)
            assert power.mean() == pytest.approx(PLAN.frp_log_mean[sensor][site], abs=0.05)
            assert power.std() == pytest.approx(PLAN.frp_log_sd[sensor][site], abs=0.06)
            assert night[part].mean() == pytest.approx(PLAN.night_shares[sensor][site], abs=0.03)


def test_days_differ_and_fires_crowd() -> None:
    columns = rows()
    summer = (month_of_year(columns) >= 6) & (month_of_year(columns) <= 8)
    by_day = np.bincount(columns["day"][summer] - columns["day"].min())
    assert 0.6 < (by_day[by_day > 0].std() / by_day[by_day > 0].mean()) < 1.6
    _, counts = np.unique(
        columns["lat_e5"] // 25_000 * 1_000 + columns["lon_e5"] // 35_000, return_counts=True
    )
    top = np.sort(counts)[::-1]
    assert top[: len(top) // 10].sum() / top.sum() == pytest.approx(0.45, abs=0.12)


# --- objects and files ----------------------------------------------------------------------------


def test_objects_lie_in_the_box_some_at_sites_and_most_in_towns() -> None:
    made = objects(10_000, PLAN)
    assert same_columns(made, objects(10_000, PLAN))
    box = PLAN.extent
    assert made["lat_e5"].min() >= box.south * E5 and made["lat_e5"].max() <= box.north * E5
    assert made["lon_e5"].min() >= box.west * E5 and made["lon_e5"].max() <= box.east * E5
    at_site = near_site(made).mean()
    assert 0.5 * PLAN.object_site_share < at_site < 1.5 * PLAN.object_site_share
    at = flat_km(made["lat_e5"] / E5, made["lon_e5"] / E5)
    distance, _ = cKDTree(at).query(at, k=2)
    # Spread evenly, 10,000 points would have a median of about 12 km to the next.
    assert np.median(distance[:, 1]) < 4


def same_columns(first: Columns, second: Columns) -> bool:
    return first.keys() == second.keys() and all((first[k] == second[k]).all() for k in first)


def test_what_is_written_is_what_the_strict_reader_reads(tmp_path: Path) -> None:
    plan = ArchivePlan(2_000, date(2022, 12, 1), date(2023, 4, 30), 9, Extent(-2, -3, 2, 3))
    write_firms(plan, path := tmp_path / "made-up.csv")
    read = read_heat(opened(path.read_bytes()))
    columns = whole(plan)
    assert len(read.records) == plan.n and not read.notes
    for place, heat in enumerate(read.records):
        row = {name: columns[name][place] for name in HEAT_COLUMNS}
        assert heat.row.line == row["line"]
        assert (round(heat.point.lat * E5), round(heat.point.lon * E5)) == (
            row["lat_e5"],
            row["lon_e5"],
        )
        assert minute_number(heat.observed_at) == row["minute"]
        assert heat.satellite == SATELLITES[row["satellite"]]
        assert heat.sensor == SENSORS[row["satellite"]]
        assert heat.confidence == CONFIDENCES[row["confidence"]]
        assert round((heat.frp_mw or 0) * 1_000) == row["frp_kw"]
        assert heat.static_source is None and heat.standard == bool(row["standard"])


def test_the_first_line_of_a_file_is_the_first_row(tmp_path: Path) -> None:
    write_firms(SMALL, path := tmp_path / "made-up.csv")
    lines = path.read_text(encoding="ascii").splitlines()
    assert len(lines) == SMALL.n + 1
    cells = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    _, first = next(months(SMALL))
    at = datetime.fromisoformat(f"{cells['acq_date']}T{cells['acq_time']}").replace(tzinfo=UTC)
    assert minute_number(at) == first["minute"][0]


def opened(data: bytes) -> Opened:
    source = SourceFile.model_validate(
        {
            "id": "fires",
            "kind": "heat",
            "title": "made up",
            "path": "data/fires.csv",
            "licence": "CC0",
            "attribution": "nobody",
            "rows": {"min": 0, "max": 100_000, "reason": "a test"},
            "extent": {"south": -2, "west": -3, "north": 2, "east": 3},
        }
    )
    return Opened(source, data, hashlib.sha256(data).hexdigest())
