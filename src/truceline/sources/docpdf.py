"""Text of a PDF: its pages in order, lines joined to paragraphs, and what could not be read."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from truceline.errors import BadFile, Where
from truceline.sources.docforms import REPLACED, SOFT_HYPHEN, Extracted

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_PAGES = 1_000
MAX_SECONDS = 120.0
"""Longest time for one document, so that a made one cannot hold a run; 100 pages take 2 to 5 s."""
MAX_STREAM_BYTES = 20_000_000
"""Largest content of one page unpacked; a page of text has 5,000, a dense map 5,000,000."""
MAX_STREAM_PARTS = 500_000
"""Operators and operands of one page or form."""
MAX_FORMS = 200
"""Forms drawn within one page."""
MAX_WARNINGS = 5

SHORT_LINE = 0.8
"""A line that ends a sentence and is shorter than this share of the page's longest ends a
paragraph."""
VERY_SHORT_LINE = 0.6
"""A line shorter than this share before a line that begins large stands alone (a heading)."""

SENTENCE_END = re.compile(r"[.!?:;…][\"“”«»’)\]]*$")
ITEM = re.compile(r"(?:[•▪●◦*–—-]|\(?(?:\d{1,2}|[a-z])[.)])\s+\S")
KEEPS_HYPHEN = re.compile(r"(?:und|oder|bzw|sowie|als|bis|and|or|to)\b")
"""After these a hyphen at the line's end belongs to a shortened word: "Energie- und ..."."""
HYPHENS = "-\u2010\u00ad"
LIGATURES = str.maketrans(
    {
        0xFB00: "ff",
        0xFB01: "fi",
        0xFB02: "fl",
        0xFB03: "ffi",
        0xFB04: "ffl",
        0xFB05: "st",
        0xFB06: "st",
        0x0000: None,
    }
)
"""Letters set as one glyph, as two letters again; NUL is no text."""
HALVES = re.compile("[\ud800-\udfff]")


class _TooMuch(Exception):
    """The document asks for more work than any real one."""


def read_pdf(data: bytes, name: str, clock: Callable[[], float] = time.monotonic) -> Extracted:
    """Text of all pages, parted by empty lines.

    Raises ``BadFile`` for a locked or damaged file, one that would take too much work, and one
    whose pages are pictures.  A page without text or any warning of the library makes the
    document incomplete: nothing can then be said to be missing from it.  ``clock`` gives seconds
    and serves the limit alone.
    """
    from pypdf import PdfReader, apply_configuration

    limits: dict[str, Any] = {
        "stream_parsing_work_maximum_count": MAX_STREAM_PARTS,
        "xform_maximum_invocations_per_extraction": MAX_FORMS,
        "zlib_maximum_output_length": MAX_STREAM_BYTES,
        "lzw_maximum_output_length": MAX_STREAM_BYTES,
        "run_length_maximum_output_length": MAX_STREAM_BYTES,
        "array_based_stream_maximum_output_length": MAX_STREAM_BYTES,
        "page_tree_maximum_entries": MAX_PAGES * 2,
        "jbig2dec_binary": None,
    }
    try:
        with _warnings() as warnings, apply_configuration(**limits):
            reader = PdfReader(BytesIO(data))
            _unlock(reader, name)
            pages = _pages(reader, clock)
    except BadFile:
        raise
    except _TooMuch as error:
        raise BadFile(
            f"reading this PDF was given up: {error}",
            Where(name),
            expected=f"at most {MAX_PAGES:,} pages and {MAX_SECONDS:.0f} seconds of work",
            remedy="check that it is the right file; print it to a new PDF, or save it as text",
        ) from error
    except Exception as error:  # the file is a stranger's: the library raises many kinds
        raise BadFile(
            f"no readable PDF: {str(error) or type(error).__name__}",
            Where(name),
            expected="a whole PDF within the usual limits",
            remedy="take the file from its source again, or print it to a new PDF",
        ) from error
    return _result(pages, warnings, name)


def _unlock(reader: PdfReader, name: str) -> None:
    """Many files are locked against changes only and open with the empty password."""
    from pypdf.errors import DependencyError

    if not reader.is_encrypted:
        return
    try:
        opened = bool(reader.decrypt(""))
    except (DependencyError, NotImplementedError):
        opened = False
    if not opened:
        raise BadFile(
            "the PDF is encrypted",
            Where(name),
            expected="a PDF that opens without a password",
            remedy="save an unlocked copy, for example by printing it to a new PDF",
        )


def _pages(reader: PdfReader, clock: Callable[[], float]) -> list[str]:
    """Text of each page as the library gives it."""
    end = clock() + MAX_SECONDS

    def in_time(*_: Any) -> None:
        if clock() > end:
            raise _TooMuch(f"it takes more than {MAX_SECONDS:.0f} seconds")

    n_pages = len(reader.pages)
    if n_pages > MAX_PAGES:
        raise _TooMuch(f"it has {n_pages:,} pages")
    texts = []
    for page in reader.pages:
        # Called before each operator; one raised inside a form is swallowed, the next one is not.
        texts.append(page.extract_text(visitor_operand_before=in_time))
        in_time()
    return texts


def _result(pages: list[str], warnings: list[str], name: str) -> Extracted:
    raw = "".join(pages)
    texts = [paragraphs(HALVES.sub(REPLACED, page.translate(LIGATURES))) for page in pages]
    empty = [n for n, text in enumerate(texts, 1) if not text]
    if len(empty) == len(pages):
        raise BadFile(
            f"no text layer on {len(pages)} page{'s' if len(pages) != 1 else ''}",
            Where(name),
            expected="a PDF whose text can be marked and copied",
            remedy="run text recognition (OCR) on it first, for example with OCRmyPDF, and check "
            "what it read",
        )
    notes = []
    if empty:
        notes.append(f"pages without text: {', '.join(str(n) for n in empty)}")
    if unread := len(HALVES.findall(raw)) + raw.count(REPLACED):
        notes.append(f"{unread} characters of unknown meaning (U+FFFD)")
    if nulls := raw.count("\0"):
        notes.append(f"left out: {nulls} × NUL character")
    notes.append("lines joined to paragraphs; line-end hyphens before small letters taken out")
    notes += [f"the PDF library says: {text}" for text in warnings[:MAX_WARNINGS]]
    if len(warnings) > MAX_WARNINGS:
        notes.append(f"and {len(warnings) - MAX_WARNINGS} further warnings")
    return Extracted(
        "\n\n".join(text for text in texts if text), tuple(notes), not empty and not warnings
    )


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """What the library would print meanwhile, each message once."""
    seen: dict[str, None] = {}

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen[record.getMessage()[:300]] = None

    kept: list[str] = []
    logger, handler = logging.getLogger("pypdf"), Keep()
    before = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield kept
    finally:
        logger.removeHandler(handler)
        logger.propagate = before
        kept += seen


# --- lines to paragraphs -----------------------------------------------------------------------


def paragraphs(page: str) -> str:
    """Lines of a page as paragraphs, parted by empty lines.

    A paragraph ends at an empty line, before an item of a list, and at a line that is short for
    its page and ends a sentence or stands before a capital.

    >>> paragraphs("Die Angriffe auf Energie-\\nanlagen enden laut Kreml-\\nSprecher heute.")
    'Die Angriffe auf Energieanlagen enden laut Kreml-Sprecher heute.'
    >>> paragraphs("Energie-\\nund Wasserwerke, seit 15-\\nJahren")
    'Energie- und Wasserwerke, seit 15-Jahren'
    """
    lines = [" ".join(line.split()) for line in re.split(r"[\n\r\f\v]", page)]
    longest = max((len(line) for line in lines), default=0)
    done: list[list[str]] = []
    before = ""
    for line in lines:
        if line and before and not _ends(before, line, longest):
            done[-1][-1:] = _glued(done[-1][-1], line)
        elif line:
            done.append([line])
        before = line
    return "\n\n".join("".join(pieces) for pieces in done)


def _ends(before: str, line: str, longest: int) -> bool:
    sentence = SENTENCE_END.search(before) is not None
    if ITEM.match(line) and (sentence or ITEM.match(before)):
        return True
    if len(before) < SHORT_LINE * longest and sentence:
        return True
    return (
        len(before) < VERY_SHORT_LINE * longest
        and not line[0].islower()
        and before[-1] not in HYPHENS
    )


def _glued(piece: str, line: str) -> tuple[str, str]:
    """The last piece of a paragraph and the next line, so that they can stand side by side."""
    if piece.endswith(SOFT_HYPHEN):
        return piece[:-1], line
    before = piece[-2:-1]
    if piece[-1] not in HYPHENS or not before.isalnum() or KEEPS_HYPHEN.match(line):
        return piece, f" {line}"
    joins = before.isalpha() and line[0].islower()
    return piece[:-1] if joins else piece, line
