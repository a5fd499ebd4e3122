"""Lists of alleged attacks: what becomes a row, what is kept, and that a case reads the rows."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from truceline.domain.words import Document, Span
from truceline.errors import BadInput
from truceline.sources.casefile import read_case
from truceline.sources.claims import FIELDS as CONTRACT
from truceline.sources.records import read_records
from truceline.words.actors import Registry
from truceline.words.claimslist import (
    COLUMNS,
    ClaimRow,
    ClaimsRead,
    claims_csv,
    claims_files,
    is_claims_list,
    read_claims,
)
from truceline.words.claimslist.entries import cut

LISTS = Path(__file__).parent / "lists"
STEMS = sorted(path.stem for path in LISTS.glob("*.json"))
FIELDS = ("place", "object_class", "time", "weapon", "effect", "accused", "claimant", "act")
ALSO = ("date", "region", "precision", "count")
LEAST_ALIKE = 6
"""Fields that a row and a gold row have to share to be about the same attack."""


def document(text: str, language: str, dated: str | None = "2025-03-28") -> Document:
    return Document("list", text, hashlib.sha256(text.encode()).hexdigest(), language, dated=dated)


def load(stem: str) -> tuple[Document, dict[str, Any]]:
    gold = json.loads((LISTS / f"{stem}.json").read_text(encoding="utf-8"))
    text = (LISTS / f"{stem}.txt").read_text(encoding="utf-8")
    return document(text, gold["language"], gold["dated"]), gold


def told(row: ClaimRow) -> dict[str, str]:
    return {
        "place": row.place,
        "object_class": row.object_class,
        "time": row.event_time_local,
        "weapon": row.weapon,
        "effect": row.claimed_effect,
        "accused": row.accused_side,
        "claimant": row.claimant,
        "act": row.act,
        "date": row.event_date,
        "region": row.admin_region.replace("not stated", ""),
        "precision": row.location_precision,
        "count": str(row.count),
    }


def same(field: str, gold: str, found: str) -> bool:
    if field == "effect" and gold:
        return any(part.lower() in found.lower() for part in gold.split("|"))
    return found in gold.split("|")


def score(stem: str) -> dict[str, Counter[str]]:
    """By field: how many are in the gold, how many were found, how many of these are right."""
    doc, gold = load(stem)
    rows = [told(row) for row in read_claims(doc).rows]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for wanted in gold["rows"]:
        cells = {f: str(wanted.get(f, gold["claimant"])) for f in (*FIELDS, *ALSO)}

        def alike(row: dict[str, str], cells: dict[str, str] = cells) -> int:
            return sum(same(f, cells[f], row[f]) for f in cells if f != "claimant")

        best = max(rows, key=alike, default=None)
        if best is not None and alike(best) >= LEAST_ALIKE:
            rows.remove(best)
        else:
            best = None
        counts["rows"].update(gold=1, found=int(best is not None), right=int(best is not None))
        for field, cell in cells.items():
            found = best[field] if best else ""
            if not found and "" in cell.split("|"):
                continue
            right = bool(cell and found and same(field, cell, found))
            counts[field].update(gold=int(bool(cell)), found=int(bool(found)), right=int(right))
    for row in rows:
        counts["rows"].update(found=1)
        for field, cell in row.items():
            counts[field].update(found=int(bool(cell)))
    return counts


def one(text: str, language: str, dated: str | None = "2025-03-28", **more: Any) -> ClaimRow:
    read = read_claims(document(text, language, dated), **more)
    assert len(read.rows) == 1, read
    return read.rows[0]


# --- against the lists ---------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["held", "dev", "late", "last", "fresh"])
@pytest.mark.parametrize("languages", [("de", "en"), ("ru", "uk")], ids="+".join)
def test_fields_are_read_as_well_as_was_measured(part: str, languages: tuple[str, ...]) -> None:
    total: dict[str, Counter[str]] = defaultdict(Counter)
    for language in languages:
        for field, counts in score(f"{language}_{part}").items():
            total[field].update(counts)
    assert total["rows"]["gold"] >= 10
    for field in ("rows", *FIELDS, *ALSO):
        least = 0.5 if field == "claimant" else 0.85 if part == "last" else 0.95
        n = total[field]
        assert n["right"] >= least * n["gold"], (field, dict(n))
        assert n["right"] >= least * n["found"], (field, dict(n))


@pytest.mark.parametrize("stem", STEMS)
def test_nothing_of_an_entry_is_lost(stem: str) -> None:
    doc, gold = load(stem)
    read = read_claims(doc)
    covered: set[int] = set()
    for span in _spans(read):
        assert doc.text[span.start : span.end] == span.text
        covered.update(range(span.start, span.end))
    for start, end in cut(doc.text).entries:
        lost = [n for n in range(start, end) if n not in covered and not doc.text[n].isspace()]
        assert not lost, doc.text[lost[0] : lost[-1] + 1]
    for words in gold["kept"]:
        assert any(words in kept.span.text and kept.reason for kept in read.kept), words
        assert not any(words in span.text for row in read.rows for span in row.said)


@pytest.mark.parametrize("stem", STEMS)
def test_a_text_may_end_anywhere(stem: str) -> None:
    whole, _ = load(stem)
    for end in range(20, len(whole.text), 97):
        doc = document(whole.text[:end], whole.language, whole.dated)
        read = read_claims(doc)
        covered = {n for span in _spans(read) for n in range(span.start, span.end)}
        for start, stop in cut(doc.text).entries if cut(doc.text).marked else ():
            assert all(n in covered or doc.text[n].isspace() for n in range(start, stop))


def _spans(read: ClaimsRead) -> Iterator[Span]:
    for row in read.rows:
        yield from row.said
        yield from row.spans.values()
    yield from (kept.span for kept in read.kept)


@pytest.mark.parametrize("stem", STEMS)
def test_cells_are_words_of_the_text(stem: str) -> None:
    for row in read_claims(load(stem)[0]).rows:
        for column in ("place", "object_name"):
            assert getattr(row, column) == (row.spans[column].text if column in row.spans else "")
        assert (row.lat, row.lon) == ("", "")
        if row.weapon:
            assert "weapon" in row.spans
        if row.event_time_local:
            assert re.search(r"\d|ранку|утра|ночи", row.spans["event_time_local"].text)
        if row.claimed_effect:
            assert row.claimed_effect.startswith(row.spans["claimed_effect"].text)


def test_russian_texts_that_were_cut_short(shared_data: Path) -> None:
    path = shared_data / "mod" / "derived_mod_energy_claims_2025-03-18_04-17.csv"
    if not path.is_file():
        pytest.skip("no texts of the ministry in ../shared/data: they may not be redistributed")
    with path.open(encoding="utf-8", newline="") as stream:
        texts = [(row["date"], row["text_snippet"]) for row in csv.DictReader(stream)]
    found = []
    for n, (dated, text) in enumerate(texts):
        read = read_claims(document(text, "ru", dated), claimant="RUS:MoD")
        found += [
            (n, r.object_class, r.event_time_local, r.weapon, r.act, r.count) for r in read.rows
        ]
        assert {r.accused_side for r in read.rows} <= {"UKR"}
    assert found == [
        (0, "oil_pipeline", "02:00", "drone", "attempt_intercepted", 1),
        (2, "power_line", "17:00", "drone", "hit", 1),
        (3, "gas_metering", "10:20", "missile", "unstated", 1),
        (4, "power_line", "05:30", "drone", "hit", 1),
        (4, "", "10:34", "", "unstated", 1),
        (7, "", "", "", "unstated", 4),
        (8, "", "", "", "unstated", 6),
        (10, "gas_compressor", "23:38-01:26", "drone", "attempt_intercepted", 1),
        (12, "", "", "", "unstated", 11),
    ]


# --- what is a list ------------------------------------------------------------------------------


@pytest.mark.parametrize("stem", STEMS)
def test_a_list_is_known_as_one(stem: str) -> None:
    assert is_claims_list(load(stem)[0])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "de",
            "Moskau (dpa) - Russland wirft der Ukraine einen Angriff auf ein Umspannwerk vor.\n\n"
            "Das Ministerium sprach von einer Drohne.\n\nKiew wies das zurück.\n\n"
            "Die Angaben ließen sich nicht prüfen.",
        ),
        (
            "en",
            "The sides agreed:\n- to halt strikes on energy facilities for 30 days\n"
            "- to exchange 175 prisoners\n- to continue talks on Monday\n",
        ),
        ("uk", "Порядок денний:\n- зустріч із послом\n- обмін полоненими\n- питання газу"),
    ],
)
def test_other_texts_are_no_lists(language: str, text: str) -> None:
    assert not is_claims_list(document(text, language))


def test_running_text_without_end_is_kept_and_no_list() -> None:
    text = "Der Kreml teilte mit, dass um 5 Uhr eine Drohne ein Umspannwerk traf. " * 2_000
    for whole in (text, f"- {text}"):
        doc = document(whole, "de")
        assert not is_claims_list(doc)
        assert [kept.reason for kept in read_claims(doc).kept] == ["too long for an entry"]


def test_paragraphs_without_marks_may_be_a_list() -> None:
    text = (
        "Ministry of Defence of the Russian Federation reports:\n\n"
        "At 10:20 a Ukrainian drone hit the Northway substation.\n\n"
        "At 11:40 a Ukrainian drone hit a gas pipeline in Bryansk Region.\n\n"
        "At 23:05 artillery cut a power line in Kursk Region.\n"
    )
    doc = document(text, "en")
    assert is_claims_list(doc)
    assert [r.object_class for r in read_claims(doc).rows] == [
        "substation",
        "gas_pipeline",
        "power_line",
    ]


# --- times ---------------------------------------------------------------------------------------


def test_a_day_without_a_year_is_the_nearest_one() -> None:
    row = one("- Am 30. Dezember um 5 Uhr traf eine Drohne ein Öllager.", "de", "2025-01-02")
    assert (row.event_date, row.event_time_local) == ("2024-12-30", "05:00")


def test_a_list_tells_the_past() -> None:
    text = "- Am frühen Morgen um 5 Uhr traf am Mittwoch eine Drohne ein Öllager."
    row = one(text, "de", "2025-03-28")  # a Friday
    assert (row.event_date, row.event_time_local) == ("2025-03-26", "05:00")


def test_without_any_day_the_hour_goes_into_the_notes() -> None:
    row = one("- Um 5 Uhr traf eine Drohne ein Öllager.", "de", None)
    assert (row.event_date, row.event_time_local, row.date_precision) == ("", "", "unknown")
    assert "05:00" in row.inferred_notes
    assert row.spans["event_time_local"].text == "Um 5 Uhr"


def test_the_introduction_sets_the_day() -> None:
    text = "26 марта ВСУ атаковали объекты энергетики.\n▫️ Около 10.20 дрон ударил по подстанции."
    row = one(text, "ru")
    assert (row.event_date, row.event_time_local, row.accused_side) == (
        "2025-03-26",
        "10:20",
        "UKR",
    )


def test_headings_between_entries_set_region_and_day() -> None:
    text = (
        "Liste\nGebiet Sumy:\n- Am 25. März um 5 Uhr traf eine Drohne ein Öllager.\n"
        "Gebiet Charkiw, 26. März:\n- Eine Drohne traf ein Umspannwerk.\n"
        "- Um 7 Uhr traf eine Rakete eine Raffinerie."
    )
    rows = read_claims(document(text, "de")).rows
    assert [(r.admin_region, r.event_date, r.date_precision) for r in rows] == [
        ("Sumy", "2025-03-25", "exact"),
        ("Kharkiv", "2025-03-26", "exact"),
        ("Kharkiv", "2025-03-26", "exact"),
    ]
    assert rows[1].said[0].text == "Gebiet Charkiw, 26. März:"


def test_an_hour_that_goes_back_leaves_the_day_open() -> None:
    text = (
        "- Am 26. März um 22 Uhr traf eine Drohne ein Öllager.\n"
        "- Um 3 Uhr traf eine Drohne ein Umspannwerk."
    )
    row = read_claims(document(text, "de")).rows[1]
    assert (row.event_date, row.event_time_local, row.date_precision) == (
        "2025-03-26",
        "",
        "inferred",
    )
    assert "03:00" in row.inferred_notes
    same_day = read_claims(document(text, "de", "2025-03-26")).rows[1]
    assert (same_day.event_time_local, same_day.date_precision) == ("03:00", "exact")


def test_the_evening_of_a_night_is_the_day_before() -> None:
    row = one(
        "- In der Nacht zum 27. März gegen 23.40 Uhr brannte nach einem Angriff ein Öllager.", "de"
    )
    assert (row.event_date, row.event_time_local) == ("2025-03-26", "23:40")


def test_a_day_after_the_list_itself_is_not_taken() -> None:
    row = one("- On 5 April 2025 a drone hit a substation in Kursk Region.", "en", "2025-03-28")
    assert row.date_precision == "report_date"
    assert "2025-04-05" in row.inferred_notes


@pytest.mark.parametrize(
    ("language", "text", "clock"),
    [
        ("de", "um 17.00 Uhr", "17:00"),
        ("de", "gegen 5 Uhr", "05:00"),
        ("en", "around 03:40 Moscow time", "03:40"),
        ("en", "at 4:15 p.m.", "16:15"),
        ("ru", "около 10.20", "10:20"),
        ("ru", "около двух часов ночи", "02:00"),
        ("ru", "в 9 вечера", "21:00"),
        ("uk", "о 02:15", "02:15"),
        ("uk", "близько шостої ранку", "06:00"),
    ],
)
def test_hours(language: str, text: str, clock: str) -> None:
    attack = {
        "de": "traf am 27. März {} eine Drohne ein Öllager.",
        "en": "On 27 March {} a drone hit an oil depot.",
        "ru": "27 марта {} дрон ударил по нефтебазе.",
        "uk": "27 березня {} дрон влучив у нафтобазу.",
    }[language]
    assert one(f"- {attack.format(text)}", language).event_time_local == clock


# --- acts, objects, actors -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die Luftabwehr schoss zwei Drohnen vor dem Umspannwerk „Au“ ab."),
        ("en", "Two drones were shot down on their way to a refinery in Rostov Region."),
        ("ru", "Средства ПВО перехватили дрон у нефтебазы «Ясная»."),
        ("uk", "Сили ППО збили дрон біля підстанції «Ясна»."),
    ],
)
def test_an_intercepted_attempt_is_no_hit(language: str, text: str) -> None:
    row = one(f"- {text}", language)
    assert (row.act, row.also_act, row.act_certainty) == ("attempt_intercepted", "", "stated")


@pytest.mark.parametrize(
    ("language", "text", "act", "certainty"),
    [
        ("de", "Zwei Drohnen zerstörten ein Umspannwerk.", "hit", "inferred"),
        ("en", "A Ukrainian drone destroyed a transformer.", "hit", "inferred"),
        ("ru", "БПЛА уничтожена подстанция «Ясная».", "hit", "inferred"),
        ("uk", "Дрон знищив підстанцію «Ясна».", "hit", "inferred"),
        ("en", "Air defence destroyed six drones.", "attempt_intercepted", "stated"),
        ("ru", "Силы ПВО уничтожили шесть БПЛА.", "attempt_intercepted", "stated"),
        (
            "de",
            "Trotz der Luftabwehr zerstörte eine Drohne ein Umspannwerk.",
            "attempt_intercepted",
            "ambiguous",
        ),
    ],
)
def test_who_destroyed_what(language: str, text: str, act: str, certainty: str) -> None:
    row = one(f"- Um 5:00 {text}" if language == "de" else f"- 5:00. {text}", language)
    assert (row.act, row.act_certainty) == (act, certainty)


def test_damage_beside_an_interception_is_a_hit() -> None:
    row = one("- Two drones were shot down; a third damaged a refinery in Rostov Region.", "en")
    assert (row.act, row.also_act) == ("hit", "attempt_intercepted")


def test_an_unnamed_kind_of_object_has_no_class() -> None:
    row = one("- Eine Drohne beschädigte eine Energieanlage im Gebiet Sumy.", "de")
    assert (row.object_name, row.object_type, row.object_class) == ("Energieanlage", "other", "")


def test_an_own_strike_accuses_the_claimant_itself() -> None:
    text = "- Ukrainian drones hit a refinery in Rostov Region."
    assert one(text, "en", claimant="UKR:GeneralStaff").accused_side == "UKR"
    assert one(text, "en", claimant="RUS:MoD").accused_side == "UKR"
    text = "- Russian drones hit a refinery in Odesa Region."
    assert one(text, "en", claimant="RUS:MoD").accused_side == "RUS"


@pytest.mark.parametrize(
    ("language", "text", "one_side", "other"),
    [
        ("de", "- Um 5 Uhr trafen {}e Drohnen ein Öllager.", "russisch", "ukrainisch"),
        ("en", "- At 05:00 {} drones hit an oil depot.", "Russian", "Ukrainian"),
        ("ru", "- В 05.00 {} дроны атаковали нефтебазу.", "российские", "украинские"),
        ("uk", "- О 05:00 {} дрони атакували нафтобазу.", "російські", "українські"),
        ("ru", "- В 05.00 {} режим атаковал нефтебазу.", "московский", "киевский"),
    ],
)
def test_both_sides_are_read_alike(language: str, text: str, one_side: str, other: str) -> None:
    rows = [one(text.format(side), language) for side in (one_side, other)]
    assert [row.accused_side for row in rows] == ["RUS", "UKR"]
    assert rows[0].act == rows[1].act and rows[0].object_type == rows[1].object_type


def test_the_enemy_is_the_other_side() -> None:
    assert one("- The enemy shelled a power line.", "en", claimant="UKR").accused_side == "RUS"
    assert one("- The enemy shelled a power line.", "en", claimant="RUS").accused_side == "UKR"
    assert one("- The enemy shelled a power line.", "en").accused_side == "UNKNOWN"


def test_what_cannot_be_paired_is_kept_whole() -> None:
    text = "- In Odesa and Sumy regions drones hit a substation and a gas pipeline."
    read = read_claims(document(text, "en"))
    assert not read.rows
    assert [kept.span.text for kept in read.kept] == [text[2:]]
    assert "do not pair" in read.kept[0].reason


def test_words_of_a_halt_are_no_attack() -> None:
    text = "- Kiew bekräftigte die Einstellung der Angriffe auf Umspannwerke für 30 Tage."
    read = read_claims(document(text, "de"))
    assert not read.rows and read.kept[0].reason == "no attack is told"


# --- files of a case -----------------------------------------------------------------------------

WORLD = """
[states.HIL]
en = { adjective = "Hillish", people = "Hillish", capital = "Stonefield", name = "Hillside" }
[states.SEA]
en = { adjective = "Seasider", people = "Seasiders", capital = "Pebble Bay", name = "Seaside" }
[regions]
Heights = { of = "HIL", all = "Heights" }
Coast = { of = "SEA", all = "Coast" }
"""
REPORT = """Daily list, 7 June 2019

1. On 6 June at about 21:10 a Hillish drone hit the Marram substation in the Coast region.
2. In the early hours of 7 June two drones were shot down near an oil depot in the Coast region.
3. Three attacks on energy facilities were recorded in the Coast region.
"""


def drafted() -> tuple[ClaimRow, ...]:
    registry = Registry.known().with_text(WORLD, "actors.toml")
    return read_claims(document(REPORT, "en", "2019-06-07"), registry, claimant="SEA").rows


def case_with(root: Path, folder: Path, files: dict[str, bytes]) -> Path:
    """The starter with its claims, acts and classes replaced."""
    shutil.copytree(root / "src" / "truceline" / "starter", folder)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def test_a_case_reads_the_drafted_files(root: Path, tmp_path: Path) -> None:
    rows = drafted()
    case = read_case(case_with(root, tmp_path / "case", claims_files(rows)))
    claims = read_records(case).claims
    assert [(c.accused, c.claimant_side, c.object_class, c.act) for c in claims] == [
        ("HIL", "SEA", "substation", "hit"),
        ("HIL", "SEA", "oil_storage", "attempt_intercepted"),
        ("HIL", "SEA", None, None),
    ]
    assert [(c.place.area, c.place.precision.value, c.place.point) for c in claims] == [
        ("SEA-1", "region", None)
    ] * 3
    assert [c.occurred.precision for c in claims] == ["minute", "night", "report_date"]
    assert all("Drafted by a machine" in claim.note for claim in claims)
    assert "total of 3" in claims[2].note


def test_a_region_of_no_known_state_stops_the_reading(root: Path, tmp_path: Path) -> None:
    text = REPORT.replace("in the Coast region.\n3", "at Nowhere.\n3")
    registry = Registry.known().with_text(WORLD, "actors.toml")
    rows = read_claims(document(text, "en", "2019-06-07"), registry, claimant="SEA").rows
    case = read_case(case_with(root, tmp_path / "case", claims_files(rows)))
    with pytest.raises(BadInput, match="not stated"):
        read_records(case)


def test_the_csv_has_the_columns_of_the_contract() -> None:
    data = claims_csv(drafted(), {"HIL": "H", "SEA": "S"})
    table = list(csv.DictReader(io.StringIO(data.decode())))
    CONTRACT.check(table[0], "claims.csv")
    assert tuple(table[0]) == COLUMNS
    assert [(r["accused_side"], r["claimant_side"], r["country_or_control"]) for r in table] == [
        ("H", "S", "S")
    ] * 3
    assert len({r["claim_id"] for r in table}) == 3
    assert data == claims_csv(drafted(), {"HIL": "H", "SEA": "S"})


def test_the_columns_are_those_of_the_cases(root: Path) -> None:
    path = root / "cases" / "energy-moratorium-2025" / "data" / "moratorium-2025" / "claims.csv"
    assert tuple(path.read_text(encoding="utf-8").splitlines()[0].split(",")) == COLUMNS
