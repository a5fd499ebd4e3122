"""Agreements of cases written as rows of other databases, with what does not map beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from truceline.archive.atomic import refuse_overlap, replace_file
from truceline.errors import BadInput, Where
from truceline.report.agreement_rows import FORMATS, agreement_rows, agreements_csv
from truceline.report.agreement_unmapped import unmapped_csv, unmapped_rows
from truceline.report.plain import Item
from truceline.sources.casefile import read_case
from truceline.sources.records import Records, read_records


@dataclass(frozen=True)
class Exported:
    """The rows of all cases and the companion list of what does not map, in one format."""

    form: str
    rows: tuple[Item, ...]
    unmapped: tuple[Item, ...]


def export_agreements(folders: Sequence[Path], form: str) -> Exported:
    """Rows of the agreements in some case folders, in their order.

    Terms are those of the latest edition.  The same agreement in two folders is a ``BadInput``:
    its rows would stand twice; so is a machine's draft that nobody has signed: in a database of
    agreements it would stand as one.
    """
    rows: list[Item] = []
    unmapped: list[Item] = []
    first: dict[str, Path] = {}
    for folder in folders:
        case = read_case(folder)
        if case.agreement.id in first:
            raise BadInput(
                f"{first[case.agreement.id]} has the agreement {case.agreement.id!r} as well",
                Where(str(folder / "agreement.yaml"), field="id"),
                expected="every agreement once",
                remedy="name one of the two folders, or give one of the two another id",
            )
        if case.agreement.unsigned:
            raise BadInput(
                "the terms are a machine’s draft that nobody has signed",
                Where(str(folder / "agreement.yaml"), field="signed"),
                expected="terms that a person answers for",
                remedy="read and correct them, then sign: `signed: {by: NAME, on: DATE}`",
            )
        first[case.agreement.id] = folder
        addresses = _addresses(read_records(case))
        left = unmapped_rows(case.agreement, form, addresses)
        rows += agreement_rows(case.agreement, form, addresses, len(left))
        unmapped += left
    return Exported(form, tuple(rows), tuple(unmapped))


def _addresses(records: Records) -> dict[str, tuple[str, ...]]:
    found = {row.id: row.sources for row in records.statements}
    return found | {row.id: row.sources for row in records.milestones}


def companion(path: Path) -> Path:
    """Where the list of what does not map goes.

    >>> companion(Path("rows.csv")).name
    'rows.unmapped.csv'
    """
    return path.with_name(f"{path.stem}.unmapped.csv")


def write_agreements(found: Exported, folders: Sequence[Path], out: Path) -> tuple[Path, Path]:
    """Write both files; one that no export has written is never replaced."""
    beside = companion(out)
    files = {
        out: agreements_csv(found.form, found.rows),
        beside: unmapped_csv(found.unmapped),
    }
    for folder in folders:
        refuse_overlap(folder, out)
    _refuse_foreign(out, [agreements_csv(form, ()) for form in FORMATS])
    _refuse_foreign(beside, [unmapped_csv(())])
    out.parent.mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        replace_file(path, data)
    return out, beside


def _refuse_foreign(path: Path, headers: Sequence[bytes]) -> None:
    if path.is_dir():
        raise BadInput(
            "this is a folder",
            Where(str(path)),
            expected="a file",
            remedy="name a file with --out",
        )
    if path.exists() and not path.read_bytes().startswith(tuple(headers)):
        raise BadInput(
            "this is no file of an earlier export, and is not replaced",
            Where(str(path)),
            expected="a new file, or one that begins with the columns of the export",
            remedy="name another file with --out",
        )
