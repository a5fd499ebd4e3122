"""Who is mentioned where: the registry's mentions of a stretch, and speakers resolved from them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from truceline.domain.words import UNKNOWN, state_of
from truceline.words.actors import Mention, Resolver
from truceline.words.actors.registry import together
from truceline.words.found import Stretch

AGENT = re.compile(r"\b(?:von|vom|durch|by)\s+(?:\w+\s+){0,3}$", re.IGNORECASE)

WE = re.compile(r"\b(?:[Ww]ir|[Ww]e)\b")
OURSELVES = re.compile(
    r"(?:[Ww]ir|[Ww]e|[Uu]ns|us|[Uu]nsere(?:rseits)?|[Uu]nser|[Oo]ur"
    r"|(?:[Dd]as|[Tt]he) (?:Ministerium|Ministry|Amt|Department)|[Dd]er Generalstab"
    r"|[Tt]he General Staff|[Tt]he Defence Forces"
    r"|[Dd]as Außenministerium|[Dd]as Verteidigungsministerium)\b"
)
"""The issuer of a text of its own."""


class Voices:
    """Mentions of a stretch of text in order, with the memory of who was spoken of."""

    def __init__(
        self,
        text: str,
        mentions: Sequence[Mention],
        resolver: Resolver,
        issuer: str | None = None,
    ) -> None:
        self.text, self.issuer = text, issuer
        self.mentions = sorted(mentions, key=lambda m: m.start)
        self._starts = [m.start for m in self.mentions]
        self._resolver = resolver
        self._resolved: dict[Stretch, tuple[str, str]] = {}

    def within(self, start: int, end: int) -> list[Mention]:
        """Mentions of actors, places and pronouns left out, that lie within a stretch."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [
            m
            for m in self.mentions[first:last]
            if m.end <= end and not m.as_place and m.kind != "pronoun"
        ]

    def acting(self, start: int, end: int) -> list[Mention]:
        """Those that can be a subject: not behind a preposition, not owning a noun only."""
        return [m for m in self.within(start, end) if not m.oblique and not m.possessive]

    def anywhere(self, start: int, end: int) -> str | None:
        """The first actor named in a stretch, capitals as places included ("aus Kiew")."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        named = (m.actor for m in self.mentions[first:last] if m.actor != UNKNOWN)
        return next((a for a in named if not a.startswith("MEDIA:")), None)

    def subjects(self, start: int, end: int) -> list[Mention]:
        """Those and pronouns, in order."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [
            m
            for m in self.mentions[first:last]
            if m.end <= end and not (m.as_place or m.oblique or m.possessive)
        ]

    def is_issuer(self, start: int, end: int) -> bool:
        """Whether a stretch begins with the issuer of the text ("Das Ministerium wird …")."""
        return self.issuer is not None and OURSELVES.match(self.text, start, end) is not None

    def ourselves(self, start: int, end: int) -> Stretch | None:
        """Where the issuer of a text speaks of itself as "we" within a stretch."""
        found = WE.search(self.text, start, end) if self.issuer else None
        return found.span() if found else None

    def first(self, start: int, end: int) -> Mention | None:
        """Whom a stretch is about: the first that can be its subject, else the first named."""
        named = [m for m in self.within(start, end) if m.actor != UNKNOWN]
        acting = [m for m in named if not m.oblique and not m.possessive]
        owning = [m for m in named if not m.oblique]
        return next(iter(acting or owning or named), None)

    def states(self, start: int, end: int) -> list[str]:
        """States and groups that a stretch mentions, each once, in order."""
        named = (m.actor for m in self.within(start, end))
        actors = (state_of(a) for a in named if a != UNKNOWN and not a.startswith("MEDIA:"))
        return list(dict.fromkeys(actors))

    def agent(self, start: int, end: int) -> str | None:
        """Who acts in a passive clause ("von …", "by …"), or None if nobody is named."""
        for mention in self.within(start, end):
            if AGENT.search(self.text, start, mention.start):
                return mention.actor
        return None

    def speaker(self, stretches: Sequence[Stretch]) -> tuple[str, str]:
        """Actor of a noun phrase that speaks, and how it was found; asked once for each."""
        key = (stretches[0][0], stretches[-1][1])
        if self.issuer and OURSELVES.fullmatch(self.text[slice(*key)]):
            return self.issuer, "anaphoric"
        if key not in self._resolved:
            found = self._resolver.resolve(*key)
            self._resolved[key] = found.actor, found.how
        return self._resolved[key]

    def together(self, start: int, end: int) -> str | None:
        """The actor, or the group of several, that a stretch names."""
        states = self.states(start, end)
        if len(states) > 1:
            return together(tuple(states))
        return states[0] if states else None
