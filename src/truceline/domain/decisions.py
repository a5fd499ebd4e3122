"""What people decide about items: accept, reject, edit, split, undo; and what follows from it.

A decision is a line of ``reviews.jsonl``.  Nothing here overwrites the machine's item: an item
as it stands is the machine's, with the decisions of a person laid over it in their order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from truceline.domain.words import (
    Conditionality,
    Item,
    Review,
    Reviewed,
    Span,
    Spans,
    Times,
    item_id,
)
from truceline.errors import BadInput

FIXED = ("id", "document", "engine", "rule", "review", "language")
"""Fields of an item that no person edits: what was read, by what."""

EDITABLE = tuple(name for name in Item.model_fields if name not in FIXED)

DIFFER = "reviewers_differ"
"""Reason for review of an item about which people do not decide alike."""

FIRST = "0" * 64
"""What stands for the hash of a line before the first."""

MAX_NAME, MAX_REASON = 80, 2000
"""Longest name of a reviewer and longest reason, in code points."""


class Action(StrEnum):
    """What a person does with an item."""

    ACCEPT = "accept"
    REJECT = "reject"
    EDIT = "edit"
    SPLIT = "split"
    UNDO = "undo"
    """Takes back the reviewer's own last decision about the item."""


def is_name(text: str) -> bool:
    r"""Whether a reviewer can be called so: short, printable, no blank at either end.

    >>> [is_name(text) for text in ("Ada Meier", "", " Ada", "A\nB")]
    [True, False, False, False]
    """
    return 0 < len(text) <= MAX_NAME and text.isprintable() and text == text.strip()


class Decision(BaseModel):
    """One line of ``reviews.jsonl``; ``before`` and ``after`` hold the changed fields alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: str = Field(min_length=1, max_length=64)
    document: str = Field(pattern=r"^[0-9a-f]{64}$")
    action: Action
    reviewer: str
    at: str = Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
    seen: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Fingerprint of the item decided about: a decision does not hold for another reading."""
    before: dict[str, Any] = Field(default_factory=dict)
    after: dict[str, Any] = Field(default_factory=dict)
    reason: str = Field(default="", max_length=MAX_REASON)
    previous: str = Field(default=FIRST, pattern=r"^[0-9a-f]{64}$")
    """Hash of the line before."""

    @field_validator("reviewer")
    @classmethod
    def _printable(cls, name: str) -> str:
        if not is_name(name):
            raise ValueError("a name has printable characters and no blank at its ends")
        return name


@dataclass(frozen=True)
class Judged:
    """An item as it stands: its ``review`` tells the state, ``root`` the machine's item."""

    item: Item
    root: str
    decisions: tuple[Decision, ...] = ()
    """Decisions that hold for it, in order; of a part also those about the whole."""


def fingerprint(item: Item) -> str:
    """Hash of what an item says, whoever read it; a field of a later version does not change it."""
    told = item.model_dump_json(
        exclude_defaults=True, exclude={"review", "engine", "rule", "codes"}
    )
    return hashlib.sha256(told.encode()).hexdigest()


# --- changes ----------------------------------------------------------------------------------


def edited(item: Item, after: Mapping[str, Any]) -> Item:
    """The item with some fields replaced; engine, rule and id stay.

    Raises ``BadInput`` for a field that nobody may edit and for a value that fits none.
    """
    if stray := sorted(set(after) - set(EDITABLE)):
        raise BadInput(
            f"{', '.join(stray)} of item {item.id} cannot be edited",
            expected=f"one of {', '.join(EDITABLE)}",
        )
    try:
        return Item.model_validate({**item.model_dump(mode="json"), **after})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BadInput(f"{place} of item {item.id} does not fit: {first['msg']}") from error


def changes(item: Item, other: Item) -> tuple[dict[str, Any], dict[str, Any]]:
    """Editable fields in which two items differ, as JSON: before and after."""
    one, two = item.model_dump(mode="json"), other.model_dump(mode="json")
    names = [name for name in EDITABLE if one[name] != two[name]]
    return {name: one[name] for name in names}, {name: two[name] for name in names}


def refuse_ungrounded(item: Item, text: str) -> None:
    """Cut every span again; one that is not what stands in the text is a ``BadInput``."""
    for path, span in item.spans():
        if text[span.start : span.end] != span.text:
            raise BadInput(
                f"{path} of item {item.id} says {span.text[:60]!r}; the document has "
                f"{text[span.start : span.end][:60]!r} from {span.start} to {span.end}",
                expected="the words of the document, exactly",
            )


def split_at(item: Item, text: str, at: int) -> list[Spans]:
    """Contents of the two items that a cut before code point ``at`` makes, blanks trimmed.

    >>> from truceline.domain.words import Kind, Speaker, Attribution
    >>> whole = Item(id="i", document="0" * 64, kind=Kind.CLAIM, content=[Span.cut("a b", 0, 3)],
    ...              speaker=Speaker(), attribution=Attribution.EXPLICIT, engine="e", rule="r")
    >>> [[(s.start, s.end) for s in part] for part in split_at(whole, "a b", 2)]
    [[(0, 1)], [(2, 3)]]
    """
    left = [_trimmed(text, s.start, min(s.end, at)) for s in item.content]
    right = [_trimmed(text, max(s.start, at), s.end) for s in item.content]
    parts = [tuple(span for span in side if span) for side in (left, right)]
    if not all(parts):
        raise BadInput(
            f"a cut at {at} leaves one side of item {item.id} empty",
            expected="a place between two words of the content",
        )
    return parts


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span.cut(text, start, end) if start < end else None


def parts_of(item: Item, contents: Sequence[Spans]) -> list[Item]:
    """Items that a content falls into; what stands in another part only is left out of each."""
    inside = [(span.start, span.end) for span in item.content]
    cut = sorted((span.start, span.end) for content in contents for span in content)
    overlap = any(b[0] < a[1] for a, b in pairwise(cut))
    astray = any(not any(s <= a and b <= e for s, e in inside) for a, b in cut)
    if len(contents) < 2 or not all(contents) or overlap or astray:
        raise BadInput(
            f"item {item.id} does not fall into these parts",
            expected="two or more parts of its content that do not overlap",
        )
    return [_part(item, content, contents) for content in contents]


def _part(item: Item, content: Spans, contents: Sequence[Spans]) -> Item:
    others = [span for other in contents if other is not content for span in other]

    def stays(span: Span) -> bool:
        return not any(o.start <= span.start and span.end <= o.end for o in others)

    time, condition = item.time, item.conditionality
    places = [(span.start, span.end) for span in content]
    return item.model_copy(
        update={
            "id": item_id(item.document, f"{item.id}/{item.kind}", places),
            "content": content,
            "hedges": tuple(filter(stays, item.hedges)),
            "numbers": tuple(number for number in item.numbers if stays(number.span)),
            "time": time if all(map(stays, time.spans)) else Times(),
            "conditionality": (condition if all(map(stays, condition.spans)) else Conditionality()),
            "review": Reviewed(state=Review.EDITED),
        }
    )


# --- what decisions add up to -----------------------------------------------------------------


def judged_by(
    items: Iterable[Item], decisions: Iterable[Decision], reviewer: str
) -> list[list[Judged]]:
    """Each item as it stands for one reviewer, in the order of the items; several where split."""
    stacks = _stacks(d for d in decisions if d.reviewer == reviewer)
    return [list(_judge(item, item.id, stacks, ())) for item in items]


def judged(items: Iterable[Item], decisions: Iterable[Decision]) -> list[list[Judged]]:
    """Each item as it stands for all: where reviewers differ, the machine's item, to be reviewed.

    A reviewer who has not decided about an item does not count for it.
    """
    items, decisions = list(items), list(decisions)
    views = [judged_by(items, decisions, name) for name in reviewers(decisions)]
    return [
        _together(item, [view[n] for view in views if view[n][0].decisions], decisions)
        for n, item in enumerate(items)
    ]


def reviewers(decisions: Iterable[Decision]) -> list[str]:
    """Names of all who decided, in the order in which they came."""
    return list(dict.fromkeys(decision.reviewer for decision in decisions))


def done_after(items: Iterable[Item], decisions: Sequence[Decision], reviewer: str) -> int | None:
    """Number of decisions of the log after which a reviewer had one for every item; None: not yet.

    Until then the reviewer sees no other's decisions, so that these are independent.
    """
    open_ids = {item.id for item in items}
    held: dict[str, int] = dict.fromkeys(open_ids, 0)
    for n, decision in enumerate(decisions, 1):
        if decision.reviewer != reviewer or decision.item not in held:
            continue
        step = -1 if decision.action is Action.UNDO else 1
        held[decision.item] = max(0, held[decision.item] + step)
        (open_ids.discard if held[decision.item] else open_ids.add)(decision.item)
        if not open_ids:
            return n
    return None


def left_out(items: Iterable[Item], decisions: Iterable[Decision], reviewer: str) -> int:
    """Decisions of a reviewer that stand and hold for no item: they are about another reading."""
    decisions = [decision for decision in decisions if decision.reviewer == reviewer]
    view = judged_by(items, decisions, reviewer)
    held = {id(decision) for ones in view for one in ones for decision in one.decisions}
    stacks = _stacks(decisions).values()
    return sum(id(decision) not in held for stack in stacks for decision in stack)


def _stacks(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Decisions that are not taken back, by item."""
    stacks: dict[str, list[Decision]] = {}
    for decision in decisions:
        stack = stacks.setdefault(decision.item, [])
        if decision.action is not Action.UNDO:
            stack.append(decision)
        elif stack:
            _forget(stack.pop(), stacks)
    return stacks


def _forget(taken_back: Decision, stacks: dict[str, list[Decision]]) -> None:
    """With a split go the decisions about its parts."""
    if taken_back.action is Action.SPLIT:
        for part in taken_back.after["parts"]:
            for decision in stacks.pop(part["id"], []):
                _forget(decision, stacks)


def _judge(
    base: Item, root: str, stacks: Mapping[str, list[Decision]], trail: tuple[Decision, ...]
) -> Iterator[Judged]:
    own = stacks.get(base.id, [])
    mark = fingerprint(base) if own else ""
    own = [decision for decision in own if decision.seen == mark]
    item, state = base, base.review.state
    for n, decision in enumerate(own, 1):
        if decision.action is Action.SPLIT:
            contents = [_spans(part["content"]) for part in decision.after["parts"]]
            for part in parts_of(item, contents):
                yield from _judge(part, root, stacks, (*trail, *own[:n]))
            return
        if decision.action is Action.EDIT:
            item = edited(item, decision.after)
        touched = bool(trail) or item is not base
        kept = Review.EDITED if touched else Review.ACCEPTED
        state = Review.REJECTED if decision.action is Action.REJECT else kept
    review = Reviewed(state=state, reasons=base.review.reasons)
    yield Judged(item.model_copy(update={"review": review}), root, (*trail, *own))


def _spans(raw: Iterable[Mapping[str, Any]]) -> Spans:
    return tuple(Span.model_validate(span) for span in raw)


def _together(item: Item, views: Sequence[list[Judged]], log: Sequence[Decision]) -> list[Judged]:
    if not views:
        return [Judged(item, item.id)]

    def of(ones: Iterable[Judged]) -> tuple[Decision, ...]:
        held = {id(decision) for one in ones for decision in one.decisions}
        return tuple(decision for decision in log if id(decision) in held)

    first, *others = [[one.item for one in view] for view in views]
    if all(other == first for other in others):
        same = zip(*views, strict=True)
        return [Judged(ones[0].item, item.id, of(ones)) for ones in same]
    reasons = tuple(dict.fromkeys((*item.review.reasons, DIFFER)))
    review = Reviewed(state=Review.TO_REVIEW, reasons=reasons)
    every = of(one for view in views for one in view)
    return [Judged(item.model_copy(update={"review": review}), item.id, every)]
