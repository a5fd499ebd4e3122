"""The answer of a second reader: its schema, and a parser that takes nothing on trust."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from truceline.domain.words import Kind, Modality, Polarity
from truceline.errors import BadInput

MOST = 60
"""Statements that are taken from the answer about one chunk; the rest is refused."""

SHOWN = 600
"""Characters of a refused statement that are kept; the whole answer lies in the archive."""

Quote = Annotated[str, StringConstraints(min_length=1, max_length=3000)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Counted(_Part):
    """A number and the words of it."""

    value: float
    quote: Quote


class Told(_Part):
    """One statement as the reader tells it: quotations and readings of them, no offsets."""

    kind: Kind
    content: Annotated[tuple[Quote, ...], Field(min_length=1, max_length=8)]
    speaker: Quote | None
    actor: Code
    cue: Quote | None
    debtor: Code | None
    polarity: Polarity
    modality: Modality
    numbers: Annotated[tuple[Counted, ...], Field(max_length=16)]
    duration: Code | None
    hedges: Annotated[tuple[Quote, ...], Field(max_length=8)]
    condition: Quote | None


class Answer(_Part):
    """The whole answer about one chunk."""

    statements: tuple[Told, ...]


@dataclass(frozen=True)
class Refused:
    """A statement, or an answer, that is not taken, why, and how it began."""

    reason: str
    raw: str


def answer_schema() -> dict[str, Any]:
    """JSON Schema of an answer in its plainest form: every key needed, no other allowed.

    >>> schema = answer_schema()
    >>> schema["additionalProperties"], schema["required"], sorted(schema["$defs"])[-1]
    (False, ['statements'], 'Told')
    """
    plain: dict[str, Any] = _plain(Answer.model_json_schema())
    return plain


LEFT_OUT = frozenset(
    {"title", "description", "minLength", "maxLength", "minItems", "maxItems", "format"}
)
"""Keywords that many endpoints refuse or cannot follow; the parser holds the limits itself."""


def _plain(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: _plain(part) for name, part in schema.items() if name not in LEFT_OUT}
    return [_plain(part) for part in schema] if isinstance(schema, list) else schema


def content_of(raw: bytes) -> str:
    """The text that the model wrote, out of the body of a chat completion.

    Raises ``BadInput`` where the body is something else: a web page, another protocol.
    """
    try:
        body = json.loads(raw.decode())
        text = body["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise BadInput(
            f"no chat completion: {_shown(raw.decode('utf-8', 'replace'))[:120]!r}",
            expected='JSON with choices[0].message.content, of an "OpenAI-compatible" endpoint',
            remedy="name the base address of that interface, often http://127.0.0.1:PORT/v1",
        ) from error
    return text if isinstance(text, str) else ""


def statements_in(text: str) -> Iterator[Told | Refused]:
    """Statements of an answer one by one; a broken one spoils no other.

    >>> [one.reason for one in statements_in('{"statements": [], "note": "done"}')]
    ['the answer has other keys: note']
    """
    try:
        held = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        yield Refused(f"the answer is no JSON: {error}"[:200], _shown(text))
        return
    if not isinstance(held, dict) or not isinstance(held.get("statements"), list):
        yield Refused("the answer is no list of statements", _shown(text))
        return
    if set(held) != {"statements"}:
        others = ", ".join(sorted(set(held) - {"statements"}))
        yield Refused(f"the answer has other keys: {_shown(others)[:100]}", _shown(text))
        return
    rows = held["statements"]
    for row in rows[:MOST]:
        yield _told(row)
    if len(rows) > MOST:
        rest = json.dumps(rows[MOST : MOST + 3])
        yield Refused(f"{len(rows)} statements, only {MOST} are read", _shown(rest))


def _told(row: Any) -> Told | Refused:
    raw = json.dumps(row)
    try:
        return Told.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        return Refused(_shown(f"{field}: {first['msg']}")[:200], _shown(raw))


def _shown(text: str) -> str:
    """The beginning of a text, with what is no text replaced."""
    return text[:SHOWN].encode("utf-8", "replace").decode()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one in which a key stands twice gets a key that nobody knows, and is refused."""
    held = dict(pairs)
    return held if len(held) == len(pairs) else held | {"a key that stands twice": None}
