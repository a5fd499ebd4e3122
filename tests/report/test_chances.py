"""Could it have been seen, and how likely did it occur: told everywhere, and never alone."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.made import without_series
from tests.report.builders import result

from truceline.pipeline.run import assess_case
from truceline.report.brief import tell_brief
from truceline.report.codes import UNSEEN
from truceline.report.daily import tell_daily
from truceline.report.dossier import build_dossier
from truceline.report.explain import explain
from truceline.report.page import tell_page
from truceline.report.plain import Item
from truceline.report.strength import LIKELIHOODS, NOTHING_SPEAKS, likelihood, occurrence
from truceline.report.strip_figure import strip_figure
from truceline.report.tables import assessments_csv, assessments_rows, incidents_geojson
from truceline.report.tongue import Tongue
from truceline.settings import Settings
from truceline.sources.casefile import read_case
from truceline.thresholds import PRIOR_ODDS, PROBABILITY_BOUNDS

NO_PROBABILITY = ("p", "p_low", "p_high")


@pytest.fixture(scope="module")
def moratorium(root: Path) -> Item:
    found = assess_case(
        without_series(read_case(root / "cases" / "energy-moratorium-2025")), Settings()
    )
    return build_dossier(found, "0.1.0")


@pytest.fixture
def dossier() -> Item:
    return build_dossier(result(), "0.1.0")


def unseen(dossier: Item) -> list[Item]:
    """Incidents of which a verdict rests on silence or on want of looks."""
    return [
        incident
        for incident in dossier["incidents"]
        if any(
            reason in UNSEEN
            for a in incident["assessments"]
            for reason in (a["because"], *a["also"])
        )
    ]


# --- could it have been seen? -------------------------------------------------------------------


def test_no_verdict_of_silence_stands_without_its_chance(moratorium: Item) -> None:
    """Each has a sentence, and a probability or a said reason why there is none."""
    found = unseen(moratorium)
    assert len(found) > 100
    for incident in found:
        watch = incident["watch"]
        assert watch["because"] in moratorium["said"]
        if watch["seen"] is None:
            assert "chance" not in moratorium["said"][watch["because"]]["values"]
        else:
            assert 0 <= watch["seen"]["low"] <= watch["seen"]["p"] <= watch["seen"]["high"] <= 1


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_tells_chance_and_sentence_in_each_card(moratorium: Item, language: str) -> None:
    tongue = Tongue(language, moratorium, html=True)
    page = tell_page(moratorium, language=language)
    cards = {part.split('"')[0]: part for part in page.split('<details class="incident" id="')}
    heading = tongue.gettext("Could it have been seen?")
    for incident in unseen(moratorium):
        card, seen = cards[incident["id"]], incident["watch"]["seen"]
        assert f"<h4>{heading}</h4>" in card
        assert tongue.told(incident["watch"]["because"]) in card
        for verdict in re.findall(r'<div class="verdict">\s*<p>(.*?)</p>', card):
            for reason in UNSEEN:
                words = tongue.say("reason", reason)
                if words in verdict and seen:
                    told = tongue.number(seen["p"])
                    assert re.search(rf"{re.escape(words)} \([^)]*{re.escape(told)} \(", verdict)


def test_explain_tells_chance_sentence_and_passes(moratorium: Item) -> None:
    incident = next(i for i in unseen(moratorium) if any(x["passes"] for x in i["looks"]))
    text = " ".join(explain(moratorium, incident["id"]).split())
    assert "COULD IT HAVE BEEN SEEN?" in text
    assert incident["watch"]["because"] in text
    assert "(chance that it would have been seen: " in text
    at = incident["looks"][0]["passes"][0]["at"]
    assert f"{at[:10]} {at[11:16]} UTC ±" in text


def test_explain_reads_a_dossier_of_an_earlier_version(dossier: Item) -> None:
    for incident in dossier["incidents"]:
        del incident["watch"], incident["occurrence"]
    assert "COULD IT HAVE BEEN SEEN" not in explain(dossier, "i-1122")


def test_the_brief_tells_what_silence_is_worth(moratorium: Item) -> None:
    for language, words in (("en", "would have been seen where"), ("de", "zu sehen gewesen wäre")):
        assert tell_brief(moratorium, language).count(words) == len(UNSEEN)


def test_the_daily_report_tells_it_of_each_incident(dossier: Item) -> None:
    day = date(2031, 3, 26)
    before = {**copy.deepcopy(dossier), "as_of": "2031-03-26T06:00:00Z"}
    told = tell_daily(dossier, before, day, "daily.md")
    assert "Could it have been seen? record held of none." in told
    assert "(would have been seen with probability 0 (0 to 0))" in told
    assert "There is no forecast." in told


def test_an_unchecked_pass_is_explained_and_a_fitted_one_has_its_angle(dossier: Item) -> None:
    page = tell_page(dossier)
    assert "Aqua 11:04 ± 9 min, 21° (fitted); Terra 20:40 ± 165 min, angle not known" in page
    assert "unchecked: from the published local time of the orbit alone" in page


def test_what_a_look_is_worth_differs_by_kind(moratorium: Item) -> None:
    of = {kind: row for row in moratorium["worth"] for kind in row["object_classes"]}
    assert of["refinery"]["show"]["p"] > of["substation"]["show"]["p"]
    assert of["refinery"] is of["oil_storage"]
    counted = [i for i in moratorium["incidents"] if (i["watch"]["show"] or {}).get("high")]
    assert sum(row["n_incidents"] for row in moratorium["worth"]) == len(counted)
    assert "What a look is worth, by kind of object" in tell_page(moratorium)


# --- the strip ----------------------------------------------------------------------------------


def test_chances_are_those_of_the_regions_and_inside_their_row(dossier: Item) -> None:
    figure = strip_figure(dossier, Tongue("en", dossier, html=True))
    row, column = figure["rows"][0], figure["columns"][0]
    assert row["chance"] == {"low": 0.0, "middle": 0.35, "high": 0.7, "least": 0.0, "most": 0.9}
    frame = figure["sensors"][0]["chance"]
    for key in row["chance"]:
        assert frame["y"] <= column["chance"][key] <= frame["y"] + frame["height"]
    assert figure["cloud_km"] == {"low": 41.0, "middle": 41.0, "high": 41.0}
    assert "0.35; 0 to 0.7 from region to region, with bounds 0 to 0.9" in tell_page(dossier)


def test_what_may_not_be_told_is_hatched_and_said(dossier: Item) -> None:
    for row in dossier["coverage"]:
        if row["day"] == "2031-03-20":
            row |= {"clear": None, "n_passes": 0, "state": "no_record"}
    figure = strip_figure(dossier, Tongue("en", dossier, html=True))
    last = figure["columns"][-1]
    assert last["chance"] is None and last["untold"]["lines"].startswith("M")
    assert figure["columns"][0]["untold"] is None
    assert not any(row["blank"] for row in figure["table"])
    page = tell_page(dossier)
    assert page.count("not told: the last 72 hours before the as-of") == 3  # a key, two sensors
    assert "there is no forecast" in page


# --- how likely it occurred ---------------------------------------------------------------------


@given(st.floats(0, 1))
def test_bands_are_those_of_the_published_scale(p: float) -> None:
    ends = (0.0, *PROBABILITY_BOUNDS, 1.01)
    assert ends[likelihood(p)] <= p < ends[likelihood(p) + 1]
    assert len(LIKELIHOODS) == len(PROBABILITY_BOUNDS) + 1


@given(st.floats(1e-6, 1), st.floats(1e-3, 1e3), st.floats(1, 1e6))
def test_a_probability_is_odds_times_ratio(low: float, middle: float, high: float) -> None:
    line = {"says": "signal", "lr": middle, "lr_low": middle * low, "lr_high": middle * high}
    found = occurrence([line])
    odds = found["prior_odds"] * found["lr"]
    assert found["p"] == pytest.approx(odds / (1 + odds), rel=1e-4)
    assert found["p_low"] <= found["p"] <= found["p_high"]


def test_where_nothing_speaks_there_is_no_finding(dossier: Item) -> None:
    assert PRIOR_ODDS == 1, "the words say that the odds were even"
    quiet = [i for i in dossier["incidents"] if all(x["says"] == "unusable" for x in i["lines"])]
    assert len(quiet) == 3
    page = tell_page(dossier)
    for incident in quiet:
        found = incident["occurrence"]
        assert (found["p"], found["words"]) == (0.5, NOTHING_SPEAKS)
        assert "nothing speaks either way" in explain(dossier, incident["id"])
    assert page.count("nothing speaks either way") == len(quiet)
    assert "0.5 (0.5 to 0.5)" not in page


def test_a_probability_never_stands_without_ratio_and_prior(dossier: Item) -> None:
    page = tell_page(dossier)
    assert "likelihood ratio 370 (40 to 3,600), at prior odds of 1 to 1: 0.997 (0.976 to 1)" in page
    assert "almost certain. Whoever holds other odds multiplies them with the ratio." in page
    assert all("probability" not in sentence for sentence in dossier["headline"])


def test_no_verdict_depends_on_a_probability(
    root: Path, moratorium: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("truceline.thresholds.PRIOR_ODDS", 99.0)
    found = assess_case(
        without_series(read_case(root / "cases" / "energy-moratorium-2025")), Settings()
    )
    again = build_dossier(found, "0.1.0")
    for before, after in zip(moratorium["incidents"], again["incidents"], strict=True):
        assert before["assessments"] == after["assessments"]
    assert again["incidents"][0]["occurrence"]["p"] == 0.99


# --- tables -------------------------------------------------------------------------------------


def test_tables_hold_both_and_leave_the_bare_prior_blank(dossier: Item) -> None:
    rows = assessments_rows(dossier)
    first, quiet = rows[0], next(row for row in rows if row["incident"] == "i-2222")
    assert list(first)[-7:] == [*NO_PROBABILITY, "prior_odds", "seen_p", "seen_low", "seen_high"]
    assert first["p"] == dossier["incidents"][0]["occurrence"]["p"]
    assert (first["seen_p"], first["seen_low"], first["seen_high"]) == (0.4, 0.15, 0.675)
    assert [quiet[key] for key in NO_PROBABILITY] == [None] * 3
    assert (quiet["prior_odds"], quiet["seen_p"]) == (1, None)
    read = list(csv.DictReader(io.StringIO(assessments_csv(rows).decode())))
    assert read[0]["seen_p"] == "0.4"
    assert {row["p"] for row in read if row["incident"] == "i-2222"} == {""}
    features = json.loads(incidents_geojson(dossier))["features"]
    assert features[0]["properties"]["seen_p"] == 0.4
    assert features[1]["properties"]["p"] is None
