"""The three baselines: any fire near, The Economist's published rule, and a logistic model.

Binary rules get their probabilities from their rates among the windows they are fitted to.

The Economist's rule (README of its war-fire model, MIT) reads: fire activity in a cell of 0.1 by
0.1 degrees on a day is war-related if it is "so large as to have less than 5% probability of
occurring in a normal year", if such excess happens "on at least two occasions, at least 7 days
apart", or if a fire "takes place in a cell less than 10 days after it has met the above".
Our reading: a normal year is the same cell within 20 days of the date in 2018 to 2021, and the
probability the share of those dates with at least as many fires; the two occasions may lie
anywhere in the record that is handed in, in hindsight, which favours the rule.  Its own
normal year is a machine-learning forecast that cannot be rerun from what is published here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from truceline.validation.features import Fires, Told, seasons
from truceline.validation.labels import FIRST_DAY, GROUPS, Bools, Floats, Ints, Windows, cells
from truceline.validation.models import WINDOW

NEAR_KM = 2.0
CELL_DEG = 0.1
EXCESS_P = 0.05
APART_DAYS = 7
AFTER_DAYS = 10
LOGISTIC_EDGES_KM = (1.0, 2.0, 5.0, 8.0)
YEAR_DAYS = 365.25


def near_flags(told: Told) -> Bools:
    """Any fire within 2 km on the same or the next date."""
    return np.asarray(told.nearest((0, 1)) <= NEAR_KM)


def economist_flags(windows: Windows, fires: Fires) -> Bools:
    """Whether the cell of each site has a war-related fire on a date of the window."""
    cell_of_fire = cells(fires.lat, fires.lon, CELL_DEG)
    cell_of_window = cells(windows.lat, windows.lon, CELL_DEG)
    wanted = np.unique(cell_of_window)
    keep = np.isin(cell_of_fire, wanted)
    order = np.argsort(cell_of_fire[keep], kind="stable")
    by_cell, days = cell_of_fire[keep][order], fires.day[keep][order]
    flags = np.zeros(len(windows), dtype=bool)
    for cell in wanted:
        a, b = np.searchsorted(by_cell, (cell, cell + 1))
        war = war_dates(days[a:b], fires.dates)
        here = cell_of_window == cell
        touched = [np.isin(windows.day[here] + offset, war) for offset in WINDOW]
        flags[here] = np.any(touched, axis=0)
    return flags


def war_dates(days: Ints, dates: Ints) -> Ints:
    """Dates (ordinals) with war-related fires of one cell, from the dates of all its fires.

    ``dates``: those of which a record is held.
    """
    burned, n_fires = np.unique(days, return_counts=True)
    at_war = burned >= FIRST_DAY.toordinal()
    excess = np.array(
        [
            day
            for day, n in zip(burned[at_war], n_fires[at_war], strict=True)
            if _usual(int(day), int(n), burned, n_fires, dates) < EXCESS_P
        ],
        dtype=np.int64,
    )
    if excess.size == 0 or excess[-1] - excess[0] < APART_DAYS:
        return np.empty(0, dtype=np.int64)
    met = excess[excess - excess[0] >= APART_DAYS]
    since = burned[at_war][:, None] - met
    follows = ((since > 0) & (since < AFTER_DAYS)).any(axis=1)
    return np.union1d(excess, burned[at_war][follows])


def _usual(day: int, n: int, burned: Ints, n_fires: Ints, dates: Ints) -> float:
    """Share of the dates of the season in peace years with at least so many fires."""
    as_many = total = 0
    for span in seasons(day):
        a, b = np.searchsorted(burned, span)
        as_many += int((n_fires[a:b] >= n).sum())
        total += int(np.diff(np.searchsorted(dates, span))[0])
    return as_many / total if total else 1.0


@dataclass(frozen=True)
class Rule:
    """A binary rule with the probability of a strike where it speaks and where it does not."""

    p_yes: float
    p_no: float

    @classmethod
    def fit(cls, flags: Bools, struck: Bools, weight: Floats) -> Rule:
        """Probabilities at even prior odds, from weighted shares, half a window added to each."""
        if_struck, anyway = (
            (float(weight[s & flags].sum()) + 0.5) / (float(weight[s].sum()) + 1.0)
            for s in (struck, ~struck)
        )
        return cls(if_struck / (if_struck + anyway), (1 - if_struck) / (2 - if_struck - anyway))

    def predict(self, flags: Bools) -> Floats:
        """Probability of a strike in each window."""
        return np.where(flags, self.p_yes, self.p_no)


def logistic_features(windows: Windows, told: Told) -> Floats:
    """Heat within r and t, class, heat near by class, and season: (n, 12)."""
    near, today = told.nearest(WINDOW), told.nearest((0,))
    heat = [near <= edge for edge in LOGISTIC_EDGES_KM]
    heat += [today <= edge for edge in (2.0, 5.0)]
    own = [windows.group == g for g in range(1, len(GROUPS))]
    crossed = [member & (near <= NEAR_KM) for member in own]
    turn = 2 * np.pi * windows.day / YEAR_DAYS
    return np.column_stack([*heat, *own, *crossed, np.cos(turn), np.sin(turn)]).astype(float)


def logistic_predict(features: Floats, struck: Bools, weight: Floats, asked: Floats) -> Floats:
    """Probabilities of a strike by a ridge logistic model (C = 1) fitted to weighted windows."""
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit(features, struck, sample_weight=weight)
    return np.asarray(model.predict_proba(asked)[:, 1])
