"""The installed program, as a user types it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("truceline")


def truceline(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run it; what it prints and its exit code are for the test to look at."""
    return subprocess.run(
        [str(PROGRAM), *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd
    )
