"""Simulated exchanges: what both share is not taken for an answer, and a strong answer is found."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.stats import binom

from truceline.simulate.reciprocity import ANSWERS, BACKGROUNDS, Kind, simulate_exchange
from truceline.validation.reciprocity_study import count_finds, count_outcomes

BY_NAME = {kind.name: kind for kind in (*BACKGROUNDS, *ANSWERS)}

N_SEEDS = 60


def naive(kind: Kind, n_days: int, seed: int) -> bool:
    """What a regression on the pasts of both sides finds, with nothing shared in it (5 %)."""
    world = simulate_exchange(kind, n_days, seed)
    a, b = world.a - world.a.mean(), world.b - world.b.mean()
    columns = [x[3 - lag : n_days - lag] for x in (a, b) for lag in (1, 2, 3)]
    design, y = np.stack(columns, axis=1), a[3:]

    def misfit(x: np.ndarray) -> float:
        return float(np.sum((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2))

    whole, own = misfit(design), misfit(design[:, :3])
    return (own - whole) / 3 / (whole / (len(y) - 6)) > 2.65


@pytest.mark.slow
def test_shared_shocks_deceive_a_plain_regression_and_not_the_estimate() -> None:
    kind, seeds = BY_NAME["shocks that last"], range(8)
    assert sum(naive(kind, 400, seed) for seed in seeds) >= 6
    (row,) = count_finds([kind], 400, seeds)
    assert row.quiet
    assert row.either.k <= 1


def test_a_strong_answer_is_found_in_its_direction() -> None:
    (row,) = count_finds([BY_NAME["A answers B"]], 400, range(8))
    assert not row.quiet
    assert row.first.k >= 6
    assert row.second.k <= 1


@pytest.mark.slow
def test_a_truce_of_forty_days_mostly_cannot_tell() -> None:
    (row,) = count_outcomes([BY_NAME["shocks that last"]], 40, range(5))
    assert row.cannot_tell.k >= 4
    assert row.indicated.k + row.not_indicated.k + row.cannot_tell.k == 5
    assert row.stated_power < 0.5


@pytest.mark.parametrize("kind", [*BACKGROUNDS, *ANSWERS], ids=lambda kind: kind.name)
def test_worlds_have_the_rates_they_state_and_are_told_again(kind: Kind) -> None:
    world, again = (simulate_exchange(kind, 3000, 7) for _ in range(2))
    assert np.array_equal(world.a, again.a)
    assert world.known.mean() == pytest.approx(1 - kind.unknown, abs=0.03)
    if kind.trend == (1.0, 1.0) and kind.weekend == 1.0:
        assert world.a[world.known].mean() == pytest.approx(kind.rates[0], rel=0.15)
        assert world.b[world.known].mean() == pytest.approx(kind.rates[1], rel=0.15)


@cache
def finds_in_quiet(name: str) -> int:
    (row,) = count_finds([BY_NAME[name]], 120, range(1000, 1000 + N_SEEDS))
    return row.either.k


@pytest.mark.slow
@pytest.mark.parametrize("kind", BACKGROUNDS, ids=lambda kind: kind.name)
def test_finds_in_quiet_worlds_of_one_kind_are_no_more_than_5_per_cent_may_give(kind: Kind) -> None:
    """More than this many of sixty would come of 5 % in one case of a hundred."""
    assert finds_in_quiet(kind.name) <= binom.ppf(0.99, N_SEEDS, 0.05)


@pytest.mark.slow
def test_no_answer_is_found_in_at_least_95_per_cent_of_quiet_worlds() -> None:
    found = sum(finds_in_quiet(kind.name) for kind in BACKGROUNDS)
    assert found <= 0.05 * N_SEEDS * len(BACKGROUNDS)


@pytest.mark.slow
def test_an_answer_of_the_stated_size_is_found_in_80_per_cent_of_worlds() -> None:
    (row,) = count_finds([BY_NAME["A answers B"]], 400, range(1000, 1000 + N_SEEDS))
    assert row.first.k >= 0.8 * N_SEEDS
    assert row.second.k <= 0.05 * N_SEEDS
