"""The real files beside the checkout, read whole."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from truceline.domain.agreement import Agreement
from truceline.domain.provenance import Row
from truceline.sources import areas, claims, coded, coverage, facilities, firms, statements
from truceline.sources.contract import Opened, SourceFile
from truceline.sources.files import open_source
from truceline.sources.terms import parse_agreement

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.shared

UKRAINE_AND_RUSSIA = {"south": 43, "west": 20, "north": 61, "east": 62}

TERMS = b"""\
schema: truceline-agreement/1
id: test
title: Test
parties: {UA: {name: U, zone: Europe/Kyiv}, RU: {name: R, zone: Europe/Moscow}}
third_parties: {US: {name: S, role: mediator, zone: America/New_York}}
readings:
  - id: one
    title: One
    stated_by: US
    clock: {zone: UTC, source: [S001]}
    clauses:
      - id: c
        obliges: [UA, RU]
        must_not: {acts: [strike], against: [energy], source: [S001]}
        where: {territory_of: [UA, RU], including_held: true, source: [S001]}
    source: [S001]
"""

CODED = Row("coded", "1", 2)


@pytest.fixture
def agreement() -> Agreement:
    return parse_agreement(TERMS)


@pytest.fixture
def opened(shared_data: Path) -> Callable[..., Opened]:
    def make(kind: str, path: str, **more: object) -> Opened:
        table = {
            "id": "x",
            "kind": kind,
            "title": "x",
            "path": path,
            "licence": "x",
            "attribution": "x",
            "rows": {"min": 1, "max": 100_000, "reason": "test"},
            **more,
        }
        return open_source(shared_data, SourceFile.model_validate(table))

    return make


@pytest.mark.parametrize(
    ("name", "n", "newline"),
    [
        ("MODIS-2021", 10796, "lf"),
        ("MODIS-2022-arch", 8470, "lf"),
        ("MODIS-2022", 7113, "lf"),
        ("VIIRS-NOAA-2022", 4248, "lf"),
        ("viirs_snpp_ukraine_2023", 42415, "lf"),
        ("modis_uaru_2021-10_2024-03", 6439, "crlf"),
        ("modis_uaru_2024-10_2025-06", 6792, "crlf"),
    ],
)
def test_fires(opened: Callable[..., Opened], name: str, n: int, newline: str) -> None:
    file = opened(
        "heat", f"firms/{name}.csv", extent=UKRAINE_AND_RUSSIA, dialect={"newline": newline}
    )
    read = firms.read_heat(file)
    assert len(read.records) == read.n_rows == n
    static = Counter(heat.static_source for heat in read.records)
    assert (None in static) == (name not in ("MODIS-2021", "MODIS-2022-arch"))
    satellites = {heat.satellite for heat in read.records}
    assert satellites == ({"Suomi NPP"} if name[0] in "Vv" else {"Terra", "Aqua"})


def test_record_days(opened: Callable[..., Opened]) -> None:
    days = coverage.read_record_days(opened("record_days", "firms/coverage.csv")).records
    assert Counter(day.whole for day in days) == {True: 81, False: 91}


def test_clouds(opened: Callable[..., Opened]) -> None:
    names = {"moscow": [55.75, 37.62], "tver": [56.86, 35.9], "saratov": [51.53, 46.03]}
    names |= {"krasnodar": [45.04, 38.98], "crimea": [44.95, 34.1]}
    file = opened("cloud", "cloud/russia_weather.csv", options={"stations": names})
    assert len(coverage.read_cloud(file).records) == 5 * 662
    names = {"kyiv": [50.45, 30.52], "kharkiv": [50, 36.2], "odesa": [46.5, 30.7]}
    names |= {"zaporizhzhia": [47.8, 35.1]}
    file = opened("cloud", "cloud/weather_by_date.csv", options={"stations": names})
    clouds = coverage.read_cloud(file).records
    assert len(clouds) == 4 * 726 and all(0 <= cloud.cloud_share <= 1 for cloud in clouds)


def test_registries(opened: Callable[..., Opened]) -> None:
    ukraine = {"south": 44, "west": 22, "north": 53, "east": 41}
    osm = facilities.read_osm(
        opened(
            "facilities_osm",
            "facilities/osm_ua_power_plants_substations.geojson",
            extent=ukraine,
            options={"territory": "UA"},
        )
    )
    assert Counter(o.object_class for o in osm.records) == {
        "power_plant": 664,
        "nuclear_plant": 5,
        "substation": 330,
    }
    gppd = facilities.read_gppd(
        opened(
            "facilities_gppd",
            "facilities/gppd_ukraine.csv",
            extent=ukraine,
            dialect={"newline": "crlf", "final_newline": False},
            options={"territory": "UA"},
        )
    )
    assert Counter(o.object_class for o in gppd.records) == {"power_plant": 60, "nuclear_plant": 4}
    plain = facilities.read_plain(
        opened(
            "facilities_plain",
            "facilities/ru_refineries.csv",
            extent=UKRAINE_AND_RUSSIA,
            options={"territory": "RU", "object_class": "refinery"},
        )
    )
    assert (len(plain.records), sum(o.usable for o in plain.records)) == (12, 7)


def test_plants_of_russia(opened: Callable[..., Opened]) -> None:
    reason = "latitude and longitude swapped"
    file = opened(
        "facilities_wri",
        "facilities/wri_russia.csv",
        extent={"south": 41, "west": 19, "north": 82, "east": -169},
        dialect={"newline": "crlf"},
        options={"territory": "RU", "known_bad": {"VDK IN PIC. NIKOLSKY": reason}},
    )
    read = facilities.read_wri(file)
    assert (read.n_rows, len(read.records)) == (833, 623)
    assert read.notes[0].startswith("209 rows have no position")
    assert read.notes[1].endswith(f"VDK IN PIC. NIKOLSKY: left out: {reason}")
    assert len({o.id for o in read.records}) == 623


def test_statements_and_timeline(opened: Callable[..., Opened], agreement: Agreement) -> None:
    path, crlf = "moratorium-2025/statements.csv", {"newline": "crlf"}
    rows = _rows(opened("statements", path, dialect=crlf))
    options = {
        "acts": sorted({row["act"] for row in rows}),
        "topics": sorted({row["clause_topic"] for row in rows}),
        "other_sides": ["EU", "other"],
    }
    file = opened("statements", path, dialect=crlf, options=options)
    assert len(statements.read_statements(file, agreement).records) == 118
    file = opened("timeline", "moratorium-2025/timeline.csv", dialect=crlf)
    kinds = Counter(m.kind for m in statements.read_timeline(file).records)
    assert kinds == {"milestone": 37, "term": 11, "count": 9, "difference": 8}


def test_outlines_and_places(opened: Callable[..., Opened]) -> None:
    by_iso = {"code_property": "iso3166_2"}
    file = opened("areas", "admin/UA_oblasts.geojson", options=by_iso)
    assert len(areas.outlines_by_code(areas.read_outlines(file).records)) == 25
    by_name = {"code_property": "name_latin"}
    read = areas.read_outlines(
        opened("areas", "admin/russia_federal_subjects.geojson", options=by_name)
    )
    assert len(read.records) == 83 and all(o.geometry.is_valid for o in read.records)
    assert read.notes[0].startswith("10 self-intersecting outlines repaired")
    places = areas.read_gazetteer(opened("gazetteer", "admin/ua_places.csv")).records
    assert len(places) == 6799


def test_claims(opened: Callable[..., Opened], agreement: Agreement) -> None:
    control = {
        "UA-held": {"territory": "UA", "control": "UA"},
        "RU-held": {"territory": "UA", "control": "RU"},
        "RU": {"territory": "RU"},
    }
    file = opened(
        "claims",
        "moratorium-2025/claims.csv",
        extent=UKRAINE_AND_RUSSIA,
        dialect={"newline": "crlf"},
        options={"control": control},
    )
    rows = _rows(file)
    territory = {
        row["admin_region"]: control[row["country_or_control"]]["territory"] for row in rows
    }
    regions = {
        name: areas.Area(f"R{n}", name, where, False, "test")
        for n, (name, where) in enumerate(territory.items())
    }
    nowhere = firms.Cells("acts", "acts.csv", 1, {}).where()
    acts = {
        row["claim_id"]: coded.CodedAct(
            row["claim_id"], CODED, None, None, "", "stated", "acts", nowhere
        )
        for row in rows
    }
    third = [row["claim_id"] for row in rows if row["corroboration_class"] == "third_party"]
    origins = {
        name: coded.CodedOrigin(name, CODED, "one", (), "origins", nowhere) for name in third
    }
    types = {row["object_type"] for row in rows}
    classes = {name: coded.CodedClass(name, CODED, None) for name in types}
    context = claims.ClaimContext(agreement, acts, classes, origins, regions)
    found = claims.read_claims(file, context).records
    assert Counter(claim.accused for claim in found) == {"UA": 120, "RU": 30}
    assert Counter(claim.occurred.precision for claim in found) == {
        "report_date": 52,
        "minute": 43,
        "hours": 2,
        "day": 30,
        "night": 21,
        "inferred": 1,
        "unknown": 1,
    }
    assert [claim.id for claim in found if claim.origin == "admission"] == ["C001", "C002"]
    assert sum(claim.place.sharp for claim in found) == 49


def _rows(file: Opened) -> list[dict[str, str]]:
    return list(csv.DictReader(file.data.decode().splitlines()))
