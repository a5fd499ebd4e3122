"""The fonts of the page as part of its style: Latin and Cyrillic, nothing is loaded."""

from __future__ import annotations

import base64
from functools import cache
from importlib.resources import files

FAMILY = "Truceline Sans"

RANGES = {
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,"
    "U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
    "latin-ext": "U+0100-0130,U+0132-0151,U+0154-017F",
    "cyrillic": "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
    "cyrillic-ext": "U+0460-048F,U+0492-04AF,U+04B2-052F,U+20B4",
}
"""Characters of each file; what is in none of them comes from the reader's own fonts."""

WEIGHTS = (400, 600)


@cache
def font_face_css() -> str:
    """Rules ``@font-face`` with the files in them.

    >>> font_face_css().count("@font-face"), "http" in font_face_css()
    (8, False)
    """
    return "\n".join(
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};font-style:normal;'
        f"font-display:block;unicode-range:{unicode};"
        f'src:url("data:font/woff2;base64,{_base64(part, weight)}") format("woff2")}}'
        for weight in WEIGHTS
        for part, unicode in RANGES.items()
    )


def _base64(part: str, weight: int) -> str:
    data = files(__package__).joinpath("fonts", f"{part}-{weight}.woff2").read_bytes()
    return base64.b64encode(data).decode()
