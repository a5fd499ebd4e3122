"""Tables, read strictly: bytes first, then the header, then row by row.

What is wrong with the bytes or the header refuses the file.  What is wrong with one row
stops the reading or, where the case says so, sets the row aside.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from truceline.domain.result import Quarantined
from truceline.errors import BadFile, BadInput, Where
from truceline.sources.cells import Cells
from truceline.sources.contract import Fields, Opened, Read

T = TypeVar("T")

BOM = b"\xef\xbb\xbf"
EMPTY = "empty: recorded as empty, which says nothing about what happened"


def read_table(
    opened: Opened,
    fields: Fields,
    parse: Callable[[Cells], Iterable[T]],
    unique: tuple[str, ...] = (),
) -> Read[T]:
    """Records of a CSV file; ``parse`` turns one row into any number of them.

    ``unique`` names the columns that together may occur only once.
    """
    return collect(opened, _rows(opened, fields), parse, unique)


def collect(
    opened: Opened,
    rows: Iterable[Cells | BadInput],
    parse: Callable[[Cells], Iterable[T]],
    unique: tuple[str, ...] = (),
) -> Read[T]:
    """Records of any rows, under the rules of the case for bad ones."""
    records: list[T] = []
    quarantine: list[Quarantined] = []
    seen: dict[tuple[str, ...], Cells] = {}
    n_rows = 0
    for row in rows:
        n_rows += 1
        try:
            if isinstance(row, BadInput):
                raise row
            if unique:
                _refuse_repeat(row, unique, seen)
            records.extend(parse(row))
        except BadFile:
            raise
        except BadInput as error:
            if opened.on_bad_row == "stop":
                raise
            quarantine.append(set_aside(opened.source.id, error))
    _check_range(opened, n_rows)
    notes = () if n_rows else (EMPTY,)
    return Read(tuple(records), tuple(quarantine), notes, n_rows)


def set_aside(source: str, error: BadInput) -> Quarantined:
    """A bad row as a record of the quarantine."""
    where = error.where or Where(source)
    return Quarantined(source, where.line or 0, where.field or "", error.what, error.expected)


def _refuse_repeat(row: Cells, unique: tuple[str, ...], seen: dict[tuple[str, ...], Cells]) -> None:
    key = tuple(row.text(field) for field in unique)
    if key in seen:
        raise row.bad(
            unique[0],
            f"{', '.join(key)!r} occurs twice; first in line {seen[key].line}",
            f"{' and '.join(unique)} only once",
            "remove one of the two rows, or give it an id of its own",
        )
    seen[key] = row


def _check_range(opened: Opened, n_rows: int) -> None:
    rows = opened.source.rows
    if not rows.min <= n_rows <= rows.max:
        side = "floor" if n_rows < rows.min else "ceiling"
        raise BadFile(
            f"{n_rows} rows pass the {side} of the contract",
            Where(opened.file),
            expected=f"{rows.min} to {rows.max} rows: {rows.reason}",
            remedy=f"take the file from its source again, or change [rows] in "
            f"{opened.source.toml} and say why",
        )


# --- rows ---------------------------------------------------------------------------------------


def _rows(opened: Opened, fields: Fields) -> Iterator[Cells | BadInput]:
    lines = text_lines(opened)
    reader = csv.reader(lines, delimiter=opened.source.dialect.delimiter, strict=True)
    first = 1
    header: list[str] = []
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _bad_quotes(opened, first, error) from error
        if first == 1:
            header = values
            _check_delimiter(opened, header)
            fields.check(header, opened.file)
        else:
            yield _row(opened, header, values, first)
        first = reader.line_num + 1


def _row(opened: Opened, header: list[str], values: list[str], line: int) -> Cells | BadInput:
    if len(values) != len(header):
        return BadInput(
            f"{len(values)} fields in this row",
            Where(opened.file, line),
            expected=f"{len(header)} fields, as the header has",
            remedy="complete the row, or quote the cell that holds the delimiter",
        )
    return Cells(opened.source.id, opened.file, line, dict(zip(header, values, strict=True)))


def _bad_quotes(opened: Opened, line: int, error: csv.Error) -> BadFile:
    return BadFile(
        f"the row that starts here cannot be read, most likely a quote is not closed: {error}",
        Where(opened.file, line),
        expected='quotes in pairs, a quote inside a cell doubled ("")',
        remedy="close the quote, or take the file from its source again: it may be truncated",
    )


def _check_delimiter(opened: Opened, header: list[str]) -> None:
    for other, name in ((";", "';'"), ("\t", "a tab"), (",", "','")):
        if len(header) == 1 and other in header[0]:
            raise BadFile(
                f"the header is one field that holds {name}: the delimiter looks wrong",
                Where(opened.file, 1),
                expected=f"columns separated by {opened.source.dialect.delimiter!r}",
                remedy=f"declare dialect.delimiter as {name} in {opened.source.toml}",
            )


# --- bytes --------------------------------------------------------------------------------------


def text_lines(opened: Opened) -> list[str]:
    """Physical lines as text, after every check that needs no columns."""
    source, data = opened.source, opened.data
    if not data:
        raise BadFile(
            "0 bytes, not even a header",
            Where(opened.file),
            expected="a header; a feed without records still has one",
            remedy="take the file from its source again",
        )
    if source.dialect.encoding == "utf-8-sig":
        data = data.removeprefix(BOM)
    elif data.startswith(BOM):
        raise BadFile(
            "the file starts with a byte order mark",
            Where(opened.file, 1),
            expected=f"{source.dialect.encoding} without a mark",
            remedy=f'declare dialect.encoding = "utf-8-sig" in {source.toml}, or save without it',
        )
    lines = data.split(b"\n")
    last = lines.pop()
    if last and source.dialect.final_newline:
        raise BadFile(
            "the last line has no end: the file looks truncated",
            Where(opened.file, len(lines) + 1),
            expected="a newline at the end",
            remedy=f"take the file from its source again, or declare dialect.final_newline = "
            f"false in {source.toml}",
        )
    ended = [_line(opened, n, line + b"\n") for n, line in enumerate(lines, 1)]
    _check_newlines(opened, lines)
    return [*ended, _line(opened, len(lines) + 1, last)] if last else ended


def _check_newlines(opened: Opened, lines: list[bytes]) -> None:
    """Line ends outside of quotes are as declared; inside they belong to the cell."""
    declared = opened.source.dialect.newline
    quoted = False
    for n, line in enumerate(lines, 1):
        quoted ^= line.count(b'"') % 2 == 1
        found = "crlf" if line.endswith(b"\r") else "lf"
        if found != declared and not quoted:
            raise BadFile(
                f"the line ends in {found.upper()}",
                Where(opened.file, n),
                expected=f"{declared.upper()}, as declared",
                remedy=f'declare dialect.newline = "{found}" in {opened.source.toml}, or convert '
                "the file",
            )


def _line(opened: Opened, n: int, line: bytes) -> str:
    encoding = opened.source.dialect.encoding.removesuffix("-sig")
    if b"\0" in line:
        raise BadFile(
            "the line holds a NUL byte",
            Where(opened.file, n),
            expected="text",
            remedy="take the file from its source again: it is damaged or of another kind",
        )
    try:
        return line.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadFile(
            f"byte {error.start + 1} of the line (0x{line[error.start]:02x}) is not {encoding}; "
            "looks like latin-1?",
            Where(opened.file, n),
            expected=f"text in {encoding}",
            remedy=f'declare dialect.encoding, for example "latin-1" or "cp1251", in '
            f"{opened.source.toml}, or save the file as UTF-8",
        ) from error
