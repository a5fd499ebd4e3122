"""Two readers of one text: what both found stands, where they differ a person decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from truceline.domain.words import Item, Review, Reviewed, state_of

OVERLAP = 0.5
"""Share of the code points of two contents together that both hold, from which on they are about
the same statement."""

ALONE = "only the second reader found it"


def agree(first: Sequence[Item], second: Sequence[Item]) -> list[Item]:
    """Items of the first reader, those in which the second differs marked for review, and what
    only the second found, all of it for review.

    Found by both and equal in kind, polarity, debtor, speaker, duration and numbers: the first
    reader's item stays as it is.  Found by the first alone: it stays as it is too, since silence
    of a second reader contradicts nobody.  The order is that of documents and text.
    """
    order = {sha: n for n, sha in enumerate(dict.fromkeys(i.document for i in [*first, *second]))}
    pairs = dict(_pairs(first, second))
    known = {item.id for item in first}
    renamed = {second[j].id: first[i].id for i, j in pairs.items()}
    met = [_met(one, second[pairs[n]]) if n in pairs else one for n, one in enumerate(first)]
    taken = set(pairs.values())
    alone: dict[str, Item] = {}
    for n, item in enumerate(second):
        if n not in taken and item.id not in known:
            alone.setdefault(item.id, item)
    known |= set(alone)
    met += [_alone(item, renamed, known) for item in alone.values()]
    return sorted(met, key=lambda i: (order[i.document], i.content[0].start, i.content[-1].end))


def _pairs(first: Sequence[Item], second: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """Places in both lists of what is about the same words, the closest pairs first."""
    by_document: dict[str, list[int]] = {}
    for n, item in enumerate(second):
        by_document.setdefault(item.document, []).append(n)
    found = []
    for i, one in enumerate(first):
        for j in by_document.get(one.document, ()):
            share = overlap(one, second[j])
            if share >= OVERLAP:
                found.append((-share, one.kind is not second[j].kind, i, j))
    left: set[int] = set()
    right: set[int] = set()
    for _, _, i, j in sorted(found):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            yield i, j


def overlap(one: Item, other: Item) -> float:
    """Share of the code points of two contents that both hold, 0 to 1."""
    if (
        one.content[0].start >= other.content[-1].end
        or other.content[0].start >= one.content[-1].end
    ):
        return 0.0
    both = sum(
        max(0, min(a.end, b.end) - max(a.start, b.start))
        for a in one.content
        for b in other.content
    )
    lengths = sum(s.end - s.start for s in (*one.content, *other.content))
    return both / (lengths - both)


def _met(one: Item, other: Item) -> Item:
    reasons = tuple(
        f"readers differ: {name} {mine or 'none'}, {other.engine} says {theirs or 'none'}"
        for (name, mine), (_, theirs) in zip(_compared(one), _compared(other), strict=True)
        if mine != theirs
    )
    if not reasons:
        return one
    return _to_review(one, reasons)


def _compared(item: Item) -> tuple[tuple[str, str], ...]:
    numbers = sorted({number.value for number in item.numbers})
    return (
        ("kind", item.kind.value),
        ("polarity", item.polarity.value),
        ("debtor", state_of(item.debtor) if item.debtor else ""),
        ("speaker", item.speaker.actor),
        ("duration", item.time.duration or ""),
        ("numbers", ", ".join(f"{value:g}" for value in numbers)),
    )


def _alone(item: Item, renamed: dict[str, str], known: set[str]) -> Item:
    """An item for review; its condition is the one that stands in the result, or none."""
    said = item.conditionality
    if said.condition is not None:
        name = renamed.get(said.condition, said.condition)
        said = said.model_copy(update={"condition": name if name in known else None})
        item = item.model_copy(update={"conditionality": said})
    return _to_review(item, (ALONE,))


def _to_review(item: Item, reasons: tuple[str, ...]) -> Item:
    held = tuple(dict.fromkeys([*reasons, *item.review.reasons]))
    return item.model_copy(update={"review": Reviewed(state=Review.TO_REVIEW, reasons=held)})
