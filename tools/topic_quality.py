"""How well topics are found: words measured on held-out sentences of ``evaluation/topics``.

    python tools/topic_quality.py             measure, and write topics/quality.toml
    python tools/topic_quality.py --check     exit 1 if the stored figures are not these
    python tools/topic_quality.py --misses    failures on the open half, never on the held-out one

Every second sentence of a list is held out.  Sentences and words are by the same author, who
wrote the sentences first but knew them: those figures flatter.  What to expect of texts of others
is told by the documents of ``evaluation/topics/documents/labels.toml``.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from truceline.domain.compared import Measured
from truceline.words.topics.quality import DOCUMENTS, FILE, finds, measure, measure_documents

ROOT = Path(__file__).resolve().parents[1]
SENTENCES = ROOT / "evaluation" / "topics"
LABELS = SENTENCES / "documents" / "labels.toml"
TEXTS = ROOT / "evaluation" / "statements" / "documents"
STORED = ROOT / "src" / "truceline" / "words" / "topics" / FILE
HEAD = """\
# Written by tools/topic_quality.py: held-out sentences of evaluation/topics that the words found,
# with the Wilson interval of 95 %; first what was found in held-out documents of other authors,
# over all topics.  Sentences and words are by the same author, so that [documents] tells more.
"""


def lists() -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Language, topic, sentences that mention it, and near misses."""
    for path in sorted(SENTENCES.glob("*.toml")):
        for topic, rows in tomllib.loads(path.read_text(encoding="utf-8")).items():
            yield path.stem, topic, rows["mention"], rows["near"]


def told() -> str:
    """The text of the file with all figures."""
    lines = [HEAD, *_documents()]
    for language, topic, mention, near in lists():
        quality = measure(topic, language, mention[1::2], near[1::2])
        lines.append(f"[{topic}.{language}]\npatterns = {quality.n_patterns}")
        for name, share in (("recall", quality.recall), ("false_alarms", quality.false_alarms)):
            if share is not None:
                lines.append(f"{name} = {_row(share)}")
        lines.append("")
    return "\n".join(lines)


def _documents() -> Iterator[str]:
    """Figures on held-out documents of others, language by language."""
    labels = tomllib.loads(LABELS.read_text(encoding="utf-8"))["held_out"]
    for language in sorted({name[:2] for name in labels}):
        texts = [
            (TEXTS.joinpath(f"{name}.txt").read_text(encoding="utf-8"), frozenset(topics.split()))
            for name, topics in labels.items()
            if name.startswith(language)
        ]
        recall, wrong = measure_documents(texts, language)
        yield f"[{DOCUMENTS}.{language}]\ndocuments = {len(texts)}"
        yield f"recall = {_row(recall)}\nfalse_alarms = {_row(wrong)}\n"


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
