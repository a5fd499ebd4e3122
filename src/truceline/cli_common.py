"""What commands share: arguments, a case opened, progress, and text printed safely."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.text import Text

from truceline.archive.texts import printable
from truceline.clock import parse_stamp, stamp
from truceline.errors import NoForecast, Where
from truceline.sources.casefile import Case, read_case
from truceline.sources.records import Stage

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
YEARS = (1900, 2200)
"""An as-of outside of these is a slip of the finger."""


def moment(text: str) -> datetime:
    """A moment, or a UTC day as it began; never one ahead."""
    try:
        found = parse_stamp(f"{text}T00:00Z" if DATE.fullmatch(text) else text)
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(str(error)) from error
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise typer.BadParameter(f"{text!r} is not between the years {YEARS[0]} and {YEARS[1]}")
    if found > datetime.now(UTC):
        raise typer.BadParameter(f"{text!r} lies ahead: nothing is told of hours to come")
    return found


def day_of(text: str) -> date:
    """A UTC day."""
    if not DATE.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is no date such as 2025-04-12")
    return moment(text).date()


CaseFolder = Annotated[Path, typer.Argument(metavar="CASE", help="a case folder")]
DossierFolder = Annotated[Path, typer.Argument(metavar="DIR", help="a dossier folder")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON instead of text")]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        parser=moment,
        metavar="TIME",
        help="what was known at a moment (2025-04-01T12:00Z) or as a UTC day began (2025-04-01); "
        "without it the latest edition",
    ),
]
CaseNow = Annotated[
    Path | None, typer.Option("--case", metavar="CASE", help="where the case is now")
]
KeptIn = Annotated[
    Path | None,
    typer.Option(
        "--archive", metavar="DIR", help="keep the fires there as Parquet, for cases with many"
    ),
]
ArchiveFolder = Annotated[
    Path | None,
    typer.Option("--archive", metavar="DIR", help="of its fires; if not given, out/CASE.archive"),
]
AskedOf = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="ADDRESS",
        help="a Spark master (spark://HOST:PORT) that answers the questions; extra `cluster`",
    ),
]
Quarantine = Annotated[
    bool,
    typer.Option("--quarantine", help="set bad rows aside and list them, instead of stopping"),
]


def open_case(folder: Path, quarantine: bool = False) -> Case:
    """A case whose as-of lies behind us; bad rows stop it or are set aside."""
    case = read_case(folder)
    if case.file.as_of > datetime.now(UTC):
        raise NoForecast(
            f"the as-of {stamp(case.file.as_of)} lies ahead",
            Where(str(folder / "case.toml"), field="as_of"),
            expected="a moment that is over: nothing is told of hours to come",
            remedy="set as_of to the last moment from which something is known",
        )
    return case.with_quarantine() if quarantine else case


def default_out(case: Path, ending: str = "") -> Path:
    """Where what is made of a case goes if no place is named."""
    return Path("out") / f"{case.resolve().name}{ending}"


def say(text: str, stream: TextIO | None = None) -> None:
    """Print text without characters that would steer a terminal."""
    print(printable(text, keep="\n"), file=stream or sys.stdout)


def print_json(value: object) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


@contextmanager
def progress() -> Iterator[Stage]:
    """Names of stages on the terminal's error stream, so that output stays clean."""
    console = Console(stderr=True)
    with console.status("starting") as status:
        yield lambda stage: status.update(Text(f"{stage} ..."))
