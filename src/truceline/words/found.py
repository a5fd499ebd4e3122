"""What the first pass finds: stretches of text and whose they are, not yet understood."""

from __future__ import annotations

from dataclasses import dataclass

from truceline.domain.words import Attribution

Stretch = tuple[int, int]
"""Start and end in code points, end exclusive."""


@dataclass(frozen=True, slots=True)
class Found:
    """Reported speech with its parts, as stretches of the text.

    ``style``: direct (quotation marks), indirect (a clause or infinitive of its own),
    reported (a noun phrase: what was spoken about), free_indirect (Konjunktiv or quotation
    without a frame of its own sentence), free_indirect_continued.
    """

    content: tuple[Stretch, ...]
    speaker: tuple[Stretch, ...] = ()
    cue: tuple[Stretch, ...] = ()
    cue_lemma: str = ""
    frame: tuple[Stretch, ...] = ()
    addressee: tuple[Stretch, ...] = ()
    attribution: Attribution = Attribution.EXPLICIT
    style: str = "indirect"
    rule: str = ""
    act: str = ""
    """Kind of the act that the frame is, where its words say so."""
    inside: int | None = None
    """Index in the same list of the reported speech that this one lies in."""
    via: tuple[tuple[tuple[Stretch, ...], tuple[Stretch, ...]], ...] = ()
    """Outer voices of a chain, outermost first: speaker and cue stretches of each."""
