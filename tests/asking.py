"""Questions to an engine that is opened for each: for tests that ask few."""

from __future__ import annotations

from collections.abc import Mapping

from truceline.domain.detection import Columns, Table
from truceline.ledger.embedded import Engine


def ask(sql: str, tables: Mapping[str, Table]) -> Columns:
    with Engine("200MB", 1) as engine:
        return engine.ask(sql, tables)
