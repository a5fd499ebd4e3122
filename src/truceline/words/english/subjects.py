"""Who stands before a verb: the subject, the antecedent, the one that a second verb shares."""

from __future__ import annotations

from dataclasses import dataclass

from truceline.words.english.draft import Range
from truceline.words.english.lexicon import words_of
from truceline.words.english.units import Unit

LONG = 12
"""More words than this make no apposition and no addressee."""

FAR = 25
"""An apposition or a relative clause before a verb has at most so many words."""

OPENING = frozenset({"and", "but", "or", "yet", "nor", "so"})

CONTRAST = frozenset({"while", "whereas", "though", "although"})

TIMING = frozenset({"after", "before", "since", "until", "as", "once"})
"""Prepositions that open a clause as well."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who stands before a verb: ``words``, and where the clause with its opening words starts."""

    words: Range
    start: int
    relative: bool = False


def group_start(unit: Unit, verb: int) -> int:
    """First word of a verb group: auxiliaries, adverbs and times before the verb belong to it."""
    n = verb
    while n > 0 and not unit.is_quote(n - 1):
        form = unit.forms[n - 1]
        word = form.lower
        timed = form.time and (form.capital or word in ("yesterday", "today", "earlier", "later"))
        on = word in ("on", "in") and n < verb and unit.forms[n].time
        if word == "to" and unit.low(n - 2) in ("on", "continued", "continues"):
            n -= 3 if unit.low(n - 2) == "on" else 2
            continue
        if form.mark or form.pronoun:
            break
        if form.auxiliary or form.adverb or word in words_of("negations") or timed or on:
            n -= 1
        else:
            break
    return n


def subject_before(unit: Unit, verb: int) -> Subject | None:
    """The noun phrase before a verb; the antecedent where that is a relative pronoun."""
    group = group_start(unit, verb)
    if group == 0 or unit.is_quote(group - 1):
        return None
    if unit.low(group - 1) in ("who", "which") and group >= 2:
        return _antecedent(unit, group - 1)
    if unit.low(group - 1) == "," and group >= 2:
        return _before_apposition(unit, group - 1)
    if unit.low(group - 1) == ")":
        opened = next((n for n in range(group - 2, -1, -1) if unit.low(n) == "("), 0)
        inner = _phrase_left(unit, opened)
        return inner and Subject((inner.words[0], group), inner.start)
    return _phrase_left(unit, group)


def shared_subject(unit: Unit, group: int) -> Subject | None:
    """The subject of the clause that a second verb or a participle goes on with."""
    for n in range(group - 1, 0, -1):
        if unit.low(n) == ";":
            return None
        if unit.is_quote(n) or not unit.finite_at(n):
            continue
        found = subject_before(unit, n)
        opener = unit.low(found.words[0] - 1) if found else ""
        near = opener in ("which", "that") and n >= group - 3
        plain = opener not in words_of("clause_openers") or opener in OPENING
        if found and not found.relative and (plain or near):
            return found
    return None


def _antecedent(unit: Unit, pronoun: int) -> Subject | None:
    end = pronoun - 1 if unit.low(pronoun - 1) == "," else pronoun
    found = _phrase_left(unit, end) if end else None
    if found is None:
        return None
    first, last = found.words
    if unit.low(last - 1) == ",":
        return None
    return Subject((first, last), pronoun, relative=True)


def _before_apposition(unit: Unit, comma: int) -> Subject | None:
    """ "Dmitry Peskov, the Kremlin spokesman, said": the name with its title."""
    for left in range(comma - 1, max(comma - FAR, 0), -1):
        if unit.is_quote(left):
            return None
        if unit.low(left) not in (",", "–", "—") or unit.is_quote(left - 1):
            continue
        head = _phrase_left(unit, left)
        if head is None or unit.has_finite(*head.words) or _in_relative(unit, head.start):
            continue
        first = unit.forms[left + 1]
        plain = comma - left <= LONG and not unit.has_finite(left + 1, comma)
        fits = first.determiner or first.capital or (first.noun_like and not first.adverb)
        if plain and fits and not first.time and not first.ing:
            return Subject((head.words[0], comma), head.start)
        return head
    return None


def _in_relative(unit: Unit, start: int) -> bool:
    """Whether a noun phrase is the object of a relative clause: "who gave only his first name"."""
    verb = start - 1
    return (
        verb > 0
        and unit.finite_at(verb)
        and any(unit.low(n) in words_of("relatives") for n in (verb - 1, verb - 2))
    )


def _phrase_left(unit: Unit, end: int) -> Subject | None:
    """The noun phrase that ends before a word."""
    start = _bound(unit, end)
    first = _strip(unit, start, end)
    if first is None:
        return None
    if unit.low(start - 1) == "," and any(unit.low(n) == "and" for n in range(first, end)):
        first = start = _list_start(unit, start)
    if unit.low(start - 1) in OPENING | CONTRAST and not unit.is_quote(start - 1):
        start -= 1
    if unit.low(start - 1) in (",", ";", "–", "—"):
        start -= 1
    return Subject((first, end), start)


def _bound(unit: Unit, end: int) -> int:
    """Where the clause that ends before a word begins."""
    n = end
    while n > 0 and not unit.is_quote(n - 1):
        form = unit.forms[n - 1]
        word = form.lower
        if form.mark and word not in ("'", "’", "&", "%", "$", "€", "/"):
            break
        if word in ("and", "or"):
            if not _joins(unit, n - 1, end):
                break
        elif word in words_of("clause_openers") and not (
            word == "as" and unit.low(n - 2) == "such"
        ):
            break
        elif unit.finite_at(n - 1):
            reduced = word.endswith("ed") and unit.forms[n].preposition if n < end else False
            if not (reduced and n > 1 and unit.forms[n - 2].noun_like):
                break
        n -= 1
    return n


def _joins(unit: Unit, conjunction: int, end: int) -> bool:
    """Whether "and" joins two nouns before a verb, and not two clauses."""
    n = conjunction - 1
    if n < 0 or unit.is_quote(n) or unit.forms[n].mark:
        return False
    while n >= 0 and not unit.is_quote(n):
        form = unit.forms[n]
        if form.mark or form.lower in ("that", "because", "while", "as", "if"):
            return True
        if unit.finite_at(n):
            return False
        n -= 1
    return True


def _list_start(unit: Unit, start: int) -> int:
    """Start of "Britain, France and Germany" from the part after its last comma."""
    while start > 1 and unit.low(start - 1) == ",":
        n = start - 2
        while n >= 0 and unit.forms[n].noun_like and not unit.forms[n].finite and start - n < 7:
            n -= 1
        words = unit.forms[n + 1 : start - 1]
        whole = n < 0 or unit.low(n) in (",", ";", "–", "—", ".")
        if (
            not words
            or not whole
            or not any(f.capital for f in words)
            or any(f.time for f in words)
        ):
            break
        start = n + 1
    return start


def _strip(unit: Unit, start: int, end: int) -> int | None:
    """First word of a noun phrase after conjunctions, adverbs and a leading "on Tuesday"."""
    n = start
    while n < end:
        form = unit.forms[n]
        word = form.lower
        if form.preposition:
            after = _after_preposition(unit, n, end)
            n = n + 1 if after >= end and word in TIMING else after
        elif (
            word in OPENING
            or word in words_of("clause_openers")
            or form.mark
            or ((form.adverb or (form.time and not form.determiner)) and n + 1 < end)
        ):
            n += 1
        else:
            break
    if n >= end or not any(f.noun_like or f.pronoun for f in unit.forms[n:end]):
        return None
    if unit.forms[end - 1].pronoun and not unit.forms[end - 1].capital:
        return end - 1
    return n


def _after_preposition(unit: Unit, n: int, end: int) -> int:
    """First word after a leading prepositional phrase."""
    n += 1
    if n < end and (unit.forms[n].time or unit.forms[n].number):
        while n < end and (unit.forms[n].time or unit.forms[n].number):
            n += 1
        return n
    first = n
    while n < end:
        form = unit.forms[n]
        new = form.determiner or form.pronoun
        after_noun = n > first and not unit.forms[n - 1].preposition
        if new and after_noun and not unit.forms[n - 1].determiner:
            return n
        if after_noun and form.capital and not unit.forms[n - 1].capital:
            return n
        if after_noun and not form.capital and unit.forms[n - 1].capital and form.noun_like:
            return n
        n += 1
    return end
