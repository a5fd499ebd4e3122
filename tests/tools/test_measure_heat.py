"""The heat measurement, on an invented country with a known answer."""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
import tomllib
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "src" / "truceline" / "assess" / "heat_model.toml"
STRIKE = "Bombing or Explosion"
FIRST, LAST = date(2022, 4, 19), date(2022, 8, 31)


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "measure_heat", ROOT / "tools" / "measure_heat.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["measure_heat"] = module
    spec.loader.exec_module(module)
    return module


tool = load()


def write_rows(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def heat_row(day: date, lat: float, lon: float) -> dict[str, object]:
    return {"latitude": lat, "longitude": lon, "acq_date": day.isoformat()}


def label_row(
    number: int, day: date, lat: float, lon: float, name: str = "other", kind: str = STRIKE
) -> dict[str, object]:
    return {
        "id": f"T{number:03}",
        "date": day.isoformat(),
        "lat": lat,
        "lon": lon,
        "class": name,
        "kind": kind,
    }


def labels() -> list[dict[str, object]]:
    """Six depots, five plants and rows that must not count."""
    start = date(2022, 7, 1)
    depots = [label_row(i, start, 47.0 + i * 0.3, 31.0, "energy_oil_fuel") for i in range(6)]
    plants = [label_row(10 + i, start, 47.0 + i * 0.3, 35.0, "energy_power") for i in range(5)]
    return [
        *depots,
        *plants,
        label_row(20, start, 47.001, 31.001),  # same cell and date as the first depot
        label_row(21, start, 48.5, 48.5),  # latitude equals longitude
        label_row(22, start, 52.0, 33.0),  # far outside
        label_row(23, start, 49.02, 33.0),  # 2.2 km outside: allowed
        label_row(24, start, 47.0, 33.0, kind="Munitions"),  # not a strike
        label_row(25, LAST, 47.0, 33.0),  # its next date is held back
        label_row(26, date(2022, 6, 14), 47.0, 33.0),  # a date without any row
    ]


def heat() -> list[dict[str, object]]:
    """A row far away on each observed date, and heat at some of the places."""
    days = [FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
    rows = [heat_row(d, 46.0, 40.0) for d in days if d != date(2022, 6, 15)]
    start = date(2022, 7, 1)
    rows += [
        heat_row(start, 47.005, 31.0),  # depot 0, 0.6 km, same date
        heat_row(start + timedelta(days=1), 47.3 + 0.03, 31.0),  # depot 1, 3.3 km, next date
        heat_row(start + timedelta(days=2), 47.6, 31.0),  # depot 2, too late
        heat_row(start - timedelta(days=1), 47.9, 31.0),  # depot 3, too early
        heat_row(start - timedelta(days=6), 48.2, 31.0),  # depot 4, background
        heat_row(start, 48.5, 31.0),  # depot 5, but the place burns all along
        heat_row(LAST + timedelta(days=1), 47.0, 33.0),  # held back
    ]
    return rows


def write_case(folder: Path) -> None:
    square = [[30.0, 45.0], [41.0, 45.0], [41.0, 49.0], [30.0, 49.0], [30.0, 45.0]]
    feature = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [square]}}
    outlines = folder / tool.OUTLINES
    outlines.parent.mkdir(parents=True)
    outlines.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    write_rows(folder / tool.LABELS, labels())
    old = [heat_row(date(2021, month, 3), 48.505, 31.0) for month in (3, 5, 7, 9, 11)]
    rows = heat()
    write_rows(folder / tool.HEAT[0], old)
    write_rows(folder / tool.HEAT[1], [r for r in rows if str(r["acq_date"]) < "2022-06-01"])
    write_rows(folder / tool.HEAT[2], [r for r in rows if str(r["acq_date"]) >= "2022-06-01"])


def test_known_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_case(tmp_path)
    out = tmp_path / "model.toml"
    tool.main(["--data", str(tmp_path), "--out", str(out)])
    model = tomllib.loads(out.read_text(encoding="utf-8"))
    cells = {(c["class"], c["radius_km"]): c for c in model["cell"]}
    counts = {key: (c["n"], c["k"], c["background_k"]) for key, c in cells.items()}
    assert counts["oil_and_fuel", 1.0] == (6, 1, 1)  # depot 5 is masked
    assert counts["oil_and_fuel", 2.0] == (6, 1, 1)
    assert counts["oil_and_fuel", 5.0] == (6, 2, 1)
    assert counts["power", 8.0] == (5, 0, 0)
    assert counts["any", 1.0] == (12, 1, 1)  # eleven energy events and the border place
    # no window of the ten shifts from 1 July touches 15 June, the date without rows
    assert cells["oil_and_fuel", 1.0]["background_n"] == 60
    assert "ratio" not in cells["power", 8.0]
    assert cells["oil_and_fuel", 5.0]["p_show"] == pytest.approx(2.5 / 7, abs=1e-4)
    assert model["inputs"].keys() == {
        Path(p).name for p in (*tool.HEAT, tool.LABELS, tool.OUTLINES)
    }
    assert "oil_and_fuel" in capsys.readouterr().out


def test_same_input_same_bytes(tmp_path: Path) -> None:
    write_case(tmp_path)
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    tool.run(tmp_path, first)
    tool.run(tmp_path, second)
    assert first.read_bytes() == second.read_bytes()


def test_unknown_dates() -> None:
    days = [date(2022, 4, 15), date(2022, 4, 19), date(2022, 4, 20), date(2022, 4, 22)]
    archive = tool.HeatArchive([(d, 47.0, 31.0) for d in days], tool.Persistence())
    assert archive.observed(date(2022, 4, 19))
    assert not archive.observed(date(2022, 4, 20))  # nothing on the next date
    assert not archive.observed(date(2022, 4, 15))  # Aqua is missing


@pytest.mark.parametrize(
    ("days_before", "persistent"),
    [
        ((300, 250, 200, 150, 100), True),
        ((300, 250, 200, 150), False),  # four dates
        ((150, 120, 90, 60, 30), False),  # too short a span
        ((300, 299, 298, 297, 296), False),  # one fire
        (tuple(range(14)), False),  # its own burning
        ((300, 250, *range(15)), False),  # its own burning on top of two field fires
    ],
)
def test_persistence(days_before: tuple[int, ...], persistent: bool) -> None:
    day = date(2022, 8, 10)
    rows = [(day - timedelta(days=n), 47.01, 31.0) for n in days_before]
    archive = tool.HeatArchive([*rows, (day, 47.0, 31.0)], tool.Persistence())
    row = next(i for i, lat in enumerate(archive.lats) if lat == 47.0)
    assert archive.persistent(row, day) is persistent


def test_jeffreys_known_values() -> None:
    # reference: scipy.stats.beta.ppf
    assert tool.jeffreys(tool.Rate(14, 7)) == pytest.approx((0.5, 0.258927, 0.741073), abs=1e-6)
    assert tool.jeffreys(tool.Rate(13, 0)) == pytest.approx((0.035714, 0, 0.172619), abs=1e-6)
    assert tool.jeffreys(tool.Rate(13596, 558)) == pytest.approx(
        (0.041075, 0.037804, 0.044474), abs=1e-6
    )


def test_design_effect() -> None:
    alike = [[True, False]] * 50
    split = [[True] * 10] * 5 + [[False] * 10] * 5
    assert tool.design_effect(alike) == 1.0
    assert tool.design_effect(split) == pytest.approx(10.0)


@pytest.mark.shared
def test_shipped_model_is_reproduced(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    try:
        data: Path = request.getfixturevalue("shared_data")
    except pytest.FixtureLookupError:
        pytest.skip("no shared_data fixture")
    out = tmp_path / "heat_model.toml"
    tool.run(data, out)
    assert out.read_bytes() == MODEL.read_bytes()
