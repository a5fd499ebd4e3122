"""Truceline: is this ceasefire being kept, by whom, and how would we know?"""

__version__ = "0.1.0"
