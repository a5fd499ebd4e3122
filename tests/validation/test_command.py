"""The command, its page and the parameter file: without labels, with few, and with all."""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from truceline.errors import MissingExtra, MissingFile
from truceline.validation import benchmark, command, crossval, figures, page, scores, worlds
from truceline.validation.features import MODIS, read_modis
from truceline.validation.labels import (
    FIRST_DAY,
    LAST_DAY,
    Event,
    draw_windows,
    held_back,
    read_events,
)
from truceline.validation.parameters import LABELS, OUTLINES

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "src" / "truceline" / "assess" / "heat_model.toml"
PAGE = ROOT / "docs" / "validation.md"


def test_without_labels_it_says_what_it_needs_and_leaves_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "validation.md").write_text("as it was", encoding="utf-8")
    command.validate(None, None, tmp_path, write_parameters=True)
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 4 and all(line.startswith("SKIPPED: ") for line in told)
    assert (tmp_path / "validation.md").read_text(encoding="utf-8") == "as it was"


def test_labels_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(MissingFile):
        command.validate(tmp_path / "none.csv", None, tmp_path)


def test_a_missing_package_is_told_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "truceline.validation.page", None)
    monkeypatch.delattr("truceline.validation.page")
    labels = tmp_path / "labels.csv"
    labels.touch()
    with pytest.raises(MissingExtra, match="page"):
        command.validate(labels, None, tmp_path)


def test_worlds_have_a_section_of_their_own(tmp_path: Path) -> None:
    sheet = tmp_path / "validation.md"
    found = asdict(worlds.quick(10).report)
    page.put_worlds(sheet, found)
    alone = sheet.read_text(encoding="utf-8")
    assert "need labelled strikes" in alone and "12 worlds" in alone
    sheet.write_text(f"before\n{page.BEGIN}\n\nstale\n\n{page.END}\nafter\n", encoding="utf-8")
    page.put_worlds(sheet, found)
    text = sheet.read_text(encoding="utf-8")
    assert text.startswith("before") and text.endswith("after\n") and "stale" not in text
    slope = next(c["slope"] for c in found["calibration"] if c["name"] == "all")
    assert f"| {page.num(slope, 2)} (" in text and "**PASS**" in text
    assert figures.write_worlds_figure(found, tmp_path).read_bytes().startswith(b"<?xml")


# --- the file and the page that ship --------------------------------------------------------------


def numbers(table: object) -> Iterator[tuple[str, Any]]:
    if isinstance(table, dict):
        for key, value in table.items():
            if isinstance(value, dict | list):
                yield from numbers(value)
            else:
                yield key, value
    elif isinstance(table, list):
        for each in table:
            yield from numbers(each)


def test_parameter_file_holds_aggregates_only() -> None:
    text = MODEL.read_text(encoding="utf-8")
    model = tomllib.loads(text)
    assert model["schema"] == "truceline-heat-model/2" and model["status"] == "measured"
    for cell in model["cell"]:
        assert min(cell["n"], cell["background_n"]) >= 5
    keys = {key for key, _ in numbers(model)}
    assert not keys & {"lat", "lon", "latitude", "longitude", "date", "day", "id", "place"}
    assert not re.search(r"\bUW\d{4}\b", text)
    assert not re.search(r"^.*= *\d{4}-\d{2}-\d{2}\s*$", text, re.M)


def test_rates_grow_with_the_radius_and_lie_in_their_intervals() -> None:
    model = tomllib.loads(MODEL.read_text(encoding="utf-8"))
    by_class: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for cell in model["cell"]:
        by_class.setdefault((cell["set"], cell["class"]), []).append(cell)
    assert {name for _, name in by_class} == {"any", "oil_and_fuel", "power", "unlabelled"}
    for cells in by_class.values():
        assert [cell["radius_km"] for cell in cells] == [1.0, 2.0, 5.0, 8.0]
        for name in ("p_show", "p_background"):
            assert [c[name] for c in cells] == sorted(c[name] for c in cells)
        for cell, name in ((c, n) for c in cells for n in ("p_show", "p_background", "p_fire")):
            assert 0 <= cell[f"{name}_low"] <= cell[name] <= cell[f"{name}_high"] <= 1
            # both are rounded to four digits
            assert cell["p_show"] > cell["p_background"]


@pytest.mark.skipif(not PAGE.is_file(), reason="docs/validation.md has not been written")
def test_page_was_made_from_the_inputs_of_the_parameters() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name, digest in tomllib.loads(MODEL.read_text(encoding="utf-8"))["inputs"].items():
        assert f"| `{name}` | `{digest}` |" in text
    for figure in re.findall(r"\]\((validation/[a-z]+\.svg)\)", text):
        assert (PAGE.parent / figure).is_file()


# --- with the labels ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def labels(shared_data: Path) -> Path:
    path = shared_data / LABELS
    if not path.is_file():
        pytest.skip(f"no {LABELS}: labels without an open licence stay out")
    return path


@pytest.mark.shared
def test_merged_labels_are_as_many_as_the_data_say(labels: Path, shared_data: Path) -> None:
    early, late = read(labels, shared_data)
    assert (len(early), len(late)) == (2544, 0)
    by_group = Counter(event.group for event in early)
    assert by_group == {"any": 2510, "oil_and_fuel": 20, "power": 14}


@pytest.mark.shared
def test_modis_alone_says_little_but_what_it_says_is_calibrated(
    labels: Path, shared_data: Path
) -> None:
    """The quick subset: one sensor set, one scheme of blocks."""
    windows = draw_windows(read(labels, shared_data)[0], FIRST_DAY, LAST_DAY)
    heat = read_modis([shared_data / name for name in MODIS], LAST_DAY)
    problem = crossval.pose("MODIS", windows, heat, heat, 300.0)
    p = crossval.forecasts(problem, "place", lambda _: None)[crossval.HEAT]
    judged = scores.Judged.of(problem.windows, 100)
    gain = judged.mean(scores.log_scores(p, judged.struck) - np.log(0.5))
    assert 0 < gain[1] < gain[2] < 0.03
    slope, _ = scores.calibration(p, judged)
    assert slope[1] < 1 < slope[2]


def read(labels: Path, data: Path) -> tuple[list[Event], list[Event]]:
    return held_back(read_events(labels, data / OUTLINES))


@pytest.mark.shared
@pytest.mark.slow
def test_shipped_parameters_are_remade(labels: Path, shared_data: Path) -> None:
    assert benchmark.fit_parameters(labels, shared_data) == MODEL.read_text(encoding="utf-8")


@pytest.mark.shared
@pytest.mark.slow
def test_quick_run_on_labels_writes_a_page_of_its_own(labels: Path, tmp_path: Path) -> None:
    said: list[str] = []
    command.validate(labels, None, tmp_path, quick=True, say=said.append, progress=said.append)
    text = (tmp_path / "validation-quick.md").read_text(encoding="utf-8")
    assert not re.search(r"\| None|\bnan\b|Undefined", text)
    assert not (tmp_path / "validation.md").exists()
    assert re.search(r"\*\*(PASS|FAIL)\*\*", text)
