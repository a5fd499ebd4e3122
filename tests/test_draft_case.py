"""From documents to a dossier in one go: read, draft, run, verify, sign, run again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.program import truceline
from truceline.archive.reading import Reading, load_reading
from truceline.errors import BadInput
from truceline.pipeline.drafting import statements_sha256, write_draft
from truceline.pipeline.reading import Asked, read_documents, read_items, write_read
from truceline.sources.casefile import read_case
from truceline.words.actors import Registry
from truceline.words.claimslist import ClaimRow


def claim(key: str, accused: str, claimant: str, **changes: Any) -> ClaimRow:
    """One claim of a list; alike for everybody in all but the names."""
    row = ClaimRow(
        claim_id=key,
        event_date="2025-03-26",
        event_time_local="",
        accused_side=accused,
        claimant="a ministry",
        claimant_side=claimant,
        object_name="a substation",
        object_type="substation",
        place="Somewhere",
        admin_region="Some region",
        country_or_control=claimant,
        location_precision="district",
        weapon="drone",
        claimed_effect="says that it was hit",
        source_date="2025-03-27",
        date_precision="exact",
        inferred_notes="",
        act="hit",
        act_basis="was hit",
        act_certainty="stated",
    )
    return replace(row, **changes)


CLAIMS = (
    claim("C1", "RUS", "UKR"),
    claim("C2", "UKR", "RUS"),
    claim("C3", "UNKNOWN", "UKR"),
    claim("C4", "RUS", "UKR", country_or_control="not stated"),
)


@pytest.fixture(scope="module")
def reading(root: Path) -> Reading:
    paths = sorted((root / "docs" / "examples" / "read").glob("*.txt"))
    documents = read_documents(paths, Asked())
    return Reading(documents, read_items(documents, Registry.known(), lambda name: None))


@pytest.fixture
def case(reading: Reading, tmp_path: Path) -> Path:
    write_draft(tmp_path / "case" / "agreement.yaml", reading, Registry.known(), CLAIMS)
    return tmp_path / "case"


def sign(case: Path) -> None:
    terms = case / "agreement.yaml"
    text = terms.read_text(encoding="utf-8")
    signed = re.sub(r"(?m)^parties:", "signed: {by: A Person, on: 2025-04-01}\n\nparties:", text)
    terms.write_text(signed, encoding="utf-8")


def run(case: Path) -> dict[str, Any]:
    out = case.parent / "dossier"
    done = truceline("run", case, "--out", out)
    assert done.returncode == 0, done.stderr
    checked = truceline("verify", out, "--case", case)
    assert checked.returncode == 0, checked.stderr + checked.stdout
    dossier: dict[str, Any] = json.loads((out / "dossier.json").read_bytes())
    return dossier


def test_read_draft_run_verify_in_one_go(case: Path) -> None:
    dossier = run(case)
    assert dossier["agreement"]["draft"] is True
    assert dossier["title"] == "Drafted from 4 documents"
    assert {r["stated_by"] for r in dossier["agreement"]["readings"]} >= {"RUS", "UKR"}
    assert [row["line"] for row in dossier["quarantine"]] == [4, 5]  # no side, no territory
    found = [a for i in dossier["incidents"] for a in i["assessments"]]
    assert len(found) == 2 * len(dossier["agreement"]["readings"])
    assert {(a["verdict"], a["because"]) for a in found} == {("undetermined", "disputed_terms")}
    assert {g["code"] for a in found for g in a["grounds"]} == {"terms_unsigned"}
    for page in ("dossier.html", "brief.md"):
        text = (case.parent / "dossier" / page).read_text(encoding="utf-8")
        assert "a machine’s draft that nobody has signed" in text


def test_what_a_person_has_signed_is_judged(case: Path) -> None:
    sign(case)
    dossier = run(case)
    assert dossier["agreement"]["draft"] is False
    assert dossier["agreement"]["signed"] == {"by": "A Person", "on": "2025-04-01"}
    found = [a for i in dossier["incidents"] for a in i["assessments"]]
    assert "terms_unsigned" not in {g["code"] for a in found for g in a["grounds"]}
    assert {a["party"] for a in found} == {"RUS", "UKR"}
    brief = (case.parent / "dossier" / "brief.md").read_text(encoding="utf-8")
    assert "a machine’s draft that nobody has signed" not in brief


def test_every_cited_statement_is_in_the_ledger_and_in_the_file_that_was_read(
    case: Path, reading: Reading, tmp_path: Path
) -> None:
    write_read(tmp_path / "read", reading)
    agreement = read_case(case).agreement
    assert agreement.draft is not None
    assert agreement.draft.statements == statements_sha256(load_reading(tmp_path / "read").items)
    lines = (case / "data" / "statements.csv").read_text(encoding="utf-8").splitlines()
    ids = {line.partition(",")[0] for line in lines[1:]}
    assert ids <= {item.id for item in reading.items}
    assert {ref for one in agreement.readings for ref in one.source} <= ids


def test_no_text_of_a_document_is_in_the_ledger(case: Path, reading: Reading) -> None:
    ledger = (case / "data" / "statements.csv").read_text(encoding="utf-8")
    assert not [i.words for i in reading.items if len(i.words) > 25 and i.words in ledger]
    assert "texts/" in (case / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_same_documents_give_the_same_bytes(case: Path, reading: Reading) -> None:
    before = {p: p.read_bytes() for p in sorted(case.rglob("*")) if p.is_file()}
    written = write_draft(case / "agreement.yaml", reading, Registry.known(), CLAIMS)
    assert {p: p.read_bytes() for p in sorted(case.rglob("*")) if p.is_file()} == before
    assert set(written) <= set(before)


def test_a_folder_that_holds_other_things_is_left_alone(case: Path, reading: Reading) -> None:
    def write(path: Path) -> None:
        write_draft(path, reading, Registry.known())

    with pytest.raises(BadInput, match="would be called"):
        write(case / "draft.yaml")
    (case / "sources" / "mine.toml").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match=r"holds mine\.toml"):
        write(case / "agreement.yaml")
    (case / "sources" / "mine.toml").unlink()
    terms = case / "agreement.yaml"
    drafted = terms.read_text(encoding="utf-8")
    terms.write_text(drafted.replace("As stated by", "Stated by"), encoding="utf-8")
    with pytest.raises(BadInput, match="has edited the draft"):
        write(terms)
    sign(case)
    signed = (case / "agreement.yaml").read_bytes()
    with pytest.raises(BadInput, match="is signed"):
        write(case / "agreement.yaml")
    assert (case / "agreement.yaml").read_bytes() == signed
    (case / "agreement.yaml").unlink()
    with pytest.raises(BadInput, match="holds a case already"):
        write(case / "agreement.yaml")


def test_terms_of_a_person_are_never_overwritten(root: Path, reading: Reading) -> None:
    case = root / "src" / "truceline" / "starter" / "agreement.yaml"
    with pytest.raises(BadInput, match="written by a person"):
        write_draft(case, reading, Registry.known())


def test_a_draft_lies_beside_files_that_are_no_case(reading: Reading, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    write_draft(tmp_path / "agreement.yaml", reading, Registry.known(), as_of=date(2025, 5, 1))
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "mine\n"
    assert read_case(tmp_path).file.as_of.date() == date(2025, 5, 1)
