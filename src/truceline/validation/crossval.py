"""Cross-validation in blocks: nothing near a test window, or of its month, is fitted.

No window of a test block is ever in training: blocks are 0.5 degree cells in ten fixed groups,
calendar months, or both at once, where a test block shares neither place nor month with what
was fitted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from truceline.validation import baselines, models
from truceline.validation.features import Fires, Told, tell
from truceline.validation.labels import Bools, Floats, Ints, Windows
from truceline.validation.scores import cluster_error, log_scores

HEAT, EVERY = "heat model", "heat model, standing heat like any other"
NESTED = "heat model, own weight chosen in each fold"
NEAR, ECONOMIST, LOGISTIC = "fire within 2 km", "The Economist's rule", "logistic model"
MODELS = (HEAT, EVERY, NESTED, NEAR, ECONOMIST, LOGISTIC)
SCHEMES = ("place", "month", "place and month")
"""The first is the primary one."""

Split = tuple[Bools, Bools]
"""Windows to train on and windows to test."""
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Problem:
    """Matched windows with features, flags of the rules, and features of the logistic model.

    ``strength``: weight of a site's own record in general, chosen once.
    """

    name: str
    strength: float
    windows: Windows
    told: Told
    near: Bools
    economist: Bools
    features: Floats

    def take(self, keep: Bools) -> Problem:
        """Some of the windows."""
        return Problem(
            self.name,
            self.strength,
            self.windows.take(keep),
            self.told.take(keep),
            self.near[keep],
            self.economist[keep],
            self.features[keep],
        )


def pose(
    name: str,
    windows: Windows,
    fires: Fires,
    record: Fires,
    strength: float | None = None,
) -> Problem:
    """Windows whose dates all have a record, with their events whole, and what fires tell.

    ``strength`` is chosen on these windows where none is handed in.
    """
    told = tell(windows, fires, record)
    readable = told.readable(models.WINDOW)
    whole = np.isin(windows.event, windows.take(readable).matched().event) & readable
    kept, seen = windows.take(whole), told.take(whole)
    return Problem(
        name,
        strength or choose_own_strength(kept, seen),
        kept,
        seen,
        baselines.near_flags(seen),
        baselines.economist_flags(kept, fires),
        baselines.logistic_features(kept, seen),
    )


def splits(windows: Windows, scheme: str) -> Iterator[Split]:
    """Training and test windows of each fold; test windows of all folds cover all windows."""
    fold, month = windows.fold, windows.month
    if scheme == "place":
        yield from ((fold != k, fold == k) for k in np.unique(fold))
    elif scheme == "month":
        yield from ((month != k, month == k) for k in np.unique(month))
    else:
        for k, m in product(np.unique(fold), np.unique(month)):
            test = (fold == k) & (month == m)
            if test.any():
                yield (fold != k) & (month != m), test


def choose_own_strength(windows: Windows, told: Told, own: str = "own") -> float:
    """The prior strength with the best log score on held-out places within the windows."""
    scores = own_strength_scores(windows, told, own)
    best = int(np.argmax([np.average(each, weights=windows.weight) for each in scores]))
    return models.OWN_STRENGTHS[best]


def own_strength_scores(windows: Windows, told: Told, own: str = "own") -> list[Floats]:
    """Held-out log score of each window for each of `models.OWN_STRENGTHS`."""
    p = np.zeros((len(models.OWN_STRENGTHS), len(windows)))
    for train, test in splits(windows, "place"):
        fitted = models.fit(windows.take(train), told.take(train), 1.0, own=own)
        tested = windows.take(test), told.take(test)
        for i, strength in enumerate(models.OWN_STRENGTHS):
            p[i, test] = models.predict(replace(fitted, own_strength=strength), *tested, own=own)
    return [log_scores(each, windows.struck) for each in p]


def fit_and_predict(train: Problem, test: Problem) -> dict[str, Floats]:
    """Probabilities of all models for the test windows; nothing of these is used to fit."""
    windows = train.windows
    nested = choose_own_strength(windows, train.told)
    found: dict[str, Floats] = {}
    for name, strength, standing in (
        (HEAT, train.strength, True),
        (EVERY, train.strength, False),
        (NESTED, nested, True),
    ):
        rates = models.fit(windows, train.told, strength)
        found[name] = models.predict(rates, test.windows, test.told, standing=standing)
    struck, weight = windows.struck, windows.weight
    for name, flags, asked in (
        (NEAR, train.near, test.near),
        (ECONOMIST, train.economist, test.economist),
    ):
        found[name] = baselines.Rule.fit(flags, struck, weight).predict(asked)
    found[LOGISTIC] = baselines.logistic_predict(train.features, struck, weight, test.features)
    return found


def forecasts(problem: Problem, scheme: str, progress: Progress) -> dict[str, Floats]:
    """Out-of-fold probabilities of all models for all windows."""
    p = {name: np.zeros(len(problem.windows)) for name in MODELS}
    folds = list(splits(problem.windows, scheme))
    for number, (train, test) in enumerate(folds, 1):
        progress(f"{problem.name}, blocks by {scheme}: fold {number} of {len(folds)}")
        for name, found in fit_and_predict(problem.take(train), problem.take(test)).items():
            p[name][test] = found
    return p


@dataclass(frozen=True)
class Choice:
    """One alternative of a choice, with its held-out log score by scheme and what it loses."""

    what: str
    scores: tuple[float, ...]
    lost: float
    lost_error: float


Predict = Callable[[Problem, Problem], Floats]
"""From training and test windows to probabilities of the test windows."""


def compare_alternatives(alternatives: Sequence[tuple[str, Problem, Predict]]) -> list[Choice]:
    """Held-out log scores; loss and its block error against the best by place.

    The alternatives may read fires differently, but must have the same windows.
    """
    windows = alternatives[0][1].windows
    block: Ints = np.unique(windows.block, return_inverse=True)[1]
    by_scheme = [
        [
            log_scores(held_out(problem, scheme, predict), problem.windows.struck)
            for _, problem, predict in alternatives
        ]
        for scheme in SCHEMES[:2]
    ]
    means = [[float(np.average(s, weights=windows.weight)) for s in each] for each in by_scheme]
    best = by_scheme[0][int(np.argmax(means[0]))]
    return [
        Choice(
            name,
            tuple(mean[i] for mean in means),
            float(np.average(best - by_scheme[0][i], weights=windows.weight)),
            cluster_error(best - by_scheme[0][i], windows.weight, block),
        )
        for i, (name, _, _) in enumerate(alternatives)
    ]


def held_out(problem: Problem, scheme: str, predict: Predict) -> Floats:
    """Out-of-fold probabilities of one model for all windows."""
    p = np.zeros(len(problem.windows))
    for train, test in splits(problem.windows, scheme):
        p[test] = predict(problem.take(train), problem.take(test))
    return p
