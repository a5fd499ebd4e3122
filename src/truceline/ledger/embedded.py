"""DuckDB in this process: tables of numbers in, rows out, Parquet on disk.

No extension, no server, nothing kept between runs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
import numpy.typing as npt

from truceline.domain.detection import Answer, Columns, Files, Table
from truceline.errors import BadInput, EngineRefused, Unreadable


class Engine:
    """One in-memory database, closed on leaving its ``with`` block.

    What does not fit into ``memory`` goes to a folder of its own, which is gone afterwards.

    >>> import numpy as np
    >>> with Engine(memory="100MB", threads=1) as engine:
    ...     engine.ask("SELECT n + 1 AS m FROM t", {"t": {"n": np.array([1, 2])}})["m"].tolist()
    [2, 3]
    """

    def __init__(self, memory: str, threads: int) -> None:
        self._db, self._threads = duckdb.connect(":memory:"), threads
        with self._told(f"SET memory_limit = {memory}, threads = {threads}"):
            self._limit(memory)
            self._db.execute("SET threads = ?", [threads])
            self._db.execute("SET enable_progress_bar = false")
        self._spill = TemporaryDirectory(prefix="truceline-")
        self._db.execute("SET temp_directory = ?", [self._spill.name])

    def _limit(self, memory: str) -> None:
        try:
            self._db.execute("SET memory_limit = ?", [memory])
        except duckdb.ParserException as error:
            raise BadInput(
                f"the memory of the engine is {memory!r}, which it does not take",
                expected="an amount such as 400MB",
                remedy="set TRUCELINE_ENGINE_MEMORY to one",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()
        self._spill.cleanup()

    def ask(self, sql: str, tables: Mapping[str, Table]) -> Columns:
        """Rows of one query over some tables, which are gone afterwards; see `domain.Ask`."""
        found = self.fetch(sql, tables)
        with ThreadPoolExecutor(self._threads) as pool:  # a copy of millions waits for memory
            return dict(zip(found, pool.map(plain_column, found, found.values()), strict=True))

    def fetch(self, sql: str, tables: Mapping[str, Table]) -> Columns:
        """The same as the database has it: whole numbers of any width, a NULL as a mask."""
        with self._with(tables), self._told(sql):
            return dict(self._db.execute(sql).fetchnumpy())

    def write(self, sql: str, tables: Mapping[str, Table], path: Path) -> int:
        """Rows of one query as a Parquet file, in their order, the same bytes each time.

        Returns their number.  The query has to order its rows completely, or to take them as they
        are from one table of columns, whose order is kept.
        """
        form = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}"
        with self._with(tables), self._told(sql):
            row = self._db.execute(f"COPY ({sql}) TO {_text(path)} ({form})").fetchone()
        return int(row[0]) if row else 0

    @staticmethod
    def from_files(paths: Sequence[Path]) -> str:
        """The text of a table of Parquet files, for a query of the engine's own."""
        return f"read_parquet([{', '.join(map(_pattern, paths))}], hive_partitioning = false)"

    def write_parts(
        self, sql: str, tables: Mapping[str, Table], folder: Path, by: str
    ) -> dict[str, list[Path]]:
        """Rows of one query as Parquet files, apart by the values of a column of text."""
        form = f"FORMAT parquet, PARTITION_BY ({by}), ROW_GROUP_SIZE {PART_GROUP}"
        with self._with(tables), self._told(sql):
            self._db.execute(f"SET partitioned_write_max_open_files = {OPEN_PARTS}")
            self._db.execute(f"SET partitioned_write_flush_threshold = {PART_GROUP}")
            self._db.execute(f"COPY ({sql}) TO {_text(folder)} ({form})")
        parts = {path.name: sorted(path.iterdir()) for path in sorted(folder.glob(f"{by}=*"))}
        return {name.removeprefix(f"{by}="): files for name, files in parts.items()}

    def parquet(
        self, columns: Mapping[str, str], rows: Iterable[Mapping[str, object]], path: Path
    ) -> None:
        """Rows as a Parquet file, in their order, the same bytes each time.

        ``columns`` names each column with its SQL type; blank cells become NULL.
        """
        sheet = path.with_suffix(".csv")
        with sheet.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(columns)
            table.writerows([row[name] for name in columns] for row in rows)
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
        read = f"read_csv({_pattern(sheet)}, header=true, nullstr='', columns={{{types}}}, {CSV})"
        with self._told(read):
            self._db.execute(f"COPY (SELECT * FROM {read}) TO {_text(path)} (FORMAT parquet)")
        sheet.unlink()

    @contextmanager
    def _with(self, tables: Mapping[str, Table]) -> Iterator[None]:
        """Tables by their names, for one query."""
        try:
            for name, table in tables.items():
                with self._told(f"table {name}"):
                    if isinstance(table, Mapping):
                        self._db.register(name, {n: _text_alone(v) for n, v in table.items()})
                    else:
                        text = table.sql if isinstance(table, Answer) else select_files(table)
                        self._db.execute(f"CREATE TEMP VIEW {name} AS {text}")
            yield
        finally:
            for name, table in tables.items():
                if isinstance(table, Mapping):
                    self._db.unregister(name)
                else:
                    self._db.execute(f"DROP VIEW IF EXISTS {name}")

    @contextmanager
    def _told(self, sql: str) -> Iterator[None]:
        """Errors of the engine as ours, and an interrupt as an interrupt."""
        try:
            yield
        except duckdb.InterruptException as error:
            raise KeyboardInterrupt from error
        except duckdb.OutOfMemoryException as error:
            raise EngineRefused(
                f"{error}\nquery:\n{sql}",
                expected="work that fits into the memory of the engine, with its files on disk",
                remedy="set TRUCELINE_ENGINE_MEMORY to more, such as 2GB",
            ) from error
        except duckdb.IOException as error:
            raise EngineRefused(
                f"a file could not be read or written: {str(error).splitlines()[0]}",
                expected="room on the disk, and files that nobody else changes",
                remedy="make room; what was begun is taken up by the next run",
            ) from error
        except duckdb.InvalidInputException as error:
            raise Unreadable(f"{error}\nquery:\n{sql}") from error
        except duckdb.Error as error:
            raise EngineRefused(f"{error}\nquery:\n{sql}") from error
        except RuntimeError as error:
            if "interrupt" in str(error).lower():
                raise KeyboardInterrupt from error
            raise


def _text_alone(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Text of one width as text of any, for which the engine does not ask for pandas."""
    return values.astype(object) if values.dtype.kind == "U" else values


def select_files(table: Files) -> str:
    """The text that reads a table of Parquet files; one of no rows where there are no files."""
    if table.paths:
        only = f" WHERE tile IN ({', '.join(map(str, table.tiles))})" if table.tiles else ""
        return f"SELECT * FROM {Engine.from_files(table.paths)}{only}"
    blank = (f"CAST(NULL AS {kind}) AS {name}" for name, kind in table.columns.items())
    return f"SELECT {', '.join(blank)} WHERE false"


def select_csv(path: Path, header: Sequence[str], delimiter: str, newline: str) -> str:
    """The text that reads a plain table of text without quotes, with the number of each line."""
    names = ", ".join(f"'{name}': 'VARCHAR'" for name in header)
    form = f"delim = {_quoted(delimiter)}, new_line = '{newline}', quote = '', escape = ''"
    return (
        f"SELECT ROW_NUMBER() OVER () + 1 AS line, * FROM read_csv({_pattern(path)}, "
        f"header = true, columns = {{{names}}}, {form}, auto_detect = false, nullstr = '\x01', "
        f"max_line_size = {MAX_LINE_BYTES})"
    )


def plain_column(name: str, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Integers as int64, other numbers as float64, text as it is; a NULL is refused.

    >>> import numpy as np
    >>> plain_column("n", np.array([1, 2], dtype=np.int32)).dtype
    dtype('int64')
    """
    if np.ma.is_masked(values):
        raise EngineRefused(f"the column {name} of an answer holds a NULL")
    values = np.ma.getdata(values)
    if values.dtype.kind in "iub":
        return values.astype(np.int64, copy=False)
    return values.astype(np.float64, copy=False) if values.dtype.kind == "f" else values


ROW_GROUP = 122_880
"""Rows that statistics are kept for together; the engine's own measure."""

PART_GROUP, OPEN_PARTS = 16_384, 24
"""Rows that are held for each part, and parts written at a time: both bound the memory."""

MAX_LINE_BYTES = 1_000_000

CSV = """delim=',', quote='"', escape='"', auto_detect=false, max_line_size=10000000"""


def _pattern(path: Path) -> str:
    """A path to read, of which some letters would be taken for a pattern.

    >>> _pattern(Path("case [1]/*.csv"))
    "'case [[]1]/[*].csv'"
    """
    return _quoted(re.sub(r"([*?\[])", r"[\1]", str(path)))


def _text(path: Path) -> str:
    return _quoted(str(path))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
