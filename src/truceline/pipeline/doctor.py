"""Is everything here that a run needs, and what of a case was never watched?"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from truceline import __version__, thresholds
from truceline.assess.heat_model import HeatModel
from truceline.clock import zone
from truceline.errors import EngineRefused
from truceline.ledger.embedded import Engine
from truceline.orbit.fleet import fitted
from truceline.settings import Settings
from truceline.sources.casefile import Case
from truceline.sources.records import read_records

NEEDED = (
    "babel",
    "duckdb",
    "jinja2",
    "numpy",
    "pydantic",
    "rich",
    "ruamel.yaml",
    "sgp4",
    "shapely",
    "typer",
)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    ok: bool
    what: str
    detail: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.ok else 'BAD '} {self.what}: {self.detail}"


def examine(settings: Settings, case: Case | None) -> list[Finding]:
    """Versions, engine, zones and rates; with a case its sources and its coverage holes."""
    found = [
        Finding(True, "truceline", f"{__version__} on Python {platform.python_version()}"),
        *(_package(name) for name in NEEDED),
        _engine(settings),
        _zones(),
        _rates(),
    ]
    return [*found, *_case(case)] if case else found


def _package(name: str) -> Finding:
    try:
        return Finding(True, name, version(name))
    except PackageNotFoundError:
        return Finding(False, name, "not installed; run `make setup`")


def _engine(settings: Settings) -> Finding:
    limit = f"{settings.engine_memory}, {settings.engine_threads} threads"
    try:
        with Engine(settings.engine_memory, settings.engine_threads) as engine:
            found = engine.ask("SELECT n + 1 AS more FROM t", {"t": {"n": np.array([1, 2])}})
        works = found["more"].tolist() == [2, 3]
    except EngineRefused as error:
        return Finding(False, "engine", str(error))
    return Finding(works, "engine", f"answers with {limit}")


def _zones() -> Finding:
    try:
        zone("Europe/Kyiv")
    except ValueError as error:
        return Finding(False, "time zones", f"{error}; install tzdata")
    return Finding(True, "time zones", "found by name")


def _rates() -> Finding:
    model = HeatModel.load()
    n = len(thresholds.ALL)
    words = (
        f"{n} numbers of judgement; heat rates {model.version}, {model.status}, sha256 "
        f"{model.sha256[:12]}; fitted orbits, sha256 {fitted().sha256[:12]}"
    )
    return Finding(True, "judgement", words)


def _case(case: Case) -> Iterator[Finding]:
    records = read_records(case)
    yield Finding(True, "case", f"{case.file.id}, {len(records.claims)} claims")
    for source in records.inputs:
        words = f"{source.n_rows} rows, sha256 {source.sha256[:12]}"
        span = f", {source.span[0]} to {source.span[1]}" if source.span else ""
        yield Finding(True, f"input {source.path}", words + span)
    window = case.file.window
    n_days = (window.until - window.start).days + 1
    days = [window.start + timedelta(days=i) for i in range(n_days)]
    for sensor in sorted({record.sensor for record in records.record_days}):
        own = [record for record in records.record_days if record.sensor == sensor]
        settled = {record.day for record in own if record.whole or record.no_pass}
        missing = [str(day) for day in days if day not in settled]
        words = f"{n_days - len(missing)} of {n_days} days settled by a whole record or by orbits"
        holes = f"; unknown: {', '.join(missing)}" if missing else ""
        yield Finding(True, f"coverage {sensor}", words + holes)
