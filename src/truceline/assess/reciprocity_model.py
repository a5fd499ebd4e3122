"""What two series of daily counts have in common by lag, and the model that is fitted to it.

Second-order structure of a linear, discrete-time, self- and cross-exciting pair (Hawkes 1971;
Kirchner 2016 for counts per bin) on top of a shared latent factor that may act on the same day,
lasts for days, and reaches each side's figures late.  The fit is least squares on auto- and
cross-correlations.  Pure: arrays in, arrays out; every function works on many series at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from truceline import thresholds as t

Array = NDArray[np.float64]

N_FREQUENCIES = 25
"""Of the grid on which spectra are added up; its period, 48 days, is far beyond the lags."""

N_STEPS, N_MORE = 14, 7
"""Steps of a fit, and of one that starts from another: the same for pasts and data."""

VARIANCE_A, VARIANCE_B, SELF_A, SELF_B, MEMORY = range(5)
CROSS_A, CROSS_B, PROMPT_A, PROMPT_B, SLOW_A, SLOW_B = range(5, 11)
"""Columns of the parameters; from ``LOADS`` on: how the factor reaches A, then B, by days late.

``CROSS_A``: of A after B, over all lags; ``PROMPT_A``: how much of it comes on the first lag
beyond the kernel's share.  All in units of standardised counts, see `standardise`.
"""

LOADS = 11

CROSSES, PROMPTS = (CROSS_A, CROSS_B), (PROMPT_A, PROMPT_B)


@dataclass(frozen=True)
class Design:
    """Lags of an answer, first and last; days that figures may be late; width of the level (d)."""

    lags_d: tuple[int, int]
    delay_d: int
    level_d: float

    @property
    def kernel(self) -> Array:
        """Weight of every lag from 0 on; adds up to 1 and fades as the threshold says."""
        first, last = self.lags_d
        weight = np.zeros(last + 1)
        weight[first:] = np.exp(-np.arange(last - first + 1) / t.RECIPROCITY_FADE_D)
        return np.asarray(weight / weight.sum())

    @property
    def slow_d(self) -> float:
        """Width of the swings that the slow level does not follow to the full (d)."""
        return self.level_d * t.RECIPROCITY_SLOW

    @property
    def reach(self) -> int:
        """Largest lag whose correlation is fitted (d)."""
        return self.lags_d[1] + self.delay_d

    @property
    def n_parameters(self) -> int:
        """Of the whole model."""
        return LOADS + 2 * (self.delay_d + 1)


# --- from counts to correlations --------------------------------------------------------------


def levels(counts: Array, known: NDArray[np.bool_], design: Design) -> Array:
    """Slow level times weekly season of each series (acts per day), from its known days alone.

    Shapes: (..., n) for counts, (n,) for known.  Gaussian kernel; weekdays are drawn towards no
    season by as many days as the threshold says.

    >>> known = np.array([True] * 8 + [False] * 4)
    >>> level = levels(np.where(known, 2.0, 999.0), known, Design((1, 7), 0, 10.0))
    >>> level.round(6).tolist() == [2.0] * 12
    True
    """
    n = known.size
    apart = np.subtract.outer(np.arange(n), np.arange(n))
    kernel = np.exp(-0.5 * (apart / design.level_d) ** 2) * known
    counted = np.where(known, counts, 0.0)
    slow = counted @ kernel.T / kernel.sum(axis=1)
    slow = np.maximum(slow, 1e-6)
    day = np.eye(7)[np.arange(n) % 7] * known[:, None]
    pull = t.RECIPROCITY_SEASON_D * slow.mean(axis=-1, keepdims=True)
    season = (counted @ day + pull) / (slow @ day + pull)
    return np.asarray(slow * season[..., np.arange(n) % 7])


def standardise(counts: Array, known: NDArray[np.bool_], design: Design) -> Array:
    """Counts less their level, by its square root; 0 where unknown, which no sum then counts."""
    level = levels(counts, known, design)
    return np.where(known, (np.where(known, counts, 0.0) - level) / np.sqrt(level), 0.0)


def covariances(x: Array, y: Array, known: NDArray[np.bool_], reach: int) -> Array:
    """Mean of ``x[t] * y[t - k]`` over days known at both ends, for k from 0 to ``reach``."""
    n = known.size
    both = [np.sum(known[k:] & known[: n - k]) for k in range(reach + 1)]
    sums = [np.sum(x[..., k:] * y[..., : n - k], axis=-1) for k in range(reach + 1)]
    return np.stack(sums, axis=-1) / np.maximum(both, 1)


@dataclass(frozen=True)
class Moments:
    """Correlations by lag of many pairs, with their weights and the two standard deviations.

    ``values``: (m, 4 * reach + 3): A with itself, B with itself, from lag 0; A after B from
    lag 0; B after A from lag 1.
    """

    values: Array
    weights: Array
    scale: Array


def measure(a: Array, b: Array, known: NDArray[np.bool_], design: Design) -> Moments:
    """Correlations of standardised series of shape (m, n)."""
    k = design.reach
    own_a, own_b = covariances(a, a, known, k), covariances(b, b, known, k)
    after_a, after_b = covariances(a, b, known, k), covariances(b, a, known, k)
    scale = np.sqrt(np.maximum(np.stack([own_a[:, 0], own_b[:, 0]], axis=-1), 1e-9))
    by_a, by_b = scale[:, :1], scale[:, 1:]
    values = [own_a / by_a**2, own_b / by_b**2, after_a / by_a / by_b, after_b[:, 1:] / by_a / by_b]
    n = known.size
    both = np.array([np.sum(known[j:] & known[: n - j]) for j in range(k + 1)], dtype=float)
    own = both.copy()
    own[0] /= 2  # the variance of a variance is twice that of a covariance
    weights = np.sqrt(np.concatenate([own, own, both, both[1:]]))
    return Moments(np.concatenate(values, axis=-1), weights, scale)


# --- the model --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tables:
    """What the spectra of a design need, worked out once."""

    answer: NDArray[np.complex128]
    prompt: NDArray[np.complex128]
    late: NDArray[np.complex128]
    wave: NDArray[np.complex128]
    slow: Array
    cosine: Array
    sine: Array

    @classmethod
    def of(cls, design: Design) -> Tables:
        """Kernel, delays and Fourier sums on the grid; the slow level is taken out of them."""
        omega = np.linspace(0, np.pi, N_FREQUENCIES)
        wave = np.exp(-1j * omega)
        kernel = design.kernel
        answer = np.exp(-1j * np.outer(omega, np.arange(kernel.size))) @ kernel
        prompt = np.exp(-1j * omega * design.lags_d[0]) - answer
        late = np.exp(-1j * np.outer(np.arange(design.delay_d + 1), omega))
        share = np.full(omega.size, 2.0)
        share[[0, -1]] = 1.0
        share *= (1 - np.exp(-0.5 * (omega * design.level_d) ** 2)) ** 2
        share /= 2 * (N_FREQUENCIES - 1)
        slow = np.exp(-0.5 * (omega * design.slow_d) ** 2)
        slow /= (2 * slow.sum() - slow[0] - slow[-1]) / (2 * (N_FREQUENCIES - 1))
        angle = np.outer(omega, np.arange(design.reach + 1))
        cosine, sine = share[:, None] * np.cos(angle), share[:, None] * np.sin(angle)
        return cls(answer, prompt, late, wave, slow, cosine, sine)


def implied(parameters: Array, tables: Tables) -> Array:
    """Correlations by lag that the model implies: shape as in `Moments`; parameters (m, p)."""
    column = [parameters[:, i, None] for i in range(LOADS)]
    n_late = tables.late.shape[0]
    load_a = parameters[:, LOADS : LOADS + n_late] @ tables.late
    load_b = parameters[:, LOADS + n_late :] @ tables.late
    g = tables.answer
    own_a, own_b = 1 - column[SELF_A] * g, 1 - column[SELF_B] * g
    to_a = column[CROSS_A] * g + column[PROMPT_A] * tables.prompt
    to_b = column[CROSS_B] * g + column[PROMPT_B] * tables.prompt
    scale = 1 / np.abs(own_a * own_b - to_a * to_b) ** 2
    memory = column[MEMORY]
    factor = (1 - memory**2) / np.abs(1 - memory * tables.wave) ** 2
    shared_a, shared_b = own_b * load_a + to_a * load_b, to_b * load_a + own_a * load_b
    noise_a, noise_b = column[VARIANCE_A], column[VARIANCE_B]
    slow_a = own_b * column[SLOW_A] + to_a * column[SLOW_B]
    slow_b = to_b * column[SLOW_A] + own_a * column[SLOW_B]
    a = noise_a * _square(own_b) + noise_b * _square(to_a) + factor * _square(shared_a)
    b = noise_a * _square(to_b) + noise_b * _square(own_a) + factor * _square(shared_b)
    a, b = a + tables.slow * _square(slow_a), b + tables.slow * _square(slow_b)
    both = noise_a * own_b * to_b.conj() + noise_b * to_a * own_a.conj()
    both = both + factor * shared_a * shared_b.conj() + tables.slow * slow_a * slow_b.conj()
    both = both * scale
    even, odd = both.real @ tables.cosine, both.imag @ tables.sine
    sums = [(a * scale) @ tables.cosine, (b * scale) @ tables.cosine, even - odd]
    return np.concatenate([*sums, (even + odd)[:, 1:]], axis=-1)


def _square(z: NDArray[np.complex128]) -> Array:
    return np.asarray(z.real**2 + z.imag**2)


# --- the fit ----------------------------------------------------------------------------------


def bounds(scale: Array, design: Design, free: tuple[int, ...]) -> tuple[Array, Array]:
    """Lower and upper ends of the parameters, (m, p); answers of sides not ``free`` are 0.

    Counts have at least the noise of Poisson counts, whatever both share.
    """
    low = np.zeros((len(scale), design.n_parameters))
    high = np.full(low.shape, 1.5)
    low[:, [VARIANCE_A, VARIANCE_B]] = np.clip(0.9 / scale**2, 0.02, 0.8)
    high[:, [SELF_A, SELF_B]], high[:, MEMORY] = 0.85, 0.95
    for side in (0, 1):
        ends = (-1.5, 1.5) if side in free else (0.0, 0.0)
        for column in (CROSSES[side], PROMPTS[side]):
            low[:, column], high[:, column] = ends
    return low, high


def start(design: Design, m: int) -> Array:
    """Where every fit starts."""
    first = np.zeros(design.n_parameters)
    first[[VARIANCE_A, VARIANCE_B]], first[[SELF_A, SELF_B]], first[MEMORY] = 0.6, 0.1, 0.4
    first[[SLOW_A, SLOW_B]] = 0.2
    first[LOADS:] = 0.1
    first[[LOADS, LOADS + design.delay_d + 1]] = 0.4
    return np.tile(first, (m, 1))


def fit(
    moments: Moments,
    design: Design,
    tables: Tables,
    free: tuple[int, ...],
    *,
    first: Array,
    n_steps: int,
) -> tuple[Array, Array]:
    """Parameters (m, p) and weighted squared misfit (m,): damped Gauss-Newton steps in a box."""
    low, high = bounds(moments.scale, design, free)
    here = np.clip(first, low, high)
    misses = moments.weights * (moments.values - implied(here, tables))
    cost = np.sum(misses**2, axis=1)
    damping = np.full(len(here), 0.1)
    for _ in range(n_steps):
        slope = _slope(here, tables, (high > low)[0]) * moments.weights
        push = np.einsum("mpk,mk->mp", slope, misses)
        stuck = (here <= low) & (push < 0) | (here >= high) & (push > 0)
        slope[stuck] = 0.0
        push[stuck] = 0.0
        square = np.matmul(slope, slope.transpose(0, 2, 1))
        ridge = damping[:, None] * np.einsum("mpp->mp", square) + 1e-3
        step = np.linalg.solve(square + ridge[:, :, None] * np.eye(low.shape[1]), push[..., None])
        there = np.clip(here + step[..., 0], low, high)
        missed = moments.weights * (moments.values - implied(there, tables))
        costs = np.sum(missed**2, axis=1)
        better = np.isfinite(costs) & (costs < cost)
        here = np.where(better[:, None], there, here)
        misses = np.where(better[:, None], missed, misses)
        cost = np.where(better, costs, cost)
        damping = np.clip(np.where(better, damping / 4, damping * 5), 1e-4, 1e4)
    return here, cost


def _slope(here: Array, tables: Tables, movable: NDArray[np.bool_]) -> Array:
    """Change of the implied correlations with each parameter: (m, p, k)."""
    small = 1e-5
    m, p = here.shape
    moved = np.nonzero(movable)[0]
    base = implied(here, tables)
    slope = np.zeros((m, p, base.shape[1]))
    for column in moved:
        there = here.copy()
        there[:, column] += small
        slope[:, column] = (implied(there, tables) - base) / small
    return slope


@dataclass(frozen=True)
class Fitted:
    """Many pairs, fitted: parameters of the whole model, and evidence of an answer by direction.

    ``evidence``: (m, 2), of A after B and of B after A: signed root of the drop in misfit that
    the answer brings where the other direction is already in the model; 0 where not asked.
    """

    parameters: Array
    evidence: Array


def fit_whole(
    moments: Moments, design: Design, tables: Tables, sides: tuple[int, ...] = (0, 1)
) -> Fitted:
    """The whole model, set against the ones without the answer of one of the ``sides``."""
    first = start(design, len(moments.values))
    whole, cost = fit(moments, design, tables, (0, 1), first=first, n_steps=N_STEPS)
    evidence = np.zeros((len(whole), 2))
    for side in sides:
        _, more = fit(moments, design, tables, (1 - side,), first=whole, n_steps=N_MORE)
        drop = np.sqrt(np.maximum(more - cost, 0.0))
        evidence[:, side] = drop * np.sign(whole[:, CROSSES[side]])
    return Fitted(whole, evidence)


def fit_shared(moments: Moments, design: Design, tables: Tables) -> Array:
    """Parameters without any answer: what both share, and what each does by itself."""
    first = start(design, len(moments.values))
    return fit(moments, design, tables, (), first=first, n_steps=N_STEPS)[0]
