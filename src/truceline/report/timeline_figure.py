"""The clocks of the readings over one axis of days, with incidents and milestones."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from babel.dates import format_skeleton

from truceline.report.plain import Item
from truceline.report.tongue import Tongue

WIDTH, LEFT, RIGHT = 960, 118, 18
"""Width of the drawing, least room for names at the left, room at the right (px)."""

NAME, MOST_LEFT = 7.5, 260
"""Width of a letter of a name, most room for names (px); a longer name is cut with a mark."""

DIGIT = 6
"""Width of a digit of a count (px)."""

YEAR = 36
"""Half the width of a date with its year (px)."""

BAR, GAP, TOP = 20, 16, 34
"""Height of a bar, space between bars, room for the dates above (px)."""

TICKS = 46
"""Height of the row of incidents (px)."""

PAD_D = 3
"""Days before the first and after the last thing that is drawn."""


def timeline_figure(dossier: Item, tongue: Tongue) -> Item:
    """Geometry and words of the drawing; ``days`` is empty where no day is known."""
    readings = dossier["agreement"]["readings"]
    days = _days(dossier)
    if not days:
        return {"days": [], "readings": readings}
    names = {reading["id"]: _short(reading["id"]) for reading in readings}
    left = max(LEFT, round(NAME * max(map(len, names.values()), default=0)) + 16)
    axis = _Axis(days[0] - timedelta(days=PAD_D), days[-1] + timedelta(days=PAD_D), left)
    bars = [
        {**_bar(i, reading, axis), "name": names[reading["id"]]}
        for i, reading in enumerate(readings)
    ]
    base = TOP + len(bars) * (BAR + GAP) + TICKS
    marks = _marks(dossier, axis, base + 24)
    height = (max(m["y"] for m in marks) if marks else base) + 26
    as_of = dossier["as_of"] if axis.inside(dossier["as_of"]) else None
    return {
        "days": [axis.first.isoformat(), axis.last.isoformat()],
        "width": WIDTH,
        "height": height + (18 if as_of else 0),
        "left": left,
        "right": WIDTH - RIGHT,
        "weeks": _weeks(axis, tongue),
        "bars": bars,
        "bar": BAR,
        "base": base,
        "ticks": _ticks(dossier, axis, base),
        "marks": marks,
        "as_of": {"x": axis.x(as_of), "at": as_of} if as_of else None,
        "readings": readings,
    }


class _Axis:
    """Days to pixels."""

    def __init__(self, first: date, last: date, left: int) -> None:
        self.first, self.last, self.left = first, last, left
        self.n_days = (last - first).days + 1
        self.per_day = (WIDTH - left - RIGHT) / self.n_days

    def x(self, stamp: str) -> float:
        """Place of a stamp or date."""
        day = (date.fromisoformat(stamp[:10]) - self.first).days
        hours = int(stamp[11:13]) + int(stamp[14:16]) / 60 if len(stamp) > 10 else 0.0
        return round(self.left + (day + hours / 24) * self.per_day, 1)

    def clipped(self, stamp: str) -> float:
        """The same, kept inside the drawing."""
        return min(max(self.x(stamp), self.left), WIDTH - RIGHT)

    def inside(self, stamp: str) -> bool:
        """Whether a stamp lies on the axis."""
        return self.left <= self.x(stamp) <= WIDTH - RIGHT


def _short(name: str) -> str:
    """A name that has room at the left; the table has it in full."""
    most = int((MOST_LEFT - 16) / NAME)
    return name if len(name) <= most else name[: most - 1] + "…"


def _days(dossier: Item) -> list[date]:
    """First and last day of incidents and clocks."""
    stamps = [i["occurred"][end] for i in dossier["incidents"] for end in ("from", "until")]
    for reading in dossier["agreement"]["readings"]:
        stamps += [reading["in_force"]["from"], reading["in_force"]["until"]]
    found = sorted(date.fromisoformat(s[:10]) for s in stamps if s)
    return [found[0], found[-1]] if found else []


def _bar(index: int, reading: Item, axis: _Axis) -> Item:
    span = reading["in_force"]
    start = axis.clipped(span["from"]) if span["from"] else axis.left
    end = axis.clipped(span["until"]) if span["until"] else WIDTH - RIGHT
    y = TOP + index * (BAR + GAP)
    pieces = []
    for piece in reading["disputed"]:
        x = axis.clipped(piece["from"]) if piece["from"] else start
        until = axis.clipped(piece["until"]) if piece["until"] else end
        if until > x:
            pieces.append({"x": x, "width": round(until - x, 1), "lines": _hatch(x, until, y)})
    return {
        "id": reading["id"],
        "y": y,
        "x": start,
        "width": round(max(end - start, 1.0), 1),
        "open_start": span["from"] is None,
        "open_end": span["until"] is None,
        "end": end,
        "pieces": pieces,
    }


def _hatch(x: float, until: float, y: float) -> str:
    """Slanted lines over a stretch, as one path: needs no pattern of the renderer."""
    parts = []
    at = x - BAR
    while at < until:
        x1, y1 = max(at, x), y + BAR - max(0.0, x - at)
        x2, y2 = min(at + BAR, until), y + max(0.0, at + BAR - until)
        if x2 > x1:
            parts.append(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}")
        at += 6
    return "".join(parts)


def _weeks(axis: _Axis, tongue: Tongue) -> list[Item]:
    first_monday = axis.first + timedelta(days=-axis.first.weekday() % 7)
    step = 7 * max(1, round(axis.n_days / 70))
    several = axis.first.year != axis.last.year
    weeks, told = [], 0
    for offset in range(0, (axis.last - first_monday).days + 1, step):
        day = first_monday + timedelta(days=offset)
        x, label = axis.x(day.isoformat()), tongue.short_day(day.isoformat())
        if several and day.year != told and x + YEAR <= WIDTH:
            told = day.year
            label = format_skeleton("yMMMd", day, locale=tongue.locale)
        weeks.append({"x": x, "label": label})
    return weeks


def _ticks(dossier: Item, axis: _Axis, base: float) -> list[Item]:
    """Incidents by the UTC day on which they begin, all sides together."""
    tally = Counter(
        i["occurred"]["from"][:10] for i in dossier["incidents"] if i["occurred"]["from"]
    )
    most = max(tally.values(), default=1)
    labelled = _labelled(tally, axis)
    return [
        {
            "x": round(axis.x(day) + axis.per_day * 0.15, 1),
            "y": round(base - (TICKS - 14) * n / most, 1),
            "width": round(axis.per_day * 0.7, 1),
            "height": round((TICKS - 14) * n / most, 1),
            "n": n,
            "day": day,
            "labelled": day in labelled,
        }
        for day, n in sorted(tally.items())
        if axis.inside(day)
    ]


def _labelled(tally: Counter[str], axis: _Axis) -> set[str]:
    """Days whose count is written: the highest first, and only where it meets no other."""
    taken: list[tuple[float, float]] = []
    days = set()
    for day, n in sorted(tally.items(), key=lambda item: (-item[1], item[0])):
        x, half = axis.x(day), DIGIT * len(str(n)) / 2 + 1
        towers = (other for other, more in tally.items() if more > n)
        if any(abs(x - axis.x(other)) < half for other in towers):
            continue
        if all(abs(x - other) >= half + its for other, its in taken):
            taken.append((x, half))
            days.add(day)
    return days


def _marks(dossier: Item, axis: _Axis, top: float) -> list[Item]:
    """Milestones in order of date, stacked where they would meet."""
    free: list[float] = []
    marks = []
    entries = [m for m in dossier["timeline"]["milestones"] if m["kind"] == "milestone" and m["on"]]
    for number, entry in enumerate(sorted(entries, key=lambda m: (m["on"], m["id"])), 1):
        if not axis.inside(entry["on"]):
            continue
        x = axis.x(entry["on"]) + axis.per_day / 2
        row = next((i for i, last in enumerate(free) if x - last >= 22), len(free))
        free[row : row + 1] = [x]
        marks.append({"x": round(x, 1), "y": top + row * 20, "number": number, "entry": entry})
    return marks
