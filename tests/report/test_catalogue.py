"""Nothing is missing in a language: catalogues, texts of shipped cases, and whole dossiers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from truceline.domain.trees import ACTS, MEANS, OBJECTS
from truceline.pipeline.run import assess_case
from truceline.report import codes
from truceline.report.brief import tell_brief
from truceline.report.dossier import build_dossier
from truceline.report.page import tell_page
from truceline.report.tongue import LANGUAGES
from truceline.settings import Settings
from truceline.sources.casefile import read_case

CASES = ("energy-moratorium-2025", "proof-small")


def test_every_message_is_translated_with_the_same_placeholders(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "tools/make_catalogue.py", "--check"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


def test_every_name_of_a_tree_has_words() -> None:
    for tree, table in ((ACTS, codes.ACTS), (MEANS, codes.MEANS), (OBJECTS, codes.OBJECTS)):
        assert set(tree.names) <= set(table)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_a_whole_dossier_can_be_told(root: Path, name: str, language: str) -> None:
    """A message without a translation raises, so that this covers every branch that is shown."""
    case = read_case(root / "cases" / name)
    dossier = build_dossier(assess_case(case, Settings()), "0.1.0")
    assert f'<html lang="{language}">' in tell_page(dossier, language=language)
    assert tell_brief(dossier, language)


def test_the_shipped_case_is_told_in_german_too(root: Path) -> None:
    assert read_case(root / "cases" / CASES[0]).file.languages == ("en", "de")
