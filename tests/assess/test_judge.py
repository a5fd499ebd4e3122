"""The judge: one case for each outcome, and the properties that must hold for all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made import AT, agreement, claim, evidence, hours, incident, line, look, position

from truceline.assess.judge import judge_all
from truceline.clock import EARLIEST, Interval
from truceline.domain.claim import Claim, Occurrence
from truceline.domain.incident import Evidence, Line, Says
from truceline.domain.place import Precision
from truceline.domain.trees import ACTS, OBJECTS
from truceline.domain.verdict import REASONS, Assessment, ExitState, Reason, Verdict

STRONG = (line(origin="o1"), line(origin="o2"))
QUIET = (
    line(Says.NOTHING_SEEN, 0.1, "q1"),
    line(Says.NOTHING_SEEN, 0.1, "q2"),
)


def only(account: Claim, proof: Evidence, **changes: Any) -> Assessment:
    made = incident(account)
    (found,) = judge_all(agreement(**changes), [made], {made.id: proof}, AT)
    return found


def test_established_and_attributed_in_force_and_covered() -> None:
    found = only(claim(), evidence(*STRONG))
    assert (found.verdict, found.because) == (Verdict.BREACH_INDICATED, Reason.ESTABLISHED)
    assert [g.step for g in found.grounds] == sorted(g.step for g in found.grounds)


def test_excluded_by_observers_who_were_there() -> None:
    found = only(claim(), evidence(*QUIET))
    assert (found.verdict, found.because) == (Verdict.NO_BREACH_INDICATED, Reason.EXCLUDED)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"occurred": Occurrence(hours(-600), "day")}, Reason.OUTSIDE_CLOCK),
        ({"act": "ground_fighting"}, Reason.ACT_OUTSIDE),
        ({"object_class": "port"}, Reason.CLASS_OUTSIDE),
        ({"place": position(territory="C", area=None)}, Reason.PLACE_OUTSIDE),
        ({"accused": "C"}, Reason.PARTY_OUTSIDE),
    ],
)
def test_what_lies_outside(changes: dict[str, Any], because: Reason) -> None:
    found = only(claim(**changes), evidence(*STRONG))
    assert found.because is because
    assert found.verdict in (Verdict.NOT_IN_FORCE, Verdict.OUT_OF_SCOPE)


FAR = position(precision=Precision.REGION, uncertainty_km=150.0)


@pytest.mark.parametrize(
    ("changes", "proof", "because"),
    [
        ({"act": "line_cut_by_shelling"}, evidence(*STRONG), Reason.DISPUTED_TERMS),
        ({"object_class": "gas_metering"}, evidence(*STRONG), Reason.DISPUTED_TERMS),
        ({"object_class": None}, evidence(*STRONG), Reason.CLASS_UNKNOWN),
        ({"act": None}, evidence(*STRONG), Reason.CLASS_UNKNOWN),
        (
            {"occurred": Occurrence(hours(-300, 24), "day")},
            evidence(*STRONG),
            Reason.TIME_IMPRECISE,
        ),
        ({"place": position(territory=None)}, evidence(*STRONG), Reason.PLACE_IMPRECISE),
        ({"place": FAR}, evidence(), Reason.PLACE_IMPRECISE),
        ({"place": FAR}, evidence(*STRONG), Reason.PLACE_IMPRECISE),
        ({"act_certainty": "ambiguous"}, evidence(*STRONG), Reason.CLASS_UNKNOWN),
        ({"also_act": "line_cut_by_shelling"}, evidence(*STRONG), Reason.DISPUTED_TERMS),
        ({"also_act": "ground_fighting"}, evidence(*STRONG), Reason.CLASS_UNKNOWN),
        ({}, evidence(), Reason.UNOBSERVABLE),
        ({}, evidence(line(Says.NOTHING_SEEN, 0.6), looks=[look()]), Reason.NOTHING_SEEN),
        (
            {},
            evidence(line(family="satellite_heat"), parties=("A",)),
            Reason.UNCORROBORATED,
        ),
        (
            {},
            evidence(line(family="satellite_heat"), line(Says.NOTHING_SEEN, 0.2, "q")),
            Reason.CONTRADICTED,
        ),
        ({}, evidence(*STRONG, settled=False), Reason.UNATTRIBUTED),
        ({}, evidence(*STRONG, parties=("A", "B")), Reason.UNATTRIBUTED),
    ],
)
def test_why_undetermined(changes: dict[str, Any], proof: Evidence, because: Reason) -> None:
    found = only(claim(**changes), proof)
    assert (found.verdict, found.because) == (Verdict.UNDETERMINED, because)


def test_a_day_that_ends_as_the_clock_starts_is_outside_it() -> None:
    found = only(claim(occurred=Occurrence(hours(-312, 24), "day")), evidence(*STRONG))
    assert found.because is Reason.OUTSIDE_CLOCK


def test_every_open_reason_is_kept_in_the_published_order() -> None:
    vague = claim(place=FAR, act=None, object_class="gas_metering")
    found = only(vague, evidence(settled=False, parties=("A", "B")))
    reasons = [found.because, *found.also]
    assert reasons == [
        Reason.DISPUTED_TERMS,
        Reason.CLASS_UNKNOWN,
        Reason.PLACE_IMPRECISE,
        Reason.UNOBSERVABLE,
        Reason.UNCORROBORATED,
        Reason.UNATTRIBUTED,
    ]


def test_two_accused_parties_get_a_verdict_each() -> None:
    made = incident(claim("K1"), claim("K2", accused="B", claimant_side="A"))
    found = judge_all(agreement(), [made], {made.id: evidence(parties=("A", "B"))}, AT)
    assert [a.party for a in found] == ["A", "B"]
    assert all(Reason.UNATTRIBUTED in (a.because, *a.also) for a in found)


# --- the way out --------------------------------------------------------------------------------

INVOKED = {"by": "B", "on": "2031-04-05", "kind": "invocation", "readings": ["one"],
           "source": ["S9"]}  # fmt: skip
DATE = date(2031, 4, 2)


def two_incidents(first: Evidence, *events: dict[str, Any]) -> Assessment:
    """What B is found to have done on 8 April, after A on 1 April."""
    one = incident(claim("K1"))
    two = incident(
        claim("K2", accused="B", claimant_side="A", occurred=Occurrence(hours(24 * 7), "day"))
    )
    proof = {one.id: first, two.id: evidence(*STRONG, parties=("B",))}
    return judge_all(agreement(events), [one, two], proof, AT)[1]


@pytest.mark.parametrize(
    ("first", "events", "state", "verdict", "because"),
    [
        (evidence(*QUIET), (), ExitState.UNTRIGGERED, Verdict.BREACH_INDICATED, None),
        (evidence(), (), ExitState.POSSIBLY, Verdict.BREACH_INDICATED, None),
        (evidence(*STRONG), (), ExitState.TRIGGERED, Verdict.BREACH_INDICATED, None),
        (evidence(*STRONG), (INVOKED,), ExitState.INVOKED, Verdict.NOT_IN_FORCE, Reason.RELEASED),
        (
            evidence(),
            (INVOKED,),
            ExitState.INVOKED,
            Verdict.UNDETERMINED,
            Reason.RELEASE_DISPUTED,
        ),
        (
            evidence(*STRONG),
            ({**INVOKED, "kind": "reservation"},),
            ExitState.TRIGGERED,
            Verdict.BREACH_INDICATED,
            None,
        ),
        (
            evidence(*STRONG),
            ({**INVOKED, "on": "2031-04-08"},),
            ExitState.TRIGGERED,
            Verdict.UNDETERMINED,
            Reason.RELEASE_DISPUTED,
        ),
    ],
)
def test_the_way_out(
    first: Evidence,
    events: tuple[dict[str, Any], ...],
    state: ExitState,
    verdict: Verdict,
    because: Reason | None,
) -> None:
    found = two_incidents(first, *events)
    assert (found.exit_state, found.verdict) == (state, verdict)
    assert because is None or found.because is because


# --- properties ---------------------------------------------------------------------------------

lines = st.lists(
    st.builds(
        lambda says, lr, origin: line(says, lr if says is Says.SIGNAL else 1 / lr, origin),
        st.sampled_from([Says.SIGNAL, Says.NOTHING_SEEN]),
        st.floats(1, 100),
        st.sampled_from(["o1", "o2", "o3", "o4"]),
    ),
    max_size=4,
)
acts = st.one_of(st.none(), st.sampled_from(ACTS.names))
named = st.sampled_from(OBJECTS.names)
classes = st.one_of(st.none(), named)


@st.composite
def worlds(draw: st.DrawFn) -> list[tuple[Claim, list[Line]]]:
    """A few claims against either party, each with some lines of evidence."""
    world = []
    for i in range(draw(st.integers(1, 4))):
        accused = draw(st.sampled_from(["A", "B"]))
        start = draw(st.integers(-400, 500))
        made = claim(
            f"K{i}",
            accused=accused,
            claimant_side="B" if accused == "A" else "A",
            act=draw(acts),
            object_class=draw(classes),
            occurred=Occurrence(hours(start, draw(st.integers(1, 80))), "day"),
        )
        world.append((made, draw(lines)))
    return world


def judged(
    world: list[tuple[Claim, list[Line]]], extra: dict[str, Line] | None = None, **changes: Any
) -> dict[tuple[str, str], Assessment]:
    made = [incident(account) for account, _ in world]
    proof = {}
    for one, (account, own) in zip(made, world, strict=True):
        added = [extra[account.id]] if extra and account.id in extra else []
        proof[one.id] = evidence(*own, *added, parties=(account.accused,))
    events = ({**INVOKED, "by": "A"}, INVOKED)
    found = judge_all(agreement(events, **changes), made, proof, AT)
    return {(a.incident, a.party): a for a in found}


@given(worlds(), st.data())
@settings(deadline=None)
def test_adding_silence_never_indicates_more(
    world: list[tuple[Claim, list[Line]]], data: st.DataObject
) -> None:
    hushed = data.draw(st.sampled_from([account.id for account, _ in world]))
    lr = data.draw(st.floats(0.01, 1))
    silence = line(Says.NOTHING_SEEN, lr, "silence", lr_high=min(1.0, 2 * lr))
    before, after = judged(world), judged(world, {hushed: silence})
    for key, found in after.items():
        if found.verdict is Verdict.BREACH_INDICATED:
            assert before[key].verdict is Verdict.BREACH_INDICATED


@given(
    worlds(), st.sets(st.sampled_from(OBJECTS.names), min_size=1), st.sampled_from(OBJECTS.names)
)
@settings(deadline=None)
def test_a_reading_that_contains_another_has_no_fewer_incidents_in_scope(
    world: list[tuple[Claim, list[Line]]], small: set[str], more: str
) -> None:
    def in_scope(against: list[str]) -> set[tuple[str, str]]:
        clause = agreement().readings[0].clauses[0].model_dump(by_alias=True)
        clause["must_not"]["against"] = against
        clause["silent_on"] = None
        found = judged(world, clauses=[clause], exit_rule=None)
        outside = (Verdict.OUT_OF_SCOPE, Verdict.NOT_IN_FORCE)
        return {key for key, a in found.items() if a.verdict not in outside}

    assert in_scope(sorted(small)) <= in_scope(sorted({*small, more}))


@given(worlds())
@settings(deadline=None)
def test_order_of_input_does_not_matter(world: list[tuple[Claim, list[Line]]]) -> None:
    assert judged(world) == judged(list(reversed(world)))


@given(worlds())
@settings(deadline=None)
def test_no_verdict_is_without_grounds_and_reasons_are_in_order(
    world: list[tuple[Claim, list[Line]]],
) -> None:
    order = REASONS[Verdict.UNDETERMINED]
    for found in judged(world).values():
        assert found.grounds and found.grounds[0].step == 1
        if found.verdict is Verdict.UNDETERMINED:
            told = [order.index(reason) for reason in (found.because, *found.also)]
            assert told == sorted(set(told))


SWAP = {"A": "B", "B": "A"}


@given(worlds())
@settings(deadline=None)
def test_swapping_the_parties_swaps_the_verdicts(world: list[tuple[Claim, list[Line]]]) -> None:
    swapped = [
        (
            replace(
                account,
                accused=SWAP[account.accused],
                claimant_side=SWAP[account.claimant_side],
                place=replace(account.place, territory="A", control="A"),
            ),
            own,
        )
        for account, own in world
    ]
    plain = {key: (a.verdict, a.because, a.also, a.exit_state) for key, a in judged(world).items()}
    other = {
        (i, SWAP[p]): (a.verdict, a.because, a.also, a.exit_state)
        for (i, p), a in judged(swapped).items()
    }
    assert plain == other


def test_the_way_out_of_an_undated_incident_is_possible_at_most() -> None:
    one = incident(claim("K1"))
    undated = incident(
        claim(
            "K2",
            accused="B",
            claimant_side="A",
            occurred=Occurrence(Interval(EARLIEST, hours(24 * 9).until), "unknown"),
        )
    )
    proof = {one.id: evidence(*STRONG), undated.id: evidence(parties=("B",))}
    found = judge_all(agreement(), [one, undated], proof, AT)[1]
    assert found.exit_state is ExitState.POSSIBLY


def test_several_clauses_are_all_told_and_the_one_that_says_most_is_kept() -> None:
    clause = agreement().readings[0].clauses[0].model_dump(by_alias=True)
    ports = {**clause, "id": "ports", "must_not": {**clause["must_not"], "against": ["port"]}}
    found = only(claim(), evidence(*STRONG), clauses=[ports, clause])
    assert (found.clause, found.verdict) == ("energy", Verdict.BREACH_INDICATED)
    assert "clause ports: out_of_scope" in found.grounds[-1].text
