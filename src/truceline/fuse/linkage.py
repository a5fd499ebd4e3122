"""Which fire pixels belong together?  Single linkage in space and time, for millions of pixels.

Two pixels are linked when they are near in space and in time; a cluster is what links connect.

1. Space and time are cut into boxes so small that pixels of one box are always linked.
2. Pixels are sorted by box.  A box is then a run of pixels, and a row of neighbours another.
3. Boxes that may reach each other are compared pixel by pixel, until one link is found.

So the work grows with the number of pixels and not with its square, however long a place burns
and however many pixels one fire has in a day.  The last step exists twice, with equal answers:
compiled, where the optional package for that is there, and on whole arrays here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from truceline.cells import AROUND_E5, COLUMNS, E5, ROW_E5, ROW_SHIFT, Integers, cover
from truceline.domain.detection import Columns
from truceline.fuse.linkage_boxes import (
    HALF_E5,
    POLE_E5,
    SLACK_KM,
    boxes_of,
    reach_minutes,
    reach_sin2,
)
from truceline.geo import EARTH_RADIUS_KM

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

SMALLEST_KM = 0.01
"""Positions are about a metre apart; linkage far below that would tell nothing."""


@dataclass(frozen=True)
class Rule:
    """How pixels are linked, and when a cluster is too large to be one incident.

    Beyond ``max_km`` or ``max_hours`` a cluster is linked again at half the radius and half the
    time, down to ``min_km`` and not below.
    """

    radius_km: float
    hours: float
    max_km: float
    max_hours: float
    min_km: float

    def __post_init__(self) -> None:
        _check_measures(self.radius_km, self.hours)
        if not SMALLEST_KM <= self.min_km <= self.radius_km:
            raise ValueError(
                f"min_km is {self.min_km}: choose {SMALLEST_KM} to {self.radius_km}, the radius"
            )
        if not (self.max_km > 0 and self.max_hours > 0):
            raise ValueError(f"limits {self.max_km} km, {self.max_hours} h: choose positive ones")


@dataclass(frozen=True)
class Linked:
    """Clusters of pixels, one row a pixel.

    ``label``: see `link`; ``chain``: whether the cluster stayed too large at the smallest radius
    and is no candidate for one incident; ``level_km``: the radius that its cluster was made with.
    """

    label: Integers
    chain: Bools
    level_km: Floats


def link(
    lat_e5: npt.ArrayLike,
    lon_e5: npt.ArrayLike,
    minute: npt.ArrayLike,
    radius_km: float,
    hours: float,
) -> Integers:
    """Cluster of each pixel: the place in the input of the cluster's first pixel.

    Pixels are linked at ``radius_km`` or less on the sphere and ``hours`` or less apart; clusters
    are what links connect (single linkage).  First means earliest, then southernmost, then
    westernmost, then first in the input.  Positions are integers of 1e-5 degrees, times integers
    of minutes; all three have one length.  Radii below 0.01 km, and positions that are none,
    raise ValueError.

    >>> link([5000000, 5000500, 5001000], [3000000] * 3, [0, 60, 120], 1.0, 24.0).tolist()
    [0, 0, 0]
    >>> link([0, 0], [18000000, -18000000], [1440, 0], 1.0, 24.0).tolist()  # one meridian
    [1, 1]
    >>> link([0, 0], [0, 0], [0, 1441], 1.0, 24.0).tolist()
    [0, 1]
    """
    _check_measures(radius_km, hours)
    lat, lon, when = _checked(lat_e5, lon_e5, minute)
    if not len(lat):
        return np.empty(0, dtype=np.int64)
    boxes, order = boxes_of(lat, lon, when, radius_km, hours)
    if compiled():
        from truceline.fuse.linkage_compiled import first_pixels, join_boxes

        return first_pixels(boxes, join_boxes(boxes), order, lon)
    from truceline.fuse.linkage_plain import join_plain

    cluster = np.empty(len(lat), dtype=np.int64)
    cluster[order] = np.repeat(join_plain(boxes), np.diff(boxes.start))
    return _first_pixels(cluster, lat, lon, when)


def link_guarded(
    lat_e5: npt.ArrayLike, lon_e5: npt.ArrayLike, minute: npt.ArrayLike, rule: Rule
) -> Linked:
    """Clusters as `link` makes them, where too large ones are taken apart.

    The extent of a cluster is the diagonal of the box around its unit vectors (km, as a chord),
    which does not depend on the order of pixels and is never less than its widest distance as a
    chord.  What is still too large at the smallest radius stays whole and is told as a chain:
    a burning steppe, say, that links cannot tell from one event.

    >>> rule = Rule(radius_km=2, hours=24, max_km=20, max_hours=240, min_km=0.5)
    >>> front = link_guarded(range(5000000, 5040000, 400), [3000000] * 100, [0] * 100, rule)
    >>> bool(front.chain.all()), set(front.level_km.tolist())
    (True, {0.5})
    """
    lat, lon, when = _checked(lat_e5, lon_e5, minute)
    label = link(lat, lon, when, rule.radius_km, rule.hours)
    chain = np.zeros(len(lat), dtype=np.bool_)
    level_km = np.full(len(lat), rule.radius_km, dtype=np.float64)
    radius_km, hours = rule.radius_km, rule.hours
    left = _too_large(np.arange(len(lat)), label, lat, lon, when, rule)
    while len(left) and radius_km / 2 >= rule.min_km:
        radius_km, hours = radius_km / 2, hours / 2
        label[left] = left[link(lat[left], lon[left], when[left], radius_km, hours)]
        level_km[left] = radius_km
        left = _too_large(left, label, lat, lon, when, rule)
    chain[left] = True
    return Linked(label, chain, level_km)


def pair_tables(cells: Integers, radius_km: float, hours: float) -> dict[str, Columns]:
    """The tables ``near`` and ``rule`` of the query ``linkage.sql`` for the cells that pixels have.

    ``near`` names all cells within reach of each cell, itself too, sorted.

    >>> tables = pair_tables(np.array([1400020000]), 1.0, 24.0)
    >>> len(tables["near"]["cell"]), tables["rule"]["minutes"].tolist()
    (21, [1440])
    """
    _check_measures(radius_km, hours)
    own = np.unique(cells)
    row, column = np.divmod(own, ROW_SHIFT)
    lat = row * ROW_E5 + ROW_E5 // 2 - POLE_E5
    lon = (2 * column + 1) * AROUND_E5 // (2 * COLUMNS[row]) - AROUND_E5 // 2
    half_lat, half_lon = ROW_E5 / 2, AROUND_E5 / COLUMNS[row] / 2 + 1
    widest = np.cos(np.radians(np.maximum(np.abs(lat) - half_lat, 0.0) / E5))
    sin2 = np.sin(half_lat * HALF_E5) ** 2 + (widest * np.sin(half_lon * HALF_E5)) ** 2
    corner_km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(sin2, 1.0)))
    keys, number = cover(lat, lon, radius_km + SLACK_KM + corner_km)
    order = np.lexsort((keys, number))
    rule = {"sin2": [reach_sin2(radius_km)], "minutes": [reach_minutes(hours)]}
    return {
        "near": {"cell": own[number[order]], "other": keys[order]},
        "rule": {name: np.array(values) for name, values in rule.items()},
    }


def compiled() -> bool:
    """Whether the compiled form can be used."""
    return find_spec("numba") is not None


def _check_measures(radius_km: float, hours: float) -> None:
    if not SMALLEST_KM <= radius_km < math.inf:
        raise ValueError(f"a radius of {radius_km} km: choose {SMALLEST_KM} km or more")
    if not 0 <= hours < math.inf:
        raise ValueError(f"links over {hours} h: choose 0 or more")


def _checked(*columns: npt.ArrayLike) -> tuple[Integers, Integers, Integers]:
    """Latitudes, longitudes and minutes as integers, or ValueError."""
    lat, lon, when = (np.asarray(column) for column in columns)
    if lat.ndim != 1 or not lat.shape == lon.shape == when.shape:
        raise ValueError(f"columns differ in shape: {lat.shape}, {lon.shape}, {when.shape}")
    if not len(lat):
        return lat.astype(np.int64), lon.astype(np.int64), when.astype(np.int64)
    if {lat.dtype.kind, lon.dtype.kind, when.dtype.kind} - {"i", "u"}:
        raise ValueError("positions and minutes are to be integers")
    if max(-int(lat.min()), int(lat.max())) > POLE_E5:
        raise ValueError("a latitude is not between -90 and 90 degrees")
    if max(-int(lon.min()), int(lon.max())) > AROUND_E5 // 2:
        raise ValueError("a longitude is not between -180 and 180 degrees")
    return lat, lon, when


def _first_pixels(cluster: Integers, lat: Integers, lon: Integers, when: Integers) -> Integers:
    """For each pixel the place of the first pixel of its cluster."""
    left = np.arange(len(cluster))
    least = np.empty(int(cluster.max()) + 1, dtype=np.int64)
    for column in (when, lat, lon, np.arange(len(cluster))):
        least.fill(np.iinfo(np.int64).max)
        values, of = column[left], cluster[left]
        np.minimum.at(least, of, values)
        left = left[values == least[of]]
    labels: Integers = least[cluster]
    return labels


def _too_large(
    some: Integers, label: Integers, lat: Integers, lon: Integers, when: Integers, rule: Rule
) -> Integers:
    """Those of some pixels, in order, whose cluster is too wide or too long."""
    order = np.argsort(label[some], kind="stable")
    members = some[order]
    first = np.concatenate([[True], label[members[1:]] != label[members[:-1]]])
    start = np.flatnonzero(first[: len(members)])
    size = np.diff(np.append(start, len(members)))
    more = np.repeat(size > 1, size)
    members, start = members[more], (np.cumsum(size[size > 1]) - size[size > 1])
    size = size[size > 1]
    if not len(members):
        return members
    phi, lam = np.radians(lat[members] / E5), np.radians(lon[members] / E5)
    square = np.zeros(len(start))
    for side in (np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)):
        square += (np.maximum.reduceat(side, start) - np.minimum.reduceat(side, start)) ** 2
    times = when[members]
    lasting = np.maximum.reduceat(times, start) - np.minimum.reduceat(times, start)
    wide = EARTH_RADIUS_KM * np.sqrt(square) > rule.max_km + SLACK_KM
    return np.sort(members[np.repeat(wide | (lasting > reach_minutes(rule.max_hours)), size)])
