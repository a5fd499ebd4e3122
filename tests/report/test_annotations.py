"""Exports: annotations that lead back to their words, and a table that runs nothing."""

from __future__ import annotations

import csv
import io
import json

from tests.report.review_sample import Maker, document, reading

from truceline.archive.reading import Reading
from truceline.domain.decisions import Action, Decision, Judged, fingerprint, judged
from truceline.domain.words import Item, Kind, Span, Speaker
from truceline.report.annotations import COLUMNS, annotations_jsonld, items_csv

HELD = reading()


def bare(held: Reading) -> list[list[Judged]]:
    return [[Judged(item, item.id)] for item in held.items]


def test_each_annotation_leads_back_to_its_words() -> None:
    told = json.loads(annotations_jsonld(HELD, bare(HELD)))
    page = told["first"]
    assert told["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (told["type"], page["type"]) == ("AnnotationCollection", "AnnotationPage")
    assert told["total"] == len(page["items"]) == len(HELD.items)
    assert len({note["id"] for note in page["items"]}) == len(HELD.items)
    for note, item in zip(page["items"], HELD.items, strict=True):
        target = note["target"]
        text = HELD.texts[target["source"].removeprefix("urn:sha256:")]
        place, quote = target["selector"]
        start, end = place["start"], place["end"]
        assert text[start:end] == quote["exact"] == item.content[0].text
        assert text[:start].endswith(quote["prefix"]) and text[end:].startswith(quote["suffix"])
        assert (place["type"], quote["type"]) == ("TextPositionSelector", "TextQuoteSelector")
        kind, *tags, whole = note["body"]
        assert kind["value"] == item.kind
        assert f"speaker: {item.speaker.actor}" in [tag["value"] for tag in tags]
        assert Item.model_validate_json(whole["value"]) == item
        assert note["creator"]["type"] == "Software" and "created" not in note


def test_content_of_two_spans_has_two_targets_in_code_points() -> None:
    one = document("x.txt", "𝔸 er sagt nein, dann ja", "de")
    item = Maker(one).item(Kind.CLAIM, "nein", Speaker())
    spans = (*item.content, Span.cut(one.text, len(one.text) - 2, len(one.text)))
    held = Reading((one,), (item.model_copy(update={"content": spans}),))
    (note,) = json.loads(annotations_jsonld(held, bare(held)))["first"]["items"]
    places = [target["selector"][0] for target in note["target"]]
    assert [(p["start"], p["end"]) for p in places] == [(10, 14), (21, 23)]


def test_a_person_s_decision_is_signed_and_dated() -> None:
    log = [
        Decision(
            item=HELD.items[0].id,
            document=HELD.items[0].document,
            action=action,
            reviewer="Ada",
            at=f"2025-05-0{n}T09:00:00Z",
            seen=fingerprint(HELD.items[0]),
        )
        for n, action in ((2, Action.ACCEPT), (3, Action.REJECT))
    ]
    view = judged(HELD.items, log)
    note = json.loads(annotations_jsonld(HELD, view))["first"]["items"][0]
    assert (note["creator"]["type"], note["creator"]["name"]) == ("Person", "Ada")
    assert (note["created"], note["modified"]) == ("2025-05-02T09:00:00Z", "2025-05-03T09:00:00Z")
    assert note["generator"]["name"] == HELD.items[0].engine
    assert "review: rejected" in [body["value"] for body in note["body"]]
    row = next(csv.DictReader(io.StringIO(items_csv(HELD, view).decode())))
    assert (row["state"], row["reviewers"], row["decided_at"]) == (
        "rejected",
        "Ada",
        "2025-05-03T09:00:00Z",
    )


def test_the_table_has_a_row_for_each_item() -> None:
    rows = list(csv.DictReader(io.StringIO(items_csv(HELD, bare(HELD)).decode())))
    assert tuple(rows[0]) == COLUMNS
    assert [row["id"] for row in rows] == [item.id for item in HELD.items]
    first = rows[0]
    assert first["numbers"] == "exact 30 Tage" and first["duration"] == "P30D"
    assert first["condition"] == rows[1]["id"]
    assert first["spans"] == f"{HELD.items[0].content[0].start}-{HELD.items[0].content[0].end}"


def test_the_table_runs_nothing() -> None:
    one = document("=cmd.txt", '=HYPERLINK("x") \x1b[2J \u202e, a, "b"\nc', "en")
    item = Maker(one).item(Kind.CLAIM, one.text, Speaker(spans=(Span.cut(one.text, 0, 10),)))
    held = Reading((one,), (item.model_copy(update={"rule": "@x", "hedges": item.content}),))
    raw = items_csv(held, bare(held)).decode()
    assert "\x1b" not in raw and "\u202e" not in raw
    (row,) = csv.DictReader(io.StringIO(raw))
    for name in ("document_name", "content", "speaker_words", "rule", "hedges"):
        assert row[name].startswith("'"), name
