"""The codebook is up to date, complete and not stale; the published schema fits the cases."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from tests.docs.conftest import SHIPPED

from truceline.domain.verdict import GroundCode
from truceline.thresholds import ALL

JSON_FILES = (
    "dossier.json",
    "manifest.json",
    "incidents.geojson",
    "protected_objects.odbl.json",
    "areas.odbl.geojson",
)
CSV_FILES = ("assessments.csv", "quarantine.csv")

# --- generated files ----------------------------------------------------------------------


def test_generated_files_are_up_to_date(build_docs: ModuleType) -> None:
    assert list(build_docs.out_of_date(build_docs.generated())) == []


def test_a_changed_file_is_noticed(build_docs: ModuleType) -> None:
    made = {name: text + "x" for name, text in build_docs.generated().items()}
    assert len(list(build_docs.out_of_date(made))) == 2


def test_every_threshold_is_documented(root: Path) -> None:
    text = (root / "docs" / "codebook.md").read_text(encoding="utf-8")
    assert [name for name in ALL if f"| `{name}` |" not in text] == []


def test_every_ground_code_is_documented(root: Path) -> None:
    text = (root / "docs" / "codebook.md").read_text(encoding="utf-8")
    assert [code for code in GroundCode if f"| `{code}` |" not in text] == []


# --- fields against fresh dossiers --------------------------------------------------------


@dataclass
class Node:
    """One key of the described paths, with what lies below it."""

    path: str = ""
    what: Any = None
    below: dict[str, Node] = field(default_factory=dict)


def tree_of(build_docs: ModuleType, fields: Mapping[str, Any]) -> Node:
    root = Node()
    for path, described in fields.items():
        node = root
        for part in build_docs.segments(path):
            node = node.below.setdefault(part, Node())
        node.path, node.what = path, described
    return root


TESTS: dict[str, Callable[[Any], bool]] = {
    "null": lambda v: v is None,
    "true/false": lambda v: isinstance(v, bool),
    "whole number": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "date": lambda v: isinstance(v, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", v)),
    "time": lambda v: (
        isinstance(v, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", v))
    ),
    "local": lambda v: (
        isinstance(v, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?", v))
    ),
    "hash": lambda v: isinstance(v, str) and bool(re.fullmatch(r"[0-9a-f]{64}", v)),
    "list of counts": lambda v: (
        isinstance(v, list) and all(n is None or isinstance(n, int) for n in v)
    ),
    "object": lambda v: isinstance(v, dict),
    "map": lambda v: isinstance(v, dict),
    "list of text": lambda v: isinstance(v, list) and all(isinstance(i, str) for i in v),
    "list of numbers": lambda v: isinstance(v, list) and all(isinstance(i, int | float) for i in v),
    "list of lists": lambda v: isinstance(v, list) and all(isinstance(i, list) for i in v),
    "list of objects": lambda v: isinstance(v, list) and all(isinstance(i, dict) for i in v),
}


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def problems(value: Any, node: Node, path: str, seen: set[str]) -> Iterator[str]:
    """Keys that nobody described and values of another type; ``seen`` collects the rest."""
    if isinstance(value, dict):
        for key, item in value.items():
            child, here = node.below.get(key), f"{path}.{key}".lstrip(".")
            wild = child is None
            child = node.below.get("*") if wild else child
            if child is None or (child.what is None and not wild):
                yield f"{here} is not described"
                continue
            if child.what is not None:
                seen.add(child.path)
                kinds = child.what.types
                if not any(TESTS.get(kind, is_text)(item) for kind in kinds):
                    yield f"{here} is no {child.what.type}: {item!r:.60}"
            yield from problems(item, child, here, seen)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict | list):
                yield from problems(item, node.below.get("[]", Node()), f"{path}[]", seen)


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("file", JSON_FILES)
def test_every_field_is_described(
    build_docs: ModuleType, dossier: Callable[[str], Path], name: str, file: str
) -> None:
    fields = build_docs.fields_of(build_docs.read_book(), file)
    content = json.loads((dossier(name) / file).read_text(encoding="utf-8"))
    found = list(problems(content, tree_of(build_docs, fields), "", set()))
    assert found == [], "describe it in docs/codebook.toml and run `make docs`"


@pytest.mark.parametrize("file", JSON_FILES)
def test_no_described_field_is_stale(
    build_docs: ModuleType, dossier: Callable[[str], Path], file: str
) -> None:
    fields = build_docs.fields_of(build_docs.read_book(), file)
    seen: set[str] = set()
    for name in SHIPPED:
        content = json.loads((dossier(name) / file).read_text(encoding="utf-8"))
        list(problems(content, tree_of(build_docs, fields), "", seen))
    stale = [path for path, f in fields.items() if path not in seen and not f.optional]
    assert stale == [], "no dossier has it; remove it from docs/codebook.toml"


@pytest.mark.parametrize("file", CSV_FILES)
def test_columns_are_those_of_the_tables(
    build_docs: ModuleType, dossier: Callable[[str], Path], file: str
) -> None:
    fields = build_docs.fields_of(build_docs.read_book(), file)
    with (dossier(SHIPPED[0]) / file).open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines))
    assert header == list(fields)


def test_a_field_that_nobody_described_is_noticed(build_docs: ModuleType) -> None:
    tree = tree_of(build_docs, {"a": build_docs.Field("date", "a day")})
    assert list(problems({"a": "2025-03-18"}, tree, "", set())) == []
    assert list(problems({"a": "18.3.2025", "b": 1}, tree, "", set())) == [
        "a is no date: '18.3.2025'",
        "b is not described",
    ]


def test_every_file_of_a_dossier_is_described(
    build_docs: ModuleType, dossier: Callable[[str], Path]
) -> None:
    """Fields stand in the codebook; the page and the note on the case are named in its text."""
    book = build_docs.read_book()
    plain = {"dossier.html", "brief.md", "assessments.parquet", "case-folder.local"}
    plain |= {"dossier.de.html", "brief.de.md"}
    written = {path.name for path in dossier(SHIPPED[0]).iterdir()}
    assert written == plain | set(book["fields"])
    text = build_docs.codebook()
    assert [name for name in plain if name not in text] == []


# --- the published schema -----------------------------------------------------------------


def as_json(node: object) -> object:
    """YAML as JSON has it: dates and times as text."""
    if isinstance(node, dict):
        return {str(key): as_json(value) for key, value in node.items()}
    if isinstance(node, list):
        return [as_json(value) for value in node]
    return node.isoformat() if isinstance(node, date) else node


def agreements(root: Path) -> list[Path]:
    found = [*root.glob("cases/*/agreement.yaml"), root / "src/truceline/starter/agreement.yaml"]
    return sorted(path for path in found if path.is_file())


def test_the_published_schema_holds_for_every_agreement(root: Path) -> None:
    schema = json.loads((root / "docs/schema/agreement.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert agreements(root)
    for path in agreements(root):
        terms = as_json(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
        found = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(terms)]
        assert found == [], path


def test_the_published_schema_refuses_an_unknown_key(root: Path) -> None:
    schema = json.loads((root / "docs/schema/agreement.schema.json").read_text(encoding="utf-8"))
    path = root / "cases" / SHIPPED[0] / "agreement.yaml"
    terms = as_json(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    assert isinstance(terms, dict)
    errors = list(Draft202012Validator(schema).iter_errors({**terms, "winner": "nobody"}))
    assert [error.validator for error in errors] == ["additionalProperties"]
