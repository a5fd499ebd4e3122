"""Documents as text for reading statements: plain text, HTML, PDF and DOCX, by their content.

Plain text keeps every code point as it stands, so that a span can be cut from the file by
anybody: no line end is converted, nothing is normalised, and a byte that does not decode is an
error and never replaced.  The other forms give the text that a reader of them would see
(``docforms``, ``docpdf``); whatever of them is left out is told in the notes.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import stat
from pathlib import Path

from truceline.domain.words import Document
from truceline.errors import BadFile, BadInput, MissingFile, Where
from truceline.sources.docforms import Extracted, read_docx, read_html
from truceline.sources.docpdf import read_pdf
from truceline.sources.texts import BOM

MAX_TEXT_BYTES = 20_000_000
"""Largest plain text or web page.  A long novel has 2 MB, a page of an agency 0.3 MB."""

MAX_PACKED_BYTES = 60_000_000
"""Largest PDF or DOCX as stored: pictures weigh, and are not read."""

HEAD_BYTES = 4096
"""As much of a file as tells its form and its declared encoding."""

FORMS = "plain text, HTML, PDF or DOCX"

FOREIGN = (
    (b"\x1f\x8b", "packed with gzip", "unpack it"),
    (b"{\\rtf", "RTF", "save it as DOCX or as text"),
    (b"\x89PNG", "a picture (PNG)", "run text recognition (OCR) on it"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "run text recognition (OCR) on it"),
    (b"GIF8", "a picture (GIF)", "run text recognition (OCR) on it"),
    (b"II*\0", "a picture (TIFF)", "run text recognition (OCR) on it"),
    (b"MM\0*", "a picture (TIFF)", "run text recognition (OCR) on it"),
    (b"7z\xbc\xaf\x27\x1c", "packed with 7-Zip", "unpack it"),
    (b"Rar!\x1a\x07", "packed with RAR", "unpack it"),
    (b"\x7fELF", "a program", "check that the file is the right one"),
    (b"%!PS", "PostScript", "convert it to PDF"),
    (b"\xff\xfe\0\0", "UTF-32", "save it as UTF-8"),
    (b"\0\0\xfe\xff", "UTF-32", "save it as UTF-8"),
)
"""How files of other forms begin, what they are, and what to do with them."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
MARKS_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?>(?:<!--.*?-->\s*)*+)"
    r"(?:<!doctype\s+html|<(?:html|head|body|title|meta|div|article|main|section|p|h[1-6])[\s>/])",
    re.IGNORECASE | re.DOTALL,
)
XML_START = re.compile(r"\s*<\?xml[\s]")
CHARSET = re.compile(
    rb"<meta\b[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml\b[^>]*?encoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
LATIN = ("iso8859-1", "ascii")
"""What web pages declare where they mean windows-1252: so the encoding standard of the web."""
NO_TEXT_CODECS = ("unicode-escape", "raw-unicode-escape", "utf-7", "idna", "punycode", "undefined")


def read_document(
    path: Path, *, language: str | None = None, encoding: str | None = None
) -> Document:
    """A file as a document: its decoded text, its form, its hash, and notes on what is left out.

    ``encoding`` is for plain text and HTML that are neither UTF-8 nor say what they are.
    Raises ``MissingFile``, or ``BadFile`` for anything that gives no trustworthy text.
    """
    codec = _codec(encoding, path.name) if encoding is not None else None
    data = read_bytes(path)
    form, read = extract(data, path.name, codec)
    if not read.text.strip():
        raise BadFile(
            f"the {form} document holds no text",
            Where(path.name),
            expected="words to read",
            remedy="check that it is the right file and that its text is not a picture",
        )
    return Document(
        name=path.name,
        text=read.text,
        sha256=hashlib.sha256(data).hexdigest(),
        language=language or "",
        form=form,
        complete=read.complete,
        notes=read.notes,
    )


def extract(data: bytes, name: str, codec: str | None = None) -> tuple[str, Extracted]:
    """Form (text, html, pdf, docx) and text of the bytes of a document.

    >>> form, read = extract(b"<p>The truce holds.</p>", "note.html")
    >>> form, read.text
    ('html', 'The truce holds.')
    """
    form = _form(data, name)
    if form in ("text", "html") and len(data) > MAX_TEXT_BYTES:
        raise _too_large(len(data), MAX_TEXT_BYTES, name)
    if form == "pdf":
        return form, read_pdf(data, name)
    if form == "docx":
        return form, read_docx(data, name)
    text, notes = decode(data, name, codec, declared=form == "html")
    if form == "html":
        read = read_html(text, name)
        return form, Extracted(read.text, notes + read.notes, read.complete)
    if "\0" in text:
        at = text.index("\0")
        raise BadFile(
            f"character {at} is NUL",
            Where(name, text.count("\n", 0, at) + 1),
            expected=f"{FORMS}; text has no NUL",
            remedy="save it as UTF-8; if it is UTF-16 without a mark, give --encoding utf-16-le",
        )
    return form, Extracted(text, notes)


# --- bytes -------------------------------------------------------------------------------------


def read_bytes(path: Path) -> bytes:
    """Bytes of a regular file of bounded size; nothing else is opened."""
    name = path.name or str(path)
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            what = "a folder" if stat.S_ISDIR(state.st_mode) else "a pipe, socket or device"
            raise BadFile(
                f"it is {what}", Where(name), expected="a file", remedy="name a single document"
            )
        if state.st_size > MAX_PACKED_BYTES:
            raise _too_large(state.st_size, MAX_PACKED_BYTES, name)
        with path.open("rb") as stream:
            data = stream.read(MAX_PACKED_BYTES + 1)
    except FileNotFoundError as error:
        raise MissingFile(
            "there is no such file", Where(str(path)), remedy="check the path of the document"
        ) from error
    except (OSError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BadFile(
            f"it cannot be opened: {reason}",
            Where(name),
            expected="a file that may be read",
            remedy="check the path, its links and its permissions",
        ) from error
    if len(data) > MAX_PACKED_BYTES:
        raise _too_large(len(data), MAX_PACKED_BYTES, name)
    if not data:
        raise BadFile(
            "the file is empty",
            Where(name),
            expected=FORMS,
            remedy="take the document from its source again",
        )
    return data


def _too_large(size: int, limit: int, name: str) -> BadFile:
    return BadFile(
        f"the file has {size:,} bytes",
        Where(name),
        expected=f"at most {limit:,} bytes for a document of this form",
        remedy="check that it is a document; split a collection into its documents",
    )


# --- form --------------------------------------------------------------------------------------


def _form(data: bytes, name: str) -> str:
    head, suffix = data[:HEAD_BYTES], Path(name).suffix.lower()
    start = head.removeprefix(BOM).lstrip()
    if start.startswith(b"%PDF-") or (suffix == ".pdf" and b"%PDF-" in head):
        return "pdf"
    if data.startswith(ZIP):
        return "docx"
    if data.startswith(OLE):
        secret = ENCRYPTED_PART in data
        raise _foreign(
            "an Office document locked with a password" if secret else "an old Office file (.doc)",
            name,
            "save it without a password" if secret else "save it as DOCX or as text",
        )
    for mark, what, remedy in FOREIGN:
        if data.startswith(mark):
            raise _foreign(what, name, remedy)
    if suffix in (".docx", ".docm", ".pdf"):
        raise _foreign(
            f"no {'PDF' if suffix == '.pdf' else 'DOCX'}, although its name says so: "
            f"it begins with {data[:8]!r}",
            name,
            "take the file from its source again, or give it the suffix of what it is",
        )
    return _written_form(head, suffix, name)


def _written_form(head: bytes, suffix: str, name: str) -> str:
    """Form of a file of characters: ``text`` or ``html``."""
    wide = head.startswith(MARKS_16)
    start = head[: len(head) // 2 * 2].decode("utf-16" if wide else "latin-1", "ignore")
    start = start.removeprefix("ï»¿")  # a mark of UTF-8, one character per byte
    if suffix in (".txt", ".md"):
        found = re.match(r"\s*(?:<!doctype\s+html|<html[\s>])", start, re.IGNORECASE)
        return "html" if found else "text"
    if suffix in (".html", ".htm", ".xhtml") or HTML_START.match(start):
        return "html"
    if XML_START.match(start) and "<html" not in start.lower():
        raise _foreign("XML of some other kind", name, "export it as HTML or as text")
    return "html" if XML_START.match(start) else "text"


def _foreign(what: str, name: str, remedy: str) -> BadFile:
    return BadFile(f"the file is {what}", Where(name), expected=FORMS, remedy=remedy)


# --- encoding ----------------------------------------------------------------------------------


def decode(
    data: bytes, name: str, codec: str | None = None, declared: bool = False
) -> tuple[str, tuple[str, ...]]:
    """Text of bytes without a byte order mark, and notes on how it was decoded.

    Without ``codec``: UTF-8, UTF-16 that begins with its mark, or (``declared``) what a web page
    says of itself.  Every byte decodes, or it is a ``BadFile`` that names the first that does not.

    >>> decode("é".encode("utf-8-sig"), "note.txt")
    ('é', ('a byte order mark was left out',))
    """
    tried = codec
    if tried is None and data.startswith(MARKS_16):
        tried = "utf-16"
    try:
        text = data.decode(tried or "utf-8")
    except UnicodeDecodeError as error:
        label = _declared(data[:HEAD_BYTES], name) if tried is None and declared else None
        if label is None or label == "utf-8" or b"<".decode(label, "replace") != "<":
            raise _undecoded(data, error, tried or "utf-8", name) from error
        return _decode_declared(data, label, name)
    notes: tuple[str, ...] = () if tried is None else (f"decoded as {tried}",)
    if text.startswith("\ufeff") or (tried == "utf-16" and data.startswith(MARKS_16)):
        notes += ("a byte order mark was left out",)
    return text.removeprefix("\ufeff"), notes


def _decode_declared(data: bytes, label: str, name: str) -> tuple[str, tuple[str, ...]]:
    try:
        text = data.decode(label)
    except UnicodeDecodeError as error:
        raise _undecoded(data, error, label, name) from error
    return text, (f"decoded as {label}, as the page declares",)


def _declared(head: bytes, name: str) -> str | None:
    found = CHARSET.search(head)
    if found is None:
        return None
    label = _codec((found[1] or found[2]).decode("ascii", "replace"), name)
    return "cp1252" if label in LATIN else label


def _codec(label: str, name: str) -> str:
    """Python's name of an encoding of text; a ``BadFile`` for anything else.

    >>> _codec("Windows-1251", "note.txt")
    'cp1251'
    """
    try:
        codec = codecs.lookup(label).name
        known = codec not in NO_TEXT_CODECS and isinstance("".encode(codec), bytes)
    except (LookupError, ValueError):
        known = False
    if not known:
        raise BadFile(
            f"there is no encoding {label!r}",
            Where(name),
            expected="a name such as utf-8, utf-16, windows-1252, windows-1251, koi8-r",
            remedy="give the right one with --encoding, or save the document as UTF-8",
        )
    return codec


def _undecoded(data: bytes, error: UnicodeDecodeError, codec: str, name: str) -> BadFile:
    at = error.start
    found = f"byte {at} (0x{data[at]:02x})" if at < len(data) else f"the end, byte {at},"
    return BadFile(
        f"{found} is no {codec}: {error.reason}",
        Where(name, data.count(b"\n", 0, at) + 1),
        expected="UTF-8, UTF-16 with its mark, or a web page in the encoding that it declares",
        remedy="name the encoding (--encoding windows-1252, windows-1251 or what it is), or save "
        "the document as UTF-8",
    )
