"""``truceline read``: files to documents, documents to statements, statements to a folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from truceline.archive.reading import Reading, load_reading, write_reading
from truceline.archive.texts import csv_bytes
from truceline.domain.words import Document, Item, Review, Reviewed
from truceline.errors import BadInput, Where
from truceline.report.review_page import tell_review
from truceline.sources.documents import read_document
from truceline.words.actors import Registry
from truceline.words.check import Checked, actors_in, check
from truceline.words.claimslist import (
    ClaimRow,
    Kept,
    claims_files,
    is_claims_list,
    read_claims,
)
from truceline.words.engine import JUDGED, describe, read_statements
from truceline.words.language import detect_language


@dataclass(frozen=True)
class Asked:
    """What a user says of the documents beside their names."""

    language: str | None = None
    encoding: str | None = None
    medium: str | None = None
    dated: str | None = None
    actors: Path | None = None

    def registry(self) -> Registry:
        """Actors that are known, those of a file of the user included."""
        known = Registry.known()
        return known.with_file(self.actors) if self.actors else known


def read_documents(paths: Sequence[Path], asked: Asked) -> tuple[Document, ...]:
    """Files as documents with language, narrator and day; the same bytes are read once."""
    registry = asked.registry()
    found: dict[str, Document] = {}
    for path in paths:
        document = read_document(path, language=asked.language, encoding=asked.encoding)
        language = document.language or detect_language(document.text)
        if not language:
            raise BadInput(
                "its language was not recognised",
                Where(path.name),
                expected="German, English, Russian or Ukrainian text of a sentence or more",
                remedy="name it with --language de (or en, ru, uk)",
            )
        document = describe(replace(document, language=language), registry)
        document = replace(
            document,
            medium=asked.medium or document.medium,
            dated=asked.dated or document.dated,
        )
        taken = any(d.name == document.name for d in found.values())
        if taken and document.sha256 not in found:
            document = replace(document, name=f"{path.parent.name}/{path.name}")
        found.setdefault(document.sha256, document)
    return tuple(found.values())


def read_items(
    documents: Iterable[Document], registry: Registry, stage: Callable[[str], None] = print
) -> tuple[Item, ...]:
    """Statements of all documents, each held against its source before it is passed on."""
    items: list[Item] = []
    for document in documents:
        stage(document.name)
        resolve, mentions = actors_in(registry, document)
        for item in read_statements(document, registry):
            items.append(checked(item, check(item, document, resolve=resolve, mentions=mentions)))
    return tuple(items)


def checked(item: Item, found: Checked) -> Item:
    """An item with what the check of its own words says; what is in doubt goes to review."""
    if found.outcome == "passed":
        return item
    reviewed = Reviewed(state=Review.TO_REVIEW, reasons=found.reasons)
    return item.model_copy(update={"review": reviewed})


@dataclass(frozen=True)
class Lists:
    """What lists of alleged attacks gave: rows of claims, and what could not be read, as words."""

    rows: tuple[ClaimRow, ...] = ()
    kept: tuple[tuple[str, Kept], ...] = ()
    """Name of the document, and the stretch with the reason."""
    names: tuple[str, ...] = ()


def read_lists(documents: Iterable[Document], registry: Registry) -> Lists:
    """Claims of the documents that are daily lists, in any of the four languages."""
    rows: list[ClaimRow] = []
    kept: list[tuple[str, Kept]] = []
    names = []
    for document in documents:
        if is_claims_list(document):
            found = read_claims(document, registry)
            names.append(document.name)
            rows += found.rows
            kept += [(document.name, one) for one in found.kept]
    return Lists(tuple(rows), tuple(kept), tuple(names))


def write_read(
    folder: Path, reading: Reading, lists: Lists | None = None, paths: Iterable[Path] = ()
) -> None:
    """Put documents, texts, statements and the page for reviewing them into a folder.

    Lists of claims go to its folder ``claims`` in the form of a case, with what was not read;
    the files at ``paths`` are kept as received.
    """
    page = tell_review(reading)
    files = dict(claims_files(lists.rows)) if lists and lists.rows else {}
    if lists and lists.kept:
        columns = ["document", "start", "end", "reason", "text"]
        files["unread.csv"] = csv_bytes(columns, [_unread(name, one) for name, one in lists.kept])
    originals = ((_ending(path), path.read_bytes()) for path in paths)
    write_reading(folder, reading, page.encode(), files, originals)
    load_reading(folder)


def _ending(path: Path) -> str:
    """Ending of a name, if it is a plain one."""
    return path.suffix.lower() if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", path.suffix) else ""


def _unread(name: str, one: Kept) -> dict[str, object]:
    span = one.span
    return {
        "document": name,
        "start": span.start,
        "end": span.end,
        "reason": one.reason,
        "text": span.text,
    }


def languages_left_out(documents: Iterable[Document], lists: Lists) -> list[str]:
    """Names of documents in no language that the engine reads, and that are no lists either."""
    return [d.name for d in documents if d.language not in JUDGED and d.name not in lists.names]
