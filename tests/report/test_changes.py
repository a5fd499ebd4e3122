"""What changed between two dossiers: empty for equal ones, and the mirror of the way back."""

from __future__ import annotations

import copy

import pytest
from tests.report.builders import result

from truceline.errors import BadInput
from truceline.report.changes import changes, nothing_differs, tell_changes
from truceline.report.dossier import build_dossier
from truceline.report.plain import Item


@pytest.fixture
def dossier() -> Item:
    return build_dossier(result(), "0.1.0")


def altered(dossier: Item) -> Item:
    """One claim dropped, one verdict, one reply, one threshold, one file and one clock changed."""
    made = copy.deepcopy(dossier)
    made["incidents"].pop(0)
    assessment = made["incidents"][0]["assessments"][0]
    assessment |= {"verdict": "undetermined", "because": "unattributed", "also": []}
    assessment["grounds"].append(
        {"step": 5, "code": "unattributed", "text": "it is open", "rows": ["claims#NEW"]}
    )
    made["incidents"][1]["accounts"][0]["response"] = "confirmed"
    made["generated_by"]["parameters"]["outline_deg"]["value"] = 9
    made["inputs"][0]["sha256"] = "0" * 64
    made["agreement"]["readings"][0]["clock"]["note"] = "changed"
    return made


def test_a_dossier_does_not_differ_from_itself(dossier: Item) -> None:
    found = changes(dossier, copy.deepcopy(dossier))
    assert nothing_differs(found)
    assert "Nothing differs" in tell_changes(dossier, dossier)


def test_every_kind_of_change_is_found_and_says_why(dossier: Item) -> None:
    found = changes(dossier, altered(dossier))
    assert found["claims"]["removed"] and not found["claims"]["added"]
    assert found["incidents"]["removed"] and not found["incidents"]["regrouped"]
    fields = [f["field"] for c in found["claims"]["changed"] for f in c["fields"]]
    assert fields == ["response"]
    assert [p["name"] for p in found["parameters"]] == ["outline_deg"]
    assert [t["what"] for t in found["terms"]] == ["clock"]
    assert found["inputs"]["changed"] == [dossier["inputs"][0]["path"]]
    (changed,) = [a for a in found["assessments"] if a["after"]["because"] == "unattributed"]
    codes = [why["code"] for why in changed["why"]]
    assert codes[0] == "ground_added" and {"rows", "parameters", "inputs"} <= set(codes)
    assert changed["why"][0]["rows"] == ["claims#NEW"]


def test_the_way_back_is_the_mirror(dossier: Item) -> None:
    other = altered(dossier)
    there, back = changes(dossier, other), changes(other, dossier)
    for key in ("claims", "incidents", "inputs"):
        assert there[key]["added"] == back[key]["removed"]
        assert there[key]["removed"] == back[key]["added"]
    assert [(c["before"], c["after"]) for c in there["counts"]] == [
        (c["after"], c["before"]) for c in back["counts"]
    ]
    assert [(a["id"], a["before"], a["after"]) for a in there["assessments"]] == [
        (a["id"], a["after"], a["before"]) for a in back["assessments"]
    ]


def test_claims_that_move_to_another_incident_are_a_regrouping(dossier: Item) -> None:
    other = copy.deepcopy(dossier)
    first, second = other["incidents"][0], other["incidents"][1]
    second["accounts"] += first["accounts"]
    other["incidents"].pop(0)
    found = changes(dossier, other)["incidents"]
    assert found["added"] == found["removed"] == []
    (group,) = found["regrouped"]
    assert group["after"]["id"] == second["id"] and len(group["before"]) == 2


def test_dossiers_of_two_cases_are_refused(dossier: Item) -> None:
    with pytest.raises(BadInput, match="two cases"):
        changes(dossier, {**dossier, "case": "another"})


@pytest.mark.parametrize("language", ["en", "de"])
def test_changes_are_told_in_every_language(dossier: Item, language: str) -> None:
    told = tell_changes(dossier, altered(dossier), language)
    assert ("unattributed" not in told) and told.startswith("# ")
