"""The rates that the engine takes for granted, as plain numbers for simulated worlds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from truceline import thresholds as t
from truceline.domain.trees import OBJECTS
from truceline.simulate.land import CLASSES
from truceline.simulate.rates import HeatRate, Rates, Spread

SENSORS = ["MODIS"]
"""Simulated worlds hold the record of one sensor."""

GROUPS = (("oil_and_fuel", "oil"), ("power", "electricity"), ("unlabelled", "energy"))
"""Groups of the heat model with the class of objects that each is for, the first that fits."""

NEAR_KM, FAR_KM = 2.0, 5.0

LINES = (
    "report_seen",
    "report_recorded",
    "report_heard",
    "report_nothing",
    "third_party",
    "admission",
)


def engine_rates() -> Rates:
    """Rates of heat as measured and rates of other lines as decided, of this version.

    >>> rates = engine_rates()
    >>> rates.lines["report_seen"]
    (0.6, 0.02)
    """
    raw = files("truceline.assess").joinpath("heat_model.toml").read_bytes()
    return rates_of(tomllib.loads(raw.decode()))


def rates_of(table: Mapping[str, Any]) -> Rates:
    """The same from the parsed file of the heat model."""
    chosen = next(each for each in table["set"] if each["sensors"] == SENSORS)
    cells = {
        (cell["class"], float(cell["radius_km"])): cell
        for cell in table["cell"]
        if cell["set"] == chosen["name"]
    }
    return Rates(
        heat={name: _heat(cells, name) for name in sorted(set(CLASSES))},
        lines={kind: (_line(kind, "happened"), _line(kind, "not")) for kind in LINES},
        clear_look_share=float(chosen["clear_look_share"]),
        clear_share=t.CLEAR_SHARE_UNKNOWN,
        cloud_persistence_h=float(table["sky"]["cloud_persistence_h"]),
        cloud_reach_km=float(table["sky"]["cloud_reach_km"]),
        window_dates=int(table["window_dates"]),
        site_steadiness=chosen["own_strength_days"] * chosen["own_mean_share"],
    )


def _line(kind: str, when: str) -> float:
    return t.ALL[f"{kind}_p_when_{when}"].value


def _heat(cells: Mapping[tuple[str, float], Mapping[str, Any]], object_class: str) -> HeatRate:
    group = next(name for name, root in GROUPS if OBJECTS.covers(root, object_class))
    near, far = cells[group, NEAR_KM], cells[group, FAR_KM]
    return HeatRate(
        group,
        _spread(near, "p_fire"),
        _spread(far, "p_fire"),
        float(near["p_background"]),
        float(far["p_background"]),
    )


def _spread(cell: Mapping[str, Any], name: str) -> Spread:
    return Spread(float(cell[name]), float(cell[f"{name}_low"]), float(cell[f"{name}_high"]))
