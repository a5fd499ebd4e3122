"""Made-up values for tests: claims, readings, incidents and evidence of invented parties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from truceline.clock import Interval
from truceline.domain.agreement import Agreement
from truceline.domain.claim import Claim, Occurrence, Origin
from truceline.domain.incident import (
    Attribution,
    Evidence,
    Incident,
    Line,
    Says,
)
from truceline.domain.observation import Chance, FieldReport, Heat, Look, LookState, Watch
from truceline.domain.place import InRegistry, Position, Precision, RegistryMatch
from truceline.domain.provenance import Known, Row, raw_hash
from truceline.geo import Point
from truceline.sources.casefile import Case

WATCH = Watch(Chance(0.8, 0.6, 0.9), Chance(0.5, 0.3, 0.7), Chance(0.4, 0.2, 0.6), 8, 8, "made up")
AT = datetime(2031, 6, 1, tzinfo=UTC)
DAY = datetime(2031, 4, 1, tzinfo=UTC)


def hours(start: float, length: float = 24.0) -> Interval:
    """An interval that starts so many hours after 1 April 2031."""
    return Interval(DAY + timedelta(hours=start), DAY + timedelta(hours=start + length))


def position(**changes: Any) -> Position:
    base = Position(
        name="Stenfors",
        region="North",
        area="B-N",
        territory="B",
        control="B",
        control_basis="",
        point=Point(50.0, 30.0),
        precision=Precision.FACILITY,
        uncertainty_km=1.0,
    )
    return replace(base, **changes)


def claim(key: str = "K1", **changes: Any) -> Claim:
    base = Claim(
        id=key,
        row=Row("claims", key, 2, raw_hash({"id": key, **{k: str(v) for k, v in changes.items()}})),
        known=Known(DAY),
        occurred=Occurrence(hours(0), "day"),
        accused="A",
        claimant="Ministry of B",
        claimant_side="B",
        origin=Origin.CLAIM,
        object_name="Stenfors refinery",
        object_type="refinery",
        object_class="refinery",
        act="hit",
        also_act=None,
        act_basis="tank burned",
        act_certainty="stated",
        means="drone",
        weapon="drone",
        effect="tank burned",
        place=position(),
        response="unknown",
        response_scope="none",
        corroboration=None,
        sources=("https://example.org/1",),
        source_date=date(2031, 4, 2),
        note="",
    )
    return replace(base, **changes)


def incident(*accounts: Claim) -> Incident:
    from truceline.domain.incident import Link
    from truceline.fuse.group import group_claims
    from truceline.fuse.link import JOINED

    accounts = accounts or (claim(),)
    first = accounts[0].id
    links = [Link(first, other.id, (), 9.0, JOINED) for other in accounts[1:]]
    (made,) = group_claims(accounts, links)
    return made


def terms(**changes: Any) -> dict[str, Any]:
    """An agreement with one reading, as a mapping that `agreement` validates."""
    reading: dict[str, Any] = {
        "id": "one",
        "title": "One reading",
        "stated_by": "A",
        "clock": {"zone": "UTC", "from": "2031-03-20", "until": "2031-04-20", "source": ["S1"]},
        "clauses": [
            {
                "id": "energy",
                "obliges": ["A", "B"],
                "must_not": {"acts": ["strike"], "against": ["energy"], "source": ["S1"]},
                "silent_on": {
                    "acts": ["line_cut_by_shelling"],
                    "against": ["gas_metering"],
                    "why": "not named",
                    "source": ["S1"],
                },
                "where": {"territory_of": ["A", "B"], "including_held": True, "source": ["S1"]},
            }
        ],
        "exit_rule": {
            "on": "non_observance_by_other_party",
            "effect": "may_consider_itself_released",
            "source": ["S1"],
        },
        "source": ["S1"],
    }
    reading.update(changes)
    return {
        "schema": "truceline-agreement/1",
        "id": "made-up",
        "title": "Made up",
        "parties": {"A": {"name": "Aland", "zone": "UTC"}, "B": {"name": "Boria", "zone": "UTC"}},
        "readings": [reading],
    }


def agreement(exit_events: Sequence[dict[str, Any]] = (), **changes: Any) -> Agreement:
    return Agreement.model_validate({**terms(**changes), "exit_events": list(exit_events)})


def line(says: Says = Says.SIGNAL, lr: float = 20.0, origin: str = "o1", **changes: Any) -> Line:
    base = Line("field_report", origin, says, lr, lr / 2, min(lr * 2, 1.0) if lr < 1 else lr * 2,
                "made up", (f"reports#{origin}",))  # fmt: skip
    return replace(base, **changes)


def look(state: LookState = LookState.OBSERVABLE) -> Look:
    return Look(DAY.date(), "MODIS", state, None, ("record-days#1",))


def evidence(
    *lines: Line,
    looks: Sequence[Look] = (),
    parties: tuple[str, ...] = ("A",),
    settled: bool = True,
) -> Evidence:
    match = RegistryMatch(InRegistry.NOT_IN_REGISTRY_SCOPE, "none")
    attribution = Attribution(parties, "made up", settled)
    return Evidence(tuple(lines), tuple(looks), match, attribution, WATCH)


def heat(lat: float, lon: float, when: datetime, key: str = "h", **changes: Any) -> Heat:
    base = Heat(Row("heat", key, 2), when, Point(lat, lon), "MODIS", "Terra", "high", 9.0, None)
    return replace(base, **changes)


def report(key: str = "R1", **changes: Any) -> FieldReport:
    base = FieldReport(
        id=key,
        row=Row("reports", key, 2),
        known=Known(DAY),
        observer="Team North",
        independent=True,
        means="patrol",
        sense="seen",
        finding="act_observed",
        interval=hours(2, 1),
        place=position(),
        object_class="refinery",
        names="A",
        origin_id=f"origin-{key}",
        text="saw a drone hit a tank",
    )
    return replace(base, **changes)


def without_series(case: Case) -> Case:
    """A case that asks nothing about change: what a test says of claims and terms comes sooner."""
    return replace(case, file=case.file.model_copy(update={"series": (), "questions": ()}))
