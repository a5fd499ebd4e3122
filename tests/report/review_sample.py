"""Two short documents in our own words and their items by hand, as `truceline read` leaves them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from truceline.archive import reading as reading_folder
from truceline.archive.reading import Reading
from truceline.domain.words import (
    Attribution,
    Conditionality,
    Cue,
    Document,
    Item,
    Kind,
    Link,
    Modality,
    Mood,
    Number,
    Polarity,
    Reviewed,
    Span,
    Speaker,
    Times,
    item_id,
)

GERMAN = """Was zur Feuerpause auf See bekannt ist

Der Sprecher des Präsidialamts in Arkania sagte am Montag, man werde ab dem 3. Mai für 30 Tage \
keine Häfen angreifen. Voraussetzung sei, dass auch die Gegenseite ihre Angriffe einstelle.

Die Regierung von Belmar teilte laut Agentur Nord mit, sie habe dem nicht zugestimmt. Belmar \
fordere, dass die Beobachter sofort Zugang erhielten und dass die Sperre der Bucht ende.

Offenbar ist ungeklärt, wer die Einhaltung prüft.
"""

ENGLISH = """Ministry rejects report of attack on harbour

The defence ministry of Arkania denied on Tuesday that its forces had struck the harbour of \
Port Lund. "We have not fired at any port since Saturday," a spokesman said. He added that \
at least 12 boats had possibly been hit by drones from Belmar.
"""

NAMES = ("feuerpause.txt", "denial.txt")
SIDES = ("GRP:Arkania", "GRP:Belmar", "MEDIA:Nord")
"""Two invented sides, and an invented agency."""


def document(name: str, text: str, language: str, **more: Any) -> Document:
    """A document as it was read from a text file."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Document(name=name, text=text, sha256=sha256, language=language, **more)


class Maker:
    """Makes items of one document from the words that stand there."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def cut(self, *quotes: str) -> tuple[Span, ...]:
        """Spans of words, each where it stands first."""
        text = self.document.text
        return tuple(Span.cut(text, text.index(q), text.index(q) + len(q)) for q in quotes)

    def item(self, kind: Kind, content: str, speaker: Speaker, **more: Any) -> Item:
        """An item whose content is one span."""
        spans = self.cut(content)
        places = [(span.start, span.end) for span in spans]
        fields = {"attribution": Attribution.EXPLICIT, "language": self.document.language}
        return Item(
            id=item_id(self.document.sha256, kind, places),
            document=self.document.sha256,
            kind=kind,
            content=spans,
            speaker=speaker,
            engine="rules/1",
            **{"rule": "de.indirect", **fields, **more},
        )


def reading() -> Reading:
    """Both documents with eight items."""
    one = document(NAMES[0], GERMAN, "de", medium="MEDIA:Nord", dated="2025-05-01")
    two = document(NAMES[1], ENGLISH, "en", notes=("2 bytes were replaced",))
    return Reading((one, two), (*_german(Maker(one)), *_english(Maker(two))))


def _german(of: Maker) -> tuple[Item, ...]:
    a, b, media = SIDES
    said = Speaker(actor=a, spans=of.cut("Der Sprecher des Präsidialamts in Arkania"))
    told = Speaker(actor=b, spans=of.cut("Die Regierung von Belmar"))
    condition = of.item(
        Kind.CONDITION,
        "dass auch die Gegenseite ihre Angriffe einstelle",
        said,
        debtor=b,
        attribution=Attribution.CONTINUED,
        mood=Mood.KONJUNKTIV_1,
        modality=Modality.OWED,
    )
    thirty = Number(value=30, unit="Tage", span=of.cut("30 Tage")[0])
    return (
        of.item(
            Kind.COMMITMENT,
            "man werde ab dem 3. Mai für 30 Tage keine Häfen angreifen",
            said,
            cue=Cue(lemma="sagen", spans=of.cut("sagte")),
            debtor=a,
            beneficiary=b,
            polarity=Polarity.NEGATED,
            modality=Modality.WILLED,
            mood=Mood.KONJUNKTIV_1,
            numbers=(thirty,),
            conditionality=Conditionality(
                type="provided", condition=condition.id, spans=of.cut("Voraussetzung sei")
            ),
            time=Times(
                duration="P30D",
                effective="2025-05-03",
                spans=of.cut("ab dem 3. Mai", "für 30 Tage"),
            ),
        ),
        condition,
        of.item(
            Kind.DENIAL,
            "sie habe dem nicht zugestimmt",
            told,
            cue=Cue(lemma="mitteilen", spans=of.cut("teilte", "mit,")),
            chain=(Link(actor=media, spans=of.cut("Agentur Nord"), cue=of.cut("laut")),),
            polarity=Polarity.NEGATED,
            mood=Mood.KONJUNKTIV_1,
        ),
        of.item(
            Kind.DEMAND,
            "dass die Beobachter sofort Zugang erhielten und dass die Sperre der Bucht ende",
            told,
            cue=Cue(lemma="fordern", spans=of.cut("fordere")),
            debtor=a,
            modality=Modality.OWED,
            time=Times(effective="immediately", spans=of.cut("sofort")),
            review=Reviewed(state="to_review", reasons=("several_predicates",)),
        ),
        of.item(
            Kind.OPEN_QUESTION,
            "Offenbar ist ungeklärt, wer die Einhaltung prüft.",
            Speaker(actor=media),
            attribution=Attribution.NARRATOR_INFERENCE,
            hedges=of.cut("Offenbar"),
        ),
    )


def _english(of: Maker) -> tuple[Item, ...]:
    a, b, _ = SIDES
    ministry = Speaker(actor=a, spans=of.cut("The defence ministry of Arkania"))
    spokesman = Speaker(actor=a, spans=of.cut("a spokesman"))
    return (
        of.item(
            Kind.DENIAL,
            "that its forces had struck the harbour of Port Lund",
            ministry,
            cue=Cue(lemma="deny", spans=of.cut("denied")),
            polarity=Polarity.NEGATED,
            rule="en.deny",
        ),
        of.item(
            Kind.CLAIM,
            "We have not fired at any port since Saturday,",
            spokesman,
            cue=Cue(lemma="say", spans=of.cut("said")),
            polarity=Polarity.NEGATED,
            rule="en.direct",
        ),
        of.item(
            Kind.ACCUSATION,
            "that at least 12 boats had possibly been hit by drones from Belmar",
            Speaker(actor=a, spans=of.cut("He")),
            attribution=Attribution.ANAPHORIC,
            cue=Cue(lemma="add", spans=of.cut("added")),
            debtor=b,
            hedges=of.cut("possibly"),
            numbers=(
                Number(
                    value=12,
                    unit="boats",
                    qualifier="at_least",
                    span=of.cut("at least 12 boats")[0],
                ),
            ),
            rule="en.indirect",
        ),
    )


def write_reading(folder: Path, held: Reading) -> Path:
    """The folder as `truceline read` leaves it, without the page."""
    reading_folder.write_reading(folder, held, b"")
    return folder
