"""One attack turned into draft rows: what its words say, column by column."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from truceline.domain.words import Document, Span, state_of
from truceline.words.actors import Registry, mentions
from truceline.words.claimslist.events import Event
from truceline.words.claimslist.lexicon import Words
from truceline.words.claimslist.places import Place, Places, read_places, region_of
from truceline.words.claimslist.rows import NOT_STATED, UNPLACED, ClaimRow, Kept
from truceline.words.claimslist.things import (
    Sight,
    Thing,
    accused_of,
    act_of,
    certainty_of,
    effects_of,
    weapon_of,
)
from truceline.words.claimslist.times import EVENING_FROM_H, Clock, Named, read_named
from truceline.words.found import Stretch
from truceline.words.quotes import find_quotes
from truceline.words.slots.passage import passage_of

DRAFTED = "Drafted by a machine from the words of a list; not yet checked by a person."


LEAD = re.compile(r"(?P<name>[^\W\d][\w’' -]{1,40}?)(?::|\s[–—-])\s")
"""A name before a colon or a dash."""
NO_PLACES = Places()


@dataclass(frozen=True)
class Context:
    """What a list has set so far: the day that goes on, whom it accuses, the last place."""

    document: Document
    registry: Registry
    words: Words
    dated: date | None
    claimant: str
    other: str
    day: date | None = None
    hour: str = ""
    """The last hour that was told."""
    set_day: date | None = None
    """The day that the introduction or a heading sets for all entries below."""
    places: Places = NO_PLACES
    objects: tuple[Thing, ...] = ()


@dataclass(frozen=True)
class Drafted:
    """Rows of one attack, what of it gave none, and the context for the next one."""

    rows: tuple[ClaimRow, ...]
    kept: tuple[Kept, ...]
    context: Context


@dataclass(frozen=True)
class When:
    """The columns of time, and what has to be said about them."""

    day: str
    clock: str
    precision: str
    notes: tuple[str, ...] = ()


def draft(event: Event, context: Context) -> Drafted:
    """Rows of one attack: one for each place, object or hour where there are several."""
    text = context.document.text
    idle = tuple(Kept(Span.cut(text, *s), _idle_reason(event)) for s in event.idle)
    if not event.told:
        return Drafted((), idle, context)
    row = passage_of(text, event.told, context.document.language)
    sight = Sight(row, context.words)
    named = read_named(row, context.words, context.dated)
    if named.day is not None and (sight.attacks or named.clocks):
        context = replace(context, day=named.day)
    if not sight.attacks:
        told = tuple(Kept(Span.cut(text, *s), "no attack is told") for s in event.told)
        return Drafted((), tuple(sorted((*told, *idle), key=_start)), context)
    apart = [c.stretch for c in named.clocks] + ([named.day_stretch] if named.day_stretch else [])
    apart += [t.stretch for t in sight.objects]
    places = read_places(row, context.words, context.registry, apart)
    for heading in (event.heading, _lead(text, event.entry), event.over):
        if heading is not None and not places.regions:
            places = _with_heading(heading, context, places)
    reason = _unreadable(sight, named, places)
    if reason:
        told = tuple(Kept(Span.cut(text, *s), reason) for s in event.told)
        return Drafted((), tuple(sorted((*told, *idle), key=_start)), context)
    rows = _Rows(event, context, sight, named, places).all()
    hour = named.clocks[-1].text if named.clocks else context.hour
    left = replace(context, places=places, objects=tuple(sight.objects), hour=hour)
    return Drafted(rows, idle, left)


def _lead(text: str, entry: Stretch) -> Stretch | None:
    """A few words before a colon or dash at the start of an entry ("Sumy: ...")."""
    found = LEAD.match(text, *entry)
    return found.span("name") if found else None


def _with_heading(heading: Stretch, context: Context, places: Places) -> Places:
    """The places with the region of a heading, which may not say that it is one."""
    text = context.document.text
    row = passage_of(text, [heading], context.document.language)
    named = read_places(row, context.words, context.registry, [])
    name = text[slice(*heading)].rstrip(" .:–—-")
    key, of = region_of(name, context.registry)
    regions = named.regions
    if key and not regions:
        regions = (Place(name, "region", (heading[0], heading[0] + len(name)), key, of),)
    if not regions:
        return places
    finest = places.finest or named.finest or regions
    return Places(finest, regions, (finest[0].stretch[0], finest[-1].stretch[1]))


def _start(kept: Kept) -> int:
    return kept.span.start


def _idle_reason(event: Event) -> str:
    return "adds nothing to the attack" if event.told else "no attack is told"


def _unreadable(sight: Sight, named: Named, places: Places) -> str:
    """Why an attack cannot be taken apart; blank where it can."""
    strikes = sight.cue("strike")
    rest = sight.outcomes or sight.shots or sight.cue("hitting", "debris", "fine")
    if strikes and not rest and all(sight.negated(hit) for hit in strikes):
        return "it says that there was no attack"
    several = [len(sight.objects) > 1, len(named.clocks) > 1, len(places.finest) > 1]
    total = sight.count is not None and not sight.objects
    if sum(several) > 1 and not total:
        return "several places, objects or hours that the words do not pair"
    told = sight.weapons or sight.outcomes or sight.shots or sight.cue("hitting", "debris")
    if not (sight.objects or sight.count or named.clocks or (places.finest and told)):
        return "attacks in general: no object, hour or number, and no place with a weapon or effect"
    return ""


class _Rows:
    """The rows of one attack."""

    def __init__(
        self, event: Event, context: Context, sight: Sight, named: Named, places: Places
    ) -> None:
        self.event, self.context, self.sight, self.named = event, context, sight, named
        self.text = context.document.text
        self.is_total = sight.count is not None and not sight.objects and not named.clocks
        self.count = sight.count if len(named.clocks) < 2 else None
        self.places = places if places.finest or not event.follows else context.places
        self.objects = tuple(sight.objects)
        if not self.objects and event.follows and not sight.plain and not self.is_total:
            self.objects = context.objects

    def all(self) -> tuple[ClaimRow, ...]:
        """One row for each place, object or hour."""
        base = self._base()
        places: tuple[Place | None, ...] = self.places.finest or (None,)
        if self.is_total and len(self.places.finest) > 1:
            places = (None,)
        objects: tuple[Thing | None, ...] = self.objects or (None,)
        clocks: tuple[Clock | None, ...] = self.named.clocks or (None,)
        return tuple(
            self._placed(self._timed(self._on(base, thing), clock), place, thing)
            for place in places
            for thing in objects
            for clock in clocks
        )

    def _base(self) -> ClaimRow:
        """Everything that is the same in all rows of the attack."""
        context, sight = self.context, self.sight
        weapon, weapon_hit = weapon_of(sight)
        act, also, basis = act_of(sight, weapon, self.objects)
        accused, where = self._accused()
        effects = effects_of(sight, self._edges())
        spans = {"claimed_effect": effects[0]} if effects else {}
        spans |= {f"claimed_effect_{n}": span for n, span in enumerate(effects[1:], 2)}
        if weapon_hit is not None:
            spans["weapon"] = Span.cut(self.text, weapon_hit.start, weapon_hit.end)
        if where is not None:
            spans["accused_side"] = Span.cut(self.text, *where)
        if self.count is not None:
            spans["count"] = Span.cut(self.text, *self.count[1])
        if basis is not None:
            spans["act"] = Span.cut(self.text, basis.start, basis.end)
        return ClaimRow(
            claim_id="",
            event_date="",
            event_time_local="",
            accused_side=accused,
            claimant=context.claimant,
            claimant_side=state_of(context.claimant),
            object_name="",
            object_type=UNPLACED,
            place="",
            admin_region=NOT_STATED,
            country_or_control=NOT_STATED,
            location_precision="region",
            weapon=weapon,
            claimed_effect="; ".join(one.text for one in effects),
            source_date=context.document.dated or "",
            date_precision="unknown",
            inferred_notes=self._notes(spans),
            act="unstated" if self.is_total else act,
            also_act=also,
            act_basis=spans["act"].text if "act" in spans else "",
            act_certainty=certainty_of(act, basis, self.objects),
            count=self.count[0] if self.count else 1,
            said=tuple(Span.cut(self.text, *s) for s in self._said()),
            spans=spans,
        )

    def _accused(self) -> tuple[str, Stretch | None]:
        """The state that acts in the sentences of the attack, and where it is named."""
        context, document = self.context, self.context.document
        named = mentions(
            self.text, *self.event.entry, document.language, context.registry, document.dated
        )
        inside = [m for m in named if any(a <= m.start < b for a, b in self.event.told)]
        return accused_of(self.sight, inside, state_of(context.claimant), context.other)

    def _said(self) -> tuple[Stretch, ...]:
        over = self.event.over
        return self.event.told if over is None else (over, *self.event.told)

    def _notes(self, spans: dict[str, Span]) -> str:
        notes = [DRAFTED]
        if self.count is not None:
            total = "A total of" if self.is_total else "Counts"
            notes.append(f"{total} {self.count[0]} attacks that are not told one by one.")
        if "weapon" in spans:
            notes.append(f'Weapon: "{spans["weapon"].text}".')
        if "act" in spans:
            notes.append(f'Act: "{spans["act"].text}".')
        if "accused_side" not in spans:
            notes.append("Accused: by the list as a whole.")
        if self.event.is_cut:
            notes.append("The entry ends in the middle of a sentence.")
        return " ".join(notes)

    def _edges(self) -> list[Stretch]:
        """Stretches of other columns, which the words of an effect do not take in."""
        hits = [*self.sight.weapons, *self.sight.cue("strike")]
        stretches = [(h.start, h.end) for h in hits]
        stretches += [c.stretch for c in self.named.clocks]
        stretches += [p.stretch for p in self.places.finest]
        for start, end in self.event.told:
            stretches += [quote.outer for quote in find_quotes(self.text, start, end)]
        return stretches + ([self.named.day_stretch] if self.named.day_stretch else [])

    def _on(self, row: ClaimRow, thing: Thing | None) -> ClaimRow:
        """The row with its object; one whose class is not told has a name alone."""
        plain = thing or (None if self.is_total else self.sight.plain)
        if plain is None:
            return row
        span = Span.cut(self.text, *plain.stretch)
        return replace(
            row,
            object_name=span.text,
            object_type=thing.object_class if thing else UNPLACED,
            spans={**row.spans, "object_name": span},
        )

    def _placed(self, row: ClaimRow, place: Place | None, thing: Thing | None) -> ClaimRow:
        spans = dict(row.spans)
        regions = {p.text: p for p in self.places.regions}
        region = place if place and place.level == "region" else None
        if region is None and len(regions) == 1:
            region = next(iter(regions.values()))
        if place is None and self.places.joined is not None:
            spans["place"] = Span.cut(self.text, *self.places.joined)
            return replace(row, place=spans["place"].text, spans=spans)
        if place is not None:
            spans["place"] = Span.cut(self.text, *place.stretch)
        elif thing is not None and thing.named:
            spans["place"] = Span.cut(self.text, *thing.stretch)
        if region is not None:
            spans["admin_region"] = Span.cut(self.text, *region.stretch)
        level = place.level if place else "facility" if "place" in spans else "region"
        return replace(
            row,
            place=spans["place"].text if "place" in spans else "",
            admin_region=(region.key or region.text) if region else NOT_STATED,
            country_or_control=(region.of or NOT_STATED) if region else NOT_STATED,
            location_precision=level,
            spans=spans,
        )

    def _timed(self, row: ClaimRow, clock: Clock | None) -> ClaimRow:
        spans = dict(row.spans)
        if self.named.day_stretch is not None:
            spans["event_date"] = Span.cut(self.text, *self.named.day_stretch)
        if clock is not None:
            spans["event_time_local"] = Span.cut(self.text, *clock.stretch)
        elif self.named.night is not None:
            spans["event_time_local"] = Span.cut(self.text, *self.named.night)
        when = self._when(clock)
        return replace(
            row,
            event_date=when.day,
            event_time_local=when.clock,
            date_precision=when.precision,
            inferred_notes=" ".join((row.inferred_notes, *when.notes)),
            spans=spans,
        )

    def _when(self, clock: Clock | None) -> When:
        """Day, hour and precision; an hour without a sure day goes into the notes."""
        dated, day = self.context.dated, self.named.day
        notes: list[str] = []
        if clock is not None and clock.about:
            notes.append(f'The hour is stated as "{self.text[slice(*clock.stretch)]}".')
        if day is None and clock is not None and self.context.day is not None:
            day = self.context.day
            notes.append("The day is that of an entry before.")
            if clock.text < self.context.hour and dated is not None and day < dated:
                notes.append(
                    f"Hour {clock.text}: earlier than the one before, perhaps of the next day."
                )
                return When(day.isoformat(), "", "inferred", tuple(notes))
        if day is None and clock is None and self.context.set_day is not None:
            day = self.context.set_day
            notes.append("The day is that of the introduction or heading.")
        if day is not None and dated is not None and day > dated:
            notes.append(f"The day {day} lies after that of the list.")
            day = None
        if day is not None and clock is not None:
            if self.named.night_to and clock.hour >= EVENING_FROM_H:
                day -= timedelta(days=1)
            return When(day.isoformat(), clock.text, "exact", tuple(notes))
        if clock is not None:
            notes.append(f"Hour without a day: {clock.text}.")
        if self.named.night is not None and (day or dated):
            return When(str(day or dated), "", "night_span", tuple(notes))
        if day is not None:
            return When(day.isoformat(), "", "exact", tuple(notes))
        if dated is not None:
            return When(dated.isoformat(), "", "report_date", tuple(notes))
        return When("", "", "unknown", tuple(notes))
