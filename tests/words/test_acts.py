"""Kinds of clauses: own sentences, by voice, subject and language."""

from __future__ import annotations

import pytest

from truceline.words.acts import decide, decide_act
from truceline.words.clauses import parts_of
from truceline.words.drafts import is_finite, is_negated, view_of
from truceline.words.tokens import parse

PARTY = [
    ("de", "self", "", "man werde Energieanlagen 30 Tage lang nicht angreifen", "commitment"),
    ("de", "self", "sagen", "man werde Kraftwerke nicht mehr ins Visier nehmen", "commitment"),
    ("de", "self", "sagen", "es werde keine Angriffe auf Raffinerien geben", "commitment"),
    ("de", "self", "sagen", "Wir führen keine Schläge gegen Umspannwerke", "commitment"),
    ("de", "self", "sagen", "die Truppen stellten das Feuer um Mitternacht ein", "commitment"),
    ("de", "self", "ankündigen", "die Angriffe auf Pipelines auszusetzen", "commitment"),
    ("de", "self", "sagen", "man werde die Angriffe nicht einstellen", "refusal"),
    ("de", "self", "sagen", "man werde Raketen nicht abgeben", "refusal"),
    ("de", "self", "sagen", "man werde keine Angriffe hinnehmen", "refusal"),
    ("de", "other", "sagen", "das Regime halte sein Wort nicht", "accusation"),
    ("en", "self", "say", "Ukraine would mirror any ceasefire step", "commitment"),
    ("en", "self", "say", "our forces are holding back from attacks on ports", "commitment"),
    ("en", "other", "say", "Kyiv was not keeping its word", "accusation"),
    ("de", "self", "zusagen", "die Angriffe für einen Monat einzustellen", "commitment"),
    ("de", "self", "sagen", "wir werden uns an die Vereinbarung halten", "commitment"),
    ("de", "self", "sagen", "er werde am Montag nach Riad reisen", "intention"),
    ("de", "self", "sagen", "er wolle bald mit Putin sprechen", "intention"),
    ("de", "self", "drohen", "hart zurückzuschlagen", "threat"),
    ("de", "self", "warnen", "man werde auf jeden Angriff hart antworten", "threat"),
    ("de", "self", "sagen", "die Armee behalte sich Vergeltung vor", "threat"),
    ("de", "self", "sagen", "seine Regierung stimme dem Vorschlag zu", "acceptance"),
    ("de", "self", "sagen", "Kiew sei zu einer Waffenruhe bereit", "acceptance"),
    ("de", "self", "sagen", "ein Verzicht auf die Krim komme nicht infrage", "refusal"),
    ("de", "self", "sagen", "man werde die Besetzung nie anerkennen", "refusal"),
    ("de", "other", "sagen", "Russland müsse seine Truppen abziehen", "demand"),
    ("de", "other", "fordern", "Kiew solle die Mobilmachung stoppen", "demand"),
    ("de", "other", "sagen", "die Lieferung von Waffen an Kiew dürfe nicht weitergehen", "demand"),
    ("de", "other", "vorwerfen", "die Waffenruhe gebrochen zu haben", "accusation"),
    (
        "de",
        "other",
        "sagen",
        "russische Drohnen hätten in der Nacht ein Umspannwerk getroffen",
        "accusation",
    ),
    ("de", "other", "mitteilen", "Kiew habe die Vereinbarung sechsmal verletzt", "accusation"),
    ("de", "self", "mitteilen", "die Luftabwehr habe 40 Drohnen abgeschossen", "claim"),
    ("de", "none", "sagen", "das Gespräch habe zwei Stunden gedauert", "claim"),
    ("de", "self", "bestreiten", "das Kraftwerk angegriffen zu haben", "denial"),
    ("de", "self", "sagen", "die eigenen Truppen hätten das Kraftwerk nicht angegriffen", "denial"),
    ("de", "none", "sagen", "diese Vorwürfe seien frei erfunden", "denial"),
    ("de", "none", "befürchten", "dass die Pause zur Aufrüstung genutzt werde", "fear"),
    (
        "de",
        "other",
        "sagen",
        "Moskau könne die Pause nutzen, um neue Truppen zu sammeln, und die Lage drohe zu eskalieren",
        "fear",
    ),
    ("de", "none", "sagen", "das Telefonat sei ein wichtiger Schritt", "evaluation_by_party"),
    ("de", "none", "sagen", "das Gespräch war sehr gut und produktiv", "evaluation_by_party"),
    (
        "de",
        "none",
        "sagen",
        "Voraussetzung sei ein vollständiger Stopp der Militärhilfe",
        "condition",
    ),
    (
        "de",
        "none",
        "sagen",
        "darüber könne erst nach einem Abzug der Truppen gesprochen werden",
        "condition",
    ),
    (
        "de",
        "none",
        "sagen",
        "man knüpfe die Waffenruhe an eine Reihe von Bedingungen",
        "meta_conditions",
    ),
    (
        "de",
        "other",
        "sagen",
        "beide Seiten hätten sich auf einen Austausch von Gefangenen geeinigt",
        "agreement",
    ),
    ("de", "self", "vorschlagen", "auch Angriffe auf See auszusetzen", "proposal"),
    ("de", "self", "anordnen", "keine Energieanlagen mehr zu beschießen", "order"),
    (
        "de",
        "self",
        "sagen",
        "der Präsident habe den Truppen befohlen, das Feuer einzustellen",
        "order",
    ),
    ("de", "self", "sagen", "seine frühere Aussage nehme er zurück", "retraction"),
    ("en", "self", "say", "we will not strike energy facilities for 30 days", "commitment"),
    ("en", "self", "pledge", "to halt strikes on power plants", "commitment"),
    ("en", "self", "say", "it would respond with force to any attack", "threat"),
    ("en", "other", "say", "Russia must withdraw its troops", "demand"),
    ("en", "other", "accuse", "of breaking the truce", "accusation"),
    ("en", "other", "say", "Russian drones struck a substation overnight", "accusation"),
    ("en", "none", "say", "the allegations are baseless", "denial"),
    ("en", "self", "deny", "attacking the plant", "denial"),
    ("en", "self", "say", "Kyiv was ready for a ceasefire", "acceptance"),
    ("en", "self", "say", "giving up territory was out of the question", "refusal"),
    ("en", "none", "say", "the call lasted two hours", "claim"),
    ("en", "none", "say", "the call was very good and productive", "evaluation_by_party"),
    ("en", "none", "say", "a halt to arms deliveries was the key condition", "condition"),
    ("en", "other", "say", "both sides agreed to exchange prisoners", "agreement"),
    ("en", "none", "say", "the pause could be used to rearm and lead to a collapse", "fear"),
    ("en", "self", "say", "he plans to travel to Riyadh on Monday", "intention"),
]

NARRATOR = [
    ("de", "Unklar blieb, von wann an die Zusage gilt.", "open_question"),
    ("de", "Eine Reaktion aus Moskau lag zunächst nicht vor.", "non_response"),
    ("de", "Das Verteidigungsministerium äußerte sich dazu nicht.", "non_response"),
    ("de", "Von einer Waffenruhe auf See war in der Mitteilung keine Rede.", "omission"),
    ("de", "Die Erklärung des Weißen Hauses erwähnt die Bedingungen nicht.", "omission"),
    ("de", "Zu einer Unterzeichnung kam es nicht.", "non_event"),
    ("de", "Größere Angriffe auf Kraftwerke wurden nicht gemeldet.", "non_event"),
    (
        "de",
        "Die Forderung nach einer vollen Waffenruhe wurde damit nicht erfüllt.",
        "assessment_fulfilment",
    ),
    ("de", "Anders als Moskau spricht Washington auch von Infrastruktur.", "asymmetry"),
    (
        "de",
        "Während der Kreml nur Energieanlagen nennt, spricht das Weiße Haus von Infrastruktur.",
        "asymmetry",
    ),
    ("de", "Offenbar will Moskau Zeit gewinnen.", "evaluation"),
    ("de", "Das ist ein diplomatischer Erfolg.", "evaluation"),
    ("de", "Das Telefonat dauerte mehr als zwei Stunden.", "fact_report"),
    ("de", "Die Gespräche wurden am Montag in Riad fortgesetzt.", "fact_report"),
    ("de", "Moskau knüpfte seine Zustimmung an mehrere Bedingungen.", "meta_conditions"),
    ("en", "It was unclear when the pause would begin.", "open_question"),
    ("en", "Moscow did not immediately comment.", "non_response"),
    ("en", "The readout made no mention of the sea.", "omission"),
    ("en", "No joint document was signed.", "non_event"),
    ("en", "The demand for a full ceasefire was not met.", "assessment_fulfilment"),
    ("en", "Unlike the Kremlin, the White House spoke of infrastructure.", "asymmetry"),
    ("en", "The pause is a fragile first step.", "evaluation"),
    ("en", "The two leaders spoke for two hours.", "fact_report"),
]

ACTS = [
    ("de", "Moskau lehnte eine Waffenruhe ab.", "refusal"),
    ("de", "Kiew hat dem Vorschlag zugestimmt.", "acceptance"),
    ("de", "Kiew stimmte dem Vorschlag nicht zu.", "refusal"),
    ("de", "Die USA und Russland einigten sich auf einen Austausch.", "agreement"),
    ("de", "Der Kreml wies die Vorwürfe zurück.", "denial"),
    ("de", "Der Kreml wies die Forderung zurück.", "refusal"),
    ("de", "Die Ukraine forderte schärfere Sanktionen.", "demand"),
    ("en", "Moscow rejected the proposal.", "refusal"),
    ("en", "Moscow rejected the allegations.", "denial"),
    ("en", "Ukraine accepted the plan.", "acceptance"),
    ("en", "Trump called the phone call very good.", "evaluation_by_party"),
    ("en", "The Kremlin called the reports fabricated.", "denial"),
    ("en", "The Kremlin called for an end to arms deliveries.", "demand"),
    ("de", "Der Kreml bezeichnete die Berichte als erfunden.", "denial"),
    ("en", "Russia and the United States agreed on an exchange.", "agreement"),
]


@pytest.mark.parametrize(("language", "subject", "cue", "words", "kind"), PARTY)
def test_the_kind_of_what_a_party_says(
    language: str, subject: str, cue: str, words: str, kind: str
) -> None:
    cut = parse(words, language)
    whole = [(0, len(words))]
    negated = is_negated(cut, 0, len(cut.tokens))
    view = view_of(cut, whole, "party", subject, negated)
    assert decide(view, language, cue, finite=is_finite(cut, whole)).kind.value == kind


@pytest.mark.parametrize(("language", "words", "kind"), NARRATOR)
def test_the_kind_of_what_the_narrator_says(language: str, words: str, kind: str) -> None:
    cut = parse(words, language)
    negated = is_negated(cut, 0, len(cut.tokens))
    view = view_of(cut, [(0, len(words))], "narrator", "none", negated)
    assert decide(view, language).kind.value == kind


@pytest.mark.parametrize(("language", "words", "kind"), ACTS)
def test_the_kind_of_an_act_told_by_its_own_verb(language: str, words: str, kind: str) -> None:
    cut = parse(words, language)
    part = parts_of(cut, 0, len(cut.tokens))[0]
    view = view_of(cut, [(0, len(words))], "narrator", "none", is_negated(cut, *part.main))
    told = decide_act(part.head, view, language)
    assert told is not None
    assert told[0].kind.value == kind
