"""Who said what in English: every pattern and every trap by a sentence of its own."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from truceline.domain.words import Attribution
from truceline.words.english import find_speech_en
from truceline.words.english.lexicon import form_of, inflect, lexicon
from truceline.words.found import Found, Stretch
from truceline.words.tokens import parse


def read(text: str) -> list[Found]:
    return find_speech_en(parse(text, "en"))


def cut(text: str, stretches: tuple[Stretch, ...]) -> str:
    return " | ".join(text[a:b] for a, b in stretches)


def told(text: str) -> list[tuple[str, str, str]]:
    """Rule, speaker and content of everything found."""
    return [(f.rule, cut(text, f.speaker), cut(text, f.content)) for f in read(text)]


CLAUSES = {
    "The Kremlin said on Tuesday that the truce would last 30 days.": [
        ("en.that", "The Kremlin", "the truce would last 30 days")
    ],
    "Russia says it will halt strikes": [("en.bare", "Russia", "it will halt strikes")],
    "Officials in Sumy claim that Moscow is buying time.": [
        ("en.that", "Officials in Sumy", "Moscow is buying time")
    ],
    "Zelensky told reporters in Kyiv that Russia had lied and that Ukraine would respond.": [
        ("en.that", "Zelensky", "Russia had lied"),
        ("en.that", "Zelensky", "Ukraine would respond"),
    ],
    "The Kremlin's spokesman, Dmitry Peskov, told Interfax on Wednesday the pause had expired.": [
        ("en.bare", "The Kremlin's spokesman, Dmitry Peskov", "the pause had expired")
    ],
    "Britain, France and Germany said in a joint statement that they stood ready to help.": [
        ("en.that", "Britain, France and Germany", "they stood ready to help")
    ],
    "Moscow halted strikes on Monday, and Kyiv said it would follow.": [
        ("en.bare", "Kyiv", "it would follow")
    ],
    "Ukraine said it would accept if Russia stopped, while Moscow said that Kyiv must disarm.": [
        ("en.bare", "Ukraine", "it would accept if Russia stopped"),
        ("en.that", "Moscow", "Kyiv must disarm"),
    ],
    "Peskov, who said on Monday that the order stood, declined to comment.": [
        ("en.that", "Peskov", "the order stood")
    ],
    "He explained why the order was not carried out.": [
        ("en.question", "He", "why the order was not carried out")
    ],
    "Zelensky said Russia was “lying again” about the attacks.": [
        ("en.bare", "Zelensky", "Russia was “lying again” about the attacks")
    ],
    "Moscow responded by saying it had shot down its own drones.": [
        ("en.bare", "Moscow", "it had shot down its own drones")
    ],
}

CLAUSES |= {
    "While Kyiv insists that the truce is in force, Moscow says that it ended on 18 April.": [
        ("en.that", "Kyiv", "the truce is in force"),
        ("en.that", "Moscow", "it ended on 18 April"),
    ],
    "After Moscow claimed that Kyiv had attacked first, the staff in Kyiv issued a denial.": [
        ("en.that", "Moscow", "Kyiv had attacked first")
    ],
    "Lavrov on Monday accused Kyiv of six attacks and denied that Russia had broken the pause.": [
        ("en.that", "Lavrov", "Russia had broken the pause")
    ],
    "The Kremlin went on to say that the details would follow.": [
        ("en.that", "The Kremlin", "the details would follow")
    ],
    "He promised Kyiv that the US would help and asked Putin for a list.": [
        ("en.that", "He", "the US would help")
    ],
    "Ukraine had proposed a truce, which Russia rejected, saying it would only help Kyiv.": [
        ("en.bare", "Russia", "it would only help Kyiv")
    ],
}

BEHIND = {
    "Three people were wounded, officials said.": [
        ("en.indirect.after", "officials", "Three people were wounded")
    ],
    "A ceasefire is possible if the allies agree, said Macron.": [
        ("en.indirect.after", "Macron", "A ceasefire is possible if the allies agree")
    ],
    "The truce, Moscow said on Tuesday, would start at once.": [
        ("en.indirect.split", "Moscow", "The truce | would start at once")
    ],
    "KYIV (Reuters) - Ukraine is ready, President Zelensky said on Tuesday, but Moscow waits.": [
        ("en.indirect.after", "President Zelensky", "Ukraine is ready")
    ],
    "The ball is in Moscow's court, as Rubio put it on Monday.": [
        ("en.as", "Rubio", "The ball is in Moscow's court")
    ],
    "As Rubio put it, the ball is in Moscow's court.": [
        ("en.as", "Rubio", "the ball is in Moscow's court")
    ],
    "According to the Kremlin, the talks lasted two hours.": [
        ("en.according", "the Kremlin", "the talks lasted two hours")
    ],
    "At least two people were killed, according to regional governor Oleh Hryhorov.": [
        ("en.according", "regional governor Oleh Hryhorov", "At least two people were killed")
    ],
    "The plant, according to its director Rafael Grossi, lost power on Monday.": [
        ("en.according", "its director Rafael Grossi", "The plant | lost power on Monday")
    ],
    "Kyiv had not broken the deal; Moscow, he added, had done so 30 times.": [
        ("en.indirect.split", "he", "Moscow | had done so 30 times")
    ],
}

BEHIND |= {
    "If, as Moscow claims, the depot was attacked, the pause was broken.": [
        ("en.as", "Moscow", "the depot was attacked")
    ],
    "The truce holds, said the ministry's spokeswoman, Maria Zakharova, adding that it was new.": [
        ("en.indirect.after", "the ministry's spokeswoman, Maria Zakharova", "The truce holds"),
        ("en.that", "the ministry's spokeswoman, Maria Zakharova", "it was new"),
    ],
}

DIRECT = {
    "“We are ready,” said Dmitry Peskov, the Kremlin spokesman.": [
        ("en.direct.after", "Dmitry Peskov, the Kremlin spokesman", "We are ready")
    ],
    "“It is a first step,” said Scholz in Berlin.": [
        ("en.direct.after", "Scholz", "It is a first step")
    ],
    "“We are ready,” Mr. Smith said in a statement on Tuesday.": [
        ("en.direct.after", "Mr. Smith", "We are ready")
    ],
    "“It is a trick,” Zelensky said, “and we will not fall for it.”": [
        ("en.direct.split", "Zelensky", "It is a trick | and we will not fall for it")
    ],
    "Ukraine's general staff wrote on Telegram: “The enemy attacked 14 times.”": [
        ("en.direct.before", "Ukraine's general staff", "The enemy attacked 14 times")
    ],
    'He said: "The order has been given."': [
        ("en.direct.before", "He", "The order has been given")
    ],
    "“Will they stop?” he asked. “Nobody knows.”": [
        ("en.direct.after", "he", "Will they stop?"),
        ("en.direct.continued", "he", "Nobody knows"),
    ],
    "“We will not stop,” Putin said. “This is clear.\n\n“And we will go on.”": [
        ("en.direct.after", "Putin", "We will not stop"),
        ("en.direct.continued", "Putin", "This is clear"),
        ("en.direct.continued", "Putin", "And we will go on"),
    ],
    "“The first part goes here.\n\n“The second part goes there,” Putin said.": [
        ("en.direct.told_later", "Putin", "The first part goes here"),
        ("en.direct.after", "Putin", "The second part goes there"),
    ],
    "“We hold,” a soldier, who gave only his first name, Maksym, told AFP by phone.": [
        ("en.direct.after", "a soldier", "We hold")
    ],
    "Zelensky was blunt. “We will not yield.”": [
        ("en.direct.continued", "Zelensky", "We will not yield")
    ],
    "Zelensky was blunt: “We will not yield.”": [
        ("en.direct.colon", "Zelensky", "We will not yield")
    ],
    "Zelensky: “We want peace.”": [("en.colon", "Zelensky", "We want peace")],
    "Kremlin: No talks planned this week": [("en.colon", "Kremlin", "No talks planned this week")],
    "From Moscow's point of view, the pause began on 18 March.": [
        ("en.view", "Moscow", "the pause began on 18 March")
    ],
    "Attack on refinery kills two: Kyiv": [
        ("en.colon.after", "Kyiv", "Attack on refinery kills two")
    ],
}

ACTS = {
    "Trump called on Kyiv to accept the deal and threatened to impose sanctions.": [
        ("en.order.infinitive", "Trump", "to accept the deal"),
        ("en.infinitive", "Trump", "to impose sanctions"),
    ],
    "Putin refused to sign; Zelensky vowed to fight on.": [
        ("en.infinitive", "Putin", "to sign"),
        ("en.infinitive", "Zelensky", "to fight on"),
    ],
    "Vance urged Europe not to send arms.": [("en.order.infinitive", "Vance", "not to send arms")],
    "Russia agreed with the US to continue talks, and Ukraine has taken note.": [
        ("en.infinitive", "Russia", "to continue talks")
    ],
    "Moscow demanded that Kyiv withdraw its troops.": [
        ("en.that", "Moscow", "Kyiv withdraw its troops")
    ],
    "The ministry said 12 drones were shot down and accused Kyiv of breaking the truce.": [
        ("en.bare", "The ministry", "12 drones were shot down"),
        ("en.accuse", "The ministry", "breaking the truce"),
    ],
    "Kyiv denied attacking the plant.": [("en.gerund", "Kyiv", "attacking the plant")],
    "Ukraine has denied having struck the station.": [
        ("en.gerund", "Ukraine", "having struck the station")
    ],
    "Lavrov ruled out extending the pause.": [("en.gerund", "Lavrov", "extending the pause")],
    "Moscow warned against sending peacekeepers.": [
        ("en.gerund", "Moscow", "sending peacekeepers")
    ],
    "Macron described the move as “a step in the right direction”.": [
        ("en.describe", "Macron", "described the move as “a step in the right direction”")
    ],
}

NOUNS = {
    "Moscow's claim that Ukraine attacked first drew criticism.": [
        ("en.noun.that", "Moscow", "Ukraine attacked first")
    ],
    "Kyiv rejected Russian claims that its drones had hit a pipeline.": [
        ("en.noun.judged", "Kyiv", "its drones had hit a pipeline")
    ],
    "Reports that North Korean soldiers were fighting were denied by Moscow.": [
        ("en.noun.judged", "Moscow", "North Korean soldiers were fighting")
    ],
    "His demand for an immediate withdrawal was ignored.": [
        ("en.noun.for", "His", "an immediate withdrawal")
    ],
    "The ministry issued a statement saying that 12 drones were destroyed.": [
        ("en.noun.participle", "The ministry", "12 drones were destroyed")
    ],
    "The claim that Ukraine attacked first went round the world.": [
        ("en.noun.that", "", "Ukraine attacked first")
    ],
}

NOUNS |= {
    "He rejected Putin's demand that arms deliveries end.": [
        ("en.noun.judged", "He", "arms deliveries end")
    ],
}

HEARSAY = {
    "Moscow is said to have agreed to a pause.": [
        ("en.hearsay", "", "Moscow | to have agreed to a pause")
    ],
    "It was reported that a refinery was burning.": [("en.passive", "", "a refinery was burning")],
    "Russia reportedly struck a substation in Odesa.": [
        ("en.hearsay.adverb", "", "Russia reportedly struck a substation in Odesa")
    ],
    "Kyiv is accused of striking the gas station.": [
        ("en.passive", "", "striking the gas station")
    ],
}

EVERYTHING = CLAUSES | BEHIND | DIRECT | ACTS | NOUNS | HEARSAY


@pytest.mark.parametrize("text", EVERYTHING)
def test_pattern(text: str) -> None:
    assert told(text) == EVERYTHING[text]


@pytest.mark.parametrize("text", HEARSAY)
def test_hearsay_has_no_speaker(text: str) -> None:
    assert {f.attribution for f in read(text)} == {Attribution.UNATTRIBUTED}


@pytest.mark.parametrize(
    "text",
    [
        "Let us wait, say, 30 days.",
        "That said, nothing changed.",
        "As said above, the pause began in March.",
        "In order to halt strikes, they met in Jeddah.",
        "The agreed list includes refineries.",
        "Everything went according to plan.",
        "The battery was charged overnight.",
        "The state company has no comment.",
        "The states signed a treaty.",
        "The accused were released on Monday.",
        "The claim to the land is old.",
        "The order of battle changed in March.",
        "The report is 30 pages long.",
        "The so-called “energy truce” ended.",
        "The film “The Long Peace Ahead Of Us” was shown in Kyiv.",
        "In what the ministry called a “provocation”, drones flew over the plant.",
        "The ministry did not say how many drones were used.",
        "Neither side has said when the talks will resume.",
        "Kyiv has not confirmed that it struck the plant.",
        "Moscow would agree to a truce only under conditions.",
        "The readout said nothing about gas facilities.",
        "Scope: the whole front line is covered by this pause.",
        "Both sides kept to the pause until Friday. Trains ran on time.",
        "There were allegations of torture.",
        "Demand for gas fell in March.",
    ],
)
def test_trap_is_no_speech(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "speaker", "outer"),
    [
        ("Tass reported, citing the ministry, that drones were shot down.", "the ministry", "Tass"),
        ("Peskov was quoted by Tass as saying the talks would continue.", "Peskov", "Tass"),
        ("Reuters quoted an official as saying that the deal was dead.", "an official", "Reuters"),
        ("“The deal is dead,” Reuters quoted an official as saying.", "an official", "Reuters"),
        ("Peskov said that Putin had ordered the army to halt strikes.", "Putin", "Peskov"),
        (
            "According to the Kremlin, Putin ordered the army to stop.",
            "Putin",
            "the Kremlin",
        ),
        ("The strikes have stopped, Interfax reported, citing the army.", "the army", "Interfax"),
    ],
)
def test_chain(text: str, speaker: str, outer: str) -> None:
    (one,) = read(text)
    assert cut(text, one.speaker) == speaker
    assert [cut(text, voice) for voice, _ in one.via] == [outer]


def test_what_one_says_of_oneself_is_one_statement() -> None:
    text = "Moscow said it had agreed to halt strikes."
    assert told(text) == [("en.bare", "Moscow", "it had agreed to halt strikes")]


def test_speech_inside_speech_points_to_it() -> None:
    text = "Peskov said Kyiv, which had pledged to stop attacks, had broken its word."
    found = read(text)
    outer = next(n for n, f in enumerate(found) if f.rule == "en.bare")
    inner = next(f for f in found if f.rule == "en.infinitive")
    assert inner.inside == outer
    assert cut(text, inner.content) == "to stop attacks"


def test_second_clause_belongs_to_the_outer_speaker() -> None:
    text = "Peskov said that Putin had told the army to stop and that seven drones had been shot."
    found = {cut(text, f.content): cut(text, f.speaker) for f in read(text)}
    assert found == {"to stop": "Putin", "seven drones had been shot": "Peskov"}


def test_parts_of_a_frame() -> None:
    text = "On Monday Trump urged both sides to talk."
    (one,) = read(text)
    assert cut(text, one.cue) == "urged"
    assert one.cue_lemma == "urge"
    assert cut(text, one.addressee) == "both sides"
    assert cut(text, one.frame) == "On Monday Trump urged both sides"
    assert one.attribution is Attribution.EXPLICIT


def test_pronoun_points_back() -> None:
    assert read("He added that it would last.")[0].attribution is Attribution.ANAPHORIC


def test_indicative_without_a_link_is_the_narrators() -> None:
    text = "The Kremlin said the pause began. It covers refineries and power plants."
    assert told(text) == [("en.bare", "The Kremlin", "the pause began")]


def test_lexicon_is_large_and_its_forms_are_known() -> None:
    groups = lexicon("verbs")["groups"]
    verbs = {v for words in groups.values() for v in words.split()}
    assert len(verbs) > 250
    for verb in verbs:
        first = lexicon("verbs")["phrases"].get(verb, verb).split()[0]
        for word in inflect(first):
            assert form_of(word).verbs, word


PIECES = """Moscow said that told “ ” " , . : ; – ( ) and according to accused Kyiv of firing claim
as quoted saying citing it was reported who by 's he on Tuesday in a statement not denied called"""
WORDS = st.sampled_from([*PIECES.split(), "\n"])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join)))
@example("“")
@example("said")
@example(": said “” , said")
def test_any_text_gives_stretches_inside_it_in_order(text: str) -> None:
    found = read(text)
    for one in found:
        everything = (*one.content, *one.speaker, *one.cue, *one.frame, *one.addressee)
        assert one.content
        assert all(0 <= a < b <= len(text) for a, b in everything)
        assert list(one.content) == sorted(one.content)
        assert one.inside is None or 0 <= one.inside < len(found)
    places = [(f.content[0], f.content[-1]) for f in found]
    assert places == sorted(places)
