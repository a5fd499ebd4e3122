"""Reported speech, understood: its contents one by one, each with its kind and speaker."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from truceline.domain.words import UNKNOWN, Attribution, Kind, Polarity
from truceline.words.acting import NOBODY, Acting, act_of_part, subject_of_part
from truceline.words.acts import Decided, act_of, decide
from truceline.words.clauses import Part, parts_of
from truceline.words.complements import complement_of
from truceline.words.contents import CONDITION_WORD, contents_of
from truceline.words.drafts import Draft, is_finite, outside, trimmed, view_of
from truceline.words.found import Found, Stretch
from truceline.words.slots.conditions import read_conditions
from truceline.words.slots.passage import passage_of
from truceline.words.slots.polarity import read_polarity
from truceline.words.sorting import CONDITIONAL, speaker_of
from truceline.words.subjects import Subject, subject_of
from truceline.words.tokens import Parsed
from truceline.words.voices import Voices

JOINT = re.compile(r"\b(?:both|two|parties|sides|leaders|presidents|governments|and)\b", re.I)
"""A noun phrase that names several."""
NO_CONTENT = re.compile(r"(?:According to|according to|[Ll]aut|[Nn]ach Angaben) [^,.]{0,60}$")
"""A frame that was taken for a content."""
DENYING = frozenset({Kind.DENIAL, Kind.REFUSAL, Kind.RETRACTION, Kind.OPEN_QUESTION, Kind.OMISSION})
DENIED = re.compile(
    r"\b(?:dementier\w*|bestritt\w*|bestreit\w*|leugn\w*|in Abrede|widerspr\w* (?:dem|der|den)"
    r"|(?:Berichte|Meldungen|Behauptungen|Vorwürfe)[^.]{0,40}zurück\w*|wies\w*[^.]{0,60}(?:Berichte"
    r"|Meldungen|Behauptungen|Vorwürfe|Darstellung)|denied|denies|deny|rejected (?:reports|claims"
    r"|allegations|suggestions)|dismissed (?:reports|claims|allegations)|disputed)\b"
)
"""Words beside a content that deny it."""
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


def read_reported(parsed: Parsed, found: Sequence[Found], voices: Voices) -> list[Draft]:
    """Drafts of all reported speech of a stretch, in the order of the text."""
    drafts: list[Draft] = []
    held = UNKNOWN
    for n, one in enumerate(found):
        actor, attribution = speaker_of(one, voices, held)
        held = actor
        around = found[max(0, n - AROUND) : n + AROUND + 1]
        if _nobody_in_another(one, actor, around) or _fragment_in_another(parsed, one, around):
            continue
        inner = [o for o in around if o is not one and _lies_in(o, one) and _named(o, voices)]
        if any(_lies_in(one, o) and _denies(o, parsed) for o in around if o is not one):
            continue
        if any(DENIED.search(parsed.text, a, b) for _, cue in one.via for a, b in cue):
            continue
        inner = [] if _denies(one, parsed) else inner
        outer = [o for o in around if o is not one and _lies_in(one, o)]
        via = (*one.via, *((o.speaker, o.cue) for o in outer if o.speaker))
        acting, about = NOBODY, None
        whole = one.content if _denies(one, parsed) else _before_frames(one, around)
        for content in contents_of(parsed, whole):
            if NO_CONTENT.match(parsed.text, *content[0]) or any(
                _tells(other, content) for other in inner
            ):
                continue
            subject = subject_of(parsed, content, actor, voices)
            if subject.relation == "none" and about is not None and _goes_on(parsed, content):
                subject = about
            about = subject
            draft = _draft(parsed, one, content, actor, attribution, subject)
            part = _part_of(parsed, content)
            acting = subject_of_part(parsed, part, voices) or acting
            draft = _under_denial(parsed, draft)
            if draft.decided.rule == "en.denied":
                continue  # the act of denying is read by its own verb
            act = None
            if draft.decided.kind is not Kind.DENIAL:
                act = _inner_act(parsed, part, voices, acting, draft)
            if act is not None:
                drafts.append(replace(act, chain=(*via, (one.speaker, one.cue))))
            else:
                drafts.append(replace(draft, chain=via))
    return drafts


def _before_frames(one: Found, around: Sequence[Found]) -> tuple[Stretch, ...]:
    """A content that stops where the frame of another one begins inside of it."""
    frames = [
        start
        for other in around
        if other is not one and other.cue
        for start, _ in (*other.frame, *other.cue[:1])
    ]
    cut = []
    for start, end in one.content:
        inside = [at for at in frames if start + 10 < at < end]
        wrapped = any(a <= start and end <= b for o in around if o is not one for a, b in o.content)
        cut.append(
            (start, min(inside)) if inside and not wrapped and _is_tail(one) else (start, end)
        )
    return tuple(cut)


def _is_tail(one: Found) -> bool:
    """Whether a content was opened by a conjunction or an infinitive, to the end of a sentence."""
    return one.rule in ("de.zu", "de.dass", "de.complement")


def _denies(one: Found, parsed: Parsed) -> bool:
    """Whether a frame denies what it encloses: nobody inside has then done anything."""
    return act_of(one.cue_lemma, parsed.language) == "denial" or one.act == "denial"


def _under_denial(parsed: Parsed, draft: Draft) -> Draft:
    """A content that the rest of its sentence denies ("dementierte Berichte, wonach …")."""
    if draft.decided.kind in DENYING:
        return draft
    start, end = draft.content[0][0], draft.content[-1][1]
    sentence = next((s for s in parsed.sentences if s.start <= start < s.end), None)
    if sentence is None:
        return draft
    before = parsed.text[sentence.start : start]
    after = parsed.text[end : sentence.end]
    if DENIED.search(before) or DENIED.search(after):
        decided = Decided(Kind.DENIAL, f"{parsed.language}.denied")
        return replace(draft, decided=decided)
    return draft


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
    if len(draft.content) > 1:
        return replace(act, content=draft.content)
    complement = complement_of(parsed, part)
    inner = trimmed(parsed.text, complement, parsed.language) if complement else None
    return replace(act, content=(inner,)) if inner else act


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
    row = passage_of(text, content, language)
    denied = read_polarity(row).polarity
    bare = content
    for condition in read_conditions(row) if finite else ():
        bare = outside(text, bare, condition.whole, language) or bare
    view = view_of(parsed, bare, "party", subject.relation, denied is Polarity.NEGATED)
    decided = decide(view, language, one.cue_lemma, finite=finite, act=one.act)
    words = CONDITION_WORD.finditer(text, max(0, content[0][0] - 180), content[0][0])
    if any(m.end() == content[0][0] for m in words):
        decided = Decided(Kind.CONDITION, f"{language}.condition.called")
    if not finite and CONDITIONAL.match(text, content[0][0]):
        decided = Decided(Kind.CONDITION, f"{language}.condition.alone")
    spoken = " ".join(text[a:b] for a, b in one.speaker)
    joint = "GRP:" in actor or JOINT.search(spoken) is not None
    if decided.kind is Kind.COMMITMENT and ".object." in decided.rule and joint:
        decided = Decided(Kind.AGREEMENT, decided.rule)
    by_cue = ".cue." in decided.rule
    if decided.kind is Kind.DEMAND and not by_cue and attribution is Attribution.UNATTRIBUTED:
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
