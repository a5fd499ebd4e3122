"""The manifest of a dossier, and ``verify``, which can say no.

The manifest names every input and output with its SHA-256.  It vouches that bytes have
not changed, never that a finding is right.  Anyone can make a new manifest for changed
files; its digest, published elsewhere, is what tells the two apart.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StrictInt, ValidationError

from truceline.archive.atomic import MANIFEST
from truceline.archive.texts import canonical_json, inside, pretty_json
from truceline.clock import stamp
from truceline.domain.result import Input
from truceline.errors import BadFile, NotADossier, Where

SCHEMA = "truceline-manifest/1"
SIDECAR = "case-folder.local"
"""One line: the way from a dossier to its case.  Of this machine; not part of the dossier."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class GeneratedBy(_Part):
    """Which version, with which parameters."""

    version: str
    parameters: dict[str, JsonValue]


class SealedInput(_Part):
    """One file that was read; ``path`` is relative to the case folder."""

    id: str
    path: str
    sha256: Sha256
    rows: StrictInt
    licence: str
    attribution: str
    address: str
    span: tuple[str, str] | None


class SealedOutput(_Part):
    """One file that was written; ``path`` is relative to the dossier."""

    path: str
    sha256: Sha256
    n_bytes: StrictInt = Field(alias="bytes")
    licence: str
    attribution: str


class Manifest(_Part):
    """The content of ``manifest.json``."""

    schema_version: Literal["truceline-manifest/1"] = Field(alias="schema")
    case: str
    as_of: str | None
    generated_by: GeneratedBy
    inputs: Annotated[tuple[SealedInput, ...], Field(min_length=1)]
    outputs: Annotated[tuple[SealedOutput, ...], Field(min_length=1)]


def make_manifest(
    case_id: str,
    as_of: datetime,
    version: str,
    parameters: Mapping[str, object],
    inputs: Sequence[Input],
    outputs: Mapping[str, bytes],
    output_licences: Mapping[str, tuple[str, str]],
) -> bytes:
    """The bytes of ``manifest.json``: sorted, without a path of the machine.

    Every output needs its licence and attribution line; one without is a ``ValueError``.
    """
    for name in (*outputs, *(source.path for source in inputs)):
        if not inside(name):
            raise ValueError(f"{name!r} is no relative path inside a folder")
    if taken := {MANIFEST, SIDECAR} & set(outputs):
        raise ValueError(f"{sorted(taken)[0]} is no output that a manifest can name")
    if missing := sorted(set(outputs) - set(output_licences)):
        raise ValueError(f"no licence is named for {', '.join(missing)}")
    content = {
        "schema": SCHEMA,
        "case": case_id,
        "as_of": stamp(as_of),
        "generated_by": {"version": version, "parameters": dict(parameters)},
        "inputs": [_sealed_input(i) for i in sorted(inputs, key=lambda i: (i.path, i.id))],
        "outputs": [
            _sealed_output(name, outputs[name], *output_licences[name]) for name in sorted(outputs)
        ],
    }
    raw = pretty_json(content, sort_keys=True)
    read_manifest(raw)
    return raw


def _sealed_input(source: Input) -> dict[str, object]:
    return {
        "id": source.id,
        "path": source.path,
        "sha256": source.sha256,
        "rows": source.n_rows,
        "licence": source.licence,
        "attribution": source.attribution,
        "address": source.address,
        "span": list(source.span) if source.span else None,
    }


def _sealed_output(name: str, raw: bytes, licence: str, attribution: str) -> dict[str, object]:
    return {
        "path": name,
        "sha256": hashlib.sha256(raw).hexdigest(),
        "bytes": len(raw),
        "licence": licence,
        "attribution": attribution,
    }


def read_manifest(raw: bytes) -> Manifest:
    """The content of a manifest; whatever is not exactly one is a ``BadFile``.

    >>> read_manifest(b"{}")
    Traceback (most recent call last):
        ...
    truceline.errors.BadFile: manifest.json, field schema: Field required
    """
    try:
        return Manifest.model_validate(_load(raw))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(step) for step in first["loc"]) or None
        raise BadFile(first["msg"], Where(MANIFEST, field=field)) from error


def digest(manifest_bytes: bytes) -> str:
    """SHA-256 over the canonical content of a manifest, whatever its layout.

    >>> digest(b'{"a": 1, "b": 2}') == digest(b'{"b":2,"a":1}')
    True
    """
    return hashlib.sha256(canonical_json(_load(manifest_bytes))).hexdigest()


def _load(raw: bytes) -> object:
    try:
        return json.loads(raw, parse_constant=_no_number, object_pairs_hook=_distinct)
    except (ValueError, RecursionError) as error:
        raise BadFile(f"no JSON that can be read: {error}", Where(MANIFEST)) from error


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key occurs twice")
    return content


def sidecar(target: Path, case_folder: Path) -> bytes:
    """The line for ``case-folder.local``: the way from the dossier to the case.

    >>> sidecar(Path("out/a"), Path("cases/a"))
    b'../../cases/a\\n'
    """
    way = os.path.relpath(case_folder.resolve(), target.resolve())
    return (Path(way).as_posix() + "\n").encode()


def case_folder_of(folder: Path) -> Path | None:
    """The case folder that the sidecar of a dossier points at, if there is such a folder."""
    note = folder / SIDECAR
    if note.is_symlink() or not note.is_file():
        return None
    lines = note.read_text(encoding="utf-8", errors="replace").splitlines()
    if not lines or "\0" in lines[0]:
        return None
    case_folder = folder / lines[0]
    return case_folder if case_folder.is_dir() else None


# --- verify -----------------------------------------------------------------------------------


class Status(StrEnum):
    """What a check came to.  Only OK is good."""

    OK = "OK"
    FAIL = "FAIL"
    ABSENT = "ABSENT"


@dataclass(frozen=True)
class Item:
    """One thing that was checked.

    >>> print(Item(Status.FAIL, "dossier.json", "sha256 differs"))
    FAIL: dossier.json: sha256 differs
    """

    status: Status
    what: str
    detail: str = ""

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
    is not OK, and so is having nothing to check.  The items stand in a fixed order.
    """
    if not folder.is_dir():
        raise NotADossier(f"{folder} is no folder", remedy="name the folder that a run wrote")
    place = folder / MANIFEST
    if not place.is_file() or place.is_symlink():
        remedy = "without it nothing can be verified; run the case again"
        return [Item(Status.ABSENT, MANIFEST, remedy)]
    try:
        raw = place.read_bytes()
        manifest = read_manifest(raw)
    except (OSError, BadFile) as error:
        return [Item(Status.FAIL, MANIFEST, " ".join(str(error).split()))]
    items = [Item(Status.OK, MANIFEST, "well-formed")]
    if digest is not None:
        items.append(_check_digest(raw, digest))
    items += [_check_output(folder, output) for output in manifest.outputs]
    items += _check_unnamed(folder, manifest)
    if not outputs_only:
        items += _check_inputs(case_folder or case_folder_of(folder), manifest)
    return items


def exit_code(items: Sequence[Item]) -> int:
    """0 only if something was checked and all of it is OK, else 1.

    >>> exit_code([])
    1
    """
    return 0 if items and all(item.status is Status.OK for item in items) else 1


def _check_digest(raw: bytes, expected: str) -> Item:
    found = digest(raw)
    if found == expected.strip().lower():
        return Item(Status.OK, f"digest of {MANIFEST}", found)
    return Item(Status.FAIL, f"digest of {MANIFEST}", f"expected {expected.strip()}, found {found}")


def _check_output(folder: Path, output: SealedOutput) -> Item:
    if not inside(output.path) or output.path in (MANIFEST, SIDECAR):
        return Item(Status.FAIL, output.path, "no path that a dossier may name")
    path = folder / output.path
    steps = (path, *path.parents[: len(Path(output.path).parts) - 1])
    if any(step.is_symlink() for step in steps):
        return Item(Status.FAIL, output.path, "a symbolic link, not the file itself")
    if not path.exists():
        return Item(Status.ABSENT, output.path, "named in the manifest and not there")
    return _check_bytes(output.path, path, output.sha256)


def _check_bytes(what: str, path: Path, expected: str) -> Item:
    if not path.is_file():
        return Item(Status.FAIL, what, "not a regular file")
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return Item(Status.FAIL, what, f"cannot be read: {error.strerror}")
    if found != expected:
        return Item(Status.FAIL, what, f"sha256 in the manifest {expected}, found {found}")
    return Item(Status.OK, what)


def _check_unnamed(folder: Path, manifest: Manifest) -> Iterator[Item]:
    named = {MANIFEST, SIDECAR, *(output.path for output in manifest.outputs)}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        plain_folder = path.is_dir() and not path.is_symlink()
        if name not in named and not plain_folder:
            yield Item(Status.FAIL, name, "not in the manifest")


def _check_inputs(case_folder: Path | None, manifest: Manifest) -> Iterator[Item]:
    remedy = "name the case folder with --case, or check with --outputs-only"
    if case_folder is None:
        what = f"{len(manifest.inputs)} inputs"
        yield Item(Status.ABSENT, what, f"the case folder is not known; {remedy}")
        return
    for source in manifest.inputs:
        what = f"input {source.path}"
        path = case_folder / source.path
        if not inside(source.path):
            yield Item(Status.FAIL, what, "no path that a case may name")
        elif not path.exists():
            yield Item(Status.ABSENT, what, f"not in the case folder; {remedy}")
        else:
            yield _check_bytes(what, path, source.sha256)
