"""A result becomes a dossier folder: built whole, sealed, then put in place at once."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from truceline import __version__
from truceline.archive.atomic import MANIFEST, prepare, publish, refuse_overlap
from truceline.archive.seal import DOSSIER, SIDECAR, Status, digest, make_manifest, sidecar, verify
from truceline.domain.result import Input, Result
from truceline.errors import BadInput, NotADossier
from truceline.ledger.embedded import Engine
from truceline.report.brief import tell_brief
from truceline.report.dossier import SCHEMA, build_dossier, dossier_json, parameters
from truceline.report.incidents import ODBL_FILE
from truceline.report.page import PAGE, tell_page
from truceline.report.pdf import tell_pdf
from truceline.report.plain import Item
from truceline.report.tables import (
    ASSESSMENT_TYPES,
    areas_odbl,
    assessments_csv,
    assessments_rows,
    incidents_geojson,
    protected_objects_odbl,
    quarantine_csv,
)
from truceline.report.tongue import in_language
from truceline.settings import Settings

BRIEF = "brief.md"
PDF = "dossier.pdf"
MOST_ON_PAPER = 400
"""Incidents of one PDF; time and memory grow with it (about 8 MB for each)."""
AREAS_FILE = "areas.odbl.geojson"
OURS = "CC-BY-4.0"


@dataclass(frozen=True)
class Written:
    """A dossier on disk, with the digest that a stranger can be told."""

    folder: Path
    dossier: Item
    digest: str
    warnings: tuple[str, ...] = ()


def prepare_out(case_folder: Path, out: Path) -> list[str]:
    """Refuse a folder that is not ours to write before any work is done; returns warnings."""
    refuse_overlap(case_folder, out)
    return prepare(out)


def write_dossier(
    result: Result, case_folder: Path, out: Path, settings: Settings, pdf: bool = False
) -> Written:
    """Write all files of a dossier, with ``pdf`` one more page for each language.

    What was there stays as it was if anything fails.
    """
    dossier = build_dossier(result, __version__)
    rows = assessments_rows(dossier)
    areas = areas_odbl(result)
    files = {
        DOSSIER: dossier_json(dossier),
        **_told(dossier, json.loads(areas), pdf),
        "incidents.geojson": incidents_geojson(dossier),
        "assessments.csv": assessments_csv(rows),
        "assessments.parquet": _parquet(rows, settings),
        "quarantine.csv": quarantine_csv(dossier),
        ODBL_FILE: protected_objects_odbl(result),
        AREAS_FILE: areas,
    }
    manifest = make_manifest(
        result.case_id,
        result.as_of,
        __version__,
        parameters(result),
        result.inputs,
        files,
        _licences(files, result.inputs),
    )
    way = {MANIFEST: manifest, SIDECAR: sidecar(out, case_folder)}
    warnings = publish({**files, **way}, out)
    return Written(out, dossier, digest(manifest), tuple(warnings))


def _told(dossier: Item, outlines: Item, pdf: bool) -> dict[str, bytes]:
    """Page and brief in every language of the case."""
    if pdf and len(dossier["incidents"]) > MOST_ON_PAPER:
        raise BadInput(
            f"{len(dossier['incidents'])} incidents are too many for a PDF",
            expected=f"up to {MOST_ON_PAPER}: paper holds about two incidents on three pages",
            remedy="leave out --pdf, and print a selection from the page",
        )
    files = {}
    for language in dossier["languages"]:
        files[in_language(PAGE, language)] = tell_page(dossier, outlines, language).encode()
        files[in_language(BRIEF, language)] = tell_brief(dossier, language).encode()
        if pdf:
            paper = tell_page(dossier, outlines, language, paper=True)
            files[in_language(PDF, language)] = tell_pdf(paper)
    return files


def _parquet(rows: Sequence[Item], settings: Settings) -> bytes:
    with (
        tempfile.TemporaryDirectory() as folder,
        Engine(settings.engine_memory, 1) as engine,
    ):
        path = Path(folder) / "assessments.parquet"
        engine.parquet(ASSESSMENT_TYPES, rows, path)
        return path.read_bytes()


def _licences(files: Mapping[str, bytes], inputs: Sequence[Input]) -> dict[str, tuple[str, str]]:
    """What derives from open databases stays apart; all else is ours, with their attribution."""

    def lines(separate: bool) -> str:
        kept = [i.attribution for i in inputs if i.separate is separate and i.attribution]
        return "; ".join(dict.fromkeys(kept))

    ours = (OURS, "; ".join(filter(None, ("Truceline", lines(separate=False)))))
    licences = dict.fromkeys(i.licence for i in inputs if i.separate)
    theirs = ("; ".join(licences), lines(separate=True)) if licences else ours
    return {name: theirs if name in (ODBL_FILE, AREAS_FILE) else ours for name in files}


def read_dossier(folder: Path) -> Item:
    """The content of ``dossier.json`` in a folder that a run wrote; `verify` checks its bytes."""
    path = folder / DOSSIER
    remedy = "name the folder that a run wrote"
    if not path.is_file():
        raise NotADossier(f"{folder} holds no {DOSSIER}", remedy=remedy)
    try:
        dossier = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotADossier(f"{path} cannot be read: {error}", remedy=remedy) from error
    if not isinstance(dossier, dict) or dossier.get("schema") != SCHEMA:
        raise NotADossier(f"{path} is not a {SCHEMA}", remedy=remedy)
    return dossier


def is_sealed(folder: Path) -> bool:
    """Whether ``dossier.json`` in a folder is what the manifest beside it names."""
    items = verify(folder, outputs_only=True)
    return all(item.status is Status.OK for item in items if item.what in (MANIFEST, DOSSIER))
