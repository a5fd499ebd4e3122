"""All of a dossier or nothing: written beside its place, then swapped in by rename.

Beside a dossier NAME a run makes ``.NAME.partial-PID``.  Where the system cannot exchange
two folders in one step, the earlier dossier is called ``.NAME.previous`` between two
renames; if a machine stops just there, ``prepare`` puts it back.  Nothing else beside the
dossier is ever touched.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import chain, count
from pathlib import Path
from typing import Literal

from truceline.archive.manifest import MANIFEST, Manifest, load_manifest, strangers
from truceline.archive.texts import inside, printable
from truceline.errors import BadFile, BadInput, NotADossier

__all__ = [
    "MANIFEST",
    "file_sha256",
    "interrupted",
    "lives",
    "prepare",
    "publish",
    "refuse_overlap",
]

CASE_DATA = ("data", "sources")
"""Folders of a case that no dossier may lie in."""

MAX_NAMES = 10
"""Names that an error lists before it counts the rest."""


def refuse_overlap(case_folder: Path, out: Path) -> None:
    """Refuse, as a ``BadInput``, a place in which dossier and case would get mixed.

    That is: the case itself, a folder around it, or a folder in its data or sources.
    Elsewhere in the case folder, such as in ``out`` there, a dossier may lie.
    """
    case, target = _real(case_folder), _real(out)
    if case.is_relative_to(target):
        what = "is the case folder" if case == target else f"holds the case folder {case_folder}"
    elif held := [name for name in CASE_DATA if target.is_relative_to(_real(case / name))]:
        what = f"lies in the {held[0]} of the case"
    else:
        return
    raise BadInput(
        f"{out} {what}; a dossier there would be mixed with what it is made from",
        expected="a folder for the dossier alone",
        remedy="name another folder with --out",
    )


def prepare(target: Path) -> list[str]:
    """Make sure, before any work, that a dossier may be put at ``target``; return warnings.

    Puts back a dossier that an interrupted run left beside it, removes other leftovers of
    runs that have ended, and raises ``NotADossier``, with nothing removed, if the place
    holds anything that no run has written.  What cannot be removed is a warning.
    """
    target = _real(target)
    previous = interrupted(target)
    if previous is not None:
        os.rename(previous, target)
        _sync(target.parent)
    _refuse_foreign(target)
    return list(_clean(target))


def publish(files: Mapping[str, bytes | None], target: Path) -> list[str]:
    """Write files as the folder ``target``, replacing a dossier there as a whole.

    A name without bytes is left out.  Calls ``prepare`` first, and returns warnings like
    it: that the earlier dossier could not be removed is no failure, since the new one is
    in place.  Of runs at the same time the last one stays; none removes what another is
    writing, and one of them may fail and change nothing.
    """
    for name in files:
        if not inside(name):
            raise ValueError(f"{name!r} is no relative path inside a folder")
    target = _real(target)
    warnings = prepare(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = _partial(target)
    try:
        _write_all({name: raw for name, raw in files.items() if raw is not None}, partial)
        _refuse_foreign(target)
        _swap(partial, target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return [*warnings, *_remove(partial)]


def interrupted(target: Path) -> Path | None:
    """The folder with the latest dossier that a run, stopped at the wrong moment, left beside.

    None if there is something at ``target``: then nothing is missing.
    """
    target = _real(target)
    if os.path.lexists(target):
        return None
    dossiers = [folder for folder, _ in _previous(target)]
    return max(dossiers, key=lambda folder: (folder / MANIFEST).stat().st_mtime_ns, default=None)


# --- what lies beside a dossier ---------------------------------------------------------------


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _partial(target: Path) -> Path:
    return _free(target.with_name(f".{target.name}.partial-{os.getpid()}"))


def _free(path: Path) -> Path:
    """The path, or with the first number behind it that is not taken."""
    numbered = (path.with_name(f"{path.name}.{n}") for n in count(1))
    return next(each for each in chain([path], numbered) if not os.path.lexists(each))


def _beside(target: Path, pattern: str) -> Iterator[tuple[Path, re.Match[str]]]:
    """Folders, no links, called like the target with a dot before and the pattern behind."""
    form = re.compile(rf"\.{re.escape(target.name)}\.{pattern}(\.[0-9]+)?")
    for path in sorted(target.parent.iterdir()) if os.path.isdir(target.parent) else []:
        match = form.fullmatch(path.name)
        if match and path.is_dir() and not path.is_symlink():
            yield path, match


def _previous(target: Path) -> Iterator[tuple[Path, Manifest]]:
    for path, _ in _beside(target, "previous"):
        manifest = _manifest(path)
        if manifest is not None:
            yield path, manifest


def _manifest(folder: Path) -> Manifest | None:
    try:
        return load_manifest(folder)[1]
    except BadFile:
        return None


def _clean(target: Path) -> Iterator[str]:
    """Remove what runs that have ended left beside the target; yield what stays, and why."""
    for path, match in _beside(target, "partial-([0-9]+)"):
        if not lives(int(match[1])):
            yield from _remove(path)
    if _manifest(target) is None:
        return
    for path, manifest in _previous(target):
        if found := [name for name, _ in strangers(path, manifest)]:
            yield f"{path} was left as it is: no run has written {_listed(found)}"
            continue
        doomed = _partial(target)  # half removed, it must not be taken for a dossier
        try:
            os.rename(path, doomed)
        except OSError as error:
            yield f"{path} could not be removed: {error.strerror}"
        else:
            yield from _remove(doomed)


def lives(pid: int) -> bool:
    """Whether a process may be at work; on Windows, where one cannot ask, always."""
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _remove(folder: Path) -> list[str]:
    """Delete a folder; if that fails, a warning: the next run tries again."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        return [f"{folder} could not be removed: {error.strerror}; the next run tries again"]
    return []


# --- refusing, writing, swapping --------------------------------------------------------------


def _refuse_foreign(target: Path) -> None:
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise NotADossier(f"{target} is a file", remedy="name a folder for the dossier")
    if not any(target.iterdir()):
        return
    try:
        _, manifest = load_manifest(target)
    except BadFile as error:
        raise NotADossier(
            f"{target} is not empty and holds no dossier ({printable(str(error))}); "
            "nothing in it was changed",
            expected=f"a new or empty folder, or one with the {MANIFEST} of an earlier run",
            remedy="choose another folder, or empty this one yourself",
        ) from error
    if found := sorted(name for name, _ in strangers(target, manifest)):
        raise NotADossier(
            f"{target} also holds what no run has written: {_listed(found)}; "
            "nothing in it was changed",
            expected=f"only the files that its {MANIFEST} names",
            remedy="move them elsewhere, or choose another folder",
        )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return ", ".join(map(printable, names[:MAX_NAMES])) + more


def _write_all(files: Mapping[str, bytes], folder: Path) -> None:
    folders = {folder, *(folder.joinpath(name).parent for name in files)}
    for each in sorted(folders):
        each.mkdir(parents=True, exist_ok=True)
    for name in sorted(files):
        _write(folder.joinpath(name), files[name], "xb")
    for each in sorted(folders):
        _sync(each)


def _write(path: Path, data: bytes, mode: Literal["xb", "wb"]) -> None:
    with path.open(mode) as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def replace_file(path: Path, data: bytes) -> None:
    """Put bytes in the place of one file: the old ones or the new ones, never a part."""
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    _write(partial, data, "wb")
    partial.replace(path)
    _sync(path.parent)


def file_sha256(path: Path) -> str:
    """SHA-256 of the bytes of a file, of any size."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _swap(partial: Path, target: Path) -> None:
    """Put ``partial`` at the target; a dossier that was there lies at ``partial`` then."""
    try:
        os.rename(partial, target)  # also onto an empty folder; never onto a full one
    except OSError:
        if not target.is_dir():
            raise
        if not _exchange(partial, target):
            _rename_twice(partial, target)
    _sync(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, if this system can; else nothing has happened."""
    if sys.platform != "linux":
        return False
    try:
        renameat2 = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError):  # an old or other C library
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return bool(renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)


def _rename_twice(partial: Path, target: Path) -> None:
    """The same with a moment at which the target is missing; a failure is taken back."""
    previous = _free(target.with_name(f".{target.name}.previous"))
    try:
        os.rename(target, previous)
        os.rename(partial, target)
    except BaseException:
        if previous.exists() and not target.exists():
            os.rename(previous, target)
        raise
    with suppress(OSError):  # the next ``prepare`` removes it, or says that it cannot
        os.rename(previous, partial)


def _sync(folder: Path) -> None:
    """Make renames and new names last; a no-op where folders cannot be opened (Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
