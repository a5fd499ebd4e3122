"""The drawings: geometry and tables from the dossier alone, for small, empty and large cases."""

from __future__ import annotations

import copy
import math
import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from tests.effort import calls
from tests.report.builders import NASTY, result

from truceline.geo import KM_PER_DEGREE
from truceline.report.dossier import build_dossier
from truceline.report.environment import environment
from truceline.report.map_figure import map_figure
from truceline.report.plain import Item
from truceline.report.strip_figure import strip_figure
from truceline.report.timeline_figure import timeline_figure
from truceline.report.tongue import Tongue

NOTHING: Item = {"type": "FeatureCollection", "attribution": "", "features": []}

MANY = 5000
"""Incidents of a case that must stay usable."""


@pytest.fixture
def dossier() -> Item:
    return build_dossier(result(), "0.1.0")


def tongue(dossier: Item) -> Tongue:
    return Tongue("en", dossier, html=True)


def told(name: str, fig: Item, dossier: Item) -> str:
    """What a macro of the drawings makes of a figure."""
    source = f'{{% import "figures.html.j2" as f with context %}}{{{{ f.{name}(fig) }}}}'
    html: str = environment(tongue(dossier)).from_string(source).render(fig=fig, paper="")
    return html


def outlines(dossier: Item, *left_out: str) -> Item:
    """A square around the incidents of each area."""
    spots: dict[str, list[tuple[float, float]]] = {}
    for incident in dossier["incidents"]:
        place = incident["place"]
        if place["lat"] is not None:
            spots.setdefault(place["area"], []).append((place["lon"], place["lat"]))
    features = []
    for code, points in sorted(spots.items()):
        west, east = min(x for x, _ in points) - 1, max(x for x, _ in points) + 1
        south, north = min(y for _, y in points) - 1, max(y for _, y in points) + 1
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        if code not in left_out:
            geometry = {"type": "Polygon", "coordinates": [ring]}
            features.append({"id": code, "geometry": geometry, "properties": {"code": code}})
    return {**NOTHING, "attribution": "(c) somebody", "features": features}


def placed(dossier: Item, **place: Any) -> Item:
    """A dossier with its first incident alone, at another place."""
    changed = copy.deepcopy(dossier)
    changed["incidents"] = changed["incidents"][:1]
    changed["incidents"][0]["place"] |= place
    return changed


def large(dossier: Item) -> Item:
    """Many incidents over twenty months, in many cells."""
    changed = copy.deepcopy(dossier)
    changed["incidents"] = []
    for k in range(MANY):
        incident = copy.deepcopy(dossier["incidents"][k % len(dossier["incidents"])])
        day = date(2030, 2, 1) + timedelta(days=k * 7 % 600)
        incident["id"] = f"i-{k}"
        incident["occurred"] |= {
            "from": f"{day}T00:00:00Z",
            "until": f"{day + timedelta(days=1)}T00:00:00Z",
        }
        if incident["place"]["lat"] is not None:
            incident["place"]["lat"] += k % 40 / 10
            incident["place"]["lon"] += k % 60 / 10
        changed["incidents"].append(incident)
    return changed


def empty(dossier: Item) -> Item:
    """Nothing happened, nothing runs, nothing was watched."""
    changed = copy.deepcopy(dossier)
    changed |= {"incidents": [], "coverage": [], "timeline": {"milestones": [], "counts": []}}
    for reading in changed["agreement"]["readings"]:
        reading |= {"in_force": {"from": None, "until": None}, "disputed": []}
    return changed


# --- all of them --------------------------------------------------------------------------------


def all_told(dossier: Item, base: Item) -> dict[str, str]:
    t = tongue(dossier)
    figures = {
        "timeline": timeline_figure(dossier, t),
        "strip": strip_figure(dossier, t),
        "map": map_figure(dossier, base, t),
    }
    return {name: told(name, fig, dossier) for name, fig in figures.items()}


def test_each_is_one_picture_with_words_and_a_table(dossier: Item) -> None:
    for html in all_told(dossier, outlines(dossier)).values():
        picture = re.search(
            r'<svg class="figure[^>]*role="img" aria-labelledby="(\S+) (\S+)"', html
        )
        assert picture
        assert f'<title id="{picture[1]}">' in html and f'<desc id="{picture[2]}">' in html
        assert "<figcaption>" in html and "<table" in html
        assert not re.search(r"\sstyle=|<script|foreignObject|url\(", html)


def test_they_are_the_same_every_time(dossier: Item) -> None:
    again = build_dossier(result(), "0.1.0")
    assert all_told(dossier, outlines(dossier)) == all_told(again, outlines(again))


def test_no_colour_is_written_and_no_class_names_a_side_or_verdict(dossier: Item) -> None:
    for html in all_told(dossier, outlines(dossier)).values():
        assert not re.search(r"(fill|stroke)=|#[0-9a-f]{3,6}\"", html.replace('href="#', ""))
        names = {name for each in re.findall(r'class="([^"]*)"', html) for name in each.split()}
        assert not names & {"A", "B", "north", "south", "breach_indicated", "undetermined"}


def test_words_of_others_are_escaped(dossier: Item) -> None:
    dossier["agreement"]["readings"][0]["id"] = NASTY
    for incident in dossier["incidents"]:
        incident["place"]["region"] = NASTY
    dossier["coverage"][0]["sensor"] = NASTY
    for milestone in dossier["timeline"]["milestones"]:
        milestone |= {"kind": "milestone", "on": "2031-03-20", "title": NASTY}
    base = {**outlines(dossier), "attribution": NASTY}
    for html in all_told(dossier, base).values():
        assert "<script" not in html and "&lt;script" in html


def test_an_empty_case_is_told_in_words(dossier: Item) -> None:
    for html in all_told(empty(dossier), NOTHING).values():
        assert 'class="figure' not in html
        assert '<p class="soft">' in html


def test_many_incidents_take_work_in_proportion_and_little_room(dossier: Item) -> None:
    many = large(dossier)
    half = {**many, "incidents": many["incidents"][: MANY // 2]}
    drawn = all_told(many, outlines(many))
    assert len(drawn["timeline"]) < 400_000
    assert calls(lambda: all_told(many, outlines(many))) < 2.5 * calls(
        lambda: all_told(half, outlines(half))
    )


# --- the timeline -------------------------------------------------------------------------------


def test_bars_stand_in_the_order_of_the_agreement_and_open_ends_have_arrows(dossier: Item) -> None:
    dossier["agreement"]["readings"][1]["in_force"]["until"] = None
    fig = timeline_figure(dossier, tongue(dossier))
    assert [bar["id"] for bar in fig["bars"]] == [r["id"] for r in dossier["agreement"]["readings"]]
    assert [bar["open_end"] for bar in fig["bars"]] == [False, True]
    assert fig["bars"][1]["end"] == fig["right"]
    html = told("timeline", fig, dossier)
    assert html.count('class="arrow"') == 1 and "no end stated" in html


def test_disputed_stretches_lie_inside_of_their_bar(dossier: Item) -> None:
    fig = timeline_figure(dossier, tongue(dossier))
    assert sum(len(bar["pieces"]) for bar in fig["bars"]) > 0
    for bar in fig["bars"]:
        for piece in bar["pieces"]:
            assert bar["x"] - 0.2 <= piece["x"] < piece["x"] + piece["width"] <= fig["right"]
            assert piece["lines"].startswith("M")


def test_columns_count_every_incident_with_a_day_once(dossier: Item) -> None:
    fig = timeline_figure(dossier, tongue(dossier))
    dated = [i for i in dossier["incidents"] if i["occurred"]["from"]]
    assert sum(tick["n"] for tick in fig["ticks"]) == len(dated)


def test_milestones_are_numbered_by_date_and_do_not_meet(dossier: Item) -> None:
    entries = [
        {"id": f"T9{k}", "kind": "milestone", "on": f"2031-03-{20 + k // 3}", "title": f"entry {k}"}
        for k in range(9)
    ]
    dossier["timeline"]["milestones"] = entries[::-1]
    marks = timeline_figure(dossier, tongue(dossier))["marks"]
    assert [mark["entry"]["id"] for mark in marks] == [entry["id"] for entry in entries]
    assert [mark["number"] for mark in marks] == list(range(1, 10))
    for i, one in enumerate(marks):
        for other in marks[i + 1 :]:
            assert math.hypot(one["x"] - other["x"], one["y"] - other["y"]) >= 18


# --- the strip ----------------------------------------------------------------------------------


def test_the_strip_counts_regions_and_each_day_has_its_row(dossier: Item) -> None:
    fig = strip_figure(dossier, tongue(dossier))
    html = told("strip", fig, dossier)
    for row in fig["rows"]:
        assert sum(row["states"].values()) == row["n"] <= fig["n_regions"]
    for day in fig["days"]:
        assert html.count(f'id="day-{day}"') == 1


def test_cloud_that_is_not_known_is_blank_and_not_zero(dossier: Item) -> None:
    for row in dossier["coverage"]:
        row["cloud_share"] = None
    fig = strip_figure(dossier, tongue(dossier))
    assert [column["cloud"] for column in fig["columns"]] == [None] * len(fig["columns"])
    html = told("strip", fig, dossier)
    assert "cloudline" not in html and "not known" in html
    for row in dossier["coverage"]:
        row["cloud_share"] = 0.0
    assert "cloudline" in told("strip", strip_figure(dossier, tongue(dossier)), dossier)


# --- the map ------------------------------------------------------------------------------------


def test_the_map_needs_no_outlines_for_its_table(dossier: Item) -> None:
    fig = map_figure(dossier, NOTHING, tongue(dossier))
    assert fig["outlines"] == []
    assert sum(row["n"] for row in fig["rows"]) == len(dossier["incidents"])


def test_every_incident_has_its_link_in_the_table(dossier: Item) -> None:
    html = told("map", map_figure(dossier, outlines(dossier), tongue(dossier)), dossier)
    for incident in dossier["incidents"]:
        assert html.count(f'href="#{incident["id"]}"') == 1


def test_positions_inside_of_a_cell_give_the_same_drawing(dossier: Item) -> None:
    """What is drawn depends on the cell alone: nobody can read a finer position from it."""
    step = dossier["publication"]["coarsen_km"] / KM_PER_DEGREE or 10 / KM_PER_DEGREE
    lat = round(50 / step) * step
    wide = step / math.cos(math.radians(lat))
    lon = round(30 / wide) * wide
    base = outlines(placed(dossier, lat=lat, lon=lon, precision="facility"))
    drawn = set()
    for north, east in ((0, 0), (0.4, -0.4), (-0.4, 0.3), (0.1, 0.45)):
        case = placed(dossier, lat=lat + north * step, lon=lon + east * wide, precision="facility")
        drawn.add(told("map", map_figure(case, base, tongue(case)), case))
    assert len(drawn) == 1


@pytest.mark.parametrize("precision", ["facility", "settlement", "district"])
def test_no_ring_is_smaller_than_the_policy(dossier: Item, precision: str) -> None:
    dossier["publication"]["coarsen_km"] = 25
    case = placed(dossier, lat=50.0, lon=30.0, precision=precision, uncertainty_km=1.0)
    fig = map_figure(case, outlines(case), tongue(case))
    assert [s["district"] for s in fig["symbols"]] == [precision == "district"]
    assert fig["symbols"][0]["r"] / fig["scale"] * 100 == pytest.approx(25, abs=1)


def test_a_region_is_drawn_as_the_region(dossier: Item) -> None:
    case = placed(dossier, lat=50.0, lon=30.0, precision="region")
    fig = map_figure(case, outlines(case), tongue(case))
    assert fig["symbols"] == [] and [region["n"] for region in fig["regions"]] == [1]


def test_every_incident_is_drawn_where_outlines_and_points_are_at_hand(dossier: Item) -> None:
    base = outlines(dossier)
    codes = {feature["id"] for feature in base["features"]}
    fig = map_figure(dossier, base, tongue(dossier))
    places = [incident["place"] for incident in dossier["incidents"]]
    can = [p for p in places if p["area"] in codes or p["lat"] is not None]
    assert sum(each["n"] for each in fig["regions"] + fig["symbols"]) == len(can) > 0


# --- large cases, long names, missing outlines --------------------------------------------------


def test_counts_are_written_only_where_they_meet_no_other(dossier: Item) -> None:
    ticks = timeline_figure(large(dossier), tongue(dossier))["ticks"]
    written = [tick for tick in ticks if tick["labelled"]]
    assert 0 < len(written) < len(ticks)
    for one, other in pairwise(written):
        assert other["x"] - one["x"] >= 3 * (len(str(one["n"])) + len(str(other["n"])))
    assert max(tick["n"] for tick in ticks) in {tick["n"] for tick in written}


def test_every_count_of_a_small_case_is_written(dossier: Item) -> None:
    assert all(tick["labelled"] for tick in timeline_figure(dossier, tongue(dossier))["ticks"])


def test_dates_of_several_years_name_the_year(dossier: Item) -> None:
    labels = [week["label"] for week in timeline_figure(large(dossier), tongue(dossier))["weeks"]]
    assert [label[-4:] for label in labels if label[-4:].isdigit()] == ["2030", "2031"]


def test_long_names_have_room_or_are_cut_with_a_mark(dossier: Item) -> None:
    first, second = dossier["agreement"]["readings"][:2]
    first["id"], second["id"] = "a-reading-with-a-long-name", "x" * 90
    fig = timeline_figure(dossier, tongue(dossier))
    assert fig["bars"][0]["name"] == first["id"]
    assert fig["bars"][1]["name"].endswith("x…")
    assert max(len(bar["name"]) for bar in fig["bars"]) * 7.5 + 8 <= fig["left"]
    assert second["id"] in told("timeline", fig, dossier)


def test_the_as_of_is_named_where_it_is_drawn(dossier: Item) -> None:
    dossier["as_of"] = "2031-03-25T00:00:00Z"
    assert "as known at 25 March 2031" in told(
        "timeline", timeline_figure(dossier, tongue(dossier)), dossier
    )
    dossier["as_of"] = "2039-01-01T00:00:00Z"
    fig = timeline_figure(dossier, tongue(dossier))
    assert fig["as_of"] is None and "as known at" not in told("timeline", fig, dossier)


def test_what_the_map_cannot_draw_is_counted_on_it(dossier: Item) -> None:
    case = placed(dossier, lat=50.0, lon=30.0, precision="region")
    case["incidents"].append(copy.deepcopy(case["incidents"][0]))
    case["incidents"][1]["id"] = "i-9"
    case["incidents"][1]["place"] |= {"area": "elsewhere", "region": "Elsewhere"}
    base = outlines(case, "elsewhere")
    fig = map_figure(case, base, tongue(case))
    assert fig["n_undrawn"] == 1 and sum(region["n"] for region in fig["regions"]) == 1
    assert "Not drawn, for want of an outline or a point: 1 incident" in told("map", fig, case)


def test_a_cell_in_two_regions_is_one_symbol_of_the_wider_reach(dossier: Item) -> None:
    case = placed(dossier, lat=50.0, lon=30.0, precision="settlement", uncertainty_km=12.0)
    other = copy.deepcopy(case["incidents"][0])
    other["place"] |= {"region": "Next to it", "uncertainty_km": 40.0}
    case["incidents"].append({**other, "id": "i-9"})
    fig = map_figure(case, outlines(case), tongue(case))
    assert [symbol["n"] for symbol in fig["symbols"]] == [2]
    assert fig["symbols"][0]["r"] / fig["scale"] * 100 == pytest.approx(40, abs=1)


def test_numbers_of_districts_and_regions_give_way(dossier: Item) -> None:
    """A district around a town, in a region that is named as a whole: three numbers apart."""
    case = placed(dossier, lat=50.0, lon=30.0, precision="settlement", uncertainty_km=5.0)
    more = [("i-9", "district", 40.0), ("i-10", "district", 40.0), ("i-11", "region", 99.0)]
    for name, precision, reach in more:
        other = copy.deepcopy(case["incidents"][0])
        other["place"] |= {"precision": precision, "uncertainty_km": reach}
        case["incidents"].append({**other, "id": name})
    fig = map_figure(case, outlines(case), tongue(case))
    town, district = (
        next(s for s in fig["symbols"] if s["district"] is flag) for flag in (False, True)
    )
    assert district["n"] == 2 and abs(district["label"] - town["label"]) >= 12
    plate = fig["regions"][0]
    assert all(
        abs(plate["x"] - s["x"]) >= 21 or abs(plate["y"] - s["label"]) >= 16
        for s in (town, district)
    )
