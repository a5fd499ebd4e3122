"""The model: identities of likelihood ratios, pooling, monotone rates, and the shipped reader."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.assess.heat_model import HeatModel
from truceline.validation import models
from truceline.validation.features import EDGES_KM, NOWHERE_KM, Told
from truceline.validation.forward import shipped
from truceline.validation.labels import GROUPS, Windows

STRUCK = np.array([[0.20, 0.40], [0.50, 0.55], [0.30, 0.45], [0.20, 0.40]])
ANYWAY = np.array([[0.05, 0.15]] * 4)
RATES = models.Rates((2.0, 5.0), STRUCK, ANYWAY, own_mean=0.1, own_strength=300.0)
ONE = np.ones(1)


def ratio(near: float, group: int = 0, factor: float = 1.0) -> float:
    found = RATES.ratio(np.array([group]), near * ONE, factor * ONE)
    return float(found[0])


def test_ratio_is_that_of_the_ring() -> None:
    assert ratio(1.0) == pytest.approx(0.20 / 0.05)
    assert ratio(3.0) == pytest.approx(0.20 / 0.10)
    assert ratio(6.0) == pytest.approx(0.60 / 0.85)
    assert ratio(3.0, group=1) == 1.0  # 0.05 / 0.10: heat is never evidence against a strike


def told_of(near: np.ndarray, **changes: np.ndarray) -> Told:
    """What fires tell of windows whose nearest fire is so far off, without a record of its own."""
    n = len(near)
    base = Told(
        np.tile(near[:, None], 4),
        np.full((n, 4), NOWHERE_KM),
        np.ones((n, 4), dtype=bool),
        np.zeros((n, 4)),
        np.zeros(n),
        np.zeros(n),
        np.zeros(n),
        np.ones(n),
    )
    return replace(base, **changes)


@pytest.mark.parametrize(
    ("burned", "low", "high"), [(60, 1.0, 1.01), (30, 1.01, 1.5), (0, 3.0, 4.01)]
)
def test_where_heat_is_of_long_standing_its_own_record_is_the_background(
    burned: int, low: float, high: float
) -> None:
    """A works that burns daily makes a fire worth nothing; one that has gone dark does not."""
    one = np.zeros(1, dtype=np.int64)
    windows = Windows(one, one, one, one, one + 738000, np.array([[47.0, 31.0]]))
    told = told_of(
        np.array([1.0]),
        standing=np.array([[1.0] * 4]),
        burned=np.full((1, 4), float(burned)),
        own_n=np.array([60.0]),
    )
    p = models.predict(replace(RATES, own_strength=1e9), windows, told)[0]
    assert low <= p / (1 - p) <= high
    alike = models.predict(replace(RATES, own_strength=1e9), windows, told, standing=False)[0]
    assert alike / (1 - alike) == pytest.approx(4.0)


@given(st.floats(0.05, 20.0), st.integers(0, 3))
def test_expected_ratio_without_a_strike_is_one(factor: float, group: int) -> None:
    """The identity of every likelihood ratio, where no odds ratio is held at 1."""
    struck, anyway = RATES.moved(np.array([group]), factor * ONE)
    shares = np.diff(np.concatenate(([0.0], anyway[0], [1.0])))
    struck_shares = np.diff(np.concatenate(([0.0], struck[0], [1.0])))
    assert (struck_shares / shares * shares).sum() == pytest.approx(1.0)
    assert (struck[0] >= anyway[0] - 1e-12).all()


def test_a_site_that_often_burns_makes_a_fire_worth_less() -> None:
    quiet, usual, burning = (ratio(1.0, factor=f) for f in (0.5, 1.0, 8.0))
    assert quiet > usual > burning > 1
    assert RATES.factor(np.array([0.0]), np.array([0.0]))[0] == pytest.approx(1.0)


def counts(k_class: int, n_class: int) -> models.Counts:
    n, k = np.zeros((len(GROUPS), 4)), np.zeros((len(GROUPS), 4))
    n[0], k[0] = 1000, 100
    n[1], k[1] = n_class, k_class
    return models.Counts(n, k)


def test_classes_are_drawn_to_the_whole_the_more_the_fewer_they_are() -> None:
    few, many = (models.pool(counts(k, n)).hazard for k, n in ((5, 10), (500, 1000)))
    assert 0.1 < few[1, 0] < 0.5
    assert few[1, 0] < many[1, 0] < 0.5
    assert few[models.UNLABELLED] == pytest.approx(few[0])


def test_classes_that_agree_are_drawn_harder() -> None:
    alike, apart = (
        models.pool(counts(k, 100)).strength_weights @ models.STRENGTHS for k in (10, 70)
    )
    assert alike > 3 * apart


@given(st.lists(st.floats(0, 30), min_size=3, max_size=60))
def test_rates_grow_with_the_radius(near: list[float]) -> None:
    p = models.pool(models.count_rings(np.array(near), np.zeros(len(near), np.int64))).p
    assert (np.diff(p, axis=1) >= 0).all()


def test_shipped_reader_says_what_the_benchmark_says() -> None:
    """One file, two readers: the engine's and the validation's give the same ratios.

    Silence does not know of the site's own record in the engine, so that it has none here.
    """
    rates = next(s for s in HeatModel.load().sets if s.name == "MODIS and VIIRS")
    at = models.SCORED_KM
    names = (*GROUPS, "unlabelled")
    struck, anyway = (
        np.array([[getattr(rates.group_cells[name, km], side).p for km in at] for name in names])
        for side in ("show", "background")
    )
    own = models.Rates(at, struck, anyway, rates.own_mean_share, rates.own_strength_days)
    near = np.array([0.5, 3.0, 99.0, 1.0, 3.0, 99.0, 1.5, 0.5])
    stands = np.array([99.0, 99.0, 99.0, 99.0, 4.0, 99.0, 1.5, 4.0])
    n = len(near)
    group, zero = np.array([0, 0, 0, 1, 2, 2, 0, 0]), np.zeros(n, dtype=np.int64)
    windows = Windows(zero, zero, zero, group, zero + 738000, np.array([[47.0, 31.0]]))
    signals = near < NOWHERE_KM
    told = told_of(
        near,
        standing=np.tile(stands[:, None], 4),
        burned=np.tile([[3.0, 20.0, 50.0, 55.0]], (n, 1)),
        own_k=np.where(signals, [0.0, 30.0, 0.0, 12.0, 3.0, 0.0, 9.0, 9.0], 0.0),
        own_n=np.where(signals, 60.0, 0.0),
    )
    expected = models.predict(own, windows, told)
    assert shipped(rates, windows, told) == pytest.approx(expected, abs=0.002)


def test_edges_that_are_scored_are_measured() -> None:
    assert set(models.SCORED_KM) <= set(EDGES_KM)
