"""What was read, as text: inputs, notes, rows set aside, and checks that disagree."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.report.plain import Item


def tell_inputs(dossier: Item) -> str:
    """One line for each file with its rows, then everything a person should look at."""
    return "\n".join(_lines(dossier))


def _lines(dossier: Item) -> Iterator[str]:
    yield f"{dossier['case']}, as of {dossier['as_of']}"
    width = max(len(source["path"]) for source in dossier["inputs"])
    for source in dossier["inputs"]:
        aside = f", {source['quarantined']} set aside" if source["quarantined"] else ""
        yield f"  {source['path']:<{width}}  {source['rows']} rows{aside}"
        yield from (f"  {'':<{width}}  note: {note}" for note in source["notes"])
    later = dossier["n_claims_not_yet_known"]
    if later:
        yield f"{later} claims were not yet known then"
    for row in dossier["quarantine"]:
        yield f"set aside: {row['source']}, line {row['line']}, {row['field']}: {row['what']}"
    if not dossier["checks"]:
        yield "no cross-check disagrees"
    for check in dossier["checks"]:
        rows = f" ({', '.join(check['rows'])})" if check["rows"] else ""
        yield f"{check['code']}: {check['text']}{rows}"
