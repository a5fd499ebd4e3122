"""Catalogues of the interface: what is said in the code, and its translations.

    python tools/make_catalogue.py            bring every catalogue up to date
    python tools/make_catalogue.py --check    only say what is missing; exit 1 if anything is

A message is a literal string in `said`, `said_n`, `gettext`, `ngettext`, ``_`` or `N_`.
Translations are kept; messages that nothing says any more are dropped.  The numbers of judgement
are an annex and stay in English.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from truceline.domain.said import KIND
from truceline.report.tongue import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "truceline"
LOCALE = PACKAGE / "locale"
KEYWORDS = {**DEFAULT_KEYWORDS, "said": None, "said_n": (1, 2)}
METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")]
FIRST = datetime(2025, 3, 18, tzinfo=UTC)
"""Stands in every header, so that equal messages give equal bytes."""


def messages() -> Iterator[tuple[str | tuple[str, str], str]]:
    """Every message, and one plural as a pair, with the file that says it; in fixed order."""
    found = extract_from_dir(
        str(PACKAGE),
        METHODS,
        options_map={"**.j2": {"trimmed": "true", "silent": "false", "extensions": ""}},
        keywords=KEYWORDS,
    )
    for file, _, message, _, _ in sorted(found, key=lambda row: (row[0], row[1])):
        yield message, file


def read(language: str) -> Catalog:
    """The catalogue of a language as it is; an empty one where there is none."""
    path = LOCALE / f"{language}.po"
    if not path.is_file():
        return Catalog(locale=language)
    return read_po(path.open("rb"), locale=language)


def fresh(language: str) -> Catalog:
    """The catalogue with every message that is said, and the translations that there were."""
    before = read(language)
    catalogue = Catalog(
        locale=language,
        project="Truceline",
        header_comment=before.header_comment,
        creation_date=FIRST,
        revision_date=FIRST,
        fuzzy=False,
    )
    for message, file in messages():
        known = before.get(message if isinstance(message, str) else message[0])
        same = known is not None and known.pluralizable == isinstance(message, tuple)
        catalogue.add(
            message,
            known.string if known and same else None,
            locations=[(file, 0)],
            flags=known.flags - {"python-format"} if known else (),
        )
    return catalogue


def faults(message: Message) -> Iterator[str]:
    """What is wrong with a translation: missing, doubtful, or with other placeholders."""
    one, many = message.id if isinstance(message.id, tuple) else (message.id, message.id)
    told = message.string if isinstance(message.string, tuple) else (message.string,)
    if not all(told):
        yield "missing"
        return
    if message.fuzzy:
        yield "marked as doubtful"
    wanted = set(KIND.findall(one)) | set(KIND.findall(many))
    for text in told:
        if not set(KIND.findall(text)) <= wanted or len(set(KIND.findall(text))) < len(wanted) - (
            len(told) > 1
        ):
            yield f"other placeholders: {text}"


def report(language: str) -> list[str]:
    """Every fault of a catalogue, and messages that it should not have or lacks."""
    now, wanted = read(language), fresh(language)
    lines = [
        f"{language}: {fault}: {message.id!r}"
        for message in wanted
        if message.id
        for fault in faults(message)
    ]
    old = {str(m.id) for m in now if m.id} - {str(m.id) for m in wanted if m.id}
    return lines + [f"{language}: nothing says this any more: {text}" for text in sorted(old)]


def main() -> int:
    """Update or check all catalogues."""
    languages = [language for language in LANGUAGES if language != "en"]
    if "--check" not in sys.argv[1:]:
        for language in languages:
            written = io.BytesIO()
            write_po(written, fresh(language), width=96)
            (LOCALE / f"{language}.po").write_bytes(written.getvalue())
    lines = [line for language in languages for line in report(language)]
    print("\n".join(lines) or "every message is translated")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
