"""The checker: every field of an item that its own words decide is read again from the source.

An item passes only where words and fields agree.  What the words contradict is refused; what
they leave open, or what a reasonable reader could fill in differently, goes to a person.  The
checker does not know who drafted an item: rules, a second reader or a person's edit.
"""

from truceline.words.check.actors import Mentions, Resolve, actors_in
from truceline.words.check.findings import Checked, Outcome
from truceline.words.check.item import check

__all__ = ["Checked", "Mentions", "Outcome", "Resolve", "actors_in", "check"]
