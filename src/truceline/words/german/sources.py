"""Frames without a verb: "laut X", "nach Angaben von X", "X zufolge", "so X", "demnach"."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.words.german.clauses import Unit
from truceline.words.german.draft import Draft, Range, sentence_end, trim
from truceline.words.german.speakers import Phrase, phrase_at, speaker_phrase, with_apposition
from truceline.words.german.subjects import antecedent
from truceline.words.german.verbs import Flag, Word, words_of

DATIVE = ("r", "m", "n")
"""Ends of the word that opens "seiner Ansicht nach", not "die Sicht nach draußen"."""
ENDINGS = ("n", "en", "e", "s", "es")
LINKED = frozenset(("demnach", "demzufolge"))
SO_STOPS = frozenset(
    "dass viel viele weit wie auch etwa zum zur gut lange lang sehr wenig genannte genannten "
    "einen einem einer nicht kann soll wird ist hat sei wurde können sollen".split()
)


def sourced(unit: Unit) -> Iterator[Draft]:
    """Reported speech whose frame is a phrase with a preposition or "so"."""
    for n, one in enumerate(unit.words):
        lower = one.lower
        if lower in ("laut", "nach", "wonach") and _relative_source(unit, n):
            yield from _whereby(unit, n)
        elif lower in ("laut", "gemäß") or (lower == "nach" and _reported(unit, n)):
            yield from _prepositional(unit, n)
        elif (lower == "nach" and n > 0 and _after_noun(unit.words[n - 1].text)) or (
            lower == "zufolge" and n > 0
        ):
            yield from _postposed(unit, n)
        elif lower in LINKED and unit.finite(*unit.segments[unit.segment_of(n)]) is not None:
            yield from _drafted(unit, (n, n + 1), (n, n + 1), (n,), "de.demnach")
        elif (lower == "so" and n > 0 and unit.words[n - 1].text in ",–—-") or (
            lower == "so" and n > 0 and unit.words[n - 1].flags & Flag.QUOTE
        ):
            yield from _so(unit, n)


def _reported(unit: Unit, n: int) -> bool:
    """Whether "nach" opens a source and not a time or direction: a noun of saying follows."""
    found = phrase_at(unit, n + 1, len(unit.words))
    if found is None:
        return False
    after = unit.words[found[1]].lower if found[1] < len(unit.words) else ""
    nouns = {unit.words[m].text for m in range(*found)}
    if nouns & words_of("nouns", "plans") and _is_planned(unit, n):
        return True
    return after not in ("über", "zu", "zum", "zur", "an") and any(
        unit.words[m].flags & Flag.CAPITAL and _after_noun(unit.words[m].text)
        for m in range(*found)
    )


def _is_planned(unit: Unit, n: int) -> bool:
    """Whether the verb of a clause is "soll": "Nach dem Plan der Stadt soll …"."""
    verb = unit.finite(*unit.segments[unit.segment_of(n)])
    return verb is not None and unit.words[verb].lower in ("soll", "sollen", "solle")


def _after_noun(text: str) -> bool:
    nouns = words_of("nouns", "after")
    for one in (text, text[-14:].rpartition("-")[2].capitalize()):
        if one in nouns or any(one.endswith(e) and one[: -len(e)] in nouns for e in ENDINGS):
            return True
    return text.lower().endswith(tuple(words_of("nouns", "after_ends")))


def _prepositional(unit: Unit, n: int) -> Iterator[Draft]:
    limit = sentence_end(unit, n)
    found = speaker_phrase(unit, n + 1, limit)
    if found is None:
        return
    if unit.words[n].lower == "gemäß" and not any(_says(unit.words[m]) for m in range(*found)):
        return
    found = with_apposition(unit, found, limit)
    last = found[1]
    while last + 1 < limit and unit.words[last].text == ",":
        begin, stop = unit.segments[unit.segment_of(last + 1)]
        relative = unit.words[begin].has(Flag.RELATIVE) and unit.is_subordinate((begin, stop))
        if begin != last + 1 or not relative:
            break
        last = stop
    yield from _drafted(unit, (n, last), found, (n,), "de." + unit.words[n].lower)


def _says(one: Word) -> bool:
    if one.flags & Flag.CAPITAL and _after_noun(one.text):
        return True
    return one.has(Flag.NOUN_CUE) or one.text in words_of("speakers", "roles")


def _postposed(unit: Unit, n: int) -> Iterator[Draft]:
    segment = unit.segments[unit.segment_of(n)]
    if unit.words[n - 1].lower in ("ihm", "ihr", "ihnen", "dem"):
        yield from _drafted(unit, (n - 1, n + 1), (n - 1, n), (n,), "de.zufolge")
        return
    for first in range(max(segment[0], n - 12), n):
        one = unit.words[first]
        if not (one.has(Flag.ARTICLE) or one.flags & Flag.CAPITAL or one.lower.endswith("en")):
            continue
        if one.has(Flag.FINITE) and not one.flags & Flag.CAPITAL:
            continue
        found = speaker_phrase(unit, first, n, whole=True)
        if found and found[1] == n:
            if unit.words[n].lower == "nach" and not one.lower.endswith(DATIVE):
                return
            yield from _drafted(unit, (first, n + 1), found, (n,), "de.zufolge")
            return


def _relative_source(unit: Unit, n: int) -> bool:
    """ "…, wonach", "…, laut denen", "Akten, nach denen"."""
    if n < 2 or unit.words[n - 1].text != ",":
        return False
    lower = unit.words[n].lower
    if lower == "wonach":
        return True
    if n + 1 >= len(unit.words) or unit.words[n + 1].lower not in ("denen", "dem", "der"):
        return False
    return unit.ends_in_verb(*unit.segments[unit.segment_of(n)]) and (
        lower == "laut" or any(unit.words[m].has(Flag.NOUN_CUE) for m in range(max(0, n - 5), n))
    )


def _whereby(unit: Unit, n: int) -> Iterator[Draft]:
    """The noun before the comma is the speaker, the relative clause the content."""
    first = n + 1 if unit.words[n].lower == "wonach" else n + 2
    content = trim(unit, first, unit.segments[unit.segment_of(n)][1])
    if content is None:
        return
    pronoun = (first - 1, first)
    speaker = _noun_before(unit, n) if first == n + 1 else pronoun
    draft = Draft(
        [content], "de.wonach", speaker=speaker or pronoun, cue=(n,), lemma=unit.words[n].lower
    )
    draft.frame = [(unit.sentence_start(n), first)]
    yield draft


def _noun_before(unit: Unit, n: int) -> Phrase | None:
    """The phrase right before "wonach", else the last noun of saying in its sentence."""
    found = antecedent(unit, n - 1)
    start = unit.sentence_start(n)
    nouns = (m for m in range(n - 1, start - 1, -1) if unit.words[m].has(Flag.NOUN_CUE))
    noun = next(nouns, None)
    if found is not None or noun is None:
        return found
    first = noun
    while first > start and unit.words[first - 1].has(Flag.ARTICLE):
        first -= 1
    return speaker_phrase(unit, first, n - 1)


def _so(unit: Unit, n: int) -> Iterator[Draft]:
    words = unit.words
    if n + 1 >= len(words) or words[n + 1].lower in SO_STOPS:
        return
    after = words[n + 1]
    if after.has(Flag.FINITE) and not after.flags & Flag.CAPITAL:
        return
    limit = sentence_end(unit, n)
    found = speaker_phrase(unit, n + 1, limit)
    segment = unit.segments[unit.segment_of(n)]
    if found is None or unit.finite(found[1], segment[1]) is not None:
        return
    found = with_apposition(unit, found, limit)
    last = max(found[1], segment[1] if segment[0] == n else found[1])
    mark = n - 1 if words[n - 1].text in ",–—-" else n
    yield from _drafted(unit, (mark, last), found, (n,), "de.so")


def _drafted(
    unit: Unit, frame: Range, speaker: Phrase, cue: tuple[int, ...], rule: str
) -> Iterator[Draft]:
    """The rest of the clause around a frame is its content."""
    n = frame[0]
    start, end = unit.sentence_start(n), sentence_end(unit, n)
    start = _clause_start(unit, n, start, frame)
    end = _clause_end(unit, frame, end)
    before = trim(unit, start, n)
    after = trim(unit, frame[1], end)
    if rule == "de.so" and before is not None:
        quoted = [m for m in range(*before) if unit.words[m].flags & Flag.QUOTE]
        if quoted and unit.words[before[1] - 1].flags & Flag.QUOTE:
            first = quoted[-1]
            while first - 1 >= start and unit.words[first - 1].flags & Flag.QUOTE:
                first -= 1
            before = (first, before[1])
            if after is not None and not unit.words[after[0]].flags & Flag.QUOTE:
                after = None
    pieces = [p for p in (before, after) if p is not None]
    if (
        before is not None
        and after is not None
        and before[1] - before[0] == 1
        and unit.words[before[0]].flags & Flag.COORDINATOR
    ):
        pieces = [after]
        frame = (before[0], frame[1])
    if not pieces:
        return
    if rule == "de.so" and after is not None and unit.words[frame[1]].text in ",–—-":
        frame = (frame[0], frame[1] + 1)
    draft = Draft(pieces, rule, speaker=speaker, cue=cue, lemma=unit.words[cue[0]].lower)
    draft.style = "direct" if unit.words[pieces[0][0]].flags & Flag.QUOTE else "indirect"
    draft.frame = [frame]
    yield draft


def _clause_start(unit: Unit, n: int, start: int, frame: Range) -> int:
    """A side clause that holds the frame, or a clause that the frame opens after a comma."""
    segment = unit.segments[unit.segment_of(n)]
    if segment[0] > start and segment[0] < n and unit.is_subordinate(segment):
        return segment[0]
    opens = segment[0] == n > start and frame[1] < segment[1]
    return n if opens and unit.words[n].lower in ("laut", "nach") else start


def _clause_end(unit: Unit, frame: Range, end: int) -> int:
    """Before a clause that another source opens: "nach X …, nach Y …"."""
    for begin, stop in unit.segments:
        if begin <= frame[1] or begin >= end:
            continue
        lower = unit.words[begin].lower
        if lower == "laut" or (lower == "nach" and _reported(unit, begin)):
            found = speaker_phrase(unit, begin + 1, stop)
            if found is not None and found[1] < stop:
                return begin
    return end
