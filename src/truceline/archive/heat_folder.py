"""A heat archive on disk: Parquet files by month, and what is known of the files they came from.

    heat/2025-03.parquet      the rows that stand, sorted by tile, cell, minute
    aside/2025-03.parquet     rows that a better version or another copy replaces
    lines/<source>~<hash>.json   where lines of a file begin
    stamps.json               size and time of change of files when they were last hashed
    parts/                    of a file that is being taken in
    archive.json              schema, and each file that was taken in

A month is put in place by one rename.  ``archive.json`` is written last: what a stopped run left
is taken up or done again, with the same bytes.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from truceline.archive.atomic import replace_file
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
    east of its rows by sensor, in 1e-5 degrees; ``aside``: rows set aside.
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
    """What a month holds: rows that stand, and rows that were replaced, by source and state."""

    n: int
    sha256: str
    superseded: Mapping[str, int]
    copies: Mapping[str, int]


@dataclass(frozen=True)
class Contents:
    """What ``archive.json`` says.  ``pending``: months that a stopped run may have left half."""

    taken: Mapping[str, Taken] = field(default_factory=dict)
    months: Mapping[str, Month] = field(default_factory=dict)
    pending: tuple[str, ...] = ()


class HeatFolder:
    """Paths and contents of one heat archive."""

    def __init__(self, root: Path) -> None:
        self.root = root

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
        name = self.lines_path(source, taken).relative_to(self.root)
        self.put(str(name), json.dumps(list(offsets)))

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
            if told["schema"] != SCHEMA:
                raise BadFile(
                    f"the archive has the schema {told['schema']!r}",
                    Where(str(path), None, "schema"),
                    expected=SCHEMA,
                    remedy="make it anew with `truceline ingest` into another folder",
                )
            return Contents(
                {name: Taken.of(row) for name, row in told["taken"].items()},
                {name: Month(**row) for name, row in told["months"].items()},
                tuple(told["pending"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadFile(
                f"not what an archive says of itself: {error}",
                Where(str(path)),
                remedy="make it anew with `truceline ingest` into another folder",
            ) from error

    def save(self, contents: Contents) -> None:
        """Put ``archive.json`` in place, at once."""
        told = {
            "schema": SCHEMA,
            "taken": {name: asdict(one) for name, one in sorted(contents.taken.items())},
            "months": {name: asdict(one) for name, one in sorted(contents.months.items())},
            "pending": contents.pending,
        }
        self.put(MANIFEST, json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n")

    def stamps(self) -> dict[str, list[Any]]:
        """Size, time of change and hash of each file as they were when it was last hashed."""
        path = self.root / STAMPS
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    def put(self, name: str, text: str) -> None:
        """A small file, whole or not at all."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text.encode())

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the archive for one writer; a second one is refused at once."""
        self.load()
        self.root.mkdir(parents=True, exist_ok=True)
        if not (self.root / MANIFEST).is_file():
            self.save(Contents())
        with (self.root / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise BadInput(
                    f"another run is writing to {self.root}",
                    remedy="wait until it has ended, or name another folder",
                ) from error
            for partial in (*self.root.glob(".*.partial*"), *self.root.glob("*/.*.partial*")):
                partial.unlink()  # what a stopped run had begun to write
            yield

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
