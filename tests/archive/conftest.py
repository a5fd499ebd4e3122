"""What both halves of the archive are tried on: a manifest for any files, a process to ask for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import pytest

from truceline.archive.manifest import MANIFEST, make_manifest
from truceline.domain.result import Input

Seal = Callable[[Mapping[str, bytes]], dict[str, bytes]]


@pytest.fixture(scope="session")
def sealed() -> Seal:
    """Files with the manifest that names them, as a run puts them down."""

    def seal(files: Mapping[str, bytes]) -> dict[str, bytes]:
        read = Input("a", "claims", "A", "a.csv", "0" * 64, 1, 0, "CC0", "", "", None, False)
        licences = dict.fromkeys(files, ("CC BY 4.0", "Truceline"))
        as_of = datetime(2031, 5, 11, tzinfo=UTC)
        return {**files, MANIFEST: make_manifest("x", as_of, "1", {}, [read], files, licences)}

    return seal


@pytest.fixture
def living() -> Iterator[int]:
    """The id of another process that is at work."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        yield child.pid
        child.kill()


@pytest.fixture
def dead() -> int:
    """The id of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    return child.pid
