"""What came out of asking whether something changed: numbers and the sentences about them.

A question ends in a `Finding`: with its numbers, or with coded refusals that say what would lift
them, or with both.  Nothing here judges: a fall is no compliance, and a rise is nobody's doing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from truceline.domain.series import Break


class Conclusion(StrEnum):
    """What may be said of a question as a whole."""

    FELL = "fell"
    ROSE = "rose"
    NO_CHANGE_SHOWN = "no_change_shown"
    BASELINES_DISAGREE = "baselines_disagree"
    CANNOT_TELL = "cannot_tell"
    INDICATED = "indicated"
    NOT_INDICATED = "not_indicated"
    REFUSED = "refused"


@dataclass(frozen=True)
class Refusal:
    """Why a number is not told, and what would lift that.

    ``whole``: the question has no answer at all; otherwise one part of it is left out.
    """

    code: str
    text: str
    remedy: str
    whole: bool = True


@dataclass(frozen=True)
class Band:
    """A value with the lower and upper end of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Placebo:
    """How the same comparison came out where no truce is listed.

    ``ratios``: of the placebo windows, sorted.  ``n_windows``: without overlap.  ``n_effective``:
    those that are worth one independent window.  ``coverage``: share of intervals of nominal 95 %
    that held "no change", each worked out without its neighbours, as a band (Wilson).
    ``tail``: the two-sided probability below which 5 % of placebo windows lie.
    """

    ratios: tuple[float, ...]
    n_windows: int
    n_effective: float
    coverage: Band
    tail: float

    def judged(self, least: int) -> bool:
        """Whether there are windows enough to call the intervals calibrated or not."""
        return self.n_effective >= least


@dataclass(frozen=True)
class Effect:
    """The truce window against one baseline; where ``why`` is set there are no numbers.

    ``ratio``: rate in the window by the rate that the baseline leads to expect without a truce.
    ``n_listed``: days of the baseline in listed truces.  ``plain_ratio``: the two rates
    divided, nothing else.  ``expected``: count in the window
    without a truce.  ``dispersion``: variance by mean of the expected count.  ``detectable``:
    the smallest fall (as a ratio) found with the stated power; None: not even a complete halt.
    ``power``: chance to find a fall to the named ratio.
    """

    baseline: str
    why: str = ""
    first: date | None = None
    last: date | None = None
    n_days: int = 0
    n: int = 0
    n_listed: int = 0
    rate_per_day: float = 0.0
    plain_ratio: float = 0.0
    ratio: Band | None = None
    expected: Band | None = None
    dispersion: float = 0.0
    placebo: Placebo | None = None
    detectable: float | None = None
    power: tuple[tuple[float, float], ...] = ()
    needed_times: float | None = None
    """How many times as long a window would have to be to find a complete halt; None: unknown."""


@dataclass(frozen=True)
class Trend:
    """Interrupted series: level and slope at the start of the window, as ratios.

    ``level``: jump at the start; ``slope``: factor per 30 days by which the trend within the
    window differs from the one before.  ``widen``: by how much the robust interval had to be
    widened so that 95 % of placebo windows hold "no change".
    """

    n_before: int
    n_window: int
    level: Band
    slope: Band | None
    widen: float


@dataclass(frozen=True)
class Clock:
    """A candidate for the day of the change: who states it, and how far the found day lies."""

    reading: str
    on: date
    p_within: float
    distance_d: float


@dataclass(frozen=True)
class ChangePoint:
    """When did it change?  A posterior over days, and over "no change".

    ``days``: first day of the new level with its probability given that there was a change.
    ``low`` and ``high``: days between which the stated mass lies.  ``p_no_change``: at stated even
    odds.  ``p_placebo``: share of placebo days, worth one for each search, whose evidence of a
    change in either direction is at least as strong.  ``false_alarm``: share of placebo
    days at which a change would have been called, as a band.
    """

    days: tuple[tuple[date, float], ...]
    best: date
    low: date
    high: date
    p_no_change: float
    p_placebo: float
    n_placebo: int
    called: bool
    before_per_day: float
    after_per_day: float
    false_alarm: Band | None
    clocks: tuple[Clock, ...]


@dataclass(frozen=True)
class Attack:
    """One attempt to make a finding fall: ``passed``, failed, or None where it cannot be made."""

    check: str
    passed: bool | None
    text: str


@dataclass(frozen=True)
class Window:
    """Days of a clock that a series can be asked about.

    ``certain``: the reading calls all of them in force.  ``cut``: it states no end, or a later
    one, and the window ends earlier.  ``n_known``: days with a published count.
    """

    first: date
    last: date
    n_days: int
    n_known: int
    certain: bool
    cut: bool


@dataclass(frozen=True)
class Change:
    """Numbers about one series in one window."""

    n: int
    rate_per_day: float
    exposure_d: float
    effects: tuple[Effect, ...]
    trend: Trend | None = None
    change_point: ChangePoint | None = None


@dataclass(frozen=True)
class Shift:
    """Substitution: an untouched series beside the touched one, against the same baseline."""

    baseline: str
    touched: Band
    untouched: Band
    share: Band
    total: Band


@dataclass(frozen=True)
class Direction:
    """Whether acts of one side followed those of the other, beyond what both share.

    ``excess``: extra acts of ``after`` for each act of ``of`` within the lags.  ``p_value``: share
    of simulated pasts without any answer in which the excess is at least as large.
    ``power``: chance to find an answer of the stated size, in pasts like this one.
    """

    of: str
    after: str
    excess: Band
    p_value: float
    power: float
    power_at: float
    found: bool


@dataclass(frozen=True)
class Reciprocity:
    """Two series of daily counts and both directions between them."""

    n_days: int
    n_of: tuple[tuple[str, int], ...]
    lags_d: tuple[int, int]
    delay_d: int
    directions: tuple[Direction, ...]
    n_simulated: int
    seed: int


@dataclass(frozen=True)
class Stretch:
    """Days of a clock as they are drawn; ``last`` is None where no end is stated."""

    reading: str
    first: date
    last: date | None
    certain: bool


@dataclass(frozen=True)
class Shown:
    """A stretch of a series around the window, for a drawing; ``expected`` is a rate per day."""

    first: date
    counts: tuple[int | None, ...]
    expected: Band | None
    breaks: tuple[Break, ...]
    clocks: tuple[Stretch, ...]


@dataclass(frozen=True)
class Finding:
    """One question with its answer.

    ``sentences`` come from the numbers beside them, the first can stand alone; ``details`` say in
    words what a table of these numbers shows as well.
    """

    id: str
    ask: str
    series: tuple[str, ...]
    reading: str
    clause: str
    conclusion: Conclusion
    window: Window | None = None
    change: Change | None = None
    shifts: tuple[Shift, ...] = ()
    reciprocity: Reciprocity | None = None
    refusals: tuple[Refusal, ...] = ()
    attacks: tuple[Attack, ...] = ()
    sentences: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    shown: Shown | None = None
    rows: tuple[str, ...] = ()
    """References of the rows that the count in the window rests on."""
