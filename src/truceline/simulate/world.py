"""A world: its case folder, and what is true of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from truceline.geo import Point
from truceline.simulate.accounts import Account, make_accounts
from truceline.simulate.folder import Told, case_files
from truceline.simulate.land import make_sites
from truceline.simulate.orders import Order
from truceline.simulate.pixels import heat_anyway, on_record
from truceline.simulate.rates import Rates, draw_showing
from truceline.simulate.sky import make_sky
from truceline.simulate.strikes import Happening, fires, make_happenings
from truceline.simulate.witnesses import make_reports, make_support


@dataclass(frozen=True)
class TrueStrike:
    """One thing that did happen: when (UTC), where, to which class, by which party's hand.

    ``claims`` has the ids of the claims that tell of it; none for what nobody told.
    """

    number: int
    at: datetime
    point: Point
    object_class: str
    act: str
    actor: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class ClaimTruth:
    """What is true of one claim.

    ``happened``: whether what it tells did happen at the place that it names; ``actor`` is the
    code of who did it, None where nothing happened; ``story`` says what stands behind the claim.
    """

    claim: str
    story: str
    happened: bool
    actor: str | None
    strike: int | None


@dataclass(frozen=True)
class Truth:
    """Everything that is true of a world, beside its records."""

    claims: tuple[ClaimTruth, ...]
    strikes: tuple[TrueStrike, ...]

    @property
    def n_unclaimed(self) -> int:
        """Strikes that nobody tells of."""
        return sum(not strike.claims for strike in self.strikes)

    def of(self, claim: str) -> ClaimTruth:
        """What is true of a claim, by its id."""
        return next(truth for truth in self.claims if truth.claim == claim)


@dataclass(frozen=True)
class World:
    """The files of a case by their path in the folder, and the truth that stands in none."""

    order: Order
    files: Mapping[str, bytes]
    truth: Truth


def make_world(order: Order, rates: Rates) -> World:
    """The world of an order; the same order and rates give the same bytes."""
    sites = make_sites(order)
    sky = make_sky(order, sites, rates)
    happenings = make_happenings(order, sky, sites)
    showing = draw_showing(rates, order.habits.detection_factor, order.stream("showing"))
    pixels = [*heat_anyway(order, sky, sites, rates), *fires(order, sky, happenings, showing)]
    accounts = make_accounts(order, happenings, sites, rates)
    told = Told(
        order,
        sites,
        sky,
        accounts,
        make_support(order, accounts, rates),
        make_reports(order, happenings, accounts, rates),
        on_record(sky, pixels),
    )
    return World(order, case_files(told), _truth(order, happenings, accounts))


def write_world(world: World, folder: Path) -> None:
    """Write the case into a new or empty folder."""
    for path, data in world.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _truth(order: Order, happenings: Sequence[Happening], accounts: Sequence[Account]) -> Truth:
    codes = order.codes
    claims = tuple(
        ClaimTruth(
            account.id,
            account.of.story if account.happened or not account.of.happened else "misplaced",
            account.happened,
            codes[account.of.actor] if account.happened and account.of.actor is not None else None,
            account.of.number if account.of.happened else None,
        )
        for account in accounts
    )
    strikes = tuple(
        TrueStrike(
            made.number,
            made.at,
            made.site.point,
            made.site.object_class,
            made.act,
            codes[made.actor],
            tuple(a.id for a in accounts if a.of is made),
        )
        for made in happenings
        if made.happened and made.actor is not None
    )
    return Truth(claims, strikes)
