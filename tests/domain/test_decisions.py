"""What decisions add up to: for one reviewer, for all, taken back, and about another reading."""

from __future__ import annotations

from typing import Any

import pytest
from tests.report.review_sample import reading

from truceline.domain.decisions import (
    DIFFER,
    EDITABLE,
    Action,
    Decision,
    done_after,
    edited,
    fingerprint,
    judged,
    judged_by,
    left_out,
    parts_of,
    refuse_ungrounded,
    split_at,
)
from truceline.domain.words import Item, Kind, Review, Span
from truceline.errors import BadInput

HELD = reading()
ITEMS = HELD.items
DEMAND = next(item for item in ITEMS if item.kind is Kind.DEMAND)
TEXT = HELD.texts[DEMAND.document]
CUT = TEXT.index("und dass die Sperre")


def decision(item: Item, action: Action, who: str = "Ada", **more: Any) -> Decision:
    fields = {"seen": fingerprint(item), "at": "2025-05-02T09:00:00Z", **more}
    return Decision(item=item.id, document=item.document, action=action, reviewer=who, **fields)


def split(who: str = "Ada") -> tuple[Decision, list[Item]]:
    parts = parts_of(DEMAND, split_at(DEMAND, TEXT, CUT))
    told = [{"id": p.id, "content": [s.model_dump() for s in p.content]} for p in parts]
    return decision(DEMAND, Action.SPLIT, who, after={"parts": told}), parts


def states(decisions: list[Decision], item: Item, who: str = "Ada") -> list[str]:
    view = judged_by(ITEMS, decisions, who)
    return [one.item.review.state for one in view[ITEMS.index(item)]]


def test_nothing_decided_is_the_machine_s_draft() -> None:
    assert [[one.item for one in ones] for ones in judged(ITEMS, [])] == [[i] for i in ITEMS]


@pytest.mark.parametrize(
    ("actions", "state"),
    [
        ("accept", "accepted"),
        ("reject", "rejected"),
        ("accept reject", "rejected"),
        ("reject accept", "accepted"),
        ("accept reject undo", "accepted"),
        ("accept undo", "to_review"),
        ("accept undo undo", "to_review"),
        ("edit", "edited"),
        ("edit accept", "edited"),
        ("edit reject", "rejected"),
        ("edit undo", "to_review"),
    ],
)
def test_the_last_word_counts(actions: str, state: str) -> None:
    log = [
        decision(DEMAND, Action(name), after={"kind": "order"} if name == "edit" else {})
        for name in actions.split()
    ]
    assert states(log, DEMAND) == [state]


def test_an_edit_replaces_what_was_edited_and_nothing_else() -> None:
    log = [
        decision(DEMAND, Action.EDIT, after={"kind": "order"}),
        decision(DEMAND, Action.EDIT, after={"debtor": None}),
    ]
    now = judged_by(ITEMS, log, "Ada")[ITEMS.index(DEMAND)][0].item
    assert (now.kind, now.debtor, now.engine, now.rule, now.id) == (
        Kind.ORDER,
        None,
        DEMAND.engine,
        DEMAND.rule,
        DEMAND.id,
    )
    others = set(EDITABLE) - {"kind", "debtor"}
    assert all(getattr(now, name) == getattr(DEMAND, name) for name in others)
    assert now.review.reasons == DEMAND.review.reasons


@pytest.mark.parametrize("name", ["id", "document", "engine", "rule", "review", "language", "x"])
def test_what_was_read_by_what_is_not_edited(name: str) -> None:
    with pytest.raises(BadInput, match="cannot be edited"):
        edited(DEMAND, {name: "x"})


@pytest.mark.parametrize(
    "after",
    [
        {"kind": "gossip"},
        {"debtor": "the others"},
        {"content": []},
        {"content": [{"start": 3, "end": 9, "text": "ab"}]},
        {"polarity": None},
    ],
)
def test_a_value_that_fits_no_field_is_refused(after: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="does not fit"):
        edited(DEMAND, after)


def test_a_span_that_is_not_in_the_text_is_refused() -> None:
    moved = DEMAND.content[0].model_copy(update={"text": DEMAND.content[0].text.upper()})
    with pytest.raises(BadInput, match=r"content\[0\]"):
        refuse_ungrounded(DEMAND.model_copy(update={"content": (moved,)}), TEXT)


def test_a_split_makes_two_items_with_their_own_words() -> None:
    log, parts = split()
    first, second = judged_by(ITEMS, [log], "Ada")[ITEMS.index(DEMAND)]
    assert [first.item, second.item] == parts
    assert first.item.words == "dass die Beobachter sofort Zugang erhielten"
    assert second.item.words == "und dass die Sperre der Bucht ende"
    assert (first.item.time.effective, second.item.time.effective) == ("immediately", None)
    assert len({first.item.id, second.item.id, DEMAND.id}) == 3
    assert first.root == second.root == DEMAND.id


def test_parts_are_decided_about_and_go_with_the_split() -> None:
    log, (first, second) = split()
    more = [log, decision(first, Action.REJECT), decision(second, Action.ACCEPT)]
    assert states(more, DEMAND) == ["rejected", "edited"]
    undo = decision(DEMAND, Action.UNDO)
    assert states([*more, undo], DEMAND) == ["to_review"]
    assert states([*more, undo, log], DEMAND) == ["edited", "edited"]


def test_parts_lie_in_the_content_and_do_not_overlap() -> None:
    whole = DEMAND.content[0]
    one, two = Span.cut(TEXT, whole.start, CUT + 5), Span.cut(TEXT, CUT, whole.end)
    outside = Span.cut(TEXT, whole.start - 5, whole.start + 5)
    for contents in ([(one,), (two,)], [(outside,), (two,)], [(two,)], [(), (two,)]):
        with pytest.raises(BadInput, match="does not fall"):
            parts_of(DEMAND, contents)
    for at in (0, whole.start, whole.end, len(TEXT) + 9, -1):
        with pytest.raises(BadInput, match="empty"):
            split_at(DEMAND, TEXT, at)


def test_reviewers_who_differ_leave_the_machine_s_item_to_be_reviewed() -> None:
    log = [decision(DEMAND, Action.ACCEPT), decision(DEMAND, Action.REJECT, "Ben")]
    (one,) = judged(ITEMS, log)[ITEMS.index(DEMAND)]
    assert one.item.review.state is Review.TO_REVIEW
    assert one.item.review.reasons == (*DEMAND.review.reasons, DIFFER)
    assert [d.reviewer for d in one.decisions] == ["Ada", "Ben"]
    same = [*log, decision(DEMAND, Action.ACCEPT, "Ben")]
    (one,) = judged(ITEMS, same)[ITEMS.index(DEMAND)]
    assert one.item.review.state is Review.ACCEPTED


def test_reviewers_who_split_alike_agree_and_others_do_not() -> None:
    log, _ = split()
    both = [log, split("Ben")[0]]
    assert len(judged(ITEMS, both)[ITEMS.index(DEMAND)]) == 2
    (one,) = judged(ITEMS, [log, decision(DEMAND, Action.ACCEPT, "Ben")])[ITEMS.index(DEMAND)]
    assert DIFFER in one.item.review.reasons


def test_a_decision_does_not_hold_for_another_reading_of_the_same_words() -> None:
    log = [decision(DEMAND, Action.ACCEPT)]
    other = DEMAND.model_copy(update={"debtor": None})
    assert judged_by([other], log, "Ada")[0][0].item == other
    assert left_out([other], log, "Ada") == 1
    assert left_out(ITEMS, log, "Ada") == 0
    later = DEMAND.model_copy(update={"engine": "rules/2", "rule": "de.other"})
    assert judged_by([later], log, "Ada")[0][0].item.review.state is Review.ACCEPTED


def test_a_reviewer_is_done_with_a_decision_about_every_item() -> None:
    log = [decision(item, Action.ACCEPT) for item in ITEMS]
    assert done_after(ITEMS, log[:-1], "Ada") is None
    assert done_after(ITEMS, log, "Ben") is None
    assert done_after(ITEMS, [*log, decision(ITEMS[0], Action.REJECT)], "Ada") == len(ITEMS)
    undone = [*log[:-1], decision(ITEMS[0], Action.UNDO), log[-1]]
    assert done_after(ITEMS, undone, "Ada") is None
