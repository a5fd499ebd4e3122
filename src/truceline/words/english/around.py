"""Frames behind their content or in its midst: "…, the Kremlin said on Monday"."""

from __future__ import annotations

from truceline.words.english.draft import Draft, Range
from truceline.words.english.hits import Hit
from truceline.words.english.phrases import phrase_end, skip_adverbials, with_apposition
from truceline.words.english.subjects import Subject
from truceline.words.english.units import Unit

PLAIN = frozenset({"say", "state", "tell", "thought"})
"""Groups whose content may go before the frame without quotation marks."""

REMARKS = frozenset(
    "when who which as after before citing quoting and but while whereas though although".split()
)
"""With these the text itself goes on after a frame."""

BARS = frozenset({",", "–", "—"})


def around(unit: Unit, hit: Hit, subject: Subject | None) -> Draft | None:
    """A frame after its content, or in the midst of it."""
    inverted = subject is None or unit.is_quote(hit.group - 1)
    at_bar = unit.low(hit.group - 1) in BARS or unit.is_quote(hit.group - 1)
    turned = at_bar and hit.group == hit.verb and "tell" not in hit.groups
    if turned and hit.after < unit.stop:
        speaker = _speaker_after(unit, hit)
        if speaker is not None:
            return _closing(unit, hit, hit.group, speaker, speaker[1], inverted=True)
    if subject is None or inverted or subject.relative:
        return None
    end = _frame_end(unit, hit.after)
    start = subject.words[0]
    if end is None or start == 0:
        return None
    before = unit.low(start - 1)
    if before == "as":
        return _as_frame(unit, hit, subject.words, end)
    if before not in BARS | {"and", "but"} and not unit.is_quote(start - 1):
        return None
    return _closing(unit, hit, subject.start, subject.words, end, inverted=False)


def _as_frame(unit: Unit, hit: Hit, speaker: Range, end: int) -> Draft | None:
    """ "As Rubio put it, …", "…, as Rubio put it"."""
    start = speaker[0] - 1
    if start > 0:
        bar = start - 1 if unit.low(start - 1) in BARS else start
        draft = _closing(unit, hit, bar, speaker, end, inverted=False)
    elif end + 1 < unit.stop:
        cue = tuple(range(hit.verb, hit.after))
        draft = Draft([(end + 1, unit.stop)], cue, hit.lemma, "", 0, hit.verb, speaker, [(0, end)])
        draft.open = True
    else:
        draft = None
    if draft is not None:
        draft.rule = "en.as"
        draft.content = [(a, b) for a, b in draft.content if b - a > 1 or _says(unit, a)]
    return draft


def _says(unit: Unit, n: int) -> bool:
    """Whether a single word is content, and not the "if" of "if, as Moscow claims, …"."""
    return unit.is_quote(n) or (unit.forms[n].capital and unit.low(n) != "if")


def _speaker_after(unit: Unit, hit: Hit) -> Range | None:
    """ "said Peskov, the Kremlin spokesman": who stands after the verb."""
    form = unit.forms[hit.after]
    if form.preposition or form.adverb or form.time or form.lower == "that":
        return None
    end = phrase_end(unit, hit.after)
    if end == hit.after or unit.has_finite(end, min(end + 1, unit.stop)):
        return None
    named = next((n for n in range(hit.after, end) if not unit.forms[n].capital), end)
    if named > hit.after and unit.low(named) in ("in", "at", "from"):
        end = named
    return hit.after, with_apposition(unit, hit.after, end)


def _frame_end(unit: Unit, after: int) -> int | None:
    """Where a frame that no content follows ends; None if more than adverbials follows."""
    n, _ = skip_adverbials(unit, after)
    if n == after and n < unit.stop:
        whom = phrase_end(unit, n)
        if whom > n:
            n, _ = skip_adverbials(unit, whom)
    if n < unit.stop and not unit.is_quote(n) and unit.low(n) not in (",", ";", ":", "–", "—"):
        return None
    return n


def lead_of(unit: Unit, first: int) -> int:
    """First word of a content: opening conjunctions, a mark or a dateline are left out."""
    n = first
    dash = next((i for i in range(first, min(first + 12, unit.stop)) if unit.low(i) in "–—-"), None)
    if (
        unit.opens
        and first == 0
        and dash
        and not unit.has_finite(0, dash)
        and unit.low(dash - 1) == ")"
    ):
        n = dash + 1
    while n < unit.stop and (unit.low(n) in ("and", "but", "yet", "so") or unit.low(n) in BARS):
        n += 1
    return n


def _closing(
    unit: Unit, hit: Hit, start: int, speaker: Range, end: int, *, inverted: bool
) -> Draft | None:
    """The draft of a frame whose content stands before it, and perhaps goes on after it."""
    quoted = unit.is_quote(start - 1)
    bar = start if unit.low(start) in BARS else start - 1
    if quoted:
        content = [(quote_start(unit, start - 1), start)]
    elif unit.low(bar) in BARS and bar > 0:
        clause = next((n + 1 for n in range(bar - 1, -1, -1) if unit.low(n) == ";"), 0)
        content = [(lead_of(unit, clause), bar)]
    else:
        return None
    direct = all(unit.is_quote(n) for n in range(*content[0]))
    if not quoted and not hit.groups & PLAIN:
        return None
    if inverted and not quoted and not unit.has_finite(*content[0]):
        return None
    style = "direct" if direct else "indirect"
    draft = Draft(
        content,
        tuple(range(hit.verb, hit.after)),
        hit.lemma,
        f"en.{style}.after",
        start,
        hit.verb,
        speaker,
        [(start, end)],
        style=style,
        link="after",
    )
    if unit.low(end) == "as":
        return None
    _rest(unit, draft, end)
    first, last = draft.content[0]
    long = last - first > 3 and not unit.forms[first].preposition
    whole = long or any(unit.has_finite(*c) for c in draft.content) or len(draft.content) > 1
    return draft if whole or draft.style == "direct" else None


def _rest(unit: Unit, draft: Draft, end: int) -> None:
    """Content that goes on after a frame in its midst."""
    n = end
    if n < unit.stop and not unit.is_quote(n):
        n += 1
    if n >= unit.stop:
        return
    if unit.is_quote(n):
        draft.content.append((n, n + 1))
        draft.rule = "en.direct.split"
        return
    if draft.style == "direct" or unit.low(end) != "," or unit.forms[n].ing:
        return
    first = unit.forms[n]
    if first.lower in REMARKS:
        return
    draft.content.append((n, unit.stop))
    draft.open = True
    draft.rule = "en.indirect.split"
    draft.link = "around"


def quote_start(unit: Unit, n: int) -> int:
    """First word of a content that ends with a quotation: the quotation, or its whole clause."""
    first = n
    while first > 0 and unit.low(first - 1) not in (";", ":", "–", "—", ")"):
        if unit.forms[first - 1].mark and unit.low(first - 1) == "," and unit.is_quote(first - 2):
            break
        first -= 1
    return first if not unit.has_finite(first, n) or first == n else lead_of(unit, first)
