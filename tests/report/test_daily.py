"""The daily report: what it counts, what it may not say, and the same for both sides."""

from __future__ import annotations

import copy
import json
import os
import re
from datetime import date
from pathlib import Path

import pytest
from tests.golden.swap import swap_case
from tests.made import without_series

from truceline.errors import BadInput
from truceline.pipeline.daily import daily_editions, write_daily
from truceline.report.daily import build_daily, daily_data, tell_daily
from truceline.report.plain import Item
from truceline.settings import Settings
from truceline.sources.casefile import read_case

CASE = "energy-moratorium-2025"
PROOF = "proof-small"
PROOF_DAY = date(2019, 4, 23)
Editions = tuple[Item, Item]
GOLDEN = Path(__file__).parents[1] / "golden" / PROOF
REGOLD = "TRUCELINE_REGOLD"
INCIDENT = re.compile(r"\bi-[0-9a-f]{10}\b")


@pytest.fixture(scope="module")
def april(root: Path) -> Editions:
    return daily_editions(read_case(root / "cases" / CASE), date(2025, 4, 12), Settings())


def test_it_counts_what_the_ledger_dates_and_says_how_sure_the_day_is(april: Editions) -> None:
    """Hand-checked in claims.csv: C105 to C108 are lists of 12 April, give or take a day."""
    report = build_daily(*april, date(2025, 4, 12))
    assert [c for e in report["incidents"] for c in e["new"]] == ["C106", "C107", "C108", "C105"]
    assert not any(entry["certain"] for entry in report["incidents"])
    rows = {row["region"]: row for row in report["regions"]}
    assert rows["Kursk region"]["day"] == {"n": 2, "n_certain": 0}
    assert rows["Bryansk region"]["previous"] == {"n": 2, "n_certain": 1}
    assert list(rows) == sorted(rows)
    assert {c["reading"]: c["states"] for c in report["clocks"]} == {
        "kremlin": ["in_force"],
        "kyiv": ["in_force"],
        "white-house": ["disputed"],
    }
    (seen,) = report["coverage"]
    assert seen["sensor"] == "MODIS" and sum(seen["states"].values()) == seen["n_regions"]


def test_replies_without_a_date_are_not_told_as_missing(april: Editions) -> None:
    told = tell_daily(*april, date(2025, 4, 12), "daily.md")
    assert "no reply of the other side was found" not in told
    assert "Replies of the other side carry no date" in told


@pytest.mark.parametrize(
    ("day", "states"),
    [
        (date(2025, 3, 17), {"kremlin": ["disputed", "not_in_force"]}),
        (date(2025, 3, 24), {"kyiv": ["in_force", "not_in_force"]}),
        (date(2025, 4, 18), {"kremlin": ["not_in_force"], "kyiv": ["disputed"]}),
    ],
)
def test_clocks_leap_where_the_readings_say(root: Path, day: date, states: Item) -> None:
    editions = daily_editions(without_series(read_case(root / "cases" / CASE)), day, Settings())
    found = {c["reading"]: c["states"] for c in build_daily(*editions, day)["clocks"]}
    assert {name: found[name] for name in states if name in found} == {
        name: value for name, value in states.items() if name in found
    }
    assert found or day < date(2025, 3, 19)


def test_every_claim_has_a_speaker_and_the_label(april: Editions) -> None:
    told = tell_daily(*april, date(2025, 4, 12), "daily.md")
    for line in told.splitlines():
        if line.startswith("- Claimed:"):
            assert "(side: " in line and " accuses " in line and "[C" in line
    assert "paraphrase, not a quotation" in told
    german = tell_daily(*april, date(2025, 4, 12), "daily.html", "de")
    assert "Paraphrase, kein Zitat" in german and '<i lang="en">' in german


def test_a_day_that_the_case_does_not_reach_is_refused(root: Path) -> None:
    with pytest.raises(BadInput, match="lies after"):
        daily_editions(read_case(root / "cases" / CASE), date(2025, 5, 11), Settings())


def test_a_day_without_claims_does_not_say_that_all_was_quiet(root: Path) -> None:
    day = date(2025, 4, 21)
    editions = daily_editions(without_series(read_case(root / "cases" / CASE)), day, Settings())
    told = tell_daily(*editions, day, "daily.md")
    assert "That does not say that nothing happened." in told


@pytest.mark.parametrize(
    ("name", "day"),
    [
        (PROOF, date(2019, 4, 23)),
        (CASE, date(2025, 4, 12)),
        pytest.param(CASE, date(2025, 3, 25), marks=pytest.mark.slow),
    ],
)
def test_swapped_parties_swap_the_report_and_change_nothing_else(
    root: Path, tmp_path: Path, name: str, day: date
) -> None:
    """A code takes its name along, so that the two texts are equal but for ids of incidents,
    and for the list of speakers, which stands in the order of codes."""
    case = root / "cases" / name
    swap_case(case, tmp_path / "swapped")
    ours, theirs = (
        tell_daily(*daily_editions(read_case(folder), day, Settings()), day, "daily.md")
        for folder in (case, tmp_path / "swapped")
    )

    def alike(told: str) -> str:
        (made,) = re.findall(r"by side of the speaker: (.*?)\. ", told)
        return INCIDENT.sub("i", told).replace(made, str(sorted(made.split(" and "))))

    assert alike(ours) == alike(theirs)


def test_files_are_written_in_all_languages_and_others_stay(
    root: Path, tmp_path: Path, april: Editions
) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    case = read_case(root / "cases" / CASE)
    paths = write_daily(case, date(2025, 4, 12), tmp_path, april)
    first = {path.name: path.read_bytes() for path in paths}
    assert set(first) == {
        f"daily-2025-04-12.{end}" for end in ("json", "html", "de.html", "md", "de.md")
    }
    write_daily(case, date(2025, 4, 12), tmp_path, april)
    assert {path.name: path.read_bytes() for path in paths} == first
    assert {p.name for p in tmp_path.iterdir()} == {*first, "mine.txt"}


# --- the small case -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def proof(root: Path) -> Editions:
    return daily_editions(read_case(root / "cases" / PROOF), PROOF_DAY, Settings())


@pytest.mark.parametrize("form", ["md", "json"])
def test_golden_files(root: Path, tmp_path: Path, proof: Editions, form: str) -> None:
    name = f"daily-{PROOF_DAY}.{form}"
    write_daily(read_case(root / "cases" / PROOF), PROOF_DAY, tmp_path, proof)
    data = (tmp_path / name).read_bytes()
    if os.environ.get(REGOLD) == "1":
        (GOLDEN / name).write_bytes(data)
    advice = f"{name} differs from the golden file; if that is intended, set {REGOLD}=1 and run"
    assert (GOLDEN / name).read_bytes() == data, advice


def test_field_reports_of_the_day_are_counted_by_hand(proof: Editions) -> None:
    """By hand: of reports.csv R06, R07 and R08 are of 23 April; R07 becomes known later."""
    report = build_daily(*proof, PROOF_DAY)
    assert [r["id"] for r in report["reports"]] == ["R06", "R08"]
    assert "2 field reports of this day" in tell_daily(*proof, PROOF_DAY, "daily.md")


def test_a_case_with_observers_never_says_that_nobody_was_in_the_field(root: Path) -> None:
    day = date(2019, 4, 21)
    editions = daily_editions(read_case(root / "cases" / PROOF), day, Settings())
    told = tell_daily(*editions, day, "daily.md")
    assert "0 field reports of this day" in told and "No observer" not in told


def test_the_day_before_anything_was_known_is_refused(root: Path) -> None:
    with pytest.raises(BadInput, match="nothing was known yet"):
        daily_editions(read_case(root / "cases" / PROOF), date(2019, 4, 7), Settings())


def test_an_edition_that_knows_replies_tells_them_in_a_column(proof: Editions) -> None:
    latest = {**proof[0], "latest": True}
    told = tell_daily(latest, proof[1], PROOF_DAY, "daily.md")
    assert "| reply |" in told and "carry no date" not in told
    table = [
        line
        for line in told.splitlines()
        if line.startswith(("| K", "|---|---|---|---|---|---|---|"))
    ]
    assert {line.count("|") for line in table} == {9}
    assert "| reply |" not in tell_daily(*proof, PROOF_DAY, "daily.md")


# --- what a partisan or a tired reader would stumble over ---------------------------------------


@pytest.mark.parametrize(
    ("day", "claims", "dated"),
    [
        (date(2025, 3, 25), ["C021"], {"C021": (False, False, False)}),
        (date(2025, 4, 18), ["C150"], {"C150": (False, False, True)}),
    ],
)
def test_claims_of_a_day_by_hand(root: Path, day: date, claims: list[str], dated: Item) -> None:
    """By hand in claims.csv: C021 is of 24 March, printed on the 25th.  C150, printed on
    18 April, has no date at all.  C023 happened on 25 March and was printed later."""
    editions = daily_editions(without_series(read_case(root / "cases" / CASE)), day, Settings())
    entries = build_daily(*editions, day)["incidents"]
    assert [c for e in entries for c in e["new"]] == claims
    assert {e["new"][0]: (e["dated"], e["certain"], e["undated"]) for e in entries} == dated


def test_an_incident_without_a_date_is_not_said_to_be_of_another_day(root: Path) -> None:
    day = date(2025, 4, 18)
    editions = daily_editions(without_series(read_case(root / "cases" / CASE)), day, Settings())
    told = tell_daily(*editions, day, "daily.md")
    (head,) = [line for line in told.splitlines() if line.startswith("### C150")]
    assert head.endswith(": time not known")
    assert "1 incident of this report has no known day" in told


def test_a_leap_into_force_is_told_once_and_not_claim_by_claim(root: Path) -> None:
    """On 25 March the list of one reading was published: 21 claims are assessed by it anew."""
    day = date(2025, 3, 25)
    editions = daily_editions(without_series(read_case(root / "cases" / CASE)), day, Settings())
    report = build_daily(*editions, day)
    assert len(report["changed"]) == 21
    assert {(a["reading"], a["before"]) for a in report["changed"]} == {("kremlin", None)}
    told = tell_daily(*editions, day, "daily.md")
    part = told.split("## Assessments that changed")[1].split("\n## ")[0]
    assert part.count("\n- **") == 6 and "new ground" not in part


def test_no_limit_says_that_replies_were_looked_for(april: Editions) -> None:
    assert any("no reply" in limit for limit in april[0]["limits"])
    report = build_daily(*april, date(2025, 4, 12))
    assert report["limits"] and not any("no reply" in limit for limit in report["limits"])
    for language in ("en", "de"):
        assert "{" not in tell_daily(*april, date(2025, 4, 12), "daily.md", language)


def test_every_number_of_the_table_of_regions_is_that_of_the_item(april: Editions) -> None:
    report = daily_data(*april, date(2025, 4, 12))
    told = tell_daily(*april, date(2025, 4, 12), "daily.md").splitlines()
    for row in report["regions"]:
        (line,) = [line for line in told if line.startswith(f"| {row['region']} |")]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for cell, part in zip(cells[1:3], (row["day"], row["previous"]), strict=True):
            maybe = part["n"] - part["n_certain"]
            plus = f" (+{maybe})" if maybe else ""
            assert cell == (f"{part['n_certain']}{plus}" if part["n"] else "none on record")
        assert float(cells[3]) == row["week_mean_per_day"]
        assert sum(map(int, re.findall(r": (\d+)", cells[4]))) == sum(
            made["n"] for made in row["claims_new"]
        )
    assert [f"{i}. {s}" for i, s in enumerate(report["summary"], 1)] == [
        line for line in told if re.match(r"\d\. ", line)
    ]


def test_json_tells_its_sentences_in_words(april: Editions) -> None:
    summary = json.dumps(daily_data(*april, date(2025, 4, 12))["summary"])
    assert "in force" in summary and "in_force" not in summary and "T06:00" not in summary


def test_every_claim_and_statement_is_walked_back_to_a_line(april: Editions, root: Path) -> None:
    report = build_daily(*april, date(2025, 4, 12))
    assert [s["of"] for s in report["sources"]] == ["C105", "C106", "C107", "C108"]
    for source in report["sources"]:
        lines = (root / "cases" / CASE / source["path"]).read_text("utf-8").splitlines()
        assert lines[source["line"] - 1].startswith(source["of"] + ",") and source["sources"]


def test_words_of_a_source_stay_in_their_cell(april: Editions) -> None:
    now, before = copy.deepcopy(april[0]), april[1]
    incident = next(i for i in now["incidents"] if i["accounts"][0]["claim"] == "C105")
    incident["place"]["name"] = "A | B\n## C"
    incident["accounts"][0]["effect"] = "![x](https://e.example/x)"
    told = tell_daily(now, before, date(2025, 4, 12), "daily.md")
    rows = [line for line in told.splitlines() if line.startswith("| C10")]
    assert len(rows) == 4
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {8}
    assert "\n## C" not in told and "![x](" not in told


def test_a_dossier_folder_is_refused(root: Path, tmp_path: Path, april: Editions) -> None:
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput, match="is a dossier"):
        write_daily(read_case(root / "cases" / CASE), date(2025, 4, 12), tmp_path, april)
    assert [p.name for p in tmp_path.iterdir()] == ["manifest.json"]
