"""The matrix of readings, accused parties and verdicts, once for page and terminal."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.report.codes import DOUBLE_NOTE, REASONS, VERDICTS
from truceline.report.plain import Item, names_in
from truceline.report.words import listed, say, side_name


def matrix_rows(dossier: Item) -> list[Item]:
    """One row per reading and accused party: readings as listed, parties by code.

    ``verdicts`` adds up to ``of``, the number of incidents in which the party is accused;
    ``because`` says why, with the first reason of each verdict.
    """
    names = names_in(dossier)
    return [
        _row(dossier, names, reading, party)
        for reading in dossier["agreement"]["readings"]
        for party in sorted(dossier["agreement"]["parties"])
    ]


def _row(dossier: Item, names: dict[str, str], reading: Item, party: str) -> Item:
    counts = [
        count
        for count in dossier["counts"]
        if count["reading"] == reading["id"] and count["party"] == party
    ]
    made = [claims for claims in dossier["claims_made"] if claims["accused"] == party]
    return {
        "reading": reading["id"],
        "reading_title": reading["title"],
        "stated_by": side_name(names, reading["stated_by"]),
        "party": party,
        "party_name": names[party],
        "claims_made_by": [
            {
                "side": c["claimant_side"],
                "kind": c["kind"],
                "name": _maker(c, names),
                "n": c["n"],
            }
            for c in made
        ],
        "unit": "incident",
        "of": counts[0]["of"] if counts else 0,
        "verdicts": {
            verdict: sum(count["n"] for count in counts if count["verdict"] == verdict)
            for verdict in VERDICTS
        },
        "falls_under": _falls_under(dossier, reading["id"], party),
        "because": [
            {"verdict": count["verdict"], "because": count["because"], "n": count["n"]}
            for count in counts
        ],
    }


def _falls_under(dossier: Item, reading: str, party: str) -> Item:
    """What is neither outside the clock nor outside the scope of a reading.

    ``n_open`` of the incidents fall under it only if what the reading itself leaves open is
    answered so.  ``n_claims`` counts the accounts that accuse the party.
    """
    inside = [
        (incident, a)
        for incident in dossier["incidents"]
        for a in incident["assessments"]
        if a["reading"] == reading
        and a["party"] == party
        and a["verdict"] not in ("not_in_force", "out_of_scope")
    ]
    return {
        "n": len(inside),
        "n_open": sum("disputed_terms" in (a["because"], *a["also"]) for _, a in inside),
        "n_claims": sum(
            account["accused"] == party
            for incident, _ in inside
            for account in incident["accounts"]
        ),
    }


def _maker(claims: Item, names: dict[str, str]) -> str:
    name = side_name(names, claims["claimant_side"])
    return f"{name} itself, that it acted" if claims["kind"] == "admission" else name


def tell_matrix(dossier: Item) -> str:
    """The matrix as text for a terminal, with its notes."""
    lines: list[str] = []
    reading = None
    for row in matrix_rows(dossier):
        if row["reading"] != reading:
            reading = row["reading"]
            lines.append(
                f"Reading {reading}: {row['reading_title']} (stated by {row['stated_by']})"
            )
        lines += _tell_row(row)
    notes = [DOUBLE_NOTE, dossier["publication_note"]]
    return "\n".join([*lines, *notes])


def _tell_row(row: Item) -> Iterator[str]:
    made = listed(f"{c['name']} ({c['n']})" for c in row["claims_made_by"]) or "nobody"
    yield f"  {row['party_name']} accused in {row['of']} incidents; claims made by {made}"
    for verdict, label in VERDICTS.items():
        why = [
            f"{say(b['because'], REASONS)} {b['n']}"
            for b in row["because"]
            if b["verdict"] == verdict
        ]
        told = f": {'; '.join(why)}" if why else ""
        yield f"    {label:<20} {row['verdicts'][verdict]:>4} of {row['of']}{told}"
