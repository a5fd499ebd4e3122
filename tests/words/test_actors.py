"""Who is named, who is meant: every sentence here is made up for the test."""

from __future__ import annotations

from itertools import pairwise

import pytest

from truceline.domain.words import ACTOR, Document
from truceline.errors import BadInput, MissingFile
from truceline.words.actors import (
    Registry,
    Resolver,
    dated_of,
    issuer_of,
    medium_of,
    mentions,
)

DAY = "2025-03-20"

SPEAKERS = [
    # German: «speaker stretch» marked; expected actor
    ("de", "«US-Präsident Donald Trump» sagte es.", "USA:Trump"),
    ("de", "Das teilte «Kremlsprecher Dmitri Peskow» mit.", "RUS:Peskov"),
    ("de", "«Das russische Verteidigungsministerium» teilte mit.", "RUS:MoD"),
    ("de", "Nach Angaben «des Verteidigungsministeriums in Moskau» ruht das Feuer.", "RUS:MoD"),
    ("de", "«Der ukrainische Generalstab» meldete Angriffe.", "UKR:GeneralStaff"),
    ("de", "«Die Kiewer Regierung» widersprach.", "UKR"),
    ("de", "«Ein Sprecher des Kreml» widersprach.", "RUS:Kremlin"),
    ("de", "«Die russische Seite» lehnte ab.", "RUS"),
    ("de", "Nach «russischen Angaben» war es ruhig.", "RUS"),
    ("de", "«Putin und Trump» einigten sich.", "GRP:RUS+USA"),
    ("de", "«Russland und die Ukraine» einigten sich.", "GRP:RUS+UKR"),
    ("de", "«Ein Sprecher des ukrainischen Militärs» sagte es.", "UKR:Military"),
    ("de", "«Der Gouverneur der Region Belgorod» schrieb es.", "RUS:Governor.Belgorod"),
    ("de", "«Der Gouverneur des Gebiets Charkiw», Oleh Tester, schrieb.", "UKR:Governor.Kharkiv"),
    ("de", "«Ein Experte» hält das für möglich.", "UNKNOWN"),
    ("de", "«Ein Experte des ukrainischen Verteidigungsministeriums» warnt.", "UNKNOWN"),
    ("de", "«Anwohner der Stadt Kiew» berichteten von Lärm.", "UNKNOWN"),
    ("de", "«Russische Militärblogger» schrieben es.", "UNKNOWN"),
    ("de", "«Ein enger Vertrauter Putins» sagte es.", "UNKNOWN"),
    ("de", "«Dem Kreml nahestehende Kreise» sagten es.", "UNKNOWN"),
    ("de", "«Russlands Angriff» dauert an.", "UNKNOWN"),
    ("de", "«Medienberichten» zufolge steht das fest.", "MEDIA:reports"),
    ("de", "Das berichtet «die Washington Post».", "MEDIA:WashingtonPost"),
    ("de", "Das meldete «die russische Staatsagentur Tass».", "MEDIA:TASS"),
    ("de", "«Die staatliche Nachrichtenagentur Ria Nowosti» meldete es.", "MEDIA:RIA"),
    ("de", "«Moskau» weist das zurück.", "RUS"),
    ("de", "Nach Angaben «Moskaus» war es anders.", "RUS"),
    ("de", "Nach Angaben «aus Moskau» war es anders.", "RUS"),
    ("de", "«Das Weiße Haus» kündigte es an.", "USA:WhiteHouse"),
    ("de", "«Der Sprecher des Weißen Hauses» kündigte es an.", "USA:WhiteHouse"),
    ("de", "«Der Kremlchef» stimmte zu.", "RUS:Putin"),
    ("de", "«Der ukrainische Präsident» stimmte zu.", "UKR:Zelensky"),
    ("de", "«Der US-Präsident» stimmte zu.", "USA:Trump"),
    ("de", "«Der frühere US-Präsident» stimmte zu.", "UNKNOWN"),
    ("de", "«Außenamtssprecherin Maria Sacharowa» sagte es.", "RUS:Zakharova"),
    ("de", "«EU-Außenbeauftragte Kaja Kallas» sagte es.", "GRP:EU"),
    ("de", "«Russlands Außenminister Sergej Lawrow» sagte es.", "RUS:Lavrov"),
    ("de", "«Die Bundesregierung» begrüßte es.", "DEU"),
    ("de", "«Der Berater des ukrainischen Präsidenten» sagte es.", "UKR:Adviser"),
    ("de", "«Melania Trump» sagte es.", "UNKNOWN"),
    ("de", "«Frau Putin» sagte es.", "UNKNOWN"),
    ("de", "«Die Trump-Regierung» sagte es.", "USA"),
    ("de", "«Kreml-Kritiker» sagten es.", "UNKNOWN"),
    ("de", "«Der Bürgermeister von Charkiw» sagte es.", "UKR:Mayor.Kharkiv"),
    ("de", "«Die ukrainische Luftwaffe» zählte Drohnen.", "UKR:AirForce"),
    ("de", "«Hamas-Vertreter» sagten zu.", "GRP:Hamas"),
    ("de", "«Ein israelischer Armeesprecher» sagte es.", "ISR:Military"),
    ("de", "«Israels Ministerpräsident Benjamin Netanjahu» sagte es.", "ISR:Netanyahu"),
    ("de", "«Katar und Ägypten» vermitteln.", "GRP:EGY+QAT"),
    ("de", "«UN-Generalsekretär António Guterres» mahnte.", "GRP:UN"),
    ("de", "«Der Pressedienst des Kreml» teilte mit.", "RUS:Kremlin"),
    ("de", "«Die Ukraine» werde sich daran halten.", "UKR"),
    ("de", "Nach Darstellung «der Ukraine» gilt das.", "UKR"),
    ("de", "«Der russische Präsident Wladimir Putin» sagte zu.", "RUS:Putin"),
    ("de", "«Präsident Wolodymyr Selenskyj» sagte zu.", "UKR:Zelensky"),
    ("de", "«Generalmajor Igor Konaschenkow» sagte es.", "RUS:Konashenkov"),
    ("de", "«Der Vater eines ukrainischen Soldaten» sagte es.", "UNKNOWN"),
    ("de", "«Ein Berater im Kiewer Präsidialamt» sagte es.", "UKR:Adviser"),
    ("de", "«Die Außenminister Russlands und der Ukraine» sprachen.", "GRP:RUS+UKR"),
    ("de", "«Der stellvertretende Außenminister Russlands» sagte es.", "RUS:MFA"),
    ("de", "«Ein früherer Kremlsprecher» sagte es.", "UNKNOWN"),
    ("de", "«Der ukrainische Präsidentensprecher» sagte es.", "UKR:PresidentialOffice"),
    ("de", "«Polen» stimmte zu.", "POL"),
    ("de", "«Die Führung in Moskau» stimmte zu.", "RUS"),
    ("de", "«Die Regierung in Kiew» stimmte zu.", "UKR"),
    ("de", "«Die Staats- und Regierungschefs der EU» stimmten zu.", "GRP:EU"),
    ("de", "«Das Institut für Kriegsstudien (ISW)» schrieb es.", "GRP:ISW"),
    ("de", "«Ukraine-Sondergesandter Keith Kellogg» sagte es.", "USA:Kellogg"),
    ("de", "«Der Russland-Experte Hans Tester» sagte es.", "UNKNOWN"),
    ("de", "«Der prorussische Blogger Boris Tester» sagte es.", "UNKNOWN"),
    ("de", "«Die Energieagentur in Moskau» sagte es.", "UNKNOWN"),
    ("de", "«Ein Bewohner aus Moskau» sagte es.", "UNKNOWN"),
    ("de", "«Der Chef der ukrainischen Präsidialverwaltung, Andrij Jermak», sagte es.",
     "UKR:Yermak"),
    ("de", "«Selenskyjs Sprecher» sagte es.", "UKR:PresidentialOffice"),
    ("de", "«Die Tass» meldete es.", "MEDIA:TASS"),
    ("de", "«Frankreich, Deutschland und Großbritannien» stimmten zu.", "GRP:DEU+FRA+GBR"),
    ("de", "«Kanzler Friedrich Merz (CDU)» stimmte zu.", "DEU:Merz"),
    ("de", "«Der ukrainische Oberbefehlshaber Olexander Syrskyj» sagte es.", "UKR:Syrskyi"),
    ("de", "«Der Kommandeur einer russischen Einheit» sagte es.", "UNKNOWN"),
    ("de", "«Der Direktor des Kiewer Zoos» sagte es.", "UNKNOWN"),
    ("de", "«Die russische Opposition» sagte es.", "UNKNOWN"),
    ("de", "«Das russische Staatsfernsehen» sagte es.", "MEDIA:reports"),
    ("de", "«Mehrere ukrainische Medien» berichteten es.", "MEDIA:reports"),
    ("de", "«Der von Russland eingesetzte Gouverneur» sagte es.", "UNKNOWN"),
    ("de", "«Ein Vertreter der ukrainischen Ölfirma» sagte es.", "UNKNOWN"),
    ("de", "«Der Chef des ukrainischen Generalstabs» sagte es.", "UKR:GeneralStaff"),
    ("de", "«Der Leiter der Kiewer Oper» sagte es.", "UNKNOWN"),
    ("de", "Peskow schwieg. «Der Sprecher der Ölfirma» sagte es.", "UNKNOWN"),
    ("de", "«Hamas-Chef Ismail Hanija» sagte es.", "GRP:Hamas"),
    ("de", "«Nato-Chef Mark Rutte» sagte es.", "GRP:NATO"),
    ("de", "«Der Vizeaußenminister Russlands» sagte es.", "RUS:MFA"),
    ("de", "«Netanjahus Büro» sagte es.", "ISR:Office"),
    ("de", "«Russlands Vize-Außenminister Sergej Rjabkow» sagte es.", "RUS:Ryabkov"),
    ("de", "«Der Energieversorger Ukrenerho» sagte es.", "UKR:Ukrenerho"),
    ("de", "«Sowohl Moskau als auch Kiew» sagten ja.", "GRP:RUS+UKR"),
    ("de", "«Weder Russland noch die Ukraine» sagten ja.", "GRP:RUS+UKR"),
    ("de", "«Russland oder die Ukraine» sagten ja.", "UNKNOWN"),
    ("de", "«Putin und sein Gast» sagten ja.", "UNKNOWN"),
    ("de", "«Außenminister Rubio und sein russischer Amtskollege Lawrow» sagten ja.",
     "GRP:RUS+USA"),
    ("de", "«Der Russe» sagte ja.", "UNKNOWN"),
    ("de", "«Viele Ukrainer» sagten ja.", "UNKNOWN"),
    ("de", "«Die Ukrainer» sagten ja.", "UKR"),
    ("de", "«Putins Sprecher» sagte ja.", "RUS:Kremlin"),
    ("de", "«Der Sprecher des russischen Präsidenten» sagte ja.", "RUS:Kremlin"),
    ("de", "«Das Büro von Präsident Wolodymyr Selenskyj» sagte ja.", "UKR:Office"),
    ("de", "«Der Nationale Sicherheitsrat der USA» sagte ja.", "USA:SecurityCouncil"),
    ("de", "«Das von der Hamas kontrollierte Gesundheitsministerium» sagte ja.", "UNKNOWN"),
    ("de", "«Die westlichen Verbündeten der Ukraine» sagten ja.", "UNKNOWN"),
    ("de", "«Die Regierungen in Moskau und Kiew» sagten ja.", "GRP:RUS+UKR"),
    ("de", "«Der russische General Fedorow» sagte ja.", "UNKNOWN"),
    ("de", "«Der palästinensische Hamas-Vertreter Tester» sagte ja.", "GRP:Hamas"),
    ("de", "«Die libanesische Hisbollah» sagte ja.", "GRP:Hezbollah"),
    ("de", "«CDU-Chef Friedrich Merz» sagte ja.", "DEU:Merz"),
    ("de", "«Der Republikaner Donald Trump» sagte ja.", "USA:Trump"),
    ("de", "«Der Gouverneur der russischen Grenzregion Kursk» sagte ja.", "RUS:Governor.Kursk"),
    ("de", "«Die israelische Zeitung „Haaretz“» meldete es.", "MEDIA:Haaretz"),
    ("de", "«Die Rebellengruppe M23» sagte ja.", "GRP:M23"),
    ("de", "«Vermittler aus Katar» sagten ja.", "QAT"),
    # English
    ("en", "«US President Donald Trump» said so.", "USA:Trump"),
    ("en", "«US President Donald Trump's envoy Steve Witkoff» said so.", "USA:Witkoff"),
    ("en", "«Kremlin spokesman Dmitry Peskov» said so.", "RUS:Peskov"),
    ("en", "«The Russian Foreign Ministry» denied it.", "RUS:MFA"),
    ("en", "«Russia's Defense Ministry» denied it.", "RUS:MoD"),
    ("en", "According to «Moscow», nothing happened.", "RUS"),
    ("en", "«A resident of Kyiv» heard blasts.", "UNKNOWN"),
    ("en", "«A Kyiv resident» heard blasts.", "UNKNOWN"),
    ("en", "«A Ukraine war veteran» spoke.", "UNKNOWN"),
    ("en", "«A source familiar with the talks in Moscow» said so.", "UNKNOWN"),
    ("en", "«Ukraine's General Staff» reported it.", "UKR:GeneralStaff"),
    ("en", "«A spokesman for the Ukrainian Air Force» said so.", "UKR:AirForce"),
    ("en", "«The Ukrainian president» said so.", "UKR:Zelensky"),
    ("en", "«White House press secretary Karoline Leavitt» said so.", "USA:Leavitt"),
    ("en", "«Secretary of State Marco Rubio» said so.", "USA:Rubio"),
    ("en", "«US officials» said so.", "USA"),
    ("en", "«Kyiv officials» said so.", "UKR"),
    ("en", "«Russia and Ukraine» agreed.", "GRP:RUS+UKR"),
    ("en", "«Russia, Ukraine and Turkey» agreed.", "GRP:RUS+TUR+UKR"),
    ("en", "«Moscow airport» closed.", "UNKNOWN"),
    ("en", "«The Ministry of Defence of the Russian Federation» said so.", "RUS:MoD"),
    ("en", "«The governor of the Belgorod region» said so.", "RUS:Governor.Belgorod"),
    ("en", "«The governor of Russia's Belgorod region» said so.", "RUS:Governor.Belgorod"),
    ("en", "«The Kremlin's top economic negotiator Kirill Dmitriev» said so.", "RUS:Dmitriev"),
    ("en", "«Belgorod governor Vyacheslav Gladkov» said so.", "RUS:Governor.Belgorod"),
    ("en", "«An independent analyst in Moscow» said so.", "UNKNOWN"),
    ("en", "«The former US president» said so.", "UNKNOWN"),
    ("en", "«A Hamas official» said so.", "GRP:Hamas"),
    ("en", "«The Trump administration» said so.", "USA"),
    ("en", "«Ukrainian Foreign Minister Andrii Sybiha» said so.", "UKR:Sybiha"),
    ("en", "«Qatar's foreign ministry spokesman Majed al-Ansari» said so.", "QAT:Ansari"),
    ("en", "«The Israeli military» said so.", "ISR:Military"),
    ("en", "«Media reports» said so.", "MEDIA:reports"),
    ("en", "«The Kyiv Independent» reported it.", "MEDIA:KyivIndependent"),
    ("en", "«Eric Trump» said so.", "UNKNOWN"),
    ("en", "«Russian drones» came.", "UNKNOWN"),
    ("en", "«The Ukrainian side» agreed.", "UKR"),
    ("en", "«Pro-Kremlin bloggers» said so.", "UNKNOWN"),
    ("en", "«A former Kremlin spokesman» said so.", "UNKNOWN"),
    ("en", "«Deputy Foreign Minister Sergei Ryabkov» said so.", "RUS:Ryabkov"),
    ("en", "«Russia's deputy foreign minister» said so.", "RUS:MFA"),
    ("en", "«Said Putin», calmly.", "RUS:Putin"),
    ("en", "«Zelensky adviser Mykhailo Podolyak» said so.", "UKR:Podolyak"),
    ("en", "«A Putin ally» said so.", "UNKNOWN"),
    ("en", "«A close ally of Putin» said so.", "UNKNOWN"),
    ("en", "«The Kremlin-installed governor» said so.", "UNKNOWN"),
    ("en", "«The head of Ukraine's presidential office, Andriy Yermak», said so.", "UKR:Yermak"),
    ("en", "«Kyiv Mayor Vitali Klitschko» said so.", "UKR:Klitschko"),
    ("en", "«Ukrainian soldiers near Kursk» said so.", "UKR:Military"),
    ("en", "«The wife of a Russian soldier» said so.", "UNKNOWN"),
    ("en", "«Ukrainian state grid operator» said so.", "UKR:EnergyCompany"),
    ("en", "«Russia's state news agency TASS» said so.", "MEDIA:TASS"),
    ("en", "«The United States» said so.", "USA"),
    ("en", "«Washington» said so.", "USA"),
    ("en", "«The Washington think tank» said so.", "UNKNOWN"),
    ("en", "«EU foreign policy chief Kaja Kallas» said so.", "GRP:EU"),
    ("en", "«U.N. Secretary-General Antonio Guterres» said so.", "GRP:UN"),
    ("en", "«Prime Minister Benjamin Netanyahu’s office» said so.", "ISR:Office"),
    ("en", "«Putin’s horse» said so.", "UNKNOWN"),
    ("en", "«President Putin’s horse» said so.", "UNKNOWN"),
    ("en", "«Mediators from Egypt and Qatar» agreed.", "GRP:EGY+QAT"),
    ("en", "«Ukraine’s First Deputy Foreign Minister Serhiy Kyslytsya» agreed.",
     "UKR:Kyslytsya"),
    ("en", "«Neither Russia nor Ukraine» agreed.", "GRP:RUS+UKR"),
    ("en", "«Russia or Ukraine» agreed.", "UNKNOWN"),
    ("en", "«Ukraine peace envoy Keith Kellogg» agreed.", "USA:Kellogg"),
    ("en", "«The Ukraine envoy» agreed.", "UNKNOWN"),
    ("en", "«Defence Minister Belousov and his Ukrainian counterpart» agreed.", "GRP:RUS+UKR"),
    ("en", "«Ukrainian officials and residents» agreed.", "UNKNOWN"),
    # Russian, Ukrainian
    ("ru", "«Губернатор Белгородской области Вячеслав Гладков» сообщил.",
     "RUS:Governor.Belgorod"),
    ("ru", "«Источник в Кремле» сообщил.", "UNKNOWN"),
    ("ru", "«Пресс-секретарь президента РФ Дмитрий Песков» возразил.", "RUS:Peskov"),
    ("ru", "«Официальный представитель МИД России Мария Захарова» возразила.", "RUS:Zakharova"),
    ("ru", "«Эксперты» возразили.", "UNKNOWN"),
    ("uk", "«Речник МЗС Георгій Тихий» заперечив.", "UKR:Tykhyi"),
    ("ru", "«Минобороны РФ» сообщило об атаках.", "RUS:MoD"),
    ("ru", "«Министерство обороны России» сообщило об атаках.", "RUS:MoD"),
    ("ru", "«Президент Украины Владимир Зеленский» согласился.", "UKR:Zelensky"),
    ("ru", "По словам «Путина», огонь прекращён.", "RUS:Putin"),
    ("ru", "«МИД России» возразил.", "RUS:MFA"),
    ("ru", "«Генштаб ВСУ» сообщил.", "UKR:GeneralStaff"),
    ("uk", "«Генеральний штаб ЗСУ» повідомив.", "UKR:GeneralStaff"),
    ("uk", "«Президент Володимир Зеленський» погодився.", "UKR:Zelensky"),
    ("uk", "«Повітряні сили» повідомили про дрони.", "UNKNOWN"),
    ("uk", "«Міністерство оборони України» повідомило.", "UKR:MoD"),
    ("uk", "За словами «Путіна», вогонь припинено.", "RUS:Putin"),
]  # fmt: skip


def marked(text: str) -> tuple[str, int, int]:
    start = text.index("«")
    end = text.index("»") - 1
    return text.replace("«", "").replace("»", ""), start, end


def resolve(language: str, text: str, dated: str | None = DAY) -> tuple[str, str]:
    plain, start, end = marked(text)
    resolver = Resolver(Registry.known(), Document("test", plain, "0" * 64, language, dated=dated))
    found = resolver.resolve(start, end)
    assert ACTOR.fullmatch(found.actor)
    return found.actor, found.how


@pytest.mark.parametrize(("language", "text", "actor"), SPEAKERS)
def test_speaker_is_named(language: str, text: str, actor: str) -> None:
    how = "unknown" if actor == "UNKNOWN" else "explicit"
    assert resolve(language, text) == (actor, how)


BACK = [
    ("de", "Putin lehnte ab. «Er» werde warten.", "RUS:Putin"),
    ("de", "Putin sprach mit Trump. «Er» werde warten.", "UNKNOWN"),
    ("de", "Putin sprach mit Trump.\n\nSelenskyj war da. «Er» werde warten.", "UKR:Zelensky"),
    ("de", "Putin war da.\n\nDann sagte «er» zu.", "RUS:Putin"),
    ("de", "Putin war da.\n\nEs regnete.\n\nDann sagte «er» zu.", "UNKNOWN"),
    ("de", "Sacharowa war da. Nein, sagte «sie».", "RUS:Zakharova"),
    ("de", "Sacharowa war da. Nein, sagte «er».", "UNKNOWN"),
    ("de", "Peskow und Oleg Tester waren da. «Er» sagte nein.", "UNKNOWN"),
    ("de", "Putin und ein Anwohner waren da. «Er» sagte nein.", "UNKNOWN"),
    ("de", "Trump rief Putin an. «Der Republikaner» drohte.", "USA:Trump"),
    ("de", "Putin war da. «Der Republikaner» drohte.", "UNKNOWN"),
    ("de", "Trump und Rubio waren da. «Der Republikaner» drohte.", "UNKNOWN"),
    ("de", "Scholz war da. «Der SPD-Politiker» drohte.", "DEU:Scholz"),
    ("de", "Trump war da. «Der 78-Jährige» drohte.", "USA:Trump"),
    ("de", "Trump und Putin waren da. «Der 78-Jährige» drohte.", "UNKNOWN"),
    ("de", "Das russische Verteidigungsministerium schwieg. «Das Ministerium» prüfe.", "RUS:MoD"),
    ("de", "Das russische Außenministerium und das ukrainische Verteidigungsministerium "
     "schwiegen. «Das Ministerium» prüfe.", "UNKNOWN"),
    ("de", "Kremlsprecher Dmitri Peskow schwieg. «Der Sprecher» prüfe.", "RUS:Peskov"),
    ("de", "Putin sprach mit Lawrow. «Der Minister» nickte.", "RUS:Lavrov"),
    ("de", "Putin sprach mit Lawrow. «Der Präsident» nickte.", "RUS:Putin"),
    ("de", "Putin sprach mit Selenskyj. «Der Präsident» nickte.", "UNKNOWN"),
    ("de", "«Der Präsident» nickte.", "UNKNOWN"),
    ("de", "Russland und die Ukraine verhandeln. «Beide Seiten» warten.", "GRP:RUS+UKR"),
    ("de", "Moskau und Kiew verhandeln. «Die Konfliktparteien» warten.", "GRP:RUS+UKR"),
    ("de", "Putin sprach mit Trump über Kiew. «Beide Seiten» warten.", "UNKNOWN"),
    ("de", "Kiew und Moskau reden. «Vertreter beider Seiten» warten.", "GRP:RUS+UKR"),
    ("de", "Moskauer Vertreter reden. «Vertreter» warten.", "UNKNOWN"),
    ("en", "Kyiv and Moscow talk. «Officials from both sides» wait.", "GRP:RUS+UKR"),
    ("de", "Putin war da. «Der arvenische Präsident» nickte.", "UNKNOWN"),
    ("de", "Putin war da. «Arveniens Präsident» nickte.", "UNKNOWN"),
    ("de", "Putin war da. «Der Präsident von Arvenien» nickte.", "UNKNOWN"),
    ("de", "Peskow war da. «Sein Sprecher» nickte.", "UNKNOWN"),
    ("de", "Putin war da. Präsident Tolvan sprach. Tolvan schwieg. «Er» nickte.", "UNKNOWN"),
    ("de", "Präsident Tolvan sprach.\n\nPutin war da. Tolvan schwieg. «Er» nickte.", "UNKNOWN"),
    ("en", "Putin was there. «The Arvenian president» nodded.", "UNKNOWN"),
    ("en", "Peskov was there. «His spokesman» nodded.", "UNKNOWN"),
    ("de", "Moskau und Kiew reden. «Eine der beiden Seiten» wartet.", "UNKNOWN"),
    ("en", "Moscow and Kyiv talk. «One of the two sides» waits.", "UNKNOWN"),
    ("de", "Trump war da. «Der Republikaner Hans Tester» wartet.", "UNKNOWN"),
    ("en", "Egypt's foreign minister spoke. «The foreign minister» waits.", "EGY:Abdelatty"),
    ("de", "Japan und Brasilien verhandeln. «Beide Seiten» warten.", "GRP:BRA+JPN"),
    ("de", "Israel und die Hamas verhandeln. «Beide Seiten» warten.", "GRP:Hamas+ISR"),
    ("de", "«Beide Seiten» warten.", "UNKNOWN"),
    ("de", "Putin und Selenskyj trafen sich. Nein, sagten «sie».", "GRP:RUS+UKR"),
    ("de", "Es wurde telefoniert, «es» hieß nichts.", "UNKNOWN"),
    ("en", "Putin refused. «He» would wait.", "RUS:Putin"),
    ("en", "Putin spoke to Trump. «He» would wait.", "UNKNOWN"),
    ("en", "Leavitt spoke of Trump. «She» would wait.", "USA:Leavitt"),
    ("en", "Trump called Putin. «The Republican» was pleased.", "USA:Trump"),
    ("en", "The Russian Defense Ministry denied it. «The ministry» would wait.", "RUS:MoD"),
    ("en", "The Russian Defense Ministry denied it. «It» would wait.", "RUS:MoD"),
    ("en", "Russia and Ukraine talked. «Both sides» agreed.", "GRP:RUS+UKR"),
    ("en", "Russia and Ukraine talked. «They» agreed.", "GRP:RUS+UKR"),
    ("en", "A man from Kyiv met Putin. «He» was tired.", "UNKNOWN"),
    ("en", "Trump spoke. «The 78-year-old» was pleased.", "USA:Trump"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "actor"), BACK)
def test_pronoun_or_description_points_back(language: str, text: str, actor: str) -> None:
    how = "unknown" if actor == "UNKNOWN" else "anaphoric"
    assert resolve(language, text) == (actor, how)


PLACES = [
    ("de", "Die Gespräche in Moskau dauern an.", "Moskau"),
    ("de", "Der aus Kiew angereiste Gast schwieg.", "Kiew"),
    ("de", "Kämpfe gab es bei Kursk.", "Kursk"),
    ("de", "Er will nach Washington reisen.", "Washington"),
    ("de", "Der Krieg in der Ukraine dauert an.", "Ukraine"),
    ("de", "Moskau (dpa) - Die Gespräche gehen weiter.", "Moskau"),
    ("de", "Drohnen flogen auf die Stadt Kiew zu.", "Kiew"),
    ("en", "The war in Ukraine goes on.", "Ukraine"),
    ("en", "He flew to Moscow.", "Moscow"),
    ("en", "KYIV (Reuters) - Talks go on.", "KYIV"),
    ("en", "The Moscow region was hit.", "Moscow"),
    ("ru", "Переговоры в Москве продолжаются.", "Москве"),
]


@pytest.mark.parametrize(("language", "text", "word"), PLACES)
def test_place_is_no_actor(language: str, text: str, word: str) -> None:
    found = {text[m.start : m.end]: m for m in mentions(text, 0, len(text), language)}
    assert found[word].as_place


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("de", "Russlands Angriff dauert an.", "Russlands"),
        ("de", "Russische Drohnen flogen.", "Russische"),
        ("en", "Russia's attack goes on.", "Russia"),
        ("en", "Ukrainian drones flew.", "Ukrainian"),
        ("de", "Das Stromnetz der Ukraine hielt.", "Ukraine"),
    ],
)
def test_owner_is_not_who_speaks(language: str, text: str, word: str) -> None:
    found = {text[m.start : m.end]: m for m in mentions(text, 0, len(text), language)}
    assert found[word].possessive


def test_one_mention_with_the_most_specific_actor() -> None:
    text = "US-Präsident Donald Trump und der Sprecher des Kreml, Dmitri Peskow, sprachen."
    [found] = mentions(text, 0, len(text), "de")
    assert [part.actor for part in found.parts] == ["USA:Trump", "RUS:Peskov"]
    assert [text[p.start : p.end] for p in found.parts] == [
        "US-Präsident Donald Trump",
        "Sprecher des Kreml, Dmitri Peskow",
    ]


def test_office_goes_by_the_day() -> None:
    text = "«Der US-Präsident» sagte zu."
    assert resolve("de", text, "2022-05-01")[0] == "USA:Biden"
    assert resolve("de", text, "2025-05-01")[0] == "USA:Trump"
    assert resolve("de", text, None)[0] == "USA:President"
    named = "Joe Biden rief an. «Der US-Präsident» sagte zu."
    assert resolve("de", named, None)[0] == "USA:Biden"
    assert resolve("en", "«The Russian defence minister» spoke.", "2023-01-01")[0] == "RUS:Shoigu"


SWAPS = {
    "de": [
        ("Russland", "die Ukraine"), ("russische", "ukrainische"), ("Moskauer", "Kiewer"),
        ("Putin", "Selenskyj"), ("Lawrow", "Sybiha"), ("Moskau", "Kiew"),
    ],
    "en": [
        ("Russia", "Ukraine"), ("Russian", "Ukrainian"), ("Moscow", "Kyiv"),
        ("Putin", "Zelensky"), ("Lavrov", "Sybiha"),
    ],
}  # fmt: skip
SWAP_FRAMES = {
    "de": [
        "«Das russische Verteidigungsministerium» teilte mit.",
        "«Die Moskauer Regierung» lehnt ab.",
        "«Putin» sagte zu.", "«Der russische Präsident» sagte zu.", "«Moskau» schweigt.",
        "Nach Angaben «aus Moskau» war es ruhig.", "«Russische Experten» schweigen.",
        "«Ein Sprecher der russische Armee» sagte.", "«Lawrow» sagte nein.",
        "Putin war da. «Er» sagte nein.", "«Der russische Außenminister Lawrow» sagte nein.",
        "«Russische Behörden» sagten nein.", "«Russische Drohnen» flogen.", "«Russland» sagte zu.",
    ],
    "en": [
        "«The Russian Defence Ministry» said so.", "«Moscow» said so.", "«Putin» said so.",
        "«The Russian president» said so.", "«Russia's foreign minister» said so.",
        "«A resident of Moscow» said so.", "«Russian officials» said so.",
        "Lavrov spoke. «He» said no.", "«Russia's army» said so.", "«Russian drones» flew.",
        "«A Russian analyst» said so.",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "frame"), [(one, f) for one, several in SWAP_FRAMES.items() for f in several]
)
def test_swapping_the_sides_swaps_the_actors(language: str, frame: str) -> None:
    other = frame
    for mine, theirs in sorted(SWAPS[language], key=lambda pair: -len(pair[0])):
        for form, swapped in ((mine, theirs), (mine.capitalize(), theirs.capitalize())):
            other = other.replace(form, swapped)
    assert other != frame
    pair = {"RUS": "UKR", "Putin": "Zelensky", "Lavrov": "Sybiha"}
    actor, how = resolve(language, frame)
    for mine, theirs in pair.items():
        actor = actor.replace(mine, theirs)
    assert resolve(language, other) == (actor, how)


@pytest.mark.parametrize(
    ("text", "medium"),
    [
        ("Moskau (dpa) - Es geht weiter.", "MEDIA:dpa"),
        ("KYIV (Reuters) - Talks go on.", "MEDIA:Reuters"),
        ("Es geht weiter.\n\n(AFP)\n", "MEDIA:AFP"),
        ("Es geht weiter. /dpa", "MEDIA:dpa"),
        ("Es geht weiter.\nQuelle: dpa", "MEDIA:dpa"),
        ("Es geht weiter.\n© dpa", "MEDIA:dpa"),
        ("Es geht weiter. (dpa/AFP)", "MEDIA:dpa"),
        ("Die Agentur Tass meldete es. Niemand zeichnet.", "MEDIA:narrator"),
        ("Er ging (Reuters sprach mit ihm) und schwieg.", "MEDIA:narrator"),
    ],
)
def test_medium(text: str, medium: str) -> None:
    assert medium_of(text) == medium


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Readout of President Trump’s call\n\nThe leaders spoke.", "USA"),
        ("Pressedienst des Kreml\n\nEs fand ein Gespräch statt.", "RUS:Kremlin"),
        ("The White House\n\nToday they spoke.", "USA:WhiteHouse"),
        ("Verteidigungsministerium der Russischen Föderation teilt mit:\nDrohnen", "RUS:MoD"),
        ("Joint statement of Russia and Ukraine\n\nWe agree.", "GRP:RUS+UKR"),
        ("Генеральний штаб ЗСУ повідомляє:\nвороже", "UKR:GeneralStaff"),
        ("Putins Erklärung: was bekannt ist\n\nText", None),
        ("Kiew meldet Angriffe\n\nText", None),
        ("Russland und die Ukraine verhandeln.\n\nText", None),
        ("Moskau (dpa) - Der Pressedienst des Kreml teilt mit.", None),
    ],
)
def test_issuer(text: str, issuer: str | None) -> None:
    assert issuer_of(text) == issuer


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("de", "Kiew, 18. März 2025\n\nText", "2025-03-18"),
        ("de", "Stand: 18.03.2025\nText", "2025-03-18"),
        ("en", "March 18, 2025\n\nReadout", "2025-03-18"),
        ("en", "Washington, 18 March 2025\nText", "2025-03-18"),
        ("ru", "Москва, 18 марта 2025 года\nТекст", "2025-03-18"),
        ("uk", "Київ, 18 березня 2025 року\nТекст", "2025-03-18"),
        ("de", "2025-03-18\nText", "2025-03-18"),
        ("de", "Vom 18. März 2025 bis 17. April 2025\nText", None),
        ("en", "On 3/4/2025 they spoke.", None),
        ("de", "Am 31. Februar 2025 nicht.", None),
        ("de", "a\nb\nc\nd\ne\nf\ng\n18. März 2025\nh\ni\nj", None),
        ("de", "a\nb\nc\nd\ne\nf\ng\nh\nStand 18. März 2025", "2025-03-18"),
    ],
)
def test_day(language: str, text: str, day: str | None) -> None:
    assert dated_of(text, language) == day


INVENTED = """
[states.AVN]
gender = "n"
de = { name = "Arvenien", adjective = "arvenisch", people = "Arvenier", capital = "Tarsk" }
en = { name = "Arvenia", adjective = "Arvenian", people = "Arvenians", capital = "Tarsk" }

[states.BLM]
de = { name = "Belmark", adjective = "belmarkisch", capital = "Dornau" }
en = { name = "Belmark", adjective = "Belmarkian", capital = "Dornau" }

[persons."AVN:Tolvan"]
gender = "f"
names = "Tolvan"
given = "Mira"
roles = [{ role = "president", of = "AVN", from = "2024-01-01" }]

[[conflicts]]
parties = ["AVN", "BLM"]
"""


def test_case_brings_its_own_world() -> None:
    registry = Registry.known().with_text(INVENTED, "actors.toml")
    text = "Arvenien und Belmark verhandeln. Die arvenische Präsidentin sagte zu. Sie bleibt."
    resolver = Resolver(registry, Document("t", text, "0" * 64, "de", dated="2025-01-01"))
    woman, she = text.index("Die arv"), text.index("Sie")
    assert resolver.resolve(woman, woman + 26).actor == "AVN:Tolvan"
    assert resolver.resolve(she, she + 3).actor == "AVN:Tolvan"
    assert resolver.resolve(0, 20).actor == "GRP:AVN+BLM"
    assert Registry.known().holder("president", "AVN", "2025-01-01") == "AVN:President"


@pytest.mark.parametrize(
    ("broken", "line", "field"),
    [
        ('[states.AVN]\nde = { nam = "x" }', 2, "states.AVN.de.nam"),
        ('[persons."AVN:X"]\ngender = "x"\nnames = "Y"', 2, "persons.AVN:X.gender"),
        ('[persons."AVN:X"]\ngender = "m"', 1, "persons.AVN:X.names"),
        ('[states.Arvenia]\n', 1, "states.Arvenia"),
        ('[states.AVN\n', 1, None),
        ('[persons."AVN:X"]\ngender="m"\nnames="Y"\nroles=[{role="king", of="AVN", '
         'from="2024-01-01"}]', 4, "persons.AVN:X.roles"),
    ],
)  # fmt: skip
def test_wrong_file_tells_where(broken: str, line: int, field: str | None) -> None:
    with pytest.raises(BadInput) as told:
        Registry.known().with_text(broken, "actors.toml")
    where = told.value.where
    assert where is not None
    assert (where.file, where.line, where.field) == ("actors.toml", line, field)


def test_missing_file() -> None:
    with pytest.raises(MissingFile):
        Registry.known().with_file("no/such.toml")


def test_who_spoke_in_the_paragraph_goes_on_speaking() -> None:
    text = "Peskow sagte, Trump habe recht. Man warte, sagte er.\n\nTrump nickte, sagte er."
    resolver = Resolver(Registry.known(), Document("t", text, "0" * 64, "de"))
    first, second = text.index(" er.") + 1, text.rindex(" er.") + 1
    assert resolver.resolve(first, first + 2).actor == "UNKNOWN"
    assert resolver.resolve(0, 6).actor == "RUS:Peskov"
    assert resolver.resolve(first, first + 2).actor == "RUS:Peskov"
    assert resolver.resolve(second, second + 2).actor == "USA:Trump"


def test_common_surname_after_the_full_name() -> None:
    assert resolve("de", "Israel Katz kam. Dann sprach «Katz».") == ("ISR:Katz", "explicit")
    assert resolve("de", "Dann sprach «Katz».") == ("UNKNOWN", "unknown")


def test_memory_reads_a_text_without_breaks() -> None:
    text = "Es wurde lange geredet und nichts gesagt. " * 4000 + "Putin kam. Er nickte."
    resolver = Resolver(Registry.known(), Document("t", text, "0" * 64, "de"))
    at = text.index("Er n")
    assert resolver.resolve(at, at + 2).actor == "RUS:Putin"


def test_secretary_of_state_is_of_one_state() -> None:
    text = "Egypt's foreign minister spoke. «The secretary of state» waits."
    assert resolve("en", text) == ("USA:Rubio", "explicit")


def test_every_state_of_the_world() -> None:
    for language, text in (("de", "Bhutan, Peru und Gabun"), ("en", "Bhutan, Peru and Gabon")):
        [found] = mentions(text, 0, len(text), language)
        assert found.actor == "GRP:BTN+GAB+PER"


def test_mentions_are_in_order_and_grounded() -> None:
    for language, frame, _ in SPEAKERS + BACK:
        text = marked(frame)[0]
        found = mentions(text, 0, len(text), language)
        assert all(a.end <= b.start for a, b in pairwise(found))
        for one in found:
            assert text[one.start : one.end].strip() == text[one.start : one.end]
            assert ACTOR.fullmatch(one.actor)
