"""Documents compared: states of the matrix, differences, and what must not matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from tests.words.documents import document, items_of, three

from truceline.domain.compared import (
    Comparison,
    Declared,
    Finding,
    Measured,
    Quality,
    Relation,
    Shown,
    Slot,
    Why,
)
from truceline.domain.words import Document
from truceline.errors import BadInput
from truceline.words import compare as module
from truceline.words.compare import MIN_RECALL_LOW, compare


def compared(documents: Sequence[Document], declared: Declared | None = None) -> Comparison:
    return compare(documents, [i for d in documents for i in items_of(d)], declared)


def states(found: Comparison, topic: str) -> list[Shown]:
    return [cell.state for cell in found.cells[found.topics.index(topic)]]


def differing(found: Comparison, topic: str, slot: Slot) -> list[Finding]:
    return [f for f in found.findings if topic in f.topics and f.slot is slot]


def between(found: Comparison, one: str, other: str, topic: str, slot: Slot) -> list[Finding]:
    hashes = {c.title: c.sha256 for c in found.columns}
    wanted = {hashes[one], hashes[other]}
    return [
        f for f in differing(found, topic, slot) if {f.one.document, f.other.document} == wanted
    ]


def test_states_of_documents() -> None:
    found = compared(three())
    assert states(found, "energy") == [Shown.MENTIONED] * 3
    assert states(found, "prisoners") == [Shown.MENTIONED, Shown.OMITTED, Shown.NOT_ATTESTED]
    assert states(found, "sanctions")[1] is Shown.NEGATED


def test_only_a_whole_document_can_omit() -> None:
    for cells in compared(three()).cells:
        excerpt = cells[2]
        assert excerpt.state in (Shown.MENTIONED, Shown.NEGATED, Shown.NOT_ATTESTED)
        assert (excerpt.why is Why.EXCERPT) == (excerpt.state is Shown.NOT_ATTESTED)


def test_a_document_without_a_hash_omits_nothing() -> None:
    bare = replace(three()[0], sha256="")
    why = {cell.why for (cell,) in compare([bare], []).cells if not cell.mentions}
    assert why == {Why.NO_HASH}


def test_an_omission_tells_what_was_searched_and_how_well() -> None:
    omitted = [c for cells in compared(three()).cells for c in cells if c.state is Shown.OMITTED]
    assert omitted
    for cell in omitted:
        assert cell.quality is not None and cell.quality.n_patterns > 5
        assert cell.quality.low is not None and cell.quality.low >= MIN_RECALL_LOW


def test_a_weak_detector_does_not_say_omitted(monkeypatch: pytest.MonkeyPatch) -> None:
    good, weak = Measured(8, 8, 0.676, 1.0), Measured(6, 8, 0.409, 0.929)
    for quality, state, why in (
        (Quality(30, good, weak, good), Shown.OMITTED, None),
        (Quality(30, weak, weak, good), Shown.NOT_ATTESTED, Why.WEAK),
        (Quality(30, good, weak, weak), Shown.NOT_ATTESTED, Why.WEAK),
        (Quality(30, None, None), Shown.NOT_ATTESTED, Why.NOT_MEASURED),
    ):
        monkeypatch.setattr(module, "quality_of", lambda *_, held=quality: held)
        cell = compared(three()[:1]).cells[-2][0]
        assert (cell.topic, cell.state, cell.why) == ("children", state, why)


def test_a_language_that_is_not_measured_omits_nothing() -> None:
    found = compared([document("ru", "Стороны обменялись пленными.\n", "ru")])
    assert states(found, "prisoners") == [Shown.MENTIONED]
    assert {c.why for (c,) in found.cells if not c.mentions} == {Why.NOT_MEASURED}


def test_what_the_user_declares_stands_in_columns_of_its_own() -> None:
    declared = Declared((("RUS", "statement of 25 March"),), ("CHN",))
    found = compared(three()[:1], declared)
    assert [c.title for c in found.columns] == ["kremlin", "statement of 25 March", "CHN"]
    for cells in found.cells:
        assert [c.state for c in cells[1:]] == [Shown.NO_DOCUMENT, Shown.NO_STATEMENT]


@pytest.mark.parametrize("actor", ["RUS", "RUS:Kremlin"])
def test_an_actor_with_a_document_is_not_silent(actor: str) -> None:
    with pytest.raises(BadInput, match="silent"):
        compared(three(), Declared(silent=(actor,)))
    compared(three(), Declared(silent=("RUS:MoD",)))


# --- differences ----------------------------------------------------------------------------------


def test_scope_is_compared_along_the_tree() -> None:
    (finding,) = between(compared(three()), "kremlin", "white-house", "energy", Slot.SCOPE)
    assert finding.one.values == ("energy",)
    assert finding.other.values == ("energy", "infrastructure")
    assert finding.relation is Relation.NARROWER


def test_durations_that_differ_and_that_are_missing() -> None:
    found = compared(three())
    (missing,) = between(found, "kremlin", "white-house", "energy", Slot.DURATION)
    assert (missing.relation, missing.one.values) == (Relation.ONLY_ONE, ("P30D",))
    assert [s.text for s in missing.other.spans] == ["energy and infrastructure"]
    (other,) = between(found, "kremlin", "kyiv", "energy", Slot.DURATION)
    assert other.relation is Relation.OTHER
    assert (other.one.values, other.other.values) == (("P30D",), ("P60D",))


def test_a_condition_of_one_document_alone() -> None:
    (finding,) = between(compared(three()), "kremlin", "kyiv", "energy", Slot.CONDITION)
    assert finding.relation is Relation.ONLY_OTHER
    assert finding.other.values == ("sofern auch Russland das tue",)


def test_the_time_of_talks_is_not_that_of_what_they_are_about() -> None:
    one = document("one", "They agreed on a halt of attacks on ships from 1 April 2025.\n")
    two = document("two", "They agreed that negotiations on ships will begin immediately.\n")
    starts = differing(compared([one, two]), "sea", Slot.START)
    assert [f.other.values for f in starts] == [()]


def test_what_happened_is_no_term() -> None:
    one = document("one", "The Ministry of Defence accused Ukraine of having hit a refinery.\n")
    two = document("two", "They agreed to refrain from strikes on energy facilities.\n")
    assert not differing(compared([one, two]), "energy", Slot.SCOPE)


def test_equal_documents_do_not_differ() -> None:
    one = three()[0]
    found = compared([one, document("copy", one.text + "\n", medium=one.medium)])
    assert found.findings == ()


def test_spans_of_findings_are_cut_from_their_documents() -> None:
    documents = three()
    texts = {d.sha256: d.text for d in documents}
    found = compared(documents)
    assert found.findings
    for finding in found.findings:
        for side in (finding.one, finding.other):
            assert side.spans
            for span in side.spans:
                assert texts[side.document][span.start : span.end] == span.text


# --- what must not matter -------------------------------------------------------------------------


def test_the_order_of_documents_only_permutes_columns() -> None:
    first = compared(three())
    for order in permutations(range(3)):
        found = compared([three()[n] for n in order])
        assert found.findings == first.findings
        assert found.columns == tuple(first.columns[n] for n in order)
        assert found.cells == tuple(tuple(row[n] for n in order) for row in first.cells)


SWAPS = {
    "Vladimir Putin": "Volodymyr Zelensky",
    "The Russian side": "The Ukrainian side",
    "to Kyiv": "to Moscow",
    "Der ukrainische Präsident Wolodymyr Selenskyj": "Der russische Präsident Wladimir Putin",
    "die Ukraine sei": "Russland sei",
    "auch Russland das": "auch die Ukraine das",
}


def swapped(one: Document) -> Document:
    text = one.text
    for name, other in SWAPS.items():
        text = text.replace(name, other)
    return document(one.name, text, one.language, whole=one.complete)


def shape(found: Comparison) -> tuple[object, ...]:
    """A comparison without hashes, places and the words of conditions, which name parties."""
    titles = {c.sha256: c.title for c in found.columns}
    cells = [[(c.state, c.why, len(c.mentions)) for c in row] for row in found.cells]
    findings = [
        (f.topics, f.slot, f.relation, titles[f.one.document], titles[f.other.document])
        + (() if f.slot is Slot.CONDITION else (f.one.values, f.other.values))
        for f in found.findings
    ]
    return cells, findings


def test_names_of_parties_change_nothing_else() -> None:
    plain = [replace(d, medium="MEDIA:narrator") for d in three()]
    assert all(swapped(d).text != d.text for d in (plain[0], plain[2]))
    assert shape(compared(plain)) == shape(compared([swapped(d) for d in plain]))
