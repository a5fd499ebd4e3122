"""The fonts of the page as part of its style: Latin and Cyrillic, nothing is loaded."""

from __future__ import annotations

import base64
from functools import cache
from importlib.resources import files

FAMILY = "Truceline Sans"

RANGES = (
    "U+0000-017F,U+02BB-02BC,U+02C6-02C7,U+02D8-02DD,U+0300-0304,U+0306-030C,U+0400-052F,"
    "U+2000-206F,U+20AC,U+20B4,U+20BD,U+2116,U+2122,U+2190-2193,U+2212,U+2215,U+2248,U+2260,"
    "U+2264-2265,U+25A0-25A1,U+25B2,U+25B8,U+25BC,U+25BE,U+25CB,U+25CF"
)
"""Characters that the files are asked for; what they lack comes from the reader's own fonts."""

WEIGHTS = (400, 600)


@cache
def font_face_css() -> str:
    """Rules ``@font-face`` with the files in them.

    One file for each weight: the PDF takes two files of one weight for one font.

    >>> font_face_css().count("@font-face"), "http" in font_face_css()
    (2, False)
    """
    return "\n".join(
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};font-style:normal;'
        f"font-display:block;unicode-range:{RANGES};"
        f'src:url("data:font/woff2;base64,{_base64(weight)}") format("woff2")}}'
        for weight in WEIGHTS
    )


def _base64(weight: int) -> str:
    data = files(__package__).joinpath("fonts", f"sans-{weight}.woff2").read_bytes()
    return base64.b64encode(data).decode()
