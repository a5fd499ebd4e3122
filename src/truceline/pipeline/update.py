"""``truceline update``: a case with an archive of its fires, kept from run to run.

Files that are as they were are not read again, months that are as they were are not asked again.
The archive and the dossier are those of a run from scratch, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from truceline.archive.heat_folder import EXCHANGE, HeatFolder
from truceline.domain.detection import Ask
from truceline.ledger.cluster import Cluster
from truceline.ledger.embedded import Engine
from truceline.pipeline.candidates import make_candidates
from truceline.pipeline.heat import Archived, read_all
from truceline.pipeline.ingest import take_in
from truceline.pipeline.products import Desk, make_products
from truceline.settings import Settings
from truceline.sources.casefile import Case
from truceline.sources.records import Records, Stage, silent


@dataclass(frozen=True)
class Updated:
    """Records of a case, and the files of its archive that were made anew."""

    records: Records
    made: tuple[str, ...]


@contextmanager
def asking(settings: Settings) -> Iterator[Ask]:
    """The engine that answers questions: the embedded one, or a cluster by its address."""
    if settings.cluster is None:
        with Engine(settings.engine_memory, settings.engine_threads) as engine:
            yield engine.ask
    else:
        shared = settings.archive / EXCHANGE if settings.archive else None
        if shared is not None:
            HeatFolder(shared.parent).load()
        with Cluster(settings.cluster, settings.worker_memory, shared) as cluster:
            yield cluster.ask


def update_archive(
    case: Case, root: Path, settings: Settings, ask: Ask, stage: Stage = silent
) -> Updated:
    """Bring an archive up to date with a case, and read the case from it."""
    folder = HeatFolder(root)
    with (
        folder.writing(),
        Engine(settings.engine_memory, settings.engine_threads) as engine,
    ):
        contents, _ = take_in(case, folder, engine, stage)
        desk = Desk(folder, ask, engine, stage)
        desk.load()
        try:
            records = Archived(case, desk, contents).read(stage)
            make_products(desk, contents, records.record_days)
            make_candidates(desk, contents)
        finally:
            desk.save()
    return Updated(records, tuple(desk.made))


def read_case_records(case: Case, settings: Settings, ask: Ask, stage: Stage = silent) -> Records:
    """The records of a case, through an archive where one is named."""
    if settings.archive is None:
        return read_all(case, ask, stage)
    return update_archive(case, settings.archive, settings, ask, stage).records
