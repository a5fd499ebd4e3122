"""Ingest: what the strict reader reads, versions by their rule, and a stop at any moment."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.scale.worlds import COLUMNS, build, fingerprint, put_fires, row, rows_of

from truceline.archive.heat_folder import MANIFEST, HeatFolder
from truceline.cells import cells_of
from truceline.detect.thermal import heat_columns
from truceline.domain.heat_table import HEAT_COLUMNS
from truceline.errors import BadFile, BadInput
from truceline.ledger.embedded import Engine
from truceline.pipeline.ingest import Summary, ingest
from truceline.settings import Settings
from truceline.sources.casefile import Case, read_case
from truceline.sources.contract import KindName
from truceline.sources.files import open_source
from truceline.sources.firms import read_heat

SETTINGS = Settings()
DAY = date(2030, 5, 3)


def taken(case: Case, root: Path) -> dict[str, Summary]:
    _, found = ingest(case, HeatFolder(root), SETTINGS)
    return {one.source: one for one in found}


def strict_rows(case: Case) -> tuple[list[tuple[object, ...]], list[tuple[str, int, str]], int]:
    """What the strict reader makes of all fire files, in the columns of an archive."""
    rows, aside, n_repeated = [], [], 0
    for source in case.of_kind(KindName.HEAT):
        read = read_heat(open_source(case.folder, source, case.file.on_bad_row))
        table = heat_columns(read.records)
        for i, heat in enumerate(read.records):
            values = {name: int(table[name][i]) for name in table if name != "source"}
            rows.append((source.id, heat.row.line, *(values[n] for n in PLAIN)))
        aside += [(q.source, q.line, q.what) for q in read.quarantine]
        n_repeated += read.n_rows - len(read.quarantine) - len(read.records)
    return sorted(rows), sorted(aside), n_repeated


PLAIN = ("cell", "lat_e5", "lon_e5", "minute", "day", "satellite", "confidence", "static")
PLAIN = (*PLAIN, "frp_kw", "standard")


def archive_rows(root: Path) -> list[tuple[object, ...]]:
    names = list(HEAT_COLUMNS)
    at = [names.index(name) for name in ("source", "line", *PLAIN)]
    every = rows_of(root) + rows_of(root, "aside")
    return sorted(tuple(found[i] for i in at) for found in every)


CELLS = {
    "latitude": [
        "55.10000",
        "55.1",
        "-0",
        "91",
        "55.123456",
        "5e1",
        "+55.2",
        " 55",
        "",
        "50",
        "60.0",
    ],
    "longitude": ["20.2", "20.20001", "10", "40.00000", "40.00001", "9.99999", ".5", "20.", "nan"],
    "acq_date": ["2030-05-03", "2030-05-31", "2030-02-30", "2030-5-3", "20300503", "1899-01-01"],
    "acq_time": ["0039", "39", "2359", "2360", "2400", "-1", "1.5", "", "00039", "7"],
    "satellite": ["T", "Terra", "A", "N", "1", "N21", "X", ""],
    "instrument": ["MODIS", "MODIS", "VIIRS", "viirs"],
    "confidence": ["0", "29", "30", "79", "80", "100", "101", "l", "n", "high", "", "50.5", "007"],
    "version": ["6.1NRT", "6.03", "2.0NRT", "1", "6.", ".1", "NRT", "6NRT.1", "6.1 NRT", ""],
    "frp": ["", "5.5", "0", "-1", "1.2345", "1e3", "x", "99999.9"],
    "type": ["0", "1", "2", "3", "4", ""],
}
"""Cells that are right, nearly right and wrong."""


@pytest.mark.parametrize("with_type", [False, True])
def test_the_query_reads_what_the_strict_reader_reads(tmp_path: Path, with_type: bool) -> None:
    draw = random.Random(7)
    header = COLUMNS + (",type" if with_type else "")
    lines = []
    for n in range(4_000):
        odd = {name: draw.choice(values) for name, values in CELLS.items() if draw.random() < 0.12}
        first = {"latitude": f"55.{n:05d}"[:8], "longitude": "20.2", "acq_date": "2030-05-03"}
        base = dict.fromkeys(header.split(","), "1") | first | {"acq_time": "0039"}
        base |= {"satellite": "T", "instrument": "MODIS", "confidence": "70", "version": "6.1NRT"}
        cells = base | {name: value for name, value in odd.items() if name in base}
        lines.append(",".join(cells.values()))
        if draw.random() < 0.05:
            lines.append(draw.choice(lines[-20:]))
    case = build(tmp_path / "case").quarantine()
    put_fires(case, "odd", lines, header=header)
    found = read_case(case.folder)
    rows, aside, n_repeated = strict_rows(found)
    assert len(aside) > 500 and len(rows) > 1_000 and n_repeated > 50

    told = taken(found, tmp_path / "archive")["odd"]
    assert archive_rows(tmp_path / "archive") == rows
    held = HeatFolder(tmp_path / "archive").load().taken["odd"]
    assert sorted((q["source"], q["line"], q["what"]) for q in held.aside) == aside
    assert (told.n_rows, told.n_quarantined) == (len(lines), len(aside))
    assert (told.n_repeated, told.n_kept + told.n_superseded) == (n_repeated, len(rows))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("0039", '"0039"'),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("55.3", "55.3,1"),
        lambda text: text.replace("55.3", "55.3\x00"),
        lambda text: text + "\n",
        lambda text: "\ufeff" + text,
        lambda text: text.replace("latitude", "latitudes"),
        lambda text: text.replace("6.1NRT", "6.1µ"),
        lambda text: "",
        lambda text: text.splitlines()[0] + "\n",
    ],
)
def test_a_file_that_needs_care_is_told_of_as_the_strict_reader_tells(
    tmp_path: Path, change: object
) -> None:
    case = build(tmp_path / "case")
    put_fires(case, "f", [row(55.1 + 0.1 * i, 20.2, DAY, "0039") for i in range(5)])
    path = case.folder / "data/f.csv"
    path.write_text(change(path.read_text()), newline="")  # type: ignore[operator]
    found = read_case(case.folder)

    def outcome(work: object) -> object:
        try:
            return work()  # type: ignore[operator]
        except BadInput as error:
            return str(error)

    expected = outcome(lambda: strict_rows(found)[0])
    got = outcome(lambda: (taken(found, tmp_path / "a"), archive_rows(tmp_path / "a"))[1])
    assert got == expected


def test_the_archive_supersedes_the_feed_by_satellite_day_and_extent(tmp_path: Path) -> None:
    case = build(tmp_path / "case")
    after = DAY + timedelta(days=1)
    feed = [
        row(55.1, 20.2, DAY),  # superseded, though the archive has it elsewhere
        row(55.1, 20.2, DAY, satellite="A"),  # the archive has no Aqua that day
        row(55.1, 20.2, after),  # nor Terra on the next
        row(58.0, 30.0, DAY),  # outside its extent
    ]
    put_fires(case, "feed", feed)
    standard = [row(55.10131, 20.20442, DAY, version="6.1"), row(55.3, 20.3, DAY, version="6.1")]
    put_fires(case, "standard", standard)
    contract = case.folder / "sources/standard.toml"
    box = "extent = { south = 55, west = 20, north = 56, east = 21 }"
    whole = "extent = { south = 50, west = 10, north = 60, east = 40 }"
    contract.write_text(contract.read_text().replace(whole, box))
    found = taken(read_case(case.folder), tmp_path / "a")
    assert (found["feed"].n_superseded, found["feed"].n_kept) == (1, 3)
    assert (found["standard"].n_superseded, found["standard"].n_kept) == (0, 2)
    assert len(rows_of(tmp_path / "a", "aside")) == 1

    (case.folder / "sources/standard.toml").unlink()
    again = taken(read_case(case.folder), tmp_path / "a")
    assert (again["feed"].n_superseded, again["feed"].n_kept) == (0, 4)
    assert rows_of(tmp_path / "a", "aside") == []


def test_one_observation_in_two_files_stands_once(tmp_path: Path) -> None:
    case = build(tmp_path / "case")
    put_fires(case, "a-week", [row(55.1, 20.2, DAY), row(55.2, 20.2, DAY)])
    put_fires(case, "b-day", [row(55.2, 20.2, DAY), row(55.2, 20.2, DAY, frp="7")])
    found = taken(read_case(case.folder), tmp_path / "a")
    assert (found["a-week"].n_kept, found["b-day"].n_kept, found["b-day"].n_copies) == (2, 1, 1)


def many_files(case_folder: Path) -> Case:
    case = build(case_folder)
    for name, version in (("feed", "6.1NRT"), ("standard", "6.1")):
        days = [date(2030, 3, 25) + timedelta(days=i) for i in range(0, 80, 3)]
        put_fires(
            case, name, [row(55.1, 20 + i / 100, d, version=version) for i, d in enumerate(days)]
        )
    return read_case(case.folder)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 11, 15, 19])
def test_a_stop_at_any_write_is_taken_up_with_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    case = many_files(tmp_path / "case")
    taken(case, tmp_path / "whole")
    calls = 0
    write = Engine.write

    def stopping(self: Engine, *rest: object) -> int:
        nonlocal calls
        calls += 1
        if calls == n:
            raise KeyboardInterrupt
        return write(self, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "write", stopping)
    with pytest.raises(KeyboardInterrupt):
        taken(case, tmp_path / "stopped")
    monkeypatch.setattr(Engine, "write", write)
    taken(case, tmp_path / "stopped")
    assert fingerprint(tmp_path / "stopped") == fingerprint(tmp_path / "whole")
    manifests = [(tmp_path / name / MANIFEST).read_bytes() for name in ("stopped", "whole")]
    assert manifests[0] == manifests[1]
    assert not list((tmp_path / "stopped").rglob("*.partial"))


def test_nothing_is_written_twice(tmp_path: Path) -> None:
    case = many_files(tmp_path / "case")
    first = taken(case, tmp_path / "a")
    times = {p: p.stat().st_mtime_ns for p in (tmp_path / "a").rglob("*.parquet")}
    second = taken(case, tmp_path / "a")
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "a").rglob("*.parquet")} == times
    assert [one.state for one in first.values()] == ["read", "read"]
    assert [one.state for one in second.values()] == ["as it was", "as it was"]


def test_the_order_in_which_files_come_changes_no_byte(tmp_path: Path) -> None:
    case = many_files(tmp_path / "case")
    taken(case, tmp_path / "whole")
    contract = case.folder / "sources/feed.toml"
    text = contract.read_text()
    contract.unlink()
    taken(read_case(case.folder), tmp_path / "parts")
    contract.write_text(text)
    taken(read_case(case.folder), tmp_path / "parts")
    assert fingerprint(tmp_path / "parts") == fingerprint(tmp_path / "whole")


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_change_no_byte(tmp_path: Path, threads: int) -> None:
    case = build(tmp_path / "case")
    lines = [
        row(50 + i % 997 / 100, 10 + i / 10_000, DAY, f"{i % 24:02d}00") for i in range(200_000)
    ]
    put_fires(case, "many", lines)
    found = read_case(case.folder)
    for name, n in (("a", 2), ("b", threads)):
        ingest(found, HeatFolder(tmp_path / name), Settings(engine_threads=n))
    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "b")
    assert len(rows_of(tmp_path / "a")) == 200_000


def test_months_are_sorted_and_keyed(tmp_path: Path) -> None:
    case = many_files(tmp_path / "case")
    taken(case, tmp_path / "a")
    names = list(HEAT_COLUMNS)
    for found in rows_of(tmp_path / "a"):
        told = dict(zip(names, found, strict=True))
        assert told["cell"] == cells_of(told["lat_e5"], told["lon_e5"])
        assert told["day"] == told["minute"] // 1440
    assert sorted(p.name for p in (tmp_path / "a/heat").iterdir()) == [
        "2030-03.parquet",
        "2030-04.parquet",
        "2030-05.parquet",
        "2030-06.parquet",
    ]


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    case = many_files(tmp_path / "case")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/cat.jpg").write_bytes(b"x")
    with pytest.raises(BadInput, match="no heat archive"):
        taken(case, tmp_path / "photos")
    taken(case, tmp_path / "a")
    text = (tmp_path / "a" / MANIFEST).read_text()
    (tmp_path / "a" / MANIFEST).write_text(text.replace("truceline-heat/1", "truceline-heat/0"))
    with pytest.raises(BadFile, match="schema"):
        taken(case, tmp_path / "a")


def test_two_writers_at_once_are_refused(tmp_path: Path) -> None:
    case = many_files(tmp_path / "case")
    folder = HeatFolder(tmp_path / "a")
    with folder.writing(), pytest.raises(BadInput, match="another run"):
        taken(case, tmp_path / "a")


@pytest.mark.shared
def test_real_files_are_read_as_the_strict_reader_reads_them(
    tmp_path: Path, shared_data: Path
) -> None:
    case = build(tmp_path / "case")
    whole = "extent = { south = 40, west = 15, north = 65, east = 65 }"
    for name in ("MODIS-2021", "MODIS-2022-arch", "MODIS-2022", "VIIRS-NOAA-2022"):
        source = shared_data / "firms" / f"{name}.csv"
        stem = name.lower()
        put_fires(case, stem, [])
        data = source.read_bytes()
        (case.folder / f"data/{stem}.csv").write_bytes(data)
        contract = case.folder / f"sources/{stem}.toml"
        text = contract.read_text().replace(
            "extent = { south = 50, west = 10, north = 60, east = 40 }", whole
        )
        text += '\ndialect = { newline = "crlf" }\n' if b"\r\n" in data else ""
        contract.write_text(text)
    found = read_case(case.folder)
    told = taken(found, tmp_path / "a")
    assert archive_rows(tmp_path / "a") == strict_rows(found)[0]
    # The archive of 24 February to 31 May 2022 and the feed of June on do not overlap in time.
    assert told["modis-2022"].n_superseded == 0
