"""Topics: what mentions them, under which polarity, and how good the words for them are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.effort import calls
from tests.words.documents import KREMLIN, document, items_of

from truceline.words.topics import find_topics, patterns_of, quality_of, topics

ROOT = Path(__file__).resolve().parents[2]


def named(text: str, language: str) -> set[str]:
    return {mention.topic for mention in find_topics(text, language)}


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("de", "Die Raffinerie in der Stadt brennt.", {"energy"}),
        ("de", "Der Energieminister reist ab.", set()),
        ("en", "Ports and railways are spared.", {"infrastructure"}),
        ("en", "The prisoners come home.", {"prisoners"}),
        ("ru", "Стороны договорились об обмене военнопленными.", {"prisoners"}),
        ("uk", "Санкції проти банків лишаються.", {"sanctions"}),
        ("xx", "Nothing is known of this language: refinery.", set()),
    ],
)
def test_what_mentions_a_topic(language: str, text: str, wanted: set[str]) -> None:
    assert named(text, language) == wanted


def test_a_combination_needs_all_of_its_parts_in_one_sentence() -> None:
    assert "prisoners" in named("The wounded soldiers will be transferred home.", "en")
    assert "prisoners" not in named("The soldiers rest. Money will be transferred.", "en")


def test_a_word_that_only_sounds_like_a_topic_hides_what_it_contains() -> None:
    assert named("Wetterbedingungen waren schlecht.", "de") == set()
    assert "infrastructure" not in named("Energy infrastructure was spared.", "en")


def test_spans_are_cut_from_the_text() -> None:
    for mention in find_topics(KREMLIN, "en"):
        for span in (mention.span, mention.sentence):
            assert KREMLIN[span.start : span.end] == span.text


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("No prisoners were exchanged.", True),
        ("The prisoners were exchanged.", False),
        ("He did not come, but the prisoners did come home.", False),
        ("The prisoners came home, although he did not ask.", False),
        ("The ministers did not speak about prisoners, ships or the refinery.", True),
    ],
)
def test_without_statements_the_clause_decides_about_negation(text: str, negated: bool) -> None:
    assert {m.negated for m in find_topics(text, "en") if m.topic == "prisoners"} == {negated}


def test_the_smallest_statement_decides_about_negation() -> None:
    held = document("one", "Putin said that the release of hostages was not discussed.\n")
    items = items_of(held)
    found = [m for m in find_topics(held.text, "en", items) if m.topic == "prisoners"]
    assert [m.negated for m in found] == [True]
    lengths = {i.id: sum(s.end - s.start for s in i.content) for i in items}
    sizes = [lengths[name] for name in found[0].items]
    assert sizes and sizes == sorted(sizes)


def test_every_topic_has_words_in_every_language_and_measured_ones_in_two() -> None:
    for topic in topics():
        for language in ("de", "en", "ru", "uk"):
            held = patterns_of(topic.name, language)
            assert held is not None and held.size >= 5
        for language in ("de", "en"):
            quality = quality_of(topic.name, language)
            assert quality.recall is not None and quality.recall.of >= 6
            assert quality.low is not None and quality.low <= quality.recall.low


def test_stored_quality_is_that_of_the_words_as_they_are() -> None:
    tool = ROOT / "tools" / "topic_quality.py"
    done = subprocess.run([sys.executable, str(tool), "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, "run tools/topic_quality.py"


def test_a_long_text_takes_work_in_proportion() -> None:
    find_topics(KREMLIN, "en")
    short, long = (calls(lambda n=n: find_topics(KREMLIN * n, "en")) for n in (20, 80))
    assert 3 * short < long < 5 * short
