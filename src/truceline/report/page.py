"""``dossier.html``: one page that needs no network, made from the dossier alone.

Everything is escaped; links go to http and https only; the page tells the browser to
load nothing from anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined

from truceline.report import compare, words
from truceline.report.explain import INCIDENT_REF, cited_rows
from truceline.report.matrix import matrix_rows, names_in
from truceline.report.plain import Item, together

_TEMPLATES = ("dossier.html.j2", "terms.html.j2", "incident.html.j2", "back.html.j2")

ADDRESS = re.compile(r"https?://([\w.-]+)(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
"""A web address without a user name; its first group is the host."""


def tell_page(dossier: Item) -> str:
    """The page as text, the same every time for the same dossier."""
    script, style = _text("dossier.js"), _text("dossier.css")
    environment = _environment()
    names, known = names_in(dossier), _entries(dossier)
    environment.globals.update(
        names=names,
        side=lambda code: words.side_name(names, code),
        by_side=lambda accounts: _by_side(accounts, dossier),
        row_of=lambda ref: _row(ref, dossier),
        rows_of=lambda incident: [
            _row(ref, dossier) for ref in cited_rows(incident) if _anchor(ref, known) is None
        ],
        anchor=lambda ref: _anchor(ref, known),
    )
    return environment.get_template("dossier.html.j2").render(
        d=dossier,
        matrix=matrix_rows(dossier),
        coverage=coverage_table(dossier),
        numbers=_numbers(dossier),
        known_ids=known,
        style=style,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def coverage_table(dossier: Item) -> Item:
    """Areas by UTC day, sensor and state: what could have been seen, unit: area.

    Days are in order and sensors by name.
    """
    tally = Counter((c["day"], c["sensor"], c["state"]) for c in dossier["coverage"])
    days = sorted({day for day, _, _ in tally})
    sensors = sorted({sensor for _, sensor, _ in tally})
    return {
        "sensors": sensors,
        "states": list(words.LOOKS),
        "n_areas": len({c["place"] for c in dossier["coverage"]}),
        "days": [
            {
                "day": day,
                "cells": [
                    (sensor, state, tally[day, sensor, state])
                    for sensor in sensors
                    for state in words.LOOKS
                ],
            }
            for day in days
        ],
    }


# --- helpers of the template ------------------------------------------------------------------


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({name: _text(name) for name in _TEMPLATES}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        w=words,
        say=words.say,
        number=words.number,
        moment=words.moment,
        when=when,
        plural=words.plural,
        listed=words.listed,
        address=address,
        together=together,
        tell_clock=compare.tell_clock,
        tell_exit=compare.tell_exit,
        tell_names=compare.tell_names,
        relation_text=compare.relation_text,
    )
    return environment


def address(text: str) -> Item | None:
    """A web address with the name of its host; None for whatever is not one.

    >>> address("https://example.org/a")
    {'href': 'https://example.org/a', 'host': 'example.org'}
    >>> address("javascript:alert(1)") is None
    True
    """
    found = ADDRESS.fullmatch(text.strip())
    return {"href": found[0], "host": found[1].lower()} if found else None


def when(occurred: Item) -> str:
    """An occurrence in short.

    >>> when({"from": "2025-03-20T22:00:00Z", "until": "2025-03-21T22:00:00Z"})
    '2025-03-20 22:00 to 2025-03-21 22:00 UTC'
    """
    if occurred["from"] is None or occurred["until"] is None:
        return "time not known"
    return f"{words.moment(occurred['from'])[:-4]} to {words.moment(occurred['until'])}"


def _by_side(accounts: list[Item], dossier: Item) -> list[tuple[str, list[Item]]]:
    """Accounts by side of the claimant: parties first, by code."""
    parties = dossier["agreement"]["parties"]
    sides = sorted({a["claimant_side"] for a in accounts}, key=lambda s: (s not in parties, s))
    return [(side, [a for a in accounts if a["claimant_side"] == side]) for side in sides]


def _row(ref: str, dossier: Item) -> Item:
    """A row with file, line and hash of its values, as far as the dossier lists them."""
    row = dossier["rows"].get(ref)
    if row is None:
        return {"ref": ref, "path": "not listed", "line": None, "sha256": ""}
    path = next((i["path"] for i in dossier["inputs"] if i["id"] == row["input"]), row["input"])
    return {"ref": ref, "path": path, "line": row["line"], "sha256": row["sha256"]}


def _anchor(ref: str, entries: set[str]) -> str | None:
    """Where on the page a row is told: an incident, a statement or an entry of the timeline."""
    source, _, key = ref.partition("#")
    if source == INCIDENT_REF:
        return key
    return f"ref-{ref}" if ref in entries else None


def _numbers(dossier: Item) -> dict[str, Item]:
    parameters = dossier["generated_by"]["parameters"]
    keys = {"value", "unit", "reason", "source"}
    return {name: p for name, p in parameters.items() if isinstance(p, dict) and set(p) == keys}


def _entries(dossier: Item) -> set[str]:
    timeline = dossier["timeline"]
    entries = dossier["statements"] + timeline["milestones"] + timeline["counts"]
    return {entry["id"] for entry in entries}
