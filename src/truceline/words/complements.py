"""Clauses that an act or a verb of saying encloses and that no frame has found yet.

"Beide Seiten hatten vereinbart, dass …", "Das Ministerium bestritt, … zu haben".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from truceline.domain.words import Attribution
from truceline.words.acting import MODALS, subject_of_part, verb_stretches
from truceline.words.acts import announces, decide_act
from truceline.words.clauses import Part, is_infinitive, lemma_of, verbs_in
from truceline.words.drafts import is_negated, view_of
from truceline.words.found import Found, Stretch
from truceline.words.tokens import Parsed, Sentence
from truceline.words.voices import Voices

IMPERSONAL = frozenset({"verlauten", "heißen"})
"""Verbs whose speaker stands behind a preposition ("verlautete aus dem Büro …")."""

OPENERS = frozenset({"dass", "daß", "ob"})


def complement_of(parsed: Parsed, part: Part) -> Stretch | None:
    """The clause or infinitive that the main clause of a German part opens with a comma.

    >>> from truceline.words.clauses import parts_of
    >>> from truceline.words.tokens import parse
    >>> text = "Beide hatten vereinbart, dass die Waffen schweigen."
    >>> cut = parse(text, "de")
    >>> start, end = complement_of(cut, parts_of(cut, 0, len(cut.tokens))[0])
    >>> text[start:end]
    'dass die Waffen schweigen.'
    """
    tokens, at = parsed.tokens, part.main[1]
    if parsed.language != "de" or at + 1 >= part.last or tokens[at].text != ",":
        return None
    opener = tokens[at + 1].text.lower()
    end = next((n for n in range(at + 1, part.last) if tokens[n].text == ","), part.last)
    if opener in OPENERS or is_infinitive(tokens, at + 1, end, "de"):
        return tokens[at + 1].start, tokens[part.last - 1].end
    return None


def complements(
    parsed: Parsed,
    parts: Sequence[tuple[Sentence, Part]],
    voices: Voices,
    found: Sequence[Found],
) -> list[Found]:
    """Reported speech that acts and verbs of saying enclose, beside what frames have found."""
    more = []
    for n, (sentence, part) in enumerate(parts):
        after = _before_frame(parsed, part, voices)
        if after is not None and not _covered(after.content[0], found):
            more.append(after)
            continue
        verb = next((v for v in part.head if announces(v, parsed.language)), None)
        idiom = _idiom(parsed, part) if verb is None else None
        if idiom is not None:
            verb = part.head[0] if part.head else ""
        if verb is None or part.finite is None or is_negated(parsed, *part.main):
            continue
        if lemma_of(parsed.tokens[part.finite].text.lower(), "de") in MODALS["de"]:
            continue
        content = complement_of(parsed, part) or _next_clause(parsed, parts, n, sentence, verb)
        if content is not None and not _covered(content, found):
            found_one = _found(parsed, part, content, verb, voices)
            more.append(replace(found_one, act=idiom or ""))
    return more


def _idiom(parsed: Parsed, part: Part) -> str | None:
    """The act that the main clause is by a turn of phrase ("stellte in Abrede, dass …")."""
    start, end = parsed.tokens[part.main[0]].start, parsed.tokens[part.main[1] - 1].end
    view = view_of(parsed, [(start, end)], "narrator", "none", negated=False)
    told = decide_act(part.head, view, parsed.language)
    return told[0].kind.value if told is not None and ".idiom." in told[0].rule else None


def _before_frame(parsed: Parsed, part: Part, voices: Voices) -> Found | None:
    """A clause before ", argumentierte X": a verb of saying opens what stands behind the comma."""
    if parsed.language != "de":
        return None
    tokens = parsed.tokens
    for n in range(part.first + 3, part.last - 2):
        if tokens[n].text != "," or not tokens[n + 1].text[:1].islower():
            continue
        end = next(
            (k for k in range(n + 2, part.last) if tokens[k].text in (",", ".", ";")), part.last
        )
        verbs = verbs_in(tokens[n + 1 : end], "de")
        verb = verbs[0] if verbs else ""
        if (
            not announces(verb, "de", neutral=True)
            or lemma_of(tokens[n + 1].text, "de") not in verb
        ):
            continue
        place = (tokens[n + 1].end, tokens[end - 1].end)
        named = voices.subjects(*place)
        if not named and verb in IMPERSONAL:
            named = voices.within(*place)
        speaker = ((named[0].start, named[0].end),) if named else ()
        return Found(
            content=((tokens[part.first].start, tokens[n - 1].end),),
            speaker=speaker,
            cue=((tokens[n + 1].start, tokens[n + 1].end),),
            cue_lemma=verb,
            frame=((tokens[n].start, tokens[end - 1].end),),
            attribution=Attribution.EXPLICIT if speaker else Attribution.UNATTRIBUTED,
            rule="de.complement.before",
        )
    return None


def _next_clause(
    parsed: Parsed, parts: Sequence[tuple[Sentence, Part]], n: int, sentence: Sentence, verb: str
) -> Stretch | None:
    """A main clause right after the comma of a verb that only says that somebody spoke."""
    if n + 1 >= len(parts) or parsed.language != "de" or not announces(verb, "de", neutral=True):
        return None
    part, (following, after) = parts[n][1], parts[n + 1]
    tokens = parsed.tokens
    if following is not sentence or after.first != part.last + 1 or tokens[part.last].text != ",":
        return None
    return tokens[after.first].start, tokens[after.last - 1].end


def _covered(content: Stretch, found: Sequence[Found]) -> bool:
    """Whether reported speech that was found before has a good part of a content."""
    start, end = content
    shared = sum(max(0, min(b, end) - max(a, start)) for f in found for a, b in f.content)
    return shared * 10 > (end - start) * 3


def _found(parsed: Parsed, part: Part, content: Stretch, verb: str, voices: Voices) -> Found:
    subject = subject_of_part(parsed, part, voices)
    known = subject is not None and subject.stretch is not None
    return Found(
        content=(content,),
        speaker=(subject.stretch,) if subject is not None and subject.stretch else (),
        cue=verb_stretches(parsed, part, verb),
        cue_lemma=verb,
        frame=((parsed.tokens[part.main[0]].start, parsed.tokens[part.main[1] - 1].end),),
        attribution=Attribution.EXPLICIT if known else Attribution.UNATTRIBUTED,
        style="indirect",
        rule="de.complement",
    )


def after_colons(
    parsed: Parsed,
    parts: Sequence[tuple[Sentence, Part]],
    voices: Voices,
    found: Sequence[Found],
) -> list[Found]:
    """Reported speech without a frame that stands behind a colon: its clause says whose it is."""
    ends = {parsed.tokens[part.last - 1].end: part for _, part in parts}
    told = []
    for one in found:
        if one.attribution in (Attribution.CONTINUED, Attribution.UNATTRIBUTED):
            before = parsed.text[: one.content[0][0]].rstrip(' "„“»«')
            part = ends.get(len(before)) or ends.get(len(before.rstrip(":").rstrip()))
            subject = subject_of_part(parsed, part, voices) if part else None
            if before.endswith(":") and subject is not None and subject.stretch is not None:
                one = replace(one, speaker=(subject.stretch,), attribution=Attribution.EXPLICIT)
        told.append(one)
    return sorted(told, key=lambda f: f.content[0])
