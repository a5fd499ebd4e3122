"""Series and terms made for tests of rates."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from truceline.assess.rates import Asked
from truceline.domain.agreement import Agreement
from truceline.domain.provenance import Row
from truceline.domain.series import Break, Series, Truce

FIRST = date(2020, 1, 1)
N_DAYS = 1_650
START = 1_250
"""Day of the series on which the truce of the readings begins."""


def day(i: int) -> date:
    return FIRST + timedelta(days=i)


STARTS = day(START)


def drawn(seed: int, mean: float = 12.0, shape: float = 4.0, n: int = N_DAYS) -> np.ndarray:
    rng = np.random.Generator(np.random.PCG64(seed))
    return rng.negative_binomial(shape, shape / (shape + mean), n)


def series(
    counts: np.ndarray | list[int | None],
    parts: dict[str, np.ndarray] | None = None,
    exposure: tuple[float, ...] | None = (),
    **more: object,
) -> Series:
    values = tuple(None if c is None else int(c) for c in counts)
    known = tuple(float(c is not None) for c in values)
    return Series(
        **{
            "id": "acts",
            "title": "Acts",
            "unit": "event",
            "measures": "events",
            "sources": ("made",),
            "zone": "UTC",
            "first": FIRST,
            "counts": values,
            "exposure": known if exposure == () else exposure,
            "parts": {
                name: tuple(int(c) for c in of_part) for name, of_part in (parts or {}).items()
            },
            **more,
        }
    )


def agreement(
    start: date = STARTS,
    until: date | None = None,
    against: str = "object",
    disputed: list[dict[str, object]] | None = None,
) -> Agreement:
    where = {"territory_of": ["A", "B"], "including_held": True, "source": ["S1"]}
    clock: dict[str, object] = {"zone": "UTC", "from": start, "source": ["S1"]}
    if until:
        clock["until"] = until
    if disputed:
        clock["disputed"] = disputed
    clause = {
        "id": "halt",
        "obliges": ["A", "B"],
        "must_not": {"acts": ["hostile_act"], "against": [against], "source": ["S1"]},
        "where": where,
    }
    reading = {
        "id": "text",
        "title": "As worded",
        "stated_by": "A",
        "clock": clock,
        "clauses": [clause],
        "source": ["S1"],
    }
    parties = {code: {"name": code, "zone": "UTC"} for code in ("A", "B")}
    return Agreement.model_validate(
        {
            "schema": "truceline-agreement/1",
            "id": "made",
            "title": "Made",
            "parties": parties,
            "readings": [reading],
        }
    )


def asked(one: Series, terms: Agreement, *truces: Truce) -> Asked:
    reading = terms.readings[0]
    return Asked(one, reading, reading.clauses[0], terms, truces)


def listed(kind: str, first: int, last: int, *names: str) -> Truce:
    row = Row("listed", f"{kind}-{first}", 2)
    return Truce(row, row.key, kind, day(first), day(last), names, "made for a test")


def changed(on: int) -> Break:
    return Break(day(on), "counted in another way")
