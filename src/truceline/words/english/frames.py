"""Reported speech by cue verbs: the frame before its content, acts by participles, passives."""

from __future__ import annotations

from truceline.words.english.around import around, quote_start
from truceline.words.english.complements import Complement, complement_of
from truceline.words.english.draft import Draft, Range
from truceline.words.english.hits import Hit
from truceline.words.english.lexicon import words_of
from truceline.words.english.phrases import phrase_end
from truceline.words.english.subjects import Subject, shared_subject, subject_before
from truceline.words.english.units import Unit

LEADS = frozenset({"say", "state", "tell", "tone", "thought", "ask"})
"""Groups whose content may go before the frame."""

NOBODY = frozenset({"neither", "nobody", "none", "no"})

NAMING = frozenset({"call", "label", "brand", "dub", "term", "deem"})
"""Verbs that name something: what they do is to describe, whatever else they can mean."""


def drafts_of(unit: Unit, hits: list[Hit], earlier: list[Draft]) -> list[Draft]:
    """Reported speech that a cue verb tells, by the first of its readings that fits."""
    for hit in hits:
        drafts = _drafts(unit, hit, earlier)
        if drafts:
            return drafts
    return []


def _drafts(unit: Unit, hit: Hit, earlier: list[Draft]) -> list[Draft]:
    if hit.voice == "passive":
        return _passive(unit, hit)
    subject = None if hit.voice == "participle" else subject_before(unit, hit.verb)
    if subject and unit.low(subject.words[0]) in NOBODY:
        return []
    found = complement_of(unit, hit.after, hit.lemma, hit.groups)
    if found is not None and (subject or _leader(unit, hit, earlier)):
        before = _content_before(unit, hit, subject) if found.rule == "en.direct.mixed" else None
        draft = _forward(unit, hit, subject, found, earlier)
        if found.style == "direct" and before is None:
            _quote_before(unit, draft, hit)
        return [draft]
    if hit.groups & LEADS and hit.voice != "participle":
        closing = around(unit, hit, subject)
        if closing is not None:
            return [closing]
    if hit.voice == "participle" and (act := _participle_act(unit, hit, earlier)):
        return [act]
    return []


def _leader(unit: Unit, hit: Hit, earlier: list[Draft]) -> Draft | None:
    """The frame, or the bare subject, that a second verb or a participle shares."""
    word = unit.low(hit.group - 1)
    if hit.voice != "participle" and word not in ("and", "but", "or", "then"):
        return None
    top = [d for d in earlier if not d.relative and d.link != "noun" and d.speaker]
    if top:
        return top[-1]
    subject = shared_subject(unit, hit.group)
    if subject is None:
        return None
    return Draft([], (), "", "", subject.start, hit.verb, subject.words)


def _forward(
    unit: Unit, hit: Hit, subject: Subject | None, found: Complement, earlier: list[Draft]
) -> Draft:
    """A frame before its content."""
    called = found.rule == "en.describe"
    start = hit.verb if called else found.start
    draft = Draft(
        content=[(start, unit.stop if found.end is None else found.end)],
        cue=(*range(hit.verb, hit.after), *found.cue),
        lemma="describe" if called and hit.lemma in NAMING else hit.lemma,
        rule=found.rule,
        start=hit.verb,
        verb=hit.verb,
        addressee=found.addressee,
        style=found.style,
        open=found.end is None,
    )
    if subject is not None:
        draft.speaker, draft.start, draft.relative = subject.words, subject.start, subject.relative
    else:
        leader = _leader(unit, hit, earlier)
        draft.speaker = leader.speaker if leader else None
        draft.link = "participle" if hit.voice == "participle" else "shared"
        draft.start = hit.group - 1 if hit.group else 0
        if leader:
            draft.via = list(leader.via)
            draft.unattributed = leader.unattributed
    if found.citing:
        draft.via = [(draft.speaker, draft.cue)]
        draft.speaker, draft.cue = found.citing, (found.citing[0] - 1,)
        draft.lemma = "cite"
    draft.frame = [(draft.start, start)]
    return draft


def _quote_before(unit: Unit, draft: Draft, hit: Hit) -> None:
    """ "“We,” he said, “go.”": the quotation before the frame belongs to the content."""
    at = draft.start
    if unit.low(at) == ",":
        return
    if unit.is_quote(at - 1) and draft.link == "main":
        draft.content.insert(0, (quote_start(unit, at - 1), at))
        draft.rule = "en.direct.split"


def _content_before(unit: Unit, hit: Hit, subject: Subject | None) -> int | None:
    if subject is None or not unit.is_quote(subject.start - 1):
        return None
    return subject.start - 1


def _participle_act(unit: Unit, hit: Hit, earlier: list[Draft]) -> Draft | None:
    """ ", calling for a truce", ", rejecting the plan": an act told by a participle."""
    leader = _leader(unit, hit, earlier)
    acts = hit.groups & {"accuse", "gerund", "urge", "describe"} or hit.lemma in (
        "call for",
        "demand",
    )
    if leader is None or not acts or hit.after >= unit.stop or unit.low(hit.group - 1) != ",":
        return None
    if phrase_end(unit, hit.after) == hit.after:
        return None
    return Draft(
        [(hit.verb, unit.stop)],
        tuple(range(hit.verb, hit.after)),
        hit.lemma,
        "en.participle.act",
        hit.group - 1,
        hit.verb,
        leader.speaker,
        [(hit.group - 1, hit.verb)],
        style="reported",
        link="participle",
        open=True,
    )


def _passive(unit: Unit, hit: Hit) -> list[Draft]:
    """ "was told that", "were accused of firing", "is said to have fired", "it was said that"."""
    subject = subject_before(unit, hit.verb)
    if subject is None:
        return []
    agent, cue, after = None, (hit.verb,), hit.after
    if unit.low(after) == "by":
        agent_end = phrase_end(unit, after + 1)
        agent, after = (after + 1, agent_end), agent_end
    impersonal = unit.low(subject.words[0]) == "it"
    participles = words_of("hearsay_participles")
    raised = unit.low(after) == "to" and unit.low(hit.verb) in participles and not impersonal
    if raised:
        content = [subject.words, (after, unit.stop)]
        return [_unsaid(unit, hit, subject, content, agent, "en.hearsay")]
    groups = hit.groups if not impersonal else hit.groups | {"say"}
    found = complement_of(unit, after, hit.lemma, groups, passive=not impersonal)
    if found is None or after >= unit.stop:
        return []
    draft = _unsaid(
        unit, hit, subject, [(found.start, found.end or unit.stop)], agent, "en.passive"
    )
    draft.cue = (*cue, *found.cue)
    draft.style = found.style
    draft.addressee = None if impersonal else subject.words
    draft.frame = [(draft.start, found.start)]
    return [draft]


def _unsaid(
    unit: Unit, hit: Hit, subject: Subject, content: list[Range], agent: Range | None, rule: str
) -> Draft:
    return Draft(
        content,
        (hit.verb,),
        hit.lemma,
        rule,
        subject.start,
        hit.verb,
        agent,
        [(hit.group, hit.after)],
        open=True,
        unattributed=agent is None,
        relative=subject.relative,
    )
