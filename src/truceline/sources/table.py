"""Tables, read strictly: bytes first, then the header, then row by row.

What is wrong with the bytes or the header refuses the file.  What is wrong with one row
stops the reading or, where the case says so, sets the row aside.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from truceline.domain.result import Quarantined
from truceline.domain.said import said
from truceline.errors import BadFile, BadInput, Where
from truceline.sources.cells import Cells
from truceline.sources.contract import Fields, Opened, Read, SourceFile
from truceline.sources.texts import BOM, refuse_foreign

T = TypeVar("T")
KeysOf = Callable[[Cells], Iterable[tuple[str, ...]]]

EMPTY = said("empty: recorded as empty, which says nothing about what happened")


def read_table(
    opened: Opened,
    fields: Fields,
    parse: Callable[[Cells], Iterable[T]],
    unique: tuple[str, ...] = (),
    keys_of: KeysOf | None = None,
) -> Read[T]:
    """Records of a CSV file; ``parse`` turns one row into any number of them.

    ``unique`` names the columns that together may occur only once, here and in the files that
    were read before; ``keys_of`` gives the keys of a row where they are no plain columns.
    """
    return collect(opened, rows_of(opened, fields), parse, unique, keys_of)


def collect(
    opened: Opened,
    rows: Iterable[Cells | BadInput],
    parse: Callable[[Cells], Iterable[T]],
    unique: tuple[str, ...] = (),
    keys_of: KeysOf | None = None,
) -> Read[T]:
    """Records of any rows, under the rules of the case for bad ones."""
    records: list[T] = []
    quarantine: list[Quarantined] = []
    seen = dict(opened.taken)
    n_rows = 0
    for row in rows:
        n_rows += 1
        try:
            if isinstance(row, BadInput):
                raise row
            if unique:
                _refuse_repeat(row, unique, keys_of, seen)
            records.extend(parse(row))
        except BadFile:
            raise
        except BadInput as error:
            if opened.on_bad_row == "stop":
                raise
            quarantine.append(set_aside(opened.source.id, error))
    check_range(opened.source, n_rows, len(quarantine))
    notes = () if n_rows else (EMPTY,)
    return Read(tuple(records), tuple(quarantine), notes, n_rows, seen)


def set_aside(source: str, error: BadInput) -> Quarantined:
    """A bad row as a record of the quarantine."""
    where = error.where or Where(source)
    return Quarantined(source, where.line or 0, where.field or "", error.what, error.expected)


def _refuse_repeat(
    row: Cells, unique: tuple[str, ...], keys_of: KeysOf | None, seen: dict[tuple[str, ...], Where]
) -> None:
    keys = keys_of(row) if keys_of else [tuple(row.text(field) for field in unique)]
    here = row.where()
    for key in keys:
        first = seen.setdefault(key, here)
        if first is not here:
            same_file = first.file == row.file and first.line is not None
            raise row.bad(
                unique[0],
                f"{', '.join(key)!r} occurs twice; first in "
                f"{f'line {first.line}' if same_file else first}",
                f"{' and '.join(unique)} only once",
                "remove one of the two rows, or give it an id of its own",
            )


def check_range(source: SourceFile, n_rows: int, n_aside: int) -> None:
    """Hold a number of rows, some of them set aside, against the contract."""
    rows = source.rows
    if rows.min <= n_rows - n_aside and n_rows <= rows.max:
        return
    aside = f", {n_aside} of them set aside," if n_aside else ""
    side = "floor" if n_rows <= rows.max else "ceiling"
    raise BadFile(
        f"{n_rows} rows{aside} pass the {side} of the contract",
        Where(source.path),
        expected=f"{rows.min} to {rows.max} rows: {rows.reason}",
        remedy=f"take the file from its source again, or change [rows] in {source.toml} and say "
        "why",
    )


# --- rows ---------------------------------------------------------------------------------------


def rows_of(opened: Opened, fields: Fields) -> Iterator[Cells | BadInput]:
    """Rows of a CSV file in order; one with too few or too many cells is an error in its place."""
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
    values_of = dict(zip(header, values, strict=True))
    return Cells(opened.source.id, opened.file, line, values_of, span=opened.source.span)


def _bad_quotes(opened: Opened, line: int, error: csv.Error) -> BadFile:
    if "field larger" in str(error):
        return BadFile(
            f"the row that starts here has a cell of over {csv.field_size_limit():,} characters",
            Where(opened.file, line),
            expected="a table: cells of a few words or sentences",
            remedy="close the quote if one is left open; else check that the file is the right one",
        )
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
    refuse_foreign(data, opened.file)
    if source.dialect.encoding == "utf-8-sig":
        data = data.removeprefix(BOM)
    elif data.startswith(BOM):
        raise BadFile(
            "the file starts with a byte order mark",
            Where(opened.file, 1),
            expected=f"{source.dialect.encoding} without a mark",
            remedy=f'declare dialect.encoding = "utf-8-sig" in {source.toml}, or save without it',
        )
    if b"\r" in data and b"\n" not in data:
        raise _lone_cr(opened, 1)
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
        if b"\r" in line[:-1] and _outside_quotes(line[:-1], b"\r", quoted):
            raise _lone_cr(opened, n)
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


def _outside_quotes(line: bytes, mark: bytes, quoted: bool) -> bool:
    return any(mark in part for part in line.split(b'"')[int(quoted) :: 2])


def _lone_cr(opened: Opened, line: int) -> BadFile:
    return BadFile(
        "lines end in a carriage return (CR) alone",
        Where(opened.file, line),
        expected=f"lines that end in {opened.source.dialect.newline.upper()}, as declared",
        remedy="save the file with line ends LF or CRLF, or take it from its source again",
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
            f"byte {error.start + 1} of the line (0x{line[error.start]:02x}) is not {encoding}"
            f"{'; looks like latin-1?' if encoding == 'utf-8' else ''}",
            Where(opened.file, n),
            expected=f"text in {encoding}",
            remedy=f'declare dialect.encoding, for example "latin-1" or "cp1251", in '
            f"{opened.source.toml}, or save the file as UTF-8",
        ) from error
