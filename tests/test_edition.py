"""What was known at a moment: no verdict may rest on what nobody had said yet."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.made import without_series
from truceline.domain.result import Result
from truceline.pipeline.edition import stated_terms
from truceline.pipeline.run import assess_case
from truceline.pipeline.write import write_dossier
from truceline.settings import Settings
from truceline.sources.casefile import Case, read_case

SETTINGS = Settings()


@pytest.fixture(scope="module")
def case(root: Path) -> Case:
    return without_series(read_case(root / "cases" / "energy-moratorium-2025"))


def edition(case: Case, day: str) -> Result:
    return assess_case(case, SETTINGS, datetime.fromisoformat(day).replace(tzinfo=UTC))


def readings(result: Result) -> list[str]:
    return [reading.id for reading in result.agreement.readings]


@pytest.mark.parametrize(
    ("day", "stated"),
    [
        ("2025-03-12", []),
        ("2025-03-22", ["white-house"]),
        ("2025-03-26", ["kremlin", "white-house"]),
        ("2025-04-17", ["kremlin", "kyiv", "white-house"]),
    ],
)
def test_a_reading_stands_once_its_clock_and_its_list_were_stated(
    case: Case, day: str, stated: list[str]
) -> None:
    found = edition(case, day)
    assert readings(found) == stated
    told = {check.code for check in found.checks}
    assert ("not_yet_stated" in told) == (len(stated) < 3)


@pytest.mark.parametrize("day", ["2025-03-22", "2025-04-01", "2025-04-10"])
def test_no_row_of_an_earlier_edition_was_known_later(case: Case, day: str) -> None:
    found = edition(case, day)
    claims = [a for i in found.incidents for a in i.accounts]
    assert all(a.known.by(found.as_of) for a in claims)
    assert all(a.corroboration is None and a.response == "unknown" for a in claims)
    known = {str(a.row) for a in claims}
    for area in found.areas:
        if area.partly_held:
            assert known & set(area.source.split(";"))
    said = {record.id for record in (*found.statements, *found.milestones)}
    for part in (*found.agreement.conditions, *found.agreement.proposals):
        assert said & set(part.source)
    for event in found.agreement.exit_events:
        assert set(event.source) <= said


def test_an_open_stretch_ahead_of_which_nobody_had_spoken_is_not_told(case: Case) -> None:
    text = json.dumps(
        [r.model_dump(mode="json") for r in edition(case, "2025-04-17").agreement.readings]
    )
    assert "declared its end on 18 April" not in text
    kyiv = case.agreement.reading("kyiv")
    (open_end,) = kyiv.clock.disputed
    said = {*kyiv.source, *kyiv.clock.source, *kyiv.clauses[0].must_not.source, *open_end.source}
    moment = datetime(2025, 4, 1, tzinfo=UTC)
    (then,) = stated_terms(case.agreement, said, set(), moment).readings
    assert then.clock.disputed == (open_end,)


@pytest.mark.parametrize(
    "day",
    [
        "2025-03-22",
        "2025-04-17",
        pytest.param("2025-03-12", marks=pytest.mark.slow),
        pytest.param("2025-03-26", marks=pytest.mark.slow),
    ],
)
def test_no_line_of_the_terms_cites_or_tells_what_was_said_later(case: Case, day: str) -> None:
    found, latest = edition(case, day), edition(case, "2025-12-31")
    said = {record.id for record in (*found.statements, *found.milestones)}
    later = {record.id for record in (*latest.statements, *latest.milestones)} - said
    text = json.dumps(found.agreement.model_dump(mode="json"), ensure_ascii=False)
    assert len(later) > 20
    assert not later & set(re.findall(r"\w+", text))
    assert all(part.source for part in found.agreement.conditions)


@pytest.mark.parametrize("day", ["2025-04-05", "2025-04-12"])
def test_a_region_cites_only_claims_of_then(case: Case, day: str) -> None:
    found = edition(case, day)
    known = {str(a.row) for i in found.incidents for a in i.accounts}
    held = [area for area in found.areas if area.source]
    assert held
    assert all(set(area.source.split(";")) <= known for area in held)


def test_terms_that_were_all_stated_are_whole(case: Case) -> None:
    from truceline.domain.agreement import cited

    said = {ref for _, ref in cited(case.agreement)}
    assert stated_terms(case.agreement, said, set(), case.file.as_of) == case.agreement


def test_a_record_is_whole_only_when_its_last_pixels_are_there(case: Case) -> None:
    midnight = datetime(2025, 4, 8, tzinfo=UTC)
    early, late = (assess_case(case, SETTINGS, midnight + timedelta(hours=h)) for h in (0, 4))

    def state(result: Result) -> set[str]:
        return {d.state.value for d in result.coverage if d.day.isoformat() == "2025-04-07"}

    assert state(early) == {"no_record"}
    assert state(late) and not state(late) & {"no_record", "no_pass"}


def test_an_edition_before_the_first_claim_is_empty_and_says_so(case: Case, tmp_path: Path) -> None:
    found = edition(case, "2025-03-01")
    assert found.incidents == () and found.n_claims_not_yet_known == 150
    written = write_dossier(found, case.folder, tmp_path / "out", SETTINGS)
    page = (written.folder / "dossier.html").read_text(encoding="utf-8")
    assert "0 claims" in page


def test_heat_cloud_and_reports_are_cut_at_the_moment_they_could_be_known(case: Case) -> None:
    from dataclasses import replace

    from tests.made import report
    from truceline.domain.provenance import Known
    from truceline.pipeline.edition import cut
    from truceline.sources.records import read_records

    records = read_records(case)
    moment = datetime(2025, 4, 7, 12, tzinfo=UTC)
    told = replace(
        records,
        reports=(
            report("R1", known=Known(moment)),
            report("R2", known=Known(moment + timedelta(hours=1))),
        ),
    )
    kept = cut(case, told, moment).records
    latest = max(h.observed_at for h in kept.heat)
    assert moment - timedelta(hours=12) < latest <= moment - timedelta(hours=3)
    assert max(c.day for c in kept.clouds).isoformat() == "2025-04-06"
    assert [r.id for r in kept.reports] == ["R1"]
