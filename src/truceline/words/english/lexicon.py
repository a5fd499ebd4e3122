"""English word forms: what a single word can be, and which cues it can be a form of."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Verb:
    """One reading of a word as a form of a cue verb.

    ``form``: base, s, past, participle or ing; ``phrase``: the words that have to follow;
    ``groups``: what may follow, see ``verbs.toml``.
    """

    lemma: str
    form: str
    phrase: tuple[str, ...]
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Form:
    """A word's form with everything that does not depend on its place."""

    lower: str
    capital: bool
    mark: bool
    determiner: bool
    pronoun: bool
    auxiliary: bool
    finite: bool
    preposition: bool
    adverb: bool
    time: bool
    number: bool
    ing: bool
    verbs: tuple[Verb, ...]
    nouns: frozenset[str]
    demonym: bool

    @property
    def noun_like(self) -> bool:
        """Whether it may stand within a noun phrase."""
        return not (self.mark or self.auxiliary or self.preposition or self.pronoun)


@cache
def lexicon(name: str) -> dict[str, Any]:
    """A lexicon file beside this module."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


@cache
def words_of(key: str) -> frozenset[str]:
    """A word list of ``grammar.toml``.

    >>> "because" in words_of("subordinators")
    True
    """
    value = lexicon("grammar")[key]
    return frozenset(value.split() if isinstance(value, str) else value)


def inflect(lemma: str) -> dict[str, tuple[str, ...]]:
    """Forms of a verb, each with what it can be.

    >>> inflect("deny")
    {'deny': ('base',), 'denies': ('s',), 'denying': ('ing',), 'denied': ('past', 'participle')}
    >>> inflect("write")["wrote"], inflect("admit")["admitting"]
    (('past',), ('ing',))
    """
    irregular = lexicon("verbs")["irregular"]
    past, participle = irregular[lemma].split() if lemma in irregular else (_ed(lemma),) * 2
    forms: dict[str, tuple[str, ...]] = defaultdict(tuple)
    stem = past[:-2] if past.endswith(lemma[-1] * 2 + "ed") else lemma
    for word, form in (
        (lemma, "base"),
        (_s(lemma), "s"),
        (_ing(lemma, stem), "ing"),
        (past, "past"),
        (participle, "participle"),
    ):
        forms[word] += (form,)
    return dict(forms)


def _ed(lemma: str) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    return lemma[:-1] + "ied" if _consonant_y(lemma) else lemma + "ed"


def _s(lemma: str) -> str:
    if lemma.endswith(("s", "sh", "ch", "x", "o")):
        return lemma + "es"
    return lemma[:-1] + "ies" if _consonant_y(lemma) else lemma + "s"


def _ing(lemma: str, stem: str) -> str:
    doubled = {"let": "letting", "put": "putting", "set": "setting", "begin": "beginning"}
    doubled |= {"forbid": "forbidding", "hit": "hitting"}
    if lemma in doubled:
        return doubled[lemma]
    return (stem[:-1] if stem.endswith("e") and not stem.endswith("ee") else stem) + "ing"


def _consonant_y(lemma: str) -> bool:
    return lemma.endswith("y") and lemma[-2:-1] not in "aeou"


@cache
def _verbs() -> dict[str, tuple[Verb, ...]]:
    """Every form of every cue verb; longer phrases first."""
    table = lexicon("verbs")
    groups: dict[str, set[str]] = defaultdict(set)
    for group, verbs in table["groups"].items():
        for verb in verbs.split():
            groups[verb].add(group)
    found: dict[str, list[Verb]] = defaultdict(list)
    for key, of in groups.items():
        first, *rest = table["phrases"].get(key, key).split()
        for word, forms in inflect(first).items():
            for form in forms:
                found[word].append(Verb(" ".join([first, *rest]), form, tuple(rest), frozenset(of)))
    return {w: tuple(sorted(v, key=lambda x: -len(x.phrase))) for w, v in found.items()}


@cache
def _nouns() -> dict[str, frozenset[str]]:
    """Every cue noun with what may follow it and its lemma: ``that:claim``."""
    found: dict[str, set[str]] = defaultdict(set)
    for frame in ("that", "infinitive", "with_for", "with_of"):
        for lemma, words in lexicon("nouns")[frame].items():
            for word in words.split():
                found[word].add(f"{frame}:{lemma}")
    return {w: frozenset(v) for w, v in found.items()}


@cache
def noun_words(table: str) -> dict[str, str]:
    """Word to lemma of a table of ``nouns.toml``: carriers to "", judges to their verb."""
    rows = lexicon("nouns")[table]
    return {
        word: "" if lemma == "words" else lemma
        for lemma, words in rows.items()
        for word in words.split()
    }


@lru_cache(maxsize=60_000)
def form_of(text: str) -> Form:
    """What a word can be.

    >>> [(v.lemma, v.form) for v in form_of("denied").verbs]
    [('deny', 'past'), ('deny', 'participle')]
    >>> form_of("halted").finite, form_of("united").finite, form_of("Kyiv").capital
    (True, False, True)
    """
    low = text.lower().replace("’", "'")
    mark = not text[0].isalnum()
    verbs = _verbs().get(low, ())
    return Form(
        lower=low,
        capital=text[0].isupper(),
        mark=mark,
        determiner=low in words_of("determiners"),
        pronoun=low in words_of("pronouns") and (len(low) < 2 or not text.isupper()),
        auxiliary=low in words_of("auxiliaries") or low in words_of("finite"),
        finite=not text[0].isupper() and _is_finite(low, verbs),
        preposition=low in words_of("prepositions"),
        adverb=low in words_of("adverbs")
        or (low.endswith("ly") and len(low) > 4 and not text[0].isupper()),
        time=low in words_of("times") or low.isdigit(),
        number=text[0].isdigit(),
        ing=low.endswith("ing") and len(low) > 4,
        verbs=verbs,
        nouns=_nouns().get(low, frozenset()),
        demonym=low in words_of("demonyms"),
    )


def _is_finite(low: str, verbs: tuple[Verb, ...]) -> bool:
    if low in words_of("finite") or low in words_of("irregular_past") or low in words_of("s_verbs"):
        return True
    if any(v.form in ("past", "s") and not v.phrase for v in verbs):
        return low not in _nouns()
    return low.endswith("ed") and len(low) > 4 and low not in words_of("not_verbs")
