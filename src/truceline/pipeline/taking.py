"""One fire file read strictly into parts by month: by a query where it is plain, else row by row.

Whatever an archive needs to know of the file is found here once: spans, boxes, hashes, rows set
aside.  What a stopped run has read is not read again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from truceline.archive.heat_folder import HeatFolder, Taken, lines_sha256
from truceline.archive.stamps import stamp_of
from truceline.archive.texts import canonical_json
from truceline.cells import e5, tiles_of
from truceline.detect.thermal import heat_columns
from truceline.domain.detection import Columns, Files, Table
from truceline.domain.heat_table import HEAT_COLUMNS, SATELLITES, SENSORS, month_of
from truceline.domain.observation import Heat
from truceline.domain.result import Quarantined
from truceline.errors import BadFile, BadInput, Unreadable, Where
from truceline.geo import Extent
from truceline.ledger.embedded import Engine, select_csv
from truceline.sources.casefile import Case
from truceline.sources.cells import Cells
from truceline.sources.contract import Opened, SourceFile
from truceline.sources.files import check_hash, open_source
from truceline.sources.firms import FIELDS, heat_of, read_heat
from truceline.sources.firms_table import row_table, select_rows, with_cells
from truceline.sources.survey import Survey, lines_of, survey
from truceline.sources.table import check_range, set_aside

ENTRY = "entry.json"
NAMES = ", ".join(HEAT_COLUMNS)


def _contract(case: Case, source: SourceFile) -> str:
    """Hash of what a contract says about reading its file."""
    told = source.model_dump(mode="json", include={"path", "span", "extent", "rows", "dialect"})
    return hashlib.sha256(canonical_json([told, case.file.on_bad_row])).hexdigest()[:16]


class Intake:
    """Hashes of files: of one that has size and time of change as before, the hash from before."""

    def __init__(self, case: Case, folder: HeatFolder) -> None:
        self.case, self.folder = case, folder

    def sha256(self, source: SourceFile) -> str:
        """Hash of the bytes of a file, or "" where there is none."""
        return self.folder.stamps.sha256(source_name(source), self.case.folder / source.path)

    def take(self, source: SourceFile, engine: Engine) -> Taken:
        """Read a file into parts, and remember its hash as of before it was read.

        Raises ``BadFile`` for one that changed meanwhile.
        """
        path = self.case.folder / source.path
        stamp = stamp_of(path)
        taken = take(self.case, source, self.folder, engine)
        if stamp_of(path) != stamp:
            shutil.rmtree(self.folder.parts(source.id, taken))
            raise changed(source)
        self.folder.stamps.note(source_name(source), stamp, taken.sha256)
        return taken

    def as_it_was(self, source: SourceFile, taken: Taken | None) -> bool:
        """Whether a file was taken in as it is now, under the contract that it has now."""
        return (
            taken is not None
            and taken.contract == _contract(self.case, source)
            and taken.sha256 == self.sha256(source)
            and source.sha256 in (None, taken.sha256)
        )


def source_name(source: SourceFile) -> str:
    """What a file of a case is called among the stamps of its archive."""
    return f"source/{source.id}"


def changed(source: SourceFile) -> BadFile:
    """The error for a file that is not the same at two readings of one run."""
    return BadFile(
        "the file changed while it was read",
        Where(source.path),
        expected="a file that is complete",
        remedy="run it again when nobody writes to the file",
    )


def take(case: Case, source: SourceFile, folder: HeatFolder, engine: Engine) -> Taken:
    """Read one file into parts by month; what a stopped run has read is not read again."""
    path = case.folder / source.path
    if not path.is_file():
        open_source(case.folder, source)
    looked = survey(path, source)
    check_hash(source, looked.sha256)
    contract = _contract(case, source)
    parts = folder.parts_of(source.id, looked.sha256, contract)
    entry = parts / ENTRY
    if entry.is_file():
        return Taken.of(json.loads(entry.read_text(encoding="utf-8")))
    for stale in folder.root.glob(f"parts/{source.id}~*"):
        shutil.rmtree(stale)
    parts.mkdir(parents=True)
    found = _read(case, source, looked, parts, engine)
    spans = _spans(parts, engine)
    if spans.n + found.n_repeated + len(found.aside) != found.n_rows:
        shutil.rmtree(parts)
        raise changed(source)
    box = source.extent.extent if source.extent else None
    taken = Taken(
        sha256=looked.sha256,
        contract=contract,
        n_rows=found.n_rows,
        n_kept=spans.n,
        n_repeated=found.n_repeated,
        header=looked.header,
        months=tuple(sorted(_months_in(parts))),
        first_minute=spans.first_minute,
        first_day=spans.first_day,
        last_day=spans.last_day,
        box=spans.box,
        extent=box_e5(box) if box else spans.whole_box,
        plain=looked.plain,
        mixed=spans.mixed,
        lines_sha256=lines_sha256(looked.offsets if looked.plain else ()),
        aside=tuple(asdict(row) for row in found.aside),
    )
    folder.put_lines(source.id, taken, looked.offsets if looked.plain else ())
    folder.put(str(entry.relative_to(folder.root)), json.dumps(asdict(taken)))
    return taken


@dataclass(frozen=True)
class _Found:
    n_rows: int
    n_repeated: int
    aside: tuple[Quarantined, ...]


def _read(case: Case, source: SourceFile, looked: Survey, parts: Path, engine: Engine) -> _Found:
    """By a query where the file is plain; strictly, row by row, where it is not."""
    if looked.plain and _known_header(source, looked):
        try:
            return _read_plain(case, source, looked, parts, engine)
        except Unreadable:  # such as a row with too few cells: the strict reader says which
            for path in parts.iterdir():
                shutil.rmtree(path)
    read = read_heat(open_source(case.folder, source, case.file.on_bad_row))
    check_range(source, read.n_rows, len(read.quarantine))
    _write_columns(_told(source, read.records), parts, engine)
    n_read = read.n_rows - len(read.quarantine)
    return _Found(read.n_rows, n_read - len(read.records), read.quarantine)


def _known_header(source: SourceFile, looked: Survey) -> bool:
    try:
        FIELDS.check(looked.header, source.path)
    except BadFile:
        return False
    return True


def _read_plain(
    case: Case, source: SourceFile, looked: Survey, parts: Path, engine: Engine
) -> _Found:
    path = case.folder / source.path
    newline = "\\r\\n" if source.dialect.newline == "crlf" else "\\n"
    lines = select_csv(path, looked.header, source.dialect.delimiter, newline)
    sql = select_rows(f"({lines})", looked.header, source)
    typed = parts / "typed"
    typed.mkdir()
    found = engine.write_parts(sql, {}, typed, "month")
    files = [path for paths in found.values() for path in paths]
    text = f"SELECT line FROM {engine.from_files(files)} WHERE good = 0 ORDER BY line"
    doubtful = engine.ask(text, {})["line"].tolist() if files else []
    table, aside, n_repeated = _strictly(case, source, looked, doubtful)
    _write_columns(table, parts, engine)
    for month, paths in found.items():
        if month != NO_MONTH:
            n_repeated += _write_month(source, case, looked, paths, parts / month, engine)
    shutil.rmtree(typed)
    check_range(source, looked.n_rows, len(aside))
    return _Found(looked.n_rows, n_repeated, tuple(aside))


NO_MONTH = "__HIVE_DEFAULT_PARTITION__"
"""What the engine calls the part of rows without a date."""


def _strictly(
    case: Case, source: SourceFile, looked: Survey, lines: Sequence[int]
) -> tuple[Columns, list[Quarantined], int]:
    """What the strict reader makes of some rows: a table, rows set aside, rows repeated."""
    opened = Opened(source, b"", looked.sha256, case.file.on_bad_row)
    heats, aside, seen = [], [], Counter[str]()
    texts = lines_of(case.folder / source.path, looked.offsets, lines)
    for line in lines:
        cells = _cells(source, looked.header, line, texts[line])
        seen[cells.sha256] += 1
        if seen[cells.sha256] > 1:
            continue
        try:
            heats.append(heat_of(cells, opened))
        except BadInput as error:
            if case.file.on_bad_row == "stop":
                raise
            aside.append(set_aside(source.id, error))
    return _told(source, heats), aside, seen.total() - len(seen)


def _told(source: SourceFile, heats: Sequence[Heat]) -> Columns:
    """Rows that the strict reader gave, as a table that says where they are from."""
    return {
        **heat_columns(heats),
        "source": np.full(len(heats), source.id),
        "line": np.array([heat.row.line for heat in heats], dtype=np.int64),
    }


def _cells(source: SourceFile, header: Sequence[str], line: int, text: str) -> Cells:
    values = dict(zip(header, text.split(source.dialect.delimiter), strict=True))
    return Cells(source.id, source.path, line, values, span=source.span)


def _write_month(
    source: SourceFile,
    case: Case,
    looked: Survey,
    paths: Sequence[Path],
    out: Path,
    engine: Engine,
) -> int:
    """Rows of a month that are beyond doubt, each once; returns how many were repeated."""
    table = {"heat": Files(tuple(paths), HEAT_COLUMNS)}
    alike = engine.ask(ALIKE, table)
    texts = lines_of(case.folder / source.path, looked.offsets, alike["line"].tolist())
    seen: set[str] = set()
    repeated = []
    for line in sorted(texts):
        if texts[line] in seen:
            repeated.append(line)
        seen.add(texts[line])
    out.mkdir(exist_ok=True)
    beside: dict[str, Table] = {
        "again": {"line": np.array(repeated, dtype=np.int64)},
        "cell_row": row_table(),
    }
    good = "(SELECT * FROM heat WHERE good = 1 AND line NOT IN (SELECT line FROM again))"
    sql = f"SELECT {NAMES} FROM ({with_cells(good)}) AS rows ORDER BY line"
    engine.write(sql, {**table, **beside}, out / "plain.parquet")
    return len(repeated)


ALIKE = """
SELECT heat.line FROM heat INNER JOIN (
    SELECT minute, lat_e5, lon_e5, satellite FROM heat WHERE good = 1
    GROUP BY minute, lat_e5, lon_e5, satellite HAVING COUNT(*) > 1
) AS alike
ON heat.minute = alike.minute AND heat.lat_e5 = alike.lat_e5 AND heat.lon_e5 = alike.lon_e5
AND heat.satellite = alike.satellite WHERE heat.good = 1
"""
"""Lines that might be repeated: their texts are compared afterwards."""


def _write_columns(table: Columns, parts: Path, engine: Engine) -> None:
    """Rows that the strict reader gave, by month."""
    table = {**table, "tile": tiles_of(table["lat_e5"], table["lon_e5"])}
    months = np.array([month_of(day) for day in table["day"].tolist()], dtype=str)
    typed = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in HEAT_COLUMNS.items())
    for month in sorted(set(months.tolist())):
        rows = {name: column[months == month] for name, column in table.items()}
        (parts / month).mkdir(exist_ok=True)
        sql = f"SELECT {typed} FROM heat ORDER BY line"
        engine.write(sql, {"heat": rows}, parts / month / "strict.parquet")


@dataclass(frozen=True)
class _Spans:
    n: int
    first_minute: dict[str, int]
    first_day: dict[str, int]
    last_day: dict[str, int]
    box: dict[str, tuple[int, int, int, int]]
    mixed: bool

    @property
    def whole_box(self) -> tuple[int, int, int, int]:
        """Around all rows; of none, a box that holds nothing."""
        boxes = list(self.box.values()) or [(1, 1, 0, 0)]
        south, west, north, east = zip(*boxes, strict=True)
        return min(south), min(west), max(north), max(east)


def _months_in(parts: Path) -> set[str]:
    return {path.parent.name for path in parts.glob("*/*.parquet")}


def _spans(parts: Path, engine: Engine) -> _Spans:
    """What rows of a file span, by satellite and by sensor."""
    files = Files(tuple(sorted(parts.glob("*/*.parquet"))), HEAT_COLUMNS)
    rows = engine.ask(SPANS, {"heat": files})
    spans = _Spans(0, {}, {}, {}, {}, mixed=len(set(rows["standard"].tolist())) > 1)
    n = 0
    for i in range(len(rows["satellite"])):
        number = int(rows["satellite"][i])
        south, west, north, east = (int(rows[n][i]) for n in ("south", "west", "north", "east"))
        sensor = SENSORS[number]
        first, name = int(rows["first_minute"][i]), SATELLITES[number]
        spans.first_minute[name] = min(first, spans.first_minute.get(name, first))
        for held, name, pick in (
            (spans.first_day, "first_day", min),
            (spans.last_day, "last_day", max),
        ):
            held[sensor] = pick(held.get(sensor, int(rows[name][i])), int(rows[name][i]))
        old = spans.box.get(sensor, (south, west, north, east))
        spans.box[sensor] = (
            min(old[0], south),
            min(old[1], west),
            max(old[2], north),
            max(old[3], east),
        )
        n += int(rows["n"][i])
    return replace(spans, n=n)


SPANS = """
SELECT satellite, standard, COUNT(*) AS n, MIN(minute) AS first_minute,
    MIN(day) AS first_day, MAX(day) AS last_day,
    MIN(lat_e5) AS south, MIN(lon_e5) AS west, MAX(lat_e5) AS north, MAX(lon_e5) AS east
FROM heat GROUP BY satellite, standard ORDER BY satellite, standard
"""


def box_e5(box: Extent) -> tuple[int, int, int, int]:
    """South, west, north and east of a box in 1e-5 degrees."""
    south, west, north, east = e5([box.south, box.west, box.north, box.east]).tolist()
    return south, west, north, east
