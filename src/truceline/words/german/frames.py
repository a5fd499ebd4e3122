"""From a cue to reported speech: where the content lies, who speaks, to whom, in which frame."""

from __future__ import annotations

from truceline.words.german.clauses import Unit
from truceline.words.german.content import content_from, mood_ahead
from truceline.words.german.cues import Hit
from truceline.words.german.draft import Draft, Range, sentence_end, trim
from truceline.words.german.roles import filled
from truceline.words.german.speakers import Phrase, subject_after, with_apposition
from truceline.words.german.subjects import find_subject, subject_inside
from truceline.words.german.verbs import Flag


def drafts_of(unit: Unit, hit: Hit) -> list[Draft]:
    """Reported speech that a verb cue announces: none, or one."""
    number = unit.segment_of(hit.verb)
    segment = unit.segments[number]
    start = unit.sentence_start(hit.verb)
    if segment[0] < start:
        segment = (start, segment[1])
    opening = _as_opening(unit, hit, segment, start)
    if opening is not None:
        return _as_said(unit, hit, (opening, segment[1]), start)
    if _inverted(unit, hit, segment, start):
        return _after(unit, hit, segment, start)
    return _before(unit, hit, segment, start)


def _inverted(unit: Unit, hit: Hit, segment: Range, start: int) -> bool:
    """Whether the content went before: "…, sagte X"."""
    first = segment[0]
    opening = unit.words[first].lower
    at = first + (opening in ("so", "und", "also"))
    if hit.verb != at or first <= start:
        return False
    if "judge" in hit.groups and not hit.groups & {"say", "fact", "thought", "demand"}:
        return False
    if unit.words[first - 1].flags & Flag.QUOTE or (
        unit.words[first - 1].text in ",–—!?"
        and first >= 2
        and unit.words[first - 2].flags & Flag.QUOTE
    ):
        return opening != "und"
    if subject_after(unit, hit.verb, segment[1]) is None and not hit.passive:
        return False
    if hit.passive and hit.lemma not in ("heißen", "zitieren"):
        return False
    if unit.has_main_verb(start, first):
        sure = "plain" in hit.groups or hit.lemma == "heißen"
        return sure or mood_ahead(unit, start, first)
    return unit.words[start].lower in ("dass", "ob") or opening == "so"


def _tail(unit: Unit, hit: Hit, segment: Range, speaker: Phrase | None, end: int) -> int:
    """Where a frame behind its content ends: after appositions and relative clauses."""
    last = max(segment[1], hit.last + 1)
    if speaker is not None:
        last = max(last, speaker[1])
    while last + 1 < end and unit.words[last].text in ",":
        following = unit.segments[unit.segment_of(last + 1)]
        beside = last > segment[1] and unit.words[following[0]].has(Flag.PREPOSITION)
        if not _side_clause(unit, following) and not (beside and unit.finite(*following) is None):
            break
        last = following[1]
    return last


def _side_clause(unit: Unit, segment: Range) -> bool:
    opening = unit.words[segment[0]]
    if opening.flags & Flag.QUOTE:
        return False
    if opening.lower in ("dass", "daß", "ob", "sondern"):
        return False
    return unit.is_subordinate(segment) and opening.lower != "wenn"


def _after(unit: Unit, hit: Hit, segment: Range, start: int) -> list[Draft]:
    """The frame follows its content, and may split it."""
    end = sentence_end(unit, hit.verb)
    speaker = subject_after(unit, hit.verb, segment[1])
    if speaker is not None:
        speaker = with_apposition(unit, speaker, end)
    tail = _tail(unit, hit, segment, speaker, end)
    first = segment[0]
    mark = first - 1 if unit.words[first - 1].text in ",–—" else first
    before = trim(unit, start, mark)
    if before is None:
        return []
    quoted = unit.words[before[1] - 1].flags & Flag.QUOTE
    content = [before]
    if quoted:
        content = [_quoted(unit, start, mark)]
    after = trim(unit, tail, end)
    if (
        after is not None
        and unit.words[tail].text in ",:–—"
        and _goes_on(unit, after, bool(quoted))
    ):
        content.append(after)
        tail += 1
    draft = Draft(content, "de.direct.after" if quoted else "de.indirect.after")
    draft.style = "direct" if quoted else "indirect"
    draft.speaker, draft.frame = speaker, [(mark, tail)]
    draft.cue = hit.words if unit.words[first].lower != "so" else (first, *hit.words)
    return [filled(unit, draft, hit, segment)]


def _quoted(unit: Unit, start: int, mark: int) -> Range:
    last = mark
    while last > start and not unit.words[last - 1].flags & Flag.QUOTE:
        last -= 1
    first = last - 1
    while first > start and unit.words[first - 1].flags & Flag.QUOTE:
        first -= 1
    return first, last


def _goes_on(unit: Unit, after: Range, quoted: bool) -> bool:
    opening = unit.words[after[0]]
    if opening.flags & Flag.QUOTE:
        return True
    if quoted:
        return False
    return not opening.flags & Flag.COORDINATOR or opening.lower in ("und", "aber", "sondern")


def _as_opening(unit: Unit, hit: Hit, segment: Range, start: int) -> int | None:
    """Where "wie" opens the clause that a verb at its end closes."""
    if hit.verb < segment[1] - 2:
        return None
    for first, last in reversed(unit.segments):
        if first > segment[0] or first < start:
            continue
        at = first + (unit.words[first].lower in ("denn", "und", "aber", "doch"))
        if at < last and unit.words[at].lower == "wie":
            return at
        side = unit.is_subordinate((first, last))
        if first < segment[0] and not side and unit.finite(first, last) is not None:
            return None
        if first == segment[0] and side:
            return None
    return None


def _as_said(unit: Unit, hit: Hit, segment: Range, start: int) -> list[Draft]:
    """ "Wie X mitteilte, …" and "…, wie X mitteilte"."""
    if hit.verb < segment[1] - 2 or not hit.groups & {"say", "fact", "demand", "plain", "thought"}:
        return []
    end = sentence_end(unit, hit.verb)
    speaker = subject_inside(unit, hit, segment)
    if speaker is None and not hit.passive:
        return []
    first, last = segment[0], segment[1]
    pieces: list[Range] = []
    before = trim(unit, start, first)
    if before is not None and before[1] - before[0] > 1:
        pieces.append(before)
    after = trim(unit, last, end)
    if after is not None:
        pieces.append(after)
    if not pieces:
        return []
    mark = first - 1 if first > start and unit.words[first - 1].text in ",–—" else first
    stop = last + 1 if after is not None and last < end else last
    draft = Draft(pieces, "de.wie", speaker=speaker, frame=[(mark, stop)])
    draft.cue = (first, *hit.words)
    return [filled(unit, draft, hit, segment)]


def _before(unit: Unit, hit: Hit, segment: Range, start: int) -> list[Draft]:
    """The content follows: "X sagt, dass …", "X sagt: …", "X fordert, … zu …"."""
    end = sentence_end(unit, hit.verb)
    at = max(segment[1], hit.last + 1)
    found = content_from(unit, hit, at, end)
    if found is None:
        return []
    first, last, rule = found
    speaker = find_subject(unit, hit, segment, start)
    draft = Draft([(first, last)], rule, speaker=speaker, cue=hit.words)
    if unit.words[first].flags & Flag.QUOTE:
        draft.style = "direct"
    draft.frame = [(start, first)]
    return [filled(unit, draft, hit, segment)]
