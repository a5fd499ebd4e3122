"""Simulated worlds: the same bytes every time, files that strict readers take, a true truth."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from tests.golden.swap import swap_case

from truceline.geo import haversine_km
from truceline.simulate.orders import ASYMMETRIC, Kind, Order, Plan, suite
from truceline.simulate.rates import HeatRate, Rates, Spread
from truceline.simulate.sky import PAST_DAYS, TRUCE_FROM
from truceline.simulate.world import World, make_world, write_world
from truceline.sources.casefile import read_case
from truceline.sources.records import Records, read_records
from truceline.thresholds import PERSISTENCE_MIN_SPAN_D

OIL = HeatRate("oil", Spread(0.4, 0.2, 0.6), Spread(0.5, 0.3, 0.7), 0.02, 0.06)
REST = HeatRate("rest", Spread(0.02, 0.0, 0.1), Spread(0.1, 0.0, 0.3), 0.01, 0.05)
RATES = Rates(
    heat={
        "refinery": OIL,
        "oil_storage": OIL,
        "power_plant": REST,
        "substation": REST,
        "transformer": REST,
        "gas_processing": REST,
        "gas_metering": REST,
    },
    lines={
        "report_seen": (0.6, 0.02),
        "report_recorded": (0.6, 0.015),
        "report_heard": (0.5, 0.1),
        "report_nothing": (0.1, 0.85),
        "third_party": (0.3, 0.05),
        "admission": (0.3, 0.01),
    },
)


@cache
def world(kind: Kind = Kind.WELL_SPECIFIED, seed: int = 7, mirrored: bool = False) -> World:
    return make_world(Order(kind, seed, mirrored), RATES)


def planned(plan: Plan, seed: int = 7) -> World:
    return make_world(Order(Kind.WELL_SPECIFIED, seed, plan=plan), RATES)


def table(made: World, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.files[f"data/{name}.csv"].decode())))


@pytest.fixture
def records_of(tmp_path: Path) -> Callable[[World], Records]:
    def read(made: World) -> Records:
        write_world(made, tmp_path / "world")
        return read_records(read_case(tmp_path / "world"))

    return read


# --- the same every time ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_the_same_order_gives_the_same_bytes(kind: Kind) -> None:
    again = make_world(Order(kind, 7), RATES)
    assert again.files == world(kind).files
    assert again.truth == world(kind).truth


def test_another_seed_gives_another_world() -> None:
    assert world(seed=8).files["data/claims.csv"] != world().files["data/claims.csv"]


def test_the_suite_has_enough_worlds_that_differ_from_what_the_engine_assumes() -> None:
    orders = suite(240)
    other = [order for order in orders if order.kind is not Kind.WELL_SPECIFIED]
    assert len(orders) == len(set(orders)) == 240
    assert len(other) >= 80
    assert {order.kind for order in other} == set(Kind) - {Kind.WELL_SPECIFIED}
    for kind in ASYMMETRIC:
        own = [order for order in orders if order.kind is kind]
        straight = {order.seed for order in own if not order.mirrored}
        assert straight == {order.seed for order in own if order.mirrored}


# --- what readers say ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_strict_readers_take_every_file_without_a_word(
    kind: Kind, records_of: Callable[[World], Records]
) -> None:
    found = records_of(world(kind))
    assert not found.quarantine
    assert [note for file in found.inputs for note in file.notes] == []
    assert len(found.claims) == len(world(kind).truth.claims)


def test_a_world_has_the_size_of_a_real_case_and_a_past(
    records_of: Callable[[World], Records],
) -> None:
    found = records_of(world())
    assert 30 <= len(found.claims) <= 70
    (cover,) = found.heat_cover["MODIS"]
    assert (TRUCE_FROM - cover.first).days == PAST_DAYS >= max(200, PERSISTENCE_MIN_SPAN_D)
    assert sum(map(len, world().files.values())) < 200_000


def test_accounts_hide_what_is_true_in_every_way_that_was_ordered() -> None:
    worlds = [world(seed=seed) for seed in range(1, 13)]
    claims = [row for made in worlds for row in table(made, "claims")]
    truth = [claim for made in worlds for claim in made.truth.claims]
    assert {row["date_precision"] for row in claims} == {
        "exact",
        "night_span",
        "report_date",
        "inferred",
        "unknown",
    }
    assert {row["location_precision"] for row in claims} == {
        "facility",
        "settlement",
        "district",
        "region",
    }
    assert {row["corroboration_class"] for row in claims} == {
        "none_found",
        "third_party",
        "third_party_unverified",
    }
    stories = {"strike", "own_fire", "invented", "exaggerated", "misplaced"}
    assert {claim.story for claim in truth} == stories
    assert any(row["accused_side"] == row["claimant_side"] for row in claims)
    assert any(row["claimant_side"] == "other" for row in claims)
    assert all(made.truth.n_unclaimed > 0 for made in worlds)


# --- the truth ----------------------------------------------------------------------------------


def test_truth_speaks_of_the_claims_that_are_there() -> None:
    ids = [row["claim_id"] for row in table(world(), "claims")]
    assert [claim.claim for claim in world().truth.claims] == ids
    told = [claim for strike in world().truth.strikes for claim in strike.claims]
    assert set(told) <= set(ids)
    assert len(told) == len(set(told))


def test_only_what_happened_has_an_actor() -> None:
    for claim in world().truth.claims:
        assert (claim.actor is not None) == claim.happened
        assert claim.happened <= (claim.strike is not None)
        assert (claim.story in ("strike", "own_fire")) == claim.happened


def test_fires_of_strikes_are_in_the_record_after_their_instant(
    records_of: Callable[[World], Records],
) -> None:
    """With a detection that is nearly certain, clear and held looks show oil on fire."""
    sure = {name: HeatRate("all", Spread(0.78, 0.77, 0.79), Spread(0.78, 0.77, 0.79), 0.0, 0.0)
            for name in RATES.heat}  # fmt: skip
    rates = Rates(sure, RATES.lines, clear_share=0.97)
    made = make_world(Order(Kind.WELL_SPECIFIED, 7), rates)
    found = records_of(made)
    held = {day.day for day in found.record_days if day.whole}
    hits = [strike for strike in made.truth.strikes if strike.act == "hit"]
    seen = 0
    looked = [s for s in hits if {s.at.date(), s.at.date() + timedelta(days=1)} <= held]
    for strike in looked:
        seen += any(
            timedelta(0) <= heat.observed_at - strike.at < timedelta(days=2)
            and haversine_km(heat.point, strike.point) <= 2
            for heat in found.heat
        )
    assert len(looked) >= 10
    assert seen >= 0.8 * len(looked)


def test_nothing_burns_where_neither_strike_nor_heat_anyway_is(
    records_of: Callable[[World], Records],
) -> None:
    cold = {name: HeatRate("all", Spread(0.3, 0.2, 0.4), Spread(0.3, 0.2, 0.4), 0.0, 0.0)
            for name in RATES.heat}  # fmt: skip
    made = make_world(Order(Kind.WELL_SPECIFIED, 7), Rates(cold, RATES.lines))
    struck = [strike.point for strike in made.truth.strikes if strike.act == "hit"]
    heat, before = records_of(made).heat, TRUCE_FROM - timedelta(days=2)
    furnaces = [each.point for each in heat if each.observed_at.date() < before]
    assert furnaces
    for each in heat:
        at_strike = any(haversine_km(point, each.point) < 5 for point in struck)
        assert at_strike or any(haversine_km(point, each.point) < 1 for point in furnaces)


def test_rates_of_reports_are_those_that_were_handed_in() -> None:
    """Witnesses of true and of false stories, pooled over worlds, against the rate of `seen`."""
    n_true = n_false = k_true = k_false = 0
    for seed in range(1, 26):
        made = planned(Plan(reporters=1.0), seed)
        strikes = {s.number: bool(s.claims) for s in made.truth.strikes}
        true_numbers = {c.strike for c in made.truth.claims if c.happened}
        wrong = {c.strike for c in made.truth.claims if c.strike is not None and not c.happened}
        for row in table(made, "reports"):
            number = int(row["report_id"][1:4])
            if not row["report_id"].endswith("1") or row["sense"] == "heard":
                continue
            act = row["finding"] == "act_observed"
            if number in true_numbers:
                n_true, k_true = n_true + 1, k_true + act
            elif number not in strikes and number not in wrong:
                n_false, k_false = n_false + 1, k_false + act
    # Of those who report at all: 0.6 of 0.7 when it happened, about 0.02 of 0.87 when not.
    assert n_true > 200
    assert n_false > 200
    assert 0.78 < k_true / n_true < 0.93
    assert 0.003 < k_false / n_false < 0.06


# --- kinds --------------------------------------------------------------------------------------


def p_cloud_on(kind: Kind) -> float:
    total, n = 0.0, 0
    for seed in range(1, 11):
        made = world(kind, seed)
        cloud = {row["date"]: row for row in table(made, "cloud")}
        for strike in made.truth.strikes:
            region = 1 + int((strike.point.lon + 36) // 1.5)
            total += float(cloud[str(strike.at.date())][f"R{region}_cloudcover_mean"])
            n += 1
    return total / n


def test_strikes_seek_cloud_where_they_are_said_to() -> None:
    assert p_cloud_on(Kind.CLOUD_WITH_STRIKES) > p_cloud_on(Kind.WELL_SPECIFIED) + 10


def p_held_on(kind: Kind) -> float:
    held = []
    for seed in range(1, 11):
        made = world(kind, seed)
        whole = {row["date_utc"]: row["whole_day"] == "true" for row in table(made, "record-days")}
        held += [whole[str(strike.at.date())] for strike in made.truth.strikes]
    return sum(held) / len(held)


def test_strikes_seek_gaps_where_they_are_said_to() -> None:
    assert p_held_on(Kind.GAP_WITH_STRIKES) < 0.5 < p_held_on(Kind.WELL_SPECIFIED)


def test_one_side_lies_more_where_it_is_said_to() -> None:
    shares = {}
    for code in ("A", "B"):
        own = [
            truth.happened
            for seed in range(1, 11)
            for made in (world(Kind.ONE_SIDED_LYING, seed),)
            for truth, row in zip(made.truth.claims, table(made, "claims"), strict=True)
            if row["claimant_side"] == code and row["accused_side"] != code
        ]
        shares[code] = sum(own) / len(own)
    assert shares["A"] < 0.35 < 0.6 < shares["B"]


def test_a_one_sided_registry_lists_objects_of_one_side() -> None:
    files = world(Kind.REGISTRY_ONE_SIDED).files
    assert "data/refinery-1.csv" in files
    assert "data/refinery-2.csv" not in files


def test_industry_and_fields_make_more_heat() -> None:
    plain, industry, fields = (
        len(table(world(kind), "heat"))
        for kind in (Kind.WELL_SPECIFIED, Kind.INDUSTRIAL_HEAT, Kind.FIELD_BURNING)
    )
    assert industry > 1.5 * plain
    assert fields > 1.2 * plain


def test_a_shared_false_story_has_several_origins_for_one_incident() -> None:
    made = world(Kind.SHARED_FALSE_SOURCE, 3)
    behind = {row["claim"]: row["origin_id"] for row in table(made, "origins")}
    false = [c.claim for c in made.truth.claims if c.story in ("invented", "exaggerated")]
    origins = [behind[claim] for claim in false if behind.get(claim, "").count("-") == 2]
    assert len(origins) >= 4
    assert len(origins) == len(set(origins))


@pytest.mark.parametrize("kind", ASYMMETRIC)
def test_a_mirrored_world_is_the_same_with_the_codes_exchanged(kind: Kind, tmp_path: Path) -> None:
    write_world(world(kind), tmp_path / "straight")
    write_world(world(kind, mirrored=True), tmp_path / "mirrored")
    swap_case(tmp_path / "straight", tmp_path / "swapped")
    swapped = read_records(read_case(tmp_path / "swapped"))
    mirrored = read_records(read_case(tmp_path / "mirrored"))
    assert swapped.claims == mirrored.claims
    assert swapped.reports == mirrored.reports
    assert (swapped.areas, swapped.objects) == (mirrored.areas, mirrored.objects)
    assert set(swapped.completeness) == set(mirrored.completeness)
    other = {"A": "B", "B": "A", None: None}
    assert [other[claim.actor] for claim in world(kind).truth.claims] == [
        claim.actor for claim in world(kind, mirrored=True).truth.claims
    ]


# --- plans --------------------------------------------------------------------------------------


def test_a_plan_moves_nothing_but_what_it_plans() -> None:
    base, more = planned(Plan()), planned(Plan(third_satellite=True))
    changed = {path for path in base.files if base.files[path] != more.files[path]}
    assert changed == {
        f"{part}/{name}.{ending}"
        for name in ("heat", "record-days")
        for part, ending in (("data", "csv"), ("sources", "toml"))
    }
    assert base.truth == more.truth


def test_a_third_satellite_holds_every_day_that_was_held_and_more() -> None:
    def held(made: World) -> set[str]:
        return {r["date_utc"] for r in table(made, "record-days") if r["whole_day"] == "true"}

    assert held(planned(Plan())) < held(planned(Plan(third_satellite=True)))


def test_more_observers_report_all_that_fewer_would() -> None:
    reports = [
        {tuple(row.values()) for row in table(planned(Plan(reporters=share)), "reports")}
        for share in (0.0, 0.25, 0.5, 0.75)
    ]
    assert reports[0] == set()
    assert all(fewer < more for fewer, more in pairwise(reports))


def test_with_coordinates_every_place_is_sharp() -> None:
    rows = table(planned(Plan(coordinates=True)), "claims")
    assert {row["location_precision"] for row in rows} == {"facility"}
