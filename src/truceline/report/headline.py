"""The headline findings: sentences computed from the dossier that the tables show."""

from __future__ import annotations

from collections import Counter

from truceline.domain.said import Said, said, said_n
from truceline.domain.verdict import Reason
from truceline.report.codes import SHORT_NOTE
from truceline.report.plain import Item
from truceline.report.rates_headline import main_findings, rates_headline


def headline(dossier: Item) -> list[Said]:
    """Sentences or groups of sentences, each with its unit and denominator.

    Five about what is claimed, then what is said of change.  A case without claims is about
    change alone, and its main findings stand here word for word.
    """
    if dossier["rates"] and not dossier["incidents"]:
        told = [finding["sentences"][0] for finding in main_findings(dossier)]
        return [*told, *rates_headline(dossier), NO_CLAIMS]
    return [
        _decided(dossier),
        _sides(dossier),
        _undetermined(dossier),
        _looks(dossier),
        _extent(dossier),
        *rates_headline(dossier),
    ]


NO_CLAIMS = said("No claim about a single incident is on record here, and none is assessed.")


def _extent(dossier: Item) -> Said:
    incidents = dossier["incidents"]
    return said(
        "As known at {at:moment}, this edition holds {claims:told}, held to be about "
        "{incidents:told}; in {n_two} of these more than one party is accused. Left out because "
        "not yet known then: {later:told}. Set aside because they broke the contract of their "
        "source: {aside:told}.",
        at=dossier["as_of"],
        claims=n_claims(sum(len(incident["accounts"]) for incident in incidents)),
        incidents=n_incidents(len(incidents)),
        n_two=sum(len(incident["accused"]) > 1 for incident in incidents),
        later=n_claims(dossier["n_claims_not_yet_known"]),
        aside=said_n("{n} row", "{n} rows", len(dossier["quarantine"])),
    )


def _sides(dossier: Item) -> Said:
    parts = []
    for party in sorted(dossier["agreement"]["parties"]):
        n = sum(party in incident["accused"] for incident in dossier["incidents"])
        parts.append(
            said(
                "{party:party} is accused in {incidents:told}, by claims of: {makers:told}",
                party=party,
                incidents=n_incidents(n),
                makers=makers(dossier, party),
            )
        )
    return said("{note:told} {parts:clauses}.", parts=parts, note=said(SHORT_NOTE))


def makers(dossier: Item, party: str) -> list[Said]:
    """Who made claims against a party, and how many."""
    made = [_maker(row) for row in dossier["claims_made"] if row["accused"] == party]
    return made or [said("nobody")]


def _maker(claims: Item) -> Said:
    side, n = claims["claimant_side"], claims["n"]
    if claims["kind"] == "admission":
        return said("{side:party} itself, that it acted ({n})", side=side, n=n)
    return said("{side:party} ({n})", side=side, n=n)


def _undetermined(dossier: Item) -> Said:
    parts = []
    for reading in dossier["agreement"]["readings"]:
        reasons: Counter[str] = Counter()
        for count in dossier["counts"]:
            if count["reading"] == reading["id"] and count["verdict"] == "undetermined":
                reasons[count["because"]] += count["n"]
        order = sorted(reasons, key=lambda r: (-reasons[r], list(Reason).index(Reason(r))))
        why = [said("{why:reason} ({n})", why=r, n=reasons[r]) for r in order[:2]]
        parts.append(
            said(
                "{n} under the reading “{id}”, most often first because {why:told}",
                n=reasons.total(),
                id=reading["id"],
                why=why,
            )
            if why
            else said("{n} under the reading “{id}”", n=0, id=reading["id"])
        )
    pairs = sum(len(incident["accused"]) for incident in dossier["incidents"])
    return said_n(
        "Of {n} pair of incident and accused party, undetermined are: {parts:clauses}.",
        "Of {n} pairs of incident and accused party, undetermined are: {parts:clauses}.",
        pairs,
        parts=parts,
    )


def _looks(dossier: Item) -> Said:
    n_all, n_usable, spoke = len(dossier["incidents"]), n_watched(dossier), heat_says(dossier)
    return said(
        "{n_usable} of {incidents:told} had at least one usable look of a sensor at a place known "
        "well enough: heat in the records held was a signal in {n_signal}, nothing was seen in "
        "{n_nothing}, and in {n_few} the looks say nothing about the act. In the other {n_rest} "
        "nobody could look, and silence says nothing.",
        n_usable=n_usable,
        incidents=n_incidents(n_all),
        n_signal=spoke["signal"],
        n_nothing=spoke["nothing_seen"],
        n_few=n_usable - spoke["signal"] - spoke["nothing_seen"],
        n_rest=n_all - n_usable,
    )


def n_watched(dossier: Item) -> int:
    """Incidents with at least one usable look."""
    return sum(
        any(look["state"] == "observable" for look in incident["looks"])
        for incident in dossier["incidents"]
    )


def heat_says(dossier: Item) -> Counter[str]:
    """What lines of satellite heat say, by how many of them."""
    return Counter(
        line["says"]
        for incident in dossier["incidents"]
        for line in incident["lines"]
        if line["family"] == "satellite_heat"
    )


def _decided(dossier: Item) -> Said:
    found = [{a["verdict"] for a in incident["assessments"]} for incident in dossier["incidents"]]
    open_ = sum(verdicts == {"undetermined"} for verdicts in found)
    outside = sum(verdicts <= {"not_in_force", "out_of_scope"} for verdicts in found)
    alike = sum(len(verdicts) == 1 for verdicts in found if verdicts & DECIDED)
    return said(
        "Of {incidents:told}: under at least one reading “breach indicated” in {n_breach} and “no "
        "breach indicated” in {n_none}; undetermined under every reading {n_open}; outside the "
        "clock or the scope of every reading {n_outside}; different from reading to reading "
        "{n_differ}.",
        incidents=n_incidents(len(found)),
        n_breach=sum("breach_indicated" in verdicts for verdicts in found),
        n_none=sum("no_breach_indicated" in verdicts for verdicts in found),
        n_open=open_,
        n_outside=outside,
        n_differ=len(found) - open_ - outside - alike,
    )


DECIDED = {"breach_indicated", "no_breach_indicated"}
"""Verdicts that say something about the act itself."""


# --- units ------------------------------------------------------------------------------------


def n_claims(n: int) -> Said:
    """A number of claims."""
    return said_n("{n} claim", "{n} claims", n)


def n_incidents(n: int) -> Said:
    """A number of incidents."""
    return said_n("{n} incident", "{n} incidents", n)
