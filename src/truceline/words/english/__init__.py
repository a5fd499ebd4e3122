"""Reported speech in English texts: who said what, found by rules over clauses."""

from __future__ import annotations

from truceline.words.english.engine import find_speech_en

__all__ = ["find_speech_en"]
