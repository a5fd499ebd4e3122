"""Events of organised violence with deaths, as UCDP's georeferenced event data set codes them.

Sundberg and Melander (2013), Journal of Peace Research 50(4); codes as in its codebook.  Only
violence with at least one death is in it: a day without an event is no day without shelling.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from truceline.domain.said import said_n
from truceline.domain.series import Violence
from truceline.sources.cells import Cells
from truceline.sources.contract import Fields, Opened, Read
from truceline.sources.table import read_table

FIELDS = Fields(
    take=(
        "id",
        "type_of_violence",
        "date_prec",
        "where_prec",
        "event_clarity",
        "date_start",
        "date_end",
        "latitude",
        "longitude",
        "adm_1",
        "country",
        "dyad_name",
        "side_a",
        "side_b",
        "conflict_name",
        "deaths_a",
        "deaths_b",
        "deaths_civilians",
        "deaths_unknown",
        "best",
        "high",
        "low",
        "year",
        "code_status",
    ),
    ignore=(
        "relid",
        "active_year",
        "conflict_dset_id",
        "conflict_new_id",
        "dyad_dset_id",
        "dyad_new_id",
        "side_a_dset_id",
        "side_a_new_id",
        "side_b_dset_id",
        "side_b_new_id",
        "number_of_sources",
        "source_article",
        "source_office",
        "source_date",
        "source_headline",
        "source_original",
        "where_coordinates",
        "where_description",
        "adm_2",
        "geom_wkt",
        "priogrid_gid",
        "country_id",
        "region",
        "gwnoa",
        "gwnob",
    ),
)

TYPES = ("1", "2", "3")
"""State-based, non-state, one-sided."""

DATE_PRECS = {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
"""Day, two to six days, a week, a month, more than a month."""

WHERE_PRECS = {str(n): n for n in range(1, 8)}
"""Place, near a place (about 25 km), district, province, linear feature or region, country, sea."""

CLARITY = {"1": True, "2": False}
"""Whether the reports tell one event, or sum up several."""

STATUS = ("Clear",)
"""Candidate events that are still being checked have other values: they are not read."""

AREA_PREC = 3
"""From here on a position stands for an area."""

MAX_DEATHS = 10_000_000
"""Deaths of one event: more is a typing error."""

SIDES = {
    "side_a": "deaths_a",
    "side_b": "deaths_b",
    "civilians": "deaths_civilians",
    "unknown": "deaths_unknown",
}
ESTIMATES = ("best", "low", "high")
MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2}) 00:00:00(\.000)?", re.ASCII)
"""Dates of the releases as CSV; those of extracts have no time."""


def read_events(opened: Opened) -> Read[Violence]:
    """Events with their span of local days, as coded; counts of deaths are best estimates.

    An event that is dated to a week or a month is kept with ``first != last``: it lies on no
    single day.  In the data on Ukraine 2014 to 2022 the parts add up to ``best`` in all rows and
    an exact date is one day in all rows, so a row where they are not is refused.  There ``low``,
    ``best`` and ``high`` are out of order in 13 of 3,077 rows; that is noted.
    """
    read = read_table(opened, FIELDS, lambda cells: _event(cells, opened), unique=("id",))
    return read.noting(*_notes(read.records))


def _event(cells: Cells, opened: Opened) -> Iterator[Violence]:
    first, last = _days(cells)
    cells.point("latitude", "longitude", opened.extent)
    cells.code("code_status", STATUS)
    yield Violence(
        row=cells.row(cells.key("id")),
        id=cells.key("id"),
        first=first,
        last=last,
        date_prec=cells.choice("date_prec", DATE_PRECS),
        where_prec=cells.choice("where_prec", WHERE_PRECS),
        labels={
            "dyad": cells.name("dyad_name"),
            "side_a": cells.name("side_a"),
            "side_b": cells.name("side_b"),
            "conflict": cells.name("conflict_name"),
            "adm_1": cells.text("adm_1"),
            "country": cells.name("country"),
            "type_of_violence": cells.code("type_of_violence", TYPES),
            "where_prec": cells.code("where_prec", tuple(WHERE_PRECS)),
        },
        deaths=_deaths(cells),
        clear=cells.choice("event_clarity", CLARITY),
    )


def _days(cells: Cells) -> tuple[date, date]:
    plain = {
        name: MIDNIGHT.sub(r"\1", text) if name in ("date_start", "date_end") else text
        for name, text in cells.values.items()
    }
    dates = replace(cells, values=plain)
    first, last = dates.dated("date_start"), dates.dated("date_end")
    if last < first:
        raise cells.bad("date_end", f"it ends on {last}, before it starts", f"{first} or later")
    exact = cells.choice("date_prec", DATE_PRECS) == 1
    if exact != (first == last):
        raise cells.bad(
            "date_prec",
            f"precision {cells.text('date_prec')} from {first} to {last}",
            "precision 1 where start and end are one day, and only there",
        )
    if cells.whole("year") != first.year:
        raise cells.bad(
            "year", f"the year is {cells.text('year')}, and the start {first}", str(first.year)
        )
    return first, last


def _deaths(cells: Cells) -> dict[str, int]:
    parts = {name: cells.whole(column, 0, MAX_DEATHS) for name, column in SIDES.items()}
    estimates = {name: cells.whole(name, 0, MAX_DEATHS) for name in ESTIMATES}
    total = sum(parts.values())
    if total != estimates["best"]:
        raise cells.bad(
            "best",
            f"the best estimate is {estimates['best']}, and its parts add up to {total}",
            "deaths of both sides, of civilians and of unknown that add up to it",
        )
    return parts | estimates


def _notes(events: Sequence[Violence]) -> Iterator[str]:
    if undated := sum(not event.dated for event in events):
        yield said_n(
            "{n} of {all} events is dated to a span and lies on no single day",
            "{n} of {all} events are dated to a span and lie on no single day",
            undated,
            all=len(events),
        )
    if areas := sum(event.where_prec >= AREA_PREC for event in events):
        yield said_n(
            "{n} of {all} events has a position that stands for an area",
            "{n} of {all} events have positions that stand for an area",
            areas,
            all=len(events),
        )
    countries = Counter(event.labels["country"] for event in events)
    usual = min(countries, key=lambda name: (-countries[name], name), default="")
    if others := {name for name in countries if name != usual}:
        yield said_n(
            "{n} event lies in another country than {usual:words}: {others:words}",
            "{n} events lie in another country than {usual:words}: {others:words}",
            len(events) - countries[usual],
            usual=usual,
            others=", ".join(sorted(others)),
        )
    crossed = [
        event.id
        for event in events
        if not event.deaths["low"] <= event.deaths["best"] <= event.deaths["high"]
    ]
    if crossed:
        yield said_n(
            "{n} event has a best estimate of deaths outside its own low and high: {first:words}",
            "{n} events have a best estimate of deaths outside their own low and high; the first "
            "is {first:words}",
            len(crossed),
            first=crossed[0],
        )
