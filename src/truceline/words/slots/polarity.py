"""Whether the predicate of a content is denied by its own words."""

from __future__ import annotations

from dataclasses import dataclass

from truceline.domain.words import Polarity
from truceline.words.slots.lexicon import Hit
from truceline.words.slots.passage import INFINITIVE, Passage

CONCORD = frozenset({"ru", "uk"})
"""Languages in which several negations are one ("никто не стрелял")."""


@dataclass(frozen=True)
class Denied:
    """The polarity and its words; ``sure`` is False where another reading is possible."""

    polarity: Polarity
    words: tuple[Hit, ...]
    sure: bool


def read_polarity(row: Passage) -> Denied:
    """Polarity of the main predicate: two negations cancel out, those of subordinate clauses
    do not count.

    >>> from truceline.words.slots.passage import passage_of
    >>> def read(text, language="de"):
    ...     return read_polarity(passage_of(text, [(0, len(text))], language)).polarity.value
    >>> read("Anlagen, die nicht zum Militär gehören, würden angegriffen")
    'affirmed'
    >>> read("kein Kraftwerk sei getroffen worden"), read("nobody was hit", "en")
    ('negated', 'negated')
    """
    hits = row.hits("negation", "main")
    if row.hits("negation", "without") and _opens_without(row):
        hits = [*row.hits("negation", "without")[:1], *hits]
    if not hits:
        return Denied(Polarity.AFFIRMED, (), True)
    counted = [hit for hit in hits if _counts(row, hit)]
    counted = [hit for hit in counted if not (hit is not counted[0] and _continues(row, hit))]
    first = [hit for hit in counted if _in_first_predicate(row, hit)]
    if row.language in CONCORD:
        negated = bool(first)
        sure = len(counted) == len(hits) == len(first)
    else:
        negated = len(first) % 2 == 1
        sure = len(hits) == 1 and len(first) == 1
    polarity = Polarity.NEGATED if negated else Polarity.AFFIRMED
    return Denied(polarity, tuple(hits), sure)


def _opens_without(row: Passage) -> bool:
    """Whether the content is a clause with "without" and has no other predicate."""
    if row.finite(0, len(row.words)) is not None:
        return False
    return row.hits("negation", "without")[0].first == 0


def _continues(row: Passage, hit: Hit) -> bool:
    """The second half of a pair: "neither … nor"."""
    return row.words[hit.first] in ("nor", "noch", "ни", "ні")


def _counts(row: Passage, hit: Hit) -> bool:
    """Whether a negation can deny the main predicate."""
    segment = row.segment_at(hit.first)
    if segment.hangs or _within_noun_phrase(row, hit) or _contrasts(row, hit):
        return False
    if row.language == "en":
        return not (_in_english_relative(row, hit) or _infinitive_after_verb(row, hit))
    return not (segment is not row.segments[0] and _is_infinitive(row, hit))


def _within_noun_phrase(row: Passage, hit: Hit) -> bool:
    """ "die nicht genannte Quelle": after a determiner and before an adjective."""
    if row.language != "de" or row.words[hit.first] != "nicht" or not hit.first:
        return False
    after = row.words[hit.last] if hit.last < len(row.words) else ""
    determiners = row.lexicon.words("clauses", "determiners")
    return row.words[hit.first - 1] in determiners and after.endswith(("e", "en", "er", "es", "em"))


def _contrasts(row: Passage, hit: Hit) -> bool:
    """ "not A but B": the predicate itself is affirmed."""
    contrast = row.lexicon.words("clauses", "contrast")
    for n in range(hit.last, len(row.words)):
        if row.words[n] in contrast:
            if row.language == "de":
                return True
            end = row.segment_at(n).last
            return n < end and row.finite(n + 1, end) is None
    return False


def _in_english_relative(row: Passage, hit: Hit) -> bool:
    """Whether a clause without commas ("plants that do not work") holds the negation."""
    openers = row.lexicon.words("clauses", "subordinators")
    segment = row.segment_at(hit.first)
    for n in range(segment.first + 1, hit.first):
        if row.words[n] in openers:
            verb = row.finite(n + 1, segment.last)
            if verb is None or hit.first <= verb + 1:
                return True
            return row.finite(verb + 1, hit.last) is None
    return False


def _infinitive_after_verb(row: Passage, hit: Hit) -> bool:
    """ "agreed not to strike": the predicate is the agreeing."""
    if hit.last >= len(row.words) or row.words[hit.last] != "to":
        return False
    return row.finite(row.segment_at(hit.first).first, hit.first) is not None


def _is_infinitive(row: Passage, hit: Hit) -> bool:
    """A later piece with "zu" and no finite verb."""
    segment = row.segment_at(hit.first)
    words = row.words[segment.first : segment.last]
    has_zu = "zu" in words or any(INFINITIVE.fullmatch(word) for word in words)
    return has_zu and row.finite(segment.first, segment.last) is None


def _in_first_predicate(row: Passage, hit: Hit) -> bool:
    """Whether no complete predicate of its own stands before the one that is denied."""
    coordinators = row.lexicon.words("clauses", "coordinators")
    for n in range(hit.first - 1, 0, -1):
        if row.words[n] in coordinators and row.finite(n + 1, row.segment_at(n).last) is not None:
            return row.finite(0, n) is None
    return True
