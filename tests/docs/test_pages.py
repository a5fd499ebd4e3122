"""README, architecture and links are true to the program and to the tree."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import typer

from truceline.cli import app
from truceline.report.matrix import tell_matrix

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "truceline"

# --- README -------------------------------------------------------------------------------


def section(text: str, heading: str) -> str:
    """The part of a page under one heading."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found, f"there is no section {heading!r}"
    return found.group(1)


def commands() -> dict[str, str]:
    """Every command with its sentence, as `--help` has it."""
    group = typer.main.get_command(app)
    return {
        name: " ".join((command.help or "").split())
        for name, command in group.commands.items()  # type: ignore[attr-defined]
    }


def test_readme_names_every_command_with_its_own_sentence() -> None:
    text = section((ROOT / "README.md").read_text(encoding="utf-8"), "Commands")
    rows = re.findall(r"^\| `([a-z-]+)[^`]*` \| (.+?) \|$", text, re.M)
    assert dict(rows) == commands()
    assert [name for name, _ in rows] == list(commands())


def test_readme_names_only_make_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.M))
    used = set()
    for name in ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/add-a-source.md"):
        used |= set(re.findall(r"`make ([a-z-]+)", (ROOT / name).read_text(encoding="utf-8")))
    assert used <= targets


def test_options_that_the_readme_names_exist() -> None:
    group = typer.main.get_command(app)
    known = {"--help"}
    for command in group.commands.values():  # type: ignore[attr-defined]
        known |= {name for parameter in command.params for name in parameter.opts}
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))
    assert used <= known


def test_readme_shows_a_true_excerpt(dossier: Callable[[str], Path]) -> None:
    """Lines that end in dots are compared up to the dots."""
    content = json.loads((dossier("energy-moratorium-2025") / "dossier.json").read_text("utf-8"))
    told = tell_matrix(content).splitlines()
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- excerpt: matrix -->\n+```text\n(.*?)^```", text, re.M | re.S)
    assert block
    shown = block.group(1).splitlines()
    assert len(shown) > 10
    for line, real in zip(shown, told, strict=False):
        cut = line.endswith(" ...")
        assert real.startswith(line.removesuffix(" ...")) if cut else real == line


def test_readme_states_the_limits_of_the_first_case(dossier: Callable[[str], Path]) -> None:
    content = json.loads((dossier("energy-moratorium-2025") / "dossier.json").read_text("utf-8"))
    incidents = content["incidents"]
    verdicts = {a["verdict"] for incident in incidents for a in incident["assessments"]}
    assert not verdicts & {"breach_indicated", "no_breach_indicated"}
    looked = [i for i in incidents if any(k["state"] == "observable" for k in i["looks"])]
    signals = [k for i in looked for k in i["lines"] if k["family"] == "satellite_heat"]
    says = [line["says"] for line in signals]
    assert "signal" not in says
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"{len(looked)} of {len(incidents)} incidents had any usable look" in text
    assert f"In {says.count('nothing_seen')} of these no heat was near" in text
    claims = [account for incident in incidents for account in incident["accounts"]]
    unreplied = sum(account["response"] == "unknown" for account in claims)
    assert f"{len(claims)} published claims" in text
    assert f"For {unreplied} no reply of the other side was found" in text


# --- architecture -------------------------------------------------------------------------

KEPT = {".py", ".sql", ".toml", ".j2", ".css", ".js"}


def tree() -> set[str]:
    """Modules and package data; `starter/` is one thing, `__init__.py` stands for its folder."""
    found = set()
    for path in PACKAGE.rglob("*"):
        name = path.relative_to(PACKAGE).as_posix()
        if name.startswith("starter/"):
            found.add("starter/")
        elif path.name == "__init__.py":
            found.add(f"{path.parent.relative_to(PACKAGE).as_posix()}/")
        elif path.suffix in KEPT:
            found.add(name)
    return found - {"./"}


def test_architecture_lists_every_module() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- tree -->\n+```text\n(.*?)^```", text, re.M | re.S)
    assert block, "the tree stands in a block of its own after the mark `<!-- tree -->`"
    listed: list[str] = []
    folder = ""
    for line in block.group(1).splitlines():
        found = re.fullmatch(r"( *)(\S+) +(\S.*)", line)
        if not line.strip():
            continue
        assert found, f"a name and what it is, please: {line!r}"
        indent, name = len(found.group(1)), found.group(2)
        if indent == 0:
            folder = name if name.endswith("/") else ""
            listed.append(name)
        else:
            listed.append(folder + name)
    assert len(listed) == len(set(listed))
    missing, extra = sorted(tree() - set(listed)), sorted(set(listed) - tree())
    assert (missing, extra) == ([], [])


# --- all pages ----------------------------------------------------------------------------


def test_internal_links_resolve(build_docs: ModuleType) -> None:
    pages = build_docs.pages()
    assert ROOT / "README.md" in pages
    assert [problem for page in pages for problem in build_docs.broken_links(page)] == []


# Put together here so that this file does not contain them either.
HOSTS = [
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("registry.npmjs", "org"),
    ("registry.yarnpkg", "com"),
    ("deb.debian", "org"),
    ("static.crates", "io"),
]
FORBIDDEN = {
    "how the work was done": re.compile(r"\bsess" + r"ions?\b", re.I),
    "a package registry": re.compile("|".join(re.escape(".".join(host)) for host in HOSTS)),
    "a path of one machine": re.compile(r"(?<![\w.\-/])/(?:work|root|home|Users)/\w"),
    "marketing": re.compile(r"\b(?:cutting-edge|state-of-the-art|world-class|seamless\w*)\b", re.I),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_pages_are_free_of(build_docs: ModuleType, what: str) -> None:
    found = []
    for path in [*build_docs.pages(), ROOT / "docs" / "codebook.toml"]:
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if FORBIDDEN[what].search(text):
                found.append(f"{path.relative_to(ROOT)}:{line}")
    assert found == []


def test_readme_shows_only_our_own_pictures_and_says_what_is_on_them() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]*)\)", text)
    assert len(pictures) == text.count("![") > 0
    for words, path in pictures:
        assert len(words) > 30 and path.startswith("docs/pictures/")
        assert (ROOT / path).read_bytes().startswith(b"\x89PNG")


def test_decisions_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for name in names:
        text = (ROOT / "docs" / "decisions" / name).read_text(encoding="utf-8")
        assert text.startswith(f"# {int(name[:4])}. ")
        for heading in ("Context", "Decision", "Consequences"):
            assert f"\n## {heading}\n" in text, f"{name}: {heading}"
