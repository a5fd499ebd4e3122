"""Ways to break the case of a test in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import CaseBuilder

    Break = Callable[[CaseBuilder], object]

HEAD = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,"
    "confidence,version,bright_t31,frp,daynight\n"
)
FIRE = "55.1,20.2,310.1,1,1,2030-05-03,0039,T,MODIS,85,6.1NRT,280.1,12.5,N\n"


def rewrite(file: str, old: str, new: str) -> Break:
    """Another text in one place of a file."""

    def do(case: CaseBuilder) -> None:
        text = (case.folder / file).read_text(encoding="utf-8")
        assert old in text
        case.file(file, text.replace(old, new, 1))

    return do


def terms(old: str, new: str) -> Break:
    """The agreement differs in one place."""
    return rewrite("agreement.yaml", old, new)


def fire(old: str, new: str) -> Break:
    """The second of two fires differs from the first in one place."""
    assert old in FIRE
    return lambda case: case.file("fires.csv", HEAD + FIRE + FIRE.replace(old, new))


def depots(content: str | bytes) -> Break:
    """The registry of depots has this content."""
    return lambda case: case.file("depots.csv", content)


def claim(**change: str) -> Break:
    """The second of two claims differs in some cells."""
    return lambda case: case.claims({}, change)
