"""Whom a content is about, seen from its speaker."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from truceline.domain.words import UNKNOWN, state_of
from truceline.words.clauses import parts_of
from truceline.words.drafts import FIRST_PERSON
from truceline.words.found import Stretch
from truceline.words.tokens import Parsed
from truceline.words.voices import Voices

PASSIVE = re.compile(r"\b(?:worden|wurden?|was|were|been|being)\b", re.IGNORECASE)
IT_WILL = re.compile(r"it (?:will|would|shall)\b", re.IGNORECASE)
THIRD_SELF = frozenset({"er", "he", "she"})
OWN = {
    "de": re.compile(
        r"\W*(?:dass )?(?:auch )?(?:seine?|ihre?|unsere?|die eigenen?|das eigene)\s+"
        r"(?:Land|Regierung|Armee|Militär|Truppen|Streitkräfte|Seite|Volk|Staat|Nation|Soldaten)"
    ),
    "en": re.compile(
        r"\W*(?:that )?(?:his|her|its|our|their|the)\s+"
        r"(?:country|government|army|military|troops|forces|side|nation|soldiers)"
    ),
}
GROUP = {
    "de": re.compile(
        r"\W*(?:dass )?(?:die|ihre|seine|unsere) (?:Gruppe|Bewegung|Organisation|Miliz)\b"
    ),
    "en": re.compile(
        r"\W*(?:that )?(?:the|its|our) (?:group|movement|organi[sz]ation|militia|insurgents)\b"
    ),
}
"""How a text goes on about an armed or political group that is speaking."""


class Subject(NamedTuple):
    """Whom a content is about, seen from its speaker: self, other or none."""

    relation: str
    actor: str | None


def subject_of(parsed: Parsed, content: Sequence[Stretch], actor: str, voices: Voices) -> Subject:
    """Whom the predicate of a content is about, seen from its speaker."""
    own = state_of(actor)
    passive = PASSIVE.search(parsed.text, content[0][0], content[-1][1]) is not None
    first_person = FIRST_PERSON.get(parsed.language, frozenset())
    if voices.is_issuer(content[0][0], content[0][1]):
        return Subject("self", None)
    own_side = OWN.get(parsed.language)
    if own_side and own_side.match(parsed.text, *content[0]):
        return Subject("self", None)
    group = GROUP.get(parsed.language) if own.startswith("GRP:") else None
    if group and group.match(parsed.text, *content[0]):
        return Subject("self", None)
    for start, stop in content:
        end = _main_end(parsed, start, stop)
        mention = voices.first(start, end)
        for token in parsed.tokens_in(start, mention.start if mention else end):
            word = token.text.lower()
            if word in first_person or (word in THIRD_SELF and token.start - start < 25):
                return Subject("self", None)
            if IT_WILL.match(parsed.text, token.start):
                return Subject("self", None)
        if mention is None or mention.actor == UNKNOWN:
            continue
        if mention.possessive and state_of(mention.actor) == own:
            finite = _finite_at(parsed, start, stop)
            if finite is not None and finite < mention.start:
                return Subject("none", mention.actor)
        if passive:
            agent = voices.agent(start, end)
            if agent is None:
                return Subject("none", None)
            return Subject("self" if state_of(agent) == own else "other", agent)
        return Subject("self" if state_of(mention.actor) == own else "other", mention.actor)
    return Subject("none", None)


def _finite_at(parsed: Parsed, start: int, end: int) -> int | None:
    """Where the finite verb of a content stands."""
    tokens = parsed.tokens_in(start, end)
    first = bisect_left(parsed.starts, start)
    finite = parts_of(parsed, first, first + len(tokens))[0].finite if tokens else None
    return None if finite is None else parsed.tokens[finite].start


def _main_end(parsed: Parsed, start: int, end: int) -> int:
    """Where the clauses that hang on a content begin; its end if none do."""
    tokens = parsed.tokens_in(start, end)
    if not tokens:
        return end
    first = bisect_left(parsed.starts, tokens[0].start)
    part = parts_of(parsed, first, first + len(tokens))[0]
    return parsed.tokens[part.main[1] - 1].end
