"""What changed between two dossiers: empty for equal ones, and the mirror of the way back."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from tests.report.builders import result

from truceline.errors import BadInput
from truceline.report.changes import PARTS, changes, nothing_differs, tell_changes, together
from truceline.report.codes import RESPONSES
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


def test_regrouped_incidents_are_assessed_against_each_that_held_their_claims(
    dossier: Item,
) -> None:
    other = copy.deepcopy(dossier)
    first, second = other["incidents"][0], other["incidents"][1]
    second["accounts"] += first["accounts"]
    second["assessments"][0] |= {"verdict": "undetermined", "because": "unattributed"}
    other["incidents"].pop(0)
    found = changes(dossier, other)["assessments"]
    moved = [a for a in found if a["id"] == second["id"]]
    assert {a["id_before"] for a in moved} == {first["id"], second["id"]}
    for a in moved:
        assert set(a["claims_before"]) < set(a["claims"])
        assert a["why"][0]["code"] == "regrouped"
    assert first["id"] in tell_changes(dossier, other)


def test_a_reading_that_came_is_the_reason_and_no_ground_is_listed(dossier: Item) -> None:
    name = dossier["agreement"]["readings"][0]["id"]
    other = copy.deepcopy(dossier)
    other["agreement"]["readings"].pop(0)
    for incident in other["incidents"]:
        incident["assessments"] = [a for a in incident["assessments"] if a["reading"] != name]
    found = changes(other, dossier)
    assert {"reading": name, "what": "added"} in found["terms"]
    ours = [a for a in found["assessments"] if a["reading"] == name]
    assert ours and all(a["before"] is None for a in ours)
    assert {why["code"] for a in ours for why in a["why"]} == {"terms"}
    assert sorted(i for row in together(ours) for i in row["ids"]) == sorted(a["id"] for a in ours)


def test_every_count_has_its_denominator_and_nothing_is_added_up_by_party(dossier: Item) -> None:
    other = copy.deepcopy(dossier)
    gone = other["incidents"].pop(0)
    count = next(c for c in other["counts"] if c["party"] in gone["accused"])
    count["n"] += 1
    (row,) = changes(dossier, other)["counts"]
    assert row["unit"] == "incident"
    accused = [count["party"] in i["accused"] for i in dossier["incidents"]]
    assert (row["of_before"], row["of_after"]) == (sum(accused), sum(accused) - 1)
    told = tell_changes(dossier, other)
    assert f"| {row['before']} / {row['of_before']} | {row['after']} / {row['of_after']} |" in told


@pytest.mark.parametrize("part", ["conditions", "proposals", "exit_events", "open_questions"])
def test_what_stands_beside_the_readings_is_compared_too(dossier: Item, part: str) -> None:
    other = copy.deepcopy(dossier)
    other["agreement"][part].pop()
    found = changes(dossier, other)
    assert found["terms"] == [{"reading": None, "what": part}]
    assert f"- {PARTS[part]}\n" in tell_changes(dossier, other)


@pytest.mark.parametrize("part", ["statements", "reports"])
def test_statements_and_field_reports_that_came_are_named(dossier: Item, part: str) -> None:
    other = copy.deepcopy(dossier)
    gone = other[part].pop()
    found = changes(other, dossier)
    assert found[part] == {"added": [gone["id"]], "removed": [], "changed": []}
    assert not nothing_differs(found)
    assert gone["id"] in tell_changes(other, dossier)


def test_a_changed_reply_is_told_before_and_after(dossier: Item) -> None:
    other = copy.deepcopy(dossier)
    account = other["incidents"][0]["accounts"][0]
    account["response"] = "confirmed"
    was, now = RESPONSES[dossier["incidents"][0]["accounts"][0]["response"]], "confirmed by the"
    told = tell_changes(dossier, other)
    assert f"- {account['claim']} changed: response\n  - response: {was} → {now}" in told


def test_replies_of_an_edition_that_tells_none_are_not_compared(dossier: Item) -> None:
    """Else a reply would seem to have come between the two."""
    early = copy.deepcopy(dossier)
    early["latest"] = not dossier["latest"]
    for incident in early["incidents"]:
        for account in incident["accounts"]:
            account |= {"response": "unknown", "response_scope": "none", "corroboration": None}
    found = changes(early, dossier)["claims"]
    assert found["changed"] == [] and "response" in found["not_compared"]
    assert "carry no date in the ledger" in tell_changes(early, dossier)


def test_words_of_a_source_steer_no_markdown(dossier: Item) -> None:
    other = copy.deepcopy(dossier)
    account: dict[str, Any] = other["incidents"][0]["accounts"][0]
    account["effect"] = "a | b\n# head ![x](https://e.example/x) <img> `code`"
    told = tell_changes(dossier, other)
    line = next(line for line in told.splitlines() if "effect:" in line)
    assert r"a \| b # head !\[x\](https://e.example/x) \<img> \`code\`" in line
