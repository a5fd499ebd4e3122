"""Days, hours and nights that an entry names; hours stay those of the claimant's clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from truceline.words.claimslist.lexicon import Words
from truceline.words.found import Stretch
from truceline.words.slots.passage import Passage
from truceline.words.slots.times import read_days

EVENING_FROM_H = 18
"""A clock from this hour on belongs to the evening before "the night to the 27th"."""


@dataclass(frozen=True)
class Clock:
    """An hour as the ledger writes it, with its words; ``about``: the text only says about."""

    text: str
    stretch: Stretch
    about: bool

    @property
    def hour(self) -> int:
        """First hour."""
        return int(self.text[:2])


@dataclass(frozen=True)
class Named:
    """The times of a passage: its day, its clocks, and whether it speaks of a night."""

    day: date | None = None
    day_stretch: Stretch | None = None
    clocks: tuple[Clock, ...] = ()
    night: Stretch | None = None
    night_to: bool = False
    """The night that ends on the day ("in der Nacht zum 27. März")."""


def read_named(row: Passage, words: Words, dated: date | None) -> Named:
    """Times of a passage; a day without a year is the one nearest to the day of the document.

    >>> from truceline.words.claimslist.lexicon import words_of
    >>> from truceline.words.slots.passage import passage_of
    >>> text = "In der Nacht zum 27. März um 02:15 und 04:40 Uhr"
    >>> found = read_named(
    ...     passage_of(text, [(0, len(text))], "de"), words_of("de"), date(2025, 3, 27))
    >>> found.day.isoformat(), [c.text for c in found.clocks], found.night_to
    ('2025-03-27', ['02:15', '04:40'], True)
    """
    days = _days(row, words, dated)
    taken = [stretch for _, stretch in days]
    clocks = _clocks(row, words, taken)
    to_day = _first(row, words.nights_to)
    night = to_day or _first(row, words.nights)
    known = [one for one in days if one[0] is not None]
    day, stretch = known[0] if known else (None, None)
    return Named(day, stretch, clocks, night, to_day is not None)


def _days(row: Passage, words: Words, dated: date | None) -> list[tuple[date | None, Stretch]]:
    """Days with their stretches; a list tells the past: a weekday is the last one, and a word
    for tomorrow ("am frühen Morgen") is no day.
    """
    later = row.lexicon.tables["calendar"]["days"]
    found = []
    for day in read_days(_spelled(row, words), dated):
        when, said = day.when, row.words[day.first]
        if when and dated and when > dated and not said[0].isdigit() and day.last - day.first == 1:
            if said in later:
                continue
            when -= timedelta(days=7)
        found.append((when, (row.tokens[day.first].start, row.tokens[day.last - 1].end)))
    return found


def _spelled(row: Passage, words: Words) -> Passage:
    """The passage with days of the month in words turned into digits of the same length."""
    spelled = row.text
    for token, word in zip(row.tokens, row.words, strict=True):
        if word in words.ordinals:
            digits = str(words.ordinals[word]).rjust(len(token.text))
            spelled = spelled[: token.start] + digits + spelled[token.end :]
    if spelled is row.text:
        return row
    return Passage(spelled, row.language, row.lexicon, row.tokens, row.words, row.gaps, row.spans)


def _first(row: Passage, patterns: tuple[re.Pattern[str], ...]) -> Stretch | None:
    for start, end in row.spans:
        for pattern in patterns:
            found = pattern.search(row.text, start, end)
            if found:
                return found.span()
    return None


def _clocks(row: Passage, words: Words, days: list[Stretch]) -> tuple[Clock, ...]:
    found: list[Clock] = []
    taken: list[Stretch] = []
    for start, end in row.spans:
        for is_range, patterns in ((True, words.ranges), (False, words.clocks)):
            for match in (m for p in patterns for m in p.finditer(row.text, start, end)):
                clock = _clock(match, words)
                digits = match.start("h") if match.groupdict().get("h") else match.start()
                inside = any(a <= digits < b for a, b in days) and not is_range
                if clock and not inside and not any(_meet(match.span(), t) for t in taken):
                    taken.append(match.span())
                    found.append(clock)
    ordered = sorted(found, key=lambda c: c.stretch)
    return tuple(
        {c.text: c for c in reversed(ordered)}[t] for t in dict.fromkeys(c.text for c in ordered)
    )


def _meet(one: Stretch, other: Stretch) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _clock(match: re.Match[str], words: Words) -> Clock | None:
    told = match.groupdict()
    part = (told.get("part") or "").lower()
    word = told.get("word")
    hour = words.hours[word] if word else int(told["h"] or 0)
    first = _hour(hour, told.get("m"), part, words)
    about = match[0].split()[0].casefold() in words.small["about"] or " about " in f" {match[0]} "
    if first is None:
        return None
    if told.get("h2") is None:
        return Clock(first, match.span(), about)
    second = _hour(int(told["h2"] or 0), told.get("m2"), part, words)
    if second is None or second == first:
        return None
    return Clock(f"{first}-{second}", match.span(), about)


def _hour(hour: int, minute: str | None, part: str, words: Words) -> str | None:
    minutes = int(minute or 0)
    if part and part in words.small["evening"] and hour < 12:
        hour += 12
    elif part and part in words.small["morning"] and hour == 12:
        hour = 0
    if hour == 24 and minutes == 0:
        hour = 0
    return f"{hour:02}:{minutes:02}" if hour < 24 and minutes < 60 else None
