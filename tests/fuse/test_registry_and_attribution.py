"""What the registries' gaps allow to say, and who could have acted."""

from __future__ import annotations

import pytest
from tests.made import claim, hours, incident, position, report

from truceline.domain.claim import Origin
from truceline.domain.place import Completeness, InRegistry, Precision, ProtectedObject
from truceline.domain.provenance import Row
from truceline.fuse.attribute import assign_reports, attribute
from truceline.fuse.registry import Registry, match_object
from truceline.geo import Point

TOWN = position(precision=Precision.SETTLEMENT, uncertainty_km=5.0)
COARSE = position(precision=Precision.DISTRICT, uncertainty_km=30.0)
KNOWN = [
    Completeness("B", "refinery", "partial", "12 of 30"),
    Completeness("B", "nuclear_plant", "full", "all of them"),
    Completeness("B", "power_line", "none", "no lines"),
]


def plant(lat: float = 50.001, usable: bool = True, kind: str = "refinery") -> ProtectedObject:
    row = Row("registry", "1", 2)
    return ProtectedObject("o1", row, "registry", "Works", kind, "B", Point(lat, 30.0), usable)


def answer(objects: list[ProtectedObject], **changes: object) -> InRegistry:
    return match_object(incident(claim(**changes)), Registry.of(KNOWN, objects)).answer


def test_a_facility_point_gets_a_distance_and_a_town_does_not() -> None:
    at = match_object(incident(claim()), Registry.of(KNOWN, [plant()]))
    assert at.answer is InRegistry.MATCHED and at.candidates[0][1] == 0.1
    town = match_object(incident(claim(place=TOWN)), Registry.of(KNOWN, [plant()]))
    assert town.answer is InRegistry.IN_SAME_SETTLEMENT and town.candidates[0][1] is None


def test_a_position_that_its_registry_doubts_is_never_measured_against() -> None:
    assert answer([plant(usable=False)]) is InRegistry.NOT_FOUND_IN_PART


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, InRegistry.NOT_FOUND_IN_PART),
        ({"object_class": "nuclear_plant"}, InRegistry.NONE_IN_REGISTRY),
        ({"object_class": "power_line"}, InRegistry.NOT_IN_REGISTRY_SCOPE),
        ({"object_class": "gas_field"}, InRegistry.NOT_IN_REGISTRY_SCOPE),
        ({"object_class": None}, InRegistry.CLASS_UNKNOWN),
        ({"place": COARSE}, InRegistry.PLACE_TOO_COARSE),
    ],
)
def test_what_an_empty_registry_may_say(changes: dict[str, object], expected: InRegistry) -> None:
    assert answer([], **changes) is expected
    assert answer([plant(lat=52.0), plant(kind="substation")], **changes) is expected


# --- attribution --------------------------------------------------------------------------------

PARTIES = ("A", "B")


def test_a_position_settles_nothing() -> None:
    who = attribute(incident(claim()), [], PARTIES)
    assert who.parties == ("A",) and not who.settled


def test_an_unstated_control_is_told_as_such() -> None:
    who = attribute(incident(claim(place=position(control=None))), [], PARTIES)
    assert who.parties == ("A",) and "not stated" in who.because and not who.settled


def test_a_contested_place_leaves_everyone() -> None:
    who = attribute(incident(claim(place=position(control="contested"))), [], PARTIES)
    assert who.parties == PARTIES


def test_debris_falls_by_the_acts_of_both() -> None:
    who = attribute(incident(claim(act="debris_of_interception")), [], PARTIES)
    assert who.parties == PARTIES and not who.settled


def test_nobody_known_to_hold_a_place_is_unknown() -> None:
    nowhere = position(control=None, territory=None)
    assert attribute(incident(claim(place=nowhere)), [], PARTIES).parties == ()


def test_an_admission_and_an_observer_settle_it() -> None:
    own = claim(origin=Origin.ADMISSION, claimant_side="A")
    assert attribute(incident(own), [], PARTIES).settled
    assert attribute(incident(claim()), [report()], PARTIES).settled


def test_an_admission_against_an_observer_settles_nothing() -> None:
    own = claim(origin=Origin.ADMISSION, claimant_side="A")
    who = attribute(incident(own), [report(names="B")], PARTIES)
    assert who.parties == PARTIES and not who.settled


def test_unstated_control_in_a_partly_held_region_leaves_everyone() -> None:
    somewhere = incident(claim(place=position(control=None)))
    assert attribute(somewhere, [], PARTIES, {"B-N"}).parties == PARTIES
    assert attribute(somewhere, [], PARTIES, {"B-S"}).parties == ("A",)


def test_observers_who_name_different_parties_settle_nothing() -> None:
    seen = [report("R1"), report("R2", names="B")]
    who = attribute(incident(claim()), seen, PARTIES)
    assert who.parties == PARTIES and not who.settled


@pytest.mark.parametrize(
    "changes",
    [
        {"independent": False},
        {"interval": hours(100)},
        {"place": position(point=Point(50.5, 30.0))},
        {"place": COARSE},
        {"finding": "nothing_observed", "interval": hours(0, 10)},  # not there all the time
        {"finding": "nothing_observed", "interval": hours(-1, 30), "sense": "heard"},
        {"interval": hours(0, 100)},  # a watch of days that saw something at some time
    ],
)
def test_reports_that_do_not_bear_on_an_incident(changes: dict[str, object]) -> None:
    made = incident(claim())
    assert assign_reports([made], [report(**changes)]) == {made.id: []}


def test_a_report_of_quiet_that_covers_all_of_the_time_bears_on_it() -> None:
    quiet = report(finding="nothing_observed", interval=hours(-1, 30))
    made = incident(claim())
    assert assign_reports([made], [quiet]) == {made.id: [quiet]}


def test_a_report_that_fits_two_incidents_supports_neither() -> None:
    one, two = incident(claim("K1")), incident(claim("K2", object_name="Other works"))
    assert assign_reports([one, two], [report()]) == {one.id: [], two.id: []}
    quiet = report(finding="nothing_observed", interval=hours(-1, 30))
    assert assign_reports([one, two], [quiet]) == {one.id: [quiet], two.id: [quiet]}


@pytest.mark.parametrize(
    ("told", "precision", "fits"),
    [
        ("refinery", Precision.SETTLEMENT, True),
        ("oil", Precision.SETTLEMENT, False),
        (None, Precision.SETTLEMENT, False),
        ("oil", Precision.FACILITY, True),
        (None, Precision.FACILITY, True),
        ("port", Precision.FACILITY, False),
    ],
)
def test_a_blank_or_wide_class_will_do_at_one_facility_only(
    told: str | None, precision: Precision, fits: bool
) -> None:
    place = position(precision=precision)
    made = incident(claim(place=place))
    assert bool(assign_reports([made], [report(object_class=told, place=place)])[made.id]) is fits


def test_an_object_of_another_territory_or_beyond_reach_is_no_candidate() -> None:
    abroad = ProtectedObject(
        "o2", Row("registry", "2", 3), "registry", "Works", "refinery", "A", Point(50.001, 30.0)
    )
    assert answer([abroad]) is InRegistry.NOT_FOUND_IN_PART
    assert answer([plant(lat=50.017)]) is InRegistry.MATCHED  # 1.9 km
    assert answer([plant(lat=50.019)]) is InRegistry.NOT_FOUND_IN_PART  # 2.1 km


def test_a_witness_may_stand_as_far_off_as_both_points_are_uncertain() -> None:
    town = position(precision=Precision.SETTLEMENT, uncertainty_km=5.0)
    made = incident(claim(place=town))
    for lat, fits in ((50.08, True), (50.10, False)):  # 8.9 and 11.1 km
        there = position(precision=Precision.SETTLEMENT, uncertainty_km=5.0, point=Point(lat, 30.0))
        assert bool(assign_reports([made], [report(place=there)])[made.id]) is fits
