"""Terms written as ``agreement.yaml``, with the comments that a reader of a draft needs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from textwrap import TextWrapper
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from truceline.archive.texts import printable

WIDTH = 96
"""Columns after which a line is folded."""

INDENT = 2

BOOLEANS = ("on",)
"""Keys that YAML 1.1 takes for true or false: they stand in quotes."""


def tell_terms(terms: Mapping[str, Any], head: Sequence[str] = ()) -> bytes:
    """The bytes of ``agreement.yaml``: the same every time for the same terms.

    Under ``#`` in a mapping stand the comments before it, under ``#key`` those before a key;
    ``head`` stands on top of the file.

    >>> terms = {"id": "x", "#on": ["not stated"], "on": ["a", "b"]}
    >>> print(tell_terms(terms, ["A draft."]).decode())
    # A draft.
    <BLANKLINE>
    id: x
    # not stated
    "on": [a, b]
    <BLANKLINE>
    """
    yaml = YAML(typ="rt")
    yaml.width = WIDTH
    yaml.indent(mapping=INDENT, sequence=2 * INDENT, offset=INDENT)
    yaml.allow_unicode = True
    out = io.StringIO()
    yaml.dump(_map(terms, 0), out)
    told = [f"# {line}".rstrip() for line in _folded(head)]
    return "\n".join([*told, *([""] if told else []), _spaced(out.getvalue())]).encode()


def _folded(lines: Iterable[str], width: int = WIDTH) -> list[str]:
    """Comments in lines that can be read; what is indented or empty stays as it is.

    What would end a line in the middle is shown by its number: a comment stays one.
    """
    found: list[str] = []
    for line in map(printable, lines):
        short = not line or line.startswith(" ")
        hang = "  " if line.startswith("- ") else ""
        fold = TextWrapper(width, subsequent_indent=hang, break_on_hyphens=False)
        found += [line] if short else fold.wrap(line)
    return found


def _spaced(text: str) -> str:
    """An empty line before every part of the agreement."""
    return re.sub(r"(?m)(?<!\A)^(?=(?:# .*\n)*[a-z_]+:$)", "\n", text)


def _map(part: Mapping[str, Any], indent: int) -> CommentedMap:
    made = CommentedMap()
    for key, value in part.items():
        if key.startswith("#"):
            continue
        key = DoubleQuotedScalarString(key) if key in BOOLEANS else key
        made[key] = _value(value, indent + INDENT)
        notes = [*part.get(f"#{key}", ()), *(value.get("#", ()) if _is_map(value) else ())]
        if notes:
            _put(made, key, notes, indent)
    return made


def _put(
    part: CommentedMap | CommentedSeq, key: str | int, notes: Iterable[str], indent: int
) -> None:
    """Put comments before a key or an item."""
    told = "\n".join(_folded(notes, WIDTH - indent))
    part.yaml_set_comment_before_after_key(key, before=told, indent=indent)


def _is_map(value: Any) -> bool:
    return isinstance(value, Mapping)


def _value(value: Any, indent: int) -> Any:
    if _is_map(value):
        return _map(value, indent)
    if not isinstance(value, list):
        return value
    made = CommentedSeq()
    for n, one in enumerate(value):
        made.append(_value(one, indent + INDENT))
        if _is_map(one) and one.get("#"):
            _put(made, n, one["#"], indent)
    if not any(_is_map(one) for one in value):
        made.fa.set_flow_style()
    return made
