"""Plain FIRMS tables by a query: the rows whose meaning is beyond doubt, at the speed of reading.

The query accepts only what the strict reader accepts too, with the same meaning.  Every other row
comes back by its line, and the strict reader says whether it is wrong, and why.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from truceline.cells import COLUMNS, N_ROWS
from truceline.domain.detection import Columns
from truceline.domain.heat_table import CONFIDENCES
from truceline.domain.heat_table import SATELLITES as PLACES
from truceline.geo import Extent
from truceline.sources.contract import FIRST_YEAR, LAST_YEAR, SourceFile
from truceline.sources.firms import (
    MAX_FRP_MW,
    MODIS_HIGH_FROM,
    MODIS_NOMINAL_FROM,
    SATELLITES,
    STATIC_SOURCE,
    VERSION,
    WORDS,
)

WORLD = Extent(-90, -180, 90, 180)


def row_table() -> Columns:
    """Cells in each row of cells, for the query: ``row`` and ``n``."""
    return {"row": np.arange(N_ROWS), "n": COLUMNS}


def select_rows(lines: str, header: Sequence[str], source: SourceFile) -> str:
    """The query over ``lines``, a table of text with the columns of the header and ``line``.

    Rows have the columns of a heat table but those that `with_cells` adds, ``month`` as text and
    ``good``: 1 where the meaning is beyond doubt.
    """
    return f"""
WITH typed AS (
    SELECT
        line,
        TRY_CAST(latitude AS DOUBLE) AS lat_deg,
        TRY_CAST(longitude AS DOUBLE) AS lon_deg,
        TRY_CAST(latitude AS DOUBLE) * 100000 AS lat,
        TRY_CAST(longitude AS DOUBLE) * 100000 AS lon,
        TRY_CAST(acq_date AS DATE) AS acquired,
        TRY_CAST(acq_time AS INTEGER) AS hhmm,
        LENGTH(acq_time) AS n_digits,
        CASE WHEN frp = '' THEN -0.001 ELSE TRY_CAST(frp AS DOUBLE) END * 1000 AS power,
        frp = '' OR TRY_CAST(frp AS DOUBLE) BETWEEN 0 AND {MAX_FRP_MW} AS powered,
        CAST({_satellite()} AS SMALLINT) AS satellite,
        CAST({_confidence()} AS SMALLINT) AS confidence,
        CAST({_static(header)} AS SMALLINT) AS static,
        CAST(CASE WHEN version LIKE '%NRT' THEN 0 ELSE 1 END AS SMALLINT) AS standard,
        TRANSLATE(CONCAT(latitude, longitude, frp, acq_date), '0123456789.-', '') = ''
            AND TRANSLATE(acq_time, '0123456789', '') = '' AND acq_date LIKE '____-__-__'
            AND REGEXP_FULL_MATCH(version, '{VERSION.pattern}') AS in_form
    FROM {lines}
),
whole AS (
    SELECT
        typed.*,
        TRY_CAST(ROUND(lat) AS INTEGER) AS lat_e5,
        TRY_CAST(ROUND(lon) AS INTEGER) AS lon_e5,
        TRY_CAST(ROUND(power) AS INTEGER) AS frp_kw,
        acquired - DATE '1970-01-01' AS day,
        CAST(COALESCE(in_form AND powered AND n_digits BETWEEN 1 AND 4
            AND ABS(lat - ROUND(lat)) < 0.001 AND ABS(lon - ROUND(lon)) < 0.001
            AND ABS(power - ROUND(power)) < 0.001
            AND hhmm BETWEEN 0 AND 2359 AND MOD(hhmm, 100) < 60
            AND satellite >= 0 AND confidence >= 0 AND static >= -1
            AND {_inside(source)}, false) AS TINYINT) AS good
    FROM typed
)
SELECT
    lat_e5, lon_e5,
    TRY_CAST(day * 1440 + FLOOR(hhmm / 100.0) * 60 + MOD(hhmm, 100) AS INTEGER) AS minute,
    CAST(day AS INTEGER) AS day,
    satellite, confidence, static, frp_kw, standard,
    '{source.id}' AS source,
    CAST(line AS INTEGER) AS line,
    STRFTIME(acquired, '%Y-%m') AS month,
    good
FROM whole
"""


def with_cells(rows: str) -> str:
    """The query over ``rows``, a table with positions, that adds ``tile`` and ``cell``.

    It needs `row_table` as ``cell_row``, and knows how many rows there are: a table of text does
    not, and would be held in memory for the join.
    """
    return f"""
SELECT
    positions.*,
    CAST(LEAST(FLOOR((lat_e5 + 9000000) / 1000000.0), 17) * 36
        + MOD(FLOOR((lon_e5 + 18000000) / 1000000.0), 36) AS SMALLINT) AS tile,
    CAST(cell_row.row * 100000 + MOD(FLOOR(
        (lon_e5 + 18000000) * cell_row.n / 36000000.0), cell_row.n) AS INTEGER) AS cell
FROM {rows} AS positions
INNER JOIN cell_row
    ON cell_row.row = LEAST(CAST(FLOOR((lat_e5 + 9000000) / 1000.0) AS BIGINT), 17999)
"""


def _satellite() -> str:
    cases = [
        f"WHEN instrument = '{instrument}' AND satellite = '{name}' THEN {PLACES.index(known)}"
        for instrument, names in SATELLITES.items()
        for name, known in names.items()
    ]
    return f"CASE {' '.join(cases)} ELSE -1 END"


def _confidence() -> str:
    words = " ".join(
        f"WHEN confidence = '{word}' THEN {CONFIDENCES.index(known)}"
        for word, known in WORDS.items()
    )
    digits = "instrument = 'MODIS' AND LENGTH(confidence) <= 3 AND confidence NOT LIKE '%.%'"
    digits += " AND TRANSLATE(confidence, '0123456789', '') = ''"
    percent = "TRY_CAST(confidence AS INTEGER)"
    bands = f"WHEN {percent} < {MODIS_NOMINAL_FROM} THEN 0 WHEN {percent} < {MODIS_HIGH_FROM} "
    bands += f"THEN 1 WHEN {percent} <= 100 THEN 2 ELSE -1"
    return f"CASE {words} WHEN {digits} THEN CASE {bands} END ELSE -1 END"


def _static(header: Sequence[str]) -> str:
    if "type" not in header:
        return "-1"
    cases = " ".join(f"WHEN type = '{k}' THEN {int(v)}" for k, v in STATIC_SOURCE.items())
    return f"CASE {cases} ELSE -2 END"


def _inside(source: SourceFile) -> str:
    """Whether position and date are what the contract promises."""
    box = source.extent.extent if source.extent else WORLD
    across = "AND" if box.west <= box.east else "OR"
    first, last = source.span or (None, None)
    return (
        f"lat_deg BETWEEN {box.south!r} AND {box.north!r} AND lon_deg BETWEEN -180 AND 180 AND "
        f"(lon_deg >= {box.west!r} {across} lon_deg <= {box.east!r}) AND "
        f"acquired BETWEEN DATE '{first or f'{FIRST_YEAR}-01-01'}' "
        f"AND DATE '{last or f'{LAST_YEAR}-12-31'}'"
    )
