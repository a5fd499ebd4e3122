"""What the checker lets pass, what it sends to a person, what it refuses."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest

from truceline.domain.words import (
    Attribution,
    Conditionality,
    Cue,
    Document,
    Item,
    Kind,
    Number,
    Span,
    Speaker,
    item_id,
)
from truceline.words.actors import Registry
from truceline.words.check import Checked, actors_in, check
from truceline.words.slots import read_slots


def document(text: str, language: str = "de") -> Document:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Document("d", text, sha256, language, medium="MEDIA:dpa", dated="2025-03-19")


def cut(source: Document, quote: str) -> Span:
    start = source.text.index(quote)
    return Span.cut(source.text, start, start + len(quote))


def item(source: Document, *quotes: str, **fields: Any) -> Item:
    """An item over quotations with the slots that its words have, and fields on top."""
    content = tuple(cut(source, quote) for quote in quotes)
    places = [(span.start, span.end) for span in content]
    slots = read_slots(source.text, places, source.language, dated=source.dated)
    kind = fields.pop("kind", Kind.CLAIM)
    read: dict[str, Any] = {
        "id": item_id(source.sha256, kind, places),
        "document": source.sha256,
        "kind": kind,
        "content": content,
        "speaker": Speaker(),
        "attribution": Attribution.UNATTRIBUTED,
        "polarity": slots.polarity,
        "modality": slots.modality,
        "mood": slots.mood,
        "hedges": slots.hedges,
        "numbers": slots.numbers,
        "conditionality": slots.conditionality,
        "reciprocity": slots.reciprocity,
        "scope": slots.scope,
        "object_classes": slots.object_classes,
        "time": slots.time,
        "status": slots.status,
        "language": source.language,
        "engine": "test",
        "rule": "test",
    }
    return Item(**(read | fields))


def checked(made: Item, source: Document) -> Checked:
    resolve, mentions = actors_in(Registry.known(), source)
    return check(made, source, resolve=resolve, mentions=mentions)


# --- spans cut short ----------------------------------------------------------------------

TRUNCATED = [
    ("de", "Russland greife Kraftwerke nicht an, sagte er.", "Russland greife Kraftwerke"),
    ("de", "Kiew habe keine Häfen beschossen, hieß es.", "Häfen beschossen"),
    ("de", "Niemand habe Häfen beschossen.", "habe Häfen beschossen"),
    ("de", "Keine Rakete habe den Hafen getroffen.", "Rakete habe den Hafen getroffen"),
    ("de", "Russland lehne eine Feuerpause ab, hieß es.", "Russland lehne eine Feuerpause"),
    ("de", "Man stimme der Pause zu, hieß es.", "Man stimme der Pause"),
    ("de", "Angeblich habe Kiew Häfen beschossen.", "habe Kiew Häfen beschossen"),
    ("de", "Die Truppen zögen wohl ab.", "Die Truppen zögen"),
    ("de", "Man rücke vor, ohne Kraftwerke anzugreifen.", "Kraftwerke anzugreifen"),
    ("de", "Kaum eine Anlage arbeite noch.", "eine Anlage arbeite noch"),
    ("de", "Keine Anlage arbeite noch.", "eine Anlage arbeite noch"),
    ("de", "Eine Pause werde es nie geben.", "Eine Pause werde es"),
    ("de", "Kiew bestätigte die Angriffe nicht.", "die Angriffe"),
    ("en", "Russia did not attack ports.", "attack ports"),
    ("en", "Russia does not attack ports.", "attack ports"),
    ("en", "No Russian missile hit the port.", "Russian missile hit the port"),
    ("en", "Moscow may have hit the port.", "have hit the port"),
    ("en", "Moscow has allegedly hit the port.", "hit the port"),
    ("en", "Kyiv will never accept a pause.", "accept a pause"),
    ("en", "Kyiv will accept no pause.", "Kyiv will accept"),
    ("en", "They moved on without attacking ports.", "attacking ports"),
    ("ru", "Россия не атаковала порт.", "атаковала порт"),
    ("uk", "Україна не атакувала порт.", "атакувала порт"),
]


@pytest.mark.parametrize(("language", "text", "quote"), TRUNCATED)
def test_span_cut_from_what_turns_it_is_refused(language: str, text: str, quote: str) -> None:
    source = document(text, language)
    start = text.lower().index(quote.lower()) if quote not in text else text.index(quote)
    quote = text[start : start + len(quote)]
    made = item(source, quote, hedges=(), polarity="affirmed")
    assert checked(made, source).outcome == "refused"


UNFINISHED = [
    ("de", "Russland habe Kraftwerke angegriffen, hieß es.", "Russland habe Kraftwerke"),
    ("de", "Man habe nicht Kraftwerke, sondern Kasernen angegriffen.", "Man habe nicht Kraftwerke"),
    ("de", "Man habe nicht Häfen, sondern Kasernen getroffen.", "Kasernen getroffen"),
    ("de", "Man kämpfe, bis Kiew zustimme.", "Kiew zustimme"),
    ("de", "Man kämpfe unter der Bedingung, dass Kiew zustimme.", "Kiew zustimme"),
    ("de", "Man greife nicht an – es sei denn, Kiew greife an.", "Man greife nicht an"),
    ("de", "Sollte Kiew zustimmen, halte man still.", "halte man still"),
    ("de", "Kraftwerke und Häfen seien getroffen worden.", "Häfen seien getroffen worden"),
    ("de", "Rund 40 Drohnen seien gestartet.", "40 Drohnen seien gestartet"),
    ("en", "Moscow stops unless Kyiv attacks.", "Kyiv attacks"),
    ("en", "He said plants that do not work were hit.", "do not work were hit"),
    ("en", "At least two hundred and fifty drones were hit.", "fifty drones were hit"),
    ("en", "Kyiv said it would stop the strikes for 30 days.", "it would stop the strikes"),
    ("en", "Kyiv would stop the strikes unless Moscow attacks.", "Kyiv would stop the strikes"),
]


@pytest.mark.parametrize(("language", "text", "quote"), UNFINISHED)
def test_span_whose_clause_goes_on_is_looked_at(language: str, text: str, quote: str) -> None:
    source = document(text, language)
    made = item(source, quote, conditionality=Conditionality())
    assert checked(made, source).outcome == "to_review"


WHOLE = [
    ("de", "Russland greife Kraftwerke nicht an, sagte er.", "Russland greife Kraftwerke nicht an"),
    ("de", "Kiew greife an und Moskau verhandle nicht.", "Kiew greife an"),
    ("de", "Sie rief an. Nicht alle kamen.", "Sie rief an"),
    (
        "de",
        "Moskau halte still, wenn Kiew nicht angreife.",
        "Moskau halte still, wenn Kiew nicht angreife",
    ),
    ("de", "„Wir bleiben.“ Niemand glaubte das.", "Wir bleiben"),
    ("de", "Für 30 Tage halte man still, hieß es.", "Für 30 Tage halte man still"),
    ("de", "Moskau warte ab, und Kiew greife nicht an.", "Moskau warte ab"),
    ("en", "Kyiv agreed but Moscow did not answer.", "Kyiv agreed"),
    ("en", "“We will stay.” Nobody believed it.", "We will stay"),
    ("en", "Nobody knew. Russia hit the port.", "Russia hit the port"),
]


@pytest.mark.parametrize(("language", "text", "quote"), WHOLE)
def test_whole_clause_passes(language: str, text: str, quote: str) -> None:
    source = document(text, language)
    assert checked(item(source, quote), source) == Checked("passed")


def test_hedge_further_off_is_looked_at() -> None:
    source = document("Angeblich wurden in der Nacht Häfen beschossen.")
    made = item(source, "wurden in der Nacht Häfen beschossen", hedges=())
    assert checked(made, source).outcome == "refused"
    made = item(source, "in der Nacht Häfen beschossen", hedges=())
    assert checked(made, source).outcome == "to_review"


def test_hedge_beside_the_span_may_be_listed_instead() -> None:
    source = document("Angeblich habe Kiew Häfen beschossen.")
    made = item(source, "habe Kiew Häfen beschossen")
    assert [span.text for span in made.hedges] == ["Angeblich"]
    assert checked(made, source).outcome == "passed"


def test_negation_of_the_frame_belongs_to_kinds_that_deny() -> None:
    source = document("Kiew bestätigte die Angriffe nicht.")
    cue = Cue(lemma="bestätigen", spans=(cut(source, "bestätigte"),))
    assert checked(item(source, "die Angriffe", cue=cue), source).outcome == "refused"
    silent = item(source, "die Angriffe", cue=cue, kind=Kind.NON_RESPONSE)
    assert checked(silent, source).outcome == "passed"


def test_negation_cannot_be_hidden_in_a_gap_or_in_the_frame() -> None:
    source = document("Kiew rufe seine Truppen nicht zurück, sagte er.")
    parts = ("Kiew rufe seine Truppen", "zurück")
    gap = item(source, *parts, polarity="affirmed")
    assert checked(gap, source).outcome == "refused"
    cue = Cue(lemma="sagen", spans=(cut(source, "nicht"),))
    hidden = item(source, *parts, polarity="affirmed", cue=cue)
    assert checked(hidden, source).outcome != "passed"


def test_language_of_the_item_changes_nothing() -> None:
    source = document("Kiew habe keine Häfen beschossen.")
    foreign = item(source, "Kiew habe keine Häfen beschossen", polarity="affirmed", language="ru")
    assert checked(foreign, source).outcome == "refused"


DENYING_FRAMES = [
    ("de", "Er dementierte, dass Moskau Häfen beschossen habe.", "Moskau Häfen beschossen habe"),
    ("de", "Moskau habe Häfen beschossen, bestritt der Sprecher.", "Moskau habe Häfen beschossen"),
    ("de", "Es stimme nicht, dass Moskau Häfen beschossen habe.", "Moskau Häfen beschossen habe"),
    ("de", "Er wies zurück, dass Moskau Häfen beschossen habe.", "Moskau Häfen beschossen habe"),
    (
        "de",
        "Er wies den Vorwurf zurück, Moskau habe Häfen beschossen.",
        "Moskau habe Häfen beschossen",
    ),
    ("de", "Er weigerte sich, die Häfen zu öffnen.", "die Häfen zu öffnen"),
    ("en", "He denied that Moscow had hit the port.", "Moscow had hit the port"),
    ("en", "It is not true that Moscow had hit the port.", "Moscow had hit the port"),
    ("en", "Moscow had hit the port, he denied.", "Moscow had hit the port"),
    ("en", "He refused to open the ports.", "open the ports"),
    ("en", "He did not say that Moscow would stop.", "Moscow would stop"),
    ("en", "There is no evidence that Moscow had hit the port.", "Moscow had hit the port"),
]


@pytest.mark.parametrize(("language", "text", "quote"), DENYING_FRAMES)
def test_frame_that_denies_is_looked_at(language: str, text: str, quote: str) -> None:
    source = document(text, language)
    assert checked(item(source, quote), source).outcome == "to_review"
    denial = checked(item(source, quote, kind=Kind.DENIAL), source)
    assert not [reason for reason in denial.reasons if "frame" in reason]


# --- ground -------------------------------------------------------------------------------


def test_words_that_do_not_stand_there_are_refused() -> None:
    source = document("Moskau greife nicht an.")
    altered = item(source, "Moskau greife nicht an").model_copy(
        update={"content": (Span(start=0, end=22, text="Moskau greife stets an"),)}
    )
    result = checked(altered, source)
    assert result.outcome == "refused"
    assert "the source says 'Moskau greife nicht an'" in result.reasons[0]


def test_span_beyond_the_text_and_foreign_document_are_refused() -> None:
    source = document("Moskau greife an.")
    made = item(source, "Moskau greife an")
    beyond = made.model_copy(update={"content": (Span(start=10, end=20, text="greife an."),)})
    assert checked(beyond, source).outcome == "refused"
    assert checked(made, document("Moskau greife an, heute.")).outcome == "refused"


def test_span_of_a_lesser_field_is_held_to_the_source_too() -> None:
    source = document("Angeblich greife Moskau an.")
    made = item(source, "Angeblich greife Moskau an")
    wrong = made.model_copy(update={"hedges": (Span(start=0, end=9, text="offenbar "),)})
    assert checked(wrong, source).outcome == "refused"


# --- fields -------------------------------------------------------------------------------

TEXT = (
    "Für 30 Tage werde Moskau angeblich mindestens drei Raffinerien nicht angreifen, "
    "sofern auch Kiew das tue."
)


@pytest.fixture
def source() -> Document:
    return document(TEXT)


@pytest.fixture
def made(source: Document) -> Item:
    return item(source, TEXT[:-1])


def test_unchanged_item_passes(made: Item, source: Document) -> None:
    assert checked(made, source) == Checked("passed")


CHANGES: list[tuple[dict[str, Any], str, str]] = [
    ({"polarity": "affirmed"}, "refused", "polarity affirmed, the words say negated"),
    ({"modality": "owed"}, "to_review", "modality owed"),
    ({"hedges": ()}, "to_review", "left out: the hedge 'angeblich'"),
    ({"numbers": ()}, "to_review", "left out: the number 'drei'"),
    ({"conditionality": Conditionality()}, "to_review", "condition none, read as provided"),
    ({"reciprocity": "unstated"}, "to_review", "reciprocity unstated"),
    ({"object_classes": ("infrastructure",)}, "to_review", "object classes infrastructure"),
    ({"object_classes": ()}, "to_review", "object classes none, read as refinery"),
]


@pytest.mark.parametrize(("change", "outcome", "reason"), CHANGES)
def test_field_against_the_words(
    change: dict[str, Any], outcome: str, reason: str, made: Item, source: Document
) -> None:
    result = checked(Item(**(made.model_dump() | change)), source)
    assert result.outcome == outcome
    assert any(reason in said for said in result.reasons), result.reasons


@pytest.mark.parametrize(
    ("duration", "outcome"),
    [("P31D", "refused"), ("P30W", "refused"), ("PT720H", "to_review"), (None, "to_review")],
)
def test_duration(duration: str | None, outcome: str, made: Item, source: Document) -> None:
    time = made.time.model_copy(update={"duration": duration})
    assert checked(made.model_copy(update={"time": time}), source).outcome == outcome


def test_invented_times(made: Item, source: Document) -> None:
    for name in ("deadline", "effective"):
        time = made.time.model_copy(update={name: "2025-04-17"})
        assert checked(made.model_copy(update={"time": time}), source).outcome == "to_review"


def test_numbers(made: Item, source: Document) -> None:
    def outcome(**change: Any) -> str:
        number = made.numbers[0].model_copy(update=change)
        return checked(made.model_copy(update={"numbers": (number,)}), source).outcome

    assert outcome() == "passed"
    assert outcome(value=4.0) == "refused"
    assert outcome(qualifier="at_most") == "to_review"
    assert outcome(unit="Kraftwerke") == "to_review"


def test_number_of_a_duration_may_be_listed_and_an_invented_one_not(
    made: Item, source: Document
) -> None:
    days = Number(value=30, unit="Tage", span=cut(source, "30"))
    more = made.model_copy(update={"numbers": (days, *made.numbers)})
    assert checked(more, source).outcome == "passed"
    invented = Number(value=5, span=cut(source, "Moskau"))
    more = made.model_copy(update={"numbers": (*made.numbers, invented)})
    assert checked(more, source).outcome == "to_review"


def test_invented_hedge_is_looked_at(made: Item, source: Document) -> None:
    more = made.model_copy(update={"hedges": (*made.hedges, cut(source, "Raffinerien"))})
    assert checked(more, source).outcome == "to_review"


# --- actors -------------------------------------------------------------------------------

ACTORS = "Der Kreml forderte, dass Kiew alle Truppen abzieht. Er warte auf eine Antwort."


@pytest.fixture
def demand() -> tuple[Item, Document]:
    source = document(ACTORS)
    speaker = Speaker(actor="RUS:Kremlin", spans=(cut(source, "Der Kreml"),))
    cue = Cue(lemma="fordern", spans=(cut(source, "forderte"),))
    made = item(
        source,
        "Kiew alle Truppen abzieht",
        kind=Kind.DEMAND,
        speaker=speaker,
        cue=cue,
        attribution=Attribution.EXPLICIT,
        debtor="UKR",
    )
    return made, source


def test_actor_and_debtor_that_the_text_names_pass(demand: tuple[Item, Document]) -> None:
    assert checked(*demand) == Checked("passed")


@pytest.mark.parametrize(
    ("actor", "outcome"),
    [
        ("UKR", "refused"),
        ("USA:Trump", "refused"),
        ("RUS:MoD", "to_review"),
        ("UNKNOWN", "to_review"),
    ],
)
def test_swapped_actor(actor: str, outcome: str, demand: tuple[Item, Document]) -> None:
    made, source = demand
    speaker = made.speaker.model_copy(update={"actor": actor})
    assert checked(made.model_copy(update={"speaker": speaker}), source).outcome == outcome


@pytest.mark.parametrize("debtor", ["RUS", "CHN", "GRP:RUS+UKR"])
def test_swapped_debtor(debtor: str, demand: tuple[Item, Document]) -> None:
    made, source = demand
    assert checked(made.model_copy(update={"debtor": debtor}), source).outcome == "to_review"


def test_without_a_register_no_actor_is_confirmed(demand: tuple[Item, Document]) -> None:
    made, source = demand
    result = check(made, source)
    assert result.outcome == "to_review"
    assert all("no register" in reason for reason in result.reasons)


def test_narrator_is_the_medium_of_the_text() -> None:
    source = document("Drei Häfen brannten.")
    narrated = {"attribution": Attribution.NARRATOR, "kind": Kind.FACT_REPORT}
    right = item(source, "Drei Häfen brannten", speaker=Speaker(actor="MEDIA:dpa"), **narrated)
    other = item(source, "Drei Häfen brannten", speaker=Speaker(actor="MEDIA:AFP"), **narrated)
    wrong = item(source, "Drei Häfen brannten", speaker=Speaker(actor="RUS"), **narrated)
    assert checked(right, source).outcome == "passed"
    assert checked(other, source).outcome == "to_review"
    assert checked(wrong, source).outcome == "refused"


def test_continued_speaker_has_to_be_the_only_one_before() -> None:
    text = "Peskow sprach in Moskau. Man warte ab. Selenskyj widersprach. Man bleibe dabei."
    source = document(text)
    speaker = Speaker(actor="RUS:Peskov")
    first = item(source, "Man warte ab", speaker=speaker, attribution=Attribution.CONTINUED)
    second = item(source, "Man bleibe dabei", speaker=speaker, attribution=Attribution.CONTINUED)
    assert checked(first, source).outcome == "passed"
    assert checked(second, source).outcome == "to_review"


def test_reasons_say_what_the_words_are(made: Item, source: Document) -> None:
    wrong = made.model_copy(update={"numbers": (), "hedges": ()})
    reasons = checked(wrong, source).reasons
    assert len(reasons) == len(set(reasons)) == 2
    assert not any(re.search(r"<|Span\(", reason) for reason in reasons)
