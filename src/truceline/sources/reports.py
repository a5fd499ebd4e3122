"""Reports of observers on the spot, also those who noticed nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from truceline.clock import Interval
from truceline.domain.agreement import Agreement
from truceline.domain.observation import FieldReport
from truceline.domain.place import Area, Position, Precision
from truceline.domain.provenance import Known
from truceline.domain.trees import OBJECTS
from truceline.sources.cells import Cells
from truceline.sources.contract import Fields, Opened, Read
from truceline.sources.table import read_table
from truceline.thresholds import UNCERTAINTY_KM

FIELDS = Fields(
    take=(
        "report_id",
        "observer",
        "independent",
        "means",
        "sense",
        "finding",
        "time_from_utc",
        "time_until_utc",
        "place",
        "region",
        "lat",
        "lon",
        "location_precision",
        "object_class",
        "names_party",
        "origin_id",
        "source_date",
        "text",
    )
)
INSTANT = timedelta(microseconds=1)
SENSES = ("seen", "heard", "both", "recorded")
FINDINGS = ("act_observed", "nothing_observed")


def read_reports(
    opened: Opened, agreement: Agreement, regions: Mapping[str, Area]
) -> Read[FieldReport]:
    """What observers recorded or found quiet, with the stretch of time they watched (UTC)."""

    def parse(cells: Cells) -> Iterator[FieldReport]:
        start, until = cells.moment("time_from_utc"), cells.moment("time_until_utc")
        if start >= until:
            raise cells.bad("time_until_utc", "it ends before it starts", "a time after the first")
        cells.check_span("time_from_utc", start.date())
        cells.check_span("time_until_utc", (until - INSTANT).date())
        finding, party = cells.code("finding", FINDINGS), cells.text("names_party")
        if finding == "nothing_observed" and party:
            raise cells.bad("names_party", "nothing was observed, yet a party is named", "blank")
        object_class = cells.text("object_class")
        yield FieldReport(
            id=cells.key("report_id"),
            row=cells.row(cells.key("report_id")),
            known=Known.of(cells.day_or_none("source_date"), until.date()),
            observer=cells.name("observer"),
            independent=cells.flag("independent"),
            means=cells.name("means"),
            sense=cells.code("sense", SENSES),
            finding=finding,
            interval=Interval(start, until),
            place=_position(cells, opened, regions),
            object_class=cells.code("object_class", OBJECTS.names) if object_class else None,
            names=cells.code("names_party", tuple(agreement.parties)) if party else None,
            origin_id=cells.key("origin_id"),
            text=cells.text("text"),
        )

    return read_table(opened, FIELDS, parse, unique=("report_id",))


def _position(cells: Cells, opened: Opened, regions: Mapping[str, Area]) -> Position:
    area = cells.choice("region", regions) if regions else None
    precision = Precision(cells.code("location_precision", tuple(Precision)))
    return Position(
        name=cells.name("place"),
        region=cells.text("region"),
        area=area.code if area else None,
        territory=area.territory if area else None,
        control=None,
        control_basis="not stated",
        point=cells.point_or_none("lat", "lon", opened.extent),
        precision=precision,
        uncertainty_km=UNCERTAINTY_KM[precision],
    )
