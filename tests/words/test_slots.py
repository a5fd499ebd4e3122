"""What can be read off the words of a content, one question at a time."""

from __future__ import annotations

import pytest
from tests.effort import calls

from truceline.domain.trees import ACTS, MEANS, OBJECTS
from truceline.words.slots import Slots, read_slots
from truceline.words.slots.lexicon import LANGUAGES, lexicon

DATED = "2025-03-19"
"""A Wednesday."""


def slots(text: str, language: str = "de", dated: str | None = DATED) -> Slots:
    return read_slots(text, [(0, len(text))], language, dated=dated)


# --- polarity -----------------------------------------------------------------------------

NEGATED = [
    ("de", "Man werde Kraftwerke nicht angreifen"),
    ("de", "kein Umspannwerk sei getroffen worden"),
    ("de", "niemand habe die Einigung gebrochen"),
    ("de", "weder Gasleitungen noch Kraftwerke seien getroffen worden"),
    ("de", "ohne Kraftwerke anzugreifen"),
    ("de", "Anlagen, die zum Militär gehören, würden nicht angegriffen"),
    ("de", "nie habe es eine solche Zusage gegeben"),
    ("de", "dass Russland Häfen nicht mehr beschieße"),
    ("de", "Man greife nicht an, wenn und solange Kiew stillhalte"),
    ("de", "Es gebe keinerlei Belege, die dafür sprächen"),
    ("de", "keine Angriffe auf die Energieversorgung"),
    ("de", "Man rede nicht über Gebiete"),
    ("de", "nie zuvor habe es so viele Angriffe gegeben"),
    ("de", "Kiew habe noch nicht einmal geantwortet"),
    ("en", "Kyiv has not even answered"),
    ("de", "Ohne Zusagen werde Russland nicht unterschreiben"),
    ("de", "Man sei nicht bereit, Gebiete abzutreten"),
    ("en", "Moscow would not strike power plants"),
    ("en", "no facility that belongs to the army was hit"),
    ("en", "nobody had broken the deal"),
    ("en", "neither side has agreed"),
    ("en", "it won’t accept foreign troops"),
    ("en", "Russia will never accept this"),
    ("en", "without attacking power plants"),
    ("en", "there were no longer any strikes"),
    ("ru", "никто не атаковал подстанцию"),
    ("ru", "Россия не будет наносить удары"),
    ("uk", "Україна не атакувала НПЗ"),
    ("uk", "жодного удару не було"),
]

AFFIRMED = [
    ("de", "Anlagen, die nicht zum Militär gehören, würden angegriffen"),
    ("de", "nicht nur Häfen, sondern auch Schiffe seien getroffen worden"),
    ("de", "Man habe nicht Kraftwerke, sondern Kasernen angegriffen"),
    ("de", "die nicht genannte Quelle habe dies bestätigt"),
    ("de", "nicht weniger als 30 Drohnen seien gestartet"),
    ("de", "Kiew habe den Vorschlag abgelehnt"),
    ("de", "Russland greife an, solange Kiew nicht verhandle"),
    ("de", "kein Kraftwerk sei nicht betroffen"),
    ("de", "Weil Kiew nicht zugestimmt habe, gehe der Krieg weiter"),
    ("en", "plants that do not work were attacked"),
    ("en", "Kyiv rejected the offer"),
    ("en", "not only ports but also ships were hit"),
    ("en", "no fewer than 30 drones were launched"),
    ("en", "Russia will strike unless Ukraine does not attack"),
    ("ru", "не менее 30 беспилотников сбито"),
    ("uk", "збито не менше 30 дронів"),
]


@pytest.mark.parametrize(("language", "text"), NEGATED)
def test_predicate_is_negated(language: str, text: str) -> None:
    assert slots(text, language).polarity == "negated"


@pytest.mark.parametrize(("language", "text"), AFFIRMED)
def test_predicate_is_affirmed(language: str, text: str) -> None:
    assert slots(text, language).polarity == "affirmed"


def test_another_reading_is_marked() -> None:
    assert slots("Man greife nicht an").is_sure
    assert not slots("Man werde nicht angreifen, solange Kiew nicht angreife").is_sure
    assert [s.text for s in slots("Man greife nicht an").negations] == ["nicht"]


def test_negation_of_a_split_content_counts() -> None:
    text = "Man habe, so der Sprecher, nicht gefeuert."
    assert read_slots(text, [(0, 8), (27, 41)], "de").polarity == "negated"
    assert read_slots(text, [(0, 8)], "de").polarity == "affirmed"


# --- numbers ------------------------------------------------------------------------------

NUMBERS = [
    ("de", "mehr als 1.500 Drohnen", [(1500, "Drohnen", "more_than")]),
    ("de", "rund zwei Dutzend Raketen", [(24, "Raketen", "about")]),
    ("de", "ein Dutzend Boote", [(12, "Boote", "exact")]),
    ("de", "2,5 Millionen Haushalte", [(2_500_000, "Haushalte", "exact")]),
    ("de", "bis zu dreiundzwanzig Trafos", [(23, "Trafos", "at_most")]),
    ("de", "zweitausenddreihundertvierzig Granaten", [(2340, "Granaten", "exact")]),
    ("de", "knapp 40 Leitungen", [(40, "Leitungen", "less_than")]),
    ("de", "mindestens sieben russische Raketen", [(7, "Raketen", "at_least")]),
    ("de", "40 oder mehr Ziele", [(40, "", "at_least")]),
    ("de", "10 bis 12 Ziele", [(10, "", "at_least"), (12, "Ziele", "at_most")]),
    ("de", "zwischen 10 und 12 Ziele", [(10, "", "at_least"), (12, "Ziele", "at_most")]),
    ("de", "80 Prozent der Netze", [(80, "Prozent", "exact")]),
    ("de", "am 3. April um 14 Uhr", []),
    ("de", "im Jahr 2025", []),
    ("de", "eine Anlage", []),
    ("de", "nicht mehr als drei Boote", [(3, "Boote", "at_most")]),
    ("de", "1\u202f200 Soldaten", [(1200, "Soldaten", "exact")]),
    ("de", "Flugzeuge vom Typ Su-34 und Raketen S-300", []),
    ("de", "Zwischen 2 und 5 Uhr seien 5.000 Haushalte ohne Strom", [(5000, "Haushalte", "exact")]),
    ("de", "am 30. Tag der Pause", []),
    ("de", "rund 1,2 Mio. Menschen", [(1_200_000, "Menschen", "about")]),
    ("de", "hundert Drohnen", [(100, "Drohnen", "exact")]),
    ("en", "at least two hundred and fifty drones", [(250, "drones", "at_least")]),
    ("en", "about 1,500 shells", [(1500, "shells", "about")]),
    ("en", "2.5 million homes", [(2_500_000, "homes", "exact")]),
    ("en", "up to two dozen oil depots", [(24, "depots", "at_most")]),
    (
        "en",
        "one person and twenty-three soldiers",
        [(1, "person", "exact"), (23, "soldiers", "exact")],
    ),
    ("en", "one of the plants", []),
    ("en", "200 drones, 15 of them at ports", [(200, "drones", "exact"), (15, "", "exact")]),
    ("en", "between 10 and 12 targets", [(10, "", "at_least"), (12, "targets", "at_most")]),
    ("en", "nearly 40 attack drones", [(40, "drones", "less_than")]),
    ("en", "no one was hit on 3 May", []),
    ("ru", "сбито более 1 500 беспилотников", [(1500, "беспилотников", "more_than")]),
    ("ru", "около двадцати пяти ракет", [(25, "ракет", "about")]),
    ("uk", "щонайменше дві підстанції", [(2, "підстанції", "at_least")]),
    ("uk", "понад 1500 дронів", [(1500, "дронів", "more_than")]),
]


@pytest.mark.parametrize(("language", "text", "expected"), NUMBERS)
def test_numbers(language: str, text: str, expected: list[tuple[float, str, str]]) -> None:
    found = slots(text, language).numbers
    assert [(n.value, n.unit, n.qualifier) for n in found] == expected
    assert all(text[n.span.start : n.span.end] == n.span.text for n in found)


# --- times --------------------------------------------------------------------------------

DURATIONS = [
    ("de", "die Pause dauere 30 Tage", "P30D"),
    ("de", "für dreißig Tage", "P30D"),
    ("de", "eine dreißigtägige Pause", "P30D"),
    ("de", "eine 30-tägige Pause", "P30D"),
    ("de", "für einen Monat", "P1M"),
    ("de", "zwei Wochen lang", "P2W"),
    ("de", "ein 24-Stunden-Ultimatum", "PT24H"),
    ("de", "48 Stunden", "PT48H"),
    ("de", "eine einmonatige Pause", "P1M"),
    ("de", "seit drei Tagen", None),
    ("de", "vor zwei Wochen", None),
    ("de", "drei Tage nach dem Anruf", None),
    ("de", "eines Tages", None),
    ("de", "in den vergangenen 24 Stunden", None),
    ("de", "am 30. Tag", None),
    ("de", "um anderthalb Monate", "P1.5M"),
    ("en", "in the past 24 hours", None),
    ("en", "it is to last 72 hours", "PT72H"),
    ("de", "auf der Tagesordnung stehe zwei", None),
    ("en", "for 30 days", "P30D"),
    ("en", "a 30-day halt", "P30D"),
    ("en", "a thirty-day halt", "P30D"),
    ("en", "a month-long truce", "P1M"),
    ("en", "for a week", "P1W"),
    ("en", "for two weeks", "P2W"),
    ("en", "for 24 hours", "PT24H"),
    ("en", "two weeks ago", None),
    ("ru", "на 30 дней", "P30D"),
    ("ru", "30-дневное перемирие", "P30D"),
    ("uk", "протягом 30 днів", "P30D"),
]


@pytest.mark.parametrize(("language", "text", "expected"), DURATIONS)
def test_durations(language: str, text: str, expected: str | None) -> None:
    found = slots(text, language)
    assert found.time.duration == expected
    if expected:
        assert found.numbers == ()


ENDS = [
    ("de", "bis zum 17. April", "2025-04-17", None),
    ("de", "bis 17.04.2025", "2025-04-17", None),
    ("de", "ab dem 18. März", None, "2025-03-18"),
    ("de", "bis Freitag", "2025-03-21", None),
    ("de", "ab Mitternacht", None, "Mitternacht"),
    ("de", "ab sofort", None, "immediately"),
    ("de", "mit sofortiger Wirkung", None, "immediately"),
    ("de", "vom 18. März bis zum 16. April 2025", "2025-04-16", "2025-03-18"),
    ("de", "spätestens am kommenden Montag", "2025-03-24", None),
    ("de", "bis Ende April", "Ende April", None),
    ("de", "binnen 30 Tagen", "2025-04-18", None),
    ("de", "die Pause beginne am 18. März", None, "2025-03-18"),
    ("de", "die Pause laufe am 17. April aus", "2025-04-17", None),
    ("en", "the truce is to begin at midnight", None, "midnight"),
    ("en", "until May 1, 2025", "2025-05-01", None),
    ("en", "by April 17", "2025-04-17", None),
    ("en", "until 17 April 2025", "2025-04-17", None),
    ("en", "by Friday", "2025-03-21", None),
    ("en", "from midnight", None, "midnight"),
    ("en", "effective immediately", None, "immediately"),
    ("en", "starting March 18", None, "2025-03-18"),
    ("en", "by the end of the month", "the end of the month", None),
    ("ru", "с 18 марта до 17 апреля", "2025-04-17", "2025-03-18"),
    ("uk", "до п’ятниці", "2025-03-21", None),
    ("uk", "негайно", None, "immediately"),
]


@pytest.mark.parametrize(("language", "text", "deadline", "effective"), ENDS)
def test_deadlines_and_beginnings(
    language: str, text: str, deadline: str | None, effective: str | None
) -> None:
    found = slots(text, language).time
    assert (found.deadline, found.effective) == (deadline, effective)
    assert found.spans


def test_without_a_day_of_the_text_words_stay_words() -> None:
    assert slots("bis Freitag", dated=None).time.deadline == "Freitag"
    assert slots("bis zum 17. April", dated=None).time.deadline == "17. April"
    assert slots("bis zum 17. April 2025", dated=None).time.deadline == "2025-04-17"


# --- tone ---------------------------------------------------------------------------------

MODALITIES = [
    ("de", "Man wolle verhandeln", "willed"),
    ("de", "Russland müsse abziehen", "owed"),
    ("de", "Kiew dürfe seine Häfen nutzen", "allowed"),
    ("de", "Moskau könne liefern", "possible"),
    ("de", "Die Raffinerie soll zerstört worden sein", "hearsay"),
    ("de", "dass der Sender Pläne gesehen haben will", "hearsay"),
    ("de", "Die Truppen sollen abziehen", "owed"),
    ("de", "Sollte Kiew zustimmen, ende der Krieg", "asserted"),
    ("de", "Russland habe angegriffen", "asserted"),
    ("de", "Kiew hat die Truppen abzuziehen", "owed"),
    ("de", "Man habe sich daran gehalten", "asserted"),
    ("en", "Russia must withdraw", "owed"),
    ("en", "Moscow may resume strikes", "possible"),
    ("en", "the parties intend to talk", "willed"),
    ("en", "ships are allowed to leave", "allowed"),
    ("en", "the refinery is said to be destroyed", "hearsay"),
    ("ru", "Киев должен отвести войска", "owed"),
    ("uk", "Росія може атакувати", "possible"),
]


@pytest.mark.parametrize(("language", "text", "expected"), MODALITIES)
def test_modality(language: str, text: str, expected: str) -> None:
    assert slots(text, language).modality == expected


HEDGES = [
    ("de", "Angeblich habe Kiew die mutmaßliche Basis getroffen", ["Angeblich", "mutmaßliche"]),
    ("de", "Die Raffinerie soll zerstört worden sein", ["soll"]),
    ("de", "Die Truppen sollen abziehen", []),
    ("de", "Russland dürfte wohl weiter angreifen", ["dürfte", "wohl"]),
    ("de", "sowohl Häfen als auch Schiffe zum Wohl aller", []),
    ("en", "Russia has allegedly hit two plants", ["allegedly"]),
    ("en", "Kyiv may agree in May", ["may"]),
    ("en", "The parties met on 3 May", []),
    ("en", "the site was apparently struck", ["apparently"]),
    ("ru", "якобы повреждена подстанция", ["якобы"]),
    ("uk", "нібито пошкоджено НПЗ", ["нібито"]),
]


@pytest.mark.parametrize(("language", "text", "expected"), HEDGES)
def test_hedges(language: str, text: str, expected: list[str]) -> None:
    assert [span.text for span in slots(text, language).hedges] == expected


def test_hedge_beside_the_content_counts() -> None:
    text = "Offenbar wurden drei Umspannwerke getroffen."
    start = text.index("drei")
    found = read_slots(text, [(start, len(text) - 1)], "de")
    assert [span.text for span in found.hedges] == ["Offenbar"]


MOODS = [
    ("de", "Kiew sei bereit", "konjunktiv_1"),
    ("de", "Moskau greife an", "konjunktiv_1"),
    ("de", "Kiew wäre bereit", "konjunktiv_2"),
    ("de", "Moskau griff an", "indicative"),
    ("de", "Moskau lehnte ab", "indicative"),
    ("de", "die Angriffe einzustellen", "nonfinite"),
    ("de", "Hat Kiew zugestimmt?", "interrogative"),
    ("de", "ich habe zugestimmt", "indicative"),
    ("de", "Stellen Sie die Angriffe ein!", "imperative"),
    ("en", "Kyiv has agreed", "indicative"),
    ("en", "a full halt", "nonfinite"),
    ("en", "Has Kyiv agreed?", "interrogative"),
]


@pytest.mark.parametrize(("language", "text", "expected"), MOODS)
def test_mood(language: str, text: str, expected: str) -> None:
    assert slots(text, language).mood == expected


# --- conditions and reciprocity -----------------------------------------------------------

CONDITIONS = [
    ("de", "Man halte still, wenn Kiew zustimme", "if", "Kiew zustimme"),
    ("de", "Falls Kiew zustimme, halte man still", "if", "Kiew zustimme"),
    ("de", "Sollte Kiew zustimmen, halte man still", "if", "Sollte Kiew zustimmen"),
    ("de", "Man halte still, sofern Kiew zustimme", "provided", "Kiew zustimme"),
    ("de", "unter der Bedingung, dass Kiew zustimme", "provided", "Kiew zustimme"),
    ("de", "nur dann sei man bereit, wenn Kiew zustimme", "only_if", "Kiew zustimme"),
    ("de", "Man sei nur bereit, wenn Kiew zustimme", "only_if", "Kiew zustimme"),
    ("de", "erst wenn Kiew zustimme, halte man still", "only_if", "Kiew zustimme"),
    ("de", "solange Kiew stillhalte", "as_long_as", "Kiew stillhalte"),
    ("de", "Man kämpfe, bis Kiew zustimme", "until", "Kiew zustimme"),
    ("de", "Man kämpfe, es sei denn, Kiew stimme zu", "unless", "Kiew stimme zu"),
    ("de", "Man halte still – es sei denn, Kiew greife an", "unless", "Kiew greife an"),
    ("de", "bis Freitag halte man still", "none", ""),
    ("de", "bis Ostern halte man still", "none", ""),
    ("de", "Man halte still, auch wenn Kiew angreife", "none", ""),
    ("en", "Moscow will stop if Kyiv agrees", "if", "Kyiv agrees"),
    ("en", "Moscow will stop only if Kyiv agrees", "only_if", "Kyiv agrees"),
    ("en", "strikes go on unless Kyiv agrees", "unless", "Kyiv agrees"),
    ("en", "provided that Kyiv agrees, strikes stop", "provided", "Kyiv agrees"),
    ("en", "as long as Kyiv holds fire", "as_long_as", "Kyiv holds fire"),
    ("en", "strikes go on until Kyiv agrees", "until", "Kyiv agrees"),
    ("en", "strikes stop until Friday", "none", ""),
    ("ru", "если Киев согласится, удары прекратятся", "if", "Киев согласится"),
    ("ru", "при условии, что Киев согласится", "provided", "Киев согласится"),
    ("uk", "за умови, що Москва погодиться", "provided", "Москва погодиться"),
]


@pytest.mark.parametrize(("language", "text", "sort", "clause"), CONDITIONS)
def test_conditions(language: str, text: str, sort: str, clause: str) -> None:
    found = slots(text, language)
    assert found.conditionality.type == sort
    assert [text[slice(*c.clause)] for c in found.conditions] == ([clause] if clause else [])


def test_condition_beside_the_content_is_found() -> None:
    text = "Falls Kiew zustimme, werde man stillhalten, sagte er."
    start = text.index("werde")
    found = read_slots(text, [(start, text.index(", sagte"))], "de")
    (condition,) = found.conditions
    assert condition.outside and text[slice(*condition.whole)] == "Falls Kiew zustimme"
    assert [span.text for span in found.conditionality.spans] == ["Falls Kiew zustimme"]


def test_condition_between_two_spans_is_found() -> None:
    text = "Man werde, falls Kiew zustimme, stillhalten."
    found = read_slots(text, [(0, 9), (32, 43)], "de")
    assert [text[slice(*c.clause)] for c in found.conditions] == ["Kiew zustimme"]


RECIPROCITY = [
    ("de", "beide Seiten stellten die Angriffe ein", "mutual"),
    ("de", "gegenseitige Angriffe", "mutual"),
    ("de", "einseitig halte man still", "one_sided"),
    ("de", "im Gegenzug halte man still", "if_other"),
    ("de", "sofern auch Kiew stillhalte", "if_other"),
    ("de", "man halte still", "unstated"),
    ("en", "a mutual halt", "mutual"),
    ("en", "a unilateral halt", "one_sided"),
    ("en", "if Ukraine does the same", "if_other"),
]


@pytest.mark.parametrize(("language", "text", "expected"), RECIPROCITY)
def test_reciprocity(language: str, text: str, expected: str) -> None:
    assert slots(text, language).reciprocity == expected


# --- things -------------------------------------------------------------------------------

OBJECT_WORDS = [
    ("de", "Energieanlagen", {"energy"}),
    ("de", "die Energieinfrastruktur", {"energy"}),
    ("de", "Energie und Infrastruktur", {"energy", "infrastructure"}),
    ("de", "zivile Infrastruktur", {"civil", "infrastructure"}),
    ("de", "Ölraffinerien und Umspannwerke", {"refinery", "substation"}),
    ("de", "Atomkraftwerke", {"nuclear_plant"}),
    ("de", "Wärmekraftwerke", {"power_plant"}),
    ("de", "Gasverteilerstationen und Gasmessstation", {"gas_distribution", "gas_metering"}),
    ("de", "Stromleitungen", {"power_line"}),
    ("de", "der Energieminister", set()),
    ("de", "Gastgeber und Gasse", set()),
    ("de", "Energie- und Hafenanlagen", {"energy", "port"}),
    ("de", "Bahnanlagen", {"railway"}),
    ("en", "energy infrastructure", {"energy"}),
    ("en", "energy and infrastructure", {"energy", "infrastructure"}),
    ("en", "nuclear power plants", {"nuclear_plant"}),
    ("en", "oil refineries and gas pipelines", {"refinery", "gas_pipeline"}),
    ("en", "the energy minister", set()),
    ("ru", "энергетическая инфраструктура и НПЗ", {"energy", "refinery"}),
    ("ru", "подстанция и ЛЭП", {"substation", "power_line"}),
    ("uk", "енергетична інфраструктура", {"energy"}),
    ("uk", "газопровід", {"gas_pipeline"}),
]


@pytest.mark.parametrize(("language", "text", "expected"), OBJECT_WORDS)
def test_object_classes(language: str, text: str, expected: set[str]) -> None:
    assert set(slots(text, language).object_classes) == expected


def test_scope_names_acts_means_places_and_limits() -> None:
    found = slots("Nur Drohnenangriffe auf Schiffe im Schwarzen Meer, mit Ausnahme der Häfen").scope
    assert (found.acts, found.means) == (("strike",), ("drone", "sea"))
    assert found.places == ("Schwarzen Meer",)
    assert [span.text for span in found.limits] == ["Nur", "mit Ausnahme"]


STATUS = [
    ("de", "Die Angaben ließen sich nicht unabhängig überprüfen", "not_verifiable"),
    ("de", "Die Angaben waren nicht überprüfbar", "not_verifiable"),
    ("de", "Die Angaben wurden nicht überprüft", "not_checked"),
    ("de", "Kiew bestätigte das nicht", "not_confirmed"),
    ("de", "Kiew bestätigte das", "confirmed"),
    ("de", "Moskau dementierte das", "disputed"),
    ("de", "unbestätigte Berichte", "not_confirmed"),
    ("de", "Russland habe angegriffen", "not_checked"),
    ("en", "The claim could not be verified", "not_verifiable"),
    ("en", "The claim has not been confirmed", "not_confirmed"),
    ("en", "Kyiv denied it", "disputed"),
]


@pytest.mark.parametrize(("language", "text", "expected"), STATUS)
def test_status(language: str, text: str, expected: str) -> None:
    assert slots(text, language).status == expected


# --- the lists ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_name_only_what_the_trees_hold(language: str) -> None:
    trees = {"acts": ACTS, "means": MEANS, "objects": OBJECTS}
    layer = lexicon(language).layers["things"]
    entries = layer.entries
    for entry in entries:
        if entry.family in trees:
            assert entry.value in {*trees[entry.family].names, "none"}, entry


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_read_from_nothing(language: str) -> None:
    found = read_slots("…", [(0, 1)], language)
    assert found.polarity == "affirmed" and found.hedges == () and found.numbers == ()


@pytest.mark.parametrize("language", ["de", "en"])
def test_reading_takes_work_in_proportion_to_what_is_read(language: str) -> None:
    texts = [text for held, text in NEGATED + AFFIRMED if held == language]

    def read(times: int) -> None:
        text, at = "\n".join(texts * times) + "\n", 0
        for one in texts * times:
            read_slots(text, [(at, at + len(one))], language)
            at += len(one) + 1

    read(1)
    once, eight = calls(lambda: read(2)), calls(lambda: read(16))
    assert 4 * once < eight < 10 * once
