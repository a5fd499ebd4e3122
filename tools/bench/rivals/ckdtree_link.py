"""The usual way to link pixels: a tree over unit vectors and time, all near pairs, one graph.

    python tools/bench/rivals/ckdtree_link.py 1000000 1.0

compares its partition, time and memory with those of `truceline.fuse.linkage`.
"""

from __future__ import annotations

import json
import math
import resource
import sys
import time
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from truceline.cells import E5
from truceline.geo import EARTH_RADIUS_KM

SLACK_KM = 1e-9


def link_ckdtree(lat_e5, lon_e5, minute, radius_km, hours):
    """Labels of clusters, numbered from 0, by single linkage."""
    lat, lon = np.radians(lat_e5 / E5), np.radians(lon_e5 / E5)
    half = min((radius_km + SLACK_KM) / EARTH_RADIUS_KM, math.pi) / 2
    scale = (1 + 1e-9) / (2 * math.sin(half))
    points = np.column_stack(
        [
            np.cos(lat) * np.cos(lon) * scale,
            np.cos(lat) * np.sin(lon) * scale,
            np.sin(lat) * scale,
            minute / (hours * 60),
        ]
    )
    pairs = cKDTree(points).query_pairs(1.0 + 1e-9, p=np.inf, output_type="ndarray")
    a, b = pairs[:, 0], pairs[:, 1]
    sin2 = (
        np.sin((lat[a] - lat[b]) / 2) ** 2
        + np.cos(lat[a]) * np.cos(lat[b]) * np.sin((lon[a] - lon[b]) / 2) ** 2
    )
    near = (sin2 <= math.sin(half) ** 2) & (np.abs(minute[a] - minute[b]) <= hours * 60)
    a, b = a[near], b[near]
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(len(lat), len(lat)))
    return connected_components(graph, directed=False)[1]


def made_pixels(n, seed=7):
    """Pixels of 25 years in a box: a fifth at 200 places that burn all the time, half in fires."""
    rng = np.random.default_rng(seed)
    lat = rng.uniform(43, 53, n)
    lon = rng.uniform(22, 41, n)
    site = rng.random(n) < 0.2
    which = rng.integers(0, 200, n)
    lat = np.where(site, rng.uniform(43, 53, 200)[which] + rng.normal(0, 0.004, n), lat)
    lon = np.where(site, rng.uniform(22, 41, 200)[which] + rng.normal(0, 0.006, n), lon)
    year = rng.integers(0, 25, n)
    summer = np.clip(rng.normal(0.6, 0.12, n), 0, 0.999)
    part = np.where(site, rng.random(n), summer)
    minute = 16_000_000 + ((year + part) * 525_960).astype(np.int64)
    fire = ~site & (rng.random(n) < 0.6)
    first = rng.integers(0, max(1, n // 8), n)[fire]
    lat[fire] = lat[first] + rng.normal(0, 0.006, len(first))
    lon[fire] = lon[first] + rng.normal(0, 0.009, len(first))
    minute[fire] = minute[first] + rng.integers(0, 2_000, len(first))
    order = np.lexsort((lon, lat, minute // 1440))
    columns = (np.rint(lat * E5), np.rint(lon * E5), minute)
    return tuple(column[order].astype(np.int32) for column in columns)


def same_partition(first, second):
    """Whether two columns of labels part the rows alike."""
    n = len(np.unique(first))
    return n == len(np.unique(second)) == len(np.unique(first * (second.max() + 1) + second))


def measure(folder):
    """The clusters of made data, as one line of JSON, like the rivals give it."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from ours import parted

    from truceline import thresholds as t
    from truceline.domain.detection import Files
    from truceline.ledger.embedded import Engine

    with Engine("2GB", 2) as engine:
        heat = Files(tuple(sorted(Path(folder).glob("heat/*.parquet"))), {})
        rows = engine.ask("SELECT lat_e5, lon_e5, minute FROM heat", {"heat": heat})
    before, cpu = time.perf_counter(), time.process_time()
    label = link_ckdtree(rows["lat_e5"], rows["lon_e5"], rows["minute"], t.LINKAGE_KM, t.LINKAGE_H)
    told = {"link_s": time.perf_counter() - before, "link_cpu_s": time.process_time() - cpu}
    answer = parted(label)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = {"rows": len(label), "answer": answer, "peak_mb": round(peak)}
    print(json.dumps(line | {name: round(value, 3) for name, value in told.items()}))


def main():
    from truceline.fuse import linkage

    if Path(sys.argv[1]).is_dir():
        measure(sys.argv[1])
        return

    n, radius_km, way = int(sys.argv[1]), float(sys.argv[2]), (sys.argv[3:] or ["all"])[0]
    columns = made_pixels(n)
    ways = {
        "compiled": lambda: linkage.link(*columns, radius_km, 24.0),
        "plain": lambda: linkage.link(*columns, radius_km, 24.0),
        "ckdtree": lambda: link_ckdtree(*columns, radius_km, 24.0).astype(np.int64),
    }
    labels = {}
    linkage.link(*(column[:1000] for column in columns), radius_km, 24.0)
    for name in ways if way == "all" else [way]:
        linkage.compiled = lambda name=name: name == "compiled"
        before, cpu = time.perf_counter(), time.process_time()
        labels[name] = ways[name]()
        wall, cpu = time.perf_counter() - before, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        n_clusters = len(np.unique(labels[name]))
        print(f"{name:9} {wall:7.2f} s, cpu {cpu:7.2f} s, {peak:7.0f} MB, {n_clusters} clusters")
    first, *others = labels.values()
    print("same:", all(same_partition(first, other) for other in others))


if __name__ == "__main__":
    main()
