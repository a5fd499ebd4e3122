"""The clocks of the readings over one axis of days, with incidents and milestones."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from truceline.report.plain import Item
from truceline.report.tongue import Tongue

WIDTH, LEFT, RIGHT = 960, 118, 18
"""Width of the drawing, room for names at the left, room at the right (px)."""

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
    axis = _Axis(days[0] - timedelta(days=PAD_D), days[-1] + timedelta(days=PAD_D))
    bars = [_bar(i, reading, axis) for i, reading in enumerate(readings)]
    base = TOP + len(bars) * (BAR + GAP) + TICKS
    marks = _marks(dossier, axis, base + 24)
    height = (max(m["y"] for m in marks) if marks else base) + 26
    at = axis.clipped(dossier["as_of"])
    return {
        "days": [axis.first.isoformat(), axis.last.isoformat()],
        "width": WIDTH,
        "height": height,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "weeks": _weeks(axis, tongue),
        "bars": bars,
        "bar": BAR,
        "base": base,
        "ticks": _ticks(dossier, axis, base),
        "marks": marks,
        "as_of": at if axis.inside(dossier["as_of"]) else None,
        "readings": readings,
    }


class _Axis:
    """Days to pixels."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.n_days = (last - first).days + 1
        self.per_day = (WIDTH - LEFT - RIGHT) / self.n_days

    def x(self, stamp: str) -> float:
        """Place of a stamp or date."""
        day = (date.fromisoformat(stamp[:10]) - self.first).days
        hours = int(stamp[11:13]) + int(stamp[14:16]) / 60 if len(stamp) > 10 else 0.0
        return round(LEFT + (day + hours / 24) * self.per_day, 1)

    def clipped(self, stamp: str) -> float:
        """The same, kept inside the drawing."""
        return min(max(self.x(stamp), LEFT), WIDTH - RIGHT)

    def inside(self, stamp: str) -> bool:
        """Whether a stamp lies on the axis."""
        return LEFT <= self.x(stamp) <= WIDTH - RIGHT


def _days(dossier: Item) -> list[date]:
    """First and last day of incidents and clocks."""
    stamps = [i["occurred"][end] for i in dossier["incidents"] for end in ("from", "until")]
    for reading in dossier["agreement"]["readings"]:
        stamps += [reading["in_force"]["from"], reading["in_force"]["until"]]
    found = sorted(date.fromisoformat(s[:10]) for s in stamps if s)
    return [found[0], found[-1]] if found else []


def _bar(index: int, reading: Item, axis: _Axis) -> Item:
    span = reading["in_force"]
    start = axis.clipped(span["from"]) if span["from"] else LEFT
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
    weeks = []
    for offset in range(0, (axis.last - first_monday).days + 1, step):
        day = (first_monday + timedelta(days=offset)).isoformat()
        weeks.append({"x": axis.x(day), "label": tongue.short_day(day)})
    return weeks


def _ticks(dossier: Item, axis: _Axis, base: float) -> list[Item]:
    """Incidents by the UTC day on which they begin, all sides together."""
    tally = Counter(
        i["occurred"]["from"][:10] for i in dossier["incidents"] if i["occurred"]["from"]
    )
    most = max(tally.values(), default=1)
    return [
        {
            "x": round(axis.x(day) + axis.per_day * 0.15, 1),
            "y": round(base - (TICKS - 14) * n / most, 1),
            "width": round(axis.per_day * 0.7, 1),
            "height": round((TICKS - 14) * n / most, 1),
            "n": n,
            "day": day,
        }
        for day, n in sorted(tally.items())
        if axis.inside(day)
    ]


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
