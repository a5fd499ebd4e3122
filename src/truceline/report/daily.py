"""The daily report, in the form of the daily reports of monitoring missions.

Everything comes from two dossiers of one case: what was known some hours after the day, and what
had been known at that hour of the day before.  Claims are claims; what nobody could see is said
before what was not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from truceline.domain.said import Said, said, said_n
from truceline.report.changes import changes, together
from truceline.report.environment import environment, style_css
from truceline.report.headline import n_claims, n_incidents
from truceline.report.limits import NO_REPLY, NOTE_OF_FILE
from truceline.report.plain import Item, attributions, days, overlaps, within
from truceline.report.rates_page import rates_brief, rates_daily
from truceline.report.strength import speaks
from truceline.report.tongue import MarkdownTongue, Tongue, others_of

WEEK_D = 7
"""Days before that stand beside a day."""


def build_daily(now: Item, before: Item, day: date) -> Item:
    """The report of a UTC day as data; every number in it has its unit in its name or beside."""
    known = {a["claim"] for i in before["incidents"] for a in i["accounts"]}
    dated = [i for i in now["incidents"] if _touches(i, day)]
    new = [i for i in now["incidents"] if any(a["claim"] not in known for a in i["accounts"])]
    ids = {i["id"] for i in [*dated, *new]}
    told = sorted((i for i in now["incidents"] if i["id"] in ids), key=_place_in_report)
    coverage = [row for row in now["coverage"] if row["day"] == day.isoformat()]
    found = changes(before, now)
    report: Item = {
        "schema": "truceline-daily/1",
        "case": now["case"],
        "title": now["title"],
        "edition": now["edition"],
        "day": day.isoformat(),
        "as_of": now["as_of"],
        "before": before["as_of"],
        "version": now["generated_by"]["version"],
        "clocks": [_clock(reading, day) for reading in now["agreement"]["readings"]],
        "regions": _regions(now, day, known, coverage),
        "incidents": [_entry(i, day, known) for i in told],
        "statements": [s for s in now["statements"] if s["on"] == day.isoformat()],
        "coverage": _seen(coverage),
        "reports": [r for r in now["reports"] if overlaps(r["observed"], days(day, day))],
        "n_coarse": sum(i["place"]["precision"] in ("district", "region") for i in told),
        "n_undated": sum(_undated(i, day) for i in told),
        "n_set_aside": len(now["quarantine"]),
        "pass_embargo_h": now["generated_by"]["parameters"]["pass_embargo_h"]["value"],
        "holds_reports": any(i["kind"] == "field_reports" for i in now["inputs"]),
        "replies_known": now["latest"],
        "changed": found["assessments"],
        "publication_note": now["publication_note"],
        "limits": _limits(now),
        "sources": _sources(now, told, day),
        "attributions": attributions(now),
    }
    if now["rates"]:
        report["rates"] = rates_brief(now)
    return {**report, "summary": _summary(report)}


def daily_data(now: Item, before: Item, day: date) -> Item:
    """The report as JSON holds it: its own sentences told in English."""
    report = build_daily(now, before, day)
    tongue = Tongue("en", _both(now, before))
    return {**report, "summary": [tongue.told(sentence) for sentence in report["summary"]]}


def tell_daily(now: Item, before: Item, day: date, name: str, language: str = "en") -> str:
    """The report as HTML or Markdown, by the ending of ``name``, in a language.

    ``name`` is that of the English file; the others stand beside it.
    """
    html = name.endswith(".html")
    teller = Tongue if html else MarkdownTongue
    tongue = teller(language, _both(now, before), html)
    template = environment(tongue).get_template("daily.html.j2" if html else "daily.md.j2")
    report = build_daily(now, before, day)
    return template.render(
        r=report,
        changed=together(report["changed"]),
        speaks=speaks,
        watch_of={incident["id"]: incident["watch"] for incident in now["incidents"]},
        language=language,
        rates=rates_daily(now, tongue, day),
        paper="",
        style=style_css(*(["figures.css"] if now["rates"] else [])) if html else "",
        others=others_of(now, name, language),
    )


def _both(now: Item, before: Item) -> Item:
    """A dossier that knows the sentences of both."""
    return {**now, "said": {**before["said"], **now["said"]}}


def _limits(now: Item) -> list[str]:
    """Limits that matter to a day, without notes on single files.

    An earlier edition tells no replies, so that it cannot say that none was found.
    """
    left_out = {NOTE_OF_FILE} if now["latest"] else {NOTE_OF_FILE, NO_REPLY}
    said_of = now["said"]
    return [text for text in now["limits"] if said_of.get(text, {}).get("id") not in left_out]


def _place_in_report(incident: Item) -> tuple[str, str]:
    """Where an incident stands: by region, then by the first of its claims."""
    return incident["place"]["region"] or "", min(a["claim"] for a in incident["accounts"])


def _sources(now: Item, told: Iterable[Item], day: date) -> list[Item]:
    """Where each claim and statement of the report stands: file, line, and what it cites."""
    paths = {source["id"]: source["path"] for source in now["inputs"]}
    accounts = [(a["claim"], a) for i in told for a in i["accounts"]]
    statements = [(s["id"], s) for s in now["statements"] if s["on"] == day.isoformat()]
    return [
        {
            "of": name,
            "path": paths[now["rows"][item["row"]]["input"]],
            "line": now["rows"][item["row"]]["line"],
            "sources": item["sources"],
        }
        for name, item in sorted((*accounts, *statements), key=lambda pair: pair[0])
    ]


# --- time -------------------------------------------------------------------------------------


def _touches(incident: Item, day: date) -> bool:
    """Whether an incident may lie on a day; one whose time is not known at all does not."""
    span = incident["occurred"]
    return None not in (span["from"], span["until"]) and overlaps(span, days(day, day))


def _undated(incident: Item, day: date) -> bool:
    """Whether the time is open at an end and the day is possible."""
    span = incident["occurred"]
    return None in (span["from"], span["until"]) and overlaps(span, days(day, day))


def _certain(incident: Item, day: date) -> bool:
    return within(incident["occurred"], days(day, day))


def _clock(reading: Item, day: date) -> Item:
    """How the clock of a reading stood on a day: one state, or several in turn."""
    whole_day = days(day, day)
    start, end = whole_day["from"], whole_day["until"]
    span = reading["in_force"]
    states = set()
    if (span["from"] or "") > start or (span["until"] is not None and span["until"] < end):
        states.add("not_in_force")
    if overlaps(span, whole_day):
        opens = [piece for piece in reading["disputed"] if overlaps(piece, whole_day)]
        whole = any(
            (p["from"] or "") <= max(start, span["from"] or "")
            and (p["until"] is None or p["until"] >= min(end, span["until"] or end))
            for p in opens
        )
        states |= {"disputed"} if opens else set()
        states |= set() if whole else {"in_force"}
    order = ("in_force", "disputed", "not_in_force")
    return {"reading": reading["id"], "states": [state for state in order if state in states]}


# --- regions ----------------------------------------------------------------------------------


def _regions(now: Item, day: date, known: set[str], coverage: list[Item]) -> list[Item]:
    """Every region that a claim or the coverage names, by name, quiet or not."""
    incidents = now["incidents"]
    names = {i["place"]["region"] for i in incidents if i["place"]["region"]}
    names |= {row["place"] for row in coverage}
    looks = {(row["place"], row["sensor"]): row for row in coverage}
    sensors = sorted({row["sensor"] for row in coverage})
    rows = []
    for name in sorted(names):
        here = [i for i in incidents if i["place"]["region"] == name]
        week = [day - timedelta(days=n) for n in range(1, WEEK_D + 1)]
        new = [a for i in here for a in i["accounts"] if a["claim"] not in known]
        rows.append(
            {
                "region": name,
                "day": _dated(here, day),
                "previous": _dated(here, day - timedelta(days=1)),
                "week_mean_per_day": round(sum(_dated(here, d)["n"] for d in week) / WEEK_D, 1),
                "claims_new": [
                    {"side": side, "n": n}
                    for side, n in sorted(Counter(a["claimant_side"] for a in new).items())
                ],
                "looks": [
                    {
                        "sensor": s,
                        "state": looks[name, s]["state"],
                        "cloud": looks[name, s]["cloud_share"],
                        "clear": looks[name, s]["clear"],
                    }
                    for s in sensors
                    if (name, s) in looks
                ],
            }
        )
    return rows


def _dated(incidents: Iterable[Item], day: date) -> Item:
    """Incidents that may lie on a day, and how many of them do so for certain."""
    found = [i for i in incidents if _touches(i, day)]
    return {"n": len(found), "n_certain": sum(_certain(i, day) for i in found)}


def _seen(coverage: list[Item]) -> list[Item]:
    """Each sensor's day: in how many regions it could see, and why not in the others."""
    rows = []
    for sensor in sorted({row["sensor"] for row in coverage}):
        ours = [row for row in coverage if row["sensor"] == sensor]
        tally = Counter(row["state"] for row in ours)
        rows.append(
            {"sensor": sensor, "n_regions": len(ours), "states": dict(sorted(tally.items()))}
        )
    return rows


def _entry(incident: Item, day: date, known: set[str]) -> Item:
    return {
        "incident": incident,
        "new": [a["claim"] for a in incident["accounts"] if a["claim"] not in known],
        "dated": _touches(incident, day),
        "certain": _certain(incident, day),
        "undated": _undated(incident, day),
    }


# --- sentences --------------------------------------------------------------------------------


def _summary(report: Item) -> list[Said]:
    entries = report["incidents"]
    new = sum(len(entry["new"]) for entry in entries)
    certain = sum(entry["certain"] for entry in entries)
    maybe = sum(entry["dated"] and not entry["certain"] for entry in entries)
    sentences = [
        said(
            "{claims:told} became known since {before:moment}, by side of the speaker: "
            "{made:told}. By what is known now, "
            "{certain:told} alleged to have occurred on {day:day}, and {maybe} more may have.",
            claims=n_claims(new),
            before=report["before"],
            made=_made(entries),
            day=report["day"],
            certain=said_n("{n} incident is", "{n} incidents are", certain),
            maybe=maybe,
        ),
        _outcomes(entries),
        _sight(report),
        said_n(
            "{n} assessment changed since the day before.",
            "{n} assessments changed since the day before.",
            len(report["changed"]),
        ),
        said(
            "On this day: {clocks:clauses}.",
            clocks=[
                said("reading “{id}”: {states:clock}", id=c["reading"], states=c["states"])
                for c in report["clocks"]
            ]
            or [said("no reading had been stated")],
        ),
    ]
    return sentences


def _made(entries: list[Item]) -> list[Said]:
    """Who made the claims that are newly known; sides by code."""
    sides = Counter(
        a["claimant_side"]
        for entry in entries
        for a in entry["incident"]["accounts"]
        if a["claim"] in entry["new"]
    )
    told = [said("{side:party} ({n})", side=side, n=n) for side, n in sorted(sides.items())]
    return told or [said("nobody")]


def _outcomes(entries: list[Item]) -> Said:
    """Verdicts on the incidents of the day, reading by reading, all accused together."""
    tally: dict[str, Counter[str]] = {}
    for entry in entries:
        for a in entry["incident"]["assessments"]:
            tally.setdefault(a["reading"], Counter())[a["verdict"]] += 1
    parts = [
        said(
            "under “{id}” {verdicts:told}",
            id=reading,
            verdicts=[
                said("{verdict:verdict} {n}", verdict=v, n=n) for v, n in sorted(counts.items())
            ],
        )
        for reading, counts in tally.items()
    ]
    return said(
        "Assessed in this report: {incidents:told}; verdicts by pair of incident and accused "
        "party: {parts:clauses}.",
        incidents=n_incidents(len(entries)),
        parts=parts or [said("no verdicts")],
    )


def _sight(report: Item) -> Said:
    parts = [
        said(
            "{sensor}: usable look in {seen} of {all} regions, no record held for {none}, hidden "
            "by cloud in {cloud}",
            sensor=row["sensor"],
            seen=row["states"].get("observable", 0),
            all=row["n_regions"],
            none=row["states"].get("no_record", 0),
            cloud=row["states"].get("obscured", 0),
        )
        for row in report["coverage"]
    ]
    return said(
        "What could be seen: {parts:clauses}.",
        parts=parts or [said("nothing is on record for this day; nothing follows from silence")],
    )
