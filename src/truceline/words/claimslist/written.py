"""Draft rows as the files of a case: claims, the acts and classes coded beside them, contracts.

Nothing is filled in that the words do not tell. A region whose state the registry does not know
is written as "not stated", which the contract of the claims does not explain: reading the case
stops there, with the row, until a person says whose territory it is.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from truceline.words.claimslist.rows import COLUMNS, NOT_STATED, UNPLACED, ClaimRow

ACT_COLUMNS = ("claim", "act", "also_act", "basis", "certainty", "coder_a", "coder_b")
CLASS_COLUMNS = ("object_type", "object_class", "reason")
CODER = "machine draft"
LICENCE = "not stated"
OTHER_SIDE = "other"
"""Side of a claimant that is none of the parties."""


def claims_csv(rows: Iterable[ClaimRow], sides: Mapping[str, str] | None = None) -> bytes:
    """The ledger of claims (UTF-8, lines end with LF), in the order of its contract.

    ``sides`` gives the code of a case for an actor or state ("RUS" -> "RU"); what it does not
    name keeps its own.

    >>> claims_csv([]).decode().split(",")[:3]
    ['claim_id', 'event_date', 'event_time_local']
    """
    known = sides or {}
    cells = [
        replace(
            row,
            accused_side=known.get(row.accused_side, row.accused_side),
            claimant_side=_claimant_side(row, known),
            country_or_control=known.get(row.country_or_control, row.country_or_control),
        )
        for row in rows
    ]
    return _table(COLUMNS, ([str(getattr(row, name)) for name in COLUMNS] for row in cells))


def _claimant_side(row: ClaimRow, known: Mapping[str, str]) -> str:
    return known.get(row.claimant_side, row.claimant_side if not known else OTHER_SIDE)


def acts_csv(rows: Iterable[ClaimRow]) -> bytes:
    """The act of each claim with the words that it rests on; a machine's draft, coded once."""
    return _table(
        ACT_COLUMNS,
        ([r.claim_id, r.act, r.also_act, r.act_basis, r.act_certainty, r.act, CODER] for r in rows),
    )


def classes_csv(rows: Iterable[ClaimRow]) -> bytes:
    """The classes of the object types of some rows; "other" cannot be placed."""
    kinds = sorted({row.object_type for row in rows})
    return _table(
        CLASS_COLUMNS,
        (
            [k, "" if k == UNPLACED else k, "cannot be placed" if k == UNPLACED else "same class"]
            for k in kinds
        ),
    )


def claims_toml(
    rows: Sequence[ClaimRow],
    sides: Mapping[str, str] | None = None,
    path: str = "data/claims.csv",
    data: bytes | None = None,
) -> str:
    """Contract of the ledger: its hash, its days, its number of rows, whose territory it names."""
    data = claims_csv(rows, sides) if data is None else data
    known = sides or {}
    states = {known.get(r.country_or_control, r.country_or_control) for r in rows}
    days = sorted({row.event_date for row in rows if row.event_date})
    text = _contract("claims", "Claims of a list, drafted by a machine", path, data, len(rows))
    if days:
        text += f"span = [{days[0]}, {days[-1]}]\n"
    text += "\n[options.control]\n# Whose territory it is; who holds it is not told.\n"
    for state in sorted(states - {NOT_STATED}):
        text += f"{json.dumps(state)} = {{ territory = {json.dumps(state)} }}\n"
    return text


def claims_files(
    rows: Sequence[ClaimRow], sides: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """The files that a case needs for its claims, by their path in it."""
    made = {
        "claims": (claims_csv(rows, sides), len(rows)),
        "acts": (acts_csv(rows), len(rows)),
        "classes": (classes_csv(rows), len({row.object_type for row in rows})),
    }
    files = {f"data/{name}.csv": data for name, (data, _) in made.items()}
    for name, title in (("acts", "Acts of the claims"), ("classes", "Classes of the objects")):
        data, n_rows = made[name]
        title += ", drafted by a machine"
        contract = _contract(name, title, f"data/{name}.csv", data, n_rows)
        files[f"sources/{name}.toml"] = contract.encode()
    files["sources/claims.toml"] = claims_toml(rows, sides).encode()
    return files


def _contract(name: str, title: str, path: str, data: bytes, n_rows: int) -> str:
    return (
        "# Drafted by a machine from the words of a list; no row has been checked by a person.\n"
        f'id = "{name}"\nkind = "{name}"\ntitle = "{title}"\npath = "{path}"\n'
        f'licence = "{LICENCE}"\nattribution = ""\n'
        f'sha256 = "{hashlib.sha256(data).hexdigest()}"\n'
        f'rows = {{ min = {n_rows}, max = {n_rows}, reason = "one draft, fixed by its hash" }}\n'
    )


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([" ".join(cell.split()) for cell in row] for row in rows)
    return stream.getvalue().encode()
