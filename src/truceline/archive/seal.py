"""``verify``, which can say no, and the way from a dossier to the case it was made from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from truceline.archive.atomic import interrupted
from truceline.archive.manifest import (
    MANIFEST,
    SIDECAR,
    Manifest,
    SealedOutput,
    digest,
    load_manifest,
    make_manifest,
    strangers,
)
from truceline.archive.texts import inside, printable
from truceline.errors import BadFile, NotADossier

__all__ = [
    "SIDECAR",
    "Item",
    "Status",
    "case_folder_of",
    "digest",
    "exit_code",
    "make_manifest",
    "sidecar",
    "verify",
]

DOSSIER = "dossier.json"
"""The record itself; all other outputs are made from it."""
LONGEST_WAY = 4096
"""Bytes of the line in a sidecar; a longer one is the path of no folder."""


def sidecar(target: Path, case_folder: Path) -> bytes | None:
    """The line for ``case-folder.local``: the way from the dossier to the case.

    None if that is no line of UTF-8, as with a line end in the name of a folder.

    >>> sidecar(Path("out/a"), Path("cases/a"))
    b'../../cases/a\\n'
    """
    try:
        way = os.path.relpath(os.path.realpath(case_folder), os.path.realpath(target))
        line = Path(way).as_posix().encode()
    except ValueError:  # a name that is not UTF-8, or another drive
        return None
    return line + b"\n" if line.decode().splitlines() == [line.decode()] else None


def case_folder_of(folder: Path) -> Path | None:
    """The case folder that the sidecar of a dossier points at, if there is such a folder."""
    note = folder / SIDECAR
    if note.is_symlink() or not note.is_file():
        return None
    with note.open("rb") as file:
        line, *_ = file.read(LONGEST_WAY + 1).split(b"\n")
    try:
        case_folder = folder / line.decode() if line else None
    except ValueError:
        return None
    return case_folder if case_folder and os.path.isdir(case_folder) else None


# --- verify -----------------------------------------------------------------------------------


class Status(StrEnum):
    """What a check came to.  OK is good, a NOTE is worth knowing, all else is not OK."""

    OK = "OK"
    NOTE = "NOTE"
    FAIL = "FAIL"
    ABSENT = "ABSENT"


@dataclass(frozen=True)
class Item:
    r"""One thing that was checked, on one line whatever the names in it.

    >>> print(Item(Status.FAIL, "dossier.json", "sha256 differs"))
    FAIL: dossier.json: sha256 differs
    >>> print(Item(Status.FAIL, "a\nOK: b"))
    FAIL: a\nOK: b
    """

    status: Status
    what: str
    detail: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "what", printable(self.what))
        object.__setattr__(self, "detail", printable(self.detail))

    def __str__(self) -> str:
        return f"{self.status}: {self.what}" + (f": {self.detail}" if self.detail else "")


def verify(
    folder: Path,
    case_folder: Path | None = None,
    digest: str | None = None,
    outputs_only: bool = False,
) -> list[Item]:
    """Check a dossier against its manifest, and the manifest against a digest if given.

    Works offline and fails closed: a missing, empty or malformed manifest is an item that
    is not OK, and so is having nothing to check.  What cannot be read is an item, never an
    error; only that there is no folder is ``NotADossier``.  The order is fixed.
    """
    if not os.path.isdir(folder):
        raise _no_folder(folder)
    if not os.path.lexists(folder / MANIFEST):
        remedy = "without it nothing can be verified; run the case again"
        return [Item(Status.ABSENT, MANIFEST, remedy)]
    try:
        raw, manifest = load_manifest(folder)
    except BadFile as error:
        return [Item(Status.FAIL, MANIFEST, str(error))]
    items = [Item(Status.OK, MANIFEST, "well-formed")]
    if digest is not None:
        items.append(_check_digest(raw, digest))
    items += _check_whole(manifest)
    items += [_check_output(folder, output) for output in manifest.outputs]
    items += _check_strangers(folder, manifest)
    if not outputs_only:
        items += _check_inputs(folder, case_folder, manifest)
    return items


def exit_code(items: Sequence[Item]) -> int:
    """0 only if something was checked and all of it is OK, notes apart, else 1.

    >>> exit_code([]), exit_code([Item(Status.NOTE, "a")])
    (1, 1)
    """
    checked = [item for item in items if item.status is not Status.NOTE]
    return 0 if checked and all(item.status is Status.OK for item in checked) else 1


def _no_folder(folder: Path) -> NotADossier:
    previous = interrupted(folder)
    remedy = "name the folder that a run wrote"
    if previous is not None:
        remedy = (
            "a run was stopped while it replaced the dossier, and the earlier one is in "
            f"{printable(str(previous))}: run the case again, which puts it back first, or "
            "rename it yourself"
        )
    return NotADossier(f"{folder} is no folder", remedy=remedy)


def _check_digest(raw: bytes, expected: str) -> Item:
    found = digest(raw)
    if found == expected.strip().lower():
        return Item(Status.OK, f"digest of {MANIFEST}", found)
    return Item(Status.FAIL, f"digest of {MANIFEST}", f"expected {expected.strip()}, found {found}")


def _check_whole(manifest: Manifest) -> Iterator[Item]:
    if DOSSIER not in {output.path for output in manifest.outputs}:
        yield Item(Status.FAIL, DOSSIER, f"not named in {MANIFEST}: nothing of a dossier is sealed")


def _check_output(folder: Path, output: SealedOutput) -> Item:
    if not inside(output.path) or output.path in (MANIFEST, SIDECAR):
        return Item(Status.FAIL, output.path, "no path that a dossier may name")
    path = folder / output.path
    steps = (path, *path.parents[: len(Path(output.path).parts) - 1])
    if any(os.path.islink(step) for step in steps):
        return Item(Status.FAIL, output.path, "a symbolic link, not the file itself")
    return _check_bytes(output.path, path, output.sha256, "not there", output.n_bytes)


def _check_bytes(
    what: str, path: Path, expected: str, absent: str, n_bytes: int | None = None
) -> Item:
    try:
        if not path.exists():
            return Item(Status.ABSENT, what, absent)
        if not path.is_file():
            return Item(Status.FAIL, what, "not a regular file")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            n_found = file.tell()
    except (OSError, ValueError) as error:  # ValueError: a name that this system cannot write
        return _unreadable(what, error)
    if found != expected:
        return Item(Status.FAIL, what, f"sha256 in the manifest {expected}, found {found}")
    if n_bytes is not None and n_found != n_bytes:
        return Item(Status.FAIL, what, f"bytes in the manifest {n_bytes:,}, found {n_found:,}")
    return Item(Status.OK, what)


def _unreadable(what: str, error: OSError | ValueError) -> Item:
    reason = error.strerror if isinstance(error, OSError) else error
    return Item(Status.FAIL, what, f"cannot be read: {reason}")


def _check_strangers(folder: Path, manifest: Manifest) -> Iterator[Item]:
    told = {output.path for output in manifest.outputs}
    for name, reason in sorted(strangers(folder, manifest)):
        if name not in told:
            yield Item(Status.FAIL, name, reason)


def _check_inputs(folder: Path, given: Path | None, manifest: Manifest) -> Iterator[Item]:
    remedy = "name the case folder with --case, or check with --outputs-only"
    try:
        case_folder = given or case_folder_of(folder)
    except OSError as error:
        yield _unreadable(SIDECAR, error)
        return
    if case_folder is None:
        what = f"{len(manifest.inputs)} inputs"
        yield Item(Status.ABSENT, what, f"the case folder is not known; {remedy}")
        return
    for source in manifest.inputs:
        what = f"input {source.path}"
        if inside(source.path):
            absent = f"not in the case folder; {remedy}"
            yield _check_bytes(what, case_folder / source.path, source.sha256, absent)
        else:
            yield Item(Status.FAIL, what, "no path that a case may name")
    yield from _new_sources(case_folder, manifest)


def _new_sources(case_folder: Path, manifest: Manifest) -> Iterator[Item]:
    """A note for each source file that the run did not read, and that the next one would."""
    known = {source.path for source in manifest.inputs}
    try:
        names = sorted(f"sources/{path.name}" for path in (case_folder / "sources").iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        yield _unreadable("sources of the case", error)
        return
    for name in names:
        if name.endswith(".toml") and name not in known:
            yield Item(Status.NOTE, f"input {name}", "not in the manifest; a new run would read it")
