"""Bytes that are the same every time: JSON in two forms, CSV; names, safe to use and print."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

_STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories that end a line, steer a terminal, turn the order of letters or are no text."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def pretty_json(value: object, *, sort_keys: bool = False) -> bytes:
    r"""JSON to be read by people: indented, UTF-8, one newline at the end.

    Not-a-number and infinity are refused: they are no JSON.

    >>> pretty_json({"b": "Київ", "a": None}, sort_keys=True).decode()
    '{\n "a": null,\n "b": "Київ"\n}\n'
    """
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False, sort_keys=sort_keys)
    return (text + "\n").encode()


def canonical_json(value: object) -> bytes:
    """JSON to be hashed: keys sorted, no spaces, UTF-8.

    >>> canonical_json({"b": 1, "a": [True]})
    b'{"a":[true],"b":1}'
    """
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def csv_bytes(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> bytes:
    r"""A table as UTF-8 CSV with a header; None is blank, several values are joined by ``;``.

    Text that a spreadsheet would run as a formula gets an apostrophe in front of it.

    >>> csv_bytes(["a", "b"], [{"a": None, "b": ["x", "y"]}, {"a": "=1+1", "b": -2}]).decode()
    "a,b\n,x;y\n'=1+1,-2\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return out.getvalue().encode()


def _cell(value: object) -> object:
    if isinstance(value, list | tuple):
        value = ";".join(str(item) for item in value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def inside(name: str) -> bool:
    """Whether a POSIX path is relative, plain and cannot leave its folder.

    >>> [inside(name) for name in ("a/b.csv", "../a", "/a", "a/./b", "a//b", r"a\\b", "C:x", "")]
    [True, False, False, False, False, False, False, False]
    """
    if not name or not name.isprintable() or "\\" in name or ":" in name:
        return False
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.as_posix() == name != "."


def printable(text: str, keep: str = "") -> str:
    r"""Text on one line that cannot steer a terminal: such characters become escapes.

    Line ends, control and format characters (bidi among them) and the bytes of a name that
    is not UTF-8; those in ``keep`` stay.  Twice is the same as once: a backslash stays.

    >>> print(printable("a\nOK: b\x1b[2J\u202e\udcff Київ"))
    a\nOK: b\x1b[2J\u202e\udcff Київ
    >>> printable("a\n\x00", keep="\n")
    'a\n\\x00'
    """
    return "".join(
        char.encode("unicode_escape").decode()
        if unicodedata.category(char) in _STEERING and char not in keep
        else char
        for char in text
    )
