"""Readings in pairs, proposals, conditions."""

from __future__ import annotations

import json

from tests.report.builders import agreement

from truceline.report.compare import compare_readings, compare_readings_data


def test_pair_of_readings_clause_by_clause() -> None:
    rows = compare_readings_data(agreement())
    assert [row["kind"] for row in rows] == ["readings", "proposal", "proposal", "conditions"]
    pair = rows[0]
    (clauses,) = pair["clauses"]
    assert clauses["relation"] == "second_contains_first"
    acts = clauses["scope"][0]
    assert (acts["dimension"], acts["only_first"]) == ("acts", [])
    assert "attempt_intercepted" in acts["only_second"]
    assert clauses["silence"]["first"] == {"acts": ["debris_of_interception"], "against": []}
    assert pair["clocks"]["both_run"] == {
        "from": "2031-03-24T23:00:00Z",
        "until": "2031-04-17T22:00:00Z",
    }
    assert pair["exit_rules"]["second"] is None
    json.dumps(rows)


def test_proposal_contains_what_it_contains() -> None:
    relations = {
        row["reading"]: row["relation"]
        for row in compare_readings_data(agreement())
        if row["kind"] == "proposal"
    }
    # it is wider in acts and objects than both; what a reading is silent on is not in it
    assert relations == {"north": "first_contains_second", "south": "first_contains_second"}


def test_text_shows_zone_and_utc_and_both_silences() -> None:
    text = compare_readings(agreement())
    assert (
        "clock of north: from 2031-03-18, until the start of 2031-04-18 (Europe/Berlin, for" in text
    )
    assert "in UTC 2031-03-17 23:00 UTC to 2031-04-17 22:00 UTC" in text
    assert text.count("is silent on: debris of interception") == 2
    assert "exit rule of south: none stated" in text
    assert "a settlement: no-arms" in text
    assert "none of them the main one" in text


def test_one_reading_has_nothing_to_be_compared_with() -> None:
    whole = agreement()
    single = whole.model_copy(update={"readings": whole.readings[:1]})
    rows = compare_readings_data(single)
    assert "readings" not in {row["kind"] for row in rows}
    assert "1 readings" not in compare_readings(single)
