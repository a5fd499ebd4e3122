"""Where the content behind a frame begins and ends, and by which rule."""

from __future__ import annotations

from truceline.words.german.clauses import Unit
from truceline.words.german.cues import Hit
from truceline.words.german.draft import Range, trim
from truceline.words.german.verbs import MOODS, Flag

ADVERBIAL = frozenset(
    "dann danach später anschließend daraufhin zuletzt also da dabei dazu damit".split()
)
"""Words that open a clause of its own, not what somebody says."""


def content_from(unit: Unit, hit: Hit, at: int, end: int) -> tuple[int, int, str] | None:
    """First and last word of the content behind a frame that ends at ``at``, and the rule."""
    while at < end:
        if unit.words[at].flags & Flag.QUOTE:
            last = at + 1
            while last < len(unit.words) and unit.words[last].flags & Flag.QUOTE:
                last += 1
            return at, last, "de.direct.before"
        mark = unit.words[at].text
        first = at + 1
        if mark not in ",:–—" or first >= end:
            if first < end and mark == ".":
                return None
            if mark not in ",:–—":
                return None
            if first < len(unit.words) and unit.words[first].flags & Flag.QUOTE and mark in ",:":
                at = first
                end = first + 1
                continue
            return None
        if unit.words[first].flags & Flag.QUOTE:
            at = first
            continue
        segment = unit.segments[unit.segment_of(first)]
        rule = _opens_content(unit, hit, segment, end, mark)
        if rule:
            trimmed = trim(unit, first, _cut(unit, first, end))
            return (*trimmed, rule) if trimmed else None
        if not (unit.is_subordinate(segment) or unit.finite(*segment) is None) or unit.words[
            segment[0]
        ].lower in ("um", "ohne", "statt", "weil", "wobei", "sondern", "und", "nachdem", "als"):
            return None
        last_word = unit.words[segment[1] - 1]
        if any(c.form != "infinitive" for c in last_word.cues) and unit.is_subordinate(segment):
            return None
        at = segment[1]
    return None


def _opens_content(unit: Unit, hit: Hit, segment: Range, end: int, mark: str) -> str:
    first, last = segment
    opening = unit.words[first].lower
    skip = first + (opening in ("und", "aber", "sondern", "nämlich", "entweder", "sowohl"))
    opening = unit.words[min(skip, last - 1)].lower
    if "deed" in hit.groups and not any(unit.words[n].lower == "darauf" for n in hit.words):
        return "de.dass" if opening == "dass" and hit.groups & {"say", "thought"} else ""
    if opening in ("dass", "daß"):
        return "de.dass"
    if hit.groups <= {"tone", "judge"}:
        return "de.colon" if mark == ":" and "judge" not in hit.groups else ""
    if opening == "ob":
        return "de.ob"
    if mark == ":":
        return "de.colon"
    if (
        unit.words[skip].has(Flag.QUESTION)
        and opening not in ("welche", "welcher", "welches", "welchen", "welchem", "als")
        and unit.is_subordinate(segment)
    ):
        asks = hit.groups & {"ask", "say", "demand"}
        return (
            "de.w"
            if asks
            and opening
            not in (
                "wobei",
                "womit",
                "wodurch",
                "wofür",
                "wogegen",
                "woraus",
                "woran",
                "woraufhin",
                "wo",
            )
            else ""
        )
    if unit.is_subordinate(segment):
        if opening in (
            "wenn",
            "falls",
            "sollte",
            "solange",
            "sobald",
            "da",
            "obwohl",
            "weil",
            "wo",
        ):
            return "de.konj1" if mood_ahead(unit, last, end) and not hit.groups <= {"ask"} else ""
        return ""
    verb = unit.finite(first, last)
    if verb is None:
        if opening in ("um", "ohne", "statt", "anstatt", "als", "so", "darunter"):
            return ""
        if zu_infinitive(unit, first, end):
            return "de.zu"
        return (
            "de.konj1"
            if mood_ahead(unit, first, end)
            and unit.words[first].has(Flag.ARTICLE | Flag.PREPOSITION | Flag.CAPITAL)
            else ""
        )
    if opening in (
        "um",
        "ohne",
        "statt",
        "anstatt",
        "als",
        "denn",
        "weil",
        "doch",
        "jedoch",
    ) or unit.words[first].lower in ("und", "oder", "aber", "sondern", "doch"):
        return ""
    if zu_infinitive(unit, first, last):
        return "de.zu"
    if unit.words[verb].flags & MOODS:
        return "de.konj1"
    plain = "plain" in hit.groups and not hit.passive and opening not in ADVERBIAL
    return "de.v2" if plain and verb > first else ""


def mood_ahead(unit: Unit, first: int, end: int) -> bool:
    return any(unit.words[n].flags & MOODS for n in range(first, end))


def zu_infinitive(unit: Unit, first: int, last: int) -> bool:
    for n in range(first, last):
        one = unit.words[n]
        if one.has(Flag.ZU_INFINITIVE):
            return True
        after = unit.words[n + 1] if n + 1 < last else None
        if (
            one.lower == "zu"
            and after
            and (after.has(Flag.INFINITIVE) or after.lower in ("sein", "werden", "haben"))
        ):
            return True
    return False


def _cut(unit: Unit, first: int, end: int) -> int:
    """Where the content ends: the sentence, or before a frame that a conjunction adds."""
    for begin, stop in unit.segments:
        if begin <= first or begin >= end:
            continue
        opening = unit.words[begin]
        if opening.lower in ("so", "wie") and stop - begin <= 8:
            continue
        if opening.text.lower() in ("und", "doch", "aber") and begin + 1 < stop:
            verb = unit.finite(begin, stop)
            if (
                verb is not None
                and verb <= begin + 2
                and unit.words[verb].cues
                and not unit.words[verb].flags & MOODS
            ):
                return begin
    return end
