"""Linking pixels: both forms and the query against plain search; clusters that are too large."""

from __future__ import annotations

import math
from importlib.resources import files
from importlib.util import find_spec
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.cells import AROUND_E5, E5, cells_of
from truceline.fuse import linkage
from truceline.fuse.linkage import Rule, link, link_guarded, pair_tables
from truceline.fuse.linkage_boxes import SLACK_KM, grid_of, reach_minutes
from truceline.geo import EARTH_RADIUS_KM, KM_PER_DEGREE, Point, haversine_km
from truceline.ledger.embedded import Engine

FORMS = [
    pytest.param(True, marks=pytest.mark.skipif(not find_spec("numba"), reason="no numba here")),
    False,
]
RULE = Rule(radius_km=2, hours=24, max_km=20, max_hours=240, min_km=0.5)
NONE = np.empty(0, dtype=np.int64)


@pytest.fixture(params=FORMS, ids=lambda form: "compiled" if form else "plain")
def form(request, monkeypatch):
    monkeypatch.setattr(linkage, "compiled", lambda: request.param)
    return request.param


# --- plain search -----------------------------------------------------------------------------


def linked(first, second, radius_km, hours):
    (lat, lon, when), (other_lat, other_lon, other_when) = first, second
    a, b = Point(lat / E5, lon / E5), Point(other_lat / E5, other_lon / E5)
    near = haversine_km(a, b) <= radius_km + SLACK_KM
    return near and abs(when - other_when) <= hours * 60


def searched(pixels, radius_km, hours):
    """Labels by looking at every pair."""
    links = {number: [] for number in range(len(pixels))}
    for i, j in combinations(range(len(pixels)), 2):
        if linked(pixels[i], pixels[j], radius_km, hours):
            links[i].append(j)
            links[j].append(i)
    return labelled(pixels, links)


def labelled(pixels, links):
    label = {}
    canonical = sorted(range(len(pixels)), key=lambda n: (*reordered(pixels[n]), n))
    for first in canonical:
        left = [] if first in label else [first]
        while left:
            pixel = left.pop()
            if pixel not in label:
                label[pixel] = first
                left.extend(links[pixel])
    return [label[number] for number in range(len(pixels))]


def reordered(pixel):
    lat, lon, when = pixel
    return when, lat, lon


def columns(pixels):
    return tuple(np.array(column, dtype=np.int64) for column in zip(*pixels, strict=True))


PLACES = [
    (4_800_000, 3_700_000),
    (0, 0),
    (0, 18_000_000),
    (8_500_000, -18_000_000),
    (8_500_000, 1_234_567),
    (9_000_000, 0),
    (-8_999_000, 9_000_000),
    (-9_000_000, -4_500_000),
]
RADII = [0.05, 0.5, 1.0, 2.0, 30.0, 900.0]


@st.composite
def crowds(draw):
    """Pixels around a place or two, about as far apart as links reach, some of them twice."""
    radius_km = draw(st.sampled_from(RADII))
    hours = draw(st.sampled_from([0.0, 0.5, 24.0]))
    reach = math.ceil(radius_km / KM_PER_DEGREE * E5)
    pixels = []
    for lat, lon in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=2)):
        stretch = min(1 / max(math.cos(math.radians(lat / E5)), 1e-6), AROUND_E5 / 2 / reach)
        for _ in range(draw(st.integers(1, 12))):
            north = draw(st.integers(-3 * reach, 3 * reach))
            east = int(draw(st.integers(-3 * reach, 3 * reach)) * stretch)
            when = draw(st.integers(-3, 3)) * max(1, int(hours * 60)) + draw(st.integers(-1, 1))
            turned = (lon + east + AROUND_E5 // 2) % AROUND_E5 - AROUND_E5 // 2
            pixels.append((max(-90 * E5, min(90 * E5, lat + north)), turned, when))
    pixels += draw(st.lists(st.sampled_from(pixels), max_size=4))
    return pixels, radius_km, hours


@settings(deadline=None, max_examples=300)
@given(crowds())
def test_plain_form_finds_what_plain_search_finds(crowd):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linkage, "compiled", lambda: False)
        pixels, radius_km, hours = crowd
        assert link(*columns(pixels), radius_km, hours).tolist() == searched(*crowd)


@pytest.mark.skipif(not find_spec("numba"), reason="no numba here")
@settings(deadline=None, max_examples=300)
@given(crowds())
def test_compiled_form_finds_what_plain_search_finds(crowd):
    pixels, radius_km, hours = crowd
    assert link(*columns(pixels), radius_km, hours).tolist() == searched(*crowd)


@settings(deadline=None, max_examples=100)
@given(crowds(), st.randoms(use_true_random=False))
def test_order_of_pixels_changes_nothing(crowd, chance):
    pixels, radius_km, hours = crowd
    sorted_pixels = sorted(pixels, key=reordered)
    order = list(range(len(pixels)))
    chance.shuffle(order)
    shuffled = [sorted_pixels[number] for number in order]
    first = link(*columns(sorted_pixels), radius_km, hours)
    other = link(*columns(shuffled), radius_km, hours)
    for i, j in combinations(range(len(pixels)), 2):
        assert (first[order[i]] == first[order[j]]) == (other[i] == other[j])
    assert [sorted_pixels[n] for n in first[order]] == [shuffled[n] for n in other]
    guarded = Rule(radius_km, hours, radius_km, hours + 0.1, max(0.01, radius_km / 4))
    first_told = link_guarded(*columns(sorted_pixels), guarded)
    other_told = link_guarded(*columns(shuffled), guarded)
    assert first_told.chain[order].tolist() == other_told.chain.tolist()
    assert first_told.level_km[order].tolist() == other_told.level_km.tolist()


# --- borders ----------------------------------------------------------------------------------


def test_pixels_of_a_cell_are_always_linked():
    """The step that all else rests on: no cell is wider than a radius."""
    for radius_km in (0.01, 1.0, 2.0, 700.0, 15_000.0):
        south = -90 * E5 if radius_km > 100 else 89 * E5
        grid = grid_of(south, 90 * E5, radius_km)
        for row in {0, len(grid.columns) // 2, len(grid.columns) - 1}:
            low = (grid.first + row) * grid.height_e5 - 90 * E5
            high = min(low + grid.height_e5 - 1, 90 * E5)
            east = -(-AROUND_E5 // int(grid.columns[row])) - 1
            middle = max(low, min(high, 0))
            for a in (low, middle, high):
                for b in (low, middle, high):
                    for lon in {0, east // 2, east}:
                        a_at, b_at = Point(a / E5, 0), Point(b / E5, min(lon, AROUND_E5 // 2) / E5)
                        assert haversine_km(a_at, b_at) <= radius_km + SLACK_KM


def test_a_link_may_be_exactly_as_far_and_as_late(form):
    radius_km = 0.01 * KM_PER_DEGREE
    chain = link(range(0, 5000, 1000), [0] * 5, range(0, 5 * 1440, 1440), radius_km, 24.0)
    assert chain.tolist() == [0] * 5
    assert link([0, 1001], [0, 0], [0, 0], radius_km, 24.0).tolist() == [0, 1]
    assert link([0, 0], [0, 0], [0, 1441], radius_km, 24.0).tolist() == [0, 1]
    assert link([0, 0], [0, 0], [0, 246], radius_km, 4.1).tolist() == [0, 0]


def test_the_pole_is_one_point(form):
    assert (
        link([9_000_000] * 3, [0, 9_000_000, -18_000_000], [0] * 3, 0.01, 0.0).tolist() == [2] * 3
    )


def test_a_radius_around_the_world_links_all(form):
    assert link([0, 9_000_000, 0], [0, 0, 18_000_000], [0] * 3, 20_100.0, 0.0).tolist() == [0] * 3


def test_nothing_in_nothing_out(form):
    assert link(NONE, NONE, NONE, 1.0, 24.0).tolist() == []
    told = link_guarded(NONE, NONE, NONE, RULE)
    assert told.label.tolist() == told.chain.tolist() == told.level_km.tolist() == []


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (([0], [0], [0], 0.001, 24.0), "0.01 km or more"),
        (([0], [0], [0], math.nan, 24.0), "0.01 km or more"),
        (([0], [0], [0], 1.0, -1.0), "0 or more"),
        (([9_000_001], [0], [0], 1.0, 24.0), "latitude"),
        (([0], [-18_000_001], [0], 1.0, 24.0), "longitude"),
        (([0.5], [0], [0], 1.0, 24.0), "integers"),
        (([0, 0], [0], [0], 1.0, 24.0), "shape"),
        (([0, 0], [0, 0], [0, 2**31], 1.0, 24.0), "4,000 years"),
        (([-9_000_000, 9_000_000], [0, 0], [0, 2**30], 0.01, 0.0), "too many cells"),
    ],
)
def test_what_cannot_be_linked_is_refused(arguments, why):
    with pytest.raises(ValueError, match=why):
        link(*arguments)


# --- many pixels ------------------------------------------------------------------------------


def made(n, seed=1, spread=40_000, minutes=60_000):
    chance = np.random.default_rng(seed)
    lat = 4_800_000 + chance.integers(0, spread, n)
    lon = 3_700_000 + chance.integers(0, spread, n)
    return lat, lon, chance.integers(0, minutes, n)


@pytest.mark.skipif(not find_spec("numba"), reason="no numba here")
@pytest.mark.parametrize("radius_km", [0.2, 1.0, 2.0])
def test_both_forms_agree_on_many_pixels(monkeypatch, radius_km):
    """Enough of them that threads share the work, and that clusters of many sizes come up."""
    from truceline.fuse import linkage_compiled

    monkeypatch.setattr(linkage_compiled, "BOXES_A_THREAD", 1_000)
    monkeypatch.setattr(linkage_compiled.os, "cpu_count", lambda: 5)
    answers = []
    for compiled in (True, False):
        monkeypatch.setattr(linkage, "compiled", lambda compiled=compiled: compiled)
        answers.append(link(*made(20_000), radius_km, 24.0))
    assert answers[0].tolist() == answers[1].tolist()
    assert 1 < len(np.unique(answers[0])) < 20_000


def test_parts_of_work_change_nothing(monkeypatch, form):
    from truceline.fuse import linkage_plain

    whole = link(*made(3_000, minutes=5_000), 0.5, 12.0)
    for name, size in (
        ("BOXES_AT_ONCE", 100),
        ("PAIRS_AT_ONCE", 50),
        ("FEW_PAIRS", 2),
        ("PIECE", 3),
    ):
        monkeypatch.setattr(linkage_plain, name, size)
    assert link(*made(3_000, minutes=5_000), 0.5, 12.0).tolist() == whole.tolist()


@settings(deadline=None, max_examples=200)
@given(crowds())
def test_pieces_find_what_plain_search_finds(crowd):
    """All boxes are taken as too large to be compared one pixel after the other."""
    from truceline.fuse import linkage_plain

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linkage, "compiled", lambda: False)
        for name, size in (("FEW_PAIRS", 0), ("MANY_PAIRS", 0), ("PIECE", 2), ("PAIRS_AT_ONCE", 2)):
            patch.setattr(linkage_plain, name, size)
        pixels, radius_km, hours = crowd
        assert link(*columns(pixels), radius_km, hours).tolist() == searched(*crowd)


def test_large_boxes_without_a_link_are_compared_in_pieces(form):
    """A dense spot, and a dense arc around it a little further away than a radius."""
    n = 10_000
    angle = np.linspace(0, math.pi / 2, n)
    lat = np.concatenate([-np.arange(n) % 5, 930 * np.sin(angle)]).astype(np.int64)
    lon = np.concatenate([np.zeros(n), 930 * np.cos(angle)]).astype(np.int64)
    when = np.arange(2 * n) % 1_440
    assert len(set(link(lat, lon, when, 1.0, 24.0).tolist())) == 2
    assert len(set(link(lat, lon, when, 1.04, 24.0).tolist())) == 1


def test_a_burning_steppe_and_a_flare(form):
    """Tens of thousands of pixels in a day within few km; and at one place, over 25 years.

    Looking at every pair would need more than a thousand million comparisons each.
    """
    lat, lon, when = made(40_000, spread=3_000, minutes=1_440)
    first = np.lexsort((lon, lat, when))[0]
    assert set(link(lat, lon, when, 1.0, 24.0).tolist()) == {int(first)}
    flare = 4_800_000 + np.arange(40_000) % 7, np.full(40_000, 3_700_000), np.arange(40_000) * 300
    assert not link(*flare, 1.0, 24.0).any()
    apart = 4_800_000 + np.arange(40_000) % 7, np.full(40_000, 3_700_000), np.arange(40_000) * 1441
    assert link(*apart, 1.0, 24.0).tolist() == list(range(40_000))


# --- too large --------------------------------------------------------------------------------


def test_a_front_is_told_as_a_chain_and_a_fire_beside_it_stays(form):
    front = [(5_000_000 + 400 * n, 3_000_000, 0) for n in range(100)]
    fire = [(4_000_000 + 1_000 * n, 3_000_000, 0) for n in range(5)]
    told = link_guarded(*columns(front + fire), RULE)
    assert told.chain.tolist() == [True] * 100 + [False] * 5
    assert told.label.tolist() == [0] * 100 + [100] * 5
    assert told.level_km.tolist() == [0.5] * 100 + [2.0] * 5


def test_fires_that_a_wide_radius_joins_are_taken_apart(form):
    """Groups 1.5 km apart in a row of 30 km; within each, pixels are some 100 m apart."""
    pixels = [(5_000_000 + 1_350 * n + 100 * k, 3_000_000, 0) for n in range(20) for k in range(3)]
    told = link_guarded(*columns(pixels), RULE)
    assert told.label.tolist() == [n // 3 * 3 for n in range(60)]
    assert set(told.level_km.tolist()) == {1.0} and not told.chain.any()


def test_a_fire_that_lasts_is_taken_apart_in_time(form):
    """Twelve days in steps of 20 h are too long; at half the time no step is left."""
    told = link_guarded([0] * 15, [0] * 15, [n * 1200 for n in range(15)], RULE)
    assert told.label.tolist() == list(range(15))
    assert set(told.level_km.tolist()) == {1.0} and not told.chain.any()


@settings(deadline=None, max_examples=100)
@given(crowds())
def test_guarded_clusters_are_parts_and_small_or_told(crowd):
    pixels, radius_km, hours = crowd
    rule = Rule(radius_km, hours, 1.5 * radius_km, 1.5 * hours + 0.1, max(0.01, radius_km / 4))
    told = link_guarded(*columns(pixels), rule)
    whole = link(*columns(pixels), radius_km, hours)
    assert (whole[told.label] == whole).all()
    for label in set(told.label.tolist()):
        members = [n for n in range(len(pixels)) if told.label[n] == label]
        cluster = [pixels[n] for n in members]
        level = set(told.level_km[members].tolist())
        assert len(level) == 1 and len(set(told.chain[members].tolist())) == 1
        level_km = level.pop()
        steps = round(math.log2(radius_km / level_km))
        assert level_km == radius_km / 2**steps and level_km >= rule.min_km
        assert set(searched(cluster, level_km, hours / 2**steps)) == {members.index(label)}
        small = widest_km(cluster) <= rule.max_km + SLACK_KM and lasting(cluster) <= reach_minutes(
            rule.max_hours
        )
        assert told.chain[members[0]] == (not small)
        assert small or level_km / 2 < rule.min_km


def widest_km(pixels):
    """Diagonal of the box around unit vectors."""
    vectors = [
        (math.cos(p) * math.cos(q), math.cos(p) * math.sin(q), math.sin(p))
        for p, q in ((math.radians(lat / E5), math.radians(lon / E5)) for lat, lon, _ in pixels)
    ]
    sides = (max(side) - min(side) for side in zip(*vectors, strict=True))
    return EARTH_RADIUS_KM * math.hypot(*sides)


def lasting(pixels):
    return max(when for _, _, when in pixels) - min(when for _, _, when in pixels)


@pytest.mark.parametrize(
    "measures", [(2, 24, 20, 240, 3), (2, 24, 20, 240, 0), (2, 24, 0, 240, 1), (0, 24, 20, 240, 1)]
)
def test_rules_that_make_no_sense_are_refused(measures):
    with pytest.raises(ValueError, match="choose"):
        Rule(*measures)


# --- the query --------------------------------------------------------------------------------

QUERY = files("truceline.fuse").joinpath("linkage.sql").read_text(encoding="utf-8")


def asked(engine, pixels, radius_km, hours):
    lat, lon, when = columns(pixels)
    heat = {"id": np.arange(len(lat)), "cell": cells_of(lat, lon)}
    heat |= {"lat_e5": lat, "lon_e5": lon, "minute": when}
    rows = engine.ask(QUERY, {"heat": heat, **pair_tables(heat["cell"], radius_km, hours)})
    return list(zip(rows["id"].tolist(), rows["linked"].tolist(), strict=True))


@settings(deadline=None, max_examples=60)
@given(crowds().filter(lambda crowd: crowd[1] < 100))
def test_the_query_finds_the_same_links_and_clusters(crowd):
    pixels, radius_km, hours = crowd
    with Engine(memory="200MB", threads=1) as engine:
        pairs = asked(engine, pixels, radius_km, hours)
    everyone = combinations(range(len(pixels)), 2)
    assert pairs == [(i, j) for i, j in everyone if linked(pixels[i], pixels[j], *crowd[1:])]
    links = {number: [] for number in range(len(pixels))}
    for i, j in pairs:
        links[i].append(j)
        links[j].append(i)
    assert labelled(pixels, links) == link(*columns(pixels), radius_km, hours).tolist()


def test_pairs_of_many_pixels_come_once_each_and_in_order():
    lat, lon, when = made(3_000, minutes=20_000)
    pixels = list(zip(lat.tolist(), lon.tolist(), when.tolist(), strict=True))
    with Engine(memory="200MB", threads=2) as engine:
        pairs = asked(engine, pixels, 1.0, 24.0)
    assert all(first < second for first, second in pairwise(pairs))
    assert all(i < j for i, j in pairs) and len(pairs) > 1_000
