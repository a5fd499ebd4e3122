"""Reported speech while it is being found: parts as ranges of words of one unit."""

from __future__ import annotations

from dataclasses import dataclass, field

Range = tuple[int, int]
"""Words of a unit, from the first up to the last, exclusive."""


@dataclass
class Draft:
    """A frame with its content.

    ``link`` tells how the frame hangs in its sentence: ``main`` (a subject of its own),
    ``shared`` (a second verb of the same subject), ``participle``, ``after`` (the content comes
    first), ``noun``, ``around`` (the content goes round the frame).  ``start`` is the first word
    of the frame with the conjunction before it; ``open``: the content runs on until something
    ends it.
    """

    content: list[Range]
    cue: tuple[int, ...]
    lemma: str
    rule: str
    start: int
    verb: int
    speaker: Range | None = None
    frame: list[Range] = field(default_factory=list)
    addressee: Range | None = None
    style: str = "indirect"
    link: str = "main"
    open: bool = False
    unattributed: bool = False
    relative: bool = False
    via: list[tuple[Range | None, tuple[int, ...]]] = field(default_factory=list)
