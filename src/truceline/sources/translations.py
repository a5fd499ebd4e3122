"""Translations of the texts of a case: ``texts.<language>.po`` beside ``case.toml``.

The texts of a case are what its authors wrote: titles, terms, notes.  Words of sources are
none of them: they are never translated.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from truceline.domain.result import Input
from truceline.domain.said import said
from truceline.errors import BadFile, Where
from truceline.sources.files import read_needed

SHOWN = 3
"""Missing texts that an error quotes."""

REMEDY = "`truceline texts CASE --language {0}` lists them in {1}; or take {0!r} out of `languages`"


def file_of(language: str) -> str:
    """Name of the file in a case folder.

    >>> file_of("de")
    'texts.de.po'
    """
    return f"texts.{language}.po"


def read_translations(folder: Path, language: str) -> tuple[dict[str, str], Input]:
    """Texts by what they are in English; one that is empty or marked fuzzy is not there."""
    name = file_of(language)
    data = read_needed(
        folder,
        name,
        expected=f"the texts of the case in the language {language!r}",
        remedy=REMEDY.format(language, name),
    )
    texts = {
        str(message.id): str(message.string)
        for message in parse(data, name, language)
        if message.id and message.string and not message.fuzzy
    }
    digest = hashlib.sha256(data).hexdigest()
    title = said("Texts of the case, language {language}", language=language)
    return texts, Input(
        name, "texts", title, name, digest, len(texts), 0, "", "", "", None, separate=False
    )


def parse(data: bytes, name: str, language: str) -> Catalog:
    """A catalogue from its bytes; what Babel cannot read is a ``BadFile`` with its line."""
    try:
        return read_po(io.BytesIO(data), locale=language, abort_invalid=True)
    except PoFileError as error:
        raise BadFile(str(error), Where(name, error.lineno), expected="a gettext file") from error
    except UnicodeDecodeError as error:
        raise BadFile(f"no UTF-8: {error.reason}", Where(name), expected="UTF-8") from error


def refuse_missing(texts: Mapping[str, str], needed: Iterable[str], language: str) -> None:
    """Refuse a case of which a text is told in its own language and not in another."""
    missing = [text for text in needed if text not in texts]
    if missing:
        name = file_of(language)
        quoted = "; ".join(repr(text[:60]) for text in missing[:SHOWN])
        raise BadFile(
            f"{len(missing)} texts of the case have no translation: {quoted}",
            Where(name),
            expected=f"every text of the case in {language!r}",
            remedy=REMEDY.format(language, name),
        )


def updated(
    before: Catalog | None, needed: Collection[str], language: str, title: str, at: datetime
) -> bytes:
    """A catalogue with every text that is needed, and the translations that there were."""
    catalogue = Catalog(
        locale=language,
        project=title,
        header_comment=before.header_comment if before is not None else f"# {title}",
        creation_date=at,
        revision_date=at,
        fuzzy=False,
    )
    for text in needed:
        known = before.get(text) if before is not None else None
        catalogue.add(text, known.string if known else "", flags=known.flags if known else ())
    written = io.BytesIO()
    write_po(written, catalogue, width=96)
    return written.getvalue()
