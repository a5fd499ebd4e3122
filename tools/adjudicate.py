"""Hold two annotations against each other: agreement figures, and what has to be adjudicated.

    python tools/adjudicate.py evaluation/statements [--write]

Prints span agreement, Cohen's kappa of kinds and of speakers over paired items.  With --write,
for every document without a gold file yet, one is begun: lines on which both agree, taken from
the first annotation, and the others with the key `open`, to be settled by a person.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from truceline.validation.statements import Gold, gold_pairs, read_gold


def kappa(pairs: list[tuple[str, str]]) -> float:
    """Cohen's kappa; 1 where all agree, nan where there is nothing to compare."""
    if not pairs:
        return float("nan")
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(left[k] * right[k] for k in left) / n**2
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)


def differing(one: Gold, two: Gold) -> list[str]:
    """Keys on which two annotations of one item differ."""
    keys = ("kind", "speaker", "attribution", "debtor", "polarity", "duration", "numbers")
    return [key for key in keys if one.of(key) != two.of(key)]


def main(folder: Path, write: bool) -> None:
    """Print the figures, and begin gold files."""
    kinds: list[tuple[str, str]] = []
    speakers: list[tuple[str, str]] = []
    n_one = n_two = n_open = 0
    for path in sorted((folder / "annotator_a").glob("*.jsonl")):
        other = folder / "annotator_b" / path.name
        if not other.exists():
            continue
        text = (folder / "documents" / f"{path.stem}.txt").read_bytes().decode()
        first, second = read_gold(text, path), read_gold(text, other)
        n_one, n_two = n_one + len(first), n_two + len(second)
        lines = []
        for one, two in gold_pairs(text, first, second):
            held = one or two
            if held is None:
                continue
            line = {k: v for k, v in held.row.items() if k != "condition_of"}
            if one is not None and two is not None:
                kinds.append((one.of("kind"), two.of("kind")))
                speakers.append((one.of("speaker"), two.of("speaker")))
                if keys := differing(one, two):
                    line["open"] = {k: [one.of(k), two.of(k)] for k in keys}
            else:
                line["open"] = {"only": "a" if one else "b"}
            n_open += "open" in line
            lines.append((held.content[0], line))
        gold = folder / "gold" / path.name
        if write and not gold.exists():
            gold.parent.mkdir(exist_ok=True)
            ordered = [
                json.dumps(line, ensure_ascii=False)
                for _, line in sorted(lines, key=lambda x: x[0])
            ]
            gold.write_text("".join(f"{line}\n" for line in ordered), "utf-8")
    print(f"items: {n_one} and {n_two}, paired {len(kinds)}, to settle {n_open}")
    print(f"agreement on spans (F1) {2 * len(kinds) / (n_one + n_two):.3f}")
    print(f"kappa of kinds {kappa(kinds):.3f}, of speakers {kappa(speakers):.3f}")
    worst = Counter(p for p in kinds if p[0] != p[1]).most_common(12)
    print("kinds that differ:", worst)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--write" in sys.argv)
