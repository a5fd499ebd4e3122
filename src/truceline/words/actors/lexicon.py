"""Every word that can name an actor in one language, by its first word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from babel import Locale
from babel.core import get_global

from truceline.words.actors.facts import Facts, Phrases, Words, phrases_of
from truceline.words.actors.forms import WORD, adjectives, common_forms, noun_forms, split

Sort = Literal[
    "state", "adjective", "people", "capital", "place", "group", "medium", "person", "given",
    "role", "institution", "region", "described", "aged", "sides", "pair", "pronoun",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A word or phrase, and what it can name.

    ``code``: an actor, an office, an institution, or a region, as ``sort`` says. ``of``: the
    state or actor that the word names besides. ``part``: the institution inside a compound.
    ``persons``: keys of the persons that it can be; ``weak``: only beside a given name or office.
    """

    sort: Sort
    code: str = ""
    gender: str = "n"
    plural: bool = False
    of: str = ""
    part: str = ""
    genitive: bool = False
    persons: tuple[str, ...] = ()
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Lexemes of one language by first word, the longest first."""

    language: str
    phrases: Phrases
    entries: dict[str, list[tuple[tuple[str, ...], Lexeme]]]

    def single(self, word: str) -> Lexeme | None:
        """The lexeme that is exactly this one word."""
        for words, lexeme in self.entries.get(word, ()):
            if len(words) == 1:
                return lexeme
        return None


def build(facts: Facts, language: str) -> Lexicon:
    """The lexicon of a language from facts; about a hundredth of a second."""
    return _Builder(facts, language).built()


class _Builder:
    """Collects lexemes: what comes first wins a phrase, persons of one name are put together."""

    def __init__(self, facts: Facts, language: str) -> None:
        self.facts, self.language = facts, language
        self.phrases = phrases_of(language)
        self.found: dict[tuple[str, ...], Lexeme] = {}

    def built(self) -> Lexicon:
        """Put together in the order of precedence."""
        self._media()
        self._institutions()
        self._roles()
        self._places()
        self._states()
        self._persons()
        self._regions()
        self._small_words()
        entries: dict[str, list[tuple[tuple[str, ...], Lexeme]]] = {}
        for words, lexeme in self.found.items():
            entries.setdefault(words[0], []).append((words, lexeme))
        for several in entries.values():
            several.sort(key=lambda one: -len(one[0]))
        return Lexicon(self.language, self.phrases, entries)

    def _add(self, entry: str, lexeme: Lexeme) -> None:
        words = tuple(WORD.findall(entry))
        known = self.found.get(words)
        if known is None:
            self.found[words] = lexeme
        elif known.sort == lexeme.sort == "person" and set(lexeme.persons) - set(known.persons):
            together = known.persons + lexeme.persons
            self.found[words] = replace(known, persons=together, weak=known.weak or lexeme.weak)

    def _names(self, entries: Iterable[str], lexeme: Lexeme) -> None:
        for entry in entries:
            for form, genitive in noun_forms(entry, self.language):
                one = replace(lexeme, genitive=True) if genitive else lexeme
                self._add(form, one)
                if form[0].islower():
                    self._add(form[0].upper() + form[1:], one)
                if len(form) > 3 and not form.isupper() and " " not in form and not genitive:
                    self._add(form.upper(), lexeme)

    def _commons(self, entries: str, lexeme: Lexeme) -> None:
        for entry in split(entries):
            for form in common_forms(entry, self.language):
                self._add(form, lexeme)

    def _in(self, words: Words, suffix: str = "") -> str:
        own: str = getattr(words, self.language + suffix, "")
        return own if suffix or not words.all else f"{words.all}, {own}"

    def _media(self) -> None:
        for name, medium in self.facts.media.items():
            lexeme = Lexeme("medium", f"MEDIA:{name}", "f")
            self._names(split(self._in(medium)), lexeme)

    def _institutions(self) -> None:
        ordered = sorted(self.facts.institutions.items(), key=lambda one: not one[1].of)
        for name, one in ordered:
            gender = one.gender if self.language == "de" else "n"
            self._commons(self._in(one), Lexeme("institution", name, gender, gender == "p", one.of))

    def _roles(self) -> None:
        for word, title in self.facts.titles.items():
            for form in common_forms(word, self.language):
                self._add(form, Lexeme("role", title.role, title.gender, False, title.of))
        for name, role in self.facts.roles.items():
            male = "m" if self.language != "en" else ""
            self._commons(self._in(role, "_p"), Lexeme("role", name, "p", True))
            self._commons(self._in(role, "_f"), Lexeme("role", name, "f"))
            self._commons(self._in(role), Lexeme("role", name, male))

    def _places(self) -> None:
        for code, place in self.facts.places.items():
            self._names(split(self._in(place)), Lexeme("place", code, place.gender))
        for code, group in self.facts.groups.items():
            plural = group.gender == "p"
            self._names(split(self._in(group)), Lexeme("group", code, group.gender, plural))

    def _states(self) -> None:
        names = _territories(self.language)
        for code in sorted({*names, *self.facts.states}):
            state = self.facts.states.get(code)
            gender = state.gender if state else "n"
            lexeme = Lexeme("state", code, gender, gender == "p")
            self._names([names[code]] if code in names else [], lexeme)
            if state:
                own = getattr(state, self.language, state.en)
                self._names(split(own.name), lexeme)
                self._names(split(own.capital), replace(lexeme, sort="capital", gender="n"))
                for stem in split(own.adjective):
                    for form in adjectives(stem, self.language):
                        self._add(form, Lexeme("adjective", code))
                        self._add(form[0].upper() + form[1:], Lexeme("adjective", code))
                if self.language == "de":
                    for capital in split(own.capital):
                        self._add(capital + "er", Lexeme("adjective", code, of="capital"))
                for form in split(own.people):
                    self._add(form, Lexeme("people", code, "p", True))

    def _persons(self) -> None:
        for key, person in self.facts.persons.items():
            lexeme = Lexeme("person", self.facts.actor_of(key), person.gender, persons=(key,))
            for name in split(person.names):
                bare = name.removeprefix("!")
                self._names([bare], replace(lexeme, weak=bare != name))
                for given in split(person.given):
                    self._names([f"{given} {bare}"], lexeme)
            for word in split(person.described):
                for form in common_forms(word, self.language):
                    words = tuple(WORD.findall(form))
                    told = self.found.get(words)
                    others = told.persons if told and told.sort == "described" else ()
                    if told is None or others:
                        self.found[words] = Lexeme("described", persons=(*others, key))
        for gender, entries in self.facts.given.items():
            for entry in split(entries):
                self._add(entry, Lexeme("given", gender=gender))

    def _regions(self) -> None:
        for name, region in self.facts.regions.items():
            self._names(split(self._in(region)), Lexeme("region", name, of=region.of))

    def _small_words(self) -> None:
        told = self.phrases
        for sort, entries in (("sides", told.sides), ("pair", told.pair)):
            for entry in sorted(entries):
                self._add(entry, Lexeme(sort, plural=True, gender="p"))  # type: ignore[arg-type]
                self._add(entry[0].upper() + entry[1:], Lexeme(sort, plural=True, gender="p"))  # type: ignore[arg-type]
        for entry in sorted(told.aged):
            self._add(entry, Lexeme("aged", gender=""))
        kinds = (
            ("he", told.he | told.this_m, "m"),
            ("she", told.she | told.this_f, "f"),
            ("it", told.it | told.this_n, "n"),
            ("they", told.they, "p"),
        )
        for code, entries, gender in kinds:
            for word in sorted(entries):
                for form in (word, word[0].upper() + word[1:]):
                    self._add(form, Lexeme("pronoun", code, gender, gender == "p"))


WITHDRAWN = frozenset(("BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"))
"""Codes that ISO 3166-1 has withdrawn and CLDR still maps to a state of today."""


def _territories(language: str) -> dict[str, str]:
    """Names of all states of the world by alpha-3 code, from CLDR."""
    two_of = get_global("territory_aliases")
    served = language if language in ("de", "en", "ru", "uk") else "en"
    names = Locale(served).territories
    return {
        three: names[two[0]]
        for three, two in two_of.items()
        if len(three) == 3
        and three.isalpha()
        and three not in WITHDRAWN
        and len(two) == 1
        and two[0] in names
    }
