"""The records of a case with the fires that stand: read into memory, or taken from an archive.

From an archive only those fires are taken that something in the case can ask about: near a place
that a claim names, or near an object where a series counts fires near objects.  What is told of
the files themselves is the same either way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from truceline import thresholds as t
from truceline.archive.heat_folder import Contents, Taken
from truceline.cells import E5, tiles_of_cells
from truceline.detect.thermal import heat_columns, near_tables, query
from truceline.domain.detection import ALWAYS, Ask, Circle, Columns, Table
from truceline.domain.heat_table import (
    CONFIDENCES,
    SATELLITES,
    SENSORS,
    UNSAID,
    day_of,
    moment_of,
)
from truceline.domain.observation import Heat, HeatCover
from truceline.domain.provenance import Row
from truceline.domain.result import Input, Quarantined
from truceline.geo import Extent, Point
from truceline.pipeline.ingest import extent_columns
from truceline.pipeline.products import Desk, in_order, key_of, outdated
from truceline.pipeline.series import ALL_PIXELS, NEAR_OBJECTS
from truceline.pipeline.taking import box_e5, changed, source_name
from truceline.sources.casefile import Case
from truceline.sources.cells import Cells
from truceline.sources.contract import KindName, Read, SourceFile
from truceline.sources.files import open_source
from truceline.sources.firms import read_heat, repeated_note
from truceline.sources.records import (
    Records,
    Stage,
    input_of,
    promised,
    read_records,
    silent,
)
from truceline.sources.survey import lines_of, survey
from truceline.sources.table import EMPTY

NEAR: Mapping[str, str] = {
    "lat_e5": "INTEGER",
    "lon_e5": "INTEGER",
    "minute": "INTEGER",
    "satellite": "SMALLINT",
    "confidence": "SMALLINT",
    "static": "SMALLINT",
    "frp_kw": "INTEGER",
    "standard": "SMALLINT",
    "source": "VARCHAR",
    "line": "INTEGER",
    "sha256": "VARCHAR",
}
"""Rows of an archive that a case can ask about, with the hash of each row's raw values."""

MARGIN_KM = 0.01


def read_all(case: Case, ask: Ask, stage: Stage = silent) -> Records:
    """Everything of a case in memory, fires that a better version replaces left out."""
    records = read_records(case, stage)
    sources = case.of_kind(KindName.HEAT)
    mixed = len({heat.standard for heat in records.heat}) > 1
    if (len(sources) < 2 and not mixed) or not records.heat:
        return records
    table = {**heat_columns(records.heat)}
    table["source"] = np.array([heat.row.source for heat in records.heat])
    names = sorted(set(table["source"].tolist()))
    declared = {source.id: source.extent for source in sources}
    extents = {}
    for name in names:
        mine, box = table["source"] == name, declared[name]
        lat, lon = table["lat_e5"][mine], table["lon_e5"][mine]
        rows = (int(lat.min()), int(lon.min()), int(lat.max()), int(lon.max()))
        extents[name] = box_e5(box.extent) if box else rows
    found = ask(query("resolve"), {"heat": table, "extent": extent_columns(extents)})
    kept = np.sort(found["line"][found["state"] == 0])
    return replace(records, heat=tuple(records.heat[i] for i in kept.tolist()))


@dataclass(frozen=True)
class Archived:
    """A case whose fires lie in an archive."""

    case: Case
    desk: Desk
    contents: Contents

    def read(self, stage: Stage = silent) -> Records:
        """Everything of the case, with those fires that something in it can ask about."""
        records = read_records(self.case, stage, without=(KindName.HEAT,))
        heat = self._select(self._circles(records), stage)
        sources = {source.id: source for source in self.case.of_kind(KindName.HEAT)}
        taken = {name: self.contents.taken[name] for name in sorted(sources)}
        inputs = [_input(sources[name], one) for name, one in taken.items()]
        aside = [Quarantined(**row) for one in taken.values() for row in one.aside]
        quarantine = sorted([*records.quarantine, *aside], key=lambda row: (row.source, row.line))
        return replace(
            records,
            heat=heat,
            first_heat=_first_heat(taken.values()),
            heat_days={name: _days(one) for name, one in taken.items()},
            heat_cover=promised(
                (sources[name], sensor, rows)
                for name, one in taken.items()
                for sensor, rows in _spans(one)
            ),
            inputs=tuple(sorted([*records.inputs, *inputs], key=lambda file: file.path)),
            quarantine=tuple(quarantine),
        )

    def _circles(self, records: Records) -> list[Circle] | None:
        """Around every place that a claim names, and around objects where a series asks so.

        None: everywhere, as a series counts all fire pixels.
        """
        if any(one.measure == ALL_PIXELS for one in self.case.file.series):
            return None
        far = max(max(edges) for edges in t.HEAT_EDGES_KM.values()) + t.PERSISTENCE_RADIUS_KM
        reach = {claim.place.point: far for claim in records.claims if claim.place.point}
        if any(one.measure == NEAR_OBJECTS for one in self.case.file.series):
            for one in records.objects:
                if one.usable:
                    reach.setdefault(one.point, t.HEAT_NEAR_KM)
        ordered = sorted(reach.items(), key=lambda item: (item[0].lat, item[0].lon))
        return [Circle(point, km + MARGIN_KM, *ALWAYS) for point, km in ordered]

    def _select(self, circles: Sequence[Circle] | None, stage: Stage) -> tuple[Heat, ...]:
        """Fires within the circles, in order of file and line; kept by month."""
        told = [(c.point.lat, c.point.lon, c.radius_km) for c in circles or ()]
        keys, text = {}, query("near")
        for month, held in sorted(self.contents.months.items()):
            files_of = [(n, o.sha256) for n, o in self.contents.taken.items() if month in o.months]
            keys[month] = key_of(text, held.sha256, circles is None, told, sorted(files_of))
        self.desk.keep("near", keys)
        wanted = outdated(self.desk, "near", keys)
        near = near_tables({}, circles) if circles and wanted else None
        for month, key in wanted.items():
            stage(f"fires near places, {month}")
            self._select_month(month, key, near, everywhere=circles is None)
        if not keys:
            return ()
        files = self.desk.files("near", keys, NEAR)
        found = self.desk.engine.ask("SELECT * FROM near ORDER BY source, line", {"near": files})
        return tuple(_heat(found, i) for i in range(len(found["line"])))

    def _select_month(
        self, month: str, key: str, near: Mapping[str, Table] | None, everywhere: bool
    ) -> None:
        found: Columns = {name: np.empty(0, dtype=np.int64) for name in NEAR}
        if everywhere:
            names = ", ".join(name for name in NEAR if name != "sha256")
            text = f"SELECT {names} FROM heat"
            found = _each_once(self.desk.ask(text, {"heat": self.desk.folder.files([month])}))
        elif near is not None:
            tables = {**near, "heat": self.desk.folder.files([month], near_tiles(near))}
            found = _each_once(self.desk.ask(query("near"), tables))
        sha256 = np.full(len(found["line"]), "", dtype="U64")
        for source in sorted(set(found["source"].tolist())):
            mine = found["source"] == source
            hashes = self._hashes(source, found["line"][mine].tolist())
            sha256[mine] = [hashes[line] for line in found["line"][mine].tolist()]
        rows = {**{name: found[name] for name in NEAR if name != "sha256"}, "sha256": sha256}
        self.desk.put("near", month, key, rows, NEAR)

    def _hashes(self, name: str, lines: Sequence[int]) -> dict[int, str]:
        """Hashes of the raw values of some rows of a file; ``BadFile`` for one that has changed."""
        source = next(s for s in self.case.of_kind(KindName.HEAT) if s.id == name)
        taken, folder = self.contents.taken[name], self.desk.folder
        path = self.case.folder / source.path
        if taken.plain:
            offsets = folder.lines(name, taken)
            if offsets is None:
                offsets = list(survey(path, source).offsets)
                folder.put_lines(name, taken, offsets)
            texts = lines_of(path, offsets, lines)
            if folder.stamps.sha256(source_name(source), path) != taken.sha256:
                raise changed(source)
            cut = source.dialect.delimiter
            values = {n: dict(zip(taken.header, texts[n].split(cut), strict=True)) for n in lines}
            return {n: Cells(name, source.path, n, values[n]).sha256 for n in lines}
        opened = open_source(self.case.folder, source, "quarantine")
        if opened.sha256 != taken.sha256:
            raise changed(source)
        return {heat.row.line: heat.row.sha256 for heat in read_heat(opened).records}


def near_tiles(near: Mapping[str, Table]) -> tuple[int, ...]:
    """The tiles in which circles lie."""
    cover = near["cover"]
    return tuple(tiles_of_cells(cover["cell"]).tolist()) if isinstance(cover, Mapping) else ()


def _each_once(found: Columns) -> Columns:
    """Rows in order of file and line, one that lies within several circles once."""
    rows = in_order(found, "source", "line")
    line = rows["line"]
    new = np.ones(len(line), dtype=bool)
    new[1:] = (line[1:] != line[:-1]) | (rows["source"][1:] != rows["source"][:-1])
    return {name: column[new] for name, column in rows.items()}


def _heat(rows: Columns, i: int) -> Heat:
    """One fire pixel from a row of the table ``near``."""
    satellite, static = int(rows["satellite"][i]), int(rows["static"][i])
    sha256, frp = str(rows["sha256"][i]), int(rows["frp_kw"][i])
    return Heat(
        row=Row(str(rows["source"][i]), sha256[:12], int(rows["line"][i]), sha256),
        observed_at=moment_of(int(rows["minute"][i])),
        point=Point(int(rows["lat_e5"][i]) / E5, int(rows["lon_e5"][i]) / E5),
        sensor=SENSORS[satellite],
        satellite=SATELLITES[satellite],
        confidence=CONFIDENCES[int(rows["confidence"][i])],
        frp_mw=None if frp == UNSAID else frp / 1000,
        static_source=None if static == UNSAID else bool(static),
        standard=bool(rows["standard"][i]),
    )


def _days(taken: Taken) -> dict[str, tuple[date, date]]:
    """First and last day with a fire, by sensor."""
    return {
        sensor: (day_of(first), day_of(taken.last_day[sensor]))
        for sensor, first in sorted(taken.first_day.items())
    }


def _first_heat(taken: Iterable[Taken]) -> dict[str, datetime]:
    found: dict[str, int] = {}
    for one in taken:
        for satellite, minute in one.first_minute.items():
            found[satellite] = min(minute, found.get(satellite, minute))
    return {satellite: moment_of(minute) for satellite, minute in sorted(found.items())}


def _spans(one: Taken) -> Iterator[tuple[str, HeatCover]]:
    """By sensor, what the rows of a file span; nothing where rows were set aside."""
    for sensor, (first, last) in {} if one.aside else _days(one).items():
        yield sensor, HeatCover(first, last, Extent(*(side / E5 for side in one.box[sensor])))


def _input(source: SourceFile, taken: Taken) -> Input:
    notes = () if taken.n_rows else (EMPTY,)
    read: Read[Heat] = Read(notes=notes, n_rows=taken.n_rows)
    read = read.noting(repeated_note(taken.n_repeated))
    return replace(input_of(source, taken.sha256, read), n_quarantined=len(taken.aside))
