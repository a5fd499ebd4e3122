"""A statement told in our words, from its slots alone: no text of the document, unless asked."""

from __future__ import annotations

from truceline.domain.words import Document, Item, Polarity
from truceline.words.draft_parts import quoted


def told(item: Item, document: Document, words: bool = False) -> str:
    """What a statement says: who, what kind, whom it binds, acts, objects, times.

    With ``words`` its quotation and its document follow.
    """
    debtor = f"of {item.debtor}" if item.debtor else ""
    towards = f"towards {item.beneficiary}" if item.beneficiary else ""
    denied = "denied in its predicate" if item.polarity is Polarity.NEGATED else ""
    acts = f"acts: {', '.join(item.scope.acts)}" if item.scope.acts else ""
    objects = f"objects: {', '.join(item.object_classes)}" if item.object_classes else ""
    tied = item.conditionality
    parts = [
        " ".join(filter(None, (item.kind.value.replace("_", " "), debtor, towards))),
        denied,
        acts,
        objects,
        f"for {item.time.duration}" if item.time.duration else "",
        f"from {item.time.effective}" if item.time.effective else "",
        f"until {item.time.deadline}" if item.time.deadline else "",
        f"{tied.type.replace('_', ' ')} {tied.condition}" if tied.condition else "",
    ]
    text = "; ".join(part for part in parts if part)
    if not words:
        return text
    return f"{item.speaker.actor}, {text}: {quoted(item.words)} ({document.name})"
