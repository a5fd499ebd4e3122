"""Why a question about change is not answered, in whole or in part, and what would lift that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from truceline.domain.rates import Refusal
from truceline.domain.said import said
from truceline.domain.series import Series

CODES = (
    "mixed_units",
    "opposed_lists",
    "not_matched",
    "no_target_class",
    "no_side",
    "rows_set_aside",
    "missing_days",
    "collection_changed",
    "no_exposure",
    "too_few_days",
    "no_baseline",
    "no_whole_day",
)
"""In the order in which they are looked for; all that hold are told."""


def mixed_units(units: Mapping[str, str]) -> Refusal:
    """A sum over things that are not of one kind."""
    return Refusal(
        "mixed_units",
        said(
            "the series {names} count different things ({units:unit}); their sum would count "
            "nothing",
            names=sorted(units),
            units=sorted(set(units.values())),
        ),
        said("ask each series by itself, or add up series of one unit"),
    )


def opposed_lists(names: Sequence[str]) -> Refusal:
    """Capture and recapture on the lists of parties that accuse each other."""
    return Refusal(
        "opposed_lists",
        said(
            "the lists {names} are kept by sides that accuse each other: what one prints the other "
            "leaves out, so that few common entries say nothing of how many neither has",
            names=list(names),
        ),
        said(
            "at least three lists, one of them kept by somebody who is no party, with entries that "
            "can be matched one by one"
        ),
    )


def not_matched(names: Sequence[str]) -> Refusal:
    """Lists of counts, whose entries nobody can hold against each other."""
    return Refusal(
        "not_matched",
        said(
            "the lists {names} are counts by day: no entry of one can be found again in another, "
            "so that nothing says how many all of them miss",
            names=list(names),
        ),
        said(
            "at least three lists of single entries, kept independently, that can be matched one "
            "by one"
        ),
    )


def no_target_class(wanted: Iterable[str]) -> Refusal:
    """A series that does not tell objects apart, asked about some of them."""
    return Refusal(
        "no_target_class",
        said(
            "the series does not tell what was struck: it is a tempo of all acts of its kind and "
            "says nothing of acts against {wanted:object} as such",
            wanted=sorted(wanted),
        ),
        said("a series whose rows name the class of the object, from a source that is no party"),
        whole=False,
    )


def no_side(sides: Sequence[str]) -> Refusal:
    """A series that does not tell who acted, asked about the parties."""
    return Refusal(
        "no_side",
        said(
            "the series does not tell who acted: nothing is said of {sides:party} apart",
            sides=list(sides),
        ),
        said("a series whose rows name who acted, from a source that is no party"),
        whole=False,
    )


def rows_set_aside(n: int) -> Refusal:
    """A list of events of which rows could not be read: a day without one says nothing then."""
    return Refusal(
        "rows_set_aside",
        said(
            "{n} rows of its sources broke their contract and were set aside; a day on which they "
            "may lie would pass for one without anything",
            n=n,
        ),
        said("correct these rows; they are listed in quarantine.csv"),
    )


def missing_days(n_known: int, n_days: int, first: date, last: date) -> Refusal:
    """Days of the window without a published figure: they are unknown and never zero."""
    return Refusal(
        "missing_days",
        said(
            "only {n} of {all} days from {first:day} to {last:day} have a published figure of "
            "their own; the others are unknown, and a fall could not be told from silence",
            n=n_known,
            all=n_days,
            first=first,
            last=last,
        ),
        said("figures of the same source for these days, published day by day"),
    )


def collection_changed(on: date, why: str) -> Refusal:
    """A source that counts otherwise from a day inside the window."""
    return Refusal(
        "collection_changed",
        said(
            "the source counts otherwise from {on:day} on, inside the window: {why:told}",
            on=on,
            why=why,
        ),
        said("a series of the same source that was counted again in one way for all days"),
    )


def no_exposure(series: Series) -> Refusal:
    """Counts of news or claims, without how much was read or could have been said."""
    return Refusal(
        "no_exposure",
        said(
            "how much was watched, read or printed on a day is not known for this series: a change "
            "of its counts is a change of what was told, not yet of what happened",
        ),
        said(
            "for each day how many items the source collected in all, or which days and places it "
            "watched"
        ),
        whole=series.unit == "fire_pixel",
    )


def too_few_days(n_days: int, needed_d: int | None) -> Refusal:
    """A window in which not even a complete halt would be told from ordinary days."""
    if needed_d is None:
        text = said(
            "in {n} usable days not even a complete halt could be told from ordinary days with the "
            "stated power, and no longer window of this series would do",
            n=n_days,
        )
    else:
        text = said(
            "in {n} usable days not even a complete halt could be told from ordinary days with the "
            "stated power; it would take about {needed} days",
            n=n_days,
            needed=needed_d,
        )
    return Refusal(
        "too_few_days",
        text,
        said("a longer window, or a source that counts more of the same thing per day"),
    )


def too_few_for_answers(n_days: int) -> Refusal:
    """Two series too short, or too empty, for any background to be told from an answer."""
    return Refusal(
        "too_few_days",
        said(
            "in {n} days with a figure of both, or with no act at all of one of them, no "
            "background can be told from an answer",
            n=n_days,
        ),
        said("longer series of both sides, with acts of both"),
    )


def no_baseline(n: int) -> Refusal:
    """None of the declared baselines exists or can be learnt from."""
    return Refusal(
        "no_baseline",
        said(
            "none of the {n} declared baselines exists or has windows enough beside it to tell how "
            "such counts differ without a truce",
            n=n,
        ),
        said(
            "a series that begins at least a year before the truce and is counted in one way, or "
            "twenty windows of the same length without a truce"
        ),
    )


def no_whole_day() -> Refusal:
    """A clock under which no whole day of the series lies."""
    return Refusal(
        "no_whole_day",
        said("no whole day of the series lies under the clock of the reading"),
        said("a series by the hour, or one that reaches into the window"),
    )
