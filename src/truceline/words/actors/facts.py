"""What the registry knows, as its TOML files say it: strict types and their errors."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from truceline.domain.words import ACTOR, Actor
from truceline.errors import BadInput, Where

FILES = ("states", "persons", "roles", "institutions", "metonyms", "media", "regions", "names")
LANGUAGES = ("de", "en", "ru", "uk")

Gender = Literal["m", "f", "n", "p"]
Day = str | None


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StateWords(_Part):
    """Words of one language for one state; entries separated by commas."""

    name: str = ""
    adjective: str = ""
    people: str = ""
    capital: str = ""


class State(_Part):
    """A state: its words by language; ``gender`` of the German name."""

    gender: Gender = "n"
    de: StateWords = StateWords()
    en: StateWords = StateWords()
    ru: StateWords = StateWords()
    uk: StateWords = StateWords()


class Office(_Part):
    """An office that a person held: which, of which state, first and last day."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    role: str
    of: Actor
    since: str = Field(alias="from", pattern=r"^\d{4}-\d\d-\d\d$")
    until: str | None = Field(default=None, pattern=r"^\d{4}-\d\d-\d\d$")

    def held_on(self, day: str) -> bool:
        """Whether the office was held on a day (ISO 8601)."""
        return self.since <= day and (self.until is None or day <= self.until)


class Person(_Part):
    """A person: names, offices, and the actor that the person stands for."""

    actor: Actor = "UNKNOWN"
    gender: Literal["m", "f"]
    names: str
    given: str = ""
    described: str = ""
    roles: tuple[Office, ...] = ()


class Words(_Part):
    """Forms by language, and ``all`` for every language."""

    gender: Gender = "n"
    all: str = ""
    de: str = ""
    en: str = ""
    ru: str = ""
    uk: str = ""


class Role(Words):
    """An office or another word for somebody who speaks."""

    part: str = ""
    voice: Literal["office", "body", "nobody"] = "office"
    de_f: str = ""
    en_f: str = ""
    ru_f: str = ""
    uk_f: str = ""
    de_p: str = ""
    en_p: str = ""
    ru_p: str = ""
    uk_p: str = ""


class Title(_Part):
    """An office and its state in one word."""

    role: str
    of: str = ""
    gender: Literal["m", "f", ""] = "m"


class Institution(Words):
    """An institution of a state; ``part`` is its name in an actor's code.

    ``body``: it speaks for the palace or institution that stands beside it ("Pressedienst").
    """

    part: str | None = None
    of: str = ""
    side: bool = False
    body: bool = False


class Place(Words):
    """A palace or office that stands for a government; ``seat``: the institution it is."""

    seat: str = ""


class Medium(Words):
    """An agency, a paper, a station."""

    agency: bool = False


class Region(Words):
    """A region or city; ``of`` is empty where states differ about it."""

    of: str = ""


class Conflict(_Part):
    """Two parties of a war."""

    parties: tuple[Actor, Actor]


class Facts(_Part):
    """All of it; a file of a case has the same sections and may leave out any of them."""

    states: dict[str, State] = {}
    persons: dict[str, Person] = {}
    roles: dict[str, Role] = {}
    titles: dict[str, Title] = {}
    institutions: dict[str, Institution] = {}
    places: dict[Actor, Place] = {}
    groups: dict[Actor, Words] = {}
    media: dict[str, Medium] = {}
    regions: dict[str, Region] = {}
    given: dict[Literal["m", "f"], str] = {}
    conflicts: tuple[Conflict, ...] = ()

    def actor_of(self, person: str) -> str:
        """The actor that a person stands for: the one given, or the key itself."""
        told = self.persons[person].actor
        return person if told == "UNKNOWN" else told

    def joined(self, other: Facts) -> Facts:
        """These facts with others on top: what the others say again replaces what was here."""
        merged = {
            name: {**getattr(self, name), **getattr(other, name)}
            if isinstance(getattr(self, name), dict)
            else getattr(self, name) + getattr(other, name)
            for name in type(self).model_fields
        }
        return self.model_copy(update=merged)


@cache
def known_facts() -> Facts:
    """The facts that come with Truceline."""
    folder = files("truceline.words.actors")
    sections: dict[str, Any] = {}
    for name in FILES:
        sections.update(tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")))
    return Facts.model_validate(sections)


def read_facts(text: str, file: str) -> Facts:
    """The facts of a case's own file; ``BadInput`` tells file, line and field of a mistake."""
    try:
        facts = Facts.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise BadInput(
            f"no TOML: {error}",
            Where(file, int(line[1]) if line else None),
            expected="sections states, persons, roles, institutions, places, groups, media",
            remedy="correct the line",
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        path = tuple(str(step) for step in first["loc"] if step != "[key]")
        raise _wrong(first["msg"], path, text, file) from error
    _check_codes(facts, text, file)
    return facts


def _check_codes(facts: Facts, text: str, file: str) -> None:
    known = known_facts()
    for code in facts.states:
        if not re.fullmatch(r"[A-Z]{3}", code):
            raise _wrong(f"{code!r} is no code of a state", ("states", code), text, file)
    for key, person in facts.persons.items():
        if person.actor == "UNKNOWN" and not ACTOR.fullmatch(key):
            raise _wrong(f"{key!r} is no actor", ("persons", key), text, file)
        for office in person.roles:
            if office.role not in known.roles and office.role not in facts.roles:
                raise _wrong(f"no office {office.role!r}", ("persons", key, "roles"), text, file)
    for word, title in facts.titles.items():
        if title.role not in known.roles and title.role not in facts.roles:
            raise _wrong(f"no office {title.role!r}", ("titles", word, "role"), text, file)


def _wrong(what: str, path: tuple[str, ...], text: str, file: str) -> BadInput:
    return BadInput(
        what,
        Where(file, _line_of(path, text), ".".join(path)),
        expected="the form of the files beside the registry (see states.toml, persons.toml)",
        remedy="correct or remove the entry",
    )


def _line_of(path: tuple[str, ...], text: str) -> int | None:
    """The line on which the deepest step of a path that can be found stands."""
    lines, at, found = text.splitlines(), 0, None
    for step in path:
        word = re.compile(rf"(?<![\w:]){re.escape(step)}(?![\w:])")
        hit = next((n for n in range(at, len(lines)) if word.search(lines[n])), None)
        if hit is not None:
            at, found = hit, hit + 1
    return found


class Phrases(_Part):
    """Small words of one language; ``phrases.toml`` says what each set does."""

    near: frozenset[str]
    after: frozenset[str]
    place: frozenset[str]
    inside: frozenset[str]
    oblique: frozenset[str]
    genitive: frozenset[str]
    article: frozenset[str]
    some_of: frozenset[str]
    own: frozenset[str]
    linked: frozenset[str]
    all_of: frozenset[str]
    lead: frozenset[str]
    former: frozenset[str]
    deputy: frozenset[str]
    filler: frozenset[str]
    joining: frozenset[str]
    title: frozenset[str]
    title_m: frozenset[str]
    title_f: frozenset[str]
    locale: frozenset[str]
    he: frozenset[str]
    she: frozenset[str]
    it: frozenset[str]
    they: frozenset[str]
    this_m: frozenset[str]
    this_f: frozenset[str]
    this_n: frozenset[str]
    sides: frozenset[str]
    pair: frozenset[str]
    aged: frozenset[str]
    not_name: frozenset[str]


@cache
def phrases_of(language: str) -> Phrases:
    """The small words of a language; of one that is not served, those of English."""
    path = files("truceline.words.actors") / "phrases.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["phrases"]
    table = tables.get(language, tables["en"])
    sets = {
        name: frozenset(" ".join(one.split()) for one in entries.split(",") if one.strip())
        for name, entries in table.items()
    }
    sets["former"] |= {word.casefold() for word in sets["former"]}
    sets["joining"] = sets.pop("and")
    return Phrases(**sets)
