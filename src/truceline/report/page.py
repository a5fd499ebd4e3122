"""``dossier.html``: one page that needs no network, made from the dossier alone.

Everything is escaped; links go to http and https only; the page tells the browser to
load nothing from anywhere.  The outlines of the map come from ``areas.odbl.geojson``, which
stands beside the dossier because its licence asks for it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib

from jinja2 import Environment

from truceline.report.beside import counts_beside
from truceline.report.brief import MEANINGS, STATUSES, brief
from truceline.report.cards import cards, choices, disagreements
from truceline.report.environment import environment, paper_svg_css, resource, style_css
from truceline.report.explain import INCIDENT_REF, cited_rows
from truceline.report.headline import DECIDED
from truceline.report.map_figure import map_figure
from truceline.report.matrix import matrix_rows
from truceline.report.needed import needed_table
from truceline.report.plain import Item, together
from truceline.report.rates_page import exit_page, rates_page
from truceline.report.strength import LIKELIHOODS, WORDS, speaks, strength
from truceline.report.strip_figure import strip_figure
from truceline.report.timeline_figure import timeline_figure
from truceline.report.tongue import Tongue, in_language, others_of
from truceline.thresholds import ENFSI, ICD_203, PROBABILITY_BOUNDS, STRENGTH_BOUNDS

ADDRESS = re.compile(r"https?://([\w.-]+)(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
"""A web address without a user name; its first group is the host."""


PAGE = "dossier.html"

NO_OUTLINES: Item = {"type": "FeatureCollection", "attribution": "", "features": []}

PACKED_FROM = 180
"""Incidents above which the contents of cards are packed and put in as a card opens."""

PACK_SIZE = 40
"""Cards of one pack."""

PAPERS = ("case", "agreement", "source_file", "texts")
"""Inputs that hold no records."""

SECTIONS = {
    "dossier.json#claims_made": "matrix",
    "dossier.json#counts": "matrix",
    "dossier.json#publication_note": "matrix",
    "dossier.json#incidents": "incidents",
    "dossier.json#timeline": "published-counts",
    "dossier.json#coverage": "coverage",
    "dossier.json#limits": "limits",
    "dossier.json#agreement.open_questions": "conditions",
}
"""Where on the page a part of the dossier is shown."""


def tell_page(
    dossier: Item, outlines: Item | None = None, language: str = "en", paper: bool = False
) -> str:
    """The page as text, the same every time for the same dossier.

    ``outlines`` is the content of ``areas.odbl.geojson``; without it the map has no base.
    ``paper`` is the same for a renderer of PDF: one with no script and drawings styled alone.
    """
    tongue = Tongue(language, dossier, html=True)
    script = resource("dossier.js")
    made = environment(tongue)
    entries = _entries(dossier)
    made.globals.update(
        address=address,
        together=together,
        strength=strength,
        speaks=speaks,
        numbers=_numbers(dossier),
        by_side=lambda accounts: _by_side(accounts, dossier),
        row_of=lambda ref: _row(ref, dossier),
        rows_of=lambda incident: [
            _row(ref, dossier) for ref in cited_rows(incident) if _anchor(ref, entries) is None
        ],
        anchor=lambda ref: _anchor(ref, entries),
    )
    told, groups = cards(dossier), disagreements(dossier)
    made.globals["d"] = dossier
    packs = _pack(told, made) if len(told) > PACKED_FROM and not paper else []
    return made.get_template("dossier.html.j2").render(
        language=language,
        others=others_of(dossier, PAGE, language),
        brief=brief(dossier),
        brief_file=in_language("brief.md", language),
        statuses=STATUSES,
        meanings=MEANINGS,
        strength_bounds=[
            {"word": word, "value": bound}
            for word, bound in zip(WORDS[1:], STRENGTH_BOUNDS, strict=True)
        ],
        strength_source=ENFSI,
        likelihood_bounds=[
            {"word": word, "value": bound}
            for word, bound in zip(LIKELIHOODS, (0.0, *PROBABILITY_BOUNDS), strict=True)
        ],
        likelihood_source=ICD_203,
        sections=SECTIONS,
        by_claim={a["claim"]: i["id"] for i in dossier["incidents"] for a in i["accounts"]},
        files=[i for i in dossier["inputs"] if i["kind"] not in PAPERS],
        papers=[i for i in dossier["inputs"] if i["kind"] in PAPERS],
        matrix=matrix_rows(dossier),
        counts=counts_beside(dossier),
        cards=told,
        packed=bool(packs),
        packs=packs,
        n_disagree=sum(card["disagree"] for card in told),
        disagreements=groups,
        opposed=any({v["verdict"] for v in g["verdicts"]} >= DECIDED for g in groups),
        choices=choices(dossier),
        needed=needed_table(dossier),
        known_ids=entries,
        timeline_fig=timeline_figure(dossier, tongue),
        strip_fig=strip_figure(dossier, tongue),
        map_fig=map_figure(dossier, outlines or NO_OUTLINES, tongue),
        rates=rates_page(dossier, tongue),
        exit_fig=exit_page(dossier, tongue),
        style=style_css("figures.css"),
        script="" if paper else script,
        paper=paper_svg_css() if paper else "",
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _pack(told: list[Item], made: Environment) -> list[str]:
    """Contents of all cards in packs, each a deflated JSON list in base64."""
    template = made.from_string(
        '{% from "incident.html.j2" import body with context %}{{ body(card) }}'
    )
    packs: list[str] = []
    for first in range(0, len(told), PACK_SIZE):
        part = told[first : first + PACK_SIZE]
        for i, card in enumerate(part):
            card |= {"pack": len(packs), "part": i}
        bodies = json.dumps([template.render(card=card) for card in part], ensure_ascii=False)
        packs.append(base64.b64encode(zlib.compress(bodies.encode(), 9)).decode())
    return packs


# --- helpers of the templates -----------------------------------------------------------------


def address(text: str) -> Item | None:
    """A web address with the name of its host; None for whatever is not one.

    >>> address("https://example.org/a")
    {'href': 'https://example.org/a', 'host': 'example.org'}
    >>> address("javascript:alert(1)") is None
    True
    """
    found = ADDRESS.fullmatch(text.strip())
    return {"href": found[0], "host": found[1].lower()} if found else None


def _by_side(accounts: list[Item], dossier: Item) -> list[tuple[str, list[Item]]]:
    """Accounts by side of the claimant: parties first, by code."""
    parties = dossier["agreement"]["parties"]
    sides = sorted({a["claimant_side"] for a in accounts}, key=lambda s: (s not in parties, s))
    return [(side, [a for a in accounts if a["claimant_side"] == side]) for side in sides]


def _row(ref: str, dossier: Item) -> Item:
    """A row with file, line and hash of its values, as far as the dossier lists them."""
    row = dossier["rows"].get(ref)
    if row is None:
        return {"ref": ref, "path": "", "line": None, "sha256": ""}
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
