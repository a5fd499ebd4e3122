"""Codes of other vocabularies for kinds of statements, only where they have one.

CAMEO (Conflict and Mediation Event Observations) and PLOVER (its successor) classify events
between actors; a statement is coded as the verbal event that it is.  Kinds without a counterpart
(silences, the narrator's words) get no code.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from tomllib import loads

from truceline.domain.words import Kind


@cache
def _table() -> dict[str, dict[str, str]]:
    return loads(files(__package__).joinpath("codes.toml").read_text("utf-8"))


def codes_of(kind: Kind) -> dict[str, str]:
    """Codes by scheme, in alphabetical order of the schemes.

    >>> codes_of(Kind.DEMAND)
    {'cameo': '100', 'plover': 'REQUEST'}
    >>> codes_of(Kind.OMISSION)
    {}
    """
    row = _table().get(kind.value, {})
    return {scheme: row[scheme] for scheme in sorted(row)}
