"""Noun phrases of those who speak: where they begin and end."""

from __future__ import annotations

from functools import cache

import simplemma

from truceline.words.german.clauses import SEPARATORS, Unit
from truceline.words.german.verbs import Flag, words_of

LINKS = frozenset("von vom des der für aus zum zur beim im".split())
OPENING = frozenset("„\"»«‚“'")
CLOSING = frozenset("“”\"«»’‘'")
NAME_PARTICLES = frozenset(
    "de da di du del della dos el al la le van von der den ten bin ibn zu".split()
)
LEADING = words_of("speakers", "leading")
SKIPPED = words_of("speakers", "skipped")
NEUTRAL = frozenset(("es", "das", "dies", "dieses"))

Phrase = tuple[int, int]


def phrase_at(unit: Unit, first: int, last: int) -> Phrase | None:
    """The noun phrase that begins at a word, without attachments."""
    words = unit.words
    n = first
    if n < last and words[n].has(Flag.PRONOUN) and not _article(unit, n, last):
        return None if words[n].lower == "sich" else (n, n + 1)
    seen_noun = False
    while n < last:
        one = words[n]
        if one.flags & Flag.QUOTE or (one.text in SEPARATORS and one.text != "-"):
            break
        if one.text in OPENING:
            n = _after_quote(unit, n, last)
            seen_noun = True
        elif one.text in "&/-'’":
            n += 1
        elif one.has(Flag.NUMBER) and n + 2 < last and unit.is_hyphen(n + 1):
            n += 3
            follows = n < last and _attribute(unit, n, first) and _capital(unit, n + 1, last)
            seen_noun = seen_noun or not (follows or _capital(unit, n, last))
        elif one.has(Flag.NUMBER):
            if seen_noun and _capital(unit, n + 1, last) and not unit.words[n + 1].has(Flag.TIME):
                break
            n += 1
        elif seen_noun and one.lower in NAME_PARTICLES and _capital(unit, n + 1, last):
            n += 1
        elif one.flags & Flag.CAPITAL:
            if one.flags & Flag.TIME and seen_noun:
                break
            seen_noun = seen_noun or not one.has(Flag.ARTICLE | Flag.PREPOSITION)
            n += 1
        elif seen_noun and one.text == "(":
            n = _closing(unit, n, last)
        elif seen_noun:
            break
        elif _attribute(unit, n, first):
            n += 1
        else:
            further = _extended(unit, n, first, last)
            if further is None:
                break
            n = further
    return (first, n) if seen_noun else None


def _extended(unit: Unit, n: int, first: int, last: int) -> int | None:
    """Over "in Kiew lebenden" or "schwer bewaffneten" to the noun that it belongs to."""
    words = unit.words
    if n == first or not words[first].has(Flag.ARTICLE):
        return None
    if words[n].flags & Flag.COORDINATOR:
        return n + 1 if _attribute(unit, n - 1, first) and n + 1 < last else None
    if n != first + 1 or words[n].flags & (Flag.MARK | Flag.QUOTE | Flag.FINITE):
        return None
    for m in range(n + 1, min(last - 1, n + 9)):
        one = words[m]
        if one.flags & (Flag.MARK | Flag.QUOTE | Flag.AUXILIARY):
            return None
        if (
            _attribute(unit, m, first)
            and not one.has(Flag.ARTICLE)
            and (words[m + 1].flags & Flag.CAPITAL or words[m + 1].text in OPENING)
        ):
            if one.lower.endswith(
                ("te", "ten", "ter", "ene", "enen", "ener", "nde", "nden", "nder")
            ):
                return m + 1
            if not words[n].flags & Flag.PREPOSITION or words[m - 1].flags & Flag.CAPITAL:
                return m + 1
    return None


def _after_quote(unit: Unit, n: int, last: int) -> int:
    """Behind the closing mark of a name or title in quotation marks."""
    for m in range(n + 1, min(last, n + 12)):
        if unit.words[m].text in CLOSING:
            return m + 1
    return n + 1


def _capital(unit: Unit, n: int, last: int) -> bool:
    return n < last and bool(unit.words[n].flags & Flag.CAPITAL)


def _closing(unit: Unit, n: int, last: int) -> int:
    for m in range(n, last):
        if unit.words[m].text == ")":
            return m + 1
    return last


def _article(unit: Unit, n: int, last: int) -> bool:
    """Whether a word that may be a pronoun is an article: a noun or adjective follows."""
    if not unit.words[n].has(Flag.ARTICLE) or n + 1 >= last:
        return False
    after = unit.words[n + 1]
    if after.flags & Flag.CAPITAL or after.has(Flag.NUMBER) or after.text in OPENING:
        return True
    if after.has(Flag.PREPOSITION) and not after.has(Flag.ARTICLE):
        return _extended(unit, n + 1, n, last) is not None
    if after.flags & (Flag.MARK | Flag.FINITE):
        return False
    if after.has(Flag.PRONOUN) and not after.has(Flag.ARTICLE):
        return False
    return phrase_at(unit, n + 1, last) is not None or _extended(unit, n + 1, n, last) is not None


def _attribute(unit: Unit, n: int, first: int) -> bool:
    one = unit.words[n]
    if one.flags & (Flag.PREPOSITION | Flag.SUBORDINATOR | Flag.MARK) and not one.has(Flag.ARTICLE):
        return False
    if one.has(Flag.ARTICLE):
        return n == first or unit.words[n - 1].has(Flag.ARTICLE)
    if one.flags & (Flag.AUXILIARY | Flag.COORDINATOR | Flag.PRONOUN):
        return False
    return one.lower.endswith(("e", "en", "er", "es", "em")) or one.lower in (
        "ein",
        "rund",
        "etwa",
        "mehr",
    )


def speaker_phrase(unit: Unit, first: int, last: int, whole: bool = False) -> Phrase | None:
    """A noun phrase with its genitives, "von" phrases, coordination and apposition.

    ``whole``: every prepositional attachment too, as far as ``last`` (a phrase before the verb).
    """
    found = phrase_at(unit, first, last)
    if found is None:
        return None
    end = found[1]
    if unit.words[first].has(Flag.PRONOUN) and end == first + 1:
        return found
    while end < last:
        more = _attached(unit, end, last, whole)
        if more is None:
            break
        end = more
    return first, end


def _attached(unit: Unit, end: int, last: int, whole: bool) -> int | None:
    one = unit.words[end]
    if (one.has(Flag.ARTICLE) and one.lower.endswith(("er", "es"))) or _bare_genitive(
        unit, end, last
    ):
        more = phrase_at(unit, end, last)
        return more[1] if more and more[1] > end + 1 else None
    if one.lower == "als" and end + 2 < last and unit.words[end + 1].lower == "auch":
        more = phrase_at(unit, end + 2, last)
        return more[1] if more else None
    if one.lower in ("und", "sowie", "oder", "&"):
        more = phrase_at(unit, end + 1, last)
        return (
            more[1]
            if (more and not unit.words[end + 1].has(Flag.PRONOUN)) or (more and whole)
            else None
        )
    if one.lower in LINKS or (whole and one.has(Flag.PREPOSITION)):
        more = phrase_at(unit, end + 1, last)
        if more is None and end + 1 < last:
            return None
        if more and not whole and _timed(unit, end, more[1]):
            return None
        return more[1] if more else None
    return None


def _bare_genitive(unit: Unit, n: int, last: int) -> bool:
    """ "Worte alter Freunde": an adjective in the genitive plural."""
    one = unit.words[n]
    closed = (
        Flag.FINITE
        | Flag.PREPOSITION
        | Flag.PRONOUN
        | Flag.ARTICLE
        | Flag.COORDINATOR
        | Flag.SUBORDINATOR
    )
    plain = one.lower.endswith("er") and not one.flags & (closed | Flag.CAPITAL)
    return plain and one.lower not in SKIPPED and _capital(unit, n + 1, last)


def _timed(unit: Unit, first: int, last: int) -> bool:
    """Whether a word of time stands within, but not in a name in quotation marks."""
    for n in range(first, last):
        if unit.words[n].text in OPENING:
            return False
        if unit.words[n].has(Flag.TIME):
            return True
    return False


def with_apposition(unit: Unit, phrase: Phrase, last: int) -> Phrase:
    """The phrase with "…, Sprecher des Ministeriums" behind it: a noun phrase without a verb."""
    end = phrase[1]
    if unit.words[phrase[0]].has(Flag.PRONOUN) and end == phrase[0] + 1:
        return phrase
    while end + 1 < last and unit.words[end].text == ",":
        segment = unit.segments[unit.segment_of(end + 1)]
        more = speaker_phrase(unit, end + 1, min(segment[1], last), whole=True)
        if more is None or more[1] != min(segment[1], last):
            break
        end = more[1]
    return phrase[0], end


def subject_after(unit: Unit, verb: int, last: int) -> Phrase | None:
    """The subject behind an inverted verb, or behind "wie" or "so"."""
    n = verb + 1
    while n < last:
        one = unit.words[n]
        if one.lower in SKIPPED or (one.has(Flag.TIME) and n + 1 < last):
            n += 1
        elif one.has(Flag.PREPOSITION):
            behind = _prepositional(unit, n, last)
            if behind is None:
                return None
            n = behind
        elif one.lower in ("dem", "den", "einem", "einen"):
            other = speaker_phrase(unit, n, last)
            if other is None:
                return None
            n = other[1]
        else:
            found = speaker_phrase(unit, n, last)
            if found is not None or one.flags & (Flag.MARK | Flag.QUOTE):
                return found
            n += 1
    return None


def _prepositional(unit: Unit, n: int, last: int) -> int | None:
    more = speaker_phrase(unit, n + 1, last)
    return more[1] if more else (n + 2 if n + 2 <= last else None)


def subject_before(unit: Unit, first: int, verb: int) -> Phrase | None:
    """The subject in front of the verb: a noun phrase that fills the place before it."""
    while first < verb and (
        unit.words[first].flags & Flag.COORDINATOR or unit.words[first].lower in LEADING
    ):
        first += 1
    if first >= verb:
        return None
    one = unit.words[first]
    if one.has(Flag.PREPOSITION) or one.has(Flag.OBLIQUE) or one.has(Flag.TIME):
        return None
    core = phrase_at(unit, first, verb)
    if core is not None and _timed(unit, *core):
        return None
    found = speaker_phrase(unit, first, verb, whole=True)
    lone = found is not None and found[1] == first + 1 < verb and one.has(Flag.ARTICLE)
    if lone or (found is None and one.has(Flag.ARTICLE) and verb - first <= 2):
        return first, verb
    return found


def is_anaphoric(unit: Unit, phrase: Phrase) -> bool:
    """Whether a speaker points back: a pronoun, "demnach", or "der Sprecher" and nothing more."""
    first, last = phrase
    words = unit.words
    opening = words[first]
    if last == first + 1:
        back = opening.has(
            Flag.PRONOUN | Flag.RELATIVE | Flag.QUESTION
        ) or opening.lower in words_of("speakers", "pointing")
        return back and not opening.text[1:].isupper()
    if last == first + 2 and opening.lower in words_of("speakers", "definite"):
        return words[last - 1].text in words_of("speakers", "roles")
    return False


def can_speak(unit: Unit, phrase: Phrase) -> bool:
    """Whether a noun phrase looks like a person or body: by its end, as letters, as a name."""
    if is_anaphoric(unit, phrase):
        return unit.words[phrase[0]].lower not in NEUTRAL
    core = phrase_at(unit, *phrase) or phrase
    nouns = [unit.words[n].text for n in range(*core) if unit.words[n].flags & Flag.CAPITAL]
    if any(noun[1:].isupper() or noun.lower().endswith(_ends()) for noun in nouns):
        return True
    named = not unit.words[core[0]].has(Flag.ARTICLE)
    return named and any(not simplemma.is_known(noun, "de") for noun in nouns)


@cache
def _ends() -> tuple[str, ...]:
    ends = {e.lower() for key in ("men", "bodies", "roles") for e in words_of("speakers", key)}
    return tuple(sorted(ends | {e + "in" for e in words_of("speakers", "men")}))
