"""The algebra of scope: an order, a meet, and nothing that is lost in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from truceline.clock import Interval
from truceline.domain.scope import Answer, Hours, Places, Scope, answer, compare_scopes
from truceline.domain.trees import ACTS, ITSELF, MEANS, OBJECTS, Tree

START = datetime(2031, 1, 1, tzinfo=UTC)


def names(tree: Tree) -> st.SearchStrategy[frozenset[str]]:
    return st.sets(st.sampled_from(tree.names), max_size=4).map(tree.expand)


def spans() -> st.SearchStrategy[Interval]:
    hour = st.integers(0, 60)
    pair = st.tuples(hour, hour).filter(lambda p: p[0] != p[1])
    return pair.map(lambda p: Interval(*(START + timedelta(hours=h) for h in (min(p), max(p)))))


hours = st.lists(spans(), max_size=4).map(Hours.of)
places = st.builds(
    Places.of, st.sets(st.sampled_from(["A", "B", "A-1"]), max_size=2), st.booleans()
).map(lambda p: p.tokens)
scopes = st.builds(Scope, names(ACTS), names(MEANS), names(OBJECTS), places, hours)


@given(scopes, scopes, scopes)
def test_meet_is_a_meet(a: Scope, b: Scope, c: Scope) -> None:
    assert a & b == b & a
    assert (a & b) & c == a & (b & c)
    assert a & a == a
    assert a >= a & b and b >= a & b


@given(scopes, scopes, scopes)
def test_containing_is_an_order(a: Scope, b: Scope, c: Scope) -> None:
    assert a >= a
    if a >= b and b >= c:
        assert a >= c
    if a >= b and b >= a and not a.empty:
        assert a == b


@given(scopes, scopes)
def test_what_contains_the_other_meets_it_in_all_of_it(a: Scope, b: Scope) -> None:
    if a >= b and not b.empty:
        assert a & b == b


@given(hours, hours)
def test_hours_lose_nothing(a: Hours, b: Hours) -> None:
    def holds(h: Hours, moment: datetime) -> bool:
        return any(span.start <= moment < span.until for span in h.spans)

    for hour in range(61):
        moment = START + timedelta(hours=hour)
        assert holds(a | b, moment) == (holds(a, moment) or holds(b, moment))
        assert holds(a & b, moment) == (holds(a, moment) and holds(b, moment))


@given(st.sets(st.sampled_from(OBJECTS.names)))
def test_short_names_stand_for_the_same_set(some: set[str]) -> None:
    told = OBJECTS.shorten(some)
    stands_for = [
        {name.removesuffix(ITSELF)} if name.endswith(ITSELF) else OBJECTS.below(name)
        for name in told
    ]
    assert set().union(*stands_for) == some
    assert sum(map(len, stands_for)) == len(some)  # and none is told twice


@given(scopes, scopes)
def test_comparison_shares_out_every_name(a: Scope, b: Scope) -> None:
    for row in compare_scopes(a, b):
        first, second = getattr(a, row.dimension), getattr(b, row.dimension)
        for told, whole in (
            (row.both, first & second),
            (row.only_first, first - second),
            (row.only_second, second - first),
        ):
            assert {name.removesuffix(ITSELF) for name in told} <= whole
            assert bool(told) == bool(whole)


@given(st.one_of(st.none(), st.sampled_from(OBJECTS.names)), names(OBJECTS), names(OBJECTS))
def test_more_inside_never_turns_inside_into_outside(
    name: str | None, small: frozenset[str], more: frozenset[str]
) -> None:
    before = answer(name, OBJECTS, small, frozenset())
    after = answer(name, OBJECTS, small | more, frozenset())
    if before is not Answer.OUTSIDE:
        assert after is not Answer.OUTSIDE


def test_an_unlisted_class_is_outside_and_an_unknown_one_is_not() -> None:
    listed = OBJECTS.expand(["refinery"])
    assert answer("gas_field", OBJECTS, listed, frozenset()) is Answer.OUTSIDE
    assert answer(None, OBJECTS, listed, frozenset()) is Answer.UNRESOLVED


def test_all_holds_air_and_sea_holds_nothing_of_the_ground() -> None:
    always = Hours.of([Interval(START, START + timedelta(days=30))])
    here = Places.of(["A", "B"], including_held=True)
    everything = Scope.of(["hostile_act"], ["any_means"], ["object"], here, always)
    air_and_sea = Scope.of(["hostile_act"], ["air", "sea"], ["object"], here, always)
    assert everything >= air_and_sea and not air_and_sea >= everything
    assert "artillery" not in air_and_sea.means


def test_an_area_nests_in_its_territory_and_has_to_be_declared() -> None:
    import pytest
    from tests.made import terms

    from truceline.domain.agreement import Agreement

    wide = terms()
    narrow = terms()["readings"][0]
    narrow["id"] = "two"
    narrow["clauses"][0]["where"] = {"areas": ["A-1"], "including_held": True, "source": ["S1"]}
    both = {**wide, "readings": [*wide["readings"], narrow]}
    with pytest.raises(ValueError, match="A-1 under `areas`"):
        Agreement.model_validate(both)
    held = Agreement.model_validate({**both, "areas": {"A-1": "A"}})
    whole, part = (held.content(reading.clauses[0]) for reading in held.readings)
    assert whole >= part and not part >= whole
