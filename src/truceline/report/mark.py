"""A mark for texts that the catalogues hold."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802 - the usual name of the mark
    """A text for the catalogues, as it is."""
    return text
