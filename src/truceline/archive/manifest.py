"""The manifest of a dossier: every input and output with its SHA-256, and nothing else.

It vouches that bytes have not changed, never that a finding is right.  Anyone can make a
new manifest for changed files; its digest, published elsewhere, is what tells the two apart.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StrictInt, ValidationError

from truceline.archive.texts import canonical_json, inside, pretty_json
from truceline.clock import stamp
from truceline.domain.result import Input
from truceline.errors import BadFile, Where

MANIFEST = "manifest.json"
SCHEMA = "truceline-manifest/1"
SIDECAR = "case-folder.local"
"""One line: the way from a dossier to its case.  Of this machine; not part of the dossier."""

MAX_STEPS = 6
"""Steps into a manifest that an error tells: deeper ones no run has made."""

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
        field = ".".join(str(step) for step in first["loc"][:MAX_STEPS]) or None
        raise BadFile(first["msg"], Where(MANIFEST, field=field)) from error


def load_manifest(folder: Path) -> tuple[bytes, Manifest]:
    """Bytes and content of a folder's manifest; a missing or unreadable one is a ``BadFile``."""
    place = folder / MANIFEST
    if os.path.islink(place) or not os.path.isfile(place):
        raise BadFile("no regular file", Where(MANIFEST))
    try:
        raw = place.read_bytes()
    except OSError as error:
        raise BadFile(f"cannot be read: {error.strerror}", Where(MANIFEST)) from error
    return raw, read_manifest(raw)


def digest(manifest_bytes: bytes) -> str:
    """SHA-256 over the canonical content of a manifest, whatever its layout.

    >>> digest(b'{"a": 1, "b": 2}') == digest(b'{"b":2,"a":1}')
    True
    """
    return hashlib.sha256(canonical_json(_load(manifest_bytes))).hexdigest()


def _load(raw: bytes) -> object:
    """JSON in UTF-8 that can be written again: no infinity (1e400), no half of a character."""
    try:
        content: object = json.loads(
            raw.decode(), parse_constant=_no_number, object_pairs_hook=_distinct
        )
        canonical_json(content)
    except (ValueError, RecursionError) as error:
        raise BadFile(f"no JSON that can be read: {error}", Where(MANIFEST)) from error
    return content


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key occurs twice")
    return content


def strangers(folder: Path, manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Name and reason of all in a dossier's folder that a run did not leave there.

    A run leaves the manifest, the sidecar and the outputs as regular files, and the folders
    these need.  A folder that is not needed is one stranger, whatever it holds; one that
    cannot be read is one as well.
    """
    files = {MANIFEST, SIDECAR, *(output.path for output in manifest.outputs)}
    folders = {parent.as_posix() for name in files for parent in PurePosixPath(name).parents}
    pending = [""]
    while pending:
        below = pending.pop()
        try:
            with os.scandir(folder / below) as found:
                entries = list(found)
        except OSError as error:
            yield below.rstrip("/") or ".", f"cannot be read: {error.strerror}"
            continue
        for entry in entries:
            name = below + entry.name
            if entry.is_dir(follow_symlinks=False):
                if name in folders:
                    pending.append(f"{name}/")
                else:
                    yield name, "a folder that the manifest does not name"
            elif name not in files:
                yield name, "not in the manifest"
            elif not entry.is_file(follow_symlinks=False):
                yield name, "not a regular file"
