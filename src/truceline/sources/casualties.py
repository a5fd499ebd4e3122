"""Daily casualty figures, as a ministry or an office of one side published them.

What counts is whether a figure was published for the day.  Columns that the compilers filled in
(``ext_*``) are never read: on days without a figure they show zeros and guesses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from truceline.domain.said import Said, said, said_n
from truceline.domain.series import Tally
from truceline.errors import BadInput, Where
from truceline.sources.cells import Cells
from truceline.sources.contract import Fields, Opened, Read
from truceline.sources.dayspan import stretches, without_row
from truceline.sources.table import read_table

FIELDS = Fields(
    take=(
        "report_date",
        "report_source",
        "report_period_h",
        "killed",
        "injured",
        "killed_reported",
        "injured_reported",
    ),
    ignore=(
        "killed_cum",
        "injured_cum",
        "ext_killed",
        "ext_injured",
        "ext_killed_cum",
        "ext_injured_cum",
    ),
)

MEASURES: dict[str, Said] = {"killed": said("killed"), "injured": said("injured")}
MISSING = "missing"
SOURCES = ("mohtel", "gmotel", MISSING)
"""Channel of the health ministry, channel of the media office, and neither."""

DAY_H = 24.0
PERIODS_H = {"0": 0.0, "24": DAY_H, "48": 2 * DAY_H, "72": 3 * DAY_H}
"""Hours that a figure covers; 0 says that it comes with a later day."""

MAX_FIGURE = 1_000_000
"""People of one day: more is a typing error."""


def read_casualties(opened: Opened) -> Read[Tally]:
    """Killed and injured by day of publication; None unless a figure was published for the day.

    A figure of 48 or 72 h is given with its ``period_h`` on the day it was published: it also
    covers the days before, which have none, and belongs to no single day.  The day of publication
    is not the day of a death.
    """
    unread: list[str] = []

    def parse(cells: Cells) -> Iterator[Tally]:
        day, source = cells.dated("report_date"), cells.code("report_source", SOURCES)
        period_h = cells.choice("report_period_h", PERIODS_H)
        found = {name: _figure(cells, name, source, period_h) for name in MEASURES}
        unread.extend(name for name in MEASURES if source == MISSING and cells.text(name))
        for name, n in found.items():
            row = cells.row(f"{day}-{name}")
            yield Tally(row, day, name, {"source": source}, n, period_h)

    read = read_table(opened, FIELDS, parse, unique=("report_date",))
    _refuse_overlap(read.records, opened.file)
    return read.noting(*without_row({t.day for t in read.records}, opened.source.span)).noting(
        *_notes(read.records, len(unread))
    )


def _figure(cells: Cells, name: str, source: str, period_h: float) -> int | None:
    """The figure that was published for the day; flag, number, source and period have to agree."""
    n = cells.whole_or_none(name, 0, MAX_FIGURE)
    flag = f"{name}_reported"
    possible = source != MISSING and period_h > 0
    if cells.flag(flag):
        if n is None or not possible:
            raise cells.bad(
                flag,
                "a figure is said to be published, and "
                + ("the cell is blank" if n is None else "there is no source or period for it"),
                f"false, or a number in {name} with a source and a period above 0",
            )
        return n
    if n is not None and possible:
        raise cells.bad(
            flag,
            f"no figure is said to be published, and {name} is {n}",
            "true, or a blank number: unknown is not a number",
        )
    if n and period_h == 0:
        raise cells.bad(name, f"{n} for a period of 0 hours", "0 or blank: the figure comes later")
    return None


def _refuse_overlap(tallies: Sequence[Tally], file: str) -> None:
    """No day is covered by its own figure and by one of a later day."""
    held = {(t.measure, t.day): t for t in tallies if t.n is not None}
    for tally in held.values():
        for back in range(1, int(tally.period_h / DAY_H)):
            before = held.get((tally.measure, tally.day - timedelta(days=back)))
            if before:
                raise BadInput(
                    f"the figure covers {tally.period_h:g} hours, and {before.day} in line "
                    f"{before.row.line} has one of its own",
                    Where(file, tally.row.line, "report_period_h"),
                    expected="every day in one figure",
                    remedy="correct the period: one of the two would be counted twice",
                )


def _notes(tallies: Sequence[Tally], n_unread: int) -> Iterator[str]:
    for name, title in MEASURES.items():
        days = [tally for tally in tallies if tally.measure == name]
        silent = stretches([tally.day for tally in days if tally.n is None])
        if silent:
            longest = max(silent, key=lambda span: span[1] - span[0])
            yield said(
                "{measure:told}: no figure was published for {n} of {all} days, which is unknown "
                "and not zero; the first is {first:day}, the last {last:day}, the longest stretch "
                "{start:day} to {end:day}",
                measure=title,
                n=sum(tally.n is None for tally in days),
                all=len(days),
                first=silent[0][0],
                last=silent[-1][1],
                start=longest[0],
                end=longest[1],
            )
    periods = {tally.day: tally.period_h for tally in tallies}
    if n_none := sum(period_h == 0 for period_h in periods.values()):
        yield said_n(
            "{n} day has a period of 0 hours: its figure comes with a later day",
            "{n} days have a period of 0 hours: their figures come with a later day",
            n_none,
        )
    if n_long := sum(period_h > DAY_H for period_h in periods.values()):
        yield said_n(
            "{n} report covers two or three days: its figures belong to no single day",
            "{n} reports cover two or three days: their figures belong to no single day",
            n_long,
        )
    if n_unread:
        yield said_n(
            "{n} number stands beside no source and is not read",
            "{n} numbers stand beside no source and are not read",
            n_unread,
        )
