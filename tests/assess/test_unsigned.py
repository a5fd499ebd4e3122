"""Terms that a machine drafted: judged once a person signs, and not a moment before."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.made import AT, agreement, claim, evidence, incident, line

from truceline.assess.judge import judge_all
from truceline.domain.agreement import Agreement, Drafted, Signed
from truceline.domain.verdict import Assessment, GroundCode, Reason, Verdict

STRONG = (line(origin="o1"), line(origin="o2"))
DRAFT = Drafted(by="truceline rules/1", statements="0" * 64)
SIGNED = Signed(by="A Person", on=date(2031, 5, 1))


def judged(accused: str = "A", **marks: Any) -> list[Assessment]:
    made = incident(claim(accused=accused))
    terms: Agreement = agreement().model_copy(update=marks)
    return judge_all(terms, [made], {made.id: evidence(*STRONG)}, AT)


@pytest.mark.parametrize("accused", ["A", "B"])
def test_by_a_draft_nothing_is_judged_whoever_is_accused(accused: str) -> None:
    (found,) = judged(accused, draft=DRAFT)
    assert (found.verdict, found.because) == (Verdict.UNDETERMINED, Reason.DISPUTED_TERMS)
    assert [ground.code for ground in found.grounds] == [GroundCode.TERMS_UNSIGNED]
    assert "nobody has signed" in found.grounds[0].text


def test_signed_terms_are_judged_as_always() -> None:
    assert judged(draft=DRAFT, signed=SIGNED) == judged()
    assert judged()[0].verdict is Verdict.BREACH_INDICATED


def test_swapping_the_accused_of_a_draft_swaps_nothing_else() -> None:
    (one,), (other,) = judged("A", draft=DRAFT), judged("B", draft=DRAFT)
    assert (one.party, other.party) == ("A", "B")
    assert one.grounds == other.grounds
    assert (one.clause, one.exit_state, one.also) == (other.clause, other.exit_state, other.also)
