"""Incidents as part of the dossier: accounts, evidence, attribution and verdicts.

What derives from a registry under the ODbL is left out here and stands in a file of
its own, joined by the id of the incident.
"""

from __future__ import annotations

from truceline.clock import stamp
from truceline.domain.claim import Claim
from truceline.domain.incident import Attribution, Evidence, Incident, Line, Link
from truceline.domain.observation import Chance, Look, Watch
from truceline.domain.passes import Pass
from truceline.domain.place import Position, ProtectedObject, RegistryMatch
from truceline.domain.result import Result
from truceline.domain.verdict import Assessment
from truceline.report.plain import DEGREES, Item, ends, plain, ratio, rounded
from truceline.report.strength import occurrence

ODBL_FILE = "protected_objects.odbl.json"


def incident_items(result: Result) -> list[Item]:
    """Every incident of a run, in its order."""
    open_registries = {source.id for source in result.inputs if not source.separate}
    by_incident: dict[str, list[Assessment]] = {}
    for assessment in result.assessments:
        by_incident.setdefault(assessment.incident, []).append(assessment)
    return [
        _incident(
            incident,
            result.evidence[incident.id],
            by_incident.get(incident.id, []),
            open_registries,
        )
        for incident in result.incidents
    ]


def _incident(
    incident: Incident,
    evidence: Evidence,
    assessments: list[Assessment],
    open_registries: set[str],
) -> Item:
    lines = [_line(line) for line in evidence.lines]
    return {
        "id": incident.id,
        "occurred": {**ends(incident.interval), "precision": incident.occurred.precision},
        "place": place_item(incident.place),
        "object_class": incident.preferred.object_class,
        "accused": list(incident.accused),
        "accounts": [_account(account) for account in incident.accounts],
        "preferred": incident.preferred.id,
        "protected_object": _protected_object(evidence.match, open_registries),
        "lines": lines,
        "occurrence": occurrence(lines),
        "looks": [_look(look) for look in evidence.looks],
        "watch": _watch(evidence.watch),
        "attribution": _attribution(evidence.attribution),
        "assessments": [_assessment(assessment) for assessment in assessments],
        "links": [link_item(link) for link in incident.links],
    }


def place_item(place: Position) -> Item:
    """A place with what its point stands for; decimals beyond the ledger's are cut."""
    return {
        "name": place.name,
        "region": place.region,
        "area": place.area,
        "territory": place.territory,
        "control": place.control,
        "control_basis": place.control_basis,
        "lat": rounded(place.point.lat, DEGREES) if place.point else None,
        "lon": rounded(place.point.lon, DEGREES) if place.point else None,
        "precision": place.precision.value,
        "uncertainty_km": plain(place.uncertainty_km),
    }


def _account(claim: Claim) -> Item:
    return {
        "claim": claim.id,
        "row": str(claim.row),
        "claimant": claim.claimant,
        "claimant_side": claim.claimant_side,
        "accused": claim.accused,
        "origin": claim.origin.value,
        "act": claim.act,
        "also_act": claim.also_act,
        "act_basis": claim.act_basis,
        "act_certainty": claim.act_certainty,
        "means": claim.means,
        "weapon": claim.weapon,
        "object_name": claim.object_name,
        "object_type": claim.object_type,
        "object_class": claim.object_class,
        "effect": claim.effect,
        "occurred": {**ends(claim.occurred.interval), "precision": claim.occurred.precision},
        "place": claim.place.name,
        "response": claim.response,
        "response_scope": claim.response_scope,
        "corroboration": _corroboration(claim),
        "sources": list(claim.sources),
        "source_date": plain(claim.source_date),
        "known_since": stamp(claim.known.since),
        "known_assumed": claim.known.assumed,
        "note": claim.note,
    }


def _corroboration(claim: Claim) -> Item | None:
    found = claim.corroboration
    if found is None:
        return None
    return {
        "origin": found.origin.value,
        "origin_id": found.origin_id,
        "kind": found.kind,
        "text": found.text,
        "rests_on": list(found.rests_on),
    }


def is_separate(found: ProtectedObject, open_registries: set[str]) -> bool:
    """Whether what derives from an object belongs into a file of its own.

    A registry that no input declares to be free of it counts as separate.
    """
    return found.row.source not in open_registries or "odbl" in found.licence.lower()


def _protected_object(match: RegistryMatch, open_registries: set[str]) -> Item:
    item: Item = {
        "answer": match.answer.value,
        "completeness": match.completeness,
        "note": match.note,
    }
    here = [c for c in match.candidates if not is_separate(c[0], open_registries)]
    item["candidates"] = len(here)
    if here:
        found, distance_km = here[0]
        item |= {
            "id": found.id,
            "name": found.name,
            "registry": found.registry,
            "distance_km": rounded(distance_km, 1),
        }
    if len(here) < len(match.candidates):
        item["see"] = ODBL_FILE
    return item


def _line(line: Line) -> Item:
    return {
        "family": line.family,
        "origin": line.origin_id,
        "says": line.says.value,
        "lr": ratio(line.lr),
        "lr_low": ratio(line.lr_low),
        "lr_high": ratio(line.lr_high),
        "because": line.because,
        "rows": list(line.rows),
        "names": line.names,
    }


def _look(look: Look) -> Item:
    return {
        "day": look.day.isoformat(),
        "sensor": look.sensor,
        "state": look.state.value,
        "cloud_share": rounded(look.cloud_share, 2),
        "cloud_km": rounded(look.cloud_km, 0),
        "passes": [_pass(each) for each in look.passes],
        "rows": list(look.rows),
    }


def _pass(each: Pass) -> Item:
    """An overpass of the past: satellite and minute, with how it was worked out."""
    return {
        "satellite": each.satellite,
        "at": stamp(each.at),
        "scan_angle_deg": rounded(each.scan_angle_deg, 0),
        "basis": each.basis,
        "slack_min": rounded(each.slack_min, 0),
    }


def _watch(found: Watch) -> Item:
    return {
        "look": chance_item(found.look),
        "show": chance_item(found.show),
        "seen": chance_item(found.seen),
        "n_passes": found.n_passes,
        "n_held": found.n_held,
        "because": found.because,
    }


def chance_item(chance: Chance | None) -> Item | None:
    """A probability with its bounds; None where it is not known."""
    if chance is None:
        return None
    return {"p": ratio(chance.p), "low": ratio(chance.low), "high": ratio(chance.high)}


def worth(items: list[Item]) -> list[Item]:
    """What a clear look is worth, by the kinds of objects that share a rate; best first.

    Taken from incidents whose place can be looked at.  Those that were shot down leave no
    fire and are left out.
    """
    found: dict[tuple[float, float, float], list[Item]] = {}
    for item in items:
        show = item["watch"]["show"]
        if show and show["high"]:
            found.setdefault((show["p"], show["low"], show["high"]), []).append(item)
    return [
        {
            "object_classes": sorted({i["object_class"] for i in own if i["object_class"]}),
            "show": own[0]["watch"]["show"],
            "n_incidents": len(own),
            "n_class_unknown": sum(i["object_class"] is None for i in own),
        }
        for _, own in sorted(found.items(), reverse=True)
    ]


def _attribution(attribution: Attribution) -> Item:
    return {
        "parties": list(attribution.parties),
        "because": attribution.because,
        "settled": attribution.settled,
        "rows": list(attribution.rows),
    }


def _assessment(assessment: Assessment) -> Item:
    return {
        "reading": assessment.reading,
        "party": assessment.party,
        "clause": assessment.clause,
        "verdict": assessment.verdict.value,
        "because": assessment.because.value,
        "also": [reason.value for reason in assessment.also],
        "exit_state": assessment.exit_state.value,
        "grounds": [
            {"step": g.step, "code": g.code, "text": g.text, "rows": list(g.rows)}
            for g in assessment.grounds
        ],
        "author": assessment.author,
        "at": stamp(assessment.at),
    }


def link_item(link: Link) -> Item:
    """Why two accounts are, may be or are not one event."""
    return {
        "first": link.first,
        "second": link.second,
        "judgement": link.judgement,
        "score": rounded(link.score, 3),
        "features": [{"name": name, "score": rounded(score, 3)} for name, score in link.features],
    }
