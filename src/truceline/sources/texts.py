"""Bytes as text: strict UTF-8, and files of another kind called by their name."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.errors import BadFile, Where

MARKS = (
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"\x1f\x8b", "packed with gzip, although its name does not end in .gz"),
    (b"PK\x03\x04", "a zip archive, as spreadsheets are"),
)
"""How files of other kinds begin."""

BOM = b"\xef\xbb\xbf"
SURROGATES = range(0xD800, 0xE000)


def refuse_foreign(data: bytes, name: str) -> None:
    """Refuse bytes that are no text in an encoding of one byte or UTF-8, by how they begin.

    >>> refuse_foreign("id,name".encode("utf-16"), "claims.csv")
    Traceback (most recent call last):
        ...
    truceline.errors.BadFile: claims.csv: the file is UTF-16
    """
    found = next((what for mark, what in MARKS if data.startswith(mark)), None)
    if found is None and len(data) > 3 and b"\0\0" in (data[0:4:2], data[1:4:2]):
        found = "UTF-16"  # without a mark: every second byte of plain letters is zero
    if found:
        raise BadFile(
            f"the file is {found}",
            Where(name),
            expected="plain text",
            remedy="save it as UTF-8, without a byte order mark"
            if found.startswith("UTF")
            else "unpack it, or export it as text",
        )


def utf8(data: bytes, name: str) -> str:
    """Text of a file that has to be UTF-8 without a byte order mark.

    >>> utf8(b"title = '\\xe9'", "case.toml")
    Traceback (most recent call last):
        ...
    truceline.errors.BadFile: case.toml, line 1: not UTF-8
    """
    refuse_foreign(data, name)
    if data.startswith(BOM):
        raise BadFile(
            "the file starts with a byte order mark",
            Where(name, 1),
            expected="UTF-8 without a mark",
            remedy="save it without the mark",
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadFile("not UTF-8", Where(name, line), remedy="save it as UTF-8") from error


def no_text(node: object) -> Iterator[str]:
    """What is no text among all strings of a tree: half characters and NUL.

    >>> list(no_text({"a": ["fine", "\\ud83d"], "b\\0": 1}))
    ['half a character (U+D83D)', 'the character NUL']
    """
    if isinstance(node, str):
        half = next((ch for ch in node if ord(ch) in SURROGATES), None)
        if half is not None:
            yield f"half a character (U+{ord(half):04X})"
        if "\0" in node:
            yield "the character NUL"
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from no_text(key)
            yield from no_text(value)
    elif isinstance(node, list):
        for value in node:
            yield from no_text(value)
