"""Lines of evidence of occurrence, one for each origin, and what they say together.

A party's claim is never a line.  Copies of one origin count once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from truceline import thresholds as t
from truceline.assess.exposure import Past, usable
from truceline.assess.heat_model import Cell, HeatModel
from truceline.clock import midnight
from truceline.domain.claim import Claim, Corroboration, Origin
from truceline.domain.detection import Detection
from truceline.domain.incident import Incident, Line, Says
from truceline.domain.observation import FieldReport, Look
from truceline.domain.said import Said, said, said_n

HEAT = "satellite_heat"


@dataclass(frozen=True)
class Window:
    """What sensors with measured rates saw around one incident, and what they had seen before.

    Without a past, heat that is always there cannot be told from a fire; without a look just
    before, a new fire cannot be told from an old one.
    """

    incident: Incident
    looks: Sequence[Look]
    detections: Sequence[Detection]
    others: Sequence[Detection]
    past: Past

    @classmethod
    def of(
        cls,
        incident: Incident,
        looks: Sequence[Look],
        detections: Sequence[Detection],
        sensor: str,
        past: Past,
    ) -> Window:
        """With pixels of sensors whose rates are not known kept apart."""
        ours = [d for d in detections if d.heat.sensor == sensor]
        others = [d for d in detections if d.heat.sensor != sensor]
        seen = [look for look in looks if look.sensor == sensor]
        return cls(incident, seen, ours, others, past)

    @property
    def start(self) -> datetime:
        """Heat before this is no effect of the incident."""
        return self.incident.interval.start - timedelta(hours=t.HEAT_EARLY_SLACK_H)

    @property
    def signals(self) -> list[Detection]:
        """Pixels since the start that are neither persistent nor a known static source."""
        return [d for d in self.detections if d.counts and d.heat.observed_at >= self.start]

    @property
    def burned_before(self) -> bool:
        """Whether such pixels were there before the start as well."""
        return any(d.counts and d.heat.observed_at < self.start for d in self.detections)

    @property
    def n_dates(self) -> int:
        """UTC dates of the window."""
        return len({look.day for look in self.looks})

    @property
    def n_seen(self) -> int:
        """UTC dates with a usable look."""
        return len({look.day for look in usable(self.looks)})

    @property
    def share_seen(self) -> float:
        """Share of the hours from the earliest claimed time on that lie on dates with such."""
        whole = math.fsum(map(self._hours_left, {look.day for look in self.looks}))
        seen = math.fsum(map(self._hours_left, {look.day for look in usable(self.looks)}))
        return seen / whole if whole else 0.0

    def _hours_left(self, day: date) -> float:
        starts = midnight(day)
        begins = max(starts, self.incident.interval.start)
        return max(0.0, (starts + timedelta(days=1) - begins).total_seconds() / 3600)


def heat_line(
    incident: Incident,
    looks: Sequence[Look],
    detections: Sequence[Detection],
    model: HeatModel,
    past: Past,
) -> Line | None:
    """What satellite heat says; None where the place is too coarse to look at.

    All sensors and passes are one line: two satellites an hour apart share the sky.  Pixels
    count whatever their confidence, because the rates were measured that way.  Where one of
    the reasons in `_why_unusable` holds, the line says nothing.
    """
    radius_km = t.HEAT_RADIUS_KM.get(incident.place.precision.value)
    if radius_km is None or incident.place.point is None or not looks:
        return None
    window = Window.of(incident, looks, detections, model.sensor, past)
    for holds, words, cited in _why_unusable(window, radius_km):
        if holds:
            rows = tuple(str(d.heat.row) for d in cited)
            return _unusable(words, rows or tuple(row for look in looks for row in look.rows))
    cell = model.cell(incident.preferred.object_class, radius_km)
    return _signal(window, cell) if window.signals else _silence(window, cell)


def _why_unusable(window: Window, km: float) -> Iterable[tuple[bool, Said, Sequence[Detection]]]:
    """Reasons why heat says nothing here, in the order in which they are asked.

    The rates are of strikes that landed.  Heat that is always there, a known static source
    and a fire that was burning already never count, and a fire could hide in them.
    """
    signals, found = window.signals, window.detections
    yield (
        all(account.act == "attempt_intercepted" for account in window.incident.accounts),
        said("an attack that was shot down leaves no fire to be seen"),
        (),
    )
    yield (
        bool(window.others) and not found,
        said(
            "fire pixels within {km:number} km: {n} of sensors whose rates have not been measured: "
            "shown, not weighed",
            km=km,
            n=len(window.others),
        ),
        window.others,
    )
    yield (
        bool(signals) and window.past.n_days < t.PERSISTENCE_MIN_SPAN_D,
        said(
            "fire pixels within {km:number} km: {n}, but {days} days of earlier record are too few "
            "to know whether heat is always there",
            km=km,
            n=len(signals),
            days=window.past.n_days,
        ),
        signals,
    )
    yield (
        bool(signals) and not window.past.fresh,
        said(
            "fire pixels within {km:number} km: {n}, but no whole record of the {days} days before "
            "shows that it was not burning already",
            km=km,
            n=len(signals),
            days=t.HEAT_FRESH_D,
        ),
        signals,
    )
    yield (
        window.burned_before,
        said(
            "fire pixels within {km:number} km: {n}, but it burned there up to {days} days before "
            "the claimed time: a fire could hide in it",
            km=km,
            n=len(found),
            days=t.HEAT_CARRY_OVER_D,
        ),
        found,
    )
    yield (
        bool(found) and not signals,
        said(
            "fire pixels within {km:number} km: {n}, but all at spots with heat on many earlier "
            "dates, or known static sources: a fire could hide in them",
            km=km,
            n=len(found),
        ),
        found,
    )
    yield (
        not signals and window.share_seen < t.MIN_LOOK_SHARE,
        said_n(
            "usable looks on {n_seen} of {n} UTC date, {share:share} of the hours: silence says "
            "nothing",
            "usable looks on {n_seen} of {n} UTC dates, {share:share} of the hours: silence says "
            "nothing",
            window.n_dates,
            n_seen=window.n_seen,
            share=window.share_seen,
        ),
        (),
    )


def _silence(window: Window, cell: Cell) -> Line:
    share = window.share_seen
    words = said_n(
        "no fire pixels within {km:number} km since {days} days before, in usable looks on "
        "{n_seen} of {n} UTC date, {share:share} of the hours; {rates:told}",
        "no fire pixels within {km:number} km since {days} days before, in usable looks on "
        "{n_seen} of {n} UTC dates, {share:share} of the hours; {rates:told}",
        window.n_dates,
        km=cell.radius_km,
        days=t.HEAT_CARRY_OVER_D,
        n_seen=window.n_seen,
        share=share,
        rates=_rates_of(cell),
    )
    rows = tuple(row for look in window.looks for row in look.rows)
    return Line(HEAT, HEAT, Says.NOTHING_SEEN, *cell.silence_lr(share), words, rows)


def _unusable(words: Said, rows: tuple[str, ...]) -> Line:
    return Line(HEAT, HEAT, Says.UNUSABLE, 1.0, 1.0, 1.0, words, rows)


def _signal(window: Window, cell: Cell) -> Line:
    signals, n_dates = window.signals, window.n_dates
    n_burning = len({d.heat.observed_at.date() for d in signals})
    words = said_n(
        "fire pixels within {km:number} km: {pixels} on {n_burning} of {n} UTC date, the nearest "
        "at {nearest:number} km; {rates:told}; heat anyway in a window of that length: "
        "{anyway:number}",
        "fire pixels within {km:number} km: {pixels} on {n_burning} of {n} UTC dates, the nearest "
        "at {nearest:number} km; {rates:told}; heat anyway in a window of that length: "
        "{anyway:number}",
        n_dates,
        km=cell.radius_km,
        pixels=len(signals),
        n_burning=n_burning,
        nearest=round(min(d.distance_km for d in signals), 1),
        rates=_rates_of(cell),
        anyway=cell.background(n_dates),
    )
    rows = tuple(str(d.heat.row) for d in signals)
    return Line(HEAT, HEAT, Says.SIGNAL, *cell.signal_lr(n_dates), words, rows)


def _rates_of(cell: Cell) -> Said:
    return said(
        "rates of the class group “{group}” at {km:number} km (provisional, MODIS, Ukraine 2022, "
        "{mass:share} intervals): a strike shows in {p:number} ({low:number} to {high:number}, "
        "n = {n}), heat is there anyway in {q:number} ({q_low:number} to {q_high:number}, "
        "n = {q_n})",
        group=cell.group,
        km=cell.radius_km,
        mass=t.INTERVAL_MASS,
        p=cell.p_show,
        low=cell.p_show_low,
        high=cell.p_show_high,
        n=cell.n,
        q=cell.p_background,
        q_low=cell.p_background_low,
        q_high=cell.p_background_high,
        q_n=cell.background_n,
    )


def report_lines(reports: Sequence[FieldReport]) -> Iterable[Line]:
    """One line for each origin among independent reports: the strongest of its reports."""
    best: dict[str, Line] = {}
    for report in reports:
        line = _report_line(report)
        held = best.get(report.origin_id)
        if held is None or abs(math.log(line.lr)) > abs(math.log(held.lr)):
            best[report.origin_id] = line
    return (best[origin] for origin in sorted(best))


def _report_line(report: FieldReport) -> Line:
    row = (str(report.row),)
    if report.finding == "nothing_observed":
        rates = t.LINE_RATES["report_nothing"]
        words = said(
            "{observer:words} was there for all of the time and noticed nothing",
            observer=report.observer,
        )
        return Line("field_report", report.origin_id, Says.NOTHING_SEEN, *rates, words, row)
    sense = "seen" if report.sense == "both" else report.sense
    rates = t.LINE_RATES[f"report_{sense}"]
    words = said(
        "{observer:words}, {means:words}, {sense:sense}: {text:words}",
        observer=report.observer,
        means=report.means,
        sense=report.sense,
        text=report.text,
    )
    return Line("field_report", report.origin_id, Says.SIGNAL, *rates, words, row, report.names)


READ_HERE = frozenset({HEAT, "field_report", "party_statement"})
"""Families that are read from their records; whoever only repeats them adds nothing."""


def account_lines(incident: Incident, read: frozenset[str]) -> list[Line]:
    """Admissions and third parties among the accounts: one for each side, one for each origin.

    However many voices of one side admit an act, they are one line.  A third party that
    rests on nothing but records of a kind that is read here, or words of a party, is a copy;
    so is one that rests on records among others which were read for this incident (``read``),
    whatever they said: its satellite fire may be heat that is always there.
    """
    admissions: dict[str, list[Claim]] = {}
    outside: dict[str, list[tuple[Claim, Corroboration]]] = {}
    for account in incident.accounts:
        extra = account.corroboration
        if account.origin is Origin.ADMISSION:
            admissions.setdefault(account.accused, []).append(account)
        if extra is not None and extra.origin is Origin.THIRD_PARTY:
            outside.setdefault(extra.origin_id, []).append((account, extra))
    lines = [_admission(side, accounts) for side, accounts in admissions.items()]
    return lines + [_third_party(pairs, read) for pairs in outside.values()]


def _admission(side: str, accounts: Sequence[Claim]) -> Line:
    rows = tuple(str(account.row) for account in accounts)
    voices = list(dict.fromkeys(account.claimant for account in accounts))
    words = said("{voices:words}: its own side acted", voices=voices)
    return Line("admission", side, Says.SIGNAL, *t.LINE_RATES["admission"], words, rows, side)


def _third_party(pairs: Sequence[tuple[Claim, Corroboration]], read: frozenset[str]) -> Line:
    extra = pairs[0][1]
    coded = [str(support.row) for _, support in pairs if support.row]
    rows = (*(str(account.row) for account, _ in pairs), *coded)
    basis = set(extra.rests_on)
    if basis and (basis <= READ_HERE or basis & READ_HERE & read):
        words = said("rests on records that are read here directly: {text:words}", text=extra.text)
        return Line("third_party", extra.origin_id, Says.UNUSABLE, 1.0, 1.0, 1.0, words, rows)
    words = said("supports a part of the claim: {text:words}", text=extra.text)
    rates = t.LINE_RATES["third_party"]
    return Line("third_party", extra.origin_id, Says.SIGNAL, *rates, words, rows)


@dataclass(frozen=True)
class Weight:
    """All lines together: product of their ratios, and how many origins speak which way.

    ``n_outside`` of those that speak for it come from no party.  Bounds are products of
    bounds: wider than the interval of the product, if the lines are independent.
    """

    lr: float
    lr_low: float
    lr_high: float
    n_for: int
    n_outside: int
    n_against: int

    @property
    def established(self) -> bool:
        """Strong at the pessimistic end, from enough origins, one of them no party's."""
        enough = self.n_for >= t.MIN_INDEPENDENT_LINES and self.n_outside >= 1
        return enough and self.lr_low >= t.ESTABLISHED_LR

    @property
    def excluded(self) -> bool:
        """Strong the other way, with nobody speaking for it."""
        return self.lr_high <= t.EXCLUDED_LR and self.n_against >= 1 and self.n_for == 0

    @property
    def contradicted(self) -> bool:
        """Origins that speak for it and origins that speak against it."""
        return self.n_for > 0 and self.n_against > 0


def weigh(lines: Sequence[Line]) -> Weight:
    """Combine independent lines; no lines leave the odds as they were.

    >>> weigh([])
    Weight(lr=1.0, lr_low=1.0, lr_high=1.0, n_for=0, n_outside=0, n_against=0)
    """
    used = [line for line in lines if line.says is not Says.UNUSABLE]
    signals = [line for line in used if line.says is Says.SIGNAL]
    silences = [line for line in used if line.says is Says.NOTHING_SEEN]
    speaking = {_origin(line) for line in signals if line.lr_low > t.SPEAKS_FOR_LR}
    return Weight(
        lr=math.prod((line.lr for line in used), start=1.0),
        lr_low=math.prod((line.lr_low for line in used), start=1.0),
        lr_high=math.prod((line.lr_high for line in used), start=1.0),
        n_for=len(speaking),
        n_outside=sum(family != "admission" for family, _ in speaking),
        n_against=len({_origin(line) for line in silences if line.lr_high < t.SPEAKS_AGAINST_LR}),
    )


def _origin(line: Line) -> tuple[str, str]:
    return line.family, line.origin_id
