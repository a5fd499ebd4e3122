"""One weighted logistic regression, for strikes and for simulated worlds alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MAX_STEPS, ENOUGH = 60, 1e-9
RIDGE = 1e-6


def fit_logistic(log_odds: Floats, true: Floats | Bools, weight: Floats) -> tuple[float, ...]:
    """Intercept and slopes by Newton's method; a tiny ridge keeps separated data finite.

    ``log_odds`` has one column for each slope, or is a single one.

    >>> log_odds = np.log([4.0] * 5 + [0.25] * 5)
    >>> true = np.array([1.0] * 4 + [0.0] * 5 + [1.0])
    >>> [round(value, 3) + 0.0 for value in fit_logistic(log_odds, true, np.ones(10))]
    [0.0, 1.0]
    """
    design = np.column_stack([np.ones(len(true)), log_odds])
    beta = np.zeros(design.shape[1])
    for _ in range(MAX_STEPS):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -40, 40)))
        slope = design.T @ (weight * (true - p)) - RIDGE * beta
        curve = (design * (weight * p * (1 - p))[:, None]).T @ design + RIDGE * np.eye(len(beta))
        step = np.linalg.solve(curve, slope)
        step *= min(1.0, 2.0 / max(1e-12, float(np.abs(step).max())))
        beta = beta + step
        if float(np.abs(step).max()) < ENOUGH:
            break
    return tuple(float(value) for value in beta)
