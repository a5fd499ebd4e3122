"""Statements about the terms, and the timeline of milestones, terms and counts."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from truceline.domain.agreement import Agreement
from truceline.domain.claim import Milestone, Statement
from truceline.domain.provenance import Known
from truceline.sources.cells import Cells
from truceline.sources.contract import Contract, Fields, NoOptions, Opened, Read
from truceline.sources.files import options_of
from truceline.sources.table import read_table

STATEMENTS = Fields(
    take=(
        "id",
        "date",
        "speaker",
        "institution",
        "side",
        "act",
        "about",
        "clause_topic",
        "source_url",
        "source_date",
        "notes",
    ),
    ignore=("source_outlet", "language"),
)
TIMELINE = Fields(
    take=(
        "id",
        "row_type",
        "date",
        "title",
        "description",
        "actors",
        "version",
        "source_url",
        "source_date",
        "notes",
    ),
    ignore=("time_local", "time_zone", "source_outlet"),
)

ROW_TYPES = ("milestone", "term", "difference", "count")


class StatementOptions(Contract):
    """The values of the file: kinds of acts, topics, and speakers who are no party."""

    acts: tuple[str, ...] = Field(min_length=1)
    topics: tuple[str, ...] = Field(min_length=1)
    other_sides: tuple[str, ...] = ()


def read_statements(opened: Opened, agreement: Agreement) -> Read[Statement]:
    """Who said what about the terms; acts and topics as the source enumerates them."""
    options = options_of(opened.source, StatementOptions)
    sides = (*agreement.parties, *agreement.third_parties, *options.other_sides)

    def parse(cells: Cells) -> Iterator[Statement]:
        on = cells.dated_or_none("date")
        yield Statement(
            id=cells.key("id"),
            row=cells.row(cells.key("id")),
            known=Known.of(cells.day_or_none("source_date"), on),
            on=on,
            speaker=cells.name("speaker"),
            institution=cells.text("institution"),
            side=cells.code("side", sides),
            act=cells.code("act", options.acts),
            about=cells.name("about"),
            topic=cells.code("clause_topic", options.topics),
            sources=cells.parts("source_url"),
            note=cells.text("notes"),
        )

    return read_table(opened, STATEMENTS, parse, unique=("id",))


def read_timeline(opened: Opened) -> Read[Milestone]:
    """Milestones, terms, differences between versions, and published counts."""
    options_of(opened.source, NoOptions)

    def parse(cells: Cells) -> Iterator[Milestone]:
        on = cells.dated_or_none("date")
        yield Milestone(
            id=cells.key("id"),
            row=cells.row(cells.key("id")),
            known=Known.of(cells.day_or_none("source_date"), on),
            kind=cells.code("row_type", ROW_TYPES),
            on=on,
            title=cells.name("title"),
            description=cells.text("description"),
            actors=cells.text("actors"),
            version=cells.text("version"),
            sources=cells.parts("source_url"),
            note=cells.text("notes"),
        )

    return read_table(opened, TIMELINE, parse, unique=("id",))
