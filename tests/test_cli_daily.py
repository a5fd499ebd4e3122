"""``daily`` and ``diff`` as a newcomer types them: what is printed, written, refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.program import truceline

DAY = "2019-04-23"


@pytest.fixture(scope="module")
def case(root: Path) -> Path:
    return root / "cases" / "proof-small"


@pytest.fixture(scope="module")
def dossiers(case: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """What was known on a morning in the middle, and the latest edition."""
    home = tmp_path_factory.mktemp("dossiers")
    for name, more in (("early", ["--as-of", "2019-04-20"]), ("late", [])):
        made = truceline("run", case, "--out", home / name, *more)
        assert made.returncode == 0, made.stderr
    return home / "early", home / "late"


# --- daily --------------------------------------------------------------------------------------


def test_a_report_goes_to_a_folder_and_its_summary_to_the_terminal(
    case: Path, tmp_path: Path
) -> None:
    done = truceline("daily", case, "--day", DAY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    names = [f"daily-{DAY}.{form}" for form in ("html", "json", "md")]
    assert sorted(p.name for p in (tmp_path / "daily").iterdir()) == names
    report = json.loads((tmp_path / "daily" / names[1]).read_text(encoding="utf-8"))
    assert [f"- {s}" for s in report["summary"]] == done.stdout.splitlines()[:5]
    printed = truceline("daily", case, "--day", DAY, "--out", tmp_path / "b", "--json")
    assert json.loads(printed.stdout) == report
    for name in names:
        assert (tmp_path / "b" / name).read_bytes() == (tmp_path / "daily" / name).read_bytes()


@pytest.mark.parametrize("day", ["12.4.2025", "2025-13-01", "2025-02-30", "tomorrow", "1000-01-01"])
def test_what_is_no_day_is_misuse(case: Path, tmp_path: Path, day: str) -> None:
    done = truceline("daily", case, "--day", day, "--out", tmp_path / "out")
    assert done.returncode == 2 and "--day" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2019-05-15", "expected: a day up to 2019-05-13"),
        ("2019-04-07", "what to do: name a later"),
    ],
)
def test_a_day_that_the_case_cannot_tell_is_refused_with_a_remedy(
    case: Path, tmp_path: Path, day: str, words: str
) -> None:
    done = truceline("daily", case, "--day", day, "--out", tmp_path / "out")
    assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_no_report_goes_into_a_case_or_a_dossier(case: Path, dossiers: tuple[Path, Path]) -> None:
    for out in (case / "data", dossiers[1]):
        before = sorted(out.iterdir())
        done = truceline("daily", case, "--day", DAY, "--out", out)
        assert done.returncode == 1 and "--out" in done.stderr
        assert sorted(out.iterdir()) == before


# --- diff ---------------------------------------------------------------------------------------


def test_a_dossier_does_not_differ_from_itself(dossiers: tuple[Path, Path]) -> None:
    done = truceline("diff", dossiers[0], dossiers[0])
    assert done.returncode == 0 and "Nothing differs" in done.stdout


def test_what_changed_is_told_and_is_no_failure(dossiers: tuple[Path, Path]) -> None:
    done = truceline("diff", *dossiers)
    assert done.returncode == 0, done.stderr
    for words in ("# What changed", "20 April 2019, 00:00 UTC", "## Claims", "## Incidents"):
        assert words in done.stdout
    assert "carry no date in the ledger" in done.stdout and "response:" not in done.stdout
    found = json.loads(truceline("diff", *dossiers, "--json").stdout)
    back = json.loads(truceline("diff", *reversed(dossiers), "--json").stdout)
    for part in ("claims", "incidents", "statements", "reports", "inputs"):
        assert found[part]["added"] == back[part]["removed"]
        assert found[part]["removed"] == back[part]["added"]


def test_help_says_that_a_difference_is_no_failure() -> None:
    done = truceline("diff", "--help")
    assert done.returncode == 0 and "exit 0 either way" in " ".join(done.stdout.split())


def test_two_cases_and_a_language_without_a_catalogue_are_refused(
    root: Path, dossiers: tuple[Path, Path], tmp_path: Path
) -> None:
    made = truceline("new", tmp_path / "mine")
    assert made.returncode == 0, made.stderr
    assert truceline("run", tmp_path / "mine", "--out", tmp_path / "out").returncode == 0
    two = truceline("diff", dossiers[0], tmp_path / "out")
    assert two.returncode == 1 and "two cases" in two.stderr
    unknown = truceline("diff", *dossiers, "--lang", "xx")
    assert unknown.returncode == 1 and "what to do" in unknown.stderr
