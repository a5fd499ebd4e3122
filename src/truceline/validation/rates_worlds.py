"""Made series without a truce, and with a fall of known size: false alarms and power.

A world is a daily count whose log level wanders (two autoregressive parts, a slow and a fast one)
and scatters from day to day (gamma-Poisson).  It is matched to a real series: to the mean square
of window less baseline at four lengths.  Nothing of the law that the engine fits is used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.random import PCG64, Generator
from scipy.optimize import minimize

from truceline import thresholds as t
from truceline.assess.conclude import together, way_of
from truceline.assess.effective import wilson
from truceline.assess.placebo import (
    Days,
    Floats,
    calibrate,
    compare,
    placebo_starts,
    ratio_band,
)
from truceline.domain.rates import Band, Conclusion
from truceline.validation.rates_cases import BASELINES, Held, shapes
from truceline.validation.worlds_calibration import Share

FALLS = (1.0, 0.75, 0.5, 0.25, 0.1, 0.0)
"""Levels in the truce, as shares of the level without it; 1 is no truce."""

LENGTHS_D = (2, 8, 30, 90)
MATCHED_D = (1, 8, 30, 90)
"""Lengths of windows whose scatter a world is matched to (d)."""


SLOW_D = 365.0
"""Memory of the slow part of a level (d)."""

WHERE = (0.5, 0.8)
"""Stretch of a series in which the window of a world is placed, as shares of its days."""


@dataclass(frozen=True)
class World:
    """A wandering level: ``mean`` per day; ``slow``: standard deviation of the part of its log that
    forgets in a year; ``fast``: of the part that forgets in ``memory_d`` (d); ``shape`` of the
    scatter from day to day; ``n_days``.
    """

    name: str
    mean: float
    slow: float
    fast: float
    memory_d: float
    shape: float
    n_days: int

    def draw(self, random: Generator) -> Floats:
        """Counts by day."""
        log = _wander(self.slow, SLOW_D, self.n_days, random)
        log += _wander(self.fast, self.memory_d, self.n_days, random)
        level = self.mean * np.exp(log - (self.slow**2 + self.fast**2) / 2)
        drawn = random.negative_binomial(self.shape, self.shape / (self.shape + level))
        return np.asarray(drawn, dtype=np.float64)

    def scatter(self, length: int) -> float:
        """Expected square of window less baseline (means per day) by expected product of both.

        Exact in the second moments of the world.
        """
        shape = shapes(length)["just_before"]
        n = shape.base_length + length
        lag = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
        log = self.slow**2 * np.exp(-lag / SLOW_D) + self.fast**2 * np.exp(-lag / self.memory_d)
        common = np.exp(log) - 1
        own = np.exp(self.slow**2 + self.fast**2) / self.shape + 1 / self.mean
        weight = np.where(np.arange(n) < shape.base_length, -1 / shape.base_length, 1 / length)
        square = weight @ common @ weight + own * (weight**2).sum()
        product = 1 + float(common[: shape.base_length, shape.base_length :].mean())
        return float(square / product)


def _wander(sd: float, memory_d: float, n: int, random: Generator) -> Floats:
    """An autoregressive series of one step a day, as it is long after its start."""
    phi = np.exp(-1 / memory_d)
    noise = random.standard_normal(n)
    log = np.empty(n)
    log[0] = sd * noise[0]
    step = sd * np.sqrt(1 - phi**2)
    for i in range(1, n):
        log[i] = phi * log[i - 1] + step * noise[i]
    return log


def scatter_of(days: Days, length: int) -> float | None:
    """The same of a real series, over its placebo windows; None where there are none."""
    shape = shapes(length)["just_before"]
    starts = placebo_starts(days, shape)
    if not len(starts):
        return None
    w = compare(days, shape, starts)
    window, base = w.counts / w.exposure, w.base_counts / w.base_exposure
    product = float((window * base).mean())
    return float(((window - base) ** 2).mean() / product) if product else None


def fit_world(held: Held) -> World:
    """World whose scatter at the matched lengths is that of a series (least squares of logs)."""
    days = held.days
    wanted = {n: value for n in MATCHED_D if (value := scatter_of(days, n))}
    usable = days.known & ~days.listed
    mean = float(days.counts[usable].sum() / days.exposure[usable].sum())

    def world(logs: Floats) -> World:
        low, high = np.log([0.02, 0.02, 2.0, 0.05]), np.log([2.0, 2.0, 60.0, 1e4])
        slow, fast, memory, shape = map(float, np.exp(np.clip(logs, low, high)))
        return World(held.key, mean, slow, fast, memory, shape, len(days.counts))

    def loss(logs: Floats) -> float:
        made = world(logs)
        return float(
            sum((np.log(made.scatter(n)) - np.log(real)) ** 2 for n, real in wanted.items())
        )

    start = np.log([0.5, 0.3, 10.0, 5.0])
    found = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 600})
    return world(found.x)


def tell_world(world: World, held: Held) -> dict[str, Any]:
    """Parameters of a world, and its scatter beside the real one, as plain values."""
    rows = [
        {"length_d": n, "real": scatter_of(held.days, n), "made": world.scatter(n)}
        for n in MATCHED_D
    ]
    return {key: _round(value) for key, value in asdict(world).items()} | {
        "scatter": [{key: _round(value) for key, value in row.items()} for row in rows]
    }


def _round(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value


# --- one look -----------------------------------------------------------------------------------


Heard = dict[str, Band]
"""By baseline that the engine would hear: the ratio against it."""


def look(days: Days, start: int, length: int, counts: Floats, lazy: bool) -> list[Heard]:
    """What each baseline says of a window, once for each count that it may hold.

    A baseline that the engine would not hear is left out: too few windows, refuted by its placebo
    windows, or scattering so much that nothing can be excluded.  ``lazy``: stop as soon as the
    first baseline tells no change of any count, as none can be told then.
    """
    said: list[Heard] = [{} for _ in counts]
    for name, shape in shapes(length).items():
        here = compare(days, shape, np.array([start]))
        if not len(here.starts) or not here.base_counts[0]:
            continue
        found = calibrate(days, shape, start)
        if found is None:
            continue
        coverage = wilson(float(found.held.mean()), found.n_effective)
        if not coverage.low <= t.INTERVAL_MASS <= coverage.high:
            continue
        expected = float(here.by_weekday(found.week).expected[0])
        for heard, count in zip(said, counts, strict=True):
            ratio = ratio_band(float(count), expected, found.law, found.tail)
            if np.isfinite(ratio.high):
                heard[name] = ratio
        if lazy and all(heard and way_of(next(iter(heard.values()))) == 0 for heard in said):
            break
    return said


def conclusion(said: Heard) -> str:
    """What the engine makes of its baselines (`assess.rates.together`)."""
    return TOLD[together(list(said.values()))] if said else "no answer"


TOLD = {
    Conclusion.FELL: "fell",
    Conclusion.ROSE: "rose",
    Conclusion.BASELINES_DISAGREE: "baselines disagree",
    Conclusion.NO_CHANGE_SHOWN: "no change",
}


# --- many seeds ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Order:
    """Worlds to look at: window length (d), falls, seeds, and whether to stop early."""

    world: World
    length: int
    falls: tuple[float, ...]
    seeds: tuple[int, ...]
    lazy: bool


def look_at(order: Order) -> list[list[tuple[str, str, int]]]:
    """By seed and fall: the conclusion, that of "just before" alone, and baselines heard."""
    return [_seed(order, seed) for seed in order.seeds]


def _seed(order: Order, seed: int) -> list[tuple[str, str, int]]:
    random = Generator(PCG64([seed, order.length]))
    counts = order.world.draw(random)
    n = len(counts)
    start = int(random.integers(int(WHERE[0] * n), int(WHERE[1] * n)))
    window = counts[start : start + order.length].astype(np.int64)
    left = np.array([random.binomial(window, fall).sum() for fall in order.falls], dtype=float)
    days = Days(counts, np.ones(n), np.zeros(n, dtype=bool))
    told = look(days, start, order.length, left, order.lazy)
    return [
        (
            conclusion(each),
            conclusion({k: v for k, v in each.items() if k == BASELINES[0]}),
            len(each),
        )
        for each in told
    ]


def tell_looks(order: Order, looks: Sequence[list[tuple[str, str, int]]]) -> list[dict[str, Any]]:
    """One row for each fall: shares of seeds, with Wilson intervals.

    Power is a share of all seeds; false alarms are one of the seeds with any answer.
    """
    rows = []
    for i, fall in enumerate(order.falls):
        ends = [look[i] for look in looks]
        said = Counter(end[0] for end in ends)
        alone = Counter(end[1] for end in ends)
        n = len(ends)
        answered = n - said["no answer"]
        rows.append(
            {
                "series": order.world.name,
                "length_d": order.length,
                "level": fall,
                "n_seeds": n,
                "no_answer": said["no answer"],
                "fell": asdict(Share.of("fell", said["fell"], n)),
                "rose": said["rose"],
                "moved": asdict(Share.of("fell or rose", said["fell"] + said["rose"], answered)),
                "alone": asdict(Share.of("just before alone", alone["fell"], n)),
                "alone_moved": asdict(
                    Share.of("just before alone", alone["fell"] + alone["rose"], answered)
                ),
                "disagree": None if order.lazy else said["baselines disagree"],
            }
        )
    return rows
