"""Clusters of boxes of pixels, compiled: the last step of `truceline.fuse.linkage`.

Boxes are joined by union-find.  Threads take stretches of time of their own; what links from one
stretch to the next is joined afterwards, so that no two threads ever touch the same box.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np

from truceline.cells import AROUND_E5, Integers
from truceline.fuse.linkage_boxes import HALF_E5, POLE_E5, Boxes

RADIAN_E5 = 2 * HALF_E5
"""1e-5 degrees (rad)."""

SMALL = 0.01
SHRUNK = 1 - SMALL**2 / 6
"""Below the small angle (rad) a squared sine is at least this much of the squared angle."""

BOXES_A_THREAD = 100_000


def _kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled on first use; kept on disk where there is a folder to keep it in."""
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        return numba.njit(nogil=True)(function)


def join_boxes(boxes: Boxes) -> Integers:
    """Cluster of each box: the number of its first box."""
    grid, key, n = boxes.grid, boxes.key, len(boxes.key)
    parent = np.arange(n)
    pixels = (boxes.start, boxes.lat_e5, boxes.east_e5, boxes.minute)
    rows = (grid.columns, grid.cos_low, grid.cos_high, grid.wide_e5)
    measures = (grid.row_shift, grid.n_places, grid.height_e5, grid.first, grid.reach_e5)
    cuts = _cuts(key, grid.n_places, max(1, min(os.cpu_count() or 1, n // BOXES_A_THREAD)))

    def run(begin: int, end: int, low: int, high: int) -> None:
        limits = (boxes.minutes, grid.sin2)
        _join(parent, key, *pixels, *rows, *measures, *limits, begin, end, low, high)

    with ThreadPoolExecutor(len(cuts)) as pool:
        list(pool.map(run, cuts[:-1], cuts[1:], cuts[:-1], cuts[1:]))
    for cut in cuts[1:-1]:
        before = int(key[cut - 1]) // grid.n_places
        run(int(np.searchsorted(key, before * grid.n_places)), cut, cut, n)
    _flatten(parent)
    return parent


def first_pixels(boxes: Boxes, joined: Integers, order: Integers, lon_e5: Integers) -> Integers:
    """For each pixel the place of the first pixel of its cluster; ``order`` sorts pixels by box."""
    labels = np.empty(len(order), dtype=np.int64)
    lon = lon_e5.astype(np.int32, copy=False)
    _first_pixels(labels, joined, boxes.start, boxes.minute, boxes.lat_e5, lon, order)
    return labels


def _cuts(key: Integers, n_places: int, n_parts: int) -> list[int]:
    """Numbers of boxes that cut them into parts, each at the start of a stretch of time."""
    places = [len(key) * part // n_parts for part in range(1, n_parts)]
    starts = [int(np.searchsorted(key, key[at] // n_places * n_places)) for at in places]
    return [0, *sorted({at for at in starts if at > 0}), len(key)]


@_kernel
def _root(parent, box):  # type: ignore[no-untyped-def]
    while parent[box] != box:
        parent[box] = parent[parent[box]]
        box = parent[box]
    return box


@_kernel
def _flatten(parent):  # type: ignore[no-untyped-def]
    """The first box of a cluster is its root, so that one pass forward is enough."""
    for box in range(len(parent)):
        parent[box] = parent[parent[box]]


@_kernel
def _first_at(key, wanted, hint, low, high):  # type: ignore[no-untyped-def]
    """First box from ``low`` up to ``high`` whose key is not below the wanted one.

    Boxes come in order and so do their neighbours: the last answer is near the next.
    """
    at = min(max(hint, low), high)
    step = 1
    if at < high and key[at] < wanted:
        while at + step < high and key[at + step] < wanted:
            at += step
            step *= 2
        low, high = at + 1, min(at + step, high)
    else:
        while at - step >= low and key[at - step] >= wanted:
            at -= step
            step *= 2
        low, high = max(at - step + 1, low), at
    while low < high:
        middle = (low + high) // 2
        if key[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@_kernel
def _linked(  # type: ignore[no-untyped-def]
    start, lat, east, minute, a, b, cos2_low, cos2_high, reach, wide, minutes, sin2
):
    """Whether two boxes have a link; pixels far from the other box are passed over."""
    south, north = lat[start[b]], lat[start[b]]
    west, far_east = east[start[b]], east[start[b]]
    for q in range(start[b] + 1, start[b + 1]):
        south, north = min(south, lat[q]), max(north, lat[q])
        west, far_east = min(west, east[q]), max(far_east, east[q])
    for p in range(start[a], start[a + 1]):
        if south - lat[p] > reach or lat[p] - north > reach:
            continue
        if (
            min(
                max(west - east[p], east[p] - far_east),
                AROUND_E5 - max(far_east - east[p], east[p] - west),
            )
            > wide
        ):
            continue
        for q in range(start[b], start[b + 1]):
            if minute[q] - minute[p] > minutes:
                continue
            dlon = abs(east[p] - east[q])
            dlon = min(dlon, AROUND_E5 - dlon)
            x, y = dlon * RADIAN_E5, (lat[p] - lat[q]) * RADIAN_E5
            if y * y + cos2_high * x * x <= 4 * sin2:
                return True
            small = x < SMALL and abs(y) < SMALL
            if small and (y * y + cos2_low * x * x) * SHRUNK > 4 * sin2:
                continue
            cosines = math.cos(lat[p] * RADIAN_E5) * math.cos(lat[q] * RADIAN_E5)
            if math.sin(y / 2) ** 2 + cosines * math.sin(x / 2) ** 2 <= sin2:
                return True
    return False


@_kernel
def _join(  # type: ignore[no-untyped-def]
    parent,
    key,
    start,
    lat,
    east,
    minute,
    columns,
    cos_low,
    cos_high,
    wide_e5,
    row_shift,
    n_places,
    height,
    first,
    reach,
    minutes,
    sin2,
    begin,
    end,
    low,
    high,
):
    """Join boxes from ``begin`` up to ``end`` with their neighbours from ``low`` up to ``high``."""
    away = wide_e5.shape[1] // 2
    hints = np.full((2, 2 * away + 1), low)
    for a in range(begin, end):
        stretch = key[a] // n_places
        place = key[a] - stretch * n_places
        row = place // row_shift
        south, north = lat[start[a]], lat[start[a]]
        west, far_east = east[start[a]], east[start[a]]
        for p in range(start[a] + 1, start[a + 1]):
            south, north = min(south, lat[p]), max(north, lat[p])
            west, far_east = min(west, east[p]), max(far_east, east[p])
        for k in range(2 * away + 1):
            into = row + k - away
            if into < 0 or into >= len(columns) or wide_e5[row, k] < 0:
                continue
            edge = (first + into) * height - POLE_E5
            if edge - north > reach or south - edge - height >= reach:
                continue
            n, wide = columns[into], wide_e5[row, k]
            left = math.floor((west - wide) * (n / AROUND_E5))
            right = math.floor((far_east + wide) * (n / AROUND_E5))
            if right - left >= n - 1:
                left, right = 0, n - 1
            cos2_low = cos_low[row] * cos_low[into]
            cos2_high = cos_high[row] * cos_high[into]
            for later in range(0 if k >= away else 1, 2):
                base = (stretch + later) * n_places + into * row_shift
                for part in range(3):
                    if part == 0:
                        least, most = max(left, 0), min(right, n - 1)
                    elif part == 1:
                        least, most = left + n, n - 1
                    else:
                        least, most = 0, right - n
                    if least > most or (part == 1 and left >= 0) or (part == 2 and right < n):
                        continue
                    b = _first_at(key, base + least, hints[later, k], low, high)
                    if part == 0:
                        hints[later, k] = b
                    b = max(b, a + 1)
                    while b < high and key[b] <= base + most:
                        of_a, of_b = _root(parent, a), _root(parent, b)
                        if of_a != of_b and _linked(
                            start,
                            lat,
                            east,
                            minute,
                            a,
                            b,
                            cos2_low,
                            cos2_high,
                            reach,
                            wide,
                            minutes,
                            sin2,
                        ):
                            if of_a < of_b:
                                parent[of_b] = of_a
                            else:
                                parent[of_a] = of_b
                        b += 1


@_kernel
def _first_pixels(labels, joined, start, minute, lat, lon, order):  # type: ignore[no-untyped-def]
    """First means earliest, then southernmost, then westernmost, then first in the input."""
    best = np.full(len(joined), -1)
    for box in range(len(joined)):
        least = best[joined[box]]
        for p in range(start[box], start[box + 1]):
            if least < 0 or minute[p] < minute[least]:
                least = p
            elif minute[p] == minute[least]:
                new = (lat[p], lon[order[p]], order[p])
                if new < (lat[least], lon[order[least]], order[least]):
                    least = p
        best[joined[box]] = least
    for box in range(len(joined)):
        for p in range(start[box], start[box + 1]):
            labels[order[p]] = order[best[joined[box]]]
