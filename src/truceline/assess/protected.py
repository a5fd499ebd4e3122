"""Step 2 of the judge: how the acts that accounts tell of fit what a clause protects."""

from __future__ import annotations

from dataclasses import dataclass

from truceline.domain.agreement import Clause
from truceline.domain.claim import Claim
from truceline.domain.provenance import Row
from truceline.domain.said import said
from truceline.domain.scope import Answer, answer
from truceline.domain.trees import ACTS, MEANS, OBJECTS
from truceline.domain.verdict import Reason


@dataclass(frozen=True)
class Fit:
    """How one account of an act fits a clause: an answer for each question."""

    account: Claim
    act: str | None
    answers: tuple[Answer, Answer, Answer]

    @property
    def rank(self) -> tuple[int, int, int]:
        """Best first: nothing outside, then as little as possible unresolved or open."""
        order = (Answer.OUTSIDE, Answer.UNRESOLVED, Answer.OPEN)
        n_out, n_unresolved, n_open = (self.answers.count(which) for which in order)
        return n_out, n_unresolved, n_open


@dataclass(frozen=True)
class Answered:
    """One question about one account, with its answer."""

    account: Claim
    outside: Reason
    words: str
    says: Answer
    coded: Row | None = None
    """Row in which it was coded what the account's words mean."""

    @property
    def rows(self) -> tuple[str, ...]:
        """The account and the row that codes it."""
        return (str(self.account.row), *([str(self.coded)] if self.coded else []))


def answers_of(fit: Fit) -> list[Answered]:
    """The answers on act, means and object, each with the words of the account."""
    account = fit.account
    on_act, on_means, on_object = fit.answers
    return [
        Answered(
            account,
            Reason.ACT_OUTSIDE,
            said(
                "act: {act:act}, from the words “{basis:words}”",
                act=fit.act,
                basis=account.act_basis,
            ),
            on_act,
            account.act_row,
        ),
        Answered(
            account,
            Reason.ACT_OUTSIDE,
            said(
                "means: {means:means}, from the weapon “{weapon:words}”",
                means=account.means,
                weapon=account.weapon,
            ),
            on_means,
        ),
        Answered(
            account,
            Reason.CLASS_OUTSIDE,
            said(
                "object: {kind:object}, from the type “{type:words}”",
                kind=account.object_class,
                type=account.object_type,
            ),
            on_object,
            account.class_row,
        ),
    ]


def fits_of(clause: Clause, account: Claim) -> list[Fit]:
    """An account with each of its acts; the means are asked as well."""
    terms = clause.must_not
    acts, objects = ACTS.expand(terms.acts), OBJECTS.expand(terms.against)
    means = answer(account.means, MEANS, MEANS.expand(terms.means), frozenset())
    thing = answer(account.object_class, OBJECTS, objects, clause.silent_objects)
    named = [account.act, account.also_act] if account.also_act else [account.act]
    return [
        Fit(account, act, (answer(act, ACTS, acts, clause.silent_acts), means, thing))
        for act in named
    ]
