"""A case folder: ``case.toml``, the agreement, and the contracts of its files.

Nothing of the data is read here; what is missing or misspelt is said before that.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from truceline.domain.agreement import Agreement
from truceline.domain.result import Input
from truceline.errors import BadFile, MissingFile, Where
from truceline.sources.asked import check_asked
from truceline.sources.casetoml import CaseFile
from truceline.sources.contract import KindName, NoOptions, SourceFile
from truceline.sources.files import (
    as_model,
    missing_data,
    options_of,
    parse_toml,
    read_needed,
    read_small,
)
from truceline.sources.kinds import KINDS
from truceline.sources.names import check_names
from truceline.sources.terms import parse_agreement

NEW = "start a folder with `truceline new DIR`"

AT_MOST_ONE = (
    KindName.CLAIMS,
    KindName.ACTS,
    KindName.CLASSES,
    KindName.ORIGINS,
    KindName.COUNTS,
    KindName.REGIONS,
    KindName.CONTROL,
)

ONE_OF = (
    KindName.CLAIMS,
    KindName.EVENTS_UCDP,
    KindName.DAILY_COUNTS,
    KindName.DAILY_CASUALTIES,
    KindName.HEAT,
)
"""What a case can be about: it has at least one of these."""


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
    for path in _contracts(folder):
        raw = read_small(path, f"sources/{path.name}")
        source = parse_source(raw, path.stem)
        sources.append(source)
        inputs.append(_input(f"{source.id}.toml", "source_file", source.title, source.toml, raw))
    _check_kinds(sources)
    check_names(file.crosschecks, agreement, sources)
    check_asked(file.series, file.questions, sources, tuple(agreement.parties))
    _check_paths(folder, sources)
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
    return read_needed(folder, name, expected=f"{name} in the case folder", remedy=NEW)


def _contracts(folder: Path) -> list[Path]:
    """The contracts of a case.  What else lies beside them would not be read: it is refused."""
    if not (folder / "sources").is_dir():
        return []
    paths = sorted((folder / "sources").iterdir())
    for path in paths:
        if path.suffix != ".toml" or not path.is_file():
            what = "a folder" if path.is_dir() else "no contract"
            raise BadFile(
                f"this is {what}, and would not be read",
                Where(f"sources/{path.name}"),
                expected="files called `<id>.toml`, in small letters, and nothing else",
                remedy="rename it, or move it out of `sources`",
            )
    return paths


def _input(name: str, kind: str, title: str, path: str, data: bytes) -> Input:
    digest = hashlib.sha256(data).hexdigest()
    return Input(name, kind, title, path, digest, 0, 0, "", "", "", None, False)


def _check_paths(folder: Path, sources: list[SourceFile]) -> None:
    """Every data file is there, inside the case, and named by one contract alone."""
    first: dict[Path, SourceFile] = {}
    for source in sources:
        path = folder / source.path
        if not path.is_file():
            raise missing_data(folder, source)
        if not path.resolve().is_relative_to(folder.resolve()):
            raise BadFile(
                f"{source.path!r} leads out of the case folder",
                Where(source.toml, None, "path"),
                expected="a file inside the case folder",
                remedy="copy the file into the case",
            )
        other = first.setdefault(path.resolve(), source)
        if other is not source:
            raise BadFile(
                f"{source.path!r} is the file that {other.toml} names already",
                Where(source.toml, None, "path"),
                expected="every data file in one contract",
                remedy="remove one of the two contracts, or correct its path",
            )


def _check_kinds(sources: list[SourceFile]) -> None:
    for kind in AT_MOST_ONE:
        of_kind = [source for source in sources if source.kind == kind]
        if len(of_kind) > 1:
            found = ", ".join(source.toml for source in of_kind)
            raise BadFile(
                f"{len(of_kind)} sources of kind {kind}: {found}",
                Where(of_kind[1].toml, None, "kind"),
                expected="at most one",
                remedy="merge them into one file",
            )
    if not any(source.kind in ONE_OF for source in sources):
        raise BadFile(
            "the case has nothing to assess: no claims, no events, no daily counts, no fires",
            Where("sources", None, "kind"),
            expected=f"a source of at least one of the kinds {', '.join(ONE_OF)}",
            remedy="add the claims or the counts that the case is about",
        )
