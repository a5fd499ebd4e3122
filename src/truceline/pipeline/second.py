"""The second reader of ``truceline read --reader``: asked, held against the text, recorded.

Off unless asked for.  What it is sent and what it answers is kept, so that a run can be read
again without it; a run that sends text to another machine says so before and in its record.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from truceline.archive.atomic import replace_file
from truceline.archive.door import Door, Target, target_of
from truceline.archive.texts import canonical_json, pretty_json
from truceline.domain.words import Document, Item
from truceline.errors import BadFile, BadInput, MissingFile, Where
from truceline.words.actors import Registry
from truceline.words.check import actors_in
from truceline.words.found import Stretch
from truceline.words.reader import (
    LONGEST,
    Actors,
    Refused,
    agree,
    answer_schema,
    chunks,
    content_of,
    grounded,
    question,
    system_text,
)

RECORD, ANSWERS = "reader.json", "answers"
SCHEMA, ANSWER_SCHEMA = "truceline-reader/1", "truceline-answer/1"
PATH = "/chat/completions"


@dataclass(frozen=True)
class SecondReader:
    """Which reader a run asks: an endpoint, or the folder of answers of an earlier run.

    ``allow_remote`` names hosts that the text may leave this machine for; ``key_env`` is the
    name of the variable of the environment that holds the key, if the endpoint wants one.
    """

    model: str
    url: str | None = None
    allow_remote: frozenset[str] = frozenset()
    key_env: str | None = None
    answers: Path | None = None

    def __post_init__(self) -> None:
        if (self.url is None) == (self.answers is None):
            raise BadInput(
                "a second reader needs an address or the answers of an earlier run, one of them",
                remedy="give --reader URL, or --reader-answers DIR",
            )
        if not self.model.strip() or not self.model.isprintable():
            raise BadInput("a second reader needs a model", remedy="name it with --model NAME")

    @property
    def target(self) -> Target | None:
        """The checked address; None where answers are read again.  Raises ``HostRefused``."""
        return target_of(self.endpoint, self.allow_remote) if self.url else None

    @property
    def endpoint(self) -> str:
        """The address that is asked: that of chat completions below the base address."""
        base, mark, query = (self.url or "").partition("?")
        base = base.rstrip("/")
        return (base if base.endswith(PATH) else base + PATH) + mark + query


@dataclass(frozen=True)
class Answered:
    """One answer as it came, with who gave it and when: the content of a file of ``answers/``."""

    request: str
    """Hash of the question, which holds prompt, schema, model and text."""
    model: str
    endpoint: str
    host: str
    address: str
    remote: bool
    at: str | None
    body: str
    schema: str = ANSWER_SCHEMA


@dataclass
class Heard:
    """What a second reader said of some documents: its items, and the record of asking it."""

    items: list[Item] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    answers: dict[str, Answered] = field(default_factory=dict)
    """By the hash of their question."""
    record: dict[str, object] = field(default_factory=dict)


def ask_reader(
    documents: Sequence[Document],
    registry: Registry,
    second: SecondReader,
    *,
    clock: Callable[[], datetime],
    warn: Callable[[str], None],
    door: Door | None = None,
) -> Heard:
    """Ask a second reader about documents, chunk by chunk, and ground what it answers.

    ``warn`` is told before a text leaves the machine.  Raises ``HostRefused`` before anything is
    sent, ``NoAnswer`` and ``BadInput`` where no reader answers; a broken answer is no error.
    """
    ask = _asking(second, door or Door(clock, second.allow_remote))
    target = second.target
    if target is not None and target.is_remote:
        n = sum(len(document.text) for document in documents)
        warn(
            f"the text of {len(documents)} documents ({n} characters) leaves this machine: "
            f"it is sent to {target.host}, which --allow-remote allows for this run"
        )
    heard = Heard()
    rows: list[dict[str, object]] = []
    for document in documents:
        actors = actors_in(registry, document)
        parts = [_hear(document, c, actors, second, heard, ask) for c in chunks(document.text)]
        rows.append({"document": document.sha256, "chunks": parts})
    heard.record = _record(second, heard, rows)
    return heard


Ask = Callable[[str, bytes], Answered]


def _hear(
    document: Document,
    chunk: Stretch,
    actors: Actors,
    second: SecondReader,
    heard: Heard,
    ask: Ask,
) -> dict[str, object]:
    """Ask about a chunk; what came of it, for the record."""
    told: dict[str, object] = {"start": chunk[0], "end": chunk[1]}
    found: Sequence[Item | Refused]
    if chunk[1] - chunk[0] > LONGEST:
        found = [Refused(f"a paragraph longer than {LONGEST} is not asked about", "")]
    else:
        answer = _answer(document, chunk, second, heard, ask)
        told |= _told(answer)
        text = content_of(answer.body.encode())
        found = grounded(text, document, actors, model=second.model, chunk=chunk)
    items = [one for one in found if isinstance(one, Item)]
    refused = [one for one in found if isinstance(one, Refused)]
    heard.items += items
    heard.refused += refused
    return told | {
        "items": [item.id for item in items],
        "refused": [asdict(one) for one in refused],
    }


def _answer(
    document: Document, chunk: Stretch, second: SecondReader, heard: Heard, ask: Ask
) -> Answered:
    """The answer about a chunk; the same question is asked once."""
    text = document.text[slice(*chunk)]
    body = canonical_json(question(text, document.language, second.model))
    request = hashlib.sha256(body).hexdigest()
    if request not in heard.answers:
        heard.answers[request] = ask(request, body)
    return heard.answers[request]


def _asking(second: SecondReader, door: Door) -> Ask:
    """How a question gets its answer: from the endpoint, or from the folder of an earlier run."""
    folder, target = second.answers, second.target
    if folder is not None:
        return lambda request, body: _kept_answer(folder, request)
    key = _key(second.key_env)
    headers = {"Authorization": f"Bearer {key}"} if key else {}

    def ask(request: str, body: bytes) -> Answered:
        raw = door.post_json(second.endpoint, body, headers)
        content_of(raw)
        if key and key.encode() in raw:
            raise BadInput("the answer repeats the key; nothing of it is kept")
        sent = door.sent[-1]
        return Answered(
            request,
            second.model,
            sent.endpoint,
            sent.host,
            sent.address,
            sent.is_remote,
            sent.at,
            raw.decode(),
        )

    if target is None:
        raise BadInput("no address to ask")
    return ask


def _key(name: str | None) -> str:
    if name is None:
        return ""
    key = os.environ.get(name, "")
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise BadInput(
            f"the variable {name} holds no key",
            expected="a key on one line, without spaces",
            remedy="set it, or leave --key-env out",
        )
    return key


def _kept_answer(folder: Path, request: str) -> Answered:
    path = folder / f"{request}.json"
    if not path.is_file():
        raise MissingFile(
            f"{path} is missing: this question has no answer there",
            expected="answers of a run over the same documents, with the same model and version",
            remedy="ask again with --reader URL",
        )
    try:
        held = json.loads(path.read_bytes())
        answer = Answered(**held)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadFile(f"no kept answer: {error!r}"[:200], Where(path.name)) from error
    if answer.schema != ANSWER_SCHEMA or answer.request != request:
        raise BadFile(
            "it answers another question", Where(path.name), expected=f"{ANSWER_SCHEMA}, {request}"
        )
    if not all(isinstance(v, str) for v in (answer.body, answer.endpoint, answer.host)):
        raise BadFile("no kept answer: text is missing", Where(path.name))
    return answer


# --- record ------------------------------------------------------------------------------------


def _told(answer: Answered) -> dict[str, object]:
    body = hashlib.sha256(answer.body.encode()).hexdigest()
    return {
        "request_sha256": answer.request,
        "answer_sha256": body,
        "address": answer.address,
        "at": answer.at,
    }


def _record(second: SecondReader, heard: Heard, rows: list[dict[str, object]]) -> dict[str, object]:
    answers = heard.answers.values()
    return {
        "schema": SCHEMA,
        "model": second.model,
        "endpoints": sorted({answer.endpoint for answer in answers}),
        "hosts": sorted({answer.host for answer in answers}),
        "remote": any(answer.remote for answer in answers),
        "replayed": second.answers is not None,
        "prompt_sha256": hashlib.sha256(system_text().encode()).hexdigest(),
        "schema_sha256": hashlib.sha256(canonical_json(answer_schema())).hexdigest(),
        "documents": rows,
    }


def with_second_reader(items: Sequence[Item], heard: Heard) -> tuple[Item, ...]:
    """Statements of both readers: differences and what only the second found go to review."""
    return tuple(agree(items, heard.items))


def write_heard(folder: Path, heard: Heard | None) -> None:
    """Put the record and the answers into the folder of a reading.

    Without a second reader the record of an earlier run goes, since it tells of other statements;
    the answers of that run stay, so that they can be read again.
    """
    if heard is None:
        (folder / RECORD).unlink(missing_ok=True)
        return
    (folder / ANSWERS).mkdir(parents=True, exist_ok=True)
    for request, answer in heard.answers.items():
        replace_file(folder / ANSWERS / f"{request}.json", pretty_json(asdict(answer)))
    replace_file(folder / RECORD, pretty_json(heard.record))


def summary(heard: Heard) -> Mapping[str, object]:
    """Counts for the terminal: statements that stand in the text, and refused ones."""
    return {
        "statements": len(heard.items),
        "refused": len(heard.refused),
        "questions": len(heard.answers),
        "remote": heard.record["remote"],
    }
