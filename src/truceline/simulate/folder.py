"""A world as the files of a case, as a user would have them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from truceline.archive.texts import csv_bytes
from truceline.simulate.accounts import Account
from truceline.simulate.land import (
    CLASSES,
    EAST,
    NAMES,
    NORTH,
    SOUTH,
    WEST,
    WORDS,
    Region,
    Site,
)
from truceline.simulate.orders import FIRST, SECOND, Order
from truceline.simulate.pixels import Pixel
from truceline.simulate.sky import FIRST_DAY, N_DAYS, Sky, day_of_number
from truceline.simulate.terms import STATEMENT_COLUMNS, statement_rows, tell_agreement
from truceline.simulate.witnesses import Report, Support

LICENCE = "CC0-1.0"
ATTRIBUTION = "Truceline, simulated data"
LAST_DAY = day_of_number(N_DAYS - 1)
AS_OF = LAST_DAY + timedelta(days=20)

LISTED = ("refinery", "oil_storage", "power_plant", "substation")
"""Classes that registries hold."""

CLAIM_COLUMNS = (
    "claim_id", "event_date", "event_time_local", "accused_side", "claimant", "claimant_side",
    "object_name", "object_type", "object_type_std", "place", "admin_region",
    "country_or_control", "lat", "lon", "location_precision", "weapon", "claimed_effect",
    "other_side_response", "response_scope", "other_side_response_note",
    "other_side_response_url", "independent_corroboration", "corroboration_class",
    "corroboration_url", "source_url", "source_outlet", "source_date", "date_precision",
    "inferred_notes",
)  # fmt: skip
ACT_COLUMNS = ("claim", "act", "also_act", "basis", "certainty", "coder_a", "coder_b")
REPORT_COLUMNS = (
    "report_id", "observer", "independent", "means", "sense", "finding", "time_from_utc",
    "time_until_utc", "place", "region", "lat", "lon", "location_precision", "object_class",
    "names_party", "origin_id", "source_date", "text",
)  # fmt: skip
ORIGIN_COLUMNS = ("claim", "origin_id", "rests_on", "note")
LEVEL_COLUMNS = ("territory", "object_class", "level", "reason")
HEAT_COLUMNS = (
    "latitude", "longitude", "acq_date", "acq_time", "satellite", "instrument", "confidence",
    "version", "frp",
)  # fmt: skip

Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Told:
    """Everything of a world that goes into its files."""

    order: Order
    sites: Sequence[Site]
    sky: Sky
    accounts: Sequence[Account]
    support: Sequence[Support]
    reports: Sequence[Report]
    pixels: Sequence[Pixel]


@dataclass(frozen=True)
class _File:
    """One data file with what its contract adds to the usual."""

    id: str
    kind: str
    title: str
    columns: Sequence[str]
    rows: Rows
    placed: bool = False
    options: str = ""
    spanned: bool = False


def case_files(told: Told) -> dict[str, bytes]:
    """All files of the case by their path in the folder; the same world gives the same bytes."""
    codes = told.order.codes
    files = {"case.toml": _case(told), "agreement.yaml": tell_agreement(codes).encode()}
    for file in _files(told, codes):
        data = csv_bytes(file.columns, file.rows)
        files[f"data/{file.id}.csv"] = data
        files[f"sources/{file.id}.toml"] = _contract(file, data)
    return files


def _case(told: Told) -> bytes:
    order = told.order
    title = f"Simulated world: {order.kind}, seed {order.seed}"
    return f"""\
schema = "truceline-case/1"
id = "simulated-{order.kind.replace("_", "-")}-{order.seed}"
title = "{title}"
summary = "Everything in this case is made up by a program that knows what is true of it."
languages = ["en"]
as_of = {AS_OF}T00:00:00Z
on_bad_row = "stop"

[window]
from = {FIRST_DAY + timedelta(days=N_DAYS - 40)}
until = {LAST_DAY}
""".encode()


def _contract(file: _File, data: bytes) -> bytes:
    n = len(file.rows)
    lines = [
        f'id = "{file.id}"',
        f'kind = "{file.kind}"',
        f'title = "{file.title}"',
        f'path = "data/{file.id}.csv"',
        f'licence = "{LICENCE}"',
        f'attribution = "{ATTRIBUTION}"',
        f'sha256 = "{hashlib.sha256(data).hexdigest()}"',
        f'rows = {{ min = {n}, max = {n}, reason = "as simulated" }}',
    ]
    if file.spanned:
        lines.append(f"span = [{FIRST_DAY}, {LAST_DAY}]")
    if file.placed:
        box = f"south = {SOUTH - 1}, west = {WEST - 1}, north = {NORTH + 1}, east = {EAST + 1}"
        lines.append(f"extent = {{ {box} }}")
    if file.options:
        lines += ["", "[options]", file.options]
    return ("\n".join(lines) + "\n").encode()


def _files(told: Told, codes: tuple[str, str]) -> Iterator[_File]:
    ground = "\n".join(
        f'control."{name}" = {{ territory = "{code}", control = "{code}" }}'
        for name, code in zip(NAMES, codes, strict=True)
    )
    claims = list(_claims(told, codes))
    yield _File("claims", "claims", "Claims of both sides", CLAIM_COLUMNS, claims, True, ground)
    yield _File("acts", "acts", "Act of each claim", ACT_COLUMNS, list(map(_act, told.accounts)))
    classes = [
        {"object_type": name, "object_class": name, "reason": "same class"}
        for name in sorted(set(CLASSES))
    ]
    yield _File(
        "classes",
        "classes",
        "Classes of objects",
        ("object_type", "object_class", "reason"),
        classes,
    )
    origins = list(_origins(told.support))
    yield _File("origins", "origins", "Outside sources", ORIGIN_COLUMNS, origins)
    yield _regions(told.sky.regions, codes)
    yield from _registries(told, codes)
    levels = _levels(told.order, codes)
    yield _File("completeness", "completeness", "Gaps of registries", LEVEL_COLUMNS, levels)
    rows = statement_rows(codes)
    acts = 'acts = ["announces", "demands"]\ntopics = ["objects", "start_date", "way_out"]'
    yield _File("statements", "statements", "Statements", STATEMENT_COLUMNS, rows, options=acts)
    reports = list(_reports(told.reports, codes))
    yield _File(
        "reports", "field_reports", "Reports of observers", REPORT_COLUMNS, reports, placed=True
    )
    yield from _skies(told)


# --- words --------------------------------------------------------------------------------------


def _claims(told: Told, codes: tuple[str, str]) -> Iterator[dict[str, object]]:
    support = {row.account: row for row in told.support}
    for a in told.accounts:
        behind = support.get(a.id)
        kind = "none_found"
        if behind:
            kind = "third_party" if behind.origin_id else "third_party_unverified"
        region = a.site.region
        yield {
            "claim_id": a.id,
            "event_date": a.dating.event_date,
            "event_time_local": a.dating.event_time_local,
            "accused_side": codes[a.accused],
            "claimant": a.speaker if a.side is None else f"{a.speaker} of {NAMES[a.side]}",
            "claimant_side": "other" if a.side is None else codes[a.side],
            "object_name": a.object_name,
            "object_type": a.object_class,
            "object_type_std": a.object_class,
            "place": a.place.name,
            "admin_region": region.name,
            "country_or_control": NAMES[region.side],
            "lat": a.place.point.lat,
            "lon": a.place.point.lon,
            "location_precision": a.place.precision,
            "weapon": a.weapon,
            "claimed_effect": f"Says that the {WORDS[a.object_class]} {_words(a)}",
            "other_side_response": a.response[0],
            "response_scope": a.response[1],
            "other_side_response_note": "",
            "other_side_response_url": "",
            "independent_corroboration": "An outlet tells of it" if behind else "none found",
            "corroboration_class": kind,
            "corroboration_url": "",
            "source_url": f"https://gazette.example/{a.id.lower()}",
            "source_outlet": "Gazette",
            "source_date": a.dating.source_date,
            "date_precision": a.dating.precision,
            "inferred_notes": "",
        }


def _words(account: Account) -> str:
    intercepted = account.of.act == "attempt_intercepted"
    return "was spared, all drones were shot down" if intercepted else "was hit"


def _act(account: Account) -> dict[str, object]:
    act = account.of.act
    return {
        "claim": account.id,
        "act": act,
        "also_act": "",
        "basis": _words(account),
        "certainty": "stated",
        "coder_a": act,
        "coder_b": act,
    }


def _origins(support: Sequence[Support]) -> Iterator[dict[str, object]]:
    for row in support:
        if row.origin_id:
            yield {
                "claim": row.account,
                "origin_id": row.origin_id,
                "rests_on": row.rests_on,
                "note": "",
            }


def _reports(reports: Sequence[Report], codes: tuple[str, str]) -> Iterator[dict[str, object]]:
    for r in reports:
        yield {
            "report_id": r.id,
            "observer": f"Observer {r.origin_id}",
            "independent": "true" if r.independent else "false",
            "means": "camera" if r.sense == "recorded" else "patrol",
            "sense": r.sense,
            "finding": r.finding,
            "time_from_utc": f"{r.interval.start:%Y-%m-%dT%H:%MZ}",
            "time_until_utc": f"{r.interval.until:%Y-%m-%dT%H:%MZ}",
            "place": r.place.name,
            "region": r.of.site.region.name,
            "lat": r.place.point.lat,
            "lon": r.place.point.lon,
            "location_precision": r.place.precision,
            "object_class": r.object_class,
            "names_party": "" if r.names is None else codes[r.names],
            "origin_id": r.origin_id,
            "source_date": r.source_date,
            "text": "quiet" if r.finding == "nothing_observed" else "saw or heard a strike",
        }


# --- ground -------------------------------------------------------------------------------------


def _regions(regions: Sequence[Region], codes: tuple[str, str]) -> _File:
    columns = ("region", "code", "territory", "name", "partly_held", "held_source", "note")
    rows = [
        {
            "region": region.name,
            "code": region.code,
            "territory": codes[region.side],
            "name": region.name,
            "partly_held": "false",
            "held_source": "",
            "note": "",
        }
        for region in regions
    ]
    return _File("regions", "regions", "Regions", columns, rows)


def _registries(told: Told, codes: tuple[str, str]) -> Iterator[_File]:
    """One list for each role and class; a role without a registry has none."""
    for side in (FIRST, SECOND):
        for object_class in LISTED if told.order.habits.registries[side] else ():
            rows = [
                {"name": s.name, "lat": s.point.lat, "lon": s.point.lon, "caution": ""}
                for s in told.sites
                if (s.side, s.object_class) == (side, object_class)
            ]
            yield _File(
                f"{object_class.replace('_', '-')}-{side + 1}",
                "facilities_plain",
                f"List of {object_class}, {NAMES[side]}",
                ("name", "lat", "lon", "caution"),
                rows,
                placed=True,
                options=f'territory = "{codes[side]}"\nobject_class = "{object_class}"',
            )


def _levels(order: Order, codes: tuple[str, str]) -> Rows:
    return [
        {
            "territory": codes[side],
            "object_class": object_class,
            "level": "full" if held else "none",
            "reason": "every object is listed" if held else "no list of this class",
        }
        for side in (FIRST, SECOND)
        for object_class in sorted(set(CLASSES))
        for held in (order.habits.registries[side] and object_class in LISTED,)
    ]


# --- sky ----------------------------------------------------------------------------------------


def _skies(told: Told) -> Iterator[_File]:
    sky, days = told.sky, [day_of_number(i) for i in range(N_DAYS)]
    columns = [f"{region.code}_cloudcover_mean" for region in sky.regions]
    cloud = [
        {"date": day, **{c: round(100 * s) for c, s in zip(columns, sky.cloud[:, i], strict=True)}}
        for i, day in enumerate(days)
    ]
    stations = "\n".join(
        f"stations.{region.code} = [{region.centre.lat}, {region.centre.lon}]"
        for region in sky.regions
    )
    yield _File(
        "cloud", "cloud", "Cloud by region", ("date", *columns), cloud, True, stations, True
    )
    held = [
        {
            "date_utc": day,
            "sensor": "MODIS",
            "whole_day": "true" if whole else "false",
            "reason_not_whole": "" if whole else "feed lost",
        }
        for day, whole in zip(days, sky.held, strict=True)
    ]
    columns = ["date_utc", "sensor", "whole_day", "reason_not_whole"]
    yield _File(
        "record-days", "record_days", "Days with a whole record", columns, held, spanned=True
    )
    heat = [
        {
            "latitude": round(p.point.lat, 4),
            "longitude": round(p.point.lon, 4),
            "acq_date": p.at.date(),
            "acq_time": f"{p.at:%H%M}",
            "satellite": p.satellite,
            "instrument": "MODIS",
            "confidence": 75,
            "version": "6.1",
            "frp": p.frp_mw,
        }
        for p in told.pixels
    ]
    yield _File("heat", "heat", "Fire pixels", HEAT_COLUMNS, heat, True, "", True)
