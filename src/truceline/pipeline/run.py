"""One assessment of a case.

Read the steps of `_assess` from top to bottom: that is the flow of the data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import chain

from shapely import box, set_precision, to_geojson, unary_union

from truceline import thresholds as t
from truceline.assess import crosscheck
from truceline.assess.evidence import account_lines, report_lines
from truceline.assess.heat_line import HEAT, heat_line, readable_km
from truceline.assess.heat_model import HeatModel
from truceline.assess.judge import judge_all
from truceline.assess.release import exit_states
from truceline.assess.watch import watch
from truceline.detect.thermal import detect_heat
from truceline.domain.agreement import Agreement
from truceline.domain.detection import Ask, Detection, Site
from truceline.domain.incident import Evidence, Incident, Line, Says
from truceline.domain.observation import Look
from truceline.domain.provenance import Row
from truceline.domain.rates import Finding
from truceline.domain.result import Check, Result
from truceline.domain.series import Series
from truceline.domain.verdict import Assessment
from truceline.fuse.attribute import assign_reports, attribute
from truceline.fuse.group import group_claims
from truceline.fuse.link import link_all
from truceline.fuse.registry import Registry, match_object
from truceline.orbit.fleet import fitted
from truceline.pipeline.edition import Edition, cut
from truceline.pipeline.sky import Sky, reach_km
from truceline.pipeline.texts import translations
from truceline.pipeline.update import asking, read_case_records
from truceline.settings import Settings
from truceline.sources.casefile import Case
from truceline.sources.records import Records, Stage, silent


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
    with asking(settings) as ask:
        if records is None:
            stage("read")
            records = read_case_records(case, settings, ask, stage)
        return _assess(case, records, as_of, ask, stage)


def _assess(case: Case, records: Records, as_of: datetime | None, ask: Ask, stage: Stage) -> Result:
    """From the records of a case, step by step."""
    edition = cut(case, records, as_of)
    records, agreement = edition.records, edition.agreement
    texts, written = translations(case, records)
    stage("link")
    links = link_all(records.claims)
    incidents = group_claims(records.claims, links)
    stage("detect")
    sky = Sky.of(case, incidents, records, edition.as_of)
    looks = sky.looks_at(incidents)
    model = HeatModel.load()
    detections = _detections(incidents, looks, records, model, ask)
    stage("weigh")
    evidence = _evidence(incidents, looks, detections, records, agreement, model, sky)
    stage("judge")
    assessments = judge_all(agreement, incidents, evidence, edition.as_of)
    stage("check")
    checks = tuple(_checks(case, incidents, records, agreement))
    rates, series = _rates(case, edition, ask, stage)
    rows = _rows_cited(records, incidents, evidence, assessments, checks, rates)
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
        coverage=tuple(sky.coverage(case, model)),
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
        exit_states=exit_states(agreement, incidents, assessments, edition.as_of),
        rates=rates,
        series=series,
        parameters={
            "heat_model": {
                "status": model.status,
                "version": model.version,
                "sha256": model.sha256,
                "source": model.source,
            },
            "orbits": {
                "sha256": fitted().sha256,
                "supplied": len(records.elements),
            },
        },
    )


def _rates(
    case: Case, edition: Edition, ask: Ask, stage: Stage
) -> tuple[tuple[Finding, ...], dict[str, Series]]:
    """What is found about change; its libraries are loaded only where a case asks."""
    if not case.file.series:
        return (), {}
    from truceline.pipeline.rates import assess_rates

    stage("rates")
    return assess_rates(case, edition, ask, stage)


# --- looks, detections, evidence ----------------------------------------------------------------


def _detections(
    incidents: Sequence[Incident],
    looks: Mapping[str, list[Look]],
    records: Records,
    model: HeatModel,
    ask: Ask,
) -> Mapping[str, list[Detection]]:
    own_days = max(rates.own_days for rates in model.sets)
    sites = [
        Site(
            incident.id,
            incident.place.point,
            reach_km(incident),
            min(look.day for look in looks[incident.id]) - timedelta(days=own_days),
            min(look.day for look in looks[incident.id]),
            max(look.day for look in looks[incident.id]),
        )
        for incident in incidents
        if incident.place.sharp and incident.place.point and looks[incident.id]
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
    sky: Sky,
) -> dict[str, Evidence]:
    registry = Registry.of(records.completeness, records.objects)
    assigned = assign_reports(incidents, records.reports)
    partly_held = {area.code for area in records.areas if area.partly_held}
    found = {}
    for incident in incidents:
        seen, reports = looks[incident.id], assigned[incident.id]
        found_here = detections.get(incident.id, [])
        past = sky.past(incident, seen, model)
        known = (incident, seen, found_here, model, past, sky.told_until)
        heat = heat_line(*known)
        watched = watch(incident, seen, model, sky.told_until, readable_km(*known))
        lines: list[Line] = [heat] if heat else []
        lines += report_lines(reports)
        read = {line.family for line in lines if line.says is not Says.UNUSABLE}
        read |= {HEAT} if _burning(found_here, seen) else set()
        lines += account_lines(incident, frozenset(read))
        found[incident.id] = Evidence(
            lines=tuple(lines),
            looks=tuple(seen) if incident.place.sharp else (),
            match=match_object(incident, registry),
            attribution=attribute(incident, reports, tuple(agreement.parties), partly_held),
            watch=watched,
        )
    return found


def _burning(found: Sequence[Detection], looks: Sequence[Look]) -> bool:
    """Whether heat of the dates in question or of the days just before is read here."""
    first = min((look.day for look in looks), default=date.max)
    since = first.toordinal() - t.HEAT_CARRY_OVER_D
    return any(d.heat.observed_at.date().toordinal() >= since for d in found)


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
    rates: Sequence[Finding],
) -> dict[str, Row]:
    """Every row that something cites, by its reference; statements by their id as well."""
    told = records.told
    accounts = [account.row for incident in incidents for account in incident.accounts]
    counted = [count.row for count in records.counts]
    rows = [*told.values(), *accounts, *counted]
    rows += [heat.row for heat in records.heat] + [day.row for day in records.record_days]
    rows += [day.row for day in records.clouds] + [report.row for report in records.reports]
    rows += [one.row for one in records.tallies] + [one.row for one in records.violence]
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
        (row for finding in rates for row in finding.rows),
    )
    return {ref: known[ref] for ref in sorted(set(cited)) if ref in known}
