"""Statements found in documents: who says what, in which words; every span can be cut again.

These types are the shape of a line of ``statements.jsonl`` and the source of its JSON Schema.
A span counts code points of the decoded text, its end is exclusive, and it carries the words
that stood there: whoever loads an item cuts the text again and refuses one that differs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

UNKNOWN = "UNKNOWN"
"""An actor that the text does not tell, or that nobody may guess."""

NARRATOR = "MEDIA:narrator"
"""The voice of an article whose medium is not known."""

ACTOR = re.compile(
    r"UNKNOWN|MEDIA:[\w.+-]+|GRP:[\w.+-]+|[A-Z]{3}(?::[\w.+-]+)?",
)
"""ISO 3166-1 alpha-3 with an optional part, a medium, a group, or nobody known."""

PAIR = re.compile(r"GRP:([A-Z]{3}(?:\+[A-Z]{3})+)")
"""A group that is the sum of states, as in ``GRP:RUS+UKR``; the states in alphabetical order."""


class Kind(StrEnum):
    """What a statement does; ``docs/reading.md`` has the rules and examples of each."""

    COMMITMENT = "commitment"
    ACCEPTANCE = "acceptance"
    REFUSAL = "refusal"
    INTENTION = "intention"
    THREAT = "threat"
    AGREEMENT = "agreement"
    PROPOSAL = "proposal"
    DEMAND = "demand"
    CONDITION = "condition"
    META_CONDITIONS = "meta_conditions"
    ORDER = "order"
    CLAIM = "claim"
    ACCUSATION = "accusation"
    DENIAL = "denial"
    RETRACTION = "retraction"
    FEAR = "fear"
    EVALUATION_BY_PARTY = "evaluation_by_party"
    NON_RESPONSE = "non_response"
    OMISSION = "omission"
    NON_EVENT = "non_event"
    OPEN_QUESTION = "open_question"
    FACT_REPORT = "fact_report"
    EVALUATION = "evaluation"
    ASYMMETRY = "asymmetry"
    ASSESSMENT_FULFILMENT = "assessment_fulfilment"


BINDS_SPEAKER = frozenset(
    {Kind.COMMITMENT, Kind.INTENTION, Kind.THREAT, Kind.ACCEPTANCE, Kind.REFUSAL}
)
"""Kinds by which a speaker binds or frees itself; others bind those whom they name."""


class Attribution(StrEnum):
    """How the text tells whose words these are."""

    EXPLICIT = "explicit"
    """The speaker is named, or described so that nobody else can be meant."""
    ANAPHORIC = "anaphoric"
    """The speaker is a pronoun or a description that points back."""
    CONTINUED = "continued"
    """No speaker of its own: reported speech that goes on (Konjunktiv I, quotation marks)."""
    UNATTRIBUTED = "unattributed"
    """Reported, but the text does not say by whom ("it was said", "soll")."""
    NARRATOR = "narrator"
    """The text itself speaks."""
    NARRATOR_INFERENCE = "narrator_inference"
    """The text itself concludes or supposes ("offenbar", "damit ist klar")."""


class Polarity(StrEnum):
    """Whether the predicate of the content is affirmed or denied."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"


class Modality(StrEnum):
    """How the content is put: asserted, willed, owed, possible, allowed, hearsay."""

    ASSERTED = "asserted"
    WILLED = "willed"
    OWED = "owed"
    POSSIBLE = "possible"
    ALLOWED = "allowed"
    HEARSAY = "hearsay"


class Mood(StrEnum):
    """Grammatical mood of the content's finite verb."""

    INDICATIVE = "indicative"
    KONJUNKTIV_1 = "konjunktiv_1"
    KONJUNKTIV_2 = "konjunktiv_2"
    SUBJUNCTIVE = "subjunctive"
    IMPERATIVE = "imperative"
    INTERROGATIVE = "interrogative"
    NONFINITE = "nonfinite"
    """Infinitives, noun phrases: no finite verb."""


class Reciprocity(StrEnum):
    """Whether what is said binds one side or each towards the other."""

    MUTUAL = "mutual"
    ONE_SIDED = "one_sided"
    IF_OTHER = "if_other"
    """Only as long as, or if, the other side does the same."""
    UNSTATED = "unstated"


class Review(StrEnum):
    """Where an item stands between the machine's draft and a person's word."""

    DRAFT = "draft"
    """Passed every check of the machine; nobody has looked yet."""
    TO_REVIEW = "to_review"
    """A check was in doubt, or two readers differ: a person has to look."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EDITED = "edited"


def _is_actor(code: str) -> str:
    if not ACTOR.fullmatch(code):
        raise ValueError(
            f"{code!r} is no actor: expected one such as 'RUS', 'RUS:Kremlin', 'MEDIA:dpa', "
            "'GRP:EU' or 'UNKNOWN'"
        )
    return code


Actor = Annotated[str, AfterValidator(_is_actor)]


def state_of(actor: str) -> str:
    """The state of an actor, or the actor itself where it has none.

    >>> state_of("RUS:Kremlin"), state_of("MEDIA:dpa"), state_of("GRP:EU")
    ('RUS', 'MEDIA:dpa', 'GRP:EU')
    """
    return actor.split(":")[0] if re.match(r"(?!GRP:)[A-Z]{3}(:|$)", actor) else actor


def group_of(states: Iterable[str]) -> str:
    """The actor that stands for several states together.

    >>> group_of(["UKR", "RUS:Kremlin"]), group_of(["UKR"])
    ('GRP:RUS+UKR', 'UKR')
    """
    names = sorted({state_of(s) for s in states})
    return names[0] if len(names) == 1 else "GRP:" + "+".join(names)


def members_of(actor: str) -> tuple[str, ...]:
    """The states of a group, or the actor alone.

    >>> members_of("GRP:RUS+UKR"), members_of("USA:Trump")
    (('RUS', 'UKR'), ('USA:Trump',))
    """
    pair = PAIR.fullmatch(actor)
    return tuple(pair[1].split("+")) if pair else (actor,)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Part):
    """A stretch of the decoded text in code points, with the words that stand there."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str

    @model_validator(mode="after")
    def _holds(self) -> Self:
        if len(self.text) != self.end - self.start or not self.text:
            raise ValueError(
                f"span {self.start} to {self.end} cannot hold {len(self.text)} code points"
            )
        return self

    @classmethod
    def cut(cls, text: str, start: int, end: int) -> Self:
        """The span of a text.

        >>> Span.cut("Er sagte zu.", 3, 8).text
        'sagte'
        """
        return cls(start=start, end=end, text=text[start:end])


Spans = tuple[Span, ...]


class Speaker(_Part):
    """Whose words they are, and where the text says so (no span: it does not say)."""

    actor: Actor = UNKNOWN
    spans: Spans = ()


class Cue(_Part):
    """The words that announce reported speech or do the act, with their dictionary form."""

    lemma: str = ""
    spans: Spans = ()


class Link(_Part):
    """One voice of a chain, outermost first: the agency reports that the press office says ..."""

    actor: Actor
    spans: Spans = ()
    cue: Spans = ()


class Conditionality(_Part):
    """Whether the content holds only under a condition, and the item that is the condition."""

    type: Literal["none", "if", "unless", "only_if", "provided", "until", "as_long_as"] = "none"
    condition: str | None = None
    """Id of the item that is the condition."""
    spans: Spans = ()
    """The words that make it conditional."""


class Scope(_Part):
    """Limits that the words themselves set: means, places, exceptions ("only", "except")."""

    acts: tuple[str, ...] = ()
    """Names of the tree of acts of ``trees.toml``."""
    means: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """As worded."""
    limits: Spans = ()
    """The words that narrow: "nur", "ausschließlich", "except for"."""


class Number(_Part):
    """A number as worded, with the word that it counts and how exactly it is meant."""

    value: float
    unit: str = ""
    qualifier: Literal["exact", "at_least", "at_most", "about", "more_than", "less_than"] = "exact"
    span: Span


class Times(_Part):
    """Times that the content states; ISO 8601 where the words allow it."""

    duration: str | None = None
    """ISO 8601 duration, as in ``P30D``."""
    deadline: str | None = None
    """Last day or instant, as a date, or the words where no date follows from them."""
    effective: str | None = None
    """From when: a date, "immediately", or the words."""
    spans: Spans = ()


class Reviewed(_Part):
    """Where an item stands, and why a person has to look at it."""

    state: Review = Review.DRAFT
    reasons: tuple[str, ...] = ()


class Item(_Part):
    """One statement: grounded in exact spans, drafted by a machine until a person signs."""

    id: str
    document: str = Field(pattern=r"^[0-9a-f]{64}$")
    kind: Kind
    content: Spans = Field(min_length=1)
    speaker: Speaker
    cue: Cue = Cue()
    attribution: Attribution
    chain: tuple[Link, ...] = ()
    debtor: Actor | None = None
    """Who would have to act or abstain; of an accusation the accused."""
    beneficiary: Actor | None = None
    """Towards whom; of an accusation whom it is said to have hit."""
    polarity: Polarity = Polarity.AFFIRMED
    modality: Modality = Modality.ASSERTED
    mood: Mood = Mood.INDICATIVE
    hedges: Spans = ()
    numbers: tuple[Number, ...] = ()
    conditionality: Conditionality = Conditionality()
    reciprocity: Reciprocity = Reciprocity.UNSTATED
    scope: Scope = Scope()
    object_classes: tuple[str, ...] = ()
    """Names of the tree of object classes of ``trees.toml``."""
    time: Times = Times()
    status: str = "not_checked"
    """What the text says of its checking: not_checked, not_verifiable, not_confirmed, confirmed,
    disputed."""
    codes: dict[str, str] = Field(default_factory=dict)
    """By scheme: plover, cameo, eth_prio, pax; only where a code exists."""
    language: str = ""
    engine: str
    rule: str
    review: Reviewed = Reviewed()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for one, two in zip(self.content, self.content[1:], strict=False):
            if two.start < one.end:
                raise ValueError(
                    f"content spans {one.start} and {two.start} overlap or are swapped"
                )
        return self

    def spans(self) -> Iterator[tuple[str, Span]]:
        """Every span with the field that it belongs to."""
        yield from _spans_in("", self)

    @property
    def words(self) -> str:
        """The content as one line of text."""
        return " … ".join(span.text for span in self.content)


def _spans_in(path: str, part: Any) -> Iterator[tuple[str, Span]]:
    if isinstance(part, Span):
        yield path, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _spans_in(f"{path}.{name}" if path else name, getattr(part, name))
    elif isinstance(part, tuple):
        for n, one in enumerate(part):
            yield from _spans_in(f"{path}[{n}]", one)


def item_id(document: str, kind: str, content: Iterable[tuple[int, int]]) -> str:
    """An id that depends on the document and the place alone, and survives a second reading.

    >>> item_id("0" * 64, "claim", [(3, 8)])
    'i-9008152da6'
    """
    raw = "\n".join([document, kind, *(f"{start}-{end}" for start, end in content)])
    return "i-" + hashlib.sha256(raw.encode()).hexdigest()[:10]


@dataclass(frozen=True)
class Document:
    """A text with everything that reading it depends on.

    ``sha256`` is the hash of the bytes as received, ``text_sha256`` that of the decoded text in
    UTF-8, which the spans count.
    """

    name: str
    text: str
    sha256: str
    language: str
    medium: str = NARRATOR
    """The actor that narrates: ``MEDIA:dpa`` where the text names its agency."""
    dated: str | None = None
    """Day of the text (ISO 8601) where it states one: relative dates start from it."""
    form: str = "text"
    """text, html, pdf, docx."""
    complete: bool = True
    """The whole document is held; only then can it be said to leave something out."""
    notes: tuple[str, ...] = field(default=())
    """What the reader of its format has to tell: pages without text, bytes replaced."""

    @property
    def text_sha256(self) -> str:
        """Hash of the decoded text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()
