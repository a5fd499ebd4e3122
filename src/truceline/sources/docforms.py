"""Text of HTML and DOCX in reading order, and what of it was left out.

Both are read as a stream of tags with a small state, never as a tree: depth costs no recursion
and a long document little memory.  Blocks (paragraphs, headings, cells, rows) are parted by an
empty line, line breaks stay a line break.  Nothing is fetched, no entity or DTD is followed.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from truceline.errors import BadFile, Where

PIECE = 1 << 16
MAX_UNPACKED_BYTES = 100_000_000
"""Largest DOCX unpacked, all parts together with its pictures."""
MAX_PART_BYTES = 20_000_000
"""Largest part with text unpacked; a book of 1,000 pages has 10 MB."""
MAX_RATIO = 200
"""Unpacked to packed bytes; the text of a real document packs 5 to 40 to one."""
RATIO_FROM_BYTES = 1_000_000
"""Below this size unpacked, no ratio is looked at: little text packs well and harms nobody."""
MAX_PARTS = 5_000

BLANKS = re.compile(r"[ \t\n\r\f]+")
REPLACED = "\ufffd"
SOFT_HYPHEN = "\u00ad"

# --- HTML --------------------------------------------------------------------------------------

UNSEEN_NAMES = """
script style template noscript iframe object canvas audio video svg math select textarea datalist
"""
UNSEEN = frozenset(UNSEEN_NAMES.split())
"""Elements without text that a reader of the page sees; its title is read apart."""
BLOCK_NAMES = """
address article aside blockquote body caption dd details dialog div dl dt fieldset figcaption
figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section
summary table tbody tfoot thead tr ul
"""
BLOCKS = frozenset(BLOCK_NAMES.split())
CELLS = frozenset(("td", "th"))
UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
OPENING = "\"'“‘„»«\u201a\u2039\u203a"


@dataclass(frozen=True)
class Extracted:
    """Text of a document, what was left out of it, and whether all of its text is held."""

    text: str
    notes: tuple[str, ...] = ()
    complete: bool = True


def read_html(text: str, name: str) -> Extracted:
    """Visible text of a web page.

    Quoted elements get marks of quotation, so that what is quoted stays so.

    >>> read_html("<h1>Truce</h1><p>He called it <q>fair</q>.<p hidden>x", "a.html").text
    'Truce\\n\\nHe called it “fair”.'
    """
    page = _Page()
    page.left["NUL character"] = text.count("\0")
    # Bytes with their encoding named: whatever the page declares was settled before.
    data = text.replace("\0", "").encode()
    parser = etree.HTMLParser(target=page, encoding="utf-8", no_network=True, recover=True)
    try:
        for at in range(0, len(data), PIECE):
            parser.feed(data[at : at + PIECE])
        parser.close()
    except etree.LxmlError as error:
        raise BadFile(
            f"no readable HTML: {error}", Where(name), remedy="save the page as text"
        ) from error
    return page.result(text.count(REPLACED))


class _Page:
    """What the parser tells of a page, as lines; ``unseen`` counts open elements left out."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, int]] = []  # with the number of the quoted block, or 0
        self.open: list[str] = []
        self.title: list[str] = []
        self.left: Counter[str] = Counter()
        self.unseen = self.in_title = self.quoted = self.credit = self.kept_blanks = 0
        self.n_quotes = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self.unseen:
            self.unseen += 1
            return
        if reason := _why_unseen(tag, attributes):
            self.unseen = 1
            self.left[reason] += 1
        elif tag == "br":
            self.open.append("\n" if self.kept_blanks else "\r")
        elif tag in BLOCKS:
            self.end_line()
            self.kept_blanks += tag == "pre"
            self.n_quotes += tag == "blockquote" and not self.quoted
            self.quoted += tag == "blockquote"
            self.credit += tag == "footer"
        elif tag in CELLS and self.open:
            self.open.append("\v")
        elif tag == "title":
            self.in_title = self.unseen = 1
        elif tag == "q":
            self.open.append("“")

    def end(self, tag: str) -> None:
        if self.unseen:
            self.unseen -= 1
            self.in_title = 0
        elif tag in BLOCKS:
            self.end_line()
            self.kept_blanks -= tag == "pre"
            self.quoted -= tag == "blockquote"
            self.credit -= tag == "footer"
        elif tag == "q":
            self.open.append("”")

    def data(self, text: str) -> None:
        if self.in_title:
            self.title.append(text)
        elif not self.unseen:
            self.open.append(text if self.kept_blanks else BLANKS.sub(" ", text))

    def comment(self, text: str) -> None:
        """Comments are no text of the page."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Nor are instructions."""

    def close(self) -> None:
        self.end_line()

    def end_line(self) -> None:
        if not self.open:
            return
        text = "".join(self.open)
        self.open.clear()
        self.left["soft hyphen"] += text.count(SOFT_HYPHEN)
        text = text.replace(SOFT_HYPHEN, "")
        if not self.kept_blanks:
            text = re.sub(" *\v *", "\t", re.sub(" {2,}", " ", text))
            text = re.sub(" *\r *", "\n", text)
        if text.strip():
            quote = self.n_quotes if self.quoted and not self.credit else 0
            self.lines.append((text.strip(" \t\n\r\v\f"), quote))

    def result(self, replaced_before: int) -> Extracted:
        lines = _with_marks(self.lines)
        title = BLANKS.sub(" ", "".join(self.title)).strip()
        if title and any(_repeats(title, line) for line in lines):
            self.left[f"title, repeated in the text ({title[:200]!r})"] = 1
        elif title:
            lines.insert(0, title)
        text = "\n\n".join(line for line in lines if line)
        notes = [f"left out: {n} × {what}" for what, n in sorted(self.left.items()) if n]
        if replaced := text.count(REPLACED) - replaced_before:
            notes.append(f"{replaced} entities that stand for no character became U+FFFD")
        return Extracted(text, tuple(notes))


def _why_unseen(tag: str, attributes: Mapping[str, str]) -> str:
    if tag in UNSEEN:
        return f"<{tag}>"
    if tag == "del":
        return "<del>, deleted text"
    if not attributes:
        return ""
    if "hidden" in attributes:
        return "element with the attribute hidden"
    if attributes.get("aria-hidden", "").strip().lower() == "true":
        return "element with aria-hidden"
    return "element not displayed" if UNSEEN_STYLE.search(attributes.get("style", "")) else ""


def _repeats(title: str, line: str) -> bool:
    """Whether a line says what the title says, which often adds the name of the outlet."""
    start = title[: len(line)].casefold()
    return start == line.casefold() and (" " in line or len(title) == len(line))


def _with_marks(lines: list[tuple[str, int]]) -> list[str]:
    """Lines with quotation marks around quoted blocks that bring none of their own."""
    marked = []
    for n, (line, quoted) in enumerate(lines):
        if not quoted or line[0] in OPENING:
            marked.append(line)
            continue
        goes_on = n + 1 < len(lines) and lines[n + 1][1] == quoted
        marked.append(f"“{line}" if goes_on else f"“{line}”")
    return marked


# --- DOCX --------------------------------------------------------------------------------------

SPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}",
)
"""Where the tags that matter live; a tag of any other space has no name here."""
DOCUMENT = re.compile(r"word/document\d*\.xml")
OTHER_ZIPS = (
    ("xl/", "a spreadsheet (XLSX)"),
    ("ppt/", "slides (PPTX)"),
    ("content.xml", "an OpenDocument file"),
)
GIVES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
TRACKED = {"del": "tracked deletion", "moveFrom": "old place of a moved passage"}
LOST = {"altChunk": "embedded document", "sym": "sign of a symbol font"}
OF_FORM = ("rPr", "trPr", "pPr", "numPr", "tabs")
"""Parents whose children describe form and hold no text."""
OFF = ("0", "false", "off")
PLAIN_NOTES = ("", "normal")
"""Types of notes that hold text; the others are lines between text and notes."""


def read_docx(data: bytes, name: str) -> Extracted:
    """Paragraphs and table rows of a Word document, then its footnotes and endnotes.

    Deleted passages of tracked changes are left out, inserted ones are in; cells of a row are
    parted by tabs.  The archive is measured before anything of it is unpacked.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = _checked_parts(package, len(data), name)
            main = next(part for part in parts if DOCUMENT.fullmatch(part))
            feet = [part for part in ("word/footnotes.xml", "word/endnotes.xml") if part in parts]
            body = _read_part(package, main, name)
            notes = [_read_part(package, part, name) for part in feet]
    except BadFile:
        raise
    except Exception as error:  # the archive is a stranger's: zipfile and zlib raise many kinds
        raise _no_docx(f"its archive is damaged: {error}", name) from error
    return _joined(body, notes, parts)


def _joined(body: _Words, feet: list[_Words], parts: list[str]) -> Extracted:
    left = Counter(body.left)
    for part in feet:
        left.update(part.left)
    below = [line for part in feet for line in part.blocks[0]]
    notes = [f"left out: {n} × {what}" for what, n in sorted(left.items()) if n]
    if body.n_inserted:
        notes.append(f"{body.n_inserted} × tracked insertion, read as text")
    if below:
        notes.append(f"{len(below)} × paragraph of notes, at the end")
    if any(re.fullmatch(r"word/(?:header|footer)\d*\.xml", part) for part in parts):
        notes.append("left out: running heads and feet of the pages")
    if "word/comments.xml" in parts:
        notes.append("left out: comments")
    return Extracted("\n\n".join(body.blocks[0] + below), tuple(notes), not left[LOST["altChunk"]])


def _checked_parts(package: zipfile.ZipFile, packed: int, name: str) -> list[str]:
    """Names of the parts of an archive that is a Word document and no bomb."""
    infos = package.infolist()
    parts = [info.filename for info in infos]
    if not any(DOCUMENT.fullmatch(part) for part in parts):
        known = (what for start, what in OTHER_ZIPS if any(p.startswith(start) for p in parts))
        what = next(known, "a zip archive of something else")
        raise _no_docx(f"it is {what}", name, "export it as DOCX, PDF or text")
    if any(info.flag_bits & 1 for info in infos):
        raise _no_docx("it is locked with a password", name, "save it without a password")
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
        raise _no_docx("it is packed in a way that Word does not use", name)
    size = sum(info.file_size for info in infos)
    bomb = size > RATIO_FROM_BYTES and size > packed * MAX_RATIO
    if bomb or size > MAX_UNPACKED_BYTES or len(infos) > MAX_PARTS:
        raise BadFile(
            f"{packed:,} bytes unpack to {size:,} in {len(infos):,} parts; nothing was unpacked",
            Where(name),
            expected=f"at most {MAX_UNPACKED_BYTES:,} bytes, {MAX_RATIO} to one, {MAX_PARTS:,} "
            "parts",
            remedy="do not open it if you do not trust its source; else save it as text",
        )
    return parts


def _read_part(package: zipfile.ZipFile, part: str, name: str) -> _Words:
    words = _Words()
    parser = etree.XMLParser(target=words, resolve_entities=False, no_network=True)
    n_bytes = 0
    try:
        with package.open(part) as stream:
            while piece := stream.read(PIECE):
                n_bytes += len(piece)
                if n_bytes > MAX_PART_BYTES:
                    raise _no_docx(f"{part} has more than {MAX_PART_BYTES:,} bytes", name)
                parser.feed(piece)
        parser.close()
    except etree.LxmlError as error:
        raise _no_docx(f"{part} is no readable XML: {error}", name) from error
    except Doctype as error:
        raise _no_docx(f"{part} brings a document type, which may hide a bomb", name) from error
    return words


def _no_docx(what: str, name: str, remedy: str = "take the file from its source again") -> BadFile:
    return BadFile(
        f"no readable DOCX: {what}", Where(name), expected="a Word document", remedy=remedy
    )


class Doctype(Exception):
    """A part declares a document type; entities could follow."""


class _Words:
    """What the parser tells of a part: ``blocks`` are lines of text, of the body or a cell."""

    def __init__(self) -> None:
        self.blocks: list[list[str]] = [[]]
        self.rows: list[list[str]] = []
        self.open: list[list[str]] = []
        self.parents: list[str] = [""]
        self.left: Counter[str] = Counter()
        self.dropped = self.n_inserted = 0
        self.in_text = self.vanished = False

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise Doctype(name)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        space, brace, local = tag.rpartition("}")
        local = local if space + brace in SPACES else ""
        parent = self.parents[-1]
        if self.dropped or self.is_dropped(local, parent, attributes):
            self.dropped += 1
            return
        self.parents.append(local)
        if local == "p":
            self.open.append([])
        elif local == "tr":
            self.rows.append([])
        elif local == "tc" and self.rows:
            self.blocks.append([])
        elif local == "t":
            self.in_text = not self.vanished
        elif local == "vanish" and self.parents[-3:-1] == ["r", "rPr"]:
            self.vanished = _value(attributes, "val") not in OFF
            self.left["run of hidden text"] += self.vanished
        elif local in GIVES and parent == "r" and self.open and not self.vanished:
            self.open[-1].append(GIVES[local])
        elif local in LOST:
            self.left[LOST[local]] += 1
        self.n_inserted += local == "ins" and parent not in OF_FORM

    def is_dropped(self, local: str, parent: str, attributes: Mapping[str, str]) -> bool:
        if local in TRACKED and parent not in OF_FORM:
            self.left[TRACKED[local]] += 1
            return True
        is_note = local in ("footnote", "endnote")
        return local == "Fallback" or (is_note and _value(attributes, "type") not in PLAIN_NOTES)

    def end(self, tag: str) -> None:
        if self.dropped:
            self.dropped -= 1
            return
        local = self.parents.pop()
        if local == "p":
            self.add("".join(self.open.pop()))
        elif local == "tr":
            self.add("\t".join(self.rows.pop()))
        elif local == "tc" and self.rows:
            self.rows[-1].append(" ".join(self.blocks.pop()))
        elif local == "t":
            self.in_text = False
        elif local == "r":
            self.vanished = False

    def add(self, line: str) -> None:
        if line.strip():
            self.blocks[-1].append(line)

    def data(self, text: str) -> None:
        if self.in_text and self.open:
            self.open[-1].append(text)

    def close(self) -> None:
        """All is told."""


def _value(attributes: Mapping[str, str], name: str) -> str:
    """An attribute whatever its name space, or nothing."""
    return next((v for key, v in attributes.items() if key.rpartition("}")[2] == name), "")
