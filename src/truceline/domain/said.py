"""Sentences that can be told in any language: a template with named values.

A `Said` is the English sentence as text, and remembers what it was made of.  Whoever prints
it in another language, or with names for codes, starts from the template and the values.
The part after a colon in a placeholder, as in ``{when:span}``, says what kind of value it is;
`truceline.report.tongue` has the list of kinds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Self

from truceline.clock import Interval, stamp

KIND = re.compile(r"\{(\w+)(?::(\w+))?\}")
"""A placeholder: the name of its value and, after a colon, the kind."""


class Said(str):
    """An English sentence with its template and values; built by `said` and `said_n`.

    >>> text = said("{n} of {all} days, {party:party}", n=2, all=30, party="A")
    >>> text, text.template, text.values["party"]
    ('2 of 30 days, A', '{n} of {all} days, {party:party}', 'A')
    """

    template: str
    many: str
    values: Mapping[str, object]

    @classmethod
    def of(cls, template: str, many: str, values: Mapping[str, object]) -> Self:
        """A sentence whose every placeholder has a value and whose every value is used."""
        missing = {name for name, _ in KIND.findall(template + many)} ^ values.keys()
        if missing:
            raise ValueError(f"{template!r}: {', '.join(sorted(missing))} has no counterpart")
        used = many if many and values["n"] != 1 else template
        text = cls(KIND.sub(lambda found: _plain(values[found[1]], found[2]), used))
        text.template, text.many, text.values = template, many, dict(values)
        return text


def said(template: str, /, **values: object) -> Said:
    """A sentence; its template is a message of the catalogues."""
    return Said.of(template, "", values)


def said_n(template: str, many: str, n: int, /, **values: object) -> Said:
    """A sentence about ``n`` of something, with its plural.

    >>> [str(said_n("{n} day", "{n} days", n)) for n in (1, 2)]
    ['1 day', '2 days']
    """
    return Said.of(template, many, {"n": n, **values})


def _plain(value: object, kind: str | None = None) -> str:
    if isinstance(value, frozenset | set):
        value = sorted(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value)) or "nothing"
    if isinstance(value, float):
        return f"{value:.0%}" if kind == "share" else f"{value:.3g}"
    return "not stated" if value is None or value == "" else str(value)


def made_of(text: Said, tell: Callable[[Said], str] = str) -> dict[str, object]:
    """Template and values as JSON holds them; sentences inside of it are told by ``tell``.

    >>> made_of(said("from {when:span}", when=None))
    {'id': 'from {when:span}', 'values': {'when': None}}
    """
    values = {name: _value(value, tell) for name, value in text.values.items()}
    many = {"many": text.many} if text.many else {}
    return {"id": text.template, **many, "values": values}


def _value(value: object, tell: Callable[[Said], str]) -> object:
    if isinstance(value, Said):
        return tell(value)
    if isinstance(value, Interval):
        return {"from": stamp(value.start), "until": stamp(value.until)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(str(item) for item in value)
    if isinstance(value, list | tuple):
        return [_value(item, tell) for item in value]
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)
