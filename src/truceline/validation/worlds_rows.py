"""One world through the whole pipeline, as rows: what was stated beside what is true."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from truceline.assess.evidence import weigh
from truceline.domain.incident import Incident, Line, Says
from truceline.domain.result import Result
from truceline.domain.verdict import Assessment, Verdict
from truceline.pipeline.run import assess_case
from truceline.settings import Settings
from truceline.simulate.orders import Order
from truceline.simulate.rates import Rates
from truceline.simulate.terms import PLAIN
from truceline.simulate.world import Truth, World, make_world, write_world
from truceline.sources.casefile import read_case

ENGINE = Settings(engine_memory="200MB", engine_threads=1)
"""Worlds run side by side: each with little memory and one thread."""

HEAT = "satellite_heat"


@dataclass(frozen=True)
class IncidentRow:
    """One incident: what its lines say together, and whether anything of it happened there.

    ``lr`` is the product of all lines, so that it is the stated odds at a prior of even odds;
    ``parts`` has its logarithm by kind of line and what that says.
    """

    claims: tuple[str, ...]
    happened: bool
    lr: float
    n_for: int
    n_against: int
    sharp: bool
    looked: bool
    parts: tuple[tuple[str, float], ...]

    @property
    def log_lr(self) -> float:
        """Natural logarithm of the ratio."""
        return math.log(self.lr)

    @property
    def stated(self) -> float:
        """Probability at even prior odds."""
        return self.lr / (1 + self.lr)


@dataclass(frozen=True)
class ItemRow:
    """One incident, reading and accused role (0 first, 1 second), judged, beside the truth.

    ``theirs``: it happened there, and this role did it.  ``counts``: the same, and the plain
    reading covers it by its true act and instant.  ``settled``: attributed to this role.
    """

    claims: tuple[str, ...]
    reading: str
    role: int
    verdict: str
    because: str
    also: tuple[str, ...]
    theirs: bool
    counts: bool
    n_for: int
    sharp: bool
    settled: bool

    @property
    def indicated(self) -> bool:
        """Whether the engine says that the reading was not kept."""
        return self.verdict == Verdict.BREACH_INDICATED

    @property
    def undetermined(self) -> bool:
        """Whether the engine leaves it open."""
        return self.verdict == Verdict.UNDETERMINED


@dataclass(frozen=True)
class WorldRows:
    """One world: its order, its size, and the rows of its incidents and items."""

    order: Order
    n_claims: int
    n_strikes: int
    n_unclaimed: int
    incidents: tuple[IncidentRow, ...]
    items: tuple[ItemRow, ...]


def assess_world(order: Order, rates: Rates) -> WorldRows:
    """Make a world, read and assess its folder as any other case, and hold it against its truth.

    The folder is removed again.
    """
    world = make_world(order, rates)
    with tempfile.TemporaryDirectory(prefix="truceline-world-") as name:
        folder = Path(name)
        write_world(world, folder)
        result = assess_case(read_case(folder), ENGINE)
    return rows_of(world, result)


def rows_of(world: World, result: Result) -> WorldRows:
    """What the engine found beside what is true; incidents by the ids of their claims."""
    incidents = sorted(result.incidents, key=_claims)
    by_id = {incident.id: incident for incident in incidents}
    assessments = sorted(
        result.assessments,
        key=lambda a: (_claims(by_id[a.incident]), a.reading, world.order.codes.index(a.party)),
    )
    return WorldRows(
        world.order,
        len(world.truth.claims),
        len(world.truth.strikes),
        world.truth.n_unclaimed,
        tuple(_incident_row(incident, result, world.truth) for incident in incidents),
        tuple(_item_row(a, by_id[a.incident], result, world) for a in assessments),
    )


def _claims(incident: Incident) -> tuple[str, ...]:
    return tuple(sorted(account.id for account in incident.accounts))


def _incident_row(incident: Incident, result: Result, truth: Truth) -> IncidentRow:
    lines = result.evidence[incident.id].lines
    weight = weigh(lines)
    used = [line for line in lines if line.says is not Says.UNUSABLE]
    return IncidentRow(
        _claims(incident),
        any(truth.of(account.id).happened for account in incident.accounts),
        weight.lr,
        weight.n_for,
        weight.n_against,
        incident.place.sharp,
        any(line.family == HEAT for line in used),
        tuple(sorted(_parts(used).items())),
    )


def _parts(lines: Sequence[Line]) -> dict[str, float]:
    found: dict[str, float] = {}
    for line in lines:
        name = f"{line.family} {line.says}"
        found[name] = found.get(name, 0.0) + math.log(line.lr)
    return found


def _item_row(a: Assessment, incident: Incident, result: Result, world: World) -> ItemRow:
    evidence, truth = result.evidence[incident.id], world.truth
    weight = weigh(evidence.lines)
    told = [truth.of(account.id) for account in incident.accounts]
    theirs = [claim for claim in told if claim.actor == a.party]
    strikes = {strike.number: strike for strike in truth.strikes}
    plain = next(reading for reading in result.agreement.readings if reading.id == PLAIN)
    span = plain.clock.span
    done = [strikes[claim.strike] for claim in theirs if claim.strike is not None]
    return ItemRow(
        _claims(incident),
        a.reading,
        world.order.codes.index(a.party),
        a.verdict,
        a.because,
        tuple(a.also),
        bool(theirs),
        any(s.act == "hit" and span.start <= s.at < span.until for s in done),
        weight.n_for,
        incident.place.sharp,
        evidence.attribution.settled and evidence.attribution.parties == (a.party,),
    )
