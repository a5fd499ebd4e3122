"""A small invented result: parties A and B, two readings, four incidents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from truceline.clock import Interval
from truceline.domain.agreement import Agreement
from truceline.domain.claim import Claim, Corroboration, Milestone, Occurrence, Origin, Statement
from truceline.domain.incident import Attribution, Evidence, Incident, Line, Link, Says
from truceline.domain.observation import Chance, FieldReport, Look, LookState, Watch
from truceline.domain.passes import Pass
from truceline.domain.place import (
    Area,
    InRegistry,
    Position,
    Precision,
    ProtectedObject,
    RegistryMatch,
)
from truceline.domain.provenance import Known, Row
from truceline.domain.result import Check, CoverageDay, Input, Quarantined, Result
from truceline.domain.verdict import Assessment, ExitState, Ground, Reason, Verdict
from truceline.geo import Point

AS_OF = datetime(2031, 5, 11, tzinfo=UTC)
NASTY = "<script>alert('x')</script> & \"quoted\""


def agreement() -> Agreement:
    def reading(name: str, by: str, start: str, acts: list[str], **more: Any) -> dict[str, Any]:
        return {
            "id": name,
            "title": f"The reading of {name}",
            "stated_by": by,
            "clock": {
                "zone": "Europe/Berlin",
                "from": start,
                "until": "2031-04-18",
                "for": f"P{(date(2031, 4, 18) - date.fromisoformat(start)).days}D",
                "source": ["S001"],
                "disputed": [
                    {
                        "from": start,
                        "until": "2031-03-26",
                        "why": "hour of the order",
                        "source": ["S001"],
                    }
                ],
            },
            "clauses": [
                {
                    "id": "energy",
                    "obliges": ["A", "B"],
                    "must_not": {
                        "acts": acts,
                        "against": ["oil", "substation"],
                        "source": ["S001"],
                    },
                    "silent_on": {
                        "acts": ["debris_of_interception"],
                        "why": "neither named nor excluded",
                        "source": ["S002"],
                    },
                    "where": {
                        "territory_of": ["A", "B"],
                        "including_held": True,
                        "source": ["S001"],
                    },
                }
            ],
            "source": ["S001", "S002"],
            **more,
        }

    exit_rule = {
        "on": "non_observance_by_other_party",
        "effect": "may_consider_itself_released",
        "source": ["S002"],
    }
    scope = {
        "must_not": {"acts": ["hostile_act"], "against": ["object"], "source": ["S003"]},
        "where": {"territory_of": ["A", "B"], "including_held": True, "source": ["S003"]},
    }
    return Agreement.model_validate(
        {
            "schema": "truceline-agreement/1",
            "id": "invented",
            "title": "The invented truce",
            "parties": {
                "B": {"name": "Belland", "zone": "Europe/Berlin"},
                "A": {"name": "Aland", "zone": "Europe/Berlin"},
            },
            "third_parties": {
                "M": {"name": "Mediania", "role": "mediator", "zone": "Europe/Berlin"}
            },
            "readings": [
                reading("north", "A", "2031-03-18", ["strike"], exit_rule=exit_rule),
                reading("south", "B", "2031-03-25", ["hostile_act"]),
            ],
            "conditions": [
                {
                    "id": "no-arms",
                    "demanded_by": "A",
                    "debtor": ["M"],
                    "demands": "stop_arms",
                    "attaches_to": "settlement",
                    "mirrored": False,
                    "status": "demanded",
                    "source": ["S002"],
                }
            ],
            "proposals": [
                {
                    "id": "full",
                    "title": "A full ceasefire",
                    "proposed_by": "M",
                    **scope,
                    "for": "P30D",
                    "status": "not_accepted",
                    "source": ["S003"],
                }
            ],
            "exit_events": [
                {
                    "by": "A",
                    "on": "2031-04-01",
                    "kind": "reservation",
                    "readings": ["north"],
                    "source": ["S002"],
                }
            ],
            "open_questions": [
                {
                    "id": "monitoring",
                    "text": "Who monitors, and by what means?",
                    "raised_by": ["A"],
                    "answered": False,
                    "source": ["S003"],
                }
            ],
        }
    )


def day(number: int) -> Interval:
    start = datetime(2031, 3, 17, 23, tzinfo=UTC) + timedelta(days=number)
    return Interval(start, start + timedelta(days=1))


def position(name: str, precision: Precision = Precision.FACILITY, **more: Any) -> Position:
    around = {"facility": 1.0, "settlement": 5.0, "district": 30.0, "region": 150.0}
    given: dict[str, Any] = {
        "region": "Upper Region",
        "area": "B-1",
        "territory": "B",
        "control": "B",
        "control_basis": "as the ledger states",
        "point": Point(12.344999, 34.567001),
    }
    return Position(
        name=name, precision=precision, uncertainty_km=around[precision], **(given | more)
    )


def claim(number: int, side: str, accused: str, when: Interval, **more: Any) -> Claim:
    name = f"C{number:03d}"
    return Claim(
        id=name,
        row=Row("claims", name, number + 1, f"{number:064x}"),
        known=Known(when.until + timedelta(days=1)),
        occurred=Occurrence(when, "day"),
        accused=accused,
        claimant=f"Ministry of {side}",
        claimant_side=side,
        **{
            "origin": Origin.CLAIM,
            "object_name": "Substation North",
            "object_type": "substation",
            "object_class": "substation",
            "act": "hit",
            "also_act": None,
            "act_basis": "was hit",
            "act_certainty": "clear",
            "means": "air",
            "weapon": "drone",
            "effect": "lines without power",
            "place": position("Northtown"),
            "response": "unknown",
            "response_scope": "none",
            "corroboration": None,
            "sources": ("https://example.org/a", "javascript://example.org/%0aalert(1)"),
            "source_date": date(2031, 3, 20),
            "note": "",
            **more,
        },
    )


def incidents() -> tuple[Incident, ...]:
    first = claim(1, "B", "A", day(2), response="denied", response_scope="general")
    second = claim(2, "B", "A", day(9), effect=NASTY, note="=1+1")
    third = claim(3, "A", "B", day(10), place=position("Oiltown", Precision.SETTLEMENT))
    counter = claim(4, "B", "A", day(10), place=position("Oiltown", Precision.SETTLEMENT))
    fourth = claim(
        5,
        "other",
        "B",
        day(33),
        act=None,
        object_class=None,
        object_name="an object",
        place=position("Farregion", Precision.REGION, point=None, control=None),
        corroboration=Corroboration(Origin.THIRD_PARTY, "agency", "third_party", "smoke was seen"),
    )
    link = Link("C003", "C004", (("same_point", 2.0), ("counter_claim", 1.0)), 4.5, "joined")
    return (
        Incident("i-1111", (first,), first, first.occurred),
        Incident("i-1122", (second,), second, second.occurred),
        Incident("i-2222", (third, counter), third, third.occurred, (link,)),
        Incident("i-3333", (fourth,), fourth, fourth.occurred),
    )


def evidence() -> dict[str, Evidence]:
    over = (
        Pass("Aqua", "MODIS", datetime(2031, 3, 20, 11, 4, tzinfo=UTC), 21.4, "fitted", 9.0),
        Pass("Terra", "MODIS", datetime(2031, 3, 20, 20, 40, tzinfo=UTC), None, "unchecked", 165.0),
    )
    look = Look(date(2031, 3, 20), "MODIS", LookState.OBSERVABLE, 0.123456, ("heat#1",), over, 41.4)
    seen = Watch(
        Chance(0.8, 0.6, 0.9),
        Chance(0.5, 0.25, 0.75),
        Chance(0.4, 0.15, 0.675),
        2,
        2,
        "record held of 2 of 2 overpasses, and a strike would have shown",
    )
    nobody, none = Chance(0.0, 0.0, 0.0), "no day is known on which to look"
    hidden = replace(seen, look=nobody, seen=nobody, n_held=0, because="record held of none")
    unknown_day = Watch(None, None, None, 0, 0, none)
    cloudy = Look(date(2031, 3, 27), "MODIS", LookState.OBSCURED, None, ())
    heat = Line(
        "satellite_heat",
        "modis",
        Says.SIGNAL,
        12.3456789,
        4.0,
        40.0,
        "2 detections within 1 km",
        ("heat#1",),
    )
    report = Line(
        "field_report", "obs-1", Says.SIGNAL, 30.0, 10.0, 90.0, "seen", ("reports#R1",), "A"
    )
    unusable = Line("satellite_heat", "modis", Says.UNUSABLE, 1.0, 1.0, 1.0, "no look", ())
    open_object = ProtectedObject(
        "wri-1",
        Row("wri", "wri-1", 2, "a" * 64),
        "wri",
        "Plant North",
        "substation",
        "B",
        Point(12.35, 34.57),
        licence="CC BY 4.0",
    )
    odbl = replace(
        open_object,
        id="osm-9",
        row=Row("osm", "osm-9", 3, "b" * 64),
        registry="osm",
        name="Hidden Name",
        licence="ODbL 1.0",
    )
    unknown = Attribution((), "nobody saw who acted")
    coarse = RegistryMatch(InRegistry.PLACE_TOO_COARSE, "none")
    return {
        "i-1111": Evidence(
            (heat, report),
            (look,),
            RegistryMatch(InRegistry.MATCHED, "full", ((open_object, 0.44), (odbl, 0.51))),
            Attribution(("A",), "an observer names it", True, ("reports#R1",)),
            seen,
        ),
        "i-1122": Evidence(
            (unusable,),
            (cloudy,),
            RegistryMatch(InRegistry.MATCHED, "partial", ((odbl, 0.31),), "gaps"),
            unknown,
            hidden,
        ),
        "i-2222": Evidence(
            (),
            (),
            RegistryMatch(InRegistry.IN_SAME_SETTLEMENT, "full", ((odbl, None),)),
            unknown,
            unknown_day,
        ),
        "i-3333": Evidence((), (), coarse, unknown, replace(hidden, show=nobody)),
    }


def assessments() -> tuple[Assessment, ...]:
    def make(
        incident: str, reading: str, party: str, verdict: Verdict, *reasons: Reason
    ) -> Assessment:
        grounds = (
            Ground(1, "in_force", "the clock was running", ("statements#S001",)),
            Ground(7, reasons[0].value, f"the verdict: {reasons[0].value}", ("claims#C001",)),
        )
        return Assessment(
            incident,
            reading,
            party,
            "energy",
            verdict,
            reasons[0],
            reasons[1:],
            ExitState.UNTRIGGERED,
            grounds,
            "engine 0.0",
            AS_OF,
        )

    open_, out = Verdict.UNDETERMINED, Verdict.OUT_OF_SCOPE
    return (
        make("i-1111", "north", "A", Verdict.BREACH_INDICATED, Reason.ESTABLISHED),
        make("i-1111", "south", "A", Verdict.NOT_IN_FORCE, Reason.OUTSIDE_CLOCK),
        make("i-1122", "north", "A", open_, Reason.UNOBSERVABLE, Reason.UNATTRIBUTED),
        make("i-1122", "south", "A", open_, Reason.UNOBSERVABLE, Reason.UNATTRIBUTED),
        make("i-2222", "north", "A", open_, Reason.CONTRADICTED),
        make("i-2222", "north", "B", open_, Reason.UNATTRIBUTED),
        make("i-2222", "south", "A", open_, Reason.DISPUTED_TERMS),
        make("i-2222", "south", "B", out, Reason.ACT_OUTSIDE),
        make("i-3333", "north", "B", Verdict.NOT_IN_FORCE, Reason.OUTSIDE_CLOCK),
        make("i-3333", "south", "B", open_, Reason.DISPUTED_TERMS, Reason.CLASS_UNKNOWN),
    )


def inputs() -> tuple[Input, ...]:
    def make(name: str, path: str, separate: bool = False, **more: Any) -> Input:
        licence = "ODbL 1.0" if separate else "CC BY 4.0"
        return Input(
            id=name,
            kind=name,
            title=f"The file of {name}",
            path=path,
            sha256=f"{len(name):064x}",
            n_rows=5,
            n_quarantined=0,
            licence=licence,
            attribution=f"attribution of {name}",
            address=f"https://example.org/{name}",
            span=("2031-03-11", "2031-04-23"),
            separate=separate,
            **more,
        )

    return (
        make("claims", "data/claims.csv"),
        make("statements", "data/statements.csv"),
        make("heat", "data/heat.csv", notes=("an empty month is recorded as empty",)),
        make("wri", "data/wri.csv"),
        make("osm", "data/osm.geojson", separate=True),
    )


def statements() -> tuple[Statement, ...]:
    return tuple(
        Statement(
            f"S00{n}",
            Row("statements", f"S00{n}", n + 1, "c" * 64),
            Known(AS_OF),
            date(2031, 3, 18),
            "A speaker",
            "Office",
            side,
            "announces",
            "says that a stop was ordered",
            "duration",
            ("https://example.org/s",),
            "",
        )
        for n, side in ((1, "A"), (2, "B"), (3, "M"))
    )


def milestones() -> tuple[Milestone, ...]:
    def make(name: str, kind: str, title: str, text: str) -> Milestone:
        row = Row("timeline", name, 2, "d" * 64)
        on = date(2031, 4, 16)
        return Milestone(
            name, row, Known(AS_OF), kind, on, title, text, "A", "A", ("https://example.org",), ""
        )

    return (
        make("T001", "milestone", "A call", "ends with a truce"),
        make("T002", "count", "Count of a ministry", "more than 30 attacks since 25 March"),
    )


def result(**more: Any) -> Result:
    """The whole invented result; named parts can be replaced."""
    told = incidents()
    refs = [account.row for incident in told for account in incident.accounts]
    refs += [statement.row for statement in statements()]
    refs += [Row("heat", "1", 2, "e" * 64)]
    given: dict[str, Any] = {
        "case_id": "invented",
        "title": "The invented truce, 2031",
        "as_of": AS_OF,
        "latest": False,
        "agreement": agreement(),
        "inputs": inputs(),
        "incidents": told,
        "evidence": evidence(),
        "assessments": assessments(),
        "coverage": tuple(
            CoverageDay(date(2031, 3, 18 + n), sensor, place, state, 0.5, km, clear, 4)
            for n in range(3)
            for sensor in ("MODIS", "VIIRS")
            for place, state, km, clear in (
                ("B-1", LookState.OBSERVABLE, 41.4, Chance(0.7, 0.5, 0.9)),
                ("B-2", LookState.NO_RECORD, None, Chance(0.0, 0.0, 0.0)),
            )
        ),
        "statements": statements(),
        "milestones": milestones(),
        "reports": (
            FieldReport(
                "R1",
                Row("reports", "R1", 2, "f" * 64),
                Known(AS_OF),
                "Patrol 1",
                True,
                "camera",
                "seen",
                "act_observed",
                day(2),
                position("Northtown"),
                "substation",
                "A",
                "obs-1",
                "a drone of A hit the substation",
            ),
        ),
        "areas": (Area("B-1", "Upper Region", "B", True, "S003"),),
        "rows": {str(row): row for row in refs},
        "links": (
            Link("C003", "C004", (("same_point", 2.0), ("counter_claim", 1.0)), 4.5, "joined"),
            Link("C001", "C002", (("same_point", 2.0), ("same_class", 1.0)), 3.0, "maybe"),
        ),
        "checks": (Check("event_group", "C001 stands alone here", ("claims#C001",)),),
        "quarantine": (Quarantined("claims", 9, "lat", "'north'", "degrees"),),
        "n_claims_not_yet_known": 2,
        "parameters": {"heat_model": {"version": 1, "classes": ("oil",)}},
    }
    return Result(**(given | more))
