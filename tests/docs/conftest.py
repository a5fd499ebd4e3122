"""The builder of the documentation as a module, and fresh dossiers of the shipped cases."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from truceline.pipeline.run import assess_case
from truceline.pipeline.write import write_dossier
from truceline.settings import Settings
from truceline.sources.casefile import read_case

SHIPPED = ("energy-moratorium-2025", "proof-small")


@pytest.fixture(scope="session")
def build_docs(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_docs", root / "tools" / "build_docs.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_docs"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def dossier(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A folder with a fresh dossier of a shipped case; each is made once."""
    made: dict[str, Path] = {}

    def make(name: str) -> Path:
        folder = root / "cases" / name
        if not folder.is_dir():
            pytest.skip(f"cases/{name} is not there")
        if name not in made:
            out = tmp_path_factory.mktemp("docs") / name
            settings = Settings()
            write_dossier(assess_case(read_case(folder), settings), folder, out, settings)
            made[name] = out
        return made[name]

    return make
