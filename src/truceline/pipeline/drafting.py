"""``truceline read … --draft``: from statements to a case that runs, until a person signs it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from truceline.archive.atomic import replace_file
from truceline.archive.reading import Reading
from truceline.archive.texts import csv_bytes, printable
from truceline.domain.words import Document, Item
from truceline.errors import BadInput, Where
from truceline.sources.casefile import read_case
from truceline.sources.statements import STATEMENTS
from truceline.sources.terms import parse_agreement
from truceline.sources.termsfile import tell_terms
from truceline.words.actors import Registry
from truceline.words.claimslist import ClaimRow, claims_csv, claims_files
from truceline.words.draft import Drafted, draft_agreement
from truceline.words.draft_parts import sides_of
from truceline.words.draft_told import told

TERMS, CASE = "agreement.yaml", "case.toml"
OURS = frozenset(
    f"{folder}/{name}.{end}"
    for name in ("statements", "claims", "acts", "classes")
    for folder, end in (("data", "csv"), ("sources", "toml"))
)
"""Files of a drafted case beside the terms and the case file."""

LICENCE = "user's own documents, not for redistribution"
AROUND_D = 7
"""Days before the first and after the last day in question that the coverage shows."""

SEAL = b"\n# as drafted: "

OTHER = "other"
"""Side of a statement that no party and no third party has made."""

IGNORED = """\
# Texts of others, and what quotes them at length, stay out of version control.
texts/
documents/
statements.jsonl
review.html
out/
"""

HEAD = """\
DRAFT: made by a machine from {n} statements in documents. Nothing is judged by it until a person
has read it, has corrected it, and signs, by one more line at the left edge, like `draft`:

signed: {{by: Your Name, on: YYYY-MM-DD}}

`source` names the statements that a line rests on; data/statements.csv says where each stands.
Where a comment says `not stated`, no statement tells it: what stands there waits for a person.
"""


def write_draft(
    path: Path,
    reading: Reading,
    registry: Registry,
    claims: Sequence[ClaimRow] = (),
    as_of: date | None = None,
) -> list[Path]:
    """Write the draft and the case around it; returns the files, the terms last.

    ``claims`` are the rows of lists that were read as well; without them data/claims.csv is empty.
    ``as_of`` is the day on whose beginning (UTC) the case stands; without one it is the day after
    the last document.  Raises ``BadInput``, before anything is written, where the folder holds
    another case, edited or signed terms, and where no agreement can be drafted.
    """
    _refuse(path)
    drafted = draft_agreement(reading.items, reading.documents, registry)
    made = _Made(drafted, reading, as_of)
    terms = tell_terms(_marked(drafted, reading), list(_head(drafted, made.documents)))
    terms += _seal(terms)
    parse_agreement(terms, path.name)
    files = {
        CASE: made.case(),
        "data/statements.csv": made.statements(),
        **made.claims(claims),
    }
    files |= {
        "sources/statements.toml": made.contract("statements", files["data/statements.csv"]),
        "sources/claims.toml": made.contract("claims", files["data/claims.csv"]),
    }
    if not (path.parent / ".gitignore").exists():
        files[".gitignore"] = IGNORED.encode()
    files[path.name] = terms
    written = [path.parent / name for name in files]
    for name, data in files.items():
        (path.parent / name).parent.mkdir(parents=True, exist_ok=True)
        replace_file(path.parent / name, data)
    read_case(path.parent)
    return written


def statements_sha256(items: Sequence[Item]) -> str:
    """Hash of ``statements.jsonl`` as reading writes it."""
    lines = "".join(f"{item.model_dump_json()}\n" for item in items)
    return hashlib.sha256(lines.encode()).hexdigest()


# --- what must not be overwritten ---------------------------------------------------------------


def _refuse(path: Path) -> None:
    if path.name != TERMS:
        raise BadInput(
            f"the draft would be called {path.name}",
            Where(str(path)),
            expected=f"a path that ends in {TERMS}: a case folder holds its terms under that name",
            remedy=f"write --draft {path.with_name(TERMS) if path.suffix else path / TERMS}",
        )
    folder = path.parent
    if path.is_file():
        data = path.read_bytes()
        before = parse_agreement(data, str(path))
        if not before.unsigned:
            what = "is signed" if before.signed else "was written by a person"
            raise _taken(path, f"the agreement there {what}")
        if not data.endswith(_seal(data[: data.rfind(SEAL)])):
            raise _taken(path, "a person has edited the draft there")
    elif (folder / CASE).exists() or any((folder / name).exists() for name in OURS):
        raise _taken(path, "the folder holds a case already")
    inside = (folder / "sources").iterdir() if (folder / "sources").is_dir() else ()
    if strangers := sorted(p.name for p in inside if f"sources/{p.name}" not in OURS):
        raise _taken(path, f"its folder `sources` holds {', '.join(strangers[:3])}")


def _seal(terms: bytes) -> bytes:
    """The last line of a draft: a draft that was edited since no longer agrees with it."""
    return SEAL + hashlib.sha256(terms).hexdigest().encode() + b"\n"


def _taken(path: Path, what: str) -> BadInput:
    return BadInput(
        f"{what}; nothing was written",
        Where(str(path)),
        expected="a new folder, or one with an earlier draft that nobody has edited or signed",
        remedy="name another folder with --draft",
    )


# --- terms --------------------------------------------------------------------------------------


def _marked(drafted: Drafted, reading: Reading) -> dict[str, Any]:
    """The terms with the mark of a draft behind their title."""
    engines = ", ".join(sorted({item.engine for item in drafted.cited}))
    mark = {"by": f"truceline {engines}", "statements": statements_sha256(reading.items)}
    terms: dict[str, Any] = {}
    for key, value in drafted.terms.items():
        terms[key] = value
        if key == "title":
            terms["draft"] = mark
    return terms


def _head(drafted: Drafted, documents: Mapping[str, Document]) -> Iterator[str]:
    """What stands on top of the file: how to sign, the gaps, the statements in their words."""
    yield from HEAD.format(n=len(drafted.cited)).splitlines()
    if drafted.gaps:
        yield ""
        yield "Left out, or to be decided by a person:"
        yield from (f"- {gap}" for gap in drafted.gaps)
    yield ""
    yield "The statements in their words:"
    for item in drafted.cited:
        yield f"- {item.id}: {told(item, documents[item.document], words=True)}"


# --- the case around them -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Made:
    """The files around the terms, made from the same statements."""

    drafted: Drafted
    reading: Reading
    asked: date | None

    @property
    def documents(self) -> dict[str, Document]:
        return {document.sha256: document for document in self.reading.documents}

    @property
    def n_documents(self) -> str:
        """How many documents, in words of a title."""
        n = len(self.reading.documents)
        return f"{n} document{'s' if n != 1 else ''}"

    @property
    def dates(self) -> list[date]:
        """Days of the documents, in order."""
        return sorted(date.fromisoformat(d.dated) for d in self.reading.documents if d.dated)

    @property
    def as_of(self) -> date:
        """The day on whose beginning everything is known."""
        if self.asked:
            return self.asked
        if not self.dates:
            raise BadInput(
                "no document states its day, so that nothing tells when the case stands",
                expected="a day in at least one document",
                remedy="name it with --dated YYYY-MM-DD",
            )
        return self.dates[-1] + timedelta(days=1)

    def case(self) -> bytes:
        """``case.toml``: the window reaches around the clocks as far as something is known."""
        clocks = [reading["clock"] for reading in self.drafted.terms["readings"]]
        days = [*self.dates, *(c[key] for c in clocks for key in ("from", "until") if key in c)]
        days = [day for day in days if abs((day - self.as_of).days) <= MAX_AWAY_D] or [self.as_of]
        around = timedelta(days=AROUND_D)
        return _toml(
            {
                "schema": "truceline-case/1",
                "id": "drafted",
                "title": f"Drafted from {self.n_documents}",
                "summary": "Terms and statements were drafted by a machine from documents. "
                "Until a person signs the terms, nothing is judged by them.",
                "languages": ["en"],
                "on_bad_row": "quarantine",
            },
            f"as_of = {self.as_of}T00:00:00Z",
            "",
            "[window]",
            f"from = {min(days) - around}",
            f"until = {max(days) + around}",
        )

    def statements(self) -> bytes:
        """The ledger of the statements that the terms cite, in our words."""
        return csv_bytes(
            (*STATEMENTS.take, *STATEMENTS.ignore), [self._row(item) for item in self.drafted.cited]
        )

    def _row(self, item: Item) -> dict[str, object]:
        document = self.documents[item.document]
        day = document.dated or (self.as_of - timedelta(days=1)).isoformat()
        name = printable(document.name)
        spans = ", ".join(f"{span.start}-{span.end}" for span in item.content)
        return {
            "id": item.id,
            "date": document.dated,
            "speaker": item.speaker.actor,
            "institution": item.speaker.actor.partition(":")[2],
            "side": self._side(item),
            "act": item.kind.value,
            "about": told(item, document),
            "clause_topic": _topic(item),
            "source_url": "",
            "source_outlet": document.medium,
            "source_date": day,
            "language": item.language or document.language,
            "notes": f"{name}, characters {spans}; {item.rule}; {item.review.state}",
        }

    def _side(self, item: Item) -> str:
        sides = sides_of(item.speaker.actor) or sides_of(self.documents[item.document].medium)
        terms = self.drafted.terms
        known = {*terms["parties"], *terms.get("third_parties", {})}
        return sides[0] if len(sides) == 1 and sides[0] in known else OTHER

    def claims(self, rows: Sequence[ClaimRow]) -> dict[str, bytes]:
        """The ledger of claims with the acts and classes beside it, in the codes of the parties.

        A row whose side or territory is no party's is set aside when the case is read, and shown.
        """
        terms = self.drafted.terms
        codes = {code: code for code in (*terms["parties"], *terms.get("third_parties", {}))}
        return claims_files(rows, codes) if rows else {"data/claims.csv": claims_csv([])}

    def contract(self, name: str, data: bytes) -> bytes:
        """The contract of one data file."""
        base: dict[str, Any] = {
            "id": name,
            "kind": name,
            "title": f"{name.capitalize()} read by a machine from {self.n_documents}",
            "path": f"data/{name}.csv",
            "licence": LICENCE,
            "attribution": printable(", ".join(d.name for d in self.reading.documents)),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        least = 'rows = { min = 0, max = 100000, reason = "as many as the documents hold" }'
        if name == "claims":
            parties = self.drafted.terms["parties"]
            names = {v: c for c, party in parties.items() for v in (c, party["name"])}
            control = [f'{json.dumps(v)} = {{ territory = "{c}" }}' for v, c in names.items()]
            return _toml(base, least, "", "[options.control]", *control)
        cited = self.drafted.cited
        options = {
            "acts": sorted({item.kind.value for item in cited}),
            "topics": sorted({_topic(item) for item in cited}),
            "other_sides": [OTHER],
        }
        return _toml(base, least, "", "[options]", *_lines(options))


MAX_AWAY_D = 1_000
"""Days from the as-of beyond which a date is no date of this case: a plan, a year of history."""


def _topic(item: Item) -> str:
    return next(iter((*item.object_classes, *item.scope.acts)), "terms")


def _lines(values: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]


def _toml(values: Mapping[str, Any], *more: str) -> bytes:
    """TOML: strings and lists of JSON are TOML as well."""
    return ("\n".join([*_lines(values), *more]) + "\n").encode()
