"""The ledger of claims: who says that whom did what to which object, where and when.

A row is a claim and stays one.  What it does not say is unknown; what the compilers
thought of it (``checks``) is carried along and never used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pydantic import Field

from truceline.clock import Interval
from truceline.domain.agreement import Agreement, Code
from truceline.domain.claim import Claim, Corroboration, Origin
from truceline.domain.place import Area, Position, Precision
from truceline.domain.provenance import Known, Row
from truceline.domain.said import said
from truceline.errors import BadInput
from truceline.sources.areas import CONTESTED, Held
from truceline.sources.cells import Cells
from truceline.sources.coded import CodedAct, CodedClass, CodedOrigin
from truceline.sources.contract import Contract, Fields, Opened, Read
from truceline.sources.files import options_of
from truceline.sources.occurred import occurrence
from truceline.sources.table import read_table, set_aside
from truceline.thresholds import UNCERTAINTY_KM

FIELDS = Fields(
    take=(
        "claim_id",
        "event_date",
        "event_time_local",
        "accused_side",
        "claimant",
        "claimant_side",
        "object_name",
        "object_type",
        "place",
        "admin_region",
        "country_or_control",
        "lat",
        "lon",
        "location_precision",
        "weapon",
        "claimed_effect",
        "other_side_response",
        "response_scope",
        "independent_corroboration",
        "corroboration_class",
        "corroboration_url",
        "source_url",
        "source_date",
        "date_precision",
        "inferred_notes",
    ),
    ignore=(
        "object_type_std",
        "other_side_response_note",
        "other_side_response_url",
        "source_outlet",
    ),
    optional=("on_kremlin_list", "window", "event_group"),
)
CHECKS = ("on_kremlin_list", "window", "event_group")
BASIS_COLUMNS = ("claimed_effect", "weapon", "inferred_notes")

OTHER = "other"
"""A claimant who is neither a party nor a third party of the agreement."""

MEANS_OF = {
    "drone": "drone",
    "missile": "missile",
    "bomb": "bomb",
    "artillery": "artillery",
    "other": "any_means",
    "unknown": "any_means",
    "": "any_means",
}
RESPONSES = ("confirmed", "denied", "silent", "unknown")
RESPONSE_SCOPES = ("item", "list", "general", "none")

ORIGIN_OF: Mapping[str, Origin | None] = {
    "third_party": Origin.THIRD_PARTY,
    "third_party_unverified": Origin.UNVERIFIED_NOT_COUNTED,
    "same_side_other_institution": Origin.SUPPORT_NOT_COUNTED,
    "operator_evidence": Origin.SUPPORT_NOT_COUNTED,
    "claimed_notice": Origin.SUPPORT_NOT_COUNTED,
    "contradicting_report": Origin.AGAINST_NOT_COUNTED,
    "none_found": None,
}


class Control(Contract):
    """What one value of ``country_or_control`` says: whose territory, and who holds it."""

    territory: Code
    control: Code | None = None


class ClaimOptions(Contract):
    """The values of ``country_or_control``, each split into territory and control."""

    control: dict[str, Control] = Field(min_length=1)


@dataclass(frozen=True)
class ClaimContext:
    """What claims are read beside.  None stands for a file that the case does not have."""

    agreement: Agreement
    acts: Mapping[str, CodedAct] | None = None
    classes: Mapping[str, CodedClass] | None = None
    origins: Mapping[str, CodedOrigin] = field(default_factory=dict)
    regions: Mapping[str, Area] | None = None
    control: tuple[Held, ...] = ()

    def zones(self, side: str) -> tuple[str, ...]:
        """Zone of a claimant, or those of all parties where it has none."""
        zone = self.agreement.zone_of(side)
        return (zone,) if zone else tuple(sorted({p.zone for p in self.agreement.parties.values()}))


def read_claims(opened: Opened, context: ClaimContext) -> Read[Claim]:
    """Claims of the ledger, each with its coded act, its class and its place."""
    splits = options_of(opened.source, ClaimOptions).control
    seen: set[str] = set()

    def parse(cells: Cells) -> Iterator[Claim]:
        seen.add(cells.key("claim_id"))
        yield _claim(cells, opened, context, splits)

    read = read_table(opened, FIELDS, parse, unique=("claim_id",))
    return _without_strays(read, opened, context, seen).noting(
        said("no file of acts: the act of every claim is unstated") if context.acts is None else "",
        said("no file of classes: no object type is placed") if context.classes is None else "",
        said("no file of regions: no claim has an area") if context.regions is None else "",
    )


def _claim(
    cells: Cells, opened: Opened, context: ClaimContext, splits: Mapping[str, Control]
) -> Claim:
    parties = tuple(context.agreement.parties)
    accused = cells.code("accused_side", parties)
    side = cells.code("claimant_side", (*parties, *context.agreement.third_parties, OTHER))
    source_date = cells.day_or_none("source_date")
    occurred = occurrence(cells, context.zones(side), source_date)
    act = _act(cells, context)
    return Claim(
        id=cells.text("claim_id"),
        row=cells.row(cells.text("claim_id")),
        known=Known.of(source_date, cells.day_or_none("event_date")),
        occurred=occurred,
        accused=accused,
        claimant=cells.name("claimant"),
        claimant_side=side,
        origin=Origin.ADMISSION if accused == side else Origin.CLAIM,
        object_name=cells.text("object_name"),
        object_type=cells.text("object_type"),
        object_class=_class(cells, context),
        act=act.act if act else None,
        also_act=act.also_act if act else None,
        act_basis=act.basis if act else "",
        act_certainty=act.certainty if act else "",
        means=cells.choice("weapon", MEANS_OF),
        weapon=cells.text("weapon"),
        effect=cells.text("claimed_effect"),
        place=_place(cells, opened, context, splits, occurred.interval),
        response=cells.code("other_side_response", RESPONSES),
        response_scope=cells.code("response_scope", RESPONSE_SCOPES),
        corroboration=_corroboration(cells, context),
        sources=cells.parts("source_url"),
        source_date=source_date,
        note=cells.text("inferred_notes"),
        act_row=act.row if act else None,
        class_row=_class_row(cells, context),
        checks=tuple((name, cells.text(name)) for name in CHECKS if cells.text(name)),
    )


# --- what was coded by hand ---------------------------------------------------------------------


def _act(cells: Cells, context: ClaimContext) -> CodedAct | None:
    if context.acts is None:
        return None
    coded = context.acts.get(cells.text("claim_id"))
    if coded is None:
        raise cells.bad(
            "claim_id",
            f"no act is coded for {cells.text('claim_id')}",
            "one row in the file of acts for every claim",
            "add the row; write `unstated` where the words name no act",
        )
    if not any(coded.basis in cells.text(name) for name in BASIS_COLUMNS):
        raise cells.bad(
            "claimed_effect",
            f"the basis {coded.basis!r} of the coded act ({coded.where}) is not in the claim",
            f"words copied exactly from {', '.join(BASIS_COLUMNS)}",
            "copy the words from the claim",
        )
    return coded


def _class(cells: Cells, context: ClaimContext) -> str | None:
    if context.classes is None:
        return None
    return cells.choice("object_type", context.classes).object_class


def _class_row(cells: Cells, context: ClaimContext) -> Row | None:
    coded = (context.classes or {}).get(cells.text("object_type"))
    return coded.row if coded else None


def _without_strays(
    read: Read[Claim], opened: Opened, context: ClaimContext, seen: set[str]
) -> Read[Claim]:
    """Refuse, or set aside, coded rows of a claim that the ledger does not have."""
    coded: list[CodedAct | CodedOrigin] = [*(context.acts or {}).values()]
    coded += context.origins.values()
    strays = []
    for row in coded:
        if row.claim not in seen:
            error = BadInput(
                f"there is no claim {row.claim!r}",
                row.where,
                expected=f"a claim_id of {opened.file}",
                remedy="correct the id or remove the row",
            )
            if opened.on_bad_row == "stop":
                raise error
            strays.append(set_aside(row.source, error))
    return replace(read, quarantine=(*read.quarantine, *strays))


# --- place --------------------------------------------------------------------------------------


def _place(
    cells: Cells,
    opened: Opened,
    context: ClaimContext,
    splits: Mapping[str, Control],
    interval: Interval,
) -> Position:
    region = cells.name("admin_region")
    area = cells.choice("admin_region", context.regions) if context.regions is not None else None
    split = cells.choice("country_or_control", splits)
    if area and area.territory != split.territory:
        raise cells.bad(
            "country_or_control",
            f"{cells.text('country_or_control')!r} means territory {split.territory}, "
            f"but {region} is territory {area.territory}",
            "the same territory as in the file of regions",
            "correct the cell, the region, or options.control",
        )
    stated = f"country_or_control = {cells.text('country_or_control')}"
    control, basis = _control(cells, context, interval) or (split.control, stated)
    precision = Precision(cells.code("location_precision", tuple(Precision)))
    return Position(
        name=cells.text("place"),
        region=region,
        area=area.code if area else None,
        territory=split.territory,
        control=control,
        control_basis=basis,
        point=cells.point_or_none("lat", "lon", opened.extent),
        precision=precision,
        uncertainty_km=UNCERTAINTY_KM[precision],
    )


def _control(cells: Cells, context: ClaimContext, interval: Interval) -> tuple[str, str] | None:
    """Who is said to hold this very place then; contested where the entries differ."""
    named = (cells.text("place"), cells.text("admin_region"))
    held = [
        entry
        for entry in context.control
        if (entry.place, entry.region) == named and entry.interval.overlaps(interval)
    ]
    if not held:
        return None
    codes = {entry.control for entry in held}
    basis = "; ".join(dict.fromkeys(entry.basis for entry in held))
    return (codes.pop() if len(codes) == 1 else CONTESTED), basis


# --- what others said ---------------------------------------------------------------------------


def _corroboration(cells: Cells, context: ClaimContext) -> Corroboration | None:
    kind = cells.text("corroboration_class")
    origin = cells.choice("corroboration_class", ORIGIN_OF)
    coded = context.origins.get(cells.text("claim_id"))
    if origin is None:
        return None
    if origin is Origin.THIRD_PARTY and coded is None:
        raise cells.bad(
            "corroboration_class",
            "an outside source without an origin",
            "a row in the file of origins for every third_party claim",
            "add the row: one origin is counted once, however often it is repeated",
        )
    text, url = cells.text("independent_corroboration"), cells.text("corroboration_url")
    short = hashlib.sha256("\n".join((kind, text, url)).encode()).hexdigest()[:12]
    return Corroboration(
        origin=origin,
        origin_id=coded.origin_id if coded else short,
        kind=kind,
        text=text,
        rests_on=coded.rests_on if coded else (),
        row=coded.row if coded else None,
    )
