"""Words of lists of alleged attacks by language: cues, weapons, objects, times, places."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from truceline.words.slots.lexicon import Entry, Layer, entries_of, phrases_of

LANGUAGES = ("de", "en", "ru", "uk")
LEVELS = ("settlement", "district", "region")
"""From the finest to the coarsest, as the ledger calls them."""


@dataclass(frozen=True)
class Words:
    """Everything that one language's file holds."""

    cues: Layer
    things: Layer
    sides: Layer
    cue_patterns: tuple[tuple[str, re.Pattern[str]], ...]
    ranges: tuple[re.Pattern[str], ...]
    clocks: tuple[re.Pattern[str], ...]
    nights_to: tuple[re.Pattern[str], ...]
    nights: tuple[re.Pattern[str], ...]
    places: tuple[tuple[str, re.Pattern[str]], ...]
    separator: re.Pattern[str]
    hours: dict[str, int]
    times: dict[str, int]
    """Words such as "twice"."""
    ordinals: dict[str, int]
    small: dict[str, frozenset[str]]


def _table(package: str, language: str) -> dict[str, Any]:
    path = files(package).joinpath(f"{language}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _entries(rows: dict[str, str], family: str) -> Iterator[Entry]:
    for name, cell in rows.items():
        yield from entries_of(phrases_of(cell), family, name)


@cache
def words_of(language: str) -> Words:
    """The words of a language; of one that is not held those of English."""
    name = language if language in LANGUAGES else "en"
    table = _table(__package__, name)
    shared = _table("truceline.words.slots", name)["things"]
    patterns = table["patterns"]
    hours = {form: int(n) for n, cell in table["hours"].items() for form in phrases_of(cell)}
    ordinals = table.get("ordinals", {}).get("words", "")
    fill = {
        "{names}": _listed(patterns["name"], patterns["separator"]),
        "{adjectives}": _listed(patterns.get("adjective", patterns["name"]), patterns["separator"]),
        "{adjective}": patterns.get("adjective", patterns["name"]),
        "{name}": patterns["name"],
        "{separator}": patterns["separator"],
        "{hour}": "|".join(sorted(map(re.escape, hours), key=len, reverse=True)),
    }

    def built(key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(_filled(one, fill) for one in patterns[key])

    return Words(
        cues=Layer(_entries(table["cues"], "cue")),
        things=Layer(
            entry
            for family in ("means", "objects")
            for rows in (table[family], shared[family])
            for entry in _entries(rows, family)
        ),
        sides=Layer(_entries(table.get("sides", {}), "side")),
        cue_patterns=tuple(
            (cue, re.compile(one))
            for cue, cell in table.get("cue_patterns", {}).items()
            for one in cell
        ),
        ranges=built("range"),
        clocks=built("clock"),
        nights_to=built("night_to"),
        nights=built("night"),
        places=tuple((level, one) for level in LEVELS for one in built(level)),
        separator=re.compile(patterns["separator"]),
        hours=hours,
        times=_times(table["small"]["twice"]),
        ordinals={word: n for n, word in enumerate(ordinals.split(), 1)},
        small={name: frozenset(cell.split()) for name, cell in table["small"].items()},
    )


def _times(cell: str) -> dict[str, int]:
    """Words such as "twice" with their number, from "twice=2 thrice=3"."""
    return {word: int(n) for word, _, n in (one.partition("=") for one in cell.split())}


def _listed(one: str, separator: str) -> str:
    return f"{one}(?:{separator}{one})*"


def _filled(pattern: str, fill: dict[str, str]) -> re.Pattern[str]:
    for name, words in fill.items():
        pattern = pattern.replace(name, words)
    return re.compile(pattern)
