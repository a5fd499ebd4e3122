"""A case in which the two parties have changed places, in every file and nowhere else."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "claims": ("accused_side", "claimant_side"),
    "statements": ("side",),
    "regions": ("territory",),
    "counts": ("accused",),
    "control": ("control",),
    "completeness": ("territory",),
    "field_reports": ("names_party",),
}
"""Columns that hold the code of a party, by kind of file; no other column is touched."""

OPTION = re.compile(r'\b(territory|control)(\s*=\s*)"([^"]*)"')
"""An option of a source file that holds the code of a party."""

SHA256 = re.compile(r"^sha256\s*=.*\n", re.MULTILINE)


QUOTED = re.compile(r'"([A-Z][A-Z0-9]*)"')


def swap_case(case: Path, to: Path) -> dict[str, str]:
    """Write the swapped case to a new folder; what was promised about its bytes is dropped.

    A code takes its name, zone, territory, registry and statements along; days, places,
    satellites and names of claimants stay.  Returns the codes, each with the other.
    """
    shutil.copytree(case, to)
    other = _swap_terms(to / "agreement.yaml")
    _swap_series(to / "case.toml", other)
    for contract in sorted((to / "sources").glob("*.toml")):
        text = contract.read_text(encoding="utf-8")
        source = tomllib.loads(text)
        columns = COLUMNS.get(source["kind"], ())
        if columns:
            _swap_columns(to / source["path"], columns, source.get("dialect", {}), other)
        contract.write_text(SHA256.sub("", _swap_options(text, other)), encoding="utf-8")
    return other


def _swap_options(text: str, other: Mapping[str, str]) -> str:
    def swapped(match: re.Match[str]) -> str:
        name, equals, code = match.groups()
        return f'{name}{equals}"{other.get(code, code)}"'

    return OPTION.sub(swapped, text)


def _swap_series(path: Path, other: Mapping[str, str]) -> None:
    """Whose acts a series counts, and whose claims."""
    text = path.read_text(encoding="utf-8")
    head, mark, series = text.partition("[[series]]")
    told = QUOTED.sub(lambda found: f'"{other.get(found[1], found[1])}"', series)
    path.write_text(head + mark + told, encoding="utf-8")


def _swap_terms(path: Path) -> dict[str, str]:
    yaml = YAML(typ="rt")
    tree = yaml.load(path.read_text(encoding="utf-8"))
    first, second = tree["parties"]
    other = {first: second, second: first}
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(_swapped(tree, other), stream)
    return other


def _swapped(node: Any, other: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {other.get(key, key): _swapped(value, other) for key, value in node.items()}
    if isinstance(node, list):
        return [_swapped(value, other) for value in node]
    return other.get(node, node) if isinstance(node, str) else node


def _swap_columns(
    path: Path, columns: tuple[str, ...], dialect: Mapping[str, Any], other: Mapping[str, str]
) -> None:
    encoding, delimiter = dialect.get("encoding", "utf-8"), dialect.get("delimiter", ",")
    newline = {"lf": "\n", "crlf": "\r\n"}[dialect.get("newline", "lf")]
    with path.open(encoding=encoding, newline="") as stream:
        header, *rows = csv.reader(stream, delimiter=delimiter)
    places = [header.index(column) for column in columns]
    for row in rows:
        for place in places:
            row[place] = other.get(row[place], row[place])
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows([header, *rows])
    text = out.getvalue()
    if not dialect.get("final_newline", True):
        text = text.removesuffix(newline)
    path.write_bytes(text.encode(encoding))
