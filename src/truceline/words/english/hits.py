"""Cue verbs in a sentence: which word is a verb that tells of speech, and in which voice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from truceline.words.english.lexicon import Verb, lexicon, words_of
from truceline.words.english.subjects import group_start, subject_before
from truceline.words.english.units import Unit

BEFORE_ING = frozenset({",", "–", "—", "by", "after", "before", "while", "when", "without", "and"})
AMBIGUOUS = frozenset(lexicon("verbs")["also_nouns"]["words"].split())
BARRED = frozenset({"the", "a", "an", "of", "for", "in", "its", "their", "his", "her", "no"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue verb in its sentence."""

    verb: int
    after: int
    lemma: str
    groups: frozenset[str]
    voice: str
    """active, passive, participle."""
    group: int


def hits_of(unit: Unit) -> Iterator[list[Hit]]:
    """Cue verbs that tell of something said, in order; each with its readings, likeliest first."""
    title_case = _in_title_case(unit)
    for n in range(unit.stop):
        form = unit.forms[n]
        if not form.verbs or (form.capital and n and not title_case):
            continue
        hits = [h for r in _readings(unit, n) if (h := _hit(unit, n, r)) is not None]
        if hits:
            yield hits


def _in_title_case(unit: Unit) -> bool:
    words = [f for f in unit.forms[: unit.stop] if not f.mark and len(f.lower) > 3]
    return len(words) > 2 and all(f.capital for f in words)


def _hit(unit: Unit, n: int, readings: list[Verb]) -> Hit | None:
    group = group_start(unit, n)
    before = {unit.low(i) for i in range(group, n)}
    if before & words_of("negations") or _is_noun(unit, n, readings):
        return None
    voice = _voice(unit, n, readings, before)
    if voice is None:
        return None
    one = readings[0]
    return Hit(n, n + 1 + len(one.phrase), one.lemma, one.groups, voice, group)


def _readings(unit: Unit, n: int) -> list[list[Verb]]:
    """Readings of a word, those as the longest phrase that stands there first."""
    lemmas: dict[str, list[Verb]] = {}
    for verb in unit.forms[n].verbs:
        if all(unit.low(n + 1 + i) == w for i, w in enumerate(verb.phrase)):
            lemmas.setdefault(verb.lemma, []).append(verb)
    return list(lemmas.values())


def _is_noun(unit: Unit, n: int, readings: list[Verb]) -> bool:
    """Whether the word stands where only a noun or an adjective can."""
    word = unit.low(n - 1) if n else ""
    if not n or unit.is_quote(n - 1):
        return False
    before = unit.forms[n - 1]
    forms = {v.form for v in readings}
    bare = (before.determiner and not before.pronoun) or word in BARRED
    if bare or (word.endswith(("'s", "s'")) and word not in ("it's", "he's", "she's")):
        return True
    if forms & {"s", "base"}:
        noun = readings[0].lemma.split()[0] in AMBIGUOUS
        return noun and (before.demonym or (before.preposition and word != "to"))
    return before.preposition and "ing" not in forms


def _voice(unit: Unit, n: int, readings: list[Verb], before: set[str]) -> str | None:
    forms = {v.form for v in readings}
    if "ing" in forms:
        if before & words_of("passive") and not before & words_of("modals"):
            return "active"
        bound = n == 0 or unit.low(n - 1) in BEFORE_ING or unit.forms[n - 1].adverb
        return "participle" if bound else None
    went_on = before & {"on", "continued", "continues"}
    if before & words_of("modals") and not ("to" in before and went_on):
        return None
    if went_on and "base" in forms:
        return "active"
    if "participle" in forms and before & words_of("passive"):
        return "passive"
    if forms & {"past", "s"} or before & words_of("perfect"):
        return "active"
    if before & {"do", "does", "did"}:
        return "active"
    return "active" if "base" in forms and _is_plural(unit, n) else None


def _is_plural(unit: Unit, n: int) -> bool:
    """Whether a base form can have the noun before it as its subject."""
    subject = subject_before(unit, n)
    if subject is None or unit.low(n - 1) == "to":
        return False
    first, last = subject.words
    words = [unit.low(i) for i in range(first, last)]
    if words[-1] in ("they", "we", "i", "you", "people", "police", "both", "who"):
        return True
    joined = any(unit.low(i) in ("and", "or") for i in range(first, last))
    head = next((i for i, w in enumerate(words) if unit.forms[first + i].preposition), len(words))
    if head > 1 and words[head - 1] == "such":
        head -= 1
    return joined or (words[head - 1].endswith("s") and unit.low(n + 1) != ",")
