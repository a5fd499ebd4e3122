"""The review page, served to one person on this machine.

Bound to 127.0.0.1.  The address that is printed holds a token that works once: it is exchanged
for a cookie that no script reads and no other site sends.  A request has to name this host, which
keeps out names that somebody else points here; a decision has to come from the page itself.
Routes are fixed, no path is ever opened, and nothing is loaded from elsewhere.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from truceline.errors import BadInput, TruceError
from truceline.pipeline.review import Desk
from truceline.report.annotations import EXPORTS
from truceline.report.tongue import LANGUAGES

HOST = "127.0.0.1"

MAX_BODY = 64 * 1024
"""Bytes of a decision; the longest one quotes some sentences."""

IDLE_S, WHOLE_S = 10, 30
"""Seconds without a byte, and for a whole request, after which a client is let go."""

MAX_CLIENTS = 16
"""Connections at a time; a browser opens six."""

BOTH_WAYS = 2
"""How a socket is shut for reading and writing."""

FILES = {"/export/annotations.jsonld": "annotations.jsonld", "/export/items.csv": "items.csv"}


class ReviewServer(ThreadingHTTPServer):
    """One desk behind one token.  ``port`` 0 takes a free one; ``url`` is what to open."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # there it would let two servers share a port

    def __init__(self, desk: Desk, port: int = 0, language: str = "en", token: str = "") -> None:
        try:
            super().__init__((HOST, port), _Handler)
        except (OSError, OverflowError) as error:
            raise BadInput(
                f"port {port} cannot be had: {error}",
                expected="a free port from 1024 to 65535, or 0 for any",
                remedy="name another with --port",
            ) from error
        self.desk, self.language = desk, language
        self.host = f"{HOST}:{self.server_address[1]}"
        self.cookie = f"truceline-{self.server_address[1]}"
        self._token: str | None = token or secrets.token_urlsafe(32)
        self._session: str | None = None
        self._lock = threading.Lock()
        self.one_at_a_time = threading.Lock()
        self._clients = threading.BoundedSemaphore(MAX_CLIENTS)
        self.url = f"http://{self.host}/start?token={self._token}"

    def exchange(self, token: str) -> str | None:
        """The session for a token, once; None for any other, and for the same a second time."""
        with self._lock:
            if self._token is None or not _same(token, self._token):
                return None
            self._token, self._session = None, secrets.token_urlsafe(32)
            return self._session

    def knows(self, session: str) -> bool:
        """Whether a cookie is the one that was given out."""
        return self._session is not None and _same(session, self._session)

    def process_request(self, request: Any, client_address: Any) -> None:
        """A thread for each client, as long as there are not too many."""
        if self._clients.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one client, and let it go when its time is over."""
        over = threading.Timer(WHOLE_S, _hang_up, [request])
        over.daemon = True
        over.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            over.cancel()
            self._clients.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def _same(one: str, two: str) -> bool:
    return hmac.compare_digest(one.encode(), two.encode())


def _hang_up(request: Any) -> None:
    try:
        request.shutdown(BOTH_WAYS)
    except OSError:
        return  # it has gone already


class _Handler(BaseHTTPRequestHandler):
    server: ReviewServer
    timeout = IDLE_S
    server_version, sys_version = "truceline", ""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if not self._from_here():
            return
        if path == "/start":
            self._start(query)
        elif not self._known():
            return
        elif path == "/":
            self._page(self.server.language)
        elif path[1:] in LANGUAGES:
            self._page(path[1:])
        elif path in FILES:
            self._file(FILES[path])
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "there is nothing here")

    def do_POST(self) -> None:
        if not self._from_here() or not self._known():
            return
        if self.headers.get("Origin") != f"http://{self.server.host}":
            self._refuse(HTTPStatus.FORBIDDEN, "the request comes from another page")
        elif self.path != "/decide":
            self._refuse(HTTPStatus.NOT_FOUND, "there is nothing here")
        elif (request := self._body()) is not None:
            self._decide(request)

    def _decide(self, request: dict[str, Any]) -> None:
        try:
            with self.server.one_at_a_time:
                told = self.server.desk.decide(request)
        except (TruceError, OSError) as error:
            self._json(HTTPStatus.BAD_REQUEST, {"error": str(error)})
        else:
            self._json(HTTPStatus.OK, told)

    # --- who asks -----------------------------------------------------------------------------

    def _from_here(self) -> bool:
        """Whether the request names this host, and not a name that leads here."""
        if self.headers.get_all("Host") == [self.server.host]:
            return True
        self._refuse(HTTPStatus.MISDIRECTED_REQUEST, f"this is {self.server.host} only")
        return False

    def _known(self) -> bool:
        try:
            held = SimpleCookie(self.headers.get("Cookie", "")).get(self.server.cookie)
        except CookieError:
            held = None
        if held is not None and self.server.knows(held.value):
            return True
        self._refuse(
            HTTPStatus.FORBIDDEN, "open the address that the terminal shows; it works once"
        )
        return False

    def _start(self, query: str) -> None:
        session = self.server.exchange(query.removeprefix("token="))
        if session is None:
            return self._refuse(
                HTTPStatus.FORBIDDEN,
                "this address was used already, or is not complete; start the review again",
            )
        cookie = f"{self.server.cookie}={session}; HttpOnly; SameSite=Strict; Path=/"
        return self._send(
            HTTPStatus.SEE_OTHER, b"", "text/plain", {"Location": "/", "Set-Cookie": cookie}
        )

    # --- what is asked ------------------------------------------------------------------------

    def _body(self) -> dict[str, Any] | None:
        """The JSON object that was sent; None if it was refused."""
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "JSON is needed")
        elif not re.fullmatch("[0-9]{1,9}", length) or "Transfer-Encoding" in self.headers:
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "the length is needed")
        elif int(length) > MAX_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "this is too long")
        else:
            request = _object(self.rfile.read(int(length)))
            if request is None:
                self._refuse(HTTPStatus.BAD_REQUEST, "this is no JSON object")
            return request
        return None

    # --- answers ------------------------------------------------------------------------------

    def _page(self, language: str) -> None:
        nonce = secrets.token_urlsafe(16)
        try:
            page = self.server.desk.page(language, nonce)
        except (TruceError, OSError) as error:
            return self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))
        return self._send(HTTPStatus.OK, page.encode(), "text/html", nonce=nonce)

    def _file(self, name: str) -> None:
        try:
            raw = self.server.desk.export(name)
        except (TruceError, OSError) as error:
            return self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))
        more = {"Content-Disposition": f'attachment; filename="{name}"'}
        return self._send(HTTPStatus.OK, raw, EXPORTS[name.rpartition(".")[2]], more)

    def _json(self, status: HTTPStatus, value: object) -> None:
        self._send(status, json.dumps(value).encode(), "application/json")

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        if self.command == "POST":
            self._json(status, {"error": why})
        else:
            self._send(status, (why + "\n").encode(), "text/plain")

    def _send(
        self,
        status: HTTPStatus,
        body: bytes,
        kind: str,
        more: dict[str, str] | None = None,
        nonce: str = "",
    ) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(body)),
            "Content-Security-Policy": _policy(nonce),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            **(more or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the first line of a request holds the token."""


def _object(raw: bytes) -> dict[str, Any] | None:
    """A JSON object of whole characters, or None."""
    try:
        request = json.loads(raw)
        json.dumps(request, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return None
    return request if isinstance(request, dict) else None


def _policy(nonce: str) -> str:
    own = f"'nonce-{nonce}'" if nonce else "'none'"
    return (
        f"default-src 'none'; script-src {own}; style-src {own}; font-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def serve_review(
    folder: Path,
    reviewer: str,
    clock: Callable[[], datetime],
    announce: Callable[[str], None],
    port: int = 0,
    language: str = "en",
) -> None:
    """Serve the folder until Ctrl-C; ``announce`` is given the address to open."""
    with ReviewServer(Desk(folder, reviewer, clock), port, language) as server:
        announce(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
