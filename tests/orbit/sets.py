"""Published element sets, and what tests of passes have in common."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from truceline.domain.passes import Elements
from truceline.sources.casefile import parse_source
from truceline.sources.contract import Opened
from truceline.sources.elements import read_elements

LATER = datetime(2030, 1, 1, tzinfo=UTC)

CONTRACT = """\
id = "orbits"
kind = "orbital_elements"
title = "element sets"
path = "data/orbits.txt"
licence = "public domain"
attribution = ""
rows = { min = 0, max = 100, reason = "a test" }
[options]
format = "tle"
"""

PUBLISHED = """\
TERRA
1 25994U 99068A   21274.75027490  .00000107  00000-0  33588-4 0  9990
2 25994  98.1678 347.1838 0001354  91.6968  61.5062 14.57132833158940
AQUA
1 27424U 02022A   21259.45143715  .00000131  00000-0  39210-4 0  9998
2 27424  98.2138 199.4906 0001886  51.3958  60.0011 14.57112434 30322
AQUA
1 27424U 02022A   25133.82570022  .00001016  00000-0  21586-3 0  9998
2 27424  98.3761  91.7503 0001869 101.5252 279.7693 14.61237975224972
SUOMI NPP
1 37849U 11061A   23159.44417251  .00000119  00000+0  77201-4 0  9999
2 37849  98.7042  98.3103 0000923  74.2604  58.9205 14.19566569601697
"""
"""As the United States Space Force published them; no fit has seen them."""


def read_tle(text: str) -> tuple[Elements, ...]:
    """Element sets of a text."""
    data = text.encode()
    source = parse_source(CONTRACT.encode(), "orbits")
    return read_elements(Opened(source, data, hashlib.sha256(data).hexdigest())).records
