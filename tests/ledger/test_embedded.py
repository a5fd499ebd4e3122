"""The embedded engine: the same bytes twice, types that do not depend on the rows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from truceline.errors import BadInput, EngineRefused
from truceline.ledger.embedded import Engine

COLUMNS = {"name": "VARCHAR", "n": "BIGINT", "share": "DOUBLE"}
ROWS = [
    {"name": 'a "quoted", name\nof two lines', "n": 1, "share": 0.5},
    {"name": "=1+1", "n": "", "share": ""},
]


def written(rows: list[dict[str, object]], path: Path) -> bytes:
    with Engine("200MB", 1) as engine:
        engine.parquet(COLUMNS, rows, path)
    return path.read_bytes()


def test_parquet_is_the_same_twice_and_keeps_what_was_put_in(tmp_path: Path) -> None:
    first = written(ROWS, tmp_path / "a.parquet")
    assert first == written(ROWS, tmp_path / "b.parquet")
    found = duckdb.sql(f"SELECT * FROM '{tmp_path / 'a.parquet'}'").fetchall()
    assert found == [(ROWS[0]["name"], 1, 0.5), ("=1+1", None, None)]
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["a.parquet", "b.parquet"]


def test_a_sheet_without_rows_has_the_same_columns(tmp_path: Path) -> None:
    written([], tmp_path / "none.parquet")
    table = duckdb.sql(f"SELECT * FROM '{tmp_path / 'none.parquet'}'")
    assert dict(zip(table.columns, map(str, table.types), strict=True)) == COLUMNS


def test_a_query_that_cannot_run_is_told_with_its_text() -> None:
    with Engine("200MB", 1) as engine, pytest.raises(EngineRefused, match="SELECT nonsense"):
        engine.ask("SELECT nonsense", {})


def test_a_limit_that_the_engine_does_not_know_is_told() -> None:
    for memory in ("much", "99999999TB"):
        with pytest.raises(BadInput, match=memory):
            Engine(memory, 1)
