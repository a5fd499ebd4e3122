"""shapely: a tree of boxes about the objects, asked for each detection, then the distance.

The shapes are boxes, so the tree needs no predicate.
"""

from __future__ import annotations

import numpy as np
from answer import E5, RADIUS_DEG, joined, near_pairs, run


def version():
    import shapely

    return shapely.__version__


def radius(data):
    """Pairs; a box holds its circle everywhere but at the poles and the antimeridian."""
    import shapely

    things = data.read_objects()
    lat, lon = things["lat_e5"] / E5, things["lon_e5"] / E5
    wide = np.degrees(np.arcsin(np.sin(np.radians(RADIUS_DEG)) / np.cos(np.radians(lat)))) * (
        1 + 1e-9
    )
    boxes = shapely.box(lon - wide, lat - RADIUS_DEG, lon + wide, lat + RADIUS_DEG)
    tree = shapely.STRtree(boxes)
    parts = []
    for heat in data.batches():
        points = shapely.points(heat["lon_e5"] / E5, heat["lat_e5"] / E5)
        row, number = tree.query(points)
        parts.append(near_pairs(heat, things, row, number))
    return joined(parts)


if __name__ == "__main__":
    run("shapely STRtree", version, {"radius": radius})
