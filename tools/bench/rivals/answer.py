"""What every rival needs: the task, the clock and the limits, and a hash of its answer.

A rival runs as ``python NAME.py TASK DATA_DIR`` in an environment of its own and prints one line
of JSON.  DATA_DIR holds ``heat/*.parquet`` and ``objects.parquet``, as `make_data.py` writes them.

Tasks: ``radius``, all pairs of a detection and a protected object within 1 km on the sphere while
the object is protected; ``bigobjects``, the same without times; ``link``, clusters of detections.

RIVAL_LIMIT_S and RIVAL_MEMORY_MB limit a run: beyond them it is ended and counts as failed.
RIVAL_THREADS is how many threads an engine may use (2).
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

RADIUS_KM = 1.0
EARTH_RADIUS_KM = 6371.0088
SIN2 = float(np.sin(RADIUS_KM / EARTH_RADIUS_KM / 2) ** 2)
"""A pair is near if its haversine is at most this."""

RADIUS_DEG = float(np.degrees(RADIUS_KM / EARTH_RADIUS_KM)) * (1 + 1e-9)
E5 = 100_000

REPEATS = 3

KEY = ("lat_e5", "lon_e5", "minute", "satellite")
BATCH_ROWS = 2_000_000
POLL_S = 0.05


# --- the hash -------------------------------------------------------------------------------------

PRIME = 2**31 - 1
BASES = (1_000_003, 69_621)
MODULUS = 2**61 - 1


def hash_of(pairs):
    """Order-independent hash of pairs: columns of the detection's key, and ``object``.

    Each pair gives two polynomials modulo ``PRIME``, together a number below 2**61, and these are
    added up.  A pair that occurs twice counts twice: two detections of one satellite with the same
    position and minute are two pairs.  Whole numbers below 2**62 suffice, in any language.

    >>> one = {n: np.array([v]) for n, v in zip((*KEY, "object"), (5, 6, 7, 1, 3))}
    >>> two = {name: np.repeat(values, 2) for name, values in one.items()}
    >>> hash_of(one) * 2 % MODULUS == hash_of(two)
    True
    """
    total = 0
    for start in range(0, len(pairs["object"]), BATCH_ROWS):
        part = [
            np.asarray(pairs[n][start : start + BATCH_ROWS], np.int64) for n in (*KEY, "object")
        ]
        part[0], part[1] = part[0] + 90 * E5, part[1] + 180 * E5
        high, low = (_polynomial(part, base) for base in BASES)
        total += (int(high.sum()) << 30) + int((low & (2**30 - 1)).sum())
    return total % MODULUS


def _polynomial(columns, base):
    value = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        value = (value * base + column) % PRIME
    return value


# --- data -----------------------------------------------------------------------------------------


class Data:
    """Where the tables of a task lie."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.heat = sorted(str(path) for path in (self.folder / "heat").glob("*.parquet"))
        self.objects = str(self.folder / "objects.parquet")

    @property
    def n_rows(self):
        """Detections."""
        return sum(pq.read_metadata(path).num_rows for path in self.heat)

    def read_objects(self) -> dict[str, np.ndarray]:
        """Columns of the objects, as int64."""
        return _int64(pq.read_table(self.objects))

    def batches(self, n_rows: int = BATCH_ROWS) -> Iterator[dict[str, np.ndarray]]:
        """Columns of the detections' keys as int64, about so many rows at a time."""
        held: list[pa.RecordBatch] = []
        for batch in ds.dataset(self.heat).to_batches(columns=list(KEY), batch_size=n_rows):
            held.append(batch)
            if sum(part.num_rows for part in held) >= n_rows:
                yield _int64(pa.Table.from_batches(held))
                held = []
        if held:
            yield _int64(pa.Table.from_batches(held))


def _int64(table):
    return {name: table[name].to_numpy().astype(np.int64) for name in table.column_names}


def haversine(lat_e5, lon_e5, object_lat_e5, object_lon_e5):
    """Squared sine of half the angle between positions, element by element."""
    p, q = np.radians(lat_e5 / E5), np.radians(object_lat_e5 / E5)
    dlon = np.radians((lon_e5 - object_lon_e5) / E5)
    return np.sin((p - q) / 2) ** 2 + np.cos(p) * np.cos(q) * np.sin(dlon / 2) ** 2


def near_pairs(heat, things, row, number, timed=True):
    """Of candidates (rows of heat and of objects) those that are pairs, as columns."""
    near = (
        haversine(
            heat["lat_e5"][row],
            heat["lon_e5"][row],
            things["lat_e5"][number],
            things["lon_e5"][number],
        )
        <= SIN2
    )
    if timed:
        minute = heat["minute"][row]
        near &= (things["first_minute"][number] <= minute) & (
            minute <= things["last_minute"][number]
        )
    row, number = row[near], number[near]
    return {**{name: heat[name][row] for name in KEY}, "object": things["id"][number]}


def joined(parts):
    """Columns of several answers as one."""
    return {name: np.concatenate([part[name] for part in parts]) for name in (*KEY, "object")}


# --- one run --------------------------------------------------------------------------------------


def run(rival, version, tasks: dict[str, Callable], cleanup=None, repeats=REPEATS):
    """Do the task that the command line names and print the line of JSON.

    A task takes `Data` and returns columns of pairs, or a mapping with ``pairs`` and further
    things to print.  ``version`` is a function, so that nothing heavy is loaded before the limits
    hold; it imports what the tasks need, and the clock starts after it.  The fastest of
    ``repeats`` runs counts.  ``cleanup`` is called at the end, also when the work was ended by
    force.
    """
    if len(sys.argv) != 3 or sys.argv[1] not in tasks:
        sys.exit(f"use: python {Path(sys.argv[0]).name} {'|'.join(tasks)} DATA_DIR")
    task = sys.argv[1]
    child = os.fork()
    if child == 0:
        _work(rival, version, task, tasks[task], repeats)
        sys.stdout.flush()
        os._exit(0)
    try:
        failed = _watch(child)
    finally:
        if cleanup:
            cleanup()
    if failed:
        print(json.dumps({"rival": rival, "task": task, "failed": failed}), flush=True)
        sys.exit(1)


def fastest(work, repeats=REPEATS, cpu_s=time.process_time):
    """Columns that some work gives, and wall and CPU seconds of its fastest run."""
    best, found = (float("inf"), 0.0), {}
    for _ in range(repeats):
        found.clear()
        cpu_before, before = cpu_s(), time.perf_counter()
        found = dict(work())
        wall_s = time.perf_counter() - before
        best = min(best, (wall_s, cpu_s() - cpu_before))
    return found, *best


def _work(rival, version, task, do, repeats):
    try:
        known = version()
        data = Data(sys.argv[2])
        found, wall_s, cpu_s = fastest(lambda: do(data), repeats)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told = found.pop("told", {})
        line = {"rival": rival, "version": known, "task": task, "rows": data.n_rows}
        if "object" in found:
            line |= {"pairs": len(found["object"]), "hash": hash_of(found)}
        line |= {"seconds": round(wall_s, 3), "cpu_s": round(cpu_s, 3), "peak_mb": round(peak_mb)}
        print(json.dumps(line | told), flush=True)
    except Exception as error:  # noqa: BLE001 - whatever a rival fails by is its result
        text = f"{type(error).__name__}: {error}"[:300]
        print(json.dumps({"rival": rival, "task": task, "failed": text}), flush=True)
        os._exit(2)


def _watch(child):
    """Wait for the work; end it beyond its limits, and tell the reason."""
    limit_s = float(os.environ.get("RIVAL_LIMIT_S", "inf"))
    limit_mb = float(os.environ.get("RIVAL_MEMORY_MB", "inf"))
    start = time.monotonic()
    page_mb = os.sysconf("SC_PAGE_SIZE") / 2**20
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            if os.WIFSIGNALED(status):
                return f"ended by signal {os.WTERMSIG(status)}"
            if os.WEXITSTATUS(status) not in (0, 2):
                return f"exit status {os.WEXITSTATUS(status)}"
            return ""
        reason = ""
        if time.monotonic() - start > limit_s:
            reason = f"longer than {limit_s:g} s"
        elif limit_mb < float("inf"):
            held_mb = int(Path(f"/proc/{child}/statm").read_text().split()[1]) * page_mb
            if held_mb > limit_mb:
                reason = f"more than {limit_mb:g} MB"
        if reason:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return reason
        time.sleep(POLL_S)


def threads():
    """Threads that an engine may use."""
    return int(os.environ.get("RIVAL_THREADS", "2"))
