"""A heat archive on disk: Parquet files by month, and what is known of the files they came from.

    heat/2025-03.parquet      the rows that stand, sorted by tile, cell, minute
    aside/2025-03.parquet     rows that a better version or another copy replaces
    lines/<source>~<hash>.json   where lines of a file begin
    stamps.json               hashes of files, sources too, while these are as they were
    parts/                    of a file that is being taken in
    archive.json              schema, and each file that was taken in

A month is put in place by one rename.  ``archive.json`` is written last: what a stopped run left
is taken up or done again, with the same bytes.  Months are held against their hashes before they
are used: one that is lost or damaged is made again from the files of the case.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from truceline.archive.atomic import replace_file
from truceline.archive.lock import locked
from truceline.archive.stamps import Stamps
from truceline.domain.detection import Files
from truceline.domain.heat_table import HEAT_COLUMNS, SCHEMA
from truceline.errors import BadFile, BadInput, Where

MANIFEST = "archive.json"
STAMPS = "stamps.json"
EXCHANGE = "exchange"
"""Folder through which a cluster gets tables and gives answers."""


@dataclass(frozen=True)
class Taken:
    """One file that was taken in.

    ``contract``: hash of what its contract says about reading it; ``first_minute``: by satellite;
    ``first_day``, ``last_day``: days since 1970-01-01 by sensor; ``mixed``: whether it has rows of
    standard processing and in near real time; ``box``: south, west, north and
    east of its rows by sensor, in 1e-5 degrees; ``lines_sha256``: hash of where its lines begin;
    ``aside``: rows set aside.
    """

    sha256: str
    contract: str
    n_rows: int
    n_kept: int
    n_repeated: int
    header: tuple[str, ...]
    months: tuple[str, ...]
    first_minute: Mapping[str, int]
    first_day: Mapping[str, int]
    last_day: Mapping[str, int]
    box: Mapping[str, tuple[int, int, int, int]]
    extent: tuple[int, int, int, int]
    plain: bool
    mixed: bool
    lines_sha256: str
    aside: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Taken:
        """From its JSON."""
        tuples = {
            "header": tuple(row["header"]),
            "months": tuple(row["months"]),
            "extent": tuple(row["extent"]),
            "box": {name: tuple(box) for name, box in row["box"].items()},
            "aside": tuple(row["aside"]),
        }
        return cls(**{**row, **tuples})


@dataclass(frozen=True)
class Month:
    """What a month holds: rows that stand, and rows that were replaced, by source and state.

    ``sha256``: of the file of rows that stand; ``aside_sha256``: of the other one, "" without one.
    """

    n: int
    sha256: str
    aside_sha256: str
    superseded: Mapping[str, int]
    copies: Mapping[str, int]


@dataclass(frozen=True)
class Contents:
    """What ``archive.json`` says.

    ``case``: the id of the case whose fires it holds; ``pending``: months that have to be made
    again, since a stopped run may have left them half, or since they are lost or damaged.
    """

    case: str = ""
    taken: Mapping[str, Taken] = field(default_factory=dict)
    months: Mapping[str, Month] = field(default_factory=dict)
    pending: tuple[str, ...] = ()


class HeatFolder:
    """Paths and contents of one heat archive."""

    stamps: Stamps
    """Hashes of files that are as they were; there while the archive is held for writing."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def sha256(self, path: Path) -> str:
        """Hash of a file of the archive; "" where there is none."""
        return self.stamps.sha256(path.relative_to(self.root).as_posix(), path)

    def is_whole(self, month: str, told: Month) -> bool:
        """Whether both files of a month are as ``archive.json`` says."""
        files = (self.month_path(month), self.month_path(month, "aside"))
        return [self.sha256(path) for path in files] == [told.sha256, told.aside_sha256]

    def month_path(self, month: str, kind: str = "heat") -> Path:
        """The file of a month; ``kind`` is one of its folders."""
        return self.root / kind / f"{month}.parquet"

    def files(self, months: Iterable[str], tiles: tuple[int, ...] = ()) -> Files:
        """The rows that stand of some months that the archive holds.

        Raises ``BadFile`` for one that is not there.
        """
        paths = tuple(self.month_path(month) for month in sorted(months))
        for path in paths:
            if not path.is_file():
                raise BadFile(
                    "a month of the archive is not there",
                    Where(str(path)),
                    expected=f"the files that {MANIFEST} names",
                    remedy=f"remove {self.root} and make it anew with `truceline ingest`",
                )
        return Files(paths, HEAT_COLUMNS, tiles)

    def parts_of(self, source: str, sha256: str, contract: str) -> Path:
        """Where the rows of a file lie while it is taken in."""
        return self.root / "parts" / f"{source}~{sha256[:16]}-{contract}"

    def parts(self, source: str, taken: Taken) -> Path:
        """The same for a file that was read."""
        return self.parts_of(source, taken.sha256, taken.contract)

    def lines_path(self, source: str, taken: Taken) -> Path:
        """Where it is kept where the lines of a file begin."""
        return self.root / "lines" / f"{source}~{taken.sha256[:16]}.json"

    def put_lines(self, source: str, taken: Taken, offsets: Sequence[int]) -> None:
        """Keep where the lines of a file begin."""
        path = self.lines_path(source, taken)
        self.put(path.relative_to(self.root).as_posix(), _lines_text(offsets))

    def lines(self, source: str, taken: Taken) -> list[int] | None:
        """Where the lines of a file begin; None where that is lost or damaged."""
        path = self.lines_path(source, taken)
        if self.sha256(path) != taken.lines_sha256:
            return None
        offsets: list[int] = json.loads(path.read_text(encoding="utf-8"))
        return offsets

    def clear_lines(self, contents: Contents) -> None:
        """Remove this of files that are no more, or are others now."""
        held = {self.lines_path(name, one) for name, one in contents.taken.items()}
        for path in self.root.glob("lines/*~*.json"):
            if path not in held:
                path.unlink()

    def load(self) -> Contents:
        """What the archive holds; nothing where there is none yet.

        Raises ``BadFile`` for another schema.
        """
        path = self.root / MANIFEST
        if not path.is_file():
            if self.root.is_dir() and any(self.root.iterdir()):
                self._refuse_foreign()
            return Contents()
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            schema = told["schema"]
        except (ValueError, KeyError, TypeError) as error:
            raise _no_archive(path, error) from error
        if schema != SCHEMA:
            raise BadFile(
                f"the archive has the schema {schema!r}",
                Where(str(path), None, "schema"),
                expected=SCHEMA,
                remedy="make it anew with `truceline ingest` into another folder",
            )
        try:
            return Contents(
                told["case"],
                {name: Taken.of(row) for name, row in told["taken"].items()},
                {name: Month(**row) for name, row in told["months"].items()},
                tuple(told["pending"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _no_archive(path, error) from error

    def save(self, contents: Contents) -> None:
        """Put ``archive.json`` in place, at once."""
        told = {
            "schema": SCHEMA,
            "case": contents.case,
            "taken": {name: asdict(one) for name, one in sorted(contents.taken.items())},
            "months": {name: asdict(one) for name, one in sorted(contents.months.items())},
            "pending": contents.pending,
        }
        self.put(MANIFEST, json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n")

    def put(self, name: str, text: str) -> None:
        """A small file, whole or not at all."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text.encode())

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the archive for one writer; a second one is refused at once."""
        self.load()
        with ExitStack() as held:
            try:
                self.root.mkdir(parents=True, exist_ok=True)
                lock = held.enter_context((self.root / ".lock").open("w"))
            except OSError as error:
                raise BadInput(
                    f"nothing can be written to {self.root}: {error.strerror}",
                    expected="a folder for the archive that this account may write to",
                    remedy="name another folder with --archive",
                ) from error
            try:
                held.enter_context(locked(lock, wait=False))
            except OSError as error:
                raise BadInput(
                    f"another run is writing to {self.root}",
                    remedy="wait until it has ended, or name another folder",
                ) from error
            if not (self.root / MANIFEST).is_file():
                self.save(Contents())
            for partial in (*self.root.glob(".*.partial*"), *self.root.glob("*/.*.partial*")):
                partial.unlink()  # what a stopped run had begun to write
            self.stamps = Stamps(self.root / STAMPS)
            yield
            self.stamps.save()

    def _refuse_foreign(self) -> None:
        ours = (".lock", EXCHANGE)
        names = (path.name for path in self.root.iterdir())
        foreign = sorted(
            n for n in names if n not in ours and not n.startswith(f".{MANIFEST}.partial")
        )
        if foreign:
            raise BadInput(
                f"{self.root} holds {foreign[0]!r} and is no heat archive",
                expected="an archive, or an empty or new folder",
                remedy="name another folder",
            )


def with_pending(contents: Contents, months: tuple[str, ...]) -> Contents:
    """The same with months that are about to be written."""
    return replace(contents, pending=tuple(sorted({*contents.pending, *months})))


def lines_sha256(offsets: Sequence[int]) -> str:
    """Hash of the file in which it is kept where lines begin."""
    return hashlib.sha256(_lines_text(offsets).encode()).hexdigest()


def _lines_text(offsets: Sequence[int]) -> str:
    return json.dumps(list(offsets))


def _no_archive(path: Path, error: Exception) -> BadFile:
    return BadFile(
        f"not what an archive says of itself: {error}",
        Where(str(path)),
        remedy="make it anew with `truceline ingest` into another folder",
    )
