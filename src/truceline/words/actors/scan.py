"""The words of a stretch, and the lexemes among them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from truceline.words.actors.forms import WORD
from truceline.words.actors.lexicon import Lexeme, Lexicon

JOINT = re.compile(r"[\s\-\u2011\u2010'’.]{1,2}|[ ]?[„“\"»«”][ ]?")
"""What may stand between two words of one mention."""
HYPHEN = frozenset("-\u2011\u2010")
SPACE = frozenset(" \u00a0\n")
COMPOUND = re.compile(r"(.{3,}?)s?(sprecher|vertreter|chef)(in|innen|s|n)?")
BODY = {"sprecher": "spokesperson", "vertreter": "representative", "chef": "president"}


@dataclass(slots=True)
class Hit:
    """A lexeme in the text: its tokens are ``first`` up to ``last``, exclusive."""

    first: int
    last: int
    lexeme: Lexeme


class Scan:
    """Tokens of a stretch, and where lexemes begin; the longest lexeme wins, from the left."""

    def __init__(self, text: str, start: int, end: int, lexicon: Lexicon) -> None:
        self.text, self.lexicon, self.small = text, lexicon, lexicon.phrases
        self.spaced = lexicon.language == "en"
        """Words of one compound stand apart ("Kremlin spokesman")."""
        self.tokens = [(m.start(), m.end(), m[0]) for m in WORD.finditer(text, start, end)]
        self.hits: dict[int, Hit] = {}
        self._find()

    def _find(self) -> None:
        entries, at, count = self.lexicon.entries, 0, len(self.tokens)
        german = self.lexicon.language == "de"
        while at < count:
            word = self.tokens[at][2]
            several = entries.get(word)
            hit = None
            if several is not None:
                hit = self._longest(at, several)
            elif german and len(word) > 8 and word[0].isupper():
                hit = self._compound(at, word)
            if hit is not None:
                self.hits[at] = hit
                at = hit.last
            else:
                at += 1

    def _longest(self, at: int, several: list[tuple[tuple[str, ...], Lexeme]]) -> Hit | None:
        for words, lexeme in several:
            last = at + len(words)
            if len(words) == 1:
                return Hit(at, last, lexeme)
            if last <= len(self.tokens) and all(
                self.tokens[at + n][2] == word and self.joined(at + n)
                for n, word in enumerate(words[1:], 1)
            ):
                return Hit(at, last, lexeme)
        return None

    def _compound(self, at: int, word: str) -> Hit | None:
        """German "Außenamtssprecherin": an institution or palace, and who speaks for it."""
        found = COMPOUND.fullmatch(word)
        inner = self.lexicon.single(found[1]) if found else None
        if found is None or inner is None:
            return None
        gender, role = "f" if (found[3] or "").startswith("in") else "m", BODY[found[2]]
        if inner.sort in ("place", "group", "state"):
            return Hit(at, at + 1, Lexeme("role", role, gender, of=inner.code))
        if inner.sort == "role" and found[2] == "sprecher":
            return Hit(at, at + 1, Lexeme("role", role, gender, part="PresidentialOffice"))
        if inner.sort == "institution" and found[2] != "chef":
            return Hit(at, at + 1, Lexeme("role", role, gender, of=inner.of, part=inner.code))
        return None

    def word(self, at: int) -> str:
        return self.tokens[at][2] if 0 <= at < len(self.tokens) else ""

    def gap(self, at: int) -> str:
        """What stands between a token and the one before."""
        if not 0 < at < len(self.tokens):
            return "\n"
        return self.text[self.tokens[at - 1][1] : self.tokens[at][0]]

    def joined(self, at: int) -> bool:
        return JOINT.fullmatch(self.gap(at)) is not None

    def close(self, at: int) -> bool:
        """Whether only a space or hyphen stands before a token."""
        gap = self.gap(at)
        if gap == ". ":
            before = self.word(at - 1)
            return before in self.small.title or (len(before) == 1 and before.isupper())
        return gap in SPACE or gap in HYPHEN

    def is_locale(self, at: int) -> bool:
        """ "Gebiets", "Region", "oblast": nouns that make the name beside them a place."""
        word, german = self.word(at), self.lexicon.language == "de"
        return word in self.small.locale or (
            german and re.sub("e?s$", "", word) in self.small.locale
        )
