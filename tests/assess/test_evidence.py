"""Lines of evidence: what counts, what is a copy, and what silence is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.made import DAY, claim, heat, hours, incident, line, look, position, report

from truceline import thresholds as t
from truceline.assess.evidence import account_lines, report_lines, weigh
from truceline.assess.exposure import Past
from truceline.assess.heat_line import heat_line
from truceline.assess.heat_model import HeatModel
from truceline.domain.claim import Corroboration, Occurrence, Origin
from truceline.domain.detection import Detection
from truceline.domain.incident import Line, Says
from truceline.domain.observation import LookState
from truceline.domain.place import Precision

MODEL = HeatModel.load()
YEAR = Past(365, fresh=True)
NONE: frozenset[str] = frozenset()
CLEAR = (LookState.OBSERVABLE,)
MADE = incident(claim(object_class="oil_storage"))


def fire(
    hours: float, persistent: bool = False, static: bool | None = None, km: float = 0.5
) -> Detection:
    pixel = heat(50.0, 30.0, DAY + timedelta(hours=hours), static_source=static)
    return Detection("s", pixel, km, 0, 0, 0, persistent)


def told(detections: Sequence[Detection], states: Sequence[LookState] = CLEAR) -> Line:
    found = heat_line(MADE, [look(state) for state in states], detections, MODEL, YEAR)
    assert found is not None
    return found


def test_heat_in_the_window_is_a_signal_with_its_numbers() -> None:
    found = told([fire(3)])
    assert found.says is Says.SIGNAL and found.lr_low > t.ESTABLISHED_LR / 2
    cell = MODEL.sets[0].cell("oil_storage", t.HEAT_NEAR_KM)
    for number in (f"n = {cell.n}", f"n = {cell.background_n}", "oil_and_fuel"):
        assert number in found.because


@pytest.mark.parametrize(
    "detections",
    [
        [fire(3, persistent=True)],
        [fire(3, static=True)],
        [fire(-30), fire(3)],  # it burned the day before the claimed time
    ],
)
def test_heat_that_was_there_anyway_makes_the_window_unusable(detections: list[Detection]) -> None:
    found = told(detections)
    assert (found.says, found.lr, found.lr_low, found.lr_high) == (Says.UNUSABLE, 1, 1, 1)


@pytest.mark.parametrize("fires", [[fire(-30)], [fire(-30, persistent=True)], [fire(-2)]])
def test_a_fire_that_was_there_before_leaves_no_silence_either(fires: list[Detection]) -> None:
    assert told(fires).says is Says.UNUSABLE


def test_a_nearer_fire_says_more_and_a_far_one_is_measured_by_its_ring() -> None:
    near, far = told([fire(3)]), told([fire(3, km=3.0)])
    assert near.lr > far.lr >= 1 and "between 2 and 5 km" in far.because


def test_heat_of_long_standing_farther_off_leaves_the_inner_ring_to_be_read() -> None:
    steelworks = fire(4, persistent=True, km=3.0)
    inner = told([fire(3), steelworks])
    assert inner.says is Says.SIGNAL and inner.lr > 1
    silent = told([fire(-30, persistent=True, km=3.0)])
    assert silent.says is Says.NOTHING_SEEN and "within 2 km" in silent.because
    assert told([fire(3), replace(steelworks, distance_km=0.4)]).lr == 1.0


@pytest.mark.parametrize(("n_burning", "most"), [(60, 1.05), (40, 1.35), (20, 2.4)])
def test_near_heat_of_long_standing_a_fire_says_next_to_nothing(
    n_burning: int, most: float
) -> None:
    """The site's own record is its background: the oftener it burns, the nearer to 1."""
    days = frozenset(DAY.date() - timedelta(days=d) for d in range(8, 76))
    watched = Past(365, fresh=True, own_days=days)
    burning = [fire(-24 * d + 3, persistent=True) for d in range(8, 8 + n_burning)]
    fires = [*burning, fire(-30, persistent=True), fire(3, persistent=True)]
    looks = [look(), replace(look(), day=DAY.date() + timedelta(days=1))]
    found = heat_line(MADE, looks, fires, MODEL, watched)
    assert found is not None and found.says is Says.SIGNAL
    assert 1 <= found.lr_low <= found.lr < most and "long standing" in found.because
    assert told([fire(3)]).lr > most


def test_a_site_that_burned_on_its_own_in_the_weeks_before_makes_a_fire_worth_less() -> None:
    days = frozenset(DAY.date() - timedelta(days=d) for d in range(8, 76))
    watched = Past(365, fresh=True, own_days=days)
    often = [fire(-24 * d) for d in range(20, 60)]
    looks = [look()]
    busy = heat_line(MADE, looks, [*often, fire(3)], MODEL, watched)
    calm = heat_line(MADE, looks, [fire(3)], MODEL, watched)
    assert busy is not None and calm is not None
    assert 1 <= busy.lr < calm.lr and "on 40 of 68 whole days" in busy.because


def test_a_look_at_the_last_hours_before_the_event_is_no_look_at_it() -> None:
    late = incident(claim(occurred=Occurrence(hours(20, 24), "day")))
    looks = [look(), replace(look(LookState.NO_RECORD), day=DAY.date() + timedelta(days=1))]
    found = heat_line(late, looks, [], MODEL, YEAR)
    assert found is not None and found.says is Says.UNUSABLE and "14%" in found.because


@pytest.mark.parametrize("state", [LookState.OBSCURED, LookState.NO_PASS, LookState.NO_RECORD])
def test_without_a_usable_look_silence_is_worth_nothing(state: LookState) -> None:
    assert told([], [state]).says is Says.UNUSABLE


def test_of_an_attack_that_was_shot_down_heat_says_nothing() -> None:
    attempt = incident(claim(act="attempt_intercepted"))
    for detections in ([], [fire(3)]):
        found = heat_line(attempt, [look()], detections, MODEL, YEAR)
        assert found is not None and found.says is Says.UNUSABLE


def test_without_a_past_heat_cannot_be_told_from_heat_that_is_always_there() -> None:
    found = heat_line(MADE, [look()], [fire(3)], MODEL, Past(100, fresh=True))
    assert found is not None and found.says is Says.UNUSABLE and "100 days" in found.because


def test_without_a_look_just_before_a_new_fire_cannot_be_told_from_an_old_one() -> None:
    found = heat_line(MADE, [look()], [fire(3)], MODEL, Past(365, fresh=False))
    assert found is not None and found.says is Says.UNUSABLE and "already" in found.because


def test_a_sensor_without_rates_is_shown_and_not_weighed() -> None:
    pixel = replace(fire(3), heat=replace(fire(3).heat, sensor="VIIRS"))
    found = told([pixel])
    assert found.says is Says.UNUSABLE and "not been measured" in found.because
    silent = heat_line(MADE, [replace(look(), sensor="VIIRS")], [], MODEL, YEAR)
    assert silent is not None and silent.says is Says.UNUSABLE


def test_an_anchor_has_no_heat_line() -> None:
    coarse = position(precision=Precision.DISTRICT, uncertainty_km=30.0)
    assert heat_line(incident(claim(place=coarse)), [look()], [fire(3)], MODEL, YEAR) is None


def test_an_undated_incident_has_no_heat_line() -> None:
    from truceline.clock import ALWAYS

    undated = incident(claim(occurred=Occurrence(ALWAYS, "unknown")))
    assert heat_line(undated, [], [], MODEL, YEAR) is None


# --- other lines --------------------------------------------------------------------------------


def test_reports_of_one_origin_are_one_line() -> None:
    found = list(
        report_lines([report("R1", origin_id="o"), report("R2", origin_id="o", sense="heard")])
    )
    assert len(found) == 1 and found[0].lr == t.LINE_RATES["report_seen"][0]


def outside(*rests_on: str, origin: str = "agency") -> Corroboration:
    return Corroboration(Origin.THIRD_PARTY, origin, "third_party", "supports it", rests_on)


@pytest.mark.parametrize(
    ("rests_on", "signalling", "says"),
    [
        ((), {"satellite_heat"}, Says.SIGNAL),
        (("imagery",), {"satellite_heat"}, Says.SIGNAL),
        (("satellite_heat", "imagery"), set(), Says.SIGNAL),
        (("satellite_heat", "imagery"), {"satellite_heat"}, Says.UNUSABLE),
        (("satellite_heat",), set(), Says.UNUSABLE),
        (("satellite_heat", "field_report"), set(), Says.UNUSABLE),
        (("party_statement",), set(), Says.UNUSABLE),
        (("statement",), {"satellite_heat"}, Says.SIGNAL),
    ],
)
def test_whoever_only_repeats_what_is_read_here_adds_nothing(
    rests_on: tuple[str, ...], signalling: set[str], says: Says
) -> None:
    made = incident(claim(corroboration=outside(*rests_on)))
    (found,) = account_lines(made, frozenset(signalling))
    assert found.says is says


def test_support_that_does_not_count_is_no_line() -> None:
    for origin in (Origin.SUPPORT_NOT_COUNTED, Origin.AGAINST_NOT_COUNTED):
        extra = Corroboration(origin, "x", "same_side_other_institution", "text")
        assert account_lines(incident(claim(corroboration=extra)), NONE) == []


def test_a_claim_is_no_line_and_an_admission_is_one() -> None:
    assert account_lines(incident(claim()), NONE) == []
    own = claim(origin=Origin.ADMISSION, claimant_side="A")
    (found,) = account_lines(incident(own), NONE)
    assert found.names == "A"


def test_one_strong_line_establishes_nothing_and_two_weak_ones_do_not_either() -> None:
    assert not weigh([line(lr=1e6)]).established
    assert not weigh([line(lr=2.5, origin="a"), line(lr=2.5, origin="b")]).established
    assert weigh([line(lr=20, origin="a"), line(lr=20, origin="b")]).established


def test_voices_of_one_side_are_one_line_and_never_enough() -> None:
    voices = [
        claim(f"K{n}", origin=Origin.ADMISSION, claimant_side="A", claimant=name)
        for n, name in enumerate(["General Staff", "Security Service"])
    ]
    lines = account_lines(incident(*voices), NONE)
    assert len(lines) == 1 and len(lines[0].rows) == 2
    assert not weigh(lines * 2).established


def test_parties_alone_establish_nothing() -> None:
    ours = [line(lr=1e3, origin=side, family="admission") for side in ("A", "B")]
    assert not weigh(ours).established and weigh([*ours, line()]).established


def test_silence_of_a_few_percent_contradicts_nothing() -> None:
    faint = line(Says.NOTHING_SEEN, 0.97, "q", lr_high=0.998)
    found = weigh([line(), faint])
    assert found.n_against == 0 and not found.contradicted
