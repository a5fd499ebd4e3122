"""DuckDB in this process: tables of numbers in, rows out, Parquet on disk.

No extension, no server, nothing kept between runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
            for name, columns in tables.items():
                self._db.register(name, dict(columns))
            rows: list[tuple[int | float, ...]] = self._db.execute(sql).fetchall()
        except duckdb.Error as error:
            raise EngineRefused(f"{error}\nquery:\n{sql}") from error
        finally:
            for name in tables:
                self._db.unregister(name)
        return rows

    def parquet(self, rows: Sequence[Mapping[str, object]], path: Path) -> None:
        """Rows of equal keys as a Parquet file, in their order, the same bytes each time.

        Blank cells become NULL.  Columns of numbers stay numbers, all else is text.
        """
        names = list(rows[0]) if rows else ["empty"]
        kinds = {name: _kind([row[name] for row in rows]) for name in names}
        table = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        self._db.execute(f"CREATE OR REPLACE TABLE sheet (line BIGINT, {table})")
        if rows:
            marks = ", ".join("?" for _ in range(len(names) + 1))
            values = [[i, *(_cell(row[name]) for name in names)] for i, row in enumerate(rows)]
            self._db.executemany(f"INSERT INTO sheet VALUES ({marks})", values)
        copy = "COPY (SELECT * EXCLUDE (line) FROM sheet ORDER BY line) TO '{}' (FORMAT parquet)"
        self._db.execute(copy.format(str(path).replace("'", "''")))
        self._db.execute("DROP TABLE sheet")


def _cell(value: object) -> object:
    return None if value == "" else value


def _kind(values: Sequence[object]) -> str:
    filled = [value for value in values if _cell(value) is not None]
    if filled and all(isinstance(value, int) for value in filled):
        return "BIGINT"
    if filled and all(isinstance(value, int | float) for value in filled):
        return "DOUBLE"
    return "VARCHAR"
