"""A dossier is replaced whole or not at all, and nothing else is ever touched."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from truceline.archive import atomic
from truceline.archive.atomic import interrupted, prepare, publish, refuse_overlap
from truceline.archive.manifest import SIDECAR
from truceline.errors import BadInput, NotADossier

Files = dict[str, bytes]


@pytest.fixture
def old(sealed: Callable[[Files], Files]) -> Files:
    return sealed({"dossier.json": b"old", "gone.csv": b"x", "tables/old.csv": b"y"})


@pytest.fixture
def new(sealed: Callable[[Files], Files]) -> Files:
    return sealed({"dossier.json": b"new", "deep/table.csv": b"y"})


@pytest.fixture(params=["exchange", "two renames"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With and without the one step in which Linux exchanges two folders."""
    if request.param == "two renames":
        monkeypatch.setattr(atomic, "_exchange", lambda one, other: False)
    return str(request.param)


def content(folder: Path) -> Files:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def write(files: Files, folder: Path) -> Path:
    for name, raw in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    return folder


def test_first_dossier_makes_its_parents(tmp_path: Path, new: Files) -> None:
    target = tmp_path / "out" / "case"
    assert publish(new, target) == []
    assert content(target) == new
    assert os.listdir(target.parent) == ["case"]


@pytest.mark.usefixtures("either_way")
def test_previous_dossier_is_replaced_as_a_whole(tmp_path: Path, old: Files, new: Files) -> None:
    publish({**old, SIDECAR: b"../case\n"}, tmp_path / "case")
    assert publish({**new, SIDECAR: None}, tmp_path / "case") == []
    assert content(tmp_path / "case") == new
    assert os.listdir(tmp_path) == ["case"]


def test_empty_folder_is_filled(tmp_path: Path, new: Files) -> None:
    (tmp_path / "case").mkdir()
    publish(new, tmp_path / "case")
    assert content(tmp_path / "case") == new


def test_linux_exchanges_in_one_step(tmp_path: Path) -> None:
    one, other = write({"a": b""}, tmp_path / "one"), write({"b": b""}, tmp_path / "other")
    if not atomic._exchange(one, other):
        pytest.skip("this system or file system cannot exchange two folders")
    assert os.listdir(one) == ["b"] and os.listdir(other) == ["a"]
    assert not atomic._exchange(one, tmp_path / "nowhere")


# --- what is not ours -------------------------------------------------------------------------

MARKED = b'{"schema": "truceline-manifest/1"}'


@pytest.mark.parametrize(
    "files",
    [
        {"thesis.txt": b"mine"},
        {"manifest.json": b'{"name": "a web app"}'},
        {"manifest.json": MARKED, "thesis.txt": b"mine"},
    ],
    ids=["no manifest", "manifest of something else", "no more than the mark"],
)
def test_folder_of_somebody_else_is_refused_and_kept(
    tmp_path: Path, files: Files, new: Files
) -> None:
    target = write(files, tmp_path / "case")
    with pytest.raises(NotADossier, match="what to do: choose another folder"):
        publish(new, target)
    assert content(target) == files


@pytest.mark.parametrize(
    "name", ["review.txt", "signature.asc", "case/case.toml", "tables/mine.csv", "gone.csv/mine"]
)
def test_what_a_user_put_into_a_dossier_is_named_and_kept(
    tmp_path: Path, old: Files, new: Files, name: str
) -> None:
    target = tmp_path / "case"
    publish(old, target)
    if name.startswith("gone.csv/"):
        (target / "gone.csv").unlink()
    write({name: b"mine"}, target)
    before = content(target)
    for call in (lambda: prepare(target), lambda: publish(new, target)):
        with pytest.raises(NotADossier, match="move them elsewhere") as caught:
            call()
        assert name.split("/")[0] in str(caught.value)
    assert content(target) == before
    assert os.listdir(tmp_path) == ["case"]


def test_an_empty_folder_and_a_link_of_a_user_are_kept(tmp_path: Path, old: Files) -> None:
    publish(old, tmp_path / "case")
    (tmp_path / "case" / "notes").mkdir()
    (tmp_path / "case" / "a\nb").symlink_to(tmp_path)
    with pytest.raises(NotADossier, match=r"written: a\\nb, notes;"):
        prepare(tmp_path / "case")


def test_many_names_are_counted(tmp_path: Path, old: Files) -> None:
    publish(old, tmp_path / "case")
    write({f"{n:02}.txt": b"" for n in range(14)}, tmp_path / "case")
    with pytest.raises(NotADossier, match=r"08\.txt, 09\.txt and 4 more;"):
        prepare(tmp_path / "case")


def test_file_that_comes_while_the_dossier_is_written_is_kept(
    tmp_path: Path, old: Files, new: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "case"
    publish(old, target)

    def write_all(files: Files, folder: Path) -> None:
        write(files, folder)
        write({"review.txt": b"mine"}, target)

    monkeypatch.setattr(atomic, "_write_all", write_all)
    with pytest.raises(NotADossier, match=r"review\.txt"):
        publish(new, target)
    assert content(target) == {**old, "review.txt": b"mine"}
    assert os.listdir(tmp_path) == ["case"]


def test_file_in_the_way_is_refused(tmp_path: Path, new: Files) -> None:
    (tmp_path / "case").write_bytes(b"mine")
    (tmp_path / "loop").symlink_to("loop")
    for name in ("case", "loop"):
        with pytest.raises(NotADossier, match="is a file"):
            publish(new, tmp_path / name)
    assert (tmp_path / "case").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "", "a\ud800"])
def test_names_that_leave_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no relative path"):
        publish({name: b""}, tmp_path / "case")
    assert os.listdir(tmp_path) == []


def test_link_to_a_dossier_is_followed(tmp_path: Path, old: Files, new: Files) -> None:
    publish(old, tmp_path / "real")
    (tmp_path / "link").symlink_to("real")
    publish(new, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert content(tmp_path / "real") == new


# --- case and dossier apart -------------------------------------------------------------------


@pytest.mark.parametrize("out", [".", "..", "../..", "data", "data/x", "sources/x", "../link"])
def test_places_that_mix_case_and_dossier_are_refused(tmp_path: Path, out: str) -> None:
    case = tmp_path / "cases" / "a"
    (case / "data").mkdir(parents=True)
    (tmp_path / "cases" / "link").symlink_to(case / "data")
    with pytest.raises(BadInput, match="what to do: name another folder with --out"):
        refuse_overlap(case, case / out)


@pytest.mark.parametrize("out", ["out", "out/data", "data-out", "../b", "../../out"])
def test_places_beside_the_data_are_taken(tmp_path: Path, out: str) -> None:
    refuse_overlap(tmp_path / "cases" / "a", tmp_path / "cases" / "a" / out)


# --- stopped runs -----------------------------------------------------------------------------


def failing_at(call: Callable[..., Any], number: int) -> tuple[Callable[..., Any], list[int]]:
    """A stand-in that fails at its n-th call, as if the run were stopped there."""
    calls = [0]

    def stand_in(*args: Any, **more: Any) -> Any:
        calls[0] += 1
        if calls[0] == number:
            raise KeyboardInterrupt
        return call(*args, **more)

    return stand_in, calls


STEPS = [
    ("mkdir", Path, "mkdir"),
    ("open", Path, "open"),
    ("fsync", os, "fsync"),
    ("rename", os, "rename"),
]


@pytest.mark.parametrize(("owner", "name"), [s[1:] for s in STEPS], ids=[s[0] for s in STEPS])
def test_a_run_stopped_at_any_step_leaves_the_previous_or_the_new(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    either_way: str,
    old: Files,
    new: Files,
    owner: Any,
    name: str,
) -> None:
    target, n_stopped = tmp_path / "case", 0
    for number in range(1, 40):
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
        publish(old, target)
        with monkeypatch.context() as patch:
            stand_in, calls = failing_at(getattr(owner, name), number)
            patch.setattr(owner, name, stand_in)
            try:
                publish(new, target)
            except KeyboardInterrupt:
                n_stopped += 1
        assert content(target) in (old, new), f"{name}, call {number}"
        assert not list(tmp_path.glob(".case.partial-*"))
        publish(new, target)
        assert content(target) == new
        assert os.listdir(tmp_path) == ["case"]
        if calls[0] < number:
            break
    assert n_stopped >= (1 if (name, either_way) == ("rename", "exchange") else 2)


def test_second_rename_failing_puts_the_previous_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: Files, new: Files
) -> None:
    publish(old, tmp_path / "case")
    stand_in, _ = failing_at(os.rename, 3)
    monkeypatch.setattr(os, "rename", stand_in)
    monkeypatch.setattr(atomic, "_exchange", lambda one, other: False)
    with pytest.raises(KeyboardInterrupt):
        publish(new, tmp_path / "case")
    assert content(tmp_path / "case") == old
    assert os.listdir(tmp_path) == ["case"]


def test_machine_stopped_between_the_renames_is_repaired_before_any_work(
    tmp_path: Path, old: Files, dead: int
) -> None:
    write({"half": b""}, tmp_path / f".case.partial-{dead}")
    write({"half": b""}, tmp_path / f".case.partial-{dead}.1")
    write(old, tmp_path / ".case.previous")
    assert interrupted(tmp_path / "case") == tmp_path / ".case.previous"
    assert prepare(tmp_path / "case") == []
    assert content(tmp_path / "case") == old
    assert os.listdir(tmp_path) == ["case"]
    assert interrupted(tmp_path / "case") is None


def test_of_two_interrupted_dossiers_the_later_one_is_put_back(
    tmp_path: Path, old: Files, new: Files
) -> None:
    write(old, tmp_path / ".case.previous.1")
    write(new, tmp_path / ".case.previous")
    os.utime(tmp_path / ".case.previous" / "manifest.json", (1, 1))
    prepare(tmp_path / "case")
    assert content(tmp_path / "case") == old
    assert os.listdir(tmp_path) == ["case"]


def test_only_leftovers_of_runs_are_touched(tmp_path: Path, new: Files, dead: int) -> None:
    mine = {
        ".case.previous/thesis.txt": b"mine",
        ".case.previous.1/manifest.json": MARKED,
        f".case.partial-{dead}.old/x": b"",
        ".case.partial-mine/x": b"",
        f".CASE.partial-{dead}/x": b"",
        f".case.partial-{dead}": b"a plain file",
        ".case.previous.2": b"a plain file",
    }
    write(mine, tmp_path)
    (tmp_path / f".case.partial-{dead}.1").symlink_to(".case.partial-mine")
    (tmp_path / ".case.partial-99999999999999999999").mkdir()
    before = sorted(os.listdir(tmp_path))
    assert publish(new, tmp_path / "case") == []
    assert publish(new, tmp_path / "case") == []
    kept = content(tmp_path)
    assert {name: kept[name] for name in mine} == mine
    assert sorted(os.listdir(tmp_path)) == sorted([*before, "case"])


def test_an_earlier_dossier_with_files_of_a_user_is_kept_with_a_warning(
    tmp_path: Path, old: Files, new: Files
) -> None:
    write({**old, "review.txt": b"mine"}, tmp_path / ".case.previous")
    publish(new, tmp_path / "other")
    os.rename(tmp_path / "other", tmp_path / "case")
    (warning,) = publish(new, tmp_path / "case")
    assert "review.txt" in warning
    assert (tmp_path / ".case.previous" / "review.txt").read_bytes() == b"mine"


@pytest.mark.usefixtures("either_way")
def test_an_earlier_dossier_that_cannot_be_removed_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: Files, new: Files
) -> None:
    def refuse(path: Path, **more: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    target = tmp_path / "case"
    publish(old, target)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", refuse)
        for files in (new, old, new):
            (warning,) = publish(files, target)
            assert "could not be removed: Permission denied" in warning
            assert content(target) == files
    assert len(os.listdir(tmp_path)) == 4
    monkeypatch.setattr(atomic, "lives", lambda pid: False)
    assert prepare(target) == []
    assert os.listdir(tmp_path) == ["case"]


def test_a_previous_that_cannot_be_moved_does_not_block_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: Files, new: Files
) -> None:
    rename = os.rename

    def fixed(one: Path, other: Path) -> None:
        if one.name == ".case.previous":
            raise PermissionError(1, "Operation not permitted", str(one))
        rename(one, other)

    publish(old, tmp_path / "case")
    write(old, tmp_path / ".case.previous")
    monkeypatch.setattr(os, "rename", fixed)
    monkeypatch.setattr(atomic, "_exchange", lambda one, other: False)
    for _ in range(2):
        (warning,) = publish(new, tmp_path / "case")
        assert ".case.previous could not be removed: Operation not permitted" in warning
        assert content(tmp_path / "case") == new
    assert sorted(os.listdir(tmp_path)) == [".case.previous", "case"]


# --- runs at the same time --------------------------------------------------------------------


def test_a_partial_folder_of_a_living_process_is_left_alone(
    tmp_path: Path, new: Files, living: int
) -> None:
    partial = write({"half": b""}, tmp_path / f".case.partial-{living}")
    publish(new, tmp_path / "case")
    assert content(partial) == {"half": b""}


def test_the_process_of_another_user_lives(monkeypatch: pytest.MonkeyPatch, dead: int) -> None:
    def not_ours(pid: int, signal: int) -> None:
        raise PermissionError

    assert not atomic.lives(dead)
    monkeypatch.setattr(os, "kill", not_ours)
    assert atomic.lives(dead)


def _publish_often(files: Files, target: Path) -> None:
    for _ in range(30):
        publish(files, target)


def test_two_runs_into_one_folder_leave_one_whole_dossier(
    tmp_path: Path, sealed: Callable[[Files], Files]
) -> None:
    if sys.platform != "linux":
        pytest.skip("without an exchange in one step, one of the runs may fail")
    first, second = sealed({"dossier.json": b"1"}), sealed({"dossier.json": b"2"})
    context = multiprocessing.get_context("spawn")
    runs = [
        context.Process(target=_publish_often, args=(files, tmp_path / "case"))
        for files in (first, second)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0, 0]
    assert content(tmp_path / "case") in (first, second)
    assert os.listdir(tmp_path) == ["case"]
