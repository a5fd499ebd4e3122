"""An invented country: sites, strikes and fires with a known share of strikes that burn."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from truceline.validation.features import Fires
from truceline.validation.labels import FIRST_DAY, LAST_DAY, Event

N_EVENTS = 700


def events(n: int = N_EVENTS, seed: int = 7) -> list[Event]:
    """Strikes scattered over 4 by 8 degrees; every seventh on a fuel depot."""
    rng = np.random.default_rng(seed)
    span = (LAST_DAY - FIRST_DAY).days - 4
    return sorted(
        (
            Event(
                FIRST_DAY + timedelta(days=int(rng.integers(1, span))),
                float(np.round(rng.uniform(46, 50), 4)),
                float(np.round(rng.uniform(26, 34), 4)),
                "oil_and_fuel" if i % 7 == 0 else "any",
            )
            for i in range(n)
        ),
        key=lambda event: (event.day, event.lat, event.lon),
    )


def fires(struck: list[Event], p_fire: float, seed: int = 8, per_day: int = 500) -> Fires:
    """Field fires everywhere on every date, and a fire 0.7 km off after a share of strikes."""
    rng = np.random.default_rng(seed)
    first = date(2021, 12, 1)
    n_days = (LAST_DAY - first).days + 1
    n = n_days * per_day
    lat, lon = rng.uniform(45.5, 50.5, n), rng.uniform(25.5, 34.5, n)
    day = np.repeat(np.arange(n_days), per_day) + first.toordinal()
    burns = [event for event in struck if rng.random() < p_fire]
    return Fires.of(
        np.append(lat, [event.lat + 0.006 for event in burns]),
        np.append(lon, [event.lon for event in burns]),
        np.append(day, [event.day.toordinal() + int(rng.integers(2)) for event in burns]),
    )
