"""Closed vocabularies that form trees: acts, means and object classes.

A name in a scope stands for itself and everything below it.  The trees are facts of the
project, kept in ``trees.toml`` beside this module, and part of the published schema.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

ITSELF = ":itself"
"""Marks a name that stands for itself alone, without what is below it."""


@dataclass(frozen=True)
class Tree:
    """Names with at most one parent each.

    >>> sorted(OBJECTS.below("oil"))
    ['oil', 'oil_pipeline', 'oil_storage', 'refinery']
    >>> OBJECTS.covers("energy", "substation"), OBJECTS.covers("oil", "substation")
    (True, False)
    """

    title: str
    parents: Mapping[str, str]
    meanings: Mapping[str, str]

    @cached_property
    def _below(self) -> Mapping[str, frozenset[str]]:
        below: dict[str, set[str]] = {name: {name} for name in self.parents}
        for name in self.parents:
            above = self.parents[name]
            while above:
                below[above].add(name)
                above = self.parents[above]
        return {name: frozenset(names) for name, names in below.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """All names in the order of the file."""
        return tuple(self.parents)

    @property
    def root(self) -> str:
        """The name that covers all."""
        return next(name for name, parent in self.parents.items() if not parent)

    def below(self, name: str) -> frozenset[str]:
        """A name and all names under it; an unknown name is a ``ValueError``."""
        if name not in self._below:
            raise ValueError(f"{name!r} is none of the {self.title}: {', '.join(self.names)}")
        return self._below[name]

    def expand(self, names: Iterable[str]) -> frozenset[str]:
        """Everything that some names stand for."""
        return frozenset().union(*(self.below(name) for name in names))

    def covers(self, wide: str, narrow: str) -> bool:
        """Whether one name stands for the other as well."""
        return narrow in self.below(wide)

    def shorten(self, names: Iterable[str]) -> tuple[str, ...]:
        """The fewest names that stand for the same set, in the order of the file.

        A name that is in the set without all that is below it is marked ``:itself``: it
        stands for what is not named more closely.

        >>> OBJECTS.shorten(OBJECTS.below("oil") | {"substation", "gas"})
        ('oil', 'gas:itself', 'substation')
        """
        left = set(names)
        whole = {name for name in self.names if self._below[name] <= left}
        inner = {below for name in whole for below in self._below[name] if below != name}
        return tuple(
            name if name in whole else f"{name}{ITSELF}"
            for name in self.names
            if name in left and name not in inner
        )


def _read(title: str, rows: Mapping[str, Mapping[str, str]]) -> Tree:
    parents = {name: row.get("in", "") for name, row in rows.items()}
    return Tree(title, parents, {name: row["means"] for name, row in rows.items()})


_TABLES = tomllib.loads(files(__package__).joinpath("trees.toml").read_text(encoding="utf-8"))

ACTS = _read("acts", _TABLES["acts"])
MEANS = _read("means", _TABLES["means"])
OBJECTS = _read("object classes", _TABLES["objects"])
