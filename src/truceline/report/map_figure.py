"""Where incidents are claimed, by the precision of the place; a map that takes no side.

The base is every outline of a region at hand, all in one line; no border of a country is
drawn.  A region is drawn as the region, a district as an area around its anchor, a town as a
ring; no position is drawn finer than the publication policy of the case.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from truceline.geo import KM_PER_DEGREE
from truceline.report.plain import Item
from truceline.report.tongue import Tongue
from truceline.thresholds import DRAWN_KM

WIDTH = 960
"""Width of the drawing (px)."""

MARGIN_DEG = 0.6
"""Space around the regions that claims name (degrees)."""

NOWHERE = (999.0, 999.0)
"""Sorts places without a position of their own behind the others."""

HATCH = 7
"""Distance of the lines that mark a region (px)."""

HEIGHTS = (1 / 2, 2 / 5, 3 / 5, 3 / 10, 7 / 10, 1 / 5, 4 / 5)
"""Where in a region its number is tried, as shares of its height."""

PLATE = (13.0, 10.0)
"""Half the width and height of the plate with the number of a region (px)."""


def map_figure(dossier: Item, outlines: Item, tongue: Tongue) -> Item:
    """Geometry of the drawing and the rows of its table; without outlines only the table."""
    km = dossier["publication"]["coarsen_km"] or DRAWN_KM
    rows = _rows(dossier, km)
    shapes = {f["id"]: _rings(f["geometry"]) for f in outlines["features"]}
    code_of = {i["place"]["region"]: i["place"]["area"] for i in dossier["incidents"]}
    named = sorted({code for code in code_of.values() if code in shapes})
    if not named:
        return {"rows": rows, "outlines": [], "attribution": ""}
    view = _View([ring for code in named for ring in shapes[code]])
    sharp = [row for row in rows if row["lat"] is not None]
    level = [row for row in rows if row["lat"] is None]
    drawn = [row for row in level if row["area"] in shapes]
    symbols = _merged([_symbol(row, view, km) for row in sharp])
    taken = _label(symbols)
    regions = [_region(row, shapes[row["area"]], view, taken) for row in drawn]
    return {
        "rows": rows,
        "width": WIDTH,
        "height": view.height,
        "outlines": [path for code in sorted(shapes) if (path := view.path(shapes[code]))],
        "regions": regions,
        "symbols": symbols,
        "n_undrawn": sum(row["n"] for row in level) - sum(row["n"] for row in drawn),
        "scale": round(100 / KM_PER_DEGREE * view.per_degree, 1),
        "latitude": round(view.middle),
        "attribution": outlines["attribution"],
        "drawn_km": km,
    }


class _View:
    """Degrees to pixels: equirectangular, true along the middle latitude."""

    def __init__(self, rings: list[list[list[float]]]) -> None:
        lons = [point[0] for ring in rings for point in ring]
        lats = [point[1] for ring in rings for point in ring]
        self.west, self.east = min(lons) - MARGIN_DEG, max(lons) + MARGIN_DEG
        self.south, self.north = min(lats) - MARGIN_DEG, max(lats) + MARGIN_DEG
        self.middle = (self.south + self.north) / 2
        self.squeeze = math.cos(math.radians(self.middle))
        self.per_degree = WIDTH / ((self.east - self.west) * self.squeeze)
        self.height = round((self.north - self.south) * self.per_degree)

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """Pixels from the upper left corner."""
        x = (lon - self.west) * self.squeeze * self.per_degree
        return round(x, 1), round((self.north - lat) * self.per_degree, 1)

    def path(self, rings: list[list[list[float]]]) -> str:
        """Rings as a path; blank if none of them is in view."""
        told = []
        for ring in rings:
            points = [self.xy(lon, lat) for lon, lat in ring]
            if any(0 <= x <= WIDTH and 0 <= y <= self.height for x, y in points):
                told.append(_line(points))
        return "".join(told)


LEADING_ZERO = re.compile(r"^(-?)0\.")


def _line(points: list[tuple[float, float]]) -> str:
    """A ring as a path: its first corner, then steps from corner to corner in tenths of a pixel.

    >>> _line([(10.0, 5.0), (10.4, 4.0), (9.0, 4.0), (9.0, 24.5)])
    'M10 5l.4-1-1.4 0 0 20.5z'
    """
    (x, y), parts = (round(v * 10) for v in points[0]), []
    parts.append(f"M{x / 10:g} {y / 10:g}l")
    for point in points[1:]:
        at_x, at_y = (round(v * 10) for v in point)
        for i, step in enumerate((at_x - x, at_y - y)):
            told = LEADING_ZERO.sub(r"\1.", f"{step / 10:g}")
            close = (i == 0 and parts[-1][-1] == "l") or told[0] == "-"
            parts.append(told if close else f" {told}")
        x, y = at_x, at_y
    return "".join(parts) + "z"


def _rings(geometry: Item) -> list[list[list[float]]]:
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return [ring for polygon in polygons for ring in polygon]


def _rows(dossier: Item, km: float) -> list[Item]:
    """Incidents by region, precision and, where it is sharp, cell of the drawing."""
    groups: dict[tuple[str, str, float, float], list[Item]] = defaultdict(list)
    for incident in dossier["incidents"]:
        place = incident["place"]
        spot = _snapped(place, km)
        key = (place["region"] or "", place["precision"], *(spot or NOWHERE))
        groups[key].append(incident)
    rows = []
    for (region, precision, lat, lon), found in sorted(groups.items()):
        rows.append(
            {
                "region": region,
                "area": found[0]["place"]["area"],
                "precision": precision,
                "lat": None if (lat, lon) == NOWHERE else lat,
                "lon": None if (lat, lon) == NOWHERE else lon,
                "uncertainty_km": max(i["place"]["uncertainty_km"] for i in found),
                "incidents": [
                    {"id": i["id"], "claims": [a["claim"] for a in i["accounts"]]} for i in found
                ],
                "n": len(found),
                "made": sorted(
                    Counter(a["claimant_side"] for i in found for a in i["accounts"]).items()
                ),
            }
        )
    return rows


def _snapped(place: Item, km: float) -> tuple[float, float] | None:
    """A position on the grid of the drawing; None where a region stands for itself."""
    if place["lat"] is None or place["precision"] == "region":
        return None
    step = km / KM_PER_DEGREE
    lat = round(round(place["lat"] / step) * step, 4)
    wide = step / math.cos(math.radians(lat))
    return lat, round(round(place["lon"] / wide) * wide, 4)


def _symbol(row: Item, view: _View, km: float) -> Item:
    x, y = view.xy(row["lon"], row["lat"])
    reach_km = max(row["uncertainty_km"], km)
    return {
        "x": x,
        "y": y,
        "r": round(reach_km / KM_PER_DEGREE * view.per_degree, 1),
        "district": row["precision"] == "district",
        "n": row["n"],
    }


def _merged(symbols: list[Item]) -> list[Item]:
    """One symbol for each cell and kind, also across a border of regions; large ones first."""
    cells: dict[tuple[float, float, bool], Item] = {}
    for symbol in symbols:
        key = (symbol["x"], symbol["y"], symbol["district"])
        if other := cells.get(key):
            symbol = {**symbol, "n": symbol["n"] + other["n"], "r": max(symbol["r"], other["r"])}
        cells[key] = symbol
    return sorted(cells.values(), key=lambda s: (-s["r"], s["y"], s["x"]))


class _Taken:
    """Boxes in which something is written."""

    def __init__(self) -> None:
        self.boxes: list[tuple[float, float, float, float]] = []

    def free(self, x: float, y: float, size: tuple[float, float]) -> bool:
        """Whether a box around a point meets no other."""
        return not any(
            abs(x - x1) < size[0] + w and abs(y - y1) < size[1] + h for x1, y1, w, h in self.boxes
        )

    def take(self, x: float, y: float, size: tuple[float, float]) -> None:
        self.boxes.append((x, y, *size))


def _label(symbols: list[Item]) -> _Taken:
    """Puts the number of each symbol where it meets no other: small symbols first."""
    taken = _Taken()
    for symbol in sorted(symbols, key=lambda s: (s["r"], s["y"], s["x"])):
        x, y, r = symbol["x"], symbol["y"], symbol["r"]
        size = (3.5 * len(str(symbol["n"])) + 4.5, 6.0)
        tries = [y, y - r + 7, y + r - 7, y - r - 7, y + r + 7] if symbol["district"] else [y]
        at = next((at for at in tries if taken.free(x, at, size)), y)
        symbol["label"] = round(at, 1)
        if symbol["n"] > 1 or not symbol["district"]:
            taken.take(x, at, size)
    return taken


def _region(row: Item, rings: list[list[list[float]]], view: _View, taken: _Taken) -> Item:
    places = [view.xy(lon, lat) for lon, lat in _inside(max(rings, key=_area))]
    x, y = next((place for place in places if taken.free(*place, PLATE)), places[0])
    taken.take(x, y, PLATE)
    return {"x": x, "y": y, "n": row["n"], "lines": _hatch(rings, view)}


def _area(ring: list[list[float]]) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))) / 2


def _inside(ring: list[list[float]]) -> Iterator[tuple[float, float]]:
    """Points well inside a ring, in its longest cut at each height, from the middle outwards."""
    lats = [lat for _, lat in ring]
    for share in HEIGHTS:
        lat = min(lats) + share * (max(lats) - min(lats))
        cuts = _cuts(ring, lat)
        pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
        west, east = max(pairs, key=lambda pair: pair[1] - pair[0])
        for part in (1 / 2, 1 / 3, 2 / 3):
            yield west + part * (east - west), lat


def _cuts(ring: list[list[float]], lat: float) -> list[float]:
    """Longitudes at which a ring crosses a latitude, in order."""
    return sorted(
        x1 + (lat - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in pairwise(ring)
        if (y1 <= lat) != (y2 <= lat)
    )


def _hatch(rings: list[list[list[float]]], view: _View) -> str:
    """Level lines inside a region, as one path: needs no pattern of the renderer."""
    lats = [lat for ring in rings for _, lat in ring]
    step = HATCH / view.per_degree
    parts = []
    lat = math.ceil(min(lats) / step) * step
    while lat < max(lats):
        cuts = sorted(cut for ring in rings for cut in _cuts(ring, lat))
        for west, east in zip(cuts[::2], cuts[1::2], strict=False):
            x1, y = view.xy(west, lat)
            x2, _ = view.xy(east, lat)
            parts.append(f"M{x1:g} {y:g}H{x2:g}")
        lat += step
    return "".join(parts)
