"""The fonts of the page, cut from Source Sans 3 (SIL Open Font License 1.1), version 3.052.

    npm pack source-sans@3.52.0 && tar xzf source-sans-3.52.0.tgz
    .venv/bin/python tools/make_fonts.py package

One file for each weight: a page holds all of them anyway, and WeasyPrint takes several files of
one family and weight for one font, so that letters of one are drawn with numbers of another.
"Source" is a reserved name, so that every file is renamed inside.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from truceline.report.fonts import FAMILY, RANGES, WEIGHTS

TO = Path(__file__).resolve().parents[1] / "src" / "truceline" / "report" / "fonts"
STYLES = {400: "Regular", 600: "Semibold"}
FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "pnum"]
"""Figures are of one width without any feature."""

HEIGHTS = {"hhea": ("ascent", "descent"), "OS/2": ("sTypoAscender", "sTypoDescender")}
UP, DOWN = 1024, -400
"""Height above and below the base line as hosted cuts of this font have it (of 1000)."""

NAMED_AFTER = {1, 2, 3, 4, 6, 16, 17, 21, 22, 25}
"""Entries of the table of names that say what a font is called."""


def main() -> None:
    """Write the fonts from the unpacked package."""
    package = Path(sys.argv[1])
    TO.mkdir(exist_ok=True)
    for weight in WEIGHTS:
        font = TTFont(package / "TTF" / f"SourceSans3-{STYLES[weight]}.ttf")
        subsetter = Subsetter(Options(layout_features=FEATURES, hinting=False))
        subsetter.populate(unicodes=characters(RANGES))
        subsetter.subset(font)
        for table, (up, down) in HEIGHTS.items():
            setattr(font[table], up, UP)
            setattr(font[table], down, DOWN)
        font["OS/2"].usWinAscent, font["OS/2"].usWinDescent = UP, -DOWN
        rename(font, STYLES[weight])
        font.recalcTimestamp = False
        font.flavor = "woff2"
        font.save(TO / f"sans-{weight}.woff2")
    (TO / "OFL.txt").write_bytes((package / "LICENSE.md").read_bytes())


def characters(ranges: str) -> set[int]:
    """The numbers in a list of ``U+`` ranges."""
    ends = [part.removeprefix("U+").split("-") for part in ranges.split(",")]
    return {n for end in ends for n in range(int(end[0], 16), int(end[-1], 16) + 1)}


def rename(font: TTFont, style: str) -> None:
    names = font["name"]
    names.names = [entry for entry in names.names if entry.nameID not in NAMED_AFTER]
    short = FAMILY.replace(" ", "")
    called = {1: FAMILY, 2: style, 4: f"{FAMILY} {style}", 6: f"{short}-{style}"}
    for number, text in called.items():
        names.setName(text, number, 3, 1, 0x409)


if __name__ == "__main__":
    main()
