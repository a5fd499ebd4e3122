"""Reported speech, understood: its contents one by one, each with its kind and speaker."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from truceline.domain.words import UNKNOWN, Attribution, Kind, Polarity, state_of
from truceline.words.acting import NOBODY, Acting, act_of_part, subject_of_part
from truceline.words.acts import Decided, act_of, decide
from truceline.words.clauses import Part, parts_of
from truceline.words.drafts import (
    FIRST_PERSON,
    Draft,
    after_dateline,
    is_finite,
    trimmed,
    view_of,
)
from truceline.words.found import Found, Stretch
from truceline.words.slots.passage import passage_of
from truceline.words.slots.polarity import read_polarity
from truceline.words.tokens import Parsed
from truceline.words.voices import Voices

AGAIN = {
    "de": re.compile(r",?\s+(?:und|sowie|aber|oder)\s+(?=dass\s)|;\s"),
    "en": re.compile(r",?\s+(?:and|but|or)\s+(?=that\s)|;\s"),
}
PERFECT = re.compile(r"\b(?:haben|sein|worden)\W*$")
"""What ends hearsay ("soll … beschossen haben"); without it "sollen" tells a plan."""

SUPPOSES = re.compile(r"\b(?:könnten?|dürften?|ließen sich .*überprüf|überprüfen ließen)\b")
OWN = {
    "de": re.compile(
        r"\W*(?:auch )?(?:seine?|ihre?|unsere?|die eigenen?|das eigene)\s+"
        r"(?:Land|Regierung|Armee|Militär|Truppen|Streitkräfte|Seite|Volk|Staat|Nation|Soldaten)"
    ),
    "en": re.compile(
        r"\W*(?:his|her|its|our|their|the)\s+"
        r"(?:country|government|army|military|troops|forces|side|nation|soldiers)"
    ),
}
CONDITIONAL = re.compile(
    r"(?:sollten?|wenn|falls|sofern|solange|sobald|should|if|unless|only (?:once|if|when|after)|once|provided)\b"
)
INFINITIVE = re.compile(
    r"\b(?:zu \w+n|(?:ab|an|auf|aus|ein|vor|zurück|bei|mit|nach|weg|fort|weiter|wieder|frei"
    r"|nieder)zu\w+n)\b"
)
AROUND = 12
"""Reported speech before and after, in the order of the text, that one can lie in or hold."""

TOLD_BY_OTHERS = frozenset(
    {
        Kind.COMMITMENT,
        Kind.ACCEPTANCE,
        Kind.REFUSAL,
        Kind.AGREEMENT,
        Kind.PROPOSAL,
        Kind.DEMAND,
        Kind.ORDER,
        Kind.DENIAL,
        Kind.RETRACTION,
    }
)
"""Acts that are their doer's also where another voice tells them."""

PASSIVE = re.compile(r"\b(?:worden|wurden?|was|were|been|being)\b", re.IGNORECASE)
IT_WILL = re.compile(r"it (?:will|would|shall)\b", re.IGNORECASE)
THIRD_SELF = frozenset({"er", "he", "she"})


class Subject(NamedTuple):
    """Whom a content is about, seen from its speaker: self, other or none."""

    relation: str
    actor: str | None


def read_reported(parsed: Parsed, found: Sequence[Found], voices: Voices) -> list[Draft]:
    """Drafts of all reported speech of a stretch, in the order of the text."""
    drafts: list[Draft] = []
    held = UNKNOWN
    for n, one in enumerate(found):
        actor, attribution = _speaker(one, voices, held)
        held = actor
        around = found[max(0, n - AROUND) : n + AROUND + 1]
        if _nobody_in_another(one, actor, around) or _fragment_in_another(parsed, one, around):
            continue
        inner = [o for o in around if o is not one and _lies_in(o, one) and _named(o, voices)]
        outer = [o for o in around if o is not one and _lies_in(one, o)]
        via = (*one.via, *((o.speaker, o.cue) for o in outer if o.speaker))
        acting, about = NOBODY, None
        for content in contents_of(parsed, one.content):
            if any(_tells(other, content) for other in inner):
                continue
            subject = subject_of(parsed, content, actor, voices)
            if subject.relation == "none" and about is not None and _goes_on(parsed, content):
                subject = about
            about = subject
            draft = _draft(parsed, one, content, actor, attribution, subject)
            part = _part_of(parsed, content)
            acting = subject_of_part(parsed, part, voices) or acting
            act = _inner_act(parsed, part, voices, acting, draft)
            if act is not None:
                drafts.append(replace(act, chain=(*via, (one.speaker, one.cue))))
            else:
                drafts.append(replace(draft, chain=via))
    return drafts


def _part_of(parsed: Parsed, content: Sequence[Stretch]) -> Part:
    start, end = content[0][0], content[-1][1]
    tokens = parsed.tokens_in(start, end)
    first = bisect_left(parsed.starts, tokens[0].start)
    return parts_of(parsed, first, first + len(tokens))[0]


def _inner_act(
    parsed: Parsed, part: Part, voices: Voices, acting: Acting, draft: Draft
) -> Draft | None:
    """An act that somebody else than the speaker has done: then that one is who speaks."""
    if acting.actor in (UNKNOWN, draft.actor):
        return None
    act = act_of_part(parsed, part, voices, acting)
    if act is None or act.decided.kind not in TOLD_BY_OTHERS or act.actor != acting.actor:
        return None
    return act if len(draft.content) == 1 else replace(act, content=draft.content)


def conditions_of_acts(parsed: Parsed, found: Sequence[Found], voices: Voices) -> list[Draft]:
    """Conditions that hang on an act told by its own verb ("drohte mit …, sollte …")."""
    drafts = []
    for one in found:
        content = tuple(c for c in (trimmed(parsed.text, s, "") for s in one.content) if c)
        if not content or not CONDITIONAL.match(parsed.text, content[0][0]):
            continue
        actor, attribution = _speaker(one, voices, UNKNOWN)
        drafts.append(
            Draft(
                content=content,
                decided=Decided(Kind.CONDITION, f"{parsed.language}.condition.act"),
                attribution=attribution,
                actor=actor,
                speaker=one.speaker,
                cue=one.cue,
                cue_lemma=one.cue_lemma,
                subject=voices.together(content[0][0], content[-1][1]),
            )
        )
    return drafts


def told_by_act(parsed: Parsed, one: Found) -> bool:
    """Whether a clause is the text's own after all, or tells an act by its verb.

    An act has a noun phrase as object ("lehnte eine Pause ab") or a fragment in quotation
    marks.  "könnte" and "dürfte" without a frame suppose; they do not carry on what was said.
    """
    if one.style == "reported" or _asks_in_heading(parsed, one):
        return True
    begun = parsed.text[one.content[0][0] : one.content[0][0] + 12].lower()
    spoken = " ".join(parsed.text[a:b].lower() for a, b in one.speaker)
    if spoken in ("das", "dies", "es", "was") or (
        one.cue_lemma == "halten" and " für " not in parsed.text[slice(*_whole(one))]
    ):
        return True
    if one.attribution is Attribution.CONTINUED and SUPPOSES.search(
        parsed.text, one.content[0][0], one.content[-1][1]
    ):
        return True
    if one.attribution is Attribution.UNATTRIBUTED and one.cue_lemma == "sollen":
        return PERFECT.search(parsed.text, one.content[0][0], one.content[-1][1]) is None
    is_act = act_of(one.cue_lemma, parsed.language) is not None
    if is_act and CONDITIONAL.match(begun):
        return True
    return is_act and one.style == "direct" and not is_finite(parsed, one.content)


def _whole(one: Found) -> Stretch:
    """From the first to the last place of reported speech, its frame included."""
    places = [*one.content, *one.cue, *one.speaker, *one.frame]
    return min(a for a, _ in places), max(b for _, b in places)


def _asks_in_heading(parsed: Parsed, one: Found) -> bool:
    """Whether it stands in a line of its own that asks."""
    at = one.content[0][0]
    start, end = next(p for p in parsed.paragraphs if p[0] <= at < p[1])
    return end - start < 160 and parsed.text[start:end].rstrip().endswith("?")


def _nobody_in_another(one: Found, actor: str, found: Sequence[Found]) -> bool:
    """Whether an act inside of reported speech has nobody of its own who does it."""
    return actor == UNKNOWN and any(_lies_in(one, other) for other in found if other is not one)


def _fragment_in_another(parsed: Parsed, one: Found, found: Sequence[Found]) -> bool:
    """Whether a quotation without a predicate only marks words within a reported clause."""
    if one.style != "direct" or is_finite(parsed, one.content):
        return False
    start, end = one.content[0][0], one.content[-1][1]
    return any(o is not one and any(a <= start and end <= b for a, b in o.content) for o in found)


def _lies_in(one: Found, other: Found) -> bool:
    """Whether reported speech, its cue included, is part of what another one reports."""
    start, end = other.content[0][0], other.content[-1][1]
    inside = all(start <= a and b <= end for a, b in (*one.content, *one.cue))
    return inside and one.content != other.content and bool(one.cue)


def _named(one: Found, voices: Voices) -> bool:
    return bool(one.speaker) and voices.speaker(one.speaker)[0] != UNKNOWN


def _tells(inner: Found, content: tuple[Stretch, ...]) -> bool:
    """Whether a content is mainly the announcing of another reported speech."""
    size = sum(b - a for a, b in content)
    parts = (*inner.content, *inner.cue, *inner.speaker)
    told = sum(max(0, min(b, d) - max(a, c)) for a, b in content for c, d in parts)
    return told * 10 > size * 6


def _speaker(one: Found, voices: Voices, held: str) -> tuple[str, Attribution]:
    if one.attribution is Attribution.UNATTRIBUTED:
        return UNKNOWN, one.attribution
    if not one.speaker:
        return (
            (held, one.attribution)
            if one.attribution is Attribution.CONTINUED
            else (
                UNKNOWN,
                Attribution.UNATTRIBUTED,
            )
        )
    actor, how = voices.speaker(one.speaker)
    if one.attribution is Attribution.EXPLICIT and how == "anaphoric":
        return actor, Attribution.ANAPHORIC
    return actor, one.attribution


def _draft(
    parsed: Parsed,
    one: Found,
    content: tuple[Stretch, ...],
    actor: str,
    attribution: Attribution,
    subject: Subject,
) -> Draft:
    text, language = parsed.text, parsed.language
    finite = is_finite(parsed, content)
    if not finite and one.style != "reported":
        subject = Subject("self", None)
    denied = read_polarity(passage_of(text, content, language)).polarity
    view = view_of(parsed, content, "party", subject.relation, denied is Polarity.NEGATED)
    decided = decide(view, language, one.cue_lemma, finite=finite)
    if not finite and CONDITIONAL.match(text, content[0][0]):
        decided = Decided(Kind.CONDITION, f"{language}.condition.alone")
    if decided.kind is Kind.COMMITMENT and ".object." in decided.rule and "GRP:" in actor:
        decided = Decided(Kind.AGREEMENT, decided.rule)
    if decided.kind is Kind.DEMAND and attribution is Attribution.UNATTRIBUTED:
        decided = Decided(Kind.CLAIM, f"{language}.hearsay")
    return Draft(
        content=content,
        decided=decided,
        attribution=attribution,
        actor=actor,
        speaker=one.speaker,
        cue=one.cue,
        cue_lemma=one.cue_lemma,
        addressee=one.addressee,
        frame=one.frame,
        subject=subject.actor if subject.relation == "other" else None,
    )


def _goes_on(parsed: Parsed, content: Sequence[Stretch]) -> bool:
    """Whether a content begins with its verb: its subject is that of the one before."""
    tokens = parsed.tokens_in(*content[0])
    first = bisect_left(parsed.starts, content[0][0])
    part = parts_of(parsed, first, first + len(tokens))[0] if tokens else None
    return part is not None and part.finite == first


def contents_of(parsed: Parsed, stretches: Sequence[Stretch]) -> list[tuple[Stretch, ...]]:
    """Contents that each have a predicate of their own; one that a frame interrupts stays one."""
    text, language = parsed.text, parsed.language
    found: list[tuple[Stretch, ...]] = []
    open_end: int | None = None
    for start, end in stretches:
        for n, (a, b) in enumerate(_split(parsed, start, end)):
            piece = trimmed(text, after_dateline(text, (a, b)), language)
            if piece is None:
                continue
            joins = n == 0 and open_end is not None and not _new_sentence(parsed, open_end, a)
            if joins and found:
                found[-1] = (*found[-1], piece)
            else:
                found.append((piece,))
            open_end = piece[1]
    return found


def _new_sentence(parsed: Parsed, one: int, two: int) -> bool:
    """Whether a sentence ends between two places of the text."""
    between = parsed.text[one:two]
    return bool(re.search(r"[.!?…][\"“”«»]?\s|\n", between))


def _split(parsed: Parsed, start: int, end: int) -> Iterator[Stretch]:
    """A stretch at its sentences, coordinated clauses and coordinated infinitives."""
    for a, b in _sentences(parsed, start, end):
        for c, d in _at_conjunctions(parsed, a, b):
            tokens = parsed.tokens_in(c, d)
            if not tokens:
                continue
            first = bisect_left(parsed.starts, tokens[0].start)
            for part in parts_of(parsed, first, first + len(tokens)):
                yield parsed.tokens[part.first].start, parsed.tokens[part.last - 1].end


def _sentences(parsed: Parsed, start: int, end: int) -> Iterator[Stretch]:
    for sentence in parsed.sentences:
        a, b = max(start, sentence.start), min(end, sentence.end)
        if a < b and any(c.isalnum() for c in parsed.text[a:b]):
            yield a, b


def _at_conjunctions(parsed: Parsed, start: int, end: int) -> Iterator[Stretch]:
    pattern = AGAIN.get(parsed.language)
    at = start
    for found in pattern.finditer(parsed.text, start, end) if pattern else ():
        yield from _at_infinitives(parsed, at, found.start())
        at = found.end()
    yield from _at_infinitives(parsed, at, end)


def _at_infinitives(parsed: Parsed, start: int, end: int) -> Iterator[Stretch]:
    """A stretch between coordinated infinitives with "zu": each is a content of its own."""
    at = start
    if parsed.language == "de":
        for found in re.finditer(r",? (?:und|sowie) ", parsed.text[start:end]):
            here = start + found.start()
            left = INFINITIVE.search(parsed.text, at, here)
            ends = left and not re.search(r"\w", parsed.text[left.end() : here])
            if ends and INFINITIVE.search(parsed.text, start + found.end(), end):
                yield at, here
                at = start + found.end()
    yield at, end


def subject_of(parsed: Parsed, content: Sequence[Stretch], actor: str, voices: Voices) -> Subject:
    """Whom the predicate of a content is about, seen from its speaker."""
    own = state_of(actor)
    passive = PASSIVE.search(parsed.text, content[0][0], content[-1][1]) is not None
    first_person = FIRST_PERSON.get(parsed.language, frozenset())
    own_side = OWN.get(parsed.language)
    if own_side and own_side.match(parsed.text, *content[0]):
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
