"""What heat is worth: identities, bounds, and what the measured file may hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline import thresholds as t
from truceline.assess.heat_model import CLASS_GROUPS, HeatModel, Own, SensorSet
from truceline.domain.observation import Chance

MODEL = HeatModel.load()
CLASSES = ("oil_storage", "substation", "gas_field", "civil", None)
RINGS = (
    (0.0, t.HEAT_SITE_KM),
    (t.HEAT_SITE_KM, t.HEAT_NEAR_KM),
    (t.HEAT_NEAR_KM, t.HEAT_FAR_KM),
    (0.0, t.HEAT_NEAR_KM),
    (0.0, t.HEAT_FAR_KM),
)
sets = st.sampled_from(MODEL.sets)
classes = st.sampled_from(CLASSES)
records = st.integers(0, 75).flatmap(lambda n: st.integers(0, n).map(lambda k: Own(n, k)))


@given(sets, classes, st.sampled_from(RINGS), records, st.integers(1, 12))
def test_a_signal_never_points_the_other_way(
    rates: SensorSet, kind: str | None, ring: tuple[float, float], own: Own, n_dates: int
) -> None:
    found = rates.signal(kind, *ring, own, n_dates)
    middle, low, high = found.lr
    assert 1 <= low <= middle <= high and 0 < found.anyway < 1 and 0 < found.if_struck < 1


@given(sets, classes, records, st.integers(1, 12))
def test_chances_of_heat_grow_with_radius_dates_and_own_heat(
    rates: SensorSet, kind: str | None, own: Own, n_dates: int
) -> None:
    near, far = (rates.cell(kind, km) for km in (t.HEAT_NEAR_KM, t.HEAT_FAR_KM))
    assert rates.anyway(near, own, n_dates) <= rates.anyway(far, own, n_dates)
    assert rates.anyway(far, own, n_dates) < rates.anyway(far, own, n_dates + 1)
    assert rates.if_struck(near, own, n_dates) >= rates.anyway(near, own, n_dates)
    burning = Own(own.n + 1, own.k + 1)
    assert rates.anyway(far, burning, n_dates) > rates.anyway(far, own, n_dates)


@given(sets, classes)
def test_where_heat_is_always_there_a_fire_says_next_to_nothing(
    rates: SensorSet, kind: str | None
) -> None:
    """With a record of daily heat the ratio comes near 1, whatever the class."""
    found = rates.signal(kind, 0.0, t.HEAT_FAR_KM, Own(), 2)
    less = rates.beside_standing_heat(kind, t.HEAT_FAR_KM, Own(68, 64), 2, found)
    assert less.anyway > 0.9 and 1 <= less.lr[1] <= less.lr[0] < 1.1
    assert less.lr[0] <= found.lr[0] and less.lr[2] <= found.lr[2]


@given(sets, classes, st.floats(0, 1), st.floats(0, 1))
def test_silence_is_worth_more_the_better_the_looks_and_never_speaks_for_it(
    rates: SensorSet, kind: str | None, one: float, other: float
) -> None:
    worse, better = sorted((one, other))
    a, b = (
        rates.silence(kind, t.HEAT_FAR_KM, Chance(p, p / 2, min(1.0, p * 1.1)))
        for p in (worse, better)
    )
    assert all(0 < y <= x <= 1 for x, y in zip(a, b, strict=True))
    assert a[1] <= a[0] <= a[2]


@pytest.mark.parametrize("rates", MODEL.sets, ids=lambda each: each.name)
def test_silence_over_a_depot_says_more_than_over_a_substation(rates: SensorSet) -> None:
    clear = Chance(0.9, 0.9, 0.9)
    depot, grid = (
        rates.silence(kind, t.HEAT_NEAR_KM, clear)[0] for kind in ("oil_storage", "substation")
    )
    assert depot < grid


@pytest.mark.parametrize("rates", MODEL.sets, ids=lambda each: each.name)
def test_every_radius_and_ring_in_use_was_measured(rates: SensorSet) -> None:
    groups = {"any", *CLASS_GROUPS}
    used = {(group, km) for group in groups for edges in t.HEAT_EDGES_KM.values() for km in edges}
    assert used <= set(rates.group_cells)
    assert {(group, a, b) for group in groups for a, b in RINGS} <= set(rates.rings)


@pytest.mark.parametrize("rates", MODEL.sets, ids=lambda each: each.name)
def test_the_file_holds_aggregates_only(rates: SensorSet) -> None:
    for cell in rates.group_cells.values():
        assert min(cell.n, cell.background_n) >= 5


def test_only_sensors_that_were_measured_have_rates() -> None:
    assert MODEL.measured(set()) is None and MODEL.measured({"VIIRS"}) is None
    both = MODEL.measured({"MODIS", "VIIRS"})
    assert both is not None and "MODIS" in both.sensors
