"""Durations, deadlines and beginnings that a content states; ISO 8601 where the words allow it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from truceline.words.slots.lexicon import Hit, lexicon, matches, phrases_of
from truceline.words.slots.numbers import Numeral, word_value
from truceline.words.slots.passage import Passage

IMMEDIATELY = "immediately"


@dataclass(frozen=True, slots=True)
class Lasting:
    """A length of time where it stands; ``is_distance``: counted from some moment."""

    iso: str
    first: int
    last: int
    is_distance: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day where it stands: a date where one follows, else None."""

    when: date | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class When:
    """The times of a passage with the stretches that say so."""

    duration: str | None
    deadline: str | None
    effective: str | None
    stretches: tuple[tuple[int, int], ...]
    taken: frozenset[int]
    """Tokens that belong to a time: their numerals count nothing else."""


@cache
def _units(language: str) -> tuple[tuple[str, str], ...]:
    rows = lexicon(language).tables["durations"]
    cells = ((u, p) for u, c in rows.items() if isinstance(c, str) for p in phrases_of(c))
    return tuple((pattern, unit) for unit, pattern in cells)


@lru_cache(maxsize=20_000)
def unit_of_time(word: str, language: str) -> str | None:
    """D, W, M, Y, TH or TM for a word in lower case that names a unit of time.

    >>> unit_of_time("tagen", "de"), unit_of_time("stunden-frist", "de"), unit_of_time("tor", "de")
    ('D', 'TH', None)
    """
    for pattern, unit in _units(language):
        if matches(pattern, word) and "tagesordnung" not in word:
            return unit
    return None


def iso_duration(value: float, unit: str) -> str:
    """ISO 8601 of a length of time.

    >>> iso_duration(30, "D"), iso_duration(24, "TH"), iso_duration(1.5, "M")
    ('P30D', 'PT24H', 'P1.5M')
    """
    return f"PT{value:g}{unit[1]}" if unit.startswith("T") else f"P{value:g}{unit}"


@lru_cache(maxsize=20_000)
def joined_duration(word: str, language: str) -> str | None:
    """A length of time in one word, in lower case.

    >>> joined_duration("dreißigtägigen", "de"), joined_duration("three-week", "en")
    ('P30D', 'P3W')
    """
    if "-" in word:
        head, _, tail = word.partition("-")
        value, unit = word_value(head, language), unit_of_time(tail, language)
        if value is not None and unit:
            return iso_duration(value, unit)
        return None
    for pattern, unit in _units(language):
        stem = pattern.rstrip("*")
        head = word.partition(stem)[0] if pattern.endswith("*") and len(stem) > 4 else ""
        if not head or head == word:
            continue
        value = word_value(head, language)
        if value is not None:
            return iso_duration(value, unit)
    return None


@cache
def _phrases(language: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for iso, cell in lexicon(language).tables["durations"].get("phrases", {}).items():
        for phrase in phrases_of(cell):
            words = tuple(phrase.split())
            table.setdefault(words[0][:4], []).append((words, iso))
    return table


def read_durations(row: Passage, numerals: Iterable[Numeral]) -> list[Lasting]:
    """Lengths of time in order of the text."""
    language, words = row.lexicon.language, row.words
    found: list[Lasting] = []
    for numeral in numerals:
        at = numeral.last
        if at + 1 < len(words) and words[at] == "-" and not numeral.is_article:
            at += 1
        unit = unit_of_time(words[at], language) if at < len(words) else None
        is_ordinal = row.tokens[numeral.first].text.endswith(".")
        if unit and not is_ordinal and words[numeral.first] != "eines":
            iso = iso_duration(numeral.value, unit)
            found.append(Lasting(iso, numeral.first, at + 1, False))
    for n, word in enumerate(words):
        for phrase, iso in _phrases(language).get(word[:4], ()):
            size = len(phrase)
            held = words[n : n + size]
            if len(held) == size and all(map(matches, phrase, held)):
                found.append(Lasting(iso, n, n + size, False))
        if len(word) > 6:
            joined = joined_duration(word, language)
            if joined:
                found.append(Lasting(joined, n, n + 1, False))
    ago = {hit.last for hit in row.hits("time", "ago")}
    return [
        Lasting(d.iso, d.first, d.last, _is_distance(row, d, ago))
        for d in sorted(found, key=lambda d: (d.first, -d.last))
    ]


def _is_distance(row: Passage, lasting: Lasting, ago: set[int]) -> bool:
    after = row.words[lasting.last] if lasting.last < len(row.words) else ""
    starts = {lasting.first}
    starts |= {h.first for h in row.hits("qualifier") if h.last == lasting.first}
    return bool(starts & ago) or after in row.lexicon.words("calendar", "distance_after")


@cache
def _calendar(language: str) -> tuple[re.Pattern[str], frozenset[str]]:
    """A pattern of days, and the words one of which has to be there."""
    table = lexicon(language).tables["calendar"]
    months = [*table["months"].split(), *table["short_months"].split()]
    days = [*table["weekdays"].split(), *table["other_weekdays"], *table["days"]]
    days += [form for forms in table.get("forms", {}).values() for form in forms.split()]
    worded = phrases_of(table["worded"])
    parts = table["parts_of_month"].split()
    month = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    year = r"(?:,?\s+(?P<{}>(?:19|20)\d\d))?\b"
    pattern = (
        r"(?P<iso>\d{4}-\d\d-\d\d)"
        r"|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4}|\d{2})?(?!\d)"
        rf"|(?P<d1>\d{{1,2}})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{month})\.?{year.format('y1')}"
        rf"|\b(?P<m3>{month})\.?\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\.\d){year.format('y3')}"
        rf"|\b(?:{'|'.join(map(re.escape, [*worded]))})\b"
        rf"|\b(?:{'|'.join(parts)})[\s-]+(?:{month})\b"
        rf"|\b(?P<day>{'|'.join(sorted(map(re.escape, days), key=len, reverse=True))})\b"
    )
    needed = {*months, *days, *(w for p in worded for w in p.split()[-1:])}
    return re.compile(pattern, re.IGNORECASE), frozenset(needed)


def read_days(row: Passage, dated: date | None) -> list[Day]:
    """Days that a passage names."""
    language = row.lexicon.language
    pattern, needed = _calendar(language)
    if needed.isdisjoint(row.words) and not any(w[0].isdigit() and len(w) > 4 for w in row.words):
        return []
    found = []
    for start, end in row.spans:
        for match in pattern.finditer(row.text, start, end):
            inside = [
                n
                for n, token in enumerate(row.tokens)
                if token.start < match.end() and token.end > match.start()
            ]
            if inside:
                when = _date_of(match, language, dated)
                found.append(Day(when, inside[0], inside[-1] + 1))
    return found


def _date_of(match: re.Match[str], language: str, dated: date | None) -> date | None:
    part = match.groupdict()
    try:
        if part["iso"]:
            return date.fromisoformat(part["iso"])
        for n in "123":
            if part[f"d{n}"]:
                month, year = part[f"m{n}"], part[f"y{n}"]
                number = int(month) if month.isdigit() else _month_of(month.lower(), language)
                return _nearest(int(part[f"d{n}"]), number, year, dated)
    except ValueError:
        return None
    return _named_day(part["day"].lower(), language, dated) if part["day"] and dated else None


@cache
def _months(language: str) -> dict[str, int]:
    table = lexicon(language).tables["calendar"]
    named = {name: n for n, name in enumerate(table["short_months"].split(), 1)}
    return named | {name: n for n, name in enumerate(table["months"].split(), 1)}


def _month_of(name: str, language: str) -> int:
    return _months(language)[name]


def _nearest(day: int, month: int, year: str | None, dated: date | None) -> date | None:
    """The date; without a year the one nearest to the day of the text."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    if dated is None:
        return None
    near = []
    for one in (dated.year - 1, dated.year, dated.year + 1):
        try:
            near.append(date(one, month, day))
        except ValueError:  # 29 February
            continue
    return min(near, key=lambda d: abs(d - dated), default=None)


@cache
def _named_days(language: str) -> dict[str, tuple[str, int]]:
    table = lexicon(language).tables["calendar"]
    named = {name: ("weekday", n) for n, name in enumerate(table["weekdays"].split())}
    named |= {name: ("weekday", int(n)) for name, n in table["other_weekdays"].items()}
    named |= {name: ("day", int(n)) for name, n in table["days"].items()}
    for number, forms in table.get("forms", {}).items():
        named |= dict.fromkeys(forms.split(), ("weekday", int(number)))
    return named


def _named_day(name: str, language: str, dated: date) -> date | None:
    """A weekday is the next one, the day of the text included."""
    sort, number = _named_days(language)[name]
    ahead = number if sort == "day" else (number - dated.weekday()) % 7
    return dated + timedelta(days=ahead)


def read_times(row: Passage, numerals: list[Numeral], dated: date | None) -> When:
    """Duration, deadline and beginning: the first of each that the words state."""
    lasting = read_durations(row, numerals)
    days = read_days(row, dated)
    leads = row.hits("time", "deadline", "effective")
    duration: str | None = None
    ends: dict[str, str] = {}
    stretches: list[tuple[int, int]] = []
    taken = {n for part in lasting for n in range(part.first, part.last)}
    taken |= {n for day in days for n in range(day.first, day.last)}
    for length in lasting:
        lead = _lead(row, leads, length.first)
        if lead and lead.value == "deadline" and lead.last == length.first:
            ends.setdefault("deadline", _after(row, lead, length, dated))
            stretches.append((lead.start, row.tokens[length.last - 1].end))
        elif duration is None and not length.is_distance:
            duration = length.iso
            stretches.append((row.tokens[length.first].start, row.tokens[length.last - 1].end))
    for day in days:
        lead = _lead(row, leads, day.first)
        sort = lead.value if lead else _by_verb(row, day)
        if sort and sort not in ends:
            start, end = row.tokens[day.first].start, row.tokens[day.last - 1].end
            ends[sort] = day.when.isoformat() if day.when else row.text[start:end]
            stretches.append((lead.start if lead else start, end))
    for hit in row.hits("time", "immediate"):
        if ends.setdefault("effective", IMMEDIATELY) == IMMEDIATELY:
            stretches.append((hit.start, hit.end))
    stretches.sort()
    deadline, effective = ends.get("deadline"), ends.get("effective")
    return When(duration, deadline, effective, tuple(stretches), frozenset(taken))


def _lead(row: Passage, leads: list[Hit], first: int) -> Hit | None:
    """The word of time before a day, with articles and "next" between."""
    fillers = row.lexicon.words("calendar", "fillers")
    for hit in reversed(leads):
        if hit.last <= first and all(w in fillers for w in row.words[hit.last : first]):
            return hit
    return None


def _by_verb(row: Passage, day: Day) -> str | None:
    """What a day without a word of time is to its clause: "beginne am 18. März"."""
    segment = row.segment_at(day.first)
    for value, sort in (("begins", "effective"), ("ends", "deadline")):
        for verb in row.hits("time", value):
            is_near = segment.first <= verb.first < segment.last
            if is_near and not day.first <= verb.first < day.last:
                return sort
    words = row.words[segment.first : segment.last]
    runs = row.lexicon.words("calendar", "runs").intersection(words)
    if runs and words[-1] in row.lexicon.words("calendar", "runs_out"):
        return "deadline"
    return None


def _after(row: Passage, lead: Hit, length: Lasting, dated: date | None) -> str:
    """A deadline that is so many days away: its date, or the words."""
    days = {"D": 1, "W": 7}.get(length.iso[-1])
    if dated and days and not length.iso.startswith("PT") and length.iso[1:-1].isdigit():
        return (dated + timedelta(days=days * int(length.iso[1:-1]))).isoformat()
    return row.text[lead.start : row.tokens[length.last - 1].end]
