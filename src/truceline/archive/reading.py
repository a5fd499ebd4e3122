"""The folder that ``truceline read`` writes: documents, their texts, and the statements in them.

Every span is cut again on load; a folder in which one item does not say what stands in its
document, or in which an item is not the one that was read, is refused as a whole: people decide
on items in ``reviews.jsonl``, and never by writing into the statements.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from truceline.archive.atomic import replace_file
from truceline.archive.texts import inside, pretty_json
from truceline.domain.words import Document, Item
from truceline.errors import BadFile, BadInput, MissingFile, Where

STATEMENTS, DOCUMENTS = "statements.jsonl", "documents.json"
SCHEMA = "truceline-documents/1"

FIELDS = ("name", "sha256", "language", "medium", "dated", "form", "complete")
"""What ``documents.json`` tells of a document beside its text and notes."""


@dataclass(frozen=True)
class Reading:
    """Documents in their order, and the items found in them."""

    documents: tuple[Document, ...]
    items: tuple[Item, ...]

    @property
    def texts(self) -> dict[str, str]:
        """Decoded texts by the hash of their document."""
        return {document.sha256: document.text for document in self.documents}


def load_reading(folder: Path) -> Reading:
    """Read the folder; raises ``MissingFile``, ``BadFile`` or ``BadInput`` with the place."""
    told = _told_documents(folder)
    documents = tuple(_documents(folder, told))
    texts = {document.sha256: document.text for document in documents}
    items: dict[str, Item] = {}
    raw = _bytes(folder, STATEMENTS)
    for n, line in enumerate(raw.split(b"\n"), 1):
        if line.strip():
            item = _item(line, n, texts)
            if items.setdefault(item.id, item) is not item:
                raise BadInput(f"{item.id} stands twice", Where(STATEMENTS, n, "id"))
    _refuse_changed(raw, told)
    return Reading(documents, tuple(items.values()))


def _bytes(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise MissingFile(
            f"{path} is missing",
            expected="a folder that `truceline read DOC --out DIR` has written",
            remedy="name that folder, or read the documents again",
        )
    return path.read_bytes()


def _told_documents(folder: Path) -> Mapping[str, Any]:
    try:
        told: Mapping[str, Any] = json.loads(_bytes(folder, DOCUMENTS))
        schema = told["schema"]
    except (ValueError, KeyError, TypeError) as error:
        raise _unlike(error) from error
    if schema != SCHEMA:
        raise BadFile(f"its schema is {schema!r}", Where(DOCUMENTS), expected=SCHEMA)
    return told


def _documents(folder: Path, told: Mapping[str, Any]) -> Iterator[Document]:
    try:
        rows: list[Mapping[str, Any]] = told["documents"]
        for row in rows:
            fields = {name: row[name] for name in FIELDS}
            yield Document(**fields, text=_text(folder, row), notes=tuple(row["notes"]))
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, BadInput):
            raise
        raise _unlike(error) from error


def _unlike(error: Exception) -> BadFile:
    return BadFile(f"not as it was written: {error!r}", Where(DOCUMENTS))


def _refuse_changed(raw: bytes, told: Mapping[str, Any]) -> None:
    found, expected = hashlib.sha256(raw).hexdigest(), told.get("statements_sha256")
    if found != expected:
        raise BadFile(
            "the statements are not the ones that were read",
            Where(STATEMENTS),
            expected=f"sha256 {expected}",
            remedy="decide with `truceline review DIR`, which keeps its own file, or read again",
        )


def _text(folder: Path, row: Mapping[str, Any]) -> str:
    name = str(row["text"])
    if not inside(name):
        raise BadFile(f"{name!r} leaves the folder", Where(DOCUMENTS, field="text"))
    raw = _bytes(folder, name)
    if hashlib.sha256(raw).hexdigest() != row["text_sha256"]:
        raise BadFile(
            "the text is not the one that was read",
            Where(name),
            expected=f"sha256 {row['text_sha256']}",
            remedy="read the document again",
        )
    return raw.decode()


def _item(line: bytes, n: int, texts: Mapping[str, str]) -> Item:
    try:
        item = Item.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or None
        raise BadInput(f"no statement: {first['msg']}", Where(STATEMENTS, n, field)) from error
    if item.document not in texts:
        raise BadInput(
            f"no document has the hash {item.document}", Where(STATEMENTS, n, "document")
        )
    text = texts[item.document]
    for path, span in item.spans():
        if text[span.start : span.end] != span.text:
            raise BadInput(
                f"the span says {span.text[:60]!r}; the document has "
                f"{text[span.start : span.end][:60]!r} there",
                Where(STATEMENTS, n, path),
                expected="the words of the document, exactly",
                remedy="read the document again",
            )
    return item


REVIEWS, PAGE, TEXTS, CLAIMS = "reviews.jsonl", "review.html", "texts", "claims"
ORIGINALS, IGNORED = "originals", ".gitignore"
OURS = frozenset(
    {
        STATEMENTS,
        DOCUMENTS,
        REVIEWS,
        PAGE,
        TEXTS,
        CLAIMS,
        ORIGINALS,
        IGNORED,
        "reader.json",
        "answers",
    }
)
"""Names in such a folder; with any other name in it, it is not written to."""


def refuse_foreign(folder: Path) -> None:
    """Refuse, as a ``BadInput``, a folder that holds what reading documents does not write."""
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is a file", remedy="name a folder with --out")
    held = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if (held and STATEMENTS not in held) or set(held) - OURS:
        raise BadInput(
            f"{folder} holds what no reading has written: {', '.join(held[:5])}",
            expected="a new or empty folder, or one of an earlier `truceline read`",
            remedy="name another folder with --out",
        )


def write_reading(
    folder: Path,
    reading: Reading,
    page: bytes,
    claims: Mapping[str, bytes] | None = None,
    originals: Iterable[tuple[str, bytes]] = (),
) -> None:
    """Write a reading; reviews that lie there stay, since items keep their ids.

    ``claims`` are files of lists of claims by their path below ``claims``, which is made anew;
    ``originals`` the documents as received, by the ending of their name: they are called by
    their hash.  A file tells version control to leave the whole folder out.

    Every file is put in place as a whole, the statements last: whoever loads the folder in
    between gets an error, never a mixture.
    """
    refuse_foreign(folder)
    (folder / TEXTS).mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / TEXTS)
    shutil.rmtree(folder / ORIGINALS, ignore_errors=True)
    (folder / TEXTS).mkdir()
    replace_file(folder / IGNORED, b"# texts of others: not yours to publish\n*\n")
    for ending, raw in originals:
        (folder / ORIGINALS).mkdir(exist_ok=True)
        replace_file(folder / ORIGINALS / f"{hashlib.sha256(raw).hexdigest()}{ending}", raw)
    for document in reading.documents:
        replace_file(folder / TEXTS / f"{document.sha256}.txt", document.text.encode())
    shutil.rmtree(folder / CLAIMS, ignore_errors=True)
    for name, raw in sorted((claims or {}).items()):
        (folder / CLAIMS / name).parent.mkdir(parents=True, exist_ok=True)
        replace_file(folder / CLAIMS / name, raw)
    raw = "".join(f"{item.model_dump_json()}\n" for item in reading.items).encode()
    replace_file(folder / DOCUMENTS, pretty_json(_told(reading.documents, raw)))
    replace_file(folder / PAGE, page)
    replace_file(folder / STATEMENTS, raw)


def _told(documents: tuple[Document, ...], statements: bytes) -> dict[str, object]:
    rows = [
        {name: getattr(d, name) for name in FIELDS}
        | {"text": f"{TEXTS}/{d.sha256}.txt", "text_sha256": d.text_sha256, "notes": list(d.notes)}
        for d in documents
    ]
    return {
        "schema": SCHEMA,
        "documents": rows,
        "statements_sha256": hashlib.sha256(statements).hexdigest(),
    }
