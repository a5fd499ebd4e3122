"""What follows a cue verb: a clause, a quotation, an infinitive, somebody who is addressed."""

from __future__ import annotations

from dataclasses import dataclass

from truceline.words.english.draft import Range
from truceline.words.english.lexicon import lexicon, words_of
from truceline.words.english.phrases import phrase_end, skip_adverbials, with_apposition
from truceline.words.english.units import Unit

FAR = 30
"""A "that" further away from its verb than so many words belongs to something else."""

PERSONS = frozenset({"say", "state", "tone", "promise", "thought", "that", "ask"})
DASHES = frozenset({"–", "—", "-"})
OBJECTS = frozenset({"him", "her", "them", "us", "me", "you", "it"})


@dataclass(frozen=True, slots=True)
class Complement:
    """Content that begins at a word; ``end`` only where it does not run on to the clause's end."""

    start: int
    rule: str
    style: str = "indirect"
    end: int | None = None
    addressee: Range | None = None
    cue: tuple[int, ...] = ()
    citing: Range | None = None


def complement_of(
    unit: Unit, after: int, lemma: str, groups: frozenset[str], *, passive: bool = False
) -> Complement | None:
    """The content after a cue whose words end before ``after``; None where none follows."""
    if after >= unit.stop:
        return None
    n, addressee = after, None
    if groups & {"tell", "urge"} and not passive:
        n, addressee = _addressed(unit, after)
    if groups & {"tell", "urge"} and (addressee or passive):
        found = _infinitive(unit, n, addressee) if "urge" in groups else None
        found = found or _clause(unit, n, lemma, groups | {"say"}, addressee)
        if found is not None:
            return found
    if "accuse" in groups:
        found = _blame(unit, after, lemma, passive)
        if found is not None:
            return found
    if passive:
        return None
    if "promise" in groups:
        found = _promised(unit, after)
        if found is not None:
            return found
    if "gerund" in groups and after < unit.stop:
        found = _gerund(unit, after)
        if found is not None:
            return found
    if "describe" in groups:
        found = _described(unit, after, lemma)
        if found is not None:
            return found
    return _clause(unit, after, lemma, groups, None) if groups & PERSONS else None


def _addressed(unit: Unit, n: int) -> tuple[int, Range | None]:
    """Who is told or urged, and the first word after."""
    form = unit.forms[n] if n < unit.stop else None
    if form is None or form.mark or unit.is_quote(n) or form.lower in ("that", "to"):
        return n, None
    if form.lower in OBJECTS:
        return n + 1, (n, n + 1)
    if form.preposition or form.auxiliary or form.adverb:
        return n, None
    end = phrase_end(unit, n)
    if end == n:
        return n, None
    far = with_apposition(unit, n, end)
    if far > end and unit.low(far) == ",":
        return far + 1, (n, end)
    return end, (n, end)


def _infinitive(unit: Unit, n: int, addressee: Range | None) -> Complement | None:
    """ "(urged Kyiv) to halt", "… not to halt", also after a time."""
    at, _ = skip_adverbials(unit, n, to=False)
    if unit.low(at) in ("not", "never") and unit.low(at + 1) == "to":
        return Complement(at, "en.order.infinitive", addressee=addressee)
    if unit.low(at) == "to" and _verb_follows(unit, at):
        return Complement(at, "en.order.infinitive", addressee=addressee)
    if unit.low(at) == "against" and at + 1 < unit.stop and unit.forms[at + 1].ing:
        return Complement(at + 1, "en.gerund", addressee=addressee)
    return None


def _verb_follows(unit: Unit, to: int, barred: frozenset[str] = frozenset()) -> bool:
    """Whether "to" begins an infinitive, and of none of some verbs."""
    n = to + 1
    while n < unit.stop and unit.forms[n].adverb:
        n += 1
    if n >= unit.stop or unit.is_quote(n):
        return False
    form = unit.forms[n]
    if form.lower == "be" and unit.low(n + 1) in ("named", "identified", "quoted"):
        return False
    plain = not (form.determiner or form.capital or form.mark or form.pronoun or form.preposition)
    return plain and not form.ing and not form.number and form.lower not in barred


def _promised(unit: Unit, after: int) -> Complement | None:
    """ "agreed to halt", "agreed with Kyiv on Monday to halt", "promised Kyiv to halt"."""
    n, _ = skip_adverbials(unit, after, to=False)
    if unit.low(n) in ("not", "never") and unit.low(n + 1) == "to":
        return Complement(n, "en.infinitive") if _verb_follows(unit, n + 1) else None
    if unit.low(n) == "to" and _verb_follows(unit, n, words_of("no_content")):
        return Complement(n, "en.infinitive")
    return None


def _gerund(unit: Unit, after: int) -> Complement | None:
    n = after
    while n < unit.stop and (unit.forms[n].adverb or unit.low(n) == "not"):
        n += 1
    if n < unit.stop and unit.forms[n].ing and not unit.forms[n].nouns and _is_gerund(unit, n):
        return Complement(n, "en.gerund")
    return None


def _is_gerund(unit: Unit, n: int) -> bool:
    """Whether a form in -ing acts as a verb: something follows that it can govern."""
    if unit.low(n) in ("having", "being"):
        return True
    if n + 1 >= unit.stop:
        return False
    after = unit.forms[n + 1]
    return not (after.mark or after.finite or after.lower in ("of", "and", "or"))


def _blame(unit: Unit, after: int, lemma: str, passive: bool) -> Complement | None:
    """ "accused Kyiv of firing": the one accused, and what of."""
    prepositions = lexicon("verbs")["accuse"].get(lemma, "").split()
    first = unit.forms[after]
    direct = first.lower in prepositions
    if not direct and not passive and (first.preposition or first.mark or first.lower == "that"):
        return None
    for n in range(after, min(after + FAR // 2, unit.stop - 1)):
        if unit.is_quote(n) or (unit.finite_at(n) and n > after) or unit.low(n) == ";":
            return None
        if unit.low(n) in prepositions and (n > after or passive or "against" in prepositions):
            begin = n + 1
            while begin < unit.stop and (unit.forms[begin].adverb or unit.low(begin) == "not"):
                begin += 1
            if begin < unit.stop and unit.forms[begin].ing and _is_gerund(unit, begin):
                whom = (after, n) if n > after else None
                return Complement(begin, "en.accuse", addressee=whom, cue=(n,))
    return None


def _described(unit: Unit, after: int, lemma: str) -> Complement | None:
    """ "called the plan “a trick”", "dismissed it as a trick": object and word for it."""
    end = phrase_end(unit, after)
    if unit.low(after) in OBJECTS:
        end = after + 1
    if end == after:
        return None
    if unit.low(end) == "as" and (unit.is_quote(end + 1) or not unit.has_finite(end + 1, end + 3)):
        return Complement(after, "en.describe", "reported")
    quoted = unit.is_quote(end) or any(
        q.outer[0] == unit.places[end][0] for q in unit.inner if end < unit.stop
    )
    if quoted and lemma in ("call", "label", "brand", "dub", "term", "deem"):
        return Complement(after, "en.describe", "reported")
    return None


def _clause(
    unit: Unit, after: int, lemma: str, groups: frozenset[str], addressee: Range | None
) -> Complement | None:
    n, whom = skip_adverbials(unit, after, to=not groups & {"promise"} or "say" in groups)
    addressee = addressee or whom
    cited: Range | None = None
    if unit.low(n) == ",":
        inner, cited = _parenthesis(unit, n)
        n = inner if inner is not None else n
    if n >= unit.stop or (unit.low(n) == "to" and unit.low(n - 1) in (lemma.split()[-1], "on")):
        return None
    if unit.is_quote(n):
        return _quoted(unit, n, addressee, cited)
    word = unit.low(n)
    if word in (":", *DASHES) or (word == "," and unit.is_quote(n + 1)):
        if unit.is_quote(n + 1):
            return _quoted(unit, n + 1, addressee, cited)
        if word == ":" and n + 1 < unit.stop and unit.has_finite(n + 1, unit.stop):
            return Complement(n + 1, "en.colon.verb", addressee=addressee, citing=cited)
        return None
    if word == "that" and n + 1 < unit.stop and groups - {"tone", "ask", "promise"}:
        return Complement(n + 1, "en.that", addressee=addressee, citing=cited)
    if word in words_of("questions") and groups & {"ask", "say", "tell"} and word != "while":
        if unit.has_finite(n + 1, unit.stop):
            return Complement(n, "en.question", addressee=addressee)
        return None
    far = _far_that(unit, after, n) if groups - {"tone", "ask", "promise"} else None
    if far is not None:
        return Complement(far + 1, "en.that", addressee=addressee, citing=cited)
    if groups & {"say", "tell"} and _is_clause(unit, n, sure=lemma in SURE):
        return Complement(n, "en.bare", addressee=addressee, citing=cited)
    if groups & {"state", "thought"} and _is_clause(unit, n, sure=False):
        return Complement(n, "en.bare", addressee=addressee)
    return None


EMPTY = frozenset("nothing little much so something anything more less yes no".split())
SURE = frozenset({"say"})


def _quoted(unit: Unit, n: int, addressee: Range | None, cited: Range | None) -> Complement:
    rest = n + 1
    if rest >= unit.stop or unit.low(rest) in (",", ";", "."):
        return Complement(n, "en.direct.before", "direct", rest, addressee, citing=cited)
    return Complement(n, "en.direct.mixed", "direct", None, addressee, citing=cited)


def _parenthesis(unit: Unit, comma: int) -> tuple[int | None, Range | None]:
    """After "said, citing the ministry," or "said, after talks in Geneva,": first word after it."""
    close = next(
        (n for n in range(comma + 1, min(comma + FAR, unit.stop)) if unit.low(n) == ","), None
    )
    if close is None or close + 1 >= unit.stop or unit.has_finite(comma + 1, close):
        return None, None
    if not (unit.low(close + 1) == "that" or unit.is_quote(close + 1)):
        return None, None
    cited = (comma + 2, close) if unit.low(comma + 1) in ("citing", "quoting") else None
    return close + 1, cited


def _far_that(unit: Unit, after: int, n: int) -> int | None:
    """A "that" after a longer adverbial that no verb interrupts."""
    if n >= unit.stop or not unit.forms[n].preposition:
        return None
    for at in range(n, min(after + FAR, unit.stop - 1)):
        if unit.low(at) == "that":
            return at
        if unit.is_quote(at) or unit.finite_at(at) or unit.low(at) in (",", ";", ":"):
            return None
    return None


def _is_clause(unit: Unit, n: int, *, sure: bool) -> bool:
    """Whether a clause without "that" begins at a word."""
    form = unit.forms[n]
    if form.mark or form.lower in ("to", "of", "and", "but", "or", "so"):
        return form.lower in ("$", "€", "£")
    if not sure and form.preposition and form.lower != "despite":
        return False
    if form.finite and not form.nouns and form.lower not in ("is", "are"):
        return False
    if form.lower in EMPTY and not unit.has_finite(n + 1, n + 3):
        return False
    end = next((i for i in range(n, unit.stop) if unit.low(i) in (";", ":")), unit.stop)
    if sure:
        return end - n >= 3 and unit.has_finite(n + 1, end)
    near = phrase_end(unit, n)
    return near > n and _verb_after(unit, near, end)


def _verb_after(unit: Unit, n: int, end: int) -> bool:
    """Whether a finite verb, perhaps after an adverb or a relative clause, follows at once."""
    while n < end and (unit.forms[n].adverb or unit.forms[n].time or unit.low(n) == "on"):
        n += 1
    if n < end and unit.low(n) == "," and unit.low(n + 1) in words_of("relatives"):
        close = next((i for i in range(n + 1, end - 1) if unit.low(i) == ","), end - 1)
        return unit.finite_at(close + 1) if close + 1 < end else False
    return n < end and unit.finite_at(n)
