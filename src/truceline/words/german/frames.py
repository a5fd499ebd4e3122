"""From a cue to reported speech: where the content lies, who speaks, to whom, in which frame."""

from __future__ import annotations

from dataclasses import dataclass, field

from truceline.words.german.clauses import Unit
from truceline.words.german.cues import Hit
from truceline.words.german.speakers import (
    SKIPPED,
    Phrase,
    phrase_at,
    speaker_phrase,
    subject_after,
    subject_before,
    with_apposition,
)
from truceline.words.german.verbs import MOODS, Flag, words_of

ADVERBIAL = frozenset(
    "dann danach später anschließend daraufhin zuletzt also da dabei dazu damit".split()
)
"""Words that open a clause of its own, not what somebody says."""

Range = tuple[int, int]


@dataclass
class Draft:
    """Reported speech in numbers of words of one unit."""

    content: list[Range]
    rule: str
    style: str = "indirect"
    speaker: Phrase | None = None
    cue: tuple[int, ...] = ()
    lemma: str = ""
    frame: list[Range] = field(default_factory=list)
    addressee: Phrase | None = None
    via: Phrase | None = None
    """Who passes the words on: the speaker is quoted by this one."""
    passive: bool = False
    groups: frozenset[str] = frozenset()


def sentence_end(unit: Unit, n: int) -> int:
    """Index of the mark that ends the sentence of a word, or of the word behind it."""
    stop = unit.sentence_stop(n)
    return stop - 1 if stop - 1 > n and unit.words[stop - 1].text in ".!?…" else stop


def trim(unit: Unit, first: int, last: int) -> Range | None:
    """Without the marks at its ends."""
    while first < last and unit.words[first].text in ",;:–—-.!?…":
        first += 1
    while last > first and unit.words[last - 1].text in ",;:–—-.!?…":
        last -= 1
    return (first, last) if first < last else None


def drafts_of(unit: Unit, hit: Hit) -> list[Draft]:
    """Reported speech that a verb cue announces: none, or one."""
    number = unit.segment_of(hit.verb)
    segment = unit.segments[number]
    start = unit.sentence_start(hit.verb)
    if segment[0] < start:
        segment = (start, segment[1])
    opening = _as_opening(unit, hit, segment, start)
    if opening is not None:
        return _as_said(unit, hit, (opening, segment[1]), start)
    if _inverted(unit, hit, segment, start):
        return _after(unit, hit, segment, start)
    return _before(unit, hit, segment, start)


def _inverted(unit: Unit, hit: Hit, segment: Range, start: int) -> bool:
    """Whether the content went before: "…, sagte X"."""
    first = segment[0]
    opening = unit.words[first].lower
    at = first + (opening in ("so", "und", "also"))
    if hit.verb != at or first <= start:
        return False
    if "judge" in hit.groups and not hit.groups & {"say", "fact", "thought", "demand"}:
        return False
    if unit.words[first - 1].flags & Flag.QUOTE or (
        unit.words[first - 1].text in ",–—!?"
        and first >= 2
        and unit.words[first - 2].flags & Flag.QUOTE
    ):
        return opening != "und"
    if subject_after(unit, hit.verb, segment[1]) is None and not hit.passive:
        return False
    if hit.passive and hit.lemma not in ("heißen", "zitieren"):
        return False
    if unit.has_main_verb(start, first):
        sure = "plain" in hit.groups or hit.lemma == "heißen"
        return sure or _mood_ahead(unit, start, first)
    return unit.words[start].lower in ("dass", "ob") or opening == "so"


def _tail(unit: Unit, hit: Hit, segment: Range, speaker: Phrase | None, end: int) -> int:
    """Where a frame behind its content ends: after its segment, appositions and relative clauses."""
    last = max(segment[1], hit.last + 1)
    if speaker is not None:
        last = max(last, speaker[1])
    while last + 1 < end and unit.words[last].text in ",":
        following = unit.segments[unit.segment_of(last + 1)]
        if not _side_clause(unit, following):
            break
        last = following[1]
    return last


def _side_clause(unit: Unit, segment: Range) -> bool:
    opening = unit.words[segment[0]]
    if opening.flags & Flag.QUOTE:
        return False
    if opening.lower in ("dass", "daß", "ob", "sondern"):
        return False
    return unit.is_subordinate(segment) and not opening.lower == "wenn"


def _after(unit: Unit, hit: Hit, segment: Range, start: int) -> list[Draft]:
    """The frame follows its content, and may split it."""
    end = sentence_end(unit, hit.verb)
    speaker = subject_after(unit, hit.verb, segment[1])
    if speaker is not None:
        speaker = with_apposition(unit, speaker, end)
    tail = _tail(unit, hit, segment, speaker, end)
    first = segment[0]
    mark = first - 1 if unit.words[first - 1].text in ",–—" else first
    before = trim(unit, start, mark)
    if before is None:
        return []
    quoted = unit.words[before[1] - 1].flags & Flag.QUOTE
    content = [before]
    if quoted:
        content = [_quoted(unit, start, mark)]
    after = trim(unit, tail, end)
    if (
        after is not None
        and unit.words[tail].text in ",:–—"
        and _goes_on(unit, after, bool(quoted))
    ):
        content.append(after)
        tail += 1
    draft = Draft(content, "de.direct.after" if quoted else "de.indirect.after")
    draft.style = "direct" if quoted else "indirect"
    draft.speaker, draft.frame = speaker, [(mark, tail)]
    draft.cue = hit.words if unit.words[first].lower != "so" else (first, *hit.words)
    return [filled(unit, draft, hit, segment)]


def _quoted(unit: Unit, start: int, mark: int) -> Range:
    last = mark
    while last > start and not unit.words[last - 1].flags & Flag.QUOTE:
        last -= 1
    first = last - 1
    while first > start and unit.words[first - 1].flags & Flag.QUOTE:
        first -= 1
    return first, last


def _goes_on(unit: Unit, after: Range, quoted: bool) -> bool:
    opening = unit.words[after[0]]
    if opening.flags & Flag.QUOTE:
        return True
    if quoted:
        return False
    return not opening.flags & Flag.COORDINATOR or opening.lower in ("und", "aber", "sondern")


def _as_opening(unit: Unit, hit: Hit, segment: Range, start: int) -> int | None:
    """Where "wie" opens the clause that a verb at its end closes, over appositions and side clauses."""
    if hit.verb < segment[1] - 2:
        return None
    for first, last in reversed(unit.segments):
        if first > segment[0] or first < start:
            continue
        at = first + (unit.words[first].lower in ("denn", "und", "aber", "doch"))
        if at < last and unit.words[at].lower == "wie":
            return at
        side = unit.is_subordinate((first, last))
        if first < segment[0] and not side and unit.finite(first, last) is not None:
            return None
        if first == segment[0] and side:
            return None
    return None


def _as_said(unit: Unit, hit: Hit, segment: Range, start: int) -> list[Draft]:
    """ "Wie X mitteilte, …" and "…, wie X mitteilte"."""
    if hit.verb < segment[1] - 2 or not hit.groups & {"say", "fact", "demand", "plain", "thought"}:
        return []
    end = sentence_end(unit, hit.verb)
    speaker = _subject_inside(unit, hit, segment)
    if speaker is None and not hit.passive:
        return []
    first, last = segment[0], segment[1]
    pieces: list[Range] = []
    before = trim(unit, start, first)
    if before is not None and before[1] - before[0] > 1:
        pieces.append(before)
    after = trim(unit, last, end)
    if after is not None:
        pieces.append(after)
    if not pieces:
        return []
    mark = first - 1 if first > start and unit.words[first - 1].text in ",–—" else first
    stop = last + 1 if after is not None and last < end else last
    draft = Draft(pieces, "de.wie", speaker=speaker, frame=[(mark, stop)])
    draft.cue = (first, *hit.words)
    return [filled(unit, draft, hit, segment)]


def _subject_inside(unit: Unit, hit: Hit, segment: Range) -> Phrase | None:
    """The subject of a clause with its verb at the end."""
    first, last = segment
    opening = unit.words[first]
    at = first + 1
    if (
        opening.flags & Flag.COORDINATOR
        and first + 1 < last
        and not _nominative_next(unit, at, last)
    ):
        opening = unit.words[at]
        at += 1
    inner = subject_after(unit, at - 1, hit.words[0])
    if inner is None and 1 <= hit.words[0] - at <= 2 and unit.words[at].lower not in SKIPPED:
        inner = (at, hit.words[0])
    if opening.flags & Flag.RELATIVE and not opening.flags & Flag.QUESTION:
        if opening.lower == "der" or inner is None or unit.words[inner[0]].has(Flag.OBLIQUE):
            return (at - 1, at)
        if unit.words[inner[0]].lower == "der" and opening.lower in ("die", "das"):
            return inner
        if unit.words[inner[0]].has(Flag.ARTICLE) and unit.words[inner[0]].lower == "die":
            return (at - 1, at)
    return inner


def _nominative_next(unit: Unit, n: int, last: int) -> bool:
    """Whether a word that may be relative is the article of a noun right behind it."""
    after = n + 1 < last and unit.words[n + 1].flags & Flag.CAPITAL
    return bool(unit.words[n].has(Flag.ARTICLE) and after)


def _before(unit: Unit, hit: Hit, segment: Range, start: int) -> list[Draft]:
    """The content follows: "X sagt, dass …", "X sagt: …", "X fordert, … zu …"."""
    end = sentence_end(unit, hit.verb)
    at = max(segment[1], hit.last + 1)
    found = _content_from(unit, hit, at, end)
    if found is None:
        return []
    first, last, rule = found
    speaker = find_subject(unit, hit, segment, start)
    draft = Draft([(first, last)], rule, speaker=speaker, cue=hit.words)
    if unit.words[first].flags & Flag.QUOTE:
        draft.style = "direct"
    draft.frame = [(_frame_start(unit, hit, segment, start), first)]
    return [filled(unit, draft, hit, segment)]


def _frame_start(unit: Unit, hit: Hit, segment: Range, start: int) -> int:
    return start


def _content_from(unit: Unit, hit: Hit, at: int, end: int) -> tuple[int, int, str] | None:
    """First and last word of the content behind a frame that ends at ``at``, and the rule."""
    while at < end:
        if unit.words[at].flags & Flag.QUOTE:
            last = at + 1
            while last < len(unit.words) and unit.words[last].flags & Flag.QUOTE:
                last += 1
            return at, last, "de.direct.before"
        mark = unit.words[at].text
        first = at + 1
        if mark not in ",:–—" or first >= end:
            if first < end and mark == ".":
                return None
            if mark not in ",:–—":
                return None
            if first < len(unit.words) and unit.words[first].flags & Flag.QUOTE and mark in ",:":
                at = first
                end = first + 1
                continue
            return None
        if unit.words[first].flags & Flag.QUOTE:
            at = first
            continue
        segment = unit.segments[unit.segment_of(first)]
        rule = _opens_content(unit, hit, segment, end, mark)
        if rule:
            trimmed = trim(unit, first, _cut(unit, first, end))
            return (*trimmed, rule) if trimmed else None
        if not (unit.is_subordinate(segment) or unit.finite(*segment) is None) or unit.words[
            segment[0]
        ].lower in ("um", "ohne", "statt", "weil", "wobei", "sondern", "und", "nachdem", "als"):
            return None
        last_word = unit.words[segment[1] - 1]
        if any(c.form != "infinitive" for c in last_word.cues) and unit.is_subordinate(segment):
            return None
        at = segment[1]
    return None


def _opens_content(unit: Unit, hit: Hit, segment: Range, end: int, mark: str) -> str:
    first, last = segment
    opening = unit.words[first].lower
    skip = first + (opening in ("und", "aber", "sondern", "nämlich", "entweder", "sowohl"))
    opening = unit.words[min(skip, last - 1)].lower
    if "deed" in hit.groups and not any(unit.words[n].lower == "darauf" for n in hit.words):
        return "de.dass" if opening == "dass" and hit.groups & {"say", "thought"} else ""
    if opening in ("dass", "daß"):
        return "de.dass"
    if hit.groups <= {"tone", "judge"}:
        return "de.colon" if mark == ":" and "judge" not in hit.groups else ""
    if opening == "ob":
        return "de.ob"
    if mark == ":":
        return "de.colon"
    if (
        unit.words[skip].has(Flag.QUESTION)
        and opening not in ("welche", "welcher", "welches", "welchen", "welchem", "als")
        and unit.is_subordinate(segment)
    ):
        asks = hit.groups & {"ask", "say", "demand"}
        return (
            "de.w"
            if asks
            and opening
            not in (
                "wobei",
                "womit",
                "wodurch",
                "wofür",
                "wogegen",
                "woraus",
                "woran",
                "woraufhin",
                "wo",
            )
            else ""
        )
    if unit.is_subordinate(segment):
        if opening in (
            "wenn",
            "falls",
            "sollte",
            "solange",
            "sobald",
            "da",
            "obwohl",
            "weil",
            "wo",
        ):
            return "de.konj1" if _mood_ahead(unit, last, end) and not hit.groups <= {"ask"} else ""
        return ""
    verb = unit.finite(first, last)
    if verb is None:
        if opening in ("um", "ohne", "statt", "anstatt", "als", "so", "darunter"):
            return ""
        if zu_infinitive(unit, first, _main_end(unit, first, end)):
            return "de.zu"
        return (
            "de.konj1"
            if _mood_ahead(unit, first, end)
            and unit.words[first].has(Flag.ARTICLE | Flag.PREPOSITION | Flag.CAPITAL)
            else ""
        )
    if opening in (
        "um",
        "ohne",
        "statt",
        "anstatt",
        "als",
        "denn",
        "weil",
        "doch",
        "jedoch",
    ) or unit.words[first].lower in ("und", "oder", "aber", "sondern", "doch"):
        return ""
    if zu_infinitive(unit, first, last):
        return "de.zu"
    if unit.words[verb].flags & MOODS:
        return "de.konj1"
    plain = "plain" in hit.groups and not hit.passive and opening not in ADVERBIAL
    return "de.v2" if plain and verb > first else ""


def _mood_ahead(unit: Unit, first: int, end: int) -> bool:
    return any(unit.words[n].flags & MOODS for n in range(first, end))


def _main_end(unit: Unit, first: int, end: int) -> int:
    return end


def zu_infinitive(unit: Unit, first: int, last: int) -> bool:
    for n in range(first, last):
        one = unit.words[n]
        if one.has(Flag.ZU_INFINITIVE):
            return True
        after = unit.words[n + 1] if n + 1 < last else None
        if (
            one.lower == "zu"
            and after
            and (after.has(Flag.INFINITIVE) or after.lower in ("sein", "werden", "haben"))
        ):
            return True
    return False


def _cut(unit: Unit, first: int, end: int) -> int:
    """Where the content ends: the sentence, or before a frame that a conjunction adds."""
    for begin, stop in unit.segments:
        if begin <= first or begin >= end:
            continue
        opening = unit.words[begin]
        if opening.lower in ("so", "wie") and stop - begin <= 8:
            continue
        if opening.text.lower() in ("und", "doch", "aber") and begin + 1 < stop:
            verb = unit.finite(begin, stop)
            if (
                verb is not None
                and verb <= begin + 2
                and unit.words[verb].cues
                and not unit.words[verb].flags & MOODS
            ):
                return begin
    return end


def find_subject(unit: Unit, hit: Hit, segment: Range, start: int) -> Phrase | None:
    """The subject of the clause of a cue, or of the clause that it continues."""
    return _subject(unit, hit.verb, segment, start, hit)


def _subject(unit: Unit, verb: int, segment: Range, start: int, hit: Hit | None) -> Phrase | None:
    first, last = segment
    after = unit.words[verb + 1].lower if verb + 1 < last else ""
    if (verb > first or first > start) and after in ("er", "wir", "ich", "sie", "man"):
        return verb + 1, verb + 2
    if hit is not None and unit.is_subordinate(segment) and verb >= last - 2:
        return _subject_inside(unit, hit, segment)
    joined = verb > first and unit.words[verb - 1].flags & Flag.COORDINATOR
    if joined and verb - 1 > first:
        earlier = unit.finite(first, verb)
        if earlier is not None:
            return _subject(unit, earlier, segment, start, None)
    if verb > first and not joined:
        found = subject_before(unit, first, verb)
        if found is not None:
            other = _person_after(unit, found, verb, last)
            if other is not None:
                return with_apposition(unit, other, sentence_end(unit, verb))
            head = _head_before(unit, first, start)
            return (head, found[1]) if head is not None else found
    if verb > first and after == "es" and hit is not None and not hit.passive:
        return verb + 1, verb + 2
    if verb == first and first > start:
        begun = _begun(unit, first, start)
        if begun is not None:
            return begun
    found = subject_after(unit, verb, last)
    if found is not None:
        return with_apposition(unit, found, sentence_end(unit, verb))
    return _earlier_subject(unit, first, start) if first > start else None


def _person_after(unit: Unit, before: Phrase, verb: int, last: int) -> Phrase | None:
    """ "Die Kritik wies der Minister zurück": the subject behind the verb, a man in the nominative."""
    if unit.words[before[0]].lower not in ("die", "das", "jegliche", "diese", "dieses"):
        return None
    if verb + 1 >= last or unit.words[verb + 1].lower not in ("der", "ein"):
        return None
    found = speaker_phrase(unit, verb + 1, last)
    if found is None:
        return None
    nouns = [unit.words[n].text for n in range(*found) if unit.words[n].flags & Flag.CAPITAL]
    ends = tuple(r.lower() for r in words_of("speakers", "men"))
    return found if any(n.lower().endswith(ends) for n in nouns[:2]) else None


def _begun(unit: Unit, first: int, start: int) -> Phrase | None:
    """The noun phrase that opens the sentence, with appositions and relative clauses before the verb."""
    if unit.has_main_verb(start, first):
        return None
    segment = unit.segments[unit.segment_of(start)]
    found = subject_before(unit, start, min(segment[1], first))
    return with_apposition(unit, found, first) if found else None


def _head_before(unit: Unit, first: int, start: int) -> int | None:
    """Start of a noun phrase to which the phrase before the verb is an apposition."""
    if first <= start or unit.words[first - 1].text != "," or unit.finite(start, first) is not None:
        return None
    found = subject_before(unit, start, first - 1)
    return start if found is not None and found[1] == first - 1 else None


def _earlier_subject(unit: Unit, first: int, start: int) -> Phrase | None:
    """The noun phrase before appositions and relative clauses, or of the clause before."""
    for begin, stop in reversed(unit.segments):
        if stop > first or begin < start or unit.words[begin].flags & Flag.QUOTE:
            continue
        if unit.is_subordinate((begin, stop)):
            continue
        verb = unit.finite(begin, stop)
        if verb is not None:
            return _subject(unit, verb, (begin, stop), start, None)
        if begin == start:
            found = subject_before(unit, begin, stop)
            return with_apposition(unit, found, first) if found else None
    return None


def filled(unit: Unit, draft: Draft, hit: Hit, segment: Range) -> Draft:
    draft.cue = draft.cue or hit.words
    draft.lemma, draft.groups = hit.lemma, hit.groups
    draft.passive = hit.passive
    if hit.passive and hit.lemma == "zitieren":
        draft.via = _agent(unit, hit, segment, True)
        draft.speaker = draft.speaker or find_subject(
            unit, hit, segment, unit.sentence_start(hit.verb)
        )
    elif hit.lemma == "zitieren" and draft.speaker is not None:
        begin = max(hit.verb + 1, draft.speaker[1])
        cited = speaker_phrase(unit, begin, segment[1])
        if cited is not None and cited != draft.speaker:
            draft.via, draft.speaker = draft.speaker, cited
    elif hit.passive:
        draft.speaker = _agent(unit, hit, segment, draft.content[0][0] > hit.verb)
    elif hit.lemma == "verlauten" and draft.speaker is None:
        draft.speaker = _agent(unit, hit, segment, True)
    draft.addressee = _addressee(unit, segment, draft, hit)
    return draft


def _agent(unit: Unit, hit: Hit, segment: Range, content_follows: bool) -> Phrase | None:
    """Of a passive: the phrase with "von", or a document; of "heißt es" the place of the words."""
    said = hit.lemma in ("heißen", "verlauten")
    if said and unit.words[segment[0]].has(Flag.PREPOSITION) and unit.is_subordinate(segment):
        return antecedent(unit, segment[0] - 1)
    links = AGENTS | DOCUMENTS
    before = range(unit.sentence_start(hit.verb), segment[0]) if said and content_follows else ()
    for n in (*range(*segment), *before):
        lower = unit.words[n].lower
        if lower not in links:
            continue
        found = speaker_phrase(unit, n + 1, segment[1])
        if found is None or any(unit.words[m].has(Flag.TIME) for m in range(*found)):
            continue
        if lower in AGENTS or said or any(unit.words[m].has(Flag.NOUN_CUE) for m in range(*found)):
            return found
    return None


def antecedent(unit: Unit, comma: int) -> Phrase | None:
    """The noun phrase that ends at a comma."""
    segment = unit.segments[unit.segment_of(comma - 1)]
    for first in range(segment[0], comma):
        found = speaker_phrase(unit, first, comma)
        if found and found[1] == comma and not unit.words[first].has(Flag.PREPOSITION):
            return found
    return None


AGENTS = frozenset(("von", "vom", "seitens"))
DOCUMENTS = frozenset(("in", "im", "aus", "auf"))
OBJECTS = frozenset(
    "auffordern bitten ersuchen vorwerfen androhen drohen warnen ermahnen anweisen beauftragen raten "
    "empfehlen unterstellen informieren unterrichten mitteilen versprechen zusichern zusagen anbieten "
    "beschuldigen verbieten untersagen befehlen aufrufen".split()
)


def _addressee(unit: Unit, segment: Range, draft: Draft, hit: Hit) -> Phrase | None:
    words = unit.words
    for n in range(segment[0], min(segment[1], len(words)) - 1):
        if (
            words[n].lower == "gegenüber"
            or (
                words[n].lower == "mit"
                and words[n - 1].text in ("Interview", "Gespräch", "Telefonat")
            )
            or (
                words[n].lower in ("an", "ans")
                and hit.lemma in ("appellieren", "schreiben", "richten")
            )
        ):
            found = speaker_phrase(unit, n + 1, segment[1])
            if found:
                return found
    if hit.lemma in OBJECTS:
        n = hit.verb + 1
        while n < segment[1]:
            found = phrase_at(unit, n, segment[1])
            if draft.speaker and draft.speaker[0] <= n < draft.speaker[1]:
                n = draft.speaker[1]
                continue
            if found and not words[n].has(Flag.PREPOSITION | Flag.TIME):
                return speaker_phrase(unit, n, segment[1])
            if words[n].lower not in SKIPPED:
                break
            n += 1
    return None
