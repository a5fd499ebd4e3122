"""The brief: findings in the form of a news agency, each sentence with its evidence.

A finding has a claim (who says what), an assessment (what of it holds) and facts.  Sentences
that concern one side name the other in the same breath, so that none can be quoted alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from statistics import median

from truceline.domain.said import Said, said, said_n
from truceline.report.beside import counts_beside
from truceline.report.cards import disagrees
from truceline.report.codes import N_, RESPONSE_SCOPES, SHORT_NOTE, UNSEEN
from truceline.report.environment import environment
from truceline.report.headline import heat_says, makers, n_claims, n_incidents, n_watched
from truceline.report.plain import Item, attributions
from truceline.report.rates_headline import main_findings, rates_headline
from truceline.report.tongue import Tongue
from truceline.thresholds import ENFSI, ICD_203, PRIOR_ODDS

SHOWN = 5
"""Ids of one kind that a sentence names before it counts the rest."""

STATUSES = {
    "not_verifiable": N_("not verifiable"),
    "not_confirmed": N_("not confirmed"),
    "indicated": N_("indicated by independent lines under at least one reading"),
    "not_indicated": N_("independent lines speak strongly against it"),
}
MEANINGS = {
    "not_verifiable": N_("it could not be tested with what is held"),
    "not_confirmed": N_("it was tested with what is held, and not confirmed"),
}
"""Where a claim stands; *not checked*, that nobody tried, never holds here."""


def status_of(incident: Item) -> str:
    """Where the claims of an incident stand after what was held had been looked at."""
    verdicts = {a["verdict"] for a in incident["assessments"]}
    if "breach_indicated" in verdicts:
        return "indicated"
    if "no_breach_indicated" in verdicts:
        return "not_indicated"
    tested = any(line["says"] != "unusable" for line in incident["lines"])
    return "not_confirmed" if tested else "not_verifiable"


def brief(dossier: Item) -> list[Item]:
    """Findings with ``title``, ``claim``, ``assessment``, ``facts``; sentences with evidence.

    Five about what is claimed, where there are claims, and one about change, where it was asked.
    """
    change = [_changed(dossier)] if dossier["rates"] else []
    if change and not dossier["incidents"]:
        return [*change, _terms(dossier)]
    five = [_kept(dossier), _counted(dossier), _terms(dossier), _seen(dossier), _replied(dossier)]
    return [*five, *change]


def _changed(dossier: Item) -> Item:
    series = [one["title"] for one in dossier["series"]]
    claim = said(
        "No claim is weighed here. What is counted by day: {series:clauses}.", series=series
    )
    main = [
        _sentence(finding["sentences"][0], _part("rates"), finding["id"])
        for finding in main_findings(dossier)
    ]
    facts = [_sentence(text, _part("rates")) for text in rates_headline(dossier)]
    return _finding(
        said("Did it change?"),
        [_sentence(claim, _part("series"))],
        main or facts[:1],
        facts if main else facts[1:],
    )


def _finding(title: Said, claim: list[Item], assessment: list[Item], facts: list[Item]) -> Item:
    return {"title": title, "claim": claim, "assessment": assessment, "facts": facts}


def _sentence(text: Said, *evidence: str) -> Item:
    return {"text": text, "evidence": list(evidence)}


def _part(key: str) -> str:
    """A part of the dossier as evidence; it names the section of the page too."""
    return f"dossier.json#{key}"


def _ids(found: Iterable[str]) -> list[str]:
    ids = list(found)
    more = [f"+{len(ids) - SHOWN}"] if len(ids) > SHOWN else []
    return [*ids[:SHOWN], *more]


def tell_brief(dossier: Item, language: str = "en") -> str:
    """``brief.md`` in a language."""
    tongue = Tongue(language, dossier)
    return (
        environment(tongue)
        .get_template("brief.md.j2")
        .render(
            d=dossier,
            brief=brief(dossier),
            strength_source=ENFSI,
            likelihood_source=ICD_203,
            prior_odds=PRIOR_ODDS,
            attributions=attributions(dossier),
        )
    )


# --- the five ---------------------------------------------------------------------------------


def _kept(dossier: Item) -> Item:
    parts = [
        said(
            "against {party:party}: {makers:told}",
            party=party,
            makers=makers(dossier, party),
        )
        for party in sorted(dossier["agreement"]["parties"])
    ]
    claims = sum(len(incident["accounts"]) for incident in dossier["incidents"])
    claim = said("{n:told} are on record, {parts:clauses}.", n=n_claims(claims), parts=parts)
    status = Counter(status_of(incident) for incident in dossier["incidents"])
    told = [said("{status:told}: {n}", status=said(STATUSES[s]), n=status[s]) for s in STATUSES]
    assessment = said(
        "Of {incidents:told}: {parts:clauses}. This holds for claims of all sides alike.",
        incidents=n_incidents(len(dossier["incidents"])),
        parts=told,
    )
    facts = [_by_reading(dossier, reading["id"]) for reading in dossier["agreement"]["readings"]]
    note = _sentence(dossier["publication_note"], _part("publication_note"))
    title = said("Are the terms being kept?")
    return _finding(
        title,
        [_sentence(claim, _part("claims_made"))],
        [_sentence(assessment, _part("incidents"))],
        [*facts, note],
    )


def _by_reading(dossier: Item, reading: str) -> Item:
    parts = []
    for party in sorted(dossier["agreement"]["parties"]):
        counts = [c for c in dossier["counts"] if (c["reading"], c["party"]) == (reading, party)]
        n: Counter[str] = Counter()
        for count in counts:
            n[count["verdict"]] += count["n"]
        told = [said("{verdict:verdict} {n}", verdict=v, n=n[v]) for v in n]
        parts.append(
            said(
                "{party:party} accused in {of:told}: {verdicts:told}",
                party=party,
                of=n_incidents(counts[0]["of"] if counts else 0),
                verdicts=told or [said("none")],
            )
        )
    text = said("Under the reading “{id}”, {parts:clauses}.", id=reading, parts=parts)
    return _sentence(text, _part("counts"), reading)


def _counted(dossier: Item) -> Item:
    coded = [(entry, c) for entry in counts_beside(dossier) for c in entry["coded"]]
    claims = [_published(entry, c) for entry, c in coded]
    if not claims:
        claims = [_sentence(said("No published counts are on record."), _part("timeline"))]
    units = sorted({c["unit"] for _, c in coded})
    unstated = sum(c["from"] is None for _, c in coded)
    assessment = said(
        "The counts cannot be compared with each other or with the number of incidents: {n} "
        "different units ({units:told}), {unstated} of {all} without a stated window; on record "
        "no speaker says what counts as one.",
        n=len(units),
        units=units or [said("none")],
        unstated=unstated,
        all=len(coded),
    )
    beside = [(entry, c) for entry, c in coded if c["ours"] is not None]
    return _finding(
        said("How many are counted, and by whom?"),
        claims,
        [_sentence(assessment, _part("timeline"))],
        [_ours(beside)] if beside else [],
    )


def _published(entry: Item, coded: Item) -> Item:
    speaker = coded["speaker"]
    number = {
        "exactly": said("{n} {unit:told}", n=coded["n"], unit=coded["unit"]),
        "more_than": said("more than {n} {unit:told}", n=coded["n"], unit=coded["unit"]),
        "in_words": said("a number in words only, {unit:told}", unit=coded["unit"]),
    }[coded["qualifier"]]
    window = said("no window stated")
    if coded["from"]:
        window = said(
            "from {start:day} to {end:day}", start=coded["from"], end=coded["ours"]["until"]
        )
    text = said(
        "{on:day}: published count by {who:words}: {number:told}; accused: {accused:party}; "
        "window: {window:told}.",
        on=entry["on"],
        who=f"{speaker['speaker']} ({speaker['institution']})" if speaker else entry["title"],
        number=number,
        accused=coded["accused"],
        window=window,
    )
    return _sentence(text, entry["id"], *([coded["statement"]] if coded["statement"] else []))


def _ours(beside: list[tuple[Item, Item]]) -> Item:
    """What this edition holds for every window, in one sentence: no side stands alone."""
    parts = [
        said(
            "{start:day} to {end:day}, accused: {accused:party}: {n:told}, {maybe} more possible, "
            "breach indicated in {breaches}",
            start=c["ours"]["from"],
            end=c["ours"]["until"],
            accused=c["accused"],
            n=n_incidents(c["ours"]["n_within"]),
            maybe=c["ours"]["n_maybe"],
            breaches=c["ours"]["n_breach"],
        )
        for _, c in beside
    ]
    text = said(
        "In this edition, for the windows that are stated: {parts:clauses}. {note:told} Where they "
        "come near a published count, that confirms nothing.",
        parts=list({str(part): part for part in parts}.values()),
        note=said(SHORT_NOTE),
    )
    return _sentence(text, *dict.fromkeys(entry["id"] for entry, _ in beside), _part("incidents"))


def _terms(dossier: Item) -> Item:
    readings = dossier["agreement"]["readings"]
    claims = [
        _sentence(
            said(
                "Reading “{id}”, stated by {by:party}: {title:told}; clock: {span:span}.",
                id=reading["id"],
                by=reading["stated_by"],
                title=reading["title"],
                span=reading["in_force"],
            ),
            reading["id"],
            *_ids(reading["source"]),
        )
        for reading in readings
    ]
    differ = [i for i in dossier["incidents"] if disagrees(i)]
    assessment = said(
        "{n_readings} readings stand side by side, none of them the main one; in {n} of "
        "{incidents:told} they lead to different verdicts.",
        n_readings=len(readings),
        n=len(differ),
        incidents=n_incidents(len(dossier["incidents"])),
    )
    facts = [
        _sentence(
            said(
                "Left open by the reading “{id}”: {span:span}: {why:told}.",
                id=reading["id"],
                span={"from": piece["from"], "until": piece["until"]},
                why=piece["why"].rstrip("."),
            ),
            reading["id"],
            *_ids(piece["source"]),
        )
        for reading in readings
        for piece in reading["disputed"]
    ]
    n_open = sum(not q["answered"] for q in dossier["agreement"]["open_questions"])
    facts.append(
        _sentence(
            said_n(
                "{n} question about the terms is on record without an answer.",
                "{n} questions about the terms are on record without an answer.",
                n_open,
            ),
            _part("agreement.open_questions"),
        )
    )
    return _finding(
        said("Which terms hold?"), claims, [_sentence(assessment, _part("incidents"))], facts
    )


def _seen(dossier: Item) -> Item:
    incidents = dossier["incidents"]
    sharp = [i for i in incidents if i["place"]["precision"] in ("facility", "settlement")]
    claim = said(
        "{n} of {incidents:told} are claimed at a place known to the settlement or better; the "
        "others name a district or region.",
        n=len(sharp),
        incidents=n_incidents(len(incidents)),
    )
    n_usable = n_watched(dossier)
    spoke = heat_says(dossier)
    assessment = said(
        "{n} of {incidents:told} had a usable look of a satellite; heat was a signal in {signal}, "
        "and in {nothing} nothing was seen. The silence of the others neither confirms nor refutes "
        "a claim.",
        n=n_usable,
        incidents=n_incidents(len(incidents)),
        signal=spoke["signal"],
        nothing=spoke["nothing_seen"],
    )
    states = Counter(c["state"] for c in dossier["coverage"])
    told = [said("{state:lookname} {n}", state=state, n=states[state]) for state in states]
    coverage = said_n(
        "Of {n} pair of region and day: {states:told}.",
        "Of {n} pairs of region and day: {states:told}.",
        states.total(),
        states=sorted(told) or [said("none")],
    )
    return _finding(
        said("What could be seen?"),
        [_sentence(claim, _part("incidents"))],
        [_sentence(assessment, _part("incidents"))],
        [*_chances(incidents), _sentence(coverage, _part("coverage"))],
    )


def _chances(incidents: list[Item]) -> list[Item]:
    """What silence and want of looks are worth: one sentence for each reason that stands."""
    told = []
    for reason in UNSEEN:
        found = [i for i in incidents if any(reason in _reasons(a) for a in i["assessments"])]
        seen = sorted(
            (i["watch"]["seen"]["p"], i["accounts"][0]["claim"])
            for i in found
            if i["watch"]["seen"]
        )
        if not seen:
            continue
        text = said(
            "Chance that it would have been seen where {why:reason}: median {middle:number}, from "
            "{low:number} to {high:number} in {known:told}; not known in {unknown}.",
            why=reason,
            middle=median(p for p, _ in seen),
            low=seen[0][0],
            high=seen[-1][0],
            known=n_incidents(len(seen)),
            unknown=len(found) - len(seen),
        )
        told.append(_sentence(text, *_ids(claim for _, claim in reversed(seen))))
    return told


def _reasons(assessment: Item) -> list[str]:
    return [assessment["because"], *assessment["also"]]


def _replied(dossier: Item) -> Item:
    accounts = [a for incident in dossier["incidents"] for a in incident["accounts"]]
    replies = Counter((a["response"], a["response_scope"]) for a in accounts)
    told = [
        said("{reply:response}, {scope:scope}: {n}", reply=r, scope=scope, n=replies[r, scope])
        if scope in RESPONSE_SCOPES
        else said("{reply:response}: {n}", reply=r, n=replies[r, scope])
        for r, scope in sorted(replies)
    ]
    claim = said(
        "Replies of the accused sides to {claims:told}: {replies:clauses}.",
        claims=n_claims(len(accounts)),
        replies=told or [said("none")],
    )
    assessment = said(
        "A denial is no evidence against a claim and silence none for it; neither is weighed."
    )
    own = [a["claim"] for a in accounts if a["origin"] == "admission"]
    before = sum(
        {a["verdict"] for a in incident["assessments"]} == {"not_in_force"}
        for incident in dossier["incidents"]
        if any(account["claim"] in own for account in incident["accounts"])
    )
    outside = [
        a["claim"]
        for a in accounts
        if a["corroboration"] and a["corroboration"]["origin"] == "third_party"
    ]
    unable = [
        a["claim"]
        for a in accounts
        if a["corroboration"] and a["corroboration"]["origin"] == "unverified_not_counted"
    ]
    facts = [
        _sentence(
            said_n(
                "In {n} claim a side says itself that it acted; outside the clock of every "
                "reading: {before}.",
                "In {n} claims a side says itself that it acted; outside the clock of every "
                "reading: {before}.",
                len(own),
                before=before,
            ),
            *_ids(own),
        ),
        _sentence(
            said_n(
                "{n} claim is supported in part by an outside source.",
                "{n} claims are supported in part by an outside source.",
                len(outside),
            ),
            *_ids(outside),
        ),
        _sentence(
            said_n(
                "For {n} claim an outside voice said that it could not verify it.",
                "For {n} claims an outside voice said that it could not verify them.",
                len(unable),
            ),
            *_ids(unable),
        ),
    ]
    return _finding(
        said("What do the accused sides and others say?"),
        [_sentence(claim, _part("incidents"))],
        [_sentence(assessment, _part("limits"))],
        facts,
    )
