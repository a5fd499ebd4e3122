"""Every number of judgement by its name; written into every result.

Value, unit, reason and source stand in ``thresholds.toml``.  A number that is not used here is
an error of a test.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Number:
    """A number that somebody decided on, with everything that has to be told about it."""

    name: str
    value: float
    unit: str
    reason: str
    source: str


def _load() -> dict[str, Number]:
    table = tomllib.loads(files(__package__).joinpath("thresholds.toml").read_text("utf-8"))
    return {name: Number(name, **row) for name, row in table.items()}


ALL: dict[str, Number] = _load()
"""By name, in the order of ``thresholds.toml``."""


def _number(name: str) -> float:
    return ALL[name].value


# --- time -----------------------------------------------------------------------------------

REPORT_DATE_SLACK_D = _number("report_date_slack_d")
INFERRED_DATE_SLACK_D = _number("inferred_date_slack_d")
NIGHT_FROM_H = _number("night_from_h")
NIGHT_UNTIL_H = _number("night_until_h")
HEAT_LATENCY_H = _number("heat_latency_h")

HEAT_EARLY_SLACK_H = _number("heat_early_slack_h")
HEAT_FRESH_D = int(_number("heat_fresh_d"))
HEAT_CARRY_OVER_D = int(_number("heat_carry_over_d"))

ASSUMED_KNOWN_AFTER_D = int(_number("assumed_known_after_d"))

# --- place ----------------------------------------------------------------------------------

UNCERTAINTY_KM = {
    "facility": _number("uncertainty_facility_km"),
    "settlement": _number("uncertainty_settlement_km"),
    "district": _number("uncertainty_district_km"),
    "region": _number("uncertainty_region_km"),
}
HEAT_SITE_KM = _number("heat_site_km")
HEAT_NEAR_KM = _number("heat_near_km")
HEAT_FAR_KM = _number("heat_far_km")
HEAT_EDGES_KM = {
    "facility": (HEAT_SITE_KM, HEAT_NEAR_KM, HEAT_FAR_KM),
    "settlement": (HEAT_FAR_KM,),
}
"""Edges of the rings in which the nearest fire may lie, by how sharp the place is (km); see
`assess.watch.edges_of`."""

REGISTRY_RADIUS_KM = _number("registry_radius_km")

OUTLINE_DEG = _number("outline_deg")
AROUND_DEG = _number("around_deg")
REGION_GRID_DEG = _number("region_grid_deg")

# --- persistent heat ------------------------------------------------------------------------

PERSISTENCE_RADIUS_KM = _number("persistence_radius_km")
PERSISTENCE_MIN_MONTHS = int(_number("persistence_min_months"))
PERSISTENCE_MIN_DATES = int(_number("persistence_min_dates"))
PERSISTENCE_MIN_SPAN_D = int(_number("persistence_min_span_d"))
PERSISTENCE_GUARD_D = int(_number("persistence_guard_d"))

# --- incident candidates --------------------------------------------------------------------

LINKAGE_KM = _number("linkage_km")
LINKAGE_H = _number("linkage_h")
LINKAGE_MAX_KM = _number("linkage_max_km")
LINKAGE_MAX_H = _number("linkage_max_h")
LINKAGE_MIN_KM = _number("linkage_min_km")

# --- looks ----------------------------------------------------------------------------------

OBSCURED_CLOUD_SHARE = _number("obscured_cloud_share")
CLOUD_REACH_KM = _number("cloud_reach_km")

CLEAR_SHARE_UNKNOWN = _number("clear_share_unknown")
CLEAR_SPREAD_NEAR = _number("clear_spread_near")
CLEAR_SPREAD_UNKNOWN = _number("clear_spread_unknown")

LOOK_SCAN_MAX_DEG = _number("look_scan_max_deg")
MOST_SHOWING = _number("most_showing")

OWN_MIN_D = int(_number("own_min_d"))
MIN_LOOK_SHARE = _number("min_look_share")
# --- passes ---------------------------------------------------------------------------------

PASS_EMBARGO_H = _number("pass_embargo_h")
ELEMENTS_VALID_D = _number("elements_valid_d")
ELEMENTS_SLACK_MIN = _number("elements_slack_min")
PASS_WITHIN_MIN = _number("pass_within_min")
PASS_WITHIN_SHARE = _number("pass_within_share")
PASS_MIN_SIGHTINGS = int(_number("pass_min_sightings"))
NOMINAL_HELD_MIN = _number("nominal_held_min")
NOMINAL_DRIFT_MIN = _number("nominal_drift_min")

# --- strength of evidence -------------------------------------------------------------------

PRIOR_ODDS = _number("prior_odds")
INTERVAL_MASS = _number("interval_mass")
MIN_INDEPENDENT_LINES = int(_number("min_independent_lines"))
ESTABLISHED_LR = _number("established_lr")
EXCLUDED_LR = _number("excluded_lr")
SPEAKS_FOR_LR = _number("speaks_for_lr")
SPEAKS_AGAINST_LR = _number("speaks_against_lr")


def _rates(kind: str) -> tuple[float, float, float]:
    """Ratio of how often a line speaks when it happened and when it did not, with bounds."""
    ratio = _number(f"{kind}_p_when_happened") / _number(f"{kind}_p_when_not")
    spread = _number(f"{kind}_spread")
    return ratio, ratio / spread, ratio * spread


LINE_RATES = {
    kind: _rates(kind)
    for kind in (
        "report_seen",
        "report_recorded",
        "report_heard",
        "report_nothing",
        "third_party",
        "admission",
    )
}
"""Per kind of line: likelihood ratio, lower and upper bound."""

QUIET_REACH_KM = _number("quiet_reach_km")
REPORT_MAX_H = _number("report_max_h")

# --- one event or two -----------------------------------------------------------------------

LINK_WEIGHTS = {
    "same_point": _number("link_same_point"),
    "same_region": _number("link_same_region"),
    "same_class": _number("link_same_class"),
    "other_class": _number("link_other_class"),
    "object_name": _number("link_object_name"),
    "counter_claim": _number("link_counter_claim"),
    "same_means": _number("link_same_means"),
    "other_means": _number("link_other_means"),
    "both_timed": _number("link_both_timed"),
    "far_apart": _number("link_far_apart"),
    "other_place": _number("link_other_place"),
    "same_words": _number("link_same_words"),
    "listed_apart": _number("link_listed_apart"),
}
LINK_TIME_SLACK_H = _number("link_time_slack_h")
LINK_JOIN = _number("link_join")
LINK_MAYBE = _number("link_maybe")

DAILY_AT_H = _number("daily_at_h")

# --- rates ----------------------------------------------------------------------------------

RATES_BASE_D = int(_number("rates_base_d"))
RATES_OPEN_D = int(_number("rates_open_d"))
RATES_LONGEST_D = int(_number("rates_longest_d"))
RATES_KNOWN_SHARE = _number("rates_known_share")
RATES_MIN_WINDOWS = int(_number("rates_min_windows"))
RATES_MIN_EVENTS = int(_number("rates_min_events"))
RATES_FOLDS = int(_number("rates_folds"))
RATES_RHO_END = _number("rates_rho_end")
RATES_POWER = _number("rates_power")
RATES_JUDGED_WINDOWS = int(_number("rates_judged_windows"))
RATES_ODD_SHARE = _number("rates_odd_share")
RATES_HALF = _number("rates_half")
RATES_UNDATED_SHARE = _number("rates_undated_share")
NORMAL_95 = _number("normal_95")

# --- reciprocity ----------------------------------------------------------------------------

RECIPROCITY_LAGS_D = (
    int(_number("reciprocity_lag_first_d")),
    int(_number("reciprocity_lag_last_d")),
)
RECIPROCITY_FADE_D = _number("reciprocity_fade_d")
RECIPROCITY_LEVEL_D = _number("reciprocity_level_d")
RECIPROCITY_SLOW = _number("reciprocity_slow")
RECIPROCITY_SEASON_D = _number("reciprocity_season_d")
RECIPROCITY_DRAWS = int(_number("reciprocity_draws"))
RECIPROCITY_POWER_DRAWS = int(_number("reciprocity_power_draws"))
RECIPROCITY_ALPHA = _number("reciprocity_alpha")
RECIPROCITY_POWER = _number("reciprocity_power")
RECIPROCITY_SHARE = _number("reciprocity_share")
RECIPROCITY_MIN_DAYS = int(_number("reciprocity_min_days"))

RECIPROCITY_REACH_D = int(_number("reciprocity_reach_d"))

# --- drawings ---------------------------------------------------------------------------------

DRAWN_KM = _number("drawn_km")

# --- day of a change ------------------------------------------------------------------------

CHANGE_HALF_D = int(_number("change_half_d"))
CHANGE_SEARCH_D = int(_number("change_search_d"))
CHANGE_KNOWN_D = int(_number("change_known_d"))
CHANGE_LAG_D = int(_number("change_lag_d"))
CHANGE_SHAPE = _number("change_shape")
CHANGE_P = _number("change_p")
CHANGE_NONE = _number("change_none")
CHANGE_EARLY_D = int(_number("change_early_d"))
CHANGE_LATE_D = int(_number("change_late_d"))

# --- level and trend ------------------------------------------------------------------------

TREND_KNOWN_D = int(_number("trend_known_d"))
TREND_SLOPE_D = int(_number("trend_slope_d"))
TREND_LAG_D = int(_number("trend_lag_d"))
TREND_EVENTS_EACH = int(_number("trend_events_each"))
TREND_SLOPE_PER_D = int(_number("trend_slope_per_d"))
TREND_MIN_PLACEBO = int(_number("trend_min_placebo"))

# --- words ----------------------------------------------------------------------------------

PROBABILITY_BOUNDS = tuple(
    _number(f"probability_{name}_from")
    for name in (
        "very_unlikely",
        "unlikely",
        "roughly_even",
        "likely",
        "very_likely",
        "almost_certain",
    )
)
STRENGTH_BOUNDS = tuple(
    _number(f"strength_{name}_from")
    for name in (
        "weak",
        "moderate",
        "moderately_strong",
        "strong",
        "very_strong",
        "extremely_strong",
    )
)
"""Lower ends of the bands of two published scales of words."""

ICD_203 = ALL["probability_likely_from"].source
ENFSI = ALL["strength_weak_from"].source
