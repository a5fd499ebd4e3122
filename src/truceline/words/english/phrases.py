"""Noun phrases and adverbials: who stands left or right of a cue, and what stands between."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from truceline.words.english.draft import Range
from truceline.words.english.lexicon import words_of
from truceline.words.english.units import Unit

LONG = 12
"""More words than this make no apposition and no addressee."""

FAR = 25
"""An apposition or a relative clause before a verb has at most so many words."""

REACH = 8
"""Within so many words after a preposition a word such as "statement" makes a frame."""

ADDRESSEES = frozenset({"reporters", "journalists", "lawmakers", "parliament", "viewers"})
OPENING = frozenset({"and", "but", "or", "yet", "nor", "so"})
CONTRAST = frozenset({"while", "whereas", "though", "although"})
CLOSE = frozenset(
    [("to", w) for w in ("ambassador", "envoy", "adviser", "advisor", "close")]
    + [("with", "familiar"), ("with", "contact"), ("by", "backed"), ("by", "supported")]
)
TIMING = frozenset({"after", "before", "since", "until", "as", "once"})
"""Prepositions that open a clause as well."""

PLACED = frozenset({"of", "for", "from", "at", "in", "to", "with", "between", "on", "near", "by"})


@dataclass(frozen=True, slots=True)
class Subject:
    """Who stands before a verb: ``words``, and where the clause with its opening words starts."""

    words: Range
    start: int
    relative: bool = False


@cache
def _sets() -> tuple[frozenset[str], ...]:
    keys = ("clause_openers", "relatives", "negations", "perfect", "passive", "label_words")
    return tuple(words_of(k) for k in keys)


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
        if form.auxiliary or form.adverb or word in _sets()[2] or timed or on:
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
        plain = opener not in _sets()[0] or opener in OPENING
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
        and any(unit.low(n) in _sets()[1] for n in (verb - 1, verb - 2))
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
        elif word in _sets()[0]:
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
            or word in _sets()[0]
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


def phrase_end(unit: Unit, start: int, stop: int | None = None) -> int:
    """End of the noun phrase that begins at a word; the word itself where there is none."""
    last = unit.stop if stop is None else stop
    if start >= last or unit.is_quote(start):
        return start
    if unit.forms[start].pronoun:
        return start + 1 if not unit.forms[start].determiner else _run(unit, start, last)
    return _run(unit, start, last)


def _run(unit: Unit, start: int, last: int) -> int:
    n = start
    while n < last and not unit.is_quote(n):
        form = unit.forms[n]
        word = form.lower
        before = unit.forms[n - 1] if n > start else None
        if form.mark and word not in ("'", "’", "&", "/", "%"):
            break
        if word in _sets()[1] | _sets()[2] or (word in _sets()[0] and word not in ("and", "or")):
            break
        if word in ("and", "or"):
            if n + 1 >= last or not unit.forms[n + 1].noun_like or unit.forms[n + 1].finite:
                break
        elif form.preposition:
            if word not in PLACED or not _goes_on(unit, n, last):
                break
        elif before is not None:
            loose = not (before.preposition or before.lower in ("and", "or"))
            if form.pronoun or form.auxiliary or (form.determiner and loose):
                break
            if unit.finite_at(n):
                break
            if form.adverb or (form.time and not before.determiner and loose):
                break
            title = before.capital or before.determiner or before.demonym
            titled = before.lower in _sets()[5] or before.lower.endswith(("ian", "er", "or", "man"))
            if loose and form.capital and not (title or titled or before.number):
                break
        n += 1
    return n


def _goes_on(unit: Unit, n: int, last: int) -> bool:
    """Whether a preposition goes on with a noun phrase, and does not begin a time or a frame."""
    if n + 1 >= last or unit.is_quote(n + 1) or unit.forms[n + 1].time:
        return False
    word = unit.low(n)
    after = unit.forms[n + 1]
    if word in ("to", "by", "with", "on"):
        return (word, unit.low(n - 1)) in CLOSE
    if word in ("in", "at", "on") and frame_noun(unit, n) is not None:
        return False
    return after.determiner or after.capital or (after.noun_like and not after.finite)


def with_apposition(unit: Unit, start: int, end: int) -> int:
    """End of a noun phrase with ", the Kremlin spokesman" where that follows."""
    if unit.low(end) != "," or end + 1 >= unit.stop:
        return end
    first = unit.forms[end + 1]
    inner = phrase_end(unit, end + 1)
    closed = inner >= unit.stop or unit.low(inner) in (",", ";")
    named = first.determiner or (not first.capital and first.lower in _sets()[5])
    titled = unit.low(end - 1) in _sets()[5] and not unit.forms[end - 1].capital
    if titled and inner - end > 2 and all(f.capital for f in unit.forms[end + 1 : inner]):
        named = True
    if named and closed and inner - end <= LONG and not first.pronoun:
        return inner
    return end


def frame_noun(unit: Unit, n: int) -> int | None:
    """Index of a word such as "statement" shortly after a preposition, None without one."""
    nouns = words_of("frame_nouns")
    found = None
    for at in range(n + 1, min(n + 1 + REACH, unit.stop)):
        form = unit.forms[at]
        if form.mark or form.finite or unit.is_quote(at) or form.lower in ("that", "who"):
            break
        if at > n + 1 and form.preposition and found is not None:
            break
        if form.lower in nouns:
            found = at
        elif found is not None or (form.pronoun and not form.determiner):
            break
    return found


def skip_adverbials(unit: Unit, n: int, *, to: bool = True) -> tuple[int, Range | None]:
    """First word after adverbs, times, places and "in a statement"; and who is addressed with "to".

    ``to``: "to" may address somebody here, and does not begin an infinitive.
    """
    addressee: Range | None = None
    while n < unit.stop and not unit.is_quote(n):
        form = unit.forms[n]
        after = unit.forms[n + 1] if n + 1 < unit.stop else None
        if form.lower == "(":
            n = next((i + 1 for i in range(n, unit.stop) if unit.low(i) == ")"), unit.stop)
        elif (
            (
                form.lower in ("last", "next", "this", "earlier", "late", "early", "the")
                and (after and after.time and not after.number)
            )
            or (
                form.time
                and not form.number
                and not (form.lower in ("may", "march") and not form.capital)
            )
            or (form.adverb and not (after and after.mark and form.lower == "there"))
        ):
            n += 1
        elif form.preposition and after is not None and not unit.is_quote(n + 1):
            end, whom = _skip_phrase(unit, n, to)
            if end == n:
                break
            addressee = addressee or whom
            n = end
        else:
            break
    return n, addressee


def _before_time(unit: Unit, n: int) -> bool:
    """ "of" or "the" within a time: "on the evening of 18 March"."""
    after = unit.forms[n + 1] if n + 1 < unit.stop else None
    return unit.low(n) in ("the", "of") and after is not None and after.time


def _skip_phrase(unit: Unit, n: int, to: bool) -> tuple[int, Range | None]:
    """End of a prepositional phrase of a frame, ``n`` itself where it is none."""
    word, after = unit.low(n), unit.forms[n + 1]
    if word == "to":
        known = after.determiner or after.capital or after.lower in ADDRESSEES
        if not to or not known:
            return n, None
        end = phrase_end(unit, n + 1)
        return end, (n + 1, end)
    if after.time or after.number:
        end = n + 1
        while end < unit.stop and (
            unit.forms[end].time or unit.forms[end].number or _before_time(unit, end)
        ):
            end += 1
        return end, None
    noun = frame_noun(unit, n)
    if noun is not None:
        return noun + 1, None
    if after.determiner and n + 2 < unit.stop and unit.forms[n + 2].time:
        return n + 3, None
    if after.capital or after.determiner or word in ("after", "during", "before", "following"):
        end = phrase_end(unit, n + 1)
        return (end, None) if end > n + 1 else (n, None)
    return n, None
