"""What follows from an archive, month by month, and is made anew only where it may have changed.

    history/   days with heat by cell and month          from the rows of the month
    masks/     cells with a source that is always there   from the history up to two months before
    counts/    heat by block, day and class               from rows, mask and the days held
    candidates/  clusters of heat that is no such source  from rows and masks (see candidates.py)

Every file has a key: the hash of all that it was made from, and of the text of its query.  A file
whose key is as it was is left alone; so a new day costs its month, and a late one costs its month
and the masks after it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from truceline import thresholds as t
from truceline.archive.heat_folder import Contents, HeatFolder
from truceline.detect.thermal import calendar, query, sensor_columns
from truceline.domain.detection import Ask, Columns, Files, Table
from truceline.domain.heat_table import SENSOR_NAMES, day_number
from truceline.domain.observation import RecordDay
from truceline.ledger.embedded import Engine
from truceline.sources.records import Stage, silent

KEYS = "products.json"
MADE = 1
"""Raised where code that is no query changes what a product says: all of them are made anew."""

AT_ONCE, AT_ONCE_PIXELS = 12, 4_000_000
"""Masks that one query makes: those of a year, which of a large archive fits into memory, and of as
many more months as have no more pixels.  Every query reads the history of all months before."""

HISTORY = {
    "cell": "INTEGER",
    "month": "INTEGER",
    "n_days": "INTEGER",
    "first_day": "INTEGER",
    "last_day": "INTEGER",
}
MASKS = {
    "cell": "INTEGER",
    "month": "INTEGER",
    "n_dates": "INTEGER",
    "n_months": "INTEGER",
    "span_d": "INTEGER",
    "static": "SMALLINT",
}
COUNTS = {
    "block": "INTEGER",
    "day": "INTEGER",
    "class": "INTEGER",
    "n": "INTEGER",
    "frp_kw": "BIGINT",
    "held": "INTEGER",
}


@dataclass
class Desk:
    """An archive with the engine that asks and the one that writes, and the keys of its files."""

    folder: HeatFolder
    ask: Ask
    engine: Engine
    stage: Stage = silent
    keys: dict[str, dict[str, str]] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    """Files that were made anew, as ``masks/2025-03``."""

    def load(self) -> None:
        """The keys that an earlier run left; none of them if they cannot be read."""
        try:
            told = json.loads((self.folder.root / KEYS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            told = {}
        self.keys = {
            name: held
            for name, held in (told.items() if isinstance(told, dict) else ())
            if isinstance(held, dict) and held.keys() == {"from", "sha256"}
        }

    def save(self) -> None:
        """Keep the keys."""
        self.folder.put(KEYS, json.dumps(self.keys, indent=1, sort_keys=True) + "\n")

    def path(self, kind: str, month: str) -> Path:
        """The file of a kind and month."""
        return self.folder.month_path(month, kind)

    def is_made(self, kind: str, month: str, key: str) -> bool:
        """Whether the file was made from the same and is as it was made."""
        held = self.keys.get(f"{kind}/{month}", {"from": "", "sha256": ""})
        same = held["from"] == key
        return same and self.folder.sha256(self.path(kind, month)) == held["sha256"]

    def reopen(self, names: Iterable[str]) -> None:
        """Forget keys, on disk too, before the files are made anew: a stop leaves none too good."""
        known = [name for name in names if self.keys.pop(name, None)]
        if known:
            self.save()

    def sha256(self, kind: str, month: str) -> str:
        """Hash of a file that was made."""
        return self.keys[f"{kind}/{month}"]["sha256"]

    def put(
        self, kind: str, month: str, key: str, rows: Columns, columns: Mapping[str, str]
    ) -> None:
        """Rows as the file of a kind and month, whole or not at all; they are in their order."""
        path = self.path(kind, month)
        path.parent.mkdir(exist_ok=True)
        partial = path.with_name(f".{path.name}.partial")
        typed = ", ".join(f"CAST({name} AS {sql}) AS {name}" for name, sql in columns.items())
        self.engine.write(f"SELECT {typed} FROM made", {"made": rows}, partial)
        partial.replace(path)
        self.keys[f"{kind}/{month}"] = {"from": key, "sha256": self.folder.sha256(path)}
        self.made.append(f"{kind}/{month}")

    def months(self, kind: str) -> set[str]:
        """Months of which there is a file or a key, also what a stopped run left without one."""
        keyed = {name.split("/")[1] for name in self.keys if name.startswith(f"{kind}/")}
        return keyed | {path.stem for path in (self.folder.root / kind).glob("*.parquet")}

    def keep(self, kind: str, months: Iterable[str]) -> None:
        """Remove files and keys of months that are no more."""
        for month in self.months(kind) - set(months):
            self.keys.pop(f"{kind}/{month}", None)
            self.path(kind, month).unlink(missing_ok=True)

    def files(self, kind: str, months: Iterable[str], columns: Mapping[str, str]) -> Files:
        """Files of a kind as a table."""
        return Files(tuple(self.path(kind, month) for month in sorted(months)), columns)


def make_products(desk: Desk, contents: Contents, record_days: Sequence[RecordDay]) -> None:
    """History, masks and counts of every month whose inputs are not as they were."""
    months = sorted(contents.months)
    for kind in ("history", "masks", "counts"):
        desk.keep(kind, months)
    _history(desk, contents, months)
    _masks(desk, contents, months)
    _counts(desk, contents, months, exposure(record_days))


def key_of(*parts: object) -> str:
    """One hash of everything that a file was made from."""
    return hashlib.sha256(json.dumps([MADE, *parts], sort_keys=True).encode()).hexdigest()[:32]


def month_number(month: str) -> int:
    """Months since 1970-01.

    >>> month_number("1970-02")
    1
    """
    year, number = month.split("-")
    return (int(year) - 1970) * 12 + int(number) - 1


def days_of(month: str) -> tuple[int, int]:
    """First and last day of a month, as numbers."""
    first, after = (
        date(1970 + number // 12, number % 12 + 1, 1)
        for number in (month_number(month), month_number(month) + 1)
    )
    return day_number(first), day_number(after) - 1


def outdated(desk: Desk, kind: str, keys: Mapping[str, str]) -> dict[str, str]:
    """Months with their keys whose file of a kind has to be made anew."""
    found = {month: key for month, key in keys.items() if not desk.is_made(kind, month, key)}
    desk.reopen(f"{kind}/{month}" for month in found)
    return found


def _history(desk: Desk, contents: Contents, months: Sequence[str]) -> None:
    text = query("history")
    keys = {month: key_of(text, contents.months[month].sha256) for month in months}
    for month, key in outdated(desk, "history", keys).items():
        desk.stage(f"history of {month}")
        tables: dict[str, Table] = {
            "heat": desk.folder.files([month]),
            "calendar": calendar(*days_of(month)),
        }
        rows = in_order(desk.ask(text, tables), "cell")
        desk.put("history", month, key, rows, HISTORY)


def _masks(desk: Desk, contents: Contents, months: Sequence[str]) -> None:
    rule = [t.PERSISTENCE_MIN_DATES, t.PERSISTENCE_MIN_MONTHS, t.PERSISTENCE_MIN_SPAN_D]
    wanted, text = {}, query("static")
    for month in months:
        earlier = [m for m in months if month_number(m) <= month_number(month) - 2]
        known = hashlib.sha256("".join(desk.sha256("history", m) for m in earlier).encode())
        key = key_of(text, rule, desk.sha256("history", month), known.hexdigest())
        wanted[month] = key
    wanted = outdated(desk, "masks", wanted)
    for group in _at_once(sorted(wanted), contents):
        desk.stage(f"masks of {group[0]} to {group[-1]}")
        first, last = month_number(group[0]), month_number(group[-1])
        known_months = [m for m in months if month_number(m) <= last]
        tables: dict[str, Table] = {
            "history": desk.files("history", known_months, HISTORY),
            "rule": {
                "first_month": np.array([first]),
                "last_month": np.array([last]),
                "min_dates": np.array([rule[0]]),
                "min_months": np.array([rule[1]]),
                "min_span_d": np.array([rule[2]]),
            },
        }
        rows = in_order(desk.ask(text, tables), "month", "cell")
        for month in group:
            which = rows["month"] == month_number(month)
            one = {name: column[which] for name, column in rows.items()}
            desk.put("masks", month, wanted[month], one, MASKS)


def _at_once(months: Sequence[str], contents: Contents) -> list[list[str]]:
    """Months in groups that lie within a year or hold few pixels."""
    groups: list[list[str]] = []
    n_pixels = 0
    for month in months:
        n_pixels += contents.months[month].n
        within = groups and month_number(month) - month_number(groups[-1][0]) < AT_ONCE
        if groups and (within or n_pixels <= AT_ONCE_PIXELS):
            groups[-1].append(month)
        else:
            groups.append([month])
            n_pixels = contents.months[month].n
    return groups


def exposure(record_days: Sequence[RecordDay]) -> dict[tuple[int, int], int]:
    """Whether the record of a sensor and day is whole, as counts ask it: by number and day."""
    return {
        (SENSOR_NAMES.index(one.sensor), day_number(one.day)): int(one.whole)
        for one in record_days
        if one.sensor in SENSOR_NAMES
    }


def _counts(
    desk: Desk,
    contents: Contents,
    months: Sequence[str],
    held: Mapping[tuple[int, int], int],
) -> None:
    keys, days, text = {}, {}, query("counts")
    for month in months:
        first, last = days_of(month)
        days[month] = sorted((*k, value) for k, value in held.items() if first <= k[1] <= last)
        sha256 = contents.months[month].sha256
        keys[month] = key_of(text, sha256, desk.sha256("masks", month), days[month])
    for month, key in outdated(desk, "counts", keys).items():
        desk.stage(f"counts of {month}")
        table = np.array(days[month], dtype=np.int64).reshape(-1, 3)
        tables: dict[str, Table] = {
            "heat": desk.folder.files([month]),
            "mask": desk.files("masks", [month], MASKS),
            "sensor": sensor_columns(),
            "exposure": {"sensor": table[:, 0], "day": table[:, 1], "held": table[:, 2]},
        }
        rows = in_order(desk.ask(text, tables), "block", "day", "class")
        desk.put("counts", month, key, rows, COUNTS)


def in_order(rows: Columns, *by: str) -> Columns:
    """Rows sorted by some columns, whatever order an engine gave them in."""
    plain = {n: c.astype(str) if c.dtype == object else c for n, c in rows.items()}
    order = np.lexsort([plain[name] for name in reversed(by)])
    return {name: column[order] for name, column in plain.items()}
