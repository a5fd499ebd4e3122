"""`truceline validate`: run what can be run, write the page, its figures and the parameters.

Without labels the parts that need them are skipped and said to be, and what the page holds of
them stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from truceline.errors import MissingExtra, MissingFile, Where

Say = Callable[[str], None]
NEEDS = (
    "the strike labels of February to August 2022 (CSV with id, date, lat, lon, class, kind), "
    "which have no stated open licence and do not ship; give them with --labels PATH"
)
PARTS = ("(a) benchmark on labelled strikes", "(b) reliability and block cross-validation")
PARAMETERS = Path(__file__).parents[1] / "assess" / "heat_model.toml"
SVG_FOLDER = "validation"


def validate(
    labels: Path | None,
    data: Path | None,
    out: Path,
    *,
    quick: bool = False,
    n_worlds: int = 0,
    write_parameters: bool = False,
    rates: bool = False,
    statements: Path | None = None,
    attribution: Path | None = None,
    predictions: Path | None = None,
    say: Say = print,
    progress: Say = print,
) -> None:
    """Run the benchmark and the simulated worlds, and bring the page up to date.

    ``data`` is by default two levels above the labels.  A quick run writes its page beside the
    real one, as ``validation-quick.md``, and writes neither figures nor parameters.  ``rates``:
    measure the rates engine, which has a page of its own; alone, unless more is asked for.
    ``statements``: a folder of annotated documents; ``attribution``: quotations in the form of
    the published German set, ``predictions`` of which are written where asked.
    """
    if statements is not None or attribution is not None:
        _words(statements, attribution, predictions, out, say, progress)
        if labels is None and not n_worlds and not rates:
            return
    if rates:
        _rates(out, quick, say, progress)
        if labels is None and not n_worlds:
            return
    sheet = out / ("validation-quick.md" if quick else "validation.md")
    if labels is None:
        for part in PARTS:
            say(f"SKIPPED: {part} needs {NEEDS}")
        if write_parameters:
            say(f"SKIPPED: parameters need {NEEDS}")
    else:
        _with_labels(labels, data or labels.parent.parent, sheet, quick, write_parameters, progress)
        say(f"written: {sheet}")
    if n_worlds:
        with _extra():
            from truceline.validation import figures, page

        found = _worlds(n_worlds, quick, progress)
        page.put_worlds(sheet, found)
        if not quick:
            figures.write_worlds_figure(found, sheet.parent / SVG_FOLDER)
        say(f"written: {sheet}, (c) simulated worlds")
    else:
        say("SKIPPED: (c) simulated worlds, as asked by --worlds 0")


@contextmanager
def _extra() -> Iterator[None]:
    """Names the extra where one of its packages is not installed."""
    try:
        yield
    except ImportError as error:
        raise MissingExtra(
            f"{error.name} is not installed",
            expected="the extra `validate`",
            remedy="in the checkout: pip install -e '.[validate]'",
        ) from error


def _with_labels(
    labels: Path, data: Path, sheet: Path, quick: bool, write_parameters: bool, progress: Say
) -> None:
    if not labels.is_file():
        raise MissingFile("there are no labels", Where(str(labels)), remedy="see --help")
    with _extra():
        from truceline.validation import benchmark, figures, page
    report = benchmark.run_benchmark(labels, data, quick, progress)
    sheet.parent.mkdir(parents=True, exist_ok=True)
    if not quick:
        figures.write_figures(report, sheet.parent / SVG_FOLDER)
    page.write_page(report, sheet)
    if write_parameters and not quick:
        PARAMETERS.write_text(report.parameters, encoding="utf-8", newline="\n")


def _worlds(n_worlds: int, quick: bool, progress: Say) -> dict[str, Any]:
    from truceline.validation import worlds

    if quick:
        return asdict(worlds.quick(n_worlds).report)
    outcome = worlds.full(
        n_worlds, progress=lambda done, n: progress(f"simulated worlds: {done} of {n}")
    )
    return asdict(outcome.report)


def _rates(out: Path, quick: bool, say: Say, progress: Say) -> None:
    with _extra():
        from truceline.validation import rates_page, rates_study
    plan = rates_study.QUICK if quick else rates_study.FULL
    results = rates_study.run_study(plan, say=progress)
    say(f"written: {rates_page.write_page(results, out, quick)}")


def _words(
    statements: Path | None,
    attribution: Path | None,
    predictions: Path | None,
    out: Path,
    say: Say,
    progress: Say,
) -> None:
    """Reading documents: against annotated ones, and against quotations of a published set."""
    from truceline.validation import attribution as quotations
    from truceline.validation import words_study

    if statements is not None:
        if not (statements / "split.toml").is_file():
            raise MissingFile("no annotated documents", Where(str(statements)), remedy="see --help")
        say(f"written: {words_study.write_page(statements, out, progress)}")
    if attribution is not None:
        for line in quotations.evaluate(attribution).lines():
            say(line)
        if predictions is not None:
            quotations.predictions(attribution, predictions)
            say(f"written: {predictions}")
