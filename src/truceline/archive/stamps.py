"""Hashes of files, kept while the files are as they were: size, times of change and place on disk.

What is kept only saves reading; a file without it, or with another, is hashed again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from truceline.archive.atomic import file_sha256, replace_file


class Stamps:
    """Hashes by the name of a file, kept in a small file of JSON."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        try:
            told = json.loads(kept.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            told = {}
        self._held: dict[str, list[Any]] = told if isinstance(told, dict) else {}

    def sha256(self, name: str, path: Path) -> str:
        """Hash of the bytes of a file, or "" where there is none."""
        stamp = stamp_of(path)
        if not stamp:
            self._held.pop(name, None)
            return ""
        held = self._held.get(name)
        if not isinstance(held, list) or held[:-1] != stamp:
            held = self._held[name] = [*stamp, file_sha256(path)]
        return str(held[-1])

    def note(self, name: str, stamp: list[int], sha256: str) -> None:
        """Keep the hash of a file, with its stamp as of before it was read."""
        self._held[name] = [*stamp, sha256]

    def save(self) -> None:
        """Put what is kept in place, at once."""
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._kept, json.dumps(self._held, sort_keys=True).encode())


def stamp_of(path: Path) -> list[int]:
    """What changes with a file: size, times of change and place; nothing where there is none."""
    if not path.is_file():
        return []
    told = path.stat()
    return [told.st_size, told.st_mtime_ns, told.st_ctime_ns, told.st_ino]
