"""A second reader over the wire: asked by name, grounded, recorded, read again without it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.fake_server import Fake, answer, serving
from tests.words.test_reader import (
    DE,
    DOUBTED,
    DRONES,
    EN,
    GERMAN,
    INJECTIONS,
    PAUSE,
    PORTS,
    PORTS_EN,
    REFUSED,
    document,
    told,
)
from truceline.archive.door import Door, HostRefused, NoAnswer, Sent, target_of
from truceline.domain.words import Item, Review
from truceline.errors import BadFile, BadInput, MissingFile
from truceline.pipeline.second import (
    Heard,
    SecondReader,
    ask_reader,
    summary,
    with_second_reader,
    write_heard,
)
from truceline.words.actors import Registry
from truceline.words.engine import read_statements
from truceline.words.reader import LONGEST

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

KNOWN = Registry.known()


def clock() -> datetime:
    return datetime(2025, 5, 2, 9, tzinfo=UTC)


def completion(text: str, **more: Any) -> bytes:
    message = {"role": "assistant", "content": text}
    return json.dumps({"choices": [{"message": message, "finish_reason": "stop"}]} | more).encode()


def says(*statements: Any) -> Callable[[BaseHTTPRequestHandler, bytes], None]:
    """A reader that answers every question with these statements."""
    body = completion(json.dumps({"statements": list(statements)}))
    return lambda handler, _: answer(handler, body)


@pytest.fixture
def fake() -> Iterator[Fake]:
    with serving() as made:
        yield made


def reader(fake: Fake, **named: Any) -> SecondReader:
    return SecondReader(model="m", url=fake.url, **named)


def ask(second: SecondReader, *sources: Any, door: Door | None = None) -> Heard:
    warned: list[str] = []
    heard = ask_reader(sources or (DE,), KNOWN, second, clock=clock, warn=warned.append, door=door)
    heard.record["warned"] = warned
    return heard


def engine_items(*sources: Any) -> list[Item]:
    return [item for source in sources for item in read_statements(source, KNOWN)]


# --- an honest reader ---------------------------------------------------------------------------


def test_answer_is_grounded_merged_and_recorded(fake: Fake, tmp_path: Path) -> None:
    fake.reply = says(PAUSE, DRONES, PORTS, PAUSE | {"content": ["Russland kapituliert"]})
    heard = ask(reader(fake))
    assert len(heard.items) == 3 and len(heard.refused) == 1
    assert summary(heard) == {"statements": 3, "refused": 1, "questions": 1, "remote": False}

    path, body, _ = fake.asked[0]
    assert path == "/v1/chat/completions"
    asked = json.loads(body)
    assert asked["model"] == "m" and GERMAN.strip() in asked["messages"][1]["content"]

    record = heard.record
    assert record["warned"] == [] and record["remote"] is False and record["replayed"] is False
    assert record["endpoints"] == [f"{fake.url}/chat/completions"]
    assert record["hosts"] == ["127.0.0.1"] and record["model"] == "m"
    (row,) = record["documents"]  # type: ignore[misc]
    (chunk,) = row["chunks"]
    assert row["document"] == DE.sha256
    assert chunk["request_sha256"] == hashlib.sha256(body).hexdigest()
    assert chunk["items"] == [item.id for item in heard.items]
    assert chunk["refused"][0]["reason"].startswith("does not stand in the text")
    assert (chunk["address"], chunk["at"]) == ("127.0.0.1", "2025-05-02T09:00:00Z")

    first = engine_items(DE)
    merged = with_second_reader(first, heard)
    ours = {item.id: item for item in merged if item.engine != "reader:m"}
    assert set(ours) == {item.id for item in first}
    for item in merged:
        if item.engine == "reader:m":
            assert item.review.state is Review.TO_REVIEW

    write_heard(tmp_path, heard)
    kept = json.loads((tmp_path / "reader.json").read_text())
    assert kept["schema"] == "truceline-reader/1"
    name = chunk["request_sha256"]
    held = json.loads((tmp_path / "answers" / f"{name}.json").read_text())
    assert hashlib.sha256(held["body"].encode()).hexdigest() == chunk["answer_sha256"]


def test_run_is_read_again_without_the_reader(fake: Fake, tmp_path: Path) -> None:
    fake.reply = says(PAUSE, DRONES, PORTS_EN)
    first = ask(reader(fake), DE, EN)
    write_heard(tmp_path, first)
    n_asked = len(fake.asked)
    again = ask(SecondReader(model="m", answers=tmp_path / "answers"), DE, EN)
    assert len(fake.asked) == n_asked == 2
    assert again.items == first.items and again.answers == first.answers
    assert again.record == first.record | {"replayed": True}
    other = tmp_path / "again"
    write_heard(other, again)
    for path in (tmp_path / "answers").iterdir():
        assert (other / "answers" / path.name).read_bytes() == path.read_bytes()


def test_run_without_reader_leaves_no_record_of_an_earlier_one(fake: Fake, tmp_path: Path) -> None:
    fake.reply = says(PAUSE)
    write_heard(tmp_path, ask(reader(fake)))
    write_heard(tmp_path, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers"]
    write_heard(tmp_path, None)


def test_same_question_is_asked_once_and_nothing_else_is_sent(fake: Fake) -> None:
    text = "Der Kreml schweigt. " * 250
    fake.reply = says()
    heard = ask(reader(fake), document(f"{text}\n\n{text}", "de"))
    (row,) = heard.record["documents"]  # type: ignore[misc]
    assert len(row["chunks"]) == 2 and len(fake.asked) == 1


def test_paragraph_without_end_is_not_asked_about(fake: Fake) -> None:
    fake.reply = says()
    heard = ask(reader(fake), document("Wort " * LONGEST, "de"))
    assert fake.asked == [] and "longer than" in heard.refused[0].reason


def test_address_is_completed_once(fake: Fake) -> None:
    fake.reply = says()
    for url in (fake.url, f"{fake.url}/", f"{fake.url}/chat/completions", f"{fake.url}?v=1"):
        ask(SecondReader(model="m", url=url))
    paths = [path for path, _, _ in fake.asked]
    assert paths == ["/v1/chat/completions"] * 3 + ["/v1/chat/completions?v=1"]


# --- keys ---------------------------------------------------------------------------------------


def test_key_is_sent_and_written_nowhere(
    fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", "hush-hush")
    fake.reply = says(PAUSE)
    heard = ask(reader(fake, key_env="MY_KEY"))
    assert fake.asked[0][2]["Authorization"] == "Bearer hush-hush"
    write_heard(tmp_path, heard)
    for path in tmp_path.rglob("*.json"):
        assert "hush" not in path.read_text()


def test_answer_that_repeats_the_key_is_not_kept(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", "hush-hush")
    fake.reply = lambda handler, _: answer(handler, completion("hush-hush"))
    with pytest.raises(BadInput, match="repeats the key"):
        ask(reader(fake, key_env="MY_KEY"))


@pytest.mark.parametrize("value", ["", "a b", "a\nb", "ключ"])
def test_variable_without_a_key_is_told(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("MY_KEY", value)
    with pytest.raises(BadInput, match="MY_KEY holds no key"):
        ask(reader(fake, key_env="MY_KEY"))
    assert fake.asked == []


# --- other hosts --------------------------------------------------------------------------------


def test_other_host_needs_its_name_before_anything_is_sent() -> None:
    for url in ("https://reader.example/v1", "http://10.0.0.8:8080/v1"):
        with pytest.raises(HostRefused, match="--allow-remote"):
            ask(SecondReader(model="m", url=url))
    other = frozenset({"other.example"})
    with pytest.raises(HostRefused, match=r"--allow-remote reader\.example"):
        ask(SecondReader(model="m", url="https://reader.example/v1", allow_remote=other))


def test_allowed_host_is_warned_of_and_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def post(door: Door, url: str, body: bytes, headers: object = None) -> bytes:
        order.append("sent")
        host = target_of(url, door.allow)
        at = "2025-05-02T09:00:00Z"
        door.sent.append(
            Sent(host.endpoint, host.host, "192.0.2.1", host.is_remote, "0" * 64, 2, at)
        )
        return completion(json.dumps({"statements": [PAUSE]}))

    monkeypatch.setattr(Door, "post_json", post)
    url, allow = "https://reader.example/v1", frozenset({"reader.example"})
    second = SecondReader(model="m", url=url, allow_remote=allow)
    heard = ask_reader((DE,), KNOWN, second, clock=clock, warn=order.append)
    assert order[1:] == ["sent"]
    assert "leaves this machine" in order[0] and "reader.example" in order[0]
    assert heard.record["remote"] is True and heard.record["hosts"] == ["reader.example"]
    assert summary(heard)["remote"] is True


# --- a reader that does not answer as it should -------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"<html><h1>It works!</h1></html>", 200),
        (b'{"error": "no such model"}', 200),
        (b"", 200),
    ],
)
def test_body_of_something_else_is_an_error(fake: Fake, raw: bytes, status: int) -> None:
    fake.reply = lambda handler, _: answer(handler, raw, status)
    with pytest.raises(BadInput, match="no chat completion"):
        ask(reader(fake))


def test_error_page_redirect_size_and_time_are_errors(fake: Fake) -> None:
    fake.reply = lambda handler, _: answer(handler, b"<html>Bad gateway</html>", 502)
    with pytest.raises(NoAnswer, match="502"):
        ask(reader(fake))
    fake.reply = lambda handler, _: answer(handler, b"", 307, Location="https://reader.example/")
    with pytest.raises(HostRefused, match="sends elsewhere"):
        ask(reader(fake))
    fake.reply = says(*[PAUSE] * 500)
    with pytest.raises(NoAnswer, match="more than 1000 bytes"):
        ask(reader(fake), door=Door(clock, max_bytes=1000))


@pytest.mark.parametrize(
    "text",
    ["", "I cannot help with that.", '{"statements": [', '{"claims": []}', "null", "[" * 50_000],
)
def test_broken_answer_is_refused_and_recorded(fake: Fake, tmp_path: Path, text: str) -> None:
    fake.reply = lambda handler, _: answer(handler, completion(text))
    heard = ask(reader(fake))
    assert heard.items == [] and len(heard.refused) == 1
    first = engine_items(DE)
    assert with_second_reader(first, heard) == tuple(first)
    write_heard(tmp_path, heard)
    (row,) = json.loads((tmp_path / "reader.json").read_text())["documents"]
    assert row["chunks"][0]["refused"]


# --- hostile readers and documents --------------------------------------------------------------


@pytest.mark.parametrize("source", [DE, EN], ids=["de", "en"])
def test_hostile_answers_never_end_as_drafts(fake: Fake, source: Any) -> None:
    bad = [statement for held, statement, _ in [*REFUSED, *DOUBTED] if held is source]
    first = engine_items(source)
    drafted = {item.id: item for item in first}
    for statement in bad:
        fake.reply = says(statement)
        heard = ask(reader(fake), source)
        assert len(heard.items) + len(heard.refused) == 1
        assert all(item.review.state is Review.TO_REVIEW for item in heard.items)
        for item in with_second_reader(first, heard):
            if item.engine == "reader:m":
                assert item.review.state is Review.TO_REVIEW
            elif item.review.state is Review.DRAFT:
                assert item == drafted[item.id]


@pytest.mark.parametrize("injected", INJECTIONS)
def test_reader_that_obeys_the_document_gets_nothing_in(fake: Fake, injected: str) -> None:
    last = injected.rsplit("\n", 1)[-1].rstrip(".")
    source = document(f"{GERMAN}\n{injected}\n", "de")
    obeyed = told("acceptance", last, actor="UKR", debtor="UKR")
    fake.reply = says(obeyed, told("acceptance", "Odesa is surrendered", actor="UKR"))
    heard = ask(reader(fake), source)
    assert heard.items == [] and len(heard.refused) == 2
    system, user = json.loads(fake.asked[0][1])["messages"]
    assert injected not in system["content"] and injected in user["content"]


# --- answers kept -------------------------------------------------------------------------------


@pytest.fixture
def kept(fake: Fake, tmp_path: Path) -> Path:
    fake.reply = says(PAUSE)
    write_heard(tmp_path, ask(reader(fake)))
    return tmp_path / "answers"


def test_question_without_kept_answer_is_an_error(kept: Path) -> None:
    with pytest.raises(MissingFile, match="has no answer there"):
        ask(SecondReader(model="another", answers=kept))
    with pytest.raises(MissingFile):
        ask(SecondReader(model="m", answers=kept), EN)


@pytest.mark.parametrize(
    "change",
    [
        lambda held: [],
        lambda held: held | {"request": "0" * 64},
        lambda held: held | {"schema": "other"},
        lambda held: held | {"body": 3},
        lambda held: held | {"more": 1},
        lambda held: {"body": held["body"]},
    ],
)
def test_kept_answer_that_is_none_is_refused(kept: Path, change: Callable[[Any], Any]) -> None:
    (path,) = kept.iterdir()
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(BadFile):
        ask(SecondReader(model="m", answers=kept))


def test_kept_answer_that_was_altered_is_held_against_the_text_again(kept: Path) -> None:
    (path,) = kept.iterdir()
    held = json.loads(path.read_text())
    held["body"] = held["body"].replace("negated", "affirmed")
    path.write_text(json.dumps(held))
    heard = ask(SecondReader(model="m", answers=kept))
    assert heard.items == [] and "polarity" in heard.refused[0].reason


def test_reader_needs_an_address_or_answers_and_a_model(tmp_path: Path) -> None:
    for named in ({}, {"url": "http://127.0.0.1/v1", "answers": tmp_path}):
        with pytest.raises(BadInput, match="one of them"):
            SecondReader(model="m", **named)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="needs a model"):
        SecondReader(model=" ", url="http://127.0.0.1/v1")
