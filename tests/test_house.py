"""House rules that a machine can hold: layers, help, words, sizes, docstrings."""

from __future__ import annotations

import ast
import io
import re
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "truceline"
MODULES = sorted(PACKAGE.rglob("*.py"))

MAX_LINES = 450
"""A module fits a sitting; longer lists of facts belong in data files."""

# --- words --------------------------------------------------------------------------------

JUDGING_WORDS = re.compile(r"violat(?:ion|e|ing)|breach", re.IGNORECASE)

MAY_JUDGE = ("assess/judge.py", "domain/verdict.py", "report/")
"""Where the words of judgement may be spelled."""

QUOTED: dict[str, str] = {
    # path below src/truceline: why wording of others is quoted there
    "words/acts/en.toml": "English words by which parties accuse each other",
    "words/draft.toml": "words by which a party says that it may leave",
    "words/english/grammar.toml": "English words by which parties accuse each other",
}
"""Vocabulary and mapping files that quote the wording of a source.  Keep it short."""

CODE_OF_VERDICT = re.compile(r"\b(?:no_)?breach_indicated\b")
"""The published codes, as data files and queries have to write them."""

CONSTANT = re.compile(r"\b[A-Z_]*(?:BREACH|VIOLATION)[A-Z_]*\b")
"""A constant of ``domain.verdict`` by its name, also inside an f-string."""


def may_judge(path: Path) -> bool:
    name = path.relative_to(PACKAGE).as_posix()
    return name in QUOTED or any(
        name.startswith(place) if place.endswith("/") else name == place for place in MAY_JUDGE
    )


SPELLING = {tokenize.NAME, tokenize.STRING, tokenize.COMMENT}
SPELLING |= {getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}  # from Python 3.12 on


def judging_words(source: str) -> Iterator[tuple[int, str]]:
    """Lines of Python that spell a word of judgement; constants by name do not count.

    >>> list(judging_words("x = Verdict.BREACH_INDICATED"))
    []
    >>> list(judging_words("x = 1  # a breach"))
    [(1, '# a breach')]
    >>> [line for line, _ in judging_words("breach = 'a violation'")]
    [1, 1]
    """
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in SPELLING and JUDGING_WORDS.search(CONSTANT.sub("", token.string)):
            yield token.start[0], token.string.strip()[:60]


def test_words_of_judgement_stay_where_judging_happens() -> None:
    found = []
    for path in MODULES:
        if not may_judge(path):
            for line, text in judging_words(path.read_text(encoding="utf-8")):
                found.append(f"{path.relative_to(ROOT)}:{line}: {text}")
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".sql", ".toml", ".yaml", ".j2"} and not may_judge(path):
            for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if JUDGING_WORDS.search(CODE_OF_VERDICT.sub("", text)):
                    found.append(f"{path.relative_to(ROOT)}:{line}: {text.strip()[:60]}")
    assert not found, (
        "say incident, claim or non-observance; only the judge and the report judge:\n"
        + "\n".join(found)
    )


def test_quoted_list_names_files_that_exist() -> None:
    assert [name for name in QUOTED if not (PACKAGE / name).is_file()] == []


# --- layers -------------------------------------------------------------------------------


def test_import_contracts_hold() -> None:
    script = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [str(script), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


# --- modules ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_module_fits_a_sitting(path: Path) -> None:
    n_lines = len(path.read_text(encoding="utf-8").splitlines())
    assert n_lines <= MAX_LINES, f"{n_lines} lines; split it, or move facts into a data file"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_public_things_have_docstrings(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not bare, "\n".join(bare)


# --- make ---------------------------------------------------------------------------------

TARGETS = ["setup", "demo", "test", "test-full", "fast"]
TARGETS += ["lint", "types", "docs", "bench", "clean"]


def test_every_make_target_has_help() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY:(.*)$", text, re.MULTILINE)
    assert phony is not None
    listed = phony.group(1).split()
    assert set(TARGETS) <= set(listed)
    for target in listed:
        assert re.search(rf"^{target}:.*## \S", text, re.MULTILINE), f"{target} has no help"


def test_make_alone_prints_the_help() -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    result = subprocess.run(
        [make, "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert all(re.search(rf"^  {name} ", result.stdout, re.MULTILINE) for name in TARGETS)


# --- what a tracked file may not contain --------------------------------------------------

# Put together here so that this file does not contain them either.
REGISTRIES = re.compile(
    "|".join(
        re.escape(f"{name}.{end}")
        for name, end in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("registry.npmjs", "org"),
            ("registry.yarnpkg", "com"),
            ("deb.debian", "org"),
            ("static.crates", "io"),
        )
    )
)
MACHINE_PATH = re.compile(r"(?<![\w.\-/])/(?:work|root|home|Users)/\w")


def tracked() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: tracked files are unknown")
    listed = subprocess.run(
        [git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        (REGISTRIES, "a registry is chosen by whoever installs, not by a file of ours"),
        (MACHINE_PATH, "a path of one machine; make it relative to the checkout"),
    ],
    ids=["registry", "machine path"],
)
def test_tracked_files_are_free_of(pattern: re.Pattern[str], advice: str) -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # bytes of an archive or a picture
        hit = pattern.search(text)
        if hit:
            line = text.count("\n", 0, hit.start()) + 1
            found.append(f"{path.relative_to(ROOT)}:{line}: {hit.group()}")
    assert not found, advice + "\n" + "\n".join(found)


def test_lock_files_pin_and_hash_everything() -> None:
    for name in ("core.lock", "dev.lock"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9][\w.-]*==\S+ \\\n    --hash=sha256:", text, re.MULTILINE)
        named = re.findall(r"^[a-z0-9]", text, re.MULTILINE)
        assert pins and len(pins) == len(named), name
