"""Do acts by one side follow those of the other, beyond background, season and late reports?

What is compared are auto- and cross-correlations of two series of daily counts
(`reciprocity_model`), with those of pasts in which no side answers (`reciprocity_null`): a
parametric bootstrap, every past fitted as the data were.  Such a past has what makes two sides
rise and fall together without any answer: a slow level and a weekly season of each side, shared
shocks that last for days, momentum of each side by itself, reports that come up to ``delay_d``
days late by side, and noise beyond Poisson.

Two facts carry the answer.  Shared shocks reach both sides alike, so that A follows B as much
as B follows A, and most of all on the same day; an answer of one side does neither.  Hence:

- lags within the delay of reports say nothing about who answered whom;
- an answer on the same day is never told from what both share;
- momentum of one side alone makes it follow shared shocks for longer than the other does: it is
  part of the model, and the commonest way in which a background still passes for an answer;
- an exchange in which both answer alike looks much like shared shocks, but for a dip at lag 0,
  and is often not found: "cannot tell" is then right, and "no" means no one-sided answer.

What both share is fitted, not known: neither side is shown to cause anything, even where an
answer is indicated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from truceline import thresholds as t
from truceline.assess.reciprocity_model import (
    CROSSES,
    Array,
    Design,
    Fitted,
    Moments,
    Tables,
    fit_shared,
    fit_whole,
    levels,
    measure,
    standardise,
)
from truceline.assess.reciprocity_null import Past, draw_pasts
from truceline.assess.remember import remembered
from truceline.domain.rates import Band, Conclusion, Direction, Reciprocity
from truceline.errors import BadInput, TruceError

T = TypeVar("T")


class TooFewDays(TruceError, ValueError):
    """Days or acts too few for any background to be told from an answer.

    Do NOT raise this where there are days enough and the power is small: that is a result.
    """


@remembered
def estimate_reciprocity(
    a: Array,
    b: Array,
    names: tuple[str, str],
    *,
    known: NDArray[np.bool_],
    lags_d: tuple[int, int] = t.RECIPROCITY_LAGS_D,
    delay_d: int,
    seed: int,
) -> Reciprocity:
    """Both directions between two series of daily counts: A after B first, then B after A.

    ``a``, ``b``: acts per day, shape (n,); where ``known`` is False their values are not looked
    at.  ``delay_d``: by how many days figures of one side may be later than those of the other.
    The same two series in either order give the same numbers.  Fewer known days than the
    threshold, or a side without an act, is a `TooFewDays`; counts below zero are a `BadInput`.
    """
    sides = _Sides.of(a, b, names, known)
    asked = _Asked.of(known, lags_d, delay_d)
    first, second = sides.in_order(_directions(asked, sides.counts, seed))
    return Reciprocity(
        n_days=int(known.sum()),
        n_of=tuple(zip(names, sides.in_order([round(x.sum()) for x in sides.counts]), strict=True)),
        lags_d=lags_d,
        delay_d=delay_d,
        directions=(first.told(names[1], names[0]), second.told(names[0], names[1])),
        n_simulated=t.RECIPROCITY_DRAWS,
        seed=seed,
    )


def find_answers(
    a: Array,
    b: Array,
    names: tuple[str, str],
    *,
    known: NDArray[np.bool_],
    lags_d: tuple[int, int] = t.RECIPROCITY_LAGS_D,
    delay_d: int,
    seed: int,
) -> tuple[bool, bool]:
    """Whether A answers B, and B answers A, as `estimate_reciprocity` finds it, and no more."""
    sides = _Sides.of(a, b, names, known)
    weighed = _weigh(_Asked.of(known, lags_d, delay_d), sides.counts, seed)
    return sides.in_order(_holm(weighed.p_values))


@dataclass(frozen=True)
class _Sides:
    """Both series in an order of their own, (2, n), so that the caller's makes no difference."""

    counts: Array
    swapped: bool

    @classmethod
    def of(cls, a: Array, b: Array, names: tuple[str, str], known: NDArray[np.bool_]) -> _Sides:
        counts = np.stack([np.where(known, x, 0.0) for x in (a, b)]).astype(float)
        _refuse(counts, known, names)
        keys = [(row.tolist(), name) for row, name in zip(counts, names, strict=True)]
        swapped = keys[1] < keys[0]
        return cls(counts[::-1].copy() if swapped else counts, swapped)

    def in_order(self, both: Sequence[T]) -> tuple[T, T]:
        """One thing per side, in the order of the caller."""
        return (both[1], both[0]) if self.swapped else (both[0], both[1])


def _refuse(counts: Array, known: NDArray[np.bool_], names: tuple[str, str]) -> None:
    if not np.all(counts >= 0):
        raise BadInput(
            "a count of a known day is below zero or no number",
            expected="acts per day, and known = False where no figure was published",
            remedy="mark the day as unknown",
        )
    if known.sum() < t.RECIPROCITY_MIN_DAYS:
        raise TooFewDays(
            f"{int(known.sum())} days have a known count of both sides",
            expected=f"at least {t.RECIPROCITY_MIN_DAYS}",
            remedy="ask about a longer stretch, or find the figures of the days that lack one",
        )
    for row, name in zip(counts, names, strict=True):
        if not row.any():
            raise TooFewDays(
                f"there is no act of {name} on any known day",
                expected="acts of both sides",
                remedy="an answer cannot be asked about; see whether the series is the right one",
            )


@dataclass(frozen=True)
class _Found:
    excess: Band
    p_value: float
    power: float
    power_at: float
    found: bool

    def told(self, of: str, after: str) -> Direction:
        return Direction(
            of, after, self.excess, self.p_value, self.power, self.power_at, self.found
        )


@dataclass(frozen=True)
class _Asked:
    """The data as they were fitted, with all it takes to fit pasts in the same way."""

    known: NDArray[np.bool_]
    design: Design
    tables: Tables

    @classmethod
    def of(cls, known: NDArray[np.bool_], lags_d: tuple[int, int], delay_d: int) -> _Asked:
        if not (1 <= lags_d[0] <= lags_d[1] and delay_d >= 0):
            raise BadInput(
                f"lags of {lags_d[0]} to {lags_d[1]} days with a delay of {delay_d} days",
                expected="lags from 1 day on, the first not after the last, and no delay below 0",
                remedy="an answer on the same day cannot be told from what both share",
            )
        design = Design(lags_d, delay_d, t.RECIPROCITY_LEVEL_D)
        return cls(known, design, Tables.of(design))

    def moments(self, counts: Array) -> Moments:
        x = standardise(counts, self.known, self.design)
        return measure(x[0], x[1], self.known, self.design)

    def fitted(self, moments: Moments, sides: tuple[int, ...] = (0, 1)) -> Fitted:
        return fit_whole(moments, self.design, self.tables, sides)

    def past(self, parameters: Array, moments: Moments, counts: Array) -> Past:
        level = levels(counts, self.known, self.design)
        return Past.of(parameters[0], moments.scale[0], level, self.design)

    def drawn(self, past: Past, m: int, seed: int, stream: int) -> Moments:
        random = np.random.Generator(np.random.PCG64([seed, stream]))
        return self.moments(draw_pasts(past, self.design, m, random))


@dataclass(frozen=True)
class _Weighed:
    """Data and pasts without an answer, both fitted."""

    moments: Moments
    data: Fitted
    past: Past
    without: Array

    @property
    def p_values(self) -> tuple[float, float]:
        """Share of pasts without an answer whose evidence is as strong, the data counted in."""
        beyond = np.sum(self.without >= self.data.evidence[0], axis=0)
        first, second = (1 + beyond) / (1 + len(self.without))
        return float(first), float(second)


def _weigh(asked: _Asked, counts: Array, seed: int) -> _Weighed:
    moments = asked.moments(counts[:, None, :])
    shared = fit_shared(moments, asked.design, asked.tables)
    past = asked.past(shared, moments, counts)
    pasts = asked.fitted(asked.drawn(past, t.RECIPROCITY_DRAWS, seed, 0))
    return _Weighed(moments, asked.fitted(moments), past, pasts.evidence)


def _directions(asked: _Asked, counts: Array, seed: int) -> list[_Found]:
    """Of the first side after the second, and the other way round."""
    weighed = _weigh(asked, counts, seed)
    found = _holm(weighed.p_values)
    mean = counts[:, asked.known].mean(axis=1)
    like_data = asked.past(weighed.data.parameters, weighed.moments, counts)
    again = asked.drawn(like_data, t.RECIPROCITY_POWER_DRAWS, seed, 1)
    refitted = asked.fitted(again, ())
    told = []
    for side in (0, 1):
        value = _excess(weighed.data, weighed.moments, side, mean)
        band = _band(float(value[0]), _excess(refitted, again, side, mean))
        at = float(t.RECIPROCITY_SHARE * mean[side] / mean[1 - side])
        power = _power(asked, weighed, side, seed)
        told.append(_Found(band, weighed.p_values[side], power, at, found[side]))
    return told


def _power(asked: _Asked, weighed: _Weighed, side: int, seed: int) -> float:
    """Share of pasts with an answer of the stated size in which it is found."""
    least = 1 - t.RECIPROCITY_ALPHA / 2
    needed = np.quantile(weighed.without[:, side], least, method="higher")
    past = weighed.past.answering(side, t.RECIPROCITY_SHARE)
    moments = asked.drawn(past, t.RECIPROCITY_POWER_DRAWS, seed, 2 + side)
    return float(np.mean(asked.fitted(moments, (side,)).evidence[:, side] > needed))


def _holm(p_values: tuple[float, float]) -> tuple[bool, bool]:
    """Which of two are found, with the threshold's chance of any false find (Holm 1979).

    >>> _holm((0.001, 0.008)), _holm((0.008, 0.008)), _holm((0.5, 0.002))
    ((True, True), (False, False), (False, True))
    """
    least, alpha = min(p_values) <= t.RECIPROCITY_ALPHA / 2, t.RECIPROCITY_ALPHA
    first, second = (least and p <= (alpha if p > min(p_values) else alpha / 2) for p in p_values)
    return first, second


def _excess(fitted: Fitted, moments: Moments, side: int, mean: Array) -> Array:
    """Further acts of a side for each act of the other (acts per act)."""
    cross = fitted.parameters[:, CROSSES[side]]
    by = moments.scale * np.sqrt(mean)
    return np.asarray(cross * by[:, side] / by[:, 1 - side])


def _band(value: float, again: Array) -> Band:
    """Value with its interval: quantiles of refits of pasts made with the value."""
    low, high = np.quantile(again, [0.025, 0.975])
    return Band(float(value), float(min(low, value)), float(max(high, value)))


def conclude(reciprocity: Reciprocity) -> Conclusion:
    """What may be said of both directions together.

    An answer that was found is INDICATED, whatever the power.  Nothing found is NOT_INDICATED
    only where an answer of the stated size would have been found with enough power in both
    directions and no interval reaches it; all else is CANNOT_TELL.
    """
    if any(each.found for each in reciprocity.directions):
        return Conclusion.INDICATED
    if all(
        each.power >= t.RECIPROCITY_POWER and each.excess.high < each.power_at
        for each in reciprocity.directions
    ):
        return Conclusion.NOT_INDICATED
    return Conclusion.CANNOT_TELL
