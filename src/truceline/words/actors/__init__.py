"""Actors: who is named in a text, and who is meant."""

from truceline.words.actors.head import dated_of, issuer_of, medium_of
from truceline.words.actors.mentions import Mention, mentions
from truceline.words.actors.registry import Registry
from truceline.words.actors.resolve import Resolved, Resolver

__all__ = [
    "Mention",
    "Registry",
    "Resolved",
    "Resolver",
    "dated_of",
    "issuer_of",
    "medium_of",
    "mentions",
]
