"""Which of the four languages a text is written in, or that this cannot be told.

Small frequent words and letters that only one language has tell it of nearly every text of some
sentences, at once.  A headline may have none of either: then the dictionaries of the lemmatiser
say in which language most of its words are known; they take a second to load.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from simplemma.language_detector import langdetect

SAMPLE = 3_000
"""Characters that are looked at, from the beginning."""
LEAST_HITS = 3
LEAST_SHARE = 0.15
"""Share of small words from which they decide: German and English have 0.25 to 0.5, their
neighbours up to 0.08."""
LEAD = 2.0
"""How many times the marks of the second language the first has to have."""
LEAST_KNOWN = 0.55
"""Share of words that the dictionary of a language has to know; neighbours reach 0.4."""
KNOWN_LEAD = 0.1

WORD = re.compile(r"[^\W\d_]+")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
LETTERS = {"ru": frozenset("ыэё"), "uk": frozenset("іїєґ")}
"""Letters that one of the two has and the other has not."""
STRANGERS = re.compile("[ўјљњћђџѓќѕ]")
"""Letters of Belarusian, Serbian and Macedonian."""


def detect_language(text: str) -> str:
    """``de``, ``en``, ``ru``, ``uk``, or nothing where the beginning of a text does not tell.

    >>> detect_language("Der Kreml teilte mit, dass die Waffenruhe ab Montag gelte und wie lange.")
    'de'
    >>> detect_language("Moscow confirms call"), detect_language("14:30")
    ('en', '')
    """
    sample = text[:SAMPLE].lower()
    words = WORD.findall(sample)
    if not words or STRANGERS.search(sample):
        return ""
    is_cyrillic = 2 * len(CYRILLIC.findall(sample)) > sum(len(word) for word in words)
    pair = ("ru", "uk") if is_cyrillic else ("de", "en")
    return _by_small_words(sample, words, pair) or _by_dictionary(text[:SAMPLE], pair)


def _by_small_words(sample: str, words: list[str], pair: tuple[str, str]) -> str:
    marks = {
        lang: sum(letter in LETTERS.get(lang, ()) for letter in sample)
        + sum(word in _small_words()[lang] for word in words)
        for lang in pair
    }
    (_, n_second), (first, n_first) = sorted(marks.items(), key=lambda one: one[1])
    enough = n_first >= max(LEAST_HITS, LEAST_SHARE * len(words))
    return first if enough and n_first >= LEAD * n_second else ""


def _by_dictionary(sample: str, pair: tuple[str, str]) -> str:
    known = dict(langdetect(sample, lang=pair))
    first, second = sorted(pair, key=lambda lang: -known.get(lang, 0.0))
    lead = known.get(first, 0.0) - known.get(second, 0.0)
    return first if known.get(first, 0.0) >= LEAST_KNOWN and lead >= KNOWN_LEAD else ""


@cache
def _small_words() -> dict[str, frozenset[str]]:
    raw = files("truceline.words").joinpath("language.toml").read_text(encoding="utf-8")
    return {lang: frozenset(text.split()) for lang, text in tomllib.loads(raw).items()}
