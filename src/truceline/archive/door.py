"""The one door to the network: nothing else in the package opens an outgoing connection.

Only this machine answers, unless a host is allowed by name for the run; another host only over
https with its certificate checked.  No proxy, no redirect, no variable of the environment.
"""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from truceline.archive.texts import printable
from truceline.clock import stamp
from truceline.errors import TruceError

LOCALHOST = ("127.0.0.1", "::1")
"""What "localhost" means here; it is never looked up, so that nobody can point it elsewhere."""

HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")
EXCERPT = 200
"""Characters of an error page that are shown."""

TIMEOUT_S = 120.0
"""Seconds that one question may take in all: a small model on one core answers slowly."""
MAX_BYTES = 4_000_000
"""Bytes of one answer; statements of one chunk of text take a hundredth of it."""


class HostRefused(TruceError, PermissionError):
    """An address that must not be spoken to; nothing was sent."""


class NoAnswer(TruceError, OSError):
    """A host that did not answer, or not as it has to."""


@dataclass(frozen=True)
class Target:
    """An address, checked: scheme, host and port to speak to, and what to ask for there."""

    scheme: str
    host: str
    port: int
    path: str
    is_remote: bool

    @property
    def endpoint(self) -> str:
        """The address without its query, which can hold a key."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path.partition('?')[0]}"


@dataclass(frozen=True)
class Sent:
    """What went out: to whom, how much, when; the bytes themselves only as their hash."""

    endpoint: str
    host: str
    address: str
    """The number that was connected to."""
    is_remote: bool
    sha256: str
    n_bytes: int
    at: str | None


def target_of(url: str, allow: frozenset[str] = frozenset()) -> Target:
    """Check an address; raises ``HostRefused``.

    >>> target_of("http://127.0.0.1:8080/v1").is_remote
    False
    >>> target_of("https://reader.example/v1")
    Traceback (most recent call last):
        ...
    truceline.archive.door.HostRefused: reader.example is not this machine: ...
    """
    shown = printable(re.sub(r"//[^/]*@", "//…@", url.partition("?")[0]))[:EXCERPT]
    expected = "http://127.0.0.1:PORT/… , or https://HOST/… with that host allowed"
    if not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>'):
        raise HostRefused(f"no plain address: {shown!r}", expected=expected)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise HostRefused(f"no address: {shown!r} ({error})", expected=expected) from error
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(host) or port == 0:
        raise HostRefused(f"no address of a reader: {shown!r}", expected=expected)
    if "@" in parts.netloc or parts.fragment:
        raise HostRefused(
            f"{shown!r} carries a name, a password or a fragment",
            expected=expected,
            remedy="put a key into a variable of the environment and name it",
        )
    return _allowed(parts, host, port or (443 if parts.scheme == "https" else 80), allow)


def _allowed(parts: SplitResult, host: str, port: int, allow: frozenset[str]) -> Target:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if is_loopback(host):
        return Target(parts.scheme, host, port, path, False)
    if host not in {name.lower() for name in allow}:
        raise HostRefused(
            f"{host} is not this machine: nothing was sent",
            expected="a reader on 127.0.0.1, or a host that this run allows",
            remedy=f"if the text may leave this machine, say so with --allow-remote {host}",
        )
    if parts.scheme != "https":
        raise HostRefused(
            f"{host} is asked over http, where anybody on the way can read along",
            expected=f"https://{host}/…",
        )
    return Target(parts.scheme, host, port, path, True)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by number or as ``localhost``; no name is looked up.

    >>> [is_loopback(host) for host in ("localhost", "127.1.2.3", "::1")]
    [True, True, True]
    >>> [is_loopback(host) for host in ("127.1", "0.0.0.0", "a.localhost")]
    [False, False, False]
    """
    if host == "localhost":
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(number, ipaddress.IPv6Address):
        return number == ipaddress.IPv6Address("::1")
    return number.is_loopback


@dataclass
class Door:
    """Goes out to ask one question at a time; ``sent`` tells what left, answered or not.

    ``allow`` are remote hosts by their exact names.  ``timeout_s`` holds for a question as a
    whole, ``max_bytes`` for the body of its answer.  ``clock`` gives the moment of sending.
    """

    clock: Callable[[], datetime]
    allow: frozenset[str] = frozenset()
    timeout_s: float = TIMEOUT_S
    max_bytes: int = MAX_BYTES
    sent: list[Sent] = field(default_factory=list)

    def post_json(self, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
        """The body of the answer to a question in JSON; raises ``HostRefused``, ``NoAnswer``."""
        target = target_of(url, self.allow)
        told = {"Content-Type": "application/json", "Accept": "application/json"} | {
            "Accept-Encoding": "identity",
            "Connection": "close",
            **(headers or {}),
        }
        line = _Line(target, self.timeout_s)
        try:
            with line:
                line.connect()
                self._note(target, line.address, body)
                line.request("POST", target.path, body, told)
                return self._answer(line, target, told)
        except TruceError:
            raise
        except (OSError, http.client.HTTPException, ValueError, MemoryError) as error:
            if line.is_late:
                raise self._late(target) from error
            raise NoAnswer(
                f"{target.host}:{target.port} did not answer: {printable(str(error)[:EXCERPT])}",
                remedy="check that the reader runs there and speaks "
                + ("TLS" if target.scheme == "https" else "plain HTTP"),
            ) from error

    def _note(self, target: Target, address: str, body: bytes) -> None:
        digest = hashlib.sha256(body).hexdigest()
        self.sent.append(
            Sent(
                target.endpoint,
                target.host,
                address,
                target.is_remote,
                digest,
                len(body),
                stamp(self.clock()),
            )
        )

    def _late(self, target: Target) -> NoAnswer:
        return NoAnswer(
            f"{target.host}:{target.port} took longer than {self.timeout_s:g} s",
            remedy="use a faster model",
        )

    def _answer(self, line: _Line, target: Target, told: Mapping[str, str]) -> bytes:
        answer = line.getresponse()
        where = f"{target.host}:{target.port}"
        if 300 <= answer.status < 400:
            raise HostRefused(
                f"{where} sends elsewhere ({answer.status}): "
                f"{printable(answer.getheader('Location') or '')[:EXCERPT]!r}, not followed",
                remedy="name the final address; a remote host needs --allow-remote HOST",
            )
        if answer.getheader("Content-Encoding", "identity") != "identity":
            raise NoAnswer(f"{where} answers compressed, which was not asked for")
        raw = answer.read(self.max_bytes + 1)
        if line.is_late:
            raise self._late(target)
        if len(raw) > self.max_bytes:
            raise NoAnswer(f"{where} answers more than {self.max_bytes} bytes")
        if int(answer.getheader("Content-Length") or 0) > len(raw):
            raise NoAnswer(f"{where} broke off within its answer")
        if answer.status != 200:
            text = printable(raw.decode("utf-8", "replace")[:EXCERPT])
            for secret in (told.get("Authorization") or "").split():
                text = text.replace(secret, "…")
            raise NoAnswer(f"{where} answers {answer.status}: {text!r}")
        return raw


class _Line(http.client.HTTPConnection):
    """A connection to an address that was checked, cut when its time is over."""

    def __init__(self, target: Target, timeout_s: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout_s)
        self.target, self.is_late, self.address = target, False, ""
        self.held: socket.socket | None = None
        """The socket, also once the answer alone holds it."""
        self.timer = threading.Timer(timeout_s, self._cut)
        self.timer.daemon = True

    def __enter__(self) -> _Line:
        self.timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()
        self.close()

    def _cut(self) -> None:
        self.is_late = True
        if self.held is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.held, socket.SHUT_RDWR)

    def connect(self) -> None:
        """Connect to one of the addresses, and make sure that it is the one meant."""
        self.sock = self.held = self._connected()
        self.address = str(self.sock.getpeername()[0])
        if not self.target.is_remote and not is_loopback(self.address):
            raise HostRefused(f"{self.target.host} leads to {self.address}, not to this machine")
        if self.target.scheme == "https":
            secured = context().wrap_socket(
                self.sock, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self.sock = self.held = secured
            secured.do_handshake()

    def _connected(self) -> socket.socket:
        last: OSError = OSError("it has no address")
        for address in addresses_of(self.target):
            try:
                return socket.create_connection((address, self.target.port), self.timeout)
            except OSError as error:
                last = error
            if self.is_late:
                break
        raise last


def addresses_of(target: Target) -> tuple[str, ...]:
    """Numbers to connect to; only names of allowed remote hosts are looked up."""
    if target.host == "localhost":
        return LOCALHOST
    if not target.is_remote:
        return (target.host,)
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(row[4][0]) for row in found))


def context() -> ssl.SSLContext:
    """Certificates and names are checked; nothing of the environment writes keys down."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_default_certs()
    return made
