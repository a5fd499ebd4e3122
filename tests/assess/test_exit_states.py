"""The way out over time: at every incident the state that the incident was judged with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made import AT, agreement, claim, evidence, hours, incident, line

from truceline.assess.judge import judge_all
from truceline.assess.release import exit_states
from truceline.domain.claim import Occurrence
from truceline.domain.exits import ExitSpan
from truceline.domain.incident import Evidence, Incident
from truceline.domain.verdict import Assessment, ExitState

STRONG = (line(origin="o1"), line(origin="o2"))
INVOKED: dict[str, Any] = {
    "by": "B",
    "on": "2031-04-05",
    "kind": "invocation",
    "readings": ["one"],
    "source": ["S9"],
}
START, END = datetime(2031, 3, 20, tzinfo=UTC), datetime(2031, 4, 20, tzinfo=UTC)
SWAP = {"A": "B", "B": "A"}


def act(key: str, accused: str, start: float, length: float = 24.0) -> Incident:
    """An incident that a party is accused of by the other, so many hours after 1 April."""
    when = Occurrence(hours(start, length), "day")
    return incident(claim(key, accused=accused, claimant_side=SWAP[accused], occurred=when))


def run(
    made: list[Incident], proof: dict[str, Evidence], *events: dict[str, Any], at: datetime = AT
) -> tuple[list[Assessment], tuple[ExitSpan, ...]]:
    terms = agreement(events)
    found = judge_all(terms, made, proof, at)
    return found, exit_states(terms, made, found, at)


def states(spans: tuple[ExitSpan, ...], party: str) -> list[tuple[str, ExitState, bool]]:
    return [
        (f"{span.start:%m-%d %H}", span.state, span.disputed)
        for span in spans
        if span.party == party
    ]


def test_a_claim_an_indicated_act_and_an_invocation_turn_the_state_in_order() -> None:
    claimed, proven = act("K1", "A", -48), act("K2", "A", 0)
    proof = {claimed.id: evidence(), proven.id: evidence(*STRONG)}
    _, spans = run([claimed, proven], proof, INVOKED)
    assert states(spans, "B") == [
        ("03-20 00", ExitState.UNTRIGGERED, False),
        ("03-31 00", ExitState.POSSIBLY, False),
        ("04-02 00", ExitState.TRIGGERED, False),
        ("04-05 00", ExitState.TRIGGERED, True),
        ("04-06 00", ExitState.INVOKED, False),
    ]
    assert states(spans, "A") == [("03-20 00", ExitState.UNTRIGGERED, False)]


def test_an_invocation_before_anything_is_indicated_is_disputed() -> None:
    made = act("K1", "A", 0)
    _, spans = run([made], {made.id: evidence()}, INVOKED)
    assert states(spans, "B")[-1] == ("04-06 00", ExitState.INVOKED, True)


def test_a_reservation_turns_nothing() -> None:
    made = act("K1", "A", 0)
    proof = {made.id: evidence(*STRONG)}
    plain = run([made], proof)[1]
    assert run([made], proof, {**INVOKED, "kind": "reservation"})[1] == plain


def test_nothing_is_told_after_the_moment_of_knowledge_or_outside_the_clock() -> None:
    made = act("K1", "A", 0)
    proof = {made.id: evidence(*STRONG)}
    early = datetime(2031, 3, 25, tzinfo=UTC)
    spans = run([made], proof, at=early)[1]
    assert {(span.start, span.until) for span in spans} == {(START, early)}
    assert run([made], proof, at=START - timedelta(days=1))[1] == ()


def test_a_reading_without_a_way_out_has_no_states() -> None:
    made = act("K1", "A", 0)
    terms = agreement((), exit_rule=None)
    found = judge_all(terms, [made], {made.id: evidence(*STRONG)}, AT)
    assert exit_states(terms, [made], found, AT) == ()


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Incident], dict[str, Evidence]]:
    made = [
        act(
            f"K{i}",
            draw(st.sampled_from("AB")),
            draw(st.integers(-300, 460)),
            draw(st.integers(1, 60)),
        )
        for i in range(draw(st.integers(1, 5)))
    ]
    strong = st.sampled_from([(), STRONG])
    return made, {one.id: evidence(*draw(strong), parties=one.accused) for one in made}


@given(worlds(), st.sets(st.sampled_from("AB")), st.dates(date(2031, 3, 18), date(2031, 4, 22)))
@settings(deadline=None)
def test_each_incident_was_judged_with_the_state_of_its_moment(
    world: tuple[list[Incident], dict[str, Evidence]], leaving: set[str], on: date
) -> None:
    made, proof = world
    events = [{**INVOKED, "by": party, "on": on.isoformat()} for party in sorted(leaving)]
    found, spans = run(made, proof, *events)
    starts = {one.id: one.interval.start for one in made}
    inside = [a for a in found if START <= starts[a.incident] < END]
    for assessment in inside:
        moment = starts[assessment.incident]
        (span,) = (
            span
            for span in spans
            if span.party == assessment.party and span.start <= moment < span.until
        )
        assert span.state is assessment.exit_state


@given(worlds())
@settings(deadline=None)
def test_stretches_fill_the_clock_and_neighbours_differ(
    world: tuple[list[Incident], dict[str, Evidence]],
) -> None:
    _, spans = run(*world, INVOKED)
    for party in "AB":
        ours = [span for span in spans if span.party == party]
        assert (ours[0].start, ours[-1].until) == (START, END)
        for one, after in pairwise(ours):
            assert one.until == after.start
            assert (one.state, one.disputed) != (after.state, after.disputed)
    turned = run(list(reversed(world[0])), world[1], INVOKED)[1]
    assert turned == spans
