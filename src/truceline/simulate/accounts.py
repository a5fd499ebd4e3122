"""What is told of the happenings of a world: by whom, of which place, class and time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from truceline.geo import Point
from truceline.simulate.dating import Dating, date_account
from truceline.simulate.land import CLASSES, WORDS, ZONES, Site
from truceline.simulate.orders import FIRST, SECOND, Order
from truceline.simulate.rates import Rates
from truceline.simulate.strikes import Happening

P_PRECISION = (("facility", 0.45), ("settlement", 0.35), ("district", 0.15), ("region", 0.05))
P_COUNTER = 0.5
"""Share of second accounts in which the accused answers by accusing the other."""

P_BYSTANDER = 0.05
"""Share of first accounts by somebody who belongs to neither party."""

P_SAME_WEAPON = 0.8
WEAPONS = ("drone", "missile")
RESPONSES = (("denied", "item", 0.3), ("silent", "none", 0.2), ("unknown", "none", 0.5))

INSTITUTIONS = ("Ministry of Energy", "General Staff", "Regional Office")


@dataclass(frozen=True)
class Place:
    """Where an account puts it: name, position and how precise that is."""

    name: str
    point: Point
    precision: str


@dataclass(frozen=True)
class Account:
    """One row of the ledger of claims, with what is true of it.

    ``side`` is the role that speaks, None for somebody who belongs to neither; ``site`` is the
    object whose surroundings it names, and ``happened`` says whether what it tells did happen
    there.
    """

    id: str
    of: Happening
    site: Site
    side: int | None
    speaker: str
    accused: int
    place: Place
    object_class: str
    weapon: str
    dating: Dating
    response: tuple[str, str]
    happened: bool

    @property
    def admits(self) -> bool:
        """Whether a side says that it acted itself."""
        return self.side == self.accused

    @property
    def object_name(self) -> str:
        """The object as this account calls it."""
        return f"{self.of.site.town} {WORDS[self.object_class]}"


def make_accounts(
    order: Order, happenings: Sequence[Happening], sites: Sequence[Site], rates: Rates
) -> tuple[Account, ...]:
    """Accounts in order of happenings: accusation, second account, admission."""
    bans = _bans(order)
    found: list[Account] = []
    for made in happenings:
        if made.claimed:
            random = order.stream(f"accounts {made.number}")
            found += _accounts(order, made, sites, bans, rates, random)
    return tuple(replace(account, id=f"K{i:03}") for i, account in enumerate(found, 1))


def _bans(order: Order) -> tuple[bool, bool]:
    """Roles that publish no place finer than a district."""
    dice = order.stream("bans").random(2)
    return bool(dice[FIRST] < order.habits.publication_ban), bool(
        dice[SECOND] < order.habits.publication_ban
    )


def _accounts(
    order: Order,
    made: Happening,
    sites: Sequence[Site],
    bans: tuple[bool, bool],
    rates: Rates,
    random: np.random.Generator,
) -> Iterator[Account]:
    """The accounts of one happening, not yet numbered; dice are thrown in a fixed order."""
    habits, dice = order.habits, random.random(8)
    accuser = made.site.side
    elsewhere = _elsewhere(made, sites, random)
    misplaced = bool(dice[0] < habits.misplaced) and not order.plan.coordinates
    site = elsewhere if misplaced else made.site
    happened = made.happened and not misplaced
    claimed = (
        _other_class(made, rates, random)
        if dice[1] < habits.wrong_class
        else made.site.object_class
    )
    weapon = WEAPONS[int(dice[2] < 0.5)]
    other_weapon = weapon if dice[3] < P_SAME_WEAPON else WEAPONS[int(dice[2] >= 0.5)]

    def account(side: int | None, office: int, accused: int, told: str, with_what: str) -> Account:
        place = _place(order, site, side is not None and bans[side], random)
        dating = date_account(made.at, ZONES[accuser if side is None else side], random)
        return Account(
            "",
            made,
            site,
            side,
            INSTITUTIONS[office] if side is not None else "Association of crews",
            accused,
            place,
            told,
            with_what,
            dating,
            _response(float(random.random())),
            happened,
        )

    bystander = dice[4] < P_BYSTANDER
    yield account(None if bystander else accuser, 0, made.accused, claimed, weapon)
    if dice[5] < habits.second_account or made.shared:
        if dice[6] < P_COUNTER and not made.shared:
            yield account(made.accused, 1, accuser, made.site.object_class, other_weapon)
        else:
            yield account(accuser, 2, made.accused, made.site.object_class, other_weapon)
    speaker = made.accused if made.actor is None else made.actor
    p_true, p_false = rates.lines["admission"]
    if dice[7] < habits.attention * (p_true if happened else p_false):
        yield account(speaker, 1, speaker, made.site.object_class, weapon)


def _elsewhere(made: Happening, sites: Sequence[Site], random: np.random.Generator) -> Site:
    """Another object of the same region: its town is named by mistake."""
    others = [s for s in sites if s.region == made.site.region and s != made.site]
    return others[int(random.integers(len(others)))]


def _other_class(made: Happening, rates: Rates, random: np.random.Generator) -> str:
    """A class with other rates of heat: told by mistake."""
    own = rates.heat[made.site.object_class].group
    others = sorted({name for name in CLASSES if rates.heat[name].group != own})
    return others[int(random.integers(len(others)))]


def _place(order: Order, site: Site, banned: bool, random: np.random.Generator) -> Place:
    dice = float(random.random())
    precision = "region"
    for name, share in P_PRECISION:
        dice -= share
        if dice < 0:
            precision = name
            break
    if banned and precision in ("facility", "settlement"):
        precision = "district"
    if order.plan.coordinates:
        precision = "facility"
    return place_at(site, precision)


def place_at(site: Site, precision: str) -> Place:
    """A site as a position of some precision, to two decimals of a degree."""
    name, point = {
        "facility": (site.town, site.point),
        "settlement": (site.town, site.town_point),
        "district": (site.district, site.district_point),
        "region": (site.region.name, site.region.centre),
    }[precision]
    return Place(name, Point(round(point.lat, 2), round(point.lon, 2)), precision)


def _response(dice: float) -> tuple[str, str]:
    for response, scope, share in RESPONSES:
        dice -= share
        if dice < 0:
            return response, scope
    return RESPONSES[-1][:2]
