"""The small case that was judged by hand, its golden files, the starter case, and symmetry.

``cases/proof-small/expected.csv`` is written by hand from the rules and never by a program.
The files in ``tests/golden/proof-small`` are written by the program: after an intended change

    TRUCELINE_REGOLD=1 python -m pytest tests/golden

rewrites them.  Read the difference before you commit it.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.golden.swap import swap_case

from truceline.archive import seal
from truceline.archive.atomic import MANIFEST
from truceline.domain.result import Result
from truceline.domain.verdict import REASONS, ExitState, Reason, Verdict
from truceline.pipeline.run import assess_case
from truceline.pipeline.starter import write_starter
from truceline.pipeline.write import write_dossier
from truceline.settings import Settings
from truceline.sources.casefile import read_case

GOLDEN = Path(__file__).with_name("proof-small")
GOLDEN_FILES = ("dossier.json", "assessments.csv", "incidents.geojson")
REGOLD = "TRUCELINE_REGOLD"
CASES = ("proof-small", "energy-moratorium-2025")
JOINED = ("K04", "K05")


class Key(NamedTuple):
    """A claim, under a reading, for the party that the claim accuses."""

    claim: str
    reading: str
    party: str


class Answer(NamedTuple):
    """What is found, as it stands in the columns of the table."""

    verdict: str
    because: str
    also: str
    exit_state: str


def run(case: Path) -> Result:
    return assess_case(read_case(case), Settings())


def answers(result: Result) -> dict[Key, Answer]:
    """Every assessment by the claims that accuse its party."""
    incidents = {incident.id: incident for incident in result.incidents}
    return {
        Key(claim.id, found.reading, found.party): Answer(
            found.verdict, found.because, ";".join(found.also), found.exit_state
        )
        for found in result.assessments
        for claim in incidents[found.incident].accusing(found.party)
    }


@pytest.fixture(scope="module")
def case(root: Path) -> Path:
    return root / "cases" / "proof-small"


@pytest.fixture(scope="module")
def result(case: Path) -> Result:
    return run(case)


@pytest.fixture(scope="module")
def rows(case: Path) -> list[dict[str, str]]:
    with (case / "expected.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# --- the table that was worked out by hand ------------------------------------------------------


def test_the_program_finds_what_was_worked_out_by_hand(
    result: Result, rows: list[dict[str, str]]
) -> None:
    expected = {
        Key(*(row[name] for name in Key._fields)): Answer(*(row[name] for name in Answer._fields))
        for row in rows
    }
    found = answers(result)
    assert len(expected) == len(rows)
    assert found.keys() == expected.keys()
    differ = {key: (expected[key], found[key]) for key in found if found[key] != expected[key]}
    assert not differ


def test_every_code_occurs_in_the_table(rows: list[dict[str, str]]) -> None:
    assert {row["verdict"] for row in rows} == set(Verdict)
    assert {row["because"] for row in rows} == set(Reason)
    assert {row["exit_state"] for row in rows} == set(ExitState)
    assert {(Verdict(row["verdict"]), Reason(row["because"])) for row in rows} == {
        (verdict, reason) for verdict, reasons in REASONS.items() for reason in reasons
    }


def test_every_row_of_the_table_says_why(rows: list[dict[str, str]]) -> None:
    assert [row for row in rows if not row["why"].endswith(".") or len(row["why"]) < 30] == []


def test_every_claim_is_in_exactly_one_incident(case: Path, result: Result) -> None:
    with (case / "data" / "claims.csv").open(encoding="utf-8", newline="") as stream:
        ids = [row["claim_id"] for row in csv.DictReader(stream)]
    found = Counter(account.id for incident in result.incidents for account in incident.accounts)
    assert found == Counter(ids)


def test_two_opposing_accounts_are_joined_by_content_and_nothing_else_is(result: Result) -> None:
    several = [i for i in result.incidents if len(i.accounts) > 1]
    assert [tuple(account.id for account in i.accounts) for i in several] == [JOINED]
    (one,) = several
    assert len(one.accused) == 2
    assert [line.origin_id for line in result.evidence[one.id].lines].count(
        "harbour-paper-middleford"
    ) == 1
    assert not result.checks


# --- the same bytes -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dossier(case: Path, result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("golden") / "out"
    write_dossier(result, case, out, Settings())
    return out


@pytest.mark.parametrize("name", GOLDEN_FILES)
def test_golden_files(dossier: Path, name: str) -> None:
    data = (dossier / name).read_bytes()
    golden = GOLDEN / name
    if os.environ.get(REGOLD) == "1":
        GOLDEN.mkdir(exist_ok=True)
        golden.write_bytes(data)
    advice = f"{name} differs from the golden file; if that is intended, set {REGOLD}=1 and run"
    assert golden.read_bytes() == data, advice


def test_a_second_run_writes_the_same_bytes(case: Path, dossier: Path, tmp_path: Path) -> None:
    write_dossier(run(case), case, tmp_path / "out", Settings())
    names = [name for name in sorted(p.name for p in dossier.iterdir()) if name != seal.SIDECAR]
    assert MANIFEST in names
    for name in names:
        assert (tmp_path / "out" / name).read_bytes() == (dossier / name).read_bytes(), name


# --- the starter case ---------------------------------------------------------------------------


def test_the_starter_case_runs_and_verifies(tmp_path: Path) -> None:
    mine, out = tmp_path / "mine", tmp_path / "out"
    write_starter(mine)
    result = run(mine)
    written = write_dossier(result, mine, out, Settings())
    items = seal.verify(out, mine, written.digest, False)
    assert seal.exit_code(items) == 0, "\n".join(map(str, items))
    assert {found.verdict for found in result.assessments} == set(Verdict) - {
        Verdict.NO_BREACH_INDICATED
    }
    assert not result.checks and not result.quarantine


# --- one standard for both sides ----------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_swapping_the_parties_swaps_the_results_and_nothing_else(
    root: Path, tmp_path: Path, name: str
) -> None:
    case = root / "cases" / name
    if not case.is_dir():
        pytest.skip(f"no case {name} in this checkout")
    other = swap_case(case, tmp_path / "swapped")
    plain, swapped = run(case), run(tmp_path / "swapped")
    back = {
        Key(claim, reading, other[party]): found
        for (claim, reading, party), found in answers(swapped).items()
    }
    assert answers(plain) == back
    assert _who(plain, {}) == _who(swapped, other)


def _who(result: Result, other: dict[str, str]) -> dict[tuple[str, ...], tuple[object, ...]]:
    """Who could have acted, and the strength of all lines, by the claims of the incident."""
    found: dict[tuple[str, ...], tuple[object, ...]] = {}
    for incident in result.incidents:
        proof = result.evidence[incident.id]
        found[tuple(account.id for account in incident.accounts)] = (
            sorted(other.get(party, party) for party in proof.attribution.parties),
            proof.attribution.settled,
            proof.match.answer,
            [(line.family, line.says, line.lr_low, line.lr, line.lr_high) for line in proof.lines],
        )
    return found
