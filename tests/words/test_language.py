"""The language of texts written for this test, headlines among them, and of their neighbours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.words.language import SAMPLE, detect_language

TEXTS = """
de|Der Kreml teilte am Montag mit, die Waffenruhe gelte für dreißig Tage.
de|Kiew weist Vorwürfe zurück
de|Moskau: Keine Angriffe auf Energieanlagen
de|Das Außenministerium bestätigte den Eingang des Schreibens.
de|„Wir sind bereit“, sagte der Sprecher.
de|Die Ukraine fordert eine Überwachung durch Dritte.
de|Nach Angaben des Generalstabs wurden zwei Drohnen abgeschossen.
de|Laut Mitteilung solle die Pause auch Häfen umfassen.
de|Beide Seiten warfen einander vor, die Absprache nicht einzuhalten.
de|Ob Washington zustimmt, blieb offen.
de|Feuerpause ab Mitternacht angekündigt
de|Selenskyj sprach von einem ersten Schritt, mehr sei es nicht.
de|In der Nacht griff Russland Charkiw mit Drohnen an; vier Menschen starben.
de|Die Sprecherin erklärte, man habe keine Einwände.
de|Ein Datum nannte er nicht.
en|The Kremlin said the truce would hold from Monday for thirty days.
en|Kyiv rejects accusations
en|Moscow: no strikes on energy facilities
en|The foreign ministry confirmed receipt of the letter.
en|"We are ready," the spokesman said.
en|Ukraine demands monitoring by third parties.
en|According to the general staff, two drones were shot down.
en|The pause is also to cover ports, the statement said.
en|Both sides accused each other of not honouring the arrangement.
en|Whether Washington agrees remained open.
en|Ceasefire announced from midnight
en|Zelensky spoke of a first step and nothing more.
en|Overnight Russia attacked Kharkiv with drones; four people died.
en|She explained that there were no objections.
en|He gave no date.
ru|В Кремле сообщили, что перемирие начнётся в понедельник.
ru|Силы ПВО уничтожили два беспилотника над Курской областью.
ru|Киев отверг обвинения
ru|Минобороны: ударов по энергетике нет
ru|За сутки зафиксировано пять обстрелов.
ru|Стороны обвинили друг друга в несоблюдении договорённости.
ru|Глава ведомства не назвал дату.
ru|Украина нанесла удар по подстанции в Белгородской области.
ru|Пресс-секретарь заявил: «Мы готовы».
ru|Повреждён газопровод, пострадавших нет.
uk|У Кремлі заявили, що перемир’я почнеться в понеділок.
uk|Сили ППО знищили два безпілотники над Сумщиною.
uk|Київ відкинув звинувачення
uk|Генштаб: ударів по енергетиці не було
uk|За добу зафіксовано п’ять обстрілів.
uk|Сторони звинуватили одна одну в недотриманні домовленості.
uk|Очільник відомства не назвав дати.
uk|Росія завдала удару по підстанції на Харківщині.
uk|Речник заявив: «Ми готові».
uk|Пошкоджено газогін, постраждалих немає.
de|Moskau bestätigt Telefonat mit Washington
de|Energieanlagen, Häfen, Bahnhöfe
de|Drohnenangriff auf Odessa gemeldet
de|Kreml: Putin stimmt Feuerpause zu
de|EU-Staaten begrüßen Einigung
de|Berlin reagiert zurückhaltend
en|Moscow confirms call with Washington
en|Power plants, ports, railway stations
en|Drone attack on Odesa reported
en|Kremlin: Putin agrees to pause
en|EU states welcome deal
en|Readout of the call between the two leaders
ru|Москва подтвердила телефонный разговор
ru|Атака дронов на Одессу
ru|Украина согласна на паузу
ru|Сводка за сутки
ru|Россия готова к переговорам
uk|Москва підтвердила телефонну розмову
uk|Атака дронів на Одесу
uk|Україна погодилась на паузу
uk|Зведення за добу
uk|Росія готова до перемовин
"""

NEIGHBOURS = """
Het Kremlin zei dat het bestand vanaf maandag dertig dagen zou gelden.
Le Kremlin a déclaré que la trêve durerait trente jours et que Kiev le savait.
Kreml sagde, at våbenhvilen ville gælde fra mandag i tredive dage, men Kyiv har ikke svaret endnu.
Kreml poinformował, że rozejm będzie obowiązywał od poniedziałku przez trzydzieści dni.
El Kremlin dijo que la tregua duraría treinta días a partir del lunes.
Il Cremlino ha detto che la tregua durerà trenta giorni da lunedì.
Кремль је саопштио да ће примирје трајати тридесет дана.
Кремъл съобщи, че примирието ще продължи тридесет дни от понеделник.
14:30 Uhr, Charkiw, 3
Kreml meddelade att vapenvilan skulle gälla i trettio dagar från måndag, men Kiev har inte svarat.
Drone-aanval op Odesa gemeld
Attaque de drones contre Odessa
Dronangrep på Odesa
Atak dronów na Odessę
Odesa'ya insansız hava aracı saldırısı
Útok dronů na Oděsu
Het ministerie van Buitenlandse Zaken heeft de verklaring van beide landen verwelkomd.
Udenrigsministeriet har hilst erklæringen fra begge lande velkommen.
Außer Paris hat niemand reagiert. Le ministère a salué la trêve des deux pays.
"""

ROWS = [line.split("|", 1) for line in TEXTS.strip().splitlines()]


@pytest.mark.parametrize(("language", "text"), ROWS)
def test_short_texts_are_told(language: str, text: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", NEIGHBOURS.strip().splitlines())
def test_other_languages_are_none_of_the_four(text: str) -> None:
    assert detect_language(text) == ""


@pytest.mark.parametrize("text", ["", " \n", "14:30", "—", "Ωμέγα", "停火", "هدنة"])
def test_what_has_no_words_of_the_four_is_not_told(text: str) -> None:
    assert detect_language(text) == ""


def test_a_quotation_in_another_language_does_not_turn_it() -> None:
    text = (
        "Der Sprecher sagte auf Englisch: “We are ready for this and we will wait.” "
        "Danach wurde er gefragt, ob das auch für die Häfen gelte und wann es beginne. "
        "Eine Antwort gab er nicht; die Frage sei noch nicht entschieden."
    )
    assert detect_language(text) == "de"


def test_only_the_beginning_is_looked_at() -> None:
    german = "Das ist nicht alles, was wir dazu sagen. " * 100
    assert len(german) > SAMPLE
    assert detect_language(german + "and the rest is not " * 500_000) == "de"


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    assert detect_language(text) in ("", "de", "en", "ru", "uk")
