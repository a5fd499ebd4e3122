"""DuckDB with its spatial extension: its own spatial join on boxes, then the distance."""

from __future__ import annotations

from answer import RADIUS_DEG, SIN2, run, threads

BOXES = """
CREATE TEMP TABLE box AS
SELECT id, lat_e5 / 1e5 AS lat, lon_e5 / 1e5 AS lon, first_minute, last_minute,
    degrees(asin(sin(radians({deg})) / cos(radians(lat)))) * (1 + 1e-9) AS wide,
    ST_MakeEnvelope(lon - wide, lat - {deg}, lon + wide, lat + {deg}) AS shape
FROM read_parquet('{objects}')
"""
PAIRS = """
SELECT h.lat_e5, h.lon_e5, h.minute, h.satellite, o.id AS object
FROM read_parquet([{heat}]) AS h
JOIN box AS o ON ST_Intersects(o.shape, ST_Point(h.lon_e5 / 1e5, h.lat_e5 / 1e5))
WHERE {timed}
    pow(sin(radians(h.lat_e5 / 1e5 - o.lat) / 2), 2)
        + cos(radians(h.lat_e5 / 1e5)) * cos(radians(o.lat))
        * pow(sin(radians(h.lon_e5 / 1e5 - o.lon) / 2), 2) <= {sin2!r}
"""
TIMED = "greatest(o.first_minute - h.minute, h.minute - o.last_minute) <= 0 AND"
"""Two plain comparisons of times would be taken for the join's own condition: the engine then
joins by inequality and leaves the spatial join aside, some fifty times slower."""


def version():
    import duckdb
    import pyarrow  # noqa: F401
    from duckdb_extensions import import_extension

    import_extension("spatial")
    return duckdb.__version__


def pairs(data, timed):
    import duckdb

    db = duckdb.connect()
    db.execute(f"LOAD spatial; SET threads = {threads()}; SET preserve_insertion_order = false")
    db.execute(BOXES.format(deg=RADIUS_DEG, objects=data.objects))
    heat = ", ".join(f"'{path}'" for path in data.heat)
    query = PAIRS.format(heat=heat, sin2=SIN2, timed=TIMED if timed else "")
    plan = db.execute("EXPLAIN " + query).fetchall()[0][1]
    found = db.execute(query).fetchnumpy()
    return found | {"told": {"spatial_join": "SPATIAL_JOIN" in plan}}


if __name__ == "__main__":
    run(
        "DuckDB spatial",
        version,
        {"radius": lambda data: pairs(data, True), "bigobjects": lambda data: pairs(data, False)},
    )
