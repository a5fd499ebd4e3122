"""The metric against values worked out by hand; the engine on the corpus where it is at hand."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from truceline.errors import MissingFile
from truceline.validation import attribution as at
from truceline.validation.attribution import Quotation

CORPUS = Path(
    os.environ.get("TRUCELINE_GNQA", Path(__file__).parents[3] / "shared" / "data" / "gnqa")
)
TEXT = "Der Gesandte Maro sagte, die Pause gelte."
TOKENS = ["Der", "Gesandte", "Maro", "sagte", ",", "die", "Pause", "gelte", "."]


def row() -> dict[str, Any]:
    empty: dict[str, list[int]] = {"tokenIds": []}
    return {
        "name": "made",
        "text": TEXT,
        "sentences": [{"charBegin": 0, "charEnd": len(TEXT), "tokens": TOKENS}],
        "annotations": [
            {
                "quote": {"tokenIds": [5, 6, 7]},
                "speaker": {"tokenIds": [0, 1, 2]},
                "cue": {"tokenIds": [3]},
                "frame": {"tokenIds": [0, 1, 2, 3, 4]},
                "addressee": empty,
            }
        ],
    }


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "made.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.write(json.dumps(row(), ensure_ascii=False) + "\n")
    return path


def test_tokens_are_found_in_the_text(made: Path) -> None:
    (document,) = at.read_quotations(made)
    assert [document.text[s:e] for s, e, _ in document.tokens] == TOKENS
    assert document.quotations[0].speaker == {0, 1, 2}


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MissingFile):
        at.read_quotations(tmp_path / "none.jsonl")


def test_the_engine_is_right_on_the_made_document(made: Path) -> None:
    score = at.evaluate(made)
    assert (score.joint.f1, score.wrong_speaker, score.n_speakers) == (1.0, 0.0, 1)
    assert score.lines()[0].split() == ["message", "P", "100.0", "R", "100.0", "F1", "100.0"]


def test_predictions_have_the_form_of_the_corpus(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    at.predictions(made, out)
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["documentName"] == "made"
    assert written["annotations"][0]["speaker"]["tokenIds"] == [0, 1, 2]


def test_pairs_maximise_the_summed_f1() -> None:
    one, two = Quotation(frozenset({1, 2, 3})), Quotation(frozenset({3, 4}))
    gold = Quotation(frozenset({3, 4, 5}))
    assert at.pair([one, two], [gold]) == [(two, gold), (one, None)]


def test_every_row_of_the_shorter_side_gets_a_partner() -> None:
    mine, gold = Quotation(frozenset({1})), Quotation(frozenset({9}))
    assert at.pair([mine], [gold]) == [(mine, gold)]


def test_averages_by_hand() -> None:
    mine = Quotation(frozenset({0, 1, 2, 3}), speaker=frozenset({9}))
    extra = Quotation(frozenset({20, 21}))
    gold = Quotation(frozenset({0, 1}), speaker=frozenset({9, 10}), cue=frozenset({11}))
    score = at.score([[mine, extra]], [[gold]])
    assert (score.message.precision, score.message.recall) == ((2 / 4 + 0) / 2, 1.0)
    assert (score.roles.precision, score.roles.recall) == (1.0, (1 / 2 + 0) / 2)
    assert score.joint.precision == pytest.approx((2 / 4 + 0 + 1) / 3)
    assert score.joint.recall == pytest.approx((1 + 1 / 2 + 0) / 3)


@pytest.mark.parametrize(
    ("words", "head"),
    [
        ("Der Sprecher des Stabes", "Sprecher"),
        ("Nina Feld , Sprecherin", "Feld"),
        ("der Gesandte aus Minsk", "Gesandte"),
        ("er", "er"),
        ("Angaben einer Sprecherin", "Angaben"),
        ("dem Vater seiner Nachbarin", "Vater"),
        ("Sowohl der Landrat als auch die Wehr", "Landrat"),
        ("US-Präsident Barack Obama , der", "Obama"),
    ],
)
def test_head(words: str, head: str) -> None:
    tokens = words.split()
    assert tokens[at.head_of(frozenset(range(len(tokens))), tokens)] == head


def test_a_speaker_left_open_counts_as_wrong() -> None:
    mine = Quotation(frozenset({1, 2}))
    gold = Quotation(frozenset({1, 2}), speaker=frozenset({0}))
    assert at.score([[mine]], [[gold]], [["Maro", "a", "b"]]).wrong_speaker == 1.0


def test_pairs_that_differ_are_not_asked_for_the_speaker() -> None:
    mine = Quotation(frozenset({1, 2}))
    gold = Quotation(frozenset({2, 3, 4}), speaker=frozenset({0}))
    assert at.score([[mine]], [[gold]], [["Maro", "a", "b", "c", "d"]]).n_speakers == 0


@pytest.mark.skipif(
    not (CORPUS / "train.jsonl.gz").is_file(),
    reason="the corpus of quotations does not ship (CC BY-NC-SA); set TRUCELINE_GNQA to its folder",
)
def test_the_engine_holds_its_level_on_the_training_split() -> None:
    score = at.evaluate(CORPUS / "train.jsonl.gz")
    assert score.joint.f1 >= 0.76
    assert score.wrong_speaker <= 0.11
