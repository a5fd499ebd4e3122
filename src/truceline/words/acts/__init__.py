"""What a clause does: rules in data files, the first that fits decides."""

from truceline.words.acts.rules import Decided, View, act_of, announces, decide, decide_act

__all__ = ["Decided", "View", "act_of", "announces", "decide", "decide_act"]
