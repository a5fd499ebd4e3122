"""GeoJSON as RFC 7946 has it: UTF-8, every key once, longitude and latitude of WGS84.

What is wrong with the file refuses it; what is wrong with one geometry is said in words, so
that the reader can set its feature aside.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, NoReturn

from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from truceline.errors import BadFile, Where
from truceline.sources.contract import Opened
from truceline.sources.texts import BOM, utf8

CRS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84")
"""Longitude and latitude of WGS84: what GeoJSON means anyway where it names no system."""

DEPTH = {
    "Point": 0,
    "LineString": 1,
    "MultiPoint": 1,
    "Polygon": 2,
    "MultiLineString": 2,
    "MultiPolygon": 3,
}
"""How many lists lie around the positions of a geometry."""

FAR = 1e9
"""Numbers beyond are no degrees and no metres, and are not printed."""

RING = 4
"""Fewest positions of a ring: three corners, and the first once more."""


class BadGeometry(ValueError):
    """What is wrong with a geometry, and what was expected."""

    def __init__(self, what: str, expected: str) -> None:
        super().__init__(what)
        self.what, self.expected = what, expected


# --- the file -----------------------------------------------------------------------------------


def features_of(opened: Opened) -> list[Any]:
    """The features of a collection, not yet looked at."""
    name = opened.file
    tree = json_tree(opened, "GeoJSON", "a GeoJSON feature collection, every key once")
    kind = tree.get("type") if isinstance(tree, dict) else None
    if kind != "FeatureCollection":
        raise BadFile(
            "the file is no feature collection",
            Where(name, None, "type"),
            expected='"type": "FeatureCollection" on the outside',
            remedy="check the kind of the file",
        )
    if "crs" in tree and _crs_name(tree["crs"]) not in CRS84:
        raise BadFile(
            f"the positions are in the system {_crs_name(tree['crs']) or 'unknown'}",
            Where(name, None, "crs"),
            expected="no `crs`, or CRS84: longitude and latitude of WGS84 in degrees",
            remedy="convert the file to WGS84",
        )
    features = tree.get("features")
    if not isinstance(features, list):
        raise BadFile(
            "there is no list of features",
            Where(name, None, "features"),
            expected="a GeoJSON feature collection",
            remedy="check the kind of the file",
        )
    return features


def json_tree(opened: Opened, what: str, expected: str) -> Any:
    """The content of a JSON file, read strictly: UTF-8, every key once, no NaN."""
    encoding, data = opened.source.dialect.encoding, opened.data
    if not encoding.startswith("utf-8"):
        raise BadFile(
            f"{what} cannot be {encoding}",
            Where(opened.source.toml, None, "dialect.encoding"),
            expected="utf-8, or utf-8-sig where the file has a byte order mark",
            remedy="remove the key",
        )
    text = utf8(data.removeprefix(BOM) if encoding == "utf-8-sig" else data, opened.file)

    def bad(problem: str, line: int | None = None) -> BadFile:
        return BadFile(
            f"no valid JSON: {problem}",
            Where(opened.file, line),
            expected=expected,
            remedy="take the file from its source again: it may be truncated",
        )

    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_every_key_once)
    except json.JSONDecodeError as error:
        raise bad(error.msg, error.lineno) from error
    except RecursionError as error:
        raise bad("nested too deeply") from error
    except _BadJson as error:
        raise bad(str(error)) from error
    except ValueError as error:
        raise bad("a number has too many digits") from error


class _BadJson(ValueError):
    """What Python would let pass and JSON does not have."""


def _refuse_constant(name: str) -> NoReturn:
    raise _BadJson(f"{name} is no number")


def _every_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, n in Counter(key for key, _ in pairs).items() if n > 1)
        raise _BadJson(f"the key {twice!r} occurs twice in one object")
    return found


def _crs_name(crs: Any) -> str:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else ""


# --- geometries ---------------------------------------------------------------------------------


def geometry_of(value: Any, types: Collection[str]) -> BaseGeometry:
    """A geometry of one of the types, closed and within the degrees of the globe.

    >>> geometry_of({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}, DEPTH)
    Traceback (most recent call last):
        ...
    truceline.sources.geojson.BadGeometry: ring 1 is not closed: it ends elsewhere than it starts
    """
    known = ", ".join(types)
    if not isinstance(value, dict):
        raise BadGeometry("there is no geometry", known)
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in types:
        named = kind if isinstance(kind, str) else "without a type"
        raise BadGeometry(f"the geometry is {named}", f"one of {known}")
    lines = list(_lines(value.get("coordinates"), DEPTH[kind]))
    if not lines or not all(lines):
        raise BadGeometry("the geometry is empty", "at least one position in each part")
    for number, line in enumerate(lines, 1):
        for position in line:
            _check_position(position)
        if kind.endswith("Polygon"):
            _check_ring(number, line)
    try:
        found: BaseGeometry = shape(value)
    except (ShapelyError, TypeError, ValueError) as error:
        raise BadGeometry(
            "no geometry can be made of the coordinates",
            "lines of two positions or more, all of two or all of three numbers",
        ) from error
    return found


def _lines(coordinates: Any, depth: int) -> Iterator[list[Any]]:
    """The lists of positions, one for each line or ring."""
    if depth == 0:
        yield [coordinates]
    elif not isinstance(coordinates, list):
        raise BadGeometry("the coordinates are not nested as the type says", "lists of positions")
    elif depth == 1:
        yield coordinates
    else:
        if not coordinates:
            yield []
        for part in coordinates:
            yield from _lines(part, depth - 1)


def _check_position(position: Any) -> None:
    expected = "longitude -180 to 180, then latitude -90 to 90, and no more than a height after"
    numbers = isinstance(position, list) and all(type(n) in (int, float) for n in position)
    if not numbers or not 2 <= len(position) <= 3:
        raise BadGeometry("a position is not two or three numbers", expected)
    lon, lat, *height = position
    if not all(-FAR <= n <= FAR for n in height):
        raise BadGeometry("a height is no number of metres", expected)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        shown = f" {lon:g}, {lat:g}" if abs(lon) <= FAR and abs(lat) <= FAR else ""
        raise BadGeometry(f"the position{shown} is nowhere on the globe", expected)


def _check_ring(number: int, ring: list[Any]) -> None:
    if len(ring) < RING:
        raise BadGeometry(f"ring {number} has {len(ring)} positions", f"at least {RING}")
    if ring[0] != ring[-1]:
        raise BadGeometry(
            f"ring {number} is not closed: it ends elsewhere than it starts",
            "the first position once more at the end",
        )
