"""``reviews.jsonl``: what people decided about items, one line each, only ever appended to.

Every line holds the hash of the line before, so that a line that was changed, dropped or put in
later is found on load.  A line is written whole under a lock of the file and forced to the disk.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from truceline.archive.lock import locked
from truceline.archive.texts import canonical_json
from truceline.domain.decisions import FIRST, Decision
from truceline.errors import BadFile, BadInput, Where

REVIEWS = "reviews.jsonl"


def load_reviews(path: Path) -> tuple[Decision, ...]:
    """Every decision in order; none where there is no file.

    Raises ``BadFile`` with the line: one that was not finished, one that is no decision, one that
    does not follow the line before.
    """
    if not path.is_file():
        return ()
    with path.open("rb") as file, locked(file, shared=True):
        raw = file.read()
    decisions = []
    before = FIRST
    for n, line in enumerate(_lines(raw, path), 1):
        decision = _decision(line, Where(path.name, n))
        if decision.previous != before:
            raise BadFile(
                "the line does not follow the one before: the history was changed",
                Where(path.name, n, "previous"),
                expected=before,
                remedy="restore the file from a copy; its lines are never edited",
            )
        decisions.append(decision)
        before = hashlib.sha256(line).hexdigest()
    return tuple(decisions)


def append_review(path: Path, decision: Decision) -> Decision:
    """Add one line, and return it as it stands there, with the hash of the line before.

    The line is there as a whole or not at all: what a full disk has left of it is cut off again.
    """
    with path.open("a+b") as file, locked(file):
        file.seek(0)
        raw = file.read()
        *_, last = [b"", *_lines(raw, path)]
        chained = decision.model_copy(
            update={"previous": hashlib.sha256(last).hexdigest() if last else FIRST}
        )
        try:
            file.write(canonical_json(chained.model_dump(mode="json")) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), len(raw))
            raise
    return chained


def refuse_ungrounded_reviews(decisions: Iterable[Decision], texts: Mapping[str, str]) -> None:
    """Cut every span that a person set again; one that is not in its document is a ``BadInput``.

    ``texts`` holds decoded texts by the hash of their document; decisions about others are kept,
    since the history outlives a reading.
    """
    for n, decision in enumerate(decisions, 1):
        text = texts.get(decision.document)
        for span in _spans(decision.after) if text is not None else ():
            if text is not None and text[span["start"] : span["end"]] != span["text"]:
                raise BadInput(
                    f"{span['text'][:60]!r} does not stand at {span['start']} of the document",
                    Where(REVIEWS, n, "after"),
                    expected="the words of the document, exactly",
                    remedy="restore the file from a copy; its lines are never edited",
                )


def _spans(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        if value.keys() == {"start", "end", "text"}:
            yield value
        for part in value.values():
            yield from _spans(part)
    elif isinstance(value, list):
        for part in value:
            yield from _spans(part)


def _lines(raw: bytes, path: Path) -> list[bytes]:
    *lines, rest = raw.split(b"\n")
    if rest:
        raise BadFile(
            f"the last line was not finished ({len(rest)} bytes without a line end)",
            Where(path.name, len(lines) + 1),
            expected="whole lines",
            remedy="delete this one line: the decision in it was not kept; the lines before are",
        )
    return lines


def _decision(line: bytes, where: Where) -> Decision:
    try:
        return Decision.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or None
        raise BadFile(
            f"no decision: {first['msg']}",
            Where(where.file, where.line, field),
            expected="a line as `truceline review` writes it",
            remedy="restore the file from a copy",
        ) from error
