"""What a document says of itself: its agency, its issuer, its day."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from truceline.domain.words import NARRATOR, UNKNOWN
from truceline.words.actors.forms import split
from truceline.words.actors.mentions import Mention, mentions
from truceline.words.actors.registry import Registry, together

SIGN = re.compile(
    r"\((?P<a>[\w .]{2,24}(?:/[\w .]{2,24})*)\)\s*(?:[-–—:]|$)"
    r"|(?:^|\n)\s*(?:[©]|Quelle:|Source:)\s*(?P<b>[\w][\w ./-]{1,40})"
    r"|(?:^|\s)/(?P<c>\w{2,10})\s*$"
    r"|\((?P<d>[\w .]{2,24}(?:/[\w .]{2,24})*)\)\s*\n",
    re.M,
)
"""A dateline "KYIV (Reuters) -", a sign-off "(dpa/AFP)", "/dpa", "Quelle: dpa", "© dpa"."""

DAY = re.compile(
    r"(?<![\d.])(?P<y1>\d{4})-(?P<m1>\d\d)-(?P<d1>\d\d)(?!\d)"
    r"|(?<![\d.])(?P<d2>\d{1,2})\.\s?(?P<m2>\d{1,2})\.\s?(?P<y2>\d{4})(?!\d)"
    r"|(?<![\d.])(?P<d3>\d{1,2})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?(?P<m3>[^\W\d]{3,9})\.?,?\s+"
    r"(?P<y3>\d{4})(?!\d)"
    r"|\b(?P<m4>[A-Z][a-z]{2,8})\.?\s+(?P<d4>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y4>\d{4})(?!\d)"
)

JOINT_WORD = re.compile("joint|gemeinsame|совместное|спільна", re.I)
FIRST_LINES, LAST_LINES = 5, 2


def medium_of(text: str, head: int = 600, tail: int = 300) -> str:
    """The agency that narrates, by the dateline or sign-off; of several the first.

    >>> medium_of("Moskau (dpa) - Die Gespräche gehen weiter."), medium_of("Ohne Zeile.")
    ('MEDIA:dpa', 'MEDIA:narrator')
    """
    for stretch in (text[:head], text[max(0, len(text) - tail) :].rstrip()):
        for found in SIGN.finditer(stretch):
            told = next(group for group in found.groups() if group)
            for name in (told.strip(), *re.split(r"[/,]", told)):
                medium = _agencies().get(name.strip(" .").casefold())
                if medium is not None:
                    return medium
    return NARRATOR


@cache
def _words() -> dict[str, Any]:
    path = files("truceline.words.actors") / "head.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


LEADING = (
    r"(?:(?:the|das|der|die|statement|comment|commentary|briefing|stellungnahme|richtigstellung"
    r"|kommentar|erklärung|mitteilung|by|of|from|des|vom|durch|press service of|pressedienst"
    r"|pressestelle)\s+)*"
)
"""What may stand before an office that issues a text."""
SHORT_LINE = 120
"""Code points of a line that is a heading rather than running text."""
QUOTED = re.compile('[„“«»"”][^„“«»"”]*[„“«»"”]')
OWN_VOICE = re.compile(
    r"\b(?:[Ww]ir|[Uu]nsere[nrms]?|[Uu]nser|[Uu]ns|We|we|[Oo]ur|us)\b"
    r"|\b(?:Das Ministerium|Der Generalstab|The Ministry|The General Staff)\b"
)
"""A text that speaks of itself in the first person, or of "the Ministry", is its own."""


@cache
def _agencies() -> dict[str, str]:
    return {
        name.casefold(): f"MEDIA:{code}"
        for code, medium in Registry.known().facts.media.items()
        for name in split(medium.all)
    }


def issuer_of(text: str, language: str = "", registry: Registry | None = None) -> str | None:
    """The party whose own communiqué a text is, by its first lines; None for anybody's article.

    >>> issuer_of("Readout of President Donald J. Trump's call\\n\\nToday the leaders spoke.")
    'USA'
    >>> issuer_of("Das Verteidigungsministerium der Russischen Föderation teilt mit:\\nDrohnen ...")
    'RUS:MoD'
    """
    if medium_of(text) != NARRATOR:
        return None
    cues = _words()["issuer"]
    languages = (language,) if language in cues else tuple(cues)
    registry = registry or Registry.known()
    lines = _lines(text)[:5]
    for line in lines[:3]:
        for one in languages:
            actor = _office_in(line, one, registry)
            if actor is not None:
                return actor
    headings = [line for line in lines[:4] if len(line) <= SHORT_LINE]
    office = _office_of(headings, languages, "", registry)
    if office is not None:
        return office
    for line in lines[:3]:
        for one in languages:
            actor = _issuer_in(line, one, registry)
            if actor is not None:
                return actor
    return _office_of(lines, languages, text, registry)


def _office_of(
    lines: list[str], languages: tuple[str, ...], text: str, registry: Registry
) -> str | None:
    """An office at the beginning of a line, its state named there or in a line beside it.

    In running text only where the text goes on in the first person or is called a statement.
    """
    for language in languages:
        states = [m.actor for line in lines for m in _states(line, language, registry)]
        cued = bool(lines) and any(lines[0].startswith(c) for c in _words()["issuer"][language])
        for line in lines:
            office = next(iter(_institutions(line, language, registry)), None)
            if office is None or not re.fullmatch(LEADING, line[: office.start], re.I):
                continue
            if len(line) > SHORT_LINE and not cued and not OWN_VOICE.search(QUOTED.sub("", text)):
                continue
            own = [m.actor for m in _states(line, language, registry)]
            of = next(iter([*own, *states]), "")
            actor = office.actor if office.actor != UNKNOWN else ""
            actor = actor or (registry.institution(office.institution, of) if of else "")
            if actor and actor != UNKNOWN:
                return actor
    return None


def _institutions(line: str, language: str, registry: Registry) -> list[Mention]:
    found = mentions(line, 0, len(line), language, registry)
    return [m for m in found if m.institution and m.institution != "Side"]


def _states(line: str, language: str, registry: Registry) -> list[Mention]:
    found = mentions(line, 0, len(line), language, registry)
    return [m for m in found if re.fullmatch(r"[A-Z]{3}", m.actor)]


def _named(line: str, language: str, registry: Registry) -> list[Mention]:
    return [
        one
        for one in mentions(line, 0, len(line), language, registry)
        if one.actor != UNKNOWN and not one.as_place and not one.actor.startswith("MEDIA:")
    ]


def _office_in(line: str, language: str, registry: Registry) -> str | None:
    """An office that stands alone in a line, with nothing but a day behind it."""
    told = re.sub(r",?\s*(?:on )?\d{1,2}\.?\s+\w+\s+\d{4}\.?$", "", line.strip(" :.\t"))
    bare = re.sub(r"^(?:the|das|der|die)\s+", "", told, flags=re.I)
    named = _named(line, language, registry)
    if len(line) >= 90 or not named or bare != line[named[0].start : named[0].end]:
        return None
    return named[0].actor if named[0].sort not in ("state", "person") else None


def _issuer_in(line: str, language: str, registry: Registry) -> str | None:
    told = line.strip(" :.\t")
    cue = next((one for one in _words()["issuer"][language] if told.startswith(one)), "")
    telling = any(told.endswith(one) for one in _words()["telling"][language])
    named = [m for m in _named(line, language, registry) if m.institution != "Side"]
    if not named:
        return None
    if not cue and not telling:
        return None
    if JOINT_WORD.match(cue) and len(named) > 1:
        return together(tuple(one.actor for one in named))
    first = named[0]
    if re.search(
        r"\b(?:with|mit|zu|zum|zur|über|on|about|between|regarding)\b", line[: first.start]
    ):
        return None
    if cue.startswith("Readout") and ":" in first.actor and first.sort in ("person", "role"):
        return first.actor.split(":")[0]
    return first.actor


def dated_of(text: str, language: str) -> str | None:
    """The day of a document (ISO 8601), where its first or last lines state just one full date.

    >>> dated_of("Kiew, 18. März 2025\\n\\nText", "de"), dated_of("On 3/4/2025 ...", "en")
    ('2025-03-18', None)
    """
    lines = _lines(text)
    for stretch in (lines[:FIRST_LINES], lines[FIRST_LINES:][-LAST_LINES:]):
        days = {day for line in stretch for day in _days(line[:400], language)}
        if len(days) == 1:
            return days.pop()
        if days:
            return None
    return None


def _lines(text: str) -> list[str]:
    ends = text[:4000], text[-2000:] if len(text) > 4000 else ""
    return [line for part in ends for line in part.splitlines() if line.strip()]


def _days(line: str, language: str) -> list[str]:
    found = []
    for match in DAY.finditer(line):
        told = {name[0]: value for name, value in match.groupdict().items() if value}
        month = int(told["m"]) if told["m"].isdigit() else _month(told["m"], language)
        try:
            found.append(date(int(told["y"]), month, int(told["d"])).isoformat())
        except ValueError:
            continue
    return found


def _month(word: str, language: str) -> int:
    folded, told = word.casefold(), _words()
    for names in (told["months"].get(language, ""), *told["months"].values()):
        if folded in names.split():
            return int(names.split().index(folded)) + 1
    return int(told["short"].get(folded, 0))
