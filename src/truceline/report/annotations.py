"""Statements for other tools: W3C Web Annotation (JSON-LD), and a table.

A span is given twice, as the standard has it: by position, in code points of the decoded text,
and by its words with some words before and after.  Content of several spans has several targets.
The body names the kind, tags what else can be searched, and holds the whole item as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from truceline.archive.reading import Reading
from truceline.archive.texts import canonical_json, csv_bytes, pretty_json, printable
from truceline.domain.decisions import Judged
from truceline.domain.words import Document, Item, Span, Spans
from truceline.report.plain import Item as Plain

EXPORTS = {"jsonld": "application/ld+json", "csv": "text/csv"}
"""Endings of exported files, with their media types."""

CONTEXT = "http://www.w3.org/ns/anno.jsonld"

AROUND = 32
"""Code points before and after a span that help to find it again."""

COLUMNS = (
    "id",
    "document",
    "document_name",
    "kind",
    "content",
    "spans",
    "speaker",
    "speaker_words",
    "attribution",
    "cue",
    "chain",
    "debtor",
    "beneficiary",
    "polarity",
    "modality",
    "mood",
    "hedges",
    "conditionality",
    "condition",
    "reciprocity",
    "numbers",
    "duration",
    "effective",
    "deadline",
    "acts",
    "means",
    "places",
    "object_classes",
    "status",
    "codes",
    "language",
    "engine",
    "rule",
    "state",
    "reasons",
    "reviewers",
    "decided_at",
    "part_of",
)
"""Columns of the table; a later version only adds at the end."""


def annotations_jsonld(reading: Reading, view: Iterable[Sequence[Judged]]) -> bytes:
    """All items as one collection with one page, the rejected ones included and tagged so."""
    texts = {document.sha256: document for document in reading.documents}
    found = [_annotation(one, texts[one.item.document]) for ones in view for one in ones]
    return pretty_json(
        {
            "@context": CONTEXT,
            "id": "urn:truceline:statements",
            "type": "AnnotationCollection",
            "label": "Statements read by Truceline",
            "total": len(found),
            "first": {
                "id": "urn:truceline:statements:1",
                "type": "AnnotationPage",
                "startIndex": 0,
                "items": found,
            },
        }
    )


def _annotation(one: Judged, document: Document) -> Plain:
    item = one.item
    targets = [_target(span, document) for span in item.content]
    engine = {"id": f"urn:truceline:engine:{item.engine}", "type": "Software", "name": item.engine}
    people = [
        {"id": f"urn:truceline:reviewer:{n}", "type": "Person", "name": name}
        for n, name in enumerate(dict.fromkeys(d.reviewer for d in one.decisions), 1)
    ]
    times = sorted(decision.at for decision in one.decisions)
    dates = {"created": times[0], "modified": times[-1]} if times else {}
    return {
        "id": f"urn:truceline:item:{item.document}:{item.id}",
        "type": "Annotation",
        "motivation": "classifying",
        "generator": engine,
        "creator": (people if len(people) > 1 else people[0]) if people else engine,
        **dates,
        "body": [
            {"type": "TextualBody", "purpose": "classifying", "value": item.kind.value},
            *(_tag(tag) for tag in _tags(item)),
            {
                "type": "TextualBody",
                "purpose": "describing",
                "format": "application/json",
                "value": canonical_json(item.model_dump(mode="json")).decode(),
            },
        ],
        "target": targets if len(targets) > 1 else targets[0],
    }


def _tag(value: str) -> Plain:
    return {"type": "TextualBody", "purpose": "tagging", "value": value}


def _tags(item: Item) -> list[str]:
    named = {
        "speaker": item.speaker.actor,
        "attribution": item.attribution,
        "debtor": item.debtor,
        "beneficiary": item.beneficiary,
        "polarity": item.polarity,
        "modality": item.modality,
        "conditionality": item.conditionality.type,
        "review": item.review.state,
        "rule": item.rule,
    }
    return [f"{name}: {value}" for name, value in named.items() if value]


def _target(span: Span, document: Document) -> Plain:
    text = document.text
    return {
        "type": "SpecificResource",
        "source": f"urn:sha256:{document.sha256}",
        "selector": [
            {"type": "TextPositionSelector", "start": span.start, "end": span.end},
            {
                "type": "TextQuoteSelector",
                "exact": span.text,
                "prefix": text[max(0, span.start - AROUND) : span.start],
                "suffix": text[span.end : span.end + AROUND],
            },
        ],
    }


def items_csv(reading: Reading, view: Iterable[Sequence[Judged]]) -> bytes:
    """One row for each item; what a terminal or a spreadsheet would obey is defused."""
    names = {document.sha256: document.name for document in reading.documents}
    rows = [_row(one, names[one.item.document]) for ones in view for one in ones]
    shown = [{column: _shown(row[column]) for column in COLUMNS} for row in rows]
    return csv_bytes(COLUMNS, shown)


def _shown(value: object) -> object:
    if isinstance(value, list | tuple):
        return [printable(str(each), keep="\n") for each in value]
    return printable(value, keep="\n") if isinstance(value, str) else value


def _row(one: Judged, document_name: str) -> Plain:
    item = one.item
    plain = item.model_dump(mode="json", exclude={"review", "scope", "time", "content"})
    return {
        **plain,
        **item.scope.model_dump(mode="json", include={"acts", "means", "places"}),
        **item.time.model_dump(mode="json", include={"duration", "effective", "deadline"}),
        "document_name": document_name,
        "content": item.words,
        "spans": [f"{span.start}-{span.end}" for span in item.content],
        "speaker": item.speaker.actor,
        "speaker_words": _words(item.speaker.spans),
        "cue": _words(item.cue.spans) or item.cue.lemma,
        "chain": [link.actor for link in item.chain],
        "hedges": [span.text for span in item.hedges],
        "conditionality": item.conditionality.type,
        "condition": item.conditionality.condition,
        "numbers": [f"{n.qualifier} {n.value:g} {n.unit}".strip() for n in item.numbers],
        "codes": [f"{scheme}={code}" for scheme, code in item.codes.items()],
        "state": item.review.state.value,
        "reasons": item.review.reasons,
        "reviewers": list(dict.fromkeys(d.reviewer for d in one.decisions)),
        "decided_at": max((d.at for d in one.decisions), default=None),
        "part_of": one.root if one.root != item.id else None,
    }


def _words(spans: Spans) -> str:
    return " … ".join(span.text for span in spans)
