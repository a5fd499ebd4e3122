"""Bytes of a case, read once: hashed, unpacked, and never a line too long to hold.

Also the two small readers of TOML that case and source files share, with errors that
name the file and the key.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, TypeVar

from pydantic import BaseModel, ValidationError

from truceline.errors import BadFile, MissingFile, Where
from truceline.sources.contract import Keys, KindName, OnBadRow, Opened, SourceFile
from truceline.sources.texts import utf8

M = TypeVar("M", bound=BaseModel)

MAX_LINE_BYTES = 1_000_000
"""Longest line of a table: the longest real one has 3,000 bytes."""

MAX_BYTES = 1 << 30
"""Largest content of a data file (1 GiB), packed or not.  A file is held in memory, as text several
times over, and a year of fires over one country has about 4 MB."""

MAX_SMALL_BYTES = 1_000_000
"""Largest file that people write by hand: case, agreement, contracts.  The longest has 22,000."""

CHUNK_BYTES = 1 << 18
GZIP = 16 + zlib.MAX_WBITS
MAX_PROBLEMS = 20
LONG_LINES = (KindName.FACILITIES_OSM, KindName.AREAS, KindName.ORBITAL_ELEMENTS)
"""Kinds that may be JSON, which is often written without line ends."""


def load(path: Path, name: str, max_line: int | None = MAX_LINE_BYTES) -> tuple[bytes, str]:
    """Content of a file (unpacked if its name ends in .gz) and SHA-256 of its bytes as stored.

    Stops without reading the rest at a line above ``max_line`` bytes and at ``MAX_BYTES``.
    The longest line may not be set below ``CHUNK_BYTES``.
    """
    digest = hashlib.sha256()
    content = BytesIO()
    n_lines, open_bytes = 1, 0
    with path.open("rb") as stream:
        raw = _hashed(stream, digest)
        for chunk in _unpacked(raw, name) if path.name.endswith(".gz") else raw:
            content.write(chunk)
            if content.tell() > MAX_BYTES:
                raise _too_large(name, MAX_BYTES)
            first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
            # A chunk is shorter than a line may be: only the line that it goes on with can be over.
            open_bytes += len(chunk) if first < 0 else first + 1
            if max_line is not None and open_bytes > max_line:
                raise _too_long(name, n_lines, max_line)
            if first >= 0:
                n_lines, open_bytes = n_lines + chunk.count(b"\n"), len(chunk) - last - 1
    return content.getvalue(), digest.hexdigest()


def _hashed(stream: BinaryIO, digest: Any) -> Iterator[bytes]:
    while raw := stream.read(CHUNK_BYTES):
        digest.update(raw)
        yield raw


def _unpacked(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Content of all members of a gzip file, in pieces of at most ``CHUNK_BYTES``."""
    member = zlib.decompressobj(GZIP)
    n_whole = 0
    for raw in chunks:
        while raw:
            if member.eof:
                member, n_whole = zlib.decompressobj(GZIP), n_whole + 1
            yield _piece(member, raw, name, n_whole)
            raw = member.unused_data if member.eof else member.unconsumed_tail
    while not member.eof and (rest := _piece(member, b"", name, n_whole)):
        yield rest
    if not member.eof:
        raise BadFile(
            "the gzip stream ends early: the file looks truncated",
            Where(name),
            remedy="take the file from its source again",
        )


def _piece(member: Any, raw: bytes, name: str, n_whole: int) -> bytes:
    try:
        piece: bytes = member.decompress(raw, CHUNK_BYTES)
    except zlib.error as error:
        raise BadFile(
            f"what follows gzip member {n_whole} is none itself, or is damaged: {error}"
            if n_whole
            else f"no gzip file: {error}",
            Where(name),
            expected="gzip members one after the other, and nothing else",
            remedy="take the file from its source again, or unpack it",
        ) from error
    return piece


def _too_large(name: str, limit: int) -> BadFile:
    return BadFile(
        f"the content is larger than {limit:,} bytes",
        Where(name),
        expected=f"at most {limit:,} bytes, counted unpacked",
        remedy="check that the file is the right one; cut a real one to the area and time of the "
        "case",
    )


def _too_long(name: str, line: int, max_line: int) -> BadFile:
    return BadFile(
        f"line longer than {max_line:,} bytes",
        Where(name, line),
        expected="a table with one record per line, and lines that end in LF or CRLF",
        remedy="check that the file is the right one and complete",
    )


def read_small(path: Path, name: str) -> bytes:
    """Bytes of a file that people write by hand."""
    with path.open("rb") as stream:
        data = stream.read(MAX_SMALL_BYTES + 1)
    if len(data) > MAX_SMALL_BYTES:
        raise _too_large(name, MAX_SMALL_BYTES)
    return data


def read_needed(folder: Path, name: str, expected: str, remedy: str) -> bytes:
    """The same for one that a case folder has to hold; without it a ``MissingFile``."""
    path = folder / name
    if not path.is_file():
        raise MissingFile(f"{name} is missing", Where(str(path)), expected=expected, remedy=remedy)
    return read_small(path, name)


def open_source(
    folder: Path,
    source: SourceFile,
    on_bad_row: OnBadRow = "stop",
    taken: Keys = MappingProxyType({}),
) -> Opened:
    """The bytes that a source names, held against their promised hash."""
    path = folder / source.path
    if not path.is_file():
        raise missing_data(folder, source)
    limit = None if source.kind in LONG_LINES else MAX_LINE_BYTES
    data, digest = load(path, source.path, limit)
    check_hash(source, digest)
    return Opened(source, data, digest, on_bad_row, taken)


def check_hash(source: SourceFile, digest: str) -> None:
    """Hold the hash of a file against the one that its contract names, if it names one."""
    if source.sha256 is not None and source.sha256 != digest:
        raise BadFile(
            f"the bytes have SHA-256 {digest}, the contract names {source.sha256}",
            Where(source.path, None, "sha256"),
            expected="the bytes that the contract was written for",
            remedy=f"restore the file, or, if the change is intended, put sha256 = "
            f'"{digest}" into {source.toml}',
        )


def missing_data(folder: Path, source: SourceFile) -> MissingFile:
    """The error for a data file that is not there."""
    is_folder = (folder / source.path).is_dir()
    upstream = source.address or "not stated"
    return MissingFile(
        f"{source.path!r} is a folder" if is_folder else f"the file {source.path!r} is not there",
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
    text = utf8(data, name)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line_no = int(found.group(1)) if found else None
        raise BadFile(
            f"no valid TOML: {error}", Where(name, line_no), remedy="correct the line"
        ) from error
    except (RecursionError, ValueError) as error:
        deep = isinstance(error, RecursionError)
        raise BadFile(
            f"no valid TOML: {'nested too deeply' if deep else 'a number has too many digits'}",
            Where(name),
            expected="a few levels of tables, and numbers of a few digits",
            remedy="correct the file",
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
