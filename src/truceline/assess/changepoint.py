"""When did the daily count change?  A posterior over days, and over "no change".

The count has one level before a day and another from that day on.  Both levels are integrated
out (gamma prior, Poisson counts), which leaves one number for each day that may be the first of
the new level: its Bayes factor against "no change".  The exact posterior of a single change goes
back to Smith, Biometrika 62 (1975), and Raftery and Akman, Biometrika 73 (1986).

Counts of war are no Poisson counts: they scatter more and come in spells.  The likelihood is
therefore tempered: taken to the power ``1 / phi``, with ``phi`` the Pearson dispersion about the
two levels (quasi-likelihood, Wedderburn, Biometrika 61, 1974) times the inflation of the variance
by autocorrelation (Newey and West, Econometrica 55, 1987).

The level of a war drifts all the time, so a Bayes factor alone finds changes everywhere.  What it
is worth is measured on placebo clocks: the same question is put to every day on which no truce
is listed, and a change is called only where few of them answer as strongly.  Nor is one called
whose interval reaches the edge of the days searched: it may lie beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import gammaln, logsumexp

from truceline import thresholds as t
from truceline.assess.effective import n_disjoint, n_effective, wilson
from truceline.assess.remember import remembered
from truceline.domain.rates import Band, ChangePoint, Clock
from truceline.domain.said import Said, said, said_n

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Sides = tuple[Floats, Floats]

SHIFTS = np.arange(-t.CHANGE_SEARCH_D, t.CHANGE_SEARCH_D + 1)
"""Days from a clock at which the new level may begin."""

N_DAYS = 2 * t.CHANGE_HALF_D
"""Length of the window around a clock (days)."""


@dataclass(frozen=True)
class Scan:
    """Every day of a series, taken as the first day of a clock; rows are days.

    ``log_factor``: by day and shift, the log Bayes factor of "the new level begins here" against
    "no change".  ``strength``: of a change anywhere in the search, at even odds of the days.
    ``before`` and ``after``: counts per unit of exposure, by day and shift.  ``valid``: whether
    days enough are known around it; other rows mean nothing.
    """

    log_factor: Floats
    strength: Floats
    before: Floats
    after: Floats
    valid: Flags

    @property
    def p_no_change(self) -> Floats:
        """Posterior of "no change" at even odds before looking."""
        return 1 / (1 + np.exp(np.minimum(self.strength, 700.0)))


def scan_changes(counts: Floats, exposure: Floats | None = None) -> Scan:
    """Evidence of a change around each day of a series of daily counts (shape ``(n,)``).

    A count that is nan, and a day without exposure (nan or 0), is unknown and tells nothing.
    Days beyond both ends are unknown too.

    >>> quiet, loud = np.full(60, 2.0), np.full(60, 8.0)
    >>> scan = scan_changes(np.concatenate([quiet, loud]))
    >>> int(SHIFTS[scan.log_factor[63].argmax()])  # day 63 lies three days after the change
    -3
    """
    y, e, known = _known(counts, exposure)
    n, k, w, q = (_sides(row) for row in (known, y, e, _squares(y, e)))
    valid = np.minimum(n[0][:, 0], n[1][:, -1]) >= t.CHANGE_KNOWN_D
    w = (np.where(valid[:, None], w[0], 1.0), np.where(valid[:, None], w[1], 1.0))
    # Without any count there is no level; half a one stands in, as in Jeffreys' prior.
    total, watched = k[0] + k[1], w[0] + w[1]
    rate = t.CHANGE_SHAPE * watched / np.maximum(total, 0.5)
    phi = _dispersion((y, e), (n[0] + n[1])[:, 0], k, w, q)[:, None]
    log_factor = (
        _log_marginal(k[0] / phi, w[0] / phi, rate)
        + _log_marginal(k[1] / phi, w[1] / phi, rate)
        - _log_marginal(total / phi, watched / phi, rate)
    )
    strength = logsumexp(log_factor, axis=1) - np.log(len(SHIFTS))
    return Scan(log_factor, strength, k[0] / w[0], k[1] / w[1], valid)


def _known(counts: Floats, exposure: Floats | None) -> tuple[Floats, Floats, Floats]:
    """Counts, exposure and marks of known days, each 0 where unknown, padded by half a window."""
    watched = np.ones(len(counts)) if exposure is None else np.asarray(exposure, dtype=float)
    known = ~np.isnan(counts) & (np.nan_to_num(watched) > 0)
    rows = (np.where(known, counts, 0.0), np.where(known, watched, 0.0), known.astype(float))
    y, e, marks = (np.pad(row, t.CHANGE_HALF_D) for row in rows)
    return y, e, marks


def _running(row: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(row)])


def _sides(row: Floats) -> Sides:
    """Sums of a padded row before and after each split; by day and shift."""
    total = _running(row)
    left = np.arange(len(row) - N_DAYS)[:, None]
    split = total[left + t.CHANGE_HALF_D + SHIFTS]
    return split - total[left], total[left + N_DAYS] - split


def _squares(y: Floats, e: Floats) -> Floats:
    return np.divide(y * y, e, out=np.zeros_like(y), where=e > 0)


def _entropy(k: Floats, w: Floats) -> Floats:
    """The part of the greatest log-likelihood of a stretch that depends on where it ends."""
    return k * np.log(np.maximum(k, 1e-300) / w)


def _dispersion(rows: Sides, n: Floats, k: Sides, w: Sides, q: Sides) -> Floats:
    """Variance by mean about the two likeliest levels of each window, at least 1 (Poisson)."""
    best = (_entropy(k[0], w[0]) + _entropy(k[1], w[1])).argmax(axis=1)
    at = np.arange(len(best)), best
    levels = (k[0][at] / w[0][at], k[1][at] / w[1][at])
    pearson = sum(_pearson(k[i][at], levels[i], q[i][at]) for i in (0, 1))
    return np.maximum(1.0, pearson / np.maximum(n - 2, 1)) * _inflation(*rows, levels, best)


def _pearson(k: Floats, level: Floats, q: Floats) -> Floats:
    """Sum of ``(y - level e)^2 / (level e)`` from the sums of y and of ``y^2 / e``."""
    return np.asarray(np.divide(q, level, out=np.zeros_like(q), where=k > 0) - k)


def _log_marginal(k: Floats, w: Floats, rate: Floats) -> Floats:
    """Log of the likelihood of a stretch with its level integrated out, without what is common.

    The prior of a level is a gamma of shape ``a`` about the mean of the window (``rate`` is ``a``
    by that mean).
    """
    a = t.CHANGE_SHAPE
    value = a * np.log(rate) - gammaln(a) + gammaln(a + k) - (a + k) * np.log(rate + w)
    return np.asarray(value, dtype=np.float64)


def _inflation(y: Floats, e: Floats, levels: Sides, best: Ints) -> Floats:
    """By how much spells inflate the variance of a sum: 1 and twice the autocorrelations.

    Of the Pearson residuals about the two levels, weighted down to the longest lag (Bartlett).
    """
    n = len(best)
    counts, watched = sliding_window_view(y, N_DAYS)[:n], sliding_window_view(e, N_DAYS)[:n]
    first = np.arange(N_DAYS) < (t.CHANGE_HALF_D + SHIFTS[best])[:, None]
    mean = np.where(first, levels[0][:, None], levels[1][:, None]) * watched
    residual = np.divide(counts - mean, np.sqrt(mean), out=np.zeros((n, N_DAYS)), where=mean > 0)
    variance = (residual**2).sum(axis=1)
    total = np.zeros(n)
    for lag in range(1, t.CHANGE_LAG_D + 1):
        weight = 1 - lag / (t.CHANGE_LAG_D + 1)
        total += weight * (residual[:, lag:] * residual[:, :-lag]).sum(axis=1)
    share = np.divide(total, variance, out=np.zeros(n), where=variance > 0)
    return np.asarray(np.maximum(1.0, 1 + 2 * share), dtype=np.float64)


# --- placebo clocks -----------------------------------------------------------------------------


def p_placebo(strength: float, around: int, places: Ints, strengths: Floats) -> float:
    """Share of placebo clocks whose evidence is at least as strong, the clock itself counted in.

    Clocks whose windows share a day with that of ``around`` are left out.  Those left are worth
    one clock for each search that has no day in common with another, as a change that is found
    from one of them is found from its neighbours too:
    ``(1 + m share) / (1 + m)`` with ``m = days / (2 search + 1)``.
    """
    far = np.abs(places - around) >= N_DAYS
    if not far.any():
        return 1.0
    m = far.sum() / len(SHIFTS)
    share = float((strengths[far] >= strength).mean())
    return float((1 + m * share) / (1 + m))


def called_at(scan: Scan, places: Ints) -> Flags:
    """Whether a change would be called at each of the placebo days, by the others."""
    strengths = scan.strength[places]
    ps = np.array(
        [
            p_placebo(s, int(place), places, strengths)
            for s, place in zip(strengths, places, strict=True)
        ]
    )
    flags: Flags = (ps < t.CHANGE_P) & (scan.p_no_change[places] < t.CHANGE_NONE)
    for i in np.flatnonzero(flags):
        flags[i] = _inside(*shortest(_posterior(scan.log_factor[places[i]]), t.INTERVAL_MASS))
    return flags


def _inside(low: int, high: int) -> bool:
    """Whether an interval ends within the search; else the change may lie beyond it."""
    return low > 0 and high < len(SHIFTS) - 1


def _posterior(log_factor: Floats) -> Floats:
    """Probability of each day of a search, given that there was a change."""
    return np.asarray(np.exp(log_factor - logsumexp(log_factor)), dtype=np.float64)


def _false_alarm(scan: Scan, places: Ints) -> Band | None:
    """Share of placebo days with a call; the interval is that of windows that tell apart."""
    if not len(places):
        return None
    called = called_at(scan, places)
    n = n_effective(called, places, n_disjoint(places, N_DAYS))
    return wilson(float(called.mean()), n)


# --- one clock ----------------------------------------------------------------------------------


@remembered
def estimate_change_point(
    counts: Floats,
    exposure: Floats | None,
    first: date,
    around: int,
    eligible: Flags,
    clocks: Sequence[tuple[str, date]],
) -> ChangePoint | None:
    """The day on which the level changed about ``around``, the index of a clock's first day.

    ``counts`` and ``exposure`` by day from ``first`` on (shape ``(n,)``, nan is unknown);
    ``eligible``: days on which a placebo clock may stand.  ``clocks``: reading and first day of
    each candidate; one outside the days searched is left out, as nothing was asked about it.

    None where too few days are known to have a level on both sides, or nothing was counted at
    all.  Do NOT take that for "no change".  One change is looked for in the window: do NOT ask
    about a truce much shorter than half of it, whose end is a second one.
    """
    scan = scan_changes(counts, exposure)
    if not 0 <= around < len(counts) or not scan.valid[around]:
        return None
    if not scan.before[around].any() and not scan.after[around].any():
        return None
    posterior = _posterior(scan.log_factor[around])
    days = [first + timedelta(days=int(around + shift)) for shift in SHIFTS]
    best = int(posterior.argmax())
    low, high = shortest(posterior, t.INTERVAL_MASS)
    places = np.flatnonzero(eligible & scan.valid).astype(np.int64)
    p = p_placebo(float(scan.strength[around]), around, places, scan.strength[places])
    none = float(scan.p_no_change[around])
    return ChangePoint(
        days=tuple(zip(days, map(float, posterior), strict=True)),
        best=days[best],
        low=days[low],
        high=days[high],
        p_no_change=none,
        p_placebo=p,
        n_placebo=int((np.abs(places - around) >= N_DAYS).sum()),
        called=p < t.CHANGE_P and none < t.CHANGE_NONE and _inside(low, high),
        before_per_day=float(scan.before[around, best]),
        after_per_day=float(scan.after[around, best]),
        false_alarm=_false_alarm(scan, places),
        clocks=tuple(
            Clock(reading, on, _within(days, posterior, on), float((days[best] - on).days))
            for reading, on in clocks
            if days[0] <= on <= days[-1]
        ),
    )


def _within(days: Sequence[date], posterior: Floats, on: date) -> float:
    """Probability that the new level begins about as soon as a truce would show."""
    offsets = np.array([(day - on).days for day in days])
    inside = (offsets >= -t.CHANGE_EARLY_D) & (offsets <= t.CHANGE_LATE_D)
    return float(posterior[inside].sum())


def shortest(posterior: Floats, mass: float) -> tuple[int, int]:
    """First and last place of the shortest run that holds the mass; of equals the fullest.

    >>> shortest(np.array([0.01, 0.04, 0.6, 0.34, 0.01]), 0.9)
    (2, 3)
    """
    total = _running(posterior)
    for length in range(1, len(posterior)):
        held = total[length:] - total[:-length]
        if held.max() >= mass:
            return int(held.argmax()), int(held.argmax()) + length - 1
    return 0, len(posterior) - 1


# --- sentences ----------------------------------------------------------------------------------


def tell_change_point(c: ChangePoint, unit: str, title: str) -> tuple[Said, ...]:
    """The found day with its interval, each clock beside it, and what the evidence is worth."""
    beside = (_beside(c, clock) for clock in c.clocks)
    return (_found(c, unit, title), *beside, *_edge(c), *_worth(c))


def _found(c: ChangePoint, unit: str, title: str) -> Said:
    numbers = {
        "title": title,
        "best": c.best,
        "low": c.low,
        "high": c.high,
        "mass": t.INTERVAL_MASS,
        "before": c.before_per_day,
        "after": c.after_per_day,
        "unit": unit,
    }
    if c.called:
        return said(
            "{title:told}: the level changed; the new one begins on {best:day} "
            "({mass:share} between {low:day} and {high:day}): {before:number} {unit:unit} a day "
            "before it, {after:number} from then on.",
            **numbers,
        )
    return said(
        "{title:told}: no change of level is told. If there was one, its likeliest first day "
        "is {best:day} ({mass:share} between {low:day} and {high:day}): {before:number} "
        "{unit:unit} a day before it, {after:number} from then on.",
        **numbers,
    )


def _beside(c: ChangePoint, clock: Clock) -> Said:
    n = abs(int(clock.distance_d))
    values = {
        "reading": clock.reading,
        "on": clock.on,
        "p": clock.p_within,
        "early": t.CHANGE_EARLY_D,
        "late": t.CHANGE_LATE_D,
    }
    if n == 0:
        return said(
            "Reading {reading}: its clock starts on the same day, {on:day}; {p:share} of the "
            "probability lies from {early} days before to {late} days after it.",
            **values,
        )
    if clock.distance_d > 0:
        return said_n(
            "Reading {reading}: its clock starts on {on:day}, {n} day before {best:day}; {p:share} "
            "of the probability lies from {early} days before to {late} days after it.",
            "Reading {reading}: its clock starts on {on:day}, {n} days before {best:day}; "
            "{p:share} of the probability lies from {early} days before to {late} days after it.",
            n,
            best=c.best,
            **values,
        )
    return said_n(
        "Reading {reading}: its clock starts on {on:day}, {n} day after {best:day}; {p:share} "
        "of the probability lies from {early} days before to {late} days after it.",
        "Reading {reading}: its clock starts on {on:day}, {n} days after {best:day}; {p:share} "
        "of the probability lies from {early} days before to {late} days after it.",
        n,
        best=c.best,
        **values,
    )


def _edge(c: ChangePoint) -> tuple[Said, ...]:
    first, last = c.days[0][0], c.days[-1][0]
    if first < c.low and c.high < last:
        return ()
    return (
        said(
            "Days from {first:day} to {last:day} were searched, and the interval reaches an end "
            "of them: a change may lie beyond.",
            first=first,
            last=last,
        ),
    )


def _worth(c: ChangePoint) -> tuple[Said, ...]:
    if c.p_no_change < 0.005:
        none = said("Even odds before looking leave less than 1 % for no change at all.")
    else:
        none = said("Even odds before looking leave {p:share} for no change.", p=c.p_no_change)
    if not c.n_placebo:
        return none, said("No day without a listed truce is left to hold this against.")
    placebo = said_n(
        "Held against {n} day on which no truce is listed: evidence as strong is met with a "
        "probability of {p:number}; a change is told below {limit:number}.",
        "Held against {n} days on which no truce is listed: evidence as strong is met with a "
        "probability of {p:number}; a change is told below {limit:number}.",
        c.n_placebo,
        p=c.p_placebo,
        limit=t.CHANGE_P,
    )
    if c.false_alarm is None:
        return none, placebo
    alarm = said(
        "By the same rule a change would be told on {share:share} of days without a listed truce "
        "({mass:share} interval: {low:share} to {high:share}).",
        share=c.false_alarm.value,
        mass=t.INTERVAL_MASS,
        low=c.false_alarm.low,
        high=c.false_alarm.high,
    )
    return none, placebo, alarm
