"""GeoPandas: `sjoin` within a distance in an equal-area projection about the middle of the data.

The plane distance of the projection is not the distance on the sphere.  The join therefore asks
for a little more, and the distance on the sphere decides.  What the plane alone would have said
is counted beside it: ``plane_missing`` and ``plane_extra`` pairs.
"""

from __future__ import annotations

import numpy as np
from answer import E5, RADIUS_KM, joined, near_pairs, run

WIDER = 1.03
"""The projection shrinks and stretches by up to 2 % over 20 degrees, ellipsoid and sphere differ
by 0.6 %."""


def version():
    import geopandas
    import pyproj  # noqa: F401
    import shapely  # noqa: F401

    return geopandas.__version__


def radius(data):
    """Pairs."""
    import geopandas as gpd
    import shapely

    things = data.read_objects()
    lat, lon = things["lat_e5"] / E5, things["lon_e5"] / E5
    middle = (
        f"+lat_0={np.mean([lat.min(), lat.max()]):.3f} +lon_0={np.mean([lon.min(), lon.max()]):.3f}"
    )
    plane = f"+proj=laea {middle} +datum=WGS84 +units=m"
    known = gpd.GeoDataFrame(
        {"number": np.arange(len(lat))}, geometry=gpd.points_from_xy(lon, lat), crs=4326
    ).to_crs(plane)
    parts, missing, extra = [], 0, 0
    for heat in data.batches():
        points = gpd.points_from_xy(heat["lon_e5"] / E5, heat["lat_e5"] / E5)
        seen = gpd.GeoDataFrame(geometry=points, crs=4326).to_crs(plane)
        found = gpd.sjoin(seen, known, predicate="dwithin", distance=1000 * RADIUS_KM * WIDER)
        row, number = found.index.to_numpy(), found["number"].to_numpy()
        pairs = near_pairs(heat, things, row, number)
        flat_m = shapely.distance(seen.geometry.to_numpy()[row], known.geometry.to_numpy()[number])
        flat = flat_m <= 1000 * RADIUS_KM
        both = len(near_pairs(heat, things, row[flat], number[flat])["object"])
        timed = (things["first_minute"][number] <= heat["minute"][row]) & (
            heat["minute"][row] <= things["last_minute"][number]
        )
        missing += len(pairs["object"]) - both
        extra += int((flat & timed).sum()) - both
        parts.append(pairs)
    return joined(parts) | {"told": {"plane_missing": missing, "plane_extra": extra}}


if __name__ == "__main__":
    run("GeoPandas sjoin", version, {"radius": radius})
