"""``compare-documents`` as a newcomer types it: what is printed, written, refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.words.documents import items_of, three
from truceline.archive.reading import Reading
from truceline.cli_compare import compare_documents
from truceline.domain.compared import Shown
from truceline.pipeline.reading import write_read
from truceline.report.documents_codes import SLOTS, STATES, TOPICS, WHYS
from truceline.words.topics import topics

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `truceline read` leaves it."""
    path = tmp_path_factory.mktemp("read") / "out"
    documents = three()
    write_read(path, Reading(tuple(documents), tuple(i for d in documents for i in items_of(d))))
    return path


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "200")
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(compare_documents)
    return lambda *words: CliRunner().invoke(app, [str(folder), *map(str, words)])


def test_the_terminal_shows_states_differences_and_how_it_was_searched(run: Run) -> None:
    told = run("--absent", "RUS: statement of 25 March", "--silent", "CHN").output
    assert "statement of 25 March, by RUS: not held, as the user declares" in told
    assert "CHN has made no statement, as the user declares" in told
    assert "energy facilities, duration: A names 30 days; B names none." in told
    assert "prisoners and the dead: omitted in B; searched: 25 words and patterns" in told
    assert "not attested (only a part of the document is held) in C" in told
    assert "in documents of other authors" in told


def test_an_excerpt_is_not_said_to_name_nothing(run: Run) -> None:
    lines = run().output.splitlines()
    about = [line for line in lines if "names none" in line and "; the part held of C" in line]
    assert about
    assert not [line for line in lines if "; C names none" in line]


def test_german_and_markdown(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "compared.md"
    told = run("--lang", "de", "--out", out).output
    assert "Energieanlagen, Dauer: A nennt 30 Tage; B nennt nichts dazu." in told
    page = out.read_text(encoding="utf-8")
    assert page.startswith("# Dokumente im Vergleich\n")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + len(topics())
    assert {row.count("|") for row in rows} == {5}
    assert "genannt, verneint" in page and "zurückgehaltenen Sätzen" in page


def test_json_has_every_cell_with_its_state_and_grounds(run: Run) -> None:
    data = json.loads(run("--json", "--silent", "CHN").output)
    assert data["schema"] == "truceline-documents-compared/1"
    assert [c["title"] for c in data["columns"]] == ["kremlin", "white-house", "kyiv", "CHN"]
    assert len(data["cells"]) == len(data["topics"]) == len(topics())
    cells = [cell for row in data["cells"] for cell in row]
    assert {cell["state"] for cell in cells} <= {state.value for state in Shown}
    for cell in cells:
        assert bool(cell["mentions"]) == cell["state"].startswith("mentioned")
        if cell["state"] == "omitted":
            assert cell["quality"]["recall"]["of"] >= 6
            assert cell["quality"]["elsewhere"]["of"] > 20
    assert all(f["one"]["spans"] and f["other"]["spans"] for f in data["findings"])


def test_the_same_folder_is_told_in_the_same_bytes(run: Run) -> None:
    assert run("--json").output == run("--json").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--absent", "a statement"), "name the actor and the document"),
        (("--silent", "the Chinese"), "is no actor"),
    ],
)
def test_what_cannot_be_understood_is_refused(run: Run, words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert said in done.output


def test_a_silent_actor_with_a_document_is_refused(run: Run) -> None:
    done = run("--silent", "RUS")
    assert done.exit_code != 0
    assert "RUS is said to be silent" in str(done.exception)


def test_all_codes_have_words() -> None:
    assert set(TOPICS) == {topic.name for topic in topics()}
    assert set(STATES) == set(Shown)
    assert len(SLOTS) == 8 and len(WHYS) == 4
