"""A quotation is found word for word, up to typography, and nowhere else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.words.locate import fold, locate

APART = unicodedata.normalize("NFD", "über die Häfen")

FOUND = [
    ('Er sagte "ja"', "Er sagte „ja“ und ging.", "Er sagte „ja“"),
    ("»ja«, sagte er", "„ja“, sagte er", "„ja“, sagte er"),
    ("18 - 25 März", "vom 18 – 25 März an", "18 – 25 März"),
    ("30 Tage", "für 30\u00a0Tage", "30\u00a0Tage"),
    ("1 500 Drohnen", "rund 1\u202f500 Drohnen", "1\u202f500 Drohnen"),
    ("Energieanlagen", "auf Energie\u00adanlagen im Land", "Energie\u00adanlagen"),
    ("offene Pflicht", "eine offene P\ufb02icht", "offene P\ufb02icht"),
    ("der Konflikt", "der Kon\ufb02ikt ruht", "der Kon\ufb02ikt"),
    ("über die Häfen", f"Streit {APART}", APART),
    (unicodedata.normalize("NFD", "über die Häfen"), "Streit über die Häfen", "über die Häfen"),
    ("bis zum\nFreitag", "nur bis zum Freitag", "bis zum Freitag"),
    ("bis zum Freitag", "nur bis zum\n   Freitag", "bis zum\n   Freitag"),
    ("it's over", "he said it’s over", "it’s over"),
    ("und so weiter...", "und so weiter… hieß es", "und so weiter…"),
    ("  ruht  ", "der Streit ruht", "ruht"),
]


@pytest.mark.parametrize(("quote", "text", "held"), FOUND)
def test_typography_is_levelled(quote: str, text: str, held: str) -> None:
    assert [text[a:b] for a, b in locate(quote, text)] == [held]


ABSENT = [
    ("eine Anlage", "keine Anlage"),
    ("Anlage", "Anlagen"),
    ("Moskau greift an", "Moskau greift nicht an"),
    ("Moskau greift an", "moskau greift an"),
    ("30 Tage", "31 Tage"),
    ("30 Tage", "130 Tage"),
    ("30 Tage", "30Tage"),
    ("not agreed", "notagreed"),
    ("Der Kreml … lehnt ab", "Der Kreml, hieß es, lehnt ab"),
    ("Uber", "Über"),
    ("", "Text"),
    ("   ", "Text   Text"),
    ("\u00ad", "Ener\u00adgie"),
]


@pytest.mark.parametrize(("quote", "text"), ABSENT)
def test_nothing_is_guessed(quote: str, text: str) -> None:
    assert locate(quote, text) == []


def test_every_place_is_given_where_there_are_several() -> None:
    text = "Er gehe nicht. Sie sagte: „Er gehe nicht.“"
    assert locate("Er gehe nicht", text) == [(0, 13), (27, 40)]


@given(st.text(alphabet="aäuß „“\u00a0\u00ad–-\ufb01.\n\u0308", max_size=60))
def test_folding_leads_back_to_the_source(text: str) -> None:
    held = fold(text)
    for at in range(len(held.text)):
        start, end = held.start(at), held.end(at + 1)
        assert 0 <= start < end <= len(text)
    starts = [held.start(at) for at in range(len(held.text))]
    assert starts == sorted(starts)


@given(
    st.text(alphabet="abc äö„“–\u00a0\u00ad.", min_size=1, max_size=40),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_a_piece_of_the_text_is_found_where_it_stands(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    places = locate(text[start:end], text)
    for a, b in places:
        assert fold(text[a:b]).text.strip() == fold(text[start:end]).text.strip()
    left = text[start - 1 : start].isalnum() or (start and text[start - 1] == "\u00ad")
    right = text[end : end + 1].isalnum() or text[end : end + 1] == "\u00ad"
    if not left and not right and fold(text[start:end]).text.strip():
        assert any(start <= a < b <= end for a, b in places)
