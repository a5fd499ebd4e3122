"""The server of the review page: one person, this machine, this page, and nothing else."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import truceline.review_server as review_server
from tests.report.review_sample import reading, write_reading
from truceline.archive.reviews import load_reviews
from truceline.domain.words import Kind
from truceline.errors import BadInput, MissingFile
from truceline.pipeline.review import Desk, load_reviewed
from truceline.review_server import MAX_BODY, MAX_CLIENTS, ReviewServer, serve_review

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

ITEMS = reading().items
DEMAND = next(item for item in ITEMS if item.kind is Kind.DEMAND)


def clock() -> datetime:
    return datetime(2025, 5, 2, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_reading(tmp_path / "read", reading())


@pytest.fixture
def server(folder: Path) -> Iterator[ReviewServer]:
    with ReviewServer(Desk(folder, "Ada", clock)) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


class Browser:
    """What a browser sends; every header can be another."""

    def __init__(self, server: ReviewServer, start: bool = True) -> None:
        self.server = server
        self.cookie = ""
        if start:
            answer, _ = self.get(server.url.removeprefix(f"http://{server.host}"))
            assert answer.status == 303
            self.cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str | None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.server.server_address[1], timeout=5)
        sent = {"Host": self.server.host, "Cookie": self.cookie}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            if value is not None:
                line.putheader(name, value)
        line.endheaders(body)
        answer = line.getresponse()
        raw = answer.read()
        line.close()
        return answer, raw

    def get(self, path: str, **headers: str | None) -> tuple[http.client.HTTPResponse, bytes]:
        return self.ask("GET", path, **headers)

    def post(
        self, body: bytes | dict[str, Any], path: str = "/decide", **headers: str | None
    ) -> tuple[http.client.HTTPResponse, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {
            "Origin": f"http://{self.server.host}",
            "Content_Type": "application/json",
            "Content_Length": str(len(raw)),
            **headers,
        }
        answer, text = self.ask("POST", path, raw, **told)
        return answer, json.loads(text)

    def decide(self, action: str, item: str = DEMAND.id, **more: Any) -> Any:
        return self.post({"item": item, "action": action, **more})[1]


# --- who may ask ------------------------------------------------------------------------------


def test_the_address_works_once(server: ReviewServer) -> None:
    path = server.url.removeprefix(f"http://{server.host}")
    browser = Browser(server)
    answer, page = browser.get("/")
    assert answer.status == 200 and b"Statements for review" in page
    again, _ = Browser(server, start=False).get(path)
    assert again.status == 403 and again.getheader("Set-Cookie") is None
    assert browser.get("/")[0].status == 200


def test_the_cookie_is_no_script_s_and_no_other_site_s(server: ReviewServer) -> None:
    answer, _ = Browser(server, start=False).get(server.url.removeprefix(f"http://{server.host}"))
    cookie = answer.getheader("Set-Cookie") or ""
    assert re.fullmatch(rf"{server.cookie}=[\w-]{{40,}}; HttpOnly; SameSite=Strict; Path=/", cookie)
    assert answer.getheader("Location") == "/"


@pytest.mark.parametrize("token", ["", "?token=", "?token=x", "?", "?token=%00", "?token=%E9"])
def test_a_wrong_token_is_refused_and_spends_nothing(server: ReviewServer, token: str) -> None:
    assert Browser(server, start=False).get(f"/start{token}")[0].status == 403
    assert Browser(server).get("/")[0].status == 200


@pytest.mark.parametrize("path", ["/", "/de", "/en", "/export/items.csv", "/nothing"])
@pytest.mark.parametrize("cookie", [None, "", "truceline=x", "nonsense;;=", "{name}=wrong"])
def test_nobody_without_the_cookie_is_answered(
    server: ReviewServer, path: str, cookie: str | None
) -> None:
    browser = Browser(server)
    told = cookie.format(name=server.cookie) if cookie else cookie
    answer, text = browser.get(path, Cookie=told)
    assert answer.status == 403 and b"statement" not in text.lower()


@pytest.mark.parametrize("host", ["localhost:{port}", "evil.example:{port}", "127.0.0.1", "", None])
def test_a_name_that_was_pointed_here_is_refused(server: ReviewServer, host: str | None) -> None:
    browser = Browser(server)
    told = host.format(port=server.server_address[1]) if host else host
    assert browser.get("/", Host=told)[0].status == 421
    assert browser.post({}, Host=told)[0].status == 421


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "https://{host}", "{host}"]
)
def test_a_decision_comes_from_the_page_itself(
    server: ReviewServer, folder: Path, origin: str | None
) -> None:
    browser = Browser(server)
    told = origin.format(host=server.host) if origin else origin
    answer, _ = browser.post({"item": DEMAND.id, "action": "accept"}, Origin=told)
    assert answer.status == 403
    assert not (folder / "reviews.jsonl").exists()


def test_it_listens_on_this_machine_alone(server: ReviewServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


# --- what is answered -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/..%2f..%2fetc/passwd",
        "/../statements.jsonl",
        "/statements.jsonl",
        "/texts/x.txt",
        "/export/../items.csv",
        "/export/reviews.jsonl",
        "//evil.example/",
        "/de/",
        "/fr",
        "/decide",
    ],
)
def test_routes_are_fixed(server: ReviewServer, path: str) -> None:
    assert Browser(server).get(path)[0].status == 404


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT"])
def test_other_methods_are_not_known(server: ReviewServer, method: str) -> None:
    assert Browser(server).ask(method, "/")[0].status == 501


@pytest.mark.parametrize("path", ["/", "/de", "/export/items.csv", "/nothing"])
def test_every_answer_is_closed_to_others(server: ReviewServer, path: str) -> None:
    answer, text = Browser(server).get(path)
    policy = answer.getheader("Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("Referrer-Policy") == "no-referrer"
    assert "Python" not in (answer.getheader("Server") or "")
    if path in ("/", "/de"):
        (nonce,) = set(re.findall(r"'nonce-([\w-]+)'", policy))
        assert text.count(f'nonce="{nonce}"'.encode()) == 2


def test_a_nonce_is_new_every_time(server: ReviewServer) -> None:
    browser = Browser(server)
    policies = {browser.get("/")[0].getheader("Content-Security-Policy") for _ in range(3)}
    assert len(policies) == 3


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{}", {"Content_Type": "text/plain"}, 415),
        (b"{}", {"Content_Type": "application/x-www-form-urlencoded"}, 415),
        (b"{}", {"Content_Type": None}, 415),
        (b"{}", {"Content_Length": None}, 411),
        (b"{}", {"Content_Length": "-1"}, 411),
        (b"{}", {"Content_Length": "²"}, 411),
        (b"{}", {"Transfer_Encoding": "chunked"}, 411),
        (b"{}", {"Content_Length": str(MAX_BODY + 1)}, 413),
        (b"[]", {}, 400),
        (b"nonsense", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"[" * 5000, {}, 400),
        (b'{"item": NaN}', {}, 400),
        (b'{"reason": "\\ud800"}', {}, 400),
        (b"{}", {}, 400),
    ],
)
def test_a_body_that_is_no_decision_is_refused(
    server: ReviewServer, folder: Path, body: bytes, headers: dict[str, str | None], status: int
) -> None:
    answer, told = Browser(server).post(body, **headers)
    assert answer.status == status and told["error"]
    assert not (folder / "reviews.jsonl").exists()


@pytest.mark.parametrize(
    "request_",
    [
        {"action": "accept", "item": "i-none"},
        {"action": "accept", "item": ["x"]},
        {"action": "delete"},
        {"action": ["accept"]},
        {"action": "undo"},
        {"action": "accept", "reason": "x" * 3000},
        {"action": "edit"},
        {"action": "edit", "fields": []},
        {"action": "edit", "fields": {}},
        {"action": "edit", "fields": {"kind": "demand"}},
        {"action": "edit", "fields": {"kind": {"a": 1}}},
        {"action": "edit", "fields": {"actor": "the enemy"}},
        {"action": "edit", "fields": {"content": "dass"}},
        {"action": "edit", "fields": {"content": []}},
        {"action": "edit", "fields": {"content": [{"text": "dass"}]}},
        {"action": "edit", "fields": {"content": [{"text": "never said", "near": 0}]}},
        {"action": "edit", "fields": {"content": [{"text": "DASS DIE BEOBACHTER", "near": 0}]}},
        {"action": "split"},
        {"action": "split", "at": 0},
        {"action": "split", "at": "9"},
        {"action": "split", "at": 10**12},
    ],
)
def test_a_decision_that_does_not_fit_is_refused(
    server: ReviewServer, folder: Path, request_: dict[str, Any]
) -> None:
    answer, told = Browser(server).post({"item": DEMAND.id, **request_})
    assert answer.status == 400 and told["error"]
    assert not (folder / "reviews.jsonl").exists()


# --- decisions --------------------------------------------------------------------------------


def test_a_decision_is_kept_and_shown(server: ReviewServer, folder: Path) -> None:
    browser = Browser(server)
    told = browser.decide("reject", reason="kein Satz")
    assert 'data-state="rejected"' in told["cards"] and told["text"] is None
    assert told["progress"].strip() == "1 of 8 items decided"
    (kept,) = load_reviews(folder / "reviews.jsonl")
    assert (kept.item, kept.action, kept.reviewer, kept.at, kept.reason) == (
        DEMAND.id,
        "reject",
        "Ada",
        "2025-05-02T09:00:00Z",
        "kein Satz",
    )
    assert (kept.before, kept.after) == ({}, {})
    assert b'data-state="rejected"' in browser.get("/")[1]


def test_an_edit_keeps_the_changed_fields_and_finds_the_words(
    server: ReviewServer, folder: Path
) -> None:
    browser = Browser(server)
    near = DEMAND.content[0].start
    words = {"text": "die Beobachter\n sofort  Zugang erhielten", "near": near}
    fields = {"kind": "order", "actor": DEMAND.speaker.actor, "content": [words], "debtor": ""}
    told = browser.decide("edit", fields=fields)
    assert 'data-state="edited"' in told["cards"]
    assert "sofort Zugang erhielten</span>" in told["text"]
    (kept,) = load_reviews(folder / "reviews.jsonl")
    assert set(kept.after) == set(kept.before) == {"kind", "content", "debtor"}
    (span,) = kept.after["content"]
    text = reading().texts[DEMAND.document]
    assert (
        span["text"]
        == text[span["start"] : span["end"]]
        == words["text"].replace("\n ", " ").replace("  ", " ")
    )
    assert (kept.before["kind"], kept.before["debtor"]) == ("demand", "GRP:Arkania")


def test_a_split_its_parts_and_the_way_back(server: ReviewServer, folder: Path) -> None:
    browser = Browser(server)
    at = reading().texts[DEMAND.document].index("und dass die Sperre")
    told = browser.decide("split", at=at)
    first, second = re.findall(r'data-id="(i-\w+)"', told["cards"])
    assert re.findall(r'data-label="(\w+)"', told["cards"]) == ["4a", "4b"]
    assert told["progress"].strip() == "2 of 9 items decided"
    assert browser.post({"item": DEMAND.id, "action": "accept"})[0].status == 400
    assert 'data-state="rejected"' in browser.decide("reject", item=second)["cards"]
    browser.decide("undo", item=second)
    told = browser.decide("undo", item=first)
    assert re.findall(r'data-id="(i-\w+)"', told["cards"]) == [DEMAND.id]
    actions = [d.action.value for d in load_reviews(folder / "reviews.jsonl")]
    assert actions == ["split", "reject", "undo", "undo"]
    assert told["progress"].strip() == "0 of 8 items decided"


def test_answers_come_in_the_language_of_the_page(server: ReviewServer) -> None:
    browser = Browser(server)
    assert "akzeptiert" in browser.decide("accept", language="de")["cards"]
    assert b'<html lang="de">' in browser.get("/de")[1]


def test_decisions_at_the_same_time_all_stand(server: ReviewServer, folder: Path) -> None:
    browser = Browser(server)
    threads = [threading.Thread(target=browser.decide, args=("accept", item.id)) for item in ITEMS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {d.item for d in load_reviews(folder / "reviews.jsonl")} == {i.id for i in ITEMS}


def test_a_torn_history_is_told_and_not_written_to(server: ReviewServer, folder: Path) -> None:
    browser = Browser(server)
    (folder / "reviews.jsonl").write_bytes(b'{"torn')
    answer, text = browser.get("/")
    assert answer.status == 500 and b"the last line was not finished" in text
    answer, told = browser.post({"item": DEMAND.id, "action": "accept"})
    assert answer.status == 400 and "not finished" in told["error"]
    assert (folder / "reviews.jsonl").read_bytes() == b'{"torn'


# --- two reviewers ----------------------------------------------------------------------------


def test_a_reviewer_sees_the_other_s_decisions_once_done(folder: Path) -> None:
    ada, ben = Desk(folder, "Ada", clock), Desk(folder, "Ben", clock)
    for item in ITEMS:
        ada.decide({"item": item.id, "action": "accept"})
    for item in ITEMS[:-1]:
        ben.decide({"item": item.id, "action": "reject", "reason": "nein"})
    assert "<b>Ada</b>" not in ben.page("en", "n") and "kappa" not in ben.page("en", "n")
    assert ben.export("items.csv").count(b"rejected") == len(ITEMS) - 1
    assert "<b>Ben</b>" in ada.page("en", "n"), "Ada is done and may see"
    told = ben.decide({"item": ITEMS[-1].id, "action": "accept"})
    assert "<b>Ada</b>" in told["cards"]
    page = ben.page("en", "n")
    assert "Ada and Ben both decided about 8 items; decisions are equal in 1" in page
    assert ben.export("items.csv").count(b"to_review") == len(ITEMS) - 1


def test_a_folder_with_its_decisions(folder: Path) -> None:
    ada, ben = Desk(folder, "Ada", clock), Desk(folder, "Ben", clock)
    ada.decide({"item": ITEMS[0].id, "action": "accept"})
    ben.decide({"item": ITEMS[0].id, "action": "accept"})
    held = load_reviewed(folder)
    assert held.view[0][0].item.review.state == "accepted"
    assert "not defined" in held.figures[1]


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 81, "\u202eA"])
def test_a_name_that_cannot_be_shown_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(BadInput, match="no name of a reviewer"):
        Desk(folder, name, clock)


def test_exports_are_sent_as_files(server: ReviewServer) -> None:
    browser = Browser(server)
    answer, raw = browser.get("/export/annotations.jsonld")
    assert (answer.getheader("Content-Type") or "").startswith("application/ld+json")
    assert "attachment" in (answer.getheader("Content-Disposition") or "")
    assert json.loads(raw)["total"] == len(ITEMS)
    assert browser.get("/export/items.csv")[1].startswith(b"id,document,")


# --- slow and many ----------------------------------------------------------------------------


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"POST /decide HTTP/1.1\r\nHost: x\r\n"])
def test_a_slow_client_is_let_go(
    folder: Path, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(review_server._Handler, "timeout", 0.2)
    with ReviewServer(Desk(folder, "Ada", clock)) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        with socket.create_connection(("127.0.0.1", made.server_address[1]), timeout=5) as line:
            line.sendall(sent)
            assert line.recv(100) == b""
        made.shutdown()
        thread.join()


def test_a_client_that_drips_is_let_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_server, "WHOLE_S", 0.4)
    with ReviewServer(Desk(folder, "Ada", clock)) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        gone = False
        with socket.create_connection(("127.0.0.1", made.server_address[1]), timeout=5) as line:
            for _ in range(50):
                try:
                    line.sendall(b"G")
                except OSError:
                    gone = True
                    break
                time.sleep(0.05)
        made.shutdown()
        thread.join()
    assert gone


def test_too_many_clients_do_not_keep_the_page_away(server: ReviewServer) -> None:
    port = server.server_address[1]
    lines = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(MAX_CLIENTS)]
    time.sleep(0.2)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one_more:
        assert one_more.recv(10) == b""
    for line in lines:
        line.close()
    time.sleep(0.2)
    assert Browser(server).get("/")[0].status == 200


# --- start and end ----------------------------------------------------------------------------


def test_ctrl_c_ends_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: ReviewServer, poll_interval: float = 0.5) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ReviewServer, "serve_forever", interrupted)
    told: list[str] = []
    serve_review(folder, "Ada", clock, told.append)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/start\?token=[\w-]{43}", told[0])
    port = int(told[0].split(":")[2].split("/")[0])
    with socket.socket() as again:
        again.bind(("127.0.0.1", port))


def test_a_port_that_is_taken_is_told(server: ReviewServer, folder: Path) -> None:
    with pytest.raises(BadInput, match=r"port \d+ cannot be had"):
        serve_review(folder, "Ada", clock, lambda _: None, port=server.server_address[1])


def test_a_folder_that_is_none_is_told_before_anything_is_served(tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match="truceline read"):
        serve_review(tmp_path, "Ada", clock, lambda _: pytest.fail("announced"))
