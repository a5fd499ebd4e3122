"""Heat near a place and a time, with the predicates that it passed or failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import inf
from pathlib import Path
from typing import Any

import numpy.typing as npt

from truceline.domain.observation import Heat
from truceline.errors import BadInput
from truceline.geo import Point

Columns = Mapping[str, npt.NDArray[Any]]
"""A table of numbers, column by column, all of one length."""


@dataclass(frozen=True)
class Files:
    """A table that lies in Parquet files of one schema; none of them: an empty table.

    ``columns`` names each column with its SQL type, so that an empty table has them too.
    ``tiles``: only rows of these; none named: all rows.
    """

    paths: tuple[Path, ...]
    columns: Mapping[str, str]
    tiles: tuple[int, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A table that is the answer of a query over the tables that are named before it."""

    sql: str


Table = Columns | Files | Answer

Ask = Callable[[str, Mapping[str, Table]], Columns]
"""Runs one query over some tables and returns its rows, column by column.  An engine provides it.

Integers come as int64 and other numbers as float64; a NULL is an error, and text comes as str.
"""


@dataclass(frozen=True)
class Circle:
    """A circle on the sphere over a stretch of minutes since 1970-01-01 UTC, ends included.

    Raises BadInput for a radius that is no length.
    """

    point: Point
    radius_km: float
    first_minute: int
    last_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.radius_km < inf:
            raise BadInput(
                f"a circle has a radius of {self.radius_km} km",
                expected="a number from 0 up",
                remedy="give the radius in kilometres",
            )


ALWAYS = (0, 2**31 - 1)
"""First and last minute of circles that hold at any time."""


@dataclass(frozen=True)
class Site:
    """Where and on which UTC dates heat is looked for, both ends included.

    Earlier heat back to ``since`` is found as well, to tell a fire that was burning already.
    """

    key: str
    point: Point
    radius_km: float
    since: date
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Detection:
    """Heat within reach of a site.

    ``n_dates``, ``n_months`` and ``span_d`` describe earlier heat at the same spot, from
    before the site's first day and its guard; ``persistent`` is what the rule makes of it.
    """

    site: str
    heat: Heat
    distance_km: float
    n_dates: int
    n_months: int
    span_d: int
    persistent: bool

    @property
    def counts(self) -> bool:
        """Whether it may be read as a signal: neither persistent nor a known static source."""
        return not self.persistent and self.heat.static_source is not True
