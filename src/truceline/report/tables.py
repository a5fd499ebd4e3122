"""Tables for spreadsheets and maps, made from the dossier and from nothing else."""

from __future__ import annotations

import json

from truceline.archive.texts import csv_bytes, pretty_json
from truceline.domain.place import Area
from truceline.domain.result import Input, Result
from truceline.report.codes import PLACES
from truceline.report.incidents import is_separate
from truceline.report.plain import EDITION, Item, rounded, together
from truceline.report.strength import speaks
from truceline.report.words import say

ASSESSMENT_TYPES = {
    "incident": "VARCHAR",
    "occurred_from": "VARCHAR",
    "occurred_until": "VARCHAR",
    "occurred_precision": "VARCHAR",
    "place": "VARCHAR",
    "region": "VARCHAR",
    "lat": "DOUBLE",
    "lon": "DOUBLE",
    "place_precision": "VARCHAR",
    "object_class": "VARCHAR",
    "acts": "VARCHAR",
    "claims": "VARCHAR",
    "claimed_by": "VARCHAR",
    "accused": "VARCHAR",
    "reading": "VARCHAR",
    "clause": "VARCHAR",
    "verdict": "VARCHAR",
    "because": "VARCHAR",
    "also": "VARCHAR",
    "exit_state": "VARCHAR",
    "n_lines": "BIGINT",
    "lr_low": "DOUBLE",
    "lr_high": "DOUBLE",
    "author": "VARCHAR",
    "at": "VARCHAR",
    "p": "DOUBLE",
    "p_low": "DOUBLE",
    "p_high": "DOUBLE",
    "prior_odds": "DOUBLE",
    "seen_p": "DOUBLE",
    "seen_low": "DOUBLE",
    "seen_high": "DOUBLE",
}
"""Columns of the table of assessments, with the types that Parquet gives them."""

ASSESSMENT_COLUMNS = tuple(ASSESSMENT_TYPES)

QUARANTINE_COLUMNS = ("source", "line", "field", "what", "expected")


def assessments_rows(dossier: Item) -> list[Item]:
    """One row per incident, reading and accused party, in the order of the dossier.

    ``acts``, ``claims`` and ``claimed_by`` are of the accounts that accuse this party.
    ``n_lines`` counts lines of evidence that can be used, and ``lr_low`` and ``lr_high`` are
    the products of the bounds of all lines; they concern the occurrence, not the author.
    So do the last seven columns.
    """
    return [
        _assessment_row(incident, assessment)
        for incident in dossier["incidents"]
        for assessment in incident["assessments"]
    ]


def _assessment_row(incident: Item, assessment: Item) -> Item:
    place, occurred = incident["place"], incident["occurred"]
    accounts = [a for a in incident["accounts"] if a["accused"] == assessment["party"]]
    odds = together(incident["lines"])
    return {
        "incident": incident["id"],
        "occurred_from": occurred["from"],
        "occurred_until": occurred["until"],
        "occurred_precision": occurred["precision"],
        "place": place["name"],
        "region": place["region"],
        "lat": place["lat"],
        "lon": place["lon"],
        "place_precision": place["precision"],
        "object_class": incident["object_class"],
        "acts": ";".join(sorted({a["act"] for a in accounts if a["act"]})),
        "claims": ";".join(a["claim"] for a in accounts),
        "claimed_by": ";".join(sorted({a["claimant_side"] for a in accounts})),
        "accused": assessment["party"],
        "reading": assessment["reading"],
        "clause": assessment["clause"],
        "verdict": assessment["verdict"],
        "because": assessment["because"],
        "also": ";".join(assessment["also"]),
        "exit_state": assessment["exit_state"],
        "n_lines": sum(line["says"] != "unusable" for line in incident["lines"]),
        "lr_low": odds["lr_low"],
        "lr_high": odds["lr_high"],
        "author": assessment["author"],
        "at": assessment["at"],
        **_chances(incident),
    }


def _chances(incident: Item) -> Item:
    """How likely it occurred, and to have been seen.

    Where no line speaks, the probability is the prior and no finding: it is left out.
    """
    found, seen = incident["occurrence"], incident["watch"]["seen"] or {}
    told = speaks(incident["lines"])
    return {
        **{key: found[key] if told else None for key in ("p", "p_low", "p_high")},
        "prior_odds": found["prior_odds"],
        **{f"seen_{key}": seen.get(key) for key in ("p", "low", "high")},
    }


def assessments_csv(rows: list[Item]) -> bytes:
    """The bytes of ``assessments.csv``."""
    return csv_bytes(ASSESSMENT_COLUMNS, rows)


def quarantine_csv(dossier: Item) -> bytes:
    """The rows that were set aside, with what was wrong; only a header where there are none."""
    return csv_bytes(QUARANTINE_COLUMNS, dossier["quarantine"])


def incidents_geojson(dossier: Item) -> bytes:
    """Incidents as GeoJSON; one without a point has no geometry.

    A point stands for what ``place_precision`` says: most are no position of an object.
    """
    return pretty_json(
        {
            "type": "FeatureCollection",
            "case": dossier["case"],
            "edition": dossier["edition"],
            "as_of": dossier["as_of"],
            "features": [_feature(incident) for incident in dossier["incidents"]],
        }
    )


def _feature(incident: Item) -> Item:
    place, occurred = incident["place"], incident["occurred"]
    point = None
    if place["lat"] is not None:
        point = {"type": "Point", "coordinates": [place["lon"], place["lat"]]}
    return {
        "type": "Feature",
        "id": incident["id"],
        "geometry": point,
        "properties": {
            "id": incident["id"],
            "occurred_from": occurred["from"],
            "occurred_until": occurred["until"],
            "occurred_precision": occurred["precision"],
            "place": place["name"],
            "region": place["region"],
            "place_precision": place["precision"],
            "point_is": say(place["precision"], PLACES),
            "uncertainty_km": place["uncertainty_km"],
            "object_class": incident["object_class"],
            "accused": incident["accused"],
            "claims": [account["claim"] for account in incident["accounts"]],
            "assessments": [
                {key: a[key] for key in ("reading", "party", "verdict", "because", "author")}
                for a in incident["assessments"]
            ],
            **_chances(incident),
        },
    }


def protected_objects_odbl(result: Result) -> bytes:
    """Candidates of registries that ask for a file of their own, by incident.

    Only objects near an incident that somebody claimed; never the registry.
    """
    inputs = {source.id: source for source in result.inputs}
    open_registries = {source.id for source in result.inputs if not source.separate}
    by_incident = {}
    for incident in result.incidents:
        candidates = [
            {
                "id": found.id,
                "name": found.name,
                "object_class": found.object_class,
                "registry": found.registry,
                "row": str(found.row),
                "distance_km": rounded(distance_km, 1),
                **_licence(inputs.get(found.row.source), found.licence),
            }
            for found, distance_km in result.evidence[incident.id].match.candidates
            if is_separate(found, open_registries)
        ]
        if candidates:
            by_incident[incident.id] = candidates
    head = {"edition": EDITION, "case": result.case_id}
    return pretty_json({**head, "incidents": by_incident})


def areas_odbl(result: Result) -> bytes:
    """Areas that a claim names, with who is said to hold a part, and those around, as GeoJSON.

    A territory is that of internationally recognised borders as the case states it; a flag
    repeats what a cited row says.  No front line is in it.
    """
    sources = [source for source in result.inputs if source.kind == "areas"]
    areas = {area.code: area for area in result.areas}
    shapes = [
        {
            "type": "Feature",
            "id": code,
            "properties": _properties(code, areas.get(code)),
            "geometry": json.loads(outline),
        }
        for code, outline in sorted(result.outlines.items())
    ]
    return pretty_json(
        {
            "type": "FeatureCollection",
            "edition": EDITION,
            "attribution": "; ".join(dict.fromkeys(s.attribution for s in sources)),
            "licence": "; ".join(dict.fromkeys(s.licence for s in sources)),
            "features": shapes,
        }
    )


def _properties(code: str, area: Area | None) -> Item:
    """What a claim says of an area; of one around them only its code."""
    if area is None:
        return {"code": code, "named_by_claims": False}
    return {
        "code": code,
        "named_by_claims": True,
        "name": area.name,
        "territory": area.territory,
        "partly_held": area.partly_held,
        "source": area.source,
        "note": area.note,
    }


def _licence(source: Input | None, own: str) -> Item:
    if source is None:
        return {"licence": own, "attribution": ""}
    return {"licence": source.licence or own, "attribution": source.attribution}
