"""Documents compared topic by topic: what each mentions, leaves out, and tells differently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from truceline.domain.compared import (
    Cell,
    Column,
    Comparison,
    Declared,
    Finding,
    Mention,
    Relation,
    Shown,
    Side,
    Slot,
    Why,
)
from truceline.domain.words import Document, Item, state_of
from truceline.errors import BadInput
from truceline.words.differences import Facets, differences, facets_of
from truceline.words.topics import find_topics, quality_of, topics

MIN_RECALL_LOW = 0.5
"""A topic is said to be omitted only where the lower ends of the detector's recall reach this, on
held-out sentences of the topic and on documents of other authors: with 95 % confidence it finds
more mentions than it misses."""

TALKS = "talks"
"""The topic whose times are not those of what the talks are about."""


def compare(
    documents: Sequence[Document], items: Iterable[Item], declared: Declared | None = None
) -> Comparison:
    """Topic by document; ``items`` are the statements found in the documents.

    Columns stand in the order of the documents, then what the user declares to be missing or
    silent.  The order changes nothing else: findings run from the document whose name comes
    first.  A silent actor who has a document is a ``BadInput``.
    """
    declared = declared or Declared()
    _refuse_contradictions(documents, declared)
    by_document: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_document[item.document].append(item)
    mentions = {d.sha256: find_topics(d.text, d.language, by_document[d.sha256]) for d in documents}
    named = tuple(topic.name for topic in topics())
    rest = _declared_columns(declared)
    rows = []
    for topic in named:
        cells = [_cell(topic, d, mentions[d.sha256]) for d in documents]
        cells += [Cell(topic, c.state) for c in rest if c.state is not None]
        rows.append(tuple(cells))
    return Comparison(
        columns=(*(_column(d) for d in documents), *rest),
        topics=named,
        cells=tuple(rows),
        findings=_findings(documents, by_document, mentions),
    )


def _refuse_contradictions(documents: Sequence[Document], declared: Declared) -> None:
    for actor in declared.silent:
        for document in documents:
            if actor in (document.medium, state_of(document.medium)):
                raise BadInput(
                    f"{actor} is said to be silent, but {document.name} is by {document.medium}",
                    expected="an actor of which no document is held",
                    remedy="leave out --silent, or read the document with another --medium",
                )


def _column(document: Document) -> Column:
    return Column(
        title=document.name,
        actor=document.medium,
        sha256=document.sha256,
        language=document.language,
        complete=document.complete,
    )


def _declared_columns(declared: Declared) -> list[Column]:
    absent = [Column(title, actor, state=Shown.NO_DOCUMENT) for actor, title in declared.absent]
    return absent + [Column(actor, actor, state=Shown.NO_STATEMENT) for actor in declared.silent]


def _cell(topic: str, document: Document, mentions: Sequence[Mention]) -> Cell:
    found = tuple(m for m in mentions if m.topic == topic)
    quality = quality_of(topic, document.language)
    if found:
        denied = all(m.negated for m in found)
        return Cell(topic, Shown.NEGATED if denied else Shown.MENTIONED, None, found, quality)
    why = _why_not_omitted(document, quality.low)
    return Cell(topic, Shown.NOT_ATTESTED if why else Shown.OMITTED, why, (), quality)


def _why_not_omitted(document: Document, recall_low: float | None) -> Why | None:
    if not document.complete:
        return Why.EXCERPT
    if not document.sha256:
        return Why.NO_HASH
    if recall_low is None:
        return Why.NOT_MEASURED
    return Why.WEAK if recall_low < MIN_RECALL_LOW else None


def _findings(
    documents: Sequence[Document],
    items: dict[str, list[Item]],
    mentions: dict[str, list[Mention]],
) -> tuple[Finding, ...]:
    """Differences of every two documents; the same words under several topics count once."""
    held = sorted(documents, key=lambda d: (d.name, d.sha256))
    facets: dict[tuple[str, str], Facets] = {}
    for document in held:
        seen = mentions[document.sha256]
        talks = frozenset(name for m in seen if m.topic == TALKS for name in m.items)
        for topic in topics():
            facets[document.sha256, topic.name] = facets_of(
                document,
                [m for m in seen if m.topic == topic.name],
                items[document.sha256],
                talked_about=() if topic.name == TALKS else talks,
            )
    merged: dict[tuple[Slot, Relation, Side, Side], list[str]] = defaultdict(list)
    for n, one in enumerate(held):
        for other in held[n + 1 :]:
            for topic in topics():
                pair = facets[one.sha256, topic.name], facets[other.sha256, topic.name]
                for slot, relation, left, right in differences(topic, *pair):
                    merged[slot, relation, left, right].append(topic.name)
    return tuple(Finding(tuple(names), *key) for key, names in merged.items())
