"""What every part of a draft is made with: sides, names, zones, comments, gaps."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from unicodedata import category

from babel import Locale
from babel.core import get_global

from truceline.domain.words import (
    UNKNOWN,
    Attribution,
    Document,
    Item,
    Kind,
    Polarity,
    Review,
    state_of,
)
from truceline.words.actors import Registry

Line = dict[str, Any]
"""A line of terms: keys as in ``agreement.yaml``.  Under ``#`` are comments that stand before
the line, under ``#key`` those that stand before a key; `plain_terms` takes them out."""

TERMS = (Kind.COMMITMENT, Kind.ACCEPTANCE, Kind.AGREEMENT)
"""Kinds of statements that can state an obligation."""

SHOWN_WORDS = 200
"""Code points of a quotation in a line of terms; a longer one is cut at a word."""


@cache
def known() -> Mapping[str, Any]:
    """The patterns and zones of ``draft.toml``."""
    text = files(__package__).joinpath("draft.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def says(cue: str, *words: str) -> bool:
    """Whether one of the texts has words of a cue of ``draft.toml``.

    >>> says("abstain", "auf Angriffe zu verzichten"), says("abstain", "to strike again")
    (True, False)
    """
    return any(re.search(known()["cues"][cue], text.lower()) for text in words)


def sides_of(actor: str | None) -> tuple[str, ...]:
    """Codes of the states and groups that an actor stands for; none of a medium or UNKNOWN.

    >>> sides_of("RUS:Kremlin"), sides_of("GRP:RUS+UKR"), sides_of("GRP:Hamas"), sides_of(None)
    (('RUS',), ('RUS', 'UKR'), ('Hamas',), ())
    """
    if actor is None or actor == UNKNOWN or actor.startswith("MEDIA:"):
        return ()
    names = state_of(actor).removeprefix("GRP:").split("+")
    codes = (re.sub(r"[^A-Za-z0-9_-]", "-", name) for name in names)
    return tuple(code if code[:1].isalpha() else f"G{code}" for code in codes)


def name_of(code: str) -> str:
    """English name of a state from CLDR; a group is called by its code.

    >>> name_of("UKR"), name_of("Hamas")
    ('Ukraine', 'Hamas')
    """
    two = get_global("territory_aliases").get(code, [""])[0]
    return Locale("en").territories.get(two, code) if len(code) == 3 else code


def zone_of(code: str) -> str | None:
    """Zone of the capital of a state; None of a group.

    >>> zone_of("RUS"), zone_of("Hamas")
    ('Europe/Moscow', None)
    """
    found: str | None = known()["zones"].get(code)
    return found


def quoted(words: str) -> str:
    """Words of a document as a quotation, not longer than a line of terms can bear.

    Line ends and characters that steer a terminal or the direction of writing are left out;
    ``statements.jsonl`` has the words exactly.

    >>> quoted("wer die  Feuerpause\\x00überwacht")
    '“wer die Feuerpause überwacht”'
    """
    shown = (c if category(c)[0] != "C" else "" if category(c) == "Cf" else " " for c in words)
    text = re.sub(r"\s+", " ", "".join(shown)).strip().strip('“”„"»«')
    if len(text) > SHOWN_WORDS:
        text = text[:SHOWN_WORDS].rsplit(" ", 1)[0] + " …"
    return f"“{text}”"


def abstains(item: Item) -> bool:
    """Whether a statement of terms binds somebody to abstain from an act.

    A denied content binds ("will not strike"), and an affirmed one that ceases ("halt strikes");
    a denied cessation binds nobody, nor does an affirmed act.
    """
    ceases = says("abstain", item.words)
    return bool(item.scope.acts) and (item.polarity is Polarity.NEGATED) is not ceases


def is_duty(item: Item) -> bool:
    """Whether a statement states an obligation with its acts.

    That a side will not act is one in its content, whether it is read as a promise or a refusal.
    """
    refuses = item.kind is Kind.REFUSAL and item.polarity is Polarity.NEGATED
    return (item.kind in TERMS or refuses) and abstains(item)


@dataclass
class Desk:
    """Statements to draft from, and what was found out on the way."""

    items: tuple[Item, ...]
    documents: Mapping[str, Document]
    registry: Registry | None = None
    parties: tuple[str, ...] = ()
    others: dict[str, str] = field(default_factory=dict)
    """Sides that are bound by nothing, with their role."""
    gaps: list[str] = field(default_factory=list)
    questions: list[Line] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    """Ids of statements that are the occasion of a way out: no demands of their own."""

    @classmethod
    def of(
        cls, items: Iterable[Item], documents: Iterable[Document], registry: Registry | None = None
    ) -> Desk:
        """Statements that nobody has rejected."""
        kept = tuple(i for i in items if i.review.state is not Review.REJECTED)
        return cls(kept, {document.sha256: document for document in documents}, registry)

    def name(self, side: str) -> str:
        """English name of a side: that of CLDR, or of the registry for an invented state."""
        state = self.registry.facts.states.get(side) if self.registry else None
        own = state.en.name.split(",")[0].strip() if state else ""
        found = name_of(side)
        return own if own and found == side else found

    def speakers(self, item: Item) -> tuple[str, ...]:
        """Sides whose words a statement is; that of a communiqué without speaker is its issuer."""
        found = sides_of(item.speaker.actor)
        if found or item.attribution is Attribution.NARRATOR_INFERENCE:
            return found
        return sides_of(self.documents[item.document].medium)

    def tellers(self, item: Item) -> tuple[str, ...]:
        """Sides that state what a speaker does: terms stand as they are told.

        What one side tells of another's consent is the reading of the side that tells it.
        """
        for link in reversed(item.chain):
            if found := sides_of(link.actor):
                return found
        return self.speakers(item)

    def told_by(self, side: str) -> list[Item]:
        """Statements as a side tells them."""
        return [i for i in self.items if side in self.tellers(i)]

    def other(self, side: str, role: str) -> None:
        """Make sure that a side has a name in the agreement."""
        if side not in self.parties:
            self.others.setdefault(side, role)

    def where(self, items: Sequence[Item]) -> Line:
        """All territories: no statement draws a map that a code could stand for."""
        worded = dict.fromkeys(place for item in items for place in item.scope.places)
        return {
            "territory_of": list(self.parties),
            "including_held": True,
            "source": ids_of(items),
            "#": [
                "not stated: an area; the territories of all parties stand here",
                *(f"places as worded: {', '.join(worded)}" for _ in range(bool(worded))),
            ],
        }

    def prohibition(self, items: Sequence[Item]) -> Line:
        """Acts, means and objects of statements that say the same of them."""
        scope, line = items[0].scope, Line()
        line["acts"] = list(scope.acts)
        if scope.means:
            line["means"] = list(scope.means)
        line["against"] = list(items[0].object_classes) or ["object"]
        if not items[0].object_classes:
            line["#against"] = ["not stated: no objects are named; `object` stands for anything"]
        limits = dict.fromkeys(span.text for item in items for span in item.scope.limits)
        if limits:
            line["#acts"] = [f"limits as worded: {', '.join(limits)}"]
        line["source"] = ids_of(items)
        return line

    def ask(self, stem: str, text: str, by: Sequence[str], items: Sequence[Item]) -> None:
        """Put down what the statements leave open."""
        raised = [side for side in dict.fromkeys(by) if side in (*self.parties, *self.others)]
        line: Line = {"id": numbered(stem, [q["id"] for q in self.questions]), "text": text}
        if not raised:
            line["#raised_by"] = ["not stated: no side asks it; all parties stand here"]
        line |= {"raised_by": raised or list(self.parties), "answered": False}
        self.questions.append(line | {"source": ids_of(items), "#": doubts(items)})


def ids_of(items: Iterable[Item]) -> list[str]:
    """Ids of statements, each once."""
    return list(dict.fromkeys(item.id for item in items))


def doubts(items: Iterable[Item]) -> list[str]:
    """A comment for every statement that a person has to look at."""
    return [
        f"to review: {item.id}: {'; '.join(item.review.reasons) or 'no reason is given'}"
        for item in items
        if item.review.state is Review.TO_REVIEW
    ]


def numbered(stem: str, taken: Sequence[str]) -> str:
    """A code that is not taken yet.

    >>> numbered("strike on energy", ["strike-on-energy"])
    'strike-on-energy-2'
    """
    code = re.sub(r"[^A-Za-z0-9]+", "-", stem)[:60].strip("-").lower()
    n = 1
    while (name := code if n == 1 else f"{code}-{n}") in taken:
        n += 1
    return name


def plain_terms(part: Any) -> Any:
    """Terms without their comments, as they are read from ``agreement.yaml``.

    >>> plain_terms({"#": ["a comment"], "id": "x", "list": [{"#id": ["b"], "id": "y"}]})
    {'id': 'x', 'list': [{'id': 'y'}]}
    """
    if isinstance(part, dict):
        return {k: plain_terms(v) for k, v in part.items() if not k.startswith("#")}
    return [plain_terms(one) for one in part] if isinstance(part, list) else part
