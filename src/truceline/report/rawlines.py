"""Single rows of input files, shown only while the file is what it was when read."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from truceline.archive.atomic import file_sha256
from truceline.archive.texts import inside

LONGEST = 600
"""Characters of a line that are shown."""


@dataclass
class RawLines:
    """Lines of the files of one case folder; each file is hashed once."""

    case_folder: Path | None
    _found: dict[Path, str] = field(default_factory=dict)

    def tell(self, path: str, sha256: str, line: int) -> str:
        """The line (from 1) as it stands in the file, or why it is not shown.

        >>> RawLines(None).tell("claims.csv", "", 2)
        'text not shown: the case folder is not known; name it with --case'
        """
        if self.case_folder is None:
            return "text not shown: the case folder is not known; name it with --case"
        file = self.case_folder / path
        if not inside(path) or not file.is_file():
            return f"text not shown: {path} is not in the case folder"
        if self._hash(file) != sha256:
            return f"text not shown: {path} has changed since the dossier was made"
        packed = path.endswith(".gz")
        with gzip.open(file, "rb") if packed else file.open("rb") as lines:
            text = _record(islice(lines, max(line, 1) - 1, None))
        if not text:
            return f"text not shown: {path} has no line {line}"
        text = " ".join(text.split())
        cut = " […]" if len(text) > LONGEST else ""
        return f"> {text[:LONGEST]}{cut}"

    def _hash(self, file: Path) -> str:
        if file not in self._found:
            self._found[file] = file_sha256(file)
        return self._found[file]


def _record(lines: Iterable[bytes]) -> str:
    """The first row of some lines: it goes on while a quote is open, up to what is shown."""
    text = ""
    for line in lines:
        text += line.decode("utf-8-sig", errors="replace")
        if text.count('"') % 2 == 0 or len(text) > LONGEST:
            break
    return text
