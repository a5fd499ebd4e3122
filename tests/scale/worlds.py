"""Cases with many fire files, and archives looked at as rows and as bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from tests.sources.conftest import AGREEMENT, CASE, FILES, KIND_OF, CaseBuilder

COLUMNS = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,"
    "confidence,version,bright_t31,frp,daynight"
)
PRODUCTS = ("heat", "aside", "history", "masks", "counts", "candidates", "near")


def build(folder: Path, as_of: str = "2030-12-31T00:00:00Z") -> CaseBuilder:
    """The small valid case, with a later as-of and without its own fires."""
    builder = CaseBuilder(folder)
    builder.file("case.toml", CASE.replace("2030-06-01T00:00:00Z", as_of))
    builder.file("agreement.yaml", AGREEMENT)
    for name, content in FILES.items():
        if name != "fires.csv":
            builder.file(name, content)
            builder.source(name, *KIND_OF[name])
    return builder


def row(
    lat: float,
    lon: float,
    day: date,
    hhmm: str = "0100",
    satellite: str = "T",
    version: str = "6.1NRT",
    frp: str = "5.5",
    confidence: str = "60",
) -> str:
    """One line of a FIRMS table."""
    instrument = "MODIS" if satellite in "TA" else "VIIRS"
    cells = [f"{lat:.5f}", f"{lon:.5f}", "310", "1", "1", str(day), hhmm, satellite, instrument]
    return ",".join([*cells, confidence, version, "290", frp, "N"])


def put_fires(
    case: CaseBuilder, name: str, rows: Iterable[str], extra: str = "", header: str = COLUMNS
) -> None:
    """A file of fires with its contract."""
    case.file(f"data/{name}.csv", "\n".join([header, *rows]) + "\n")
    text = case.source(f"{name}.csv", "heat", "", extra).folder / f"sources/{name}.toml"
    text.write_text(text.read_text().replace("max = 1000", "max = 1000000"))


def random_days(first: date, n_days: int, seed: int) -> dict[date, list[str]]:
    """Fires around the claimed place: one that always burns, bursts over days, and scatter."""
    rng = np.random.default_rng(seed)
    found: dict[date, list[str]] = {}
    for i in range(n_days):
        day = first + timedelta(days=i)
        rows = []
        if rng.random() < 0.8:
            rows.append(row(55.12 + rng.normal(0, 0.001), 20.25, day, "0130"))
        for _ in range(rng.integers(0, 6)):
            lat, lon = rng.uniform(54.9, 55.3), rng.uniform(20.0, 20.6)
            for k in range(rng.integers(1, 5)):
                rows.append(row(lat + 0.008 * k, lon, day, f"{rng.integers(0, 24):02d}15", "A"))
        found[day] = rows
    return found


def rows_of(archive: Path, kind: str = "heat") -> list[tuple[Any, ...]]:
    """All rows of one folder of an archive."""
    if not list(archive.glob(f"{kind}/*.parquet")):
        return []
    with duckdb.connect() as db:
        table = f"read_parquet('{archive}/{kind}/*.parquet')"
        return db.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()


def fingerprint(folder: Path, kinds: Sequence[str] = PRODUCTS) -> dict[str, str]:
    """Hash of every Parquet file of an archive."""
    paths = sorted(path for kind in kinds for path in folder.glob(f"{kind}/*"))
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }
