"""Pasts as they would be without an answer, or with one of a stated size.

Counts day by day from the fitted model: slow level and season of each side, a shared latent
factor that lasts for days and reaches the figures late, each side's own momentum, and noise at
least as large as that of Poisson counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from truceline.assess.reciprocity_model import (
    CROSSES,
    LOADS,
    MEMORY,
    PROMPTS,
    SELF_A,
    SLOW_A,
    VARIANCE_A,
    VARIANCE_B,
    Array,
    Design,
)

WARM_UP_D = 28
"""Days before the first, so that what came earlier has its say (d)."""

MOST_VARIABLE = 3.0
"""Largest standard deviation by mean of the shared factor."""


@dataclass(frozen=True)
class Past:
    """How pasts are made: in acts, for two sides.

    ``level``: (2, n) acts per day.  ``answers``: (2, 2), further acts of the side of the row for
    each act of the side of the column.  ``dispersion``: variance by mean of the noise.
    ``loads``: (2, delay + 1), by how much the shared factor raises the own rate (acts per day),
    by days late; ``memory``: its correlation from day to day.  ``slow``: the same for swings that
    the level does not follow to the full.  ``prompt``: by side, answers that come on the first lag
    beyond the kernel's share of it.
    """

    level: Array
    answers: Array
    dispersion: Array
    loads: Array
    memory: float
    slow: Array
    prompt: Array

    @classmethod
    def of(cls, parameters: Array, scale: Array, level: Array, design: Design) -> Past:
        """From fitted parameters (p,), standard deviations (2,) and levels (2, n)."""
        mean = level.mean(axis=1)
        by = scale * np.sqrt(mean)
        own = parameters[SELF_A : SELF_A + 2]
        ratio = np.array([by[0] / by[1], by[1] / by[0]])
        cross, prompt = parameters[list(CROSSES)] * ratio, parameters[list(PROMPTS)] * ratio
        answers = np.array([[own[0], cross[0]], [cross[1], own[1]]])
        noise = parameters[[VARIANCE_A, VARIANCE_B]] * scale**2
        loads = parameters[LOADS:].reshape(2, design.delay_d + 1) * by[:, None]
        slow = parameters[SLOW_A : SLOW_A + 2] * by
        memory = float(parameters[MEMORY])
        return cls(level, answers, np.maximum(noise, 1.0), loads, memory, slow, prompt)

    def answering(self, side: int, share: float) -> Past:
        """The same with a share of the acts of ``side`` answering those of the other."""
        answers = self.answers.copy()
        mean = self.level.mean(axis=1)
        answers[side, 1 - side] = share * mean[side] / mean[1 - side]
        answers[side, side] = min(answers[side, side], max(0.0, 0.9 - share))
        return replace(self, answers=answers, prompt=np.zeros(2))


def draw_pasts(past: Past, design: Design, m: int, random: np.random.Generator) -> Array:
    """Counts of both sides in ``m`` pasts: (2, m, n)."""
    n = past.level.shape[1]
    level = np.concatenate([past.level[:, :1].repeat(WARM_UP_D, axis=1), past.level], axis=1)
    kernel = design.kernel[::-1]
    before = np.pad(level, ((0, 0), (kernel.size - 1, 0)), mode="edge")
    echo = np.stack([np.convolve(row, design.kernel, mode="valid") for row in before])
    base = np.maximum(level - past.answers @ echo, 0.02 * level)
    mean = base.mean(axis=1)
    relative = past.loads / mean[:, None]
    variable = float(np.clip(relative.sum(axis=1).max(), 1e-3, MOST_VARIABLE))
    relative = relative / max(1.0, float(relative.sum(axis=1).max()) / MOST_VARIABLE)
    shared = _factor(past.memory, variable, (m, n + WARM_UP_D + design.delay_d), random)
    days = np.arange(n + WARM_UP_D)
    lift = 1 + (past.slow / mean)[:, None, None] * _swings(design.slow_d, (m, days.size), random)
    for late in range(design.delay_d + 1):
        lift += relative[:, late, None, None] * shared[:, design.delay_d - late + days]
    rate = base[:, None, :] * np.maximum(lift, 0.0)
    counts = np.empty((2, m, days.size + kernel.size))
    counts[...] = level[:, None, :1]
    for day in days:
        recent = counts[:, :, day + 1 : day + 1 + kernel.size] @ kernel
        sharp = counts[:, :, day + kernel.size - design.lags_d[0]] - recent
        answered = rate[:, :, day] + past.answers @ recent + past.prompt[:, None] * sharp[::-1]
        answered = np.maximum(answered, 1e-9)
        counts[:, :, day + kernel.size] = _noisy(answered, past.dispersion[:, None], random)
    return counts[:, :, kernel.size + WARM_UP_D :]


def _factor(
    memory: float, variable: float, shape: tuple[int, int], random: np.random.Generator
) -> Array:
    """A log-normal series of mean 0 and variance 1 whose correlation fades with ``memory``."""
    spread = np.log1p(variable**2)
    fade = float(np.log1p(variable**2 * memory) / spread)
    shock = random.standard_normal(shape)
    z = np.empty(shape)
    z[:, 0] = shock[:, 0]
    for day in range(1, shape[1]):
        z[:, day] = fade * z[:, day - 1] + np.sqrt(1 - fade**2) * shock[:, day]
    return np.asarray(np.expm1(np.sqrt(spread) * z - spread / 2) / variable)


def _swings(width_d: float, shape: tuple[int, int], random: np.random.Generator) -> Array:
    """Smooth series of mean 0 and variance 1."""
    half = int(3 * width_d)
    kernel = np.exp(-((np.arange(-half, half + 1) / width_d) ** 2))
    kernel /= np.sqrt(np.sum(kernel**2))
    shock = random.standard_normal((shape[0], shape[1] + 2 * half))
    windows = np.lib.stride_tricks.sliding_window_view(shock, kernel.size, axis=1)
    return np.asarray(windows @ kernel)


def _noisy(rate: Array, dispersion: Array, random: np.random.Generator) -> Array:
    """Counts about a rate: gamma-Poisson with variance ``dispersion`` times the mean."""
    extra = np.maximum(dispersion - 1.0, 1e-3)
    return random.poisson(random.gamma(rate / extra) * extra).astype(float)
