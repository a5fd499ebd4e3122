"""A statement half read: where it stands, what it does and who says it; slots come after."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from truceline.domain.words import UNKNOWN, Attribution
from truceline.words.acts import Decided, View
from truceline.words.clauses import lemma_of, parts_of, verbs_in, words_of
from truceline.words.found import Stretch
from truceline.words.tokens import Parsed

EDGE = ' \t\r\n,;:.–—-"„“”»«‚‘’›‹…'
"""What a content does not begin or end with; marks inside stay."""

LEADING = {
    "de": re.compile(r"(?:(?:und|sowie|aber) )?(?:dass|daß|wonach|und|aber|sondern)\s+", re.I),
    "en": re.compile(r"(?:(?:and|but) )?(?:that|and|but)\s+", re.I),
}
DATELINE = re.compile(r"[^.!?\n]{0,80}\([\w/. ]{2,30}\)\s*[-–—:]\s*")
"""Place and agency before a dash."""

FIRST_PERSON = {
    "de": frozenset("ich wir uns unser unsere unseren unserer unserem mir mich man".split()),
    "en": frozenset("i we us our my me ours".split()),
}


@dataclass(frozen=True)
class Draft:
    """A statement before its words are read for polarity, numbers and times."""

    content: tuple[Stretch, ...]
    decided: Decided
    attribution: Attribution
    actor: str = UNKNOWN
    speaker: tuple[Stretch, ...] = ()
    cue: tuple[Stretch, ...] = ()
    cue_lemma: str = ""
    addressee: tuple[Stretch, ...] = ()
    frame: tuple[Stretch, ...] = ()
    chain: tuple[tuple[tuple[Stretch, ...], tuple[Stretch, ...]], ...] = ()
    subject: str | None = None
    """State or actor that the content's own predicate is about, where it is somebody else."""

    @property
    def is_narrators(self) -> bool:
        """Whether the text itself speaks."""
        return self.attribution in (Attribution.NARRATOR, Attribution.NARRATOR_INFERENCE)


def trimmed(text: str, stretch: Stretch, language: str) -> Stretch | None:
    """A stretch without conjunction, marks and white space at its edges; None if nothing is left.

    Marks of a quotation that opens and closes inside are kept.

    >>> trimmed(" dass es endet,", (0, 15), "de")
    (6, 14)
    >>> trimmed("er sei „müde“.", (0, 14), "de")
    (0, 13)
    """
    start, end = stretch
    while start < end:
        lead = LEADING.get(language)
        found = lead.match(text, start, end) if lead else None
        if text[start] in EDGE and not _opens_inside(text, start, end):
            start += 1
        elif found and found.end() < end:
            start = found.end()
        else:
            break
    while end > start and text[end - 1] in EDGE and not _closes_inside(text, start, end):
        end -= 1
    return (start, end) if end > start else None


def _opens_inside(text: str, start: int, end: int) -> bool:
    """Whether a mark at the left edge closes again before the right edge is reached."""
    closing = {"„": "“”", "»": "«", "«": "»", "“": "”", '"': '"', "‚": "‘", "›": "‹", "‹": "›"}
    marks = closing.get(text[start])
    rest = text[start + 1 : end].rstrip(" .,;:!?")
    return bool(marks) and any(m in rest[:-1] for m in marks or "")


def _closes_inside(text: str, start: int, end: int) -> bool:
    opening = {"“": "„", "”": "“", "«": "»", "»": "«", '"': '"', "‘": "‚", "’": "", "‹": "›"}
    mark = text[end - 1]
    return any(m in text[start : end - 1] for m in opening.get(mark, ""))


def after_dateline(text: str, stretch: Stretch) -> Stretch:
    """A stretch without the place and agency before its dash.

    >>> after_dateline("Kiew (dpa) - Es bleibt ruhig.", (0, 29))
    (13, 29)
    """
    head = DATELINE.match(text, *stretch)
    return (head.end(), stretch[1]) if head else stretch


def view_of(
    parsed: Parsed, stretches: Iterable[Stretch], voice: str, subject: str, negated: bool
) -> View:
    """The lines of words and dictionary forms of a content, as the rules want them."""
    tokens = [t for start, end in stretches for t in parsed.tokens_in(start, end)]
    words = [t.text.lower() for t in tokens]
    lemmas = [lemma_of(t.text, parsed.language).lower() for t in tokens]
    verbs = verbs_in(tokens, parsed.language)
    return View(
        " ".join(words), " ".join([*lemmas, *verbs]), frozenset(verbs), voice, subject, negated
    )


def is_finite(parsed: Parsed, stretches: Iterable[Stretch]) -> bool:
    """Whether a content has a finite verb of its own, clauses that hang on it left out."""
    for start, end in stretches:
        tokens = parsed.tokens_in(start, end)
        first = bisect_left(parsed.starts, start)
        if tokens and parts_of(parsed, first, first + len(tokens))[0].finite is not None:
            return True
    return False


def is_negated(parsed: Parsed, first: int, last: int) -> bool:
    """Whether a word of negation stands among tokens ``first`` to ``last`` (exclusive)."""
    words = words_of(parsed.language).negations
    return any(t.text.lower() in words for t in parsed.tokens[first:last])


def outside(
    text: str, content: Iterable[Stretch], clause: Stretch, language: str
) -> tuple[Stretch, ...]:
    """A content without the clause that conditions it."""
    cut: list[Stretch] = []
    for start, end in content:
        if clause[0] >= end or clause[1] <= start:
            cut.append((start, end))
        else:
            cut += [(start, max(start, clause[0])), (min(end, clause[1]), end)]
    kept = [trimmed(text, p, language) for p in cut if p[1] - p[0] > 1]
    return tuple(p for p in kept if p and p[1] - p[0] > 2)
