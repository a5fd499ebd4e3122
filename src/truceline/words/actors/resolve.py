"""Who is meant: names, offices, pronouns and descriptions of a text, by what it said before.

Nothing is guessed: a pronoun or description points to the one antecedent that fits in its own
paragraph, or else in the one before; where two fit, nobody is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from truceline.domain.words import UNKNOWN, Document, members_of, state_of
from truceline.words.actors.forms import WORD
from truceline.words.actors.memory import Memory
from truceline.words.actors.mentions import Mention
from truceline.words.actors.registry import Registry, together

How = Literal["explicit", "anaphoric", "unknown"]

SPEAKERS = 20
"""Speakers that the memory holds: they only count within their own paragraph."""

PLURAL_VERB = re.compile(r"(?:[a-zäöüß]+en|sind|seien)\b")


LEADERS = re.compile(
    r"\b(?:beide[nr]?|die|both|the two|the)\s+(?:Präsidenten|Staatschefs|Staatsoberhäupter"
    r"|leaders|presidents|heads of state)\b",
    re.IGNORECASE,
)
FAR = 4_000
"""Code points before "both presidents" in which they were named."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Whose words a stretch tells, and how; UNKNOWN goes with "unknown"."""

    actor: str
    how: How


NOBODY = Resolved(UNKNOWN, "unknown")


class Resolver:
    """Walks a document and keeps in mind who was named.

    >>> text = "Putin lehnte ab. Er werde warten, sagte der Kremlchef."
    >>> resolver = Resolver(Registry.known(), Document("a", text, "0" * 64, "de"))
    >>> resolver.resolve(0, 5), resolver.resolve(17, 19)
    (Resolved(actor='RUS:Putin', how='explicit'), Resolved(actor='RUS:Putin', how='anaphoric'))
    """

    def __init__(self, registry: Registry, document: Document) -> None:
        self.registry, self.document = registry, document
        self.text, self.language = document.text, document.language
        self.small = registry.lexicon(document.language).phrases
        self.memory = Memory(registry, document)
        self.spoken: list[tuple[int, int, Mention]] = []
        """Paragraph, place and mention of those who spoke by name, the last ones."""

    def see(self, start: int, end: int) -> None:
        """Read on, in whole paragraphs, until ``end`` has been read; ``start`` may lie behind."""
        self.memory.see(start, end)

    def mentions_in(self, start: int, end: int) -> list[Mention]:
        """Mentions that overlap a stretch, as their whole paragraph reads."""
        return self.memory.mentions_in(start, end)

    def resolve(self, start: int, end: int) -> Resolved:
        """Whose words a speaker stretch tells; who has spoken is kept in mind as well."""
        if LEADERS.search(self.text, start, end) and (both := self._both_leaders(start)):
            return Resolved(both, "anaphoric")
        head = self._head(start, end)
        if head is None:
            return NOBODY
        if head.parts:
            return self._list(head)
        found = self._one(head)
        if found.actor != UNKNOWN and head.kind != "pronoun" and not head.plural:
            self.spoken.append((self.memory.paragraph_of(head), head.start, head))
            del self.spoken[:-SPEAKERS]
        return found

    def _both_leaders(self, start: int) -> str | None:
        """The group of the two states whose leaders were named before, if they are two."""
        named = [
            state_of(one.actor)
            for one in self.mentions_in(max(0, start - FAR), start)
            for person in one.persons
            if one.actor != UNKNOWN and self.registry.has_role(person, "president")
        ]
        states = tuple(dict.fromkeys(named))
        return together(states) if len(states) == 2 else None

    # --- the one who speaks --------------------------------------------------------------------

    def _head(self, start: int, end: int) -> Mention | None:
        """The mention that is the speaker itself, and not only named beside one."""
        inside = self.memory.mentions_in(start, end)
        if not inside:
            return None
        first = inside[0]
        if first.parts and first.start < start:
            later = [part for part in first.parts if part.end > start]
            first = later[0] if later else first
        if first.parts and first.end > end:
            earlier = [part for part in first.parts if part.start < end]
            first = earlier[0] if len(earlier) == 1 else first
        if not self._leads(start, first) or not self._stands(first, end):
            return None
        return first

    def _leads(self, start: int, first: Mention) -> bool:
        """Whether only small words stand between the stretch's begin and the mention."""
        german, article = self.language == "de", False
        for found in WORD.finditer(self.text, start, max(start, first.start)):
            word = found[0]
            if article and word in self.small.oblique:
                return False  # "der von Russland eingesetzte ...": somebody else comes later
            if first.sort in ("sides", "pair") and word.casefold() in self.small.some_of:
                return False
            article = word.casefold() in self.small.article
            small = word in self.small.lead or word[0].lower() + word[1:] in self.small.lead
            if small or word in self.small.title or word in self.small.title_m | self.small.title_f:
                continue
            if word.casefold() in self.small.former | self.small.filler:
                continue
            if not (german and word[0].islower()):
                return False
        return True

    def _stands(self, first: Mention, end: int) -> bool:
        """Whether the mention is no mere place, owner or modifier of what follows."""
        rest = self.text[first.end : end].strip(" ,;:.\"“”„«»()'’")
        if first.sort == "region":
            return False
        if first.possessive or first.as_place:
            return not rest
        after = WORD.match(rest)
        if after is None or self.text[first.end : first.end + 1] in ",;.(":
            return True
        if after[0].casefold() in self.small.near:
            return False
        if self.small.after and first.sort in ("state", "capital", "place", "group"):
            return after[0] in self.small.after
        return True

    def _list(self, head: Mention) -> Resolved:
        several = [self._one(part) for part in head.parts]
        actor = together(tuple(one.actor for one in several))
        if actor == UNKNOWN:
            return NOBODY
        explicit = all(one.how == "explicit" for one in several)
        return Resolved(actor, "explicit" if explicit else "anaphoric")

    def _one(self, head: Mention) -> Resolved:
        if head.kind == "pronoun":
            return self._pronoun(head)
        if head.sort in ("sides", "pair"):
            return _anaphoric(self._parties(head))
        if head.sort == "described" and head.kind != "name":
            return NOBODY if head.stranger else self._described(head)
        if head.sort == "aged":
            genders = (head.gender, "") if head.gender else ("m", "f", "")
            return _anaphoric(
                self.memory.antecedent(head, lambda one: _is_person(one) and one.gender in genders)
            )
        actor = self.memory.actor_of(head)
        if actor != UNKNOWN:
            return Resolved(actor, "explicit")
        if head.kind == "name" or head.former or head.closed:
            return NOBODY
        if head.role and self.registry.facts.roles[head.role].voice == "nobody":
            return NOBODY
        if head.role and not head.of:
            return self._office(head)
        if head.institution and not head.of:
            return self._institution(head)
        return NOBODY

    # --- pointing back -------------------------------------------------------------------------

    def _pronoun(self, head: Mention) -> Resolved:
        if self.language == "de" and head.gender in ("f", "p") and self._says_plural(head):
            return _anaphoric(self._plural(head))
        if head.gender == "p":
            return _anaphoric(self._plural(head))
        if head.gender == "n":
            return _anaphoric(self.memory.antecedent(head, self._thing))
        gender = head.gender
        person = self.memory.antecedent(
            head, lambda one: _is_person(one) and one.gender in (gender, "")
        )
        if self.memory.strange(head):
            return NOBODY
        if person == UNKNOWN:
            person = self._last_speaker(head)
        body = gender == "f" and self.language == "de" and not self.memory.recent(head, _is_person)
        if person == UNKNOWN and body:
            person = self.memory.antecedent(head, lambda one: _is_body(one, "f"))
        return _anaphoric(person)

    def _last_speaker(self, head: Mention) -> str:
        """Of several that a pronoun fits, the only one who has spoken in this paragraph."""
        here = self.memory.paragraph_of(head)
        actors = {
            self._one(one).actor
            for paragraph, start, one in self.spoken
            if paragraph == here and start < head.start and _is_person(one)
        }
        genders = {one.gender for paragraph, _, one in self.spoken if paragraph == here}
        return actors.pop() if len(actors) == 1 and genders == {head.gender} else UNKNOWN

    def _says_plural(self, head: Mention) -> bool:
        """German "sie" is told by its verb: "sagten sie", "sie seien"."""
        before = WORD.findall(self.text[max(0, head.start - 30) : head.start])
        after = WORD.match(self.text, head.end + 1)
        near = [before[-1]] if before else []
        return any(PLURAL_VERB.fullmatch(w) for w in [*near, *([after[0]] if after else [])])

    def _thing(self, one: Mention) -> bool:
        if self.language == "de":
            return _is_body(one, "n")
        return _is_body(one, None) and not one.plural

    def _plural(self, head: Mention) -> str:
        groups = [
            seen.mention
            for seen in self.memory.recent(head, lambda one: True)
            if seen.mention.plural and not seen.mention.as_place and not seen.mention.possessive
        ]
        actors = {self._actor_of_plural(one) for one in groups}
        return actors.pop() if len(actors) == 1 else UNKNOWN

    def _actor_of_plural(self, one: Mention) -> str:
        return self._parties(one) if one.sort in ("sides", "pair") else one.actor

    def _office(self, head: Mention) -> Resolved:
        """ "der Präsident", "the spokesman": somebody named before with this office."""

        def fits(one: Mention) -> bool:
            if one.role == head.role and one.actor != UNKNOWN:
                return True
            return any(self.registry.has_role(key, head.role) for key in one.persons)

        if head.plural or self.registry.facts.roles[head.role].part in ("", "Military"):
            return NOBODY
        return _anaphoric(self.memory.antecedent(head, fits))

    def _institution(self, head: Mention) -> Resolved:
        """ "das Ministerium", "the military": an institution of this kind named before."""
        wanted = {head.institution}
        if head.institution == "Ministry":
            wanted |= {"MoD", "MFA", "Energy", "Interior", "HealthMinistry"}
        told = self.registry.facts.institutions[head.institution]
        if told.part == "":
            return NOBODY
        return _anaphoric(
            self.memory.antecedent(
                head,
                lambda one: (
                    one.actor != UNKNOWN
                    and (one.institution in wanted or _part(one.actor) in wanted)
                ),
            )
        )

    def _described(self, head: Mention) -> Resolved:
        """ "der Republikaner": the only one of them that the text has named so far."""
        named = [
            key for key in head.persons if self.memory.persons.get(key, head.start) < head.start
        ]
        return _anaphoric(self.registry.facts.actor_of(named[0]) if len(named) == 1 else UNKNOWN)

    def _parties(self, head: Mention) -> str:
        """The two parties: a known pair that is the only one named, or the only two states around.

        Nobody, where the paragraphs around name others as well.
        """
        known = {frozenset(one.parties) for one in self.registry.facts.conflicts}
        pairs = [pair for pair in known if all(self.memory.states[one] for one in pair)]
        around = {
            state
            for seen in self.memory.recent(head, lambda one: True)
            if not seen.mention.as_place
            for part in seen.mention.parts or (seen.mention,)
            for state in members_of(state_of(part.actor))
            if part.actor != UNKNOWN and not state.startswith("MEDIA:")
        }
        if len(pairs) == 1 and around <= pairs[0]:
            return together(tuple(pairs[0]))
        if not pairs and len(around) == 2:
            return together(tuple(around))
        return UNKNOWN


def _anaphoric(actor: str) -> Resolved:
    return NOBODY if actor == UNKNOWN else Resolved(actor, "anaphoric")


def _is_person(one: Mention) -> bool:
    return not one.plural and (
        one.sort in ("person", "given", "described")
        or (bool(one.role) and one.kind in ("name", "description"))
    )


def _is_body(one: Mention, gender: str | None) -> bool:
    """Whether it is an institution, a state or a group, and no person."""
    body = bool(one.institution) or one.sort in ("state", "capital", "place", "group", "medium")
    return body and not one.role and not one.possessive and gender in (None, one.gender)


def _part(actor: str) -> str:
    return actor.partition(":")[2]
