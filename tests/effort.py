"""How much work something is, told without a clock: the same on every machine, on every day."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls(work: Callable[[], object]) -> int:
    """Number of function calls, Python's and C's, while ``work`` is done.

    Work that grows with the square of its input makes calls that do; one call of C that grows
    so within itself is not seen.
    """
    count = 0

    def seen(_: FrameType, event: str, __: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
