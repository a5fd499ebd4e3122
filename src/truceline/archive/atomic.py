"""All of a dossier or nothing: written beside its place, then swapped in by rename.

An interrupted run leaves the previous dossier as it was.  The one moment at which the
place is empty lies between two renames; if a machine stops just there, the previous
dossier waits beside it and the next run puts it back first.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from truceline.archive.texts import inside
from truceline.errors import NotADossier

MANIFEST = "manifest.json"
_MARK = b'"truceline-manifest/'


def publish(files: Mapping[str, bytes], target: Path) -> None:
    """Write files as the folder ``target``, replacing a previous dossier there as a whole.

    A folder that is neither empty nor a dossier is never touched: ``NotADossier``.  Two
    runs into one place at the same time are not supported.
    """
    for name in files:
        if not inside(name):
            raise ValueError(f"{name!r} is no relative path inside a folder")
    target = target.resolve()
    _refuse_foreign(target)
    _recover(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.parent / f".{target.name}.partial-{os.getpid()}"
    try:
        _write_all(files, partial)
        _swap(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _previous(target: Path) -> Path:
    return target.parent / f".{target.name}.previous"


def _recover(target: Path) -> None:
    """Undo what an interrupted run left beside the target."""
    previous = _previous(target)
    if previous.is_dir():
        if target.exists():
            shutil.rmtree(previous)
        else:
            os.rename(previous, target)
    prefix = f".{target.name}.partial-"
    beside = sorted(target.parent.iterdir()) if target.parent.is_dir() else []
    for leftover in beside:
        if leftover.name.startswith(prefix) and not leftover.is_symlink():
            shutil.rmtree(leftover)


def _refuse_foreign(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise NotADossier(f"{target} is a file", remedy="name a folder for the dossier")
    manifest = target / MANIFEST
    if manifest.is_file() and _MARK in manifest.read_bytes():
        return
    if any(target.iterdir()):
        raise NotADossier(
            f"{target} is not empty and holds no dossier; nothing in it was changed",
            expected=f"a new or empty folder, or one with the {MANIFEST} of an earlier run",
            remedy="choose another folder, or empty this one yourself",
        )


def _write_all(files: Mapping[str, bytes], folder: Path) -> None:
    folders = {folder, *(folder.joinpath(name).parent for name in files)}
    for each in sorted(folders):
        each.mkdir(parents=True, exist_ok=True)
    for name in sorted(files):
        with folder.joinpath(name).open("xb") as out:
            out.write(files[name])
            out.flush()
            os.fsync(out.fileno())
    for each in sorted(folders):
        _sync(each)


def _swap(partial: Path, target: Path) -> None:
    """Two renames; if the second fails, the first is taken back."""
    previous = _previous(target)
    if not target.exists():
        os.rename(partial, target)
        _sync(target.parent)
        return
    try:
        os.rename(target, previous)
        os.rename(partial, target)
    except BaseException:
        if previous.exists() and not target.exists():
            os.rename(previous, target)
        raise
    _sync(target.parent)
    shutil.rmtree(previous)


def _sync(folder: Path) -> None:
    """Make renames and new names last; a no-op where folders cannot be opened (Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
