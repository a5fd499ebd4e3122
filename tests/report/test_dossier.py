"""The dossier as data: keys, counts, licences and the same bytes every time."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import replace

import pytest
from tests.report.builders import agreement, assessments, inputs, result

from truceline.domain.claim import Origin
from truceline.domain.incident import Says
from truceline.domain.observation import LookState
from truceline.domain.place import InRegistry, Precision
from truceline.domain.verdict import ExitState, Reason, Verdict
from truceline.report import codes
from truceline.report.counts import count_assessments
from truceline.report.dossier import build_dossier, dossier_json
from truceline.report.explain import cited_rows
from truceline.report.limits import limits
from truceline.report.matrix import matrix_rows, tell_matrix
from truceline.report.page import tell_page
from truceline.report.plain import Item
from truceline.report.tables import (
    ASSESSMENT_COLUMNS,
    assessments_csv,
    assessments_rows,
    incidents_geojson,
    protected_objects_odbl,
    quarantine_csv,
)
from truceline.thresholds import ALL

DESIGN_KEYS = [
    "schema",
    "case",
    "as_of",
    "generated_by",
    "agreement",
    "inputs",
    "counts",
    "incidents",
    "coverage",
    "rates",
    "statements",
    "limits",
]

INCIDENT_KEYS = [
    "id",
    "occurred",
    "place",
    "object_class",
    "accounts",
    "protected_object",
    "lines",
    "attribution",
    "assessments",
]


@pytest.fixture(scope="module")
def dossier() -> Item:
    return build_dossier(result(), "0.1.0")


def test_keys_of_the_contract(dossier: Item) -> None:
    assert set(DESIGN_KEYS) <= set(dossier)
    assert dossier["schema"] == "truceline-dossier/1"
    assert dossier["edition"] == "INTERNAL EDITION"
    for incident in dossier["incidents"]:
        assert set(INCIDENT_KEYS) <= set(incident)
    first = dossier["incidents"][0]
    assert first["occurred"] == {
        "from": "2031-03-19T23:00:00Z",
        "until": "2031-03-20T23:00:00Z",
        "precision": "day",
    }
    assert (first["place"]["lat"], first["place"]["lon"]) == (12.34, 34.57)
    assert first["lines"][0]["lr"] == 12.3457
    assert first["looks"][0]["cloud_share"] == 0.12
    reading = dossier["agreement"]["readings"][0]
    assert reading["in_force"] == {"from": "2031-03-17T23:00:00Z", "until": "2031-04-17T22:00:00Z"}


def test_every_threshold_is_written_with_its_reason(dossier: Item) -> None:
    parameters = dossier["generated_by"]["parameters"]
    assert set(ALL) < set(parameters)
    assert parameters["established_lr"]["unit"] == ALL["established_lr"].unit
    assert parameters["heat_model"] == {"version": 1, "classes": ["oil"]}
    with pytest.raises(ValueError, match="established_lr"):
        build_dossier(result(parameters={"established_lr": 1}), "0.1.0")


def test_counts_add_up_to_the_incidents_of_the_party(dossier: Item) -> None:
    sums: Counter[tuple[str, str]] = Counter()
    for count in dossier["counts"]:
        assert count["unit"] == "incident" and count["n"] > 0
        sums[count["reading"], count["party"]] += count["n"]
    accused = Counter(party for i in dossier["incidents"] for party in i["accused"])
    assert accused == {"A": 3, "B": 2}
    assert sums == {(reading, p): accused[p] for reading in ("north", "south") for p in "AB"}
    assert all(count["of"] == accused[count["party"]] for count in dossier["counts"])


def test_missing_or_doubled_assessment_is_no_dossier() -> None:
    for wrong in (assessments()[1:], (*assessments(), assessments()[0])):
        with pytest.raises(ValueError, match=r"north, A: \d assessments, 3 incidents"):
            count_assessments(result(assessments=wrong))


def test_counts_agree_in_json_csv_geojson_and_page(dossier: Item) -> None:
    table = list(csv.DictReader(io.StringIO(assessments_csv(assessments_rows(dossier)).decode())))
    keys = ("reading", "accused", "verdict", "because")
    by_csv = Counter(tuple(row[key] for key in keys) for row in table)
    by_json = {
        (c["reading"], c["party"], c["verdict"], c["because"]): c["n"] for c in dossier["counts"]
    }
    assert by_csv == by_json
    collection = json.loads(incidents_geojson(dossier))
    by_map = Counter(
        (a["reading"], a["party"], a["verdict"], a["because"])
        for feature in collection["features"]
        for a in feature["properties"]["assessments"]
    )
    assert by_map == by_json
    page = tell_page(dossier)
    for row in matrix_rows(dossier):
        for verdict, label in codes.VERDICTS.items():
            n = row["verdicts"][verdict]
            assert n == sum(b["n"] for b in row["because"] if b["verdict"] == verdict)
            zero = " zero" if not n else ""
            assert f'<td class="n{zero}" data-label="{label}">{n}</td>' in page
    assert page.count('<details class="incident"') == len(dossier["incidents"])


def test_matrix_names_who_made_the_claims(dossier: Item) -> None:
    rows = matrix_rows(dossier)
    assert [(row["reading"], row["party"]) for row in rows] == [
        ("north", "A"),
        ("north", "B"),
        ("south", "A"),
        ("south", "B"),
    ]
    assert [(c["side"], c["n"]) for c in rows[1]["claims_made_by"]] == [("A", 1), ("other", 1)]
    told = tell_matrix(dossier)
    assert "Belland accused in 2 incidents; claims made by Aland (1) and others, neither" in told
    assert codes.STYLE_NOTE in told and codes.DOUBLE_NOTE in told


def test_party_that_nobody_accuses_keeps_its_row() -> None:
    whole = result()
    mine = tuple(i for i in whole.incidents if "B" not in i.accused)
    ids = {incident.id for incident in mine}
    kept = tuple(a for a in whole.assessments if a.incident in ids)
    rows = matrix_rows(build_dossier(result(incidents=mine, assessments=kept), "0.1.0"))
    assert [(row["party"], row["of"]) for row in rows] == [("A", 2), ("B", 0), ("A", 2), ("B", 0)]
    assert "claims made by nobody" in tell_matrix(
        build_dossier(result(incidents=mine, assessments=kept), "0.1.0")
    )


# --- licences ---------------------------------------------------------------------------------


def test_what_derives_from_odbl_stands_in_its_own_file_only(dossier: Item) -> None:
    own = json.loads(protected_objects_odbl(result()))["incidents"]
    assert set(own) == {"i-1111", "i-1122", "i-2222"}
    assert own["i-1122"] == [
        {
            "id": "osm-9",
            "name": "Hidden Name",
            "object_class": "substation",
            "registry": "osm",
            "row": "osm#osm-9",
            "distance_km": 0.3,
            "licence": "ODbL 1.0",
            "attribution": "attribution of osm",
        }
    ]
    rest = [
        dossier_json(dossier),
        tell_page(dossier).encode(),
        assessments_csv(assessments_rows(dossier)),
        incidents_geojson(dossier),
    ]
    for raw in rest:
        assert b"Hidden Name" not in raw and b"osm-9" not in raw
    mixed, only, _, none = (i["protected_object"] for i in dossier["incidents"])
    assert (mixed["id"], mixed["distance_km"], mixed["candidates"]) == ("wri-1", 0.4, 1)
    assert mixed["see"] == only["see"] == "protected_objects.odbl.json"
    assert "id" not in only and "see" not in none


def test_registry_that_no_input_declares_counts_as_separate() -> None:
    dossier = build_dossier(result(inputs=inputs()[:3]), "0.1.0")
    assert "Plant North" not in dossier_json(dossier).decode()
    assert "Plant North" in protected_objects_odbl(result(inputs=inputs()[:3])).decode()


# --- the same every time ----------------------------------------------------------------------


def test_two_builds_give_the_same_bytes() -> None:
    first, second = (build_dossier(result(), "0.1.0") for _ in range(2))
    assert dossier_json(first) == dossier_json(second)
    assert tell_page(first) == tell_page(second)
    rows = dict(reversed(result().rows.items()))
    assert dossier_json(build_dossier(result(rows=rows), "0.1.0")) == dossier_json(first)


def test_dossier_survives_json(dossier: Item) -> None:
    again = json.loads(dossier_json(dossier))
    assert again == dossier
    assert tell_page(again) == tell_page(dossier)


# --- words ------------------------------------------------------------------------------------


def test_every_code_has_its_words() -> None:
    assert set(codes.VERDICTS) == {v.value for v in Verdict}
    assert set(codes.REASONS) == {r.value for r in Reason}
    assert set(codes.EXIT_STATES) == {e.value for e in ExitState}
    assert set(codes.ORIGINS) == {o.value for o in Origin}
    assert set(codes.PLACES) == {p.value for p in Precision}
    assert set(codes.LOOKS) == {state.value for state in LookState}
    assert set(codes.SAYS) == {s.value for s in Says}
    assert set(codes.REGISTRY) == {r.value for r in InRegistry}


def test_headline_is_computed(dossier: Item) -> None:
    decided, sides, open_, looks, claims = dossier["headline"]
    assert "5 claims" in claims and "4 incidents" in claims and "2 claims" in claims
    assert "Aland is accused in 3 incidents, by claims of: Belland (3)" in sides
    assert sides.index("Aland") < sides.index("Belland") and codes.SHORT_NOTE in sides
    assert "Of 5 pairs" in open_ and "3 under the reading “north”" in open_
    assert looks.startswith("1 of 4 incidents had") and "In the other 3" in looks
    assert decided.startswith("Of 4 incidents") and "“breach indicated” in 1" in decided
    assert "undetermined under every reading 1;" in decided


def test_headline_and_limits_of_an_empty_edition() -> None:
    empty = result(incidents=(), assessments=(), evidence={}, coverage=(), links=(), reports=())
    dossier = build_dossier(empty, "0.1.0")
    assert dossier["counts"] == []
    assert "No coverage is on record" in tell_page(dossier)
    assert any(sentence.startswith("0 of 0 claims") for sentence in limits(empty))


def test_own_note_of_a_case_stands_beside_the_general_one() -> None:
    told = build_dossier(result(note_on_counts="B prints totals."), "0.1.0")
    assert told["publication_note"] == f"{codes.STYLE_NOTE} B prints totals."


def test_names_exchanged_exchange_the_words_and_nothing_else() -> None:
    """Parties A and B swap their names: every sentence swaps them, and no other word moves."""
    plain = agreement()
    a, b = plain.parties["A"], plain.parties["B"]
    renamed = {
        "A": a.model_copy(update={"name": b.name}),
        "B": b.model_copy(update={"name": a.name}),
    }
    swapped = result(agreement=plain.model_copy(update={"parties": renamed}))
    told = build_dossier(swapped, "0.1.0")["headline"]
    back = [
        s.replace("Aland", "?").replace("Belland", "Aland").replace("?", "Belland") for s in told
    ]
    assert back == build_dossier(result(), "0.1.0")["headline"]


# --- tables -----------------------------------------------------------------------------------


def test_assessment_rows(dossier: Item) -> None:
    rows = assessments_rows(dossier)
    assert len(rows) == 10
    assert all(tuple(row) == ASSESSMENT_COLUMNS for row in rows)
    first = rows[0]
    assert (first["n_lines"], first["lr_low"], first["lr_high"]) == (2, 40.0, 3600.0)
    counter = next(row for row in rows if row["incident"] == "i-2222" and row["accused"] == "A")
    assert (counter["claims"], counter["claimed_by"]) == ("C004", "B")
    last = rows[-1]
    assert (last["lat"], last["acts"], last["also"]) == (None, "", "class_unknown")
    unusable = next(row for row in rows if row["incident"] == "i-1122")
    assert (unusable["n_lines"], unusable["lr_low"]) == (0, 1.0)


def test_geojson_point_says_what_it_stands_for(dossier: Item) -> None:
    features = json.loads(incidents_geojson(dossier))["features"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [34.57, 12.34]}
    assert features[2]["properties"]["point_is"] == codes.PLACES["settlement"]
    assert features[3]["geometry"] is None


def test_quarantine_table(dossier: Item) -> None:
    expected = b"source,line,field,what,expected\nclaims,9,lat,'north',degrees\n"
    assert quarantine_csv(dossier) == expected
    none = build_dossier(result(quarantine=()), "0.1.0")
    assert quarantine_csv(none) == b"source,line,field,what,expected\n"


def test_formula_in_a_place_name_is_not_run_by_a_spreadsheet() -> None:
    whole = result()
    first = whole.incidents[0].preferred
    bad = replace(first, place=replace(first.place, name='=HYPERLINK("x")'))
    incident = replace(whole.incidents[0], accounts=(bad,), preferred=bad)
    told = build_dossier(result(incidents=(incident, *whole.incidents[1:])), "0.1.0")
    assert b"\"'=HYPERLINK" in assessments_csv(assessments_rows(told))


def test_cited_rows_are_listed_once_in_order(dossier: Item) -> None:
    assert cited_rows(dossier["incidents"][0]) == [
        "claims#C001",
        "heat#1",
        "reports#R1",
        "statements#S001",
    ]
