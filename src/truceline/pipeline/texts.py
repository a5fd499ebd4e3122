"""The texts of a case that are told to readers, and their translations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from truceline.archive.atomic import replace_file
from truceline.domain.result import Input
from truceline.report.tongue import LANGUAGES, catalogue
from truceline.sources.casefile import Case
from truceline.sources.records import Records
from truceline.sources.translations import (
    file_of,
    parse,
    read_translations,
    refuse_missing,
    updated,
)

OWN = "en"
"""The language that cases are written in."""

TOLD = ("title", "name", "role", "note", "why", "demands", "text", "answer")
"""Fields of the terms that hold words of the case; ``status`` of a proposal as well."""


def case_texts(case: Case, records: Records) -> list[str]:
    """What authors of the case wrote and a page tells, each once, in the order of the case."""
    file = case.file
    found = [file.title, file.summary, file.note_on_counts, *_of_terms(case.agreement)]
    for source in case.sources:
        found.append(source.title)
        found += _reasons(source.options)
    found += [text for area in records.areas for text in (area.name, area.note)]
    found += list(records.regions)
    found += [row.reason for row in records.completeness]
    found += [text for count in records.counts for text in (count.unit, count.note)]
    found += [held.basis for held in records.control]
    found += [one.title for one in file.series]
    found += [one.why for asked in file.series for one in asked.breaks]
    found += [one.why for one in records.truces if one.kind != "truce"]
    return list(dict.fromkeys(text for text in found if text))


def _of_terms(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for item in part.values():
            yield from _of_terms(item)
    elif isinstance(part, tuple):
        for item in part:
            yield from _of_terms(item)
    elif isinstance(part, BaseModel):
        told = (*TOLD, "status") if "proposed_by" in type(part).model_fields else TOLD
        for name in type(part).model_fields:
            value = getattr(part, name)
            if name in told and isinstance(value, str):
                yield value
            else:
                yield from _of_terms(value)


def _reasons(options: object) -> list[str]:
    """Why rows of a source are left out, as its contract says."""
    bad = options.get("known_bad") if isinstance(options, dict) else None
    return list(bad.values()) if isinstance(bad, dict) else []


def translations(
    case: Case, records: Records
) -> tuple[dict[str, dict[str, str]], tuple[Input, ...]]:
    """The texts of the case by language, whole, and the files that they were read from."""
    texts, inputs = {}, []
    for language in case.file.languages:
        if language == OWN:
            continue
        catalogue(language)
        texts[language], source = read_translations(case.folder, language)
        refuse_missing(texts[language], case_texts(case, records), language)
        inputs.append(source)
    return texts, tuple(inputs)


def update_texts(case: Case, records: Records, language: str) -> tuple[Path, int]:
    """Write ``texts.<language>.po`` with every text; returns it and how many are still open."""
    catalogue(language)
    path = case.folder / file_of(language)
    before = parse(path.read_bytes(), path.name, language) if path.is_file() else None
    needed = case_texts(case, records)
    title = f"Texts of the case {case.file.id}, {LANGUAGES[language]}"
    data = updated(before, needed, language, title, case.file.as_of)
    replace_file(path, data)
    after = parse(data, path.name, language)
    return path, sum(not message.string for message in after if message.id)
