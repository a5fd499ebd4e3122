"""Who else speaks of a happening: outside sources and observers on the spot, at handed-in rates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce

import numpy as np

from truceline.clock import Interval
from truceline.simulate.accounts import Account, Place, place_at
from truceline.simulate.orders import Order
from truceline.simulate.rates import Rates
from truceline.simulate.strikes import Happening

P_SECOND_OBSERVER = 0.5
"""A second observer is present half as often as the first."""

P_SENSE = (("seen", 0.6), ("recorded", 0.25), ("heard", 0.15))
P_NAMES = {"seen": 0.5, "recorded": 0.25, "heard": 0.0}
"""How often an observer of an act names who did it."""

P_NAMES_WRONGLY = 0.02
P_REPEATED = 0.1
"""Share of reports that a broadcaster repeats under the origin that they come from."""

P_OF_A_PARTY = 0.05
P_COPY_OF_HEAT = 0.04
P_UNVERIFIED = 0.1
P_SECOND_REPEATS = 0.5
RESTS_ON = ("statement", "imagery", "document")

P_SHARED_HEARD, P_SHARED_SEEN = 0.5, 0.15
"""How often a shared false story also reaches an observer, who tells it as heard or as seen."""

BEFORE, AFTER = timedelta(minutes=20), timedelta(minutes=40)
MARGIN = timedelta(hours=2)


@dataclass(frozen=True)
class Support:
    """An outside source behind one account; without an origin it could not verify."""

    account: str
    origin_id: str | None
    rests_on: str


@dataclass(frozen=True)
class Report:
    """One row of the file of field reports; ``names`` is a role, or None."""

    id: str
    of: Happening
    independent: bool
    sense: str
    finding: str
    interval: Interval
    place: Place
    object_class: str
    names: int | None
    origin_id: str
    source_date: date


def make_support(order: Order, accounts: Sequence[Account], rates: Rates) -> list[Support]:
    """Outside sources, by account: each looks into a share of all, and supports at its rate."""
    found: list[Support] = []
    for own in by_happening(accounts).values():
        made = own[0].of
        dice = order.stream(f"support {made.number}").random(6)
        told = [account for account in own if not account.admits]
        p_true, p_false = rates.lines["third_party"]
        speaks = dice[0] < order.habits.attention * (p_true if own[0].happened else p_false)
        basis = RESTS_ON[int(dice[1] * len(RESTS_ON))]
        origin = f"outlet-{made.number}"
        if made.shared:
            found += [Support(a.id, f"{origin}-{i}", basis) for i, a in enumerate(told, 1)]
        elif speaks:
            more = told[1:] if dice[2] < P_SECOND_REPEATS else []
            found += [Support(account.id, origin, basis) for account in (told[0], *more)]
        elif dice[3] < P_COPY_OF_HEAT:
            found.append(Support(told[0].id, f"map-{made.number}", "satellite_heat"))
        elif dice[4] < P_UNVERIFIED:
            found.append(Support(told[0].id, None, ""))
    return found


def make_reports(
    order: Order, happenings: Sequence[Happening], accounts: Sequence[Account], rates: Rates
) -> list[Report]:
    """Reports of observers, with quiet ones; also of strikes that nobody tells of."""
    told = by_happening(accounts)
    found: list[Report] = []
    for made in happenings:
        random = order.stream(f"reports {made.number}")
        own = told.get(made.number, ())
        for number, share in ((1, 1.0), (2, P_SECOND_OBSERVER)):
            dice = random.random(10)
            if dice[0] < order.plan.reporters * share:
                found += _observer(made, own, rates, f"R{made.number:03}{number}", dice)
        found += _shared(made, own, random.random(10))
    return found


def by_happening(accounts: Sequence[Account]) -> dict[int, tuple[Account, ...]]:
    """Accounts by the number of what they tell."""
    found: dict[int, tuple[Account, ...]] = {}
    for account in accounts:
        found[account.of.number] = (*found.get(account.of.number, ()), account)
    return found


def _observer(
    made: Happening,
    own: Sequence[Account],
    rates: Rates,
    key: str,
    dice: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> Iterator[Report]:
    """What one observer who is present reports: the act, quiet, or nothing at all."""
    happened = own[0].happened if own else made.happened
    sense = _sense(float(dice[1]))
    which = 0 if happened else 1
    p_act = rates.lines[f"report_{sense}"][which]
    p_quiet = 0.0 if sense == "heard" else rates.lines["report_nothing"][which]
    independent = bool(dice[2] >= P_OF_A_PARTY)
    if dice[3] < p_act:
        names = _names(made, sense, happened, dice[4:6])
        act = _act(made, own, key, sense, names, independent, bool(dice[6] < 0.8))
        yield act
        if dice[7] < P_REPEATED:
            yield Report(
                f"{key}c", made, True, "heard", "act_observed", act.interval, act.place,
                act.object_class, act.names, act.origin_id, act.source_date,
            )  # fmt: skip
    elif dice[3] < p_act + p_quiet and own:
        whole = _whole(own)
        if whole is not None:
            yield Report(
                key, made, independent, sense, "nothing_observed", whole,
                _spot(made, own, True), own[0].object_class, None,
                f"observer-{key}", whole.until.date(),
            )  # fmt: skip


def _act(
    made: Happening,
    own: Sequence[Account],
    key: str,
    sense: str,
    names: int | None,
    independent: bool,
    sharp: bool,
) -> Report:
    """A report of an act: of the true object where it happened, of the told one where not."""
    true = made.happened and (not own or own[0].happened)
    object_class = made.site.object_class if true or not own else own[0].object_class
    return Report(
        key,
        made,
        independent,
        sense,
        "act_observed",
        _around(made.at),
        _spot(made, own, sharp),
        object_class,
        names,
        f"observer-{key}",
        made.at.date(),
    )


def _spot(made: Happening, own: Sequence[Account], sharp: bool) -> Place:
    """Where an observer stands: at the object that is told of, be it named by mistake."""
    return place_at(own[0].site if own else made.site, "facility" if sharp else "settlement")


def _names(
    made: Happening,
    sense: str,
    happened: bool,
    dice: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> int | None:
    """The role that an observer names: who did it, seldom the other, or who is accused."""
    if dice[0] >= P_NAMES[sense]:
        return None
    if not happened or made.actor is None:
        return made.accused
    return 1 - made.actor if dice[1] < P_NAMES_WRONGLY else made.actor


def _shared(
    made: Happening,
    own: Sequence[Account],
    dice: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> Iterator[Report]:
    """Observers who repeat a false story that is going round, each under an origin of its own."""
    if not (made.shared and own):
        return
    key = f"R{made.number:03}"
    if dice[0] < P_SHARED_HEARD:
        yield _act(made, own, f"{key}s", "heard", None, True, True)
    if dice[1] < P_SHARED_SEEN:
        names = made.accused if dice[2] < P_NAMES["seen"] else None
        yield _act(made, own, f"{key}t", "seen", names, True, True)


def _sense(dice: float) -> str:
    for sense, share in P_SENSE:
        dice -= share
        if dice < 0:
            return sense
    return P_SENSE[-1][0]


def _around(at: datetime) -> Interval:
    return Interval(at - BEFORE, at + AFTER)


def _whole(own: Sequence[Account]) -> Interval | None:
    """All that accounts may mean by their dates, with a margin; None without any date."""
    spans = [account.dating.interval for account in own if account.dating.interval]
    if not spans:
        return None
    hull = reduce(Interval.hull, spans)
    return Interval(hull.start - MARGIN, hull.until + MARGIN)
