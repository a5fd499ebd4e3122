"""A daily report: two editions of a case, a day apart, told in every language of the case."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from truceline import __version__
from truceline import thresholds as t
from truceline.archive.atomic import MANIFEST, refuse_overlap, replace_file
from truceline.archive.texts import pretty_json
from truceline.clock import midnight, stamp
from truceline.errors import BadInput
from truceline.pipeline.run import assess_case
from truceline.pipeline.update import asking, read_case_records
from truceline.report.daily import daily_data, tell_daily
from truceline.report.dossier import build_dossier
from truceline.report.plain import Item
from truceline.report.tongue import in_language
from truceline.settings import Settings
from truceline.sources.casefile import Case
from truceline.sources.records import Stage, silent

FORMS = ("html", "md")


def daily_editions(
    case: Case, day: date, settings: Settings, stage: Stage = silent
) -> tuple[Item, Item]:
    """The dossiers of the morning after a UTC day and of the morning before.

    A day of which the case cannot know the end, or one before anything was known, is a
    ``BadInput``.
    """
    hour = timedelta(hours=t.DAILY_AT_H)
    window = case.file.window
    after, before = midnight(day + timedelta(days=1)) + hour, midnight(day) + hour
    if after > case.file.as_of:
        raise BadInput(
            f"the morning after {day} lies after {stamp(case.file.as_of)}, when this case ends",
            expected=f"a day up to {(case.file.as_of - hour - timedelta(days=1)).date()}",
            remedy="name an earlier day, or move `as_of` in case.toml once later records are in",
        )
    stage("read")
    with asking(settings) as ask:
        records = read_case_records(case, settings, ask, stage)
    now, then = (
        build_dossier(assess_case(case, settings, moment, stage, records), __version__)
        for moment in (after, before)
    )
    if not (now["incidents"] or now["statements"] or now["timeline"]["milestones"]):
        raise BadInput(
            f"nothing was known yet on the morning after {day}: {stamp(after)}",
            expected="a day from the first record of the case on",
            remedy=f"name a later day; the case looks at {window.start} to {window.until}",
        )
    return now, then


def write_daily(case: Case, day: date, out: Path, editions: tuple[Item, Item]) -> list[Path]:
    """Write the report of a day as JSON, HTML and Markdown; other files stay as they are.

    A dossier folder is refused: what is in it is sealed.
    """
    refuse_overlap(case.folder, out)
    if (out / MANIFEST).exists():
        raise BadInput(
            f"{out} is a dossier; a report there would be no part of its manifest",
            expected="a folder beside the dossier",
            remedy="name another folder with --out",
        )
    out.mkdir(parents=True, exist_ok=True)
    now, before = editions
    files = {f"daily-{day}.json": pretty_json(daily_data(now, before, day))}
    for form in FORMS:
        name = f"daily-{day}.{form}"
        for language in now["languages"]:
            told = tell_daily(now, before, day, name, language)
            files[in_language(name, language)] = told.encode()
    for name, data in files.items():
        replace_file(out / name, data)
    return [out / name for name in files]
