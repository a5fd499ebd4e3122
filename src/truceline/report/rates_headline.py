"""What is said of change at the head of a dossier and in its brief."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from truceline.domain.said import Said, said, said_n
from truceline.report.codes_rates import CONCLUSIONS, REFUSALS
from truceline.report.plain import Item

MOST = 4
"""Findings that are told at the head, one for each series."""


def rates_headline(dossier: Item) -> list[Said]:
    """How many questions about change were asked, and how each kind of answer came out."""
    if not dossier["rates"]:
        return []
    return [asked(dossier), *refused(dossier)]


def main_findings(dossier: Item) -> list[Item]:
    """The first finding with numbers of each series, in the order of the case."""
    found: dict[str, Item] = {}
    for finding in dossier["rates"]:
        if finding["ask"] == "change" and finding["conclusion"] != "refused":
            found.setdefault(finding["series"][0], finding)
    return list(found.values())[:MOST]


def asked(dossier: Item) -> Said:
    """All questions by what came of them."""
    n = Counter(finding["conclusion"] for finding in dossier["rates"])
    return said_n(
        "Whether something changed was asked {n} time, of {series} series and every reading: "
        "{parts:clauses}.",
        "Whether something changed was asked {n} times, of {series} series and every reading: "
        "{parts:clauses}.",
        len(dossier["rates"]),
        series=len({name for f in dossier["rates"] for name in f["series"]}),
        parts=[
            said("{conclusion:conclusion} ({n})", conclusion=code, n=n[code])
            for code in CONCLUSIONS
            if n[code]
        ],
    )


def refused(dossier: Item) -> Iterable[Said]:
    """Why questions were refused as a whole, if any were."""
    n = Counter(
        refusal["code"]
        for finding in dossier["rates"]
        for refusal in finding["refusals"]
        if refusal["whole"]
    )
    if n:
        yield said(
            "Refused as a whole because of: {parts:clauses}; each refusal says what would lift it.",
            parts=[
                said("{code:refusal} ({n})", code=code, n=n[code]) for code in REFUSALS if n[code]
            ],
        )
