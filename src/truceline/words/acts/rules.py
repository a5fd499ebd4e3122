"""The kind of a statement from its predicate, by ordered rules of a data file per language.

A cue that only says that somebody spoke decides nothing.  A cue that is an act decides where
the content has no predicate of its own; some acts (a denial, a demand) decide always, since
what they enclose is what is denied or demanded.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from truceline.domain.words import Kind

DENIES = re.compile(r"nicht|kein|not\b|\bno\b|nothing|never")
"""What a turn of phrase that holds a negation of its own is told by."""

DOUBTS = frozenset({"bezweifeln", "zweifeln", "doubt"})
"""Judgements that leave nothing of their content standing."""

CONTENT_FIRST = frozenset({"intention", "fear", "evaluation_by_party", "claim"})
"""Acts whose content is asked first: one can warn with a threat and announce a commitment."""


@dataclass(frozen=True)
class View:
    """A clause as the rules see it.

    ``words`` and ``lemmas`` are lines of words in lower case; ``subject`` is self, other or none.
    """

    words: str
    lemmas: str
    verbs: frozenset[str]
    voice: str
    subject: str = "none"
    negated: bool = False

    @property
    def line(self) -> str:
        """What patterns are searched in."""
        return f"{self.words} | {self.lemmas}"


@dataclass(frozen=True)
class Decided:
    """A kind, and the rule that gave it."""

    kind: Kind
    rule: str


@dataclass(frozen=True)
class Rule:
    """One row of a data file; see there for the meaning of the keys."""

    id: str
    kind: str
    has: re.Pattern[str]
    also: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    voice: str
    verbs: frozenset[str]
    subject: str
    negated: bool | None
    only_words: bool = False

    def fits(self, view: View) -> bool:
        """Whether every part of the rule holds."""
        line = view.words if self.only_words else view.line
        return (
            self.voice in ("any", view.voice)
            and (not self.verbs or bool(self.verbs & view.verbs))
            and (self.negated is None or self.negated == view.negated)
            and (self.subject != "self" or view.subject == "self")
            and (self.subject != "other" or view.subject != "self")
            and (self.subject != "none" or view.subject == "none")
            and (self.subject != "against" or view.subject == "other")
            and bool(self.has.search(line))
            and (self.also is None or bool(self.also.search(line)))
            and not (self.unless is not None and self.unless.search(line))
        )


@dataclass(frozen=True)
class Rules:
    """All rules of one language."""

    cues: Mapping[str, str]
    acts: Mapping[str, str]
    neutral: frozenset[str]
    negated: Mapping[str, str]
    objects: tuple[Rule, ...]
    idioms: tuple[Rule, ...]
    ordered: tuple[Rule, ...]


def _rule(row: Mapping[str, object], name: str) -> Rule:
    def pattern(key: str) -> re.Pattern[str] | None:
        return re.compile(str(row[key])) if key in row else None

    return Rule(
        id=str(row.get("id", name)),
        kind=str(row["kind"]),
        has=pattern("has") or re.compile(r"\w"),
        also=pattern("and"),
        unless=pattern("unless"),
        voice=str(row.get("voice", "any")),
        verbs=frozenset(str(row.get("verbs", "")).split()),
        subject=str(row.get("subject", "any")),
        negated=bool(row["negated"]) if "negated" in row else None,
        only_words=row.get("only") == "words",
    )


def _by_verb(table: Mapping[str, str]) -> dict[str, str]:
    """Dictionary form to act; the first act that names it keeps it."""
    found: dict[str, str] = {}
    for act, verbs in table.items():
        for verb in verbs.split():
            found.setdefault(verb, act)
    return found


@cache
def rules_of(language: str) -> Rules:
    """Rules of a language; of one without rules those of English."""
    name = language if language in ("de", "en") else "en"
    table = tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
    return Rules(
        cues=_by_verb(table["cues"]),
        acts=_by_verb(table["acts"]),
        neutral=frozenset(table["neutral"]["verbs"].split()),
        negated=table["negated"],
        objects=tuple(_rule(r, f"{name}.object.{n}") for n, r in enumerate(table["object"])),
        idioms=tuple(_rule(r, f"{name}.idiom.{r['kind']}") for r in table["idiom"]),
        ordered=tuple(_rule(r, f"{name}.{n}") for n, r in enumerate(table["rule"])),
    )


def act_of(verb: str, language: str) -> str | None:
    """The act that a verb tells by itself; None of a verb that only says that somebody spoke.

    >>> act_of("ablehnen", "de"), act_of("sagen", "de")
    ('refusal', None)
    """
    return rules_of(language).acts.get(verb)


def announces(verb: str, language: str, *, neutral: bool = False) -> bool:
    """Whether a verb can enclose what somebody says; ``neutral``: whether it does nothing else.

    >>> announces("vereinbaren", "de"), announces("vereinbaren", "de", neutral=True)
    (True, False)
    """
    rules = rules_of(language)
    if neutral:
        return verb in rules.neutral
    return verb in rules.neutral or verb in rules.acts or verb in rules.cues


def _object_decides(verb: str, view: View, rules: Rules) -> Rule | None:
    for rule in rules.objects:
        barred = rule.unless is not None and rule.unless.search(view.line)
        heard = rule.voice in ("any", view.voice)
        if heard and verb in rule.verbs and rule.has.search(view.line) and not barred:
            return rule
    return None


def decide(
    view: View, language: str, cue: str = "", *, finite: bool = True, act: str | None = None
) -> Decided:
    """The kind of a clause; ``cue`` is the dictionary form that announces it, blank if none.

    ``finite`` tells whether the content has a predicate of its own; ``act`` is the act that a
    turn of phrase around it is.

    >>> said = View("man werde keine anlagen angreifen", "man werden kein anlage angreifen",
    ...             frozenset({"angreifen"}), "party", "self", True)
    >>> decide(said, "de", "sagen").kind.value
    'commitment'
    >>> decide(said, "de", "dementieren").kind.value  # a denial encloses what it denies
    'denial'
    """
    rules = rules_of(language)
    if not act and cue and cue not in rules.neutral:
        act = rules.cues.get(cue)
    row = _object_decides(cue, view, rules) if act else None
    if row is not None and row.kind:
        return Decided(Kind(row.kind), row.id)
    if act and (act not in CONTENT_FIRST or not finite or cue in DOUBTS):
        return Decided(Kind(act), f"{language}.cue.{act}")
    by_content = next(r for r in rules.ordered if r.fits(view))
    if act and by_content.kind in ("claim", "fact_report"):
        return Decided(Kind(act), f"{language}.cue.{act}")
    return Decided(Kind(by_content.kind), by_content.id)


def decide_act(verbs: tuple[str, ...], view: View, language: str) -> tuple[Decided, str] | None:
    """The act that a clause tells by its own verb, and that verb; None if it tells none.

    >>> told = View("moskau lehnte eine pause ab", "moskau ablehnen ein pause",
    ...             frozenset({"ablehnen"}), "narrator")
    >>> decide_act(("ablehnen",), told, "de")[0].kind.value
    'refusal'
    """
    rules = rules_of(language)
    for verb in verbs:
        act = rules.acts.get(verb)
        if act is None:
            continue
        row = _object_decides(verb, view, rules)
        if row is not None and not row.kind:
            continue
        kind = row.kind if row is not None else act
        if view.negated:
            kind = rules.negated.get(kind, kind)
        return Decided(Kind(kind), f"{language}.act.{verb}"), verb
    idiom = next((r for r in rules.idioms if r.fits(view)), None)
    told = idiom.has.search(view.line) if idiom is not None else None
    if idiom is None or told is None or (view.negated and not DENIES.search(told[0])):
        return None
    return Decided(Kind(idiom.kind), idiom.id), verbs[0] if verbs else ""
