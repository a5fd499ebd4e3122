"""Bytes of a case, read once: hashed, unpacked, and never a line too long to hold.

Also the two small readers of TOML that case and source files share, with errors that
name the file and the key.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import zlib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from truceline.errors import BadFile, MissingFile, Where
from truceline.sources.contract import KindName, OnBadRow, Opened, SourceFile

M = TypeVar("M", bound=BaseModel)

MAX_LINE_BYTES = 1_000_000
"""Longest line of a table: the longest real one has 3,000 bytes."""

CHUNK_BYTES = 1 << 18
GZIP = 16 + zlib.MAX_WBITS
MAX_PROBLEMS = 20
GEOJSON = (KindName.FACILITIES_OSM, KindName.AREAS)


def load(path: Path, name: str, max_line: int | None = MAX_LINE_BYTES) -> tuple[bytes, str]:
    """Content of a file (unpacked if its name ends in .gz) and SHA-256 of its bytes as stored.

    Stops at the first line above ``max_line`` bytes without reading the rest.
    """
    digest = hashlib.sha256()
    unpack = zlib.decompressobj(GZIP) if path.name.endswith(".gz") else None
    parts: list[bytes] = []
    n_lines, open_bytes = 1, 0
    with path.open("rb") as stream:
        while raw := stream.read(CHUNK_BYTES):
            digest.update(raw)
            chunk = _unpacked(unpack, raw, name) if unpack else raw
            parts.append(chunk)
            if max_line is None:
                continue
            for line in chunk.splitlines(keepends=True):
                open_bytes += len(line)
                if open_bytes > max_line:
                    raise _too_long(name, n_lines, max_line)
                if line.endswith(b"\n"):
                    n_lines, open_bytes = n_lines + 1, 0
    if unpack and not unpack.eof:
        raise BadFile(
            "the gzip stream ends early: the file looks truncated",
            Where(name),
            remedy="take the file from its source again",
        )
    return b"".join(parts), digest.hexdigest()


def _unpacked(unpack: Any, raw: bytes, name: str) -> bytes:
    try:
        content: bytes = unpack.decompress(raw)
    except zlib.error as error:
        raise BadFile(
            f"no gzip file: {error}", Where(name), remedy="unpack or replace the file"
        ) from error
    return content


def _too_long(name: str, line: int, max_line: int) -> BadFile:
    return BadFile(
        f"line longer than {max_line:,} bytes",
        Where(name, line),
        expected="a table with one record per line",
        remedy="check that the file is the right one and complete",
    )


def open_source(folder: Path, source: SourceFile, on_bad_row: OnBadRow = "stop") -> Opened:
    """The bytes that a source names, held against their promised hash."""
    path = folder / source.path
    if not path.is_file():
        raise missing_data(source)
    limit = None if source.kind in GEOJSON else MAX_LINE_BYTES
    data, digest = load(path, source.path, limit)
    if source.sha256 is not None and source.sha256 != digest:
        raise BadFile(
            f"the bytes have SHA-256 {digest}, the contract names {source.sha256}",
            Where(source.path, None, "sha256"),
            expected="the bytes that the contract was written for",
            remedy=f"restore the file, or, if the change is intended, put sha256 = "
            f'"{digest}" into {source.toml}',
        )
    return Opened(source, data, digest, on_bad_row)


def missing_data(source: SourceFile) -> MissingFile:
    """The error for a data file that is not there."""
    upstream = source.address or "not stated"
    return MissingFile(
        f"the file {source.path!r} is not there",
        Where(source.toml, None, "path"),
        expected=f"a file of kind {source.kind}",
        remedy=f"put it there (upstream: {upstream}), or remove {source.toml}",
    )


# --- TOML ---------------------------------------------------------------------------------------


def parse_toml(data: bytes, name: str) -> dict[str, Any]:
    """Tables of a TOML file; a mistake names its line.

    >>> parse_toml(b"id = 'a'\\nid = 'b'", "case.toml")
    Traceback (most recent call last):
        ...
    truceline.errors.BadFile: case.toml, line 2: no valid TOML
    """
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadFile("not UTF-8", Where(name, line), remedy="save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line_no = int(found.group(1)) if found else None
        raise BadFile(
            f"no valid TOML: {error}", Where(name, line_no), remedy="correct the line"
        ) from error


def as_model(model: type[M], table: dict[str, Any], name: str, prefix: str = "") -> M:
    """A table as its type; all problems are reported at once, the first with its key."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        keys = ", ".join(f.alias or key for key, f in model.model_fields.items()) or "none"
        problems = [
            (prefix + ".".join(str(part) for part in e["loc"]), message_of(e["msg"]))
            for e in error.errors()
        ]
        text = "; ".join(f"{key}: {msg}" if key else msg for key, msg in problems[:MAX_PROBLEMS])
        raise BadFile(
            text,
            Where(name, None, problems[0][0] or None),
            expected=f"the keys {keys}",
            remedy="correct the keys named above",
        ) from error


def message_of(message: str) -> str:
    """What pydantic says, without its own preamble.

    >>> message_of("Value error, name at least one territory")
    'name at least one territory'
    """
    return message.removeprefix("Value error, ")


def options_of(source: SourceFile, model: type[M]) -> M:
    """The ``[options]`` of a source as the type of its kind."""
    return as_model(model, source.options, source.toml, "options.")
