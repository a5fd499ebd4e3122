"""Numbers in words and digits, with the word that they count and how exactly they are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal, cast

from truceline.words.slots.lexicon import Lexicon, lexicon
from truceline.words.slots.passage import QUOTING, Passage

Qualifier = Literal["exact", "at_least", "at_most", "about", "more_than", "less_than"]

DIGITS = re.compile(r"\d+(?:[.,]\d+)*\.?")
GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
THIN = frozenset("\u00a0\u202f\u2009")
MEASURES = frozenset({"%", "‰", "°", "kV", "MW", "km"})
YEARS = range(1900, 2101)
CLOCK = frozenset({"uhr", "a.m", "p.m", "o'clock", "am", "pm"})
ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th"})


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number where it stands: tokens ``first`` up to ``last`` (exclusive).

    ``is_worded`` is False for one written in digits; ``is_article`` for "ein", "a".
    """

    value: float
    first: int
    last: int
    is_worded: bool = False
    is_article: bool = False


@cache
def _table(language: str) -> dict[str, Any]:
    table: dict[str, Any] = lexicon(language).tables["numbers"]
    return table


@cache
def _small(language: str) -> dict[str, float]:
    """Numerals of one word up to ninety."""
    table = _table(language)
    known = {w: float(n) for n, w in enumerate(table["ones"].split())}
    known |= {w: 20.0 + 10 * n for n, w in enumerate(table["tens"].split())}
    for value, words in table.get("forms", {}).items():
        known |= dict.fromkeys(words.split(), float(value))
    return known


def digits_value(digits: str, language: str) -> float | None:
    """Value of a number in digits by the language's marks; None where it is no plain number.

    >>> digits_value("1.500", "de"), digits_value("1.5", "en"), digits_value("2,5", "de")
    (1500.0, 1.5, 2.5)
    """
    digits = digits.rstrip(".,")
    decimal = _table(language)["decimal"]
    other = "," if decimal == "." else "."
    if GROUPED.fullmatch(digits) and decimal not in digits:
        return float(digits.replace(other, ""))
    plain = digits.replace(other, "") if GROUPED.match(digits) else digits
    plain = plain.replace(decimal, ".")
    return float(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else None


@lru_cache(maxsize=20_000)
def word_value(word: str, language: str) -> float | None:
    """Value of a numeral of one word, in lower case.

    >>> word_value("dreiundzwanzig", "de"), word_value("zweihundertfünfzig", "de")
    (23.0, 250.0)
    >>> word_value("twenty-three", "en"), word_value("einmal", "de")
    (23.0, None)
    """
    small = _small(language)
    if word in small:
        return small[word]
    if language == "en" and "-" in word:
        tens, _, ones = word.partition("-")
        if small.get(tens, 0) >= 20 and 0 < small.get(ones, 0) < 10:
            return small[tens] + small[ones]
        return None
    return _joined(word, language) if language == "de" else _round(word, language)


def _round(word: str, language: str) -> float | None:
    table = _table(language)
    if word in table["hundred"].split():
        return 100.0
    return 1000.0 if word in table["thousand"].split() else None


def _joined(word: str, language: str) -> float | None:
    """German numerals in one word, taken apart from the greatest part on."""
    for part, factor in (("tausend", 1000.0), ("hundert", 100.0)):
        head, found, tail = word.partition(part)
        if found:
            times = word_value(head, language) if head else 1.0
            rest = word_value(tail.removeprefix("und"), language) if tail else 0.0
            if times is None or rest is None or rest >= factor:
                return None
            return times * factor + rest
    ones, found, tens = word.partition("und")
    small = _small(language)
    if found and ones in small and small[ones] < 10 and small.get(tens, 0) >= 20:
        return small[ones] + small[tens]
    return None


def read_numerals(row: Passage) -> list[Numeral]:
    """All numerals, those of dates and durations included, in order."""
    found: list[Numeral] = []
    at = 0
    while at < len(row.tokens):
        numeral = _digits_at(row, at) or _words_at(row, at)
        if numeral is None:
            at += 1
            continue
        found.append(numeral)
        at = numeral.last
    return found


def _digits_at(row: Passage, at: int) -> Numeral | None:
    token = row.tokens[at]
    if not token.text[0].isdigit() or not DIGITS.fullmatch(token.text):
        return None
    digits, last = token.text, at + 1
    while last < len(row.tokens) and _joins_thousands(row, last, digits):
        digits += row.tokens[last].text
        last += 1
    value = digits_value(digits, row.lexicon.language)
    if value is None:
        return None
    return _multiplied(row, Numeral(value, at, last))


def _joins_thousands(row: Passage, at: int, so_far: str) -> bool:
    """Whether three more digits follow after a thin or fixed blank."""
    between = row.text[row.tokens[at - 1].end : row.tokens[at].start]
    blanks = THIN | {" "} if row.language in ("ru", "uk") else THIN
    if between not in blanks or len(so_far) > 9 or "," in so_far:
        return False
    return bool(re.fullmatch(r"\d{3}(?:,\d+)?", row.tokens[at].text))


def _multiplied(row: Passage, numeral: Numeral) -> Numeral:
    """With a million, a thousand or a dozen that follows."""
    value, last = numeral.value, numeral.last
    many: dict[str, float] = _many(row.lexicon.language)
    if last < len(row.words) and row.words[last] in many:
        value *= many[row.words[last]]
        last += 1
        if last < len(row.words) and row.words[last] == ".":
            last += row.words[last - 1] in ("mio", "mrd", "тыс", "млн", "тис")
    return Numeral(value, numeral.first, last, numeral.is_worded)


@cache
def _many(language: str) -> dict[str, float]:
    table = _table(language)
    many = {name.lower(): float(value) for name, value in table["many"].items()}
    many |= dict.fromkeys(table["dozen"].split(), 12.0)
    if language != "de":
        many |= dict.fromkeys(table["thousand"].split(), 1e3)
    return many


def _words_at(row: Passage, at: int) -> Numeral | None:
    language, word = row.lexicon.language, row.words[at]
    if word in row.lexicon.words("numbers", "articles"):
        return _article_at(row, at)
    if not word[0].isalpha():
        return None
    value = word_value(word, language)
    if value is None or (language == "de" and word == "ein"):
        return None
    last = at + 1
    if language != "de":
        value, last = _spoken(row, at, value)
    return _multiplied(row, Numeral(value, at, last, is_worded=True))


def _spoken(row: Passage, at: int, value: float) -> tuple[float, int]:
    """Numerals of several words: "two hundred and fifty", "двадцать пять"."""
    language, last, total = row.lexicon.language, at + 1, 0.0
    table = _table(language)
    while last < len(row.words):
        word = row.words[last]
        skip = word == table["and"] and language == "en" and (value >= 100 or total > 0)
        after = last + 1 if skip else last
        more = word_value(row.words[after], language) if after < len(row.words) else None
        if word in table["hundred"].split() and value < 100 and language == "en":
            value, last = value * 100, last + 1
        elif word in table["thousand"].split():
            total, value, last = total + value * 1000, 0.0, last + 1
        elif more is not None and 0 < more < _room(value):
            value, last = value + more, after + 1
        else:
            break
    return total + value, last


def _room(value: float) -> float:
    """Numbers below this can still be added to a numeral."""
    if value == 0:
        return 1000.0
    return 100.0 if value % 100 == 0 else 10.0 if value % 10 == 0 and value % 100 >= 20 else 0.0


def _article_at(row: Passage, at: int) -> Numeral | None:
    """ "a dozen", "ein Dutzend", "a hundred"; elsewhere an article counts nothing."""
    language, after = row.lexicon.language, at + 1
    if after >= len(row.words):
        return None
    word, many = row.words[after], _many(language)
    if word in many:
        return Numeral(many[word], at, at + 2, is_worded=True)
    if word in _table(language)["hundred"].split() and language == "en":
        return Numeral(100.0, at, at + 2, is_worded=True)
    return Numeral(1.0, at, after, is_worded=True, is_article=True)


def qualifier_of(row: Passage, numeral: Numeral, fallback: Qualifier = "exact") -> Qualifier:
    """How exactly a number is meant, by the words before and after it."""
    for hit in row.hits("qualifier"):
        if hit.last == numeral.first or (
            hit.last == numeral.first - 1 and row.words[hit.last] in (".", "den", "the", "a", "bis")
        ):
            return cast(Qualifier, hit.value)
    tail = " ".join(row.words[numeral.last : numeral.last + 2])
    if tail in _or_more(row.lexicon):
        return "at_least"
    return fallback


@cache
def _or_more_of(language: str) -> frozenset[str]:
    cell: str = _table(language).get("or_more", "")
    return frozenset(" ".join(p.split()) for p in cell.split("|"))


def _or_more(words: Lexicon) -> frozenset[str]:
    return _or_more_of(words.language)


def unit_of(row: Passage, numeral: Numeral) -> str:
    """The word that a number counts, as worded; nothing where none follows.

    German nouns are told by their capital, English ones by their plural; elsewhere it is the
    next word that is no adjective.
    """
    nouns: list[str] = []
    for n in range(numeral.last, min(numeral.last + 4, len(row.tokens))):
        word = row.tokens[n].text
        if word in MEASURES:
            return word
        if word == "-" or word in QUOTING:
            continue
        if not _may_be_counted(row, n):
            break
        if not _is_adjective(row, n):
            nouns.append(word)
    plural = [w for w in nouns if w.endswith("s") and not w.endswith("ss")]
    if row.language == "en" and plural:
        return plural[0]
    return nouns[0] if nouns else ""


def _may_be_counted(row: Passage, n: int) -> bool:
    """Whether a word can belong to what is counted: no verb, no conjunction, no preposition."""
    word = row.words[n]
    if word in row.lexicon.words("numbers", "skip"):
        return True
    if word in row.lexicon.words("numbers", "not_counted"):
        return False
    closed = row.lexicon.words("clauses", "coordinators") | row.lexicon.words(
        "clauses", "prepositions"
    )
    if not word[0].isalpha() or word in closed or n in row.gaps:
        return False
    if row.language == "de":
        return row.tokens[n].text[0].isupper() or word.endswith(("e", "en", "er", "es", "em"))
    return row.language != "en" or row.finite(n, n + 1) is None or word.endswith("s")


def _is_adjective(row: Passage, n: int) -> bool:
    if row.words[n] in row.lexicon.words("numbers", "skip"):
        return True
    if row.language == "de":
        return not row.tokens[n].text[0].isupper()
    is_last = n + 1 >= len(row.words)
    return not is_last and row.words[n].endswith(("ых", "их", "ий", "ый", "ой"))
