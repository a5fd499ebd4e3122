"""scikit-learn: a ball tree of haversine distances for ``radius``, DBSCAN for ``link``."""

from __future__ import annotations

import numpy as np
from answer import E5, EARTH_RADIUS_KM, KEY, RADIUS_KM, joined, near_pairs, run

REACH = RADIUS_KM / EARTH_RADIUS_KM * (1 + 1e-9)


def version():
    import sklearn
    import sklearn.cluster
    import sklearn.neighbors

    return sklearn.__version__


def radius(data):
    """Pairs: a tree of the detections, asked for each object (the other way is slower)."""
    from sklearn.neighbors import BallTree

    things = data.read_objects()
    parts = []
    for heat in data.batches():
        near = BallTree(_radians(heat), metric="haversine").query_radius(_radians(things), REACH)
        n_near = np.fromiter(map(len, near), np.int64, len(near))
        number = np.repeat(np.arange(len(near)), n_near)
        parts.append(near_pairs(heat, things, np.concatenate(near), number))
    return joined(parts)


def link(data):
    """Clusters by distance alone.

    A distance cannot say "within 1 km and within a day": DBSCAN links pixels of any two days, and
    gives other and larger clusters than were asked for.  No hash: the answer is another one.
    """
    from sklearn.cluster import DBSCAN

    batches = list(data.batches())
    heat = {name: np.concatenate([batch[name] for batch in batches]) for name in KEY}
    clusters = DBSCAN(eps=REACH, min_samples=1, metric="haversine", algorithm="ball_tree")
    labels = clusters.fit(_radians(heat)).labels_
    sizes = np.bincount(labels)
    note = "space only: the bound in time cannot be expressed"
    return {"told": {"clusters": len(sizes), "largest": int(sizes.max()), "note": note}}


def _radians(columns):
    return np.radians(np.column_stack([columns["lat_e5"], columns["lon_e5"]]) / E5)


if __name__ == "__main__":
    run("scikit-learn", version, {"radius": radius, "link": link})
