"""Looking ahead: what a later period should give, and what it gave if its labels are handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from scipy.special import logit
from scipy.stats import t as student

from truceline.assess.heat_model import HeatModel, Own, SensorSet
from truceline.domain.observation import Chance
from truceline.validation import crossval, models
from truceline.validation import scores as sc
from truceline.validation.baselines import Rule
from truceline.validation.crossval import Problem
from truceline.validation.features import DAILY, EDGES_KM, MODIS, Told, read_daily, read_modis
from truceline.validation.labels import LAST_DAY, Event, Floats, Windows, draw_windows
from truceline.validation.logistic import fit_logistic

CLASS_OF_GROUP = (None, "oil", "electricity")
"""A class of the tree of objects for each of `labels.GROUPS`."""
MASS = 0.95


@dataclass(frozen=True)
class Step:
    """One month forecast from all months before it."""

    month: str
    n_events: int
    gain_near: float
    gain_economist: float
    gain_every: float
    slope: float
    auc: float


@dataclass(frozen=True)
class Forward:
    """Months forecast one after another, and what a further month should give (95 %)."""

    steps: list[Step]
    gain_near: sc.Interval
    gain_economist: sc.Interval
    gain_every: sc.Interval
    slope: sc.Interval
    auc: sc.Interval


@dataclass(frozen=True)
class Later:
    """The later period, scored with the stored parameters by the code that ships."""

    first: str
    last: str
    n_events: int
    n_windows: int
    n_unread: int
    parameters: str
    log_score: sc.Interval
    gain_near: sc.Interval
    gain_economist: sc.Interval
    gain_every: sc.Interval
    slope: sc.Interval
    intercept: sc.Interval
    auc: sc.Interval


def forward_chaining(problem: Problem, replicates: int) -> Forward:
    """Fit on the months before, forecast the next; the first month only trains.

    The interval for a further period is Student's, for one more month: its events are of one
    season and one phase of the war, and months differ by more than their events explain.
    """
    months = np.unique(problem.windows.month)
    steps = [_step(problem, int(month), replicates) for month in months[2:] if len(months) > 2]
    names = ("gain_near", "gain_economist", "gain_every", "slope", "auc")
    return Forward(steps, *(next_month([getattr(s, name) for s in steps]) for name in names))


def _step(problem: Problem, month: int, replicates: int) -> Step:
    when = problem.windows.month
    train, test = problem.take(when < month), problem.take(when == month)
    whole = np.isin(test.windows.event, test.windows.matched().event)
    test = test.take(whole)
    p = crossval.fit_and_predict(train, test)
    struck, weight = test.windows.struck, test.windows.weight
    mean = {
        name: float(np.average(sc.log_scores(each, struck), weights=weight))
        for name, each in p.items()
    }
    line = fit_logistic(logit(p[crossval.HEAT]), struck, weight)
    judged = sc.Judged.of(test.windows, 2)
    return Step(
        f"{(month - 1) // 12}-{(month - 1) % 12 + 1:02}",
        int(struck.sum()),
        mean[crossval.HEAT] - mean[crossval.NEAR],
        mean[crossval.HEAT] - mean[crossval.ECONOMIST],
        mean[crossval.EVERY] - mean[crossval.NEAR],
        line[1],
        sc.rank(p[crossval.HEAT], judged).auc[0],
    )


def next_month(values: Sequence[float]) -> sc.Interval:
    """Mean and prediction interval of one more value of the same kind.

    >>> tuple(round(each, 2) for each in next_month([1.0, 2.0, 3.0]))
    (2.0, -2.97, 6.97)
    """
    n, mean = len(values), float(np.mean(values))
    half = float(student.ppf((1 + MASS) / 2, n - 1) * np.std(values, ddof=1) * np.sqrt(1 + 1 / n))
    return mean, mean - half, mean + half


def score_later(late: Sequence[Event], fitted: Problem, data: Path, replicates: int) -> Later:
    """Score events after the last fitted date with the parameters that ship.

    The rules, and the heat model that takes standing heat like any other, keep what they learned
    on ``fitted``.
    """
    first, last = min(e.day for e in late), max(e.day for e in late)
    until = last + timedelta(days=2)
    fires = read_daily(data / DAILY, until)
    record = read_modis([data / name for name in MODIS], until)
    windows = draw_windows(late, LAST_DAY + timedelta(days=1), last)
    asked = crossval.pose(fitted.name, windows, fires, record, fitted.strength)
    model = HeatModel.load()
    rates = next(each for each in model.sets if each.name == fitted.name)
    struck, weight = fitted.windows.struck, fitted.windows.weight
    near = Rule.fit(fitted.near, struck, weight).predict(asked.near)
    economist = Rule.fit(fitted.economist, struck, weight).predict(asked.economist)
    alike = models.fit(fitted.windows, fitted.told, fitted.strength)
    every = models.predict(alike, asked.windows, asked.told, standing=False)
    p = shipped(rates, asked.windows, asked.told)
    judged = sc.Judged.of(asked.windows, replicates)
    own, by_near, by_economist, by_every = (
        sc.log_scores(each, judged.struck) for each in (p, near, economist, every)
    )
    slope, intercept = sc.calibration(p, judged)
    return Later(
        first.isoformat(),
        last.isoformat(),
        int(judged.struck.sum()),
        len(asked.windows),
        int(windows.struck.sum() - judged.struck.sum()),
        model.version,
        judged.mean(own),
        judged.mean(own - by_near),
        judged.mean(own - by_economist),
        judged.mean(by_every - by_near),
        slope,
        intercept,
        sc.rank(p, judged).auc,
    )


def shipped(rates: SensorSet, windows: Windows, told: Told) -> Floats:
    """Probability of a strike in each window, by the reader of the parameter file that ships.

    The chance of a clear look is the prior of the measurement, so that silence weighs as much
    as it did there.
    """
    nearest, stands = told.nearest(models.WINDOW), told.stands_at(models.WINDOW)
    share = rates.clear_look_share.p
    n_dates, edges = rates.window_dates, models.SCORED_KM
    found = np.ones(len(windows))
    for i in range(len(windows)):
        kind, n = CLASS_OF_GROUP[windows.group[i]], int(told.own_n[i])
        outer = next((edge for edge in edges if nearest[i] <= edge), None)
        if outer is None:
            found[i] = rates.silence(kind, max(edges), Chance(share, share, share))[0]
            continue
        inner = max((edge for edge in edges if edge < outer), default=0.0)
        worth = rates.signal(kind, inner, outer, Own(n, int(told.own_k[i])), n_dates)
        if stands[i] <= outer:
            own = Own(n, int(told.burned[i, EDGES_KM.index(outer)]))
            worth = rates.beside_standing_heat(kind, outer, own, n_dates, worth)
        found[i] = worth.lr[0]
    return np.asarray(found / (1 + found))
