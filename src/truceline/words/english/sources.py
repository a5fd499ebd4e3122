"""Frames without a verb of saying: "according to", "citing", "X:", "as X put it", "reportedly"."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.words.english.around import lead_of
from truceline.words.english.draft import Draft, Range
from truceline.words.english.lexicon import words_of
from truceline.words.english.phrases import phrase_end, skip_adverbials, with_apposition
from truceline.words.english.subjects import subject_before
from truceline.words.english.units import Unit

LABEL = 9
"""A label before a colon has at most so many words."""

CITING = frozenset({"citing", "quoting"})
BARS = frozenset({",", "–", "—"})


def sourced(unit: Unit, earlier: list[Draft]) -> Iterator[Draft]:
    """Reported speech that names its source without a verb of saying."""
    label = _label(unit) or _label_after(unit)
    if label is not None:
        yield label
    for n in range(unit.stop):
        word = unit.low(n)
        if word in ("according", "in", "by", "on", "from"):
            draft = _according(unit, n) or _viewed(unit, n)
        elif word in CITING:
            draft = _citing(unit, n, earlier)
        elif unit.forms[n].verbs and any(v.lemma in ("quote", "cite") for v in unit.forms[n].verbs):
            draft = _quoted_as(unit, n)
        elif word in words_of("hearsay_adverbs"):
            draft = _hearsay(unit, n, earlier)
        else:
            continue
        if draft is not None:
            yield draft


def _source_phrase(unit: Unit, n: int) -> int | None:
    """First word after "according to" and its like."""
    for phrase in words_of("sources"):
        words = phrase.split()
        if all(unit.low(n + i) == w for i, w in enumerate(words)):
            return n + len(words)
    return None


def _according(unit: Unit, n: int) -> Draft | None:
    start = _source_phrase(unit, n)
    if start is None or start >= unit.stop:
        return None
    end = phrase_end(unit, start)
    if end == start or unit.low(end - 1) in words_of("no_source"):
        return None
    speaker = (start, with_apposition(unit, start, end))
    after, _ = skip_adverbials(unit, speaker[1])
    if unit.low(after) == "," and unit.low(after + 1) in ("who", "which"):
        after = next((i for i in range(after + 1, unit.stop) if unit.low(i) == ","), unit.stop)
    content = _content_around(unit, n, after)
    if not content:
        return None
    rule = "en.according" if unit.low(n) == "according" else "en.view"
    cue = tuple(range(n, start))
    direct = all(unit.is_quote(i) for c in content for i in range(*c))
    return Draft(
        content,
        cue,
        " ".join(unit.low(i) for i in cue),
        rule,
        n if n == 0 or unit.low(n - 1) not in BARS else n - 1,
        n,
        speaker,
        [(n, after)],
        style="direct" if direct else "indirect",
        link="after" if content[0][0] < n else "main",
        open=content[-1][1] == unit.stop,
    )


def _viewed(unit: Unit, n: int) -> Draft | None:
    """ "in Moscow's view", "from the Kremlin's point of view"."""
    if unit.low(n) not in ("in", "from"):
        return None
    for at in range(n + 1, min(n + 6, unit.stop - 1)):
        form = unit.forms[at]
        if not (form.noun_like or form.determiner) or form.mark:
            return None
        if form.lower.endswith(("'s", "s'")) or form.lower in words_of("possessives"):
            break
    else:
        return None
    end = at + (4 if unit.low(at + 1) == "point" else 2)
    if unit.low(at + 1) not in ("view", "opinion", "point", "words", "eyes", "telling"):
        return None
    if unit.low(at + 1) == "point" and unit.low(end - 1) != "view":
        return None
    content = _content_around(unit, n, end)
    if not content:
        return None
    cue = (n, *range(at + 1, end))
    draft = Draft(content, cue, "view", "en.view", n, n, (n + 1, at + 1), [(n, end)])
    draft.link, draft.open = "after" if content[0][0] < n else "main", True
    return draft


def _content_around(unit: Unit, n: int, after: int) -> list[Range]:
    """The clause that a source phrase stands before, behind or within."""
    begins = n == 0 or unit.low(n - 1) in (";", ":") or (n == 1 and unit.low(0) in ("but", "and"))
    if begins or (unit.low(n - 1) in ("and", "but", "that") and unit.low(after) == ","):
        first = after + 1 if unit.low(after) == "," else after
        return [(first, unit.stop)] if first < unit.stop else []
    last = n - 1 if unit.low(n - 1) in BARS else n
    content = [(lead_of(unit, _sentence_start(unit, last)), last)]
    if unit.low(after) == "," and unit.low(n - 1) in BARS and after + 1 < unit.stop:
        follows = unit.forms[after + 1]
        if not follows.ing and follows.lower not in ("and", "but", "while", "who", "which"):
            content.append((after + 1, unit.stop))
    return [c for c in content if c[0] < c[1]]


def _sentence_start(unit: Unit, last: int) -> int:
    return next((i + 1 for i in range(last - 1, -1, -1) if unit.low(i) == ";"), 0)


def _citing(unit: Unit, n: int, earlier: list[Draft]) -> Draft | None:
    """ ", Tass reported, citing the ministry": the source takes over from the last frame."""
    end = phrase_end(unit, n + 1)
    if end == n + 1 or not earlier or earlier[-1].lemma == "cite":
        return None
    last = earlier[-1]
    if last.link not in ("after", "around", "main") or last.verb > n:
        return None
    last.via = [(last.speaker, last.cue)]
    last.speaker, last.cue, last.lemma = (n + 1, with_apposition(unit, n + 1, end)), (n,), "cite"
    last.frame.append((n, last.speaker[1]))
    last.content = [
        (a, min(b, n - 1) if a < n - 1 else b) for a, b in last.content if a < n - 1 or a > end
    ]
    return None


def _quoted_as(unit: Unit, n: int) -> Draft | None:
    """ "quoted an official as saying", "was quoted by Tass as saying": speaker and agency."""
    near = range(n + 1, min(n + 16, unit.stop - 1))
    saying = next((i for i in near if unit.low(i) == "as" and unit.forms[i + 1].ing), None)
    if saying is None:
        return None
    before = subject_before(unit, n)
    agency = unit.low(n - 1) in words_of("passive")
    by = next((i for i in range(n + 1, saying) if unit.low(i) == "by"), None)
    after = saying + 2
    via: list[tuple[Range | None, tuple[int, ...]]] = []
    if agency or by is not None:
        speaker = before.words if before else None
        outer = (by + 1, saying) if by is not None else None
        if outer is None and unit.low(after) == "by":
            outer = (after + 1, phrase_end(unit, after + 1))
            after = outer[1]
        via = [(outer, (n,))] if outer else []
    else:
        speaker, via = (n + 1, saying), [(before.words, (n,))] if before else []
    if speaker is None or speaker[0] >= speaker[1]:
        return None
    start = before.start if before else n
    content, link = _quoted_content(unit, start, after)
    if not content:
        return None
    direct = all(unit.is_quote(i) for c in content for i in range(*c))
    return Draft(
        content,
        (n, saying, saying + 1),
        "quote",
        "en.quoted.as",
        start,
        n,
        speaker,
        [(start, after)],
        style="direct" if direct else "indirect",
        link=link,
        open=link == "main",
        via=via,
    )


def _quoted_content(unit: Unit, start: int, after: int) -> tuple[list[Range], str]:
    n, _ = skip_adverbials(unit, after)
    if unit.low(n) in ("that", ":", ","):
        n += 1
    if n < unit.stop:
        return [(n, unit.stop)], "main"
    last = start if unit.is_quote(start - 1) or unit.low(start) in BARS else start - 1
    first = last - 1 if unit.is_quote(last - 1) else lead_of(unit, 0)
    return ([(first, last)] if first < last else []), "after"


def _hearsay(unit: Unit, n: int, earlier: list[Draft]) -> Draft | None:
    """ "Russia reportedly agreed": the whole clause, told by nobody named."""
    if any(d.start <= n < max(b for _, b in d.content) for d in earlier):
        return None
    first = next((i + 1 for i in range(n - 1, -1, -1) if unit.low(i) in (";", ":", "–", "—")), 0)
    last = next((i for i in range(n + 1, unit.stop) if unit.low(i) in (";", "–", "—")), unit.stop)
    return Draft(
        [(lead_of(unit, first), last)],
        (n,),
        unit.low(n),
        "en.hearsay.adverb",
        n,
        n,
        link="around",
        unattributed=True,
    )


def _label(unit: Unit) -> Draft | None:
    """ "Kremlin: no talks planned": a label that is a speaker."""
    colon = next((n for n in range(min(LABEL + 1, unit.stop)) if unit.low(n) in (":",)), None)
    if colon is None or colon == 0 or colon + 1 >= unit.stop or not unit.opens:
        return None
    words = unit.forms[:colon]
    allowed = words_of("label_words")
    fits = all(f.capital or f.lower in allowed or f.lower == "'" for f in words)
    barred = words_of("labels") | words_of("questions") | {"ceasefire"}
    if not fits or not words[0].capital or words[-1].lower in barred or words[0].lower in barred:
        return None
    if any(f.number or f.lower in ("of", "to") for f in words[-1:]) or words[-1].ing:
        return None
    quoted = unit.is_quote(colon + 1) and colon + 2 >= unit.stop
    if not quoted and unit.stop - colon < 3:
        return None
    content = (colon + 1, max(unit.stop, colon + 2))
    draft = Draft([content], (colon,), "", "en.colon", 0, colon, (0, colon), [(0, colon + 1)])
    draft.style, draft.open = ("direct", False) if quoted else ("indirect", True)
    return draft


def _label_after(unit: Unit) -> Draft | None:
    """ "Attack kills two: Kyiv", "Drones hit refinery - governor": a headline with its source."""
    if unit.stop != len(unit.forms) or not unit.closes or not unit.opens:
        return None
    last = unit.stop
    bar = next((n for n in range(last - 1, max(last - 6, 2), -1) if unit.low(n) in ":–—-"), None)
    if bar is None or bar + 1 >= last or not unit.has_finite(0, bar):
        return None
    words = unit.forms[bar + 1 : last]
    allowed = words_of("label_words")
    named = all(f.capital or f.lower in allowed for f in words)
    if not named or any(f.time or f.number or f.mark for f in words):
        return None
    speaker = (bar + 1, last)
    return Draft(
        [(0, bar)], (bar,), "", "en.colon.after", bar, bar, speaker, [(bar, last)], link="after"
    )
