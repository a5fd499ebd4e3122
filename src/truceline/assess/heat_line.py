"""What satellite heat says about one incident: a signal, a silence, or nothing.

All sensors and passes are one line: two satellites an hour apart share the sky and the fire.
Pixels count whatever their confidence, because the rates were measured that way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from truceline import thresholds as t
from truceline.assess.exposure import Past
from truceline.assess.heat_model import HeatModel, SensorSet, Strength
from truceline.assess.heat_window import Window, day_of
from truceline.assess.watch import edges_of, look_of, rates_for, shot_down
from truceline.domain.detection import Detection
from truceline.domain.incident import Incident, Line, Says
from truceline.domain.observation import Chance, Look
from truceline.domain.said import Said, said, said_n

HEAT = "satellite_heat"


def heat_line(
    incident: Incident,
    looks: Sequence[Look],
    detections: Sequence[Detection],
    model: HeatModel,
    past: Past,
    told_until: date | None = None,
) -> Line | None:
    """What satellite heat says; None where the place is too coarse to look at.

    ``told_until`` is the last day of which passes may be told.  Where one of the reasons in
    `_why_unusable` holds, the line says nothing.
    """
    if not edges_of(incident.place) or incident.place.point is None or not looks:
        return None
    rates = rates_for(incident, looks, model, told_until)
    window = Window.of(incident, looks, detections, rates, past)
    for holds, words, cited in _why_unusable(window):
        if holds:
            rows = tuple(str(d.heat.row) for d in cited)
            return _unusable(words, rows or tuple(row for each in looks for row in each.rows))
    if window.signals(window.told_km):
        return _signal(window, rates)
    look = look_of(incident, looks, model, rates, told_until)
    return _silence(window, rates, window.told_km, look)


def readable_km(
    incident: Incident,
    looks: Sequence[Look],
    detections: Sequence[Detection],
    model: HeatModel,
    past: Past,
    told_until: date | None = None,
) -> float | None:
    """How far around an incident heat can be read (km); nought where a fire could hide in what
    was burning; None where there is no place to look at.
    """
    if not edges_of(incident.place) or not looks:
        return None
    rates = rates_for(incident, looks, model, told_until)
    return Window.of(incident, looks, detections, rates, past).readable_km


def _why_unusable(window: Window) -> Iterable[tuple[bool, Said, Sequence[Detection]]]:
    """Reasons why heat says nothing here, in the order in which they are asked.

    The rates are of strikes that landed.  Heat that is always there, a known static source
    and a fire that was burning already never count, and a fire could hide in them.
    """
    blind, km = not window.open_edges, window.told_km
    signals = window.signals(km)
    blinding = [d for d in window.blinding if d.distance_km <= km]
    burned = [d for d in blinding if d.heat.static_source is not True]
    standing = window.standing(km)
    yield (
        shot_down(window.incident),
        said("an attack that was shot down leaves no fire to be seen"),
        (),
    )
    yield (
        bool(window.others) and not signals and not blinding and not standing,
        said(
            "fire pixels within {km:number} km: {n} of sensors whose rates have not been measured: "
            "shown, not weighed",
            km=window.edges_km[-1],
            n=len(window.others),
        ),
        window.others,
    )
    yield (
        bool(signals) and window.past.n_days < t.PERSISTENCE_MIN_SPAN_D,
        said(
            "fire pixels within {km:number} km: {n}, but {days} days of earlier record are too few "
            "to know whether heat is always there",
            km=km,
            n=len(signals),
            days=window.past.n_days,
        ),
        signals,
    )
    yield (
        bool(signals) and not window.past.fresh,
        said(
            "fire pixels within {km:number} km: {n}, but no whole record of the {days} days before "
            "shows that it was not burning already",
            km=km,
            n=len(signals),
            days=t.HEAT_FRESH_D,
        ),
        signals,
    )
    yield (
        blind and bool(burned),
        said(
            "fire pixels within {km:number} km: {n}, but it burned there up to {days} days before "
            "the claimed time: a fire could hide in it",
            km=km,
            n=len({*map(_key, signals), *map(_key, blinding)}),
            days=t.HEAT_CARRY_OVER_D,
        ),
        [*blinding, *(d for d in signals if d not in blinding)],
    )
    yield (
        blind,
        said(
            "fire pixels within {km:number} km: {n}, but they are of a known static source: a fire "
            "could hide in it, and the likelihood ratio is 1",
            km=km,
            n=len(blinding),
        ),
        blinding,
    )
    yield (
        bool(standing) and not signals,
        said(
            "no fire pixels within {km:number} km since the claimed time, but heat of long "
            "standing up to {days} days before: that it is not seen says nothing",
            km=km,
            days=t.HEAT_CARRY_OVER_D,
        ),
        standing,
    )
    yield (
        bool(standing) and len(window.past.own_days) < t.OWN_MIN_D,
        said(
            "fire pixels within {km:number} km: {n}, at spots with heat on many earlier dates, but "
            "{days} whole days of the weeks before are too few to know how often it burns there",
            km=km,
            n=len(signals),
            days=len(window.past.own_days),
        ),
        signals,
    )
    yield (
        not signals and window.share_seen < t.MIN_LOOK_SHARE,
        said_n(
            "usable looks on {n_seen} of {n} UTC date, {share:share} of the hours: silence says "
            "nothing",
            "usable looks on {n_seen} of {n} UTC dates, {share:share} of the hours: silence says "
            "nothing",
            window.n_dates,
            n_seen=window.n_seen,
            share=window.share_seen,
        ),
        (),
    )


def _key(found: Detection) -> str:
    return str(found.heat.row)


def _unusable(words: Said, rows: tuple[str, ...]) -> Line:
    return Line(HEAT, HEAT, Says.UNUSABLE, 1.0, 1.0, 1.0, words, rows)


def _silence(window: Window, rates: SensorSet, edge_km: float, look: Chance) -> Line:
    kind = window.incident.preferred.object_class
    ratio = rates.silence(kind, edge_km, look)
    show, fire = rates.showing(kind, edge_km), rates.cell(kind, edge_km).fire
    words = said_n(
        "no fire pixels within {km:number} km since {days} days before, in usable looks on "
        "{n_seen} of {n} UTC date; {rates:told}; a fire of its own in {fire:number}, which at "
        "clear looks in {prior:number} of the windows of the measurement means that a clear look "
        "shows it with {show:number} ({show_low:number} to {show_high:number}); chance of a clear "
        "look here {look:number} ({look_low:number} to {look_high:number}); likelihood ratio = "
        "1 - {look:number} × {show:number}",
        "no fire pixels within {km:number} km since {days} days before, in usable looks on "
        "{n_seen} of {n} UTC dates; {rates:told}; a fire of its own in {fire:number}, which at "
        "clear looks in {prior:number} of the windows of the measurement means that a clear look "
        "shows it with {show:number} ({show_low:number} to {show_high:number}); chance of a clear "
        "look here {look:number} ({look_low:number} to {look_high:number}); likelihood ratio = "
        "1 - {look:number} × {show:number}",
        window.n_dates,
        km=edge_km,
        days=t.HEAT_CARRY_OVER_D,
        n_seen=window.n_seen,
        rates=_rates_of(rates, kind, edge_km),
        fire=fire.p,
        prior=rates.clear_look_share.p,
        show=show.p,
        show_low=show.low,
        show_high=show.high,
        look=look.p,
        look_low=look.low,
        look_high=look.high,
    )
    rows = tuple(row for each in window.looks for row in each.rows)
    return Line(HEAT, HEAT, Says.NOTHING_SEEN, *ratio, words, rows)


def _signal(window: Window, rates: SensorSet) -> Line:
    """Worth of the ring in which the nearest pixel lies."""
    kind = window.incident.preferred.object_class
    outer = window.told_km
    signals = window.signals(max(window.open_edges))
    nearest_km = min(d.distance_km for d in signals)
    inner = max((edge for edge in window.open_edges if edge < nearest_km), default=0.0)
    own = window.own(rates.own_radius_km)
    found = rates.signal(kind, inner, outer, own, window.n_full)
    rows = tuple(str(d.heat.row) for d in signals)
    if window.standing(outer):
        return _beside_standing_heat(window, rates, outer, found, rows)
    words = said_n(
        "fire pixels within {km:number} km: {pixels} on {n_burning} of {n} UTC date, the nearest "
        "at {nearest:number} km; {rates:told}; heat of its own on {own_k} of {own_n} whole days "
        "of the weeks before; the nearest fire lies between {inner:number} and {outer:number} km "
        "in {struck:number} of such windows after a strike and in {anyway:number} without one, and "
        "the likelihood ratio is their quotient, never below 1",
        "fire pixels within {km:number} km: {pixels} on {n_burning} of {n} UTC dates, the nearest "
        "at {nearest:number} km; {rates:told}; heat of its own on {own_k} of {own_n} whole days "
        "of the weeks before; the nearest fire lies between {inner:number} and {outer:number} km "
        "in {struck:number} of such windows after a strike and in {anyway:number} without one, and "
        "the likelihood ratio is their quotient, never below 1",
        window.n_dates,
        km=max(window.open_edges),
        pixels=len(signals),
        n_burning=len({day_of(d) for d in signals}),
        nearest=round(nearest_km, 1),
        rates=_rates_of(rates, kind, outer),
        own_k=own.k,
        own_n=own.n,
        inner=inner,
        outer=outer,
        struck=found.if_struck,
        anyway=found.anyway,
    )
    return Line(HEAT, HEAT, Says.SIGNAL, *found.lr, words, rows)


def _beside_standing_heat(
    window: Window, rates: SensorSet, km: float, found: Strength, rows: tuple[str, ...]
) -> Line:
    """Worth of a fire where the site's own record says how often it burns anyway."""
    kind, own = window.incident.preferred.object_class, window.own(km)
    less = rates.beside_standing_heat(kind, km, own, window.n_full, found)
    words = said(
        "fire pixels within {km:number} km: {pixels}, where heat is of long standing: on {own_k} "
        "of {own_n} whole days of the weeks before; {rates:told}; so that heat is within "
        "{km:number} km in {struck:number} of such windows after a strike and in {anyway:number} "
        "without one, and the likelihood ratio is no more than their quotient, never below 1",
        km=km,
        pixels=len(window.signals(km)),
        own_k=own.k,
        own_n=own.n,
        rates=_rates_of(rates, kind, km),
        struck=less.if_struck,
        anyway=less.anyway,
    )
    return Line(HEAT, HEAT, Says.SIGNAL, *less.lr, words, rows)


def _rates_of(rates: SensorSet, kind: str | None, km: float) -> Said:
    cell = rates.cell(kind, km)
    return said(
        "rates of the class group “{group}” within {km:number} km ({sensors}, Ukraine 2022, "
        "{mass:share} intervals): heat after a strike in {p:number} ({low:number} to "
        "{high:number}, n = {n}), anyway in {q:number} ({q_low:number} to {q_high:number}, "
        "n = {q_n})",
        group=rates.group(kind),
        km=km,
        sensors=rates.name,
        mass=t.INTERVAL_MASS,
        p=cell.show.p,
        low=cell.show.low,
        high=cell.show.high,
        n=cell.n,
        q=cell.background.p,
        q_low=cell.background.low,
        q_high=cell.background.high,
        q_n=cell.background_n,
    )
