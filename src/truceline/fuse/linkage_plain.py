"""Clusters of boxes of pixels on whole arrays: the last step of `truceline.fuse.linkage`.

Used where the optional package for the compiled form is missing; the answers are the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from truceline.cells import AROUND_E5, Integers, spread
from truceline.fuse.linkage_boxes import HALF_E5, POLE_E5, Boxes

Bools = npt.NDArray[np.bool_]
Pairs = tuple[Integers, Integers]
Three = tuple[Integers, Integers, Integers]

BOXES_AT_ONCE = 500_000
PAIRS_AT_ONCE = 1_000_000
FEW_PAIRS = 64
"""Pairs of pixels that two boxes compare before links found elsewhere are looked at."""
MANY_PAIRS = 4_096
"""Pairs that two boxes compare one by one before they are cut into pieces."""

PIECE = 16
"""Pixels of a piece."""
NOT_LESS = 1 + 1e-12
"""A little more, so that rounding never rules out a pair."""

_NO_PAIRS: Pairs = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def join_plain(boxes: Boxes) -> Integers:
    """Cluster of each box, numbered from 0, with arrays only.

    Boxes with many pairs of pixels come last, when most of them are in one cluster already.
    """
    span = _span(boxes)
    size = np.diff(boxes.start)
    links, many = [_NO_PAIRS], [_NO_PAIRS]
    for a, b in _neighbours(boxes, span):
        few = size[a] * size[b] <= FEW_PAIRS
        hit = _linked(boxes, a[few], b[few], 0, FEW_PAIRS)
        links.append((a[few][hit], b[few][hit]))
        many.append((a[~few], b[~few]))
    joined = _components(len(boxes.key), *_together(links))
    return _joined_many(boxes, joined, *_together(many))


def _span(boxes: Boxes) -> tuple[Three, Three]:
    """Least and greatest latitude, place to the east and minute of each box."""
    columns = (boxes.lat_e5, boxes.east_e5, boxes.minute)
    low_lat, low_east, low_minute = (np.minimum.reduceat(c, boxes.start[:-1]) for c in columns)
    high_lat, high_east, high_minute = (np.maximum.reduceat(c, boxes.start[:-1]) for c in columns)
    return (low_lat, low_east, low_minute), (high_lat, high_east, high_minute)


def _neighbours(boxes: Boxes, span: tuple[Three, Three]) -> Iterator[Pairs]:
    """Pairs of boxes that may hold linked pixels, each once, some at a time."""
    grid, (low, high) = boxes.grid, span
    away = grid.n_rows_away
    for begin in range(0, len(boxes.key), BOXES_AT_ONCE):
        every = np.arange(begin, min(begin + BOXES_AT_ONCE, len(boxes.key)))
        stretch, place = np.divmod(boxes.key[every], grid.n_places)
        row = place // grid.row_shift
        for north in range(-away, away + 1):
            into = row + north
            south_edge = (grid.first + into) * grid.height_e5 - POLE_E5
            near = south_edge - high[0][every] <= grid.reach_e5
            near &= low[0][every] - south_edge - grid.height_e5 < grid.reach_e5
            near &= (into >= 0) & (into < len(grid.columns))
            near &= grid.wide_e5[row, north + away] >= 0
            box, into, wide = every[near], into[near], grid.wide_e5[row[near], north + away]
            for later in (0, 1) if north >= 0 else (1,):
                base = (stretch[near] + later) * grid.n_places + into * grid.row_shift
                edges = low[1][box] - wide, high[1][box] + wide
                for some, first, last in _ranges(*edges, grid.columns[into]):
                    n, b = _between(boxes.key, box[some], base[some] + first, base[some] + last)
                    n = some[n]
                    meet = _spans_meet(box[n], b, span, boxes)
                    yield box[n[meet]], b[meet]


def _ranges(
    west_e5: Integers, east_e5: Integers, columns: Integers
) -> Iterator[tuple[Integers, Integers, Integers]]:
    """Columns from west to east: numbers of the rows of the input, first and last column.

    What crosses the antimeridian comes in two parts.
    """
    first, last = west_e5 * columns // AROUND_E5, east_e5 * columns // AROUND_E5
    whole = last - first >= columns - 1
    first, last = np.where(whole, 0, first), np.where(whole, columns - 1, last)
    yield np.arange(len(first)), np.maximum(first, 0), np.minimum(last, columns - 1)
    low, high = np.flatnonzero(first < 0), np.flatnonzero(last >= columns)
    yield low, first[low] + columns[low], columns[low] - 1
    yield high, np.zeros_like(high), last[high] - columns[high]


def _between(key: Integers, box: Integers, first: Integers, last: Integers) -> Pairs:
    """Boxes after each box with keys from first to last: numbers of rows of the input, boxes."""
    low = np.maximum(np.searchsorted(key, first), box + 1)
    some = np.flatnonzero(key[np.minimum(low, len(key) - 1)] <= last)
    some = some[low[some] < len(key)]
    low = low[some]
    n = np.maximum(np.searchsorted(key, last[some], side="right") - low, 0)
    number, place = spread(np.zeros_like(n), n - 1)
    return some[number], low[number] + place


def _spans_meet(a: Integers, b: Integers, span: tuple[Three, Three], boxes: Boxes) -> Bools:
    """Whether the spans of two boxes come near enough for a link; no pixels are nearer."""
    (low_lat, low_east, low_minute), (high_lat, high_east, high_minute) = span
    meet = low_minute[b] - high_minute[a] <= boxes.minutes
    north = np.maximum(low_lat[b] - high_lat[a], low_lat[a] - high_lat[b])
    east = np.maximum(low_east[b] - high_east[a], low_east[a] - high_east[b])
    west = AROUND_E5 - np.maximum(high_east[b] - low_east[a], high_east[a] - low_east[b])
    steep = (np.maximum(np.abs(low_lat[box]), np.abs(high_lat[box])) for box in (a, b))
    cosine, other = (np.cos(lat * (2 * HALF_E5)) for lat in steep)
    sin2 = np.sin(np.maximum(north, 0) * HALF_E5) ** 2
    sin2 += cosine * other * np.sin(np.maximum(np.minimum(east, west), 0) * HALF_E5) ** 2
    meet &= sin2 <= boxes.grid.sin2 * NOT_LESS
    return meet


def _linked(boxes: Boxes, a: Integers, b: Integers, begin: int, end: int) -> Bools:
    """Whether two boxes have a link among their pairs of pixels from ``begin`` up to ``end``.

    Pairs are numbered along diagonals, so that the first ones are spread over both boxes.
    """
    hit = np.zeros(len(a), dtype=np.bool_)
    if not len(a):
        return hit
    size_a, size_b = boxes.start[a + 1] - boxes.start[a], boxes.start[b + 1] - boxes.start[b]
    n = np.clip(size_a * size_b - begin, 0, end - begin)
    cuts = np.flatnonzero(np.diff((np.cumsum(n) - n) // PAIRS_AT_ONCE)) + 1
    for part in np.split(np.arange(len(a)), cuts):
        number, pair = spread(np.zeros_like(n[part]), n[part] - 1)
        number, pair = part[number], pair + begin
        i = pair % size_a[number]
        j = (i + pair // size_a[number]) % size_b[number]
        near = _near(boxes, boxes.start[a[number]] + i, boxes.start[b[number]] + j)
        hit[number[near]] = True
    return hit


def _near(boxes: Boxes, p: Integers, q: Integers) -> Integers:
    """Numbers of those pairs of pixels that are linked."""
    some = np.flatnonzero(np.abs(boxes.minute[p] - boxes.minute[q]) <= boxes.minutes)
    p, q = p[some], q[some]
    lat, other = boxes.lat_e5[p], boxes.lat_e5[q]
    close = np.abs(lat - other) <= boxes.grid.reach_e5
    some, p, q, lat, other = some[close], p[close], q[close], lat[close], other[close]
    east = np.abs(boxes.east_e5[p] - boxes.east_e5[q])
    cosines = np.cos(lat * (2 * HALF_E5)) * np.cos(other * (2 * HALF_E5))
    sin2 = np.sin((lat - other) * HALF_E5) ** 2 + cosines * np.sin(east * HALF_E5) ** 2
    linked: Integers = some[sin2 <= boxes.grid.sin2]
    return linked


def _joined_many(boxes: Boxes, joined: Integers, a: Integers, b: Integers) -> Integers:
    """Clusters of boxes after boxes with many pairs of pixels were compared as well.

    Each round compares some more pairs, of boxes that are not yet in one cluster; what has no
    link then is compared by pieces.
    """
    ids, number = np.unique(np.concatenate([joined[a], joined[b]]), return_inverse=True)
    parts = np.arange(len(ids))
    of_a, of_b = number[: len(a)], number[len(a) :]
    begin, n = 0, FEW_PAIRS
    size = np.diff(boxes.start)
    while len(a) and begin < MANY_PAIRS:
        apart = (parts[of_a] != parts[of_b]) & (size[a] * size[b] > begin)
        a, b, of_a, of_b = a[apart], b[apart], of_a[apart], of_b[apart]
        hit = _linked(boxes, a, b, begin, begin + n)
        parts = _components(len(parts), parts[of_a[hit]], parts[of_b[hit]])[parts]
        begin, n = begin + n, 2 * n
    for one, other, first, second in zip(a, b, of_a, of_b, strict=True):
        if parts[first] != parts[second] and _linked_by_pieces(boxes, int(one), int(other)):
            parts[parts == parts[second]] = parts[first]
    whole = np.arange(int(joined.max()) + 1)
    first = np.unique(parts, return_index=True)[1]
    whole[ids] = ids[first][np.unique(parts, return_inverse=True)[1]]
    return whole[joined]


def _linked_by_pieces(boxes: Boxes, a: int, b: int) -> bool:
    """Whether two large boxes have a link: most pairs of small pieces of them are too far apart."""
    orders = [_in_strips(boxes, box) for box in (a, b)]
    order = np.concatenate(orders)
    n_a, n_b = (-(-len(pixels) // PIECE) for pixels in orders)
    starts = [np.arange(n_a) * PIECE, len(orders[0]) + np.arange(n_b) * PIECE]
    pieces = replace(
        boxes,
        start=np.append(np.concatenate(starts), len(order)),
        lat_e5=boxes.lat_e5[order],
        east_e5=boxes.east_e5[order],
        minute=boxes.minute[order],
    )
    span = _span(pieces)
    step = max(1, PAIRS_AT_ONCE // n_b)
    for begin in range(0, n_a, step):
        one = np.repeat(np.arange(begin, min(begin + step, n_a)), n_b)
        other = n_a + np.arange(len(one)) % n_b
        meet = _spans_meet(one, other, span, pieces)
        if _linked(pieces, one[meet], other[meet], 0, PIECE * PIECE).any():
            return True
    return False


def _in_strips(boxes: Boxes, box: int) -> Integers:
    """Pixels of a box, from west to east in strips about as high as pieces will be wide."""
    pixels = np.arange(boxes.start[box], boxes.start[box + 1])
    n_strips = math.isqrt(len(pixels) // PIECE) + 1
    lat = boxes.lat_e5[pixels]
    strip = (lat - lat.min()).astype(np.int64) * n_strips // (int(np.ptp(lat)) + 1)
    return pixels[np.lexsort((boxes.east_e5[pixels], strip))]


def _components(n: int, a: Integers, b: Integers) -> Integers:
    """Connected component of each of ``n`` nodes, numbered from 0."""
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(n, n))
    found: Integers = connected_components(graph, directed=False)[1]
    return found


def _together(pairs: list[Pairs]) -> Pairs:
    return np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs])
