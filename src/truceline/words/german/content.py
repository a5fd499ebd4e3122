"""Where the content behind a frame begins and ends, and by which rule."""

from __future__ import annotations

from truceline.words.german.clauses import Unit
from truceline.words.german.cues import Hit
from truceline.words.german.draft import Range, trim
from truceline.words.german.verbs import MOODS, Flag, words_of

THAT = frozenset(("dass", "daß"))
FRAMED = frozenset(("so", "wie"))
SHORT_FRAME = 8
"""Words: "so X" or "wie X sagte" within content is no longer than this."""


def content_from(unit: Unit, hit: Hit, at: int, end: int) -> tuple[int, int, str] | None:
    """First and last word of the content behind a frame that ends at ``at``, and the rule."""
    while at < end:
        mark = unit.words[at]
        first = at + (not mark.flags & Flag.QUOTE)
        if first < len(unit.words) and unit.words[first].flags & Flag.QUOTE:
            if first == at or mark.text in ",:–—":
                return first, _quotes_end(unit, first), "de.direct.before"
            return None
        if mark.text not in ",:–—" or first >= end:
            return None
        segment = unit.segments[unit.segment_of(first)]
        rule = _rule(unit, hit, segment, end, mark.text)
        if rule:
            found = trim(unit, first, _cut(unit, first, end))
            return (*found, rule) if found else None
        if not _passable(unit, segment):
            return None
        at = segment[1]
    return None


def _quotes_end(unit: Unit, first: int) -> int:
    last = first + 1
    while last < len(unit.words) and unit.words[last].flags & Flag.QUOTE:
        last += 1
    return last


def _passable(unit: Unit, segment: Range) -> bool:
    """Whether content may follow: behind an apposition, or a side clause without a cue."""
    if unit.words[segment[0]].lower in words_of("grammar", "ends_search"):
        return False
    if not unit.is_subordinate(segment):
        return unit.finite(*segment) is None
    return not any(c.form != "infinitive" for c in unit.words[segment[1] - 1].cues)


def _rule(unit: Unit, hit: Hit, segment: Range, end: int, mark: str) -> str:
    """The rule by which a segment opens the content of a cue; empty if it does not."""
    first, last = segment
    begin = first + (unit.words[first].lower in words_of("grammar", "before_content"))
    opening = unit.words[min(begin, last - 1)].lower
    if "deed" in hit.groups and not any(unit.words[n].lower == "darauf" for n in hit.words):
        return "de.dass" if opening in THAT and hit.groups & {"say", "thought"} else ""
    if opening in THAT:
        return "de.dass"
    if hit.groups <= {"tone", "judge"}:
        return ""
    if opening == "ob":
        return "de.ob"
    if mark == ":":
        return "de.colon" if "plain" in hit.groups or mood_ahead(unit, first, end) else ""
    if unit.is_subordinate(segment):
        return _side_clause(unit, hit, begin, last, end)
    return _main_clause(unit, hit, segment, begin, end)


def _side_clause(unit: Unit, hit: Hit, begin: int, last: int, end: int) -> str:
    """A question, or a condition in front of a clause in Konjunktiv."""
    opening = unit.words[begin].lower
    if opening in words_of("grammar", "asking"):
        return "de.w" if hit.groups & {"ask", "plain"} else ""
    if opening in words_of("grammar", "conditional") and hit.groups != {"ask"}:
        return "de.konj1" if mood_ahead(unit, last, end) else ""
    return ""


def _main_clause(unit: Unit, hit: Hit, segment: Range, begin: int, end: int) -> str:
    """An infinitive with "zu", or a clause with its verb in second place."""
    first, last = segment
    opening = unit.words[begin].lower
    verb = unit.finite(first, last)
    if verb is None:
        if opening in words_of("grammar", "not_content"):
            return ""
        if zu_infinitive(unit, first, end):
            return "de.zu"
        nominal = unit.words[first].has(Flag.ARTICLE | Flag.PREPOSITION | Flag.CAPITAL)
        return "de.konj1" if nominal and mood_ahead(unit, first, end) else ""
    if opening in words_of("grammar", "not_content") or unit.words[first].has(Flag.COORDINATOR):
        return ""
    if zu_infinitive(unit, first, last):
        return "de.zu"
    if unit.words[verb].flags & MOODS:
        return "de.konj1"
    plain = "plain" in hit.groups and not hit.passive
    return "de.v2" if plain and verb > first and opening not in words_of("grammar", "turns") else ""


def mood_ahead(unit: Unit, first: int, end: int) -> bool:
    """Whether a form of Konjunktiv stands within."""
    return any(unit.words[n].flags & MOODS for n in range(first, end))


def zu_infinitive(unit: Unit, first: int, last: int) -> bool:
    """Whether an infinitive with "zu" stands within."""
    for n in range(first, last):
        one = unit.words[n]
        if one.has(Flag.ZU_INFINITIVE):
            return True
        after = unit.words[n + 1] if n + 1 < last else None
        if one.lower != "zu" or after is None:
            continue
        if after.has(Flag.INFINITIVE) or after.lower in ("sein", "werden", "haben"):
            return True
    return False


def _cut(unit: Unit, first: int, end: int) -> int:
    """Where the content ends: the sentence, or before a frame that a conjunction adds."""
    for begin, stop in unit.segments:
        if begin <= first or begin >= end:
            continue
        opening = unit.words[begin].lower
        if opening in FRAMED and stop - begin <= SHORT_FRAME:
            continue
        if opening in ("und", "doch", "aber") and begin + 1 < stop:
            verb = unit.finite(begin, stop)
            if verb is None or verb > begin + 2 or unit.words[verb].flags & MOODS:
                continue
            if unit.words[verb].cues:
                return begin
    return end
