"""The algebra of scope: acts, means, object classes, places and hours.

A scope is a box: everything that is in each of its five sets.  Boxes nest, meet and can
be compared; what a reading leaves open is a second box beside the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from truceline.clock import Interval
from truceline.domain.trees import ACTS, MEANS, OBJECTS, Tree

TREES: Mapping[str, Tree] = {"acts": ACTS, "means": MEANS, "objects": OBJECTS}


class Answer(StrEnum):
    """What a set of names says about one name.

    ``open``: the terms leave it open.  ``unresolved``: the name is too wide or unknown, so
    that part of it may be inside and part outside.
    """

    INSIDE = "inside"
    OPEN = "open"
    UNRESOLVED = "unresolved"
    OUTSIDE = "outside"


def answer(name: str | None, tree: Tree, inside: frozenset[str], silent: frozenset[str]) -> Answer:
    """Whether a name is in a set, left open by it, too wide to say, or outside.

    >>> listed = OBJECTS.expand(["refinery", "substation"])
    >>> answer("substation", OBJECTS, listed, frozenset()).value
    'inside'
    >>> answer("energy", OBJECTS, listed, frozenset()).value  # part of it is listed
    'unresolved'
    >>> answer(None, OBJECTS, listed, frozenset()).value
    'unresolved'
    >>> answer("port", OBJECTS, listed, frozenset()).value
    'outside'
    """
    if name is None:
        return Answer.UNRESOLVED
    if name in silent:
        return Answer.OPEN
    if name in inside:
        return Answer.INSIDE
    narrower = tree.below(name)
    if narrower & inside or narrower & silent:
        return Answer.UNRESOLVED
    return Answer.OUTSIDE


@dataclass(frozen=True)
class Places:
    """Territories, parts of them by code, and whether what the other side holds is meant too.

    Tokens are ``code:own`` and ``code:held``.
    """

    tokens: frozenset[str]

    @classmethod
    def of(cls, codes: Iterable[str], including_held: bool) -> Places:
        """All of some territories or areas.

        >>> sorted(Places.of(["UA"], including_held=False).tokens)
        ['UA:own']
        """
        kinds = ("own", "held") if including_held else ("own",)
        return cls(frozenset(f"{code}:{kind}" for code in codes for kind in kinds))

    def nested(self, areas: Mapping[str, str]) -> Places:
        """The same with every area of its territories named (``areas``: territory by code).

        >>> whole = Places.of(["A"], including_held=False).nested({"A-1": "A", "B-1": "B"})
        >>> whole.tokens >= Places.of(["A-1"], including_held=False).tokens
        True
        """
        kinds = ("own", "held")
        inner = {
            f"{code}:{kind}"
            for code, territory in areas.items()
            for kind in kinds
            if f"{territory}:{kind}" in self.tokens
        }
        return Places(self.tokens | inner)

    def answer(self, territory: str | None, area: str | None, held: bool | None) -> Answer:
        """Whether a place is inside.  Unknown territory or unknown control stays unresolved.

        >>> own = Places.of(["UA"], including_held=False)
        >>> own.answer("UA", None, held=None).value
        'unresolved'
        >>> Places.of(["UA"], including_held=True).answer("UA", None, held=None).value
        'inside'
        >>> own.answer("RU", None, held=None).value
        'outside'
        """
        if territory is None:
            return Answer.UNRESOLVED
        codes = [code for code in (territory, area) if code]
        kinds = {True: ("held",), False: ("own",), None: ("own", "held")}[held]
        hits = [any(f"{code}:{kind}" in self.tokens for code in codes) for kind in kinds]
        if all(hits):
            return Answer.INSIDE
        return Answer.UNRESOLVED if any(hits) else Answer.OUTSIDE


@dataclass(frozen=True)
class Hours:
    """A set of instants: intervals that do not touch, in order.

    >>> from truceline.clock import ALWAYS
    >>> Hours.of([ALWAYS]) & Hours.of([]) == Hours.of([])
    True
    """

    spans: tuple[Interval, ...]

    @classmethod
    def of(cls, spans: Iterable[Interval]) -> Hours:
        """From any intervals: sorted, touching ones joined."""
        joined: list[Interval] = []
        for span in sorted(spans):
            if joined and span.start <= joined[-1].until:
                joined[-1] = joined[-1].hull(span)
            else:
                joined.append(span)
        return cls(tuple(joined))

    def __and__(self, other: Hours) -> Hours:
        meets = (a.meet(b) for a in self.spans for b in other.spans)
        return Hours.of(span for span in meets if span)

    def __or__(self, other: Hours) -> Hours:
        return Hours.of((*self.spans, *other.spans))

    def __ge__(self, other: Hours) -> bool:
        return self & other == other


@dataclass(frozen=True)
class Scope:
    """A box of acts by means against objects in places during hours.

    >>> from truceline.clock import ALWAYS
    >>> always, here = Hours.of([ALWAYS]), Places.of(["A"], including_held=True)
    >>> everything = Scope.of(["hostile_act"], ["any_means"], ["object"], here, always)
    >>> air_and_sea = Scope.of(["hostile_act"], ["air", "sea"], ["object"], here, always)
    >>> energy = Scope.of(["strike"], ["any_means"], ["energy"], here, always)
    >>> everything >= air_and_sea, everything >= energy, air_and_sea >= energy
    (True, True, False)
    >>> (air_and_sea & energy).short("means")
    ('air', 'sea')
    """

    acts: frozenset[str]
    means: frozenset[str]
    objects: frozenset[str]
    places: frozenset[str]
    hours: Hours

    @classmethod
    def of(
        cls,
        acts: Iterable[str],
        means: Iterable[str],
        objects: Iterable[str],
        places: Places,
        hours: Hours,
    ) -> Scope:
        """From names, each standing for all below it."""
        return cls(
            ACTS.expand(acts), MEANS.expand(means), OBJECTS.expand(objects), places.tokens, hours
        )

    def __and__(self, other: Scope) -> Scope:
        return Scope(*(getattr(self, f.name) & getattr(other, f.name) for f in fields(self)))

    @property
    def empty(self) -> bool:
        """Whether nothing can be in it."""
        return not all((self.acts, self.means, self.objects, self.places, self.hours.spans))

    def __ge__(self, other: Scope) -> bool:
        """Whether it holds all of the other; everything holds the empty scope."""
        if other.empty:
            return True
        return all(getattr(self, f.name) >= getattr(other, f.name) for f in fields(self))

    def short(self, dimension: str) -> tuple[str, ...]:
        """One dimension by the fewest names."""
        names: frozenset[str] = getattr(self, dimension)
        tree = TREES.get(dimension)
        return tree.shorten(names) if tree else tuple(sorted(names))


@dataclass(frozen=True)
class Difference:
    """Two scopes in one dimension: what both hold, and what only one of them does."""

    dimension: str
    both: tuple[str, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def compare_scopes(first: Scope, second: Scope) -> list[Difference]:
    """Acts, means, objects and places, each by the fewest names; hours are not compared.

    A name that stands for more than a set holds is never used for it as a whole.
    """
    rows = []
    for dimension in ("acts", "means", "objects", "places"):
        a: frozenset[str] = getattr(first, dimension)
        b: frozenset[str] = getattr(second, dimension)
        tree = TREES.get(dimension)
        parts = [tree.shorten(s) if tree else tuple(sorted(s)) for s in (a & b, a - b, b - a)]
        rows.append(Difference(dimension, *parts))
    return rows
