"""Orbital elements of the fire satellites: two-line elements, and orbit mean-elements messages.

A file may hold other objects as well: they are counted and left out.  Which satellite a set is of
follows from its catalogue number; names of objects mislead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

from truceline.clock import Interval
from truceline.domain.passes import NORAD_ID, Elements
from truceline.domain.said import said
from truceline.errors import BadInput
from truceline.sources.cells import Cells
from truceline.sources.contract import FIRST_YEAR, LAST_YEAR, Contract, Opened, Read
from truceline.sources.files import options_of
from truceline.sources.omm import FIELDS, csv_cells, json_cells, kvn_cells
from truceline.sources.table import collect
from truceline.sources.tle import tle_cells
from truceline.thresholds import ELEMENTS_SLACK_MIN, ELEMENTS_VALID_D

__all__ = ["FIELDS", "ElementOptions", "read_elements"]

Rows = Callable[[Opened], Iterable[Cells | BadInput]]
ROWS: dict[str, Rows] = {
    "tle": tle_cells,
    "omm_json": json_cells,
    "omm_csv": csv_cells,
    "omm_kvn": kvn_cells,
}

SATELLITE = {str(number): name for name, number in NORAD_ID.items()}
EPOCH = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,8})?Z?", re.ASCII)
MEANT = {
    "CENTER_NAME": ("EARTH", ""),
    "REF_FRAME": ("TEME", ""),
    "TIME_SYSTEM": ("UTC", ""),
    "MEAN_ELEMENT_THEORY": ("SGP4", "SGP/SGP4", ""),
    "EPHEMERIS_TYPE": ("0", ""),
}
"""What has to stand there, where it is said at all: elements for SGP4 and for nothing else."""


class ElementOptions(Contract):
    """How the elements are written."""

    format: Literal["tle", "omm_json", "omm_csv", "omm_kvn"]


def read_elements(opened: Opened) -> Read[Elements]:
    """Elements of the fire satellites, valid ``elements_valid_d`` days around their epoch.

    A set that is repeated word by word is read once.
    """
    rows = ROWS[options_of(opened.source, ElementOptions).format](opened)
    n_of: Counter[str] = Counter()
    n_other = 0

    def parse(cells: Cells) -> Iterator[Elements]:
        nonlocal n_other
        satellite = SATELLITE.get(cells.key("NORAD_CAT_ID").lstrip("0"))
        n_of[cells.sha256] += 1
        if satellite is None:
            n_other += 1
        elif n_of[cells.sha256] == 1:
            yield elements_of(cells, satellite)

    read = collect(opened, rows, parse)
    n_repeated = n_of.total() - len(n_of)
    return read.noting(
        said("element sets of other objects, left out: {n}", n=n_other) if n_other else "",
        said("{n} identical rows read once", n=n_repeated) if n_repeated else "",
    )


def elements_of(cells: Cells, satellite: str) -> Elements:
    """One element set; one that no fire satellite can have is refused."""
    for field, meant in MEANT.items():
        if cells.has(field):
            cells.code(field, meant)
    epoch = epoch_of(cells)
    cells.check_span("EPOCH", epoch.date())
    around = timedelta(days=ELEMENTS_VALID_D)
    return Elements(
        satellite=satellite,
        epoch=epoch,
        mean_motion_rev_per_day=cells.number("MEAN_MOTION", 13, 16),
        eccentricity=cells.number("ECCENTRICITY", 0, 0.05),
        inclination_deg=cells.number("INCLINATION", 95, 102),
        raan_deg=cells.number("RA_OF_ASC_NODE", 0, 360),
        arg_perigee_deg=cells.number("ARG_OF_PERICENTER", 0, 360),
        mean_anomaly_deg=cells.number("MEAN_ANOMALY", 0, 360),
        bstar=cells.number("BSTAR", -1, 1),
        valid=Interval(epoch - around, epoch + around),
        basis="supplied",
        slack_min=ELEMENTS_SLACK_MIN,
        row=cells.row(f"{satellite}-{cells.sha256[:12]}"),
    )


def epoch_of(cells: Cells) -> datetime:
    """The epoch, which element sets write without a zone: it is UTC.

    >>> epoch_of(Cells("e", "e.json", 1, {"EPOCH": "2025-04-06T03:12:45.5"})).isoformat()
    '2025-04-06T03:12:45.500000+00:00'
    """
    text = cells.text("EPOCH")
    expected = f"a UTC time such as 2025-04-06T03:12:45.123456, from {FIRST_YEAR} to {LAST_YEAR}"
    if not EPOCH.fullmatch(text):
        raise cells.bad("EPOCH", f"{text!r} is no epoch", expected)
    try:
        epoch = datetime.fromisoformat(text.removesuffix("Z")[:26]).replace(tzinfo=UTC)
    except ValueError as error:
        raise cells.bad("EPOCH", f"{text!r} is no epoch: {error}", expected) from error
    if not FIRST_YEAR < epoch.year < LAST_YEAR:
        raise cells.bad("EPOCH", f"the epoch {text} is out of range", expected)
    return epoch
