"""Published counts of others, with what this edition holds for the same window and accused."""

from __future__ import annotations

from datetime import date

from truceline.report.plain import Item, days, overlaps, within


def counts_beside(dossier: Item) -> list[Item]:
    """Every published count in the order of the timeline, each with ours beside it.

    Ours are incidents in which the same party is accused and whose time lies in the window;
    those whose time only may lie in it are told apart.  A window without an end runs to the
    end of the day of the statement.  Without a window there is nothing to set beside it.
    """
    speakers = {statement["id"]: statement for statement in dossier["statements"]}
    return [
        {
            **entry,
            "coded": [
                {
                    **coded,
                    "speaker": speakers.get(coded["statement"]),
                    "ours": _ours(dossier, entry, coded),
                }
                for coded in entry["coded"]
            ],
        }
        for entry in dossier["timeline"]["counts"]
    ]


def _ours(dossier: Item, entry: Item, coded: Item) -> Item | None:
    last = coded["until"] or entry["on"]
    if coded["from"] is None or last is None:
        return None
    window = days(date.fromisoformat(coded["from"]), date.fromisoformat(last))
    n_within = n_maybe = n_breach = 0
    for incident in dossier["incidents"]:
        if coded["accused"] not in incident["accused"]:
            continue
        if within(incident["occurred"], window):
            n_within += 1
        elif overlaps(incident["occurred"], window):
            n_maybe += 1
        else:
            continue
        n_breach += any(
            a["party"] == coded["accused"] and a["verdict"] == "breach_indicated"
            for a in incident["assessments"]
        )
    return {
        "from": coded["from"],
        "until": last,
        "n_within": n_within,
        "n_maybe": n_maybe,
        "n_breach": n_breach,
    }
