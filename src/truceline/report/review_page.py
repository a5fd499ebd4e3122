"""The page on which people read statements beside their text, and decide about them.

The same page is a file that needs nothing (read-only, and readable without its script) and what
`truceline review` serves, then with buttons and keys.  Documents are untrusted: all is escaped,
and the page may load nothing from anywhere.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from markupsafe import Markup

from truceline.archive.reading import Reading
from truceline.domain.decisions import Decision, Judged
from truceline.domain.said import Said
from truceline.domain.words import Document, Item, Review, Span
from truceline.report.environment import environment, resource, style_css
from truceline.report.plain import Item as Plain
from truceline.report.review_codes import ROLE_NAMES, TABLES
from truceline.report.review_marks import ODD, ROLES, Piece, marks_of, pieces, visible
from truceline.report.tongue import LANGUAGES, Tongue

OPEN = (Review.DRAFT, Review.TO_REVIEW)
"""States in which nobody has decided."""

NO_PARTIES: Plain = {"agreement": {"parties": {}, "third_parties": {}}}
"""A page of statements names actors by their codes."""


@dataclass(frozen=True)
class Card:
    """One item on the page, with what the edit form starts from."""

    label: str
    item: Item
    root: str
    whole: str | None
    """Id of the item of which this is a part."""
    decisions: tuple[Decision, ...]
    others: tuple[Decision, ...]
    """Decisions of other reviewers about the machine's item."""

    @property
    def form(self) -> Plain:
        """Values of the edit form."""
        item = self.item
        return {
            "kind": item.kind.value,
            "actor": item.speaker.actor,
            "attribution": item.attribution.value,
            "polarity": item.polarity.value,
            "modality": item.modality.value,
            "condition": item.conditionality.type,
            "reciprocity": item.reciprocity.value,
            "debtor": item.debtor or "",
            "beneficiary": item.beneficiary or "",
            "duration": item.time.duration or "",
            "deadline": item.time.deadline or "",
            "effective": item.time.effective or "",
            "content": _quotes(item.content),
            "speaker": _quotes(item.speaker.spans),
        }


@dataclass(frozen=True)
class Served:
    """What a served page has beyond the file: who reviews, and the nonce of its script."""

    reviewer: str
    nonce: str


class ReviewPage:
    """The page and its parts, in one language.

    ``view`` has for each item of the reading what it has become, in the order of the items; None:
    as the machine left it.  ``others`` are decisions of other reviewers that may be shown.
    """

    def __init__(
        self,
        reading: Reading,
        view: Sequence[Sequence[Judged]] | None = None,
        *,
        language: str = "en",
        others: Iterable[Decision] = (),
        served: Served | None = None,
    ) -> None:
        self._reading, self._served = reading, served
        self.language = language
        self._cards = _cards(reading, view or [[Judged(i, i.id)] for i in reading.items], others)
        tongue = Tongue(language, NO_PARTIES, html=True)
        made = environment(tongue)
        made.globals.update(
            tables=TABLES,
            roles=ROLES,
            role_names={role: tongue.gettext(ROLE_NAMES[role]) for role in ROLES},
            name_of=lambda table, code: tongue.gettext(TABLES[table][code]),
            seen=_seen,
            labels={card.item.id: card.label for ones in self._cards.values() for card in ones},
            served=served,
            language=language,
        )
        self._made = made
        self._parts = made.get_template("review_parts.j2").module

    def cards(self, root: str) -> str:
        """The card of one item of the machine, or those of its parts."""
        return guarded(self._parts.cards(self._cards[root]))  # type: ignore[attr-defined]

    def text(self, document: str) -> str:
        """The text of a document with its marks."""
        return guarded(self._parts.text(self._pieces(document), self._ids(document)))  # type: ignore[attr-defined]

    def progress(self) -> str:
        """How many items are decided."""
        return str(self._parts.progress(*self._counts()))  # type: ignore[attr-defined]

    def page(self, figures: Iterable[Said] = (), outside: int = 0) -> str:
        """The whole page; ``outside`` counts decisions about items that the reading lacks."""
        script = resource("review.js")
        n_decided, n = self._counts()
        page = self._made.get_template("review.html.j2").render(
            documents=[self._document(document) for document in self._reading.documents],
            n=n,
            n_decided=n_decided,
            figures=list(figures),
            outside=outside,
            languages=[(c, own) for c, own in LANGUAGES.items() if c != self.language],
            actors=self._actors(),
            style=Markup(style_css("review.css")),
            script=Markup(script),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
        return guarded(page)

    def _counts(self) -> tuple[int, int]:
        states = [card.item.review.state for cards in self._cards.values() for card in cards]
        return sum(state not in OPEN for state in states), len(states)

    def _of(self, document: str) -> list[Card]:
        ones = [card for cards in self._cards.values() for card in cards]
        return [card for card in ones if card.item.document == document]

    def _pieces(self, document: str) -> list[Piece]:
        marks = [m for card in self._of(document) for m in marks_of(card.item, card.label)]
        return pieces(self._reading.texts[document], marks)

    def _ids(self, document: str) -> dict[str, str]:
        return {card.label: card.item.id for card in self._of(document)}

    def _document(self, document: Document) -> Plain:
        roots = dict.fromkeys(card.root for card in self._of(document.sha256))
        return {
            "d": document,
            "pieces": self._pieces(document.sha256),
            "ids": self._ids(document.sha256),
            "roots": [(root, self._cards[root]) for root in roots],
        }

    def _actors(self) -> list[str]:
        items = [card.item for cards in self._cards.values() for card in cards]
        named = {actor for i in items for actor in (i.speaker.actor, i.debtor, i.beneficiary)}
        return sorted(actor for actor in named if actor)


def guarded(html: str) -> str:
    r"""HTML in which no character is left that cannot be seen, wherever it came from.

    Texts of documents have their own marks by then; this holds for names, rules and notes.

    >>> guarded('<b title="a\u202eb">\x00</b>')
    '<b title="aU+202Eb">U+0000</b>'
    """
    return ODD.sub(lambda found: "".join(run for run, _ in visible(found[0])), str(html))


def tell_review(
    reading: Reading,
    view: Sequence[Sequence[Judged]] | None = None,
    language: str = "en",
    figures: Iterable[Said] = (),
) -> str:
    """``review.html``: one read-only file, the same every time for the same reading and view."""
    return ReviewPage(reading, view, language=language).page(figures)


def _cards(
    reading: Reading, view: Sequence[Sequence[Judged]], others: Iterable[Decision]
) -> dict[str, list[Card]]:
    """Cards by the machine's item, in the order of documents and text, numbered through."""
    places = {document.sha256: n for n, document in enumerate(reading.documents)}
    by_root: dict[str, list[Decision]] = {}
    for decision in others:
        by_root.setdefault(decision.item, []).append(decision)

    def place(ones: Sequence[Judged]) -> tuple[int, int, int, str]:
        first = ones[0].item.content[0]
        return places[ones[0].item.document], first.start, -first.end, ones[0].root

    return {
        ones[0].root: [
            Card(
                label=f"{n}{ascii_lowercase[part % 26] if len(ones) > 1 else ''}",
                item=one.item,
                root=one.root,
                whole=_whole(one),
                decisions=one.decisions,
                others=tuple(by_root.get(one.root, ())),
            )
            for part, one in enumerate(ones)
        ]
        for n, ones in enumerate(sorted(view, key=place), 1)
    }


def _whole(one: Judged) -> str | None:
    if one.item.id == one.root:
        return None
    return next(d.item for d in reversed(one.decisions) if d.item != one.item.id)


def _quotes(spans: Iterable[Span]) -> list[Mapping[str, object]]:
    return [{"text": span.text, "near": span.start} for span in spans]


def _seen(text: str) -> Markup:
    """Words of a document as HTML; what cannot be seen is shown by its number."""
    return Markup("").join(
        Markup('<span class="ctl">{}</span>').format(run) if hidden else run
        for run, hidden in visible(text)
    )
