"""Every number of judgement: value, unit, reason, source.  Written into every result."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A number that somebody decided on, with everything that has to be told about it."""

    name: str
    value: float
    unit: str
    reason: str
    source: str


ALL: dict[str, Number] = {}


def _number(name: str, value: float, unit: str, reason: str, source: str) -> float:
    if name in ALL:
        raise ValueError(f"threshold {name} is defined twice")
    ALL[name] = Number(name, value, unit, reason, source)
    return value


HOUSE = "decision of the project, provisional; see docs/decisions"

# --- time -----------------------------------------------------------------------------------

REPORT_DATE_SLACK_D = _number(
    "report_date_slack_d",
    1,
    "days",
    "a list names the day it was published or one of the two days it covers",
    "data note of the 2025 ledger",
)
INFERRED_DATE_SLACK_D = _number(
    "inferred_date_slack_d",
    1,
    "days",
    "a date worked out from words such as 'three days ago'",
    HOUSE,
)
NIGHT_FROM_H = _number(
    "night_from_h",
    18,
    "local hour",
    "a night starts at dusk; 18:00 is before it on all dates of the truce at these latitudes",
    HOUSE,
)
NIGHT_UNTIL_H = _number(
    "night_until_h", 9, "local hour", "overnight raids are reported with the morning", HOUSE
)
HEAT_LATENCY_H = _number(
    "heat_latency_h",
    3,
    "hours",
    "near-real-time fires are published about 3 h after the pass",
    "NASA FIRMS",
)

HEAT_EARLY_SLACK_H = _number(
    "heat_early_slack_h",
    1,
    "hours",
    "heat before the claimed time is not its effect; claimed hours are rounded",
    HOUSE,
)
HEAT_FRESH_D = int(
    _number(
        "heat_fresh_d",
        2,
        "days",
        "a fire is new only if somebody could have seen shortly before that it was not burning",
        HOUSE,
    )
)
HEAT_CARRY_OVER_D = int(
    _number(
        "heat_carry_over_d",
        7,
        "days",
        "a depot may burn for a week: heat that was there before the claimed time does not speak "
        "for a new event",
        HOUSE,
    )
)

ASSUMED_KNOWN_AFTER_D = int(
    _number(
        "assumed_known_after_d",
        1,
        "days after the end of its own date",
        "a claim whose source has no date is taken to be public by then, and marked as assumed",
        HOUSE,
    )
)

# --- place ----------------------------------------------------------------------------------

UNCERTAINTY_KM = {
    "facility": _number(
        "uncertainty_facility_km",
        1,
        "km",
        "two decimals of a degree are about 1 km",
        "data note of the 2025 ledger",
    ),
    "settlement": _number(
        "uncertainty_settlement_km", 5, "km", "a town centre stands for the whole town", HOUSE
    ),
    "district": _number(
        "uncertainty_district_km", 30, "km", "a district centre stands for the district", HOUSE
    ),
    "region": _number(
        "uncertainty_region_km", 150, "km", "an administrative seat stands for the region", HOUSE
    ),
}
HEAT_RADIUS_KM = {
    "facility": _number(
        "heat_radius_facility_km",
        2,
        "km",
        "pixel of 1 km, its growth off nadir and the position "
        "of the facility; rates are measured at this radius",
        "assess/heat_model.toml",
    ),
    "settlement": _number(
        "heat_radius_settlement_km",
        5,
        "km",
        "the town is larger than the point; rates are measured at this radius",
        "assess/heat_model.toml",
    ),
}
REGISTRY_RADIUS_KM = _number(
    "registry_radius_km", 2, "km", "position of a facility point and the extent of a plant", HOUSE
)

OUTLINE_DEG = _number(
    "outline_deg",
    0.02,
    "degrees",
    "outlines are told to about 2 km: enough for a map of regions, too coarse for a front",
    HOUSE,
)
AROUND_DEG = _number(
    "around_deg",
    1,
    "degrees",
    "a map shows the regions around those that claims name, so that its base takes no side",
    HOUSE,
)
REGION_GRID_DEG = _number(
    "region_grid_deg",
    0.5,
    "degrees",
    "the strip of days is told for a rough middle of each region, never for an object",
    HOUSE,
)

# --- persistent heat ------------------------------------------------------------------------

PERSISTENCE_RADIUS_KM = _number(
    "persistence_radius_km",
    2,
    "km",
    "two pixels: the same source seen off nadir",
    "assess/heat_model.toml",
)
PERSISTENCE_MIN_MONTHS = int(
    _number(
        "persistence_min_months",
        3,
        "calendar months",
        "a fire does not return in three months",
        "assess/heat_model.toml",
    )
)
PERSISTENCE_MIN_DATES = int(
    _number(
        "persistence_min_dates",
        5,
        "dates",
        "more than field burning leaves at one spot",
        "assess/heat_model.toml",
    )
)
PERSISTENCE_MIN_SPAN_D = int(
    _number(
        "persistence_min_span_d",
        180,
        "days",
        "longer than a season of burning",
        "assess/heat_model.toml",
    )
)
PERSISTENCE_GUARD_D = int(
    _number(
        "persistence_guard_d",
        14,
        "days",
        "a depot that burns before the date in question must not count as its own background",
        "assess/heat_model.toml",
    )
)

# --- looks ----------------------------------------------------------------------------------

OBSCURED_CLOUD_SHARE = _number(
    "obscured_cloud_share",
    0.8,
    "share of the sky, daily mean",
    "above it a clear look through the day is the exception",
    HOUSE,
)
CLOUD_REACH_KM = _number(
    "cloud_reach_km",
    150,
    "km",
    "beyond it a weather point says nothing about the sky; the cloud is then unknown, never clear",
    HOUSE,
)

MIN_LOOK_SHARE = _number(
    "min_look_share",
    0.25,
    "share of the hours in which it may show",
    "silence over a smaller part of the time is no answer to the question",
    HOUSE,
)
BACKGROUND_FLOOR = _number(
    "background_floor",
    1e-4,
    "probability",
    "where no background heat was seen at all, its lower bound is not taken as zero",
    HOUSE,
)
# --- strength of evidence -------------------------------------------------------------------

INTERVAL_MASS = _number("interval_mass", 0.95, "probability", "usual in the field", "convention")
MIN_INDEPENDENT_LINES = int(
    _number(
        "min_independent_lines",
        2,
        "lines",
        "the two-source rule of newsrooms, counted in origins",
        "field notes, verification standards",
    )
)
ESTABLISHED_LR = _number(
    "established_lr",
    10,
    "likelihood ratio, lower bound of all lines together",
    "strong evidence on the usual scales, even at the pessimistic end",
    HOUSE,
)
EXCLUDED_LR = _number(
    "excluded_lr",
    0.1,
    "likelihood ratio, upper bound of all lines together",
    "the same strength in the other direction",
    HOUSE,
)
SPEAKS_FOR_LR = _number(
    "speaks_for_lr",
    1.1,
    "likelihood ratio, lower bound",
    "a line speaks for occurrence only if even its pessimistic end does, by more than rounding",
    HOUSE,
)
SPEAKS_AGAINST_LR = _number(
    "speaks_against_lr",
    0.9,
    "likelihood ratio, upper bound",
    "the same in the other direction: silence of a few percent contradicts nothing",
    HOUSE,
)

LINE_RATES: dict[str, tuple[float, float, float]] = {}
"""Per kind of line: likelihood ratio, lower and upper bound."""


def _rates(kind: str, p_true: float, p_false: float, spread: float, reason: str) -> None:
    """How often a line of a kind speaks when it happened and when it did not."""
    _number(f"{kind}_p_when_happened", p_true, "probability", reason, HOUSE)
    _number(f"{kind}_p_when_not", p_false, "probability", reason, HOUSE)
    _number(f"{kind}_spread", spread, "factor around the ratio", "no measurement yet", HOUSE)
    ratio = p_true / p_false
    LINE_RATES[kind] = (ratio, ratio / spread, ratio * spread)


_rates("report_seen", 0.6, 0.02, 3, "an observer on the spot who saw it; few mistakes, not none")
_rates("report_recorded", 0.6, 0.015, 3, "a recording by an instrument or camera of an observer")
_rates("report_heard", 0.5, 0.1, 2.5, "sound alone is often something else")
_rates(
    "report_nothing",
    0.1,
    0.85,
    2,
    "an observer present throughout who noticed nothing: possible "
    "if it happened, usual if it did not",
)
_rates("third_party", 0.3, 0.05, 2.5, "an outside source supports a part of the claim")
_rates("admission", 0.3, 0.01, 3, "a side seldom claims an act of its own that did not happen")

QUIET_REACH_KM = _number(
    "quiet_reach_km",
    2,
    "km",
    "an observer who was there notices a strike so far off; farther, quiet says little",
    HOUSE,
)
REPORT_MAX_H = _number(
    "report_max_h",
    24,
    "hours",
    "an observer who saw it can say on which day; a longer watch fits too many incidents",
    HOUSE,
)

# --- one event or two -----------------------------------------------------------------------

LINK_WEIGHTS = {
    "same_point": _number(
        "link_same_point",
        2,
        "score",
        "both points are sharp and closer than their uncertainty",
        HOUSE,
    ),
    "same_region": _number(
        "link_same_region", 0.5, "score", "district and region anchors carry no distance", HOUSE
    ),
    "same_class": _number("link_same_class", 1, "score", "same class of object", HOUSE),
    "other_class": _number("link_other_class", -2, "score", "classes exclude each other", HOUSE),
    "object_name": _number(
        "link_object_name", 2.5, "score at equal names", "rare words in common weigh most", HOUSE
    ),
    "counter_claim": _number(
        "link_counter_claim",
        1,
        "score",
        "each side accuses the other of what may be one event",
        HOUSE,
    ),
    "same_means": _number("link_same_means", 0.5, "score", "same weapon", HOUSE),
    "other_means": _number(
        "link_other_means", -1, "score", "one side names two different weapons", HOUSE
    ),
    "both_timed": _number(
        "link_both_timed", 1, "score", "both give an hour and the hours meet", HOUSE
    ),
    "far_apart": _number(
        "link_far_apart",
        -6,
        "score",
        "both points are sharp and farther apart than their uncertainty: not one place",
        HOUSE,
    ),
    "other_place": _number(
        "link_other_place", -3, "score", "two towns or districts with different names", HOUSE
    ),
    "same_words": _number(
        "link_same_words",
        1,
        "score",
        "object, place, effect and time are the same: perhaps one row entered twice",
        HOUSE,
    ),
    "listed_apart": _number(
        "link_listed_apart", -4, "score", "one source tells them as separate items", HOUSE
    ),
}
LINK_TIME_SLACK_H = _number(
    "link_time_slack_h", 1, "hours", "clocks of two speakers differ by minutes", HOUSE
)
LINK_JOIN = _number(
    "link_join", 4, "score", "about a sharp place, a class and a name in common", HOUSE
)
LINK_MAYBE = _number("link_maybe", 2.5, "score", "worth a look by a person; not joined", HOUSE)

DAILY_AT_H = _number(
    "daily_at_h",
    6,
    "hour of the next day, UTC",
    "a daily report is read at seven; fires of the night have been published by then",
    HOUSE,
)

# --- drawings ---------------------------------------------------------------------------------

DRAWN_KM = _number(
    "drawn_km",
    10,
    "km",
    "no position is drawn finer than this where the case states no policy of its own",
    HOUSE,
)

# --- words ----------------------------------------------------------------------------------

ENFSI = "ENFSI Guideline for Evaluative Reporting in Forensic Science (2015)"
STRENGTH_BOUNDS = tuple(
    _number(
        f"strength_{name}_from",
        value,
        "likelihood ratio",
        "lower end of a band of the published scale of words",
        ENFSI,
    )
    for name, value in (
        ("weak", 2),
        ("moderate", 10),
        ("moderately_strong", 100),
        ("strong", 1_000),
        ("very_strong", 10_000),
        ("extremely_strong", 1_000_000),
    )
)
