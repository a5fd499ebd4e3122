"""Incidents as cards: what all readings share, what differs, and what filters need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from truceline.report.plain import Item

Ground = tuple[int, str, str, tuple[str, ...]]


def cards(dossier: Item) -> list[Item]:
    """A card for every incident, in the order of the dossier."""
    return [_card(incident) for incident in dossier["incidents"]]


def _card(incident: Item) -> Item:
    assessments = incident["assessments"]
    shared = _shared(assessments)
    return {
        "incident": incident,
        "shared": [_item(ground) for ground in shared],
        "verdicts": [
            {"assessment": a, "own": [_item(g) for g in _grounds(a) if g not in shared]}
            for a in assessments
        ],
        "disagree": disagrees(incident),
        "short": _short(incident),
        "marks": " ".join(
            f"{a['reading']}/{a['party']}/{a['verdict']}/{reason}"
            for a in assessments
            for reason in (a["because"], *a["also"])
        ),
    }


def disagrees(incident: Item) -> bool:
    """Whether the readings come to different verdicts about one accused party."""
    found: dict[str, set[str]] = {}
    for a in incident["assessments"]:
        found.setdefault(a["party"], set()).add(a["verdict"])
    return any(len(verdicts) > 1 for verdicts in found.values())


def _grounds(assessment: Item) -> list[Ground]:
    return [(g["step"], g["code"], g["text"], tuple(g["rows"])) for g in assessment["grounds"]]


def _shared(assessments: list[Item]) -> list[Ground]:
    """Grounds that stand in every assessment: the same under all readings and for all accused."""
    if len(assessments) < 2:
        return []
    common = set(_grounds(assessments[0])).intersection(*map(_grounds, assessments[1:]))
    return [ground for ground in _grounds(assessments[0]) if ground in common]


def _item(ground: Ground) -> Item:
    step, code, text, rows = ground
    return {"step": step, "code": code, "text": text, "rows": list(rows)}


def _short(incident: Item) -> list[Item]:
    """Verdicts in few lines: readings that come to the same end stand together."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for a in incident["assessments"]:
        groups.setdefault((a["party"], a["verdict"], a["because"]), []).append(a["reading"])
    return [
        {"party": party, "verdict": verdict, "because": because, "readings": readings}
        for (party, verdict, because), readings in groups.items()
    ]


def choices(dossier: Item) -> Item:
    """What filters offer: only values that occur, in fixed order."""
    incidents = dossier["incidents"]
    accounts = [account for incident in incidents for account in incident["accounts"]]
    assessments = [a for incident in incidents for a in incident["assessments"]]
    days = sorted(
        end[:10]
        for i in incidents
        for end in (i["occurred"]["from"], i["occurred"]["until"])
        if end
    )
    return {
        "accused": _occurring(a["party"] for a in assessments),
        "claimed": _occurring(account["claimant_side"] for account in accounts),
        "verdicts": list(dict.fromkeys(c["verdict"] for c in dossier["counts"])),
        "reasons": _occurring(r for a in assessments for r in (a["because"], *a["also"])),
        "regions": sorted({i["place"]["region"] for i in incidents if i["place"]["region"]}),
        "first": days[0] if days else None,
        "last": days[-1] if days else None,
    }


def _occurring(values: Iterable[str]) -> list[str]:
    return sorted(Counter(values))
