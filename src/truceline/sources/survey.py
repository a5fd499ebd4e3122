"""A table of any size, looked over once: its hash, where its lines begin, whether it is plain.

A plain table has nothing that needs care: ASCII without quotes, every line with something on it
and ended as declared.  Such a file may be read at the speed of its bytes; any other one is for the
strict reader, which tells what is wrong with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from truceline.sources.contract import SourceFile

STEP = 4_096
"""Of so many lines the place of one is kept."""

CHUNK_BYTES = 1 << 22


@dataclass(frozen=True)
class Survey:
    """``offsets``: bytes at which lines 1, 1 + STEP, 1 + 2 STEP and so on begin."""

    sha256: str
    header: tuple[str, ...]
    n_lines: int
    plain: bool
    offsets: tuple[int, ...]

    @property
    def n_rows(self) -> int:
        """Lines below the header."""
        return max(0, self.n_lines - 1)


def survey(path: Path, source: SourceFile) -> Survey:
    """Look a table over.  One that is packed is no plain one."""
    digest, marks = hashlib.sha256(), _Marks()
    n_lines, place, offsets = 0, 0, [0]
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            marks.take(chunk)
            ends = np.flatnonzero(np.frombuffer(chunk, dtype=np.uint8) == ord("\n"))
            first = (-n_lines - 1) % STEP
            offsets += (place + 1 + ends[first::STEP]).tolist()
            n_lines, place = n_lines + len(ends), place + len(chunk)
    plain = not path.name.endswith(".gz") and marks.plain(source.dialect.newline)
    header: tuple[str, ...] = ()
    if plain:
        with path.open("rb") as stream:
            header = tuple(
                stream.readline().decode().rstrip("\r\n").split(source.dialect.delimiter)
            )
    return Survey(digest.hexdigest(), header, n_lines, plain, tuple(offsets))


@dataclass
class _Marks:
    """What chunks of a file hold that needs care; what lies across two chunks counts as well."""

    strange: bool = False
    n_cr: int = 0
    n_lf: int = 0
    n_crlf: int = 0
    blank: bool = False
    tail: bytes = b"\r\n"
    """The last bytes so far; a file that begins with a line end begins with a blank line."""

    def take(self, chunk: bytes) -> None:
        """Note what one more chunk holds."""
        self.strange |= not chunk.isascii() or b'"' in chunk or b"\0" in chunk
        self.n_cr += chunk.count(b"\r")
        self.n_lf += chunk.count(b"\n")
        self.n_crlf += chunk.count(b"\r\n") + (self.tail[-1:] == b"\r" and chunk[:1] == b"\n")
        joined = self.tail + chunk
        self.blank |= b"\n\n" in joined or b"\n\r\n" in joined
        self.tail = joined[-3:]

    def plain(self, newline: str) -> bool:
        """Whether lines end as declared, the last one too, and nothing else needs care."""
        ends = self.n_cr == self.n_crlf == (self.n_lf if newline == "crlf" else 0)
        return ends and not self.strange and not self.blank and self.tail.endswith(b"\n")


def lines_of(path: Path, offsets: Collection[int], wanted: Collection[int]) -> Mapping[int, str]:
    """Some lines of a plain table by their numbers, from 1, without their ends."""
    starts = tuple(offsets)
    found: dict[int, str] = {}
    with path.open("rb") as stream:
        at = 0
        for number in sorted(set(wanted)):
            block = (number - 1) // STEP * STEP
            if block + 1 > at or not at:
                stream.seek(starts[block // STEP])
                at = block + 1
            while at < number:
                stream.readline()
                at += 1
            found[number] = stream.readline().decode("ascii").rstrip("\r\n")
            at += 1
    return found
