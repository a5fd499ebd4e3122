"""What is printed stays on its line and says what it says."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from truceline.archive.texts import printable

ANY = st.text(st.characters(categories=None) | st.sampled_from("\n\r\x1b\u202e\u2028\u2029\ud800"))


@given(ANY)
def test_any_text_is_one_line_that_steers_nothing(text: str) -> None:
    told = printable(text)
    assert len(told.splitlines()) <= 1
    assert not {unicodedata.category(char) for char in told} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    told.encode()
    assert printable(told) == told


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_words_stay_as_they_are(text: str) -> None:
    assert printable(text) == text
