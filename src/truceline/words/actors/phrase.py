"""What a noun phrase tells of an actor, while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from truceline.words.actors.lexicon import Lexeme
from truceline.words.actors.registry import together


@dataclass(slots=True)
class Phrase:
    """A noun phrase as it grows."""

    first: int
    last: int
    states: list[str] = field(default_factory=list)
    institution: str = ""
    role: str = ""
    head: Lexeme | None = None
    person: Lexeme | None = None
    region: str = ""
    former: bool = False
    deputy: bool = False
    closed: bool = False
    """It belongs to somebody that the registry does not know."""
    foreign: bool = False
    """The word before says so."""
    named: bool = False
    """A name that the registry does not know."""
    plural: bool = False
    gender: str = ""
    adjective: bool = False

    @property
    def of(self) -> str:
        return together(tuple(self.states)) if self.states else ""
