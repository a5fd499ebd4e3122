"""How a content is put: modal, hedges, grammatical mood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from truceline.domain.words import Modality, Mood
from truceline.words.clauses import PARTICIPLE, lemma_of, words_of
from truceline.words.found import Stretch
from truceline.words.slots.lexicon import Hit
from truceline.words.slots.passage import INFINITIVE, QUOTING, Passage, Segment

PAST_IN_TE = re.compile(r"\w+te$")
STRONGEST = (
    Modality.HEARSAY,
    Modality.OWED,
    Modality.ALLOWED,
    Modality.WILLED,
    Modality.POSSIBLE,
)
"""Where several modals stand in one predicate, the first in the row of words decides; of two at
one place this order."""


def evidential(row: Passage) -> list[Hit]:
    """ "soll ... haben" and "will ... gesehen haben": hearsay, no duty and no will."""
    if row.language != "de":
        return []
    found = []
    modals = row.lexicon.words("tone", "evidential")
    for n, word in enumerate(row.words):
        if word in modals:
            segment = row.segment_at(n)
            if _perfect(row, segment, n):
                token = row.tokens[n]
                found.append(Hit("modal", "hearsay", token.start, token.end, n, n + 1))
    return found


def _perfect(row: Passage, segment: Segment, modal: int) -> bool:
    """Whether a perfect infinitive ends the clause: "angegriffen haben", "zerstört worden sein"."""
    last = segment.last - 1
    while last > segment.first and (row.words[last] in QUOTING or row.words[last] == "."):
        last -= 1
    end = last - 1 if last == modal else last
    for n in range(segment.first + 1, end + 1):
        if row.words[n] in ("haben", "sein") and n != modal:
            before = row.words[n - 1]
            if before == "worden" or PARTICIPLE.search(before) or _is_participle(before):
                return True
    return False


@lru_cache(maxsize=20_000)
def _is_participle(word: str) -> bool:
    return bool(re.search(r"(?:ge\w+(?:t|en)|iert)$", word)) and lemma_of(word, "de") != word


def read_hedges(row: Passage, hearsay: Sequence[Hit]) -> list[Hit]:
    """Words by which the text keeps its distance, in order."""
    hits = [h for h in row.hits("hedge", "word") if not _is_month(row, h)]
    starts = {h.start for h in hits}
    hits += [h for h in hearsay if h.start not in starts]
    return sorted(hits, key=lambda h: h.start)


def _is_month(row: Passage, hit: Hit) -> bool:
    """ "May" as a month, and German "Wohl" as a noun."""
    word = row.tokens[hit.first].text
    if word == "Wohl":
        return hit.first > 0
    if row.words[hit.first] != "may":
        return False
    if word == "May" and row.text[max(0, hit.start - 2) : hit.start].rstrip(" ")[-1:].isalnum():
        return True
    after = row.words[hit.last] if hit.last < len(row.words) else ""
    before = row.words[hit.first - 1] if hit.first else ""
    month = before.isdigit() or before in row.lexicon.words("calendar", "before_month")
    return month or after.isdigit()


def read_modality(
    row: Passage, hearsay: Sequence[Hit], conditions: Sequence[Stretch] = ()
) -> tuple[Modality, tuple[Hit, ...]]:
    """The modal of the main predicate: the first in the words, those of conditions left out;
    none means asserted.
    """
    evidence = {h.first for h in hearsay}
    hits = [
        hit
        for hit in [*hearsay, *row.hits("modal")]
        if not row.segment_at(hit.first).hangs
        and not (hit.value != "hearsay" and hit.first in evidence)
        and not _is_month(row, hit)
        and not any(start <= hit.start < end for start, end in conditions)
    ]
    hits += _duties(row)
    if not hits:
        return Modality.ASSERTED, ()
    order = [m.value for m in STRONGEST]
    hits.sort(key=lambda h: (h.first, order.index(h.value)))
    return Modality(hits[0].value), tuple(hits)


def _duties(row: Passage) -> list[Hit]:
    """ "hat die Truppen abzuziehen": a finite verb with a closing infinitive with "zu"."""
    words, found = row.lexicon.words("tone", "duty"), []
    for segment in row.segments if words else ():
        last = segment.last - 1
        if segment.hangs or last - segment.first < 2:
            continue
        has_zu = INFINITIVE.fullmatch(row.words[last]) or row.words[last - 1] == "zu"
        finite = row.finite(segment.first, segment.last) if has_zu else None
        if finite is not None and row.words[finite] in words:
            token = row.tokens[finite]
            found.append(Hit("modal", "owed", token.start, token.end, finite, finite + 1))
    return found


def read_mood(row: Passage) -> Mood:
    """Grammatical mood of the main predicate's finite verb."""
    if not row.tokens:
        return Mood.NONFINITE
    if row.tokens[-1].text == "?" or row.text[row.tokens[-1].end :][:1] == "?":
        return Mood.INTERROGATIVE
    is_polite = row.language == "de" and [t.text for t in row.tokens[1:2]] == ["Sie"]
    if is_polite and row.tokens[0].text[0].isupper() and row.words[0].endswith("en"):
        return Mood.IMPERATIVE
    for segment in row.segments:
        if segment.hangs:
            continue
        finite = row.finite(segment.first, segment.last)
        if finite is not None:
            return _mood_of(row, finite, segment)
    return Mood.NONFINITE


def _mood_of(row: Passage, finite: int, segment: Segment) -> Mood:
    word = row.words[finite]
    if row.language == "en":
        if word == "were" and row.words[finite - 1] in ("he", "she", "it"):
            return Mood.SUBJUNCTIVE
        return Mood.INDICATIVE
    if row.language != "de":
        return Mood.INDICATIVE
    first_person = "ich" in row.words[segment.first : segment.last]
    if word in row.lexicon.words("tone", "konjunktiv_2"):
        return Mood.KONJUNKTIV_2
    if not first_person and (
        word in row.lexicon.words("tone", "konjunktiv_1") or _is_konjunktiv(word)
    ):
        return Mood.KONJUNKTIV_1
    return Mood.INDICATIVE


@lru_cache(maxsize=20_000)
def _is_konjunktiv(word: str) -> bool:
    """A third person in -e of a verb: "greife", "gelte", "lehne"; the past ends in -te."""
    if not word.endswith("e") or word in words_of("de").not_verbs:
        return False
    lemma = lemma_of(word, "de")
    if lemma in (word, word[:-1]) or not lemma.endswith("n"):
        return False
    return lemma == word + "n" and not (
        PAST_IN_TE.match(word) and lemma_of(word[:-2], "de") == lemma
    )
