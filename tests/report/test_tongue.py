"""Telling in a language: kinds of values, plurals, dates, foreign words, and no half languages."""

from __future__ import annotations

import pytest
from markupsafe import Markup
from tests.report.builders import result

from truceline.domain.said import said, said_n
from truceline.errors import NoSuchLanguage, Untranslated
from truceline.report import tongue as tongues
from truceline.report.dossier import build_dossier
from truceline.report.plain import Item
from truceline.report.tongue import Tongue


@pytest.fixture(scope="module")
def dossier() -> Item:
    return build_dossier(result(), "0.1.0")


@pytest.fixture
def english(dossier: Item) -> Tongue:
    return Tongue("en", dossier)


@pytest.fixture
def german(dossier: Item) -> Tongue:
    return Tongue("de", dossier)


def test_numbers_and_dates_follow_the_language(english: Tongue, german: Tongue) -> None:
    assert english.number(1234.5) == "1,230" and german.number(1234.5) == "1.230"
    assert english.number(0.000123) == "0.000123" and german.number(0.97) == "0,97"
    assert english.day("2025-03-18") == "18 March 2025"
    assert german.day("2025-03-18") == "18. März 2025"
    assert english.moment("2025-03-18T21:00:00Z") == "18 March 2025, 21:00 UTC"
    assert english.share(0.143) == "14 %"


def test_unknown_is_said_and_never_zero(english: Tongue) -> None:
    assert english.number(None) == english.share(None) == "not known"
    assert english.day(None) == english.moment("") == english.told("") == "not stated"
    assert english.span({"from": None, "until": None}) == "time not known"


def test_spans_say_what_is_open(english: Tongue) -> None:
    start, until = "2025-03-18T10:45:00Z", "2025-03-18T10:46:00Z"
    assert english.span({"from": start, "until": until}) == "18 March 2025, 10:45 to 10:46 UTC"
    assert english.span({"from": start, "until": None}).endswith("no end stated")
    assert english.span({"from": None, "until": until}).startswith("until ")


def test_plurals_follow_the_language(german: Tongue, english: Tongue) -> None:
    one, many = "{n} incident", "{n} incidents"
    assert [english.ngettext(one, many, n) for n in (0, 1, 2)] == [
        "0 incidents",
        "1 incident",
        "2 incidents",
    ]
    assert german.ngettext(one, many, 1) == "1 Vorfall"
    assert german.ngettext(one, many, 2) == "2 Vorfälle"


def test_a_message_that_the_catalogue_lacks_is_an_error(german: Tongue) -> None:
    with pytest.raises(Untranslated, match="nobody translated this"):
        german.gettext("nobody translated this")
    with pytest.raises(Untranslated):
        german.ngettext("{n} unheard-of thing", "{n} unheard-of things", 2)


def test_a_language_without_a_catalogue_is_an_error(dossier: Item) -> None:
    with pytest.raises(NoSuchLanguage, match="'fr'"):
        Tongue("fr", dossier)


def test_words_of_a_source_stay_and_are_marked(dossier: Item) -> None:
    page = Tongue("de", dossier, html=True)
    assert page.words("<b>") == Markup('<i lang="en">&lt;b&gt;</i>')
    assert Tongue("en", dossier, html=True).words("<b>") == Markup("&lt;b&gt;")
    assert Tongue("de", dossier).words("<b>") == "<b>"


def test_what_is_put_in_is_escaped_once(dossier: Item) -> None:
    page = Tongue("en", dossier, html=True)
    assert page.gettext("not covered: {words:told}", words="a & b") == "not covered: a &amp; b"
    assert page.listed(["a & b", Markup("<i>c</i>"), "d"]) == "a &amp; b, <i>c</i> and d"


def test_sentences_of_the_dossier_are_told_again_from_their_parts(
    dossier: Item, german: Tongue, english: Tongue
) -> None:
    assert len(dossier["said"]) > 20
    for text in dossier["said"]:
        assert english.told(text) == text
        assert german.told(text)
    for sentence in dossier["headline"]:
        assert sentence in dossier["said"] and german.told(sentence) != sentence


def test_codes_have_words_in_every_table(german: Tongue, english: Tongue) -> None:
    for name, table in tongues.TABLES.items():
        for code in table if name != "relation" else ():  # these are templates with values
            assert english.say(name, code)
            assert german.say(name, code)
    assert english.say("object", "gas:itself") == "gas, not named more closely"
    assert english.say("object", "something_new") == "something new"
    assert english.say("act", None) == "not stated"


def test_a_sentence_needs_all_its_values_and_no_others() -> None:
    with pytest.raises(ValueError, match="has no counterpart"):
        said("{a} and {b}", a=1)
    with pytest.raises(ValueError, match="has no counterpart"):
        said("nothing to fill", a=1)
    assert said_n("{n} day", "{n} days", 0) == "0 days"
