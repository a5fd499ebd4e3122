"""How the program runs on this machine.  Nothing here changes a result.

Read by ``pipeline`` and ``cli`` only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Limits of the engine: memory in DuckDB's notation, and threads."""

    engine_memory: str = "400MB"
    engine_threads: int = 2

    @classmethod
    def from_environment(cls) -> Settings:
        """Defaults, or TRUCELINE_ENGINE_MEMORY and TRUCELINE_ENGINE_THREADS where they are set."""
        base = cls()
        return cls(
            engine_memory=os.environ.get("TRUCELINE_ENGINE_MEMORY", base.engine_memory),
            engine_threads=int(os.environ.get("TRUCELINE_ENGINE_THREADS", base.engine_threads)),
        )
