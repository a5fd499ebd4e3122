"""How often a strike shows as heat, and how often heat is there anyway, by object class.

Rates are measured (``heat_model.toml``, with n, intervals and the command that remakes them),
on MODIS, marginal over looks and cloud, for Ukraine from February to August 2022.  For other
places, years and classes they are borrowed, and every line that uses them says so.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from truceline.domain.trees import OBJECTS
from truceline.thresholds import BACKGROUND_FLOOR

WINDOW_DATES = 2
"""Dates in the windows of the measurement: the date of the strike and the next."""

CLASS_GROUPS = {"oil_and_fuel": ("oil",), "power": ("electricity",)}
"""Classes with rates of their own, by the names of the tree; all else is ``any``."""


@dataclass(frozen=True)
class Cell:
    """Rates of one group of classes at one radius, each with its interval."""

    group: str
    radius_km: float
    n: int
    k: int
    p_show: float
    p_show_low: float
    p_show_high: float
    background_n: int
    background_k: int
    p_background: float
    p_background_low: float
    p_background_high: float
    ratio: tuple[float, float, float] | None

    def background(self, n_dates: int) -> float:
        """Probability of heat anyway in a window of so many dates.

        From the measured window by independence of dates, which is the harsher assumption
        for a signal in a long window.
        """
        power = n_dates / WINDOW_DATES
        return float(1 - (1 - self.p_background) ** power)

    def signal_lr(self, n_dates: int) -> tuple[float, float, float]:
        """Likelihood ratio of heat that shows, lower and upper bound.

        Never below 1: heat that is there anyway is there after a strike as well, so that a
        strike cannot make heat less likely.  The lower bound takes the background to grow
        with every date, the upper bound not at all.
        """
        if self.ratio is None:
            pure = self.p_show / self.p_background
            low = self.p_show_low / self.p_background_high
            high = self.p_show_high / max(self.p_background_low, BACKGROUND_FLOOR)
        else:
            pure, low, high = self.ratio
        more = max(1.0, n_dates / WINDOW_DATES)
        middle = max(1.0, self.background(n_dates) / self.p_background)
        return max(1.0, pure / middle), max(1.0, low / more), max(1.0, high)

    def silence_lr(self, share_seen: float) -> tuple[float, float, float]:
        """Likelihood ratio of silence when a share of the dates had a usable look.

        Never above 1, for the same reason, and 1 where nobody looked.

        >>> HeatModel.load().cell("refinery", 5.0).silence_lr(0.0)
        (1.0, 1.0, 1.0)
        """

        def ratio(p_show: float, p_background: float) -> float:
            return min(1.0, (1 - share_seen * p_show) / (1 - share_seen * p_background))

        return (
            ratio(self.p_show, self.p_background),
            ratio(self.p_show_high, self.p_background_low),
            ratio(self.p_show_low, self.p_background_high),
        )


@dataclass(frozen=True)
class HeatModel:
    """All cells, with the status and the hash of the file they come from."""

    cells: Mapping[tuple[str, float], Cell]
    sensor: str
    """The sensor whose rates these are: pixels and silence of others have none yet."""
    status: str
    sha256: str
    source: str

    @classmethod
    def load(cls) -> HeatModel:
        """The measured rates that ship with the package."""
        raw = files(__package__).joinpath("heat_model.toml").read_bytes()
        table = tomllib.loads(raw.decode())
        cells = {(row["class"], float(row["radius_km"])): _cell(row) for row in table["cell"]}
        digest = hashlib.sha256(raw).hexdigest()
        return cls(cells, str(table["sensor"]), str(table["status"]), digest, str(table["source"]))

    def cell(self, object_class: str | None, radius_km: float) -> Cell:
        """Rates for a class at a radius that was measured.

        >>> HeatModel.load().cell("oil_storage", 2.0).group
        'oil_and_fuel'
        >>> HeatModel.load().cell("gas_metering", 2.0).group  # no labels of its own
        'any'
        """
        return self.cells[(_group(object_class), radius_km)]


def _group(object_class: str | None) -> str:
    for group, names in CLASS_GROUPS.items():
        if object_class and any(OBJECTS.covers(name, object_class) for name in names):
            return group
    return "any"


def _cell(row: Mapping[str, float]) -> Cell:
    ratio = (row["ratio"], row["ratio_low"], row["ratio_high"]) if "ratio" in row else None
    return Cell(
        group=str(row["class"]),
        radius_km=row["radius_km"],
        n=int(row["n"]),
        k=int(row["k"]),
        p_show=row["p_show"],
        p_show_low=row["p_show_low"],
        p_show_high=row["p_show_high"],
        background_n=int(row["background_n"]),
        background_k=int(row["background_k"]),
        p_background=row["p_background"],
        p_background_low=row["p_background_low"],
        p_background_high=row["p_background_high"],
        ratio=ratio,
    )
