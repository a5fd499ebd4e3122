"""How often a strike shows as heat, and how often heat is there anyway, by object class.

Rates are measured (``heat_model.toml``, with n, intervals and the command that remakes them),
marginal over looks and cloud, for Ukraine from February to August 2022.  For other places,
years and classes they are borrowed, and every line that uses them says so.

A *ring* is where the nearest fire pixel lies: nearer than the first edge, between two edges,
or beyond the last.  Its likelihood ratio is the share of strikes whose nearest fire lies in it
over the share of windows without a strike in which it does.  What a site did before enters the
background: the odds ratio of the class is kept, because it was the steadier quantity.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from truceline import thresholds as t
from truceline.domain.observation import Chance
from truceline.domain.trees import OBJECTS

CLASS_GROUPS = {
    "oil_and_fuel": ("oil",),
    "power": ("electricity",),
    "unlabelled": ("gas", "heat_network"),
}
"""Groups of classes by the names of the tree; no strike of the measurement is labelled as one of
the last group, whose rates are those expected of a further class, with wider bounds."""

TINY = 1e-9
"""Chances are kept so far from 0 and 1, for arithmetic only."""

Ratio = tuple[float, float, float]
"""Likelihood ratio with its lower and upper bound."""


@dataclass(frozen=True)
class Cell:
    """Rates of one group of classes within one radius, in windows of two dates.

    ``show``: heat within it after a strike; ``background``: heat within it without one;
    ``fire``: a strike leaves a fire of its own there.  All are marginal over looks and cloud.
    """

    n: int
    k: int
    show: Chance
    background_n: int
    background_k: int
    background: Chance
    fire: Chance


@dataclass(frozen=True)
class Own:
    """The site's own record of the weeks before: dates with a record, and with heat among them."""

    n: int = 0
    k: int = 0


@dataclass(frozen=True)
class Strength:
    """What heat is worth, with the two shares whose quotient it is.

    ``if_struck`` and ``anyway`` are the chances of what was found after a strike and without.
    """

    lr: Ratio
    if_struck: float
    anyway: float


@dataclass(frozen=True)
class SensorSet:
    """Rates of sensors that were measured together, so that they share the cloud and the fire."""

    name: str
    sensors: frozenset[str]
    group_cells: Mapping[tuple[str, float], Cell]
    rings: Mapping[tuple[str, float, float], Ratio]
    clear_look_share: Chance
    """Prior chance of a clear look in a window of the measurement."""
    window_dates: int
    own_strength_days: float
    own_mean_share: float
    own_days: int
    own_guard_days: int
    own_radius_km: float
    standing_strength_days: float
    """How many dates of the country stand beside a site's own where heat is of long standing."""

    def cell(self, object_class: str | None, radius_km: float) -> Cell:
        """Rates for a class at a radius that was measured.

        >>> HeatModel.load().measured({"MODIS"}).cell("substation", 2.0).background_n >= 5
        True
        """
        return self.group_cells[group_of(object_class), radius_km]

    def group(self, object_class: str | None) -> str:
        """Name of the group whose rates stand for a class."""
        return group_of(object_class)

    def anyway(self, cell: Cell, own: Own, n_dates: int) -> float:
        """Chance of heat within the radius of a cell without a strike, in so many dates.

        The site's own record moves the share of dates with heat as far as its length allows;
        the measured chance moves with it (both as hazards).  Dates are taken as independent,
        which is the harsher assumption for a signal in a long window.
        """
        mean, weight = self.own_mean_share, self.own_strength_days
        share = min((own.k + weight * mean) / (own.n + weight), 1 - TINY)
        hazard = math.log1p(-cell.background.p) * math.log1p(-share) / math.log1p(-mean)
        return min(-math.expm1(hazard * n_dates / self.window_dates), 1 - TINY)

    def if_struck(self, cell: Cell, own: Own, n_dates: int) -> float:
        """Chance of heat within the radius of a cell after a strike."""
        base = self.anyway(cell, own, self.window_dates)
        odds = max(1.0, _odds(cell.show.p) / _odds(cell.background.p))
        shown = odds * base / (1 - base + odds * base)
        fire = 1 - (1 - shown) / (1 - base)
        return 1 - (1 - fire) * (1 - self.anyway(cell, own, n_dates))

    def signal(
        self, object_class: str | None, inner_km: float, outer_km: float, own: Own, n_dates: int
    ) -> Strength:
        """What a fire is worth whose nearest pixel lies between two edges (km; 0 for the place).

        Never below 1: heat that is there anyway is there after a strike as well.  Bounds are
        those of the measurement, moved with the middle.
        """
        struck, anyway = self._in_ring(object_class, inner_km, outer_km, own, n_dates)
        plain_struck, plain_anyway = self._in_ring(
            object_class, inner_km, outer_km, Own(), self.window_dates
        )
        moved = (struck / anyway) / (plain_struck / plain_anyway)
        measured = self._ratio(object_class, inner_km, outer_km)
        middle, low, high = (max(1.0, bound * moved) for bound in measured)
        return Strength((middle, low, high), struck, anyway)

    def beside_standing_heat(
        self, object_class: str | None, outer_km: float, own: Own, n_dates: int, found: Strength
    ) -> Strength:
        """What a fire is worth where heat is of long standing: hardly anything if it runs daily.

        ``own`` is the record of all heat within the edge.  The chance of heat anyway is then the
        site's own, and a fire of the strike's own comes on top; never worth more than ``found``.
        """
        cell = self.cell(object_class, outer_km)
        usual = 1 - (1 - cell.background.p) ** (1 / self.window_dates)
        weight = self.standing_strength_days
        share = (own.k + weight * usual) / (own.n + weight)
        anyway = min(1 - (1 - share) ** n_dates, 1 - TINY)
        struck, least, most = (
            1 - (1 - fire) * (1 - anyway) for fire in (cell.fire.p, cell.fire.low, cell.fire.high)
        )
        middle, low, high = (
            max(1.0, min(each / anyway, bound))
            for each, bound in zip((struck, least, most), found.lr, strict=True)
        )
        return Strength((middle, low, high), struck, anyway)

    def silence(self, object_class: str | None, radius_km: float, look: Chance) -> Ratio:
        """What it is worth that no heat was within a radius, given the chance of a clear look.

        ``1 - look * show``: 1 where nobody looked.

        >>> modis = HeatModel.load().measured({"MODIS"})
        >>> modis.silence("refinery", 5.0, Chance(0.0, 0.0, 0.0))
        (1.0, 1.0, 1.0)
        """
        show = self.showing(object_class, radius_km)
        return 1 - look.p * show.p, 1 - look.high * show.high, 1 - look.low * show.low

    def showing(self, object_class: str | None, radius_km: float) -> Chance:
        """Chance that a strike leaves a fire of its own that a clear look shows.

        The measured share of strikes that left one, marginal over looks, divided by the prior
        chance of a clear look: it rests on that prior, and is never taken for certain.
        """
        fire, prior = self.cell(object_class, radius_km).fire, self.clear_look_share
        return Chance(
            min(t.MOST_SHOWING, fire.p / prior.p),
            min(t.MOST_SHOWING, fire.low / prior.high),
            min(t.MOST_SHOWING, fire.high / prior.low),
        )

    def _in_ring(
        self, object_class: str | None, inner_km: float, outer_km: float, own: Own, n_dates: int
    ) -> tuple[float, float]:
        outer = self.cell(object_class, outer_km)
        struck, anyway = (
            self.if_struck(outer, own, n_dates),
            self.anyway(outer, own, n_dates),
        )
        if inner_km:
            inner = self.cell(object_class, inner_km)
            struck -= self.if_struck(inner, own, n_dates)
            anyway -= self.anyway(inner, own, n_dates)
        return max(struck, TINY), max(anyway, TINY)

    def _ratio(self, object_class: str | None, inner_km: float, outer_km: float) -> Ratio:
        """The measured ratio of a ring; of a whole circle from its rates, bounds far apart."""
        measured = self.rings.get((group_of(object_class), inner_km, outer_km))
        if measured is not None:
            return measured
        cell = self.cell(object_class, outer_km)
        return (
            cell.show.p / cell.background.p,
            cell.show.low / cell.background.high,
            cell.show.high / max(cell.background.low, cell.background.p / 10),
        )


@dataclass(frozen=True)
class HeatModel:
    """All measured sets of sensors, with status, version and hash of the file."""

    sets: tuple[SensorSet, ...]
    cloud_persistence_h: float
    cloud_reach_km: float
    status: str
    version: str
    sha256: str
    source: str

    @classmethod
    def load(cls) -> HeatModel:
        """The measured rates that ship with the package."""
        raw = files(__package__).joinpath("heat_model.toml").read_bytes()
        table = tomllib.loads(raw.decode())
        return cls(
            tuple(_set(row, table) for row in table["set"]),
            float(table["sky"]["cloud_persistence_h"]),
            float(table["sky"]["cloud_reach_km"]),
            str(table["status"]),
            str(table["version"]),
            hashlib.sha256(raw).hexdigest(),
            str(table["source"]),
        )

    @property
    def smallest(self) -> SensorSet:
        """The set of the fewest sensors: whose rates stand where nobody looked."""
        return min(self.sets, key=lambda each: len(each.sensors))

    def measured(self, sensors: Set[str]) -> SensorSet | None:
        """The largest measured set among these sensors; None where none of them was measured.

        >>> HeatModel.load().measured({"VIIRS"}) is None
        True
        """
        held = [each for each in self.sets if each.sensors <= sensors]
        return max(held, key=lambda each: len(each.sensors), default=None)


def group_of(object_class: str | None) -> str:
    """Group of classes whose rates are used: ``any`` where the class is none of these.

    >>> [group_of(name) for name in ("oil_storage", "substation", "gas_metering", None)]
    ['oil_and_fuel', 'power', 'unlabelled', 'any']
    """
    for group, names in CLASS_GROUPS.items():
        if object_class and any(OBJECTS.covers(name, object_class) for name in names):
            return group
    return "any"


def _odds(p: float) -> float:
    return p / (1 - p)


def _chance(row: Mapping[str, Any], name: str) -> Chance:
    return Chance(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]))


def _set(row: Mapping[str, Any], table: Mapping[str, Any]) -> SensorSet:
    own = [each for each in table["cell"] if each["set"] == row["name"]]
    rings = [each for each in table["ring"] if each["set"] == row["name"]]
    return SensorSet(
        name=str(row["name"]),
        sensors=frozenset(row["sensors"]),
        group_cells={(each["class"], float(each["radius_km"])): _cell(each) for each in own},
        rings={
            (each["class"], float(each["inner_km"]), float(each["outer_km"])): (
                float(each["ratio"]),
                float(each["ratio_low"]),
                float(each["ratio_high"]),
            )
            for each in rings
        },
        clear_look_share=_chance(row, "clear_look_share"),
        window_dates=int(table["window_dates"]),
        own_strength_days=float(row["own_strength_days"]),
        own_mean_share=float(row["own_mean_share"]),
        own_days=int(row["own_days"]),
        own_guard_days=int(row["own_guard_days"]),
        own_radius_km=float(row["own_radius_km"]),
        standing_strength_days=float(row.get("standing_strength_days", 5.0)),
    )


def _cell(row: Mapping[str, Any]) -> Cell:
    return Cell(
        n=int(row["n"]),
        k=int(row["k"]),
        show=_chance(row, "p_show"),
        background_n=int(row["background_n"]),
        background_k=int(row["background_k"]),
        background=_chance(row, "p_background"),
        fire=_chance(row, "p_fire"),
    )
