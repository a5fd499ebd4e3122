"""Reported speech in German texts: who said what, found by rules over clauses."""

from __future__ import annotations

from truceline.words.found import Found
from truceline.words.german.engine import find_speech_de

__all__ = ["Found", "find_speech_de"]
