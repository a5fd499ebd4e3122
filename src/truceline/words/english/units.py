"""A paragraph as sentences of the narrator: a quotation that speaks is one word of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from truceline.words.english.lexicon import Form, form_of, words_of
from truceline.words.found import Stretch
from truceline.words.quotes import MARKS, Quote
from truceline.words.tokens import Parsed, Sentence, Token

LONGEST = 200
"""A sentence of more words is read in pieces: no person wrote it, and time must not run away."""

SHORT = 3
"""Words in quotation marks, up to this many, may be a mere term and no speech."""

QUOTED = Form(
    "“”", False, False, False, False, False, False, False, False, False, False, False, (),
    frozenset(), False,
)  # fmt: skip
COUNTS = frozenset("one two three four five six seven eight nine ten dozens".split())
ENDS = frozenset(".!?…")


@dataclass(frozen=True)
class Unit:
    """A sentence of the narrator: its words, and where they stand.

    ``forms``, ``places`` and ``quotes`` run in parallel; a quotation that speaks is one word,
    ``quotes`` holds it there. ``stop``: index after the last word, the final mark left out.
    """

    text: str
    paragraph: int
    forms: tuple[Form, ...]
    places: tuple[Stretch, ...]
    quotes: tuple[Quote | None, ...]
    stop: int
    opens: bool
    """It opens its paragraph."""
    closes: bool
    """It closes its paragraph."""
    inner: tuple[Quote, ...] = field(default=())

    @cached_property
    def lowers(self) -> tuple[str, ...]:
        """The words in lower case."""
        return tuple(f.lower for f in self.forms)

    def stretch(self, first: int, last: int) -> Stretch:
        """Place of words ``first`` up to ``last`` (exclusive), marks of quotations included."""
        return self.places[first][0], self.places[last - 1][1]

    def is_quote(self, n: int) -> bool:
        """Whether a word is a quotation that speaks."""
        return 0 <= n < len(self.quotes) and self.quotes[n] is not None

    def low(self, n: int) -> str:
        """A word in lower case; blank outside."""
        return self.forms[n].lower if 0 <= n < len(self.forms) else ""

    def finite_at(self, n: int) -> bool:
        """Whether a word is a finite verb, as far as it and the word before tell."""
        form = self.forms[n]
        if not form.finite:
            return False
        before = self.forms[n - 1] if n else None
        if before is None:
            return form.lower not in words_of("s_nouns")
        if before.determiner and not before.pronoun:
            return False
        if form.lower in words_of("s_nouns"):
            after = self.forms[n + 1] if n + 1 < len(self.forms) else None
            acts = after is not None and (after.number or after.determiner or after.lower in COUNTS)
            named = before.capital or (acts and before.noun_like)
            return before.pronoun or (named and not before.demonym)
        return True

    def has_finite(self, first: int, last: int) -> bool:
        """Whether a finite verb, or a quotation, stands among some words."""
        return any(
            self.quotes[n] is not None or self.finite_at(n)
            for n in range(max(first, 0), min(last, self.stop))
        )


def units_of(parsed: Parsed) -> Iterator[Unit]:
    """Sentences of the narrator in order."""
    quotes = list(parsed.quotes)
    at = 0
    for group in _groups(parsed):
        start, end = group[0].start, group[-1].end
        while at < len(quotes) and quotes[at].outer[1] <= start:
            at += 1
        held = []
        n = at
        while n < len(quotes) and quotes[n].start <= end:
            held.append(quotes[n])
            n += 1
        bounds = parsed.paragraphs[group[0].paragraph]
        yield from _pieces(_unit(parsed, group, held, bounds))


def _pieces(unit: Unit) -> Iterator[Unit]:
    """A unit whole, or in pieces of at most ``LONGEST`` words."""
    total = len(unit.forms)
    if total <= LONGEST:
        yield unit
        return
    for first in range(0, total, LONGEST):
        last = min(first + LONGEST, total)
        yield replace(
            unit,
            forms=unit.forms[first:last],
            places=unit.places[first:last],
            quotes=unit.quotes[first:last],
            stop=max(0, min(unit.stop, last) - first),
            opens=unit.opens and first == 0,
            closes=unit.closes and last == total,
        )


def _groups(parsed: Parsed) -> Iterator[list[Sentence]]:
    """Sentences that one quotation joins, or that a frame in lower case follows."""
    held: list[Sentence] = []
    spans = [q.outer for q in parsed.quotes]
    q = 0
    for sentence in _mended(parsed):
        while q < len(spans) and spans[q][1] <= sentence.start:
            q += 1
        joined = q < len(spans) and spans[q][0] < sentence.start < spans[q][1]
        same = bool(held) and held[-1].paragraph == sentence.paragraph
        if same and (joined or _goes_on(parsed, held[-1], sentence)):
            held.append(sentence)
        else:
            if held:
                yield held
            held = [sentence]
    if held:
        yield held


def _mended(parsed: Parsed) -> Iterator[Sentence]:
    """Sentences; a quotation mark that opens at the end of one goes to the next."""
    opening = {q.outer[0] for q in parsed.quotes}
    moved: int | None = None
    for sentence in parsed.sentences:
        if moved is not None:
            start = parsed.tokens[moved].start
            sentence = replace(sentence, start=start, first=moved)
            moved = None
        last = parsed.tokens[sentence.last - 1]
        if last.start in opening and sentence.last - sentence.first > 1:
            moved = sentence.last - 1
            end = parsed.tokens[moved - 1].end
            sentence = replace(sentence, end=end, last=moved)
        yield sentence


def _goes_on(parsed: Parsed, before: Sentence, sentence: Sentence) -> bool:
    """Whether a sentence was cut at "12:20 p.m. Moscow time", or before a frame."""
    start = parsed.tokens_of(sentence)[:2]
    timed = len(start) == 2 and start[1].text == "time"
    if timed and parsed.text[before.end - 4 : before.end] in ("a.m.", "p.m."):
        return True
    return _is_frame(parsed, before, sentence)


def _is_frame(parsed: Parsed, before: Sentence, sentence: Sentence) -> bool:
    """Whether a sentence is the frame of a quotation that a mark of its own ends: "…?" he asked."""
    last = parsed.tokens_of(before)[-2:]
    if len(last) < 2 or last[1].text not in MARKS or last[0].text not in "?!…,":
        return False
    tokens = parsed.tokens_of(sentence)
    if tokens[0].text in MARKS:
        return False
    if tokens[0].text[0].islower():
        return True
    forms = [form_of(t.text) for t in tokens[:8]]
    for n, form in enumerate(forms[:-1]):
        if n and any(v.form in ("past", "s") for v in form.verbs):
            return forms[n + 1].mark or forms[n + 1].preposition or forms[n + 1].time
    return False


def _unit(parsed: Parsed, group: list[Sentence], quotes: list[Quote], bounds: Stretch) -> Unit:
    speech: list[Quote] = []
    inner: list[Quote] = []
    for quote in quotes:
        (speech if _speaks(parsed, quote) else inner).append(quote)
    forms: list[Form] = []
    places: list[Stretch] = []
    held: list[Quote | None] = []
    marks = {p for q in inner for p in (q.outer[0], q.end)}
    n = 0
    for token in _tokens(parsed, group):
        while n < len(speech) and speech[n].outer[1] <= token.start:
            n += 1
        if n < len(speech) and speech[n].outer[0] <= token.start < speech[n].outer[1]:
            if not held or held[-1] is not speech[n]:
                forms.append(QUOTED)
                places.append(speech[n].outer)
                held.append(speech[n])
        elif token.start in marks:
            _widen(places, token)
        else:
            forms.append(form_of(token.text))
            places.append(_with_mark(token, inner))
            held.append(None)
    stop = len(forms)
    while stop and forms[stop - 1].lower in ENDS:
        stop -= 1
    return Unit(
        parsed.text,
        group[0].paragraph,
        tuple(forms),
        tuple(places),
        tuple(held),
        stop,
        group[0].start - bounds[0] < 2,
        not parsed.text[group[-1].end : bounds[1]].strip(),
        tuple(inner),
    )


def _tokens(parsed: Parsed, group: list[Sentence]) -> Iterator[Token]:
    """Tokens, without full stops of titles."""
    titles = words_of("titles")
    for sentence in group:
        tokens = parsed.tokens_of(sentence)
        for n, token in enumerate(tokens):
            short = n and token.text == "." and n + 1 < len(tokens)
            if short and tokens[n - 1].text.lower() in titles:
                continue
            yield token


def _widen(places: list[Stretch], token: Token) -> None:
    """A closing mark belongs to the word before it."""
    if places and places[-1][1] == token.start:
        places[-1] = (places[-1][0], token.end)


def _with_mark(token: Token, inner: list[Quote]) -> Stretch:
    """An opening mark belongs to the word after it."""
    opened = any(q.start == token.start for q in inner)
    return token.start - opened, token.end


def _speaks(parsed: Parsed, quote: Quote) -> bool:
    """Whether a quotation is speech, and not a mere term."""
    inside = parsed.text[quote.start : quote.end].strip()
    return not quote.closed or inside[-1:] in ",.!?…;" or len(inside.split()) > SHORT
