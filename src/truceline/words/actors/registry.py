"""The registry of actors: who holds which office, and the words that name anybody."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from truceline.domain.words import UNKNOWN, group_of, state_of
from truceline.errors import MissingFile, Where
from truceline.words.actors.facts import Facts, known_facts, read_facts
from truceline.words.actors.lexicon import Lexicon, build


class Registry:
    """Actors with their names, offices and institutions; lexicons are built once and kept.

    >>> registry = Registry.known()
    >>> registry.holder("president", "USA", "2025-03-18"), registry.holder("president", "USA", None)
    ('USA:Trump', 'USA:President')
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._lexicons: dict[str, Lexicon] = {}
        self._seats = {(state_of(c), p.seat): c for c, p in facts.places.items() if p.seat}

    @classmethod
    def known(cls) -> Registry:
        """The registry that comes with Truceline; one for the whole process."""
        return _known()

    def with_file(self, path: str | Path) -> Registry:
        """This registry and a file of a case on top, which may name an invented world.

        Raises ``MissingFile``, or ``BadInput`` with file, line and field.
        """
        path = Path(path)
        if not path.is_file():
            raise MissingFile("no such file of actors", Where(str(path)), remedy="correct its name")
        return self.with_text(path.read_text(encoding="utf-8"), str(path))

    def with_text(self, text: str, name: str) -> Registry:
        """As ``with_file``, from the text of a file of that name."""
        return Registry(self.facts.joined(read_facts(text, name)))

    def lexicon(self, language: str) -> Lexicon:
        """Every word that names an actor in a language."""
        if language not in self._lexicons:
            self._lexicons[language] = build(self.facts, language)
        return self._lexicons[language]

    def holders(self, role: str, of: str, day: str | None) -> tuple[str, ...]:
        """Keys of the persons who held an office, on a day or (None) on any."""
        return tuple(
            key
            for key, person in self.facts.persons.items()
            for office in person.roles
            if office.role == role and office.of == of and (day is None or office.held_on(day))
        )

    def holder(self, role: str, of: str, day: str | None) -> str:
        """The actor of an office of a state on a day; undated or not known: "USA:President"."""
        if day is not None:
            keys = self.holders(role, of, day)
            if len(keys) == 1:
                return self.facts.actor_of(keys[0])
        return self.part_of(of, self.facts.roles[role].part)

    def has_role(self, person: str, role: str) -> bool:
        """Whether a person ever held an office of this name ("minister": any of them)."""
        wanted = {role}
        if role == "minister":
            wanted |= {"foreign_minister", "defence_minister"}
        return any(office.role in wanted for office in self.facts.persons[person].roles)

    def part_of(self, of: str, part: str | None) -> str:
        """A part of a state; groups and media have none, and without a state nobody is known.

        >>> known = Registry.known()
        >>> known.part_of("RUS:Kremlin", "MoD"), known.part_of("GRP:EU", "MFA")
        ('RUS:MoD', 'GRP:EU')
        """
        if not of:
            return UNKNOWN
        if not part or of.startswith(("GRP:", "MEDIA:")):
            return of
        return self._seats.get((state_of(of), part)) or f"{state_of(of)}:{part}"

    def institution(self, name: str, of: str) -> str:
        """The actor of an institution of a state: its own state where its name tells one."""
        told = self.facts.institutions[name]
        part = name if told.part is None else told.part
        return self.part_of(told.of or of, part)


@cache
def _known() -> Registry:
    return Registry(known_facts())


def together(actors: tuple[str, ...]) -> str:
    """The actor that stands for several; not known where one of them is not.

    >>> together(("UKR", "RUS:Kremlin")), together(("ISR", "GRP:Hamas"))
    ('GRP:RUS+UKR', 'GRP:Hamas+ISR')
    >>> together(("RUS", "UNKNOWN"))
    'UNKNOWN'
    """
    if len(set(actors)) == 1:
        return actors[0]
    if any(actor == UNKNOWN or actor.startswith("MEDIA:") for actor in actors):
        return UNKNOWN
    names = sorted({part for one in actors for part in _members(one)})
    if any(len(name) != 3 for name in names):
        return f"GRP:{'+'.join(names)}"
    return group_of(names)


def _members(actor: str) -> list[str]:
    return state_of(actor).removeprefix("GRP:").split("+")
