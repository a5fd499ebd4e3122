"""YAML as a tree with its lines: small, shallow, and no longer written out than it is read.

An alias stands for all that its anchor holds, so that a few lines can mean billions of values.
The size of what is written out is therefore counted before anything is built.  Tags, which say
how a value is to be built, are refused.
"""

from __future__ import annotations

import re
from datetime import datetime

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, ScalarEvent

from truceline.errors import BadFile, BadTerms, Where
from truceline.sources.texts import no_text, utf8

MAX_NODES = 100_000
"""Most keys and values, aliases written out: the longest agreement has about 2,000."""

MAX_DEPTH = 40
"""Deepest nesting: an agreement has about ten levels."""

LOCAL_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*", re.ASCII)


class _PlainTimes(RoundTripConstructor):
    """Times stay text, so that a zone in them is seen and not dropped."""


_PlainTimes.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


def load_yaml(data: bytes, file: str) -> CommentedMap:
    """The mapping in a YAML file, or ``BadTerms`` with the line."""
    try:
        text = utf8(data, file)
    except BadFile as error:
        where = error.where or Where(file)
        raise BadTerms(error.what, where, remedy=error.remedy) from error
    try:
        _check_events(text, file)
        tree = _built(text, file)
    except YAMLError as error:
        raise _syntax_problem(error, file) from error
    if not isinstance(tree, CommentedMap):
        expected = "keys and values, starting with schema, id and title"
        raise BadTerms("the file is no mapping", Where(file, 1), expected=expected)
    for what in no_text(plain(tree)):
        raise BadTerms(f"the text holds {what}", Where(file), remedy="correct the escape")
    return tree


def _built(text: str, file: str) -> object:
    yaml = YAML(typ="rt")
    yaml.Constructor = _PlainTimes
    try:
        return yaml.load(text)
    except (AttributeError, TypeError, ValueError) as error:  # what ruamel.yaml does not foresee
        what = "a key is a list or a mapping, or a number has too many digits"
        remedy = "write keys as words, and put text in quotes"
        raise BadTerms(what, Where(file), remedy=remedy) from error


def _check_events(text: str, file: str) -> None:
    """Refuse tags, and what is nested too deeply or too long once its aliases are written out."""
    sizes: dict[str, int] = {}
    open_anchors: list[tuple[str | None, int]] = []
    n_nodes = 0
    for event in YAML(typ="rt").parse(text):
        line = event.start_mark.line + 1
        if getattr(event, "tag", None) is not None:
            raise _refused("a value has a tag, such as `!!set`", Where(file, line))
        if isinstance(event, CollectionEndEvent):
            anchor, n_before = open_anchors.pop()
            _remember(sizes, anchor, n_nodes - n_before)
        elif isinstance(event, CollectionStartEvent):
            open_anchors.append((event.anchor, n_nodes))
            n_nodes += 1
        elif isinstance(event, ScalarEvent):
            _remember(sizes, event.anchor, 1)
            n_nodes += 1
        elif isinstance(event, AliasEvent):
            # One that is not closed yet would hold itself.
            n_nodes += sizes.get(event.anchor, MAX_NODES + 1)
        if len(open_anchors) > MAX_DEPTH:
            raise _refused(f"nested deeper than {MAX_DEPTH} levels", Where(file, line))
        if n_nodes > MAX_NODES:
            what = f"more than {MAX_NODES:,} values once every alias is written out"
            raise _refused(what, Where(file, line))


def _remember(sizes: dict[str, int], anchor: str | None, size: int) -> None:
    if anchor is not None:
        sizes[anchor] = size


def _refused(what: str, where: Where) -> BadTerms:
    return BadTerms(
        what, where, expected="plain terms that a person can read", remedy="write them out"
    )


def _syntax_problem(error: YAMLError, file: str) -> BadTerms:
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return BadTerms(f"no valid YAML: {error}", Where(file), remedy="correct the file")
    what = " ".join(str(part) for part in (error.context, error.problem) if part)
    return BadTerms(
        what.splitlines()[0],
        Where(file, error.problem_mark.line + 1),
        expected="YAML 1.2, every key once",
        remedy="correct the line, or the one before it",
    )


def plain(node: object) -> object:
    """The same tree without lines, and local times as times."""
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    if isinstance(node, str) and LOCAL_TIME.fullmatch(node):
        try:
            return datetime.fromisoformat(node)
        except ValueError:
            return str(node)
    return str(node) if isinstance(node, str) else node
