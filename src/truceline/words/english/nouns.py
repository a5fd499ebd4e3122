"""Nouns that announce reported speech: "the claim that", "his demand for", "a statement saying"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from truceline.words.english.complements import complement_of
from truceline.words.english.draft import Draft, Range
from truceline.words.english.lexicon import noun_words, words_of
from truceline.words.english.phrases import phrase_end, skip_adverbials
from truceline.words.english.subjects import group_start, subject_before
from truceline.words.english.units import Unit

WANTED = frozenset({"demand", "propose", "order", "condition"})
"""After these the verb may have its base form: "the demand that arms deliveries end"."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose words a noun stands for, the verb that carries or judges it, the act it is."""

    speaker: Range | None
    first: int
    verb: int | None = None
    lemma: str = ""


def nouns_of(unit: Unit, taken: frozenset[int]) -> Iterator[Draft]:
    """Reported speech under nouns that no verb of saying has ``taken``."""
    for n in range(unit.stop):
        form = unit.forms[n]
        if form.nouns and n not in taken and not (form.capital and n):
            draft = _draft(unit, n)
            if draft is not None:
                yield draft


def _draft(unit: Unit, n: int) -> Draft | None:
    if unit.low(n - 1) in ("in", "to") and unit.low(n) in ("order", "claim", "demand", "report"):
        return None
    owner = _owner(unit, n)
    after, agent = _agent(unit, n + 1)
    found = _content(unit, n, after)
    if found is None:
        return None
    frame, lemma, start, rule = found
    speaker = owner.speaker or agent
    if (speaker is None and frame != "that") or (lemma == "consent" and owner.verb is None):
        return None
    cue = (n,) if owner.verb is None else (owner.verb, n)
    judged = _judged_after(unit, start) if owner.first <= 1 and frame == "that" else None
    if judged is not None:
        return _passive(unit, n, owner, start, judged)
    return Draft(
        [(start, unit.stop)],
        cue,
        owner.lemma or lemma,
        rule if not owner.lemma else "en.noun.judged",
        owner.first,
        n,
        speaker,
        [(owner.first, start)],
        style="indirect" if frame in ("that", "infinitive") else "reported",
        link="noun",
        open=True,
        unattributed=speaker is None,
    )


def _judged_after(unit: Unit, start: int) -> int | None:
    """ "(reports that …) were denied by Moscow": the verb that judges."""
    for n in range(start + 2, unit.stop - 2):
        judged = unit.low(n) in noun_words("judges") and unit.low(n + 1) == "by"
        if judged and (unit.forms[n - 1].auxiliary or unit.forms[n - 1].adverb):
            return n
    return None


def _passive(unit: Unit, n: int, owner: Owner, start: int, verb: int) -> Draft:
    group = group_start(unit, verb)
    agent = (verb + 2, phrase_end(unit, verb + 2))
    return Draft(
        [(start, group)],
        (n, verb),
        noun_words("judges")[unit.low(verb)],
        "en.noun.judged",
        owner.first,
        n,
        agent,
        [(owner.first, start), (group, agent[1])],
        link="noun",
    )


def _content(unit: Unit, n: int, after: int) -> tuple[str, str, int, str] | None:
    """Kind of frame, lemma, first word of the content and rule; None where nothing follows."""
    kinds = dict(k.split(":") for k in sorted(unit.forms[n].nouns))
    at, _ = skip_adverbials(unit, after, to=False)
    for here in dict.fromkeys((after, at)):
        if here + 1 >= unit.stop:
            continue
        word, follows = unit.low(here), unit.forms[here + 1]
        if word == "that" and "that" in kinds:
            relative = follows.auxiliary or follows.finite or follows.adverb
            wanted = kinds["that"] in WANTED
            if not relative and (wanted or unit.has_finite(here + 1, unit.stop)):
                return "that", kinds["that"], here + 1, "en.noun.that"
        if (
            word == "to"
            and "infinitive" in kinds
            and not (follows.determiner or follows.capital or follows.mark or follows.ing)
        ):
            return "infinitive", kinds["infinitive"], here, "en.noun.infinitive"
        if word == "for" and "with_for" in kinds and not follows.mark and not follows.time:
            return "with_for", kinds["with_for"], here + 1, "en.noun.for"
        if word == "of" and "with_of" in kinds and follows.ing:
            return "with_of", kinds["with_of"], here + 1, "en.noun.of"
        if unit.forms[here].ing and unit.forms[here].verbs and "that" in kinds:
            verb = unit.forms[here].verbs[-1]
            inner = complement_of(unit, here + 1, verb.lemma, verb.groups)
            if inner is not None:
                return "that", verb.lemma, inner.start, "en.noun.participle"
    return None


def _agent(unit: Unit, n: int) -> tuple[int, Range | None]:
    """ "a claim by Moscow that": who stands after the noun."""
    word = unit.low(n)
    if word not in ("by", "from", "of") or n + 1 >= unit.stop or unit.forms[n + 1].time:
        return n, None
    end = phrase_end(unit, n + 1)
    if end == n + 1 or (word == "of" and unit.low(end) != "that"):
        return n, None
    return end, (n + 1, end)


def _owner(unit: Unit, n: int) -> Owner:
    first, speaker = n, None
    while first > 0 and not unit.is_quote(first - 1):
        form = unit.forms[first - 1]
        if form.lower in words_of("possessives"):
            first, speaker = first - 1, (first - 1, first)
            break
        if form.lower.endswith("'s") and not form.pronoun:
            speaker = _possessor(unit, first)
            first = speaker[0]
            break
        if form.demonym and speaker is None:
            speaker = (first - 1, first)
        elif form.determiner and not form.pronoun:
            first -= 1
            break
        elif (
            form.mark
            or form.preposition
            or form.finite
            or form.pronoun
            or form.auxiliary
            or form.lower in noun_words("judges")
            or form.lower in noun_words("carriers")
            or form.lower in words_of("clause_openers")
        ):
            break
        first -= 1
    return _under_verb(unit, n, first, speaker)


def _possessor(unit: Unit, end: int) -> Range:
    """ "the Russian president's": the noun phrase that ends in a possessive."""
    first = end - 1
    while first > 0:
        form = unit.forms[first - 1]
        if form.determiner:
            return first - 1, end
        if not (
            form.noun_like
            and (form.capital or form.demonym or form.lower in words_of("label_words"))
        ):
            break
        if form.finite or form.verbs:
            break
        first -= 1
    return first, end


def _under_verb(unit: Unit, n: int, first: int, speaker: Range | None) -> Owner:
    verb = first - 1
    word = unit.low(verb)
    if word in ("out", "forward"):
        verb -= 1
        word = unit.low(verb)
    judge = noun_words("judges").get(word)
    carrier = noun_words("carriers").get(word)
    if judge is None and (carrier is None or speaker not in (None, (first, first + 1))):
        return Owner(speaker, first)
    subject = subject_before(unit, verb)
    if subject is None or unit.forms[verb].ing:
        return Owner(speaker, first)
    if judge is not None:
        return Owner(subject.words, subject.start, verb, judge)
    return Owner(subject.words, subject.start, verb)
