"""``truceline compare-documents``: which topics each document mentions or leaves out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from truceline.archive.atomic import replace_file
from truceline.archive.texts import printable
from truceline.domain.compared import Declared
from truceline.domain.words import ACTOR, Review
from truceline.pipeline.review import load_reviewed
from truceline.report.documents_compared import ComparedReport, comparison_data
from truceline.words.compare import compare

TITLED = re.compile(rf"({ACTOR.pattern}):?\s+(\S.*)")
"""An actor and the title of a document, as in ``RUS: statement of 25 March``."""


def compare_documents(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a folder of `truceline read`")],
    absent: Annotated[
        list[str] | None,
        typer.Option(
            "--absent",
            metavar="TEXT",
            help='a document that exists and is not held, as "RUS: statement of 25 March"',
        ),
    ] = None,
    silent: Annotated[
        list[str] | None,
        typer.Option("--silent", metavar="ACTOR", help="an actor who has said nothing, as UKR"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="write the whole as Markdown")
    ] = None,
    language: Annotated[str, typer.Option("--lang", metavar="CODE", help="en or de")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="print the comparison as JSON")] = False,
) -> None:
    """Compare documents topic by topic: mentioned, negated, omitted, or not known."""
    held = load_reviewed(folder)
    items = [
        judged.item
        for ones in held.view
        for judged in ones
        if judged.item.review.state is not Review.REJECTED
    ]
    found = compare(held.reading.documents, items, _declared(absent or (), silent or ()))
    if out is not None:
        page = ComparedReport(found, language, markdown=True).markdown()
        replace_file(out, page.encode())
    if as_json:
        print(json.dumps(comparison_data(found), indent=1, ensure_ascii=False))
        return
    _tell(ComparedReport(found, language))
    if out is not None:
        Console().print(printable(str(out)), markup=False)


def _declared(absent: Iterable[str], silent: Iterable[str]) -> Declared:
    titled = []
    for text in absent:
        parts = TITLED.fullmatch(text.strip())
        if parts is None:
            raise typer.BadParameter(
                f"{text!r}: name the actor and the document, as 'RUS: statement of 25 March'"
            )
        titled.append((parts[1], parts[2]))
    for actor in silent:
        if not ACTOR.fullmatch(actor):
            raise typer.BadParameter(f"{actor!r} is no actor: write RUS or RUS:Kremlin")
    return Declared(tuple(titled), tuple(silent))


def _tell(report: ComparedReport) -> None:
    console = Console()
    first, *rest = report.header()
    table = Table(first, *rest, box=None)
    for row in report.rows():
        table.add_row(*map(_plain, row))
    console.print(_plain(report.preface()))
    for line in report.legend():
        console.print(_plain(line))
    console.print(table)
    for told, words in report.differences():
        console.print(_plain(told))
        for line in words:
            console.print(_plain(f"  {line}"))
    for line in report.searched():
        console.print(_plain(line))


def _plain(line: str) -> Text:
    """A line that steers neither the terminal nor its markup."""
    return Text(printable(line))
