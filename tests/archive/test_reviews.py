"""The history of decisions: appended, chained, locked; a torn or changed line is named."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.report.review_sample import reading, write_reading

from truceline.archive.reading import load_reading
from truceline.archive.reviews import append_review, load_reviews, refuse_ungrounded_reviews
from truceline.domain.decisions import FIRST, Action, Decision
from truceline.errors import BadFile, BadInput, MissingFile


def decision(n: int = 0, **more: object) -> Decision:
    fields = {
        "item": f"i-{n}",
        "document": "d" * 64,
        "action": Action.ACCEPT,
        "reviewer": "Ada",
        "at": "2025-05-02T09:00:00Z",
        "seen": "e" * 64,
        "reason": "Häfen „gemeint“",
    }
    return Decision.model_validate({**fields, **more})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reviews.jsonl"


def test_lines_are_chained_and_come_back_as_they_were(path: Path) -> None:
    assert load_reviews(path) == ()
    kept = [append_review(path, decision(n)) for n in range(3)]
    assert load_reviews(path) == tuple(kept)
    lines = path.read_bytes().splitlines()
    hashes = [FIRST, *(hashlib.sha256(line).hexdigest() for line in lines)]
    assert [json.loads(line)["previous"] for line in lines] == hashes[:3]


def test_a_torn_last_line_is_named_and_nothing_is_written_behind_it(path: Path) -> None:
    append_review(path, decision(0))
    whole = path.read_bytes()
    append_review(path, decision(1))
    torn = path.read_bytes()[:-20]
    path.write_bytes(torn)
    for call in (lambda: load_reviews(path), lambda: append_review(path, decision(2))):
        with pytest.raises(
            BadFile, match=r"reviews\.jsonl, line 2: the last line was not finished"
        ):
            call()
    assert path.read_bytes() == torn
    path.write_bytes(whole)
    append_review(path, decision(2))
    assert [d.item for d in load_reviews(path)] == ["i-0", "i-2"]


@pytest.mark.parametrize("change", ["edit", "drop", "swap", "first"])
def test_a_history_that_was_changed_is_refused(path: Path, change: str) -> None:
    for n in range(4):
        append_review(path, decision(n))
    lines = path.read_bytes().splitlines(keepends=True)
    if change == "edit":
        lines[1] = lines[1].replace(b"accept", b"reject")
    elif change == "drop":
        del lines[1]
    elif change == "swap":
        lines[1], lines[2] = lines[2], lines[1]
    else:
        del lines[0]
    path.write_bytes(b"".join(lines))
    with pytest.raises(BadFile, match="history was changed"):
        load_reviews(path)


@pytest.mark.parametrize("line", [b"{}", b"[]", b"nonsense", b'{"item": 1}', b"\xff"])
def test_a_line_that_is_no_decision_is_named(path: Path, line: bytes) -> None:
    path.write_bytes(line + b"\n")
    with pytest.raises(BadFile, match=r"line 1.*no decision"):
        load_reviews(path)


def test_many_at_a_time_make_one_chain(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: append_review(path, decision(n)), range(40)))
    assert {d.item for d in load_reviews(path)} == {f"i-{n}" for n in range(40)}


def test_a_full_disk_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append_review(path, decision(0))
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        append_review(path, decision(1))
    assert path.read_bytes() == before


def test_words_that_a_person_set_are_cut_again() -> None:
    after = {"content": [{"start": 1, "end": 3, "text": "bc"}]}
    log = [decision(1, action="edit", after=after)]
    refuse_ungrounded_reviews(log, {"d" * 64: "abcd"})
    refuse_ungrounded_reviews(log, {"e" * 64: "of another document"})
    with pytest.raises(BadInput, match=r"reviews\.jsonl, line 1"):
        refuse_ungrounded_reviews(log, {"d" * 64: "abxd"})


@pytest.mark.parametrize("name", ["", " Ada", "A\nB", "\u202eadA", "x" * 81])
def test_a_name_is_one_that_can_be_shown(name: str) -> None:
    with pytest.raises(ValueError, match="reviewer"):
        decision(reviewer=name)


# --- the folder -------------------------------------------------------------------------------


def test_a_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert load_reading(write_reading(tmp_path, reading())) == reading()


def test_an_item_that_is_not_in_its_document_is_refused(tmp_path: Path) -> None:
    folder = write_reading(tmp_path, reading())
    lines = (folder / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace("nicht zugestimmt", "jetzt zugestimmt")
    (folder / "statements.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadInput, match=r"statements\.jsonl, line 3"):
        load_reading(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"polarity":"negated"', '"polarity":"affirmed"'),
        ('"value":12.0', '"value":21.0'),
        ('"duration":"P30D"', '"duration":"P60D"'),
        ('"debtor":"GRP:Arkania"', '"debtor":"GRP:Belmar"'),
        ('"modality":"asserted"', '"modality":"willed"'),
    ],
)
def test_an_item_that_was_changed_is_refused(tmp_path: Path, old: str, new: str) -> None:
    folder = write_reading(tmp_path, reading())
    raw = (folder / "statements.jsonl").read_text(encoding="utf-8")
    assert old in raw
    (folder / "statements.jsonl").write_text(raw.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadFile, match="not the ones that were read"):
        load_reading(folder)


def test_a_text_that_was_changed_is_refused(tmp_path: Path) -> None:
    folder = write_reading(tmp_path, reading())
    text = next((folder / "texts").iterdir())
    text.write_bytes(text.read_bytes() + b" ")
    with pytest.raises(BadFile, match="not the one that was read"):
        load_reading(folder)


def test_a_folder_without_a_reading_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match=r"documents\.json"):
        load_reading(tmp_path)


def test_a_text_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    folder = write_reading(tmp_path / "in", reading())
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    told = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
    told["documents"][0]["text"] = "../secret.txt"
    (folder / "documents.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(BadFile, match="leaves the folder"):
        load_reading(folder)
