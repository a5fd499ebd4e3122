"""Listed truces, breaks of a source and events: days that no placebo window may touch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from truceline.domain.series import Truce
from truceline.sources.cells import Cells
from truceline.sources.contract import Fields, Opened, Read
from truceline.sources.table import read_table

FIELDS = Fields(take=("id", "kind", "from", "until", "series", "why", "address"))
KINDS = ("truce", "break", "suspected_break", "event")
"""A truce or pause; days in which a source begins to count otherwise, or seems to; an event that
moves the level."""

ADDRESS = re.compile(r"https?://[^\s/]+\S*", re.ASCII)


def read_truces(opened: Opened) -> Read[Truce]:
    """Listed stretches of days, both ends included; a blank ``series`` means all of them."""

    def parse(cells: Cells) -> Iterator[Truce]:
        first, last = cells.dated("from"), cells.dated("until")
        if last < first:
            raise cells.bad("until", f"it ends on {last}, before it starts", f"{first} or later")
        series = cells.parts("series")
        if len(set(series)) < len(series):
            raise cells.bad("series", "a series is named twice", "every series once")
        if not ADDRESS.fullmatch(cells.name("address")):
            raise cells.bad(
                "address",
                f"{cells.text('address')!r} is no public address",
                "one address that starts with https:// or http://",
            )
        yield Truce(
            row=cells.row(cells.key("id")),
            id=cells.key("id"),
            kind=cells.code("kind", KINDS),
            first=first,
            last=last,
            series=series,
            why=cells.name("why"),
        )

    return read_table(opened, FIELDS, parse, unique=("id",))
