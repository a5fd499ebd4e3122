"""Passes: geometry that everybody knows, validity, and days that are not told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.orbit.sets import LATER, PUBLISHED, read_tle

from truceline.clock import Interval, midnight
from truceline.domain.passes import SENSOR_OF, Pass
from truceline.errors import BadInput, NoForecast
from truceline.geo import EARTH_RADIUS_KM, Point, haversine_km
from truceline.orbit.fleet import Fleet, fitted
from truceline.orbit.nominal import nominal_passes
from truceline.orbit.passes import SWATH_DEG, passes
from truceline.orbit.propagate import below, track_km
from truceline.orbit.seen import seen_at

SETS = read_tle(PUBLISHED)
SETS_BY_NAME = {one.satellite: one for one in SETS}
KYIV = Point(50.45, 30.52)
DAY = date(2021, 9, 30)


def of(found: list[Pass], satellite: str) -> list[Pass]:
    return [one for one in found if one.satellite == satellite]


def test_position_of_the_verification_set() -> None:
    # Vallado and others (2006), object 00005 at its epoch: TEME 7022.46529266, -1400.08296755,
    # 0.03995155 km.  Here only what does not depend on the turn of the Earth.
    one = replace(
        SETS[0],
        epoch=datetime(2000, 6, 27, 18, 50, 19, 733568, tzinfo=UTC),
        mean_motion_rev_per_day=10.82419157,
        eccentricity=0.1859667,
        inclination_deg=34.2682,
        raan_deg=348.7242,
        arg_perigee_deg=331.7664,
        mean_anomaly_deg=19.3264,
        bstar=0.28098e-4,
    )
    (place,) = track_km(one, np.array([one.epoch.timestamp()]))
    assert np.hypot(place[0], place[1]) == pytest.approx(7160.678, abs=0.01)
    assert place[2] == pytest.approx(0.04, abs=0.01)


def test_the_track_stays_below_its_inclination() -> None:
    one = SETS_BY_NAME["Terra"]
    lat, lon = below(track_km(one, one.epoch.timestamp() + np.arange(0.0, 7200, 10)))
    assert 81.5 < np.max(np.abs(lat)) < 82.1
    assert np.max(np.abs(lon)) <= 180


def test_modis_sees_fifty_north_at_least_twice_a_day_by_each_satellite() -> None:
    found = passes([KYIV], DAY, DAY + timedelta(days=6), Fleet.load(), LATER)[0]
    for satellite in ("Terra", "Aqua"):
        mine = of(found, satellite)
        assert {one.basis for one in mine} == {"fitted"}
        assert len(mine) >= 14
        gaps = [b.at - a.at for a, b in pairwise(mine)]
        assert max(gaps) < timedelta(hours=14)


def test_viirs_has_no_gap_at_the_equator_and_modis_has() -> None:
    equator = [Point(0, lon) for lon in range(-180, 180, 2)]
    npp, terra = SETS_BY_NAME["Suomi NPP"], SETS_BY_NAME["Terra"]
    day = npp.epoch.date()
    # Half an orbit of slack at the ends of the UTC day: count northward passes of two days.
    two = passes(equator, day, day + timedelta(days=1), Fleet((npp,)), LATER)
    assert all(len(of(found, "Suomi NPP")) >= 3 for found in two)
    day = terra.epoch.date()
    one = passes(equator, day, day, Fleet((terra,)), LATER)
    assert min(len(of(found, "Terra")) for found in one) <= 1


def test_the_nearest_instant_is_the_nearest() -> None:
    one = SETS_BY_NAME["Terra"]
    for found in of(passes([KYIV], DAY, DAY, Fleet((one,)), LATER)[0], "Terra"):
        seconds = found.at.timestamp() + np.arange(-120.0, 121)
        lat, lon = below(track_km(one, seconds))
        far = [haversine_km(KYIV, Point(a, b)) for a, b in zip(lat, lon, strict=True)]
        assert abs(int(np.argmin(far)) - 120) <= 3
        assert found.scan_angle_deg is not None
        # Seen from 705 km, the side distance and the scan angle belong together.
        side = min(far) / EARTH_RADIUS_KM
        height = np.linalg.norm(track_km(one, np.array([found.at.timestamp()]))) - EARTH_RADIUS_KM
        rise = EARTH_RADIUS_KM * (1 - np.cos(side)) + height
        scan = np.degrees(np.arctan2(EARTH_RADIUS_KM * np.sin(side), rise))
        assert found.scan_angle_deg == pytest.approx(scan, abs=0.6)


def test_order_of_time_and_swath() -> None:
    found = passes([KYIV, Point(0, 0)], DAY, DAY + timedelta(days=3), Fleet.load(SETS), LATER)
    for mine in found:
        assert [one.at for one in mine] == sorted(one.at for one in mine)
        for one in mine:
            assert one.sensor == SENSOR_OF[one.satellite] and one.at.tzinfo is UTC
            assert one.scan_angle_deg is None or one.scan_angle_deg <= SWATH_DEG[one.sensor]


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(4)), st.permutations(range(len(SETS))))
def test_order_of_input_does_not_matter(points: list[int], sets: list[int]) -> None:
    places = [KYIV, Point(55.75, 37.62), Point(0, 20), Point(-33, 151)]
    plain = passes(places, DAY, DAY, Fleet.load(SETS), LATER)
    mixed = passes(
        [places[n] for n in points], DAY, DAY, Fleet.load([SETS[n] for n in sets]), LATER
    )
    assert mixed == [plain[n] for n in points]


def test_days_can_be_asked_for_one_by_one() -> None:
    last = DAY + timedelta(days=3)
    whole = passes([KYIV], DAY, last, Fleet.load(), LATER)[0]
    single = [
        one
        for n in range(4)
        for one in passes([KYIV], *(DAY + timedelta(days=n),) * 2, Fleet.load(), LATER)[0]
    ]
    assert single == whole


def test_no_points_and_no_days() -> None:
    assert passes([], DAY, DAY, Fleet.load(), LATER) == []
    assert passes([KYIV], DAY, DAY - timedelta(days=1), Fleet.load(), LATER) == [[]]


# --- validity -----------------------------------------------------------------------------------


def test_supplied_before_fitted_before_nothing() -> None:
    terra = SETS_BY_NAME["Terra"]  # epoch 2021-10-01T18:00Z
    fleet = Fleet.load(SETS)

    def basis(day: date) -> set[str]:
        return {one.basis for one in of(passes([KYIV], day, day, fleet, LATER)[0], "Terra")}

    assert basis(terra.epoch.date()) == basis(date(2021, 9, 25)) == {"supplied"}
    assert basis(date(2021, 9, 24)) == {"fitted"}  # the supplied set starts at 18:00 of that day
    assert basis(date(2021, 10, 8)) == {"fitted"}
    assert basis(date(2021, 12, 25)) == {"unchecked"}


def test_nothing_is_carried_beyond_its_validity() -> None:
    one = SETS_BY_NAME["Suomi NPP"]
    fleet = Fleet((one,))
    for day in (one.epoch.date() - timedelta(days=8), one.epoch.date() + timedelta(days=8)):
        assert fleet.of("Suomi NPP", day) is None
        found = passes([KYIV], day, day, fleet, LATER)[0]
        for each in of(found, "Suomi NPP"):
            assert (each.basis, each.scan_angle_deg) == ("unchecked", None) and each.slack_min > 60


def test_of_two_sets_the_nearer_is_used() -> None:
    one = SETS_BY_NAME["Terra"]
    later = replace(one, epoch=one.epoch + timedelta(days=4))
    fleet = Fleet((one, later))
    assert fleet.of("Terra", date(2021, 10, 2)) is one
    assert fleet.of("Terra", date(2021, 10, 5)) is later


def test_an_unchecked_pass_is_about_where_a_known_one_is() -> None:
    places = [KYIV, Point(35, 50), Point(0, 20), Point(-35, -60)]
    for window in fitted().elements:
        day = window.epoch.date()
        known = passes(places, day, day, Fleet((window,)), LATER)
        for place, found in zip(places, known, strict=True):
            around = [
                one
                for n in (-1, 0, 1)
                for one in nominal_passes(window.satellite, place, day + timedelta(days=n))
            ]
            for one in of(found, window.satellite):
                nearest = min(around, key=lambda other: abs(other.at - one.at))
                assert abs(nearest.at - one.at) <= timedelta(minutes=nearest.slack_min)


def test_no_satellite_before_its_time() -> None:
    found = passes([KYIV], date(2015, 2, 15), date(2015, 2, 15), Fleet.load(), LATER)[0]
    assert {one.satellite for one in found} == {"Terra", "Aqua", "Suomi NPP"}
    assert {one.basis for one in found} == {"unchecked"}


def test_elements_of_nothing_in_orbit_are_refused() -> None:
    broken = replace(SETS_BY_NAME["Terra"], eccentricity=0.9)
    with pytest.raises(BadInput, match="SGP4 gives no position of Terra"):
        passes([KYIV], DAY, DAY, Fleet((broken,)), LATER)


# --- no forecast --------------------------------------------------------------------------------


def test_the_last_three_days_are_refused() -> None:
    after = midnight(DAY + timedelta(days=1))
    passes([KYIV], DAY, DAY, Fleet.load(), after + timedelta(hours=72))
    with pytest.raises(NoForecast) as caught:
        passes([KYIV], DAY, DAY, Fleet.load(), after + timedelta(hours=72, seconds=-1))
    assert "up to 2021-09-29" in caught.value.expected and "earlier days" in caught.value.remedy
    with pytest.raises(NoForecast):
        passes([], DAY, DAY + timedelta(days=400), Fleet.load(), after)


@given(st.sampled_from(["UTC", "Europe/Kyiv", "America/New_York", "Pacific/Kiritimati"]))
def test_the_zone_in_which_an_as_of_is_written_does_not_matter(name: str) -> None:
    after = midnight(DAY + timedelta(days=1)) + timedelta(hours=72)
    plain = passes([KYIV], DAY, DAY, Fleet.load(), after)
    assert passes([KYIV], DAY, DAY, Fleet.load(), after.astimezone(ZoneInfo(name))) == plain
    early = (after - timedelta(seconds=1)).astimezone(ZoneInfo(name))
    with pytest.raises(NoForecast):
        passes([KYIV], DAY, DAY, Fleet.load(), early)


def test_an_as_of_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="a time needs a zone"):
        passes([KYIV], DAY, DAY, Fleet.load(), datetime(2030, 1, 1))  # noqa: DTZ001


# --- the file of fitted elements ----------------------------------------------------------------


def test_fitted_elements_agree_with_published_ones_that_no_fit_has_seen() -> None:
    places = [KYIV, Point(55.7, 37.6), Point(35, 50), Point(0, 20)]
    for one in SETS:
        n_compared = 0
        own = Fleet(tuple(e for e in fitted().elements if e.satellite == one.satellite))
        for n in range(-6, 7):
            day = one.epoch.date() + timedelta(days=n)
            if own.of(one.satellite, day) is None:
                continue
            told = passes(places, day, day, Fleet((one,)), LATER)
            ours = passes(places, day, day, own, LATER)
            for mine, theirs in zip(ours, told, strict=True):
                near = [(a, b) for b in of(theirs, one.satellite) for a in of(mine, one.satellite)]
                for a, b in near:
                    off_min = abs((a.at - b.at).total_seconds()) / 60
                    if off_min < 15:
                        n_compared += 1
                        assert off_min <= a.slack_min
        assert n_compared > 50


def test_every_window_was_checked_on_dates_left_out() -> None:
    table = fitted().table
    names = {row["satellite"] for row in table["window"]}
    assert names == {"Terra", "Aqua", "Suomi NPP", "NOAA-20"}  # NOAA-21 has no records
    for row, one in zip(table["window"], fitted().elements, strict=True):
        assert row["left_out_by_date_share"] >= table["within_share"] == 0.95
        assert row["left_out_by_week_share"] >= 0.95
        assert row["n_sightings"] >= table["min_sightings"]
        assert one.bstar == 0 and one.basis == "fitted" and one.slack_min <= 15
        assert Interval(one.epoch, one.epoch + timedelta(hours=1)).within(one.valid)


def test_windows_of_a_satellite_do_not_overlap() -> None:
    by_name: dict[str, list[Interval]] = {}
    for one in fitted().elements:
        by_name.setdefault(one.satellite, []).append(one.valid)
    for valid in by_name.values():
        ordered = sorted(valid)
        for before, after in pairwise(ordered):
            assert not before.overlaps(after)


def test_the_drift_of_local_time_is_in_the_file() -> None:
    node = {
        (row["satellite"], row["valid_from"][:4]): row["node_local_time_h"]
        for row in fitted().table["window"]
    }
    assert node["Terra", "2021"] - node["Terra", "2025"] == pytest.approx(1.0, abs=0.1)
    assert node["Aqua", "2025"] - node["Aqua", "2021"] == pytest.approx(1.1, abs=0.1)
    assert node["Suomi NPP", "2023"] == pytest.approx(node["Suomi NPP", "2022"], abs=0.05)


@pytest.mark.parametrize("sensor", ["MODIS", "VIIRS"])
def test_what_is_seen_falls_outward(sensor: str) -> None:
    shares = [seen_at(sensor, angle) for angle in range(0, 60)]
    assert shares[0] == 1 and shares == sorted(shares, reverse=True) and shares[-1] == 0
    assert seen_at(sensor, -30.0) == seen_at(sensor, 30.0)


def test_seen_of_an_unknown_sensor() -> None:
    with pytest.raises(ValueError, match="nothing was measured for the sensor 'AVHRR'"):
        seen_at("AVHRR", 0.0)
