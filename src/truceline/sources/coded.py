"""Files that were coded by hand beside the claims: acts, object classes, origins.

They are kept apart from the ledger, so that what people decided can be told from what
the claimants said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from truceline.domain.claim import PublishedCount
from truceline.domain.provenance import Row
from truceline.domain.trees import ACTS, OBJECTS
from truceline.errors import BadInput, Where
from truceline.sources.cells import Cells
from truceline.sources.contract import Fields, Opened, Read
from truceline.sources.table import read_table

ACT_FIELDS = Fields(
    take=("claim", "act", "also_act", "basis", "certainty"), ignore=("coder_a", "coder_b")
)
CLASS_FIELDS = Fields(take=("object_type", "object_class", "reason"))
ORIGIN_FIELDS = Fields(take=("claim", "origin_id", "rests_on", "note"))

UNSTATED = "unstated"
RESTS_ON = {
    "satellite_heat",
    "imagery",
    "field_report",
    "instrument",
    "document",
    "statement",
    "party_statement",
}
"""What an outside source may rest on.  A word that nobody knows would pass for something new."""
COUNT_FIELDS = Fields(
    take=(
        "entry",
        "part",
        "statement",
        "qualifier",
        "n",
        "unit",
        "accused",
        "window_from",
        "window_until",
        "note",
    )
)
QUALIFIERS = ("exactly", "more_than", "in_words")
MAX_COUNT = 1_000_000
"""A published count above this is a slip of the finger."""

CERTAINTIES = ("stated", "inferred", "ambiguous")
ACT_OF = {**{name: name for name in ACTS.names}, UNSTATED: None}
ALSO_ACT_OF = {**ACT_OF, "": None}


@dataclass(frozen=True)
class CodedAct:
    """The act of one claim, with the words of the ledger that it rests on."""

    claim: str
    row: Row
    act: str | None
    also_act: str | None
    basis: str
    certainty: str
    source: str
    where: Where


@dataclass(frozen=True)
class CodedClass:
    """The object class of one stated type; None where it cannot be placed."""

    object_type: str
    row: Row
    object_class: str | None


@dataclass(frozen=True)
class CodedOrigin:
    """Where the support for one claim comes from, and what it rests on."""

    claim: str
    row: Row
    origin_id: str
    rests_on: tuple[str, ...]
    source: str
    where: Where


def read_counts(opened: Opened, parties: tuple[str, ...]) -> Read[PublishedCount]:
    """Published counts by entry of the timeline; one entry may hold several."""

    def parse(cells: Cells) -> Iterator[PublishedCount]:
        qualifier = cells.code("qualifier", QUALIFIERS)
        n = cells.number_or_none("n", 0, MAX_COUNT)
        if (n is None) != (qualifier == "in_words"):
            raise cells.bad("n", "number and qualifier do not fit", "a number, or `in_words`")
        yield PublishedCount(
            entry=cells.key("entry"),
            row=cells.row(f"{cells.key('entry')}-{cells.key('part')}"),
            statement=cells.text("statement"),
            qualifier=qualifier,
            n=None if n is None else int(n),
            unit=cells.name("unit"),
            accused=cells.code("accused", parties),
            start=cells.day_or_none("window_from"),
            until=cells.day_or_none("window_until"),
            note=cells.text("note"),
        )

    return read_table(opened, COUNT_FIELDS, parse, unique=("entry", "part"))


def read_acts(opened: Opened) -> Read[CodedAct]:
    """One row per claim; ``unstated`` where the words do not name an act."""

    def parse(cells: Cells) -> Iterator[CodedAct]:
        act = cells.choice("act", ACT_OF)
        yield CodedAct(
            claim=cells.key("claim"),
            row=cells.row(cells.text("claim")),
            act=act,
            also_act=cells.choice("also_act", ALSO_ACT_OF),
            basis=cells.text("basis") if act is None else cells.name("basis"),
            certainty=cells.code("certainty", CERTAINTIES),
            source=cells.source,
            where=cells.where("claim"),
        )

    return read_table(opened, ACT_FIELDS, parse, unique=("claim",))


def read_classes(opened: Opened) -> Read[CodedClass]:
    """Every stated type of object with its class, or blank with the reason."""
    known = {**{name: name for name in OBJECTS.names}, "": None}

    def parse(cells: Cells) -> Iterator[CodedClass]:
        found = cells.choice("object_class", known)
        if found is None:
            cells.name("reason")
        name = cells.key("object_type")
        yield CodedClass(name, cells.row(name), found)

    return read_table(opened, CLASS_FIELDS, parse, unique=("object_type",))


def read_origins(opened: Opened) -> Read[CodedOrigin]:
    """The origin of what outside sources said, so that one origin is counted once."""

    def parse(cells: Cells) -> Iterator[CodedOrigin]:
        yield CodedOrigin(
            claim=cells.key("claim"),
            row=cells.row(cells.text("claim")),
            origin_id=cells.key("origin_id"),
            rests_on=_basis(cells),
            source=cells.source,
            where=cells.where("claim"),
        )

    read = read_table(opened, ORIGIN_FIELDS, parse, unique=("claim",))
    first: dict[str, CodedOrigin] = {}
    for origin in read.records:
        before = first.setdefault(origin.origin_id, origin)
        if set(before.rests_on) != set(origin.rests_on):
            raise BadInput(
                f"origin {origin.origin_id!r} rests on {';'.join(origin.rests_on)!r} here and "
                f"on {';'.join(before.rests_on)!r} at {before.where}",
                origin.where,
                remedy="one origin rests on the same things in all its rows; correct one, or "
                "give the two origins different ids",
            )
    return read


def _basis(cells: Cells) -> tuple[str, ...]:
    parts = cells.parts("rests_on")
    for part in parts:
        if part not in RESTS_ON:
            known = ", ".join(sorted(RESTS_ON))
            raise cells.bad("rests_on", f"unknown value {part!r}", f"one or more of {known}")
    return parts
