"""SedonaDB: its spatial join, on boxes or with a distance on the sphere; the faster for each.

RIVAL_WAY is ``box`` or ``geography``.
"""

from __future__ import annotations

import os

from answer import KEY, RADIUS_DEG, RADIUS_KM, SIN2, run, threads

NEAR = {
    "box": "ST_Intersects(o.shape, ST_Point(h.lon_e5 / 1e5, h.lat_e5 / 1e5))",
    "geography": "ST_DWithin(o.spot, ST_GeogPoint(h.lon_e5 / 1e5, h.lat_e5 / 1e5), {metres})",
}
SHAPE = {
    "box": "ST_MakeEnvelope(lon - wide, lat - {deg}, lon + wide, lat + {deg}) AS shape",
    "geography": "ST_GeogPoint(lon, lat) AS spot",
}
QUERY = """
WITH place AS (
    SELECT *, lat_e5 / 1e5 AS lat, lon_e5 / 1e5 AS lon,
        degrees(asin(sin(radians({deg})) / cos(radians(lat_e5 / 1e5)))) * (1 + 1e-9) AS wide
    FROM objects
), box AS (SELECT *, {shape} FROM place)
SELECT h.lat_e5, h.lon_e5, h.minute, h.satellite, o.id AS object
FROM heat AS h JOIN box AS o ON {near}
WHERE {timed}
    power(sin(radians(h.lat_e5 / 1e5 - o.lat) / 2), 2)
        + cos(radians(h.lat_e5 / 1e5)) * cos(radians(o.lat))
        * power(sin(radians(h.lon_e5 / 1e5 - o.lon) / 2), 2) <= {sin2!r}
"""


def version():
    import sedonadb

    return sedonadb.__version__


def pairs(data, timed):
    import sedonadb

    way = os.environ.get("RIVAL_WAY", "box")
    sd = sedonadb.connect()
    sd.sql(f"SET datafusion.execution.target_partitions = {threads()}").execute()
    sd.read_parquet(data.heat).to_view("heat")
    sd.read_parquet(data.objects).to_view("objects")
    known = {"deg": RADIUS_DEG, "metres": 1000 * RADIUS_KM * (1 + 1e-6)}
    query = QUERY.format(
        **known,
        sin2=SIN2,
        shape=SHAPE[way].format(**known),
        near=NEAR[way].format(**known),
        timed="o.first_minute <= h.minute AND h.minute <= o.last_minute AND" if timed else "",
    )
    table = sd.sql(query).to_arrow_table()
    found = {name: table[name].to_numpy() for name in (*KEY, "object")}
    return found | {"told": {"way": way}}


if __name__ == "__main__":
    run(
        "SedonaDB",
        version,
        {"radius": lambda data: pairs(data, True), "bigobjects": lambda data: pairs(data, False)},
    )
