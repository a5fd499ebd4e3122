"""Orbital elements: four ways to write them, one meaning; and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sgp4.api import Satrec
from sgp4.exporter import export_omm
from tests.orbit.sets import PUBLISHED, read_tle

from truceline.clock import stamp
from truceline.domain.passes import Elements
from truceline.errors import BadFile, BadInput
from truceline.sources.tle import checksum

if TYPE_CHECKING:
    from tests.sources.breaks import Break

    from conftest import CaseBuilder

LINES = PUBLISHED.splitlines()
TERRA = "\n".join(LINES[:3]) + "\n"
ISS = (
    "1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927\n"
    "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537\n"
)


def options(form: str) -> str:
    return f'[options]\nformat = "{form}"\n'


def given_as(form: str, text: str, extra: str = "") -> Break:
    """A file of elements in one of the four forms."""
    return lambda case: case.file("data/orbits.txt", text).source(
        "orbits.txt", "orbital_elements", options(form), extra
    )


def message(n: int = 1) -> dict[str, str]:
    """The first published set, as its exporter writes it."""
    fields = export_omm(Satrec.twoline2rv(LINES[n], LINES[n + 1]), "TERRA")
    return {key: str(value) for key, value in fields.items()} | {"BSTAR": "0.000033588"}


def omm_json(*changes: dict[str, object]) -> str:
    return json.dumps([{**message(), **change} for change in changes])


def omm_kvn(**change: str) -> str:
    lines = ["CCSDS_OMM_VERS = 2.0", "COMMENT as received", ""]
    return "\n".join([*lines, *(f"{k} = {v}" for k, v in ({**message(), **change}).items())]) + "\n"


def omm_csv() -> str:
    fields = message()
    return f"{','.join(fields)}\n{','.join(fields.values())}\n"


def plain(elements: tuple[Elements, ...]) -> list[Elements]:
    return [replace(one, row=None) for one in elements]


# --- reading ------------------------------------------------------------------------------------


def test_two_lines_mean_what_they_say() -> None:
    one = read_tle(TERRA)[0]
    assert (one.satellite, one.basis, one.bstar) == ("Terra", "supplied", 0.33588e-4)
    assert (one.mean_motion_rev_per_day, one.eccentricity) == (14.57132833, 0.0001354)
    assert (one.inclination_deg, one.raan_deg) == (98.1678, 347.1838)
    assert (one.arg_perigee_deg, one.mean_anomaly_deg) == (91.6968, 61.5062)
    assert stamp(one.epoch) == "2021-10-01T18:00:23Z"
    assert one.valid.until - one.epoch == one.epoch - one.valid.start == timedelta(days=7)
    assert one.row is not None and one.row.line == 2


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("omm_json", omm_json({})),
        ("omm_csv", omm_csv()),
        ("omm_kvn", omm_kvn()),
        ("tle", TERRA),
        ("tle", TERRA.replace("TERRA\n", "0 TERRA\n")),
        ("tle", TERRA.replace("TERRA\n", "")),
        ("tle", TERRA.replace("TERRA\n", "TERRA                   \n\n")),
    ],
)
def test_all_forms_say_the_same(case: CaseBuilder, form: str, text: str) -> None:
    given_as(form, text)(case)
    (one,), (known,) = plain(case.read().elements), plain(read_tle(TERRA))
    assert abs(one.epoch - known.epoch) < timedelta(milliseconds=1)
    assert replace(one, epoch=known.epoch, valid=known.valid) == known


def test_numbers_of_json_may_be_numbers(case: CaseBuilder) -> None:
    fields = {"NORAD_CAT_ID": 25994, "MEAN_MOTION": 14.57, "BSTAR": 3.3e-05, "EPHEMERIS_TYPE": 0}
    given_as("omm_json", omm_json({**fields, "COMMENT": None}))(case)
    (one,) = case.read().elements
    assert (one.mean_motion_rev_per_day, one.bstar) == (14.57, 3.3e-05)


def test_other_objects_and_repeats_are_counted(case: CaseBuilder) -> None:
    given_as("tle", ISS + PUBLISHED + TERRA)(case)
    records = case.read()
    assert len(records.elements) == 4
    (notes,) = (file.notes for file in records.inputs if file.id == "orbits")
    assert notes == (
        "element sets of other objects, left out: 1",
        "1 identical rows read once",
    )


def test_no_elements_is_an_empty_field(case: CaseBuilder) -> None:
    assert case.read().elements == ()


@given(st.permutations([LINES[n : n + 3] for n in range(0, 12, 3)]))
def test_order_of_sets_does_not_matter(sets: list[list[str]]) -> None:
    text = "".join("\n".join(lines) + "\n" for lines in sets)
    assert sorted(plain(read_tle(text)), key=str) == sorted(plain(read_tle(PUBLISHED)), key=str)


# --- refusing -----------------------------------------------------------------------------------


def line(n: int, old: str, new: str) -> str:
    """The first set with other characters in one line, its checksum made to fit."""
    lines = LINES[:3]
    assert old in lines[n]
    body = lines[n].replace(old, new, 1)[:-1]
    lines[n] = body + str(checksum(body))
    return "\n".join(lines) + "\n"


SET = f"1 25994U 99068A   21274.75027490  .00000107  00000-0  33588-4 0  9990\n{LINES[2]}\n"

BAD = [
    ("tle", SET.replace("21274.7", "21275.7"), "line 1", "the checksum is 0, the characters"),
    ("tle", TERRA.replace("98.1678", "98.1679"), "line 3", "the checksum is 0"),
    ("tle", TERRA.replace("9990\n", "9990 7\n"), "line 2", "the line has 71 characters"),
    ("tle", TERRA.replace("98.1678", "٩8.1678"), "line 3", "the line has 69 characters"),
    ("tle", "\n".join(LINES[:2]) + "\n", "line 2", "the last set has one line only"),
    ("tle", "\n".join([LINES[2], LINES[1]]) + "\n", "line 1", "a line without its first line"),
    ("tle", "\n".join([*LINES[:2], *LINES[:2]]) + "\n", "line 3", "this is no line 2"),
    ("tle", line(2, "25994", "27424"), "line 3, field second_id", "the second of 27424"),
    ("tle", line(1, "21274.75", "21366.75"), "line 2, field EPOCH", "the year 2021 has no day"),
    ("tle", line(1, "21274.75", "2127A.75"), "line 2, field EPOCH", "is no epoch"),
    ("tle", line(1, " 33588-4", " 335 8-4"), "line 2, field BSTAR", "is no number with a power"),
    ("tle", line(2, "0001354", "00 1354"), "line 3, field ECCENTRICITY", "is no fraction"),
    ("tle", line(2, "0001354", "9001354"), "line 3, field ECCENTRICITY", "out of range"),
    ("tle", line(2, "14.57132833", "16.72125391"), "line 3, field MEAN_MOTION", "out of range"),
    ("tle", line(2, " 98.1678", " 51.6416"), "line 3, field INCLINATION", "out of range"),
    ("tle", line(1, "33588-4 0", "33588-4 4"), "line 2, field EPHEMERIS_TYPE", "unknown value '4'"),
    ("omm_json", omm_json({"REF_FRAME": "GCRF"}), "[0].REF_FRAME", "unknown value 'GCRF'"),
    ("omm_json", omm_json({"TIME_SYSTEM": "TAI"}), "[0].TIME_SYSTEM", "unknown value"),
    ("omm_json", omm_json({"EPOCH": "2021-10-01T18:00:23+03:00"}), "[0].EPOCH", "is no epoch"),
    ("omm_json", omm_json({"EPOCH": "2021-13-01T18:00:23"}), "[0].EPOCH", "is no epoch"),
    ("omm_json", omm_json({"EPOCH": "0001-01-01T00:00:00"}), "[0].EPOCH", "out of range"),
    ("omm_json", omm_json({"MEAN_MOTION": True}), "[0].MEAN_MOTION", "no plain value"),
    ("omm_json", omm_json({"MEAN_MOTION": "NaN"}), "[0].MEAN_MOTION", "is no number"),
    ("omm_json", omm_json({}, {"BSTAR": None}), "[1].BSTAR", "is no number"),
    ("omm_json", omm_json({"NORAD_CAT_ID": None}), "[0].NORAD_CAT_ID", "the cell is blank"),
    ("omm_json", "[7]\n", "[0]", "this is no object"),
    ("omm_kvn", omm_kvn(BSTAR="x"), "line", "'x' is no number"),
]


@pytest.mark.parametrize(("form", "text", "where", "what"), BAD)
def test_a_bad_set_is_named_or_set_aside(
    case: CaseBuilder, form: str, text: str, where: str, what: str
) -> None:
    given_as(form, text)(case)
    with pytest.raises(BadInput) as caught:
        case.read()
    assert where in str(caught.value.where) and what in caught.value.what
    assert caught.value.expected and caught.value.remedy
    records = case.quarantine().read()
    assert any(row.source == "orbits" and what in row.what for row in records.quarantine)


FILES = [
    ("omm_json", "{}\n", "data/orbits.txt, line 1", "the file is no list"),
    ("omm_json", "[NaN]\n", "data/orbits.txt", "NaN is no number"),
    ("omm_json", "[" * 100_000 + "\n", "data/orbits.txt", "nested too deeply"),
    ("omm_json", '[{"EPOCH": 1, "EPOCH": 2}]\n', "data/orbits.txt", "occurs twice"),
    ("omm_json", '[{"EPOCH": "x"}]\n', "data/orbits.txt", "column 'NORAD_CAT_ID' is missing"),
    ("omm_json", omm_json({"COLOUR": "red"}), "field COLOUR", "unknown column 'COLOUR'"),
    ("omm_csv", omm_csv().replace("BSTAR", "BSTARS"), "field BSTAR", "is missing"),
    ("omm_kvn", "EPOCH = 1\n", "line 1", "the file starts with 'EPOCH'"),
    ("omm_kvn", omm_kvn() + "EPOCH = 2\n", "line", "'EPOCH' is no new"),
    ("omm_kvn", "<ndm></ndm>\n", "line 1", "the file starts with '<ndm></ndm>'"),
    ("tle", "", "data/orbits.txt", "0 bytes"),
    ("xml", "<ndm/>\n", "sources/orbits.toml", "tle"),
]


@pytest.mark.parametrize(("form", "text", "where", "what"), FILES)
def test_a_bad_file_is_refused_even_with_a_quarantine(
    case: CaseBuilder, form: str, text: str, where: str, what: str
) -> None:
    given_as(form, text)(case)
    with pytest.raises(BadFile) as caught:
        case.quarantine().read()
    assert where in str(caught.value.where) and what in str(caught.value)


def test_epoch_outside_the_span(case: CaseBuilder) -> None:
    given_as("tle", TERRA, "span = [2021-10-02, 2021-10-03]")(case)
    with pytest.raises(BadInput, match="2021-10-01 is outside the declared span"):
        case.read()
