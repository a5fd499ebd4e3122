"""The commands with nothing installed but the core: what an extra brings may not be needed."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ALONE = """
import sys
for name in {hidden!r}:
    sys.modules[name] = None
sys.argv[1:] = {words!r}
from truceline.cli import main
main()
"""


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def hidden(root: Path) -> list[str]:
    """Modules that are installed here and not with the core."""
    lock = (root / "requirements" / "core.lock").read_text(encoding="utf-8")
    core = {plain(name) for name in re.findall(r"(?m)^([A-Za-z0-9._-]+)(?:\[.*\])?==", lock)}
    core |= {"truceline", "pip", "setuptools", "wheel"}
    return sorted(
        module
        for module, owners in packages_distributions().items()
        if not core & set(map(plain, owners)) and module.isidentifier()
    )


def alone(root: Path, *words: object) -> subprocess.CompletedProcess[str]:
    text = ALONE.format(hidden=hidden(root), words=list(map(str, words)))
    return subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=False, cwd=root
    )


def test_what_extras_bring_is_hidden(root: Path) -> None:
    names = hidden(root)
    assert {"pytest", "pandas"} <= set(names)
    assert not {"numpy", "duckdb", "shapely", "typer"} & set(names)


def test_cases_run_and_are_kept_in_archives(root: Path, tmp_path: Path) -> None:
    out, again, kept = tmp_path / "out", tmp_path / "again", tmp_path / "kept"
    case = root / "cases" / "energy-moratorium-2025"
    for words in (
        ("run", case, "--out", out),
        ("verify", out),
        ("explain", out, "C017"),
        ("ingest", case, "--archive", kept),
        ("update", case, "--out", again, "--archive", kept),
    ):
        done = alone(root, *words)
        assert done.returncode == 0, done.stderr
    names = ("dossier.json", "dossier.html")
    assert all((out / name).read_bytes() == (again / name).read_bytes() for name in names)


@pytest.mark.parametrize(
    "words",
    [
        ("check", "cases/minsk-2-2015"),
        ("rates", "cases/gaza-pause-2023"),
        ("daily", "cases/energy-moratorium-2025", "--day", "2025-04-02", "--out"),
        ("read", "docs/examples/read/denial.txt", "--out"),
    ],
    ids=lambda words: words[0],
)
def test_other_commands_do_as_well(root: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    more = (tmp_path / "out",) if words[-1] == "--out" else ()
    done = alone(root, *words, *more)
    assert done.returncode == 0, done.stderr
