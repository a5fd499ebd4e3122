"""Acts told by their own verb: "Moskau lehnte eine Pause ab", "Kiew habe zugestimmt"."""

from __future__ import annotations

import re
from typing import NamedTuple

from truceline.domain.words import UNKNOWN, Attribution, Kind
from truceline.words.acts import Decided, decide_act
from truceline.words.clauses import Part, lemma_of
from truceline.words.drafts import Draft, is_negated, trimmed, view_of
from truceline.words.found import Stretch
from truceline.words.tokens import Parsed
from truceline.words.voices import Voices

MODALS = {
    "de": frozenset("sollen müssen können dürfen mögen".split()),
    "en": frozenset("should must can could may might would".split()),
}
WANTS = {"de": re.compile(r"will|wollen|wollte|wollten"), "en": re.compile(r"wants?|wanted")}
WANTED = re.compile(r"\s*,\s*(dass\b[^.;:!?\n]*)")
"""What follows a clause of wanting: "Kiew will, dass die USA die Pause überwachen"."""
CONTRAST = re.compile(
    r"(?i)\W*(?:anders als|im (?:gegensatz|unterschied) zu|unlike|in contrast to)\b"
    r"|[^,]*, (?:\w+ )?\w+ (?:dagegen|hingegen)\b"
)
"""A clause that sets one side against another: the narrator compares, nobody speaks."""
PASSIVE = {
    "de": re.compile(
        r"\b(?:wird|werden|wurden?|worden)\b.*\b\w*(?:ge|be|ver|er|ent|zer)\w*(?:t|en)\b"
    ),
    "en": re.compile(r"\b(?:is|are|was|were|been|being)\s+(?:\w+ly\s+)?\w+(?:ed|en)\b"),
}
AND = re.compile(
    r"\s*(?:,|und|and|sowie|/)\s*(?:die|der|das|the)?\s*(?:[a-zäöüß-]+(?:e|en|er|ed|ish)\s+)?"
)
ARTICLES = frozenset("der die das ein eine the a an".split())
PARTY_ONLY = frozenset({Kind.CLAIM, Kind.EVALUATION_BY_PARTY, Kind.ACCUSATION})
TOLD_PASSIVELY = frozenset({Kind.AGREEMENT, Kind.ORDER, Kind.DEMAND, Kind.REFUSAL, Kind.DENIAL})
"""Acts that a passive tells although nobody is named; others are then the narrator's words."""


class Acting(NamedTuple):
    """The noun phrase that acts in a clause, its actor, and how the text tells it."""

    stretch: Stretch | None
    actor: str
    how: str


NOBODY = Acting(None, UNKNOWN, "unattributed")


def act_of_part(parsed: Parsed, part: Part, voices: Voices, subject: Acting) -> Draft | None:
    """An act told by its own verb, with whoever is the subject as its speaker."""
    if part.finite is None:
        return None
    language, (a, b) = parsed.language, part.main
    start, end = parsed.tokens[a].start, parsed.tokens[b - 1].end
    finite = parsed.tokens[part.finite]
    view = view_of(parsed, [(start, end)], "narrator", "none", is_negated(parsed, a, b))
    decided = decide_act(part.head, view, language)
    wants = WANTS.get(language)
    if wants is not None and wants.fullmatch(finite.text.lower()):
        decided = (Decided(Kind.INTENTION, f"{language}.act.wants"), finite.text.lower())
    elif lemma_of(finite.text.lower(), language) in MODALS.get(language, ()):
        return None
    if decided is None:
        return None
    if decided[0].kind is Kind.CLAIM and CONTRAST.match(parsed.text[start:end]):
        return None
    stretch, actor, how = subject
    wanted = WANTED.match(parsed.text, end) if decided[0].rule.endswith("act.wants") else None
    if wanted is not None:
        decided = (Decided(Kind.DEMAND, f"{language}.act.wants.that"), decided[1])
    if _passive(parsed, start, end):
        agent = voices.agent(start, end)
        if agent is None and decided[0].kind not in TOLD_PASSIVELY:
            return None
        stretch, actor, how = None, agent or UNKNOWN, "explicit" if agent else "unattributed"
    elif decided[0].kind in PARTY_ONLY and actor == UNKNOWN and stretch is None:
        return None
    return Draft(
        content=(
            (wanted.span(1),)
            if wanted
            else without_subject(parsed.text, (start, end), stretch, language)
        ),
        decided=decided[0],
        attribution=Attribution(how),
        actor=actor,
        speaker=(stretch,) if stretch else (),
        cue=verb_stretches(parsed, part, decided[1]),
        cue_lemma=decided[1],
        frame=((start, end),),
    )


def _passive(parsed: Parsed, start: int, end: int) -> bool:
    pattern = PASSIVE.get(parsed.language)
    return bool(pattern and pattern.search(parsed.text[start:end]))


def subject_of_part(parsed: Parsed, part: Part, voices: Voices) -> Acting | None:
    """The noun phrase that acts: before the verb, or right after it; None if there is none."""
    if part.finite is None:
        return None
    finite = parsed.tokens[part.finite]
    begin, end = parsed.tokens[part.first].start, parsed.tokens[part.main[1] - 1].end
    stretches = ((begin, finite.start), (finite.end, end))
    found = [x for a, b in stretches if (x := _first_subject(parsed, a, b, voices))]
    known = [acting for acting in found if acting.actor != UNKNOWN]
    if len(known) == 2 and ":" in known[1].actor and re.fullmatch(r"[A-Z]{3}", known[0].actor):
        return known[1]  # "Russland stellte Trump … in Aussicht": a state as object stands first
    return next(iter(known or found), None)


def _first_subject(parsed: Parsed, start: int, stop: int, voices: Voices) -> Acting | None:
    mentions = voices.subjects(start, stop)
    ours = voices.ourselves(start, mentions[0].start if mentions else stop)
    if ours is not None and voices.issuer is not None:
        return Acting(ours, voices.issuer, "anaphoric")
    if not mentions:
        return None
    first, last = mentions[0], mentions[0]
    if len(mentions) > 1 and AND.fullmatch(parsed.text[first.end : mentions[1].start]):
        last = mentions[1]
    actor, how = voices.speaker([(first.start, last.end)])
    if last is not first and not actor.startswith("GRP:"):
        actor = voices.together(first.start, last.end) or actor
    begun = _with_article(parsed, first.start, start)
    return Acting((begun, last.end), actor, "explicit" if how == "unknown" else how)


def _with_article(parsed: Parsed, start: int, low: int) -> int:
    """Where a noun phrase begins, its article included."""
    before = parsed.tokens_in(low, start)
    article = bool(before) and before[-1].text.lower() in ARTICLES
    return before[-1].start if article else start


def without_subject(
    text: str, clause: Stretch, subject: Stretch | None, language: str
) -> tuple[Stretch, ...]:
    """A clause without its subject."""
    pieces = [clause]
    if subject and clause[0] <= subject[0] and subject[1] <= clause[1]:
        pieces = [(clause[0], subject[0]), (subject[1], clause[1])]
    cut = [trimmed(text, piece, language) for piece in pieces if piece[0] < piece[1]]
    kept = [piece for piece in cut if piece and re.search(r"\w", text[slice(*piece)])]
    kept = [p for p in kept if text[slice(*p)].lower() not in ARTICLES] or kept
    return tuple(kept) or (clause,)


def verb_stretches(parsed: Parsed, part: Part, verb: str) -> tuple[Stretch, ...]:
    """Where the verb of an act stands, its separable part included."""
    found: list[Stretch] = []
    for token in parsed.tokens[part.main[0] : part.main[1]]:
        low = token.text.lower()
        lemma = lemma_of(low, parsed.language)
        joined = verb.endswith(lemma) and len(lemma) > 3
        if low == verb or joined or (found and verb.startswith(low) and len(low) > 1):
            found.append((token.start, token.end))
    return tuple(found)
