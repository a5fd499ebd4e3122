"""Noun phrases that name or describe somebody: modifiers, head, complement, name."""

from __future__ import annotations

from dataclasses import replace

from truceline.words.actors.forms import split
from truceline.words.actors.lexicon import Lexeme, Lexicon
from truceline.words.actors.phrase import Phrase
from truceline.words.actors.registry import Registry
from truceline.words.actors.scan import HYPHEN, Hit, Scan

ALIKE = str.maketrans("WwJj", "VvYy")
"""Letters that transliterations put for each other."""
OWN_PREFIX = frozenset(("US", "U.S.", "UK", "U.K."))
"""States that stand before a hyphen as owners; others are topics ("Ukraine-Gesandter")."""
OFFICE = {"president": "PresidentialOffice", "head_of_government": "Office"}
"""Institution whose word a spokesperson of a holder speaks."""
OWNING = frozenset(("des", "der", "von", "vom", "für", "of", "for"))
"""Words after an office that tell whose it is, and not where."""


class PhraseReader(Scan):
    """Reads the noun phrases of a stretch that begin with a lexeme."""

    def __init__(
        self, text: str, start: int, end: int, lexicon: Lexicon, registry: Registry
    ) -> None:
        super().__init__(text, start, end, lexicon)
        self.registry = registry

    def phrases(self) -> list[Phrase]:
        """All phrases, in order, none overlapping."""
        found: list[Phrase] = []
        reached = -1
        for first in self.hits:
            if first >= reached:
                phrase = self.phrase(first)
                if phrase is not None:
                    found.append(phrase)
                    reached = phrase.last
        return found

    def phrase(self, first: int) -> Phrase | None:
        """The phrase whose first lexeme is at a token."""
        phrase = Phrase(first, first)
        self._look_back(phrase)
        at = first
        while (after := self._modifier(at, phrase)) is not None:
            at = after
        hit = self.hits.get(at)
        if hit is None or not self._head(hit := replace(hit), phrase):
            return None
        phrase.last = hit.last
        if phrase.role or phrase.institution:
            self._complement(phrase)
        elif phrase.head is not None and phrase.head.sort == "described":
            self._name(phrase)
        phrase.closed |= phrase.foreign and not phrase.states
        return self._owner(phrase) if self.spaced else phrase

    def _owner(self, phrase: Phrase) -> Phrase:
        """ "President Trump's envoy": the one who is named only says whose envoy it is."""
        at = phrase.last
        owner = phrase.person.code if phrase.person else phrase.of
        if not owner or self.word(at) != "s" or self.gap(at) not in ("'", "’"):
            return phrase
        head = self.hits.get(self.skip(at + 1, phrase))
        if head is None or head.lexeme.sort not in ("role", "institution"):
            return phrase
        owned = Phrase(phrase.first, head.last, states=[owner])
        if self._head(head, owned):
            self._complement(owned)
            return owned
        return phrase

    def _look_back(self, phrase: Phrase) -> None:
        at = phrase.first - 1
        while at >= 0 and self.close(at + 1):
            word = self.word(at).casefold()
            phrase.deputy |= word in self.small.deputy
            if word in self.small.former:
                phrase.former = True
            elif word not in self.small.filler:
                phrase.foreign = self._is_foreign(at)
                return
            at -= 1

    def _is_foreign(self, at: int) -> bool:
        """Whether the word before an office says that it is of somebody not known here:
        "der arvenische Präsident", "Arveniens Präsident", "his spokesman".
        """
        word = self.word(at)
        low = word[0].lower() + word[1:]
        if low in self.small.own:
            return True
        if low in self.small.lead or low in self.small.oblique or low in self.small.genitive:
            return False
        after_article = self.word(at - 1).casefold() in self.small.article and self.close(at)
        if self.spaced:
            return after_article or (word[0].isupper() and self.close(at) and at > 0)
        if word[0].isupper():
            return word.endswith("s") and self.lexicon.language == "de"
        return after_article and word.endswith(("e", "er", "en", "em", "es"))

    def _modifier(self, at: int, phrase: Phrase) -> int | None:
        """Takes the hit at a token as belonging to a head behind it; where to go on, or None."""
        hit = self.hits.get(at)
        if hit is None or hit.lexeme.sort in ("pronoun", "sides", "pair", "given", "described"):
            return None
        lexeme, after, states = hit.lexeme, hit.last, tuple(phrase.states)
        hyphen, owner = self.gap(after) in HYPHEN, lexeme.genitive
        if lexeme.sort == "adjective":
            after = self._joined_adjectives(after, phrase)
        elif lexeme.sort == "role" or not (hyphen or self.spaced or lexeme.genitive):
            return None
        if self.word(after) == "s" and self.gap(after) in ("'", "’"):
            after, owner = after + 1, True
        after = self.skip(after, phrase)
        if lexeme.sort == "adjective" and self.is_locale(after) and after not in self.hits:
            after += 1
        head = self.hits.get(after)
        if head is None or not self._follows(after, head) or not self._can_head(lexeme, head):
            phrase.states = list(states)
            return None
        if owner or not self._is_topic(at, head):
            self._take(lexeme, phrase)
        return after

    def _is_topic(self, at: int, head: Hit) -> bool:
        """ "Ukraine-Gesandter", "Ukraine envoy": the state is what the office deals with."""
        role = head.lexeme.code if head.lexeme.sort == "role" else ""
        if self.hits[at].lexeme.sort not in ("state", "region") or self.word(at) in OWN_PREFIX:
            return False
        if self.gap(self.hits[at].last) in HYPHEN:
            return bool(role) and role != "president"
        return role in ("envoy", "adviser")

    def _follows(self, at: int, head: Hit) -> bool:
        """Whether a head stands close behind; a medium may stand in quotation marks."""
        quoted = head.lexeme.sort == "medium" and self.gap(at).strip('„“"»«”‘’') == " "
        return quoted or self.close(at)

    def _can_head(self, modifier: Lexeme, head: Hit) -> bool:
        sort = head.lexeme.sort
        if modifier.sort == "institution":
            return sort == "role" and not self.registry.facts.institutions[modifier.code].side
        if modifier.sort == "adjective":
            return sort in ("role", "institution", "group", "medium", "region")
        if sort == "institution" and modifier.sort in ("medium", "region"):
            return False
        owned = modifier.sort == "state" and sort in ("medium", "region")
        return sort in ("role", "institution") or owned

    def _joined_adjectives(self, after: int, phrase: Phrase) -> int:
        """Past "(russische) und ukrainische"."""
        while self.word(after) in self.small.joining and self.gap(after) == " ":
            other = self.hits.get(after + 1)
            if other is None or other.lexeme.sort != "adjective":
                break
            phrase.states.append(other.lexeme.code)
            after = other.last
        return after

    def _take(self, lexeme: Lexeme, phrase: Phrase) -> None:
        """A modifier's or complement's knowledge goes to the phrase."""
        if lexeme.sort == "institution":
            phrase.institution = phrase.institution or lexeme.code
            if lexeme.of:
                phrase.states = [lexeme.of]
        elif lexeme.sort == "region":
            phrase.region = phrase.region or lexeme.code
            if lexeme.of and not phrase.states:
                phrase.states.append(lexeme.of)
        elif lexeme.sort == "described":
            pass
        else:
            nearer = lexeme.sort in ("group", "place", "person")
            phrase.adjective |= lexeme.sort == "adjective"
            phrase.states = [lexeme.code] if nearer else [*phrase.states, lexeme.code]

    def _head(self, hit: Hit, phrase: Phrase) -> bool:
        lexeme = phrase.head = hit.lexeme
        phrase.gender, phrase.plural = lexeme.gender, lexeme.plural
        if lexeme.sort == "role":
            phrase.role = lexeme.code
            if lexeme.of and not phrase.states:
                phrase.states.append(lexeme.of)
            phrase.institution = lexeme.part or phrase.institution
        elif lexeme.sort == "institution":
            phrase.institution = lexeme.code
            told = self.registry.facts.institutions[lexeme.code]
            if told.of:
                phrase.states = [told.of]
            return bool(phrase.states) or not told.side
        elif lexeme.sort == "given":
            return self._unknown_name(hit, phrase)
        elif lexeme.sort == "person":
            phrase.person = lexeme
        elif lexeme.sort == "aged":
            return self._aged(hit, phrase)
        return True

    def _aged(self, hit: Hit, phrase: Phrase) -> bool:
        """ "Der 72-Jährige", "the 72-year-old"."""
        if not self.word(hit.first - 1).isdecimal() or hit.last in self.hits:
            return False
        phrase.first -= 1
        phrase.gender = {"der": "m", "die": "f"}.get(self.word(phrase.first - 1).casefold(), "")
        return True

    def _unknown_name(self, hit: Hit, phrase: Phrase) -> bool:
        """A given name and a surname that the registry does not put together."""
        last = hit.last
        while last - hit.last < 2 and self.close(last) and self._is_name(last):
            known = self.hits.get(last)
            if known and known.lexeme.sort == "person":
                person = self.registry.facts.persons[known.lexeme.persons[0]]
                if _same_given(self.word(hit.first), person.given):
                    phrase.person, phrase.head = known.lexeme, known.lexeme
                    hit.last = known.last
                    return True
            last = known.last if known else last + 1
        phrase.named = True
        surname, hit.last = last > hit.last, last
        return surname

    def _is_name(self, at: int) -> bool:
        word = self.word(at)
        known = self.hits.get(at)
        return (
            word[:1].isupper()
            and word not in self.small.not_name
            and (known is None or known.lexeme.sort in ("person", "given"))
        )

    def _complement(self, phrase: Phrase) -> None:
        """What follows an office or institution: a name, "des Kreml", "in Moskau", a name."""
        if phrase.role:
            self._name(phrase)
        if self.gap(phrase.last) == " " and self._of_both(phrase.last, phrase):
            return
        for _ in range(3):
            at = phrase.last
            if self.gap(at) != " " or self.word(at) not in self.small.genitive:
                if not self._bare_genitive(at):
                    break
                inner = at
            else:
                inner = at + 1
            while self.word(inner) in self.small.article and self.gap(inner) == " ":
                inner += 1
            inner = self.skip(inner, phrase)
            while self.is_locale(inner) and inner not in self.hits:
                inner += 1
            if self._of_both(inner, phrase):
                return
            if not self._take_complement(inner, self.word(at), phrase):
                phrase.closed |= inner > at and self.word(at) in OWNING
                break
        if phrase.role:
            self._name(phrase)
            self._apposition(phrase)

    def _of_both(self, at: int, phrase: Phrase) -> bool:
        """ "Vertreter beider Seiten", "officials from both sides": these are the two parties."""
        hit = self.hits.get(at)
        if hit is None or hit.lexeme.sort not in ("sides", "pair"):
            return False
        phrase.head, phrase.role, phrase.institution = hit.lexeme, "", ""
        phrase.last, phrase.plural, phrase.states = hit.last, True, []
        return True

    def _bare_genitive(self, at: int) -> bool:
        """ "Sprecher Selenskyjs", "Минобороны РФ": the name alone, in the genitive."""
        hit = self.hits.get(at)
        if hit is None or self.gap(at) != " ":
            return False
        slavic = self.lexicon.language in ("ru", "uk")
        return hit.lexeme.genitive or (
            slavic
            and hit.lexeme.sort in ("state", "place", "institution", "adjective", "region", "role")
        )

    def _take_complement(self, at: int, word: str, phrase: Phrase) -> bool:
        hit = self.hits.get(at)
        if hit is None or hit.lexeme.sort in ("pronoun", "sides", "pair", "medium", "given"):
            return False
        inner = self.phrase(at)
        if inner is None or inner.head is None:
            return False
        sort = inner.head.sort
        if sort == "adjective":
            return False
        if sort == "state" and word in ("aus", "from"):
            pass
        elif word in ("in", "im", "aus", "from", "at") and sort not in (
            "capital", "region", "institution", "place", "adjective",
        ):  # fmt: skip
            return False
        if sort == "capital" and word in ("in", "im") and phrase.role in ("ambassador", "envoy"):
            return False
        phrase.last = inner.last
        while sort == "region" and self.close(phrase.last) and self.is_locale(phrase.last):
            phrase.last += 1
        if not phrase.states or phrase.head is None or not phrase.head.of:
            self._merge(inner, phrase)
        return True

    def _merge(self, inner: Phrase, phrase: Phrase) -> None:
        if not phrase.states:
            phrase.states = list(inner.states)
        phrase.region = phrase.region or inner.region
        told = self.registry.facts.institutions.get(phrase.institution)
        if inner.institution and (told is None or told.body):
            phrase.institution = inner.institution
        elif phrase.role == "spokesperson" and inner.role in ("president", "head_of_government"):
            phrase.institution = OFFICE[inner.role]
        if inner.person is not None:
            if inner.role and self.registry.has_role(inner.person.persons[0], phrase.role):
                phrase.person = inner.person
            phrase.states = phrase.states or [inner.person.code]
        elif inner.head is not None and self._tells(inner.head, phrase):
            self._take(inner.head, phrase)

    def _tells(self, complement: Lexeme, phrase: Phrase) -> bool:
        """Whether a complement says whose office it is, where nothing has said it yet."""
        new = not phrase.states or complement.sort == "region"
        return new and complement.sort not in ("role", "institution")

    def _name(self, phrase: Phrase) -> None:
        """A person's name straight behind an office."""
        if phrase.person or phrase.named:
            return
        at = self.skip(phrase.last, phrase)
        hit = self.hits.get(at)
        if not self.close(at) or self.gap(at) in HYPHEN:
            return
        if hit and hit.lexeme.sort == "person" and not hit.lexeme.genitive:
            phrase.person, phrase.last = hit.lexeme, hit.last
            return
        if hit and hit.lexeme.sort == "given" and not phrase.plural:
            name = Phrase(hit.first, hit.last)
            if self._head(hit := replace(hit), name):
                phrase.person, phrase.named, phrase.last = name.person, name.named, hit.last
                return
        start = at
        limit = 3
        while at - start < limit and self.close(at) and self._is_name(at):
            hit = self.hits.get(at)
            at = hit.last if hit else at + 1
        if at > start and not phrase.plural:
            phrase.last, phrase.named = at, True

    def _apposition(self, phrase: Phrase) -> None:
        """ "Der Sprecher des Kreml, Dmitri Peskow,": the name is the same person's."""
        hit = self.hits.get(phrase.last)
        if not phrase.role or phrase.person or phrase.named or hit is None:
            return
        if self.gap(phrase.last) != ", " or hit.lexeme.sort not in ("person", "given"):
            return
        name = Phrase(hit.first, hit.last)
        if hit.lexeme.weak or not self._head(hit := replace(hit), name):
            return
        if self.text[self.tokens[hit.last - 1][1] :][:1] in (",", ".", ";", ":"):
            phrase.person, phrase.named, phrase.last = name.person, name.named, hit.last

    def skip(self, at: int, phrase: Phrase) -> int:
        """Past adjectives that change nothing; "former" is noted."""
        while self.close(at) and at not in self.hits:
            word = self.word(at).casefold()
            phrase.deputy |= word in self.small.deputy
            if word in self.small.former:
                phrase.former = True
            elif word not in self.small.filler and self.word(at) not in self.small.title:
                break
            at += 1
        return at


def _same_given(word: str, given: str) -> bool:
    """Whether a given name is one of a person's, or another spelling of it.

    >>> _same_given("Serhiy", "Serhij, Sergei"), _same_given("Melania", "Donald")
    (True, False)
    """
    beginnings = {one[:2].translate(ALIKE) for one in split(given)}
    return word[:2].translate(ALIKE) in beginnings
