"""Documents of all forms, whole, broken and hostile: text with notes, or an error to act on."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import zipfile
import zlib
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.errors import BadFile, MissingFile, TruceError
from truceline.sources import docforms, documents
from truceline.sources.docpdf import paragraphs, read_pdf
from truceline.sources.documents import extract, read_document

# --- files made here --------------------------------------------------------------------------


def stream(data: bytes, extra: bytes = b"", packed: bool = False) -> bytes:
    if packed:
        data, extra = zlib.compress(data, 9), extra + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (extra, len(data), data)


def pdf_of(objects: list[bytes], trailer: bytes = b"") -> bytes:
    out, places = b"%PDF-1.7\n", []
    for n, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, content)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d /Root 1 0 R %s>>\n"
        b"startxref\n%d\n%%%%EOF" % (size, table, size, trailer, len(out))
    )


def pdf(*pages: bytes, more: tuple[bytes, ...] = (), packed: bool = False) -> bytes:
    """Pages of content streams; objects 4 onwards are ``more``, the first one form /X."""
    first = 4 + len(more)
    kids = b" ".join(b"%d 0 R" % (first + 2 * n) for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *more,
    ]
    for n, content in enumerate(pages):
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R/Resources"
            b"<</Font<</F1 3 0 R>>/XObject<</X 4 0 R>>>>>>" % (first + 2 * n + 1),
            stream(content, packed=packed),
        ]
    return pdf_of(objects)


def lines_of(*lines: str) -> bytes:
    shown = b" T* ".join(b"(%s) Tj" % line.encode("cp1252") for line in lines)
    return b"BT /F1 12 Tf 14 TL 72 700 Td " + shown + b" ET"


SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def para(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(body: str, head: str = "", **parts: str) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(
            "word/document.xml",
            f'{head}<w:document {SPACE} xmlns:mc="http://schemas.openxmlformats.org/'
            f'markup-compatibility/2006"><w:body>{body}</w:body></w:document>',
        )
        for name, content in parts.items():
            package.writestr(f"word/{name}.xml", content)
    return packed.getvalue()


def put(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def text_of(data: bytes, name: str) -> str:
    return extract(data, name)[1].text


def notes_of(data: bytes, name: str) -> str:
    return "\n".join(extract(data, name)[1].notes)


# --- plain text -------------------------------------------------------------------------------


def test_plain_text_keeps_every_code_point(tmp_path: Path) -> None:
    text = "Erste Zeile\r\nZweite\u00a0Zeile\tmit e\u0301 und \u00ad Rest\r\rЯкщо 🕊 \u2028Ende\n"
    path = put(tmp_path, "note.txt", text.encode())
    document = read_document(path, language="de")
    assert document.text == text
    assert (document.name, document.form, document.language) == ("note.txt", "text", "de")
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert document.complete and document.notes == ()


def test_marks_of_encoding_are_left_out_and_told(tmp_path: Path) -> None:
    for codec in ("utf-8-sig", "utf-16"):
        document = read_document(put(tmp_path, "n.txt", "Größe\r\n".encode(codec)))
        assert document.text == "Größe\r\n"
        assert "a byte order mark was left out" in document.notes


def test_other_encodings_are_read_when_named(tmp_path: Path) -> None:
    path = put(tmp_path, "note.txt", "Сторони домовились".encode("cp1251"))
    document = read_document(path, encoding="windows-1251")
    assert document.text == "Сторони домовились" and document.notes == ("decoded as cp1251",)
    wide = put(tmp_path, "wide.txt", "Größe".encode("utf-16-le"))
    assert read_document(wide, encoding="utf-16-le").text == "Größe"


def test_a_broken_encoding_names_its_byte(tmp_path: Path) -> None:
    path = put(tmp_path, "note.txt", "Eins\nzwei drei größer".encode("cp1252"))
    with pytest.raises(BadFile) as caught:
        read_document(path)
    message = str(caught.value)
    assert "note.txt, line 2: byte 17 (0xf6) is no utf-8" in message
    assert "--encoding windows-1252" in message
    with pytest.raises(BadFile, match="byte 17"):
        read_document(path, encoding="ascii")


@pytest.mark.parametrize("label", ["klingon", "hex", "rot13", "unicode_escape", "utf-7", "a\0b"])
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, label: str) -> None:
    with pytest.raises(BadFile, match="there is no encoding"):
        read_document(put(tmp_path, "note.txt", b"text"), encoding=label)


@pytest.mark.parametrize("data", [b"a\0b", "Größe".encode("utf-16-le"), b"\0" * 100])
def test_text_with_nul_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile, match=r"NUL|is no utf-8"):
        extract(data, "note.txt")


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufeff")))
def test_whatever_is_text_is_kept(text: str) -> None:
    data = text.encode()
    try:
        form, read = extract(data, "note.txt")
    except BadFile:
        assert data.startswith(tuple(mark for mark, _, _ in documents.FOREIGN) + documents.ZIP)
    else:
        assert form in ("html", "pdf") or read.text == data.decode()


# --- no document ------------------------------------------------------------------------------


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    loop, pipe = tmp_path / "loop.txt", tmp_path / "pipe.txt"
    loop.symlink_to(loop)
    os.mkfifo(pipe)
    for path, what in ((tmp_path, "a folder"), (pipe, "a pipe"), (loop, "cannot be opened")):
        with pytest.raises(BadFile, match=what):
            read_document(path)
    with pytest.raises(BadFile, match="cannot be opened"):
        read_document(tmp_path / ("n" * 5000))
    with pytest.raises(BadFile, match="cannot be opened"):
        read_document(tmp_path / "a\0b")
    with pytest.raises(MissingFile, match="no such file"):
        read_document(tmp_path / "none.txt")


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.txt", b" \n\t\r\n", "text document holds no text"),
        ("a.txt", b"\xef\xbb\xbf", "holds no text"),
        ("a.html", b"<html><script>x</script></html>", "html document holds no text"),
        ("a.html", b"<!doctype html>", "html document holds no text"),
        ("a.docx", docx(""), "docx document holds no text"),
        ("a.docx", b"plain words", "no DOCX, although its name says so"),
        ("a.pdf", b"<html><p>Not found", "no PDF, although its name says so"),
        ("a.docx", documents.OLE + b"\0" * 600, r"an old Office file \(.doc\)"),
        ("a.docx", documents.OLE + documents.ENCRYPTED_PART, "locked with a password"),
        ("a.rtf", b"{\\rtf1 x}", "RTF"),
        ("a.txt", b"\x1f\x8b\x08\0", "packed with gzip"),
        ("a.txt", b"\x89PNG\r\n", "a picture"),
        ("a.txt", "x".encode("utf-32"), "UTF-32"),
        ("a.xml", b"<?xml version='1.0'?><rss><p>x</p></rss>", "XML of some other kind"),
    ],
)
def test_what_gives_no_text_is_named(tmp_path: Path, name: str, data: bytes, what: str) -> None:
    with pytest.raises(BadFile, match=what) as caught:
        read_document(put(tmp_path, name, data))
    assert caught.value.remedy and caught.value.where is not None


def test_large_files_get_an_answer(tmp_path: Path) -> None:
    path = put(tmp_path, "large.txt", b"word and word\n" * 3_600_000)
    with pytest.raises(BadFile, match="the file has 50,400,000 bytes") as caught:
        read_document(path)
    assert "20,000,000" in caught.value.expected
    with path.open("r+b") as file:
        file.truncate(documents.MAX_PACKED_BYTES + 1)
    with pytest.raises(BadFile, match="the file has 60,000,001 bytes"):
        read_document(path)


# --- HTML -------------------------------------------------------------------------------------


def test_a_page_gives_its_visible_text() -> None:
    page = """<!DOCTYPE html><html><head><title>Pause bestätigt | Blatt</title>
    <style>p{}</style></head><body><h1>Pause bestätigt</h1>
    <p>Der  Spre&shy;cher\n sagte: <q>Wir <b>warten</b></q>.<br>Mehr sp&auml;ter.</p>
    <p hidden>weg</p><p aria-hidden="true">weg</p><div style="color:red; DISPLAY : none">weg
    <p>auch weg</p></div><del>alt</del><noscript>weg</noscript><template><p>weg</p></template>
    <!-- weg --><table><tr><th>Ort</th> <th>Zahl</th></tr><tr><td>A</td><td>3</td></tr></table>
    <pre>a  b\nc</pre><script>if (1 < 2) { "</p>" }</script>Ende"""
    _, read = extract(page.encode(), "page.html")
    assert read.text.split("\n\n") == [
        "Pause bestätigt",
        "Der Sprecher sagte: “Wir warten”.\nMehr später.",
        "Ort\tZahl",
        "A\t3",
        "a  b\nc",
        "Ende",
    ]
    assert read.notes == (
        "left out: 1 × <del>, deleted text",
        "left out: 1 × <noscript>",
        "left out: 1 × <script>",
        "left out: 1 × <style>",
        "left out: 1 × <template>",
        "left out: 1 × element not displayed",
        "left out: 1 × element with aria-hidden",
        "left out: 1 × element with the attribute hidden",
        "left out: 1 × soft hyphen",
        "left out: 1 × title, repeated in the text ('Pause bestätigt | Blatt')",
    )


def test_a_title_that_the_text_lacks_is_its_first_line() -> None:
    assert text_of(b"<title>A &amp; B</title><p>Words.", "a.html") == "A & B\n\nWords."


def test_quoted_blocks_stay_quoted() -> None:
    page = (
        "<p>He said:</p><blockquote><p>One.</p><p>Two.</p><footer>Press office</footer>"
        "</blockquote><blockquote>Three.</blockquote><blockquote>„Vier.“</blockquote><p>End.</p>"
    )
    assert text_of(page.encode(), "a.html").split("\n\n") == [
        "He said:",
        "“One.",
        "“Two.”",
        "Press office",
        "“Three.”",
        "„Vier.“",
        "End.",
    ]


def test_a_page_is_decoded_as_it_declares() -> None:
    for head in (
        '<meta charset="windows-1251">',
        "<meta http-equiv=x content='a; charset=CP1251'>",
    ):
        data = f"<html><head>{head}</head><p>Перемир’я діє".encode("cp1251")
        assert text_of(data, "a.html") == "Перемир’я діє"
        assert "decoded as cp1251, as the page declares" in notes_of(data, "a.html")
    latin = "<meta charset=iso-8859-1><p>„Größe“ – 5 €".encode("cp1252")
    assert text_of(latin, "a.html") == "„Größe“ – 5 €"
    said_wrongly = "<?xml version='1.0' encoding='windows-1251'?><html><p>Größe</html>".encode()
    assert text_of(said_wrongly, "a.html") == "Größe"
    assert text_of("<html><p>Größe".encode("utf-16"), "a.html") == "Größe"
    with pytest.raises(BadFile, match="is no utf-8"):
        extract(b"<meta charset=utf-8><p>gr\xf6", "a.html")
    with pytest.raises(BadFile, match="is no utf-8"):
        extract(b"<meta charset=utf-16><p>gr\xf6", "a.html")
    with pytest.raises(BadFile, match="there is no encoding 'x-user'"):
        extract(b"<meta charset=x-user><p>gr\xf6", "a.html")


def test_html_is_told_by_its_content() -> None:
    assert extract(b"\n<!-- x --><!DOCTYPE html><p>x", "page")[0] == "html"
    assert extract(b"<!doctype html><p>x", "page.txt")[0] == "html"
    assert extract(b"<p>x", "note.txt")[0] == "text"
    assert extract(b"a < b, said one", "note")[0] == "text"
    assert text_of("Größe &auml;".encode(), "note.html") == "Größe ä"


def test_hostile_pages_do_no_harm() -> None:
    deep = b"<div>" * 200_000 + b"deep" + b"</p></b>" * 5
    assert text_of(deep, "a.html") == "deep"
    nul = b"<p>a\0b &#0; &#xD800;</p>"
    assert text_of(nul, "a.html").startswith("ab ")
    assert "1 × NUL character" in notes_of(nul, "a.html")
    assert "2 entities that stand for no character" in notes_of(nul, "a.html")
    bomb = b'<!DOCTYPE html [<!ENTITY a "xxxx"><!ENTITY b "&a;&a;">]><p>&b; ok'
    assert "xxxxxxxx" not in text_of(bomb, "a.html").replace("]>", "")
    outside = b'<!DOCTYPE html SYSTEM "file:///etc/passwd"><p>fine<img src="http://example.org/x">'
    assert text_of(outside, "a.html") == "fine"
    assert extract(b"<!---->" * 500 + b"<x>", "page")[0] == "text"
    titled = b"<title>" + b"t " * 500_000 + b"</title>" + b"<p>t t" * 20_000
    assert text_of(titled, "a.html").startswith("t t\n\n")
    assert len(text_of(b"<p>" + b"x<b a=" * 200_000 + b">y", "a.html")) > 0


# --- DOCX -------------------------------------------------------------------------------------


def test_a_word_document_gives_its_text_and_notes() -> None:
    body = (
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>'
        "<w:r><w:t>Erklärung</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>Ab </w:t><w:tab/><w:t>Montag</w:t><w:br/><w:t>gilt:</w:t></w:r>"
        "<w:del><w:r><w:delText>nicht</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> alles</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>dort</w:t></w:r></w:moveFrom>"
        '<w:r><w:rPr><w:vanish/></w:rPr><w:t>geheim</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/>'
        "</w:rPr><w:t>!</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p><w:p/>"
        f"<w:tbl><w:tr><w:tc>{para('Ort')}</w:tc><w:tc>{para('drei')}{para('vier')}</w:tc></w:tr>"
        f"<w:tr><w:tc><w:tbl><w:tr><w:tc>{para('in')}</w:tc><w:tc>{para('nen')}</w:tc></w:tr>"
        "</w:tbl></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
        f"<mc:AlternateContent><mc:Choice>{para('Kasten')}</mc:Choice><mc:Fallback>"
        f"{para('Kasten')}</mc:Fallback></mc:AlternateContent>"
    )
    foot = (
        f'<w:footnotes {SPACE}><w:footnote w:type="separator">{para("---")}</w:footnote>'
        f"<w:footnote>{para('Siehe Anlage.')}</w:footnote></w:footnotes>"
    )
    form, read = extract(docx(body, footnotes=foot, header1="<x/>", comments="<x/>"), "a.docx")
    assert form == "docx" and read.complete
    assert read.text.split("\n\n") == [
        "Erklärung",
        "Ab \tMontag\ngilt: alles!",
        "Ort\tdrei vier",
        "in\tnen\t",
        "Kasten",
        "Siehe Anlage.",
    ]
    assert read.notes == (
        "left out: 1 × old place of a moved passage",
        "left out: 1 × run of hidden text",
        "left out: 1 × tracked deletion",
        "1 × tracked insertion, read as text",
        "1 × paragraph of notes, at the end",
        "left out: running heads and feet of the pages",
        "left out: comments",
    )


def test_a_deep_word_document_costs_no_recursion() -> None:
    deep = "<w:sdt>" * 30_000 + para("deep") + "</w:sdt>" * 30_000
    assert text_of(docx(deep), "a.docx") == "deep"


def test_an_embedded_document_makes_it_incomplete() -> None:
    assert not extract(docx(para("x") + "<w:altChunk/>"), "a.docx")[1].complete


def zip_of(**parts: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return packed.getvalue()


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
)


def locked(data: bytes) -> bytes:
    """The flag of encryption set in the list of parts."""
    return re.sub(rb"(PK\x01\x02.{4})..", lambda m: m[1] + b"\1\0", data, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (docx(para("&b;&c;"), head=ENTITIES), "brings a document type"),
        (docx(para("x"), footnotes=ENTITIES + "<x/>"), "footnotes.xml brings a document type"),
        (docx("<w:p>"), "no readable XML"),
        (docx("<w:x>" * 5_000), "no readable XML"),
        (docx(para("x"))[:-40], "its archive is damaged"),
        (docx(para("x")).replace(b"document.xml", b"document.xm\0", 1), "its archive is damaged"),
        (locked(docx(para("x"))), "locked with a password"),
        (zip_of(xl__workbook_xml=b"<x/>"), "spreadsheet"),
        (zip_of(ppt__slides_xml=b"<x/>"), "slides"),
        (zip_of(content_xml=b"<x/>"), "an OpenDocument file"),
        (zip_of(readme=b"x"), "a zip archive of something else"),
        (zip_of(), "a zip archive of something else"),
    ],
)
def test_broken_and_hostile_word_documents_are_refused(data: bytes, what: str) -> None:
    with pytest.raises(BadFile, match=what) as caught:
        extract(data, "a.docx")
    assert "no readable DOCX" in str(caught.value) and caught.value.remedy


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = docx("<w:p>" + " " * 60_000_000 + "</w:p>")
    many = zip_of(**{f"word__p{n}": b"" for n in range(docforms.MAX_PARTS)}, word__document_xml=b"")
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("unpacked"))
    for data, what in ((bomb, "unpack to 60,000,"), (many, "in 5,001 parts")):
        with pytest.raises(BadFile, match=what):
            extract(data, "a.docx")


def test_a_part_with_too_much_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docforms, "MAX_PART_BYTES", 10_000)
    data = docx("".join(para(str(n)) for n in range(2_000)))
    with pytest.raises(BadFile, match=r"word/document\.xml has more than 10,000 bytes"):
        extract(data, "a.docx")


def test_a_part_that_is_larger_than_stated_is_refused() -> None:
    data = docx(para("x" * 3_000_000))
    size = struct.pack("<I", 1_000)
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    lying = data[: at + 24] + size + data[at + 28 :]
    with pytest.raises(BadFile, match="no readable DOCX"):
        extract(lying, "a.docx")


# --- PDF --------------------------------------------------------------------------------------


def test_a_pdf_gives_its_pages_with_lines_joined() -> None:
    data = pdf(
        lines_of(
            "Erklärung",
            "Die Angriffe auf Energie-",
            "anlagen enden, sagte der Kreml-",
            "Sprecher. Auch Energie-",
            "und Wasserwerke sind gemeint.",
            "Schluss.",
        ),
        b"q Q",
        lines_of("Dritte Seite."),
    )
    form, read = extract(data, "a.pdf")
    assert form == "pdf" and not read.complete
    assert read.text.split("\n\n") == [
        "Erklärung",
        "Die Angriffe auf Energieanlagen enden, sagte der Kreml-Sprecher. Auch Energie- "
        "und Wasserwerke sind gemeint. Schluss.",
        "Dritte Seite.",
    ]
    assert read.notes[0] == "pages without text: 2"
    assert extract(pdf(lines_of("Ganz.")), "a.pdf")[1].complete


@pytest.mark.parametrize(
    ("page", "joined"),
    [
        ("Waffen\u2010\nruhe", "Waffenruhe"),
        ("Waffen\u00ad\nruhe", "Waffenruhe"),
        ("seit 15-\njährigem Streit", "seit 15-jährigem Streit"),
        ("Eins.  Zwei \n\n drei", "Eins. Zwei\n\ndrei"),
        ("Die Seiten sagen zu:\n1. keine Schläge\n2. keine Flüge", None),
        (
            "Sie sagen, was folgt,\n– so der Sprecher – bald",
            "Sie sagen, was folgt, – so der Sprecher – bald",
        ),
    ],
)
def test_lines_become_paragraphs(page: str, joined: str | None) -> None:
    assert paragraphs(page) == (joined or page.replace("\n", "\n\n"))


def test_many_short_lines_take_no_more_than_their_time() -> None:
    assert len(paragraphs("a,\n" * 300_000)) == 3 * 300_000 - 1


def test_a_scan_without_text_is_told() -> None:
    with pytest.raises(BadFile, match="no text layer on 2 pages") as caught:
        extract(pdf(b"q Q", b"q 1 0 0 1 0 0 cm Q"), "scan.pdf")
    assert "OCR" in caught.value.remedy


ENCRYPTION = (
    b"<</Filter/Standard/V 4/R 4/O(" + b"x" * 32 + b")/U(" + b"y" * 32 + b")/P -4/Length 128/CF"
    b"<</StdCF<</CFM/AESV2>>>>/StmF/StdCF/StrF/StdCF>>"
)
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (
            pdf_of(
                [CATALOG, b"<</Type/Pages/Kids[]/Count 0>>", ENCRYPTION],
                b"/Encrypt 3 0 R/ID[(a)(a)]",
            ),
            "the PDF is encrypted",
        ),
        (pdf(lines_of("Words."))[:300], "no readable PDF"),
        (b"%PDF-1.4\n", "no readable PDF"),
        (b"%PDF-1.4\n" + b"0 " * 500_000, "no readable PDF"),
        (pdf(b"BT " + b" " * 30_000_000 + b" ET", packed=True), "no readable PDF: Limit reached"),
        (pdf(b"q Q " * 400_000, packed=True), "no readable PDF"),
        (pdf(b"[" * 100_000 + b"]" * 100_000), "no readable PDF"),
        (pdf_of([b"<</A" * 50_000]), "no readable PDF"),
        (pdf_of([CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]), "no readable PDF"),
        (
            pdf_of([CATALOG, b"<</Type/Pages/Kids[" + b"3 0 R " * 3_000 + b"]/Count 3000>>"]) + b"",
            "no readable PDF|given up|no text layer",
        ),
    ],
)
def test_broken_and_hostile_pdfs_are_refused(data: bytes, what: str) -> None:
    with pytest.raises(BadFile, match=what) as caught:
        extract(data, "a.pdf")
    assert caught.value.remedy and caught.value.expected


def test_too_many_pages_are_refused() -> None:
    data = pdf_of(
        [
            CATALOG,
            b"<</Type/Pages/Kids[" + b"3 0 R " * 1_001 + b"]/Count 1001>>",
            b"<</Type/Page/Parent 2 0 R>>",
        ]
    )
    with pytest.raises(BadFile, match="given up: it has 1,001 pages"):
        extract(data, "a.pdf")


def test_a_pdf_that_takes_too_long_is_given_up() -> None:
    form = stream(
        b"BT /F1 12 Tf (y) Tj ET", b"/Type/XObject/Subtype/Form/Resources<</Font<</F1 3 0 R>>>>"
    )
    seconds = count(step=20)
    with pytest.raises(BadFile, match="more than 120 seconds"):
        read_pdf(pdf(b"/X Do " * 20, more=(form,)), "a.pdf", lambda: float(next(seconds)))


def test_what_the_library_skips_is_told_and_makes_it_incomplete() -> None:
    form = stream(
        b"BT /F1 12 Tf (y) Tj ET", b"/Type/XObject/Subtype/Form/Resources<</Font<</F1 3 0 R>>>>"
    )
    _, read = extract(pdf(lines_of("Words.") + b" /X Do" * 300, more=(form,)), "a.pdf")
    assert not read.complete
    assert any("further form content is skipped" in note for note in read.notes)


# --- whatever comes ---------------------------------------------------------------------------

WHOLE = {
    "a.pdf": pdf(lines_of("The truce holds.", "It ends on Monday.")),
    "a.docx": docx(para("The truce holds.") + "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"),
    "a.html": b"<!doctype html><meta charset=cp1252><title>t</title><p>The <q>truce</q> holds.",
}
NAMES = ("a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a")
STARTS = (b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"\xff\xfe", b"\xef\xbb\xbf", b"<?xml ")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(NAMES), st.sampled_from(STARTS), st.binary(max_size=300))
def test_any_bytes_give_text_or_an_error(name: str, start: bytes, rest: bytes) -> None:
    try:
        _, read = extract(start + rest, name)
    except TruceError as error:
        told = str(error)
    else:
        told = read.text.encode("utf-8").decode()
    assert isinstance(told, str)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(WHOLE)),
    st.lists(st.tuples(st.integers(0, 5_000), st.binary(max_size=4)), max_size=4),
    st.integers(0, 5_000),
)
def test_damaged_documents_give_text_or_an_error(
    name: str, edits: list[tuple[int, bytes]], cut: int
) -> None:
    data = WHOLE[name]
    for at, new in edits:
        at %= len(data)
        data = data[:at] + new + data[at + len(new) :]
    if cut % 3 == 0:
        data = data[: cut % len(data)]
    try:
        _, read = extract(data, name)
    except TruceError as error:
        told = str(error)
    else:
        told = read.text.encode("utf-8").decode()
    assert isinstance(told, str)
