"""Codes of the questions about rates in plain words; see `truceline.report.codes`."""

from __future__ import annotations

from collections.abc import Mapping

from truceline.report.mark import N_

ASKS = {
    "change": N_("Did the rate change?"),
    "substitution": N_("Did other targets take the acts?"),
    "reciprocity": N_("Did acts of one side follow those of the other?"),
    "total": N_("How many were there in all?"),
}

CONCLUSIONS = {
    "fell": N_("fell"),
    "rose": N_("rose"),
    "no_change_shown": N_("no change shown"),
    "baselines_disagree": N_("the baselines disagree"),
    "cannot_tell": N_("cannot tell"),
    "indicated": N_("indicated"),
    "not_indicated": N_("not indicated"),
    "refused": N_("answer refused"),
}

BASELINES = {
    "just_before": N_("just before"),
    "one_period_earlier": N_("one period earlier"),
    "year_before": N_("same season a year before"),
    "after": N_("after"),
}

OUTCOMES = {
    True: N_("passed"),
    False: N_("failed"),
    None: N_("cannot be made"),
}
"""What came of an attempt to make a finding fall."""

WAYS_OUT = {
    "untriggered": N_("not triggered"),
    "possibly": N_("possibly triggered"),
    "triggered": N_("triggered"),
    "invoked": N_("invoked"),
    "disputed": N_("invoked, and open whether it counts"),
}
"""Short names of the states of a way out, for the key of a drawing."""

CONCLUDED = {
    "fell": N_("fewer than the baselines lead to expect"),
    "rose": N_("more than the baselines lead to expect"),
    "no_change_shown": N_("no change is shown, and a fall to a half would have been"),
    "baselines_disagree": N_("the baselines disagree on whether that is a change"),
    "cannot_tell": N_("whether that is a change cannot be told"),
}
"""Conclusions as the end of a sentence about a count."""

UNITS = {
    "event": N_("events"),
    "death": N_("deaths"),
    "injury": N_("injured persons"),
    "news_item": N_("news items"),
    "claim": N_("claims"),
    "fire_pixel": N_("fire pixels"),
    "person_reported": N_("persons, as reported"),
}

REFUSALS = {
    "mixed_units": N_("different units in one sum"),
    "opposed_lists": N_("lists of sides that accuse each other"),
    "not_matched": N_("lists whose entries cannot be matched"),
    "no_target_class": N_("what was struck is not told apart"),
    "no_side": N_("who acted is not told apart"),
    "rows_set_aside": N_("rows were set aside"),
    "missing_days": N_("days without a published figure"),
    "collection_changed": N_("the source changed its way of counting"),
    "no_exposure": N_("how much was watched is not known"),
    "too_few_days": N_("too few usable days"),
    "no_baseline": N_("no baseline"),
    "no_whole_day": N_("no whole day under the clock"),
}

ATTACKS = {
    "placebo": N_("windows without a truce"),
    "leave_one_out": N_("one part left out"),
    "baselines": N_("other baselines"),
    "breaks": N_("changes of the source"),
    "dates": N_("rows without a day"),
}

TABLES: Mapping[str, Mapping[str, str]] = {
    "ask": ASKS,
    "conclusion": CONCLUSIONS,
    "concluded": CONCLUDED,
    "baseline": BASELINES,
    "unit": UNITS,
    "refusal": REFUSALS,
    "attack": ATTACKS,
    "outcome": {"passed": OUTCOMES[True], "failed": OUTCOMES[False], "open": OUTCOMES[None]},
}
"""Tables by the name that a placeholder gives."""
