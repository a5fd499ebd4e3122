"""Accounts become incidents by content, in the open, and every claim ends up in exactly one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made import claim, hours, position

from truceline.domain.claim import Claim, Occurrence
from truceline.domain.incident import Link
from truceline.domain.place import Precision
from truceline.fuse.group import group_claims
from truceline.fuse.link import APART, JOINED, MAYBE, Words, link_all, link_claims
from truceline.geo import Point

NAMES = ["Sudra gas metering station", "10 kV line", "Packaged transformer", "Energy facility"]
LEDGER = Words.of([*NAMES, *NAMES[1:], *NAMES[1:]])


def pair(first: Claim, second: Claim) -> str:
    return link_claims(first, second, LEDGER).judgement


def opposing(**changes: object) -> tuple[Claim, Claim]:
    base = {"object_name": NAMES[0], "object_class": "gas_metering", **changes}
    town = position(precision=Precision.SETTLEMENT, uncertainty_km=5.0)
    one = claim("K1", place=town, means="artillery", **base)
    other = claim(
        "K2", place=town, accused="B", claimant="Staff of A", claimant_side="A", means="missile",
        **base,
    )  # fmt: skip
    return one, other


def test_two_sides_that_accuse_each_other_of_one_fire_are_one_incident() -> None:
    one, other = opposing()
    assert pair(one, other) == JOINED
    (incident,) = group_claims([one, other], link_all([one, other]))
    assert incident.accused == ("A", "B")


def test_items_of_one_list_stay_apart_even_at_one_anchor() -> None:
    anchor = position(precision=Precision.DISTRICT, uncertainty_km=30.0)
    items = [
        claim(key, object_name="10 kV line", object_class="power_line", place=anchor)
        for key in ("K1", "K2")
    ]
    assert pair(*items) == APART


def test_an_anchor_point_carries_no_distance() -> None:
    sharp, coarse = (
        position(precision=precision, uncertainty_km=5.0)
        for precision in (Precision.SETTLEMENT, Precision.REGION)
    )
    one, other = opposing()
    near = link_claims(one, other, LEDGER)
    moved = [Claim(**{**vars(c), "place": place}) for c, place in ((one, coarse), (other, sharp))]
    far = link_claims(*moved, LEDGER)
    assert dict(near.features)["same_point"] > dict(far.features)["same_region"]
    assert "same_point" not in dict(far.features)


def test_another_day_is_another_incident() -> None:
    one, other = opposing()
    later = Claim(**{**vars(other), "occurred": Occurrence(hours(72), "day")})
    assert link_all([one, later]) == []


def test_one_region_and_one_day_without_a_name_in_common_stay_two() -> None:
    one = claim("K1", object_name="Reserve transformer", object_class="transformer")
    other = claim("K2", object_name="Gas wells", object_class="gas_field", claimant="Company")
    assert pair(one, other) in (APART, MAYBE)


def test_the_sharper_account_is_preferred_and_time_is_the_hull() -> None:
    one, other = opposing()
    exact = Claim(**{**vars(other), "occurred": Occurrence(hours(5, 1), "minute")})
    (incident,) = group_claims([one, exact], link_all([one, exact]))
    assert incident.preferred.id == "K2"
    assert incident.interval == one.occurred.interval


def test_equal_names_of_common_words_do_not_join_distant_places() -> None:
    here = position(precision=Precision.SETTLEMENT, uncertainty_km=5.0)
    there = position(
        precision=Precision.SETTLEMENT, uncertainty_km=5.0, point=Point(51.8, 30.0), name="Norby"
    )
    line = {"object_name": "10 kV line", "object_class": "power_line"}
    assert pair(claim("K1", place=here, **line), claim("K2", place=there, **line)) == APART


def test_two_districts_with_different_names_stay_two() -> None:
    places = [
        position(precision=Precision.DISTRICT, uncertainty_km=30.0, name=name)
        for name in ("East district", "West district")
    ]
    line = {"object_name": "10 kV line", "object_class": "power_line"}
    one, other = (
        claim(f"K{n}", place=place, claimant=str(n), sources=(str(n),), **line)
        for n, place in enumerate(places)
    )
    assert pair(one, other) == APART


def test_a_row_that_is_entered_twice_is_worth_a_look() -> None:
    named = {"object_name": NAMES[0], "object_class": "gas_metering"}
    assert pair(claim("K1", **named), claim("K2", **named)) == MAYBE


def test_clocks_a_minute_apart_and_a_border_between_do_not_hide_one_event() -> None:
    one, other = opposing()
    minute = Occurrence(hours(5, 1 / 60), "minute")
    later = Occurrence(hours(5.05, 1 / 60), "minute")
    across = Claim(**{**vars(other), "occurred": later,
                      "place": position(precision=Precision.SETTLEMENT, uncertainty_km=5.0,
                                        region="South")})  # fmt: skip
    (link,) = link_all([Claim(**{**vars(one), "occurred": minute}), across])
    assert link.judgement == JOINED


claims = st.lists(
    st.builds(
        lambda i, name, start, accused, lat: claim(
            f"K{i}",
            object_name=name,
            accused=accused,
            claimant_side="B" if accused == "A" else "A",
            claimant=f"{accused} {i % 3}",
            occurred=Occurrence(hours(start), "day"),
            place=position(point=Point(lat, 30.0)),
        ),
        st.integers(0, 30),
        st.sampled_from(NAMES),
        st.integers(0, 60),
        st.sampled_from(["A", "B"]),
        st.sampled_from([50.0, 50.001, 51.0]),
    ),
    max_size=8,
    unique_by=lambda c: c.id,
)


@given(claims)
@settings(deadline=None)
def test_every_claim_is_an_account_of_exactly_one_incident(some: list[Claim]) -> None:
    incidents = group_claims(some, link_all(some))
    accounts = sorted(account.id for incident in incidents for account in incident.accounts)
    assert accounts == sorted(c.id for c in some)


@given(claims)
@settings(deadline=None)
def test_the_order_of_rows_changes_nothing(some: list[Claim]) -> None:
    backwards = list(reversed(some))
    assert group_claims(some, link_all(some)) == group_claims(backwards, link_all(backwards))


def test_a_sharper_place_is_preferred_before_a_sharper_time() -> None:
    one, other = opposing()
    facility = Claim(**{**vars(one), "place": position()})
    minute = Claim(**{**vars(other), "occurred": Occurrence(hours(5, 1), "minute")})
    (made,) = group_claims([facility, minute], link_all([facility, minute]))
    assert made.preferred.id == "K1"
    assert made.occurred.precision == "day"  # the coarser of the two


def test_only_links_inside_an_incident_are_its_own() -> None:
    one, other = opposing()
    third = Claim(**{**vars(one), "id": "K3", "claimant": "Staff of B"})
    links = link_all([one, other])
    maybe = Link("K1", "K3", (), 3.0, MAYBE)
    incidents = group_claims([one, other, third], [*links, maybe])
    assert [len(i.links) for i in incidents] == [1, 0] or [len(i.links) for i in incidents] == [
        0,
        1,
    ]
