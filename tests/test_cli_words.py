"""``read`` as a newcomer types it: what is printed, written, refused."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.program import truceline
from truceline.domain.words import Kind

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "docs" / "examples" / "read").glob("*.txt"))
KEYS = set(
    """id document kind content speaker cue attribution chain debtor beneficiary polarity modality
    hedges conditionality reciprocity scope object_classes time status codes engine rule
    review""".split()
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("words") / "read"
    done = truceline("read", *SAMPLES, "--out", out)
    assert done.returncode == 0, done.stderr
    return out


def lines(folder: Path) -> list[dict[str, object]]:
    raw = (folder / "statements.jsonl").read_text("utf-8")
    return [json.loads(line) for line in raw.splitlines()]


def test_every_line_has_the_keys_and_stands_on_its_words(folder: Path) -> None:
    rows = lines(folder)
    assert len(rows) > 20
    for row in rows:
        assert row.keys() >= KEYS
        assert row["kind"] in set(Kind)
        text = (folder / "texts" / f"{row['document']}.txt").read_bytes().decode()
        for span in row["content"]:  # type: ignore[attr-defined]
            assert text[span["start"] : span["end"]] == span["text"]


def test_documents_are_named_by_their_hash(folder: Path) -> None:
    hashes = {hashlib.sha256(path.read_bytes()).hexdigest() for path in SAMPLES}
    assert {str(row["document"]) for row in lines(folder)} == hashes


def test_reading_twice_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert truceline("read", *SAMPLES, "--out", again).returncode == 0
    for name in ("statements.jsonl", "documents.json", "review.html"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = truceline("read", SAMPLES[0], "--out", tmp_path)
    assert done.returncode == 1
    assert "mine.txt" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_span_that_was_changed_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    raw = (copy / "statements.jsonl").read_text("utf-8")
    (copy / "statements.jsonl").write_text(raw.replace("energy", "Energy", 1), "utf-8")
    done = truceline("compare-documents", copy)
    assert done.returncode == 1
    assert "statements.jsonl, line" in done.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--reader", "http://127.0.0.1:9/v1"], "--model"),
        (["--reader", "https://reader.example/v1", "--model", "m"], "--allow-remote"),
        (["--language", "xx"], "language"),
        (["--medium", "nobody?"], "actor"),
        (["--dated", "yesterday"], "day"),
    ],
)
def test_misuse_is_told_with_its_remedy(tmp_path: Path, options: list[str], told: str) -> None:
    done = truceline("read", SAMPLES[0], "--out", tmp_path / "out", *options)
    assert done.returncode in (1, 2)
    assert told in done.stderr
    assert not (tmp_path / "out" / "statements.jsonl").exists()


def test_a_russian_list_gives_claims_and_no_statements(tmp_path: Path) -> None:
    path = ROOT / "evaluation" / "statements" / "documents" / "ru-list-01.txt"
    done = truceline("read", path, "--out", tmp_path / "out", "--json")
    told = json.loads(done.stdout)
    assert (told["statements"], told["not_read"]) == (0, [])
    assert (tmp_path / "out" / "claims" / "data" / "claims.csv").is_file()
