"""The part of a dossier that is about change, worked out by itself."""

from __future__ import annotations

from datetime import datetime

from truceline.clock import stamp
from truceline.pipeline.edition import cut
from truceline.pipeline.texts import translations
from truceline.pipeline.update import asking, read_case_records
from truceline.report.dossier import spoken
from truceline.report.plain import Item, plain
from truceline.report.rates_items import rate_items, series_item
from truceline.report.terms import agreement_item
from truceline.settings import Settings
from truceline.sources.casefile import Case
from truceline.sources.records import Stage, silent

DEFAULTS = Settings()


def rates_dossier(
    case: Case,
    as_of: datetime | None = None,
    stage: Stage = silent,
    settings: Settings = DEFAULTS,
) -> Item:
    """Series and findings with the keys that the whole dossier has for them."""
    from truceline.pipeline.rates import assess_rates  # loads scipy, which takes a moment

    stage("read")
    with asking(settings) as ask:
        records = read_case_records(case, settings, ask, stage)
        edition = cut(case, records, as_of)
        findings, series = assess_rates(case, edition, ask, stage)
    texts, _ = translations(case, records)
    return spoken(
        {
            "case": case.file.id,
            "title": case.file.title,
            "as_of": stamp(edition.as_of),
            "languages": list(case.file.languages),
            "agreement": agreement_item(edition.agreement),
            "series": [series_item(one) for one in series.values()],
            "rates": rate_items(findings, series),
            "texts": plain(texts),
        }
    )
