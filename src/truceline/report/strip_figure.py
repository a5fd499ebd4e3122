"""What could be seen, day by day: sensors, chances and cloud over the regions of the case."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from statistics import median

from truceline.report.plain import Item
from truceline.report.tongue import Tongue

WIDTH, LEFT, RIGHT, TOP = 960, 118, 10, 28
"""Width of the drawing, room for names, room at the right, room for the dates (px)."""

ROW, CHANCE, CLOUD, NEAR, GAP = 84, 64, 64, 10, 26
"""Height of the states of a sensor, of its chances and of cloud, and space between (px)."""

BLOCK = ROW + NEAR + CHANCE + GAP
"""Height of all that is drawn of a sensor (px)."""

LABEL = 50
"""Room that a date needs at the right (px)."""

STATES = ("observable", "obscured", "no_pass", "no_record")
"""From the bottom of a column to its top."""


def strip_figure(dossier: Item, tongue: Tongue) -> Item:
    """Geometry of the drawing and rows of its table; counts are of regions, never of objects."""
    by_day: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for row in dossier["coverage"]:
        by_day[row["day"], row["sensor"]].append(row)
    days = sorted({day for day, _ in by_day})
    sensors = sorted({sensor for _, sensor in by_day})
    if not days:
        empty: Item = {key: [] for key in ("days", "rows", "table", "sensors")}
        return empty | {"n_regions": 0, "cloud_km": None, "untold": False}
    step = (WIDTH - LEFT - RIGHT) / len(days)
    rows = [_row(day, sensor, by_day[day, sensor]) for day in days for sensor in sensors]
    cloud_top = TOP + len(sensors) * BLOCK
    return {
        "days": days,
        "sensors": [
            {
                "name": sensor,
                "y": TOP + i * BLOCK,
                "height": ROW,
                "chance": {"y": TOP + i * BLOCK + ROW + NEAR, "height": CHANCE},
            }
            for i, sensor in enumerate(sensors)
        ],
        "cloud_km": _spread(row["cloud_km"] for row in dossier["coverage"]),
        "embargo_h": dossier["generated_by"]["parameters"]["pass_embargo_h"]["value"],
        "untold": any(row["clear"] is None for row in dossier["coverage"]),
        "n_regions": len({row["place"] for row in dossier["coverage"]}),
        "width": WIDTH,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "height": cloud_top + CLOUD + 12,
        "cloud": {"y": cloud_top, "height": CLOUD},
        "columns": [
            _column(row, days, sensors, step, cloud_top if row["sensor"] == sensors[0] else None)
            for row in rows
        ],
        "labels": [
            {"x": round(LEFT + i * step, 1), "text": tongue.short_day(day)}
            for i, day in enumerate(days)
            if i % (7 * max(1, round(len(days) / 70))) == 0 and LEFT + i * step <= WIDTH - LABEL
        ],
        "rows": rows,
        "table": _runs(rows),
    }


def _row(day: str, sensor: str, found: list[Item]) -> Item:
    """One day of one sensor in numbers."""
    tally = Counter(row["state"] for row in found)
    told = [row["clear"] for row in found if row["clear"] is not None]
    chance = _spread(each["p"] for each in told)
    if chance is not None:
        bounds = (min(each["low"] for each in told), max(each["high"] for each in told))
        chance |= {"least": bounds[0], "most": bounds[1]}
    return {
        "day": day,
        "sensor": sensor,
        "n": len(found),
        "states": {state: tally[state] for state in STATES},
        "cloud": _spread(row["cloud_share"] for row in found),
        "n_cloud": sum(row["cloud_share"] is not None for row in found),
        "chance": chance,
        "n_passes": _spread(row["n_passes"] for row in found),
        "seen": sorted({row["place"] for row in found if row["state"] == "observable"}),
        "hidden": sorted({row["place"] for row in found if row["state"] == "obscured"}),
    }


def _spread(values: Iterable[float | None]) -> Item | None:
    """Lowest, median and highest of the values that are known; None where none is.

    >>> _spread([0.2, None, 0.6, 0.4])
    {'low': 0.2, 'middle': 0.4, 'high': 0.6}
    """
    known = sorted(value for value in values if value is not None)
    return {"low": known[0], "middle": median(known), "high": known[-1]} if known else None


def _runs(rows: list[Item]) -> list[Item]:
    """Rows of the table; days in a row of which no record is held at all stand as one."""
    blank = {
        day
        for day in {row["day"] for row in rows}
        if all(r["states"]["no_record"] == r["n"] and r["chance"] for r in rows if r["day"] == day)
    }
    table: list[Item] = []
    for row in rows:
        last = table[-1] if table else None
        if row["day"] in blank:
            if last is None or not last["blank"]:
                table.append({**row, "blank": True, "last": row["day"], "n_days": 1})
            elif last["last"] != row["day"]:
                last |= {"last": row["day"], "n_days": last["n_days"] + 1}
        else:
            table.append({**row, "blank": False})
    return table


def _column(
    row: Item, days: list[str], sensors: list[str], step: float, cloud_top: float | None
) -> Item:
    """One day of one sensor as stacked boxes, its chance, and the cloud of the day below."""
    x = round(LEFT + days.index(row["day"]) * step + step * 0.1, 1)
    width = round(step * 0.8, 1)
    bottom: float = TOP + sensors.index(row["sensor"]) * BLOCK + ROW
    chance_top = bottom + NEAR
    boxes = []
    for state in STATES:
        height = ROW * row["states"][state] / row["n"] if row["n"] else 0.0
        if height:
            bottom -= height
            boxes.append(
                {
                    "state": state,
                    "y": round(bottom, 1),
                    "height": round(height, 1),
                    "lines": _texture(state, x, bottom, width, height),
                }
            )
    middle, shares = round(x + width / 2, 1), row["cloud"] if cloud_top is not None else None
    return {
        "day": row["day"],
        "x": x,
        "width": width,
        "boxes": boxes,
        "chance": _heights(row["chance"], chance_top, CHANCE, middle),
        "untold": None
        if row["chance"]
        else {
            "y": chance_top,
            "height": CHANCE,
            "lines": _texture("untold", x, chance_top, width, CHANCE),
        },
        "cloud": _heights(shares, cloud_top or 0.0, CLOUD, middle),
    }


def _heights(shares: Item | None, top: float, height: float, x: float) -> Item | None:
    """Where shares between 0 and 1 lie in a row of the drawing."""
    if shares is None:
        return None
    return {"x": x} | {key: round(top + height * (1 - at), 1) for key, at in shares.items()}


def _texture(state: str, x: float, y: float, width: float, height: float) -> str:
    """Lines that tell states apart without colour: level for cloud, crosses for no record.

    Slanted ones are for what is not told.
    """
    parts: list[str] = []
    if state == "obscured":
        at = 4.0
        while at < height:
            parts.append(f"M{x:.1f} {y + at:.1f}h{width:.1f}")
            at += 4
    if state == "no_record":
        at = 6.0
        while at < height - 2:
            parts.append(f"M{x + width / 2 - 2:.1f} {y + at - 2:.1f}l4 4m0 -4l-4 4")
            at += 9
    if state == "untold":
        at = 8.0
        while at < height:
            parts.append(f"M{x:.1f} {y + at:.1f}l{width:.1f} -6")
            at += 8
    return "".join(parts)
