"""How well topics are found: words measured on held-out sentences of ``evaluation/topics``.

    python tools/topic_quality.py             measure, and write topics/quality.toml
    python tools/topic_quality.py --check     exit 1 if the stored figures are not these
    python tools/topic_quality.py --misses    failures on the open half, never on the held-out one

Every second sentence of a list is held out.  Sentences and words are by the same author, though
the sentences were written first: with texts of others expect less.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from truceline.domain.compared import Measured
from truceline.words.topics.quality import FILE, finds, measure

ROOT = Path(__file__).resolve().parents[1]
SENTENCES = ROOT / "evaluation" / "topics"
STORED = ROOT / "src" / "truceline" / "words" / "topics" / FILE
HEAD = """\
# Written by tools/topic_quality.py: held-out sentences of evaluation/topics that the words found,
# with the Wilson interval of 95 %.  Sentences and words are by the same author; expect less
# elsewhere.
"""


def lists() -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Language, topic, sentences that mention it, and near misses."""
    for path in sorted(SENTENCES.glob("*.toml")):
        for topic, rows in tomllib.loads(path.read_text(encoding="utf-8")).items():
            yield path.stem, topic, rows["mention"], rows["near"]


def told() -> str:
    """The text of the file with all figures."""
    lines = [HEAD]
    for language, topic, mention, near in lists():
        quality = measure(topic, language, mention[1::2], near[1::2])
        lines.append(f"[{topic}.{language}]\npatterns = {quality.n_patterns}")
        for name, share in (("recall", quality.recall), ("false_alarms", quality.false_alarms)):
            if share is not None:
                lines.append(f"{name} = {_row(share)}")
        lines.append("")
    return "\n".join(lines)


def _row(share: Measured) -> str:
    return f"{{ found = {share.found}, of = {share.of}, low = {share.low}, high = {share.high} }}"


def misses() -> Iterator[str]:
    """Failures on the open half."""
    for language, topic, mention, near in lists():
        for sentence in mention[::2]:
            if not finds(topic, language, sentence):
                yield f"{language} {topic}: missed: {sentence}"
        for sentence in near[::2]:
            if finds(topic, language, sentence):
                yield f"{language} {topic}: false alarm: {sentence}"


def main() -> int:
    """Measure, check, or show failures."""
    if "--misses" in sys.argv[1:]:
        print("\n".join(misses()))
        return 0
    text = told()
    if "--check" in sys.argv[1:]:
        return int(not STORED.is_file() or STORED.read_text(encoding="utf-8") != text)
    STORED.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
