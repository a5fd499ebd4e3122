"""Was the obligation released?  How far the way out of a reading has come, and for whom.

Under an exit rule a party may consider itself released once the other did not observe the
same reading.  It is released only where that is indicated *and* it said so: a reservation
or a call by others is not an invocation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from truceline.clock import EARLIEST, Interval, day_of
from truceline.domain.agreement import Agreement, ExitEvent, Reading
from truceline.domain.exits import ExitSpan
from truceline.domain.incident import Incident
from truceline.domain.said import said
from truceline.domain.verdict import Assessment, ExitState, Verdict


@dataclass(frozen=True)
class Release:
    """State of the way out for one party at one incident, with what it rests on."""

    state: ExitState
    released: bool
    disputed: bool
    why: str
    rows: tuple[str, ...] = ()
    rule: bool = True
    """Whether the reading has a way out at all."""


NO_RULE = Release(
    ExitState.UNTRIGGERED, False, False, said("the reading has no way out"), rule=False
)


class History:
    """What was assessed under one reading, added in order of the ends of incidents."""

    def __init__(self) -> None:
        self._ends: dict[tuple[str, Verdict], list[tuple[datetime, str]]] = {}

    def add(self, interval: Interval, assessment: Assessment) -> None:
        """Remember an assessment by party and verdict."""
        ends = self._ends.setdefault((assessment.party, assessment.verdict), [])
        ends.append((interval.until, assessment.incident))

    def before(self, verdict: Verdict, other_than: str, moment: datetime) -> tuple[str, ...]:
        """The first few incidents that ended by a moment with a verdict on somebody else."""
        ends = sorted(
            end
            for (party, found), ends in self._ends.items()
            if found is verdict and party != other_than
            for end in ends[:SHOWN]
        )
        return tuple(incident for until, incident in ends[:SHOWN] if until <= moment)


def release_of(
    party: str, incident: Incident, reading: Reading, agreement: Agreement, past: History
) -> Release:
    """The way out for a party at the time of an incident.

    Assessments of the same reading count that concern another party and whose incidents ended
    before this one began.  An invocation counts from the end of its date
    in the party's zone; an incident on that date itself leaves it open.
    """
    return _release(party, incident.interval, reading, agreement, past)


def _release(
    party: str, when: Interval, reading: Reading, agreement: Agreement, past: History
) -> Release:
    if reading.exit_rule is None:
        return NO_RULE
    start = when.start
    state, rows = _triggers_of(party, when, past)
    disputed = None
    for event, day in _invocations(party, when, reading, agreement):
        then, why_rows = _triggers(party, day.until, past)
        cited = (*why_rows, *event.source)
        if start < day.until:
            why = said("invoked on {on:day}, at no stated hour", on=event.on)
            disputed = disputed or Release(state, False, True, why, cited)
        elif then is ExitState.TRIGGERED:
            why = said(
                "invoked on {on:day} after an indicated non-observance by another party",
                on=event.on,
            )
            return Release(ExitState.INVOKED, True, False, why, cited)
        else:
            why = said(
                "invoked on {on:day}, before any non-observance is indicated: {then:told}",
                on=event.on,
                then=WORDS[then],
            )
            disputed = Release(ExitState.INVOKED, False, True, why, cited)
    return disputed or Release(state, False, False, WORDS[state], rows)


WORDS = {
    ExitState.UNTRIGGERED: said("no earlier incident under this reading accuses another party"),
    ExitState.POSSIBLY: said("earlier incidents that accuse another party are undetermined"),
    ExitState.TRIGGERED: said(
        "an earlier non-observance by another party is indicated, not invoked"
    ),
    ExitState.INVOKED: said("invoked"),
}


def _triggers(party: str, moment: datetime, past: History) -> tuple[ExitState, tuple[str, ...]]:
    for verdict, state in (
        (Verdict.BREACH_INDICATED, ExitState.TRIGGERED),
        (Verdict.UNDETERMINED, ExitState.POSSIBLY),
    ):
        ids = past.before(verdict, party, moment)
        if ids:
            return state, tuple(f"incident#{i}" for i in ids)
    return ExitState.UNTRIGGERED, ()


SHOWN = 3
"""Earlier incidents named as rows; their number does not matter."""


def _triggers_of(party: str, when: Interval, past: History) -> tuple[ExitState, tuple[str, ...]]:
    """State as the incident began; of one with no known beginning it can only be possible."""
    if when.start > EARLIEST:
        return _triggers(party, when.start, past)
    state, rows = _triggers(party, when.until, past)
    return (ExitState.POSSIBLY, rows) if state is ExitState.TRIGGERED else (state, rows)


def _invocations(
    party: str, when: Interval, reading: Reading, agreement: Agreement
) -> list[tuple[ExitEvent, Interval]]:
    """Invocations by a party that an incident does not wholly precede, in order of date."""
    zone = agreement.zone_of(party) or "UTC"
    ours = [
        (event, day_of(event.on, zone))
        for event in sorted(agreement.exit_events, key=lambda e: e.on)
        if event.kind == "invocation" and event.by == party and reading.id in event.readings
    ]
    return [(event, day) for event, day in ours if when.until > day.start]


# --- over time ----------------------------------------------------------------------------------


def exit_states(
    agreement: Agreement,
    incidents: Sequence[Incident],
    assessments: Sequence[Assessment],
    at: datetime,
) -> tuple[ExitSpan, ...]:
    """The way out of each reading for each party, from the start of the clock to its end.

    The state at a moment is the one that an incident of that moment would be judged with; what
    is not known before ``at`` is not told.  Readings without a way out, and clocks without a
    known start, have no stretches.  In order of readings, party codes and time.
    """
    spans: list[ExitSpan] = []
    for reading in agreement.readings:
        clock = reading.clock.span
        if reading.exit_rule is None or not EARLIEST < clock.start < at:
            continue
        shown, past = Interval(clock.start, min(clock.until, at)), History()
        ours = {(a.incident, a.party): a for a in assessments if a.reading == reading.id}
        for incident in sorted(incidents, key=lambda i: (i.interval.until, i.id)):
            for party in incident.accused:
                if (incident.id, party) in ours:
                    past.add(incident.interval, ours[incident.id, party])
        ends = {incident.interval.until for incident in incidents}
        for party in sorted(agreement.parties):
            spans += _spans(party, shown, ends, reading, agreement, past)
    return tuple(spans)


def _spans(
    party: str,
    shown: Interval,
    ends: set[datetime],
    reading: Reading,
    agreement: Agreement,
    past: History,
) -> list[ExitSpan]:
    """Stretches of one party; those that follow each other differ."""
    days = [day for _, day in _invocations(party, shown, reading, agreement)]
    turns = ends | {turn for day in days for turn in (day.start, day.until)}
    moments = sorted({shown.start} | {m for m in turns if shown.start < m < shown.until})
    found: list[ExitSpan] = []
    for start, until in zip(moments, [*moments[1:], shown.until], strict=True):
        instant = Interval(start, start + timedelta(microseconds=1))
        release = _release(party, instant, reading, agreement, past)
        last = found[-1] if found else None
        if last and (last.state, last.disputed) == (release.state, release.disputed):
            found[-1] = replace(last, until=until)
        else:
            found.append(
                ExitSpan(
                    reading.id, party, start, until, release.state, release.disputed, release.why
                )
            )
    return found
