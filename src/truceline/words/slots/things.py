"""Acts, means, places and object classes that a content names, and what the text says of its
checking.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from truceline.domain.trees import ACTS, MEANS, OBJECTS
from truceline.words.found import Stretch
from truceline.words.slots.lexicon import Hit
from truceline.words.slots.passage import Passage, passage_of

VERIFYING = frozenset({"verify", "verifiable"})


def read_things(row: Passage) -> dict[str, tuple[str, ...]]:
    """Names by tree (``acts``, ``means``, ``objects``), and ``places`` as worded.

    >>> from truceline.words.slots.passage import passage_of
    >>> text = "Angriffe auf Energieinfrastruktur und Raffinerien zur See"
    >>> read_things(passage_of(text, [(0, len(text))], "de"))
    {'acts': ('strike',), 'means': ('sea',), 'objects': ('energy', 'refinery'), 'places': ()}
    """
    hits = row.lexicon.find("things", row.tokens, row.words)
    return {
        "acts": _names(hits, "acts", ACTS.names),
        "means": _names(hits, "means", MEANS.names),
        "objects": _names(hits, "objects", OBJECTS.names),
        "places": tuple(
            dict.fromkeys(row.text[h.start : h.end] for h in hits if h.family == "places")
        ),
    }


def _names(hits: Iterable[Hit], family: str, order: Sequence[str]) -> tuple[str, ...]:
    found = {hit.value for hit in hits if hit.family == family}
    return tuple(name for name in order if name in found)


def read_status(text: str, spans: Sequence[Stretch], language: str) -> str:
    """What the words say of the checking: not_checked (also where they say nothing),
    not_verifiable, not_confirmed, confirmed, disputed.

    >>> text = "Die Angaben ließen sich nicht unabhängig überprüfen."
    >>> read_status(text, [(0, len(text))], "de")
    'not_verifiable'
    """
    return status_of(passage_of(text, spans, language))


def status_of(row: Passage) -> str:
    """As ``read_status``, of a passage."""
    hits = row.lexicon.find("check", row.tokens, row.words)
    found = {hit.value for hit in hits} - {"able"}
    if not found:
        return "not_checked"
    if "unverifiable" in found:
        return "not_verifiable"
    if "unconfirmed" in found:
        return "not_confirmed"
    for hit in hits:
        if hit.value in VERIFYING | {"confirm"} and _is_denied(row, hit):
            return _denied_status(row, hit, hits)
    if "deny" in found:
        return "disputed"
    return "confirmed" if "confirm" in found else "not_checked"


def _denied_status(row: Passage, hit: Hit, hits: Sequence[Hit]) -> str:
    if hit.value == "confirm":
        return "not_confirmed"
    segment = row.segment_at(hit.first)
    able = any(h.value == "able" and segment.first <= h.first < segment.last for h in hits)
    return "not_verifiable" if hit.value == "verifiable" or able else "not_checked"


def _is_denied(row: Passage, hit: Hit) -> bool:
    """Whether a negation stands in the piece of a word of checking."""
    segment = row.segment_at(hit.first)
    return any(segment.first <= h.first < segment.last for h in row.hits("negation", "main"))
