"""Updates: whatever came in whatever order, archive and dossier are those of a run from scratch."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest
from tests.scale.worlds import build, fingerprint, put_fires, random_days, row, rows_of

from truceline import thresholds as t
from truceline.detect.thermal import is_persistent
from truceline.domain.heat_table import HEAT_COLUMNS
from truceline.fuse.linkage import link, link_guarded
from truceline.ledger.embedded import Engine
from truceline.pipeline.candidates import RULE
from truceline.pipeline.run import assess_case
from truceline.pipeline.update import update_archive
from truceline.pipeline.write import write_dossier
from truceline.settings import Settings
from truceline.sources.casefile import read_case

FIRST = date(2029, 10, 20)
N_DAYS = 260


def run(case: Path, archive: Path, out: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Hashes of archive and dossier after a run."""
    settings = replace(Settings(), archive=archive)
    write_dossier(assess_case(read_case(case), settings), case, out, settings)
    files = sorted(path for path in out.iterdir() if path.name != "case-folder.local")
    dossier = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return fingerprint(archive), dossier


def made_by(case: Path, archive: Path) -> tuple[str, ...]:
    with Engine("200MB", 1) as engine:
        return update_archive(read_case(case), archive, Settings(), engine.ask).made


def chunks(days: dict[date, list[str]], sizes: list[int]) -> list[tuple[str, list[str]]]:
    """Days in files of some numbers of days."""
    found, every = [], sorted(days)
    for n, size in enumerate(sizes):
        part, every = every[:size], every[size:]
        found.append((f"fires-{n:02d}", [line for day in part for line in days[day]]))
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_updates_in_any_order_give_the_bytes_of_a_run_from_scratch(
    tmp_path: Path, seed: int
) -> None:
    days = random_days(FIRST, N_DAYS, seed)
    files = chunks(days, [150, 60, 1, 1, 20, 1, 3, 24])
    random.Random(seed).shuffle(files)
    case = build(tmp_path / "case")
    for name, rows in files:
        put_fires(case, name, rows)
        kept, told = run(case.folder, tmp_path / "kept", tmp_path / "out")
    whole, told_whole = run(case.folder, tmp_path / "scratch", tmp_path / "whole")
    assert kept == whole
    assert told == told_whole
    assert len(rows_of(tmp_path / "kept", "candidates")) > 300

    in_memory = write_dossier(
        assess_case(read_case(case.folder), Settings()), case.folder, tmp_path / "m", Settings()
    )
    assert (tmp_path / "m" / "dossier.json").read_bytes() == (
        tmp_path / "whole" / "dossier.json"
    ).read_bytes()
    assert in_memory.dossier["incidents"]


def test_a_file_that_changes_or_goes_leaves_nothing_behind(tmp_path: Path) -> None:
    days = random_days(FIRST, N_DAYS, 4)
    first, second, third = chunks(days, [200, 30, 30])
    case = build(tmp_path / "case")
    for name, rows in (first, second, third):
        put_fires(case, name, rows)
    run(case.folder, tmp_path / "kept", tmp_path / "out")
    put_fires(case, first[0], first[1][:-40])
    run(case.folder, tmp_path / "kept", tmp_path / "out")
    (case.folder / f"sources/{second[0]}.toml").unlink()
    kept, told = run(case.folder, tmp_path / "kept", tmp_path / "out")
    whole, told_whole = run(case.folder, tmp_path / "scratch", tmp_path / "whole")
    assert {name for name in kept if kept[name] != whole.get(name)} == set()
    assert (kept.keys(), told) == (whole.keys(), told_whole)


def test_a_new_day_makes_its_month_anew_and_nothing_before(tmp_path: Path) -> None:
    days = random_days(FIRST, N_DAYS, 5)
    last = max(days)
    case = build(tmp_path / "case")
    put_fires(case, "long", [line for day in sorted(days) if day < last for line in days[day]])
    made_by(case.folder, tmp_path / "kept")
    assert made_by(case.folder, tmp_path / "kept") == ()
    put_fires(case, "new", [*days[last], row(55.1, 20.3, last)])
    month = f"{last:%Y-%m}"
    made = made_by(case.folder, tmp_path / "kept")
    assert {f"{kind}/{month}" for kind in ("history", "masks", "counts", "near")} <= set(made)
    others = {name for name in made if not name.endswith(month)}
    assert others <= {f"candidates/{last.replace(day=1) - timedelta(days=1):%Y-%m}"}


def test_a_late_day_makes_the_masks_after_it_anew(tmp_path: Path) -> None:
    days = random_days(FIRST, N_DAYS, 6)
    late = FIRST + timedelta(days=70)
    case = build(tmp_path / "case")
    put_fires(case, "long", [line for day in sorted(days) if day != late for line in days[day]])
    made_by(case.folder, tmp_path / "kept")
    put_fires(case, "late", [row(55.12, 20.25, late)])
    made = made_by(case.folder, tmp_path / "kept")
    masks = sorted(name for name in made if name.startswith("masks/"))
    assert masks[0] == f"masks/{late:%Y-%m}" and masks[-1] == f"masks/{max(days):%Y-%m}"
    # The month between is its guard, and does not look at it.
    assert f"masks/{late + timedelta(days=31):%Y-%m}" not in masks


def test_masks_look_at_earlier_months_alone_and_agree_with_the_rule(tmp_path: Path) -> None:
    days = random_days(FIRST, N_DAYS, 7)
    case = build(tmp_path / "case")
    put_fires(case, "all", [line for rows in days.values() for line in rows])
    made_by(case.folder, tmp_path / "kept")
    names = list(HEAT_COLUMNS)
    at = (names.index("cell"), names.index("day"))
    by_cell: dict[int, set[int]] = {}
    for found in rows_of(tmp_path / "kept"):
        by_cell.setdefault(found[at[0]], set()).add(found[at[1]])
    n_static = 0
    for cell, month, n_dates, n_months, span_d, static in rows_of(tmp_path / "kept", "masks"):
        earlier = sorted(d for d in by_cell[cell] if months(d) <= month - 2)
        expected = (len(earlier), len({months(d) for d in earlier}))
        assert (n_dates, n_months) == expected
        assert span_d == (earlier[-1] - earlier[0] if earlier else 0)
        assert static == is_persistent(n_dates, n_months, span_d)
        n_static += static
    assert n_static > 0


def months(day: int) -> int:
    return int(np.datetime64(day, "D").astype("datetime64[M]").astype(int))


def test_candidates_are_those_of_one_linkage_of_the_whole(tmp_path: Path) -> None:
    days = random_days(FIRST, N_DAYS, 8)
    chain = [
        row(54.5 + 0.004 * i, 21, FIRST + timedelta(days=i // 6), f"{i % 6 * 4:02d}00")
        for i in range(240)
    ]
    case = build(tmp_path / "case")
    for name, rows in chunks(days, [100, 5, 155]):
        put_fires(case, name, rows)
        made_by(case.folder, tmp_path / "kept")
    put_fires(case, "chain", chain)
    made_by(case.folder, tmp_path / "kept")
    with duckdb.connect() as db:
        table = f"read_parquet('{tmp_path}/kept/candidates/*.parquet')"
        order = "minute, lat_e5, lon_e5, satellite, source, line"
        found = db.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchnumpy()
        fresh = db.execute(
            f"SELECT h.source, h.line FROM read_parquet('{tmp_path}/kept/heat/*.parquet') h "
            f"JOIN read_parquet('{tmp_path}/kept/masks/*.parquet') m ON m.cell = h.cell "
            "AND m.month = (year(DATE '1970-01-01' + h.day) - 1970) * 12 "
            "+ month(DATE '1970-01-01' + h.day) - 1 WHERE m.static = 0 ORDER BY 1, 2"
        ).fetchall()
    assert sorted(zip(found["source"], found["line"].tolist(), strict=True)) == fresh
    place = (found["lat_e5"], found["lon_e5"], found["minute"])
    whole, parts = link(*place, t.LINKAGE_KM, t.LINKAGE_H), link_guarded(*place, RULE)
    assert found["first_minute"].tolist() == found["minute"][parts.label].tolist()
    assert found["first_lat_e5"].tolist() == found["lat_e5"][parts.label].tolist()
    assert found["whole_lon_e5"].tolist() == found["lon_e5"][whole].tolist()
    assert found["chain"].tolist() == parts.chain.astype(int).tolist()
    assert len({m // 43_200 for m in found["minute"][parts.chain]}) > 1  # over several months


def test_counts_tell_what_was_held(tmp_path: Path) -> None:
    case = build(tmp_path / "case")
    put_fires(case, "f", [row(55.1, 20.2, FIRST), row(55.1, 20.2, FIRST, "0101", frp="")])
    case.file(
        "data/days.csv",
        "date_utc,region,sensor,whole_day,first_obs_utc,last_obs_utc,satellites,"
        "terra_longest_gap_min,aqua_longest_gap_min,n_detections_region,reason_not_whole,"
        f"source_commits\n{FIRST},A,MODIS,true,,,,,,,,\n",
    )
    case.source("days.csv", "record_days")
    made_by(case.folder, tmp_path / "kept")
    ((_, day, kind, n, frp_kw, held),) = rows_of(tmp_path / "kept", "counts")
    assert (day - (FIRST - date(1970, 1, 1)).days, kind, n, frp_kw, held) == (0, 0, 2, 5500, 1)
