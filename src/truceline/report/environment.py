"""What every template is rendered with: the package's templates, and one tongue."""

from __future__ import annotations

import re
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from truceline.report import codes, codes_rates
from truceline.report.fonts import font_face_css
from truceline.report.tongue import Tongue


def resource(name: str) -> str:
    """Text of a file of this package."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def environment(tongue: Tongue) -> Environment:
    """Templates that speak one language; HTML is escaped, text is not.

    ``_`` and ``ngettext`` are messages of the catalogues with their values; the other names
    are the kinds of values that `truceline.report.tongue` lists.
    """
    made = Environment(
        loader=FunctionLoader(resource),
        autoescape=tongue.html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(
        t=tongue,
        codes=codes,
        codes_rates=codes_rates,
        _=tongue.gettext,
        ngettext=tongue.ngettext,
        told=tongue.told,
        say=tongue.say,
        words=tongue.words,
        party=tongue.party,
        holder=tongue.holder,
        day=tongue.day,
        moment=tongue.moment,
        span=tongue.span,
        number=tongue.number,
        share=tongue.share,
        listed=tongue.listed,
    )
    return made


PAPER = {"ink": "#000", "soft": "#555", "card": "#fff", "rule": "#bbb", "mark": "#eee"}
"""Colours of drawings on paper."""


def paper_svg_css() -> str:
    """The style of drawings with plain colours, for a renderer that keeps SVG to itself."""
    rules = re.findall(r"^svg (?:text|\.).*$", resource("figures.css"), re.MULTILINE)
    css = "\n".join(rule.replace("svg ", "", 1).replace(", svg ", ", ") for rule in rules)
    return re.sub(r"var\(--(\w+)\)", lambda found: PAPER[found[1]], css)


def style_css(*more: str) -> str:
    """The style of all pages, with the fonts in it; more files by name."""
    return "\n".join([font_face_css(), resource("dossier.css"), *map(resource, more)])
