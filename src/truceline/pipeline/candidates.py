"""Incident candidates of an archive: clusters of fresh heat, kept by month.

A cluster is a fact of all its pixels, and may reach over months.  When the fresh heat of a month
has changed, exactly those clusters are made anew that have a pixel in the month or within reach of
it, with all their pixels wherever they lie; all others stay.  So the clusters are those that one
linkage of the whole archive would give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from truceline import thresholds as t
from truceline.archive.heat_folder import Contents
from truceline.detect.thermal import calendar, query
from truceline.domain.detection import Columns, Files, Table
from truceline.domain.heat_table import MINUTES_A_DAY
from truceline.fuse.linkage import Rule, link, link_guarded
from truceline.pipeline.products import (
    MASKS,
    Desk,
    days_of,
    in_order,
    key_of,
    month_number,
)

PIXEL = ("minute", "lat_e5", "lon_e5", "satellite", "source", "line")
WHOLE = ("whole_minute", "whole_lat_e5", "whole_lon_e5")
"""The first pixel of the cluster before too large ones are taken apart: its name."""

CANDIDATES: Mapping[str, str] = {
    "minute": "INTEGER",
    "lat_e5": "INTEGER",
    "lon_e5": "INTEGER",
    "satellite": "SMALLINT",
    "source": "VARCHAR",
    "line": "INTEGER",
    "first_minute": "INTEGER",
    "first_lat_e5": "INTEGER",
    "first_lon_e5": "INTEGER",
    "level_m": "INTEGER",
    "chain": "SMALLINT",
    "whole_minute": "INTEGER",
    "whole_lat_e5": "INTEGER",
    "whole_lon_e5": "INTEGER",
    "whole_last_minute": "INTEGER",
}
"""One row a pixel.  ``first_``: the first pixel of its cluster, which is the cluster's name;
``level_m``: the radius that the cluster was linked with; ``chain``: 1 where it stayed too large
and is no candidate."""

RULE = Rule(t.LINKAGE_KM, t.LINKAGE_H, t.LINKAGE_MAX_KM, t.LINKAGE_MAX_H, t.LINKAGE_MIN_KM)


def make_candidates(desk: Desk, contents: Contents) -> None:
    """Clusters of every month whose fresh heat is not as it was, and of those they reach into."""
    rule = [RULE.radius_km, RULE.hours, RULE.max_km, RULE.max_hours, RULE.min_km]
    months, text = sorted(contents.months), query("fresh")
    keys = {
        month: key_of(text, rule, contents.months[month].sha256, desk.sha256("masks", month))
        for month in months
    }
    same = {month for month in months if desk.is_made("candidates", month, keys[month])}
    open_months = sorted((desk.months("candidates") | set(months)) - same)
    desk.reopen(f"candidates/{month}" for month in open_months if month in keys)
    for i, month in enumerate(open_months):
        desk.stage(f"candidates of {month}")
        done = [m for m in months if m not in open_months[i:]]
        _relink(desk, month, done, keys)
    desk.keep("candidates", months)


def _relink(desk: Desk, month: str, done: Sequence[str], keys: Mapping[str, str]) -> None:
    """Make the clusters of one month anew, with all that they reach in months that are done."""
    fresh = _fresh(desk, month) if month in keys else None
    parts = [part for part in (fresh, _touched(desk, month, done)) if part is not None]
    if not parts:
        return
    pixels = in_order(
        {name: np.concatenate([part[name] for part in parts]) for name in PIXEL}, *PIXEL
    )
    rows = _linked(pixels)
    of = (rows["minute"] // MINUTES_A_DAY).astype("datetime64[D]").astype("datetime64[M]")
    number = of.astype(int)
    reached = {name for name in done if month_number(name) in number}
    changed = sorted((reached | {month}) & keys.keys())
    desk.reopen(f"candidates/{name}" for name in changed)  # a stop leaves none too good
    for name in changed:
        which = number == month_number(name)
        mine: Columns = {column: values[which] for column, values in rows.items()}
        if name != month:
            mine = _with_rest(desk, name, mine)
        desk.put("candidates", name, keys[name], in_order(mine, *PIXEL), CANDIDATES)


def _fresh(desk: Desk, month: str) -> Columns:
    tables: dict[str, Table] = {
        "heat": desk.folder.files([month]),
        "mask": desk.files("masks", [month], MASKS),
        "calendar": calendar(*days_of(month)),
    }
    return desk.ask(query("fresh"), tables)


def _linked(pixels: Columns) -> Columns:
    """Pixels in order with their clusters."""
    place = (pixels["lat_e5"], pixels["lon_e5"], pixels["minute"])
    whole = link(*place, RULE.radius_km, RULE.hours)
    parts = link_guarded(*place, RULE)
    last = np.zeros(len(whole), dtype=np.int64)
    np.maximum.at(last, whole, pixels["minute"])
    first = {f"first_{name}": pixels[name][parts.label] for name in ("minute", "lat_e5", "lon_e5")}
    names = {f"whole_{name}": pixels[name][whole] for name in ("minute", "lat_e5", "lon_e5")}
    return {
        **pixels,
        **first,
        "level_m": np.rint(parts.level_km * 1000).astype(np.int64),
        "chain": parts.chain.astype(np.int64),
        **names,
        "whole_last_minute": last[whole],
    }


def _touched(desk: Desk, month: str, done: Sequence[str]) -> Columns | None:
    """The pixels outside of a month of all clusters that it may have a part in."""
    reach = round(t.LINKAGE_H * 60)
    first_day, last_day = days_of(month)
    start, end = first_day * MINUTES_A_DAY - reach, (last_day + 1) * MINUTES_A_DAY + reach
    number, wide = month_number(month), 1 + reach // (28 * MINUTES_A_DAY)
    near = [m for m in done if 0 < abs(month_number(m) - number) <= wide]
    found = desk.engine.ask(
        f"SELECT DISTINCT {', '.join(WHOLE)}, whole_last_minute FROM candidate "
        f"WHERE minute BETWEEN {start} AND {end}",
        {"candidate": _files(desk, near)},
    )
    if not len(found["whole_minute"]):
        return None
    first, last = int(found["whole_minute"].min()), int(found["whole_last_minute"].max())
    reached = [m for m in done if m != month and days_of(m)[1] >= first // MINUTES_A_DAY]
    reached = [m for m in reached if days_of(m)[0] <= last // MINUTES_A_DAY]
    wanted = {name: found[name] for name in WHOLE}
    text = f"SELECT {', '.join(PIXEL)} FROM candidate INNER JOIN wanted USING ({', '.join(WHOLE)})"
    return desk.engine.ask(text, {"wanted": wanted, "candidate": _files(desk, reached)})


def _with_rest(desk: Desk, month: str, mine: Columns) -> Columns:
    """Pixels of a month with those of its clusters that were not made anew."""
    tables: dict[str, Table] = {
        "candidate": _files(desk, [month]),
        "mine": {name: mine[name] for name in ("source", "line")},
    }
    text = "SELECT candidate.* FROM candidate LEFT JOIN mine USING (source, line)"
    rest = desk.engine.ask(f"{text} WHERE mine.line IS NULL", tables)
    return {name: np.concatenate([mine[name], rest[name]]) for name in CANDIDATES}


def _files(desk: Desk, months: Sequence[str]) -> Files:
    return desk.files("candidates", months, CANDIDATES)
