"""Check annotation files: every quoted string must stand in its document, unambiguously.

    python tools/annotations.py FOLDER_OF_TEXTS FOLDER_OF_ANNOTATIONS

Prints each problem with file and line, then the number of items by kind; exit 1 if any.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from truceline.domain.words import ACTOR, Attribution, Kind, Polarity

ALWAYS = ("kind", "content", "speaker", "attribution", "polarity")
KEYS = {
    *ALWAYS,
    *("speaker_words", "cue", "debtor", "beneficiary", "modality", "numbers", "duration"),
    *("deadline", "effective", "hedges", "after", "condition_of", "note"),
}


def problems(text: str, line: dict[str, object]) -> list[str]:
    """What is wrong with one annotated item."""
    found = [f"lacks {key}" for key in ALWAYS if key not in line]
    found += [f"unknown key {key}" for key in line.keys() - KEYS]
    if found:
        return found
    if line["kind"] not in set(Kind):
        found.append(f"kind {line['kind']!r}")
    if line["attribution"] not in set(Attribution):
        found.append(f"attribution {line['attribution']!r}")
    if line["polarity"] not in set(Polarity):
        found.append(f"polarity {line['polarity']!r}")
    for key in ("speaker", "debtor", "beneficiary"):
        actor = line.get(key)
        if actor is not None and not ACTOR.fullmatch(str(actor)):
            found.append(f"{key} {actor!r} is no actor")
    try:
        locate(text, line)
    except ValueError as error:
        found.append(str(error))
    return found


def locate(text: str, line: dict[str, object]) -> list[tuple[int, int]]:
    """Stretches of the content; a ``ValueError`` where they are missing or ambiguous."""
    at = 0
    after = line.get("after")
    if isinstance(after, str):
        at = text.find(after)
        if at < 0 or text.find(after, at + 1) >= 0:
            raise ValueError(f"`after` {after!r} does not stand exactly once")
        at += len(after)
    stretches = []
    for n, quote in enumerate(line["content"]):  # type: ignore[arg-type]
        here = text.find(quote, at)
        if here < 0:
            raise ValueError(f"content {quote!r} does not stand there")
        if n == 0 and not after and text.find(quote, here + 1) >= 0:
            raise ValueError(f"content {quote!r} stands more than once: give `after`")
        stretches.append((here, here + len(quote)))
        at = here + len(quote)
    return stretches


def main(texts: Path, annotations: Path) -> int:
    """Check all of a folder."""
    kinds: Counter[str] = Counter()
    bad = 0
    for path in sorted(annotations.glob("*.jsonl")):
        text = (texts / f"{path.stem}.txt").read_bytes().decode()
        for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
            line = json.loads(raw)
            kinds[str(line.get("kind"))] += 1
            for problem in problems(text, line):
                bad += 1
                print(f"{path.name}, line {number}: {problem}")
    print(sum(kinds.values()), "items,", bad, "problems;", dict(kinds.most_common()))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
