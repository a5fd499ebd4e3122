"""Noun phrases and adverbials: how far they reach, and what stands between cue and content."""

from __future__ import annotations

from truceline.words.english.draft import Range
from truceline.words.english.lexicon import words_of
from truceline.words.english.units import Unit

LONG = 12
"""More words than this make no apposition and no addressee."""

REACH = 8
"""Within so many words after a preposition a word such as "statement" makes a frame."""

ADDRESSEES = frozenset({"reporters", "journalists", "lawmakers", "parliament", "viewers"})

CLOSE = frozenset(
    [("to", w) for w in ("ambassador", "envoy", "adviser", "advisor", "close")]
    + [("with", "familiar"), ("with", "contact"), ("by", "backed"), ("by", "supported")]
)

PLACED = frozenset({"of", "for", "from", "at", "in", "to", "with", "between", "on", "near", "by"})


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
        if word in words_of("relatives") | words_of("negations") or (
            word in words_of("clause_openers") and word not in ("and", "or")
        ):
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
            titled = before.lower in words_of("label_words") or before.lower.endswith(
                ("ian", "er", "or", "man")
            )
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
    named = first.determiner or (not first.capital and first.lower in words_of("label_words"))
    titled = unit.low(end - 1) in words_of("label_words") and not unit.forms[end - 1].capital
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
