"""How much of the heat is seen how far to the side of the track, against straight below.

Measured with the fitted orbits (``fitted.toml``, tables ``seen``, with n): places with heat in a
pass per km of swath.  It falls outward because pixels grow, the path through the air gets longer
and clouds hide more.  What it is not: the probability that a given fire is seen.
"""

from __future__ import annotations

from functools import cache
from itertools import accumulate

from truceline.orbit.fleet import fitted


@cache
def _steps(sensor: str) -> tuple[tuple[float, float, float], ...]:
    """Ranges of scan angles (degrees) with what is seen there, never more than further in."""
    rows = [row for row in fitted().table["seen"] if row["sensor"] == sensor]
    falling = accumulate((float(row["relative"]) for row in rows), min)
    ranges = ((float(row["scan_from_deg"]), float(row["scan_until_deg"])) for row in rows)
    return tuple((start, end, share) for (start, end), share in zip(ranges, falling, strict=True))


def seen_at(sensor: str, scan_angle_deg: float) -> float:
    """Share of heat seen at a scan angle (degrees), 1 straight below, 0 outside the swath.

    A range of angles is as wide as it was counted; between them it falls in steps.

    >>> seen_at("MODIS", 3.0), seen_at("MODIS", -52.0) < 0.2, seen_at("MODIS", 56.0)
    (1.0, True, 0.0)
    """
    aside = abs(scan_angle_deg)
    steps = _steps(sensor)
    if not steps:
        raise ValueError(f"nothing was measured for the sensor {sensor!r}")
    return next((share for start, end, share in steps if start <= aside <= end), 0.0)
