"""Agreements as rows of other databases: ETH/PRIO by declaring actor, PA-X by instrument.

Blank means "not coded by us".  Unclear and unknown are -1 in ETH/PRIO, where a part of a date
that is otherwise known is 0; PA-X has no number for unclear, so that the cell stays blank and
`unmapped_rows` says so.  Columns and what fills them stand in ``agreement_columns.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from truceline.archive.texts import csv_bytes
from truceline.domain.agreement import Agreement, Reading
from truceline.domain.instrument import (
    UNKNOWN,
    Answer,
    CeasefireClass,
    Ending,
    Instrument,
    Parts,
    Purpose,
    Status,
)
from truceline.report.agreement_actors import (
    Declared,
    common,
    declared_by,
    is_general,
    name_of,
    partial_text,
)
from truceline.report.plain import Item

MAPPING = "truceline-agreements/1"
"""Version of the mapping; it changes with any column or number."""

FORMATS = ("eth-prio", "pa-x")

UNCLEAR = -1
"""Unclear or unknown, in every column of ETH/PRIO."""

ANSWERS = {Answer.NO: 0, Answer.YES: 1, Answer.UNCLEAR: UNCLEAR}
MECHANISMS = {"none": 0, "mechanism": 1, "unclear": UNCLEAR}
ENFORCEMENTS = {"none": 0, "external": 1, "international_organisation": 2, "unclear": UNCLEAR}
CLASS_NUMBERS: Mapping[str, Mapping[CeasefireClass, int]] = {
    "ceasefire_class": {
        CeasefireClass.CESSATION: 1,
        CeasefireClass.WITH_COMPLIANCE_MECHANISM: 2,
        CeasefireClass.DEFINITIVE: 3,
        CeasefireClass.UNCLEAR: UNCLEAR,
    },
    "ceasefire_type": {
        CeasefireClass.DEFINITIVE: 1,
        CeasefireClass.WITH_COMPLIANCE_MECHANISM: 2,
        CeasefireClass.UNCLEAR: UNCLEAR,
    },
}
"""Numbers of a class by the name of the column: 1 is the weakest in one, the strongest in the
other."""

STATUSES = {
    Status.MULTIPARTY: "Multiparty signed/agreed",
    Status.UNILATERAL: "Unilateral document",
    Status.UNCLEAR: "Status unclear",
    Status.SUBSEQUENT: "Agreement with subsequent status",
}


@cache
def columns(form: str) -> Mapping[str, str]:
    """Columns of a format in their order, each with what fills it; blank: never filled."""
    found: Mapping[str, str] = _book()[form]["columns"]
    return found


@cache
def _book() -> Mapping[str, Item]:
    text = (files("truceline.report") / "agreement_columns.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def agreement_rows(
    agreement: Agreement, form: str, addresses: Mapping[str, tuple[str, ...]], n_unmapped: int
) -> list[Item]:
    """Rows of one agreement in a format of `FORMATS`; ``addresses`` are those of statements."""
    actors = declared_by(agreement)
    if form == "eth-prio":
        made = [_eth_prio(agreement, actor, actors, addresses) for actor in actors]
        made = [{**row, "tl_n_unmapped": n_unmapped} for row in made]
    elif form == "pa-x":
        made = [{**_pa_x(agreement, actors), "TL_n_unmapped": n_unmapped}]
    else:
        raise ValueError(f"{form!r} is none of the formats {', '.join(FORMATS)}")
    known = columns(form)
    if stray := {key for row in made for key in row if not known.get(key)}:
        raise ValueError(f"{', '.join(sorted(stray))} is no column that is filled")
    return [{name: row.get(name) for name in known} for row in made]


def agreements_csv(form: str, rows: Iterable[Item]) -> bytes:
    """The bytes of the table; text that a spreadsheet would run is defused."""
    return csv_bytes(tuple(columns(form)), list(rows))


# --- ETH/PRIO ---------------------------------------------------------------------------------


def _eth_prio(
    agreement: Agreement,
    actor: Declared,
    actors: list[Declared],
    addresses: Mapping[str, tuple[str, ...]],
) -> Item:
    coded = agreement.instrument or Instrument()
    ids = coded.ids
    own = [reading.id for reading in actor.readings]
    ends = [ref for ending in actor.endings for ref in ending.source]
    return {
        "cc": ids and ids.cc,
        "cf_id": agreement.id,
        "uniq_id": ":".join([agreement.id, actor.by, *own]),
        "location": location(agreement),
        "ucdp_actor_id": actor.ucdp_actor_id,
        "actor_name": actor.name,
        "ucdp_acd_id": ids and ids.ucdp_acd_id,
        "ucdp_dyad": ids and ids.ucdp_dyad,
        "pax_id": ids and ids.pax_id,
        "partial": partial_code(agreement, actor.readings),
        **_length(actor.readings),
        **date_cells("cf_dec", actor.declared),
        **date_cells("cf_effect", actor.effective),
        **date_cells("end", actor.ended),
        "ended": _ended(actor),
        **_purposes(coded),
        **_codes(coded),
        "evidence_onset": cited(actor.source, addresses),
        "evidence_end": cited(ends, addresses),
        "tl_mapping": MAPPING,
        "tl_role": "party" if actor.is_party else "third_party",
        "tl_actor": actor.by,
        "tl_readings": own,
        "tl_mediators": [name_of(agreement, c) for c in coded.mediation.by]
        if coded.mediation
        else None,
        "tl_ending": [ending_text(ending) for ending in actor.endings],
        "tl_competing": [
            f"{reading.id} ({other.by})"
            for other in actors
            for reading in other.readings
            if reading.id not in own
        ],
    }


def _codes(coded: Instrument) -> Item:
    form, kind, extent = coded.form, coded.kind, coded.extent
    mediation, done = coded.mediation, coded.implementation
    return {
        "written": ANSWERS[form.written] if form else UNCLEAR,
        **{name: class_number(coded, name) for name in CLASS_NUMBERS},
        "geography": UNCLEAR if extent is None or extent.geography == "unclear" else None,
        "mediator_nego": ANSWERS[mediation.negotiated] if mediation else UNCLEAR,
        "mediator_send": ANSWERS[mediation.sent] if mediation else UNCLEAR,
        "implement": MECHANISMS[done.mechanism] if done else UNCLEAR,
        "enforcement": ENFORCEMENTS[done.enforcement] if done else UNCLEAR,
        "tl_signed": form and form.signed.value,
        "tl_unilateral": form and form.unilateral.value,
        "tl_class": kind and kind.ceasefire_class.value,
        "tl_geography": extent and extent.geography,
    }


def class_number(coded: Instrument, column: str) -> int | None:
    """Number of the class in a column, or None where that column has no known number for it."""
    named = coded.kind.ceasefire_class if coded.kind else CeasefireClass.UNCLEAR
    return CLASS_NUMBERS[column].get(named)


def date_cells(prefix: str, parts: Parts) -> Item:
    """Year, month and day: a part that is not known is 0, of a wholly unknown date all are -1.

    >>> date_cells("end", Parts(2014, 9, None))
    {'end_yr': 2014, 'end_month': 9, 'end_day': 0}
    >>> date_cells("end", Parts(None, None, None))
    {'end_yr': -1, 'end_month': -1, 'end_day': -1}
    """
    missing = UNCLEAR if parts.year is None else 0
    names = (f"{prefix}_yr", f"{prefix}_month", f"{prefix}_day")
    return {name: missing if p is None else p for name, p in zip(names, parts, strict=True)}


def _purposes(coded: Instrument) -> Item:
    are = coded.purposes.are if coded.purposes else (Purpose.UNCLEAR,)
    unclear = Purpose.UNCLEAR in are
    named = [purpose for purpose in Purpose if purpose is not Purpose.UNCLEAR]
    return {
        **{f"p_{p.value}": UNCLEAR if unclear else int(p in are) for p in named},
        "p_other_comment": coded.purposes and coded.purposes.comment,
        "p_unclear": int(unclear),
    }


def partial_code(agreement: Agreement, readings: tuple[Reading, ...]) -> int:
    """0 where all is forbidden, 1 where less is, -1 where it is unclear or the readings differ."""
    extent = agreement.instrument.extent if agreement.instrument else None
    if extent and extent.partial is not None:
        return ANSWERS[extent.partial]
    found = {is_general(reading) for reading in readings or agreement.readings}
    return UNCLEAR if len(found) > 1 else int(found == {False})


def _length(readings: tuple[Reading, ...]) -> Item:
    clocks = [reading.clock for reading in readings]
    lengths = {int(clock.length[1:-1]) for clock in clocks if clock.length}
    fixed = any(clock.length or clock.until for clock in clocks)
    return {
        "fixed": int(fixed) if clocks else UNCLEAR,
        "fixed_time": lengths.pop() if len(lengths) == 1 else None,
    }


def _ended(actor: Declared) -> int:
    told = {ending.how for ending in actor.endings} - {"unclear"}
    if len(told) > 1 and "still_running" in told:
        return UNCLEAR
    return UNCLEAR if not told else int("still_running" not in told)


def ending_text(ending: Ending) -> str:
    """How it ended and, as far as it is known, the last day.

    >>> ending_text(Ending(by="A", how="expired", date="2014-09", source=("S1",)))
    'expired 2014-09'
    """
    return ending.how if ending.date == UNKNOWN else f"{ending.how} {ending.date}"


def location(agreement: Agreement) -> list[str]:
    """As coded; else names of the parties whose territory the clauses name, in their order."""
    coded = agreement.instrument
    if coded and coded.ids and coded.ids.location:
        return list(coded.ids.location)
    wheres = [clause.where for reading in agreement.readings for clause in reading.clauses]
    named = {code for where in wheres for code in where.territory_of}
    named |= {agreement.areas[area] for where in wheres for area in where.areas}
    return [party.name for code, party in agreement.parties.items() if code in named]


def cited(source: Iterable[str], addresses: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Statements, each with its addresses behind it, each once."""
    return [" ".join([ref, *addresses.get(ref, ())]) for ref in dict.fromkeys(source)]


# --- PA-X -------------------------------------------------------------------------------------


def _pa_x(agreement: Agreement, actors: list[Declared]) -> Item:
    coded = agreement.instrument or Instrument()
    form, kind, ids, done = coded.form, coded.kind, coded.ids, coded.implementation
    parties = [actor for actor in actors if actor.is_party]
    agreed = common(actor.declared for actor in parties)
    iso, gwno = (ids.iso, ids.gwno) if ids else ((), ())
    return {
        "Con": location(agreement),
        "AgtId": ids and ids.pax_id,
        "Agt": agreement.title,
        "Dat": day_first(agreed),
        "Status": STATUSES[status_of(coded)],
        "Agtp": kind and kind.agreement_type,
        "Stage": kind and kind.stage,
        "StageSub": kind and kind.substage,
        "Part": list(dict.fromkeys(actor.name for actor in parties)),
        "ThrdPart": [name_of(agreement, code) for code in third_parties(agreement, actors)],
        **{f"Loc{n}ISO": code for n, code in enumerate(iso, 1)},
        **{f"Loc{n}GWNO": code for n, code in enumerate(gwno, 1)},
        "UcdpCon": ids and ids.ucdp_acd_id,
        "UcdpAgr": ids and ids.ucdp_agreement,
        "PamAgr": ids and ids.pam_id,
        "year": agreed.year,
        "Ce": (kind and kind.ceasefire_detail) or 1,
        "CeGen": general_code(agreement),
        "ImPK": _known(ANSWERS[done.mission]) if done else None,
        "ImE": enforcement_code(coded),
        "TL_mapping": MAPPING,
        "TL_agreement": agreement.id,
        "TL_readings": [f"{r.id} ({r.stated_by})" for r in agreement.readings],
        "TL_dates": [f"{actor.by} {partial_text(actor.declared)}" for actor in actors],
        "TL_effective": [f"{actor.by} {partial_text(actor.effective)}" for actor in actors],
        "TL_ended": [f"{actor.by} {partial_text(actor.ended)}" for actor in actors],
        "TL_written": form and form.written.value,
        "TL_signed": form and form.signed.value,
        "TL_unilateral": form and form.unilateral.value,
        "TL_class": kind and kind.ceasefire_class.value,
        "TL_mechanism": done and done.mechanism,
        "TL_endings": [
            f"{ending.by or ending.speaker} {ending_text(ending)}" for ending in coded.endings
        ],
    }


def day_first(parts: Parts) -> str:
    """A date as DD/MM/YYYY, 00 for a part that is not known; blank if the year is not.

    >>> day_first(Parts(2014, 9, None))
    '00/09/2014'
    """
    if parts.year is None:
        return ""
    return f"{parts.day or 0:02}/{parts.month or 0:02}/{parts.year:04}"


def status_of(coded: Instrument) -> Status:
    """As coded; else by one side alone, signed, or unclear."""
    form = coded.form
    if form is None:
        return Status.UNCLEAR
    if form.status is not None:
        return form.status
    if form.unilateral is Answer.YES:
        return Status.UNILATERAL
    return Status.MULTIPARTY if form.signed is Answer.YES else Status.UNCLEAR


def third_parties(agreement: Agreement, actors: list[Declared]) -> list[str]:
    """Codes of those who mediated; where nobody is coded, of third parties that state terms."""
    mediation = agreement.instrument.mediation if agreement.instrument else None
    if mediation and mediation.by:
        return list(mediation.by)
    return list(dict.fromkeys(actor.by for actor in actors if not actor.is_party))


def general_code(agreement: Agreement) -> int | None:
    """1 where all readings are general, 0 where none is; None where they differ."""
    found = {is_general(reading) for reading in agreement.readings}
    return None if len(found) > 1 else int(found == {True})


def enforcement_code(coded: Instrument) -> int | None:
    """Whether any enforcement was agreed; None where that is unclear or not coded."""
    done = coded.implementation
    found = _known(ENFORCEMENTS[done.enforcement]) if done else None
    return None if found is None else int(found > 0)


def _known(code: int) -> int | None:
    return None if code == UNCLEAR else code
