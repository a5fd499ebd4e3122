"""Figures over the annotated documents do not fall unseen; no changed item passes as sound."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from truceline.validation.statements import names_of, pairs_of, read_gold
from truceline.validation.words_study import MUTATIONS, Part, study, told

FOLDER = Path(__file__).parents[2] / "evaluation" / "statements"


@pytest.fixture(scope="module", params=["development", "frozen"])
def part(request: pytest.FixtureRequest) -> Part:
    return study(FOLDER, request.param, lambda _: None)


FLOORS = {"development": (0.94, 0.93, 0.80, 0.03), "frozen": (0.91, 0.90, 0.62, 0.10)}


def test_spans_kinds_and_speakers(part: Part) -> None:
    precision, recall, f1_with_kind, wrong_speaker = FLOORS[part.name]
    score = part.score
    assert score.precision >= precision
    assert score.recall >= recall
    assert score.f1_with_kind >= f1_with_kind
    assert score.wrong_speaker <= wrong_speaker


def test_forty_changes_of_meaning_in_each_document_are_caught(part: Part) -> None:
    assert part.mutated.total() == MUTATIONS * part.n_documents
    assert part.passed == []


def test_sound_items_are_seldom_refused(part: Part) -> None:
    assert part.n_refused <= 0.02 * part.score.n_found


def test_the_table_tells_every_figure(part: Part) -> None:
    assert len(told(part)) >= 12
    assert all(line.startswith("| ") and line.endswith(" |") for line in told(part))


def test_halves_are_disjoint_and_whole() -> None:
    one, two = (set(names_of(FOLDER, name)) for name in ("development", "frozen"))
    assert not one & two
    assert one | two == {p.stem for p in (FOLDER / "documents").glob("*.txt")}
    lines = [p.read_text("utf-8").splitlines() for p in (FOLDER / "gold").glob("*.jsonl")]
    assert sum(map(len, lines)) >= 400


def test_an_item_that_nobody_annotated_pairs_with_nothing(tmp_path: Path) -> None:
    text = "Moskau sagte ja. Kiew sagte nein."
    path = tmp_path / "a.jsonl"
    row = {"kind": "claim", "content": ["Moskau sagte ja"], "speaker": "RUS"}
    path.write_text(json.dumps({**row, "attribution": "explicit", "polarity": "affirmed"}), "utf-8")
    (pair,) = pairs_of(text, [], read_gold(text, path))
    assert pair.found is None


@pytest.mark.parametrize("name", ["annotator_a", "annotator_b", "gold", "more"])
def test_annotations_stand_in_their_documents(name: str) -> None:
    folder = FOLDER / name
    texts = FOLDER / "documents"
    if name == "more":
        folder, texts = folder / "gold", folder / "documents"
    tool = FOLDER.parents[1] / "tools" / "annotations.py"
    ran = subprocess.run(
        [sys.executable, str(tool), str(texts), str(folder)], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout
