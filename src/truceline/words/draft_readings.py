"""Readings of a draft: what each side says is forbidden, to whom, and from when until when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from truceline.domain.words import Document, Item, Kind, Reciprocity
from truceline.words.draft_parts import (
    TERMS,
    Desk,
    Line,
    doubts,
    ids_of,
    is_duty,
    numbered,
    quoted,
    says,
    sides_of,
    zone_of,
)

AT_ONCE = "immediately"
"""How `Times.effective` says that something holds from the moment at which it is said."""

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DAYS = re.compile(r"P(\d+)([DW])")


def draft_readings(desk: Desk) -> list[Line]:
    """One reading for every side that states terms, in the order in which they speak."""
    stated = [i for i in desk.items if i.kind in TERMS or is_duty(i)]
    speaking = [side for item in stated for side in desk.tellers(item)]
    readings = []
    for side in dict.fromkeys(speaking):
        line = _reading(desk, side)
        if line:
            readings.append(line)
    for item in stated:
        if not desk.tellers(item):
            desk.gaps.append(f"{item.id}: no side is named as its speaker, so it is in no reading")
    return readings


def _reading(desk: Desk, side: str) -> Line | None:
    stated = [i for i in desk.told_by(side) if i.kind in TERMS or is_duty(i)]
    desk.other(side, "speaks of the terms")
    clauses = _clauses(desk, side, [i for i in stated if is_duty(i)])
    if not clauses:
        text = f"{desk.name(side)} speaks of terms and names no act: what does it commit to?"
        desk.ask(f"terms-of-{side}", text, [side], stated)
        return None
    for item in stated:
        if item.scope.acts and not is_duty(item):
            desk.gaps.append(f"{item.id}: whether it forbids or allows the act is not clear")
    duties = {ref for clause in clauses for ref in clause["must_not"]["source"]}
    timed = [i for i in desk.told_by(side) if i.id in duties or _tells_the_clock(i)]
    line: Line = {
        "#": doubts(timed),
        "id": side.lower(),
        "title": f"As stated by {desk.name(side)}",
        "stated_by": side,
        "source": ids_of(timed),
        "clock": _clock(desk, side, timed),
        "clauses": clauses,
    }
    rule = _exit_rule(desk, side)
    return line | ({"exit_rule": rule} if rule else {})


def _tells_the_clock(item: Item) -> bool:
    """Whether a statement dates the truce: its terms, an order, or a claim about the truce."""
    time = item.time
    if item.kind in (*TERMS, Kind.ORDER):
        return bool(time.duration or time.deadline or time.effective)
    dated = any(told and DAY.match(told) for told in (time.deadline, time.effective))
    claims = item.kind is Kind.CLAIM and (dated or time.duration is not None)
    return claims and says("clock", item.words) and not says("talks", item.words)


# --- clauses ------------------------------------------------------------------------------------


def _clauses(desk: Desk, side: str, duties: Sequence[Item]) -> list[Line]:
    """One clause for everything that is stated differently; the same said twice is one."""
    alike: dict[tuple[tuple[str, ...], ...], list[Item]] = {}
    for item in duties:
        obliged = _obliged(desk, side, item)
        if obliged:
            key = (obliged, item.scope.acts, item.scope.means, item.object_classes)
            alike.setdefault(key, []).append(item)
        else:
            named = " and ".join(desk.name(one) for one in sides_of(item.debtor))
            who = f"It names {named}, no party here" if named else "It names no side"
            text = f"{who}. Whom does it oblige: {quoted(item.words)}?"
            desk.ask(f"obliged-{side}", text, [side], [item])
    clauses: list[Line] = []
    for (obliged, *_), items in alike.items():
        stem = "-".join([*items[0].scope.acts, *items[0].object_classes])
        clauses.append(
            {
                "#": _not_named(desk, items[0]),
                "id": numbered(stem, [clause["id"] for clause in clauses]),
                "obliges": list(obliged),
                "must_not": desk.prohibition(items),
                "where": desk.where(items),
            }
        )
    if len({tuple(clause["must_not"]["against"]) for clause in clauses}) > 1:
        text = f"{desk.name(side)} names different objects at different places: which of them hold?"
        desk.ask(f"scope-{side}", text, [side], [i for items in alike.values() for i in items])
    return clauses


def _obliged(desk: Desk, side: str, item: Item) -> tuple[str, ...]:
    """Whom a statement binds; who commits himself and names nobody binds himself."""
    named = tuple(s for s in desk.parties if s in sides_of(item.debtor))
    if item.reciprocity is Reciprocity.MUTUAL and len(named) < 2:
        return desk.parties
    if named or item.debtor is not None or item.kind is Kind.AGREEMENT:
        return named
    return (side,) if side in desk.parties else ()


def _not_named(desk: Desk, item: Item) -> list[str]:
    """What the words leave open of whom a clause obliges."""
    if item.kind is Kind.REFUSAL:
        return ["read as a refusal; a person has to decide whether it is a promise"]
    mutual = item.reciprocity is Reciprocity.MUTUAL
    if item.debtor is None and not mutual:
        return ["not stated: whom it obliges; the speaker stands here"]
    others = [desk.name(side) for side in sides_of(item.debtor) if side not in desk.parties]
    if others and not mutual:
        return [f"agreed with {' and '.join(others)}, no party here: whom else it obliges is open"]
    return []


# --- clock --------------------------------------------------------------------------------------


def _clock(desk: Desk, side: str, items: Sequence[Item]) -> Line:
    """The clock of one side's words: what they leave open, or state twice, is ``disputed``."""
    line = _zone(desk, side)
    starts, at_once = _starts(desk, items)
    lengths = {int(n) * (7 if unit == "W" else 1): i for i, (n, unit) in _lengths(desk, items)}
    ends = _ends(items, starts, lengths)
    told = [*starts.values(), *(i for i in items if i.time.duration or i.time.deadline)]
    sources = told or list(items)
    if starts:
        line["from"] = min(starts)
    if ends and (len(ends) > 1 or not lengths):
        line["until"] = max(ends)
    if len(lengths) == 1:
        line["for"] = f"P{min(lengths)}D"
    if not ends and not lengths:
        line["#source"] = ["not stated: an end"]
    line["source"] = ids_of(sources)
    disputed = _disputed(starts, at_once, ends)
    if not starts:
        line["#disputed"] = ["not stated: a first day"]
        disputed.append(_open(None, None, "No statement tells the first day", sources))
        desk.gaps.append(f"the first day of the reading {side.lower()}")
    return line | ({"disputed": disputed} if disputed else {})


def _zone(desk: Desk, side: str) -> Line:
    zone = zone_of(side)
    if zone:
        return {"#zone": ["not stated: a zone; that of the capital stands here"], "zone": zone}
    desk.gaps.append(f"the zone of {side}")
    return {"#zone": ["not stated, and no capital is known: UTC stands here"], "zone": "UTC"}


def _disputed(
    starts: dict[date, Item], at_once: Sequence[date], ends: dict[date, Item]
) -> list[Line]:
    """Stretches that one side's own words leave open."""
    found = []
    if len(starts) > 1:
        why = "The speaker states more than one first day"
        found.append(_open(min(starts), max(starts), why, starts.values()))
    for day in at_once:
        why = "From the moment at which it was said, at an hour that no statement tells"
        found.append(_open(day, day + timedelta(days=1), why, [starts[day]]))
    if len(ends) > 1:
        why = "The speaker's dates and lengths give more than one end"
        found.append(_open(min(ends), max(ends), why, ends.values()))
    return found


def _open(start: date | None, until: date | None, why: str, items: Iterable[Item]) -> Line:
    line: Line = {}
    if start is not None:
        line["from"] = start
    if until is not None:
        line["until"] = until
    return line | {"why": why, "source": ids_of(items)}


def _starts(desk: Desk, items: Sequence[Item]) -> tuple[dict[date, Item], list[date]]:
    """First days with the statement that tells each; and those that begin within the day."""
    starts: dict[date, Item] = {}
    at_once: list[date] = []
    for item in items:
        told = item.time.effective
        if told == AT_ONCE and (day := _said_on(desk.documents[item.document])):
            at_once += [] if day in starts else [day]
            starts.setdefault(day, item)
        elif told and DAY.match(told):
            starts.setdefault(date.fromisoformat(told[:10]), item)
        elif told:
            desk.gaps.append(f"{item.id}: the day on which it takes effect ({told})")
    return starts, at_once


def _said_on(document: Document) -> date | None:
    """The day on which a side spoke: that of its own communiqué, not that of a report about it."""
    own = not document.medium.startswith("MEDIA:")
    return date.fromisoformat(document.dated) if own and document.dated else None


def _lengths(desk: Desk, items: Sequence[Item]) -> list[tuple[Item, tuple[str, str]]]:
    found = []
    for item in items:
        told = item.time.duration
        if told and (days := DAYS.fullmatch(told)):
            found.append((item, (days[1], days[2])))
        elif told:
            desk.gaps.append(f"{item.id}: its length {told} cannot be written in days")
    return found


def _ends(
    items: Sequence[Item], starts: dict[date, Item], lengths: dict[int, Item]
) -> dict[date, Item]:
    """First days after the end, each with the statement that gives it."""
    ends = {
        date.fromisoformat(i.time.deadline[:10]) + timedelta(days=1): i
        for i in items
        if i.time.deadline and DAY.match(i.time.deadline)
    }
    for start in starts:
        ends |= {start + timedelta(days=n): item for n, item in lengths.items()}
    return {day: ends[day] for day in sorted(ends) if not starts or day > max(starts)}


# --- way out ------------------------------------------------------------------------------------


def _exit_rule(desk: Desk, side: str) -> Line | None:
    """Only where a statement of this side says both: on what occasion, and that it frees."""
    by_id = {item.id: item for item in desk.items}
    found = []
    for item in desk.told_by(side):
        if not says("release", item.words):
            continue
        tied = item.conditionality
        occasion = by_id.get(tied.condition or "")
        around = [span.text for span in tied.spans] + ([occasion.words] if occasion else [])
        if says("not_kept", item.words, *around):
            found += [item, *([occasion] if occasion else [])]
        else:
            desk.gaps.append(f"{item.id}: on what occasion it frees a side, or whether it leaves")
    if not found:
        return None
    desk.used |= {item.id for item in found}
    return {
        "#": doubts(found),
        "on": "non_observance_by_other_party",
        "effect": "may_consider_itself_released",
        "source": ids_of(found),
    }
