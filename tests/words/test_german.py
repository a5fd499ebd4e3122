"""Reported speech in German: a sentence for every pattern and for every trap."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.domain.words import Attribution
from truceline.words.found import Found
from truceline.words.german import find_speech_de
from truceline.words.german.verbs import Flag, inflect, word
from truceline.words.tokens import parse


def find(text: str) -> list[Found]:
    return find_speech_de(parse(text, "de"))


def told(text: str) -> list[tuple[str, str, str, str]]:
    """Rule, content, speaker and cue of each, as words."""
    return [
        (
            f.rule,
            " | ".join(text[s:e] for s, e in f.content),
            " | ".join(text[s:e] for s, e in f.speaker),
            " | ".join(text[s:e] for s, e in f.cue),
        )
        for f in find(text)
    ]


PATTERNS = {
    "dass": (
        "Der Sprecher des Ministeriums sagte, dass die Waffen seit Mittag schweigen.",
        "de.dass",
        "dass die Waffen seit Mittag schweigen",
        "Der Sprecher des Ministeriums",
        "sagte",
    ),
    "indirect clause": (
        "Moskau teilte am Abend mit, die Feuerpause gelte ab Freitag.",
        "de.konj1",
        "die Feuerpause gelte ab Freitag",
        "Moskau",
        "teilte | mit",
    ),
    "perfect": (
        "Kiew hatte zuvor erklärt, man habe keine Anlage getroffen.",
        "de.konj1",
        "man habe keine Anlage getroffen",
        "Kiew",
        "hatte | erklärt",
    ),
    "ob": (
        "Die Reporterin fragte, ob die Waffenruhe noch gelte.",
        "de.ob",
        "ob die Waffenruhe noch gelte",
        "Die Reporterin",
        "fragte",
    ),
    "infinitive": (
        "Der Präsident forderte die Gegenseite auf, den Beschuss einzustellen.",
        "de.zu",
        "den Beschuss einzustellen",
        "Der Präsident",
        "forderte | auf",
    ),
    "laut": (
        "Laut dem Gouverneur Petro Sirko ist das Umspannwerk zerstört.",
        "de.laut",
        "ist das Umspannwerk zerstört",
        "dem Gouverneur Petro Sirko",
        "Laut",
    ),
    "nach Angaben": (
        "Nach Angaben des Generalstabs wurden vier Drohnen abgefangen.",
        "de.nach",
        "wurden vier Drohnen abgefangen",
        "Angaben des Generalstabs",
        "Nach",
    ),
    "zufolge": (
        "Dem Betreiber zufolge läuft das Kraftwerk wieder.",
        "de.zufolge",
        "läuft das Kraftwerk wieder",
        "Dem Betreiber",
        "zufolge",
    ),
    "so": (
        "Die Leitung sei seit Dienstag unterbrochen, so ein Sprecher des Betreibers.",
        "de.so",
        "Die Leitung sei seit Dienstag unterbrochen",
        "ein Sprecher des Betreibers",
        "so",
    ),
    "wie in front": (
        "Wie das Verteidigungsministerium mitteilte, ruhen die Kämpfe.",
        "de.wie",
        "ruhen die Kämpfe",
        "das Verteidigungsministerium",
        "Wie | mitteilte",
    ),
    "wie behind": (
        "Die Brücke ist gesperrt, wie die Behörde am Morgen bekannt gab.",
        "de.wie",
        "Die Brücke ist gesperrt",
        "die Behörde",
        "wie | bekannt gab",
    ),
    "demnach": (
        "Demnach gilt die Pause nur für Raffinerien.",
        "de.demnach",
        "gilt die Pause nur für Raffinerien",
        "Demnach",
        "Demnach",
    ),
    "wonach": (
        "Es gibt Berichte, wonach beide Seiten schon wieder schießen.",
        "de.wonach",
        "beide Seiten schon wieder schießen",
        "Berichte",
        "wonach",
    ),
    "inverted": (
        "Die Lage sei ruhig, sagte der Kommandeur.",
        "de.indirect.after",
        "Die Lage sei ruhig",
        "der Kommandeur",
        "sagte",
    ),
    "split": (
        "Die Lage sei, sagte der Kommandeur, ruhig.",
        "de.indirect.after",
        "Die Lage sei | ruhig",
        "der Kommandeur",
        "sagte",
    ),
    "direct before": (
        "Der Minister sagte: „Wir halten uns an die Abmachung.“",
        "de.direct.before",
        "„Wir halten uns an die Abmachung.“",
        "Der Minister",
        "sagte",
    ),
    "direct after": (
        "„Wir halten uns an die Abmachung“, sagte die Ministerin.",
        "de.direct.after",
        "„Wir halten uns an die Abmachung“",
        "die Ministerin",
        "sagte",
    ),
    "direct split": (
        "„Wir warten“, sagte die Ministerin, „auf eine Antwort.“",
        "de.direct.after",
        "„Wir warten“ | „auf eine Antwort.“",
        "die Ministerin",
        "sagte",
    ),
    "guillemets": (
        "»Das ist kein Frieden«, meinte der Botschafter.",
        "de.direct.after",
        "»Das ist kein Frieden«",
        "der Botschafter",
        "meinte",
    ),
    "straight marks": (
        'Der Minister sagte: "Wir halten uns daran."',
        "de.direct.before",
        '"Wir halten uns daran."',
        "Der Minister",
        "sagte",
    ),
    "verbless": (
        "Oberst Iwan Kessler: „Niemand hat geschossen.“",
        "de.direct.colon",
        "„Niemand hat geschossen.“",
        "Oberst Iwan Kessler",
        "",
    ),
    "unlisted verb": (
        "„Das Tor bleibt zu“, bilanzierte trocken der Pförtner.",
        "de.direct.after",
        "„Das Tor bleibt zu“",
        "der Pförtner",
        "bilanzierte",
    ),
    "apposition": (
        "Die Pause gelte weiter, sagte Nina Feld, Sprecherin des Stabes.",
        "de.indirect.after",
        "Die Pause gelte weiter",
        "Nina Feld, Sprecherin des Stabes",
        "sagte",
    ),
    "relative clause between": (
        "Der Gesandte, der seit Montag vermittelt, sagte, dass beide Seiten zustimmen.",
        "de.dass",
        "dass beide Seiten zustimmen",
        "Der Gesandte",
        "sagte",
    ),
    "noun": (
        "Moskau wies den Vorwurf zurück, die Pause gebrochen zu haben.",
        "de.zu",
        "die Pause gebrochen zu haben",
        "Moskau",
        "wies | zurück",
    ),
    "phrase": (
        "Warschau vertritt die Ansicht, die Zusage sei zu vage.",
        "de.konj1",
        "die Zusage sei zu vage",
        "Warschau",
        "vertritt die Ansicht",
    ),
    "predicate": (
        "Der Vermittler zeigte sich überzeugt, dass die Pause hält.",
        "de.dass",
        "dass die Pause hält",
        "Der Vermittler",
        "zeigte sich überzeugt",
    ),
    "participle": (
        "Auf die Toten angesprochen sagte der General, dass ermittelt werde.",
        "de.dass",
        "dass ermittelt werde",
        "der General",
        "sagte",
    ),
    "coordinated": (
        "Der Gesandte lobte die Gespräche und sagte, dass sie weitergehen.",
        "de.dass",
        "dass sie weitergehen",
        "Der Gesandte",
        "sagte",
    ),
    "one word": (
        "„Niemals“, sagte der General.",
        "de.direct.after",
        "„Niemals“",
        "der General",
        "sagte",
    ),
    "wie es hieß": (
        "Wie es aus Minsk hieß, habe der Stab sofort gehandelt.",
        "de.wie",
        "habe der Stab sofort gehandelt",
        "Minsk",
        "Wie | hieß",
    ),
    "two sources": (
        "Nach Darstellung des Stabes gilt sie für Raffinerien, nach polnischer Lesart für alles.",
        "de.nach",
        "für alles",
        "polnischer Lesart",
        "nach",
    ),
    "relative clause in the source": (
        "Laut einem Offizier, der nicht genannt werden wollte, ist die Frist offen.",
        "de.laut",
        "ist die Frist offen",
        "einem Offizier",
        "Laut",
    ),
    "heading": (
        "Seine Forderung: ein Ende der Lieferungen.",
        "de.noun",
        "ein Ende der Lieferungen",
        "Seine",
        "Seine Forderung",
    ),
    "noun with verb": (
        "Warschaus Bedingung lautet, dass die Truppen abziehen.",
        "de.noun",
        "dass die Truppen abziehen",
        "Warschaus",
        "Bedingung",
    ),
    "will": (
        "Die Armee will zwölf Drohnen abgeschossen haben.",
        "de.will",
        "Die Armee will zwölf Drohnen abgeschossen haben",
        "Die Armee",
        "will",
    ),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_pattern(name: str) -> None:
    text, *expected = PATTERNS[name]
    assert tuple(expected) in told(text)


def test_passive_has_no_speaker() -> None:
    text = "In der Hauptstadt wurde mitgeteilt, dass die Pause endet."
    (found,) = find(text)
    assert found.attribution is Attribution.UNATTRIBUTED
    assert not found.speaker


def test_heisst_es_speaks_from_its_document() -> None:
    text = "„Beide Seiten verzichten auf Angriffe“, heißt es in der Erklärung des Präsidialamtes."
    (rule, _, speaker, cue), *_ = told(text)
    assert (rule, speaker, cue) == (
        "de.direct.after",
        "der Erklärung des Präsidialamtes",
        "heißt es",
    )


def test_quoted_by_somebody_else_is_a_chain() -> None:
    text = "Die Agentur zitierte den Minister mit den Worten: „Wir warten ab.“"
    (found,) = find(text)
    assert text[slice(*found.speaker[0])] == "den Minister"
    ((outer, _),) = found.via
    assert text[slice(*outer[0])] == "Die Agentur"


def test_a_source_in_the_frame_is_a_chain() -> None:
    text = "Der Sprecher Jan Rott sagte der Agentur Nord zufolge, der Stab halte sich daran."
    found = next(f for f in find(text) if f.rule == "de.konj1")
    assert text[slice(*found.speaker[0])] == "Der Sprecher Jan Rott"
    ((outer, cue),) = found.via
    assert [text[slice(*outer[0])], text[slice(*cue[0])]] == ["der Agentur Nord", "zufolge"]


def test_this_takes_up_the_sentence_before() -> None:
    text = "Die Pause beginnt am Montag. Das teilte der Kreml mit."
    assert (
        "de.dies",
        "Die Pause beginnt am Montag | Das",
        "der Kreml",
        "teilte | mit",
    ) in told(text)


def test_konjunktiv_goes_on_with_the_speaker_of_before() -> None:
    text = "Oleh Maro sagte, die Pause gelte. Die Stäbe seien informiert. Es gebe keine Ausnahme."
    first, second = find(text)
    assert second.rule == "de.free.konj1"
    assert second.attribution is Attribution.CONTINUED
    assert second.speaker == first.speaker
    assert [text[s:e] for s, e in second.content] == [
        "Die Stäbe seien informiert.",
        "Es gebe keine Ausnahme.",
    ]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Belmont zog seine Posten ab. Der Hügel sei nun frei.", "Belmont"),
        (
            "Das Bergamt gab den Stollen frei. Der Zugang sei aber nur am Tag offen.",
            "Das Bergamt",
        ),
        ("Im UN-Bericht wird die Lage beschrieben. Der Pass sei verschneit.", "UN-Bericht"),
        (
            "Laut Kommandeur Drakić ruhen die Waffen. Demnach gilt das auch im Tal. "
            "Niemand habe dort geschossen.",
            "Kommandeur Drakić",
        ),
    ],
)
def test_konjunktiv_goes_on_with_who_acted_before(text: str, speaker: str) -> None:
    last = find(text)[-1]
    assert last.rule == "de.free.konj1"
    assert [text[s:e] for s, e in last.speaker] == [speaker]
    assert last.attribution is Attribution.CONTINUED


def test_what_happens_does_not_speak() -> None:
    last = find("Die Brücke wurde repariert. Der Weg sei nun frei.")[-1]
    assert last.speaker == ()
    assert last.attribution is Attribution.UNATTRIBUTED


def test_hearsay_is_not_lent_to_who_acted_before() -> None:
    last = find("Oberst Tarek griff das Dorf an. Er soll dort auch geplündert haben.")[-1]
    assert last.rule == "de.soll"
    assert last.speaker == ()


SPEAKERS = {
    "the agent behind the verb": (
        "Fahrer von Lastwagen wurden am Pass von den Wachen gebeten, umzukehren.",
        "den Wachen",
    ),
    "an object before the verb": (
        "Diese Lesart nannte Petrowna haltlos und sagte, sie bleibe im Amt.",
        "Petrowna",
    ),
    "es before the verb": (
        "Es äußerten drei Händler die Hoffnung, dass der Markt bald öffnet.",
        "drei Händler",
    ),
    "a title with a word of time": (
        "Die Wochenschrift „Der Abend“ meldet, die Pause sei vereinbart.",
        "Die Wochenschrift „Der Abend“",
    ),
    "an address": (
        "Wie Talbote.de berichtete, wurden die Posten geräumt.",
        "Talbote.de",
    ),
    "an attribute before a title": (
        "Gestern berichtete die in Maro erscheinende „Talpost“, die Pause sei vereinbart.",
        "die in Maro erscheinende „Talpost“",
    ),
    "the frame behind a quotation": (
        "Kern gab sich vor der Wahl gelassen: „Wir warten“, sagte sie dem Sender.",
        "sie",
    ),
    "the document before a clause": (
        "In einer Erklärung, die am Abend erschien, wurde mitgeteilt, dass die Pause gilt.",
        "einer Erklärung",
    ),
    "whose plan it is": (
        "Nach dem Willen der Gemeinde soll die Brücke im Mai öffnen.",
        "dem Willen der Gemeinde",
    ),
    "a noun before wonach": (
        "Der Stab hat Berichte der Talpost zurückgewiesen, wonach er Truppen verlegt habe.",
        "Berichte der Talpost",
    ),
    "the relative word": (
        "Das Amt verwies auf Akten, laut denen die Brücke vermint ist.",
        "denen",
    ),
}


@pytest.mark.parametrize("name", SPEAKERS)
def test_speaker(name: str) -> None:
    text, speaker = SPEAKERS[name]
    assert speaker in [row[2] for row in told(text)]


def test_the_relative_word_points_back() -> None:
    (found,) = find("Das Amt verwies auf Akten, laut denen die Brücke vermint ist.")
    assert found.attribution is Attribution.ANAPHORIC


def test_a_noun_of_saying_that_nobody_holds_names_nobody() -> None:
    text = "Auf dem Tisch lag die Frage, ob die Pause hält."
    (found,) = find(text)
    assert [text[s:e] for s, e in found.speaker] == ["die Frage"]
    assert found.attribution is Attribution.UNATTRIBUTED


def test_von_is_the_topic_of_speaking() -> None:
    (found,) = find("Von großen Fortschritten wurde gesprochen und davon, dass die Pause hält.")[:1]
    assert found.speaker == ()


@pytest.mark.parametrize(
    "text",
    [
        "Kern sagte, die Pause gelte. Es werde erwartet, dass sie hält.",
        "Kern sagte: „Wir bleiben.“ Und: „Niemand geht.“",
    ],
)
def test_a_frame_without_speaker_goes_on(text: str) -> None:
    last = find(text)[-1]
    assert [text[s:e] for s, e in last.speaker] == ["Kern"]
    assert last.attribution is Attribution.CONTINUED


def test_words_in_marks_of_somebody_else_inside() -> None:
    text = "Die Agentur meldete, der Minister habe die Pläne als „reinen Unsinn“ bezeichnet."
    outer, inner = find(text)
    assert [text[s:e] for s, e in outer.speaker] == ["Die Agentur"]
    assert [text[s:e] for s, e in inner.speaker] == ["der Minister"]
    assert inner.inside == 0


def test_sicht_nach_is_no_source() -> None:
    assert find("Der Posten hat freie Sicht nach Osten.") == []


def test_the_indicative_does_not_go_on() -> None:
    text = "Oleh Maro sagte, die Pause gelte. Am Abend schlugen wieder Raketen ein."
    assert len(find(text)) == 1


def test_a_quotation_goes_on_without_a_frame() -> None:
    text = "„Wir warten ab“, sagte Oleh Maro. „Mehr sagen wir heute nicht.“"
    first, second = find(text)
    assert second.rule == "de.direct.continued"
    assert second.speaker == first.speaker
    assert text[slice(*second.content[0])] == "„Mehr sagen wir heute nicht.“"


def test_an_act_lends_its_speaker_to_what_follows() -> None:
    text = "Der Minister wies die Kritik zurück. Die Angriffe seien eine Antwort gewesen."
    found = find(text)
    assert [f.rule for f in found] == ["de.reported", "de.free.konj1"]
    assert found[1].speaker == found[0].speaker


def test_pronouns_point_back() -> None:
    (found,) = find("Er sagte, dass die Pause gelte.")
    assert found.attribution is Attribution.ANAPHORIC


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Demnach gilt die Pause nur für Raffinerien.", Attribution.ANAPHORIC),
        ("Seine Forderung: ein Ende der Lieferungen.", Attribution.ANAPHORIC),
        ("Dort hofft man, dass die Pause hält.", Attribution.UNATTRIBUTED),
        ("Laut dem Stab ist die Brücke gesperrt.", Attribution.EXPLICIT),
    ],
)
def test_kinds_of_attribution(text: str, kind: Attribution) -> None:
    assert [f.attribution for f in find(text)] == [kind]


def test_roles_without_a_name_point_back() -> None:
    (found,) = find("Der Sprecher sagte, dass die Pause gelte.")
    assert found.attribution is Attribution.ANAPHORIC


def test_addressee() -> None:
    text = "Die Ministerin sagte gegenüber der Agentur, dass sie warte."
    (found,) = find(text)
    assert text[slice(*found.addressee[0])] == "der Agentur"
    text = "Der Präsident forderte die Gegenseite auf, den Beschuss einzustellen."
    (found,) = find(text)
    assert text[slice(*found.addressee[0])] == "die Gegenseite"


def test_words_in_marks_inside_know_what_they_lie_in() -> None:
    text = "Sie sagte, die Lage sei „nicht zu halten“ und ernst."
    outer, inner = find(text)
    assert text[slice(*inner.content[0])] == "„nicht zu halten“"
    assert inner.inside == 0
    assert inner.speaker == outer.speaker


@pytest.mark.parametrize(
    "text",
    [
        "Rund 200 Menschen sollen bei dem Angriff verletzt worden sein.",
        "Der Treffer soll eine Raffinerie zerstört haben.",
    ],
)
def test_soll_as_hearsay(text: str) -> None:
    (found,) = find(text)
    assert (found.rule, found.attribution) == ("de.soll", Attribution.UNATTRIBUTED)


@pytest.mark.parametrize(
    "text",
    [
        "Die Pause soll am Freitag beginnen.",
        "Das Treffen soll den Weg zu Gesprächen ebnen.",
        "Die Zone soll der Versorgung dienen.",
        # "nach" of time and direction, "so" as an adverb, "laut" as an adjective
        "Nach dem Angriff brannte ein Tanklager.",
        "Nach Angaben über Verluste sucht man vergeblich.",
        "Die Angriffe waren so heftig wie nie.",
        "Die Front bewegte sich kaum, so dass niemand vorrückte.",
        "Es war ein lauter Knall.",
        # "fordern" and "sprechen" without words
        "Der Angriff forderte drei Todesopfer.",
        "Die Umfragen sprechen für den Präsidenten.",
        # titles and scare quotes
        "Der Film „Die stille Grenze“ läuft heute.",
        "Die „Volkswehr“ rückte vor.",
        # wishes and plans of the narrative
        "Der Präsident will am Montag nach Minsk reisen.",
        "Die Kanzlerin beantwortete die Fragen, die am Ende gestellt wurden.",
        "Als der Alarm kam, gingen alle in den Keller.",
    ],
)
def test_trap_gives_nothing(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("habe", Flag.KONJUNKTIV_1),
        ("gelte", Flag.KONJUNKTIV_1),
        ("wären", Flag.KONJUNKTIV_2),
        ("gesagt", Flag.PARTICIPLE),
        ("mitzuteilen", Flag.ZU_INFINITIVE),
    ],
)
def test_word_forms(text: str, flag: int) -> None:
    assert word(text).has(flag)


@pytest.mark.parametrize("text", ["heute", "eine", "große", "lange", "worden"])
def test_no_konjunktiv(text: str) -> None:
    assert not word(text).has(Flag.KONJUNKTIV_1 | Flag.KONJUNKTIV_2)


def test_inflection_keeps_both_readings() -> None:
    assert set(inflect("gestehen")["gestanden"].split()) == {"finite", "participle"}


PIECES = [text for text, *_ in PATTERNS.values()]
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.one_of(
            st.sampled_from(PIECES),
            st.sampled_from([*" „“»«\"',.:;–-()!?\n", "\n\n", "sagte", "dass", "so", "laut", "er"]),
        ),
        max_size=25,
    ).map("".join),
)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_every_stretch_lies_in_the_text(text: str) -> None:
    found = find(text)
    for n, one in enumerate(found):
        assert one.content
        assert one.rule.startswith("de.")
        assert one.inside is None or one.inside < n
        for stretches in (one.content, one.speaker, one.cue, one.frame, one.addressee):
            assert list(stretches) == sorted(stretches)
            for start, end in stretches:
                assert 0 <= start < end <= len(text)
            for (_, end), (start, _) in pairwise(stretches):
                assert end <= start
    assert [f.content[0][0] for f in found] == sorted(f.content[0][0] for f in found)


def test_the_same_text_gives_the_same_answer() -> None:
    text = "\n".join(PIECES)
    assert find(text) == find(text)
