"""Orbit mean-elements messages (CCSDS 502.0) as rows: JSON, CSV, and lines of KEY = VALUE.

The columns are those that CelesTrak and Space-Track write.  Their XML is not read: the same
content is on offer in the other forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from truceline.errors import BadFile, BadInput, Where
from truceline.sources.cells import Cells
from truceline.sources.contract import Fields, Opened
from truceline.sources.geojson import json_tree
from truceline.sources.table import rows_of, text_lines
from truceline.sources.texts import no_text
from truceline.sources.tle import LinedCells

FIELDS = Fields(
    take=(
        "NORAD_CAT_ID",
        "EPOCH",
        "MEAN_MOTION",
        "ECCENTRICITY",
        "INCLINATION",
        "RA_OF_ASC_NODE",
        "ARG_OF_PERICENTER",
        "MEAN_ANOMALY",
        "BSTAR",
    ),
    optional=(
        "CENTER_NAME",
        "REF_FRAME",
        "TIME_SYSTEM",
        "MEAN_ELEMENT_THEORY",
        "EPHEMERIS_TYPE",
    ),
    ignore=(
        "CCSDS_OMM_VERS",
        "COMMENT",
        "CREATION_DATE",
        "ORIGINATOR",
        "OBJECT_NAME",
        "OBJECT_ID",
        "CLASSIFICATION_TYPE",
        "ELEMENT_SET_NO",
        "REV_AT_EPOCH",
        "MEAN_MOTION_DOT",
        "MEAN_MOTION_DDOT",
        "SEMIMAJOR_AXIS",
        "PERIOD",
        "APOAPSIS",
        "PERIAPSIS",
        "OBJECT_TYPE",
        "RCS_SIZE",
        "COUNTRY_CODE",
        "LAUNCH_DATE",
        "SITE",
        "DECAY_DATE",
        "DECAYED",
        "FILE",
        "GP_ID",
        "TLE_LINE0",
        "TLE_LINE1",
        "TLE_LINE2",
        "USER_DEFINED_*",
    ),
)
"""Two-line elements hold the same; the fields that are taken have the same names there."""

NEXT = "CCSDS_OMM_VERS"
"""The key with which each message starts."""


def csv_cells(opened: Opened) -> Iterator[Cells | BadInput]:
    """Rows of a CSV file."""
    return rows_of(opened, FIELDS)


def json_cells(opened: Opened) -> Iterator[Cells | BadInput]:
    """Objects of a JSON list; the line of a row is its number in the list."""
    tree = json_tree(opened, "JSON", "a list of objects, every key once")
    if not isinstance(tree, list):
        raise BadFile(
            "the file is no list",
            Where(opened.file, 1),
            expected="a JSON list of element sets, even if it is one",
            remedy="check the kind of the file and options.format",
        )
    for number, found in enumerate(tree, 1):
        try:
            yield _object(opened, number, found)
        except BadFile:
            raise
        except BadInput as error:
            yield error


class _Listed(Cells):
    """Cells of one object of a list."""

    def where(self, field: str | None = None) -> Where:
        return Where(self.file, None, f"[{self.line - 1}].{field or ''}".rstrip("."))


def _object(opened: Opened, number: int, found: Any) -> Cells:
    blank = _Listed(opened.source.id, opened.file, number, {})
    if not isinstance(found, dict):
        raise blank.bad("", "this is no object", "an object with the fields of an element set")
    FIELDS.check(found, opened.file, None)
    for name, value in found.items():
        if isinstance(value, dict | list | bool):
            raise blank.bad(
                name, f"{str(value)[:40]!r} is no plain value", "text, a number or null"
            )
        for what in no_text({name: value}):
            raise blank.bad(name, f"the text holds {what}", "whole Unicode characters")
    values = {key: "" if value is None else str(value) for key, value in found.items()}
    return _Listed(opened.source.id, opened.file, number, values, span=opened.source.span)


def kvn_cells(opened: Opened) -> Iterator[Cells | BadInput]:
    """Messages of lines ``KEY = VALUE``, each from one ``CCSDS_OMM_VERS`` to the next."""
    values: dict[str, str] = {}
    line_of: dict[str, int] = {}
    for number, raw in enumerate(text_lines(opened), 1):
        line = raw.strip()
        if not line or line == "COMMENT" or line.startswith("COMMENT "):
            continue
        key, equals, value = (part.strip() for part in line.partition("="))
        if key == NEXT and values:
            yield _message(opened, values, line_of)
            values, line_of = {}, {}
        if not equals or (not values and key != NEXT) or key in values:
            raise _bad_line(opened, number, key, first=not values)
        values[key], line_of[key] = value, number
    if values:
        yield _message(opened, values, line_of)


def _message(opened: Opened, values: dict[str, str], line_of: dict[str, int]) -> Cells:
    start = line_of[NEXT]
    FIELDS.check(values, opened.file, start)
    return LinedCells(
        opened.source.id, opened.file, start, values, span=opened.source.span, line_of=line_of
    )


def _bad_line(opened: Opened, number: int, key: str, first: bool) -> BadFile:
    what = (
        f"the file starts with {key[:40]!r}" if first else f"{key[:40]!r} is no new `KEY = VALUE`"
    )
    return BadFile(
        what,
        Where(opened.file, number),
        expected=f"messages that start with {NEXT} and hold every key once",
        remedy="take the file from its source again, or check options.format",
    )
