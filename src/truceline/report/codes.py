"""Every code in plain words, the same for every party.

What a code means is said here once; pages, tables and the terminal take it from here.  `N_`
marks a text for the catalogues.
"""

from __future__ import annotations

from collections.abc import Mapping

from truceline.report import codes_rates as rates
from truceline.report.codes_trees import ACTS, MEANS, OBJECTS
from truceline.report.mark import N_ as N_

VERDICTS = {
    "breach_indicated": N_("breach indicated"),
    "no_breach_indicated": N_("no breach indicated"),
    "undetermined": N_("undetermined"),
    "out_of_scope": N_("out of scope"),
    "not_in_force": N_("not in force"),
}

REASONS = {
    "disputed_terms": N_("the reading itself leaves this open"),
    "class_unknown": N_("the kind of act, means or object is not known"),
    "time_imprecise": N_("the time is not known well enough"),
    "place_imprecise": N_("the place is not known well enough"),
    "unobservable": N_("there was no usable look"),
    "nothing_seen": N_("there were usable looks and no signal in them"),
    "uncorroborated": N_("too few independent lines of evidence"),
    "contradicted": N_("lines of evidence speak against each other"),
    "unattributed": N_("it is open who acted"),
    "release_disputed": N_("it is open whether the obligation still bound the party"),
    "established": N_("independent lines together are strong enough"),
    "excluded": N_("independent lines together speak strongly against it"),
    "party_outside": N_("the reading does not oblige this party"),
    "act_outside": N_("the act is not one that the reading forbids"),
    "class_outside": N_("the kind of object is not protected by the reading"),
    "place_outside": N_("the place is outside the area of the reading"),
    "outside_clock": N_("the clock of the reading was not running"),
    "released": N_("the party had been released under the reading"),
}

EXIT_STATES = {
    "untriggered": N_("no earlier claim against another party stands under this reading"),
    "possibly": N_(
        "not established: earlier claims against another party exist, none found to be a breach"
    ),
    "triggered": N_("non-observance by another party is indicated before, and was not invoked"),
    "invoked": N_("the way out had been invoked"),
}

RESPONSES = {
    "confirmed": N_("confirmed by the other side"),
    "denied": N_("denied by the other side"),
    "silent": N_("the other side was silent"),
    "unknown": N_("no reply of the other side was found, which does not prove silence"),
}

RESPONSE_SCOPES = {
    "item": N_("about this item"),
    "list": N_("about a list that holds it"),
    "general": N_("in general, not about this item"),
}

ORIGINS = {
    "claim": N_("claim"),
    "admission": N_("self-claim of the accused side"),
    "third_party": N_("outside source, supports a part"),
    "support_not_counted": N_("support that is not a line of its own"),
    "unverified_not_counted": N_("outside voice that could not verify it"),
    "against_not_counted": N_("report to the contrary that is not a line of its own"),
}

PLACES = {
    "facility": N_("point of the facility itself"),
    "settlement": N_("centre of the town, stands for all of it"),
    "district": N_("centre of the district, a map anchor only"),
    "region": N_("administrative seat of the region, a map anchor only"),
}

TIMES = {
    "minute": N_("to the minute"),
    "hours": N_("to some hours"),
    "day": N_("to the local day"),
    "night": N_("to the night"),
    "report_date": N_("date of the published list, give or take a day"),
    "inferred": N_("worked out from words"),
    "unknown": N_("not known"),
}

LOOKS = {
    "observable": N_(
        "usable look: a record is held and the sky is not known to have been overcast"
    ),
    "obscured": N_("a record is held, but cloud hid the ground for most of the day"),
    "no_pass": N_("the sensor did not pass"),
    "no_record": N_("no record is held: unknown whether anything could be seen"),
}

LOOK_NAMES = {
    "observable": N_("usable look"),
    "obscured": N_("hidden by cloud"),
    "no_pass": N_("no pass"),
    "no_record": N_("no record held"),
}

BASE_NAMES = {
    "supplied": N_("supplied"),
    "fitted": N_("fitted"),
    "unchecked": N_("unchecked"),
}

BASES = {
    "supplied": N_("from orbital elements that the case supplies"),
    "fitted": N_("from orbital elements fitted to records of fires"),
    "unchecked": N_(
        "from the published local time of the orbit alone, so that it is open "
        "whether the strip seen by the sensor held the place"
    ),
}

HELD = ("observable", "obscured")
"""States of a look whose record is held."""

UNSEEN = ("nothing_seen", "unobservable")
"""Reasons that say nothing without the chance that it would have been seen."""

SAYS = {
    "signal": N_("signal"),
    "nothing_seen": N_("looked, nothing seen"),
    "unusable": N_("cannot be used"),
}

REGISTRY = {
    "matched": N_("matched with a registry"),
    "in_same_settlement": N_("a registry names such an object in the same settlement; no distance"),
    "none_in_registry": N_("no such object there in a registry that holds the class in full"),
    "not_found_in_part": N_("none found there in a registry with gaps, which says little"),
    "not_in_registry_scope": N_("the registry does not hold this kind of object there"),
    "place_too_coarse": N_("the place is too coarse for a match"),
    "class_unknown": N_("the kind of object is not known"),
}

STEPS = {
    "0": N_("the terms themselves"),
    "1": N_("clock"),
    "2": N_("act and object"),
    "3": N_("place"),
    "4": N_("occurrence"),
    "5": N_("attribution"),
    "6": N_("release"),
    "7": N_("verdict"),
}

ATTACHES = {
    "this_arrangement": N_("this arrangement"),
    "full_ceasefire": N_("a full ceasefire"),
    "settlement": N_("a settlement"),
    "sea": N_("a truce at sea"),
    "another_truce": N_("another truce"),
    "disputed": N_("disputed"),
}
CERTAINTIES = {
    "stated": N_("stated in these words"),
    "inferred": N_("inferred from these words"),
    "ambiguous": N_("these words allow for more than one act"),
}

FAMILIES = {
    "satellite_heat": N_("satellite heat"),
    "field_report": N_("field report"),
    "admission": N_("the side’s own claim to have acted"),
    "third_party": N_("outside source"),
    "party_statement": N_("statement of a party"),
    "unknown": N_("not known"),
}

JUDGEMENTS = {
    "joined": N_("held to be one event"),
    "maybe": N_("may be one event; kept apart"),
    "apart": N_("kept apart"),
}

FEATURES = {
    "same_point": N_("same point"),
    "same_region": N_("same region"),
    "far_apart": N_("points far apart"),
    "other_place": N_("other place"),
    "both_timed": N_("both with a time"),
    "same_class": N_("same kind of object"),
    "other_class": N_("other kind of object"),
    "object_name": N_("name of the object"),
    "same_words": N_("same words"),
    "same_means": N_("same means"),
    "other_means": N_("other means"),
    "counter_claim": N_("claim and counter-claim"),
    "listed_apart": N_("listed apart in one list"),
}

CONTROL = {
    "contested": N_("contested"),
}

CLOCK_STATES = {
    "in_force": N_("in force"),
    "disputed": N_("left open by the reading"),
    "not_in_force": N_("not in force"),
}

ANSWERS = {
    "inside": N_("covered"),
    "open": N_("left open by the reading"),
    "unresolved": N_("too little known to say"),
    "outside": N_("not covered"),
}

COMPLETENESS = {
    "full": N_("full"),
    "partial": N_("partial"),
    "none": N_("none"),
}

CONDITION_STATUS = {
    "demanded": N_("demanded"),
    "accepted": N_("accepted"),
    "refused": N_("refused"),
    "met": N_("met"),
    "withdrawn": N_("withdrawn"),
    "unanswered": N_("unanswered"),
}

EXIT_EVENTS = {
    "reservation": N_("reserves the right to leave"),
    "invocation": N_("invokes the way out"),
    "call_by_others": N_("call by others, not by the party"),
}

EXTENSIONS = {
    "by_mutual_agreement": N_("by mutual agreement"),
}

EXIT_RULES = {
    "non_observance_by_other_party": N_("non-observance by the other party"),
    "may_consider_itself_released": N_("the party may consider itself released"),
}

DIMENSIONS = {
    "acts": N_("acts"),
    "means": N_("means"),
    "objects": N_("objects"),
    "places": N_("places"),
    "hours": N_("hours"),
}

RELATIONS = {
    "equal": N_("{first} and {second} forbid the same"),
    "first_contains_second": N_("{first} forbids all that {second} forbids, and more"),
    "second_contains_first": N_("{second} forbids all that {first} forbids, and more"),
    "overlap": N_(
        "{first} and {second} share a part; each forbids something that the other does not"
    ),
    "disjoint": N_("{first} and {second} share nothing"),
}

STATEMENT_ACTS = {
    "claims_violation": N_("claims non-observance"),
    "claims_start": N_("claims a start"),
    "announces": N_("announces"),
    "conditions": N_("sets a condition"),
    "denies": N_("denies"),
    "demands": N_("demands"),
    "promises": N_("promises"),
    "accepts": N_("accepts"),
    "rejects": N_("rejects"),
    "expires": N_("declares an end"),
}

TOPICS = {
    "energy_strikes": N_("strikes on energy"),
    "monitoring": N_("monitoring"),
    "duration": N_("duration"),
    "start_date": N_("start"),
    "other_truce": N_("another truce"),
    "release_clause": N_("way out"),
    "sea": N_("the sea"),
    "civil_infrastructure": N_("civil infrastructure"),
    "conditions_arms": N_("condition: arms"),
    "conditions_intel": N_("condition: intelligence"),
    "mobilisation": N_("mobilisation"),
}

ENTRIES = {
    "milestone": N_("milestone"),
    "term": N_("term"),
    "difference": N_("difference between versions"),
    "count": N_("published count"),
}

SENSES = {
    "seen": N_("seen"),
    "heard": N_("heard"),
    "both": N_("seen and heard"),
    "recorded": N_("recorded"),
}

FINDINGS = {
    "act_observed": N_("an act was observed"),
    "nothing_observed": N_("nothing was noticed"),
}

KINDS = {
    "source_file": N_("contract of a file"),
    "case": N_("case"),
    "agreement": N_("terms"),
    "heat": N_("satellite heat"),
    "record_days": N_("days with whole records"),
    "cloud": N_("cloud"),
    "facilities_osm": N_("registry of objects"),
    "facilities_gppd": N_("registry of objects"),
    "facilities_wri": N_("registry of objects"),
    "facilities_plain": N_("registry of objects"),
    "claims": N_("claims"),
    "acts": N_("coded acts"),
    "classes": N_("coded classes"),
    "origins": N_("coded origins"),
    "counts": N_("coded counts"),
    "texts": N_("translations"),
    "regions": N_("regions"),
    "areas": N_("outlines"),
    "control": N_("control"),
    "completeness": N_("completeness of registries"),
    "gazetteer": N_("gazetteer"),
    "statements": N_("statements"),
    "timeline": N_("timeline"),
    "field_reports": N_("field reports"),
    "orbital_elements": N_("orbital elements"),
}

AUTHORS = {
    "engine": N_("the engine, a draft"),
}

QUALIFIERS = {
    "exactly": N_("exactly"),
    "more_than": N_("more than"),
    "in_words": N_("in words only"),
}

CHECKS = {
    "differs": N_("differs"),
    "not_yet_stated": N_("not yet stated"),
    "later_terms": N_("terms of later"),
}

STYLE_NOTE = N_(
    "The number of claims follows how each side publishes: itemised lists give many claims, "
    "totals without items give few. It does not measure what happened, and the rows must not "
    "be compared with each other."
)

SHORT_NOTE = N_("These numbers follow how each side publishes and do not measure what happened.")

DOUBLE_NOTE = N_(
    "Unit: incident. A share is of the incidents in which this party is accused. An incident "
    "in which two parties are accused stands once in the row of each and once in the total."
)

TABLES: Mapping[str, Mapping[str, str]] = {
    "verdict": VERDICTS,
    "reason": REASONS,
    "exit": EXIT_STATES,
    "response": RESPONSES,
    "scope": RESPONSE_SCOPES,
    "origin": ORIGINS,
    "point": PLACES,
    "time": TIMES,
    "look": LOOKS,
    "lookname": LOOK_NAMES,
    "basis": BASES,
    "basisname": BASE_NAMES,
    "says": SAYS,
    "registry": REGISTRY,
    "step": STEPS,
    "attaches": ATTACHES,
    "act": ACTS,
    "means": MEANS,
    "object": OBJECTS,
    "certainty": CERTAINTIES,
    "family": FAMILIES,
    "judgement": JUDGEMENTS,
    "feature": FEATURES,
    "control": CONTROL,
    "clock": CLOCK_STATES,
    "answer": ANSWERS,
    "completeness": COMPLETENESS,
    "status": CONDITION_STATUS,
    "leaving": EXIT_EVENTS,
    "extension": EXTENSIONS,
    "exitrule": EXIT_RULES,
    "dimension": DIMENSIONS,
    "relation": RELATIONS,
    "statement": STATEMENT_ACTS,
    "topic": TOPICS,
    "entry": ENTRIES,
    "sense": SENSES,
    "finding": FINDINGS,
    "kind": KINDS,
    "check": CHECKS,
    "qualifier": QUALIFIERS,
    "author": AUTHORS,
    **rates.TABLES,
}
"""All tables by the name that a placeholder or template gives."""
