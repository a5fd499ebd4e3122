"""A case folder: ``case.toml``, the agreement, and the contracts of its files.

Nothing of the data is read here; what is missing or misspelt is said before that.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from truceline.clock import utc
from truceline.domain.agreement import Agreement, ClockState, Code
from truceline.domain.result import Input
from truceline.errors import BadFile, MissingFile, Where
from truceline.sources.contract import Contract, KindName, NoOptions, OnBadRow, SourceFile
from truceline.sources.files import as_model, missing_data, options_of, parse_toml
from truceline.sources.kinds import KINDS
from truceline.sources.terms import parse_agreement

NEW = "start a folder with `truceline new DIR`"

AT_MOST_ONE = (
    KindName.ACTS,
    KindName.CLASSES,
    KindName.ORIGINS,
    KindName.REGIONS,
    KindName.CONTROL,
)


class Window(Contract):
    """First and last day of the coverage strip, both included."""

    start: date = Field(alias="from")
    until: date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.until < self.start:
            raise ValueError(f"the window ends on {self.until}, before its start {self.start}")
        return self


class Publication(Contract):
    """What may leave the house: internal unless the case says otherwise."""

    internal: bool = True
    delay_days: int = Field(0, ge=0)
    coarsen_km: float = Field(0, ge=0)


class ObjectOpinions(Contract):
    """A column that says whether an object is on the list of one reading."""

    column: str
    reading: Code


class WindowOpinions(Contract):
    """A column of windows, and for each of its values which readings run then."""

    column: str
    values: dict[str, dict[Code, ClockState]]


class CrossChecks(Contract):
    """Opinions of the compilers that are compared with ours: never an input."""

    groups: str = ""
    objects: ObjectOpinions | None = None
    windows: WindowOpinions | None = None


class CaseFile(Contract):
    """``case.toml``."""

    schema_version: Literal["truceline-case/1"] = Field(alias="schema")
    id: Code
    title: str = Field(min_length=1)
    summary: str
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2}$")], ...] = Field(
        ("en",), min_length=1
    )
    note_on_counts: str = Field("", description="how the sides publish; stands beside counts")
    as_of: Annotated[AwareDatetime, AfterValidator(utc)]
    on_bad_row: OnBadRow = "stop"
    window: Window
    publication: Publication = Publication()
    crosschecks: CrossChecks = CrossChecks()


@dataclass(frozen=True)
class Case:
    """A case before its data are read; ``inputs`` are the files that were read for this."""

    folder: Path
    file: CaseFile
    agreement: Agreement
    sources: tuple[SourceFile, ...]
    inputs: tuple[Input, ...]

    def of_kind(self, kind: KindName) -> tuple[SourceFile, ...]:
        """The sources of one kind, by id."""
        return tuple(source for source in self.sources if source.kind == kind)

    def with_quarantine(self) -> Case:
        """The same case, with bad rows set aside instead of stopping the reading."""
        return replace(self, file=self.file.model_copy(update={"on_bad_row": "quarantine"}))


def read_case(folder: Path) -> Case:
    """The case in a folder, with every contract checked and every data file present."""
    if not folder.is_dir():
        raise MissingFile(
            "there is no such folder", Where(str(folder)), expected="a case folder", remedy=NEW
        )
    data = _needed(folder, "case.toml")
    file = as_model(CaseFile, parse_toml(data, "case.toml"), "case.toml")
    terms = _needed(folder, "agreement.yaml")
    agreement = parse_agreement(terms, "agreement.yaml")
    inputs = [
        _input("case", "case", file.title, "case.toml", data),
        _input("agreement", "agreement", agreement.title, "agreement.yaml", terms),
    ]
    sources = []
    for path in sorted((folder / "sources").glob("*.toml")):
        raw = path.read_bytes()
        source = parse_source(raw, path.stem)
        sources.append(source)
        inputs.append(_input(f"{source.id}.toml", "source_file", source.title, source.toml, raw))
    _check_kinds(sources)
    for source in sources:
        _check_inside(folder, source)
    sources.sort(key=lambda source: source.id)
    return Case(folder, file, agreement, tuple(sources), tuple(inputs))


def parse_source(data: bytes, stem: str) -> SourceFile:
    """The contract in ``sources/<stem>.toml``, its options included."""
    name = f"sources/{stem}.toml"
    source = as_model(SourceFile, parse_toml(data, name), name)
    if source.id != stem:
        raise BadFile(
            f"the id is {source.id!r}",
            Where(name, None, "id"),
            expected=f"{stem!r}, as the file is called",
            remedy="rename the file or change the id",
        )
    options_of(source, KINDS[source.kind].options or NoOptions)
    return source


def _needed(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise MissingFile(
            f"{name} is missing",
            Where(str(path)),
            expected=f"{name} in the case folder",
            remedy=NEW,
        )
    return path.read_bytes()


def _input(name: str, kind: str, title: str, path: str, data: bytes) -> Input:
    digest = hashlib.sha256(data).hexdigest()
    return Input(name, kind, title, path, digest, 0, 0, "", "", "", None, False)


def _check_inside(folder: Path, source: SourceFile) -> None:
    path = folder / source.path
    if not path.is_file():
        raise missing_data(source)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise BadFile(
            f"{source.path!r} leads out of the case folder",
            Where(source.toml, None, "path"),
            expected="a file inside the case folder",
            remedy="copy the file into the case",
        )


def _check_kinds(sources: list[SourceFile]) -> None:
    for kind in (KindName.CLAIMS, *AT_MOST_ONE):
        of_kind = [source for source in sources if source.kind == kind]
        needed = kind == KindName.CLAIMS
        if len(of_kind) > 1 or (needed and not of_kind):
            found = ", ".join(source.toml for source in of_kind) or "none"
            raise BadFile(
                f"{len(of_kind)} sources of kind {kind}: {found}",
                Where(of_kind[1].toml if of_kind else "sources", None, "kind"),
                expected=f"{'exactly' if needed else 'at most'} one",
                remedy="merge them into one file" if of_kind else "add the claims of the case",
            )
