"""The way out of each reading over time: how far it had come, for each party.

Drawn from the key ``exit_states`` of the dossier, where it is: stretches of time with a reading,
a party and a state.  Without the key nothing is drawn.
"""

from __future__ import annotations

from datetime import date, timedelta

from truceline.report.plain import Item, names_in
from truceline.report.rates_axes import RIGHT, WIDTH, Days, px, short, slanted, upright
from truceline.report.tongue import Tongue

NAMES, TOP, BAR, GAP, FOOT = 300, 30, 18, 10, 8
"""Room for names at the left and dates above, height of a bar, space between, room below (px)."""

STATES = ("untriggered", "possibly", "triggered", "invoked", "disputed")
"""In the order of the key; the last is an invocation of which it is open whether it counts."""


def exit_figure(dossier: Item, tongue: Tongue) -> Item:
    """One row for each reading and party, in the order of the agreement and of party codes.

    ``rows`` is empty where no state is on record; ``without`` are readings that know no way out.
    """
    states = dossier.get("exit_states") or []
    readings = dossier["agreement"]["readings"]
    without = [r["id"] for r in readings if not r["exit_rule"]]
    order = {r["id"]: i for i, r in enumerate(readings)}
    drawn = sorted(
        (s for s in states if s["reading"] not in without and s["from"] and s["until"]),
        key=lambda s: (order.get(s["reading"], len(order)), s["party"], s["from"]),
    )
    if not drawn:
        return {"rows": [], "without": without, "table": []}
    first = date.fromisoformat(min(s["from"] for s in drawn)[:10])
    last = date.fromisoformat(max(s["until"] for s in drawn)[:10])
    axis = Days(first, (last - first).days + 1, NAMES)
    rows: dict[tuple[str, str], list[Item]] = {}
    for state in drawn:
        rows.setdefault((state["reading"], state["party"]), []).append(state)
    height = TOP + len(rows) * (BAR + GAP)
    names = {code: tongue.plain(name) for code, name in names_in(dossier).items()}
    return {
        "rows": [
            _row(i, f"{reading} · {names.get(party, party)}", pieces, axis)
            for i, ((reading, party), pieces) in enumerate(rows.items())
        ],
        "without": without,
        "ticks": axis.ticks(tongue),
        "width": WIDTH,
        "height": height + FOOT,
        "left": NAMES,
        "right": WIDTH - RIGHT,
        "base": height,
        "bar": BAR,
        "shown": [s for s in STATES if any(code_of(piece) == s for piece in drawn)],
        "table": [{**s, "code": code_of(s)} for s in drawn],
    }


def code_of(state: Item) -> str:
    """The state as the drawing tells it: an invocation that may not count is one of its own."""
    return "disputed" if state.get("disputed") else str(state["state"])


def _row(index: int, name: str, pieces: list[Item], axis: Days) -> Item:
    y = TOP + index * (BAR + GAP)
    return {
        "y": y,
        "text": y + BAR - 5,
        "name": short(name, NAMES - 16, 7.2),
        "pieces": [_piece(piece, y, axis) for piece in pieces],
    }


def _piece(piece: Item, y: float, axis: Days) -> Item:
    x, end = _at(piece["from"], axis), _at(piece["until"], axis)
    width, code = max(end - x, 0.5), code_of(piece)
    return {
        "code": code,
        "x": px(x),
        "width": px(width),
        "lines": texture(code, x, y, width, BAR),
    }


def texture(code: str, x: float, y: float, width: float, height: float) -> str:
    """Lines that tell states apart without colour: none, slanted, close upright, level."""
    if code == "possibly":
        return slanted(x, y, width, height, 7)
    if code == "triggered":
        return upright(x, y, width, height, 4)
    if code == "disputed":
        return "".join(f"M{px(x)} {px(y + at)}h{px(width)}" for at in range(3, int(height), 4))
    return ""


def _at(stamp: str, axis: Days) -> float:
    """Place of a moment, to the minute."""
    day = date.fromisoformat(stamp[:10])
    hours = int(stamp[11:13]) + int(stamp[14:16]) / 60 if len(stamp) > 10 else 0.0
    whole = (day - axis.first) / timedelta(days=1)
    return axis.at(whole + hours / 24)
