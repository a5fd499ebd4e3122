"""Lines of evidence of occurrence, one for each origin, and what they say together.

A party's claim is never a line.  Copies of one origin count once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from truceline import thresholds as t
from truceline.assess.heat_line import HEAT
from truceline.domain.claim import Claim, Corroboration, Origin
from truceline.domain.incident import Incident, Line, Says
from truceline.domain.observation import FieldReport
from truceline.domain.said import Said, said


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
    row, origin = (str(report.row),), report.origin_id
    if report.finding == "nothing_observed":
        words = said(
            "{observer:words} was there for all of the time and noticed nothing",
            observer=report.observer,
        )
        return _line("report_nothing", "field_report", origin, words, row)
    sense = "seen" if report.sense == "both" else report.sense
    words = said(
        "{observer:words}, {means:words}, {sense:sense}: {text:words}",
        observer=report.observer,
        means=report.means,
        sense=report.sense,
        text=report.text,
    )
    return _line(f"report_{sense}", "field_report", origin, words, row, report.names)


def _line(
    kind: str,
    family: str,
    origin: str,
    words: Said,
    rows: tuple[str, ...],
    names: str | None = None,
) -> Line:
    """A line of a kind with stated rates, and its sentence with the numbers behind its ratio."""
    told = said(
        "{words:told}; such a line speaks with {p:number} if it happened and with {q:number} if it "
        "did not, known to a factor of {spread:number}: likelihood ratio = {p:number} / {q:number}",
        words=words,
        p=t.ALL[f"{kind}_p_when_happened"].value,
        q=t.ALL[f"{kind}_p_when_not"].value,
        spread=t.ALL[f"{kind}_spread"].value,
    )
    ratio, low, high = t.LINE_RATES[kind]
    says = Says.SIGNAL if ratio > 1 else Says.NOTHING_SEEN
    return Line(family, origin, says, ratio, low, high, told, rows, names)


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
    return _line("admission", "admission", side, words, rows, side)


def _third_party(pairs: Sequence[tuple[Claim, Corroboration]], read: frozenset[str]) -> Line:
    extra = pairs[0][1]
    coded = [str(support.row) for _, support in pairs if support.row]
    rows = (*(str(account.row) for account, _ in pairs), *coded)
    basis = set(extra.rests_on)
    if basis and (basis <= READ_HERE or basis & READ_HERE & read):
        words = said("rests on records that are read here directly: {text:words}", text=extra.text)
        return Line("third_party", extra.origin_id, Says.UNUSABLE, 1.0, 1.0, 1.0, words, rows)
    words = said("supports a part of the claim: {text:words}", text=extra.text)
    return _line("third_party", "third_party", extra.origin_id, words, rows)


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
