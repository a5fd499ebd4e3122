"""Documents side by side, told: as JSON, as Markdown, and as lines for a terminal.

A document names something, or it does not, or nobody knows: nothing here says who is right.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from string import ascii_uppercase
from typing import Any

from babel.units import format_unit

from truceline.domain.compared import (
    Cell,
    Column,
    Comparison,
    Finding,
    Measured,
    Mention,
    Quality,
    Relation,
    Shown,
    Side,
    Slot,
)
from truceline.domain.words import Span
from truceline.report.documents_codes import SLOTS, STATES, TOPICS, WHYS
from truceline.report.plain import Item as Plain
from truceline.report.plain import plain
from truceline.report.review_codes import RECIPROCITIES
from truceline.report.tongue import MarkdownTongue, Tongue

SCHEMA = "truceline-documents-compared/1"

NO_PARTIES: Plain = {"agreement": {"parties": {}, "third_parties": {}}}
"""Actors are named by their codes."""

QUOTE = 160
"""Code points of a quotation; a longer one is cut at its end."""

TREE_TABLES = {Slot.SCOPE: "object", Slot.ACTS: "act", Slot.MEANS: "means"}

LENGTH = re.compile(r"P(T?)(\d+)([YMWDH])")
UNITS = {
    ("", "Y"): "duration-year",
    ("", "M"): "duration-month",
    ("", "W"): "duration-week",
    ("", "D"): "duration-day",
    ("T", "H"): "duration-hour",
    ("T", "M"): "duration-minute",
}
"""Units of durations with one part only, as Unicode calls them."""
DAY = re.compile(r"\d{4}-\d\d-\d\d")
IMMEDIATELY = "immediately"

UNFOUND = (Shown.OMITTED, Shown.NOT_ATTESTED)


def comparison_data(comparison: Comparison) -> Plain:
    """The comparison as JSON holds it; columns are named by their place, sides by their hash."""
    return {"schema": SCHEMA, **_data(comparison)}


def _data(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _data(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, list | tuple):
        return [_data(item) for item in value]
    return plain(value)


def label(n: int) -> str:
    """Letters of a column.

    >>> label(0), label(25), label(26)
    ('A', 'Z', 'AA')
    """
    first, last = divmod(n, len(ascii_uppercase))
    return (label(first - 1) if first else "") + ascii_uppercase[last]


class ComparedReport:
    """One comparison told in one language; ``markdown`` escapes the words of documents."""

    def __init__(
        self, comparison: Comparison, language: str = "en", markdown: bool = False
    ) -> None:
        self._held = comparison
        self._tongue = (MarkdownTongue if markdown else Tongue)(language, NO_PARTIES)
        self._labels = {
            column.sha256: label(n)
            for n, column in enumerate(comparison.columns)
            if column.sha256 is not None
        }

    # --- matrix ---------------------------------------------------------------------------------

    def header(self) -> list[str]:
        """Heads of the table of states."""
        return [self._tongue.gettext("topic"), *map(label, range(len(self._held.columns)))]

    def rows(self) -> list[list[str]]:
        """A row for each topic: its name, and its state in every column."""
        return [
            [self._topic(topic), *(self._tongue.gettext(STATES[c.state]) for c in cells)]
            for topic, cells in zip(self._held.topics, self._held.cells, strict=True)
        ]

    def legend(self) -> list[str]:
        """What each column is."""
        return [self._column(label(n), column) for n, column in enumerate(self._held.columns)]

    def _column(self, name: str, column: Column) -> str:
        say = self._tongue
        if column.state is Shown.NO_STATEMENT:
            return say.gettext(
                "{label}: {actor} has made no statement, as the user declares.",
                label=name,
                actor=column.actor,
            )
        if column.state is not None:
            return say.gettext(
                "{label}: {title:words}, by {actor}: not held, as the user declares.",
                label=name,
                title=column.title,
                actor=column.actor,
            )
        told = (
            say.gettext(
                "{label}: {title:words}, by {actor}, held as a whole (sha256 {hash}).",
                label=name,
                title=column.title,
                actor=column.actor,
                hash=(column.sha256 or "")[:12],
            ),
            say.gettext(
                "{label}: {title:words}, by {actor}, only a part is held (sha256 {hash}).",
                label=name,
                title=column.title,
                actor=column.actor,
                hash=(column.sha256 or "")[:12],
            ),
        )
        return told[0] if column.complete else told[1]

    def _topic(self, name: str) -> str:
        return self._tongue.gettext(TOPICS[name])

    # --- what was not found ---------------------------------------------------------------------

    def searched(self) -> list[str]:
        """For each topic that was not found somewhere: where, what was searched, how well."""
        lines = []
        for topic, cells in zip(self._held.topics, self._held.cells, strict=True):
            groups: dict[tuple[str, str, Quality | None], list[str]] = defaultdict(list)
            for n, cell in enumerate(cells):
                if cell.state in UNFOUND:
                    groups[*self._said_of(cell), cell.quality].append(label(n))
            for (state, why, quality), places in groups.items():
                lines.append(self._unfound(topic, state, why, places, quality))
        return lines

    def _said_of(self, cell: Cell) -> tuple[str, str]:
        say = self._tongue
        return say.gettext(STATES[cell.state]), say.gettext(WHYS[cell.why]) if cell.why else ""

    def _unfound(
        self, topic: str, state: str, why: str, places: Sequence[str], quality: Quality | None
    ) -> str:
        say = self._tongue
        head = say.gettext(
            "{topic}: {state} in {places}",
            topic=self._topic(topic),
            state=f"{state} ({why})" if why else state,
            places=say.listed(places),
        )
        return f"{head}; {self._quality(quality)}" if quality else f"{head}."

    def _quality(self, quality: Quality) -> str:
        say, recall, wrong = self._tongue, quality.recall, quality.false_alarms
        if recall is None or wrong is None:
            return say.gettext(
                "searched: {n} words and patterns, not measured in this language.",
                n=quality.n_patterns,
            )
        return say.gettext(
            "searched: {n} words and patterns; the detector found {found} of {of} held-out "
            "sentences ({low} to {high:share}), {wrong} of {near} near misses, and in documents "
            "of other authors {elsewhere} topics.",
            n=quality.n_patterns,
            of=recall.of,
            found=recall.found,
            low=_percent(recall),
            high=recall.high,
            near=wrong.of,
            wrong=wrong.found,
            **self._elsewhere(quality.elsewhere),
        )

    def _elsewhere(self, share: Measured | None) -> dict[str, str]:
        """How well topics are found in documents of other authors, as a part of a sentence."""
        say = self._tongue
        if share is None:
            return {"elsewhere": say.gettext("not measured")}
        told = say.gettext(
            "{found} of {of} ({low} to {high:share})",
            found=share.found,
            of=share.of,
            low=_percent(share),
            high=share.high,
        )
        return {"elsewhere": told}

    # --- what was found -------------------------------------------------------------------------

    def mentions(self) -> Iterator[tuple[str, list[str]]]:
        """Topics with their quotations, one line for each document that mentions them."""
        for topic, cells in zip(self._held.topics, self._held.cells, strict=True):
            lines = [
                f"{label(n)}: {self._quoted([m.span for m in _first_ones(cell.mentions)])}"
                for n, cell in enumerate(cells)
                if cell.mentions
            ]
            if lines:
                yield self._topic(topic), lines

    def _quoted(self, spans: Sequence[Span]) -> str:
        return " · ".join(f"“{self._tongue.words(_cut(span.text))}”" for span in spans)

    # --- differences ----------------------------------------------------------------------------

    def differences(self) -> Iterator[tuple[str, list[str]]]:
        """A sentence for each difference, and the words of both sides."""
        held_parts = {c.sha256 for c in self._held.columns if c.sha256 and not c.complete}
        for finding in self._held.findings:
            one, other, relation = _turned(finding)
            told = self._difference(
                finding, one, other, relation, is_part=other.document in held_parts
            )
            words = [
                f"{self._labels[side.document]}: {self._quoted(side.spans[:3])}"
                for side in (one, other)
            ]
            yield told, words

    def _difference(
        self, finding: Finding, one: Side, other: Side, relation: Relation, *, is_part: bool
    ) -> str:
        values = {
            "topics": self._tongue.listed([self._topic(name) for name in finding.topics]),
            "slot": self._tongue.gettext(SLOTS[finding.slot]),
            "one": self._labels[one.document],
            "other": self._labels[other.document],
            "first": self._values(finding.slot, one),
        }
        if relation is Relation.ONLY_ONE:
            return self._only_one(values, is_part)
        values["second"] = self._values(finding.slot, other)
        return self._both(values, relation)

    def _only_one(self, values: dict[str, str], is_part: bool) -> str:
        if is_part:
            return self._tongue.gettext(
                "{topics}, {slot}: {one} names {first}; the part held of {other} names none.",
                **values,
            )
        return self._tongue.gettext(
            "{topics}, {slot}: {one} names {first}; {other} names none.", **values
        )

    def _both(self, values: dict[str, str], relation: Relation) -> str:
        say = self._tongue
        told = {
            Relation.NARROWER: lambda: say.gettext(
                "{topics}, {slot}: {one} names {first}; {other} names {second}, which is broader.",
                **values,
            ),
            Relation.BROADER: lambda: say.gettext(
                "{topics}, {slot}: {one} names {first}; {other} names {second}, which is narrower.",
                **values,
            ),
            Relation.OVERLAPPING: lambda: say.gettext(
                "{topics}, {slot}: {one} names {first}; {other} names {second}, which overlaps.",
                **values,
            ),
            Relation.OTHER: lambda: say.gettext(
                "{topics}, {slot}: {one} names {first}; {other} names {second}.", **values
            ),
        }
        return told[relation]()

    def _values(self, slot: Slot, side: Side) -> str:
        say = self._tongue
        table = TREE_TABLES.get(slot)
        if table:
            return say.listed([say.say(table, value) for value in side.values])
        if slot is Slot.RECIPROCITY:
            return say.listed([say.gettext(RECIPROCITIES[value]) for value in side.values])
        return say.listed([self._value(slot, value) for value in side.values])

    def _value(self, slot: Slot, value: str) -> str:
        length = LENGTH.fullmatch(value) if slot is Slot.DURATION else None
        unit = UNITS.get((length[1], length[3])) if length else None
        if length and unit:
            told: str = format_unit(int(length[2]), unit, locale=self._tongue.locale)
            return told
        if slot in (Slot.START, Slot.DEADLINE) and DAY.fullmatch(value):
            return self._tongue.day(value)
        if value == IMMEDIATELY:
            return self._tongue.gettext("at once")
        return self._tongue.words(_cut(value))

    # --- the whole ------------------------------------------------------------------------------

    def markdown(self) -> str:
        """The whole as a page of Markdown."""
        say = self._tongue
        head = self.header()
        lines = ["# " + say.gettext("Documents compared"), "", self.preface(), ""]
        lines += [f"- {line}" for line in self.legend()]
        lines += ["", _row(head), _row(["---"] * len(head)), *map(_row, self.rows())]
        lines += ["", "## " + say.gettext("Differences"), ""]
        lines += _listed(self.differences()) or [say.gettext("None was found.")]
        lines += ["", "## " + say.gettext("Mentions"), "", *_listed(self.mentions())]
        lines += ["", "## " + say.gettext("What was not found, and how it was searched"), ""]
        lines += [f"- {line}" for line in self.searched()]
        return "\n".join(lines).rstrip() + "\n"

    def preface(self) -> str:
        """What the comparison is and is not."""
        return self._tongue.gettext(
            "What documents mention, negate and leave out, drafted by a machine; nothing here "
            "says who is right. “Omitted” stands only where a whole document was searched."
        )


def _percent(share: Measured) -> int:
    return round(share.low * 100)


def _first_ones(mentions: Sequence[Mention], n: int = 3) -> list[Mention]:
    """The first few mentions with different words."""
    return list({" ".join(m.span.text.lower().split()): m for m in reversed(mentions)}.values())[
        ::-1
    ][:n]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTE else line[: QUOTE - 1].rstrip() + "…"


def _turned(finding: Finding) -> tuple[Side, Side, Relation]:
    """The side that names something first, where only the other one does."""
    if finding.relation is Relation.ONLY_OTHER:
        return finding.other, finding.one, Relation.ONLY_ONE
    return finding.one, finding.other, finding.relation


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _listed(told: Iterator[tuple[str, list[str]]]) -> list[str]:
    return [line for head, parts in told for line in (f"- {head}", *(f"  - {p}" for p in parts))]
