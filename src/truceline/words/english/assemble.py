"""From drafts of one sentence to what stays: ends of contents, coordination, nesting."""

from __future__ import annotations

from dataclasses import replace

from truceline.words.english.draft import Draft, Range
from truceline.words.english.lexicon import words_of
from truceline.words.english.phrases import phrase_end
from truceline.words.english.units import Unit

JOINING = frozenset({"and", "but", "yet", "or", "while", "whereas", "though", "although", ";"})
NONFINITE = frozenset(
    {"en.infinitive", "en.order.infinitive", "en.gerund", "en.accuse", "en.noun.infinitive"}
)
ACTS = frozenset({"promise", "urge", "accuse", "describe", "gerund", "say", "state", "tell"})
OPENERS = frozenset(
    {"while", "whereas", "although", "though", "after", "since", "because", "when", "if", "as"}
)
SELF = frozenset({"it", "he", "she", "they", "we", "i"})


def assembled(unit: Unit, drafts: list[Draft]) -> tuple[list[Draft], list[int | None]]:
    """Drafts that stay, and for each the index of the one that it lies in."""
    drafts = sorted(drafts, key=lambda d: (d.start, d.verb))
    for draft in drafts:
        _begin(unit, draft, drafts)
    for draft in drafts:
        _end(unit, draft, drafts)
    drafts = [d for one in drafts for d in _coordinated(unit, one)]
    drafts = [d for d in drafts if _says_something(unit, d)]
    drafts = list({tuple(d.content): d for d in reversed(drafts)}.values())[::-1]
    return _nested(unit, drafts)


def _says_something(unit: Unit, draft: Draft) -> bool:
    draft.content = [(a, b) for a, b in draft.content if a < b]
    return any(
        unit.is_quote(n) or not unit.forms[n].mark for a, b in draft.content for n in range(a, b)
    )


def _begin(unit: Unit, draft: Draft, drafts: list[Draft]) -> None:
    """A content that stands before its frame begins after the frame before it."""
    if draft.link not in ("after", "around") or not draft.content:
        return
    first, last = draft.content[0]
    for other in drafts:
        if other is draft or other.link not in ("after", "around") or not other.frame:
            continue
        end = other.frame[-1][1]
        if first < end < last and other.verb < draft.verb:
            first = end
            other.content = [c for c in other.content if c[0] < other.start]
    while first < last and (unit.low(first) in JOINING or unit.low(first) in (",", "–", "—")):
        first += 1
    draft.content[0] = (first, last)


def _end(unit: Unit, draft: Draft, drafts: list[Draft]) -> None:
    """An open content ends where another frame of its level begins, or a remark of the text."""
    if not draft.open or not draft.content:
        return
    first, last = draft.content[-1]
    for other in drafts:
        last = _at_semicolon(unit, other, first, last)
        if other is draft or not first < other.start < last or other.relative:
            continue
        if draft.link == "noun" and other.link == "main" and other.start < first:
            continue
        if _bounds(unit, other):
            last = other.start
    if draft.rule in ("en.according", "en.view", "en.indirect.split", "en.as"):
        last = next((n for n in range(first + 1, last) if unit.low(n) == ";"), last)
    if draft.rule in NONFINITE or _under_that(draft, drafts):
        last = _and_that(unit, first, last)
    if draft.link in ("main", "shared") and draft.rule in ("en.that", "en.bare"):
        last = _second_act(unit, draft, first, last)
    last = _remark(unit, first, last)
    if draft.lemma in ("dismiss", "reject", "deny"):
        last = _before_as(unit, first, last)
    if draft.link == "noun":
        last = _noun_clause(unit, draft, first, last)
    if unit.low(draft.start) in OPENERS or (draft.start and unit.low(draft.start - 1) in OPENERS):
        last = _subordinate_end(unit, first, last)
    if draft.rule in NONFINITE:
        last = _infinitive_end(unit, first, last)
    if draft.relative:
        last = _relative_end(unit, first, last)
    while last > first and unit.low(last - 1) in (",", "and", "but", ";"):
        last -= 1
    draft.content[-1] = (first, last)


def _under_that(draft: Draft, drafts: list[Draft]) -> bool:
    """Whether a frame stands in a clause with "that" of another one."""
    outer = [d for d in drafts if d.rule == "en.that" and d.content and d.verb < draft.verb]
    return any(d.content[-1][0] <= draft.start for d in outer if d is not draft)


def _and_that(unit: Unit, first: int, last: int) -> int:
    """ "said that Putin ordered … and that …": the second clause is no part of the order."""
    for n in range(first + 1, last - 1):
        if unit.low(n) in ("and", "but", "or") and unit.low(n + 1) == "that":
            return n
    return last


def _at_semicolon(unit: Unit, other: Draft, first: int, last: int) -> int:
    """A frame in the midst of the clause after a semicolon claims all of that clause."""
    if other.link not in ("after", "around") or not other.content:
        return last
    begins = other.content[0][0]
    return begins - 1 if first < begins < last and unit.low(begins - 1) == ";" else last


def _second_act(unit: Unit, draft: Draft, first: int, last: int) -> int:
    """ "said that … and asked Putin for a list": a second act of the speaker ends the content."""
    form = {v.form for v in unit.forms[draft.verb].verbs}
    for n in range(first + 1, last - 1):
        if unit.low(n) not in ("and", "but") or not unit.has_finite(first, n):
            continue
        at = n + 1
        while at < last and unit.forms[at].adverb:
            at += 1
        acts = [v for v in unit.forms[at].verbs if v.groups & ACTS and not v.phrase]
        if any(v.form in form and v.form in ("past", "s") for v in acts):
            return n
    return last


def _before_as(unit: Unit, first: int, last: int) -> int:
    """ "dismissed the claim that … as a lie": the word for it is no part of the claim."""
    for n in range(last - 2, first + 1, -1):
        quoted = unit.is_quote(n + 1) and n + 2 >= last
        if unit.low(n) == "as" and (quoted or not unit.has_finite(n + 1, last)):
            return n if unit.has_finite(first, n) else last
    return last


def _bounds(unit: Unit, other: Draft) -> bool:
    """Whether a frame goes on with the sentence, and not with the content before it."""
    if other.link in ("shared", "participle", "after"):
        return True
    if other.link != "main":
        return False
    word = unit.low(other.start)
    return word in JOINING or (word == "," and unit.low(other.start + 1) in JOINING)


def _remark(unit: Unit, first: int, last: int) -> int:
    for n in range(first + 1, last):
        if unit.low(n) != "," or n + 1 >= last:
            continue
        start = unit.places[n + 1][0]
        after = unit.text[start : start + 40].lower()
        if any(after.startswith(stop) for stop in words_of("content_stops")):
            return n
    return last


def _noun_clause(unit: Unit, draft: Draft, first: int, last: int) -> int:
    """The clause of a noun that is the subject ends before the verb of the sentence."""
    before = draft.start - 1
    said = before >= 0 and any("say" in v.groups for v in unit.forms[before].verbs)
    opens = before < 0 or said or unit.low(before) in (",", ";", "that")
    if not opens or len(draft.cue) > 1:
        return last
    clause = draft.rule in ("en.noun.that", "en.noun.participle")
    ends = [
        n
        for n in range(first + 1, last)
        if unit.finite_at(n) and (not clause or unit.has_finite(first, n))
    ]
    sure = [n for n in ends if unit.forms[n].auxiliary] or ends
    return sure[-1] if clause and sure else sure[0] if sure else last


def _subordinate_end(unit: Unit, first: int, last: int) -> int:
    """The content of "While Kyiv says that …, Moscow …" ends where the main clause begins."""
    for n in range(first + 1, last - 2):
        if unit.low(n) != "," or not unit.has_finite(first, n):
            continue
        end = phrase_end(unit, n + 1)
        if n + 1 < end < last and unit.has_finite(end, end + 2):
            return n
    return last


def _infinitive_end(unit: Unit, first: int, last: int) -> int:
    """An infinitive ends before "and rejected …" and before ", and Kyiv has …"."""
    for n in range(first + 1, last - 1):
        if unit.low(n) not in JOINING:
            continue
        at = n + 1
        while at < last and unit.forms[at].adverb:
            at += 1
        if at < last and unit.finite_at(at) and not unit.has_finite(first, n):
            return n
        end = phrase_end(unit, at)
        apart = unit.low(n - 1) == "," or unit.low(n) in ("while", "whereas", "although", ";")
        if apart and at < end < last and unit.has_finite(end, end + 2):
            return n
    return last


def _relative_end(unit: Unit, first: int, last: int) -> int:
    """The content of ", who said that …," ends at the comma before the verb of the sentence."""
    ends = [
        n
        for n in range(first + 1, last - 1)
        if unit.low(n) == "," and (unit.forms[n + 1].finite or unit.forms[n + 1].adverb)
    ]
    return ends[-1] if ends else last


def _coordinated(unit: Unit, draft: Draft) -> list[Draft]:
    """ "said A and that B": two contents under one frame."""
    if draft.style == "direct" or draft.rule.startswith("en.direct") or not draft.content:
        return [draft]
    first, last = draft.content[-1]
    cuts = [
        n
        for n in range(first + 1, last - 1)
        if unit.low(n) == "that"
        and unit.low(n - 1) in ("and", "but", "or")
        and unit.has_finite(first, n)
        and unit.has_finite(n + 1, last)
    ]
    if not cuts:
        return [draft]
    pieces: list[Range] = []
    begin = first
    for cut in cuts:
        end = cut - 1
        while end > begin and unit.low(end - 1) == ",":
            end -= 1
        pieces.append((begin, end))
        begin = cut + 1
    pieces.append((begin, last))
    heads = [*draft.content[:-1], pieces[0]]
    return [replace(draft, content=heads)] + [replace(draft, content=[p]) for p in pieces[1:]]


def _nested(unit: Unit, drafts: list[Draft]) -> tuple[list[Draft], list[int | None]]:
    """Reported speech within reported speech: the outer voices become a chain."""
    outer = [_outer(n, drafts) for n in range(len(drafts))]
    dropped: set[int] = set()
    for n, draft in enumerate(drafts):
        around = outer[n]
        if around is None:
            continue
        holder = drafts[around]
        content = next(c for c in holder.content if c[0] <= draft.verb < c[1])
        if _is_self(unit, draft, content):
            dropped.add(n)
        elif _is_all(unit, draft, content):
            dropped.add(around)
    for n, draft in sorted(enumerate(drafts), key=lambda p: p[1].content):
        if (around := outer[n]) is not None and n not in dropped:
            draft.via = [*_chain(drafts, outer, around), *draft.via]
    kept = [n for n in range(len(drafts)) if n not in dropped]
    place = {n: i for i, n in enumerate(kept)}
    inside = [_held(outer, n, place) for n in kept]
    return [drafts[n] for n in kept], inside


def _held(outer: list[int | None], n: int, place: dict[int, int]) -> int | None:
    around = outer[n]
    while around is not None and around not in place:
        around = outer[around]
    return None if around is None else place[around]


def _chain(
    drafts: list[Draft], outer: list[int | None], n: int
) -> list[tuple[Range | None, tuple[int, ...]]]:
    """Voices around a draft, outermost first."""
    voices: list[tuple[Range | None, tuple[int, ...]]] = []
    at: int | None = n
    while at is not None:
        voices.insert(0, (drafts[at].speaker, drafts[at].cue))
        at = outer[at]
    return voices


def _outer(n: int, drafts: list[Draft]) -> int | None:
    """The smallest content that holds the cue of a draft, and that is not its own frame's."""
    one = drafts[n]
    best: int | None = None
    size = 0
    for i, other in enumerate(drafts):
        if i == n or other.cue == one.cue:
            continue
        for first, last in other.content:
            holds = first <= one.verb < last and one.content[0][0] >= first
            smaller = best is None or last - first < size
            mutual = any(a <= other.verb < b for a, b in one.content)
            if holds and smaller and not mutual:
                best, size = i, last - first
    return best


def _is_self(unit: Unit, draft: Draft, content: Range) -> bool:
    """ "said it had agreed to stop": one's own act is what is said."""
    if draft.link == "noun":
        return draft.speaker is None or unit.low(draft.speaker[0]) in ("its", "his", "her", "their")
    if draft.speaker is None:
        return draft.rule in ("en.passive", "en.hearsay") and draft.start <= content[0]
    first, last = draft.speaker
    return last - first == 1 and unit.low(first) in SELF


def _is_all(unit: Unit, draft: Draft, content: Range) -> bool:
    """Whether nothing else is said in a content than what a draft in it says."""
    first = draft.frame[0][0] if draft.frame else draft.start
    starts = min(first, draft.content[0][0]) <= content[0] + 1
    carried = draft.link != "noun" or len(draft.cue) > 1
    return starts and draft.content[-1][1] >= content[1] - 1 and carried
