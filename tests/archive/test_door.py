"""The one door: who may be spoken to, and what happens when they do not answer as they should."""

from __future__ import annotations

import hashlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from tests.fake_server import Fake, answer, serving

import truceline.archive.door as door_module
from truceline.archive.door import Door, HostRefused, NoAnswer, is_loopback, target_of

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


def clock() -> datetime:
    return datetime(2025, 5, 2, 9, tzinfo=UTC)


@pytest.fixture
def fake() -> Iterator[Fake]:
    with serving() as made:
        yield made


def test_question_goes_out_and_is_recorded(fake: Fake) -> None:
    fake.reply = lambda handler, body: answer(handler, b'{"a": 1}')
    door = Door(clock)
    headers = {"Authorization": "Bearer k"}
    assert door.post_json(f"{fake.url}/chat?key=1", b'{"q": 2}', headers) == b'{"a": 1}'
    path, body, held = fake.asked[0]
    assert (path, body, held["Authorization"]) == ("/v1/chat?key=1", b'{"q": 2}', "Bearer k")
    (sent,) = door.sent
    assert sent.endpoint == f"{fake.url}/chat"
    assert (sent.address, sent.is_remote, sent.n_bytes) == ("127.0.0.1", False, 8)
    assert sent.sha256 == hashlib.sha256(b'{"q": 2}').hexdigest()
    assert sent.at == "2025-05-02T09:00:00Z"


def test_variables_of_the_environment_do_not_matter(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert Door(clock).post_json(fake.url, b"{}") == b"{}"


REMOTE = [
    "https://reader.example/v1",
    "http://reader.example/v1",
    "http://127.0.0.1.reader.example/v1",
    "http://localhost.reader.example/v1",
    "http://a.localhost/v1",
    "http://0.0.0.0:8080/v1",
    "http://127.1:8080/v1",
    "http://2130706433/v1",
    "http://0x7f.0.0.1/v1",
    "http://169.254.169.254/latest",
    "http://[::ffff:10.0.0.1]/v1",
    "http://[::]/v1",
]


@pytest.mark.parametrize("url", REMOTE)
def test_other_hosts_are_refused_before_anything_is_looked_up(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object, **__: object) -> None:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    door = Door(clock)
    with pytest.raises(HostRefused, match="not this machine") as error:
        door.post_json(url, b"{}")
    assert "--allow-remote" in str(error.value)
    assert door.sent == []


MALFORMED = [
    "",
    "127.0.0.1:8080",
    "ftp://127.0.0.1/v1",
    "file:///etc/hosts",
    "http://",
    "http:///v1",
    "http://user:secret@127.0.0.1/v1",
    "http://127.0.0.1@reader.example/v1",
    "http://127.0.0.1:0/v1",
    "http://127.0.0.1:99999/v1",
    "http://127.0.0.1:x/v1",
    "http://127.0.0.1/v1#part",
    "http://127.0.0.1\\@reader.example/",
    "http://127.0.0.1/v1 HTTP/1.1\r\nX: y",
    "http://127.0.0.1/\tv1",
    "http://lоcalhost/v1",
    "http://[fe80::1%25eth0]/v1",
    "http://[::1/v1",
]


@pytest.mark.parametrize("url", MALFORMED)
def test_odd_addresses_are_refused(url: str) -> None:
    with pytest.raises(HostRefused) as error:
        target_of(url, frozenset({"reader.example"}))
    assert "secret" not in str(error.value)


def test_allowing_a_host_allows_this_host_alone_and_only_with_certificate() -> None:
    allow = frozenset({"reader.example"})
    assert target_of("https://Reader.Example/v1", allow).is_remote
    assert target_of("https://reader.example/v1", allow).port == 443
    for url in ("https://a.reader.example/", "https://reader.example./", "https://example/"):
        with pytest.raises(HostRefused, match=r"not this machine|no address"):
            target_of(url, allow)
    with pytest.raises(HostRefused, match="read along"):
        target_of("http://reader.example/v1", allow)


def test_localhost_is_not_looked_up(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    found = socket.getaddrinfo
    asked = []

    def elsewhere(host: str, *more: object, **named: object) -> object:
        asked.append(host)
        return found("10.9.8.7" if host == "localhost" else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", elsewhere)
    door = Door(clock)
    assert door.post_json(f"http://localhost:{fake.port}/v1", b"{}") == b"{}"
    assert door.sent[0].address == "127.0.0.1"
    assert "localhost" not in asked


def test_connection_that_led_elsewhere_is_refused(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        door_module, "is_loopback", lambda host: host == "localhost" and is_loopback(host)
    )
    door = Door(clock)
    with pytest.raises(HostRefused, match=r"localhost leads to 127\.0\.0\.1"):
        door.post_json(f"http://localhost:{fake.port}/v1", b"{}")
    assert fake.asked == [] and door.sent == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(fake: Fake, status: int) -> None:
    other = f"http://127.0.0.1:{fake.port}/other"
    fake.reply = lambda handler, body: answer(handler, b"", status, Location=other)
    with pytest.raises(HostRefused, match="sends elsewhere"):
        Door(clock).post_json(fake.url, b"{}")
    assert len(fake.asked) == 1


def test_error_page_is_told_without_the_key(fake: Fake) -> None:
    page = b"<html>\x1b[2Jno model; you sent Bearer hush-hush</html>"
    fake.reply = lambda handler, body: answer(handler, page, 404)
    with pytest.raises(NoAnswer, match="answers 404") as error:
        Door(clock).post_json(fake.url, b"{}", {"Authorization": "Bearer hush-hush"})
    assert "no model" in str(error.value)
    assert "hush" not in str(error.value) and "\x1b" not in str(error.value)


@pytest.mark.parametrize("told", ["9", "999999999999"])
def test_broken_off_answer_is_none(fake: Fake, told: str) -> None:
    fake.reply = lambda handler, body: answer(handler, b'{"a": 1', Content_Length=told)
    with pytest.raises(NoAnswer, match="broke off"):
        Door(clock).post_json(fake.url, b"{}")


def test_huge_answer_is_not_read_to_its_end(fake: Fake) -> None:
    written = []

    def reply(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for n in range(400):
                handler.wfile.write(b" " * 100_000)
                written.append(n)
        except OSError:
            pass

    fake.reply = reply
    with pytest.raises(NoAnswer, match="more than 50000 bytes"):
        Door(clock, max_bytes=50_000).post_json(fake.url, b"{}")
    assert len(written) < 400


def _drip(handler: BaseHTTPRequestHandler, head: bytes, hung_up: threading.Event) -> None:
    try:
        handler.wfile.write(head)
        for _ in range(600):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        hung_up.set()


@pytest.mark.parametrize(
    "head",
    [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n"],
    ids=["status", "header", "body"],
)
def test_slow_answer_is_cut_off_as_a_whole(fake: Fake, head: bytes) -> None:
    hung_up = threading.Event()
    fake.reply = lambda handler, body: _drip(handler, head, hung_up)
    with pytest.raises(NoAnswer, match=r"longer than 0\.3 s"):
        Door(clock, timeout_s=0.3).post_json(fake.url, b"{}")
    assert hung_up.wait(20)  # it was not listened to until its end


def test_compressed_answer_is_refused(fake: Fake) -> None:
    fake.reply = lambda handler, body: answer(handler, b"\x1f\x8b", Content_Encoding="gzip")
    with pytest.raises(NoAnswer, match="compressed"):
        Door(clock).post_json(fake.url, b"{}")


def test_nobody_there_and_no_http_there(fake: Fake) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    door = Door(clock)
    with pytest.raises(NoAnswer, match="did not answer"):
        door.post_json(f"http://127.0.0.1:{port}/v1", b"{}")
    assert door.sent == []
    fake.reply = lambda handler, body: _write(handler, b"SSH-2.0-nothing\r\n")
    with pytest.raises(NoAnswer, match="did not answer"):
        door.post_json(fake.url, b"{}")
    with pytest.raises(NoAnswer, match="did not answer"):
        door.post_json(fake.url, b"{}", {"X-Two": "a\r\nX-Lines: b"})


def _write(handler: BaseHTTPRequestHandler, raw: bytes) -> None:
    handler.wfile.write(raw)


# --- another host -------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("no openssl to make a certificate with")
    path = tmp_path / "certificate.pem"
    told = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    told += ["-subj", "/CN=reader.example", "-addext", "subjectAltName=DNS:reader.example"]
    told += ["-days", "2", "-keyout", str(tmp_path / "key.pem"), "-out", str(path)]
    subprocess.run([program, *told], check=True, capture_output=True)
    return path


@pytest.fixture
def secure(fake: Fake, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """The server behind TLS, under the names of two hosts that lead to this machine."""
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate, certificate.with_name("key.pem"))
    fake.server.socket = served.wrap_socket(
        fake.server.socket, server_side=True, do_handshake_on_connect=False
    )
    fake.server.handle_error = lambda *_: None  # type: ignore[method-assign]
    found = socket.getaddrinfo

    def here(host: str, *more: object, **named: object) -> object:
        known = host in ("reader.example", "other.example")
        return found("127.0.0.1" if known else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    return fake


def test_allowed_host_is_asked_and_recorded(
    secure: Fake, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted = door_module.context()
    trusted.load_verify_locations(certificate)
    monkeypatch.setattr(door_module, "context", lambda: trusted)
    hosts = frozenset({"reader.example", "other.example"})
    door = Door(clock, hosts)
    assert door.post_json(f"https://reader.example:{secure.port}/v1", b"{}") == b"{}"
    assert (door.sent[0].host, door.sent[0].is_remote) == ("reader.example", True)
    with pytest.raises(NoAnswer, match=r"did not answer.*certificate"):
        door.post_json(f"https://other.example:{secure.port}/v1", b"{}")
    assert len(secure.asked) == 1 and len(door.sent) == 1


def test_certificate_of_nobody_known_is_refused(
    secure: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    door = Door(clock, frozenset({"reader.example"}))
    with pytest.raises(NoAnswer, match="certificate"):
        door.post_json(f"https://reader.example:{secure.port}/v1", b"{}")
    assert secure.asked == [] and door.sent == []
    assert not (tmp_path / "keys.log").exists()
