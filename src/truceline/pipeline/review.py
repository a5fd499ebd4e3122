"""Reviewing a folder that `truceline read` wrote: one reviewer's desk, figures, exports.

A reviewer sees the own decisions alone until there is one for every statement.  That keeps two
reviewers independent of each other; it is an agreement between people and no lock, since
``reviews.jsonl`` is a readable file in the folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from truceline.archive.reading import Reading, load_reading
from truceline.archive.reviews import (
    REVIEWS,
    append_review,
    load_reviews,
    refuse_ungrounded_reviews,
)
from truceline.clock import stamp
from truceline.domain.decisions import (
    MAX_NAME,
    Action,
    Decision,
    Judged,
    changes,
    done_after,
    edited,
    fingerprint,
    is_name,
    judged,
    judged_by,
    left_out,
    parts_of,
    refuse_ungrounded,
    split_at,
)
from truceline.domain.said import Said
from truceline.domain.words import Item, Span
from truceline.errors import BadInput
from truceline.report.annotations import EXPORTS, annotations_jsonld, items_csv
from truceline.report.review_page import ReviewPage, Served
from truceline.report.reviewers import alike, told_alike
from truceline.report.tongue import LANGUAGES

PLAIN_FIELDS = ("kind", "attribution", "polarity", "modality", "reciprocity")
"""Fields of an item that the edit form sends as they are."""

ACTORS = ("debtor", "beneficiary")
TIMES = ("duration", "deadline", "effective")
ACTIONS = tuple(action.value for action in Action)


class Desk:
    """One reviewer at one folder; every call reads ``reviews.jsonl`` anew.

    ``clock`` gives the moment of a decision.  Raises what `load_reading` and `load_reviews` raise.
    """

    def __init__(self, folder: Path, reviewer: str, clock: Callable[[], datetime]) -> None:
        self._reading, self._path = load_reading(folder), folder / REVIEWS
        self._reviewer, self._clock = reviewer, clock
        if not is_name(reviewer):
            raise BadInput(
                f"{reviewer!r} is no name of a reviewer",
                expected=f"1 to {MAX_NAME} printable characters, no blank at either end",
                remedy="name yourself with --reviewer",
            )
        self._decisions()

    def page(self, language: str, nonce: str) -> str:
        """The page as this reviewer may see it."""
        decisions = self._decisions()
        done = self._done(decisions)
        figures = _figures(self._reading, decisions) if done else []
        outside = left_out(self._reading.items, decisions, self._reviewer)
        return self._page(decisions, language, nonce).page(figures, outside)

    def decide(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Append one decision; the parts of the page that it changes.

        ``request`` is what the page sends: ``item``, ``action``, and by action ``reason``,
        ``fields`` (edit) or ``at`` (split, in code points), and its ``language``.  Raises
        ``BadInput`` and appends nothing for whatever does not fit.
        """
        decisions = self._decisions()
        one = self._find(decisions, request.get("item"))
        try:
            decision = self._decision(one, request)
        except ValidationError as error:
            raise BadInput(f"no decision: {error.errors()[0]['msg']}") from error
        now = (*decisions, append_review(self._path, decision))
        language = request.get("language")
        page = self._page(now, language if language in LANGUAGES else "en", "")
        moved = decision.action in (Action.EDIT, Action.SPLIT, Action.UNDO)
        return {
            "cards": page.cards(one.root),
            "text": page.text(one.item.document) if moved else None,
            "progress": page.progress(),
        }

    def export(self, name: str) -> bytes:
        """A file of `EXPORTS`: the reviewer's own view, and once done that of all."""
        decisions = self._decisions()
        done = self._done(decisions)
        view = judged(self._reading.items, decisions) if done else self._view(decisions)
        return export(self._reading, view, name)

    def _decisions(self) -> tuple[Decision, ...]:
        decisions = load_reviews(self._path)
        refuse_ungrounded_reviews(decisions, self._reading.texts)
        return decisions

    def _view(self, decisions: Iterable[Decision]) -> list[list[Judged]]:
        return judged_by(self._reading.items, decisions, self._reviewer)

    def _done(self, decisions: Sequence[Decision]) -> bool:
        return done_after(self._reading.items, decisions, self._reviewer) is not None

    def _page(self, decisions: Sequence[Decision], language: str, nonce: str) -> ReviewPage:
        others = [d for d in decisions if d.reviewer != self._reviewer]
        return ReviewPage(
            self._reading,
            self._view(decisions),
            language=language,
            others=others if self._done(decisions) else (),
            served=Served(self._reviewer, nonce),
        )

    def _find(self, decisions: Sequence[Decision], name: object) -> Judged:
        for ones in self._view(decisions):
            for one in ones:
                if one.item.id == name:
                    return one
        raise BadInput(
            f"there is no statement {str(name)[:40]!r} now", remedy="load the page again"
        )

    def _decision(self, one: Judged, request: Mapping[str, Any]) -> Decision:
        named = str(request.get("action"))
        if named not in ACTIONS:
            raise BadInput(f"{named[:40]!r} is no action", expected=f"one of {', '.join(ACTIONS)}")
        action, about = Action(named), one.item.id
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        text = self._reading.texts[one.item.document]
        if action is Action.UNDO:
            about = _last(one)
        elif action is Action.EDIT:
            before, after = _edit(one.item, request.get("fields"), text)
        elif action is Action.SPLIT:
            before, after = _split(one.item, request.get("at"), text)
        return Decision(
            item=about,
            document=one.item.document,
            action=action,
            reviewer=self._reviewer,
            at=str(stamp(self._clock())),
            seen=self._seen(one, about),
            before=before,
            after=after,
            reason=str(request.get("reason") or ""),
        )

    def _seen(self, one: Judged, about: str) -> str:
        """Fingerprint of the item before any decision about it."""
        own = [decision for decision in one.decisions if decision.item == about]
        if own:
            return own[-1].seen
        held = next((item for item in self._reading.items if item.id == about), one.item)
        return fingerprint(held)


@dataclass(frozen=True)
class Reviewed:
    """A folder with all its decisions: every item as it stands, and figures for two reviewers."""

    reading: Reading
    view: list[list[Judged]]
    figures: list[Said]


def load_reviewed(folder: Path) -> Reviewed:
    """Everything that was read and decided, of all reviewers together."""
    reading = load_reading(folder)
    decisions = load_reviews(folder / REVIEWS)
    refuse_ungrounded_reviews(decisions, reading.texts)
    return Reviewed(reading, judged(reading.items, decisions), _figures(reading, decisions))


def _figures(reading: Reading, decisions: Sequence[Decision]) -> list[Said]:
    pairs = alike(reading.items, decisions)
    return [sentence for pair in pairs for sentence in told_alike(pair)]


def export(reading: Reading, view: Sequence[Sequence[Judged]], name: str) -> bytes:
    """A view as a file of `EXPORTS`, chosen by the ending of its name."""
    ending = name.rpartition(".")[2]
    if ending not in EXPORTS:
        raise BadInput(f"{name!r} has no known ending", expected=f"one of {', '.join(EXPORTS)}")
    return annotations_jsonld(reading, view) if ending == "jsonld" else items_csv(reading, view)


# --- from the form to an item -----------------------------------------------------------------


def _last(one: Judged) -> str:
    if not one.decisions:
        raise BadInput(f"nothing was decided about {one.item.id} that could be taken back")
    return one.decisions[-1].item


def _edit(item: Item, fields: object, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if not isinstance(fields, dict):
        raise BadInput("an edit needs its fields")
    new = edited(item, _after(item, fields, text))
    refuse_ungrounded(new, text)
    before, after = changes(item, new)
    if not after:
        raise BadInput("nothing was changed", remedy="accept the statement as it is")
    return before, after


def _after(item: Item, fields: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Fields of the form as fields of an item."""
    after: dict[str, Any] = {name: fields[name] for name in PLAIN_FIELDS if name in fields}
    after |= {name: fields[name] or None for name in ACTORS if name in fields}
    now = item.model_dump(mode="json")
    if named := {name: fields[name] or None for name in TIMES if name in fields}:
        after["time"] = {**now["time"], **named}
    if "condition" in fields:
        after["conditionality"] = {**now["conditionality"], "type": fields["condition"]}
    if "content" in fields:
        after["content"] = located(fields["content"], text)
    speaker = dict(now["speaker"])
    if "actor" in fields:
        speaker["actor"] = fields["actor"]
    if "speaker" in fields:
        speaker["spans"] = located(fields["speaker"], text)
    return {**after, "speaker": speaker}


def _split(item: Item, at: object, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if not isinstance(at, int):
        raise BadInput("a split needs the place of its cut")
    parts = parts_of(item, split_at(item, text, at))
    dumped = [part.model_dump(mode="json") for part in parts]
    before = {"content": item.model_dump(mode="json")["content"]}
    return before, {"parts": [{"id": d["id"], "content": d["content"]} for d in dumped]}


def located(quotes: object, text: str) -> list[dict[str, Any]]:
    """Spans of quotations ``{"text", "near"}``, each at the place nearest to ``near``.

    Only blanks and line ends may differ from the document; what stands there is what is kept.

    >>> located([{"text": "a  b", "near": 5}], "a b, a b")
    [{'start': 5, 'end': 8, 'text': 'a b'}]
    >>> located([{"text": "a c", "near": 0}], "a b")
    Traceback (most recent call last):
        ...
    truceline.errors.BadInput: 'a c' does not stand in the document
    """
    if not isinstance(quotes, list):
        raise BadInput("words are sent as a list")
    spans = [_located(quote, text) for quote in quotes]
    return [span.model_dump() for span in sorted(spans, key=lambda span: span.start)]


def _located(quote: object, text: str) -> Span:
    words = quote.get("text") if isinstance(quote, dict) else None
    near = quote.get("near") if isinstance(quote, dict) else None
    if not isinstance(words, str) or not words.split() or not isinstance(near, int):
        raise BadInput("a quotation needs its text and where it is near to")
    form = r"\s+".join(map(re.escape, words.split()))
    found = min(re.finditer(form, text), key=lambda m: abs(m.start() - near), default=None)
    if found is None:
        raise BadInput(
            f"{words[:60]!r} does not stand in the document",
            expected="words of the document, letter by letter",
        )
    return Span.cut(text, *found.span())
