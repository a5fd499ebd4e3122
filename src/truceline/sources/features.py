"""GeoJSON, read strictly: each feature is a row, its properties are the cells."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn, TypeVar

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from truceline.errors import BadFile, BadInput, Where
from truceline.sources.cells import Cells
from truceline.sources.contract import Fields, Opened, Read
from truceline.sources.table import collect

T = TypeVar("T")


def read_features(
    opened: Opened,
    fields: Fields,
    parse: Callable[[Cells, BaseGeometry], Iterable[T]],
    unique: tuple[str, ...] = (),
) -> Read[T]:
    """Records of a feature collection; the line of a row is the number of its feature."""
    geometries: dict[int, BaseGeometry] = {}

    def rows() -> Iterator[Cells | BadInput]:
        for number, feature in enumerate(_features(opened), 1):
            row = _cells(opened, number, feature)
            fields.check(row.values, opened.file, None)
            try:
                geometries[number] = _geometry(row, feature.get("geometry"))
            except BadInput as error:
                yield error
            else:
                yield row

    return collect(opened, rows(), lambda row: parse(row, geometries[row.line]), unique)


def _features(opened: Opened) -> list[dict[str, Any]]:
    try:
        tree = json.loads(opened.data, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise BadFile(
            f"no valid JSON: {error.msg}",
            Where(opened.file, error.lineno),
            expected="a GeoJSON feature collection",
            remedy="take the file from its source again: it may be truncated",
        ) from error
    except ValueError as error:
        raise BadFile(f"no valid JSON: {error}", Where(opened.file)) from error
    features = tree.get("features") if isinstance(tree, dict) else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise BadFile(
            "there is no list of features",
            Where(opened.file, None, "features"),
            expected="a GeoJSON feature collection",
            remedy="check the kind of the file",
        )
    return features


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _cells(opened: Opened, number: int, feature: dict[str, Any]) -> Cells:
    properties = feature.get("properties") or {}
    values = {key: "" if value is None else str(value) for key, value in properties.items()}
    return Cells(opened.source.id, opened.file, number, values, feature=True)


def _geometry(row: Cells, geometry: Any) -> BaseGeometry:
    try:
        found: BaseGeometry = shape(geometry)
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise row.bad("geometry", f"no geometry can be read: {error}", "a GeoJSON geometry") from (
            error
        )
    if found.is_empty or shapely.get_coordinates(found).size == 0:
        raise row.bad("geometry", "the geometry is empty", "a point, line or polygon")
    return found
