"""Mentions of actors in a text: names, metonyms, descriptions, adjectives, pronouns."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from truceline.domain.words import UNKNOWN, state_of
from truceline.words.actors.lexicon import Lexeme
from truceline.words.actors.phrase import Phrase
from truceline.words.actors.phrases import PhraseReader
from truceline.words.actors.registry import Registry, together
from truceline.words.actors.scan import HYPHEN

MentionKind = Literal["name", "metonym", "description", "adjective_phrase", "pronoun"]

GENITIVE = re.compile(r"['’]s?\b(?!\w)")
DATELINE = re.compile(r"(?:[/,][^()\n]{2,40})?\s*\([\w/. ]{2,30}\)\s*[-–—:]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch that names or describes somebody.

    ``as_place``: the words around make it a place ("in Moskau"). ``possessive``: it only belongs
    to a noun that is no actor here ("Russlands Angriff", "russische Drohnen"). ``oblique``: it
    stands behind a preposition. ``role`` or ``institution`` is set where an office or institution
    is described; without a known state ``actor`` is UNKNOWN and the description points back.
    ``closed``: it belongs to somebody unknown ("Sprecher der Firma"), and never points back.
    ``sort``: what it was built from. ``persons``: keys of the registry.
    ``stranger``: a surname that it does not have. ``parts``: of a list.
    """

    start: int
    end: int
    actor: str
    kind: MentionKind
    as_place: bool = False
    possessive: bool = False
    oblique: bool = False
    gender: str = ""
    plural: bool = False
    sort: str = ""
    of: str = ""
    role: str = ""
    institution: str = ""
    former: bool = False
    closed: bool = False
    persons: tuple[str, ...] = ()
    stranger: str = ""
    parts: tuple[Mention, ...] = ()


def mentions(
    text: str,
    start: int,
    end: int,
    language: str,
    registry: Registry | None = None,
    dated: str | None = None,
) -> list[Mention]:
    """Mentions in a stretch of a text, in order, none overlapping.

    ``dated`` (ISO 8601) is the day by which offices are resolved.

    >>> words = "US-Präsident Donald Trump und Kremlsprecher Dmitri Peskow"
    >>> [(m.actor, [p.actor for p in m.parts]) for m in mentions(words, 0, len(words), "de")]
    [('GRP:RUS+USA', ['USA:Trump', 'RUS:Peskov'])]
    """
    registry = registry or Registry.known()
    reader = PhraseReader(text, start, end, registry.lexicon(language), registry)
    maker = _Maker(reader, registry, dated)
    return maker.lists([maker.mention(phrase) for phrase in reader.phrases()])


class _Maker:
    """Turns phrases into mentions."""

    def __init__(self, reader: PhraseReader, registry: Registry, dated: str | None) -> None:
        self.reader, self.registry, self.dated = reader, registry, dated
        self.text, self.small, self.spaced = reader.text, reader.small, reader.spaced
        self.tokens = reader.tokens

    def mention(self, phrase: Phrase) -> Mention:
        head = phrase.head or Lexeme("given")
        start, end = self.tokens[phrase.first][0], self.tokens[phrase.last - 1][1]
        actor, kind = self._who(phrase, head)
        before = self._before(phrase.first)
        person = phrase.person
        return Mention(
            start,
            end,
            actor,
            kind,
            as_place=self._as_place(phrase, head, before),
            possessive=self._possessive(phrase, head, before),
            oblique=before in self.small.oblique,
            gender=person.gender if person else phrase.gender,
            plural=phrase.plural,
            sort=head.sort,
            of=phrase.of,
            role=phrase.role or (head.code if head.sort == "pronoun" else ""),
            institution=phrase.institution,
            former=phrase.former,
            closed=phrase.closed,
            persons=self._persons(phrase, head),
            stranger=self.reader.word(phrase.last - 1) if phrase.named else "",
        )

    def _who(self, phrase: Phrase, head: Lexeme) -> tuple[str, MentionKind]:
        """The actor of a phrase and the kind of its mention."""
        if phrase.person is not None:
            keys = self._persons(phrase, head)
            fits = phrase.role and keys and self.registry.has_role(keys[0], phrase.role)
            own = {state_of(state) for state in phrase.states}
            another = own and state_of(phrase.person.code) not in own
            known = len(keys) == 1 and (fits or not (phrase.person.weak or another))
            return (self.registry.facts.actor_of(keys[0]) if known else UNKNOWN), "name"
        if head.sort in ("state", "group", "medium"):
            return head.code, "name"
        if head.sort in ("capital", "place"):
            return head.code, "metonym"
        if head.sort == "people":
            whole = self.reader.word(phrase.first - 1).casefold() in self.small.all_of
            return (head.code if whole else UNKNOWN), "description"
        if head.sort == "adjective":
            return phrase.of or head.code, "adjective_phrase"
        if head.sort == "region":
            return UNKNOWN, "metonym"
        if head.sort == "pronoun":
            return UNKNOWN, "pronoun"
        if phrase.role:
            return self._office(phrase), "description"
        if phrase.institution:
            return self._body(phrase)
        return UNKNOWN, "name" if head.sort == "given" else "description"

    def _body(self, phrase: Phrase) -> tuple[str, MentionKind]:
        told = self.registry.facts.institutions[phrase.institution]
        of = phrase.of
        actor = self.registry.institution(phrase.institution, of)
        if actor == of and of in self.registry.facts.persons:
            actor = state_of(of)
        if told.body and ":" in of and of not in self.registry.facts.persons:
            actor = of
        plain = phrase.adjective and told.part == ""
        return actor, "adjective_phrase" if plain else "description"

    def _office(self, phrase: Phrase) -> str:
        role = self.registry.facts.roles[phrase.role]
        of = phrase.of
        if role.voice == "nobody" or phrase.former:
            return UNKNOWN
        if role.voice == "body" and phrase.closed:
            return UNKNOWN
        if role.voice == "body":
            if phrase.institution:
                return self.registry.institution(phrase.institution, of)
            if of in self.registry.facts.persons and role.part == "Spokesperson":
                head_of_state = self.registry.has_role(of, "president")
                return self.registry.institution(
                    "PresidentialOffice" if head_of_state else "Office", of
                )
            if ":" in of and role.part == "Spokesperson":
                return of
            return self.registry.part_of(of, "" if role.part == "Spokesperson" else role.part)
        if phrase.role in ("governor", "mayor"):
            part = f"{role.part}.{phrase.region}" if phrase.region else role.part
            return self.registry.part_of(of, part)
        if phrase.named or phrase.plural or phrase.deputy:
            return self.registry.part_of(of, role.part)
        state = of if of.startswith("GRP:") else of.split(":")[0]
        return self.registry.holder(phrase.role, state, self.dated) if of else UNKNOWN

    def _persons(self, phrase: Phrase, head: Lexeme) -> tuple[str, ...]:
        if phrase.person is None:
            return head.persons
        keys = phrase.person.persons
        if self._stranger(phrase):
            return ()
        role = phrase.role
        return tuple(k for k in keys if role and self.registry.has_role(k, role)) or keys

    def _stranger(self, phrase: Phrase) -> bool:
        """Whether a title, a feminine office or "Jr." tells that it is somebody else."""
        before, after = self.reader.word(phrase.first - 1), self.reader.word(phrase.last)
        gender = phrase.person.gender if phrase.person else ""
        return (
            (gender == "m" and (before in self.small.title_f or phrase.gender == "f"))
            or (gender == "f" and before in self.small.title_m)
            or (after in ("Jr", "junior", "Junior") and self.reader.close(phrase.last))
        )

    def _before(self, first: int) -> str:
        """The word before a phrase, articles and plain adjectives left out."""
        at = first - 1
        while at >= 0 and self.reader.gap(at + 1) == " ":
            word = self.reader.word(at)
            if word not in self.small.article and word not in self.small.filler:
                if word == "to" and self.reader.word(at - 1).casefold() in ("according", "close"):
                    return ""
                return word[0].lower() + word[1:] if self._starts(at) else word
            at -= 1
        return ""

    def _starts(self, at: int) -> bool:
        return (
            at == 0
            or "\n" in self.reader.gap(at)
            or "." in self.reader.gap(at)
            or ":" in self.reader.gap(at)
        )

    def _as_place(self, phrase: Phrase, head: Lexeme, before: str) -> bool:
        if head.sort == "region" or (head.sort == "adjective" and head.of == "capital"):
            return True
        if head.sort not in ("state", "capital", "place"):
            return False
        behind = self.reader.word(phrase.last) if self.reader.close(phrase.last) else ""
        if head.sort != "state" and (before in self.small.locale or behind in self.small.locale):
            return not (before in self.small.locale and head.sort == "place")
        if head.genitive:
            return False
        start, end = self.tokens[phrase.first][0], self.tokens[phrase.last - 1][1]
        first = start == 0 or self.text[start - 1] == "\n" or self.text[:start].isspace()
        if first and DATELINE.match(self.text, end):
            return True
        return before in (self.small.inside if head.sort == "state" else self.small.place)

    def _possessive(self, phrase: Phrase, head: Lexeme, before: str) -> bool:
        end = self.tokens[phrase.last - 1][1]
        if phrase.person is not None and GENITIVE.match(self.text, end):
            return True
        if phrase.role or phrase.institution or head.sort in ("medium", "pronoun"):
            return False
        behind = self.text[end : end + 1]
        glued = behind in HYPHEN and self.reader.gap(phrase.last) in HYPHEN
        if head.sort == "adjective" or head.genitive or glued:
            return True
        if GENITIVE.match(self.text, end):
            return True
        if self.spaced:
            return before == "of"
        article, noun = self.reader.word(phrase.first - 1), self.reader.word(phrase.first - 2)
        return (
            self.reader.lexicon.language == "de"
            and head.sort in ("state", "group", "place", "people")
            and article in ("der", "des")
            and self.reader.gap(phrase.first - 1) == " "
            and noun[:1].isupper()
        )

    def lists(self, found: list[Mention]) -> list[Mention]:
        """ "Putin und Trump" is one mention of a group."""
        joined: list[Mention] = []
        at = 0
        while at < len(found):
            last = self._list_end(found, at)
            several = tuple(found[at : last + 1])
            if len(several) > 1:
                actor = together(tuple(one.actor for one in several))
                joined.append(
                    replace(
                        several[0],
                        end=several[-1].end,
                        actor=actor,
                        plural=True,
                        gender="p",
                        sort="list",
                        role="",
                        institution="",
                        persons=(),
                        parts=several,
                        possessive=any(one.possessive for one in several),
                    )
                )
            else:
                joined.append(several[0])
            at = last + 1
        return joined

    def _list_end(self, found: list[Mention], at: int) -> int:
        """Index of the last mention of the list that begins at an index."""
        here = at
        while here + 1 < len(found) and self._listable(found[here]):
            gap = self.text[found[here].end : found[here + 1].start]
            words = [w for w in gap.replace(",", " , ").split() if w not in self.small.linked]
            if not self._listable(found[here + 1]) or not words:
                return at
            if " ".join(words) in self.small.joining:
                return here + 1
            if words == [","] and found[here + 1].kind in ("name", "metonym"):
                here += 1
                continue
            if self.spaced and here > at and words == [",", "and"]:
                return here + 1
            return at
        return at

    def _listable(self, one: Mention) -> bool:
        return (
            not one.as_place
            and one.kind != "pronoun"
            and one.sort not in ("adjective", "medium", "region", "described")
        )
