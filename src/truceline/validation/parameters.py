"""Fit the heat model on all labels and write its parameter file: aggregates, no event, no place.

Uncertainty has two sources and each enters once.  Rates of all strikes and of the background
are redrawn by a Bayesian bootstrap of places (0.1 degree cells, Dirichlet weights, strikes and
controls of a place together); rates of a class are drawn from its beta posterior around the
redrawn whole, with counts divided by their design effect, as in the estimate itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from truceline import thresholds as t
from truceline.archive.atomic import file_sha256
from truceline.validation import models
from truceline.validation.features import (
    DAILY,
    EDGES_KM,
    MODIS,
    OWN_DAYS,
    OWN_GUARD,
    OWN_KM,
    Told,
)
from truceline.validation.labels import GROUPS, SEED, Bools, Floats, Ints, Windows
from truceline.validation.sky import RUSSIA, UKRAINE, Sky

SCHEMA, VERSION = "truceline-heat-model/2", "2026-11-26.2"
REPLICATES = 2000
MASS = 0.95
MIN_N = 5
LABELS = "events/strikes_ukraine_2022_feb_aug.csv"
OUTLINES = "admin/UA_oblasts.geojson"
INPUTS = (DAILY, *MODIS, OUTLINES, UKRAINE, RUSSIA)
NAMES = (*GROUPS, "unlabelled")
RINGS_KM = ((0.0, 1.0), (1.0, 2.0), (0.0, 2.0), (2.0, 5.0), (0.0, 5.0))
COMMAND = (
    "truceline validate --labels DATA/events/strikes_ukraine_2022_feb_aug.csv --write-parameters"
)
SOURCE = (
    "Centre for Information Resilience and Bellingcat, Russia-Ukraine Monitor Map, February to "
    "August 2022, aggregates only; NASA FIRMS (https://earthdata.nasa.gov/firms), part of NASA "
    "EOSDIS, daily table via GianMan89/war-fire-model and MODIS via "
    "leomollmann/russo-ukrainian-war; outlines (c) OpenStreetMap contributors, ODbL 1.0; weather "
    "data by Open-Meteo.com (ERA5), CC BY 4.0"
)

Interval = tuple[float, float, float]
"""A value with the lower and upper end of its interval."""


@dataclass(frozen=True)
class Cell:
    """Rates of one class within one radius, in windows of `models.WINDOW`."""

    group: str
    radius_km: float
    n: int
    k: int
    show: Interval
    design_effect: float
    background_n: int
    background_k: int
    background: Interval
    background_design_effect: float
    fire: Interval


@dataclass(frozen=True)
class Ring:
    """Likelihood ratio of a nearest fire between two radii."""

    group: str
    inner_km: float
    outer_km: float
    ratio: Interval


@dataclass(frozen=True)
class SetFit:
    """Everything fitted for sensors whose fires come together."""

    name: str
    sensors: tuple[str, ...]
    own_strength: float
    own_mean: float
    strength_mean: float
    cells: tuple[Cell, ...]
    rings: tuple[Ring, ...]


@dataclass(frozen=True)
class Side:
    """Windows of strikes, or of controls: features, classes and places in step."""

    nearest: Floats
    windows: Windows

    def counts(self) -> models.Counts:
        """Counts of rings by class, those of classes divided by their design effect."""
        return models.effective_counts(self.nearest, self.windows)

    def member(self, group: int) -> Bools:
        """Windows of a class; all of them for the first, and for a class without labels."""
        if group in (0, models.UNLABELLED):
            return np.ones(len(self.windows), dtype=bool)
        return np.asarray(self.windows.group == group)

    def raw(self, group: int, edge_km: float) -> tuple[int, int, float]:
        """Windows of a class, those with a fire within an edge, design effect."""
        use = self.member(group)
        hit = self.nearest[use] <= edge_km
        return int(use.sum()), int(hit.sum()), models.design_effect(hit, self.windows.place[use])


def draw_rates(side: Side, weights: Floats, place: Ints, rng: np.random.Generator) -> Floats:
    """Draws of the chance of a fire within each edge: (draws, groups and unlabelled, edges).

    ``weights``: weight of each place (draws, places); ``place``: its number for each window.
    """
    at_risk, hit = models.rings_of(side.nearest, EDGES_KM)
    n, k = (weights @ _by_place(each, place, weights.shape[1]) for each in (at_risk, hit))
    whole = (k + 0.5) / (n + 1.0)
    counts = side.counts()
    a = rng.choice(models.STRENGTHS, size=(len(weights), 1), p=models.pool(counts).strength_weights)
    hazards = [whole]
    for group in range(1, len(GROUPS)):
        k_g, n_g = counts.k[group], counts.n[group]
        hazards.append(rng.beta(k_g + a * whole, n_g - k_g + a * (1 - whole)))
    hazards.append(rng.beta(a * whole, a * (1 - whole)))
    return np.asarray(1 - np.cumprod(1 - np.stack(hazards, axis=1), axis=2))


def _by_place(values: Bools, place: Ints, n_places: int) -> Floats:
    table = np.zeros((n_places, values.shape[1]))
    np.add.at(table, place, values)
    return table


def fit_set(
    name: str,
    sensors: tuple[str, ...],
    windows: Windows,
    told: Told,
    own_strength: float,
    replicates: int = REPLICATES,
) -> SetFit:
    """Fit one set of sensors to all its readable windows, with intervals."""
    sides = []
    for own in (windows.struck, ~windows.struck):
        sides.append(Side(told.nearest(models.WINDOW)[own], windows.take(own)))
    rates = models.fit(windows, told, own_strength, EDGES_KM)
    rng = np.random.default_rng(SEED)
    names, inverse = np.unique(windows.place, return_inverse=True)
    place = np.asarray(inverse, dtype=np.int64)
    weights = rng.dirichlet(np.ones(len(names)), size=replicates) * len(names)
    places = (place[windows.struck], place[~windows.struck])
    show, anyway = (
        draw_rates(side, weights, each, rng) for side, each in zip(sides, places, strict=True)
    )
    cells = [
        _cell(g, j, sides, rates, show, anyway)
        for g in range(len(NAMES))
        for j in range(len(EDGES_KM))
    ]
    rings = [_ring(g, pair, rates, show, anyway) for g in range(len(NAMES)) for pair in RINGS_KM]
    posterior = models.pool(sides[0].counts()).strength_weights
    return SetFit(
        name,
        sensors,
        own_strength,
        rates.own_mean,
        float(posterior @ models.STRENGTHS),
        tuple(cell for cell in cells if min(cell.n, cell.background_n) >= MIN_N),
        tuple(rings),
    )


def _cell(
    g: int, j: int, sides: Sequence[Side], rates: models.Rates, show: Floats, anyway: Floats
) -> Cell:
    edge = EDGES_KM[j]
    (n, k, effect), (bg_n, bg_k, bg_effect) = (side.raw(g, edge) for side in sides)
    p, q = float(rates.struck[g, j]), float(rates.anyway[g, j])
    fires = np.maximum(0.0, 1 - (1 - show[:, g, j]) / (1 - anyway[:, g, j]))
    return Cell(
        NAMES[g],
        edge,
        n,
        k,
        _around(p, show[:, g, j]),
        effect,
        bg_n,
        bg_k,
        _around(q, anyway[:, g, j]),
        bg_effect,
        _around(max(0.0, 1 - (1 - p) / (1 - q)), fires),
    )


def _ring(
    g: int, pair: tuple[float, float], rates: models.Rates, show: Floats, anyway: Floats
) -> Ring:
    def between(p: Floats) -> Floats:
        outer = p[..., EDGES_KM.index(pair[1])]
        inner = p[..., EDGES_KM.index(pair[0])] if pair[0] else np.zeros_like(outer)
        return np.asarray(np.maximum(models.LEAST, outer - inner))

    middle = float(between(rates.struck[g]) / between(rates.anyway[g]))
    return Ring(NAMES[g], *pair, _around(middle, between(show[:, g]) / between(anyway[:, g])))


def _around(middle: float, draws: Floats) -> Interval:
    """The value at the posterior means with the interval of the draws, which may not exclude it."""
    low, high = (float(each) for each in np.quantile(draws, [(1 - MASS) / 2, (1 + MASS) / 2]))
    return middle, min(low, middle), max(high, middle)


def input_hashes(labels: Path, data: Path) -> dict[str, str]:
    """Checksums of everything that is read, by file name."""
    return {path.name: file_sha256(path) for path in (labels, *(data / name for name in INPUTS))}


def parameters_text(
    sets: Sequence[SetFit], sky: Sky, inputs: Mapping[str, str], replicates: int = REPLICATES
) -> str:
    """The parameter file."""
    lines = [
        *_pairs(
            schema=SCHEMA,
            version=VERSION,
            status="measured",
            marginal_over="looks and cloud",
            window="the date of the label, the one before and the next",
            window_dates=len(models.WINDOW),
            interval_mass=MASS,
            seed=SEED,
            replicates=replicates,
            command=COMMAND,
            source=SOURCE,
        ),
        "",
        "[inputs]",
        *(f'"{name}" = "{digest}"' for name, digest in inputs.items()),
        "",
        "[persistence]",
        *_pairs(
            radius_km=t.PERSISTENCE_RADIUS_KM,
            min_months=t.PERSISTENCE_MIN_MONTHS,
            min_dates=t.PERSISTENCE_MIN_DATES,
            min_span_days=int(t.PERSISTENCE_MIN_SPAN_D),
            guard_days=int(t.PERSISTENCE_GUARD_D),
        ),
        "",
        "[sky]",
        *_sky_lines(sky),
    ]
    for each in sets:
        lines += ["", "[[set]]", *_set_lines(each, sky)]
    for each in sets:
        for cell in each.cells:
            lines += ["", "[[cell]]", *_cell_lines(each.name, cell)]
        for ring in each.rings:
            lines += ["", "[[ring]]", *_ring_lines(each.name, ring)]
    return "\n".join(lines) + "\n"


def _sky_lines(sky: Sky) -> Iterable[str]:
    return _pairs(
        cloud_persistence_h=round(sky.persistence_h, 1),
        cloud_reach_km=round(sky.reach_km),
        n_days=sky.n_days,
        note=f"persistence: {sky.from_days_h:.1f} h from days that follow each other and "
        f"{sky.from_nights_h:.1f} h from nights against days, geometric mean; clear looks: a "
        f"prior from {sky.n_pairs} pairs of dates, February to August 2023 to 2025, at four "
        "cities; missing dates are unknown and not missing at random",
    )


def _set_lines(each: SetFit, sky: Sky) -> Iterable[str]:
    yield f'name = "{each.name}"'
    yield "sensors = [" + ", ".join(f'"{sensor}"' for sensor in each.sensors) + "]"
    yield from _three("clear_look_share", sky.shares[each.name], 3)
    yield from _pairs(
        own_strength_days=each.own_strength,
        own_mean_share=round(each.own_mean, 4),
        own_days=OWN_DAYS,
        own_guard_days=OWN_GUARD,
        own_radius_km=OWN_KM,
        standing_strength_days=models.STANDING_STRENGTH,
        class_prior_windows=round(each.strength_mean, 1),
    )


def _cell_lines(name: str, cell: Cell) -> Iterable[str]:
    yield f'set = "{name}"'
    yield from _pairs(**{"class": cell.group}, radius_km=cell.radius_km)
    if cell.group == NAMES[-1]:
        yield "predictive = true"
    yield from _pairs(n=cell.n, k=cell.k)
    yield from _three("p_show", cell.show)
    yield from _pairs(design_effect=round(cell.design_effect, 2))
    yield from _pairs(background_n=cell.background_n, background_k=cell.background_k)
    yield from _three("p_background", cell.background)
    yield from _pairs(background_design_effect=round(cell.background_design_effect, 2))
    yield from _three("p_fire", cell.fire)


def _ring_lines(name: str, ring: Ring) -> Iterable[str]:
    yield f'set = "{name}"'
    yield from _pairs(**{"class": ring.group}, inner_km=ring.inner_km, outer_km=ring.outer_km)
    yield from _three("ratio", ring.ratio, 3)


def _three(name: str, value: Interval, digits: int = 4) -> Iterable[str]:
    for end, number in zip(("", "_low", "_high"), value, strict=True):
        yield f"{name}{end} = {number:.{digits}f}"


def _pairs(**values: str | float) -> list[str]:
    return [
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}"
        for name, value in values.items()
    ]
