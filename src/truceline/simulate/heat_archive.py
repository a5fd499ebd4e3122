"""Made-up archives of fire pixels, of any size, with the statistics of real ones.

For measuring and testing at scale, not for science.  A plan and its seed give the same rows
each time.  Every month has a random stream of its own, so months can be made alone, in any
order, and an archive needs no more memory than its largest month.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from truceline.cells import tiles_of
from truceline.domain.detection import Columns
from truceline.domain.heat_table import HEAT_COLUMNS, MINUTES_A_DAY, UNSAID, month_of
from truceline.simulate.heat_firms import FIRMS_COLUMNS, firms_lines
from truceline.simulate.heat_pixels import anywhere, e5_inside, moved, pixels, sites_of
from truceline.simulate.heat_plan import ArchivePlan, month_number, rows_by_month, shares

__all__ = ["ArchivePlan", "months", "objects", "one_month", "write_firms"]

SOURCE = "made-up"
"""What the column ``source`` says in every row."""

FIRST_LINE = 2
"""Line of the first row in a table with a head."""

STREAM_OBJECTS = 2
DTYPES = {"INTEGER": np.int32, "SMALLINT": np.int16}


def months(plan: ArchivePlan) -> Iterator[tuple[str, Columns]]:
    """Months that have rows, as ``2020-08`` with their columns; see `one_month`."""
    for number, n in zip(plan.numbers(), rows_by_month(plan), strict=True):
        if n:
            name = month_of(plan.span(number)[0])
            yield name, one_month(plan, name)


def one_month(plan: ArchivePlan, month: str) -> Columns:
    """Rows of one month: every column of a heat table, by cell, minute, latitude and longitude.

    No two rows share position and minute.  All are near real time, so none says whether its
    source is static.  ``line`` counts through the whole archive, as `write_firms` writes it.
    Raises ``ValueError`` for a month outside the plan.

    >>> plan = ArchivePlan(500, date(2020, 7, 1), date(2020, 8, 31), seed=1)
    >>> [(name, len(rows["cell"])) for name, rows in months(plan)]
    [('2020-07', 231), ('2020-08', 269)]
    """
    number = month_number(date.fromisoformat(f"{month}-01"))
    if number not in plan.numbers():
        raise ValueError(f"{month} is not in the plan, {plan.first} to {plan.last}")
    place = number - plan.numbers().start
    before, n = sum(rows_by_month(plan)[:place]), rows_by_month(plan)[place]
    rows = pixels(plan, number, n)
    rows["day"] = rows["minute"] // MINUTES_A_DAY
    rows["tile"] = tiles_of(rows["lat_e5"], rows["lon_e5"])
    rows["static"] = np.full(n, UNSAID)
    rows["standard"] = np.zeros(n)
    rows["line"] = np.arange(n) + before + FIRST_LINE
    rows["source"] = np.full(n, SOURCE, dtype=object)
    return {
        name: rows[name].astype(DTYPES.get(kind, object), copy=False)
        for name, kind in HEAT_COLUMNS.items()
    }


def objects(n: int, plan: ArchivePlan) -> Columns:
    """Positions of protected objects: ``lat_e5`` and ``lon_e5``; some at sites, most in towns."""
    random = np.random.default_rng((plan.seed, STREAM_OBJECTS))
    n_at_sites = round(n * plan.object_site_share)
    sites, _ = sites_of(plan)
    towns = anywhere(plan, plan.n_towns, random)
    sizes = shares(random.lognormal(0.0, 1.0, plan.n_towns))
    near = sites[random.integers(0, len(sites), n_at_sites)]
    town = towns[random.choice(plan.n_towns, n - n_at_sites, p=sizes)]
    lat, lon = np.concatenate([near, town]).T
    scatter = np.repeat([plan.object_site_km, plan.town_km], [n_at_sites, n - n_at_sites])
    north, east = random.standard_normal((2, n)) * scatter
    lat_e5, lon_e5 = e5_inside(plan, *moved(lat, lon, north, east))
    return {"lat_e5": lat_e5.astype(np.int32), "lon_e5": lon_e5.astype(np.int32)}


def write_firms(plan: ArchivePlan, path: Path) -> None:
    """The same rows as a table of NASA FIRMS, near real time.

    ``source`` is not in it.  Row ``line`` of the archive is that line of the
    file.
    """
    with path.open("wb") as file:
        file.write(FIRMS_COLUMNS.encode() + b"\n")
        for _, rows in months(plan):
            file.write(firms_lines(rows))
