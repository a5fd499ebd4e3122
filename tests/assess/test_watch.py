"""Could it have been seen: shared skies, passes before the event, overcast weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.made import DAY, claim, hours, incident, look, position

from truceline.assess.exposure import Past
from truceline.assess.heat_line import heat_line
from truceline.assess.heat_model import HeatModel
from truceline.assess.watch import Glimpse, clear_look, edges_of, glimpses, watch
from truceline.domain.claim import Occurrence
from truceline.domain.incident import Incident, Says
from truceline.domain.observation import Chance, Look, LookState
from truceline.domain.passes import Pass
from truceline.domain.place import Precision

MODEL = HeatModel.load()
TAU_H = 12.0
TOLD = DAY.date() + timedelta(days=30)
"""All passes of these days may be told."""
MADE = incident(claim(object_class="oil_storage"))
chances = st.floats(0, 1).map(lambda p: Chance(p, p, p))
instants = st.lists(st.floats(0, 72), min_size=1, max_size=8, unique=True)


def pass_at(hour: float) -> Pass:
    return Pass("Terra", "MODIS", DAY + timedelta(hours=hour), 20.0, "fitted", 5.0)


def day_look(cloud: float | None, day: int = 0, *passes: Pass) -> Look:
    return replace(
        look(),
        day=DAY.date() + timedelta(days=day),
        cloud_share=cloud,
        cloud_km=None if cloud is None else 0.0,
        passes=passes or tuple(pass_at(24 * day + h) for h in (1, 9, 11, 20)),
    )


def seen(*clouds: float | None, who: Incident = MADE) -> Chance:
    found = watch(who, [day_look(c, i) for i, c in enumerate(clouds)], MODEL, TOLD).seen
    assert found is not None
    return found


@given(st.lists(st.tuples(st.floats(0, 72), st.floats(0, 1)), min_size=1, max_size=6))
def test_a_clear_look_is_never_less_likely_than_in_its_clearest_pass(
    skies: list[tuple[float, float]],
) -> None:
    """Passes of different skies: a clouded one beside a clear one hides nothing of it."""
    passes = [Glimpse(DAY + timedelta(hours=h), Chance(p, p, p)) for h, p in sorted(skies)]
    found = clear_look(passes, hours(-1, 1), TAU_H).p
    assert max(p for _, p in skies) - 1e-9 <= found <= 1 + 1e-9


@given(instants, chances)
def test_more_passes_never_make_a_clear_look_less_likely(at: list[float], sky: Chance) -> None:
    all_of_them = [Glimpse(DAY + timedelta(hours=h), sky) for h in at]
    fewer, more = (clear_look(g, hours(-1, 1), TAU_H).p for g in (all_of_them[:-1], all_of_them))
    assert 0 <= fewer <= more + 1e-12 <= 1 + 1e-9


@given(st.floats(0.05, 0.95), st.floats(0.1, 48))
def test_two_passes_lie_between_one_sky_and_two_skies(p: float, gap_h: float) -> None:
    sky = Chance(p, p, p)
    pair = [Glimpse(DAY + timedelta(hours=h), sky) for h in (1, 1 + gap_h)]
    assert p < clear_look(pair, hours(-1, 1), TAU_H).p < 1 - (1 - p) ** 2 + 1e-9


def test_two_satellites_fifty_minutes_apart_are_hardly_more_than_one() -> None:
    sky = Chance(0.5, 0.5, 0.5)
    one = [Glimpse(DAY + timedelta(hours=12), sky)]
    two = [*one, Glimpse(DAY + timedelta(hours=12, minutes=50), sky)]
    gained = clear_look(two, hours(0), TAU_H).p - clear_look(one, hours(0), TAU_H).p
    assert 0 < gained < 0.05


def test_a_pass_before_the_event_is_no_look_at_it() -> None:
    sky = Chance(0.6, 0.6, 0.6)
    before, after = (Glimpse(DAY + timedelta(hours=h), sky) for h in (-2, 30))
    assert clear_look([before], hours(0), TAU_H).p == 0
    assert clear_look([after], hours(0), TAU_H).p == pytest.approx(0.6)
    halfway = Glimpse(DAY + timedelta(hours=12), sky)  # as often before the event as after
    assert clear_look([halfway], hours(0), TAU_H).p == pytest.approx(0.3)


def test_the_chance_of_having_seen_falls_with_cloud_and_rises_with_days() -> None:
    assert seen(1.0).p < seen(0.6).p < seen(0.0).p
    assert seen(0.6).p < seen(0.6, 0.6).p
    assert seen(None).low < seen(0.3).low  # an unknown sky is no clear sky


def test_an_overcast_week_cannot_make_peace() -> None:
    """Silence under a closed sky moves the odds by next to nothing, however many passes."""
    overcast = [replace(day_look(0.98, i), state=LookState.OBSERVABLE) for i in range(2)]
    line = heat_line(MADE, overcast, [], MODEL, Past(365, fresh=True), TOLD)
    assert line is not None and line.says is Says.NOTHING_SEEN and line.lr > 0.9
    closed = [replace(day_look(0.98, i), state=LookState.OBSCURED) for i in range(2)]
    line = heat_line(MADE, closed, [], MODEL, Past(365, fresh=True), TOLD)
    assert line is not None and (line.says, line.lr) == (Says.UNUSABLE, 1.0)


def test_without_a_record_nothing_could_have_been_seen_and_it_is_said() -> None:
    dark = [replace(day_look(0.1), state=LookState.NO_RECORD)]
    found = watch(MADE, dark, MODEL, TOLD)
    assert found.seen is not None and found.seen.p == 0 and found.n_held == 0
    assert (
        found.show is not None
        and found.show.p > 0
        and "no record is held of the 4" in found.because
    )


def test_a_coarse_place_cannot_be_looked_at_and_an_interception_leaves_no_fire() -> None:
    anchor = incident(claim(place=position(precision=Precision.DISTRICT, uncertainty_km=30.0)))
    assert seen(0.1, who=anchor).high == 0
    shot_down = incident(claim(act="attempt_intercepted"))
    assert seen(0.1, who=shot_down).high == 0


def test_no_day_to_look_at_is_said_and_not_counted_as_nought() -> None:
    found = watch(MADE, [], MODEL, TOLD)
    assert (found.look, found.seen) == (None, None) and "no day" in found.because


def test_a_pass_that_is_only_known_by_its_local_time_widens_the_bounds() -> None:
    checked = glimpses([day_look(0.2, 0, pass_at(9))], 500.0, TOLD)
    rough = glimpses([day_look(0.2, 0, replace(pass_at(9), basis="unchecked"))], 500.0, TOLD)
    assert rough[0].clear.p == checked[0].clear.p
    assert rough[0].clear.low < checked[0].clear.low


def test_a_pass_at_the_edge_of_its_swath_is_no_look() -> None:
    edge = replace(pass_at(9), scan_angle_deg=54.0)
    assert glimpses([day_look(0.2, 0, edge)], 500.0, TOLD) == []
    assert watch(MADE, [day_look(0.2, 0, edge)], MODEL, TOLD).n_passes == 1


@pytest.mark.parametrize(
    ("precision", "uncertainty_km", "edges"),
    [
        (Precision.FACILITY, 0.1, (1, 2, 5)),
        (Precision.FACILITY, 1.0, (2, 5)),
        (Precision.SETTLEMENT, 5.0, (5,)),
        (Precision.DISTRICT, 30.0, ()),
    ],
)
def test_a_ring_is_told_apart_only_where_the_place_is_known_better(
    precision: Precision, uncertainty_km: float, edges: tuple[float, ...]
) -> None:
    assert edges_of(position(precision=precision, uncertainty_km=uncertainty_km)) == edges


def test_days_whose_passes_may_not_be_told_count_as_one_look_each() -> None:
    """Told passes and untold days stand beside each other; nothing held is dropped."""
    looks = [day_look(0.2, 0), day_look(0.2, 1)]
    first, both = DAY.date(), DAY.date() + timedelta(days=1)
    whole, part, none = (watch(MADE, looks, MODEL, until).look for until in (both, first, None))
    assert whole is not None and part is not None and none is not None
    assert none.p > 0.4 and part.p > 0.4 and part.low < whole.low
    told = watch(MADE, looks, MODEL, first).because
    assert "not told" in told and "not told" not in watch(MADE, looks, MODEL, both).because


def test_where_a_fire_could_hide_nothing_could_have_been_seen() -> None:
    found = watch(MADE, [day_look(0.1)], MODEL, TOLD, readable_km=0.0)
    assert found.seen is not None and found.seen.high == 0 and "hide" in found.because
    assert found.look is not None and found.look.p > 0.5
    near = watch(MADE, [day_look(0.1)], MODEL, TOLD, readable_km=2.0).show
    far = watch(MADE, [day_look(0.1)], MODEL, TOLD, readable_km=5.0).show
    assert near is not None and far is not None and near.p < far.p


def test_a_sensor_that_did_not_look_afterwards_lends_no_rates() -> None:
    """One pass of another sensor before the event makes silence no stronger."""
    viirs = replace(day_look(0.1, 0, replace(pass_at(1), sensor="VIIRS")), sensor="VIIRS")
    late = incident(claim(object_class="oil_storage", occurred=Occurrence(hours(6, 1), "hours")))
    alone, beside = ([day_look(0.1)], [day_look(0.1), viirs])
    a, b = (
        heat_line(late, each, [], MODEL, Past(365, fresh=True), TOLD) for each in (alone, beside)
    )
    assert a is not None and b is not None and a.lr == b.lr
