"""Make the generated part of the documentation, and check the rest of it.

    python tools/build_docs.py           write codebook and schema, then check
    python tools/build_docs.py --check   write nothing; exit 1 if a file is out of date or wrong

Generated are ``docs/codebook.md`` (from ``docs/codebook.toml`` and from what the program knows
itself: codes, thresholds, trees, rates, kinds of input) and ``docs/schema/agreement.schema.json``.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from truceline.assess.heat_model import CLASS_GROUPS, HeatModel, SensorSet
from truceline.domain.agreement import AttachesTo, ClockState, Condition, ExitEvent
from truceline.domain.claim import Origin
from truceline.domain.incident import Says
from truceline.domain.observation import Chance, LookState
from truceline.domain.place import InRegistry, Precision
from truceline.domain.trees import ACTS, MEANS, OBJECTS, Tree
from truceline.domain.verdict import REASONS, ExitState, GroundCode, Reason, Verdict
from truceline.fuse.group import TIME_ORDER
from truceline.fuse.link import APART, JOINED, MAYBE
from truceline.report import codes as words_of
from truceline.report.tables import ASSESSMENT_COLUMNS, QUARANTINE_COLUMNS
from truceline.sources.claims import ORIGIN_OF
from truceline.sources.coded import CERTAINTIES
from truceline.sources.kinds import KINDS
from truceline.sources.terms import agreement_schema
from truceline.thresholds import ALL, LINE_RATES, LINK_WEIGHTS

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "docs" / "codebook.toml"
CODEBOOK = "docs/codebook.md"
SCHEMA = "docs/schema/agreement.schema.json"

TYPES = {
    "text",
    "code",
    "id",
    "date",
    "time",
    "local",
    "hash",
    "number",
    "whole number",
    "true/false",
    "object",
    "map",
    "list of text",
    "list of numbers",
    "list of counts",
    "list of objects",
    "list of lists",
    "null",
}
COLUMNS = {"assessments.csv": ASSESSMENT_COLUMNS, "quarantine.csv": QUARANTINE_COLUMNS}


# --- the hand-written part ----------------------------------------------------------------------


class Wrong(ValueError):
    """The hand-written part does not fit the program."""


@dataclass(frozen=True)
class Field:
    """What one path of an output holds."""

    type: str
    means: str
    unit: str = ""
    optional: bool = False

    @property
    def types(self) -> tuple[str, ...]:
        """The alternatives of its type."""
        return tuple(self.type.split(" or "))


def alternatives(path: str) -> list[str]:
    """A path with every choice in braces written out.

    >>> alternatives("a.{b,c[]}.d")
    ['a.b.d', 'a.c[].d']
    """
    parts = re.split(r"\{([^}]*)\}", path)
    choices = [part.split(",") if i % 2 else [part] for i, part in enumerate(parts)]
    return ["".join(choice) for choice in itertools.product(*choices)]


def segments(path: str) -> tuple[str, ...]:
    """Keys of a path from the outside in; ``[]`` is a step of its own.

    >>> segments("incidents.*[].id")
    ('incidents', '*', '[]', 'id')
    """
    return tuple(path.replace("[]", ".[]").removeprefix(".").split("."))


def read_book(path: Path = BOOK) -> dict[str, Any]:
    """The hand-written part as tables."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def fields_of(book: Mapping[str, Any], file: str) -> dict[str, Field]:
    """Every path of a file, written out; a repeated path or an unknown type is ``Wrong``."""
    fields: dict[str, Field] = {}
    for pattern, raw in book["fields"][file].items():
        field = Field(**raw)
        if unknown := set(field.types) - TYPES:
            raise Wrong(f"{file}: {pattern}: unknown type {sorted(unknown)[0]!r}")
        for path in alternatives(pattern):
            if path in fields:
                raise Wrong(f"{file}: {path} is described twice")
            fields[path] = field
    return fields


# --- tables -------------------------------------------------------------------------------------


def cell(value: object) -> str:
    """Text that cannot break a table."""
    return " ".join(str(value).split()).replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [" | ".join(head), "|".join("---" for _ in head)]
    lines += [" | ".join(cell(value) for value in row) for row in rows]
    return "\n".join(f"| {line} |" if "---" not in line else f"|{line}|" for line in lines) + "\n"


def code(value: object) -> str:
    """A code as code."""
    return f"`{value}`"


def number(value: float) -> str:
    """A number as people write it."""
    return f"{value:g}"


def codes(
    book: Mapping[str, Any],
    name: str,
    known: Iterable[str],
    said: Mapping[str, str] | None = None,
) -> str:
    """One enumeration with its words; a code without any, or a stale one, is ``Wrong``."""
    known, said = [str(item) for item in known], said or {}
    added: Mapping[str, str] = book["codes"].get(name, {})
    if stale := [item for item in added if item not in known]:
        raise Wrong(f"[codes.{name}] {stale[0]} is no code of the program")
    rows = []
    for item in known:
        text = "; ".join(part for part in (said.get(item, ""), added.get(item, "")) if part)
        if not text:
            raise Wrong(f"[codes.{name}] {item} has no meaning")
        rows.append((code(item), text))
    return table(("code", "meaning"), rows)


def tree_table(tree: Tree) -> str:
    """A tree with its depth shown by indentation."""

    def depth(name: str) -> int:
        return depth(tree.parents[name]) + 1 if tree.parents[name] else 0

    rows = [
        (f"{'– ' * depth(name)}`{name}`", tree.parents[name] or "", tree.meanings[name])
        for name in tree.names
    ]
    return table(("name", "below", "meaning"), rows)


# --- sections -----------------------------------------------------------------------------------


def ground_codes() -> list[str]:
    """Every code that a ground may carry: those of the steps, then all reasons."""
    return [code.value for code in GroundCode]


def sections(book: Mapping[str, Any]) -> Iterator[tuple[int, str, str]]:
    """Level, title and body of each part, in order."""
    prose: Mapping[str, str] = book["prose"]
    yield 2, "Codes", prose["codes"]
    yield 3, "Verdicts", codes(book, "verdict", Verdict)
    yield 3, "Reasons, in the published order", f"{prose['reasons']}\n{_reasons()}"
    yield 3, "Exit states", codes(book, "exit_state", ExitState, words_of.EXIT_STATES)
    yield 3, "States of a clock", codes(book, "clock_state", ClockState)
    yield 3, "States of a look", codes(book, "look", LookState, words_of.LOOKS)
    yield 3, "Bases of a pass", codes(book, "basis", words_of.BASES, words_of.BASES)
    yield 3, "Families of evidence", codes(book, "family", book["codes"]["family"])
    yield 3, "What a line says", codes(book, "says", Says, words_of.SAYS)
    yield 3, "Kinds of voice", codes(book, "origin", Origin, words_of.ORIGINS)
    yield 3, "Classes of corroboration in the ledger", _corroboration()
    yield 3, "Answers of registries", codes(book, "registry", InRegistry, words_of.REGISTRY)
    yield 3, "Precision of places", codes(book, "place", Precision, words_of.PLACES)
    yield 3, "Precision of times", codes(book, "time", TIME_ORDER, words_of.TIMES)
    yield 3, "Replies", codes(book, "response", words_of.RESPONSES, words_of.RESPONSES)
    yield 3, "Scope of a reply", _scope_of_reply()
    yield 3, "Certainty of a coded act", codes(book, "certainty", CERTAINTIES)
    yield 3, "Ground codes", f"{codes(book, 'ground', ground_codes())}\n{prose['grounds']}"
    yield 3, "Link features", _link_features(book)
    yield 3, "Judgements of links", codes(book, "judgement", (JOINED, MAYBE, APART))
    yield 3, "What a condition attaches to", codes(book, "attaches", AttachesTo, words_of.ATTACHES)
    yield 3, "Further codes of the terms", _terms()
    yield 3, "Relations of scopes", codes(book, "relation", words_of.RELATIONS)
    yield 3, "Cross-checks", codes(book, "check", book["codes"]["check"])
    yield 2, "Trees", prose["trees"]
    yield 3, "Acts", tree_table(ACTS)
    yield 3, "Means", tree_table(MEANS)
    yield 3, "Object classes", tree_table(OBJECTS)
    yield 2, "Thresholds", f"{prose['thresholds']}\n{_thresholds()}"
    yield 3, "Rates of lines", f"{prose['line_rates']}\n{_line_rates()}"
    yield 2, "Heat model", f"{prose['heat']}\n{_heat()}"
    yield 2, "Kinds of input", f"{prose['kinds']}\n{_kinds()}"
    yield 2, "Files and fields", prose["fields"]
    for file in book["about"]:
        yield 3, f"`{file}`", f"{book['about'][file]}\n\n{_fields(book, file)}"


def _reasons() -> str:
    verdict_of = {reason: verdict for verdict, reasons in REASONS.items() for reason in reasons}
    rows = [
        (i, code(reason.value), code(verdict_of[reason].value), words_of.REASONS[reason.value])
        for i, reason in enumerate(Reason, 1)
    ]
    return table(("", "code", "goes with", "meaning"), rows)


def _corroboration() -> str:
    rows = [
        (code(kind), code(origin.value) if origin else "", words_of.ORIGINS[origin.value])
        if origin
        else (code(kind), "", "nobody outside was found")
        for kind, origin in ORIGIN_OF.items()
    ]
    return table(("class", "kind of voice", "meaning"), rows)


def _scope_of_reply() -> str:
    rows = [(code(name), said) for name, said in words_of.RESPONSE_SCOPES.items()]
    return table(("code", "meaning"), [*rows, (code("none"), "there was no reply")])


def _link_features(book: Mapping[str, Any]) -> str:
    if set(book["codes"]["link"]) != set(LINK_WEIGHTS):
        raise Wrong("[codes.link] does not list the features of thresholds.LINK_WEIGHTS")
    rows = [
        (code(name), number(LINK_WEIGHTS[name]), ALL[f"link_{name}"].reason)
        for name in LINK_WEIGHTS
    ]
    return table(("feature", "score", "meaning"), rows)


def _terms() -> str:
    statuses = get_args(Condition.model_fields["status"].annotation)
    kinds = get_args(ExitEvent.model_fields["kind"].annotation)
    rows = [
        ("status of a condition", ", ".join(map(code, statuses))),
        ("kind of an exit event", ", ".join(map(code, kinds))),
    ]
    return table(("field", "codes"), rows)


def _thresholds() -> str:
    rows = [(code(n.name), number(n.value), n.unit, n.reason, n.source) for n in ALL.values()]
    return table(("name", "value", "unit", "reason", "source"), rows)


def _line_rates() -> str:
    rows = [(code(kind), *map("{:.3g}".format, rates)) for kind, rates in LINE_RATES.items()]
    return table(("kind of line", "ratio", "low", "high"), rows)


def _heat() -> str:
    model = HeatModel.load()
    groups = "; ".join(
        f"`{group}` = {', '.join(f'`{name}`' for name in names)} with all below"
        for group, names in CLASS_GROUPS.items()
    )
    return (
        f"Status: **{model.status}**, version {model.version}. Groups: {groups}; everything else "
        f"is `any`. Cloud lasts {number(model.cloud_persistence_h)} h and reaches "
        f"{number(model.cloud_reach_km)} km (the length at which a correlation has fallen to "
        f"1/e). Source: {model.source}. SHA-256 of the file: `{model.sha256}`.\n\n"
        + "\n".join(map(_rates_of, model.sets))
    )


def _rates_of(rates: SensorSet) -> str:
    """One set of sensors that were measured together: its cells, its rings, its own record."""
    cells = [
        (
            code(group),
            number(radius_km),
            f"{c.k} of {c.n}",
            chance(c.show),
            f"{c.background_k} of {c.background_n}",
            chance(c.background),
            chance(c.fire),
            chance(rates.showing(kind_of(group), radius_km)),
        )
        for (group, radius_km), c in rates.group_cells.items()
    ]
    rings = [
        (code(group), f"{number(inner)} to {number(outer)}", "{:.3g} ({:.3g} to {:.3g})".format(*r))
        for (group, inner, outer), r in rates.rings.items()
    ]
    head = (
        "group",
        "km",
        "heat after",
        "p after",
        "heat anyway",
        "p anyway",
        "p own fire",
        "p clear",
    )
    return (
        f"**{rates.name}.** Windows of {rates.window_dates} dates, with at least one clear look in "
        f"{chance(rates.clear_look_share)} of them. A site's own record is taken from the "
        f"{rates.own_days} to {rates.own_guard_days} days before, within "
        f"{number(rates.own_radius_km)} km; it weighs like its number of days against "
        f"{number(rates.own_strength_days)} days of a mean site, which burns on "
        f"{number(rates.own_mean_share)} of its days.\n\n{table(head, cells)}\n"
        f"{table(('group', 'nearest fire, km', 'likelihood ratio'), rings)}"
    )


def kind_of(group: str) -> str | None:
    """A class whose group it is."""
    return CLASS_GROUPS[group][0] if group in CLASS_GROUPS else None


def chance(found: Chance) -> str:
    """A probability with its bounds."""
    return f"{found.p:.3f} ({found.low:.3f} to {found.high:.3f})"


def _kinds() -> str:
    rows = [
        (
            code(kind.name.value),
            kind.title,
            _columns(kind.fields.take),
            _columns(kind.fields.optional),
            _columns(kind.fields.ignore),
        )
        for kind in KINDS.values()
    ]
    return table(("kind", "what it is", "taken", "taken if present", "ignored by name"), rows)


def _columns(names: Iterable[str]) -> str:
    return ", ".join(code(name) for name in names)


def _fields(book: Mapping[str, Any], file: str) -> str:
    fields = fields_of(book, file)
    if file in COLUMNS and tuple(fields) != COLUMNS[file]:
        raise Wrong(f"[fields.{file!r}] does not list the columns in their order")
    rows = [
        (
            code(path),
            field.type,
            field.unit,
            field.means + (" *(may be absent)*" if field.optional else ""),
        )
        for path, field in fields.items()
    ]
    return table(("field", "type", "unit", "meaning"), rows)


# --- what is generated --------------------------------------------------------------------------


def codebook() -> str:
    """The text of ``docs/codebook.md``."""
    book = read_book()
    if set(book["about"]) != set(book["fields"]):
        raise Wrong("[about] and [fields] do not name the same files")
    parts = [f"{'#' * level} {title}\n\n{body.strip()}\n" for level, title, body in sections(book)]
    return "\n".join([book["prose"]["head"], *parts])


def schema() -> str:
    """The text of the published JSON Schema."""
    return json.dumps(agreement_schema(), indent=1, ensure_ascii=False) + "\n"


def generated() -> dict[str, str]:
    """Text of every generated file by its path in the checkout."""
    return {CODEBOOK: codebook(), SCHEMA: schema()}


# --- checks -------------------------------------------------------------------------------------

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SKIP = {".venv", "out", "build", "dist", ".git", "node_modules"}


def pages(root: Path = ROOT) -> list[Path]:
    """Every Markdown file of the checkout."""
    found = (path for path in root.rglob("*.md") if not SKIP & set(path.relative_to(root).parts))
    return sorted(path for path in found if not any(p.startswith(".") for p in path.parts[-2:-1]))


def anchors(text: str) -> set[str]:
    """Names of the headings of a page, as GitHub makes them.

    >>> sorted(anchors("# What it can show\\n## `run`, again"))
    ['run-again', 'what-it-can-show']
    """
    heads = re.findall(r"^#{1,6} +(.+?) *$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def broken_links(page: Path) -> Iterator[str]:
    """Links of a page to files or headings that are not there."""
    text = page.read_text(encoding="utf-8")
    for target in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if not path.exists():
            yield f"{page.relative_to(ROOT)}: {target}: there is no such file"
        elif anchor and anchor not in anchors(path.read_text(encoding="utf-8")):
            yield f"{page.relative_to(ROOT)}: {target}: there is no such heading"


def out_of_date(made: Mapping[str, str]) -> Iterator[str]:
    """Generated files whose text on disk is another."""
    for name, text in made.items():
        path = ROOT / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            yield f"{name} is out of date: run `make docs`"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check; 0 if all is well."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args(arguments).check
    try:
        made = generated()
    except Wrong as error:
        print(f"docs/codebook.toml: {error}", file=sys.stderr)
        return 1
    problems = list(out_of_date(made)) if check else []
    if not check:
        for name, text in made.items():
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / name).write_text(text, encoding="utf-8")
            print(f"written: {name}")
    problems += [problem for page in pages() for problem in broken_links(page)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
