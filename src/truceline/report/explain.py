"""One incident told from its verdicts down to the bytes, as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from truceline.archive.texts import printable
from truceline.errors import BadInput
from truceline.report.codes import (
    BASES,
    HELD,
    LOOKS,
    ORIGINS,
    PLACES,
    REASONS,
    REGISTRY,
    SAYS,
    STEPS,
    TIMES,
    UNSEEN,
    VERDICTS,
)
from truceline.report.plain import Item, names_in
from truceline.report.rawlines import RawLines
from truceline.report.strength import occurrence, speaks
from truceline.report.words import accusation, moment, number, reply, say, way_out

WIDTH = 96
INCIDENT_REF = "incident"
"""Source of a reference to another incident of the same dossier: ``incident#i-…``."""


def explain(dossier: Item, key: str, case_folder: Path | None = None) -> str:
    """An incident by its id, a prefix of it that fits one only, or one of its claims.

    Every row is given with file, line and hash; its text is added where the file in the
    case folder still has the bytes that were read.
    """
    incident = find_incident(dossier, key)
    told = [
        *_head(incident),
        *_accounts(incident, names_in(dossier)),
        *_links(incident),
        *_looks(incident),
        *_watch(incident),
        *_lines(dossier, incident),
        *_assessments(dossier, incident),
        *_rows(dossier, incident, case_folder),
    ]
    return printable("\n".join(told), keep="\n")


def find_incident(dossier: Item, key: str) -> Item:
    """The incident that a key means; an unknown or ambiguous one is a ``BadInput``."""
    incidents: list[Item] = dossier["incidents"]
    by_id = {incident["id"]: incident for incident in incidents}
    by_claim = {a["claim"]: incident for incident in incidents for a in incident["accounts"]}
    exact = by_id.get(key) or by_claim.get(key) or by_claim.get(key.upper())
    if exact:
        return exact
    found = [name for name in by_id if name.startswith(key)] if key else []
    if len(found) == 1:
        return by_id[found[0]]
    near = found or get_close_matches(key, [*by_id, *by_claim], n=5, cutoff=0.5)
    raise BadInput(
        f"{key!r} fits {len(found)} incidents" if found else f"{key!r} is no incident and no claim",
        expected="the id of an incident, the start of one, or the id of a claim",
        remedy=f"try one of: {', '.join(near[:10])}" if near else "look into dossier.json for ids",
    )


def cited_rows(incident: Item) -> list[str]:
    """Every row that an incident rests on, in the order in which they are told."""
    refs: list[str] = [account["row"] for account in incident["accounts"]]
    parts = [*incident["looks"], *incident["lines"], incident["attribution"]]
    parts += [ground for a in incident["assessments"] for ground in a["grounds"]]
    for part in parts:
        refs += part["rows"]
    return list(dict.fromkeys(refs))


# --- parts ------------------------------------------------------------------------------------


def _head(incident: Item) -> Iterator[str]:
    occurred, place = incident["occurred"], incident["place"]
    yield f"INCIDENT {incident['id']}"
    yield from _para(
        f"when: {moment(occurred['from'])} to {moment(occurred['until'])} "
        f"({say(occurred['precision'], TIMES)})"
    )
    where = ", ".join(dict.fromkeys(part for part in (place["name"], place["region"]) if part))
    yield from _para(
        f"where: {where}; point: {place['lat']}, {place['lon']} "
        f"({say(place['precision'], PLACES)}, ±{number(place['uncertainty_km'])} km); territory: "
        f"{say(place['territory'])}; said to be held by: {say(place['control'])}"
    )
    match = incident["protected_object"]
    yield from _para(
        f"object: {say(incident['object_class'])}; {say(match['answer'], REGISTRY)} "
        f"(completeness there: {match['completeness']}). {match['note']}"
    )
    if "name" in match:
        far = match["distance_km"]
        told = "no distance" if far is None else f"{number(far)} km away"
        yield from _para(f"nearest in {match['registry']}: {match['name']}, {match['id']}, {told}")
    if "see" in match:
        yield from _para(f"candidates of other registries: see {match['see']}")


def _accounts(incident: Item, names: dict[str, str]) -> Iterator[str]:
    yield from ("", "ACCOUNTS (claims, not findings)")
    for account in incident["accounts"]:
        mark = (
            " (place and object taken from it)" if account["claim"] == incident["preferred"] else ""
        )
        yield from _para(
            f"{account['claim']}{mark}: {accusation(account, names)}; "
            f"{say(account['origin'], ORIGINS)}"
        )
        also = f", also {say(account['also_act'])}" if account["also_act"] else ""
        yield from _para(
            f"act: {say(account['act'])}{also} (from the words “{account['act_basis']}”, "
            f"{account['act_certainty']}); weapon: {say(account['weapon'])}",
            4,
        )
        yield from _para(f"object: {account['object_name']} ({account['object_type']})", 4)
        yield from _para(f"claimed effect: {account['effect'] or 'not stated'}", 4)
        yield from _para(f"reply: {reply(account)}", 4)
        found = account["corroboration"]
        if found:
            yield from _para(f"{say(found['origin'], ORIGINS)}: {found['text']}", 4)
        yield from _para(f"row: {account['row']}; sources: {', '.join(account['sources'])}", 4)


def _links(incident: Item) -> Iterator[str]:
    if not incident["links"]:
        return
    yield from ("", "WHY THESE ACCOUNTS ARE HELD TO BE ONE EVENT")
    for link in incident["links"]:
        features = ", ".join(f"{say(f['name'])} {f['score']:+g}" for f in link["features"])
        yield from _para(
            f"{link['first']} and {link['second']}: {link['judgement']}, "
            f"score {link['score']:g} = {features}"
        )


def _looks(incident: Item) -> Iterator[str]:
    yield from ("", "LOOKS")
    if not incident["looks"]:
        yield "  none: no sensor was asked about this place"
    for look in incident["looks"]:
        cloud = look["cloud_share"]
        sky = "cloud not known" if cloud is None else f"cloud {cloud:.0%} of the sky, daily mean"
        far = look.get("cloud_km")
        sky += "" if far is None else f", at a weather point {number(far)} km away"
        yield from _para(
            f"{look['day']} {look['sensor']}: {say(look['state'], LOOKS)}; {sky}"
            f"{_refs(look['rows'])}"
        )
        record = "record held" if look["state"] in HELD else "record not held"
        for each in look.get("passes", ()):
            angle = each["scan_angle_deg"]
            told = "scan angle not known" if angle is None else f"scan angle {number(angle)}°"
            yield from _para(
                f"{moment(each['at'])} ± {number(each['slack_min'])} min, {each['satellite']}, "
                f"{told}, {record}; {say(each['basis'], BASES)}",
                4,
            )


def _watch(incident: Item) -> Iterator[str]:
    watch = incident.get("watch")
    if watch is None:  # a dossier of an earlier version
        return
    yield from ("", "COULD IT HAVE BEEN SEEN? (probabilities of the past, with bounds)")
    yield from _para(watch["because"])
    yield from _para(
        f"clear look once it had happened, its record held: {_chance(watch['look'])}; shows in a "
        f"clear look, by kind of object: {_chance(watch['show'])}; both, that it would have been "
        f"seen: {_chance(watch['seen'])}"
    )


def _chance(chance: Item | None) -> str:
    if chance is None:
        return "not known"
    return f"{number(chance['p'])} ({number(chance['low'])} to {number(chance['high'])})"


def _lines(dossier: Item, incident: Item) -> Iterator[str]:
    yield from ("", "LINES OF EVIDENCE (likelihood ratio of occurrence: low, middle, high)")
    for line in incident["lines"]:
        ratios = ", ".join(number(line[key]) for key in ("lr_low", "lr", "lr_high"))
        yield from _para(
            f"{say(line['family'])}, origin {line['origin']}: {say(line['says'], SAYS)}; "
            f"{ratios}; {line['because']}{_refs(line['rows'])}"
        )
    odds = incident.get("occurrence") or occurrence(incident["lines"])
    numbers = dossier["generated_by"]["parameters"]
    yield from _para(
        "together, by multiplication: "
        + ", ".join(number(odds[key]) for key in ("lr_low", "lr", "lr_high"))
        + f". Established from {number(numbers['established_lr']['value'])} on the low bound, "
        f"excluded up to {number(numbers['excluded_lr']['value'])} on the high bound."
    )
    if speaks(incident["lines"]):
        chances = {"p": odds["p"], "low": odds["p_low"], "high": odds["p_high"]}
        told = f"{_chance(chances)}, {odds['words']}"
    else:
        told = str(odds["words"])
    yield from _para(
        f"as a probability that it occurred, at prior odds of {number(odds['prior_odds'])} to 1: "
        f"{told}. Odds after = odds before × ratio: whoever holds other odds multiplies them. No "
        "verdict depends on it."
    )
    who = ", ".join(incident["attribution"]["parties"]) or "unknown"
    yield from _para(
        f"could have acted: {who}; {incident['attribution']['because']}"
        f"{_refs(incident['attribution']['rows'])}"
    )


def _assessments(dossier: Item, incident: Item) -> Iterator[str]:
    names = names_in(dossier)
    for a in incident["assessments"]:
        yield from ("", f"READING {a['reading']}, CLAUSE {a['clause']}, {names[a['party']]}")
        also = "".join(f"; also: {_reason(reason, incident)}" for reason in a["also"])
        verdict = say(a["verdict"], VERDICTS)
        yield from _para(f"{verdict}, because {_reason(a['because'], incident)}{also}")
        yield from _para(f"way out: {way_out(a)}")
        for ground in a["grounds"]:
            step = f"{ground['step']} {STEPS.get(str(ground['step']), '')}".strip()
            yield from _para(
                f"{step}: {ground['text']} [{ground['code']}]{_refs(ground['rows'])}", 4
            )
        yield from _para(f"author: {a['author']}, at {moment(a['at'])}")


def _reason(reason: str, incident: Item) -> str:
    """A reason in words; one of those that nothing follows from alone with its chance."""
    told = say(reason, REASONS)
    if reason not in UNSEEN or "watch" not in incident:
        return told
    return f"{told} (chance that it would have been seen: {_chance(incident['watch']['seen'])})"


def _rows(dossier: Item, incident: Item, case_folder: Path | None) -> Iterator[str]:
    yield from ("", "ROWS, DOWN TO THE BYTES")
    inputs = {source["id"]: source for source in dossier["inputs"]}
    raw = RawLines(case_folder)
    for ref in cited_rows(incident):
        if ref.startswith(f"{INCIDENT_REF}#"):
            yield f"  {ref}: another incident of this dossier, to be explained by its id"
            continue
        row = dossier["rows"].get(ref)
        source = inputs.get(row["input"]) if row else None
        if row is None or source is None:
            yield f"  {ref}: not listed in this dossier"
            continue
        yield f"  {ref}: {source['path']}, line {row['line']}"
        yield f"    sha256 of its values {row['sha256'] or 'not stated'}"
        yield f"    sha256 of the file   {source['sha256']}"
        yield f"    {raw.tell(source['path'], source['sha256'], row['line'])}"


# --- text -------------------------------------------------------------------------------------


def _refs(rows: Iterable[str]) -> str:
    told = ", ".join(rows)
    return f" [rows: {told}]" if told else ""


def _para(text: str, indent: int = 2) -> list[str]:
    hang = " " * (indent + 2)
    return textwrap.wrap(
        " ".join(text.split()),
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
