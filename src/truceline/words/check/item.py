"""One item against its source: ground, cuts, frame, fields, actors."""

from __future__ import annotations

from truceline.domain.words import Document, Item, Kind, Span
from truceline.words.check.actors import Mentions, Resolve, check_actors
from truceline.words.check.cuts import check_cuts, check_frame
from truceline.words.check.fields import check_fields
from truceline.words.check.findings import Checked, Findings
from truceline.words.slots import Slots, read_slots
from truceline.words.slots.passage import Passage, passage_of


def check(
    item: Item,
    document: Document,
    *,
    resolve: Resolve | None = None,
    mentions: Mentions | None = None,
) -> Checked:
    """Whether an item says what its source says.

    ``resolve(document, start, end)`` gives the actor that a speaker stretch names, ``mentions``
    the actors named in a stretch.  Without ``resolve`` no actor can be confirmed, and an item
    that names one goes to review.
    """
    found = Findings()
    _check_ground(item, document, found)
    if found.refusals:
        return found.outcome()
    spans = [(span.start, span.end) for span in item.content]
    slots = read_slots(document.text, spans, document.language, dated=document.dated)
    row = passage_of(document.text, spans, document.language)
    check_cuts(item, document.text, row, found)
    check_frame(item, document.text, row, found)
    check_fields(item, slots, row, found)
    for reason in check_actors(item, _about(item, slots, row), document, resolve, mentions):
        found.doubt(reason.text) if reason.is_open else found.refuse(reason.text)
    return found.outcome()


def _about(item: Item, slots: Slots, row: Passage) -> Passage:
    """The words that say who has to act: of a condition its own clause."""
    clauses = [c.clause for c in slots.conditions if not c.outside]
    if item.kind is not Kind.CONDITION or not clauses:
        return row
    return passage_of(row.text, clauses, row.language)


def _check_ground(item: Item, document: Document, found: Findings) -> None:
    """Every span holds the words that stand there, whole words, of this very document."""
    if item.document != document.sha256:
        found.refuse(f"drafted from another document ({item.document[:12]}…)")
        return
    text = document.text
    for name, span in item.spans():
        if span.end > len(text) or text[span.start : span.end] != span.text:
            held = text[span.start : span.end]
            found.refuse(f"{name}: the source says {held[:60]!r}, not {span.text[:60]!r}")
        elif name.startswith("content") and _splits_word(text, span):
            found.refuse(f"{name}: the span begins or ends within a word")


def _splits_word(text: str, span: Span) -> bool:
    left = text[span.start - 1 : span.start].isalnum() and span.text[0].isalnum()
    right = text[span.end : span.end + 1].isalnum() and span.text[-1].isalnum()
    return left or right
