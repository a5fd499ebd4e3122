"""``truceline ingest``: the fires of a case into an archive of Parquet files by month.

A file whose bytes and contract are as they were is not read again.  Of the others every row is
read, and only the months that they touch are written anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from truceline.archive.heat_folder import (
    Contents,
    HeatFolder,
    Month,
    Taken,
    with_pending,
)
from truceline.detect.thermal import query
from truceline.domain.detection import Answer, Columns, Files, Table
from truceline.domain.heat_table import HEAT_COLUMNS
from truceline.errors import BadFile, BadInput, Where
from truceline.ledger.embedded import Engine
from truceline.pipeline.taking import NAMES, Intake
from truceline.settings import Settings
from truceline.sources.casefile import Case
from truceline.sources.contract import KindName
from truceline.sources.records import Stage, silent

NEVER = {"SMALLINT": "-32768", "INTEGER": "-2147483648", "VARCHAR": "''"}
"""Values that no column holds, by its type."""
WHOLE = ", ".join(f"NULLIF({name}, {NEVER[kind]}) AS {name}" for name, kind in HEAT_COLUMNS.items())
"""All columns, as if a NULL could be among them: else the form in which the engine writes a column
depends on what it knows of where the rows come from."""
BY_PLACE = "tile, cell, minute, lat_e5, lon_e5, satellite, source, line"
"""The one order of rows in a month: complete, so that the bytes are the same every time."""


@dataclass(frozen=True)
class Summary:
    """What came of one file: rows of the file, and those of them that stand now.

    ``state``: ``read`` now, ``as it was``, or ``removed`` with its contract.
    """

    source: str
    n_rows: int
    n_kept: int = 0
    n_quarantined: int = 0
    n_repeated: int = 0
    n_superseded: int = 0
    n_copies: int = 0
    state: str = "read"


def ingest(
    case: Case, folder: HeatFolder, settings: Settings, stage: Stage = silent
) -> tuple[Contents, list[Summary]]:
    """Take in the fire files of a case; returns what the archive holds, and each file's rows.

    Raises what reading strictly raises, and leaves the archive as it was then.
    """
    with (
        folder.writing(),
        Engine(settings.engine_memory, settings.engine_threads) as engine,
    ):
        return take_in(case, folder, engine, stage)


def take_in(
    case: Case, folder: HeatFolder, engine: Engine, stage: Stage = silent
) -> tuple[Contents, list[Summary]]:
    """The same for an archive that is held for writing."""
    sources = sorted(case.of_kind(KindName.HEAT), key=lambda source: source.id)
    before, intake = _opened(case, folder), Intake(case, folder)
    # Months that are half or damaged are made from the files again, not from rows.
    half = {name for name, one in before.taken.items() if {*one.months} & {*before.pending}}
    new = [s for s in sources if s.id in half or not intake.as_it_was(s, before.taken.get(s.id))]
    gone = before.taken.keys() - {source.id for source in sources}
    taken = {name: one for name, one in before.taken.items() if name not in gone}
    for source in new:
        stage(f"taking in {source.path}")
        taken[source.id] = intake.take(source, engine)
    replaced = gone | {source.id for source in new}
    after = _merge_all(folder, before, taken, replaced, engine, stage)
    shutil.rmtree(folder.root / "parts", ignore_errors=True)
    folder.clear_lines(after)
    return after, [
        *(_summary(name, after, name in replaced) for name in sorted(after.taken)),
        *(Summary(name, before.taken[name].n_rows, state="removed") for name in sorted(gone)),
    ]


def _opened(case: Case, folder: HeatFolder) -> Contents:
    """What the archive of a case holds, damaged months as pending; another one is refused."""
    found = folder.load()
    if found.case not in ("", case.file.id):
        raise BadInput(
            f"{folder.root} holds the fires of the case {found.case}",
            expected=f"an archive of {case.file.id}, or a new folder",
            remedy="name another folder with --archive",
        )
    if not found.case:
        found = replace(found, case=case.file.id)
        folder.save(found)
    damaged = (month for month, told in found.months.items() if not folder.is_whole(month, told))
    return with_pending(found, tuple(damaged))


def _summary(name: str, contents: Contents, was_new: bool) -> Summary:
    one = contents.taken[name]
    superseded = sum(contents.months[m].superseded.get(name, 0) for m in one.months)
    copies = sum(contents.months[m].copies.get(name, 0) for m in one.months)
    kept = one.n_kept - superseded - copies
    state = "read" if was_new else "as it was"
    return Summary(
        name, one.n_rows, kept, len(one.aside), one.n_repeated, superseded, copies, state
    )


# --- months ---------------------------------------------------------------------------------------


def _merge_all(
    folder: HeatFolder,
    before: Contents,
    taken: Mapping[str, Taken],
    replaced: Collection[str],
    engine: Engine,
    stage: Stage,
) -> Contents:
    """Write every month that is touched, then say so."""
    touched = set(before.pending)
    for name in replaced:
        touched |= {m for held in (before.taken, taken) if name in held for m in held[name].months}
    if not touched and not replaced:
        return before
    folder.save(with_pending(before, tuple(touched)))
    months = dict(before.months)
    merge = partial(_merge, folder, taken, replaced, engine)
    for month in sorted(touched):
        stage(f"writing {month}")
        held = merge(month, month not in before.pending)
        months.pop(month, None)
        if held:
            months[month] = held
    after = Contents(before.case, dict(sorted(taken.items())), dict(sorted(months.items())))
    _check_rows(folder, after)
    folder.save(after)
    return after


def _check_rows(folder: HeatFolder, contents: Contents) -> None:
    """Every row that was taken in stands in a month, or is aside there."""
    taken = sum(one.n_kept for one in contents.taken.values())
    of_month = [(m.n, *m.superseded.values(), *m.copies.values()) for m in contents.months.values()]
    held = sum(map(sum, of_month))
    if held != taken:
        raise BadFile(
            f"months hold {held} rows where files have {taken}",
            Where(str(folder.root)),
            expected="every row once",
            remedy="remove the folder and make it anew with `truceline ingest`; please report this",
        )


def _merge(
    folder: HeatFolder,
    taken: Mapping[str, Taken],
    replaced: Collection[str],
    engine: Engine,
    month: str,
    whole: bool,
) -> Month | None:
    """One month from the rows it had, if they are whole, and those of the parts."""
    heat, aside = folder.month_path(month), folder.month_path(month, "aside")
    before = [path for path in (heat, aside) if whole and path.is_file()]
    new = [folder.parts(name, taken[name]) for name in sorted(replaced) if name in taken]
    parts = [path for place in new for path in sorted(place.glob(f"{month}/*.parquet"))]
    sources = [name for name, one in taken.items() if month in one.months]
    names = ", ".join(f"'{name}'" for name in sorted(replaced)) or "''"
    old = f"SELECT {NAMES} FROM old WHERE source NOT IN ({names})"
    tables: dict[str, Table] = {
        "old": Files(tuple(before), HEAT_COLUMNS),
        "new": Files(tuple(parts), HEAT_COLUMNS),
        "heat": Answer(f"{old} UNION ALL SELECT {NAMES} FROM new"),
    }
    if not sources:
        heat.unlink(missing_ok=True)
        aside.unlink(missing_ok=True)
        return None
    heat.parent.mkdir(exist_ok=True)
    aside.parent.mkdir(exist_ok=True)
    partial_heat = heat.with_name(f".{heat.name}.partial")
    if len(sources) == 1 and not taken[sources[0]].mixed:
        n = engine.write(f"SELECT {WHOLE} FROM heat ORDER BY {BY_PLACE}", tables, partial_heat)
        partial_heat.replace(heat)
        aside.unlink(missing_ok=True)
        return Month(n, folder.sha256(heat), "", {}, {})
    return _resolve(folder, month, taken, sources, tables, engine)


def _resolve(
    folder: HeatFolder,
    month: str,
    taken: Mapping[str, Taken],
    sources: Sequence[str],
    tables: Mapping[str, Table],
    engine: Engine,
) -> Month:
    """A month of several files: which rows stand, by resolve.sql."""
    heat, aside = folder.month_path(month), folder.month_path(month, "aside")
    stated = heat.with_name(f".{month}.stated.partial")
    extents = extent_columns({name: taken[name].extent for name in sources})
    engine.write(query("resolve"), {**tables, "extent": extents}, stated)
    table = {"stated": Files((stated,), {**HEAT_COLUMNS, "state": "INTEGER"})}
    counts = {}
    for path, which in ((heat, "state = 0"), (aside, "state > 0")):
        place = path.with_name(f".{path.name}.partial")
        text = f"SELECT {WHOLE} FROM stated WHERE {which} ORDER BY {BY_PLACE}"
        counts[which] = engine.write(text, table, place)
    per = "SELECT source, state, COUNT(*) AS n FROM stated WHERE state > 0 GROUP BY source, state"
    told = engine.ask(f"{per} ORDER BY source, state", table)
    replaced: tuple[dict[str, int], dict[str, int]] = ({}, {})
    for source, state, n in zip(told["source"], told["state"], told["n"], strict=True):
        replaced[int(state) - 1][str(source)] = int(n)
    aside.with_name(f".{aside.name}.partial").replace(aside)
    heat.with_name(f".{heat.name}.partial").replace(heat)
    if not counts["state > 0"]:
        aside.unlink()
    stated.unlink()
    return Month(counts["state = 0"], folder.sha256(heat), folder.sha256(aside), *replaced)


def extent_columns(extents: Mapping[str, tuple[int, int, int, int]]) -> Columns:
    """What files declare, for resolve.sql."""
    boxes = np.array(list(extents.values()), dtype=np.int64).reshape(-1, 4)
    sides = ("south_e5", "west_e5", "north_e5", "east_e5")
    return {
        "source": np.array(list(extents)),
        **{side: boxes[:, i] for i, side in enumerate(sides)},
    }


def ingest_case(case: Case, root: Path, settings: Settings, stage: Stage = silent) -> list[Summary]:
    """Take in the fire files of a case, into a folder that is none of the case's own."""
    refuse_place(case.folder, root)
    return ingest(case, HeatFolder(root), settings, stage)[1]


def refuse_place(case_folder: Path, root: Path, out: Path | None = None) -> None:
    """Refuse an archive where it would be mixed with a case or a dossier, before any work."""
    place, home = root.resolve(), case_folder.resolve()
    held = [home / "data", home / "sources"]
    what = ""
    if home.is_relative_to(place) or any(place.is_relative_to(folder) for folder in held):
        what = f"would be mixed with the case {case_folder}"
    elif out is not None and (
        place.is_relative_to(out.resolve()) or out.resolve().is_relative_to(place)
    ):
        what = f"would be mixed with the dossier {out}"
    elif root.exists() and not root.is_dir():
        what = "is a file"
    if what:
        raise BadInput(
            f"the archive {root} {what}",
            expected="a folder for the archive alone",
            remedy="name another folder with --archive",
        )


def tell_ingested(found: Sequence[Summary]) -> str:
    """What came of each file, as lines of text."""
    lines = []
    for one in found:
        if one.state == "removed":
            lines.append(f"{one.source}: removed, {one.n_rows} rows no more")
            continue
        parts = [f"{one.n_rows} rows read, {one.n_kept} kept"]
        parts.append(f"{one.n_quarantined} quarantined, {one.n_superseded} superseded")
        if one.n_repeated or one.n_copies:
            parts.append(f"{one.n_repeated} repeated, {one.n_copies} held by an earlier file")
        as_it_was = "" if one.state == "read" else f" ({one.state})"
        lines.append(f"{one.source}: {', '.join(parts)}{as_it_was}")
    return "\n".join(lines) or "the case has no fire files"
