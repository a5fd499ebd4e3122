"""A dossier is replaced whole or not at all, whatever step fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from truceline.archive import atomic
from truceline.archive.atomic import publish
from truceline.errors import NotADossier

MARK = b'{"schema": "truceline-manifest/1"}'
OLD = {"manifest.json": MARK, "dossier.json": b"old", "gone.csv": b"x"}
NEW = {"manifest.json": MARK, "dossier.json": b"new", "deep/table.csv": b"y"}


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_first_dossier_makes_its_parents(tmp_path: Path) -> None:
    target = tmp_path / "out" / "case"
    publish(NEW, target)
    assert content(target) == NEW
    assert os.listdir(target.parent) == ["case"]


def test_previous_dossier_is_replaced_as_a_whole(tmp_path: Path) -> None:
    publish(OLD, tmp_path / "case")
    publish(NEW, tmp_path / "case")
    assert content(tmp_path / "case") == NEW
    assert os.listdir(tmp_path) == ["case"]


def test_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    publish(NEW, tmp_path / "case")
    assert content(tmp_path / "case") == NEW


@pytest.mark.parametrize(
    "files",
    [{"thesis.txt": b"mine"}, {"manifest.json": b'{"name": "a web app"}'}],
    ids=["no manifest", "manifest of something else"],
)
def test_folder_of_somebody_else_is_refused_and_kept(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    target = tmp_path / "case"
    target.mkdir()
    for name, raw in files.items():
        (target / name).write_bytes(raw)
    with pytest.raises(NotADossier, match="what to do: choose another folder"):
        publish(NEW, target)
    assert content(target) == files


def test_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "case").write_bytes(b"mine")
    with pytest.raises(NotADossier, match="is a file"):
        publish(NEW, tmp_path / "case")
    assert (tmp_path / "case").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", ""])
def test_names_that_leave_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no relative path"):
        publish({name: b""}, tmp_path / "case")
    assert os.listdir(tmp_path) == []


def test_link_to_a_dossier_is_followed(tmp_path: Path) -> None:
    publish(OLD, tmp_path / "real")
    (tmp_path / "link").symlink_to("real")
    publish(NEW, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert content(tmp_path / "real") == NEW


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
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
) -> None:
    target, n_stopped = tmp_path / "case", 0
    for number in range(1, 40):
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
        publish(OLD, target)
        with monkeypatch.context() as patch:
            stand_in, calls = failing_at(getattr(owner, name), number)
            patch.setattr(owner, name, stand_in)
            try:
                publish(NEW, target)
            except KeyboardInterrupt:
                n_stopped += 1
        assert content(target) in (OLD, NEW), f"{name}, call {number}"
        assert not list(tmp_path.glob(".case.partial-*"))
        publish(NEW, target)
        assert content(target) == NEW
        assert os.listdir(tmp_path) == ["case"]
        if calls[0] < number:
            break
    assert n_stopped >= 2


def test_second_rename_failing_puts_the_previous_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(OLD, tmp_path / "case")
    stand_in, _ = failing_at(os.rename, 2)
    monkeypatch.setattr(os, "rename", stand_in)
    with pytest.raises(KeyboardInterrupt):
        publish(NEW, tmp_path / "case")
    assert content(tmp_path / "case") == OLD
    assert os.listdir(tmp_path) == ["case"]


def test_machine_stopped_between_the_renames_is_repaired_by_the_next_run(tmp_path: Path) -> None:
    publish(OLD, tmp_path / "case")
    (tmp_path / ".case.partial-77").mkdir()
    (tmp_path / ".case.partial-77" / "half").write_bytes(b"")
    os.rename(tmp_path / "case", tmp_path / ".case.previous")
    atomic._recover(tmp_path / "case")
    assert content(tmp_path / "case") == OLD
    assert os.listdir(tmp_path) == ["case"]
