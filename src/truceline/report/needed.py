"""What would have been needed to say more: for each reason, what would lift it."""

from __future__ import annotations

from truceline.report.codes import N_
from truceline.report.plain import Item

NEEDED = {
    "disputed_terms": N_(
        "a joint text, or an answer of all who state the terms to the question that is open"
    ),
    "class_unknown": N_("a claim that names the act, the means and the kind of object"),
    "time_imprecise": N_("the day or hour of the event, not only the date of a list"),
    "place_imprecise": N_("the place to the settlement; districts and regions cannot be looked at"),
    "unobservable": N_(
        "a record of a sensor that passed over the place on these days under a clear sky"
    ),
    "nothing_seen": N_(
        "a sensor that shows this kind of damage: imagery of the site, or an observer there"
    ),
    "uncorroborated": N_(
        "two lines of different origin, one of them from outside the parties, strong enough "
        "together"
    ),
    "contradicted": N_("a line that settles which of the opposing lines holds"),
    "unattributed": N_("an admission, or an independent observer who names the party that acted"),
    "release_disputed": N_("clarity on whether and when the party had been released"),
}
"""Remedies of the reasons of an undetermined verdict, in their published order."""


def needed_table(dossier: Item) -> list[Item]:
    """How many assessments name each reason, first or among others, by reading.

    Unit: pair of incident and accused party; one pair may have several reasons, so that the
    numbers of one reading do not add up.
    """
    readings = [reading["id"] for reading in dossier["agreement"]["readings"]]
    rows = []
    for reason, remedy in NEEDED.items():
        counts = dict.fromkeys(readings, 0)
        for incident in dossier["incidents"]:
            for a in incident["assessments"]:
                counts[a["reading"]] += reason in (a["because"], *a["also"])
        if any(counts.values()):
            rows.append({"reason": reason, "remedy": remedy, "counts": counts})
    return rows
