"""Heat near sites: the queries against a reference in plain Python, and the mask."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made import heat

from truceline import thresholds as t
from truceline.cells import cells_of, cover, e5
from truceline.detect.thermal import detect_heat, heat_near, is_persistent
from truceline.domain.detection import Detection, Site
from truceline.domain.observation import Heat
from truceline.geo import Point, haversine_km
from truceline.ledger.embedded import Engine

NOON = datetime(2031, 4, 1, 12, tzinfo=UTC)


def found(sites: list[Site], fires: list[Heat]) -> list[Detection]:
    with Engine(memory="200MB", threads=2) as engine:
        return detect_heat(sites, fires, engine.ask)


def reference(sites: list[Site], fires: list[Heat]) -> list[tuple[str, str, bool]]:
    """The same by loops, with no cell and no query."""
    rows = []
    for site in sites:
        for fire in fires:
            day = fire.observed_at.date()
            near = haversine_km(site.point, fire.point) <= site.radius_km
            if near and site.first_day <= day <= site.last_day:
                edge = site.first_day - timedelta(days=t.PERSISTENCE_GUARD_D)
                days = {
                    other.observed_at.date()
                    for other in fires
                    if other.observed_at.date() < edge
                    and haversine_km(other.point, fire.point) <= t.PERSISTENCE_RADIUS_KM
                }
                months = {(d.year, d.month) for d in days}
                span = (max(days) - min(days)).days if days else 0
                persistent = is_persistent(len(days), len(months), span)
                rows.append((site.key, fire.row.key, persistent))
    return rows


near_poles_and_line = st.sampled_from(
    [Point(50.0, 30.0), Point(50.0, 179.99), Point(89.9, 10.0), Point(-89.99, -170.0), Point(0, 0)]
)
shift = st.floats(-0.06, 0.06)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Site], list[Heat]]:
    centre = draw(near_poles_and_line)

    def around() -> Point:
        lat = min(90.0, max(-90.0, centre.lat + draw(shift)))
        lon = (centre.lon + draw(shift) + 180) % 360 - 180
        return Point(round(lat, 5), round(lon, 5))

    first = date(2031, 4, 1)
    sites = [
        Site(f"s{i}", around(), draw(st.sampled_from([1.0, 2.0, 5.0])), first, first, first)
        for i in range(draw(st.integers(1, 3)))
    ]
    days = st.sampled_from([0, 0, 0, -5, -20, -60, -100, -150, -200, -260])
    fires = []
    for i in range(draw(st.integers(1, 25))):
        point = around()
        moment = NOON + timedelta(days=draw(days))
        fires.append(heat(point.lat, point.lon, moment, key=f"h{i}"))
    return sites, fires


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_queries_agree_with_the_reference(world: tuple[list[Site], list[Heat]]) -> None:
    sites, fires = world
    rows = [(d.site, d.heat.row.key, d.persistent) for d in found(sites, fires)]
    assert rows == sorted(reference(sites, fires), key=lambda r: (r[0], int(r[1][1:])))


@given(
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.floats(0.1, 60),
    st.floats(0, 1),
    st.floats(0, 360),
)
@settings(max_examples=300)
def test_a_cover_misses_no_point_of_its_circle(
    lat: float, lon: float, radius_km: float, share: float, bearing: float
) -> None:
    import math

    d, course = share * radius_km / 6371.0088, math.radians(bearing)
    p = math.radians(lat)
    q = math.asin(math.sin(p) * math.cos(d) + math.cos(p) * math.sin(d) * math.cos(course))
    dlon = math.atan2(
        math.sin(course) * math.sin(d) * math.cos(p), math.cos(d) - math.sin(p) * math.sin(q)
    )
    there = Point(
        max(-90.0, min(90.0, math.degrees(q))), (lon + math.degrees(dlon) + 180) % 360 - 180
    )
    centre, far = (e5([p.lat, p.lon]) for p in (Point(lat, lon), there))
    on_grid = [Point(float(p[0]) / 1e5, float(p[1]) / 1e5) for p in (centre, far)]
    if haversine_km(*on_grid) <= radius_km:
        cells, _ = cover(centre[:1], centre[1:], radius_km)
        assert cells_of(far[0], far[1]) in cells
        assert len(set(cells.tolist())) == len(cells)


def site(radius_km: float = 2.0, day: date = date(2031, 4, 1)) -> Site:
    return Site("s", Point(50.0, 30.0), radius_km, day, day, day + timedelta(days=1))


def fires_on(*days: int) -> list[Heat]:
    return [heat(50.0, 30.0, NOON + timedelta(days=d), key=f"h{d}") for d in days]


def test_a_source_that_is_always_there_is_masked() -> None:
    (detection,) = found([site()], fires_on(0, *range(-400, -20, 20)))
    assert detection.persistent and not detection.counts


def test_a_depot_that_burns_for_days_is_not_masked() -> None:
    later = site(day=date(2031, 4, 8))
    detections = found([later], fires_on(*range(0, 9)))
    assert detections and all(d.counts for d in detections)


def test_only_earlier_dates_teach_the_mask() -> None:
    (detection,) = found([site()], fires_on(0, *range(20, 400, 20)))
    assert not detection.persistent


def test_a_known_static_source_never_counts() -> None:
    (fire,) = fires_on(0)
    static = heat(50.0, 30.0, fire.observed_at, static_source=True)
    (detection,) = found([site()], [static])
    assert not detection.persistent and not detection.counts


def test_no_sites_or_no_heat_is_no_detection() -> None:
    assert found([], fires_on(0)) == [] and found([site()], []) == []


def test_the_rule_is_the_one_the_rates_were_measured_with(root: object) -> None:
    import tomllib
    from importlib.resources import files

    text = files("truceline.assess").joinpath("heat_model.toml").read_text(encoding="utf-8")
    rule = tomllib.loads(text)["persistence"]
    assert rule == {
        "radius_km": t.PERSISTENCE_RADIUS_KM,
        "min_months": t.PERSISTENCE_MIN_MONTHS,
        "min_dates": t.PERSISTENCE_MIN_DATES,
        "min_span_days": t.PERSISTENCE_MIN_SPAN_D,
        "guard_days": t.PERSISTENCE_GUARD_D,
    }


def test_a_moment_without_zone_is_refused() -> None:
    from truceline.clock import utc

    with pytest.raises(ValueError, match="zone"):
        utc(datetime(2031, 4, 1))  # noqa: DTZ001


def test_heat_near_any_of_some_points_is_found_once_and_at_any_latitude() -> None:
    points = [Point(69.0, 33.0), Point(69.01, 33.0), Point(-20.0, 180.0)]
    places = [(69.0, 33.047), (69.0, 33.055), (69.005, 33.0), (-20.0, -179.99), (0.0, 0.0)]
    fires = [heat(lat, lon, NOON, str(i)) for i, (lat, lon) in enumerate(places)]
    with Engine(memory="200MB", threads=2) as engine:
        near = heat_near(points, 2.0, fires, engine.ask)
        assert [fire.row.key for fire in near] == ["0", "2", "3"]
        assert heat_near([], 2.0, fires, engine.ask) == heat_near(points, 2.0, [], engine.ask) == []
