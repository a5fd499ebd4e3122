"""One assessment of a case.

Read the steps of `assess_case` from top to bottom: that is the flow of the data.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain

from shapely import box, set_precision, to_geojson, unary_union

from truceline import thresholds as t
from truceline.assess import crosscheck, exposure
from truceline.assess.evidence import HEAT, account_lines, heat_line, report_lines
from truceline.assess.heat_model import HeatModel
from truceline.assess.judge import judge_all
from truceline.detect.thermal import detect_heat
from truceline.domain.agreement import Agreement
from truceline.domain.detection import Ask, Detection, Site
from truceline.domain.incident import Evidence, Incident, Line, Says
from truceline.domain.observation import Look
from truceline.domain.provenance import Row
from truceline.domain.result import Check, CoverageDay, Result
from truceline.domain.verdict import Assessment
from truceline.fuse.attribute import assign_reports, attribute
from truceline.fuse.group import group_claims
from truceline.fuse.link import link_all
from truceline.fuse.registry import Registry, match_object
from truceline.geo import Point
from truceline.ledger.embedded import Engine
from truceline.pipeline.edition import cut
from truceline.pipeline.texts import translations
from truceline.settings import Settings
from truceline.sources.casefile import Case
from truceline.sources.records import Records, Stage, read_records, silent


def assess_case(
    case: Case,
    settings: Settings,
    as_of: datetime | None = None,
    stage: Stage = silent,
    records: Records | None = None,
) -> Result:
    """Everything a dossier tells, from the files of a case.

    ``records`` are what `read_records` gave for this case, where several editions need them.
    """
    if records is None:
        stage("read")
        records = read_records(case, stage)
    edition = cut(case, records, as_of)
    records, agreement = edition.records, edition.agreement
    texts, written = translations(case, records)
    stage("link")
    links = link_all(records.claims)
    incidents = group_claims(records.claims, links)
    stage("detect")
    sky = _sky(records)
    looks = _looks(incidents, sky, edition.as_of)
    with _engine(settings) as ask:
        detections = _detections(incidents, looks, records, ask)
    stage("weigh")
    model = HeatModel.load()
    evidence = _evidence(incidents, looks, detections, records, agreement, model, sky)
    stage("judge")
    assessments = judge_all(agreement, incidents, evidence, edition.as_of)
    stage("check")
    checks = tuple(_checks(case, incidents, records, agreement))
    rows = _rows_cited(records, incidents, evidence, assessments, checks)
    return Result(
        case_id=case.file.id,
        title=case.file.title,
        as_of=edition.as_of,
        latest=edition.latest,
        agreement=agreement,
        inputs=tuple(sorted((*records.inputs, *written), key=lambda file: file.path)),
        incidents=tuple(incidents),
        evidence=evidence,
        assessments=tuple(assessments),
        coverage=tuple(_coverage(case, incidents, sky, edition.as_of)),
        statements=records.statements,
        milestones=records.milestones,
        reports=records.reports,
        areas=records.areas,
        rows=rows,
        links=tuple(links),
        checks=checks,
        quarantine=records.quarantine,
        n_claims_not_yet_known=edition.n_not_yet_known,
        outlines=_outlines(incidents, records),
        note_on_counts=case.file.note_on_counts,
        counts=records.counts,
        summary=case.file.summary,
        coarsen_km=case.file.publication.coarsen_km,
        languages=case.file.languages,
        texts=texts,
        parameters={
            "heat_model": {
                "status": model.status,
                "sha256": model.sha256,
                "source": model.source,
            }
        },
    )


@contextmanager
def _engine(settings: Settings) -> Iterator[Ask]:
    with Engine(settings.engine_memory, settings.engine_threads) as engine:
        yield engine.ask


# --- looks, detections, evidence ----------------------------------------------------------------


def _sky(records: Records) -> exposure.Sky:
    """What is known of looks, once for incidents and once for the strip of days."""
    sensors = {r.sensor for r in records.record_days} | {h.sensor for h in records.heat}
    return exposure.Sky(
        exposure.index_records(records.record_days),
        records.heat_cover,
        exposure.index_clouds(records.clouds),
        tuple(sorted(sensors)),
    )


def _radius_km(incident: Incident) -> float:
    return t.HEAT_RADIUS_KM[incident.place.precision.value]


def _looks(
    incidents: Sequence[Incident], sky: exposure.Sky, as_of: datetime
) -> Mapping[str, list[Look]]:
    """Looks at each incident whose place is sharp enough to look at."""
    return {
        incident.id: exposure.expose(
            incident.place.point,
            exposure.heat_days(incident.interval, as_of),
            sky,
            _radius_km(incident),
        )
        for incident in incidents
        if incident.place.sharp and incident.place.point
    }


def _detections(
    incidents: Sequence[Incident],
    looks: Mapping[str, list[Look]],
    records: Records,
    ask: Ask,
) -> Mapping[str, list[Detection]]:
    sites = [
        Site(
            incident.id,
            incident.place.point,
            _radius_km(incident),
            min(look.day for look in looks[incident.id]) - timedelta(days=t.HEAT_CARRY_OVER_D),
            min(look.day for look in looks[incident.id]),
            max(look.day for look in looks[incident.id]),
        )
        for incident in incidents
        if incident.place.point and looks.get(incident.id)
    ]
    found: dict[str, list[Detection]] = {site.key: [] for site in sites}
    for detection in detect_heat(sites, records.heat, ask):
        found[detection.site].append(detection)
    return found


def _evidence(
    incidents: Sequence[Incident],
    looks: Mapping[str, list[Look]],
    detections: Mapping[str, list[Detection]],
    records: Records,
    agreement: Agreement,
    model: HeatModel,
    sky: exposure.Sky,
) -> dict[str, Evidence]:
    registry = Registry.of(records.completeness, records.objects)
    assigned = assign_reports(incidents, records.reports)
    partly_held = {area.code for area in records.areas if area.partly_held}
    found = {}
    for incident in incidents:
        seen, reports = looks.get(incident.id, []), assigned[incident.id]
        found_here = detections.get(incident.id, [])
        past = _past(incident, seen, sky, model)
        heat = heat_line(incident, seen, found_here, model, past)
        lines: list[Line] = [heat] if heat else []
        lines += report_lines(reports)
        read = {line.family for line in lines if line.says is not Says.UNUSABLE}
        read |= {HEAT} if found_here else set()
        lines += account_lines(incident, frozenset(read))
        found[incident.id] = Evidence(
            lines=tuple(lines),
            looks=tuple(seen),
            match=match_object(incident, registry),
            attribution=attribute(incident, reports, tuple(agreement.parties), partly_held),
        )
    return found


def _past(
    incident: Incident, looks: Sequence[Look], sky: exposure.Sky, model: HeatModel
) -> exposure.Past:
    """What was watched before an incident at its place; nothing where there is no look."""
    point = incident.place.point
    if not looks or point is None:
        return exposure.Past(0, fresh=False)
    first = min(look.day for look in looks)
    return sky.past(model.sensor, first, point, _radius_km(incident))


def _coverage(
    case: Case, incidents: Sequence[Incident], sky: exposure.Sky, as_of: datetime
) -> Iterator[CoverageDay]:
    """Days of the window by sensor and region that a claim names, past days only."""
    window = case.file.window
    last = min(window.until, (as_of - timedelta(days=1)).date())
    days = [window.start + timedelta(days=i) for i in range((last - window.start).days + 1)]
    for region, point in sorted(_regions(incidents).items()):
        for look in exposure.expose(point, days, sky):
            yield CoverageDay(look.day, look.sensor, region, look.state, look.cloud_share)


def _regions(incidents: Sequence[Incident]) -> dict[str, Point]:
    """A rough middle for each region with a claim: the mean of its points on a coarse grid."""
    points: dict[str, list[Point]] = {}
    for incident in incidents:
        if incident.place.point:
            points.setdefault(incident.place.region, []).append(incident.place.point)

    def middle(values: Sequence[float]) -> float:
        return round(math.fsum(values) / len(values) / t.REGION_GRID_DEG) * t.REGION_GRID_DEG

    return {
        region: Point(middle([p.lat for p in own]), middle([p.lon for p in own]))
        for region, own in points.items()
    }


def _outlines(incidents: Sequence[Incident], records: Records) -> dict[str, str]:
    """Outlines of areas that claims name, and of those around them, coarse."""
    codes = {account.place.area for incident in incidents for account in incident.accounts}
    named = [outline for code, outline in records.outlines.items() if code in codes]
    if not named:
        return {}
    view = box(*unary_union(named).bounds).buffer(t.AROUND_DEG)
    return {
        code: to_geojson(set_precision(outline.simplify(t.OUTLINE_DEG), t.OUTLINE_DEG / 2))
        for code, outline in sorted(records.outlines.items())
        if outline.intersects(view)
    }


# --- cross-checks and rows ----------------------------------------------------------------------


def _checks(
    case: Case,
    incidents: Sequence[Incident],
    records: Records,
    agreement: Agreement,
) -> Iterator[Check]:
    opinions = case.file.crosschecks
    if opinions.groups:
        yield from crosscheck.check_groups(incidents, opinions.groups)
    if opinions.objects:
        column, reading = opinions.objects.column, opinions.objects.reading
        yield from crosscheck.check_objects(records.claims, case.agreement, column, reading)
    if opinions.windows:
        column, values = opinions.windows.column, opinions.windows.values
        yield from crosscheck.check_windows(records.claims, case.agreement, column, values)
    yield from crosscheck.check_places(records.claims, records.outlines, records.gazetteer)
    yield from crosscheck.check_terms(case.agreement, agreement, records.told)


def _rows_cited(
    records: Records,
    incidents: Sequence[Incident],
    evidence: Mapping[str, Evidence],
    assessments: Sequence[Assessment],
    checks: Sequence[Check],
) -> dict[str, Row]:
    """Every row that something cites, by its reference; statements by their id as well."""
    told = records.told
    accounts = [account.row for incident in incidents for account in incident.accounts]
    counted = [count.row for count in records.counts]
    rows = [*told.values(), *accounts, *counted]
    rows += [heat.row for heat in records.heat] + [day.row for day in records.record_days]
    rows += [day.row for day in records.clouds] + [report.row for report in records.reports]
    for claim in records.claims:
        support = claim.corroboration
        coded = (claim.act_row, claim.class_row, support.row if support else None)
        rows += [row for row in coded if row]
    known = told | {str(row): row for row in rows}
    proof = evidence.values()
    cited = chain(
        told,
        map(str, told.values()),
        map(str, accounts),
        map(str, counted),
        (row for a in assessments for ground in a.grounds for row in ground.rows),
        (row for e in proof for line in e.lines for row in line.rows),
        (row for e in proof for look in e.looks for row in look.rows),
        (row for check in checks for row in check.rows),
    )
    return {ref: known[ref] for ref in sorted(set(cited)) if ref in known}
