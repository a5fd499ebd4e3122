"""Which reported speech is read as such, and which is the text's own word or an act."""

from __future__ import annotations

import re
from collections.abc import Sequence

from truceline.domain.words import UNKNOWN, Attribution, Kind
from truceline.words.acts import Decided, act_of
from truceline.words.drafts import Draft, is_finite, trimmed
from truceline.words.found import Found, Stretch
from truceline.words.tokens import Parsed
from truceline.words.voices import Voices

PERFECT = re.compile(r"\b(?:haben|sein|worden)\W*$")
"""What ends hearsay ("soll … beschossen haben"); without it "sollen" tells a plan."""
SUPPOSES = re.compile(r"\b(?:könnten?|dürften?|ließen sich .*überprüf|überprüfen ließen)\b")
CONDITIONAL = re.compile(
    r"(?:sollten?|wenn|falls|sofern|solange|sobald|should|if|unless|only (?:once|if|when|after)"
    r"|once|provided)\b"
)


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
    if one.style == "direct" and not one.cue and not is_finite(parsed, one.content):
        return True
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


def conditions_of_acts(parsed: Parsed, found: Sequence[Found], voices: Voices) -> list[Draft]:
    """Conditions that hang on an act told by its own verb ("drohte mit …, sollte …")."""
    drafts = []
    for one in found:
        content = tuple(c for c in (trimmed(parsed.text, s, "") for s in one.content) if c)
        if not content or not CONDITIONAL.match(parsed.text, content[0][0]):
            continue
        actor, attribution = speaker_of(one, voices, UNKNOWN)
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


def speaker_of(one: Found, voices: Voices, held: str) -> tuple[str, Attribution]:
    """Actor of reported speech and how the text tells it; ``held`` spoke just before."""
    if one.attribution is Attribution.UNATTRIBUTED:
        told = voices.issuer is not None
        return (voices.issuer or UNKNOWN), Attribution.NARRATOR if told else one.attribution
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
