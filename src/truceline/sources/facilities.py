"""Registries of protected objects: OpenStreetMap, GPPD, its raw file for Russia, plain lists."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from truceline.domain.agreement import Code, ObjectClass
from truceline.domain.place import ProtectedObject
from truceline.domain.said import said
from truceline.geo import Point
from truceline.sources.cells import Cells
from truceline.sources.contract import Contract, Fields, Opened, Read
from truceline.sources.features import read_features
from truceline.sources.files import options_of
from truceline.sources.table import read_table

OSM = Fields(
    take=("osm_id", "osm_type", "power", "plant:source", "name"),
    ignore=(
        "substation",
        "station_name_en",
        "operator",
        "operator:en",
        "barrier",
        "voltage",
        "landuse",
        "plant:method",
        "plant:output:electricity",
        "oblast_name_en",
        "gppd_overlap",
    ),
)
GPPD = Fields(
    take=("name", "gppd_idnr", "latitude", "longitude", "primary_fuel", "country"),
    ignore=(
        "country_long",
        "capacity_mw",
        "other_fuel1",
        "other_fuel2",
        "other_fuel3",
        "commissioning_year",
        "owner",
        "source",
        "url",
        "geolocation_source",
        "wepp_id",
        "year_of_capacity_data",
        "generation_gwh_20??",
        "generation_data_source",
        "estimated_generation_gwh_20??",
        "estimated_generation_note_20??",
    ),
)
WRI = Fields(
    take=("Power Plant ID", "Name", "Fuel", "Latitude", "Longitude"),
    ignore=(
        "Secondary Fuel",
        "Generator Technology",
        "Units",
        "Capacity (MW)",
        "Commissioning Date",
        "Owner",
        "Operational Status",
        "Location",
        "Annual Generation (GWh)",
        "Year of Data",
        "Generation Data Source",
        "Cooling Technology",
        "Cooling Source",
        "Fuel Consumption (g/kWh)",
        "CO2 Annual Reported",
        "CO2 Specific Emissions (tCO2/MWh)",
        "Efficiency",
        "Other",
        "Source",
        "URL",
        "Source 2",
        "URL 2",
        "Peak Load (MW)",
        "Load Factor",
        "Capacity Factor",
        "Availability",
        "Grid Connection (kV)",
        "Grid Balancing Area",
        "Address",
        "Municipality",
        "Postal Code",
        "Country",
        "Natural Language",
        "Geolocation Source",
    ),
)
PLAIN = Fields(take=("name", "lat", "lon", "caution"), ignore=("aliases", "precision_deg"))

NUCLEAR = "nuclear"
FUELS = (
    "",
    "biogas",
    "biomass",
    "blast furnace gas",
    "coal",
    "cogeneration",
    "diesel",
    "fuel oil",
    "gas",
    "geothermal",
    "hydro",
    "mazut",
    "natural gas",
    NUCLEAR,
    "oil",
    "other",
    "petcoke",
    "solar",
    "storage",
    "unknown",
    "waste",
    "wave and tidal",
    "wind",
    "wood",
)
"""Fuels as the registries name them, in small letters; all but nuclear are one class."""


class FacilityOptions(Contract):
    """Whose territory the objects of a registry stand on."""

    territory: Code


class WriOptions(FacilityOptions):
    """Rows whose position is known to be wrong, by name, each with the reason."""

    known_bad: dict[str, str] = Field(default_factory=dict)


class PlainOptions(FacilityOptions):
    """One class for the whole list."""

    object_class: ObjectClass


def plant_class(cells: Cells, field: str) -> str:
    """Class of a plant by its fuels; a fuel that nobody listed is refused.

    >>> plant_class(Cells("plants", "plants.csv", 2, {"fuel": "gas;coal"}), "fuel")
    'power_plant'
    """
    fuels = cells.parts(field) or ("",)
    for fuel in fuels:
        if fuel.lower() not in FUELS:
            raise cells.bad(field, f"unknown fuel {fuel!r}", f"one of {', '.join(FUELS[1:])}")
    return "nuclear_plant" if NUCLEAR in [fuel.lower() for fuel in fuels] else "power_plant"


def read_osm(opened: Opened) -> Read[ProtectedObject]:
    """Plants and substations of OpenStreetMap; an outline becomes a point inside it."""
    territory = options_of(opened.source, FacilityOptions).territory

    def parse(cells: Cells, geometry: BaseGeometry) -> Iterator[ProtectedObject]:
        power = cells.code("power", ("plant", "substation"))
        found = plant_class(cells, "plant:source") if power == "plant" else power
        key = f"{cells.code('osm_type', ('node', 'way', 'relation'))}/{cells.key('osm_id')}"
        inner = geometry.representative_point()
        point = cells.placed("geometry", inner.y, inner.x, opened.extent)
        yield _object(opened, cells, key, cells.text("name"), found, territory, point)

    return read_features(opened, OSM, parse, unique=("osm_type", "osm_id"))


def read_gppd(opened: Opened) -> Read[ProtectedObject]:
    """Power plants of the Global Power Plant Database."""
    territory = options_of(opened.source, FacilityOptions).territory

    def parse(cells: Cells) -> Iterator[ProtectedObject]:
        found = plant_class(cells, "primary_fuel")
        cells.name("country")
        key, name = cells.key("gppd_idnr"), cells.name("name")
        point = cells.point("latitude", "longitude", opened.extent)
        yield _object(opened, cells, key, name, found, territory, point)

    return read_table(opened, GPPD, parse, unique=("gppd_idnr",))


def read_wri(opened: Opened) -> Read[ProtectedObject]:
    """Power plants of the raw WRI file; rows without a position are counted, not guessed.

    Its plant ids repeat, so that an id takes a part of the hash of its row as well.
    """
    options = options_of(opened.source, WriOptions)
    left_out: list[str] = []
    unplaced: list[int] = []

    def parse(cells: Cells) -> Iterator[ProtectedObject]:
        name = cells.name("Name")
        if name in options.known_bad:
            left_out.append(
                said(
                    "line {line}, {name}: left out: {why:told}",
                    line=str(cells.line),
                    name=name,
                    why=options.known_bad[name],
                )
            )
        elif not (cells.text("Latitude") or cells.text("Longitude")):
            unplaced.append(cells.line)
        else:
            found = plant_class(cells, "Fuel")
            key = f"{cells.key('Power Plant ID')}-{cells.sha256[:8]}"
            point = cells.point("Latitude", "Longitude", opened.extent)
            yield _object(opened, cells, key, name, found, options.territory, point)

    read = read_table(opened, WRI, parse)
    count = said("{n} rows have no position and are left out", n=len(unplaced))
    return read.noting(count if unplaced else "", *left_out)


def read_plain(opened: Opened) -> Read[ProtectedObject]:
    """A plain list of one class; what carries a caution is named but never measured against."""
    options = options_of(opened.source, PlainOptions)

    def parse(cells: Cells) -> Iterator[ProtectedObject]:
        yield _object(
            opened,
            cells,
            cells.sha256[:12],
            cells.name("name"),
            options.object_class,
            options.territory,
            cells.point("lat", "lon", opened.extent),
            usable=not cells.text("caution").strip(),
        )

    return read_table(opened, PLAIN, parse, unique=("name",))


def _object(
    opened: Opened,
    cells: Cells,
    key: str,
    name: str,
    object_class: str,
    territory: str,
    point: Point,
    usable: bool = True,
) -> ProtectedObject:
    return ProtectedObject(
        id=key,
        row=cells.row(key),
        registry=opened.source.id,
        name=name,
        object_class=object_class,
        territory=territory,
        point=point,
        usable=usable,
        licence=opened.source.licence,
    )
