"""The benchmark finds what is there, finds nothing where nothing is, and cannot peek."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.validation import made_fires

from truceline.validation import crossval, models, parameters
from truceline.validation import scores as sc
from truceline.validation.crossval import HEAT, NEAR, Problem
from truceline.validation.forward import forward_chaining
from truceline.validation.labels import FIRST_DAY, LAST_DAY, Windows, draw_windows

P_FIRE = 0.4


@pytest.fixture(scope="module")
def problem() -> Problem:
    """Strikes of which four in ten burn, in fields that burn as well."""
    struck = made_fires.events()
    fires = made_fires.fires(struck, P_FIRE)
    windows = draw_windows(struck, FIRST_DAY, LAST_DAY)
    return crossval.pose("made", windows, fires, fires, 300.0)


def gain_on_a_coin(problem: Problem, judged: sc.Judged | None = None) -> sc.Interval:
    p = crossval.forecasts(problem, "place", lambda _: None)[HEAT]
    judged = judged or sc.Judged.of(problem.windows, 300)
    return judged.mean(sc.log_scores(p, judged.struck) - np.log(0.5))


def test_fires_of_strikes_are_found(problem: Problem) -> None:
    gain = gain_on_a_coin(problem)
    assert gain[1] > 0.02


def shuffled(windows: Windows, seed: int) -> Windows:
    """The strike of each event changes places with one of its windows, drawn at random."""
    rng = np.random.default_rng(seed)
    sort = windows.sort.copy()
    for event in np.unique(windows.event):
        own = np.flatnonzero(windows.event == event)
        sort[own] = sort[own][rng.permutation(len(own))]
    return replace(windows, sort=sort)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shuffled_labels_give_no_gain(problem: Problem, seed: int) -> None:
    """Fails if a test window ever helps to fit the model that forecasts it."""
    gain = gain_on_a_coin(replace(problem, windows=shuffled(problem.windows, seed)))
    assert gain[0] < 0.002


def test_a_leak_would_be_seen(problem: Problem) -> None:
    """The shuffled test has teeth: a forecast that peeks at the label gains under it."""
    windows = shuffled(problem.windows, 1)
    peek = np.where(windows.struck, 0.55, 0.45)
    judged = sc.Judged.of(windows, 50)
    assert judged.mean(sc.log_scores(peek, judged.struck) - np.log(0.5))[0] > 0.02


def test_forecasts_do_not_see_the_outcome_of_their_fold(problem: Problem) -> None:
    train, test = next(crossval.splits(problem.windows, "place"))
    sort = problem.windows.sort.copy()
    sort[test] = np.where(sort[test] == 0, 1, 0)
    flipped = replace(problem, windows=replace(problem.windows, sort=sort))
    first, second = (
        crossval.fit_and_predict(each.take(train), each.take(test)) for each in (problem, flipped)
    )
    for name in crossval.MODELS:
        assert first[name] == pytest.approx(second[name]), name


def test_share_that_burns_lies_in_its_interval(problem: Problem) -> None:
    found = parameters.fit_set("made", ("MODIS",), problem.windows, problem.told, 300.0, 400)
    cell = next(c for c in found.cells if (c.group, c.radius_km) == ("any", 1.0))
    assert cell.fire[1] < P_FIRE < cell.fire[2]
    assert cell.fire[0] == pytest.approx(P_FIRE, abs=0.05)


def test_every_model_is_scored_under_every_scheme(problem: Problem) -> None:
    judged = sc.Judged.of(problem.windows, 50)
    for scheme in crossval.SCHEMES[:2]:
        p = crossval.forecasts(problem, scheme, lambda _: None)
        for name, each in p.items():
            assert ((each > 0) & (each < 1)).all(), name
        slope = sc.calibration(p[HEAT], judged)[0]
        assert slope[1] < 1 < slope[2]


def test_the_own_record_is_chosen_without_the_fold(problem: Problem) -> None:
    assert crossval.choose_own_strength(problem.windows, problem.told) in models.OWN_STRENGTHS


def test_months_ahead_are_forecast_from_months_before(problem: Problem) -> None:
    ahead = forward_chaining(problem, 20)
    assert [step.month for step in ahead.steps] == [f"2022-{m:02}" for m in range(4, 9)]
    assert ahead.gain_near[1] < ahead.gain_near[0] < ahead.gain_near[2]


def test_alternatives_are_compared_on_held_out_windows(problem: Problem) -> None:
    def coin(train: Problem, test: Problem) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.full(len(test.windows), 0.5)

    def heat(train: Problem, test: Problem) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return crossval.fit_and_predict(train, test)[NEAR]

    found = crossval.compare_alternatives([("coin", problem, coin), ("rule", problem, heat)])
    assert found[0].lost > 0 == found[1].lost
    assert found[0].scores[0] == pytest.approx(np.log(0.5))
