"""Agreements as rows of other databases: golden rows, unknown dates, nothing dropped.

The files in ``tests/golden/agreements`` are written by the program: after an intended change

    TRUCELINE_REGOLD=1 python -m pytest tests/report/test_agreements_export.py

rewrites them, and the tables of ``docs/agreements-export.md``.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.golden.swap import swap_case
from tests.report.builders import agreement

from truceline.domain.agreement import Agreement
from truceline.domain.instrument import Actor, CeasefireClass, Instrument, Parts
from truceline.pipeline.agreements import Exported, export_agreements
from truceline.report.agreement_actors import declared_by
from truceline.report.agreement_rows import (
    CLASS_NUMBERS,
    FORMATS,
    MAPPING,
    agreement_rows,
    agreements_csv,
    columns,
)
from truceline.report.agreement_unmapped import (
    KINDS,
    UNMAPPED_COLUMNS,
    unmapped_csv,
    unmapped_rows,
)
from truceline.report.terms import agreement_item
from truceline.sources.casefile import read_case
from truceline.sources.terms import TermsProblems, parse_agreement

REGOLD = "TRUCELINE_REGOLD"
CASES = (
    "proof-small",
    "energy-moratorium-2025",
    "easter-2025",
    "minsk-1-2014",
    "minsk-2-2015",
    "gaza-pause-2023",
)
Row = dict[str, Any]


def coded(instrument: Row | None = None, **more: Any) -> Agreement:
    """The invented truce with a block, checked as the reader checks it."""
    plain = agreement().model_dump(by_alias=True)
    return Agreement.model_validate({**plain, "instrument": instrument, **more})


def rows_of(terms: Agreement, form: str = "eth-prio") -> list[Row]:
    left = unmapped_rows(terms, form, {})
    return agreement_rows(terms, form, {}, len(left))


def actor(by: str, **dates: str) -> Row:
    return {"by": by, "source": ["S001"], **dates}


# --- golden rows ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exported(root: Path) -> dict[str, Exported]:
    folders = [root / "cases" / name for name in CASES]
    return {form: export_agreements(folders, form) for form in FORMATS}


@pytest.mark.parametrize("form", FORMATS)
def test_golden_rows_of_the_shipped_cases(
    root: Path, exported: dict[str, Exported], form: str
) -> None:
    found = exported[form]
    made = {
        f"agreements.{form}.csv": agreements_csv(form, found.rows),
        f"agreements.{form}.unmapped.csv": unmapped_csv(found.unmapped),
    }
    for name, data in made.items():
        golden = root / "tests" / "golden" / "agreements" / name
        if os.environ.get(REGOLD):
            golden.parent.mkdir(exist_ok=True)
            golden.write_bytes(data)
        assert golden.read_bytes() == data, f"{name}: if that is intended, set {REGOLD}=1"


def test_the_moratorium_has_a_row_for_each_voice_with_dates_of_its_own(
    exported: dict[str, Exported],
) -> None:
    found = {
        row["tl_actor"]: tuple(row[f"{which}_{part}"] for part in ("yr", "month", "day"))
        for row in exported["eth-prio"].rows
        if row["cf_id"] == "energy-moratorium-2025"
        for which in ("cf_effect",)
    }
    assert found == {"RU": (2025, 3, 18), "UA": (2025, 3, 25), "US": (-1, -1, -1)}
    ends = {
        row["tl_actor"]: (row["end_yr"], row["end_month"], row["end_day"], row["ended"])
        for row in exported["eth-prio"].rows
        if row["cf_id"] == "energy-moratorium-2025"
    }
    # 16 or 17 April is open in Moscow's own count; Kyiv stated no end.
    assert ends["RU"] == (2025, 4, 0, 1)
    assert ends["UA"] == (-1, -1, -1, -1)


def test_pa_x_has_one_row_for_each_instrument_and_names_every_reading(
    root: Path, exported: dict[str, Exported]
) -> None:
    rows = exported["pa-x"].rows
    assert [row["TL_agreement"] for row in rows] == list(CASES)
    for row in rows:
        terms = read_case(root / "cases" / row["TL_agreement"]).agreement
        assert row["TL_readings"] == [f"{r.id} ({r.stated_by})" for r in terms.readings]


# --- columns ----------------------------------------------------------------------------------

ETH_PRIO = [
    "cc",
    "cf_id",
    "uniq_id",
    "id",
    "location",
    "region",
    "ucdp_actor_id",
    "actor_name",
    "ucdp_acd_id",
    "ucdp_dyad",
    "pax_id",
    "side",
    "partial",
    "written",
    "fixed",
    "fixed_time",
    "cf_dec_yr",
    "cf_dec_month",
    "cf_dec_day",
    "cf_effect_yr",
    "cf_effect_month",
    "cf_effect_day",
    "end_yr",
    "end_month",
    "end_day",
    "ended",
    "p_humanitarian",
    "p_peaceprocess",
    "p_holiday",
    "p_election",
    "p_other",
    "p_other_comment",
    "p_unclear",
    "ceasefire_class",
    "ceasefire_type",
    "geography",
    "timing",
    "mediator_nego",
    "mediator_send",
    "implement",
    "enforcement",
    "ddr",
    "nsa_frac",
    "splinter",
    "truce",
    "link",
]
ETH_PRIO += [f"link_id{n}" for n in range(1, 36)]
ETH_PRIO += ["cf_pp", "evidence_onset", "evidence_end", "comment", "coder"]

PROVISIONS = [
    "SsrGua",
    "Ce",
    "CeProv",
    "CeGen",
    "SsrPol",
    "SsrArm",
    "SsrDdr",
    "DdrDemil",
    "DdrProg",
    "SsrInt",
    "SsrPsf",
    "SsrFf",
    "Cor",
    "SsrCrOcr",
    "SsrDrugs",
    "Terr",
    "ImUN",
    "ImOth",
    "ImRef",
    "ImPK",
    "ImE",
    "ImSrc",
]


def theirs(form: str) -> list[str]:
    return [name for name in columns(form) if not name.lower().startswith("tl_")]


def test_columns_of_eth_prio_are_complete_and_in_order() -> None:
    assert theirs("eth-prio") == ETH_PRIO


def test_columns_of_pa_x_are_complete_and_in_order(shared_data: Path) -> None:
    text = (shared_data / "agreements" / "pax_columns.txt").read_text(encoding="utf-8")
    parts = [part.splitlines() for part in text.split("\n## ")[1:]]
    version_9 = [line for line in parts[0][1:] if line]
    of_2018 = [line for line in parts[2][1:] if line]
    assert theirs("pa-x") == version_9 + PROVISIONS
    assert [name for name in of_2018 if name in PROVISIONS] == PROVISIONS


@pytest.mark.parametrize("form", FORMATS)
def test_ours_stand_last_and_say_so(form: str) -> None:
    names = list(columns(form))
    ours = [name for name in names if name not in theirs(form)]
    assert names == theirs(form) + ours and len(ours) > 8


@pytest.mark.parametrize("form", FORMATS)
def test_a_column_is_filled_somewhere_or_described_as_blank(
    exported: dict[str, Exported], form: str
) -> None:
    filled = {k for row in exported[form].rows for k, v in row.items() if v not in (None, "")}
    assert {name for name, how in columns(form).items() if not how}.isdisjoint(filled)


# --- dates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "cells"),
    [
        ("2014-09-05", [2014, 9, 5]),
        ("2014-09", [2014, 9, 0]),
        ("2014", [2014, 0, 0]),
        ("unknown", [-1, -1, -1]),
    ],
)
def test_unknown_parts_of_a_date_stay_unknown(stated: str, cells: list[int]) -> None:
    terms = coded({"actors": [actor("A", declared=stated, effective=stated, ended=stated)]})
    row = rows_of(terms)[0]
    for which in ("cf_dec", "cf_effect", "end"):
        assert [row[f"{which}_{part}"] for part in ("yr", "month", "day")] == cells


@pytest.mark.parametrize(
    ("first", "second", "dat"),
    [
        ("2014-09-05", "2014-09-05", "05/09/2014"),
        ("2014-09-05", "2014-09-19", "00/09/2014"),
        ("2014-09-05", "2014-10-05", "00/00/2014"),
        ("2014-09-05", "2015-09-05", ""),
        ("2014-09-05", "unknown", ""),
        ("2014-09", "2014-09-05", "00/09/2014"),
    ],
)
def test_one_date_has_only_the_parts_on_which_the_parties_agree(
    first: str, second: str, dat: str
) -> None:
    terms = coded({"actors": [actor("A", declared=first), actor("B", declared=second)]})
    (row,) = rows_of(terms, "pa-x")
    assert row["Dat"] == dat
    assert row["TL_dates"][:2] == [f"A {first}", f"B {second}"]
    named = [u for u in unmapped_rows(terms, "pa-x", {}) if u["id"] == "Dat"]
    assert bool(named) == (first != second)


def test_without_a_block_dates_follow_from_the_clocks_and_the_rest_is_unclear() -> None:
    terms = agreement()
    assert terms.instrument is None
    first, *_ = declared_by(terms)
    assert first.declared == Parts(None, None, None)
    # open from 18 to 26 March by its own words: the day is not chosen
    assert first.effective == Parts(2031, 3, None)
    assert first.ended == Parts(2031, 4, 17)
    for row in rows_of(terms):
        assert row["ceasefire_class"] == row["written"] == row["implement"] == -1
        assert (row["p_holiday"], row["p_unclear"]) == (-1, 1)
    (row,) = rows_of(terms, "pa-x")
    assert row["ImPK"] is None and row["ImE"] is None and row["Status"] == "Status unclear"


@pytest.mark.parametrize("disputed_from", ["2031-04-16", "2031-03-31"])
def test_a_last_day_that_is_left_open_is_not_chosen(disputed_from: str) -> None:
    plain = agreement().model_dump(by_alias=True)
    clock = plain["readings"][0]["clock"]
    clock["disputed"] = (
        {"from": disputed_from, "until": "2031-04-18", "why": "open", "source": ["S001"]},
    )
    terms = Agreement.model_validate(plain)
    months = {"2031-04-16": 4, "2031-03-31": None}
    assert declared_by(terms)[0].ended == Parts(2031, months[disputed_from], None)


@pytest.mark.parametrize("bad", ["2014-13", "2014-02-30", "05/09/2014", "0000", "", "2014-9"])
def test_what_is_no_date_is_refused_with_its_line(root: Path, bad: str) -> None:
    text = (root / "cases" / "proof-small" / "agreement.yaml").read_text(encoding="utf-8")
    spoiled = text.replace("declared: 2019-04-11", f'declared: "{bad}"')
    assert spoiled != text
    line = spoiled[: spoiled.index(f'declared: "{bad}"')].count("\n") + 1
    with pytest.raises(TermsProblems) as caught:
        parse_agreement(spoiled.encode())
    assert f"line {line}, field instrument.actors[1].declared" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("    - by: ARV\n      readings", "    - by: XX\n      readings", "actors[0].by"),
        ("readings: [corvia]\n      declared", "readings: [x]\n      declared", "actors[2].read"),
        ("by: [CRV]", "by: [XX]", "mediation.by[0]"),
        ("class: cessation", "class: '1'", "kind.class"),
        ("mission: unclear", "mission: 0", "implementation.mission"),
        ("declared: 2019-04-10\n", "declared: 2019-04-10\n      ended: 2019-04-09\n", "actors[2]"),
    ],
)
def test_codes_of_the_block_are_checked(root: Path, old: str, new: str, field: str) -> None:
    text = (root / "cases" / "proof-small" / "agreement.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    with pytest.raises(TermsProblems) as caught:
        parse_agreement(text.replace(old, new).encode())
    assert f"instrument.{field}" in str(caught.value)


# --- actors -----------------------------------------------------------------------------------


def test_one_row_for_each_declaring_actor() -> None:
    plain = rows_of(agreement())
    assert [row["tl_readings"] for row in plain] == [["north"], ["south"]]
    named = coded({"actors": [actor("B"), actor("A")]})
    assert [row["tl_actor"] for row in rows_of(named)] == ["B", "A"]
    both = coded({"actors": [actor("A", readings=["north", "south"])]})  # type: ignore[arg-type]
    assert [row["uniq_id"] for row in rows_of(both)] == ["invented:A:north:south"]


def test_ids_of_rows_are_unique(exported: dict[str, Exported]) -> None:
    ids = [row["uniq_id"] for row in exported["eth-prio"].rows]
    assert len(set(ids)) == len(ids)


def test_swapped_parties_swap_their_rows(root: Path, tmp_path: Path) -> None:
    case = root / "cases" / "proof-small"
    other = swap_case(case, tmp_path / "swapped")
    before = export_agreements([case], "eth-prio").rows
    after = export_agreements([tmp_path / "swapped"], "eth-prio").rows
    codes = ("tl_actor", "uniq_id", "actor_name", "location", "tl_competing")
    dropped = set(codes) | {"evidence_onset", "evidence_end"}
    assert len(before) == len(after) == 3
    for one, two in zip(before, after, strict=True):
        assert two["tl_actor"] == other.get(one["tl_actor"], one["tl_actor"])
        assert {k: v for k, v in one.items() if k not in dropped} == {
            k: v for k, v in two.items() if k not in dropped
        }


# --- codes ------------------------------------------------------------------------------------


def test_numbers_of_a_class_go_by_the_name_of_the_column() -> None:
    source = {"source": ["S001"]}
    found = {}
    for named in CeasefireClass:
        (row, *_) = rows_of(coded({"kind": {"class": named.value, **source}}))
        found[named.value] = (row["ceasefire_class"], row["ceasefire_type"])
    assert found == {
        "cessation": (1, None),
        "with_compliance_mechanism": (2, 2),
        "definitive": (3, 1),
        "unclear": (-1, -1),
    }


def test_partial_and_general_follow_from_the_clauses() -> None:
    plain = agreement().model_dump(by_alias=True)
    must_not = plain["readings"][0]["clauses"][0]["must_not"]
    must_not |= {"acts": ("hostile_act",), "means": ("any_means",), "against": ("object",)}
    mixed = Agreement.model_validate(plain)
    assert [row["partial"] for row in rows_of(mixed)] == [0, 1]
    (row,) = rows_of(mixed, "pa-x")
    assert row["CeGen"] is None
    assert "CeGen" in {line["id"] for line in unmapped_rows(mixed, "pa-x", {})}
    (row,) = rows_of(agreement(), "pa-x")
    assert row["CeGen"] == 0


def test_unclear_is_minus_one_here_and_blank_there() -> None:
    done = {"mechanism": "unclear", "enforcement": "unclear", "mission": "unclear"}
    terms = coded({"implementation": {**done, "source": ["S001"]}})
    row = rows_of(terms)[0]
    assert (row["implement"], row["enforcement"]) == (-1, -1)
    (row,) = rows_of(terms, "pa-x")
    assert row["ImPK"] is None and row["ImE"] is None
    gaps = {line["id"] for line in unmapped_rows(terms, "pa-x", {}) if line["kind"] == "no_code"}
    assert {"ImPK", "ImE"} <= gaps


@pytest.mark.parametrize(
    ("enforcement", "mission", "here", "there"),
    [
        ("none", "no", 0, (0, 0)),
        ("external", "yes", 1, (1, 1)),
        ("international_organisation", "yes", 2, (1, 1)),
        ("unclear", "unclear", -1, (None, None)),
    ],
)
def test_enforcement_and_mission(
    enforcement: str, mission: str, here: int, there: tuple[int | None, int | None]
) -> None:
    done = {"mechanism": "none", "enforcement": enforcement, "mission": mission}
    terms = coded({"implementation": {**done, "source": ["S001"]}})
    assert rows_of(terms)[0]["enforcement"] == here
    (row,) = rows_of(terms, "pa-x")
    assert (row["ImE"], row["ImPK"]) == there


# --- nothing is dropped -----------------------------------------------------------------------


def expected_lines(terms: Agreement) -> Iterator[tuple[str, str, str]]:
    for reading in terms.readings:
        yield "reading", reading.id, reading.id
        yield "clock", reading.id, ""
        for _ in reading.clock.disputed:
            yield "disputed", reading.id, ""
        for clause in reading.clauses:
            yield "clause", reading.id, clause.id
            yield "reciprocity", reading.id, clause.id
            if clause.silent_on:
                yield "silence", reading.id, clause.id
        if reading.exit_rule:
            yield "exit_rule", reading.id, ""
    for kind, group in (
        ("condition", terms.conditions),
        ("proposal", terms.proposals),
        ("open_question", terms.open_questions),
    ):
        for item in group:
            yield kind, "", item.id
    for _ in terms.exit_events:
        yield "exit_event", "", ""


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", CASES)
def test_every_line_of_the_terms_is_in_the_companion(root: Path, name: str, form: str) -> None:
    terms = read_case(root / "cases" / name).agreement
    lines = unmapped_rows(terms, form, {})
    found = [(line["kind"], line["reading"], line["id"]) for line in lines]
    wanted = list(expected_lines(terms))
    assert sorted(row for row in found if row[0] in {w[0] for w in wanted}) == sorted(wanted)
    # and every word of the clauses: acts, means, objects, whom it binds, what it is silent on
    told = "\n".join(f"{line['what']} {line['detail']}" for line in lines)
    for reading in terms.readings:
        for clause in reading.clauses:
            for names in (clause.must_not.acts, clause.must_not.against, clause.obliges):
                assert ",".join(names) in told
            if clause.silent_on:
                assert clause.silent_on.why in told
    for condition in terms.conditions:
        assert condition.demands in told


@pytest.mark.parametrize("form", FORMATS)
def test_every_statement_of_the_block_is_cited(root: Path, form: str) -> None:
    for name in CASES:
        block = read_case(root / "cases" / name).agreement.instrument
        assert block is not None, name
        lines = unmapped_rows(read_case(root / "cases" / name).agreement, form, {})
        cited = {ref for line in lines for ref in line["source"]}
        for group in (block.form, block.kind, block.purposes, block.mediation, *block.endings):
            assert group is None or set(group.source) <= cited


@pytest.mark.parametrize("form", FORMATS)
def test_rows_count_the_lines_that_they_leave_out(exported: dict[str, Exported], form: str) -> None:
    column, key = (
        ("tl_n_unmapped", "cf_id") if form == "eth-prio" else ("TL_n_unmapped", "TL_agreement")
    )
    left = [line["agreement"] for line in exported[form].unmapped]
    assert all(row[column] == left.count(row[key]) > 0 for row in exported[form].rows)
    assert {line["kind"] for line in exported[form].unmapped} <= set(KINDS)


# --- hostile values and bytes -----------------------------------------------------------------


def test_text_that_a_spreadsheet_would_run_is_defused() -> None:
    nasty = '=HYPERLINK("http://x","y")'
    plain = agreement().model_dump(by_alias=True)
    plain |= {"title": nasty, "instrument": {"actors": [actor("A", declared="2014")]}}
    plain["parties"]["A"]["name"] = "@SUM(1)\n,;\"'"
    plain["conditions"][0]["demands"] = "+cmd|' /C calc'!A0"
    terms = Agreement.model_validate(plain)
    for form in FORMATS:
        lines = unmapped_rows(terms, form, {})
        for data in (agreements_csv(form, rows_of(terms, form)), unmapped_csv(lines)):
            cells = [c for row in csv.reader(io.StringIO(data.decode())) for c in row]
            assert not [c for c in cells if c[:1] in "=+@\t\r" and c]
            assert not [c for c in cells if c.startswith("-") and not c.lstrip("-").isdigit()]
    (row,) = csv.DictReader(io.StringIO(agreements_csv("pa-x", rows_of(terms, "pa-x")).decode()))
    assert row["Agt"] == "'" + nasty


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_cases_give_the_same_bytes(
    root: Path, exported: dict[str, Exported], form: str
) -> None:
    again = export_agreements([root / "cases" / CASES[0]], form)
    n_rows, n_lines = len(again.rows), len(again.unmapped)
    first = exported[form]
    assert agreements_csv(form, again.rows) == agreements_csv(form, first.rows[:n_rows])
    assert unmapped_csv(again.unmapped) == unmapped_csv(first.unmapped[:n_lines])


# --- editions and the dossier -----------------------------------------------------------------


def test_an_earlier_edition_knows_only_what_had_been_stated(root: Path) -> None:
    block = read_case(root / "cases" / "proof-small").agreement.instrument
    assert block is not None
    then = block.stated({"S01", "S02", "S08", "S09", "T01"})
    assert [found.by for found in then.actors] == ["ARV", "CRV"]
    assert then.endings == () and then.form is None and then.mediation is not None
    assert block.stated(frozenset()).actors == ()


def test_the_dossier_has_the_block_as_data() -> None:
    assert agreement_item(agreement())["instrument"] is None
    item = agreement_item(coded({"actors": [actor("A", declared="2014-09")]}))
    assert item["instrument"]["actors"][0]["declared"] == "2014-09"
    assert item["instrument"]["kind"] is None


def test_an_actor_cannot_declare_the_same_twice() -> None:
    twice = Actor(by="A", readings=("north",), source=("S001",))
    with pytest.raises(ValueError, match="A declares north twice"):
        Instrument(actors=(twice, twice))


# --- the page ---------------------------------------------------------------------------------


def listed(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [" | ".join(head), "|".join("---" for _ in head), *(" | ".join(row) for row in rows)]
    return "\n".join(f"|{line}|" if line.startswith("---") else f"| {line} |" for line in lines)


def tables() -> dict[str, str]:
    found = {
        f"columns: {form}": listed(
            ("column", "filled from"),
            [(f"`{name}`", how) for name, how in columns(form).items() if how],
        )
        for form in FORMATS
    }
    classes = [
        (f"`{named}`", *(str(numbers.get(named, "")) for numbers in CLASS_NUMBERS.values()))
        for named in CeasefireClass
    ]
    head = ("class", *(f"`{name}`" for name in CLASS_NUMBERS))
    found["classes"] = listed(head, classes)
    found["kinds"] = listed(("kind", "what it is"), [(f"`{k}`", v) for k, v in KINDS.items()])
    return found


def test_the_page_shows_the_mapping_as_it_is(root: Path) -> None:
    page = root / "docs" / "agreements-export.md"
    text = page.read_text(encoding="utf-8")
    if os.environ.get(REGOLD):
        for mark, table in tables().items():
            block = re.compile(rf"(<!-- {mark} -->\n)(\n(?:\|.*\n)+)?")
            text = block.sub(lambda found, t=table: f"{found[1]}\n{t}\n", text)  # type: ignore[misc]
        page.write_text(text, encoding="utf-8")
    for mark, table in tables().items():
        assert f"<!-- {mark} -->\n\n{table}\n" in text, f"{mark}: set {REGOLD}=1 and run"
    assert ", ".join(f"`{name}`" for name in UNMAPPED_COLUMNS) in " ".join(text.split())


def test_the_mapping_has_a_version() -> None:
    assert {row["tl_mapping"] for row in rows_of(agreement())} == {MAPPING}
    assert {row["TL_mapping"] for row in rows_of(agreement(), "pa-x")} == {MAPPING}
