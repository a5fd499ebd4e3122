"""``agreement.yaml`` read strictly: all problems at once, each with its line and field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from truceline.domain.agreement import Agreement, cited
from truceline.errors import BadTerms, Where
from truceline.sources.contract import FIRST_YEAR, LAST_YEAR
from truceline.sources.files import MAX_PROBLEMS, message_of
from truceline.sources.yamltext import load_yaml, plain

Key = str | int
Place = tuple[Key, ...]

CODES: dict[tuple[str, ...], str] = {
    ("readings", "*", "stated_by"): "party or third party",
    ("readings", "*", "clauses", "*", "obliges", "*"): "party",
    ("readings", "*", "clauses", "*", "where", "territory_of", "*"): "party",
    ("conditions", "*", "demanded_by"): "party or third party",
    ("conditions", "*", "debtor", "*"): "party or third party",
    ("proposals", "*", "proposed_by"): "party or third party",
    ("proposals", "*", "where", "territory_of", "*"): "party",
    ("exit_events", "*", "by"): "party or third party",
    ("exit_events", "*", "readings", "*"): "reading",
    ("open_questions", "*", "raised_by", "*"): "party or third party",
    ("instrument", "actors", "*", "by"): "party or third party",
    ("instrument", "actors", "*", "readings", "*"): "reading",
    ("instrument", "mediation", "by", "*"): "party or third party",
    ("instrument", "endings", "*", "by"): "party or third party",
}
"""Where the terms name somebody or something, and what that has to be."""

IDS: tuple[tuple[str, ...], ...] = (
    ("readings", "*", "id"),
    ("readings", "*", "clauses", "*", "id"),
    ("conditions", "*", "id"),
    ("proposals", "*", "id"),
    ("open_questions", "*", "id"),
)
"""Ids that may occur once in their list."""

REMEDIES = {
    "missing": "add the key",
    "extra_forbidden": "remove the key or correct its spelling",
}


class TermsProblems(BadTerms):
    """Everything that is wrong with one agreement; ``problems`` holds them one by one.

    >>> problems = [BadTerms("no zone", Where("a.yaml", 4, "parties.A.zone"), remedy="add it"),
    ...             BadTerms("no id", Where("a.yaml", 9, "readings[0].id"), remedy="add it")]
    >>> print(TermsProblems(problems))
    a.yaml, line 4, field parties.A.zone: 2 problems in the terms
      a.yaml, line 4, field parties.A.zone: no zone
      what to do: add it
      a.yaml, line 9, field readings[0].id: no id
      what to do: add it
    """

    def __init__(self, problems: Iterable[BadTerms]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        n = len(self.problems)
        super().__init__(
            first.what if n == 1 else f"{n} problems in the terms",
            first.where,
            expected=first.expected,
            remedy=first.remedy,
        )

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return super().__str__()
        shown = [f"  {problem}" for problem in self.problems[:MAX_PROBLEMS]]
        rest = len(self.problems) - len(shown)
        more = [f"  and {rest} more"] if rest else []
        return "\n".join([f"{self.where}: {self.what}", *shown, *more])


# --- reading ------------------------------------------------------------------------------------


def parse_agreement(data: bytes, file: str = "agreement.yaml") -> Agreement:
    """An agreement from YAML; raises one ``BadTerms`` that lists every problem.

    >>> parse_agreement(b"id: a\\nid: b\\n")
    Traceback (most recent call last):
        ...
    truceline.sources.terms.TermsProblems: agreement.yaml, line 2: found duplicate key "id"
    """
    tree = _load(data, file)
    problems: list[tuple[Place, BadTerms]] = []
    agreement = None
    try:
        agreement = Agreement.model_validate(plain(tree))
        problems += _date_problems(tree, file, agreement)
    except ValidationError as error:
        problems += _shape_problems(tree, file, error)
    except OverflowError as error:
        what, expected = "a date and a length lead beyond the calendar", f"years to {LAST_YEAR}"
        where = Where(file)
        raise TermsProblems([BadTerms(what, where, expected=expected)]) from error
    problems += [*_code_problems(tree, file), *_id_problems(tree, file)]
    if agreement is None or problems:
        by_line = sorted(problems, key=lambda p: (p[1].where or Where(file)).line or 0)
        raise TermsProblems(problem for _, problem in by_line)
    return agreement


def check_citations(agreement: Agreement, known_ids: Collection[str], path: Path) -> None:
    """Refuse terms that cite a statement or milestone which no file of the case holds."""
    unknown = [
        (place, f"{ref!r} is the id of no statement and no timeline entry")
        for place, ref in cited(agreement)
        if ref not in known_ids
    ]
    expected = f"one of the {len(known_ids)} ids of the statements and timeline files"
    _refuse(path, unknown, expected, "correct the id, or add the statement")


def check_areas(agreement: Agreement, regions: Mapping[str, str], path: Path) -> None:
    """Refuse an area that the file of regions does not have, or has in another territory.

    ``regions`` has the territory of each code.
    """
    unknown: list[tuple[Place, str]] = []
    for code, territory in agreement.areas.items():
        if code not in regions:
            unknown.append((("areas", code), f"{code!r} is the code of no region"))
        elif regions[code] != territory:
            what = f"{code!r} is territory {regions[code]} in the file of regions"
            unknown.append((("areas", code), what))
    expected = f"one of {', '.join(sorted(regions)) or 'none: the case has no file of regions'}"
    _refuse(path, unknown, expected, "correct the code or its territory, or add the region")


def _refuse(path: Path, problems: list[tuple[Place, str]], expected: str, remedy: str) -> None:
    if not problems:
        return
    tree = _load(path.read_bytes(), path.name)
    raise TermsProblems(
        _problem(tree, path.name, place, what, expected, remedy) for place, what in problems
    )


def _load(data: bytes, file: str) -> CommentedMap:
    try:
        return load_yaml(data, file)
    except BadTerms as error:
        raise TermsProblems([error]) from error


def agreement_schema() -> dict[str, Any]:
    """JSON Schema of ``agreement.yaml``, by the keys that stand in the file.

    >>> schema = agreement_schema()
    >>> sorted(schema["required"])
    ['id', 'parties', 'readings', 'schema', 'title']
    """
    draft = "https://json-schema.org/draft/2020-12/schema"
    schema: dict[str, Any] = _without_examples(Agreement.model_json_schema(by_alias=True))
    return {"$schema": draft, **schema}


def _without_examples(node: Any) -> Any:
    """The same, with the examples of docstrings cut from descriptions."""
    if isinstance(node, dict):
        return {
            key: value.split(">>>")[0].strip()
            if key == "description" and isinstance(value, str)
            else _without_examples(value)
            for key, value in node.items()
        }
    return [_without_examples(item) for item in node] if isinstance(node, list) else node


# --- problems -----------------------------------------------------------------------------------


def field_path(place: Place) -> str:
    """A place in the terms as it is written in messages.

    >>> field_path(("readings", 0, "clock", "zone"))
    'readings[0].clock.zone'
    """
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place)
    return text.removeprefix(".")


def _problem(
    tree: CommentedMap, file: str, place: Place, what: str, expected: str, remedy: str
) -> BadTerms:
    where = Where(file, _line_of(tree, place), field_path(place) or None)
    return BadTerms(what, where, expected=expected, remedy=remedy)


def _line_of(tree: CommentedMap, place: Place) -> int:
    """Line of the deepest part of a place that is in the file."""
    node: object = tree
    line = 0
    for key in place:
        try:
            if isinstance(node, CommentedMap):
                line = node.lc.key(key)[0]
            elif isinstance(node, CommentedSeq):
                line = node.lc.item(key)[0]
            else:
                break
            node = node[key]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line + 1


def _at(tree: object, place: Place) -> object:
    for key in place:
        if isinstance(tree, dict):
            tree = tree.get(key)
        elif isinstance(tree, list) and isinstance(key, int) and key < len(tree):
            tree = tree[key]
        else:
            return None
    return tree


def _shape_problems(
    tree: CommentedMap, file: str, error: ValidationError
) -> Iterator[tuple[Place, BadTerms]]:
    seen: set[Place] = set()
    schema = agreement_schema()
    for found in error.errors():
        place = _real_place(tree, found["loc"], missing=found["type"] == "missing")
        value = _at(tree, place)
        follows = found["type"] == "too_short" and isinstance(value, list | dict) and len(value) > 0
        if place in seen or follows:  # a branch of a union, or a list whose items are reported
            continue
        seen.add(place)
        keys = _keys_at(schema, place[:-1])
        unknown = found["type"] == "extra_forbidden"
        what = f"unknown key {place[-1]!r}" if unknown else message_of(found["msg"])
        got = "" if isinstance(value, dict | list) or value is None else f" (got {value!r})"
        yield (
            place,
            _problem(
                tree,
                file,
                place,
                what if unknown or found["type"] == "missing" else what + got,
                f"one of {', '.join(keys)}" if unknown and keys else "",
                REMEDIES.get(found["type"], "correct the value"),
            ),
        )


def _real_place(tree: CommentedMap, loc: Place, missing: bool) -> Place:
    """The part of a place that the file has; a missing key stays named."""
    node: object = tree
    for n, key in enumerate(loc):
        inside = (isinstance(node, dict) and key in node) or (
            isinstance(node, list) and isinstance(key, int) and key < len(node)
        )
        if not inside:
            return loc[: n + 1] if missing else loc[:n]
        node = node[key]  # type: ignore[index]
    return loc


def _keys_at(schema: dict[str, Any], place: Place) -> list[str]:
    """Keys that the schema knows at a place."""
    node = schema
    for key in place:
        node = _resolved(schema, node)
        if isinstance(key, int):
            node = node.get("items", {})
        else:
            named = node.get("properties", {}).get(key)
            node = named if named is not None else _any_value(node)
    return list(_resolved(schema, node).get("properties", {}))


def _any_value(node: dict[str, Any]) -> dict[str, Any]:
    patterns = node.get("patternProperties") or {"": node.get("additionalProperties")}
    value = next(iter(patterns.values()))
    return value if isinstance(value, dict) else {}


def _resolved(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    options = [option for option in node.get("anyOf", ()) if "$ref" in option]
    ref = (options[0] if options else node).get("$ref")
    return schema["$defs"][ref.rsplit("/", 1)[1]] if ref else node


def _date_problems(
    tree: CommentedMap, file: str, agreement: Agreement
) -> Iterator[tuple[Place, BadTerms]]:
    expected = f"a date from {FIRST_YEAR} to {LAST_YEAR}"
    for place, day in _dates(agreement.model_dump(by_alias=True)):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            what = f"the date {day.isoformat()} is out of range"
            yield place, _problem(tree, file, place, what, expected, "correct the value")


def _dates(node: object, place: Place = ()) -> Iterator[tuple[Place, date]]:
    if isinstance(node, date):
        yield place, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _dates(value, (*place, key))
    elif isinstance(node, list | tuple):
        for n, value in enumerate(node):
            yield from _dates(value, (*place, n))


# --- names --------------------------------------------------------------------------------------


def _matching(node: object, pattern: tuple[str, ...]) -> Iterator[tuple[Place, object]]:
    """Every value at a pattern of keys, where ``*`` stands for each item of a list."""
    if not pattern:
        yield (), node
    elif pattern[0] == "*" and isinstance(node, list):
        for n, item in enumerate(node):
            yield from (((n, *rest), value) for rest, value in _matching(item, pattern[1:]))
    elif isinstance(node, dict) and pattern[0] in node:
        below = _matching(node[pattern[0]], pattern[1:])
        yield from (((pattern[0], *rest), value) for rest, value in below)


def _names(node: object) -> list[str]:
    return [str(name) for name in node] if isinstance(node, dict) else []


def _code_problems(tree: CommentedMap, file: str) -> Iterator[tuple[Place, BadTerms]]:
    parties, thirds = _names(tree.get("parties")), _names(tree.get("third_parties"))
    known = {
        "party": parties,
        "party or third party": parties + thirds,
        "reading": [str(value) for _, value in _matching(tree, ("readings", "*", "id"))],
    }
    for pattern, what in CODES.items():
        for place, value in _matching(tree, pattern):
            if isinstance(value, str) and value not in known[what]:
                names = ", ".join(known[what]) or "none declared"
                said = f"{value!r} is no {what} of this agreement"
                remedy = "correct the code, or declare it"
                yield place, _problem(tree, file, place, said, f"one of {names}", remedy)


def _id_problems(tree: CommentedMap, file: str) -> Iterator[tuple[Place, BadTerms]]:
    for pattern in IDS:
        seen: dict[tuple[Place, object], Place] = {}
        for place, value in _matching(tree, pattern):
            key = (place[:-2], value if isinstance(value, str) else None)
            if key in seen and key[1] is not None:
                first = _line_of(tree, seen[key])
                said = f"the id {value!r} occurs twice; first in line {first}"
                remedy = "give one of the two another id"
                yield place, _problem(tree, file, place, said, "every id once", remedy)
            seen.setdefault(key, place)
