"""Stops at any moment, and inputs that change in between: nothing is lost, doubled or stale."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.scale.test_update import FIRST, chunks, made_by, run
from tests.scale.worlds import build, fingerprint, put_fires, random_days, row, rows_of
from tests.sources.conftest import CaseBuilder

from truceline.archive.heat_folder import MANIFEST, HeatFolder
from truceline.detect.thermal import query
from truceline.errors import BadFile, BadInput
from truceline.pipeline import products, taking
from truceline.pipeline.ingest import ingest
from truceline.pipeline.run import assess_case
from truceline.pipeline.write import write_dossier
from truceline.settings import Settings
from truceline.sources.casefile import read_case

DAY = date(2030, 5, 3)


class Killed(BaseException):
    """The machine stopped here: nothing after it runs, not even what cleans up."""


def killed_at(n: int, monkeypatch: pytest.MonkeyPatch) -> AbstractContextManager[None]:
    """Stop for good at the n-th time that a file is put in place or removed."""
    works = ((Path, "replace"), (Path, "unlink"), (os, "replace"))
    return stopped(lambda n_before: n_before >= n, Killed, works, monkeypatch)


def interrupted_at(n: int, monkeypatch: pytest.MonkeyPatch) -> AbstractContextManager[None]:
    """An interrupt, as by Ctrl-C, at the n-th file put in place; what cleans up does run."""
    works = ((Path, "replace"), (os, "replace"))
    return stopped(lambda n_before: n_before == n, KeyboardInterrupt, works, monkeypatch)


@contextmanager
def stopped(
    stops: Callable[[int], bool],
    error: type[BaseException],
    works: Sequence[tuple[object, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """Raise instead of doing a work, where it stops by the number of those before."""
    before = count()

    def stopping(work: Callable[..., object]) -> Callable[..., object]:
        def one(*arguments: object, **more: object) -> object:
            if stops(next(before)):
                raise error
            return work(*arguments, **more)

        return one

    with monkeypatch.context() as patch:
        for owner, name in works:
            patch.setattr(owner, name, stopping(getattr(owner, name)))
        yield


def feed(case: CaseBuilder) -> None:
    put_fires(case, "feed", [row(55.1 + i / 100, 20.2, DAY + timedelta(days=i)) for i in range(40)])


def standard(case: CaseBuilder) -> None:
    rows = [row(55.1, 20.2 + i / 100, DAY + timedelta(days=i), version="6.1") for i in range(40)]
    put_fires(case, "standard", rows)


def take(case: CaseBuilder, root: Path) -> None:
    ingest(read_case(case.folder), HeatFolder(root), Settings())


def same_as_scratch(case: CaseBuilder, root: Path) -> bool:
    whole = root.with_name(f"{root.name}-scratch")
    take(case, whole)
    kinds = ("heat", "aside", "lines", MANIFEST)
    both = [
        fingerprint(folder, kinds) | {MANIFEST: (folder / MANIFEST).read_text()}
        for folder in (root, whole)
    ]
    return both[0] == both[1]


@pytest.mark.parametrize("n", range(14))
@pytest.mark.parametrize("way", ["arrives", "goes"])
def test_a_kill_between_any_two_renames_is_recovered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, n: int
) -> None:
    case = build(tmp_path / "case")
    feed(case)
    if way == "goes":
        standard(case)
    take(case, tmp_path / "a")
    if way == "goes":
        (case.folder / "sources/standard.toml").unlink()
    else:
        standard(case)
    with killed_at(n, monkeypatch), pytest.raises(Killed) if n < 9 else suppress(Killed):
        take(case, tmp_path / "a")
    take(case, tmp_path / "a")
    assert same_as_scratch(case, tmp_path / "a")


@pytest.mark.parametrize("n", [1, 3, 5, 7, 9])
@pytest.mark.parametrize("then", ["restored", "removed"])
def test_a_kill_and_another_input_afterwards_are_recovered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int, then: str
) -> None:
    case = build(tmp_path / "case")
    feed(case)
    take(case, tmp_path / "a")
    before = (case.folder / "data/feed.csv").read_bytes()
    put_fires(case, "feed", [row(56 + i / 100, 20.2, DAY + timedelta(days=i)) for i in range(40)])
    with killed_at(n, monkeypatch), suppress(Killed):
        take(case, tmp_path / "a")
    if then == "restored":
        (case.folder / "data/feed.csv").write_bytes(before)
    else:
        (case.folder / "sources/feed.toml").unlink()
    take(case, tmp_path / "a")
    assert same_as_scratch(case, tmp_path / "a")


def test_rows_of_a_run_that_stopped_for_a_bad_row_are_not_added_twice(tmp_path: Path) -> None:
    case = build(tmp_path / "case")
    feed(case)
    put_fires(case, "worse", [row(55.3, 20.2, DAY), row(55.3, 20.2, DAY, frp="x")])
    with pytest.raises(BadInput, match="frp"):
        take(case, tmp_path / "a")
    case.quarantine()
    take(case, tmp_path / "a")
    assert len(rows_of(tmp_path / "a")) == 41
    assert same_as_scratch(case, tmp_path / "a")


@pytest.mark.parametrize("n", [2, 14, 26, 36, 37, 38, 50])
def test_a_kill_among_the_products_leaves_none_too_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    days = random_days(FIRST, 120, 11)
    first, second = chunks(days, [100, 20])
    case = build(tmp_path / "case")
    put_fires(case, *first)
    run(case.folder, tmp_path / "kept", tmp_path / "out")
    put_fires(case, *second)
    put_fires(case, "late", [row(55.1, 20.3, FIRST + timedelta(days=20))])
    with killed_at(n, monkeypatch), suppress(Killed):
        run(case.folder, tmp_path / "kept", tmp_path / "out")
    for name in (second[0], "late"):
        (case.folder / f"sources/{name}.toml").unlink()
    restored = run(case.folder, tmp_path / "kept", tmp_path / "out")
    assert restored == run(case.folder, tmp_path / "scratch", tmp_path / "whole")


@pytest.mark.parametrize("n", [*range(28, 40), pytest.param(42, marks=pytest.mark.slow)])
@pytest.mark.parametrize("stop", [killed_at, interrupted_at])
@pytest.mark.parametrize("before", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_a_stop_amid_a_cluster_of_many_months_is_recovered(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    n: int,
    stop: Callable[..., AbstractContextManager[None]],
    before: int,
) -> None:
    first = date(2029, 10, 31)
    case = build(tmp_path / "case")
    long = [row(55.1, 20.2, first + timedelta(days=i), "1200") for i in range(75)]
    put_fires(case, "long", long)
    made_by(case.folder, tmp_path / "kept")
    put_fires(case, "early", [row(55.1, 20.2, first - timedelta(days=before), "1000")])
    with stop(n, monkeypatch), suppress(Killed, KeyboardInterrupt):
        made_by(case.folder, tmp_path / "kept")
    made_by(case.folder, tmp_path / "kept")
    made_by(case.folder, tmp_path / "scratch")
    assert fingerprint(tmp_path / "kept") == fingerprint(tmp_path / "scratch")


def test_a_query_that_says_something_else_makes_its_products_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = build(tmp_path / "case")
    feed(case)
    made_by(case.folder, tmp_path / "kept")
    assert made_by(case.folder, tmp_path / "kept") == ()
    for name in ("history", "static", "counts"):
        with monkeypatch.context() as patch:
            patch.setattr(products, "query", lambda asked, name=name: changed(asked, name))
            made = made_by(case.folder, tmp_path / "kept")
        kind = {"static": "masks"}.get(name, name)
        assert {f"{kind}/2030-05", f"{kind}/2030-06"} <= set(made)


def changed(asked: str, name: str) -> str:
    """The text of a query; with another remark if it is the one that is named."""
    return query(asked) + ("-- otherwise\n" if asked == name else "")


def test_a_change_in_ignored_columns_reaches_the_rows_that_are_cited(tmp_path: Path) -> None:
    case = build(tmp_path / "case")
    put_fires(case, "f", [row(55.1, 20.2, date(2030, 5, 3), "0900")])
    first = run(case.folder, tmp_path / "kept", tmp_path / "out")
    path = case.folder / "data/f.csv"
    path.write_text(path.read_text().replace(",310,", ",311,"))
    second = run(case.folder, tmp_path / "kept", tmp_path / "out")
    assert first[0]["heat/2030-05.parquet"] == second[0]["heat/2030-05.parquet"]
    assert second == run(case.folder, tmp_path / "scratch", tmp_path / "whole")


def test_a_file_that_failed_and_came_back_keeps_its_lines(tmp_path: Path) -> None:
    case = build(tmp_path / "case")
    good = [row(55.1, 20.2, DAY, f"{i % 24:02d}{i % 60:02d}") for i in range(5_000)]
    put_fires(case, "a", good)
    put_fires(case, "b", [row(55.1, 20.2, DAY)])
    run(case.folder, tmp_path / "kept", tmp_path / "out")
    put_fires(case, "a", [line + "0" * 9 for line in good], header="x,y")
    with pytest.raises(BadFile):
        run(case.folder, tmp_path / "kept", tmp_path / "out")
    put_fires(case, "a", ["55.20000" + line[8:] for line in good])
    put_fires(case, "b", [row(55.1, 20.2, DAY, frp="x")])
    with pytest.raises(BadInput):
        run(case.folder, tmp_path / "kept", tmp_path / "out")
    put_fires(case, "a", good)
    put_fires(case, "b", [row(55.1, 20.2, DAY), row(55.1, 20.2, DAY, "0101")])
    kept = run(case.folder, tmp_path / "kept", tmp_path / "out")
    assert kept == run(case.folder, tmp_path / "scratch", tmp_path / "whole")


@pytest.mark.parametrize("name", ["parts/thesis.txt", "heat/cat.jpg", "notes.md"])
def test_what_others_have_written_is_neither_taken_nor_removed(tmp_path: Path, name: str) -> None:
    case = build(tmp_path / "case")
    feed(case)
    (tmp_path / "mine" / name).parent.mkdir(parents=True)
    (tmp_path / "mine" / name).write_text("mine")
    with pytest.raises(BadInput, match="no heat archive"):
        take(case, tmp_path / "mine")
    assert (tmp_path / "mine" / name).read_text() == "mine"


def other_month(path: Path) -> None:
    other = next(one for one in sorted(path.parent.glob("*.*")) if one != path)
    path.write_bytes(other.read_bytes())


def same_stamp(path: Path) -> None:
    """Other bytes, of the same length and with the time of change as it was."""
    told = path.stat()
    path.write_bytes(b"x" * told.st_size)
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "lost": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:200]),
    "garbage": same_stamp,
    "another": other_month,
}
FOLDERS = ("heat", "aside", "near", "history", "masks", "counts", "candidates", "lines")


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_made_anew(tmp_path: Path, damage: str, folder: str) -> None:
    case = build(tmp_path / "case")
    feed(case)
    standard(case)
    made_by(case.folder, tmp_path / "whole")
    made_by(case.folder, tmp_path / "kept")
    last = sorted(path for path in (tmp_path / "kept" / folder).iterdir())[-1]
    DAMAGE[damage](last)
    if folder == "lines":  # they are read where rows near places are
        for path in (tmp_path / "kept/near").iterdir():
            path.unlink()
    made_by(case.folder, tmp_path / "kept")
    kinds = (*FOLDERS, "archive.json", "products.json")
    assert fingerprint(tmp_path / "kept", kinds) == fingerprint(tmp_path / "whole", kinds)


@pytest.mark.parametrize("damage", ["lost", "garbage"])
@pytest.mark.parametrize("folder", ["heat", "aside"])
def test_a_damaged_month_loses_no_row_when_a_file_comes_or_goes(
    tmp_path: Path, damage: str, folder: str
) -> None:
    case = build(tmp_path / "case")
    feed(case)
    standard(case)
    take(case, tmp_path / "a")
    DAMAGE[damage](tmp_path / "a" / folder / "2030-05.parquet")
    if folder == "heat":
        put_fires(case, "more", [row(55.3, 20.2, DAY)])
    else:
        (case.folder / "sources/standard.toml").unlink()
    take(case, tmp_path / "a")
    assert same_as_scratch(case, tmp_path / "a")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"near/2030-05": 5}', '{"a": {"from": 1}}'])
@pytest.mark.parametrize("name", ["products.json", "stamps.json"])
def test_notes_that_are_damaged_are_written_anew(tmp_path: Path, name: str, text: str) -> None:
    case = build(tmp_path / "case")
    feed(case)
    made_by(case.folder, tmp_path / "whole")
    made_by(case.folder, tmp_path / "kept")
    (tmp_path / "kept" / name).write_text(text)
    made_by(case.folder, tmp_path / "kept")
    both = [(tmp_path / one / "products.json").read_text() for one in ("kept", "whole")]
    assert both[0] == both[1]
    assert fingerprint(tmp_path / "kept") == fingerprint(tmp_path / "whole")


def test_an_archive_of_another_case_is_refused_and_stays(tmp_path: Path) -> None:
    one, other = build(tmp_path / "one"), build(tmp_path / "other")
    feed(one)
    text = (other.folder / "case.toml").read_text()
    (other.folder / "case.toml").write_text(re.sub(r'(?m)^id = ".*"$', 'id = "other"', text))
    take(one, tmp_path / "a")
    held = fingerprint(tmp_path / "a")
    with pytest.raises(BadInput, match="holds the fires of the case"):
        take(other, tmp_path / "a")
    assert held and fingerprint(tmp_path / "a") == held


def test_a_file_that_changes_while_it_is_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = build(tmp_path / "case")
    feed(case)
    path = case.folder / "data/feed.csv"
    whole = path.read_bytes()
    read = taking.survey

    def survey(*arguments: Any) -> Any:
        found = read(*arguments)
        path.write_bytes(whole[: whole.rindex(b"55.4")])
        return found

    with monkeypatch.context() as patch:
        patch.setattr(taking, "survey", survey)
        with pytest.raises(BadFile, match="changed while it was read"):
            take(case, tmp_path / "a")
    take(case, tmp_path / "a")
    assert same_as_scratch(case, tmp_path / "a")


def test_rows_of_a_packed_file_are_made_anew_with_their_hashes(tmp_path: Path) -> None:
    case = build(tmp_path / "case")
    feed(case)
    path, contract = case.folder / "data/feed.csv", case.folder / "sources/feed.toml"
    path.with_name("feed.csv.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    path.unlink()
    contract.write_text(contract.read_text().replace("feed.csv", "feed.csv.gz"))
    made_by(case.folder, tmp_path / "kept")
    whole = fingerprint(tmp_path / "kept")
    assert whole["near/2030-05.parquet"]
    for one in (tmp_path / "kept/near").iterdir():
        one.unlink()
    made_by(case.folder, tmp_path / "kept")
    assert fingerprint(tmp_path / "kept") == whole


@pytest.mark.parametrize("name", ["c[1]", "c?", "c*", "c[!a]"])
def test_names_that_are_patterns_are_names(tmp_path: Path, name: str) -> None:
    case, other = build(tmp_path / name), build(tmp_path / "c1")
    feed(case)
    put_fires(other, "feed", [row(57.1, 20.2, DAY)] * 60)
    take(other, tmp_path / "c1.archive")
    made_by(case.folder, tmp_path / f"{name}.archive")
    made_by(case.folder, tmp_path / "plain")
    assert len(rows_of(tmp_path / "plain")) == 40
    assert fingerprint(tmp_path / f"{name}.archive") == fingerprint(tmp_path / "plain")


def test_a_file_of_both_processings_is_resolved_either_way(tmp_path: Path) -> None:
    case = build(tmp_path / "case")
    rows = [row(55.1, 20.2, DAY, "0900"), row(55.11, 20.2, DAY, "0900", version="6.1")]
    put_fires(case, "mixed", rows)
    run(case.folder, tmp_path / "kept", tmp_path / "out")
    assert len(rows_of(tmp_path / "kept")) == 1
    written = write_dossier(
        assess_case(read_case(case.folder), Settings()), case.folder, tmp_path / "m", Settings()
    )
    assert written.dossier["incidents"]
    names = ("dossier.json", "assessments.csv")
    for name in names:
        assert (tmp_path / "m" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


SERIES = """
[[series]]
id = "fires"
title = "Fires"
unit = "fire_pixel"
source = ["f", "g"]
measure = "{measure}"
zone = "UTC"
exposure = "steady"
"""


@pytest.mark.parametrize("measure", ["fire_pixels", "fire_pixels_near_objects"])
def test_series_of_fires_are_the_same_with_an_archive(tmp_path: Path, measure: str) -> None:
    days = random_days(FIRST, 200, 12)
    first, second = chunks(days, [150, 50])
    case = build(tmp_path / "case")
    text = (case.folder / "case.toml").read_text()
    (case.folder / "case.toml").write_text(text + SERIES.format(measure=measure))
    put_fires(case, "f", first[1])
    put_fires(case, "g", [*second[1], row(59, 39, max(days) + timedelta(days=5), satellite="A")])
    case.file(
        "data/days.csv",
        "date_utc,region,sensor,whole_day,first_obs_utc,last_obs_utc,satellites,"
        "terra_longest_gap_min,aqua_longest_gap_min,n_detections_region,reason_not_whole,"
        "source_commits\n"
        + "".join(f"{day},A,MODIS,true,,,,,,,,\n" for day in sorted(days) if day.day % 7),
    )
    case.source("days.csv", "record_days")
    found = read_case(case.folder)
    settings = replace(Settings(), archive=tmp_path / "kept")
    for name, one in (("memory", Settings()), ("archive", settings)):
        write_dossier(assess_case(found, one), case.folder, tmp_path / name, one)
    told = [(tmp_path / name / "dossier.json").read_bytes() for name in ("memory", "archive")]
    assert told[0] == told[1]


def test_an_archive_inside_a_dossier_or_a_case_is_refused(tmp_path: Path) -> None:
    from truceline.pipeline.ingest import refuse_place

    case = build(tmp_path / "case").folder
    (tmp_path / "file").write_text("x")
    for root in (case, case / "data" / "a", tmp_path, tmp_path / "out" / "a", tmp_path / "file"):
        with pytest.raises(BadInput, match="the archive"):
            refuse_place(case, root, tmp_path / "out")
    refuse_place(case, case / "archive", tmp_path / "out")
