"""What a valid case gives: small invented cases, rule by rule."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from truceline.clock import stamp
from truceline.domain.claim import Claim, Origin
from truceline.errors import BadInput
from truceline.sources.casefile import read_case
from truceline.sources.contract import KindName
from truceline.sources.kinds import KINDS
from truceline.sources.records import read_records

if TYPE_CHECKING:
    from conftest import CaseBuilder


def only(case: CaseBuilder, **change: str) -> Claim:
    (claim,) = case.claims(change).read().claims
    return claim


def test_every_kind_has_a_reader_and_a_contract() -> None:
    assert set(KINDS) == set(KindName)
    for kind in KINDS.values():
        assert kind.read.__doc__ and kind.title and kind.fields.take


def test_a_whole_case_is_read_once_and_told(case: CaseBuilder) -> None:
    told: list[str] = []
    records = read_records(read_case(case.folder), told.append)
    assert [claim.id for claim in records.claims] == ["C1", "C2"]
    assert [area.code for area in records.areas] == ["A-N", "B-B"]
    assert set(records.regions) == {"North Aland", "N. Aland", "Boria"}
    kinds = {file.kind for file in records.inputs}
    assert {"case", "agreement", "source_file", "claims", "heat"} <= kinds
    assert all(len(file.sha256) == 64 for file in records.inputs)
    paths = [file.path for file in records.inputs]
    assert paths == sorted(paths) and len(paths) == len(set(paths))
    assert sorted(told) == [f"reading {path}" for path in paths if path.startswith("data/")]
    assert records.quarantine == ()


# --- claims -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "start", "until", "precision"),
    [
        # Helsinki is three hours ahead of UTC in May.
        ({}, "2030-05-02T21:00:00Z", "2030-05-03T21:00:00Z", "day"),
        ({"event_time_local": "04:30"}, "2030-05-03T01:30:00Z", "2030-05-03T01:31:00Z", "minute"),
        (
            {"event_time_local": "23:30-01:10"},
            "2030-05-03T20:30:00Z",
            "2030-05-03T22:10:00Z",
            "hours",
        ),
        # Reported on the next day: the night before or the night after the date.
        (
            {"date_precision": "night_span"},
            "2030-05-02T15:00:00Z",
            "2030-05-04T06:00:00Z",
            "night",
        ),
        # Reported on its own date: the night that ended on it.
        (
            {"date_precision": "night_span", "source_date": "2030-05-03"},
            "2030-05-02T15:00:00Z",
            "2030-05-03T06:00:00Z",
            "night",
        ),
        # An hour wins over the word `night_span`.
        (
            {"date_precision": "night_span", "event_time_local": "21:00"},
            "2030-05-03T18:00:00Z",
            "2030-05-03T18:01:00Z",
            "minute",
        ),
        (
            {"date_precision": "report_date", "source_date": ""},
            "2030-05-01T21:00:00Z",
            "2030-05-04T21:00:00Z",
            "report_date",
        ),
        # Nothing happens after the day on which it was reported.
        (
            {"date_precision": "report_date", "source_date": "2030-05-03"},
            "2030-05-01T21:00:00Z",
            "2030-05-03T21:00:00Z",
            "report_date",
        ),
        (
            {"date_precision": "inferred"},
            "2030-05-01T21:00:00Z",
            "2030-05-04T21:00:00Z",
            "inferred",
        ),
        (
            {"date_precision": "unknown", "event_date": ""},
            None,
            "2030-05-04T21:00:00Z",
            "unknown",
        ),
        (
            {"date_precision": "unknown", "event_date": "", "source_date": ""},
            None,
            None,
            "unknown",
        ),
        # A claimant without a zone: every party's reading of the date (Paris is an hour later).
        (
            {"claimant_side": "other"},
            "2030-05-02T21:00:00Z",
            "2030-05-03T22:00:00Z",
            "day",
        ),
    ],
)
def test_when_it_is_said_to_have_happened(
    case: CaseBuilder, change: dict[str, str], start: str | None, until: str | None, precision: str
) -> None:
    occurred = only(case, **change).occurred
    assert (stamp(occurred.interval.start), stamp(occurred.interval.until)) == (start, until)
    assert occurred.precision == precision


def test_a_claim_keeps_what_it_says(case: CaseBuilder) -> None:
    claim = only(case, window="during", on_kremlin_list="yes")
    assert (claim.object_class, claim.act, claim.act_basis) == ("substation", "hit", "was hit")
    assert claim.known.since == datetime(2030, 5, 5, tzinfo=UTC)
    assert claim.source_date == date(2030, 5, 4)
    assert claim.checks == (("on_kremlin_list", "yes"), ("window", "during"))
    assert claim.origin is Origin.CLAIM
    assert (claim.place.area, claim.place.territory, claim.place.control) == ("A-N", "A", "A")
    assert claim.place.uncertainty_km == 5


def test_a_side_that_accuses_itself_admits(case: CaseBuilder) -> None:
    assert only(case, accused_side="A").origin is Origin.ADMISSION


def test_an_unnamed_weapon_is_any(case: CaseBuilder) -> None:
    assert only(case, weapon="").means == "any_means"


def test_a_type_that_cannot_be_placed_has_no_class(case: CaseBuilder) -> None:
    assert only(case, object_type="other").object_class is None


def test_control_that_nobody_states_is_none(case: CaseBuilder) -> None:
    claim = only(case, admin_region="Boria", country_or_control="B")
    assert (claim.place.territory, claim.place.control, claim.place.held) == ("B", None, None)


@pytest.mark.parametrize(
    ("span", "control"),
    [
        ("2030-05-01,", "B"),
        (",2030-05-02", "A"),
        (",2030-05-03", "B"),
        ("2030-05-04,", "A"),
    ],
)
def test_control_of_a_single_place_by_its_dates(case: CaseBuilder, span: str, control: str) -> None:
    head = "place,region,control,from,until,basis,source\n"
    case.file("control.csv", f"{head}Millby,North Aland,B,{span},said so,S1\n")
    place = only(case).place
    assert place.control == control
    assert (place.control_basis == "said so") == (control == "B")


def test_control_that_changes_within_the_claim_is_contested(case: CaseBuilder) -> None:
    case.file(
        "control.csv",
        "place,region,control,from,until,basis,source\n"
        "Millby,North Aland,B,,2030-05-03,first,S1\nMillby,North Aland,A,2030-05-03,,then,S1\n",
    )
    place = only(case).place
    assert (place.control, place.control_basis) == ("contested", "first; then")


@pytest.mark.parametrize(
    ("kind", "origin"),
    [
        ("third_party", Origin.THIRD_PARTY),
        ("third_party_unverified", Origin.UNVERIFIED_NOT_COUNTED),
        ("same_side_other_institution", Origin.SUPPORT_NOT_COUNTED),
        ("operator_evidence", Origin.SUPPORT_NOT_COUNTED),
        ("claimed_notice", Origin.SUPPORT_NOT_COUNTED),
        ("contradicting_report", Origin.AGAINST_NOT_COUNTED),
    ],
)
def test_what_others_said(case: CaseBuilder, kind: str, origin: Origin) -> None:
    case.file("origins.csv", "claim,origin_id,rests_on,note\nC1,wire-7,satellite_heat;imagery,\n")
    found = only(case, corroboration_class=kind, independent_corroboration="fire").corroboration
    assert found is not None
    assert (found.origin, found.origin_id, found.kind) == (origin, "wire-7", kind)
    assert found.rests_on == ("satellite_heat", "imagery")


@pytest.mark.parametrize("basis", ["satelite_heat", "satellite_heat; rumour"])
def test_an_origin_rests_on_nothing_that_nobody_knows(case: CaseBuilder, basis: str) -> None:
    case.claims({"corroboration_class": "third_party", "independent_corroboration": "fire"})
    case.file("origins.csv", f"claim,origin_id,rests_on,note\nC1,wire-7,{basis},\n")
    with pytest.raises(BadInput, match=r"rests_on.*unknown value"):
        case.read()


def test_one_origin_rests_on_the_same_things_in_all_its_rows(case: CaseBuilder) -> None:
    told = {"corroboration_class": "third_party", "independent_corroboration": "fire"}
    head = "claim,origin_id,rests_on,note\nC1,wire-7,imagery;satellite_heat,\n"
    case.claims(told, told).file("origins.csv", head + "C2,wire-7,satellite_heat;imagery,\n")
    assert len(case.read().claims) == 2
    case.file("origins.csv", head + "C2,wire-7,document,\n")
    with pytest.raises(BadInput, match=r"wire-7.*rests on 'document' here"):
        case.read()


def test_support_without_a_coded_origin_has_one_of_its_own(case: CaseBuilder) -> None:
    change = {"corroboration_class": "operator_evidence", "independent_corroboration": "a photo"}
    same, other = {**change}, {**change, "independent_corroboration": "another photo"}
    claims = case.claims(change, same, other).read().claims
    ids = [claim.corroboration.origin_id for claim in claims if claim.corroboration]
    assert ids[0] == ids[1] != ids[2]


def test_without_the_coded_files_nothing_is_guessed(case: CaseBuilder) -> None:
    for name in ("acts", "classes", "regions", "origins", "control"):
        (case.folder / f"sources/{name}.toml").unlink()
    records = case.read()
    claim = records.claims[0]
    assert (claim.act, claim.object_class, claim.place.area) == (None, None, None)
    told = next(file for file in records.inputs if file.id == "claims")
    assert len(told.notes) == 3


# --- fires and looks ----------------------------------------------------------------------------


def test_fires_of_both_families_and_all_satellites(case: CaseBuilder) -> None:
    case.file(
        "fires.csv",
        "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,"
        "confidence,version,bright_ti5,frp,daynight,type\n"
        "55,20,300,1,1,2030-05-03,39,N,VIIRS,n,2.0NRT,290,1.5,N,0\n"
        "55,20,300,1,1,2030-05-03,0039,1,VIIRS,high,2,290,,N,2\n"
        "55,20,300,1,1,2030-05-03,2359,N21,VIIRS,l,2.0NRT,290,1.5,N,3\n"
        "55,20,300,1,1,2030-05-03,0000,Terra,MODIS,30,6.03,290,1.5,N,1\n"
        "55,20,300,1,1,2030-05-03,0000,Terra,MODIS,30,6.03,290,1.5,N,1\n",
    )
    records = case.read()
    heat = records.heat
    assert [h.satellite for h in heat] == ["Suomi NPP", "NOAA-20", "NOAA-21", "Terra"]
    assert [h.confidence for h in heat] == ["nominal", "high", "low", "nominal"]
    assert [h.static_source for h in heat] == [False, True, True, True]
    assert heat[0].observed_at == datetime(2030, 5, 3, 0, 39, tzinfo=UTC)
    assert (heat[1].frp_mw, heat[0].row.key) == (None, heat[0].row.sha256[:12])
    told = next(file for file in records.inputs if file.id == "fires")
    assert told.notes == ("1 identical rows read once",) and told.n_rows == 5


def test_a_feed_without_types_does_not_say_whether_a_source_is_static(case: CaseBuilder) -> None:
    assert [heat.static_source for heat in case.read().heat] == [None, None]


def test_packed_files_are_hashed_as_they_lie(case: CaseBuilder) -> None:
    plain = (case.folder / "data/fires.csv").read_bytes()
    case.file("data/fires.csv.gz", gzip.compress(plain)).source("fires.csv.gz", "heat")
    records = case.read()
    assert len(records.heat) == 2


def test_days_and_clouds(case: CaseBuilder) -> None:
    case.file(
        "data/days.csv",
        "date_utc,sensor,whole_day,reason_not_whole,no_pass\n"
        "2030-05-03,MODIS,true,,false\n2030-05-04,MODIS,false,orbit,true\n",
    ).source("days.csv", "record_days")
    case.file(
        "data/sky.csv",
        "north_cloudcover_mean,north_weathercode,date,avg_cloud\n85,3,2030-05-03,85\n,,2030-05-04,\n",
    ).source("sky.csv", "cloud", "[options]\nstations = { north = [55, 20] }\n")
    records = case.read()
    assert [(d.whole, d.no_pass, d.why_not) for d in records.record_days] == [
        (True, False, ""),
        (False, True, "orbit"),
    ]
    (cloud,) = records.clouds  # a blank cell is unknown and gives no record
    assert (cloud.cloud_share, cloud.station) == (0.85, "north")


# --- places, words, observers -------------------------------------------------------------------


def test_a_caution_makes_an_object_unusable(case: CaseBuilder) -> None:
    assert [(o.name, o.usable, o.territory) for o in case.read().objects] == [
        ("East depot", True, "A"),
        ("West depot", False, "A"),
    ]


def test_outlines_are_repaired_mapped_and_joined(case: CaseBuilder) -> None:
    bow = "[[[20,55],[21,56],[21,55],[20,56],[20,55]]]"
    box = "[[[22,55],[23,55],[23,56],[22,56],[22,55]]]"
    features = ",".join(
        f'{{"type":"Feature","properties":{{"name":"{name}","n":1}},'
        f'"geometry":{{"type":"Polygon","coordinates":{ring}}}}}'
        for name, ring in (("Aland", bow), ("Isle", box), ("Sea", box))
    )
    case.file("data/map.geojson", f'{{"type":"FeatureCollection","features":[{features}]}}')
    options = '[options]\ncode_property = "name"\ncodes = { Aland = "A-N", Isle = "A-N" }\n'
    case.source("map.geojson", "areas", options)
    records = case.read()
    assert list(records.outlines) == ["A-N"]
    assert records.outlines["A-N"].is_valid and records.outlines["A-N"].area == 1.5
    told = next(file for file in records.inputs if file.id == "map")
    assert told.notes[0].startswith("1 features without a code")
    assert told.notes[1].startswith("1 self-intersecting outlines repaired: Aland")


def test_an_observer_who_noticed_nothing_is_a_record(case: CaseBuilder) -> None:
    case.file(
        "data/watch.csv",
        "report_id,observer,independent,means,sense,finding,time_from_utc,time_until_utc,place,"
        "region,lat,lon,location_precision,object_class,names_party,origin_id,source_date,text\n"
        "R1,Mission,true,patrol,both,nothing_observed,2030-05-03T00:00Z,2030-05-03T06:00Z,Millby,"
        "North Aland,55.1,20.2,settlement,,,patrol-1,2030-05-04,quiet\n",
    ).source("watch.csv", "field_reports")
    (report,) = case.read().reports
    assert (report.finding, report.object_class, report.names) == ("nothing_observed", None, None)
    assert (report.place.territory, report.place.control) == ("A", None)
    assert report.known.since == datetime(2030, 5, 5, tzinfo=UTC)


def test_declared_dialects_are_read(case: CaseBuilder) -> None:
    case.file("depots.csv", 'name;lat;lon;caution\r\n"Sør\nby";55.5;20.5;'.encode("cp1252"))
    dialect = "{ encoding = 'cp1252', newline = 'crlf', delimiter = ';', final_newline = false }"
    case.extra("depots.csv", f"dialect = {dialect}")
    (depot,) = case.read().objects
    assert (depot.name, depot.row.line) == ("Sør\nby", 2)
