"""The page on paper: A4, page numbers, everything opened, and the same bytes in two processes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from tests.report.builders import result

from truceline.errors import BadInput, MissingExtra
from truceline.pipeline import write
from truceline.report import pdf
from truceline.report.dossier import build_dossier
from truceline.report.page import tell_page

MAKE = (
    "import hashlib, pathlib, sys; from truceline.report.pdf import tell_pdf;"
    "data = tell_pdf(pathlib.Path(sys.argv[1]).read_text(encoding='utf-8'));"
    "pathlib.Path(sys.argv[2]).write_bytes(data); print(hashlib.sha256(data).hexdigest())"
)


@pytest.fixture(scope="module")
def paper() -> str:
    return tell_page(build_dossier(result(), "0.1.0"), paper=True)


def made(paper: str, folder: Path, seed: str) -> tuple[str, bytes]:
    (folder / "page.html").write_text(paper, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", MAKE, folder / "page.html", folder / "out.pdf"],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip(), (folder / "out.pdf").read_bytes()


def inflated(data: bytes) -> bytes:
    """The file with its packed streams unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    return data + b"\n".join(map(unpacked, streams))


def unpacked(stream: bytes) -> bytes:
    """A deflated stream; others are left aside."""
    return zlib.decompressobj().decompress(stream) if stream[:1] == b"x" else b""


def test_two_processes_make_the_same_bytes(paper: str, tmp_path: Path) -> None:
    first, data = made(paper, tmp_path, "1")
    second, _ = made(paper, tmp_path, "2")
    assert first == second == hashlib.sha256(data).hexdigest()
    assert data.startswith(b"%PDF-") and b"/CreationDate" not in data
    objects = inflated(data)
    assert b"/MarkInfo" in objects and b"/Lang (en)" in objects
    assert re.search(rb"/MediaBox \[\s*0 0 595\.\d+ 841\.\d+", objects)


def test_the_paper_page_has_no_script_and_no_form(paper: str) -> None:
    assert "<script>" not in paper and "<form" not in paper
    assert "counter(pages)" in paper and "string-set" in paper


def test_a_missing_library_says_what_to_install(
    paper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(MissingExtra, match=r"\.\[pdf\]") as caught:
        pdf.tell_pdf(paper)
    assert "libpango" in caught.value.remedy


def test_too_many_incidents_for_paper_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "MOST_ON_PAPER", 3)
    with pytest.raises(BadInput, match="too many for a PDF"):
        write._told(build_dossier(result(), "0.1.0"), {"features": []}, pdf=True)
