"""Sentences cut into parts that each say something of their own, with their verbs.

German and English by closed classes and dictionary forms; no model.  A part is a main clause
with everything that hangs on it; two coordinated predicates are two parts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import cast

import simplemma

from truceline.words.tokens import Parsed, Token

PARTICIPLE = re.compile(r"(?:\w{2,8})?ge\w+(?:t|en)$|(?:be|ver|er|ent|zer|miss)\w+(?:t|en)$")
GE_STEMS = (
    "geben",
    "gebt",
    "gehen",
    "geht",
    "gelt",
    "gelang",
    "geling",
    "genieß",
    "genüg",
    "geschieht",
    "geschehen",
    "gestalt",
    "gesteh",
    "gewähr",
    "gewinn",
    "gewöhn",
    "gefähr",
    "gehör",
    "gebühr",
    "gefallen",
)
"""Beginnings of finite verbs that look like participles ("gelten", "gehören")."""

ATTRIBUTIVE_AFTER = frozenset(
    """der die das den dem des ein eine einen einem einer eines zur zum im am vom beim alle
    keine kein keinen seine ihre seinen ihren""".split()
)
"""Words after which a participle with an ending belongs to a noun."""

NO_START = frozenset("um ohne statt sagte so hieß teilte denn nämlich also wie".split())
"""Words after a comma that begin no statement of their own."""

ARTICLES = frozenset("der die das den dem des ein eine einen einem einer eines".split())
ADJECTIVAL = ("lich", "ig", "isch", "bar", "sam", "haft", "weise", "los")
OPEN = re.compile(r"[,;:–—()]|-$")


@dataclass(frozen=True)
class Words:
    """The closed classes of one language."""

    finite: frozenset[str]
    plural: frozenset[str]
    auxiliaries: frozenset[str]
    subordinators: frozenset[str]
    relatives: frozenset[str]
    coordinators: frozenset[str]
    after_coordinator: frozenset[str]
    negations: frozenset[str]
    prefixes: frozenset[str]
    not_verbs: frozenset[str]
    irregular: frozenset[str]
    prepositions: frozenset[str]
    present: frozenset[str]
    modals: frozenset[str]
    base: frozenset[str]


@cache
def words_of(language: str) -> Words:
    """Closed classes of German or English; of any other language those of English."""
    table = tomllib.loads(files(__package__).joinpath("clauses.toml").read_text("utf-8"))
    row = table.get(language, table["en"])
    fields = Words.__dataclass_fields__
    return Words(**{name: frozenset(row.get(name, "").split()) for name in fields})


@lru_cache(maxsize=60_000)
def lemma_of(word: str, language: str) -> str:
    """Dictionary form of a word, as it stands where none is known.

    >>> lemma_of("lehnte", "de"), lemma_of("abgelehnt", "de"), lemma_of("denied", "en")
    ('lehnen', 'ablehnen', 'deny')
    """
    if language not in ("de", "en"):
        return word
    lemma: str = simplemma.lemmatize(word, lang=language)
    return lemma


@lru_cache(maxsize=60_000)
def _may_be_verb(word: str, language: str) -> bool:
    """Whether a lower-case word can be a finite verb, participles that stand alone included."""
    words = words_of(language)
    if word in words.finite or word in words.plural:
        return True
    if not word[:1].islower() or not word.isalpha() or word in words.not_verbs:
        return False
    if language == "en":
        return word in words.irregular | words.present or (word.endswith("ed") and len(word) > 4)
    if word in words.subordinators | words.relatives | words.coordinators | words.negations:
        return False
    if word.endswith(ADJECTIVAL):
        return False
    lemma = lemma_of(word, language)
    if (
        lemma in words.not_verbs
        or not re.search(r"(e|er|el|u)n$", lemma)
        or not lemma.islower()
        or len(lemma) < 4
    ):
        return False
    return bool(re.search(r"(t|te|ten|en|n|st)$|^[bdfghklnpqrstvwz]\w*$", word))


@dataclass(frozen=True)
class Part:
    """One predicate with what belongs to it: tokens ``first`` up to ``last`` (exclusive).

    ``finite`` is the token of the finite verb of the main clause, or None; ``verbs`` are the
    dictionary forms of its verbs, separable ones joined; ``main`` are the tokens of the main
    clause alone and ``head`` its verbs.
    """

    first: int
    last: int
    finite: int | None
    verbs: tuple[str, ...]
    main: tuple[int, int]
    head: tuple[str, ...]


def _pieces(tokens: Sequence[Token], words: Words) -> list[tuple[int, int]]:
    """Stretches between commas, colons, dashes and coordinators."""
    pieces, first = [], 0
    for n, token in enumerate(tokens):
        if OPEN.fullmatch(token.text):
            pieces.append((first, n))
            first = n + 1
        elif token.text.lower() in words.after_coordinator and n > first:
            pieces.append((first, n))
            first = n
    pieces.append((first, len(tokens)))
    return [(a, b) for a, b in pieces if a < b]


def finite_in(tokens: Sequence[Token], first: int, last: int, language: str) -> int | None:
    """The finite verb of a piece: a form that can only be one, or the likeliest word."""
    words = words_of(language)
    for n in range(first, last):
        if tokens[n].text.lower() in words.finite:
            return n
    candidates = [
        n
        for n in range(first, last)
        if (_may_be_verb(tokens[n].text, language) and not _attributive(tokens, n, language))
        or _plural_present(tokens, n, first, language)
    ]
    for n in range(first, last):
        if tokens[n].text.lower() in words.plural and n not in candidates[-1:]:
            return n
    sure = [n for n in candidates if not _nonfinite(tokens, n, language)]
    return sure[0] if sure else None


def _plural_present(tokens: Sequence[Token], n: int, first: int, language: str) -> bool:
    """Whether an English base form is a verb here: after a plural or a name, not a noun itself."""
    if language != "en" or n <= first or tokens[n].text not in words_of("en").base:
        return False
    before = tokens[n - 1].text
    after = tokens[n + 1].text.lower() if n + 1 < len(tokens) else ""
    plural = before.lower() in {"we", "they", "i", "both", "still", "also", "now"} or (
        before.endswith("s") and before.islower()
    )
    named = (
        before[:1].isupper()
        and before.isalpha()
        and n - 1 > first
        and tokens[n - 2].text.lower() in {"and", "the"}
    )
    return (plural or named) and after not in {"of", "for", ".", ","}


def _attributive(tokens: Sequence[Token], n: int, language: str) -> bool:
    """Whether a German participle stands before its noun ("der vereinbarte Abzug")."""
    if language != "de" or n == 0 or n + 1 >= len(tokens):
        return False
    ending = re.search(r"(?:t|en)(?:e|en|er|es|em)$", tokens[n].text)
    if not ending or not tokens[n + 1].text[:1].isupper():
        return False
    before = tokens[n - 1].text.lower()
    led = before in ATTRIBUTIVE_AFTER or bool(re.search(r"(?:e|en|er|es|em)$", before))
    return led or _within_noun_phrase(tokens, n)


def _within_noun_phrase(tokens: Sequence[Token], n: int) -> bool:
    """Whether an article before a preposition still waits for its noun ("die mit X erreichte")."""
    prepositions = words_of("de").prepositions
    return any(
        tokens[k].text.lower() in ARTICLES and tokens[k + 1].text.lower() in prepositions
        for k in range(max(0, n - 8), n - 1)
    )


def _nonfinite(tokens: Sequence[Token], n: int, language: str) -> bool:
    before = tokens[n - 1].text.lower() if n else ""
    if language == "en":
        after = tokens[n + 1].text.lower() if n + 1 < len(tokens) else ""
        reduced = tokens[n].text.endswith("ed") and after == "by" and n > 0
        return reduced or before in ("to", "the", "a", "an", "of", "by", "in")
    word = tokens[n].text
    if before == "zu" or joined_zu(word):
        return True
    if re.match(r"(?:\w{2,8})?ge\w+(?:t|en)$", word) and not word.startswith(GE_STEMS):
        return True
    return before in {"der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem"}


def _dependent(tokens: Sequence[Token], first: int, words: Words) -> bool:
    """Whether a piece begins like a subordinate or relative clause."""
    start = first
    if tokens[start].text.lower() in words.coordinators and start + 1 < len(tokens):
        start += 1
    word = tokens[start].text.lower()
    if word in words.subordinators:
        return True
    if start != first or first == 0 or tokens[first - 1].text not in ",;:–—(":
        return False
    if word in words.relatives:
        return True
    after = tokens[start + 1].text.lower() if start + 1 < len(tokens) else ""
    return word in words.prepositions and after in words.relatives | words.subordinators


def _verb_final(tokens: Sequence[Token], first: int, last: int, finite: int) -> bool:
    """Whether the finite verb ends its piece, as in a German subordinate clause."""
    return finite >= last - 1 and finite - first > 1


def parts_of(parsed: Parsed, first: int, last: int) -> list[Part]:
    """Parts of a stretch of tokens that each have a predicate of their own.

    >>> from truceline.words.tokens import parse
    >>> cut = parse("Moskau lehnte eine Pause ab und forderte, dass Kiew zustimmt.", "de")
    >>> [(p.verbs, cut.tokens[p.first].text) for p in parts_of(cut, 0, len(cut.tokens))]
    [(('ablehnen',), 'Moskau'), (('fordern', 'zustimmen'), 'forderte')]
    """
    held = parsed.memo.get((first, last))
    if held is None:
        held = parsed.memo[first, last] = tuple(_parts(parsed, first, last))
    return cast(list[Part], list(held))


def _parts(parsed: Parsed, first: int, last: int) -> list[Part]:
    language = parsed.language
    words = words_of(language)
    tokens = parsed.tokens[first:last]
    parts: list[tuple[int, int, int | None]] = []
    dependent = False
    for a, b in _pieces(tokens, words):
        finite = finite_in(tokens, a, b, language)
        if finite is not None and tokens[finite].text.lower() not in words.finite:
            finite = None if is_infinitive(tokens, a, b, language) else finite
        coordinated = tokens[a].text.lower() in words.after_coordinator
        hangs = _dependent(tokens, a, words)
        if finite is not None and not hangs and language == "de":
            hangs = _verb_final(tokens, a, b, finite) and dependent
        new = bool(
            parts
            and finite is not None
            and not hangs
            and parts[-1][2] is not None
            and not (dependent and language == "de" and coordinated and finite >= b - 2 > a + 1)
            and (
                coordinated
                or _starts_clause(tokens, a, finite, language)
                or tokens[a - 1].text == ";"
            )
            and not _completes(tokens, parts[-1], a, b, finite, language)
        )
        if finite is not None:
            dependent = hangs
        start = a + (1 if new and coordinated else 0)
        if new or not parts:
            parts.append((start, b, None if hangs else finite))
        else:
            begin, _, held = parts[-1]
            parts[-1] = (begin, b, finite if held is None and not hangs else held)
    return [_part(tokens, first, a, b, finite, language) for a, b, finite in parts]


def _part(
    tokens: Sequence[Token], first: int, a: int, b: int, finite: int | None, language: str
) -> Part:
    """A part in tokens of the document, with its main clause and verbs."""
    x, y = (a, b) if finite is None else _main(tokens, a, b, finite, language)
    return Part(
        first + a,
        first + b,
        None if finite is None else first + finite,
        _verbs(tokens, a, b, language),
        (first + x, first + y),
        _verbs(tokens, x, y, language) if finite is not None else (),
    )


def _main(tokens: Sequence[Token], a: int, b: int, finite: int, language: str) -> tuple[int, int]:
    """The main clause of a part: the piece of its finite verb and what goes on from there."""
    words = words_of(language)
    pieces = [(a + x, a + y) for x, y in _pieces(tokens[a:b], words)]
    at = next(n for n, (x, y) in enumerate(pieces) if x <= finite < y)
    begin, end = pieces[at]
    for x, y in reversed(pieces[:at]):
        if _dependent(tokens, x, words) or finite_in(tokens, x, y, language) is not None:
            break
        begin = x
    for x, y in pieces[at + 1 :]:
        if _dependent(tokens, x, words) or is_infinitive(tokens, x, y, language):
            break
        if finite_in(tokens, x, y, language) is not None:
            break
        end = y
    return begin, end


@lru_cache(maxsize=20_000)
def joined_zu(word: str) -> bool:
    """Whether a word is an infinitive with "zu" inside of it.

    >>> joined_zu("herauszuhalten"), joined_zu("zusagen")
    (True, False)
    """
    at = word.find("zu", 1)
    return at > 0 and word[:at] in words_of("de").prefixes and bool(re.match(r"zu\w+n$", word[at:]))


def is_infinitive(tokens: Sequence[Token], first: int, last: int, language: str) -> bool:
    """Whether a piece is an infinitive clause of its own."""
    if tokens[first].text.lower() in ("um", "ohne", "statt"):
        return True
    for n in range(first, last):
        word = tokens[n].text
        if language == "de" and joined_zu(word):
            return True
        if word == "zu" and n + 1 < last and tokens[n + 1].text.islower():
            return tokens[n + 1].text.endswith("n")
    return False


def _completes(
    tokens: Sequence[Token],
    part: tuple[int, int, int | None],
    a: int,
    b: int,
    finite: int,
    language: str,
) -> bool:
    """Whether a piece only brings the verb that an auxiliary before it still waits for."""
    begin, end, held = part
    words = words_of(language)
    if language != "de" or held is None:
        return False
    auxiliary = tokens[held].text.lower()
    strict = any(t.text.lower() in words.finite for t in tokens[a:b])
    if auxiliary not in words.finite | words.plural or strict:
        return False
    last = next((n for n in range(b - 1, a, -1) if tokens[n].text[:1].isalpha()), a)
    closing = tokens[last].text.lower()
    if last <= a or not (_may_be_verb(closing, language) or finite == last):
        return False
    shared = lemma_of(auxiliary, language) in words.modals
    whole = lemma_of(closing, language) == closing
    return (shared and whole) or not _verbs(tokens, begin, end, language)


def _starts_clause(tokens: Sequence[Token], first: int, finite: int, language: str) -> bool:
    """Whether a piece after a comma is a main clause: German with the verb second."""
    if tokens[first].text.lower() in NO_START:
        return False
    if language == "de":
        return 0 < finite - first <= 8
    return False


def verbs_in(tokens: Sequence[Token], language: str) -> tuple[str, ...]:
    """Dictionary forms of the verbs of a stretch, auxiliaries left out, separable ones joined."""
    return _verbs(tokens, 0, len(tokens), language)


def _verbs(tokens: Sequence[Token], first: int, last: int, language: str) -> tuple[str, ...]:
    """Dictionary forms of the verbs of a part, auxiliaries left out, separable ones joined."""
    words = words_of(language)
    found: list[str] = []
    pieces = _pieces(tokens[first:last], words)
    for a, b in pieces:
        a, b = first + a, first + b
        for n in range(a, b):
            word = tokens[n].text
            low = word.lower()
            if n == first and PARTICIPLE.match(low):
                word = low
            if not (
                _may_be_verb(word, language)
                or _other_form(word, low, language)
                or _plural_present(tokens, n, a, language)
            ):
                continue
            if _attributive(tokens, n, language):
                continue
            lemma = lemma_of(low, language)
            if lemma in words.auxiliaries:
                continue
            closing = tokens[b - 1].text.lower()
            at_end = b - 1 if closing.isalpha() else b - 2
            if language == "de" and a <= at_end < b and n < at_end:
                closing = tokens[at_end].text.lower()
                if closing in words.prefixes and not low.startswith(closing):
                    lemma = closing + lemma
            found.append(lemma)
    return tuple(dict.fromkeys(found))


def _other_form(word: str, low: str, language: str) -> bool:
    """English base forms and participles, which cannot be told from nouns by their ending."""
    if language != "en" or not word.isalpha() or word != low or len(low) < 3:
        return False
    if low.endswith(("ing", "en")):
        return True
    return not low.endswith("s") and lemma_of(low, "en") != low
