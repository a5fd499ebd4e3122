"""What the drawings of rates share: axes, ticks, and textures that need no colour.

Textures are single paths, because some renderers of PDF know no patterns.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_skeleton

from truceline.report.codes_rates import UNITS
from truceline.report.plain import Item
from truceline.report.tongue import Tongue

WIDTH, RIGHT = 960, 18
"""Width of a drawing and room at its right (px)."""

LETTER = 6.6
"""Width that a letter of 12 px needs at most on average (px)."""

DATE = 64
"""Room that the date of a tick needs (px)."""

STEPS_D = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728)
"""Days between two dates of an axis."""

RATIOS = (0.001, 0.01, 0.03, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0, 1000.0)
"""Ratios that are written on a logarithmic axis."""

LEAST, MOST = 0.001, 1000.0
"""Ratios beyond these are drawn at the edge, with an arrow."""


def short(text: str, room: float, letter: float = LETTER) -> str:
    """A text that has room; the table beside has it in full.

    >>> short("Drones launched", 60)
    'Drones l…'
    """
    most = max(int(room / letter), 2)
    return text if len(text) <= most else text[: most - 1] + "…"


def two_lines(text: str, room: float, letter: float = LETTER) -> list[str]:
    """A text in up to two lines, broken between words; the second is cut where it has no room.

    >>> two_lines("Drones launched at night", 100)
    ['Drones launched', 'at night']
    """
    most = max(int(room / letter), 2)
    if len(text) <= most:
        return [text]
    at = text.rfind(" ", 0, most + 1)
    at = at if at > 0 else most
    return [text[:at], short(text[at:].strip(), room, letter)]


def unit_name(code: str, tongue: Tongue) -> str:
    """What a count is of, without marks: for where HTML allows no elements."""
    return tongue.gettext(UNITS[code]) if code in UNITS else tongue.plain(code)


def px(value: float) -> str:
    """A coordinate in as few letters as will do.

    >>> px(12.04), px(12.25), px(-0.02)
    ('12', '12.2', '0')
    """
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Days:
    """Days to pixels: a day is the stretch from its ``x`` to that of the next."""

    first: date
    n: int
    left: float
    right: float = WIDTH - RIGHT

    @property
    def per_day(self) -> float:
        """Width of a day (px)."""
        return (self.right - self.left) / self.n

    def at(self, index: float) -> float:
        """Place of the start of a day by its number from ``first``, kept inside."""
        return self.left + min(max(index, 0.0), self.n) * self.per_day

    def x(self, day: date | str) -> float:
        """Place of the start of a day, kept inside."""
        return self.at((_day(day) - self.first).days)

    def end(self, day: date | str) -> float:
        """Place of the end of a day, kept inside."""
        return self.at((_day(day) - self.first).days + 1)

    def holds(self, day: date | str) -> bool:
        """Whether a day is on the axis."""
        return 0 <= (_day(day) - self.first).days < self.n

    def ticks(self, tongue: Tongue) -> list[Item]:
        """Dates below the axis; the first of each year with the year."""
        least = DATE / self.per_day
        step = next((s for s in STEPS_D if s >= least), STEPS_D[-1])
        offset = -self.first.weekday() % 7 if step >= STEPS_D[2] else 0
        told, ticks = 0, []
        for index in range(offset, self.n, step):
            day = self.first + timedelta(days=index)
            label = tongue.short_day(day.isoformat())
            if day.year != told:
                label, told = format_skeleton("yMMMd", day, locale=tongue.locale), day.year
            if self.at(index) + DATE <= WIDTH:
                ticks.append({"x": px(self.at(index)), "label": label})
        return ticks


def _day(day: date | str) -> date:
    return day if isinstance(day, date) else date.fromisoformat(day[:10])


@dataclass(frozen=True)
class Ratios:
    """Ratios to pixels, on a logarithmic axis."""

    low: float
    high: float
    left: float
    right: float

    @classmethod
    def over(cls, values: Iterable[float | None], left: float, right: float) -> Ratios:
        """An axis that holds 1 and all values that can be drawn, with some room."""
        drawn = [1.0, *(v for v in values if v is not None and LEAST <= v <= MOST)]
        return cls(min(min(drawn) / 1.25, 0.5), max(max(drawn) * 1.25, 2.0), left, right)

    def inside(self, value: float) -> bool:
        """Whether a ratio is on the axis."""
        return self.low <= value <= self.high

    def x(self, value: float) -> float:
        """Place of a ratio; what is beyond the axis stands at its edge."""
        kept = min(max(value, self.low), self.high)
        share = math.log(kept / self.low) / math.log(self.high / self.low)
        return self.left + share * (self.right - self.left)

    def ticks(self, tongue: Tongue, room: float = 34) -> list[Item]:
        """Ratios below the axis; 1 is always there, and none is so near that it meets another."""
        taken: list[float] = [self.x(1.0)]
        ticks = [{"x": px(taken[0]), "label": tongue.number(1.0)}]
        for value in RATIOS:
            x = self.x(value)
            if self.inside(value) and all(abs(x - other) >= room for other in taken):
                taken.append(x)
                ticks.append({"x": px(x), "label": tongue.number(value)})
        return ticks


def round_ticks(most: float, n: int = 4) -> list[float]:
    """Round numbers from zero to at least ``most``.

    >>> round_ticks(37.0), round_ticks(0.0)
    ([0.0, 10.0, 20.0, 30.0, 40.0], [0.0, 1.0])
    """
    if most <= 0:
        return [0.0, 1.0]
    rough = most / n
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * k for k in (1, 2, 5, 10) if size * k >= rough * 0.999)
    return [round(step * i, 10) for i in range(math.ceil(most / step - 1e-9) + 1)]


# --- textures ---------------------------------------------------------------------------------


def slanted(x: float, y: float, width: float, height: float, step: float = 6) -> str:
    """Lines that rise to the right, kept inside a box."""
    parts, at = [], x - height + step / 2
    while at < x + width:
        x1, x2 = max(at, x), min(at + height, x + width)
        if x2 > x1:
            parts.append(
                f"M{px(x1)} {px(y + height - (x1 - at))}L{px(x2)} {px(y + at + height - x2)}"
            )
        at += step
    return "".join(parts)


def falling(x: float, y: float, width: float, height: float, step: float = 6) -> str:
    """Lines that fall to the right, kept inside a box."""
    parts, at = [], x - height + step / 2
    while at < x + width:
        x1, x2 = max(at, x), min(at + height, x + width)
        if x2 > x1:
            parts.append(f"M{px(x1)} {px(y + x1 - at)}L{px(x2)} {px(y + x2 - at)}")
        at += step
    return "".join(parts)


def upright(x: float, y: float, width: float, height: float, step: float = 4) -> str:
    """Upright lines, kept inside a box."""
    n = max(1, int(width / step))
    return "".join(f"M{px(x + (i + 0.5) * width / n)} {px(y)}v{px(height)}" for i in range(n))


def crosses(x: float, y: float, width: float, height: float, step: float = 28) -> str:
    """Small crosses over a box: nothing is known there."""
    parts, columns = [], max(1, int(width / step))
    arm = min(2.5, width / columns / 2.5)
    for column in range(columns):
        middle, at = x + (column + 0.5) * width / columns, y + min(step, height) / 2
        while at < y + height - arm:
            top, side = px(at - arm), px(2 * arm)
            parts.append(f"M{px(middle - arm)} {top}l{side} {side}m0-{side}l-{side} {side}")
            at += step
    return "".join(parts)
