"""Forms of a word that its data does not spell out: case endings, capitals, adjectives."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

WORD = re.compile(r"(?:[A-Z]\.){2,}|\w+")
"""A word, or an abbreviation with dots ("U.S."); hyphens and apostrophes stand between words."""


@cache
def endings() -> dict[str, dict[str, tuple[str, ...]]]:
    """The tables of ``endings.toml``, each entry cut at its spaces."""
    path = files("truceline.words.actors") / "endings.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: {key: tuple(entry.split()) for key, entry in table.items()}
        for name, table in tables.items()
    }


def split(entries: str) -> list[str]:
    """Entries of a field, which commas separate.

    >>> split("Kiew, Kyjiw,\\n Kyiv")
    ['Kiew', 'Kyjiw', 'Kyiv']
    """
    return [" ".join(one.split()) for one in entries.split(",") if one.strip()]


def adjectives(stem: str, language: str) -> list[str]:
    """Forms of an adjective that comes from a state.

    >>> adjectives("russisch", "de")[:3], adjectives("Russian", "en")
    (['russische', 'russischer', 'russisches'], ['Russian'])
    """
    return [stem + ending for ending in endings()["adjective"].get(language, ("",))]


def noun_forms(entry: str, language: str) -> Iterator[tuple[str, bool]]:
    """Forms of an entry, each with whether it is a genitive that stands before its noun.

    >>> list(noun_forms("Moskau", "de"))
    [('Moskau', False), ('Moskaus', True)]
    """
    if "\u0400" <= entry[-1] <= "\u04ff":
        yield from ((form, False) for form in _cyrillic(entry))
        return
    yield entry, False
    if language == "de" and entry[-1] not in "sßxz." and len(entry) > 2:
        yield entry + "s", True


def common_forms(entry: str, language: str) -> Iterator[str]:
    """Forms of an office or institution: German -s, -es; English capitals.

    >>> list(common_forms("Generalstab", "de"))
    ['Generalstab', 'Generalstabs', 'Generalstabes']
    >>> list(common_forms("defence ministry", "en"))
    ['defence ministry', 'Defence ministry', 'Defence Ministry']
    """
    yield entry
    if language == "de" and entry[-1] not in "sexz":
        yield entry + "s"
        if entry[-1] in "bdftkm":
            yield entry + "es"
    if entry[0].islower():
        yield entry[0].upper() + entry[1:]
        if " " in entry or "-" in entry:
            yield re.sub(r"\b(?!of\b|the\b|for\b|to\b|in\b)(?<!')\w", lambda m: m[0].upper(), entry)


def _cyrillic(entry: str) -> list[str]:
    stem, _, last = entry.rpartition(" ")
    before = f"{stem} " if stem else ""
    tables = endings()
    for ending, others in tables["name"].items():
        if last.endswith(ending) and len(last) > len(ending) + 1:
            return [before + last[: -len(ending)] + other for other in others]
    if last[-1] in tables["consonant"]["letters"][0] and not last.isupper():
        return [before + last + other for other in ("", *tables["consonant"]["endings"])]
    return [entry]
