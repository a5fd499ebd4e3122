"""Places that an entry names, as worded, and the region that they lie in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from truceline.words.actors import Registry
from truceline.words.actors.forms import split
from truceline.words.claimslist.lexicon import LEVELS, Words
from truceline.words.found import Stretch
from truceline.words.slots.passage import Passage

ADJECTIVE = re.compile(r"(?:щин|ччин)\w{0,2}$|(?:ск|цк|ськ|цьк|зьк|жск)\w{0,3}$")
"""Ending of an adjective or of a short name of a region: "Курская", "Харківщині", "Донеччина"."""


KIND = re.compile(r"\s+(?:кра[йяюе]|област\w+|region|oblast|krai)$")
LEAD = re.compile(
    r"(?:bei|nahe|unweit von|in der Nähe von|in|auf der|von der|near|outside|at|over"
    r"|вблизи|возле|близ|под|над|в|поблизу|біля|під|у)\s+",
    re.IGNORECASE,
)
"""Prepositions of a place, which are no part of its name."""


@dataclass(frozen=True)
class Place:
    """A place with its level: settlement, district, region; ``key`` of a region the registry's."""

    text: str
    level: str
    stretch: Stretch
    key: str = ""
    of: str = ""


@dataclass(frozen=True)
class Places:
    """The places of a passage at their finest level, the words of all, and the one region."""

    finest: tuple[Place, ...] = ()
    regions: tuple[Place, ...] = ()
    joined: Stretch | None = None
    """From the first to the last of the finest."""


def read_places(row: Passage, words: Words, registry: Registry, apart: list[Stretch]) -> Places:
    """Places in a passage; ``apart`` are stretches that name something else (hours, objects)."""
    found: list[Place] = []
    taken: list[Stretch] = list(apart)
    for level in reversed(LEVELS):
        for match in _matches(row, words, level, taken):
            if not _is_free(match.span("names"), taken):
                continue
            named = _split(match, words, level, registry, row.text)
            if named:
                taken.append(match.span())
                found += named
    found.sort(key=lambda p: p.stretch)
    level = next((lv for lv in LEVELS if any(p.level == lv for p in found)), "")
    finest = tuple(p for p in found if p.level == level)
    joined = (finest[0].stretch[0], finest[-1].stretch[1]) if finest else None
    return Places(finest, tuple(p for p in found if p.level == "region"), joined)


def _matches(row: Passage, words: Words, level: str, taken: list[Stretch]) -> list[re.Match[str]]:
    """Matches between the stretches that are taken; a name never runs on into one of them."""
    edges = sorted(taken)
    free: list[Stretch] = []
    for start, end in row.spans:
        at = start
        for a, b in edges:
            if start <= a < end:
                free.append((at, a))
                at = max(at, b)
        free.append((at, end))
    return [
        match
        for one, pattern in words.places
        if one == level
        for start, end in free
        for match in pattern.finditer(row.text, start, end)
    ]


def _is_free(stretch: Stretch, taken: list[Stretch]) -> bool:
    return not any(stretch[0] < end and start < stretch[1] for start, end in taken)


def _split(
    match: re.Match[str], words: Words, level: str, registry: Registry, text: str
) -> list[Place]:
    """The names of a list; a single one keeps the word of its kind ("Gebiet Brjansk")."""
    start, end = match.span("names")
    pieces: list[Stretch] = []
    at = start
    for gap in words.separator.finditer(text, start, end):
        pieces.append((at, gap.start()))
        at = gap.end()
    pieces.append((at, end))
    places = []
    for n, (a, b) in enumerate(pieces):
        name = text[a:b]
        if name in words.small["not_names"] or name.casefold() in words.small["not_names"]:
            continue
        stretch = (a, b)
        if len(pieces) == 1:
            stretch = _with_kind(match)
        elif n == len(pieces) - 1:
            stretch = (a, max(b, match.end()))
        key, of = region_of(name, registry) if level == "region" else ("", "")
        places.append(Place(text[slice(*stretch)], level, stretch, key, of))
    return places


def _with_kind(match: re.Match[str]) -> Stretch:
    """A match without the preposition that opens it."""
    start, end = match.span()
    names = match.start("names")
    lead = LEAD.match(match[0])
    return (min(start + lead.end(), names) if lead else start), end


def region_of(name: str, registry: Registry) -> tuple[str, str]:
    """Key and state of a region of the registry; blank where it is not known or disputed.

    >>> region_of("Брянской", Registry.known()), region_of("Neuland", Registry.known())
    (('Bryansk', 'RUS'), ('', ''))
    """
    return _regions(registry).get(_stem(name), ("", ""))


@lru_cache(maxsize=8)
def _regions(registry: Registry) -> dict[str, tuple[str, str]]:
    """Key and state by the stem of every name of a region; the first of two stays."""
    found: dict[str, tuple[str, str]] = {}
    for key, region in registry.facts.regions.items():
        for name in (key, *split(region.all)):
            found.setdefault(_stem(name), (key, region.of))
    return found


def _stem(name: str) -> str:
    folded = KIND.sub("", name.casefold().replace("ё", "е").strip())
    cut = ADJECTIVE.sub("", folded)
    return re.sub(r"(?:е|у|а|ом)$", "", cut) if cut == folded and re.search("[а-я]", cut) else cut
