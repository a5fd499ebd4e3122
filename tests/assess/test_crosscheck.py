"""Opinions and outlines are compared, never used."""

from __future__ import annotations

from shapely import box
from tests.made import agreement, claim, incident, position

from truceline.assess.crosscheck import (
    check_groups,
    check_objects,
    check_places,
    check_terms,
    check_windows,
)
from truceline.domain.place import Precision
from truceline.geo import Point


def texts(checks: object) -> list[str]:
    return [check.text for check in checks]  # type: ignore[attr-defined]


def test_groups_that_differ_are_told_both_ways() -> None:
    one, other = (claim(k, checks=(("group", "G1"),)) for k in ("K1", "K2"))
    assert texts(check_groups([incident(one), incident(other)], "group")) == [
        "group G1: kept here as 2 incidents"
    ]
    assert texts(check_groups([incident(one, other)], "group")) == []
    joined = incident(one, claim("K3", checks=(("group", ""),)))
    assert "keeps apart" in texts(check_groups([joined], "group"))[0]


def test_an_opposite_opinion_on_the_list_is_told_and_a_doubt_is_not() -> None:
    def told(opinion: str, kind: str) -> int:
        one = claim(checks=(("on_list", opinion),), object_class=kind)
        return len(texts(check_objects([one], agreement(), "on_list", "one")))

    assert told("no", "refinery") == told("yes", "port") == 1
    assert told("yes", "refinery") == told("unclear", "port") == told("likely", "refinery") == 0


def test_a_window_that_contradicts_a_clock_is_told() -> None:
    one = claim(checks=(("window", "before"),))
    values = {"before": {"one": "not_in_force"}}
    assert len(texts(check_windows([one], agreement(), "window", values))) == 1
    running = {"before": {"one": "in_force"}}
    assert texts(check_windows([one], agreement(), "window", running)) == []


def test_points_outside_their_region_are_told_unless_they_are_anchors() -> None:
    outlines = {"B-N": box(29.0, 49.0, 31.0, 51.0)}
    far = position(point=Point(52.0, 30.0))
    assert "111 km outside" in texts(check_places([claim(place=far)], outlines, []))[0]
    anchor = position(point=Point(52.0, 30.0), precision=Precision.REGION)
    assert texts(check_places([claim(place=anchor)], outlines, [])) == []
    named = [("Elsewhere", Point(49.5, 29.5))]
    assert "gazetteer" in texts(check_places([claim()], outlines, named))[0]
    assert texts(check_places([claim()], outlines, [("Stenfors", Point(50.0, 30.0))])) == []


def test_terms_that_rest_on_later_statements_are_told() -> None:
    (told,) = texts(check_terms(agreement(), agreement(), frozenset()))
    assert told.startswith("1 of 1 statements") and "S1" not in told
    assert texts(check_terms(agreement(), agreement(), frozenset({"S1"}))) == []


def test_a_stretch_that_is_left_open_counts_as_running() -> None:
    whole = {"from": "2031-03-20", "until": "2031-04-20", "why": "open", "source": ["S1"]}
    clock = {"zone": "UTC", "from": "2031-03-20", "source": ["S1"], "disputed": [whole]}
    one = claim(checks=(("window", "during"),))
    values = {"during": {"one": "in_force"}}
    assert texts(check_windows([one], agreement(clock=clock), "window", values)) == []


def test_a_point_may_be_outside_by_its_own_uncertainty() -> None:
    outlines = {"B-N": box(29.0, 49.0, 31.0, 51.0)}
    town = position(
        point=Point(51.04, 30.0), precision=Precision.SETTLEMENT, uncertainty_km=5.0
    )  # 4.4 km
    assert texts(check_places([claim(place=town)], outlines, [])) == []
    assert texts(check_places([claim(place=position(point=Point(51.04, 30.0)))], outlines, []))
