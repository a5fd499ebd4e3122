"""Own short texts in the manner of readouts, and how tests read them."""

from __future__ import annotations

import hashlib
from functools import cache

from truceline.domain.words import Document, Item
from truceline.words.actors import Registry
from truceline.words.engine import read_statements

KREMLIN = """\
The President of the United States proposed that the parties to the conflict mutually refrain \
from strikes on energy infrastructure for 30 days. Vladimir Putin responded positively.

The Russian side stated that a full ceasefire is possible only if foreign military aid to Kyiv \
ends completely. No agreement was reached on a summit.

Vladimir Putin announced that 175 prisoners from each side will be exchanged.
"""

WHITE_HOUSE = """\
The leaders agreed that the movement to peace will begin with an energy and infrastructure \
ceasefire. Technical negotiations on a maritime ceasefire in the Black Sea will begin \
immediately in the Middle East.

Nothing was agreed about sanctions.
"""

EXCERPT = """\
Der ukrainische Präsident Wolodymyr Selenskyj erklärte, die Ukraine sei bereit, 60 Tage lang \
keine Energieanlagen und Häfen anzugreifen, sofern auch Russland das tue.
"""


def document(
    name: str,
    text: str,
    language: str = "en",
    medium: str = "MEDIA:narrator",
    *,
    whole: bool = True,
) -> Document:
    """A text as it would be held."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Document(name, text, sha256, language, medium, dated="2025-03-18", complete=whole)


def three() -> list[Document]:
    """Two readouts that are held as a whole, and an excerpt."""
    return [
        document("kremlin", KREMLIN, medium="RUS:Kremlin"),
        document("white-house", WHITE_HOUSE, medium="USA:WhiteHouse"),
        document("kyiv", EXCERPT, "de", whole=False),
    ]


@cache
def items_of(one: Document) -> tuple[Item, ...]:
    """Statements that the engine finds."""
    return tuple(read_statements(one, Registry.known()))
