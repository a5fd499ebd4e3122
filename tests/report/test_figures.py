"""The drawings: geometry from the dossier alone, a table each, nothing finer than allowed."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from tests.report.builders import result

from truceline.report.dossier import build_dossier
from truceline.report.map_figure import map_figure
from truceline.report.page import NO_OUTLINES, tell_page
from truceline.report.plain import Item
from truceline.report.strip_figure import strip_figure
from truceline.report.timeline_figure import LEFT, RIGHT, WIDTH, timeline_figure
from truceline.report.tongue import Tongue

SQUARE = [[[20.0, 55.0], [21.0, 55.0], [21.0, 56.0], [20.0, 56.0], [20.0, 55.0]]]


@pytest.fixture
def dossier() -> Item:
    return build_dossier(result(), "0.1.0")


def tongue(dossier: Item) -> Tongue:
    return Tongue("en", dossier, html=True)


def placed(dossier: Item, precision: str, lat: float, lon: float, km: float) -> Item:
    """The dossier with all its incidents in one region, at one place of a precision."""
    made = copy.deepcopy(dossier)
    for incident in made["incidents"]:
        incident["place"] |= {
            "region": "Midland",
            "area": "X-MID",
            "precision": precision,
            "lat": lat,
            "lon": lon,
            "uncertainty_km": km,
        }
    return made


def outlines() -> Item:
    shape: dict[str, Any] = {"type": "Polygon", "coordinates": SQUARE}
    feature = {"type": "Feature", "id": "X-MID", "properties": {}, "geometry": shape}
    return {"type": "FeatureCollection", "attribution": "(c) somebody", "features": [feature]}


# --- timeline ---------------------------------------------------------------------------------


def test_bars_stand_in_the_order_of_the_readings_and_inside_the_drawing(dossier: Item) -> None:
    figure = timeline_figure(dossier, tongue(dossier))
    readings = [reading["id"] for reading in dossier["agreement"]["readings"]]
    assert [bar["id"] for bar in figure["bars"]] == readings
    for bar in figure["bars"]:
        assert LEFT <= bar["x"] <= bar["x"] + bar["width"] <= WIDTH - RIGHT + 1
        for piece in bar["pieces"]:
            assert bar["x"] <= piece["x"] and piece["lines"].startswith("M")


def test_every_incident_with_a_beginning_is_in_one_column(dossier: Item) -> None:
    figure = timeline_figure(dossier, tongue(dossier))
    starts = [i["occurred"]["from"] for i in dossier["incidents"] if i["occurred"]["from"]]
    assert sum(tick["n"] for tick in figure["ticks"]) == len(starts)


def test_an_open_end_is_an_arrow(dossier: Item) -> None:
    dossier["agreement"]["readings"][0]["in_force"]["until"] = None
    figure = timeline_figure(dossier, tongue(dossier))
    assert figure["bars"][0]["open_end"] and not figure["bars"][1]["open_end"]
    assert figure["bars"][0]["end"] == WIDTH - RIGHT


def test_marks_never_lie_on_each_other(dossier: Item) -> None:
    entry = {"kind": "milestone", "on": "2031-03-20", "id": "T", "title": "x"}
    dossier["timeline"]["milestones"] = [{**entry, "id": f"T{i}"} for i in range(6)]
    marks = timeline_figure(dossier, tongue(dossier))["marks"]
    assert len({(mark["x"], mark["y"]) for mark in marks}) == 6


# --- strip ------------------------------------------------------------------------------------


def test_columns_of_a_day_fill_the_row_and_unknown_cloud_is_left_blank(dossier: Item) -> None:
    dossier["coverage"][0]["cloud_share"] = None
    for row in dossier["coverage"]:
        if row["day"] == dossier["coverage"][0]["day"]:
            row["cloud_share"] = None
    figure = strip_figure(dossier, tongue(dossier))
    height = figure["sensors"][0]["height"]
    for row, column in zip(figure["rows"], figure["columns"], strict=True):
        assert sum(row["states"].values()) == row["n"]
        assert sum(box["height"] for box in column["boxes"]) == pytest.approx(height, abs=0.3)
        assert row["cloud"] is not None or column["cloud"] is None
    assert any(row["cloud"] is None for row in figure["rows"])


def test_a_case_without_coverage_says_so(dossier: Item) -> None:
    dossier["coverage"] = []
    assert strip_figure(dossier, tongue(dossier))["days"] == []
    assert "No coverage is on record" in tell_page(dossier)


# --- map --------------------------------------------------------------------------------------


def test_a_district_is_an_area_and_a_region_is_the_region(dossier: Item) -> None:
    district = placed(dossier, "district", 55.5, 20.5, 30.0)
    drawn = map_figure(district, outlines(), tongue(dossier))
    assert len(drawn["symbols"]) == 1 and drawn["symbols"][0]["district"]
    assert drawn["symbols"][0]["r"] == pytest.approx(drawn["scale"] * 0.3, rel=0.02)
    region = map_figure(placed(dossier, "region", 55.5, 20.5, 150.0), outlines(), tongue(dossier))
    assert region["symbols"] == [] and region["regions"][0]["n"] == len(dossier["incidents"])
    assert region["regions"][0]["lines"].count("M") > 5


@pytest.mark.parametrize("shift", [0.0, 0.003, -0.003])
def test_a_facility_is_never_drawn_finer_than_the_policy(dossier: Item, shift: float) -> None:
    """Positions a few hundred metres apart are drawn at one and the same place."""
    dossier["publication"]["coarsen_km"] = 20
    sharp = placed(dossier, "facility", 55.51 + shift, 20.51 + shift, 1.0)
    drawn = map_figure(sharp, outlines(), tongue(dossier))
    (symbol,) = drawn["symbols"]
    assert symbol["r"] >= drawn["scale"] * 0.2 - 0.1
    reference = map_figure(
        placed(dossier, "facility", 55.51, 20.51, 1.0), outlines(), tongue(dossier)
    )
    assert (symbol["x"], symbol["y"]) == (
        reference["symbols"][0]["x"],
        reference["symbols"][0]["y"],
    )


def test_nothing_of_a_map_depends_on_a_party_or_a_verdict(dossier: Item) -> None:
    before = placed(dossier, "settlement", 55.5, 20.5, 5.0)
    after = copy.deepcopy(before)
    for incident in after["incidents"]:
        incident["accused"] = ["A"]
        for a in incident["assessments"]:
            a["verdict"] = "breach_indicated"
    drawn = [map_figure(d, outlines(), tongue(dossier)) for d in (before, after)]
    assert drawn[0] == drawn[1]


def test_without_outlines_there_is_the_table_alone(dossier: Item) -> None:
    drawn = map_figure(dossier, NO_OUTLINES, tongue(dossier))
    assert drawn["outlines"] == [] and sum(r["n"] for r in drawn["rows"]) == 4
    assert "no map is drawn" in tell_page(dossier)


def test_every_drawing_has_words_and_a_table(dossier: Item) -> None:
    page = tell_page(placed(dossier, "settlement", 55.5, 20.5, 5.0), outlines())
    figures = re.findall(r'<svg class="figure[^>]*aria-labelledby="([^"]+)"', page)
    assert len(figures) == 3
    for names in figures:
        for name in names.split():
            assert f'id="{name}"' in page
    for words in ("The clocks as a table", "as a table", "The map as a table"):
        assert words in page
