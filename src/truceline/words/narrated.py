"""What the text itself tells: acts of parties by their own verb, facts, judgements, silences."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from truceline.domain.words import NARRATOR, UNKNOWN, Attribution, Kind, Mood, Polarity
from truceline.words.acting import (
    NOBODY,
    Acting,
    act_of_part,
    subject_of_part,
    without_subject,
)
from truceline.words.acts import Decided, decide
from truceline.words.clauses import Part, parts_of
from truceline.words.drafts import Draft, after_dateline, is_negated, outside, trimmed, view_of
from truceline.words.found import Found, Stretch
from truceline.words.slots.conditions import read_conditions
from truceline.words.slots.passage import passage_of
from truceline.words.slots.polarity import read_polarity
from truceline.words.slots.tone import read_mood
from truceline.words.sorting import SUPPOSES
from truceline.words.subjects import subject_of
from truceline.words.tokens import Parsed, Sentence
from truceline.words.voices import Voices

SILENT_PARTY = frozenset({Kind.META_CONDITIONS, Kind.CONDITION})
"""What the text tells of a party as subject is the party's."""

ACTS = frozenset({"korrigieren", "richtigstellen", "zurückrudern"})
"""Verbs before a colon that say what the words behind it do."""

VERBLESS = 7
"""Tokens that a piece without a verb has to have in a medium's text to state anything."""
HOUR = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
"""An hour: in a party's own text a clause with one tells an incident, mostly of the other side."""
ADJACENT = 80
"""Code points between speech and what carries it on in Konjunktiv II."""

NEAR = 3_000
"""Code points before and after a clause in which reported speech that touches it begins."""

MOODS_OF_PARTY = frozenset({Kind.EVALUATION_BY_PARTY, Kind.INTENTION, Kind.COMMITMENT})
"""What the text of one party tells of another one as subject is the other's."""


class Narrated:
    """One stretch as the narrator tells it, beside the reported speech in it.

    ``issuer`` is whose own text it is, if a party's; None for the text of a medium.
    """

    def __init__(
        self, parsed: Parsed, found: Sequence[Found], voices: Voices, issuer: str | None
    ) -> None:
        self.parsed, self.voices, self.issuer = parsed, voices, issuer
        self.take(found)
        self.spoken: list[Draft] = []
        self._ends: list[int] = []
        self._frame: tuple[Draft, Acting] | None = None
        self.drafts: list[Draft] = []
        self.parts = [
            (sentence, part)
            for sentence in parsed.sentences
            if not _is_heading(parsed, sentence, issuer is not None)
            for part in parts_of(parsed, _after_head(parsed, sentence), sentence.last)
        ]

    def take(self, found: Sequence[Found]) -> None:
        """The reported speech that the stretch holds."""
        self.found = sorted(found, key=lambda f: f.content[0][0])
        self._starts = [f.content[0][0] for f in self.found]

    def hear(self) -> None:
        """Resolve everybody who speaks or acts in the order of the text, as a reader would."""
        tokens, voices = self.parsed.tokens, self.voices
        turns: list[tuple[int, Found | Part]] = [
            *((f.speaker[0][0], f) for f in self.found if f.speaker),
            *((tokens[part.first].start, part) for _, part in self.parts),
        ]
        for _, turn in sorted(turns, key=lambda t: t[0]):
            if isinstance(turn, Found):
                voices.speaker(turn.speaker)
            else:
                subject_of_part(self.parsed, turn, voices)

    def read(self, reported: Sequence[Draft]) -> list[Draft]:
        """Drafts of what no reported speech covers, in the order of the text."""
        self.spoken = sorted(reported, key=lambda d: d.content[-1][1])
        self._ends = [d.content[-1][1] for d in self.spoken]
        subject, before = NOBODY, None
        for sentence, part in self.parts:
            own = subject_of_part(self.parsed, part, self.voices)
            subject = own or (subject if sentence is before else NOBODY)
            before = sentence
            draft = self._part(part, subject, sentence)
            if draft is not None and self._announces_next(part, draft):
                self._frame = draft, subject
            elif draft is not None:
                self.drafts.append(draft)
                self._frame = None
        return self.drafts

    def _announces_next(self, part: Part, draft: Draft) -> bool:
        """Whether a clause before a colon only says whose the next words are."""
        tokens, at = self.parsed.tokens, part.last
        if tokens[at - 1].text == ":":
            at -= 1
        if self.parsed.language != "de" or at + 1 >= len(tokens) or tokens[at].text != ":":
            return False
        begins = tokens[at + 1].start
        if any(begins <= f.content[0][0] <= begins + 2 for f in self._near(begins, begins)):
            return True
        after = next((p for _, p in self.parts if p.first >= at), None)
        return after is not None and after.first <= at + 2 and self._is_konjunktiv(after)

    def _is_konjunktiv(self, part: Part) -> bool:
        tokens = self.parsed.tokens
        row = passage_of(
            self.parsed.text, [(tokens[part.first].start, tokens[part.last - 1].end)], "de"
        )
        return part.finite is not None and read_mood(row) is Mood.KONJUNKTIV_1

    def _part(self, part: Part, subject: Acting, sentence: Sentence) -> Draft | None:
        tokens = self.parsed.tokens
        start, end = tokens[part.first].start, tokens[part.last - 1].end
        if part.finite is None and part.last - part.first < (4 if self.issuer else VERBLESS):
            return None
        told = [f for f in self._near(start, end) if _touches(f, start, end)]
        if any(_overlap(f.content, start, end) * 2 > end - start for f in told):
            return None
        act = act_of_part(self.parsed, part, self.voices, subject)
        if act is not None and self.issuer and not act.speaker:
            act = None
        if act is not None and not any(_announces(f, act) for f in told):
            return act
        if any(f.cue and _inside(f.cue[0], start, end) for f in told):
            return None
        return self._continued(part, sentence) or self._own_words(part, subject)

    def _near(self, start: int, end: int) -> list[Found]:
        """Reported speech that may touch a stretch."""
        at = bisect_left(self._starts, end + NEAR)
        return self.found[bisect_left(self._starts, start - NEAR) : at]

    def _continued(self, part: Part, sentence: Sentence) -> Draft | None:
        """A clause in Konjunktiv I without a frame: whoever spoke last goes on."""
        if self.parsed.language != "de" or part.finite is None:
            return None
        text, tokens = self.parsed.text, self.parsed.tokens
        content = trimmed(text, (tokens[part.first].start, tokens[part.last - 1].end), "")
        if content is None:
            return None
        row = passage_of(text, [content], "de")
        mood = read_mood(row)
        last = self._framing() or self._last_spoken(content[0], sentence)
        supposed = mood is Mood.KONJUNKTIV_2 and not self._goes_on_supposing(
            last, content, sentence
        )
        if mood not in (Mood.KONJUNKTIV_1, Mood.KONJUNKTIV_2) or supposed:
            return None
        actor = last.actor if last else UNKNOWN
        subject = subject_of(self.parsed, [content], actor, self.voices)
        negated = read_polarity(row).polarity is Polarity.NEGATED
        view = view_of(self.parsed, [content], "party", subject.relation, negated)
        return Draft(
            content=(content,),
            decided=decide(view, "de", last.cue_lemma if last and last.cue_lemma in ACTS else ""),
            attribution=Attribution.CONTINUED if last else Attribution.UNATTRIBUTED,
            actor=actor,
            speaker=last.speaker if last else (),
            subject=subject.actor if subject.relation == "other" else None,
        )

    def _goes_on_supposing(self, last: Draft | None, content: Stretch, sentence: Sentence) -> bool:
        """Whether Konjunktiv II carries on speech: right after it, "könnte" in one sentence."""
        if last is None or content[0] - last.content[-1][1] > ADJACENT:
            return False
        same = last.content[-1][1] > sentence.start
        return same or SUPPOSES.search(self.parsed.text, *content) is None

    def _framing(self) -> Draft | None:
        """Who was announced by the clause before the colon."""
        if self._frame is None:
            return None
        draft, subject = self._frame
        if subject.stretch is None:
            return None
        return replace(draft, actor=subject.actor, speaker=(subject.stretch,))

    def _last_spoken(self, start: int, sentence: Sentence) -> Draft | None:
        """Who spoke last before a place, in the same paragraph."""
        low = self.parsed.paragraphs[sentence.paragraph][0]
        at = bisect_left(self._ends, start)
        before = (*self.spoken[max(0, at - 8) : at], *self.drafts[-8:])
        spoken = [d for d in before if low <= d.content[0][0] < start and not d.is_narrators]
        return max(spoken, key=lambda d: d.content[-1][1], default=None)

    def _own_words(self, part: Part, acting: Acting) -> Draft | None:
        """What the narrator says, or a party in a text of its own."""
        parsed, voices, issuer = self.parsed, self.voices, self.issuer
        text, language = parsed.text, parsed.language
        start, end = parsed.tokens[part.first].start, parsed.tokens[part.last - 1].end
        content = trimmed(text, (start, end), "")
        if content is None or not re.search(r"\w\W+\w", text[slice(*content)]):
            return None
        if text[end - 1 : end + 1].rstrip().endswith("?"):
            return None
        negated = is_negated(parsed, *part.main)
        bare: tuple[Stretch, ...] = (content,)
        for condition in read_conditions(passage_of(text, [content], language)):
            bare = outside(text, bare, condition.whole, language) or bare
        if issuer:
            subject = subject_of(parsed, [content], issuer, voices)
            listed = subject.relation == "none" and HOUR.search(text, *content) is not None
            relation = "other" if listed else subject.relation
            view = view_of(parsed, bare, "party", relation, negated)
            decided, about = decide(view, language), subject.actor
            about = None if subject.relation == "self" else about
        else:
            view = view_of(parsed, [content], "narrator", "none", negated)
            decided = decide(view, language)
            about = acting.actor if acting.actor != UNKNOWN else voices.together(*content)
        others = issuer is not None and acting.actor != issuer and decided.kind in MOODS_OF_PARTY
        if decided.kind is Kind.NON_RESPONSE:
            about = voices.anywhere(*content) or about
        if (others or decided.kind in SILENT_PARTY) and acting.stretch and acting.actor != UNKNOWN:
            return _of_party(text, content, decided, acting, language)
        inferred = decided.rule.endswith(".inference")
        return Draft(
            content=(content,),
            decided=decided,
            attribution=Attribution.NARRATOR_INFERENCE if inferred else Attribution.NARRATOR,
            actor=issuer or NARRATOR,
            subject=about,
        )


def _is_heading(parsed: Parsed, sentence: Sentence, issued: bool) -> bool:
    """A paragraph that is a question or a label; one that states something is none.

    In a text of a party's own (``issued``) no line at its head without a full stop states anything.
    """
    start, end = parsed.paragraphs[sentence.paragraph]
    paragraph = parsed.text[start:end].strip()
    if paragraph.endswith("?") and len(paragraph) < 160:
        return True
    if paragraph.lstrip("#*- ").endswith((".", "!", "“", '"', "”", ":", "«")):
        return False
    if issued and sentence.paragraph < 3 and start < 400:
        return True
    part = parts_of(parsed, sentence.first, sentence.last)
    return len(paragraph) < 120 and all(p.finite is None for p in part)


def _after_head(parsed: Parsed, sentence: Sentence) -> int:
    """First token after a dateline."""
    start, _ = after_dateline(parsed.text, (sentence.start, sentence.end))
    return min(max(sentence.first, bisect_left(parsed.starts, start)), sentence.last - 1)


def _touches(found: Found, start: int, end: int) -> bool:
    return any(a < end and b > start for a, b in (*found.content, *found.cue, *found.frame))


def _overlap(stretches: Sequence[Stretch], start: int, end: int) -> int:
    return sum(max(0, min(b, end) - max(a, start)) for a, b in stretches)


def _inside(stretch: Stretch, start: int, end: int) -> bool:
    return start <= stretch[0] and stretch[1] <= end


def _announces(found: Found, act: Draft) -> bool:
    """Whether reported speech is what an act is about: then it is the statement."""
    return any(a < d and c < b for a, b in found.cue for c, d in act.cue)


def _of_party(
    text: str, content: Stretch, decided: Decided, acting: Acting, language: str
) -> Draft:
    """What the narrator tells a party to set or to demand."""
    return Draft(
        content=without_subject(text, content, acting.stretch, language),
        decided=decided,
        attribution=Attribution(acting.how),
        actor=acting.actor,
        speaker=(acting.stretch,) if acting.stretch else (),
        frame=(content,),
    )
