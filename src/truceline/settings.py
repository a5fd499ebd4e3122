"""How the program runs on this machine.  Nothing here changes a result.

Read by ``pipeline`` and ``cli`` only.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from truceline.errors import BadInput


@dataclass(frozen=True)
class Settings:
    """Limits of the engine: memory in DuckDB's notation, and threads.

    ``cluster``: address of a Spark master that answers the questions instead of the embedded
    engine, with ``worker_memory`` for each worker; ``archive``: folder in which fires are kept as
    Parquet from run to run.
    """

    engine_memory: str = "400MB"
    engine_threads: int = 2
    worker_memory: str = "1GB"
    cluster: str | None = None
    archive: Path | None = None

    @classmethod
    def from_environment(cls) -> Settings:
        """Defaults, or TRUCELINE_ENGINE_MEMORY, _THREADS and TRUCELINE_WORKER_MEMORY where set."""
        amounts = [
            _amount("TRUCELINE_ENGINE_MEMORY", cls.engine_memory),
            _amount("TRUCELINE_WORKER_MEMORY", cls.worker_memory),
        ]
        threads = os.environ.get("TRUCELINE_ENGINE_THREADS", str(cls.engine_threads))
        if not re.fullmatch(r"[1-9]\d{0,3}", threads):
            raise BadInput(
                f"TRUCELINE_ENGINE_THREADS is {threads!r}", expected="a number of threads, from 1"
            )
        return cls(amounts[0], int(threads), amounts[1])


def _amount(name: str, default: str) -> str:
    memory = os.environ.get(name, default)
    if not re.fullmatch(r"(?=.*[1-9])\d{1,9}(\.\d{1,9})? ?[KMGT]i?B", memory):
        raise BadInput(f"{name} is {memory!r}", expected="an amount such as 400MB")
    return memory
