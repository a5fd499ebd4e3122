"""Sentences about both directions between two sides, made from their numbers."""

from __future__ import annotations

from collections.abc import Mapping

from truceline import thresholds as t
from truceline.assess.reciprocity import conclude
from truceline.domain.rates import Conclusion, Direction, Reciprocity, Window
from truceline.domain.said import Said, said


def tell_reciprocity(
    r: Reciprocity, titles: Mapping[str, str], unit: str, window: Window
) -> tuple[Said, ...]:
    """One sentence per direction that can stand alone, then what the answer rests on.

    ``titles``: of the series, by the names in ``r``; ``unit``: a code of units.
    """
    none = conclude(r) is Conclusion.NOT_INDICATED
    told = tuple(_direction(each, r, titles, unit, window, none) for each in r.directions)
    return (*told, _rests_on(r, titles, unit, window), *_blind(r))


def _direction(
    d: Direction,
    r: Reciprocity,
    titles: Mapping[str, str],
    unit: str,
    window: Window,
    none: bool,
) -> Said:
    """``none``: no answer is found and both directions could have shown one of the stated size."""
    numbers: dict[str, object] = {
        "after": titles[d.after],
        "of": titles[d.of],
        "unit": unit,
        "first": window.first,
        "last": window.last,
        "from_d": r.lags_d[0],
        "to_d": r.lags_d[1],
        "excess": d.excess.value,
        "low": d.excess.low,
        "high": d.excess.high,
        "mass": t.INTERVAL_MASS,
        "p": d.p_value,
    }
    power = {"at": d.power_at, "power": d.power}
    if d.found:
        return said(
            "{after:told} followed {of:told} beyond what both share, {first:day} to {last:day}: "
            "{excess:number} ({low:number} to {high:number}, {mass:share}) further {unit:unit} for "
            "each, {from_d} to {to_d} days later; evidence as strong is met with a probability of "
            "{p:number} where no side answers. This shows an order in time, not a cause.",
            **numbers,
        )
    if none:
        return said(
            "{after:told} did not follow {of:told} to an extent that can be seen beyond what both "
            "share, {first:day} to {last:day}: {excess:number} ({low:number} to {high:number}, "
            "{mass:share}) further {unit:unit} for each, {from_d} to {to_d} days later "
            "(p {p:number}); {at:number} further ones for each would be found with a power of "
            "{power:share}.",
            **numbers,
            **power,
        )
    return said(
        "Whether {after:told} followed {of:told} cannot be told from what both share, {first:day} "
        "to {last:day}: {excess:number} ({low:number} to {high:number}, {mass:share}) further "
        "{unit:unit} for each, {from_d} to {to_d} days later (p {p:number}); {at:number} further "
        "ones for each would be found with a power of {power:share}, and no answer is called "
        "absent below {least:share} or while the interval reaches that size.",
        **numbers,
        **power,
        least=t.RECIPROCITY_POWER,
    )


def _rests_on(r: Reciprocity, titles: Mapping[str, str], unit: str, window: Window) -> Said:
    (first, n_first), (second, n_second) = r.n_of
    return said(
        "Looked at: {days} of {all} days with a figure of both, {n_first} ({unit:unit}) of "
        "{title_first:told} and {n_second} of {title_second:told}, against {n} simulated pasts "
        "in which both share level, week and shocks and no side answers.",
        days=r.n_days,
        all=window.n_days,
        n_first=n_first,
        n_second=n_second,
        unit=unit,
        title_first=titles[first],
        title_second=titles[second],
        n=r.n_simulated,
    )


def _blind(r: Reciprocity) -> tuple[Said, ...]:
    """What such an answer cannot see."""
    same = said(
        "An answer on the same day is never told from what both share, and an exchange in which "
        "both answer alike often is not."
    )
    if not r.delay_d:
        return (same,)
    late = said(
        "Figures of either side may be up to {d} days late: what lies that close together says "
        "nothing about who came first.",
        d=r.delay_d,
    )
    return same, late
