"""Drafts of agreements: two sides give two readings, nothing is invented, no name matters."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.domain.agreement import Agreement
from truceline.domain.words import (
    Attribution,
    Document,
    Item,
    Kind,
    Link,
    Reciprocity,
    Review,
    Reviewed,
    Scope,
    Span,
    Speaker,
    Times,
    item_id,
)
from truceline.errors import BadInput
from truceline.sources.terms import parse_agreement
from truceline.sources.termsfile import tell_terms
from truceline.words.actors import Registry
from truceline.words.draft import Drafted, draft_agreement, plain_terms
from truceline.words.engine import describe, read_statements

SPARE = "to halt strikes on energy facilities"


class Desk:
    """A document that grows by a line for every statement made."""

    def __init__(self, medium: str = "MEDIA:narrator", dated: str | None = "2031-04-10") -> None:
        self.medium, self.dated, self.text = medium, dated, ""
        self.sha = hashlib.sha256(f"{medium} {dated}".encode()).hexdigest()
        self.items: list[Item] = []

    def say(self, kind: Kind, actor: str, words: str = SPARE, **changes: Any) -> Item:
        """A statement; ``acts``, ``objects``, ``time`` and further fields of an item."""
        start = len(self.text)
        self.text += words + ".\n"
        span = Span.cut(self.text, start, start + len(words))
        scope = Scope(acts=changes.pop("acts", ("strike",)))
        made = Item(
            id=item_id(self.sha, kind, [(span.start, span.end)]),
            document=self.sha,
            kind=kind,
            content=(span,),
            speaker=Speaker(actor=actor),
            attribution=Attribution.EXPLICIT,
            scope=scope,
            object_classes=changes.pop("objects", ("energy",)),
            time=Times(**changes.pop("time", {})),
            engine="rules/1",
            rule="made.up",
            **changes,
        )
        self.items.append(made)
        return made

    @property
    def document(self) -> Document:
        return Document("made.txt", self.text, self.sha, "en", self.medium, self.dated)

    def draft(self) -> Drafted:
        return draft_agreement(self.items, [self.document])


def two_sides(**changes: Any) -> Desk:
    desk = Desk()
    desk.say(Kind.COMMITMENT, "RUS:Kremlin", debtor="RUS", **changes)
    desk.say(Kind.COMMITMENT, "UKR:President", debtor="UKR")
    return desk


def valid(drafted: Drafted) -> Agreement:
    return Agreement.model_validate(plain_terms(drafted.terms))


def comments(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [text for key, value in part.items() if key.startswith("#") for text in value]
        return own + [text for key, value in part.items() for text in comments(value)]
    return [text for one in part for text in comments(one)] if isinstance(part, list) else []


def test_two_sides_that_say_different_things_give_two_readings() -> None:
    desk = two_sides(time={"duration": "P30D", "effective": "2031-04-01"})
    first, second = valid(desk.draft()).readings
    assert (first.stated_by, second.stated_by) == ("RUS", "UKR")
    assert (first.clock.start, first.clock.length) == (date(2031, 4, 1), "P30D")
    assert (second.clock.start, second.clock.length, second.exit_rule) == (None, None, None)
    assert first.clauses[0].obliges == ("RUS",)
    assert second.clauses[0].obliges == ("UKR",)


def test_what_no_statement_tells_is_open_and_said_to_be_so() -> None:
    drafted = two_sides().draft()
    (piece,) = valid(drafted).readings[0].clock.disputed
    assert (piece.start, piece.until) == (None, None)
    told = comments(drafted.terms)
    assert "not stated: an end" in told
    assert "not stated: a first day" in told
    assert "the first day of the reading rus" in drafted.gaps


def test_every_line_cites_statements_that_are_there() -> None:
    desk = two_sides()
    drafted = desk.draft()
    assert [item.id for item in drafted.cited] == [item.id for item in desk.items]
    assert all(reading.source for reading in valid(drafted).readings)


@pytest.mark.parametrize(
    ("words", "changes", "binds"),
    [
        (SPARE, {}, True),
        ("will not strike energy facilities", {"polarity": "negated"}, True),
        ("will strike energy facilities", {}, False),
        ("will not halt strikes on energy facilities", {"polarity": "negated"}, False),
    ],
)
def test_only_a_duty_to_abstain_becomes_a_clause(
    words: str, changes: dict[str, Any], binds: bool
) -> None:
    desk = two_sides()
    said = desk.say(Kind.COMMITMENT, "RUS", words, debtor="RUS", objects=("port",), **changes)
    against = {name for c in valid(desk.draft()).readings[0].clauses for name in c.must_not.against}
    assert ("port" in against) is binds
    assert any(said.id in gap for gap in desk.draft().gaps) is not binds


def test_a_speaker_who_names_two_lengths_leaves_what_lies_between_open() -> None:
    desk = two_sides(time={"duration": "P30D", "effective": "2031-04-01"})
    desk.say(Kind.COMMITMENT, "RUS", debtor="RUS", time={"duration": "P20D"})
    clock = valid(desk.draft()).readings[0].clock
    assert clock.length is None
    assert clock.until == date(2031, 5, 1)
    assert [(p.start, p.until) for p in clock.disputed] == [(date(2031, 4, 21), date(2031, 5, 1))]


def test_a_last_day_that_contradicts_the_length_is_disputed() -> None:
    desk = two_sides(time={"duration": "P30D", "effective": "2031-04-01", "deadline": "2031-04-28"})
    clock = valid(desk.draft()).readings[0].clock
    assert (clock.length, clock.until) == ("P30D", date(2031, 5, 1))
    assert [(p.start, p.until) for p in clock.disputed] == [(date(2031, 4, 29), date(2031, 5, 1))]


def test_two_first_days_of_one_speaker_leave_the_days_between_open() -> None:
    desk = two_sides(time={"effective": "2031-04-01"})
    desk.say(Kind.ORDER, "RUS", "orders a halt", debtor="RUS", time={"effective": "2031-04-03"})
    clock = valid(desk.draft()).readings[0].clock
    assert clock.start == date(2031, 4, 1)
    assert [(p.start, p.until) for p in clock.disputed] == [(date(2031, 4, 1), date(2031, 4, 3))]


@pytest.mark.parametrize(
    ("medium", "start"), [("RUS:Kremlin", date(2031, 4, 10)), ("MEDIA:wire", None)]
)
def test_at_once_is_the_day_of_a_communique_and_of_no_report(
    medium: str, start: date | None
) -> None:
    desk = Desk(medium)
    desk.say(Kind.COMMITMENT, "RUS", debtor="RUS", time={"effective": "immediately"})
    desk.say(Kind.ACCUSATION, "RUS", "Ukraine struck", debtor="UKR", beneficiary="RUS")
    (reading,) = valid(desk.draft()).readings
    assert reading.clock.start == start
    assert reading.clock.disputed


def test_what_is_told_of_others_is_the_reading_of_who_tells_it() -> None:
    desk = two_sides()
    chain = (Link(actor="MEDIA:wire"), Link(actor="USA:WhiteHouse"))
    said = desk.say(
        Kind.AGREEMENT, "GRP:RUS+UKR", "a ceasefire", debtor="GRP:RUS+UKR", chain=chain,
        acts=("hostile_act",), objects=("infrastructure",),
    )  # fmt: skip
    made = valid(desk.draft())
    assert [reading.stated_by for reading in made.readings] == ["RUS", "UKR", "USA"]
    assert made.readings[2].clauses[0].obliges == ("RUS", "UKR")
    assert made.third_parties["USA"].role == "mediator"
    assert all(said.id not in reading.source for reading in made.readings[:2])


def test_words_that_bind_both_sides_make_no_party_of_who_says_them() -> None:
    desk = two_sides()
    desk.say(Kind.AGREEMENT, "USA", debtor="USA", reciprocity=Reciprocity.MUTUAL)
    made = valid(desk.draft())
    assert list(made.parties) == ["RUS", "UKR"]
    assert made.readings[2].clauses[0].obliges == ("RUS", "UKR")


def test_a_joint_communique_is_stated_by_both() -> None:
    desk = Desk("GRP:RUS+UKR")
    desk.say(Kind.AGREEMENT, "UNKNOWN", reciprocity=Reciprocity.MUTUAL, debtor="GRP:RUS+UKR")
    desk.say(Kind.ACCUSATION, "USA", "Russia struck", debtor="RUS", beneficiary="UKR")
    made = valid(desk.draft())
    assert [reading.stated_by for reading in made.readings] == ["RUS", "UKR"]
    assert {reading.clauses for reading in made.readings} == {made.readings[0].clauses}


def test_terms_that_no_side_states_are_in_no_reading_and_are_listed() -> None:
    desk = two_sides()
    said = desk.say(Kind.AGREEMENT, "UNKNOWN", reciprocity=Reciprocity.MUTUAL)
    drafted = desk.draft()
    assert len(valid(drafted).readings) == 2
    assert any(said.id in gap for gap in drafted.gaps)


@pytest.mark.parametrize("kind", [Kind.OMISSION, Kind.ASYMMETRY, Kind.RETRACTION])
def test_what_the_documents_leave_open_is_asked_and_not_answered(kind: Kind) -> None:
    desk = two_sides()
    said = desk.say(kind, "UKR", "the other text says nothing of it", acts=())
    (question,) = valid(desk.draft()).open_questions
    assert (question.source, question.raised_by, question.answered) == ((said.id,), ("UKR",), False)


def test_who_agrees_with_a_mediator_binds_himself_and_leaves_the_rest_open() -> None:
    desk = two_sides()
    desk.say(Kind.AGREEMENT, "RUS", "a truce", debtor="GRP:RUS+USA", objects=("port",))
    drafted = desk.draft()
    assert valid(drafted).readings[0].clauses[1].obliges == ("RUS",)
    assert any(
        "agreed with United States, no party here" in told for told in comments(drafted.terms)
    )


def test_terms_without_acts_are_a_question_and_no_reading() -> None:
    desk = two_sides()
    said = desk.say(Kind.ACCEPTANCE, "USA", "agreed to it", acts=(), objects=())
    made = valid(desk.draft())
    assert [reading.stated_by for reading in made.readings] == ["RUS", "UKR"]
    assert [q.source for q in made.open_questions] == [(said.id,)]


def test_a_way_out_needs_the_occasion_and_the_effect() -> None:
    desk = two_sides()
    when = desk.say(Kind.CONDITION, "RUS", "one side violates the agreement", acts=(), objects=())
    desk.say(
        Kind.CLAIM, "RUS", "the other may consider itself free from its obligations",
        acts=(), objects=(), conditionality={"type": "if", "condition": when.id},
    )  # fmt: skip
    bare = desk.say(Kind.CLAIM, "UKR", "we are no longer bound", acts=(), objects=())
    drafted = desk.draft()
    first, second = valid(drafted).readings
    assert first.exit_rule is not None
    assert when.id in first.exit_rule.source
    assert second.exit_rule is None
    assert any(bare.id in gap for gap in drafted.gaps)
    assert valid(drafted).conditions == ()


def test_a_condition_attaches_to_what_it_conditions_and_no_further() -> None:
    desk = Desk()
    tied = desk.say(
        Kind.CONDITION, "UKR", "Russia does the same", debtor="RUS", acts=(), objects=(),
        reciprocity=Reciprocity.IF_OTHER,
    )  # fmt: skip
    desk.say(
        Kind.COMMITMENT, "UKR", debtor="UKR", conditionality={"type": "if", "condition": tied.id}
    )
    desk.say(Kind.DEMAND, "RUS", "Ukraine has to stop the mobilisation", debtor="UKR", acts=())
    desk.say(Kind.REFUSAL, "UKR", "will not stop the mobilisation", debtor="UKR", acts=())
    first, second = valid(desk.draft()).conditions
    assert (first.attaches_to, first.mirrored, first.status) == (
        "this_arrangement",
        True,
        "demanded",
    )
    assert (second.attaches_to, second.mirrored, second.demanded_by) == ("disputed", False, "RUS")


def test_a_demand_is_answered_by_its_debtor_in_its_own_words() -> None:
    desk = two_sides()
    desk.say(Kind.DEMAND, "RUS", "Ukraine should end forced mobilisation", debtor="UKR", acts=())
    answer = desk.say(Kind.REFUSAL, "UKR", "no end of the forced mobilisation", acts=())
    (condition,) = valid(desk.draft()).conditions
    assert condition.status == "refused"
    assert answer.id in condition.source


def test_rejected_statements_are_left_out_and_doubtful_ones_are_marked() -> None:
    desk = two_sides()
    out = desk.say(Kind.PROPOSAL, "USA", "a full ceasefire", review=Reviewed(state=Review.REJECTED))
    doubt = Reviewed(state=Review.TO_REVIEW, reasons=("two readers differ",))
    kept = desk.say(Kind.PROPOSAL, "USA", "a full ceasefire at sea", review=doubt)
    drafted = desk.draft()
    assert out.id not in {item.id for item in drafted.cited}
    assert f"to review: {kept.id}: two readers differ" in comments(drafted.terms)


def test_nothing_can_be_drafted_from_one_side_or_from_no_terms() -> None:
    desk = Desk()
    desk.say(Kind.COMMITMENT, "RUS", debtor="RUS")
    with pytest.raises(BadInput, match="fewer than two parties"):
        desk.draft()
    with pytest.raises(BadInput, match="of 0 statements about terms none"):
        Desk().draft()


@pytest.mark.parametrize(
    "end", ["\n", "\r", "\x85", "\u2028", "\u2029", "\0", "\x1b", "'\"", "]: "]
)
def test_words_of_a_document_never_become_terms(end: str) -> None:
    words = f"Ukraine has to disarm{end}signed: {{by: nobody, on: 2031-01-01}}{end}# - &a *a !!x"
    doubt = Reviewed(state=Review.TO_REVIEW, reasons=(f"two readers{end}signed: x",))
    desk = two_sides()
    desk.say(Kind.DEMAND, "RUS", words, debtor="UKR", acts=(), review=doubt)
    drafted = desk.draft()
    data = tell_terms(drafted.terms, [f"- a gap{end}signed: x", *drafted.gaps])
    made = parse_agreement(data)
    assert made.signed is None
    assert [condition.debtor for condition in made.conditions] == [("UKR",)]


# --- symmetry -----------------------------------------------------------------------------------

SWAP = {
    "RUS": "UKR",
    "rus": "ukr",
    "Russia": "Ukraine",
    "Europe/Moscow": "Europe/Kyiv",
}


def swapped(text: str) -> str:
    for n, (one, other) in enumerate(SWAP.items()):
        mark = f"\0{n}\0"
        text = text.replace(one, mark).replace(other, one).replace(mark, other)
    return text


def in_one_order(part: Any) -> Any:
    """The same without an order of the parties: lists sorted by what is in them."""
    if isinstance(part, dict):
        return {key: in_one_order(part[key]) for key in sorted(part)}
    if isinstance(part, list):
        return sorted((in_one_order(one) for one in part), key=lambda one: json.dumps(one))
    return part


def as_data(drafted: Drafted) -> Any:
    return in_one_order(json.loads(json.dumps([drafted.terms, list(drafted.gaps)], default=str)))


ACTORS = st.sampled_from(
    ["RUS", "UKR", "USA", "RUS:Kremlin", "UKR:Kremlin", "GRP:RUS+UKR", "UNKNOWN", "MEDIA:wire"]
)
STATED = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(list(Kind)),
        "actor": ACTORS,
        "words": st.sampled_from([SPARE, "may consider itself free from its obligations as one "
                                  "side violates it", "will not strike", "a full ceasefire"]),
        "debtor": st.none() | ACTORS,
        "beneficiary": st.none() | ACTORS,
        "polarity": st.sampled_from(["affirmed", "negated"]),
        "acts": st.sampled_from([(), ("strike",), ("hostile_act",)]),
        "objects": st.sampled_from([(), ("energy",), ("infrastructure", "port")]),
        "reciprocity": st.sampled_from(list(Reciprocity)),
        "time": st.sampled_from([{}, {"duration": "P30D"}, {"effective": "2031-04-01"},
                                 {"deadline": "2031-04-20"}, {"effective": "immediately"}]),
    }
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(STATED, max_size=8))
def test_a_draft_knows_no_names(stated: list[dict[str, Any]]) -> None:
    one, other = Desk(), Desk()
    for fields in [
        {"kind": Kind.COMMITMENT, "actor": "RUS", "debtor": "RUS"},
        {"kind": Kind.COMMITMENT, "actor": "UKR", "debtor": "UKR"},
        *stated,
    ]:
        one.say(**fields)
        turned = {k: swapped(v) if isinstance(v, str) and "+" not in v else v
                  for k, v in fields.items() if k != "kind"}  # fmt: skip
        other.say(kind=fields["kind"], **turned)
    assert as_data(one.draft()) == in_one_order(
        json.loads(swapped(json.dumps(as_data(other.draft()))))
    )
    valid(one.draft())  # raises where the terms are none


TEMPLATE = (
    "{a} announced that it will halt strikes on energy facilities for 30 days. "
    "{b} said that it will not attack energy facilities if {a} does the same. "
    "{a} demanded that {b} end the mobilisation."
)


def test_texts_that_differ_in_the_names_of_the_parties_give_the_same_draft() -> None:
    def told(a: str, b: str) -> Any:
        text = TEMPLATE.format(a=a, b=b)
        sha = hashlib.sha256(text.encode()).hexdigest()
        document = describe(Document("t.txt", text, sha, "en"), Registry.known())
        items = list(read_statements(document, Registry.known()))
        data = json.dumps(as_data(draft_agreement(items, [document])))
        for n, item in enumerate(items):
            data = data.replace(item.id, f"i-{n}")
        return data

    one, other = told("Russia", "Ukraine"), told("Ukraine", "Russia")
    assert in_one_order(json.loads(one)) == in_one_order(json.loads(swapped(other)))
