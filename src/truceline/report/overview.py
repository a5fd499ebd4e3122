"""What was read, as text: inputs, notes, rows set aside, and checks that disagree."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.report.plain import Item

TERMS_AND_CONTRACTS = ("case", "agreement", "source_file")
"""Inputs that have no rows of their own."""


def tell_inputs(dossier: Item) -> str:
    """One line for each file with its rows, then everything a person should look at."""
    return "\n".join(_lines(dossier))


def _lines(dossier: Item) -> Iterator[str]:
    yield f"{dossier['case']}, as of {dossier['as_of']}"
    width = max(len(source["path"]) for source in dossier["inputs"])
    read = [source for source in dossier["inputs"] if source["kind"] not in TERMS_AND_CONTRACTS]
    for source in read:
        aside = f", {source['quarantined']} set aside" if source["quarantined"] else ""
        yield f"  {source['path']:<{width}}  {source['rows']} rows{aside}"
        yield from (f"  {'':<{width}}  note: {note}" for note in source["notes"])
    later = dossier["n_claims_not_yet_known"]
    if later:
        yield f"{later} claims were not yet known then"
    for row in dossier["quarantine"]:
        yield f"set aside: {row['source']}, line {row['line']}, {row['field']}: {row['what']}"
    for link in dossier["links"]:
        if link["judgement"] == "maybe":
            told = f"{link['first']} and {link['second']}, score {link['score']}"
            yield f"may be one event, a person should look: {told}"
    if not dossier["checks"]:
        yield "no cross-check disagrees"
    for check in dossier["checks"]:
        rows = f" ({', '.join(check['rows'])})" if check["rows"] else ""
        yield f"{check['code']}: {check['text']}{rows}"
