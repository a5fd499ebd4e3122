"""Scores against values worked out by hand, and the other two baselines."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from truceline.validation import baselines
from truceline.validation import scores as sc
from truceline.validation.labels import Windows
from truceline.validation.sky import clear_look_share


def judged(struck: list[bool]) -> sc.Judged:
    n = len(struck)
    event = np.arange(n)
    sites = np.column_stack((np.arange(n) + 40.0, np.full(n, 30.0)))
    sort = np.where(struck, 0, 1)
    windows = Windows(event, sort, event, event * 0, event * 0 + 738000, sites)
    return sc.Judged.of(windows, 50)


def test_ranking_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    struck = rng.random(400) < 0.5
    p = np.clip(np.round(0.5 + 0.2 * (struck - 0.5) + rng.normal(0, 0.15, 400), 1), 0.05, 0.95)
    each = judged(struck.tolist())
    found = sc.rank(p, each)
    assert found.auc[0] == pytest.approx(roc_auc_score(struck, p, sample_weight=each.weight))
    rough = average_precision_score(struck, p, sample_weight=each.weight)
    assert found.average_precision[0] == pytest.approx(rough, abs=0.05)
    assert found.auc[1] < found.auc[0] < found.auc[2]


def test_a_score_that_knows_nothing() -> None:
    struck = [True, False] * 50
    found = sc.rank(np.full(100, 0.5), judged(struck))
    assert found.auc[0] == pytest.approx(0.5)
    assert [each[0] for each in found.recall] == pytest.approx(sc.FALSE_ALARM_RATES)


def test_overconfidence_has_a_slope_below_one() -> None:
    struck = np.array(([True] * 6 + [False] * 4) * 20 + ([True] * 4 + [False] * 6) * 20)
    p = np.repeat([0.8, 0.2], 200)
    slope, intercept = sc.calibration(p, judged(struck.tolist()))
    assert slope[0] == pytest.approx(np.log(1.5) / np.log(4), abs=1e-6)
    assert intercept[0] == pytest.approx(0.0, abs=1e-9)


def test_blocks_widen_an_interval() -> None:
    values = np.repeat([0.0, 1.0], 50)
    alone = sc.cluster_error(values, np.ones(100), np.arange(100))
    together = sc.cluster_error(values, np.ones(100), np.repeat([0, 1], 50))
    assert alone == pytest.approx(0.05)
    assert together == pytest.approx(0.05 * np.sqrt(50))


def test_binary_rule_has_the_probabilities_of_its_rates() -> None:
    flags = np.array([True] * 30 + [False] * 70 + [True] * 10 + [False] * 90)
    struck = np.repeat([True, False], 100)
    rule = baselines.Rule.fit(flags, struck, np.ones(200))
    assert rule.p_yes == pytest.approx(30.5 / 41.0)
    assert rule.p_no == pytest.approx(70.5 / 161.0)


def dates(*days: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([date.fromisoformat(day).toordinal() for day in days])


RECORD = np.arange(date(2018, 1, 1).toordinal(), date(2022, 9, 1).toordinal())


@pytest.mark.parametrize(
    ("burned", "war"),
    [
        (("2022-05-01",), ()),  # one occasion
        (("2022-05-01", "2022-05-07"), ()),  # six days apart
        (("2022-05-01", "2022-05-08"), ("2022-05-01", "2022-05-08")),
    ],
)
def test_the_economists_rule_needs_two_occasions(
    burned: tuple[str, ...], war: tuple[str, ...]
) -> None:
    assert baselines.war_dates(dates(*burned), RECORD).tolist() == dates(*war).tolist()


def test_the_economists_rule_keeps_what_follows_and_drops_what_is_usual() -> None:
    usual = [f"{year}-05-{day:02}" for year in range(2018, 2022) for day in range(1, 31)]
    one_a_day = dates(*usual, "2022-05-01", "2022-05-08", "2022-05-12")
    assert baselines.war_dates(one_a_day, RECORD).size == 0
    twice = np.sort(np.append(one_a_day, dates("2022-05-01", "2022-05-08")))
    assert (
        baselines.war_dates(twice, RECORD).tolist()
        == dates("2022-05-01", "2022-05-08", "2022-05-12").tolist()
    )


def test_clear_looks_lie_between_one_sky_and_many() -> None:
    pairs = [(0.6, 0.8), (0.9, 0.95), (0.2, 0.1)]
    middle, low, high = clear_look_share(pairs, (1.5, 10.5, 13.5, 22.5), 15.0)
    assert low < middle < high
    assert low == pytest.approx(1 - np.mean([0.48, 0.855, 0.02]))
