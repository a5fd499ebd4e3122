"""PostGIS: an own server on loopback, tables loaded and indexed beforehand.

    apt-get install postgresql-15 postgresql-15-postgis-3

The server is started in a new folder as the user ``postgres`` and ended afterwards.  Loading and
indexing are told apart (``load_s``); ``seconds`` and ``cpu_s`` are those of the query, the server's
time included, and ``peak_mb`` is that of the client.  RIVAL_WAY: ``geography`` asks for distances
on the sphere, ``box`` for boxes about the objects and then the distance.  RIVAL_PG names the folder
of the server's programs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from answer import KEY, RADIUS_DEG, RADIUS_KM, SIN2, fastest, run, threads

PROGRAMS = os.environ.get("RIVAL_PG", "/usr/lib/postgresql/15/bin")
PORT = "54329"
HOME = Path(tempfile.mkdtemp(prefix="rival-pg-"))
DATA = HOME / "data"
SETTLED_S = 0.5
"""After which the CPU time of ended parts of the server is told by the server."""

SETTINGS = {
    "shared_buffers": "2GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
    "effective_cache_size": "8GB",
    "max_wal_size": "8GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "off",
    "random_page_cost": "1.1",
    "jit": "off",
    "autovacuum": "off",
    "max_parallel_workers_per_gather": str(threads() - 1),
    "max_parallel_maintenance_workers": str(threads() - 1),
}

TABLES = """
CREATE EXTENSION postgis;
CREATE UNLOGGED TABLE heat (lat_e5 int, lon_e5 int, minute int, satellite int);
CREATE UNLOGGED TABLE objects
    (id int, lat_e5 int, lon_e5 int, first_minute int, last_minute int);
"""
SHAPED = {
    "geography": """
CREATE UNLOGGED TABLE seen AS
SELECT *, ST_Point(lon_e5 / 1e5, lat_e5 / 1e5, 4326)::geography AS spot FROM heat;
CREATE UNLOGGED TABLE known AS
SELECT *, ST_Point(lon_e5 / 1e5, lat_e5 / 1e5, 4326)::geography AS spot FROM objects;
""",
    "box": f"""
CREATE UNLOGGED TABLE seen AS
SELECT *, ST_Point(lon_e5 / 1e5, lat_e5 / 1e5, 4326) AS spot FROM heat;
CREATE UNLOGGED TABLE known AS
WITH place AS (
    SELECT *, lat_e5 / 1e5::float8 AS lat, lon_e5 / 1e5::float8 AS lon,
        degrees(asin(sin(radians({RADIUS_DEG})) / cos(radians(lat_e5 / 1e5::float8))))
            * (1 + 1e-9) AS wide
    FROM objects
)
SELECT *, ST_MakeEnvelope(lon - wide, lat - {RADIUS_DEG}, lon + wide, lat + {RADIUS_DEG}, 4326)
    AS spot
FROM place;
""",
}
INDEXED = "CREATE INDEX ON seen USING gist (spot)"
NEAR = {
    # A little more than the radius: the server's sphere is 0.3 m smaller than that of the task.
    "geography": f"ST_DWithin(h.spot, o.spot, {1000 * RADIUS_KM * (1 + 1e-6)}, false)",
    "box": "h.spot && o.spot",
}
PAIRS = """
SELECT h.lat_e5, h.lon_e5, h.minute, h.satellite, o.id AS object
FROM known AS o JOIN seen AS h ON {near}
WHERE h.minute BETWEEN o.first_minute AND o.last_minute
    AND power(sin(radians((h.lat_e5 - o.lat_e5) / 1e5::float8) / 2), 2)
        + cos(radians(h.lat_e5 / 1e5::float8)) * cos(radians(o.lat_e5 / 1e5::float8))
        * power(sin(radians((h.lon_e5 - o.lon_e5) / 1e5::float8) / 2), 2) <= {sin2!r}
"""


def version():
    import psycopg

    return psycopg.__version__


def start_server():
    """A new server below ``HOME``, which listens on loopback only."""
    shutil.chown(HOME, "postgres")
    _as_postgres("initdb", "-D", str(DATA), "-A", "trust", "-E", "UTF8", "--no-sync")
    with (DATA / "postgresql.conf").open("a") as settings:
        settings.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
    where = f"-h 127.0.0.1 -p {PORT} -k {HOME}"
    _as_postgres("pg_ctl", "-D", str(DATA), "-l", str(HOME / "log"), "-w", "-o", where, "start")


def stop_server():
    """End the server, if it runs, and remove its folder."""
    if (DATA / "postmaster.pid").exists():
        _as_postgres("pg_ctl", "-D", str(DATA), "-m", "immediate", "-w", "stop")
    shutil.rmtree(HOME, ignore_errors=True)


def _as_postgres(program, *more):
    command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    command += [f"{PROGRAMS}/{program}", *more]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def server_cpu_s():
    """CPU time of the server and of what it has started and ended."""
    time.sleep(SETTLED_S)
    main = (DATA / "postmaster.pid").read_text().split("\n")[0]
    fields = Path(f"/proc/{main}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def connected():
    import psycopg

    return psycopg.connect(f"host=127.0.0.1 port={PORT} user=postgres dbname=postgres")


def load(data, way):
    """Tables, their shapes and the index."""
    import pyarrow as pa
    import pyarrow.csv

    with connected() as db:
        db.execute(TABLES)
        names = ("id", "lat_e5", "lon_e5", "first_minute", "last_minute")
        for table, columns, parts in (
            ("heat", KEY, data.batches()),
            ("objects", names, [data.read_objects()]),
        ):
            with db.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
                for part in parts:
                    sink = pa.BufferOutputStream()
                    rows = pa.table({name: part[name] for name in columns})
                    pyarrow.csv.write_csv(rows, sink, pa.csv.WriteOptions(include_header=False))
                    copy.write(sink.getvalue())
        db.execute(SHAPED[way])
        db.execute(INDEXED)
        db.commit()
        db.autocommit = True
        db.execute("VACUUM ANALYZE seen")
        db.execute("ANALYZE known")


def radius(data):
    """Pairs, and the times of loading and asking."""
    way = os.environ.get("RIVAL_WAY", "box")
    start_server()
    before = time.perf_counter()
    load(data, way)
    load_s = time.perf_counter() - before
    query = PAIRS.format(near=NEAR[way], sin2=SIN2)
    found, wall_s, cpu_s = fastest(
        lambda: ask(query), cpu_s=lambda: time.process_time() + server_cpu_s()
    )
    with connected() as db:
        row = db.execute("SELECT extversion FROM pg_extension WHERE extname = 'postgis'").fetchone()
        version = f"PostGIS {row[0]}, PostgreSQL {db.info.server_version // 10000}"
    told = {"version": version, "way": way, "load_s": round(load_s, 3)}
    return found | {"told": told | {"seconds": round(wall_s, 3), "cpu_s": round(cpu_s, 3)}}


def ask(query):
    """Columns of the answer; whole numbers travel in binary."""
    import numpy as np

    with connected() as db, db.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy:
        raw = b"".join(bytes(part) for part in copy)
    # A head of 19 bytes; each row: 2 bytes, then 4 of length and 4 of value a column; 2 at the end.
    form = [("n", ">i2")] + [
        f for n in (*KEY, "object") for f in ((f"{n}_long", ">i4"), (n, ">i4"))
    ]
    rows = np.frombuffer(raw[19:-2], dtype=form)
    return {name: rows[name].astype(np.int64) for name in (*KEY, "object")}


if __name__ == "__main__":
    run("PostGIS", version, {"radius": radius}, stop_server, repeats=1)
