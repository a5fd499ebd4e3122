"""Daily counts by label, as somebody published them.

A blank count, a label that a day lacks, and a day without a row are unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from truceline.domain.said import said, said_n
from truceline.domain.series import Tally
from truceline.sources.cells import Cells
from truceline.sources.contract import Contract, Fields, Opened, Read, Span
from truceline.sources.dayspan import without_row
from truceline.sources.files import options_of
from truceline.sources.table import read_table

DAY = "date"
FIELDS = Fields(take=(DAY, "<measure>", "<label>"), ignore=("<ignored>",))
"""As documented; measure, labels and ignored columns are named in the options of the source."""

MAX_COUNT = 1_000_000
"""Events of one day: more is a typing error."""

Column = Annotated[str, Field(min_length=1)]


class DailyCountOptions(Contract):
    """Names of columns: the number, what it is of, and what is ignored.

    ``values``: all values that a label may have; a label that is not in it may have any.
    """

    measure: Column
    labels: tuple[Column, ...] = ()
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    ignore: tuple[Column, ...] = ()

    @model_validator(mode="after")
    def _columns_once(self) -> Self:
        names = [DAY, self.measure, *self.labels, *self.ignore]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the column {twice[0]!r} is named twice, or is the date")
        unknown = sorted(set(self.values) - set(self.labels))
        if unknown:
            raise ValueError(f"values are given for {unknown[0]!r}, which is no label")
        return self


def read_daily_counts(opened: Opened) -> Read[Tally]:
    """One number per day and combination of labels; None where the cell is blank."""
    options = options_of(opened.source, DailyCountOptions)
    fields = Fields(take=(DAY, options.measure, *options.labels), ignore=options.ignore)

    def parse(cells: Cells) -> Iterator[Tally]:
        day = cells.dated(DAY)
        labels = {name: _label(cells, name, options) for name in options.labels}
        if options.labels and not options.values and not any(labels.values()):
            raise cells.bad(options.labels[0], "all labels are blank", "at least one label")
        key = "-".join((str(day), *filter(None, labels.values())))
        n = cells.whole_or_none(options.measure, 0, MAX_COUNT)
        yield Tally(cells.row(key), day, options.measure, labels, n)

    read = read_table(opened, fields, parse, unique=(DAY, *options.labels))
    return read.noting(*_notes(read.records, opened.source.span))


def _label(cells: Cells, name: str, options: DailyCountOptions) -> str:
    """A label as written; blank only where it is enumerated or another one is not blank."""
    if name in options.values:
        return cells.code(name, options.values[name])
    return cells.key(name) if cells.text(name) else ""


def _notes(tallies: Sequence[Tally], span: Span | None) -> Iterator[str]:
    yield from without_row({tally.day for tally in tallies}, span)
    held = {(tally.day, tuple(tally.labels.values())) for tally in tallies}
    days, combinations = {day for day, _ in held}, sorted({labels for _, labels in held})
    lacking = [
        (day, labels)
        for day in sorted(days)
        for labels in combinations
        if (day, labels) not in held
    ]
    if lacking:
        day, labels = lacking[0]
        yield said_n(
            "{n} count that other days have is missing, which is unknown and not zero: "
            "{labels:words} on {day:day}",
            "{n} counts that other days have are missing, which is unknown and not zero; the "
            "first is {labels:words} on {day:day}",
            len(lacking),
            labels=", ".join(filter(None, labels)),
            day=day,
        )
    if blank := [tally for tally in tallies if tally.n is None]:
        yield said(
            "{n} of {all} counts are blank, which is unknown and not zero; the first is on "
            "{day:day}",
            n=len(blank),
            all=len(tallies),
            day=min(tally.day for tally in blank),
        )
