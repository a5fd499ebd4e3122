"""The engine on whole texts: own sentences, every span cut again, the same items every time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.domain.words import Document, Item
from truceline.words.actors import Registry
from truceline.words.engine import describe, read_statements

REGISTRY = Registry.known()
WORDS = [
    *"Moskau Kiew sagte sagt , . „ “ dass nicht habe werde zu und Putin er sei an Peskow :".split(),
    *"Angriffe warf vor wenn said that will not Russia to 30 Tage 18. März ? ! - (".split(),
    "\n\n",
]


def read(text: str, language: str, medium: str | None = None) -> list[Item]:
    document = Document("a.txt", text, "0" * 64, language)
    document = describe(document, REGISTRY)
    if medium:
        document = Document("a.txt", text, "0" * 64, language, medium)
    return list(read_statements(document, REGISTRY))


ONE = [
    (
        "de",
        "Die Ukraine will, dass die USA die Pause überwachen.",
        ("demand", "UKR", "USA", "affirmed"),
    ),
    (
        "de",
        "Anders als der Kreml sprach das Weiße Haus von Energie und Infrastruktur.",
        ("asymmetry", "MEDIA:narrator", None, "affirmed"),
    ),
    (
        "de",
        "Kiew rechnet ab dem 25. März, Moskau dagegen ab dem 18. März.",
        ("asymmetry", "MEDIA:narrator", None, "affirmed"),
    ),
    (
        "de",
        "Moskau werde 30 Tage lang keine Angriffe auf Energieanlagen ausführen, sagte Peskow.",
        ("commitment", "RUS:Peskov", "RUS", "negated"),
    ),
    (
        "de",
        "Putin sagte nach Angaben des Kremls zu, Energieanlagen 30 Tage lang nicht anzugreifen.",
        ("commitment", "RUS:Putin", "RUS", "negated"),
    ),
    ("de", "Moskau lehnte eine Waffenruhe ab.", ("refusal", "RUS", "RUS", "affirmed")),
    (
        "de",
        "Selenskyj warf Russland vor, die Waffenruhe gebrochen zu haben.",
        ("accusation", "UKR:Zelensky", "RUS", "affirmed"),
    ),
    (
        "de",
        "Israel und der Libanon hatten vereinbart, dass die Armee binnen 60 Tagen abzieht.",
        ("agreement", "GRP:ISR+LBN", "GRP:ISR+LBN", "affirmed"),
    ),
    (
        "de",
        "Ein solcher Schritt nütze allein der Ukraine, argumentierte Kremlsprecher Dmitri Peskow.",
        ("claim", "RUS:Peskov", None, "affirmed"),
    ),
    (
        "de",
        "Eine Reaktion der USA lag zunächst nicht vor.",
        ("non_response", "MEDIA:narrator", "USA", "negated"),
    ),
    (
        "en",
        "Ukraine accused Russia of breaking the truce.",
        ("accusation", "UKR", "RUS", "affirmed"),
    ),
    (
        "en",
        "A Hamas spokesman said that the group would free three hostages on Saturday.",
        ("commitment", "GRP:Hamas", "GRP:Hamas", "affirmed"),
    ),
    ("en", "Moscow rejected the proposal.", ("refusal", "RUS", "RUS", "affirmed")),
    (
        "en",
        "The Kremlin made no mention of the sea.",
        ("omission", "MEDIA:narrator", None, "negated"),
    ),
]


@pytest.mark.parametrize(("language", "text", "wanted"), ONE)
def test_one_statement(language: str, text: str, wanted: tuple[str | None, ...]) -> None:
    (item,) = read(text, language)
    found = (item.kind.value, item.speaker.actor, item.debtor, item.polarity.value)
    assert found == wanted


def test_the_outer_voice_is_in_the_chain_and_the_doer_speaks() -> None:
    text = "Der Kreml teilte mit, Trump habe eine Pause vorgeschlagen."
    (item,) = read(text, "de")
    assert item.speaker.actor == "USA:Trump"
    assert [link.actor for link in item.chain] == ["MEDIA:narrator", "RUS:Kremlin"]


def test_a_condition_is_an_item_of_its_own() -> None:
    text = "Selenskyj sagte, sein Land werde nicht angreifen, sofern Russland ebenfalls verzichte."
    promise, condition = read(text, "de")
    assert (promise.kind.value, condition.kind.value) == ("commitment", "condition")
    assert promise.conditionality.condition == condition.id
    assert condition.debtor == "RUS"


def test_reported_speech_goes_on_in_konjunktiv_and_stops_in_the_indicative() -> None:
    text = "Peskow wies die Vorwürfe zurück. Man halte sich an alles. Die Lage ist ruhig."
    items = read(text, "de")
    assert [i.speaker.actor for i in items] == ["RUS:Peskov", "RUS:Peskov", "MEDIA:narrator"]
    assert items[1].attribution.value == "continued"


def test_a_text_of_a_party_is_its_own_and_we_is_the_issuer() -> None:
    text = (
        "Außenministerium der Republik Aserbaidschan\n\nErklärung zu Vorwürfen aus Armenien\n\n"
        "Diese Vorwürfe entbehren jeder Grundlage. "
        "Wir fordern Armenien auf, das Feuer einzustellen."
    )
    items = read(text, "de")
    assert {i.speaker.actor for i in items} == {"AZE:MFA"}
    assert [i.kind.value for i in items] == ["denial", "demand"]


def test_headings_that_ask_and_datelines_say_nothing() -> None:
    text = "Was gilt jetzt?\n\nMoskau (dpa) - Die Gespräche dauerten zwei Stunden."
    (item,) = read(text, "de")
    assert item.words == "Die Gespräche dauerten zwei Stunden"
    assert item.speaker.actor == "MEDIA:dpa"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(WORDS),
        max_size=60,
    ),
    st.sampled_from(["de", "en"]),
)
def test_any_text_is_read_without_a_crash_and_every_span_stands_there(
    words: list[str], language: str
) -> None:
    text = " ".join(words)
    items = read(text, language)
    for item in items:
        for _, span in item.spans():
            assert text[span.start : span.end] == span.text
    assert items == read(text, language)


def test_swapping_the_parties_swaps_speakers_and_debtors_and_nothing_else() -> None:
    text = (
        "Moskau warf Kiew vor, ein Umspannwerk beschossen zu haben. Kiew wies die Vorwürfe zurück. "
        "Russland forderte die Ukraine auf, die Angriffe einzustellen."
    )
    names = {"Moskau": "Kiew", "Kiew": "Moskau", "Russland": "Ukraine", "Ukraine": "Russland"}
    swapped = " ".join(
        {"die Ukraine": ""}.get(w, names.get(w, w)) for w in text.split(" ")
    ).replace("Ukraine forderte die Russland", "Die Ukraine forderte Russland")
    codes = {"RUS": "UKR", "UKR": "RUS"}

    def told(items: list[Item]) -> list[tuple[str, str, str | None]]:
        return [(i.kind.value, i.speaker.actor, i.debtor) for i in items]

    wanted = [
        (k, codes.get(s, s), codes.get(d, d) if d else d) for k, s, d in told(read(text, "de"))
    ]
    assert told(read(swapped, "de")) == wanted
