"""The command line: thin.  It parses, calls one function and prints."""

from __future__ import annotations

import errno
import io
import signal
import sys
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from truceline import __version__, cli_agreements, cli_words
from truceline.archive import seal
from truceline.archive.texts import printable
from truceline.cli_common import (
    ArchiveFolder,
    AsJson,
    AskedOf,
    AsOf,
    CaseFolder,
    CaseNow,
    DossierFolder,
    KeptIn,
    Quarantine,
    day_of,
    default_out,
    open_case,
    print_json,
    progress,
    say,
)
from truceline.cli_compare import compare_documents
from truceline.errors import BadInput, TruceError, Where
from truceline.pipeline.daily import daily_editions, write_daily
from truceline.pipeline.doctor import examine
from truceline.pipeline.ingest import ingest_case, refuse_place, tell_ingested
from truceline.pipeline.rates_report import rates_dossier
from truceline.pipeline.run import assess_case
from truceline.pipeline.starter import write_starter
from truceline.pipeline.texts import update_texts
from truceline.pipeline.write import is_sealed, prepare_out, read_dossier, write_dossier
from truceline.report.changes import changes, tell_changes
from truceline.report.compare import compare_readings, compare_readings_data
from truceline.report.daily import daily_data
from truceline.report.dossier import build_dossier
from truceline.report.explain import explain as explain_incident
from truceline.report.matrix import tell_matrix
from truceline.report.overview import tell_inputs
from truceline.report.rates_text import tell_rates
from truceline.settings import Settings
from truceline.sources.casefile import read_case
from truceline.sources.records import read_records
from truceline.validation.command import validate as run_validation

app = typer.Typer(
    name="truceline",
    help="Is this ceasefire being kept, by whom, and how would we know?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(cli_agreements.app, name="agreements")


@app.command()
def run(
    case: CaseFolder,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="where the dossier goes")],
    as_of: AsOf = None,
    quarantine: Quarantine = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="also as PDF; needs the extra `pdf`, takes a minute")
    ] = False,
    archive: KeptIn = None,
    engine: AskedOf = None,
    as_json: AsJson = False,
) -> None:
    """Assess a case and write its dossier."""
    settings = replace(Settings.from_environment(), archive=archive, cluster=engine)
    _run(case, out, settings, as_of, quarantine, pdf, as_json)


@app.command()
def update(
    case: CaseFolder,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="where the dossier goes; out/CASE if not given"),
    ] = None,
    archive: ArchiveFolder = None,
    quarantine: Quarantine = False,
    engine: AskedOf = None,
    as_json: AsJson = False,
) -> None:
    """Bring archive and dossier of a case up to date: only what is new is read and asked."""
    kept = archive or default_out(case, ".archive")
    settings = replace(Settings.from_environment(), archive=kept, cluster=engine)
    _run(case, out or default_out(case), settings, None, quarantine, False, as_json)


@app.command()
def ingest(
    case: CaseFolder,
    archive: ArchiveFolder = None,
    quarantine: Quarantine = False,
    as_json: AsJson = False,
) -> None:
    """Take the fires of a case into an archive of Parquet files by month."""
    kept = archive or default_out(case, ".archive")
    with progress() as stage:
        found = ingest_case(open_case(case, quarantine), kept, Settings.from_environment(), stage)
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        say(tell_ingested(found))
        say(f"archive: {kept}")


def _run(
    case: Path,
    out: Path,
    settings: Settings,
    as_of: datetime | None,
    quarantine: bool,
    pdf: bool,
    as_json: bool,
) -> None:
    """Assess a case, write its dossier and print what it found."""
    warnings = prepare_out(case, out)
    if settings.archive is not None:
        refuse_place(case, settings.archive, out)
    with progress() as stage:
        result = assess_case(open_case(case, quarantine), settings, as_of, stage)
        stage("write")
        written = write_dossier(result, case, out, settings, pdf)
    for warning in dict.fromkeys((*warnings, *written.warnings)):
        print(f"truceline: {printable(warning)}", file=sys.stderr)
    if as_json:
        keys = ("case", "as_of", "headline", "counts", "quarantine")
        found = {key: written.dossier[key] for key in keys}
        print_json({**found, "digest": written.digest, "out": str(out)})
        return
    if written.dossier["incidents"]:
        say(tell_matrix(written.dossier) + "\n")
    for sentence in written.dossier["headline"]:
        say(f"- {sentence}")
    say(f"\nwritten to {out}: open {out / 'dossier.html'}")
    if written.dossier["incidents"]:
        say(f"one incident: {sys.argv[0]} explain {out} INCIDENT")
    say(f"digest of the manifest: {written.digest}")


@app.command()
def rates(
    case: CaseFolder,
    as_of: AsOf = None,
    quarantine: Quarantine = False,
    language: Annotated[str, typer.Option("--lang", metavar="CODE", help="such as de")] = "en",
    as_json: AsJson = False,
) -> None:
    """Ask of every series of a case whether it changed; says what cannot be told, and why."""
    with progress() as stage:
        found = rates_dossier(open_case(case, quarantine), as_of, stage)
    if as_json:
        print_json({key: found[key] for key in ("case", "as_of", "series", "rates")})
    else:
        say(tell_rates(found, language))


@app.command()
def check(
    case: CaseFolder, as_of: AsOf = None, quarantine: Quarantine = False, as_json: AsJson = False
) -> None:
    """Read a case strictly and print what was read, noted, set aside and disagrees."""
    settings = Settings.from_environment()
    with progress() as stage:
        result = assess_case(open_case(case, quarantine), settings, as_of, stage)
    dossier = build_dossier(result, __version__)
    if as_json:
        keys = ("case", "as_of", "inputs", "checks", "quarantine", "n_claims_not_yet_known")
        print_json({key: dossier[key] for key in keys})
    else:
        say(tell_inputs(dossier))


@app.command()
def daily(
    case: CaseFolder,
    day: Annotated[
        date, typer.Option("--day", parser=day_of, metavar="DATE", help="a UTC day (2025-04-12)")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="where the report goes")] = Path(
        "daily"
    ),
    as_json: AsJson = False,
) -> None:
    """Write the report of one day, in the form of a monitoring mission."""
    found = read_case(case)
    with progress() as stage:
        editions = daily_editions(found, day, Settings.from_environment(), stage)
        paths = write_daily(found, day, out, editions)
    report = daily_data(*editions, day)
    if as_json:
        print_json(report)
        return
    for sentence in report["summary"]:
        say(f"- {sentence}")
    say("\nwritten: " + ", ".join(map(str, paths)))


@app.command()
def diff(
    first: Annotated[Path, typer.Argument(metavar="DIR1", help="a dossier folder")],
    second: Annotated[Path, typer.Argument(metavar="DIR2", help="a later dossier folder")],
    language: Annotated[str, typer.Option("--lang", metavar="CODE", help="such as de")] = "en",
    as_json: AsJson = False,
) -> None:
    """Print what changed between two dossiers of a case, and why; exit 0 either way."""
    before, after = read_dossier(first), read_dossier(second)
    if as_json:
        print_json(changes(before, after))
    else:
        say(tell_changes(before, after, language))


@app.command()
def explain(
    folder: DossierFolder,
    incident: Annotated[str, typer.Argument(help="an incident, its beginning, or a claim")],
    case: CaseNow = None,
) -> None:
    """Print one incident with its grounds, down to the rows and their bytes."""
    dossier = read_dossier(folder)
    if not is_sealed(folder):
        say("NOTE: dossier.json is not what its manifest names; see truceline verify", sys.stderr)
    say(explain_incident(dossier, incident, case or seal.case_folder_of(folder)))


@app.command()
def verify(
    folder: DossierFolder,
    digest: Annotated[
        str | None, typer.Option("--digest", metavar="HEX", help="the digest that `run` printed")
    ] = None,
    outputs_only: Annotated[
        bool, typer.Option("--outputs-only", help="check the dossier without the case")
    ] = False,
    case: CaseNow = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="print only what is not OK, and the number that is")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a dossier against its manifest, offline: exit 0 if all is OK, 1 if not."""
    items = seal.verify(folder, case, digest, outputs_only)
    if as_json:
        print_json([{"status": i.status, "what": i.what, "detail": i.detail} for i in items])
    else:
        good = [item for item in items if item.status is seal.Status.OK]
        checked = [item for item in items if item.status is not seal.Status.NOTE]
        for item in items:
            if not (quiet and item in good):
                say(str(item))
        if quiet:
            say(f"OK: {len(good)} of {len(checked)} items")
    raise typer.Exit(seal.exit_code(items))


@app.command()
def new(folder: Annotated[Path, typer.Argument(metavar="DIR", help="a folder to make")]) -> None:
    """Write a commented starter case that runs."""
    write_starter(folder)
    print(f"a starter case is in {folder}: read {folder / 'README.md'}")
    print(f"try it: truceline run {folder} --out out/{folder.name}")


@app.command("compare-readings")
def compare(case: CaseFolder, as_json: AsJson = False) -> None:
    """Compare the readings of an agreement, two by two, and its proposals."""
    agreement = read_case(case).agreement
    if as_json:
        print_json(compare_readings_data(agreement))
    else:
        say(compare_readings(agreement))


@app.command()
def texts(
    case: CaseFolder,
    language: Annotated[str, typer.Option("--language", metavar="CODE", help="such as de")],
) -> None:
    """List the texts of a case for translation, in a file that keeps what is translated."""
    found = read_case(case)
    path, n_open = update_texts(found, read_records(found), language)
    print(f"{path}: {n_open} texts without a translation")


@app.command()
def doctor(
    case: Annotated[
        Path | None, typer.Argument(metavar="[CASE]", help="also list its sources and holes")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print versions, whether everything needed is there, and a case's coverage holes."""
    findings = examine(Settings.from_environment(), read_case(case) if case else None)
    if as_json:
        print_json([{"ok": f.ok, "what": f.what, "detail": f.detail} for f in findings])
    else:
        for finding in findings:
            say(str(finding))
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


@app.command()
def validate(
    labels: Annotated[
        Path | None, typer.Option("--labels", metavar="PATH", help="labelled strikes (CSV)")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="two levels above the labels if not given"),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="where the page and its figures go")
    ] = Path("docs"),
    quick: Annotated[bool, typer.Option("--quick", help="a subset, to a page of its own")] = False,
    worlds: Annotated[
        int | None,
        typer.Option(
            "--worlds", metavar="N", min=0, help="simulated worlds to run: 240, with --quick 12"
        ),
    ] = None,
    write_parameters: Annotated[
        bool, typer.Option("--write-parameters", help="also remake the rates of the heat model")
    ] = False,
    rates: Annotated[
        bool,
        typer.Option("--rates", help="the rates engine; alone, unless labels or worlds are asked"),
    ] = False,
    statements: Annotated[
        Path | None,
        typer.Option("--statements", metavar="DIR", help="annotated documents; alone likewise"),
    ] = None,
    attribution: Annotated[
        Path | None,
        typer.Option(
            "--attribution", metavar="FILE", help="German quotations (.jsonl, .gz); alone likewise"
        ),
    ] = None,
    predictions: Annotated[
        Path | None,
        typer.Option("--predictions", metavar="FILE", help="write what was found in them"),
    ] = None,
) -> None:
    """Measure how good heat model, rates or reading are, and write the page that says so."""
    alone = rates or statements is not None or attribution is not None
    with progress() as stage:
        run_validation(
            labels,
            data,
            out,
            quick=quick,
            n_worlds=worlds if worlds is not None else 0 if alone else 12 if quick else 240,
            write_parameters=write_parameters,
            rates=rates,
            statements=statements,
            attribution=attribution,
            predictions=predictions,
            say=say,
            progress=stage,
        )


app.command()(cli_words.read)
app.command()(cli_words.review)
app.command("compare-documents")(compare_documents)


INTERRUPTED = "truceline: interrupted; what was there before is unchanged, or remade by a next run"
EXIT_INTERRUPTED = 130


class Interrupted(BaseException):
    """Ctrl-C, in a form that no library takes for something else."""


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise Interrupted


def main() -> None:
    """Run the command line; an error that a user can act on is told without a traceback."""
    signal.signal(signal.SIGINT, _interrupt)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except TruceError as error:
        say(f"truceline: {error}", sys.stderr)
        raise SystemExit(1) from error
    except (Interrupted, KeyboardInterrupt) as error:
        print(INTERRUPTED, file=sys.stderr)
        raise SystemExit(EXIT_INTERRUPTED) from error
    except SystemExit as error:
        if error.code == EXIT_INTERRUPTED:  # an engine was interrupted, and Typer says nothing
            print(INTERRUPTED, file=sys.stderr)
        raise
    except OSError as error:
        where = Where(str(error.filename)) if error.filename else None
        full = "make room and run it again" if error.errno == errno.ENOSPC else ""
        say(f"truceline: {BadInput(str(error), where, remedy=full)}", sys.stderr)
        raise SystemExit(1) from error
