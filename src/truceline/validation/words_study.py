"""How well documents are read: annotated documents, mutated items, and the page that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from truceline.assess.effective import wilson
from truceline.domain.words import Document, Item, Review
from truceline.pipeline.reading import checked
from truceline.simulate.mutations import mutations
from truceline.sources.documents import read_document
from truceline.validation.statements import Score, add, names_of, pairs_of, read_gold
from truceline.words.actors import Registry
from truceline.words.check import actors_in, check
from truceline.words.engine import JUDGED, describe, read_statements
from truceline.words.language import detect_language

SEED = 20250318
"""Of the mutations; any other gives other draws from the same kinds of change."""

MUTATIONS = 40
"""Changed items that are held against each document."""


@dataclass
class Part:
    """What was found over the documents of one part."""

    name: str
    score: Score = field(default_factory=Score)
    n_documents: int = 0
    n_to_review: int = 0
    n_refused: int = 0
    mutated: Counter[str] = field(default_factory=Counter)
    """Outcomes of changed items: refused, to_review, passed."""
    passed: list[str] = field(default_factory=list)
    """What was changed where the check let it pass."""
    wrong_kinds: Counter[tuple[str, str]] = field(default_factory=Counter)


def study(
    folder: Path, name: str, progress: Callable[[str], None], languages: Sequence[str] = JUDGED
) -> Part:
    """Read the documents of a part (development or frozen) and hold them against their gold."""
    part = Part(name)
    registry = Registry.known()
    for stem in names_of(folder, name):
        document = read_document(folder / "documents" / f"{stem}.txt")
        language = detect_language(document.text)
        if language not in languages:
            continue
        progress(stem)
        document = describe(replace(document, language=language), registry)
        _document(part, document, registry, folder / "gold" / f"{stem}.jsonl")
    return part


def _document(part: Part, document: Document, registry: Registry, gold: Path) -> None:
    resolve, mentions = actors_in(registry, document)
    items: list[Item] = []
    for item in read_statements(document, registry):
        outcome = check(item, document, resolve=resolve, mentions=mentions)
        part.n_refused += outcome.outcome == "refused"
        items.append(checked(item, outcome))
    part.n_documents += 1
    part.n_to_review += sum(item.review.state is Review.TO_REVIEW for item in items)
    pairs = pairs_of(document.text, items, read_gold(document.text, gold))
    add(part.score, pairs)
    for pair in pairs:
        if pair.found is not None and pair.gold is not None:
            kinds = (str(pair.gold.of("kind")), pair.found.kind.value)
            part.wrong_kinds[kinds] += kinds[0] != kinds[1]
    _mutate(part, document, items, registry)


def _mutate(part: Part, document: Document, items: Sequence[Item], registry: Registry) -> None:
    """Changed items against the unchanged document, in turn over the items that passed."""
    sound = [item for item in items if item.review.state is Review.DRAFT]
    drawn = [mutations(item, document, SEED) for item in sound]
    resolve, mentions = actors_in(registry, document)
    n = 0
    for turn in range(max(map(len, drawn), default=0)):
        for changes in drawn:
            if turn < len(changes) and n < MUTATIONS:
                n += 1
                change = changes[turn]
                found = check(change.item, document, resolve=resolve, mentions=mentions)
                part.mutated[found.outcome] += 1
                if found.outcome == "passed":
                    part.passed.append(f"{change.what}: {change.item.words[:80]}")


def told(part: Part) -> list[str]:
    """The figures of a part as lines of a table, with Wilson 95 % intervals."""
    s = part.score
    n_draft = sum(s.wrong_unflagged.values())
    rows = [
        ("documents, annotated items, found items", f"{part.n_documents}, {s.n_gold}, {s.n_found}"),
        ("span precision", _share(s.n_paired, s.n_found)),
        ("span recall", _share(s.n_paired, s.n_gold)),
        ("span and kind, F1", f"{s.f1_with_kind:.3f}"),
        ("kind right, of pairs", _share(s.n_kind, s.n_paired)),
        ("speaker of another state or medium", _share(s.n_wrong_speaker, s.n_speaker)),
        ("speaker left unknown though annotated", _share(s.n_unknown_speaker, s.n_speaker)),
        *(
            (f"wrong {name}, of those compared", _share(s.wrong_slots[name], n))
            for name, n in sorted(s.compared_slots.items())
        ),
        ("wrong slots in items that no check sent to review", str(n_draft)),
        ("items sent to review", _share(part.n_to_review, s.n_found)),
        ("unchanged items refused", _share(part.n_refused, s.n_found)),
        ("changed items: refused, to review, passed", _outcomes(part)),
    ]
    return [f"| {name} | {value} |" for name, value in rows]


def _outcomes(part: Part) -> str:
    m = part.mutated
    return f"{m['refused']}, {m['to_review']}, {m['passed']} of {m.total()}"


def _share(k: int, n: int) -> str:
    if not n:
        return "none"
    band = wilson(k / n, n)
    return f"{k} of {n}: {k / n:.1%} ({band.low:.1%} to {band.high:.1%})"


def write_page(folder: Path, out: Path, progress: Callable[[str], None]) -> Path:
    """``reading-measured.md``: both parts, and the kinds that were taken for others."""
    lines = ["# How well documents are read", "", HEAD, ""]
    for name in ("frozen", "development"):
        for languages in (JUDGED, ("de",), ("en",)):
            part = study(folder, name, progress, languages)
            title = "German and English" if len(languages) > 1 else LANGUAGE[languages[0]]
            lines += [f"## {name}: {title}", "", "| | |", "|---|---|", *told(part), ""]
            if len(languages) > 1:
                worst = [(k, n) for k, n in part.wrong_kinds.most_common(12) if n]
                lines += ["Kinds taken for others (annotated → found):", ""]
                lines += [f"- {gold} → {ours}: {n}" for (gold, ours), n in worst] + [""]
                lines += [f"- changed and passed: {one}" for one in part.passed] + [""]
    page = out / "reading-measured.md"
    page.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8", newline="\n")
    return page


LANGUAGE = {"de": "German", "en": "English"}
HEAD = """Made by `truceline validate --statements evaluation/statements`; not edited by hand.
What was annotated, by whom and how stands in [the folder of the
documents](../evaluation/statements/README.md). Documents of the frozen half were not
looked at while rules were written; those of the other half were. Sums over the frozen half (this
page, and which kinds were taken for which) were seen seven times while rules were still written,
and its documents were read once to label topics: it is a little less strange to the rules than one
that nobody has counted. A pair shares at least half of the words of both contents. Shares
carry Wilson 95 % intervals; items of one document are not independent, so that the true intervals
are wider."""
