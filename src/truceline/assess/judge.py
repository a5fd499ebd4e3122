"""The judge: numbered steps from an incident to a verdict, for one reading and one party.

1. Is the clock running, with the incident's time uncertainty?
2. Is the act, by its means and on its object, protected?
3. Is the place in the area?
4. What do the independent lines say about occurrence?
5. Who could have done it?
6. Was the obligation released?
7. Verdict and grounds.

A boundary that the reading leaves open gives ``disputed_terms``; one that the data cannot
resolve gives ``time_imprecise``, ``place_imprecise`` or ``class_unknown``; nothing is chosen
in silence.  No step looks at a name of a party to decide anything.

By terms that a machine has drafted and nobody has signed nothing is judged: no step is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from truceline.assess.evidence import Weight, weigh
from truceline.assess.exposure import usable
from truceline.assess.protected import Answered, Fit, answers_of, fits_of
from truceline.assess.release import History, Release, release_of
from truceline.assess.unsigned import ENGINE, unsigned
from truceline.domain.agreement import Agreement, Clause, ClockState, Reading
from truceline.domain.claim import Claim
from truceline.domain.incident import Evidence, Incident
from truceline.domain.place import Position
from truceline.domain.said import Said, said, said_n
from truceline.domain.scope import Answer
from truceline.domain.verdict import REASONS, Assessment, Ground, GroundCode, Reason, Verdict
from truceline.thresholds import SPEAKS_FOR_LR

AMBIGUOUS = "ambiguous"
"""Certainty of an act whose words bear more than one code."""

GRAVITY = (
    Verdict.BREACH_INDICATED,
    Verdict.UNDETERMINED,
    Verdict.NO_BREACH_INDICATED,
    Verdict.OUT_OF_SCOPE,
    Verdict.NOT_IN_FORCE,
)
"""For a duty to abstain sight beats blindness, and blindness beats silence: of several clauses
the one that says most is kept."""


@dataclass
class Docket:
    """What the steps have found so far: grounds, reasons that stay open, and an ending."""

    grounds: list[Ground] = field(default_factory=list)
    open: set[Reason] = field(default_factory=set)
    ending: tuple[Verdict, Reason] | None = None

    def note(
        self, step: int, code: GroundCode | Reason, text: str, rows: Sequence[str] = ()
    ) -> None:
        """A ground that decides nothing by itself."""
        self.grounds.append(Ground(step, code, text, tuple(dict.fromkeys(rows))))

    def doubt(self, step: int, reason: Reason, text: str, rows: Sequence[str] = ()) -> None:
        """A reason why the verdict stays undetermined."""
        self.open.add(reason)
        self.note(step, reason, text, rows)

    def end(
        self, step: int, verdict: Verdict, reason: Reason, text: str, rows: Sequence[str] = ()
    ) -> None:
        """The verdict, unless a step before has ended it."""
        if self.ending is None:
            self.ending = (verdict, reason)
            self.note(step, reason, text, rows)


def judge_all(
    agreement: Agreement,
    incidents: Sequence[Incident],
    evidence: Mapping[str, Evidence],
    at: datetime,
) -> list[Assessment]:
    """Every incident under every reading for every party that an account accuses.

    In order of incidents, readings, parties.  Within a reading, incidents are judged in order
    of their ends, because the way out depends on what ended before.
    """
    if agreement.unsigned:
        return unsigned(agreement, incidents, at)
    found: dict[tuple[str, str, str], Assessment] = {}
    for reading in agreement.readings:
        past = History()
        for incident in sorted(incidents, key=lambda i: (i.interval.until, i.id)):
            for party in incident.accused:
                release = release_of(party, incident, reading, agreement, past)
                bench = (incident, reading, party, evidence[incident.id], release, at)
                found[incident.id, reading.id, party] = _judge_party(*bench)
            for party in incident.accused:
                past.add(incident.interval, found[incident.id, reading.id, party])
    return [
        found[incident.id, reading.id, party]
        for incident in incidents
        for reading in agreement.readings
        for party in incident.accused
    ]


def _judge_party(
    incident: Incident,
    reading: Reading,
    party: str,
    evidence: Evidence,
    release: Release,
    at: datetime,
) -> Assessment:
    verdicts = [
        judge(incident, reading, clause, party, evidence, release, at) for clause in reading.clauses
    ]
    kept = min(verdicts, key=lambda a: GRAVITY.index(a.verdict))
    others = tuple(
        Ground(
            7,
            GroundCode.OTHER_CLAUSE,
            said(
                "clause {clause}: {verdict:verdict}, because {because:reason}",
                clause=a.clause,
                verdict=a.verdict,
                because=a.because,
            ),
        )
        for a in verdicts
        if a is not kept
    )
    return replace(kept, grounds=kept.grounds + others)


def judge(
    incident: Incident,
    reading: Reading,
    clause: Clause,
    party: str,
    evidence: Evidence,
    release: Release,
    at: datetime,
) -> Assessment:
    """One verdict with its grounds, by the numbered steps."""
    docket = Docket()
    accounts = incident.accusing(party)
    _clock(docket, reading, incident)  # 1
    _act_and_object(docket, clause, party, accounts)  # 2
    _place(docket, clause, incident)  # 3
    weight = _occurrence(docket, incident, evidence)  # 4
    _attribution(docket, party, evidence)  # 5
    _release(docket, release)  # 6
    verdict, because, also = _decide(docket, weight)  # 7
    return Assessment(
        incident=incident.id,
        reading=reading.id,
        party=party,
        clause=clause.id,
        verdict=verdict,
        because=because,
        also=also,
        exit_state=release.state,
        grounds=tuple(docket.grounds),
        author=ENGINE,
        at=at,
    )


# --- 1 ------------------------------------------------------------------------------------------


def _clock(docket: Docket, reading: Reading, incident: Incident) -> None:
    when = incident.interval
    states = reading.clock.states(when)
    rows = [str(account.row) for account in incident.accounts]
    told = said(
        "{when:span} ({precision:time}); the clock of the reading runs {clock:span}",
        when=when,
        precision=incident.occurred.precision,
        clock=reading.clock.span,
    )
    if states == {ClockState.NOT_IN_FORCE}:
        why = said("outside the clock: {told:told}", told=told)
        docket.end(
            1, Verdict.NOT_IN_FORCE, Reason.OUTSIDE_CLOCK, why, [*rows, *reading.clock.source]
        )
        return
    docket.note(1, GroundCode.CLOCK, told, [*rows, *reading.clock.source])
    for span, stretch in reading.clock.open_spans:
        if span.overlaps(when):
            docket.doubt(1, Reason.DISPUTED_TERMS, stretch.why, stretch.source)
    if len(states) > 1:
        words = said("the time may be {states:clock}: {told:told}", states=states, told=told)
        docket.doubt(1, Reason.TIME_IMPRECISE, words, rows)


# --- 2 ------------------------------------------------------------------------------------------


def _act_and_object(docket: Docket, clause: Clause, party: str, accounts: Sequence[Claim]) -> None:
    if party not in clause.obliges:
        text = said("the clause does not oblige {party:party}", party=party)
        docket.end(2, Verdict.OUT_OF_SCOPE, Reason.PARTY_OUTSIDE, text, clause.must_not.source)
        return
    fits = [fit for account in accounts for fit in fits_of(clause, account)]
    best = min(fits, key=lambda fit: fit.rank)
    for answered in answers_of(best):
        _tell(docket, clause, answered)
    if best.rank[0] == 0:
        _tell_ambiguous(docket, best)
        for fit in fits:
            _tell_other(docket, clause, best, fit)


def _tell(docket: Docket, clause: Clause, answered: Answered) -> None:
    words, rows = answered.words, answered.rows
    cited = (*rows, *clause.must_not.source)
    match answered.says:
        case Answer.OUTSIDE:
            text = said("not covered: {words:told}", words=words)
            docket.end(2, Verdict.OUT_OF_SCOPE, answered.outside, text, cited)
        case Answer.OPEN:
            why, source = (s.why, s.source) if (s := clause.silent_on) else ("", ())
            text = said(
                "the reading is silent on it: {words:told}; {why:told}", words=words, why=why
            )
            docket.doubt(2, Reason.DISPUTED_TERMS, text, (*rows, *source))
        case Answer.INSIDE:
            docket.note(2, GroundCode.COVERED, words, cited)
        case Answer.UNRESOLVED:
            text = said("too little is known to place it: {words:told}", words=words)
            docket.doubt(2, Reason.CLASS_UNKNOWN, text, rows)
        case _:
            assert_never(answered.says)


def _tell_ambiguous(docket: Docket, best: Fit) -> None:
    """Words that allow for more than one act are no ground to stand on."""
    if best.answers[0] is Answer.INSIDE and best.account.act_certainty == AMBIGUOUS:
        text = said(
            "the words “{basis:words}” allow for more than one act", basis=best.account.act_basis
        )
        docket.doubt(2, Reason.CLASS_UNKNOWN, text, answers_of(best)[0].rows)


def _tell_other(docket: Docket, clause: Clause, best: Fit, fit: Fit) -> None:
    """An account or act that would be answered otherwise is never left out in silence."""
    for ours, theirs in zip(answers_of(best), answers_of(fit), strict=True):
        if theirs.says is ours.says:
            continue
        if theirs.says is Answer.OPEN:
            _tell(docket, clause, theirs)
        else:
            text = said(
                "another act or account differs ({says:answer}): {words:told}",
                says=theirs.says,
                words=theirs.words,
            )
            docket.doubt(2, Reason.CLASS_UNKNOWN, text, theirs.rows)


# --- 3 ------------------------------------------------------------------------------------------


def _place(docket: Docket, clause: Clause, incident: Incident) -> None:
    place = incident.place
    rows = [str(incident.preferred.row), *clause.where.source]
    told = _where(place)
    says = clause.where.places.answer(place.territory, place.area, place.held)
    if says is Answer.OUTSIDE:
        docket.end(
            3,
            Verdict.OUT_OF_SCOPE,
            Reason.PLACE_OUTSIDE,
            said("outside: {told:told}", told=told),
            rows,
        )
    elif says is Answer.UNRESOLVED:
        words = said("inside or outside is not known: {told:told}", told=told)
        docket.doubt(3, Reason.PLACE_IMPRECISE, words, rows)
    else:
        docket.note(3, GroundCode.INSIDE, told, rows)


def _where(place: Position) -> Said:
    """A place with territory and control, each of which may be unknown."""
    return said(
        "{name:words}, {region:told}: territory of {territory:party}, control: {control:holder}",
        name=place.name,
        region=place.region,
        territory=place.territory,
        control=place.control,
    )


# --- 4 ------------------------------------------------------------------------------------------


def _occurrence(docket: Docket, incident: Incident, evidence: Evidence) -> Weight:
    weight = weigh(evidence.lines)
    for line in evidence.lines:
        text = said(
            "{family:family}: {because:told}; likelihood ratio {lr:number} "
            "({low:number} to {high:number})",
            family=line.family,
            because=line.because,
            lr=line.lr,
            low=line.lr_low,
            high=line.lr_high,
        )
        docket.note(4, GroundCode(f"line_{line.says}"), text, line.rows)
    rows = [row for line in evidence.lines for row in line.rows]
    total = said(
        "lines for it {n_for}, against it {n_against}; likelihood ratio together {lr:number} "
        "({low:number} to {high:number})",
        n_for=weight.n_for,
        n_against=weight.n_against,
        lr=weight.lr,
        low=weight.lr_low,
        high=weight.lr_high,
    )
    _sharp_enough(docket, incident)
    if weight.established or weight.excluded:
        docket.note(4, GroundCode.WEIGHT, total, rows)
        return weight
    _why_not_seen(docket, incident, evidence)
    if weight.contradicted:
        text = said("lines speak against each other: {total:told}", total=total)
        docket.doubt(4, Reason.CONTRADICTED, text, rows)
    else:
        claims = [str(account.row) for account in incident.accounts]
        weak = [line.family for line in evidence.lines if line.says == "signal"]
        text = said(
            "a claim is no line of evidence, and one line is not two: {total:told}", total=total
        )
        if len(weak) > weight.n_for:
            text = said(
                "{text:told}; a signal whose low end is below {least:number} speaks for nothing",
                text=text,
                least=SPEAKS_FOR_LR,
            )
        docket.doubt(4, Reason.UNCORROBORATED, text, rows or claims)
    return weight


def _sharp_enough(docket: Docket, incident: Incident) -> None:
    """Nothing is indicated at an anchor point, whoever speaks for it."""
    place = incident.place
    if not place.sharp:
        text = said(
            "{precision:point} (about {km:number} km): no place to look at",
            precision=place.precision,
            km=place.uncertainty_km,
        )
        docket.doubt(4, Reason.PLACE_IMPRECISE, text, [str(incident.preferred.row)])


def _why_not_seen(docket: Docket, incident: Incident, evidence: Evidence) -> None:
    """Whether sensors saw nothing or could not have seen; no doubt where heat was a signal."""
    if any(line.family == "satellite_heat" and line.says == "signal" for line in evidence.lines):
        return
    rows = [row for look in evidence.looks for row in look.rows] or [str(incident.preferred.row)]
    if any(line.says == "nothing_seen" for line in evidence.lines):
        text = said("usable looks, no signal in them; {chance:told}", chance=evidence.watch.because)
        docket.doubt(4, Reason.NOTHING_SEEN, text, rows)
        return
    n_usable, n_all = len(usable(evidence.looks)), len(evidence.looks)
    text = said_n(
        "usable looks on {n_usable} of {n} sensor-day: too little for silence to say anything; "
        "{chance:told}",
        "usable looks on {n_usable} of {n} sensor-days: too little for silence to say anything; "
        "{chance:told}",
        n_all,
        n_usable=n_usable,
        chance=evidence.watch.because,
    )
    if not n_all:
        text = said("{chance:told}", chance=evidence.watch.because)
    docket.doubt(4, Reason.UNOBSERVABLE, text, rows)


# --- 5, 6, 7 ------------------------------------------------------------------------------------


def _attribution(docket: Docket, party: str, evidence: Evidence) -> None:
    who = evidence.attribution
    told = said("could have acted: unknown; {because:told}", because=who.because)
    if who.parties:
        told = said(
            "could have acted: {who:party}; {because:told}", who=who.parties, because=who.because
        )
    if who.settled and who.parties == (party,):
        docket.note(5, GroundCode.ATTRIBUTED, told, who.rows)
    elif who.settled:
        other = said("attributed to another party: {told:told}", told=told)
        docket.doubt(5, Reason.UNATTRIBUTED, other, who.rows)
    else:
        docket.doubt(5, Reason.UNATTRIBUTED, told, who.rows)


def _release(docket: Docket, release: Release) -> None:
    if release.released:
        docket.end(6, Verdict.NOT_IN_FORCE, Reason.RELEASED, release.why, release.rows)
    elif release.disputed:
        docket.doubt(6, Reason.RELEASE_DISPUTED, release.why, release.rows)
    else:
        code = GroundCode(f"exit_{release.state}") if release.rule else GroundCode.NO_EXIT_RULE
        docket.note(6, code, release.why, release.rows)


def _decide(docket: Docket, weight: Weight) -> tuple[Verdict, Reason, tuple[Reason, ...]]:
    if docket.ending is not None:
        return (*docket.ending, ())
    if weight.excluded:
        text = said("the lines exclude it as strongly as they could establish it")
        docket.note(7, Reason.EXCLUDED, text)
        return Verdict.NO_BREACH_INDICATED, Reason.EXCLUDED, ()
    if docket.open:
        order = REASONS[Verdict.UNDETERMINED]
        first, *rest = (reason for reason in order if reason in docket.open)
        return Verdict.UNDETERMINED, first, tuple(rest)
    text = said("in force, covered, inside, established and attributed")
    docket.note(7, Reason.ESTABLISHED, text)
    return Verdict.BREACH_INDICATED, Reason.ESTABLISHED, ()
