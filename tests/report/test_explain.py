"""From a key to the bytes, and clear words where a key fits nothing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from tests.report.builders import inputs, result

from truceline.errors import TruceError
from truceline.report.dossier import build_dossier
from truceline.report.explain import explain, find_incident
from truceline.report.plain import Item

LINES = ["id,wording", "C001,lines without power", "C002,\x1b[31mred\u202e", "C003," + "x" * 900]
RAW = "\r\n".join(LINES).encode()


@pytest.fixture(scope="module")
def dossier() -> Item:
    sealed = replace(inputs()[0], sha256=hashlib.sha256(RAW).hexdigest())
    return build_dossier(result(inputs=(sealed, *inputs()[1:])), "0.1.0")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "claims.csv").write_bytes(RAW)
    return tmp_path


@pytest.mark.parametrize(
    ("key", "found"), [("i-1111", "i-1111"), ("i-2", "i-2222"), ("C004", "i-2222")]
)
def test_key_is_an_incident_a_prefix_or_a_claim(dossier: Item, key: str, found: str) -> None:
    assert find_incident(dossier, key)["id"] == found
    assert explain(dossier, key).startswith(f"INCIDENT {found}\n")


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("i-11", "fits 2 incidents.*\n.*\n.*i-1111, i-1122"),
        ("C009", "is no incident and no claim.*\n.*\n.*C00"),
        ("", "is no incident and no claim"),
        ("zzz", "look into dossier.json"),
    ],
)
def test_unknown_key_lists_what_is_near(dossier: Item, key: str, told: str) -> None:
    with pytest.raises(TruceError, match=told):
        explain(dossier, key)


def test_everything_needed_to_redo_the_odds_is_told(dossier: Item) -> None:
    text = " ".join(explain(dossier, "i-1111").split())
    assert "4, 12.3, 40; 2 detections within 1 km [rows: heat#1]" in text
    assert "together, by multiplication: 40, 370, 3600" in text
    assert "Established from 10 on the low bound" in text
    assert "READING north, CLAUSE energy, Aland breach indicated, because" in text
    assert "1 clock: the clock was running [in_force] [rows: statements#S001]" in text
    assert "why these accounts" in explain(dossier, "C003").lower()


def test_rows_go_down_to_the_text_of_the_line(dossier: Item, case: Path) -> None:
    text = explain(dossier, "C001", case)
    assert "claims#C001: data/claims.csv, line 2" in text
    assert "> C001,lines without power\n" in text
    assert hashlib.sha256(RAW).hexdigest() in text
    assert "data/statements.csv is not in the case folder" in text
    assert "reports#R1: not listed in this dossier" in text


def test_changed_file_shows_no_text(dossier: Item, case: Path) -> None:
    (case / "data" / "claims.csv").write_bytes(RAW + b"\n")
    text = explain(dossier, "C001", case)
    assert "data/claims.csv has changed since the dossier was made" in text
    assert "> C001" not in text


def test_text_cannot_steer_the_terminal_and_is_cut(dossier: Item, case: Path) -> None:
    text = explain(dossier, "C002", case)
    assert "\x1b" not in text and "\u202e" not in text
    assert r"C002,\x1b[31mred" in text
    assert "x […]\n" in explain(dossier, "C003", case)


def test_other_incidents_are_named_as_such(dossier: Item) -> None:
    incident = find_incident(dossier, "i-3333")
    ground = {**incident["assessments"][0]["grounds"][0], "rows": ["incident#i-1111"]}
    assessment = {**incident["assessments"][0], "grounds": [ground]}
    changed = {**dossier, "incidents": [{**incident, "assessments": [assessment]}]}
    assert "incident#i-1111: another incident of this dossier" in explain(changed, "i-3333")
