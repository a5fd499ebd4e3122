"""How far two reviewers decide alike: equal decisions, Cohen's kappa, and the same words.

Figures are of decisions taken without sight of the other's: those up to the one with which a
reviewer had decided about every item, or all so far.  They say how clear the task is, nothing
about who is right.

Kappa is (a - c) / (1 - c), with a the share of equal decisions and c the share expected by chance
from how often each reviewer takes each kind of decision (Cohen 1960).  Its interval is Wilson's
for a, carried over with c held fixed, as Cohen's own standard error holds it; unlike that error
it has a width where all decisions are equal.  Where both took one kind of decision only, c is 1
and kappa is not defined.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from truceline.domain.decisions import Decision, Judged, done_after, judged_by, reviewers
from truceline.domain.said import Said, said, said_n
from truceline.domain.words import Item, Review
from truceline.thresholds import NORMAL_95

ANSWERS = {Review.ACCEPTED: "accept", Review.REJECTED: "reject", Review.EDITED: "edit"}


@dataclass(frozen=True)
class Alike:
    """Figures for two reviewers over the items that both decided about."""

    one: str
    two: str
    n: int
    """Items that both decided about."""
    equal: int
    kappa: float | None
    """None: not defined, since both took one kind of decision only, or n is 0."""
    low: float | None
    high: float | None
    """Ends of the interval that holds kappa in 95 of 100 such comparisons."""
    n_kept: int
    """Items that both kept as they were, edited, or split."""
    same_words: int
    """Of these, items with the same content spans."""
    overlap: float | None
    """Mean share of the code points of either content that both have; None where n_kept is 0."""

    @property
    def share(self) -> float | None:
        """Share of equal decisions."""
        return self.equal / self.n if self.n else None


def alike(items: Sequence[Item], decisions: Sequence[Decision]) -> list[Alike]:
    """Figures for every two reviewers, in the order in which they came."""
    views = {name: _independent(items, decisions, name) for name in reviewers(decisions)}
    return [_pair(one, two, views[one], views[two]) for one, two in combinations(views, 2)]


def _independent(
    items: Sequence[Item], decisions: Sequence[Decision], name: str
) -> list[list[Judged]]:
    return judged_by(items, decisions[: done_after(items, decisions, name)], name)


def _pair(one: str, two: str, a: list[list[Judged]], b: list[list[Judged]]) -> Alike:
    both = [(x, y) for x, y in zip(a, b, strict=True) if x[0].decisions and y[0].decisions]
    answers = [(_answer(x), _answer(y)) for x, y in both]
    kept = [(x, y) for x, y in both if "reject" not in (_answer(x), _answer(y))]
    shares = [_overlap(_points(x), _points(y)) for x, y in kept]
    kappa, low, high = kappa_of(answers)
    return Alike(
        one=one,
        two=two,
        n=len(both),
        equal=sum(x == y for x, y in answers),
        kappa=kappa,
        low=low,
        high=high,
        n_kept=len(kept),
        same_words=sum(_places(x) == _places(y) for x, y in kept),
        overlap=sum(shares) / len(shares) if shares else None,
    )


def _answer(view: list[Judged]) -> str:
    return "split" if len(view) > 1 else ANSWERS[view[0].item.review.state]


def _places(view: Iterable[Judged]) -> list[list[tuple[int, int]]]:
    return [[(span.start, span.end) for span in one.item.content] for one in view]


def _points(view: Iterable[Judged]) -> set[int]:
    return {n for places in _places(view) for start, end in places for n in range(start, end)}


def _overlap(one: set[int], two: set[int]) -> float:
    return len(one & two) / len(one | two)


def kappa_of(
    answers: Sequence[tuple[str, str]],
) -> tuple[float | None, float | None, float | None]:
    """Kappa and the ends of its interval; three times None where it is not defined.

    >>> [round(x, 2) for x in kappa_of([("a", "a")] * 20 + [("b", "b")] * 15
    ...                                + [("a", "b")] * 5 + [("b", "a")] * 10)]
    [0.4, 0.12, 0.62]
    >>> kappa_of([("a", "a")] * 7)
    (None, None, None)
    """
    n = len(answers)
    first, second = (Counter(pair[side] for pair in answers) for side in (0, 1))
    by_chance = sum(first[kind] * second[kind] for kind in first)
    if by_chance == n * n:  # also where n is 0
        return None, None, None
    chance = by_chance / n**2
    equal = sum(one == two for one, two in answers)
    ends = (equal / n, *_wilson(equal, n))
    kappa, low, high = ((share - chance) / (1 - chance) for share in ends)
    return kappa, low, high


def _wilson(k: int, n: int) -> tuple[float, float]:
    z2 = NORMAL_95**2
    middle = (k + z2 / 2) / (n + z2)
    half = NORMAL_95 * math.sqrt(k * (n - k) / n + z2 / 4) / (n + z2)
    return middle - half, min(1.0, middle + half)


def told_alike(figures: Alike) -> list[Said]:
    """The figures as sentences, for the page and the terminal."""
    if not figures.n:
        return [
            said(
                "{one} and {two} have not decided about the same item yet.",
                one=figures.one,
                two=figures.two,
            )
        ]
    told = [
        said_n(
            "{one} and {two} both decided about {n} item; "
            "decisions are equal in {equal} ({share:share}).",
            "{one} and {two} both decided about {n} items; "
            "decisions are equal in {equal} ({share:share}).",
            figures.n,
            one=figures.one,
            two=figures.two,
            equal=figures.equal,
            share=figures.share,
        )
    ]
    if figures.kappa is None:
        told.append(said("Kappa is not defined: both took one kind of decision only."))
    else:
        told.append(
            said(
                "Cohen’s kappa {kappa:number}, 95 % interval {low:number} to {high:number} "
                "(Wilson, chance held fixed).",
                kappa=figures.kappa,
                low=figures.low,
                high=figures.high,
            )
        )
    if figures.n_kept:
        told.append(
            said_n(
                "Of {n} item that both kept, {same} has the same words; "
                "contents overlap by {overlap:share} on average.",
                "Of {n} items that both kept, {same} have the same words; "
                "contents overlap by {overlap:share} on average.",
                figures.n_kept,
                same=figures.same_words,
                overlap=figures.overlap,
            )
        )
    return told
