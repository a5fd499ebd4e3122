"""Lines of evidence of occurrence, one for each origin, and what they say together.

A party's claim is never a line.  Copies of one origin count once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from truceline import thresholds as t
from truceline.assess.exposure import usable
from truceline.assess.heat_model import Cell, HeatModel
from truceline.domain.claim import Claim, Corroboration, Origin
from truceline.domain.detection import Detection
from truceline.domain.incident import Incident, Line, Says
from truceline.domain.observation import FieldReport, Look

HEAT = "satellite_heat"


def heat_line(
    incident: Incident, looks: Sequence[Look], detections: Sequence[Detection], model: HeatModel
) -> Line | None:
    """What satellite heat says; None where the place is too coarse to look at.

    All sensors and passes are one line: two satellites an hour apart share the sky.  Heat
    that is always there, or a known static source, never counts; where only such heat was
    near, the window is unusable, since a fire could hide in it.
    """
    place = incident.place
    radius_km = t.HEAT_RADIUS_KM.get(place.precision.value)
    if radius_km is None or place.point is None or not looks:
        return None
    cell = model.cell(incident.preferred.object_class, radius_km)
    dates = {look.day for look in looks}
    signals = [d for d in detections if d.counts]
    if signals:
        rows = tuple(str(d.heat.row) for d in signals)
        p_anyway = cell.background(len(dates))[0]
        words = (
            f"{len(signals)} fire pixels within {radius_km:g} km on {len(dates)} UTC dates, the "
            f"nearest at {min(d.distance_km for d in signals):.1f} km; {_rates_of(cell)}; "
            f"heat anyway in a window of {len(dates)} dates: {p_anyway:.3f}"
        )
        return Line(HEAT, HEAT, Says.SIGNAL, *cell.signal_lr(len(dates)), words, rows)
    rows = tuple(row for look in looks for row in look.rows)
    seen = {look.day for look in usable(looks)}
    if detections:
        words = (
            f"{len(detections)} fire pixels within {radius_km:g} km, all at spots with heat on "
            "many earlier dates or known static sources: masked, and a fire could hide in them"
        )
        masked = tuple(str(d.heat.row) for d in detections)
        return Line(HEAT, HEAT, Says.UNUSABLE, 1.0, 1.0, 1.0, words, masked)
    if not seen:
        words = f"no usable look on {len(dates)} UTC dates: silence says nothing"
        return Line(HEAT, HEAT, Says.UNUSABLE, 1.0, 1.0, 1.0, words, rows)
    share = len(seen) / len(dates)
    words = (
        f"no fire pixel within {radius_km:g} km in usable looks on {len(seen)} of {len(dates)} "
        f"UTC dates; {_rates_of(cell)}"
    )
    return Line(HEAT, HEAT, Says.NOTHING_SEEN, *cell.silence_lr(share), words, rows)


def _rates_of(cell: Cell) -> str:
    return (
        f"rates of class group '{cell.group}' at {cell.radius_km:g} km (provisional, MODIS, "
        f"Ukraine 2022): a strike shows in {cell.p_show:.3f} ({cell.p_show_low:.3f} to "
        f"{cell.p_show_high:.3f}, n = {cell.n}), heat is there anyway in {cell.p_background:.3f} "
        f"({cell.p_background_low:.3f} to {cell.p_background_high:.3f}, n = {cell.background_n})"
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
        words = f"{report.observer} was there for all of the time and noticed nothing"
        return Line("field_report", report.origin_id, Says.NOTHING_SEEN, *rates, words, row)
    sense = "seen" if report.sense == "both" else report.sense
    rates = t.LINE_RATES[f"report_{sense}"]
    words = f"{report.observer}, {report.means}, {report.sense}: {report.text}"
    return Line("field_report", report.origin_id, Says.SIGNAL, *rates, words, row, report.names)


def account_lines(incident: Incident, families: frozenset[str]) -> list[Line]:
    """Admissions and third parties among the accounts, one for each origin.

    A third party that rests only on families that are counted already is a copy of them.
    """
    admissions: dict[str, list[Claim]] = {}
    outside: dict[str, list[tuple[Claim, Corroboration]]] = {}
    for account in incident.accounts:
        extra = account.corroboration
        if account.origin is Origin.ADMISSION:
            admissions.setdefault(account.claimant, []).append(account)
        if extra is not None and extra.origin is Origin.THIRD_PARTY:
            outside.setdefault(extra.origin_id, []).append((account, extra))
    lines = [_admission(accounts) for accounts in admissions.values()]
    return lines + [_third_party(pairs, families) for pairs in outside.values()]


def _admission(accounts: Sequence[Claim]) -> Line:
    first, rows = accounts[0], tuple(str(account.row) for account in accounts)
    words = f"{first.claimant} says that its own side acted"
    rates = t.LINE_RATES["admission"]
    return Line("admission", first.claimant, Says.SIGNAL, *rates, words, rows, first.accused)


def _third_party(pairs: Sequence[tuple[Claim, Corroboration]], families: frozenset[str]) -> Line:
    extra, rows = pairs[0][1], tuple(str(account.row) for account, _ in pairs)
    if extra.rests_on and set(extra.rests_on) <= families:
        words = f"copy of a line that is counted already: {extra.text}"
        return Line("third_party", extra.origin_id, Says.UNUSABLE, 1.0, 1.0, 1.0, words, rows)
    words, rates = f"supports a part of the claim: {extra.text}", t.LINE_RATES["third_party"]
    return Line("third_party", extra.origin_id, Says.SIGNAL, *rates, words, rows)


@dataclass(frozen=True)
class Weight:
    """All lines together: product of their ratios, and how many origins speak which way.

    Bounds are products of bounds, which is wider than any exact combination.
    """

    lr: float
    lr_low: float
    lr_high: float
    n_for: int
    n_against: int

    @property
    def established(self) -> bool:
        """Strong at the pessimistic end, from enough independent origins."""
        return self.lr_low >= t.ESTABLISHED_LR and self.n_for >= t.MIN_INDEPENDENT_LINES

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
    Weight(lr=1.0, lr_low=1.0, lr_high=1.0, n_for=0, n_against=0)
    """
    used = [line for line in lines if line.says is not Says.UNUSABLE]
    speaking = [line for line in used if line.says is Says.SIGNAL and line.lr_low > t.SPEAKS_LR]
    against = [
        line for line in used if line.says is Says.NOTHING_SEEN and line.lr_high < t.SPEAKS_LR
    ]
    return Weight(
        math.prod((line.lr for line in used), start=1.0),
        math.prod((line.lr_low for line in used), start=1.0),
        math.prod((line.lr_high for line in used), start=1.0),
        len({(line.family, line.origin_id) for line in speaking}),
        len({(line.family, line.origin_id) for line in against}),
    )
