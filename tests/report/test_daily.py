"""The daily report: what it counts, what it may not say, and the same for both sides."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.golden.swap import swap_case

from truceline.errors import BadInput
from truceline.pipeline.daily import daily_editions, write_daily
from truceline.report.daily import build_daily, tell_daily
from truceline.report.plain import Item
from truceline.settings import Settings
from truceline.sources.casefile import read_case

CASE = "energy-moratorium-2025"
Editions = tuple[Item, Item]


@pytest.fixture(scope="module")
def april(root: Path) -> Editions:
    return daily_editions(read_case(root / "cases" / CASE), date(2025, 4, 12), Settings())


def test_it_counts_what_the_ledger_dates_and_says_how_sure_the_day_is(april: Editions) -> None:
    """Hand-checked in claims.csv: C105 to C108 are lists of 12 April, give or take a day."""
    report = build_daily(*april, date(2025, 4, 12))
    assert [c for e in report["incidents"] for c in e["new"]] == ["C105", "C108", "C107", "C106"]
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
    editions = daily_editions(read_case(root / "cases" / CASE), day, Settings())
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
    assert "Paraphrase, kein Zitat" in german and '<span lang="en">' in german


def test_a_day_that_the_case_does_not_reach_is_refused(root: Path) -> None:
    with pytest.raises(BadInput, match="lies after"):
        daily_editions(read_case(root / "cases" / CASE), date(2025, 5, 11), Settings())


def test_a_day_without_claims_does_not_say_that_all_was_quiet(root: Path) -> None:
    day = date(2025, 4, 21)
    editions = daily_editions(read_case(root / "cases" / CASE), day, Settings())
    told = tell_daily(*editions, day, "daily.md")
    assert "That does not say that nothing happened." in told


def test_swapped_parties_swap_the_report_and_change_nothing_else(
    root: Path, tmp_path: Path
) -> None:
    day = date(2025, 4, 12)
    case = root / "cases" / CASE
    other = swap_case(case, tmp_path / "swapped")
    ours = build_daily(*daily_editions(read_case(case), day, Settings()), day)
    theirs = build_daily(*daily_editions(read_case(tmp_path / "swapped"), day, Settings()), day)

    def told(report: Item, names: dict[str, str]) -> list[object]:
        return [
            sorted(
                (a["claim"], names.get(a["accused"], a["accused"]), x["reading"], x["verdict"])
                for entry in report["incidents"]
                for a in entry["incident"]["accounts"]
                for x in entry["incident"]["assessments"]
            ),
            [(row["region"], row["day"], row["previous"]) for row in report["regions"]],
            [
                sorted((names.get(c["side"], c["side"]), c["n"]) for c in row["claims_new"])
                for row in report["regions"]
            ],
        ]

    assert told(ours, {}) == told(theirs, other)


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
