"""Objects, weapons, effects and the act of an entry, and who is said to have acted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from truceline.domain.words import UNKNOWN, Span, state_of
from truceline.words.actors import Mention
from truceline.words.claimslist.lexicon import Words
from truceline.words.found import Stretch
from truceline.words.slots.lexicon import NONE, Hit
from truceline.words.slots.numbers import read_numerals
from truceline.words.slots.passage import Passage

PLAIN = frozenset({"object", "infrastructure", "transport", "energy", "oil", "gas", "electricity"})
"""Classes that say what an object serves and not what it is: they place nothing."""
HALT = "truce"
"""Name of the patterns that speak of a halt of attacks."""
PARTS = {"transformer": "substation"}
"""A part, and the whole that the attack is on where both are named."""
WEAPONS = ("drone", "missile", "bomb", "artillery")
"""Weapons that the ledger has a word for."""
MOST = 500
"""Greatest number of attacks that a list may count in one entry; more is a figure of a war."""
NAME_AFTER = re.compile(
    r"(?:\s+(?:\d+(?:[/,.]\d+)*\s*(?:kV|кВ|-kV)\b|Nr\.\s*\d+|№\s*\d+))?\s*(?P<quoted>[„«“\"][^„«»“”\"\n]{1,60}[“»”\"])?"
)


@dataclass(frozen=True)
class Thing:
    """An object of a class of the tree, with the words that name it."""

    object_class: str
    stretch: Stretch
    named: bool
    first: int
    last: int


@dataclass(frozen=True)
class Sight:
    """The cues of a passage, found once."""

    row: Passage
    words: Words

    @cached_property
    def cues(self) -> tuple[Hit, ...]:
        """All cues in order of the text."""
        row = self.row
        found = list(self.words.cues.find(row.tokens, row.words))
        found = [hit for hit in found if not any(a <= hit.start < b for a, b in self.halts)]
        for start, end in row.spans:
            for name, pattern in self.words.cue_patterns:
                if name == HALT:
                    continue
                for match in pattern.finditer(row.text, start, end):
                    a, b = match.span()
                    inside = [n for n, t in enumerate(row.tokens) if a <= t.start < b]
                    if inside:
                        found.append(Hit("cue", name, a, b, inside[0], inside[-1] + 1))
        return tuple(sorted(found, key=lambda hit: hit.start))

    @cached_property
    def halts(self) -> list[Stretch]:
        """Stretches that speak of a halt of attacks: attacks in them are none."""
        return [
            match.span()
            for name, pattern in self.words.cue_patterns
            if name == HALT
            for start, end in self.row.spans
            for match in pattern.finditer(self.row.text, start, end)
        ]

    def cue(self, *names: str) -> list[Hit]:
        """Cues of some names."""
        return [hit for hit in self.cues if hit.value in names]

    @cached_property
    def things(self) -> list[Hit]:
        """Weapons and objects."""
        return self.words.things.find(self.row.tokens, self.row.words)

    def negated(self, hit: Hit) -> bool:
        """Whether a negation stands in the piece of a cue."""
        segment = self.row.segment_at(hit.first)
        return any(
            segment.first <= one.first < segment.last
            for one in self.row.hits("negation", "main", "without")
            if not hit.first <= one.first < hit.last
        )

    @cached_property
    def strikes(self) -> bool:
        """Whether an attack is told: by its words, or by a weapon with an object or an effect."""
        return bool(self.cue("strike", "hitting", "debris") or self.shots) or bool(
            self.weapons and (self.outcomes or self.objects)
        )

    @cached_property
    def attacks(self) -> bool:
        """Whether an attack is told, or an effect on an object that nobody explains."""
        bare = self.outcomes and self.objects and not self.cue("restored")
        return self.strikes or bool(bare)

    @cached_property
    def shots(self) -> list[Hit]:
        """Weapons shot down: by their words, or destroyed where a defender stands beside it."""
        defended = [self._sentence(hit) for hit in self.cue("defence")]
        destroyed = [h for h in self.cue("destroyed") if self._sentence(h) in defended]
        return sorted([*self.cue("intercepted"), *destroyed], key=lambda hit: hit.start)

    def _sentence(self, hit: Hit) -> Stretch | None:
        return next((s for s in self.row.spans if s[0] <= hit.start < s[1]), None)

    @cached_property
    def outcomes(self) -> list[Hit]:
        """Effects that are said to have come about; that a weapon was shot down is none."""
        shot = [(hit.start, hit.end) for hit in self.shots]
        return [
            hit
            for hit in self.cue("outcome")
            if not self.negated(hit) and not any(a <= hit.start < b for a, b in shot)
        ]

    @cached_property
    def harmless(self) -> list[Hit]:
        """Words that say that nothing came of it."""
        return [h for h in self.cue("outcome") if self.negated(h)] + self.cue("fine")

    @cached_property
    def sides(self) -> list[Hit]:
        """Names of a side that the registry of actors does not hold."""
        return self.words.sides.find(self.row.tokens, self.row.words)

    @cached_property
    def weapons(self) -> list[Hit]:
        """Words for weapons, in order."""
        return [h for h in self.things if h.family == "means" and h.value in WEAPONS]

    @cached_property
    def objects(self) -> list[Thing]:
        """Objects that are attacked, in order; those of an effect alone only where no other is."""
        hits = [h for h in self.things if h.family == "objects" and h.value not in (NONE, *PLAIN)]
        found: list[Thing] = []
        for hit in hits:
            if (found and hit.first < found[-1].last) or _in_name(self.row, hit):
                continue
            found.append(_thing(self.row, hit))
        return _struck(self, found)

    @cached_property
    def plain(self) -> Thing | None:
        """An object that is named without telling its class."""
        hits = [h for h in self.things if h.family == "objects" and h.value in PLAIN]
        return _thing(self.row, hits[0]) if hits else None

    @cached_property
    def count(self) -> tuple[int, Stretch] | None:
        """How many attacks a word of number counts."""
        for n, word in enumerate(self.row.words):
            if word in self.words.times:
                return self.words.times[word], (self.row.tokens[n].start, self.row.tokens[n].end)
        nouns = {h.first for h in self.cue("attacks")}
        for numeral in read_numerals(self.row):
            near = range(numeral.last, min(numeral.last + 2, len(self.row.words)))
            multiple = numeral.last < len(self.row.words) and (
                self.row.words[numeral.last] in self.words.small["multiples"]
            )
            at = numeral.last if multiple else next((n for n in near if n in nouns), None)
            if (
                at is not None
                and 2 <= numeral.value <= MOST
                and numeral.value == int(numeral.value)
            ):
                start, end = self.row.tokens[numeral.first].start, self.row.tokens[at].end
                return int(numeral.value), (start, end)
        return None


def _in_name(row: Passage, hit: Hit) -> bool:
    """Whether a word is a part of an English name ("the Port Elm oil refinery")."""
    if row.language != "en" or hit.last - hit.first > 1 or hit.last >= len(row.tokens):
        return False
    return row.text[hit.start].isupper() and row.tokens[hit.last].text[:1].isupper()


def _thing(row: Passage, hit: Hit) -> Thing:
    """An object with a voltage, a number or a name in quotation marks behind it."""
    after = NAME_AFTER.match(row.text, hit.end)
    end = after.end() if after else hit.end
    while end > hit.end and row.text[end - 1].isspace():
        end -= 1
    start = hit.start
    named = bool(after and after["quoted"])
    if row.language == "en":
        lead = re.search(
            r"(?:\b[A-Z][\w’'-]+ ){1,3}(?:[a-z]+ )?$", row.text[max(0, start - 60) : start]
        )
        before = row.text[: start - len(lead[0])].rstrip() if lead else ""
        if lead and re.search(r"\b(?:the|a|an)$", before, re.I):
            start, named = start - len(lead[0]), True
    return Thing(hit.value, (start, end), named, hit.first, hit.last)


def _struck(sight: Sight, found: list[Thing]) -> list[Thing]:
    """The first object, and those that are coordinated with it; parts give way to their whole."""
    if not found:
        return []
    row = sight.row
    kept = [found[0]]
    for one in found[1:]:
        between = row.words[kept[-1].last : one.first]
        coordinators = row.lexicon.words("clauses", "coordinators") | {"sowie", "та", "й", "і"}
        joined = any(w in coordinators for w in between) and len(between) <= 8
        broken = any(w in ".;:" for w in between) or any(
            kept[-1].last <= h.first < one.first
            for h in (*sight.cue("strike", "hitting", "outcome"), *sight.shots)
        )
        same = one.object_class == kept[-1].object_class and not (one.named and kept[-1].named)
        if joined and not broken and not same:
            kept.append(one)
    if len(kept) == 1 and kept[0].object_class in PARTS:
        whole = [t for t in found if t.object_class == PARTS[kept[0].object_class]]
        kept = whole[:1] or kept
    return kept


def weapon_of(sight: Sight) -> tuple[str, Hit | None]:
    """The weapon as the ledger names it, blank where none is told; several kinds are "other"."""
    kinds = {h.value for h in sight.weapons}
    if not kinds:
        rare = [h for h in sight.things if h.family == "means" and h.value in ("explosive", "sea")]
        return ("other", rare[0]) if rare else ("", None)
    return (kinds.pop() if len(kinds) == 1 else "other"), sight.weapons[0]


def act_of(sight: Sight, weapon: str, objects: Sequence[Thing]) -> tuple[str, str, Hit | None]:
    """Act, second act and the cue that the first rests on, by the codebook of the case.

    An attack that was shot down is a hit only where an effect on the object is told as well.
    """
    if not sight.strikes:
        return "unstated", "", next(iter(sight.outcomes), None)
    shot, debris = sight.shots, sight.cue("debris")
    hurt = sight.outcomes or [h for h in sight.cue("hitting") if not sight.negated(h)]
    if debris and hurt:
        return "debris_of_interception", "", debris[0]
    if shot and not hurt:
        return "attempt_intercepted", "", shot[0]
    lines = bool(objects) and all(t.object_class == "power_line" for t in objects)
    if hurt and lines and weapon == "artillery":
        return "line_cut_by_shelling", "", hurt[0]
    if hurt:
        return "hit", "attempt_intercepted" if shot else "", hurt[0]
    return "unstated", "", next(iter(sight.cue("strike")), None)


def certainty_of(act: str, basis: Hit | None, objects: Sequence[Thing]) -> str:
    """How sure the words are of an act: stated, inferred from an effect, or ambiguous.

    Where a defender and an object stand beside "destroyed", either may have been destroyed.
    """
    if act == "unstated" or basis is None or (basis.value == "destroyed" and objects):
        return "ambiguous"
    return "inferred" if basis.value in ("outcome", "destroyed") else "stated"


def effects_of(sight: Sight, edges: Sequence[Stretch]) -> list[Span]:
    """The words of the effect, sentence by sentence: what came about, else that nothing did."""
    hits = sight.outcomes or sight.harmless
    if not hits:
        hits = [h for h in sight.cue("hitting") if not sight.negated(h)][:1]
    spans: list[Span] = []
    reach = -1
    for hit in sorted(hits, key=lambda h: h.start):
        if hit.start < reach:
            continue
        segment = sight.row.segment_at(hit.first)
        first = sight.row.tokens[segment.first].start
        end = max(sight.row.tokens[segment.last - 1].end, hit.end)
        start = max([first, *(b for a, b in edges if first <= a and b <= hit.start)])
        start += len(sight.row.text[start:end]) - len(sight.row.text[start:end].lstrip(" ,–—-"))
        start = min(start, hit.start)
        spans.append(Span.cut(sight.row.text, start, end))
        reach = end
    return spans


def accused_of(
    sight: Sight, named: Sequence[Mention], claimant: str, other: str
) -> tuple[str, Stretch | None]:
    """The state that is said to have acted; ``other`` is whom the list accuses as a whole."""
    agents = [(m.start, m.end, state) for m in named if (state := _state(m)) and _acts(sight, m)]
    agents += [(h.start, h.end, h.value) for h in sight.sides]
    agents.sort()
    for start, end, state in agents:
        if state != claimant:
            return state, (start, end)
    enemy = sight.cue("enemy")
    if enemy:
        return other, (enemy[0].start, enemy[0].end)
    if agents and sight.cue("strike", "hitting") and not sight.shots:
        return agents[0][2], agents[0][:2]
    return other, None


def _state(mention: Mention) -> str:
    actor = mention.actor if mention.actor != UNKNOWN else mention.of
    state = state_of(actor) if actor else ""
    return state if len(state) == 3 and state.isupper() else ""


def _acts(sight: Sight, mention: Mention) -> bool:
    """Whether a mention acts: not a place, a defender, or the owner of what is attacked."""
    row = sight.row
    at = next((n for n, t in enumerate(row.tokens) if t.start >= mention.end), len(row.tokens))
    body = mention.sort == "adjective" and any(h.first == at for h in sight.cue("bodies"))
    if mention.as_place and not body:
        return False
    behind = range(at, min(at + 3, len(row.tokens)))
    if any(h.first in behind for h in sight.cue("defence")):
        return False
    if mention.sort == "adjective" or mention.possessive:
        close = range(at, min(at + 2, len(row.tokens)))
        owned = any(h.first in close for h in sight.cue("target"))
        weapon = any(h.first in close for h in (*sight.weapons, *sight.cue("strike", "enemy")))
        return weapon or not owned
    return mention.sort != "state" or not mention.oblique
