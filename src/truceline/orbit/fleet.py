"""Which elements hold for which satellite on which day: supplied, else fitted, else none.

Nothing is carried beyond its validity.  A day that no elements hold as a whole has none, and its
passes follow from the published local time of the orbit, marked `unchecked`.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from truceline.clock import Interval, midnight, parse_stamp
from truceline.domain.passes import Elements

NOON = timedelta(hours=12)


@dataclass(frozen=True)
class Fleet:
    """Elements of all satellites, those supplied by a case and those fitted to fire records."""

    elements: tuple[Elements, ...]

    @classmethod
    def load(cls, supplied: Iterable[Elements] = ()) -> Fleet:
        """The fitted elements of the package, with those of a case before them.

        >>> Fleet.load().of("NOAA-21", date(2025, 4, 6)) is None  # no records to fit it to
        True
        """
        return cls((*supplied, *fitted().elements))

    @cached_property
    def _of_each(self) -> dict[str, list[Elements]]:
        found: dict[str, list[Elements]] = defaultdict(list)
        for one in self.elements:
            found[one.satellite].append(one)
        return found

    def of(self, satellite: str, day: date) -> Elements | None:
        """The elements that hold for a whole UTC day: supplied before fitted, then the nearest.

        Of two that are as near, the later epoch; of two with one epoch, by their values.
        """
        whole = Interval(midnight(day), midnight(day + timedelta(days=1)))
        noon = whole.start + NOON
        holding = (e for e in self._of_each.get(satellite, ()) if whole.within(e.valid))

        def rank(one: Elements) -> tuple[object, ...]:
            away = abs(one.epoch - noon)
            values = (one.mean_motion_rev_per_day, one.mean_anomaly_deg, one.raan_deg)
            return (one.basis != "supplied", away, one.epoch < noon, values, str(one.row))

        return min(holding, key=rank, default=None)


@dataclass(frozen=True)
class Fitted:
    """What ships with the package: elements, the file as a table, and its hash."""

    elements: tuple[Elements, ...]
    table: Mapping[str, Any]
    sha256: str


@cache
def fitted() -> Fitted:
    """The elements in ``fitted.toml``, made by ``tools/fit_orbits.py``."""
    raw = files(__package__).joinpath("fitted.toml").read_bytes()
    table = tomllib.loads(raw.decode())
    elements = tuple(elements_of(row) for row in table["window"])
    return Fitted(elements, table, hashlib.sha256(raw).hexdigest())


def elements_of(row: Mapping[str, Any]) -> Elements:
    """One window of ``fitted.toml``."""
    return Elements(
        satellite=row["satellite"],
        epoch=parse_stamp(row["epoch"]),
        mean_motion_rev_per_day=row["mean_motion_rev_per_day"],
        eccentricity=row["eccentricity"],
        inclination_deg=row["inclination_deg"],
        raan_deg=row["raan_deg"],
        arg_perigee_deg=row["arg_perigee_deg"],
        mean_anomaly_deg=row["mean_anomaly_deg"],
        bstar=row["bstar"],
        valid=Interval(parse_stamp(row["valid_from"]), parse_stamp(row["valid_until"])),
        basis="fitted",
        slack_min=row["slack_min"],
        scan_known="residual_across_deg" in row,
    )
