"""The heat model: hazards of rings around a site, pooled over classes, and what they are worth.

A window's *ring* is where its nearest fire lies.  Going outwards, the hazard of a ring is the
chance that the nearest fire lies in it, given that none lies nearer, so that rates are monotone
in the radius.  Where heat is of long standing, the chance of a fire anyway is the site's own.

Hazards of a class are shrunk to those of all strikes by a beta prior; its strength has a
posterior over a grid (beta-binomial marginal likelihood, flat in the logarithm).  Counts of a
class are divided by their design effect first: ten windows of one burning site are not ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln

from truceline.validation.features import EDGES_KM, Told
from truceline.validation.labels import GROUPS, Bools, Floats, Ints, Windows

SCORED_KM = (1.0, 2.0, 5.0)
WINDOW = (-1, 0, 1)
"""Offsets of the dates of a window: a label has the date of a title, up to a day late, and a fire
may be seen on the next."""
STANDING_STRENGTH = 5.0
"""Dates of the country beside a site's own where heat is of long standing."""
STRENGTHS = 2.0 ** np.arange(0, 9)
"""Grid of the strength of the prior that draws a class to the whole (windows)."""
OWN_STRENGTHS = (30.0, 100.0, 300.0, 1000.0, 3000.0)
"""Grid of how many dates of its own a site needs to weigh as much as the country; it ends where a
site's own record still counts for something."""
UNLABELLED = len(GROUPS)
"""Row of a class without labels in arrays over groups."""
LEAST = 1e-6


@dataclass(frozen=True)
class Counts:
    """Windows at risk in each ring and hits among them, by group: (groups, edges) each."""

    n: Floats
    k: Floats


def count_rings(nearest: Floats, group: Ints, edges_km: Sequence[float] = EDGES_KM) -> Counts:
    """Counts of rings for all windows (row 0) and for each class of its own.

    >>> near, group = np.array([0.5, 3.0, 99.0]), np.zeros(3)
    >>> count_rings(near, group.astype(int), (1.0, 2.0, 5.0)).n[0].tolist()
    [3.0, 2.0, 2.0]
    """
    at_risk, hit = rings_of(nearest, edges_km)
    members = np.array([np.ones(len(group), bool), *(group == g for g in range(1, len(GROUPS)))])
    return Counts(members @ at_risk.astype(float), members @ hit.astype(float))


def rings_of(nearest: Floats, edges_km: Sequence[float]) -> tuple[Bools, Bools]:
    """Whether each window is at risk in each ring, and whether its nearest fire lies there."""
    outer = np.asarray(edges_km)
    inner = np.concatenate(([-1.0], outer[:-1]))
    at_risk = np.asarray(nearest[:, None] > inner)
    return at_risk, at_risk & (nearest[:, None] <= outer)


def design_effect(hit: Bools, place: Ints) -> float:
    """Variance of a rate from windows grouped by place, over that of a simple sample.

    >>> one_place_each = np.repeat(np.arange(10), 10)
    >>> round(design_effect(one_place_each < 5, one_place_each), 6)
    10.0
    """
    n, k = hit.size, int(hit.sum())
    if k in (0, n):
        return 1.0
    rate = k / n
    index = np.unique(place, return_inverse=True)[1]
    residual = np.bincount(index, weights=hit - rate)
    return max(1.0, float((residual**2).sum() / n**2 / (rate * (1 - rate) / n)))


def effective_counts(nearest: Floats, windows: Windows) -> Counts:
    """Counts of rings; those of a class divided by the design effect of its places (each edge)."""
    counts = count_rings(nearest, windows.group)
    effects = np.ones_like(counts.n)
    for g in range(1, len(GROUPS)):
        for j, edge in enumerate(EDGES_KM):
            use = windows.group == g
            effects[g, j] = design_effect(nearest[use] <= edge, windows.place[use])
    return Counts(counts.n / effects, counts.k / effects)


@dataclass(frozen=True)
class Pooled:
    """Hazards (groups and `UNLABELLED`, edges), with the posterior weights of `STRENGTHS`."""

    hazard: Floats
    strength_weights: Floats

    @property
    def p(self) -> Floats:
        """Chance of a fire within each edge: (groups and `UNLABELLED`, edges)."""
        return np.asarray(1 - np.cumprod(1 - self.hazard, axis=1))


def pool(counts: Counts) -> Pooled:
    """Posterior means of hazards; a class without labels has the mean of all strikes."""
    whole = (counts.k[0] + 0.5) / (counts.n[0] + 1.0)
    weights = strength_posterior(counts, whole)
    a = STRENGTHS[:, None, None]
    shrunk = (counts.k[1:] + a * whole) / (counts.n[1:] + a)
    classes = np.tensordot(weights, shrunk, axes=1)
    return Pooled(np.vstack((whole, classes, whole)), weights)


def strength_posterior(counts: Counts, whole: Floats) -> Floats:
    """Posterior weights of `STRENGTHS` given the counts of the classes."""
    a = STRENGTHS[:, None, None]
    k, n = counts.k[1:], counts.n[1:]
    fit = betaln(k + a * whole, n - k + a * (1 - whole)) - betaln(a * whole, a * (1 - whole))
    log = fit.sum(axis=(1, 2))
    weights = np.exp(log - log.max())
    return np.asarray(weights / weights.sum())


@dataclass(frozen=True)
class Rates:
    """A fitted model: chances within edges after a strike and anyway, by group."""

    edges_km: tuple[float, ...]
    struck: Floats
    anyway: Floats
    own_mean: float
    own_strength: float

    def factor(self, k: Floats, n: Floats) -> Floats:
        """Hazard of heat at a site over that of the mean of controls, shrunk to 1."""
        weight = self.own_strength
        share = np.minimum((k + weight * self.own_mean) / (n + weight), 1 - LEAST)
        return np.asarray(np.log1p(-share) / np.log1p(-self.own_mean))

    def moved(self, group: Ints, factor: Floats) -> tuple[Floats, Floats]:
        """Chances within each edge after a strike and anyway, for sites with such factors.

        The background is moved; the odds ratio of the class, never below 1, is kept.
        """
        anyway = 1 - (1 - self.anyway[group]) ** factor[:, None]
        odds = np.maximum(1.0, _odds(self.struck[group]) / _odds(self.anyway[group]))
        return odds * anyway / (1 - anyway + odds * anyway), anyway

    def ratio(self, group: Ints, nearest: Floats, factor: Floats) -> Floats:
        """Likelihood ratio of each window: of its ring, or of silence beyond the last edge."""
        struck, anyway = self.moved(group, factor)
        ring = np.searchsorted(np.asarray(self.edges_km), nearest)
        silence = (1 - struck[:, -1]) / (1 - anyway[:, -1])
        signal = _ring(struck, ring) / _ring(anyway, ring)
        return np.asarray(np.where(ring < len(self.edges_km), np.maximum(1.0, signal), silence))

    def beside_standing_heat(
        self, found: Floats, group: Ints, nearest: Floats, told: Told, n_dates: int
    ) -> Floats:
        """No more than a fire of its own is worth on top of the site's own rate of heat."""
        edges = np.asarray(self.edges_km)
        ring = np.minimum(np.searchsorted(edges, nearest), len(edges) - 1)
        rows = np.arange(len(group))
        struck, anyway = self.struck[group, ring], self.anyway[group, ring]
        usual = 1 - (1 - anyway) ** (1 / n_dates)
        burned = told.burned[:, [EDGES_KM.index(edge) for edge in self.edges_km]][rows, ring]
        a = STANDING_STRENGTH
        own = 1 - (1 - (burned + a * usual) / (told.own_n + a)) ** n_dates
        fire = np.maximum(0.0, 1 - (1 - struck) / (1 - anyway))
        return np.asarray(np.minimum(found, (1 - (1 - fire) * (1 - own)) / own))


def _odds(p: Floats) -> Floats:
    return np.asarray(p / (1 - p))


def _ring(p: Floats, ring: Ints) -> Floats:
    """Chance of each window's own ring; of the last ring beyond the last edge."""
    padded = np.column_stack((np.zeros(len(p)), p))
    rows, at = np.arange(len(p)), np.minimum(ring, p.shape[1] - 1)
    return np.asarray(np.maximum(LEAST, padded[rows, at + 1] - padded[rows, at]))


def fit(
    windows: Windows,
    told: Told,
    own_strength: float,
    edges_km: tuple[float, ...] = SCORED_KM,
    offsets: Sequence[int] = WINDOW,
    own: str = "own",
) -> Rates:
    """Fit the model to some windows; only these are looked at.

    Rings are counted at all of `EDGES_KM`; ``edges_km`` are those that will be told apart.
    """
    struck, nearest = windows.struck, told.nearest(offsets)
    at = [EDGES_KM.index(edge) for edge in edges_km]
    pooled = [
        pool(effective_counts(nearest[s], windows.take(s))).p[:, at] for s in (struck, ~struck)
    ]
    k, n = getattr(told, f"{own}_k"), getattr(told, f"{own}_n")
    mean = float(k[~struck].sum() / n[~struck].sum())
    return Rates(tuple(edges_km), pooled[0], pooled[1], mean, own_strength)


def predict(
    rates: Rates,
    windows: Windows,
    told: Told,
    offsets: Sequence[int] = WINDOW,
    own: str = "own",
    standing: bool = True,
) -> Floats:
    """Probability that each window is a strike, at even prior odds.

    ``standing``: whether heat of long standing makes the site's own record its background.
    """
    factor = rates.factor(getattr(told, f"{own}_k"), getattr(told, f"{own}_n"))
    nearest = told.nearest(offsets)
    lr = rates.ratio(windows.group, nearest, factor)
    if standing:
        capped = rates.beside_standing_heat(lr, windows.group, nearest, told, len(offsets))
        ring = np.searchsorted(np.asarray(rates.edges_km), nearest)
        outer = np.append(np.asarray(rates.edges_km), 0.0)[ring]
        lr = np.where(told.stands_at(offsets) <= outer, capped, lr)
    return np.asarray(lr / (1 + lr))
