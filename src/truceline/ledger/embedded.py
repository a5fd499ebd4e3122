"""DuckDB in this process: tables of numbers in, rows out, Parquet on disk.

No extension, no server, nothing kept between runs.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from truceline.domain.detection import Columns
from truceline.errors import EngineRefused


class Engine:
    """One in-memory database, closed on leaving its ``with`` block.

    >>> import numpy as np
    >>> with Engine(memory="100MB", threads=1) as engine:
    ...     engine.ask("SELECT sum(n) FROM t", {"t": {"n": np.array([1, 2])}})
    [(3,)]
    """

    def __init__(self, memory: str, threads: int) -> None:
        self._db = duckdb.connect(":memory:")
        with self._told(f"SET memory_limit = {memory}, threads = {threads}"):
            self._db.execute("SET memory_limit = ?", [memory])
            self._db.execute("SET threads = ?", [threads])
            self._db.execute("SET enable_progress_bar = false")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()

    def ask(self, sql: str, tables: Mapping[str, Columns]) -> list[tuple[int | float, ...]]:
        """Rows of one query over some tables, which are gone afterwards."""
        try:
            with self._told(sql):
                for name, columns in tables.items():
                    self._db.register(name, dict(columns))
                rows: list[tuple[int | float, ...]] = self._db.execute(sql).fetchall()
        finally:
            for name in tables:
                self._db.unregister(name)
        return rows

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
        read = f"read_csv({_text(sheet)}, header=true, nullstr='', columns={{{types}}}, {CSV})"
        with self._told(read):
            self._db.execute(f"COPY (SELECT * FROM {read}) TO {_text(path)} (FORMAT parquet)")
        sheet.unlink()

    @contextmanager
    def _told(self, sql: str) -> Iterator[None]:
        """Errors of the engine as ours, and an interrupt as an interrupt."""
        try:
            yield
        except duckdb.Error as error:
            raise EngineRefused(f"{error}\nquery:\n{sql}") from error
        except RuntimeError as error:
            if "interrupt" in str(error).lower():
                raise KeyboardInterrupt from error
            raise


CSV = """delim=',', quote='"', escape='"', auto_detect=false, max_line_size=10000000"""


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
