"""Heat near a place and a time, with the predicates that it passed or failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from truceline.domain.observation import Heat
from truceline.geo import Point

Columns = Mapping[str, npt.NDArray[np.int64] | npt.NDArray[np.float64]]
"""A table of numbers, column by column, all of one length."""

Ask = Callable[[str, Mapping[str, Columns]], Sequence[tuple[int | float, ...]]]
"""Runs one query over some tables and returns its rows.  An engine provides it."""


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
