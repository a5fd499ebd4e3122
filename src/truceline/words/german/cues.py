"""Cues in a sentence: verbs with their particles, auxiliaries, participles, nouns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from truceline.words.german.clauses import Unit
from truceline.words.german.verbs import Cue, Flag, lexicon, words_of

PASSIVE = frozenset("wird werden wurde wurden werde würde würden".split())
PERFECT = frozenset("hat haben hatte hatten habe hätte hätten".split())
BEING = frozenset("ist sind war waren sei seien wäre wären".split())
ACTIVE = frozenset("ausgehen fortfahren eintreten".split())
"""Verbs whose perfect takes "sein": no passive."""
CATAPHORS = frozenset(
    "darauf dafür dazu davon damit daran darüber dagegen darin daraus dahingehend".split()
)
JOINED = frozenset("bekannt deutlich klar geltend kund".split())
"""Predicate words that are written apart from their participle: "bekannt gegeben"."""
BARE_CATAPHORS = CATAPHORS - {"dazu", "dagegen", "darin", "daraus"}
"""Beside a verb without a particle: "plädierte … dafür"."""


@dataclass(frozen=True)
class Hit:
    """A cue: its finite verb, all of its words, its lemma and the groups of the lexicon."""

    verb: int
    words: tuple[int, ...]
    lemma: str
    groups: frozenset[str]
    passive: bool = False

    @property
    def last(self) -> int:
        """Its last word."""
        return max(self.words)


def hits_of(unit: Unit) -> Iterator[Hit]:
    """Cues with a finite verb, in order of the finite verb."""
    for segment in unit.segments:
        for n in range(*segment):
            if not unit.words[n].flags & Flag.FINITE or not unit.is_finite(n, *segment):
                continue
            hit = _hit(unit, n, segment)
            if hit is not None:
                yield hit


def _hit(unit: Unit, n: int, segment: tuple[int, int]) -> Hit | None:
    one = unit.words[n]
    if one.lower in PASSIVE | PERFECT | BEING:
        found = _compound(unit, n, segment)
    else:
        found = _simple(unit, n, segment)
    return found or _phrase(unit, n, segment)


def _simple(unit: Unit, n: int, segment: tuple[int, int]) -> Hit | None:
    cues = [c for c in unit.words[n].cues if c.form in ("finite", "plural")]
    for cue in cues:
        if cue.prefix:
            at = _particle(unit, n, segment, cue.prefix)
            if at is not None:
                return _with_cataphor(unit, n, at, segment, cue)
    before = unit.words[n - 1].lower if n > segment[0] else ""
    if before in JOINED and unit.words[n].lemma in ("geben", "machen", "tun", "werden"):
        lemma = before + unit.words[n].lemma
        return Hit(n, (n - 1, n), lemma, frozenset(("say",)), lemma == "bekanntwerden")
    whole = [c for c in cues if not c.prefix]
    if not whole:
        return None
    if whole[0].lemma in ("heißen", "lauten"):
        return _impersonal(unit, n, segment, whole[0])
    return _with_cataphor(unit, n, n, segment, whole[0])


def _impersonal(unit: Unit, n: int, segment: tuple[int, int], cue: Cue) -> Hit | None:
    """ "heißt es": only with "es" beside it."""
    for at in (n + 1, n - 1):
        if segment[0] <= at < segment[1] and unit.words[at].lower == "es":
            return Hit(n, tuple(sorted((n, at))), cue.lemma, cue.groups | {"say"}, True)
    if n == segment[1] - 1 and any(unit.words[m].lower == "es" for m in range(segment[0], n)):
        return Hit(n, (n,), cue.lemma, cue.groups | {"say"}, True)
    return None


def _particle(unit: Unit, n: int, segment: tuple[int, int], prefix: str) -> int | None:
    last = segment[1]
    for at in range(last - 1, n, -1):
        if unit.words[at].lower == prefix:
            after = unit.words[at + 1] if at + 1 < last else None
            if (
                after is None
                or after.flags & Flag.COORDINATOR
                or prefix not in ("an", "auf", "aus", "zu", "mit", "vor", "nach")
            ):
                return at
    number = unit.segment_of(n)
    for begin, stop in unit.segments[number + 1 : number + 4]:
        if unit.words[begin].lower == prefix and stop == begin + 1:
            return begin
    return None


def _with_cataphor(unit: Unit, n: int, at: int, segment: tuple[int, int], cue: Cue) -> Hit:
    words = {n, at}
    beside = at - 1 if at != n else segment[1] - 1
    if beside == n and n - 1 > segment[0] and unit.words[n - 1].lower in CATAPHORS:
        words.add(n - 1)
    if cue.lemma == "äußern" and n + 1 < segment[1] and unit.words[n + 1].lower == "sich":
        words.add(n + 1)
    if beside > n and unit.words[beside].lower in (CATAPHORS if at != n else BARE_CATAPHORS):
        words.add(beside)
    return Hit(n, tuple(sorted(words)), cue.lemma, cue.groups)


def _compound(unit: Unit, n: int, segment: tuple[int, int]) -> Hit | None:
    """Auxiliary with a participle: "hat … gesagt", "gesagt hat", "wurde … mitgeteilt"."""
    passive = unit.words[n].lower in PASSIVE
    if unit.words[n].lower in BEING:
        passive = True
    for begin, stop in _places(unit, n, segment):
        for at in range(stop - 1, begin - 1, -1):
            cue = next((c for c in unit.words[at].cues if c.form == "participle"), None)
            if cue is not None and at != n and not unit.words[at].flags & Flag.CAPITAL:
                words = {n, at}
                joined = unit.words[at - 1].lower if at - 1 > begin else ""
                if joined in JOINED and joined not in cue.lemma:
                    words.add(at - 1)
                    cue = Cue(joined + cue.lemma, "", "participle", cue.groups | {"say"})
                if at - 1 > begin and unit.words[at - 1].lower in CATAPHORS and at > n:
                    words.add(at - 1)
                passive = (passive and cue.lemma not in ACTIVE) or cue.lemma == "heißen"
                return Hit(n, tuple(sorted(words)), cue.lemma, cue.groups, passive)
    return None


def _places(unit: Unit, n: int, segment: tuple[int, int]) -> Iterator[tuple[int, int]]:
    if n == segment[1] - 1:
        yield (max(segment[0], n - 1), n)
        return
    yield (n + 1, segment[1])
    if n == segment[0] + 1 and unit.words[segment[0]].has(Flag.PARTICIPLE):
        yield (segment[0], n)
    number = unit.segment_of(n)
    for other in unit.segments[number + 1 : number + 4]:
        if unit.finite(*other) is None and not unit.words[other[0]].flags & Flag.QUOTE:
            yield (max(other[0], other[1] - 2), other[1])


def _phrase(unit: Unit, n: int, segment: tuple[int, int]) -> Hit | None:
    """ "die Ansicht vertreten", "sich überzeugt zeigen": a noun or predicate word with its verb."""
    first, last = segment
    phrases = lexicon("nouns")["phrases"]
    verb = _main_verb(unit, n, segment)
    for at in range(first, last):
        one = unit.words[at]
        if one.text not in phrases or verb[1] not in phrases[one.text].split():
            continue
        begin = at
        while (
            begin - 1 > first
            and begin - 1 not in verb[0]
            and (
                unit.words[begin - 1].has(Flag.ARTICLE)
                or unit.words[begin - 1].lower in ("zum", "zur", "in", "zu")
            )
        ):
            begin -= 1
        words = tuple(sorted({*verb[0], *range(begin, at + 1)}))
        passive = unit.words[n].lower in PASSIVE
        return Hit(n, words, f"{one.text} {verb[1]}", frozenset(("say", "demand")), passive)
    if verb[1] in words_of("nouns", "predicates_verbs"):
        for at in range(first, last):
            if unit.words[at].lower in words_of("nouns", "predicates_words"):
                found = {*verb[0], at}
                found |= {
                    m for m in (n + 1, n - 1) if first <= m < last and unit.words[m].lower == "sich"
                }
                passive = unit.words[at].lower == "bekannt"
                if passive and verb[1] not in ("werden", "sein"):
                    continue
                return Hit(
                    n, tuple(sorted(found)), unit.words[at].lower, frozenset(("fact",)), passive
                )
    return None


def _main_verb(unit: Unit, n: int, segment: tuple[int, int]) -> tuple[tuple[int, ...], str]:
    """The words and the lemma of the full verb: the participle where the finite is auxiliary."""
    if unit.words[n].lower in PERFECT | PASSIVE:
        for at in (segment[1] - 1, n - 1):
            if segment[0] <= at < segment[1] and unit.words[at].has(Flag.PARTICIPLE):
                return tuple(sorted((n, at))), unit.words[at].lemma
    lemma = unit.words[n].lemma
    return (n,), "sein" if unit.words[n].lower in BEING else lemma
