"""``truceline read``, ``compare-documents`` and ``review``: documents and what is said in them."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from truceline.archive.atomic import replace_file
from truceline.archive.reading import Reading, refuse_foreign
from truceline.archive.texts import printable
from truceline.domain.words import ACTOR, Item, Review
from truceline.pipeline.drafting import write_draft
from truceline.pipeline.reading import (
    Asked,
    languages_left_out,
    read_documents,
    read_items,
    read_lists,
    write_read,
)
from truceline.pipeline.review import export as export_reviewed
from truceline.pipeline.review import load_reviewed
from truceline.pipeline.second import SecondReader, ask_reader, with_second_reader, write_heard
from truceline.review_server import serve_review

LANGUAGES = ("de", "en", "ru", "uk")

Documents = Annotated[
    list[Path], typer.Argument(metavar="DOC...", help="text, HTML, PDF or DOCX files")
]


def read(
    documents: Documents,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="where the statements go")],
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="de, en, ru or uk; detected without it"),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", metavar="NAME", help="of text that is not UTF-8"),
    ] = None,
    medium: Annotated[
        str | None,
        typer.Option("--medium", metavar="ACTOR", help="who narrates, as MEDIA:dpa or RUS:MoD"),
    ] = None,
    dated: Annotated[
        str | None,
        typer.Option("--dated", metavar="DAY", help="day of the text, where it states none"),
    ] = None,
    actors: Annotated[
        Path | None,
        typer.Option("--actors", metavar="FILE", help="more actors, as TOML"),
    ] = None,
    draft: Annotated[
        Path | None,
        typer.Option(
            "--draft",
            metavar="FILE",
            help="also draft FILE, an agreement.yaml, and a case around it",
        ),
    ] = None,
    reader: Annotated[
        str | None,
        typer.Option(
            "--reader", metavar="URL", help="a second reader: an endpoint of this machine"
        ),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", metavar="NAME", help="model of the second reader")
    ] = "",
    allow_remote: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-remote", metavar="HOST", help="let the text leave this machine, to this host"
        ),
    ] = None,
    key_env: Annotated[
        str | None,
        typer.Option("--key-env", metavar="VAR", help="environment variable with its key"),
    ] = None,
    reader_answers: Annotated[
        Path | None,
        typer.Option("--reader-answers", metavar="DIR", help="answers of an earlier run, offline"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print counts as JSON")] = False,
) -> None:
    """Read documents into statements: who says what, in which words."""
    refuse_foreign(out)
    _refuse_misuse(language, medium, dated)
    if reader is not None and not model:
        raise typer.BadParameter("name the model of the second reader: --model NAME")
    asked = Asked(language, encoding, medium, dated, actors)
    held = read_documents(documents, asked)
    console = Console(stderr=True, markup=False, highlight=False)
    registry = asked.registry()
    items = read_items(held, registry, lambda name: console.print(printable(name)))
    heard = None
    if reader is not None or reader_answers is not None:
        second = SecondReader(model, reader, frozenset(allow_remote or ()), key_env, reader_answers)
        heard = ask_reader(
            held, registry, second, clock=lambda: datetime.now(UTC), warn=console.print
        )
        items = with_second_reader(items, heard)
    reading, lists = Reading(held, items), read_lists(held, registry)
    write_read(out, reading, lists, documents)
    write_heard(out, heard)
    drafted = write_draft(draft, reading, registry, lists.rows) if draft is not None else []
    left = languages_left_out(held, lists)
    if as_json:
        print(json.dumps(_counts(items, len(held), left), indent=1, ensure_ascii=False))
        return
    _tell(items, len(held), left, out)
    if lists.names:
        found = f"{len(lists.rows)} claims in {len(lists.names)} lists"
        print(f"{found}, {len(lists.kept)} unread stretches: {printable(str(out))}/claims")
    if drafted:
        print(f"drafted, unsigned: {drafted[0].parent}; nothing is judged by it until you sign")


def _refuse_misuse(language: str | None, medium: str | None, dated: str | None) -> None:
    """Options that can be told to be wrong before anything is read."""
    if language is not None and language not in LANGUAGES:
        raise typer.BadParameter(f"{language!r} is no language here: {', '.join(LANGUAGES)}")
    if medium is not None and not ACTOR.fullmatch(medium):
        raise typer.BadParameter(f"{medium!r} is no actor such as MEDIA:dpa or RUS:MoD")
    if dated is not None:
        try:
            date.fromisoformat(dated)
        except ValueError:
            raise typer.BadParameter(f"{dated!r} is no day such as 2025-03-18") from None


def _counts(items: tuple[Item, ...], n_documents: int, left: list[str]) -> dict[str, object]:
    kinds = Counter(item.kind.value for item in items)
    return {
        "documents": n_documents,
        "statements": len(items),
        "to_review": sum(item.review.state is Review.TO_REVIEW for item in items),
        "by_kind": dict(sorted(kinds.items())),
        "not_read": left,
    }


def _tell(items: tuple[Item, ...], n_documents: int, left: list[str], out: Path) -> None:
    console = Console(markup=False, highlight=False)
    table = Table("kind", "statements", "to review", box=None)
    for kind, n in sorted(Counter(item.kind.value for item in items).items()):
        doubted = [i for i in items if i.kind.value == kind and i.review.state is Review.TO_REVIEW]
        table.add_row(kind, str(n), str(len(doubted)))
    console.print(table)
    for name in left:
        console.print(f"{printable(name)}: no statements are read in its language, only lists")
    console.print(
        f"{len(items)} statements in {n_documents} documents, drafted by a machine: "
        f"{printable(str(out))}/statements.jsonl, {printable(str(out))}/review.html"
    )


def review(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a folder of `truceline read`")],
    reviewer: Annotated[
        str | None, typer.Option("--reviewer", metavar="NAME", help="who decides on this page")
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="on 127.0.0.1; 0 takes a free one")
    ] = 0,
    language: Annotated[str, typer.Option("--lang", metavar="CODE", help="en or de")] = "en",
    agreement: Annotated[
        bool, typer.Option("--agreement", help="print how far reviewers agree, and stop")
    ] = False,
    export: Annotated[
        Path | None,
        typer.Option(
            "--export", metavar="FILE", help="write .jsonld (Web Annotation) or .csv, and stop"
        ),
    ] = None,
) -> None:
    """Decide on statements, on a page of this machine alone."""
    if agreement or export is not None:
        held = load_reviewed(folder)
        for sentence in held.figures if agreement else ():
            print(sentence)
        if export is not None:
            replace_file(export, export_reviewed(held.reading, held.view, export.name))
        return
    if language not in ("en", "de"):
        raise typer.BadParameter(f"{language!r} is no language of the page: en, de")
    if reviewer is None:
        raise typer.BadParameter("say who reviews: --reviewer NAME")
    serve_review(folder, reviewer, lambda: datetime.now(UTC), print, port, language)
