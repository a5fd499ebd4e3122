"""Who declared an agreement, with the dates of each, as far as they are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce

from truceline.domain.agreement import Agreement, Clock, Reading
from truceline.domain.instrument import UNKNOWN, Actor, Ending, Parts, parts_of
from truceline.domain.trees import ACTS, MEANS, OBJECTS

NEVER_KNOWN = Parts(None, None, None)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Declared:
    """One declaring actor; each date as far as it is known."""

    by: str
    name: str
    is_party: bool
    readings: tuple[Reading, ...]
    declared: Parts
    effective: Parts
    ended: Parts
    ucdp_actor_id: tuple[int, ...]
    endings: tuple[Ending, ...]
    source: tuple[str, ...]


def declared_by(agreement: Agreement) -> list[Declared]:
    """Every declaring actor: those of the block ``instrument``, then who else states a reading.

    An actor without readings of its own in the block has those that it states and that no
    other actor names.  A third party that states a reading is one of them, marked as such.
    """
    actors = agreement.instrument.actors if agreement.instrument else ()
    named = {reading for actor in actors for reading in actor.readings}
    found = []
    for actor in actors:
        own = actor.readings or tuple(
            r.id for r in agreement.readings if r.stated_by == actor.by and r.id not in named
        )
        named |= set(own)
        found.append(_declared(agreement, actor.model_copy(update={"readings": own})))
    for reading in agreement.readings:
        if reading.id not in named:
            actor = Actor(by=reading.stated_by, readings=(reading.id,), source=reading.source)
            found.append(_declared(agreement, actor))
    return found


def _declared(agreement: Agreement, actor: Actor) -> Declared:
    readings = tuple(agreement.reading(name) for name in actor.readings)
    clocks = [reading.clock for reading in readings]
    endings = agreement.instrument.endings if agreement.instrument else ()
    return Declared(
        by=actor.by,
        name=name_of(agreement, actor.by),
        is_party=actor.by in agreement.parties,
        readings=readings,
        declared=parts_of(actor.declared),
        effective=parts_of(actor.effective) if actor.effective else common(map(_first, clocks)),
        ended=parts_of(actor.ended) if actor.ended else common(map(_last, clocks)),
        ucdp_actor_id=actor.ucdp_actor_id,
        endings=tuple(ending for ending in endings if ending.by == actor.by),
        source=actor.source,
    )


def name_of(agreement: Agreement, code: str) -> str:
    """Name of a party or third party; a code that is neither stands for itself."""
    known = agreement.parties.get(code) or agreement.third_parties.get(code)
    return known.name if known else code


def is_general(reading: Reading) -> bool:
    """Whether one of its clauses names all acts, all means and all objects."""
    return any(
        ACTS.root in clause.must_not.acts
        and MEANS.root in clause.must_not.means
        and OBJECTS.root in clause.must_not.against
        for clause in reading.clauses
    )


# --- dates ------------------------------------------------------------------------------------


def common(dates: Iterable[Parts]) -> Parts:
    """What all dates agree on, from the year down; of no date nothing is known.

    >>> common([Parts(2025, 3, 18), Parts(2025, 3, 25)])
    Parts(year=2025, month=3, day=None)
    >>> common([Parts(2024, 3, 18), Parts(2025, 3, 18)])
    Parts(year=None, month=None, day=None)
    """
    found = list(dates)
    return reduce(_both, found) if found else NEVER_KNOWN


def _both(first: Parts, second: Parts) -> Parts:
    year = first.year if first.year == second.year else None
    month = first.month if year is not None and first.month == second.month else None
    day = first.day if month is not None and first.day == second.day else None
    return Parts(year, month, day)


def partial_text(parts: Parts) -> str:
    """A date as far as it is known.

    >>> partial_text(Parts(2014, 9, None)), partial_text(NEVER_KNOWN)
    ('2014-09', 'unknown')
    """
    known = []
    for part, form in zip(parts, ("04", "02", "02"), strict=True):
        if part is None:
            break
        known.append(format(part, form))
    return "-".join(known) or UNKNOWN


def _of(day: date) -> Parts:
    return Parts(day.year, day.month, day.day)


def _local(moment: date | datetime) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def _first(clock: Clock) -> Parts:
    """First day by the wall clock of its zone; days that are left open are not chosen from."""
    if clock.start is None:
        return NEVER_KNOWN
    start = _local(clock.start)
    days = [_of(start.date())]
    for piece in clock.disputed:
        if piece.start is None or _local(piece.start) <= start:
            if piece.until is None:
                return NEVER_KNOWN
            if _local(piece.until) > start:
                days.append(_of((_local(piece.until) - INSTANT).date()))
    return common(days)


def _last(clock: Clock) -> Parts:
    """Last day by the wall clock of its zone; days that are left open are not chosen from."""
    until = _local(clock.until) if clock.until else None
    if until is None and clock.start is not None and clock.length:
        until = _local(clock.start) + timedelta(days=int(clock.length[1:-1]))
    if until is None:
        return NEVER_KNOWN
    days = [_of((until - INSTANT).date())]
    for piece in clock.disputed:
        if piece.until is None or _local(piece.until) >= until:
            if piece.start is None:
                return NEVER_KNOWN
            if _local(piece.start) < until:
                days.append(_of((_local(piece.start) - INSTANT).date()))
    return common(days)
