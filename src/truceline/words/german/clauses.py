"""Sentences as the German rules see them: words in segments, quotations folded into one word."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from truceline.words.found import Stretch
from truceline.words.german.verbs import MOODS, QUOTE_WORD, Flag, Word, opening_word, word
from truceline.words.quotes import Quote
from truceline.words.tokens import Parsed, Sentence

VERBAL = Flag.FINITE | Flag.INFINITIVE | Flag.PARTICIPLE | Flag.ZU_INFINITIVE
LONGEST = 300
"""Words of a unit: no sentence that people write is longer; rules look across whole units."""
ATTRIBUTES = 5
"""Words between an article and its noun."""
JOINED_SUBJECT = 4
"""Words between "und" and its verb that can hold a subject of its own."""
LONG = 4
"""Words: a quotation that opens a sentence and has no comma behind is a name up to this."""
SEPARATORS = frozenset(",;:–—-.!?…")


@dataclass(frozen=True)
class Unit:
    """Sentences that a quotation ties together, or one sentence.

    ``items`` holds words with their places; a quotation that stands as a clause of its own is one
    item with flag ``QUOTE``; marks stay.
    """

    words: tuple[Word, ...]
    places: tuple[Stretch, ...]
    paragraph: int
    fragments: tuple[Quote, ...]
    starts: tuple[int, ...]
    """Numbers of the words that open a sentence."""

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.places[0][0]

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.places[-1][1]

    def stretch(self, first: int, last: int) -> Stretch:
        """The stretch of words ``first`` up to ``last``, exclusive."""
        return self.places[first][0], self.places[last - 1][1]

    @cached_property
    def segments(self) -> tuple[tuple[int, int], ...]:
        """Runs of words between commas and other marks; a quotation is a segment of its own."""
        found: list[tuple[int, int]] = []
        first = depth = 0
        for n, one in enumerate(self.words):
            depth += (one.text == "(") - (one.text == ")")
            cut = one.text in SEPARATORS and depth <= 0 and not self.is_hyphen(n)
            cut = (cut and not self._is_date(n)) or n in self.starts
            if cut or one.flags & Flag.QUOTE:
                if n > first:
                    found.append((first, n))
                if one.flags & Flag.QUOTE:
                    found.append((n, n + 1))
                first = (
                    n
                    if n in self.starts
                    and one.text not in SEPARATORS
                    and not one.flags & Flag.QUOTE
                    else n + 1
                )
        if first < len(self.words):
            found.append((first, len(self.words)))
        return tuple(found)

    def _is_date(self, n: int) -> bool:
        """Whether a comma stands before "den 3. Mai"."""
        return (
            n + 2 < len(self.words)
            and self.words[n].text == ","
            and self.words[n + 1].lower in ("den", "dem")
            and self.words[n + 2].has(Flag.NUMBER)
        )

    def is_hyphen(self, n: int) -> bool:
        """Whether a dash joins two words without a space."""
        before, after = self.places[max(n - 1, 0)], self.places[n]
        return self.words[n].text in "-—–" and n > 0 and before[1] == after[0]

    def segment_of(self, n: int) -> int:
        """Number of the segment that holds a word."""
        for number, (_, last) in enumerate(self.segments):
            if n < last:
                return number
        return len(self.segments) - 1

    def finite(self, first: int, last: int) -> int | None:
        """First word within that can be a finite verb and is one by its place."""
        for n in range(first, last):
            if self.words[n].flags & Flag.FINITE and self.is_finite(n, first, last):
                return n
        return None

    def is_finite(self, n: int, first: int, last: int) -> bool:
        """Whether a verb form stands where a finite verb stands, not an infinitive or attribute."""
        one = self.words[n]
        if not one.flags & Flag.FINITE or one.flags & (Flag.PREPOSITION | Flag.ARTICLE):
            return False
        after = self.words[n + 1] if n + 1 < last else None
        before = self.words[n - 1] if n > first else None
        if before and before.lower == "zu":
            return False
        if one.flags & Flag.AUXILIARY:
            return True
        if after and after.flags & Flag.CAPITAL and one.lower.endswith(("e", "en", "er", "es")):
            for m in range(n + 2, last):
                later = self.words[m]
                if later.flags & Flag.COORDINATOR:
                    break
                if later.flags & Flag.FINITE and not later.flags & (
                    Flag.INFINITIVE | Flag.PARTICIPLE
                ):
                    return False
        if after and after.flags & Flag.CAPITAL and self._awaits_noun(n, first):
            return n == first + 1 and not any(
                self.words[m].has(Flag.FINITE) for m in range(n + 1, last)
            )
        if one.flags & (Flag.INFINITIVE | Flag.PARTICIPLE):
            joined = [m for m in range(first, n) if self.words[m].flags & Flag.COORDINATOR]
            begin = joined[-1] if joined and n - joined[-1] <= JOINED_SUBJECT else first
            return not any(self._is_sure(m, m < n) for m in range(begin, last) if m != n)
        return True

    def _awaits_noun(self, n: int, first: int) -> bool:
        """Whether an article before a word still has no noun: "die eben erst reparierte …"."""
        for m in range(n - 1, max(first, n - ATTRIBUTES) - 1, -1):
            if self.words[m].flags & (Flag.CAPITAL | Flag.MARK | Flag.QUOTE | Flag.AUXILIARY):
                return False
            if self.words[m].flags & Flag.ARTICLE:
                return True
        return False

    def _is_sure(self, n: int, before: bool) -> bool:
        """Whether a word can be nothing but a finite verb; auxiliaries count behind it too."""
        one = self.words[n]
        if one.flags & Flag.AUXILIARY:
            return True
        unsure = Flag.INFINITIVE | Flag.PARTICIPLE | Flag.CAPITAL | Flag.PREPOSITION | Flag.ARTICLE
        capital = n + 1 < len(self.words) and self.words[n + 1].flags & Flag.CAPITAL
        return before and one.has(Flag.FINITE) and not one.flags & unsure and not capital

    def is_subordinate(self, segment: tuple[int, int]) -> bool:
        """Whether a segment opens with a conjunction or relative word and is no main clause."""
        first, last = segment
        opening = self.words[first]
        at = first
        if opening.flags & Flag.COORDINATOR and first + 1 < last:
            at += 1
            opening = self.words[at]
        if opening.flags & Flag.QUOTE:
            return False
        if opening.flags & Flag.PREPOSITION and at + 1 < last and opening.lower != "während":
            after = self.words[at + 1]
            if (
                after.has(Flag.ARTICLE)
                and at + 2 < last
                and self.words[at + 2].flags & Flag.CAPITAL
            ):
                return (
                    self.words[last - 1].has(Flag.AUXILIARY)
                    and self.words[last - 2].lower != "zu"
                    and first > 0
                )
            return (
                bool(after.flags & Flag.RELATIVE) and self.ends_in_verb(at + 2, last) and first > 0
            )
        if opening.flags & Flag.RELATIVE and not opening.flags & Flag.QUESTION:
            return first > 0 and not self._is_told(at, last) and self.ends_in_verb(at + 1, last)
        if opening.lower in ("während", "seit", "bis", "als", "da"):
            return self.ends_in_verb(at + 1, last)
        return bool(opening.flags & (Flag.SUBORDINATOR | Flag.QUESTION))

    def _is_told(self, first: int, last: int) -> bool:
        """Whether "die Pause gelte" is a clause of its own: article, noun, Konjunktiv I."""
        verb = self.finite(first + 1, last)
        if verb is None or not self.words[verb].flags & Flag.KONJUNKTIV_1:
            return False
        return bool(
            self.words[first].has(Flag.ARTICLE) and self.words[first + 1].flags & Flag.CAPITAL
        )

    def ends_in_verb(self, first: int, last: int) -> bool:
        """Whether the finite verb is the last word (or next to last before an infinitive)."""
        verb = self.finite(first, last)
        if verb is None:
            return False
        final = self.words[last - 1]
        infinite = Flag.INFINITIVE | Flag.PARTICIPLE
        if verb >= last - 1 or (verb == last - 2 and final.has(infinite)):
            return True
        if final.has(Flag.AUXILIARY) and verb >= last - 3:
            return True
        sure = self.words[verb].has(Flag.AUXILIARY | MOODS)
        return not sure and final.has(Flag.FINITE) and not final.has(infinite)

    def has_main_verb(self, first: int, last: int) -> bool:
        """Whether a main clause, or a quotation, lies within."""
        for segment in self.segments:
            begin, stop = max(segment[0], first), min(segment[1], last)
            if begin >= stop:
                continue
            if self.words[begin].flags & Flag.QUOTE:
                return True
            if not self.is_subordinate((begin, stop)) and self.finite(begin, stop) is not None:
                return True
        return False

    def sentence_start(self, n: int) -> int:
        """First word of the sentence that holds a word (a unit may hold several)."""
        return self.starts[bisect_right(self.starts, n) - 1]

    def sentence_stop(self, n: int) -> int:
        """Number of the word behind the sentence that holds a word."""
        at = bisect_right(self.starts, n)
        return self.starts[at] if at < len(self.starts) else len(self.words)


def units_of(parsed: Parsed) -> Iterator[Unit]:
    """Units of a text in order; what runs on without an end is cut, to keep the time linear."""
    spoken = parsed.quotes
    opened = [q.start for q in spoken]
    at = 0
    bundle: list[Sentence] = []
    for sentence in _shortened(parsed):
        bundle.append(sentence)
        while at < len(spoken) and spoken[at].outer[1] <= sentence.end:
            at += 1
        within = at < len(spoken) and spoken[at].outer[0] < sentence.end
        if not within or sentence.last - bundle[0].first > LONGEST:
            first = bisect_left(opened, bundle[0].start)
            last = bisect_right(opened, sentence.end)
            yield _unit(parsed, bundle, spoken[first:last])
            bundle = []
    if bundle:
        yield _unit(parsed, bundle, spoken[bisect_left(opened, bundle[0].start) :])


def _shortened(parsed: Parsed) -> Iterator[Sentence]:
    for sentence in parsed.sentences:
        for first in range(sentence.first, sentence.last, LONGEST):
            last = min(first + LONGEST, sentence.last)
            start, end = parsed.tokens[first].start, parsed.tokens[last - 1].end
            yield Sentence(start, end, first, last, sentence.paragraph)


def _unit(parsed: Parsed, sentences: list[Sentence], quotes: tuple[Quote, ...]) -> Unit:
    first, last = sentences[0].first, sentences[-1].last
    start, end = parsed.tokens[first].start, parsed.tokens[last - 1].end
    inside = [q for q in quotes if q.outer[0] >= start - 1 and q.outer[1] <= end + 1]
    whole: list[Quote] = []
    for quote in inside:
        if _stands_alone(parsed.text, quote, start, end) or (
            whole and _goes_on(parsed.text, whole[-1], quote)
        ):
            whole.append(quote)
    opening = {s.first for s in sentences}
    closing = {s.last - 1 for s in sentences}
    words: list[Word] = []
    places: list[Stretch] = []
    starts: list[int] = []
    at = 0
    for n in range(first, last):
        token = parsed.tokens[n]
        while at < len(whole) and whole[at].outer[1] <= token.start:
            at += 1
        if at < len(whole) and whole[at].outer[0] <= token.start:
            if not words or words[-1] is not QUOTE_WORD or places[-1] != whole[at].outer:
                if n in opening or (words and words[-1].text in ".!?"):
                    starts.append(len(words))
                words.append(QUOTE_WORD)
                places.append(whole[at].outer)
            continue
        if token.text == "." and n not in closing and words and places[-1][1] == token.start:
            places[-1] = (places[-1][0], token.end)
            continue
        if words and _is_domain(parsed.text, places[-1], token.start, token.text):
            places[-1] = (places[-1][0], token.end)
            continue
        if n in opening or (words and words[-1] is QUOTE_WORD and token.text[:1].isupper()):
            starts.append(len(words))
        words.append(_placed(token.text, _opens(words, starts)))
        places.append((token.start, token.end))
    small = tuple(q for q in inside if q not in whole)
    starts = sorted({0, *starts})
    return Unit(tuple(words), tuple(places), sentences[0].paragraph, small, tuple(starts))


def _is_domain(text: str, before: Stretch, start: int, word: str) -> bool:
    """Whether a word ends an address such as "netzblatt.de" whose point the word before holds."""
    joined = before[1] == start and text[start - 1] == "." and before[1] - before[0] > 2
    return joined and word.isalpha() and word.islower()


def _placed(text: str, opens: bool) -> Word:
    if opens:
        return opening_word(text)
    one = word(text)
    return _noun(one) if one.flags & Flag.CAPITAL and one.flags & VERBAL else one


def _opens(words: list[Word], starts: list[int]) -> bool:
    return bool(starts and starts[-1] == len(words)) or (
        bool(words) and words[-1].text in (":", "„", '"', "»")
    )


def _noun(one: Word) -> Word:
    return Word(one.text, one.lower, one.flags & ~(VERBAL | MOODS | Flag.AUXILIARY), (), one.lemma)


def _goes_on(text: str, first: Quote, second: Quote) -> bool:
    """Whether a quotation that a frame splits goes on: "„Wir“, sagt sie, „warten.“"."""
    between = text[first.outer[1] : second.outer[0]]
    ended = text[first.start : first.end][-1:] in (".", "!", "?")
    return not ended and between.rstrip().endswith(",") and not set(between) & set(".!?:;\n")


def _stands_alone(text: str, quote: Quote, start: int, end: int) -> bool:
    """Whether a quotation is a clause or sentence of its own, not words within one."""
    opening, closing = quote.outer
    before = text[start:opening].rstrip()
    after = text[closing:end].lstrip()
    inside = text[quote.start : quote.end]
    if before and before[-1] not in ":.!?" and inside[:1].islower():
        return False
    opens = not before or before[-1] in '.:!?,–—-“«"'
    if not opens or len(inside.split()) < 2:
        after_colon = before[-1:] == ":" and not after[:1].isalpha()
        return after_colon or (not before and after[:1] == ",")
    if inside[-1:] in ".!?…,":
        return True
    return (
        not after
        or after[0] in ",.–—-;:!?"
        or before[-1:] == ":"
        or (after[0].islower() and not before and len(inside.split()) > LONG)
    )
