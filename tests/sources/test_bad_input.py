"""Bad input, one case per line: which error, where, and what it tells the reader to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.sources.breaks import FIRE, HEAD, claim, depots, fire, rewrite, terms

from truceline.errors import BadFile, BadInput, BadTerms, MissingFile, TruceError

if TYPE_CHECKING:
    from tests.sources.breaks import Break

    from conftest import CaseBuilder


class Bad(NamedTuple):
    """How to break the case, and what has to be said about it."""

    name: str
    do: Break
    error: type[TruceError]
    file: str
    line: int | None
    field: str | None
    what: str
    remedy: str
    """Pattern; blank where the remedy is the general one of a cell."""


FIRES = "data/fires.csv"
CLAIMS = "data/claims.csv"
DEPOTS = "data/depots.csv"

DEPOT = "name,lat,lon,caution\n"
GIANT_BYTES = 200_000_000


def fires(*rows: str) -> Break:
    return lambda case: case.file("fires.csv", HEAD + "".join(rows))


def contract(old: str, new: str) -> Break:
    """The contract of the fires differs in one place."""
    return rewrite("sources/fires.toml", old, new)


def giant_line(case: CaseBuilder) -> None:
    with (case.folder / FIRES).open("wb") as stream:
        stream.write(HEAD.encode())
        stream.truncate(GIANT_BYTES)


ROWS = [
    Bad(
        "row cut short",
        fires(FIRE, "55.1,20.2,310.1\n"),
        BadInput,
        FIRES,
        3,
        None,
        "3 fields in this row",
        "complete the row",
    ),
    Bad(
        "outside the extent",
        fire("20.2", "80.2"),
        BadInput,
        FIRES,
        3,
        "latitude",
        "55.1, 80.2 is outside",
        "would not fit either",
    ),
    Bad(
        "latitude and longitude swapped",
        fire("55.1,20.2", "20.2,55.1"),
        BadInput,
        FIRES,
        3,
        "latitude",
        "20.2, 55.1 is outside",
        "look swapped: 55.1, 20.2 would fit",
    ),
    Bad("not a number", fire("55.1", "NaN"), BadInput, FIRES, 3, "latitude", "'NaN' is no", ""),
    Bad("infinite", fire("12.5", "inf"), BadInput, FIRES, 3, "frp", "'inf' is no number", ""),
    Bad("blank", fire("55.1", ""), BadInput, FIRES, 3, "latitude", "'' is no number", ""),
    Bad(
        "date out of range",
        fire("2030-05-03", "2930-05-03"),
        BadInput,
        FIRES,
        3,
        "acq_date",
        "out of range",
        "",
    ),
    Bad(
        "no such date",
        fire("2030-05-03", "2030-02-30"),
        BadInput,
        FIRES,
        3,
        "acq_date",
        "is no date",
        "",
    ),
    Bad("minute 60", fire("0039", "0960"), BadInput, FIRES, 3, "acq_time", "no time 0960", ""),
    Bad("hour 24", fire("0039", "2400"), BadInput, FIRES, 3, "acq_time", "no time 2400", ""),
    Bad(
        "unknown satellite",
        fire(",T,", ",X,"),
        BadInput,
        FIRES,
        3,
        "satellite",
        "unknown value 'X'",
        "",
    ),
    Bad(
        "satellite of another sensor",
        fire(",T,", ",N,"),
        BadInput,
        FIRES,
        3,
        "satellite",
        "unknown value 'N'",
        "",
    ),
    Bad("confidence", fire(",85,", ",101,"), BadInput, FIRES, 3, "confidence", "out of range", ""),
    Bad("version", fire("6.1NRT", "beta"), BadInput, FIRES, 3, "version", "unknown version", ""),
    Bad(
        "the same id twice",
        claim(claim_id="C1"),
        BadInput,
        CLAIMS,
        3,
        "claim_id",
        "'C1' occurs twice; first in line 2",
        "remove one of the two rows",
    ),
    Bad(
        "unknown type of object",
        claim(object_type="castle"),
        BadInput,
        CLAIMS,
        3,
        "object_type",
        "unknown value 'castle'",
        "",
    ),
    Bad("weapon", claim(weapon="sling"), BadInput, CLAIMS, 3, "weapon", "unknown value", ""),
    Bad("party", claim(accused_side="Z"), BadInput, CLAIMS, 3, "accused_side", "unknown", ""),
    Bad("region", claim(admin_region="South"), BadInput, CLAIMS, 3, "admin_region", "unknown", ""),
    Bad(
        "territory of another",
        claim(country_or_control="B"),
        BadInput,
        CLAIMS,
        3,
        "country_or_control",
        "North Aland is territory A",
        "options.control",
    ),
    Bad(
        "later than its source",
        claim(source_date="2030-05-01", event_time_local="04:00"),
        BadInput,
        CLAIMS,
        3,
        "event_date",
        "2030-05-03 is after its source date 2030-05-01",
        "correct the date",
    ),
    Bad(
        "hour on a report date",
        claim(date_precision="report_date", event_time_local="04:00"),
        BadInput,
        CLAIMS,
        3,
        "event_time_local",
        "an hour is given although date_precision is report_date",
        "",
    ),
    Bad("no date", claim(event_date=""), BadInput, CLAIMS, 3, "event_date", "blank, although", ""),
    Bad(
        "outside source without origin",
        claim(corroboration_class="third_party"),
        BadInput,
        CLAIMS,
        3,
        "corroboration_class",
        "without an origin",
        "one origin is counted once",
    ),
    Bad(
        "basis not in the claim",
        claim(claimed_effect="Lights went out"),
        BadInput,
        CLAIMS,
        3,
        "claimed_effect",
        "the basis 'was hit' of the coded act",
        "copy the words",
    ),
    Bad(
        "claim without an act",
        lambda case: case.claims({}).file("claims.csv", _two_claims(case)),
        BadInput,
        CLAIMS,
        3,
        "claim_id",
        "no act is coded for C2",
        "add the row",
    ),
    Bad(
        "thousands separator",
        depots(DEPOT + "East,55.5,20.5,\nWest,'55',20.6,\n"),
        BadInput,
        DEPOTS,
        3,
        "lat",
        "is no number",
        "",
    ),
]


def _two_claims(case: CaseBuilder) -> str:
    lines = (case.folder / CLAIMS).read_text(encoding="utf-8").splitlines()
    return "\n".join([*lines[:2], lines[1].replace("C1", "C2", 1)]) + "\n"


FILES = [
    Bad(
        "cut off in a row",
        fires(FIRE, FIRE[:30]),
        BadFile,
        FIRES,
        3,
        None,
        "looks truncated",
        "final_newline",
    ),
    Bad("no final newline", fires(FIRE[:-1]), BadFile, FIRES, 2, None, "truncated", "again"),
    Bad(
        "quote left open",
        depots(DEPOT + '"East,55.5,20.5,\nWest,55.5,20.6,\n'),
        BadFile,
        DEPOTS,
        2,
        None,
        "a quote is not closed",
        "close the quote",
    ),
    Bad(
        "unknown column",
        depots("name,lat,lon,caution,colour\n"),
        BadFile,
        DEPOTS,
        1,
        "colour",
        "unknown column 'colour'",
        "correct its name",
    ),
    Bad(
        "missing column",
        depots("name,lat,caution\n"),
        BadFile,
        DEPOTS,
        1,
        "lon",
        "column 'lon' is missing",
        "again",
    ),
    Bad(
        "column twice",
        depots("name,lat,lon,lon,caution\n"),
        BadFile,
        DEPOTS,
        1,
        "lon",
        "occurs 2 times",
        "remove or rename",
    ),
    Bad(
        "byte order mark",
        depots(b"\xef\xbb\xbf" + DEPOT.encode()),
        BadFile,
        DEPOTS,
        1,
        None,
        "byte order mark",
        "utf-8-sig",
    ),
    Bad(
        "CRLF",
        depots(DEPOT.replace("\n", "\r\n")),
        BadFile,
        DEPOTS,
        1,
        None,
        "ends in CRLF",
        'newline = "crlf"',
    ),
    Bad(
        "semicolons",
        depots(DEPOT.replace(",", ";")),
        BadFile,
        DEPOTS,
        1,
        None,
        "holds ';'",
        "dialect.delimiter as ';'",
    ),
    Bad(
        "latin-1",
        depots((DEPOT + "Sørby,55.5,20.5,\n").encode("latin-1")),
        BadFile,
        DEPOTS,
        2,
        None,
        r"byte 2 of the line \(0xf8\) is not utf-8; looks like latin-1\?",
        "dialect.encoding",
    ),
    Bad("NUL", depots(DEPOT + "E\0,55,20,\n"), BadFile, DEPOTS, 2, None, "NUL byte", "damaged"),
    Bad("0 bytes", depots(b""), BadFile, DEPOTS, None, None, "not even a header", "again"),
    Bad(
        "a line of 200 MB",
        giant_line,
        BadFile,
        FIRES,
        2,
        None,
        "longer than 1,000,000 bytes",
        "the right one and complete",
    ),
    Bad(
        "fewer rows than the floor",
        contract("min = 0", "min = 3"),
        BadFile,
        FIRES,
        None,
        None,
        "2 rows pass the floor",
        r"\[rows\] in sources/fires.toml",
    ),
    Bad(
        "other bytes than promised",
        lambda case: case.extra("fires.csv", f'sha256 = "{"0" * 64}"'),
        BadFile,
        FIRES,
        None,
        "sha256",
        "the contract names 0000",
        "if the change is intended, put sha256",
    ),
    Bad(
        "no data file",
        lambda case: (case.folder / FIRES).unlink(),
        MissingFile,
        "sources/fires.toml",
        None,
        "path",
        "'data/fires.csv' is not there",
        "put it there",
    ),
    Bad(
        "path out of the case",
        contract("data/fires.csv", "../fires.csv"),
        BadFile,
        "sources/fires.toml",
        None,
        "path",
        "no plain path inside the case",
        "correct the keys",
    ),
    Bad(
        "unknown option",
        lambda case: case.extra("fires.csv", "[options]\nfoo = 1"),
        BadFile,
        "sources/fires.toml",
        None,
        "options.foo",
        "not permitted",
        "correct the keys",
    ),
    Bad(
        "no case.toml",
        lambda case: (case.folder / "case.toml").unlink(),
        MissingFile,
        "case.toml",
        None,
        None,
        "case.toml is missing",
        "truceline new DIR",
    ),
    Bad(
        "broken TOML",
        lambda case: case.file("case.toml", 'schema = "x"\nid = \n'),
        BadFile,
        "case.toml",
        2,
        None,
        "no valid TOML",
        "correct the line",
    ),
    Bad(
        "time without zone",
        rewrite("case.toml", "00:00Z", "00:00"),
        BadFile,
        "case.toml",
        None,
        "as_of",
        "timezone",
        "correct the keys",
    ),
    Bad(
        "two ledgers",
        lambda case: case.file("data/more.csv", "").source("more.csv", "claims", _control()),
        BadFile,
        "sources/more.toml",
        None,
        "kind",
        "2 sources of kind claims",
        "merge them",
    ),
]


def _control() -> str:
    return '[options.control]\nA = { territory = "A" }\n'


AGREEMENT = "agreement.yaml"
TERMS = [
    Bad(
        "wrong type",
        terms("source: [S1]\n    clauses", "source: S1\n    clauses"),
        BadTerms,
        AGREEMENT,
        17,
        "readings[0].clock.source",
        "valid tuple",
        "correct the value",
    ),
    Bad(
        "unknown zone",
        terms("zone: UTC\n      from", "zone: Mars/Base\n      from"),
        BadTerms,
        AGREEMENT,
        14,
        "readings[0].clock.zone",
        "no time zone is called 'Mars/Base'",
        "correct the value",
    ),
    Bad(
        "unknown act",
        terms("acts: [strike]", "acts: [teasing]"),
        BadTerms,
        AGREEMENT,
        21,
        "readings[0].clauses[0].must_not.acts[0]",
        "'teasing' is none of the acts",
        "correct the value",
    ),
    Bad(
        "unknown key",
        terms("stated_by: M", "stated_by: M\n    note_: x"),
        BadTerms,
        AGREEMENT,
        13,
        "readings[0].note_",
        "unknown key 'note_'",
        "spelling",
    ),
    Bad(
        "missing key",
        terms("    stated_by: M\n", ""),
        BadTerms,
        AGREEMENT,
        10,
        "readings[0].stated_by",
        "Field required",
        "add the key",
    ),
    Bad(
        "unknown party",
        terms("obliges: [A, B]", "obliges: [A, C]"),
        BadTerms,
        AGREEMENT,
        20,
        "readings[0].clauses[0].obliges[1]",
        "'C' is no party of this agreement",
        "declare it",
    ),
    Bad(
        "a mediator is not bound",
        terms("obliges: [A, B]", "obliges: [M]"),
        BadTerms,
        AGREEMENT,
        20,
        "readings[0].clauses[0].obliges[0]",
        "'M' is no party",
        "declare it",
    ),
    Bad(
        "key twice",
        terms("title: Pause", "title: Pause\ntitle: Peace"),
        BadTerms,
        AGREEMENT,
        4,
        None,
        'duplicate key "title"',
        "correct the line",
    ),
    Bad(
        "bracket left open",
        terms("[S1]", "[S1"),
        BadTerms,
        AGREEMENT,
        18,
        None,
        "while parsing",
        "correct the line",
    ),
    Bad(
        "offset in a local time",
        terms("from: 2030-05-01", "from: 2030-05-01T00:00:00Z"),
        BadTerms,
        AGREEMENT,
        15,
        "readings[0].clock.from",
        "without offset",
        "correct the value",
    ),
    Bad(
        "statement that nobody made",
        terms("source: [S1]\n    clauses", "source: [S1, S9]\n    clauses"),
        BadTerms,
        AGREEMENT,
        17,
        "readings[0].clock.source[1]",
        "'S9' is the id of no statement",
        "correct the id",
    ),
]

CELL = "correct the cell, or run with on_bad_row = 'quarantine'"


@pytest.mark.parametrize("bad", [*ROWS, *FILES, *TERMS], ids=lambda bad: bad.name)
def test_bad_input_says_what_where_and_what_to_do(case: CaseBuilder, bad: Bad) -> None:
    bad.do(case)
    with pytest.raises(bad.error) as caught:
        case.read()
    error = caught.value
    assert type(error) is bad.error or bad.error is BadTerms
    assert error.where is not None
    assert error.where.file.endswith(bad.file)
    assert (error.where.line, error.where.field) == (bad.line, bad.field)
    assert re.search(bad.what, error.what), error.what
    if bad.remedy:
        assert re.search(bad.remedy, error.remedy), error.remedy
    elif error.remedy:
        assert error.remedy == CELL


@pytest.mark.parametrize("bad", ROWS, ids=lambda bad: bad.name)
def test_bad_rows_are_set_aside_on_request(case: CaseBuilder, bad: Bad) -> None:
    bad.do(case)
    records = case.quarantine().read()
    source = bad.file.removeprefix("data/").removesuffix(".csv")
    aside = [row for row in records.quarantine if row.source == source]
    assert [(row.line, row.field) for row in aside] == [(bad.line, bad.field or "")]
    assert re.search(bad.what, aside[0].what)
    kept = {"fires": records.heat, "claims": records.claims, "depots": records.objects}[source]
    assert len([record for record in kept if record.row.source == source]) == 1
    told = next(file for file in records.inputs if file.id == source)
    assert (told.n_rows, told.n_quarantined) == (2, 1)


DATA_FILES = [bad for bad in FILES if bad.file != "case.toml"]


@pytest.mark.parametrize("bad", DATA_FILES, ids=lambda bad: bad.name)
def test_a_bad_file_is_refused_even_where_bad_rows_are_set_aside(
    case: CaseBuilder, bad: Bad
) -> None:
    case.quarantine()
    bad.do(case)
    with pytest.raises(bad.error):
        case.read()


def test_an_empty_feed_is_recorded_as_empty(case: CaseBuilder) -> None:
    case.file("fires.csv", HEAD)
    records = case.read()
    told = next(file for file in records.inputs if file.id == "fires")
    assert records.heat == () and told.n_rows == 0
    assert told.notes == ("empty: recorded as empty, which says nothing about what happened",)


def test_an_empty_feed_is_refused_where_rows_are_promised(case: CaseBuilder) -> None:
    case.file("fires.csv", HEAD)
    contract("min = 0", "min = 1")(case)
    with pytest.raises(BadFile, match="0 rows pass the floor"):
        case.read()


def test_all_problems_of_the_terms_are_told_at_once(case: CaseBuilder) -> None:
    terms("obliges: [A, B]", "obliges: [A, C]")(case)
    terms("zone: Europe/Paris", "zone: Mars/Base")(case)
    terms("    stated_by: M\n", "    stated_by: X\n")(case)
    with pytest.raises(BadTerms) as caught:
        case.read()
    problems = getattr(caught.value, "problems", ())
    assert [p.where.field for p in problems] == [
        "parties.B.zone",
        "readings[0].stated_by",
        "readings[0].clauses[0].obliges[1]",
    ]
    assert str(caught.value).startswith("agreement.yaml, line 6, field parties.B.zone: 3 problems")


def test_a_coded_act_of_no_claim_is_refused_or_set_aside(case: CaseBuilder) -> None:
    acts = case.folder / "data/acts.csv"
    acts.write_text(acts.read_text(encoding="utf-8") + "C9,hit,,was hit,stated,hit,hit\n")
    with pytest.raises(BadInput, match="there is no claim 'C9'") as caught:
        case.read()
    assert str(caught.value.where) == "data/acts.csv, line 4, field claim"
    records = case.quarantine().read()
    assert [(row.source, row.line) for row in records.quarantine] == [("acts", 4)]
    assert len(records.claims) == 2


def test_the_folder_itself_is_missing(case: CaseBuilder) -> None:
    case.folder = case.folder / "nowhere"
    with pytest.raises(MissingFile, match="no such folder") as caught:
        case.read()
    assert "truceline new DIR" in caught.value.remedy
