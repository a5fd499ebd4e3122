"""``truceline agreements``: the agreements of cases for databases of agreements."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from truceline.archive.texts import printable
from truceline.pipeline.agreements import export_agreements, write_agreements

app = typer.Typer(
    help="Write agreements as rows of other databases.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


class Form(StrEnum):
    """Formats by the name that a user types."""

    ETH_PRIO = "eth-prio"
    PA_X = "pa-x"


@app.callback()
def agreements() -> None:
    """Write agreements as rows of other databases."""


@app.command()
def export(
    cases: Annotated[list[Path], typer.Argument(metavar="CASE...", help="case folders")],
    form: Annotated[
        Form,
        typer.Option(
            "--format",
            help="eth-prio has one row for each declaring actor, pa-x one for each instrument",
        ),
    ] = Form.ETH_PRIO,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="where the rows go; without it agreements.FORMAT.csv"
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="print rows and unmapped lines, write nothing")
    ] = False,
) -> None:
    """Write rows of ETH/PRIO or PA-X, and beside them a list of what has no column there."""
    found = export_agreements(cases, form.value)
    if as_json:
        data = {"format": found.form, "rows": found.rows, "unmapped": found.unmapped}
        print(json.dumps(data, indent=2, ensure_ascii=False))
        return
    path = out or Path(f"agreements.{form.value}.csv")
    for written, n in zip(
        write_agreements(found, cases, path), (len(found.rows), len(found.unmapped)), strict=True
    ):
        print(printable(f"{written}: {n} rows"))
