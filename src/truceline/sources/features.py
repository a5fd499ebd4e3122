"""Features of GeoJSON as rows: each feature is a row, its properties are the cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

from shapely.geometry.base import BaseGeometry

from truceline.errors import BadFile, BadInput
from truceline.sources.cells import Cells
from truceline.sources.contract import Fields, Opened, Read
from truceline.sources.geojson import DEPTH, BadGeometry, features_of, geometry_of
from truceline.sources.table import collect
from truceline.sources.texts import no_text

T = TypeVar("T")


def read_features(
    opened: Opened,
    fields: Fields,
    parse: Callable[[Cells, BaseGeometry], Iterable[T]],
    unique: tuple[str, ...] = (),
    types: Collection[str] = tuple(DEPTH),
) -> Read[T]:
    """Records of a feature collection; the line of a row is the number of its feature.

    ``types`` are the types of geometry that the kind of file may hold.
    """
    geometries: dict[int, BaseGeometry] = {}

    def rows() -> Iterator[Cells | BadInput]:
        for number, feature in enumerate(features_of(opened), 1):
            try:
                row = _cells(opened, number, feature, fields)
                geometries[number] = _geometry(row, feature.get("geometry"), types)
            except BadFile:
                raise
            except BadInput as error:
                yield error
            else:
                yield row

    return collect(opened, rows(), lambda row: parse(row, geometries[row.line]), unique)


def _cells(opened: Opened, number: int, feature: Any, fields: Fields) -> Cells:
    """The properties of a feature as text; those that are taken have to be plain values."""
    blank = Cells(opened.source.id, opened.file, number, {}, feature=True)
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise blank.bad("type", "this is no feature", 'an object with "type": "Feature"')
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        raise blank.bad("properties", "there is no object of properties", "names with values")
    fields.check(properties, opened.file, None)
    for name, value in properties.items():
        taken = name in fields.take or name in fields.optional
        if taken and isinstance(value, dict | list):
            raise blank.bad(name, "the value is an object or a list", "text, a number or null")
        for what in no_text({name: value}):
            raise blank.bad(name, f"the text holds {what}", "whole Unicode characters")
    values = {key: "" if value is None else str(value) for key, value in properties.items()}
    return Cells(
        opened.source.id, opened.file, number, values, feature=True, span=opened.source.span
    )


def _geometry(row: Cells, value: Any, types: Collection[str]) -> BaseGeometry:
    try:
        return geometry_of(value, types)
    except BadGeometry as error:
        raise row.bad("geometry", error.what, error.expected) from error
