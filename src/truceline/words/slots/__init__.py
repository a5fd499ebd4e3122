"""Slots of a content, read off its words: polarity, numbers, times, modals, hedges, conditions."""

from truceline.words.slots.conditions import Condition
from truceline.words.slots.margin import Margin, margins
from truceline.words.slots.read import Slots, read_slots
from truceline.words.slots.things import read_status

__all__ = ["Condition", "Margin", "Slots", "margins", "read_slots", "read_status"]
