"""Incidents as cards: what all readings share, what differs, and what filters need."""

from __future__ import annotations

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
            f"{a['reading']}/{a['party']}/{a['verdict']}/{'+'.join((a['because'], *a['also']))}"
            for a in assessments
        ),
    }


def disagrees(incident: Item) -> bool:
    """Whether the readings come to different verdicts about one accused party."""
    found: dict[str, set[str]] = {}
    for a in incident["assessments"]:
        found.setdefault(a["party"], set()).add(a["verdict"])
    return any(len(verdicts) > 1 for verdicts in found.values())


def disagreements(dossier: Item) -> list[Item]:
    """Pairs of incident and accused party on which the readings differ, by how they differ."""
    groups: dict[tuple[tuple[str, str], ...], list[Item]] = {}
    for incident in dossier["incidents"]:
        for party in incident["accused"]:
            ours = [a for a in incident["assessments"] if a["party"] == party]
            if len({a["verdict"] for a in ours}) > 1:
                pattern = tuple((a["reading"], a["verdict"]) for a in ours)
                claims = [a["claim"] for a in incident["accounts"] if a["accused"] == party]
                groups.setdefault(pattern, []).append({"id": incident["id"], "claims": claims})
    return [
        {"verdicts": [{"reading": r, "verdict": v} for r, v in pattern], "pairs": pairs}
        for pattern, pairs in sorted(groups.items(), key=lambda item: item[0])
    ]


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
    groups: dict[tuple[str, str, str, tuple[int, ...]], list[str]] = {}
    for a in incident["assessments"]:
        steps = {g["step"] for g in a["grounds"] if g["code"] == a["because"]}
        key = (a["party"], a["verdict"], a["because"], tuple(sorted(steps)))
        groups.setdefault(key, []).append(a["reading"])
    return [
        {
            "party": party,
            "verdict": verdict,
            "because": because,
            "steps": [str(step) for step in steps],
            "readings": readings,
        }
        for (party, verdict, because, steps), readings in groups.items()
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
        "accused": sorted({a["party"] for a in assessments}),
        "claimed": sorted({account["claimant_side"] for account in accounts}),
        "verdicts": list(dict.fromkeys(c["verdict"] for c in dossier["counts"])),
        "reasons": sorted({r for a in assessments for r in (a["because"], *a["also"])}),
        "regions": sorted({i["place"]["region"] for i in incidents if i["place"]["region"]}),
        "first": days[0] if days else None,
        "last": days[-1] if days else None,
    }
