"""``agreements export`` as a newcomer types it: what is printed, written, refused."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from truceline.cli import main


class Done(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def truceline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The command line in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> Done:
        monkeypatch.setattr("sys.argv", ["truceline", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        code = left.value.code
        assert isinstance(code, int)
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture(scope="module")
def case(root: Path) -> Path:
    return root / "cases" / "proof-small"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_rows_and_their_companion_are_written(truceline: Run, case: Path, tmp_path: Path) -> None:
    done = truceline("agreements", "export", case)
    assert done.returncode == 0, done.stderr
    names = ["agreements.eth-prio.csv", "agreements.eth-prio.unmapped.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    rows, left = (read(tmp_path / name) for name in names)
    assert [row["actor_name"] for row in rows] == ["Arvenia", "Beldan", "Corvia"]
    assert {int(row["tl_n_unmapped"]) for row in rows} == {len(left)}
    assert done.stdout.splitlines() == [f"{names[0]}: 3 rows", f"{names[1]}: {len(left)} rows"]
    again = truceline("agreements", "export", case)
    assert again.returncode == 0, again.stderr


def test_several_cases_go_into_one_table(
    truceline: Run, root: Path, case: Path, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "pax.csv"
    other = root / "cases" / "energy-moratorium-2025"
    done = truceline("agreements", "export", other, case, "--format", "pa-x", "--out", out)
    assert done.returncode == 0, done.stderr
    assert [row["TL_agreement"] for row in read(out)] == ["energy-moratorium-2025", "proof-small"]
    left = read(out.with_name("pax.unmapped.csv"))
    assert {line["agreement"] for line in left} == {"energy-moratorium-2025", "proof-small"}


def test_json_is_printed_and_nothing_is_written(truceline: Run, case: Path, tmp_path: Path) -> None:
    done = truceline("agreements", "export", case, "--json")
    found = json.loads(done.stdout)
    assert found["format"] == "eth-prio" and len(found["rows"]) == 3
    assert {"condition", "silence", "disputed"} <= {line["kind"] for line in found["unmapped"]}
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_somebody_else_is_not_replaced(
    truceline: Run, case: Path, tmp_path: Path
) -> None:
    for name in ("rows.csv", "rows.unmapped.csv"):
        mine = tmp_path / name
        mine.write_text("mine\n", encoding="utf-8")
        done = truceline("agreements", "export", case, "--out", tmp_path / "rows.csv")
        assert done.returncode == 1
        assert "is not replaced" in done.stderr and "what to do:" in done.stderr
        assert [p.read_text(encoding="utf-8") for p in tmp_path.iterdir()] == ["mine\n"]
        mine.unlink()


@pytest.mark.parametrize("where", ["data/rows.csv", "sources/rows.csv"])
def test_data_of_the_case_are_left_alone(
    truceline: Run, case: Path, tmp_path: Path, where: str
) -> None:
    copy = tmp_path / "case"
    shutil.copytree(case, copy)
    done = truceline("agreements", "export", copy, "--out", copy / where)
    assert done.returncode == 1 and "of the case" in done.stderr
    assert not (copy / where).exists()


def test_what_cannot_be_done_is_said(truceline: Run, case: Path, tmp_path: Path) -> None:
    twice = truceline("agreements", "export", case, case)
    assert twice.returncode == 1 and "'proof-small' as well" in twice.stderr
    absent = truceline("agreements", "export", tmp_path / "no")
    assert absent.returncode == 1 and "no such folder" in absent.stderr
    folder = truceline("agreements", "export", case, "--out", tmp_path)
    assert folder.returncode == 1 and "this is a folder" in folder.stderr
    form = truceline("agreements", "export", case, "--format", "pax")
    assert form.returncode == 2 and "eth-prio" in form.stderr
    nothing = truceline("agreements", "export")
    assert nothing.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_statement_that_nobody_made_is_refused(
    truceline: Run, case: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "case"
    shutil.copytree(case, copy)
    terms = copy / "agreement.yaml"
    text = terms.read_text(encoding="utf-8")
    terms.write_text(text.replace("source: [S08, S09, T01]", "source: [S99]"), encoding="utf-8")
    done = truceline("agreements", "export", copy)
    assert done.returncode == 1
    assert "instrument.actors[2].source[0]" in done.stderr and "'S99'" in done.stderr
