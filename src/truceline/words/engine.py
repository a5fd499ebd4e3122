"""The deterministic engine: a document in, statements out, a stretch of paragraphs at a time.

Memory follows the length of a stretch, not that of the document; only the memory of who was
spoken of last goes on from one stretch to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from truceline.domain.words import NARRATOR, Document, Item
from truceline.words.actors import (
    Registry,
    Resolver,
    dated_of,
    issuer_of,
    medium_of,
    mentions,
)
from truceline.words.build import build
from truceline.words.complements import after_colons, complements
from truceline.words.english import find_speech_en
from truceline.words.found import Found
from truceline.words.german import find_speech_de
from truceline.words.narrated import Narrated
from truceline.words.reported import read_reported
from truceline.words.sorting import conditions_of_acts, told_by_act
from truceline.words.tokens import Parsed, parse
from truceline.words.voices import Voices

STRETCH = 20_000
"""Code points that are read at a time, to the end of the paragraph."""

JUDGED = ("de", "en")
"""Languages that the engine reads; of others only lists of claims are read."""


def describe(document: Document, registry: Registry) -> Document:
    """A document with its narrator and its day, as far as it states them."""
    medium = issuer_of(document.text, document.language, registry) or medium_of(document.text)
    return replace(
        document,
        medium=document.medium if document.medium != NARRATOR else medium,
        dated=document.dated or dated_of(document.text, document.language),
    )


def find_speech(parsed: Parsed) -> list[Found]:
    """Reported speech in a language that the engine reads; in any other one nothing."""
    if parsed.language == "de":
        return find_speech_de(parsed)
    return find_speech_en(parsed) if parsed.language == "en" else []


def read_statements(document: Document, registry: Registry) -> Iterator[Item]:
    """Statements of a document in the order of its text."""
    if document.language not in JUDGED:
        return
    resolver = Resolver(registry, document)
    party = None if document.medium.startswith("MEDIA:") else document.medium
    for start, end in stretches(document.text):
        parsed = parse(document.text, document.language, start, end)
        speech = find_speech(parsed)
        found = [f for f in speech if not told_by_act(parsed, f)]
        left = [f for f in speech if f not in found]
        seen = mentions(document.text, start, end, document.language, registry, document.dated)
        resolver.see(start, end)
        voices = Voices(document.text, seen, resolver, party)
        narrated = Narrated(parsed, found, voices, party)
        narrated.hear()
        found += complements(parsed, narrated.parts, voices, found)
        found = after_colons(parsed, narrated.parts, voices, found)
        narrated.take(found)
        drafts = read_reported(parsed, found, voices)
        drafts += conditions_of_acts(parsed, left, voices)
        yield from build(document, [*drafts, *narrated.read(drafts)], voices)


def stretches(text: str, size: int = STRETCH) -> Iterator[tuple[int, int]]:
    """A text in stretches of whole paragraphs.

    >>> list(stretches("eins\\n\\nzwei\\n\\ndrei", size=3))
    [(0, 6), (6, 12), (12, 16)]
    """
    start = 0
    for found in re.finditer(r"\r?\n\s*\n|\r?\n", text):
        if found.end() - start >= size:
            yield start, found.end()
            start = found.end()
    if start < len(text):
        yield start, len(text)
