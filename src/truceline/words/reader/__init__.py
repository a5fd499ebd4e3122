"""A second reader: what it is asked, what of its answer stands, where two readers differ."""

from truceline.words.reader.agree import agree
from truceline.words.reader.answer import (
    MOST,
    Refused,
    Told,
    answer_schema,
    content_of,
    statements_in,
)
from truceline.words.reader.ground import Actors, grounded
from truceline.words.reader.question import LONGEST, chunks, question, system_text

__all__ = [
    "LONGEST",
    "MOST",
    "Actors",
    "Refused",
    "Told",
    "agree",
    "answer_schema",
    "chunks",
    "content_of",
    "grounded",
    "question",
    "statements_in",
    "system_text",
]
