"""German word forms: what a single word can be, and which cue verbs it can be a form of."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import simplemma


class Flag:
    """What a word can be, several at once: bits of a plain integer, for speed."""

    NONE = 0
    ARTICLE = 1 << 0
    OBLIQUE = 1 << 1
    PREPOSITION = 1 << 2
    SUBORDINATOR = 1 << 3
    QUESTION = 1 << 4
    RELATIVE = 1 << 5
    COORDINATOR = 1 << 6
    PRONOUN = 1 << 7
    AUXILIARY = 1 << 8
    KONJUNKTIV_1 = 1 << 9
    KONJUNKTIV_2 = 1 << 10
    FINITE = 1 << 11
    INFINITIVE = 1 << 12
    PARTICIPLE = 1 << 13
    ZU_INFINITIVE = 1 << 14
    CAPITAL = 1 << 15
    MARK = 1 << 16
    NUMBER = 1 << 17
    QUOTE = 1 << 18
    NOUN_CUE = 1 << 19
    TIME = 1 << 20


@dataclass(frozen=True, slots=True)
class Cue:
    """One reading of a word as a form of a cue verb.

    ``prefix``: the separated particle that has to follow; ``form``: finite, participle or
    infinitive.
    """

    lemma: str
    prefix: str
    form: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Word:
    """A word's form with everything that does not depend on its place."""

    text: str
    lower: str
    flags: int
    cues: tuple[Cue, ...]
    lemma: str

    def has(self, flags: int) -> bool:
        """Whether it can be one of these."""
        return bool(self.flags & flags)


@cache
def lexicon(name: str) -> dict[str, Any]:
    """A lexicon file beside this module.

    >>> "dass" in lexicon("grammar")["subordinators"].split()
    True
    """
    return tomllib.loads(
        resources.files("truceline.words.german").joinpath(f"{name}.toml").read_text("utf-8")
    )


@cache
def words_of(name: str, key: str) -> frozenset[str]:
    """A word list of a lexicon file."""
    return frozenset(str(lexicon(name)[key]).split())


def inflect(lemma: str) -> dict[str, str]:
    """Forms of a verb without separable prefix: form to finite, participle or infinitive.

    >>> sorted(inflect("sprechen"))
    ['gesprochen', 'sprach', 'sprachen', 'spreche', 'sprechen', 'spricht']
    >>> inflect("widersprechen")["widersprochen"], inflect("melden")["meldete"]
    ('participle', 'finite')
    """
    verbs = lexicon("verbs")
    prefix, base = "", lemma
    inseparable = [p for p in verbs["inseparable"]["prefixes"].split() if lemma.startswith(p)]
    for one in sorted(inseparable, key=len, reverse=True):
        if lemma[len(one) :] in verbs["irregular"]:
            prefix, base = one, lemma[len(one) :]
            break
    stem = base[:-2] if base.endswith("en") else base[:-1]
    if base in verbs["irregular"]:
        past, participle, third = verbs["irregular"][base].split()
        if prefix:
            participle = participle.removeprefix("ge")
    else:
        link = "e" if stem.endswith(("t", "d", "chn", "ffn", "dn", "gn", "dm", "tm")) else ""
        past, third = f"{stem}{link}te", f"{stem}{link}t"
        bare = inseparable or lemma.endswith("ieren")
        participle = third if bare else f"ge{third}"
    plural = past + ("n" if past.endswith("e") else "en")
    found = [(f, "finite") for f in (past, plural, third, stem + "e")]
    found += [(participle, "participle"), (base, "infinitive")]
    forms: dict[str, str] = {}
    for form, kind in found:
        form = prefix + form
        if kind not in forms.get(form, "").split():
            forms[form] = f"{forms[form]} {kind}" if form in forms else kind
    return forms


@cache
def cue_forms() -> dict[str, tuple[Cue, ...]]:
    """Every form of every cue verb."""
    groups: dict[str, set[str]] = {}
    for name, listed in lexicon("verbs")["groups"].items():
        for verb in listed.split():
            groups.setdefault(verb, set()).add(name)
    found: dict[str, dict[Cue, None]] = {}
    for verb, names in groups.items():
        prefix, _, base = verb.rpartition("|")
        of = frozenset(names)
        for form, kinds in inflect(base).items():
            for kind in kinds.split():
                joined = found.setdefault(prefix + form, {})
                joined[Cue(prefix + base, "", kind, of)] = None
                if kind == "infinitive":
                    joined[Cue(prefix + base, "", "plural", of)] = None
                    zu = found.setdefault(f"{prefix}zu{form}", {}) if prefix else {}
                    zu[Cue(prefix + base, "", "infinitive", of)] = None
                if prefix and kind in ("finite", "infinitive"):
                    apart = "finite" if kind == "finite" else "plural"
                    found.setdefault(form, {})[Cue(prefix + base, prefix, apart, of)] = None
    return {form: tuple(cues) for form, cues in found.items()}


NAMED = re.compile(r"[a-z]{1,4}-?[A-ZÄÖÜ]")
"""Names with a small article: "el-Hakim"."""

MOODS = Flag.KONJUNKTIV_1 | Flag.KONJUNKTIV_2

_CLASSES = (
    ("articles", Flag.ARTICLE),
    ("oblique", Flag.OBLIQUE),
    ("prepositions", Flag.PREPOSITION),
    ("subordinators", Flag.SUBORDINATOR),
    ("questions", Flag.QUESTION),
    ("relatives", Flag.RELATIVE),
    ("coordinators", Flag.COORDINATOR),
    ("conj1", Flag.KONJUNKTIV_1 | Flag.FINITE),
    ("conj2", Flag.KONJUNKTIV_2 | Flag.FINITE),
    ("auxiliaries", Flag.AUXILIARY | Flag.FINITE),
)


@cache
def _closed() -> dict[str, int]:
    found: dict[str, int] = {}
    for key, flag in _CLASSES:
        for one in words_of("grammar", key):
            found[one] = found.get(one, Flag.NONE) | flag
    for one in words_of("speakers", "pronouns"):
        found[one] = found.get(one, Flag.NONE) | Flag.PRONOUN
    return found


@lru_cache(maxsize=200_000)
def word(text: str) -> Word:
    """What a word can be.

    >>> word("habe").has(Flag.KONJUNKTIV_1), word("gehe").has(Flag.KONJUNKTIV_1)
    (True, True)
    >>> word("heute").has(Flag.FINITE), word("große").has(Flag.FINITE)
    (False, False)
    >>> [c.lemma for c in word("teilte").cues]
    ['mitteilen']
    """
    lower = text.lower()
    flags = Flag.NONE
    if not text[:1].isalnum():
        return Word(text, lower, Flag.MARK, (), lower)
    if text[0].isdigit():
        return Word(text, lower, Flag.NUMBER, (), lower)
    closed = _closed().get(lower, Flag.NONE)
    cues = cue_forms().get(lower, ())
    lemma = lower
    if text[0].isupper() or NAMED.match(text):
        flags |= Flag.CAPITAL
        if text in words_of("speakers", "times"):
            flags |= Flag.TIME
        elif _noun_cue(text):
            flags |= Flag.NOUN_CUE
    if not closed or closed & Flag.FINITE:
        lemma = simplemma.lemmatize(lower, "de")
        flags |= _verb(lower, lemma)
    if cues and not closed:
        forms = {c.form for c in cues}
        flags |= Flag.FINITE if forms & {"finite", "plural"} else Flag.NONE
        flags |= Flag.PARTICIPLE if "participle" in forms else Flag.NONE
    return Word(text, lower, flags | closed, cues, lemma)


@cache
def _noun_cue(text: str) -> bool:
    nouns = words_of("nouns", "saying")
    text = text.rpartition("-")[2] if text[-1:].isalpha() else text
    return text in nouns or any(
        text.endswith(end) and text[: -len(end)] in nouns for end in ("n", "en", "e", "s", "es")
    )


def _verb(lower: str, lemma: str) -> int:
    """Verb forms by their lemma; a form in -e of an infinitive is Konjunktiv I."""
    if lower in words_of("grammar", "not_verbs") or not lemma.endswith("n"):
        return Flag.NONE
    if not lemma.endswith(("en", "rn", "ln", "tun", "sein")) or not lemma[0].islower():
        return Flag.NONE
    if lower in ("worden", "gewesen", "geworden"):
        return Flag.PARTICIPLE
    if lower == lemma:
        if not simplemma.is_known(lower, "de"):
            return Flag.NONE
        return Flag.INFINITIVE | Flag.FINITE
    if lower + "n" == lemma or (lower.endswith("e") and lower[:-1] + "n" == lemma):
        return Flag.KONJUNKTIV_1 | Flag.FINITE
    for at in (lower.find("zu"), lower.rfind("zu")):
        if at >= 0 and lower[:at] + lower[at + 2 :] == lemma:
            return Flag.ZU_INFINITIVE
    ge = lower.find("ge")
    bare = ge >= 0 and lemma.startswith(lower[:ge]) and not lemma.startswith(lower[: ge + 2])
    if (lower.endswith(("t", "en")) and (bare or "gege" in lower)) or (
        lower.endswith("en") and lemma.startswith(("be", "ver", "er", "ent", "zer"))
    ):
        return Flag.PARTICIPLE
    if lower.endswith("t") and lemma.startswith(("be", "ver", "er", "ent", "zer")):
        return Flag.PARTICIPLE | Flag.FINITE
    return Flag.FINITE


@lru_cache(maxsize=50_000)
def opening_word(text: str) -> Word:
    """A word at the start of a sentence: a capital letter there does not make it a noun.

    >>> opening_word("Dabei").has(Flag.CAPITAL), opening_word("Merkel").has(Flag.CAPITAL)
    (False, True)
    """
    one = word(text)
    if not one.flags & Flag.CAPITAL or text[1:2].isupper():
        return one
    small = word(text.lower())
    if small.lower in words_of("grammar", "adverbs"):
        return Word(text, small.lower, small.flags, small.cues, small.lemma)
    if small.has(Flag.FINITE) and not small.has(Flag.AUXILIARY | Flag.PARTICIPLE | MOODS):
        return Word(text, one.lower, one.flags & ~(Flag.FINITE | Flag.INFINITIVE), (), one.lemma)
    if not small.flags & ~(Flag.FINITE | Flag.INFINITIVE | Flag.PARTICIPLE | Flag.KONJUNKTIV_1):
        if text in words_of("speakers", "times") or one.has(Flag.NOUN_CUE):
            return one
        if text.endswith("end") and text not in words_of("speakers", "nouns_in_end"):
            return Word(text, small.lower, small.flags, small.cues, small.lemma)
        known = small.lemma != small.lower or simplemma.is_known(small.lower, "de")
        if not known or simplemma.lemmatize(text, "de")[0].isupper():
            return one
    return Word(text, small.lower, small.flags, small.cues, small.lemma)


QUOTE_WORD = Word("„…“", "„…“", Flag.QUOTE, (), "")
