"""Every kind of file: its reader, the columns it takes, the options it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from truceline.sources import (
    areas,
    casualties,
    claims,
    coded,
    coverage,
    daily_counts,
    elements,
    facilities,
    firms,
    reports,
    statements,
    truces,
    ucdp,
)
from truceline.sources.contract import Contract, Fields, KindName, Read


@dataclass(frozen=True)
class Kind:
    """One kind of file.  ``<...>`` in a column stands for a name from the options.

    Files of all kinds with the same ``keys`` are read as one: a key may occur once in all of them.
    """

    name: KindName
    title: str
    read: Callable[..., Read[Any]]
    fields: Fields
    options: type[Contract] | None = None
    keys: str = ""


_ALL = (
    Kind(KindName.HEAT, "fires of NASA FIRMS", firms.read_heat, firms.FIELDS),
    Kind(
        KindName.RECORD_DAYS,
        "days with a whole record of a sensor",
        coverage.read_record_days,
        coverage.RECORD_DAYS,
        keys="record days",
    ),
    Kind(
        KindName.CLOUD,
        "cloud cover at weather points, one column each",
        coverage.read_cloud,
        coverage.CLOUD,
        coverage.CloudOptions,
        keys="cloud days",
    ),
    Kind(
        KindName.FACILITIES_OSM,
        "plants and substations of OpenStreetMap (GeoJSON)",
        facilities.read_osm,
        facilities.OSM,
        facilities.FacilityOptions,
    ),
    Kind(
        KindName.FACILITIES_GPPD,
        "Global Power Plant Database",
        facilities.read_gppd,
        facilities.GPPD,
        facilities.FacilityOptions,
    ),
    Kind(
        KindName.FACILITIES_WRI,
        "raw country file of the World Resources Institute",
        facilities.read_wri,
        facilities.WRI,
        facilities.WriOptions,
    ),
    Kind(
        KindName.FACILITIES_PLAIN,
        "plain list of facilities of one class",
        facilities.read_plain,
        facilities.PLAIN,
        facilities.PlainOptions,
    ),
    Kind(
        KindName.CLAIMS,
        "ledger of claims",
        claims.read_claims,
        claims.FIELDS,
        claims.ClaimOptions,
    ),
    Kind(KindName.ACTS, "acts of the claims, coded by hand", coded.read_acts, coded.ACT_FIELDS),
    Kind(
        KindName.CLASSES, "object classes of stated types", coded.read_classes, coded.CLASS_FIELDS
    ),
    Kind(
        KindName.ORIGINS,
        "origins of what outside sources said",
        coded.read_origins,
        coded.ORIGIN_FIELDS,
    ),
    Kind(
        KindName.COUNTS,
        "published counts, taken apart by hand",
        coded.read_counts,
        coded.COUNT_FIELDS,
    ),
    Kind(KindName.REGIONS, "regions and their areas", areas.read_regions, areas.REGIONS),
    Kind(
        KindName.AREAS,
        "outlines of areas (GeoJSON)",
        areas.read_outlines,
        areas.OUTLINES,
        areas.OutlineOptions,
    ),
    Kind(KindName.CONTROL, "who is said to hold a place", areas.read_control, areas.CONTROL),
    Kind(
        KindName.COMPLETENESS,
        "how much of a class the registries hold",
        areas.read_completeness,
        areas.COMPLETENESS,
        keys="completeness",
    ),
    Kind(KindName.GAZETTEER, "names of places", areas.read_gazetteer, areas.GAZETTEER),
    Kind(
        KindName.STATEMENTS,
        "statements about the terms",
        statements.read_statements,
        statements.STATEMENTS,
        statements.StatementOptions,
        keys="what terms cite",
    ),
    Kind(
        KindName.TIMELINE,
        "milestones, terms, differences and counts",
        statements.read_timeline,
        statements.TIMELINE,
        keys="what terms cite",
    ),
    Kind(
        KindName.FIELD_REPORTS,
        "reports of observers on the spot",
        reports.read_reports,
        reports.FIELDS,
        keys="reports",
    ),
    Kind(
        KindName.ORBITAL_ELEMENTS,
        "orbital elements of the fire satellites (TLE, OMM)",
        elements.read_elements,
        elements.FIELDS,
        elements.ElementOptions,
    ),
    Kind(
        KindName.EVENTS_UCDP,
        "events with deaths of the Uppsala Conflict Data Program (GED)",
        ucdp.read_events,
        ucdp.FIELDS,
        keys="events of UCDP",
    ),
    Kind(
        KindName.DAILY_COUNTS,
        "daily counts by label",
        daily_counts.read_daily_counts,
        daily_counts.FIELDS,
        daily_counts.DailyCountOptions,
    ),
    Kind(
        KindName.DAILY_CASUALTIES,
        "daily figures of killed and injured",
        casualties.read_casualties,
        casualties.FIELDS,
        keys="daily casualties",
    ),
    Kind(
        KindName.LISTED_TRUCES,
        "truces, breaks of a source and events that no placebo may touch",
        truces.read_truces,
        truces.FIELDS,
        keys="listed truces",
    ),
)

KINDS: Mapping[KindName, Kind] = {kind.name: kind for kind in _ALL}
"""By name, in the order of the documentation."""
