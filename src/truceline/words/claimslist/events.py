"""An entry taken apart into the attacks that it tells, each with its sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from truceline.domain.words import Document
from truceline.words.claimslist.lexicon import Words, words_of
from truceline.words.claimslist.things import Sight
from truceline.words.claimslist.times import read_named
from truceline.words.found import Stretch
from truceline.words.slots.passage import passage_of
from truceline.words.tokens import parse

HEADING_WORDS = 5
"""Words that the heading of an entry may have ("In der Oblast Sumy.")."""


@dataclass(frozen=True)
class Event:
    """Sentences of an entry that tell one attack; ``idle`` are those that add nothing to it.

    ``is_cut`` says that the entry ends without a mark, as texts do that were cut short.
    """

    entry: Stretch
    told: tuple[Stretch, ...]
    idle: tuple[Stretch, ...]
    is_cut: bool = False
    follows: bool = False
    """An attack before it in the same entry names what this one leaves out."""
    heading: Stretch | None = None
    """A few words that open the entry and name its place ("Gebiet Sumy.")."""
    over: Stretch | None = None
    """The heading of the group that the entry stands in ("6 April:")."""


def events_of(document: Document, entry: Stretch, over: Stretch | None = None) -> list[Event]:
    """Attacks of an entry in order: a sentence with an attack and an hour of its own opens one."""
    text, words = document.text, words_of(document.language)
    dated = date.fromisoformat(document.dated) if document.dated else None
    sentences = [(s.start, s.end) for s in parse(text, document.language, *entry).sentences]
    groups: list[tuple[list[Stretch], list[Stretch]]] = [([], [])]
    has_attack = False
    heading = _heading(document, sentences, words, dated)
    for sentence in sentences:
        sight = Sight(passage_of(text, [sentence], document.language), words)
        if has_attack and _opens(sight, words, dated):
            groups.append(([], []))
        has_attack_before, has_attack = has_attack, has_attack or sight.attacks
        opens = not has_attack_before and _sets(sight, words, dated)
        adds = _adds(sight) or opens or sentence == heading
        groups[-1][0 if adds else 1].append(sentence)
    is_cut = text[entry[0] : entry[1]].rstrip("\"'”“»)* ")[-1:] not in ".!?…"
    last = len(groups) - 1
    return [
        Event(entry, tuple(told), tuple(idle), is_cut and n == last, n > 0, heading, over)
        for n, (told, idle) in enumerate(groups)
    ]


def _opens(sight: Sight, words: Words, dated: date | None) -> bool:
    """Whether a sentence tells an attack of its own: with its hour or day, or with its count."""
    if not (sight.cue("strike", "hitting") or sight.shots):
        return False
    named = read_named(sight.row, words, dated)
    return bool(named.clocks or named.day or named.night or sight.count)


def _sets(sight: Sight, words: Words, dated: date | None) -> bool:
    """Whether a sentence before the attack sets its hour, its day or its weapon, or is a name."""
    named = read_named(sight.row, words, dated)
    n_words = sum(word[0].isalnum() for word in sight.row.words)
    return bool(named.clocks or named.day or sight.weapons) or n_words <= HEADING_WORDS


def _heading(
    document: Document, sentences: list[Stretch], words: Words, dated: date | None
) -> Stretch | None:
    """The first sentence where it is no more than a name; a day or hour is none."""
    if len(sentences) < 2:
        return None
    sight = Sight(passage_of(document.text, [sentences[0]], document.language), words)
    n_words = sum(word[0].isalnum() for word in sight.row.words)
    named = read_named(sight.row, words, dated)
    is_name = n_words <= HEADING_WORDS and not (named.clocks or named.day or _adds(sight))
    return sentences[0] if is_name else None


def _adds(sight: Sight) -> bool:
    """Whether a sentence tells an attack, an effect, or that there was none."""
    return sight.attacks or bool(sight.outcomes or sight.harmless)
