"""What a document has said so far: its mentions in order, and who was named."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from truceline.domain.words import UNKNOWN, Document, state_of
from truceline.words.actors.forms import WORD
from truceline.words.actors.mentions import Mention, mentions
from truceline.words.actors.registry import Registry
from truceline.words.tokens import PARAGRAPH

KEPT = 4000
"""Mentions that the memory holds; older ones are forgotten (only counts and names stay)."""
PIECE = 50_000
"""Code points of one paragraph that are read at once; none that a person wrote is longer."""
NEAR = 200
"""Mentions that are looked at when something points back; two paragraphs rarely hold more."""

PLACEHOLDER = re.compile(r"[A-Z]{3}:(?:President|HeadOfGovernment|VicePresident|MFA|MoD)")


@dataclass(frozen=True, slots=True)
class Seen:
    """A mention with the number of its paragraph."""

    paragraph: int
    mention: Mention


class Memory:
    """Walks a document and keeps in mind who was named, paragraph by paragraph."""

    def __init__(self, registry: Registry, document: Document) -> None:
        self.registry, self.document, self.text = registry, document, document.text
        self.seen: list[Seen] = []
        self.starts: list[int] = []
        self.states: Counter[str] = Counter()
        self.persons: dict[str, int] = {}
        """Where each person was first named."""
        self.strangers: set[str] = set()
        """Surnames of persons that the registry does not know."""
        self._reached, self._paragraph = 0, -1

    def see(self, start: int, end: int) -> None:
        """Read on, in whole paragraphs, until ``end`` has been read; ``start`` may lie behind."""
        while self._reached < max(start, end):
            found = PARAGRAPH.search(self.text, self._reached)
            if found is None:
                self._reached = len(self.text)
                return
            self._paragraph += 1
            while self._reached < found.end():
                begin = max(self._reached, found.start())
                stop = min(found.end(), begin + PIECE)
                if stop < found.end():
                    stop = self.text.rfind(" ", begin + 1, stop) + 1 or stop
                for one in self._mentions(begin, stop):
                    self._remember(one)
                self._reached = stop

    def mentions_in(self, start: int, end: int) -> list[Mention]:
        """Mentions that overlap a stretch, from the memory."""
        self.see(start, end)
        at = max(bisect_left(self.starts, start) - 1, 0)
        found = []
        for seen in self.seen[at:]:
            if seen.mention.start >= end:
                break
            if seen.mention.end > start:
                found.append(seen.mention)
        return found

    def _mentions(self, start: int, end: int) -> list[Mention]:
        return mentions(
            self.text, start, end, self.document.language, self.registry, self.document.dated
        )

    def _remember(self, one: Mention) -> None:
        if len(self.seen) > KEPT:
            del self.seen[: KEPT // 2], self.starts[: KEPT // 2]
        self.seen.append(Seen(self._paragraph, one))
        self.starts.append(one.start)
        for part in one.parts or (one,):
            if part.actor != UNKNOWN and not part.actor.startswith("MEDIA:"):
                self.states[state_of(part.actor)] += 1
            if len(part.persons) == 1 and part.kind == "name" and part.actor != UNKNOWN:
                self.persons.setdefault(part.persons[0], part.start)
            if part.stranger:
                self.strangers.add(part.stranger)

    def recent(self, head: Mention, fits: Callable[[Mention], bool]) -> list[Seen]:
        """Mentions before that fit, in the same paragraph and the one before it."""
        at = bisect_left(self.starts, head.start)
        here = self.paragraph_of(head)
        return [
            seen
            for seen in self.seen[max(0, at - NEAR) : at]
            if here - seen.paragraph <= 1 and fits(seen.mention)
        ]

    def paragraph_of(self, head: Mention) -> int:
        at = bisect_left(self.starts, head.start)
        while at < len(self.seen) and self.seen[at].mention.start < head.start:
            at += 1
        if at < len(self.seen) and self.seen[at].mention.start == head.start:
            return self.seen[at].paragraph
        return self.seen[max(at - 1, 0)].paragraph

    def actor_of(self, one: Mention) -> str:
        """Who a mention names: a common surname or an undated office by what was said before."""
        return self._named(one) if one.sort == "person" else self._placed(one)

    def _named(self, one: Mention) -> str:
        """A surname alone that is too common: the one whose full name the text has told."""
        if one.actor != UNKNOWN:
            return one.actor
        told = [key for key in one.persons if self.persons.get(key, one.start) < one.start]
        return self.registry.facts.actor_of(told[0]) if len(told) == 1 else UNKNOWN

    def _placed(self, head: Mention) -> str:
        """An office without a date: its holder, where the text has named exactly one."""
        if head.role and head.kind == "description" and PLACEHOLDER.fullmatch(head.actor):
            state = state_of(head.actor)
            holders = set(self.registry.holders(head.role, state, None))
            named = [key for key, at in self.persons.items() if key in holders and at < head.start]
            if len(named) == 1:
                return self.registry.facts.actor_of(named[0])
        return head.actor

    def antecedent(self, head: Mention, fits: Callable[[Mention], bool]) -> str:
        """The one actor that fits, in the same paragraph or else in the one before."""
        at = bisect_left(self.starts, head.start)
        here = self.paragraph_of(head)
        found: dict[int, set[str]] = {0: set(), 1: set()}
        for seen in reversed(self.seen[:at]):
            distance = here - seen.paragraph
            if distance > 1:
                break
            for one in seen.mention.parts or (seen.mention,):
                if not one.as_place and fits(one):
                    found[distance].add(self.actor_of(one))
        near = found[0] or found[1]
        return near.pop() if len(near) == 1 else UNKNOWN

    def strange(self, head: Mention) -> bool:
        """Whether somebody stands between whose surname the text, and not the registry, knows."""
        near = self.recent(head, lambda one: bool(one.persons or one.stranger))
        here = self.paragraph_of(head)
        own = [one for one in near if one.paragraph == here] or near
        since = own[0].mention.start if own else head.start
        words = {found[0] for found in WORD.finditer(self.text, since, head.start)}
        return not words.isdisjoint(self.strangers)
